"""The equations over whole mini-batches: each is the declared twin of a loop function."""

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
from tinynn.fast.equations.dropout import masked_activation, masked_error
from tinynn.fast.equations.updates import (
    l1_gradient,
    l1_updated_weights,
    l2_gradient,
    l2_updated_weights,
    moved_weights,
    scaled,
    updated_biases,
    updated_velocity,
    updated_weights,
    weights_ahead,
)

__all__ = [
    "activation",
    "bias_gradient",
    "cross_entropy",
    "hidden_error",
    "l1_cost",
    "l1_gradient",
    "l1_updated_weights",
    "l2_cost",
    "l2_gradient",
    "l2_updated_weights",
    "log_likelihood",
    "masked_activation",
    "masked_error",
    "matched_error",
    "mean_cost",
    "moved_weights",
    "output_error",
    "quadratic",
    "quadratic_derivative",
    "scaled",
    "softmax",
    "updated_biases",
    "updated_velocity",
    "updated_weights",
    "weight_gradient",
    "weighted_input",
    "weights_ahead",
]
