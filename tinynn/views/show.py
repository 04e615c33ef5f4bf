"""One digit through a network: ``python -m tinynn.views.show``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Optional

from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.notation import indexed_name
from tinynn.views.blocks import bar
from tinynn.views.lines import Line, Page, in_columns, text_of
from tinynn.views.maps import FeatureMaps
from tinynn.views.near import neuron_lines, neuron_name
from tinynn.views.neurons import NARROWEST, Neurons, Outputs
from tinynn.views.pictures import PAIRED, SMALL, Way, greys, inked, rows_of

_OUTPUTS = 24  # columns for the output neurons
_GAP = 2
_PIXELS, _INPUT = "layer 1: pixels", "layer 1: input"
_FEW = 4  # inputs that are written as numbers


def brief(x: Sequence[float]) -> str:
    """Return numbers in a few characters each: ``0.3`` or ``(0.3, 0.7)``."""
    words = ", ".join(f"{number:.4g}" for number in x)
    return f"({words})" if len(x) > 1 else words


def verdict(network: Network, x: Vector, y: Optional[Vector]) -> str:
    """Say what the network answers, how sure it is, and whether that is right if y is known."""
    outputs = network.feedforward(x)
    if y is None:
        to = f"x = {brief(x.entries)}" if len(x) <= _FEW else "this"
        return f"To {to} the network answers {brief(outputs.entries)}."
    said, label = network.predict(x), network.answer_of(y)
    judged = "right" if said == label else "wrong"
    return f"The network says {said} ({max(outputs):.2f}); the label says {label}: {judged}."


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
        self.network, self.x, self.y, self.height = network, x, y, height
        self.rows = rows_of(x, shape[1])
        self.passed = passed = network.forward(x)
        self.L = L = network.num_layers
        self.neuron = neuron or (L, passed[L].a.argmax() + 1)
        self.near = [*neuron_lines(network, passed, *self.neuron)]
        self.verdict = verdict(network, x, y)
        self.drawn = [l for l in range(2, L) if len(network.plan.shapes[l - 1]) == 3]

    def _maps(self, l: int) -> FeatureMaps:
        shape, (chosen_l, j) = self.network.plan.shapes[l - 1], self.neuron
        chosen = (j - 1) // (shape[1] * shape[2]) + 1 if l == chosen_l else 0
        return FeatureMaps(l, self.passed[l].a.entries, shape, chosen)

    def __str__(self) -> str:
        lines = [*greys(self.rows, Way())]
        for l in range(2, self.L + 1):
            lines.append("")
            if l in self.drawn:
                lines.append(str(self._maps(l)))
                continue
            z, activations = self.passed[l].z, self.passed[l].a
            for j, activation in enumerate(activations, start=1):
                named = f"{neuron_name(l, j):<8} {activation:.4f} {bar(activation, 24)}"
                says = f"  {j - 1}" if l == self.L else ""
                lines.append(f"{named} {indexed_name('z', l, j)} = {z[j - 1]:.4f}{says}")
        return "\n".join(map(text_of, [*lines, "", *self.near, "", self.verdict]))

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the page for a screen."""
        L, passed, known = self.L, self.passed, self.y is not None
        large = len(self.rows[0]) > SMALL
        picture = greys(*((inked(self.rows), PAIRED) if large else (self.rows, Way())), 0, coloured)
        widths = [max(len(text_of(picture[0])), len(_PIXELS))]
        columns: list[list[Line]] = [[[(_PIXELS if known else _INPUT, "bold")], *picture]]
        room = width - widths[0] - _OUTPUTS - 2 * _GAP
        most = (room + _GAP) // (NARROWEST + _GAP)  # hidden layers side by side
        hidden = [l for l in range(2, L) if l not in self.drawn]
        rows = None if self.height is None else self.height - len(self.near) - 3
        for l in hidden[:most]:
            wide = (room + _GAP) // len(hidden[:most]) - _GAP
            chosen = self.neuron[1] if l == self.neuron[0] else 0
            neurons = Neurons(l, passed[l].a, rows, chosen).lines(wide, coloured)
            title = f"layer {l}: hidden neurons"[:wide]
            columns.append([[(title, "bold")], *neurons])
            widths.append(wide)
        left_out = len(hidden) - len(hidden[:most])
        title = f"layer {L}: outputs" + (f", after {left_out} more" if left_out else "")
        label = -1 if self.y is None else self.network.answer_of(self.y)
        outputs = Outputs(L, passed[L].a, label).lines(_OUTPUTS, coloured)
        legend = [("◂ the label" if known else "", "dim")]
        columns.append([[(title, "bold")], *outputs, legend])
        right = not known or self.network.predict(self.x) == label
        yield [(self.verdict, "green" if right else "red")]
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
