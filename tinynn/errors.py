"""The errors of tinynn: each says which argument, what was expected, and what came."""

from __future__ import annotations

from math import inf
from numbers import Integral, Real


class TinyNNError(ValueError):
    """Any error that tinynn raises on purpose."""


class ShapeError(TinyNNError):
    """A vector, a matrix or a layer has another size than the place it is used in."""


class DataError(TinyNNError):
    """A value is not a finite number, or a file does not hold what it should."""


class ArgumentError(TinyNNError):
    """A setting, such as the learning rate, is outside what makes sense."""


class DivergenceError(TinyNNError):
    """The numbers of a descent left the range of floats: the learning rate is too large."""


class GradientError(TinyNNError):
    """A gradient is not the one that the cost itself shows when a parameter is moved."""


def describe(value: object) -> str:
    """Say in a few words what came, for an error message.

    >>> describe("0.5"), describe([1, 2]), describe(float("nan"))
    ("'0.5' (a str)", 'a list of 2', 'nan')
    """
    if isinstance(value, (bool, str, bytes)):
        text = repr(value)
        return f"{text[:40]}{'…' if len(text) > 40 else ''} (a {type(value).__name__})"
    if isinstance(value, int) and abs(value) >= 10**20:
        return "a whole number of more than 20 digits"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (list, tuple)):
        return f"a {type(value).__name__} of {len(value)}"
    return "None" if value is None else f"a {type(value).__name__}"


def require_count(name: str, value: object, least: int = 1) -> int:
    """Return ``value`` if it is a whole number of at least ``least``.

    >>> require_count("epochs", 0)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: epochs: expected a whole number of at least 1, got 0
    """
    if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
        came = describe(value)
        raise ArgumentError(f"{name}: expected a whole number of at least {least}, got {came}")
    return int(value)


def require_positive(name: str, value: object) -> float:
    """Return ``value`` as a float if it is a finite number above 0.

    >>> require_positive("eta", -1)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: eta: expected a finite number above 0, got -1
    """
    try:
        number = float(value) if isinstance(value, Real) and not isinstance(value, bool) else 0.0
    except OverflowError:
        number = inf
    if not 0.0 < number < inf:
        raise ArgumentError(f"{name}: expected a finite number above 0, got {describe(value)}")
    return number
