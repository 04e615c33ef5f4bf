"""Lesson 1: single neurons: perceptrons, circuits of them, sigmoid neurons (chapter 1)."""

from __future__ import annotations

from fractions import Fraction
from math import exp
from typing import Any, Optional

from tinynn.activations import sigmoid, sigmoid_prime, step
from tinynn.neurons import (
    output_change,
    perceptron_output,
    sigmoid_neuron_output,
    threshold_output,
    weighted_sum,
)
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import Counterexample, Definition, difference
from tinynn.teaching.lesson import Code, Drawn, Judges
from tinynn.teaching.oracle import Numbers
from tinynn.teaching.roles import Arguments, Draw, Role, inputs_of
from tinynn.teaching.wording import brief, terms

_TINY = 2.0**-40


def nand(p: Any, q: Any) -> Any:
    """Return p NAND q, the answer of a perceptron."""
    return perceptron_output([-2.0, -2.0], [p, q], 3.0)  # type: ignore[arg-type]


def half_adder(p: Any, q: Any) -> Any:
    """Return the sum and the carry of two bits, from five NAND gates."""
    both = nand(p, q)
    total = nand(nand(p, both), nand(q, both))
    carry = nand(both, both)
    return [total, carry]


def looked_up(truth_table: Any) -> Any:
    """Return a circuit with the answers of the table, whose rows count up in binary."""

    def circuit(*bits: Any) -> Any:
        row = 0
        for i in range(len(bits)):
            row = 2 * row + bits[i]
        return truth_table[row]

    return circuit


def _exact(weights: Numbers, inputs: Numbers, bias: float = 0.0) -> Fraction:
    """Return w · x + b without rounding."""
    products = (Fraction(w) * Fraction(x) for w, x in zip(weights, inputs))
    return sum(products, Fraction(bias))


def _is_above(weights: Numbers, inputs: Numbers, threshold: float) -> float:
    return float(_exact(weights, inputs) > threshold)


def _fires(weights: Numbers, inputs: Numbers, bias: float) -> float:
    return float(_exact(weights, inputs, bias) > 0)


def _on_the_edge(name: str, sign: float) -> Any:
    """Return a function that puts every third call on the edge, or a little above it.

    Some of the others get the edge with the other sign.
    """

    def adjust(arguments: Arguments, i: int) -> Arguments:
        edge = sign * float(_exact(arguments["weights"], arguments["inputs"]))
        if i % 3 == 2:
            return {**arguments, name: edge - sign * (i % 2) * _TINY * max(1.0, abs(edge))}
        return {**arguments, name: -edge} if i % 6 == 4 else arguments

    return adjust


def _times(c: float, arguments: Arguments) -> Arguments:
    """Return the call with c w and c b instead of w and b."""
    weights = [c * w for w in arguments["weights"]]
    return {"weights": weights, "inputs": arguments["inputs"], "bias": c * arguments["bias"]}


def _neuron(arguments: Arguments) -> Arguments:
    return {name: arguments[name] for name in ("weights", "inputs", "bias")}


def _z_by_hand(weights: Numbers, inputs: Numbers, bias: float) -> str:
    z = float(_exact(weights, inputs, bias))
    return f"z = w · x + b = {terms(weights, inputs)} + ({brief(bias)}) = {brief(z)}"


def _scaled(of: Role, draw: Draw) -> Arguments:
    """Draw a neuron and a factor c, a power of 2, which causes no rounding."""
    return {**of.drawn(draw), "c": 2.0 ** draw.whole(-8, 8)}


def _steep(of: Role, draw: Draw) -> Arguments:
    return {**of.drawn(draw), "c": 2.0 ** draw.whole(0, 5)}


