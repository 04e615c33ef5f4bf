"""Lesson 1: single neurons: perceptrons, what they can compute, sigmoid neurons (chapter 1)."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
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
from tinynn.teaching.judging import Counterexample, Definition, claim, difference
from tinynn.teaching.oracle import Numbers
from tinynn.teaching.roles import Arguments, mistakes, role
from tinynn.teaching.wording import brief, terms

_TINY = 2.0**-40


def nand(p: Any, q: Any) -> Any:
    """Return p NAND q, as a perceptron answers it."""
    return perceptron_output([-2.0, -2.0], [p, q], 3.0)  # type: ignore[arg-type]


def half_adder(p: Any, q: Any) -> Any:
    """Return the sum and the carry of two bits, from five NAND gates."""
    both = nand(p, q)
    total = nand(nand(p, both), nand(q, both))
    carry = nand(both, both)
    return [total, carry]


def looked_up(truth_table: Any) -> Any:
    """Return a circuit that answers as the table does: its rows count up in binary."""

    def circuit(*bits: Any) -> Any:
        row = 0
        for i in range(len(bits)):
            row = 2 * row + bits[i]
        return truth_table[row]

    return circuit


SUM = mistakes(
    """
last-input: range(len(w)) → range(len(w) - 1)
    the last input is left out of the sum: the loop stops one too early.
first-input: range(len(w)) → range(1, len(w))
    the first input is left out of the sum: Python counts from 0.
no-weights: w[j] * x[j] → x[j]
    the weights are left out: each input is multiplied by its weight, w_j x_j.
first-only: x[j]⏎    return → x[j]⏎        return
    only the first input counts: return after the loop, not inside it.
overwritten: total +=  → total =
    the sum keeps its last term only: write total += …, not total = ….
    """
)
_BIAS = mistakes(
    """
no-bias:  + bias →
    the bias is forgotten: z is w · x + b.
bias-each-input: + bias → + bias * len(weights)
    the bias is added once for every input: it belongs outside the loop, once for a neuron.
    """
)
_FIRING = mistakes(
    """
minus-one: return 0.0 → return -1.0
    -1 is answered where 0 belongs: a perceptron answers 0 or 1.
    """
)


def _exact(weights: Numbers, inputs: Numbers, bias: float = 0.0) -> Fraction:
    """Return w · x + b with no rounding at all."""
    products = (Fraction(w) * Fraction(x) for w, x in zip(weights, inputs))
    return sum(products, Fraction(bias))


def _on_the_edge(name: str, sign: float) -> Any:
    """Put every third call on the edge, or a little above it; some on that of another sign."""

    def adjust(arguments: Arguments, i: int) -> Arguments:
        edge = sign * float(_exact(arguments["weights"], arguments["inputs"]))
        if i % 3 == 2:
            return {**arguments, name: edge - sign * (i % 2) * _TINY * max(1.0, abs(edge))}
        return {**arguments, name: -edge} if i % 6 == 4 else arguments

    return adjust


_NEURON = "weights:vector[K]~half inputs:vector[K]~half"
_SMALL = "weights:vector[K]~small inputs:vector[K]~small"

WEIGHTED_SUM = role(
    "weighted_sum weights:vector[K] inputs:vector[K]",
    "number",
    "w · x",
    [[6.0, 2.0, 2.0], [1.0, 0.0, 1.0]],
    8.0,
    "6 · 1 + 2 · 0 + 2 · 1 = 8",
    (weighted_sum,),
    SUM,
)
THRESHOLD = role(
    f"perceptron_threshold {_NEURON} threshold:number~half",
    "bit",
    "0 or 1",
    [[6.0, 2.0, 2.0], [0.0, 1.0, 1.0], 5.0],
    0.0,
    "6 · 0 + 2 · 1 + 2 · 1 = 4, which is not above 5: 0",
    (threshold_output, weighted_sum),
    mistakes(
        """
at-least: total > threshold → total >= threshold
    ≥ is used where > belongs: exactly on the edge the answer is 0.
inverted: total > threshold → total <= threshold
    0 and 1 are exchanged: a perceptron answers 1 above the edge, 0 otherwise.
