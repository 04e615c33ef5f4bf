"""The measurements of a run before a cause of its trouble is tried."""

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
    """The state of layer l: its shares of saturated and of dead neurons, its error and its step.

    Both kinds of neuron have a slope σ'(z) near 0 for all examples; dead ones are ReLU. ``error``
    is the length of the mean of δ^l over examples (BP3). ``step`` is the length of a step of the
    weights, η times their gradient, divided by the length of the weights.
    """

    l: int
    neurons: int
    saturated: float
    dead: float
    error: float = 0.0
    step: float = 0.0


class Facts:
    """A run, its case, and the outcomes of trials without a change.

    ``now`` is the outcome of the network as it is, ``after`` that of training it further, and
    ``without`` the score of ``after``, or the better of the two if the run is done. ``new`` has
    the outcomes of training from new first weights and biases. A trial with a change begins with
    ``start``: the case itself, or, once the run has begun, one with new weights and biases.
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
        self.again: list[Case] = []  # with new first weights and biases
        if self.without < 0.96 and self.learns_little and not trials.has_odd_weights(network):
            self.again = [trials.fresh(case, Random(seed), self.begun) for seed in (0, 1)]
        self.new = [trials.learnt(each) for each in self.again]
        if self.begun and self.new:
            self.start = max(zip(self.new, self.again), key=lambda each: each[0].score)[1]
        elif self.begun:
            self.start = trials.fresh(case, Random(0), self.begun, usual=True)

    @property
    def longer(self) -> float:
        """The steps of the whole run divided by the steps of the longest trial."""
        steps = self.run.settings.epochs * -(-len(self.run.order) // self._size)
        return steps / (self.case.budget / min(self._size, 100))

    @property
    def _size(self) -> int:
        return self.run.settings.mini_batch_size

    @property
    def short(self) -> float:
        """The length of a short trial, by the longest: that of the run, within 1/9 to 1/3."""
        return min(SHORT, max(SHORT / 3.0, self.longer))

    @property
    def learnt(self) -> float:
        """The better score on the training data of ``now`` and ``after``."""
        return max(self.now.learnt, self.after.learnt)

    @property
    def learns_little(self) -> bool:
        """Whether the score on the training data is below 0.95."""
        return self.learnt < 0.95

    @cached_property
    def agreement(self) -> Agreement:
        """How well the labels agree with those of the nearest examples."""
        return agreement_of(self.case)

    @cached_property
    def states(self) -> list[LayerState]:
        """The state of each layer of the run's network now."""
        return layer_states(self.case, self.case.network)

    @cached_property
    def idle(self) -> tuple[float, float]:
        """The largest shares of dead and of saturated neurons in a layer, now or ``after``.

        Saturated output neurons do not count.
        """
        states = [*self.states, *layer_states(self.case, self.after.network)]
        dead = max((each.dead for each in states), default=0.0)
        L = self.case.network.num_layers
        return dead, max((each.saturated for each in states if each.l < L), default=0.0)

    # What a trial with a change is compared with: the score without the change.

    def at_best(self) -> float:
        """Return the best score without the change, from the run's own weights or from new ones."""
        return max([self.without, self.now.score, *(each.score for each in self.new)])

    def briefly(self) -> float:
        """Return the score without the change, now or after a short training if that is better."""
        return max(self.now.score, trials.learnt(self.start, self.short).score)

    def at_once(self) -> float:
        """Return the best score now and after short trainings, but at least ``at_best`` - 0.03."""
        scores = [trials.learnt(each, self.short).score for each in (self.case, *self.again)]
        return max(self.now.score, self.at_best() - 0.03, *scores)

    def in_the_long_run(self) -> float:
        """Return an estimate of the score after all epochs of the run, without the change.

        If the longest trial has fewer steps, its η is larger in proportion, up to 3.
        """
        eta = self.case.settings.eta
        larger = min(3.0, eta * self.longer)
        if self.longer <= 1.5 or larger <= eta:
            return self.at_best()
        return max(self.at_best(), trials.learnt(self.start.changed(eta=larger)).score)


def length(matrices: Sequence[Any]) -> float:
    """Return √(Σ w²) over all entries of the matrices."""
    return sqrt(sum(float(v) ** 2 for rows in matrices for row in rows for v in row))


def layer_states(case: Case, network: Any) -> list[LayerState]:
    """Return the state of each layer of a network; none if a weight or bias is not finite."""
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
