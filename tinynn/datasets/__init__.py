"""Data sets: (x, y) pairs, x the pixels or other numbers and y a one-hot Vector."""

from tinynn.datasets.arrays import ArrayExamples
from tinynn.datasets.clouds import CLOUDS, load_cloud
from tinynn.datasets.dataset import DataSet
from tinynn.datasets.digits import load_digits, row_network, shipped_network
from tinynn.datasets.examples import Examples
from tinynn.datasets.expanded import expanded
from tinynn.datasets.mnist import load_mnist
from tinynn.datasets.rows import RowExamples

__all__ = [
    "CLOUDS",
    "ArrayExamples",
    "DataSet",
    "Examples",
    "RowExamples",
    "expanded",
    "load_cloud",
    "load_digits",
    "load_mnist",
    "row_network",
    "shipped_network",
]
