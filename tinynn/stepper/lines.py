"""The formula lines of a function: those that compute a number from numbers."""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable, Collection, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple, Optional, Union

from tinynn.errors import ArgumentError

Names = tuple[str, ...]
Loops = tuple[Union[ast.For, ast.While], ...]  # outermost first
Comprehension = (ast.ListComp, ast.GeneratorExp)
_Statement = Union[ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If, ast.Expr]
_STATEMENTS = (ast.Assign, ast.AugAssign, ast.AnnAssign, ast.Return, ast.If, ast.Expr)


class Part(NamedTuple):
    """A part of a line with a value: a name, an entry such as w[j][k], or a call."""

    text: str
    node: ast.expr
    base: str  # of w[j][k]: w
    owner: ast.expr  # the base as an expression
    indices: tuple[ast.expr, ...]  # of w[j][k] and of w[j, k]: j and k
    called: Optional[ast.expr] = None  # of a call: the function


class Elements(NamedTuple):
    """A comprehension: its generators, and the line of its elements."""

    generators: tuple[ast.comprehension, ...]
    indices: Names  # its names that are indices
    element: Union[FormulaLine, Elements]
    number: Optional[int]  # the part of the call with only this argument, such as sum(…)


class FormulaLine(NamedTuple):
    """The analysis of a source line that computes one number, or one for each element."""

    first: int
    last: int
    source: str
    # "term" or "entry" for +=, "assign", "append", "return", "if", "element" of a comprehension;
    # "other" is never a step
    kind: str
    target: Optional[Part]
    expression: ast.expr  # its right side; for `total += x`, total + x
    added: Optional[ast.expr] = None  # for `total += x`: x
    counter: bool = False  # such as i += 1, which is a step only if i is not a whole number
    parts: tuple[Part, ...] = ()  # in the order in which Python looks them up
    numbers: Mapping[ast.expr, int] = MappingProxyType({})  # the number of the part of each node
    inside: tuple[Elements, ...] = ()  # its comprehensions


class FunctionLines(NamedTuple):
    """The formula lines of one function, and its source."""

    first: int  # the number of its first line: a decorator or the `def`
    source: tuple[str, ...]
    body: int  # the line of its first statement after the docstring
    lines: dict[int, FormulaLine]  # by the number of each of its source lines
    loops: dict[int, Names]  # the indices of the loops around a statement, outermost first
    sums: frozenset[str]  # the names that terms are added to
    starts: dict[int, Names]  # the lines on which such a sum starts
    neuron: Optional[Names]  # the loops in which a sum starts; without sums, the outermost loop


def formula_lines(function: Callable[..., object]) -> FunctionLines:
    """Return the lines of a function that compute a number, by their line numbers.

    Lines that compute a number for each element of a comprehension count too. Lines that only
    unpack (``w = weights.rows``), initialise (``total = 0.0``), rename (``return total``) or loop
    do not. A condition counts if one of its branches returns a constant, as in a perceptron.
    Raises ArgumentError if the source cannot be found, or a line has more than one statement.
    """
    name = getattr(function, "__qualname__", repr(function))
    try:
        source, first = inspect.getsourcelines(function)
        tree = ast.parse(textwrap.dedent("".join(source)))
    except (OSError, TypeError, SyntaxError):
        expected = "expected a function whose source can be read"
        if getattr(getattr(function, "__code__", None), "co_filename", "") == "<stdin>":
            expected += ": at >>> Python keeps the source only from 3.13 on; use a file"
        raise ArgumentError(f"{name}: {expected}") from None
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise ArgumentError(f"{name}: expected a function written with def")
    ast.increment_lineno(tree, first - 1)
    subscripts = (node for node in ast.walk(definition) if isinstance(node, ast.Subscript))
    used = {name for node in subscripts for name in _names(node.slice)}
    statements = list(_statements(definition.body, ()))
    lines: dict[int, FormulaLine] = {}
    loops: dict[int, Names] = {}
    for statement, following, around in statements:
        if statement.lineno in loops:
            where = f"{name}, line {statement.lineno}"
            raise ArgumentError(f"{where}: expected one statement per line, got two")
        loops[statement.lineno] = tuple(i for loop in around for i in _indices(loop, used))
        if isinstance(statement, _STATEMENTS):
            line = _formula_line(statement, following, around, source, first, used)
            if line is not None:
                lines.update((number, line) for number in range(line.first, line.last + 1))
    terms = [each.target for each in lines.values() if each.kind == "term"]
    sums = frozenset(target.base for target in terms if target and not target.indices)
    starts: dict[int, Names] = {}
    for statement, _, _ in statements:
        adding = lines.get(statement.lineno)
        is_term = adding is not None and adding.kind == "term"
        if isinstance(statement, (ast.Assign, ast.AnnAssign)) and not is_term:
            started = sums.intersection(_names(statement, ast.Store))
            if started:
                starts[statement.lineno] = tuple(started)
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
    """Yield every statement outside inner functions, the next statement, and its loops."""
    for statement, following in zip(body, [*body[1:], None]):
        yield statement, following, loops
        if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
            continue
        inside = (*loops, statement) if isinstance(statement, (ast.For, ast.While)) else loops
        for block in ("body", "orelse", "finalbody"):
            yield from _statements(getattr(statement, block, []), inside)
        for branch in [*getattr(statement, "handlers", []), *getattr(statement, "cases", [])]:
            yield from _statements(branch.body, inside)


