"""Forty wrong solutions as learners write them, and twenty right ones, through the whole grader."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tinynn.teaching import ClaimError, check
from tinynn.teaching.claims import claim_named, claims_for
from tinynn.teaching.diagnosis import alike, diagnose, fits, outcome
from tinynn.teaching.grader import Report, grade
from tinynn.teaching.mistakes import FAMILIES
from tinynn.teaching.roles import ROLES
from tinynn.teaching.trials import trials

STUDENTS = Path(__file__).resolve().parent / "students"
WRONG = sorted(path.stem for path in STUDENTS.glob("wrong_*.py"))
RIGHT = sorted(path.stem for path in STUDENTS.glob("right_*.py"))

Reports = dict[str, Report]


@pytest.fixture(scope="module")
def reports() -> Reports:
    """Every student's file, graded as `tinynn grade` does."""

    def graded(name: str) -> Report:
        # a wrong one must be caught with half the effort
        effort = 100 if name in RIGHT else 50
        return grade(str(STUDENTS / f"{name}.py"), time_limit=120.0, max_examples=effort)

    names = [*WRONG, *RIGHT]
    with ThreadPoolExecutor(2) as pool:
        return dict(zip(names, pool.map(graded, names)))


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
def test_a_right_solution_passes_in_every_style(reports: Reports, name: str) -> None:
    """Lists, NumPy, columns, recursion, classes, our own types: every claim holds."""
    report = reports[name]
    assert report.passed, [row for row in report.rows if not row.passed]


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_solution_fails_where_it_is_wrong(reports: Reports, name: str) -> None:
    """The claims that it breaks, and no others."""
    failed = {row.claim for row in reports[name].rows if not row.passed}
    assert failed == heading(name, "fails")


@pytest.mark.parametrize("name", WRONG)
def test_a_diagnosis_is_never_wrong(reports: Reports, name: str) -> None:
    """Where something is said of a mistake, it is the mistake that was made."""
    said = {row.mistake for row in reports[name].rows} - {""}
    assert said <= heading(name, "mistake")


def test_the_diagnosis_finds_nearly_every_mistake(reports: Reports) -> None:
    """At least thirty of the forty; today all of them."""
    found = [name for name in WRONG if any(row.mistake for row in reports[name].rows)]
    assert len(found) >= 38, sorted(set(WRONG) - set(found))


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

    (claim, *_) = claims_for(role)
    assert diagnose(claim, right) is None


def test_exchanged_halves_of_a_gradient_are_told() -> None:
    """(nabla_w, nabla_b) where (nabla_b, nabla_w) was asked for."""

    def backprop(*arguments: Any) -> Any:
        names = ("biases", "weights", "x", "y")
        nabla_b, nabla_w = outcome(FAMILIES["backprop"], (), dict(zip(names, arguments)))
        return nabla_w, nabla_b

    found = diagnose(claim_named("backprop"), backprop)
    assert found is not None
    assert found.mistake == "swapped"
