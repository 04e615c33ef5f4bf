"""Lesson 6: why deep networks learn slowly: chains, windows, the speed of a layer (chapter 5)."""

from __future__ import annotations

from math import fsum, sqrt
from typing import Any, Optional

from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.equations.chain import chain_gradient, window_width
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import Counterexample, Definition
from tinynn.teaching.lesson import Code, Drawn, Judges
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import Arguments, Draw, Role
from tinynn.teaching.wording import brief

_PLACES = [i / 64.0 for i in range(65)]  # from 0 to 1, with 1/2 among them
_SMALLER = 0.375  # the factor that makes all drawn weights smaller than 4


def mean_length(errors: Any) -> Any:
    """Return the length of the mean of these errors."""
    m = len(errors)
    squares = 0.0
    for j in range(len(errors[0])):
        total = 0.0
        for i in range(m):
            total += errors[i][j]
        squares += (total / m) ** 2
    return sqrt(squares)


def identity_of(w1: Any) -> Any:
    """Return b and w_2 so that w_2 σ(w_1 x + b) is nearly x plus a constant."""
    b = -w1 / 2.0
    w2 = 4.0 / w1
    return [b, w2]


def _chain(weights: Numbers, weighted_inputs: Numbers, cost_derivative: float) -> float:
    """Return the product, from its last factor on; each slope is numerical."""
    product = cost_derivative
    for w, z in list(zip([1.0, *weights[1:]], weighted_inputs))[::-1]:
        product *= w * oracle.slope(oracle.sigma, z)
    return product


def _width(w: float) -> float:
    """Return the width in a of the z with |w| σ'(z) ≥ 1, whose end is found by bisection."""
    size, low, high = abs(w), 0.0, 800.0
    if size < 4.0:
        return 0.0
    for _ in range(100):
        z = (low + high) / 2.0
        above = size * oracle.sigma(z) * oracle.sigma(-z) >= 1.0
        low, high = (z, high) if above else (low, z)
    return 2.0 * low / size


def _speed(errors: Rows) -> float:
    means = [fsum(column) / len(errors) for column in zip(*errors)]
    return sqrt(fsum(mean * mean for mean in means))


def _is_identity(got: Any, _: Any, arguments: Arguments) -> bool:
    """Return whether the neuron is within w_1²/96 of x plus a constant."""
    w1, (b, w2) = arguments["w1"], got
    misses = [w2 * oracle.sigma(w1 * x + b) - x for x in _PLACES]
    middle = misses[len(misses) // 2]
    bound = w1 * w1 / 96.0 + 1e-6 * (1.0 + abs(w2))
    return all(abs(miss - middle) <= bound for miss in misses)


def _light(of: Role, draw: Draw) -> Arguments:
    """Draw a chain in which each |w| is below 4."""
    arguments = of.drawn(draw)
    return {**arguments, "weights": [_SMALLER * w for w in arguments["weights"]]}


def _judge_vanishes(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    got, weights = call(**arguments), arguments["weights"]
    bound = abs(arguments["cost_derivative"]) / 4.0
    for w in weights[1:]:
        bound *= abs(w) / 4.0
    if abs(got) <= bound * (1.0 + 1e-6 + 64.0 * call.rounding):
        return None
    factors = " · ".join(["1/4", *(f"{brief(abs(w))}/4" for w in weights[1:])])
    line = f"at most {factors} · |∂C/∂a_L| = {brief(bound)}, as σ' is at most 1/4"
    return Counterexample(arguments, got, _chain(**arguments), None, (line,))


def _heavier(arguments: Arguments, _: int) -> Arguments:
    """Return a weight that is usually above 4."""
    return {"w": 5.0 * arguments["w"]}


CODE: dict[str, Code] = {
    "chain_gradient": Code((chain_gradient, sigmoid_prime, sigmoid)),
    "window_width": Code((window_width,), adjust=_heavier),
    "layer_speed": Code((mean_length,)),
    "identity_neuron": Code((identity_of,)),
}

JUDGES: Judges = {
    "chain-product": Definition(_chain, 1e-12, 1e-6),
    "chain-vanishes": Drawn(_judge_vanishes, _light),
    "window-width": Definition(_width, 1e-7, 1e-7),
    "layer-speed": Definition(_speed),
    "identity-neuron": Definition(identity_of, accept=_is_identity),
}
