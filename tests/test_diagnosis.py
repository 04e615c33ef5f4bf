"""The diagnosis of wrong functions: mistakes as edits, repairs by search, narrowing sentences."""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from time import process_time
from typing import Any, Optional

import numpy as np
import pytest

from tests.test_claims import WRONG
from tinynn.teaching import CLAIMS, ClaimError, check
from tinynn.teaching.adapt import Adapted, adapted
from tinynn.teaching.claims import ROLES, Claim, claim_named
from tinynn.teaching.diagnosis import diagnose
from tinynn.teaching.narrowing import narrowed
from tinynn.teaching.observing import alike, observed
from tinynn.teaching.repair import Repair, repair
from tinynn.teaching.roles import Role

Function = Callable[..., Any]
EVERY_ROLE = pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
# Mistakes of a role and of an included role that say the same in other words.
SAME = {("mean_cost", "both-counted", "mean"), ("feedforward", "no-sigmoid", "no-sigmoid")}
LEAST = 3  # trials


def answers(role: Role, function: Optional[Function]) -> list[Any]:
    """Return the answers of a function over lists in all trials of its role."""
    assert function is not None
    call = Adapted(function, role, "lists")
    return [observed(call, trial) for trial in role.trials()]


def model(role: Role) -> Function:
    """Return the engine's function over lists."""
    program = role.program()
    assert program is not None, f"{role.name} has no program"
    return program.run()


def edited(role: Role, has: str, writes: str) -> Function:
    """Return the engine's function with a mistake."""
    program = role.program()
    assert program is not None
    rewritten = program.rewritten((has, writes))
    assert rewritten is not None, f"{role.name}: no `{has}` in its source"
    return rewritten.run()


# A mistake is an edit.


@EVERY_ROLE
def test_every_mistake_is_an_edit_of_the_engines_source_and_gives_wrong_numbers(role: Role) -> None:
    """The source contains the text of the row, and the replacement gives wrong numbers."""
    right = answers(role, model(role))
    for row in role.mistakes:
        given = answers(role, edited(role, row.has, row.writes))
        telling = [a for a, r in zip(given, right) if a is not None and not alike(a, r)]
        assert len(telling) >= LEAST, f"{role.name}: {row.name}"
        assert row.say[-1] in ".?"


@EVERY_ROLE
def test_no_two_mistakes_give_the_same_numbers_unless_they_say_the_same(role: Role) -> None:
    """Some trial distinguishes each mistake from every other."""
    given = [(row, answers(role, edited(role, row.has, row.writes))) for row in role.mistakes]
    for (one, first), (other, second) in combinations(given, 2):
        if all(alike(a, b) for a, b in zip(first, second)):
            names = (role.name, one.name, other.name)
            assert one.say == other.say or names in SAME, names


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.identifier)
def test_the_engines_source_keeps_every_claim_and_has_no_diagnosis(claim: Claim) -> None:
    """Reduced to its formula, it still gives the right answers."""
    claim.check(model(claim.role), max_examples=20)
    assert diagnose(claim, Adapted(model(claim.role), claim.role, "lists")) is None


def test_a_known_mistake_is_named() -> None:
    """(BP2) without σ'(z) is the mistake "no-slope"."""
    found = diagnose(claim_named("bp2"), no_slope)
    assert found is not None
    assert found.mistake == "no-slope"
    assert "σ'(z)" in found.diagnosis


# Chapter 6 as learners write it: functions of the claims' tests, and their mistakes.
CONVOLVING = {
    "convolution": ["no-bias", "flipped", "bias-per-weight", "narrowed", "places-transposed"],
    "feature-map": ["first-map", "bias-per-map"],
    "convolution-1x1": ["first-map", "last-map and one-field"],
    "convolution-error": ["narrowed", "sign", "flipped"],
    "shared-weight": ["first-place", "repair", "mean"],
    "shared-bias": ["first-place", "mean"],
    "max-pooling": ["mean", "smallest", "from-0"],
    "max-pooling-error": ["every-winner"],
    "max-pooling-winner": ["every-winner", "to-all", "first-place"],
    "l2-pooling": ["no-root", "mean", "largest"],
}


