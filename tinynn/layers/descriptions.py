"""Descriptions of layers, without numbers and without an engine. Both engines build from them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, dataclass, fields
from math import prod
from typing import Optional, Union

from tinynn.activations import LINEAR, SIGMOID, SOFTMAX, Activation, activation_named
from tinynn.equations.maps import blocks, maps_shape, places
from tinynn.errors import (
    ArgumentError,
    DataError,
    ShapeError,
    describe,
    require_bool,
    require_count,
    require_row,
    require_share,
)

_MOST = 10_000_000  # weights and biases: the limit of a file, see files.py
Shape = tuple[int, ...]  # (30,): thirty neurons; (20, 24, 24): twenty maps of 24×24


@dataclass(frozen=True, repr=False)
class Description(ABC):
    """A kind of layer with its settings. Subclasses are frozen dataclasses.

    A layer that learns has a matrix of weights with a row for each bias. For a layer that does
    not learn, ``weight_shape`` returns None.
    """

    @abstractmethod
    def shape_after(self, before: Shape) -> Shape:
        """Return the shape of the layer's activations if the layer before has shape ``before``."""

    def weight_shape(self, before: Shape) -> Optional[tuple[int, int]]:
        """Return the rows and columns of its weights, or None. Each row has a bias."""
        return None

    @property
    def init(self) -> str:
        """The default way to draw its first weights.

        >>> Dense(30).init, Dense(30, "tanh").init
        ('large', 'scaled')
        """
        return "large" if getattr(self, "activation", SIGMOID) == SIGMOID else "scaled"

    @property
    def kind(self) -> str:
        """The name of this kind of layer in files."""
        return type(self).__name__

    def settings(self) -> dict[str, object]:
        """Return the settings by name, in order.

        >>> Dense(30, "tanh").settings()
        {'neurons': 30, 'activation': <Activation tanh>}
        """
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def with_activation(self, function: Activation) -> Description:
        """Return the same layer with another activation function, if it has one."""
        if "activation" not in self.settings():
            return self
        return type(self)(**{**self.settings(), "activation": function})

    def __repr__(self) -> str:
        return f"{self.kind}({', '.join(self._arguments())})"

    def _arguments(self) -> Iterator[str]:
        """Yield the arguments that build it, without trailing defaults."""
        values = list(self.settings().values())
        defaults = [each.default for each in fields(self)]
        while defaults and defaults[-1] is not MISSING and defaults[-1] == values[-1]:
            values.pop()
            defaults.pop()
        for value in values:
            yield repr(value.name if isinstance(value, Activation) else value)


@dataclass(frozen=True, init=False, repr=False)
class Dense(Description):
    """A fully connected layer: every neuron has a weight from every neuron before it.

    ``neurons`` is the number of neurons, ``activation`` their function or its name. Only the last
    layer of a network may use "softmax". Raises ArgumentError.

    >>> Dense(30), Dense(30, "tanh")
    (Dense(30), Dense(30, 'tanh'))
    >>> Dense(30).shape_after((64,)), Dense(30).weight_shape((64,))
    ((30,), (30, 64))
    """

    neurons: int
    activation: Activation = SIGMOID

    def __init__(self, neurons: int, activation: Union[str, Activation] = SIGMOID) -> None:
        object.__setattr__(self, "neurons", require_count("Dense: neurons", neurons))
        object.__setattr__(self, "activation", activation_named(activation))

    def shape_after(self, before: Shape) -> Shape:
        """Return (neurons,) for any shape before: images are read row by row."""
        return (self.neurons,)

    def weight_shape(self, before: Shape) -> tuple[int, int]:
        """Return (J, K): a row for each neuron, a column for each neuron of the layer before."""
        return self.neurons, prod(checked_shape("before", before))


@dataclass(frozen=True, init=False, repr=False)
class Dropout(Description):
    """A layer that drops each neuron of the layer before it with probability p, in training.

    Each mini-batch draws a new mask; the weights from dropped neurons get no gradient. When the
    network answers, no neuron is dropped, and all are multiplied by 1 - p. Raises ArgumentError.

    >>> Dropout(0.5), Dropout(0.5).shape_after((30,))
    (Dropout(0.5), (30,))
    """

    p: float

    def __init__(self, p: float) -> None:
        object.__setattr__(self, "p", require_share("Dropout: p", p))

    def shape_after(self, before: Shape) -> Shape:
        """Return the shape before."""
        return checked_shape("before", before)


