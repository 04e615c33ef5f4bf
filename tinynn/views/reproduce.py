"""A figure of the book that runs again, as a screen: ``python -m tinynn.views.reproduce``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.layout import Layout
from rich.panel import Panel
from rich.text import Text

from tinynn.experiments.catalogue import Part
from tinynn.experiments.published import published
from tinynn.experiments.reproduction import Compared, Reproduction
from tinynn.training import Progress
from tinynn.views.curve import AccuracyCurve, CostCurve
from tinynn.views.lines import Part as Cell
from tinynn.views.lines import Stack, table
from tinynn.views.live import LiveScreen, progress_bar
from tinynn.views.picture import demo, picture_console
from tinynn.views.reproduce_lines import as_printed, difference, label, number

SMALLEST = (70, 20)  # columns and lines below which the screen is not worth drawing


class ReproductionScreen(LiveScreen):
    """A reproduction as one screen: the book's curve, and ours over it as the epochs come in.

    Use it as a context manager; feed it mini-batches and epochs, and it draws itself. ``note`` is
    shown below the curve.
    """

    def __init__(self, reproduction: Reproduction, console: Console, note: str = "") -> None:
        super().__init__(console)
        self.reproduction = reproduction
        self.note = note
        text = "{task.fields[epoch]:,} of {task.total:,.0f} epochs"
        self._bar = progress_bar(text, console)
        self._epochs = reproduction.epochs_done
        self._task = self._bar.add_task("", total=reproduction.to_come, epoch=self._epochs)
        self._bar.update(self._task, completed=self._epochs)

    def on_mini_batch(self, progress: Progress) -> None:
        """Take in how far an epoch is, and draw the screen again if it is time."""
        share = progress.examples / progress.of
        self._bar.update(self._task, completed=self._epochs + share)
        self._draw_in_time()

    def on_epoch(self) -> None:
        """Take in that an epoch is done."""
        self._epochs += 1
        self._bar.update(self._task, completed=self._epochs, epoch=self._epochs)
        self._draw_in_time()

    def picture(self) -> RenderableType:
        """Return the screen as it is now."""
        figure, part = self.reproduction.figure, self.reproduction.part or Part()
        name = figure.name + (f", {part.name}" if part.name else "")
        title = f"{name}: {figure.title}"
        if cell_len(title) > self.console.width:
            title = f"{name}\n{figure.title}"
        table = Panel(_Rows(self.reproduction, part), title=label(figure.compared))
        both = Layout()
        both.split_row(Layout(table, size=36), Layout(self._curve(part), ratio=1))
        head = Layout(Text(title, "bold"), size=1 + title.count("\n"))
        layout = Layout()
        layout.split_column(head, both, Layout(self._bar, size=1))
        return layout

    def _curve(self, part: Part) -> Panel:
        ours, book, width = self._numbers(part)
        kind = CostCurve if self.reproduction.figure.compared.endswith("cost") else AccuracyCurve
        if len(book) == width:
            title, curve = "the book █, ours as a line", kind(book, width, ours)
        else:
            only = "no number" if self.reproduction.figure.is_seeded else "single epochs"
            only = f"{part.percent:.2f} %" if part.percent else only
            title, curve = f"ours █ (the book: {only})", kind(ours, width)
        return Panel(curve, title=title, subtitle=self.note or None)

    def _numbers(self, part: Part) -> tuple[list[float], list[float], int]:
        """Return ours, the book's, and how many there are to be: by epoch, or part by part."""
        reproduction, name = self.reproduction, self.reproduction.figure.compared
        figure = reproduction.figure

        def share(part: Part, number: float) -> float:
            return number if name.endswith("cost") else number / reproduction.total(part, name)

        if _by_epoch(part):
            series = published(figure.name, part.name).get(name, {})
            ours = [share(part, each.ours[name]) for each in reproduction.of(part)]
            width = reproduction.length(part)
            known = (series.get(epoch) for epoch in range(width))
            return ours, [share(part, each) for each in known if each is not None], width
        parts = [each for each in figure.parts if each.name in reproduction.only]
        ours = [share(p, e.ours[name]) for p in parts for e in reproduction.of(p)[-1:]]
        book = [
            share(each, number)
            for each in parts
            for number in list(published(figure.name, each.name).get(name, {}).values())[-1:]
        ]
        return ours, book, len(parts)


def _by_epoch(part: Part) -> bool:
    return part.each_epoch and part.epochs > 1


@dataclass
class _Rows:
    """The last epochs that fit, or the parts: ours, the book's and the difference."""

    reproduction: Reproduction
    part: Part

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        figure, name = self.reproduction.figure, self.reproduction.figure.compared
        by_epoch = _by_epoch(self.part)
        done = self.reproduction.of(self.part)
        if not by_epoch:
            done = [each for part in figure.parts for each in self.reproduction.of(part)[-1:]]
        there = "validation" if figure.is_seeded else "the book"
        heads = ("epoch" if by_epoch else "", "ours", there, "")
        rows: list[Sequence[Cell]] = [[(head, "dim") for head in heads]]
        for each in done[1 - max(2, options.height or 1000) :]:
            rows.append(_row(name, each, str(each.epoch) if by_epoch else each.part))
        yield Stack(*table(rows, ">>>>"), *[[("the first epoch is under way", "dim")]] * (not done))


def _row(name: str, compared: Compared, first: str) -> list[Cell]:
    ours, book = compared.ours[name], compared.book.get(name)
    same = compared.same(name)
    style = "green" if same else "yellow" if same is False else ""
    there = "" if book is None else as_printed(name, book)
    if "validation_correct" in compared.ours and name == "test_correct":
        there = number("validation_correct", compared.ours["validation_correct"])
    verdict = "the same" if same else difference(name, compared)
    first = first.replace(" images", "").replace(",", "")
    return [first, (number(name, ours), style), there, (verdict, style)]


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.experiments.catalogue import FIGURES

    screen = picture_console()
    made_up = Reproduction(FIGURES["overfitting"], load_digits())
    book = published("overfitting")
    for epoch in range(250):
        numbers = {name: series[epoch] for name, series in book.items()}
        made_up.done.append(Compared("", epoch, numbers, numbers, dict.fromkeys(numbers, 4)))
    picture = ReproductionScreen(made_up, screen).picture()
    demo(picture, "tinynn reproduce overfitting", screen, 23)
