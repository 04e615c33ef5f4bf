"""A training run: epochs of mini-batches in a new random order, and a report after each."""

from __future__ import annotations

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from math import isfinite, isnan
from time import perf_counter
from typing import Any, NamedTuple, Optional

from tinynn.costs import Cost
from tinynn.errors import (
    ArgumentError,
    DivergenceError,
    describe,
    require_count,
    require_function,
    require_positive,
)
from tinynn.files import FilePath
from tinynn.layers.descriptions import Plan
from tinynn.notebook import beside, curve, titled
from tinynn.randomness import Masks, RandomSource
from tinynn.training.checkpoint import Checkpoint, Fingerprint, fingerprint, generator_kind
from tinynn.training.examples import Example
from tinynn.training.reports import EpochReport, OnScored, Progress, Score, reports_table
from tinynn.training.settings import Momentum, Settings

OnMiniBatch = Callable[[Progress], object]


class Learner(ABC):
    """What a run trains: a network, whose engine holds the numbers and learns."""

    @property
    @abstractmethod
    def plan(self) -> Plan:
        """The network's structure without its numbers: the layers and their shapes."""

    @property
    @abstractmethod
    def cost(self) -> Cost:
        """The cost of one example."""

    @abstractmethod
    def forward(self, x: Any) -> Any:
        """Return z, a and σ of each layer, by layer number."""

    @abstractmethod
    def is_finite(self) -> bool:
        """Return whether every weight and bias is a finite number."""

    @abstractmethod
    def momentum(self, mu: float, nesterov: bool = False) -> Momentum:
        """Return a momentum with velocities of 0."""

    @abstractmethod
    def _prepare(self, name: str, examples: Sequence[Example]) -> Any:
        """Check examples, and return them in the form that ``_learn`` and ``_score`` take.

        Raises DataError or ShapeError that names the first example that does not fit.
        """

    @abstractmethod
    def _learn(
        self,
        prepared: Any,
        order: Sequence[int],
        settings: Settings,
        momentum: Optional[Momentum],
        masks: Masks,
    ) -> Iterator[int]:
        """Learn from mini-batches in this order. Now and then yield the number of examples done."""

    @abstractmethod
    def _score(self, prepared: Any, on_scored: Optional[OnScored] = None) -> Score:
        """Return the number of right answers, the number of examples and the cost (6).

        ``on_scored`` is called now and then with the number of examples done.
        """

    @abstractmethod
    def _penalised(self, score: Score, lmbda: float, n: int, penalty: str) -> Score:
        """Return the score with the penalty added to its cost: (87) or (95)."""

    @abstractmethod
    def _snapshot(self, of: Any = None) -> Any:
        """Return a copy of all weights and biases, or of a snapshot, in the engine's own form."""

    @abstractmethod
    def _restore(self, snapshot: Any) -> None:
        """Set the weights and biases to those of a snapshot."""

    @abstractmethod
    def _write(self, path: FilePath, snapshot: Any, checkpoint: Checkpoint) -> None:
        """Write a file with the weights and biases of a snapshot, and a checkpoint."""


class _Moment(NamedTuple):
    """The state of a run between two reports."""

    weights: Any  # a snapshot of the network
    velocity: Any  # a snapshot of the momentum, or None
    order: list[int]
    state: Any  # of the generator; None if it has no getstate()
    eta: float
    reports: tuple[EpochReport, ...]


