"""Lesson 4: better costs, softmax, penalties, momentum, dropout, early stopping (chapter 3)."""

from __future__ import annotations

from math import exp, fsum, log
from typing import Any, Optional

from tinynn.equations.costs import (
    cross_entropy,
    l1_cost,
    l2_cost,
    ln,
    log_likelihood,
    matched_error,
)
from tinynn.equations.dropout import masked_activation
from tinynn.equations.momentum import updated_bias_velocity
from tinynn.equations.softmax import softmax
from tinynn.equations.updates import l1_updated_weights, l2_updated_weights, sgn
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import Counterexample, Definition, claim
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import Arguments, mistakes, role
from tinynn.teaching.wording import brief, row


def last_epoch(accuracies: Any, patience: Any) -> Any:
    """Return how many epochs are run until there was no improvement in ``patience`` of them."""
    best = 0
    for i in range(len(accuracies)):
        if accuracies[i] > accuracies[best]:
            best = i
        if i - best >= patience:
            return i + 1
    return len(accuracies)


_SUMS = mistakes(
    """
sign: return 0.0 - total → return total
    the sign is flipped: ln of a number below 1 is negative, so the cost needs the minus.
mean: return 0.0 - total → return -total / len(a)
    the sum is divided by the number of output neurons: n is the number of examples.
overwritten: total +=  → total =
    only the last output neuron counts: write total += …, not total = ….
last-neuron: range(len(a)) → range(len(a) - 1)
    the last output neuron is left out: the loop stops one too early.
"""
)
CROSS_ENTROPY = role(
    "cross_entropy outputs:vector[J]~share desired:vector[J]~target",
    "number",
    "C",
    [[0.5, 0.75], [1.0, 0.0]],
    2.0794415416798357,
    "-(ln 0.5 + ln(1 - 0.75)) = 0.6931 + 1.3863 = 2.0794",
    (cross_entropy, ln),
    mistakes(
        """
first-half: total += (1.0 - y[j]) * ln(1.0 - a[j]) → pass
    the second term is left out: an output that should be 0 costs -(1 - y) ln(1 - a).
exchanged: y[j] * ln(a[j])⏎ → a[j] * ln(y[j])⏎
    a and y are exchanged: the logarithm is taken of the output a, and y is the factor.
base-ten: total += y[j] * ln(a[j]) → total += (y[j] * ln(a[j]) + (1.0 - y[j]) * ln(1.0 - a[j])) / 2.302585092994046 - (1.0 - y[j]) * ln(1.0 - a[j]) * (y[j] < 1.0)
    log10 is used: the cost has the natural logarithm, math.log.
        """
    )
    + _SUMS,
)
LOG_LIKELIHOOD = role(
    "log_likelihood outputs:vector[J]~share desired:vector[J]~one-hot",
    "number",
    "C",
    [[0.25, 0.75], [1.0, 0.0]],
    1.3862943611198906,
    "the right output is 0.25: -ln 0.25 = 1.3863",
    (log_likelihood, ln),
    mistakes(
        """
cross-entropy: return 0.0 - total → return -total - sum(((1.0 - t) * ln(1.0 - o) for t, o in zip(y, a)))
    this is the cross-entropy: the log-likelihood has the right output alone, -ln a_y.
no-logarithm: y[j] * ln(a[j]) → y[j] * a[j]
    the logarithm is left out: C = -ln a_y.
        """
    )
    + _SUMS,
)
SOFTMAX = role(
    "softmax weighted_inputs:vector[J]",
    "vector",
    "a",
    [[0.0, 0.0]],
    [0.5, 0.5],
    "e^0 / (e^0 + e^0) = 1/2",
    (softmax,),
    mistakes(
        """
sigmoid: return a → return [1.0 / (1.0 + exp(-each)) for each in z]
    this is σ, neuron by neuron: softmax divides each e^z by the sum of all.
not-divided: / total → / 1.0 * exp(largest)
    the e^z are not divided by their sum: the outputs must add up to 1.
linear: return a → return [each / sum(z) for each in z]
    e^z is left out: z itself is divided by the sum.
by-the-largest: / total → / 1.0
    each e^z is divided by the largest: divide by the sum of all, so that they add up to 1.
sign: return a → return [exp(-each) / sum((exp(-other) for other in z)) for each in z]
    the sign of z is flipped: a larger z must have a larger output.
base-two: return a → return [2.0 ** each / sum((2.0 ** other for other in z)) for each in z]
    these are powers of 2: softmax has powers of e.
overwritten: total +=  → total =
    the sum keeps its last term only: write total += …, not total = ….
mean: / total → / total * len(z)
    it is divided by the mean of the e^z: divide by their sum.
        """
    ),
    more=({"weighted_inputs": [3.0, -1.0, 0.5, 2.0]},),
)
ERROR = role(
    "cross_entropy_error outputs:vector[J]~share desired:vector[J]~target",
    "vector",
    "δ^L",
    [[0.5, 0.75], [1.0, 0.0]],
    [-0.5, 0.75],
    "a - y: 0.5 - 1 = -0.5 and 0.75 - 0 = 0.75; σ' has cancelled",
    (matched_error,),
    mistakes(
        """
times-slope: a[j] - y[j] → (a[j] - y[j]) * a[j] * (1.0 - a[j])
    σ' is still in it: with the cross-entropy it cancels, δ = a - y.
cost-slope: a[j] - y[j] → (a[j] - y[j]) / (a[j] * (1.0 - a[j]))
    this is ∂C/∂a: times σ' = a (1 - a) the denominator cancels, δ = a - y.
sign: a[j] - y[j] → y[j] - a[j]
    y - a is used where a - y belongs: an output that is too high has a positive error.
half: a[j] - y[j] → (a[j] - y[j]) / 2.0
    a factor 1/2 is left over: δ = a - y.
two: a[j] - y[j] → 2.0 * (a[j] - y[j])
    a factor 2 is left over: δ = a - y.
        """
    ),
)
_PENALTY = """
no-cost: return cost +  → return
    the cost without the penalty, C_0, is left out: the penalty is added to it.
not-divided: {has} → {lmbda}
    the penalty is not divided by n, the size of the training set.
overwritten: total +=  → total =
    only the last weight counts: write total += …, not total = ….
last-layer: for i in range(len(weights)): → for i in range(len(weights) - 1, len(weights)):
    only the last layer counts: the sum runs over the weights of all layers.
first-layer: for i in range(len(weights)): → for i in range(1):
    only the first layer counts: the sum runs over the weights of all layers.
"""
_COST = "cost:number~rate weights:matrices[L]~small lmbda:number~rate n:count"
L2_COST = role(
    f"l2_cost {_COST}",
    "number",
    "C",
    [0.25, [[[1.0, -2.0]], [[3.0]]], 5.0, 10],
    3.75,
    "0.25 + 5/(2 · 10) (1² + 2² + 3²) = 0.25 + 0.25 · 14 = 3.75",
    (l2_cost,),
    mistakes(_PENALTY.format(has="lmbda / (2.0 * n)", lmbda="lmbda / 2.0"))
    + mistakes(
        """
no-half: lmbda / (2.0 * n) → lmbda / n
    the 1/2 is missing: the penalty is λ/2n times the sum of the squares.
absolute: w[j][k] * w[j][k] → abs(w[j][k])
    |w| is used where w² belongs: that is the L1 penalty.
not-squared: w[j][k] * w[j][k] → w[j][k]
    the weights are not squared, so that they cancel each other.
root: * total → * total ** 0.5
    the root is taken: the penalty has the sum of the squares.
        """
    ),
    most=3,
)
L1_COST = role(
    f"l1_cost {_COST}",
    "number",
    "C",
    [0.25, [[[1.0, -2.0]], [[3.0]]], 5.0, 10],
    3.25,
    "0.25 + 5/10 (1 + 2 + 3) = 3.25",
    (l1_cost,),
    mistakes(_PENALTY.format(has="lmbda / n", lmbda="lmbda"))
    + mistakes(
        """
half: lmbda / n → lmbda / (2.0 * n)
    the 1/2 is one too many: the L1 penalty is λ/n times the sum of all |w|.
squared: abs(w[j][k]) → w[j][k] ** 2
    w² is used where |w| belongs: that is the L2 penalty.
no-absolute: abs(w[j][k]) → w[j][k]
    the signs are kept, so that weights cancel each other: the penalty has |w|.
        """
    ),
    most=3,
)
_DECAY = """
uphill:  - rate * →  + rate *
    the sign is flipped, +η for -η: this goes up the slope. To lower C, subtract.
not-divided: rate = eta / m → rate = eta
    the sum over the mini-batch is not divided by m: the step is η/m times it.
no-penalty: {penalty} → {none}
    the penalty is left out: every step moves each weight towards 0 too.
m-for-n: eta * lmbda / n → eta * lmbda / m
    λ is divided by m: it is divided by n, the size of the training set.
not-by-n: eta * lmbda / n → eta * lmbda
    λ is not divided by n, the size of the training set.
no-eta: eta * lmbda / n → lmbda / n
    η is left out of the penalty: the weights decay by ηλ/n.
two: eta * lmbda / n → 2.0 * eta * lmbda / n
    a factor 2 is left over: the 1/2 of the penalty cancels it.
"""
_UPDATE = (
    "weights:matrix[J,K] nabla_sum:matrix[J,K] eta:number~rate m:count lmbda:number~rate n:count"
)
L2_UPDATE = role(
    f"l2_update {_UPDATE}",
    "matrix",
    "new weights",
    [[[1.0, 2.0]], [[4.0, -4.0]], 0.5, 2, 10.0, 10],
    [[-0.5, 2.0]],
    "1 - ηλ/n = 0.5 and η/m = 0.25: 0.5 · 1 - 0.25 · 4 = -0.5, 0.5 · 2 + 0.25 · 4 = 2",
    (l2_updated_weights,),
    mistakes(_DECAY.format(penalty="shrink * w[j][k]", none="w[j][k]"))
    + mistakes(
        """
grows: 1.0 - eta → 1.0 + eta
    the sign of the penalty is flipped: the weights are to shrink, by 1 - ηλ/n.
all-shrunk: shrink * w[j][k] - rate * nabla_w[j][k] → shrink * (w[j][k] - rate * nabla_w[j][k])
    brackets: the step is shrunk as well. Only the old weight is, (1 - ηλ/n) w.
        """
    ),
)
L1_UPDATE = role(
    f"l1_update {_UPDATE}",
    "matrix",
    "new weights",
    [[[1.0, -2.0]], [[4.0, -4.0]], 0.5, 2, 10.0, 10],
    [[-0.5, -0.5]],
    "ηλ/n = 0.5 and η/m = 0.25: 1 - 0.5 - 1 = -0.5, -2 + 0.5 + 1 = -0.5",
    (l1_updated_weights, sgn),
    mistakes(_DECAY.format(penalty=" - constant * sgn(w[j][k])", none=""))
    + mistakes(
        """
no-sign: constant * sgn(w[j][k]) → constant
    the sign is left out: a weight below 0 is moved up, towards 0.
decay: constant * sgn(w[j][k]) → constant * w[j][k]
    w is used where sgn(w) belongs: that is the L2 penalty.
absolute: constant * sgn(w[j][k]) → constant * abs(w[j][k])
    |w| is used where sgn(w) belongs: every weight moves by the same constant.
zero: return 0.0 → return 1.0
    sgn(0) is 0: a weight that is 0 stays there.
        """
    ),
    more=({"weights": [[0.0, 1.0], [-1.0, 0.0]], "nabla_sum": [[1.0, 2.0], [3.0, 0.0]], "eta": 0.5, "m": 2, "lmbda": 1.5, "n": 3},),
)
VELOCITY = role(
    "new_velocity velocity:vector[J] nabla_sum:vector[J] eta:number~rate m:count mu:number~part",
    "vector",
    "v'",
    [[1.0, 2.0], [4.0, 0.0], 0.5, 2, 0.5],
    [-0.5, 1.0],
    "μ v - η/m Σ ∂C/∂b: 0.5 · 1 - 0.25 · 4 = -0.5, 0.5 · 2 - 0.25 · 0 = 1",
    (updated_bias_velocity,),
    mistakes(
        """
uphill:  - rate * →  + rate *
    the sign is flipped, +η for -η: the ball must roll down the slope.
no-mu: mu * v[j] → v[j]
    μ is left out: there is no friction, and the old velocity is kept whole.
no-velocity: mu * v[j] -  → -
    the old velocity is left out: that is gradient descent without momentum.
friction: mu * v[j] → (1.0 - mu) * v[j]
    1 - μ is used where μ belongs: μ is the share of the velocity that is kept.
average: mu * v[j] - rate * nabla_b[j] → mu * v[j] - (1.0 - mu) * rate * nabla_b[j]
    the slope is multiplied by 1 - μ: (107) adds the whole step, -η ∇C.
not-divided: rate = eta / m → rate = eta
    the sum over the mini-batch is not divided by m: the step is η/m times it.
all-slowed: mu * v[j] - rate * nabla_b[j] → mu * (v[j] - rate * nabla_b[j])
    brackets: the new step is slowed as well. Only the old velocity is, μ v.
        """
    ),
)
MASKED = role(
    "masked mask:vector[J]~bit activations:vector[J]",
    "vector",
    "a",
    [[1.0, 0.0, 0.5], [0.75, 0.75, 0.5]],
    [0.75, 0.0, 0.25],
    "r_j a_j: 1 · 0.75, 0 · 0.75, and, when the network answers, 0.5 · 0.5",
    (masked_activation,),
    mistakes(
        """
inverted: r[j] * a_before[j] → (1.0 - r[j]) * a_before[j]
    the mask is used the wrong way round: 1 keeps a neuron, 0 drops it.
rescaled: r[j] * a_before[j] → r[j] * a_before[j] * len(r) / max(1.0, sum(r))
    what is kept is scaled up: the book halves the weights when the network answers instead.
left-out: return a → return [r[j] * a_before[j] for j in range(len(r)) if r[j]]
    a dropped neuron is taken out of the list: it stays, with the activation 0.
not-masked: r[j] * a_before[j] → a_before[j]
    the mask is not used: every neuron is kept.
        """
    ),
)
STOP = role(
    "last_epoch accuracies:vector[E]~half patience:count",
    "number",
    "epochs run",
    [[90.0, 92.0, 91.0, 92.0, 93.0], 2],
    4.0,
    "the best is in epoch 2 (92 again is no improvement), and 4 is two epochs later: 4",
    (last_epoch,),
    mistakes(
        """
one-early: i - best >= patience → i - best >= patience - 1
    it stops one epoch too early: ``patience`` epochs without improvement are let through.
one-late: i - best >= patience → i - best > patience
    it stops one epoch too late.
equal-counts: accuracies[i] > accuracies[best] → accuracies[i] >= accuracies[best]
    as good as the best is no improvement: it must be better.
last-for-best: accuracies[i] > accuracies[best] → i and accuracies[i] > accuracies[i - 1]
    each epoch is compared with the one before: compare it with the best so far.
counted-from-0: return i + 1 → return i
    the epochs are counted from 0: after the first epoch, one epoch was run.
best-epoch: return i + 1 → return best + 1
    the best epoch is answered: how many epochs are run is asked for.
        """
    ),
    more=tuple(
        {"accuracies": numbers, "patience": patience}
        for numbers, patience in (
            ([1.0, 3.0, 2.0, 3.0, 2.5, 4.0, 1.0], 2),
            ([1.0, 3.0, 2.0, 3.0, 2.5, 4.0, 1.0], 3),
            ([5.0, 4.0, 4.5, 4.6, 4.7], 2),
            ([1.0, 2.0, 1.5, 3.0, 2.0, 2.5, 2.0, 1.0], 3),
            ([2.0, 2.0, 2.0, 2.0], 2),
        )
    ),
)


