"""The boundary of a network of two inputs, forming: ``python -m tinynn.views.boundary [p.svg]``."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from time import monotonic
from typing import Any, Optional

from rich.color import Color
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.segment import Segment
from rich.style import Style
from rich.text import Text

from tinynn.datasets import RowExamples
from tinynn.linalg import Vector
from tinynn.training import EpochReport
from tinynn.views.boundary_lines import (
    Activations,
    Plane,
    answers_over,
    axis,
    class_shade,
    legend,
    mark,
    marked,
    plane_of,
    said,
)
from tinynn.views.digit import Digit, is_coloured
from tinynn.views.maps import GAP, in_grid
from tinynn.views.near import neuron_name
from tinynn.views.picture import picture_console, save_picture
from tinynn.views.training import TrainingScreen

SHARE = 0.25  # of the time that the picture may take
_LARGEST = 56  # columns of the picture
_RIGHT = 38  # columns of what is beside it
_SIZES = 16, 12, 10, 8, 6  # pixels each way of the picture of a hidden neuron
_CURVE = 5  # lines from which there is room for one below
_UNSURE = 96
_LEVELS = 24  # of a colour
_CLASSES = (20, 40, 150), (30, 130, 140), (255, 235, 130)  # from the first class to the last
_WATCHED = "●"


class Boundary:
    """What a network answers over a plane, two pixels a character, the points drawn over it.

    A class has a colour from dark to light, the greyer the less sure; without colour a shade.
    """

    def __init__(
        self,
        answers: Sequence[Sequence[Activations]],
        plane: Plane,
        points: RowExamples,
        watched: Optional[Vector] = None,
    ) -> None:
        self.answers, self.plane = answers, plane
        self.points, self.watched = points, watched

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        coloured, of = is_coloured(console), self.points.outputs
        lines, columns = len(self.answers) // 2, len(self.answers[0])
        points = marked(self.plane, self.points, lines, columns)
        at = self.watched and self.plane.pixel(self.watched, lines, columns)
        for row in range(lines):
            for column in range(columns):
                pair = [said(self.answers[2 * row + i][column][-1]) for i in range(2)]
                label = points.get((row, column))
                ink = None if label is None else mark(label)
                if at == (row, column):
                    ink = _WATCHED
                if not coloured:
                    yield Segment(ink or class_shade(pair[0][0], of))
                    continue
                above, below = (_colour(j, round(lead * _LEVELS), of) for j, lead in pair)
                if ink is None:
                    yield Segment("▀", Style(color=above, bgcolor=below))
                else:
                    is_light = sum(above.triplet or ()) > 3 * _UNSURE
                    colour = Color.from_rgb(*[0 if is_light else 255] * 3)
                    yield Segment(ink, Style(color=colour, bgcolor=above, bold=True))
            yield Segment.line()


@lru_cache(maxsize=1000)
def _colour(j: int, level: int, of: int) -> Color:
    """Return the colour of class j, the nearer to grey the less it leads."""
    lead = level / _LEVELS
    place = j / max(1, of - 1) * (len(_CLASSES) - 1)
    i = min(int(place), len(_CLASSES) - 2)
    ends = zip(_CLASSES[i], _CLASSES[i + 1])
    full = [low + (place - i) * (high - low) for low, high in ends]
    return Color.from_rgb(*(round(_UNSURE + lead * (each - _UNSURE)) for each in full))


class PlaneScreen(TrainingScreen):
    """The screen of a run on two inputs: the boundary beside the hidden neurons' own pictures.

    ``points`` are the training data, drawn over it; the other arguments are a TrainingScreen's.
    """

    def __init__(self, points: RowExamples, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.points, self.plane = points, plane_of(points)
        self._answers: list[list[Activations]] = []
        self._due = 0.0  # when the next picture may be made

    def on_epoch(self, report: EpochReport) -> None:
        """Take in the report of an epoch, which may be over in no time."""
        self.reports.append(report)
        self._samples, self._scored = [], 0
        self._draw_in_time()

    def _fresh_answers(self, lines: int, columns: int) -> list[list[Activations]]:
        """Return the answers over the plane: of now, or of a moment ago where that takes long."""
        began = monotonic()
        sized = len(self._answers) == 2 * lines and len(self._answers[0]) == columns
        if not sized or began >= self._due or self._live is None:
            self._answers = answers_over(self.network, self.plane, 2 * lines, columns)
            ended = monotonic()
            self._due = ended + (ended - began) * (1 / SHARE - 1)
        return self._answers

    def picture(self) -> Layout:
        """Return the whole screen, as a renderable."""
        width, height = self.console.size
        if self._live is None:  # what is left on the terminal
            height = min(height - 1, 30)
        columns = min(_LARGEST, 2 * (height - 4), width - _RIGHT - 4) // 2 * 2
        lines = columns // 2
        answers = self._fresh_answers(lines, columns)
        roomy = height - lines - 4 >= _CURVE
        left = [Layout(self._plane_panel(answers), size=lines + 2 if roomy else None)]
        if roomy:
            left.append(Layout(self._cost_panel()))
        right = [Layout(self._epochs_panel(), size=7)]
        right.append(Layout(self._neurons_panel(answers, height - 11, width - columns - 8)))
        layout, below = Layout(), Layout()
        head = Group(Text(self.title, "bold", no_wrap=True, overflow="ellipsis"), self._bar)
        layout.split_column(Layout(head, size=2), below)
        halves = Layout(size=columns + 4), Layout()
        below.split_row(*halves)
        for half, parts in zip(halves, (left, right)):
            half.split_column(*parts)
        return layout

    def _plane_panel(self, answers: list[list[Activations]]) -> Panel:
        if self.helping:
            return self._keys_panel()
        x, y = self.test[self.digit]
        j, label = self.network.predict(x), y.argmax()
        judged = "right" if j == label else f"said {mark(j)}, wrong"
        words = f"{_WATCHED} test {self.points.noun} {self.digit} is {mark(label)}: {judged}"
        picture = Boundary(answers, self.plane, self.points, x)
        return Panel(picture, title=Text(legend(self.points)), subtitle=Text(words))

    def _neurons_panel(self, answers: list[list[Activations]], lines: int, room: int) -> Panel:
        """Return a small picture of every hidden neuron, or of as many as there is room for."""
        hidden = self.network.sizes[1:-1]
        ends = [f"{arrow} {axis(self.points, self.plane, k)}" for k, arrow in enumerate("→↑")]
        lines -= len(ends)
        for size in _SIZES:
            across, high = max(1, (room + GAP) // (size + GAP)), size // 2 + 1
            rows = [-(-count // across) for count in hidden]
            if sum(rows) * high <= lines:
                break
        while sum(rows) * high > lines and sum(rows) > 1:
            rows[max(range(len(rows)), key=lambda i: (rows[i], i))] -= 1
        shown = [min(count, across * each) for count, each in zip(hidden, rows)]
        parts: list[RenderableType] = []
        for l, count in enumerate(shown, start=2):
            names, pictures = [], []
            for j in range(count):
                small = _reduced([[at[l - 2][j] for at in line] for line in answers], size)
                names.append(Text(neuron_name(l, j + 1), "dim"))
                pictures.append(Digit(Vector(small), (size, size), True))
            if names:
                parts.append(in_grid(names, pictures, size, room))
        title = f"{sum(hidden)} hidden neurons"
        if sum(shown) < sum(hidden):
            title = f"{sum(shown)} of {title}"
        parts += [Text(each, "dim", no_wrap=True, overflow="ellipsis") for each in ends]
        return Panel(Group(*parts), title=title if hidden else "no hidden neurons")


def _reduced(grid: Sequence[Sequence[float]], size: int) -> list[float]:
    """Return a few numbers of a grid, from 0, the smallest, to 1, the largest, row by row."""
    rows, columns = len(grid), len(grid[0])
    some = [(2 * i + 1) / (2 * size) for i in range(size)]
    picked = [grid[int(rows * r)][int(columns * s)] for r in some for s in some]
    low, spread = min(picked), (max(picked) - min(picked)) or 1.0
    return [(each - low) / spread for each in picked]


if __name__ == "__main__":
    from tinynn import Dense, Network
    from tinynn.datasets import load_cloud

    cloud = load_cloud("circle", seed=0)
    net = Network([2, Dense(4, "tanh"), Dense(2, "softmax")], cost="log-likelihood", seed=0)
    screen = picture_console(80, 25)
    view = PlaneScreen(cloud.training, net, cloud.test, 40, "η = 0.1, seed 0", 0, screen)  # type: ignore[arg-type]
    for epoch in net.train(cloud.training, 20, 10, 0.1, test_data=cloud.test, seed=0):
        view.on_epoch(epoch)
    screen.print(view.picture(), height=24)
    save_picture(screen, "tinynn train --data circle")
