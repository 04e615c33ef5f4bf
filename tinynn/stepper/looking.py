"""Looking up the value of a part of a line without running any code of the program."""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from inspect import getattr_static
from numbers import Integral, Real
from types import MemberDescriptorType, ModuleType
from typing import Any, NamedTuple, Optional

from tinynn.linalg import Matrix, Vector
from tinynn.stepper.lines import Part

# Functions that are safe to call again with numbers and plain lists.
_HARMLESS = [len, abs, min, max, sum, float, int, round, pow]
_HARMLESS += filter(callable, vars(math).values())
_OF_NUMBERS = ("numpy", "fractions", "decimal", "_pydecimal")
_NUMPY = {"dot", "vdot", "inner", "sum", "prod", "mean", "max", "min", "amax", "amin"}
_MAKING = {"copy", "deepcopy", "tolist", "to_list", "to_lists", "astype", "reshape", "ravel"}
_MAKING |= {"zeros", "ones", "empty", "full", "array", "asarray", "sorted", "transpose"}
_MAKING |= {"zeros_like", "ones_like", "empty_like", "full_like", "items", "keys", "values"}
_PLAIN = (list, tuple, dict, Vector, Matrix)
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: math.pow,  # with floats it is always fast
}


Names = Mapping[str, Any]


class Scope(NamedTuple):
    """The names that a line sees: the locals of its function, and the globals."""

    here: Names
    above: Names

    def within(self, names: Names) -> Scope:
        """Return the scope inside a comprehension with these names."""
        return self._replace(here={**self.here, **names})


class _UnknownError(Exception):
    """The value of a part cannot be found without running code of the program."""


