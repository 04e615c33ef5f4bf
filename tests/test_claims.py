"""The claims themselves: each is broken by a wrong function, and says how; none by a right one."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from math import exp, nan
from pathlib import Path
from random import Random, sample
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.terminal import run
from tinynn import ArgumentError
from tinynn.cli import main
from tinynn.equations import hidden_error
from tinynn.notation import equations
from tinynn.teaching import CLAIMS, Claim, ClaimError, Counterexample, check
from tinynn.teaching.adapt import adapted, close
from tinynn.teaching.claims import claim_named
from tinynn.teaching.judging import Definition
from tinynn.teaching.roles import ROLES
from tinynn.views import claim_lines

Numbers = list[float]
Rows = list[Numbers]
Function = Callable[..., Any]


def sigma(z: float) -> float:
    """σ, for z of moderate size."""
    return 1 / (1 + exp(-z))


def slope(z: float) -> float:
    """σ'."""
    return sigma(z) * (1 - sigma(z))


def dot(p: Sequence[float], q: Sequence[float]) -> float:
    """p · q."""
    return sum(a * b for a, b in zip(p, q))


def transposed(w: Rows, d: Numbers, z: Numbers) -> Numbers:
    """(BP2) with w_jk for w_kj."""
    return [sum(w[j][k] * d[k] for k in range(len(d))) * slope(z[j]) for j in range(len(z))]


def in_order(examples: Any, size: int, rng: Random) -> Any:
    """Mini-batches with no shuffle."""
    return [examples[i : i + size] for i in range(0, len(examples), size)]


def in_place(examples: Any, size: int, rng: Random) -> Any:
    """Mini-batches of the caller's own list."""
    rng.shuffle(examples)
    return in_order(examples, size, rng)


def without_the_rest(examples: Any, size: int, rng: Random) -> Any:
    """Mini-batches of whole size only."""
    return [batch for batch in in_order(examples, size, rng) if len(batch) == size]


def backwards(b: list[Numbers], w: list[Rows], x: Numbers, y: Numbers) -> Any:
    """Backpropagation with y - a for a - y, in a network without hidden layers."""
    z = [dot(row, x) + bias for row, bias in zip(w[0], b[0])]
    delta = [(yj - sigma(zj)) * slope(zj) for yj, zj in zip(y, z)]
    return [delta], [[[d * xk for xk in x] for d in delta]]


