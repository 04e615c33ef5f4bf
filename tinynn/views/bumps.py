"""A function as bumps are added, drawn: ``python -m tinynn.views.bumps [picture.svg]``."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.linalg import Vector
from tinynn.views.bump_lines import Made, nearly
from tinynn.views.curve import Curve
from tinynn.views.digit import Digit
from tinynn.views.maps import in_greys
from tinynn.views.picture import picture_console, save_picture

SMALLEST = (60, 20)  # columns and lines below which the curves are not worth drawing
_LEAST = 5  # lines for one output: three of the function, two of the error
_HIGHEST = 30  # lines of all, on a large terminal


class _Value(Curve):
    """The network as bars, and the function as a line over them."""

    colour = "blue"
    low, high = 0.0, 1.0

    def axis(self, known: Sequence[float], height: int) -> tuple[float, float, dict[int, str]]:
        """Return the least and the largest value of the function, with room for both."""
        return self.low, self.high, {0: f"{self.high:9.4g}", height - 1: f"{self.low:9.4g}"}

    def place(self, number: float) -> float:
        """Return the number itself."""
        return number


class _Off(_Value):
    """The size of the error as bars, and the error that was asked for as a line."""

    colour = "red"


class BumpLab:
    """Functions and their networks after some of ``last`` bumps: curves, or heat maps."""

    def __init__(self, title: str, made: Sequence[Made], now: int, last: int) -> None:
        self.title = title
        self.made = made
        self.now = now
        self.last = max(1, last)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield Text(self.title, "bold", no_wrap=True, overflow="ellipsis")
        room = min(_HIGHEST, console.height - 2) // len(self.made)
        for made in self.made:
            bumps = min(made.number, self.now * made.number // self.last)
            yield from self._output(console, options, made, bumps, max(_LEAST, room - 1))

    def _output(
        self, console: Console, options: ConsoleOptions, made: Made, bumps: int, room: int
    ) -> RenderResult:
        answers = made.after(bumps)
        off = [abs(answer - wanted) for answer, wanted in zip(answers, made.wanted)]
        what = "bumps" if made.shape[0] == 1 else "towers"
        worst = f"{nearly(max(off)):.3g}"
        words = f"{bumps} of {made.number} {what}, largest error on the picture: {worst}  "
        yield Text.assemble(
            words, (f"f = {made.name}", "yellow"), no_wrap=True, overflow="ellipsis"
        )
        if made.shape[0] > 1:
            yield _maps(made, answers, off, options.max_width)
            return
        final = made.after(made.number)
        curve = _Value(answers, len(answers), made.wanted)
        curve.low = min(0.0, *made.wanted, *final)
        curve.high = max(*made.wanted, *final)
        below = max(2, room // 4)
        yield from _drawn(console, options, curve, room - below - 1)
        yield Text(
            "the error" + (", and the line that it is to stay below" if made.error else ""), "dim"
        )
        error = _Off(off, len(off), [made.error] * len(off) if made.error else ())
        error.high = 1.5 * made.error if made.error else max(*off, 1e-9)
        yield from _drawn(console, options, error, below)


def _drawn(console: Console, options: ConsoleOptions, curve: Curve, height: int) -> RenderResult:
    yield from curve.__rich_console__(console, options.update(height=height))


def _maps(made: Made, answers: Sequence[float], off: Sequence[float], width: int) -> Table:
    """Return f and the network in the same greys, and where there is room the error in its own."""
    rows, columns = made.shape
    both = in_greys([*made.wanted, *answers], (2, rows, columns))
    largest = max(off) or inf
    grids = [*both, [[each / largest for each in off]]]
    pictures = [Digit(Vector([v for row in grid for v in row]), made.shape, True) for grid in grids]
    names = ["f: x to the right, y up", "the network: lighter is larger", "the error"]
    shown = 3 if width >= 3 * columns + 4 else 2
    table = Table.grid(padding=(0, 2, 0, 0))
    for _ in range(shown):
        table.add_column(width=columns)
    table.add_row(*(Text(name, "dim") for name in names[:shown]))
    table.add_row(*pictures[:shown])
    return table


if __name__ == "__main__":
    from tinynn.formulas import Formula, goal_of
    from tinynn.universality import CHAPTER_FORMULA, bump_network, bumps_of, plan_bumps
    from tinynn.views.bump_lines import made

    screen = picture_console(80, 24)
    formula = Formula(CHAPTER_FORMULA)
    goal = goal_of(formula)
    plan = plan_bumps(goal, count=20)
    net = bump_network([bumps_of(goal.function, 20, reach=0.5)], plan.w)
    drawn = made(formula.text, formula, net, "sigmoid")
    screen.print(BumpLab("20 bumps", [drawn], 13, 20))
    save_picture(screen, "tinynn lab bumps")