each-product: weighted_sum(weights, inputs) → max((w * x for w, x in zip(weights, inputs)))
    each product w_j x_j is compared with the threshold: compare the sum of them all.
no-threshold: total > threshold → total > 0.0
    the threshold is forgotten: the sum is compared with 0.
threshold-as-bias: total > threshold → total + threshold > 0.0
    the threshold is added, as a bias is: compare w · x with it.
no-step: if total > threshold: → if True:⏎        return total⏎    if 0:
    the weighted sum itself is answered: compare it, and answer 1 or 0.
        """
    ) + _FIRING + SUM,
    adjust=_on_the_edge("threshold", 1.0),
)
PERCEPTRON = role(
    f"perceptron {_NEURON} bias:number~half",
    "bit",
    "0 or 1",
    [[-2.0, -2.0], [0.0, 1.0], 3.0],
    1.0,
    "-2 · 0 - 2 · 1 + 3 = 1, which is above 0: 1",
    (perceptron_output, weighted_sum, step),
    mistakes(
        """
at-least: z > 0.0 → z >= 0.0
    ≥ is used where > belongs: exactly on the edge the answer is 0.
inverted: z > 0.0 → z <= 0.0
    0 and 1 are exchanged: a perceptron answers 1 above the edge, 0 otherwise.
no-step: return step(z) → return z
    the weighted sum itself is answered: compare it, and answer 1 or 0.
sigmoid: return step(z) → return sigmoid(z)
    a sigmoid neuron's output is answered: a perceptron says 1 or 0, nothing between.
bias-as-threshold: + bias → - bias
    b is used as a threshold (w · x > b, or w · x - b > 0): the bias is minus the threshold,
    and is added.
        """
    ) + _BIAS + _FIRING + SUM,
    adjust=_on_the_edge("bias", -1.0),
)
_ALL_TWO_BITS = tuple({"p": p, "q": q} for p, q in product((0, 1), repeat=2))
NAND = role(
    "nand p:bit q:bit",
    "bit",
    "0 or 1",
    [1, 1],
    0,
    "both are 1: 0; in all other cases 1",
    (nand, perceptron_output, weighted_sum, step),
    mistakes(
        """
and: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return p * q
    this is AND: NAND is its opposite, 0 only where both bits are 1.
or: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return max(p, q)
    this is OR: NAND is 0 only where both bits are 1.
nor: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return 1 - max(p, q)
    this is NOR, NOT of OR: NAND is NOT of AND.
xor: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return abs(p - q)
    this is XOR: NAND of 0 and 0 is 1.
not-xor: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return 1 - abs(p - q)
    this says whether the bits are equal: NAND is 0 only where both are 1.
tilde: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return ~(p * q)
    ~ turns round all bits of a whole number, the sign too: ~0 is -1. Write 1 - (p and q).
always: return perceptron_output([-2.0, -2.0], [p, q], 3.0) → return 1
    this is always 1: NAND of 1 and 1 is 0.
        """
    ),
    more=_ALL_TWO_BITS,
)
HALF_ADDER = role(
    "half_adder p:bit q:bit",
    "bits",
    "(sum, carry)",
    [1, 1],
    [0, 1],
    "1 + 1 = 2, in binary 10: sum 0, carry 1",
    (half_adder, nand, perceptron_output, weighted_sum, step),
    mistakes(
        """
swapped: [total, carry] → [carry, total]
    sum and carry are exchanged: the answer is (sum, carry).
sum-or: [total, carry] → [max(p, q), carry]
    the sum bit is OR, but 1 + 1 = 10 in binary has the sum bit 0: it is XOR.
sum-plus: [total, carry] → [p + q, carry]
    p + q is answered for the sum bit: of 1 + 1 = 10 in binary that is 0.
sum-not: [total, carry] → [1 - total, carry]
    the sum bit is turned round: it is 1 where just one of p and q is 1.
carry-or: [total, carry] → [total, max(p, q)]
    the carry is OR: it is 1 only where both bits are 1, AND.