# One mistake or more for each claim, as learners make them.
WRONG: dict[str, list[Function]] = {
    "weighted-sum": [lambda w, x: sum(w) * sum(x), lambda w, x: w[0] * x[0]],
    "perceptron-threshold": [lambda w, x, t: float(dot(w, x) >= t), lambda w, x, t: dot(w, x) < t],
    "perceptron-rule": [lambda w, x, b: dot(w, x) + b >= 0, lambda w, x, b: dot(w, x) > b],
    "nand": [lambda p, q: p and q, lambda p, q: not (p or q)],
    "half-adder": [lambda p, q: (p | q, p & q), lambda p, q: (p & q, p ^ q)],
    "nand-universal": [
        lambda table: lambda *bits: 0,
        lambda table: lambda *bits: table[sum(bit << i for i, bit in enumerate(bits))],
    ],
    "perceptron-scaling": [lambda w, x, b: dot(w, x) + b > 0.5, lambda w, x, b: dot(w, x) + b],
    "sigmoid-formula": [lambda z: 1 / (1 + exp(z)), lambda z: exp(z) / (2 + exp(z))],
    "sigmoid-limit": [sigma, lambda z: 1 / (1 + z * z), lambda z: 2 * sigma(max(-700, z)) - 1],
    "sigmoid-symmetry": [lambda z: exp(-z * z), lambda z: 1 / (1 + 2 ** abs(z))],
    "sigmoid-rises": [lambda z: float(z > 0), lambda z: sigma(-z)],
    "sigmoid-neuron": [lambda w, x, b: sigma(dot(w, x)), lambda w, x, b: sigma(dot(w, x) - b)],
    "output-change": [
        lambda w, x, b, dw, db: slope(dot(w, x) + b) * dot(x, dw),
        lambda w, x, b, dw, db: slope(dot(w, x) + b) * (dot(w, dw) + db),
    ],
    "small-change": [lambda w, x, b: float(dot(w, x) + b > 0), lambda w, x, b: dot(w, x) + b],
    "sigmoid-becomes-perceptron": [
        lambda w, x, b: sigma(-dot(w, x) - b),
        lambda w, x, b: 0.5 + (dot(w, x) + b) / 1000,
    ],
    "mean-cost": [
        lambda a, y: sum(dot(p, p) for p in [[s - t for s, t in zip(*q)] for q in zip(a, y)]) / 2,
        lambda a, y: sum((s - t) ** 2 for q in zip(a, y) for s, t in zip(*q)) / (2 * len(a[0])),
    ],
    "cost-positive": [lambda a, y: sum(y) - sum(a), lambda a, y: 1 + sum(a) ** 2],
    "cost-change": [lambda g, dv: -dot(g, dv), lambda g, dv: sum(g) * sum(dv)],
    "numerical-gradient": [
        lambda C, v: [C(v) for _ in v],
        lambda C, v: [(C([x + 0.001 for x in v]) - C(v)) / 0.001] * len(v),
    ],
    "descent-direction": [lambda g, eta: [eta * x for x in g], lambda g, eta: [-x for x in g]],
    "descent-step": [
        lambda v, g, eta: [a + eta * b for a, b in zip(v, g)],
        lambda v, g, eta: [-eta * b for b in g],
    ],
    "descent-decreases": [
        lambda v, g, eta: [a + eta * b for a, b in zip(v, g)],
        lambda v, g, eta: v,
        lambda v, g, eta: [a - 3 * eta * b for a, b in zip(v, g)],
    ],
    "descent-steepest": [
        lambda v, g, eta: v,
        lambda v, g, eta: [a - eta * (b > 0) + eta * (b < 0) for a, b in zip(v, g)],
    ],
    "mini-batch-mean": [
        lambda gs: [sum(column) for column in zip(*gs)],
        lambda gs: [sum(column) / len(gs[0]) for column in zip(*gs)],
    ],
    "update-weights": [
        lambda w, s, eta, m: [[a - eta * b for a, b in zip(*rows)] for rows in zip(w, s)],
        lambda w, s, eta, m: [[a + eta / m * b for a, b in zip(*rows)] for rows in zip(w, s)],
    ],
    "update-biases": [
        lambda b, s, eta, m: [p - eta / len(b) * q for p, q in zip(b, s)],
        lambda b, s, eta, m: [p - eta // m * q for p, q in zip(b, s)],
    ],
    "mini-batches-cover": [without_the_rest, lambda examples, size, rng: [examples]],
    "mini-batches-mix": [in_order],
    "mini-batches-leave-data": [in_place],
    "mini-batches-repeat": [lambda e, size, rng: in_order(sample(e, len(e)), size, rng)],
    "weighted-input": [
        lambda w, a, b: [dot(row, a) for row in w],
        lambda w, a, b: [dot(column, a) + c for column, c in zip(zip(*w), b)],
    ],
    "activation": [lambda z: [1 - sigma(x) for x in z], lambda z: [sigma(z[0])] * len(z)],
    "feedforward": [
        lambda b, w, x: [sigma(dot(row, x) + c) for row, c in zip(w[0], b[0])],
        lambda b, w, x: [dot(row, x) + c for row, c in zip(w[-1], b[-1])],
    ],
    "cost-formula": [
        lambda a, y: sum((p - q) ** 2 for p, q in zip(a, y)),
        lambda a, y: sum(abs(p - q) for p, q in zip(a, y)) / 2,
    ],
    "cost-slope": [
        lambda a, y: [q - p for p, q in zip(a, y)],
        lambda a, y: [2 * (p - q) for p, q in zip(a, y)],
    ],
    "hadamard": [dot, lambda s, t: [p + q for p, q in zip(s, t)]],
    "sigmoid-slope": [sigma, lambda a: a * (1 - a)],
    "bp1": [
        lambda c, z: c,
        lambda c, z: [p * sigma(q) for p, q in zip(c, z)],
        lambda c, z: [p * q * (1 - q) for p, q in zip(c, z)],
    ],
    "bp2": [
        transposed,
        lambda w, d, z: [dot([row[j] for row in w], d) for j in range(len(z))],
        lambda w, d, z: [-x for x in hidden_error(w, d, z)],
    ],
    "bp3": [lambda d: [-x for x in d], lambda d: [1.0 for _ in d]],
    "bp4": [
        lambda a, d: [[x * y for y in d] for x in a],
        lambda a, d: [[y for _ in a] for y in d],
    ],
    "backprop": [backwards],
    "numerical-slope": [lambda C, v: C(v + 0.001) - C(v), lambda C, v: (C(v) - C(v + 0.01)) / 0.01],
}


@pytest.mark.parametrize(
    ("identifier", "number"),
    [(name, i) for name, wrong in WRONG.items() for i in range(len(wrong))],
)
def test_a_wrong_function_is_told_its_claim_its_equation_and_its_numbers(
    identifier: str, number: int
) -> None:
    """All of it stands in the message."""
    claim, function = CLAIMS[identifier], WRONG[identifier][number]
    with pytest.raises(ClaimError) as raised:
        claim.check(function)
    text, found = str(raised.value), raised.value.counterexample
    assert text.startswith(f"{identifier}: {claim.sentence}\n")
    assert all(formula in text for formula in claim.formulas)
    assert f"{claim.role.name}(" in text
    assert ("  gave " in text) != bool(found.calls)
    assert found.arithmetic, text


@pytest.mark.parametrize("identifier", ["bp2", "nand-universal", "mini-batches-mix"])
def test_the_same_function_gets_the_same_counterexample_again(identifier: str) -> None:
    """Nothing is left to chance, and nothing is kept from one check to the next."""
    told = []
    for _ in range(2):
        with pytest.raises(ClaimError) as raised:
            CLAIMS[identifier].check(WRONG[identifier][0])
        told.append(str(raised.value))
    assert told[0] == told[1]


def test_every_claim_has_a_mistake_that_breaks_it() -> None:
    """A claim that nothing breaks promises nothing."""
    assert list(WRONG) == list(CLAIMS)


def test_every_claim_is_held_by_the_engine_in_a_test_of_its_name_and_chapter() -> None:
    """`check("bp2", …)` stands in `test_bp2`, marked ch2: one source for theirs and for ours."""
    held: dict[str, set[str]] = {}
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = "ch1" if "pytestmark = pytest.mark.ch1" in ast.unparse(tree) else ""
        whole += "ch2" if "pytestmark = pytest.mark.ch2" in ast.unparse(tree) else ""
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                identifier = node.name.removeprefix("test_").replace("_", "-")
                if f"check('{identifier}'" in ast.unparse(node):
                    marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
                    held[identifier] = {ch for ch in ("ch1", "ch2") if ch in marks + whole}
    assert {name: {f"ch{claim.chapter}"} for name, claim in CLAIMS.items()} == held


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.identifier)
def test_every_claim_says_what_it_is(claim: Claim) -> None:
    """A sentence, registered equations, a role with a worked example."""
    known = {entry.number: entry for entry in equations()}
    assert claim is CLAIMS[claim.identifier] is claim_named(claim.identifier.upper())
    assert claim.sentence[0].isupper() or claim.sentence[0] in "σ∂"
    assert claim.sentence.endswith(".")
    assert set(claim.equations) <= set(known)
    if claim.equations:
        chapters = {known[number].chapter for number in claim.equations}
        assert claim.chapter in chapters or claim.identifier == "feedforward"
    assert claim.role is ROLES[claim.role.name]


