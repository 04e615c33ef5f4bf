"""How much the properties notice: ``python tests/benchmarks/mutants.py``.

Breaks the formula code of the engine in one place at a time, runs the tests of chapters 1 to 3
(which are the claims, and more) against it until the first one fails, and prints one table: what
was killed, what survived, and whether that failure named the equation that was broken.

Why not a mutation tool: mutmut passes over every decorated function, and each equation is one;
cosmic-ray edits the files of the checkout. Neither takes one index for another.

Each mutant has a process of its own, forked from one that has imported pytest and Hypothesis but
nothing of tinynn; a hook of the import puts the changed module in, and no file is written here.
The first half of the tests are those of the module itself. A mutant with a listed reason is run
against that half only: to see that the reason is not out of date.
"""

from __future__ import annotations

import argparse
import ast
import gc
import json
import os
import re
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any, NamedTuple, Optional

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
KILLED, NAMED = 97.0, 90.0  # the bars, in percent
SECONDS = 30  # a single test that takes longer is taken to loop for ever
MEMORY = 4 << 30
# What pytest and Hypothesis say of having been imported and used before the fork.
EARLY = "pytest.PytestAssertRewriteWarning", "hypothesis.errors.HypothesisSideeffectWarning"

# The tests that are likeliest to kill run first; all the others run after them.
MODULES = {
    "equations.dense": "equations",
    "activations": "activations",
    "equations.costs": "costs softmax penalties",
    "equations.softmax": "softmax",
    "equations.tanh": "tanh",
    "neurons": "neurons",
    "descent": "descent",
    "layers.dense": "network",
    "equations.updates": "training penalties",
    "equations.momentum": "momentum",
    "equations.dropout": "dropout",
    "layers.dropout": "dropout",
    "randomness": "dropout",
    "costs": "costs",
    "training.examples": "training",
    "training.run": "training",
    "network": "network momentum",
}
TESTS = [*dict.fromkeys(" ".join(MODULES.values()).split()), "circuits"]

# Modules of which only some functions are formula code.
PARTS = {
    "costs": {"Cost.error"},
    "training.examples": {"mini_batches"},
    "training.run": {"_order", "Run._epoch"},
    "network": {
        "Network.forward",
        "Network.backprop",
        "Network._gradient_sum",
        "Network._step",
        "Network._rolling_step",
        "Network._ahead",
    },
    "randomness": {"Masks.draw"},
}
ONLY = {"_order": "range", "Run._epoch": "shuffle"}  # of these, the lines with this word
# what a neuron or a layer looks like, and the words of an error, are no formula
TEXT = {"__repr__", "_short", "_not_positive_definite"}

# What the failure must name where no equation is registered on the function: an equation, a claim,
# or, for functions that the book gives no number, their formula. Empty: no formula.
EXPECTED: dict[str, tuple[str, ...]] = {
    "step": ("2",),
    "step_prime": ("σ'(z)",),
    "linear_prime": ("σ'(z)",),
    "tanh": ("tanh(z) = 2 σ(2z) - 1", "σ'(z)"),
    "tanh_prime": ("σ'(z)",),
    "relu": ("relu(z) = max(z, 0)", "σ'(z)"),
    "relu_prime": ("σ'(z)",),
    "activation_named": (),
    "_Neuron.weighted_input": ("2", "4"),
    "Perceptron.with_threshold": ("1",),
    "Perceptron.threshold": ("1",),
    "scaled_epsilon": ("8", "13"),
    "steepest_step": ("descent-steepest", "Cauchy-Schwarz"),
    "momentum_step": ("107",),
    "place_ahead": ("107",),
    "moved_by": ("108",),
    "numerical_hessian": ("103", "104"),
    "_require_symmetric": ("106",),
    "descend": ("10", "11", "106", "107", "108"),
    "rolling_ball": ("107",),
    "DenseLayer.__init__": (),
    "DenseLayer.error_before": ("BP2",),
    "DenseLayer.add_gradient": ("BP3", "BP4"),
    "Cost.error": ("BP1",),
    "sgn": ("97",),
    "ln": ("57", "63", "80"),
    "mini_batches": ("mini-batches-cover",),
    "_order": ("mini-batches-cover",),
    "Run._epoch": ("mini-batches-mix",),
    "Network.forward": ("22", "23", "25"),
    "Network.backprop": ("BP1", "BP2", "BP3", "BP4"),
    "Network._gradient_sum": ("18", "19", "20", "21"),  # all four have Σ_j ∇C_Xj
    "Network._step": ("20", "21"),
    "Network._rolling_step": ("107", "108"),
    "Network._ahead": ("w + μ v", "107"),
    "Masks.draw": ("r_j", "r⊙a"),
    "DropoutLayer.__init__": (),
}

