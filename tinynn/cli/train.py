"""``tinynn train``: a network learns, live."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Iterable
from contextlib import nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, Optional

from tinynn import __version__
from tinynn.cli.afterwards import Trial, endings, going_on, next_commands, notes_on
from tinynn.cli.common import (
    Commands,
    add_data,
    add_sizes,
    last_network,
    load_data,
    names_of,
    require_digit,
    require_writable,
    screen_console,
    take_negative_numbers,
)
from tinynn.cli.keeping import Keeper, Log, Stopped
from tinynn.cli.layers import cost_for, layers_of
from tinynn.cli.rules import (
    MOST_EPOCHS,
    about_rules,
    add_rules,
    falls,
    require_validation,
    rules_of,
    take_rules,
    to_go_on,
    why_ended,
)
from tinynn.costs import COSTS, PENALTIES, QUADRATIC
from tinynn.datasets import CLOUDS, DataSet, Examples, RowExamples, expanded
from tinynn.datasets.expanded import KINDS
from tinynn.datasets.named import csv_file
from tinynn.errors import (
    ArgumentError,
    DataError,
    TinyNNError,
    require_at_least_0,
    require_count,
    require_positive,
)
from tinynn.files import read_network
from tinynn.layers.descriptions import Plan, is_windowed
from tinynn.linalg import finite_float
from tinynn.model import Model
from tinynn.network import Network
from tinynn.randomness import INITS
from tinynn.training import Answers, Run
from tinynn.training.starting import slow_start
from tinynn.views.boundary_lines import boundary_lines

if TYPE_CHECKING:
    from rich.console import Console

    from tinynn.fast import Network as FastNetwork

BOOK_EPOCHS, DEMO_EPOCHS = 30, 20
_DEFAULTS = {
    "mini_batch_size": 10,
    "lmbda": 0.0,
    "penalty": "L2",
    "mu": 0.0,
    "nesterov": False,
    "wrong_labels": 0.0,
    "seed": 0,
    "runs": 1,
}
# What learns points and rows in some seconds on the loops, where nothing else is asked for.
_RECIPES: dict[str, dict[str, Any]] = {
    "xor": {"layers": "Dense(8, 'tanh'), Dense(2, 'softmax')", "eta": 0.2, "epochs": 40},
    "circle": {"layers": "Dense(4, 'tanh'), Dense(2, 'softmax')", "eta": 0.1, "epochs": 40},
    "spiral": {
        "layers": "Dense(16, 'tanh'), Dense(8, 'tanh'), Dense(2, 'softmax')",
        "eta": 0.02,
        "mu": 0.9,
        "epochs": 120,
    },
    "plane": {"layers": "Dense(8, 'tanh'), Dense({}, 'softmax')", "eta": 0.5},
    "rows": {"layers": "Dense(30), Dense({}, 'softmax')", "eta": 0.5},
}
_MANY = 2 * 10**8  # weights times examples; each takes a tenth of a microsecond or more
_SLOW = "on the loops this takes two minutes an epoch, or more; with --fast (NumPy) about a second"
_LONGEST = 2**20  # characters of what a file says about a run: names and scales of columns
_AT_ONCE = 500  # test digits of the last pass between two looks at how far it is


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "train",
        help="train a network on handwritten digits, live",
        description="Train a network by stochastic gradient descent, and watch it learn.",
        epilog="example: tinynn train --sizes 64 30 20 10 --save net.json",
    )
    parser.set_defaults(run=run)
    take_negative_numbers(parser)
    _add_network(parser.add_argument_group("the network"))
    data = parser.add_argument_group("the data")
    add_data(data)
    parser.set_defaults(data=None)
    label = "of FILE.csv: the column of the labels, by name or by number from 0 (default: the last)"
    data.add_argument("--label", metavar="COLUMN", help=label)
    wrong = "replace this share of the training labels by wrong ones, such as 0.2"
    data.add_argument("--wrong-labels", type=float, metavar="SHARE", help=wrong)
    expand = "train on changed copies too: shifted, rotated or both (`tinynn data --expanded`)"
    data.add_argument("--expand", choices=tuple(KINDS), metavar="KIND", help=expand)
    training = "measure the training digits too, after every epoch"
    data.add_argument("--measure-training", action="store_true", help=training)
    _add_learning(parser.add_argument_group("how it learns"))
    _add_keeping(parser.add_argument_group("what is shown and kept"))


def _add_network(group: Any) -> None:
    option = group.add_argument
    add_sizes(group, "neurons in each layer (default: the inputs, 30, the answers)")
    layers = "or the layers after the pixels, such as \"Dense(30, 'tanh'), Dense(10)\""
    option("--layers", metavar="LIST", help=layers)
    cost = f"{_listed(COSTS)} (default quadratic, of softmax log-likelihood)"
    option("--cost", choices=tuple(COSTS), metavar="COST", help=cost)
    inits = f"first weights, {_listed(INITS)} (default: what suits the neurons)"
    option("--init", choices=tuple(INITS), metavar="INIT", help=inits)


def _add_learning(group: Any) -> None:
    option = group.add_argument
    epochs = f"how many epochs (default {DEMO_EPOCHS}, of MNIST {BOOK_EPOCHS}; "
    epochs += f"with --patience or --schedule at most {MOST_EPOCHS})"
    option("--epochs", type=int, metavar="N", help=epochs)
    size = "examples in a mini-batch (default 10)"
    option(*names_of("--mini-batch-size"), type=int, metavar="N", help=size)
    eta = "the learning rate η (default 3.0 with the quadratic cost, else 0.5; "
    eta += "with --mu from 0 to 1 times 1 - μ)"
    option(*names_of("--eta"), type=float, metavar="X", help=eta)
    lmbda = "λ, how strongly large weights are penalised (default 0: not at all)"
    option(*names_of("--lmbda"), type=float, metavar="X", help=lmbda)
    penalty = f"of what kind, {_listed(PENALTIES)} (default L2)"
    option("--penalty", choices=tuple(PENALTIES), metavar="KIND", help=penalty)
    mu = "μ of momentum, such as 0.9: the share of its velocity that a weight keeps (default 0)"
    option(*names_of("--mu"), type=float, metavar="X", help=mu)
    ahead = "with --mu: take the gradient at w + μ v, as Nesterov does"
    option("--nesterov", action="store_true", default=None, help=ahead)
    add_rules(group)
    option("--seed", type=int, metavar="N", help="same seed, same run (default 0)")
    option("--runs", type=int, metavar="N", help="train N seeds, from --seed on")
    option("--fast", action="store_true", help="the NumPy path: the same numbers, much sooner")
    option("--float32", action="store_true", help="with --fast: seven digits, and faster still")


def _add_keeping(group: Any) -> None:
    option = group.add_argument
    watched = "the test digit to watch (default 0)"
    option("--digit", type=int, default=0, metavar="N", help=watched)
    option("--plain", action="store_true", help="print the book's lines, as when piped")
    option("--log", metavar="FILE", help="write the settings, then a line of JSON an epoch")
    option("--save", metavar="FILE", help="keep the run in this JSON file, epoch by epoch")
    best = "with --save: also keep the network of the best epoch on the validation digits"
    option("--keep-best", action="store_true", help=best)
    resume = "go on with the run in this file (default: the last one), to its end or --epochs N"
    option("--resume", nargs="?", const="", metavar="FILE", help=resume)


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}"


def run(options: argparse.Namespace) -> int:
    """Train, watch, and keep what was learnt."""
    if options.resume is not None:
        options.resume = options.resume or last_network()
        _require_alone(options)
    _settle(options)
    return _run(options)


def _settle(options: argparse.Namespace) -> None:
    """Put in the defaults, and check what is there."""
    if options.label is not None:
        if not csv_file(options.data or "")[0] or csv_file(options.data)[1]:
            raise ArgumentError("--label needs --data FILE.csv")
        options.data += f":{options.label}"
    _follow_recipe(options)
    options.sizes = layers_of(options)
    options.cost = cost_for(options.cost, options.sizes or [])
    for name, default in _DEFAULTS.items():
        if getattr(options, name) is None:
            setattr(options, name, default)
    if options.eta is None:
        options.eta = 3.0 if options.cost == QUADRATIC.name else 0.5
        if 0.0 < options.mu < 1.0:  # v grows to 1/(1 - μ) of what one step adds to it
            options.eta = round(options.eta * (1.0 - options.mu), 9)
    for name in ("mini_batch_size", "runs"):
        require_count(f"--{name.replace('_', '-')}", getattr(options, name))
    if options.epochs is not None:
        require_count("--epochs", options.epochs)
    require_positive("--eta", options.eta)
    require_at_least_0("--lmbda", options.lmbda)
    finite_float(options.mu, "--mu")
    if options.nesterov and options.mu == 0.0:
        raise ArgumentError("--nesterov needs --mu, such as --mu 0.9")
    rules_of(options)
    if not 0.0 <= options.wrong_labels <= 1.0:
        given = f"got {options.wrong_labels:g}"
        raise ArgumentError(f"--wrong-labels: expected a share from 0 to 1, {given}")
    if options.float32 and not options.fast:
        raise ArgumentError("--float32 needs --fast; the pure path has one kind of float")
    if options.keep_best and not (options.save or options.resume):
        raise ArgumentError("--keep-best needs --save FILE, beside which it is kept")
    if options.save is not None and options.runs > 1 and options.keep_best:
        raise ArgumentError("--keep-best needs one run, got --runs")
    if options.save is not None:
        require_writable(options.save)


def _follow_recipe(options: argparse.Namespace) -> None:
    """Read points or rows, and put in what learns them where neither network nor η is given."""
    options.rows = None
    if options.data not in CLOUDS and not csv_file(options.data or "")[0]:
        return
    options.rows = data = load_data(options.data)
    kind = "rows" if _plane(data) is None else "plane"
    recipe = _RECIPES[options.data if options.data in CLOUDS else kind]
    asked = ("sizes", "layers", "cost", "eta", "mu")
    if all(getattr(options, name) is None for name in asked):
        for name, value in recipe.items():
            if getattr(options, name) is None:
                setattr(options, name, value)
        options.layers = options.layers.format(data.test.outputs)


def _require_alone(options: argparse.Namespace) -> None:
    """Reject options that a run which goes on has already."""
    others = "sizes", "layers", "cost", "init", "eta", "data", "label", "expand", "fast", "float32"
    for name in (*others, "measure_training", *_DEFAULTS):
        if getattr(options, name) is not None and getattr(options, name) is not False:
            option = f"--{name.replace('_', '-')}"
            raise ArgumentError(f"{option}: the run in {options.resume} has its own; leave it out")


def _run(options: argparse.Namespace) -> int:
    trials: list[Trial] = []
    stopped: Optional[Stopped] = None
    console = None if options.plain else screen_console("training")
    begin = _resumed if options.resume else _begun
    data, first = begin(options)
    if data.training.about:
        sys.stderr.write(f"tinynn train: {data.training.about}\n")
    if _is_slow(first.network, data, options):
        sys.stderr.write(f"tinynn train: {_SLOW}\n")
    trouble = slow_start(first.network, data.training) if not first.reports else ""
    if trouble:
        text = trouble.replace("init='scaled'", "--init scaled")
        sys.stderr.write(f"tinynn train: {text}\n")
    log = Log(options.log, more=options.resume is not None)
    try:
        for seed in range(options.seed, options.seed + options.runs):
            trials.append(first if not trials else _new(options, data, seed))
            log.begin(_settings(trials[-1], options))
            if console is None:
                _train_plainly(trials[-1], options, log)
            else:
                _train_on_screen(trials[-1], data, options, console, len(trials), log)
    except Stopped as signal:
        stopped = signal
        trials[-1].run.rewind()
    finally:
        log.close()
        best = max(trials, key=lambda each: each.best)
        kept = _keep(best, options.save)
    answers = None
    if not stopped:
        try:
            answers = _answers(best.network, data, options, console)
        except Stopped as signal:  # all is learnt and kept, and the summary does without it
            stopped = signal
    notes = [("stopped", stopped.how)] if stopped else []
    notes += endings(trials)
    notes.append(("kept", kept if len(trials) == 1 else f"{kept} (seed {best.seed}, the best)"))
    if options.log is not None:
        notes.append(("log", log.trouble or options.log))
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
        console.print(
            summary(
                best.reports,
                confusion,
                notes,
                next_commands(best, data, options, kept),
                data.test.noun,
            )
        )
    return stopped.status if stopped else 0


def _begun(options: argparse.Namespace) -> tuple[DataSet, Trial]:
    """Return the data, and the trial of the first seed."""
    options.data = options.data or "digits"
    if options.epochs is None:
        options.epochs = DEMO_EPOCHS if options.data == "digits" else BOOK_EPOCHS
        if rules_of(options):
            options.epochs = MOST_EPOCHS
    data = options.rows or load_data(options.data)
    require_validation(options, data)
    require_digit(options.digit, len(data.test))
    options.sizes = _layers(options, data.test)
    return data, _new(options, data, options.seed)


def _new(options: argparse.Namespace, data: DataSet, seed: int) -> Trial:
    settings = options.epochs, options.mini_batch_size, options.eta, options.lmbda, options.penalty
    moving = {"mu": options.mu, "nesterov": options.nesterov}
    run = _network(options, seed).train(
        _training(options, data, seed),
        *settings,
        **moving,
        test_data=data.test,
        validation_data=data.validation or None,
        measure_training=options.measure_training,
        seed=seed,
    )
    return _trial(options, data, seed, run, options.save if options.runs == 1 else None)


def _training(options: argparse.Namespace, data: DataSet, seed: int) -> Examples:
    """Return what a run learns from: labels are made wrong first, and the images then expanded."""
    training = data.training
    if options.wrong_labels:
        training = training.with_wrong_labels(options.wrong_labels, seed=seed)
    return expanded(training, options.expand, seed=seed) if options.expand else training


def _trial(
    options: argparse.Namespace, data: DataSet, seed: int, run: Run, path: Optional[str]
) -> Trial:
    name = (
        options.data
        if options.data in ("digits", "mnist", "rows", *CLOUDS)
        else os.path.abspath(options.data)
    )
    about = {"data": name, "seed": str(seed), "wrong labels": str(options.wrong_labels)}
    about["expand"] = options.expand or "no"
    if isinstance(data.training, RowExamples):
        about["rows"] = data.training.as_json()
    about.update(about_rules(options))
    keeper = Keeper(run, path, about, options.keep_best)
    return Trial(seed, run, keeper, rules_of(options))


def _settings(trial: Trial, options: argparse.Namespace) -> dict[str, Any]:
    """Return what a run is made of, as the first line of its log has it."""
    network = trial.network
    return {
        "layers": repr(network.layers),
        "cost": network.cost.name,
        "init": options.init,
        **trial.run.settings._asdict(),
        "engine": network._engine["engine"],
        "epochs done": len(trial.reports),
        **trial.keeper.about,
        "version": __version__,
    }


def _resumed(options: argparse.Namespace) -> tuple[DataSet, Trial]:
    """Return the data of a run that was kept, and the run, ready to go on."""
    path = options.resume
    saved = read_network(path)
    kept = saved.run.get("about") if isinstance(saved.run, dict) else None
    about = kept if isinstance(kept, dict) else {}
    texts = all(isinstance(value, str) and len(value) < _LONGEST for value in about.values())
    if saved.run is None or not texts or "data" not in about:
        raise DataError(f"{path} holds no run to go on with: it was not kept by tinynn train")
    options.data = about["data"]
    try:
        options.seed = int(about.get("seed", "0"))
        options.wrong_labels = float(about.get("wrong labels", "0"))
    except ValueError as error:
        raise DataError(f"{path}: about: {error}") from None
    try:
        kind = about.get("expand", "no")
        options.expand = None if kind == "no" else kind
        data = load_data(options.data)
        training = _training(options, data, options.seed)
    except (TinyNNError, OSError) as error:
        raise DataError(f"{path}: the data of this run is gone: {error}") from None
    take_rules(options, about, path)
    require_validation(options, data)
    require_digit(options.digit, len(data.test))
    options.fast = saved.run.get("engine") != Network._engine["engine"]
    engine = engine_of(options.fast)
    with warnings.catch_warnings(record=True) as differences:
        warnings.simplefilter("always")
        run = engine.resume(path, data._replace(training=training), epochs=options.epochs)
    for each in differences:
        sys.stderr.write(f"tinynn: {each.message}\n")
    done = len(run.reports)
    for name, value in run.settings._asdict().items():
        setattr(options, name, value)
    over, more = why_ended(rules_of(options), run.reports), to_go_on(rules_of(options), run)
    if not over and done >= options.epochs:
        over = f"all {done} epochs of {path} are done"
    elif over:
        over = f"the run in {path} is over: {over}"
    if over:
        hint = f"add {' '.join(more)}" if more else "begin another run"
        raise ArgumentError(f"--resume: {over}: {hint}")
    options.save = options.save or path
    options.sizes = list(run.network.sizes)  # type: ignore[attr-defined]
    return data, _trial(options, data, options.seed, run, options.save)


def _network(options: argparse.Namespace, seed: int) -> Model:
    given = {"seed": seed, "cost": options.cost}
    if options.init is not None:
        given["init"] = options.init
    if not options.fast:
        return Network(options.sizes, **given)
    dtype = "float32" if options.float32 else "float64"
    return _fast_network()(options.sizes, **given, dtype=dtype)


def engine_of(fast: bool) -> type[Model]:
    """Return the class of the networks that learn. Raises ArgumentError without NumPy."""
    return _fast_network() if fast else Network


def _fast_network() -> type[FastNetwork]:
    try:
        from tinynn.fast import Network as FastNetwork
    except ImportError as error:
        raise ArgumentError(f"--fast: {error}") from None
    return FastNetwork


def _train_plainly(trial: Trial, options: argparse.Namespace, log: Log) -> None:
    if options.runs > 1:
        print(f"Seed {trial.seed}", flush=True)
    try:
        for report in trial.reports_to_come():
            trial.keeper.after_epoch()
            log.after_epoch(report)
            training = report.training
            learnt = f", training {training.correct} / {training.total}" if training else ""
            print(f"{report}{learnt}", flush=True)
            lower = falls(trial.rules, trial.run)
            if lower:
                sys.stderr.write(f"tinynn train: {lower}\n")
    finally:
        trial.keeper.write()


def _train_on_screen(
    trial: Trial,
    data: DataSet,
    options: argparse.Namespace,
    console: Console,
    number: int,
    log: Log,
) -> None:
    from tinynn.cli.watching import watched
    from tinynn.views.boundary import PlaneScreen
    from tinynn.views.training import TrainingScreen

    settings = f"η = {options.eta:g}, mini-batch {options.mini_batch_size}, seed {trial.seed}"
    if options.lmbda:
        settings = f"{options.penalty} λ = {options.lmbda:g}, {settings}"
    if options.mu:
        settings = f"μ = {options.mu:g}, {settings}"
    if options.expand:
        settings = f"{options.expand}, {settings}"
    if options.runs > 1:
        settings += f", run {number} of {options.runs}"
    note = "--fast takes seconds an epoch" if _is_slow(trial.network, data, options) else ""
    points = _plane(data)
    kind: Any = TrainingScreen if points is None else partial(PlaneScreen, points)
    screen = kind(
        trial.network,
        data.test,
        options.epochs,
        settings,
        options.digit,
        console,
        note,
        trial.rules,
    )
    screen.reports = list(trial.reports)
    screen.kept = trial.keeper.age
    try:
        with watched(trial.run, screen):
            try:
                for report in trial.reports_to_come():
                    trial.keeper.after_epoch()
                    log.after_epoch(report)
                    screen.on_epoch(report)
            finally:
                trial.keeper.write()  # before anything is written to a terminal that may be gone
    finally:
        trial.run.rewind()  # what is shown last is what is kept
        options.digit = screen.digit
        console.print(screen.picture(), height=min(console.height - 1, 30))


def _is_slow(network: Model, data: DataSet, options: argparse.Namespace) -> bool:
    """Say whether an epoch on the loops takes a minute or so."""
    n = len(data.training) * KINDS.get(options.expand, 1)
    return not options.fast and network.plan.products * n > _MANY


def _plane(data: DataSet) -> Optional[RowExamples]:
    """Return the training data if they are points in a plane, over which answers are drawn."""
    points = data.training
    return points if isinstance(points, RowExamples) and len(points.columns) == 2 else None


def _layers(options: argparse.Namespace, test: Examples) -> list[Any]:
    """Return the layers with the inputs in front, once they fit the data."""
    image, outputs = test.image_shape, test.outputs
    pixels = image[0] * image[1]
    option = "--layers" if options.layers else "--sizes"
    layers: Optional[list[Any]] = options.sizes
    if layers is None:
        return [pixels, 30, outputs]
    if options.layers and not isinstance(layers[0], tuple):
        layers = [(1, *image) if any(map(is_windowed, layers)) else pixels, *layers]
    if not options.layers:
        layers = [require_count("--sizes", size) for size in layers]
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
    last = last_network()
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


def _answers(
    network: Any, data: DataSet, options: argparse.Namespace, console: Optional[Console]
) -> Answers:
    """Return what a network answers to the test digits; of many, show how many are done."""
    test = data.test
    if len(test) <= _AT_ONCE:
        answers: Answers = network.answers(test)
        return answers
    text = f"of {len(test):,} test {test.noun}s looked at once more; Ctrl-C leaves this out"
    if console is None and _is_slow(network, data, options):
        sys.stderr.write(f"tinynn train: 0 {text}\n")
    parts = []
    with console.status(f"0 {text}", spinner="line") if console else nullcontext() as status:
        for done in range(0, len(test), _AT_ONCE):
            if status is not None:
                status.update(f"{done:,} {text}")
            parts.append(network.answers(test[done : done + _AT_ONCE]))
    tables = zip(*(part.confusion for part in parts))
    confusion = [[sum(cells) for cells in zip(*rows)] for rows in tables]
    return Answers(confusion, [max(each) for each in zip(*(part.largest for part in parts))])
