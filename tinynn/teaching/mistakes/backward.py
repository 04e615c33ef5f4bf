"""Known mistakes in the forward pass and in the four equations of backpropagation."""

from __future__ import annotations

from typing import Any, NamedTuple

from tinynn.teaching.mistakes.family import Family, Wrong
from tinynn.teaching.oracle import Numbers, Rows, sigma

Matrix = list[list[float]]
Gradient = list[Any]


def _sigma_prime(z: float) -> float:
    return sigma(z) * (1.0 - sigma(z))


def _slope(wrong: Wrong, z: float) -> float:
    if "no-slope" in wrong:
        return 1.0
    if "slope-of-a" in wrong:
        return _sigma_prime(sigma(z))
    if "z-for-a" in wrong:
        return z * (1.0 - z)
    if "value-for-slope" in wrong:
        return sigma(z)
    if "half-slope" in wrong:
        return 1.0 - sigma(z)
    return _sigma_prime(z)


def _columns(rows: Rows) -> Matrix:
    """Return a square matrix transposed; IndexError, as a loop would have it, for another."""
    if any(len(row) != len(rows) for row in rows):
        raise IndexError("only a square matrix can be transposed unnoticed")
    return [list(column) for column in zip(*rows)]


def _weighted_input(
    wrong: Wrong, weights: Rows, activations: Numbers, biases: Numbers
) -> list[float]:
    if "transposed" in wrong:
        weights = _columns(weights)
    if "no-bias" in wrong:
        biases = [0.0] * len(biases)
    if "bias-subtracted" in wrong:
        biases = [-b for b in biases]
    if "bias-each-input" in wrong:
        biases = [b * len(activations) for b in biases]
    if "first-bias" in wrong:
        biases = [biases[0]] * len(biases)
    z: list[float] = []
    for row, b in zip(weights, biases):
        products = [w * a for w, a in zip(row, activations)]
        if "last-input" in wrong:
            products = products[:-1]
        if "overwritten" in wrong:
            products = products[-1:]
        if "running-total" in wrong:
            products = [*products, *z[-1:]]
        z.append(sum(products) + b)
    return [sigma(each) for each in z] if "sigmoid" in wrong else z


def _activation(wrong: Wrong, weighted_inputs: Numbers) -> list[float]:
    if "step" in wrong:
        return [float(z > 0.0) for z in weighted_inputs]
    if "slope" in wrong:
        return [_sigma_prime(z) for z in weighted_inputs]
    if "no-sigmoid" in wrong:
        return list(weighted_inputs)
    return [sigma(-z if "sign" in wrong else z) for z in weighted_inputs]


def _feedforward(wrong: Wrong, biases: Rows, weights: list[Matrix], x: Numbers) -> list[float]:
    a = [sigma(each) for each in x] if "sigmoid-of-x" in wrong else list(x)
    layers = list(zip(biases, weights))
    if "last-layer" in wrong:
        layers = layers[:-1]
    if "first-layer-only" in wrong:
        layers = layers[:1]
    for l, (b, w) in enumerate(layers):
        a = _weighted_input(wrong, w, a, b)
        last = l == len(layers) - 1
        if "step" in wrong:
            a = [float(each > 0.0) for each in a]
        elif "no-sigmoid" not in wrong and not ("linear-output" in wrong and last):
            a = [sigma(each) for each in a]
    return a


def _output_error(wrong: Wrong, cost_derivative: Numbers, weighted_inputs: Numbers) -> list[float]:
    delta = [d * _slope(wrong, z) for d, z in zip(cost_derivative, weighted_inputs)]
    if "slope-alone" in wrong:
        delta = [_slope(wrong, z) for z in weighted_inputs]
    if "summed" in wrong:
        delta = [sum(delta)] * len(delta)
    if "slope-of-neighbour" in wrong:
        delta = [d * _slope(wrong, weighted_inputs[0]) for d in cost_derivative]
    if "added" in wrong:
        delta = [d + _slope(wrong, z) for d, z in zip(cost_derivative, weighted_inputs)]
    return [-each for each in delta] if "sign" in wrong else delta


