"""Known mistakes in the cost and in the steps of gradient descent."""

from __future__ import annotations

from math import hypot, sqrt

from tinynn.teaching.mistakes.family import Family, Wrong
from tinynn.teaching.oracle import Numbers, Rows

Table = list[list[float]]


def _cost(wrong: Wrong, outputs: Numbers, desired: Numbers) -> float:
    away = [a - y for a, y in zip(outputs, desired)]
    if "last-neuron" in wrong:
        away = away[:-1]
    if "first-neuron-only" in wrong:
        away = away[:1]
    total = sum(each * each for each in away)
    if "absolute" in wrong:
        total = sum(abs(each) for each in away)
    if "not-squared" in wrong:
        total = sum(away)
    if "twice" in wrong:
        total = 2.0 * sum(away)
    if "square-of-sum" in wrong:
        total = sum(away) ** 2
    if "length" in wrong:
        total = sqrt(total)
    if "mean" in wrong:
        total = total / len(outputs)
    if "sum-for-difference" in wrong:
        total = sum((a + y) ** 2 for a, y in zip(outputs, desired))
    if "sign" in wrong:
        total = -total
    return total if "no-half" in wrong else total / 2.0


def _cost_derivative(wrong: Wrong, outputs: Numbers, desired: Numbers) -> list[float]:
    slopes = [a - y for a, y in zip(outputs, desired)]
    if "absolute" in wrong:
        slopes = [abs(each) for each in slopes]
    if "square" in wrong:
        slopes = [each * each / 2.0 for each in slopes]
    if "whole-square" in wrong:
        slopes = [each * each for each in slopes]
    if "times-slope" in wrong:
        slopes = [each * a * (1.0 - a) for each, a in zip(slopes, outputs)]
    if "divided-by-size" in wrong:
        slopes = [each / len(outputs) for each in slopes]
    factor = (-1.0 if "sign" in wrong else 1.0) * (2.0 if "two" in wrong else 1.0)
    return [factor * (0.5 if "half" in wrong else 1.0) * each for each in slopes]


def _mean_cost(wrong: Wrong, outputs_list: Rows, desired_list: Rows) -> float:
    n = len(outputs_list)
    costs = []
    for outputs, desired in zip(outputs_list, desired_list):
        squared = sum((a - y) ** 2 for a, y in zip(outputs, desired))
        costs.append(sqrt(squared) if "length" in wrong else squared)
    if "last-example" in wrong:
        costs = costs[:-1]
    if "last-example-only" in wrong:
        costs = costs[-1:]
    total = sum(costs)
    if "no-half" not in wrong:
        total /= 2.0
    if "outputs-counted" in wrong:
        return total / len(outputs_list[0])
    if "both-counted" in wrong:
        return total / (n * len(outputs_list[0]))
    if "less-one" in wrong:
        return total / (n - 1) if n > 1 else total
    return total if "not-divided" in wrong else total / n


def _update(wrong: Wrong, v: Numbers, gradient: Numbers, eta: float) -> list[float]:
    steps = [-eta * slope for slope in gradient]
    if "no-eta" in wrong:
        steps = [-slope for slope in gradient]
    if "eta-divides" in wrong:
        steps = [-slope / eta for slope in gradient]
    if "unit-length" in wrong:
        steps = [step / hypot(*gradient) for step in steps]
    if "sign-only" in wrong:
        steps = [-eta if slope > 0.0 else eta for slope in gradient]
    if "eta-alone" in wrong:
        steps = [-eta for _ in gradient]
    if "times-v" in wrong:
        steps = [step * p for step, p in zip(steps, v)]
    if "first-only" in wrong:
        steps = [step if j == 0 else 0.0 for j, step in enumerate(steps)]
    if "uphill" in wrong:
        steps = [-step for step in steps]
    if "step-alone" in wrong:
        return steps
    return [p + step for p, step in zip(v, steps)]


