"""The book's names for the numbers of a recorded line: δ^2_1, w^3_11, the sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, Optional
from weakref import WeakKeyDictionary

import tinynn.stepper.writing as writing
from tinynn.notation import in_greek, in_layer, indexed_name, symbols_of
from tinynn.stepper.lines import Part
from tinynn.stepper.steps import Place, Step
from tinynn.stepper.writing import FIGURES, Value, in_symbols, short

LONGEST = 5  # terms of a sum; a longer one shows its largest terms, and folds the others


_SUMMED = ("∂C/∂b", "∂C/∂w")  # over the examples of a mini-batch


class Quantity(NamedTuple):
    """A number with a name in the book, such as δ^2_1, and the step that computed it."""

    symbol: str
    layer: Optional[int]
    indices: Place
    value: float
    step: int  # its place in the recording; -1 if it was there before

    @property
    def name(self) -> str:
        """The book's name, its indices counted from 1: ``∂C/∂w^2_11``."""
        return indexed_name(self.symbol, self.layer, *(index + 1 for index in self.indices))


def quantity(step: Step, place: int = 0) -> Optional[Quantity]:
    """Return the entry that a step computed, or None if it is not an entry but, say, a sum."""
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
    """Return the book's name for a part of a line, or None if its indices are unknown."""
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
    """Return the neurons (l, j) that a line of code names by a^l_j, b^l_j or w^l_jk."""
    found = []
    for each in filter(None, [quantity(step), *read(step)]):
        if each.layer is not None and len(each.indices) <= 2:
            found += [(each.layer - i, index) for i, index in enumerate(each.indices)]
    if not found and step.layer is not None and len(step.neuron) == 1:
        found = [(step.layer, *step.neuron)]  # for example, that of σ'
    return list(dict.fromkeys(found))


class Term(NamedTuple):
    """A term of a sum, and the step that adds it; None for the first value of the sum."""

    symbols: str
    value: float
    step: Optional[Step]

    def numbers(self, figures: int = FIGURES) -> str:
        """Return the term in numbers with this many figures."""
        if self.step is None:
            return short(self.value, figures)
        line = self.step.adding
        if not line.numbers or not writing.is_known(line, self.step.values):
            return f"({short(self.value, figures)})"
        return _apart(writing.by_hand(line, self.step.values, self.step.signs, figures=figures))

    def worked(self, figures: int) -> float:
        """Return the value of the term, computed from numbers with this many figures."""
        if self.step is None or not writing.is_known(self.step.adding, self.step.values):
            return float(writing.rounded([self.value], figures)[0] or 0.0)
        values = writing.rounded(self.step.values, figures)
        return float(writing.worked_out(self.step.adding, values) or 0.0)


class Whole(NamedTuple):
    """The line that uses a sum, and the terms of the sum by its part of the line."""

    step: Step
    sums: dict[int, list[Term]]

    def written(self, most: int) -> tuple[str, str]:
        """Return the line with the whole sum written out, in symbols and in numbers.

        A sum of more than ``most`` terms shows the largest ones, and the number of the others.
        """
        step, line = self.step, self.step.line
        shown = {at: largest(terms, most) for at, terms in self.sums.items()}
        rest = {
            at: sum(t.value for t in terms if t not in shown[at]) for at, terms in self.sums.items()
        }

        def worked(figures: int) -> Value:
            values = writing.rounded(step.values, figures)
            for at, terms in shown.items():
                left = writing.rounded([rest[at]], figures)[0] or 0.0
                values[at] = sum(term.worked(figures) for term in terms) + left
            return writing.worked_out(line, values)

        known = writing.is_known(line, step.values)
        figures = writing.enough(step.result, worked) if known else FIGURES
        letters = symbols(step)
        numbers = [short(v, figures) if v is not None else "" for v in step.values]
        for at, terms in shown.items():
            more = len(self.sums[at]) - len(terms)
            letters[at] = " + ".join([t.symbols for t in terms] + [f"[{more} more]"] * (more > 0))
            others = f"[{more} more: {short(rest[at], figures)}]"
            numbers[at] = " + ".join([t.numbers(figures) for t in terms] + [others] * (more > 0))
        return (
            in_symbols(line, letters, step.values, step.signs),
            in_symbols(line, numbers, step.values, step.signs),
        )


