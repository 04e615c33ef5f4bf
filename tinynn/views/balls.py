"""Balls with momentum in one valley, side by side: ``python -m tinynn.views.balls [out.svg]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from tinynn.descent import ETA, MOMENTA, STEPS, DescentStep, rolling_ball
from tinynn.views.blocks import columns, mark, sampled, seen
from tinynn.views.lines import Line, Page, beside, joined, panel

_ACROSS = 4  # panels beside one another, at most
_NARROWEST = 20  # columns of a panel, with its border
_ROOM = 6, 20  # lines inside a panel, at least and at most
_ROWS, _COSTS = 40, 10  # lines of a table of v, which swings, and of C
_RIM = 1.25  # the sides of the picture, in times the distance from which the balls start


Balls = Sequence[
    tuple[float, Sequence[DescentStep]]
]  # μ, and the ball's steps while they are floats


@dataclass
class BallLab(Page):
    """Balls as they are at one step, each with its μ: the valley, and the courses of v and C.

    The valley is C(v) = v², from side to side of the panel. A ball beyond the sides is an arrow
    there, in red; its numbers go on.
    """

    title: str
    balls: Balls
    now: int
    last: int
    height: int = 24

    @property
    def _rim(self) -> float:
        return _RIM * abs(self.balls[0][1][0].v[0])

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield a panel for each ball."""
        yield [(f"{self.title}; step {self.now}", "bold")]
        across = max(1, min(_ACROSS, len(self.balls), width // _NARROWEST))
        rows = -(-len(self.balls) // across)
        room = max(_ROOM[0], min(_ROOM[1], (self.height - 2 - 2 * rows) // rows))
        wide = width // across
        inside = ((mu, self._ball(steps, wide - 2, room)) for mu, steps in self.balls)
        panels = [panel(ball, wide, f"μ = {mu:g}") for mu, ball in inside]
        yield from beside(panels, wide, width, 0)

    def _ball(self, steps: Sequence[DescentStep], width: int, room: int) -> Iterator[Line]:
        below = room // 4  # lines for C
        height = (room - 1 - below) // 2
        now = steps[min(self.now, len(steps) - 1)]
        yield from self._valley(now.v[0], width, height)
        numbers = f"v {_short(now.v[0]):<7} C {_short(now.cost)}", "bold"
        text, style = numbers if self.now < len(steps) else ("out of the floats", "bold red")
        yield [(text[:width], style)]
        yield from self._course(steps, width, height)
        costs = [step.cost for step in steps] + [inf] * (self.last + 1 - len(steps))
        for line in columns(seen(costs, self.now, self.last, width), below, self._rim * self._rim):
            yield [(line, "magenta")]

    def _valley(self, v: float, width: int, height: int) -> Iterator[Line]:
        """Yield the ground with the ball on it, or with an arrow to where the ball is."""
        ground = [mark((2.0 * (x + 0.5) / width - 1.0) ** 2, height) for x in range(width)]
        at = min(width - 1, int(width * max(0.0, min(1.0, self._share(v)))))
        beyond = "▸" if v > 0.0 else "◂", "bold red"
        ball = beyond if abs(v) > self._rim else ("●", "bold yellow")
        for row in range(height):
            text = "".join(line if row == there else " " for there, line in ground)
            if ground[at][0] == row:
                yield [(text[:at], "green"), ball, (text[at + 1 :], "green")]
            else:
                yield [(text, "green")]

    def _course(self, steps: Sequence[DescentStep], width: int, height: int) -> Iterator[Line]:
        """Yield v from the first step to now, around a line at the bottom of the valley, 0."""
        bottom = mark(0.5, height)[0]
        cells = [[("·" if row == bottom else " ", "dim")] * width for row in range(height)]
        for step in steps[: self.now + 1]:
            v = step.v[0]
            row, line = mark(self._share(v), height)
            style = "red" if abs(v) > self._rim else "yellow"
            cells[row][step.number * width // (self.last + 1)] = (line, style)
        yield from map(joined, cells)

    def _share(self, v: float) -> float:
        """Return the place of v between the two ends, from 0 to 1."""
        return 0.5 * (v / self._rim + 1.0)


def _short(number: float) -> str:
    """Return a number in at most seven characters, or eight beyond 10^99."""
    size = abs(number)
    if size < 10.0:
        return f"{round(number, 3) + 0.0:.3f}"  # and not -0.000
    return f"{number:.1f}" if size < 1000.0 else f"{number:.0e}"


def ball_lines(balls: Balls, last: int) -> Iterator[str]:
    """Yield two tables: where each ball is, v, and its cost C; "out" is beyond the floats.

    >>> from tinynn.linalg import Vector
    >>> step = DescentStep(0, Vector([1.0]), 0.5, Vector([1.0]), Vector([-0.1]))
    >>> for line in ball_lines([(0.0, [step]), (0.9, [step])], 0): print(line)
    v           μ=0     μ=0.9
        0         1         1
    <BLANKLINE>
    C           μ=0     μ=0.9
        0       0.5       0.5
    """
    places = [[step.v[0] for step in steps] for _, steps in balls]
    costs = [[step.cost for step in steps] for _, steps in balls]
    for name, numbers, rows in (("v", places, _ROWS), ("C", costs, _COSTS)):
        if name == "C":
            yield ""
        yield f"{name:<5}" + "".join(f"{f'μ={mu:g}':>10}" for mu, _ in balls)
        for now in sampled(last, rows):
            there = (f"{each[now]:.3g}" if now < len(each) else "out" for each in numbers)
            yield f"{now:5}" + "".join(f"{each:>10}" for each in there)


if __name__ == "__main__":
    from tinynn.views.picture import demo

    rolled: Balls = [(mu, [*rolling_ball(mu)]) for mu in MOMENTA]
    page = BallLab(f"balls in the valley C(v) = v², η = {ETA:g}", rolled, STEPS, STEPS)
    demo(page, "tinynn lab momentum")
