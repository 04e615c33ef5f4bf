"""Mistakes that have no family of their own: they are told by how a function behaves."""

from __future__ import annotations

TEXTS = {
    "order": "the arguments come in another order: expected",
    "remembers": "the same call gives another answer the second time: something is kept between "
    "calls, such as a global list, a default argument, or random numbers of the function's own.",
    "swapped": "the two halves are exchanged: the answer is (nabla_b, nabla_w), the biases first, "
    "as the arguments have them.",
    "overflow": "the formula is right, but e to a large power is more than a float can hold. Use "
    "1 / (1 + e^(-z)) for z >= 0 and e^z / (1 + e^z) for z < 0: then the power is never positive.",
}

# The roles in whose definition a power of e stands: no other can overflow by it.
WITH_POWERS_OF_E = {
    "activations",
    "backprop",
    "feedforward",
    "hidden_error",
    "output_error",
    "sigmoid",
    "sigmoid_neuron",
    "sigmoid_prime",
}
# The square of e^z, as a formula for σ' may have it, is too large for a float from 355 on.
LARGE = 300.0
