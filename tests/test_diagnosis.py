"""Forty wrong solutions as learners write them, and twenty right ones, through the whole grader."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tinynn.teaching import CLAIMS, ClaimError, check, grade
from tinynn.teaching.adapt import adapted
from tinynn.teaching.claims import claim_named
from tinynn.teaching.diagnosis import alike, diagnose, fits, outcome
from tinynn.teaching.mistakes import FAMILIES

from tinynn.teaching.trials import trials

STUDENTS = Path(__file__).resolve().parent / "students"
WRONG = sorted(path.stem for path in STUDENTS.glob("wrong_*.py"))
RIGHT = sorted(path.stem for path in STUDENTS.glob("right_*.py"))


class Judged(NamedTuple):
    """What came of a student's file: the claims that were tried, broken, and what was said."""

    tried: list[str]
    failed: dict[str, str]
    said: dict[str, str]


def judged(name: str) -> Judged:
    """Judge a student's file as `tinynn grade` does."""
    effort = 100 if name in RIGHT else 50  # a wrong one must be caught with half the effort
    report = grade(str(STUDENTS / f"{name}.py"), time_limit=120.0, max_examples=effort)
    return Judged(
        [row.claim for row in report.rows],
        {row.claim: row.kind for row in report.rows if row.kind},
        {row.claim: row.mistake for row in report.rows if row.mistake},
    )


Files = dict[str, Judged]


@pytest.fixture(scope="module")
def files() -> Files:
    """Every student's file, judged by two processes that take one after the other."""
    names = [*RIGHT, *WRONG]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        return dict(zip(names, pool.map(judged, names)))


def heading(name: str, key: str) -> set[str]:
    """What a wrong solution says of itself: its mistakes, and the claims that it breaks."""
    text = (STUDENTS / f"{name}.py").read_text(encoding="utf-8")
    found = re.search(f"^# {key}: (.*)$", text, re.MULTILINE)
    assert found, f"{name} does not say its {key}"
    return set(found[1].split())


def test_there_are_forty_and_twenty() -> None:
    """As many as were promised."""
    assert (len(WRONG), len(RIGHT)) == (40, 20)


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_solution_passes_in_every_style(files: Files, name: str) -> None:
    """Lists, NumPy, columns, recursion, classes, our own types: every claim holds."""
    assert files[name].tried
    assert not files[name].failed


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_solution_fails_where_it_is_wrong(files: Files, name: str) -> None:
    """The claims that it breaks, and no others."""
    assert set(files[name].failed) == heading(name, "fails")


@pytest.mark.parametrize("name", WRONG)
def test_a_diagnosis_is_never_wrong(files: Files, name: str) -> None:
    """Where something is said of a mistake, it is the mistake that was made."""
    assert set(files[name].said.values()) <= heading(name, "mistake")


def test_the_diagnosis_is_right_for_nearly_every_mistake(files: Files) -> None:
    """For at least 38 of the forty, something is said, and all that is said is right."""
    said = {name: set(files[name].said.values()) for name in WRONG}
    right = {name for name in WRONG if said[name] and said[name] <= heading(name, "mistake")}
    assert len(right) >= 38, {name: said[name] for name in WRONG if name not in right}


@pytest.mark.parametrize("role", sorted(FAMILIES))
def test_a_family_without_a_mistake_is_right(role: str) -> None:
    """Its function, with no mistake switched on, answers the worked example as it should."""
    family, example = FAMILIES[role], ROLES[role].example
    right = outcome(family, (), example.arguments)
    expected = example.result if role != "build_circuit" else example.arguments["truth_table"]
    assert alike(right, expected)
    assert [parameter.name for parameter in ROLES[role].parameters] == list(trials(role)[0])


