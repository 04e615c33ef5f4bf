"""Data sets: handwritten digits as (x, y) pairs, x the pixels and y a one-hot Vector."""

from tinynn.datasets.arrays import ArrayExamples
from tinynn.datasets.dataset import DataSet
from tinynn.datasets.digits import load_digits, shipped_network
from tinynn.datasets.examples import Examples
from tinynn.datasets.expanded import expanded
from tinynn.datasets.mnist import load_mnist

__all__ = [
    "ArrayExamples",
    "DataSet",
    "Examples",
    "expanded",
    "load_digits",
    "load_mnist",
    "shipped_network",
]
