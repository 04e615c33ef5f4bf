# right: type hints, while loop with a flag, in-place work on a copy
from __future__ import annotations


def new_velocity(velocity: list[float], nabla_sum: list[float], eta: float, m: int,
                 mu: float) -> list[float]:
    v = list(velocity)
    for i in range(len(v)):
        v[i] *= mu
        v[i] -= eta * nabla_sum[i] / m
    return v


def masked(mask: list[float], activations: list[float]) -> list[float]:
    return [r * a for r, a in zip(mask, activations)]


def last_epoch(accuracies: list[float], patience: int) -> int:
    """The number of epochs that are run."""
    run = 0
    best_epoch = 0
    stop = False
    while run < len(accuracies) and not stop:
        run += 1
        if best_epoch == 0 or accuracies[run - 1] > accuracies[best_epoch - 1]:
            best_epoch = run
        stop = run - best_epoch >= patience
    return run
