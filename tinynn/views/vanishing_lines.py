"""The unstable gradient as plain lines: how fast layers learn, chains, windows, the identity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil, floor, log10
from statistics import median
from typing import NamedTuple

from tinynn.equations.chain import window_width
from tinynn.vanishing import (
    LEAST_WEIGHT,
    Chain,
    Speeds,
    identity_neuron,
    identity_without_constant,
    widest_window,
    window,
)
from tinynn.views.blocks import columns

BAND = "·"  # between the least and the most of the seeds
_BAR, _PLOT = 20, (66, 12)  # columns of a bar; columns and lines of the curves
_WINDOWS, _HEAVIEST = (60, 8), 34.0  # of the curve of windows, and the |w| where it ends
_CLEARLY = 2.0  # how many times a gradient is larger that explodes
_LEAST = 1e-12  # a speed below it is drawn at it

Cell = tuple[str, int]  # a character of the curves, and the layer that it belongs to, or 0


class Learnt(NamedTuple):
    """Networks of one kind, one a seed, that learn: their speeds so far, of ``moments`` in all.

    ``right`` says of each that is done how many of the ``images`` it answers right.
    """

    name: str
    layers: int
    moments: int
    images: int
    courses: list[list[Speeds]]
    right: list[int]

    @property
    def now(self) -> int:
        """The last moment that a seed has got to."""
        return max(map(len, self.courses), default=0) - 1


class Spread(NamedTuple):
    """A number over seeds."""

    least: float
    middle: float
    most: float


def spread(learnt: Learnt, layer: int, moment: int) -> Spread:
    """Return how fast a layer learns at a moment, of the seeds that have got there.

    >>> courses = [[Speeds(0, (0.5, 2.0))], [Speeds(0, (0.1, 3.0))], [Speeds(0, (0.2, 1.0))]]
    >>> spread(Learnt("", 3, 1, 1000, courses, []), 2, 0)
    Spread(least=0.1, middle=0.2, most=0.5)
    """
    reached = [course[moment] for course in learnt.courses if len(course) > moment]
    numbers = [each.lengths[layer - 2] for each in reached]
    return Spread(min(numbers), median(numbers), max(numbers))


def slower(learnt: Learnt, moment: int) -> float:
    """Return how many times slower the first hidden layer learns than the last, of the medians."""
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
    """Return the powers of ten between which all speeds so far are."""
    all_of_them = [
        max(length, _LEAST)
        for learnt in networks
        for course in learnt.courses
        for moment in course
        for length in moment.lengths
    ]
    low = floor(log10(min(all_of_them, default=0.1)))
    return low, max(low + 1, ceil(log10(max(all_of_them, default=1.0))))


def curves(learnt: Learnt, width: int, height: int, ends: tuple[int, int]) -> list[list[Cell]]:
    """Return the cells of the curves, line by line: a layer's number at its median, dots around it.

    The speed is upright, logarithmic between these powers of ten; the whole width is the whole run.
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
        spreads = {l: spread(learnt, l, moment) for l in range(learnt.layers, 1, -1)}
        for l, of in spreads.items():
            for line in range(row(of.most), row(of.least) + 1):
                cells[line][column] = (BAND, l)
        for l, of in spreads.items():
            cells[row(of.middle)][column] = (str(l % 10), l)
    return cells


def beside(height: int, ends: tuple[int, int]) -> list[str]:
    """Return what is written beside each line of the curves: powers of ten, evenly spaced."""
    low, high = ends
    marks = [""] * height
    every = ceil((high - low) / max(1, height - 1))
    for power in range(high, low - 1, -every):
        line = min(height - round((power - low) * height / (high - low)), height - 1)
        marks[line] = marks[line] or f"10^{power}"
    return marks


def speed_lines(learnt: Learnt, book: Mapping[str, Mapping[int, float]]) -> Iterator[str]:
    """Yield a bar and the numbers of each layer, at first and now; the book's beside."""
    for moment in sorted({0, learnt.now}):
        step = step_of(learnt, moment)
        of = {l: spread(learnt, l, moment) for l in range(2, learnt.layers + 1)}
        largest = max(each.most for each in of.values())
        theirs = {l: book.get(f"layer {l}", {}).get(step) for l in of}
        bar, said = (_BAR - 2, "  the book's") if any(theirs.values()) else (_BAR, "")
        head = f"before step {step + 1:,}"
        several = len(learnt.courses) > 1
        between = f"{'least to most':>22}" if several else ""
        yield f"{head:<18}{'median' if several else '':>8}{between}  {'':{bar}}{said}".rstrip()
        for l, each in of.items():
            between = f"{f'{each.least:.3g} to {each.most:.3g}':>22}" if several else ""
            beside_it = theirs[l]
            theirs_here = "" if beside_it is None else f"{beside_it:>12.3g}"
            name = "outputs" if l == learnt.layers else f"layer {l}"
            line = f"  {name:<14}{each.middle:>10.3g}{between}  "
            yield f"{line}{spread_bar(each, bar, largest)}{theirs_here}".rstrip()


