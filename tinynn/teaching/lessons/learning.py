"""Lesson 2: the cost, gradient descent, mini-batches (chapter 1)."""

from __future__ import annotations

from itertools import combinations
from math import fsum, hypot
from typing import Any, Optional

from tinynn import descent
from tinynn.equations.costs import mean_cost, quadratic
from tinynn.equations.updates import updated_biases, updated_weights
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import ONE_SIDED, Counterexample, Definition
from tinynn.teaching.lesson import Code, Drawn, Judges
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import Arguments, Draw, Role, askew, numbered
from tinynn.teaching.wording import brief, row, written
from tinynn.training.examples import mini_batches

_SHUFFLES = 100


def mean_cost_of(outputs_list: Any, desired_list: Any) -> Any:
    """Return the mean of the costs of n examples."""
    costs = []
    for i in range(len(outputs_list)):
        costs.append(quadratic(outputs_list[i], desired_list[i]))
    return mean_cost(costs)


def mean_gradient_of(gradients: Any) -> Any:
    """Return the mean of m gradients, entry by entry."""
    m = len(gradients)
    mean = [0.0] * len(gradients[0])
    for j in range(len(mean)):
        total = 0.0
        for i in range(m):
            total += gradients[i][j]
        mean[j] = total / m
    return mean


def epoch_of(examples: Any, size: Any, rng: Any) -> Any:
    """Return an epoch: the examples, shuffled and cut into mini-batches."""
    shuffled = list(examples)
    rng.shuffle(shuffled)
    return mini_batches(shuffled, size)


def _mean_cost(outputs_list: Rows, desired_list: Rows) -> float:
    costs = [oracle.cost(a, y) for a, y in zip(outputs_list, desired_list)]
    return fsum(costs) / len(costs)