def _cross_entropy(outputs: Numbers, desired: Numbers) -> float:
    return fsum(-y * _ln(a) - (1.0 - y) * _ln(1.0 - a) for a, y in zip(outputs, desired))


def _ln(share: float) -> float:
    """Return ln, and 0 of 0: its factor is 0 wherever that is asked for."""
    return log(share) if share > 0.0 else 0.0


def _softmax(weighted_inputs: Numbers) -> list[float]:
    """Return 1 / Σ_k e^(z_k - z_j) for every j: (78), divided through by e^(z_j)."""
    differences = [[other - z for other in weighted_inputs] for z in weighted_inputs]
    return [1.0 / fsum(exp(min(d, 700.0)) for d in row_) for row_ in differences]


def _error(outputs: Numbers, desired: Numbers) -> list[float]:
    """Return the slope of the cross-entropy in each z, for the z whose σ are these outputs."""
    z = [log(a / (1.0 - a)) for a in outputs]
    return oracle.gradient(lambda z: _cross_entropy([oracle.sigma(each) for each in z], desired), z)


def _weights(weights: Any) -> list[float]:
    return [w for matrix in weights for row_ in matrix for w in row_]


def _l2_update(
    weights: Rows, nabla_sum: Rows, eta: float, m: int, lmbda: float, n: int
) -> list[list[float]]:
    """Return w - η times the slope of λ/2n w² + w/m Σ, weight by weight, from that cost alone."""

    def moved(w: float, nabla: float) -> float:
        return w - eta * oracle.slope(lambda v: lmbda / (2.0 * n) * v * v + nabla / m * v, w)

    return [[*map(moved, w_j, nabla_j)] for w_j, nabla_j in zip(weights, nabla_sum)]