def test_claims_stand_in_chapter_order() -> None:
    """Chapter 1, then chapter 2."""
    chapters = [claim.chapter for claim in CLAIMS.values()]
    assert chapters == sorted(chapters)


def test_every_role_is_judged_and_its_example_worked_out_right() -> None:
    """The call by hand is what the definition gives."""
    for role in ROLES.values():
        of_role = [claim for claim in CLAIMS.values() if claim.role is role]
        assert of_role, f"{role.name} is judged by no claim"
        definitions = [claim.judge for claim in of_role if isinstance(claim.judge, Definition)]
        for judge in definitions:
            came = judge.expected(**role.example.arguments)
            assert close(came, role.example.result, 1e-6), f"{role.name} by hand"


def test_a_failure_reads_like_a_page_of_a_notebook() -> None:
    """The smallest arguments, what came, what was expected, the arithmetic written out."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp2"].check(lambda w, d, z: [dot([row[j] for row in w], d) for j in range(len(z))])
    assert str(raised.value).splitlines()[1:] == [
        "  (BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)",
        "hidden_error(next_weights = [[1]], next_error = [1], weighted_inputs = [0])",
        "  gave      [1]",
        "  expected  [0.25]",
        "  apart by  0.75",
        "  δ_1 = (w_11 δ_1) σ'(z_1) = ((1)(1)) (0.25) = 0.25",
    ]
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp2"].check(transposed)
    assert raised.value.counterexample.arguments["next_weights"] == [[0, 0], [1, 0]]


def test_a_wrong_gradient_is_told_by_the_parameter_that_is_furthest_off() -> None:
    """By the book's name for it."""
    with pytest.raises(ClaimError, match=r"∂C/∂b\^2_1 is -0.125, not 0.125"):
        CLAIMS["backprop"].check(backwards)


