"""A photograph on its way to an answer, as plain lines and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from tinynn.images import Piece, Stage
from tinynn.images.pixels import Rows, resized, turned
from tinynn.views.blocks import bar
from tinynn.views.lines import text_of
from tinynn.views.pictures import PAIRED, greys

WIDTH = 80
_GAP = 2
_BAR = 30
_SURE = 0.6  # an output below this is called unsure
_PIECE = 11  # columns and rows of pixels of a piece of a row
_STAGE = 18  # columns and rows of pixels of the stages before the input


class Read(NamedTuple):
    """What was made of a photograph: the stages, and the outputs for each digit of it."""

    file: str
    stages: Sequence[Stage]
    outputs: Sequence[Sequence[float]]
    row: Sequence[Piece] = ()

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
        half = (WIDTH - _GAP) // 2
        above = [Stage(stage.name, small(stage, 6, half)) for stage in way]
        pieces = [
            Stage(digit, small(Stage("", without_margins(piece.whole)), _PIECE))
            for digit, piece in zip(read.digits, read.row)
        ]
        fit = (WIDTH + _GAP) // (_PIECE + _GAP)
        below = [pieces[k : k + fit] for k in range(0, len(pieces), fit)]
        return [above, [Stage(last.name, small(last, 10, WIDTH))], *below]
    return [[Stage(stage.name, small(stage)) for stage in way], [last]]


def without_margins(rows: Rows) -> Rows:
    """Return a picture without the empty rows and columns along its edges."""
    for _ in range(2):
        inked = [k for k, row in enumerate(rows) if max(row) > 0.1] or [0]
        rows = turned(rows[inked[0] : inked[-1] + 1])
    return rows


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
    """Yield a line with every output: a bar each for one digit, the two strongest of a row's."""
    if len(read.outputs) == 1:
        (outputs,) = read.outputs
        said = int(read.digits)
        for digit, a in enumerate(outputs):
            yield f"{'▸' if digit == said else ' '}{digit} {bar(a, _BAR)} {a:.3f}"
        return
    text = []
    for k, outputs in enumerate(read.outputs, start=1):
        first, second = sorted(range(10), key=lambda digit: -outputs[digit])[:2]
        line = f"{k}: {first} {bar(outputs[first], 10)} {outputs[first]:.3f}"
        text.append(f"{line}, then {second} {outputs[second]:.3f}")
    half = (len(text) + 1) // 2
    for left, right in zip_longest(text[:half], text[half:], fillvalue=""):
        yield f"{left:<38}  {right}".rstrip()


def read_lines(read: Read) -> Iterator[str]:
    """Yield the page of ``tinynn predict photo.jpg``: the stages, every output, the answer."""
    lines_of_pictures = pictures(read)
    for line in lines_of_pictures:
        cells = []
        for stage in line:
            lines = [stage.name, *map(text_of, greys(stage.rows, PAIRED))]
            width = max(map(len, lines))
            cells.append([each.ljust(width) for each in lines])
        if line is lines_of_pictures[-1] and not read.row:
            cells = [[*cells[0][:1], *(each for each in cells[0][1:] if each.strip())]]
            cells.append(["", *output_lines(read)])
        tallest = max(map(len, cells))
        for cell in cells:
            cell += [" " * max(map(len, cell))] * (tallest - len(cell))
        yield from ((" " * _GAP).join(parts).rstrip() for parts in zip(*cells))
    if read.row:
        yield from output_lines(read)
    yield captions(read)


def as_json(read: Read) -> dict[str, Any]:
    """Return the answer, and every output for each digit."""
    return {"file": read.file, "answer": read.digits, "outputs": [[*a] for a in read.outputs]}
