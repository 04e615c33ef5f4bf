"""``tinynn inspect``: what a trained network is made of, and what it gets wrong."""

from __future__ import annotations

import argparse
import json
from contextlib import nullcontext
from typing import Any

from tinynn.cli.common import (
    Commands,
    add_data,
    add_network,
    count_of,
    load_data,
    network_path,
    refuse,
    require_digit,
    screen_console,
    show,
)
from tinynn.cli.predict import loaded_network
from tinynn.cli.show import named_neuron
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, require_count
from tinynn.files import write_atomically
from tinynn.model import Model
from tinynn.network import Network
from tinynn.views import confusion, curves, weights

_PICTURES = 30


def add(commands: Commands) -> None:
    """Add the command, and a command below it for each way to look."""
    parser = commands.add_parser(
        "inspect",
        help="look into a network and its runs: weights, confusion, curves",
        description="Look into a trained network, or into the logs of runs.",
        epilog="example: tinynn inspect weights net.json --neuron 2:7",
    )
    parser.set_defaults(run=lambda options: parser.print_help() or 0)
    ways = parser.add_subparsers(metavar="WHAT", parser_class=type(parser), prog="tinynn inspect")
    _add_weights(ways)
    _add_confusion(ways)
    _add_curves(ways)


def _add_weights(ways: Any) -> None:
    parser = ways.add_parser(
        "weights",
        help="the weights of each neuron as a signed picture",
        description="Show the weights of a layer as pictures: of a convolution, the field of each "
        "feature map for each map before it; of dense neurons, what they see.",
        epilog="example: tinynn inspect weights net.json --neuron 2:7",
    )
    parser.set_defaults(run=_weights)
    option = parser.add_argument
    add_network(parser)
    layer = "the layer l, the first after the input is 2 (default: every convolution, or layer 2)"
    option("--layer", type=int, metavar="L", help=layer)
    option("--first", type=int, metavar="N", help="begin with picture N (default 1)")
    near = "neuron J of layer L large, beside the digits that excite it most and least"
    option("--neuron", metavar="L:J", help=near)
    _add_examples(parser)
    _add_form(parser)


def _add_confusion(ways: Any) -> None:
    parser = ways.add_parser(
        "confusion",
        help="which digits are read as which, and the worst mistakes",
        description="Show how often each digit is read as each, how many of each are right, and "
        "the mistakes as pictures, the most confident first.",
        epilog="example: tinynn inspect confusion net.json --digit 4",
    )
    parser.set_defaults(run=_confusion)
    option = parser.add_argument
    add_network(parser)
    option("--digit", type=int, metavar="N", help="only what the digit N, 0 to 9, is read as")
    most = f"show at most N mistakes (default {_PICTURES}, and what the screen has room for)"
    option("--pictures", type=int, default=_PICTURES, metavar="N", help=most)
    _add_examples(parser)
    _add_form(parser)


def _add_curves(ways: Any) -> None:
    parser = ways.add_parser(
        "curves",
        help="cost and accuracy of runs over each other, from their logs",
        description="Draw cost and accuracy over the epochs, of the runs whose logs `tinynn train "
        "--log` wrote: each curve has a letter.",
        epilog="example: tinynn inspect curves run.jsonl other.jsonl --svg curves.svg",
    )
    parser.set_defaults(run=_curves)
    option = parser.add_argument
    option("logs", nargs="+", metavar="LOG", help="a log: tinynn train --log run.jsonl")
    one = "measured on which (default: of one run all, of several validation, else test)"
    option("--set", choices=curves.SETS, action="append", help=one)
    option("--svg", metavar="FILE", help="draw them into this file too, as SVG")
    _add_form(parser)


def _add_examples(parser: Any) -> None:
    add_data(parser)
    part = "the part of the data that is answered (default test)"
    parser.add_argument("--part", choices=DataSet._fields, default="test", help=part)


