"""``tinynn train``: a network learns, live."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Optional

from tinynn.cli.common import (
    INTERRUPTED,
    Commands,
    add_data,
    last_network,
    load_data,
    require_digit,
    screen_console,
)
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, require_count, require_positive
from tinynn.network import Network
from tinynn.training import EpochReport

if TYPE_CHECKING:
    from tinynn.views.training import TrainingScreen


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "train",
        help="train a network on handwritten digits, live",
        description="Train a network by stochastic gradient descent, and watch it learn.",
        epilog="example: tinynn train --sizes 64 100 10 --epochs 10 --save net.json",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    sizes = "neurons in each layer (default: the pixels, 30, 10)"
    option("--sizes", type=int, nargs="+", metavar="N", help=sizes)
    option("--epochs", type=int, default=20, metavar="N", help="how many epochs (default 20)")
    size = "examples in a mini-batch (default 10)"
    option("--mini-batch-size", type=int, default=10, metavar="N", help=size)
    option("--eta", type=float, default=3.0, metavar="X", help="the learning rate η (default 3.0)")
    option("--seed", type=int, default=0, metavar="N", help="same seed, same run (default 0)")
    add_data(parser)
    watched = "the test digit to watch (default 0)"
    option("--digit", type=int, default=0, metavar="N", help=watched)
    option("--save", metavar="FILE", help="keep the network in this JSON file")
    option("--plain", action="store_true", help="print the book's lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Train, watch, and keep what was learnt."""
    require_count("--epochs", options.epochs)
    require_count("--mini-batch-size", options.mini_batch_size)
    require_positive("--eta", options.eta)
    if options.save:
        _require_writable(options.save)
    data = load_data(options.data)
    require_digit(options.digit, len(data.test))
    network = Network(_sizes(options.sizes, len(data.test[0][0])), seed=options.seed)
    reports = partial(
        network.train,
        data.training,
        options.epochs,
        options.mini_batch_size,
        options.eta,
        test_data=data.test,
        seed=options.seed,
    )
    screen = None if options.plain else _screen(network, data, options)
    status = 0
    try:
        if screen is None:
            for report in reports():
                print(report, flush=True)
        else:
            with screen:
                for report in reports(on_mini_batch=screen.on_mini_batch):
                    screen.on_epoch(report)
    except KeyboardInterrupt:
        status = INTERRUPTED
    finally:
        kept = _keep(network, options.save)
    if screen is not None:
        from tinynn.views.summary import summary

        commands = _next(network, data, options, screen.reports)
        confusion = network.answers(data.test).confusion
        screen.console.print(screen.picture(), height=min(screen.console.height - 1, 30))
        screen.console.print(summary(screen.reports, confusion, kept, commands))
    elif status or options.save:
        sys.stderr.write(f"{'stopped; ' if status else ''}kept in {kept}\n")
    return status


def _sizes(sizes: Optional[list[int]], pixels: int) -> list[int]:
    if sizes is None:
        return [pixels, 30, 10]
    for size in sizes:
        require_count("--sizes", size)
    if len(sizes) < 2 or (sizes[0], sizes[-1]) != (pixels, 10):
        expected = f"expected {pixels} first and 10 last, to fit the digits"
        raise ArgumentError(f"--sizes: {expected}, got {' '.join(map(str, sizes))}")
    return sizes


def _require_writable(path: str) -> None:
    """Refuse before the training, not after it, a file that cannot be written."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise ArgumentError(f"--save: there is no folder {folder}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ArgumentError(f"--save: {path} is not a file")
    if not os.access(folder, os.W_OK):
        raise ArgumentError(f"--save: the folder {folder} cannot be written to")


def _screen(
    network: Network, data: DataSet, options: argparse.Namespace
) -> Optional[TrainingScreen]:
    """Return the live screen, or None where there is no terminal for it."""
    console = screen_console()
    if console is None:
        return None
    from tinynn.views.training import SMALLEST, TrainingScreen

    if console.width < SMALLEST[0] or console.height < SMALLEST[1]:
        sys.stderr.write(f"tinynn: the screen needs {SMALLEST[0]}×{SMALLEST[1]} characters\n")
        return None
    settings = f"η = {options.eta:g}, mini-batch {options.mini_batch_size}, seed {options.seed}"
    return TrainingScreen(network, data.test, options.epochs, settings, options.digit, console)


def _keep(network: Network, path: Optional[str]) -> str:
    """Keep the network where `tinynn show` finds it, and where asked; say where it is."""
    if not network.is_finite():
        return "no file: its weights are not finite numbers"
    kept = last_network()
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        network.save(kept)
    except OSError as error:
        kept = f"no file: {error}"
    if not path:
        return kept
    try:
        network.save(path)
    except OSError as error:
        raise OSError(f"{path}: {error.strerror or error}; the network is kept in {kept}") from None
    return path


def _next(
    network: Network, data: DataSet, options: argparse.Namespace, reports: Sequence[EpochReport]
) -> list[tuple[str, str]]:
    """Return what to try next, from how it went: commands, each with its purpose."""
    source = "" if options.data == "digits" else f" --data {options.data}"
    best = max((report.correct or 0 for report in reports), default=0) / len(data.test)
    wrong = next((i for i, (x, y) in enumerate(data.test) if network.answer(x) != y.argmax()), 0)
    saved = f" {options.save}" if options.save else ""
    if best < 0.5:
        eta = 3.0 if options.eta != 3.0 else 0.5
        first = (f"tinynn train{source} --eta {eta:g}", "this learning rate hardly learns")
    else:
        hidden = 2 * network.sizes[1] if network.num_layers > 2 else 30
        sizes = f"{network.sizes[0]} {hidden} 10"
        first = (f"tinynn train{source} --sizes {sizes}", "more hidden neurons")
    return [
        (f"tinynn show{saved} --digit {wrong}{source}", "a digit it gets wrong, neuron by neuron"),
        first,
        ("tinynn equations BP2", "the lines that send errors back"),
    ]
