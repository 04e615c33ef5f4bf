"""A photograph on its way to an answer, as plain lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from tinynn.images import Row, Stage
from tinynn.images.pixels import Rows, resized
from tinynn.views.blocks import bar
from tinynn.views.expanded_lines import shaded

WIDTH = 80
_GAP = 2
_BAR = 30
_SURE = 0.6  # an output below this is called unsure
_STAGE = 18  # columns and rows of pixels of the stages before the input


class Read(NamedTuple):
    """What was made of a photograph: the stages, and the outputs for each digit of it."""

    file: str
    stages: Sequence[Stage]
    outputs: Sequence[Sequence[float]]
    row: Row

    @property
    def digits(self) -> str:
        """The answer: a digit, or the digits of a number."""
        return "".join(str(max(range(10), key=a.__getitem__)) for a in self.outputs)


def small(stage: Stage, most: int = _STAGE, wide: int = 0) -> Rows:
    """Return the picture of a stage with at most so many rows and columns, as it is drawn."""
    rows = stage.rows
    scale = min(most / len(rows), (wide or most) / len(rows[0]), 1.0)
    return resized(rows, max(1, round(scale * len(rows))), max(1, round(scale * len(rows[0]))))


def pictures(read: Read) -> list[list[Stage]]:
    """Return the stages line by line, as large as they are drawn, the input as it is."""
    *way, last = read.stages
    if read.row:
        pieces = [Stage(a, rows) for a, rows in zip(read.digits, (p.whole for p in read.row))]
        fit = (WIDTH + _GAP) // (len(pieces[0].rows) + _GAP)
        wide = (WIDTH - _GAP) // 2
        top = [Stage(stage.name, small(stage, 12, wide)) for stage in way]
        lines = [top, [Stage(last.name, small(last, 12, WIDTH))]]
        return [*lines, *(pieces[k : k + fit] for k in range(0, len(pieces), fit))]
    return [[Stage(stage.name, small(stage)) for stage in way], [last]]


def captions(read: Read) -> str:
    """Say what the network answers, and how strong that output is."""
    strongest = [max(a) for a in read.outputs]
    if len(strongest) == 1:
        unsure = " It is not sure." if strongest[0] < _SURE else ""
        return f"The network says {read.digits} ({strongest[0]:.2f}).{unsure}"
    weak = [str(k) for k, a in enumerate(strongest, start=1) if a < _SURE]
    unsure = f" It is not sure of digit {', '.join(weak)}." if weak else ""
    return f"The network says {read.digits} (weakest {min(strongest):.2f}).{unsure}"


def output_lines(read: Read) -> Iterator[str]:
    """Yield a line with every output: a bar each for one digit, the three strongest of a row's."""
    if len(read.outputs) == 1:
        (outputs,) = read.outputs
        said = int(read.digits)
        for digit, a in enumerate(outputs):
            yield f"{'▸' if digit == said else ' '}{digit} {bar(a, _BAR)} {a:.3f}"
        return
    for k, outputs in enumerate(read.outputs, start=1):
        strongest = sorted(range(10), key=lambda digit: -outputs[digit])[:3]
        told = "  ".join(f"{digit} {bar(outputs[digit], 10)} {outputs[digit]:.3f}" for digit in strongest)
        yield f"digit {k}: {told}"


def read_lines(read: Read) -> Iterator[str]:
    """Yield the page of ``tinynn predict photo.jpg``: the stages, every output, the answer."""
    yield read.file
    for line in pictures(read):
        cells = []
        for stage in line:
            lines = [stage.name, *shaded(stage.rows, True)]
            width = max(map(len, lines))
            cells.append([each.ljust(width) for each in lines])
        tallest = max(map(len, cells))
        for cell in cells:
            cell += [" " * len(cell[0])] * (tallest - len(cell))
        yield from ((" " * _GAP).join(parts).rstrip() for parts in zip(*cells))
    yield from output_lines(read)
    yield captions(read)


def as_json(read: Read) -> dict[str, Any]:
    """Return the answer, and every output for each digit."""
    return {"file": read.file, "answer": read.digits, "outputs": [[*a] for a in read.outputs]}
