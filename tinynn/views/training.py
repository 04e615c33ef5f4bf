"""The live screen of a training run: ``python -m tinynn.views.training [picture.svg]``."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING, Optional, Union

from rich.console import Console, Group
from rich.layout import Layout
from rich.live import Live
from rich.panel import Panel
from rich.progress import (
    BarColumn,
    ProgressColumn,
    Task,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as ProgressBar
from rich.table import Table
from rich.text import Text

from tinynn.datasets.examples import Examples
from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.training import EpochReport, Progress
from tinynn.views.curve import CostCurve
from tinynn.views.digit import Digit
from tinynn.views.epochs import Epochs
from tinynn.views.neurons import Outputs, hidden_columns
from tinynn.views.picture import picture_console, save_picture

if TYPE_CHECKING:
    from tinynn.fast import Network as FastNetwork

FRAMES_A_SECOND = 8
SMALLEST = (70, 22)  # columns and lines below which the screen is not worth drawing


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f} examples/s", "cyan")


class TrainingScreen:
    """A training run as one screen; feed it mini-batches and epochs, and it draws itself.

    Use it as a context manager around the run. ``settings`` is told in the first line. ``digit``
    is the number of the test digit that is watched while the answer to it forms.
    """

    def __init__(
        self,
        network: Union[Network, FastNetwork],
        test: Examples,
        epochs: int,
        settings: str,
        digit: int,
        console: Console,
    ) -> None:
        self.network = network
        self.test = test
        self.epochs = epochs
        sizes = "-".join(map(str, network.sizes))
        self.title = (
            f"tinynn  {sizes}: {network.parameter_count():,} weights and biases   {settings}"
        )
        self.digit = digit
        self.console = console
        self.reports: list[EpochReport] = []
        self.kept: Callable[[], str] = lambda: ""  # how old the last checkpoint is
        self._drawn = 0.0
        self._bar = ProgressBar(
            TextColumn("{task.fields[epoch]} of {task.fields[epochs]} epochs"),
            BarColumn(None),
            TaskProgressColumn(),
            _Rate(),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=console,
            expand=True,
        )
        self._task = self._bar.add_task("", total=None, epoch=1, epochs=epochs)
        self._live: Optional[Live] = None

    def __enter__(self) -> TrainingScreen:
        self._live = Live(self.picture(), console=self.console, screen=True, auto_refresh=False)
        self._live.start(refresh=True)
        return self

    def __exit__(self, *raised: object) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None

    def on_mini_batch(self, progress: Progress) -> None:
        """Take in one mini-batch, and draw the screen again if it is time."""
        done = progress.epoch * progress.of + progress.examples
        total = self.epochs * progress.of
        self._bar.update(self._task, completed=done, total=total, epoch=progress.epoch + 1)
        if monotonic() - self._drawn > 1.0 / FRAMES_A_SECOND:
            self.draw()

    def on_epoch(self, report: EpochReport) -> None:
        """Take in the report of an epoch."""
        self.reports.append(report)
        self.draw()

    def draw(self) -> None:
        """Draw the screen now."""
        if self._live is not None:
            self._live.update(self.picture(), refresh=True)
        self._drawn = monotonic()

    def picture(self) -> Layout:
        """Return the whole screen, as a renderable."""
        digit = self._digit_panel()
        layout = Layout()
        layout.split_column(
            Layout(Group(Text(self.title, "bold", no_wrap=True), self._bar), size=2),
            Layout(name="run", minimum_size=6),
            Layout(digit, size=12),
        )
        costs = [report.cost or 0.0 for report in self.reports]
        layout["run"].split_row(
            Layout(Panel(Epochs(self.reports), title="test digits right")),
            Layout(Panel(CostCurve(costs, self.epochs), title="cost C on the test digits")),
        )
        return layout

    def _digit_panel(self) -> Panel:
        x, y = self.test[self.digit]
        label = self.test.label(self.digit)
        network = self.network  # as it is at this moment
        outputs = Vector.wrap([float(a) for a in network.feedforward(x)])
        picture = Digit(x, self.test.image_shape)
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(width=picture.width)
        hidden = network.num_layers > 2
        if hidden:
            table.add_column(ratio=4)
        table.add_column(ratio=5)
        middle = []
        if hidden:
            neurons = ", ".join(str(size) for size in network.sizes[1:-1])
            caption = Text(f"{neurons} hidden neurons", "dim")
            middle = [Group(hidden_columns(network, x, 9), caption)]
        said = outputs.argmax()
        table.add_row(
            Group(picture, Text(f"a {label}", "dim")),
            *middle,
            Outputs(network.num_layers, outputs, label),
        )
        verdict = f"the network says {said}: {'right' if said == label else 'wrong'}"
        title = f"test digit {self.digit}: {verdict}"
        return Panel(table, title=title, subtitle=self.kept() or None)


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    digits = load_digits()
    recorder = picture_console(100, 32)
    net = Network([64, 30, 10], seed=0)
    view = TrainingScreen(net, digits.test, 20, "η = 3, mini-batch 10, seed 0", 4, recorder)
    hook = view.on_mini_batch
    test = digits.test
    for epoch in net.train(
        digits.training, 20, 10, 3.0, test_data=test, seed=0, on_mini_batch=hook
    ):
        view.on_epoch(epoch)
        if epoch.number == 13:
            break
    recorder.print(view.picture(), height=30)
    save_picture(recorder, "tinynn train")
