"""The errors of tinynn: each names the argument, the expected value and the given value."""

from __future__ import annotations

from math import inf, nan
from numbers import Integral, Real
from typing import Any


class TinyNNError(ValueError):
    """Any error that tinynn raises on purpose."""


class ShapeError(TinyNNError):
    """A vector, a matrix or a layer has the wrong size."""


class PlaceError(ShapeError, IndexError):
    """There is no entry, row or example at this place."""


class DataError(TinyNNError):
    """A value is not a finite number, or a file has the wrong contents."""


class ArgumentError(TinyNNError):
    """An argument, such as the learning rate, is out of range or of the wrong type."""


class DivergenceError(TinyNNError):
    """A number left the range of floats: usually the learning rate is too large."""


class GradientError(TinyNNError):
    """A gradient differs from the slope measured by moving a parameter."""


def describe(value: object) -> str:
    """Return a short description of a given value, for an error message.

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


# Iterables that are not accepted as a list of numbers, examples or names.
_NO_ROWS = (str, bytes, bytearray, memoryview, dict, set, frozenset, type)


def require_row(name: str, value: Any, write: str, of: str = "numbers") -> Any:
    """Return ``value`` if it is a list or another sequence. Raises DataError.

    The message says what to ``write`` instead.

    >>> require_row("x", {1, 2}, "[1.0, 2.0]")
    Traceback (most recent call last):
    tinynn.errors.DataError: x: expected a list of numbers, got a set: write [1.0, 2.0]
    """
    if not isinstance(value, _NO_ROWS):
        try:
            iter(value)
            return value
        except TypeError:  # it has __iter__ but cannot be iterated: an array without axes
            pass
    raise DataError(f"{name}: expected a list of {of}, got {describe(value)}: write {write}")


def require_function(name: str, value: object, write: str, takes: int = 1) -> None:
    """Raise ArgumentError unless ``value`` is a function that takes this number of arguments.

    The message says what to ``write`` instead.

    >>> require_function("C", lambda: 1.0, "abs")
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: C: expected a function of 1 argument, got a function: write abs
    """
    expected = "expected a function"
    if callable(value):
        from inspect import signature  # slow to import

        try:
            parameters = signature(value)
        except (TypeError, ValueError):  # some functions written in C have no signature
            return
        try:
            parameters.bind(*[None] * takes)
            return
        except TypeError:
            expected += f" of {takes} argument{'s' if takes > 1 else ''}"
    raise ArgumentError(f"{name}: {expected}, got {describe(value)}: write {write}")


def require_kind(name: str, value: object, kind: type, write: str) -> None:
    """Raise ArgumentError unless ``value`` is of this kind. It says what to ``write`` instead."""
    if not isinstance(value, kind):
        expected = f"expected a {kind.__name__}, got {describe(value)}"
        raise ArgumentError(f"{name}: {expected}: write {write}")


def require_real(name: str, value: object) -> None:
    """Raise DataError unless ``value`` is a real number that fits a float. inf and NaN pass.

    >>> require_real("z", "3")
    Traceback (most recent call last):
    tinynn.errors.DataError: z: expected a number, got '3' (a str)
    """
    fits = isinstance(value, Real) and (isinstance(value, float) or _as_float(value) < inf)
    if not fits and not isinstance(value, bool):
        raise DataError(f"{name}: expected a number, got {describe(value)}")


def require_reals(name: str, values: Any) -> None:
    """Raise DataError unless ``values`` is a sequence of at least one real number."""
    values = require_row(name, values, "[0.5, 0.25]")
    if not hasattr(values, "__len__") or not len(values):
        raise DataError(f"{name}: expected at least one number, got {describe(values)}")
    for position, value in enumerate(values):
        require_real(f"{name} entry {position}", value)


def require_count(name: str, value: object, least: int = 1, most: int = 0) -> int:
    """Return ``value`` if it is a whole number from ``least`` to ``most``; 0 sets no upper limit.

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
    """Raise ArgumentError unless λ is a number of at least 0 and n a whole number of examples."""
    require_at_least_0("lmbda", lmbda)
    require_count("n", n)


def _as_float(value: object) -> float:
    """Return a real number as a float, and NaN, which is in no range, for anything else."""
    try:
        return float(value) if isinstance(value, Real) and not isinstance(value, bool) else nan
    except OverflowError:
        return inf
