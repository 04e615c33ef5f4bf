"""Edits: changes of a function's syntax tree in one place.

A mistake is an edit of the right function, and a repair is an edit of a wrong one. The diagnosis
edits the engine's functions until they give a student's answers; the repair edits the student's
function until it gives the right ones; the mutation benchmark edits the engine to see which
properties fail.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, Optional, Union

_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq)
# Functions that learners confuse, besides those of the file itself.
_FUNCTIONS = ("sum", "max", "min", "len", "abs", "exp", "tanh", "sqrt", "log")
_ALIKE = (*_FUNCTIONS, "mean", "dot", "multiply")
_ALIKE_PAIRS = (("outer", "dot"), ("dot", "outer"), ("multiply", "outer"), ("maximum", "minimum"))
# What a learner may write instead of a and b with an operator between them.
_OPERATIONS: dict[type[ast.operator], tuple[str, ...]] = {
    ast.Sub: ("b - a",),
    ast.Mult: ("a @ b", "a * b * b", "a * b * a"),
    ast.Div: ("b / a", "a // b"),
    ast.FloorDiv: ("b // a", "a / b"),
    ast.MatMult: ("b @ a", "a * b"),
    ast.Pow: ("b ** a", "a * b"),
}
# Operations that a learner may forget: on a name, on a whole value, and with another value b.
_ON_NAMES = ("a.T", "a[1:]", "a[:-1]", "reversed(a)", "list(a)")
_ON_VALUES = ("-a", "a * 2.0", "a / 2.0", "a ** 2", "1.0 - a", "a * (1.0 - a)")
_WITH_VALUES = ("a / len(b)", "a + b", "a - b", "a * b", "a / b")
_OF_LISTS = ("len", "zip", "enumerate", "reversed", "sum", "list", "sorted", "min", "max")
Slot = tuple[ast.AST, str, Optional[int]]  # a place in a tree: its parent, the field, the index


class Edit(NamedTuple):
    """One change of a function: the place, the new node, and the statement around it."""

    unit: str
    slot: Slot
    new: Any
    statement: ast.stmt
    written: str = ""  # of a new statement: its first line
    moved: str = ""  # the new place of the statement, if the statement itself is unchanged

    @property
    def line(self) -> int:
        """The line of the statement in its file."""
        return self.statement.lineno

    @contextmanager
    def made(self) -> Iterator[None]:
        """Make the change, and undo it at the end, even after an error."""
        old = _get(self.slot)
        for new in self.new if isinstance(self.new, list) else [self.new]:
            ast.fix_missing_locations(
                ast.copy_location(new, self.statement) if not hasattr(new, "lineno") else new
            )
        _put(self.slot, self.new)
        try:
            yield
        finally:
            _put(self.slot, old)

    def texts(self) -> tuple[str, str]:
        """Return the first line of the statement before and after the change."""
        before = after = _head(self.statement)
        with self.made():
            after = self.written or _head(self.statement)
        return before, after


def is_turn(node: ast.stmt) -> bool:
    """Return whether a statement is the added check of the time."""
    return isinstance(node, ast.Expr) and ast.unparse(node.value) == "_turn()"


def edits_of(unit: str, tree: ast.stmt, functions: Sequence[str] = ()) -> Iterator[Edit]:
    r"""Yield every edit of one function, the most likely first.

    >>> tree = ast.parse("f = lambda a, b: a - b").body[0]
    >>> [edit.texts()[1] for edit in edits_of("f", tree)][:3]
    ['f = lambda a, b: a + b', 'f = lambda a, b: a * b', 'f = lambda a, b: a / b']
    """
    names = _Names(tree, [name for name in functions if name != unit])
    statements = [each for each in _statements(tree) if not is_turn(each[0])]
    places = [(place, each) for each, _ in statements for place in _expressions(each)]
    read = [each for each in places if not _is_written_to(each[0])]
    written = [each for each in places if _is_written_to(each[0])]

    def edits(
        of: list[tuple[Slot, ast.stmt]], changed: Callable[[Any, Slot, _Names], Iterator[ast.expr]]
    ) -> Iterator[Edit]:
        for place, statement in of:
            for expression in changed(_get(place), place, names):
                yield Edit(unit, place, expression, statement)

    yield from edits(read, _of_expression)
    for statement, slot in statements:
        yield from _moves(unit, statement, slot)
    for statement, slot in statements:
        for new in _of_statement(statement):
            new = ast.copy_location(new, statement)
            yield Edit(unit, slot, new, statement, _head(new))
    yield from edits(written, _of_expression)
    yield from edits(read, _wrapped)


class _Names:
    """The names in a function: indices, values, functions, and the depth of their indexing."""

    def __init__(self, tree: ast.AST, functions: Sequence[str]) -> None:
        nodes = list(ast.walk(tree))
        self.functions = list(functions)
        loops = [n for n in nodes if isinstance(n, (ast.For, ast.comprehension))]
        counters = [_counter(n) for n in loops if _is_call(n.iter, "range", "enumerate")]
        self.indices = [*dict.fromkeys(n.id for n in counters if isinstance(n, ast.Name))]
        calls = [n for n in nodes if isinstance(n, ast.Call)]
        called = {n.func.id for n in calls if isinstance(n.func, ast.Name)}
        given = [arg.arg for n in nodes if isinstance(n, ast.arguments) for arg in n.args]
        stored = [n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)]
        self.values = [
            name
            for name in dict.fromkeys([*given, *stored])
            if name not in called and name not in self.indices and name not in ("self", "_")
        ]
        self.depth: dict[str, int] = {}
        for node in nodes:
            base, depth = node, 0
            while isinstance(base, ast.Subscript):
                base, depth = base.value, depth + 1
            if isinstance(base, ast.Name):
                self.depth[base.id] = max(depth, self.depth.get(base.id, 0))
        listed = [each for call in calls if _is_call(call, *_OF_LISTS) for each in call.args]
        taken = [*listed, *(n.iter for n in loops)]
        self.lists = {n.id for n in taken if isinstance(n, ast.Name)}
        self.lists |= {name for name, depth in self.depth.items() if depth}

    def like(self, name: str) -> list[str]:
        """Return the names that a learner may confuse with this one."""
        if name in self.indices:
            return [each for each in self.indices if each != name]
        if name in self.values:
            deep = self.depth.get(name, 0)
            kind = name in self.lists
            near = [v for v in self.values if v != name and (v in self.lists) == kind]
            return [each for each in near if not deep or self.depth.get(each, 0) in (deep, 0)]
        if name in self.functions:
            return [each for each in self.functions if each != name]
        return []


def _counter(loop: Union[ast.For, ast.comprehension]) -> ast.expr:
    """Return the index of a loop over range() or enumerate()."""
    target = loop.target
    if isinstance(target, ast.Tuple) and _is_call(loop.iter, "enumerate"):
        return target.elts[0]
    return target


def _of_statement(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield replacements for a statement."""
    if isinstance(node, ast.AugAssign):
        yield ast.Assign([node.target], node.value)
        for op in _ARITHMETIC:
            if not isinstance(node.op, op):
                yield ast.AugAssign(node.target, op(), node.value)
        if isinstance(node.target, ast.Subscript):
            load = _made(ast.unparse(node.target))
            yield ast.Assign([node.target], ast.BinOp(node.value, node.op, load))
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        (target,) = node.targets
        if isinstance(target, ast.Tuple) and len(target.elts) == 2:
            yield ast.Assign([ast.Tuple(target.elts[::-1], ast.Store())], node.value)
        elif not isinstance(target, ast.Tuple):
            for op in (ast.Add, ast.Sub):
                yield ast.AugAssign(target, op(), node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        yield ast.If(ast.Constant(True), node.body, [])
        yield ast.If(ast.Constant(False), node.body, node.orelse)


def _moves(unit: str, node: ast.stmt, slot: Slot) -> Iterator[Edit]:
    """Yield the edits that remove or move a statement."""
    parent, field, at = slot
    assert at is not None  # a statement is in a list of statements
    block: list[ast.stmt] = getattr(parent, field)
    before, after, whole = block[:at], block[at + 1 :], (parent, field, None)

    def edit(statement: ast.stmt, new: list[ast.stmt], moved: str) -> Edit:
        return Edit(unit, whole, new, statement, moved=moved)

    if isinstance(node, (ast.For, ast.While)):
        inside = node.body  # the first statement checks the time
        if len(inside) > 2:
            first, last = inside[1], inside[-1]
            rest = _with_body(node, inside[:-1])
            yield edit(last, [*before, rest, last, *after], "after the loop")
            rest = _with_body(node, [inside[0], *inside[2:]])
            yield edit(first, [*before, first, rest, *after], "before the loop")
        if after:
            rest = _with_body(node, [*inside, after[0]])
            yield edit(after[0], [*before, rest, *after[1:]], "into the loop before it")
        if before and not is_turn(before[-1]):
            rest = _with_body(node, [inside[0], before[-1], *inside[1:]])
            yield edit(before[-1], [*before[:-1], rest, *after], "into the loop after it")
    simple = isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.Return))
    if simple and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        if not isinstance(node, ast.Return):
            yield edit(node, [*before, ast.Pass(), *after], "out")
        if after:
            yield edit(node, [*before, after[0], node, *after[1:]], "after the next line")


