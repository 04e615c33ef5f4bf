"""``tinynn show``: one digit inside a trained network, neuron by neuron."""

from __future__ import annotations

import argparse
import os
from typing import Optional

from tinynn.cli.common import (
    Commands,
    add_data,
    last_network,
    load_data,
    require_digit,
    require_fit,
    screen_console,
)
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, DataError
from tinynn.network import Network
from tinynn.views import plain


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "show",
        help="show one digit inside a trained network, neuron by neuron",
        description="Show the activation of every neuron for one digit.",
        epilog="example: tinynn show net.json --digit 7",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("file", nargs="?", help="a saved network (default: the last one trained)")
    option("--digit", type=int, default=0, metavar="N", help="which digit (default 0)")
    part = "the part of the data it is from (default test)"
    option("--part", choices=DataSet._fields, default="test", help=part)
    add_data(parser)
    option("--quick", action="store_true", help="train a network for a moment first")
    option("--plain", action="store_true", help="print plain lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Load or train a network, and show a digit in it."""
    data = load_data(options.data)
    part = getattr(data, options.part)
    require_digit(options.digit, len(part))
    if options.quick and options.file:
        raise ArgumentError("expected a saved network or --quick, got both")
    network = _quick(data) if options.quick else _saved(options.file)
    x, y = part[options.digit]
    digit = f"a digit of {options.data!r} {len(x)} pixels and {len(y)} answers"
    require_fit(network, x, y, f"{digit}: name the data it was trained on with --data")
    console = None if options.plain else screen_console()
    if console is None:
        print("\n".join(plain.show_lines(network, x, y, part.image_shape)))
        return 0
    from tinynn.views.show import shown_digit

    console.print(f"{network!r}\n{options.part} digit {options.digit}\n", markup=False)
    console.print(shown_digit(network, x, y, part.image_shape))
    return 0


def _quick(data: DataSet) -> Network:
    training = data.training[:1000]
    network = Network([len(training[0][0]), 30, 10], seed=0)
    for _ in network.train(training, 3, 10, 3.0, seed=0):
        pass
    return network


def _saved(path: Optional[str]) -> Network:
    if path is None and not os.path.exists(last_network()):
        raise DataError("no network was trained here yet: run `tinynn train`, or add --quick")
    return Network.load(path or last_network())
