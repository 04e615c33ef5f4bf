"""Chapter 5: the unstable gradient, how fast each layer learns, and the chain of single neurons.

In early layers the error δ^l is a product of many factors w σ'(z). Factors below 1 make it
vanish; factors above 1 make it explode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from typing import Any, NamedTuple, Optional, Protocol

from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.descent import numerical_derivative
from tinynn.equations.chain import chain_factors, chain_gradient, window_width
from tinynn.errors import (
    ArgumentError,
    DivergenceError,
    ShapeError,
    require_at_least_0,
    require_count,
    require_positive,
)
from tinynn.linalg import Vector, as_vector, finite_float
from tinynn.network import Network
from tinynn.training.examples import Example

BOOK_SIZES = 784, 30, 30, 30, 10
BOOK_ETA, BOOK_LMBDA, BOOK_EPOCHS, BOOK_IMAGES = 0.1, 5.0, 500, 1000
_ROUNDING = 2.0**-52
LEAST_WEIGHT = 4.0  # |w| below which no |w σ'(z)| reaches 1


# Networks: how fast their layers learn.


class _Learner(Protocol):
    """A network of either engine."""

    def backprop_mini_batch(self, mini_batch: Sequence[Example]) -> Any: ...

    def update_mini_batch(self, mini_batch: Any, eta: float, lmbda: float = ...) -> None: ...

    def is_finite(self) -> bool: ...


class Speeds(NamedTuple):
    """The number of steps of a network, and the length of the mean error of layers 2 … L."""

    step: int
    lengths: tuple[float, ...]


def speeds(network: _Learner, examples: Sequence[Example]) -> tuple[float, ...]:
    """Return ‖1/m Σ_x δ^l‖ for each layer that learns: the mean over m examples, then its length.

    δ^l is ∂C/∂b^l (BP3): a step moves the biases of layer l by η times this. Either engine works.

    >>> net = Network.from_parameters([[0]], [[[0]]])
    >>> speeds(net, [(Vector([1]), Vector([0])), (Vector([1]), Vector([0.5]))])
    (0.0625,)
    """
    means = network.backprop_mini_batch(examples).biases
    return tuple(Vector(list(map(float, mean))).norm() for mean in means)


def learning_speeds(
    network: _Learner,
    examples: Sequence[Example],
    epochs: int = BOOK_EPOCHS,
    eta: float = BOOK_ETA,
    lmbda: float = BOOK_LMBDA,
    *,
    every: int = 1,
) -> Iterator[Speeds]:
    """Train a network with all examples as one mini-batch, and yield the speeds before steps.

    The first speeds are those before training, the last those before the last of ``epochs``
    steps; between them one in ``every`` steps is measured. At the end the network has taken all
    steps. Raises ArgumentError, DataError, ShapeError, DivergenceError.

    >>> net = Network([1, 2, 1], seed=0, cost="cross-entropy")
    >>> data = [(Vector([0.5]), Vector([1]))]
    >>> [now.step for now in learning_speeds(net, data, 10, 0.5, 0.0, every=4)]
    [0, 4, 8, 9]
    """
    require_count("epochs", epochs)
    require_count("every", every)
    require_positive("eta", eta)
    require_at_least_0("lmbda", lmbda)
    for step in range(epochs):
        if step % every == 0 or step == epochs - 1:
            yield Speeds(step, speeds(network, examples))
        network.update_mini_batch(examples, eta, lmbda)
        if not network.is_finite():
            raise DivergenceError(f"a weight left the range of floats: eta = {eta} is too large")


# The chain of single neurons.


class Link(NamedTuple):
    """Neuron j of a chain: its numbers, its factor in (122), and ∂C/∂b_j."""

    j: int
    w: float
    b: float
    z: float
    a: float
    slope: float
    factor: float
    gradient: float


class Chain:
    """A chain of single neurons, z_j = w_j a_{j-1} + b_j, and the gradient of each bias.

    Without ``biases`` each bias makes its z_j 0, where σ' has its largest value, 1/4.
    The cost is (a_L - y)²/2, whose ∂C/∂a_L is a_L - y. Raises DataError, ShapeError,
    DivergenceError.

    >>> chain = Chain([100, 100, 100, 100], x=1.0, y=0.0)
    >>> [link.b for link in chain.links], [link.factor for link in chain.links]
    ([-100.0, -50.0, -50.0, -50.0], [0.25, 25.0, 25.0, 25.0])
    >>> chain.gradient  # 0.25 · 25³ · 0.5
    1953.125
    """

    def __init__(
        self,
        weights: Sequence[float],
        biases: Optional[Sequence[float]] = None,
        x: float = 1.0,
        y: float = 0.0,
    ) -> None:
        w = as_vector("weights", weights, 0)
        self.x, self.y = finite_float(x, "x"), finite_float(y, "y")
        before = [self.x] + [0.5] * (len(w) - 1)
        middle = [0.0 - w_j * a for w_j, a in zip(w, before)]
        b = as_vector("biases", middle if biases is None else biases, 0)
        if len(b) != len(w):
            given = f"{len(w)} weights and {len(b)} biases"
            raise ShapeError(f"weights and biases: expected the same number of each, got {given}")
        self.network = Network.from_parameters([[each] for each in b], [[[each]] for each in w])
        passed = self.network.forward(Vector([self.x]))
        far = [j for j in range(1, len(w) + 1) if not passed[j + 1].z.is_finite()]
        if far:
            raise DivergenceError(f"z_{far[0]} left the range of floats: take smaller weights")
        z = Vector([passed[l].z[0] for l in range(2, len(w) + 2)])
        self.output = passed[len(w) + 1].a[0]
        self.cost_derivative = self.output - self.y
        factors = chain_factors(w, z)
        self.links = []
        for j in range(len(w)):
            rest = Vector(w.entries[j:]), Vector(z.entries[j:])
            nabla_b = chain_gradient(*rest, self.cost_derivative)
            numbers = w[j], b[j], z[j], passed[j + 2].a[0], sigmoid_prime(z[j])
            self.links.append(Link(j + 1, *numbers, factors[j], nabla_b))

    @property
    def gradient(self) -> float:
        """∂C/∂b_1, the product of all factors and ∂C/∂a_L."""
        return self.links[0].gradient

    def backpropagated(self) -> float:
        """Return ∂C/∂b_1 by backpropagation: δ of the first neuron."""
        return self.network.backprop(Vector([self.x]), Vector([self.y])).biases[0][0]

    @property
    def epsilon(self) -> float:
        """The move of b_1 in ``numerical``. No z of the chain moves by more than about 0.001."""
        moves = [1.0]  # of z_j, for a move of b_1 by 1
        for link, following in zip(self.links, self.links[1:]):
            moves.append(abs(moves[-1] * link.slope * following.w))
        return 1e-3 / max(moves)

    @property
    def rounding(self) -> float:
        """The error of ``numerical`` that rounding of C may cause."""
        return _ROUNDING * max(1.0, self.cost_derivative**2) / self.epsilon

    def numerical(self) -> float:
        """Return ∂C/∂b_1 ≈ ΔC/Δb_1, (114): move b_1 a little both ways, and measure the cost.

        A move by ε has an error proportional to ε², and a move by 2ε has four times that error:
        combined, the errors cancel. Raises DivergenceError if no float is a small enough move.
        """
        if not self.epsilon:
            raise DivergenceError("weights: too large to measure ΔC/Δb_1")
        b, w = self.network.biases, self.network.weights

        def cost_at(first: float) -> float:
            moved = Network.from_parameters([[first], *b[1:]], w)
            return moved.cost.value(moved.feedforward([self.x]), Vector([self.y]))

        near, far = (
            numerical_derivative(cost_at, b[0][0], times * self.epsilon) for times in (1, 2)
        )
        return (4.0 * near - far) / 3.0


# Where a factor reaches 1.


class Window(NamedTuple):
    """The interval of inputs a with |w σ'(w a + b)| ≥ 1."""

    least: float
    most: float

    @property
    def width(self) -> float:
        """The width of the interval: (123)."""
        return self.most - self.least