class _Windowed(Description):
    """A layer after feature maps that looks at one window of rows and columns at a time."""

    def _window(self, name: str, size: object) -> Union[int, tuple[int, int]]:
        """Return the rows and columns of a window, or a single number if it is square."""
        place = f"{self.kind}: {name}"
        if not isinstance(size, (tuple, list)):
            return require_count(place, size)
        if len(size) != 2:
            expected = "expected a number, or rows and columns"
            raise ArgumentError(f"{place}: {expected}, got {describe(size)}: write (2, 3)")
        rows, columns = (require_count(place, each) for each in size)
        return rows if rows == columns else (rows, columns)


def is_windowed(description: object) -> bool:
    """Return whether a layer needs feature maps before it."""
    return isinstance(description, _Windowed)


def _rows_and_columns(size: Union[int, tuple[int, int]]) -> tuple[int, int]:
    return size if isinstance(size, tuple) else (size, size)


@dataclass(frozen=True, init=False, repr=False)
class Convolution(_Windowed):
    """A convolution: every feature map slides one field of weights over all maps before it.

    ``maps`` is the number of feature maps (``filters`` in other libraries). ``field`` is the
    number of rows and columns that a neuron sees of each map before (``kernel_size``): 5 for a
    field of 5×5, (3, 5) for 3 rows of 5. The field moves by one place at a time (``strides=1``)
    and stays inside the map (``padding="valid"``). ``activation`` is a function of one number, or
    its name. The layer before must have a shape of maps, rows and columns, such as (1, 28, 28).
    Raises ArgumentError.

    >>> Convolution(20, 5), Convolution(4, (2, 3), "relu")
    (Convolution(20, 5), Convolution(4, (2, 3), 'relu'))
    >>> Convolution(20, 5).shape_after((1, 28, 28)), Convolution(20, 5).weight_shape((1, 28, 28))
    ((20, 24, 24), (20, 25))
    """

    maps: int
    field: Union[int, tuple[int, int]]
    activation: Activation = SIGMOID

    def __init__(
        self,
        maps: int,
        field: Union[int, tuple[int, int]],
        activation: Union[str, Activation] = SIGMOID,
    ) -> None:
        object.__setattr__(self, "maps", require_count("Convolution: maps", maps))
        object.__setattr__(self, "field", self._window("field", field))
        object.__setattr__(self, "activation", activation_named(activation))
        if self.activation == SOFTMAX:
            expected = "expected a function of one number, got 'softmax'"
            raise ArgumentError(f"Convolution: activation: {expected}: write Dense(10, 'softmax')")

    @property
    def init(self) -> str:
        """The default way to draw its first weights: always scaled."""
        return "scaled"

    @property
    def window(self) -> tuple[int, int]:
        """The rows and columns of the field."""
        return _rows_and_columns(self.field)

    def shape_after(self, before: Shape) -> Shape:
        """Return (maps, rows, columns): each map has a neuron for each position of the field."""
        return (self.maps, *places(maps_shape("layer before", before), self.window))

    def weight_shape(self, before: Shape) -> tuple[int, int]:
        """Return (F, GRS): a row for each map, with a weight for each place that a neuron sees."""
        self.shape_after(before)
        return self.maps, before[0] * prod(self.window)


@dataclass(frozen=True, repr=False)
class _Pooling(_Windowed):
    size: Union[int, tuple[int, int]]
    cut: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", self._window("size", self.size))
        require_bool(f"{self.kind}: cut", self.cut)

    @property
    def window(self) -> tuple[int, int]:
        """The rows and columns of a block."""
        return _rows_and_columns(self.size)

    def shape_after(self, before: Shape) -> Shape:
        """Return (maps, rows, columns): a neuron for each block."""
        shape = maps_shape("layer before", before)
        (R, S), (maps, P, Q) = self.window, shape
        J, K = blocks(shape, (R, S))
        if not self.cut and (P % R or Q % S):
            expected = f"expected maps that divide into blocks of {R}×{S}, got {P}×{Q}"
            write = f"{self.kind}({self.size}, cut=True) to leave out the last rows and columns"
            raise ShapeError(f"{expected}: write {write}")
        return maps, J, K


class MaxPooling(_Pooling):
    """Max-pooling: the largest activation of each block of a feature map.

    ``size`` is the number of rows and columns of a block (``pool_size`` in other libraries): 2
    for 2×2, (1, 2) for 1 row of 2. Blocks do not overlap. Maps must divide into whole blocks,
    unless ``cut`` is True: then the last rows and columns are left out, as in the book's program.
    Raises ArgumentError.

    >>> MaxPooling(2), MaxPooling((1, 2), cut=True)
    (MaxPooling(2), MaxPooling((1, 2), True))
    >>> MaxPooling(2).shape_after((20, 24, 24)), MaxPooling(2, cut=True).shape_after((20, 25, 25))
    ((20, 12, 12), (20, 12, 12))
    """