def curve_lines(learnt: Learnt) -> Iterator[str]:
    """Yield the curves: how fast each layer learns, before each step, on a logarithmic scale."""
    width, height = _PLOT
    ends = axis([learnt])
    outputs = f"the outputs with {learnt.layers % 10}"
    yield f"each curve is drawn with its layer's number (last digit), {outputs};"
    yield "a point is the median over the seeds, on a logarithmic scale"
    for mark, cells in zip(beside(height, ends), curves(learnt, width, height, ends)):
        yield f"{mark:>6} {''.join(cell for cell, _ in cells)}".rstrip()
    last = f"step {step_of(learnt, learnt.now) + 1:,}"
    yield f"       {'step 1':<{width - len(last)}}{last}"


def step_of(learnt: Learnt, moment: int) -> int:
    """Return how many steps were taken before this moment."""
    return next(course[moment].step for course in learnt.courses if len(course) > moment)


def slower_lines(learnt: Learnt) -> Iterator[str]:
    """Say how much slower the first hidden layer learns than the last, at first and now."""
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
    """Yield a column for each network: the median speeds of its layers, at first and now.

    A network that answers no more than ``chance`` images right has learnt nothing.
    """
    most = max(learnt.layers for learnt in networks)
    for then in (True, False):
        moments = [0 if then else learnt.now for learnt in networks]
        names = "".join(f"{learnt.name:>16}" for learnt in networks)
        head = f"{f'before step {step_of(networks[0], moments[0]) + 1:,}':<14}"
        yield head + names[len(head) - 14 :]
        for layer in range(2, most + 1):
            row = ""
            for learnt, moment in zip(networks, moments):
                of = learnt.layers if layer == most else layer
                there = layer == most or layer < learnt.layers
                row += f"{spread(learnt, of, moment).middle:>16.3g}" if there else " " * 16
            yield f"{'outputs' if layer == most else f'layer {layer}':<14}{row}".rstrip()
        ratios = (
            f"{slower(learnt, moment):.3g}".replace("inf", "-") if learnt.layers > 3 else ""
            for learnt, moment in zip(networks, moments)
        )
        yield "last / first hidden layer"
        yield f"{'':<14}{''.join(f'{ratio:>16}' for ratio in ratios)}".rstrip()
        yield ""
    if all(learnt.right for learnt in networks):
        right = "".join(f"{_from_to(learnt.right):>16}" for learnt in networks)
        yield f"training images right, of {networks[0].images:,}"
        yield f"{'':<14}{right}"
        yield ""
    for learnt in networks:
        if learnt.right and median(learnt.right) <= chance:
            steps = step_of(learnt, learnt.now) + 1
            yield f"With {learnt.name} it has learnt nothing in {steps:,} step{'s' * (steps > 1)}:"
            yield f"one answer for all images is right for {chance:,} of them."


def _from_to(numbers: Sequence[int]) -> str:
    least, most = min(numbers), max(numbers)
    return f"{least}" if least == most else f"{least} to {most}"


# The chain of single neurons.


def chain_lines(chain: Chain) -> Iterator[str]:
    """Yield the numbers of a chain, then ∂C/∂b_1 as the product of its factors.

    >>> lines = list(chain_lines(Chain([100, 100, 100, 100])))
    >>> print(lines[7]); print(lines[8])
    ∂C/∂b_1 = σ'(z_1) · w_2 σ'(z_2) · w_3 σ'(z_3) · w_4 σ'(z_4) · ∂C/∂a_4
            = 0.25 · 25 · 25 · 25 · 0.5 = 1953.125
    """
    yield f"a_0 = {chain.x:g}, wanted {chain.y:g}, C = (a_{len(chain.links)} - y)²/2"
    heads = "w_j", "b_j", "z_j", "a_j", "σ'(z_j)", "factor"
    yield "  j" + "".join(f"{head:>10}" for head in heads) + f"{'∂C/∂b_j':>12}"
    for link in chain.links:
        numbers = link.w, link.b, link.z, link.a, link.slope, link.factor
        row = "".join(f"{_short(each):>10}" for each in numbers)
        yield f"{link.j:>3}{row}{link.gradient + 0.0:>12.4g}"
    L = len(chain.links)
    names = ["σ'(z_1)", *(f"w_{j} σ'(z_{j})" for j in range(2, L + 1)), f"∂C/∂a_{L}"]
    factors = [*(link.factor for link in chain.links), chain.cost_derivative]
    yield ""
    yield from _wrapped("∂C/∂b_1", names)
    yield from _wrapped(
        "       ", [_signed(each) for each in factors], f" = {_seven(chain.gradient)}"
    )
    found, measured = _seven(chain.backpropagated()), _seven(chain.numerical())
    yield f"backpropagation has {found}, ΔC/Δb_1 is {measured}"
    yield f"(rounding may change ΔC/Δb_1 by up to {chain.rounding:.0g})"
    if L == 1:
        return
    yield _verdict(chain)
    heavy = [link for link in chain.links[1:] if abs(link.w) >= LEAST_WEIGHT]
    for link in heavy:
        a, of = chain.links[link.j - 2].a, window(link.w, link.b)
        if of is not None:
            between = f"between {of.least:.4g} and {of.most:.4g}"
            if f"{of.least:.4g}" == f"{of.most:.4g}":
                around = f"within {of.width / 2.0:.2g} of {of.most:.4g}"
                between = around if of.width else f"= {of.most:.4g} only"
            yield f"|w_{link.j} σ'(z_{link.j})| ≥ 1 for a_{link.j - 1} {between}; it is {a:.4g}"
    if not heavy:
        yield "From w_2 on every |w_j| is below 4, so every factor |w_j σ'(z_j)| is below 1."


