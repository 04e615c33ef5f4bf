"""How well the labels of examples agree with the labels of the nearest other examples."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from math import dist
from operator import eq
from random import Random
from typing import Any, NamedTuple

from tinynn.experiments.trials import Case, Examples, columns_scaled, spread
from tinynn.linalg import Vector
from tinynn.training.examples import Example

NEAR = 400  # examples whose neighbours are looked for

Label = tuple[float, ...]


class Neighbours:
    """Examples that give a label to others: the commonest label among the nearest five."""

    def __init__(self, examples: Examples) -> None:
        self.points = [tuple(x) for x, _ in examples]
        self.labels = [tuple(y) for _, y in examples]

    def label(self, x: Iterable[float], but: int = -1) -> Label:
        """Return the commonest label of the examples nearest to x, without example ``but``."""
        point = tuple(x)
        far = sorted((dist(point, each), i) for i, each in enumerate(self.points) if i != but)[:5]
        return Counter(self.labels[i] for _, i in far).most_common(1)[0][0]

    def own(self) -> list[Label]:
        """Return, for each of the examples, the label that the others give it."""
        return [self.label(x, i) for i, x in enumerate(self.points)]


def agreement(labels: Sequence[Label], examples: Examples) -> float:
    """Return the share of examples whose own label equals the one in ``labels``."""
    alike: int = sum(map(eq, labels, (tuple(y) for _, y in examples)))
    return alike / len(examples)


def labelled(examples: Examples, labels: Iterable[Label]) -> list[Example]:
    """Return the examples with ``labels`` in place of their own."""
    return [(x, Vector(y)) for (x, _), y in zip(examples, labels)]


class Agreement(NamedTuple):
    """The shares of labels that agree with the nearest examples', and changes to raise them.

    ``shares`` are those of training examples among themselves, of held examples among themselves,
    and of held examples by the nearest training examples; ``chance`` is the share of the commonest
    label. Each of ``ways`` is a description, with the parts of a case that it replaces.
    """

    shares: tuple[float, float, float]
    chance: float
    ways: list[tuple[str, dict[str, Any]]]


def agreement_of(case: Case) -> Agreement:
    """Compare labels with those of the nearest examples; list changes that make them agree."""
    few = NEAR if len(case.training[0][0]) <= 100 else NEAR // 2
    plain = columns_scaled(case)
    training, held = spread(plain.training, few), spread(plain.held, few // 2)
    near = Neighbours(training)
    own_labels, crossed = near.own(), [near.label(x) for x, _ in held]
    own, cross = agreement(own_labels, training), agreement(crossed, held)
    held_own = agreement(Neighbours(held).own(), held)
    small = spread(case.training, few)
    ways: list[tuple[str, dict[str, Any]]] = []
    if min(own, held_own) - cross > 0.25 or held_own - own > 0.25:
        half = Neighbours(plain.held[::2])
        again = labelled(small, [half.label(x) for x, _ in training])
        words = "training labels as the nearest held examples have them"
        ways.append((words, {"training": again, "held": case.held[1::2]}))
    if own - held_own > 0.25:
        words = "test labels as the nearest training examples have them"
        ways.append((words, {"held": labelled(spread(case.held, few // 2), crossed)}))
    if cross - own > 0.06:
        words = "training labels as most of the nearest examples have them"
        ways.append((words, {"training": labelled(small, own_labels)}))
    common = Counter(tuple(y) for _, y in training).most_common(1)[0][1]
    return Agreement((own, held_own, cross), common / len(training), ways)


def clusters(case: Case, count: int) -> Case:
    """Return a case relabelled by k-means: the label is the nearest of ``count`` means."""
    points = [tuple(x) for x, _ in case.training]
    means = [list(each) for each in Random(0).sample(points, count)]

    def nearest(point: Iterable[float]) -> int:
        return min(range(count), key=lambda k: dist(tuple(point), means[k]))

    for _ in range(8):
        near = [nearest(point) for point in points]
        for k in range(count):
            own = [point for point, at in zip(points, near) if at == k]
            means[k] = [sum(column) / len(own) for column in zip(*own)] if own else means[k]

    def into(x: Vector, y: Vector) -> Example:
        k = nearest(x)
        return x, Vector.one_hot(k, count) if len(y) > 1 else Vector([float(k)])

    return case.mapped(into)