def _hidden_error(
    wrong: Wrong, next_weights: Rows, next_error: Numbers, weighted_inputs: Numbers
) -> list[float]:
    w = _columns(next_weights) if "transposed" in wrong else next_weights
    K = len(next_error)
    errors = list(next_error)
    delta = []
    for j, z in enumerate(weighted_inputs):
        terms = [w[k][j] * errors[k] for k in range(K)]
        if "weights-alone" in wrong:
            terms = [w[k][j] for k in range(K)]
        if "errors-alone" in wrong:
            terms = list(errors)
        if "own-error" in wrong:
            terms = [w[k][j] * next_error[j] for k in range(K)]
        if "slope-of-next" in wrong:
            slopes = [_slope(wrong, weighted_inputs[k]) for k in range(K)]
            delta.append(sum(term * slope for term, slope in zip(terms, slopes)))
            continue
        if "last-neuron" in wrong:
            terms = terms[:-1]
        if "overwritten" in wrong:
            terms = terms[-1:]
        if "first-term" in wrong:
            terms = terms[:1]
        if "running-total" in wrong and j > 0:
            terms = [*terms, delta[-1] / _slope(wrong, weighted_inputs[j - 1])]
        delta.append(sum(terms) * _slope(wrong, z))
        if "in-place" in wrong and j < K:
            errors[j] = delta[j]
    return [-each for each in delta] if "sign" in wrong else delta


def _bias_gradient(wrong: Wrong, error: Numbers) -> list[float]:
    if "ones" in wrong:
        return [1.0] * len(error)
    if "slope" in wrong:
        return [_sigma_prime(each) for each in error]
    if "times-slope" in wrong:
        return [each * _sigma_prime(each) for each in error]
    if "square" in wrong:
        return [each * each for each in error]
    if "mean" in wrong:
        return [each / len(error) for each in error]
    if "summed" in wrong:
        return [sum(error)] * len(error)
    return [-each if "sign" in wrong else each for each in error]


def _weight_gradient(wrong: Wrong, activations: Numbers, error: Numbers) -> Matrix:
    incoming = list(activations)
    if "sigmoid-of-a" in wrong:
        incoming = [sigma(a) for a in activations]
    if "slope-of-a" in wrong:
        incoming = [_sigma_prime(a) for a in activations]
    if "times-slope" in wrong:
        incoming = [a * a * (1.0 - a) for a in activations]
    if "error-alone" in wrong:
        incoming = [1.0] * len(incoming)
    factor = -1.0 if "sign" in wrong else 1.0
    if "mean" in wrong:
        factor /= len(error)
    nabla_w = [[factor * a * delta for a in incoming] for delta in error]
    if "added" in wrong:
        nabla_w = [[a + delta for a in incoming] for delta in error]
    if "diagonal" in wrong:
        nabla_w = [
            [each if j == k else 0.0 for k, each in enumerate(row)] for j, row in enumerate(nabla_w)
        ]
    return [list(column) for column in zip(*nabla_w)] if "transposed" in wrong else nabla_w


class _Pass(NamedTuple):
    """What the forward pass leaves behind: z and a, by layer, from the input layer on."""

    z: list[list[float]]
    a: list[list[float]]


def _forward(wrong: Wrong, biases: Rows, weights: list[Matrix], x: Numbers) -> _Pass:
    passed = _Pass([list(x)], [list(x)])
    for b, w in zip(biases, weights):
        z = _weighted_input(wrong & {"no-bias"}, w, passed.a[-1], b)
        passed.z.append(z)
        linear = "linear-output" in wrong and len(passed.z) == len(biases) + 1
        passed.a.append(z if linear else [sigma(each) for each in z])
    return passed


