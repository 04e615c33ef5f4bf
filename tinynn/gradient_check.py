"""The gradient check: compare backpropagation with the measured slope of every parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from numbers import Real
from typing import NamedTuple, Optional

from tinynn.activations import LINEAR, SOFTMAX
from tinynn.descent import numerical_derivative, scaled_epsilon
from tinynn.equations.dense import activation
from tinynn.equations.softmax import softmax
from tinynn.errors import (
    ArgumentError,
    DataError,
    GradientError,
    ShapeError,
    describe,
    require_function,
    require_kind,
)
from tinynn.layers import Convolution
from tinynn.linalg import Matrix, Vector, require_finite, require_matrix, require_vector
from tinynn.network import Network
from tinynn.notation import equation, indexed_name, layer_named

Backprop = Callable[[Vector, Vector], tuple[Sequence[Vector], Sequence[Matrix]]]


class CheckedGradient(NamedTuple):
    """The result of a check: the number of parameters, and the one with the largest difference."""

    parameters: int
    worst: str
    difference: float


@equation("29", "δ^l_j = ∂C/∂z^l_j", delta="δ^l", weighted_inputs="z^l", z="z^l")
@layer_named("l")
def numerical_error(
    network: Network,
    l: int,
    weighted_inputs: Vector,
    desired: Vector,
    epsilon: float = 1e-5,
) -> Vector:
    """Return the error δ^l by its definition (29): move each z^l_j, and measure the cost."""
    _require_network(network)
    _require_bound("epsilon", epsilon)
    description = network.layer(l).description
    require_vector("weighted_inputs", weighted_inputs, network.sizes[l - 1])
    require_vector("desired", desired, network.sizes[network.num_layers - 1])
    L = network.num_layers
    function = getattr(description, "activation", LINEAR)
    z = weighted_inputs.copy()
    delta = [0.0] * len(z)
    for j in range(len(z)):

        def cost_at(value: float, j: int = j) -> float:
            z[j] = value
            a = softmax(z) if function == SOFTMAX else activation(z, function)
            for above in range(l + 1, L + 1):
                a = network.layer(above).forward(a).a
            return network.cost.value(a, desired)

        delta[j] = numerical_derivative(cost_at, weighted_inputs[j], epsilon)
        z[j] = weighted_inputs[j]
    return Vector(delta)


def gradcheck(
    network: Network,
    x: Vector,
    y: Vector,
    *,
    backprop: Optional[Backprop] = None,
    epsilon: float = 1e-5,
    relative: float = 1e-5,
    absolute: float = 1e-8,
) -> CheckedGradient:
    """Compare the gradient of one example with the numerical one, for every weight and bias.

    ``backprop`` is the function to check, by default the network's; it takes x and y and
    returns (nabla_b, nabla_w). Each ∂C/∂w is compared with the slope of the cost measured by
    moving that weight by ±ε, or by ±ε |w| if that is more. The two agree if they differ by at
    most ``absolute``, plus ``relative`` times the larger, plus the rounding error of C. Raises
    GradientError that names the first parameter to fail, with both numbers.

    At a corner of an activation function (step, relu) there is no slope, and the check is
    meaningless.

    >>> gradcheck(Network([2, 3, 1], seed=0), Vector([0.5, -1]), Vector([1])).parameters
    13
    """
    for bound, value in (("epsilon", epsilon), ("relative", relative), ("absolute", absolute)):
        _require_bound(bound, value)
    _require_network(network)
    if backprop is not None:
        require_function("backprop", backprop, "backprop=network.backprop", takes=2)
    for name, vector, size in (("x", x, network.sizes[0]), ("y", y, network.sizes[-1])):
        require_vector(name, vector, size)
        require_finite(name, vector)
    gradient = (backprop or network.backprop)(x, y)
    if not isinstance(gradient, tuple) or len(gradient) != 2:
        raise ShapeError(f"backprop: expected (nabla_b, nabla_w), got {describe(gradient)}")
    nabla_b, nabla_w = gradient
    _require_gradient(network, nabla_b, nabla_w)
    cost, lost = _cost_and_loss(network, x, y)
    checked = 0
    worst = CheckedGradient(0, "", -1.0)
    for name, row, index, analytic in _parameters(network, nabla_b, nabla_w):
        value = row[index]
        step = scaled_epsilon(value, epsilon)

        def cost_at(moved: float, row: Vector = row, index: int = index) -> float:
            row[index] = moved
            return network.cost.value(network.feedforward(x), y)

        try:
            numerical = numerical_derivative(cost_at, value, step)
        finally:
            row[index] = value
        difference = abs(analytic - numerical)
        larger = max(abs(analytic), abs(numerical))
        _require_finite_cost(numerical)
        rounding = (abs(cost) * 2.0**-50 + 4.0 * lost) / step  # of C(w + ε) - C(w - ε)
        if not difference <= absolute + relative * larger + rounding:
            raise GradientError(
                f"∂C/∂{name}: backpropagation gives {analytic!r}, "
                f"but moving {name} by ±{step} gives {numerical!r}"
            )
        checked += 1
        if difference > worst.difference:
            worst = CheckedGradient(checked, name, difference)
    return worst._replace(parameters=checked)


def _cost_and_loss(network: Network, x: Vector, y: Vector) -> tuple[float, float]:
    """Return the cost and its loss from rounded outputs, which is large if 1 - a is tiny."""
    a = network.feedforward(x)
    cost = network.cost.value(a, y)
    _require_finite_cost(cost)
    return cost, abs(network.cost.value(a * (1.0 - 2.0**-52), y) - cost)


def _require_finite_cost(cost: float) -> None:
    """Raise DataError if the cost is infinite: it has no slope."""
    if not isfinite(cost):
        expected = "expected a finite cost for the check, got an infinite one"
        raise DataError(f"cost: {expected}: an output is 0 or 1, and wrong: write smaller weights")


_BOUNDS = {"epsilon": (1e-9, 1e-2), "relative": (0.0, 1e-2), "absolute": (0.0, 1e-2)}


def _require_bound(name: str, value: object) -> None:
    """Raise ArgumentError unless a setting of the check is small, but not below rounding."""
    least, most = _BOUNDS[name]
    number = isinstance(value, Real) and not isinstance(value, bool)
    if not number or not least <= value <= most:  # type: ignore[operator]
        expected = f"expected a number from {least:g} to {most:g}, got {describe(value)}"
        raise ArgumentError(f"{name}: {expected}: write {name}=1e-5")


def _require_network(network: object) -> None:
    if not isinstance(network, Network):
        given = f"{describe(network)}: for a fast network, write network.to_pure()"
        raise ArgumentError(f"network: expected a tinynn.Network, got {given}")


def _require_gradient(
    network: Network, nabla_b: Sequence[Vector], nabla_w: Sequence[Matrix]
) -> None:
    for name, parts in (("nabla_b", nabla_b), ("nabla_w", nabla_w)):
        require_kind(name, parts, Sequence, "[zeros for each layer]")
    if not len(nabla_b) == len(nabla_w) == len(network.learning):
        given = f"{len(nabla_b)} for biases and {len(nabla_w)} for weights"
        expected = f"one entry for each of layers {', '.join(map(str, network.learning))}"
        raise ShapeError(f"gradient: expected {expected}, got {given}")
    for i, (b, w) in enumerate(zip(network.biases, network.weights)):
        require_vector(f"nabla_b[{i}]", nabla_b[i], len(b))
        require_matrix(f"nabla_w[{i}]", nabla_w[i], *w.shape)


def _parameters(
    network: Network, nabla_b: Sequence[Vector], nabla_w: Sequence[Matrix]
) -> Iterator[tuple[str, Vector, int, float]]:
    """Yield each parameter's name, its Vector and index, and its partial derivative."""
    for l, b, w, db, dw in zip(network.learning, network.biases, network.weights, nabla_b, nabla_w):
        fields = _fields(network, l)
        for j in range(len(b)):
            yield indexed_name("b", l, j + 1), b, j, db[j]
            for k in range(w.shape[1]):
                yield indexed_name("w", l, j + 1, *fields(k)), w[j], k, dw[j][k]


def _fields(network: Network, l: int) -> Callable[[int], tuple[int, ...]]:
    """Return a function from a weight's column to its indices: map, row and column of a field."""
    description = network.plan.descriptions[l - 2]
    if not isinstance(description, Convolution):
        return lambda k: (k + 1,)
    R, S = description.window
    return lambda k: (k // (R * S) + 1, k // S % R + 1, k % S + 1)
