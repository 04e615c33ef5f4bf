"""A field, or a block, over the maps it looks at: ``python -m tinynn.views.sliding``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import prod
from typing import NamedTuple, Optional

from tinynn.layers.descriptions import Plan, Shape, is_windowed
from tinynn.stepper.steps import Place, Step
from tinynn.views.blocks import shade
from tinynn.views.lines import Line, Page, Part, in_columns

# The equations that go through a window, and how far above their layer l the window's is.
WINDOWED = {"125": 0, "BP3c": 0, "BP4c": 0, "max": 0, "√Σ": 0, "BP2c": 1, "max·δ": 1, "√Σ·δ": 1}
_POOLING = ("max", "√Σ")
_DOTS = "··"
Known = Mapping[tuple[str, int], Mapping[int, float]]  # by symbol and layer: numbers by their place


class Panel(NamedTuple):
    """One map of a layer: what is known of it, what the window covers, and the place in it."""

    title: str
    shape: tuple[int, int]
    numbers: Mapping[int, float]  # by the place in the map, row by row
    window: range
    columns: range
    lit: Optional[tuple[int, int]]


class Sliding(Page):
    """Two maps side by side: what the window is over, and what it is worked out for.

    The window is yellow, and the number that the line reads, or makes, is reversed. Of a map
    that does not fit ``height``, the rows about the window are drawn.
    """

    def __init__(self, panels: tuple[Panel, Panel], height: int) -> None:
        self.panels = panels
        self.height = height

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
    """Return two characters, and their style."""
    text = _DOTS if share is None else 2 * shade(share)
    if lit:
        return text if text.strip() else _DOTS, "bold yellow reverse"
    return (text, "bold yellow on rgb(70,60,0)") if inside else text


def known_numbers(
    plan: Plan, entries: Iterator[tuple[str, Optional[int], Place, float]]
) -> dict[tuple[str, int], dict[int, float]]:
    """Return the numbers of layers by their place in a Vector, as a[j] or as a[f][j][k]."""
    found: dict[tuple[str, int], dict[int, float]] = {}
    for symbol, l, indices, value in entries:
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
    """Return the two maps that a step is about; None where it goes through no window."""
    above, l = WINDOWED.get(step.number), step.layer
    if above is None or l is None or not 2 <= l + above <= len(plan.shapes):
        return None
    l += above
    description, loops = plan.descriptions[l - 2], step.loops
    if not is_windowed(description) or "j" not in loops or "k" not in loops:
        return None
    before, after = plan.shapes[l - 2], plan.shapes[l - 1]
    R, S = description.window  # type: ignore[attr-defined]
    j, k, r, s = (loops.get(name) for name in "jkrs")
    f, g = loops.get("f", 0), loops.get("g", 0)
    assert j is not None
    assert k is not None
    is_pooled = not hasattr(description, "field")
    to_maps, to = ("a", "δ") if above else ("z", "a")
    if is_pooled:
        g = f
        window, columns = range(j * R, j * R + R), range(k * S, k * S + S)
        seen = None if r is None or s is None else (j * R + r, k * S + s)
        there: Optional[tuple[int, int]] = (j, k)
        made = range(j, j + 1), range(k, k + 1)
    elif step.number == "BP2c":  # (j, k) is a place of the maps before
        window, columns, seen = range(j, j + 1), range(k, k + 1), (j, k)
        made = range(max(0, j - R + 1), j + 1), range(max(0, k - S + 1), k + 1)
        there = None if r is None or s is None else (j - r, k - s)
    else:
        window, columns = range(j, j + R), range(k, k + S)
        seen = None if r is None or s is None else (j + r, k + s)
        there, made = (j, k), (range(j, j + 1), range(k, k + 1))
        if step.number == "BP3c":
            seen = None
    errors = step.number not in ("125", *_POOLING)
    symbol = "δ" if errors else to if is_pooled else to_maps
    left = "δ" if step.number == "BP2c" and not is_pooled and _made(known, "δ", l - 1) else "a"
    return Sliding(
        (
            _panel(known, left, l - 1, before, g, window, columns, seen),
            _panel(known, symbol, l, after, f, *made, there),
        ),
        height,
    )


def _made(known: Known, symbol: str, l: int) -> bool:
    return bool(known.get((symbol, l)))


def _panel(
    known: Known,
    symbol: str,
    l: int,
    shape: Shape,
    f: int,
    window: range,
    columns: range,
    lit: Optional[tuple[int, int]],
) -> Panel:
    size = prod(shape[1:])
    numbers = known.get((symbol, l), {})
    here = {at - f * size: v for at, v in numbers.items() if at // size == f}
    return Panel(f"{symbol}^{l}, map {f + 1}", (shape[1], shape[2]), here, window, columns, lit)


if __name__ == "__main__":
    image = {at: (at % 5) / 4 for at in range(36)}
    panels = (
        Panel("a^1, map 1", (6, 6), image, range(1, 4), range(2, 5), (2, 3)),
        Panel("z^2, map 1", (4, 4), {0: 0.5, 1: 1.0, 2: 0.25}, range(1, 2), range(2, 3), (1, 2)),
    )
    print(Sliding(panels, 8))
