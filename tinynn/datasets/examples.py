"""Examples over images and labels. They stay bytes until they are read."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Sequence
from copy import copy
from math import prod
from numbers import Real
from typing import Any, Optional, TypeVar, Union, overload

from tinynn.datasets.idx import IdxArray
from tinynn.errors import (
    ArgumentError,
    DataError,
    ShapeError,
    describe,
    require_count,
    require_kind,
)
from tinynn.linalg import Vector, no_place
from tinynn.randomness import RandomSource, random_source
from tinynn.training.examples import Pair

CLASSES = 10
Self = TypeVar("Self", bound="Examples")


class Examples(Sequence[tuple[Vector, Vector]]):
    """A sequence of (x, y) pairs: x the pixels, each from 0 to 1, and y the one-hot digit.

    Reading an example creates its pair, so that many images take little memory. A slice is an
    Examples too; without a step it shares the bytes. ``scale`` is the byte for 1.0: a pixel is
    byte / scale.

    >>> two = Examples(IdxArray((2, 1, 3), bytes([0, 2, 4, 4, 4, 0])), bytes([7, 1]), scale=4)
    >>> two[0][0], two[0][1].argmax(), two.label(1), two.image_shape
    (Vector([0.0, 0.5, 1.0]), 7, 1, (1, 3))
    """

    noun = "digit"  # what one example is
    about = ""  # how the data was read, where there is something to say
    classes: Sequence[str] = ()  # their names, where they are no numbers

    def __init__(self, images: IdxArray, labels: bytes, scale: int, outputs: int = CLASSES) -> None:
        require_kind("images", images, IdxArray, "read_idx(path, 3)")
        require_kind("labels", labels, bytes, "bytes([7, 1, …])")
        sizes = images.shape if isinstance(images.shape, tuple) else ()
        if len(sizes) != 3 or not isinstance(images.data, bytes) or prod(sizes) != len(images.data):
            expected = "expected a byte for each pixel of a shape (n, height, width)"
            raise ShapeError(f"images: {expected}, got {describe(images.shape)}")
        scale = require_count("scale", scale)
        count, height, width = sizes
        if len(labels) != count:
            raise DataError(f"expected as many labels as images, got {len(labels)} and {count}")
        if count and max(labels) >= outputs:
            position = next(i for i, label in enumerate(labels) if label >= outputs)
            expected = f"expected 0 to {outputs - 1}, got {labels[position]}"
            raise DataError(f"label {position}: {expected}")
        self.image_shape = height, width
        self.outputs = outputs  # the length of y
        self._data = images.data
        self._first = 0  # the index in the data of example 0
        self._labels = labels
        self._scale = scale
        self._pixels = [byte / scale for byte in range(256)]
        self._targets = [Vector.one_hot(digit, outputs).entries for digit in range(outputs)]

    def label(self, i: int) -> int:
        """Return the digit in example i."""
        return self._labels[self._place(i)]

    def with_wrong_labels(
        self: Self, share: float, *, seed: Optional[int] = None, rng: Optional[RandomSource] = None
    ) -> Self:
        """Return these examples with this share of the labels replaced by random wrong ones.

        The images stay the same. Raises ArgumentError unless ``share`` is from 0 to 1.

        >>> two = Examples(IdxArray((2, 1, 1), bytes(2)), bytes([7, 1]), scale=4)
        >>> wrong = two.with_wrong_labels(0.5, seed=0)
        >>> sum(wrong.label(i) != two.label(i) for i in range(2))
        1
        """
        if not isinstance(share, Real) or isinstance(share, bool) or not 0.0 <= share <= 1.0:
            expected = f"expected a number from 0 to 1, got {describe(share)}"
            raise ArgumentError(f"share: {expected}: write 0.2")
        if self.outputs < 2:
            raise DataError("wrong labels: expected two classes or more, got 1")
        source = random_source(seed, rng)
        places, labels = list(range(len(self))), list(self.labels)
        source.shuffle(places)
        for i in places[: round(float(share) * len(places))]:
            other = int(source.random() * (self.outputs - 1))
            labels[i] = other + (other >= labels[i])  # any digit but the right one
        return self._labelled(labels)

    def _labelled(self: Self, labels: list[int]) -> Self:
        changed = copy(self)
        changed._labels = bytes(labels)
        return changed

    def _place(self, i: Any) -> int:
        """Return the index of example i, counted from the end if below 0. Raises PlaceError."""
        try:
            return operator.index(range(len(self))[i])
        except (IndexError, TypeError, ValueError):
            raise no_place("example", i, len(self), "data.training[0]") from None

    def _positions(self, part: slice) -> range:
        try:
            return range(len(self))[part]
        except (TypeError, ValueError):
            expected = f"expected whole numbers, such as [:100], got {describe(part)}"
            raise DataError(f"examples: {expected}: write data.training[:100]") from None

    @property
    def pixels(self) -> memoryview:
        """The bytes of the images, one image after another: count × height × width bytes.

        This is a read-only view, not a copy.

        >>> two = Examples(IdxArray((2, 1, 2), bytes([0, 2, 4, 1])), bytes([7, 1]), scale=4)
        >>> list(two.pixels), list(two[1:].pixels)
        ([0, 2, 4, 1], [4, 1])
        """
        size = self._image_size
        start = self._first * size
        return memoryview(self._data)[start : start + len(self) * size]

    @property
    def labels(self) -> bytes:
        """The digits in the examples, one byte each."""
        return self._labels

    @property
    def scale(self) -> int:
        """The byte for 1.0: a pixel is byte / scale."""
        return self._scale

    @property
    def _image_size(self) -> int:
        height, width = self.image_shape
        return height * width

    def _image(self, i: int) -> bytes:
        start = (self._first + i) * self._image_size
        return self._data[start : start + self._image_size]

    def _picked(self: Self, part: slice, positions: range) -> Self:
        picked = copy(self)
        picked._labels = bytes(self._labels[i] for i in positions)
        if positions.step == 1:
            picked._first = self._first + positions.start
        else:
            picked._first = 0
            picked._data = b"".join(map(self._image, positions))
        return picked

    def __len__(self) -> int:
        return len(self._labels)

    @overload
    def __getitem__(self, i: int) -> tuple[Vector, Vector]: ...
    @overload
    def __getitem__(self: Self, i: slice) -> Self: ...
    def __getitem__(self: Self, i: Union[int, slice]) -> Union[tuple[Vector, Vector], Self]:
        if isinstance(i, slice):
            return self._picked(i, self._positions(i))
        return self._pair(self._place(i))

    def _pair(self, place: int) -> Pair:
        pixels = self._pixels
        x = [pixels[byte] for byte in self._image(place)]
        return Pair(Vector.wrap(x), Vector.wrap(self._targets[self._labels[place]][:]))

    def __iter__(self) -> Iterator[tuple[Vector, Vector]]:
        return (self[i] for i in range(len(self)))

    def __repr__(self) -> str:
        height, width = self.image_shape
        return f"<{len(self):,} examples of {height}×{width} pixels>"
