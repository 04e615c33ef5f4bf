# mistake: The new numbers are rounded to two decimals, they should be kept as they are.
# fails: descent-step
from typing import List


def update(v: List[float], gradient: List[float], eta: float) -> List[float]:
    """v - eta * gradient"""
    new: List[float] = []
    for position, slope in zip(v, gradient):
        new.append(round(position - eta * slope, 2))
    return new
