"""What the commands share: the data they read, the screen they draw on, the last network."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Any, Optional

from tinynn.datasets import DataSet, load_digits, load_mnist
from tinynn.errors import ArgumentError, DataError
from tinynn.files import cache_folder
from tinynn.linalg import Vector
from tinynn.network import Network

if TYPE_CHECKING:
    from rich.console import Console

BROKEN_PIPE = 141
MACHINES = ("xor", "perceptron", "half-adder", "valley")  # what `tinynn step` has at hand

Commands = Any  # what argparse returns from add_subparsers has no public name


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a data set."""
    help = "'digits', which ship with tinynn, 'mnist', or a folder of MNIST files (default digits)"
    parser.add_argument("--data", default="digits", metavar="NAME", help=help)


def last_network() -> str:
    """Return where `tinynn train` leaves the last network, and `tinynn show` looks for it."""
    return os.path.join(cache_folder(), "last.json")


def load_data(data: str) -> DataSet:
    """Return the data set that ``--data`` names."""
    if data == "digits":
        return load_digits()
    if data == "mnist":
        return load_mnist()
    if not os.path.exists(data):
        expected = "expected 'digits', 'mnist' or a folder of MNIST files"
        raise ArgumentError(f"--data: {expected}, got {data!r}")
    return load_mnist(data)


def require_digit(number: int, of: int) -> None:
    """Raise ArgumentError unless there is a digit of this number."""
    if not 0 <= number < of:
        raise ArgumentError(f"--digit: expected 0 to {of - 1}, got {number}")


def require_fit(network: Network, x: Vector, y: Vector, told: str) -> None:
    """Raise DataError, with ``told`` as what does not fit, unless x and y suit the network."""
    if (network.sizes[0], network.sizes[-1]) != (len(x), len(y)):
        ends = f"{network.sizes[0]} inputs and {network.sizes[-1]} outputs"
        raise DataError(f"the network has {ends}, {told}")


def peak_memory() -> Optional[int]:
    """Return the most memory this process has held, in MB, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(held / (2**20 if sys.platform == "darwin" else 2**10))


def screen_console() -> Optional[Console]:
    """Return a Rich console if the output is a terminal that can be drawn on."""
    if not sys.stdout.isatty():
        return None
    try:
        from rich.console import Console
    except ImportError:
        sys.stderr.write("tinynn: plain lines only; `pip install rich` brings the screen\n")
        return None
    console = Console(highlight=False)
    return None if console.is_dumb_terminal else console
