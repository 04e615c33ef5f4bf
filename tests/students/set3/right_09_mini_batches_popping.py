# right: while loops, copies changed in place, zip(*) and type hints
from random import Random
from typing import List, Sequence


def mini_batches(examples: Sequence, size: int, rng: Random) -> List[list]:
    """Shuffles a copy of the examples and deals it out."""
    pile = list(examples)
    rng.shuffle(pile)
    batches: List[list] = []
    while pile:
        batches.append(pile[:size])
        del pile[:size]
    return batches


def mean_gradient(gradients: Sequence[Sequence[float]]) -> List[float]:
    m = len(gradients)
    return [sum(column) / m for column in zip(*gradients)]


def update_biases(biases: Sequence[float], nabla_sum: Sequence[float], eta: float, m: int) -> List[float]:
    new = list(biases)
    for j in range(len(new)):
        new[j] -= eta / m * nabla_sum[j]
    return new


def update_weights(weights, nabla_sum, eta: float, m: int) -> List[List[float]]:
    return [update_biases(row, nabla_row, eta, m) for row, nabla_row in zip(weights, nabla_sum)]
