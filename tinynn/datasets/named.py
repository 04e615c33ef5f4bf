"""Data sets by the names that ``--data`` takes."""

from __future__ import annotations

import re
from typing import Optional

from tinynn.datasets.clouds import CLOUDS, load_cloud
from tinynn.datasets.dataset import DataSet
from tinynn.datasets.digits import load_digits
from tinynn.datasets.mnist import load_mnist


def csv_file(name: str) -> tuple[str, Optional[str]]:
    """Return the CSV file that a name names, if it does, and the column of its labels.

    >>> csv_file("flowers.csv"), csv_file("flowers.csv:species"), csv_file("mnist")
    (('flowers.csv', None), ('flowers.csv', 'species'), ('', None))
    """
    named = re.fullmatch(r"(.*\.csv)(?::(.*))?", name, re.IGNORECASE | re.DOTALL)
    return (named[1], named[2]) if named else ("", None)


def data_named(name: str) -> DataSet:
    """Return the data set of a name: digits, mnist, a cloud, a CSV file, or a folder of MNIST."""
    if name == "digits":
        return load_digits()
    if name in CLOUDS:
        return load_cloud(name)
    path, label = csv_file(name)
    if path:
        return DataSet.from_csv(path, label=label)
    return load_mnist() if name == "mnist" else load_mnist(name)
