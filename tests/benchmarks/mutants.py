"""How much the properties notice: ``python tests/benchmarks/mutants.py``.

Breaks the formula code of the engine in one place at a time, runs the tests of chapters 1 to 3
(which are the claims, and more) against it until the first one fails, and prints one table: what
was killed, what survived, and whether that failure named the equation that was broken.

The changes are those of the teaching kit, ``tinynn.teaching.edits``, where they are one or two
characters of a formula: see `is_simple`. Each mutant has a process of its own, forked from one
that has imported pytest and Hypothesis but nothing of tinynn; a hook of the import puts the changed
module in, and no file is written here. The tests of the module itself run first.

A mutant that gives the numbers of the original, in all calls that are drawn for its function, is
*the same function*: no test could tell it. It is counted by itself, and only the tests of its
module are run against it.
"""

from __future__ import annotations

import argparse
import ast
import copy
import functools
import gc
import importlib
import importlib.util
import itertools
import json
import linecache
import math
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
import typing
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from random import Random
from types import CodeType
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from tinynn.teaching.edits import Edit

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30  # a single test that takes longer is taken to loop for ever
MEMORY = 4 << 30
CALLS, TRIES = 60, 2000  # how many calls of a function are drawn, and from how many
# What pytest and Hypothesis say of having been imported and used before the fork.
EARLY = "pytest.PytestAssertRewriteWarning", "hypothesis.errors.HypothesisSideeffectWarning"

# Each module with its own tests, which run first; of some, only these functions are formula code.
MODULES = {
    "equations.dense": ("equations",),
    "activations": ("activations",),
    "equations.costs": ("costs softmax penalties",),
    "equations.softmax": ("softmax",),
    "equations.tanh": ("tanh",),
    "neurons": ("neurons",),
    "descent": ("descent",),
    "layers.dense": ("network",),
    "equations.updates": ("training penalties",),
    "equations.momentum": ("momentum",),
    "equations.dropout": ("dropout",),
    "layers.dropout": ("dropout",),
    "randomness": ("dropout", "Masks.draw"),
    "costs": ("costs", "Cost.error"),
    "training.examples": ("training", "mini_batches"),
    "training.run": ("training", "_order"),
    "training.stopping": ("stopping", "NoImprovement.left Schedule.left Schedule._share"),
    "network": (
        "network momentum",
        "Network.forward Network.backprop Network._gradient_sum Network._step "
        "Network._rolling_step Network._ahead",
    ),
    "teaching.lessons.neurons": ("claims diagnosis", "nand half_adder looked_up"),
    "teaching.lessons.learning": ("claims diagnosis", "mean_cost_of mean_gradient_of epoch_of"),
    "teaching.lessons.backprop": ("claims diagnosis", "feedforward_of backprop_of hadamard_of"),
    "teaching.lessons.improving": ("claims diagnosis", "last_epoch"),
}
LESSONS = "teaching.lessons."  # their functions are read as text: these tests are all there are
TESTS = [
    *dict.fromkeys(" ".join(row[0] for name, row in MODULES.items() if LESSONS not in name).split())
]
TESTS.append("circuits")
# How a neuron looks, the words of an error, and guards are no formula.
TEXT = re.compile(r"__init__|__repr__|_short|_not_positive_definite|require_\w+|activation_named")
FUNCTIONS = ["abs", "exp", "log", "ln", "sgn", "sqrt", "step", "sigmoid", "sigma", "sigmoid_prime", "sigma_prime"]
OPPOSITE = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.Pow: ast.Mult,
}
NEAREST = {
    "Gt": ("GtE", "Lt"),
    "GtE": ("Gt", "LtE"),
    "Lt": ("LtE", "Gt"),
    "LtE": ("Lt", "GtE"),
    "Eq": ("NotEq",),
    "NotEq": ("Eq",),
}
GUARD = re.compile(r"require_|finite_float|isinstance|type\(|^raise |^def |^@")