def _l1_update(
    weights: Rows, nabla_sum: Rows, eta: float, m: int, lmbda: float, n: int
) -> list[list[float]]:
    def moved(w: float, nabla: float) -> float:
        towards = eta * lmbda / n * ((w > 0.0) - (w < 0.0))
        return fsum([w, -towards, -eta * nabla / m])

    return [[*map(moved, w_j, nabla_j)] for w_j, nabla_j in zip(weights, nabla_sum)]


def _velocity(
    velocity: Numbers, nabla_sum: Numbers, eta: float, m: int, mu: float
) -> list[float]:
    return [fsum([mu * v, -eta * nabla / m]) for v, nabla in zip(velocity, nabla_sum)]


def _last_epoch(accuracies: Numbers, patience: int) -> float:
    """Count from the end of each run that might be the last."""
    for epochs in range(1, len(accuracies) + 1):
        so_far = accuracies[:epochs]
        if epochs - 1 - so_far.index(max(so_far)) >= patience:
            return float(epochs)
    return float(len(accuracies))


def _judge_adds_up(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z = arguments["weighted_inputs"]
    a = call(**arguments)
    total = fsum(a)
    if len(a) == len(z) and min(a) >= 0.0 and abs(total - 1.0) <= max(1e-9, 64 * call.rounding):
        return None
    line = f"your outputs {row(a)} add up to {brief(total)}"
    return Counterexample(arguments, a, "outputs of at least 0 that add up to 1", None, (line,))


def _judge_shift(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, c = arguments["weighted_inputs"], arguments["c"]
    before, moved = call(weighted_inputs=z), {"weighted_inputs": [each + c for each in z]}
    after = call(**moved)
    near = max(1e-7, 256.0 * call.rounding)
    if all(abs(p - q) <= near for p, q in zip(before, after)):
        return None
    line = f"with {brief(c)} added to every z, each e^z is e^{brief(c)} times as large, and so the sum"
    calls = (({"weighted_inputs": z}, before), (moved, after))
    return Counterexample(arguments, after, before, None, (line,), calls=calls)


def _judge_no_momentum(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    given = {**arguments, "mu": 0.0}
    came = call(**given)
    expected = _velocity(**given)
    near = max(1e-9, 64.0 * call.rounding)
    if len(came) == len(expected) and all(abs(p - q) <= near for p, q in zip(came, expected)):
        return None
    line = f"with μ = 0 nothing is kept of v: v' = -η/m Σ = {row(expected)}"
    return Counterexample(given, came, expected, None, (line,))


CLAIMS = [
    claim(
        "cross-entropy",
        3,
        CROSS_ENTROPY,
        "57 63",
        "The cross-entropy of one example is -Σ [y ln a + (1 - y) ln(1 - a)] over its outputs.",
        Definition(_cross_entropy),
    ),
    claim(
        "cross-entropy-edges",
        3,
        CROSS_ENTROPY,
        "57 63",
        "Where an output is 0 or 1, as it should be, the cross-entropy is 0: a term whose factor is "
        "0 is 0, whatever its logarithm.",
        Definition(_cross_entropy),
        {"outputs": [0.0, 1.0, 0.5], "desired": [0.0, 1.0, 1.0]},
    ),
    claim(
        "log-likelihood",
        3,
        LOG_LIKELIHOOD,
        "80",
        "The log-likelihood cost of one example is -ln of the output that should be 1.",
        Definition(lambda outputs, desired: -log(outputs[desired.index(1.0)])),
    ),
    claim(
        "softmax",
        3,
        SOFTMAX,
        "78",
        "The outputs of softmax are e^(z_j), divided by the sum of all of them; no z is too large.",
        Definition(_softmax),
        {"weighted_inputs": [1000.0, 0.0, 999.0]},
    ),
    claim(
        "softmax-adds-up",
        3,
        SOFTMAX,
        "78",
        "The outputs of softmax are shares: none is below 0, and together they are 1.",
        _judge_adds_up,
    ),
    claim(
        "softmax-shift",
        3,
        SOFTMAX,
        "78",
        "Adding one number to all weighted inputs changes no output of softmax.",
        _judge_shift,
        arguments=lambda draw: {**SOFTMAX.drawn(draw), "c": draw.number("small")},
    ),
    claim(
        "cross-entropy-error",
        3,
        ERROR,
        "66 68",
        "With the cross-entropy, σ' cancels: the error of an output neuron is a - y.",
        Definition(_error, 1e-6, 1e-6),
    ),
    claim(
        "l2-cost",
        3,
        L2_COST,
        "87",
        "The L2 penalty adds λ/2n times the sum of the squares of all weights to the cost.",
        Definition(
            lambda cost, weights, lmbda, n: fsum(
                [cost, *(lmbda / (2.0 * n) * w * w for w in _weights(weights))]
            )
        ),
    ),
    claim(
        "l1-cost",
        3,
        L1_COST,
        "95",
        "The L1 penalty adds λ/n times the sum of the sizes of all weights to the cost.",
        Definition(
            lambda cost, weights, lmbda, n: fsum(
                [cost, *(lmbda / n * abs(w) for w in _weights(weights))]
            )
        ),
    ),
    claim(
        "l2-update",
        3,
        L2_UPDATE,
        "93",
        "With the L2 penalty a step first shrinks each weight by the factor 1 - ηλ/n.",
        Definition(_l2_update, 1e-7, 1e-7),
    ),
    claim(
        "l1-update",
        3,
        L1_UPDATE,
        "97",
        "With the L1 penalty a step moves each weight by ηλ/n towards 0 first; 0 stays.",
        Definition(_l1_update),
    ),
    claim(
        "momentum",
        3,
        VELOCITY,
        "107",
        "With momentum the gradient changes the velocity: v' = μ v - η ∇C.",
        Definition(_velocity),
    ),
    claim(
        "momentum-none",
        3,
        VELOCITY,
        "107",
        "With μ = 0 momentum is gradient descent: nothing is kept of the old velocity.",
        _judge_no_momentum,
    ),
    claim(
        "dropout-mask",
        3,
        MASKED,
        "r⊙a",
        "Dropout multiplies each activation by its r: 1 keeps it, 0 drops it.",
        Definition(lambda mask, activations: [r * a for r, a in zip(mask, activations)]),
    ),
    claim(
        "early-stopping",
        3,
        STOP,
        "",
        "Early stopping ends after so many epochs without a better accuracy than the best before.",
        Definition(_last_epoch),
    ),
]
