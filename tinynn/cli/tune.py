"""``tinynn tune``: choose hyper-parameters as chapter 3 does, or search a grid or at random."""

from __future__ import annotations

import argparse
import json
import sys
import warnings
from collections.abc import Mapping
from contextlib import nullcontext
from time import perf_counter
from typing import Any

from tinynn.cli.common import (
    Commands,
    add_data,
    count_of,
    load_data,
    names_of,
    refuse,
    say,
    screen_console,
)
from tinynn.cli.keeping import Stopped
from tinynn.cli.searching import run_search
from tinynn.cli.train import BOOK_EPOCHS, DEMO_EPOCHS, engine_of
from tinynn.errors import ArgumentError
from tinynn.experiments.search import EPOCHS, PATIENCE
from tinynn.experiments.tuning import (
    FIRST_ETA,
    HIDDEN,
    MANY,
    Decision,
    Tried,
    reach,
    tune,
)
from tinynn.views.tuning import TuningScreen, as_json, command, line_of

_SEEDS = 5  # that the settings are compared on with those of chapter 1; of MNIST one


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "tune",
        help="choose hyper-parameters as the book does, or search",
        description="Choose η, λ and the mini-batch size as chapter 3 does, and say why; or try "
        "all settings of a grid, or random ones.",
        epilog="example: tinynn tune --fast",
    )
    parser.set_defaults(run=run)
    add_data(parser)
    option = parser.add_argument
    option("--fast", action="store_true", help="the NumPy path: the same numbers, much sooner")
    option("--seed", type=int, default=0, metavar="N", help="the first seed (default 0)")
    eta = f"the η to begin with (default {FIRST_ETA})"
    option(*names_of("--eta"), type=float, metavar="X", help=eta)
    option("--hidden", type=int, metavar="N", help=f"hidden neurons (default {HIDDEN})")
    option("--plain", action="store_true", help="print plain lines, as when piped")
    option("--json", action="store_true", help="print a line of JSON for each trial and decision")
    _add_search(parser.add_argument_group("search instead"))


def _add_search(group: Any) -> None:
    option = group.add_argument
    values = "try every combination, such as eta=0.1,0.5,1 lmbda=0,1,5 hidden=30,100"
    option("--grid", nargs="+", metavar="NAME=X,Y", help=values)
    drawn = "draw N settings at random, such as 20 eta=0.01..10 lmbda=0.1..10 hidden=30,100"
    option("--random", nargs="+", metavar=("N", "NAME=X..Y"), help=drawn)
    option("--seeds", type=int, metavar="N", help="runs of each setting (default 1)")
    option("--jobs", type=int, metavar="N", help="processes at once (default: one a core)")
    option("--epochs", type=int, metavar="N", help=f"epochs of a run at most (default {EPOCHS})")
    patience = f"stop a run after N epochs without improvement (default {PATIENCE})"
    option("--patience", type=int, metavar="N", help=patience)
    log = "keep a line for each trial in this file, and go on from it (default: in the cache)"
    option("--log", metavar="FILE", help=log)


def run(options: argparse.Namespace) -> int:
    """Choose, thinking aloud, or search; end with the command to run."""
    searches = [name for name in ("grid", "random") if getattr(options, name) is not None]
    if len(searches) > 1:
        raise ArgumentError(
            "--random cannot go with --grid; a grid may be drawn from: hidden=30,100"
        )
    if not searches:
        names = "seeds", "jobs", "epochs", "patience", "log"
        refuse(options, names, "needs --grid or --random")
    for name in ("eta", "hidden"):
        if searches and getattr(options, name) is not None:
            text = f"write {name}={getattr(options, name):g} after --{searches[0]}"
            raise ArgumentError(f"--{name} cannot go with --{searches[0]}: {text}")
    with warnings.catch_warnings():  # a trial that diverges is said to
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            return run_search(options) if searches else _tune(options)
        except Stopped as signal:
            sys.stderr.write(f"{'stopped':<10} {signal.how}\n")
            return signal.status


def _tune(options: argparse.Namespace) -> int:
    engine = engine_of(options.fast)
    data = load_data(options.data)
    began = perf_counter()
    eta = FIRST_ETA if options.eta is None else options.eta
    hidden = count_of(options, "hidden", HIDDEN)
    try:
        records = tune(data, engine, eta=eta, seed=options.seed, hidden=hidden)
    except ArgumentError as error:
        raise ArgumentError(f"--{error}") from None
    if not options.fast:
        sys.stderr.write("tinynn tune: on the loops this takes an hour; with --fast, a minute\n")
    console = None if options.plain or options.json else screen_console()
    screen = None if console is None else TuningScreen(console)
    result: Mapping[str, Any] = {}
    with screen or nullcontext():
        for record in records:
            if isinstance(record, Decision):
                result = record.numbers
            if screen is not None:
                screen.show(record)
            elif isinstance(record, (Tried, Decision)):
                _print(record, options)
        reached = _reached(options, data, engine, result, screen)
    words = command(result, options.data, options.fast, options.seed)
    if options.json:
        ends = [each._asdict() for each in reached]
        print(json.dumps({"record": "result", "command": words, "reached": ends}), flush=True)
        return 0
    print("test digits that are right after the last epoch:")
    for each in reached:
        print(f"  {each.name:<20} {each}")
    sys.stderr.write(f"{'time':<10} {perf_counter() - began:.0f} s\n")
    say(words, console, "bold cyan")
    return 0


def _print(record: Any, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(as_json(record), ensure_ascii=False, allow_nan=False), flush=True)
        return
    print(line_of(record), flush=True)


def _reached(
    options: argparse.Namespace, data: Any, engine: Any, result: Any, screen: Any
) -> list[Any]:
    """Return what the settings reach on the test data, and what those of chapter 1 do."""
    many = len(data.training) > MANY
    seeds = range(options.seed, options.seed + (1 if many else _SEEDS))
    epochs = BOOK_EPOCHS if options.data != "digits" else DEMO_EPOCHS
    found = []
    for name, settings in (("these settings", result), ("chapter 1's settings", None)):

        def say(seed: int, report: Any, name: str = name) -> None:
            if screen is not None:
                screen.say(f"test digits, {name}, seed {seed}: {report}")

        found.append(reach(data, engine, settings, seeds, epochs, say))
    return found