carry-nand: [total, carry] → [total, both]
    the carry is NAND, the opposite: pass it through one more NAND.
        """
    ),
    more=_ALL_TWO_BITS,
)
CIRCUIT = role(
    "build_circuit truth_table:table",
    "circuit",
    "circuit(x1, x2, …) -> 0 or 1",
    [[0, 1, 1, 0]],
    None,
    "answers for x1 x2 = 00, 01, 10, 11: circuit(0, 1) is 1, circuit(1, 1) is 0",
    (looked_up,),
    mistakes(
        """
inverted: return truth_table[row] → return 1 - truth_table[row]
    every answer is turned round: one NAND, used as NOT, is missing or one too many.
reversed-bits: row = 2 * row + bits[i] → row = row + 2 ** i * bits[i]
    the bits are read from the wrong end: the table counts up in binary, and the first bit
    is the one of greatest value.
backwards: return truth_table[row] → return truth_table[-1 - row]
    the table is read from its end: its first answer is for the bits 00…0.
last-row-forgotten: return truth_table[row] → return truth_table[row] * (row < len(truth_table) - 1)
    the last row of the table, all bits 1, is forgotten.
first-row-forgotten: return truth_table[row] → return truth_table[row] * (row > 0)
    the first row of the table, all bits 0, is forgotten.
one-row-only: return truth_table[row] → return int(1 in truth_table and truth_table.index(1) == row)
    only the first 1 in the table is seen: a circuit says 1 for each.
last-one-only: return truth_table[row] → return int(truth_table[row] == 1 and 1 not in truth_table[row + 1:])
    only the last 1 in the table is seen: a circuit says 1 for each.
        """
    ),
)
SIGMOID = role(
    "sigmoid z:number",
    "number",
    "σ(z)",
    [0.0],
    0.5,
    "1 / (1 + e^0) = 1 / 2",
    (sigmoid,),
    mistakes(
        """
sign: 1.0 + exp(-z) → 1.0 + exp(z)
    the sign of z is flipped: this is σ(-z). The power is e^(-z), in 1 / (1 + e^(-z)).
step: return 1.0 / (1.0 + exp(-z)) → return float(z > 0.0)
    this is the perceptron's step, 0 or 1: a sigmoid has every value between, and σ(0) =
    1/2.
step-at-zero: return 1.0 / (1.0 + exp(-z)) → return float(z >= 0.0)
    this is a step, 0 or 1: a sigmoid has every value between, and σ(0) = 1/2.
tanh: return 1.0 / (1.0 + exp(-z)) → return tanh(z)
    this is tanh: this runs from -1 to 1: σ runs from 0 to 1.
precedence: 1.0 / (1.0 + exp(-z)) → 1.0 / 1.0 + exp(-z)
    brackets are missing: 1 / 1 + e^(-z) is 1 + e^(-z). Write 1 / (1 + e^(-z)).
minus-below: 1.0 + exp(-z) → 1.0 - exp(-z)
    the sign below the line is wrong: 1 + e^(-z), not 1 - e^(-z).
slope: return 1.0 / (1.0 + exp(-z)) → return exp(-z) / (1.0 + exp(-z)) ** 2
    this is σ'(z), the slope: σ(z) itself is asked for.
base-ten: 1.0 + exp(-z) → 1.0 + 10.0 ** (-z)
    this is a power of 10: the sigmoid takes a power of e, math.exp(-z).
base-two: 1.0 + exp(-z) → 1.0 + 2.0 ** (-z)
    this is a power of 2: the sigmoid takes a power of e, math.exp(-z).
        """
    ),
    more=tuple({"z": z} for z in (3.0, -4.0, 0.001, -7.5, 12.0)),
)
SIGMOID_NEURON = role(
    f"sigmoid_neuron {_SMALL} bias:number~small",
    "number",
    "σ(w · x + b)",
    [[-2.0, -2.0], [1.0, 0.5], 3.0],
    0.5,
    "z = -2 · 1 - 2 · 0.5 + 3 = 0, and σ(0) = 1/2",
    (sigmoid_neuron_output, weighted_sum, sigmoid),
    _BIAS + mistakes(
        """
bias-subtracted: + bias → - bias
    the bias is subtracted: the output is σ(w · x + b).
