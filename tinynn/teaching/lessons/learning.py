"""Lesson 2: the cost, gradient descent, mini-batches (chapter 1)."""

from __future__ import annotations

from itertools import combinations
from math import fsum, hypot
from typing import Any, Optional

from tinynn.descent import (
    cost_change,
    descent_step,
    numerical_derivative,
    numerical_gradient,
    scaled_epsilon,
    updated_position,
)
from tinynn.equations.costs import mean_cost, quadratic
from tinynn.equations.updates import updated_biases, updated_weights
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.judging import ONE_SIDED, Counterexample, Definition, claim
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import Arguments, mistakes, role
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
    """Return an epoch: the examples, shuffled and cut."""
    shuffled = list(examples)
    rng.shuffle(shuffled)
    return mini_batches(shuffled, size)


COST_MISTAKES = mistakes(
    """
no-half: return total / 2.0 → return total
    the 1/2 is missing: C = 1/2 Σ_j (y_j - a_j)².
mean: return total / 2.0 → return total / (2.0 * len(a))
    the sum is divided by the number of output neurons as well: C = 1/2 Σ_j (y_j - a_j)²,
    and n is the number of examples.
mean-no-half: return total / 2.0 → return total / len(a)
    this is the mean of the squares: C = 1/2 Σ_j (y_j - a_j)², a sum over the neurons.
length: return total / 2.0 → return total ** 0.5
    the root is taken, ‖y - a‖: C has the square of it.
half-length: return total / 2.0 → return total ** 0.5 / 2.0
    the root is taken, ‖y - a‖: C has the square of it.
absolute: (y[j] - a[j]) * (y[j] - a[j]) → abs(y[j] - a[j])
    |y - a| is used where (y - a)² belongs.
not-squared: (y[j] - a[j]) * (y[j] - a[j]) → y[j] - a[j]
    the differences are not squared, so that they cancel each other.
twice: (y[j] - a[j]) * (y[j] - a[j]) → (y[j] - a[j]) * 2
    the differences are multiplied by 2 where they are to be squared: ** 2, not * 2.
square-of-sum:         total += (y[j] - a[j]) * (y[j] - a[j])⏎    return total / 2.0 →         total += y[j] - a[j]⏎    return total ** 2 / 2.0
    the sum is squared: square each difference, then add.
squares-apart: (y[j] - a[j]) * (y[j] - a[j]) → (y[j] ** 2 - a[j] ** 2)
    the numbers are squared before they are subtracted: (y - a)², not y² - a².
sum-for-difference: (y[j] - a[j]) * (y[j] - a[j]) → (y[j] + a[j]) * (y[j] + a[j])
    y + a is used where y - a belongs.
sign: return total / 2.0 → return -total / 2.0
    the sign is flipped: a cost is never below 0.
last-neuron: range(len(a)) → range(len(a) - 1)
    the last output neuron is left out: the loop stops one too early.
first-neuron-only: (y[j] - a[j])⏎    return → (y[j] - a[j])⏎        return
    only the first output neuron counts: return after the loop, not inside it.
overwritten: total += ( → total = (
    only the last output neuron counts: write total += …, not total = ….
largest: total += (y[j] - a[j]) * (y[j] - a[j]) → total = max(total, (y[j] - a[j]) * (y[j] - a[j]))
    only the largest difference counts: C adds the squares of all.
    """
)
COST = role(
    "cost outputs:vector[J] desired:vector[J]",
    "number",
    "C",
    [[0.5, 1.0], [1.0, 1.0]],
    0.125,
    "((1 - 0.5)² + (1 - 1)²) / 2 = 0.125",
    (quadratic,),
    COST_MISTAKES,
)
MEAN_COST = role(
    "mean_cost outputs_list:rows[n,J] desired_list:rows[n,J]",
    "number",
    "C",
    [[[0.5, 1.0], [1.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]],
    0.3125,
    "n = 2 examples: (0.5² + 0² + 1² + 0²) / (2 · 2) = 1.25 / 4 = 0.3125",
    (mean_cost_of, mean_cost, quadratic),
    mistakes(
        """
not-divided: return total / len(example_costs) → return total
    the sum is not divided by n, the number of examples: C is a mean.
outputs-counted: return mean_cost(costs) → return sum(costs) / len(outputs_list[0])
    the sum is divided by the number of output neurons: n is the number of examples.
both-counted: return mean_cost(costs) → return mean_cost(costs) / len(outputs_list[0])
    the sum is divided by the number of output neurons as well: only by n, the number of
    examples.
last-example: range(len(outputs_list)) → range(len(outputs_list) - 1)
    the last example is left out: the loop stops one too early.
last-example-only: total += cost → total = cost
    only the last example counts: write total += …, not total = ….
less-one: return total / len(example_costs) → return total / (len(example_costs) - 1)
    it is divided by n - 1: the mean of n costs divides by n.
        """
    ) + COST_MISTAKES,
)
COST_CHANGE = role(
    "cost_change gradient:vector[J] delta_v:vector[J]",
    "number",
    "ΔC",
    [[2.0, -1.0], [0.5, 0.25]],
    0.75,
    "2 · 0.5 - 1 · 0.25 = 0.75",
    (cost_change,),
    mistakes(
        """
sign: return total → return -total
    the sign is flipped: ΔC ≈ ∇C · Δv, with no minus.
mean: return total → return total / len(nabla)
    the products are averaged: they are added.
absolute: nabla[j] * dv[j] → abs(nabla[j] * dv[j])
    the signs are lost: a step down a slope makes C smaller.
added: nabla[j] * dv[j] → nabla[j] + dv[j]
    slope and step are added: they are multiplied.
no-slope: nabla[j] * dv[j] → dv[j]
    the slopes are left out: ΔC ≈ Σ_j ∂C/∂v_j Δv_j.
lengths: return total → return sum((x * x for x in nabla)) ** 0.5 * sum((x * x for x in dv)) ** 0.5
    the lengths are multiplied, ‖∇C‖ ‖Δv‖: ∇C · Δv also has the angle between them.
overwritten: total +=  → total =
    only the last term is left: write total += …, not total = ….
last-input: range(len(nabla)) → range(len(nabla) - 1)
    the last term is left out: the loop stops one too early.
        """
    ),
)
_DIFFERENCE = "return (ahead - behind) / (2.0 * epsilon)"
SLOPE_MISTAKES = mistakes(
    """
no-two: return (ahead - behind) / (2.0 * epsilon) → return (ahead - behind) / epsilon
    the slope is twice too large: C(v + ε) and C(v - ε) are 2ε apart, so divide by 2ε.
half: return (ahead - behind) / (2.0 * epsilon) → return (ahead - behind) / (4.0 * epsilon)
    the slope is half as large as it is: C(v + ε) and C(v) are ε apart, so divide by ε.
sign: return (ahead - behind) / (2.0 * epsilon) → return (behind - ahead) / (2.0 * epsilon)
    the sign is flipped: C(v + ε) - C(v - ε).
    """
)
SLOPE = role(
    "numerical_derivative cost:curve v:number~small",
    "number",
    "dC/dv",
    [[0.0, 0.0, 1.0], 3.0],
    6.0,
    "C = v² has the slope 2 · 3 = 6 at v = 3",
    (numerical_derivative,),
    SLOPE_MISTAKES,
    near=ONE_SIDED,
)
GRADIENT = role(
    "numerical_gradient cost:valley[J] v:vector[J]~small",
    "vector",
    "∇C",
    [[[2.0, 0.0], [0.0, 6.0]], [1.0, 2.0]],
    [2.0, 12.0],
    "C = v_1² + 3 v_2² has the slopes 2 v_1 = 2 and 6 v_2 = 12 at (1, 2)",
    (numerical_gradient, numerical_derivative, scaled_epsilon),
    SLOPE_MISTAKES + mistakes(
        """
all-moved: moved[j] = value → moved = [each + value - position[j] for each in moved]
    every v_j is moved at once: the slope in v_j moves that one number alone.
moved-stays: moved[j] = value → moved[:j + 1] = [each + value - position[j] for each in moved[:j + 1]]
    a v_j that was moved is not put back before the next one is moved.
        """
    ),
    most=3,
    near=ONE_SIDED,
)
STEPS = mistakes(
    """
uphill: -eta * nabla → eta * nabla
    the sign is flipped, +η for -η: this goes up the slope. To lower C, subtract.
no-eta: -eta * nabla → -nabla
    the learning rate η is left out of the step.
eta-divides: -eta * nabla[j] → -nabla[j] / eta
    the slope is divided by η: it is multiplied by it.
unit-length: -eta * nabla[j] → -eta * nabla[j] / sum((x * x for x in nabla)) ** 0.5
    the gradient is scaled to length 1: the step is -η ∇C itself.
sign-only: -eta * nabla[j] → -eta * ((nabla[j] > 0) - (nabla[j] < 0))
    only the sign of the gradient is used: the step is -η ∇C.
eta-alone: -eta * nabla[j] → -eta
    the gradient is left out: every v_j is moved by η alone.
first-only: range(len(nabla)) → range(1)
    only v_1 is moved.
last-forgotten: range(len(nabla)) → range(len(nabla) - 1)
    the last v_j is not moved: the loop stops one too early.
    """
)
STEP = role(
    "descent_step gradient:vector[J] eta:number~rate",
    "vector",
    "Δv",
    [[2.0, -4.0], 0.25],
    [-0.5, 1.0],
    "(-0.25 · 2, -0.25 · (-4)) = (-0.5, 1)",
    (descent_step,),
    STEPS,
)
UPDATE = role(
    "update v:vector[J] gradient:vector[J] eta:number~rate",
    "vector",
    "new v",
    [[1.0, 1.0], [2.0, -4.0], 0.25],
    [0.5, 2.0],
    "(1 - 0.25 · 2, 1 - 0.25 · (-4)) = (0.5, 2)",
    (updated_position, descent_step),
    STEPS + mistakes(
        """
step-alone: position[j] + delta_v[j] → delta_v[j]
    only the step Δv is returned: the new place is v + Δv.
times-v: position[j] + delta_v[j] → position[j] * (1 + delta_v[j])
    the step is multiplied by v: it is -η ∇C.
brackets: position[j] + delta_v[j] → eta * position[j] + delta_v[j]
    brackets: η (v - ∇C) shrinks v as well. Only the gradient is multiplied by η.
        """
    ),
)
MEAN_GRADIENT = role(
    "mean_gradient gradients:rows[m,J]",
    "vector",
    "mean",
    [[[3.0, 0.0], [6.0, 1.0], [0.0, 2.0]]],
    [3.0, 1.0],
    "m = 3: ((3 + 6 + 0) / 3, (0 + 1 + 2) / 3) = (3, 1)",
    (mean_gradient_of,),
    mistakes(
        """
not-divided: total / m → total
    the sum is not divided by m, the number of gradients.
divided-by-size: total / m → total / len(mean)
    the sum is divided by the number of entries: m is the number of gradients.
across: return mean → return [sum(each) / len(each) for each in gradients]
    the mean runs over the entries of each gradient: it runs over the m gradients, entry by
    entry.
less-one: total / m → total / (m - 1)
    it is divided by m - 1: the mean of m gradients divides by m.
half: total / m → total / (2 * m)
    it is divided by 2m: the 1/2 is in the cost already.
last-forgotten: range(m) → range(m - 1)
    the last gradient is left out: the loop stops one too early.
last-only: total +=  → total =
    only the last gradient is left: write +=, not =.
first-only: range(m) → range(1)
    only the first gradient counts: return after the loop, not inside it.
running: total += gradients[i][j] → total = m * gradients[0][j] if i == 0 else (total + m * gradients[i][j]) / 2
    halving again and again gives the last gradients too much weight: add all, then divide
    by m.
sign: total / m → -total / m
    the sign is flipped: the minus of -η belongs to the step, not to the mean.
        """
    ),
)


_MOVED = """
uphill:  - rate * →  + rate *
    the sign is flipped, +η for -η: this goes up the slope. To lower C, subtract.
no-eta: eta / m → 1.0 / m
    the learning rate η is left out of the step.
eta-divides: eta / m → 1.0 / (eta * m)
    the slope is divided by η: it is multiplied by it.
not-divided: eta / m → eta
    the sum over the mini-batch is not divided by m: the step is η/m times it.
times-m: eta / m → eta * m
    the step is multiplied by m: it is divided by m.
floor: eta / m → eta // m
    // rounds down: η/m is a fraction, so write /.
divided-by-size: eta / m → eta / len(weights)
    the sum is divided by the number of neurons: m is the number of examples.
step-alone: w[j][k] - rate → -rate
    only the step is returned: add it to the old value.
all-divided: = w[j][k] - rate → = w[j][k] / m - rate
    brackets: the old value is divided by m as well. Only the step is, η/m.
first-row: range(len(w)) → range(1)
    only neuron 1 is moved: return after the loop, not inside it.
"""


WEIGHTS = role(
    "update_weights weights:matrix[J,K] nabla_sum:matrix[J,K] eta:number~rate m:count",
    "matrix",
    "new weights",
    [[[1.0, 2.0], [3.0, 4.0]], [[4.0, -4.0], [0.0, 8.0]], 0.5, 2],
    [[0.0, 3.0], [3.0, 2.0]],
    "η/m = 0.25: 1 - 0.25 · 4 = 0, 2 - 0.25 · (-4) = 3, 3 - 0.25 · 0 = 3, 4 - 0.25 · 8 = 2",
    (updated_weights,),
    mistakes(_MOVED),
)
BIASES = role(
    "update_biases biases:vector[J] nabla_sum:vector[J] eta:number~rate m:count",
    "vector",
    "new biases",
    [[1.0, 2.0], [4.0, -4.0], 0.5, 2],
    [0.0, 3.0],
    "η/m = 0.25: 1 - 0.25 · 4 = 0, 2 - 0.25 · (-4) = 3",
    (updated_biases,),
    mistakes(_MOVED.replace("w[j][k]", "b[j]").replace("len(w", "len(b").replace("beights", "biases")),
)


def _numbered(n: int) -> list[tuple[int, int]]:
    return [(x, x * x) for x in range(1, n + 1)]


_CUT = "range(0, len(order), mini_batch_size)"
_SLICE = "order[i:i + mini_batch_size]"
BATCHES = role(
    "mini_batches examples:examples size:count rng:rng",
    "batches",
    "list of mini-batches",
    [[(1, 1), (2, 4), (3, 9)], 2, 0],
    None,
    "shuffled, and cut into twos: such as [[(2, 4), (1, 1)], [(3, 9)]]; rng is a random.Random",
    (epoch_of, mini_batches),
    mistakes(
        """
drops-the-last: range(0, len(order), mini_batch_size) → range(0, len(order) - mini_batch_size + 1, mini_batch_size)
    the last examples are dropped where they fill no whole mini-batch: the last mini-batch
    may be smaller.
drops-last-batch: range(0, len(order), mini_batch_size) → range(0, len(order) - mini_batch_size, mini_batch_size)
    the last mini-batch is dropped, even a full one: the loop stops one step too early.
one-short: order[i:i + mini_batch_size] → order[i:i + mini_batch_size - 1]
    every mini-batch is one example short: a slice [i:i + size] ends before its end by
    itself.
one-long: order[i:i + mini_batch_size] → order[i:i + mini_batch_size + 1]
    every mini-batch has one example too many: a slice [i:i + size] has size of them.
overlap: range(0, len(order), mini_batch_size) → range(0, len(order) - mini_batch_size + 1)
    the mini-batches overlap: the start of the slices moves by 1 where it should move by the
    size.
overlap-to-the-end: range(0, len(order), mini_batch_size) → range(0, len(order))
    the mini-batches overlap: the start of the slices moves by 1 where it should move by the
    size.
with-replacement: return mini_batches(shuffled, size) → return [[rng.choice(shuffled) for _ in each] for each in mini_batches(shuffled, size)]
    examples are drawn anew for each mini-batch, so that some are used twice and others
    never: shuffle once, then cut.
drawn-anew: return mini_batches(shuffled, size) → return [rng.sample(shuffled, len(each)) for each in mini_batches(shuffled, size)]
    examples are drawn anew for each mini-batch, so that some are used twice and others
    never: shuffle once, then cut.
first-only: range(0, len(order), mini_batch_size) → range(0, 1)
    only the first mini-batch is returned: return after the loop, not inside it.
same-batch: order[i:i + mini_batch_size] → order[:mini_batch_size]
    every mini-batch is the same one: the slice does not move.
count-for-size: return mini_batches(shuffled, size) → return [shuffled[i::size] for i in range(size)]
    size is taken for the number of mini-batches: it is the number of examples in each.
one-batch: return mini_batches(shuffled, size) → return [shuffled]
    all examples are in one mini-batch: cut them, as many at a time as the size says.
empty-batch: return mini_batches(shuffled, size) → return [shuffled[i:i + size] for i in range(0, len(shuffled) + 1, size)]
    an empty mini-batch follows the others: the loop runs once too often.
no-shuffle: rng.shuffle(shuffled) → pass
    the examples are never shuffled: each stays with its neighbours for ever.
reversed: rng.shuffle(shuffled) → shuffled.reverse()
    the examples are only turned round, which is the same in every epoch: shuffle them with
    rng.
shuffles-batches-only: rng.shuffle(shuffled)⏎    return mini_batches(shuffled, size) → batches = mini_batches(shuffled, size)⏎    rng.shuffle(batches)⏎    return batches
    only the order of the mini-batches is shuffled: what is in each stays together. Shuffle
    the examples, then cut.
shuffles-inside-only: rng.shuffle(shuffled)⏎    return mini_batches(shuffled, size) → return [rng.sample(each, len(each)) for each in mini_batches(shuffled, size)]
    the shuffle never mixes: it works inside each mini-batch only, after the cut. Shuffle
    the examples, then cut.
first-stays: rng.shuffle(shuffled) → shuffled[1:] = rng.sample(shuffled[1:], len(shuffled) - 1)
    the first example is never moved: the shuffle must reach every place, from 0 on.
last-stays: rng.shuffle(shuffled) → shuffled[:-1] = rng.sample(shuffled[:-1], len(shuffled) - 1)
    the last example is never moved: the shuffle must reach every place.
always-the-same: rng.shuffle(shuffled) → type(rng)(len(shuffled)).shuffle(shuffled)
    the order is shuffled, but into the same one in every epoch: use the rng that is handed
    over, not another one with a fixed seed.
own-randomness: rng.shuffle(shuffled) → type(rng)().shuffle(shuffled)
    the same state of rng does not give the same mini-batches: something else decides too, such as
    random numbers of the function's own, or an order that is kept between calls.
moves-the-data: shuffled = list(examples) → shuffled = examples
    the caller's list is shuffled itself: copy it first, or shuffle a list of indices.
empties-the-data: return mini_batches(shuffled, size) → examples.clear()⏎    return mini_batches(shuffled, size)
    the caller's list is emptied: copy it first, and take the examples from the copy.
        """
    ),
    more=tuple(
        {"examples": _numbered(n), "size": size, "rng": 0}
        for n, size in ((10, 3), (7, 2), (12, 4), (9, 3), (11, 4), (8, 5), (6, 2))
    ),
)


def _mean_cost(outputs_list: Rows, desired_list: Rows) -> float:
    costs = [oracle.cost(a, y) for a, y in zip(outputs_list, desired_list)]
    return fsum(costs) / len(costs)


def _judge_positive(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    a, y = arguments["outputs"], arguments["desired"]
    for outputs in (y, a):
        came = call(outputs=outputs, desired=y)
        away = oracle.cost(outputs, y)
        at = {**arguments, "outputs": outputs}
        if away > 1e-12 and not came > 0.0:
            line = f"a = {row(outputs)} is not y = {row(y)}: there is something to pay for"
            return Counterexample(at, came, "more than 0", None, (line,))
        if away == 0.0 and came != 0.0:
            line = f"a = y = {row(y)}: nothing is wrong, so nothing is paid for"
            return Counterexample(at, came, 0.0, abs(came), (line,))
    return None


def _slopes(cost: Rows, v: Numbers) -> list[float]:
    """∇C of C = 1/2 v · A v, which calculus knows: A v."""
    return [oracle.dot(A_j, v) for A_j in cost]


def curve_slope(cost: Numbers, v: float) -> float:
    return fsum(p * c * v ** (p - 1) for p, c in enumerate(cost) if p)


def _update(v: Numbers, gradient: Numbers, eta: float) -> list[float]:
    return [fsum([place, -eta * slope]) for place, slope in zip(v, gradient)]


def _descents(draw: Any) -> Arguments:
    """Return a place in a valley with its gradient, and an η of at most 1/L."""
    drawn = GRADIENT.drawn(draw)
    A, v = drawn["cost"], drawn["v"]
    steepest = max(sum(abs(entry) for entry in A_j) for A_j in A)  # no eigenvalue is larger
    eta = draw.number("share") / steepest
    return {"v": v, "gradient": _slopes(A, v), "eta": eta, "A": A}


def _judge_descent(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    A, v, eta = arguments["A"], arguments["v"], arguments["eta"]
    gradient = arguments["gradient"]
    moved = call(**{name: arguments[name] for name in ("v", "gradient", "eta")})
    before, after = oracle.dot(v, _slopes(A, v)) / 2.0, oracle.dot(moved, _slopes(A, moved)) / 2.0
    promised = before - eta / 2.0 * oracle.dot(gradient, gradient)
    if after <= promised + max(1e-9, 256.0 * call.rounding) * (1.0 + before):
        return None
    lines = (
        f"with A = {written(A, 6)}, C(v) = 1/2 v · A v has the gradient {row(gradient)} there",
        f"C is {brief(before)} at v = {row(v)}, {brief(after)} at your {row(moved)}",
        f"but no slope changes faster than 1/η = {brief(1.0 / eta)} times the distance,",
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
        line = f"the gradient {row(gradient)} is not 0, so there is a way down"
        return Counterexample(arguments, moved, "a step", None, (line,))
    along = [place - length * slope / size for place, slope in zip(v, gradient)]
    lines = (
        f"your Δv = {row(step)} has length {brief(length)}, and ∇C · Δv = {brief(change)}",
        f"along -∇C a step of that length changes C by -‖∇C‖ ‖Δv‖ = {brief(best)}",
    )
    return Counterexample(arguments, moved, along, change - best, lines)


def _new_biases(biases: Numbers, nabla_sum: Numbers, eta: float, m: int) -> list[float]:
    return [fsum([b, -eta * slope / m]) for b, slope in zip(biases, nabla_sum)]


def _new_weights(weights: Rows, nabla_sum: Rows, eta: float, m: int) -> list[list[float]]:
    return [_new_biases(w, slopes, eta, m) for w, slopes in zip(weights, nabla_sum)]


def _epochs(draw: Any) -> Arguments:
    n = draw.whole(1, 12)
    return {"examples": _numbered(n), "size": draw.whole(1, n + 1), "rng": draw.whole(0, 99)}


def _mixed(draw: Any) -> Arguments:
    sizes = {"size": draw.whole(2, 3), "rng": draw.whole(0, 2)}
    return {"examples": _numbered(draw.whole(4, 6)), **sizes}


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
    came = [len(batch) for batch in batches]
    lines.append(f"with n = {len(examples)}, m = {size} the sizes are {sizes}; yours {came}")
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
        line = f"in {_SHUFFLES} epochs {first} and {second} were never in one mini-batch"
        expected = "every two examples together sooner or later"
    else:
        place, example = min(stays.items())
        line = f"in {_SHUFFLES} epochs {example} was never moved from place {place}"
        expected = "every example in another place sooner or later"
    return Counterexample(arguments, batches, expected, None, (line,))


def _judge_left(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    examples = arguments["examples"]
    call(**arguments)
    now = [tuple(int(number) for number in pair) for pair in call.handed["examples"]]
    if now == examples:
        return None
    line = "the caller's list was shuffled in place: shuffle a copy, or a list of indices"
    if len(now) < len(examples):
        line = f"of the caller's {len(examples)} examples {len(now)} are left: take from a copy"
    return Counterexample(arguments, now, examples, None, (line,))


def _judge_repeat(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    first = call(**arguments)
    again = call(**arguments)
    if first == again:
        return None
    line = "the generator was in the same state both times: is it the one that shuffles?"
    return Counterexample(arguments, again, first, None, (line,))


CLAIMS = [
    claim(
        "mean-cost",
        1,
        MEAN_COST,
        "6 26",
        "The cost of n examples is the mean of half the squared distances between what is wanted "
        "and what comes out: a sum over all, divided by 2n.",
        Definition(_mean_cost),
    ),
    claim(
        "cost-positive",
        1,
        COST,
        "6 27",
        "No cost is below 0, and it is 0 exactly where the output is what was wanted.",
        _judge_positive,
        {"outputs": [1.0], "desired": [0.0]},
        {"outputs": [0.0], "desired": [1.0]},
    ),
    claim(
        "cost-change",
        1,
        COST_CHANGE,
        "7 9 12",
        "A small step Δv changes C by about ∇C · Δv: each slope times how far the step goes in "
        "that direction, all added.",
        Definition(lambda gradient, delta_v: oracle.dot(gradient, delta_v)),
    ),
    claim(
        "numerical-gradient",
        1,
        GRADIENT,
        "8 13",
        "The gradient of C holds the slope of C in each v_j: how C changes when that one number is "
        "moved a little, by 0.01 or less.",
        Definition(_slopes, *ONE_SIDED),
    ),
    claim(
        "descent-direction",
        1,
        STEP,
        "10 14",
        "A step of gradient descent is Δv = -η ∇C: against the slope, η times as far.",
        Definition(lambda gradient, eta: [-eta * slope for slope in gradient], 1e-12),
    ),
    claim(
        "descent-step",
        1,
        UPDATE,
        "11 15",
        "One step of gradient descent goes from v to v - η ∇C.",
        Definition(_update),
    ),
    claim(
        "descent-decreases",
        1,
        UPDATE,
        "11 15",
        "Where no slope changes faster than L times the distance, a step with η of at most 1/L "
        "lowers C, by at least η/2 ‖∇C‖².",
        _judge_descent,
        {"v": [1.0, 1.0], "gradient": [1.0, 2.0], "eta": 0.5, "A": [[1.0, 0.0], [0.0, 2.0]]},
        arguments=_descents,
    ),
    claim(
        "descent-steepest",
        1,
        UPDATE,
        "11 15",
        "Of all steps of one length, the one along -∇C lowers C the most.",
        _judge_steepest,
        {"v": [0.0, 0.0], "gradient": [3.0, 4.0], "eta": 1.0},
    ),
    claim(
        "mini-batch-mean",
        1,
        MEAN_GRADIENT,
        "18 19",
        "The gradient is estimated by the mean of the gradients of the m examples of a mini-batch.",
        Definition(lambda gradients: [fsum(c) / len(gradients) for c in zip(*gradients)]),
    ),
    claim(
        "update-weights",
        1,
        WEIGHTS,
        "16 20",
        "A mini-batch of m examples moves each weight by -η/m times the sum of their ∂C/∂w.",
        Definition(_new_weights),
    ),
    claim(
        "update-biases",
        1,
        BIASES,
        "17 21",
        "A mini-batch of m examples moves each bias by -η/m times the sum of their ∂C/∂b.",
        Definition(_new_biases),
    ),
    claim(
        "mini-batches-cover",
        1,
        BATCHES,
        "",
        "An epoch uses every example exactly once, m at a time; only the last mini-batch may be "
        "smaller.",
        _judge_cover,
        {"examples": _numbered(5), "size": 2, "rng": 0},
        arguments=_epochs,
    ),
    claim(
        "mini-batches-mix",
        1,
        BATCHES,
        "",
        "The examples are shuffled before every epoch, so that over many epochs every example "
        "meets every other, and none keeps its place.",
        _judge_mix,
        arguments=_mixed,
    ),
    claim(
        "mini-batches-leave-data",
        1,
        BATCHES,
        "",
        "Shuffling leaves the caller's own list in its order.",
        _judge_left,
        {"examples": _numbered(9), "size": 2, "rng": 0},
        arguments=_epochs,
    ),
    claim(
        "mini-batches-repeat",
        1,
        BATCHES,
        "",
        "A run can be repeated: a generator in the same state gives the same mini-batches.",
        _judge_repeat,
        {"examples": _numbered(9), "size": 2, "rng": 0},
        arguments=_mixed,
    ),
]
