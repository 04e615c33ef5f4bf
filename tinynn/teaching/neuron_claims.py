"""Claims of chapter 1 about single neurons: perceptrons, what they can compute, sigmoid neurons."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from math import exp
from typing import Optional

from hypothesis import strategies as st

from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import (
    Arguments,
    Claim,
    Counterexample,
    Definition,
    claim,
    difference,
    growing,
)
from tinynn.teaching.oracle import Numbers
from tinynn.teaching.strategies import halves, numbers, truth_tables
from tinynn.teaching.sums import brief, terms

_BITS = st.integers(0, 1)
_TWO_BITS = st.fixed_dictionaries({"p": _BITS, "q": _BITS})
_ALL_TWO_BITS = tuple({"p": p, "q": q} for p, q in product((0, 1), repeat=2))


def _exact(weights: Numbers, inputs: Numbers, bias: float = 0.0) -> Fraction:
    """Return w · x + b with no rounding at all."""
    products = (Fraction(w) * Fraction(x) for w, x in zip(weights, inputs))
    return sum(products, Fraction(bias))


@st.composite
def _neurons(
    draw: st.DrawFn, entries: st.SearchStrategy[float], most: int, last: Optional[str] = "bias"
) -> Arguments:
    """Draw weights, as many inputs, and one more number under the name ``last``."""
    size = draw(st.integers(1, most))
    vector = st.lists(entries, min_size=size, max_size=size)
    drawn = {"weights": draw(vector), "inputs": draw(vector)}
    return {**drawn, last: draw(entries)} if last else drawn


def _weighted_sum_by_hand(weights: Numbers, inputs: Numbers) -> Iterator[str]:
    yield f"w · x = {terms(weights, inputs)} = {brief(float(_exact(weights, inputs)))}"


def _threshold_by_hand(weights: Numbers, inputs: Numbers, threshold: float) -> Iterator[str]:
    total = float(_exact(weights, inputs))
    answer = (
        f"above {brief(threshold)}: 1" if total > threshold else f"not above {brief(threshold)}: 0"
    )
    yield f"w · x = {terms(weights, inputs)} = {brief(total)} is {answer}"


def _z_by_hand(weights: Numbers, inputs: Numbers, bias: float) -> str:
    z = float(_exact(weights, inputs, bias))
    return f"z = w · x + b = {terms(weights, inputs)} + ({brief(bias)}) = {brief(z)}"


def _perceptron_by_hand(weights: Numbers, inputs: Numbers, bias: float) -> Iterator[str]:
    fires = _exact(weights, inputs, bias) > 0
    yield f"{_z_by_hand(weights, inputs, bias)} is {'above 0: 1' if fires else 'not above 0: 0'}"


@st.composite
def _scaled_neurons(draw: st.DrawFn, most: int) -> Arguments:
    """Draw a neuron and a factor c; where z is nearly 0, a power of 2, since it rounds nothing."""
    neuron = draw(_neurons(halves(), most) | _neurons(numbers(-5.0, 5.0), most))
    powers = st.integers(-8, 8).map(lambda power: 2.0**power)
    if abs(_exact(**neuron)) < 0.25:
        return {**neuron, "c": draw(powers)}
    return {**neuron, "c": draw(powers | st.floats(0.001, 1000.0))}


def _times(c: float, arguments: Arguments) -> Arguments:
    """Return the call with c w and c b in place of w and b."""
    weights = [c * w for w in arguments["weights"]]
    return {"weights": weights, "inputs": arguments["inputs"], "bias": c * arguments["bias"]}


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


def _neuron(arguments: Arguments) -> Arguments:
    return {name: arguments[name] for name in ("weights", "inputs", "bias")}


def _judge_circuit(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    table = arguments["truth_table"]
    circuit = call(**arguments)
    rows = list(product((0, 1), repeat=len(table).bit_length() - 1))
    answers = [circuit(*bits) for bits in rows]
    if answers == table:
        return None
    wrong = next(i for i in range(len(table)) if answers[i] != table[i])
    bits = ", ".join(map(str, rows[wrong]))
    line = f"circuit({bits}) is {brief(answers[wrong])}; the table says {table[wrong]}"
    return Counterexample(arguments, answers, table, difference(answers, table), (line,))


def _sigmoid_by_hand(z: float) -> Iterator[str]:
    yield f"σ({brief(z)}) = 1 / (1 + e^({brief(-z)})) = {brief(oracle.sigma(z))}"


def _limit_by_hand(z: float) -> Iterator[str]:
    if abs(z) < 700.0:
        yield from _sigmoid_by_hand(z)
    elif z > 0.0:
        yield f"e^(-z) = e^({brief(-z)}) is nearly 0, so σ(z) is nearly 1 / (1 + 0) = 1"
    else:
        yield f"e^(-z) = e^({brief(-z)}) is too large for a float: for z < 0 take e^z / (e^z + 1)"


def _is_near_its_limit(came: float, expected: float, arguments: Arguments) -> bool:
    z: float = arguments["z"]
    limit = 1.0 if z > 0.0 else 0.0
    return 0.0 <= came <= 1.0 and abs(came - limit) <= exp(-abs(z)) + 2.0**-52


def _judge_symmetry(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z = arguments["z"]
    left, right = call(z=-z), call(z=z)
    if abs(left - (1.0 - right)) <= 2.0**-50:
        return None
    line = f"σ(-z) = {brief(left)}, but 1 - σ(z) = 1 - {brief(right)} = {brief(1.0 - right)}"
    apart, calls = abs(left + right - 1.0), (({"z": -z}, left), ({"z": z}, right))
    return Counterexample(arguments, left, 1.0 - right, apart, (line,), calls=calls)


def _judge_rise(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, more = arguments["z"], arguments["more"]
    low, high = call(z=z), call(z=z + more)
    if low < high or (abs(z) > 25.0 and low <= high * (1.0 + 2.0**-40)):
        return None  # far out it rises by less than a float can show
    line = f"from z = {brief(z)} to {brief(z + more)} the answer goes from {low!r} to {high!r}"
    calls = (({"z": z}, low), ({"z": z + more}, high))
    return Counterexample(arguments, high, f"more than {low!r}", None, (line,), calls=calls)


def _smooth_by_hand(weights: Numbers, inputs: Numbers, bias: float) -> Iterator[str]:
    yield _z_by_hand(weights, inputs, bias)
    yield from _sigmoid_by_hand(float(_exact(weights, inputs, bias)))


def _sigmoid_neuron(weights: Numbers, inputs: Numbers, bias: float) -> float:
    return oracle.sigma(float(_exact(weights, inputs, bias)))


@st.composite
def _changes(draw: st.DrawFn, most: int) -> Arguments:
    neuron = draw(_neurons(numbers(-3.0, 3.0), most))
    size = len(neuron["weights"])
    small = numbers(-1.0, 1.0)
    delta_weights = draw(st.lists(small, min_size=size, max_size=size))
    return {**neuron, "delta_weights": delta_weights, "delta_bias": draw(small)}


def _estimate(
    weights: Numbers, inputs: Numbers, bias: float, delta_weights: Numbers, delta_bias: float
) -> float:
    """How steep the output is along the change, times the change: from the output alone."""

    def output(t: float) -> float:
        moved = [w + t * dw for w, dw in zip(weights, delta_weights)]
        return _sigmoid_neuron(moved, inputs, bias + t * delta_bias)

    return oracle.slope(output, 0.0)


def _estimate_by_hand(
    weights: Numbers, inputs: Numbers, bias: float, delta_weights: Numbers, delta_bias: float
) -> Iterator[str]:
    z = float(_exact(weights, inputs, bias))
    slope = oracle.slope(oracle.sigma, z)
    yield f"{_z_by_hand(weights, inputs, bias)}, and σ'(z) = {brief(slope)}"
    yield "∂output/∂w_j = σ'(z) x_j, ∂output/∂b = σ'(z)"
    change = float(_exact(delta_weights, inputs, delta_bias))
    sum_ = f"{terms(inputs, delta_weights)} + ({brief(delta_bias)})"
    yield f"Δoutput ≈ ({brief(slope)}) ({sum_}) = {brief(slope * change)}"


def _judge_small_change(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    inputs, bias, delta_bias = arguments["inputs"], arguments["bias"], arguments["delta_bias"]
    moved = [w + dw for w, dw in zip(arguments["weights"], arguments["delta_weights"])]
    before = call(**arguments)
    after_change = {"weights": moved, "inputs": inputs, "bias": bias + delta_bias}
    after = call(**after_change)
    came = after - before
    expected = _estimate(**arguments)
    change = float(_exact(arguments["delta_weights"], inputs, delta_bias))
    if abs(came - expected) <= change * change / 20.0 + 1e-7:
        return None
    lines = (*_estimate_by_hand(**arguments), f"the output moved by {brief(came)}")
    calls = ((arguments, before), (after_change, after))
    return Counterexample(arguments, came, expected, abs(came - expected), lines, calls=calls)


@st.composite
def _steep_neurons(draw: st.DrawFn, most: int) -> Arguments:
    """Draw a neuron and a factor c that makes it steep, with e^(-c z) still a float."""
    neuron = draw(_neurons(halves(-2, 2), most) | _neurons(numbers(-2.0, 2.0), most))
    return {**neuron, "c": draw(st.integers(0, 5).map(lambda power: 2.0**power))}


def _judge_limit_of_steepness(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, c = _exact(**_neuron(arguments)), arguments["c"]
    came = call(**_times(c, arguments))
    expected = 0.5 if z == 0 else float(z > 0)
    allowed = 2.0**-40 if z == 0 else exp(-c * abs(z)) + 2.0**-40
    if abs(came - expected) <= allowed:
        return None
    lines = (
        _z_by_hand(**_neuron(arguments)),
        f"σ(c z) = σ({brief(c * float(z))}) = {brief(oracle.sigma(c * float(z)))}",
    )
    calls = ((_times(c, arguments), came),)
    return Counterexample(arguments, came, expected, abs(came - expected), lines, calls=calls)


CLAIMS: list[Claim] = [
    claim(
        "weighted-sum",
        1,
        "weighted_sum",
        "w·x",
        growing(lambda most: _neurons(numbers(), most, None), 4),
        Definition(
            lambda weights, inputs: float(_exact(weights, inputs)),
            _weighted_sum_by_hand,
            1e-11,
            1e-12,
        ),
        "A neuron weighs its inputs up: each times its weight, all added together.",
    ),
    claim(
        "perceptron-threshold",
        1,
        "perceptron_threshold",
        "1",
        growing(lambda most: _neurons(halves(), most, "threshold"), 4),
        Definition(
            lambda weights, inputs, threshold: float(_exact(weights, inputs) > threshold),
            _threshold_by_hand,
        ),
        "A perceptron answers 1 if the weighted sum is above its threshold, else 0; reaching the "
        "threshold is not enough.",
        {"weights": [1.0], "inputs": [1.0], "threshold": 1.0},
    ),
    claim(
        "perceptron-rule",
        1,
        "perceptron",
        "2",
        growing(lambda most: _neurons(halves(), most), 4),
        Definition(
            lambda weights, inputs, bias: float(_exact(weights, inputs, bias) > 0),
            _perceptron_by_hand,
        ),
        "A perceptron with bias b answers 1 if w · x + b is above 0, else 0.",
        {"weights": [1.0], "inputs": [1.0], "bias": -1.0},
    ),
    claim(
        "nand",
        1,
        "nand",
        "",
        _TWO_BITS,
        Definition(
            lambda p, q: 1 - p * q, lambda p, q: [f"p AND q is {p * q}, so NAND is {1 - p * q}"]
        ),
        "A NAND gate answers 0 if both its bits are 1, else 1.",
        *_ALL_TWO_BITS,
    ),
    claim(
        "half-adder",
        1,
        "half_adder",
        "",
        _TWO_BITS,
        Definition(
            lambda p, q: [p ^ q, p & q],
            lambda p, q: [f"{p} + {q} = {p + q}: sum {p ^ q}, carry {p & q}"],
        ),
        "A half adder adds two bits: twice the carry plus the sum is p + q.",
        *_ALL_TWO_BITS,
    ),
    claim(
        "nand-universal",
        1,
        "build_circuit",
        "",
        st.fixed_dictionaries({"truth_table": truth_tables()}),
        _judge_circuit,
        "NAND gates are enough for everything: for any truth table there is a circuit of them "
        "that answers as the table does.",
        {"truth_table": [0, 1, 1, 0]},
        {"truth_table": [0, 0, 0, 1, 0, 1, 1, 1]},
    ),
    claim(
        "perceptron-scaling",
        1,
        "perceptron",
        "2",
        growing(_scaled_neurons, 4),
        _judge_scaling,
        "Multiplying all weights and the bias of a perceptron by one c > 0 changes no answer.",
    ),
    claim(
        "sigmoid-formula",
        1,
        "sigmoid",
        "3",
        st.fixed_dictionaries({"z": numbers(-30.0, 30.0)}),
        Definition(oracle.sigma, _sigmoid_by_hand, 2.0**-50),
        "The sigmoid function of z is 1 / (1 + e^(-z)).",
        {"z": 1.0},
    ),
    claim(
        "sigmoid-limit",
        1,
        "sigmoid",
        "3",
        st.fixed_dictionaries({"z": st.floats(allow_nan=False, allow_infinity=False)}),
        Definition(oracle.sigma, _limit_by_hand, accept=_is_near_its_limit),
        "Far to the right σ(z) tends to 1, far to the left to 0; it is never outside, and no z is "
        "too large for it.",
        *({"z": z} for z in (-36.5, 36.5, -710.0, 710.0, -746.0, 746.0, -1e308, 1e308)),
    ),
    claim(
        "sigmoid-symmetry",
        1,
        "sigmoid",
        "3",
        st.fixed_dictionaries({"z": numbers(-700.0, 700.0)}),
        _judge_symmetry,
        "σ(-z) = 1 - σ(z): what it gives to the left is missing on the right.",
        {"z": 1.0},
    ),
    claim(
        "sigmoid-rises",
        1,
        "sigmoid",
        "3",
        st.fixed_dictionaries(
            {"z": numbers(-25.0, 25.0) | numbers(-700.0, 690.0), "more": st.floats(0.001, 5.0)}
        ),
        _judge_rise,
        "σ rises everywhere: even a small push on z is seen in the answer, as it is not in a "
        "perceptron's.",
    ),
    claim(
        "sigmoid-neuron",
        1,
        "sigmoid_neuron",
        "4",
        growing(lambda most: _neurons(numbers(-5.0, 5.0), most), 4),
        Definition(_sigmoid_neuron, _smooth_by_hand, 1e-12),
        "A sigmoid neuron answers σ(w · x + b).",
    ),
    claim(
        "output-change",
        1,
        "output_change",
        "5",
        growing(_changes, 4),
        Definition(_estimate, _estimate_by_hand, 1e-7, 1e-6),
        "Small changes of the weights and the bias change the output by about the sum of each "
        "change times the slope of the output in that weight or bias.",
    ),
    claim(
        "small-change",
        1,
        "sigmoid_neuron",
        "5",
        growing(_changes, 4),
        _judge_small_change,
        "A small change of the weights and the bias of a sigmoid neuron makes only a small change "
        "of its output, nearly in proportion.",
    ),
    claim(
        "sigmoid-becomes-perceptron",
        1,
        "sigmoid_neuron",
        "4",
        growing(_steep_neurons, 4),
        _judge_limit_of_steepness,
        "With c w and c b for ever larger c, a sigmoid neuron comes to answer as the perceptron "
        "does, unless w · x + b = 0, where it stays at 1/2.",
        {"weights": [1.0], "inputs": [1.0], "bias": -0.5, "c": 32.0},
        {"weights": [1.0], "inputs": [1.0], "bias": -1.5, "c": 32.0},
    ),
]
