# mistake: The sum is divided by the number of components of a gradient, it should be divided by the number of gradients.
# fails: mini-batch-mean
def mean_gradient(gradients):
    n = len(gradients[0])
    total = [0] * n
    for g in gradients:
        for i in range(n):
            total[i] += g[i]
    return [t / n for t in total]


def update_biases(biases, nabla_sum, eta, m):
    return [b - (eta / m) * nb for b, nb in zip(biases, nabla_sum)]