def _backprop(
    wrong: Wrong, biases: Rows, weights: list[Matrix], x: Numbers, y: Numbers
) -> Gradient:
    """Return (nabla_b, nabla_w); the lists count layers from 0, the input layer."""
    passed = _forward(wrong, biases, weights, x)
    L = len(biases)
    cost_wrong = wrong & {"sign-of-cost", "two", "half"}
    names = {"sign-of-cost": "sign"}
    nabla_a = _output_slopes(frozenset(names.get(name, name) for name in cost_wrong), passed, y)
    at_output = {"no-output-slope": "no-slope"}
    slopes = wrong & {"no-slope", "slope-of-a", "z-for-a", "value-for-slope"}
    out = slopes | {at_output[name] for name in wrong if name in at_output}
    if "linear-output" in wrong:
        out = out | {"no-slope"}
    hidden = slopes | {"no-slope" for name in wrong if name == "no-hidden-slope"}
    hidden = hidden | (wrong & {"transposed", "in-place", "overwritten", "weights-alone"})
    deltas = {L: _output_error(frozenset(out), nabla_a, passed.z[L])}
    for l in range(L - 1, 0, -1):
        w = weights[l - 1] if "own-weights" in wrong else weights[l]
        z = passed.z[l]
        if "slope-of-next" in wrong:
            z = passed.z[l + 1]
        if "slope-of-before" in wrong:
            z = passed.z[l - 1]
        if len(z) != len(biases[l - 1]) or [len(w), len(w[0])] != [len(weights[l]), len(z)]:
            raise IndexError("other sizes: this mistake would not get through")
        deltas[l] = _hidden_error(frozenset(hidden), w, deltas[l + 1], z)
        if "output-error-again" in wrong:
            deltas[l] = _hidden_error(frozenset(hidden), w, deltas[L], z)
    return _gradients(wrong, passed, deltas, L)


def _output_slopes(wrong: Wrong, passed: _Pass, y: Numbers) -> list[float]:
    factor = -1.0 if "sign" in wrong else 1.0
    if "two" in wrong:
        factor *= 2.0
    if "half" in wrong:
        factor /= 2.0
    return [factor * (a - each) for a, each in zip(passed.a[-1], y)]


def _gradients(wrong: Wrong, passed: _Pass, deltas: dict[int, list[float]], L: int) -> Gradient:
    nabla_b, nabla_w = [], []
    for l in range(1, L + 1):
        delta = deltas[l]
        before = passed.a[l - 1]
        if "own-activation" in wrong:
            before = passed.a[l]
        if "z-before" in wrong:
            before = passed.z[l - 1]
        late = delta
        if "updated-too-soon" in wrong:
            late = deltas[max(1, l - 1)]
        if "one-step-late" in wrong:
            late = deltas[min(L, l + 1)]
        if len(before) != len(passed.a[l - 1]) or len(late) != len(delta):
            raise IndexError("other sizes: this mistake would not get through")
        zero = "output-layer-only" in wrong and l < L
        b = [0.0 if zero else each for each in delta]
        w = [[0.0 if zero else a * each for a in before] for each in late]
        nabla_b.append(b)
        if "gradient-transposed" in wrong:
            w = [list(column) for column in zip(*w)]
        nabla_w.append(w)
    if "backwards" in wrong:
        nabla_b.reverse()
        nabla_w.reverse()
    return [nabla_b, nabla_w]


_SLOPES = {
    "no-slope": "σ'(z) is left out: the error must still be multiplied by the slope σ'(z_j).",
    "slope-of-a": "σ'(a) stands where σ'(z) belongs: σ' is given the activation, but wants the "
    "weighted input z.",
    "z-for-a": "z (1 - z) stands where σ'(z) belongs: the short form of σ' is a (1 - a), with "
    "a = σ(z).",
    "value-for-slope": "σ(z) stands where its slope σ'(z) = σ(z) (1 - σ(z)) belongs.",
    "half-slope": "1 - σ(z) stands where σ'(z) belongs: the factor σ(z) is missing.",
}
_FORWARD = {
    "transposed": "the weights are read transposed, w_kj for w_jk: row j of the matrix belongs to "
    "neuron j, so z_j sums over weights[j][k].",
    "no-bias": "the bias is forgotten: z_j = Σ_k w_jk a_k + b_j.",
    "bias-subtracted": "the bias is subtracted: z_j = Σ_k w_jk a_k + b_j.",
    "bias-each-input": "the bias is added once for every k: it belongs outside the sum, once for a "
    "neuron.",
    "first-bias": "every neuron gets the bias of neuron 1: neuron j has its own, b_j.",
    "last-input": "the last activation is left out of the sum: the loop stops one too early.",
    "overwritten": "the sum keeps its last term only: write total += …, not total = ….",
    "running-total": "the total is not set back to 0 for the next neuron j.",
}

