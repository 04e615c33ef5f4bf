"""Cost and accuracy of runs, from their logs: ``python -m tinynn.views.curves [picture.svg]``."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, NamedTuple, Optional

from tinynn.errors import DataError
from tinynn.files import path_name, require_file
from tinynn.views.axes import AccuracyAxis, Axis, CostAxis
from tinynn.views.lines import WIDTH, Line, Page, end_of, text_of

SETS = ("training", "validation", "test")
MARKS = "abcdefghijklmnopqrstuvwxyz"
BOTH = "*"  # where several curves meet
HEIGHT = 24  # lines in a pipe
_COLOURS = ("cyan", "yellow", "green", "magenta", "red", "blue")
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


class Curve(NamedTuple):
    """A curve: its letter, what it is of, and its points."""

    mark: str
    name: str
    of: str  # the set
    points: list[Point]

    def legend(self, width: int) -> str:
        """Return its letter and name, its accuracy at its best and last epoch, its last cost."""
        best, last = max(self.points, key=lambda each: each.share), self.points[-1]
        words = f" ({self.of}): best {100 * best.share:.1f} % in epoch {best.epoch}, "
        words += f"last {100 * last.share:.1f} %, cost {last.cost:.3g}"
        return f"{self.mark}  {end_of(self.name, max(2, width - len(words) - 3))}{words}"

    def numbers(self, kind: type[Axis]) -> list[float]:
        """Return the cost, or the share of right answers, of each point."""
        return [point.cost if kind is CostAxis else point.share for point in self.points]


def read_log(path: str) -> list[Logged]:
    """Read the runs of a log that ``tinynn train --log`` wrote; one that was resumed is one run.

    Raises DataError, in one line, if it is not such a log.
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
    """Take in a line of a log. Raises one of several errors if it is not such a line."""
    if "run" in parts and "format" not in parts:  # a checkpoint has both
        settings, done = dict(parts["run"]), parts["run"].get("epochs done", 0)
        known = runs.pop().points if done and runs and runs[-1].points else {}
        kept = {name: [p for p in points if p.epoch < done] for name, points in known.items()}
        runs.append(Logged(path, settings, {name: kept[name] for name in kept if kept[name]}))
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


def curves_of(runs: Sequence[Logged], sets: Optional[Sequence[str]] = None) -> list[Curve]:
    """Return the curves of runs: of one run every set, of several one set, if none is asked for.

    Raises DataError for a set that a run did not measure.
    """
    if sets is None:
        common = [name for name in SETS if all(name in run.points for run in runs)]
        if not common:
            raise DataError("expected a set that all runs measured, got none: --set names one")
        one = "validation" if "validation" in common else common[-1]
        sets = common if len(runs) == 1 else [one]
    found = []
    for name, run in zip(_names(runs), runs):
        for of in sets:
            if of not in run.points:
                there = " or ".join(run.points)
                raise DataError(f"--set: expected {there} for {run.path}, got {of!r}")
            found.append((name, of, run.points[of]))
    if len(found) > len(MARKS):
        raise DataError(f"expected at most {len(MARKS)} curves, got {len(found)}: name fewer logs")
    return [Curve(mark, *each) for mark, each in zip(MARKS, found)]


def _names(runs: Sequence[Logged]) -> Iterator[str]:
    """Yield the name of each run: its file, and the settings in which the runs differ."""
    keys = [key for key in runs[0].settings if key not in _UNTOLD]
    differing = [key for key in keys if len({str(run.settings.get(key)) for run in runs}) > 1]
    for run in runs:
        words = [f"{_LETTERS.get(key, key)} {run.settings.get(key)}" for key in differing]
        yield ", ".join([os.path.basename(run.path), *words])