bias-outside: return sigmoid(z) → return sigmoid(z - bias) + bias
    the bias is added after σ: it belongs inside, σ(w · x + b).
step: return sigmoid(z) → return float(z > 0.0)
    this is a perceptron, 0 or 1: a sigmoid neuron answers σ(w · x + b).
sigmoid-of-step: return sigmoid(z) → return sigmoid(float(z > 0.0))
    σ is taken of the perceptron's 0 or 1: take it of w · x + b.
no-sigmoid: return sigmoid(z) → return z
    σ is left out: w · x + b is z, the output is σ(z).
sign: return sigmoid(z) → return sigmoid(-z)
    the sign of z is flipped: the power is e^(-z), in 1 / (1 + e^(-z)).
        """
    ) + SUM,
)
OUTPUT_CHANGE = role(
    f"output_change {_SMALL} bias:number~small delta_weights:vector[K]~share delta_bias:number~share",
    "number",
    "Δoutput",
    [[-2.0, -2.0], [1.0, 0.5], 3.0, [0.25, 0.0], 0.25],
    0.125,
    "at z = 0 the slope is 1/4: 1/4 (1 · 0.25 + 0.5 · 0) + 1/4 · 0.25 = 0.125",
    (output_change, weighted_sum, sigmoid_prime, sigmoid),
    mistakes(
        """
difference: return total → return sigmoid(weighted_sum([w + d for w, d in zip(weights, delta_weights)], inputs) + bias + delta_bias) - sigmoid(z)
    this is the change itself: (5) is its linear estimate, each slope times its change.
no-inputs: slope * x[j] * delta_w[j] → slope * delta_w[j]
    the inputs are left out: ∂output/∂w_j = σ'(z) x_j.
weights-for-inputs: slope * x[j] * delta_w[j] → slope * weights[j] * delta_w[j]
    the weights are used where the inputs belong: ∂output/∂w_j = σ'(z) x_j.
no-slope: slope = sigmoid_prime(z) → slope = 1.0
    σ'(z) is left out: ∂output/∂w_j = σ'(z) x_j and ∂output/∂b = σ'(z).
no-bias-change: total += slope * delta_bias → pass
    the change of the bias is left out: σ'(z) Δb is a term too.