# What the failure must name where no equation is registered on the function: an equation, a claim,
# or, for functions that the book gives no number, their formula. Of the others there is nothing,
# nor of the lessons' own functions, whose answers are compared with the claims as they are.
EXPECTED = """
step: 2 | step_prime: σ'(z) | linear_prime: σ'(z) | tanh: tanh(z) = 2 σ(2z) - 1; σ'(z)
tanh_prime: σ'(z) | relu: relu(z) = max(z, 0); σ'(z) | relu_prime: σ'(z) | sgn: 97
ln: 57; 63; 80 | _Neuron.weighted_input: 2; 4 | Perceptron.with_threshold: 1
Perceptron.threshold: 1 | scaled_epsilon: 8; 13
steepest_step: descent-steepest; Cauchy-Schwarz | momentum_step: 107 | place_ahead: 107
moved_by: 108 | numerical_hessian: 103; 104 | descend: 10; 11; 106; 107; 108
rolling_ball: 107 | Cost.error: BP1 | Masks.draw: r_j; r⊙a | DenseLayer.error_before: BP2
DenseLayer.add_gradient: BP3; BP4 | mini_batches: mini-batches-cover
_order: mini-batches-cover | Network.forward: 22; 23; 25
Network.backprop: BP1; BP2; BP3; BP4 | Network._gradient_sum: 18; 19; 20; 21
Network._step: 20; 21 | Network._rolling_step: 107; 108 | Network._ahead: w + μ v; 107
"""


# The mutants: the kit's edits, as far as they are simple.


