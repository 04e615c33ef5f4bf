"""The cost: how far the outputs are from what was wanted, and which way is worse."""

from __future__ import annotations

from collections.abc import Sequence

from tinynn.errors import require_reals
from tinynn.linalg import Vector, require_vector
from tinynn.notation import equation


@equation("27", "C_x = 1/2 ‖y - a^L‖² = 1/2 Σ_j (y_j - a^L_j)²", a="a^L", y="y")
def quadratic(outputs: Vector, desired: Vector) -> float:
    """Return the quadratic cost of one example, equation (27); j runs over the output layer.

    >>> quadratic(Vector([0.5, 1.0]), Vector([1.0, 1.0]))
    0.125
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    a = outputs.entries
    y = desired.entries
    total = 0.0
    for j in range(len(a)):
        total += (y[j] - a[j]) * (y[j] - a[j])
    return total / 2.0


@equation("∂C/∂a", "∂C/∂a^L_j = a^L_j - y_j", nabla_a="∂C/∂a^L", a="a^L", y="y")
def quadratic_derivative(outputs: Vector, desired: Vector) -> Vector:
    """Return ∂C_x/∂a^L_j = a^L_j - y_j for each output neuron j: the slope of (27).

    >>> quadratic_derivative(Vector([0.5, 1.0]), Vector([1.0, 1.0]))
    Vector([-0.5, 0.0])
    """
    require_vector("outputs", outputs)
    require_vector("desired", desired, len(outputs))
    a = outputs.entries
    y = desired.entries
    nabla_a = [0.0] * len(a)
    for j in range(len(a)):
        nabla_a[j] = a[j] - y[j]
    return Vector.wrap(nabla_a)


@equation("26", "C = 1/n Σ_x C_x = 1/2n Σ_x ‖y(x) - a^L(x)‖²", cost="C_x")
@equation("6", "C(w, b) = 1/2n Σ_x ‖y(x) - a‖²")
def mean_cost(example_costs: Sequence[float]) -> float:
    """Return C = 1/n Σ_x C_x, the cost over n examples: (6), (26) once each C_x is (27).

    >>> mean_cost([0.125, 0.375])
    0.25
    """
    require_reals("example_costs", example_costs)
    total = 0.0
    for cost in example_costs:
        total += cost
    return total / len(example_costs)
