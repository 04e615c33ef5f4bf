"""Hyper-parameter search over a grid or random settings. Each trial is a line in a log file."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
import threading
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import closing, contextmanager, nullcontext, suppress
from functools import lru_cache, partial
from importlib import import_module
from itertools import groupby, islice, product
from math import exp, log
from random import Random
from statistics import median
from typing import Any, NamedTuple, Optional, Union

from tinynn.costs import CROSS_ENTROPY, QUADRATIC, penalty_named
from tinynn.datasets import DataSet
from tinynn.datasets.named import data_named
from tinynn.errors import (
    ArgumentError,
    DataError,
    DivergenceError,
    describe,
    require_at_least_0,
    require_count,
    require_kind,
    require_positive,
)
from tinynn.experiments.executors import done_by, require_executor
from tinynn.files import FilePath, cache_folder, path_name
from tinynn.linalg import finite_float
from tinynn.randomness import init_named
from tinynn.training import NoImprovement, best_epoch, following
from tinynn.training.checkpoint import fingerprint

Value = Union[float, int, str]
Settings = Mapping[str, Value]

_COSTS = (QUADRATIC.name, CROSS_ENTROPY.name)  # of sigmoid output neurons


def _require_cost(name: object) -> None:
    if name not in _COSTS:
        raise ArgumentError(f"cost: expected {' or '.join(_COSTS)}, got {describe(name)}")


# The parameters that can be searched, each with its default and the check of a value.
_PARAMETERS: Mapping[str, tuple[Value, Callable[[Any], object]]] = {
    "eta": (0.5, partial(require_positive, "eta")),
    "lmbda": (0.0, partial(require_at_least_0, "lmbda")),
    "mu": (0.0, partial(finite_float, place="mu")),
    "mini_batch_size": (10, partial(require_count, "mini_batch_size")),
    "hidden": (30, partial(require_count, "hidden")),
    "cost": (CROSS_ENTROPY.name, _require_cost),
    "init": ("scaled", init_named),
    "penalty": ("L2", penalty_named),
}
DEFAULTS: Mapping[str, Value] = {name: default for name, (default, _) in _PARAMETERS.items()}
SECOND_NAMES = {"lr": "eta", "lambda": "lmbda", "momentum": "mu", "batch_size": "mini_batch_size"}
_WHOLE = ("mini_batch_size", "hidden")
ENGINES = {"pure": "tinynn.network", "fast": "tinynn.fast"}
EPOCHS, PATIENCE = 100, 10
MOST = 100_000  # the most trials
_CUT = 60  # characters of a value in an error
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
_LOST = 3  # broken pools of processes before the search gives up


class Between(NamedTuple):
    """A range to draw from: ``low`` to ``high``, on a logarithmic scale unless ``low`` is 0.

    >>> Between(0.01, 10.0).at(0.5), Between(0.0, 10.0).at(0.5)
    (0.316, 5.0)
    """

    low: float
    high: float

    @property
    def is_log(self) -> bool:
        """Whether the scale is logarithmic: every factor of ten is equally likely."""
        return self.low > 0.0

    def at(self, share: float) -> float:
        """Return the number at this share of the range, rounded to three digits."""
        if self.is_log:
            low, high = log(self.low), log(self.high)
            number = exp(low + share * (high - low))
        else:
            number = self.low + share * (self.high - self.low)
        return min(self.high, max(self.low, float(f"{number:.3g}")))

    def share(self, number: float) -> float:
        """Return the share of the range at which a number is."""
        if self.high == self.low:
            return 0.0
        if self.is_log:
            return log(number / self.low) / log(self.high / self.low)
        return (number - self.low) / (self.high - self.low)

    def __str__(self) -> str:
        return f"{self.low:g}..{self.high:g}"


Space = Mapping[str, Union[Sequence[Value], Between]]


def checked(space: Space) -> dict[str, Union[tuple[Value, ...], Between]]:
    """Return a space with the book's names. Raises ArgumentError for unknown parameters or values.

    >>> checked({"lr": [0.1, 1], "hidden": [30]})
    {'eta': (0.1, 1.0), 'hidden': (30,)}
    """
    require_kind("parameters", space, Mapping, '{"eta": [0.1, 1.0]}')
    if not space:
        raise ArgumentError("parameters: expected at least one, such as eta=0.1,1, got none")
    found: dict[str, Union[tuple[Value, ...], Between]] = {}
    for given, values in space.items():
        name = SECOND_NAMES.get(given, given)
        if name not in DEFAULTS:
            names = ", ".join(DEFAULTS)
            raise ArgumentError(f"{given}: expected one of {names}: write eta=0.1,0.5,1")
        if name in found:
            raise ArgumentError(f"{given}: expected different parameters, got one twice")
        found[name] = _range(name, values) if isinstance(values, Between) else _row(name, values)
    return found


def _row(name: str, values: Any) -> tuple[Value, ...]:
    if isinstance(values, str) or not isinstance(values, Sequence) or not len(values):
        write = f'{{"{name}": [{DEFAULTS[name]!r}]}}'
        raise ArgumentError(f"{name}: expected values, got {describe(values)}: write {write}")
    _, check = _PARAMETERS[name]
    for value in values:
        check(value)
    row = [value if name in _WHOLE or isinstance(value, str) else float(value) for value in values]
    return tuple(dict.fromkeys(row))


def _range(name: str, values: Between) -> Between:
    if isinstance(DEFAULTS[name], str):
        raise ArgumentError(f"{name}: expected names, got the range {values}")
    _, check = _PARAMETERS[name]
    for end in values:
        whole = name in _WHOLE and isinstance(end, float) and end.is_integer()
        check(int(end) if whole else end)
    if not values.low <= values.high:
        raise ArgumentError(f"{name}: expected the smaller end first, as in 0.01..10, got {values}")
    return values


def grid(space: Space) -> list[dict[str, Value]]:
    """Return every combination of these values.

    >>> grid({"eta": [0.1, 1.0], "hidden": [30]})
    [{'eta': 0.1, 'hidden': 30}, {'eta': 1.0, 'hidden': 30}]
    """
    parts = checked(space)
    rows: list[tuple[Value, ...]] = []
    count = 1
    for name, values in parts.items():
        if isinstance(values, Between):
            given = f"expected values for a grid, got the range {values}"
            raise ArgumentError(f"{name}: {given}: write {name}=0.1,1, or search at random")
        rows.append(values)
        count *= len(values)
    if count > MOST:
        raise ArgumentError(f"grid: expected at most {MOST:,} combinations, got {count:,}")
    return [dict(zip(parts, values)) for values in product(*rows)]


def at_random(space: Space, count: int, seed: int = 0) -> list[dict[str, Value]]:
    """Return settings drawn at random, each from a range or from a list of values.

    A larger ``count`` starts with the same draws.

    >>> at_random({"eta": Between(0.01, 10.0), "hidden": [30, 100]}, 2, seed=0)
    [{'eta': 3.41, 'hidden': 100}, {'eta': 0.183, 'hidden': 30}]
    """
    parts, rng = checked(space), Random(seed)
    count = require_count("count", count, 1, MOST)
    return list(islice(_draws(parts, rng), count))


def _draws(parts: Mapping[str, Any], rng: Random) -> Iterator[dict[str, Value]]:
    while True:
        settings: dict[str, Value] = {}
        for name, values in parts.items():
            share = rng.random()
            if isinstance(values, Between):
                number = values.at(share)
                settings[name] = round(number) if name in _WHOLE else number
            else:
                settings[name] = values[int(share * len(values))]
        yield settings


# One trial.


class Result(NamedTuple):
    """The result of a trial: its settings and seed, and the right validation digits at best.

    ``diverged`` is empty, or describes how the numbers left the range of floats; then no digit
    counts as right.
    """

    settings: dict[str, Value]
    seed: int
    correct: int
    total: int
    epoch: int  # the best epoch, or -1 if it diverged
    epochs: int
    diverged: str
    seconds: float

    @property
    def key(self) -> str:
        """The settings and the seed as one string."""
        return key_of(self.settings, self.seed)


def key_of(settings: Settings, seed: int) -> str:
    """Return settings and a seed as one string."""
    return json.dumps([dict(sorted(settings.items())), seed])


_data_of_the_process = lru_cache(maxsize=1)(data_named)


class Job(NamedTuple):
    """The input of a worker: a trial, the data or its name, the engine, and when to stop."""

    settings: dict[str, Value]
    seed: int
    data: Union[str, DataSet]
    engine: str
    epochs: int
    patience: int


def run_trial(job: Job) -> Result:
    """Train with early stopping, and return the result. It is the same on every worker.

    >>> run_trial(Job({"eta": 0.5, "hidden": 2}, 0, "digits", "pure", 1, 1)).total
    297
    """
    data = _data_of_the_process(job.data) if isinstance(job.data, str) else job.data
    given: dict[str, Any] = {**DEFAULTS, **job.settings}
    x, y = data.training[0]
    network = import_module(ENGINES[job.engine]).Network(
        [len(x), given["hidden"], len(y)], seed=job.seed, cost=given["cost"], init=given["init"]
    )
    size = min(given["mini_batch_size"], len(data.training))
    run = network.train(
        data.training,
        job.epochs,
        size,
        given["eta"],
        given["lmbda"],
        given["penalty"],
        mu=given["mu"],
        validation_data=data.validation,
        seed=job.seed,
    )
    diverged = ""
    try:
        for _ in following(run, NoImprovement(job.patience)):
            pass
    except DivergenceError as error:
        diverged = str(error)
    seconds = sum(report.seconds for report in run.reports)
    best = None if diverged else best_epoch(run.reports)
    correct = best.validation.correct if best is not None and best.validation else 0
    number = best.number if best is not None else -1
    parts = correct, len(data.validation), number, len(run.reports), diverged, seconds
    return Result(dict(job.settings), job.seed, *parts)


# The file.


class _Log:
    """A file with a line for the search, and one for each finished trial."""

    def __init__(self, path: FilePath, search: Mapping[str, Any]) -> None:
        self.path = path_name(path)
        self.results: list[Result] = []
        folder = os.path.dirname(os.path.abspath(self.path))
        if folder.startswith(cache_folder()):
            os.makedirs(folder, exist_ok=True)
        self._file = open(self.path, "a+b")  # noqa: SIM115  # until the search ends
        try:
            self._lock()
            self._read(search)
        except BaseException:
            self._file.close()
            raise

    def _lock(self) -> None:
        with suppress(ImportError):  # not every system has these locks
            import fcntl

            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise DataError(f"{self.path}: another search is writing to it now") from None

    def _read(self, search: Mapping[str, Any]) -> None:
        self._file.seek(0)
        lines = self._file.read().splitlines(keepends=True)
        first = _line({"search": search})
        if lines and not lines[-1].endswith(b"\n") and (lines[1:] or first.startswith(lines[0])):
            self._file.truncate(sum(map(len, lines[:-1])))  # a killed search wrote half of it
            lines.pop()
        if not lines:
            self._file.write(first)
            self._file.flush()
            return
        kept = self._parsed(lines[0], 1).get("search")
        if not isinstance(kept, dict):
            raise DataError(f"{self.path}: expected the log of a search, got another file")
        for name in (*search, *kept):
            if kept.get(name) != search.get(name):
                was, now = _apart(kept.get(name), search.get(name))
                raise DataError(
                    f"{self.path} is the log of another search ({name}: {was}; here: {now}): "
                    "name another file with --log"
                )
        for number, line in enumerate(lines[1:], start=2):
            parts = self._parsed(line, number)
            if not _is_result(parts):
                raise DataError(f"{self.path}: line {number}: expected a trial")
            self.results.append(Result(**parts))

    def _parsed(self, line: bytes, number: int) -> dict[str, Any]:
        try:
            parts = json.loads(line)
        except ValueError:
            parts = None
        if not isinstance(parts, dict):
            raise DataError(f"{self.path}: line {number}: expected a line of JSON")
        return parts

    def add(self, result: Result) -> None:
        """Write the line of a trial immediately."""
        self._file.write(_line(result._asdict()))
        self._file.flush()

    def close(self) -> None:
        """Close the file."""
        self._file.close()


def _apart(was: Any, now: Any) -> tuple[str, str]:
    """Return two different values as short texts; of two mappings, only the entries that differ."""
    if isinstance(was, dict) and isinstance(now, dict):
        names = [name for name in {**was, **now} if was.get(name) != now.get(name)]
        was, now = ({name: each[name] for name in names if name in each} for each in (was, now))
    texts = (
        "none" if each is None else json.dumps(each, ensure_ascii=False) for each in (was, now)
    )
    first, second = (text if len(text) <= _CUT else f"{text[:_CUT]}…" for text in texts)
    return first, second


def _is_result(parts: Mapping[str, Any]) -> bool:
    kinds: dict[str, Any] = {"settings": dict, "diverged": str, "seconds": (int, float)}
    return set(parts) == set(Result._fields) and all(
        isinstance(value, kinds.get(name, int)) for name, value in parts.items()
    )


def _line(parts: Mapping[str, Any]) -> bytes:
    return (json.dumps(parts, ensure_ascii=False, allow_nan=False) + "\n").encode()


# The search.


def default_log(identity: Mapping[str, Any]) -> str:
    """Return the path of the log of a search without a named file, from its settings."""
    mark = hashlib.sha256(_line(identity)).hexdigest()[:12]
    return os.path.join(cache_folder(), f"search-{mark}.jsonl")


class Search:
    """A search: trials of settings, each with some seeds. ``run`` yields a Result for each trial.

    ``settings`` is a list, from ``grid`` or ``at_random`` or your own; ``data`` is "digits",
    "mnist", a folder of MNIST files, or a DataSet; ``engine`` is "pure" or "fast". ``run`` takes
    any Executor of concurrent.futures; without it, ``jobs`` processes on this machine run the
    trials, each with one thread. With a ``log``, trials in the file are not run again. The same
    settings and seed give the same result with every executor and in any order. Raises
    ArgumentError at the call, DataError for the log of another search.

    >>> trials = Search(grid({"eta": [0.1, 1.0], "hidden": [2]}), seeds=1, epochs=1)
    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(1) as executor:
    ...     results = list(trials.run(executor))
    >>> [result.settings["eta"] for result in ranked(results)[0].results]
    [1.0]
    """

    def __init__(
        self,
        settings: Sequence[Settings],
        *,
        seeds: int = 1,
        first_seed: int = 0,
        data: Union[str, DataSet] = "digits",
        engine: str = "pure",
        epochs: int = EPOCHS,
        patience: int = PATIENCE,
        log: Optional[FilePath] = None,
        about: Optional[Mapping[str, Any]] = None,
    ) -> None:
        if engine not in ENGINES:
            raise ArgumentError(f"engine: expected pure or fast, got {describe(engine)}")
        import_module(ENGINES[engine])
        self.loaded = data_named(data) if isinstance(data, str) else data
        require_kind("data", self.loaded, DataSet, '"digits"')
        for name, part in (("training", self.loaded.training), ("validation", self.loaded[1])):
            if not len(part or ()):
                raise DataError(f"{name} data: expected examples to search with, got none")
        how = data, engine, require_count("epochs", epochs), require_count("patience", patience)
        count = require_count("seeds", seeds)
        if isinstance(first_seed, bool) or not isinstance(first_seed, int):
            raise ArgumentError(f"first_seed: expected a whole number, got {describe(first_seed)}")
        checks = ({name: [value] for name, value in each.items()} for each in settings)
        all_of_them = [grid(each)[0] for each in checks]
        if not all_of_them:
            raise ArgumentError('settings: expected at least one: write grid({"eta": [0.1, 1.0]})')
        jobs = [
            Job(each, seed, *how)
            for seed in range(first_seed, first_seed + count)
            for each in all_of_them
        ]
        self.jobs = {key_of(job.settings, job.seed): job for job in jobs}
        prints = {
            name: fingerprint(part)[1][:16]
            for name, part in zip(("training", "validation"), self.loaded)
        }
        self.identity: dict[str, Any] = {
            **(about if about is not None else {"settings": all_of_them}),
            "engine": engine,
            "epochs": epochs,
            "patience": patience,
            "data": {"n": len(self.loaded.training), **prints},
        }
        self.log = log
        self.done: list[Result] = []  # the trials already in the file

    def run(self, executor: Optional[Executor] = None, jobs: int = 0) -> Iterator[Result]:
        """Yield every result: first those in the file, then the others as they finish."""
        if executor is not None:
            require_executor(executor)
        jobs = require_count("jobs", jobs, 0) or os.cpu_count() or 1
        log = None if self.log is None else _Log(self.log, self.identity)
        known = {} if log is None else {each.key: each for each in log.results}
        self.done = [known[key] for key in self.jobs if key in known]
        return self._run(executor, jobs, log)

    def _run(
        self, executor: Optional[Executor], jobs: int, log: Optional[_Log]
    ) -> Iterator[Result]:
        finished = {each.key for each in self.done}
        todo = {key: job for key, job in self.jobs.items() if key not in finished}
        with nullcontext() if log is None else closing(log):
            yield from self.done
            if executor is None:
                work = _by_processes(jobs, todo)
            else:
                work = done_by(executor, run_trial, todo)
            for result in work:
                if log is not None:
                    log.add(result)
                yield result


def _by_processes(jobs: int, todo: dict[str, Job]) -> Iterator[Result]:
    """Yield results from processes. If one is killed, new ones continue with the rest."""
    for lost in range(_LOST + 1):
        if not todo:
            return
        before = set(multiprocessing.active_children())
        with _one_thread():
            pool = ProcessPoolExecutor(
                min(jobs, len(todo)), multiprocessing.get_context("spawn"), _at_work
            )
            try:
                yield from done_by(pool, run_trial, todo)
            except BrokenExecutor:
                if lost == _LOST:
                    raise DataError(
                        f"search: a process was killed {_LOST + 1} times, perhaps for lack of "
                        f"memory; {len(todo)} trials are left: try fewer --jobs"
                    ) from None
            finally:
                if todo:  # stopped early: nobody waits for the running trials
                    for process in set(multiprocessing.active_children()) - before:
                        process.terminate()
                pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Set one thread for matrix products in processes that start now: each has its core."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _at_work() -> None:
    """Leave Ctrl-C to the parent process, and exit when the parent exits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    warnings.filterwarnings("ignore", category=RuntimeWarning)  # the result reports divergence
    parent = multiprocessing.parent_process()
    if parent is not None:

        def watch() -> None:
            parent.join()
            os._exit(1)

        threading.Thread(target=watch, daemon=True).start()


