"""Why a run does not learn: causes, each named only if undoing it helps in a quick trial."""

from __future__ import annotations

import os
import shlex
from collections import Counter
from collections.abc import Callable, Sequence
from importlib import import_module
from math import sqrt
from operator import eq
from random import Random
from typing import Any, NamedTuple, Optional, Union

from tinynn.activations import SOFTMAX
from tinynn.datasets import expanded
from tinynn.datasets.named import data_named
from tinynn.errors import ArgumentError, DataError, TinyNNError, describe
from tinynn.experiments.trials import (
    WIDEST,
    Case,
    Neighbours,
    Outcome,
    case_of,
    clusters,
    columns_scaled,
    fresh,
    learnt,
    matched,
    moments,
    next_order,
    ranges,
    rebuilt,
    rng_of,
    score,
    spread,
    spreads,
)
from tinynn.files import Path, read_network
from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.training import Run
from tinynn.vanishing import speeds

CLEAR = 0.1  # of the answers: what a trial gains at least, unless its cause says otherwise
ALIKE = 0.07  # trials whose scores are no further apart are equally good
SHORT = 1 / 3  # of the longest trial
FEW = 1000  # examples whose inputs are looked at
NEAR = 400  # examples whose neighbours are looked for
LATE = 10_000  # examples after which an output that never won will not win soon


class Trial(NamedTuple):
    """What a change does: the share of right answers without it and with it, of so many examples.

    Where answers are neither right nor wrong it is the share of the spread that is explained.
    """

    change: str
    without: float
    with_it: float
    examples: int


class Finding(NamedTuple):
    """A cause that a trial bears out: a sentence with its number, and what to try."""

    name: str
    sentence: str
    number: float
    chapter: int
    advice: str
    command: str
    trial: Trial


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


class Diagnosis(NamedTuple):
    """What was found, all that was tried for it, and how each layer is now."""

    findings: list[Finding]
    trials: list[Finding]
    layers: list[LayerState]


class _Facts(NamedTuple):
    """What is measured before anything is changed."""

    run: Run
    case: Case
    start: (
        Case  # what a changed trial begins with: the same, or new numbers of a run that has begun
    )
    begun: bool
    now: Outcome
    after: Outcome  # of the run as it is
    new: Sequence[Outcome]  # of new first numbers of the same kind
    without: float  # the best of the run as it is
    name: str  # of the data
    labels: list[_Labels]  # what is known of the labels, once it is asked for

    @property
    def short(self) -> float:
        """A short trial: as long as the run, at most a third of the longest trial."""
        return min(SHORT, max(SHORT / 3.0, _longer(self.run, self.case)))

    @property
    def learnt(self) -> float:
        """The score on the training data, of the run as it is."""
        return max(self.now.learnt, self.after.learnt)

    @property
    def gap(self) -> float:
        """How much better the training data is answered than the data held out."""
        shown = self.now if self.now.learnt >= self.after.learnt else self.after
        return shown.learnt - shown.score


class _Change(NamedTuple):
    """One way to undo a cause: words for it, the case, and what the command has instead."""

    words: str
    case: Case
    instead: str = ""
    outcome: Optional[Outcome] = None  # where it is known already


def _as_it_is(facts: _Facts) -> float:
    return facts.without


def _at_best(facts: _Facts) -> float:
    """Return the best without the change, with the first numbers as they are and with new ones."""
    return max([facts.without, facts.now.score, *(each.score for each in facts.new)])


def _briefly(facts: _Facts) -> float:
    """Return what as short a training comes to without the change."""
    return max(facts.now.score, learnt(facts.start, facts.short).score)


def _at_once(facts: _Facts) -> float:
    """Return what a short training comes to at best, or nearly what the longest one does."""
    again = (fresh(facts.case, Random(seed), facts.begun) for seed in (0, 1) if facts.new)
    new = [learnt(each, facts.short).score for each in again]
    same = learnt(facts.case, facts.short).score  # with the first numbers that it has
    return max([same, facts.now.score, _at_best(facts) - 0.03, *new])


def _in_the_long_run(facts: _Facts) -> float:
    """Return about what all epochs of a run come to: those of a trial, with an η as much larger."""
    eta, longer = facts.case.settings.eta, _longer(facts.run, facts.case)
    larger = min(3.0, eta * longer)
    more = learnt(facts.start.changed(eta=larger)).score if longer > 1.5 and larger > eta else 0.0
    return max(_at_best(facts), more)


Sign = Optional[tuple[float, str]]  # a number and a sentence; None where there is no sign


class _Cause(NamedTuple):
    name: str
    chapter: int
    sign: Callable[[_Facts], Sign]
    without: Callable[[_Facts], float]  # what the score with the change is compared with
    undo: Callable[[_Facts, Case], list[_Change]]
    margin: float = CLEAR
    share: float = 0.0  # of the longest trial; 0 for a short one


