"""The boundary of a network of two inputs, forming: ``python -m tinynn.views.boundary [p.svg]``."""

from __future__ import annotations

from collections.abc import Sequence
from time import monotonic
from typing import Any

from rich.console import Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.text import Text

from tinynn.datasets import RowExamples
from tinynn.training import EpochReport
from tinynn.views import boundary_lines as plane
from tinynn.views.boundary_lines import WATCHED, Activations, Boundary, mark
from tinynn.views.near import neuron_name
from tinynn.views.picture import demo, picture_console
from tinynn.views.pictures import GAP, Album
from tinynn.views.training import TrainingScreen

SHARE = 0.25  # of the time that the picture may take
_LARGEST = 56  # columns of the picture
_RIGHT = 38  # columns of what is beside it
_SIZES = 16, 12, 10, 8, 6  # pixels each way of the picture of a hidden neuron
_CURVE = 5  # lines from which there is room for one below


class PlaneScreen(TrainingScreen):
    """The screen of a run on two inputs: the boundary beside the hidden neurons' own pictures.

    ``points`` are the training data, drawn over it; the other arguments are a TrainingScreen's.
    """

    def __init__(self, points: RowExamples, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.points, self.plane = points, plane.plane_of(points)
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
            self._answers = plane.answers_over(self.network, self.plane, 2 * lines, columns)
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
        words = f"{WATCHED} test {self.points.noun} {self.digit} is {mark(label)}: {judged}"
        picture = Boundary(answers, self.plane, self.points, x)
        return Panel(picture, title=Text(plane.legend(self.points)), subtitle=Text(words))

    def _neurons_panel(self, answers: list[list[Activations]], lines: int, room: int) -> Panel:
        """Return a small picture of every hidden neuron, or of as many as there is room for."""
        hidden = self.network.sizes[1:-1]
        ends = [f"{arrow} {plane.axis(self.points, self.plane, k)}" for k, arrow in enumerate("→↑")]
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
            grids = ([[at[l - 2][j] for at in line] for line in answers] for j in range(count))
            names = [(neuron_name(l, j), "dim") for j in range(1, count + 1)]
            parts.append(Album([_reduced(grid, size) for grid in grids], names))
        title = f"{sum(hidden)} hidden neurons"
        if sum(shown) < sum(hidden):
            title = f"{sum(shown)} of {title}"
        parts += [Text(each, "dim", no_wrap=True, overflow="ellipsis") for each in ends]
        return Panel(Group(*parts), title=title if hidden else "no hidden neurons")


def _reduced(grid: Sequence[Sequence[float]], size: int) -> list[list[float]]:
    """Return a few numbers of a grid, from 0, the smallest, to 1, the largest."""
    shares = [(2 * i + 1) / (2 * size) for i in range(size)]
    some = [grid[int(len(grid) * share)] for share in shares]
    picked = [[row[int(len(row) * share)] for share in shares] for row in some]
    low, high = min(map(min, picked)), max(map(max, picked))
    return [[(each - low) / ((high - low) or 1.0) for each in row] for row in picked]


if __name__ == "__main__":
    from tinynn import Dense, Network
    from tinynn.datasets import load_cloud

    cloud = load_cloud("circle", seed=0)
    net = Network([2, Dense(4, "tanh"), Dense(2, "softmax")], cost="log-likelihood", seed=0)
    screen = picture_console(80, 25)
    view = PlaneScreen(cloud.training, net, cloud.test, 40, "η = 0.1, seed 0", 0, screen)  # type: ignore[arg-type]
    for epoch in net.train(cloud.training, 20, 10, 0.1, test_data=cloud.test, seed=0):
        view.on_epoch(epoch)
    demo(view.picture(), "tinynn train --data circle", screen, 24)
