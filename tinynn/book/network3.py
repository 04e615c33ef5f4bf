"""``network3.py`` of chapter 6: convolutions, max-pooling, dropout and softmax, in float32.

This module implements the differences of the book's program from the engine: λ is divided by the
number of mini-batches, first weights have the standard deviation 1/√n_out, fields are rotated by
180°, the data is not shuffled, and dropout masks the inputs of a layer separately per example.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import Any, Optional

import numpy as np

from tinynn.book.columns import GlobalRandom, say
from tinynn.book.mnist_loader import FILE, data_set, digits_of, images_of
from tinynn.costs import cost_named
from tinynn.datasets import ArrayExamples, Examples
from tinynn.datasets.expanded import expanded
from tinynn.errors import ArgumentError, DataError, ShapeError, describe
from tinynn.fast import Network as Engine
from tinynn.fast.equations.activations import FAST_ACTIVATIONS, Array
from tinynn.fast.layers.dropout import DropoutLayer
from tinynn.layers import Convolution, Dense, Dropout, MaxPooling
from tinynn.layers.descriptions import Described, Description, Plan
from tinynn.layers.layer import register_layer
from tinynn.randomness import Masks
from tinynn.training.settings import Settings

GPU = False
_EXPANDED = "mnist_expanded"  # a file of this name has five images for each


def _of_each(name: str) -> Callable[[Any], Array]:
    def function(z: Any) -> Array:
        with np.errstate(over="ignore"):
            return FAST_ACTIVATIONS[name].value(np.asarray(z, float), np.empty(np.shape(z)))

    function.__doc__ = f"Return the activation function {name} of each number."
    return function


sigmoid, tanh, ReLU, linear = map(_of_each, ("sigmoid", "tanh", "relu", "linear"))
_SOFTMAX = object()
_NAMES = {sigmoid: "sigmoid", tanh: "tanh", ReLU: "relu", linear: "linear", _SOFTMAX: "softmax"}


class Shared:
    """An array with the two methods of Theano's shared variables that the book's program calls."""

    def __init__(self, value: Any) -> None:
        self._value = np.asarray(value, np.float32)

    def get_value(self, borrow: bool = False) -> Array:
        """Return a copy of the array, or with ``borrow`` the array itself."""
        return self._value if borrow else self._value.copy()

    def set_value(self, value: Any, borrow: bool = False) -> None:
        """Replace the array by another of the same shape."""
        value = np.array(value, np.float32)
        if value.shape != self._value.shape:
            raise ShapeError(f"value: expected {self._value.shape}, got {value.shape}")
        self._value = value

    def __len__(self) -> int:
        return len(self._value)

    def __getitem__(self, part: Any) -> Any:
        return self._value[part]


class Images(Shared):
    """Images that stay bytes until ``get_value`` returns their rows of float32, (n, 784)."""

    def __init__(self, examples: Examples, order: Optional[Array] = None) -> None:
        self.examples = examples
        self.order = np.arange(len(examples)) if order is None else order

    @property
    def digits(self) -> Array:
        """The digits, in the order of the images."""
        return digits_of(self.examples)[self.order].astype(np.int32)

    def get_value(self, borrow: bool = False) -> Array:
        """Return the images as rows."""
        return images_of(self.examples)[self.order]

    def set_value(self, value: Any, borrow: bool = False) -> None:
        """Raise DataError: the images of a file cannot be replaced."""
        raise DataError(
            "expected the images of the file: write (numpy.array(images), numpy.array(digits))"
        )

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, part: Any) -> Any:
        if isinstance(part, slice):
            return Images(self.examples, self.order[part])
        return self.get_value()[part]


def load_data_shared(filename: str = FILE) -> list[tuple[Shared, Array]]:
    """Return training, validation and test data: the images and digits of each.

    For the name mnist_expanded.pkl.gz there are 250,000 training images, computed from MNIST in an
    order that is shuffled once. The file need not exist.
    """
    if not os.path.basename(filename).startswith(_EXPANDED):
        parts = [Images(part) for part in data_set(filename)]
    else:
        data = data_set()
        training = expanded(data.training, "shift")
        order = list(range(len(training)))
        GlobalRandom().shuffle(order)
        parts = [Images(training, np.array(order)), Images(data.validation), Images(data.test)]
    return [(part, part.digits) for part in parts]


def size(data: tuple[Any, Any]) -> int:
    """Return the number of examples in a data set."""
    return len(data[0])


class InputDropout(Dropout):
    """Dropout with a mask for each example, drawn from generators with one seed."""


class _InputDropoutLayer(DropoutLayer):
    """A dropout layer that draws its own masks. A given mask only tells it to draw."""

    def __init__(self, description: Dropout, *others: Any) -> None:
        seeds = np.random.RandomState(np.random.RandomState(0).randint(999999))
        self._masks = np.random.RandomState(seeds.randint(2**30))
        super().__init__(description, *others)

    def take_mask(self, mask: Optional[Sequence[float]]) -> None:
        """Draw a mask for each example. Without ``mask`` keep all inputs, times 1 - p."""
        neurons, m = self.passed.a.shape
        kept: Any = self._share
        if mask is not None:
            kept = self._masks.binomial(1, self._share, (m, neurons)).T
        self.mask = np.empty((neurons, m), self.passed.a.dtype)
        self.mask[...] = kept


register_layer(InputDropout, fast=_InputDropoutLayer)


class _Layer:
    """A layer of the book's program: its numbers, and its form in the engine."""

    w: Shared
    b: Shared
    p_dropout = 0.0

    @property
    def params(self) -> list[Shared]:
        """The weights and the biases."""
        return [self.w, self.b]

    def described(self) -> list[Description]:
        """Return the engine's layers that make up this one."""
        raise NotImplementedError

    def to_rows(self, w: Array) -> Array:
        """Return the weights in the engine's form: a row per neuron or per feature map."""
        return w.T

    def from_rows(self, rows: Array) -> Array:
        """Return the weights in the form of the book's program."""
        return rows.T