# Why a mutant that survives is no mistake, by function and change. A reason that is not needed
# any more is reported.
ROUNDING = "from -709 to -37, 1 / (1 + e^(-z)) is e^z but for rounding in the last bits"
SAME_LENGTH = "every row of a matrix is as long as the one before"
OVERWRITTEN = "every entry is written before it is read"
REASONS: dict[tuple[str, str], str] = {
    ("sigmoid", "if z < -700.0: → if z <= -700.0:"): ROUNDING,
    ("sigmoid", "if z < -700.0: → if z < -701.0:"): ROUNDING,
    ("sigmoid", "if z < -700.0: → if z < -699.0:"): ROUNDING,
    ("relu", "if z > 0.0: → if z >= 0.0:"): "at z = 0 both answers are 0",
    (
        "mean_gradient",
        "for k in range(len(nabla_w[j])): → for k in range(len(nabla_w[j - 1])):",
    ): SAME_LENGTH,
    (
        "updated_weights",
        "for k in range(len(w[j])): → for k in range(len(w[j - 1])):",
    ): SAME_LENGTH,
    **{
        (name, "for k in range(len(w[j])): → for k in range(len(w[j - 1])):"): SAME_LENGTH
        for name in (
            "l2_updated_weights",
            "l1_updated_weights",
            "l2_cost",
            "l1_cost",
            "rescaled",
            "l2_gradient",
            "l1_gradient",
            "moved_weights",
            "weights_ahead",
        )
    },
    **{
        (name, "w = weights[i].rows → w = weights[i - 1].rows"): "the sum is over all matrices"
        for name in ("l2_cost", "l1_cost")
    },
    ("matched_error", "delta = [0.0] * len(a) → delta = [1.0] * len(a)"): OVERWRITTEN,
    (
        "updated_velocity",
        "for k in range(len(v[j])): → for k in range(len(v[j - 1])):",
    ): SAME_LENGTH,
    ("masked_activation", "a = [0.0] * len(r) → a = [1.0] * len(r)"): OVERWRITTEN,
    ("masked_error", "delta = [0.0] * len(r) → delta = [1.0] * len(r)"): OVERWRITTEN,
    ("softmax", "a = [0.0] * len(z) → a = [1.0] * len(z)"): OVERWRITTEN,
    ("weighted_input", "z = [0.0] * len(b) → z = [1.0] * len(b)"): OVERWRITTEN,
    ("activation", "a = [0.0] * len(z) → a = [1.0] * len(z)"): OVERWRITTEN,
    ("output_error", "delta = [0.0] * len(z) → delta = [1.0] * len(z)"): OVERWRITTEN,
    ("hidden_error", "delta = [0.0] * len(z) → delta = [1.0] * len(z)"): OVERWRITTEN,
    ("quadratic_derivative", "nabla_a = [0.0] * len(a) → nabla_a = [1.0] * len(a)"): OVERWRITTEN,
    (
        "numerical_gradient",
        "nabla = [0.0] * len(position) → nabla = [1.0] * len(position)",
    ): OVERWRITTEN,
    ("descent_step", "delta_v = [0.0] * len(nabla) → delta_v = [1.0] * len(nabla)"): OVERWRITTEN,
    (
        "updated_position",
        "moved = [0.0] * len(position) → moved = [1.0] * len(position)",
    ): OVERWRITTEN,
    ("steepest_step", "delta_v = [0.0] * len(nabla) → delta_v = [1.0] * len(nabla)"): OVERWRITTEN,
    ("momentum_step", "turned = [0.0] * len(dv) → turned = [1.0] * len(dv)"): OVERWRITTEN,
    ("place_ahead", "ahead = [0.0] * len(position) → ahead = [1.0] * len(position)"): OVERWRITTEN,
    ("moved_by", "moved = [0.0] * len(position) → moved = [1.0] * len(position)"): OVERWRITTEN,
    ("hessian_step", "delta_w = [0.0] * len(nabla) → delta_w = [1.0] * len(nabla)"): OVERWRITTEN,
}


