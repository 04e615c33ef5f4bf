"""``tinynn lab``: the book's small laboratories, live."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional

from tinynn.cli import options
from tinynn.cli.command import Command, option
from tinynn.cli.lab_bumps import Bumps, Steps
from tinynn.cli.lab_vanishing import Chain, Vanishing
from tinynn.cli.watching import play
from tinynn.costs import CROSS_ENTROPY, QUADRATIC
from tinynn.descent import ETA, MOMENTA, STEPS, rolling_ball
from tinynn.errors import ArgumentError
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

_SLOW = """\
The gradient of the quadratic cost, (55) and (56), has the factor σ'(z): a
saturated neuron learns slowly, however wrong it is. In that of the
cross-entropy, (61) and (62), σ' cancels out: the error a - y sets the pace."""
_DRAWN = """\
The program of the book's figure leaves σ' out of its gradient: it takes
∂C/∂a = 1/(1 - a) where (61) and (62) have a - y. With the true gradient the
neuron learns slowly at this η."""
_MOST_BALLS, _MOST_STEPS = 8, 10_000
_MUS = " ".join(f"{mu:g}" for mu in MOMENTA)
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


@dataclass
class Neuron(Command):
    """Why a neuron that is badly wrong learns slowly (chapter 3).

    One sigmoid neuron with one input, 1, learns to answer 0: with the quadratic cost and with the
    cross-entropy, side by side. Keys: space pauses, q ends.

    example: tinynn lab neuron --as-drawn

    --weight W  with which weight it begins
    --bias B    and with which bias (default: the book's two)
    --eta       the learning rate η (default {BOOK_ETA:g}; with --as-drawn {DRAWN_ETA:g})
    --epochs    how many epochs (default {BOOK_EPOCHS})
    --as-drawn  cross-entropy beside what the program of the book's figure computes instead
    """

    weight: Optional[float] = option(check=options.finite)
    bias: Optional[float] = option(check=options.finite)
    eta: Optional[float] = option(check=options.positive)
    epochs: int = BOOK_EPOCHS
    as_drawn: bool = False
    plain: bool = options.plain("tables")

    def run(self) -> int:
        """Let the neurons learn, then show how."""
        if (self.weight is None) != (self.bias is None):
            raise ArgumentError(
                "--weight and --bias: expected both or neither: --weight 2 --bias 2"
            )
        starts = BOOK_STARTS
        if self.weight is not None and self.bias is not None:
            starts = ((self.weight, self.bias),)
        costs = (CROSS_ENTROPY, AS_DRAWN) if self.as_drawn else (QUADRATIC, CROSS_ENTROPY)
        eta = self.eta or (DRAWN_ETA if self.as_drawn else BOOK_ETA)
        learnt: list[Runs] = [
            [(cost.name, [*one_neuron(*start, cost, eta, self.epochs)]) for cost in costs]
            for start in starts
        ]
        title = f"one neuron, input 1, wanted 0, η = {eta:g}"
        console = self.console()
        if console is not None:
            last = self.epochs
            play(console, title, last, lambda title, n, high: NeuronLab(title, learnt, n, high))
        else:
            print(title)
            for runs in learnt:
                print("", *neuron_lines(runs), sep="\n")
            print()
        print(_DRAWN if self.as_drawn else _SLOW)
        return 0


@dataclass
class Weights(Command):
    """How wide first weights spread z, and saturate neurons (chapter 3).

    The weighted inputs z of 1,000 new neurons with 1,000 inputs, half of them 1, as histograms:
    with first weights of spread 1, and of spread 1/√1000.

    example: tinynn lab weights --seed 1

    --seed  default 0
    """

    seed: int = 0

    def run(self) -> int:
        """Draw first weights in both ways, and show what z they make."""
        for init, spread in (("large", "1"), ("scaled", "1/√1000")):
            z = first_weighted_inputs(init, seed=self.seed)
            print(*spread_lines(f"{init}, weights of spread {spread}", z), "", sep="\n")
        print(
            "√(500 + 1) = 22.4 and √(500/1000 + 1) = 1.22 are what the spreads come to on average."
        )
        return 0


@dataclass
class Momentum(Command):
    """Balls with momentum in a valley, and what goes wrong (chapter 3).

    Balls roll in the valley C(v) = v² by gradient descent with momentum, each with its own μ, side
    by side. Keys: space pauses, q ends.

    example: tinynn lab momentum --mu 0.9 1.1 -1.1

    --mu        μ of each ball, up to {_MOST_BALLS} (default {_MUS})
    --eta       the learning rate η (default {ETA:g})
    --start V   v at first (default 1)
    --steps     how many steps (default {STEPS})
    --nesterov  Nesterov's variant: the slope of where momentum leads, at v + μ Δv
    """

    mu: list[float] = option(MOMENTA, names=("--mu",), check=options.finite)
    eta: float = option(ETA, check=options.positive)
    start: float = option(1.0, check=options.finite)
    steps: int = option(STEPS, check=options.count(1, _MOST_STEPS))
    nesterov: bool = False
    plain: bool = options.plain("tables")

    def run(self) -> int:
        """Let the balls roll, then show how."""
        if self.start == 0.0:
            raise ArgumentError("--start: expected a number other than 0, the bottom: --start 1")
        if len(self.mu) > _MOST_BALLS:
            raise ArgumentError(f"--mu: expected at most {_MOST_BALLS} balls, got {len(self.mu)}")
        eta, last = self.eta, self.steps
        roll = eta, self.start, last, self.nesterov
        balls: Balls = [(mu, [*rolling_ball(mu, *roll)]) for mu in self.mu]
        title = f"balls in the valley C(v) = v², η = {eta:g}"
        title += ", Nesterov's variant" if self.nesterov else ""
        console = self.console()
        if console is not None:
            play(console, title, last, lambda title, n, high: BallLab(title, balls, n, last, high))
        else:
            print(title, "", *ball_lines(balls, last), "", sep="\n")
        if eta >= 2.0:  # it settles where -1 < μ < 1 and η < 1 + μ
            words = _STEEPER
        elif self.nesterov:
            words = _AHEAD
        else:
            words = _FRICTION if eta < 1.0 else _STEEP
        print(words.format(eta=eta, least=eta - 1.0, factor=1.0 - 2.0 * eta))
        return 0


class Lab(Command):
    """The book's laboratories, chapters 3 to 5.

    The small laboratories of the book's chapters.

    example: tinynn lab neuron
    """

    metavar = "LAB"
    below = {
        "neuron": Neuron,
        "weights": Weights,
        "momentum": Momentum,
        "steps": Steps,
        "bumps": Bumps,
        "vanishing": Vanishing,
        "chain": Chain,
    }
