"""Which digits are mistaken for which: ``python -m tinynn.views.confusion [picture.svg]``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional

from tinynn.datasets import Examples
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.views.lines import Line, Page, Part
from tinynn.views.pictures import captioned
from tinynn.views.summary import confusions, in_words


class Mistake(NamedTuple):
    """A digit that is answered wrongly: its number, what it is, what was said and how strongly."""

    digit: int
    label: int
    said: int
    strength: float  # of the output that won

    @property
    def caption(self) -> str:
        """Return what is written above its picture.

        >>> Mistake(12, 9, 4, 0.987).caption
        '12: 9▸4 0.99'
        """
        return f"{self.digit}: {self.label}▸{self.said} {self.strength:.2f}"


class Confusion(NamedTuple):
    """``table[is][said]`` counts the answers; the mistakes are in order, the most confident first.

    ``row`` is the one digit that is looked at, or None for all.
    """

    table: list[list[int]]
    mistakes: list[Mistake]
    row: Optional[int] = None

    @property
    def rows(self) -> Sequence[int]:
        """The digits that are looked at."""
        return range(len(self.table)) if self.row is None else [self.row]

    @property
    def title(self) -> str:
        """Return how many answers are right."""
        right, total = (sum(counts) for counts in zip(*map(self.right_of, self.rows)))
        of = "" if self.row is None else f" of the digit {self.row}"
        text = f"{right:,} of {total:,} right{of}, {percent(right, total)}"
        return f"{text}; a row for what is, a column for what is said"

    def right_of(self, digit: int) -> tuple[int, int]:
        """Return how many of these digits are answered rightly, and how many there are."""
        return self.table[digit][digit], sum(self.table[digit])

    def commonest(self) -> str:
        """Return the commonest mistakes in words."""
        found = [each for each in confusions(self.table) if each[1] in self.rows]
        return in_words(found) or "no digit is read as another"

    def heading(self, shown: int) -> str:
        """Return what is said above the pictures of the mistakes."""
        count = len(self.mistakes)
        if not count:
            return "no mistake"
        which = f", the {shown:,} most confident"
        if shown == count:
            which = ", the most confident first" if count > 1 else ""
        return f"{count:,} mistake{'s' * (count > 1)}{which}; number: label▸answer, strength"


def confusion_of(network: Model, examples: Examples, row: Optional[int] = None) -> Confusion:
    """Return what a network answers to these examples, with every mistake of that row."""
    prepared = network._prepare("examples", examples)
    network._require_numbers()
    kinds = network.sizes[-1]
    table = [[0] * kinds for _ in range(kinds)]
    mistakes = []
    for i, (outputs, wanted) in enumerate(network._each_output(prepared)):
        label, said = (Model.answer_of(Vector.wrap([*each])) for each in (wanted, outputs))
        table[label][said] += 1
        if label != said and row in (None, label):
            mistakes.append(Mistake(i, label, said, outputs[said]))
    mistakes.sort(key=lambda each: -each.strength)
    return Confusion(table, mistakes, row)


def percent(right: int, total: int) -> str:
    """Return a share of right answers; a dash where there is no such digit."""
    return f"{100 * right / total:.1f} %" if total else "–"


def width_of(confusion: Confusion) -> int:
    """Return how wide a column of the matrix is, with a bracket or a blank on both sides."""
    return 2 + max(len(str(count)) for row in confusion.rows for count in confusion.table[row])


def head_of(confusion: Confusion) -> str:
    """Return the line above the matrix."""
    width = width_of(confusion)
    return "  " + "".join(f"{digit:>{width - 1}} " for digit in range(len(confusion.table)))


def row_line(confusion: Confusion, row: int) -> Line:
    """Return a row of the matrix: right answers in brackets, a point for none, and the accuracy.

    The brighter the more mistakes, and the right ones dim.

    >>> from tinynn.views.lines import text_of
    >>> text_of(row_line(Confusion([[9, 1, 0], [0, 8, 2], [0, 0, 10]], []), 1))
    '1   ·  (8)  2   80.0 % of 10'
    """
    width, (right, total) = width_of(confusion), confusion.right_of(row)
    worst = max((times for times, _, _ in confusions(confusion.table)), default=1)
    line: list[Part] = [f"{row:<2}"]
    for said, count in enumerate(confusion.table[row]):
        cell = f"({right})" if said == row else f"{count or '·'} "
        style = "dim" if said == row or not count else "bold yellow" if 2 * count > worst else ""
        line.append((f"{cell:>{width}}", style))
    return [*line, f" {percent(right, total):>7} of {total}"]


@dataclass
class ConfusionPage(Page):
    """The matrix with the accuracy of each digit, then at most so many mistakes as pictures.

    Of a screen of this ``height``, as many as there is room for; elsewhere the commonest mistakes
    are said in words too.
    """

    confusion: Confusion
    examples: Examples
    most: int
    height: Optional[int] = None

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the matrix, the diagonal dimmed, and the mistakes."""
        found = self.confusion
        yield [(found.title, "bold")]
        yield [(head_of(found), "dim")]
        yield from (row_line(found, row) for row in found.rows)
        room = None
        if self.height is None:
            yield found.commonest()
            yield ""
        else:
            room = self.height - len(found.rows) - 4  # two heads, the heading, and the prompt
        captions = {each.digit: each.caption for each in found.mistakes[: self.most]}
        drawn = captioned(self.examples, captions, width, coloured, room)
        yield [(found.heading(drawn.shown), "bold")]
        if self.height is None and drawn.lines:
            yield ""
        yield from drawn.lines


def confusion_json(confusion: Confusion) -> dict[str, Any]:
    """Return the matrix, the accuracy of each digit, and every mistake."""
    digits = []
    for row in confusion.rows:
        right, total = confusion.right_of(row)
        share = right / total if total else None
        digits.append({"digit": row, "right": right, "of": total, "accuracy": share})
    mistakes = [each._asdict() for each in confusion.mistakes]
    return {"confusion": confusion.table, "digits": digits, "mistakes": mistakes}


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.network import Network
    from tinynn.views.picture import demo

    digits = load_digits()
    learnt = Network([64, 30, 10], seed=0)
    learnt.train(digits.training[:500], 2, 10, 3.0, seed=0).finish()
    found = confusion_of(learnt, digits.test)
    demo(ConfusionPage(found, digits.test, 100, 25), "tinynn inspect confusion")
