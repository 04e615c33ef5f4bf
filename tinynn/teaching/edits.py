"""Edits: a function as its syntax tree, changed in one place, and run.

A mistake is an edit of the right function, and a repair is an edit of a wrong one. Both come from
here: the diagnosis edits the engine's own functions until they give a student's answers, the
repair edits the student's function until it gives the right ones, and the mutation benchmark edits
the engine to see which property notices.
"""

from __future__ import annotations

import ast
import builtins
import inspect
import linecache
import re
import textwrap
from collections.abc import Callable, Iterator, Sequence
from math import exp, tanh
from time import process_time
from types import CodeType, FunctionType
from typing import Any, NamedTuple, Optional, Union

_SECONDS = 0.02  # for one call of a function that was edited
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_COMPARED = (ast.Gt, ast.GtE, ast.Lt, ast.LtE, ast.Eq, ast.NotEq)
# Functions that are taken for one another, beside those of the file itself.
_ALIKE = (
    "sum",
    "max",
    "min",
    "len",
    "abs",
    "exp",
    "tanh",
    "sqrt",
    "log",
    "mean",
    "dot",
    "multiply",
)
_ALIKE_PAIRS = {("outer", "dot"), ("dot", "outer"), ("multiply", "outer"), ("maximum", "minimum")}
Slot = tuple[ast.AST, str, Optional[int]]  # a place in a tree: its parent, the field, the index


class Edit(NamedTuple):
    """One change of a function: what is put in place of what, and the statement that it changes."""

    unit: str
    slot: Slot
    new: Any
    statement: ast.stmt
    written: str = ""  # of a new statement: its first line
    moved: str = ""  # where the statement goes, if it stays as it is

    @property
    def line(self) -> int:
        """The line of the statement in its file."""
        return self.statement.lineno

    def made(self) -> Iterator[None]:
        """Make the change, and take it back when the iteration goes on."""
        old = _get(self.slot)
        for new in self.new if isinstance(self.new, list) else [self.new]:
            ast.fix_missing_locations(
                ast.copy_location(new, self.statement) if not hasattr(new, "lineno") else new
            )
        _put(self.slot, self.new)
        yield
        _put(self.slot, old)

    def texts(self) -> tuple[str, str]:
        """Return the first line of the statement before and after the change."""
        before = after = _head(self.statement)
        for _ in self.made():
            after = self.written or _head(self.statement)
        return before, after


class Program:
    """A function with those of its own file that it uses, as trees that can be edited and run."""

    def __init__(self, root: str, units: dict[str, ast.stmt], namespace: dict[str, Any]) -> None:
        self.root = root
        self.units = units
        self.namespace = namespace
        self._codes: dict[str, CodeType] = {}
        self._texts: dict[str, str] = {}

    @classmethod
    def of(cls, function: Callable[..., Any]) -> Optional[Program]:
        """Return the program of a function, or None where its source is not at hand."""
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
                        units[node.id] = tree  # keeps its place; read in its turn
                        waiting.append((node.id, used))
        return cls(getattr(function, "__name__", ""), units, scope)

    def edits(self, units: Optional[Sequence[str]] = None) -> Iterator[Edit]:
        """Yield the edits of these units, or else of every unit, the function itself first."""
        own = [self.root, *(name for name in self.units if name != self.root)]
        for name in own if units is None else units:
            yield from edits_of(name, self.units[name], [*self.units])

    def run(self, *edits: Edit) -> Callable[..., Any]:
        """Return the function with these edits made; SyntaxError where they make no program."""
        changed = {edit.unit for edit in edits}
        turns = _Turns()
        namespace = {**self.namespace, "_turn": turns}
        codes = {name: self._code(name) if name not in changed else None for name in self.units}
        if changed:
            _make([*edits], lambda: codes.update({name: self._compiled(name) for name in changed}))
        turns.begin()
        for code in codes.values():
            assert code is not None  # every unit that was changed has been compiled
            exec(code, namespace)

        def function(*arguments: Any) -> Any:
            turns.begin()
            return namespace[self.root](*arguments)

        return function

    def rewritten(self, *changes: tuple[str, str]) -> Optional[Program]:
        """Return the program with pieces of its text replaced; None where one is not in it."""
        texts = self.texts()
        changed = {}
        for has, writes in changes:
            name = next((name for name, text in texts.items() if has in text), None)
            if name is None:
                return None
            changed[name] = texts[name].replace(has, writes)
            texts = {**texts, name: changed[name]}
        trees = {name: _counted(ast.parse(text).body[0]) for name, text in changed.items()}
        return self._with(trees, {})

    def joined(self, one: Program, other: Program) -> Optional[Program]:
        """Return the program with the changes of two others; None where these meet."""
        first, second = (
            {n: t for n, t in p.units.items() if t is not self.units[n]} for p in (one, other)
        )
        if {*first} & {*second}:
            return None
        codes = {n: p._code(n) for p, changed in ((one, first), (other, second)) for n in changed}
        return self._with({**first, **second}, codes)

    def _with(self, trees: dict[str, ast.stmt], codes: dict[str, CodeType]) -> Program:
        program = Program(self.root, {**self.units, **trees}, self.namespace)
        kept = {name: self._code(name) for name in self.units if name not in trees}
        program._codes = {**kept, **codes}
        return program

    def texts(self) -> dict[str, str]:
        """Return the source of every unit."""
        if not self._texts:
            for name, tree in self.units.items():
                self._texts[name] = re.sub(r"\n *_turn\(\)", "", ast.unparse(tree))
        return self._texts

    def _code(self, name: str) -> CodeType:
        if name not in self._codes:
            self._codes[name] = self._compiled(name)
        return self._codes[name]

    def _compiled(self, name: str) -> CodeType:
        return compile(ast.Module([self.units[name]], []), f"<{name}>", "exec")