FAMILIES = [
    Family(
        "weighted_input",
        _weighted_input,
        {
            **_FORWARD,
            "sigmoid": "σ is in it already: this is a = σ(z), and z itself is asked for.",
        },
    ),
    Family(
        "activations",
        _activation,
        {
            "sign": "the sign of z is flipped: the power is e^(-z), in 1 / (1 + e^(-z)).",
            "step": "these are perceptrons, 0 or 1: a sigmoid neuron answers σ(z).",
            "slope": "this is the slope σ'(z): the activation is σ(z).",
            "no-sigmoid": "σ is left out: the activation is σ(z).",
        },
        pairs=False,
    ),
    Family(
        "feedforward",
        _feedforward,
        {
            **_FORWARD,
            "no-sigmoid": "σ is left out in every layer: a = σ(z).",
            "linear-output": "σ is left out in the output layer: its neurons are sigmoid neurons "
            "too.",
            "sigmoid-of-x": "σ is applied to the input: a^1 = x as it stands.",
            "step": "these are perceptrons, 0 or 1: a sigmoid neuron answers σ(z).",
            "last-layer": "the last layer is left out: the loop stops one too early.",
            "first-layer-only": "only the first layer is passed: return after the loop, not inside "
            "it.",
        },
    ),
    Family(
        "output_error",
        _output_error,
        {
            **_SLOPES,
            "sign": "the sign is flipped: δ = ∂C/∂a σ'(z), with no minus.",
            "slope-alone": "∂C/∂a is left out: δ_j = ∂C/∂a_j σ'(z_j).",
            "summed": "the neurons are added up: each output neuron j has an error δ_j of its own.",
            "slope-of-neighbour": "σ' is taken of z_1 for every neuron: take it of the neuron's "
            "own z_j.",
            "added": "∂C/∂a and σ'(z) are added: they are multiplied.",
        },
    ),
    Family(
        "hidden_error",
        _hidden_error,
        {
            "transposed": "the weights are read transposed, w_jk for w_kj: the weight to neuron k "
            "of the next layer from neuron j is next_weights[k][j], so the sum runs down column j.",
            **_SLOPES,
            "sign": "the sign is flipped: the error goes back with the sign of the weights.",
            "weights-alone": "the errors δ_k of the next layer are left out of the sum.",
            "errors-alone": "the weights are left out of the sum: each δ_k goes back through w_kj.",
            "own-error": "the sum has δ_j where δ_k belongs: k runs over the next layer, and the "
            "error is that of neuron k.",
            "slope-of-next": "σ' is taken inside the sum, of z_k: it stands outside, of the "
            "neuron's own z_j.",
            "last-neuron": "the last neuron of the next layer is left out: the loop over k stops "
            "one too early.",
            "overwritten": "the sum keeps its last term only: write total += …, not total = ….",
            "first-term": "the sum keeps its first term only: it runs over every neuron k of the "
            "next layer.",
            "running-total": "the total is not set back to 0 for the next neuron j.",
            "in-place": "δ is updated before it was used: the new δ_j overwrites an old δ_k that "
            "the next sum still needs. Write into a new list.",
        },
    ),
    Family(
        "bias_gradient",
        _bias_gradient,
        {
            "ones": "δ is left out: ∂z/∂b is 1, and ∂C/∂b is that times δ.",
            "slope": "σ' is applied: δ has it already, and ∂C/∂b = δ.",
            "times-slope": "δ is multiplied by σ' once more: δ has it already, and ∂C/∂b = δ.",
            "square": "δ is squared: ∂C/∂b = δ.",
            "mean": "it is divided by the number of neurons: ∂C/∂b_j = δ_j.",
            "summed": "the neurons are added up: each has a bias and a slope of its own.",
            "sign": "the sign is flipped: the minus of -η belongs to the update, not to the "
            "gradient.",
        },
        pairs=False,
    ),
    Family(
        "weight_gradient",
        _weight_gradient,
        {
            "transposed": "rows and columns are exchanged: ∂C/∂w_jk = a_k δ_j stands in row j, "
            "column k.",
            "sign": "the sign is flipped: the minus of -η belongs to the update, not to the "
            "gradient.",
            "sigmoid-of-a": "σ is applied to the activation: a is σ(z) already.",
            "slope-of-a": "σ' is applied to the activation: ∂C/∂w_jk = a_k δ_j.",
            "times-slope": "a (1 - a) is one factor too many: ∂C/∂w_jk = a_k δ_j.",
            "error-alone": "the activation is left out: ∂C/∂w_jk = a_k δ_j.",
            "mean": "it is divided by the number of neurons: ∂C/∂w_jk = a_k δ_j.",
            "added": "a_k and δ_j are added: they are multiplied.",
            "diagonal": "only j = k is filled in: every neuron k leads to every neuron j.",
        },
    ),
    Family(
        "backprop",
        _backprop,
        {
            "sign-of-cost": "every sign is flipped, as by y - a for a - y: the gradient points the "
            "way in which C rises. The minus of -η belongs to the update.",
            "no-output-slope": "σ'(z^L) is left out in the output layer: δ^L = (a^L - y) σ'(z^L), "
            "(BP1).",
            "no-hidden-slope": "σ'(z) is left out in the hidden layers: (BP2) ends with ⊙ σ'(z^l).",
            "no-slope": "σ'(z) is left out everywhere: (BP1) and (BP2) both end with it.",
            "slope-of-a": "σ'(a) stands where σ'(z) belongs: σ' is given the activation, but wants "
            "the weighted input z. Keep the z of every layer.",
            "z-for-a": "z (1 - z) stands where σ'(z) belongs: the short form of σ' is a (1 - a), "
            "with a = σ(z).",
            "value-for-slope": "σ(z) stands where its slope σ'(z) belongs.",
            "transposed": "in (BP2) the weights are read transposed, w_jk for w_kj: the error goes "
            "back from neuron k through weights[k][j], down column j.",
            "own-weights": "in (BP2) the sum runs over the wrong layer: δ^l comes back through "
            "w^{l+1}, the weights that leave layer l, not those that lead to it.",
            "output-error-again": "in (BP2) the error of the output layer is used for every layer: "
            "δ^l comes from δ^{l+1}. Set delta anew in the loop.",
            "slope-of-next": "in (BP2) σ' is taken of z^{l+1}: it is the neuron's own, z^l.",
            "slope-of-before": "in (BP2) σ' is taken of z^{l-1}: it is the neuron's own, z^l.",
            "in-place": "in (BP2) δ is updated before it was used: the new δ_j overwrites an old "
            "δ_k that the next sum still needs. Write into a new list.",
            "overwritten": "in (BP2) the sum keeps its last term only: total += …, not total = ….",
            "weights-alone": "in (BP2) the errors δ_k of the next layer are left out of the sum.",
            "own-activation": "in (BP4) the activation is a^l of the layer itself: ∂C/∂w^l_jk = "
            "a^{l-1}_k δ^l_j takes the layer before.",
            "z-before": "in (BP4) z^{l-1} stands where a^{l-1} belongs.",
            "updated-too-soon": "δ is updated before it was used: ∂C/∂w^l is made of δ^{l-1}, "
            "(BP4) of a layer comes before (BP2) of the next.",
            "one-step-late": "∂C/∂w^l is made of δ^{l+1}: δ must be brought back by (BP2) before "
            "(BP4) uses it.",
            "no-bias": "the bias is forgotten in the forward pass: z = w a + b.",
            "linear-output": "σ is left out in the output layer: its neurons are sigmoid neurons "
            "too.",
            "two": "a factor 2 is left over: C has a 1/2, so ∂C/∂a = a - y.",
            "half": "a factor 1/2 is left over: it cancels with the 2 of the square.",
            "output-layer-only": "the hidden layers are left at 0: the loop over l does not reach "
            "them.",
            "gradient-transposed": "∂C/∂w is transposed: ∂C/∂w_jk = a_k δ_j stands in row j, "
            "column k.",
            "backwards": "the layers are in the wrong order: the first entry belongs to layer 2, "
            "the last to layer L.",
        },
    ),
]
