"""Hypothesis strategies: vectors, matrices, networks and their examples.

The signatures follow Hypothesis: ``elements``, a strategy for the entries, is the first argument;
sizes are the keywords ``min_…`` and ``max_…``, both included, and ``size=3`` sets both. Bad
arguments raise ArgumentError with their name. No global state is changed. Examples shrink to
numbers that a person would write on a blackboard: few entries, small whole numbers if possible.

>>> from hypothesis import given
>>> @given(vectors(size=2))
... def test_adding_nothing_changes_nothing(v):
...     assert v + Vector.zeros(2) == v
>>> test_adding_nothing_changes_nothing()

With the kit installed, ``hypothesis.strategies.from_type(Vector)`` finds them automatically.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional, Union

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tinynn.activations import SIGMOID, STEP, Activation, activation_named
from tinynn.errors import ArgumentError, describe, require_count, require_positive
from tinynn.linalg import Matrix, Vector, finite_float
from tinynn.network import Network
from tinynn.neurons import Perceptron
from tinynn.training import Example

Elements = Optional[SearchStrategy[float]]
Sizes = Union[Sequence[int], SearchStrategy[list[int]], None]


def numbers(min_value: float = -10.0, max_value: float = 10.0) -> SearchStrategy[float]:
    """Return a strategy for floats of moderate size, none so small that its square underflows.

    >>> from hypothesis import find
    >>> find(numbers(), lambda z: z > 0.75)
    1.0
    """
    least, most = finite_float(min_value, "min_value"), finite_float(max_value, "max_value")
    _require_order("value", least, most)
    floats = st.floats(least, most, allow_subnormal=False)
    if not least <= 0.0 <= most:
        return floats
    return floats.map(lambda z: 0.0 if -1e-9 < z < 1e-9 else z)


def vectors(
    elements: Elements = None, *, size: Optional[int] = None, min_size: int = 1, max_size: int = 5
) -> SearchStrategy[Vector]:
    """Return a strategy for Vectors whose entries are drawn from ``elements``.

    >>> from hypothesis import find
    >>> find(vectors(), lambda v: True), find(vectors(size=2), lambda v: v.norm() > 1)
    (Vector([0.0]), Vector([0.0, 2.0]))
    """
    entries = _elements(elements, numbers())
    least, most = _sizes("size", size, min_size, max_size)
    return st.lists(entries, min_size=least, max_size=most).map(Vector)


def matrices(
    elements: Elements = None,
    *,
    rows: Optional[int] = None,
    columns: Optional[int] = None,
    min_rows: int = 1,
    max_rows: int = 4,
    min_columns: int = 1,
    max_columns: int = 4,
) -> SearchStrategy[Matrix]:
    """Return a strategy for Matrices whose entries are drawn from ``elements``.

    >>> from hypothesis import find
    >>> find(matrices(rows=2), lambda w: w.shape[1] > 1)
    Matrix([[0.0, 0.0], [0.0, 0.0]])
    """
    entries = _elements(elements, numbers())
    J = st.integers(*_sizes("rows", rows, min_rows, max_rows))
    K = st.integers(*_sizes("columns", columns, min_columns, max_columns))
    return st.tuples(J, K).flatmap(lambda shape: _matrices(entries, *shape))


def matrices_for_product(
    elements: Elements = None, *, min_side: int = 1, max_side: int = 4
) -> SearchStrategy[tuple[Matrix, Matrix]]:
    """Return a strategy for pairs of Matrices A, B for which A @ B is defined.

    >>> from hypothesis import find
    >>> find(matrices_for_product(), lambda pair: pair[0].shape != pair[1].shape)
    (Matrix([[0.0]]), Matrix([[0.0, 0.0]]))
    """
    entries = _elements(elements, numbers())
    _require_sizes("side", min_side, max_side)
    side = st.integers(min_side, max_side)

    @st.composite
    def draw_pair(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
        I, J, K = draw(side), draw(side), draw(side)
        return draw(_matrices(entries, I, J)), draw(_matrices(entries, J, K))

    return draw_pair()


def layer_sizes(
    *, min_layers: int = 2, max_layers: int = 4, min_size: int = 1, max_size: int = 4
) -> SearchStrategy[list[int]]:
    """Return a strategy for the sizes of a network's layers, the input layer first.

    >>> from hypothesis import find
    >>> find(layer_sizes(), lambda sizes: len(sizes) > 2)
    [1, 1, 1]
    """
    _require_sizes("layers", min_layers, max_layers, least_of_all=2)
    _require_sizes("size", min_size, max_size)
    sizes = st.integers(min_size, max_size)
    return st.lists(sizes, min_size=min_layers, max_size=max_layers)


def networks(
    elements: Elements = None,
    *,
    sizes: Sizes = None,
    activation: Union[str, Activation] = SIGMOID,
) -> SearchStrategy[Network]:
    """Return a strategy for small Networks; weights and biases are drawn from ``elements``.

    ``sizes`` is a list such as ``[2, 3, 1]``, or a strategy for such lists: ``layer_sizes()``.

    >>> from hypothesis import find
    >>> find(networks(), lambda net: True)
    <Network 1-1: 2 weights and biases, sigmoid neurons, quadratic cost>
    """
    entries = _elements(elements, numbers(-3.0, 3.0))
    function = activation_named(activation)
    shapes = _shapes(sizes)
    return shapes.flatmap(lambda each: _networks(entries, entries, each, function))


def perceptrons(
    elements: Elements = None, *, min_size: int = 1, max_size: int = 4
) -> SearchStrategy[Perceptron]:
    """Return a strategy for Perceptrons; weights and bias are drawn from ``elements``.

    By default these are whole numbers and halves. With inputs of the same kind, sums of products
    are exact, so rounding does not change a perceptron's answer.

    >>> from hypothesis import find
    >>> find(perceptrons(), lambda neuron: neuron.output([1] * len(neuron.weights)) == 1.0)
    Perceptron([0.0], 0.5)
    """
    entries = _elements(elements, halves())
    weights = vectors(entries, min_size=min_size, max_size=max_size)
    return st.builds(Perceptron, weights, entries)


def halves(min_value: int = -5, max_value: int = 5) -> SearchStrategy[float]:
    """Return a strategy for whole numbers and halves: 0, 0.5, -1.5 …, exact in every sum.

    >>> from hypothesis import find
    >>> find(halves(), lambda w: w < -1)
    -1.5
    """
    for name, value in (("min_value", min_value), ("max_value", max_value)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise ArgumentError(f"{name}: expected a whole number, got {describe(value)}")
    _require_order("value", min_value, max_value)
    return st.integers(2 * min_value, 2 * max_value).map(lambda twice: twice / 2.0)


def perceptron_networks(
    elements: Elements = None, *, sizes: Sizes = None
) -> SearchStrategy[Network]:
    """Return a strategy for small Networks of perceptrons in which no z can be 0.

    Weights are drawn from ``elements``, by default whole numbers from -3 to 3, and biases are
    1/2 more than such a number. For whole numbers |z| is then at least 1/2 for all bits, so
    rounding does not change an answer.

    >>> from hypothesis import find
    >>> net = find(perceptron_networks(sizes=[2, 1]), lambda net: True)
    >>> net.weights[0], net.biases[0]
    (Matrix([[0.0, 0.0]]), Vector([0.5]))
    """
    entries = _elements(elements, st.integers(-3, 3).map(float))
    shapes = _shapes(sizes)
    biases = entries.map(lambda whole: whole + 0.5)
    return shapes.flatmap(lambda each: _networks(biases, entries, each, STEP))


def examples(
    elements: Elements = None,
    *,
    inputs: int = 2,
    outputs: int = 1,
    min_size: int = 1,
    max_size: int = 5,
) -> SearchStrategy[list[Example]]:
    """Return a strategy for lists of examples (x, y) with this many inputs and outputs.

    The entries are drawn from ``elements``, by default from 0 to 1.

    >>> from hypothesis import find
    >>> find(examples(), lambda data: True)
    [(Vector([0.0, 0.0]), Vector([0.0]))]
    """
    pairs = _pairs(elements, inputs, outputs)
    _require_sizes("size", min_size, max_size)
    return st.lists(pairs, min_size=min_size, max_size=max_size)


def mini_batches(
    elements: Elements = None,
    *,
    inputs: int = 2,
    outputs: int = 1,
    min_batches: int = 1,
    max_batches: int = 3,
    min_size: int = 1,
    max_size: int = 4,
) -> SearchStrategy[list[list[Example]]]:
    """Return a strategy for the mini-batches of an epoch, lists of examples (x, y).

    All have the same size, from ``min_size`` to ``max_size``; the last one may be smaller.

    >>> from hypothesis import given
    >>> @given(mini_batches(min_batches=2))
    ... def test_only_the_last_is_smaller(epoch):
    ...     assert len(epoch[0]) >= len(epoch[-1])
    >>> test_only_the_last_is_smaller()
    """
    pairs = _pairs(elements, inputs, outputs)
    _require_sizes("batches", min_batches, max_batches)
    _require_sizes("size", min_size, max_size)

    @st.composite
    def draw_epoch(draw: st.DrawFn) -> list[list[Example]]:
        count = draw(st.integers(min_batches, max_batches))
        size = draw(st.integers(min_size, max_size))
        last = size if count == 1 else draw(st.integers(1, size))
        sizes = [size] * (count - 1) + [last]
        return [draw(st.lists(pairs, min_size=m, max_size=m)) for m in sizes]

    return draw_epoch()


def truth_tables(*, min_inputs: int = 1, max_inputs: int = 3) -> SearchStrategy[list[int]]:
    """Return a Hypothesis strategy for truth tables: 2^n outputs, the inputs in binary order.

    >>> from hypothesis import find
    >>> find(truth_tables(min_inputs=2), lambda table: sum(table) == 1)
    [0, 0, 0, 1]
    """
    _require_sizes("inputs", min_inputs, max_inputs)
    sizes = st.integers(min_inputs, max_inputs)
    return sizes.flatmap(lambda n: st.lists(st.integers(0, 1), min_size=2**n, max_size=2**n))


class Valley(NamedTuple):
    """A quadratic bowl C(v) = 1/2 (v - bottom) · A (v - bottom), lowest at its bottom.

    ``curvature`` is the smallest eigenvalue of A, and ``lipschitz`` the largest: no slope changes
    faster than ``lipschitz`` times the distance. With η ≤ 1/``lipschitz`` every step lowers C by
    at least η/2 ‖∇C‖².

    >>> valley = Valley(Matrix([[2, 0], [0, 8]]), Vector([0, 0]), 2.0, 8.0)
    >>> valley.cost(Vector([1, 1])), valley.gradient(Vector([1, 1]))
    (5.0, Vector([2.0, 8.0]))
    """

    matrix: Matrix
    bottom: Vector
    curvature: float
    lipschitz: float

    def cost(self, v: Vector) -> float:
        """Return C(v)."""
        away = v - self.bottom
        return 0.5 * (away @ (self.matrix @ away))

    def gradient(self, v: Vector) -> Vector:
        """Return ∇C(v) = A (v - bottom)."""
        return self.matrix @ (v - self.bottom)


def valleys(
    elements: Elements = None,
    *,
    size: Optional[int] = None,
    min_size: int = 1,
    max_size: int = 3,
    min_curvature: float = 0.125,
    max_curvature: float = 8.0,
) -> SearchStrategy[Valley]:
    """Return a strategy for Valleys of ``min_size`` to ``max_size`` variables.

    The bottom is drawn from ``elements``; the curvatures from ``min_curvature`` to
    ``max_curvature``, both above 0. The valley may be askew: a reflection moves its axes, but does
    not change its curvatures.

    >>> from hypothesis import find
    >>> find(valleys(), lambda valley: True)
    Valley(matrix=Matrix([[1.0]]), bottom=Vector([0.0]), curvature=1.0, lipschitz=1.0)
    """
    entries = _elements(elements, numbers(-3.0, 3.0))
    sizes = st.integers(*_sizes("size", size, min_size, max_size))
    require_positive("min_curvature", min_curvature)
    require_positive("max_curvature", max_curvature)
    _require_order("curvature", min_curvature, max_curvature)
    curvature = st.floats(min_curvature, max_curvature)

    @st.composite
    def draw_valley(draw: st.DrawFn) -> Valley:
        count = draw(sizes)
        along = draw(st.lists(curvature, min_size=count, max_size=count))
        mirror = draw(st.lists(st.integers(-2, 2), min_size=count, max_size=count))
        bottom = draw(vectors(entries, size=count))
        return Valley(_askew(along, mirror), bottom, min(along), max(along))

    return draw_valley()


def register() -> None:
    """Register strategies for tinynn's types; Hypothesis calls this through its entry point."""
    st.register_type_strategy(Vector, vectors())
    st.register_type_strategy(Matrix, matrices())
    st.register_type_strategy(Network, networks())
    st.register_type_strategy(Perceptron, perceptrons())
    st.register_type_strategy(Valley, valleys())


