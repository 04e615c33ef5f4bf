"""The choice of hyper-parameters as in chapter 3: one after another, each with its reason."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from math import inf, isfinite, sqrt
from statistics import median
from typing import Any, NamedTuple, Optional, Union

from tinynn.costs import CROSS_ENTROPY
from tinynn.datasets import DataSet
from tinynn.errors import (
    ArgumentError,
    DataError,
    DivergenceError,
    describe,
    require_count,
    require_function,
    require_kind,
    require_positive,
)
from tinynn.linalg import as_vector
from tinynn.network import Network
from tinynn.training import EpochReport, Example, NoImprovement, Run, best_epoch, following

FIRST_ETA, FIRST_LMBDA = 0.01, 1.0  # the start of each search, by factors of ten
FIRST_SIZE = 10  # the size of a mini-batch until it is chosen, last
LOOKED = 5  # the number of first epochs in which the cost must fall
INIT = "scaled"  # the first weights of chapter 3
HIDDEN = 100
TWO = 2  # classes of the simplified problem: 0 and 1
SMALL, FEW_TO_VALIDATE = 1_000, 100  # the most images of the simplified problem
MANY, MANY_TO_VALIDATE = 10_000, 2_000  # the most images of the problem that compares settings
PATIENCES = (10, 20, 50)
SIZES = (5, 20, 50, 100)
FASTER = 1.25  # the speed-up that another size of a mini-batch must reach
MOST_EPOCHS = 200
LEAST_ETA, MOST_ETA = 1e-9, 1e9
_TENS = 20  # more factors of ten than between the two
_DIGITS = 12  # digits to which products of 10, 5 and 2 are rounded

Engine = Callable[..., Any]  # Network, of either engine


class Choice(NamedTuple):
    """A choice of η, λ, and the size of a mini-batch."""

    eta: float
    lmbda: float = 0.0
    mini_batch_size: int = FIRST_SIZE


class Learnt(NamedTuple):
    """The report of one epoch of a running trial."""

    step: str
    choice: Choice
    seed: int
    report: EpochReport


class Tried(NamedTuple):
    """A trial of one choice, with its training costs or its right validation digits.

    ``costs`` are the training costs of one run, from before the first epoch on, and inf after it
    diverged. ``correct`` is the sum over the best epochs of all runs, out of ``total`` digits.
    """

    step: str
    choice: Choice
    n: int  # training digits
    costs: Sequence[float]
    correct: int
    total: int
    best_epochs: Sequence[int]  # of each run; -1 if no epoch finished
    seconds: float  # of the training only
    reports: Sequence[Sequence[EpochReport]] = ()
    patience: int = 0  # the epochs without improvement that ended it, or 0

    @property
    def falls(self) -> bool:
        """Whether the training cost falls in every epoch.

        >>> trial = Tried("eta", Choice(1.0), 9, [2.0, 1.0, 0.5], 5, 9, [1], 0.1)
        >>> trial.falls, trial._replace(costs=[2.0, 1.0, 1.5]).falls
        (True, False)
        """
        return not self.rises

    @property
    def rises(self) -> int:
        """The first epoch, counted from 1, in which the training cost does not fall, or 0."""
        pairs = zip(self.costs, self.costs[1:])
        return next((i for i, (c, after) in enumerate(pairs, 1) if not after < c), 0)

    def about_cost(self) -> str:
        """Return the training costs in a few words.

        >>> Tried("eta", Choice(1.0), 9, [2.0, 1.0, 1.5, 1.2], 5, 9, [1], 0.1).about_cost()
        'the training cost rises in epoch 2, from 1 to 1.5'
        """
        if self.falls:
            ends = f"from {self.costs[0]:.3g} to {self.costs[-1]:.3g}"
            return f"the training cost falls in each of {len(self.costs) - 1} epochs, {ends}"
        before, after = self.costs[self.rises - 1 : self.rises + 1]
        if not isfinite(after):
            return f"the weights leave the range of floats in epoch {self.rises}"
        how = "rises" if after > before else "stays"
        return f"the training cost {how} in epoch {self.rises}, from {before:.3g} to {after:.3g}"


class Decision(NamedTuple):
    """A decision: a sentence, and the numbers behind it."""

    step: str
    sentence: str
    numbers: Mapping[str, Any]


Record = Union[Learnt, Tried, Decision]
_Trial = Generator[Record, None, Tried]
_Eta = Generator[Record, None, float]
_Choice = Generator[Record, None, Choice]


class _Problem(NamedTuple):
    """The data and the network for trials of choices."""

    sizes: Sequence[int]
    training: Sequence[Example]
    validation: Sequence[Example]
    engine: Engine
    seeds: range


def tune(
    data: DataSet,
    network: Engine = Network,
    *,
    eta: float = FIRST_ETA,
    seed: int = 0,
    hidden: int = HIDDEN,
) -> Iterator[Record]:
    """Choose η, λ, a patience and the size of a mini-batch. Yield every trial and decision.

    ``network`` is the network class, of either engine; ``eta`` is the first η to try. The test
    data is never used. The last record is the Decision ``"result"``; its numbers are the settings
    for ``train`` on all of the training data. Raises ArgumentError, DataError.

    >>> from tinynn import load_digits
    >>> records = tune(load_digits(), eta=100.0)
    >>> first = next(record for record in records if isinstance(record, Tried))
    >>> first.step, first.choice.eta, first.n
    ('problem', 100.0, 201)
    """
    require_kind("data", data, DataSet, "load_digits()")
    require_function("network", network, "tinynn.Network")
    eta = require_positive("eta", eta)
    if not LEAST_ETA <= eta <= MOST_ETA:
        expected = f"expected a number from {LEAST_ETA:g} to {MOST_ETA:g}"
        raise ArgumentError(f"eta: {expected}, got {describe(eta)}: write {FIRST_ETA}")
    require_count("hidden", hidden)
    for name, part in (("training", data.training), ("validation", data.validation)):
        if not len(part or ()):
            expected = "expected training and validation examples"
            raise DataError(f"{name} data: {expected}, got none")
    return _tune(data, network, eta, seed, hidden)


def _tune(data: DataSet, engine: Engine, eta: float, seed: int, hidden: int) -> Iterator[Record]:
    training, validation = data.training, data.validation
    x, y = training[0]
    n = len(training)
    parts = _stripped(training, SMALL), _stripped(validation, FEW_TO_VALIDATE)
    if len(parts[0]) < TWO or len(set(map(_class, parts[1]))) < TWO:
        parts = training[:SMALL], validation[:FEW_TO_VALIDATE]
    small = _Problem([len(x), len(y)], *parts, engine, range(seed, seed + 1))
    compared = training[:MANY], validation[:MANY_TO_VALIDATE]
    runs = 3 if len(compared[1]) < 1000 else 1
    whole = _Problem([len(x), hidden, len(y)], *compared, engine, range(seed, seed + runs))
    eta = yield from _signal(small, eta)
    threshold = yield from _threshold(whole, eta)
    choice = Choice(_rounded(threshold / 2))
    patience, without = yield from _patience(whole, choice)
    best = yield from _lmbda(whole, without, patience)
    best = yield from _eta_again(whole, best, patience)
    choice = yield from _size(whole, best, patience)
    yield _result(choice, patience, whole, n)


def _stripped(examples: Iterable[Example], most: int) -> Sequence[Example]:
    """Return the first ``most`` examples of the classes 0 and 1."""
    return list(islice((each for each in examples if _class(each) < TWO), most))


def _class(example: Example) -> int:
    y = example[1]
    return as_vector("y", y, len(y)).argmax()


# One trial.


def _begin(problem: _Problem, choice: Choice, seed: int, epochs: int, costs: bool = False) -> Run:
    network = problem.engine(problem.sizes, seed=seed, cost=CROSS_ENTROPY.name, init=INIT)
    size = min(choice.mini_batch_size, len(problem.training))
    run: Run = network.train(
        problem.training,
        epochs,
        size,
        choice.eta,
        choice.lmbda,
        validation_data=problem.validation,
        measure_training=costs,
        seed=seed,
    )
    return run


def _go_on(step: str, choice: Choice, seed: int, reports: Iterator[EpochReport]) -> Any:
    """Yield each epoch of a run. Return whether it ended without leaving the range of floats."""
    try:
        for report in reports:
            yield Learnt(step, choice, seed, report)
    except DivergenceError:
        return False
    return True


def _costs_of(problem: _Problem, step: str, choice: Choice) -> _Trial:
    """Try a choice for the first epochs of one run, and record the training cost."""
    seed = problem.seeds[0]
    run = _begin(problem, choice, seed, LOOKED, costs=True)
    network: Any = run.network
    costs = [network.measure(problem.training).cost]
    stayed = yield from _go_on(step, choice, seed, run)
    costs += [report.training.cost for report in run.reports if report.training]
    tried = _tried(problem, step, choice, [run], costs if stayed else [*costs, inf])
    yield tried
    return tried


def _scored(
    problem: _Problem, step: str, choice: Choice, patience: int, runs: Sequence[Run] = ()
) -> _Trial:
    """Try a choice with early stopping: continue ``runs``, or begin one for each seed."""
    runs = runs or [_begin(problem, choice, seed, MOST_EPOCHS) for seed in problem.seeds]
    for seed, run in zip(problem.seeds, runs):
        yield from _go_on(step, choice, seed, following(run, NoImprovement(patience)))
    tried = _tried(problem, step, choice, runs, patience=patience)
    yield tried
    return tried


def _tried(
    problem: _Problem,
    step: str,
    choice: Choice,
    runs: Sequence[Run],
    costs: Sequence[float] = (),
    patience: int = 0,
) -> Tried:
    bests = [best_epoch(run.reports) for run in runs]
    correct = sum(best.validation.correct for best in bests if best and best.validation)
    seconds = sum(report.seconds for run in runs for report in run.reports)
    total = len(runs) * len(problem.validation)
    numbers = [best.number if best else -1 for best in bests]
    reports = [tuple(run.reports) for run in runs]
    n = len(problem.training)
    return Tried(step, choice, n, costs, correct, total, numbers, seconds, reports, patience)


def _rounded(number: float) -> float:
    """Return a number without rounding errors such as those of 0.1 * 3."""
    return float(f"{number:.{_DIGITS}g}")


# The decisions, in the order of the book's text.


def _signal(problem: _Problem, eta: float) -> _Eta:
    """Change η by factors of ten until the network learns to distinguish 0 from 1."""
    m = len(problem.validation)
    classes = list(map(_class, problem.validation))
    chance = max(map(classes.count, classes))  # right if one answer is given to all
    enough = min(m, chance + 3 * sqrt(chance * (1 - chance / m)))
    about = f"{'-'.join(map(str, problem.sizes))} on {len(problem.training):,} digits"
    about += ", only 0 and 1" if set(classes) == set(range(TWO)) else ""
    trials: dict[float, Tried] = {}
    while eta not in trials and len(trials) < _TENS:
        tried = trials[eta] = yield from _costs_of(problem, "problem", Choice(eta))
        if tried.correct >= enough:
            break
        eta = _rounded(eta * 10 if tried.falls else eta / 10)
    best = max(trials.values(), key=lambda each: each.correct)
    found = f"η = {best.choice.eta:g} gets {best.correct} of {m} right"
    numbers = {"eta": best.choice.eta, "correct": best.correct, "of": m, "chance": chance}
    if best.correct >= enough:
        words = f"{about}, {best.seconds:.2g} s: {found} (one answer to all: {chance})"
        words += f", a signal after {len(trials)} trial{'s' if len(trials) > 1 else ''}"
    else:
        words = f"{about}: no signal in {len(trials)} trials; {found} (one answer to all: {chance})"
    yield Decision("problem", f"{words}. Continue with η = {best.choice.eta:g}.", numbers)
    return best.choice.eta


def _threshold(problem: _Problem, eta: float) -> _Eta:
    """Return the largest η, among 1, 2 and 5 times powers of ten, at which the cost falls."""
    step = "eta"
    found: dict[bool, Tried] = {}  # the last trial in which the cost falls, and the other
    for _ in range(_TENS + 1):
        tried = yield from _costs_of(problem, step, Choice(eta))
        found[tried.falls] = tried
        if len(found) == 2:
            break
        eta = _rounded(eta * 10 if tried.falls else eta / 10)
    else:
        last = tried.choice.eta
        raise DataError(f"training data: found no threshold of η up to {last:g}: does it vary?")
    tens = found[True].choice.eta, found[False].choice.eta
    for factor in (2, 5):
        tried = yield from _costs_of(problem, step, Choice(_rounded(tens[0] * factor)))
        found[tried.falls] = tried
        if not tried.falls:
            break
    falling, rising = found[True], found[False]
    threshold, above = falling.choice.eta, rising.choice.eta
    words = f"The threshold of η is between {threshold:g}, where {falling.about_cost()}, and "
    how = rising.about_cost().replace("the training cost", "it")
    words += f"{above:g}, where {how}: half of {threshold:g} is "
    half = _rounded(threshold / 2)
    numbers = {"threshold": threshold, "above": above, "eta": half, "order": list(tens)}
    numbers["costs"] = {f"{each.choice.eta:g}": list(each.costs) for each in (falling, rising)}
    yield Decision(step, f"{words}η = {half:g}.", numbers)
    return threshold


def _patience(problem: _Problem, choice: Choice) -> Generator[Record, None, tuple[int, Tried]]:
    """Return the number of epochs to wait for an improvement, and the trial behind it."""
    step = "epochs"
    runs = [_begin(problem, choice, seed, MOST_EPOCHS) for seed in problem.seeds]
    found: dict[int, Tried] = {}
    for patience in PATIENCES:
        before = max((each.correct for each in found.values()), default=-1)
        found[patience] = tried = yield from _scored(problem, step, choice, patience, runs)
        if tried.correct <= before:
            break
    counts = {patience: tried.correct for patience, tried in found.items()}
    patience = max(counts, key=lambda each: (counts[each], -each))
    tried = found[patience]
    longer = [each for each in counts if each > patience]
    listed = ", ".join(f"{count} with {each}" for each, count in counts.items())
    words = f"Early stopping, of {tried.total} validation digits right by patience: {listed}. "
    best = f"best epoch{'s' if len(tried.best_epochs) > 1 else ''} {_listed(tried.best_epochs)}"
    words += f"Waiting longer than {patience} epochs " if longer else f"Each wait up to {patience} "
    words += f"gained nothing; {best}." if longer else f"gained; {best}."
    yield Decision(step, words, {"patience": patience, "correct": counts, "of": tried.total})
    return patience, tried


def _listed(numbers: Sequence[int]) -> str:
    return ", ".join(map(str, numbers))


def _lmbda(problem: _Problem, without: Tried, patience: int) -> _Trial:
    """Try λ from 1.0 by factors of ten, then of two; return the best trial, λ = 0 included."""
    step = "lmbda"
    first = without.choice._replace(lmbda=FIRST_LMBDA)
    start = yield from _scored(problem, step, first, patience)
    tens, _ = yield from _climbed(problem, step, start, "lmbda", (10.0, 0.1), patience)
    best, _ = yield from _climbed(problem, step, tens, "lmbda", (2.0, 0.5), patience, 1)
    words = f"Best of the factors of ten from λ = 1 is λ = {tens.choice.lmbda:g}, "
    words += f"{tens.correct} of {tens.total}; "
    if best is not tens:
        words += f"refined, λ = {best.choice.lmbda:g} gets {best.correct}; "
    words += f"with λ = 0 it is {without.correct}: "
    chosen = best if best.correct > without.correct else without
    lmbda = chosen.choice.lmbda
    numbers = {"lmbda": lmbda, "correct": best.correct, "without": without.correct}
    yield Decision(step, f"{words}λ = {lmbda:g}.", numbers)
    return chosen


def _climbed(
    problem: _Problem,
    step: str,
    start: Tried,
    name: str,
    factors: Sequence[float],
    patience: int,
    most: int = _TENS,
) -> Generator[Record, None, tuple[Tried, list[Tried]]]:
    """Try factors in turn, follow the first that improves; return the best trial and all."""
    best, seen = start, [start]
    for factor in factors:
        for _ in range(most):
            changed: Any = {name: _rounded(getattr(best.choice, name) * factor)}
            choice = best.choice._replace(**changed)
            seen.append((yield from _scored(problem, step, choice, patience)))
            if seen[-1].correct <= best.correct:
                break
            best = seen[-1]
        if best is not start:
            break
    return best, seen


def _eta_again(problem: _Problem, before: Tried, patience: int) -> _Trial:
    """Try η near the current one; return the best trial on the validation data."""
    step = "eta again"
    best, seen = yield from _climbed(problem, step, before, "eta", (2.0, 0.5), patience)
    listed = ", ".join(f"{each.correct} at {each.choice.eta:g}" for each in seen)
    words = f"With λ = {best.choice.lmbda:g}, of {best.total} right by η: {listed}. "
    words += f"η = {best.choice.eta:g}" + (" stays." if best is before else ".")
    counts = {f"{each.choice.eta:g}": each.correct for each in seen}
    yield Decision(step, words, {"eta": best.choice.eta, "correct": counts, "of": best.total})
    return best


def _size(problem: _Problem, before: Tried, patience: int) -> _Choice:
    """Return the choice with the fastest mini-batch size; η is scaled with the size."""
    step = "mini-batch size"
    target = before.correct - before.total / 100  # one percentage point below
    trials = {before.choice.mini_batch_size: before}
    for size in SIZES:
        if size <= len(problem.training):
            eta = _rounded(before.choice.eta * size / before.choice.mini_batch_size)
            choice = before.choice._replace(eta=eta, mini_batch_size=size)
            trials[size] = yield from _scored(problem, step, choice, patience)
    decision = _soonest(trials, before.choice.mini_batch_size, target)
    yield decision
    return trials[decision.numbers["mini_batch_size"]].choice


def _soonest(trials: Mapping[int, Tried], present: int, target: float) -> Decision:
    """Return the decision for a size: the ``present`` one, unless another is clearly faster.

    Another size must have at least as many right answers, and be FASTER times as fast, so that
    other load on the machine decides nothing.
    """
    before = trials[present]
    epochs = {size: epochs_to(tried, target / tried.total) for size, tried in trials.items()}
    clock = {size: epochs[size] * shortest_epoch(tried) for size, tried in trials.items()}
    right = before.correct
    others = [each for each in trials if each != present and trials[each].correct >= right]
    others = [each for each in others if isfinite(clock[each])]
    size, reason = present, f"no other gets there with at least {right} right"
    if others:
        soonest = min(others, key=lambda each: clock[each])
        times = clock[present] / clock[soonest]
        faster = f": {times:.3g} times as fast as {present}"
        faster = faster if isfinite(times) else f", and {present} does not always get there"
        reason = f"of the others with at least {right} right, {soonest} is soonest{faster}"
        if times >= FASTER:
            size = soonest
        else:
            reason += f", less than {FASTER:g} times"
    listed = "; ".join(
        f"{each}: {_time(epochs[each], trials[each])}, {trials[each].correct} right"
        for each in sorted(trials)
    )
    words = f"By mini-batch size, the epochs until {target / before.total:.1%} of the validation "
    words += f"digits are right, and the most right of {before.total}: {listed}. "
    numbers = {
        "mini_batch_size": size,
        "eta": trials[size].choice.eta,
        "correct": {str(each): trials[each].correct for each in sorted(trials)},
        "of": before.total,
        "epochs": {str(each): _or_none(epochs[each]) for each in sorted(trials)},
        "seconds": {str(each): _or_none(clock[each]) for each in sorted(trials)},
    }
    return Decision("mini-batch size", f"{words}Size {size}: {reason}.", numbers)


def epochs_to(tried: Tried, share: float) -> float:
    """Return the mean epochs until a run's accuracy reaches ``share``; inf if one never does."""
    found = []
    for reports in tried.reports:
        for done, report in enumerate(reports, start=1):
            if report.validation is not None and report.validation.accuracy >= share:
                found.append(done)
                break
        else:
            return inf
    return sum(found) / len(found) if found else inf