# The mutants: every operator, index, sign, bound and constant.


class Mutant(NamedTuple):
    """One change of one place: ``owner.field`` (or ``owner.field[at]``) becomes ``new``."""

    module: str
    function: str
    line: int
    before: str
    after: str
    tree: ast.Module
    owner: ast.AST
    field: str
    at: Optional[int]
    new: ast.AST

    @property
    def change(self) -> str:
        """The line before and after."""
        return f"{self.before} → {self.after}"

    @property
    def place(self) -> str:
        """The file and the line."""
        return f"{path_of(self.module).relative_to(ROOT).as_posix()}:{self.line}"


Scope = tuple[str, ...]  # the loop variables around a place
OTHER_OPERATOR: dict[type[ast.operator], ast.operator] = {
    ast.Add: ast.Sub(),
    ast.Sub: ast.Add(),
    ast.Mult: ast.Div(),
    ast.Div: ast.Mult(),
    ast.Pow: ast.Mult(),
    ast.FloorDiv: ast.Div(),
    ast.Mod: ast.FloorDiv(),
}
OTHER_COMPARISONS: dict[type[ast.cmpop], tuple[ast.cmpop, ...]] = {
    ast.Gt: (ast.GtE(), ast.Lt()),
    ast.GtE: (ast.Gt(), ast.Lt()),
    ast.Lt: (ast.LtE(), ast.Gt()),
    ast.LtE: (ast.Lt(), ast.Gt()),
    ast.Eq: (ast.NotEq(),),
    ast.NotEq: (ast.Eq(),),
    ast.Is: (ast.IsNot(),),
    ast.IsNot: (ast.Is(),),
    ast.In: (ast.NotIn(),),
    ast.NotIn: (ast.In(),),
}
OTHER_FUNCTION = {"max": "min", "min": "max"}
WITH_DEFAULT = {"activation", "output_error", "hidden_error", "bias_gradient", "weight_gradient"}
WITH_DEFAULT |= {"numerical_derivative", "numerical_gradient"}
NO_FORMULA = {"len", "range", "list", "isinstance", "hasattr", "type", "shape", "finite_float"}
NOT_CODE = {"decorator_list", "annotation", "returns"}


def plus(node: ast.expr, number: int) -> ast.expr:
    """The expression, and one more or less."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int):
        return ast.Constant(node.value + number)
    operator = ast.Add() if number > 0 else ast.Sub()
    return ast.BinOp(node, operator, ast.Constant(abs(number)))


def of_operation(node: ast.BinOp, scope: Scope) -> Iterator[ast.expr]:
    """Another operator, one side left out, the sides exchanged; ``[0.0] * n`` is no operation."""
    if isinstance(node.left, ast.List):
        return
    yield ast.BinOp(node.left, OTHER_OPERATOR[type(node.op)], node.right)
    yield node.left
    yield node.right
    if isinstance(node.op, (ast.Sub, ast.Div, ast.Pow)):
        yield ast.BinOp(node.right, node.op, node.left)


def of_sign(node: ast.UnaryOp, scope: Scope) -> Iterator[ast.expr]:
    """No minus, no ``not``."""
    yield node.operand


def of_comparison(node: ast.Compare, scope: Scope) -> Iterator[ast.expr]:
    """The bound itself the other way, and the other direction."""
    for i, operator in enumerate(node.ops):
        for other in OTHER_COMPARISONS[type(operator)]:
            yield ast.Compare(
                node.left, [*node.ops[:i], other, *node.ops[i + 1 :]], node.comparators
            )


def of_conditions(node: ast.BoolOp, scope: Scope) -> Iterator[ast.expr]:
    """``and`` for ``or``, and each condition left out."""
    yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    for i in range(len(node.values)):
        rest = node.values[:i] + node.values[i + 1 :]
        yield rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)


def of_choice(node: ast.IfExp, scope: Scope) -> Iterator[ast.expr]:
    """The two answers exchanged."""
    yield ast.IfExp(node.test, node.orelse, node.body)


def of_number(node: ast.Constant, scope: Scope) -> Iterator[ast.expr]:
    """One more and one less; a fraction twice as large, and 0."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return
    whole = value == int(value)
    yield ast.Constant(value + 1 if whole else value * 2)
    if value:
        yield ast.Constant(value - 1 if whole else 0.0)