class ConvPoolLayer(_Layer):
    """A convolution and max-pooling. Weights: (maps, maps before, rows, columns)."""

    def __init__(
        self,
        filter_shape: tuple[int, int, int, int],
        image_shape: tuple[int, int, int, int],
        poolsize: tuple[int, int] = (2, 2),
        activation_fn: Any = sigmoid,
    ) -> None:
        self.filter_shape, self.image_shape = tuple(filter_shape), tuple(image_shape)
        self.poolsize, self.activation_fn = poolsize, activation_fn
        maps, _, rows, columns = filter_shape
        n_out = maps * rows * columns // int(np.prod(poolsize))
        self.w = Shared(np.random.normal(0.0, np.sqrt(1.0 / n_out), filter_shape))
        self.b = Shared(np.random.normal(0.0, 1.0, (maps,)))

    @property
    def input(self) -> Described:
        """The input shape: maps, rows, columns."""
        return self.image_shape[1:]

    def described(self) -> list[Description]:
        """Return a convolution, and a pooling that leaves out incomplete blocks."""
        maps, _, rows, columns = self.filter_shape
        function = _named(self.activation_fn)
        return [Convolution(maps, (rows, columns), function), MaxPooling(self.poolsize, cut=True)]

    def to_rows(self, w: Array) -> Array:
        """Return each field rotated by 180°, as in (125), as a row."""
        return w[:, :, ::-1, ::-1].reshape(len(w), -1)

    def from_rows(self, rows: Array) -> Array:
        """Return the fields, rotated back."""
        return rows.reshape(self.filter_shape)[:, :, ::-1, ::-1]


class FullyConnectedLayer(_Layer):
    """A dense layer with weights (n_in, n_out). ``p_dropout`` is the share of dropped inputs."""

    def __init__(
        self, n_in: int, n_out: int, activation_fn: Any = sigmoid, p_dropout: float = 0.0
    ) -> None:
        self.n_in, self.n_out, self.p_dropout = n_in, n_out, p_dropout
        self.activation_fn = activation_fn
        self.w = Shared(np.random.normal(0.0, np.sqrt(1.0 / n_out), (n_in, n_out)))
        self.b = Shared(np.random.normal(0.0, 1.0, (n_out,)))

    @property
    def input(self) -> Described:
        """The number of inputs."""
        return self.n_in

    def described(self) -> list[Description]:
        """Return a dense layer, after dropout if ``p_dropout`` is not 0."""
        before: list[Description] = [InputDropout(self.p_dropout)] if self.p_dropout else []
        return [*before, Dense(self.n_out, _named(self.activation_fn))]


class SoftmaxLayer(FullyConnectedLayer):
    """The output layer. Its first weights and biases are 0."""

    def __init__(self, n_in: int, n_out: int, p_dropout: float = 0.0) -> None:
        self.n_in, self.n_out, self.p_dropout = n_in, n_out, p_dropout
        self.activation_fn = _SOFTMAX
        self.w, self.b = Shared(np.zeros((n_in, n_out))), Shared(np.zeros((n_out,)))


def _named(function: Any) -> str:
    try:
        return _NAMES[function]
    except (KeyError, TypeError):
        expected = f"expected sigmoid, tanh, ReLU or linear, got {describe(function)}"
        raise ArgumentError(f"activation_fn: {expected}: write activation_fn=ReLU") from None