def _of_expression(node: Any, slot: Slot, names: _Names) -> Iterator[ast.expr]:
    """Yield replacements for an expression."""
    if isinstance(node, ast.Name):
        yield from map(_name, names.like(node.id))
        if node.id in names.indices and _is_index(slot):
            yield from (_made("0"), _made("-1"))
    if isinstance(node, ast.BinOp):
        yield from _of_arithmetic(node)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from map(ast.Constant, _numbers_like(node.value))
    elif isinstance(node, ast.Compare):
        for other in _others(node.ops[0], _COMPARED):
            yield ast.Compare(node.left, [other], node.comparators)
    elif isinstance(node, ast.BoolOp):
        first = node.values[0]
        if isinstance(first, ast.UnaryOp) and isinstance(first.op, ast.Not):  # not p and q
            yield ast.UnaryOp(ast.Not(), ast.BoolOp(node.op, [first.operand, *node.values[1:]]))
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
        yield from node.values
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield node.value
        for other in _ALIKE if node.attr in _ALIKE else ():
            if other != node.attr:
                yield _made(f"a.{other}", a=node.value)
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) == 2:
        yield type(node)(node.elts[::-1], node.ctx)


def _of_arithmetic(node: ast.BinOp) -> Iterator[ast.expr]:
    left, right = node.left, node.right
    yield from (ast.BinOp(left, op, right) for op in _others(node.op))
    for text in _OPERATIONS.get(type(node.op), ()):
        yield _made(text, a=left, b=right)
    yield left
    yield right
    if isinstance(left, ast.BinOp):  # (a · b) ∘ c as a · (b ∘ c)
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)


