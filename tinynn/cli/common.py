"""What the commands share: the data they read, the screen they draw on, the last network."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from math import isfinite
from typing import TYPE_CHECKING, Any, Optional

from tinynn.datasets import CLOUDS, DataSet, shipped_network
from tinynn.datasets.named import csv_file, data_named
from tinynn.errors import ArgumentError, DataError, require_count
from tinynn.files import cache_folder
from tinynn.images.composed import load_rows
from tinynn.linalg import Vector
from tinynn.model import Model

if TYPE_CHECKING:
    from rich.console import Console

BROKEN_PIPE = 141
SHIPPED = "shipped"
FEW_INPUTS = 2  # a network with so few is not for digits
# What `tinynn step` has at hand.
MACHINES = ("xor", "perceptron", "half-adder", "valley", "bump", "chain")

Commands = Any  # what argparse returns from add_subparsers has no public name

# What other libraries call the book's letters.
_SECOND_NAMES = {
    "--eta": "--lr",
    "--mini-batch-size": "--batch-size",
    "--lmbda": "--lambda",
    "--mu": "--momentum",
}


def names_of(option: str) -> tuple[str, ...]:
    """Return the names under which an option is accepted, the book's first.

    >>> names_of("--eta"), names_of("--epochs")
    (('--eta', '--lr'), ('--epochs',))
    """
    second = _SECOND_NAMES.get(option)
    return (option, second) if second else (option,)


def take_negative_numbers(parser: argparse.ArgumentParser) -> None:
    """Let -1e-3 be a number and not an option too, as it is to Python from 3.14 on."""
    parser._negative_number_matcher = re.compile(r"-\.?\d[\d_.]*(e[-+]?\d+)?$", re.IGNORECASE)


class _Sizes(argparse.Action):
    """The sizes of layers, with spaces, commas or both between them."""

    def __call__(
        self, parser: object, namespace: argparse.Namespace, values: Any, option: object = None
    ) -> None:
        setattr(namespace, self.dest, [size for part in values for size in part])


def add_sizes(parser: argparse.ArgumentParser, help: str) -> None:
    """Add the option that gives the sizes of the layers: 64 30 10, or 64,30,10."""
    parser.add_argument(
        "--sizes", type=_whole_numbers, nargs="+", action=_Sizes, metavar="N", help=help
    )


def _whole_numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.strip(",").split(",")]
    except ValueError:
        expected = "expected whole numbers, such as 64 30 10"
        raise argparse.ArgumentTypeError(f"{expected}, got {text!r}") from None


def add_network(parser: argparse.ArgumentParser) -> None:
    """Add the network that a command looks into: by position, else the last one trained."""
    help = "a saved network (default: the last one trained)"
    parser.add_argument("network", nargs="?", metavar="NETWORK", help=help)


def network_path(options: argparse.Namespace, otherwise: str = "") -> str:
    """Return where the network is that a command looks into.

    Raises DataError, with ``otherwise`` as what else can be done, if it is not there.
    """
    return found_network(options.network, otherwise)


def found_network(path: Optional[str], otherwise: str = "") -> str:
    """Return the path of a network that is named, or that of the last one trained.

    "shipped" names the one that ships with tinynn, unless there is a file of that name.

    Raises DataError, with ``otherwise`` as what else can be done, if it is not there.
    """
    if path is None:
        path = last_network()
        if not os.path.exists(path):
            raise DataError(f"no network was trained here yet: run `tinynn train`{otherwise}")
    elif path == SHIPPED and not os.path.exists(path):
        path = shipped_network()
    elif path.isdecimal() and not os.path.exists(path):
        raise DataError(f"{path}: there is no such file; for a digit, type --digit {path}")
    return path


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add the option that names a data set."""
    help = "'digits', which ship with tinynn (default), 'mnist' or a folder of its files, 'rows' "
    help += f"of its digits, points in a plane: {', '.join(CLOUDS)}, or FILE.csv, "
    help += "FILE.csv:COLUMN of the labels"
    parser.add_argument("--data", default="digits", metavar="NAME", help=help)


def count_of(
    options: argparse.Namespace, name: str, otherwise: int, least: int = 1, most: Any = None
) -> int:
    """Return the whole number of an option, checked, or what it is where it is not given."""
    given = getattr(options, name.replace("-", "_"))
    return require_count(f"--{name}", otherwise if given is None else given, least, most)


