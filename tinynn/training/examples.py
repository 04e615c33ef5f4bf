"""Training examples: their checks, and their division into mini-batches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from tinynn.errors import ArgumentError, DataError, describe, require_count
from tinynn.linalg import Vector, require_finite, require_vector, shape
from tinynn.notebook import beside, titled

Example = tuple[Vector, Vector]  # (x, y): an input and its desired output


class Pair(NamedTuple):
    """An example of a data set: a tuple (x, y) that a notebook shows as its picture and label."""

    x: Vector
    y: Vector

    def _repr_html_(self) -> str:
        label = f"example of class {self.y.argmax()}" if len(self.y) > 1 else "example"
        return titled(label, beside(self.x._repr_html_(), self.y._repr_html_()))


def mini_batches(order: Sequence[int], mini_batch_size: int) -> list[Sequence[int]]:
    """Return an order of examples, cut into mini-batches. The last one may be smaller.

    >>> mini_batches([3, 0, 4, 1, 2], 2)
    [[3, 0], [4, 1], [2]]
    """
    mini_batch_size = require_count("mini_batch_size", mini_batch_size)
    if not isinstance(order, (Sequence, range)) or isinstance(order, str):
        given = describe(order)
        raise ArgumentError(f"order: expected a list of indices, got {given}: write range(n)")
    return [order[i : i + mini_batch_size] for i in range(0, len(order), mini_batch_size)]


_NO_LISTS = (dict, str, bytes, type)  # these can have a length, but are not lists


def require_examples(name: str, examples: Sequence[Example], sizes: Sequence[int]) -> None:
    """Raise DataError or ShapeError that names the first example that does not fit the network."""
    listed = hasattr(examples, "__len__") and hasattr(examples, "__getitem__")
    whole_set = hasattr(examples, "training") or hasattr(examples, "shape")
    if not listed or whole_set or isinstance(examples, _NO_LISTS) or not len(examples):
        raise DataError(f"{name}: {_instead(examples)}")
    for i, example in enumerate(examples):
        if not isinstance(example, (tuple, list)) or len(example) != 2:
            raise DataError(f"{name}, example {i}: {_no_pair(example)}")
        for part, vector, size in zip("xy", example, (sizes[0], sizes[len(sizes) - 1])):
            require_vector(f"{name}, example {i}, {part}", vector, size)
            require_finite(f"{name}, example {i}, {part}", vector)


def _no_pair(example: object) -> str:
    return f"expected a pair (x, y) of Vectors, got {describe(example)}: write (x, y)"


def _instead(examples: Any) -> str:
    """Return the message: what is expected, what was given, and what to write instead."""
    given = shape(examples)
    if hasattr(examples, "training"):
        expected = "expected one part of the data, such as its .training or .test"
        return f"{expected}, got {given}: write data.training"
    if hasattr(examples, "shape"):
        write = "DataSet.from_arrays(X, labels).training"
    elif isinstance(examples, dict):
        write = "list(data.values())"
    elif isinstance(examples, (list, tuple)):
        return "expected at least one example (x, y), got none: write [(x, y), …]"
    else:
        write = "list(zip(xs, ys)), or [(x, y), …]"
    return f"expected a list of (x, y) pairs, got {given}: write {write}"