def _of_subscript(node: ast.Subscript) -> Iterator[ast.expr]:
    outer, index = node.value, node.slice
    if isinstance(outer, ast.Subscript):
        yield _made("a[j][i]", a=outer.value, i=outer.slice, j=index)
    if isinstance(index, ast.Slice):
        yield outer
        for lower, upper in ((None, index.upper), (index.lower, None)):
            yield ast.Subscript(outer, ast.Slice(lower, upper, index.step), node.ctx)
    elif isinstance(index, ast.Tuple) and len(index.elts) == 2:
        yield ast.Subscript(outer, ast.Tuple(index.elts[::-1], ast.Load()), node.ctx)
    elif not isinstance(index, ast.Constant):
        yield from (_made(text, a=outer, i=index) for text in ("a[i + 1]", "a[i - 1]"))


def _numbers_like(value: Any) -> list[Any]:
    """Return the constants that a learner may confuse with this one."""
    others: tuple[float, ...] = ()
    if isinstance(value, bool):
        others = (not value,)
    elif isinstance(value, int):
        others = (value + 1, value - 1, 0, 1, 2, -value)
    elif isinstance(value, float) and 0.0 < abs(value) < 0.05:  # the width of a numerical slope
        return [1e-5, 1e-3]
    elif isinstance(value, float):
        others = (0.0, 1.0, 2.0, 0.5, -value, value + 1.0, value - 1.0)
    return [each for each in dict.fromkeys(others) if each != value]


def _of_call(node: ast.Call) -> Iterator[ast.expr]:
    arguments = node.args
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "range":
        for i, bound in enumerate(arguments[:2]):
            for text in ("a + 1", "a - 1"):
                yield _called(node, [*arguments[:i], _made(text, a=bound), *arguments[i + 1 :]])
        if len(arguments) == 1:
            yield _called(node, [_made("1"), *arguments])
        return
    for other in _ALIKE if name in _ALIKE else ():
        if other != name and hasattr(builtins, other):
            yield ast.Call(_name(other), arguments, node.keywords)
    if len(arguments) == 2:
        yield _called(node, arguments[::-1])
        if isinstance(node.func, ast.Attribute):
            for first, second in _ALIKE_PAIRS:
                if node.func.attr == first:
                    function = _made(f"a.{second}", a=node.func.value)
                    yield ast.Call(function, arguments, node.keywords)
            if node.func.attr in ("dot", "matmul", "outer"):
                yield ast.BinOp(arguments[0], ast.Mult(), arguments[1])
    if name == "enumerate":
        yield ast.Call(node.func, [*arguments[:1], ast.Constant(int(len(arguments) == 1))], [])
    if node.keywords:
        yield ast.Call(node.func, arguments, node.keywords[1:])
    yield from (each for each in arguments[:2] if not isinstance(each, ast.Starred))


