"""The book's file ``mnist.pkl.gz``: three pairs of arrays in a pickle of Python 2."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator
from math import isqrt, prod
from typing import Any

from tinynn.datasets.dataset import DataSet
from tinynn.datasets.examples import Examples
from tinynn.datasets.idx import ByteStream, IdxArray, read_stream
from tinynn.datasets.pickled import PickledArray, unpickle_arrays
from tinynn.errors import DataError, describe
from tinynn.files import FilePath

SCALE = 256  # a pixel in the file is k/256
_IMAGES = {"f4": "f", "f8": "d"}  # types of number, and their codes in array.array
_LABELS = {"i8": "q", "i4": "i", "u1": "B"}
_BYTE_OF = {k / SCALE: k for k in range(256)}
_AT_ONCE = 2**16  # numbers


def read_book_pickle(path: FilePath) -> DataSet:
    """Read the book's ``mnist.pkl.gz``: training, validation and test data, pixels k/256.

    The pickle is read and not run: it may contain only arrays of plain numbers. The pixels become
    bytes again, so that the result equals that of the IDX files. Raises DataError for any other
    file, OSError if it cannot be opened.
    """
    return read_stream(path, _read)


def _read(file: ByteStream, name: str) -> DataSet:
    try:
        parts = unpickle_arrays(file)
        if not isinstance(parts, tuple) or len(parts) != 3:
            expected = "expected training, validation and test data"
            raise DataError(f"{expected}, got {describe(parts)}")
        return DataSet(*(_examples(part) for part in parts))
    except DataError as error:
        raise DataError(f"{name}: {error}") from None


def _examples(part: object) -> Examples:
    if not isinstance(part, tuple) or len(part) != 2:
        raise DataError(f"expected a pair of images and labels, got {describe(part)}")
    images = _array("images", part[0], 2)
    labels = _array("labels", part[1], 1)
    count, size = images.shape
    side = isqrt(size)
    if side * side != size:
        raise DataError(f"images: expected squares, got {describe(size)} pixels")
    pixels = IdxArray((count, side, side), b"".join(_pixels(images)))
    if labels.shape != (count,):
        raise DataError(f"expected as many labels as images, got {labels.shape[0]} and {count}")
    images.data = b""  # frees four or eight times the size of the bytes
    return Examples(pixels, b"".join(_digits(labels)), SCALE)


def _array(name: str, found: object, dimensions: int) -> PickledArray:
    if not isinstance(found, PickledArray) or len(found.shape) != dimensions:
        given = f"one of {len(found.shape)}" if isinstance(found, PickledArray) else describe(found)
        raise DataError(f"{name}: expected an array of {dimensions} dimensions, got {given}")
    if 0 in found.shape:
        raise DataError(f"{name}: expected at least one number, got an empty array")
    return found


def _pixels(images: PickledArray) -> Iterator[bytes]:
    """Yield the byte k of every pixel k/256, in chunks."""
    for start, pixels in _numbers("images", images, _IMAGES):
        try:
            yield bytes(map(_BYTE_OF.__getitem__, pixels))
        except KeyError:
            i, pixel = next((i, x) for i, x in enumerate(pixels) if x not in _BYTE_OF)
            image = (start + i) // images.shape[1]
            expected = "expected pixels k/256 with k from 0 to 255"
            raise DataError(f"image {image}: {expected}, got {pixel!r}") from None


def _digits(labels: PickledArray) -> Iterator[bytes]:
    """Yield a byte for every label, in chunks."""
    for start, digits in _numbers("labels", labels, _LABELS):
        try:
            yield bytes(digits.tolist())
        except ValueError:
            i, digit = next((i, x) for i, x in enumerate(digits) if not 0 <= x < 256)
            raise DataError(f"label {start + i}: expected 0 to 9, got {digit}") from None


def _numbers(
    name: str, found: PickledArray, codes: dict[str, str]
) -> Iterator[tuple[int, array[Any]]]:
    """Yield the numbers of an array in chunks, each with the index of its first number."""
    kind, order = (found.type.kind, found.type.order) if found.type else ("none", "")
    if kind not in codes or order not in ("<", ">", "|"):
        expected = f"expected numbers of type {', '.join(codes)}"
        raise DataError(f"{name}: {expected}, got {describe(order + kind)}")
    size = array(codes[kind]).itemsize
    length = prod(found.shape, start=size)
    if len(found.data) != length:
        expected = f"expected {describe(length)} bytes for its shape"
        raise DataError(f"{name}: {expected}, got {len(found.data):,}")
    data = memoryview(found.data)
    for start in range(0, length, _AT_ONCE * size):
        numbers: array[Any] = array(codes[kind])
        numbers.frombytes(data[start : start + _AT_ONCE * size])
        if order == (">" if sys.byteorder == "little" else "<"):
            numbers.byteswap()
        yield start // size, numbers
