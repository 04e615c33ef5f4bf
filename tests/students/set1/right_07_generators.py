# right: generators and comprehensions
def _cut(items, size):
    start = 0
    while start < len(items):
        yield items[start:start + size]
        start += size


def mini_batches(examples, size, rng):
    order = list(range(len(examples)))
    rng.shuffle(order)
    return list(_cut([examples[i] for i in order], size))


def _columns(vectors):
    for column in zip(*vectors):
        yield list(column)


def mean_gradient(gradients):
    m = len(gradients)
    return [sum(column) / m for column in _columns(gradients)]


def update_biases(biases, nabla_sum, eta, m):
    return [b - eta / m * nb for b, nb in zip(biases, nabla_sum)]


def update_weights(weights, nabla_sum, eta, m):
    return [update_biases(row, slopes, eta, m) for row, slopes in zip(weights, nabla_sum)]
