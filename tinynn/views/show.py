"""One digit through a network: ``python -m tinynn.views.show``."""

from __future__ import annotations

from typing import Optional

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.views.digit import Digit
from tinynn.views.maps import FeatureMaps
from tinynn.views.neurons import NARROWEST, Neurons, Outputs
from tinynn.views.plain import neuron_lines, verdict

_OUTPUTS = 24  # columns for the output neurons
_GAP = 2
_PIXELS, _INPUT = "layer 1: pixels", "layer 1: input"


class ShownDigit:
    """The layers in order, from the pixels to the outputs, and one neuron from near.

    ``neuron`` is its layer and its number, from 1. ``height`` is the number of lines there are:
    then a layer with more neurons than fit is drawn without their names.
    """

    def __init__(
        self,
        network: Network,
        x: Vector,
        y: Optional[Vector],
        shape: tuple[int, int],
        neuron: tuple[int, int],
        height: Optional[int] = None,
    ) -> None:
        self.network, self.x, self.y, self.shape = network, x, y, shape
        self.neuron, self.height = neuron, height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        network, (chosen_l, chosen_j) = self.network, self.neuron
        L, passed = network.num_layers, network.forward(self.x)
        near = [*neuron_lines(network, passed, chosen_l, chosen_j)]
        picture = Digit(self.x, self.shape)
        wide = max(picture.width, len(_PIXELS))
        room = options.max_width - wide - _OUTPUTS - 2 * _GAP
        most = (room + _GAP) // (NARROWEST + _GAP)  # hidden layers side by side
        drawn = [l for l in range(2, L) if len(network.plan.shapes[l - 1]) == 3]
        hidden = [l for l in range(2, L) if l not in drawn]
        shown = hidden[:most]
        rows = None if self.height is None else self.height - len(near) - 3
        table = Table.grid(padding=(0, _GAP, 0, 0))
        table.add_column(width=wide)
        cells: list[RenderableType] = [
            Group(Text(_INPUT if self.y is None else _PIXELS, "bold"), picture)
        ]
        for l in shown:
            table.add_column(width=(room + _GAP) // len(shown) - _GAP)
            title = Text(f"layer {l}: hidden neurons", "bold", no_wrap=True)
            chosen = chosen_j if l == chosen_l else 0
            cells.append(Group(title, Neurons(l, passed[l].a, rows, chosen)))
        table.add_column(width=_OUTPUTS)
        left_out = len(hidden) - len(shown)
        more = f", after {left_out} more" if left_out else ""
        title = Text(f"layer {L}: outputs{more}", "bold", no_wrap=True)
        label = -1 if self.y is None else network.answer_of(self.y)
        outputs = Outputs(L, passed[L].a, label)
        cells.append(Group(title, outputs, Text("" if self.y is None else "◂ the label", "dim")))
        table.add_row(*cells)
        right = self.y is None or network.predict(self.x) == label
        yield Text(verdict(network, self.x, self.y), "green" if right else "red")
        yield table
        for l in drawn:
            shape = network.plan.shapes[l - 1]
            chosen = (chosen_j - 1) // (shape[1] * shape[2]) + 1 if l == chosen_l else 0
            yield FeatureMaps(l, passed[l].a.entries, shape, chosen)
        yield Text(near[0], "bold")
        for line in near[1:]:
            yield Text(line, no_wrap=True, overflow="ellipsis")


def shown_digit(
    network: Network,
    x: Vector,
    y: Optional[Vector],
    shape: tuple[int, int],
    neuron: Optional[tuple[int, int]] = None,
    height: Optional[int] = None,
) -> ShownDigit:
    """Return the page of one digit; the neuron from near is the strongest output, if not given."""
    strongest = network.num_layers, network.feedforward(x).argmax() + 1
    return ShownDigit(network, x, y, shape, neuron or strongest, height)


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    digits = load_digits()
    net = Network([64, 30, 10], seed=0)
    list(net.train(digits.training, 2, 10, 3.0, seed=0))
    Console().print(shown_digit(net, *digits.test[0], digits.test.image_shape, height=23))
