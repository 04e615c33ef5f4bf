"""``tinynn reproduce``: the book's figures, run again and held against its numbers."""

from __future__ import annotations

import json
import os
import shlex
import sys
import warnings
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from time import perf_counter
from typing import TYPE_CHECKING, Any, Optional

from tinynn.cli import options
from tinynn.cli.command import Command, argument, option
from tinynn.cli.common import load_data, print_json
from tinynn.cli.keeping import Keeper, Stopped
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, DataError, TinyNNError, require_count
from tinynn.experiments.catalogue import NETWORK, SVM, Figure, chosen, figure_named
from tinynn.experiments.printed import PRINTED, SEEDS, Seeded, seeded
from tinynn.experiments.reproduction import ENGINES, Reproduction, engine_named, names_of_parts
from tinynn.files import cache_folder
from tinynn.views import reproduce_lines as lines

if TYPE_CHECKING:
    from rich.console import Console

PURE_EPOCHS = 3  # of each part on the loops, unless --epochs says how many
_IMAGES = (50_000, 10_000, 10_000)
_LOOKS_A_SECOND = 10
_SLOW = "on the loops an epoch of chapter 6 takes hours; without --engine pure, seconds to minutes"


@dataclass
class Reproduce(Command):
    """Run the book's figures again, beside its numbers.

    List the book's figures, tables and baselines, or run one on MNIST as the book did, and compare
    each epoch with the book's. A run that is stopped goes on where it was.

    example: tinynn reproduce overfitting

    figure FIGURE  its name (default: list them)
    --engine       fast (NumPy, the default) or pure: the loops, for {PURE_EPOCHS} epochs
    --epochs       only the first N epochs of each run
    --parts PART   only these runs of the figure, such as --parts large, or of printed '784-30-10,
                   eta = 3' (eta for η, lambda for λ)
    --seed         of a figure of chapter 6, where the book's seeds are unknown (default 0)
    --seeds        of printed: how many seeds, from 0 on (default {SEEDS})
    --again        from the start, also where a stopped run is kept
    --data NAME    'mnist', or a folder of MNIST files (default mnist)
    --json         write the list, or the result, as JSON
    """

    figure: Optional[str] = argument()
    engine: Optional[str] = option(choices=ENGINES)
    epochs: Optional[int] = None
    parts: Optional[list[str]] = None
    seed: Optional[int] = option(check=options.count(0))
    seeds: Optional[int] = option(check=options.count())
    again: bool = False
    data: Optional[str] = None
    plain: bool = options.plain("a line an epoch")
    json: bool = False

    def run(self) -> int:
        """List the figures, or run one."""
        if self.figure is None:
            self._require_no_options()
            if self.json:
                print(json.dumps(lines.catalogue_json(), indent=2, ensure_ascii=False))
            else:
                print("\n".join(lines.catalogue_lines()))
            return 0
        engine = self.engine or "fast"
        if self.figure == "printed":
            if self.seed is not None:
                raise ArgumentError("--seed needs a figure of chapter 6; printed has --seeds")
            return self._run_printed(engine)
        if self.seeds is not None:
            raise ArgumentError("--seeds needs the table `printed`; each figure has one seed")
        figure = figure_named(self.figure)
        only = self._runnable(figure, engine)
        epochs = self._epochs(engine, max(part.epochs for part in figure.parts))
        if self.seed is not None and not figure.is_seeded:
            raise ArgumentError("--seed needs a figure of chapter 6; others have the book's")
        data = _mnist(self.data)
        if figure.is_seeded and engine == "pure":
            _say(_SLOW)
        how: dict[str, Any] = {"epochs": epochs, "only": only, "seed": self.seed or 0}
        return self._run_figure(Reproduction(figure, data, engine, **how))

    def _require_no_options(self) -> None:
        """Raise ArgumentError for the first option that only a figure has."""
        figures = {"parts": "weight_initialization_30", "seed": "relu", "seeds": "printed"}
        for name in ("engine", "epochs", "parts", "seed", "seeds", "again", "data", "plain"):
            given = getattr(self, name)
            if given is None or given is False:
                continue
            words = given if isinstance(given, list) else [] if given is True else [str(given)]
            figure = figures.get(name, "overfitting")
            example = shlex.join(["tinynn", "reproduce", figure, f"--{name}", *words])
            raise ArgumentError(f"--{name} needs the name of a figure: write `{example}`")

    def _epochs(self, engine: str, most: int = 0) -> Optional[int]:
        """Return how many epochs of each run, if not all of them."""
        if self.epochs is not None:
            return require_count("--epochs", self.epochs, 1, most)
        return PURE_EPOCHS if engine == "pure" else None

    def _runnable(self, figure: Figure, engine: str) -> Optional[list[str]]:
        """Return the parts that can run here; say on standard error which are skipped, and why."""
        try:
            names = names_of_parts(figure, self.parts)
        except ArgumentError as error:
            raise ArgumentError(f"--{error}") from None
        wanted = [part for part in figure.parts if part.name in names]
        if engine == "pure":
            wanted = [part for part in wanted if part.machine != SVM] or wanted
        machines = {part.machine for part in wanted}
        if NETWORK in machines:
            _require_numpy(figure.name, engine)
        missing = [each for each in ("numpy", "sklearn") if find_spec(each) is None]
        if SVM in machines and missing:
            needs = "scikit-learn: pip install numpy scikit-learn"
            rest = [part for part in wanted if part.machine != SVM]
            if not rest:
                raise ArgumentError(f"{figure.name} needs {needs}")
            skipped = "; ".join(part.name for part in wanted if part.machine == SVM)
            _say(f"skipped: {skipped}: needs {needs}")
            wanted = rest
        return None if len(wanted) == len(figure.parts) else [part.name for part in wanted]

    # The table of results.

    def _run_printed(self, engine: str) -> int:
        """Run the results that the book prints with seeds of our own; print them as a table."""
        try:
            names = chosen([row.name for row in PRINTED], self.parts)
        except ArgumentError as error:
            raise ArgumentError(f"--parts: {error}") from None
        epochs = self._epochs(engine)
        _require_numpy("printed", engine)
        data = _mnist(self.data)
        path = os.path.join(cache_folder(), "reproduce", f"printed-{engine}.jsonl")
        about = {"epochs": epochs or 0}
        found = [] if self.again else _kept(path, about)
        done = {(each.name, each.seed) for each in found}
        wanted = [row for row in PRINTED if row.name in names]
        pairs = {(row.name, seed): row for row in wanted for seed in range(self.seeds or SEEDS)}
        stopped: Optional[Stopped] = None
        if found and not self.json:
            kept = "1 seed is" if len(found) == 1 else f"{len(found)} seeds are"
            _say(f"{kept} kept; --again begins anew")
        with _opened(path) as file:
            try:
                for (name, seed), row in pairs.items():
                    if (name, seed) in done:
                        continue
                    each = seeded(row, data, engine_named(engine), seed, epochs)
                    found.append(each)
                    _append(file, {**about, **each._asdict()})
                    if not self.json:
                        print(f"{each.name}, seed {each.seed}: {each.percent:.2f} %", flush=True)
            except Stopped as signal:  # the seed that is under way is begun again
                stopped = signal
        shown = [each for each in found if (each.name, each.seed) in pairs]
        if self.json:
            results = lines.printed_json(shown, epochs or 0)
            ended = {"stopped": stopped.how if stopped else None, "results": results}
            print_json({"figure": "printed", "engine": engine, **ended})
        elif shown:
            print("", *lines.printed_table(shown, epochs or 0), sep="\n", flush=True)
        if stopped:
            _say(f"stopped {stopped.how}: the same command goes on")
        return stopped.status if stopped else 0

    # A figure.

    def _run_figure(self, reproduction: Reproduction) -> int:
        """Run a figure, or what is left of it; keep it while it runs."""
        name = reproduction.figure.name
        name += f"-seed-{reproduction.seed}" if reproduction.seed else ""
        path = os.path.join(cache_folder(), "reproduce", f"{name}-{reproduction.engine}.json")
        kept: Optional[str] = path
        if not self.again and not _goes_on(reproduction, path):
            kept = None  # that of another run stays
        with suppress(OSError):  # Keeper says why nothing can be kept
            os.makedirs(os.path.dirname(path), exist_ok=True)
        keeper = Keeper(reproduction, kept, {})
        console = self.console("reproduce")
        began = perf_counter()
        stopped: Optional[Stopped] = None
        try:
            if console is None:
                _plainly(reproduction, keeper, self.json)
            else:
                _on_screen(reproduction, keeper, console)
            if kept is not None:
                with suppress(OSError):
                    os.remove(kept)
        except Stopped as signal:
            stopped = signal
            keeper.write()
        seconds = perf_counter() - began
        status = stopped.status if stopped else 0
        if self.json:
            stopping = {"stopped": stopped.how} if stopped else {}
            print_json({**lines.to_json(reproduction), "seconds": round(seconds, 1), **stopping})
            return status
        for line in lines.verdict_lines(reproduction):
            print(line, flush=True)
        if not stopped:
            _say(f"{lines.duration(seconds)}, {reproduction.engine} engine")
            return status
        done = f"{reproduction.epochs_done:,} of {reproduction.to_come:,} epochs"
        goes_on = "the same command goes on"
        if kept is None or not os.path.exists(kept):
            goes_on = "nothing to go on from"
        _say(f"stopped {stopped.how} after {done}: {keeper.trouble or goes_on}")
        return status


