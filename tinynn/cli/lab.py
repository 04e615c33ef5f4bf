"""``tinynn lab``: the book's small laboratories, live."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Optional

from tinynn.cli import lab_bumps, lab_vanishing
from tinynn.cli.common import Commands, names_of, screen_console, take_negative_numbers
from tinynn.costs import CROSS_ENTROPY, QUADRATIC
from tinynn.descent import ETA, MOMENTA, STEPS, rolling_ball
from tinynn.errors import ArgumentError, require_count, require_positive
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
from tinynn.views.balls import BallLab, Balls, ball_lines
from tinynn.views.lab import NeuronLab, Runs, neuron_lines, spread_lines
from tinynn.views.lines import Page

if TYPE_CHECKING:
    from rich.console import Console

_Picture = Callable[[str, int, int], Page]  # of a title, how far it is, and a height
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
_MOST_BALLS, _MOST_STEPS = 8, 10_000
_FRICTION = """\
(107) changes the velocity, here the last step: Δv' = μ Δv - η ∇C. (108) moves
the ball by it: v' = v + Δv'. The friction is 1 - μ.
  μ = 0      no velocity is kept: plain gradient descent
  0 < μ < 1  the ball gathers speed, swings less and less, and settles
  μ = 1      no friction: it swings for ever
  μ > 1      an exercise: friction below 0 drives the ball, each swing is wider
             than the last, and it leaves the valley
  μ < 0      an exercise: each step jerks back against the last one, so that the
             ball is slower than with μ = 0, or its jerks grow
With η = {eta:g} a ball settles in this valley if μ is above {least:g} and below 1."""
_AHEAD = """\
Nesterov's variant of (107) takes ∇C where momentum alone would lead, at v + μ Δv,
and so brakes before it climbs the other side. In this valley that is plain
momentum with μ (1 - 2η) = {factor:g} μ in place of μ, and a ball settles if that is
above {least:g} and below 1."""
_STEEP = """\
With η = {eta:g} plain gradient descent climbs out of this valley: a ball settles only
if its μ is above {least:g} and below 1."""
_STEEPER = "With η = {eta:g} no ball settles in this valley: η is too large."


def add(commands: Commands) -> None:
    """Add the command, and a command below it for each laboratory."""
    parser = commands.add_parser(
        "lab",
        help="the book's laboratories, chapters 3 to 5",
        description="The small laboratories of the book's chapters.",
        epilog="example: tinynn lab neuron",
    )
    parser.set_defaults(run=lambda options: parser.print_help() or 0)
    labs = parser.add_subparsers(metavar="LAB", parser_class=type(parser), prog="tinynn lab")
    _add_neuron(labs)
    _add_weights(labs)
    _add_momentum(labs)
    lab_bumps.add(labs, _play)
    lab_vanishing.add(labs)


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


def _add_momentum(labs: Any) -> None:
    parser = labs.add_parser(
        "momentum",
        help="balls with momentum in a valley, and what goes wrong (chapter 3)",
        description="Balls roll in the valley C(v) = v² by gradient descent with momentum, each "
        "with its own μ, side by side. Keys: space pauses, q ends.",
        epilog="example: tinynn lab momentum --mu 0.9 1.1 -1.1",
    )
    parser.set_defaults(run=_momentum)
    take_negative_numbers(parser)
    option = parser.add_argument
    mus = f"μ of each ball, up to {_MOST_BALLS} (default {' '.join(f'{mu:g}' for mu in MOMENTA)})"
    option("--mu", type=float, nargs="+", default=list(MOMENTA), metavar="X", help=mus)
    eta = f"the learning rate η (default {ETA:g})"
    option(*names_of("--eta"), type=float, default=ETA, metavar="X", help=eta)
    option("--start", type=float, default=1.0, metavar="V", help="v at first (default 1)")
    steps = f"how many steps (default {STEPS})"
    option("--steps", type=int, default=STEPS, metavar="N", help=steps)
    ahead = "Nesterov's variant: the slope of where momentum leads, at v + μ Δv"
    option("--nesterov", action="store_true", help=ahead)
    option("--plain", action="store_true", help="print tables, as when piped")


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
        last = options.epochs
        _play(console, title, last, lambda title, n, high: NeuronLab(title, learnt, n, high))
    else:
        print(title)
        for runs in learnt:
            print("", *neuron_lines(runs), sep="\n")
        print()
    print(_DRAWN if options.as_drawn else _SLOW)
    return 0


def _momentum(options: argparse.Namespace) -> int:
    """Let the balls roll, then show how."""
    require_positive("--eta", options.eta)
    require_count("--steps", options.steps, 1, _MOST_STEPS)
    if finite_float(options.start, "--start") == 0.0:
        raise ArgumentError("--start: expected a number other than 0, the bottom: --start 1")
    if len(options.mu) > _MOST_BALLS:
        raise ArgumentError(f"--mu: expected at most {_MOST_BALLS} balls, got {len(options.mu)}")
    roll = options.eta, options.start, options.steps, options.nesterov
    balls: Balls = [(mu, [*rolling_ball(finite_float(mu, "--mu"), *roll)]) for mu in options.mu]
    title = f"balls in the valley C(v) = v², η = {options.eta:g}"
    title += ", Nesterov's variant" if options.nesterov else ""
    console = None if options.plain else screen_console()
    if console is not None:
        last = options.steps
        _play(console, title, last, lambda title, n, high: BallLab(title, balls, n, last, high))
    else:
        print(title, "", *ball_lines(balls, options.steps), "", sep="\n")
    eta = options.eta
    if eta >= 2.0:  # it settles where -1 < μ < 1 and η < 1 + μ
        words = _STEEPER
    elif options.nesterov:
        words = _AHEAD
    else:
        words = _FRICTION if eta < 1.0 else _STEEP
    print(words.format(eta=eta, least=eta - 1.0, factor=1.0 - 2.0 * eta))
    return 0


def _play(console: Console, title: str, last: int, picture: _Picture) -> None:
    """Show the pictures up to the last one after another; space pauses, q goes to the end."""
    from rich.live import Live

    from tinynn.cli.keyboard import Keyboard

    shown, paused = 0.0, False
    key: Optional[str] = ""
    with Keyboard() as keyboard, Live(console=console, screen=True, auto_refresh=False) as live:
        while shown < last and key not in ("q", None):
            now = picture(f"{title}; space pauses, q ends", int(shown), console.height)
            live.update(now, refresh=True)
            key = keyboard.read(1.0 / _FRAMES_A_SECOND)
            paused = paused != (key == " ")
            shown += 0 if paused else last / (_SECONDS * _FRAMES_A_SECOND)
    console.print(picture(title, last, console.height))


def _weights(options: argparse.Namespace) -> int:
    """Draw first weights in both ways, and show what z they make."""
    for init, spread in (("large", "1"), ("scaled", "1/√1000")):
        z = first_weighted_inputs(init, seed=options.seed)
        for line in spread_lines(f"{init}, weights of spread {spread}", z):
            print(line)
        print()
    print("√(500 + 1) = 22.4 and √(500/1000 + 1) = 1.22 are what the spreads come to on average.")
    return 0
