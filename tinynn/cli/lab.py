"""``tinynn lab``: the book's small laboratories, live."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Optional

from tinynn.cli.common import Commands, names_of, screen_console
from tinynn.costs import CROSS_ENTROPY, QUADRATIC
from tinynn.errors import ArgumentError, require_positive
from tinynn.linalg import finite_float
from tinynn.saturation import (
    AS_DRAWN,
    BOOK_EPOCHS,
    BOOK_ETA,
    BOOK_STARTS,
    DRAWN_ETA,
    first_weighted_inputs,
    one_neuron,
)
from tinynn.views.lab_lines import Runs, neuron_lines, spread_lines

if TYPE_CHECKING:
    from rich.console import Console

_SECONDS = 6  # that the picture of a whole run lasts
_FRAMES_A_SECOND = 20
_SLOW = """\
The gradient of the quadratic cost, (55) and (56), has the factor σ'(z): a
saturated neuron learns slowly, however wrong it is. In that of the
cross-entropy, (61) and (62), σ' cancels out: the error a - y sets the pace."""
_DRAWN = """\
The program of the book's figure leaves σ' out of its gradient: it takes
∂C/∂a = 1/(1 - a) where (61) and (62) have a - y. With the true gradient the
neuron learns slowly at this η."""


def add(commands: Commands) -> None:
    """Add the command, and a command below it for each laboratory."""
    parser = commands.add_parser(
        "lab",
        help="the book's laboratories: neuron, weights",
        description="The small laboratories of the book's chapters.",
        epilog="example: tinynn lab neuron",
    )
    parser.set_defaults(run=lambda options: parser.print_help() or 0)
    labs = parser.add_subparsers(metavar="LAB", parser_class=type(parser), prog="tinynn lab")
    _add_neuron(labs)
    _add_weights(labs)


def _add_neuron(labs: Any) -> None:
    parser = labs.add_parser(
        "neuron",
        help="why a neuron that is badly wrong learns slowly (chapter 3)",
        description="One sigmoid neuron with one input, 1, learns to answer 0: with the quadratic "
        "cost and with the cross-entropy, side by side. Keys: space pauses, q ends.",
        epilog="example: tinynn lab neuron --as-drawn",
    )
    parser.set_defaults(run=_neuron)
    option = parser.add_argument
    option("--weight", type=float, metavar="W", help="with which weight it begins")
    option("--bias", type=float, metavar="B", help="and with which bias (default: the book's two)")
    eta = f"the learning rate η (default {BOOK_ETA:g}; with --as-drawn {DRAWN_ETA:g})"
    option(*names_of("--eta"), type=float, metavar="X", help=eta)
    epochs = f"how many epochs (default {BOOK_EPOCHS})"
    option("--epochs", type=int, default=BOOK_EPOCHS, metavar="N", help=epochs)
    drawn = "cross-entropy beside what the program of the book's figure computes instead"
    option("--as-drawn", action="store_true", help=drawn)
    option("--plain", action="store_true", help="print tables, as when piped")


def _add_weights(labs: Any) -> None:
    parser = labs.add_parser(
        "weights",
        help="how wide first weights spread z, and saturate neurons (chapter 3)",
        description="The weighted inputs z of 1,000 new neurons with 1,000 inputs, half of them 1, "
        "as histograms: with first weights of spread 1, and of spread 1/√1000.",
        epilog="example: tinynn lab weights --seed 1",
    )
    parser.set_defaults(run=_weights)
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="default 0")


def _neuron(options: argparse.Namespace) -> int:
    """Let the neurons learn, then show how."""
    if (options.weight is None) != (options.bias is None):
        raise ArgumentError("--weight and --bias: expected both or neither: --weight 2 --bias 2")
    starts = BOOK_STARTS
    if options.weight is not None:
        given = finite_float(options.weight, "--weight"), finite_float(options.bias, "--bias")
        starts = (given,)
    costs = (CROSS_ENTROPY, AS_DRAWN) if options.as_drawn else (QUADRATIC, CROSS_ENTROPY)
    eta = options.eta
    if eta is None:
        eta = DRAWN_ETA if options.as_drawn else BOOK_ETA
    require_positive("--eta", eta)
    learnt: list[Runs] = []
    for start in starts:
        runs: Runs = [
            (cost.name, [*one_neuron(*start, cost, eta, options.epochs)]) for cost in costs
        ]
        learnt.append(runs)
    title = f"one neuron, input 1, wanted 0, η = {eta:g}"
    console = None if options.plain else screen_console()
    if console is not None:
        _play(console, title, learnt, options.epochs)
    else:
        print(title)
        for runs in learnt:
            print("", *neuron_lines(runs), sep="\n")
        print()
    print(_DRAWN if options.as_drawn else _SLOW)
    return 0


def _play(console: Console, title: str, learnt: Sequence[Runs], epochs: int) -> None:
    """Show the epochs one after another; space pauses, q goes to the end."""
    from rich.live import Live

    from tinynn.cli.keyboard import Keyboard
    from tinynn.views.lab import NeuronLab

    shown, paused = 0.0, False
    key: Optional[str] = ""
    with Keyboard() as keyboard, Live(console=console, screen=True, auto_refresh=False) as live:
        while shown < epochs and key not in ("q", None):
            picture = NeuronLab(f"{title}; space pauses, q ends", learnt, int(shown))
            live.update(picture, refresh=True)
            key = keyboard.read(1.0 / _FRAMES_A_SECOND)
            paused = paused != (key == " ")
            shown += 0 if paused else epochs / (_SECONDS * _FRAMES_A_SECOND)
    console.print(NeuronLab(title, learnt, epochs))


def _weights(options: argparse.Namespace) -> int:
    """Draw first weights in both ways, and show what z they make."""
    for init, spread in (("large", "1"), ("scaled", "1/√1000")):
        z = first_weighted_inputs(init, seed=options.seed)
        for line in spread_lines(f"{init}, weights of spread {spread}", z):
            print(line)
        print()
    print("√(500 + 1) = 22.4 and √(500/1000 + 1) = 1.22 are what the spreads come to on average.")
    return 0
