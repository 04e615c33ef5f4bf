"""Roles: the kinds of function that a claim judges, each with a call worked by hand."""

from __future__ import annotations

from typing import Any, NamedTuple

# What a parameter of each kind is, to a student who passes plain lists.
KINDS = {
    "number": "a number",
    "count": "a whole number",
    "bit": "0 or 1",
    "table": "a list of bits, the answers for inputs counted up in binary",
    "vector": "a list of numbers",
    "matrix": "a list of rows, each a list of numbers",
    "vectors": "a list with a vector for each layer, from layer 2",
    "matrices": "a list with a matrix for each layer, from layer 2",
    "rows": "a list of vectors of one size",
    "examples": "a list of examples, each a pair (x, y)",
    "rng": "a random.Random: rng.shuffle(list), rng.random()",
    "curve": "a function of one number",
    "valley": "a function of a vector",
}


class Parameter(NamedTuple):
    """One parameter of a role, and its kind, one of KINDS.

    What is no number or list is told in plain numbers too: an ``rng`` by its seed, a ``curve``
    C(v) by its coefficients c_0, c_1, c_2, …, a ``valley`` C(v) = 1/2 v · A v by the rows of A.
    """

    name: str
    kind: str


class Example(NamedTuple):
    """A call worked by hand, in plain numbers; ``result`` is None where chance decides it."""

    arguments: dict[str, Any]
    result: Any
    arithmetic: str


class Role(NamedTuple):
    """What kind of function a claim judges: its name in a student's file, and how it is called.

    ``returns`` is ``number``, ``bit``, ``bits`` (two of them), ``vector``, ``matrix``,
    ``gradient`` (nabla_b and nabla_w), ``batches`` (lists of examples) or ``circuit`` (a function
    of bits).
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    result: str
    example: Example

    @property
    def signature(self) -> str:
        """The call as it stands in a student's file: ``sigmoid(z) -> a``."""
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"{self.name}({names}) -> {self.result}"


def _role(
    signature: str,
    returns: str,
    result: str,
    example: list[Any],
    came: Any,
    arithmetic: str,
) -> Role:
    """Make a role of ``"name parameter:kind …"`` and an example in the order of the parameters."""
    name, *pairs = signature.split()
    parameters = tuple(Parameter(*pair.split(":")) for pair in pairs)
    arguments = {parameter.name: value for parameter, value in zip(parameters, example)}
    return Role(name, parameters, returns, result, Example(arguments, came, arithmetic))


_NEURON = "weights:vector inputs:vector"

