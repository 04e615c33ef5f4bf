"""Claims of chapter 1 about learning: the cost, gradient descent, mini-batches."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from math import fsum, hypot
from typing import Optional

from hypothesis import strategies as st

from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted
from tinynn.teaching.drawing import lists, vectors_named
from tinynn.teaching.judging import (
    ONE_SIDED,
    Arguments,
    Claim,
    Counterexample,
    Definition,
    claim,
    growing,
)
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.strategies import Valley, valleys
from tinynn.teaching.sums import brief, row, terms
from tinynn.teaching.wording import written

_RATES = st.floats(0.125, 4.0)
_SHUFFLES = 100


@st.composite
def _tables(draw: st.DrawFn, most: int, *names: str) -> Arguments:
    """Draw lists of vectors, as many and as large under each name."""
    count, size = draw(st.integers(1, most)), draw(st.integers(1, most))
    return {name: [draw(lists(size)) for _ in range(count)] for name in names}


def _with(
    arguments: st.SearchStrategy[Arguments], **more: st.SearchStrategy[float]
) -> st.SearchStrategy[Arguments]:
    """Return a strategy for the arguments, and more of them."""
    return st.builds(
        lambda some, others: {**some, **others}, arguments, st.fixed_dictionaries(more)
    )


def _mean_cost(outputs_list: Rows, desired_list: Rows) -> float:
    costs = [oracle.cost(a, y) for a, y in zip(outputs_list, desired_list)]
    return fsum(costs) / len(costs)


def _mean_cost_by_hand(outputs_list: Rows, desired_list: Rows) -> Iterator[str]:
    squares = []
    for x, (a, y) in enumerate(zip(outputs_list, desired_list), start=1):
        squares.append(2.0 * oracle.cost(a, y))
        yield f"‖y - a‖² of example {x}: ‖{row(y)} - {row(a)}‖² = {brief(squares[-1])}"
    n, total = len(squares), " + ".join(map(brief, squares))
    mean = brief(_mean_cost(outputs_list, desired_list))
    yield f"n = {n}: C = 1/(2 · {n}) ({total}) = {mean}"


def _judge_positive(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    a, y = arguments["outputs"], arguments["desired"]
    for outputs in (y, a):
        came = call(outputs=outputs, desired=y)
        away = oracle.cost(outputs, y)
        if away > 1e-12 and not came > 0.0:
            line = f"a = {row(outputs)} is not y = {row(y)}: there is something to pay for"
            return Counterexample(arguments, came, "more than 0", None, (line,))
        if away == 0.0 and came != 0.0:
            line = f"a = y = {row(y)}: nothing is wrong, so nothing is paid for"
            at = {**arguments, "outputs": outputs}
            return Counterexample(at, came, 0.0, abs(came), (line,))
    return None


def _cost_change(gradient: Numbers, delta_v: Numbers) -> float:
    return oracle.dot(gradient, delta_v)


def _cost_change_by_hand(gradient: Numbers, delta_v: Numbers) -> Iterator[str]:
    total = brief(oracle.dot(gradient, delta_v))
    yield f"ΔC ≈ ∇C · Δv = {terms(gradient, delta_v)} = {total}"


@st.composite
def _places(draw: st.DrawFn, most: int) -> Arguments:
    """Draw a valley whose bottom is at 0, and a place in it."""
    valley = draw(valleys(st.just(0.0), max_size=most))
    size = len(valley.bottom)
    v = draw(lists(size, 3.0))
    return {"cost": valley.matrix.to_lists(), "v": v}


def _slopes(cost: Rows, v: Numbers) -> list[float]:
    """∇C of C = 1/2 v · A v, which calculus knows: A v."""
    return [oracle.dot(A_j, v) for A_j in cost]


def _slopes_by_hand(cost: Rows, v: Numbers) -> Iterator[str]:
    yield f"C(v) = 1/2 v · A v with A = {written(cost, 6)}, whose gradient is A v"
    for j, A_j in enumerate(cost, start=1):
        yield f"∂C/∂v_{j} = {terms(A_j, v)} = {brief(oracle.dot(A_j, v))}"


def _step_by_hand(gradient: Numbers, eta: float) -> Iterator[str]:
    for j, slope in enumerate(gradient, start=1):
        yield f"Δv_{j} = -η ∂C/∂v_{j} = -({brief(eta)})({brief(slope)}) = {brief(-eta * slope)}"


def _update(v: Numbers, gradient: Numbers, eta: float) -> list[float]:
    return [fsum([place, -eta * slope]) for place, slope in zip(v, gradient)]


def _update_by_hand(v: Numbers, gradient: Numbers, eta: float) -> Iterator[str]:
    for j, (place, slope) in enumerate(zip(v, gradient), start=1):
        values = f"{brief(place)} - ({brief(eta)})({brief(slope)})"
        yield f"v_{j}' = v_{j} - η ∂C/∂v_{j} = {values} = {brief(place - eta * slope)}"


@st.composite
def _descents(draw: st.DrawFn, most: int) -> Arguments:
    """Draw a valley, a place in it with its gradient, and an η of at most 1/L."""
    valley: Valley = draw(valleys(st.just(0.0), max_size=most))
    size = len(valley.bottom)
    v = draw(lists(size, 3.0))
    A = valley.matrix.to_lists()
    eta = draw(st.floats(0.0625, 1.0)) / valley.lipschitz
    return {"v": v, "gradient": _slopes(A, v), "eta": eta, "A": A}


def _judge_descent(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    A, v, eta = arguments["A"], arguments["v"], arguments["eta"]
    gradient = arguments["gradient"]
    moved = call(**arguments)
    before, after = oracle.dot(v, _slopes(A, v)) / 2.0, oracle.dot(moved, _slopes(A, moved)) / 2.0
    promised = before - eta / 2.0 * oracle.dot(gradient, gradient)
    if after <= promised + 1e-9 * (1.0 + before):
        return None
    lines = (
        f"with A = {written(A, 6)}, C(v) = 1/2 v · A v has the gradient {row(gradient)} there",
        f"C is {brief(before)} at v = {row(v)}, {brief(after)} at {row(moved)}",
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
    if length > 0.0 and change <= best * (1.0 - 1e-6) + 1e-12 * size * (1.0 + hypot(*v)):
        return None
    if length == 0.0:
        line = f"the gradient {row(gradient)} is not 0, so there is a way down"
        return Counterexample(arguments, moved, "a step", None, (line,))
    along = [place - length * slope / size for place, slope in zip(v, gradient)]
    lines = (
        f"Δv = {row(step)} has length {brief(length)}, and ∇C · Δv = {brief(change)}",
        f"along -∇C a step of that length changes C by -‖∇C‖ ‖Δv‖ = {brief(best)}",
    )
    return Counterexample(arguments, moved, along, change - best, lines)


def _mean(gradients: Rows) -> list[float]:
    return [fsum(column) / len(gradients) for column in zip(*gradients)]


def _mean_by_hand(gradients: Rows) -> Iterator[str]:
    m = len(gradients)
    for j, column in enumerate(zip(*gradients), start=1):
        slopes, total = " + ".join(f"({brief(each)})" for each in column), fsum(column)
        yield f"∂C/∂v_{j} ≈ 1/m Σ = 1/{m} ({slopes}) = {brief(total)}/{m} = {brief(total / m)}"


def _new_biases(biases: Numbers, nabla_sum: Numbers, eta: float, m: int) -> list[float]:
    return [fsum([b, -eta * slope / m]) for b, slope in zip(biases, nabla_sum)]


def _new_biases_by_hand(biases: Numbers, nabla_sum: Numbers, eta: float, m: int) -> Iterator[str]:
    yield from _new_by_hand("b_{}", [biases], [nabla_sum], eta, m)


def _new_weights(weights: Rows, nabla_sum: Rows, eta: float, m: int) -> list[list[float]]:
    return [_new_biases(w, slopes, eta, m) for w, slopes in zip(weights, nabla_sum)]


def _new_weights_by_hand(weights: Rows, nabla_sum: Rows, eta: float, m: int) -> Iterator[str]:
    yield from _new_by_hand("w_{}{}", weights, nabla_sum, eta, m)


def _new_by_hand(name: str, old: Rows, sums: Rows, eta: float, m: int) -> Iterator[str]:
    for j, (row_j, slopes) in enumerate(zip(old, sums), start=1):
        for k, (number, slope) in enumerate(zip(row_j, slopes), start=1):
            symbol = name.format(j, k) if len(old) > 1 or "w" in name else name.format(k)
            rule = f"{symbol}' = {symbol} - η/m Σ ∂C/∂{symbol}"
            values = f"{brief(number)} - ({brief(eta)}/{m})({brief(slope)})"
            yield f"{rule} = {values} = {brief(number - eta * slope / m)}"


@st.composite
def _epochs(draw: st.DrawFn) -> Arguments:
    n = draw(st.integers(1, 12))
    size = draw(st.integers(1, n + 1))
    return {"examples": _numbered(n), "size": size, "rng": draw(st.integers(0, 99))}


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
    lines.append(f"with n = {len(examples)}, m = {size} the sizes are {sizes}; here {came}")
    expected = f"every example once, in mini-batches of sizes {sizes}"
    return Counterexample(arguments, batches, expected, None, tuple(lines))


def _judge_mix(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    examples, seed = arguments["examples"], arguments["rng"]
    apart = set(combinations(examples, 2))
    batches: list[list[tuple[int, ...]]] = []
    for shuffle in range(_SHUFFLES):
        batches = call(**{**arguments, "rng": seed + shuffle})
        apart -= {pair for batch in batches for pair in combinations(sorted(batch), 2)}
        if not apart:
            return None
    first, second = min(apart)
    line = f"in {_SHUFFLES} epochs {first} and {second} were never in one mini-batch"
    expected = "every two examples together sooner or later"
    return Counterexample(arguments, batches, expected, None, (line,))


def _judge_left(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    examples = arguments["examples"]
    call(**arguments)
    now = [tuple(int(number) for number in pair) for pair in call.handed["examples"]]
    if now == examples:
        return None
    line = "the caller's list was shuffled in place: shuffle a copy, or a list of indices"
    if len(now) < len(examples):
        line = f"the caller's list had {len(examples)} examples, and has {len(now)} afterwards"
    return Counterexample(arguments, now, examples, None, (line,))


def _judge_repeat(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    first = call(**arguments)
    again = call(**arguments)
    if first == again:
        return None
    line = "the generator was in the same state both times: is it the one that shuffles?"
    return Counterexample(arguments, again, first, None, (line,))


def _numbered(n: int) -> list[tuple[int, int]]:
    return [(x, x * x) for x in range(1, n + 1)]


_MIXED: st.SearchStrategy[Arguments] = st.fixed_dictionaries(
    {
        "examples": st.integers(4, 6).map(_numbered),
        "size": st.integers(2, 3),
        "rng": st.integers(0, 2),
    }
)


CLAIMS: list[Claim] = [
    claim(
        "mean-cost",
        1,
        "mean_cost",
        "6 26",
        growing(lambda most: _tables(most, "outputs_list", "desired_list"), 4),
        Definition(_mean_cost, _mean_cost_by_hand),
        "The cost of n examples is the mean of half the squared distances between what is wanted "
        "and what comes out: a sum over all, divided by 2n.",
    ),
    claim(
        "cost-positive",
        1,
        "cost",
        "6 27",
        growing(lambda most: vectors_named(most, "outputs", "desired"), 5),
        _judge_positive,
        "No cost is below 0, and it is 0 exactly where the output is what was wanted.",
        {"outputs": [1.0], "desired": [0.0]},
        {"outputs": [0.0], "desired": [1.0]},
    ),
    claim(
        "cost-change",
        1,
        "cost_change",
        "7 9 12",
        growing(lambda most: vectors_named(most, "gradient", "delta_v"), 5),
        Definition(_cost_change, _cost_change_by_hand),
        "A small step Δv changes C by about ∇C · Δv: each slope times how far the step goes in "
        "that direction, all added.",
    ),
    claim(
        "numerical-gradient",
        1,
        "numerical_gradient",
        "8 13",
        growing(_places, 3),
        Definition(_slopes, _slopes_by_hand, *ONE_SIDED),
        "The gradient of C holds the slope of C in each v_j: how C changes when that one number is "
        "moved a little, by 0.01 or less.",
    ),
    claim(
        "descent-direction",
        1,
        "descent_step",
        "10 14",
        growing(lambda most: _with(vectors_named(most, "gradient"), eta=_RATES), 4),
        Definition(
            lambda gradient, eta: [-eta * slope for slope in gradient], _step_by_hand, 1e-12
        ),
        "A step of gradient descent is Δv = -η ∇C: against the slope, η times as far.",
    ),
    claim(
        "descent-step",
        1,
        "update",
        "11 15",
        growing(lambda most: _with(vectors_named(most, "v", "gradient"), eta=_RATES), 4),
        Definition(_update, _update_by_hand),
        "One step of gradient descent goes from v to v - η ∇C.",
    ),
    claim(
        "descent-decreases",
        1,
        "update",
        "11 15",
        growing(_descents, 3),
        _judge_descent,
        "Where no slope changes faster than L times the distance, a step with η of at most 1/L "
        "lowers C, by at least η/2 ‖∇C‖².",
        {"v": [1.0, 1.0], "gradient": [1.0, 2.0], "eta": 0.5, "A": [[1.0, 0.0], [0.0, 2.0]]},
    ),
    claim(
        "descent-steepest",
        1,
        "update",
        "11 15",
        growing(lambda most: _with(vectors_named(most, "v", "gradient"), eta=_RATES), 4),
        _judge_steepest,
        "Of all steps of one length, the one along -∇C lowers C the most.",
        {"v": [0.0, 0.0], "gradient": [3.0, 4.0], "eta": 1.0},
    ),
    claim(
        "mini-batch-mean",
        1,
        "mean_gradient",
        "18 19",
        growing(lambda most: _tables(most, "gradients"), 4),
        Definition(_mean, _mean_by_hand),
        "The gradient is estimated by the mean of the gradients of the m examples of a mini-batch.",
    ),
    claim(
        "update-weights",
        1,
        "update_weights",
        "16 20",
        growing(
            lambda most: _with(
                _tables(most, "weights", "nabla_sum"), eta=_RATES, m=st.integers(1, 5)
            ),
            4,
        ),
        Definition(_new_weights, _new_weights_by_hand),
        "A mini-batch of m examples moves each weight by -η/m times the sum of their ∂C/∂w.",
    ),
    claim(
        "update-biases",
        1,
        "update_biases",
        "17 21",
        growing(
            lambda most: _with(
                vectors_named(most, "biases", "nabla_sum"), eta=_RATES, m=st.integers(1, 5)
            ),
            4,
        ),
        Definition(_new_biases, _new_biases_by_hand),
        "A mini-batch of m examples moves each bias by -η/m times the sum of their ∂C/∂b.",
    ),
    claim(
        "mini-batches-cover",
        1,
        "mini_batches",
        "",
        _epochs(),
        _judge_cover,
        "An epoch uses every example exactly once, m at a time; only the last mini-batch may be "
        "smaller.",
        {"examples": _numbered(5), "size": 2, "rng": 0},
    ),
    claim(
        "mini-batches-mix",
        1,
        "mini_batches",
        "",
        _MIXED,
        _judge_mix,
        "The examples are shuffled before every epoch, so that over many epochs every example "
        "meets every other.",
    ),
    claim(
        "mini-batches-leave-data",
        1,
        "mini_batches",
        "",
        _epochs(),
        _judge_left,
        "Shuffling leaves the caller's own list in its order.",
        {"examples": _numbered(9), "size": 2, "rng": 0},
    ),
    claim(
        "mini-batches-repeat",
        1,
        "mini_batches",
        "",
        _MIXED,
        _judge_repeat,
        "A run can be repeated: a generator in the same state gives the same mini-batches.",
        {"examples": _numbered(9), "size": 2, "rng": 0},
    ),
]