@pytest.mark.parametrize("role", sorted(FAMILIES))
def test_each_mistake_is_told_from_every_other(role: str) -> None:
    """No two mistakes give the same numbers in all trial calls, and none gives the right ones."""
    family = FAMILIES[role]
    right = [outcome(family, (), each) for each in trials(role)]
    for name in family.texts:
        came = [outcome(family, (name,), each) for each in trials(role)]
        explained = [
            other
            for other in family.texts
            if fits(came, [outcome(family, (other,), e) for e in trials(role)], right, family.least)
        ]
        assert explained == [name]


def test_what_no_known_mistake_explains_is_left_unexplained() -> None:
    """A number out of the air has no diagnosis."""

    def update(v: list[float], gradient: list[float], eta: float) -> list[float]:
        return [p - eta * slope + 0.001 * p * slope for p, slope in zip(v, gradient)]

    assert diagnose(claim_named("descent-step"), update) is None


def sigma(z: float) -> float:
    """σ, for z of moderate size."""
    return 1 / (1 + math.exp(-z))


def slope(z: float) -> float:
    """σ'."""
    return sigma(z) * (1 - sigma(z))


def divided_by_itself(v: Any, gradient: Any, eta: float) -> Any:
    """Right, but 0/0 where a slope is 0: no power of e is in it."""
    with np.errstate(all="ignore"):
        return v - eta * gradient * np.divide(gradient, gradient)


def zero_times_log_of_zero(gradients: Any) -> Any:
    """Right, but 0 log 0 where a gradient is 0: no power of e is in it."""
    with np.errstate(all="ignore"):
        return np.mean(gradients + 0 * gradients * np.log(np.abs(gradients)), axis=0)


def zero_over_zero(nabla_a: Any, z: Any) -> Any:
    """A power of e is in it, but what fails is 0/0, at small numbers."""
    with np.errstate(all="ignore"):
        return np.divide(nabla_a**2, nabla_a) * np.exp(-z) / (1 + np.exp(-z)) ** 2