def window(weight: float, bias: float) -> Optional[Window]:
    """Return the inputs a with |w σ'(w a + b)| ≥ 1, or None if |w| < 4.

    a may be any real number. Activations are between 0 and 1, so only part of the window may count.

    >>> round(window(100, -50).width, 4), window(3.9, 0)
    (0.0917, None)
    >>> window(4, -2)
    Window(least=0.5, most=0.5)
    """
    w, b = finite_float(weight, "weight"), finite_float(bias, "bias")
    if abs(w) < LEAST_WEIGHT:
        return None
    middle, half = -b / w, window_width(w) / 2.0
    return Window(middle - half, middle + half)


def widest_window() -> tuple[float, float]:
    """Return the |w| with the widest window, and that width: 6.894 and 0.4477.

    The width grows from 0 at |w| = 4 to its only maximum, then falls.

    >>> weight, width = widest_window()
    >>> round(weight, 3), round(width, 4)
    (6.894, 0.4477)
    """
    weight = _highest(window_width, LEAST_WEIGHT, 100.0)
    return weight, window_width(weight)


def _highest(f: Callable[[float], float], low: float, high: float) -> float:
    """Return where f, which first grows and then falls, is largest, by ternary search."""
    while high - low > 1e-9 * high:
        third = (high - low) / 3.0
        if f(low + third) < f(high - third):
            low += third
        else:
            high -= third
    return (low + high) / 2.0