def _wrapped(node: ast.expr, slot: Slot, names: _Names) -> Iterator[ast.expr]:
    """Yield the expression with a forgotten operation added."""
    parent, field, _ = slot
    kinds = (ast.Name, ast.Subscript, ast.Attribute, ast.BinOp, ast.Call)
    if not isinstance(node, kinds) or _is_index(slot) or field == "func":
        return
    if _is_call(parent, "range", "len", "zip", "enumerate"):
        return
    if isinstance(node, (ast.Name, ast.Attribute)) and not isinstance(parent, ast.Subscript):
        yield from (_made(text, a=node) for text in _ON_NAMES)
    for function in map(_name, names.functions):
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == function.id):
            yield _made("f(a)", f=function, a=node)
    whole = (ast.Assign, ast.AugAssign, ast.Return, ast.ListComp, ast.GeneratorExp)
    if not isinstance(parent, whole) and not (isinstance(parent, ast.Call) and field == "args"):
        return
    yield from (_made(text, a=node) for text in _ON_VALUES)
    for name in names.values:
        if not isinstance(node, ast.Name) or node.id != name:
            value = _name(name)
            yield from (_made(text, a=node, b=value) for text in _WITH_VALUES)
            for index in names.indices if names.depth.get(name, 0) == 1 else ():
                entry = _made("b[i]", b=value, i=_name(index))
                yield from (_made(text, a=node, b=entry) for text in _WITH_VALUES[1:4])


def _statements(tree: ast.AST) -> Iterator[tuple[ast.stmt, Slot]]:
    for field, value in ast.iter_fields(tree):
        if isinstance(value, list):
            for i, node in enumerate(value):
                if isinstance(node, ast.stmt):
                    yield node, (tree, field, i)
                    yield from _statements(node)
    if isinstance(tree, ast.Assign):  # a unit that is a lambda or a number
        yield tree, (ast.Module([tree], []), "body", 0)


def _expressions(statement: ast.AST) -> Iterator[Slot]:
    """Yield the places of all expressions of a statement, without those of inner statements."""
    for field, value in ast.iter_fields(statement):
        for i, node in enumerate(value if isinstance(value, list) else [value]):
            if isinstance(node, (ast.expr, ast.comprehension, ast.keyword, ast.Slice)):
                if isinstance(node, ast.expr) and not _stores(node):
                    yield statement, field, i if isinstance(value, list) else None
                if not (isinstance(node, ast.Name) and field == "func"):
                    yield from _expressions(node)


def _get(slot: Slot) -> Any:
    parent, field, index = slot
    value = getattr(parent, field)
    return value if index is None else value[index]


def _put(slot: Slot, new: Any) -> None:
    parent, field, index = slot
    if index is None:
        setattr(parent, field, new)
    else:
        getattr(parent, field)[index] = new


def _with_body(node: Union[ast.For, ast.While], body: list[ast.stmt]) -> ast.stmt:
    loop = type(node)(**{**dict(ast.iter_fields(node)), "body": body})
    return ast.copy_location(loop, node)


def _head(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


def _stores(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _is_call(node: Any, *names: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _is_written_to(slot: Slot) -> bool:
    """Return whether a place is the list that ``w[l] = …`` writes to, which is rarely wrong."""
    parent, field, _ = slot
    return isinstance(parent, ast.Subscript) and _stores(parent) and field == "value"


def _is_index(slot: Slot) -> bool:
    return isinstance(slot[0], ast.Subscript) and slot[1] == "slice"


def _called(node: ast.Call, arguments: list[ast.expr]) -> ast.Call:
    return ast.Call(node.func, arguments, node.keywords)


def _others(op: ast.AST, kinds: Sequence[type[Any]] = _ARITHMETIC) -> list[Any]:
    """Return the other operators of these kinds; none if this one is of no such kind."""
    return [kind() for kind in kinds if not isinstance(op, kind)] if type(op) in kinds else []


def _name(name: str) -> ast.Name:
    return ast.Name(name, ast.Load())


def _made(text: str, **parts: ast.expr) -> Any:
    """Return the expression that a text is, with these parts for the names in it."""
    return _filled(_parsed(text), parts)


@cache
def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _filled(node: Any, parts: dict[str, ast.expr]) -> Any:
    if isinstance(node, ast.Name):
        return parts.get(node.id, node)
    if isinstance(node, list):
        return [_filled(each, parts) for each in node]
    if not isinstance(node, ast.expr):
        return node
    return type(node)(**{name: _filled(each, parts) for name, each in ast.iter_fields(node)})
