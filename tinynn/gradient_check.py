"""The gradient check: backpropagation against the cost itself, parameter by parameter."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, Optional

from tinynn.descent import numerical_derivative, scaled_epsilon
from tinynn.equations import activation
from tinynn.errors import ArgumentError, GradientError, ShapeError, describe, require_positive
from tinynn.linalg import Matrix, Vector, require_matrix, require_vector
from tinynn.network import Network
from tinynn.notation import equation

Backprop = Callable[[Vector, Vector], tuple[Sequence[Vector], Sequence[Matrix]]]


class CheckedGradient(NamedTuple):
    """A gradient that passed: how many parameters, and the one that differed the most."""

    parameters: int
    worst: str
    difference: float


def parameter_name(symbol: str, l: Optional[int], j: int, k: Optional[int] = None) -> str:
    """Return the book's name of a parameter; indices are counted from 1, l may be left out.

    >>> parameter_name("w", 2, 1, 3), parameter_name("b", 3, 1), parameter_name("w", 2, 11, 3)
    ('w^2_13', 'b^3_1', 'w^2_11,3')
    """
    indices = [j] if k is None else [j, k]
    layer = "" if l is None else f"^{l}"
    return f"{symbol}{layer}_{('' if max(indices) < 10 else ',').join(map(str, indices))}"


@equation("29", "δ^l_j = ∂C/∂z^l_j")
def numerical_error(
    network: Network,
    l: int,
    weighted_inputs: Vector,
    desired: Vector,
    epsilon: float = 1e-5,
) -> Vector:
    """Return the error δ^l by its definition (29): move each z^l_j, and watch the cost."""
    L = network.num_layers
    z = weighted_inputs.copy()
    delta = [0.0] * len(z)
    for j in range(len(z)):

        def cost_at(value: float, j: int = j) -> float:
            z[j] = value
            a = activation(z, network.activation)
            for above in range(l + 1, L + 1):
                _, a = network.layer(above).forward(a)
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

    ``backprop`` is the function to judge, by default the network's own; it takes x and y and
    returns (nabla_b, nabla_w). Each ∂C/∂w is compared with the slope that the cost shows when
    that one weight is moved by ±ε, or ±ε |w| where that is more. They agree if they differ by no
    more than ``absolute`` plus ``relative`` times the larger, plus what C itself loses in
    rounding. Raises GradientError that names the first parameter to fail, with both numbers.
    Where an activation function has a corner (step, relu) no slope exists, and a check on the
    corner means nothing.

    >>> gradcheck(Network([2, 3, 1], seed=0), Vector([0.5, -1]), Vector([1])).parameters
    13
    """
    require_positive("epsilon", epsilon)
    if not isinstance(network, Network):
        came = f"{describe(network)}: of a fast network, take .to_pure()"
        raise ArgumentError(f"network: expected a tinynn.Network, got {came}")
    gradient = (backprop or network.backprop)(x, y)
    if not isinstance(gradient, tuple) or len(gradient) != 2:
        raise ShapeError(f"backprop: expected (nabla_b, nabla_w), got {describe(gradient)}")
    nabla_b, nabla_w = gradient
    _require_gradient(network, nabla_b, nabla_w)
    cost = network.cost.value(network.feedforward(x), y)
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
        rounding = abs(cost) * 2.0**-50 / step  # what is lost in C(w + ε) - C(w - ε)
        if not difference <= absolute + relative * larger + rounding:
            raise GradientError(
                f"∂C/∂{name}: backpropagation gives {analytic!r}, "
                f"but moving {name} by ±{step} gives {numerical!r}"
            )
        checked += 1
        if difference > worst.difference:
            worst = CheckedGradient(checked, name, difference)
    return worst._replace(parameters=checked)


def _require_gradient(
    network: Network, nabla_b: Sequence[Vector], nabla_w: Sequence[Matrix]
) -> None:
    if not len(nabla_b) == len(nabla_w) == network.num_layers - 1:
        came = f"{len(nabla_b)} for biases and {len(nabla_w)} for weights"
        expected = f"one entry for each of layers 2 to {network.num_layers}"
        raise ShapeError(f"gradient: expected {expected}, got {came}")
    for i, (b, w) in enumerate(zip(network.biases, network.weights)):
        require_vector(f"nabla_b[{i}]", nabla_b[i], len(b))
        require_matrix(f"nabla_w[{i}]", nabla_w[i], *w.shape)


def _parameters(
    network: Network, nabla_b: Sequence[Vector], nabla_w: Sequence[Matrix]
) -> Iterator[tuple[str, Vector, int, float]]:
    """Yield each parameter's name, the Vector and index that hold it, and its ∂C."""
    for l in range(2, network.num_layers + 1):
        layer = network.layer(l)
        for j in range(len(layer.biases)):
            yield parameter_name("b", l, j + 1), layer.biases, j, nabla_b[l - 2][j]
            for k in range(layer.weights.shape[1]):
                name = parameter_name("w", l, j + 1, k + 1)
                yield name, layer.weights[j], k, nabla_w[l - 2][j][k]
