"""The causes of trouble: for each its sign, the changes that undo it, and the advice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from math import inf, sqrt
from random import Random
from typing import Any, NamedTuple, Optional

from tinynn.experiments import trials
from tinynn.experiments.facts import CLEAR, Facts, length
from tinynn.experiments.labels import Neighbours, agreement, clusters
from tinynn.experiments.trials import Case, Outcome, Range
from tinynn.linalg import Vector
from tinynn.vanishing import speeds

FEW = 1000  # examples whose inputs are looked at
LATE = 10_000  # examples after which an output that never won will not win soon
MANY = 20_000  # training examples among which copies are looked for


class Change(NamedTuple):
    """One way to undo a cause: a description, the changed case, the option of the command."""

    words: str
    case: Case
    instead: str = ""
    outcome: Optional[Outcome] = None  # if it is known already


Sign = Optional[tuple[float, str]]  # a symptom's number and sentence; None if there is none


class Cause(NamedTuple):
    """A cause: its sign, and the ways to undo it, one of which has to help.

    ``without`` returns the score without the change; the change has to exceed it by ``margin``.
    ``share`` is the length of the trial as a share of the longest one, or 0 for a short trial.
    """

    name: str
    chapter: int
    sign: Callable[[Facts], Sign]
    undo: Callable[[Facts, Case], list[Change]]
    without: Callable[[Facts], float]
    margin: float = CLEAR
    share: float = 0.0


# The data.


def _inputs(facts: Facts) -> Sign:
    training, held = _largest(facts.case.training), _largest(facts.case.held)
    largest = max(training, held)
    if largest > 3.0 * min(training, held) or _moved(facts.case):
        return largest, f"Training inputs reach {training:.4g}, test inputs {held:.4g}."
    values = [v for x, _ in trials.spread(facts.case.training, FEW) for v in x]
    if not 0.1 <= sqrt(sum(v * v for v in values) / len(values)) <= 2.0:
        return largest, f"Inputs reach {largest:.4g}, and should be between 0 and 1."
    widths = sorted(high - low for low, high in _columns(facts.case) if high > low) or [0.0]
    narrow, widest = widths[len(widths) // 4], widths[-1]
    if widest <= 50.0 * narrow:
        return None
    return largest, f"One input varies {widest / narrow:.3g} times as much as another."


def _moved(case: Case) -> bool:
    """Return whether the means of most inputs differ between the training and the held data.

    They differ if they are further apart than the input's standard deviation in training.
    """
    few = (trials.moments(trials.spread(each, FEW)) for each in (case.training, case.held))
    far = [abs(m - n) > s for (m, s), (n, _) in zip(*few) if s > 0.0]
    return 2 * far.count(True) > len(far)


def _largest(examples: Sequence[Any]) -> float:
    return float(max(abs(v) for x, _ in trials.spread(examples, FEW) for v in x))


def _columns(case: Case) -> list[Range]:
    return trials.ranges(trials.spread(case.training, FEW))


def _scale_inputs(facts: Facts, case: Case) -> list[Change]:
    columns = [each for each in _columns(case) if each[1] > each[0]] or [(0.0, 1.0)]
    low, high = min(low for low, _ in columns), max(high for _, high in columns)
    low = 0.0 if 0.0 <= low < 0.1 * high else low
    words = f"less {low:g}, divided by {high - low:g}" if low else f"divided by {high:g}"
    training, held = _largest(case.training), _largest(case.held)
    own = not (training and 1 / 3 < held / training < 3)
    apart = own or _moved(case)
    as_training = "the test inputs scaled as the training inputs are"
    n = len(case.training[0][0])
    whole = trials.scaled(case, [(low, high)] * n, [(low, held if own else high)] * n)
    changes = [
        Change(as_training if own else words, whole),
        Change("each scaled to 0 to 1 over the training data", trials.columns_scaled(case, apart)),
    ]
    if apart:
        alike, network = trials.matched(case), facts.case.network
        known = Outcome(trials.score(network, alike), 0.0, network) if facts.begun else None
        changes.insert(0, Change(as_training, alike, outcome=known))
    return changes


def _constant(facts: Facts) -> Sign:
    columns = _columns(facts.case)
    same = [low for low, high in columns if low == high and abs(low) > 1.0]
    if not same or len(same) == len(columns):
        return None
    value = max(same, key=abs)
    return value, f"An input is {value:.4g} in all examples: it says nothing, and dominates z."


def _blank_constants(facts: Facts, case: Case) -> list[Change]:
    same = {i: low for i, (low, high) in enumerate(_columns(case)) if low == high}

    def blank(x: Vector, y: Vector) -> Any:
        return Vector.wrap([0.0 if i in same else v for i, v in enumerate(x)]), y

    shown = [i for i, value in same.items() if abs(value) > 1.0]
    names = ", ".join(str(i + 1) for i in shown[:3]) + ", …" * (len(shown) > 3)
    return [Change(f"input {names} set to 0", case.mapped(blank))]


def _labels(facts: Facts) -> Sign:
    if not facts.case.classes:
        return _reach(facts)
    found = facts.agreement
    random = max(found.shares) < found.chance + 0.15 and facts.learnt < 0.9
    if found.ways or random:
        share = 1.0 - min(found.shares)
        return share, f"{share:.0%} of the labels are not those of the nearest examples."
    return _reach(facts)


_REACHED = {"sigmoid": (0.0, 1.0), "softmax": (0.0, 1.0), "tanh": (-1.0, 1.0), "relu": (0.0, inf)}


def _reach(facts: Facts) -> Sign:
    """Return the largest desired output that is out of reach, with a sentence, or None."""
    low, high = _REACHED.get(facts.case.network.plan.output_function.name, (-inf, inf))
    far = [v for _, y in facts.case.training for v in y if not low <= v <= high]
    value = max(far, key=abs, default=0.0)
    return (value, f"A desired output is {value:.4g}, which no output reaches.") if far else None


def _fit_labels(facts: Facts, case: Case) -> list[Change]:
    if _reach(facts) is not None:
        values = [v for _, y in [*case.training, *case.held] for v in y]
        low, high = min(values), max(values)

        def into(x: Vector, y: Vector) -> Any:
            return x, Vector([(v - low) / (high - low) for v in y])

        return [Change("desired outputs scaled to 0 to 1", case.mapped(into))]
    if facts.agreement.ways:
        here = facts.case._replace(network=case.network, settings=case.settings)
        return [Change(words, here._replace(**parts)) for words, parts in facts.agreement.ways]
    kinds = len({tuple(y) for _, y in case.training})
    shared = Change("labels that similar examples share", clusters(case, kinds))
    return [*_moved_labels(facts, case), shared]


def _moved_labels(facts: Facts, case: Case) -> list[Change]:
    """Return the change that moves each label by one example, if the labels then agree, or []."""
    data, n = facts.run.data["training"], len(facts.run.data["training"])
    places = [i * n // min(n, 300) for i in range(min(n, 300))]
    for by, way in ((1, "back"), (-1, "on")):
        moved: Any = [(data[i][0], data[(i + by) % n][1]) for i in places]
        plain = trials.columns_scaled(case._replace(training=moved))
        if agreement(Neighbours(plain.training).own(), moved) > 0.6:
            parts = case._replace(training=moved[::2], held=moved[1::2])
            return [Change(f"each label moved by one example {way}", parts)]
    return []


def _order(facts: Facts) -> Sign:
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
    data, order = facts.run.data["training"], trials.next_order(facts.run)[:2000]
    labels = [tuple(data[i][1]) for i in order]
    alike = sum(a == b for a, b in zip(labels, labels[1:])) / max(1, len(labels) - 1)
    expected = sum((count / len(labels)) ** 2 for count in Counter(labels).values())
    if alike <= expected + 0.25:
        return None
    return alike, f"{alike:.0%} of the examples come just after one of their own class."


def _shuffle(facts: Facts, case: Case) -> list[Change]:
    if not case.shuffles:
        return [Change("the examples shuffled before each epoch", case._replace(shuffles=True))]
    every = [*case.training, *case.held]
    Random(0).shuffle(every)
    first = len(case.training)
    case = case._replace(training=every[:first], held=every[first:])
    return [Change("training and test data shuffled together, and dealt out again", case)]


def _learnt_from(facts: Facts) -> dict[tuple[float, ...], Vector]:
    return {tuple(x): y for x, y in trials.spread(facts.run.data["training"], MANY)}


def _copies(facts: Facts) -> Sign:
    if not {"test", "validation"} & set(facts.run.data):
        return None
    seen = _learnt_from(facts)
    held = [tuple(x) for x, _ in facts.case.held]
    share = sum(x in seen for x in held) / len(held)
    if share < 0.05 or len(set(held)) < 30:
        return None
    return share, f"{share:.0%} of the test examples are training examples too: the score flatters."


def _unlearn_copies(facts: Facts, case: Case) -> list[Change]:
    seen = _learnt_from(facts)
    copies = [each for each in facts.case.held if tuple(each[0]) in seen]
    left_out = {tuple(x) for x, _ in copies[::2] if len(copies) > 1}
    fewer = [(x, y) for x, y in case.training if tuple(x) not in left_out]
    held = [each for each in copies if tuple(each[0]) in left_out]
    learned = {tuple(x) for x, _ in fewer}
    fewer += [(Vector(x), seen[x]) for x in sorted(set(seen) - left_out - learned)]
    changed = case._replace(training=trials.spread(fewer, len(case.training)), held=held)
    return [Change("without the copies", changed)]


# The settings.


def _steps(facts: Facts) -> Sign:
    if not facts.learns_little:
        return None
    case = facts.start
    network: Any = case.network
    batch = case.training[: min(case.settings.mini_batch_size, 100)]
    gradient = length(network.backprop_mini_batch(batch).weights)
    step = case.settings.eta * gradient / (length(network.weights) or 1.0)
    return step, f"A step of the weights is {step:.2g} times as long as they are."


def _lower_eta(facts: Facts, case: Case) -> list[Change]:
    tried = 3.0, 0.5, 0.1, 0.02, 0.003, 0.0003
    return _with_eta(case, [eta for eta in tried if eta <= case.settings.eta / 3.0])


def _higher_eta(facts: Facts, case: Case) -> list[Change]:
    tried = 0.003, 0.02, 0.1, 0.5, 3.0
    return _with_eta(case, [eta for eta in tried if eta >= case.settings.eta * 3.0])


def _with_eta(case: Case, etas: Sequence[float]) -> list[Change]:
    return [Change(f"η = {eta:g}", case.changed(eta=eta), f"--eta {eta:g}") for eta in etas]


def _spread_weights(facts: Facts) -> Sign:
    """Return how many times as wide as N(0, 1/√n) a layer's weights are, with a sentence.

    It is the narrowest layer's if that is below 0.2, else the widest's; None if all are usual.
    """
    network = facts.case.network
    shapes = network.plan.weight_shapes.values()
    times = [width * sqrt(k) for width, (_, k) in zip(trials.spreads(network), shapes)]
    widest, least = max(times), min(times)
    if not widest < 1e300:
        return None
    if trials.are_alike(network):
        return least, "All neurons of a layer have the same weights, and will keep them."
    if least >= 0.2 and widest <= 2.0:
        return None
    far = least if least < 0.2 else widest
    return far, f"First weights are {far:.3g} times as wide as N(0, 1/√n)."


def _scale_weights(facts: Facts, case: Case) -> list[Change]:
    again = (trials.rebuilt(case, case.network.layers, seed) for seed in (0, 1))
    return [Change("first weights N(0, 1/√n)", each, "--init scaled") for each in again]


def _penalty(facts: Facts) -> Sign:
    lmbda = facts.run.settings.lmbda
    return (lmbda, f"λ = {lmbda:g} shrinks the weights faster than they learn.") if lmbda else None


def _no_penalty(facts: Facts, case: Case) -> list[Change]:
    return [Change("λ = 0", case.changed(lmbda=0.0), "--lmbda 0")]


def _momentum(facts: Facts) -> Sign:
    mu = facts.run.settings.mu
    sentence = f"With μ = {mu:g} velocities grow beyond what the gradient says."
    return (mu, sentence) if mu > 0.9 or mu < 0.0 else None


def _no_momentum(facts: Facts, case: Case) -> list[Change]:
    return [Change("μ = 0", case.changed(mu=0.0, nesterov=False), "--mu 0")]


# The neurons.


def _saturated(facts: Facts) -> Sign:
    dead, saturated = facts.idle
    if dead >= 0.3 or not facts.learns_little:
        return None
    share, never = _never(facts)
    if never and (facts.case.budget >= LATE or facts.done):
        outputs = f"output{'s' if len(never) > 1 else ''} {', '.join(map(str, never))}"
        return share, f"{share:.0%} of the examples are those of {outputs}, which hardly ever wins."
    if saturated < 0.2 or facts.without > 0.7:
        return None
    return saturated, f"{saturated:.0%} of a layer's neurons have a slope σ'(z) near 0 throughout."


def _never(facts: Facts) -> tuple[float, list[int]]:
    """Return the share of examples whose output hardly ever wins, and these outputs."""
    network = facts.after.network
    if not facts.case.classes or not network.is_finite():
        return 0.0, []
    confusion = network.answers(facts.case.held).confusion
    given = [sum(column) for column in zip(*confusion)]
    never = [j for j, row in enumerate(confusion) if 20 * given[j] < sum(row)]
    return sum(sum(confusion[j]) for j in never) / len(facts.case.held), never


def _dead(facts: Facts) -> Sign:
    dead, _ = facts.idle
    if dead < 0.3 or not facts.learns_little:
        return None
    return dead, f"{dead:.0%} of a layer's ReLU neurons have the slope 0 for all examples."


def _new_numbers(facts: Facts, case: Case) -> list[Change]:
    words = "new first weights and biases of the same kind"
    return [Change(words, case, f"--seed {i + 1}", new) for i, new in enumerate(facts.new)]


def _vanishing(facts: Facts) -> Sign:
    """Return how many times faster the last hidden layer learns than the first, or None."""
    network: Any = facts.start.network
    if len(network.learning) < 4 or not network.is_finite() or not facts.learns_little:
        return None
    lengths = speeds(network, facts.start.training[:100])
    times = lengths[-2] / lengths[0] if lengths[0] else inf
    if times <= 5.0:
        return None
    return times, f"The last hidden layer learns {times:.3g} times faster than the first."


def _fewer_layers(facts: Facts, case: Case) -> list[Change]:
    first, second, *_, last = case.network.layers
    return [Change("one hidden layer", trials.rebuilt(case, [first, second, last]))]


# More network than data.


def _overfits(facts: Facts) -> Sign:
    in_the_end = facts.is_whole and (facts.done or facts.longer > 0.8)  # else it may be the trial's
    shown = facts.after if in_the_end else facts.now
    gap = shown.learnt - shown.score
    if gap < 0.08 or shown.learnt <= 0.8:
        return None
    return gap, f"{gap:.0%} fewer of the other examples are right than of those learnt."


def _penalise(facts: Facts, case: Case) -> list[Change]:
    n = len(case.training)
    changes = []
    for share in (1e-3, 5e-3, 2e-2):
        if share * n > case.settings.lmbda:
            lmbda = f"{share * len(facts.run.order):.2g}"
            changed = case.changed(lmbda=share * n)
            changes.append(Change(f"λ = {lmbda}", changed, f"--lmbda {lmbda}"))
    stopped = case._replace(budget=max(n, case.budget // 20))
    return [*changes, Change("stopped early", stopped, "--patience 5")]


def _per_example(facts: Facts) -> Sign:
    shown = max(facts.now, facts.after, key=lambda each: each.learnt)
    each = facts.case.network.parameter_count() / len(facts.run.order)
    if each < 20.0 or shown.learnt - shown.score < 0.1:
        return None
    return each, f"There are {each:.0f} weights and biases for each training example."


def _more_data(facts: Facts, case: Case) -> list[Change]:
    more = [*case.training, *case.held[::2]]
    changed = case._replace(training=more, held=case.held[1::2])
    words = f"{len(more) - len(case.training)} more training examples"
    return [Change(words, changed, "--expand both")]


def _as_it_is(facts: Facts) -> float:
    return facts.without


CAUSES = (
    Cause("order", 1, _order, _shuffle, Facts.briefly, 0.05),
    Cause("labels", 3, _labels, _fit_labels, _as_it_is, 0.04),
    Cause("constant feature", 1, _constant, _blank_constants, Facts.briefly, 0.05),
    Cause("inputs", 1, _inputs, _scale_inputs, Facts.briefly, 0.05),
    Cause("momentum", 3, _momentum, _no_momentum, Facts.at_best),
    Cause("penalty too strong", 3, _penalty, _no_penalty, Facts.at_best),
    Cause("dead", 3, _dead, _new_numbers, _as_it_is, 0.2, 1.0),
    Cause("saturated", 2, _saturated, _new_numbers, _as_it_is, 0.04, 1.0),
    Cause("initial weights", 3, _spread_weights, _scale_weights, Facts.at_once, 0.06),
    Cause("vanishing gradient", 5, _vanishing, _fewer_layers, Facts.at_best),
    Cause("learning rate too high", 3, _steps, _lower_eta, Facts.at_best),
    Cause("learning rate too low", 3, _steps, _higher_eta, Facts.in_the_long_run),
    Cause("more network than data", 3, _per_example, _more_data, _as_it_is),
    Cause("overfitting", 3, _overfits, _penalise, _as_it_is, 0.03),
)
COPIES = Cause("duplicated test data", 3, _copies, _unlearn_copies, _as_it_is)
# What to try, with the change that did best, and a command: {train} is that of the run, changed.
ADVICE = {
    "order": ("shuffle the examples before they are dealt out, and before each epoch", "{train}"),
    "labels": ("look at examples beside their labels: {change}", "tinynn inspect confusion"),
    "constant feature": ("leave it out: {change}", "tinynn inspect weights"),
    "inputs": ("scale the inputs to 0 to 1: here, {change}", "tinynn show --digit 0"),
    "momentum": ("try {change}, or 0.9 with a smaller η", "{train}"),
    "penalty too strong": ("try a tenth of λ, or {change}", "{train}"),
    "dead": ("draw the first weights again, with biases near 0", "{train}"),
    "saturated": ("draw the first weights and biases again", "{train}"),
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
