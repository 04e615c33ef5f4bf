"""Programs: a function and the functions it uses, as syntax trees to edit and run."""

from __future__ import annotations

import ast
import inspect
import linecache
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from functools import cached_property, lru_cache
from math import exp, tanh
from time import process_time
from types import CodeType, FunctionType
from typing import Any, Optional

from tinynn.teaching.edits import Edit, edits_of

_SECONDS = 0.02  # for one call of an edited function


class Program:
    """A function and the functions of its file it uses, as syntax trees to edit and run."""

    def __init__(self, root: str, units: dict[str, ast.stmt], namespace: dict[str, Any]) -> None:
        self.root = root
        self.units = units
        self.namespace = namespace

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Optional[Program]:
        """Return the program of a function, or None if its source cannot be found."""
        units: dict[str, ast.stmt] = {}
        waiting: list[tuple[str, Any]] = [(getattr(function, "__name__", ""), function)]
        file = _file_of(function)
        scope = dict(_scope(function))
        if file is None:
            return None
        while waiting:
            name, value = waiting.pop()
            tree = _tree(name, value)
            if tree is None:
                if value is function:
                    return None
                continue
            units[name] = _counted(tree)
            for node in ast.walk(tree):
                if isinstance(node, ast.Name) and node.id in scope and node.id not in units:
                    used = scope[node.id]
                    if isinstance(used, (int, float)):
                        units[node.id] = _constant(node.id, used, file)
                    if isinstance(used, (FunctionType, type)) and _file_of(used) == file:
                        units[node.id] = tree  # keeps its place until its tree is read
                        waiting.append((node.id, used))
        return cls(getattr(function, "__name__", ""), units, scope)

    def edits(self, units: Optional[Sequence[str]] = None) -> Iterator[Edit]:
        """Yield the edits of these units, by default of every unit, the function itself first."""
        own = [self.root, *(name for name in self.units if name != self.root)]
        for name in own if units is None else units:
            yield from edits_of(name, self.units[name], [*self.units])

    def run(self, *edits: Edit) -> Callable[..., Any]:
        """Return a copy of the function with edits of its source. May raise SyntaxError."""
        changed = {edit.unit for edit in edits}
        turns = _Turns()
        namespace = {**self.namespace, "_turn": turns}
        codes = {name: _code(self.units[name]) for name in self.units if name not in changed}
        with ExitStack() as made:
            for edit in edits:
                made.enter_context(edit.made())
            codes.update({name: _compiled(self.units[name]) for name in changed})
        turns.begin()
        for name in self.units:
            exec(codes[name], namespace)

        def function(*arguments: Any) -> Any:
            turns.begin()
            return namespace[self.root](*arguments)

        return function

    def rewritten(self, *changes: tuple[str, str]) -> Optional[Program]:
        """Return the program with pieces of its text replaced, or None if one is missing."""
        texts, changed = self.texts, {}
        for has, writes in changes:
            name = next((name for name, text in texts.items() if has in text), None)
            if name is None:
                return None
            changed[name] = texts[name].replace(has, writes)
            texts = {**texts, name: changed[name]}
        trees = {name: _counted(ast.parse(text).body[0]) for name, text in changed.items()}
        return Program(self.root, {**self.units, **trees}, self.namespace)

    def joined(self, one: Program, other: Program) -> Optional[Program]:
        """Return the program with the changes of two others, or None if they change one unit."""
        first, second = (
            {name: tree for name, tree in each.units.items() if tree is not self.units[name]}
            for each in (one, other)
        )
        if {*first} & {*second}:
            return None
        return Program(self.root, {**self.units, **first, **second}, self.namespace)

    @cached_property
    def texts(self) -> dict[str, str]:
        """The source of every unit."""
        turn = re.compile(r"\n *_turn\(\)")
        return {name: turn.sub("", ast.unparse(tree)) for name, tree in self.units.items()}


def _compiled(tree: ast.stmt) -> CodeType:
    return compile(ast.Module([tree], []), "<program>", "exec")


_code = lru_cache(1000)(_compiled)  # of trees without an edit, which never change


class _Turns:
    """A stop for calls that an edit has made endless: each turn of a loop checks the time."""

    def __init__(self) -> None:
        self.until = 0.0

    def begin(self) -> None:
        self.until = process_time() + _SECONDS

    def __call__(self) -> None:
        if process_time() > self.until:
            raise RecursionError("endless loop")


