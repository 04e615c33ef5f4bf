"""A check whether a network starts where it can learn. It finds dead and saturated layers."""

from __future__ import annotations

from collections.abc import Sequence

from tinynn.activations import SOFTMAX, Activation
from tinynn.errors import require_count
from tinynn.training.examples import Example, require_examples
from tinynn.training.run import Learner

SMALL = 0.01  # times the largest slope: a neuron with a smaller slope hardly learns


def slow_start(network: Learner, examples: Sequence[Example], most: int = 100) -> str:
    """Return a line that names a layer that starts dead or saturated, or an empty string.

    If a function is flat on one side, such as relu, a neuron is dead if its slope σ'(z) is 0 for
    each of the first ``most`` examples. The line reports a layer with at least half of its neurons
    dead, and any dead output neuron. If the function is smooth, a layer is saturated if at least
    half of its slopes are below a hundredth of the largest slope. Output neurons that fit the cost
    learn without σ' and are not checked.

    >>> from tinynn import Network, Vector
    >>> net = Network.from_parameters([[9.0]], [[[1.0]]])
    >>> slow_start(net, [(Vector([0.5]), Vector([1]))])[:25]
    'layer 2 starts saturated:'
    """
    require_count("most", most)
    first = examples[:most] if isinstance(examples, Sequence) else examples
    require_examples("examples", first, network.plan.sizes)
    passed = [network.forward(x) for x, _ in first]
    L = len(network.plan.sizes)
    for l in range(2, L + 1):
        function: Activation = passed[0][l].function
        if function == SOFTMAX or (l == L and function == network.cost.fits):
            continue
        slopes = [[abs(function.derivative(float(z))) for z in each[l].z] for each in passed]
        trouble = _trouble(function, slopes, l == L)
        if trouble:
            return f"layer {l} starts {trouble}"
    return ""


def _trouble(function: Activation, slopes: Sequence[Sequence[float]], is_output: bool) -> str:
    """Return the trouble with a layer's slopes, given as a row per example; or an empty string."""
    neurons, n = len(slopes[0]), len(slopes)
    flat, *rest = (abs(function.derivative(z)) for z in (-1.0, 0.0, 1.0))
    largest = max(flat, *rest)
    if largest == 0.0:
        return f"dead: a {function.name} has no slope to learn from"
    if flat == 0.0:
        dead = sum(max(of_one) == 0.0 for of_one in zip(*slopes))
        what = f"{dead} of {neurons} {function.name} neurons have a slope of 0 for all examples"
        if dead >= (1 if is_output else neurons / 2):
            hint = "linear outputs would learn" if is_output else "another seed may help"
            return f"dead: {what}, and learn nothing: {hint}"
        return ""
    small = sum(slope < SMALL * largest for row in slopes for slope in row) / (neurons * n)
    what = f"{small:.0%} of the slopes of its {function.name} neurons are close to 0"
    return f"saturated: {what}: init='scaled' makes first weights smaller" if small >= 0.5 else ""
