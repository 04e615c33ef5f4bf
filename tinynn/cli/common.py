"""What the commands share: the data they read, the screen they draw on, the last network."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from typing import TYPE_CHECKING, Any, Optional

from tinynn.datasets import CLOUDS, DataSet, shipped_network
from tinynn.datasets.named import csv_file, data_named
from tinynn.errors import ArgumentError, DataError
from tinynn.files import cache_folder, json_safe
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.network import Network

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

BROKEN_PIPE = 141
SHIPPED = "shipped"
FEW_INPUTS = 2  # a network with so few is not for digits


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


def engine_of(fast: bool) -> type[Model]:
    """Return the class of the networks that learn. Raises ArgumentError without NumPy."""
    if not fast:
        return Network
    try:
        from tinynn.fast import Network as FastNetwork
    except ImportError as error:
        raise ArgumentError(f"--fast: {error}") from None
    return FastNetwork


def engine_at_hand(asked: Optional[str] = None) -> type[Model]:
    """Return the engine that is asked for, else the fast one where NumPy is installed."""
    try:
        return engine_of(asked != "pure")
    except ArgumentError:  # the loops answer, a little later
        if asked == "fast":
            raise
        return Network


def last_network() -> str:
    """Return where `tinynn train` leaves the last network, and `tinynn show` looks for it."""
    return os.path.join(cache_folder(), "last.json")


def load_data(data: str) -> DataSet:
    """Return the data set that ``--data`` names."""
    if data == "rows":
        from tinynn.images.composed import load_rows

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


def require_fit(network: Model, x: Vector, y: Vector, data: str, otherwise: str = "") -> None:
    """Raise DataError unless a digit of the data, x and y, suits the network.

    Without ``otherwise`` the message says that, and to name other data.
    """
    trouble = f"a digit of {data!r} {len(x)} pixels and {len(y)} answers: "
    trouble += "name the data it was trained on with --data"
    if (network.sizes[0], network.sizes[-1]) != (len(x), len(y)):
        ends = f"{network.sizes[0]} inputs and {network.sizes[-1]} outputs"
        raise DataError(f"the network has {ends}, {otherwise or trouble}")


def require_writable(name: str, path: str) -> None:
    """Raise ArgumentError for a file that cannot be written, before the work."""
    folder = os.path.dirname(os.path.abspath(path))
    if not path:
        raise ArgumentError(f"{name}: expected the name of a file, got nothing")
    if not os.path.isdir(folder):
        raise ArgumentError(f"{name}: there is no folder {folder}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ArgumentError(f"{name}: {path} is a folder or device: write the name of a file")
    if not os.access(folder, os.W_OK):
        raise ArgumentError(f"{name}: the folder {folder} cannot be written to")


def given_input(numbers: Optional[Sequence[float]], size: int, name: str = "--input") -> Vector:
    """Return the numbers of an option, or the middle, 0.5 each, where none is given."""
    given = [0.5] * size if numbers is None else [*numbers]
    if len(given) != size:
        raise ArgumentError(f"{name}: expected {size} number{'s'[: size > 1]}, got {len(given)}")
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


def waiting(console: Optional[Console], text: str) -> AbstractContextManager[Optional[Status]]:
    """Show on a terminal what is waited for, inside a ``with`` block."""
    return nullcontext() if console is None else console.status(text, spinner="line")


def json_line(value: Any) -> str:
    """Return a value as a line of JSON; a number that is not finite is a text there."""
    return json.dumps(json_safe(value), ensure_ascii=False, allow_nan=False)


def print_json(value: Any) -> None:
    """Print a value as a line of JSON, at once."""
    print(json_line(value), flush=True)


def say(line: str, console: Optional[Console], style: str) -> None:
    """Print a line that may be longer than the terminal is wide, such as a command to copy."""
    if console is None:
        print(line)
    else:
        console.print(line, style=style, soft_wrap=True)
