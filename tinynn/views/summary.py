"""How a run went, and what to try next: ``python -m tinynn.views.summary``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Optional

from tinynn.training import EpochReport, best_epoch
from tinynn.views.lines import Line, Page, Part, table

_COMMAND = "cyan"


def confusions(table: Sequence[Sequence[int]]) -> list[tuple[int, int, int]]:
    """Return (times, right answer, answer given) of every mistake, the commonest first.

    >>> confusions([[9, 1, 0], [0, 8, 2], [0, 0, 10]])
    [(2, 1, 2), (1, 0, 1)]
    """
    found = [
        (times, right, said)
        for right, row in enumerate(table)
        for said, times in enumerate(row)
        if times and right != said
    ]
    return sorted(found, key=lambda each: (-each[0], each[1:]))


def in_words(confusions: Sequence[tuple[int, int, int]]) -> str:
    """Return the first three mistakes: ``4 read as 9 (×3), 1 read as 7 (×2)``."""
    words = (f"{right} read as {said} (×{times})" for times, right, said in confusions[:3])
    return ", ".join(words)


@dataclass
class Summary(Page):
    """Names and texts below each other."""

    rows: Sequence[Sequence[Part]]

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield a table of names and texts; what a command is for is dim."""
        for *name, (text, style) in table(self.rows, "<<", width):
            command, between, purpose = text.rstrip().rpartition("  ")
            if style == _COMMAND and between:
                yield [*name, (command, style), (between + purpose, "dim")]
            else:
                yield [*name, (text, style)]


def summary(
    reports: Sequence[EpochReport],
    confusion: Optional[Sequence[Sequence[int]]],
    notes: Sequence[tuple[str, str]],
    commands: Sequence[tuple[str, str]],
    noun: str = "digit",
) -> Summary:
    """Return the best and last epoch, the commonest mistakes, notes, and what to try next.

    ``notes`` are pairs of a name and a text; ``commands`` of a command and what it is for; a
    ``noun`` is what one example is.
    """
    best = best_epoch(reports)
    rows: list[tuple[str, Part]] = [("best", "not known: no epoch was finished")]
    if best is not None:
        by = f"validation {noun}s" if best.chosen_by == "validation" else f"test {noun}s themselves"
        rows = [("best", (f"{_in_words(best, noun)}, chosen by the {by}", "green"))]
        rows.append(("last", f"{_in_words(reports[-1], noun)}, cost {reports[-1].cost:.4f}"))
    if confusion is not None:
        rows.append(("confused", in_words(confusions(confusion)) or f"no {noun} with any other"))
    rows += notes
    names = ["next", *[""] * len(commands)]
    rows += [(name, (f"{c}  {what}", _COMMAND)) for name, (c, what) in zip(names, commands)]
    return Summary([((name, "dim"), text) for name, text in rows])


def _in_words(report: EpochReport, noun: str) -> str:
    correct, total = report.correct or 0, report.total or 1
    sentence = f"epoch {report.number}: {correct} of {total} right ({100 * correct / total:.1f} %)"
    if report.training is not None:
        sentence += f", of the training {noun}s {100 * report.training.accuracy:.1f} %"
    return sentence


if __name__ == "__main__":
    made_up = [EpochReport(i, 400 + i, 500, 0.5 / (i + 1), 0.3, 3000.0) for i in range(5)]
    mistaken = [[9, 1, 0], [0, 8, 2], [0, 0, 10]]
    print(summary(made_up, mistaken, [("kept", "net.json")], [("tinynn show net.json", "a look")]))
