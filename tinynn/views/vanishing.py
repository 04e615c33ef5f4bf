"""How fast the layers of networks learn: ``python -m tinynn.views.vanishing [picture.svg]``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10
from statistics import median
from typing import NamedTuple

from tinynn.network import Network
from tinynn.vanishing import Speeds, learning_speeds
from tinynn.views.lines import Line, Page, beside, joined, panel, text_of

SMALLEST = 70, 22  # columns and lines below which the curves are not worth drawing
BAND = "·"  # between the least and the most of the seeds
_COLOURS = "cyan", "green", "yellow", "magenta", "blue", "red"
_MARK, _FEWEST, _MOST = 7, 3, 24  # columns beside the curves; their lines, at least and at most
_BAR, _PLOT = 20, (66, 12)  # columns of a bar; columns and lines of the curves
_LEAST = 1e-12  # a speed below it is drawn at it

Cell = tuple[str, int]  # a character of the curves, and the layer that it belongs to, or 0


class Learnt(NamedTuple):
    """Networks of one kind, one for each seed: their speeds so far, at up to ``moments`` moments.

    ``right`` is, for each finished network, how many of the ``images`` it classifies correctly.
    """

    name: str
    layers: int
    moments: int
    images: int
    courses: list[list[Speeds]]
    right: list[int]

    @property
    def now(self) -> int:
        """The latest moment that any seed has reached, or -1."""
        return max(map(len, self.courses), default=0) - 1


class Spread(NamedTuple):
    """The least, the median and the largest of a number over the seeds."""

    least: float
    middle: float
    most: float


def spread(learnt: Learnt, layer: int, moment: int) -> Spread:
    """Return the spread of a layer's speed at a moment, over the seeds that have reached it.

    >>> courses = [[Speeds(0, (0.5, 2.0))], [Speeds(0, (0.1, 3.0))], [Speeds(0, (0.2, 1.0))]]
    >>> spread(Learnt("", 3, 1, 1000, courses, []), 2, 0)
    Spread(least=0.1, middle=0.2, most=0.5)
    """
    reached = [course[moment] for course in learnt.courses if len(course) > moment]
    numbers = [each.lengths[layer - 2] for each in reached]
    return Spread(min(numbers), median(numbers), max(numbers))


def spreads(learnt: Learnt, moment: int) -> dict[int, Spread]:
    """Return the spread of each layer's speed at a moment, by layer."""
    return {l: spread(learnt, l, moment) for l in range(2, learnt.layers + 1)}


def slower(learnt: Learnt, moment: int) -> float:
    """Return the last hidden layer's median speed, divided by that of the first hidden layer."""
    first, last = (spread(learnt, layer, moment).middle for layer in (2, learnt.layers - 1))
    return last / first if first > 0.0 else float("inf")


def spread_bar(of: Spread, width: int, largest: float) -> str:
    """Return a bar: solid to the least, then shaded to the median, then light to the most.

    >>> spread_bar(Spread(1.0, 2.0, 4.0), 8, 4.0)
    '██▒▒░░░░'
    """
    ends = [round(width * each / largest) if largest > 0.0 else 0 for each in of]
    solid, middle, end = ends
    return ("█" * solid + "▒" * (middle - solid) + "░" * (end - middle)).ljust(width)


def axis(networks: Sequence[Learnt]) -> tuple[int, int]:
    """Return the exponents of the powers of ten that enclose all speeds so far."""
    courses = (course for learnt in networks for course in learnt.courses)
    lengths = (length for course in courses for moment in course for length in moment.lengths)
    all_of_them = [max(length, _LEAST) for length in lengths]
    low = floor(log10(min(all_of_them, default=0.1)))
    return low, max(low + 1, ceil(log10(max(all_of_them, default=1.0))))


def curves(learnt: Learnt, width: int, height: int, ends: tuple[int, int]) -> list[list[Cell]]:
    """Return the characters of the curves, line by line, each with its layer.

    A layer's number is at the median of the seeds; dots go from their least to their largest speed.
    The vertical axis is the speed, logarithmic between the powers of ten with the exponents
    ``ends``; the horizontal axis is the whole run.
    """
    low, high = ends
    cells = [[(" ", 0)] * width for _ in range(height)]

    def row(length: float) -> int:
        share = (log10(max(length, _LEAST)) - low) / (high - low)
        return max(0, min(height - 1, height - 1 - floor(share * height)))

    for column in range(width):
        moment = column * learnt.moments // width
        if moment > learnt.now:
            break
        found = [*spreads(learnt, moment).items()][::-1]
        for l, of in found:
            for line in range(row(of.most), row(of.least) + 1):
                cells[line][column] = (BAND, l)
        for l, of in found:
            cells[row(of.middle)][column] = (str(l % 10), l)
    return cells


