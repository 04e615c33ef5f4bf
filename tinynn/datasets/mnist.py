"""MNIST: 70,000 handwritten digits of 28×28 pixels, from four IDX files."""

from __future__ import annotations

import os

from tinynn.datasets.examples import DataSet, Examples
from tinynn.datasets.idx import IdxArray, Path, read_idx
from tinynn.errors import DataError

_SCALE = 256  # the book's file holds k/256


def load_mnist(folder: Path) -> DataSet:
    """Return MNIST in the book's split: 50,000 to train on, 10,000 for validation, 10,000 to test.

    ``folder`` holds the four files under their usual names, ``train-images-idx3-ubyte`` and so
    on, gzipped (``.gz``) or not. Of any such set the last sixth of the training images is the
    validation data. A pixel is k/256. Raises DataError if a file is missing or damaged.
    """
    training = _read_pair(folder, "train")
    test = _read_pair(folder, "t10k")
    if training.image_shape != test.image_shape:
        sizes = f"{training.image_shape} and {test.image_shape}"
        raise DataError(f"{os.fspath(folder)}: expected images of one size, got {sizes}")
    split = len(training) - len(training) // 6
    return DataSet(training[:split], training[split:], test)


def _read_pair(folder: Path, part: str) -> Examples:
    images = _read(folder, f"{part}-images-idx3-ubyte", 3)
    labels = _read(folder, f"{part}-labels-idx1-ubyte", 1)
    try:
        return Examples(images, labels.data, _SCALE)
    except DataError as error:
        raise DataError(f"{os.path.join(folder, part)}-*: {error}") from None


def _read(folder: Path, name: str, dimensions: int) -> IdxArray:
    for path in (os.path.join(folder, name), os.path.join(folder, f"{name}.gz")):
        if os.path.exists(path):
            return read_idx(path, dimensions)
    raise DataError(f"{os.fspath(folder)}: there is no file {name} or {name}.gz in it")