def _add_form(parser: Any) -> None:
    parser.add_argument("--json", action="store_true", help="write all numbers as JSON")
    parser.add_argument("--plain", action="store_true", help="print plain lines, as when piped")


def _weights(options: argparse.Namespace) -> int:
    """Load a network, and show weights of it."""
    if options.neuron is not None:
        return _neuron(options)
    network = Network.load(network_path(options))
    layers = _layers(options, network)
    most = min(len(weights.field_names(network, l)) for l in layers)
    first = count_of(options, "first", 1, 1, most)
    if options.json:
        print(json.dumps([weights.weights_json(network, l) for l in layers]))
        return 0
    console = None if options.plain else screen_console()
    height = (console.height - 1) // len(layers) if console else None
    for i, l in enumerate(layers):
        if i and console is None:
            print()
        show(weights.Weights(network, l, height, first if console else 1), console)
    return 0


def _layers(options: argparse.Namespace, network: Network) -> list[int]:
    """Return the layers whose weights are asked for."""
    learning = network.learning
    if not learning:
        raise ArgumentError("expected a network with weights, got one that learns nothing")
    if options.layer is not None:
        if options.layer not in learning:
            expected = f"expected {' or '.join(map(str, learning))}, which have weights"
            raise ArgumentError(f"--layer: {expected}, got {options.layer}")
        return [options.layer]
    kinds = ((l, network.plan.descriptions[l - 2].kind) for l in learning)
    return [l for l, kind in kinds if kind == "Convolution"] or [learning[0]]


def _neuron(options: argparse.Namespace) -> int:
    """Show one neuron, and the digits that excite it most and least."""
    refuse(options, ("layer", "first"), "cannot go with --neuron, which names its layer")
    examples = getattr(load_data(options.data), options.part)
    network: Model = loaded_network(network_path(options), options, examples)
    l, j = named_neuron(options.neuron, network) or (2, 1)
    if l not in network.learning:
        expected = f"expected a layer with weights, {' or '.join(map(str, network.learning))}"
        raise ArgumentError(f"--neuron: {expected}, got {options.neuron!r}")
    console = None if options.plain or options.json else screen_console()
    wait = f"{len(examples):,} digits"
    with console.status(wait, spinner="line") if console else nullcontext():
        neuron = weights.inspected(network, examples, l, j)
    if options.json:
        print(json.dumps(weights.neuron_json(neuron)))
    else:
        show(weights.NeuronPage(neuron, console.height if console else None), console)
    return 0


def _confusion(options: argparse.Namespace) -> int:
    """Let a network answer, and show what it confuses."""
    require_count("--pictures", options.pictures, 0)
    examples = getattr(load_data(options.data), options.part)
    if options.digit is not None:
        require_digit(options.digit, examples.outputs)
    network = loaded_network(network_path(options), options, examples)
    console = None if options.plain or options.json else screen_console()
    wait = f"{len(examples):,} answers"
    with console.status(wait, spinner="line") if console else nullcontext():
        found = confusion.confusion_of(network, examples, options.digit)
    if options.json:
        about = {"data": options.data, "part": options.part}
        print(json.dumps({**about, **confusion.confusion_json(found)}))
    else:
        height = console.height if console else None
        show(confusion.ConfusionPage(found, examples, options.pictures, height), console)
    return 0


def _curves(options: argparse.Namespace) -> int:
    """Read logs, and draw their curves."""
    runs = [run for path in options.logs for run in curves.read_log(path)]
    lines = curves.curves_of(runs, options.set)
    if options.svg is not None:
        if not options.svg:
            raise ArgumentError("--svg: expected the name of a file, got nothing")
        from tinynn.views.curve_svg import curves_svg

        write_atomically(options.svg, curves_svg(lines))
    console = None if options.plain or options.json else screen_console()
    if options.json:
        print(json.dumps(curves.curves_json(lines), ensure_ascii=False))
    else:
        show(curves.CurvesPage(lines, console.height if console else curves.HEIGHT), console)
    return 0
