"""Vector and Matrix: the laws of linear algebra, and rejected values."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from decimal import Decimal
from fractions import Fraction
from math import inf, nan, sqrt
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tinynn import DataError, Matrix, ShapeError, TinyNNError, Vector
from tinynn.teaching.strategies import matrices, numbers, vectors

ROUNDING = 1e-12
SIZES = st.integers(1, 4)
NOT_NUMBERS = [
    nan,
    inf,
    -inf,
    numpy.float64(nan),
    "1.5",
    b"1",
    "",
    True,
    False,
    numpy.bool_(True),
    None,
    [1.0],
    [],
    (1.0, 2.0),
    {},
    1j,
    Decimal("1.5"),
    10**400,
    -(10**400),
    numpy.array([1.0]),
    Vector([1.0]),
]
NOT_ROWS = [None, 3, 2.5, True, "123", b"123", "", {0: 1.0}, {1: 2.0, 3: 4.0}]


def same(p: Vector | Matrix, q: Vector | Matrix, scale: float) -> bool:
    """Return whether two Vectors, or two Matrices, of one shape differ by rounding only."""
    return numpy.allclose(numpy.asarray(p), numpy.asarray(q), rtol=0.0, atol=ROUNDING * (1 + scale))


# The laws.


@given(SIZES, st.data())
def test_addition_is_entry_by_entry_and_commutes(size: int, data: st.DataObject) -> None:
    """(u + v)_j = u_j + v_j."""
    u, v = data.draw(vectors(size=size)), data.draw(vectors(size=size))
    assert (u + v).to_list() == [p + q for p, q in zip(u.to_list(), v.to_list())]
    assert u + v == v + u
    assert u - v == u + -v


@given(SIZES, st.data())
def test_addition_is_associative_within_rounding(size: int, data: st.DataObject) -> None:
    """(u + v) + w = u + (v + w)."""
    u, v, w = (data.draw(vectors(size=size)) for _ in range(3))
    assert same((u + v) + w, u + (v + w), 30.0)


@given(SIZES, SIZES, SIZES, SIZES, st.data())
def test_matrix_products_are_associative_within_rounding(
    I: int, J: int, K: int, L: int, data: st.DataObject
) -> None:
    """(A B) C = A (B C)."""
    A, B, C = (
        data.draw(matrices(rows=I, columns=J)),
        data.draw(matrices(rows=J, columns=K)),
        data.draw(matrices(rows=K, columns=L)),
    )
    assert same((A @ B) @ C, A @ (B @ C), A.norm() * B.norm() * C.norm())


@given(SIZES, SIZES, SIZES, st.data())
def test_a_product_acts_as_its_factors_one_after_the_other(
    I: int, J: int, K: int, data: st.DataObject
) -> None:
    """(A B) v = A (B v), and A (u + v) = A u + A v."""
    A, B = data.draw(matrices(rows=I, columns=J)), data.draw(matrices(rows=J, columns=K))
    u, v = data.draw(vectors(size=K)), data.draw(vectors(size=K))
    assert same((A @ B) @ v, A @ (B @ v), A.norm() * B.norm() * v.norm())
    assert same(B @ (u + v), B @ u + B @ v, B.norm() * (u.norm() + v.norm()))


@given(SIZES, SIZES, SIZES, st.data())
def test_the_transpose_of_a_product_is_the_product_of_the_transposes_in_reverse(
    I: int, J: int, K: int, data: st.DataObject
) -> None:
    """(A B)ᵀ = Bᵀ Aᵀ, to the last bit: the same sums in the same order."""
    A, B = data.draw(matrices(rows=I, columns=J)), data.draw(matrices(rows=J, columns=K))
    assert (A @ B).transpose() == B.transpose() @ A.transpose()


@given(matrices())
def test_a_double_transpose_is_the_matrix_itself(A: Matrix) -> None:
    """(Aᵀ)ᵀ = A, and (Aᵀ)_kj = A_jk."""
    assert A.transpose().transpose() == A
    J, K = A.shape
    assert A.transpose().shape == (K, J)
    assert all(A.transpose()[k][j] == A[j][k] for j in range(J) for k in range(K))


@pytest.mark.ch2
def test_hadamard() -> None:
    """(28): (s ⊙ t)_j = s_j t_j."""
    check("hadamard", Vector.hadamard)


@pytest.mark.ch2
@given(SIZES, SIZES, st.data())
def test_the_hadamard_product_is_entry_by_entry_and_commutes(
    J: int, K: int, data: st.DataObject
) -> None:
    """(28): (s ⊙ t)_j = s_j t_j."""
    s, t = data.draw(vectors(size=J)), data.draw(vectors(size=J))
    assert s.hadamard(t) == t.hadamard(s)
    assert s.hadamard(t).to_list() == (numpy.asarray(s) * numpy.asarray(t)).tolist()
    S, T = data.draw(matrices(rows=J, columns=K)), data.draw(matrices(rows=J, columns=K))
    assert S.hadamard(T) == T.hadamard(S)
    assert S.hadamard(T).to_lists() == (numpy.asarray(S) * numpy.asarray(T)).tolist()


@pytest.mark.ch2
def test_the_hadamard_product_worked_by_hand() -> None:
    """(28): (1, 2) ⊙ (3, 4) = (3, 8)."""
    assert Vector([1, 2]).hadamard(Vector([3, 4])) == Vector([3, 8])
    assert Matrix([[1, 2]]).hadamard(Matrix([[3, 4]])) == Matrix([[3, 8]])


@given(vectors(), vectors())
def test_an_outer_product_has_a_row_for_each_entry_of_the_left(u: Vector, v: Vector) -> None:
    """(u vᵀ)_jk = u_j v_k."""
    table = u.outer(v)
    assert table.shape == (len(u), len(v))
    assert table.to_lists() == numpy.outer(numpy.asarray(u), numpy.asarray(v)).tolist()


@given(st.integers(1, 6), st.data())
def test_the_dot_product_is_exact_within_rounding(size: int, data: st.DataObject) -> None:
    """v · u = Σ_j v_j u_j, against fractions; each of n roundings is at most 2^-53."""
    u, v = (
        data.draw(vectors(numbers(-1e6, 1e6), size=size)),
        data.draw(vectors(numbers(-1e6, 1e6), size=size)),
    )
    products = [Fraction(p) * Fraction(q) for p, q in zip(u.to_list(), v.to_list())]
    missed = abs(Fraction(u @ v) - sum(products))
    assert missed <= 2 * size * sum(abs(product) for product in products) / 2**53
    assert u @ v == v @ u


@given(SIZES, SIZES, SIZES, st.data())
def test_products_are_those_of_numpy(I: int, J: int, K: int, data: st.DataObject) -> None:
    """(M v)_j = Σ_k M_jk v_k and (M N)_ji = Σ_k M_jk N_ki, against another implementation."""
    M, N, v = (
        data.draw(matrices(rows=I, columns=J)),
        data.draw(matrices(rows=J, columns=K)),
        data.draw(vectors(size=J)),
    )
    by_numpy = numpy.asarray(M) @ numpy.asarray(v)
    assert numpy.allclose(numpy.asarray(M @ v), by_numpy, rtol=0, atol=1e-11)
    by_numpy = numpy.asarray(M) @ numpy.asarray(N)
    assert (M @ N).shape == (I, K)
    assert numpy.allclose(numpy.asarray(M @ N), by_numpy, rtol=0, atol=1e-11)


@given(vectors(), numbers(), numbers())
def test_a_number_times_a_vector_scales_every_entry(v: Vector, c: float, d: float) -> None:
    """(c v)_j = c v_j, from the left and from the right."""
    assert c * v == v * c
    assert (c * v).to_list() == [c * entry for entry in v.to_list()]
    assert same((c * d) * v, c * (d * v), 1000.0)
    assert same((c + d) * v, c * v + d * v, 1000.0)


@given(matrices(), numbers())
def test_a_number_times_a_matrix_scales_every_entry(A: Matrix, c: float) -> None:
    """(c A)_jk = c A_jk; A - A is nothing but zeros, of the shape of A."""
    assert c * A == A * c
    assert (c * A).to_lists() == (c * numpy.asarray(A)).tolist()
    assert A - A == A + -A == Matrix.zeros(*A.shape)


@given(vectors(), matrices())
def test_the_norm_is_the_root_of_the_sum_of_squares(v: Vector, A: Matrix) -> None:
    """‖v‖ = √(Σ_j v_j²), and for a matrix over all its entries."""
    assert v.norm() == pytest.approx(sqrt(sum(entry * entry for entry in v)))
    squares = sum(entry * entry for row in A.to_lists() for entry in row)
    assert A.norm() == pytest.approx(sqrt(squares))


def test_the_norm_does_not_overflow_on_the_way() -> None:
    """3² and 4² times 10^600 are no floats, but the root of their sum is."""
    assert Vector([3e300, 4e300]).norm() == pytest.approx(5e300)
    assert Matrix([[3e300], [4e300]]).norm() == pytest.approx(5e300)
    assert Vector([3e-300, 4e-300]).norm() == pytest.approx(5e-300)


@given(vectors())
def test_argmax_is_the_first_place_of_the_largest_entry(v: Vector) -> None:
    """Of equal ones, the first, as NumPy has it."""
    assert v.argmax() == int(numpy.argmax(numpy.asarray(v)))


@pytest.mark.ch2
def test_a_function_is_applied_entry_by_entry() -> None:
    """(24): f((2, 3)) = (f(2), f(3)), with the book's f(x) = x²."""
    assert Vector([2, 3]).map(lambda x: x * x) == Vector([4, 9])
    with pytest.raises(DataError, match="entry 1"):
        Vector([2, 3]).map(lambda x: x if x < 3 else nan)


