"""``tinynn show``: one digit, or any input, inside a network, neuron by neuron."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Optional

from tinynn.cli import common, options
from tinynn.cli.command import Command, option
from tinynn.cli.common import load_data
from tinynn.datasets import DataSet, RowExamples
from tinynn.errors import ArgumentError
from tinynn.files import read_network
from tinynn.model import Model
from tinynn.network import Network
from tinynn.views.show import ShownDigit, brief

_WRITTEN = 8  # inputs that are written as numbers


@dataclass
class Show(Command):
    """Show one digit inside a trained network, neuron by neuron.

    Show the activation of every neuron for one digit, and one neuron from near.

    example: tinynn show net.json --digit 7 --neuron 2:13

    --digit       which digit (default 0)
    --input       show this input instead of a digit (default 0.5 each, if there are 1 or 2 inputs)
    --neuron L:J  show z and the strongest weights of neuron J of layer L (default: the strongest
                  output)
    --quick       train a network for a moment first
    """

    network: Optional[str] = options.network()
    digit: Optional[int] = None
    part: str = options.part("it is from")
    input: Optional[list[float]] = option(check=options.finite_entry)
    data: str = options.data()
    neuron: Optional[str] = None
    quick: bool = False
    plain: bool = options.plain()

    def run(self) -> int:
        """Load or train a network, and show a digit in it."""
        data = load_data(self.data)
        part = getattr(data, self.part)
        number = self.digit or 0
        common.require_digit(number, len(part))
        if self.quick and self.network:
            raise ArgumentError("expected a saved network or --quick, got both")
        path = None if self.quick else common.found_network(self.network, ", or add --quick")
        network = _quick(data) if path is None else Network.load(path)
        few = len(part[0][0]) != network.sizes[0] <= common.FEW_INPUTS
        if self.input is not None or few:
            self._require_no_digit(network.sizes[0])
            x, y = common.given_input(self.input, network.sizes[0]), None
            rows = None if self.input is None or path is None else _rows(path)
            what = f"x = {brief(x.entries)}"
            if rows is not None:
                x = rows.scaled(x.entries)
                what += f", scaled to {brief(x.entries)}, for {' or '.join(rows.classes)}"
            shape = 1, len(x)
        else:
            x, y = part[number]
            shape, what = part.image_shape, f"{self.part} {part.noun} {number}"
            if isinstance(part, RowExamples) and len(x) <= _WRITTEN:
                what += f" {brief(x.entries)}"
            common.require_fit(network, x, y, self.data)
        neuron = named_neuron(self.neuron, network)
        console = self.console()
        if console is not None:
            sizes = "-".join(map(str, network.sizes))
            console.print(f"{what} in {sizes}. ", end="", markup=False)
        elif self.input is not None or isinstance(part, RowExamples):
            print(what)
        height = console.height - 1 if console else None
        return self.show(ShownDigit(network, x, y, shape, neuron, height), console)

    def _require_no_digit(self, inputs: int) -> None:
        if self.digit is None:
            return
        if self.input is not None:
            raise ArgumentError("expected --digit or --input, got both")
        s = "s"[: inputs > 1]
        few = f"a network of {inputs} input{s} takes no digit"
        raise ArgumentError(f"--digit: {few}: type --input and its number{s}, or --data")


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
    network.train(training, 3, 10, 3.0, seed=0).finish()
    return network
