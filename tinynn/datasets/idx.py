"""IDX, the file format of MNIST: a magic number, the sizes, then the bytes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import prod
from typing import IO, TYPE_CHECKING, NamedTuple, Optional, TypeVar, Union

from tinynn.errors import DataError, require_count
from tinynn.files import FilePath, path_name, require_file

if TYPE_CHECKING:
    import gzip

ByteStream = Union[IO[bytes], "gzip.GzipFile"]
Content = TypeVar("Content")

_UNSIGNED_BYTES = 8
_MOST = 1_000_000  # the most images or labels: each has an index
_LARGEST = 2 * 60_000 * 28 * 28  # bytes: twice the size of MNIST's training images


class IdxArray(NamedTuple):
    """The bytes of an IDX file and their shape, such as (1797, 8, 8) for images."""

    shape: tuple[int, ...]
    data: bytes


def read_idx(path: FilePath, dimensions: int) -> IdxArray:
    """Read an IDX file of unsigned bytes, gzipped if its name ends in ``.gz``.

    ``dimensions`` is 3 for images, 1 for labels. It never reads more bytes than the header states.
    Raises DataError for any other file, OSError if it cannot be opened.
    """
    dimensions = require_count("dimensions", dimensions, 1, 255)
    return read_stream(path, partial(_read, dimensions=dimensions))


def read_stream(
    path: FilePath, read: Callable[[ByteStream, str], Content], gzipped: Optional[bool] = None
) -> Content:
    """Return ``read(file, name)`` of a file, unzipped if its name ends in ``.gz``.

    ``gzipped`` unzips a file with another name.

    Raises DataError if the gzip data is damaged or cut short, OSError if it cannot be opened.
    """
    name = path_name(path)
    require_file(name)
    with open(name, "rb") as raw:
        if not (name.endswith(".gz") if gzipped is None else gzipped):
            return read(raw, name)
        import gzip  # slow to import, and often not needed
        import zlib

        try:
            with gzip.open(raw, "rb") as unzipped:
                return read(unzipped, name)
        except EOFError:
            raise DataError(f"{name} is cut short: the gzip data ends too early") from None
        except (gzip.BadGzipFile, zlib.error) as error:
            raise DataError(f"{name} is not a complete gzip file: {error}") from None


def _read(file: ByteStream, name: str, dimensions: int) -> IdxArray:
    kind = "images" if dimensions == 3 else "labels"
    magic = file.read(4)
    expected = bytes([0, 0, _UNSIGNED_BYTES, dimensions])
    if magic != expected:
        given = magic.hex() or "an empty file"
        raise DataError(f"{name}: expected IDX {kind} (magic {expected.hex()}), got {given}")
    header = file.read(4 * dimensions)
    if len(header) < 4 * dimensions:
        raise DataError(f"{name} is cut short: it ends inside its header")
    shape = tuple(int.from_bytes(header[i : i + 4], "big") for i in range(0, len(header), 4))
    length = prod(shape)
    if not 0 < length <= _LARGEST:
        raise DataError(
            f"{name}: expected 1 to {_LARGEST:,} bytes of data, its header has {length:,}"
        )
    if shape[0] > _MOST:
        raise DataError(f"{name}: expected at most {_MOST:,} {kind}, its header has {shape[0]:,}")
    data = file.read(length + 1)
    if len(data) != length:
        more = "more" if len(data) > length else f"only {len(data):,}"
        raise DataError(f"{name}: expected {length:,} bytes after its header, got {more}")
    return IdxArray(shape, data)
