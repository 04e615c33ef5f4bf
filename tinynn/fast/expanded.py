"""Images and their changed copies as rows of bytes, computed when a mini-batch needs them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from tinynn.datasets.expanded import LARGEST_ANGLE, ONE, ROTATIONS, Expanded, turn

Bytes = NDArray[np.uint8]
Indices = NDArray[np.intp]

_AT_ONCE = 400  # images; with their frames they fit into the processor's cache
_TURNED_AT_ONCE = 40
_EVEN_BYTES = 0x00FF00FF


class ExpandedRows:
    """The rows (n, K) of expanded images. ``take`` computes only the rows that it returns.

    They equal those of ``Expanded``, byte for byte. Only the originals are stored.
    """

    def __init__(self, examples: Expanded) -> None:
        height, width = examples.image_shape
        self.shape = len(examples), height * width
        self.dtype = np.dtype(np.uint8)
        self._size = height, width
        self._images = np.frombuffer(examples.originals.pixels, np.uint8)
        self._images = self._images.reshape(-1, height * width)
        self._places = examples.places
        self._shifts = len(examples.shifts)
        # An image shifted by s bytes is read from s bytes before the original's first byte.
        self._starts = np.array([0, -width, width, -1, 1][: 1 + self._shifts], np.intp)
        self._moved = np.zeros(_AT_ONCE * height * width + 2 * width, np.uint8)
        self._unmoved = self._moved[width : len(self._moved) - width].reshape(_AT_ONCE, -1)
        self._windows = np.lib.stride_tricks.sliding_window_view(self._moved, height * width)
        self._firsts = width + height * width * np.arange(_AT_ONCE)
        self._turning = _Turning(examples) if examples.angles else None

    def __len__(self) -> int:
        return self.shape[0]

    def take(self, indices: Indices, axis: int, out: Bytes, mode: str) -> None:
        """Write the rows with these indices into ``out``, like the ``take`` of an array."""
        for start in range(0, len(indices), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            self._take(indices[part], out[part])

    def _take(self, indices: Indices, out: Bytes) -> None:
        places = self._places.start + self._places.step * indices
        changes, images = np.divmod(places, len(self._images))
        originals = self._unmoved[: len(images)] if self._shifts else out
        self._images.take(images, 0, originals, "clip")
        if self._shifts:
            self._shift(changes, out)
        if self._turning is not None:
            turned = np.flatnonzero(changes > self._shifts)
            for start in range(0, len(turned), _TURNED_AT_ONCE):
                some = turned[start : start + _TURNED_AT_ONCE]
                angles = ROTATIONS * images[some] + changes[some] - self._shifts - 1
                out[some] = self._turning.turned(originals[some], angles)

    def _shift(self, changes: Indices, out: Bytes) -> None:
        """Write the current images into ``out``, each shifted by its change."""
        starts = self._starts.take(changes, mode="clip")
        starts += self._firsts[: len(changes)]
        out[...] = self._windows[starts]
        rows = out.reshape(-1, *self._size)
        rows[changes == 1, 0] = 0  # down
        rows[changes == 2, -1] = 0  # up
        rows[changes == 3, :, 0] = 0  # right
        rows[changes == 4, :, -1] = 0  # left


class _Turning:
    """The rotation of images by the angles of an ``Expanded``: ``rotated`` over arrays."""

    def __init__(self, examples: Expanded) -> None:
        height, width = self._size = examples.image_shape
        angles = range(-LARGEST_ANGLE, LARGEST_ANGLE + 1)
        turns = [turn(height, width, angle) for angle in angles]
        self._angles = np.array(examples.angles, np.intp) + LARGEST_ANGLE
        self._corners = np.array([each.corners for each in turns], np.intp)
        self._across = _table([each.across for each in turns])
        self._below = _table([each.below for each in turns])
        self._framed = np.zeros((_TURNED_AT_ONCE, height + 2, width + 2), np.uint32)
        self._four = np.zeros(self._framed.size, np.uint32)
        self._firsts = np.arange(0, self._four.size, self._framed[0].size)[:, np.newaxis]
        made = (_TURNED_AT_ONCE, height * width)
        self._places = np.empty(made, np.intp)
        self._right, self._left, self._share = (np.empty(made, np.uint32) for _ in range(3))

    def turned(self, images: Bytes, which: Indices) -> NDArray[np.uint32]:
        """Return images (m, K), each rotated by the angle of this number, as a work array.

        One lookup fetches the four pixels around a place, as the bytes of one number: upper left,
        upper right, lower left, lower right. The left two are mixed with the right two, then the
        upper result with the lower, in integers as in ``rotated``.
        """
        m = len(images)
        self._put_in_fours(images)
        angles = self._angles[which]
        places, right = self._places[:m], self._right[:m]
        left, share = self._left[:m], self._share[:m]
        self._corners.take(angles, 0, places, "clip")
        np.add(places, self._firsts[:m], places)
        self._four.take(places, None, right, "clip")
        np.bitwise_and(right, _EVEN_BYTES, left)
        np.right_shift(right, 8, right)
        np.bitwise_and(right, _EVEN_BYTES, right)
        self._across.take(angles, 0, share, "clip")
        _mix(left, right, share)
        upper, lower = left, right
        np.bitwise_and(lower, 0xFFFF, upper)
        np.right_shift(lower, 16, lower)
        self._below.take(angles, 0, share, "clip")
        _mix(upper, lower, share)
        np.add(lower, ONE * ONE // 2, lower)
        np.floor_divide(lower, ONE * ONE, lower)
        return lower

    def _put_in_fours(self, images: Bytes) -> None:
        """Pack each pixel of the framed images with its neighbours to the right and below."""
        m, (height, width) = len(images), self._size
        self._framed[:m, 1:-1, 1:-1] = images.reshape(m, height, width)
        frame, pixels = width + 2, self._framed.reshape(-1)
        four = self._four[: len(pixels) - frame - 1]
        np.copyto(four, pixels[frame + 1 :])
        for step in (frame, 1, 0):
            np.left_shift(four, 8, four)
            np.bitwise_or(four, pixels[step : step + len(four)], four)


def _table(rows: list[bytes]) -> NDArray[np.uint32]:
    return np.frombuffer(b"".join(rows), np.uint8).reshape(len(rows), -1).astype(np.uint32)


def _mix(first: NDArray[np.uint32], second: NDArray[np.uint32], share: NDArray[np.uint32]) -> None:
    """Set ``second`` to first · (256 − share) + second · share, computed modulo 2³²."""
    np.subtract(second, first, second)
    np.multiply(second, share, second)
    np.multiply(first, ONE, first)
    np.add(second, first, second)
