"""``tinynn train``: a network learns, live."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from tinynn import __version__
from tinynn.cli import common, options
from tinynn.cli.afterwards import Trial, endings, going_on, next_commands, notes_on
from tinynn.cli.command import Command, option, refuse
from tinynn.cli.common import load_data
from tinynn.cli.keeping import Keeper, Log, Stopped
from tinynn.cli.layers import cost_for, layers_of
from tinynn.cli.rules import MOST_EPOCHS, falls, kept_rules, rules_of, to_go_on, why_ended
from tinynn.costs import COSTS, PENALTIES, QUADRATIC
from tinynn.datasets import CLOUDS, DataSet, Examples, RowExamples, expanded
from tinynn.datasets.expanded import KINDS
from tinynn.datasets.named import csv_file
from tinynn.errors import ArgumentError, DataError, TinyNNError, require_count
from tinynn.files import read_network
from tinynn.layers.descriptions import Plan, is_windowed
from tinynn.model import Model
from tinynn.network import Network
from tinynn.randomness import INITS
from tinynn.training import SCHEDULES, Answers, Run
from tinynn.training.settings import Settings
from tinynn.training.starting import slow_start
from tinynn.views.boundary_lines import boundary_lines

if TYPE_CHECKING:
    from rich.console import Console

BOOK_EPOCHS, DEMO_EPOCHS = 30, 20


class _Recipe(NamedTuple):
    """What learns points and rows in some seconds on the loops, where nothing else is asked for."""

    layers: str
    eta: float
    mu: float = 0.0
    epochs: Optional[int] = None


_RECIPES = {
    "xor": _Recipe("Dense(8, 'tanh'), Dense(2, 'softmax')", 0.2, epochs=40),
    "circle": _Recipe("Dense(4, 'tanh'), Dense(2, 'softmax')", 0.1, epochs=40),
    "spiral": _Recipe(
        "Dense(16, 'tanh'), Dense(8, 'tanh'), Dense(2, 'softmax')", 0.02, mu=0.9, epochs=120
    ),
    "plane": _Recipe("Dense(8, 'tanh'), Dense({}, 'softmax')", 0.5),
    "rows": _Recipe("Dense(30), Dense({}, 'softmax')", 0.5),
}
_MANY = 2 * 10**8  # weights times examples; each takes a tenth of a microsecond or more
_SLOW = "on the loops this takes two minutes an epoch, or more; with --fast (NumPy) about a second"
_LONGEST = 2**20  # characters of what a file says about a run: names and scales of columns
_AT_ONCE = 500  # test digits of the last pass between two looks at how far it is


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}"


_COSTS, _INITS, _PENALTIES = map(_listed, (COSTS, INITS, PENALTIES))


def _require_share(name: str, share: float) -> None:
    if not 0.0 <= share <= 1.0:
        raise ArgumentError(f"{name}: expected a share from 0 to 1, got {share:g}")


@dataclass
class Train(Command):
    """Train a network on handwritten digits, live.

    Train a network by stochastic gradient descent, and watch it learn.

    example: tinynn train --sizes 64 30 20 10 --save net.json

    --layers LIST         or the layers after the pixels, such as "Dense(30, 'tanh'), Dense(10)"
    --cost COST           {_COSTS} (default quadratic, of softmax log-likelihood)
    --init INIT           first weights, {_INITS} (default: what suits the neurons)
    --label COLUMN        of FILE.csv: the column of the labels, by name or by number from 0
                          (default: the last)
    --wrong-labels SHARE  replace this share of the training labels by wrong ones, such as 0.2
    --expand KIND         train on changed copies too: shifted, rotated or both (`tinynn data
                          --expanded`)
    --measure-training    measure the training digits too, after every epoch
    --epochs              how many epochs (default {DEMO_EPOCHS}, of MNIST {BOOK_EPOCHS}; with
                          --patience or --schedule at most {MOST_EPOCHS})
    --mini-batch-size     examples in a mini-batch (default 10)
    --eta                 the learning rate η (default 3.0 with the quadratic cost, else 0.5; with
                          --mu from 0 to 1 times 1 - μ)
    --lmbda               λ, how strongly large weights are penalised (default 0: not at all)
    --penalty KIND        of what kind, {_PENALTIES} (default L2)
    --mu                  μ of momentum, such as 0.9: the share of its velocity that a weight keeps
                          (default 0)
    --nesterov            with --mu: take the gradient at w + μ v, as Nesterov does
    --patience            stop after N epochs without improvement on the validation digits
    --schedule KIND       let η fall where the validation digits improve no more, and stop at last:
                          halve (after 10 such epochs, to η/128), by-two (after 1, to η/1024) or
                          by-ten (after 1, to η/1000)
    --seed                same seed, same run (default 0)
    --runs                train N seeds, from --seed on
    --fast                the NumPy path: the same numbers, much sooner
    --float32             with --fast: seven digits, and faster still
    --digit               the test digit to watch (default 0)
    --log FILE            write the settings, then a line of JSON an epoch
    --save FILE           keep the run in this JSON file, epoch by epoch
    --keep-best           with --save: also keep the network of the best epoch on the validation
                          digits
    --resume FILE         go on with the run in this file (default: the last one), to its end or
                          --epochs N
    """

    groups = {
        "sizes": "the network",
        "data": "the data",
        "epochs": "how it learns",
        "digit": "what is shown and kept",
    }
    sizes: Optional[list[int]] = options.sizes(
        "neurons in each layer (default: the inputs, 30, the answers)"
    )
    layers: Optional[str] = None
    cost: Optional[str] = option(choices=tuple(COSTS))
    init: Optional[str] = option(choices=tuple(INITS))
    data: Optional[str] = options.data(None)
    label: Optional[str] = None
    wrong_labels: Optional[float] = option(check=_require_share)
    expand: Optional[str] = option(choices=tuple(KINDS))
    measure_training: bool = False
    epochs: Optional[int] = option(check=options.count())
    mini_batch_size: Optional[int] = option(check=options.count())
    eta: Optional[float] = option(check=options.positive)
    lmbda: Optional[float] = option(check=options.at_least_0)
    penalty: Optional[str] = option(choices=tuple(PENALTIES))
    mu: Optional[float] = option(check=options.finite)
    nesterov: bool = False
    patience: Optional[int] = option(check=options.count())
    schedule: Optional[str] = option(choices=tuple(SCHEDULES))
    seed: Optional[int] = None
    runs: Optional[int] = option(check=options.count())
    fast: bool = False
    float32: bool = False
    digit: int = 0
    plain: bool = options.plain("the book's lines")
    log: Optional[str] = option(check=options.file_name)
    save: Optional[str] = option(check=common.require_writable)
    keep_best: bool = False
    resume: Optional[str] = option(nargs="?", const="")

    def run(self) -> int:
        """Train, watch, and keep what was learnt."""
        if self.resume is not None:
            self.resume = self.resume or common.last_network()
            self._require_alone()
        rows = self._rows()
        layers = layers_of(self.layers, self.sizes)
        self._check()
        console = self.console("training")
        data, to_come = self._resumed(self.resume) if self.resume else self._begun(rows, layers)
        first = next(to_come)
        slow = self._is_slow(first.network, data)
        trouble = "" if first.reports else slow_start(first.network, data.training)
        trouble = trouble.replace("init='scaled'", "--init scaled")
        for note in filter(None, (data.training.about, slow and _SLOW, trouble)):
            sys.stderr.write(f"tinynn train: {note}\n")
        log = Log(self.log, more=self.resume is not None)
        trials: list[Trial] = []
        stopped: Optional[Stopped] = None
        try:
            for trial in chain([first], to_come):
                trials.append(trial)
                log.begin(self._about_run(trial))
                if console is None:
                    self._train_plainly(trial, log)
                else:
                    self._train_on_screen(trial, data, slow, console, log)
        except Stopped as signal:
            stopped = signal
            trials[-1].run.rewind()
        finally:
            log.close()
            best = max(trials, key=lambda each: each.best)
            kept = _keep(best, self.save)
        answers = None
        if not stopped:
            try:
                answers = _answers(best.network, data.test, slow, console)
            except Stopped as signal:  # all is learnt and kept, and the summary does without it
                stopped = signal
        notes = [("stopped", stopped.how)] if stopped else []
        notes += endings(trials)
        notes.append(("kept", kept if len(trials) == 1 else f"{kept} (seed {best.seed}, the best)"))
        if self.log is not None:
            notes.append(("log", log.trouble or self.log))
        notes += notes_on(trials, answers)
        notes += going_on(best, kept)
        if console is None:
            points = _plane(data)
            if points is not None and best.reports:
                print("\n".join(boundary_lines(best.network, points)), flush=True)
            for name, note in notes:
                sys.stderr.write(f"{name:<10} {note}\n")
        else:
            from tinynn.views.summary import summary

            confusion = answers.confusion if answers else None
            commands = next_commands(best, data.test, self.save, kept)
            console.print(summary(best.reports, confusion, notes, commands, data.test.noun))
        return stopped.status if stopped else 0

    # What is asked for.

    def _require_alone(self) -> None:
        """Reject options that a run which goes on has already."""
        others = ["sizes", "layers", "cost", "init", "eta", "data", "label", "expand", "fast"]
        others += ["float32", "measure_training", "mini_batch_size", "lmbda", "penalty", "mu"]
        others += ["nesterov", "wrong_labels", "seed", "runs"]
        refuse(self, others, f"the run in {self.resume} has its own; leave it out", ": ")

    def _rows(self) -> Optional[DataSet]:
        """Read points or rows, and put in what learns them where neither network nor η is given."""
        if self.label is not None:
            path, column = csv_file(self.data or "")
            if not path or column:
                raise ArgumentError("--label needs --data FILE.csv")
            self.data = f"{self.data}:{self.label}"
        if self.data is None or (self.data not in CLOUDS and not csv_file(self.data)[0]):
            return None
        data = load_data(self.data)
        asked = self.sizes, self.layers, self.cost, self.eta, self.mu
        if all(each is None for each in asked):
            kind = "rows" if _plane(data) is None else "plane"
            recipe = _RECIPES[self.data if self.data in CLOUDS else kind]
            self.layers = recipe.layers.format(data.test.outputs)
            self.eta, self.mu = recipe.eta, recipe.mu
            self.epochs = self.epochs or recipe.epochs
        return data

    def _check(self) -> None:
        """Raise ArgumentError for options that need others."""
        if self.nesterov and not self.mu:
            raise ArgumentError("--nesterov needs --mu, such as --mu 0.9")
        if self.float32 and not self.fast:
            raise ArgumentError("--float32 needs --fast; the pure path has one kind of float")
        if self.keep_best and not (self.save or self.resume):
            raise ArgumentError("--keep-best needs --save FILE, beside which it is kept")
        if self.save is not None and self.keep_best and (self.runs or 1) > 1:
            raise ArgumentError("--keep-best needs one run, got --runs")

    def _settings(self, cost: str) -> Settings:
        """Return the settings of a run, with defaults for the options that are not given."""
        eta, mu, epochs = self.eta, self.mu or 0.0, self.epochs
        if eta is None:
            eta = 3.0 if cost == QUADRATIC.name else 0.5
            if 0.0 < mu < 1.0:  # v grows to 1/(1 - μ) of what one step adds to it
                eta = round(eta * (1.0 - mu), 9)
        if epochs is None:
            epochs = DEMO_EPOCHS if self.data == "digits" else BOOK_EPOCHS
            if rules_of(self.patience, self.schedule):
                epochs = MOST_EPOCHS
        size, lmbda, penalty = self.mini_batch_size or 10, self.lmbda or 0.0, self.penalty or "L2"
        return Settings(epochs, size, eta, lmbda, penalty, mu, self.nesterov)

    # What begins, and what goes on.

    def _begun(
        self, rows: Optional[DataSet], layers: Optional[list[Any]]
    ) -> tuple[DataSet, Iterator[Trial]]:
        """Return the data, and the trials of the seeds, each of them made when it is its turn."""
        self.data = self.data or "digits"
        cost = cost_for(self.cost, layers or [])
        settings = self._settings(cost)
        data = rows or load_data(self.data)
        self._require_fit(data)
        stack = _fitted(layers, "--layers" if self.layers else "--sizes", data.test)
        seeds = range(self.seed or 0, (self.seed or 0) + (self.runs or 1))

        def trial(seed: int) -> Trial:
            how: Any = settings[:5]
            run = self._network(stack, seed, cost).train(
                self._training(data, seed),
                *how,
                mu=settings.mu,
                nesterov=settings.nesterov,
                test_data=data.test,
                validation_data=data.validation or None,
                measure_training=self.measure_training,
                seed=seed,
            )
            return self._trial(data, seed, run, self.save if len(seeds) == 1 else None)

        return data, map(trial, seeds)

    def _network(self, layers: list[Any], seed: int, cost: str) -> Model:
        given: dict[str, Any] = {"seed": seed, "cost": cost}
        if self.init is not None:
            given["init"] = self.init
        if self.fast:
            given["dtype"] = "float32" if self.float32 else "float64"
        return common.engine_of(self.fast)(layers, **given)

    def _resumed(self, path: str) -> tuple[DataSet, Iterator[Trial]]:
        """Return the data of a run that was kept, and the run, ready to go on."""
        saved = read_network(path)
        kept = saved.run.get("about") if isinstance(saved.run, dict) else None
        about = kept if isinstance(kept, dict) else {}
        texts = all(isinstance(value, str) and len(value) < _LONGEST for value in about.values())
        if saved.run is None or not texts or "data" not in about:
            raise DataError(f"{path} holds no run to go on with: it was not kept by tinynn train")
        self.data = about["data"]
        try:
            seed = int(about.get("seed", "0"))
            self.wrong_labels = float(about.get("wrong labels", "0"))
        except ValueError as error:
            raise DataError(f"{path}: about: {error}") from None
        kind = about.get("expand", "no")
        self.expand = None if kind == "no" else kind
        try:
            data = load_data(self.data)
            training = self._training(data, seed)
        except (TinyNNError, OSError) as error:
            raise DataError(f"{path}: the data of this run is gone: {error}") from None
        patience, schedule = kept_rules(about, path)
        self.patience, self.schedule = self.patience or patience, self.schedule or schedule
        self._require_fit(data)
        self.fast = saved.run.get("engine") != Network._engine["engine"]
        with warnings.catch_warnings(record=True) as differences:
            warnings.simplefilter("always")
            engine = common.engine_of(self.fast)
            run = engine.resume(path, data._replace(training=training), epochs=self.epochs)
        for each in differences:
            sys.stderr.write(f"tinynn: {each.message}\n")
        self.save = self.save or path
        trial = self._trial(data, seed, run, self.save)
        over, done = why_ended(trial.rules, run.reports), len(run.reports)
        if over:
            over = f"the run in {path} is over: {over}"
        elif done >= run.settings.epochs:
            over = f"all {done} epochs of {path} are done"
        if over:
            more = to_go_on(trial.rules, run)
            hint = f"add {' '.join(more)}" if more else "begin another run"
            raise ArgumentError(f"--resume: {over}: {hint}")
        return data, iter([trial])

    def _require_fit(self, data: DataSet) -> None:
        """Raise ArgumentError unless the data have what the rules look at, and the digit."""
        if (self.patience or self.schedule) and not len(data.validation or ()):
            option = "--patience" if self.schedule is None else "--schedule"
            expected = "expected data with validation digits, by which a rule decides"
            raise ArgumentError(f"{option}: {expected}, got none in {self.data}: leave it out")
        common.require_digit(self.digit, len(data.test))

    def _training(self, data: DataSet, seed: int) -> Examples:
        """Return what a run learns from: labels are made wrong, and the images then expanded."""
        training = data.training
        if self.wrong_labels:
            training = training.with_wrong_labels(self.wrong_labels, seed=seed)
        return expanded(training, self.expand, seed=seed) if self.expand else training

    def _trial(self, data: DataSet, seed: int, run: Run, path: Optional[str]) -> Trial:
        name = self.data or ""
        known = name in ("digits", "mnist", "rows", *CLOUDS)
        about = {"data": name if known else os.path.abspath(name), "seed": str(seed)}
        about["wrong labels"] = str(self.wrong_labels or 0.0)
        about["expand"] = self.expand or "no"
        if isinstance(data.training, RowExamples):
            about["rows"] = data.training.as_json()
        rules = {"patience": self.patience, "schedule": self.schedule}
        about.update({name: str(value) for name, value in rules.items() if value is not None})
        keeper = Keeper(run, path, about, self.keep_best)
        return Trial(seed, run, keeper, name, rules_of(self.patience, self.schedule))

    def _about_run(self, trial: Trial) -> dict[str, Any]:
        """Return what a run is made of, as the first line of its log has it."""
        network = trial.network
        return {
            "layers": repr(network.layers),
            "cost": network.cost.name,
            "init": self.init,
            **trial.run.settings._asdict(),
            "engine": network._engine["engine"],
            "epochs done": len(trial.reports),
            **trial.keeper.about,
            "version": __version__,
        }

    # While it learns.

    def _train_plainly(self, trial: Trial, log: Log) -> None:
        if (self.runs or 1) > 1:
            print(f"Seed {trial.seed}", flush=True)
        with closing(trial.learn(log)) as reports:
            for report in reports:
                training = report.training
                learnt = f", training {training.correct} / {training.total}" if training else ""
                print(f"{report}{learnt}", flush=True)
                lower = falls(trial.rules, trial.run)
                if lower:
                    sys.stderr.write(f"tinynn train: {lower}\n")

    def _train_on_screen(
        self, trial: Trial, data: DataSet, slow: bool, console: Console, log: Log
    ) -> None:
        from tinynn.cli.watching import watched
        from tinynn.views.boundary import PlaneScreen
        from tinynn.views.training import TrainingScreen

        first, runs = self.seed or 0, self.runs or 1
        settings = trial.run.settings
        words: list[Any] = [
            self.expand,
            settings.mu and f"μ = {settings.mu:g}",
            settings.lmbda and f"{settings.penalty} λ = {settings.lmbda:g}",
            f"η = {settings.eta:g}, mini-batch {settings.mini_batch_size}, seed {trial.seed}",
            runs > 1 and f"run {trial.seed - first + 1} of {runs}",
        ]
        points = _plane(data)
        kind: Any = TrainingScreen if points is None else partial(PlaneScreen, points)
        screen = kind(
            trial.network,
            data.test,
            settings.epochs,
            ", ".join(filter(None, words)),
            self.digit,
            console,
            "--fast takes seconds an epoch" if slow else "",
            trial.rules,
        )
        screen.reports = list(trial.reports)
        screen.kept = trial.keeper.age
        try:
            # the last checkpoint comes before anything is written to a terminal that may be gone
            with watched(trial.run, screen), closing(trial.learn(log)) as reports:
                for report in reports:
                    screen.on_epoch(report)
        finally:
            trial.run.rewind()  # what is shown last is what is kept
            self.digit = screen.digit
            console.print(screen.picture(), height=min(console.height - 1, 30))

    def _is_slow(self, network: Model, data: DataSet) -> bool:
        """Say whether an epoch on the loops takes a minute or so."""
        n = len(data.training) * KINDS.get(self.expand or "", 1)
        return not self.fast and network.plan.products * n > _MANY


def _plane(data: DataSet) -> Optional[RowExamples]:
    """Return the training data if they are points in a plane, over which answers are drawn."""
    points = data.training
    return points if isinstance(points, RowExamples) and len(points.columns) == 2 else None


def _fitted(layers: Optional[list[Any]], option: str, test: Examples) -> list[Any]:
    """Return the layers with the inputs in front, once they fit the data."""
    image, outputs = test.image_shape, test.outputs
    pixels = image[0] * image[1]
    if layers is None:
        return [pixels, 30, outputs]
    if option == "--sizes":
        layers = [require_count(option, size) for size in layers]
    elif not isinstance(layers[0], tuple):
        layers = [(1, *image) if any(map(is_windowed, layers)) else pixels, *layers]
    sizes = Plan(layers).sizes if len(layers) > 1 else tuple(layers)
    if (sizes[0], sizes[-1]) != (pixels, outputs):
        expected = f"expected {pixels} first and {outputs} last, to fit the {test.noun}s"
        if sizes[0] != pixels and test.noun == "digit":
            expected += {784: ", or --data mnist", 64: ", or --data digits"}.get(sizes[0], "")
        raise ArgumentError(f"{option}: {expected}, got {' '.join(map(str, sizes))}")
    return layers


def _keep(trial: Trial, path: Optional[str]) -> str:
    """Keep the run where `tinynn show` finds it, and where asked; say where it is."""
    if not trial.reports:
        return "in no file: no epoch was finished"
    last = common.last_network()
    kept = last
    try:
        os.makedirs(os.path.dirname(last), exist_ok=True)
        trial.run.save(last, **trial.keeper.about)
    except OSError as error:
        kept = f"in no file: {error}"
    if not path:
        return kept
    try:
        trial.run.save(path, **trial.keeper.about)
    except OSError as error:
        raise OSError(f"{path}: {error.strerror or error}; kept: {kept}") from None
    return path


def _answers(network: Any, test: Examples, slow: bool, console: Optional[Console]) -> Answers:
    """Return what a network answers to the test digits; of many, show how many are done."""
    if len(test) <= _AT_ONCE:
        answers: Answers = network.answers(test)
        return answers
    text = f"of {len(test):,} test {test.noun}s looked at once more; Ctrl-C leaves this out"
    if console is None and slow:
        sys.stderr.write(f"tinynn train: 0 {text}\n")
    parts = []
    with common.waiting(console, f"0 {text}") as status:
        for done in range(0, len(test), _AT_ONCE):
            if status is not None:
                status.update(f"{done:,} {text}")
            parts.append(network.answers(test[done : done + _AT_ONCE]))
    tables = zip(*(part.confusion for part in parts))
    confusion = [[sum(cells) for cells in zip(*rows)] for rows in tables]
    return Answers(confusion, [max(each) for each in zip(*(part.largest for part in parts))])