def of_entry(node: ast.Subscript, scope: Scope) -> Iterator[ast.expr]:
    """Another loop variable, the one before, both exchanged; a slice from the beginning."""
    index = node.slice
    if isinstance(index, ast.Slice):
        yield ast.Subscript(node.value, ast.Slice(None, index.upper, index.step), node.ctx)
    if not isinstance(index, ast.Name):
        return
    for other in [
        *(ast.Name(name, ast.Load()) for name in scope if name != index.id),
        plus(index, -1),
    ]:
        yield ast.Subscript(node.value, other, node.ctx)
    inner = node.value
    if isinstance(inner, ast.Subscript) and isinstance(inner.slice, ast.Name):
        exchanged = ast.Subscript(inner.value, index, ast.Load())
        yield ast.Subscript(exchanged, inner.slice, node.ctx)


def of_call(node: ast.Call, scope: Scope) -> Iterator[ast.expr]:
    """Another bound; max for min; a function, or its last argument, left out."""
    if not isinstance(node.func, ast.Name):
        return
    name, arguments = node.func.id, node.args
    if name == "range":
        yield from of_range(node)
    elif name == "len":
        yield plus(node, -1)
        yield plus(node, 1)
    elif name in OTHER_FUNCTION:
        yield ast.Call(ast.Name(OTHER_FUNCTION[name], ast.Load()), arguments, node.keywords)
        yield from arguments
    elif name in WITH_DEFAULT:
        yield ast.Call(node.func, arguments[:-1], node.keywords)
    if name == "activation" or (len(arguments) == 1 and is_function(name)):
        yield arguments[0]


def is_function(name: str) -> bool:
    """Say whether a call of this name is mathematics, and neither a class nor a guard."""
    return name.islower() and name not in NO_FORMULA and not name.startswith("require_")


def of_range(node: ast.Call) -> Iterator[ast.expr]:
    """Another beginning, and another end where that is not a length, whose turn comes later."""
    start, stop, *step = node.args if len(node.args) > 1 else [ast.Constant(0), *node.args]
    yield ast.Call(node.func, [plus(start, 1), stop, *step], [])
    if not _is_call_of("len", stop):
        yield ast.Call(node.func, [start, plus(stop, -1), *step], [])
        yield ast.Call(node.func, [start, plus(stop, 1), *step], [])


def of_sum(node: ast.AugAssign, scope: Scope) -> Iterator[ast.stmt]:
    """``-=`` and ``=`` for ``+=``."""
    yield ast.AugAssign(node.target, OTHER_OPERATOR[type(node.op)], node.value)
    yield ast.Assign([node.target], node.value, lineno=node.lineno)


def of_statement(node: ast.Expr, scope: Scope) -> Iterator[ast.stmt]:
    """A call that is made for what it does, left out; guards are no formula."""
    call = node.value
    if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
        yield ast.Pass()


def of_condition(node: ast.If, scope: Scope) -> Iterator[ast.stmt]:
    """A bare condition turned round; comparisons are changed where they stand."""
    if isinstance(node.test, (ast.Name, ast.Call, ast.Attribute)):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)


def of_answer(node: ast.Return, scope: Scope) -> Iterator[ast.stmt]:
    """A pair the other way round."""
    if isinstance(node.value, ast.Tuple):
        yield ast.Return(ast.Tuple(node.value.elts[::-1], ast.Load()))


VARIANTS: dict[type[ast.AST], Any] = {
    ast.BinOp: of_operation,
    ast.UnaryOp: of_sign,
    ast.Compare: of_comparison,
    ast.BoolOp: of_conditions,
    ast.IfExp: of_choice,
    ast.Constant: of_number,
    ast.Subscript: of_entry,
    ast.Call: of_call,
    ast.AugAssign: of_sum,
    ast.Expr: of_statement,
    ast.If: of_condition,
    ast.Return: of_answer,
}