def _make(edits: list[Edit], then: Callable[[], None]) -> None:
    if not edits:
        then()
        return
    for _ in edits[0].made():
        _make(edits[1:], then)


class _Turns:
    """Stops a call that an edit has made too long, or endless, at its next turn of a loop."""

    def __init__(self) -> None:
        self.until = 0.0

    def begin(self) -> None:
        self.until = process_time() + _SECONDS

    def __call__(self) -> None:
        if process_time() > self.until:
            raise RecursionError("a loop without an end")


def _counted(tree: ast.stmt) -> ast.stmt:
    """Let every turn of a loop, and every call, ask whether there is time left."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.While, ast.FunctionDef)):
            turn = ast.Expr(ast.Call(ast.Name("_turn", ast.Load()), [], []))
            node.body.insert(0, ast.copy_location(turn, node))
    return ast.fix_missing_locations(tree)


def _is_turn(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and ast.unparse(node.value) == "_turn()"


def edits_of(unit: str, tree: ast.stmt, functions: Sequence[str] = ()) -> Iterator[Edit]:
    """Yield every edit of one function, simple ones first within a statement.

    >>> tree = ast.parse("def f(a, b):\\n    return a - b").body[0]
    >>> [edit.texts()[1] for edit in edits_of("f", tree)][:4]
    ['return b - b', 'return a - a', 'return a + b', 'return a * b']
    """
    names = _Names(tree, functions)
    statements = [each for each in _statements(tree) if not _is_turn(each[0])]
    places = [
        (place, statement) for statement, _ in statements for place in _expressions(statement)
    ]
    for place, statement in places:
        for expression in _of_expression(_get(place), place, names):
            yield Edit(unit, place, expression, statement)
    for statement, slot in statements:
        yield from _moves(unit, statement, slot)
    for statement, slot in statements:
        for new in _of_statement(statement):
            new = ast.copy_location(new, statement)
            yield Edit(unit, slot, new, statement, _head(new))
    for place, statement in places:
        for expression in _wrapped(_get(place), place, names):
            yield Edit(unit, place, expression, statement)


class _Names:
    """What the names in a function are: indices, functions, and how deep they are indexed."""

    def __init__(self, tree: ast.AST, functions: Sequence[str]) -> None:
        nodes = list(ast.walk(tree))
        self.functions = list(functions)
        loops = [n for n in nodes if isinstance(n, (ast.For, ast.comprehension))]
        counting = [n for n in loops if _is_call(n.iter, "range", "enumerate")]
        self.indices: list[str] = []
        for loop in counting:
            target = loop.target
            if isinstance(target, ast.Tuple) and _is_call(loop.iter, "enumerate"):
                target = target.elts[0]
            if isinstance(target, ast.Name) and target.id not in self.indices:
                self.indices.append(target.id)
        called = {
            n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)
        }
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

    def like(self, name: str) -> list[str]:
        """Return the names that can be taken for this one."""
        if name in self.indices:
            return [each for each in self.indices if each != name]
        if name in self.values:
            deep = self.depth.get(name, 0)
            near = [each for each in self.values if each != name]
            return [each for each in near if not deep or self.depth.get(each, 0) in (deep, 0)]
        if name in self.functions:
            return [each for each in self.functions if each != name]
        return []


def _of_statement(node: ast.stmt) -> Iterator[ast.stmt]:
    """Yield what may be written in place of a statement."""
    if isinstance(node, ast.AugAssign):
        load = _loaded(node.target)
        yield ast.Assign([node.target], node.value)
        for op in _ARITHMETIC:
            if not isinstance(node.op, op):
                yield ast.AugAssign(node.target, op(), node.value)
        if isinstance(node.target, ast.Subscript):
            yield ast.Assign([node.target], ast.BinOp(node.value, node.op, load))
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        (target,) = node.targets
        if isinstance(target, ast.Tuple) and len(target.elts) == 2:
            yield ast.Assign([ast.Tuple(target.elts[::-1], ast.Store())], node.value)
        elif not isinstance(target, ast.Tuple):
            for op in (ast.Add, ast.Sub):
                yield ast.AugAssign(target, op(), node.value)
    if isinstance(node, ast.If):
        yield ast.If(ast.UnaryOp(ast.Not(), node.test), node.body, node.orelse)
        yield ast.If(ast.Constant(True), node.body, [])
        yield ast.If(ast.Constant(False), node.body, node.orelse)


def _moves(unit: str, node: ast.stmt, slot: Slot) -> Iterator[Edit]:
    """Yield the edits by which a statement is taken out, or moved."""
    block, at = _block(slot)
    before, after, whole = block[:at], block[at + 1 :], _whole(slot)

    def edit(statement: ast.stmt, new: list[ast.stmt], moved: str) -> Edit:
        return Edit(unit, whole, new, statement, moved=moved)

    if isinstance(node, (ast.For, ast.While)):
        inside = node.body  # the first is the count of the turns
        if len(inside) > 2:
            first, last = inside[1], inside[-1]
            rest = _with_body(node, inside[:-1])
            yield edit(last, [*before, rest, last, *after], "after the loop")
            rest = _with_body(node, [inside[0], *inside[2:]])
            yield edit(first, [*before, first, rest, *after], "before the loop")
        if after:
            rest = _with_body(node, [*inside, after[0]])
            yield edit(after[0], [*before, rest, *after[1:]], "into the loop before it")
        if before and not _is_turn(before[-1]):
            rest = _with_body(node, [inside[0], before[-1], *inside[1:]])
            yield edit(before[-1], [*before[:-1], rest, *after], "into the loop after it")
    simple = isinstance(node, (ast.Assign, ast.AugAssign, ast.Expr, ast.If, ast.Return))
    if simple and not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        if not isinstance(node, ast.Return):
            yield edit(node, [*before, ast.Pass(), *after], "out")
        if after:
            yield edit(node, [*before, after[0], node, *after[1:]], "after the next line")


def _of_expression(node: Any, slot: Slot, names: _Names) -> Iterator[ast.expr]:
    """Yield what may stand in place of an expression."""
    if isinstance(node, ast.Name):
        yield from (ast.Name(name, ast.Load()) for name in names.like(node.id))
        if node.id in names.indices and _is_index(slot):
            yield ast.Constant(0)
            yield _minus_one()
    if isinstance(node, ast.BinOp):
        yield from _of_arithmetic(node)
    elif isinstance(node, ast.Subscript):
        yield from _of_subscript(node)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    elif isinstance(node, ast.Compare) and isinstance(node.ops[0], _COMPARED):
        for op in _COMPARED:
            if not isinstance(node.ops[0], op):
                yield ast.Compare(node.left, [op()], node.comparators)
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
        yield from node.values
    elif isinstance(node, ast.IfExp):
        yield ast.IfExp(node.test, node.orelse, node.body)
        yield node.body
        yield node.orelse
    elif isinstance(node, ast.Attribute):
        if node.attr == "T":
            yield node.value
        for other in _ALIKE:
            if node.attr in _ALIKE and other != node.attr:
                yield ast.Attribute(node.value, other, ast.Load())
    elif isinstance(node, ast.Call):
        yield from _of_call(node, names)
    elif isinstance(node, (ast.Tuple, ast.List)) and len(node.elts) == 2 and not _stores(node):
        yield type(node)(node.elts[::-1], node.ctx)


def _of_arithmetic(node: ast.BinOp) -> Iterator[ast.expr]:
    left, right = node.left, node.right
    if isinstance(node.op, _ARITHMETIC):
        for op in _ARITHMETIC:
            if not isinstance(node.op, op):
                yield ast.BinOp(left, op(), right)
    if isinstance(node.op, (ast.Sub, ast.Div, ast.Pow, ast.MatMult, ast.FloorDiv)):
        yield ast.BinOp(right, node.op, left)
    if isinstance(node.op, ast.FloorDiv):
        yield ast.BinOp(left, ast.Div(), right)
    if isinstance(node.op, ast.Div):
        yield ast.BinOp(left, ast.FloorDiv(), right)
    if isinstance(node.op, (ast.MatMult, ast.Pow)):
        yield ast.BinOp(left, ast.Mult(), right)
    if isinstance(node.op, ast.Mult):
        yield ast.BinOp(left, ast.MatMult(), right)
        yield ast.BinOp(node, ast.Mult(), right)
        yield ast.BinOp(node, ast.Mult(), left)
    yield left
    yield right
    if isinstance(left, ast.BinOp):  # (a · b) ∘ c as a · (b ∘ c)
        yield ast.BinOp(left.left, left.op, ast.BinOp(left.right, node.op, right))
    if isinstance(right, ast.BinOp):
        yield ast.BinOp(ast.BinOp(left, node.op, right.left), right.op, right.right)


def _of_subscript(node: ast.Subscript) -> Iterator[ast.expr]:
    outer = node.value
    if isinstance(outer, ast.Subscript):
        yield ast.Subscript(
            ast.Subscript(outer.value, node.slice, ast.Load()), outer.slice, node.ctx
        )
    index = node.slice
    if isinstance(index, ast.Slice):
        yield outer
        for lower, upper in ((None, index.upper), (index.lower, None)):
            yield ast.Subscript(outer, ast.Slice(lower, upper, index.step), node.ctx)
    elif isinstance(index, ast.Tuple) and len(index.elts) == 2:
        yield ast.Subscript(outer, ast.Tuple(index.elts[::-1], ast.Load()), node.ctx)
    elif not isinstance(index, ast.Constant):
        for op in (ast.Add(), ast.Sub()):
            yield ast.Subscript(outer, ast.BinOp(index, op, ast.Constant(1)), node.ctx)


def _of_constant(node: ast.Constant) -> Iterator[ast.expr]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int):
        for new in dict.fromkeys((value + 1, value - 1, 0, 1, 2, -value)):
            if new != value:
                yield ast.Constant(new)
    elif isinstance(value, float) and 0.0 < abs(value) < 0.05:  # how far a slope is looked for
        yield from (ast.Constant(size) for size in (1e-5, 1e-3))
    elif isinstance(value, float):
        for number in dict.fromkeys((0.0, 1.0, 2.0, 0.5, -value, value + 1.0, value - 1.0)):
            if number != value:
                yield ast.Constant(number)


def _of_call(node: ast.Call, names: _Names) -> Iterator[ast.expr]:
    arguments = node.args
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name == "range":
        one = ast.Constant(1)
        for i, bound in enumerate(arguments[:2]):
            for op in (ast.Add(), ast.Sub()):
                moved = ast.BinOp(bound, op, one)
                yield _called(node, [*arguments[:i], moved, *arguments[i + 1 :]])
        if len(arguments) == 1:
            yield _called(node, [one, *arguments])
        return
    if name in _ALIKE:
        for other in _ALIKE:
            if other != name and hasattr(builtins, other):
                yield ast.Call(ast.Name(other, ast.Load()), arguments, node.keywords)
    if len(arguments) == 2:
        yield _called(node, arguments[::-1])
        if isinstance(node.func, ast.Attribute):
            for first, second in _ALIKE_PAIRS:
                if node.func.attr == first:
                    function = ast.Attribute(node.func.value, second, ast.Load())
                    yield ast.Call(function, arguments, node.keywords)
            if node.func.attr in ("dot", "matmul", "outer"):
                yield ast.BinOp(arguments[0], ast.Mult(), arguments[1])
    if name == "enumerate":
        yield ast.Call(node.func, [*arguments[:1], ast.Constant(int(len(arguments) == 1))], [])
    if node.keywords:
        yield ast.Call(node.func, arguments, node.keywords[1:])
    for argument in arguments[:2]:
        if not isinstance(argument, ast.Starred):
            yield argument


def _wrapped(node: ast.expr, slot: Slot, names: _Names) -> Iterator[ast.expr]:
    """Yield the expression with something done to it that was forgotten."""
    kinds = (ast.Name, ast.Subscript, ast.Attribute, ast.BinOp, ast.Call)
    if not isinstance(node, kinds) or _is_index(slot) or _is_function(slot):
        return
    if isinstance(slot[0], ast.Call) and _is_call(slot[0], "range", "len", "zip", "enumerate"):
        return
    if isinstance(node, (ast.Name, ast.Attribute)) and not isinstance(slot[0], ast.Subscript):
        yield ast.Attribute(node, "T", ast.Load())
        for lower, upper in ((ast.Constant(1), None), (None, _minus_one())):
            yield ast.Subscript(node, ast.Slice(lower, upper), ast.Load())
        yield ast.Call(ast.Name("reversed", ast.Load()), [node], [])
        yield ast.Call(ast.Name("list", ast.Load()), [node], [])
    for function in names.functions:
        if not (isinstance(node, ast.Call) and ast.unparse(node.func) == function):
            yield ast.Call(ast.Name(function, ast.Load()), [node], [])
    whole = isinstance(
        slot[0], (ast.Assign, ast.AugAssign, ast.Return, ast.ListComp, ast.GeneratorExp)
    )
    whole = whole or (isinstance(slot[0], ast.Call) and slot[1] == "args")
    if whole:
        yield ast.UnaryOp(ast.USub(), node)
        yield ast.BinOp(node, ast.Mult(), ast.Constant(2.0))
        yield ast.BinOp(node, ast.Div(), ast.Constant(2.0))
        yield ast.BinOp(node, ast.Pow(), ast.Constant(2))
        yield ast.BinOp(ast.Constant(1.0), ast.Sub(), node)
        yield ast.BinOp(node, ast.Mult(), ast.BinOp(ast.Constant(1.0), ast.Sub(), node))
        for name in names.values:
            if not isinstance(node, ast.Name) or node.id != name:
                value = ast.Name(name, ast.Load())
                length = ast.Call(ast.Name("len", ast.Load()), [value], [])
                for op, by in ((ast.Div(), length), (ast.Mult(), value), (ast.Div(), value)):
                    yield ast.BinOp(node, op, by)
                for op in (ast.Add(), ast.Sub()):
                    yield ast.BinOp(node, op, value)
                for index in names.indices if names.depth.get(name, 0) == 1 else ():
                    entry = ast.Subscript(value, ast.Name(index, ast.Load()), ast.Load())
                    for op in (ast.Add(), ast.Mult(), ast.Sub()):
                        yield ast.BinOp(node, op, entry)


def plain_program(function: Callable[..., Any], *used: Callable[..., Any]) -> Program:
    """Return an engine's function, and those that it uses, as a program over plain lists.

    Its checks, its annotations and what unpacks a Vector or wraps one up are left out, so that
    what is left is the formula as a learner would write it.
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
    """In place of Vector and Matrix: what they make, as lists."""

    @staticmethod
    def zeros(J: int, K: Optional[int] = None) -> list[Any]:
        return [0.0] * J if K is None else [[0.0] * K for _ in range(J)]