def shortest_epoch(tried: Tried) -> float:
    """Return the seconds of the shortest epoch of all runs, the one with the least other load."""
    return min((report.seconds for reports in tried.reports for report in reports), default=inf)


def _time(epochs: float, tried: Tried) -> str:
    if not isfinite(epochs):
        return "never" if len(tried.reports) == 1 else "not in every run"
    seconds = shortest_epoch(tried)
    return f"{epochs:.3g} of {1000 * seconds:.3g} ms = {epochs * seconds:.2g} s"


def _or_none(number: float) -> Optional[float]:
    return number if isfinite(number) else None


def _result(choice: Choice, patience: int, problem: _Problem, n: int) -> Decision:
    """Return the settings for all of the training data, with the same λ/n."""
    few = len(problem.training)
    lmbda = float(f"{choice.lmbda * n / few:.3g}")
    words = f"η = {choice.eta:g}, λ = {lmbda:g}, mini-batch {choice.mini_batch_size}, "
    words += f"patience {patience}, {'-'.join(map(str, problem.sizes))}"
    if n > few and lmbda:
        words += f"; λ/n stays: {choice.lmbda:g} of {few:,} digits is {lmbda:g} of {n:,}"
    numbers = {
        "sizes": list(problem.sizes),
        "cost": CROSS_ENTROPY.name,
        "init": INIT,
        "eta": choice.eta,
        "lmbda": lmbda,
        "mini_batch_size": choice.mini_batch_size,
        "patience": patience,
    }
    return Decision("result", f"{words}.", numbers)


