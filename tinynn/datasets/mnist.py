"""MNIST: 70,000 handwritten digits of 28×28 pixels, found, read and split as in the book."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Optional

from tinynn.datasets.dataset import DataSet
from tinynn.datasets.examples import Examples
from tinynn.datasets.idx import Content, IdxArray, read_idx
from tinynn.errors import DataError
from tinynn.files import FilePath, cache_folder, path_name

CHECKSUMS = {  # SHA-256 of the decompressed content
    "train-images-idx3-ubyte": "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    "train-labels-idx1-ubyte": "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    "t10k-images-idx3-ubyte": "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    "t10k-labels-idx1-ubyte": "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
}
FILES = tuple(CHECKSUMS)
BOOK_FILE = "mnist.pkl.gz"
_PICKLED = ".pkl.gz"
_SCALE = 256  # a pixel in the book's file is k/256


def load_mnist(folder: Optional[FilePath] = None) -> DataSet:
    """Return MNIST in the book's split: 50,000 for training, 10,000 for validation and for test.

    ``folder`` contains the four IDX files under their usual names, ``train-images-idx3-ubyte`` and
    so on, gzipped (``.gz``) or not, or the book's ``mnist.pkl.gz``. It may also be the path of that
    file. Without an argument the function searches the folder in the environment variable
    TINYNN_DATA, then tinynn's cache folder, where `tinynn data mnist` puts the files. The last
    sixth of the IDX training images is the validation data. A pixel is k/256. The images stay
    bytes and take 55 MB in all.

    Raises DataError if the data is missing or damaged.
    """
    places = mnist_places() if folder is None else [path_name(folder)]
    for place in places:
        if place.endswith(_PICKLED) and os.path.isfile(place):
            return _read_pickle(place)
        if holds_mnist(place):
            return _read_folder(place)
    looked = f"no MNIST in {' or '.join(places)}"
    raise DataError(f"{looked}: run `tinynn data mnist`, or {where(places[0])}")


def mnist_places() -> list[str]:
    """Return the folders to search for MNIST, in order."""
    named = os.environ.get("TINYNN_DATA")
    return ([named] if named else []) + [os.path.join(cache_folder(), "mnist")]


def where(folder: str) -> str:
    """Return which files to put where, for a manual download."""
    return f"put {', '.join(f'{name}.gz' for name in FILES)} in {folder}"


def holds_mnist(folder: str) -> bool:
    """Return whether a folder contains MNIST or a part of it.

    Raises DataError if the folder cannot be read or is not a folder.
    """
    try:
        found = set(os.listdir(path_name(folder)))
    except FileNotFoundError:
        return False
    except OSError as error:
        raise DataError(f"{folder} cannot be read as a folder: {error.strerror}") from None
    return BOOK_FILE in found or _holds_idx(found)


def missing_files(folder: str) -> list[str]:
    """Return which of the four files a folder lacks, or none if it has the book's file."""
    found = set(os.listdir(folder))
    if BOOK_FILE in found and not _holds_idx(found):
        return []
    return [name for name in FILES if found.isdisjoint((name, f"{name}.gz"))]


def _holds_idx(found: set[str]) -> bool:
    return not found.isdisjoint(name + end for name in FILES for end in ("", ".gz"))


def _read_folder(folder: str) -> DataSet:
    if not _holds_idx(set(os.listdir(folder))):
        return _read_pickle(os.path.join(folder, BOOK_FILE))
    training = _read_pair(folder, "train")
    test = _read_pair(folder, "t10k")
    if training.image_shape != test.image_shape:
        sizes = f"{training.image_shape} and {test.image_shape}"
        raise DataError(f"{folder}: expected images of one size, got {sizes}")
    split = len(training) - len(training) // 6
    return DataSet(training[:split], training[split:], test)


def _read_pickle(path: str) -> DataSet:
    from tinynn.datasets.book_pickle import read_book_pickle  # rarely needed

    return _read(read_book_pickle, path)


def _read(read: Callable[..., Content], path: str, *how: int) -> Content:
    try:
        return read(path, *how)
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}") from None


def _read_pair(folder: str, part: str) -> Examples:
    images = _read_idx(folder, f"{part}-images-idx3-ubyte", 3)
    labels = _read_idx(folder, f"{part}-labels-idx1-ubyte", 1)
    try:
        return Examples(images, labels.data, _SCALE)
    except DataError as error:
        raise DataError(f"{os.path.join(folder, part)}-*: {error}") from None


def _read_idx(folder: str, name: str, dimensions: int) -> IdxArray:
    for path in (os.path.join(folder, name), os.path.join(folder, f"{name}.gz")):
        if os.path.exists(path):
            return _read(read_idx, path, dimensions)
    raise DataError(f"{folder}: expected a file {name} or {name}.gz in it")
