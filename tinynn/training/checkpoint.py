"""Checkpoints: the state of a run beside its network, enough to continue it bit for bit."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from math import inf
from random import Random
from typing import Any, NamedTuple, Optional, Union

from tinynn.errors import (
    ArgumentError,
    DataError,
    TinyNNError,
    describe,
    require_count,
    require_positive,
)
from tinynn.linalg import Matrix, Vector
from tinynn.randomness import BookRandom, RandomSource
from tinynn.training.examples import Example
from tinynn.training.reports import EpochReport, Score
from tinynn.training.settings import Settings

MOST = 1000  # the most examples in a fingerprint
INFINITE = "inf"  # an infinite cost, of an output that is 0 or 1 and wrong: JSON has no inf


class Fingerprint(NamedTuple):
    """The number of examples, and a hash of at most 1,000 of them, evenly spaced."""

    examples: int
    sha256: str


def fingerprint(examples: Sequence[Example]) -> Fingerprint:
    """Return the fingerprint of examples, computed from the float64 bytes of x and y.

    >>> from tinynn import Vector
    >>> fingerprint([(Vector([0.5]), Vector([1]))]).sha256[:16]
    '79eefa853821e579'
    """
    n = len(examples)
    found = hashlib.sha256()
    for i in range(min(n, MOST)):
        for vector in examples[i * n // min(n, MOST)]:
            found.update(struct.pack(f"<{len(vector)}d", *vector))
    return Fingerprint(n, found.hexdigest())


class Checkpoint(NamedTuple):
    """A run between two reports, without the numbers of its network."""

    settings: Settings
    eta: float  # of the next epoch
    order: list[int]
    generator: str  # its kind, such as random.Random
    state: Any
    reports: Sequence[EpochReport]
    data: Mapping[str, Fingerprint]  # of the training, validation and test data of the run
    measures_training: bool
    about: Mapping[str, str]
    velocity: Any = None  # with momentum: Vectors for biases, Matrices for weights

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON data. Raises ArgumentError if the generator's state does not fit."""
        return {
            "settings": self.settings._asdict(),
            "eta": self.eta,
            "reports": [_listed_report(report) for report in self.reports],
            "order": self.order,
            "generator": {"kind": self.generator, "state": _listed(self.state, self.generator)},
            **{f"{name} data": data._asdict() for name, data in self.data.items()},
            "measures training": self.measures_training,
            "about": dict(self.about),
            "velocity": self.velocity and _listed_velocity(*self.velocity),
        }


def read_checkpoint(parts: object) -> Checkpoint:
    """Return the checkpoint in the ``run`` part of a file. Raises DataError."""
    run = _Part("run", parts)
    settings = _settings(run.part("settings"))
    eta = settings.eta  # an older file has one η for all epochs
    if "eta" in run.entries:
        eta = require_positive("eta", run.of("eta", int, float))
    data = {"training": _fingerprint(run.part("training data"))}
    for name in ("validation", "test"):
        if run.entries.get(f"{name} data") is not None:
            data[name] = _fingerprint(run.part(f"{name} data"))
    order = run.of("order", list)
    n = require_count("training data: examples", data["training"].examples)
    for i in order:
        if type(i) is not int or not 0 <= i < n:
            raise DataError(f"order: expected numbers from 0 to {n - 1}, got {describe(i)}")
    if not order:
        raise DataError("order: expected at least one example, got none")
    generator = run.part("generator")
    about = run.of("about", dict)
    if not all(isinstance(value, str) for value in about.values()):
        raise DataError("about: expected texts")
    return Checkpoint(
        settings,
        eta,
        order,
        generator.of("kind", str),
        _tupled(generator.of("state", list)),
        [_report(*each, settings.eta) for each in enumerate(run.of("reports", list))],
        data,
        run.entries.get("measures training") is True,
        about,
        _velocity(run.part("velocity")) if settings.mu else None,
    )


def find_data(name: str, wanted: Fingerprint, *sources: Any) -> Sequence[Example]:
    """Return the data with this fingerprint: a source, or its training, validation or test part.

    Raises DataError that names the expected and the given data.
    """
    parts: list[Any] = []
    for source in sources:
        of_a_set = [getattr(source, part, None) for part in ("training", "validation", "test")]
        parts += [part for part in of_a_set if part is not None] or [source]
    given = []
    for part in parts:
        if part is None:
            continue
        try:
            count = len(part)
            if count == wanted.examples and fingerprint(part) == wanted:
                return part  # type: ignore[no-any-return]
            given.append(f"{count} examples")
        except (TypeError, LookupError, struct.error):  # not examples
            given.append(describe(part))
    found = " and ".join(dict.fromkeys(given)) or "none"
    why = " with other numbers" if f"{wanted.examples} examples" in given else ""
    raise DataError(f"{name}: expected the {wanted.examples} examples of the run, got {found}{why}")


