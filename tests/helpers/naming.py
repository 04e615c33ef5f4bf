"""The equations that a failure must name when a function of the engine is broken."""

from __future__ import annotations

import re

import tinynn.gradient_check  # noqa: F401
from tinynn.notation import equations
from tinynn.teaching.claims import CLAIMS

# What the failure must name where no equation is registered on the function: an equation, a claim,
# or, for functions that the book gives no number, their formula. Of the others there is nothing,
# nor of the lessons' own functions, whose answers are compared with the claims as they are.
EXPECTED = """
step: 2 | step_prime: σ'(z) | linear_prime: σ'(z) | tanh: tanh(z) = 2 σ(2z) - 1; σ'(z)
tanh_prime: σ'(z) | relu: relu(z) = max(z, 0); σ'(z) | relu_prime: σ'(z) | sgn: 97
ln: 57; 63; 80 | _Neuron.weighted_input: 2; 4 | Perceptron.with_threshold: 1
Perceptron.threshold: 1 | scaled_epsilon: 8; 13
steepest_step: descent-steepest; Cauchy-Schwarz | momentum_step: 107 | place_ahead: 107
moved_by: 108 | numerical_hessian: 103; 104 | descend: 10; 11; 106; 107; 108
rolling_ball: 107 | Cost.error: BP1 | Masks.draw: r_j; r⊙a | _require_symmetric: 106
DenseLayer.add_gradient: BP3; BP4 | mini_batches: mini-batches-cover
_order: mini-batches-cover | Network.forward: 22; 23; 25
DropoutLayer.forward: r⊙a | dense_weights: convolution-dense; 125
Network.backprop: BP1; BP2; BP3; BP4 | Network._gradient_sum: 18; 19; 20; 21
Network._step: 20; 21 | Network._rolling_step: 107; 108 | Network._ahead: w + μ v; 107
"""
ROWS = (row.split(": ", 1) for row in re.split(r" \| |\n", EXPECTED.strip()))
NAMES = {function: names.split("; ") for function, names in ROWS}


def words_for(function: str) -> list[str]:
    """Return patterns. A failure must match one of them, unless there are none."""
    own = [entry.number for entry in equations() if entry.name == function]
    return [pattern for name in own or NAMES.get(function, []) for pattern in _patterns(name)]


def _patterns(name: str) -> list[str]:
    """Return an equation's number and its claims, or its formula if it has no number."""
    claims = [
        re.escape(f"{claim.identifier}: {claim.sentence}")
        for claim in CLAIMS.values()
        if name == claim.identifier or name in claim.equations
    ]
    if name.startswith("BP"):
        return [*claims, rf"\b{name}\b"]
    if name[0].isdigit():
        return [*claims, rf"\({name}\)"]
    formulas = {entry.number: entry.formula for entry in equations()}
    return [*claims, re.escape(formulas.get(name, name))]