def _short(number: float) -> str:
    """Return a number in nine characters at most; 0 without a sign."""
    return next(text for n in (4, 3, 2, 1) if len(text := f"{number + 0.0:.{n}g}") <= 9 or n == 1)


def _seven(number: float) -> str:
    return f"{number + 0.0:.7g}"


def _signed(number: float) -> str:
    return f"{number + 0.0:.4g}" if number >= 0.0 else f"({number:.4g})"


def _wrapped(name: str, factors: Sequence[str], end: str = "") -> Iterator[str]:
    """Yield a product in lines of at most 80 characters."""
    line = f"{name} = {factors[0]}"
    for each in [f" · {each}" for each in factors[1:]] + [end]:
        if len(line) + len(each) > 80:
            yield line
            line = " " * len(name) + "  "
        line += each
    yield line


def _verdict(chain: Chain) -> str:
    """Say whether the gradient vanishes or explodes from the last neuron to the first."""
    first, last = abs(chain.gradient), abs(chain.links[-1].gradient)
    names = "∂C/∂b_1", f"∂C/∂b_{len(chain.links)}"
    if first == 0.0:
        return f"{names[0]} is 0, as {_why_0(chain)}"
    if last == 0.0:
        return f"{names[1]} is too small for a float"
    if first == last:
        return f"{names[0]} is as large as {names[1]}"
    word, ratio = ("explodes", first / last) if first > last else ("vanishes", last / first)
    size = "larger" if first > last else "smaller"
    many = f"{ratio:.4g}" if ratio < 1000.0 or ratio > 1e9 else f"{ratio:,.0f}"
    end = f": the gradient {word}" if ratio >= _CLEARLY else ""
    return f"{names[0]} is {many} times {size} than {names[1]}{end}"


def _why_0(chain: Chain) -> str:
    """Return which factor of ∂C/∂b_1 is 0."""
    L = len(chain.links)
    zeros = ["its product is too small for a float"]
    zeros += [f"σ'(z_{link.j}) rounds to 0" for link in chain.links if link.slope == 0.0]
    zeros += [f"w_{link.j} is 0" for link in reversed(chain.links[1:]) if link.w == 0.0]
    return f"a_{L} is y" if chain.cost_derivative == 0.0 else zeros[-1]


def window_lines() -> Iterator[str]:
    """Yield the width of the window of inputs (123), as a curve over |w|, with its maximum."""
    width, height = _WINDOWS
    step = (_HEAVIEST - LEAST_WEIGHT) / width
    widths = [window_width(LEAST_WEIGHT + step * (i + 0.5)) for i in range(width)]
    heaviest, widest = widest_window()
    yield "how wide the window of inputs a is in which |w σ'(w a + b)| ≥ 1, (123)"
    for number, line in enumerate(columns(widths, height, widest)):
        mark = f"{widest:.4f}" if number == 0 else "0" if number == height - 1 else ""
        yield f"{mark:>7} {line}".rstrip()
    ends = f"|w| = {LEAST_WEIGHT:g}", f"{_HEAVIEST:g}"
    yield f"        {ends[0]}{ends[1]:>{width - len(ends[0])}}"
    yield f"It is 0 up to |w| = 4, at most {widest:.4f}, at |w| = {heaviest:.3f}, and"
    yield f"{window_width(100):.4f} at |w| = 100: a large w also makes z large, and σ'(z) small."


def identity_lines(first_weights: Sequence[float]) -> Iterator[str]:
    """Yield the identity neuron for these w_1: its numbers, its error, and the bound of that."""
    yield "w_2 σ(w_1 x + b) = x + constant, nearly, for x from 0 to 1"
    heads = "w_1", "b", "w_2", "constant", "error"
    yield "".join(f"{head:>12}" for head in heads) + f"{'bound w_1²/96':>16}"
    neurons = [identity_neuron(w1) for w1 in first_weights]
    for neuron in neurons:
        numbers = "".join(f"{each:>12.5g}" for each in (*neuron, neuron.error()))
        yield f"{numbers}{neuron.bound():>16.5g}"
    for neuron in neurons:
        if neuron.rounding() > neuron.bound():
            most = f"by up to {neuron.rounding():.0g}, more than the bound"
            yield f"w_1 = {neuron.w1:g}: rounding may change the error {most}"
    best = identity_without_constant()
    yield "The next neuron's bias removes the constant: subtract w times it."
    yield f"Without such a constant the error is at least {best.error():.4f}:"
    yield f"w_1 = {best.w1:.2f}, b = {best.b:.2f}, w_2 = {best.w2:g}."
