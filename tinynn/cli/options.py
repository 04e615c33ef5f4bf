"""Options that several commands have, and the checks of what is given."""

from __future__ import annotations

import argparse
from math import isfinite
from typing import Any, Optional

from tinynn.cli.command import Check, argument, option
from tinynn.datasets import CLOUDS, DataSet
from tinynn.errors import ArgumentError, require_at_least_0, require_count, require_positive
from tinynn.linalg import finite_float

positive, at_least_0 = require_positive, require_at_least_0


def data(default: Optional[str] = "digits") -> Any:
    """Return the field of the option that names a data set."""
    help = "'digits', which ship with tinynn (default), 'mnist' or a folder of its files, 'rows' "
    help += f"of its digits, points in a plane: {', '.join(CLOUDS)}, or FILE.csv, "
    help += "FILE.csv:COLUMN of the labels"
    return option(default, help=help, metavar="NAME")


def part(what: str) -> Any:
    """Return the field of the option that names a part of a data set."""
    help = f"the part of the data {what} (default test)"
    return option("test", choices=DataSet._fields, help=help)


def sizes(help: str) -> Any:
    """Return the field of the option of the sizes of layers: 64 30 10, or 64,30,10."""
    return option(type=_whole_numbers, action=_Sizes, nargs="+", metavar="N", help=help)


def network() -> Any:
    """Return the field of the network that a command looks into."""
    help = "a saved network (default: the last one trained)"
    return argument(metavar="NETWORK", help=help)


def json() -> Any:
    """Return the field of the option that asks for JSON."""
    return option(False, help="write all numbers as JSON")


def plain(what: str = "plain lines") -> Any:
    """Return the field of the option that asks for the output of a pipe on a terminal too."""
    return option(False, help=f"print {what}, as when piped")


class _Sizes(argparse.Action):
    """The sizes of layers, with spaces, commas or both between them."""

    def __call__(
        self, parser: object, namespace: argparse.Namespace, values: Any, option: object = None
    ) -> None:
        setattr(namespace, self.dest, [size for part in values for size in part])


def _whole_numbers(text: str) -> list[int]:
    try:
        return [int(number) for number in text.strip(",").split(",")]
    except ValueError:
        expected = "expected whole numbers, such as 64 30 10"
        raise argparse.ArgumentTypeError(f"{expected}, got {text!r}") from None


def count(least: int = 1, most: int = 0) -> Check:
    """Return the check of a whole number from ``least`` to ``most``; 0 sets no upper limit."""
    return lambda name, value: require_count(name, value, least, most)


def file_name(name: str, path: str) -> None:
    """Raise ArgumentError for the empty name of a file."""
    if not path:
        raise ArgumentError(f"{name}: expected the name of a file, got nothing")


def finite(name: str, value: Any) -> float:
    """Return a number. Raises DataError for inf and NaN."""
    return finite_float(value, name)


def finite_entry(name: str, number: Any) -> None:
    """Raise ArgumentError for one of several numbers that is not finite."""
    if not isfinite(number):
        raise ArgumentError(f"{name}: expected finite numbers, got {number}")
