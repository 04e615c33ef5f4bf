"""One digit through a network: ``python -m tinynn.views.show``."""

from __future__ import annotations

from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.views.digit import Digit
from tinynn.views.neurons import Neurons, Outputs
from tinynn.views.plain import verdict


def shown_digit(network: Network, x: Vector, y: Vector, shape: tuple[int, int]) -> Group:
    """Return the image, the activation of every neuron layer by layer, and the verdict."""
    passed = network.forward(x)
    L = network.num_layers
    ends = Table.grid(padding=(0, 3, 0, 0), expand=True)
    ends.add_column(width=Digit(x, shape).width)
    ends.add_column(ratio=1)
    ends.add_row(
        Group(Text("layer 1: pixels", "bold"), Digit(x, shape)),
        Group(Text(f"layer {L}: outputs", "bold"), Outputs(L, passed[L].a, network.answer_of(y))),
    )
    above = (1, 0, 0, 0)
    hidden = [
        Padding(Group(Text(f"layer {l}: hidden neurons", "bold"), Neurons(l, passed[l].a)), above)
        for l in range(2, L)
    ]
    style = "green" if network.predict(x) == network.answer_of(y) else "red"
    return Group(ends, *hidden, Padding(Text(verdict(network, x, y), style), above))


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    digits = load_digits()
    net = Network([64, 30, 10], seed=0)
    list(net.train(digits.training, 2, 10, 3.0, seed=0))
    Console().print(shown_digit(net, *digits.test[0], digits.test.image_shape))
