"""The protocol of a layer: three calls, for the forward pass, the error before it, the gradient."""

from __future__ import annotations

from abc import ABC, abstractmethod
from inspect import isabstract
from math import prod
from typing import Any, NamedTuple, Optional

from tinynn.activations import Activation
from tinynn.errors import ArgumentError, ShapeError, describe, require_kind
from tinynn.layers.descriptions import Dense, Description, Shape, checked_shape
from tinynn.linalg import Matrix, Vector, require_matrix, require_vector


class Forward(NamedTuple):
    """The result of the forward pass at a layer: z^l, a^l = σ(z^l), and σ itself."""

    z: Vector
    a: Vector
    function: Activation


class LayerGradient(NamedTuple):
    """∂C/∂b and ∂C/∂w of one layer, or their sums over a mini-batch."""

    biases: Vector
    weights: Matrix


class Layer(ABC):
    """A layer: a description with its numbers, after a layer of shape ``shape_before``.

    ``weights`` and ``biases`` can be set to others of the same shape; any other value raises
    ShapeError. Both are None in a layer that does not learn.
    """

    __slots__ = ("_biases", "_weights", "description", "shape", "shape_before")
    _biases: Any  # a Vector and a Matrix, or None and None
    _weights: Any

    def __init__(
        self,
        description: Description,
        shape_before: Shape,
        biases: Optional[Vector] = None,
        weights: Optional[Matrix] = None,
    ) -> None:
        require_kind("description", description, Description, "Dense(30)")
        self.description = description
        self.shape_before = checked_shape("shape_before", shape_before)
        self.shape = description.shape_after(shape_before)
        self._biases = biases
        self._weights = weights
        expected = description.weight_shape(shape_before)
        if expected is not None:
            require_matrix("weights", weights, *expected)
            require_vector("biases", biases, expected[0])
            self.take(self._biases.copy(), self._weights.copy())
        elif biases is not None or weights is not None:
            raise ShapeError(f"{description}: expected no weights and no biases")

    @abstractmethod
    def forward(self, activations: Vector) -> Forward:
        """Return z^l, a^l and σ of this layer l, from a^{l-1}."""

    @abstractmethod
    def error_before(self, error: Vector, before: Forward) -> Vector:
        """Return δ^{l-1} from δ^l, by (BP2). ``before`` is the forward pass's result at l - 1."""

    def add_gradient(self, activations: Vector, error: Vector, sums: LayerGradient) -> None:
        """Add ∂C/∂b^l and ∂C/∂w^l of one example into ``sums``, from a^{l-1} and δ^l."""
        raise NotImplementedError(f"{self.description} has weights, but no add_gradient")

    @property
    def weights(self) -> Any:
        """The matrix of weights: in a dense layer w_jk, to neuron j from neuron k before it."""
        return self._weights

    @weights.setter
    def weights(self, weights: Matrix) -> None:
        require_matrix("weights", weights, *self._shape_of_weights())
        self._weights = weights.copy()

    @property
    def biases(self) -> Any:
        """The vector of biases: in a dense layer b_j of neuron j."""
        return self._biases

    @biases.setter
    def biases(self, biases: Vector) -> None:
        require_vector("biases", biases, self._shape_of_weights()[0])
        self._biases = biases.copy()

    def _shape_of_weights(self) -> tuple[int, int]:
        if self._weights is None:
            raise ShapeError(f"{self.description}: expected no weights and no biases")
        shape: tuple[int, int] = self._weights.shape
        return shape

    def take(self, biases: Vector, weights: Matrix) -> None:
        """Use these objects themselves, unchecked: for freshly computed numbers."""
        self._biases, self._weights = biases, weights

    def is_finite(self) -> bool:
        """Return whether every weight and bias is a finite number."""
        return self._weights is None or bool(self._weights.is_finite() and self._biases.is_finite())

    def copy(self) -> Any:
        """Return an independent copy of the layer."""
        return type(self)(self.description, self.shape_before, self._biases, self._weights)

    __copy__ = copy

    def __repr__(self) -> str:
        before = "×".join(map(str, self.shape_before))
        return f"<layer {self.description} after {before}>"


_ENGINES: dict[type[Description], dict[str, Any]] = {Dense: {}}  # first in messages


def register_layer(
    description: type[Description], *, pure: Optional[type[Layer]] = None, fast: Any = None
) -> None:
    """Register the classes that build a kind of layer in the two engines.

    ``pure`` is a Layer, ``fast`` a ``tinynn.fast.layers.Layer``. Networks, files, ``gradcheck``,
    training and the stepper then support the layer. You can also register each engine in its own
    call.
    """
    if not isinstance(description, type) or not issubclass(description, Description):
        expected = f"expected a class of Descriptions, got {describe(description)}"
        raise ArgumentError(f"register_layer: {expected}: write register_layer(Dense, …)")
    for engine, build in (("pure", pure), ("fast", fast)):
        calls = (getattr(build, call, None) for call in ("forward", "error_before", "add_gradient"))
        whole = isinstance(build, type) and all(map(callable, calls)) and not isabstract(build)
        if build is not None and not whole:
            expected = f"expected a class with the methods of a layer, got {describe(build)}"
            raise ArgumentError(f"register_layer: {engine}: {expected}: write a subclass of Layer")
    known = _ENGINES.setdefault(description, {})
    known.update({name: each for name, each in (("pure", pure), ("fast", fast)) if each})


def layer_class(description: Description, engine: str) -> Any:
    """Return the class that builds this layer in an engine, 'pure' or 'fast'."""
    require_kind("description", description, Description, "Dense(30)")
    found = _ENGINES.get(type(description), {}).get(engine)
    if found is None:
        write = f"register_layer({description.kind}, {engine}=…)"
        raise ArgumentError(f"{description}: this kind of layer has no {engine} class: {write}")
    return found


def kinds() -> dict[str, type[Description]]:
    """Return the registered kinds of layer by their names in files."""
    return {description.__name__: description for description in _ENGINES}


def size_of(shape: Shape) -> int:
    """Return the number of neurons in a layer of this shape."""
    return prod(shape)
