# mistake: l1_cost takes the size of each row's sum, it should add up the size of each weight; l1_update takes the sign of the gradient, it should take the sign of the weight.
# fails: l1-cost l1-update


def sgn(number):
    if number > 0:
        return 1
    if number < 0:
        return -1
    return 0


def l1_cost(cost, weights, lmbda, n):
    penalty = sum(abs(sum(row)) for matrix in weights for row in matrix)
    return cost + lmbda / n * penalty


def l1_update(weights, nabla_sum, eta, m, lmbda, n):
    shrink = eta * lmbda / n
    rate = eta / m
    return [
        [w - shrink * sgn(g) - rate * g for w, g in zip(w_row, g_row)]
        for w_row, g_row in zip(weights, nabla_sum)
    ]
