"""Lesson 3: the forward pass, and the four equations of backpropagation (chapter 2).

No judge knows a derivative. The right answer is always a numerical gradient of a definition: (BP2)
is judged by a layer above it whose cost is Σ_k δ_k z_k, which has just the errors δ_k.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.equations.costs import quadratic_derivative
from tinynn.equations.dense import (
    activation,
    bias_gradient,
    hidden_error,
    output_error,
    weight_gradient,
    weighted_input,
)
from tinynn.network import Network
from tinynn.teaching import oracle
from tinynn.teaching.judging import ONE_SIDED, Definition, claim
from tinynn.teaching.lessons.learning import COST, SLOPE, curve_slope
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import mistakes, role


def feedforward_of(biases: Any, weights: Any, x: Any) -> Any:
    """Return the output of a network, layer after layer."""
    a = x
    for i in range(len(biases)):
        z = weighted_input(weights[i], a, biases[i])
        a = activation(z)
    return a


def backprop_of(biases: Any, weights: Any, x: Any, y: Any) -> Any:
    """Return (nabla_b, nabla_w) by the four equations, in the order of Network.backprop."""
    L = len(biases) + 1
    a = {1: x}
    z = {1: x}
    for l in range(2, L + 1):
        z[l] = weighted_input(weights[l - 2], a[l - 1], biases[l - 2])
        a[l] = activation(z[l])
    nabla_a = quadratic_derivative(a[L], y)
    delta = {L: output_error(nabla_a, z[L])}
    for l in range(L - 1, 1, -1):
        delta[l] = hidden_error(weights[l - 1], delta[l + 1], z[l])
    nabla_b = []
    nabla_w = []
    for l in range(2, L + 1):
        nabla_b.append(bias_gradient(delta[l]))
        nabla_w.append(weight_gradient(a[l - 1], delta[l]))
    return [nabla_b, nabla_w]


def hadamard_of(s: Any, t: Any) -> Any:
    """Return s ⊙ t."""
    product = [0.0] * len(s)
    for j in range(len(s)):
        product[j] = s[j] * t[j]
    return product


_FORWARD = mistakes(
    """
transposed: w[j][k] → w[k][j]
    the weights are read transposed, w_kj for w_jk: row j of the matrix belongs to neuron j, so z_j
    sums over weights[j][k].
no-bias: total + b[j] → total
    the bias is forgotten: z_j = Σ_k w_jk a_k + b_j.
bias-subtracted: total + b[j] → total - b[j]
    the bias is subtracted: z_j = Σ_k w_jk a_k + b_j.
bias-each-input: total + b[j] → total + len(a) * b[j]
    the bias is added once for every k: it belongs outside the sum, once for a neuron.
first-bias: total + b[j] → total + b[0]
    every neuron gets the bias of neuron 1: neuron j has b_j.
last-input: range(len(a)) → range(len(a) - 1)
    the last activation is left out of the sum: the loop stops one too early.
overwritten: total +=  → total =
    the sum keeps its last term only: write total += …, not total = ….
running-total:     for j in range(len(b)):⏎        total = 0.0 →     total = 0.0⏎    for j in range(len(b)):
    the total is not set back to 0 for the next neuron j.
"""
)
_ACTIVATION = mistakes(
    """
sign: sigma(z[j]) → sigma(-z[j])
    the sign of z is flipped: the power is e^(-z), in 1 / (1 + e^(-z)).
step: sigma(z[j]) → float(z[j] > 0.0)
    these are perceptrons, 0 or 1: a sigmoid neuron answers σ(z).
slope: sigma(z[j]) → sigma(z[j]) * (1.0 - sigma(z[j]))
    this is the slope σ'(z): the activation is σ(z).
tanh: sigma(z[j]) → 2.0 * sigma(2.0 * z[j]) - 1.0
    this is tanh, which runs from -1 to 1: σ runs from 0 to 1.
relu: sigma(z[j]) → max(0.0, z[j])
    this is max(0, z), a rectified linear neuron: a sigmoid neuron answers σ(z).
softmax: sigma(z[j]) → exp(z[j] - max(z)) / sum((exp(each - max(z)) for each in z))
    this is softmax, whose answers add up to 1: each neuron answers σ(z_j), whatever the others do.
