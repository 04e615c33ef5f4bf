"""``tinynn inspect``: what a trained network is made of."""

from __future__ import annotations

import argparse

from tinynn.cli.common import Commands, add_network, network_path, screen_console
from tinynn.errors import ArgumentError
from tinynn.network import Network
from tinynn.views.map_lines import weight_lines, weights_title

_WHAT = ("weights",)


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "inspect",
        help="show the weights of a trained network as pictures",
        description="Show the weights of a layer as pictures: of a convolution, the field of each "
        "feature map for each map before it; of dense neurons, what they see.",
        epilog="example: tinynn inspect weights net.json --layer 2",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("what", choices=_WHAT, metavar="WHAT", help="'weights'")
    add_network(parser)
    layer = "the layer l, the first after the input is 2 (default: every convolution, or layer 2)"
    option("--layer", type=int, metavar="L", help=layer)
    option("--plain", action="store_true", help="print plain lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Load a network, and show weights of it."""
    network = Network.load(network_path(options))
    console = None if options.plain else screen_console()
    for i, l in enumerate(_layers(options, network)):
        if console is None:
            print(
                "\n".join([*[""] * bool(i), weights_title(network, l), *weight_lines(network, l)])
            )
            continue
        from tinynn.views.maps import Weights

        console.print(Weights(network, l))
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
