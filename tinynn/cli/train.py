"""``tinynn train``: a network learns, live."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple, Optional, Union

from tinynn.cli import INTERRUPTED
from tinynn.cli.common import (
    Commands,
    add_data,
    last_network,
    load_data,
    peak_memory,
    require_digit,
    screen_console,
)
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, require_count, require_positive
from tinynn.network import Network
from tinynn.training import Answers, EpochReport, Progress
from tinynn.views.plain import neuron_name

if TYPE_CHECKING:
    from rich.console import Console

    from tinynn.fast import Network as FastNetwork

BOOK_EPOCHS, DEMO_EPOCHS = 30, 20
SATURATED = 0.1  # an output neuron that never gets beyond this has a σ' of less than 0.09


class Run(NamedTuple):
    """One network from one seed, and what its epochs reported."""

    seed: int
    network: Union[Network, FastNetwork]
    reports: list[EpochReport]

    @property
    def best(self) -> int:
        """How many test digits are right after the best epoch."""
        return max((report.correct or 0 for report in self.reports), default=0)


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "train",
        help="train a network on handwritten digits, live",
        description="Train a network by stochastic gradient descent, and watch it learn.",
        epilog="example: tinynn train --sizes 64 100 10 --epochs 10 --save net.json",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    sizes = "neurons in each layer (default: the pixels, 30, 10)"
    option("--sizes", type=int, nargs="+", metavar="N", help=sizes)
    epochs = f"how many epochs (default {DEMO_EPOCHS}, of MNIST {BOOK_EPOCHS})"
    option("--epochs", type=int, metavar="N", help=epochs)
    size = "examples in a mini-batch (default 10)"
    option("--mini-batch-size", type=int, default=10, metavar="N", help=size)
    option("--eta", type=float, default=3.0, metavar="X", help="the learning rate η (default 3.0)")
    option("--seed", type=int, default=0, metavar="N", help="same seed, same run (default 0)")
    option("--runs", type=int, default=1, metavar="N", help="train N seeds, from --seed on")
    add_data(parser)
    option("--fast", action="store_true", help="the NumPy path: the same numbers, much sooner")
    option("--float32", action="store_true", help="with --fast: seven digits, and faster still")
    watched = "the test digit to watch (default 0)"
    option("--digit", type=int, default=0, metavar="N", help=watched)
    option("--save", metavar="FILE", help="keep the network in this JSON file")
    option("--plain", action="store_true", help="print the book's lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Train, watch, and keep what was learnt."""
    if options.epochs is None:
        options.epochs = DEMO_EPOCHS if options.data == "digits" else BOOK_EPOCHS
    for name in ("epochs", "mini_batch_size", "runs"):
        require_count(f"--{name.replace('_', '-')}", getattr(options, name))
    require_positive("--eta", options.eta)
    if options.float32 and not options.fast:
        raise ArgumentError("--float32: expected with --fast; the pure path has one kind of float")
    if options.save is not None:
        _require_writable(options.save)
    data = load_data(options.data)
    require_digit(options.digit, len(data.test))
    options.sizes = _sizes(options.sizes, len(data.test[0][0]))
    console = None if options.plain else _console_of_size()
    runs = [Run(options.seed, _network(options, options.seed), [])]
    status = 0
    try:
        for seed in range(options.seed, options.seed + options.runs):
            if seed != options.seed:
                runs.append(Run(seed, _network(options, seed), []))
            if console is None:
                _train_plainly(runs[-1], data, options)
            else:
                _train_on_screen(runs[-1], data, options, console)
    except KeyboardInterrupt:
        status = INTERRUPTED
    finally:
        best = max(runs, key=lambda each: each.best)
        kept = _keep(best, options.save)
    # who has pressed Ctrl-C does not wait for another pass over the test data
    answers = None if status else best.network.answers(data.test)
    notes = [("stopped", "by Ctrl-C")] if status else []
    notes.append(("kept", kept if len(runs) == 1 else f"{kept} (seed {best.seed}, the best)"))
    notes += _notes(runs, answers)
    if console is None:
        for name, note in notes:
            sys.stderr.write(f"{name:<10} {note}\n")
    else:
        from tinynn.views.summary import summary

        confusion = answers.confusion if answers else None
        console.print(summary(best.reports, confusion, notes, _next(best, data, options)))
    return status


def _network(options: argparse.Namespace, seed: int) -> Union[Network, FastNetwork]:
    if not options.fast:
        return Network(options.sizes, seed=seed)
    try:
        from tinynn.fast import Network as FastNetwork
    except ImportError as error:
        raise ArgumentError(f"--fast: {error}") from None
    dtype = "float32" if options.float32 else "float64"
    return FastNetwork(options.sizes, seed=seed, dtype=dtype)


def _reports(
    run: Run,
    data: DataSet,
    options: argparse.Namespace,
    on_mini_batch: Optional[Callable[[Progress], object]] = None,
) -> Iterator[EpochReport]:
    """Train, noting each report in ``run`` as it comes."""
    for report in run.network.train(
        data.training,
        options.epochs,
        options.mini_batch_size,
        options.eta,
        test_data=data.test,
        seed=run.seed,
        on_mini_batch=on_mini_batch,
    ):
        run.reports.append(report)
        yield report


def _train_plainly(run: Run, data: DataSet, options: argparse.Namespace) -> None:
    if options.runs > 1:
        print(f"Seed {run.seed}", flush=True)
    for report in _reports(run, data, options):
        print(report, flush=True)


