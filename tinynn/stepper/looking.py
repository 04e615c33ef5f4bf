"""Looking up what a part of a line stands for, without running anything of the program itself."""

from __future__ import annotations

import ast
import builtins
import math
import operator
from collections.abc import Callable, Mapping
from inspect import getattr_static
from types import MemberDescriptorType, ModuleType
from typing import Any, Optional

from tinynn.linalg import Matrix, Vector

# Functions that may be called once more, to see what they answer to numbers and plain lists.
_HARMLESS = [len, abs, min, max, sum, float, int, round, *filter(callable, vars(math).values())]
_PLAIN = (list, tuple, dict, Vector, Matrix)
_ARITHMETIC: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}


Names = Mapping[str, Any]


class _UnknownError(Exception):
    """What a part stands for cannot be told without running something."""


def looked_up(node: Optional[ast.expr], here: Names, above: Names) -> Any:
    """Return what an expression stands for among locals and globals; None where it is unknown.

    Names, entries of lists, tuples, dicts, arrays, Vectors and Matrices, attributes that are
    simply stored, arithmetic on numbers, and calls of harmless functions such as len: nothing
    else is looked at, since a property or a ``__missing__`` may change what the program computes.
    """
    if node is None:
        return None
    try:
        return _value(node, here, above)
    except (_UnknownError, LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return None


def _is_harmless(function: object) -> bool:
    """Say whether a function may be called once more, because only its answer matters."""
    return any(function is each for each in _HARMLESS)


def _value(node: ast.expr, here: Names, above: Names) -> Any:
    if isinstance(node, ast.Name):
        for names in (here, above, vars(builtins)):
            if node.id in names:
                return names[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Subscript):
        container = _value(node.value, here, above)
        if _is_plain(container):
            return container[_value(node.slice, here, above)]
    if isinstance(node, ast.Attribute):
        return _stored(_value(node.value, here, above), node.attr)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(_value(node.operand, here, above))
    if isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        left, right = (_number(_value(n, here, above)) for n in (node.left, node.right))
        return _ARITHMETIC[type(node.op)](left, right)
    if isinstance(node, ast.Call) and not node.keywords:
        function = _value(node.func, here, above)
        arguments = [_value(each, here, above) for each in node.args]
        if _is_harmless(function) and all(map(_is_plain_or_number, arguments)):
            return function(*arguments)
    raise _UnknownError


def _is_plain(value: object) -> bool:
    """Whether an entry of it is only looked up: no class of the program's own has a say."""
    return type(value) in _PLAIN or type(value).__module__ == "numpy"


def _is_plain_or_number(value: object) -> bool:
    return _is_plain(value) or isinstance(value, (int, float))


def _number(value: Any) -> Any:
    if not isinstance(value, (int, float)):
        raise _UnknownError
    return value


def _stored(owner: Any, name: str) -> Any:
    """Return an attribute that is simply there: of a module, an object or its slots."""
    if isinstance(owner, ModuleType):
        return vars(owner)[name]
    static = getattr_static(owner, name)
    ours = type(owner).__module__.partition(".")[0] == "tinynn"  # whose properties only look
    if isinstance(static, MemberDescriptorType) or ours or name in getattr(owner, "_fields", ()):
        return getattr(owner, name)
    if hasattr(type(static), "__get__"):
        raise _UnknownError
    return static
