"""A convolution's field, or a pooling block, on two maps: ``python -m tinynn.views.sliding``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Optional

from tinynn.layers.descriptions import Plan, is_windowed
from tinynn.stepper.names import Quantity
from tinynn.stepper.steps import Step
from tinynn.views.blocks import shade
from tinynn.views.lines import Line, Page, Part, in_columns

# The equations that use a window: the layer of the window less their layer l, and the symbol of
# the maps after the window.
WINDOWED = {
    "125": (0, "z"),
    "max": (0, "a"),
    "√Σ": (0, "a"),
    "BP3c": (0, "δ"),
    "BP4c": (0, "δ"),
    "BP2c": (1, "δ"),
    "max·δ": (1, "δ"),
    "√Σ·δ": (1, "δ"),
}
_DOTS = "··"
Known = Mapping[tuple[str, int], Mapping[int, float]]  # by symbol and layer: numbers by their index


class Panel(NamedTuple):
    """One map of a layer: its known numbers, the part in the window, and the current place."""

    title: str
    shape: tuple[int, int]
    numbers: Mapping[int, float]  # by the place in the map, row by row
    window: range = range(0)
    columns: range = range(0)
    lit: Optional[tuple[int, int]] = None


@dataclass
class Sliding(Page):
    """Two maps side by side: the window on one, and the number that belongs to it in the other.

    The window is yellow; the number that the line of code reads or computes is in reverse video.
    If a map does not fit ``height``, only the rows around the window are drawn.
    """

    panels: tuple[Panel, Panel]
    height: int

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield both maps, each below its name."""
        widths = [max(2 * each.shape[1], len(each.title)) for each in self.panels]
        yield from in_columns([[*_lines(each, self.height)] for each in self.panels], widths, 3)


def _lines(panel: Panel, height: int) -> Iterator[Line]:
    rows, columns = panel.shape
    yield [(panel.title, "dim")]
    room = max(1, height - 1)
    middle = (panel.window.start + panel.window.stop) // 2
    if panel.lit is not None:
        middle = panel.lit[0]
    first = max(0, min(middle - room // 2, rows - room))
    numbers = panel.numbers
    least, most = min(numbers.values(), default=0.0), max(numbers.values(), default=0.0)
    for row in range(first, min(rows, first + room)):
        line: list[Part] = []
        for column in range(columns):
            known = numbers.get(row * columns + column)
            share = None if known is None else (known - least) / ((most - least) or 1.0)
            inside = row in panel.window and column in panel.columns
            line.append(_cell(share, inside, (row, column) == panel.lit))
        yield line


def _cell(share: Optional[float], inside: bool, lit: bool) -> Part:
    """Return the two characters of a number, and their style: dots if its share is not known."""
    text = _DOTS if share is None else 2 * shade(share)
    if lit:
        return text if text.strip() else _DOTS, "bold yellow reverse"
    return (text, "bold yellow on rgb(70,60,0)") if inside else text


def known_numbers(
    plan: Plan, quantities: Iterable[Quantity]
) -> dict[tuple[str, int], dict[int, float]]:
    """Return the known numbers of each symbol and layer, by their index in the flat layer."""
    found: dict[tuple[str, int], dict[int, float]] = {}
    for symbol, l, indices, value, _ in quantities:
        if l is None or not 1 <= l <= len(plan.shapes):
            continue
        shape = plan.shapes[l - 1]
        if len(indices) == 3 and len(shape) == 3:
            f, j, k = indices
            found.setdefault((symbol, l), {})[(f * shape[1] + j) * shape[2] + k] = value
        elif len(indices) == 1:
            found.setdefault((symbol, l), {})[indices[0]] = value
    return found


def sliding(plan: Plan, step: Step, known: Known, height: int) -> Optional[Sliding]:
    """Return the maps before and after the window that a step uses; None for a step without one."""
    above, symbol = WINDOWED.get(step.number, (0, ""))
    l, loops = (step.layer or 0) + above, step.loops
    if not symbol or not step.layer or not 2 <= l <= len(plan.shapes) or not {"j", "k"} <= {*loops}:
        return None
    description = plan.descriptions[l - 2]
    if not is_windowed(description):
        return None
    is_pooled = not hasattr(description, "field")
    R, S = description.window  # type: ignore[attr-defined]
    j, k, f, g = (loops.get(name, 0) for name in "jkfg")
    top, left = (j * R, k * S) if is_pooled else (j, k)
    inside = (loops["r"], loops["s"]) if {"r", "s"} <= {*loops} else None
    window, cell = (range(top, top + R), range(left, left + S)), (range(j, j + 1), range(k, k + 1))
    seen = (top + inside[0], left + inside[1]) if inside and step.number != "BP3c" else None
    before = _map(plan, known, "a", l - 1, f if is_pooled else g)._replace(lit=seen)
    after = _map(plan, known, symbol, l, f)
    if step.number != "BP2c":
        before = before._replace(window=window[0], columns=window[1])
        after = after._replace(window=cell[0], columns=cell[1], lit=(j, k))
        return Sliding((before, after), height)
    # here (j, k) is a place of the maps before
    if known.get(("δ", l - 1)):
        before = _map(plan, known, "δ", l - 1, g)
    before = before._replace(window=cell[0], columns=cell[1], lit=(j, k))
    rows, columns = range(max(0, j - R + 1), j + 1), range(max(0, k - S + 1), k + 1)
    there = (j - inside[0], k - inside[1]) if inside else None
    return Sliding((before, after._replace(window=rows, columns=columns, lit=there)), height)


def _map(plan: Plan, known: Known, symbol: str, l: int, f: int) -> Panel:
    """Return map f of layer l, without a window or a current place."""
    _, rows, columns = plan.shapes[l - 1]
    numbers = {at - f * rows * columns: v for at, v in known.get((symbol, l), {}).items()}
    here = {at: v for at, v in numbers.items() if 0 <= at < rows * columns}
    return Panel(f"{symbol}^{l}, map {f + 1}", (rows, columns), here)


if __name__ == "__main__":
    image = {at: (at % 5) / 4 for at in range(36)}
    panels = (
        Panel("a^1, map 1", (6, 6), image, range(1, 4), range(2, 5), (2, 3)),
        Panel("z^2, map 1", (4, 4), {0: 0.5, 1: 1.0, 2: 0.25}, range(1, 2), range(2, 3), (1, 2)),
    )
    print(Sliding(panels, 8))