def _train_on_screen(
    run: Run, data: DataSet, options: argparse.Namespace, console: Console
) -> None:
    from tinynn.views.training import TrainingScreen

    settings = f"η = {options.eta:g}, mini-batch {options.mini_batch_size}, seed {run.seed}"
    screen = TrainingScreen(
        run.network, data.test, options.epochs, settings, options.digit, console
    )
    try:
        with screen:
            for report in _reports(run, data, options, screen.on_mini_batch):
                screen.on_epoch(report)
    finally:
        console.print(screen.picture(), height=min(console.height - 1, 30))


def _console_of_size() -> Optional[Console]:
    """Return the terminal, if it is one and large enough for the live screen."""
    console = screen_console()
    if console is None:
        return None
    from tinynn.views.training import SMALLEST

    if console.width < SMALLEST[0] or console.height < SMALLEST[1]:
        needs = f"{SMALLEST[0]}×{SMALLEST[1]} characters, this terminal has"
        size = f"{console.width}×{console.height}"
        sys.stderr.write(f"tinynn: plain lines only; the screen needs {needs} {size}\n")
        return None
    return console


def _sizes(sizes: Optional[list[int]], pixels: int) -> list[int]:
    if sizes is None:
        return [pixels, 30, 10]
    for size in sizes:
        require_count("--sizes", size)
    if len(sizes) < 2 or (sizes[0], sizes[-1]) != (pixels, 10):
        expected = f"expected {pixels} first and 10 last, to fit the digits"
        raise ArgumentError(f"--sizes: {expected}, got {' '.join(map(str, sizes))}")
    return sizes


def _require_writable(path: str) -> None:
    """Refuse before the training, not after it, a file that cannot be written."""
    folder = os.path.dirname(os.path.abspath(path))
    if not path:
        raise ArgumentError("--save: expected the name of a file, got nothing")
    if not os.path.isdir(folder):
        raise ArgumentError(f"--save: there is no folder {folder}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ArgumentError(f"--save: {path} is not a file")
    if not os.access(folder, os.W_OK):
        raise ArgumentError(f"--save: the folder {folder} cannot be written to")


def _keep(run: Run, path: Optional[str]) -> str:
    """Keep the network where `tinynn show` finds it, and where asked; say where it is."""
    if not run.network.is_finite():
        return "in no file: a weight is not a finite number"
    last = last_network()
    kept = last
    if not run.reports and os.path.exists(last):
        kept = f"in no file, for no epoch was finished: {last} holds the network before"
    else:
        try:
            os.makedirs(os.path.dirname(last), exist_ok=True)
            run.network.save(last)
        except OSError as error:
            kept = f"in no file: {error}"
    if not path:
        return kept
    try:
        run.network.save(path)
    except OSError as error:
        raise OSError(f"{path}: {error.strerror or error}; kept: {kept}") from None
    return path


def _notes(runs: list[Run], answers: Optional[Answers]) -> list[tuple[str, str]]:
    """Return what the runs cost, how they differ, and which digits are never answered."""
    notes = []
    reports = [report for run in runs for report in run.reports]
    if reports:
        seconds = sum(report.seconds for report in reports) / len(reports)
        rate = sum(report.examples_per_second for report in reports) / len(reports)
        memory = peak_memory()
        peak = f", peak memory {memory} MB" if memory else ""
        notes.append(("cost", f"{seconds:.2f} s an epoch, {rate:,.0f} examples/s{peak}"))
    finished = [run for run in runs if run.reports]
    if len(finished) > 1:
        total = finished[0].reports[0].total or 1
        shares = [100 * run.best / total for run in finished]
        mean = sum(shares) / len(shares)
        ends = f"{min(shares):.2f} to {max(shares):.2f} %"
        notes.append(("runs", f"{len(shares)} seeds: best epochs {ends}, mean {mean:.2f} %"))
    never = answers.never_given() if answers else []
    if answers and never:
        L = runs[0].network.num_layers
        told = ", ".join(
            f"{digit} (its neuron {neuron_name(L, digit + 1)} reaches {answers.largest[digit]:.3f})"
            for digit in never
        )
        notes.append(("never said", told))
        if all(answers.largest[digit] < SATURATED for digit in never):
            why = "A neuron so near 0 is saturated: σ' is near 0, so is its error (BP1), and it"
            better = "another --seed" if len(never) < 5 else "a smaller --eta"
            notes.append(("", f"{why} hardly learns; {better} may do better."))
    return notes


def _next(run: Run, data: DataSet, options: argparse.Namespace) -> list[tuple[str, str]]:
    """Return what to try next, from how it went: commands, each with its purpose."""
    network = run.network
    source = [] if options.data == "digits" else ["--data", options.data]
    wrong = next((i for i, (x, y) in enumerate(data.test) if network.answer(x) != y.argmax()), -1)
    show = ["tinynn", "show", *([options.save] if options.save else []), *source]
    if wrong < 0:
        found = [(show, "a digit, neuron by neuron")]
    else:
        found = [([*show, "--digit", str(wrong)], "a digit it gets wrong")]
    again = ["tinynn", "train", *source, *(["--fast"] if options.fast else [])]
    share = run.best / len(data.test)
    if len(run.reports) >= 3 and share < 0.5:
        eta = "3" if options.eta != 3.0 else "0.5"
        found.append(([*again, "--eta", eta], "this learning rate hardly learns"))
    elif share >= 0.5:
        hidden = [str(2 * size) for size in network.sizes[1:-1]] or ["30"]
        larger = [str(network.sizes[0]), *hidden, "10"]
        found.append(([*again, "--sizes", *larger], "more neurons"))
    found.append((["tinynn", "equations", "BP2"], "the lines that send errors back"))
    return [(" ".join(map(shlex.quote, command)), purpose) for command, purpose in found]