# The identity neuron: w_2 σ(w_1 x + b), to approximate x for x from 0 to 1.

_PLACES = 1000  # the intervals between places where errors are measured


class Identity(NamedTuple):
    """A neuron whose output, times w_2, is near x plus a constant, for x from 0 to 1."""

    w1: float
    b: float
    w2: float
    constant: float

    def output(self, x: float) -> float:
        """Return w_2 σ(w_1 x + b), less the constant."""
        return self.w2 * sigmoid(self.w1 * x + self.b) - self.constant

    def error(self) -> float:
        """Return the largest distance of the output from x, at 1,001 places from 0 to 1."""
        places = (i / _PLACES for i in range(_PLACES + 1))
        return max(abs(self.output(x) - x) for x in places)

    def bound(self) -> float:
        """Return w_1²/96, a bound on the error of an ``identity_neuron``."""
        return self.w1 * self.w1 / 96.0

    def rounding(self) -> float:
        """Return a bound on the effect of rounding on ``error``."""
        return _ROUNDING * (1.0 + abs(self.w2))


def identity_neuron(w1: float) -> Identity:
    """Return the neuron with this first weight whose output is x + 2/w_1 - 1/2 within w_1²/96.

    With x = 1/2 + Δ and b = -w_1/2 the weighted input is u = w_1 Δ, and σ(u) = 1/2 + u/4 + r.
    As σ''(0) = 0 and |σ'''| ≤ 1/8 everywhere, |r| ≤ |u|³/48. Times w_2 = 4/w_1 that is
    2/w_1 + Δ + 4r/w_1, and |4r/w_1| ≤ w_1² |Δ|³/12 ≤ w_1²/96, as |Δ| ≤ 1/2.

    The next neuron's bias compensates the constant 2/w_1 - 1/2: with the weight w there, subtract
    w times the constant from its bias. Raises ArgumentError for w_1 = 0.

    >>> neuron = identity_neuron(1.0)
    >>> neuron.b, neuron.w2, neuron.constant, round(neuron.error(), 5), round(neuron.bound(), 5)
    (-0.5, 4.0, 1.5, 0.01016, 0.01042)
    """
    w1 = finite_float(w1, "w1")
    if w1 == 0.0 or not isfinite(4.0 / w1):
        raise ArgumentError(f"w1: expected a number other than 0, such as 0.1, got {w1!r}")
    return Identity(w1, -w1 / 2.0, 4.0 / w1, 2.0 / w1 - 0.5)


def identity_without_constant() -> Identity:
    """Return the neuron closest to x if no bias compensates a constant: within 0.056.

    It has w_2 = 1 and b = -w_1/2, symmetric about x = 1/2 like x itself. A smaller w_1 misses x at
    the ends, where σ does not reach 0 and 1; a larger one misses it in between.

    >>> neuron = identity_without_constant()
    >>> round(neuron.w1, 2), round(neuron.b, 2), neuron.w2, round(neuron.error(), 4)
    (5.65, -2.82, 1.0, 0.0561)
    """

    def near(w1: float) -> float:
        return -Identity(w1, -w1 / 2.0, 1.0, 0.0).error()

    w1 = _highest(near, 1.0, 20.0)
    return Identity(w1, -w1 / 2.0, 1.0, 0.0)
