"""Single neurons that learn side by side: ``python -m tinynn.views.lab [picture.svg]``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tinynn.linalg import Vector
from tinynn.saturation import BOOK_EPOCHS, BOOK_ETA, BOOK_STARTS, Moment, one_neuron
from tinynn.views.blocks import columns, sampled, seen
from tinynn.views.lines import Line, Page, in_columns, panel

LIMIT = 5.0  # beyond it σ'(z) is less than 0.007: the neuron is saturated
SLOPE = "σ'"
SMALLEST = (70, 23)  # columns and lines below which the curves are not worth drawing
_ROWS = 6  # a line for every sixth of a run, and one for its beginning
_LINES = 2, 4  # of each curve, at least and at most
_LABEL = 10  # columns for the numbers beside a curve
_STEEPEST = 0.25  # σ'(0)
_HEIGHT = 6  # lines of a histogram
_EDGE = 60  # z from -60 to 60, in columns of 2

Runs = Sequence[tuple[str, Sequence[Moment]]]  # the name of a cost, and a neuron that learns by it


def start_of(runs: Runs) -> str:
    """Return the weight and the bias that these neurons begin with."""
    first = runs[0][1][0]
    return f"w = {first.w:g}, b = {first.b:g}"


@dataclass
class NeuronLab(Page):
    """Neurons as they are at one epoch: a row for each start, a column for each cost.

    Each has the course of its output a, its cost C and σ'(z) so far, and their numbers now.
    """

    title: str
    starts: Sequence[Runs]
    epoch: int
    height: int = 24

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield a panel for each neuron."""
        yield [(f"{self.title}; epoch {self.epoch}", "bold")]
        room = (self.height - 2 - 2 * len(self.starts)) // (3 * len(self.starts))
        height = max(_LINES[0], min(_LINES[1], room))
        for runs in self.starts:
            wide = width // len(runs)
            start, room = start_of(runs), wide - _LABEL - 4
            inside = ((name, self._neuron(moments, room, height)) for name, moments in runs)
            panels = [panel(lines, wide, f"{name}, {start}", padding=1) for name, lines in inside]
            yield from in_columns(panels, [wide] * len(runs), 0)

    def _neuron(self, moments: Sequence[Moment], width: int, height: int) -> Iterator[Line]:
        """Yield upright bars, of which the whole width is the whole run, behind the numbers now."""
        a, costs, slopes = zip(*((each.output, each.cost, each.slope) for each in moments))
        courses = ("a", a, 1.0, "green"), ("C", costs, max(costs), "magenta")
        for name, numbers, largest, style in (*courses, (SLOPE, slopes, _STEEPEST, "cyan")):
            so_far = seen(numbers, self.epoch, len(numbers) - 1, width)
            *above, lowest = columns(so_far, height, largest)
            for line in above:
                yield [" " * _LABEL, (line, style)]
            now = f"{f'{numbers[self.epoch]:.4f}':<{_LABEL - 3}}"
            yield [(f"{name:<2} ", "dim"), (now, "bold"), (lowest, style)]


def neuron_lines(runs: Runs) -> Iterator[str]:
    """Yield a table: output a, cost C and σ'(z) of each neuron, from the start to the last epoch.

    >>> moment = Moment(0, 0.6, 0.9, 0.8176, 0.3342, 0.1491)
    >>> for line in neuron_lines([("quadratic", [moment])]): print(line)
    w = 0.6, b = 0.9
           quadratic
    epoch         a        C       σ'
        0    0.8176   0.3342   0.1491
    """
    yield start_of(runs)
    yield " " * 7 + "".join(f"{name:<30}" for name, _ in runs).rstrip()
    yield "epoch" + "".join(f"{'a':>10}{'C':>9}{SLOPE:>9}  " for _ in runs).rstrip()
    last = len(runs[0][1]) - 1
    for epoch in sampled(last, _ROWS):
        now = [moments[epoch] for _, moments in runs]
        numbers = (f"{each.output:10.4f}{each.cost:9.4f}{each.slope:9.4f}  " for each in now)
        yield f"{epoch:5}{''.join(numbers)}".rstrip()


def spread_lines(name: str, z: Vector) -> Iterator[str]:
    """Yield a histogram of z, its spread, and the share of neurons that are saturated."""
    spread = z.norm() / len(z) ** 0.5
    saturated = sum(abs(each) > LIMIT for each in z) / len(z)
    beyond = f"{100 * saturated:.0f} % of the neurons have |z| > {LIMIT:g}, where {SLOPE} < 0.007"
    yield f"{name}: the spread of z is {spread:.2f}"
    yield beyond
    counts = Counter(max(-_EDGE, min(_EDGE, 2 * round(each / 2))) for each in z)
    heights = [counts[place] for place in range(-_EDGE, _EDGE + 1, 2)]
    for line in columns(heights, _HEIGHT, max(heights)):
        yield f"     {line}".rstrip()
    yield "".join(f"{place:^10}" for place in range(-_EDGE, _EDGE + 1, 20)).rstrip()


if __name__ == "__main__":
    from tinynn.views.picture import demo

    learnt: list[Runs] = [
        [(name, list(one_neuron(*start, name))) for name in ("quadratic", "cross-entropy")]
        for start in BOOK_STARTS
    ]
    page = NeuronLab(f"one neuron, η = {BOOK_ETA:g}", learnt, BOOK_EPOCHS)
    demo(page, "tinynn lab neuron")
