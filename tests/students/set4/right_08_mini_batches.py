# right: while loop over shuffled places, nested comprehensions, new lists everywhere
def mini_batches(examples, size, rng):
    places = list(range(len(examples)))
    rng.shuffle(places)
    batches = []
    while places:
        now, places = places[:size], places[size:]
        batches.append([examples[i] for i in now])
    return batches


def mean_gradient(gradients):
    m = len(gradients)
    return [sum(column) / m for column in zip(*gradients)]


def update_weights(weights, nabla_sum, eta, m):
    return [[w - (eta / m) * nw for w, nw in zip(row, nabla_row)]
            for row, nabla_row in zip(weights, nabla_sum)]


def update_biases(biases, nabla_sum, eta, m):
    return [b - (eta / m) * nb for b, nb in zip(biases, nabla_sum)]