def load_edits() -> Any:
    """Return the teaching kit's edits, without a package around them."""
    spec = importlib.util.spec_from_file_location("edits", path_of("teaching.edits"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def path_of(module: str) -> Path:
    """Return the file of a module of the engine."""
    return (ROOT / "tinynn").joinpath(*module.split(".")).with_suffix(".py")


class Mutant(NamedTuple):
    """One change of one place, in a tree of the whole module."""

    module: str
    function: str
    line: int
    change: str
    tree: ast.Module
    edit: Edit

    def __str__(self) -> str:
        """Return the place, the function, and the line before and after."""
        place = path_of(self.module).relative_to(ROOT).as_posix()
        return f"{place}:{self.line}  {self.function}:  {self.change}"


def is_simple(edit: Edit, stored: Counter[str]) -> bool:
    """Say whether an edit changes an index, an operand, a bound, a sign, a constant and the like.

    Left out are statements in another place, functions, names and lengths in the place of others,
    what is put around an expression or multiplied twice, brackets, matrix products, all operators
    and comparisons but the nearest, numbers further than 1 away, indices other than the one before
    and those of other loops, and what changes no number but a kind: a variable that would be
    missing, a bare list.
    """
    parent, field, at = edit.slot
    old, new = getattr(parent, field), edit.new
    old = old if at is None else old[at]
    if edit.moved not in ("", "out") or GUARD.search(ast.unparse(edit.statement).splitlines()[0]):
        return False
    if edit.moved:
        target = getattr(edit.statement, "targets", [None])[0]
        return not isinstance(target, ast.Name) or stored[target.id] > 1
    if isinstance(parent, ast.List) or any(node is old for node in ast.walk(new)):
        return False
    kept = KEPT.get(type(old))
    return kept(old, new) and (field == "slice" or not isinstance(old, ast.Name)) if kept else True


def _operation(old: ast.BinOp, new: ast.expr) -> bool:
    if isinstance(old.left, ast.List) or not isinstance(new, ast.BinOp):
        return not isinstance(old.left, ast.List)
    sides = {id(old.left), id(old.right)} == {id(new.left), id(new.right)}
    return sides and type(new.op) in (type(old.op), OPPOSITE.get(type(old.op)))


def _call(old: ast.Call, new: ast.expr) -> bool:
    name = ast.unparse(old.func)
    if name == "range" or not isinstance(new, ast.Call):
        return name in ("range", "max", "min") or (name in FUNCTIONS and len(old.args) == 1)
    return name in ("max", "min") and ast.unparse(new.func) in ("max", "min")


KEPT: dict[type[ast.AST], Callable[[Any, Any], bool]] = {
    ast.BinOp: _operation,
    ast.Call: _call,
    ast.Name: lambda old, new: isinstance(new, ast.Name),
    ast.Compare: lambda old, new: (
        type(new.ops[0]).__name__ in NEAREST.get(type(old.ops[0]).__name__, ())
    ),
    ast.Constant: lambda old, new: 0 < abs(old.value) < 0.05 or abs(new.value - old.value) == 1,
    ast.Subscript: lambda old, new: not ast.unparse(new).endswith(" + 1]"),
    ast.If: lambda old, new: isinstance(new.test, ast.UnaryOp),
    ast.AugAssign: lambda old, new: isinstance(new, ast.Assign) or isinstance(new.op, ast.Sub),
    ast.Assign: lambda old, new: isinstance(new, ast.Assign),
    ast.Attribute: lambda old, new: False,
    ast.List: lambda old, new: False,
}


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield every function and method by its qualified name."""
    for node in tree.body:
        where = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(each, ast.FunctionDef):
                yield where + each.name, each


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Return the mutants of a module, function by function; what reads alike is one mutant."""
    found: dict[tuple[str, int, str], Mutant] = {}
    tree = ast.parse(source)
    only = MODULES.get(module, ("",))[1:]
    for name, function in functions_of(tree):
        if TEXT.fullmatch(function.name) or (only and name not in only[0].split()):
            continue
        nodes = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
        stored = Counter(node.id for node in nodes if isinstance(node.ctx, ast.Store))
        for edit in EDITS.edits_of(name, function):
            if is_simple(edit, stored):
                before, after = edit.texts()
                change = f"{before} → {'pass' if edit.moved else after}"
                if before != after or edit.moved:
                    key = name, edit.line, change
                    found.setdefault(key, Mutant(module, *key, tree, edit))
    return list(found.values())


def all_mutants() -> list[Mutant]:
    """Return the mutants of every module; a mutant's number is its place in this list, from 1."""
    return [
        mutant
        for module in MODULES
        for mutant in mutants_of(module, path_of(module).read_text(encoding="utf-8"))
    ]


EDITS = load_edits()


# Whether a mutant is the same function: the same numbers in every call that is drawn for it.

GRIDS = ((0.0, 1.0), (0.0, 0.25, 0.5, 0.75, 1.0), (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0))
GRIDS += ((-1000.0, -700.5, -36.5, -0.001, 0.0, 0.001, 36.5, 1000.0),)


def drawn(hints: dict[str, Any], rng: Random) -> list[Any]:
    """Draw arguments by their annotations, of two sizes, so that many of them fit together."""
    from tinynn.activations import ACTIVATIONS, Activation
    from tinynn.equations.updates import Gradient
    from tinynn.linalg import Matrix, Vector

    sizes = rng.randint(1, 3), rng.randint(1, 3)

    def numbers() -> list[float]:
        grid, fine = rng.choice(GRIDS), rng.random() < 0.5
        some = [rng.uniform(grid[0], grid[-1]) if fine else rng.choice(grid) for _ in range(3)]
        return some[: rng.choice(sizes)]

    def matrix() -> Any:
        rows = [numbers() for _ in range(rng.choice(sizes))]
        if rng.random() < 0.3:  # of the kind that a Hessian is
            rows = [
                [rows[min(j, k)][0] + 5.0 * (j == k) for k in range(len(rows))]
                for j in range(len(rows))
            ]
        return Matrix(rows)

    def valley(v: Any) -> float:
        at = v if isinstance(v, Vector) else [v]
        return sum((j + 1.5) * at[j] ** 3 + 2.0 * at[0] * at[j] for j in range(len(at)))

    def of(hint: Any) -> Any:
        inner = typing.get_args(hint)
        if type(None) in inner:
            return of(inner[0]) if rng.random() < 0.7 else None
        return {
            float: lambda: numbers()[0],
            int: lambda: rng.randint(1, 9),
            Vector: lambda: Vector(numbers()),
            Matrix: matrix,
            Gradient: lambda: Gradient([of(Vector)], [of(Matrix)]),
            Activation: lambda: rng.choice([*ACTIVATIONS.values()]),
            Sequence: lambda: [of(inner[0]) for _ in range(rng.randint(1, 3))],
            Callable: lambda: valley,
        }[typing.get_origin(hint) or hint]()

    return [of(hint) for name, hint in hints.items() if name != "return"]


def answer(function: Callable[..., Any], arguments: Sequence[Any]) -> Any:
    """Return the numbers of an answer in one list; of an error, or of what takes long, None."""

    def flat(value: Any) -> list[Any]:
        value = getattr(value, "entries", getattr(value, "rows", value))
        parts = [flat(each) for each in value] if isinstance(value, (list, tuple)) else None
        return [value] if parts is None else [len(parts), *(x for part in parts for x in part)]

    signal.setitimer(signal.ITIMER_VIRTUAL, 0.2)
    try:
        return flat(function(*arguments))
    except Exception:
        return None
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)


@functools.cache
def calls_of(module: str, function: str) -> list[tuple[Callable[[], Any], Any]]:
    """Return calls with their answers: arguments to be drawn, or a role's own; none of a method."""
    owner = importlib.import_module(f"tinynn.{module}")
    original = vars(owner).get(function)
    if original is None:
        return []
    if LESSONS in module:
        role = role_of(function)
        made = [partial(copy.deepcopy, [*each.values()]) for each in role.trials()]
        original = role.program().run()
    else:
        hints = typing.get_type_hints(original)
        made = [partial(lambda seed: drawn(hints, Random(seed)), seed) for seed in range(TRIES)]
    found = ((make, answer(original, make())) for make in made)
    return [*itertools.islice((each for each in found if each[1] is not None), CALLS)]


def role_of(function: str) -> Any:
    """Return the role of a lesson's own function."""
    from tinynn.teaching.claims import CLAIMS

    roles = (claim.role for claim in CLAIMS.values() if claim.role.model)
    return next(role for role in roles if role.model[0].__name__ == function)


def is_same(mutant: Mutant) -> bool:
    """Say whether a mutant gives the answers of the original in all calls, of which some exist."""
    try:
        calls = calls_of(mutant.module, mutant.function)
    except (KeyError, NameError, StopIteration):  # what cannot be drawn is not known to be the same
        return False
    for _ in mutant.edit.made():
        text = ast.unparse(dict(functions_of(mutant.tree))[mutant.function])
    tree = ast.parse(text).body[0]
    assert isinstance(tree, ast.FunctionDef)
    tree.decorator_list = []
    if LESSONS in mutant.module:
        program = role_of(mutant.function).program()
        program.units[mutant.function] = tree
        changed = program.run()
    else:
        namespace = {**vars(importlib.import_module(f"tinynn.{mutant.module}"))}
        exec(compile(ast.Module([tree], []), "<mutant>", "exec"), namespace)
        changed = namespace[mutant.function]
    return bool(calls) and all(alike(answer(changed, make()), came) for make, came in calls)


def alike(one: Any, other: Any) -> bool:
    """Say whether two answers are the same but for rounding."""
    if one is None or len(one) != len(other):
        return False
    return all(
        p == q
        or (
            isinstance(p, float)
            and isinstance(q, float)
            and (math.isclose(p, q, rel_tol=1e-9) or p != p != q != q)
        )
        for p, q in zip(one, other)
    )


# One mutant, in a process of its own.


class Outcome(NamedTuple):
    """What became of a mutant: the first test that failed, and what pytest printed of it."""

    kind: str  # killed, survived, timeout
    test: str = ""
    text: str = ""


class MutantFinder(MetaPathFinder, SourceFileLoader):
    """Puts a changed tree in the place of its module; the file is left alone."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(f"tinynn.{mutant.module}", str(path_of(mutant.module)))
        self.tree: Any = ast.fix_missing_locations(mutant.tree)
        if LESSONS in mutant.module:  # its functions are read as text
            lines = ast.unparse(self.tree).splitlines(keepends=True)
            linecache.cache[self.path] = len(lines), None, lines, self.path
            self.tree = "".join(lines)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Optional[ModuleSpec]:
        """Answer for the one module."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_file_location(fullname, self.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        """Compile the tree."""
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class Watch:
    """A pytest plugin: a limit for each test, claims first, and the first failure."""

    def __init__(self, report: Path) -> None:
        self.report = report

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Within a file, what is marked as a claim of a chapter comes first."""
        files = list(dict.fromkeys(item.path for item in items))
        items.sort(key=lambda item: (files.index(item.path), not _is_claim(item)))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Start the clock."""

        def stop(signum: int, frame: object) -> None:
            self.tell(Outcome("timeout", nodeid))
            os._exit(0)

        signal.signal(signal.SIGALRM, stop)
        signal.alarm(SECONDS)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first failure, as pytest would print it."""
        if report.failed and not self.report.exists():
            self.tell(Outcome("killed", report.nodeid, report.longreprtext))

    pytest_collectreport = pytest_runtest_logreport  # a module that cannot be imported any more

    def tell(self, outcome: Outcome) -> None:
        """Write the outcome where the parent looks for it."""
        self.report.write_text(json.dumps(outcome), encoding="utf-8")


def _is_claim(item: Any) -> bool:
    return any(item.get_closest_marker(chapter) for chapter in ("ch1", "ch2", "ch3"))


def prepare(folder: Path) -> None:
    """Import what every child needs, but nothing of tinynn; whatever is cached goes elsewhere."""
    os.environ.update(
        OPENBLAS_NUM_THREADS="1",  # a process of several threads is not to be forked
        HYPOTHESIS_PROFILE="ci",
        HYPOTHESIS_NO_PLUGINS="1",  # an installed tinynn would be imported
        HYPOTHESIS_STORAGE_DIRECTORY=str(folder / "hypothesis"),
    )
    sys.pycache_prefix = str(folder / "pycache")
    sys.path.insert(0, str(ROOT))
    import hypothesis
    import numpy  # noqa: F401
    import pytest  # noqa: F401

    numbers = hypothesis.strategies.lists(hypothesis.strategies.floats(-3.0, 3.0), min_size=1)
    quiet = hypothesis.settings(database=None, derandomize=True, deadline=None)
    hypothesis.find(numbers, lambda drawn: sum(drawn) > 1.0, settings=quiet)  # all is set up
    gc.collect()
    gc.freeze()
    loaded = [name for name in sys.modules if name.partition(".")[0] == "tinynn"]
    assert not loaded, f"loaded before its mutants: {loaded}"


def run_tests(mutant: Optional[Mutant], same: bool, own: Path) -> None:
    """In a child: put the mutant in, and run the tests until one fails, its module's own first."""
    import pytest

    first: list[str] = []
    if mutant is not None:
        first = MODULES[mutant.module][0].split()
        next(mutant.edit.made())
        sys.meta_path.insert(0, MutantFinder(mutant))
    others = [] if same or (mutant and LESSONS in mutant.module) else TESTS
    watch = Watch(own / "outcome")
    options = ["-x", "-p", "no:cacheprovider", "-o", "addopts=", f"--basetemp={own / 'tmp'}"]
    options += [word for warning in EARLY for word in ("-W", f"ignore::{warning}")]
    for names in (first, [name for name in others if name not in first]):
        files = [f"tests/test_{name}.py" for name in names]
        if files and pytest.main([*options, *files], plugins=[watch]) != 0:
            return
    watch.tell(Outcome("survived"))


def fork(work: Callable[[], object], own: Path) -> int:
    """Do something in a child that has its limits and a folder of its own; return its number."""
    own.mkdir()
    child = os.fork()
    if child:
        return child
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (20 * SECONDS, 20 * SECONDS))
        opened = os.open(own / "output", os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, 1)
        os.dup2(opened, 2)
        os.chdir(ROOT)
        work()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)


