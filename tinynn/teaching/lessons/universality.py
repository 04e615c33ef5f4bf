"""Lesson 5: any function from steps, bumps and towers, by hand (chapter 4)."""

from __future__ import annotations

from fractions import Fraction
from math import ceil, log
from typing import Any, Optional

from tinynn.activations import relu, sigmoid
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import Counterexample, Definition
from tinynn.teaching.lesson import Code, Drawn, Judges
from tinynn.teaching.oracle import Numbers
from tinynn.teaching.roles import Arguments, Draw, Role
from tinynn.teaching.wording import brief
from tinynn.universality import bump, inverse_sigmoid, step_bias, step_place

_SHARP = 2000.0  # the weight of a sharp bump, in units of 1/width


def even_bumps(x: Any, w: Any, heights: Any) -> Any:
    """Return the sum of N bumps from 0 to 1, at x."""
    n = len(heights)
    total = 0.0
    for i in range(n):
        total += bump(x, w, i / n, (i + 1) / n, heights[i])
    return total


def bumps_enough(slope: Any, error: Any) -> Any:
    """Return the least number of bumps for a function of this slope."""
    bumps = ceil(slope / (2.0 * error))
    return max(1, bumps)


def tower_bias(inputs: Any, height: Any) -> Any:
    """Return the bias of the neuron that makes a tower from bumps of this height."""
    return (0.5 - inputs) * height


def relu_step(z: Any) -> Any:
    """Return a step from 0 to 1, made by two ReLU neurons."""
    return relu(z + 0.5) - relu(z - 0.5)


def _bump(x: float, w: float, first: float, last: float, height: float) -> float:
    return height * (oracle.sigma(w * (x - first)) - oracle.sigma(w * (x - last)))


def _even_bumps(x: float, w: float, heights: Numbers) -> float:
    """Return the sum of all steps; the jump of each is the difference of two heights."""
    jumps = [after - before for before, after in zip([0.0, *heights], [*heights, 0.0])]
    n = len(heights)
    return sum(jump * oracle.sigma(w * x - w * k / n) for k, jump in enumerate(jumps))


def _bumps_enough(slope: float, error: float) -> float:
    """Return the first number of bumps that is enough, in exact fractions."""
    n = 1
    while Fraction(slope) / (2 * n) > Fraction(error):
        n += 1
    return float(n)


def _relu_step(z: float) -> float:
    return min(1.0, max(0.0, z + 0.5))


def _in_64ths(arguments: Arguments, _: int) -> Arguments:
    """Return the arguments with the error in 64ths, so that the number of bumps is exact."""
    return {**arguments, "error": round(64.0 * arguments["error"]) / 64.0}


def _two_places(of: Role, draw: Draw) -> Arguments:
    first = draw.number("share")
    return {"first": first, "last": first + draw.number("share"), "height": draw.number("small")}


def _judge_height(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    first, last, height = (arguments[name] for name in ("first", "last", "height"))
    width = last - first
    calls = []
    for x, expected in (
        (first + 0.5 * width, height),
        (first - width, 0.0),
        (last + width, 0.0),
    ):
        given = {"x": x, "w": _SHARP / width, **arguments}
        got = call(**given)
        calls.append((given, got))
        if not abs(got - expected) <= max(1e-6, 64.0 * call.rounding * abs(height)):
            side = "between the steps" if expected else "beside the bump"
            line = f"x = {brief(x)} is {side}: the height there is {brief(expected)}"
            return Counterexample(given, got, expected, None, (line,), calls=tuple(calls[-1:]))
    return None


CODE: dict[str, Code] = {
    "step_place": Code((step_place,)),
    "step_bias": Code((step_bias,)),
    "bump": Code((bump, step_bias, sigmoid)),
    "even_bumps": Code((even_bumps, bump, step_bias, sigmoid)),
    "inverse_sigmoid": Code((inverse_sigmoid,)),
    "bumps_enough": Code((bumps_enough,), adjust=_in_64ths),
    "tower_bias": Code((tower_bias,)),
    "relu_step": Code((relu_step, relu)),
}

JUDGES: Judges = {
    "step-place": Definition(lambda w, b: -b / w),
    "step-bias": Definition(lambda w, s: -w * s),
    "bump": Definition(_bump),
    "bump-height": Drawn(_judge_height, _two_places),
    "even-bumps": Definition(_even_bumps),
    "inverse-sigmoid": Definition(lambda y: log(y) - log(1.0 - y)),
    "bumps-enough": Drawn(Definition(_bumps_enough), lambda of, draw: _in_64ths(of.drawn(draw), 0)),
    "tower-bias": Definition(lambda inputs, height: height / 2.0 - inputs * height),
    "relu-step": Definition(_relu_step),
}
