"""The data included in tinynn: 1,797 digits of 8×8 pixels, and two networks for 28×28."""

from __future__ import annotations

import os

from tinynn.datasets.dataset import DataSet
from tinynn.datasets.examples import Examples
from tinynn.datasets.idx import read_idx
from tinynn.errors import DataError

_TRAINING, _VALIDATION = 1000, 297  # the remaining 500 test
_NETWORK, _ROW_NETWORK = "mnist-network.json", "row-network.json"
_INK = 16  # the byte of a black pixel


def data_folder() -> str:
    """Return the folder of the included data: in the installed package, or in the checkout."""
    package = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    installed = os.path.join(package, "data")
    return installed if os.path.isdir(installed) else os.path.join(os.path.dirname(package), "data")


def shipped_network() -> str:
    """Return the path of the network that ships with tinynn: it reads digits of 28×28 pixels.

    It was trained on MNIST, and gets 99.20 % of its 10,000 test images right; `data/README.md` has
    the command that trains it again. Raises DataError if the file is missing.

    >>> from tinynn import Network
    >>> Network.load(shipped_network()).plan.shapes[0]
    (1, 28, 28)
    """
    return _shipped(_NETWORK)


def row_network() -> str:
    """Return the path of the network that finds the digits of a row, and ships with tinynn.

    It says which digit is in the middle of a window of 28×28 pixels, or that none is: 11 outputs.
    Raises DataError if the file is missing.
    """
    return _shipped(_ROW_NETWORK)


def _shipped(name: str) -> str:
    path = os.path.join(data_folder(), name)
    if not os.path.exists(path):
        raise DataError(f"the shipped network is missing: {path}")
    return path


def load_digits() -> DataSet:
    """Return the included digits: 1,000 for training, 297 for validation, 500 for test.

    The split keeps the order of the set, so different people wrote the training and the test
    digits. A pixel is ink / 16, from 0.0 (white) to 1.0 (black).

    Source: E. Alpaydin and C. Kaynak, *Optical Recognition of Handwritten Digits*, UCI Machine
    Learning Repository, 1998 (CC BY 4.0). Raises DataError if the files are missing or damaged.

    >>> digits = load_digits()
    >>> [len(part) for part in digits], digits.test.label(0)
    ([1000, 297, 500], 0)
    """
    folder = data_folder()
    try:
        images = read_idx(os.path.join(folder, "digits-images-idx3-ubyte.gz"), 3)
        labels = read_idx(os.path.join(folder, "digits-labels-idx1-ubyte.gz"), 1)
    except FileNotFoundError as error:
        raise DataError(f"the included digits are missing: {error.filename}") from None
    examples = Examples(images, labels.data, _INK)
    rest = _TRAINING + _VALIDATION
    return DataSet(examples[:_TRAINING], examples[_TRAINING:rest], examples[rest:])