# The data.


def _inputs(facts: _Facts) -> Sign:
    training, held = (_largest(examples) for examples in (facts.case.training, facts.case.held))
    few = spread(facts.case.training, FEW)
    rms = sqrt(sum(v * v for x, _ in few for v in x) / (len(few) * len(few[0][0])))
    widths = sorted(high - low for low, high in _columns(facts.case) if high > low)
    uneven = bool(widths) and widths[-1] > 50.0 * widths[len(widths) // 4]
    apart = max(training, held) > 3.0 * min(training, held) or _moved(facts.case)
    if not (rms > 2.0 or rms < 0.1 or uneven or apart):
        return None
    largest = max(training, held)
    if apart:
        return largest, f"Training inputs reach {training:.4g}, test inputs {held:.4g}."
    if uneven and 0.1 <= rms <= 2.0:
        widest = widths[-1] / widths[len(widths) // 4]
        return largest, f"One input varies {widest:.3g} times as much as another."
    return largest, f"Inputs reach {largest:.4g}, and should be between 0 and 1."


def _moved(case: Case) -> bool:
    """Say whether most held inputs have other means than those of the training data."""
    few = (moments(spread(each, FEW)) for each in (case.training, case.held))
    far = [abs(m - n) > s for (m, s), (n, _) in zip(*few) if s > 0.0]
    return 2 * far.count(True) > len(far)


def _largest(examples: Sequence[Any]) -> float:
    return float(max(abs(v) for x, _ in spread(examples, FEW) for v in x))


def _columns(case: Case) -> list[tuple[float, float]]:
    return ranges(spread(case.training, FEW))


def _scale_inputs(facts: _Facts, case: Case) -> list[_Change]:
    columns = [each for each in _columns(case) if each[1] > each[0]] or [(0.0, 1.0)]
    low, high = min(low for low, _ in columns), max(high for _, high in columns)
    if low >= 0.0 and low < 0.1 * high:
        low = 0.0
    wide = _largest(case.training) > 0 and _largest(case.held) / _largest(case.training)
    own = not 1 / 3 < wide < 3
    of_held = _largest(case.held) if own else high
    words = f"divided by {high:g}" if low == 0.0 else f"less {low:g}, divided by {high - low:g}"

    def into(x: Vector, y: Vector, low: float = low, high: float = high) -> Any:
        return Vector.wrap([(v - low) / (high - low) for v in x]), y

    whole = case.mapped(into, "training").mapped(lambda x, y: into(x, y, low, of_held), "held")
    if own:
        words = "the test inputs scaled as the training inputs are"
    each = "each scaled to 0 to 1 over the training data"
    if own or _moved(case):
        alike = matched(case)
        network = facts.case.network
        known = Outcome(score(network, alike), 0.0, network) if facts.begun else None
        words_alike = "the test inputs scaled as the training inputs are"
        scaled = _Change(words_alike, alike, outcome=known)
        return [scaled, _Change(words, whole), _Change(each, columns_scaled(case, True))]
    return [_Change(words, whole), _Change(each, columns_scaled(case, own))]


def _constant(facts: _Facts) -> Sign:
    columns = _columns(facts.case)
    same = [low for low, high in columns if low == high and abs(low) > 1.0]
    if not same or len(same) == len(columns):
        return None
    value = max(same, key=abs)
    return value, f"An input is {value:.4g} in all examples: it says nothing, and z is full of it."


def _blank_constants(facts: _Facts, case: Case) -> list[_Change]:
    columns = _columns(case)
    same = {i for i, (low, high) in enumerate(columns) if low == high}

    def blank(x: Vector, y: Vector) -> Any:
        return Vector.wrap([0.0 if i in same else v for i, v in enumerate(x)]), y

    shown = [i for i, (low, _) in enumerate(columns) if i in same and abs(low) > 1.0]
    names = ", ".join(str(i + 1) for i in shown[:3]) + ", …" * (len(shown) > 3)
    return [_Change(f"input {names} set to 0", case.mapped(blank))]


class _Labels(NamedTuple):
    """How often the neighbours' label is an example's own, and the cases that agree with them."""

    own: float
    held: float
    cross: float
    chance: float
    changes: list[_Change]


def _known_labels(facts: _Facts) -> _Labels:
    if not facts.labels:
        facts.labels.append(_labels_of(facts.case))
    return facts.labels[0]


def _agreement(labels: Sequence[Any], examples: Sequence[Any]) -> float:
    alike: int = sum(map(eq, labels, (tuple(y) for _, y in examples)))
    return alike / len(examples)


def _labels_of(case: Case) -> _Labels:
    """Compare labels with those of the neighbours, and list the ways to make them agree."""
    few = NEAR if len(case.training[0][0]) <= 100 else NEAR // 2
    plain = columns_scaled(case)
    training, held = spread(plain.training, few), spread(plain.held, few // 2)
    near, near_held = Neighbours(training), Neighbours(held)
    own_labels = near.own()
    own, held_own = _agreement(own_labels, training), _agreement(near_held.own(), held)
    cross = _agreement([near.label(x) for x, _ in held], held)
    counts = Counter(tuple(y) for _, y in training)
    chance = max(counts.values()) / len(training)
    small = case._replace(training=spread(case.training, few))
    changes = []
    if min(own, held_own) - cross > 0.25 or held_own - own > 0.25:
        half = Neighbours(spread(plain.held, len(plain.held))[::2])
        labels = [Vector(half.label(x)) for x, _ in training]
        relabelled = [(x, y) for (x, _), y in zip(small.training, labels)]
        words = "training labels as the nearest held examples have them"
        changes.append(_Change(words, small._replace(training=relabelled, held=case.held[1::2])))
    if own - held_own > 0.25:
        labels = [Vector(near.label(x)) for x, _ in spread(plain.held, few // 2)]
        held_now = [(x, y) for (x, _), y in zip(spread(case.held, few // 2), labels)]
        words = "test labels as the nearest training examples have them"
        changes.append(_Change(words, case._replace(held=held_now)))
    if cross - own > 0.06:
        relabelled = [(x, Vector(y)) for (x, _), y in zip(small.training, own_labels)]
        words = "training labels as most of the nearest examples have them"
        changes.append(_Change(words, small._replace(training=relabelled)))
    return _Labels(own, held_own, cross, chance, changes)


def _labels(facts: _Facts) -> Sign:
    if not facts.case.classes:
        return _reach(facts)
    found = _known_labels(facts)
    random = max(found.own, found.held, found.cross) < found.chance + 0.15 and facts.learnt < 0.9
    if found.changes or random:
        share = 1.0 - min(found.own, found.held, found.cross)
        return share, f"{share:.0%} of the labels are not those of the nearest examples."
    return _reach(facts)


def _reach(facts: _Facts) -> Sign:
    """Return the largest y that no output can reach."""
    low, high = _bounds(facts.case)
    far = [v for _, y in facts.case.training for v in y if not low <= v <= high]
    value = max(far, key=abs, default=0.0)
    return (value, f"A desired output is {value:.4g}, which no output reaches.") if far else None


def _bounds(case: Case) -> tuple[float, float]:
    name = case.network.plan.output_function.name
    inf = float("inf")
    known = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, inf)}
    return known.get(name, (-inf, inf))


def _fit_labels(facts: _Facts, case: Case) -> list[_Change]:
    if _reach(facts) is not None:
        values = [v for _, y in [*case.training, *case.held] for v in y]
        low, high = min(values), max(values)

        def into(x: Vector, y: Vector) -> Any:
            return x, Vector([(v - low) / (high - low) for v in y])

        return [_Change("desired outputs scaled to 0 to 1", case.mapped(into))]
    if _known_labels(facts).changes:
        examples: dict[str, Any] = {"network": case.network, "settings": case.settings}
        return [
            each._replace(case=each.case._replace(**examples)) for each in facts.labels[0].changes
        ]
    return [*_moved_labels(facts, case), _clustered(case)]


def _moved_labels(facts: _Facts, case: Case) -> list[_Change]:
    """Return a case with the labels of the next example or of the one before, where they fit."""
    data, n = facts.run.data["training"], len(facts.run.data["training"])
    places = [i * n // min(n, 300) for i in range(min(n, 300))]
    for by in (1, -1):
        moved: Any = [(data[i][0], data[(i + by) % n][1]) for i in places]
        plain = columns_scaled(case._replace(training=moved))
        if _agreement(Neighbours(plain.training).own(), moved) > 0.6:
            words = f"each label moved by one example {'back' if by > 0 else 'on'}"
            parts = moved[::2], moved[1::2]
            return [_Change(words, case._replace(training=parts[0], held=parts[1]))]
    return []


def _clustered(case: Case) -> _Change:
    kinds = len({tuple(y) for _, y in case.training})
    return _Change("labels that alike examples share", clusters(case, kinds))


def _order(facts: _Facts) -> Sign:
    case = facts.case
    if not case.classes:
        return None
    held = Counter(tuple(y) for _, y in case.held)
    missing = set(held) - {tuple(y) for _, y in case.training}
    lost = sum(held[y] for y in missing) / len(case.held)
    if lost > 0.1:
        return lost, f"{lost:.0%} of the test examples are of classes that are never trained."
    if case.shuffles:
        return None
    data, order = facts.run.data["training"], next_order(facts.run)[:2000]
    labels = [tuple(data[i][1]) for i in order]
    alike = sum(a == b for a, b in zip(labels, labels[1:])) / max(1, len(labels) - 1)
    expected = sum((count / len(labels)) ** 2 for count in Counter(labels).values())
    if alike <= expected + 0.25:
        return None
    return alike, f"{alike:.0%} of the examples come just after one of their own class."


def _shuffle(facts: _Facts, case: Case) -> list[_Change]:
    if not case.shuffles:
        return [_Change("the examples shuffled before each epoch", case._replace(shuffles=True))]
    every = [*case.training, *case.held]
    Random(0).shuffle(every)
    first = len(case.training)
    case = case._replace(training=every[:first], held=every[first:])
    return [_Change("training and test data shuffled together, and dealt out again", case)]


def _copies(facts: _Facts) -> Sign:
    data = facts.run.data
    name = "test" if "test" in data else "validation"
    if name not in data:
        return None
    seen = {tuple(x) for x, _ in spread(data["training"], 20_000)}
    held = [tuple(x) for x, _ in facts.case.held]
    share = sum(x in seen for x in held) / len(held)
    if share < 0.05 or len(set(held)) < 30:
        return None
    return share, f"{share:.0%} of the test examples are training examples too: the score flatters."


def _unlearn_copies(facts: _Facts, case: Case) -> list[_Change]:
    seen = {tuple(x): y for x, y in spread(facts.run.data["training"], 20_000)}
    copies = [each for each in facts.case.held if tuple(each[0]) in seen]
    left_out = {tuple(x) for x, _ in copies[::2] if len(copies) > 1}
    fewer = [(x, y) for x, y in case.training if tuple(x) not in left_out]
    held = [each for each in copies if tuple(each[0]) in left_out]
    learned = {tuple(x) for x, _ in fewer}
    fewer += [(Vector(x), seen[x]) for x in sorted(set(seen) - left_out - learned)]
    changed = case._replace(training=spread(fewer, len(case.training)), held=held)
    return [_Change("the copies not learnt", changed)]


# The settings.


def _step(facts: _Facts) -> float:
    """Return the length of a step of the weights, as a share of their own length."""
    case = facts.start
    network: Any = case.network
    batch = case.training[: min(case.settings.mini_batch_size, 100)]
    steps = _length(network.backprop_mini_batch(batch).weights)
    return case.settings.eta * steps / (_length(network.weights) or 1.0)


def _length(matrices: Sequence[Any]) -> float:
    return sqrt(sum(float(v) ** 2 for rows in matrices for row in rows for v in row))


def _learns_little(facts: _Facts) -> bool:
    return facts.learnt < 0.95


def _too_high(facts: _Facts) -> Sign:
    if not _learns_little(facts):
        return None
    step = _step(facts)
    return step, f"A step of the weights is {step:.2g} times as long as they are."


def _with_eta(case: Case, etas: Sequence[float]) -> list[_Change]:
    return [_Change(f"η = {eta:g}", case.changed(eta=eta), f"--eta {eta:g}") for eta in etas]


def _lower_eta(facts: _Facts, case: Case) -> list[_Change]:
    tried = 3.0, 0.5, 0.1, 0.02, 0.003, 0.0003
    return _with_eta(case, [eta for eta in tried if eta <= case.settings.eta / 3.0])


def _higher_eta(facts: _Facts, case: Case) -> list[_Change]:
    tried = 0.003, 0.02, 0.1, 0.5, 3.0
    return _with_eta(case, [eta for eta in tried if eta >= case.settings.eta * 3.0])


def _spread_weights(facts: _Facts) -> Sign:
    """Return how many times as wide as N(0, 1/√n) the first weights are, at most or at least."""
    network = facts.case.network
    shapes = network.plan.weight_shapes.values()
    times = [spread * sqrt(k) for spread, (_, k) in zip(spreads(network), shapes)]
    if not max(times) < 1e300:
        return None
    widest, least = max(times), min(times)
    if _all_alike(facts.case):
        return least, "All neurons of a layer have the same weights, and will keep them."
    if least >= 0.2 and widest <= 2.0:
        return None
    times_as_wide = least if least < 0.2 else widest
    return times_as_wide, f"First weights are {times_as_wide:.3g} times as wide as N(0, 1/√n)."


def _odd_weights(case: Case) -> bool:
    """Say whether no usual draw makes such weights: all alike in a layer, tiny or huge."""
    network: Any = case.network
    shapes = network.plan.weight_shapes.values()
    sizes = [(each, sqrt(k)) for each, (_, k) in zip(spreads(network), shapes)]
    far = any(not (0.2 / root <= each <= WIDEST) for each, root in sizes)
    return far or _all_alike(case)


def _all_alike(case: Case) -> bool:
    """Say whether a layer has neurons whose weights are all the same."""
    network: Any = case.network
    for matrix, width in zip(network._numbers()[1], spreads(network)):
        first, *others = matrix.rows
        far = (abs(v - u) for row in others for u, v in zip(first, row))
        if others and max(far) <= 1e-3 * width:  # rounding sets them apart
            return True
    return False


def _scale_weights(facts: _Facts, case: Case) -> list[_Change]:
    plan = case.network.plan
    again = (rebuilt(case, plan.layers, seed) for seed in (0, 1))
    return [_Change("first weights N(0, 1/√n)", each, "--init scaled") for each in again]


def _no_penalty(facts: _Facts, case: Case) -> list[_Change]:
    return [_Change("λ = 0", case.changed(lmbda=0.0), "--lmbda 0")]


def _penalty(facts: _Facts) -> Sign:
    lmbda = facts.run.settings.lmbda
    return (lmbda, f"λ = {lmbda:g} shrinks the weights faster than they learn.") if lmbda else None


def _momentum(facts: _Facts) -> Sign:
    mu = facts.run.settings.mu
    sentence = f"With μ = {mu:g} velocities grow beyond what the gradient says."
    return (mu, sentence) if mu > 0.9 or mu < 0.0 else None


def _no_momentum(facts: _Facts, case: Case) -> list[_Change]:
    return [_Change("μ = 0", case.changed(mu=0.0, nesterov=False), "--mu 0")]


# The neurons.


def _idle(facts: _Facts) -> tuple[float, float]:
    """Return the largest shares of a layer that are dead and saturated, now or after the trial."""
    states = [*_states(facts.case, facts.case.network), *_states(facts.case, facts.after.network)]
    dead = max((each.dead for each in states), default=0.0)
    L = facts.case.network.num_layers
    return dead, max((each.saturated for each in states if each.l < L), default=0.0)


def _states(case: Case, network: Any) -> list[LayerState]:
    """Return how each layer of a network is; nothing of one whose numbers are not finite."""
    if not network.is_finite():
        return []
    passed = [network.forward(x) for x, _ in spread(case.training, 50)]
    gradient = network.backprop_mini_batch(spread(case.training, 100))
    states = []
    for l in range(2, network.num_layers + 1):
        function = passed[0][l].function
        idle = 0.0
        if function != SOFTMAX:
            slopes = [[abs(function.derivative(float(z))) for z in each[l].z] for each in passed]
            largest = max(abs(function.derivative(z)) for z in (0.0, 1.0)) or 1.0
            small = [max(of_one) <= 0.05 * largest for of_one in zip(*slopes)]
            idle = sum(small) / len(small)
        dies = function != SOFTMAX and function.derivative(-1.0) == 0.0
        state = LayerState(l, network.sizes[l - 1], 0.0 if dies else idle, idle if dies else 0.0)
        if l in network.learning:
            i = network.learning.index(l)
            error = Vector(list(map(float, gradient.biases[i]))).norm()
            step = case.settings.eta * _length([gradient.weights[i]])
            state = state._replace(error=error, step=step / (_length([network.weights[i]]) or 1.0))
        states.append(state)
    return states


def _never(facts: _Facts) -> tuple[float, list[int]]:
    """Return the outputs that hardly ever win, and the share of examples that are theirs."""
    network = facts.after.network
    if not facts.case.classes or not network.is_finite():
        return 0.0, []
    confusion = network.answers(facts.case.held).confusion
    given = [sum(column) for column in zip(*confusion)]
    never = [j for j, row in enumerate(confusion) if 20 * given[j] < sum(row)]
    return sum(sum(confusion[j]) for j in never) / len(facts.case.held), never


def _saturated(facts: _Facts) -> Sign:
    if not _learns_little(facts):
        return None
    dead, saturated = _idle(facts)
    share, never = _never(facts)
    if dead >= 0.3:
        return None
    late = facts.case.budget >= LATE or len(facts.run.reports) >= facts.run.settings.epochs
    if never and late:
        outputs = f"output{'s' if len(never) > 1 else ''} {', '.join(map(str, never))}"
        return share, f"{share:.0%} of the examples are those of {outputs}, which hardly ever wins."
    if saturated < 0.2 or facts.without > 0.7:
        return None
    return saturated, f"{saturated:.0%} of a layer's neurons have a slope σ'(z) near 0 throughout."


def _dead(facts: _Facts) -> Sign:
    dead, _ = _idle(facts)
    if dead < 0.3 or not _learns_little(facts):
        return None
    return dead, f"{dead:.0%} of a layer's ReLU neurons have the slope 0 for all examples."


def _new_numbers(facts: _Facts, case: Case) -> list[_Change]:
    words = "new first weights and biases of the same kind"
    return [_Change(words, case, f"--seed {i + 1}", new) for i, new in enumerate(facts.new)]


def _vanishing(facts: _Facts) -> Sign:
    """Return how many times faster the last hidden layer learns than the first."""
    network: Any = facts.start.network
    if len(network.learning) < 4 or not network.is_finite() or not _learns_little(facts):
        return None
    lengths = speeds(network, facts.start.training[:100])
    times = lengths[-2] / lengths[0] if lengths[0] else float("inf")
    if times <= 5.0:
        return None
    return times, f"The last hidden layer learns {times:.3g} times faster than the first."


def _fewer_layers(facts: _Facts, case: Case) -> list[_Change]:
    layers = case.network.plan.layers
    shallow = rebuilt(case, [layers[0], layers[1], layers[-1]])
    return [_Change("one hidden layer", shallow)]


# More network than data.


def _overfits(facts: _Facts) -> Sign:
    done = len(facts.run.reports) >= facts.run.settings.epochs
    whole = len(facts.case.training) >= 0.7 * len(facts.run.order)  # else it may be the trial's
    long = whole and _longer(facts.run, facts.case) > 0.8
    shown = facts.after if whole and done or long else facts.now
    gap = shown.learnt - shown.score
    if gap < 0.08 or shown.learnt <= 0.8:
        return None
    return gap, f"{gap:.0%} fewer of the other examples are right than of those learnt."


def _penalise(facts: _Facts, case: Case) -> list[_Change]:
    n = len(case.training)
    shares = (lmbda for lmbda in (1e-3, 5e-3, 2e-2) if lmbda * n > case.settings.lmbda)
    changes = []
    for share in shares:
        lmbda = share * len(facts.run.order)
        words, instead = f"λ = {lmbda:.2g}", f"--lmbda {lmbda:.2g}"
        changes.append(_Change(words, case.changed(lmbda=share * n), instead))
    stopped = case._replace(budget=max(n, case.budget // 20))
    return [*changes, _Change("stopped early", stopped, "--patience 5")]


def _per_example(facts: _Facts) -> Sign:
    weights: int = facts.case.network.parameter_count()
    each = weights / len(facts.run.order)
    if each < 20.0 or facts.gap < 0.1:
        return None
    return each, f"There are {each:.0f} weights and biases for each training example."


def _more_data(facts: _Facts, case: Case) -> list[_Change]:
    more = [*case.training, *case.held[::2]]
    changed = case._replace(training=more, held=case.held[1::2])
    words = f"{len(more) - len(case.training)} more training examples"
    return [_Change(words, changed, "--expand both")]


CAUSES = (
    _Cause("order", 1, _order, _briefly, _shuffle, 0.05),
    _Cause("labels", 3, _labels, _as_it_is, _fit_labels, 0.04),
    _Cause("constant feature", 1, _constant, _briefly, _blank_constants, 0.05),
    _Cause("inputs", 1, _inputs, _briefly, _scale_inputs, 0.05),
    _Cause("momentum", 3, _momentum, _at_best, _no_momentum),
    _Cause("penalty too strong", 3, _penalty, _at_best, _no_penalty),
    _Cause("dead", 3, _dead, _as_it_is, _new_numbers, 0.2, 1.0),
    _Cause("saturated", 2, _saturated, _as_it_is, _new_numbers, 0.04, 1.0),
    _Cause("initial weights", 3, _spread_weights, _at_once, _scale_weights, 0.06),
    _Cause("vanishing gradient", 5, _vanishing, _at_best, _fewer_layers),
    _Cause("learning rate too high", 3, _too_high, _at_best, _lower_eta),
    _Cause("learning rate too low", 3, _too_high, _in_the_long_run, _higher_eta),
    _Cause("more network than data", 3, _per_example, _as_it_is, _more_data),
    _Cause("overfitting", 3, _overfits, _as_it_is, _penalise, 0.03),
)
COPIES = _Cause("duplicated test data", 3, _copies, _as_it_is, _unlearn_copies)
# What to try, with the change that did best, and a command: {train} is that of the run, changed.
_WORDS = {
    "order": ("shuffle the examples before they are dealt out, and before each epoch", "{train}"),
    "labels": ("look at examples beside their labels: {change}", "tinynn inspect confusion"),
    "constant feature": ("leave it out: {change}", "tinynn inspect weights"),
    "inputs": ("scale the inputs to 0 to 1: here, {change}", "tinynn show --digit 0"),
    "momentum": ("try {change}, or 0.9 with a smaller η", "{train}"),
    "penalty too strong": ("try a tenth of λ, or {change}", "{train}"),
    "dead": ("draw the first numbers again, with biases near 0", "{train}"),
    "saturated": ("draw the first numbers again", "{train}"),
    "initial weights": ("draw them from N(0, 1/√n)", "{train}"),
    "vanishing gradient": (
        "try fewer layers, or ReLU neurons",
        "tinynn lab vanishing --what-helps --seeds 1",
    ),
    "learning rate too high": ("try {change}", "{train}"),
    "learning rate too low": ("try {change}", "{train}"),
    "more network than data": ("try more data, or fewer neurons", "{train}"),
    "overfitting": ("try {change}", "{train}"),
    "duplicated test data": (
        "leave them out of the training data, or out of the test data",
        "{train}",
    ),
}


def diagnose(run: Union[Run, Path], data: Any = None) -> list[Finding]:
    """Return why a run does not learn: findings, the likeliest cause first; none if it is well.

    ``run`` is a Run of either engine, or the file of a checkpoint; ``data`` are then the data that
    it learns from, where the file does not name them. A cause is named only if undoing it clearly
    helps in a quick trial. The run stays as it is. Raises DataError, ArgumentError.

    >>> from tinynn import Network, Vector
    >>> xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    >>> run = Network([2, 4, 1], seed=1).train(xor, 1000, 4, 1e-6, test_data=xor, seed=0)
    >>> [finding.name for finding in diagnose(run)]
    ['learning rate too low']
    """
    if not isinstance(run, Run):
        return examined(*run_of(run, data)).findings
    if data is not None:
        raise ArgumentError("data goes with the file of a run only, as a run has its own")
    return examined(run).findings


def examined(run: Run, name: str = "") -> Diagnosis:
    """Return what is found, with every trial that was made and the state of each layer.

    ``name`` is that of the data, as ``--data`` takes it.
    """
    run._begun = True  # looked at: there is nothing to warn of when it is dropped
    facts = _facts(run, name)
    found, trials = [], []
    for cause in (COPIES, *CAUSES):
        room = 1.0 - facts.now.score >= cause.margin and 1.0 - facts.without >= cause.margin
        sign = cause.sign(facts) if room or cause is COPIES else None
        if sign is None:
            continue
        tried = _copies_tried(facts, sign) if cause is COPIES else _tried(facts, cause, sign)
        if tried is not None:
            trials.append(tried.finding)
            found += [tried] if tried.helps else []
    copies = [each for each in found if each.cause is COPIES]
    others = [each for each in found if each.cause is not COPIES]
    if others:
        top = max(each.finding.trial.with_it for each in others)
        others.sort(key=lambda each: each.finding.trial.with_it < top - ALIKE)
        others = others[:1] + [each for each in others[1:] if _adds(facts, others[0], each)]
    findings = [each.finding for each in [*copies, *others]]
    return Diagnosis(findings, trials, _states(facts.case, facts.case.network))


class _Tried(NamedTuple):
    cause: _Cause
    change: _Change
    finding: Finding
    helps: bool


def _tried(facts: _Facts, cause: _Cause, sign: tuple[float, str]) -> Optional[_Tried]:
    """Return what comes of undoing a cause, in the way that does best."""
    base = cause.without(facts)
    change, outcome = _best(cause.share or facts.short, cause.undo(facts, facts.start))
    if change is None:
        return None
    finding = _finding(cause, facts, sign, change, base, outcome.score)
    least = sign[0] / 6.0 if cause.sign is _overfits else (1.0 - base) / 4.0
    helps = _helps(base, outcome.score, cause.margin, least, len(change.case.held))
    return _Tried(cause, change, finding, helps)


def _best(share: float, changes: Sequence[_Change]) -> tuple[Any, Any]:
    """Return the change that does best, and its outcome."""
    best: tuple[Any, Any] = None, None
    for change in changes:
        outcome = change.outcome or learnt(change.case, share)
        if best[1] is None or outcome.score > best[1].score:
            best = change, outcome
    return best


def _helps(without: float, with_it: float, margin: float, least: float, examples: int) -> bool:
    """Say whether a change clearly helps: by the margin, by the least for it, and beyond luck."""
    gain = with_it - without
    p = (without + with_it) / 2.0
    luck = min(0.4, 2.0 * sqrt(2.0 * p * (1.0 - p) / examples))  # of a few: two of XOR's four
    return gain >= max(margin, luck, least)


def _adds(facts: _Facts, first: _Tried, other: _Tried) -> bool:
    """Say whether a second cause is there as well: undone too, it helps once more."""
    without = first.finding.trial.with_it
    if 1.0 - without < CLEAR or other.cause.undo is _new_numbers:
        return False
    both, outcome = _best(facts.short, other.cause.undo(facts, first.change.case))
    return both is not None and _helps(without, outcome.score, CLEAR, 0.0, len(both.case.held))


def _copies_tried(facts: _Facts, sign: tuple[float, str]) -> Optional[_Tried]:
    """Return how the score on copies falls when they are not learnt: then it flattered."""
    change = _unlearn_copies(facts, facts.start)[0]
    if not change.case.training or not change.case.held:
        return None
    left = learnt(change.case).score
    every = spread([*change.case.training, *change.case.held], 2 * len(facts.case.training))
    kept = learnt(change.case._replace(training=every)).score
    kept = max(kept, score(facts.case.network, change.case))
    return _Tried(COPIES, change, _finding(COPIES, facts, sign, change, kept, left), left < kept)


def _finding(
    cause: _Cause,
    facts: _Facts,
    sign: tuple[float, str],
    change: _Change,
    without: float,
    score: float,
) -> Finding:
    words = {"change": change.words, "train": command_of(facts, change.instead)}
    advice, command = (text.format(**words) for text in _WORDS[cause.name])
    trial = Trial(change.words, without, score, len(change.case.held))
    number, sentence = sign
    return Finding(cause.name, sentence, number, cause.chapter, advice, command, trial)


def _facts(run: Run, name: str = "") -> _Facts:
    case = case_of(run)
    begun = bool(run.reports) or not case.network.is_finite()
    at = score(case.network, case)
    now = Outcome(at, score(case.network, case, "training"), case.network)
    if not case.network.is_finite():
        now = Outcome(0.0, 0.0, case.network)
    done = len(run.reports) >= run.settings.epochs
    after = now
    if case.network.is_finite() and at < 1.0 - CLEAR:
        whole = len(case.training) >= 0.7 * len(run.order)
        share = min(3.0, max(1.0, _longer(run, case))) if whole else 1.0
        after = learnt(case, 0.5 if done else share, rng_of(run))
    without = max(now.score, after.score) if done else after.score
    new: list[Outcome] = []
    start = fresh(case, Random(0), begun, True) if begun else case
    usual = not _odd_weights(case)
    if without < 0.96 and max(now.learnt, after.learnt) < 0.95 and usual:
        cases = [fresh(case, Random(seed), begun) for seed in (0, 1)]
        new = [learnt(each, 1.0) for each in cases]
        if begun:
            start = cases[0] if new[0].score >= new[1].score else cases[1]
    return _Facts(run, case, start, begun, now, after, new, without, name, [])


def _longer(run: Run, case: Case) -> float:
    """Return how many times as many steps a run has in all its epochs as the longest trial."""
    steps = run.settings.epochs * -(-len(run.order) // run.settings.mini_batch_size)
    return steps / (case.budget / min(case.settings.mini_batch_size, 100))


# Files and commands.


def run_of(path: Path, data: Any = None) -> tuple[Run, str]:
    """Return the run that a file keeps, and the name of its data: else those given, or digits.

    Raises DataError for a file that holds no run, or for other data than the run's.
    """
    if isinstance(path, Run) or not isinstance(path, (str, os.PathLike)):
        expected = f"expected a run, or the file of one, got {describe(path)}"
        raise ArgumentError(f"run: {expected}: write diagnose(net.train(…))")
    saved = read_network(path)
    if not isinstance(saved.run, dict):
        raise DataError(f"{path} holds a network, but no run: keep one with tinynn train --save")
    kept = saved.run.get("about")
    about = kept if isinstance(kept, dict) else {}
    if data is None:
        try:
            data = data_named(about.get("data", "digits"))
            seed, share = int(about.get("seed", "0")), float(about.get("wrong labels", "0"))
            training = data.training.with_wrong_labels(share, seed=seed) if share else data.training
            kind = about.get("expand", "no")
            training = training if kind == "no" else expanded(training, kind, seed=seed)
        except (TinyNNError, OSError, TypeError, ValueError) as error:
            raise DataError(f"{path}: the data of this run is gone: {error}") from None
        data = data._replace(training=training)
    fast = saved.run.get("engine") != Network._engine["engine"]
    engine = import_module("tinynn.fast").Network if fast else Network
    return engine.resume(path, data), about.get("data", "")


def command_of(facts: _Facts, instead: str = "") -> str:
    """Return the command that trains such a network, with another option instead."""
    run, network = facts.run, facts.case.network
    options = {
        "--data": facts.name or ("mnist" if network.sizes[0] == 784 else ""),
        "--layers": ", ".join(map(repr, network.layers[1:])),
        "--cost": network.cost.name,
        "--mini-batch-size": f"{run.settings.mini_batch_size}",
        "--eta": f"{run.eta:g}",
        "--lmbda": f"{run.settings.lmbda:g}" if run.settings.lmbda else "",
        "--mu": f"{run.settings.mu:g}" if run.settings.mu else "",
    }
    name, _, value = instead.partition(" ")
    options[name] = value
    words = [word for name, value in options.items() if value for word in (name, value)]
    return " ".join(map(shlex.quote, ["tinynn", "train", *words]))
