"""Saturated neurons: how slowly they learn from bad mistakes, and first weights that cause them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, Optional, Union

from tinynn.activations import sigmoid_prime
from tinynn.costs import CROSS_ENTROPY, Cost, MatchedCost
from tinynn.errors import require_count, require_positive
from tinynn.layers.layer import Forward
from tinynn.linalg import Vector, finite_float
from tinynn.network import Network
from tinynn.randomness import RandomSource

BOOK_STARTS: tuple[tuple[float, float], ...] = (
    (0.6, 0.9),
    (2.0, 2.0),
)  # the first w and b of the book's figures
BOOK_ETA, DRAWN_ETA = 0.15, 0.005  # of its quadratic figures, and of its cross-entropy figures
BOOK_EPOCHS = 300


class _AsDrawn(MatchedCost):
    """The cross-entropy with ∂C/∂a as the error: without σ', so (BP1) does not hold."""

    def error(self, passed: Forward, y: Vector) -> Vector:
        """Return (a - y) / (a (1 - a)), which is 1 / (1 - a) for y = 0."""
        return Vector([(a - y[j]) / (a * (1.0 - a)) for j, a in enumerate(passed.a)])


# The cost that the program of the book's cross-entropy figures computes.
AS_DRAWN = _AsDrawn("as drawn", CROSS_ENTROPY.value, None, CROSS_ENTROPY.fits)


class Moment(NamedTuple):
    """One neuron before an epoch of its training: its parameters, output, cost and σ'(z)."""

    epoch: int
    w: float
    b: float
    output: float
    cost: float
    slope: float


def one_neuron(
    w: float,
    b: float,
    cost: Union[str, Cost] = "quadratic",
    eta: float = BOOK_ETA,
    epochs: int = BOOK_EPOCHS,
    *,
    x: float = 1.0,
    y: float = 0.0,
) -> Iterator[Moment]:
    """Train a sigmoid neuron to output y for x. Yield a Moment before each epoch and at the end.

    Its gradient is (55), (56) with the quadratic cost, and (61), (62), without σ', with the
    cross-entropy. Raises ArgumentError, DataError.

    >>> *_, last = one_neuron(0.6, 0.9)
    >>> last.epoch, round(last.output, 2)
    (300, 0.09)
    >>> *_, last = one_neuron(0.6, 0.9, "cross-entropy")
    >>> round(last.output, 3)
    0.012
    """
    given, wanted = Vector([finite_float(x, "x")]), Vector([finite_float(y, "y")])
    require_positive("eta", eta)
    network = Network.from_parameters([[b]], [[[w]]], cost=cost)
    for epoch in range(require_count("epochs", epochs, 0) + 1):
        passed = network.forward(given)[2]
        output, slope = passed.a[0], sigmoid_prime(passed.z[0])
        now = network.weights[0][0][0], network.biases[0][0]
        yield Moment(epoch, *now, output, network.cost.value(passed.a, wanted), slope)
        network.update_mini_batch([(given, wanted)], eta)


def first_weighted_inputs(
    init: str,
    *,
    inputs: int = 1000,
    on: int = 500,
    neurons: int = 1000,
    seed: Optional[int] = None,
    rng: Optional[RandomSource] = None,
) -> Vector:
    """Return z of every neuron of a new layer, for an input with ``on`` ones and zeros elsewhere.

    A sum of independent normal numbers is normal, and the variances add up. With first weights
    and biases from N(0, 1) the standard deviation of z is √(on + 1); with weights from N(0, 1/√n)
    it is √(on/n + 1). By default they are √501 ≈ 22.4 and √(3/2) ≈ 1.22. Raises ArgumentError.

    >>> z = first_weighted_inputs("scaled", inputs=100, on=50, neurons=200, seed=0)
    >>> len(z), 1.0 < z.norm() / 200**0.5 < 1.5
    (200, True)
    """
    require_count("on", on, 0, require_count("inputs", inputs))
    x = Vector([1.0] * on + [0.0] * (inputs - on))
    network = Network([inputs, neurons], init=init, seed=seed, rng=rng)
    return network.forward(x)[2].z