def _say(line: str) -> None:
    sys.stderr.write(f"tinynn reproduce: {line}\n")


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
        _say(f"nothing is kept: {error}")
        return open(os.devnull, "wb")


def _append(file: Any, entry: dict[str, Any]) -> None:
    """Append a line in one write; a full disk does not end what runs."""
    try:
        file.write((json.dumps(entry) + "\n").encode())
    except OSError as error:
        _say(f"not kept: {error}")


def _goes_on(reproduction: Reproduction, path: str) -> bool:
    """Go on from the checkpoint of a run that was stopped; False if it is of other options."""
    if not os.path.exists(path):
        return True
    with warnings.catch_warnings(record=True) as differences:
        warnings.simplefilter("always")
        try:
            fits = reproduction.resume(path)
        except (TinyNNError, OSError) as error:
            _say(f"from the start: {error}")
            return True
    for each in differences:
        _say(f"{each.message}")
    if fits:
        done = reproduction.epochs_done
        _say(f"goes on after {done:,} epochs; --again begins anew")
    else:
        other = "a run of other epochs or parts was stopped, and stays kept"
        _say(f"from the start; {other}: --again drops it")
    return fits


def _plainly(reproduction: Reproduction, keeper: Keeper, quiet: bool) -> None:
    if not quiet:
        for part in reproduction.figure.parts:
            for compared in reproduction.of(part):  # of a run that goes on
                print(lines.epoch_line(reproduction, part, compared), flush=True)
    for compared in reproduction:
        keeper.after_epoch()
        now = reproduction.part
        if compared.ours and now is not None and not quiet:
            print(lines.epoch_line(reproduction, now, compared), flush=True)


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


def _require_numpy(name: str, engine: str) -> None:
    if engine == "fast" and find_spec("numpy") is None:
        raise ArgumentError(f"{name} needs NumPy: pip install numpy, or --engine pure")


def _mnist(name: Optional[str]) -> DataSet:
    """Return the data of the book. Raises ArgumentError, or DataError if it is other data."""
    name = "mnist" if name is None else name
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
