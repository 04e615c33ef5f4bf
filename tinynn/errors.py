"""The errors of tinynn: each says which argument, what was expected, and what was given."""

from __future__ import annotations

from math import inf, nan
from numbers import Integral, Real
from typing import Any


class TinyNNError(ValueError):
    """Any error that tinynn raises on purpose."""


class ShapeError(TinyNNError):
    """A vector, a matrix or a layer has another size than the place it is used in."""


class PlaceError(ShapeError, IndexError):
    """There is no entry, row or example at this place."""


class DataError(TinyNNError):
    """A value is not a finite number, or a file does not hold what it should."""


class ArgumentError(TinyNNError):
    """A setting, such as the learning rate, is outside what makes sense."""


class DivergenceError(TinyNNError):
    """The numbers of a descent left the range of floats: the learning rate is too large."""


class GradientError(TinyNNError):
    """A gradient is not the one that the cost itself shows when a parameter is moved."""


def describe(value: object) -> str:
    """Say in a few words what was given, for an error message.

    >>> describe("0.5"), describe([1, 2]), describe({3}), describe(float("nan"))
    ("'0.5' (a str)", 'a list of 2', 'a set', 'nan')
    """
    kind = type(value).__name__
    article = "an" if kind[0] in "aeioAEIO" else "a"
    if isinstance(value, (str, bytes)):
        return f"{value[:40]!r}{'…' if len(value) > 40 else ''} ({article} {kind})"
    if isinstance(value, bool):
        return f"{value} (a bool)"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a whole number of more than 20 digits"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, (list, tuple)):
        return f"{article} {kind} of {len(value)}"
    if isinstance(value, Real) and hasattr(value, "dtype"):  # a number of NumPy
        return str(value)
    if isinstance(value, type):
        return f"the class {value.__name__}"
    return "None" if value is None else f"{article} {kind}"


# What can be iterated over, but is no row of numbers, examples or names.
_NO_ROWS = (str, bytes, bytearray, memoryview, dict, set, frozenset, type)


def require_row(name: str, value: Any, write: str, of: str = "numbers") -> Any:
    """Return ``value`` if it is a row, such as a list; else say what to ``write`` instead.

    >>> require_row("x", {1, 2}, "[1.0, 2.0]")
    Traceback (most recent call last):
    tinynn.errors.DataError: x: expected numbers in a row, got a set: write [1.0, 2.0]
    """
    if not isinstance(value, _NO_ROWS):
        try:
            iter(value)
            return value
        except TypeError:  # it only looks as if it could be iterated over: an array without axes
            pass
    raise DataError(f"{name}: expected {of} in a row, got {describe(value)}: write {write}")


def require_function(name: str, value: object, write: str, takes: int = 1) -> None:
    """Raise ArgumentError unless ``value`` takes so many arguments; say what to ``write`` instead.

    >>> require_function("C", lambda: 1.0, "abs")
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: C: expected a function of 1 argument, got a function: write abs
    """
    expected = "expected a function"
    if callable(value):
        from inspect import signature  # slow to import

        try:
            parameters = signature(value)
        except (TypeError, ValueError):  # not every function written in C says what it takes
            return
        try:
            parameters.bind(*[None] * takes)
            return
        except TypeError:
            expected += f" of {takes} argument{'s' if takes > 1 else ''}"
    raise ArgumentError(f"{name}: {expected}, got {describe(value)}: write {write}")


def require_kind(name: str, value: object, kind: type, write: str) -> None:
    """Raise ArgumentError unless ``value`` is of this kind; say what to ``write`` instead."""
    if not isinstance(value, kind):
        expected = f"expected a {kind.__name__}, got {describe(value)}"
        raise ArgumentError(f"{name}: {expected}: write {write}")


def require_real(name: str, value: object) -> None:
    """Raise DataError unless ``value`` is a real number that fits a float, or infinite, or NaN.

    >>> require_real("z", "3")
    Traceback (most recent call last):
    tinynn.errors.DataError: z: expected a number, got '3' (a str)
    """
    fits = isinstance(value, Real) and (isinstance(value, float) or _as_float(value) < inf)
    if not fits and not isinstance(value, bool):
        raise DataError(f"{name}: expected a number, got {describe(value)}")


def require_reals(name: str, values: Any) -> None:
    """Raise DataError unless ``values`` is a list, or the like, of at least one real number."""
    values = require_row(name, values, "[0.5, 0.25]")
    if not hasattr(values, "__len__") or not len(values):
        raise DataError(f"{name}: expected at least one number, got {describe(values)}")
    for position, value in enumerate(values):
        require_real(f"{name} entry {position}", value)


def require_count(name: str, value: object, least: int = 1, most: int = 0) -> int:
    """Return ``value`` if it is a whole number of at least ``least``, and of at most ``most``.

    >>> require_count("epochs", 0)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: epochs: expected a whole number of at least 1, got 0
    """
    whole = isinstance(value, Integral) and not isinstance(value, bool)
    if not whole or value < least or (most and value > most):  # type: ignore[operator]
        above = whole and value > least  # type: ignore[operator]
        limit = f"at most {most:,}" if above else f"at least {least}"
        raise ArgumentError(f"{name}: expected a whole number of {limit}, got {describe(value)}")
    return int(value)  # type: ignore[call-overload, no-any-return]


def require_positive(name: str, value: object) -> float:
    """Return ``value`` as a float if it is a finite number above 0.

    >>> require_positive("eta", -1)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: eta: expected a finite number above 0, got -1
    """
    number = value if type(value) is float else _as_float(value)
    if not 0.0 < number < inf:
        raise ArgumentError(f"{name}: expected a finite number above 0, got {describe(value)}")
    return number


def require_at_least_0(name: str, value: object) -> float:
    """Return ``value`` as a float if it is a finite number of at least 0.

    >>> require_at_least_0("lmbda", -1)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: lmbda: expected a finite number of at least 0, got -1
    """
    number = _as_float(value)
    if not 0.0 <= number < inf:
        expected = "expected a finite number of at least 0"
        raise ArgumentError(f"{name}: {expected}, got {describe(value)}")
    return number


def require_bool(name: str, value: object) -> bool:
    """Return ``value`` if it is True or False."""
    if not isinstance(value, bool):
        expected = f"expected True or False, got {describe(value)}"
        raise ArgumentError(f"{name}: {expected}: write {name}=True")
    return value


def require_share(name: str, value: object) -> float:
    """Return ``value`` as a float if it is a number from 0 up to, not including, 1.

    >>> require_share("p", 1)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: p: expected a share from 0 to below 1, got 1
    """
    number = _as_float(value)
    if not 0.0 <= number < 1.0:
        raise ArgumentError(f"{name}: expected a share from 0 to below 1, got {describe(value)}")
    return number


def require_penalty(lmbda: object, n: object) -> None:
    """Raise ArgumentError unless λ is a number of at least 0 and n, which divides it, counts."""
    require_at_least_0("lmbda", lmbda)
    require_count("n", n)


def _as_float(value: object) -> float:
    """Return a real number as a float; what is none is not a number, and so in no range."""
    try:
        return float(value) if isinstance(value, Real) and not isinstance(value, bool) else nan
    except OverflowError:
        return inf
