"""More data from the same images: each shifted by a pixel or rotated a little when it is read."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from copy import copy
from functools import lru_cache
from math import cos, floor, radians, sin
from typing import NamedTuple, TypeVar

from tinynn.datasets.arrays import ArrayExamples
from tinynn.datasets.examples import Examples
from tinynn.errors import ArgumentError, DataError, describe
from tinynn.randomness import random_source

Self = TypeVar("Self", bound="Expanded")
KINDS = {"shift": 5, "rotate": 5, "both": 9}  # the number of variants of an image
SHIFTS = ("down", "up", "right", "left")
ROTATIONS = 4  # of each image
LARGEST_ANGLE = 150  # in tenths of a degree
ONE = 256  # fractions of a pixel are counted in 256ths, so that both engines compute in integers


def expanded(examples: Examples, kind: str = "shift", *, seed: int = 0) -> Expanded:
    """Return images and changed copies of each: 5n examples for n images, or 9n for "both".

    "shift" moves each image by one pixel down, up, right and left; the new edge is 0. "rotate"
    turns it about its centre by four random angles of up to 15° in either direction; new corners
    are 0. "both" does both. Larger angles would teach wrong answers: after arbitrarily
    large rotations a 6 can look like a 9, but keeps the label 6.

    The n originals come first, then all images in their first variant, and so on: example n·k + i
    is image i in its k-th variant. Images are not stored; pixels are computed when they are read.
    The seed determines the angles. Raises ArgumentError, DataError.

    >>> from tinynn.datasets.idx import IdxArray
    >>> one = Examples(IdxArray((1, 2, 2), bytes([1, 2, 3, 4])), bytes([7]), scale=4)
    >>> five = expanded(one)
    >>> for i in range(5):
    ...     print(five.variant(i), five[i][0])
    original Vector([0.25, 0.5, 0.75, 1.0])
    down Vector([0.0, 0.0, 0.25, 0.5])
    up Vector([0.75, 1.0, 0.0, 0.0])
    right Vector([0.0, 0.25, 0.0, 0.75])
    left Vector([0.5, 0.0, 1.0, 0.0])
    """
    return Expanded(examples, kind, seed)


class Expanded(Examples):
    """Examples and their changed copies, as ``expanded`` describes. A slice is an Expanded too."""

    def __init__(self, examples: Examples, kind: str, seed: int) -> None:
        _require_images(examples)
        if not isinstance(kind, str) or kind not in KINDS:
            raise ArgumentError(
                f'kind: expected shift, rotate or both, got {describe(kind)}: write kind="shift"'
            )
        self.originals = examples
        self.shifts = SHIFTS if kind != "rotate" else ()
        self.angles = array("h")  # in tenths of a degree: four for each image
        rng = random_source(seed)
        if kind != "shift":
            draws = (rng.random() for _ in range(ROTATIONS * len(examples)))
            width = 2 * LARGEST_ANGLE + 1
            self.angles.extend(int(draw * width) - LARGEST_ANGLE for draw in draws)
        self.places = range(KINDS[kind] * len(examples))  # the indices of these examples
        self.image_shape, self.outputs = examples.image_shape, examples.outputs
        self._labels = examples.labels * KINDS[kind]
        self._scale, self._pixels = examples.scale, examples._pixels
        self._targets = examples._targets

    def variant(self, i: int) -> str:
        """Return the change of example i: "original", a direction, or an angle such as +7.3°.

        A positive angle is counterclockwise.
        """
        image, change = self._change(self._place(i))
        if change == 0:
            return "original"
        if change <= len(self.shifts):
            return self.shifts[change - 1]
        return f"{self._angle(image, change) / 10:+.1f}°".replace("-", "−")

    @property
    def pixels(self) -> memoryview:
        """The bytes of all images, computed on each access: count × height × width bytes."""
        return memoryview(b"".join(map(self._image, range(len(self)))))

    def _change(self, place: int) -> tuple[int, int]:
        """Return the image of example ``place``, and the number of its variant."""
        change, image = divmod(self.places[place], len(self.originals))
        return image, change

    def _angle(self, image: int, change: int) -> int:
        return self.angles[ROTATIONS * image + change - len(self.shifts) - 1]

    def _image(self, i: int) -> bytes:
        image, change = self._change(i)
        pixels = self.originals._image(image)
        if change == 0:
            return pixels
        height, width = self.image_shape
        if change <= len(self.shifts):
            return _SHIFTED[self.shifts[change - 1]](pixels, width)
        return rotated(pixels, height, width, self._angle(image, change))

    def _picked(self: Self, part: slice, positions: range) -> Self:
        picked = copy(self)
        first, step = self.places.start, self.places.step
        start, stop = first + step * positions.start, first + step * positions.stop
        picked.places = range(start, stop, step * positions.step)
        picked._labels = bytes(self._labels[i] for i in positions)
        return picked


def _require_images(examples: object) -> None:
    """Raise ArgumentError or DataError unless these are images of bytes."""
    if isinstance(examples, Expanded):
        write = 'write expanded(data.training, "both")'
        raise ArgumentError(f"examples: expected original images, got expanded ones: {write}")
    if isinstance(examples, ArrayExamples):
        expected = "expected images of bytes, as load_mnist() reads, got an array of numbers"
        write = "Examples(IdxArray((n, 28, 28), X.tobytes()), bytes(labels), scale=255)"
        raise DataError(f"examples: {expected}: write {write}")
    if hasattr(examples, "training"):
        given = describe(examples)
        raise ArgumentError(f"examples: expected one part, got {given}: write data.training")
    if not isinstance(examples, Examples):
        expected = "expected images, as load_digits() and load_mnist() read"
        write = "expanded(load_digits().training)"
        raise ArgumentError(f"examples: {expected}, got {describe(examples)}: write {write}")


def _down(pixels: bytes, width: int) -> bytes:
    return bytes(width) + pixels[:-width]


def _up(pixels: bytes, width: int) -> bytes:
    return pixels[width:] + bytes(width)


def _right(pixels: bytes, width: int) -> bytes:
    rows = range(0, len(pixels), width)
    return b"".join(b"\0" + pixels[row : row + width - 1] for row in rows)


def _left(pixels: bytes, width: int) -> bytes:
    rows = range(0, len(pixels), width)
    return b"".join(pixels[row + 1 : row + width] + b"\0" for row in rows)


_SHIFTED: dict[str, Callable[[bytes, int], bytes]] = {
    "down": _down,
    "up": _up,
    "right": _right,
    "left": _left,
}


class Turn(NamedTuple):
    """The source of each pixel of a rotated image: a place between four pixels.

    ``corners`` is the upper left of the four, in the image with an empty frame one pixel wide;
    ``across`` and ``below`` are the distances of the place from it, in 256ths of a pixel.
    """

    corners: array[int]
    across: bytes
    below: bytes


@lru_cache(maxsize=2 * (2 * LARGEST_ANGLE + 1))
def turn(height: int, width: int, tenths: int) -> Turn:
    """Return the pixels from which each pixel of a rotated image is computed.

    >>> place = turn(1, 2, 0)
    >>> list(place.corners), list(place.across), list(place.below)
    ([5, 6], [0, 0], [0, 0])
    """
    c, s = ONE * cos(radians(tenths / 10)), ONE * sin(radians(tenths / 10))
    middle_row, middle_column = (height - 1) / 2, (width - 1) / 2
    corners, across, below = array("i"), bytearray(), bytearray()
    for row in range(height):
        y = row - middle_row
        for column in range(width):
            x = column - middle_column
            from_column = floor(c * x - s * y + ONE * middle_column + 0.5)
            from_row = floor(s * x + c * y + ONE * middle_row + 0.5)
            inside = -ONE <= from_column < ONE * width and -ONE <= from_row < ONE * height
            corner = (from_row // ONE + 1) * (width + 2) + from_column // ONE + 1
            corners.append(corner if inside else 0)  # 0 is in the empty frame
            across.append(from_column % ONE if inside else 0)
            below.append(from_row % ONE if inside else 0)
    return Turn(corners, bytes(across), bytes(below))


def rotated(pixels: bytes, height: int, width: int, tenths: int) -> bytes:
    """Return an image rotated counterclockwise about its centre, by an angle in tenths of a degree.

    A pixel is the bilinear mean of the four pixels around its source, rounded to a byte. Pixels
    from outside are 0.

    >>> list(rotated(bytes([0, 200, 0, 0, 0, 0, 0, 0, 0]), 3, 3, 150))
    [45, 143, 0, 2, 0, 0, 0, 0, 0]
    """
    frame = width + 2
    rows = range(0, len(pixels), width)
    framed = bytes(frame) + b"".join(b"\0" + pixels[i : i + width] + b"\0" for i in rows)
    framed += bytes(frame)
    image = bytearray()
    for corner, x, y in zip(*turn(height, width, tenths)):
        upper = framed[corner] * (ONE - x) + framed[corner + 1] * x
        lower = framed[corner + frame] * (ONE - x) + framed[corner + frame + 1] * x
        image.append((upper * (ONE - y) + lower * y + ONE * ONE // 2) // (ONE * ONE))
    return bytes(image)