def axis_marks(height: int, ends: tuple[int, int]) -> list[str]:
    """Return the text to the left of each line of the curves: powers of ten, evenly spaced."""
    low, high = ends
    marks = [""] * height
    every = ceil((high - low) / max(1, height - 1))
    for power in range(high, low - 1, -every):
        line = min(height - round((power - low) * height / (high - low)), height - 1)
        marks[line] = marks[line] or f"10^{power}"
    return marks


def drawn_curves(learnt: Learnt, width: int, height: int, ends: tuple[int, int]) -> Iterator[Line]:
    """Yield the curves with powers of ten to their left: each layer in a colour, its dots dim."""
    for mark, cells in zip(axis_marks(height, ends), curves(learnt, width, height, ends)):
        styles = (f"{'dim ' * (each == BAND)}{_colour(l)}" if l else "" for each, l in cells)
        drawn = joined((each, style) for (each, _), style in zip(cells, styles))
        yield [(f"{mark:>{_MARK - 1}} ", "dim"), *drawn]


@dataclass
class VanishingLab(Page):
    """A panel for each network: the speed of each layer, first and now, as bars and as curves.

    All panels have the same logarithmic axis.
    """

    title: str
    networks: Sequence[Learnt]
    height: int = 24

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield a panel for each network, two side by side."""
        yield [(self.title, "bold")]
        across = 1 if len(self.networks) == 1 else 2
        wide = width // across
        room = (self.height - 2) // -(-len(self.networks) // across) - 2
        ends = axis(self.networks)
        panels = [self._panel(learnt, wide, room, ends) for learnt in self.networks]
        yield from beside(panels, wide, width, 0)

    def _panel(self, learnt: Learnt, width: int, room: int, ends: tuple[int, int]) -> list[Line]:
        if learnt.now < 0:
            return panel([""], width, learnt.name)
        bars = list(self._bars(learnt, width - 2))[: room - _FEWEST]
        height = max(_FEWEST, min(_MOST, room - len(bars)))
        right = f"{learnt.layers % 10}: outputs"
        if learnt.right:
            right += f"; {sum(learnt.right) / len(learnt.right):.0f} right"
        drawn = drawn_curves(learnt, max(1, width - 2 - _MARK), height, ends)
        return panel([*bars, *drawn], width, learnt.name, right)

    def _bars(self, learnt: Learnt, width: int) -> Iterator[Line]:
        """Yield a heading, then for each layer its speed as a number and a bar, first and now."""
        half = width // 2
        heads = [f" before step {step_of(learnt, m) + 1:,}" for m in (0, learnt.now)]
        yield [("".join(head.ljust(half) for head in heads), "dim")]
        found = [spreads(learnt, moment) for moment in (0, learnt.now)]
        for l in found[0]:
            line: list[tuple[str, str]] = []
            for of in found:
                number = f"{l % 10} {of[l].middle:<9.3g}"
                largest = max(each.most for each in of.values())
                bar = spread_bar(of[l], half - len(number) - 1, largest)
                line += [(number, "bold"), (f"{bar} ", _colour(l))]
            yield line


def _colour(layer: int) -> str:
    return _COLOURS[layer % len(_COLOURS)]


def speed_lines(learnt: Learnt, book: Mapping[str, Mapping[int, float]]) -> Iterator[str]:
    """Yield the speed of each layer as numbers and a bar, first and now, beside the book's."""
    several = len(learnt.courses) > 1
    for moment in sorted({0, learnt.now}):
        step, of = step_of(learnt, moment), spreads(learnt, moment)
        largest = max(each.most for each in of.values())
        theirs = {l: book.get(f"layer {l}", {}).get(step) for l in of}
        bar, said = (_BAR - 2, "  the book's") if any(theirs.values()) else (_BAR, "")
        heads = ("median", f"{'least to most':>22}") if several else ("", "")
        yield f"{f'before step {step + 1:,}':<18}{heads[0]:>8}{heads[1]}  {'':{bar}}{said}".rstrip()
        for l, each in of.items():
            between = f"{f'{each.least:.3g} to {each.most:.3g}':>22}" if several else ""
            there = "" if theirs[l] is None else f"{theirs[l]:>12.3g}"
            name = "outputs" if l == learnt.layers else f"layer {l}"
            line = f"  {name:<14}{each.middle:>10.3g}{between}  "
            yield f"{line}{spread_bar(each, bar, largest)}{there}".rstrip()


