"""Quick trials: a copy of a run's parts, with one change, is trained for a short time."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from copy import deepcopy
from importlib import import_module
from math import isfinite, sqrt
from random import Random
from typing import Any, NamedTuple, Optional

from tinynn.datasets import Examples as Images
from tinynn.errors import TinyNNError
from tinynn.layers.descriptions import Described
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.randomness import RandomSource, first_weights, gaussian_vector
from tinynn.training import Run, Settings
from tinynn.training.examples import Example

MOST, HELD = 1000, 500  # examples that a trial learns from, and is scored on
MANY = 4000  # that it learns from where it need not look at each: slices of images
FAST, PURE = (30_000, 2e9), (3_000, 7e6)  # examples, and products, of the longest trial
FEW = 12  # examples of which none is held back
_STEPS = 100  # examples in a mini-batch, at most
WIDEST = 3.0  # a spread of weights that no usual first draw exceeds

Examples = Sequence[Example]
Range = tuple[float, float]  # the least and the largest number of an input


class _Unshuffled(Random):
    """A random generator whose shuffle leaves the order as it is."""

    def shuffle(self, x: Any) -> None:
        """Leave the order as it is."""


class Case(NamedTuple):
    """The parts of a trial: a network, its examples, those that score it, and the settings."""

    network: Model
    training: Examples
    held: Examples
    settings: Settings
    shuffles: bool
    budget: int  # examples to learn from in the longest trial
    classes: bool  # whether answers are right or wrong

    def changed(self, **parts: Any) -> Case:
        """Return this case with the named settings changed."""
        return self._replace(settings=self.settings._replace(**parts))

    def mapped(self, change: Any, part: str = "") -> Case:
        """Return this case with each (x, y) changed: in one ``part``, or in training and held."""
        done: dict[str, Any] = {}
        for name in [part] if part else ["training", "held"]:
            done[name] = [change(*each) for each in getattr(self, name)]
        return self._replace(**done)


class Outcome(NamedTuple):
    """The outcome of a trial: its scores on the held-out and the training data, and the network."""

    score: float
    learnt: float
    network: Model


def learnt(case: Case, share: float = 1.0, rng: Optional[RandomSource] = None) -> Outcome:
    """Train a copy of the network with this share of the budget, and return the outcome.

    The case stays as it is. If the training diverges, both scores are 0.
    """
    settings, n = case.settings, len(case.training)
    m = min(settings.mini_batch_size, _STEPS, n)
    epochs = max(1, round(share * case.budget / n))
    network = case.network.copy()
    if rng is None:
        rng = Random(0) if case.shuffles else _Unshuffled(0)
    given = settings._replace(epochs=epochs, mini_batch_size=m)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of numbers that leave the range of floats
            for _ in Run(network, given, case.training, None, rng):
                pass
            return outcome_of(network, case)
    except TinyNNError:  # it diverged
        return Outcome(0.0, 0.0, network)


def outcome_of(network: Model, case: Case) -> Outcome:
    """Return the outcome of a network as it is, without training."""
    return Outcome(score(network, case), score(network, case, "training"), network)


def score(network: Model, case: Case, part: str = "held") -> float:
    """Return the share of right answers; without classes, the share of the cost explained.

    That is 1 - C/C_0, at least 0, where C_0 is the quadratic cost of always answering the mean y.
    """
    examples = getattr(case, part)[:HELD]
    if not network.is_finite():
        return 0.0
    found = network.measure(examples)
    if case.classes:
        return found.accuracy
    mean = Vector([sum(column) / len(examples) for column in zip(*(y for _, y in examples))])
    costs = [(mean - y).norm() ** 2 / 2.0 for _, y in examples]
    whole = sum(costs) / len(examples)
    return max(0.0, 1.0 - found.cost / whole) if whole and isfinite(found.cost) else 0.0


# The case of a run.


def spread(examples: Examples, most: int, order: Optional[Sequence[int]] = None) -> list[Example]:
    """Return at most ``most`` examples, evenly spaced in ``order`` (by default their own)."""
    places = range(len(examples)) if order is None else order
    count = min(most, len(places))
    return [examples[places[i * len(places) // count]] for i in range(count)]


def case_of(run: Run) -> Case:
    """Return the case of a run: a copy of its network, its settings, some of its examples.

    λ is scaled with the number of examples. Without test or validation data, a quarter of the
    training examples is held back, unless there are fewer than FEW.
    """
    network, (most, products) = _copied(run.network)
    order = next_order(run)
    data = run.data
    held = data.get("test") or data.get("validation")
    moves = _shuffles(run, order)
    training: Examples = spread(data["training"], MOST, run.order if moves else order)
    if moves and held and isinstance(data["training"], Images) and len(run.order) > MANY:
        training = data["training"][:: len(run.order) // MANY][:MANY]
    if not held:
        first = len(training) // 4 if len(training) >= FEW else 0
        mixed = list(training)
        Random(0).shuffle(mixed)
        held = mixed[:first] or training
        kept = set(map(id, mixed[:first]))
        training = [each for each in training if id(each) not in kept] or training
    held = spread(held, HELD)
    share = len(training) / len(run.order)
    settings = run.settings._replace(eta=run.eta, lmbda=run.settings.lmbda * share)
    budget = int(min(most, max(most / 10, products / max(1, network.plan.products))))
    case = Case(network, training, held, settings, moves, budget, True)
    return case._replace(classes=_has_classes(case))


def _copied(network: Any) -> tuple[Model, tuple[int, float]]:
    """Return a copy of a network, in the fast engine if possible, and the limits of its trials."""
    saved = network.__reduce__()[1][0]._replace(dtype="float64")
    try:
        return import_module("tinynn.fast").Network._of_file(saved), FAST
    except (ImportError, TinyNNError):
        return type(network)._of_file(saved), PURE


def rng_of(run: Run) -> RandomSource:
    """Return a copy of a run's random generator, or Random(0) if it cannot be copied."""
    try:
        return deepcopy(run.rng)
    except Exception:  # whatever a generator of the caller's raises
        return Random(0)


