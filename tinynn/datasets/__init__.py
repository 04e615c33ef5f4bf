"""Data sets: handwritten digits as (x, y) pairs, x the pixels and y a one-hot Vector."""

from tinynn.datasets.digits import load_digits
from tinynn.datasets.examples import DataSet, Examples
from tinynn.datasets.mnist import load_mnist

__all__ = ["DataSet", "Examples", "load_digits", "load_mnist"]