def head(statement: ast.AST) -> str:
    """The first line of a statement, without its decorators."""
    lines = ast.unparse(ast.fix_missing_locations(statement)).splitlines()
    return next(line for line in lines if not line.startswith("@"))


def exchange(owner: ast.AST, field: str, index: Optional[int], new: ast.AST) -> ast.AST:
    """Put a node into a tree; return what stood there."""
    old: ast.AST
    if index is None:
        old = getattr(owner, field)
        setattr(owner, field, new)
    else:
        entries = getattr(owner, field)
        old, entries[index] = entries[index], new
    return old


class Enumerator:
    """Finds the mutants of one function; ``only`` keeps those of lines that hold this word."""

    def __init__(self, module: str, function: str, tree: ast.Module, only: str = "") -> None:
        self.module, self.function, self.tree, self.only = module, function, tree, only

    def below(self, node: ast.AST, statement: ast.AST, scope: Scope = ()) -> Iterator[Mutant]:
        """Yield the mutants of everything inside a node."""
        for field, value in ast.iter_fields(node):
            many = isinstance(value, list)
            for index, child in enumerate(value if many else [value]):
                if not isinstance(child, ast.AST) or field in NOT_CODE:
                    continue
                inner = scope
                target = getattr(node, "target", None)
                if isinstance(target, ast.Name) and field == "body":
                    inner = (*scope, target.id)
                yield from self.of(node, field, index if many else None, child, statement, inner)

    def of(
        self,
        owner: ast.AST,
        field: str,
        index: Optional[int],
        node: ast.AST,
        statement: ast.AST,
        scope: Scope,
    ) -> Iterator[Mutant]:
        """Yield the mutants of one node, and of everything inside it."""
        if isinstance(node, (ast.Raise, ast.JoinedStr)) or _is_question_of_kind(node):
            return
        is_statement = isinstance(node, ast.stmt)
        statement = node if is_statement else statement
        for new in VARIANTS.get(type(node), lambda node, scope: ())(node, scope):
            ast.copy_location(new, node)
            before = head(statement)
            old = exchange(owner, field, index, new)
            after = head(new if is_statement else statement)
            exchange(owner, field, index, old)
            if self.only in before:
                line = getattr(statement, "lineno", 0)
                names = self.module, self.function, line, before, after
                yield Mutant(*names, self.tree, owner, field, index, new)
        yield from self.below(node, statement, scope)


def _is_question_of_kind(node: ast.AST) -> bool:
    """Say whether this is `isinstance(x, …)` or `type(x) is …`."""
    left = getattr(node, "left", node) if isinstance(node, ast.Compare) else node
    return _is_call_of("isinstance", node) or _is_call_of("type", left)


