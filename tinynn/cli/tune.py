"""``tinynn tune``: choose hyper-parameters as chapter 3 does, or search a grid or at random."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from time import perf_counter
from typing import Any, Optional

from tinynn.cli.common import Commands, add_data, load_data, names_of, screen_console
from tinynn.cli.train import BOOK_EPOCHS, DEMO_EPOCHS, engine_of
from tinynn.errors import ArgumentError, require_count
from tinynn.experiments.tuning import (
    FIRST_ETA,
    HIDDEN,
    MANY,
    Decision,
    Tried,
    reach,
    tune,
)
from tinynn.views.tuning_lines import as_json, command, decision_line, tried_line

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


def run(options: argparse.Namespace) -> int:
    """Choose, thinking aloud; end with the command to run."""
    return _tune(options)


def _tune(options: argparse.Namespace) -> int:
    engine = engine_of(options.fast)
    data = load_data(options.data)
    began = perf_counter()
    eta = FIRST_ETA if options.eta is None else options.eta
    hidden = HIDDEN if options.hidden is None else require_count("--hidden", options.hidden)
    try:
        records = tune(data, engine, eta=eta, seed=options.seed, hidden=hidden)
    except ArgumentError as error:
        raise ArgumentError(f"--{error}") from None
    if not options.fast:
        sys.stderr.write("tinynn tune: the loops take many minutes for this; --fast takes one\n")
    console = None if options.plain or options.json else screen_console()
    screen: Any = None
    if console is not None:
        from tinynn.views.tuning import TuningScreen

        screen = TuningScreen(console)
    result: Optional[Decision] = None
    with screen or nullcontext():
        for record in records:
            if isinstance(record, Decision):
                result = record
            if screen is not None:
                screen.show(record)
            elif isinstance(record, (Tried, Decision)):
                _print(record, options)
        settings = result.numbers if result is not None else {}
        reached = _reached(options, data, engine, settings, screen)
    words = command(settings, options.data, options.fast, options.seed)
    if options.json:
        ends = [{"name": each.name, **each._asdict()} for each in reached]
        print(json.dumps({"record": "result", "command": words, "reached": ends}), flush=True)
        return 0
    for each in reached:
        print(f"{each.name}: {each} test digits right after the last epoch")
    print(f"{perf_counter() - began:.0f} s")
    if console is None:
        print(words)
    else:
        from rich.text import Text

        console.print(Text(words, "bold cyan"), soft_wrap=True)
    return 0


def _print(record: Any, options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(as_json(record), ensure_ascii=False, allow_nan=False), flush=True)
        return
    print(tried_line(record) if isinstance(record, Tried) else decision_line(record), flush=True)


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
