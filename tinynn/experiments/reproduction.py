"""The reproduction of a figure of the book: after each epoch, our numbers and the book's."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, Optional

from tinynn.baselines import AverageDarkness, random_guess
from tinynn.datasets import DataSet, Examples, expanded
from tinynn.errors import ArgumentError, DataError, describe, require_count, require_kind
from tinynn.experiments.catalogue import DARKNESS, GUESS, NETWORK, VOTE, Figure, Part, chosen
from tinynn.experiments.ensembles import most_voted
from tinynn.experiments.published import places, published
from tinynn.files import FilePath, read_network
from tinynn.model import Model
from tinynn.network import Network
from tinynn.randomness import BOOKS_SEED, BookRandom
from tinynn.training import Run
from tinynn.training.run import OnMiniBatch

MINI_BATCH = 10
ENGINES = ("fast", "pure")


class Compared(NamedTuple):
    """The results of an epoch and the book's: ``ours`` and ``book`` are numbers by name.

    Counts have names such as test_correct, costs such as training_cost. ``ours`` is empty if this
    epoch is not measured. ``book`` lacks the numbers that the book does not have.
    """

    part: str
    epoch: int
    ours: Mapping[str, float]
    book: Mapping[str, float]
    digits: Mapping[str, int]  # the known decimals of the book's numbers

    def same(self, name: str) -> Optional[bool]:
        """Return whether our number of this name equals the book's, or None if one is missing.

        >>> epoch = Compared("", 0, {"test_cost": 0.87812}, {"test_cost": 0.878}, {"test_cost": 3})
        >>> epoch.same("test_cost"), epoch.same("test_correct")
        (True, None)
        """
        if name not in self.ours or name not in self.book:
            return None
        half = 0.5 * 10.0 ** -self.digits[name] if self.digits[name] else 0.0
        return abs(self.ours[name] - self.book[name]) <= half * (1.0 + 1e-9)


class Verdict(NamedTuple):
    """The comparison of a number of a part: it equals the book's in ``same`` of ``of`` epochs.

    If they differ: the first epoch in which they do, and the largest difference.
    """

    part: str
    name: str
    same: int
    of: int
    since: Optional[int]
    largest: float


class Reproduction(Iterator[Compared]):
    """The reproduction of a figure. Iterating it runs it, and yields a Compared after every epoch.

    ``epochs`` limits the epochs of each part, and ``only`` selects parts by name. Parts and epochs
    that are left out still make their random draws, so that the others match the book. ``done``
    lists the measured epochs so far. ``seed`` sets the seed of a figure whose seeds are ours; if it
    has several networks, the next ones use the following seeds. Only ``save`` writes to the disk.
    Raises ArgumentError, and ImportError at the first part that needs NumPy without it.
    """

    def __init__(
        self,
        figure: Figure,
        data: DataSet,
        engine: str = "fast",
        *,
        epochs: Optional[int] = None,
        only: Optional[Sequence[str]] = None,
        seed: int = 0,
    ) -> None:
        require_kind("figure", figure, Figure, 'figure_named("overfitting")')
        require_kind("data", data, DataSet, "load_mnist()")
        if engine not in ENGINES:
            expected = f"expected {' or '.join(ENGINES)}, got {describe(engine)}"
            raise ArgumentError(f"engine: {expected}")
        self.figure, self.data, self.engine = figure, data, engine
        self.epochs = None if epochs is None else require_count("epochs", epochs)
        self.only = names_of_parts(figure, only)
        self.seed = require_count("seed", seed, 0)
        if self.seed and not figure.is_seeded:
            raise ArgumentError(f"seed: {figure.name} uses the book's seed: leave it out")
        if self.only == (VOTE,):
            raise ArgumentError(f"parts: {VOTE} needs the networks that vote")
        self._on_mini_batch: Optional[OnMiniBatch] = None
        self.done: list[Compared] = []
        self.answers: dict[str, str] = {}  # of each voting part: a digit per test image
        self.run: Optional[Run] = None  # the last one started
        self._run_at = -1  # the index of its part
        self._at = 0  # the index of the current part
        self._rng = BookRandom(BOOKS_SEED)
        self._order: list[int] = []

    def __next__(self) -> Compared:
        parts = self.figure.parts
        while self._at < len(parts):
            part = parts[self._at]
            if part.name in self.only and self._is_left(part):
                return self._next_of(part)
            self._leave(part)
        raise StopIteration

    def watch(self, on_mini_batch: Optional[OnMiniBatch]) -> None:
        """Call this with a Progress after every mini-batch, or now and then in the fast engine."""
        self._on_mini_batch = on_mini_batch
        if self.run is not None:
            self.run.on_mini_batch = on_mini_batch

    @property
    def part(self) -> Optional[Part]:
        """The current part, or the last one at the end."""
        wanted = [part for part in self.figure.parts[: self._at + 1] if part.name in self.only]
        return wanted[-1] if wanted else None

    def length(self, part: Part) -> int:
        """Return the number of epochs to run of a part."""
        return min(part.epochs, self.epochs or part.epochs)

    @property
    def to_come(self) -> int:
        """The number of epochs in all."""
        return sum(self.length(part) for part in self.figure.parts if part.name in self.only)

    @property
    def epochs_done(self) -> int:
        """The number of epochs done: trained, and measured if required."""
        before = [part for part in self.figure.parts[: self._at] if part.name in self.only]
        done = sum(map(self.length, before))
        for part in self.figure.parts[self._at : self._at + 1]:
            run = self._current
            if run is None:
                return done + len(self.of(part))
            done += len(run.reports) - self._unmeasured(part, run)
        return done

    def total(self, part: Part, name: str) -> int:
        """Return the number of examples behind a number: for test_correct, of test digits."""
        among = name.partition("_")[0]
        found: Examples = getattr(self.data, among)
        return min(len(found), part.examples) if among == "training" else len(found)

    def of(self, part: Part) -> list[Compared]:
        """Return the measured epochs of a part."""
        return [each for each in self.done if each.part == part.name]

    def verdict(self, part: Part, name: str = "") -> Verdict:
        """Return the comparison of a number of a part with the book's, by default ``compared``."""
        name = name or self.figure.compared
        both = [each for each in self.of(part) if each.same(name) is not None]
        apart = [each for each in both if not each.same(name)]
        largest = max((abs(each.ours[name] - each.book[name]) for each in apart), default=0.0)
        since = apart[0].epoch if apart else None
        return Verdict(part.name, name, len(both) - len(apart), len(both), since, largest)

    def best(self, part: Part) -> Optional[Compared]:
        """Return the last of the best epochs on the validation digits, or None without any."""
        done = [each for each in self.of(part) if "validation_correct" in each.ours]
        return max(reversed(done), key=lambda each: each.ours["validation_correct"], default=None)

    # One epoch.

    @property
    def _current(self) -> Optional[Run]:
        """The run of the current part, or None if it has not started."""
        return self.run if self._run_at == self._at else None

    def _is_left(self, part: Part) -> bool:
        """Return whether this part has epochs left."""
        if part.machine != NETWORK:
            return not self.of(part)
        run = self._current
        return run is None or len(run.reports) < self.length(part) or self._unmeasured(part, run)

    def _unmeasured(self, part: Part, run: Run) -> bool:
        """Return whether an interrupt left an epoch trained but not measured."""
        epoch = len(run.reports) - 1
        known = any(each.epoch == epoch for each in self.of(part)[-1:])
        return epoch >= 0 and self._is_measured(part, epoch) and not known

    def _is_measured(self, part: Part, epoch: int) -> bool:
        return part.each_epoch or epoch == self.length(part) - 1

    def _next_of(self, part: Part) -> Compared:
        epoch = 0
        if part.machine != NETWORK:
            ours: dict[str, float] = {"{}_correct".format(*part.measured): self._answer(part)}
        else:
            run = self._current or self._begun(part)
            if not self._unmeasured(part, run):
                next(run)
            epoch = len(run.reports) - 1
            ours = self._measure(part, run) if self._is_measured(part, epoch) else {}
            if epoch == self.length(part) - 1 and VOTE in self.only:
                self.answers[part.name] = self._answers_of(run)
        compared = self._compared(part.name, epoch, ours)
        if ours:
            self.done.append(compared)
        return compared

    def _compared(self, name: str, epoch: int, ours: Mapping[str, float]) -> Compared:
        book = published(self.figure.name, name)
        known = {key: series[epoch] for key, series in book.items() if epoch in series}
        return Compared(name, epoch, ours, known, {key: places(book[key]) for key in known})

    def _begun(self, part: Part) -> Run:
        training = self._training(part)
        with self._all_or_nothing():
            network = self._drawn(part, engine_named(self.engine))
            order = self._order if part.goes_on else list(range(len(training)))
            how = self.length(part), MINI_BATCH, part.eta, part.lmbda
            draws: dict[str, Any] = {"rng": self._rng, **self._own_draws(part)}
            hook = self._on_mini_batch
            run = network.train(training, *how, **draws, order=order, on_mini_batch=hook)
            self.run, self._run_at, self._order = run, self._at, order
        return run

    def _training(self, part: Part) -> Examples:
        """Return the training data of a part."""
        training: Examples = self.data.training[: part.examples]
        return expanded(training, part.expand) if part.expand else training

    def _own_draws(self, part: Part) -> dict[str, Any]:
        """Return the seed of a part with its own seed, or nothing to continue the draws."""
        return {} if part.seed is None else {"rng": None, "seed": self.seed + part.seed}

    def _drawn(self, part: Part, engine: type[Model]) -> Model:
        """Return the network of a part, with the last of its first weights."""
        how: dict[str, Any] = {"cost": part.cost, "rng": self._rng, **self._own_draws(part)}
        if part.seed is not None and engine is not Network:
            how["dtype"] = "float32"
        for init in part.inits:
            network = engine(part.sizes, init=init, **how)
        return network

    def _leave(self, part: Part) -> None:
        """Go to the next part, and make the random draws of the epochs left out."""
        later = self.figure.parts[self._at + 1 :]
        with self._all_or_nothing():
            drawn = part.machine == NETWORK and part.seed is None
            if drawn and any(each.name in self.only for each in later):
                run = self._current
                if run is None:
                    self._drawn(part, Network)
                    self._order = self._order[:] if part.goes_on else list(range(part.examples))
                for _ in range(part.epochs - (len(run.reports) if run else 0)):
                    self._rng.shuffle(self._order)
            self._at += 1

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Undo the random draws inside if they are interrupted."""
        state, order, numbers = self._rng.getstate(), self._order, self._order[:]
        try:
            yield
        except BaseException:
            self._rng.setstate(state)
            self._order = order
            self._order[:] = numbers
            raise

    def _measure(self, part: Part, run: Run) -> dict[str, float]:
        """Return the counts and costs. A penalty is divided by the size of the measured set."""
        network: Any = run.network
        sets = self.data._replace(training=self.data.training[: part.examples])
        ours: dict[str, float] = {}
        for name in part.measured:
            score = network.measure(getattr(sets, name), part.lmbda)
            ours[f"{name}_correct"], ours[f"{name}_cost"] = score.correct, score.cost
        return ours

    def _answer(self, part: Part) -> int:
        """Return the number of right answers of a baseline."""
        training = self.data.training[: part.examples]
        measured: Examples = getattr(self.data, part.measured[0])
        if part.machine == VOTE:  # the book's rule: a tie goes to the first network
            won = [most_voted(map(int, answers))[0] for answers in zip(*self.answers.values())]
            return sum(answer == y.argmax() for answer, (_, y) in zip(won, measured))
        if part.machine == GUESS:
            return random_guess(measured, seed=0)
        if part.machine == DARKNESS:
            return AverageDarkness(training).evaluate(measured)
        from tinynn.fast.svm import svm_evaluate

        return svm_evaluate(training, measured, part.gamma)

    def _answers_of(self, run: Run) -> str:
        """Return the answers of a network to the test images."""
        network: Any = run.network
        outputs = network._each_output(network._prepare("test_data", self.data.test))
        return "".join(str(max(range(len(a)), key=a.__getitem__)) for a, _ in outputs)

    # Saving and resuming.

    @property
    def reports(self) -> Sequence[int]:
        """A number for each epoch done, like the reports of a run, for code that saves both."""
        return range(self.epochs_done)

    def save(self, path: FilePath) -> None:
        """Write a checkpoint for ``resume``. Before the first epoch it writes none.

        Raises OSError if the file cannot be written.
        """
        if self.run is not None:
            done = [(each.part, each.epoch, dict(each.ours)) for each in self.done]
            places = {"part": str(self._at), "part of the run": str(self._run_at)}
            kept = {"done": json.dumps(done), "answers": json.dumps(self.answers)}
            self.run.save(path, **self._about(), **places, **kept)

    def _about(self) -> dict[str, str]:
        """Return the settings that a checkpoint of this reproduction must have."""
        epochs = str(self.epochs or "all")
        return {
            "figure": self.figure.name,
            "engine of the figure": self.engine,
            "parts": ", ".join(self.only),
            "epochs": epochs if len(self.figure.parts) > 1 else "",  # a single part may have any
            "seed": str(self.seed or ""),
        }

    def resume(self, path: FilePath) -> bool:
        """Continue from a checkpoint, and return True. If it is of another run, return False.

        Raises DataError if it is damaged or not a checkpoint, OSError if it cannot be read.
        """
        saved = read_network(path)
        about = saved.run.get("about") if isinstance(saved.run, dict) else None
        needed = {"figure", "part", "part of the run", "done"}
        if not isinstance(about, dict) or not needed <= set(about):
            raise DataError(f"{path} does not contain a figure to continue")
        if any(about.get(name, "") != value for name, value in self._about().items()):
            return False
        try:
            at, run_at = int(about["part"]), int(about["part of the run"])
            now, part = self.figure.parts[at], self.figure.parts[run_at]
            done = [self._compared(*each) for each in json.loads(about["done"])]
            answers = dict(json.loads(about.get("answers", "{}")))
        except (ValueError, TypeError, LookupError):
            raise DataError(f"{path}: the numbers of its epochs are damaged") from None
        data = self.data._replace(training=self._training(part))
        run = engine_named(self.engine).resume(path, data, on_mini_batch=self._on_mini_batch)
        if len(run.reports) > self.length(part) or now.name not in self.only:
            return False
        run.settings = run.settings._replace(epochs=self.length(part))
        self.run, self._run_at, self._at, self.done = run, run_at, at, done
        self._rng, self._order = run.rng, run.order  # type: ignore[assignment]
        self.answers = answers
        return True


def engine_named(name: str) -> type[Model]:
    """Return the network class of an engine: fast or pure. Raises ImportError without NumPy."""
    if name == "pure":
        return Network
    from tinynn.fast import Network as FastNetwork

    return FastNetwork


def names_of_parts(figure: Figure, only: Optional[Sequence[str]]) -> tuple[str, ...]:
    """Return the names of the selected parts, by default all, in the figure's order.

    Raises ArgumentError for a name that the figure does not have.
    """
    names = [part.name for part in figure.parts]
    if names == [""] and only and any(only):
        expected = f"{figure.name} is one run without parts"
        raise ArgumentError(f"parts: {expected}: expected none, got {describe(only[0])}")
    try:
        return chosen(names, only)
    except ArgumentError as error:
        raise ArgumentError(f"parts: {error}") from None