def curve_lines(learnt: Learnt) -> Iterator[str]:
    """Yield a legend and the curves of the layers' speeds, on a logarithmic scale."""
    width, height = _PLOT
    outputs = f"the outputs with {learnt.layers % 10}"
    yield f"each curve is drawn with its layer's number (last digit), {outputs};"
    yield "a point is the median over the seeds, on a logarithmic scale"
    for line in drawn_curves(learnt, width, height, axis([learnt])):
        yield text_of(line).rstrip()
    last = f"step {step_of(learnt, learnt.now) + 1:,}"
    yield f"       {'step 1':<{width - len(last)}}{last}"


def step_of(learnt: Learnt, moment: int) -> int:
    """Return how many steps were taken before this moment."""
    return next(course[moment].step for course in learnt.courses if len(course) > moment)


def slower_lines(learnt: Learnt) -> Iterator[str]:
    """Yield how many times slower the first hidden layer learns than the last, first and now."""
    if learnt.layers < 4:
        yield "With one hidden layer there is none that learns more slowly than another."
        return
    last = f"layer {learnt.layers - 1}, the last hidden layer"
    step = step_of(learnt, learnt.now) + 1
    yield f"Layer 2 learns {_times(slower(learnt, 0))} than {last},"
    if not any(spread(learnt, l, learnt.now).middle for l in range(2, learnt.layers)):
        why = "no neuron is active" if "relu" in learnt.name else "all neurons are saturated"
        yield f"at first. Before step {step:,}"
        yield f"the errors of the hidden layers are 0: {why}."
    else:
        yield f"at first, and {_times(slower(learnt, learnt.now))} before step {step:,}."


def _times(ratio: float) -> str:
    if not 0.0 < ratio < float("inf"):
        return "infinitely slower" if ratio else "infinitely faster"
    return f"{ratio:.3g} times slower" if ratio >= 1.0 else f"{1.0 / ratio:.3g} times faster"


def help_lines(networks: Sequence[Learnt], chance: int) -> Iterator[str]:
    """Yield a table of the layers' median speeds, first and now, a column for each network.

    If all networks are finished, the images that they classify correctly follow. ``chance`` is how
    many one answer for all gets right: a network with no more, at the median, has learnt nothing.
    """
    for now in (0, 1):
        at = [(learnt, learnt.now * now) for learnt in networks]
        step = step_of(*at[0]) + 1
        yield _columns(f"before step {step:,}", (learnt.name for learnt in networks))
        for layer in range(2, max(learnt.layers for learnt in networks)):
            found = (f"{spread(n, layer, m).middle:.3g}" if layer < n.layers else "" for n, m in at)
            yield _columns(f"layer {layer}", found)
        yield _columns("outputs", (f"{spread(n, n.layers, m).middle:.3g}" for n, m in at))
        yield "last / first hidden layer"
        ratios = (slower(n, m) if n.layers > 3 else 0.0 for n, m in at)
        yield _columns("", (f"{r:.3g}".replace("inf", "-") if r else "" for r in ratios))
        yield ""
    if all(learnt.right for learnt in networks):
        yield f"training images right, of {networks[0].images:,}"
        ends = (sorted({min(learnt.right), max(learnt.right)}) for learnt in networks)
        yield _columns("", (" to ".join(map(str, each)) for each in ends))
        yield ""
    for learnt in networks:
        if learnt.right and median(learnt.right) <= chance:
            steps = step_of(learnt, learnt.now) + 1
            yield f"With {learnt.name} it has learnt nothing in {steps:,} step{'s' * (steps > 1)}:"
            yield f"one answer for all images is right for {chance:,} of them."


def _columns(name: str, texts: Iterable[str]) -> str:
    """Return a row of the table: a name, then a string for each network."""
    row = "".join(f"{text:>16}" for text in texts)
    return f"{name:<14}{row[max(0, len(name) - 14) :]}".rstrip()


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.views.picture import demo

    examples = load_digits().training[:20]
    courses = [
        [*learning_speeds(Network([64, 9, 9, 10], seed=seed, init="scaled"), examples, 50, 3.0)]
        for seed in (0, 1)
    ]
    learnt = Learnt("64-9-9-10, first weights N(0, 1/√n_in)", 4, 50, len(examples), courses, [])
    page = VanishingLab("how fast each layer learns: ‖mean of δ^l‖", [learnt])
    demo(page, "tinynn lab vanishing")
