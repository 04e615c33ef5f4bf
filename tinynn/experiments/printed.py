"""Results that the book prints with unknown seeds, compared with ours over many seeds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple, Optional

from tinynn.datasets import DataSet
from tinynn.errors import require_count
from tinynn.model import Model
from tinynn.training import Run
from tinynn.training.run import OnMiniBatch

MINI_BATCH, SEEDS = 10, 10
BEST_OF_THREE = "best epoch of the best of three runs"
BEST, LAST = "best epoch", "last epoch"
UNSAID = "the book does not say which epoch"


class Printed(NamedTuple):
    """A result of the book: its settings, the printed percentage, and the epoch that it belongs to.

    ``of`` is the measured set. ``seconds`` is the time of one seed with NumPy on one core.
    """

    name: str
    chapter: int
    percent: float
    what: str
    sizes: tuple[int, ...] = (784, 30, 10)
    cost: str = "quadratic"
    eta: float = 3.0
    lmbda: float = 0.0
    epochs: int = 30
    of: str = "test"
    seconds: int = 15
    init: str = "large"


_WIDE = 784, 100, 10
_ENTROPY = "cross-entropy"
_HELD = "validation"
_DEEP = Printed("", 5, 0.0, UNSAID, cost=_ENTROPY, eta=0.1, lmbda=5.0, of=_HELD, init="scaled")
_DEPTHS = tuple(
    _DEEP._replace(
        name=f"{hidden} hidden layer{'s' * (hidden > 1)} of 30",
        percent=percent,
        sizes=(784, *[30] * hidden, 10),
        seconds=15 + 5 * hidden,
    )
    for hidden, percent in enumerate((96.48, 96.90, 96.57, 96.53), start=1)
)
PRINTED = (
    Printed("784-30-10, η = 3", 1, 95.42, BEST_OF_THREE),
    Printed("784-100-10, η = 3", 1, 96.59, BEST_OF_THREE, _WIDE, seconds=40),
    Printed("784-100-10, η = 0.001", 1, 21.42, LAST, _WIDE, eta=0.001, seconds=40),
    Printed("784-30-10, η = 100", 1, 9.82, LAST, eta=100.0),
    Printed("784-30-10, cross-entropy", 3, 95.49, UNSAID, cost=_ENTROPY, eta=0.5),
    Printed("784-100-10, cross-entropy", 3, 96.82, UNSAID, _WIDE, _ENTROPY, 0.5, seconds=40),
    Printed("784-100-10, λ = 5", 3, 97.92, UNSAID, _WIDE, _ENTROPY, 0.5, 5.0, 30, _HELD, 40),
    Printed(
        "784-100-10, λ = 5, η = 0.1", 3, 98.04, UNSAID, _WIDE, _ENTROPY, 0.1, 5.0, 60, _HELD, 80
    ),
    *_DEPTHS,
)


class Seeded(NamedTuple):
    """The result of one seed: the percentage of right answers."""

    name: str
    seed: int
    percent: float


def seeded(
    row: Printed,
    data: DataSet,
    engine: type[Model],
    seed: int,
    epochs: Optional[int] = None,
    on_mini_batch: Optional[OnMiniBatch] = None,
) -> Seeded:
    """Train with one seed, and return the percentage of its best epoch, or of its last one.

    It measures only the set that the book measures. ``epochs`` limits the number of epochs.
    """
    epochs = row.epochs if epochs is None else min(row.epochs, require_count("epochs", epochs))
    network = engine(row.sizes, seed=seed, cost=row.cost, init=row.init)
    measured = data.test if row.of == "test" else data.validation
    run: Run = network.train(
        data.training,
        epochs,
        MINI_BATCH,
        row.eta,
        row.lmbda,
        test_data=measured,
        seed=seed,
        on_mini_batch=on_mini_batch,
    )
    right = [report.correct or 0 for report in run]
    counted = right[-1] if row.what == LAST else max(right)
    return Seeded(row.name, seed, 100.0 * counted / len(measured))


def table(found: Sequence[Seeded]) -> Iterator[tuple[Printed, int, float, float, float]]:
    """Yield each result that has run: the number of seeds, and their best, median and worst.

    >>> two = [Seeded("784-30-10, η = 3", 0, 95.2), Seeded("784-30-10, η = 3", 1, 94.8)]
    >>> [(row.percent, *ours) for row, *ours in table(two)]
    [(95.42, 2, 95.2, 95.0, 94.8)]
    """
    for row in PRINTED:
        percents = [each.percent for each in found if each.name == row.name]
        if percents:
            yield row, len(percents), max(percents), median(percents), min(percents)