def outcome_in(own: Path) -> Outcome:
    """Return what a child has told; tests that did not run have noticed nothing."""
    if not (own / "outcome").exists():
        output = (own / "output").read_text(encoding="utf-8", errors="replace")
        return Outcome("survived", "the tests did not run", output[-4000:])
    return Outcome(*json.loads((own / "outcome").read_text(encoding="utf-8")))


def outcomes(
    mutants: Sequence[Optional[Mutant]], same: Sequence[bool], jobs: int, folder: Path
) -> Iterator[tuple[int, Outcome]]:
    """Run so many mutants at a time; yield the place of each in the list, and its outcome."""
    waiting = [*range(len(mutants))][::-1]
    running: dict[int, int] = {}
    try:
        while waiting or running:
            if waiting and len(running) < jobs:
                place = waiting.pop()
                own = folder / str(place)
                running[fork(partial(run_tests, mutants[place], same[place], own), own)] = place
                continue
            place = running.pop(os.wait()[0])
            yield place, outcome_in(folder / str(place))
            shutil.rmtree(folder / str(place))
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)


# Whether a failure names the equation that was broken.


class Book(NamedTuple):
    """What the engine says of itself, asked in a child: this process stays without it."""

    numbers: dict[str, list[str]]  # by function
    formulas: dict[str, str]  # by number
    claims: list[tuple[str, str, list[str]]]  # identifier, sentence, equations
    same: list[bool]  # of the mutants

    def expected(self, function: str) -> Sequence[str]:
        """Return what a failure of this function must name: any of these, or nothing if none."""
        return self.numbers.get(function) or expected().get(function, [])

    def named(self, mutant: Mutant, outcome: Outcome) -> Optional[bool]:
        """Say whether a kill names an equation, or a claim of one; None: none is to be named."""
        names = self.expected(mutant.function)
        if outcome.kind != "killed" or not names:
            return None
        return any(self._stands(name, outcome.text) for name in names)

    def _stands(self, name: str, text: str) -> bool:
        for identifier, sentence, numbers in self.claims:
            if (name == identifier or name in numbers) and f"{identifier}: {sentence}" in text:
                return True
        if name.startswith("BP"):
            return re.search(rf"\b{name}\b", text) is not None
        return (f"({name})" if name[0].isdigit() else self.formulas.get(name, name)) in text


