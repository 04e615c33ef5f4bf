# mistake: in l2_cost the sum is set back to 0 for every layer, so only the last layer's weights count (they should all); and l1_cost divides by 2n as L2 does, where it should be n.
# fails: l2-cost l1-cost
def l2_cost(cost, weights, lmbda, n):
    for w in weights:
        squares = 0.0
        for row in w:
            for entry in row:
                squares += entry * entry
    return cost + lmbda / (2 * n) * squares


def l1_cost(cost, weights, lmbda, n):
    sizes = sum(abs(entry) for w in weights for row in w for entry in row)
    return cost + lmbda / (2 * n) * sizes