@dataclass
class CurvesPage(Page):
    """Cost and accuracy, each a chart of all curves, and what each letter is.

    A letter is at each epoch, points are between them, and a star is where curves meet.
    """

    curves: Sequence[Curve]
    height: int = HEIGHT

    def __str__(self) -> str:
        drawn = [*self._charts(WIDTH), *([each.legend(2 * WIDTH)] for each in self.curves)]
        return "\n".join(text_of(line).rstrip() for line in drawn)

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the charts, and the legend, each curve in its colour."""
        yield from self._charts(width)
        for i, curve in enumerate(self.curves):
            yield [(curve.legend(width), _colour(i))]

    def _charts(self, width: int) -> Iterator[Line]:
        height = max(5, (self.height - 4 - len(self.curves)) // 2)  # titles, the foot, the prompt
        meet = f"; {BOTH} where curves meet" if len(self.curves) > 1 else ""
        for kind in (CostAxis, AccuracyAxis):
            axis = kind([each for curve in self.curves for each in curve.numbers(kind)])
            marks = {_row(share, height): text for share, text in reversed(axis.ticks)}
            marks[0] = axis.ticks[-1][1]
            label = max(map(len, marks.values())) + 1
            yield [(f"{kind.title}{meet}", "bold")]
            places = [[*self._places(curve, axis, max(2, width - label))] for curve in self.curves]
            for row, cells in enumerate(_cells(places, max(2, width - label), height)):
                parts = ((character, _colour(i)) for character, i in cells)
                yield [(f"{marks.get(row, ''):>{label - 1}} ", "dim"), *parts]
        first, last = ends_of(self.curves)
        room = width - label - len(str(first)) - len(str(last))
        yield [(f"{'':{label}}{first}{'epoch':^{max(room, 5)}}{last}", "dim")]

    def _places(self, curve: Curve, axis: Axis, width: int) -> Iterator[tuple[int, float]]:
        """Yield the column of each point, and how far up the axis it is."""
        first, last = ends_of(self.curves)
        for point, number in zip(curve.points, curve.numbers(type(axis))):
            column = round((point.epoch - first) * (width - 1) / ((last - first) or 1))
            yield column, axis.share(number)


def _cells(
    curves: Sequence[Sequence[tuple[int, float]]], width: int, height: int
) -> list[list[tuple[str, int]]]:
    """Return for each place its character, and the number of the curve or -1."""
    cells = [[(" ", -1)] * width for _ in range(height)]
    for i, points in enumerate(curves):
        for (left, low), (right, high) in zip(points, points[1:]):
            for column in range(left + 1, right):
                row = _row(low + (high - low) * (column - left) / (right - left), height)
                if cells[row][column][0] == " ":
                    cells[row][column] = ("·", i)
    for i, points in enumerate(curves):
        for column, share in points:
            there, of = cells[_row(share, height)][column]
            alone = there in (" ", "·") or of == i
            cells[_row(share, height)][column] = (MARKS[i], i) if alone else (BOTH, -1)
    return cells


def ends_of(curves: Sequence[Curve]) -> tuple[int, int]:
    """Return the first and the last epoch of all curves."""
    epochs = [point.epoch for curve in curves for point in curve.points]
    return min(epochs), max(epochs)


def _row(share: float, height: int) -> int:
    return round((height - 1) * (1.0 - max(0.0, min(1.0, share))))


def _colour(i: int) -> str:
    return _COLOURS[i % len(_COLOURS)] if i >= 0 else ""


def made_up() -> list[Curve]:
    """Return two curves for a demo."""
    points = [Point(i, 0.5 / (i + 1), 1 - 0.5 * 0.8**i) for i in range(15)]
    slower = [Point(i, 0.6 / (i + 1) ** 0.5, 1 - 0.7 * 0.9**i) for i in range(20)]
    return [Curve("a", "run.jsonl", "test", points), Curve("b", "b.jsonl", "test", slower)]


def curves_json(curves: Sequence[Curve]) -> list[dict[str, Any]]:
    """Return the curves as lists of numbers; an infinite cost is None."""
    found = []
    for curve in curves:
        epochs, costs, shares = map(list, zip(*curve.points))
        known = [cost if isfinite(cost) else None for cost in costs]
        numbers = {"epoch": epochs, "cost": known, "accuracy": shares}
        found.append({"name": curve.name, "set": curve.of, **numbers})
    return found


if __name__ == "__main__":
    from tinynn.views.picture import demo

    demo(CurvesPage(made_up()), "tinynn inspect curves")