def refuse(options: argparse.Namespace, names: Iterable[str], why: str) -> None:
    """Raise ArgumentError for the first of these options that is given, and say ``why``."""
    for name in names:
        if getattr(options, name) not in (None, False):
            raise ArgumentError(f"--{name.replace('_', '-')} {why}")


def last_network() -> str:
    """Return where `tinynn train` leaves the last network, and `tinynn show` looks for it."""
    return os.path.join(cache_folder(), "last.json")


def load_data(data: str) -> DataSet:
    """Return the data set that ``--data`` names."""
    if data == "rows":
        return load_rows()
    named = data in ("digits", "mnist", *CLOUDS) or csv_file(data)[0]
    if not named and not os.path.exists(data):
        expected = "expected 'digits', 'mnist' or a folder of MNIST files"
        expected += f", or 'rows', {', '.join(map(repr, CLOUDS))}, FILE.csv"
        raise ArgumentError(f"--data: {expected}, got {data!r}")
    return data_named(data)


def require_digit(number: int, of: int) -> None:
    """Raise ArgumentError unless there is a digit of this number."""
    if not 0 <= number < of:
        raise ArgumentError(f"--digit: expected 0 to {of - 1}, got {number}")


def require_fit(network: Model, x: Vector, y: Vector, trouble: str) -> None:
    """Raise DataError, with ``trouble`` as what does not fit, unless x and y suit the network."""
    if (network.sizes[0], network.sizes[-1]) != (len(x), len(y)):
        ends = f"{network.sizes[0]} inputs and {network.sizes[-1]} outputs"
        raise DataError(f"the network has {ends}, {trouble}")


def require_writable(path: str) -> None:
    """Raise ArgumentError for a file of ``--save`` that cannot be written, before the work."""
    folder = os.path.dirname(os.path.abspath(path))
    if not path:
        raise ArgumentError("--save: expected the name of a file, got nothing")
    if not os.path.isdir(folder):
        raise ArgumentError(f"--save: there is no folder {folder}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ArgumentError(f"--save: {path} is a folder or device: write the name of a file")
    if not os.access(folder, os.W_OK):
        raise ArgumentError(f"--save: the folder {folder} cannot be written to")


def given_input(numbers: Optional[Sequence[float]], size: int) -> Vector:
    """Return the input of ``--input``, or the middle, 0.5 each, where none is given."""
    given = [0.5] * size if numbers is None else [*numbers]
    if len(given) != size:
        raise ArgumentError(f"--input: expected {size} number{'s'[: size > 1]}, got {len(given)}")
    for number in given:
        if not isfinite(number):
            raise ArgumentError(f"--input: expected finite numbers, got {number}")
    return Vector(given)


def peak_memory() -> Optional[int]:
    """Return the most memory this process has held, in MB, where the system tells."""
    try:
        import resource
    except ImportError:
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(held / (2**20 if sys.platform == "darwin" else 2**10))


def screen_console(view: str = "") -> Optional[Console]:
    """Return a Rich console if the output is a terminal that can be drawn on.

    It has to be as large as the ``SMALLEST`` of the module of ``views`` that draws there.
    """
    if not sys.stdout.isatty():
        return None
    try:
        from rich.console import Console
    except ImportError:
        sys.stderr.write("tinynn: plain lines only; `pip install rich` brings the screen\n")
        return None
    console = Console(highlight=False)
    if console.is_dumb_terminal:
        return None
    width, height = import_module(f"tinynn.views.{view}").SMALLEST if view else (0, 0)
    if console.width < width or console.height < height:
        needs = f"{width}×{height} characters, this terminal has"
        size = f"{console.width}×{console.height}"
        sys.stderr.write(f"tinynn: plain lines only; the screen needs {needs} {size}\n")
        return None
    return console


def show(page: Any, console: Optional[Console]) -> None:
    """Draw a page on a terminal, or print its plain lines where there is none."""
    if console is None:
        print(page)
    else:
        console.print(page)


def say(line: str, console: Optional[Console], style: str) -> None:
    """Print a line that may be longer than the terminal is wide, such as a command to copy."""
    if console is None:
        print(line)
    else:
        console.print(line, style=style, soft_wrap=True)
