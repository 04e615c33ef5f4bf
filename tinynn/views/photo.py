"""A photograph on its way to an answer: ``python -m tinynn.views.photo``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any, NamedTuple

from tinynn.images import Piece, Stage
from tinynn.images.pixels import Rows, resized, turned
from tinynn.views.blocks import bar
from tinynn.views.lines import WIDTH, Line, Page, in_columns, text_of
from tinynn.views.neurons import answer_bars
from tinynn.views.pictures import PAIRED, greys

_GAP = 2
_BAR = 30
_SURE = 0.6  # an output below this is called unsure
_PIECE = 11  # columns and rows of pixels of a piece of a row
_STAGE = 18  # columns and rows of pixels of the stages before the input
_TALL = 20  # rows of pixels, from which blank ones at both ends are left out


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


@dataclass
class PhotoPage(Page):
    """The stages as small pictures, a bar for each output beside the last one, and the answer."""

    read: Read
    on_screen: bool = False

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the page: the outputs are below a row of digits, but beside a single digit."""
        *above, last = pictures(self.read)
        answers = [*output_lines(self.read)]
        for stages in above:
            yield from _side_by_side([_picture(stage, coloured) for stage in stages], _GAP)
        drawn = [_picture(stage, coloured) for stage in last]
        if self.read.row:
            yield from [*_side_by_side(drawn, _GAP), *answers]
        elif self.on_screen:
            small = _picture(_without_blank_ends(last[0]), coloured)
            yield from _side_by_side([small, ["", *answers]], _GAP + 1)
        else:
            name, *rows = drawn[0]
            inked = [row for row in rows if text_of(row).strip()]
            yield from _side_by_side([[name, *inked], ["", *answers]], _GAP)
        yield [(captions(self.read), "bold")]


def _picture(stage: Stage, coloured: bool) -> list[Line]:
    return [[(stage.name, "cyan")], *greys(stage.rows, PAIRED, 0, coloured)]


def _side_by_side(columns: Sequence[Sequence[Line]], gap: int) -> Iterator[Line]:
    return in_columns(columns, [max(len(text_of(line)) for line in each) for each in columns], gap)


def _without_blank_ends(stage: Stage) -> Stage:
    rows = stage.rows
    while len(rows) > _TALL and not any(rows[0] + rows[1] + rows[-1] + rows[-2]):
        rows = rows[2:-2]
    return stage._replace(rows=rows)


def small(stage: Stage, most: int = _STAGE, wide: int = 0) -> Rows:
    """Return a stage's picture scaled down to ``most`` rows and ``wide`` (or ``most``) columns."""
    rows = stage.rows
    scale = min(most / len(rows), (wide or most) / len(rows[0]), 1.0)
    return resized(rows, max(1, round(scale * len(rows))), max(1, round(scale * len(rows[0]))))


def pictures(read: Read) -> list[list[Stage]]:
    """Return the stages to draw on each line, reduced to the size at which they are drawn."""
    *way, last = read.stages
    if read.row:
        half = (WIDTH - _GAP) // 2
        above = [Stage(stage.name, small(stage, 6, half)) for stage in way]
        pieces = [
            Stage(digit, small(Stage("", without_margins(piece.rows)), _PIECE))
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


def output_lines(read: Read) -> Iterator[Line]:
    """Yield the outputs: for one digit a bar each, for each digit of a row the two strongest."""
    if len(read.outputs) == 1:
        yield from answer_bars(read.outputs[0], _BAR, 3)
        return
    text = []
    for k, outputs in enumerate(read.outputs, start=1):
        first, second = sorted(range(10), key=lambda digit: -outputs[digit])[:2]
        line = f"{k}: {first} {bar(outputs[first], 10)} {outputs[first]:.3f}"
        text.append(f"{line}, then {second} {outputs[second]:.3f}")
    half = (len(text) + 1) // 2
    for left, right in zip_longest(text[:half], text[half:], fillvalue=""):
        yield f"{left:<38}  {right}".rstrip()


def as_json(read: Read) -> dict[str, Any]:
    """Return the answer, and every output for each digit."""
    return {"file": read.file, "answer": read.digits, "outputs": [[*a] for a in read.outputs]}


if __name__ == "__main__":
    from tinynn.datasets import load_digits, shipped_network
    from tinynn.images import prepare
    from tinynn.network import Network
    from tinynn.views.picture import demo

    x, _ = load_digits().test[4]
    sheet = [[250.0] * 12 for _ in range(12)]
    for k, ink in enumerate(x.entries):
        sheet[2 + k // 8][2 + k % 8] -= 220 * ink
    made = prepare(resized(sheet, 60, 60))
    network = Network.load(shipped_network())
    read = Read("", made.stages, [network.feedforward(made.pixels).entries])
    demo(PhotoPage(read, on_screen=True), "tinynn predict photo.jpg")