def _judge_positive(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    a, y = arguments["outputs"], arguments["desired"]
    for outputs in (y, a):
        got = call(outputs=outputs, desired=y)
        away = oracle.cost(outputs, y)
        at = {**arguments, "outputs": outputs}
        if away > 1e-12 and not got > 0.0:
            line = f"a = {row(outputs)} is not y = {row(y)}: the cost must be above 0"
            return Counterexample(at, got, "more than 0", None, (line,))
        if away == 0.0 and got != 0.0:
            line = f"a = y = {row(y)}: the output is right, so the cost must be 0"
            return Counterexample(at, got, 0.0, abs(got), (line,))
    return None


def _slopes(cost: Rows, v: Numbers) -> list[float]:
    """Return ∇C = A v of C = 1/2 v · A v."""
    return [oracle.dot(A_j, v) for A_j in cost]


def curve_slope(cost: Numbers, v: float) -> float:
    """Return the slope at v of the curve with these coefficients: Σ_p p c_p v^(p-1)."""
    return fsum(p * c * v ** (p - 1) for p, c in enumerate(cost) if p)


def _update(v: Numbers, gradient: Numbers, eta: float) -> list[float]:
    return [fsum([place, -eta * slope]) for place, slope in zip(v, gradient)]


def _descents(of: Role, draw: Draw) -> Arguments:
    """Draw a place in a valley with its gradient, and an η of at most 1/L."""
    v = of.drawn(draw)["v"][:3]
    A = askew(draw, len(v))
    steepest = max(sum(abs(entry) for entry in A_j) for A_j in A)  # no eigenvalue is larger
    eta = draw.number("share") / steepest
    return {"v": v, "gradient": _slopes(A, v), "eta": eta, "A": A}


def _judge_descent(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    A, v, eta = arguments["A"], arguments["v"], arguments["eta"]
    gradient = arguments["gradient"]
    moved = call(**arguments)
    before, after = oracle.dot(v, _slopes(A, v)) / 2.0, oracle.dot(moved, _slopes(A, moved)) / 2.0
    promised = before - eta / 2.0 * oracle.dot(gradient, gradient)
    if after <= promised + max(1e-9, 256.0 * call.rounding) * (1.0 + before):
        return None
    lines = (
        f"with A = {written(A, 6)}, C(v) = 1/2 v · A v has the gradient {row(gradient)} there",
        f"C is {brief(before)} at v = {row(v)}, and {brief(after)} at your {row(moved)}",
        f"no slope changes faster than 1/η = {brief(1.0 / eta)} times the distance,",
        "so a step down the gradient lowers C by at least η/2 ‖∇C‖² = "
        f"{brief(before - promised)}, to {brief(promised)}",
    )
    expected = f"C of at most {brief(promised)}"
    calls = ((arguments, moved),)
    return Counterexample(arguments, moved, expected, after - promised, lines, calls=calls)


def _judge_steepest(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    v, gradient = arguments["v"], arguments["gradient"]
    size = hypot(*gradient)
    if size < 1e-6:
        return None
    moved = call(**arguments)
    step = [new - old for new, old in zip(moved, v)]
    length = hypot(*step)
    change, best = oracle.dot(gradient, step), -size * length
    near = max(1e-6, 64.0 * call.rounding)
    if length > 0.0 and change <= best * (1.0 - near) + near * 1e-6 * size * (1.0 + hypot(*v)):
        return None
    if length == 0.0:
        line = f"the gradient {row(gradient)} is not 0, so a step can lower C"
        return Counterexample(arguments, moved, "a step", None, (line,))
    along = [place - length * slope / size for place, slope in zip(v, gradient)]
    lines = (
        f"your Δv = {row(step)} has length {brief(length)}, and ∇C · Δv = {brief(change)}",
        f"along -∇C a step of that length changes C by -‖∇C‖ ‖Δv‖ = {brief(best)}",
    )
    return Counterexample(arguments, moved, along, change - best, lines)


def _mean(gradients: Rows) -> list[float]:
    return [fsum(column) / len(gradients) for column in zip(*gradients)]


def _new_biases(biases: Numbers, nabla_sum: Numbers, eta: float, m: int) -> list[float]:
    return [fsum([b, -eta * slope / m]) for b, slope in zip(biases, nabla_sum)]


def _new_weights(weights: Rows, nabla_sum: Rows, eta: float, m: int) -> list[list[float]]:
    return [_new_biases(w, slopes, eta, m) for w, slopes in zip(weights, nabla_sum)]


def _epochs(of: Role, draw: Draw) -> Arguments:
    n = draw.whole(1, 12)
    return {"examples": numbered(n), "size": draw.whole(1, n + 1), "rng": draw.whole(0, 99)}


def _mixed(of: Role, draw: Draw) -> Arguments:
    sizes = {"size": draw.whole(2, 3), "rng": draw.whole(0, 2)}
    return {"examples": numbered(draw.whole(4, 6)), **sizes}


def _judge_cover(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    examples, size = arguments["examples"], arguments["size"]
    batches = call(**arguments)
    used = [example for batch in batches for example in batch]
    whole, rest = divmod(len(examples), size)
    sizes = [size] * whole + [rest] * (rest > 0)
    if sorted(used) == examples and [len(batch) for batch in batches] == sizes:
        return None
    lines = []
    missing = [example for example in examples if example not in used]
    twice = [example for example in examples if used.count(example) > 1]
    foreign = [example for example in used if example not in examples]
    for word, found in (("left out", missing), ("used twice", twice), ("not in the data", foreign)):
        if found:
            lines.append(f"{word}: {written(found)}")
    got = [len(batch) for batch in batches]
    lines.append(f"with n = {len(examples)}, m = {size} the sizes are {sizes}; yours {got}")
    expected = f"every example once, in mini-batches of sizes {sizes}"
    return Counterexample(arguments, batches, expected, None, tuple(lines))


def _judge_mix(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    examples, seed = arguments["examples"], arguments["rng"]
    apart, unmoved = set(combinations(examples, 2)), set(enumerate(examples))
    batches: list[list[tuple[int, ...]]] = []
    stays = dict(unmoved)
    for shuffle in range(_SHUFFLES):
        batches = call(**{**arguments, "rng": seed + shuffle})
        apart -= {pair for batch in batches for pair in combinations(sorted(batch), 2)}
        used = [example for batch in batches for example in batch]
        stays = {i: stays[i] for i in stays if i < len(used) and used[i] == stays[i]}
        if not apart and not stays:
            return None
    if apart:
        first, second = min(apart)
        line = f"in {_SHUFFLES} epochs {first} and {second} were never in the same mini-batch"
        expected = "every two examples in the same mini-batch in some epoch"
    else:
        place, example = min(stays.items())
        line = f"in {_SHUFFLES} epochs {example} was never moved from place {place}"
        expected = "every example in another place in some epoch"
    return Counterexample(arguments, batches, expected, None, (line,))


def _judge_left(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    examples = arguments["examples"]
    call(**arguments)
    now = [tuple(int(number) for number in pair) for pair in call.handed["examples"]]
    if now == examples:
        return None
    line = "the caller's list was shuffled in place: shuffle a copy, or a list of indices"
    if len(now) < len(examples):
        line = f"the caller's list has {len(now)} of its {len(examples)} examples left: use a copy"
    return Counterexample(arguments, now, examples, None, (line,))


def _judge_repeat(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    first = call(**arguments)
    again = call(**arguments)
    if first == again:
        return None
    line = "the generator rng was in the same state both times: do you shuffle with it?"
    return Counterexample(arguments, again, first, None, (line,))


CODE: dict[str, Code] = {
    "cost": Code((quadratic,)),
    "mean_cost": Code((mean_cost_of, mean_cost, quadratic)),
    "cost_change": Code((descent.cost_change,)),
    "numerical_derivative": Code((descent.numerical_derivative,), near=ONE_SIDED),
    "numerical_gradient": Code(
        (descent.numerical_gradient, descent.numerical_derivative, descent.scaled_epsilon),
        most=3,
        near=ONE_SIDED,
    ),
    "descent_step": Code((descent.descent_step,)),
    "update": Code((descent.updated_position, descent.descent_step)),
    "mean_gradient": Code((mean_gradient_of,)),
    "update_weights": Code((updated_weights,)),
    "update_biases": Code((updated_biases,)),
    "mini_batches": Code((epoch_of, mini_batches)),
}

JUDGES: Judges = {
    "mean-cost": Definition(_mean_cost),
    "cost-positive": _judge_positive,
    "cost-change": Definition(lambda gradient, delta_v: oracle.dot(gradient, delta_v)),
    "numerical-gradient": Definition(_slopes, *ONE_SIDED),
    "descent-direction": Definition(lambda gradient, eta: [-eta * g for g in gradient], 1e-12),
    "descent-step": Definition(_update),
    "descent-decreases": Drawn(_judge_descent, _descents),
    "descent-steepest": _judge_steepest,
    "mini-batch-mean": Definition(_mean),
    "update-weights": Definition(_new_weights),
    "update-biases": Definition(_new_biases),
    "mini-batches-cover": Drawn(_judge_cover, _epochs),
    "mini-batches-mix": Drawn(_judge_mix, _mixed),
    "mini-batches-leave-data": Drawn(_judge_left, _epochs),
    "mini-batches-repeat": Drawn(_judge_repeat, _mixed),
}