def expected() -> dict[str, list[str]]:
    """Return the names of the table above, by function."""
    rows = (row.split(": ", 1) for row in re.split(r" \| |\n", EXPECTED.strip()))
    return {function: names.split("; ") for function, names in rows}


def read_book(mutants: Sequence[Mutant], folder: Path) -> Book:
    """Ask the engine for its equations and claims, and which mutants are the same function."""
    own = folder / "book"

    def tell() -> None:
        import tinynn.gradient_check  # noqa: F401
        from tinynn.notation import equations
        from tinynn.teaching.claims import CLAIMS

        def late(signum: int, frame: object) -> None:
            raise TimeoutError

        signal.signal(signal.SIGVTALRM, late)
        numbers: dict[str, list[str]] = {}
        for entry in equations():
            numbers.setdefault(entry.name, []).append(entry.number)
        formulas = {entry.number: entry.formula for entry in equations()}
        claims = [(name, claim.sentence, claim.equations) for name, claim in CLAIMS.items()]
        book = [numbers, formulas, claims, [is_same(mutant) for mutant in mutants]]
        (own / "book").write_text(json.dumps(book), encoding="utf-8")

    os.waitpid(fork(tell, own), 0)
    if not (own / "book").exists():
        sys.exit((own / "output").read_text(encoding="utf-8"))
    return Book(*json.loads((own / "book").read_text(encoding="utf-8")))