def _counted(tree: ast.stmt) -> ast.stmt:
    """Add a check of the time to every turn of a loop and every call."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.While, ast.FunctionDef)):
            turn = ast.Expr(ast.Call(ast.Name("_turn", ast.Load()), [], []))
            node.body.insert(0, ast.copy_location(turn, node))
    return ast.fix_missing_locations(tree)


def plain_program(function: Callable[..., Any], *used: Callable[..., Any]) -> Program:
    """Return an engine's function, and the functions it uses, as a program over plain lists.

    Checks, annotations, and the code that unpacks or wraps Vectors are removed: the rest is the
    formula as a learner would write it.
    """
    units: dict[str, ast.stmt] = {}
    namespace: dict[str, Any] = {}
    for each in (function, *used):
        own = {"Vector": _Bare, "Matrix": _Bare, "exp": exp, "tanh": tanh}
        namespace.update({**_scope(each), **own})
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(each))).body
        ast.increment_lineno(tree, each.__code__.co_firstlineno - 1)
        units[each.__name__] = _counted(_Plain().visit(tree))
    return Program(function.__name__, units, namespace)


class _Bare:
    """A replacement for Vector and Matrix that makes lists."""

    @staticmethod
    def zeros(J: int, K: Optional[int] = None) -> list[Any]:
        return [0.0] * J if K is None else [[0.0] * K for _ in range(J)]


class _Plain(ast.NodeTransformer):
    """A transformer that reduces a function of the engine to its formula."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list, node.returns = [], None
        kept = [ast.arg(arg.arg) for arg in node.args.args if arg.arg != "function"]
        left_out = len(node.args.args) - len(kept)
        node.args.args = kept
        node.args.defaults = node.args.defaults[: len(node.args.defaults) - left_out]
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> Optional[ast.AST]:
        checks = ast.unparse(node.value).startswith(("require_", "finite_float("))
        return None if checks else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> Optional[ast.AST]:
        refuses = isinstance(node.body[-1], ast.Raise) or "type(" in ast.unparse(node.test)
        return None if refuses else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> Optional[ast.AST]:
        call = isinstance(node.value, ast.Call)
        checks = call and ast.unparse(node.value).startswith("require_")
        return None if checks else self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        if node.attr in ("rows", "entries"):
            return self.visit(node.value)
        if node.attr in ("value", "derivative"):
            return ast.Name("sigmoid" if node.attr == "value" else "sigmoid_prime", ast.Load())
        if node.attr == "shape":
            rows = ast.unparse(self.visit(node.value))
            return ast.parse(f"(len({rows}), len({rows}[0]))", mode="eval").body
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> Any:
        called = node.func
        name = called.id if isinstance(called, ast.Name) else ""
        if name.startswith("require_"):
            return self.visit(node.args[1])
        if name in ("finite_float", "Vector", "Matrix"):
            return self.visit(node.args[0])
        if isinstance(called, ast.Attribute):
            if called.attr == "wrap":
                return self.visit(node.args[0])
            copied = {
                "to_list": "list({})",
                "copy": "list({})",
                "to_lists": "[list(row) for row in {}]",
            }
            if called.attr in copied:
                value = ast.unparse(self.visit(called.value))
                return ast.parse(copied[called.attr].format(value), mode="eval").body
        return self.generic_visit(node)


def _tree(name: str, value: Any) -> Optional[ast.stmt]:
    """Return a function or class as a tree with the line numbers of its file; a lambda by name."""
    try:
        lines, first = inspect.getsourcelines(value)
        tree = ast.parse(textwrap.dedent("".join(lines))).body[0]
    except (OSError, TypeError, SyntaxError, IndexError):
        return None
    ast.increment_lineno(tree, max(first, 1) - 1)
    if isinstance(tree, (ast.FunctionDef, ast.ClassDef)):
        if isinstance(tree, ast.FunctionDef):
            tree.decorator_list = []
            tree.name = name
        return tree
    lambdas = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    if len(lambdas) != 1:
        return None
    return ast.copy_location(ast.Assign([ast.Name(name, ast.Store())], lambdas[0]), tree)


def _constant(name: str, value: float, file: str) -> ast.stmt:
    """Return the assignment of a number to a name, with its line in the file."""
    tree = ast.parse(f"{name} = {value!r}").body[0]
    lines = linecache.getlines(file)
    found = [i for i, line in enumerate(lines) if re.match(rf"{name}\b[^=]*=[^=]", line)]
    ast.increment_lineno(tree, found[0] if found else 0)
    return tree


def _scope(function: Any) -> dict[str, Any]:
    """Return the names defined outside a function that it can use, with their values."""
    if isinstance(function, type):
        methods = [each for each in vars(function).values() if isinstance(each, FunctionType)]
        return dict(methods[0].__globals__) if methods else {}
    scope = dict(getattr(function, "__globals__", {}))
    cells = getattr(function, "__closure__", None) or ()
    names = function.__code__.co_freevars if cells else ()
    for name, cell in zip(names, cells):
        with suppress(ValueError):  # not filled yet
            scope[name] = cell.cell_contents
    return scope


def _file_of(value: Any) -> Optional[str]:
    try:
        return inspect.getsourcefile(inspect.unwrap(value))
    except (TypeError, ValueError):
        return None