def _names(node: ast.AST, context: type = ast.expr_context) -> list[str]:
    names = (each for each in ast.walk(node) if isinstance(each, ast.Name))
    return [each.id for each in names if isinstance(each.ctx, context)]


def _indices(
    loop: Union[ast.For, ast.While, ast.comprehension], used: Collection[str]
) -> Iterator[str]:
    """Yield the names of a loop that are indices: j of range(3), and names used as an index."""
    if isinstance(loop, ast.While):
        yield from (name for name in _targets(loop) if name in used)
        return
    if isinstance(loop.target, ast.Name) and loop.target.id == _TERM:
        return
    counts = isinstance(loop.iter, ast.Call) and ast.unparse(loop.iter.func) in _COUNTS
    for number, name in enumerate(_names(loop.target)):
        if name in used or (counts and number == 0):
            yield name


_COUNTS = ("range", "enumerate")


def _targets(loop: Union[ast.For, ast.While]) -> list[str]:
    """Return the names that a loop changes: its target, or a counter such as k of k += 1."""
    if isinstance(loop, ast.For):
        return _names(loop.target)
    return [
        each.target.id
        for each in ast.walk(loop)
        if isinstance(each, ast.AugAssign) and _is_counter(each)
        if isinstance(each.target, ast.Name)
    ]


def _is_counter(statement: ast.AugAssign) -> bool:
    value = statement.value.value if isinstance(statement.value, ast.Constant) else None
    return isinstance(value, int) and isinstance(statement.op, (ast.Add, ast.Sub))


def _is_term(target: ast.expr, loops: Loops) -> bool:
    """Return whether += adds a term: in a loop whose index is not in its target, or in no loop."""
    names = set(_names(target))
    return not loops or any(names.isdisjoint(_targets(loop)) for loop in loops)


def _formula_line(
    statement: _Statement,
    following: Optional[ast.stmt],
    loops: Loops,
    source: list[str],
    start: int,
    used: Collection[str],
) -> Optional[FormulaLine]:
    target: Optional[Part] = None
    added: Optional[ast.expr] = None
    counter = False
    last = statement.end_lineno or statement.lineno
    if isinstance(statement, ast.If):
        answers = [statement.body[0], statement.orelse[0] if statement.orelse else following]
        if not any(isinstance(answer, ast.Return) and _constant(answer) for answer in answers):
            return None
        kind, expression = "if", statement.test
        last = statement.test.end_lineno or statement.lineno
        while last + 1 < statement.body[0].lineno and ":" not in source[last - start]:
            last += 1  # a condition in parentheses ends with "):"
    elif isinstance(statement, ast.Return):
        if statement.value is None or isinstance(statement.value, ast.Name):
            return None
        kind, expression = "return", statement.value
    elif isinstance(statement, ast.Expr):
        found = _stored_by(statement.value)
        if found is None:
            return None
        kind, target, expression = found
    else:
        given = statement.value
        place = statement.targets[0] if isinstance(statement, ast.Assign) else statement.target
        idle = _CONTAINERS if isinstance(statement, ast.AugAssign) else _IDLE
        if given is None or isinstance(given, idle):
            return None
        kind, expression = "assign", given
        if not isinstance(place, (ast.Name, ast.Subscript, ast.Attribute)):
            kind = "other"
        else:
            target = _part(_loaded(place))
            if isinstance(statement, ast.AugAssign):
                counter = _is_counter(statement)
                expression = ast.BinOp(left=target.node, op=statement.op, right=given)
                added = given if isinstance(statement.op, ast.Add) else None
            elif isinstance(given, ast.BinOp) and isinstance(given.op, ast.Add):
                if ast.unparse(given.left) == target.text:  # total = total + …
                    added = given.right
            if added is not None:
                kind = "term" if _is_term(place, loops) else "entry"
    if kind == "other" and not works(expression):
        return None
    text = " ".join(line.strip() for line in source[statement.lineno - start : last - start + 1])
    text = text.partition("  #")[0]
    line = FormulaLine(statement.lineno, last, text, kind, target, expression, added, counter)
    return _taken_apart(line, used)


_CONTAINERS = (ast.List, ast.Dict, ast.Set, ast.Lambda)
_IDLE = (*_CONTAINERS, ast.Constant, ast.Name, ast.Attribute)