# The table.


class Result(NamedTuple):
    """A mutant, what became of it, and whether its equation was named (None: it has none)."""

    mutant: Mutant
    outcome: Outcome
    named: Optional[bool]
    same: bool

    @property
    def kind(self) -> str:
        """Return killed, timeout, survived, or that it is the same function."""
        return "same" if self.same and self.outcome.kind == "survived" else self.outcome.kind


def percent(some: int, of: int) -> str:
    """Return a part of a whole, rounded down to a tenth, so that no bar is met by rounding."""
    return f"{1000 * some // of / 10:.1f} %" if of else "-"


def row(name: str, results: Sequence[Result]) -> list[str]:
    """Return one row of the table."""
    kinds = Counter(result.kind for result in results)
    killed = kinds["killed"] + kinds["timeout"]
    named = [result.named for result in results if result.named is not None]
    counts = [len(results), *(kinds[kind] for kind in ("killed", "timeout", "survived", "same"))]
    shares = percent(killed, len(results) - kinds["same"]), percent(sum(named), len(named))
    return [name, *map(str, counts), shares[0], f"{sum(named)} of {len(named)}, {shares[1]}"]


HEADINGS = "module|mutants|killed|timeouts|survived|the same|of the others|named right"
WIDTH = 124  # a file has no width