shares: sigma(z[j]) → sigma(z[j]) / sum((sigma(each) for each in z))
    the activations are divided by their sum: each neuron answers σ(z_j), whatever the others do.
shifted: sigma(z[j]) → sigma(z[j] - max(z))
    the largest z is taken from all first: that is for softmax, and it changes σ(z).
no-sigmoid: sigma(z[j]) → z[j]
    σ is left out: the activation is σ(z).
"""
)
_SLOPES = mistakes(
    """
no-slope:  * sigma_prime(z[j]) →
    σ'(z) is left out: the error must still be multiplied by the slope σ'(z_j).
slope-of-a: sigma_prime(z[j]) → sigma_prime(sigmoid(z[j]))
    σ'(a) is used where σ'(z) belongs: σ' is given the activation, but wants the weighted input z.
z-for-a: sigma_prime(z[j]) → (z[j] * (1.0 - z[j]))
    z (1 - z) is used where σ'(z) belongs: the short form of σ' is a (1 - a), with a = σ(z).
value-for-slope: sigma_prime(z[j]) → sigmoid(z[j])
    σ(z) is used where its slope σ'(z) = σ(z) (1 - σ(z)) belongs.
half-slope: sigma_prime(z[j]) → (1.0 - sigmoid(z[j]))
    1 - σ(z) is used where σ'(z) belongs: the factor σ(z) is missing.
tanh-slope: sigma_prime(z[j]) → (1.0 - sigmoid(z[j]) ** 2)
    1 - a² is the slope of tanh: that of the sigmoid is a (1 - a).
slope-twice: sigma_prime(z[j]) → sigma_prime(z[j]) * sigma_prime(z[j])
    σ'(z) is a factor twice: the error is multiplied by it once.
"""
)
_BP1 = mistakes(
    """
sign: return delta → return [-each for each in delta]
    the sign is flipped: δ = ∂C/∂a σ'(z), with no minus.
slope-alone: nabla_a[j] * sigma_prime → sigma_prime
    ∂C/∂a is left out: δ_j = ∂C/∂a_j σ'(z_j).
summed: return delta → return [sum(delta)] * len(delta)
    the neurons are added up: each output neuron j has an error δ_j.
slope-of-neighbour: sigma_prime(z[j]) → sigma_prime(z[0])
    σ' is taken of z_1 for every neuron: take it of the neuron's own z_j.
added: nabla_a[j] * sigma_prime → nabla_a[j] + sigma_prime
    ∂C/∂a and σ'(z) are added: they are multiplied.
"""
)
_BP2 = mistakes(
    """
transposed: w[k][j] → w[j][k]
    the weights are read transposed, w_jk for w_kj: the weight to neuron k of the next layer from
    neuron j is next_weights[k][j], so the sum runs down column j.
sign: return delta → return [-each for each in delta]
    the sign is flipped: the error goes back with the sign of the weights.
weights-alone: w[k][j] * delta_next[k] → w[k][j]
    the errors δ_k of the next layer are left out of the sum.
errors-alone: w[k][j] * delta_next[k] → delta_next[k]
    the weights are left out of the sum: each δ_k goes back through w_kj.
own-error: * delta_next[k] → * delta_next[j]
    the sum has δ_j where δ_k belongs: k runs over the next layer, and the error is that of neuron k.
slope-of-next: * delta_next[k]⏎        delta[j] = total * sigma_prime(z[j]) → * delta_next[k] * sigma_prime(z[k])⏎        delta[j] = total
    σ' is taken inside the sum, of z_k: it belongs outside, of the neuron's own z_j.
slope-of-neighbour: sigma_prime(z[j]) → sigma_prime(z[0])
    σ' is taken of z_1 for every neuron: take it of the neuron's own z_j.
last-neuron: range(len(delta_next)) → range(len(delta_next) - 1)
    the last neuron of the next layer is left out: the loop over k stops one too early.
overwritten: total +=  → total =
    the sum keeps its last term only: write total += …, not total = ….
first-term: range(len(delta_next)) → range(1)
    the sum keeps its first term only: it runs over every neuron k of the next layer.
