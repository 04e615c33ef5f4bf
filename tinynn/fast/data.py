"""Examples as arrays. Images stay bytes until a mini-batch needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Optional, Union

import numpy as np
from numpy.typing import NDArray

from tinynn.datasets import ArrayExamples, Examples
from tinynn.datasets.arrays import require_finite_array
from tinynn.datasets.expanded import Expanded
from tinynn.errors import ShapeError
from tinynn.fast.equations.activations import Array
from tinynn.fast.expanded import ExpandedRows
from tinynn.linalg import as_vector
from tinynn.training import Example, require_examples

ROWS_AT_ONCE = 400  # a few hundred examples fit into the processor's cache


class Prepared:
    """Examples ready to be gathered: rows of inputs (n, K), rows of desired outputs, a scale.

    With ``labels``, the desired output of example i is row ``labels[i]``. An ``Examples`` shares
    its bytes or its array with the rows; a pixel is byte · scale. Expanded images become rows
    when they are taken. Any other sequence of (x, y) pairs is copied into floats.
    """

    def __init__(
        self, name: str, examples: Sequence[Example], sizes: Sequence[int], dtype: str
    ) -> None:
        self.scale = 1.0
        self.rows: Union[NDArray[Any], ExpandedRows]
        self.targets: NDArray[Any]  # (n, J), or with labels (J, J)
        self.labels: Optional[NDArray[np.uint8]] = None
        if isinstance(examples, Examples) and len(examples):
            height, width = examples.image_shape
            if (height * width, examples.outputs) != (sizes[0], sizes[-1]):
                given = f"images of {height}×{width} and {examples.outputs} answers"
                raise ShapeError(f"{name}: expected {sizes[0]} and {sizes[-1]}, got {given}")
            if isinstance(examples, ArrayExamples):
                self.rows = np.asarray(examples.inputs)  # of rows read from a file a copy
                self.targets = _targets(name, examples, dtype)
            else:
                self.scale = 1.0 / examples.scale
                self.targets = np.eye(examples.outputs, dtype=dtype)
                self.labels = np.frombuffer(examples.labels, np.uint8)
                if isinstance(examples, Expanded):
                    self.rows = ExpandedRows(examples)
                else:
                    self.rows = pixel_rows(examples)
        else:
            if type(examples) in (list, tuple):
                examples = [
                    _as_vectors(f"{name}, example {i}", example, sizes)
                    for i, example in enumerate(examples)
                ]
            require_examples(name, examples, sizes)
            self.rows = np.array([x.entries for x, _ in examples])
            desired = np.array([y.entries for _, y in examples])
            require_finite_array(name, desired, ", y", _largest(dtype))
            self.targets = desired.astype(dtype)
        if self.rows.dtype != np.uint8:
            require_finite_array(name, self.rows, ", x", _largest(dtype))

    def __len__(self) -> int:
        return len(self.rows)


class Feed:
    """A source of mini-batches of columns, gathered from examples in a given order.

    Its arrays are allocated once; every mini-batch is a view of them.
    """

    def __init__(self, prepared: Prepared, mini_batch_size: int, dtype: str) -> None:
        m = mini_batch_size
        self.prepared = prepared
        self.at_once = max(1, ROWS_AT_ONCE // m) * m
        rows, targets = prepared.rows, prepared.targets
        self._gathered = np.empty((self.at_once, rows.shape[1]), rows.dtype)
        self._x = np.empty((self.at_once, rows.shape[1]), dtype)
        self._t = np.empty((self.at_once, targets.shape[1]), targets.dtype)
        self._y = np.empty((self.at_once // m, targets.shape[1], m), dtype)
        self._scale = np.array(prepared.scale, dtype)
        self._batches = [
            (self._x[i * m : (i + 1) * m].T, self._y[i]) for i in range(self.at_once // m)
        ]

    def deal(self, indices: NDArray[np.intp]) -> list[tuple[Array, Array]]:
        """Return mini-batches (x, y), K×m and J×m, of these examples: only whole ones."""
        n = len(indices)
        m = self._y.shape[2]
        gathered, x, t = self._gathered[:n], self._x[:n], self._t[:n]
        self.prepared.rows.take(indices, 0, gathered, "clip")  # "raise" would copy once more
        np.copyto(x, gathered)
        np.multiply(x, self._scale, x)
        labels = self.prepared.labels
        which = indices if labels is None else labels.take(indices)
        self.prepared.targets.take(which, 0, t, "clip")
        np.copyto(self._y[: n // m], t.reshape(n // m, m, -1).transpose(0, 2, 1))
        return self._batches[: n // m]


def _largest(dtype: str) -> float:
    return float(np.finfo(dtype).max)


def pixel_rows(examples: Examples) -> NDArray[np.uint8]:
    """Return the bytes of images as rows, (n, K)."""
    return np.frombuffer(examples.pixels, np.uint8).reshape(len(examples), -1)


def _targets(name: str, examples: ArrayExamples, dtype: str) -> Array:
    """Return the desired outputs as rows, (n, J)."""
    if examples.targets is not None:
        require_finite_array(name, examples.targets, ", y", _largest(dtype))
        return np.asarray(examples.targets, dtype)
    rows: Array = np.zeros((len(examples), examples.outputs), dtype)
    rows[np.arange(len(examples)), list(examples.labels)] = 1.0
    return rows


def _as_vectors(place: str, example: Any, sizes: Sequence[int]) -> Any:
    """Return an example with its arrays replaced by Vectors."""
    if not isinstance(example, tuple) or len(example) != 2:
        return example
    parts = zip("xy", example, (sizes[0], sizes[-1]))
    return tuple(
        as_vector(f"{place}, {part}", value, size) if isinstance(value, np.ndarray) else value
        for part, value, size in parts
    )


def in_order(prepared: Prepared, dtype: str, most: int = 1000) -> Iterator[tuple[Array, Array]]:
    """Yield all examples in order, at most ``most`` at a time: (K, m), (J, m)."""
    n = len(prepared)
    for size, start, stop in parts(n, min(n, most)):
        feed = Feed(prepared, size, dtype)
        for i in range(start, stop, feed.at_once):
            yield from feed.deal(np.arange(i, min(i + feed.at_once, stop)))


def parts(n: int, mini_batch_size: int) -> list[tuple[int, int, int]]:
    """Return n examples as a run of whole mini-batches and a smaller one: (size, start, stop).

    >>> parts(25, 10), parts(20, 10), parts(4, 10)
    ([(10, 0, 20), (5, 20, 25)], [(10, 0, 20)], [(4, 0, 4)])
    """
    whole = n - n % mini_batch_size
    found = [(mini_batch_size, 0, whole)] if whole else []
    return found + ([(n - whole, whole, n)] if n > whole else [])