# The test accuracy of the settings.


class Reached(NamedTuple):
    """The results of runs of some settings: the right test digits after their last epochs."""

    name: str
    seeds: Sequence[int]
    correct: Sequence[int]
    total: int

    @property
    def median(self) -> float:
        """The median over the seeds."""
        return median(self.correct)

    def __str__(self) -> str:
        ends = f"{min(self.correct)} to {max(self.correct)}, median {self.median:g}, "
        one = len(self.seeds) == 1
        seeds = f"seed{'' if one else 's'} {_listed(self.seeds)}"
        return f"{f'{self.correct[0]} ' if one else ends}of {self.total:,} ({seeds})"


def reach(
    data: DataSet,
    network: Engine,
    result: Optional[Mapping[str, Any]],
    seeds: Sequence[int],
    epochs: int = 20,
    on_epoch: Optional[Callable[[int, EpochReport], object]] = None,
) -> Reached:
    """Return the test results of the settings in ``result``, or of chapter 1's if it is None.

    Chapter 1's are 30 hidden neurons, η = 3.0, mini-batches of 10, the quadratic cost, and
    ``epochs`` epochs. A run that diverges counts 0 right answers.
    """
    x, y = data.training[0]
    correct = []
    for seed in seeds:
        given: dict[str, Any] = {"test_data": data.test, "seed": seed}
        if result is None:
            net = network([len(x), 30, len(y)], seed=seed)
            reports: Any = net.train(data.training, epochs, 10, 3.0, **given)
        else:
            net = network(result["sizes"], seed=seed, cost=result["cost"], init=result["init"])
            how = MOST_EPOCHS, result["mini_batch_size"], result["eta"], result["lmbda"]
            run = net.train(data.training, *how, validation_data=data.validation, **given)
            reports = following(run, NoImprovement(result["patience"]))
        right = 0
        try:
            for report in reports:
                right = report.correct
                if on_epoch is not None:
                    on_epoch(seed, report)
        except DivergenceError:
            right = 0
        correct.append(right)
    name = "chapter 1's settings" if result is None else "these settings"
    return Reached(name, list(seeds), correct, len(data.test))
