"""The equations over whole mini-batches: each is the declared twin of a function of loops."""

from tinynn.fast.equations.activations import softmax
from tinynn.fast.equations.costs import (
    cross_entropy,
    l1_cost,
    l2_cost,
    log_likelihood,
    matched_error,
    mean_cost,
    quadratic,
    quadratic_derivative,
)
from tinynn.fast.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.fast.equations.updates import (
    l1_updated_weights,
    l2_updated_weights,
    scaled,
    updated_biases,
    updated_weights,
)

__all__ = [
    "activation",
    "bias_gradient",
    "cross_entropy",
    "hidden_error",
    "l1_cost",
    "l1_updated_weights",
    "l2_cost",
    "l2_updated_weights",
    "log_likelihood",
    "matched_error",
    "mean_cost",
    "output_error",
    "quadratic",
    "quadratic_derivative",
    "scaled",
    "softmax",
    "updated_biases",
    "updated_weights",
    "weight_gradient",
    "weighted_input",
]
