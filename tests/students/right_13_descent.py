def update(v, gradient, eta):
    v = v[:]
    for i in range(len(v)):
        v[i] -= eta * gradient[i]
    return v


def mean_gradient(gradients):
    m = len(gradients)
    return [sum(column) / m for column in zip(*gradients)]


def update_weights(weights, nabla_sum, eta, m):
    new = []
    for row, slopes in zip(weights, nabla_sum):
        new.append(update(row, slopes, eta / m))
    return new


def update_biases(biases, nabla_sum, eta, m):
    return update(biases, nabla_sum, eta / m)