@pytest.mark.ch6
@pytest.mark.parametrize("identifier", CONVOLVING)
@pytest.mark.slow
def test_mistakes_in_a_convolution_and_in_pooling_are_named(
    identifier: str,
) -> None:
    """The functions slice lists, unlike the engine's source."""
    for function, name in zip(WRONG[identifier], CONVOLVING[identifier]):
        found = diagnose(claim_named(identifier), function)
        assert found is not None, name
        assert found.mistake == name, found


# Mistakes in a student's own source.


def sigma(z: float) -> float:
    """Return σ(z) for z of moderate size."""
    return 1 / (1 + math.exp(-z))


def slope(z: float) -> float:
    """Return σ'(z)."""
    return sigma(z) * (1 - sigma(z))


def no_slope(w: Any, delta: Any, z: Any) -> Any:
    """Return (BP2) without σ'(z)."""
    return [sum(row[j] * d for row, d in zip(w, delta)) for j in range(len(z))]


def transposed_index(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) with w_jk; its loop runs backwards, so no mistake of the lesson fits."""
    error = [0.0] * len(z)
    for j in range(len(z) - 1, -1, -1):
        for k in range(len(d)):
            error[j] += w[j][k] * d[k] * slope(z[j])
    return error


def wrong_operator(v: Any, gradient: Any, eta: Any) -> Any:
    """Return v minus the gradient divided by the rate."""
    new = []
    for place, height in zip(v, gradient):
        new.append(place - height / eta)
    return new


def state_in_an_alias(biases: Any, weights: Any, x: Any) -> Any:
    """Return the output, but with one list of activations that is read and overwritten."""
    width = max([len(x)] + [len(b) for b in biases])
    now = [0.0] * width
    after = now
    for k in range(len(x)):
        now[k] = x[k]
    for b, w in zip(biases, weights):
        for j in range(len(b)):
            z = b[j]
            for k in range(len(w[j])):
                z += w[j][k] * now[k]
            after[j] = sigma(z)
        now = list(after)
    return now[: len(biases[-1])]


def two_changes(v: Any, gradient: Any, eta: Any) -> Any:
    """Return a step whose first number goes up the slope, and whose others divide by it."""
    new = [v[0] + eta * gradient[0]]
    for j in range(1, len(v)):
        new.append(v[j] - eta / gradient[j])
    return new


REPAIRED: list[tuple[str, Function, str]] = [
    ("bp2", transposed_index, "w[k][j]"),
    ("descent-step", wrong_operator, "height * eta"),
    ("feedforward", state_in_an_alias, "list(now)"),
    ("descent-step", two_changes, "v[0] - eta * gradient[0]"),
]


def mended(identifier: str, function: Function) -> Optional[Repair]:
    """Return the repair that the diagnosis finds for a function."""
    role = CLAIMS[identifier].role
    right = answers(role, model(role))
    return repair(adapted(function, role), role.trials(), right, 5.0)


@pytest.mark.parametrize(("identifier", "function", "writes"), REPAIRED)
def test_a_repair_is_found_and_names_the_line(
    identifier: str, function: Function, writes: str
) -> None:
    """There is one for a transposed index, a wrong operator, an alias, and two changes."""
    found = mended(identifier, function)
    assert found is not None
    assert writes in found.words
    lines = Path(__file__).read_text(encoding="utf-8").splitlines()
    before = found.words.rpartition("instead of `")[2].partition("`")[0]
    assert found.line > function.__code__.co_firstlineno
    assert before in lines[found.line - 1] or " (line " in found.words


def half_a_window(w: float) -> float:
    size = abs(w)
    if size < 4:
        return 0.0
    r = size * (1 + math.sqrt(1 - 4 / size)) / 2 - 1
    return math.log(r) / size


def sum_of_lengths(errors: list[list[float]]) -> float:
    squares = 0.0
    for column in zip(*errors):
        mean = sum(column) / len(errors)
        squares = squares + abs(mean)
    return math.sqrt(squares)


def sigma_once_more(activations: list[float], error: list[float]) -> list[list[float]]:
    a = [sigma(x) for x in activations]
    return [[d * x for x in a] for d in error]


@pytest.mark.parametrize(
    ("identifier", "function", "line"),
    [
        ("window-width", half_a_window, 5),
        ("layer-speed", sum_of_lengths, 4),
        ("bp4", sigma_once_more, 1),
    ],
)
def test_the_line_of_a_named_mistake_is_not_a_right_one_beside_it(
    identifier: str, function: Function, line: int
) -> None:
    """(123), ‖δ‖: r² and √|mean| would fix them too, but the lines of r and mean are right.

    (BP4): the last line is right too, although reading `activations` there would also fix it.
    """
    found = diagnose(claim_named(identifier), function)
    assert found is not None
    assert found.mistake not in ("repair", "edit", "narrowed")
    assert found.line == function.__code__.co_firstlineno + line


def test_a_right_function_has_no_repair() -> None:
    """The repair of a right function is None."""
    role = ROLES["bias_gradient"]
    right = answers(role, model(role))
    assert repair(adapted(lambda error: list(error), role), role.trials(), right) is None


def endless_if_edited(v: Any, gradient: Any, eta: Any) -> Any:
    """Return a wrong step from a loop that ends only because of one line."""
    j = 0
    new = []
    while j < len(v):
        new.append(v[j] - 3 * eta * gradient[j] + 7 * eta * eta)
        j += 1
    return new


def hungry_if_edited(v: Any, gradient: Any, eta: Any) -> Any:
    """Return a wrong step with a list whose size depends on one sign."""
    room = [0.0] * 10 ** (9 - 7)
    room += [0.0] * 10 ** (6 - 4)
    return [p - 3 * eta * q + 7 * eta * eta + room[0] for p, q in zip(v, gradient)]


@pytest.mark.skipif(sys.platform != "linux", reason="memory limits are enforced on Linux only")
@pytest.mark.parametrize("function", [endless_if_edited, hungry_if_edited])
def test_an_endless_or_hungry_edit_does_no_harm(function: Function) -> None:
    """The search drops it; limits and memory do not change."""
    import resource

    limits = resource.getrlimit(resource.RLIMIT_DATA)
    most, begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    mended("descent-step", function)
    assert process_time() - begun < 10.0
    assert resource.getrlimit(resource.RLIMIT_DATA) == limits
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < most + 300_000, "in kB"


def test_a_repair_does_not_change_the_students_function(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Edits run in a copy, and their prints are dropped."""
    kept: list[float] = []

    def noisy(v: Any, gradient: Any, eta: Any) -> Any:
        print("working")
        return [p + eta * q for p, q in zip(v, gradient)]

    diagnose(claim_named("descent-step"), noisy)
    capsys.readouterr()
    assert noisy([1.0], [1.0], 1.0) == [2.0]
    assert kept == []