running-total:     for j in range(len(z)):⏎        total = 0.0 →     total = 0.0⏎    for j in range(len(z)):
    the total is not set back to 0 for the next neuron j.
in-place: delta = [0.0] * len(z) → delta = delta_next
    δ is updated before it was used: the new δ_j overwrites an old δ_k that the next sum still
    needs. Write into a new list.
mean: total * sigma_prime → total / len(delta_next) * sigma_prime
    the sum is divided by the number of neurons: it is a sum, no mean.
"""
)
_BP3 = mistakes(
    """
ones: += delta[j] → += 1.0
    δ is left out: ∂z/∂b is 1, and ∂C/∂b is that times δ.
slope: += delta[j] → += sigmoid_prime(delta[j])
    σ' is applied: δ has it already, and ∂C/∂b = δ.
times-slope: += delta[j] → += delta[j] * sigmoid_prime(delta[j])
    δ is multiplied by σ' once more: δ has it already, and ∂C/∂b = δ.
square: += delta[j] → += delta[j] * delta[j]
    δ is squared: ∂C/∂b = δ.
mean: += delta[j] → += delta[j] / len(delta)
    it is divided by the number of neurons: ∂C/∂b_j = δ_j.
summed: += delta[j] → += sum(delta)
    the neurons are added up: each has a bias and a slope of its own.
sign: += delta[j] → -= delta[j]
    the sign is flipped: the minus of -η belongs to the update, not to the gradient.
"""
)
_BP4 = mistakes(
    """
transposed: return sums → return [list(column) for column in zip(*sums)]
    rows and columns are exchanged: ∂C/∂w_jk = a_k δ_j belongs in row j, column k.
sign: nabla_w[j][k] += → nabla_w[j][k] -=
    the sign is flipped: the minus of -η belongs to the update, not to the gradient.
sigmoid-of-a: a[k] * → sigmoid(a[k]) *
    σ is applied to the activation: a is σ(z) already.
slope-of-a: a[k] * → sigmoid_prime(a[k]) *
    σ' is applied to the activation: ∂C/∂w_jk = a_k δ_j.
times-slope: a[k] * → a[k] * a[k] * (1.0 - a[k]) *
    a (1 - a) is one factor too many: ∂C/∂w_jk = a_k δ_j.
error-alone: a[k] * delta[j] → delta[j]
    the activation is left out: ∂C/∂w_jk = a_k δ_j.
mean: a[k] * delta[j] → a[k] * delta[j] / len(delta)
    it is divided by the number of neurons: ∂C/∂w_jk = a_k δ_j.
added: a[k] * delta[j] → a[k] + delta[j]
    a_k and δ_j are added: they are multiplied.
diagonal: a[k] * delta[j] → a[k] * delta[j] * (j == k)
    only j = k is filled in: every neuron k leads to every neuron j.
inner: return sums → return sum((p * q for p, q in zip(a, delta)))
    this is the product a · δ, one number: ∂C/∂w_jk = a_k δ_j has a row j and a column k.
"""
)
_WHOLE = mistakes(
    """
sign-of-cost: a[j] - y[j] → y[j] - a[j]
    every sign is flipped, as by y - a for a - y: the gradient points the way in which C rises. The
    minus of -η belongs to the update.
no-output-slope: output_error(nabla_a, z[L]) → nabla_a
    σ'(z^L) is left out in the output layer: δ^L = (a^L - y) σ'(z^L), (BP1).
no-hidden-slope: total * sigma_prime(z[j]) → total
    σ'(z) is left out in the hidden layers: (BP2) ends with ⊙ σ'(z^l).
no-slope: return a * (1.0 - a) → return 1.0
    σ'(z) is left out everywhere: (BP1) and (BP2) both end with it.
slope-of-a: a = sigmoid(z)⏎ → a = sigmoid(sigmoid(z))⏎
    σ'(a) is used where σ'(z) belongs: σ' is given the activation, but wants the weighted input z.
    Keep the z of every layer.
hidden-slope-of-a: delta[l + 1], z[l]) → delta[l + 1], a[l])
    in the hidden layers σ'(a) is used where σ'(z) belongs: keep the z of every layer.
z-for-a: return a * (1.0 - a) → return z * (1.0 - z)
    z (1 - z) is used where σ'(z) belongs: the short form of σ' is a (1 - a), with a = σ(z).