class L2Pooling(_Pooling):
    """L2 pooling: √(Σ a²), the length of the activations, of each block of a feature map.

    ``size`` and ``cut`` are as in ``MaxPooling``. Raises ArgumentError.

    >>> L2Pooling(2), L2Pooling(2).shape_after((20, 24, 24))
    (L2Pooling(2), (20, 12, 12))
    """


def checked_shape(name: str, shape: object) -> Shape:
    """Return a shape as a tuple of whole numbers from 1, from a tuple or a single number.

    >>> checked_shape("input", 30), checked_shape("input", (1, 28, 28))
    ((30,), (1, 28, 28))
    """
    sizes = shape if isinstance(shape, tuple) and shape else (shape,)
    return tuple(require_count(name, size) for size in sizes)


Described = Union[int, Shape, Description]  # the forms of a layer argument: 30 means Dense(30)


class Plan:
    """A network without its numbers: the shape of the input, and the layers after it.

    ``shapes`` and ``sizes`` (numbers of neurons) list all layers; ``learning`` lists each l with
    weights. l = 1 is the input, as in the book.

    >>> plan = Plan([64, Dense(30, "tanh"), 10])
    >>> plan.descriptions, plan.sizes, plan.learning
    ((Dense(30, 'tanh'), Dense(10)), (64, 30, 10), (2, 3))
    """

    def __init__(
        self, layers: Sequence[Described], activation: Union[str, Activation] = SIGMOID
    ) -> None:
        function = activation_named(activation)
        try:
            layers = list(require_row("sizes", layers, "[2, 3, 1]"))
            given = describe(layers)
        except DataError:
            layers, given = [], describe(layers)
        if len(layers) < 2:
            expected = "expected two layers or more, such as [2, 3, 1]"
            raise ArgumentError(f"sizes: {expected}, got {given}: write [2, 3, 1]")
        self.input = checked_shape("sizes[0]", layers[0])
        self.descriptions = tuple(
            each
            if isinstance(each, Description)
            else Dense(require_count(f"sizes[{i}]", each), function)
            for i, each in enumerate(layers[1:], start=1)
        )
        for l, description in enumerate(self.descriptions[:-1], start=2):
            if getattr(description, "activation", None) == SOFTMAX:
                expected = "expected softmax in the last layer only"
                raise ArgumentError(f"layer {l}: {expected}, got {description}: write Dense(30)")
        if isinstance(self.descriptions[-1], Dropout):
            expected = f"expected a layer after {self.descriptions[-1]}: it would drop outputs"
            raise ArgumentError(f"layer {len(layers)}: {expected}: write Dense(10) after it")
        shapes = [self.input]
        self.weight_shapes: dict[int, tuple[int, int]] = {}
        for l, description in enumerate(self.descriptions, start=2):
            try:
                weight_shape = description.weight_shape(shapes[-1])
                shapes.append(description.shape_after(shapes[-1]))
            except ShapeError as error:
                raise ShapeError(f"layer {l}, {description}: {error}") from None
            if weight_shape is not None:
                self.weight_shapes[l] = weight_shape
        numbers = sum(rows * (columns + 1) for rows, columns in self.weight_shapes.values())
        if numbers > _MOST:
            given = f"{numbers:,}" if numbers < 10**20 else describe(numbers)
            expected = f"expected layers of at most {_MOST:,} weights and biases in all"
            raise ArgumentError(f"sizes: {expected}, got {given}: write smaller ones")
        self.shapes = tuple(shapes)
        self.sizes = tuple(map(prod, shapes))
        if max(self.sizes) > _MOST:
            expected = f"expected layers of at most {_MOST:,} neurons"
            raise ArgumentError(f"sizes: {expected}, got {describe(max(self.sizes))}")
        self.learning = tuple(self.weight_shapes)
        self.dropout = {  # of each dropout layer: the number of its neurons, and p
            l: (self.sizes[l - 1], description.p)
            for l, description in enumerate(self.descriptions, start=2)
            if isinstance(description, Dropout)
        }

    @property
    def products(self) -> int:
        """The number of multiplications of a weight by an activation in one forward pass.

        >>> Plan([64, 30, 10]).products, Plan([(1, 8, 8), Convolution(4, 3)]).products
        (2220, 1296)
        """
        return sum(k * self.sizes[l - 1] for l, (_, k) in self.weight_shapes.items())

    @property
    def output_function(self) -> Activation:
        """The activation function of the output neurons, or linear if the last layer has none."""
        function: Activation = getattr(self.descriptions[-1], "activation", LINEAR)
        return function

    @property
    def layers(self) -> list[Described]:
        """The input shape and the layer descriptions, in the form that ``Plan`` takes."""
        return [self.input, *self.descriptions]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plan) and self.layers == other.layers

    def __hash__(self) -> int:
        return hash((self.input, self.descriptions))