class _Part:
    """A part of a file that returns its entries by name and checks their kind."""

    def __init__(self, name: str, entries: object) -> None:
        if not isinstance(entries, dict):
            raise DataError(f"{name}: expected an object with names, got {describe(entries)}")
        self.name, self.entries = name, entries

    def of(self, name: str, *kinds: type) -> Any:
        """Return the entry with this name. Raises DataError unless it has one of these kinds."""
        if name not in self.entries:
            raise DataError(f"{self.name}: {name!r} is missing")
        value = self.entries[name]
        if type(value) not in kinds:
            raise DataError(f"{self.name}: {name}: got {describe(value)}")
        return value

    def part(self, name: str) -> _Part:
        """Return the entry with this name as a part."""
        return _Part(name, self.of(name, dict))


def _fingerprint(part: _Part) -> Fingerprint:
    return Fingerprint(part.of("examples", int), part.of("sha256", str))


def _settings(part: _Part) -> Settings:
    """Return the settings of a run. An older file has no λ, or no μ."""
    numbers = (part.of(name, int, float) for name in Settings._fields[:3])
    number = int, float
    later: dict[str, tuple[type, ...]] = {
        "lmbda": number,
        "penalty": (str,),
        "mu": number,
        "nesterov": (bool,),
    }
    given = {name: part.of(name, *kinds) for name, kinds in later.items() if name in part.entries}
    return Settings(*numbers, **given).checked()


def _listed_velocity(biases: Sequence[Vector], weights: Sequence[Matrix]) -> dict[str, Any]:
    return {"biases": [b.to_list() for b in biases], "weights": [w.to_lists() for w in weights]}


def _velocity(part: _Part) -> tuple[list[Vector], list[Matrix]]:
    biases, weights = part.of("biases", list), part.of("weights", list)
    return [Vector(b) for b in biases], [Matrix(w) for w in weights]


def _listed_report(report: EpochReport) -> list[Any]:
    """Return a report as JSON data. An infinite cost becomes a string."""
    parts = ([*map(_finite, each)] if isinstance(each, tuple) else each for each in report)
    return [*map(_finite, parts)]


def _finite(entry: object) -> object:
    return INFINITE if entry == inf else entry


def _report(number: int, report: object, eta: float) -> EpochReport:
    """Return the report of this epoch. Raises DataError if it is another.

    A report of an older file has no η, for which it gets ``eta``, and may lack the other scores.
    """
    if not isinstance(report, list) or len(report) not in (6, 8, len(EpochReport._fields)):
        raise DataError(f"reports: epoch {number}: got {describe(report)}")
    times, others = report[4:6], report[6:8]
    if report[8:] not in ([], [None]):
        eta = require_positive(f"reports: epoch {number}: eta", report[8])
    if report[0] != number or not all(type(value) in (int, float) for value in times):
        raise DataError(f"reports: epoch {number}: expected its six numbers")
    test = _score(None if report[1:4] == [None] * 3 else report[1:4], number)
    scores = [_score(each, number) for each in others]
    read = EpochReport(number, *(test or (None, None, None)), *times, *scores)
    return read._replace(eta=eta)


def _score(score: object, number: int) -> Optional[Score]:
    if score is None:
        return None
    if isinstance(score, list) and len(score) == len(Score._fields):
        values: list[Any] = [inf if value == INFINITE else value for value in score]
        if all(type(value) in (int, float) for value in values):
            return Score(*values)
    raise DataError(f"reports: epoch {number}: expected three numbers, got {describe(score)}")


# The state of a generator: tuples, numbers and strings; in JSON the tuples are lists.

State = Union[tuple[Any, ...], int, float, str, None]


def generator_kind(rng: RandomSource) -> str:
    """Return the kind of a generator as its name in files, such as ``random.Random``."""
    return f"{type(rng).__module__}.{type(rng).__qualname__}"


def restored_generator(checkpoint: Checkpoint, rng: Optional[RandomSource]) -> RandomSource:
    """Return a generator in the run's saved state: a new one, or the given ``rng``."""
    known = {generator_kind(each): each for each in (Random(), BookRandom())}
    if rng is None and checkpoint.generator not in known:
        raise ArgumentError(
            f"rng: this run draws from {describe(checkpoint.generator)}: pass one as rng=…"
        )
    if rng is not None and generator_kind(rng) != checkpoint.generator:
        given = generator_kind(rng)
        raise ArgumentError(f"rng: expected {describe(checkpoint.generator)}, got {given}")
    generator: Any = rng if rng is not None else known[checkpoint.generator]
    try:
        generator.setstate(checkpoint.state)
    except TinyNNError:
        raise
    except Exception:
        raise DataError(
            f"generator: its state does not fit a {generator_kind(generator)}"
        ) from None
    return generator  # type: ignore[no-any-return]


def _listed(state: Any, kind: str) -> Any:
    if isinstance(state, tuple):
        return [_listed(entry, kind) for entry in state]
    if state is None or type(state) in (int, float, str):
        return state
    raise ArgumentError(
        f"rng: the state of a {kind} contains {describe(state)}, which cannot be saved: "
        "expected tuples, numbers and texts"
    )


def _tupled(state: Any) -> Any:
    return tuple(map(_tupled, state)) if isinstance(state, list) else state
