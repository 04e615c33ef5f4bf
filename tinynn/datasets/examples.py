"""Examples: images and labels that stay bytes until somebody looks at one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Union, overload

from tinynn.datasets.idx import IdxArray
from tinynn.errors import DataError
from tinynn.linalg import Vector

CLASSES = 10


class Examples(Sequence[tuple[Vector, Vector]]):
    """A sequence of (x, y) pairs: x the pixels, each from 0 to 1, and y the one-hot digit.

    A pair is made when it is asked for, so that many images take little room. A slice is again
    Examples. ``scale`` is the byte that stands for 1.0: a pixel is byte / scale.

    >>> two = Examples(IdxArray((2, 1, 3), bytes([0, 2, 4, 4, 4, 0])), bytes([7, 1]), scale=4)
    >>> two[0][0], two[0][1].argmax(), two.label(1), two.image_shape
    (Vector([0.0, 0.5, 1.0]), 7, 1, (1, 3))
    """

    def __init__(self, images: IdxArray, labels: bytes, scale: int) -> None:
        count, height, width = images.shape
        if len(labels) != count:
            raise DataError(f"expected as many labels as images, got {len(labels)} and {count}")
        if count and max(labels) >= CLASSES:
            position = next(i for i, label in enumerate(labels) if label >= CLASSES)
            raise DataError(f"label {position}: expected 0 to 9, got {labels[position]}")
        self.image_shape = height, width
        self._images = images
        self._labels = labels
        self._scale = scale
        self._pixels = [byte / scale for byte in range(256)]
        self._targets = [Vector.one_hot(digit, CLASSES).entries for digit in range(CLASSES)]

    def label(self, i: int) -> int:
        """Return the digit that example i shows."""
        return self._labels[i]

    def __len__(self) -> int:
        return len(self._labels)

    @overload
    def __getitem__(self, i: int) -> tuple[Vector, Vector]: ...
    @overload
    def __getitem__(self, i: slice) -> Examples: ...
    def __getitem__(self, i: Union[int, slice]) -> Union[tuple[Vector, Vector], Examples]:
        height, width = self.image_shape
        size = height * width
        if isinstance(i, slice):
            picked = range(len(self))[i]
            data = b"".join(self._images.data[p * size : (p + 1) * size] for p in picked)
            chosen = IdxArray((len(picked), height, width), data)
            return Examples(chosen, bytes(self._labels[p] for p in picked), self._scale)
        label = self._labels[i]
        start = range(len(self))[i] * size
        pixels = self._pixels
        x = [pixels[byte] for byte in self._images.data[start : start + size]]
        return Vector.wrap(x), Vector.wrap(self._targets[label][:])

    def __iter__(self) -> Iterator[tuple[Vector, Vector]]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        height, width = self.image_shape
        return f"<{len(self):,} examples of {height}×{width} pixels>"


class DataSet(NamedTuple):
    """A data set in three parts: to train on, to choose settings by, and to test with."""

    training: Examples
    validation: Examples
    test: Examples