def test_wrong_numbers_are_told_before_errors_and_errors_where_there_is_nothing_else() -> None:
    """A transposed w raises IndexError where it is not square; the numbers say more."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp2"].check(transposed)
    assert raised.value.counterexample.raised is None

    def fails(z: float) -> float:
        raise KeyError("z")

    with pytest.raises(ClaimError, match="gave      KeyError: 'z'") as raised:
        CLAIMS["sigmoid-formula"].check(fails)
    assert isinstance(raised.value.__cause__, KeyError)
    assert raised.value.counterexample.expected == 0.5


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "expected a number, got None: is there a return?"),
        (nan, "expected a finite number, got nan"),
        ("0.5", "expected a number, got '0.5'"),
        ([0.5, 0.5], "expected a number, got a list of 2"),
    ],
)
def test_what_is_no_answer_is_told_in_one_sentence(answer: Any, words: str) -> None:
    """Not judged as a number."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["sigmoid-formula"].check(lambda z: answer)
    assert words in str(raised.value)


def test_a_function_that_answers_differently_each_time_is_failed_without_a_traceback() -> None:
    """Hypothesis calls it flaky; a student is shown what was seen last."""
    calls = iter(range(10**9))
    with pytest.raises(ClaimError):
        CLAIMS["sigmoid-formula"].check(lambda z: float(next(calls) % 7))


def test_check_touches_no_setting_and_no_random_state() -> None:
    """It may be called in the middle of anyone's test."""
    import random

    before, state = repr(settings()), random.getstate()
    CLAIMS["mini-batches-cover"].check(lambda e, size, rng: in_order(list(e), size, rng))
    assert repr(settings()) == before
    assert random.getstate() == state


@settings(max_examples=2, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(1, 3))
def test_check_may_stand_in_a_property_of_ones_own(count: int) -> None:
    """A given within a given."""
    CLAIMS["bp3"].check(lambda error: error, max_examples=count)


@pytest.mark.parametrize("given", [3, None, [0.5]])
def test_what_is_not_a_function_is_refused_by_the_name_of_the_claim(given: Any) -> None:
    """Such as a function's answer, handed over in place of the function."""
    with pytest.raises(ArgumentError, match="bp2: expected a function, got"):
        check("bp2", given)


def test_as_many_examples_are_tried_as_are_asked_for() -> None:
    """And the number is refused by name where it is none."""
    with pytest.raises(ArgumentError, match="max_examples: expected a whole number"):
        CLAIMS["bp3"].check(lambda error: error, max_examples=0)
    tried: list[Any] = []
    claim = CLAIMS["cost-change"]

    def counting(gradient: Numbers, delta_v: Numbers) -> float:
        tried.append(gradient)
        return dot(gradient, delta_v)

    call = adapted(counting, claim.role)
    tried.clear()
    assert claim.counterexample(call, 50) is None
    assert 40 <= len(tried) <= 50 + len(claim.boards)


def test_unknown_claims_are_answered_with_near_ones() -> None:
    """In one line."""
    with pytest.raises(ArgumentError, match=r"such as sigmoid-limit.*got 'sigmoid_limits'"):
        claim_named("sigmoid_limits")
    with pytest.raises(ArgumentError, match="such as sigmoid-formula or bp2, got 'qqq'"):
        claim_named("qqq")


