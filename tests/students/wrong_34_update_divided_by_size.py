# mistake: not-divided
# fails: update-weights update-biases
def update_weights(weights, nabla_sum, eta, m):
    return [
        [w - eta * g for w, g in zip(row, grow)] for row, grow in zip(weights, nabla_sum)
    ]


def update_biases(biases, nabla_sum, eta, m):
    return [b - eta * g for b, g in zip(biases, nabla_sum)]
