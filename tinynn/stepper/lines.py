"""Which lines of a function are formula lines: those that compute a number from numbers."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple, Optional, Union

from tinynn.errors import ArgumentError

Names = tuple[str, ...]
Loops = tuple[ast.For, ...]  # from outside in
_Statement = Union[ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If]


class Part(NamedTuple):
    """A part of a line that stands for a value: a name, an entry such as w[j][k], or a call."""

    text: str
    node: ast.expr
    base: str  # of w[j][k]: w
    indices: tuple[ast.expr, ...]  # of w[j][k]: j and k
    called: Optional[ast.expr] = None  # of a call: the function


class FormulaLine(NamedTuple):
    """A line of source that computes one number, taken apart."""

    first: int
    last: int
    source: str
    kind: str  # "term" or "entry" for +=, "assign", "return", "if"
    target: Optional[Part]
    expression: ast.expr  # what it computes; of `total += x`, total + x
    added: Optional[ast.expr]  # of `total += x`: x
    parts: tuple[Part, ...]  # in the order in which Python looks them up
    numbers: dict[ast.expr, int]  # which part a node of the expression is


class FunctionLines(NamedTuple):
    """The formula lines of one function, and its source to show them in."""

    first: int  # the number of its `def` line's first decorator, or of itself
    source: tuple[str, ...]
    body: int  # the line of its first statement after the docstring
    lines: dict[int, FormulaLine]  # by the number of every line that each takes
    loops: dict[int, Names]  # the indices of the loops around a statement, from outside in
    sums: frozenset[str]  # the names that terms are added to
    starts: dict[int, Names]  # the lines on which such a sum starts
    neuron: Optional[Names]  # the loops in which a sum starts; without one, the outermost


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
    used = {
        name
        for node in ast.walk(definition)
        if isinstance(node, ast.Subscript)
        for name in _names(node.slice)
    }
    statements = list(_statements(definition.body, ()))
    lines: dict[int, FormulaLine] = {}
    loops: dict[int, Names] = {}
    for statement, following, around in statements:
        if statement.lineno in loops:
            where = f"{name}, line {statement.lineno}"
            raise ArgumentError(f"{where}: expected one statement on a line, got two")
        loops[statement.lineno] = tuple(i for loop in around for i in _indices(loop, used))
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If)):
            line = _formula_line(statement, following, around, source, first)
            if line is not None:
                lines.update((number, line) for number in range(line.first, line.last + 1))
    terms = [each.target for each in lines.values() if each.kind == "term"]
    sums = frozenset(target.base for target in terms if target and not target.indices)
    starts: dict[int, Names] = {}
    for statement, _, _ in statements:
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and sums & _assigned(statement):
            starts[statement.lineno] = tuple(sums & _assigned(statement))
    inner = {at: tuple(name for name in names if name != "l") for at, names in loops.items()}
    outermost = next((names[:1] for names in inner.values() if names), None)
    neuron = inner[min(starts)] if starts and outermost else outermost
    body = definition.body
    after = 1 if ast.get_docstring(definition) is not None and len(body) > 1 else 0
    text = tuple(map(str.rstrip, source))
    return FunctionLines(first, text, body[after].lineno, lines, loops, sums, starts, neuron)


def _statements(
    body: list[ast.stmt], loops: Loops
) -> Iterator[tuple[ast.stmt, Optional[ast.stmt], Loops]]:
    """Yield every statement, the one that follows it, and its loops; not of inner functions."""
    for statement, following in zip(body, [*body[1:], None]):
        yield statement, following, loops
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        inside = (*loops, statement) if isinstance(statement, ast.For) else loops
        for block in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, block, []), inside)
        for branch in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
            yield from _statements(branch.body, inside)


def _names(node: ast.AST) -> list[str]:
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]


def _assigned(statement: ast.stmt) -> set[str]:
    names = (each for each in ast.walk(statement) if isinstance(each, ast.Name))
    return {each.id for each in names if isinstance(each.ctx, ast.Store)}


def _indices(loop: ast.For, used: Collection[str]) -> Iterator[str]:
    """Yield the names of a loop that count: j of range(3), and what is an index somewhere."""
    counts = isinstance(loop.iter, ast.Call) and ast.unparse(loop.iter.func) in _COUNTS
    for number, name in enumerate(_names(loop.target)):
        if name in used or (counts and number == 0):
            yield name


_COUNTS = ("range", "enumerate")


def _is_term(target: ast.expr, loops: Loops) -> bool:
    """Whether += adds a term of a sum: in a loop whose index is not in its target, or in none."""
    names = set(_names(target))
    return not loops or any(names.isdisjoint(_names(loop.target)) for loop in loops)


def _formula_line(
    statement: _Statement,
    following: Optional[ast.stmt],
    loops: Loops,
    source: list[str],
    start: int,
) -> Optional[FormulaLine]:
    target: Optional[Part] = None
    added: Optional[ast.expr] = None
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
        place = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        idle = (ast.Constant, ast.Name, ast.Attribute, ast.List)
        if given is None or not isinstance(place, (ast.Name, ast.Subscript)):
            return None
        target = _part(_loaded(place))
        kind, expression = "assign", given
        if isinstance(statement, ast.AugAssign):
            if isinstance(given, ast.Constant) and isinstance(given.value, int):
                return None  # a counter
            expression = ast.BinOp(left=target.node, op=statement.op, right=given)
            if isinstance(statement.op, ast.Add):
                kind, added = "term" if _is_term(place, loops) else "entry", given
        elif isinstance(given, idle):
            return None
    parts: list[Part] = []
    numbers: dict[ast.expr, int] = {}
    _take_parts(expression, parts, numbers)
    text = " ".join(line.strip() for line in source[statement.lineno - start : last - start + 1])
    return FormulaLine(
        statement.lineno,
        last,
        text.partition("  #")[0],
        kind,
        target,
        expression,
        added,
        tuple(parts),
        numbers,
    )


def _constant(answer: ast.Return) -> bool:
    return isinstance(answer.value, ast.Constant)


def _take_parts(node: ast.expr, parts: list[Part], numbers: dict[ast.expr, int]) -> None:
    """Collect the parts of an expression in the order in which they are evaluated."""
    if isinstance(node, ast.Call):
        for argument in [*node.args, *(keyword.value for keyword in node.keywords)]:
            _take_parts(argument, parts, numbers)
        part = _part(node)._replace(called=node.func)
    elif isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)):
        part = _part(node)
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                _take_parts(child, parts, numbers)
        return
    numbers[node] = len(parts)
    parts.append(part)


def _part(node: ast.expr) -> Part:
    inner = node
    indices: list[ast.expr] = []
    while isinstance(inner, ast.Subscript):
        indices.insert(0, inner.slice)
        inner = inner.value
    return Part(ast.unparse(node), node, ast.unparse(inner), tuple(indices))


def _loaded(target: ast.expr) -> ast.expr:
    """Return the same place, to be read instead of written."""
    return ast.parse(ast.unparse(target), mode="eval").body
