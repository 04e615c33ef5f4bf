"""The equations over whole mini-batches: each is the declared twin of a function of loops."""

from tinynn.fast.equations.costs import mean_cost, quadratic, quadratic_derivative
from tinynn.fast.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.fast.equations.updates import scaled, updated_biases, updated_weights

__all__ = [
    "activation",
    "bias_gradient",
    "hidden_error",
    "mean_cost",
    "output_error",
    "quadratic",
    "quadratic_derivative",
    "scaled",
    "updated_biases",
    "updated_weights",
    "weight_gradient",
    "weighted_input",
]
