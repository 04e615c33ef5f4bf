"""The activation of every neuron, layer by layer: ``python -m tinynn.views.neurons``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Optional, Union

from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.network import Network
from tinynn.randomness import Masks
from tinynn.views.blocks import bar, columns
from tinynn.views.lines import Line, Page, Part, Stack, in_columns, text_of
from tinynn.views.near import neuron_name

_MORE = " …"
_NAMED = 22  # columns of a named bar, if there is room
NARROWEST = 13  # columns of a name and a number


def neuron_bar(l: int, j: int, activation: float, width: int) -> list[Part]:
    """Return the named bar of one neuron: ``a^2_1  ████▎    0.53``."""
    name = f"{neuron_name(l, j):<6} "
    return [(name, "dim"), (bar(activation, width), "cyan"), f" {activation:.2f}"]


def answer_bars(outputs: Sequence[float], width: int, decimals: int) -> Iterator[Line]:
    """Yield every output as a bar with its digit; a mark is beside the strongest one.

    >>> [text_of(line) for line in answer_bars([0.25, 0.5], 4, 2)]
    [' 0 █    0.25', '▸1 ██   0.50']
    """
    said = max(range(len(outputs)), key=outputs.__getitem__)
    for digit, a in enumerate(outputs):
        mark, style = ("▸", "bold green") if digit == said else (" ", "")
        yield [(f"{mark}{digit} {bar(a, width)} {a:.{decimals}f}", style)]


@dataclass
class Neurons(Page):
    """Every neuron of layer l as a named bar, in as many columns as fit, read downwards.

    In ``rows`` lines, if they are given; neurons for which there is no room then have no names.
    Neuron ``chosen``, from 1, is lit.
    """

    l: int
    activations: Vector
    rows: Optional[int] = None
    chosen: int = 0

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the bars."""
        count = len(self.activations)
        across = max(1, width // _NAMED) if self.rows is None else -(-count // self.rows)
        if (width + 1) // across < NARROWEST:
            strongest = self.activations.argmax()
            upright = NeuronColumns(self.activations, max(1, (self.rows or 10) - 1))
            yield from upright.lines(width, coloured)
            yield neuron_bar(self.l, strongest + 1, self.activations[strongest], 0)
            return
        room = min(_NAMED, (width + 1) // across) - NARROWEST
        numbered = enumerate(self.activations, start=1)
        bars: list[Line] = [neuron_bar(self.l, j, a, room) for j, a in numbered]
        if self.chosen:
            bars[self.chosen - 1] = [(text_of(bars[self.chosen - 1]), "bold reverse")]
        down = -(-count // across)
        found = [bars[at : at + down] for at in range(0, count, down)]
        yield from in_columns(found, [max(len(text_of(each)) for each in bars)] * len(found))


@dataclass
class NeuronColumns(Page):
    """Every neuron of a layer as one upright bar, folded into lines of the width at hand."""

    activations: Vector
    height: int

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the bars; where they are more than fit, the last line says so."""
        values = self.activations.to_list()
        if len(values) > width * self.height:
            values = values[: width * self.height - len(_MORE)]
        lines = min(self.height, -(-len(values) // width))
        high = max(1, self.height // lines)
        for line in range(lines):
            rows = columns(values[line * width : (line + 1) * width], high)
            if line == lines - 1 and len(values) < len(self.activations):
                rows[-1] += _MORE
            yield from ([(row, "cyan")] for row in rows)


@dataclass
class Outputs(Page):
    """The output neurons as bars, one a line, the strongest one lit; ``label`` is the truth."""

    l: int
    activations: Vector
    label: int

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the bars."""
        strongest = self.activations.argmax()
        for j, activation in enumerate(self.activations):
            right = j == self.label
            style = "green" if right else "red" if j == strongest else "cyan"
            name, drawn, number = neuron_bar(self.l, j + 1, activation, max(4, width - 17))
            said = (f"{j} ", "bold" if right else "")
            yield [name, said, (text_of([drawn]), style), number, "  ◂" if right else ""]


def hidden_columns(network: Model, x: Any, height: int, masks: Optional[Masks] = None) -> Page:
    """Return the hidden layers of a network for input x, one below the other, each with its name.

    Of dropout it shows what the last of the ``masks`` leaves. Layers for which there is no room
    are counted in the last line.
    """
    passed = network.forward(x)
    L = network.num_layers
    most = max(1, height // 2)  # each layer takes a line and its name another
    shown = range(2, min(L, 2 + (most if most >= L - 2 else most - 1)))
    more = L - 2 - len(shown)
    each = (height - bool(more)) // max(1, len(shown)) - 1
    parts: list[Union[Page, Line]] = []
    thinned = network._masked(masks.last).forward(x) if masks and masks.last else {}
    for l in shown:
        mask = masks.last.get(l) if masks else None
        name = f"layer {l}: {len(passed[l].a)} neurons"
        if mask is not None:
            name = f"layer {l}: dropout leaves {sum(mask):.0f} of {len(mask)}"
        elif l in network.plan.dropout:
            name += f", times {1 - network.plan.dropout[l][1]:g}"
        elif L == 3:
            name = f"{len(passed[l].a)} hidden neurons"
        activations = Vector.wrap([float(a) for a in (passed if mask is None else thinned)[l].a])
        parts += [[(name, "dim")], NeuronColumns(activations, max(1, each))]
    return Stack(*parts, *[[(f"… and {more} layers more", "dim")]] * bool(more))


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    example = load_digits().test[0]
    passed = Network([64, 30, 10], seed=0).forward(example[0])
    print(Stack(Neurons(2, passed[2].a), Outputs(3, passed[3].a, example[1].argmax())))
