"""The network: a sequence of layers, the forward pass, and backpropagation.

The network is feedforward. Its code is explicit, without automatic differentiation. ``Model``
contains everything beyond one example and one step; the fast network shares it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Optional, Union

from tinynn.activations import LINEAR
from tinynn.costs import Update, penalty_named, updating
from tinynn.equations.costs import mean_cost
from tinynn.equations.momentum import (
    biases_ahead,
    moved_biases,
    moved_weights,
    updated_bias_velocity,
    updated_velocity,
    weights_ahead,
)
from tinynn.equations.updates import Gradient, mean_gradient, updated_biases, updated_weights
from tinynn.errors import ShapeError, describe, require_count, require_positive
from tinynn.layers.layer import Forward, Layer, LayerGradient, layer_class
from tinynn.linalg import Matrix, Vector, as_vector, require_finite, require_vector
from tinynn.model import Model
from tinynn.notation import batch_named, layer_named
from tinynn.randomness import Masks
from tinynn.training.examples import Example, mini_batches, require_examples
from tinynn.training.reports import Answers, OnScored, Score
from tinynn.training.settings import Momentum, Settings

MiniBatch = Sequence[Example]


class Network(Model):
    """A feedforward network. ``layers`` describes its layers, the input first.

    A number describes a dense layer with that many neurons. Weights and biases are drawn from
    N(0, 1) in the order of the book's program: all biases, layer by layer, then all weights, row
    by row. ``seed`` makes them reproducible; ``rng`` is your own generator. ``activation`` is the
    function of the layers given as numbers, by default the sigmoid. ``cost`` is a name in
    ``COSTS``: "quadratic", "cross-entropy" (sigmoid outputs) or "log-likelihood" (softmax
    outputs). ``init`` is "large" for the weights above, or "scaled" to divide them by the square
    root of the number of a neuron's inputs. By default sigmoid layers are large and all others
    scaled. Raises ArgumentError, ShapeError.

    >>> net = Network([2, 3, 1], seed=0)
    >>> net
    <Network 2-3-1: 13 weights and biases, sigmoid neurons, quadratic cost>
    >>> net.weights[0].shape, net.layer(2)
    ((3, 2), <Dense layer of 3 sigmoid neurons after 2>)
    >>> from tinynn import Dense
    >>> Network([2, Dense(3, "tanh"), Dense(1)], seed=0)
    <Network 2-3-1: 13 weights and biases, tanh and sigmoid neurons, quadratic cost>
    """

    def _take(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> None:
        plan = self._plan
        numbers = dict(zip(plan.learning, zip(biases, weights)))
        self._layers: dict[int, Layer] = {}  # by the book's l
        for l, description in enumerate(plan.descriptions, start=2):
            build = layer_class(description, "pure")
            self._layers[l] = build(description, plan.shapes[l - 2], *numbers.get(l, ()))

    @property
    def biases(self) -> tuple[Vector, ...]:
        """The biases of each layer that learns: in a dense network ``biases[0]`` is b^2."""
        return tuple(self._layers[l].biases for l in self._plan.learning)

    @property
    def weights(self) -> tuple[Matrix, ...]:
        """The weights of each layer that learns: in a dense network ``weights[0]`` is w^2."""
        return tuple(self._layers[l].weights for l in self._plan.learning)

    def layer(self, l: int) -> Any:
        """Return layer l = 2 … L. Layer 1 is the input, as in the book."""
        self._require_layer(l)
        return self._layers[l]

    _engine = {"engine": "tinynn.Network"}

    def _snapshot(self, of: Optional[Gradient] = None) -> Gradient:
        biases, weights = of or (self.biases, self.weights)
        return Gradient([b.copy() for b in biases], [w.copy() for w in weights])

    def _restore(self, snapshot: Gradient) -> None:
        for l, b, w in zip(self._plan.learning, *snapshot):
            self._layers[l].take(b.copy(), w.copy())

    def _numbers(self, snapshot: Optional[Gradient] = None) -> Gradient:
        return snapshot or Gradient(list(self.biases), list(self.weights))

    def _with_layers(self, others: Mapping[int, Layer]) -> Network:
        """Return a network with these layers; everything else is shared with this network."""
        network = type(self).__new__(type(self))
        vars(network).update(vars(self), _layers={**self._layers, **others})
        return network

    def _masked(self, masks: Mapping[int, Sequence[float]]) -> Network:
        return self._with_layers({l: self.layer(l).masked(mask) for l, mask in masks.items()})

    def _same_numbers(self, other: Network) -> bool:
        return self._numbers() == other._numbers()

    def is_finite(self) -> bool:
        """Return whether every weight and bias is a finite number."""
        return all(layer.is_finite() for layer in self._layers.values())

    # The one forward pass: every other method calls it.

    @layer_named("l")
    def forward(self, x: Vector) -> dict[int, Forward]:
        """Return z, a and σ of each layer, by layer number.

        Of the result ``passed``, ``passed[1].a`` is x itself, ``passed[2]`` belongs to the first
        layer that computes, and ``passed[L].a`` is the output. Raises ShapeError unless x is a
        Vector of ``sizes[0]`` entries.

        >>> net = Network.from_parameters(biases=[[3]], weights=[[[-2, -2]]])
        >>> net.forward(Vector([1, 0.5]))[2]
        Forward(z=Vector([0.0]), a=Vector([0.5]), function=<Activation sigmoid>)
        """
        sizes = self._plan.sizes
        require_vector("x", x, sizes[0])
        passed = {1: Forward(x, x, LINEAR)}
        for l in range(2, len(sizes) + 1):
            passed[l] = self._layers[l].forward(passed[l - 1].a)
        return passed

    def feedforward(self, x: Union[Vector, Sequence[float]]) -> Vector:
        """Return the output a^L for input x, a Vector or any sequence of numbers."""
        return self.forward(as_vector("x", x, self.sizes[0]))[self.num_layers].a

    @layer_named("l", "L")
    def backprop(self, x: Vector, y: Vector, sums: Optional[Gradient] = None) -> Gradient:
        """Return the gradient of the cost of one example, by backpropagation (BP1)-(BP4).

        ``g.biases[i]`` and ``g.weights[i]`` belong to layer l = ``learning[i]``; the pair unpacks
        as the book's ``nabla_b, nabla_w``. With ``sums``, those of a mini-batch, it adds the
        gradient to them and returns them. Raises ShapeError unless x and y are Vectors of the
        right size.
        """
        L, learning = len(self._plan.sizes), self._plan.learning
        require_vector("y", y, self._plan.sizes[L - 1])
        passed = self.forward(x)
        delta = {L: self._matched.error(passed[L], y)}
        for l in range(L - 1, 1, -1):
            delta[l] = self._layers[l + 1].error_before(delta[l + 1], passed[l])
        if sums is None:
            require_finite("x", x)
            sums = self._at_rest()
        elif type(sums) is not Gradient or {len(sums.biases), len(sums.weights)} != {len(learning)}:
            raise ShapeError(_no_sums(sums, learning))
        for l, sums_here in zip(learning, map(LayerGradient, *sums)):
            self._layers[l].add_gradient(passed[l - 1].a, delta[l], sums_here)
        return sums

    def _velocity(self, biases: Sequence[Vector], weights: Sequence[Matrix]) -> Gradient:
        return Gradient(list(biases), list(weights))

    def _at_rest(self) -> Gradient:
        shapes = self._plan.weight_shapes.values()
        return Gradient([Vector.zeros(j) for j, _ in shapes], [Matrix.zeros(*s) for s in shapes])

    def backprop_mini_batch(self, mini_batch: Sequence[Example]) -> Gradient:
        """Return the mean of the gradients of these examples, equation (19)."""
        require_examples("mini_batch", mini_batch, self.sizes)
        return mean_gradient(self._gradient_sum(mini_batch), len(mini_batch))

    @batch_named("mini_batch", "i")
    def _gradient_sum(self, mini_batch: Sequence[Example]) -> Gradient:
        sums = self._at_rest()
        for i, (x, y) in enumerate(mini_batch):  # noqa: B007  # the stepper numbers them by i
            self.backprop(x, y, sums)
        return sums

    def update_mini_batch(
        self,
        mini_batch: MiniBatch,
        eta: float,
        lmbda: float = 0.0,
        n: int = 0,
        penalty: str = "L2",
        momentum: Optional[Momentum] = None,
    ) -> None:
        """Take one step of gradient descent on these examples, equations (20) and (21).

        With λ the step is (93), or (97) for the penalty "L1"; ``n`` is the size of the training
        set, or 0 if these examples are the training set. With a ``momentum`` the step is (107)
        and (108), and updates its velocities. This method drops no neurons: with dropout, call it
        on ``net.thinned(rng)``.

        >>> net = Network.from_parameters([[3]], [[[-2, -2]]])
        >>> momentum = net.momentum(0.5)
        >>> for _ in range(2):
        ...     net.update_mini_batch([(Vector([1, 0.5]), Vector([1]))], 0.8, momentum=momentum)
        >>> net.biases[0][0] > 3.15
        True
        """
        require_examples("mini_batch", mini_batch, self.sizes)
        plain = type(lmbda) is float and lmbda == 0.0 and momentum is None
        step = type(self)._step if plain else self._variant(mini_batch, lmbda, n, penalty, momentum)
        step(self, mini_batch, require_positive("eta", eta))

    def _variant(
        self,
        training_set: Sequence[Example],
        lmbda: float,
        n: int,
        penalty: str,
        momentum: Optional[Momentum],
    ) -> Callable[[Network, MiniBatch, float], None]:
        """Return the step with a penalty, with momentum, or with both."""
        n = require_count("n", n, 0) or len(training_set)
        update = updating(lmbda, n, penalty)
        if momentum is None:
            return partial(type(self)._step, update=update)
        self._require_own(momentum)
        gradient: Any = penalty_named(penalty).gradient
        penalised = partial(gradient, lmbda=lmbda, n=n) if lmbda else None
        return partial(type(self)._rolling_step, momentum=momentum, penalised=penalised)

    @batch_named("mini_batch")
    @layer_named("l")
    def _step(self, mini_batch: MiniBatch, eta: float, update: Update = updated_weights) -> None:
        sums, m = self._gradient_sum(mini_batch), len(mini_batch)
        updated = []
        for l, nabla_b, nabla_w in zip(self._plan.learning, sums.biases, sums.weights):
            layer = self._layers[l]
            w = update(layer.weights, nabla_w, eta, m)
            b = updated_biases(layer.biases, nabla_b, eta, m)
            updated.append((layer, b, w))
        for layer, b, w in updated:  # all, or none if interrupted
            layer.take(b, w)

    @batch_named("mini_batch")
    @layer_named("l")
    def _rolling_step(
        self,
        mini_batch: MiniBatch,
        eta: float,
        momentum: Momentum,
        penalised: Optional[Callable[[Matrix, Matrix, int], Matrix]],
    ) -> None:
        """Take a step with momentum: update the velocities (107), then the parameters (108)."""
        mu, (v_biases, v_weights) = momentum.mu, momentum.velocity
        at = self._ahead(momentum) if momentum.nesterov else self
        sums, m = at._gradient_sum(mini_batch), len(mini_batch)
        rolled = []
        for i, l in enumerate(self._plan.learning):
            layer, nabla_b, nabla_w = self._layers[l], sums.biases[i], sums.weights[i]
            if penalised is None:
                v_w = updated_velocity(v_weights[i], nabla_w, eta, m, mu)
            else:
                nabla_w = penalised(at._layers[l].weights, nabla_w, m)
                v_w = updated_velocity(v_weights[i], nabla_w, eta, 1, mu)
            w = moved_weights(layer.weights, v_w)
            v_b = updated_bias_velocity(v_biases[i], nabla_b, eta, m, mu)
            b = moved_biases(layer.biases, v_b)
            rolled.append((layer, b, w, v_b, v_w))
        for i, (layer, b, w, v_b, v_w) in enumerate(rolled):  # all, or none if interrupted
            layer.take(b, w)
            v_biases[i], v_weights[i] = v_b, v_w

    @layer_named("l")
    def _ahead(self, momentum: Momentum) -> Network:
        """Return the network at w + μ v and b + μ v, where Nesterov's gradient is taken."""
        layers = {}
        for l, v_b, v_w in zip(self._plan.learning, *momentum.velocity):
            layer = self._layers[l].copy()
            b = biases_ahead(layer.biases, v_b, momentum.mu)
            layer.take(b, weights_ahead(layer.weights, v_w, momentum.mu))
            layers[l] = layer
        return self._with_layers(layers)

    # Training and measuring; Model has the rest.

    def _prepare(self, name: str, examples: Sequence[Example]) -> Sequence[Example]:
        require_examples(name, examples, self.sizes)
        if self._cost.require is not None:
            for i, (_, y) in enumerate(examples):
                self._cost.require(f"{name}, example {i}, y", y)
        return examples

    def _learn(
        self,
        prepared: Sequence[Example],
        order: Sequence[int],
        settings: Settings,
        momentum: Optional[Momentum],
        masks: Masks,
    ) -> Iterator[int]:
        step = self._variant(prepared, settings.lmbda, 0, settings.penalty, momentum)
        done = 0
        for indices in mini_batches(order, settings.mini_batch_size):
            network = self._masked(masks.draw()) if masks.dropout else self
            step(network, [prepared[i] for i in indices], settings.eta)
            done += len(indices)
            yield done

    def _score(self, prepared: Sequence[Example], on_scored: Optional[OnScored] = None) -> Score:
        correct = 0
        costs = []
        for x, y in prepared:
            a = self.feedforward(x)
            costs.append(self._cost.value(a, y))
            if self.answer_of(a) == self.answer_of(y):
                correct += 1
            if on_scored is not None:
                on_scored(len(costs))
        return Score(correct, len(prepared), mean_cost(costs))

    def _each_output(
        self, prepared: Sequence[Example]
    ) -> Iterator[tuple[list[float], list[float]]]:
        for x, y in prepared:
            yield self.feedforward(x).entries, y.entries

    def _penalised_cost(self, cost: float, lmbda: float, n: int, penalty: str) -> float:
        return penalty_named(penalty).cost(cost, self.weights, lmbda, n)

    def answers(self, examples: Sequence[Example]) -> Answers:
        """Return the confusion matrix of these examples, and each output's largest activation."""
        require_examples("examples", examples, self.sizes)
        kinds = max(2, self.sizes[-1])
        confusion = [[0] * kinds for _ in range(kinds)]
        largest = [float("-inf")] * self.sizes[-1]
        for x, y in examples:
            a = self.feedforward(x)
            confusion[self.answer_of(y)][self.answer_of(a)] += 1
            largest = list(map(max, largest, a))
        return Answers(confusion, largest)


def _no_sums(sums: object, learning: tuple[int, ...]) -> str:
    expected = f"sums: expected an entry for each of layers {learning}"
    return f"{expected}, got {describe(sums)}: write network.backprop(x, y)"
