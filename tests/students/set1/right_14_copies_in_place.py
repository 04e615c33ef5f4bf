# right: in-place updates of deep copies, batches by popping
import copy


def update(v, gradient, eta):
    v = copy.copy(v)
    for j in range(len(v)):
        v[j] -= eta * gradient[j]
    return v


def update_weights(weights, nabla_sum, eta, m):
    new = copy.deepcopy(weights)
    for j in range(len(new)):
        for k in range(len(new[j])):
            new[j][k] = new[j][k] - eta * nabla_sum[j][k] / m
    return new


def update_biases(biases, nabla_sum, eta, m):
    new = copy.deepcopy(biases)
    for j in range(len(new)):
        new[j] = new[j] - eta * nabla_sum[j] / m
    return new


def mean_gradient(gradients):
    mean = list(gradients[0])
    for g in gradients[1:]:
        for j in range(len(mean)):
            mean[j] = mean[j] + g[j]
    for j in range(len(mean)):
        mean[j] = mean[j] / len(gradients)
    return mean


def mini_batches(examples, size, rng):
    pile = list(examples)
    rng.shuffle(pile)
    batches = [[]]
    while pile:
        if len(batches[-1]) == size:
            batches.append([])
        batches[-1].append(pile.pop())
    return batches
