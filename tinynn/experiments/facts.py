"""What is measured of a run before anything in it is changed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import sqrt
from random import Random
from typing import Any, NamedTuple

from tinynn.activations import SOFTMAX
from tinynn.experiments import trials
from tinynn.experiments.labels import Agreement, agreement_of
from tinynn.experiments.trials import Case
from tinynn.linalg import Vector
from tinynn.training import Run

CLEAR = 0.1  # of the answers: what a trial gains at least, unless its cause says otherwise
SHORT = 1 / 3  # of the longest trial
MOST_OF_THEM = 0.7  # of the run's examples: a trial on fewer says little of the run in the end


class LayerState(NamedTuple):
    """How a layer l is: the shares of neurons that are saturated or dead, the length of δ^l.

    That is of the mean over examples (BP3). ``step`` is the length of a step of its weights, η
    times their gradient, as a share of their own length.
    """

    l: int
    neurons: int
    saturated: float
    dead: float
    error: float = 0.0
    step: float = 0.0


class Facts:
    """A run, its case, and the outcomes of trials that change nothing in it.

    ``now`` is the outcome so far, ``after`` that of the run as it is, ``new`` those of new first
    numbers of the same kind, and ``without`` the best score of the run as it is. A changed trial
    begins with ``start``: the case itself, or new numbers of a run that has begun.
    """

    def __init__(self, run: Run, name: str = "") -> None:
        self.run, self.name = run, name  # the name is that of the data
        self.case = case = trials.case_of(run)
        network = case.network
        self.done = len(run.reports) >= run.settings.epochs
        self.is_whole = len(case.training) >= MOST_OF_THEM * len(run.order)
        self.begun = bool(run.reports) or not network.is_finite()
        self.now = self.after = trials.outcome_of(network, case)
        if network.is_finite() and self.now.score < 1.0 - CLEAR:
            share = min(3.0, max(1.0, self.longer)) if self.is_whole else 1.0
            self.after = trials.learnt(case, 0.5 if self.done else share, trials.rng_of(run))
        self.without = max(self.now.score, self.after.score) if self.done else self.after.score
        self.start = case
        self.again: list[Case] = []  # with new first numbers
        if self.without < 0.96 and self.learns_little and not trials.has_odd_weights(network):
            self.again = [trials.fresh(case, Random(seed), self.begun) for seed in (0, 1)]
        self.new = [trials.learnt(each) for each in self.again]
        if self.begun and self.new:
            self.start = max(zip(self.new, self.again), key=lambda each: each[0].score)[1]
        elif self.begun:
            self.start = trials.fresh(case, Random(0), self.begun, usual=True)

    @property
    def longer(self) -> float:
        """How many times as many steps the run has in all its epochs as the longest trial."""
        steps = self.run.settings.epochs * -(-len(self.run.order) // self._size)
        return steps / (self.case.budget / min(self._size, 100))

    @property
    def _size(self) -> int:
        return self.run.settings.mini_batch_size

    @property
    def short(self) -> float:
        """A short trial: as long as the run, at most a third of the longest trial."""
        return min(SHORT, max(SHORT / 3.0, self.longer))

    @property
    def learnt(self) -> float:
        """The score on the training data, of the run as it is."""
        return max(self.now.learnt, self.after.learnt)

    @property
    def learns_little(self) -> bool:
        """Whether the training data is not learnt."""
        return self.learnt < 0.95

    @cached_property
    def agreement(self) -> Agreement:
        """What is known of the labels."""
        return agreement_of(self.case)

    @cached_property
    def states(self) -> list[LayerState]:
        """How each layer of the run is now."""
        return layer_states(self.case, self.case.network)

    @cached_property
    def idle(self) -> tuple[float, float]:
        """The largest shares of a layer that are dead and saturated, now or after the trial."""
        states = [*self.states, *layer_states(self.case, self.after.network)]
        dead = max((each.dead for each in states), default=0.0)
        L = self.case.network.num_layers
        return dead, max((each.saturated for each in states if each.l < L), default=0.0)

    # What a trial with a change is compared with: the score without the change.

    def at_best(self) -> float:
        """Return the best score, with the first numbers as they are and with new ones."""
        return max([self.without, self.now.score, *(each.score for each in self.new)])

    def briefly(self) -> float:
        """Return the score that as short a training comes to."""
        return max(self.now.score, trials.learnt(self.start, self.short).score)

    def at_once(self) -> float:
        """Return what a short training comes to at best, or nearly what the longest one does."""
        scores = [trials.learnt(each, self.short).score for each in (self.case, *self.again)]
        return max(self.now.score, self.at_best() - 0.03, *scores)

    def in_the_long_run(self) -> float:
        """Return about what all epochs come to: those of a trial, with an η as much larger."""
        eta = self.case.settings.eta
        larger = min(3.0, eta * self.longer)
        if self.longer <= 1.5 or larger <= eta:
            return self.at_best()
        return max(self.at_best(), trials.learnt(self.start.changed(eta=larger)).score)


def length(matrices: Sequence[Any]) -> float:
    """Return √(Σ w²) of all entries."""
    return sqrt(sum(float(v) ** 2 for rows in matrices for row in rows for v in row))


def layer_states(case: Case, network: Any) -> list[LayerState]:
    """Return how each layer of a network is; nothing of one whose numbers are not finite."""
    if not network.is_finite():
        return []
    passed = [network.forward(x) for x, _ in trials.spread(case.training, 50)]
    gradient = network.backprop_mini_batch(trials.spread(case.training, 100))
    states = []
    for l in range(2, network.num_layers + 1):
        function = passed[0][l].function
        idle, dies = 0.0, False
        if function != SOFTMAX:
            slopes = [[abs(function.derivative(float(z))) for z in each[l].z] for each in passed]
            largest = max(abs(function.derivative(z)) for z in (0.0, 1.0)) or 1.0
            small = [max(of_one) <= 0.05 * largest for of_one in zip(*slopes)]
            idle = sum(small) / len(small)
            dies = function.derivative(-1.0) == 0.0
        shares = (0.0, idle) if dies else (idle, 0.0)
        error = step = 0.0
        if l in network.learning:
            i = network.learning.index(l)
            error = Vector(list(map(float, gradient.biases[i]))).norm()
            step = case.settings.eta * length([gradient.weights[i]])
            step /= length([network.weights[i]]) or 1.0
        states.append(LayerState(l, network.sizes[l - 1], *shares, error, step))
    return states
