"""``tinynn inspect``: what a trained network is made of, and what it gets wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tinynn.cli import common, options
from tinynn.cli.command import Command, argument, option, refuse
from tinynn.cli.predict import loaded_network
from tinynn.cli.show import named_neuron
from tinynn.errors import ArgumentError, require_count
from tinynn.files import write_atomically
from tinynn.network import Network
from tinynn.views import confusion, curves, weights

_PICTURES = 30


@dataclass
class Weights(Command):
    """The weights of each neuron as a signed picture.

    Show the weights of a layer as pictures: of a convolution, the field of each feature map for
    each map before it; of dense neurons, what they see.

    example: tinynn inspect weights net.json --neuron 2:7

    --layer L     the layer l, the first after the input is 2 (default: every convolution, or layer
                  2)
    --first       begin with picture N (default 1)
    --neuron L:J  neuron J of layer L large, beside the digits that excite it most and least
    """

    network: Optional[str] = options.network()
    layer: Optional[int] = None
    first: Optional[int] = None
    neuron: Optional[str] = None
    data: str = options.data()
    part: str = options.part("that is answered")
    json: bool = options.json()
    plain: bool = options.plain()

    def run(self) -> int:
        """Load a network, and show weights of it."""
        if self.neuron is not None:
            return self._show_neuron()
        network = Network.load(common.found_network(self.network))
        layers = self._layers(network)
        most = min(len(weights.field_names(network, l)) for l in layers)
        first = require_count("--first", 1 if self.first is None else self.first, 1, most)
        if self.json:
            common.print_json([weights.weights_json(network, l) for l in layers])
            return 0
        console = self.console()
        height = (console.height - 1) // len(layers) if console else None
        for i, l in enumerate(layers):
            if i and console is None:
                print()
            self.show(weights.Weights(network, l, height, first if console else 1), console)
        return 0

    def _layers(self, network: Network) -> list[int]:
        """Return the layers whose weights are asked for."""
        learning = network.learning
        if not learning:
            raise ArgumentError("expected a network with weights, got one that learns nothing")
        if self.layer is not None:
            if self.layer not in learning:
                expected = f"expected {' or '.join(map(str, learning))}, which have weights"
                raise ArgumentError(f"--layer: {expected}, got {self.layer}")
            return [self.layer]
        kinds = ((l, network.plan.descriptions[l - 2].kind) for l in learning)
        return [l for l, kind in kinds if kind == "Convolution"] or [learning[0]]

    def _show_neuron(self) -> int:
        """Show one neuron, and the digits that excite it most and least."""
        refuse(self, ("layer", "first"), "cannot go with --neuron, which names its layer")
        examples = getattr(common.load_data(self.data), self.part)
        network = loaded_network(common.found_network(self.network), self.data, examples)
        l, j = named_neuron(self.neuron, network) or (2, 1)
        if l not in network.learning:
            expected = f"expected a layer with weights, {' or '.join(map(str, network.learning))}"
            raise ArgumentError(f"--neuron: {expected}, got {self.neuron!r}")
        console = self.console()
        with common.waiting(console, f"{len(examples):,} digits"):
            neuron = weights.inspected(network, examples, l, j)
        page = weights.NeuronPage(neuron, console.height if console else None)
        return self.show(page, console, lambda: weights.neuron_json(neuron))


@dataclass
class Confusion(Command):
    """Which digits are read as which, and the worst mistakes.

    Show how often each digit is read as each, how many of each are right, and the mistakes as
    pictures, the most confident first.

    example: tinynn inspect confusion net.json --digit 4

    --digit     only what the digit N, 0 to 9, is read as
    --pictures  show at most N mistakes (default {_PICTURES}, and what the screen has room for)
    """

    network: Optional[str] = options.network()
    digit: Optional[int] = None
    pictures: int = option(_PICTURES, check=options.count(0))
    data: str = options.data()
    part: str = options.part("that is answered")
    json: bool = options.json()
    plain: bool = options.plain()

    def run(self) -> int:
        """Let a network answer, and show what it confuses."""
        examples = getattr(common.load_data(self.data), self.part)
        if self.digit is not None:
            common.require_digit(self.digit, examples.outputs)
        network = loaded_network(common.found_network(self.network), self.data, examples)
        console = self.console()
        with common.waiting(console, f"{len(examples):,} answers"):
            found = confusion.confusion_of(network, examples, self.digit)
        height = console.height if console else None
        page = confusion.ConfusionPage(found, examples, self.pictures, height)
        about = {"data": self.data, "part": self.part}
        return self.show(page, console, lambda: {**about, **confusion.confusion_json(found)})


@dataclass
class Curves(Command):
    """Cost and accuracy of runs over each other, from their logs.

    Draw cost and accuracy over the epochs, of the runs whose logs `tinynn train --log` wrote: each
    curve has a letter.

    example: tinynn inspect curves run.jsonl other.jsonl --svg curves.svg

    logs LOG    a log: tinynn train --log run.jsonl
    --set       measured on which (default: of one run all, of several validation, else test)
    --svg FILE  draw them into this file too, as SVG
    """

    logs: list[str] = argument(nargs="+")
    set: Optional[list[str]] = option(choices=curves.SETS, action="append")
    svg: Optional[str] = option(check=options.file_name)
    json: bool = options.json()
    plain: bool = options.plain()

    def run(self) -> int:
        """Read logs, and draw their curves."""
        runs = [run for path in self.logs for run in curves.read_log(path)]
        lines = curves.curves_of(runs, self.set)
        if self.svg is not None:
            from tinynn.views.curve_svg import curves_svg

            write_atomically(self.svg, curves_svg(lines))
        console = self.console()
        page = curves.CurvesPage(lines, console.height if console else curves.HEIGHT)
        return self.show(page, console, lambda: curves.curves_json(lines))


class Inspect(Command):
    """Look into a network and its runs: weights, confusion, curves.

    Look into a trained network, or into the logs of runs.

    example: tinynn inspect weights net.json --neuron 2:7
    """

    metavar = "WHAT"
    below = {"weights": Weights, "confusion": Confusion, "curves": Curves}
