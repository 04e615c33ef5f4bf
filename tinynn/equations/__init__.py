"""The equations of the book as loops, a file a subject: a debugger steps into these."""

from tinynn.equations.costs import (
    cross_entropy,
    l1_cost,
    l2_cost,
    log_likelihood,
    matched_error,
    mean_cost,
    quadratic,
    quadratic_derivative,
)
from tinynn.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.equations.softmax import softmax
from tinynn.equations.tanh import rescaled
from tinynn.equations.updates import (
    Gradient,
    l1_updated_weights,
    l2_updated_weights,
    mean_gradient,
    updated_biases,
    updated_weights,
)

__all__ = [
    "Gradient",
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
    "mean_gradient",
    "output_error",
    "quadratic",
    "quadratic_derivative",
    "rescaled",
    "softmax",
    "updated_biases",
    "updated_weights",
    "weight_gradient",
    "weighted_input",
]
