"""``tinynn reproduce``: the book's figures, run again and held against its numbers."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sys
import warnings
from contextlib import suppress
from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING, Any, Optional

from tinynn.cli.common import Commands, count_of, load_data, screen_console
from tinynn.cli.keeping import Keeper, Stopped
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, DataError, TinyNNError, require_count
from tinynn.experiments.catalogue import NETWORK, SVM, Figure, chosen, figure_named
from tinynn.experiments.printed import PRINTED, SEEDS, Seeded, seeded
from tinynn.experiments.reproduction import (
    ENGINES,
    Reproduction,
    engine_named,
    names_of_parts,
)
from tinynn.files import cache_folder
from tinynn.views.reproduce_lines import (
    catalogue_json,
    catalogue_lines,
    duration,
    epoch_line,
    printed_json,
    printed_table,
    to_json,
    verdict_lines,
)

if TYPE_CHECKING:
    from rich.console import Console

PURE_EPOCHS = 3  # of each part on the loops, unless --epochs says how many
_IMAGES = (50_000, 10_000, 10_000)
_LOOKS_A_SECOND = 10
_SLOW = "on the loops an epoch of chapter 6 takes hours; without --engine pure, seconds to minutes"


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "reproduce",
        help="run the book's figures again, beside its numbers",
        description=(
            "List the book's figures, tables and baselines, or run one on MNIST as the book did, "
            "and compare each epoch with the book's. A run that is stopped goes on where it was."
        ),
        epilog="example: tinynn reproduce overfitting",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("figure", nargs="?", metavar="FIGURE", help="its name (default: list them)")
    engine = f"fast (NumPy, the default) or pure: the loops, for {PURE_EPOCHS} epochs"
    option("--engine", choices=ENGINES, help=engine)
    option("--epochs", type=int, metavar="N", help="only the first N epochs of each run")
    parts = (
        "only these runs of the figure, such as --parts large, or of printed "
        "'784-30-10, eta = 3' (eta for η, lambda for λ)"
    )
    option("--parts", nargs="+", metavar="PART", help=parts)
    seed = "of a figure of chapter 6, where the book's seeds are unknown (default 0)"
    option("--seed", type=int, metavar="N", help=seed)
    seeds = f"of printed: how many seeds, from 0 on (default {SEEDS})"
    option("--seeds", type=int, metavar="N", help=seeds)
    option("--again", action="store_true", help="from the start, also where a stopped run is kept")
    data = "'mnist', or a folder of MNIST files (default mnist)"
    option("--data", metavar="NAME", help=data)
    option("--plain", action="store_true", help="print a line an epoch, as when piped")
    option("--json", action="store_true", help="write the list, or the result, as JSON")


def run(options: argparse.Namespace) -> int:
    """List the figures, or run one."""
    if options.figure is None:
        _require_no_options(options)
        if options.json:
            print(json.dumps(catalogue_json(), indent=2, ensure_ascii=False))
        else:
            print("\n".join(catalogue_lines()))
        return 0
    options.engine = options.engine or "fast"
    options.data = "mnist" if options.data is None else options.data
    if options.figure == "printed":
        if options.seed is not None:
            raise ArgumentError("--seed needs a figure of chapter 6; printed has --seeds")
        return _printed(options)
    if options.seeds is not None:
        raise ArgumentError("--seeds needs the table `printed`; each figure has one seed")
    figure = figure_named(options.figure)
    only = _parts(figure, options)
    most = max(part.epochs for part in figure.parts)
    if options.epochs is not None:
        require_count("--epochs", options.epochs, 1, most)
    elif options.engine == "pure":
        options.epochs = PURE_EPOCHS
    seed = count_of(options, "seed", 0, 0)
    if options.seed is not None and not figure.is_seeded:
        raise ArgumentError("--seed needs a figure of chapter 6; others have the book's")
    data = _mnist(options.data)
    if figure.is_seeded and options.engine == "pure":
        sys.stderr.write(f"tinynn reproduce: {_SLOW}\n")
    how: dict[str, Any] = {"epochs": options.epochs, "only": only, "seed": seed}
    reproduction = Reproduction(figure, data, options.engine, **how)
    return _run(reproduction, options)


def _require_no_options(options: argparse.Namespace) -> None:
    """Raise ArgumentError for the first option that only a figure has."""
    figures = {"parts": "weight_initialization_30", "seed": "relu", "seeds": "printed"}
    for name in ("engine", "epochs", "parts", "seed", "seeds", "again", "data", "plain"):
        given = getattr(options, name)
        if given is None or given is False:
            continue
        words = given if isinstance(given, list) else [] if given is True else [str(given)]
        figure = figures.get(name, "overfitting")
        example = shlex.join(["tinynn", "reproduce", figure, f"--{name}", *words])
        raise ArgumentError(f"--{name} needs the name of a figure: write `{example}`")


def _printed(options: argparse.Namespace) -> int:
    """Run the results that the book prints with seeds of our own, and print them as a table."""
    seeds = count_of(options, "seeds", SEEDS)
    try:
        names = chosen([row.name for row in PRINTED], options.parts)
    except ArgumentError as error:
        raise ArgumentError(f"--parts: {error}") from None
    if options.epochs is not None:
        require_count("--epochs", options.epochs)
    elif options.engine == "pure":
        options.epochs = PURE_EPOCHS
    _require_numpy("printed", options.engine)
    engine = engine_named(options.engine)
    data = _mnist(options.data)
    path = os.path.join(cache_folder(), "reproduce", f"printed-{options.engine}.jsonl")
    about = {"epochs": options.epochs or 0}
    found = [] if options.again else _kept(path, about)
    done = {(each.name, each.seed) for each in found}
    wanted = [row for row in PRINTED if row.name in names]
    pairs = [(row, seed) for row in wanted for seed in range(seeds)]
    stopped: Optional[Stopped] = None
    if found and not options.json:
        kept = "1 seed is" if len(found) == 1 else f"{len(found)} seeds are"
        sys.stderr.write(f"tinynn reproduce: {kept} kept; --again begins anew\n")
    with _opened(path) as file:
        try:
            for row, seed in pairs:
                if (row.name, seed) in done:
                    continue
                each = seeded(row, data, engine, seed, options.epochs)
                found.append(each)
                _append(file, {**about, **each._asdict()})
                if not options.json:
                    print(f"{each.name}, seed {each.seed}: {each.percent:.2f} %", flush=True)
        except Stopped as signal:  # the seed that is under way is begun again
            stopped = signal
    shown = [each for each in found if (each.name, each.seed) in {(r.name, s) for r, s in pairs}]
    if options.json:
        about_it = {"figure": "printed", "engine": options.engine}
        ended = {"stopped": stopped.how if stopped else None}
        results = printed_json(shown, options.epochs or 0)
        print(json.dumps({**about_it, **ended, "results": results}, ensure_ascii=False))
    elif shown:
        print("", *printed_table(shown, options.epochs or 0), sep="\n", flush=True)
    if stopped:
        sys.stderr.write(f"tinynn reproduce: stopped {stopped.how}: the same command goes on\n")
    return stopped.status if stopped else 0


def _kept(path: str, about: dict[str, int]) -> list[Seeded]:
    """Return the seeds that earlier runs of as many epochs have done; a broken line is none."""
    found = {}
    with suppress(OSError), open(path, encoding="utf-8", errors="replace") as file:
        for line in file:
            with suppress(ValueError, TypeError, AttributeError):
                entry = json.loads(line)
                if entry.pop("epochs") == about["epochs"]:
                    found[entry["name"], entry["seed"]] = Seeded(**entry)  # the last one counts
    return list(found.values())


def _opened(path: str) -> Any:
    """Return the file that keeps what is done; where there can be none, nothing is kept.

    It has no buffer, so that a line is one write at its end, also where two programs keep theirs.
    """
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        file = open(path, "a+b", buffering=0)  # noqa: SIM115  # the caller closes it
        end = file.seek(0, os.SEEK_END)
        file.seek(max(0, end - 1))
        if file.read(1) not in (b"", b"\n"):
            file.write(b"\n")  # a line that was cut off, or is being written: then an empty one
        return file
    except OSError as error:
        sys.stderr.write(f"tinynn reproduce: nothing is kept: {error}\n")
        return open(os.devnull, "wb")


def _append(file: Any, entry: dict[str, Any]) -> None:
    """Append a line in one write; a full disk does not end what runs."""
    try:
        file.write((json.dumps(entry) + "\n").encode())
    except OSError as error:
        sys.stderr.write(f"tinynn reproduce: not kept: {error}\n")


def _run(reproduction: Reproduction, options: argparse.Namespace) -> int:
    name = reproduction.figure.name
    name += f"-seed-{reproduction.seed}" if reproduction.seed else ""
    path = os.path.join(cache_folder(), "reproduce", f"{name}-{reproduction.engine}.json")
    kept: Optional[str] = path
    if not options.again and not _goes_on(reproduction, path):
        kept = None  # that of another run stays
    with suppress(OSError):  # Keeper says why nothing can be kept
        os.makedirs(os.path.dirname(path), exist_ok=True)
    keeper = Keeper(reproduction, kept, {})
    console = None if options.plain or options.json else screen_console("reproduce")
    began = perf_counter()
    stopped: Optional[Stopped] = None
    try:
        if console is None:
            _plainly(reproduction, keeper, options.json)
        else:
            _on_screen(reproduction, keeper, console)
        if kept is not None:
            with suppress(OSError):
                os.remove(kept)
    except Stopped as signal:
        stopped = signal
        keeper.write()
    seconds = perf_counter() - began
    if options.json:
        stopping = {"stopped": stopped.how} if stopped else {}
        print(json.dumps({**to_json(reproduction), "seconds": round(seconds, 1), **stopping}))
        return stopped.status if stopped else 0
    for line in verdict_lines(reproduction):
        print(line)
    sys.stdout.flush()
    took = f"{duration(seconds)}, {reproduction.engine} engine"
    if stopped:
        done = f"{reproduction.epochs_done:,} of {reproduction.to_come:,} epochs"
        goes_on = keeper.trouble or "the same command goes on"
        if kept is None or not os.path.exists(kept):
            goes_on = keeper.trouble or "nothing to go on from"
        took = f"stopped {stopped.how} after {done}: {goes_on}"
    sys.stderr.write(f"tinynn reproduce: {took}\n")
    return stopped.status if stopped else 0


def _goes_on(reproduction: Reproduction, path: str) -> bool:
    """Go on from the checkpoint of a run that was stopped; False if it is of other options."""
    if not os.path.exists(path):
        return True
    with warnings.catch_warnings(record=True) as differences:
        warnings.simplefilter("always")
        try:
            fits = reproduction.resume(path)
        except (TinyNNError, OSError) as error:
            sys.stderr.write(f"tinynn reproduce: from the start: {error}\n")
            return True
    for each in differences:
        sys.stderr.write(f"tinynn reproduce: {each.message}\n")
    if fits:
        done = reproduction.epochs_done
        sys.stderr.write(f"tinynn reproduce: goes on after {done:,} epochs; --again begins anew\n")
    else:
        other = "a run of other epochs or parts was stopped, and stays kept"
        sys.stderr.write(f"tinynn reproduce: from the start; {other}: --again drops it\n")
    return fits


def _plainly(reproduction: Reproduction, keeper: Keeper, quiet: bool) -> None:
    if not quiet:
        for part in reproduction.figure.parts:
            for compared in reproduction.of(part):  # of a run that goes on
                print(epoch_line(reproduction, part, compared), flush=True)
    for compared in reproduction:
        keeper.after_epoch()
        now = reproduction.part
        if compared.ours and now is not None and not quiet:
            print(epoch_line(reproduction, now, compared), flush=True)


def _on_screen(reproduction: Reproduction, keeper: Keeper, console: Console) -> None:
    from tinynn.cli.keyboard import Keyboard
    from tinynn.views.reproduce import ReproductionScreen

    screen = ReproductionScreen(reproduction, console, "q stop, and keep it")
    try:
        with Keyboard() as keyboard, screen:
            keyboard.drawing = lambda: screen.drawing
            screen.away = lambda: keyboard.away
            looked = 0.0

            def on_mini_batch(progress: Any) -> None:
                nonlocal looked
                if perf_counter() - looked > 1.0 / _LOOKS_A_SECOND:
                    looked = perf_counter()
                    if keyboard.read(0.0) == "q":
                        raise Stopped
                screen.on_mini_batch(progress)
                keyboard.obey()

            reproduction.watch(on_mini_batch)
            for _ in reproduction:
                keeper.after_epoch()
                screen.on_epoch()
    finally:
        screen.note = ""
        console.print(screen.picture(), height=min(console.height - 6, 24))


def _parts(figure: Figure, options: argparse.Namespace) -> Optional[list[str]]:
    """Return the parts that can run here; say on standard error which are skipped, and why."""
    try:
        names = names_of_parts(figure, options.parts)
    except ArgumentError as error:
        raise ArgumentError(f"--{error}") from None
    wanted = [part for part in figure.parts if part.name in names]
    if options.engine == "pure":
        wanted = [part for part in wanted if part.machine != SVM] or wanted
    machines = {part.machine for part in wanted}
    if NETWORK in machines:
        _require_numpy(figure.name, options.engine)
    missing = [each for each in ("numpy", "sklearn") if find_spec(each) is None]
    if SVM in machines and missing:
        needs = "scikit-learn: pip install numpy scikit-learn"
        rest = [part for part in wanted if part.machine != SVM]
        if not rest:
            raise ArgumentError(f"{figure.name} needs {needs}")
        skipped = "; ".join(part.name for part in wanted if part.machine == SVM)
        sys.stderr.write(f"tinynn reproduce: skipped: {skipped}: needs {needs}\n")
        wanted = rest
    return None if len(wanted) == len(figure.parts) else [part.name for part in wanted]


def _require_numpy(name: str, engine: str) -> None:
    if engine == "fast" and find_spec("numpy") is None:
        raise ArgumentError(f"{name} needs NumPy: pip install numpy, or --engine pure")


def _mnist(name: str) -> DataSet:
    """Return the data of the book. Raises ArgumentError, or DataError if it is other data."""
    if name not in ("mnist", "digits") and not os.path.exists(name):
        expected = "expected 'mnist' or a folder of MNIST files"
        raise ArgumentError(f"--data: {expected}, got {name!r}")
    data = load_data(name)
    sizes = tuple(map(len, data))
    if sizes != _IMAGES or data.training.image_shape != (28, 28):
        expected = f"expected MNIST, {_IMAGES[0]:,}, {_IMAGES[1]:,} and {_IMAGES[2]:,} images"
        given = " and ".join(f"{size:,}" for size in sizes)
        raise DataError(f"--data {name}: {expected} of 28×28, got {given}")
    return data