class Network:
    """A network of these layers. The last must be a SoftmaxLayer."""

    def __init__(self, layers: Sequence[Any], mini_batch_size: int) -> None:
        if not layers or not isinstance(layers[-1], SoftmaxLayer):
            expected = "expected a SoftmaxLayer as the last layer"
            raise ArgumentError(f"layers: {expected}: write SoftmaxLayer(n_in=100, n_out=10)")
        for layer in layers:
            if not isinstance(layer, _Layer):
                kinds = "ConvPoolLayer, FullyConnectedLayer or SoftmaxLayer"
                raise ArgumentError(f"layers: expected {kinds}, got {describe(layer)}")
        self.layers, self.mini_batch_size = layers, mini_batch_size
        self.params = [param for layer in layers for param in layer.params]
        described = [each for layer in layers for each in layer.described()]
        plan = Plan([layers[0].input, *described])
        for layer, (rows, columns) in zip(layers, plan.weight_shapes.values()):
            given = layer.to_rows(layer.w.get_value(borrow=True)).shape
            if given != (rows, columns):
                expected = f"expected {columns} inputs, got {given[1]}"
                raise ShapeError(f"{type(layer).__name__}: {expected}: write n_in={columns}")
        self._engine = Engine.__new__(Engine)
        self._engine._dtype = "float32"
        self._engine._build(plan, cost_named("log-likelihood"), [], [])

    def _pairs(self) -> Iterator[tuple[_Layer, Array, Array]]:
        """Return each layer with the engine's biases and weights for it."""
        return zip(self.layers, self._engine.biases, self._engine.weights)

    def _hand_over(self) -> None:
        """Copy the biases and weights of the layers to the engine."""
        for layer, biases, weights in self._pairs():
            biases[...] = layer.b.get_value(borrow=True)
            weights[...] = layer.to_rows(layer.w.get_value(borrow=True))

    def _take_back(self) -> None:
        for layer, biases, weights in self._pairs():
            layer.b.set_value(biases)
            layer.w.set_value(layer.from_rows(weights))

    def accuracy(self, data: tuple[Any, Any]) -> float:
        """Return the share of right answers, over whole mini-batches."""
        self._hand_over()
        return self._share(self._measured("data", data))

    def SGD(
        self,
        training_data: tuple[Any, Any],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        validation_data: tuple[Any, Any],
        test_data: tuple[Any, Any],
        lmbda: float = 0.0,
    ) -> None:
        """Train. Print the accuracy of every epoch, and that on the test data at the best one."""
        m = self.mini_batch_size
        if mini_batch_size != m:
            expected = f"expected {m}, the size of the network's mini-batches"
            raise ArgumentError(f"mini_batch_size: {expected}, got {describe(mini_batch_size)}")
        examples, order = self._examples("training_data", training_data)
        prepared = self._engine._prepare("training_data", examples)
        validation = self._measured("validation_data", validation_data)
        test = self._measured("test_data", test_data)
        batches = len(order) // m
        # the engine divides λ by the number of examples, the book's program by mini-batches
        settings = Settings(epochs, m, eta, lmbda * len(prepared) / batches).checked()
        masks = Masks({l: (1, p) for l, (_, p) in self._engine.plan.dropout.items()}, Random(0))
        self._hand_over()
        best, best_iteration, corresponding = 0.0, 0, 0.0
        try:
            for epoch in range(settings.epochs):
                done = 0
                while done < batches:
                    iteration = batches * epoch + done
                    if iteration % 1000 == 0:
                        say(f"Training mini-batch number {iteration}")
                    until = min(done + 1000 - iteration % 1000, batches)
                    part = order[done * m : until * m]
                    with np.errstate(all="ignore"):
                        for _ in self._engine._learn(prepared, part, settings, None, masks):
                            pass
                    done = until
                share = self._share(validation)
                say(f"Epoch {epoch}: validation accuracy {share:.2%}")
                if share >= best:
                    say("This is the best validation accuracy to date.")
                    best, best_iteration = share, batches * (epoch + 1) - 1
                    corresponding = self._share(test)
                    say(f"The corresponding test accuracy is {corresponding:.2%}")
        finally:
            self._take_back()
        say("Finished training network.")
        say(f"Best validation accuracy of {best:.2%} obtained at iteration {best_iteration}")
        say(f"Corresponding test accuracy of {corresponding:.2%}")

    def _examples(self, name: str, data: tuple[Any, Any]) -> tuple[Examples, list[int]]:
        """Return a data set as examples, and the indices of those in whole mini-batches."""
        try:
            x, y = data
        except (TypeError, ValueError):
            expected = f"expected images and digits, got {describe(data)}"
            raise DataError(f"{name}: {expected}: write network3.load_data_shared()") from None
        whole = len(x) // self.mini_batch_size * self.mini_batch_size
        if not whole:
            expected = f"expected a mini-batch of {self.mini_batch_size} or more"
            raise DataError(f"{name}: {expected}, got {len(x)} examples")
        if isinstance(x, Images) and np.array_equal(x.digits, y):
            return x.examples, x.order[:whole].tolist()
        rows = x.get_value(borrow=True) if isinstance(x, Shared) else np.asarray(x)
        classes = self._engine.sizes[-1]
        return ArrayExamples(rows, np.asarray(y), classes=classes), list(range(whole))

    def _measured(self, name: str, data: tuple[Any, Any]) -> Any:
        """Return a data set in the engine's form: only whole mini-batches."""
        examples, order = self._examples(name, data)
        first = min(order)
        if sorted(order) == list(range(first, first + len(order))):
            return self._engine._prepare(name, examples[first : first + len(order)])
        rows, digits = images_of(examples)[order], digits_of(examples)[order]
        return self._engine._prepare(name, ArrayExamples(rows, digits, classes=examples.outputs))

    def _share(self, prepared: Any) -> float:
        with np.errstate(all="ignore"):
            score = self._engine._score(prepared)
        return score.correct / score.total
