"""The live screen of a training run: ``python -m tinynn.views.training [picture.svg]``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Optional

from rich.console import Console, Group, RenderableType
from rich.layout import Layout
from rich.panel import Panel
from rich.progress import ProgressColumn, Task
from rich.table import Table
from rich.text import Text

from tinynn.datasets.examples import Examples
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.randomness import Masks
from tinynn.training import EpochReport, NoImprovement, Progress, Rule, Schedule, Score
from tinynn.views.curve import AccuracyCurve, CostCurve
from tinynn.views.digit import Digit
from tinynn.views.epochs import Epochs, rule_line
from tinynn.views.lines import Page
from tinynn.views.live import LiveScreen, progress_bar
from tinynn.views.neurons import Outputs, hidden_columns
from tinynn.views.picture import demo, picture_console

_TALL = 32  # lines from which there is room for both curves
SMALLEST = (70, 22)  # columns and lines below which the screen is not worth drawing
_FEW = 20  # epochs for which a curve has room at first
SAMPLE = 100  # test digits that are measured now and then within an epoch
SHARE = 0.05  # of the time that this may take
KEYS = (
    ("q", "stop, and keep what is learnt"),
    ("space", "pause, and go on"),
    ("← →", "watch another test digit"),
    ("? h", "these keys, and back"),
    ("Ctrl-Z", "leave for a while; fg comes back"),
    ("Ctrl-C", "as q; the exit status is 130"),
)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:,.0f} examples/s", "cyan")


class TrainingScreen(LiveScreen):
    """A training run as one screen; feed it mini-batches and epochs, and it draws itself.

    Use it as a context manager around the run. ``settings`` is shown in the first line, ``note``
    below the cost, and there, of a run that follows ``rules``, η and the patience that is left.
    ``digit`` is the number of the test digit that is watched while the answer to
    it forms; ``paused`` and ``helping`` (the list of keys is shown) are for whoever reads the keys.
    """

    def __init__(
        self,
        network: Model,
        test: Examples,
        epochs: int,
        settings: str,
        digit: int,
        console: Console,
        note: str = "",
        rules: Sequence[Rule] = (),
    ) -> None:
        super().__init__(console)
        self.network, self.test, self.epochs, self.digit = network, test, epochs, digit
        self.note, self.rules = note, rules
        sizes, count = "-".join(map(str, network.sizes)), network.parameter_count()
        self.title = f"tinynn  {sizes}: {count:,} weights and biases   {settings}"
        self.reports: list[EpochReport] = []
        self.kept: Callable[[], str] = lambda: ""  # how old the last checkpoint is
        self.masks: Optional[Masks] = None  # of the run's dropout
        self.paused = self.helping = False
        self._samples: list[tuple[float, Score]] = []  # within the epoch: how far it was, and how
        self._sample_due = 0.0  # when the next one may be measured
        self._scored = 0  # test digits that are measured, at the end of an epoch
        self._size = console.size
        text = "{task.fields[epoch]} of {task.fields[epochs]} epochs"
        self._bar = progress_bar(text, console, _Rate())
        most = f"at most {epochs}" if rules else f"{epochs}"
        self._task = self._bar.add_task("", total=None, epoch=1, epochs=most)

    def __exit__(self, *raised: object) -> None:
        self.paused = self.helping = False
        super().__exit__(*raised)

    def on_mini_batch(self, progress: Progress) -> None:
        """Take in one mini-batch, and draw the screen again if it is time."""
        done = progress.epoch * progress.of + progress.examples
        total = self.epochs * progress.of
        self._bar.update(self._task, completed=done, total=total, epoch=progress.epoch + 1)
        self._measure_sample(progress)
        self._draw_in_time()

    def on_scored(self, done: int) -> None:
        """Take in how many test digits are measured after an epoch."""
        self._scored = done
        self._draw_in_time()

    def on_epoch(self, report: EpochReport) -> None:
        """Take in the report of an epoch."""
        self.reports.append(report)
        self._samples, self._scored = [], 0
        self.draw()

    def _measure_sample(self, progress: Progress) -> None:
        """Measure a few test digits within the epoch, if it is time, so that a long one is seen."""
        began = monotonic()
        if began < self._sample_due:
            return
        score = self.network.measure(self.test[:SAMPLE])
        ended = monotonic()
        self._sample_due = ended + max(0.5, (ended - began) / SHARE)
        self._samples.append((progress.examples / progress.of, score))

    def resized(self) -> bool:
        """Say whether the terminal has another size than when it was drawn last."""
        return self.console.size != self._size

    def draw(self) -> None:
        """Draw the screen now."""
        self._size = self.console.size
        super().draw()

    def _framed(self) -> RenderableType:
        """Return the screen, or what it would need."""
        width, height = self._size
        if width < SMALLEST[0] or height < SMALLEST[1]:
            needs = f"the screen needs {SMALLEST[0]}×{SMALLEST[1]} characters"
            return Text(f"{needs}, this terminal has {width}×{height}; the run goes on")
        return self.picture()

    def picture(self) -> Layout:
        """Return the whole screen, as a renderable."""
        digit = self._keys_panel() if self.helping else self._digit_panel()
        layout = Layout()
        layout.split_column(
            Layout(Group(Text(self.title, "bold", no_wrap=True), self._bar), size=2),
            Layout(name="run", minimum_size=6),
            Layout(digit, size=12),
        )
        curves = Layout()
        layout["run"].split_row(Layout(self._epochs_panel()), curves)
        if any(report.training for report in self.reports) or self.console.height >= _TALL:
            curves.split_column(Layout(self._accuracy_panel()), Layout(self._cost_panel()))
        else:
            curves.update(self._cost_panel())
        return layout

    def _epochs_panel(self) -> Panel:
        title = f"test {self.test.noun}s right"
        if self.reports and self.reports[-1].chosen_by == "validation":
            title += ", best by validation"
        if self.paused:
            title = "paused: space goes on"
        elif self._scored:
            title = f"measured {self._scored:,} of {len(self.test):,} {self.test.noun}s"
        now = self._samples[-1][1] if self._samples else None
        keys = "q stop  space pause  h keys" if self._live is not None else None
        falls = any(isinstance(rule, Schedule) for rule in self.rules)
        return Panel(Epochs(self.reports, now, falls), title=title, subtitle=keys)

    def _cost_panel(self) -> Panel:
        if self.reports or not self._samples:
            costs = [report.cost or 0.0 for report in self.reports]
            name, others = self._others()
            title = f"cost C: test █{name}"
            curve = CostCurve(costs, self._width(), [score.cost for score in others])
        else:  # the course of the first epoch
            costs = [score.cost for _, score in self._samples]
            curve = CostCurve(costs, max(len(costs), round(len(costs) / self._samples[-1][0])))
            title = f"cost C of {self._samples[-1][1].total} {self.test.noun}s, epoch 0"
        subtitle = rule_line(self.rules, self.reports) or self.note
        return Panel(curve, title=title, subtitle=subtitle or None)

    def _accuracy_panel(self) -> Panel:
        shares = [report.test.accuracy for report in self.reports if report.test]
        name, others = self._others()
        curve = AccuracyCurve(shares, self._width(), [score.accuracy for score in others])
        return Panel(curve, title=f"accuracy: test █{name}")

    def _width(self) -> int:
        """Return the epochs for which the curves have room: as many as there are to be, at least.

        A run with rules may end long before all that are allowed.
        """
        known = [rule for rule in self.rules if isinstance(rule, (NoImprovement, Schedule))]
        if not known:
            return self.epochs
        left = min(rule.left(self.reports) for rule in known)
        return min(self.epochs, max(_FEW, len(self.reports) + left))

    def _others(self) -> tuple[str, list[Score]]:
        """Return the legend and the scores of the set that is drawn over the test digits."""
        for name in ("training", "validation"):
            scores = [report.scores[name] for report in self.reports if name in report.scores]
            if scores and len(scores) == len(self.reports):
                return f", {name} as a line", scores
        return "", []

    def _keys_panel(self) -> Panel:
        table = Table.grid(padding=(0, 3, 0, 1))
        for key, what in KEYS:
            table.add_row(Text(key, "bold"), Text(what.replace("digit", self.test.noun)))
        legend = "◂ the label; green is its neuron, red a stronger one: a wrong answer"
        return Panel(Group(table, "", Text(legend, "dim")), title="keys: any key goes back")

    def _digit_panel(self) -> Panel:
        x, _ = self.test[self.digit]
        label = self.test.label(self.digit)
        network = self.network  # as it is at this moment
        outputs = Vector.wrap([float(a) for a in network.feedforward(x)])
        said, picture = outputs.argmax(), Digit(x, self.test.image_shape)
        table = Table.grid(padding=(0, 2, 0, 0), expand=True)
        table.add_column(width=picture.width)
        row: list[Page] = [picture]
        if network.num_layers > 2:
            table.add_column(ratio=4)
            row.append(hidden_columns(network, x, 10, self.masks))
        table.add_column(ratio=5)
        table.add_row(*row, Outputs(network.num_layers, outputs, label))
        verdict = f"the network says {said}: {'right' if said == label else 'wrong'}"
        title = f"test {self.test.noun} {self.digit}, ◂ label: {label}; {verdict}"
        return Panel(table, title=title, subtitle=self.kept() or None)


if __name__ == "__main__":
    from tinynn import Network, load_digits

    digits = load_digits()
    recorder = picture_console(100, 32)
    net = Network([64, 30, 10], seed=0)
    view = TrainingScreen(net, digits.test, 20, "η = 3, mini-batch 10, seed 0", 4, recorder)
    how: Any = {"test_data": digits.test, "validation_data": digits.validation, "seed": 0}
    for epoch in net.train(digits.training, 14, 10, 3.0, on_mini_batch=view.on_mini_batch, **how):
        view.on_epoch(epoch)
    demo(view.picture(), "tinynn train", recorder, 30)
