"""Keeping a run on the disk: its log and checkpoints, and before any signal ends it."""

from __future__ import annotations

import os
import shlex
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any, Optional

from tinynn.cli.common import json_line
from tinynn.training import EpochReport, best_epoch

SHARE = 0.05  # of the time that checkpoints may take


class Stopped(KeyboardInterrupt):
    """What ends the program: Ctrl-C, a closed terminal, the system's request; 0 is the key q."""

    def __init__(self, number: int = 0) -> None:
        super().__init__(number)
        self.status = 128 + number if number else 0
        ways = {0: "by q", signal.SIGINT: "by Ctrl-C"}
        self.how = ways.get(number) or f"by {signal.Signals(number).name}"


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Raise Stopped at the first signal that ends a program, and ignore those that follow it.

    So a second Ctrl-C does not cut short what the first one has begun: the last checkpoint.
    """
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    handled = [getattr(signal, name) for name in names]
    handled = [each for each in handled if signal.getsignal(each) is not signal.SIG_IGN]

    def stop(number: int, frame: object) -> None:
        for each in handled:
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    before = {}
    try:
        for each in handled:
            before[each] = signal.signal(each, stop)
    except ValueError:
        pass  # only the main thread gets signals
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


class Keeper:
    """Writes checkpoints of a run to a file, so seldom that they take 5 % of the time at most.

    ``run`` is a Run, or what has its ``reports`` and ``save``. Without a path nothing is written.
    With ``keep_best`` the network of the best epoch, by the validation data, is kept in a second
    file beside the first.
    """

    def __init__(
        self, run: Any, path: Optional[str], about: dict[str, str], keep_best: bool = False
    ) -> None:
        self.run, self.path, self.about, self.keep_best = run, path, about, keep_best
        self.trouble = ""  # why the last checkpoint could not be written
        self._cost = 0.0  # seconds that the last checkpoint took
        self._kept = len(run.reports)  # epochs that are in the file
        self._at = monotonic()

    @property
    def best_path(self) -> str:
        """Where the network of the best epoch is kept: net.best.json beside net.json."""
        root, end = os.path.splitext(self.path or "")
        return f"{root}.best{end}"

    def after_epoch(self) -> None:
        """Write a checkpoint if it is time, and the network if it is the best so far."""
        if self.path is None:
            return
        if self.keep_best and best_epoch(self.run.reports) is self.run.reports[-1]:
            network: Any = self.run.network
            self._did(network.save, self.best_path)
        if (monotonic() - self._at) * SHARE >= self._cost:
            self.write()

    def write(self) -> None:
        """Write a checkpoint of the last report, unless the file has it already."""
        if self.path is None or self._kept == len(self.run.reports):
            return
        began = monotonic()
        if self._did(self.run.save, self.path, **self.about):
            self._kept = len(self.run.reports)
        self._at = monotonic()
        self._cost = self._at - began

    def _did(self, save: Callable[..., None], path: str, **about: str) -> bool:
        """Save, and say whether it went well: a full disk does not end a run."""
        self.trouble = ""
        try:
            save(path, **about)
        except OSError as error:
            self.trouble = f"{path}: {error.strerror or error}"
        return not self.trouble

    def age(self) -> str:
        """Return how old the checkpoint is, and how to go on from it."""
        if self.path is None:
            return ""
        if self.trouble:
            return f"not kept: {self.trouble}"
        if not self._kept:
            return f"{self.path}: no epoch is kept yet"
        age = monotonic() - self._at
        old = f"{age:.0f} s" if age < 120 else f"{age / 60:.0f} min"
        go_on = f"tinynn train --resume {shlex.quote(self.path)}"
        epochs = "epoch" if self._kept == 1 else "epochs"
        return f"{self._kept} {epochs} kept, {old} old; go on with {go_on}"


class Log:
    """Writes a line of JSON for each epoch, at once, so that another program can follow a run.

    In front of them is a line with the settings. Without a path it writes nothing. ``more`` goes
    on with a file that is there. Raises OSError if the file cannot be opened.
    """

    def __init__(self, path: Optional[str], more: bool = False) -> None:
        self.path = path
        self.trouble = ""  # why a line could not be written
        self._file: Any = None
        if path is not None:
            self._file = open(path, "a" if more else "w", encoding="utf-8")  # noqa: SIM115

    def begin(self, settings: dict[str, Any]) -> None:
        """Write the line with the settings of a run."""
        self._write({"run": settings})

    def after_epoch(self, report: EpochReport) -> None:
        """Write the line of an epoch: what was measured on each set, η, and how long it took."""
        scores = {
            name: {"correct": score.correct, "of": score.total, "cost": score.cost}
            for name, score in report.scores.items()
        }
        times = {"seconds": report.seconds, "examples_per_second": report.examples_per_second}
        self._write({"epoch": report.number, "eta": report.eta, **scores, **times})

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is None or self.trouble:
            return
        try:
            self._file.write(json_line(line) + "\n")
            self._file.flush()
        except OSError as error:  # a full disk does not end a run
            self.trouble = f"not kept any more: {self.path}: {error.strerror or error}"

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            with suppress(OSError):  # what could not be written
                self._file.close()
