"""The equations of the book as loops, one file per subject, for stepping in a debugger."""

from tinynn.equations.chain import (
    chain_change,
    chain_factors,
    chain_gradient,
    error_through_layers,
    window_width,
)
from tinynn.equations.convolution import (
    convolution_error,
    convolved_input,
    dense_weights,
    shared_bias_gradient,
    shared_weight_gradient,
)
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
from tinynn.equations.dropout import masked_activation, masked_error
from tinynn.equations.momentum import (
    biases_ahead,
    l1_gradient,
    l2_gradient,
    moved_biases,
    moved_weights,
    updated_bias_velocity,
    updated_velocity,
    weights_ahead,
)
from tinynn.equations.pooling import l2_pooled, l2_pooling_error, max_pooled, max_pooling_error
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
    "biases_ahead",
    "chain_change",
    "chain_factors",
    "chain_gradient",
    "convolution_error",
    "convolved_input",
    "cross_entropy",
    "dense_weights",
    "error_through_layers",
    "hidden_error",
    "l1_cost",
    "l1_gradient",
    "l1_updated_weights",
    "l2_cost",
    "l2_gradient",
    "l2_pooled",
    "l2_pooling_error",
    "l2_updated_weights",
    "log_likelihood",
    "masked_activation",
    "masked_error",
    "matched_error",
    "max_pooled",
    "max_pooling_error",
    "mean_cost",
    "mean_gradient",
    "moved_biases",
    "moved_weights",
    "output_error",
    "quadratic",
    "quadratic_derivative",
    "rescaled",
    "shared_bias_gradient",
    "shared_weight_gradient",
    "softmax",
    "updated_bias_velocity",
    "updated_biases",
    "updated_velocity",
    "updated_weights",
    "weight_gradient",
    "weighted_input",
    "weights_ahead",
    "window_width",
]
