"""Examples from NumPy arrays: they stay arrays until somebody looks at one."""

from __future__ import annotations

from copy import copy
from math import isfinite, isqrt
from typing import Any, Optional, Union, overload

from tinynn.datasets.examples import Examples
from tinynn.errors import DataError, ShapeError, describe, require_count
from tinynn.linalg import Vector


class ArrayExamples(Examples):
    """A sequence of (x, y) pairs over an array of inputs, (n, K), and labels or rows of outputs.

    A pair of Vectors is made when it is asked for; a slice shares the arrays. ``labels`` are n
    whole numbers from 0, each of which stands for a one-hot y, or rows of desired outputs,
    (n, J). ``classes`` is the length of a one-hot y, by default the largest label plus 1. Raises
    DataError or ShapeError.
    """

    def __init__(self, X: Any, labels: Any, classes: Optional[int] = None) -> None:
        self.inputs = _numbers("X", X)
        if self.inputs.ndim != 2 or 0 in self.inputs.shape:
            shape = "×".join(map(str, self.inputs.shape))
            raise ShapeError(f"X: expected (n, k), a row for each example, got {shape}")
        n = len(self.inputs)
        if not hasattr(labels, "__len__") or len(labels) != n:
            given = len(labels) if hasattr(labels, "__len__") else describe(labels)
            raise ShapeError(f"labels: expected one for each of {n} examples, got {given}")
        side = isqrt(self.inputs.shape[1])
        height = side if side * side == self.inputs.shape[1] else 1
        self.image_shape = height, self.inputs.shape[1] // height
        self.targets: Any = None  # rows of desired outputs; or else labels:
        self._digits: Optional[list[int]] = None
        if getattr(labels, "ndim", 1) == 2:
            self.targets = _numbers("labels", labels)
            self.outputs = require_count("columns of labels", self.targets.shape[1])
        else:
            self._digits = _whole(labels)
            most = max(self._digits)
            self.outputs = most + 1 if classes is None else require_count("classes", classes)
            if most >= self.outputs:
                raise DataError(f"labels: expected 0 to {self.outputs - 1}, got {most}")

    def label(self, i: int) -> int:
        """Return the label of example i: the place of the largest entry of y."""
        if self._digits is not None:
            return self._digits[i]
        return int(self.targets[i].argmax())

    @property
    def labels(self) -> list[int]:  # type: ignore[override]  # of images they are bytes
        """The labels of all examples."""
        return [self.label(i) for i in range(len(self))]

    @property
    def pixels(self) -> memoryview:
        """Raise DataError: these are numbers, not the bytes of images."""
        raise DataError("expected images of bytes, as load_mnist() reads, got an array of numbers")

    def __len__(self) -> int:
        return len(self.inputs)

    @overload
    def __getitem__(self, i: int) -> tuple[Vector, Vector]: ...
    @overload
    def __getitem__(self, i: slice) -> ArrayExamples: ...
    def __getitem__(self, i: Union[int, slice]) -> Union[tuple[Vector, Vector], ArrayExamples]:
        if isinstance(i, slice):
            return self._part(i)
        x = Vector.wrap([float(entry) for entry in self.inputs[i].tolist()])
        if self._digits is not None:
            return x, Vector.one_hot(self._digits[i], self.outputs)
        return x, Vector.wrap([float(entry) for entry in self.targets[i].tolist()])

    def _part(self, part: slice) -> ArrayExamples:
        picked = copy(self)
        picked.inputs = self.inputs[part]
        picked.targets = None if self.targets is None else self.targets[part]
        picked._digits = None if self._digits is None else self._digits[part]
        return picked

    def __repr__(self) -> str:
        return f"<{len(self):,} examples of {self.inputs.shape[1]} numbers>"


def _numbers(name: str, array: Any) -> Any:
    """Return an array whose entries are all finite numbers; no entry is copied."""
    kind = getattr(getattr(array, "dtype", None), "kind", "")
    if not hasattr(array, "shape") or kind not in ("f", "i", "u", "b"):
        write = "numpy.array([[0.5, 1.0], …])"
        raise DataError(
            f"{name}: expected an array of numbers, as {write} makes, got {describe(array)}"
        )
    if array.size and not (isfinite(array.min()) and isfinite(array.max())):
        i = next(i for i, row in enumerate(array.tolist()) if not all(map(isfinite, row)))
        raise DataError(f"{name}, example {i}: expected finite numbers, got {array[i]}")
    return array


def _whole(labels: Any) -> list[int]:
    """Return labels as a list of whole numbers of at least 0."""
    values = labels.tolist() if hasattr(labels, "tolist") else list(labels)
    for i, value in enumerate(values):
        whole = (
            isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)
        )
        if not whole or value < 0:
            raise DataError(f"label {i}: expected a whole number from 0, got {describe(value)}")
    return [int(value) for value in values]
