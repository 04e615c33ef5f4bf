"""Navigation in a recording: by line, neuron, equation and layer; the numbers known so far."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import NamedTuple, Optional

from tinynn.stepper.names import LONGEST, Quantity, quantity
from tinynn.stepper.steps import Place, Step

# Typed replacements for the symbols that a keyboard does not have.
TYPED = {"dC/d": "∂C/∂", "nabla_": "∂C/∂", "delta": "δ", "d": "δ"}


class Fold(NamedTuple):
    """One displayed line: a step, or several terms of a sum folded into one."""

    first: int
    last: int

    @property
    def folded(self) -> int:
        """The number of hidden steps: 0 for a single step."""
        return self.last - self.first


def rows(steps: Sequence[Step], fold: bool = True) -> list[Fold]:
    """Return a row for every step, but with long sums and long rows of a matrix folded.

    A sum of more than ``LONGEST`` terms keeps its first term and the two largest; a longer row of
    entries keeps the first, the second and the last. The others are folded.
    """
    found: list[Fold] = []
    first = 0
    while first < len(steps):
        last = first
        while fold and last + 1 < len(steps) and _next_term(steps[last], steps[last + 1]):
            last += 1
        run = range(first, last + 1)
        for place in _kept(steps, run) if len(run) > LONGEST else run:
            found += [Fold(first, place - 1), Fold(place, place)][first == place :]
            first = place + 1
        if first <= last:
            found.append(Fold(first, last))
        first = last + 1
    return found


def _kept(steps: Sequence[Step], run: range) -> list[int]:
    """Return the places of a long run that stay unfolded, in order."""
    first, *others = run
    if not steps[first].is_term:
        return [first, first + 1, run[-1]]
    largest = sorted(others, key=lambda at: -abs(steps[at].result - (steps[at].before or 0.0)))
    return sorted([first, *largest[:2]])


def call_ends(steps: Sequence[Step]) -> dict[int, Step]:
    """Return the last step of each call, which is a line of the called function itself."""
    return {step.call: step for step in steps}


def _next_term(step: Step, following: Step) -> bool:
    """Return whether a step continues the one before: the next term, or the next entry."""
    if (step.call, step.line_number) != (following.call, following.line_number):
        return False
    if step.is_term and (step.place, step.sums) == (following.place, following.sums):
        return True
    if step.line.kind == "element" == following.line.kind:
        return (step.place or ())[:-1] == (following.place or ())[:-1]
    *outer, _ = step.loops.items() or [None]
    return bool(outer) and outer == list(following.loops.items())[:-1]


class Cursor:
    """A place in a recording, and the ways to move it; each returns whether it moved.

    ``row`` is the current row, ``step`` the last step of that row.
    """

    def __init__(self, steps: Sequence[Step], fold: bool = True) -> None:
        self.steps = steps
        self.fold = fold
        self.rows = rows(steps, fold)
        self.at = 0
        found = (quantity(step, place) for place, step in enumerate(steps))
        self.quantities = [each for each in found if each is not None]
        self._places = [each.step for each in self.quantities]

    @property
    def row(self) -> Fold:
        """The current row."""
        return self.rows[self.at]

    @property
    def place(self) -> int:
        """The index of the current step in the recording, counted from 0."""
        return self.row.last

    @property
    def step(self) -> Step:
        """The current step."""
        return self.steps[self.place]

    def known(self) -> list[Quantity]:
        """Return the named quantities computed so far, in order.

        For a mini-batch, return those of the current example, and the sums over all examples.
        """
        known = self.quantities[: bisect_right(self._places, self.place)]
        here = self.step
        if here.batch == 1:
            return known
        own = (None, here.example)
        return [q for q in known if self.steps[q.step].example in own or q.symbol.startswith("Σ")]

    def go(self, at: int) -> bool:
        """Move to this row, or to the nearest end; return whether the row changed."""
        before, self.at = self.at, max(0, min(at, len(self.rows) - 1))
        return self.at != before

    def go_to_step(self, place: int) -> bool:
        """Move to the row that contains this step, counted from 0."""
        return self.go(next(i for i, row in enumerate(self.rows) if row.last >= place))

    def line(self, way: int) -> bool:
        """Move one line forward (1) or back (-1)."""
        return self.go(self.at + way)

    def neuron(self, way: int) -> bool:
        """Move to the first line of the next or the previous neuron."""
        return self._past(lambda step: (step.call, step.layer, step.neuron), way)

    def equation(self, way: int) -> bool:
        """Move to the first line of the next or the previous equation."""
        return self._past(lambda step: step.call, way)

    def layer(self, way: int) -> bool:
        """Move to the first line of the next or the previous layer."""
        return self._past(lambda step: step.call if step.layer is None else step.layer, way)

    def example(self, way: int) -> bool:
        """Move to the first line of the next or the previous example of a mini-batch."""
        return self._past(lambda step: step.example, way)

    def finish_sum(self) -> bool:
        """Move to the line that uses the current sum; outside a sum, move to the next line."""
        adding = self.step
        for at in range(self.at + 1, len(self.rows) if adding.is_term else 0):
            step = self.steps[self.rows[at].last]
            if _uses(step, adding):
                return self.go(at)
        return self.line(1)

    def _past(self, part: Callable[[Step], object], way: int) -> bool:
        """Move to the first row of the next or the previous part, as ``part`` separates them."""

        def part_of(at: int) -> object:
            return part(self.steps[self.rows[at].last])

        at = self.at
        while 0 <= at + way < len(self.rows) and part_of(at + way) == part_of(self.at):
            at += way
        if not 0 <= at + way < len(self.rows):
            return self.go(at) if way < 0 else False
        at += way
        while way < 0 and at > 0 and part_of(at - 1) == part_of(at):
            at -= 1
        return self.go(at)

    def unfold(self) -> bool:
        """Show all terms of all sums, or fold the long sums again, and keep the place."""
        place = self.row.first
        self.fold = not self.fold
        self.rows = rows(self.steps, self.fold)
        self.go_to_step(place)
        return True

    def jump(self, wanted: str) -> bool:
        """Move to a step (17), an equation (BP2, (20)), a quantity (a^2_3), a neuron (2:3).

        A bare number is that of a step; the number of an equation is in parentheses. If there are
        several matches, move to the next one, or the first. Return False if there is none.
        """
        text = wanted.replace(" ", "").removeprefix("neuron")
        text = text.removeprefix("step")
        if text.isdecimal():
            place = int(text) - 1
            return 0 <= place < len(self.steps) and (self.go_to_step(place) or True)
        for at in [*range(self.at + 1, len(self.rows)), *range(self.at + 1)]:
            row = self.rows[at]
            if any(matches(step, text) for step in self.steps[row.first : row.last + 1]):
                self.go(at)
                return True
        return False


def _uses(step: Step, adding: Step) -> bool:
    """Return whether a step uses the sum that another one adds to, and is not itself a term."""
    target = adding.line.target
    if step.is_term and step.target == adding.target:
        return False
    return (step.call, step.code) == (adding.call, adding.code) and any(
        target is not None
        and (part.base, place) == (target.base, adding.place)
        and step.sums.get(part.base) == adding.sums.get(target.base)
        for part, place in zip(step.line.parts, step.places)
    )


def matches(step: Step, wanted: str) -> bool:
    """Return whether a step belongs to an equation or a neuron (2:3), or is a quantity."""
    if wanted.strip("()").casefold() in (number.casefold() for number in step.numbers):
        return True
    neuron = neuron_wanted(wanted)
    if neuron is not None:
        return (step.layer, step.neuron) == neuron
    made = quantity(step)
    for typed, symbol in TYPED.items():
        if wanted.startswith(typed):
            wanted = symbol + wanted[len(typed) :]
            break
    return made is not None and made.name.lstrip("Σ") == wanted.lstrip("Σ")


def neuron_wanted(text: str) -> Optional[tuple[int, Place]]:
    """Return the layer and the indices, from 0, of a neuron such as ``2:3``, or None.

    >>> neuron_wanted("2:3"), neuron_wanted("2:1,5,5"), neuron_wanted("two")
    ((2, (2,)), (2, (0, 4, 4)), None)
    """
    layer, _, indices = text.partition(":")
    numbers = [layer, *indices.split(",")]
    if not all(map(str.isdecimal, numbers)):
        return None
    return int(layer), tuple(int(number) - 1 for number in numbers[1:])
