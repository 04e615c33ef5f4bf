# mistake: [[0.0] * n] * rows holds one and the same row several times, so all rows end as the last (each needs a row of its own); and update_biases divides by //, which makes eta/m a whole number, mostly 0.
# fails: update-weights update-biases
def update_weights(weights, nabla_sum, eta, m):
    rate = eta / m
    new = [[0.0] * len(weights[0])] * len(weights)
    for j in range(len(weights)):
        for k in range(len(weights[0])):
            new[j][k] = weights[j][k] - rate * nabla_sum[j][k]
    return new


def update_biases(biases, nabla_sum, eta, m):
    rate = eta // m
    return [b - rate * nb for b, nb in zip(biases, nabla_sum)]
