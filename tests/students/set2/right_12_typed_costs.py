# right: type hints and docstrings, math.fsum and statistics.fmean
from __future__ import annotations

from collections.abc import Sequence
from math import fsum
from statistics import fmean

Vec = Sequence[float]


def cost(outputs: Vec, desired: Vec) -> float:
    """Half the squared distance between the answer and what was wanted."""
    return fsum((y - a) ** 2 for a, y in zip(outputs, desired)) / 2


def mean_cost(outputs_list: Sequence[Vec], desired_list: Sequence[Vec]) -> float:
    """The mean of the costs of all examples."""
    return fmean(cost(a, y) for a, y in zip(outputs_list, desired_list))


def cost_derivative(outputs: Vec, desired: Vec) -> list[float]:
    """The slope of the cost in each output."""
    return [a - y for a, y in zip(outputs, desired)]


def mean_gradient(gradients: Sequence[Vec]) -> list[float]:
    """The mean, component by component."""
    return [fmean(column) for column in zip(*gradients)]


def hadamard(s: Vec, t: Vec) -> list[float]:
    """Entry by entry."""
    return [s_j * t_j for s_j, t_j in zip(s, t)]
