"""Known mistakes in single neurons and in circuits of them."""

from __future__ import annotations

from math import exp, pow, tanh

from tinynn.teaching.mistakes.family import Family, Wrong
from tinynn.teaching.oracle import Numbers, sigma


def _sigmoid(wrong: Wrong, z: float) -> float:
    if "step" in wrong:
        return float(z > 0.0)
    if "step-at-zero" in wrong:
        return float(z >= 0.0)
    if "tanh" in wrong:
        return tanh(z)
    if "precedence" in wrong:
        return 1.0 / 1.0 + exp(-z)
    if "minus-below" in wrong:
        return 1.0 / (1.0 - exp(-z))
    if "slope" in wrong:
        return sigma(z) * (1.0 - sigma(z))
    if "base-ten" in wrong:
        return 1.0 / (1.0 + pow(10.0, -z))
    if "base-two" in wrong:
        return 1.0 / (1.0 + pow(2.0, -z))
    return sigma(-z if "sign" in wrong else z)


def _sigmoid_prime(wrong: Wrong, z: float) -> float:
    a = sigma(z)
    if "of-activation" in wrong:
        return z * (1.0 - z)
    if "twice" in wrong:
        return sigma(a) * (1.0 - sigma(a))
    if "value" in wrong:
        return a
    if "half" in wrong:
        return 1.0 - a
    if "plus" in wrong:
        return a * (1.0 + a)
    if "square" in wrong:
        return a * a
    if "mixed" in wrong:
        return a * (1.0 - z)
    if "mixed-z" in wrong:
        return z * (1.0 - a)
    if "tanh" in wrong:
        return 1.0 - a * a
    return -a * (1.0 - a) if "sign" in wrong else a * (1.0 - a)


def _total(wrong: Wrong, weights: Numbers, inputs: Numbers) -> float:
    if "last-input" in wrong:
        weights = weights[:-1]
    if "first-input" in wrong:
        weights, inputs = weights[1:], inputs[1:]
    if "no-weights" in wrong:
        weights = [1.0] * len(weights)
    if "first-only" in wrong:
        return weights[0] * inputs[0]
    if "overwritten" in wrong:
        return weights[-1] * inputs[-1]
    return sum(w * x for w, x in zip(weights, inputs))


def _fired(wrong: Wrong, z: float) -> float:
    if "at-least" in wrong:
        return float(z >= 0.0)
    if "inverted" in wrong:
        return float(not z > 0.0)
    if "minus-one" in wrong:
        return 1.0 if z > 0.0 else -1.0
    if "no-step" in wrong:
        return z
    if "sigmoid" in wrong:
        return sigma(z)
    return float(z > 0.0)


def _weighted_sum(wrong: Wrong, weights: Numbers, inputs: Numbers) -> float:
    return _total(wrong, weights, inputs)


def _perceptron(wrong: Wrong, weights: Numbers, inputs: Numbers, bias: float) -> float:
    if "bias-as-threshold" in wrong:
        bias = -bias
    if "no-bias" in wrong:
        bias = 0.0
    if "bias-each-input" in wrong:
        bias *= len(weights)
    return _fired(wrong, _total(wrong, weights, inputs) + bias)


def _perceptron_threshold(
    wrong: Wrong, weights: Numbers, inputs: Numbers, threshold: float
) -> float:
    if "threshold-as-bias" in wrong:
        threshold = -threshold
    if "no-threshold" in wrong:
        threshold = 0.0
    return _fired(wrong, _total(wrong, weights, inputs) - threshold)


def _sigmoid_neuron(wrong: Wrong, weights: Numbers, inputs: Numbers, bias: float) -> float:
    if "bias-subtracted" in wrong:
        bias = -bias
    if "bias-each-input" in wrong:
        bias *= len(weights)
    if "no-bias" in wrong:
        bias = 0.0
    z = _total(wrong, weights, inputs) + bias
    if "step" in wrong:
        return float(z > 0.0)
    if "no-sigmoid" in wrong:
        return z
    if "bias-outside" in wrong:
        return sigma(z - bias) + bias
    return sigma(-z if "sign" in wrong else z)