def test_linear_algebra_worked_by_hand() -> None:
    """Row times column."""
    p, q = Matrix([[1, 2], [3, 4]]), Matrix([[5, 6], [7, 8]])
    assert p @ q == Matrix([[19, 22], [43, 50]])
    assert p @ Vector([1, -1]) == Vector([-1, -1])
    assert Vector([1, 2]).outer(Vector([3, 4, 5])) == Matrix([[3, 4, 5], [6, 8, 10]])
    assert Vector.one_hot(2, 4) == Vector([0, 0, 1, 0])
    assert Vector.zeros(2) == Vector([0, 0])


# What is refused when they are made.


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=lambda value: repr(value)[:20])
def test_nonfinite_entries_are_rejected_by_position(value: Any) -> None:
    """The message names the entry, or the row and the entry."""
    with pytest.raises(DataError, match="^Vector entry 1: expected a"):
        Vector([1.0, value, 2.0])
    with pytest.raises(DataError, match="^Matrix row 1 entry 0: expected a"):
        Matrix([[1.0, 2.0], [value, 3.0]])
    v, m = Vector([1.0, 2.0]), Matrix([[1.0, 2.0]])
    with pytest.raises(DataError, match="entry 1: expected a"):
        v[1] = value
    with pytest.raises(DataError, match="entry 1: expected a"):
        m[0][1] = value
    assert v == Vector([1, 2])
    assert m == Matrix([[1, 2]])