_CHAPTER_1 = [
    _role(
        f"weighted_sum {_NEURON}",
        "number",
        "w · x",
        [[6.0, 2.0, 2.0], [1.0, 0.0, 1.0]],
        8.0,
        "6 · 1 + 2 · 0 + 2 · 1 = 8",
    ),
    _role(
        f"perceptron_threshold {_NEURON} threshold:number",
        "bit",
        "0 or 1",
        [[6.0, 2.0, 2.0], [0.0, 1.0, 1.0], 5.0],
        0.0,
        "6 · 0 + 2 · 1 + 2 · 1 = 4, which is not above 5: 0",
    ),
    _role(
        f"perceptron {_NEURON} bias:number",
        "bit",
        "0 or 1",
        [[-2.0, -2.0], [0.0, 1.0], 3.0],
        1.0,
        "-2 · 0 - 2 · 1 + 3 = 1, which is above 0: 1",
    ),
    _role("nand p:bit q:bit", "bit", "0 or 1", [1, 1], 0, "both are 1: 0; in all other cases 1"),
    _role(
        "half_adder p:bit q:bit",
        "bits",
        "(sum, carry)",
        [1, 1],
        [0, 1],
        "1 + 1 = 2, in binary 10: sum 0, carry 1",
    ),
    _role(
        "build_circuit truth_table:table",
        "circuit",
        "circuit(x1, x2, …) -> 0 or 1",
        [[0, 1, 1, 0]],
        None,
        "answers for x1 x2 = 00, 01, 10, 11: circuit(0, 1) is 1, circuit(1, 1) is 0",
    ),
    _role("sigmoid z:number", "number", "σ(z)", [0.0], 0.5, "1 / (1 + e^0) = 1 / 2"),
    _role(
        f"sigmoid_neuron {_NEURON} bias:number",
        "number",
        "σ(w · x + b)",
        [[-2.0, -2.0], [1.0, 0.5], 3.0],
        0.5,
        "z = -2 · 1 - 2 · 0.5 + 3 = 0, and σ(0) = 1/2",
    ),
    _role(
        f"output_change {_NEURON} bias:number delta_weights:vector delta_bias:number",
        "number",
        "Δoutput",
        [[-2.0, -2.0], [1.0, 0.5], 3.0, [0.25, 0.0], 0.25],
        0.125,
        "at z = 0 the slope is 1/4: 1/4 (1 · 0.25 + 0.5 · 0) + 1/4 · 0.25 = 0.125",
    ),
    _role(
        "mean_cost outputs_list:rows desired_list:rows",
        "number",
        "C",
        [[[0.5, 1.0], [1.0, 0.0]], [[1.0, 1.0], [0.0, 0.0]]],
        0.3125,
        "n = 2 examples: (0.5² + 0² + 1² + 0²) / (2 · 2) = 1.25 / 4 = 0.3125",
    ),
    _role(
        "cost_change gradient:vector delta_v:vector",
        "number",
        "ΔC",
        [[2.0, -1.0], [0.5, 0.25]],
        0.75,
        "2 · 0.5 - 1 · 0.25 = 0.75",
    ),
    _role(
        "numerical_gradient cost:valley v:vector",
        "vector",
        "∇C",
        [[[2.0, 0.0], [0.0, 6.0]], [1.0, 2.0]],
        [2.0, 12.0],
        "C = v_1² + 3 v_2² has the slopes 2 v_1 = 2 and 6 v_2 = 12 at (1, 2)",
    ),
    _role(
        "descent_step gradient:vector eta:number",
        "vector",
        "Δv",
        [[2.0, -4.0], 0.25],
        [-0.5, 1.0],
        "(-0.25 · 2, -0.25 · (-4)) = (-0.5, 1)",
    ),
    _role(
        "update v:vector gradient:vector eta:number",
        "vector",
        "new v",
        [[1.0, 1.0], [2.0, -4.0], 0.25],
        [0.5, 2.0],
        "(1 - 0.25 · 2, 1 - 0.25 · (-4)) = (0.5, 2)",
    ),
    _role(
        "mean_gradient gradients:rows",
        "vector",
        "mean",
        [[[3.0, 0.0], [6.0, 1.0], [0.0, 2.0]]],
        [3.0, 1.0],
        "m = 3: ((3 + 6 + 0) / 3, (0 + 1 + 2) / 3) = (3, 1)",
    ),
    _role(
        "update_weights weights:matrix nabla_sum:matrix eta:number m:count",
        "matrix",
        "new weights",
        [[[1.0, 2.0], [3.0, 4.0]], [[4.0, -4.0], [0.0, 8.0]], 0.5, 2],
        [[0.0, 3.0], [3.0, 2.0]],
        "η/m = 0.25: 1 - 0.25 · 4 = 0, 2 - 0.25 · (-4) = 3, 3 - 0.25 · 0 = 3, 4 - 0.25 · 8 = 2",
    ),
    _role(
        "update_biases biases:vector nabla_sum:vector eta:number m:count",
        "vector",
        "new biases",
        [[1.0, 2.0], [4.0, -4.0], 0.5, 2],
        [0.0, 3.0],
        "η/m = 0.25: 1 - 0.25 · 4 = 0, 2 - 0.25 · (-4) = 3",
    ),
    _role(
        "mini_batches examples:examples size:count rng:rng",
        "batches",
        "list of mini-batches",
        [[(1, 1), (2, 4), (3, 9)], 2, 0],
        None,
        "shuffled, and cut into twos: such as [[(2, 4), (1, 1)], [(3, 9)]]; rng is a random.Random",
    ),
]