def _nand(wrong: Wrong, p: int, q: int) -> int:
    gates = {
        "and": p & q,
        "or": p | q,
        "nor": 1 - (p | q),
        "xor": p ^ q,
        "not-xor": 1 - (p ^ q),
    }
    return next((gates[name] for name in wrong), 1 - p * q)


def _half_adder(wrong: Wrong, p: int, q: int) -> list[int]:
    total, carry = p ^ q, p & q
    if "sum-or" in wrong:
        total = p | q
    if "sum-not" in wrong:
        total = 1 - total
    if "sum-plus" in wrong:
        total = p + q
    if "carry-or" in wrong:
        carry = p | q
    if "carry-nand" in wrong:
        carry = 1 - carry
    return [carry, total] if "swapped" in wrong else [total, carry]


def _circuit(wrong: Wrong, truth_table: list[int]) -> list[int]:
    """Return the answers of a circuit, in the order of the table."""
    size = len(truth_table)
    n = size.bit_length() - 1
    if "inverted" in wrong:
        return [1 - answer for answer in truth_table]
    if "reversed-bits" in wrong:
        return [truth_table[int(f"{i:b}".zfill(n)[::-1], 2)] for i in range(size)]
    if "backwards" in wrong:
        return truth_table[::-1]
    if "last-row-forgotten" in wrong:
        return [*truth_table[:-1], 0]
    if "first-row-forgotten" in wrong:
        return [0, *truth_table[1:]]
    if "one-row-only" in wrong:
        first = truth_table.index(1) if 1 in truth_table else size
        return [int(i == first) for i in range(size)]
    if "last-one-only" in wrong:
        ones = [i for i in range(size) if truth_table[i]]
        return [int(ones[-1:] == [i]) for i in range(size)]
    return truth_table


_SUM = {
    "last-input": "the last input is left out of the sum: the loop stops one too early.",
    "first-input": "the first input is left out of the sum: Python counts from 0.",
    "no-weights": "the weights are left out: each input is multiplied by its weight, w_j x_j.",
    "first-only": "only the first input counts: return after the loop, not inside it.",
    "overwritten": "the sum keeps its last term only: write total += …, not total = ….",
}
_FIRING = {
    "at-least": "≥ stands where > belongs: exactly on the edge the answer is 0.",
    "inverted": "0 and 1 are exchanged: a perceptron answers 1 above the edge, 0 otherwise.",
    "minus-one": "-1 is answered where 0 belongs: a perceptron answers 0 or 1.",
    "no-step": "the weighted sum itself is answered: compare it, and answer 1 or 0.",
    "sigmoid": "a sigmoid neuron's output is answered: a perceptron says 1 or 0, nothing between.",
}
_EACH = "the bias is added once for every input: it belongs outside the loop, once for a neuron."

