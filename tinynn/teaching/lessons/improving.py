"""Lesson 4: better costs, softmax, penalties, momentum, dropout, early stopping (chapter 3)."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, fsum, log
from typing import Any, Optional

from tinynn.equations import costs
from tinynn.equations.dropout import masked_activation
from tinynn.equations.momentum import updated_bias_velocity
from tinynn.equations.softmax import softmax
from tinynn.equations.updates import l1_updated_weights, l2_updated_weights, sgn
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import Counterexample, Definition, flat
from tinynn.teaching.lesson import Code, Drawn, Judges
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import Arguments, Draw, Role
from tinynn.teaching.wording import brief, row


def last_epoch(accuracies: Any, patience: Any) -> Any:
    """Return the number of epochs run until ``patience`` of them bring no improvement."""
    best = 0
    for i in range(len(accuracies)):
        if accuracies[i] > accuracies[best]:
            best = i
        if i - best >= patience:
            return i + 1
    return len(accuracies)


def _cross_entropy(outputs: Numbers, desired: Numbers) -> float:
    return fsum(-y * _ln(a) - (1.0 - y) * _ln(1.0 - a) for a, y in zip(outputs, desired))


def _ln(share: float) -> float:
    """Return ln, or 0 for 0, where its factor is always 0."""
    return log(share) if share > 0.0 else 0.0


def _softmax(weighted_inputs: Numbers) -> list[float]:
    """Return 1 / Σ_k e^(z_k - z_j) for every j: (78), its fraction reduced by e^(z_j)."""
    differences = [[other - z for other in weighted_inputs] for z in weighted_inputs]
    return [1.0 / fsum(exp(min(d, 700.0)) for d in row_) for row_ in differences]


def _error(outputs: Numbers, desired: Numbers) -> list[float]:
    """Return the slope of the cross-entropy in each z; the outputs are σ(z)."""
    z = [log(a / (1.0 - a)) for a in outputs]
    return oracle.gradient(lambda z: _cross_entropy([oracle.sigma(each) for each in z], desired), z)


def _l2_cost(cost: float, weights: Sequence[Rows], lmbda: float, n: int) -> float:
    return fsum([cost, *(lmbda / (2.0 * n) * w * w for w in flat(weights))])


def _l1_cost(cost: float, weights: Sequence[Rows], lmbda: float, n: int) -> float:
    return fsum([cost, *(lmbda / n * abs(w) for w in flat(weights))])


def _l2_update(
    weights: Rows, nabla_sum: Rows, eta: float, m: int, lmbda: float, n: int
) -> list[list[float]]:
    """Return w - η times the slope of λ/2n w² + w/m Σ, weight by weight."""

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


def _velocity(velocity: Numbers, nabla_sum: Numbers, eta: float, m: int, mu: float) -> list[float]:
    return [fsum([mu * v, -eta * nabla / m]) for v, nabla in zip(velocity, nabla_sum)]


def _last_epoch(accuracies: Numbers, patience: int) -> float:
    """Return the least number of epochs after which ``patience`` of them had no new best."""
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


def _shifted(of: Role, draw: Draw) -> Arguments:
    return {**of.drawn(draw), "c": draw.number("small")}


def _judge_shift(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    z, c = arguments["weighted_inputs"], arguments["c"]
    before, moved = call(weighted_inputs=z), {"weighted_inputs": [each + c for each in z]}
    after = call(**moved)
    near = max(1e-7, 256.0 * call.rounding)
    if all(abs(p - q) <= near for p, q in zip(before, after)):
        return None
    line = (
        f"with {brief(c)} added to every z, each e^z is e^{brief(c)} times as large, as is the sum"
    )
    calls = (({"weighted_inputs": z}, before), (moved, after))
    return Counterexample(arguments, after, before, None, (line,), calls=calls)


def _judge_no_momentum(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    given = {**arguments, "mu": 0.0}
    got = call(**given)
    expected = _velocity(**given)
    near = max(1e-9, 64.0 * call.rounding)
    if len(got) == len(expected) and all(abs(p - q) <= near for p, q in zip(got, expected)):
        return None
    line = f"with μ = 0 the old velocity does not count: v' = -η/m Σ = {row(expected)}"
    return Counterexample(given, got, expected, None, (line,))


CODE: dict[str, Code] = {
    "cross_entropy": Code((costs.cross_entropy, costs.ln)),
    "log_likelihood": Code((costs.log_likelihood, costs.ln)),
    "softmax": Code((softmax,)),
    "cross_entropy_error": Code((costs.matched_error,)),
    "l2_cost": Code((costs.l2_cost,), most=3),
    "l1_cost": Code((costs.l1_cost,), most=3),
    "l2_update": Code((l2_updated_weights,)),
    "l1_update": Code((l1_updated_weights, sgn)),
    "new_velocity": Code((updated_bias_velocity,)),
    "masked": Code((masked_activation,)),
    "last_epoch": Code((last_epoch,)),
}

JUDGES: Judges = {
    "cross-entropy": Definition(_cross_entropy),
    "cross-entropy-edges": Definition(_cross_entropy),
    "log-likelihood": Definition(lambda outputs, desired: -log(outputs[desired.index(1.0)])),
    "softmax": Definition(_softmax),
    "softmax-adds-up": _judge_adds_up,
    "softmax-shift": Drawn(_judge_shift, _shifted),
    "cross-entropy-error": Definition(_error, 1e-6, 1e-6),
    "l2-cost": Definition(_l2_cost),
    "l1-cost": Definition(_l1_cost),
    "l2-update": Definition(_l2_update, 1e-7, 1e-7),
    "l1-update": Definition(_l1_update),
    "momentum": Definition(_velocity),
    "momentum-none": _judge_no_momentum,
    "dropout-mask": Definition(
        lambda mask, activations: [r * a for r, a in zip(mask, activations)]
    ),
    "early-stopping": Definition(_last_epoch),
}