_CHAPTER_2 = [
    _role(
        "weighted_input weights:matrix activations:vector biases:vector",
        "vector",
        "z",
        [[[1.0, 2.0], [3.0, 4.0]], [1.0, 0.5], [0.0, -1.0]],
        [2.0, 4.0],
        "(1 · 1 + 2 · 0.5 + 0, 3 · 1 + 4 · 0.5 - 1) = (2, 4)",
    ),
    _role(
        "activations weighted_inputs:vector",
        "vector",
        "a",
        [[0.0, 1000.0]],
        [0.5, 1.0],
        "(σ(0), σ(1000)) = (1/2, 1), 1 to the last digit",
    ),
    _role(
        "feedforward biases:vectors weights:matrices x:vector",
        "vector",
        "a^L",
        [[[3.0, 0.0], [0.0]], [[[-2.0, -2.0], [1.0, -2.0]], [[2.0, -2.0]]], [1.0, 0.5]],
        [0.5],
        "z^2 = (-2 - 1 + 3, 1 - 1 + 0) = (0, 0), a^2 = (1/2, 1/2), z^3 = 1 - 1 + 0 = 0, a^3 = 1/2",
    ),
    _role(
        "cost outputs:vector desired:vector",
        "number",
        "C",
        [[0.5, 1.0], [1.0, 1.0]],
        0.125,
        "((1 - 0.5)² + (1 - 1)²) / 2 = 0.125",
    ),
    _role(
        "cost_derivative outputs:vector desired:vector",
        "vector",
        "∂C/∂a",
        [[0.5, 2.0], [1.0, 1.0]],
        [-0.5, 1.0],
        "half a unit too low: -0.5; one unit too high: 1",
    ),
    _role(
        "sigmoid_prime z:number",
        "number",
        "σ'(z)",
        [0.0],
        0.25,
        "σ(0) (1 - σ(0)) = 1/2 · 1/2 = 1/4",
    ),
    _role(
        "hadamard s:vector t:vector",
        "vector",
        "s ⊙ t",
        [[1.0, 2.0], [3.0, 4.0]],
        [3.0, 8.0],
        "(1 · 3, 2 · 4) = (3, 8)",
    ),
    _role(
        "output_error cost_derivative:vector weighted_inputs:vector",
        "vector",
        "error",
        [[-0.5, 1.0], [0.0, 0.0]],
        [-0.125, 0.25],
        "(-0.5 · 1/4, 1 · 1/4) = (-0.125, 0.25), as σ'(0) = 1/4",
    ),
    _role(
        "hidden_error next_weights:matrix next_error:vector weighted_inputs:vector",
        "vector",
        "error",
        [[[1.0, 2.0], [3.0, 4.0]], [0.5, 1.0], [0.0, 0.0]],
        [0.875, 1.25],
        "((1 · 0.5 + 3 · 1) / 4, (2 · 0.5 + 4 · 1) / 4) = (0.875, 1.25), as σ'(0) = 1/4",
    ),
    _role(
        "bias_gradient error:vector",
        "vector",
        "nabla_b",
        [[-0.125, 0.25]],
        [-0.125, 0.25],
        "the error itself",
    ),
    _role(
        "weight_gradient activations:vector error:vector",
        "matrix",
        "nabla_w",
        [[1.0, 2.0], [0.5, -1.0]],
        [[0.5, 1.0], [-1.0, -2.0]],
        "row j is error j times (1, 2): (0.5, 1) and (-1, -2)",
    ),
    _role(
        "backprop biases:vectors weights:matrices x:vector y:vector",
        "gradient",
        "(nabla_b, nabla_w)",
        [
            [[0.0, 0.0], [0.0]],
            [[[1.0, 0.0], [0.0, 1.0]], [[1.0, -1.0]]],
            [0.0, 0.0],
            [1.0],
        ],
        [
            [[-0.03125, 0.03125], [-0.125]],
            [[[0.0, 0.0], [0.0, 0.0]], [[-0.0625, -0.0625]]],
        ],
        "all a are 1/2, all σ' 1/4: δ^3 = (1/2 - 1)/4 = -1/8, δ^2 = (-1/8, 1/8)/4, ∂C/∂w^3 = δ^3/2",
    ),
    _role(
        "numerical_derivative cost:curve v:number",
        "number",
        "dC/dv",
        [[0.0, 0.0, 1.0], 3.0],
        6.0,
        "C = v² has the slope 2 · 3 = 6 at v = 3",
    ),
]

ROLES = {role.name: role for role in [*_CHAPTER_1, *_CHAPTER_2]}