class _Plain(ast.NodeTransformer):
    """Takes a function of the engine down to its formula."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.decorator_list, node.returns = [], None
        kept = [arg for arg in node.args.args if arg.arg != "function"]
        node.args.defaults = node.args.defaults[
            : len(node.args.defaults) - len(node.args.args) + len(kept)
        ]
        node.args.args = [ast.arg(arg.arg) for arg in kept]
        if ast.get_docstring(node) is not None:
            node.body = node.body[1:]
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> Optional[ast.AST]:
        call = ast.unparse(node.value)
        checks = call.startswith(("require_", "finite_float("))
        return None if checks else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> Optional[ast.AST]:
        refuses = isinstance(node.body[-1], ast.Raise) or "type(" in ast.unparse(node.test)
        return None if refuses else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> Optional[ast.AST]:
        if isinstance(node.value, ast.Call) and ast.unparse(node.value).startswith("require_"):
            return None
        return self.generic_visit(node)

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if node.attr in ("rows", "entries"):
            return self.generic_visit(node.value)
        if node.attr in ("value", "derivative"):
            name = "sigmoid" if node.attr == "value" else "sigmoid_prime"
            return ast.Name(name, ast.Load())
        return self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name):
            if node.func.id.startswith("require_"):
                return self.visit(node.args[1])
            if node.func.id == "finite_float":
                return self.visit(node.args[0])
        if isinstance(node.func, ast.Attribute):
            if node.func.attr == "wrap":
                return self.visit(node.args[0])
            if node.func.attr in ("to_list", "copy"):
                return ast.Call(ast.Name("list", ast.Load()), [self.visit(node.func.value)], [])
            if node.func.attr == "to_lists":
                rows = self.visit(node.func.value)
                copied = ast.parse("[list(row) for row in rows]", mode="eval").body
                assert isinstance(copied, ast.ListComp)
                copied.generators[0].iter = rows
                return copied
        return self.generic_visit(node)


def _tree(name: str, value: Any) -> Optional[ast.stmt]:
    """Return a function or class as a tree, its numbers those of its file; a lambda as a name."""
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
    """Return the line of a file in which a number gets its name."""
    tree = ast.parse(f"{name} = {value!r}").body[0]
    lines = linecache.getlines(file)
    found = [i for i, line in enumerate(lines) if re.match(rf"{name}\b[^=]*=[^=]", line)]
    ast.increment_lineno(tree, found[0] if found else 0)
    return tree


def _scope(function: Any) -> dict[str, Any]:
    """Return the names that a function sees outside of itself, with their values."""
    if isinstance(function, type):
        methods = [each for each in vars(function).values() if isinstance(each, FunctionType)]
        return dict(methods[0].__globals__) if methods else {}
    scope = dict(getattr(function, "__globals__", {}))
    cells = getattr(function, "__closure__", None) or ()
    names = function.__code__.co_freevars if cells else ()
    for name, cell in zip(names, cells):
        try:
            scope[name] = cell.cell_contents
        except ValueError:  # not filled yet
            continue
    return scope


def _file_of(value: Any) -> Optional[str]:
    try:
        return inspect.getsourcefile(inspect.unwrap(value))
    except (TypeError, ValueError):
        return None


def _statements(tree: ast.AST) -> Iterator[tuple[ast.stmt, Slot]]:
    for field, value in ast.iter_fields(tree):
        if isinstance(value, list):
            for i, node in enumerate(value):
                if isinstance(node, ast.stmt):
                    yield node, (tree, field, i)
                    yield from _statements(node)
    if isinstance(tree, ast.Assign):  # a unit by itself: a lambda, or a number
        yield tree, (ast.Module([tree], []), "body", 0)


def _expressions(statement: ast.AST) -> Iterator[Slot]:
    """Yield the places of all expressions of a statement, not of the statements in it."""
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


def _whole(slot: Slot) -> Slot:
    return slot[0], slot[1], None


def _block(slot: Slot) -> tuple[list[ast.stmt], int]:
    parent, field, index = slot
    block: list[ast.stmt] = getattr(parent, field)
    assert index is not None  # a statement is in a list of them
    return block, index


def _with_body(node: Union[ast.For, ast.While], body: list[ast.stmt]) -> ast.stmt:
    loop = type(node)(**{**dict(ast.iter_fields(node)), "body": body})
    return ast.copy_location(loop, node)


def _head(statement: ast.stmt) -> str:
    return ast.unparse(statement).splitlines()[0]


def _loaded(target: ast.expr) -> ast.expr:
    copied = ast.parse(ast.unparse(target), mode="eval").body
    return copied


def _stores(node: ast.expr) -> bool:
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _is_call(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names


def _is_index(slot: Slot) -> bool:
    return isinstance(slot[0], ast.Subscript) and slot[1] == "slice"


def _is_function(slot: Slot) -> bool:
    return isinstance(slot[0], ast.Call) and slot[1] == "func"


def _called(node: ast.Call, arguments: list[ast.expr]) -> ast.Call:
    return ast.Call(node.func, arguments, node.keywords)


def _minus_one() -> ast.expr:
    return ast.UnaryOp(ast.USub(), ast.Constant(1))