ONE_SIDED: dict[str, Function] = {
    "numerical-gradient": lambda C, v: [
        (C([*v[:j], v[j] + 0.01, *v[j + 1 :]]) - C(v)) / 0.01 for j in range(len(v))
    ],
    "numerical-slope": lambda C, v: (C(v + 0.01) - C(v)) / 0.01,
}


@pytest.mark.parametrize("identifier", sorted(ONE_SIDED))
def test_the_numerical_slope_as_the_book_has_it_is_near_enough(identifier: str) -> None:
    """(46) moves one way only; the claim says how little is little enough."""
    CLAIMS[identifier].check(ONE_SIDED[identifier], max_examples=1000)
    assert "by 0.01 or less" in CLAIMS[identifier].sentence


def test_one_way_to_move_is_near_enough_even_where_the_slope_changes_fastest() -> None:
    """The steepest bend that is drawn, at a place where the slope is 0."""
    steepest: dict[str, dict[str, Any]] = {
        "numerical-gradient": {"cost": [[8.0]], "v": [0.0]},
        "numerical-slope": {"cost": [0.0, -10.0, 1.0, 0.5], "v": 2.0},
    }
    for identifier, arguments in steepest.items():
        claim = CLAIMS[identifier]
        call = adapted(ONE_SIDED[identifier], claim.role)
        assert claim.examine(call, arguments) is None


def test_a_wrong_gradient_is_written_with_the_names_of_its_halves() -> None:
    """The same words as `tinynn grade` has."""
    with pytest.raises(
        ClaimError, match=r"gave      nabla_b = \[\[-0.125\]\], nabla_w = "
    ) as raised:
        CLAIMS["backprop"].check(backwards)
    assert "expected  nabla_b = [[0.125]], nabla_w = " in str(raised.value)


def test_of_a_claim_about_several_calls_each_call_is_told_with_its_answer() -> None:
    """And nothing of what stands in our tests only."""
    told = {}
    for identifier in ("sigmoid-symmetry", "sigmoid-rises", "descent-decreases"):
        with pytest.raises(ClaimError) as raised:
            CLAIMS[identifier].check(WRONG[identifier][0])
        told[identifier] = str(raised.value).splitlines()
    found = CLAIMS["sigmoid-symmetry"].counterexample(
        adapted(lambda z: 0.25 + z / 100, ROLES["sigmoid"])
    )
    assert found is not None
    assert [arguments["z"] for arguments, _ in found.calls] == [0.0, 0.0]
    assert told["sigmoid-rises"][2:4] == ["sigmoid(z = 1) = 1", "sigmoid(z = 2) = 1"]
    assert not any("more" in line for line in told["sigmoid-rises"][2:])
    assert "update(v = [1], gradient = [1], eta = 1) = [2]" in told["descent-decreases"]

    with pytest.raises(ClaimError) as raised:
        CLAIMS["sigmoid-symmetry"].check(lambda z: 0.5 if z > -5 else 1 / 0)
    text, (call, _) = str(raised.value), raised.value.counterexample.calls[0]
    assert call["z"] <= -5, "the call that failed, not the one that was to come"
    assert "ZeroDivisionError" in text


def test_a_gradient_without_layers_is_told_in_words() -> None:
    """By its two halves."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(lambda b, w, x, y: ([], []))
    words = "expected nabla_b of 1 number; nabla_w of 1×1 numbers, got nabla_b of no layer; nabla_w"
    assert words in str(raised.value)


def test_backpropagation_is_worked_out_step_by_step() -> None:
    """(BP1) at the output, (BP2) before it."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(backwards)
    assert "δ^2_1 = (a_1 - y_1) σ'(z_1) = (0.5 - (0)) (0.25) = 0.125" in str(raised.value)
    judge = CLAIMS["backprop"].judge
    assert isinstance(judge, Definition)
    lines = list(judge.arithmetic(**ROLES["backprop"].example.arguments))
    assert "δ^2_1 = (Σ_k w^3_k1 δ^3_k) σ'(z_1) = ((1)(-0.125)) (0.25) = -0.03125" in lines, lines


def test_activations_far_to_the_left_and_mistakes_in_the_fifth_entry_are_seen() -> None:
    """What sigmoid-limit promises holds here too; vectors are as long as those of the kit."""
    with pytest.raises(ClaimError, match="OverflowError"):
        CLAIMS["activation"].check(lambda z: [sigma(each) for each in z])
    with pytest.raises(ClaimError):
        CLAIMS["hadamard"].check(lambda s, t: [p * q for p, q in zip(s, t)][:4] + s[4:])


