# mistake: update_weights makes all rows the same list by * rows (each row should be a list of its own), and update_biases uses whole-number division eta // m (it should be eta / m).
# fails: update-weights update-biases
def update_weights(weights, nabla_sum, eta, m):
    rows, cols = len(weights), len(weights[0])
    new = [[0.0] * cols] * rows
    for j in range(rows):
        for k in range(cols):
            new[j][k] = weights[j][k] - eta / m * nabla_sum[j][k]
    return new


def update_biases(biases, nabla_sum, eta, m):
    rate = eta // m
    return [b - rate * n for b, n in zip(biases, nabla_sum)]
