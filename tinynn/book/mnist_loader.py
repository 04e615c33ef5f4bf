"""``mnist_loader.py`` of chapter 1: MNIST as lists of columns."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from tinynn.book.columns import vectorized_result
from tinynn.datasets import DataSet, Examples, load_mnist
from tinynn.fast.data import pixel_rows
from tinynn.fast.equations.activations import Array

__all__ = ["load_data", "load_data_wrapper", "vectorized_result"]

FILE = "../data/mnist.pkl.gz"  # the path in the book's programs
Pairs = list[tuple[Array, Any]]


def data_set(filename: str = FILE) -> DataSet:
    """Return MNIST from the book's file if it exists, else as ``load_mnist`` finds it."""
    return load_mnist(filename if filename != FILE or os.path.isfile(filename) else None)


def load_data() -> tuple[tuple[Array, Array], ...]:
    """Return training, validation and test data: the images (n, 784) and the n digits of each."""
    return tuple((images_of(part), digits_of(part)) for part in data_set())


def load_data_wrapper() -> tuple[Pairs, Pairs, Pairs]:
    """Return lists of pairs (x, y): x is (784, 1); y is (10, 1) for training, else a digit."""
    training, validation, test = ((images[:, :, np.newaxis], ys) for images, ys in load_data())
    columns = [vectorized_result(digit) for digit in range(10)]
    return (
        [(x, columns[y].copy()) for x, y in zip(*training)],
        list(zip(*validation)),
        list(zip(*test)),
    )


def images_of(examples: Examples) -> Array:
    """Return images as rows of float32, (n, K)."""
    return pixel_rows(examples) / np.float32(examples.scale)


def digits_of(examples: Examples) -> Array:
    """Return the labels of the images, (n,)."""
    return np.frombuffer(examples.labels, np.uint8).astype(np.int64)