def next_order(run: Run) -> list[int]:
    """Return the order of the examples in a run's next epoch, without changing the run."""
    order = run.order[:]
    rng_of(run).shuffle(order)
    return order


def _shuffles(run: Run, order: Sequence[int]) -> bool:
    """Return whether the shuffled ``order`` has most examples at new places."""
    before = run.order if len(run.order) > 1 else [1, 0]
    return len(order) < 2 or sum(i != j for i, j in zip(before, order)) > len(order) / 2


def _has_classes(case: Case) -> bool:
    """Return whether desired outputs are classes: two or more, each with another answer."""
    kinds = {tuple(y) for _, y in [*case.training, *case.held]}
    answers = {case.network.answer_of(Vector(y)) for y in kinds}
    return 1 < len(kinds) == len(answers)


# First weights and biases.


def spreads(network: Model) -> list[float]:
    """Return the spread √(mean w²) of the weights of each layer that learns."""
    return [
        sqrt(sum(w * w for row in rows for w in row) / (len(rows) * len(rows[0])))
        for rows in (weights.rows for weights in network._numbers()[1])
    ]


def are_alike(network: Any) -> bool:
    """Return whether in some layer all neurons have the same weights, up to rounding."""
    for matrix, width in zip(network._numbers()[1], spreads(network)):
        first, *others = matrix.rows
        far = (abs(v - u) for row in others for u, v in zip(first, row))
        if others and max(far) <= 1e-3 * width:  # rounding sets them apart
            return True
    return False


def has_odd_weights(network: Model) -> bool:
    """Return whether no usual first draw gives such weights: tiny, huge, or all neurons alike."""
    shapes = network.plan.weight_shapes.values()
    pairs = zip(spreads(network), shapes)
    usual = all(0.2 / sqrt(k) <= width <= WIDEST for width, (_, k) in pairs)
    return not usual or are_alike(network)


def fresh(case: Case, rng: Random, begun: bool, usual: bool = False) -> Case:
    """Return a case with new first weights and biases.

    If the run has not begun, the weights of each layer keep their spread. If it has, they are
    large or scaled, whichever is nearer to the spread now; with ``usual``, or if that is too wide,
    they are of the kind that suits the neurons.
    """
    network: Any = case.network
    biases, weights = [], []
    for (l, (j, k)), spread_now in zip(network.plan.weight_shapes.items(), spreads(network)):
        suits = network.plan.descriptions[l - 2].init
        if usual or (begun and not spread_now <= WIDEST):
            drawn = first_weights(suits, j, k, rng)
        elif begun:
            drawn = first_weights("large" if spread_now > k**-0.25 else "scaled", j, k, rng)
        else:
            drawn = first_weights("large", j, k, rng) * spread_now
        biases.append(gaussian_vector(j, rng))
        weights.append(drawn)
    return case._replace(network=network._with(network.plan, biases, weights))


def rebuilt(case: Case, layers: Sequence[Described], seed: int = 0) -> Case:
    """Return a case with a new network of these layers, with scaled first weights."""
    engine = type(case.network)
    new = engine(layers, seed=seed, cost=case.network.cost, init="scaled")
    return case._replace(network=new)


# Inputs: their ranges, means and spreads, and cases in which they are scaled.


def ranges(examples: Examples) -> list[Range]:
    """Return the least and the largest value of each input."""
    return [(min(column), max(column)) for column in zip(*(x for x, _ in examples))]


def scaled(case: Case, training: Sequence[Range], held: Sequence[Range]) -> Case:
    """Return a case with each input scaled: its range, in ``training`` or ``held``, to 0 to 1."""

    def into(x: Vector, of: Sequence[Range]) -> Vector:
        ends = zip(x, of)
        return Vector.wrap([(v - a) / (b - a) if a != b else 0.0 for v, (a, b) in ends])

    case = case.mapped(lambda x, y: (into(x, training), y), "training")
    return case.mapped(lambda x, y: (into(x, held), y), "held")


def columns_scaled(case: Case, apart: bool = False) -> Case:
    """Return a case with each input scaled to 0 to 1, by its range in the training data.

    With ``apart``, held inputs are scaled by their ranges in the held data.
    """
    return scaled(case, ranges(case.training), ranges(case.held if apart else case.training))


def moments(examples: Examples) -> list[tuple[float, float]]:
    """Return the mean and the standard deviation of each input."""
    found = []
    for column in zip(*(x for x, _ in examples)):
        mean = sum(column) / len(column)
        found.append((mean, sqrt(sum((v - mean) ** 2 for v in column) / len(column))))
    return found


def matched(case: Case) -> Case:
    """Return a case whose held inputs have the means and deviations of the training inputs."""
    pairs = list(zip(moments(case.training), moments(case.held)))

    def into(x: Vector, y: Vector) -> Example:
        return Vector([m + (v - n) * s / (t or 1.0) for v, ((m, s), (n, t)) in zip(x, pairs)]), y

    return case.mapped(into, "held")