value-for-slope: return a * (1.0 - a) → return a
    σ(z) is used where its slope σ'(z) belongs.
transposed: w[k][j] → w[j][k]
    in (BP2) the weights are read transposed, w_jk for w_kj: the error goes back from neuron k
    through weights[k][j], down column j.
own-weights: hidden_error(weights[l - 1] → hidden_error(weights[l - 2]
    in (BP2) the sum runs over the wrong layer: δ^l comes back through w^{l+1}, the weights that
    leave layer l, not those that lead to it.
output-error-again: delta[l + 1], z[l] → delta[L], z[l]
    in (BP2) the error of the output layer is used for every layer: δ^l comes from δ^{l+1}. Set
    delta anew in the loop.
slope-of-next: delta[l + 1], z[l]) → delta[l + 1], z[l + 1])
    in (BP2) σ' is taken of z^{l+1}: it is the neuron's own, z^l.
slope-of-before: delta[l + 1], z[l]) → delta[l + 1], z[l - 1])
    in (BP2) σ' is taken of z^{l-1}: it is the neuron's own, z^l.
in-place: delta = [0.0] * len(z)⏎    for j in range(len(z)):⏎        total → delta = delta_next⏎    for j in range(len(z)):⏎        total
    in (BP2) δ is updated before it was used: the new δ_j overwrites an old δ_k that the next sum
    still needs. Write into a new list.
overwritten: total += w[k][j] → total = w[k][j]
    in (BP2) the sum keeps its last term only: total += …, not total = ….
weights-alone: w[k][j] * delta_next[k] → w[k][j]
    in (BP2) the errors δ_k of the next layer are left out of the sum.
