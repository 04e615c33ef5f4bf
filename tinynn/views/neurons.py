"""The activation of every neuron, layer by layer: ``python -m tinynn.views.neurons``."""

from __future__ import annotations

from typing import Any, Optional

from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.table import Table
from rich.text import Text

from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.network import Network
from tinynn.randomness import Masks
from tinynn.views.blocks import bar, columns
from tinynn.views.plain import neuron_name

_MORE = " …"
_NAMED = 22  # columns of a named bar, if there is room
NARROWEST = 13  # columns of a name and a number


def neuron_bar(l: int, j: int, activation: float, width: int) -> Text:
    """Return the named bar of one neuron: ``a^2_1  ████▎    0.53``."""
    return Text.assemble(
        (f"{neuron_name(l, j):<6} ", "dim"),
        (bar(activation, width), "cyan"),
        f" {activation:.2f}",
    )


class Neurons:
    """Every neuron of layer l as a named bar, in as many columns as fit, read downwards.

    In ``rows`` lines, if they are given; neurons for which there is no room then have no names.
    Neuron ``chosen``, from 1, is lit.
    """

    def __init__(
        self, l: int, activations: Vector, rows: Optional[int] = None, chosen: int = 0
    ) -> None:
        self.l = l
        self.activations = activations
        self.rows = rows
        self.chosen = chosen

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        count = len(self.activations)
        across = max(1, options.max_width // _NAMED)
        if self.rows is not None:
            across = -(-count // self.rows)
        if (options.max_width + 1) // across < NARROWEST:
            strongest = self.activations.argmax()
            yield NeuronColumns(self.activations, max(1, (self.rows or 10) - 1))
            yield neuron_bar(self.l, strongest + 1, self.activations[strongest], 0)
            return
        down = -(-count // across)
        width = min(_NAMED, (options.max_width + 1) // across) - NARROWEST
        table = Table.grid(padding=(0, 1, 0, 0))
        for row in range(down):
            bars = []
            for j in range(row, count, down):
                bars.append(neuron_bar(self.l, j + 1, self.activations[j], width))
                if j + 1 == self.chosen:
                    bars[-1].stylize("bold reverse")
            table.add_row(*bars)
        yield table


class NeuronColumns:
    """Every neuron of a layer as one upright bar, folded into lines of the width at hand."""

    def __init__(self, activations: Vector, height: int) -> None:
        self.activations = activations
        self.height = height

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width = options.max_width
        values = self.activations.to_list()
        if len(values) > width * self.height:  # more than fit: say so
            values = values[: width * self.height - len(_MORE)]
        lines = min(self.height, -(-len(values) // width))
        high = max(1, self.height // lines)
        for line in range(lines):
            part = values[line * width : (line + 1) * width]
            rows = columns(part, high)
            if line == lines - 1 and len(values) < len(self.activations):
                rows[-1] += _MORE
            yield Text("\n".join(rows), "cyan", no_wrap=True)


class Outputs:
    """The output neurons as bars, one a line, the strongest one lit; ``label`` is the truth."""

    def __init__(self, l: int, activations: Vector, label: int) -> None:
        self.l = l
        self.activations = activations
        self.label = label

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        strongest = self.activations.argmax()
        width = max(4, options.max_width - 17)
        for j, activation in enumerate(self.activations):
            style = "green" if j == self.label else "red" if j == strongest else "cyan"
            yield Text.assemble(
                (f"{neuron_name(self.l, j + 1):<6} ", "dim"),
                (f"{j} ", "bold" if j == self.label else ""),
                (bar(activation, width), style),
                f" {activation:.2f}",
                ("  ◂" if j == self.label else ""),
            )


def hidden_columns(network: Model, x: Any, height: int, masks: Optional[Masks] = None) -> Group:
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
    parts: list[RenderableType] = []
    for l in shown:
        activations = Vector.wrap([float(a) for a in passed[l].a])
        name = f"layer {l}: {len(activations)} neurons"
        mask = masks.last.get(l) if masks else None
        if masks and mask is not None:
            thinned = network._masked(masks.last).forward(x)
            activations = Vector.wrap([float(a) for a in thinned[l].a])
            name = f"layer {l}: dropout leaves {sum(mask):.0f} of {len(mask)}"
        elif l in network.plan.dropout:
            name = (
                f"layer {l}: {len(activations)} neurons, times {1 - network.plan.dropout[l][1]:g}"
            )
        elif L == 3:
            name = f"{len(activations)} hidden neurons"
        parts.append(Text(name, "dim", no_wrap=True))
        parts.append(NeuronColumns(activations, max(1, each)))
    if more:
        parts.append(Text(f"… and {more} layers more", "dim"))
    return Group(*parts)


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    example = load_digits().test[0]
    passed = Network([64, 30, 10], seed=0).forward(example[0])
    Console().print(Neurons(2, passed[2].a))
    Console().print(Outputs(3, passed[3].a, example[1].argmax()))
