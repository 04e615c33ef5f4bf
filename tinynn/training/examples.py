"""Training examples: what they have to be, and how they are cut into mini-batches."""

from __future__ import annotations

from collections.abc import Sequence

from tinynn.errors import DataError, describe
from tinynn.linalg import Vector, require_vector

Example = tuple[Vector, Vector]  # (x, y): an input and its desired output


def mini_batches(order: Sequence[int], mini_batch_size: int) -> list[Sequence[int]]:
    """Cut an order of examples into mini-batches; the last one may be smaller.

    >>> mini_batches([3, 0, 4, 1, 2], 2)
    [[3, 0], [4, 1], [2]]
    """
    return [order[i : i + mini_batch_size] for i in range(0, len(order), mini_batch_size)]


def require_examples(name: str, examples: Sequence[Example], sizes: Sequence[int]) -> None:
    """Raise DataError or ShapeError, naming the first example that does not fit the network."""
    if hasattr(examples, "training"):
        raise DataError(f"{name}: expected one part of the data, such as its .training or .test")
    if not hasattr(examples, "__len__") or not hasattr(examples, "__getitem__"):
        raise DataError(f"{name}: expected a list of (x, y) pairs, got {type(examples).__name__}")
    if not len(examples):
        raise DataError(f"{name}: expected at least one example (x, y), got none")
    for i in range(len(examples)):
        example = examples[i]
        if not isinstance(example, (tuple, list)) or len(example) != 2:
            came = f"got {describe(example)}"
            raise DataError(f"{name}, example {i}: expected a pair (x, y) of Vectors, {came}")
        require_vector(f"{name}, example {i}, x", example[0], sizes[0])
        require_vector(f"{name}, example {i}, y", example[1], sizes[len(sizes) - 1])