def test_a_counterexample_is_plain() -> None:
    """So that it can be written to a file."""
    import json

    found = CLAIMS["bp2"].counterexample(adapted(transposed, ROLES["hidden_error"]))
    assert isinstance(found, Counterexample)
    assert json.loads(json.dumps(found._replace(raised=None)._asdict()))


# The command.


def test_the_command_lists_every_claim_by_chapter_in_one_line_of_80_columns() -> None:
    """Identifier, equations, function; on a wide terminal what is promised, too."""
    done = run("claims")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, lines)) <= 80
    for claim in CLAIMS.values():
        (i,) = [i for i, line in enumerate(lines) if line.split()[:1] == [claim.identifier]]
        assert lines[i].split()[1:] == [*claim.equations, claim.role.name]
        heading = [line for line in lines[:i] if line.startswith("chapter ")][-1]
        assert heading == f"chapter {claim.chapter}"
    wide = run("claims", COLUMNS="140").stdout.splitlines()
    assert max(map(len, wide)) <= 140
    assert any(
        "A perceptron with bias b answers 1 if w · x + b is above 0" in line for line in wide
    )


def test_the_command_explains_one_claim(capsys: pytest.CaptureFixture[str]) -> None:
    """Sentence, formula, the signature expected, the call by hand."""
    done = run("claims", "bp2")
    assert done.stdout.splitlines() == [
        "bp2 (chapter 2)",
        CLAIMS["bp2"].sentence,
        "",
        "(BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)",
        "",
        "expected  hidden_error(next_weights, next_error, weighted_inputs) -> error",
        "          next_weights: a list of rows, each a list of numbers",
        "          next_error: a list of numbers",
        "          weighted_inputs: a list of numbers",
        "          NumPy arrays, columns of shape (n, 1) and tinynn's Vector and Matrix are handed "
        "over in place of lists where the function is written for them",
        "by hand   hidden_error([[1, 2], [3, 4]], [0.5, 1], [0, 0]) is [0.875, 1.25]",
        "          ((1 · 0.5 + 3 · 1) / 4, (2 · 0.5 + 4 · 1) / 4) = (0.875, 1.25), as σ'(0) = 1/4",
    ]
    for identifier in CLAIMS:
        assert main(["claims", identifier]) == 0
        assert CLAIMS[identifier].role.signature in capsys.readouterr().out


def test_the_command_finds_claims_by_function_and_by_equation() -> None:
    """A name of a role, or a number of the book."""
    assert run("claims", "hidden_error").stdout == run("claims", "bp2").stdout
    about = run("claims", "(11)").stdout
    for identifier in ("descent-step", "descent-decreases", "descent-steepest"):
        assert f"{identifier} (chapter 1)\n" in about


@pytest.mark.parametrize("width", [40, 80])
def test_a_page_is_broken_between_words(width: int) -> None:
    """However narrow the terminal is."""
    for claim in CLAIMS.values():
        lines = list(claim_lines.page(claim, width))
        assert max(map(len, lines)) <= width
        assert " ".join(" ".join(lines).split()) == " ".join(
            " ".join(claim_lines.page(claim, 10_000)).split()
        )


def test_the_command_answers_an_unknown_claim_in_one_line() -> None:
    """With near ones, and exit status 2."""
    done = run("claims", "bp5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tinynn claims: claim: expected one of `tinynn claims`, such as")
    assert done.stderr.count("\n") == 1


def without_hypothesis(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `tinynn` where Hypothesis is not installed."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        f"from tinynn.cli import main; sys.exit(main({list(arguments)}))"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_without_hypothesis_the_claims_are_listed() -> None:
    """And explained: nothing is drawn for that."""
    for arguments in (["claims"], ["claims", "bp2"]):
        done = without_hypothesis(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == run(*arguments).stdout


def test_without_hypothesis_the_grader_says_what_to_install() -> None:
    """One line, exit status 2."""
    done = without_hypothesis("grade", __file__)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tinynn.teaching needs Hypothesis: pip install hypothesis" in done.stderr
    assert done.stderr.count("\n") == 1