def _step(wrong: Wrong, gradient: Numbers, eta: float) -> list[float]:
    return _update(wrong | {"step-alone"}, gradient, gradient, eta)


def _moved(wrong: Wrong, old: Table, nabla_sum: Table, eta: float, m: int) -> Table:
    rate = eta / m
    if "not-divided" in wrong:
        rate = eta
    if "times-m" in wrong:
        rate = eta * m
    if "no-eta" in wrong:
        rate = rate / eta
    if "eta-divides" in wrong:
        rate = rate / (eta * eta)
    if "uphill" in wrong:
        rate = -rate
    new = [[p - rate * slope for p, slope in zip(*rows)] for rows in zip(old, nabla_sum)]
    if "step-alone" in wrong:
        new = [[q - p for p, q in zip(*rows)] for rows in zip(old, new)]
    if "all-divided" in wrong:
        new = [[(p - eta * s) / m for p, s in zip(*rows)] for rows in zip(old, nabla_sum)]
    if "divided-by-size" in wrong:
        rate = eta / len(old)
        new = [[p - rate * slope for p, slope in zip(*rows)] for rows in zip(old, nabla_sum)]
    if "first-row" in wrong:
        new = [*new[:1], *old[1:]]
    return new


def _update_weights(wrong: Wrong, weights: Table, nabla_sum: Table, eta: float, m: int) -> Table:
    return _moved(wrong, weights, nabla_sum, eta, m)


def _update_biases(
    wrong: Wrong, biases: list[float], nabla_sum: list[float], eta: float, m: int
) -> list[float]:
    new = _moved(wrong, [[b] for b in biases], [[slope] for slope in nabla_sum], eta, m)
    return [row[0] for row in new]


def _mean_gradient(wrong: Wrong, gradients: Rows) -> list[float]:
    m = len(gradients)
    if "last-forgotten" in wrong:
        gradients = gradients[:-1]
    if "last-only" in wrong:
        return list(gradients[-1])
    if "first-only" in wrong:
        return list(gradients[0])
    if "running" in wrong:
        mean = list(gradients[0])
        for gradient in gradients[1:]:
            mean = [(p + q) / 2.0 for p, q in zip(mean, gradient)]
        return mean
    if "across" in wrong:
        return [sum(gradient) / len(gradient) for gradient in gradients]
    divisor = m
    if "not-divided" in wrong:
        divisor = 1
    if "divided-by-size" in wrong:
        divisor = len(gradients[0])
    if "less-one" in wrong:
        divisor = m - 1
    if "half" in wrong:
        divisor = 2 * m
    sign = -1.0 if "sign" in wrong else 1.0
    return [sign * sum(column) / divisor for column in zip(*gradients)]


_STEPS = {
    "uphill": "the sign is flipped, +η for -η: this goes up the slope. To lower C, subtract.",
    "no-eta": "the learning rate η is left out of the step.",
    "eta-divides": "the slope is divided by η: it is multiplied by it.",
}
_MINI_BATCH = {
    **_STEPS,
    "not-divided": "the sum over the mini-batch is not divided by m: the step is η/m times it.",
    "times-m": "the step is multiplied by m: it is divided by m.",
    "all-divided": "brackets: the old value is divided by m as well. Only the step is, η/m.",
    "step-alone": "only the step is returned: add it to the old value.",
    "divided-by-size": "the sum is divided by the number of neurons: m is the number of examples.",
    "first-row": "only neuron 1 is moved: return after the loop, not inside it.",
}