def last_batch_merged(examples: Any, size: int, rng: Any) -> Any:
    """What fills no whole mini-batch joins the one before."""
    data = list(examples)
    rng.shuffle(data)
    whole = max(1, len(data) // size)
    return [data[i * size : None if i == whole - 1 else (i + 1) * size] for i in range(whole)]


def only_two_layers(biases: Any, weights: Any, x: Any) -> Any:
    """Right for one hidden layer, with the weights of the first used again for more."""
    a = list(x)
    for l in range(len(weights)):
        w = weights[l] if l < 2 else weights[1]
        a = [sigma(sum(p * q for p, q in zip(row, a)) + b) for row, b in zip(w, biases[l])]
    return a


# Wrong, nearly right, and like no mistake that is known.
UNKNOWN: list[tuple[str, Callable[..., Any]]] = [
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
def test_of_a_function_that_is_nearly_right_nothing_wrong_is_said(number: int) -> None:
    """It fails, and no known mistake is blamed for it."""
    claim, function = claim_named(UNKNOWN[number][0]), UNKNOWN[number][1]
    call = adapted(function, claim.role)
    found = claim.counterexample(call)
    assert found is not None
    assert diagnose(claim, call, found) is None


def test_two_mistakes_at_once_are_found() -> None:
    """Each with its own words."""

    def update_biases(
        biases: list[float], nabla_sum: list[float], eta: float, m: int
    ) -> list[float]:
        return [b + eta * slope for b, slope in zip(biases, nabla_sum)]

    found = diagnose(claim_named("update-biases"), update_biases)
    assert found is not None
    assert found.mistake == "uphill and not-divided"


def test_check_is_three_lines_of_pytest() -> None:
    """A failing check says the claim, the equation, the numbers and what it looks like."""

    def hidden_error(w: list[list[float]], delta: list[float], z: list[float]) -> list[float]:
        return [sum(row[j] * d for row, d in zip(w, delta)) for j in range(len(z))]

    with pytest.raises(ClaimError) as raised:
        check("bp2", hidden_error)
    text = str(raised.value)
    for words in ("bp2: The error of a hidden", "(BP2)  δ^l_j", "gave", "expected", "σ'(z)"):
        assert words in text
    assert "looks like" in text
    assert "σ'(z) is left out" in text
    assert raised.value.counterexample is not None


def test_check_says_nothing_where_the_claim_holds() -> None:
    """It returns None, and takes the claim itself as well as its name."""
    check(claim_named("bp3"), lambda error: error)


def batches(order: str, cut: str) -> Callable[..., Any]:
    """A function of mini-batches, from a line that makes `data` and an expression that cuts it."""
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


@pytest.mark.parametrize(("mistake", "order", "cut"), UNEVEN)
def test_each_way_to_cut_wrongly_is_told(mistake: str, order: str, cut: str) -> None:
    """Examples left out, doubled, or in mini-batches of other sizes."""
    found = diagnose(claim_named("mini-batches-cover"), batches(order, cut))
    assert found is not None
    assert found.mistake == mistake


@pytest.mark.parametrize(("mistake", "order", "cut"), UNMIXED)
def test_each_way_not_to_mix_is_told(mistake: str, order: str, cut: str) -> None:
    """Every example comes once, but with the same neighbours for ever."""
    found = diagnose(claim_named("mini-batches-mix"), batches(order, cut))
    assert found is not None
    assert found.mistake == mistake


def test_shuffling_by_chance_of_ones_own_is_told() -> None:
    """The rng that is handed over has to be the one that shuffles."""
    own = batches("data = list(examples); random.shuffle(data)", EACH)
    found = diagnose(claim_named("mini-batches-repeat"), own)
    assert found is not None
    assert found.mistake == "own-randomness"


def test_a_right_cut_has_no_diagnosis() -> None:
    """Not even if somebody asks."""
    for claim in ("mini-batches-cover", "mini-batches-mix", "mini-batches-repeat"):
        assert diagnose(claim_named(claim), batches(SHUFFLED, EACH)) is None


@pytest.mark.parametrize("role", sorted(FAMILIES))
def test_a_right_function_has_no_diagnosis(role: str) -> None:
    """Whatever the role: a family with no mistake switched on looks like none of its mistakes."""
    family = FAMILIES[role]
    if role == "build_circuit":
        return
    names = [parameter.name for parameter in ROLES[role].parameters]

    def right(*arguments: Any) -> Any:
        return outcome(family, (), dict(zip(names, arguments)))

    claim = next(claim for claim in CLAIMS.values() if claim.role.name == role)
    assert diagnose(claim, right) is None


def test_arguments_in_another_order_are_told_before_any_guess() -> None:
    """By their names: (desired, outputs) gives y - a, but that is not what is wrong."""

    def cost_derivative(desired: list[float], outputs: list[float]) -> list[float]:
        return [a - y for a, y in zip(outputs, desired)]

    found = diagnose(claim_named("cost-slope"), cost_derivative)
    assert found is not None
    assert found.mistake == "order"
    assert found.diagnosis.endswith("expected cost_derivative(outputs, desired).")


def test_twice_the_difference_is_not_a_missing_half() -> None:
    """* 2 where ** 2 is meant, with the 1/2 in its place."""
    found = diagnose(
        claim_named("cost-formula"), lambda a, y: 0.5 * sum((p - q) * 2 for p, q in zip(a, y))
    )
    assert found is not None
    assert found.mistake == "twice"


def test_exchanged_halves_of_a_gradient_are_told() -> None:
    """(nabla_w, nabla_b) where (nabla_b, nabla_w) was asked for."""

    def backprop(*arguments: Any) -> Any:
        names = ("biases", "weights", "x", "y")
        nabla_b, nabla_w = outcome(FAMILIES["backprop"], (), dict(zip(names, arguments)))
        return nabla_w, nabla_b

    found = diagnose(claim_named("backprop"), backprop)
    assert found is not None
    assert found.mistake == "swapped"