own-activation: weight_gradient(a[l - 1] → weight_gradient(a[l]
    in (BP4) the activation is a^l of the layer itself: ∂C/∂w^l_jk = a^{l-1}_k δ^l_j takes the layer
    before.
z-before: weight_gradient(a[l - 1] → weight_gradient(z[l - 1]
    in (BP4) z^{l-1} is used where a^{l-1} belongs.
updated-too-soon: a[l - 1], delta[l] → a[l - 1], delta[max(2, l - 1)]
    δ is updated before it was used: ∂C/∂w^l is made of δ^{l-1}, (BP4) of a layer comes before
    (BP2) of the next.
one-step-late: a[l - 1], delta[l] → a[l - 1], delta[min(L, l + 1)]
    ∂C/∂w^l is made of δ^{l+1}: δ must be brought back by (BP2) before (BP4) uses it.
no-bias: total + b[j] → total
    the bias is forgotten in the forward pass: z = w a + b.
linear-output: a[l] = activation(z[l]) → a[l] = activation(z[l]) if l < L else z[l]
    σ is left out in the output layer: its neurons are sigmoid neurons too.
linear-output-error: delta = {L: output_error(nabla_a, z[L])} → delta = {L: quadratic_derivative(z[L], y)}
    σ is left out in the output layer: its neurons are sigmoid neurons too.
two: a[j] - y[j] → 2.0 * (a[j] - y[j])
    a factor 2 is left over: C has a 1/2, so ∂C/∂a = a - y.
half: a[j] - y[j] → (a[j] - y[j]) / 2.0
    a factor 1/2 is left over: it cancels with the 2 of the square.
output-layer-only: delta[l] = hidden_error(weights[l - 1], delta[l + 1], z[l]) → delta[l] = [0.0] * len(z[l])
    the hidden layers are left at 0: the loop over l does not reach them.
gradient-transposed: a[k] * delta[j]⏎    return sums → a[k] * delta[j]⏎    return [list(column) for column in zip(*sums)]
    ∂C/∂w is transposed: ∂C/∂w_jk = a_k δ_j belongs in row j, column k.
backwards: return [nabla_b, nabla_w] → return [nabla_b[::-1], nabla_w[::-1]]
    the layers are in the wrong order: the first entry belongs to layer 2, the last to layer L.
biases-backwards: return [nabla_b, nabla_w] → return [nabla_b[::-1], nabla_w]
    the layers of nabla_b are in the wrong order: its first entry belongs to layer 2.
weights-backwards: return [nabla_b, nabla_w] → return [nabla_b, nabla_w[::-1]]
    the layers of nabla_w are in the wrong order: its first entry belongs to layer 2.
swapped: return [nabla_b, nabla_w] → return [nabla_w, nabla_b]
    the two halves are exchanged: the answer is (nabla_b, nabla_w), the biases first, as the
    arguments have them.
"""
)
_LAYERS = mistakes(
    """
no-sigmoid: a = activation(z) → a = z
    σ is left out in every layer: a = σ(z).
linear-output: a = activation(z) → a = activation(z) if i < len(biases) - 1 else z
    σ is left out in the output layer: its neurons are sigmoid neurons too.
sigmoid-of-x: a = x → a = activation(x)
    σ is applied to the input: a^1 = x as it is.
last-layer: range(len(biases)) → range(len(biases) - 1)
    the last layer is left out: the loop stops one too early.
first-layer-only: range(len(biases)) → range(1)
    only the first layer is passed: return after the loop, not inside it.
input-again: weighted_input(weights[i], a, → weighted_input(weights[i], x,
    every layer is given the input x: layer l is given the activations of layer l - 1.
"""
)
_NETWORK = "biases:vectors[L]~small weights:matrices[L]~small x:vector[first]~small"
_VALUES = (activation, sigmoid)
_PRIMES = (sigmoid_prime, sigmoid)

WEIGHTED_INPUT = role(
    "weighted_input weights:matrix[J,K] activations:vector[K] biases:vector[J]",
    "vector",
    "z",
    [[[1.0, 2.0], [3.0, 4.0]], [1.0, 0.5], [0.0, -1.0]],
    [2.0, 4.0],
    "(1 · 1 + 2 · 0.5 + 0, 3 · 1 + 4 · 0.5 - 1) = (2, 4)",
    (weighted_input, sigmoid),
    mistakes(
        """
sigmoid: return z → return [sigmoid(each) for each in z]
    σ is in it already: this is a = σ(z), and z itself is asked for.
        """
    )
    + _FORWARD,
)
ACTIVATIONS = role(
    "activations weighted_inputs:vector[J]",
    "vector",
    "a",
    [[0.0, 1000.0]],
    [0.5, 1.0],
    "(σ(0), σ(1000)) = (1/2, 1), 1 to the last digit",
    _VALUES,
    _ACTIVATION,
)
FEEDFORWARD = role(
    f"feedforward {_NETWORK}",
    "vector",
    "a^L",
    [[[3.0, 0.0], [0.0]], [[[-2.0, -2.0], [1.0, -2.0]], [[2.0, -2.0]]], [1.0, 0.5]],
    [0.5],
    "z^2 = (-2 - 1 + 3, 1 - 1 + 0) = (0, 0), a^2 = (1/2, 1/2), z^3 = 1 - 1 + 0 = 0, a^3 = 1/2",
    (feedforward_of, weighted_input, *_VALUES),
    _LAYERS + _FORWARD + _ACTIVATION,
    engine=lambda biases, weights, x: Network.from_parameters(biases, weights).predict(x),
    most=3,
)
COST_SLOPE = role(
    "cost_derivative outputs:vector[J] desired:vector[J]",
    "vector",
    "∂C/∂a",
    [[0.5, 2.0], [1.0, 1.0]],
    [-0.5, 1.0],
    "half a unit too low: -0.5; one unit too high: 1",
    (quadratic_derivative,),
    mistakes(
        """
sign: a[j] - y[j] → y[j] - a[j]
    y - a is used where a - y belongs: an output that is too high must have a positive slope.
two: a[j] - y[j] → 2.0 * (a[j] - y[j])
    a factor 2 is left over: the 1/2 in C cancels it.
half: a[j] - y[j] → (a[j] - y[j]) / 2.0
    the 1/2 is left over: the 2 from the square cancels it.
square: a[j] - y[j] → (a[j] - y[j]) ** 2 / 2.0
    this is the cost itself, neuron by neuron: its slope in a_j is a_j - y_j.
whole-square: a[j] - y[j] → (a[j] - y[j]) ** 2
    (a - y)² is worked out: its slope, with the 1/2, is a - y.
absolute: a[j] - y[j] → abs(a[j] - y[j])
    the sign is lost: a - y is negative where an output is too low.
times-slope: a[j] - y[j] → (a[j] - y[j]) * a[j] * (1.0 - a[j])
    a (1 - a) is in it already: that is σ', which (BP1) adds. ∂C/∂a_j alone is a_j - y_j.
divided-by-size: a[j] - y[j] → (a[j] - y[j]) / len(a)
    it is divided by the number of neurons: ∂C/∂a_j is a_j - y_j.
summed: return nabla_a → return [sum(nabla_a)] * len(a)
    the neurons are added up: each output has a slope of its own, a_j - y_j.
        """
    ),
)
SIGMOID_SLOPE = role(
    "sigmoid_prime z:number",
    "number",
    "σ'(z)",
    [0.0],
    0.25,
    "σ(0) (1 - σ(0)) = 1/2 · 1/2 = 1/4",
    _PRIMES,
    mistakes(
        """
of-activation: return a * (1.0 - a) → return z * (1.0 - z)
    z (1 - z) is worked out, which would be σ' if z were σ(z) already. Here z is the weighted input:
    take a = σ(z) first, then a (1 - a).
twice: a = sigmoid(z)⏎ → a = sigmoid(sigmoid(z))⏎
    σ is taken twice: this is σ'(a) where σ'(z) is meant.
value: return a * (1.0 - a) → return a
    this is σ(z) itself: its slope is σ(z) (1 - σ(z)).
half: return a * (1.0 - a) → return 1.0 - a
    a factor is missing: σ'(z) = σ(z) (1 - σ(z)), not 1 - σ(z) alone.
plus: return a * (1.0 - a) → return a * (1.0 + a)
    the sign in the bracket is wrong: 1 - σ(z), not 1 + σ(z).
square: return a * (1.0 - a) → return a * a
    this is σ(z)²: the second factor is 1 - σ(z).
mixed: return a * (1.0 - a) → return a * (1.0 - z)
    the second factor takes z for σ(z): σ'(z) = σ(z) (1 - σ(z)).
mixed-z: return a * (1.0 - a) → return z * (1.0 - a)
    the first factor takes z for σ(z): σ'(z) = σ(z) (1 - σ(z)).
tanh: return a * (1.0 - a) → return 1.0 - a * a
    1 - a² is the slope of tanh: that of the sigmoid is a (1 - a).
sign: return a * (1.0 - a) → return -a * (1.0 - a)
    the sign is flipped: a sigmoid rises everywhere, so its slope is positive.
        """
    ),
    more=tuple({"z": z} for z in (3.0, -4.0, 0.001, -7.5, 12.0)),
)
HADAMARD = role(
    "hadamard s:vector[J] t:vector[J]",
    "vector",
    "s ⊙ t",
    [[1.0, 2.0], [3.0, 4.0]],
    [3.0, 8.0],
    "(1 · 3, 2 · 4) = (3, 8)",
    (hadamard_of,),
    mistakes(
        """
inner: return product → return sum(product)
    the products are added up: s ⊙ t is a vector, s_j t_j for every j.
summed: return product → return [sum(product)] * len(s)
    the products are added up: s ⊙ t is a vector, s_j t_j for every j.
added: s[j] * t[j] → s[j] + t[j]
    the entries are added: they are multiplied.
flat-outer: return product → return [p * q for p in s for q in t]
    every s_j is multiplied by every t_k: s ⊙ t multiplies entry j by entry j.
outer: return product → return [[p * q for q in t] for p in s]
    every s_j is multiplied by every t_k, a matrix: s ⊙ t multiplies entry j by entry j.
        """
    ),
    engine=lambda s, t: s.hadamard(t),
)
BP1 = role(
    "output_error cost_derivative:vector[J] weighted_inputs:vector[J]",
    "vector",
    "error",
    [[-0.5, 1.0], [0.0, 0.0]],
    [-0.125, 0.25],
    "(-0.5 · 1/4, 1 · 1/4) = (-0.125, 0.25), as σ'(0) = 1/4",
    (output_error, *_PRIMES),
    _SLOPES + _BP1,
)
BP2 = role(
    "hidden_error next_weights:matrix[K,J] next_error:vector[K] weighted_inputs:vector[J]",
    "vector",
    "error",
    [[[1.0, 2.0], [3.0, 4.0]], [0.5, 1.0], [0.0, 0.0]],
    [0.875, 1.25],
    "((1 · 0.5 + 3 · 1) / 4, (2 · 0.5 + 4 · 1) / 4) = (0.875, 1.25), as σ'(0) = 1/4",
    (hidden_error, *_PRIMES),
    _BP2 + _SLOPES,
)
BP3 = role(
    "bias_gradient error:vector[J]",
    "vector",
    "nabla_b",
    [[-0.125, 0.25]],
    [-0.125, 0.25],
    "the error itself",
    (bias_gradient, *_PRIMES),
    _BP3,
)
BP4 = role(
    "weight_gradient activations:vector[K] error:vector[J]",
    "matrix",
    "nabla_w",
    [[1.0, 2.0], [0.5, -1.0]],
    [[0.5, 1.0], [-1.0, -2.0]],
    "row j is error j times (1, 2): (0.5, 1) and (-1, -2)",
    (weight_gradient, *_PRIMES),
    _BP4,
)
BACKPROP = role(
    f"backprop {_NETWORK} y:vector[last]~target",
    "gradient",
    "(nabla_b, nabla_w)",
    [[[0.0, 0.0], [0.0]], [[[1.0, 0.0], [0.0, 1.0]], [[1.0, -1.0]]], [0.0, 0.0], [1.0]],
    [[[-0.03125, 0.03125], [-0.125]], [[[0.0, 0.0], [0.0, 0.0]], [[-0.0625, -0.0625]]]],
    "all a are 1/2, all σ' 1/4: δ^3 = (1/2 - 1)/4 = -1/8, δ^2 = (-1/8, 1/8)/4, ∂C/∂w^3 = δ^3/2",
    (
        backprop_of,
        quadratic_derivative,
        output_error,
        hidden_error,
        bias_gradient,
        weight_gradient,
        weighted_input,
        *_VALUES,
        sigmoid_prime,
    ),
    _WHOLE,
    engine=lambda biases, weights, x, y: Network.from_parameters(biases, weights).backprop(x, y),
    most=3,
)


def _output_error(cost_derivative: Numbers, weighted_inputs: Numbers) -> list[float]:
    """Return the slope in z^L of a cost whose slope in a^L is ``cost_derivative``."""

    def cost(z: Sequence[float]) -> float:
        return oracle.dot(cost_derivative, [oracle.sigma(each) for each in z])

    return oracle.gradient(cost, weighted_inputs)


def _hidden_error(next_weights: Rows, next_error: Numbers, weighted_inputs: Numbers) -> list[float]:
    """Return the slope in z^l of a cost whose slope in z^{l+1} is ``next_error``."""

    def cost(z: Sequence[float]) -> float:
        a = [oracle.sigma(each) for each in z]
        return oracle.dot(next_error, [oracle.dot(w_k, a) for w_k in next_weights])

    return oracle.gradient(cost, weighted_inputs)


def _bias_gradient(error: Numbers) -> list[float]:
    """Return the slope in b of a cost whose slope in z = w a + b is ``error``."""
    return oracle.gradient(lambda b: oracle.dot(error, b), [0.0] * len(error))


def _weight_gradient(activations: Numbers, error: Numbers) -> list[list[float]]:
    """Return the slope in each w_jk of a cost whose slope in z = w a + b is ``error``."""
    nothing = [0.0] * len(activations)

    def row_of(j: int) -> list[float]:
        return oracle.gradient(lambda w_j: error[j] * oracle.dot(w_j, activations), nothing)

    return [row_of(j) for j in range(len(error))]


def _backprop(biases: Rows, weights: Sequence[Rows], x: Numbers, y: Numbers) -> list[Any]:
    """Every ∂C/∂b and ∂C/∂w, by moving that one number and running the network again."""

    def with_biases(i: int, b: list[float]) -> float:
        return oracle.cost(oracle.outputs([*biases[:i], b, *biases[i + 1 :]], weights, x), y)

    def with_row(i: int, j: int, w_j: list[float]) -> float:
        w = [*weights[i][:j], w_j, *weights[i][j + 1 :]]
        return oracle.cost(oracle.outputs(biases, [*weights[:i], w, *weights[i + 1 :]], x), y)

    nabla_b = [
        oracle.gradient(lambda b, i=i: with_biases(i, b), vector)  # type: ignore[misc]
        for i, vector in enumerate(biases)
    ]
    nabla_w = [
        [
            oracle.gradient(lambda w_j, i=i, j=j: with_row(i, j, w_j), w_j)  # type: ignore[misc]
            for j, w_j in enumerate(matrix)
        ]
        for i, matrix in enumerate(weights)
    ]
    return [nabla_b, nabla_w]


CLAIMS = [
    claim(
        "weighted-input",
        2,
        WEIGHTED_INPUT,
        "z",
        "The weighted input of neuron j is the sum over the layer before of the weight to j from k "
        "times the activation of k, plus the bias of j.",
        Definition(oracle.weighted_inputs),
    ),
    claim(
        "activation",
        2,
        ACTIVATIONS,
        "a",
        "The activation of a neuron is σ of its weighted input, neuron by neuron.",
        Definition(lambda weighted_inputs: [oracle.sigma(z) for z in weighted_inputs], 1e-12),
        {"weighted_inputs": [-1000.0]},
    ),
    claim(
        "feedforward",
        2,
        FEEDFORWARD,
        "22 23 25",
        "The output of a network is found layer after layer: a' = σ(w a + b), from the input on.",
        Definition(oracle.outputs),
    ),
    claim(
        "cost-formula",
        2,
        COST,
        "27",
        "The quadratic cost of one example is half the squared distance from the output to what "
        "was wanted.",
        Definition(lambda outputs, desired: oracle.cost(outputs, desired), 1e-11, 1e-11),
    ),
    claim(
        "cost-slope",
        2,
        COST_SLOPE,
        "∂C/∂a",
        "∂C/∂a is the slope of the quadratic cost in each output: a - y.",
        Definition(
            lambda outputs, desired: oracle.gradient(lambda a: oracle.cost(a, desired), outputs),
            1e-7,
            1e-7,
        ),
    ),
    claim(
        "hadamard",
        2,
        HADAMARD,
        "28",
        "The Hadamard product multiplies two vectors entry by entry.",
        Definition(lambda s, t: [p * q for p, q in zip(s, t)]),
    ),
    claim(
        "sigmoid-slope",
        2,
        SIGMOID_SLOPE,
        "σ'",
        "σ'(z) = σ(z) (1 - σ(z)) is the slope of σ at z.",
        Definition(lambda z: oracle.slope(oracle.sigma, z), 1e-9, 1e-7),
    ),
    claim(
        "bp1",
        2,
        BP1,
        "BP1 BP1a",
        "The error of an output neuron is how fast the cost changes with its activation, times how "
        "fast its activation changes with z.",
        Definition(_output_error, 1e-7, 1e-7),
    ),
    claim(
        "bp2",
        2,
        BP2,
        "BP2",
        "The error of a hidden neuron is the sum of the errors after it, each times the weight "
        "that leads there, times the slope σ'(z) of the neuron itself.",
        Definition(_hidden_error, 1e-7, 1e-7),
    ),
    claim(
        "bp3",
        2,
        BP3,
        "BP3 31",
        "The slope of the cost in a bias is the error of its neuron.",
        Definition(_bias_gradient, 1e-7, 1e-7),
    ),
    claim(
        "bp4",
        2,
        BP4,
        "BP4 32",
        "The slope of the cost in a weight is the activation that goes into it times the error of "
        "the neuron it leads to.",
        Definition(_weight_gradient, 1e-7, 1e-7),
    ),
    claim(
        "backprop",
        2,
        BACKPROP,
        "BP1 BP2 BP3 BP4",
        "Backpropagation finds every ∂C/∂w and ∂C/∂b: the slope that the cost shows when that one "
        "weight or bias is moved.",
        Definition(_backprop, 1e-6, 1e-5),
    ),
    claim(
        "numerical-slope",
        2,
        SLOPE,
        "46",
        "The slope of C at v is found by moving v a little, by 0.01 or less, and seeing how much C "
        "changes for it.",
        Definition(curve_slope, *ONE_SIDED),
    ),
]