class Run(Iterator[EpochReport]):
    """A training run. Iterating it trains the network, and yields an EpochReport per epoch.

    You can read ``network``, ``settings``, ``reports`` (so far) and ``order``, and set ``eta``,
    the learning rate of the next epoch. ``rewind`` undoes an interrupted epoch; the next report
    starts it again. Raises DivergenceError, in place of a report, once a weight leaves the range
    of floats.

    >>> from tinynn import Network, Vector
    >>> xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    >>> run = Network([2, 2, 1], seed=0).train(xor, 3, 4, 3.0, test_data=xor, seed=0)
    >>> run
    <Run of 3 epochs: 0 done; to train, iterate it or call finish()>
    >>> print(next(run))
    Epoch 0: 2 / 4
    >>> len(run.finish()), run
    (3, <Run of 3 epochs: 3 done>)
    """

    def __init__(
        self,
        network: Learner,
        settings: Settings,
        training_data: Sequence[Example],
        test_data: Optional[Sequence[Example]],
        rng: RandomSource,
        order: Optional[list[int]] = None,
        on_mini_batch: Optional[OnMiniBatch] = None,
        reports: Sequence[EpochReport] = (),
        validation_data: Optional[Sequence[Example]] = None,
        measure_training: bool = False,
        momentum: Optional[Momentum] = None,
    ) -> None:
        self._begun = True  # no warning if a check below fails
        self.network = network
        self.settings = settings.checked()
        self.reports = list(reports)
        self.rng = rng
        mu, nesterov = self.settings.mu, self.settings.nesterov
        self.momentum = momentum or (network.momentum(mu, nesterov) if mu else None)
        self.masks = Masks(network.plan.dropout, rng)
        self._eta = self.settings.eta
        self._training = network._prepare("training_data", training_data)
        self._measured = {"training": self._training} if measure_training else {}
        self._data = {"training": training_data}
        self._prints: dict[str, Fingerprint] = {}  # of the data, computed when needed
        for name, data in (("validation", validation_data), ("test", test_data)):
            if data is not None:
                self._measured[name] = network._prepare(f"{name}_data", data)
                self._data[name] = data
        if on_mini_batch is not None:
            require_function("on_mini_batch", on_mini_batch, "on_mini_batch=print")
        self.order = _order(order, len(training_data))
        self.on_mini_batch = on_mini_batch
        self.on_scored: Optional[OnScored] = None  # called while the test data is measured
        self._moment: Optional[_Moment] = None  # before the current epoch
        self._learning = False
        self._begun = bool(self.reports)

    def __next__(self) -> EpochReport:
        self._begun = True
        if len(self.reports) >= self.settings.epochs:
            raise StopIteration
        self.rewind()
        self._moment = self._now()
        self._learning = True
        try:
            report = self._epoch(len(self.reports))
        finally:
            self._learning = False
        self.reports.append(report)
        self._moment = None
        return report

    @property
    def eta(self) -> float:
        """The learning rate η of the next epoch: that of the settings until you set another.

        >>> from tinynn import Network, Vector
        >>> examples = [(Vector([1.0]), Vector([0.0]))]
        >>> run = Network([1, 1], seed=0).train(examples, 2, 1, 0.5)
        >>> for report in run:
        ...     run.eta = run.eta / 2
        >>> [report.eta for report in run.reports], run.settings.eta
        ([0.5, 0.25], 0.5)
        """
        return self._eta

    @eta.setter
    def eta(self, eta: float) -> None:
        self._eta = require_positive("eta", eta)
        if self._moment is not None and not self._learning:  # the epoch that starts again uses it
            self._moment = self._moment._replace(eta=self._eta)

    @property
    def measured(self) -> tuple[str, ...]:
        """The sets that are measured after every epoch: training, validation, test."""
        return tuple(self._measured)

    @property
    def data(self) -> dict[str, Sequence[Example]]:
        """The examples it was given, by the name of their set: training, validation, test."""
        return dict(self._data)

    def finish(self) -> list[EpochReport]:
        """Train to the end, and return all reports."""
        for _ in self:
            pass
        return self.reports

    def _epoch(self, number: int) -> EpochReport:
        network, on_mini_batch, n = self.network, self.on_mini_batch, len(self.order)
        settings = self.settings._replace(eta=self.eta)
        began = perf_counter()
        watching = 0.0
        self.rng.shuffle(self.order)
        state = self.momentum, self.masks
        for done in network._learn(self._training, self.order, settings, *state):
            if on_mini_batch is not None:
                looked = perf_counter()
                on_mini_batch(Progress(number, done, n))
                watching += perf_counter() - looked
        seconds = perf_counter() - began - watching
        finite, scores = network.is_finite(), self._measure() if network.is_finite() else {}
        for score in scores.values():
            # a cost may be infinite because an output is 0 or 1, and wrong
            if not isfinite(score.cost) and not network.cost.may_be_infinite or isnan(score.cost):
                finite = False
        if not finite:
            which = f"eta = {settings.eta}"
            for name, value in (("lmbda", settings.lmbda), ("mu", settings.mu)):
                which += f" or {name} = {value}" if value else ""
            raise DivergenceError(
                f"epoch {number}: a weight or the cost left the range of floats: "
                f"{which} is too large"
            )
        correct, total, cost = scores.get("test") or (None, None, None)
        others = scores.get("training"), scores.get("validation")
        parts = number, correct, total, cost, seconds, n / seconds, *others
        return EpochReport(*parts, eta=settings.eta)

    def _measure(self) -> dict[str, Score]:
        """Return the score on each measured set, with the penalty in its cost."""
        network, settings = self.network, self.settings
        penalised = settings.lmbda, len(self.order), settings.penalty
        return {
            name: network._penalised(network._score(prepared, self.on_scored), *penalised)
            for name, prepared in self._measured.items()
        }

    # Saving and restoring.

    def _now(self) -> _Moment:
        try:
            state = self.rng.getstate()  # type: ignore[attr-defined]
        except (AttributeError, NotImplementedError):
            state = None
        weights, order, reports = self.network._snapshot(), self.order[:], tuple(self.reports)
        velocity = self.momentum and self.network._snapshot(self.momentum.velocity)
        return _Moment(weights, velocity, order, state, self.eta, reports)

    def rewind(self) -> None:
        """Restore the state after the last report if an epoch was interrupted.

        If the generator has no state to restore, this method changes nothing.
        """
        moment = self._moment
        if moment is None or moment.state is None:
            return
        self.network._restore(moment.weights)
        if self.momentum is not None:
            self.momentum.velocity = moment.velocity
        self.order[:] = moment.order
        self.rng.setstate(moment.state)  # type: ignore[attr-defined]
        self._eta = moment.eta
        self.reports[:] = moment.reports
        self._moment = None

    def save(self, path: FilePath, **about: str) -> None:
        """Write a checkpoint: the network, and all that ``resume`` needs to continue bit for bit.

        The checkpoint has the state after the last report, without an unfinished epoch. ``about``
        adds your own notes to the file. Raises OSError if the file cannot be written,
        ArgumentError if the generator cannot be saved.
        """
        moment = self._moment or self._now()
        if moment.state is None:
            kind = generator_kind(self.rng)
            raise ArgumentError(
                f"rng: expected a generator with getstate(), such as random.Random, "
                f"got {kind}: this run cannot be saved"
            )
        for name, words in about.items():
            if not isinstance(words, str):
                expected = f"expected a text, got {describe(words)}"
                raise ArgumentError(f"{name}: {expected}: write {name}='…'")
        checkpoint = Checkpoint(
            self.settings,
            moment.eta,
            moment.order,
            generator_kind(self.rng),
            moment.state,
            moment.reports,
            self._fingerprints(),
            "training" in self._measured,
            about,
            moment.velocity,
        )
        self.network._write(path, moment.weights, checkpoint)

    def _fingerprints(self) -> dict[str, Fingerprint]:
        """Return the fingerprint of each data set. Compute it once: many images take a while."""
        if not self._prints:
            self._prints = {name: fingerprint(data) for name, data in self._data.items()}
        return self._prints

    def __repr__(self) -> str:
        done = f"{len(self.reports)} done"
        if not self._begun:
            done += "; to train, iterate it or call finish()"
        return f"<Run of {self.settings.epochs} epochs: {done}>"

    def _repr_html_(self) -> str:
        curves = [
            curve(f"cost, {name}", [report.scores[name].cost for report in self.reports])
            for name in (self.reports[0].scores if self.reports else ())
        ]
        parts = [beside(*curves), reports_table(self.reports)] if self.reports else []
        return titled(repr(self), *parts)

    def __del__(self) -> None:
        if not self._begun:
            warnings.warn(
                "a training run was deleted before it trained anything: iterate it, "
                "or call its finish()",
                RuntimeWarning,
                stacklevel=2,
            )


def _order(order: Optional[list[int]], n: int) -> list[int]:
    """Return the caller's list of indices after checking it, or all indices in file order."""
    if order is None:
        return list(range(n))
    if not isinstance(order, list) or not order:
        given = f"expected a list of indices, got {describe(order)}"
        raise ArgumentError(f"order: {given}: write list(range({n}))")
    for position, i in enumerate(order):
        if require_count(f"order[{position}]", i, 0) >= n:
            raise ArgumentError(f"order[{position}]: expected 0 to {n - 1}, got {i}")
    return order
