"""Hypothesis strategies for the tests: numbers of moderate size in shapes that fit together."""

from __future__ import annotations

from hypothesis import strategies as st

from tinynn import SIGMOID, STEP, Activation, Matrix, Network, Vector


def moderate_floats(bound: float = 10.0) -> st.SearchStrategy[float]:
    """Floats from -bound to bound; no NaN, no infinity, nothing so small that it underflows."""
    return st.floats(-bound, bound, allow_subnormal=False).map(
        lambda z: 0.0 if -1e-9 < z < 1e-9 else z
    )


def vectors(size: int | None = None, bound: float = 10.0) -> st.SearchStrategy[Vector]:
    """Vectors of ``size`` moderate numbers, or of 1 to 5 where no size is given."""
    least, most = (1, 5) if size is None else (size, size)
    return st.lists(moderate_floats(bound), min_size=least, max_size=most).map(Vector)


@st.composite
def matrices(
    draw: st.DrawFn, rows: int | None = None, columns: int | None = None, bound: float = 10.0
) -> Matrix:
    """Matrices of moderate numbers; a side that is not given has 1 to 4 entries."""
    J = draw(st.integers(1, 4)) if rows is None else rows
    K = draw(st.integers(1, 4)) if columns is None else columns
    return Matrix([draw(vectors(K, bound)) for _ in range(J)])


def layer_sizes(max_layers: int = 4, max_size: int = 4) -> st.SearchStrategy[list[int]]:
    """Sizes of a small network of two layers or more, the input layer first."""
    return st.lists(st.integers(1, max_size), min_size=2, max_size=max_layers)


@st.composite
def networks(draw: st.DrawFn, activation: Activation = SIGMOID, bound: float = 3.0) -> Network:
    """Small networks with any moderate weights and biases."""
    sizes = draw(layer_sizes())
    biases = [draw(vectors(J, bound)) for J in sizes[1:]]
    weights = [draw(matrices(J, K, bound)) for K, J in zip(sizes, sizes[1:])]
    return Network.from_parameters(biases, weights, activation)


@st.composite
def perceptron_networks(draw: st.DrawFn) -> Network:
    """Small networks of perceptrons in which no z can be 0, whatever bits come in.

    The weights are whole numbers and the biases are halves, so that |z| is at least 1/2 and
    rounding is never what decides.
    """
    sizes = draw(layer_sizes())
    whole = st.integers(-3, 3)
    biases = [[draw(whole) + 0.5 for _ in range(J)] for J in sizes[1:]]
    weights = [
        [[draw(whole) for _ in range(K)] for _ in range(J)] for K, J in zip(sizes, sizes[1:])
    ]
    return Network.from_parameters(biases, weights, STEP)


def bits(size: int) -> st.SearchStrategy[list[int]]:
    """Rows of ``size`` bits."""
    return st.lists(st.integers(0, 1), min_size=size, max_size=size)


@st.composite
def examples(
    draw: st.DrawFn, network: Network, min_size: int = 1, max_size: int = 5
) -> list[tuple[Vector, Vector]]:
    """Lists of examples (x, y) that fit ``network``, every entry from 0 to 1."""
    entries = st.floats(0.0, 1.0, allow_subnormal=False)

    def rows(size: int) -> st.SearchStrategy[Vector]:
        return st.lists(entries, min_size=size, max_size=size).map(Vector)

    sizes = network.sizes
    pairs = st.tuples(rows(sizes[0]), rows(sizes[len(sizes) - 1]))
    return draw(st.lists(pairs, min_size=min_size, max_size=max_size))
