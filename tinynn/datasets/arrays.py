"""Examples over NumPy arrays. They become Vectors when they are read."""

from __future__ import annotations

from copy import copy
from math import inf, isfinite, isqrt
from numbers import Real
from typing import Any, Optional, TypeVar

from tinynn.datasets.examples import Examples
from tinynn.errors import DataError, ShapeError, describe, require_count, require_row
from tinynn.linalg import Vector, finite_float
from tinynn.training.examples import Pair

Self = TypeVar("Self", bound="ArrayExamples")
_MOST = 10_000  # the most classes: a one-hot y has an entry for each


class ArrayExamples(Examples):
    """A sequence of (x, y) pairs over an array of inputs, (n, K), and labels or rows of outputs.

    Reading an example creates a pair of Vectors; a slice shares the arrays. ``labels`` are n whole
    numbers from 0, which become one-hot y, or rows of desired outputs, (n, J). ``classes`` is the
    length of a one-hot y, by default the largest label plus 1. Raises DataError or ShapeError.
    """

    def __init__(self, X: Any, labels: Any, classes: Optional[int] = None) -> None:
        self.inputs = _numbers("X", X)
        n = len(self.inputs)
        try:
            values = require_row("labels", labels, "[3, 0, 4]")
            given = f"{len(values)}"
        except (DataError, TypeError):  # it cannot be iterated, or has no length
            values, given = [], describe(labels)
        if len(values) != n:
            write = "one whole number from 0 for each"
            expected = f"expected one for each of {n} examples, got {given}"
            raise ShapeError(f"labels: {expected}: write {write}")
        side = isqrt(self.inputs.shape[1])
        height = side if side * side == self.inputs.shape[1] else 1
        self.image_shape = height, self.inputs.shape[1] // height
        self.targets: Any = None  # rows of desired outputs; or else labels:
        self._digits: Optional[list[int]] = None
        if getattr(labels, "ndim", 1) != 1:
            self.targets = _numbers("labels", labels)
            self.outputs = self.targets.shape[1]
        else:
            self._digits = _whole(values)
            most = max(self._digits)
            self.outputs = (
                most + 1 if classes is None else require_count("classes", classes, 1, _MOST)
            )
            if most >= self.outputs:
                raise DataError(f"labels: expected 0 to {self.outputs - 1}, got {most}")

    def label(self, i: int) -> int:
        """Return the label of example i: the index of the largest entry of y."""
        if self._digits is not None:
            return self._digits[self._place(i)]
        return int(self.targets[self._place(i)].argmax())

    @property
    def labels(self) -> list[int]:  # type: ignore[override]  # of images they are bytes
        """The labels of all examples."""
        return [self.label(i) for i in range(len(self))]

    def _labelled(self: Self, labels: list[int]) -> Self:
        changed = copy(self)
        changed.targets, changed._digits = None, labels
        return changed

    @property
    def pixels(self) -> memoryview:
        """Raise DataError: these are numbers, not the bytes of images."""
        raise DataError("expected images of bytes, as load_mnist() reads, got an array of numbers")

    def __len__(self) -> int:
        return len(self.inputs)

    def _pair(self, place: int) -> Pair:
        x = Vector.wrap([float(entry) for entry in self.inputs[place].tolist()])
        if self._digits is not None:
            return Pair(x, Vector.one_hot(self._digits[place], self.outputs))
        return Pair(x, Vector.wrap([float(entry) for entry in self.targets[place].tolist()]))

    def _picked(self: Self, part: slice, positions: range) -> Self:
        picked = copy(self)
        picked.inputs = self.inputs[part]
        picked.targets = None if self.targets is None else self.targets[part]
        picked._digits = None if self._digits is None else self._digits[part]
        return picked

    def __repr__(self) -> str:
        return f"<{len(self):,} examples of {self.inputs.shape[1]} numbers>"


def _numbers(name: str, array: Any) -> Any:
    """Return an array (n, k) of finite numbers after checking it, without a copy."""
    kind = getattr(getattr(array, "dtype", None), "kind", "")
    if not hasattr(array, "shape") or kind not in ("f", "i", "u", "b"):
        expected = "expected an array of numbers, such as numpy.array([[0.5, 1.0], …])"
        raise DataError(f"{name}: {expected}, got {describe(array)}: write numpy.array({name})")
    if array.ndim != 2 or 0 in array.shape:
        given = "×".join(map(str, array.shape)) or "a single number"
        expected = f"expected (n, k), a row for each example, got {given}"
        raise ShapeError(f"{name}: {expected}: write {name}.reshape(n, -1)")
    require_finite_array(name, array)
    return array


def require_finite_array(name: str, array: Any, part: str = "", largest: float = inf) -> None:
    """Raise DataError that names the first entry of an array (n, k) that is not a finite number.

    ``largest`` is the largest number of the arithmetic. The array is not copied.
    """
    low, high = float(array.min()), float(array.max())
    if isfinite(low) and isfinite(high) and -largest <= low and high <= largest:
        return
    for i, row in enumerate(array):
        for k, value in enumerate(row.tolist()):
            place = f"{name}, example {i}{part} entry {k}"
            if abs(finite_float(value, place)) > largest:
                expected = f"expected a number of at most {largest:.2g} in size"
                raise DataError(f"{place}: {expected}, got {value!r}")


def _whole(labels: Any) -> list[int]:
    """Return labels as a list of whole numbers of at least 0."""
    values = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    for i, value in enumerate(values):
        number = isinstance(value, Real) and not isinstance(value, bool)
        if not number or not 0 <= value < _MOST or value != int(value):
            most = f" to {_MOST - 1:,}" if number and value >= _MOST else ""
            expected = f"expected a whole number from 0{most}, got {describe(value)}"
            raise DataError(f"label {i}: {expected}")
    return [int(value) for value in values]
