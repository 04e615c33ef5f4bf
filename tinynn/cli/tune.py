"""``tinynn tune``: choose hyper-parameters as chapter 3 does, or search a grid or at random."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Optional, Union

from tinynn.cli import options
from tinynn.cli.command import Command, option, refuse
from tinynn.cli.common import engine_of, load_data, print_json, say, waiting
from tinynn.cli.keeping import Stopped
from tinynn.cli.train import BOOK_EPOCHS, DEMO_EPOCHS
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, require_count
from tinynn.experiments import search
from tinynn.experiments.search import DEFAULTS, EPOCHS, PATIENCE, Between, Result, Search, ranked
from tinynn.experiments.tuning import FIRST_ETA, HIDDEN, MANY, Decision, Tried, reach, tune
from tinynn.model import Model
from tinynn.views.lines import Stack
from tinynn.views.search import Heat, Ranking, result_line
from tinynn.views.tuning import TuningScreen, as_json, command, line_of

_SEEDS = 5  # that the settings are compared on with those of chapter 1; of MNIST one


@dataclass
class Tune(Command):
    """Choose hyper-parameters as the book does, or search.

    Choose η, λ and the mini-batch size as chapter 3 does, and say why; or try all settings of a
    grid, or random ones.

    example: tinynn tune --fast

    --fast                the NumPy path: the same numbers, much sooner
    --seed                the first seed (default 0)
    --eta                 the η to begin with (default {FIRST_ETA})
    --hidden              hidden neurons (default {HIDDEN})
    --json                print a line of JSON for each trial and decision
    --grid NAME=X,Y       try every combination, such as eta=0.1,0.5,1 lmbda=0,1,5 hidden=30,100
    --random N NAME=X..Y  draw N settings at random, such as 20 eta=0.01..10 lmbda=0.1..10
                          hidden=30,100
    --seeds               runs of each setting (default 1)
    --jobs                processes at once (default: one a core)
    --epochs              epochs of a run at most (default {EPOCHS})
    --patience            stop a run after N epochs without improvement (default {PATIENCE})
    --log FILE            keep a line for each trial in this file, and go on from it (default: in
                          the cache)
    """

    groups = {"grid": "search instead"}
    data: str = options.data()
    fast: bool = False
    seed: int = 0
    eta: Optional[float] = option(check=options.positive)
    hidden: Optional[int] = option(check=options.count())
    plain: bool = options.plain()
    json: bool = False
    grid: Optional[list[str]] = None
    random: Optional[list[str]] = None
    seeds: Optional[int] = option(check=options.count())
    jobs: Optional[int] = option(check=options.count())
    epochs: Optional[int] = option(check=options.count())
    patience: Optional[int] = option(check=options.count())
    log: Optional[str] = option(check=options.file_name)

    def run(self) -> int:
        """Choose, thinking aloud, or search; end with the command to run."""
        searches = [name for name in ("grid", "random") if getattr(self, name) is not None]
        if len(searches) > 1:
            raise ArgumentError(
                "--random cannot go with --grid; a grid may be drawn from: hidden=30,100"
            )
        if not searches:
            names = "seeds", "jobs", "epochs", "patience", "log"
            refuse(self, names, "needs --grid or --random")
        for name in ("eta", "hidden"):
            if searches and getattr(self, name) is not None:
                text = f"write {name}={getattr(self, name):g} after --{searches[0]}"
                raise ArgumentError(f"--{name} cannot go with --{searches[0]}: {text}")
        with warnings.catch_warnings():  # a trial that diverges is said to
            warnings.simplefilter("ignore", RuntimeWarning)
            try:
                return self._search() if searches else self._choose()
            except Stopped as signal:
                sys.stderr.write(f"{'stopped':<10} {signal.how}\n")
                return signal.status

    # The choice.

    def _choose(self) -> int:
        """Choose as chapter 3 does."""
        engine = engine_of(self.fast)
        data = load_data(self.data)
        began = perf_counter()
        eta, hidden = self.eta or FIRST_ETA, self.hidden or HIDDEN
        try:
            records = tune(data, engine, eta=eta, seed=self.seed, hidden=hidden)
        except ArgumentError as error:
            raise ArgumentError(f"--{error}") from None
        if not self.fast:
            slow = "on the loops this takes an hour; with --fast, a minute"
            sys.stderr.write(f"tinynn tune: {slow}\n")
        console = self.console()
        screen = None if console is None else TuningScreen(console)
        result: Mapping[str, Any] = {}
        with screen or nullcontext():
            for record in records:
                if isinstance(record, Decision):
                    result = record.numbers
                if screen is not None:
                    screen.show(record)
                elif isinstance(record, (Tried, Decision)):
                    if self.json:
                        print_json(as_json(record))
                    else:
                        print(line_of(record), flush=True)
            reached = self._reached(data, engine, result, screen)
        words = command(result, self.data, self.fast, self.seed)
        if self.json:
            ends = [each._asdict() for each in reached]
            print_json({"record": "result", "command": words, "reached": ends})
            return 0
        print("test digits that are right after the last epoch:")
        for each in reached:
            print(f"  {each.name:<20} {each}")
        sys.stderr.write(f"{'time':<10} {perf_counter() - began:.0f} s\n")
        say(words, console, "bold cyan")
        return 0

    def _reached(
        self,
        data: DataSet,
        engine: type[Model],
        result: Mapping[str, Any],
        screen: Optional[TuningScreen],
    ) -> list[Any]:
        """Return what the settings reach on the test data, and what those of chapter 1 do."""
        many = len(data.training) > MANY
        seeds = range(self.seed, self.seed + (1 if many else _SEEDS))
        epochs = BOOK_EPOCHS if self.data != "digits" else DEMO_EPOCHS
        found = []
        for name, settings in (("these settings", result), ("chapter 1's settings", None)):

            def say(seed: int, report: Any, name: str = name) -> None:
                if screen is not None:
                    screen.say(f"test digits, {name}, seed {seed}: {report}")

            found.append(reach(data, engine, settings, seeds, epochs, say))
        return found

    # The search.

    def _search(self) -> int:
        """Run every trial that is not in the file yet; then show the table and the heat map."""
        engine_of(self.fast)
        load_data(self.data)  # says what is wrong with the name
        settings, about = self._settings()
        trials = Search(
            settings,
            seeds=self.seeds or 1,
            first_seed=self.seed,
            data=self.data,
            engine="fast" if self.fast else "pure",
            epochs=self.epochs or EPOCHS,
            patience=self.patience or PATIENCE,
            about=about,
        )
        trials.log = self.log or search.default_log(trials.identity)
        results: list[Result] = []
        stopped = None
        try:
            self._follow(trials, results)
        except Stopped as signal:
            stopped = signal
        if results:
            self._conclude(results, trials.loaded)
        if stopped:
            left = f"{len(trials.jobs) - len(results)} trials are left"
            sys.stderr.write(f"{'stopped':<10} {stopped.how}: {left}; the same command goes on\n")
        sys.stderr.write(f"{'log':<10} {trials.log}\n")
        return stopped.status if stopped else 0

    def _settings(self) -> tuple[list[Any], dict[str, Any]]:
        """Return the settings to try, and what the log says of how they were chosen."""
        if self.random is None:
            space = search.checked(_space(self.grid or ()))
            return search.grid(space), {"grid": {name: list(space[name]) for name in space}}
        number, *words = self.random
        if not number.isdecimal() or not words:
            expected = "expected how many to draw, then ranges, such as 20 eta=0.01..10"
            raise ArgumentError(f"--random: {expected}, got {' '.join(self.random)}")
        space = search.checked(_space(words))
        drawn = require_count("--random", int(number), 1, search.MOST)
        written = {
            name: str(values) if isinstance(values, Between) else list(values)
            for name, values in space.items()
        }
        about = {"random": written, "drawn with seed": self.seed}
        return search.at_random(space, drawn, self.seed), about

    def _follow(self, trials: Search, results: list[Result]) -> None:
        """Run the trials, show each, and add it to the results."""
        console = self.console()
        of = len(trials.jobs)
        work = trials.run(jobs=self.jobs or os.cpu_count() or 1)
        known = len(trials.done)
        if known:
            sys.stderr.write(f"tinynn tune: {known} of {of} trials are in {trials.log}\n")
        with waiting(console, f"{known} of {of}") as status:
            for result in work:
                results.append(result)
                if len(results) <= known:
                    continue
                line = result_line(result, len(results), of)
                if status is not None:
                    status.update(f"{line}; best median {ranked(results)[0].median:g}")
                elif self.json:
                    print_json(result._asdict())
                else:
                    print(line, flush=True)

    def _conclude(self, results: Sequence[Result], data: DataSet) -> None:
        """Show the table, the heat map, and the command that trains with the best settings.

        If every setting diverged there is no command, but what to try instead.
        """
        rows = ranked(results)
        words = trouble = ""
        if rows[0].diverged == len(rows[0].results):  # the best row: so all others did, too
            least = min(float(row.settings.get("eta", DEFAULTS["eta"])) for row in rows)
            smaller = f"a smaller η than {least:g}, such as eta={least / 10:g}"
            trouble = f"every setting diverged: try {smaller}"
        else:
            words = command(self._found(rows[0].settings, data), self.data, self.fast, self.seed)
        if self.json:
            table = [
                {
                    "settings": row.settings,
                    "median": row.median,
                    "correct": {each.seed: each.correct for each in row.results},
                    "of": row.results[0].total,
                    "diverged": row.diverged,
                }
                for row in rows
            ]
            end = {"table": table, "command": words or None}
            print_json({**end, "trouble": trouble} if trouble else end)
            return
        console = self.console()
        pair = search.varied(results)[:2]
        maps = [Heat(search.heat_map(results, *pair))] if len(pair) > 1 else []
        self.show(Stack(Ranking(rows), *maps), console)
        say(words or trouble, console, "bold cyan" if words else "red")

    def _found(self, best: Mapping[str, Any], data: DataSet) -> dict[str, Any]:
        """Return settings as options of `tinynn train`."""
        settings = {**DEFAULTS, **best}
        x, y = data.training[0]
        sizes = [len(x), settings.pop("hidden"), len(y)]
        if settings["penalty"] == DEFAULTS["penalty"]:
            del settings["penalty"]
        ends = {"epochs": self.epochs or EPOCHS, "patience": self.patience or PATIENCE}
        return {"sizes": sizes, **settings, **ends}


def _space(words: Sequence[str]) -> dict[str, Any]:
    """Read parameters: eta=0.1,0.5,1 or eta=0.01..10."""
    space: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.lstrip("-").partition("=")
        name = search.SECOND_NAMES.get(name.replace("-", "_"), name.replace("-", "_"))
        if not equals or not text:
            raise ArgumentError(f"{word}: expected a name and values, such as eta=0.1,0.5,1")
        if name in space:
            raise ArgumentError(f"{word}: expected each parameter once, got it twice")
        low, dots, high = text.partition("..")
        if dots:
            space[name] = Between(_number(word, low), _number(word, high))
            continue
        parts = [part for part in text.split(",") if part]
        is_word = isinstance(DEFAULTS.get(name), str)
        space[name] = [part if is_word else _value(name, word, part) for part in parts]
    return space


def _value(name: str, word: str, text: str) -> Union[int, float]:
    number = _number(word, text)
    whole = isinstance(DEFAULTS.get(name), int) and number.is_integer()
    return int(number) if whole else number


def _number(word: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ArgumentError(f"{word}: expected numbers, got {text!r}") from None