FAMILIES = [
    Family("weighted_sum", _weighted_sum, _SUM),
    Family(
        "perceptron",
        _perceptron,
        {
            **_FIRING,
            "no-bias": "the bias is forgotten: the perceptron asks whether w · x + b is above 0.",
            "bias-as-threshold": "b is used as a threshold (w · x > b, or w · x - b > 0): the bias "
            "is minus the threshold, and is added.",
            "bias-each-input": _EACH,
            **_SUM,
        },
    ),
    Family(
        "perceptron_threshold",
        _perceptron_threshold,
        {
            **_FIRING,
            "no-threshold": "the threshold is forgotten: the sum is compared with 0.",
            "threshold-as-bias": "the threshold is added, as a bias is: compare w · x with it.",
            **_SUM,
        },
    ),
    Family(
        "sigmoid",
        _sigmoid,
        {
            "sign": "the sign of z is flipped: this is σ(-z). The power is e^(-z), in "
            "1 / (1 + e^(-z)).",
            "step": "this is the perceptron's step, 0 or 1: a sigmoid has every value between, and "
            "σ(0) = 1/2.",
            "step-at-zero": "this is a step, 0 or 1: a sigmoid has every value between, and "
            "σ(0) = 1/2.",
            "tanh": "this is tanh, which runs from -1 to 1: σ runs from 0 to 1.",
            "precedence": "brackets are missing: 1 / 1 + e^(-z) is 1 + e^(-z). Write "
            "1 / (1 + e^(-z)).",
            "minus-below": "the sign below the line is wrong: 1 + e^(-z), not 1 - e^(-z).",
            "slope": "this is σ'(z), the slope: σ(z) itself is asked for.",
            "base-ten": "this is a power of 10: the sigmoid takes a power of e, math.exp(-z).",
            "base-two": "this is a power of 2: the sigmoid takes a power of e, math.exp(-z).",
        },
        pairs=False,
    ),
    Family(
        "sigmoid_prime",
        _sigmoid_prime,
        {
            "of-activation": "z (1 - z) is worked out, which would be σ' if z were σ(z) already. "
            "Here z is the weighted input: take a = σ(z) first, then a (1 - a).",
            "twice": "σ is taken twice: this is σ'(a) where σ'(z) is meant.",
            "value": "this is σ(z) itself: its slope is σ(z) (1 - σ(z)).",
            "half": "a factor is missing: σ'(z) = σ(z) (1 - σ(z)), not 1 - σ(z) alone.",
            "plus": "the sign in the bracket is wrong: 1 - σ(z), not 1 + σ(z).",
            "square": "this is σ(z)²: the second factor is 1 - σ(z).",
            "mixed": "the second factor takes z for σ(z): σ'(z) = σ(z) (1 - σ(z)).",
            "mixed-z": "the first factor takes z for σ(z): σ'(z) = σ(z) (1 - σ(z)).",
            "tanh": "1 - a² is the slope of tanh: that of the sigmoid is a (1 - a).",
            "sign": "the sign is flipped: a sigmoid rises everywhere, so its slope is positive.",
        },
        pairs=False,
    ),
    Family(
        "sigmoid_neuron",
        _sigmoid_neuron,
        {
            "no-bias": "the bias is forgotten: the output is σ(w · x + b).",
            "bias-subtracted": "the bias is subtracted: the output is σ(w · x + b).",
            "bias-each-input": _EACH,
            "bias-outside": "the bias is added after σ: it belongs inside, σ(w · x + b).",
            "step": "this is a perceptron, 0 or 1: a sigmoid neuron answers σ(w · x + b).",
            "no-sigmoid": "σ is left out: w · x + b is z, the output is σ(z).",
            "sign": "the sign of z is flipped: the power is e^(-z), in 1 / (1 + e^(-z)).",
            **_SUM,
        },
    ),
    Family(
        "nand",
        _nand,
        {
            "and": "this is AND: NAND is its opposite, 0 only where both bits are 1.",
            "or": "this is OR: NAND is 0 only where both bits are 1.",
            "nor": "this is NOR, NOT of OR: NAND is NOT of AND.",
            "xor": "this is XOR: NAND of 0 and 0 is 1.",
            "not-xor": "this says whether the bits are equal: NAND is 0 only where both are 1.",
        },
        least=1,
        pairs=False,
    ),
    Family(
        "half_adder",
        _half_adder,
        {
            "swapped": "sum and carry are exchanged: the answer is (sum, carry).",
            "sum-or": "the sum bit is OR, but 1 + 1 = 10 in binary has the sum bit 0: it is XOR.",
            "sum-plus": "p + q is answered for the sum bit: of 1 + 1 = 10 in binary that is 0.",
            "sum-not": "the sum bit is turned round: it is 1 where just one of p and q is 1.",
            "carry-or": "the carry is OR: it is 1 only where both bits are 1, AND.",
            "carry-nand": "the carry is NAND, the opposite: pass it through one more NAND.",
        },
        least=1,
        pairs=False,
    ),
    Family(
        "build_circuit",
        _circuit,
        {
            "inverted": "every answer is turned round: one NAND, used as NOT, is missing or "
            "one too many.",
            "reversed-bits": "the bits are read from the wrong end: the table counts up in binary, "
            "and the first bit is the one of greatest value.",
            "backwards": "the table is read from its end: its first answer is for the bits 00…0.",
            "last-row-forgotten": "the last row of the table, all bits 1, is forgotten.",
            "first-row-forgotten": "the first row of the table, all bits 0, is forgotten.",
            "one-row-only": "only the first 1 in the table is seen: a circuit says 1 for each.",
            "last-one-only": "only the last 1 in the table is seen: a circuit says 1 for each.",
        },
        pairs=False,
    ),
]