@st.composite
def _matrices(draw: st.DrawFn, entries: SearchStrategy[float], J: int, K: int) -> Matrix:
    row = st.lists(entries, min_size=K, max_size=K)
    return Matrix([draw(row) for _ in range(J)])


@st.composite
def _networks(
    draw: st.DrawFn,
    biases: SearchStrategy[float],
    weights: SearchStrategy[float],
    sizes: Sequence[int],
    function: Activation,
) -> Network:
    b = [draw(st.lists(biases, min_size=J, max_size=J)) for J in sizes[1:]]
    w = [draw(_matrices(weights, J, K)) for K, J in zip(sizes, sizes[1:])]
    return Network.from_parameters(b, w, function)


def _pairs(elements: Elements, inputs: int, outputs: int) -> SearchStrategy[Example]:
    entries = _elements(elements, numbers(0.0, 1.0))
    require_count("inputs", inputs)
    require_count("outputs", outputs)
    return st.tuples(vectors(entries, size=inputs), vectors(entries, size=outputs))


def _askew(along: list[float], mirror: list[int]) -> Matrix:
    """Return H D H, with D = diag(along) and the reflection H = I - 2 u uᵀ / ‖u‖²."""
    length = sum(u * u for u in mirror)
    size = range(len(along))
    H = [
        [float(i == j) - (2.0 * mirror[i] * mirror[j] / length if length else 0.0) for j in size]
        for i in size
    ]
    return Matrix([[sum(H[i][k] * along[k] * H[k][j] for k in size) for j in size] for i in size])