def looked_up(node: Optional[ast.expr], scope: Scope) -> Any:
    """Return the value of an expression, or None if it is unknown.

    The expression may have names, entries of lists, tuples, dicts, arrays, Vectors and Matrices,
    stored attributes, arithmetic on numbers, and calls of harmless functions such as len. Anything
    else is unknown, since a property or a ``__missing__`` may change the program's state.
    """
    if node is None:
        return None
    if type(node) is ast.Name and node.id in scope.here:  # the most frequent case
        return scope.here[node.id]
    try:
        return _value(node, scope)
    except (_UnknownError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None


def entry(part: Part, scope: Scope) -> tuple[Any, Optional[tuple[int, ...]]]:
    """Return the value of a part of a line, and its indices; None for each unknown one."""
    if part.called is not None or not part.indices:
        return looked_up(part.node, scope), ()
    place = tuple(looked_up(index, scope) for index in part.indices)
    known = all(map(is_number, place))
    return looked_up(part.node, scope), tuple(map(int, place)) if known else None


def bindings(
    generators: Sequence[ast.comprehension],
    scope: Scope,
    holds: Callable[[ast.expr, Scope], bool],
) -> Iterator[dict[str, Any]]:
    """Yield the values of a comprehension's names, element by element.

    ``holds`` decides its conditions. Raises LookupError if its iterable is unknown.
    """
    if not generators:
        yield {}
        return
    first, *rest = generators
    for item in _items(first.iter, scope):
        names = _bound(first.target, item)
        within = scope.within(names)
        if all(holds(test, within) for test in first.ifs):
            for more in bindings(rest, within, holds):
                yield {**names, **more}


def _items(node: ast.expr, scope: Scope) -> Iterator[Any]:
    """Return an iterator over a comprehension's iterable, if it can be iterated again."""
    if isinstance(node, ast.Call) and not node.keywords:
        function = looked_up(node.func, scope)
        if function is range:
            return iter(range(*(looked_up(each, scope) for each in node.args)))
        for again in (zip, enumerate, reversed):
            if function is again:
                return iter(again(*[list(_items(each, scope)) for each in node.args]))
    found = looked_up(node, scope)
    if not _is_plain(found) and not isinstance(found, range):
        raise LookupError
    return iter(found)


def _bound(target: ast.expr, item: Any) -> dict[str, Any]:
    if isinstance(target, ast.Name):
        return {target.id: item}
    if not isinstance(target, (ast.Tuple, ast.List)) or not isinstance(item, (tuple, list)):
        raise LookupError
    names: dict[str, Any] = {}
    for each, part in zip(target.elts, item):
        names.update(_bound(each, part))
    return names


def as_number(value: object) -> Optional[float]:
    """Return a plain copy of the value if it is a number, or None."""
    if type(value) in _COMMON:
        return value  # type: ignore[return-value]
    if not is_number(value):
        return None
    if isinstance(value, Integral):
        return int(value)
    return bool(value) if type(value).__name__ in _BOOLS else float(value)  # type: ignore[arg-type]


def is_number(value: object) -> bool:
    """Return whether a value is one real number of any type."""
    if type(value) in _COMMON:
        return value is not None
    return isinstance(value, (float, int, Real, Decimal)) or type(value).__name__ in _BOOLS


_COMMON = (float, int, type(None), bool)
_BOOLS = ("bool_", "bool")  # NumPy's, which it does not register as numbers


def is_exact(value: object) -> bool:
    """Return whether float arithmetic on the value is the value's own arithmetic."""
    if type(value) in _COMMON:
        return True
    kinds = (float, Integral)
    return not is_number(value) or isinstance(value, kinds) or type(value).__name__ in _BOOLS


def holds_numbers(value: object) -> bool:
    """Return whether a value is a number, or a container whose first entry is or contains one."""
    for _ in range(8):
        if is_number(value):
            return True
        if isinstance(value, dict):
            value = next(iter(value.values()), None)
        elif _is_plain(value) and getattr(value, "ndim", 1) and len(value):  # type: ignore[arg-type]
            value = value[0]  # type: ignore[index]
        else:
            return False
    return False


def only_makes(node: ast.expr, scope: Scope) -> bool:
    """Return whether an expression only makes or copies a container, and computes no number."""
    if isinstance(node, ast.BinOp):  # [0.0] * n
        return isinstance(node.left, ast.List) and isinstance(node.op, ast.Mult)
    if not isinstance(node, ast.Call):
        return False
    if isinstance(node.func, ast.Attribute):  # Vector.wrap(z), b.copy()
        of_a_class = isinstance(looked_up(node.func.value, scope), type)
        return of_a_class or node.func.attr in _MAKING
    found = looked_up(node.func, scope)
    return isinstance(found, type) or getattr(found, "__module__", "") == _MAPS


_MAPS = "tinynn.equations.maps"  # rearranges lists


def is_harmless(function: object) -> bool:
    """Return whether a function is safe to call again, since it only returns an answer."""
    if any(function is each for each in _HARMLESS):
        return True
    if isinstance(function, type):  # of numbers, such as Fraction and float32
        return issubclass(function, (Real, Decimal)) and function.__module__ in _OF_NUMBERS
    return type(function).__module__ == "numpy" and (
        type(function).__name__ == "ufunc" or getattr(function, "__name__", "") in _NUMPY
    )


def _value(node: ast.expr, scope: Scope) -> Any:
    if isinstance(node, ast.Name):
        for names in (*scope, vars(builtins)):
            if node.id in names:
                return names[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Subscript):
        container = _value(node.value, scope)
        if _is_plain(container):
            return container[_value(node.slice, scope)]
    if isinstance(node, (ast.Tuple, ast.List)):
        entries = [_value(each, scope) for each in node.elts]
        return tuple(entries) if isinstance(node, ast.Tuple) else entries
    if isinstance(node, ast.Slice):
        ends = (node.lower, node.upper, node.step)
        return slice(*(each and _value(each, scope) for each in ends))
    if isinstance(node, ast.Attribute):
        return _stored(_value(node.value, scope), node.attr)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(_value(node.operand, scope))
    if isinstance(node, ast.BinOp):
        left, right = (_value(each, scope) for each in (node.left, node.right))
        if isinstance(node.op, ast.MatMult) and _is_plain(left) and _is_plain(right):
            return left @ right
        if type(node.op) in _ARITHMETIC:
            return _ARITHMETIC[type(node.op)](_number(left), _number(right))
    if isinstance(node, ast.Call) and not node.keywords:
        function = _value(node.func, scope)
        arguments = [_value(each, scope) for each in node.args]
        if is_harmless(function) and all(_is_plain(each) or is_number(each) for each in arguments):
            return function(*arguments)
    raise _UnknownError


def _is_plain(value: object) -> bool:
    """Return whether reading an entry runs no code of the program's own classes."""
    return type(value) in _PLAIN or type(value).__module__ == "numpy"


def _number(value: Any) -> Any:
    if not is_number(value):
        raise _UnknownError
    return value


def _stored(owner: Any, name: str) -> Any:
    """Return a stored attribute of a module, an object or its slots."""
    if isinstance(owner, ModuleType):
        return vars(owner)[name]
    static = getattr_static(owner, name)
    ours = type(owner).__module__.partition(".")[0] == "tinynn"  # its properties change nothing
    if isinstance(static, MemberDescriptorType) or ours or name in getattr(owner, "_fields", ()):
        return getattr(owner, name)
    if hasattr(type(static), "__get__"):
        raise _UnknownError
    return static