def _is_call_of(name: str, node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") == name


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield every function and method by its qualified name, but those of text and guards."""
    for node in tree.body:
        where, inside = "", [node]
        if isinstance(node, ast.ClassDef):
            where, inside = f"{node.name}.", node.body
        for each in inside:
            if not isinstance(each, ast.FunctionDef) or each.name in TEXT:
                continue
            if not each.name.startswith("require_"):
                yield where + each.name, each


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Return the mutants of a module, in reading order; what reads alike is one mutant."""
    found: dict[tuple[str, int, str], Mutant] = {}
    tree = ast.parse(source)
    for name, function in functions_of(tree):
        if name not in PARTS.get(module, {name}):
            continue
        for mutant in Enumerator(module, name, tree, ONLY.get(name, "")).below(function, function):
            if mutant.before != mutant.after:
                found.setdefault((name, mutant.line, mutant.change), mutant)
    return list(found.values())


def path_of(module: str) -> Path:
    """The file of a module of the engine."""
    return (ROOT / "tinynn").joinpath(*module.split(".")).with_suffix(".py")


def all_mutants() -> list[Mutant]:
    """Return the mutants of every module; a mutant's number is its place in this list, from 1."""
    return [
        mutant
        for module in MODULES
        for mutant in mutants_of(module, path_of(module).read_text(encoding="utf-8"))
    ]


# One mutant, in a process of its own.


class Outcome(NamedTuple):
    """What became of a mutant: the first test that failed, and what pytest printed of it."""

    kind: str  # killed, survived, timeout
    test: str = ""
    text: str = ""


class MutantLoader(SourceFileLoader):
    """Loads a module of the engine from a changed tree; the file is left alone."""

    tree: ast.Module

    def get_code(self, fullname: str) -> CodeType:
        """Compile the tree."""
        return compile(ast.fix_missing_locations(self.tree), self.path, "exec")


class MutantFinder(MetaPathFinder):
    """Puts the mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.name, self.path = f"tinynn.{mutant.module}", path_of(mutant.module)
        self.tree = mutant.tree

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Optional[ModuleSpec]:
        """Answer for the one module."""
        if fullname != self.name:
            return None
        loader = MutantLoader(fullname, str(self.path))
        loader.tree = self.tree
        return spec_from_file_location(fullname, self.path, loader=loader)


class Watch:
    """A pytest plugin: our tests in our order, a limit for each, and the first failure."""

    def __init__(self, report: Path, limit: int) -> None:
        self.report, self.limit = report, limit
        self.failed = False

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
        signal.alarm(self.limit)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first failure, as pytest would print it."""
        if report.failed and not self.failed:
            self.failed = True
            self.tell(Outcome("killed", report.nodeid, report.longreprtext))

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


def files_for(mutant: Optional[Mutant]) -> list[list[str]]:
    """The test files in two halves: those of the module, and all the others."""
    first = [] if mutant is None else MODULES[mutant.module].split()
    others = [name for name in TESTS if name not in first]
    if mutant is not None and (mutant.function, mutant.change) in REASONS:
        others = []  # proved to be no mistake; that the first half agrees is enough
    return [[f"tests/test_{name}.py" for name in half] for half in (first, others) if half]


def run_tests(mutant: Optional[Mutant], files: Sequence[str], folder: Path) -> None:
    """In a child: put the mutant in, and run the tests until one fails."""
    import pytest

    if mutant is not None:
        exchange(mutant.owner, mutant.field, mutant.at, mutant.new)
        sys.meta_path.insert(0, MutantFinder(mutant))
    watch = Watch(folder / "outcome", SECONDS)
    options = ["-x", "-p", "no:cacheprovider", "-o", "addopts=", f"--basetemp={folder / 'tmp'}"]
    for warning in EARLY:
        options += ["-W", f"ignore::{warning}"]
    if pytest.main([*options, *files], plugins=[watch]) == 0:
        watch.tell(Outcome("survived"))


def fork(work: Callable[[], object], output: Path) -> int:
    """Do something in a child that writes to a file and has its limits; return its number."""
    child = os.fork()
    if child:
        return child
    try:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        opened = os.open(output, os.O_WRONLY | os.O_CREAT)
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


def outcome_in(folder: Path) -> Outcome:
    """What a child has told; tests that did not run have noticed nothing."""
    told = folder / "outcome"
    if not told.exists():
        output = (folder / "output").read_text(encoding="utf-8", errors="replace")
        return Outcome("survived", "the tests did not run", output[-4000:])
    return Outcome(*json.loads(told.read_text(encoding="utf-8")))


def outcomes(
    mutants: Sequence[Optional[Mutant]], jobs: int, folder: Path
) -> Iterator[tuple[int, Outcome]]:
    """Run so many mutants at a time; yield the place of each in the list, and its outcome."""
    waiting = [(place, 0) for place in reversed(range(len(mutants)))]
    running: dict[int, tuple[int, int, Path, float]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                place, half = waiting.pop()
                own = folder / f"{place}.{half}"
                own.mkdir()
                files = files_for(mutants[place])[half]
                child = fork(partial(run_tests, mutants[place], files, own), own / "output")
                running[child] = place, half, own, time.monotonic()
            time.sleep(0.01)
            for child, (place, half, own, began) in list(running.items()):
                late = time.monotonic() - began > 20 * SECONDS
                if late:
                    os.kill(child, signal.SIGKILL)
                if os.waitpid(child, 0 if late else os.WNOHANG) == (0, 0):
                    continue
                del running[child]
                outcome = Outcome("timeout") if late else outcome_in(own)
                shutil.rmtree(own)
                if outcome == Outcome("survived") and half + 1 < len(files_for(mutants[place])):
                    waiting.append((place, half + 1))
                else:
                    yield place, outcome
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)


# Whether a failure names the equation that was broken.


class Book(NamedTuple):
    """What the engine says of itself: the equations of each function, formulas, claims."""

    numbers: dict[str, list[str]]  # by function
    formulas: dict[str, str]  # by number
    claims: dict[str, tuple[str, list[str]]]  # sentence and equations, by identifier

    def expected(self, function: str) -> Sequence[str]:
        """What a failure of this function must name: any of these, or nothing if there is none."""
        return self.numbers.get(function) or EXPECTED[function]

    def named(self, function: str, text: str) -> bool:
        """Say whether a failure names an equation of this function, or a claim of one."""
        return any(self._stands(each, text) for each in self.expected(function))

    def _stands(self, name: str, text: str) -> bool:
        sentences = [
            f"{identifier}: {sentence}"
            for identifier, (sentence, numbers) in self.claims.items()
            if name == identifier or name in numbers
        ]
        if any(sentence in text for sentence in sentences):
            return True
        if name.startswith("BP"):
            return re.search(rf"\b{name}\b", text) is not None
        if name[0].isdigit():
            return f"({name})" in text
        return self.formulas.get(name, name) in text


def read_book(folder: Path) -> Book:
    """Ask the engine, in a child: this process stays without it."""
    told = folder / "book"

    def tell() -> None:
        import tinynn.gradient_check  # noqa: F401
        from tinynn.notation import equations
        from tinynn.teaching.claims import CLAIMS

        numbers: dict[str, list[str]] = {}
        for entry in equations():
            numbers.setdefault(entry.name, []).append(entry.number)
        formulas = {entry.number: entry.formula for entry in equations()}
        sentences = {name: (claim.sentence, claim.equations) for name, claim in CLAIMS.items()}
        told.write_text(json.dumps([numbers, formulas, sentences]), encoding="utf-8")

    os.waitpid(fork(tell, folder / "output"), 0)
    return Book(*json.loads(told.read_text(encoding="utf-8")))


# The table.


class Result(NamedTuple):
    """A mutant, what became of it, and whether its equation was named (None: it has none)."""

    mutant: Mutant
    outcome: Outcome
    named: Optional[bool]

    @property
    def reason(self) -> Optional[str]:
        """Why it is no mistake, if it survived and a reason is listed."""
        if self.outcome.kind != "survived":
            return None
        return REASONS.get((self.mutant.function, self.mutant.change))


def percent(some: int, of: int) -> str:
    """A part of a whole, rounded down to a tenth, so that no bar is met by rounding."""
    return f"{1000 * some // of / 10:.1f} %" if of else "-"


def row(name: str, results: Sequence[Result]) -> list[str]:
    """One row of the table: what was killed in percent of all, and of those not equivalent."""
    kinds = [result.outcome.kind for result in results]
    equivalent = sum(result.reason is not None for result in results)
    killed = len(kinds) - kinds.count("survived")
    named = [result.named for result in results if result.named is not None]
    return [
        name,
        str(len(kinds)),
        str(kinds.count("killed")),
        str(kinds.count("timeout")),
        str(kinds.count("survived")),
        str(equivalent),
        percent(killed, len(kinds)),
        percent(killed, len(kinds) - equivalent),
        f"{sum(named)} of {len(named)}, {percent(sum(named), len(named))}",
    ]


HEADINGS = "module|mutants|killed|timeouts|survived|equivalent|of all|of the others|named right"
WIDTH = 124  # a file has no width


def table_of(results: Sequence[Result]) -> Table:
    """The table: a row for each module, and all of them."""
    table = Table(title="What the tests of chapters 1 to 3 notice")
    for heading in HEADINGS.split("|"):
        table.add_column(heading, justify="left" if heading == "module" else "right")
    for module in MODULES:
        own = [result for result in results if result.mutant.module == module]
        if own:
            table.add_row(*row(module, own), end_section=own[-1] is results[-1])
    table.add_row(*row("all", results))
    return table


def met(results: Sequence[Result]) -> bool:
    """Say whether both bars are met."""
    wrong = sum(result.outcome.kind == "survived" and not result.reason for result in results)
    real = sum(not result.reason for result in results)
    named = [result.named for result in results if result.named is not None]
    return 100 * (real - wrong) >= KILLED * real and 100 * sum(named) >= NAMED * len(named)


def stale_reasons(results: Sequence[Result], whole: bool) -> Iterator[str]:
    """Yield the reasons that no survivor needs; of modules that were not run, nothing is known."""
    came = {(result.mutant.function, result.mutant.change): result for result in results}
    for key in REASONS:
        if key in came and came[key].outcome.kind != "survived":
            yield f"a reason for what is killed: {key[0]}: {key[1]}"
        elif key not in came and whole:
            yield f"a reason for no mutant: {key[0]}: {key[1]}"


def lines_of(results: Sequence[Result], whole: bool) -> Iterator[str]:
    """Yield a line for each survivor, for each failure that named no equation, each old reason."""
    for mutant, outcome, named in results:
        where = f"{mutant.place}  {mutant.function}:  {mutant.change}"
        if outcome.kind == "survived":
            reason = REASONS.get((mutant.function, mutant.change), outcome.test or "NO REASON")
            yield f"survived  {where}\n          {reason}"
        elif named is False:
            yield f"not named  {where}\n          by {outcome.test or outcome.kind}"
    yield from stale_reasons(results, whole)


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Break the engine's formulas one at a time.")
    parser.add_argument("--module", choices=MODULES, help="only this module")
    parser.add_argument("--only", metavar="N", type=int, nargs="+", help="only these, in detail")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--list", action="store_true", help="list the mutants, and run none")
    return parser.parse_args()


def in_detail(result: Result) -> str:
    """All that is known of one mutant."""
    mutant, outcome, named = result
    words = {True: "named right", False: "not named", None: "no equation to name"}[named]
    where = f"{mutant.place}  {mutant.function}:  {mutant.change}"
    return f"{where}\n{outcome.kind}, {words}: {outcome.test}\n{outcome.text}\n"


def measure(mutants: Sequence[Mutant], jobs: int, unbroken: bool) -> list[Result]:
    """Run the mutants; with ``unbroken``, the engine as it is must survive first of all."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        book = read_book(folder)
        runs: list[Optional[Mutant]] = [*([None] if unbroken else []), *mutants]
        came = {}
        for done, (place, outcome) in enumerate(outcomes(runs, jobs, folder), start=1):
            if sys.stderr.isatty():
                sys.stderr.write(f"\r{done} of {len(runs)}" + "\n" * (done == len(runs)))
            mutant = runs[place]
            if mutant is None and outcome != Outcome("survived"):
                sys.exit(f"the engine as it is fails {outcome.test}\n{outcome.text}")
            if mutant is not None:
                came[place] = Result(mutant, outcome, judged(book, mutant, outcome))
    return [came[place] for place in sorted(came)]


def judged(book: Book, mutant: Mutant, outcome: Outcome) -> Optional[bool]:
    """Say whether a kill names its equation; None where none is to be named."""
    if outcome.kind != "killed" or not book.expected(mutant.function):
        return None
    return book.named(mutant.function, outcome.text)


def main() -> int:
    """Measure, and print the table; exit status 0 if both bars are met."""
    chosen = options()
    numbered = [
        (number, mutant)
        for number, mutant in enumerate(all_mutants(), start=1)
        if chosen.module in (None, mutant.module) and (not chosen.only or number in chosen.only)
    ]
    if chosen.list:
        for number, mutant in numbered:
            print(f"{number:4}  {mutant.place}  {mutant.function}:  {mutant.change}")
        return 0
    began = time.monotonic()
    results = measure([mutant for _, mutant in numbered], chosen.jobs, not chosen.only)
    if chosen.only:
        print("\n".join(map(in_detail, results)))
        return 0
    console = Console(soft_wrap=True, highlight=False, markup=False)
    for line in lines_of(results, chosen.module is None):
        console.print(line)
    Console(width=max(WIDTH, console.width)).print(table_of(results))
    console.print(f"{time.monotonic() - began:.0f} s on {chosen.jobs} processes")
    return 0 if met(results) and not list(stale_reasons(results, chosen.module is None)) else 1


if __name__ == "__main__":
    sys.exit(main())