# The results.


class Ranked(NamedTuple):
    """The results of one choice of settings, over its seeds."""

    settings: dict[str, Value]
    results: list[Result]

    @property
    def median(self) -> float:
        """The median, over the seeds, of the number of right validation digits."""
        return median(each.correct for each in self.results)

    @property
    def worst(self) -> int:
        """The smallest number of right validation digits."""
        return min(each.correct for each in self.results)

    @property
    def best(self) -> int:
        """The largest number of right validation digits."""
        return max(each.correct for each in self.results)

    @property
    def diverged(self) -> int:
        """The number of runs that left the range of floats."""
        return sum(bool(each.diverged) for each in self.results)


def ranked(results: Sequence[Result]) -> list[Ranked]:
    """Return the settings, best median first. The order of the results makes no difference."""

    def settings(result: Result) -> str:
        return key_of(result.settings, 0)

    ordered = sorted(results, key=lambda each: (settings(each), each.seed))
    groups = (list(group) for _, group in groupby(ordered, settings))
    rows = [Ranked(group[0].settings, group) for group in groups]

    def place(row: Ranked) -> tuple[float, int, int, str]:
        return -row.median, -row.worst, row.diverged, key_of(row.settings, 0)

    return sorted(rows, key=place)


class HeatMap(NamedTuple):
    """The best median for each pair of values of two parameters, or None without a trial."""

    rows: str
    columns: str
    row_names: list[str]
    column_names: list[str]
    cells: list[list[Optional[float]]]
    total: int