def _stored_by(call: ast.expr) -> Optional[tuple[str, Optional[Part], ast.expr]]:
    """Return the kind, target and value of a call such as x.append(…), which stores a number."""
    if isinstance(call, (ast.Yield, ast.NamedExpr)) and call.value is not None:
        return "other", None, call.value
    if not isinstance(call, ast.Call):
        return None
    if any(keyword.arg == "out" for keyword in call.keywords):
        return "other", None, call
    if not isinstance(call.func, ast.Attribute) or not call.args:
        return None
    value = call.args[-1]
    if call.func.attr not in ("append", "insert", "extend") or isinstance(value, _IDLE):
        return None
    if call.func.attr != "append":
        return "other", None, value
    owner = ast.unparse(call.func.value)
    return "append", _part(ast.parse(f"{owner}[-1]", mode="eval").body), value


def works(expression: ast.expr) -> bool:
    """Return whether an expression is more than names and entries."""
    working = (ast.BinOp, ast.UnaryOp, ast.Call, *Comprehension)
    return any(isinstance(node, working) for node in ast.walk(expression))


def _constant(answer: ast.Return) -> bool:
    return isinstance(answer.value, ast.Constant)


def _taken_apart(line: FormulaLine, used: Collection[str]) -> FormulaLine:
    """Return a line with the parts of its expression and its comprehensions."""
    parts: list[Part] = []
    inside: list[tuple[ast.expr, Optional[ast.Call]]] = []
    _take_parts(line.expression, parts, inside)
    numbers = {part.node: number for number, part in enumerate(parts)}
    line = line._replace(parts=tuple(parts), numbers=numbers)
    elements = tuple(_elements(each, line, call, used) for each, call in inside)
    return line._replace(inside=elements)


def line_of(expression: ast.expr) -> FormulaLine:
    """Return an expression, such as the condition of a comprehension, as a line."""
    return _taken_apart(FormulaLine(0, 0, ast.unparse(expression), "if", None, expression), ())


def _elements(
    node: ast.expr, line: FormulaLine, call: Optional[ast.Call], used: Collection[str]
) -> Elements:
    assert isinstance(node, Comprehension)
    indices = tuple(name for each in node.generators for name in _indices(each, used))
    element: Union[FormulaLine, Elements]
    if isinstance(node.elt, ast.ListComp):
        element = _elements(node.elt, line, None, used)
    else:
        inner = line._replace(kind="element", expression=node.elt, added=None, counter=False)
        element = _taken_apart(inner, used)
    number = None if call is None else line.numbers[call]
    return Elements(tuple(node.generators), indices, element, number)


def _take_parts(
    node: ast.expr,
    parts: list[Part],
    inside: list[tuple[ast.expr, Optional[ast.Call]]],
    call: Optional[ast.Call] = None,
) -> None:
    """Collect the parts of an expression in the order of evaluation.

    ``inside`` gets its comprehensions, each with the call whose only argument it is.
    """
    if isinstance(node, Comprehension):
        inside.append((node, call))
        return
    if isinstance(node, (ast.SetComp, ast.DictComp, ast.Lambda)):
        return
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        inside.append((_products(node.left, node.right), None))
        part = _part(node)
    elif isinstance(node, ast.Call):
        if len(node.args) == 2 and ast.unparse(node.func).split(".")[-1] in _DOT:
            inside.append((_products(*node.args), None))
        arguments = [*node.args, *(keyword.value for keyword in node.keywords)]
        for argument in arguments:
            _take_parts(argument, parts, inside, node if len(arguments) == 1 else None)
        part = _part(node)._replace(called=node.func)
        if any(isinstance(each, ast.comprehension) for each in ast.walk(node)):
            part = part._replace(text=f"{ast.unparse(node.func)}(…)")
    elif isinstance(node, (ast.Name, ast.Subscript, ast.Attribute)):
        part = _part(node)
    else:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                _take_parts(child, parts, inside)
        return
    parts.append(part)


_DOT = ("dot", "inner", "vdot")
_TERM = "_term"  # counts the terms of a dot product


def _products(left: ast.expr, right: ast.expr) -> ast.expr:
    """Return the terms of a dot product as a comprehension."""
    a, b = ast.unparse(left), ast.unparse(right)
    terms = f"[({a})[{_TERM}] * ({b})[{_TERM}] for {_TERM} in range(len({a}))]"
    return ast.parse(terms, mode="eval").body


def _part(node: ast.expr) -> Part:
    inner = node
    indices: list[ast.expr] = []
    while isinstance(inner, ast.Subscript):
        at = inner.slice
        indices = [*(at.elts if isinstance(at, ast.Tuple) else [at]), *indices]
        inner = inner.value
    return Part(ast.unparse(node), node, ast.unparse(inner), inner, tuple(indices))


def _loaded(target: ast.expr) -> ast.expr:
    """Return a target as an expression that reads it."""
    return ast.parse(ast.unparse(target), mode="eval").body