@pytest.mark.parametrize("value", NOT_NUMBERS[:-2], ids=lambda value: repr(value)[:20])
def test_only_a_finite_number_can_scale(value: Any) -> None:
    """c v takes a finite number; a Vector times NaN would contain only NaN."""
    for thing in (Vector([1, 2]), Matrix([[1, 2]])):
        with pytest.raises((TinyNNError, TypeError)):
            thing * value
        with pytest.raises((TinyNNError, TypeError)):
            value * thing


@pytest.mark.parametrize("rows", NOT_ROWS, ids=repr)
def test_arguments_that_are_not_lists_of_numbers_are_rejected(rows: Any) -> None:
    """One number, text, nothing, or a dict, whose keys are not what was meant."""
    with pytest.raises(DataError, match="Vector"):
        Vector(rows)
    with pytest.raises(DataError, match="Matrix"):
        Matrix(rows)
    with pytest.raises(DataError, match="Matrix row 1"):
        Matrix([[1.0], rows])


@pytest.mark.parametrize("rows", [[[1, 2], [3]], [[1], [2, 3]], [[1, 2], [3, 4], [5, 6, 7]]])
def test_ragged_rows_are_rejected_by_row(rows: list[list[float]]) -> None:
    """All rows are as long as row 0."""
    last = len(rows) - 1
    expected = f"row {last}: expected {len(rows[0])} entries, as in row 0, got {len(rows[last])}"
    with pytest.raises(ShapeError, match=expected):
        Matrix(rows)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Vector([]),
        lambda: Matrix([]),
        lambda: Matrix([[]]),
        lambda: Matrix([[], []]),
        lambda: Vector.zeros(0),
        lambda: Matrix.zeros(0, 2),
        lambda: Matrix.zeros(2, 0),
        lambda: Vector([1, 2])[2:],
    ],
)
def test_empty_vectors_and_matrices_are_rejected(call: Callable[[], object]) -> None:
    """There is at least one entry."""
    with pytest.raises(ShapeError, match="at least"):
        call()