_BINS = 6


def varied(results: Sequence[Result]) -> list[str]:
    """Return the parameters with several values, those with the most values first."""
    values: dict[str, set[Value]] = defaultdict(set)
    for result in results:
        for name, value in result.settings.items():
            values[name].add(value)
    several = [name for name in values if len(values[name]) > 1]
    return sorted(several, key=lambda name: -len(values[name]))


def heat_map(results: Sequence[Result], rows: str, columns: str) -> HeatMap:
    """Return a heat map of two parameters. More than six values of one are grouped into bins."""
    for name in (rows, columns):
        if not results or name not in results[0].settings:
            known = ", ".join(results[0].settings) if results else "none"
            raise ArgumentError(f"{name}: expected a parameter of this search: {known}")
    by_settings = ranked(results)
    row_names, row_of = _axis([each.settings[rows] for each in by_settings])
    column_names, column_of = _axis([each.settings[columns] for each in by_settings])
    cells: list[list[Optional[float]]] = [[None] * len(column_names) for _ in row_names]
    for each in reversed(by_settings):  # the best comes last and stays
        i, j = row_of(each.settings[rows]), column_of(each.settings[columns])
        cells[i][j] = each.median
    return HeatMap(rows, columns, row_names, column_names, cells, results[0].total)


def _axis(values: Sequence[Any]) -> tuple[list[str], Callable[[Any], int]]:
    found = sorted(set(values))
    if len(found) <= _BINS + 2 or isinstance(found[0], str):
        names = [f"{each:g}" if not isinstance(each, str) else each for each in found]
        return names, found.index
    ends = Between(found[0], found[-1])
    edges = [ends.at(i / _BINS) for i in range(_BINS + 1)]

    def place(value: Any) -> int:
        return min(_BINS - 1, max(0, int(ends.share(value) * _BINS)))

    return [f"{low:.2g}-{high:.2g}" for low, high in zip(edges, edges[1:])], place
