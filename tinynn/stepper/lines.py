"""Which lines of a function are formula lines: those that compute a number from numbers."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import NamedTuple, Optional, Union

from tinynn.errors import ArgumentError

Names = tuple[str, ...]
_Statement = Union[ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If]


class Part(NamedTuple):
    """A part of a line that stands for a value: a name, an entry such as w[j][k], or a call."""

    text: str
    node: ast.expr
    called: Optional[ast.expr] = None  # of a call: the function


class FormulaLine(NamedTuple):
    """A line of source that computes one number, taken apart."""

    first: int
    last: int
    source: str
    kind: str  # "add" for +=, "assign", "return", "if"
    target: Optional[str]
    place: Optional[ast.expr]  # the target, to be read
    expression: ast.expr  # what it computes; of `total += x`, total + x
    parts: tuple[Part, ...]  # in the order in which Python looks them up
    numbers: dict[ast.expr, int]  # which part a node of the expression is
    loops: tuple[str, ...]  # the names of the loops it is in, such as j and k


class FunctionLines(NamedTuple):
    """The formula lines of one function, and its source to show them in."""

    first: int  # the number of its `def` line's first decorator, or of itself
    source: tuple[str, ...]
    body: int  # the line of its first statement after the docstring
    lines: dict[int, FormulaLine]  # by their numbers; where Python begins one is its own affair


def formula_lines(function: Callable[..., object]) -> FunctionLines:
    """Return the lines of a function that compute a number, by their line numbers.

    Left out is what only unpacks (``w = weights.rows``), starts (``total = 0.0``), renames
    (``return total``) or loops. A condition counts where one of its answers is a constant, as in
    a perceptron. Raises ArgumentError where the source is not at hand, or one line of it holds
    more than one statement.
    """
    name = getattr(function, "__qualname__", repr(function))
    try:
        source, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(source)))
    except (OSError, TypeError, SyntaxError):
        raise ArgumentError(f"{name}: expected a function whose source can be read") from None
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise ArgumentError(f"{name}: expected a function written with def")
    ast.increment_lineno(tree, first - 1)
    lines: dict[int, FormulaLine] = {}
    begun: set[int] = set()
    for statement, following, loops in _statements(definition.body, ()):
        if statement.lineno in begun:
            where = f"{name}, line {statement.lineno}"
            raise ArgumentError(f"{where}: expected one statement on a line, got two")
        begun.add(statement.lineno)
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If)):
            line = _formula_line(statement, following, loops, source, first)
            if line is not None:
                lines.update((number, line) for number in range(line.first, line.last + 1))
    body = definition.body
    after = 1 if ast.get_docstring(definition) is not None and len(body) > 1 else 0
    return FunctionLines(first, tuple(map(str.rstrip, source)), body[after].lineno, lines)


def _statements(
    body: list[ast.stmt], loops: Names
) -> Iterator[tuple[ast.stmt, Optional[ast.stmt], Names]]:
    """Every statement, the one that follows it, and its loops; inner functions are others."""
    for statement, following in zip(body, [*body[1:], None]):
        yield statement, following, loops
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        inside = loops
        if isinstance(statement, ast.For):
            names = (n.id for n in ast.walk(statement.target) if isinstance(n, ast.Name))
            inside = (*loops, *names)
        for block in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, block, []), inside)
        for branch in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
            yield from _statements(branch.body, inside)


def _formula_line(
    statement: _Statement,
    following: Optional[ast.stmt],
    loops: Names,
    source: list[str],
    start: int,
) -> Optional[FormulaLine]:
    target: Optional[ast.expr] = None
    last = statement.end_lineno or statement.lineno
    if isinstance(statement, ast.If):
        answers = [statement.body[0], statement.orelse[0] if statement.orelse else following]
        if not any(isinstance(answer, ast.Return) and _constant(answer) for answer in answers):
            return None
        kind, expression = "if", statement.test
        last = statement.test.end_lineno or statement.lineno
        while last + 1 < statement.body[0].lineno and ":" not in source[last - start]:
            last += 1  # a condition in brackets ends with "):"
    elif isinstance(statement, ast.Return):
        if statement.value is None or isinstance(statement.value, ast.Name):
            return None
        kind, expression = "return", statement.value
    else:
        given = statement.value
        target = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        idle = (ast.Constant, ast.Name, ast.Attribute, ast.List)
        if given is None or not isinstance(target, (ast.Name, ast.Subscript)):
            return None
        if isinstance(statement, ast.AugAssign):
            if isinstance(given, ast.Constant) and isinstance(given.value, int):
                return None  # a counter
            kind = "add" if isinstance(statement.op, ast.Add) else "assign"
            before = _loaded(target)
            expression = ast.BinOp(left=before, op=statement.op, right=given)
        elif isinstance(given, idle):
            return None
        else:
            kind, expression = "assign", given
    parts: list[Part] = []
    numbers: dict[ast.expr, int] = {}
    _take_parts(expression, parts, numbers)
    place = target and _loaded(target)
    text = " ".join(line.strip() for line in source[statement.lineno - start : last - start + 1])
    return FormulaLine(
        statement.lineno,
        last,
        text.partition("  #")[0],
        kind,
        ast.unparse(place) if place else None,
        place,
        expression,
        tuple(parts),
        numbers,
        loops,
    )


def _constant(answer: ast.Return) -> bool:
    return isinstance(answer.value, ast.Constant)


def _take_parts(node: ast.expr, parts: list[Part], numbers: dict[ast.expr, int]) -> None:
    """Collect the parts of an expression in the order in which they are evaluated."""
    if isinstance(node, ast.Call):
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            _take_parts(argument, parts, numbers)
        part = Part(ast.unparse(node), node, node.func)
    elif isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)):
        part = Part(ast.unparse(node), node)
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                _take_parts(child, parts, numbers)
        return
    numbers[node] = len(parts)
    parts.append(part)


def _loaded(target: ast.expr) -> ast.expr:
    """Return the same place, to be read instead of written."""
    return ast.parse(ast.unparse(target), mode="eval").body
