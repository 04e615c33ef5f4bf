"""The script that breaks the engine's formulas: what it finds, and three mistakes it must catch."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PATH = Path(__file__).parent / "benchmarks" / "mutants.py"
pytest.importorskip("resource", reason="each mutant is run in a fork")


def the_script() -> Any:
    """The script as a module, though it stands outside the package."""
    spec = importlib.util.spec_from_file_location("mutants", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["mutants"] = module
    spec.loader.exec_module(module)
    return module


MUTANTS = the_script()

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


def test_every_operator_index_sign_bound_and_constant_of_a_small_function_is_broken() -> None:
    """In reading order, each as one line before and after; guards and docstrings are left alone."""
    changes = [mutant.change for mutant in MUTANTS.mutants_of("small", SMALL)]
    assert changes == [
        "total = 0.0 → total = 1.0",
        "for j in range(len(w)): → for j in range(1, len(w)):",
        "for j in range(len(w)): → for j in range(len(w) - 1):",
        "for j in range(len(w)): → for j in range(len(w) + 1):",
        "total += w[j] → total -= w[j]",
        "total += w[j] → total = w[j]",
        "total += w[j] → total += w[j - 1]",
        "return -total / 2.0 → return -total * 2.0",
        "return -total / 2.0 → return -total",
        "return -total / 2.0 → return 2.0",
        "return -total / 2.0 → return 2.0 / -total",
        "return -total / 2.0 → return total / 2.0",
        "return -total / 2.0 → return -total / 3.0",
        "return -total / 2.0 → return -total / 1.0",
    ]


@pytest.mark.parametrize(
    ("line", "some"),
    [
        ("return w[j][k]", {"return w[k][j]", "return w[j][j]", "return w[j - 1][k]"}),
        ("return w[j] if w[j] >= 1 else 0", {"return w[j] if w[j] > 1 else 0"}),
        ("return a < b and not c", {"return a <= b and (not c)", "return a < b or not c"}),
        ("return max(a, 1.5)", {"return min(a, 1.5)", "return max(a, 3.0)", "return a"}),
        ("return sigma(z)", {"return z"}),
        ("return z, a", {"return (a, z)"}),
        ("rng.shuffle(w)", {"pass"}),
        ("return w[j:]", {"return w[:]"}),
    ],
)
def test_a_line_is_broken_in_these_ways_among_others(line: str, some: set[str]) -> None:
    """Inside two loops, so that one index can be taken for the other."""
    source = f"def f(w):\n for j in w:\n  for k in w:\n   {line}\n"
    assert some <= {mutant.after for mutant in MUTANTS.mutants_of("small", source)}


def test_each_mutant_is_python_and_no_two_are_alike() -> None:
    """A mutant that does not compile would be killed by nothing that the tests have noticed."""
    mutants = MUTANTS.all_mutants()
    assert len(mutants) > 500
    assert len({(m.module, m.function, m.line, m.change) for m in mutants}) == len(mutants)
    for mutant in mutants:
        old = MUTANTS.exchange(mutant.owner, mutant.field, mutant.at, mutant.new)
        compile(ast.fix_missing_locations(mutant.tree), mutant.module, "exec")
        MUTANTS.exchange(mutant.owner, mutant.field, mutant.at, old)
    for module, tree in {mutant.module: mutant.tree for mutant in mutants}.items():
        source = MUTANTS.path_of(module).read_text(encoding="utf-8")
        assert ast.unparse(tree) == ast.unparse(ast.parse(source)), f"{module} is as it was"


def test_every_function_with_mutants_is_in_the_register_of_equations_or_in_the_table() -> None:
    """So that it is known what its failure must name; and each reason belongs to a mutant."""
    from tinynn.notation import equations

    registered = {entry.name for entry in equations()}
    mutants = MUTANTS.all_mutants()
    assert {mutant.function for mutant in mutants} - registered == set(MUTANTS.EXPECTED)
    assert set(MUTANTS.REASONS) <= {(mutant.function, mutant.change) for mutant in mutants}


def test_three_mistakes_are_caught_and_called_by_their_names() -> None:
    """w_jk for w_kj, the sign of the step flipped, σ' left out: (BP2), (10), (BP1)."""
    wanted = {
        ("hidden_error", "total += w[j][k] * delta_next[k]"),
        ("descent_step", "delta_v[j] = eta * nabla[j]"),
        ("output_error", "delta[j] = nabla_a[j]"),
    }
    numbers = [
        str(number)
        for number, mutant in enumerate(MUTANTS.all_mutants(), start=1)
        if (mutant.function, mutant.after) in wanted
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
    told = [line for line in done.stdout.splitlines() if "named right" in line]
    assert told == [
        "killed, named right: tests/test_equations.py::test_bp1",
        "killed, named right: tests/test_equations.py::test_bp2",
        "killed, named right: tests/test_descent.py::test_descent_direction",
    ]
    for words in ("(BP2)  δ^l_j = Σ_k w^{l+1}_kj", "(10)  Δv = -η ∇C", "(BP1)  δ^L_j = ∂C/∂a^L_j"):
        assert words in done.stdout