@pytest.mark.parametrize(("j", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_a_one_hot_vector_has_its_1_inside(j: int, size: int) -> None:
    """Digit 10 of ten does not wrap round to another digit, nor does -1."""
    with pytest.raises(ShapeError, match="one_hot"):
        Vector.one_hot(j, size)


@pytest.mark.parametrize(
    "number", [2, Fraction(2), numpy.float32(2), numpy.int64(2), numpy.uint8(2)]
)
def test_every_kind_of_real_number_becomes_a_float(number: Any) -> None:
    """The entries are floats for every type of input."""
    v = Vector([number])
    assert v == Vector([2.0])
    assert type(v[0]) is float
    assert type(Matrix([[number]])[0][0]) is float
    v[0] = number
    assert type(v[0]) is float


# What is refused when they meet.

TWO, THREE = Vector([1, 2]), Vector([1, 2, 3])
M23, M32, M22 = Matrix.zeros(2, 3), Matrix.zeros(3, 2), Matrix.zeros(2, 2)


@pytest.mark.parametrize(
    ("call", "left", "right"),
    [
        (lambda: TWO + THREE, "Vector of 2", "Vector of 3"),
        (lambda: THREE + TWO, "Vector of 3", "Vector of 2"),
        (lambda: TWO - THREE, "Vector of 2", "Vector of 3"),
        (lambda: TWO @ THREE, "Vector of 2", "Vector of 3"),
        (lambda: THREE @ TWO, "Vector of 3", "Vector of 2"),
        (lambda: TWO.hadamard(THREE), "Vector of 2", "Vector of 3"),
        (lambda: M23 + M32, "Matrix of 2×3", "Matrix of 3×2"),
        (lambda: M23 - M22, "Matrix of 2×3", "Matrix of 2×2"),
        (lambda: M22 + M23, "Matrix of 2×2", "Matrix of 2×3"),
        (lambda: M22.hadamard(M23), "Matrix of 2×2", "Matrix of 2×3"),
        (lambda: M23 @ M23, "Matrix of 2×3", "Matrix of 2×3"),
        (lambda: M23 @ M22, "Matrix of 2×3", "Matrix of 2×2"),
        (lambda: M23 @ TWO, "Matrix of 2×3", "Vector of 2"),
        (lambda: M32 @ THREE, "Matrix of 3×2", "Vector of 3"),
        (lambda: Vector([1]) + TWO, "Vector of 1", "Vector of 2"),
        (lambda: Matrix([[1]]) + M22, "Matrix of 1×1", "Matrix of 2×2"),
    ],
)
def test_unequal_shapes_are_rejected_and_the_message_names_both(
    call: Callable[[], object], left: str, right: str
) -> None:
    """No sum stops at the shorter list, and a single entry does not spread over many."""
    with pytest.raises(ShapeError, match=f"{left}.*{right}"):
        call()


v: Any = TWO
m: Any = M22


@pytest.mark.parametrize(
    "call",
    [
        lambda: v + 1,
        lambda: v - 1.0,
        lambda: 1 + v,
        lambda: v + [1, 2],
        lambda: [1, 2] + v,
        lambda: m + 1,
        lambda: m + v,
        lambda: v + m,
        lambda: m - v,
        lambda: v * v,
        lambda: m * m,
        lambda: m * v,
        lambda: v * m,
        lambda: v * [1, 2],
        lambda: v / v,
        lambda: v**2,
        lambda: v @ 2,
        lambda: v @ [1, 2],
        lambda: v @ m,
        lambda: m @ 2,
        lambda: m @ [1, 2],
        lambda: v.hadamard(2),
        lambda: v.hadamard([1, 2]),
        lambda: m.hadamard(v),
        lambda: v.outer([1, 2]),
        lambda: numpy.array([1.0, 2.0]) + v,
        lambda: v + numpy.array([1.0, 2.0]),
        lambda: numpy.array([1.0, 2.0]) * v,
        lambda: numpy.float64(1.0) + v,
    ],
)
def test_nothing_broadcasts(call: Callable[[], object]) -> None:
    """A number, a list, an array or another shape is not stretched until it fits."""
    with pytest.raises((ShapeError, DataError, TypeError)):
        call()


def test_a_vector_times_a_vector_names_the_two_products() -> None:
    """The caller must choose: @ or ⊙."""
    with pytest.raises(ShapeError, match=r"@ for products, \.hadamard\(\)"):
        v * v


def test_a_vector_keeps_its_size() -> None:
    """There is no operation that resizes; a slice cannot be set, and nothing deleted."""
    for name in ("append", "extend", "insert", "pop", "remove", "clear", "resize", "reshape"):
        assert not hasattr(Vector, name)
        assert not hasattr(Matrix, name)
    u: Any = Vector([1, 2, 3])
    for part in (slice(0, 2), slice(None), slice(0, 0)):
        with pytest.raises(ShapeError, match="keeps its size"):
            u[part] = [7, 8, 9]
    with pytest.raises((TypeError, AttributeError)):
        del u[0]
    with pytest.raises(IndexError):
        u[3] = 1.0
    assert u == Vector([1, 2, 3])


def test_a_matrix_is_set_entry_by_entry() -> None:
    """No row is replaced, so none can be of another length."""
    w: Any = Matrix([[1, 2], [3, 4]])
    for j in (0, slice(0, 1)):
        with pytest.raises(ShapeError, match=r"m\[j\]\[k\]"):
            w[j] = [7, 8]
    with pytest.raises(ShapeError, match="not m"):
        w[0, 1]
    with pytest.raises(ShapeError):
        w[0:1]
    with pytest.raises(ShapeError):
        w[0][0:1] = [9]
    assert w == Matrix([[1, 2], [3, 4]])


# Whose numbers they are.


def test_the_callers_list_is_copied() -> None:
    """Later changes of the list do not change the Vector, nor the reverse."""
    numbers, rows = [1.0, 2.0], [[1.0, 2.0], [3.0, 4.0]]
    u, table = Vector(numbers), Matrix(rows)
    numbers[0] = rows[0][0] = 99.0
    rows[1].append(5.0)
    assert u == Vector([1, 2])
    assert table == Matrix([[1, 2], [3, 4]])
    u[1] = table[1][1] = -1.0
    assert numbers == [99.0, 2.0]
    assert rows == [[99.0, 2.0], [3.0, 4.0, 5.0]]


def test_a_vector_of_a_vector_and_a_copy_share_nothing() -> None:
    """Vector(v), v.copy() and v.to_list() are the caller's own."""
    u, table = Vector([1, 2]), Matrix([[1, 2]])
    Vector(u)[0] = u.copy()[0] = u.to_list()[0] = u[0:2][0] = 99.0
    Matrix(table)[0][0] = table.copy()[0][0] = table.to_lists()[0][0] = table.transpose()[0][0] = (
        99.0
    )
    assert u == Vector([1, 2])
    assert table == Matrix([[1, 2]])


def test_an_operation_returns_new_numbers() -> None:
    """u + v, c v, -v, ⊙ and the rest leave what they were given alone."""
    u, table = Vector([1, 2]), Matrix([[1, 2]])
    for new in (u + u, u - u, -u, 1.0 * u, u.hadamard(u), u.map(abs)):
        new[0] = 99.0
    for rows in (table + table, table - table, -table, 1.0 * table, table.hadamard(table)):
        rows[0][0] = 99.0
    assert u == Vector([1, 2])
    assert table == Matrix([[1, 2]])


def test_an_entry_of_a_matrix_is_written_through_its_row() -> None:
    """m[j][k] = x sets M_jk and nothing else; so does a loop over the rows."""
    table = Matrix([[1, 2], [3, 4]])
    table[1][0] = 30
    assert table == Matrix([[1, 2], [30, 4]])
    for row in table:
        row[1] = 0
    assert table == Matrix([[1, 0], [30, 0]])


def test_equality_is_of_numbers_and_of_kind() -> None:
    """A Vector is no list, and of equal numbers there may be two."""
    assert Vector([1, 2]) == Vector([1.0, 2.0])
    assert Vector([1, 2]) != Vector([2, 1])
    assert Vector([1]) != Vector([1, 1])
    assert Vector([1, 2]) != [1.0, 2.0]
    assert Matrix([[1, 2]]) != Vector([1, 2])
    assert Matrix([[1, 2]]) != Matrix([[1], [2]])
    for thing in (Vector([1]), Matrix([[1]])):
        with pytest.raises(TypeError, match="unhashable"):
            hash(thing)


# How they show themselves.

EXACT = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(EXACT, min_size=1, max_size=10), st.integers(1, 3), st.integers(1, 3), st.data())
def test_a_short_repr_is_the_python_that_makes_it(
    numbers: list[float], J: int, K: int, data: st.DataObject
) -> None:
    """Read back, every number is the same to the last bit, -0.0 too."""
    u = Vector(numbers)
    assert repr(u) == f"Vector({numbers!r})"
    assert repr(eval(repr(u)).to_list()) == repr(numbers)
    rows = data.draw(st.lists(st.lists(EXACT, min_size=K, max_size=K), min_size=J, max_size=J))
    assert repr(eval(repr(Matrix(rows))).to_lists()) == repr(rows)


@given(EXACT, EXACT)
def test_the_repr_of_an_image_fits_on_a_line(p: float, q: float) -> None:
    """784 pixels, or a matrix of 30×784, in under 80 characters, with the shape."""
    image = Vector([p, q] * 392)
    assert len(repr(image)) < 80
    assert "784" in repr(image)
    weights = Matrix([[p, q] * 392] * 2)
    assert len(repr(weights)) < 80
    assert "2×784" in repr(weights)


# NumPy.


@given(vectors(), matrices())
def test_numpy_reads_vectors_and_matrices(u: Vector, A: Matrix) -> None:
    """numpy.asarray gives float64 arrays of the same shape and numbers."""
    array, table = numpy.asarray(u), numpy.asarray(A)
    assert (array.dtype, array.shape) == (numpy.dtype("float64"), (len(u),))
    assert array.tolist() == u.to_list()
    assert (table.dtype, table.shape) == (numpy.dtype("float64"), A.shape)
    assert table.tolist() == A.to_lists()


def test_an_array_becomes_a_vector_only_if_it_has_one_axis() -> None:
    """The book's (n, 1) columns are no Vectors: an image of another shape is refused."""
    assert Vector(numpy.array([1, 2])) == Vector([1, 2])
    assert Matrix(numpy.array([[1, 2], [3, 4]])) == Matrix([[1, 2], [3, 4]])
    with pytest.raises(DataError, match="Vector entry 0"):
        Vector(numpy.zeros((784, 1)))
    with pytest.raises(DataError, match="Matrix row 0"):
        Matrix(numpy.zeros(784))


@pytest.mark.parametrize("kind", [numpy.float64, numpy.float32, numpy.int64, float, int, Fraction])
def test_a_number_of_any_kind_times_a_vector_is_a_vector(kind: Any) -> None:
    """NumPy's scalars, from the left too, do not turn it into an array."""
    c = kind(2)
    for thing in (c * TWO, TWO * c):
        assert type(thing) is Vector
        assert thing == Vector([2, 4])
    for table in (c * Matrix([[1, 2]]), Matrix([[1, 2]]) * c):
        assert type(table) is Matrix
        assert table == Matrix([[2, 4]])


def test_sizes_and_indices_are_whole_numbers() -> None:
    """No half an entry, no boolean index, and a huge number is not printed whole."""
    with pytest.raises(ShapeError, match="size: expected a whole number"):
        Vector.zeros(2.5)  # type: ignore[arg-type]
    with pytest.raises(ShapeError, match="columns"):
        Matrix.zeros(2, 0)
    with pytest.raises(ShapeError, match="index from 0 to 2, got 1.5"):
        Vector.one_hot(1.5, 3)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="range of floats"):
        Vector([10**5000])


def test_a_shallow_copy_shares_nothing_either() -> None:
    """copy.copy(v) is v.copy(): two vectors never share their numbers by accident."""
    v, m = Vector([1, 2]), Matrix([[1, 2]])
    copy(v)[0] = copy(m)[0][0] = 99.0
    assert (v, m) == (Vector([1, 2]), Matrix([[1, 2]]))