# No false diagnosis.


def divided_by_itself(v: Any, gradient: Any, eta: float) -> Any:
    """Return the right step, but 0/0 where a slope is 0, without any power of e."""
    with np.errstate(all="ignore"):
        return v - eta * gradient * np.divide(gradient, gradient)


def zero_times_log_of_zero(gradients: Any) -> Any:
    """Return the right mean, but 0 log 0 where a gradient is 0, without any power of e."""
    with np.errstate(all="ignore"):
        return np.mean(gradients + 0 * gradients * np.log(np.abs(gradients)), axis=0)


def zero_over_zero(nabla_a: Any, z: Any) -> Any:
    """Return (BP1) with a power of e; but 0/0 fails, at small numbers."""
    with np.errstate(all="ignore"):
        return np.divide(nabla_a**2, nabla_a) * np.exp(-z) / (1 + np.exp(-z)) ** 2


def last_batch_merged(examples: Any, size: int, rng: Any) -> Any:
    """Return mini-batches; a smaller last one is joined to the one before."""
    data = list(examples)
    rng.shuffle(data)
    whole = max(1, len(data) // size)
    return [data[i * size : None if i == whole - 1 else (i + 1) * size] for i in range(whole)]


def only_two_layers(biases: Any, weights: Any, x: Any) -> Any:
    """Return the right output for one hidden layer; more layers repeat the weights."""
    a = list(x)
    for l in range(len(weights)):
        w = weights[l] if l < 2 else weights[1]
        a = [sigma(sum(p * q for p, q in zip(row, a)) + b) for row, b in zip(w, biases[l])]
    return a


# Wrong functions, nearly right, that fit no mistake of a lesson.
UNKNOWN: list[tuple[str, Function]] = [
    ("descent-step", divided_by_itself),
    ("mini-batch-mean", zero_times_log_of_zero),
    ("bp1", zero_over_zero),
    ("descent-step", lambda v, g, eta: [p - 0.9 * eta * q for p, q in zip(v, g)]),
    ("descent-step", lambda v, g, eta: [p - eta * max(-1, min(1, q)) for p, q in zip(v, g)]),
    ("sigmoid-formula", lambda z: round(sigma(z), 3)),
    ("sigmoid-formula", lambda z: sigma(max(-2.5, min(2.5, z)))),
    ("sigmoid-formula", lambda z: min(1.0, max(0.0, 0.5 + z / 4))),
    ("sigmoid-slope", lambda z: sigma(z + 0.5) - sigma(z - 0.5)),
    ("perceptron-rule", lambda w, x, b: float(sum(p * q for p, q in zip(w, x)) + b > 0.5)),
    ("perceptron-rule", lambda w, x, b: float(abs(sum(p * q for p, q in zip(w, x)) + b) > 0)),
    ("cost-formula", lambda a, y: sum((p - q) ** 2 for p, q in zip(a, y)) / 2 + 1e-4),
    ("cost-formula", lambda a, y: sum(abs(p - q) ** 1.9 for p, q in zip(a, y)) / 2),
    ("mean-cost", lambda a, y: sum((p - q) ** 2 for r in zip(a, y) for p, q in zip(*r)) / 4),
    ("mini-batch-mean", lambda gs: [sorted(column)[len(column) // 2] for column in zip(*gs)]),
    ("weighted-input", lambda w, a, b: [sum(map(round, r)) * a[0] + c for r, c in zip(w, b)]),
    ("feedforward", only_two_layers),
    ("bp1", lambda d, z: [p * (slope(q) + 0.001) for p, q in zip(d, z)]),
    (
        "bp2",
        lambda w, d, z: [
            abs(sum(w[k][j] * d[k] for k in range(len(d)))) * slope(z[j]) for j in range(len(z))
        ],
    ),
    ("bp3", lambda error: [max(-1.0, min(1.0, each)) for each in error]),
    ("bp4", lambda a, d: [[p * q + 0.01 * p for p in a] for q in d]),
    ("mini-batches-cover", last_batch_merged),
]


@pytest.mark.parametrize("number", range(len(UNKNOWN)))
def test_a_nearly_right_function_is_not_given_a_known_mistake(number: int) -> None:
    """It fails with a repair, a sentence on where it is wrong, or no diagnosis."""
    claim, function = claim_named(UNKNOWN[number][0]), UNKNOWN[number][1]
    call = adapted(function, claim.role)
    found = claim.counterexample(call)
    assert found is not None
    said = diagnose(claim, call, found)
    assert said is None or said.mistake in ("repair", "narrowed"), said


def test_a_diagnosis_takes_two_seconds_at_most() -> None:
    """The limit on processor time holds even if nothing is found."""
    for identifier, function in UNKNOWN[4:8]:
        claim = claim_named(identifier)
        call = adapted(function, claim.role)
        begun = process_time()
        diagnose(claim, call)
        assert process_time() - begun < 2.5, identifier


def update_biases_uphill(biases: Any, nabla_sum: Any, eta: float, m: int) -> Any:
    """Return new biases with two mistakes: the sign, and m is left out."""
    return [b + eta * slope for b, slope in zip(biases, nabla_sum)]


def test_two_mistakes_at_once_are_found() -> None:
    """The diagnosis has a sentence for each."""
    found = diagnose(claim_named("update-biases"), update_biases_uphill)
    assert found is not None
    assert found.mistake == "uphill and not-divided"
    assert ". Also, " in found.diagnosis, "the second sentence has a proof too"


def test_a_function_that_keeps_state_between_calls_is_recognised() -> None:
    """The same call has another answer the second time."""
    kept: list[float] = []

    def mean_gradient(gradients: Any) -> Any:
        kept.append(1.0)
        return [sum(column) / len(gradients) + len(kept) for column in zip(*gradients)]

    found = diagnose(claim_named("mini-batch-mean"), mean_gradient)
    assert found is not None
    assert found.mistake == "remembers"


def test_arguments_in_another_order_are_reported_first() -> None:
    """Their names decide: (desired, outputs) gives y - a, but the sign is not the mistake."""

    def cost_derivative(desired: list[float], outputs: list[float]) -> list[float]:
        return [a - y for a, y in zip(outputs, desired)]

    found = diagnose(claim_named("cost-slope"), cost_derivative)
    assert found is not None
    assert found.mistake == "order"
    assert found.diagnosis.endswith("expected cost_derivative(outputs, desired).")


# Where a function is right, and where it is wrong.


def changed(name: str, change: Function) -> tuple[str, Function]:
    """Return a role, and its right function with a change of each answer."""
    right = model(ROLES[name])
    return name, lambda *arguments: change(right(*arguments), *arguments)


def split(name: str, holds: Function) -> tuple[str, Function]:
    """Return a role, and its right function with wrong answers unless a condition holds."""
    return changed(
        name, lambda right, *given: right if holds(*given) else [3.3 + r * r for r in right]
    )


def rows_of(right: Any, change: Function) -> Any:
    """Return a matrix with each number changed by a function of its place."""
    return [[change(j, k, number) for k, number in enumerate(row)] for j, row in enumerate(right)]


def wrong_half(right: Any, half: int, layers: slice) -> Any:
    """Return a gradient with wrong numbers in some layers of one half."""

    def moved(value: Any) -> Any:
        return [moved(each) for each in value] if isinstance(value, list) else 2.0 * value + 1.0

    halves = [list(each) for each in right]
    halves[half][layers] = [moved(layer) for layer in halves[half][layers]]
    return halves


HIDDEN = slice(0, -1)
NARROWED: list[tuple[tuple[str, Function], str]] = [
    (
        changed("hadamard", lambda r, s, t: [p * q for p in s for q in t]),
        "the answer has n · n numbers instead of n: is one loop inside another?",
    ),
    (
        changed("weight_gradient", lambda r, a, d: [r]),
        "the answer has one dimension too many: it is wrapped in another list.",
    ),
    (changed("hadamard", lambda r, s, t: [*r, 0.0]), "the answer always has 1 entry too many."),
    (changed("hadamard", lambda r, s, t: r[:-1]), "the answer always has 1 entry too few."),
    (
        changed("hadamard", lambda r, s, t: [len(r)] * (2 * len(r) + 1)),
        "the answer never has the right shape: ",
    ),
    (
        changed("weight_gradient", lambda r, a, d: [[*column] for column in zip(*r)]),
        "rows and columns are swapped: the answer is transposed.",
    ),
    (
        changed("hadamard", lambda r, s, t: r[::-1]),
        "the numbers are right, but in reverse order.",
    ),
    (
        changed("hadamard", lambda r, s, t: [p + q for p, q in zip(r, s)]),
        "the answer is the right one plus s.",
    ),
    (
        changed("hadamard", lambda r, s, t: [p - q for p, q in zip(r, t)]),
        "the answer is the right one minus t.",
    ),
    (
        changed("hadamard", lambda r, s, t: [p * q for p, q in zip(r, t)]),
        "the answer is the right one times t.",
    ),
    (
        changed("cost", lambda r, a, y: 3.0 * r),
        "every number is 3 times the right one, in all trials.",
    ),
    (
        changed("hadamard", lambda r, s, t: [-p for p in r]),
        "the sign of every number is flipped: the absolute values are right.",
    ),
    (
        changed("cost", lambda r, a, y: r + 0.25),
        "every number differs from the right one by 0.25, in all trials.",
    ),
    (
        changed("hadamard", lambda r, s, t: [abs(p) for p in r]),
        "the absolute value of every number is right, but not every sign.",
    ),
    (changed("cost", lambda r, a, y: 3.0), "the answer is always 3, whatever the arguments are."),
    (
        changed("sigmoid", lambda r, z: 0.25 if z < 1 else 0.75),
        "the answer is always 0.25 or 0.75, whatever the arguments are.",
    ),
    (
        changed("backprop", lambda r, *_: wrong_half(r, 1, slice(None))),
        "∂C/∂b is right in all trials: look at (BP4).",
    ),
    (
        changed("backprop", lambda r, *_: wrong_half(r, 0, slice(None))),
        "∂C/∂w is right in all trials: look at (BP3).",
    ),
    (
        changed("backprop", lambda r, *_: wrong_half(wrong_half(r, 0, HIDDEN), 1, HIDDEN)),
        "∂C/∂b is right in the output layer and wrong in the hidden layers; ∂C/∂w is right in the "
        "output layer and wrong in the hidden layers: look at (BP2).",
    ),
    (
        changed("hadamard", lambda r, s, t: [9.5 + r[0], *r[1:]]),
        "only the first entry is wrong, in all trials with more than one.",
    ),
    (
        changed("hadamard", lambda r, s, t: [*r[:-1], 9.5 + r[-1]]),
        "only the last entry is wrong, in all trials with more than one.",
    ),
    (
        changed("hadamard", lambda r, s, t: [r[0], *(9.5 + p * p for p in r[1:])]),
        "only the first entry is right, in all trials with more than one.",
    ),
    (
        changed("hadamard", lambda r, s, t: [*(9.5 + p * p for p in r[:-1]), r[-1]]),
        "only the last entry is right, in all trials with more than one.",
    ),
    (
        changed("weight_gradient", lambda r, a, d: [[9.5 + p for p in r[0]], *r[1:]]),
        "only the first row is wrong, in all trials with more than one.",
    ),
    (
        changed("half_adder", lambda r, p, q: [1.0 - r[0], r[1]]),
        "the sum is wrong; the carry is right in all trials.",
    ),
    (
        changed("half_adder", lambda r, p, q: [r[0], 1.0 - r[1]]),
        "the carry is wrong; the sum is right in all trials.",
    ),
    (
        changed("hadamard", lambda r, s, t: [sum(r) + len(r) ** 3] * len(r)),
        "all entries of the answer are the same: is one list or number repeated?",
    ),
    (
        changed(
            "weight_gradient",
            lambda r, a, d: rows_of(r, lambda j, k, number: number if j == k else number**2 + 7.5),
        ),
        "only the entries with j = k are right.",
    ),
    (
        split("hadamard", lambda s, t: len(s) <= 1),
        "right wherever s has one entry, and wrong everywhere else.",
    ),
    (split("hadamard", lambda s, t: len(s) > 2), "wrong wherever s has at most 2 entries"),
    (
        changed("sigmoid_prime", lambda r, z: r if z > 0 else r + z * z + 1),
        "right wherever z is above 0, and wrong everywhere else.",
    ),
    (
        changed("cost", lambda r, a, y: round(r, 2)),
        "every number is within 0.005 of the right one: is it rounded",
    ),
]


@pytest.mark.parametrize(("function", "words"), NARROWED, ids=lambda value: str(value)[:40])
def test_a_narrowing_sentence_is_true(function: tuple[str, Function], words: str) -> None:
    """A function with exactly this fault gets the sentence that states it."""
    role = ROLES[function[0]]
    trials, right = role.trials(), answers(role, model(role))
    call = Adapted(function[1], role, "lists")
    given = [observed(call, trial) for trial in trials]
    found = narrowed(role, trials, given, right, call)
    assert found is not None
    assert found.startswith(words), found


def test_answers_without_a_pattern_get_no_sentence() -> None:
    """Random errors fit none of the sentences."""
    role = ROLES["hadamard"]
    trials, right = role.trials(), answers(role, model(role))
    noise = random.Random(3)
    given = [[each + noise.choice((-1, 1)) * noise.random() for each in a] for a in right]
    call = Adapted(model(role), role, "lists")
    assert narrowed(role, trials, given, right, call) is None


def test_an_unused_parameter_is_reported() -> None:
    """The answer does not change with it, in trials in which it should."""
    role = ROLES["descent_step"]
    trials, right = role.trials(), answers(role, model(role))
    call = Adapted(lambda gradient, eta: [g * g + 1.5 for g in gradient], role, "lists")
    given = [observed(call, trial) for trial in trials]
    words = narrowed(role, trials, given, right, call)
    assert words == "the answer does not change with eta: is it used?"


# Mini-batches: facts that do not depend on the shuffle.


def batches(order: str, cut: str) -> Callable[..., Any]:
    """Return a function from a line that makes `data` and an expression that cuts it."""
    code = f"def mini_batches(examples, size, rng):\n    {order}\n    return {cut}\n"
    space: dict[str, Any] = {"random": random}
    exec(code, space)
    function: Callable[..., Any] = space["mini_batches"]
    return function


SHUFFLED = "data = list(examples); rng.shuffle(data)"
EACH = "[data[i : i + size] for i in range(0, len(data), size)]"
UNEVEN = [
    ("drops-the-last", SHUFFLED, "[data[i * size :][:size] for i in range(len(data) // size)]"),
    ("drops-last-batch", SHUFFLED, f"{EACH}[:-1]"),
    ("one-short", SHUFFLED, "[data[i : i + size - 1] for i in range(0, len(data), size)]"),
    ("overlap", SHUFFLED, "[data[i : i + size] for i in range(len(data))]"),
    ("with-replacement", SHUFFLED, f"[[rng.choice(data) for _ in b] for b in {EACH}]"),
    ("first-only", SHUFFLED, f"{EACH}[:1]"),
    ("same-batch", SHUFFLED, f"[data[:size] for b in {EACH}]"),
    ("count-for-size", SHUFFLED, "[data[i::size] for i in range(size)]"),
    ("one-batch", SHUFFLED, "[data]"),
    ("empty-batch", SHUFFLED, f"{EACH} + [[]]"),
]
UNMIXED = [
    ("no-shuffle", "data = examples", EACH),
    ("reversed", "data = examples[::-1]", EACH),
    ("shuffles-batches-only", "data = examples", f"rng.sample({EACH}, -(-len(data) // size))"),
    ("shuffles-inside-only", "data = examples", f"[rng.sample(b, len(b)) for b in {EACH}]"),
    ("always-the-same", "data = list(examples); random.Random(1).shuffle(data)", EACH),
]


SAID = {"overlap": "overlap", "empty-batch": "the sizes", "shuffles-batches-only": "the sizes"}
SAID["always-the-same"] = "each state of rng gives another order"


@pytest.mark.parametrize(("mistake", "order", "cut"), [*UNEVEN, *UNMIXED])
def test_each_wrong_way_to_cut_or_mix_is_reported(mistake: str, order: str, cut: str) -> None:
    """Examples left out, used twice, or always with the same neighbours: by name or by fact."""
    claim = "mini-batches-cover" if (mistake, order, cut) in UNEVEN else "mini-batches-mix"
    found = diagnose(claim_named(claim), batches(order, cut))
    assert found is not None
    assert found.mistake == mistake or SAID[mistake] in found.diagnosis


def test_a_shuffle_without_the_rng_argument_is_reported() -> None:
    """The rng argument must decide the order."""
    own = batches("data = list(examples); random.shuffle(data)", EACH)
    found = diagnose(claim_named("mini-batches-repeat"), own)
    assert found is not None
    assert found.mistake == "own-randomness"


def test_right_mini_batches_have_no_diagnosis() -> None:
    """The diagnosis is None for every claim about them."""
    for claim in ("mini-batches-cover", "mini-batches-mix", "mini-batches-repeat"):
        assert diagnose(claim_named(claim), batches(SHUFFLED, EACH)) is None


# In your own test.


def test_check_is_three_lines_of_pytest() -> None:
    """A failing check reports the claim, the equation, the numbers and the diagnosis."""

    def hidden_error(w: list[list[float]], delta: list[float], z: list[float]) -> list[float]:
        return [sum(row[j] * d for row, d in zip(w, delta)) for j in range(len(z))]

    with pytest.raises(ClaimError) as raised:
        check("bp2", hidden_error)
    text = str(raised.value)
    for words in ("bp2: The error of a hidden", "(BP2)  δ^l_j", "yours", "by hand", "σ'(z)"):
        assert words in text
    assert "looks like" in text
    assert "σ'(z) is left out" in text
    assert raised.value.counterexample is not None


def test_check_returns_none_if_the_claim_holds() -> None:
    """It takes a claim or its name."""
    check(claim_named("bp3"), lambda error: error)
