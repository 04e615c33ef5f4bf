"""The network: layers in a row, one forward pass, and backpropagation.

It is fully connected, feedforward, and written to be read: no automatic differentiation, and
no layers beside the dense one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Optional, Union

from tinynn.activations import ACTIVATIONS, SIGMOID, Activation, activation_named
from tinynn.costs import QUADRATIC, Cost, mean_cost
from tinynn.dense import Dense
from tinynn.equations import bias_gradient, hidden_error, output_error, weight_gradient
from tinynn.errors import (
    ArgumentError,
    DataError,
    ShapeError,
    describe,
    require_count,
    require_positive,
)
from tinynn.files import Path, read_network, write_network
from tinynn.linalg import Matrix, Vector, require_vector
from tinynn.randomness import RandomSource, gaussian_matrix, gaussian_vector, random_source
from tinynn.training import (
    Answers,
    Example,
    Gradient,
    Learner,
    Score,
    add_gradient,
    mean_gradient,
    mini_batches,
    require_examples,
    updated_biases,
    updated_weights,
)

if TYPE_CHECKING:
    from tinynn.fast import Network as FastNetwork

Layers = dict[int, Vector]  # by the book's layer number: a[1] is the input, z[2] the first sums


class Network(Learner):
    """A feedforward network with ``sizes[l - 1]`` neurons in layer l.

    Weights and biases are drawn from N(0, 1), in the order of the book's program: all biases,
    layer by layer, then all weights, row by row. ``seed`` makes them repeatable; or ``rng`` is a
    generator of your own. ``activation`` is the function of every neuron, by default the
    sigmoid. Raises ArgumentError.

    >>> net = Network([2, 3, 1], seed=0)
    >>> net
    <Network 2-3-1: 13 weights and biases, sigmoid neurons, quadratic cost>
    >>> net.weights[0].shape, net.layer(2)
    ((3, 2), <Dense layer of 3 sigmoid neurons after 2>)
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        activation: Union[str, Activation] = SIGMOID,
    ) -> None:
        if isinstance(sizes, (str, bytes)) or not hasattr(sizes, "__len__") or len(sizes) < 2:
            came = describe(sizes)
            raise ArgumentError(
                f"sizes: expected two layers or more, such as [2, 3, 1], got {came}"
            )
        for i, size in enumerate(sizes):
            require_count(f"sizes[{i}]", size)
        function = activation_named(activation)
        source = random_source(seed, rng)
        biases = [gaussian_vector(size, source) for size in sizes[1:]]
        weights = [gaussian_matrix(j, k, source) for k, j in zip(sizes, sizes[1:])]
        self._build(biases, weights, function)

    def _build(self, biases: list[Vector], weights: list[Matrix], function: Activation) -> None:
        pairs = enumerate(zip(weights, biases), start=2)
        self._layers = {l: Dense(w, b, function) for l, (w, b) in pairs}  # by the book's l
        self._function = function

    @classmethod
    def from_parameters(
        cls,
        biases: Iterable[Iterable[float]],
        weights: Iterable[Iterable[Iterable[float]]],
        activation: Union[str, Activation] = SIGMOID,
    ) -> Network:
        """Return the network with these very numbers: one entry of each list for every layer.

        >>> net = Network.from_parameters(biases=[[3]], weights=[[[-2, -2]]])
        >>> net.feedforward([1, 0.5])
        Vector([0.5])
        """
        vectors = [Vector(vector) for vector in biases]
        matrices = [Matrix(matrix) for matrix in weights]
        if not vectors or len(vectors) != len(matrices):
            came = f"{len(vectors)} and {len(matrices)}"
            raise ShapeError(f"biases and weights: expected one of each for a layer, got {came}")
        for below, above in zip(vectors, matrices[1:]):
            if above.shape[1] != len(below):
                came = f"weights for {above.shape[1]} inputs after a layer of {len(below)}"
                raise ShapeError(f"weights: expected layers that fit, got {came}")
        network = cls.__new__(cls)
        network._build(vectors, matrices, activation_named(activation))
        return network

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons in each layer, the input layer first."""
        layers = self._layers
        return (layers[2].weights.shape[1], *(len(layer.biases) for layer in layers.values()))

    @property
    def activation(self) -> Activation:
        """The activation function of every neuron."""
        return self._function

    @property
    def cost(self) -> Cost:
        """The cost of one example: the quadratic cost (27)."""
        return QUADRATIC

    @property
    def biases(self) -> tuple[Vector, ...]:
        """The biases of layers 2, 3, …: ``biases[0]`` is b^2, as in the book's program."""
        return tuple(layer.biases for layer in self._layers.values())

    @property
    def weights(self) -> tuple[Matrix, ...]:
        """The weights of layers 2, 3, …: ``weights[0]`` joins layers 1 and 2."""
        return tuple(layer.weights for layer in self._layers.values())

    def layer(self, l: int) -> Dense:
        """Return layer l = 2 … L, as the book's text numbers them; layer 1 is only the input."""
        if not 2 <= l <= self.num_layers:
            raise ArgumentError(f"layer: expected 2 to {self.num_layers}, got {l}")
        return self._layers[l]

    def copy(self) -> Network:
        """Return a network of the same numbers that shares nothing with this one."""
        return self.from_parameters(self.biases, self.weights, self.activation)

    __copy__ = copy

    def scaled(self, c: float) -> Network:
        """Return a network with every weight and bias multiplied by c."""
        biases = [c * b for b in self.biases]
        return self.from_parameters(biases, [c * w for w in self.weights], self.activation)

    def with_activation(self, activation: Union[str, Activation]) -> Network:
        """Return a network of the same numbers whose neurons use another activation function."""
        return self.from_parameters(self.biases, self.weights, activation)

    def to_pure(self) -> Network:
        """Return this network itself; the fast one returns a pure network of its numbers."""
        return self

    def to_fast(self, dtype: str = "float64") -> FastNetwork:
        """Return the network of ``tinynn.fast`` with these numbers: in float64, exactly these."""
        from tinynn.fast import Network as FastNetwork  # NumPy is opt-in: only who asks needs it

        return FastNetwork.from_pure(self, dtype)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Network):
            return NotImplemented
        return (self.activation, self.cost, self.biases, self.weights) == (
            other.activation,
            other.cost,
            other.biases,
            other.weights,
        )

    __hash__ = None  # type: ignore[assignment]  # it learns

    def __repr__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        kind = f"{self.activation.name} neurons, {self.cost.name} cost"
        return f"<Network {sizes}: {self.parameter_count():,} weights and biases, {kind}>"

    # One forward pass, used by everything.

    def forward(self, x: Vector) -> tuple[Layers, Layers]:
        """Return all weighted inputs z and activations a for input x, by layer number.

        ``a[1]`` is x itself, ``z[2]`` and ``a[2]`` the first layer that computes, ``a[L]`` the
        output. Raises ShapeError unless x is a Vector of ``sizes[0]``.
        """
        require_vector("x", x, self._layers[2].weights.shape[1])
        L = self.num_layers
        z: Layers = {}
        a: Layers = {1: x}
        for l in range(2, L + 1):
            z[l], a[l] = self._layers[l].forward(a[l - 1])
        return z, a

    def feedforward(self, x: Union[Vector, Sequence[float]]) -> Vector:
        """Return the output a^L for input x, a Vector or any row of numbers."""
        _, a = self.forward(x if isinstance(x, Vector) else Vector(x))
        return a[self.num_layers]

    def backprop(self, x: Vector, y: Vector) -> Gradient:
        """Return the gradient of the cost of one example, by backpropagation (BP1)-(BP4).

        ``g.biases[i]`` and ``g.weights[i]`` belong to layer l = i + 2; the pair unpacks as the
        book's ``nabla_b, nabla_w``. Raises ShapeError unless x and y are Vectors that fit.
        """
        L = self.num_layers
        require_vector("y", y, len(self._layers[L].biases))
        function = self._function
        cost = self.cost
        z, a = self.forward(x)
        delta: Layers = {}
        nabla_a = cost.derivative(a[L], y)
        delta[L] = output_error(nabla_a, z[L], function)
        for l in range(L - 1, 1, -1):
            w_next = self._layers[l + 1].weights
            delta[l] = hidden_error(w_next, delta[l + 1], z[l], function)
        gradient = Gradient([], [])
        for l in range(2, L + 1):
            gradient.biases.append(bias_gradient(delta[l]))
            gradient.weights.append(weight_gradient(a[l - 1], delta[l]))
        return gradient

    def backprop_mini_batch(self, mini_batch: Sequence[Example]) -> Gradient:
        """Return the mean of the gradients of these examples, equation (19)."""
        require_examples("mini_batch", mini_batch, self.sizes)
        return mean_gradient(self._gradient_sum(mini_batch), len(mini_batch))

    def _gradient_sum(self, mini_batch: Sequence[Example]) -> Gradient:
        total = Gradient(
            [Vector.zeros(len(b)) for b in self.biases],
            [Matrix.zeros(*w.shape) for w in self.weights],
        )
        for x, y in mini_batch:
            add_gradient(total, self.backprop(x, y))
        return total

    def update_mini_batch(self, mini_batch: Sequence[Example], eta: float) -> None:
        """Take one step of gradient descent on these examples, equations (20) and (21)."""
        require_examples("mini_batch", mini_batch, self.sizes)
        self._step(mini_batch, require_positive("eta", eta))

    def _step(self, mini_batch: Sequence[Example], eta: float) -> None:
        total = self._gradient_sum(mini_batch)
        m = len(mini_batch)
        updated = []
        for l, layer in self._layers.items():
            w = updated_weights(layer.weights, total.weights[l - 2], eta, m)
            b = updated_biases(layer.biases, total.biases[l - 2], eta, m)
            updated.append((layer, w, b))
        for layer, w, b in updated:  # all or, if interrupted above, none
            layer.take(w, b)

    # Learning from data, and measuring what was learnt: the rest is in Learner.

    def prepare(self, name: str, examples: Sequence[Example]) -> Sequence[Example]:
        """Return the examples as they are, once each of them fits."""
        require_examples(name, examples, self.sizes)
        return examples

    def learn(
        self, prepared: Sequence[Example], order: Sequence[int], mini_batch_size: int, eta: float
    ) -> Iterator[int]:
        """Learn from mini-batches in this order; yield after each how many examples are done."""
        done = 0
        for indices in mini_batches(order, mini_batch_size):
            self._step([prepared[i] for i in indices], eta)
            done += len(indices)
            yield done

    def answer(self, x: Union[Vector, Sequence[float]]) -> int:
        """Return the network's answer for x: the index of its strongest output.

        A network with one output neuron answers 1 if that is at least 1/2, else 0.
        """
        return self.answer_of(self.feedforward(x))

    @staticmethod
    def answer_of(outputs: Vector) -> int:
        """Return the answer that an output, or a desired output y, stands for."""
        if len(outputs) == 1:
            return int(outputs[0] >= 0.5)
        return outputs.argmax()

    def score(self, prepared: Sequence[Example]) -> Score:
        """Return how many answers are right, of how many, and the cost (6)."""
        correct = 0
        costs = []
        for x, y in prepared:
            a = self.feedforward(x)
            costs.append(self.cost.value(a, y))
            if self.answer_of(a) == self.answer_of(y):
                correct += 1
        return Score(correct, len(prepared), mean_cost(costs))

    def answers(self, examples: Sequence[Example]) -> Answers:
        """Return which answers are given to which examples, and how strong they get."""
        require_examples("examples", examples, self.sizes)
        kinds = max(2, self.sizes[-1])
        confusion = [[0] * kinds for _ in range(kinds)]
        largest = [float("-inf")] * self.sizes[-1]
        for x, y in examples:
            a = self.feedforward(x)
            confusion[self.answer_of(y)][self.answer_of(a)] += 1
            largest = list(map(max, largest, a))
        return Answers(confusion, largest)

    def is_finite(self) -> bool:
        """Say whether every weight and bias is a finite number."""
        return all(layer.is_finite() for layer in self._layers.values())

    # Files.

    def save(self, path: Path) -> None:
        """Write the network to a JSON file, whole or not at all; every bit is kept.

        Raises OSError if the file cannot be written, DataError if a weight is not finite.
        """
        if ACTIVATIONS.get(self.activation.name) != self.activation:
            raise DataError(f"activation {self.activation.name!r} is your own: no file can hold it")
        biases, weights = list(self.biases), list(self.weights)
        write_network(path, self.activation.name, self.cost.name, biases, weights)

    @classmethod
    def load(cls, path: Path) -> Network:
        """Read a network that ``save`` wrote.

        Raises DataError that says what is wrong where, OSError if there is nothing to read.
        """
        parts = read_network(path)
        if parts["cost"] != QUADRATIC.name:
            raise DataError(f"{path}: expected the cost 'quadratic', got {parts['cost']!r}")
        try:
            return cls.from_parameters(parts["biases"], parts["weights"], parts["activation"])
        except ArgumentError as error:
            raise DataError(f"{path}: {error}") from None