def _shapes(sizes: Sizes) -> SearchStrategy[list[int]]:
    if sizes is None:
        return layer_sizes()
    if isinstance(sizes, SearchStrategy):
        return sizes
    if isinstance(sizes, (str, bytes)) or not hasattr(sizes, "__len__") or len(sizes) < 2:
        raise ArgumentError(
            f"sizes: expected two or more layers, or a strategy for them, got {describe(sizes)}"
        )
    return st.just([require_count(f"sizes[{i}]", size) for i, size in enumerate(sizes)])


def _elements(elements: Elements, by_default: SearchStrategy[float]) -> SearchStrategy[float]:
    if elements is None:
        return by_default
    if not isinstance(elements, SearchStrategy):
        raise ArgumentError(f"elements: expected a strategy for floats, got {describe(elements)}")
    return elements


def _sizes(name: str, exactly: Optional[int], least: int, most: int) -> tuple[int, int]:
    """Return the smallest and the largest size, which are equal if ``exactly`` is given."""
    if exactly is not None:
        return require_count(name, exactly), exactly
    _require_sizes(name, least, most)
    return least, most


def _require_sizes(name: str, least: int, most: int, *, least_of_all: int = 1) -> None:
    require_count(f"min_{name}", least, least_of_all)
    require_count(f"max_{name}", most, least_of_all)
    _require_order(name, least, most)


def _require_order(name: str, least: float, most: float) -> None:
    if least > most:
        raise ArgumentError(f"max_{name}: expected at least min_{name} = {least}, got {most}")
