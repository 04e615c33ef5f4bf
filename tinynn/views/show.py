"""One digit through a network: ``python -m tinynn.views.show``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.notebook import neuron_line
from tinynn.views.blocks import bar
from tinynn.views.digit import Digit
from tinynn.views.lines import Line, Page, in_columns, text_of
from tinynn.views.maps import FeatureMaps
from tinynn.views.near import neuron_lines
from tinynn.views.neurons import NARROWEST, Neurons, Outputs

_OUTPUTS = 24  # columns for the output neurons
_GAP = 2
_PIXELS, _INPUT = "layer 1: pixels", "layer 1: input"
_FEW = 4  # inputs that are written as numbers


def brief(x: Sequence[float]) -> str:
    """Return numbers in a few characters each: ``0.3`` or ``(0.3, 0.7)``."""
    words = ", ".join(f"{number:.4g}" for number in x)
    return f"({words})" if len(x) > 1 else words


class ShownDigit(Page):
    """The layers in order, from the pixels to the outputs, and one neuron from near.

    ``neuron`` is its layer and its number, from 1; the strongest output, if not given.
    ``height`` is the number of lines there are: then a layer with more neurons than fit is drawn
    without their names. As plain text each neuron has a line, with its z.
    """

    def __init__(
        self,
        network: Network,
        x: Vector,
        y: Optional[Vector],
        shape: tuple[int, int],
        neuron: Optional[tuple[int, int]] = None,
        height: Optional[int] = None,
    ) -> None:
        self.network, self.x, self.shape, self.height = network, x, shape, height
        self.passed = network.forward(x)
        self.shown = network.show(x, y)
        L = network.num_layers
        self.neuron = neuron or (L, self.passed[L].a.argmax() + 1)
        self.near = [*neuron_lines(network, self.passed, *self.neuron)]
        self.drawn = [l for l in range(2, L) if len(network.plan.shapes[l - 1]) == 3]
        self.verdict = self.shown.verdict
        if y is None:
            to = f"x = {brief(x.entries)}" if len(x) <= _FEW else "this"
            self.verdict = f"To {to} the network answers {brief(self.passed[L].a.entries)}."

    def _maps(self, l: int) -> FeatureMaps:
        shape, (chosen_l, j) = self.network.plan.shapes[l - 1], self.neuron
        chosen = (j - 1) // (shape[1] * shape[2]) + 1 if l == chosen_l else 0
        return FeatureMaps(l, self.passed[l].a.entries, shape, chosen)

    def __str__(self) -> str:
        lines = [*Digit(self.x, self.shape, compact=False).lines(0, False)]
        for l, neurons in self.shown.layers:
            lines.append("")
            if l in self.drawn:
                lines.append(str(self._maps(l)))
                continue
            for j, (z, a) in enumerate(neurons, start=1):
                says = f"  {j - 1}" if l == self.network.num_layers else ""
                lines.append(neuron_line(l, j, z, a, bar(a, 24)) + says)
        return "\n".join(map(text_of, [*lines, "", *self.near, "", self.verdict]))

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the page for a screen."""
        L, passed, label = self.network.num_layers, self.passed, self.shown.label
        picture = Digit(self.x, self.shape).lines(0, coloured)
        widths = [max(len(text_of(picture[0])), len(_PIXELS))]
        columns: list[list[Line]] = [[[(_INPUT if label is None else _PIXELS, "bold")], *picture]]
        room = width - widths[0] - _OUTPUTS - 2 * _GAP
        most = (room + _GAP) // (NARROWEST + _GAP)  # hidden layers side by side
        hidden = [l for l in range(2, L) if l not in self.drawn]
        beside = hidden[:most]
        rows = None if self.height is None else self.height - len(self.near) - 3
        for l in beside:
            wide = (room + _GAP) // len(beside) - _GAP
            chosen = self.neuron[1] if l == self.neuron[0] else 0
            neurons = Neurons(l, passed[l].a, rows, chosen).lines(wide, coloured)
            columns.append([[(f"layer {l}: hidden neurons"[:wide], "bold")], *neurons])
            widths.append(wide)
        left_out = len(hidden) - len(beside)
        title = f"layer {L}: outputs" + (f", after {left_out} more" if left_out else "")
        outputs = Outputs(L, passed[L].a, -1 if label is None else label).lines(_OUTPUTS, coloured)
        legend = [("" if label is None else "◂ the label", "dim")]
        columns.append([[(title, "bold")], *outputs, legend])
        yield [(self.verdict, "green" if label in (None, self.shown.said) else "red")]
        yield from in_columns(columns, [*widths, _OUTPUTS], _GAP)
        for l in self.drawn:
            yield from self._maps(l).lines(width, coloured)
        yield [(self.near[0], "bold")]
        yield from self.near[1:]


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    digits = load_digits()
    net = Network([64, 30, 10], seed=0)
    print(ShownDigit(net, *digits.test[0], digits.test.image_shape))