FAMILIES = [
    Family(
        "cost",
        _cost,
        {
            "no-half": "the 1/2 is missing: C = 1/2 Σ_j (y_j - a_j)².",
            "mean": "the sum is divided by the number of output neurons as well: C = "
            "1/2 Σ_j (y_j - a_j)², and n is the number of examples.",
            "length": "the root is taken, ‖y - a‖: C has the square of it.",
            "absolute": "|y - a| stands where (y - a)² belongs.",
            "not-squared": "the differences are not squared, so that they cancel each other.",
            "twice": "the differences are multiplied by 2 where they are to be squared: ** 2, not "
            "* 2.",
            "square-of-sum": "the sum is squared: square each difference, then add.",
            "sum-for-difference": "y + a stands where y - a belongs.",
            "sign": "the sign is flipped: a cost is never below 0.",
            "last-neuron": "the last output neuron is left out: the loop stops one too early.",
            "first-neuron-only": "only the first output neuron counts: return after the loop, not "
            "inside it.",
        },
    ),
    Family(
        "cost_derivative",
        _cost_derivative,
        {
            "sign": "y - a stands where a - y belongs: an output that is too high must have a "
            "positive slope.",
            "two": "a factor 2 is left over: the 1/2 in C cancels it.",
            "half": "the 1/2 is left over: the 2 from the square cancels it.",
            "square": "this is the cost itself, neuron by neuron: its slope in a_j is a_j - y_j.",
            "whole-square": "(a - y)² is worked out: its slope, with the 1/2, is a - y.",
            "absolute": "the sign is lost: a - y is negative where an output is too low.",
            "times-slope": "a (1 - a) is in it already: that is σ', which (BP1) adds. ∂C/∂a_j "
            "alone is a_j - y_j.",
            "divided-by-size": "it is divided by the number of neurons: ∂C/∂a_j is a_j - y_j.",
        },
    ),
    Family(
        "mean_cost",
        _mean_cost,
        {
            "no-half": "the 1/2 is missing: C = 1/2n Σ_x ‖y(x) - a‖².",
            "not-divided": "the sum is not divided by n, the number of examples: C is a mean.",
            "outputs-counted": "the sum is divided by the number of output neurons: n is the "
            "number of examples.",
            "both-counted": "the sum is divided by the number of output neurons as well: only by "
            "n, the number of examples.",
            "length": "the root is taken: ‖y - a‖² is the sum of squares itself.",
            "last-example": "the last example is left out: the loop stops one too early.",
            "last-example-only": "only the last example counts: write total += …, not total = ….",
            "less-one": "it is divided by n - 1: the mean of n costs divides by n.",
        },
    ),
    Family(
        "update",
        _update,
        {
            **_STEPS,
            "step-alone": "only the step Δv is returned: the new place is v + Δv.",
            "unit-length": "the gradient is scaled to length 1: the step is η times the gradient "
            "itself.",
            "sign-only": "only the sign of the gradient is used: the step is η times the gradient.",
            "eta-alone": "the gradient is left out: every v_j is moved by η alone.",
            "times-v": "the step is multiplied by v: it is -η ∇C.",
            "first-only": "only v_1 is moved.",
        },
    ),
    Family(
        "descent_step",
        _step,
        {
            **_STEPS,
            "unit-length": "the gradient is scaled to length 1: the step is -η ∇C itself.",
            "sign-only": "only the sign of the gradient is used: the step is -η ∇C.",
        },
    ),
    Family("update_weights", _update_weights, _MINI_BATCH),
    Family("update_biases", _update_biases, _MINI_BATCH),
    Family(
        "mean_gradient",
        _mean_gradient,
        {
            "not-divided": "the sum is not divided by m, the number of gradients.",
            "divided-by-size": "the sum is divided by the number of entries: m is the number of "
            "gradients.",
            "across": "the mean runs over the entries of each gradient: it runs over the m "
            "gradients, entry by entry.",
            "less-one": "it is divided by m - 1: the mean of m gradients divides by m.",
            "half": "it is divided by 2m: the 1/2 is in the cost already.",
            "last-forgotten": "the last gradient is left out: the loop stops one too early.",
            "last-only": "only the last gradient is left: write +=, not =.",
            "first-only": "only the first gradient counts: return after the loop, not inside it.",
            "running": "halving again and again gives the last gradients too much weight: add all, "
            "then divide by m.",
            "sign": "the sign is flipped: the minus of -η belongs to the step, not to the mean.",
        },
    ),
]
