# mistake: an input is taken as a switch that is on or off, so its weight is added whole for every positive input, instead of weight times input.
# fails: perceptron-threshold
from typing import Sequence


def evidence(weights: Sequence[float], inputs: Sequence[float]) -> float:
    """What speaks for a yes: the weights of all inputs that are on."""
    return sum(w for w, x in zip(weights, inputs) if x > 0)


def perceptron_threshold(weights: Sequence[float], inputs: Sequence[float], threshold: float) -> int:
    return 1 if evidence(weights, inputs) > threshold else 0
