"""The mutation script: the mutants that it finds, and three mistakes that it must catch."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.naming import NAMES, words_for
from tests.helpers.sameness import is_same
from tinynn.notation import equations

PATH = Path(__file__).parent / "benchmarks" / "mutants.py"
pytest.importorskip("resource", reason="each mutant is run in a fork")


def the_script() -> Any:
    """Return the script, which is outside the package, as a module."""
    spec = importlib.util.spec_from_file_location("mutants", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    return module


MUTANTS = the_script()
ALL = cache(MUTANTS.all_mutants)  # finding them takes some seconds

SMALL = '''
@equation("C", "C = 1/2 Σ_j w_j")
def half(w):
    """Return half the sum."""
    require_vector("w", w)
    total = 0.0
    for j in range(len(w)):
        total += w[j]
    return -total / 2.0
'''


def changes(source: str) -> list[str]:
    """Return the changes of these functions, as if they were equations."""
    return [mutant.change for mutant in MUTANTS.mutants_of("equations.dense", source)]


def test_every_operator_index_sign_bound_and_constant_of_a_small_function_is_broken() -> None:
    """A change is one line before and after; guards and docstrings are not changed."""
    assert sorted(changes(SMALL)) == [
        "for j in range(len(w)): → for j in range(1, len(w)):",
        "for j in range(len(w)): → for j in range(len(w) + 1):",
        "for j in range(len(w)): → for j in range(len(w) - 1):",
        "return -total / 2.0 → return -total",
        "return -total / 2.0 → return -total * 2.0",
        "return -total / 2.0 → return -total / 1.0",
        "return -total / 2.0 → return -total / 3.0",
        "return -total / 2.0 → return 2.0",
        "return -total / 2.0 → return 2.0 / -total",
        "return -total / 2.0 → return total / 2.0",
        "total += w[j] → pass",
        "total += w[j] → total += w[j - 1]",
        "total += w[j] → total -= w[j]",
        "total += w[j] → total = w[j]",
        "total = 0.0 → total = 1.0",
    ]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("return w[j][k]", {"return w[k][j]", "return w[j][j]", "return w[j - 1][k]"}),
        ("return w[j] if w[j] >= 1 else 0", {"return w[j] if w[j] > 1 else 0"}),
        ("return a < b and not c", {"return a <= b and (not c)", "return a < b and c"}),
        ("return a and b", {"return a or b", "return a", "return b"}),
        ("return max(a, 1.5)", {"return min(a, 1.5)", "return max(a, 2.5)", "return max(a, 0.5)"}),
        ("return sigma(z)", {"return z"}),
        ("return z, a", {"return (a, z)"}),
        ("rng.shuffle(w)", {"pass"}),
        ("w[j] += a - b", {"w[j] = a - b", "w[j] += b - a", "w[j] += a + b", "pass"}),
    ],
)
def test_a_line_is_broken_in_these_ways_among_others(line: str, some: set[str]) -> None:
    """The line is inside two loops, so that one index can replace the other."""
    loops = "for j in range(2):\n  for k in range(2):"
    found = {change.partition(" → ")[2] for change in changes(f"def f(w):\n {loops}\n   {line}\n")}
    assert some <= found


@pytest.mark.parametrize(
    "change",
    ["a @ b", "a * b * b", "2.0 * a", "sigma(a * b)", "(a * b).T", "w[j + 1] * b", "a // b"],
)
def test_the_exotic_edits_of_the_kit_are_left_out(change: str) -> None:
    """There would be four times as many mutants, and they would show no more."""
    found = changes("def f(a, b):\n for j in range(2):\n  w = a * b\n  w = w[j] * b\n")
    assert not any(each.endswith(f"= {change}") for each in found)
    assert "w = a * b → w = a / b" in found


@pytest.mark.slow
def test_each_mutant_is_python_and_no_two_are_alike() -> None:
    """A mutant that does not compile would be killed without a test."""
    mutants = ALL()
    assert 2000 < len(mutants) < 3500
    assert len({str(mutant) for mutant in mutants}) == len(mutants)
    for mutant in mutants:
        compile(ast.Module([mutant.changed()], []), mutant.module, "exec")
    for module, tree in {mutant.module: mutant.tree for mutant in mutants}.items():
        source = MUTANTS.path_of(module).read_text(encoding="utf-8")
        assert ast.unparse(tree) == ast.unparse(ast.parse(source)), f"{module} is unchanged"


def test_every_function_with_mutants_is_in_the_register_of_equations_or_in_the_table() -> None:
    """They state what a failure must name: nothing for a stopping rule or a lesson."""
    registered = {entry.name for entry in equations()}
    mutants = [each for each in ALL() if MUTANTS.LESSONS not in each.module]
    others = {each.function for each in mutants if each.module != "training.stopping"} - registered
    assert others == set(NAMES)
    assert words_for("hidden_error")[-1] == r"\bBP2\b"
    assert {r"\(10\)", r"\(14\)"} <= {*words_for("descent_step")}
    assert words_for("NoImprovement.left") == []


@pytest.mark.parametrize(
    ("function", "after", "same"),
    [
        ("softmax", "total += exp(z[k - 1] - largest)", True),  # the sum in another order
        ("softmax", "total += exp(z[j] - largest)", False),
        ("sigmoid", "if z <= -700.0:", True),  # but for rounding
        ("sigmoid", "if z > -700.0:", False),
        ("relu", "if z >= 0.0:", True),  # at 0 both answers are 0
        ("relu_prime", "if z >= 0.0:", False),
        ("mean_gradient", "for k in range(len(nabla_w[j - 1])):", True),  # rows of one length
        ("l2_updated_weights", "rate = eta * m", False),
        ("last_epoch", "for i in range(1, len(accuracies)):", True),  # the first is the best so far
        ("last_epoch", "if i - best > patience:", False),
        ("Perceptron.threshold", "return self.bias", False),  # unknown for a method
    ],
)
def test_a_mutant_with_the_same_numbers_in_every_call_is_the_same_function(
    function: str, after: str, same: bool
) -> None:
    """Calls are drawn from the annotations, with 0, ties and large numbers."""
    mutants = [each for each in ALL() if each.function == function]
    found = [each for each in mutants if each.change.endswith(f"→ {after}")]
    assert found
    for mutant in found:
        assert is_same(mutant.module, function, mutant.changed()) is same


def test_the_table_counts_equivalent_mutants_separately() -> None:
    """One of 5 mutants is the same function; 3 of the other 4 are killed, 1 of 2 is named."""
    kinds = [("killed", True), ("killed", False), ("timeout", None), ("survived", None)]
    results = [(None, MUTANTS.Outcome(kind), named) for kind, named in [*kinds, ("same", None)]]
    rows = [MUTANTS.row("all", results), MUTANTS.row("none", results[-1:])]
    assert [" ".join(row.split()) for row in rows] == [
        "all 5 2 1 1 1 75.0 % 50.0 %",
        "none 1 0 0 0 1 - -",
    ]


@pytest.mark.slow
def test_three_mistakes_are_caught_and_named() -> None:
    """w_jk instead of w_kj (BP2), a flipped sign of the step (10), σ' left out (BP1)."""
    wanted = {
        ("hidden_error", "total += w[j][k] * delta_next[k]"),
        ("descent_step", "delta_v[j] = eta * nabla[j]"),
        ("output_error", "delta[j] = nabla_a[j]"),
    }
    numbers = [
        str(number)
        for number, mutant in enumerate(ALL(), start=1)
        if (mutant.function, mutant.change.partition(" → ")[2]) in wanted
    ]
    assert len(numbers) == 3
    done = subprocess.run(
        [sys.executable, str(PATH), "--only", *numbers],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    named = [line for line in done.stdout.splitlines() if "named right" in line]
    assert named == [
        "killed, named right: tests/test_equations.py::test_bp1",
        "killed, named right: tests/test_equations.py::test_bp2",
        "killed, named right: tests/test_descent.py::test_descent_direction",
    ]
    for words in ("(BP2)  δ^l_j = Σ_k w^{l+1}_kj", "(10)  Δv = -η ∇C", "(BP1)  δ^L_j = ∂C/∂a^L_j"):
        assert words in done.stdout