def in_full(steps: Sequence[Step], place: int) -> Optional[tuple[str, str]]:
    """Return a line that uses a sum, with the sum written out, in symbols and in numbers.

    For example ``(w^3_11 δ^3_1 + w^3_21 δ^3_2) σ'(z^2_1)``; a long sum shows its largest terms.
    Return None for a line without a sum.
    """
    found = whole(steps, place)
    return found.written(LONGEST) if found else None


def whole(steps: Sequence[Step], place: int) -> Optional[Whole]:
    """Return the terms of each sum that a line uses, or None for a line without sums."""
    step = steps[place]
    sums: dict[int, list[Term]] = {}
    entries = list(_parts(step)) if step.batch > 1 and step.example is None else []
    for at, part in enumerate(step.line.parts if step.line.numbers else ()):
        adds = step.is_term and part.text == step.target
        found = _summed(steps, place, part.text) if part.text in step.sums and not adds else []
        entry = entries[at] if entries else None
        if entry and entry.symbol.startswith("Σ"):
            found = [_term(steps[i]) for i in _places_of(steps, entry.name)]
        if found:
            sums[at] = found
    return Whole(step, sums) if sums else None


def so_far(steps: Sequence[Step], place: int) -> list[Term]:
    """Return the terms so far of the sum that a line adds to; none for other lines."""
    step = steps[place]
    return _summed(steps, place, step.target, place + 1) if step.is_term and step.target else []


def _summed(steps: Sequence[Step], place: int, name: str, end: Optional[int] = None) -> list[Term]:
    """Return the terms of a sum and its first value.

    Return nothing if the sum was also changed in another way than by adding.
    """
    step = steps[place]
    added = [
        each
        for each in steps[step.sums.get(name, place) : place if end is None else end]
        if (each.call, each.target) == (step.call, name) and each.code is step.code
    ]
    if not any(each.is_term for each in added):
        return []
    start = added[0].before if added[0].is_term else None
    terms = [Term(short(start), start, None)] if start else []
    for number, each in enumerate(added):
        if not each.is_term and (number > 0 or name in each.sums):
            return []
        terms.append(_term(each))
    return terms


def _term(step: Step) -> Term:
    line = step.adding
    if step.line.added is not None:
        value = float(writing.worked_out(line, step.values) or 0.0)
    else:
        value = (step.term or 0.0) if step.is_term else float(step.result)
    written = in_symbols(line, symbols(step), step.values, step.signs) if line.numbers else ""
    return Term(_apart(written) or f"({short(value)})", value, step)


def _apart(text: str) -> str:
    """Return a term as written after a +."""
    return f"({text})" if text.startswith("−") else text


def largest(terms: Sequence[Term], most: int) -> list[Term]:
    """Return the largest terms of a long sum, in order, and always its first value."""
    if len(terms) <= most:
        return list(terms)
    by_size = sorted(terms, key=lambda term: (term.step is None, abs(term.value)), reverse=True)
    kept = by_size[: max(1, most - 2)]
    return [term for term in terms if any(term is each for each in kept)]


_ENTRIES: WeakKeyDictionary[Sequence[Step], tuple[int, dict[str, list[int]]]] = WeakKeyDictionary()


def _places_of(steps: Sequence[Step], name: str) -> list[int]:
    """Return the places in the whole recording that add to the entry with this name."""
    length, found = _ENTRIES.get(steps, (0, {}))
    if length != len(steps):
        found = {}
        for place, step in enumerate(steps):
            made = quantity(step) if step.line.kind == "entry" else None
            if made is not None:
                found.setdefault(made.name, []).append(place)
        _ENTRIES[steps] = len(steps), found
    return found.get(name, [])
