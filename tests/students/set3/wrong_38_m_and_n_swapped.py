# mistake: m and n are swapped: the penalty is divided by the size of the mini-batch and the gradient by the number of all examples; it should be the other way round.
# fails: l1-update
def sgn(w: float) -> int:
    return (w > 0) - (w < 0)


def l1_update(weights: list, nabla_sum: list, eta: float, m: int, lmbda: float, n: int) -> list:
    """w - eta lmbda sgn(w) - eta nabla, each over its number of examples."""
    return [
        [w - eta * lmbda / m * sgn(w) - eta / n * nw for w, nw in zip(row, nabla_row)]
        for row, nabla_row in zip(weights, nabla_sum)
    ]
