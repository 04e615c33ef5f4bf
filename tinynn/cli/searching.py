"""``tinynn tune --grid`` and ``--random``: many trials, kept as they are done."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Union

from tinynn.cli.common import count_of, load_data, say, screen_console, show
from tinynn.cli.keeping import Stopped
from tinynn.cli.train import engine_of
from tinynn.errors import ArgumentError, require_count
from tinynn.experiments.search import (
    DEFAULTS,
    EPOCHS,
    MOST,
    PATIENCE,
    SECOND_NAMES,
    Between,
    Result,
    Search,
    at_random,
    checked,
    default_log,
    grid,
    heat_map,
    ranked,
    varied,
)
from tinynn.views.lines import Stack
from tinynn.views.search import Heat, Ranking, result_line
from tinynn.views.tuning import command


def run_search(options: argparse.Namespace) -> int:
    """Run every trial that is not in the file yet; then show the table and the heat map."""
    engine_of(options.fast)
    load_data(options.data)  # says what is wrong with the name
    about: dict[str, Any]
    if options.grid is not None:
        space = checked(_space(options.grid))
        settings = grid(space)
        about = {"grid": {name: list(values) for name, values in space.items()}}
    else:
        count, *words = options.random
        if not count.isdecimal() or not words:
            expected = "expected how many to draw, then ranges, such as 20 eta=0.01..10"
            raise ArgumentError(f"--random: {expected}, got {' '.join(options.random)}")
        space = checked(_space(words))
        settings = at_random(space, require_count("--random", int(count), 1, MOST), options.seed)
        about = {"random": {name: _as_json(values) for name, values in space.items()}}
        about["drawn with seed"] = options.seed
    search = Search(
        settings,
        seeds=count_of(options, "seeds", 1),
        first_seed=options.seed,
        data=options.data,
        engine="fast" if options.fast else "pure",
        epochs=count_of(options, "epochs", EPOCHS),
        patience=count_of(options, "patience", PATIENCE),
        about=about,
    )
    if options.log is not None and not options.log:
        raise ArgumentError("--log: expected the name of a file, got nothing")
    search.log = default_log(search.identity) if options.log is None else options.log
    jobs = count_of(options, "jobs", os.cpu_count() or 1)
    results: list[Result] = []
    stopped = None
    try:
        _follow(search, jobs, results, options)
    except Stopped as signal:
        stopped = signal
    _conclude(results, options, len(search.jobs))
    if stopped:
        left = f"{len(search.jobs) - len(results)} trials are left"
        sys.stderr.write(f"{'stopped':<10} {stopped.how}: {left}; the same command goes on\n")
    sys.stderr.write(f"{'log':<10} {search.log}\n")
    return stopped.status if stopped else 0


def _follow(search: Search, jobs: int, results: list[Result], options: argparse.Namespace) -> None:
    console = None if options.plain or options.json else screen_console()
    of = len(search.jobs)
    work = search.run(jobs=jobs)
    known = len(search.done)
    if known:
        sys.stderr.write(f"tinynn tune: {known} of {of} trials are in {search.log}\n")
    with console.status(f"{known} of {of}", spinner="line") if console else nullcontext() as status:
        for result in work:
            results.append(result)
            if len(results) <= known:
                continue
            if status is not None:
                best = ranked(results)[0]
                status.update(
                    f"{result_line(result, len(results), of)}; best median {best.median:g}"
                )
            elif options.json:
                print(json.dumps(result._asdict(), ensure_ascii=False), flush=True)
            else:
                print(result_line(result, len(results), of), flush=True)


def _conclude(results: Sequence[Result], options: argparse.Namespace, of: int) -> None:
    """Show the table, the heat map, and the command that trains with the best settings.

    If every setting diverged there is no command, but what to try instead.
    """
    if not results:
        return
    rows = ranked(results)
    words = trouble = ""
    if rows[0].diverged == len(rows[0].results):  # the best row: so all others did, too
        least = min(float(row.settings.get("eta", DEFAULTS["eta"])) for row in rows)
        trouble = (
            f"every setting diverged: try a smaller η than {least:g}, such as eta={least / 10:g}"
        )
    else:
        best = {**DEFAULTS, **rows[0].settings}
        words = command(_found(best, options), options.data, options.fast, options.seed)
    if options.json:
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
        end = {
            "table": table,
            "command": words or None,
            **({"trouble": trouble} if trouble else {}),
        }
        print(json.dumps(end, ensure_ascii=False), flush=True)
        return
    console = None if options.plain else screen_console()
    several = varied(results)
    pair = several[:2] if len(several) > 1 else None
    maps = [heat_map(results, *pair)] if pair else []
    show(Stack(Ranking(rows), *map(Heat, maps)), console)
    say(words or trouble, console, "bold cyan" if words else "red")


def _found(best: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Return settings as options of `tinynn train`."""
    data = load_data(options.data)
    x, y = data.training[0]
    hidden = best.pop("hidden")
    if best["penalty"] == DEFAULTS["penalty"]:
        del best["penalty"]
    return {
        "sizes": [len(x), hidden, len(y)],
        **best,
        "epochs": count_of(options, "epochs", EPOCHS),
        "patience": count_of(options, "patience", PATIENCE),
    }


def _as_json(values: Any) -> Any:
    return str(values) if isinstance(values, Between) else list(values)


def _space(words: Sequence[str]) -> dict[str, Any]:
    """Read parameters: eta=0.1,0.5,1 or eta=0.01..10."""
    space: dict[str, Any] = {}
    for word in words:
        name, equals, text = word.lstrip("-").partition("=")
        name = SECOND_NAMES.get(name.replace("-", "_"), name.replace("-", "_"))
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
