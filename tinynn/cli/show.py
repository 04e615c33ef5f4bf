"""``tinynn show``: one digit, or any input, inside a network, neuron by neuron."""

from __future__ import annotations

import argparse
import re
from typing import Optional

from tinynn.cli.common import (
    FEW_INPUTS,
    Commands,
    add_data,
    add_network,
    given_input,
    load_data,
    network_path,
    require_digit,
    require_fit,
    screen_console,
    take_negative_numbers,
)
from tinynn.cli.common import show as draw
from tinynn.datasets import DataSet, RowExamples
from tinynn.errors import ArgumentError
from tinynn.files import read_network
from tinynn.model import Model
from tinynn.network import Network
from tinynn.views.show import ShownDigit, brief

_WRITTEN = 8  # inputs that are written as numbers
_QUICK = ", or add --quick"


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "show",
        help="show one digit inside a trained network, neuron by neuron",
        description="Show the activation of every neuron for one digit, and one neuron from near.",
        epilog="example: tinynn show net.json --digit 7 --neuron 2:13",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    add_network(parser)
    option("--digit", type=int, metavar="N", help="which digit (default 0)")
    part = "the part of the data it is from (default test)"
    option("--part", choices=DataSet._fields, default="test", help=part)
    other = "show this input instead of a digit (default 0.5 each, if there are 1 or 2 inputs)"
    option("--input", type=float, nargs="+", metavar="X", help=other)
    take_negative_numbers(parser)
    add_data(parser)
    near = "show z and the strongest weights of neuron J of layer L (default: the strongest output)"
    option("--neuron", metavar="L:J", help=near)
    option("--quick", action="store_true", help="train a network for a moment first")
    option("--plain", action="store_true", help="print plain lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Load or train a network, and show a digit in it."""
    data = load_data(options.data)
    part = getattr(data, options.part)
    number = options.digit or 0
    require_digit(number, len(part))
    if options.quick and options.network:
        raise ArgumentError("expected a saved network or --quick, got both")
    path = None if options.quick else network_path(options, _QUICK)
    network = _quick(data) if path is None else Network.load(path)
    shape, what, y = part.image_shape, f"{options.part} {part.noun} {number}", None
    if options.input is not None or len(part[0][0]) != network.sizes[0] <= FEW_INPUTS:
        if options.digit is not None:
            if options.input is not None:
                raise ArgumentError("expected --digit or --input, got both")
            size = network.sizes[0]
            few = f"a network of {size} input{'s'[: size > 1]} takes no digit"
            raise ArgumentError(
                f"--digit: {few}: type --input and its number{'s'[: size > 1]}, or --data"
            )
        given = given_input(options.input, network.sizes[0])
        rows = None if options.input is None or path is None else _rows(path)
        x = given if rows is None else rows.scaled(given.entries)
        shape, what = (1, len(x)), f"x = {brief(given.entries)}"
        if rows is not None:
            what += f", scaled to {brief(x.entries)}, for {' or '.join(rows.classes)}"
    else:
        x, y = part[number]
        if isinstance(part, RowExamples) and len(x) <= _WRITTEN:
            what += f" {brief(x.entries)}"
        digit = f"a digit of {options.data!r} {len(x)} pixels and {len(y)} answers"
        require_fit(network, x, y, f"{digit}: name the data it was trained on with --data")
    neuron = named_neuron(options.neuron, network)
    console = None if options.plain else screen_console()
    if console is not None:
        sizes = "-".join(map(str, network.sizes))
        console.print(f"{what} in {sizes}. ", end="", markup=False)
    elif options.input is not None or isinstance(part, RowExamples):
        print(what)
    height = console.height - 1 if console else None
    draw(ShownDigit(network, x, y, shape, neuron, height), console)
    return 0


def _rows(path: str) -> Optional[RowExamples]:
    """Return the names and scales of the rows from which a network learnt, if it did."""
    run = read_network(path).run
    about = run.get("about") if isinstance(run, dict) else None
    rows = about.get("rows") if isinstance(about, dict) else None
    return RowExamples.of_json(rows) if isinstance(rows, str) else None


def named_neuron(text: Optional[str], network: Model) -> Optional[tuple[int, int]]:
    """Return the layer and the number of the neuron that --neuron asks for, if it does."""
    if text is None:
        return None
    asked = re.fullmatch(r"(?:a\^)?(\d{1,9})[:_](\d{1,9})", text)
    l, j = (int(asked[1]), int(asked[2])) if asked else (0, 0)
    if not 2 <= l <= network.num_layers or not 1 <= j <= network.sizes[l - 1]:
        there = " or ".join(
            f"{layer}:1 to {layer}:{size}" for layer, size in enumerate(network.sizes[1:], start=2)
        )
        raise ArgumentError(f"--neuron: expected {there}, got {text!r}")
    return l, j


def _quick(data: DataSet) -> Network:
    training = data.training[:1000]
    network = Network([len(training[0][0]), 30, training.outputs], seed=0)
    for _ in network.train(training, 3, 10, 3.0, seed=0):
        pass
    return network
