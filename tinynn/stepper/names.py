"""The book's names for what a recorded line reads and computes: δ^2_1, w^3_11, the sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional

from tinynn.notation import in_greek, in_layer, indexed_name, symbols_of
from tinynn.stepper.lines import Part
from tinynn.stepper.steps import Place, Step
from tinynn.stepper.writing import in_symbols, short

LONGEST = 5  # terms of a sum; a longer one is shown by the first two and the last


_SUMMED = ("∂C/∂b", "∂C/∂w")  # over the examples of a mini-batch


class Quantity(NamedTuple):
    """A number that the book has a name for, such as δ^2_1, and the step that computed it."""

    symbol: str
    layer: Optional[int]
    indices: Place
    value: float
    step: int  # its place in the recording; -1 for what was there before

    @property
    def name(self) -> str:
        """The book's name, its indices counted from 1: ``∂C/∂w^2_11``."""
        return indexed_name(self.symbol, self.layer, *(index + 1 for index in self.indices))


def quantity(step: Step, place: int = 0) -> Optional[Quantity]:
    """Return the entry that a step computed; None for what is no entry, such as a sum."""
    if step.line.target is None or not step.place:
        return None
    return _named(step, step.line.target, step.place, float(step.result), place)


def read(step: Step) -> list[Quantity]:
    """Return the entries that a step read, such as w^3_11 and δ^3_1."""
    found = zip(step.values, _parts(step))
    return [each for value, each in found if value is not None and each and each.indices]


def _parts(step: Step) -> Iterator[Optional[Quantity]]:
    for part, place, value in zip(step.line.parts, step.places, step.values):
        yield None if part.called else _named(step, part, place, value or 0.0, -1)


def _named(
    step: Step, part: Part, place: Optional[Place], value: float, at: int
) -> Optional[Quantity]:
    """Return what the book calls a part of a line; None where its indices are not known."""
    if place is None or any(index < 0 for index in place):
        return None
    name = "sum" if part.base in step.code.sums else in_greek(part.base)
    symbol, layer = in_layer(step.symbols.get(part.base, name), step.layer)
    if step.batch > 1 and symbol in _SUMMED:
        symbol = f"Σ{symbol}"
    return Quantity(symbol, layer, place, value, at)


def symbols(step: Step) -> list[str]:
    """Return the book's name of each part of a step's line: ``sum``, ``w^3_11``, ``δ^3_1``."""
    found = []
    for part, name, entry in zip(step.line.parts, step.names, _parts(step)):
        declared = symbols_of(step.functions.get(name)).get(name, part.text)
        found.append(entry.name if entry else declared)
    return found


def in_book(step: Step) -> str:
    """Return a step's right side in the book's symbols, such as ``sum + w^3_11 δ^3_1``."""
    return in_symbols(step.line, symbols(step), step.values, step.signs)


def neurons(step: Step) -> list[tuple[int, int]]:
    """Return the neurons (l, j) that a line is about: those of a^l_j, of b^l_j, of w^l_jk."""
    found = []
    for each in filter(None, [quantity(step), *read(step)]):
        if each.layer is not None and len(each.indices) <= 2:
            found += [(each.layer - i, index) for i, index in enumerate(each.indices)]
    if not found and step.layer is not None and len(step.neuron) == 1:
        found = [(step.layer, *step.neuron)]  # of σ', for one
    return list(dict.fromkeys(found))


def in_full(steps: Sequence[Step], place: int, longest: int = LONGEST) -> Optional[tuple[str, str]]:
    """Return the line that uses a sum with the whole sum written out, in symbols and in numbers.

    Such as ``(w^3_11 δ^3_1 + w^3_21 δ^3_2) σ'(z^2_1)``; of a sum of more than
    ``longest`` terms the first two and the last. None for a line that uses no sum.
    """
    step = steps[place]
    if not step.line.numbers:
        return None
    letters = symbols(step)
    figures = [short(value) if value is not None else "" for value in step.values]
    whole = False
    for at, part in enumerate(step.line.parts):
        adds = step.is_term and part.text == step.target
        summed = _summed(steps, place, part.text) if part.text in step.sums and not adds else []
        if summed:
            letters[at], figures[at] = (_joined(each, longest) for each in zip(*summed))
            whole = True
    if not whole:
        return None
    line, values, signs = step.line, step.values, step.signs
    return in_symbols(line, letters, values, signs), in_symbols(line, figures, values, signs)


def _summed(steps: Sequence[Step], place: int, name: str) -> list[tuple[str, ...]]:
    """Return what a sum is made of, in symbols and in numbers: its terms, and what it starts with.

    Nothing where it was changed otherwise than by adding to it.
    """
    step = steps[place]
    added = [
        each
        for each in steps[step.sums[name] : place]
        if (each.call, each.target) == (step.call, name) and each.code is step.code
    ]
    if not any(each.is_term for each in added):
        return []
    start = added[0].before if added[0].is_term else None
    written: list[tuple[str, ...]] = [(short(start), short(start))] if start else []
    for number, each in enumerate(added):
        both = in_book(each), each.by_hand
        if each.is_term:
            known = f"({short(each.term)})"  # where no more is known of it
            written.append(tuple(text.partition(" + ")[2] or known for text in both))
        elif number == 0 and name not in each.sums:
            written.append(both)
        else:
            return []
    return written


def _joined(terms: Sequence[str], longest: int) -> str:
    if len(terms) > longest:
        terms = [*terms[:2], "…", terms[-1]]
    return " + ".join(terms)