def table_of(results: Sequence[Result]) -> Table:
    """Return the table: a row for each module, and all of them."""
    table = Table(title="What the tests of chapters 1 to 3 notice")
    for heading in HEADINGS.split("|"):
        table.add_column(heading, justify="left" if heading == "module" else "right")
    for module in dict.fromkeys(result.mutant.module for result in results):
        table.add_row(*row(module, [each for each in results if each.mutant.module == module]))
    table.add_section()
    table.add_row(*row("all", results))
    return table


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="Break the engine's formulas one at a time.")
    parser.add_argument("--module", choices=MODULES, nargs="+", help="only these modules")
    parser.add_argument("--only", metavar="N", type=int, nargs="+", help="only these, in detail")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--list", action="store_true", help="list the mutants, and run none")
    return parser.parse_args()


def measure(mutants: Sequence[Mutant], jobs: int, unbroken: bool) -> list[Result]:
    """Run the mutants; with ``unbroken``, the engine as it is must survive first of all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        book = read_book(mutants, folder)
        runs: list[Optional[Mutant]] = [*mutants, *([None] if unbroken else [])]
        found: dict[int, Result] = {}
        for place, outcome in outcomes(runs, [*book.same, False], jobs, folder):
            mutant = runs[place]
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{len(found) + 1} of {len(runs)} ")
            if mutant is not None:
                named = book.named(mutant, outcome)
                found[place] = Result(mutant, outcome, named, book.same[place])
            elif outcome.kind != "survived" or outcome.test:
                sys.exit(f"the engine as it is fails {outcome.test}\n{outcome.text}")
        return [found[place] for place in sorted(found)]


def main() -> int:
    """Measure, and print the table; exit status 0 if every mutant is killed and named right."""
    chosen = options()
    numbered = [
        (number, mutant)
        for number, mutant in enumerate(all_mutants(), start=1)
        if mutant.module in (chosen.module or MODULES)
        and (not chosen.only or number in chosen.only)
    ]
    if chosen.list:
        for number, mutant in numbered:
            print(f"{number:4}  {mutant}")
        return 0
    began = time.monotonic()
    results = measure([mutant for _, mutant in numbered], chosen.jobs, not chosen.only)
    words = {True: "named right", False: "not named", None: "no equation to name"}
    for result in results:
        outcome = result.outcome
        if chosen.only:
            print(
                f"{result.mutant}\n{result.kind}, {words[result.named]}: {outcome.test}\n{outcome.text}\n"
            )
        elif result.kind in ("survived", "same") or result.named is False:
            kind = "not named" if result.named is False else result.kind
            print(f"{kind:9}  {result.mutant}  {outcome.test}")
    wrong = [each for each in results if each.kind == "survived" or each.named is False]
    if not chosen.only:
        console = Console(soft_wrap=True, highlight=False, markup=False)
        Console(width=max(WIDTH, console.width)).print(table_of(results))
        console.print(f"{time.monotonic() - began:.0f} s on {chosen.jobs} processes")
    return 0 if chosen.only or not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