def _judge_scaling(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    c = arguments["c"]
    before, after = call(**arguments), call(**_times(c, arguments))
    if before == after:
        return None
    by_c = f"c w · x + c b = {brief(c)} · {brief(float(_exact(**_neuron(arguments))))}"
    lines = (
        f"{_z_by_hand(**_neuron(arguments))}, and the answer is {brief(before)}",
        f"{by_c} has the same sign, but the answer is {brief(after)}",
    )
    calls = ((arguments, before), (_times(c, arguments), after))
    return Counterexample(arguments, after, before, abs(after - before), lines, calls=calls)


def _judge_circuit(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    table = arguments["truth_table"]
    circuit = call(**arguments)
    rows = inputs_of(table)
    answers = [circuit(*bits) for bits in rows]
    if answers == table:
        return None
    wrong = next(i for i in range(len(table)) if answers[i] != table[i])
    bits = ", ".join(map(str, rows[wrong]))
    line = f"circuit({bits}): yours {brief(answers[wrong])}; by the table {table[wrong]}"
    return Counterexample(arguments, answers, table, difference(answers, table), (line,))


def _is_near_its_limit(got: float, expected: float, arguments: Arguments) -> bool:
    z: float = arguments["z"]
    limit = 1.0 if z > 0.0 else 0.0
    return 0.0 <= got <= 1.0 and abs(got - limit) <= exp(-abs(z)) + 2.0**-22


def _judge_symmetry(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z = arguments["z"]
    left, right = call(z=-z), call(z=z)
    if abs(left - (1.0 - right)) <= max(2.0**-50, 4.0 * call.rounding):
        return None
    line = f"σ(-z) = {brief(left)}, but 1 - σ(z) = 1 - {brief(right)} = {brief(1.0 - right)}"
    apart, calls = abs(left + right - 1.0), (({"z": -z}, left), ({"z": z}, right))
    return Counterexample(arguments, left, 1.0 - right, apart, (line,), calls=calls)


def _judge_rise(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, more = arguments["z"], arguments["more"]
    low, high = call(z=z), call(z=z + more)
    far, least = (25.0, 2.0**-40) if not call.rounding else (9.0, 8.0 * call.rounding)
    if low < high or (abs(z) > far and low <= high * (1.0 + least)):
        return None  # far from 0 it rises by less than a float can show
    line = f"from z = {brief(z)} to {brief(z + more)} the answer goes from {low!r} to {high!r}"
    calls = (({"z": z}, low), ({"z": z + more}, high))
    return Counterexample(arguments, high, f"more than {low!r}", None, (line,), calls=calls)


def _sigmoid_neuron(weights: Numbers, inputs: Numbers, bias: float) -> float:
    return oracle.sigma(float(_exact(weights, inputs, bias)))


def _estimate(
    weights: Numbers, inputs: Numbers, bias: float, delta_weights: Numbers, delta_bias: float
) -> float:
    """Return the numerical slope of the output along the change, times the change."""

    def output(t: float) -> float:
        moved = [w + t * dw for w, dw in zip(weights, delta_weights)]
        return _sigmoid_neuron(moved, inputs, bias + t * delta_bias)

    return oracle.slope(output, 0.0)


def _judge_small_change(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    inputs, bias, delta_bias = arguments["inputs"], arguments["bias"], arguments["delta_bias"]
    moved = [w + dw for w, dw in zip(arguments["weights"], arguments["delta_weights"])]
    before = call(**arguments)
    after_change = {"weights": moved, "inputs": inputs, "bias": bias + delta_bias}
    after = call(**after_change)
    got = after - before
    expected = _estimate(**arguments)
    change = float(_exact(arguments["delta_weights"], inputs, delta_bias))
    if abs(got - expected) <= change * change / 20.0 + max(1e-7, 8.0 * call.rounding):
        return None
    lines = (
        _z_by_hand(**_neuron(arguments)),
        f"the slope along the change makes it about {brief(expected)}",
        f"the output moved by {brief(got)}",
    )
    calls = ((arguments, before), (after_change, after))
    return Counterexample(arguments, got, expected, abs(got - expected), lines, calls=calls)


def _judge_limit_of_steepness(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, c = _exact(**_neuron(arguments)), arguments["c"]
    got = call(**_times(c, arguments))
    expected = 0.5 if z == 0 else float(z > 0)
    rounding = max(2.0**-40, 8.0 * call.rounding)
    allowed = rounding if z == 0 else exp(-c * abs(z)) + rounding
    if abs(got - expected) <= allowed:
        return None
    lines = (
        _z_by_hand(**_neuron(arguments)),
        f"σ(c z) = σ({brief(c * float(z))}) = {brief(oracle.sigma(c * float(z)))}",
    )
    calls = ((_times(c, arguments), got),)
    return Counterexample(arguments, got, expected, abs(got - expected), lines, calls=calls)


def _changes(of: Role, draw: Draw) -> Arguments:
    neuron = of.drawn(draw)
    changes = [draw.number("share") for _ in neuron["weights"]]
    return {**neuron, "delta_weights": changes, "delta_bias": draw.number("share")}


def _far(of: Role, draw: Draw) -> Arguments:
    return {"z": draw.number("small") * 10.0 ** draw.whole(0, 4)}


def _rise(of: Role, draw: Draw) -> Arguments:
    return {"z": 8.0 * draw.number("small"), "more": draw.number("rate") / 10.0 ** draw.whole(0, 3)}


CODE: dict[str, Code] = {
    "weighted_sum": Code((weighted_sum,)),
    "perceptron_threshold": Code(
        (threshold_output, weighted_sum), adjust=_on_the_edge("threshold", 1.0)
    ),
    "perceptron": Code((perceptron_output, weighted_sum, step), adjust=_on_the_edge("bias", -1.0)),
    "nand": Code((nand, perceptron_output, weighted_sum, step)),
    "half_adder": Code((half_adder, nand, perceptron_output, weighted_sum, step)),
    "build_circuit": Code((looked_up,)),
    "sigmoid": Code((sigmoid,)),
    "sigmoid_neuron": Code((sigmoid_neuron_output, weighted_sum, sigmoid)),
    "output_change": Code((output_change, weighted_sum, sigmoid_prime, sigmoid)),
}

JUDGES: Judges = {
    "weighted-sum": Definition(
        lambda weights, inputs: float(_exact(weights, inputs)), 1e-11, 1e-12
    ),
    "perceptron-threshold": Definition(_is_above, 0.0, 0.0),
    "perceptron-rule": Definition(_fires, 0.0, 0.0),
    "nand": Definition(lambda p, q: 1 - p * q),
    "half-adder": Definition(lambda p, q: [p ^ q, p & q]),
    "nand-universal": _judge_circuit,
    "perceptron-scaling": Drawn(_judge_scaling, _scaled),
    "sigmoid-formula": Definition(oracle.sigma, 2.0**-50, 1e-13),
    "sigmoid-limit": Drawn(Definition(oracle.sigma, accept=_is_near_its_limit), _far),
    "sigmoid-symmetry": _judge_symmetry,
    "sigmoid-rises": Drawn(_judge_rise, _rise),
    "sigmoid-neuron": Definition(_sigmoid_neuron, 1e-12, 1e-9),
    "output-change": Definition(_estimate, 1e-7, 1e-6),
    "small-change": Drawn(_judge_small_change, _changes),
    "sigmoid-becomes-perceptron": Drawn(_judge_limit_of_steepness, _steep),
}