no-bias:  + bias →
    the bias is forgotten in z: z = w · x + b.
        """
    ),
)


def _times(c: float, arguments: Arguments) -> Arguments:
    """Return the call with c w and c b in place of w and b."""
    weights = [c * w for w in arguments["weights"]]
    return {"weights": weights, "inputs": arguments["inputs"], "bias": c * arguments["bias"]}


def _neuron(arguments: Arguments) -> Arguments:
    return {name: arguments[name] for name in ("weights", "inputs", "bias")}


def _z_by_hand(weights: Numbers, inputs: Numbers, bias: float) -> str:
    z = float(_exact(weights, inputs, bias))
    return f"z = w · x + b = {terms(weights, inputs)} + ({brief(bias)}) = {brief(z)}"


def _scaled(draw: Any) -> Arguments:
    """Return a neuron and a factor c; a power of 2, since it rounds nothing."""
    return {**PERCEPTRON.drawn(draw), "c": 2.0 ** draw.whole(-8, 8)}


def _steep(draw: Any) -> Arguments:
    return {**SIGMOID_NEURON.drawn(draw), "c": 2.0 ** draw.whole(0, 5)}


def _judge_scaling(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    c = arguments["c"]
    before, after = call(**_neuron(arguments)), call(**_times(c, arguments))
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
    rows = list(product((0, 1), repeat=len(table).bit_length() - 1))
    answers = [circuit(*bits) for bits in rows]
    if answers == table:
        return None
    wrong = next(i for i in range(len(table)) if answers[i] != table[i])
    bits = ", ".join(map(str, rows[wrong]))
    line = f"circuit({bits}): yours {brief(answers[wrong])}; by the table {table[wrong]}"
    return Counterexample(arguments, answers, table, difference(answers, table), (line,))


def _is_near_its_limit(came: float, expected: float, arguments: Arguments) -> bool:
    z: float = arguments["z"]
    limit = 1.0 if z > 0.0 else 0.0
    return 0.0 <= came <= 1.0 and abs(came - limit) <= exp(-abs(z)) + 2.0**-22


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
        return None  # far out it rises by less than a float can show
    line = f"from z = {brief(z)} to {brief(z + more)} the answer goes from {low!r} to {high!r}"
    calls = (({"z": z}, low), ({"z": z + more}, high))
    return Counterexample(arguments, high, f"more than {low!r}", None, (line,), calls=calls)


def _sigmoid_neuron(weights: Numbers, inputs: Numbers, bias: float) -> float:
    return oracle.sigma(float(_exact(weights, inputs, bias)))


def _estimate(
    weights: Numbers, inputs: Numbers, bias: float, delta_weights: Numbers, delta_bias: float
) -> float:
    """How steep the output is along the change, times the change: from the output alone."""

    def output(t: float) -> float:
        moved = [w + t * dw for w, dw in zip(weights, delta_weights)]
        return _sigmoid_neuron(moved, inputs, bias + t * delta_bias)

    return oracle.slope(output, 0.0)


def _judge_small_change(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    inputs, bias, delta_bias = arguments["inputs"], arguments["bias"], arguments["delta_bias"]
    moved = [w + dw for w, dw in zip(arguments["weights"], arguments["delta_weights"])]
    before = call(**_neuron(arguments))
    after_change = {"weights": moved, "inputs": inputs, "bias": bias + delta_bias}
    after = call(**after_change)
    came = after - before
    expected = _estimate(**arguments)
    change = float(_exact(arguments["delta_weights"], inputs, delta_bias))
    if abs(came - expected) <= change * change / 20.0 + max(1e-7, 8.0 * call.rounding):
        return None
    lines = (
        _z_by_hand(**_neuron(arguments)),
        f"the slope along the change makes it about {brief(expected)}",
        f"the output moved by {brief(came)}",
    )
    calls = ((arguments, before), (after_change, after))
    return Counterexample(arguments, came, expected, abs(came - expected), lines, calls=calls)


def _judge_limit_of_steepness(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, c = _exact(**_neuron(arguments)), arguments["c"]
    came = call(**_times(c, arguments))
    expected = 0.5 if z == 0 else float(z > 0)
    rounding = max(2.0**-40, 8.0 * call.rounding)
    allowed = rounding if z == 0 else exp(-c * abs(z)) + rounding
    if abs(came - expected) <= allowed:
        return None
    lines = (
        _z_by_hand(**_neuron(arguments)),
        f"σ(c z) = σ({brief(c * float(z))}) = {brief(oracle.sigma(c * float(z)))}",
    )
    calls = ((_times(c, arguments), came),)
    return Counterexample(arguments, came, expected, abs(came - expected), lines, calls=calls)


def _far(draw: Any) -> Arguments:
    return {"z": draw.number("small") * 10.0 ** draw.whole(0, 4)}


def _rise(draw: Any) -> Arguments:
    return {"z": 8.0 * draw.number("small"), "more": draw.number("rate") / 10.0 ** draw.whole(0, 3)}


def _edges(name: str, sign: float) -> list[Arguments]:
    """Neurons exactly on the edge, and above it by ever less."""
    above = [0.0, 2.0**-8, 2.0**-12, 2.0**-30, 2.0**-40]
    return [{"weights": [1.0], "inputs": [1.0], name: sign * (1.0 - each)} for each in above]


def _many_inputs() -> list[Arguments]:
    tables = [[int(bin(i * i + i // 3).count("1") % 2) for i in range(2**n)] for n in (4, 5)]
    return [{"truth_table": [0, 1, 1, 0]}, *({"truth_table": table} for table in tables)]


CLAIMS = [
    claim(
        "weighted-sum",
        1,
        WEIGHTED_SUM,
        "w·x",
        "A neuron weighs its inputs up: each times its weight, all added together.",
        Definition(lambda weights, inputs: float(_exact(weights, inputs)), 1e-11, 1e-12),
    ),
    claim(
        "perceptron-threshold",
        1,
        THRESHOLD,
        "1",
        "A perceptron answers 1 if the weighted sum is above its threshold, else 0; reaching the "
        "threshold is not enough.",
        Definition(
            lambda weights, inputs, threshold: float(_exact(weights, inputs) > threshold), 0.0, 0.0
        ),
        *_edges("threshold", 1.0),
    ),
    claim(
        "perceptron-rule",
        1,
        PERCEPTRON,
        "2",
        "A perceptron with bias b answers 1 if w · x + b is above 0, else 0.",
        Definition(
            lambda weights, inputs, bias: float(_exact(weights, inputs, bias) > 0), 0.0, 0.0
        ),
        *_edges("bias", -1.0),
    ),
    claim(
        "nand",
        1,
        NAND,
        "",
        "A NAND gate answers 0 if both its bits are 1, else 1.",
        Definition(lambda p, q: 1 - p * q),
    ),
    claim(
        "half-adder",
        1,
        HALF_ADDER,
        "",
        "A half adder adds two bits: twice the carry plus the sum is p + q.",
        Definition(lambda p, q: [p ^ q, p & q]),
    ),
    claim(
        "nand-universal",
        1,
        CIRCUIT,
        "",
        "NAND gates are enough for everything: for any truth table there is a circuit of them "
        "that answers as the table does.",
        _judge_circuit,
        *_many_inputs(),
    ),
    claim(
        "perceptron-scaling",
        1,
        PERCEPTRON,
        "2",
        "Multiplying all weights and the bias of a perceptron by one c > 0 changes no answer.",
        _judge_scaling,
        arguments=_scaled,
    ),
    claim(
        "sigmoid-formula",
        1,
        SIGMOID,
        "3",
        "The sigmoid function of z is 1 / (1 + e^(-z)).",
        Definition(oracle.sigma, 2.0**-50, 1e-13),
    ),
    claim(
        "sigmoid-limit",
        1,
        SIGMOID,
        "3",
        "Far to the right σ(z) tends to 1, far to the left to 0; it is never outside, and no z is "
        "too large for it.",
        Definition(oracle.sigma, accept=_is_near_its_limit),
        *({"z": z} for z in (-36.5, 36.5, -710.0, 710.0, -746.0, 746.0, -1e308, 1e308)),
        arguments=_far,
    ),
    claim(
        "sigmoid-symmetry",
        1,
        SIGMOID,
        "3",
        "σ(-z) = 1 - σ(z): what it gives to the left is missing on the right.",
        _judge_symmetry,
    ),
    claim(
        "sigmoid-rises",
        1,
        SIGMOID,
        "3",
        "σ rises everywhere: even a small push on z is seen in the answer, as it is not in a "
        "perceptron's.",
        _judge_rise,
        arguments=_rise,
    ),
    claim(
        "sigmoid-neuron",
        1,
        SIGMOID_NEURON,
        "4",
        "A sigmoid neuron answers σ(w · x + b).",
        Definition(_sigmoid_neuron, 1e-12, 1e-9),
    ),
    claim(
        "output-change",
        1,
        OUTPUT_CHANGE,
        "5",
        "Small changes of the weights and the bias change the output by about the sum of each "
        "change times the slope of the output in that weight or bias.",
        Definition(_estimate, 1e-7, 1e-6),
    ),
    claim(
        "small-change",
        1,
        SIGMOID_NEURON,
        "5",
        "A small change of the weights and the bias of a sigmoid neuron makes only a small change "
        "of its output, nearly in proportion.",
        _judge_small_change,
        arguments=OUTPUT_CHANGE.drawn,
    ),
    claim(
        "sigmoid-becomes-perceptron",
        1,
        SIGMOID_NEURON,
        "4",
        "With c w and c b for ever larger c, a sigmoid neuron comes to answer as the perceptron "
        "does, unless w · x + b = 0, where it stays at 1/2.",
        _judge_limit_of_steepness,
        {"weights": [1.0], "inputs": [1.0], "bias": -0.5, "c": 32.0},
        {"weights": [1.0], "inputs": [1.0], "bias": -1.5, "c": 32.0},
        arguments=_steep,
    ),
]
