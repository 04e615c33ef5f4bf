"""The logs of training runs, read, and their curves over each other as plain lines."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple, Optional

from tinynn.errors import DataError
from tinynn.files import path_name, require_file
from tinynn.views.axes import AccuracyAxis, Axis, CostAxis

SETS = ("training", "validation", "test")
MARKS = "abcdefghijklmnopqrstuvwxyz"
BOTH = "*"  # where several curves meet
WIDTH, HEIGHT = 80, 24
_UNTOLD = ("epochs", "epochs done", "version", "engine")  # differ where nothing else has to
_LETTERS = {"eta": "η", "lmbda": "λ", "mu": "μ", "mini_batch_size": "mini-batch"}


class Point(NamedTuple):
    """What was measured after an epoch."""

    epoch: int
    cost: float
    share: float


class Logged(NamedTuple):
    """A run as its log has it: its settings, and what was measured on each set."""

    path: str
    settings: dict[str, Any]
    points: dict[str, list[Point]]


class Line(NamedTuple):
    """A curve: its letter, what it is of, and its points."""

    mark: str
    name: str
    of: str  # the set
    points: list[Point]

    def legend(self, width: int) -> str:
        """Return its letter and name, its accuracy at its best and last epoch, its last cost."""
        best, last = max(self.points, key=lambda each: each.share), self.points[-1]
        told = f" ({self.of}): best {100 * best.share:.1f} % in epoch {best.epoch}, "
        told += f"last {100 * last.share:.1f} %, cost {last.cost:.3g}"
        room = max(2, width - len(told) - 3)
        name = self.name if len(self.name) <= room else f"…{self.name[1 - room :]}"
        return f"{self.mark}  {name}{told}"


def read_log(path: str) -> list[Logged]:
    """Read the runs of a log that ``tinynn train --log`` wrote; one that was resumed is one run.

    Raises DataError, in one line, for what is no such log.
    """
    require_file(path_name(path))
    runs: list[Logged] = []
    try:
        with open(path, encoding="utf-8") as file:
            for number, line in enumerate(file, start=1):
                if not line.endswith("\n"):
                    if number == 1:
                        raise _no_log(path)
                    break  # it is being written just now
                try:
                    _take(json.loads(line), path, runs)
                except (ValueError, KeyError, TypeError, RecursionError, ZeroDivisionError):
                    raise _no_log(f"{path}, line {number}") from None
    except UnicodeDecodeError:
        raise _no_log(path) from None
    runs = [run for run in runs if run.points]
    if not runs:
        raise DataError(f"{path}: expected a log with an epoch at least, got none")
    return runs


def _no_log(where: str) -> DataError:
    expected = "expected what `tinynn train --log run.jsonl` writes"
    return DataError(f"{where}: {expected}, a line of JSON for each epoch")


def _take(parts: Any, path: str, runs: list[Logged]) -> None:
    """Take in a line of a log. Raises one of several errors for what is no such line."""
    if "run" in parts and "format" not in parts:  # a checkpoint has both
        settings, done = dict(parts["run"]), parts["run"].get("epochs done", 0)
        known = runs[-1].points if runs and done else {}
        kept = {
            name: [each for each in points if each.epoch < done] for name, points in known.items()
        }
        if done and kept:
            runs.pop()
        runs.append(
            Logged(path, settings, {name: points for name, points in kept.items() if points})
        )
        return
    epoch = parts["epoch"]
    if type(epoch) is not int:
        raise TypeError
    if not runs:
        runs.append(Logged(path, {}, {}))
    for name in SETS:
        if name in parts:
            score = parts[name]
            cost, share = float(score["cost"]), score["correct"] / score["of"]
            if not 0.0 <= share <= 1.0 or cost < 0.0:
                raise ValueError
            cost = cost if isfinite(cost) else float("inf")
            runs[-1].points.setdefault(name, []).append(Point(epoch, cost, share))


def lines_of(runs: Sequence[Logged], sets: Optional[Sequence[str]] = None) -> list[Line]:
    """Return the curves of runs: of one run every set, of several one set, if none is asked for.

    Raises DataError for a set that a run did not measure.
    """
    if sets is None:
        common = [name for name in SETS if all(name in run.points for run in runs)]
        if not common:
            raise DataError("expected a set that all runs measured, got none: --set names one")
        sets = (
            common if len(runs) == 1 else ["validation" if "validation" in common else common[-1]]
        )
    found = []
    for name, run in zip(_names(runs), runs):
        for of in sets:
            if of not in run.points:
                there = " or ".join(run.points)
                raise DataError(f"--set: expected {there} for {run.path}, got {of!r}")
            found.append((name, of, run.points[of]))
    if len(found) > len(MARKS):
        raise DataError(f"expected at most {len(MARKS)} curves, got {len(found)}: name fewer logs")
    return [Line(mark, *each) for mark, each in zip(MARKS, found)]


def _names(runs: Sequence[Logged]) -> Iterator[str]:
    """Yield the name of each run: its file, and the settings in which the runs differ."""
    keys = [key for key in runs[0].settings if key not in _UNTOLD]
    differing = [key for key in keys if len({str(run.settings.get(key)) for run in runs}) > 1]
    for run in runs:
        told = [f"{_LETTERS.get(key, key)} {run.settings.get(key)}" for key in differing]
        yield ", ".join([os.path.basename(run.path), *told])


class Chart:
    """Curves over each other as characters: a letter at each epoch, points between them.

    ``rows`` has (character, number of the curve or -1) for each place; ``labels`` what is written
    before each row.
    """

    def __init__(
        self, axis: Axis, curves: Sequence[Sequence[tuple[int, float]]], width: int, height: int
    ) -> None:
        marks = {self._row(share, height): text for share, text in reversed(axis.ticks)}
        marks[0] = axis.ticks[-1][1]
        label = max(map(len, marks.values())) + 1
        self.labels = [f"{marks.get(row, ''):>{label - 1}} " for row in range(height)]
        self.rows = [[(" ", -1)] * max(2, width - label) for _ in range(height)]
        epochs = [epoch for curve in curves for epoch, _ in curve]
        self.first, self.last = min(epochs), max(epochs)
        for i, curve in enumerate(curves):
            places = [(self._column(epoch), axis.share(number)) for epoch, number in curve]
            for (left, low), (right, high) in zip(places, places[1:]):
                for column in range(left + 1, right):
                    share = low + (high - low) * (column - left) / (right - left)
                    self._put(column, share, "·", i)
        for i, curve in enumerate(curves):
            for epoch, number in curve:
                self._put(self._column(epoch), axis.share(number), MARKS[i], i)

    def _column(self, epoch: int) -> int:
        span = (self.last - self.first) or 1
        return round((epoch - self.first) * (len(self.rows[0]) - 1) / span)

    @staticmethod
    def _row(share: float, height: int) -> int:
        return round((height - 1) * (1.0 - max(0.0, min(1.0, share))))

    def _put(self, column: int, share: float, character: str, i: int) -> None:
        row = self._row(share, len(self.rows))
        there, of = self.rows[row][column]
        if character == "·":
            self.rows[row][column] = ("·", i) if there == " " else (there, of)
        elif there in (" ", "·") or of == i:
            self.rows[row][column] = (character, i)
        else:
            self.rows[row][column] = (BOTH, -1)

    def foot(self) -> str:
        """Return the line below: the first and the last epoch."""
        room = len(self.rows[0]) - len(str(self.first)) - len(str(self.last))
        middle = f"{'epoch':^{max(room, 5)}}"
        return f"{'':{len(self.labels[0])}}{self.first}{middle}{self.last}"


def charts(lines: Sequence[Line], width: int, height: int) -> tuple[Chart, Chart]:
    """Return the cost and the accuracy of these curves, which share a page of this height."""
    each = max(5, (height - 4 - len(lines)) // 2)  # two titles, the foot, the prompt
    costs = [[(p.epoch, p.cost) for p in line.points] for line in lines]
    shares = [[(p.epoch, p.share) for p in line.points] for line in lines]
    return tuple(  # type: ignore[return-value]
        Chart(kind([number for curve in curves for _, number in curve]), curves, width, each)
        for kind, curves in ((CostAxis, costs), (AccuracyAxis, shares))
    )


def title_of(lines: Sequence[Line], axis: type[Axis]) -> str:
    """Return what is said above a chart."""
    meet = f"; {BOTH} where curves meet" if len(lines) > 1 else ""
    return f"{axis.title}{meet}"


def curve_lines(lines: Sequence[Line], width: int = WIDTH, height: int = HEIGHT) -> Iterator[str]:
    """Yield both charts, and what each letter is."""
    both = charts(lines, width, height)
    for axis, chart in zip((CostAxis, AccuracyAxis), both):
        yield title_of(lines, axis)
        for label, row in zip(chart.labels, chart.rows):
            yield (label + "".join(character for character, _ in row)).rstrip()
    yield both[1].foot()
    for line in lines:
        yield line.legend(width * 2)


def curves_json(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the curves as lists of numbers; an infinite cost is None."""
    return [
        {
            "name": line.name,
            "set": line.of,
            "epoch": [p.epoch for p in line.points],
            "cost": [p.cost if isfinite(p.cost) else None for p in line.points],
            "accuracy": [p.share for p in line.points],
        }
        for line in lines
    ]
