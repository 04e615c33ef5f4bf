# right: generators for the batches, updates on deep copies in place
from copy import deepcopy


def _shuffled(things, rng):
    """Fisher and Yates, by hand."""
    deck = list(things)
    for last in range(len(deck) - 1, 0, -1):
        other = rng.randrange(last + 1)
        deck[last], deck[other] = deck[other], deck[last]
    return deck


def _cut(deck, size):
    hand = []
    for card in deck:
        hand.append(card)
        if len(hand) == size:
            yield hand
            hand = []
    if hand:
        yield hand


def mini_batches(examples, size, rng):
    return list(_cut(_shuffled(examples, rng), size))


def mean_gradient(gradients):
    m = len(gradients)
    return [sum(component) / m for component in zip(*gradients)]


def update_weights(weights, nabla_sum, eta, m):
    moved = deepcopy(weights)
    for row, slopes in zip(moved, nabla_sum):
        for k, slope in enumerate(slopes):
            row[k] -= eta * slope / m
    return moved


def update_biases(biases, nabla_sum, eta, m):
    moved = deepcopy(biases)
    for j, slope in enumerate(nabla_sum):
        moved[j] -= eta * slope / m
    return moved
