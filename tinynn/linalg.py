"""Vector and Matrix: floats of a fixed shape. They reject values that do not fit.

They check shapes and numbers; they do not hide the arithmetic. Formula code takes out the
bare lists (``w = weights.rows``) and loops over those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import hypot, isfinite
from numbers import Integral, Real
from operator import attrgetter
from typing import Any, Union, overload

from tinynn.errors import (
    DataError,
    PlaceError,
    ShapeError,
    describe,
    require_function,
    require_row,
)
from tinynn.notation import equation
from tinynn.notebook import numbers

_SHORT = 10  # a vector of at most this many entries is printed in full
LARGEST = 10**8  # entries: a Vector or Matrix of zeros takes at most a gigabyte


class Vector:
    """A column of floats, v = (v_1, …, v_n), whose length never changes.

    Accepts any iterable of finite real numbers. Raises DataError, with the position, for any
    other entry: a string, a boolean, NaN, an infinity, a nested list. Raises ShapeError if there
    are no entries.

    >>> v = Vector([3, 4])
    >>> v, v[1], len(v), v.norm()
    (Vector([3.0, 4.0]), 4.0, 2, 5.0)
    >>> v + Vector([1, 1]), 2 * v, v @ Vector([1, 2])
    (Vector([4.0, 5.0]), Vector([6.0, 8.0]), 11.0)
    >>> Vector([1.0, float("nan")])
    Traceback (most recent call last):
    tinynn.errors.DataError: Vector entry 1: expected a finite number, got nan
    """

    __slots__ = ("_entries",)
    __array_ufunc__ = None  # a NumPy scalar times a Vector is a Vector, not an array

    def __init__(self, entries: Iterable[float]) -> None:
        self._entries = _finite_floats(entries, "Vector")

    @classmethod
    def wrap(cls, entries: list[float]) -> Vector:
        """Return a Vector that uses this list itself, unchecked: for freshly computed numbers."""
        vector = object.__new__(cls)
        vector._entries = entries
        return vector

    @classmethod
    def zeros(cls, size: int) -> Vector:
        """Return the vector of ``size`` zeros."""
        if type(size) is not int or not 1 <= size <= LARGEST:
            size = _at_least_one("size", size)
        return cls.wrap([0.0] * size)

    @classmethod
    def one_hot(cls, j: int, size: int) -> Vector:
        """Return the unit vector with 1.0 at index ``j``: the desired output for digit j.

        >>> Vector.one_hot(2, 4)
        Vector([0.0, 0.0, 1.0, 0.0])
        """
        last = _at_least_one("one_hot size", size) - 1
        if isinstance(j, bool) or not isinstance(j, Integral) or not 0 <= j <= last:
            raise ShapeError(f"one_hot: expected an index from 0 to {last}, got {describe(j)}")
        entries = [0.0] * (last + 1)
        entries[int(j)] = 1.0
        return cls.wrap(entries)

    # a property of C, into which no debugger steps
    entries: list[float] = property(  # type: ignore[assignment]
        attrgetter("_entries"),
        doc="The Vector's own list, for loop code. ``to_list()`` returns a copy.",
    )

    def to_list(self) -> list[float]:
        """Return the entries as a new list."""
        return self._entries[:]

    def copy(self) -> Vector:
        """Return an independent copy."""
        return Vector.wrap(self._entries[:])

    __copy__ = copy

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[float]:
        return iter(self._entries)

    @overload
    def __getitem__(self, j: int) -> float: ...
    @overload
    def __getitem__(self, j: slice) -> Vector: ...
    def __getitem__(self, j: Union[int, slice]) -> Union[float, Vector]:
        try:
            if isinstance(j, slice):
                return Vector(self._entries[j] if j.step != 0 else [])
            return self._entries[j]
        except (IndexError, TypeError):
            raise no_place("Vector entry", j, len(self), "v[0]") from None

    def __setitem__(self, j: int, value: float) -> None:
        if isinstance(j, slice):
            raise ShapeError("a Vector keeps its size: set one entry at a time")
        try:
            self._entries[j] = finite_float(value, f"Vector entry {describe(j)}")
        except (IndexError, TypeError):
            raise no_place("Vector entry", j, len(self), "v[0] = 0.5") from None

    def __eq__(self, other: object) -> bool:
        return self._entries == other._entries if isinstance(other, Vector) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # its entries can be set

    def __repr__(self) -> str:
        n = len(self._entries)
        if n <= _SHORT:
            return f"Vector({self._entries!r})"
        first = ", ".join(f"{entry:.4g}" for entry in self._entries[:3])
        return f"<Vector of {n}: {first}, …, {self._entries[-1]:.4g}>"

    def _repr_html_(self) -> str:
        return numbers(f"Vector of {len(self._entries)}", [self._entries])

    def __add__(self, other: Vector) -> Vector:
        pairs = self._paired("+", other)
        return Vector.wrap([p + q for p, q in pairs])

    def __sub__(self, other: Vector) -> Vector:
        pairs = self._paired("-", other)
        return Vector.wrap([p - q for p, q in pairs])

    def __radd__(self, other: object) -> Vector:
        raise ShapeError(f"expected Vectors of one size, got {shape(other)} + {shape(self)}")

    def __rsub__(self, other: object) -> Vector:
        raise ShapeError(f"expected Vectors of one size, got {shape(other)} - {shape(self)}")

    def __neg__(self) -> Vector:
        return Vector.wrap([-entry for entry in self._entries])

    def __mul__(self, factor: float) -> Vector:
        c = _scalar(factor, "Vector")
        return Vector.wrap([c * entry for entry in self._entries])

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Vector:
        c = _divisor(divisor, "Vector")
        return Vector.wrap([entry / c for entry in self._entries])

    def __matmul__(self, other: Vector) -> float:
        """Return the dot product v · u = Σ_j v_j u_j."""
        total = 0.0
        for p, q in self._paired("@", other):
            total += p * q
        return total

    def __rmatmul__(self, other: object) -> float:
        raise ShapeError(f"expected Vectors of one size, got {shape(other)} @ {shape(self)}")

    @equation("28", "(s ⊙ t)_j = s_j t_j")
    def hadamard(self, other: Vector) -> Vector:
        """Return the entry-by-entry product, equation (28).

        >>> Vector([1, 2]).hadamard(Vector([3, 4]))
        Vector([3.0, 8.0])
        """
        require_vector("⊙", other, len(self))
        s = self.entries
        t = other.entries
        product = [0.0] * len(s)
        for j in range(len(s)):
            product[j] = s[j] * t[j]
        return Vector.wrap(product)

    def outer(self, other: Vector) -> Matrix:
        """Return the matrix with entries M_jk = v_j u_k.

        >>> Vector([1, 2]).outer(Vector([3, 4, 5]))
        Matrix([[3.0, 4.0, 5.0], [6.0, 8.0, 10.0]])
        """
        require_vector("outer", other)
        return Matrix.wrap([[p * q for q in other._entries] for p in self._entries])

    def norm(self) -> float:
        """Return the length ‖v‖ = √(Σ_j v_j²). Intermediate results do not overflow."""
        return hypot(*self._entries)

    def is_finite(self) -> bool:
        """Return whether every entry is a finite number. Arithmetic can overflow."""
        return all(map(isfinite, self._entries))

    def argmax(self) -> int:
        """Return the index of the largest entry, and of the first one if several are equal."""
        return self._entries.index(max(self._entries))

    def map(self, function: Callable[[float], float]) -> Vector:
        """Return the vector of f(v_j): apply the function to each entry, as in (24)."""
        require_function("map", function, "v.map(sigmoid)")
        return Vector([function(entry) for entry in self._entries])

    def _paired(self, sign: str, other: object) -> Iterator[tuple[float, float]]:
        if not isinstance(other, Vector) or len(other) != len(self):
            raise ShapeError(
                f"expected Vectors of one size, got {shape(self)} {sign} {shape(other)}"
            )
        return zip(self._entries, other._entries)


class Matrix:
    """A table of floats, M_jk in row j and column k, whose shape never changes.

    Accepts any iterable of rows of one length. ``m[j]`` is row j, a Vector that shares its
    numbers with the matrix, so that ``m[j][k]`` reads and ``m[j][k] = 0.5`` writes entry M_jk.
    Raises DataError or ShapeError that names the row and the entry.

    >>> m = Matrix([[1, 2, 3], [4, 5, 6]])
    >>> m.shape, m[1][2], m.transpose()
    ((2, 3), 6.0, Matrix([[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]))
    >>> m @ Vector([1, 0, 1])
    Vector([4.0, 10.0])
    >>> Matrix([[1, 2], [3]])
    Traceback (most recent call last):
    tinynn.errors.ShapeError: Matrix row 1: expected 2 entries, as in row 0, got 1
    """

    __slots__ = ("_rows",)
    __array_ufunc__ = None

    def __init__(self, rows: Iterable[Iterable[float]]) -> None:
        rows = require_row("Matrix", rows, "Matrix([[1, 2], [3, 4]])", "rows of numbers")
        self._rows = [_finite_floats(row, f"Matrix row {j}") for j, row in enumerate(rows)]
        if not self._rows:
            raise ShapeError("Matrix: expected at least one row, got none")
        for j, row in enumerate(self._rows):
            if len(row) != len(self._rows[0]):
                expected = f"expected {len(self._rows[0])} entries, as in row 0"
                raise ShapeError(f"Matrix row {j}: {expected}, got {len(row)}")

    @classmethod
    def wrap(cls, rows: list[list[float]]) -> Matrix:
        """Return a Matrix that uses these lists themselves, unchecked."""
        matrix = object.__new__(cls)
        matrix._rows = rows
        return matrix

    @classmethod
    def zeros(cls, rows: int, columns: int) -> Matrix:
        """Return the matrix of zeros with this shape."""
        if type(rows) is not int or type(columns) is not int or not 1 <= rows * columns <= LARGEST:
            rows, columns = _sizes(rows, columns)
        return cls.wrap([[0.0] * columns for _ in range(rows)])

    rows: list[list[float]] = property(  # type: ignore[assignment]
        attrgetter("_rows"),
        doc="The Matrix's own lists, for loop code: M_jk is ``rows[j][k]``.",
    )

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and the number of columns."""
        return len(self._rows), len(self._rows[0])

    def to_lists(self) -> list[list[float]]:
        """Return the rows as new lists."""
        return [row[:] for row in self._rows]

    def copy(self) -> Matrix:
        """Return an independent copy."""
        return Matrix.wrap(self.to_lists())

    __copy__ = copy

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Vector]:
        return (Vector.wrap(row) for row in self._rows)

    def __getitem__(self, j: int) -> Vector:
        if isinstance(j, tuple):
            raise ShapeError("a Matrix entry is m[j][k], not m[j, k]")
        if isinstance(j, slice):
            raise ShapeError("a Matrix takes one row index at a time: m[j]")
        try:
            return Vector.wrap(self._rows[j])
        except (IndexError, TypeError):
            raise no_place("Matrix row", j, len(self), "m[0]") from None

    def __setitem__(self, j: int, row: object) -> None:
        raise ShapeError("a Matrix row cannot be replaced: set entries, m[j][k] = value")

    def __eq__(self, other: object) -> bool:
        return self._rows == other._rows if isinstance(other, Matrix) else NotImplemented

    __hash__ = None  # type: ignore[assignment]  # its entries can be set

    def __repr__(self) -> str:
        rows, columns = self.shape
        if rows * columns <= _SHORT:
            return f"Matrix({self._rows!r})"
        first = ", ".join(f"{entry:.4g}" for entry in self._rows[0][:3])
        return f"<Matrix of {rows}×{columns}: {first}, …, {self._rows[-1][-1]:.4g}>"

    def _repr_html_(self) -> str:
        return numbers("Matrix of {}×{}".format(*self.shape), self._rows)

    def __add__(self, other: Matrix) -> Matrix:
        pairs = self._paired("+", other)
        return Matrix.wrap([[p + q for p, q in zip(u, v)] for u, v in pairs])

    def __sub__(self, other: Matrix) -> Matrix:
        pairs = self._paired("-", other)
        return Matrix.wrap([[p - q for p, q in zip(u, v)] for u, v in pairs])

    def __radd__(self, other: object) -> Matrix:
        raise ShapeError(f"expected Matrices of one shape, got {shape(other)} + {shape(self)}")

    def __rsub__(self, other: object) -> Matrix:
        raise ShapeError(f"expected Matrices of one shape, got {shape(other)} - {shape(self)}")

    def __neg__(self) -> Matrix:
        return Matrix.wrap([[-entry for entry in row] for row in self._rows])

    def __mul__(self, factor: float) -> Matrix:
        c = _scalar(factor, "Matrix")
        return Matrix.wrap([[c * entry for entry in row] for row in self._rows])

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Matrix:
        c = _divisor(divisor, "Matrix")
        return Matrix.wrap([[entry / c for entry in row] for row in self._rows])

    @overload
    def __matmul__(self, other: Vector) -> Vector: ...
    @overload
    def __matmul__(self, other: Matrix) -> Matrix: ...
    def __matmul__(self, other: Union[Vector, Matrix]) -> Union[Vector, Matrix]:
        """Return (M v)_j = Σ_k M_jk v_k, or (M N)_ji = Σ_k M_jk N_ki."""
        if not isinstance(other, (Vector, Matrix)) or len(other) != self.shape[1]:
            raise ShapeError(f"expected columns to match rows, got {shape(self)} @ {shape(other)}")
        if isinstance(other, Vector):
            return Vector.wrap([row @ other for row in self])
        columns = other.transpose()
        return Matrix.wrap([[row @ column for column in columns] for row in self])

    def __rmatmul__(self, other: object) -> Matrix:
        raise ShapeError(f"expected columns to match rows, got {shape(other)} @ {shape(self)}")

    def hadamard(self, other: Matrix) -> Matrix:
        """Return the entry-by-entry product, as in equation (28)."""
        pairs = self._paired("⊙", other)
        return Matrix.wrap([[p * q for p, q in zip(u, v)] for u, v in pairs])

    def transpose(self) -> Matrix:
        """Return the matrix with rows and columns exchanged: (Mᵀ)_kj = M_jk."""
        return Matrix.wrap([list(column) for column in zip(*self._rows)])

    def norm(self) -> float:
        """Return √(Σ_jk M_jk²)."""
        return hypot(*(hypot(*row) for row in self._rows))

    def is_finite(self) -> bool:
        """Return whether every entry is a finite number."""
        return all(row.is_finite() for row in self)

    def _paired(self, sign: str, other: object) -> Iterator[tuple[list[float], list[float]]]:
        if not isinstance(other, Matrix) or other.shape != self.shape:
            given = f"{shape(self)} {sign} {shape(other)}"
            raise ShapeError(f"expected Matrices of one shape, got {given}")
        return zip(self._rows, other._rows)


def shape(value: object) -> str:
    """Return the shape of a value as text, for an error message.

    >>> shape(Vector([1, 2])), shape(Matrix([[1, 2]])), shape(3)
    ('Vector of 2', 'Matrix of 1×2', '3')
    """
    if isinstance(value, Vector):
        return f"Vector of {len(value)}"
    if isinstance(value, Matrix):
        return f"Matrix of {value.shape[0]}×{value.shape[1]}"
    axes = getattr(value, "shape", None)
    if not isinstance(axes, tuple) or isinstance(value, (Real, type)):
        return describe(value)
    sizes = "×".join(map(str, axes))
    return f"{describe(value)} {f'of {sizes}' if axes else 'without axes'}"


def require_vector(name: str, value: object, size: int = 0) -> None:
    """Raise ShapeError unless ``value`` is a Vector, of ``size`` entries if that is given."""
    if not isinstance(value, Vector) or (size and len(value._entries) != size):
        raise ShapeError(f"{name}: expected a Vector{_no_vector(value, size)}")


def _no_vector(value: Any, size: int) -> str:
    """Return the rest of the message: the size, the given value and, if clear, what to write."""
    given = f"{f' of {size}' if size else ''}, got {shape(value)}"
    axes = getattr(value, "ndim", None)
    if isinstance(value, Integral) and not isinstance(value, bool) and value in range(size):
        return f"{given}: write Vector.one_hot({value}, {size})"
    if isinstance(value, (Vector, Matrix, str, bytes, dict, set)) or not hasattr(value, "__len__"):
        return given
    flat = (
        "flatten it: x.ravel(), as Vector(x.ravel())" if axes and axes > 1 else "write Vector([…])"
    )
    return f"{given}: {flat}"


def as_vector(name: str, value: object, size: int) -> Vector:
    """Return a Vector of ``size`` finite numbers from a Vector or any sequence of numbers.

    >>> as_vector("x", (0.5, 1), 2)
    Vector([0.5, 1.0])
    """
    if not isinstance(value, Vector):
        value = Vector.wrap(_finite_floats(value, name))
    require_vector(name, value, size)
    require_finite(name, value)
    return value


def require_finite(name: str, vector: Vector) -> None:
    """Raise DataError that names the first entry that is not a finite number."""
    if not all(map(isfinite, vector._entries)):
        _finite_floats(vector, name)


def require_matrix(name: str, value: object, rows: int = 0, columns: int = 0) -> None:
    """Raise ShapeError unless ``value`` is a Matrix, of ``rows``×``columns`` if given."""
    if not isinstance(value, Matrix) or (rows and value.shape != (rows, columns)):
        raise ShapeError(f"{name}: expected a Matrix{_no_matrix(value, rows, columns)}")


def _no_matrix(value: object, rows: int, columns: int) -> str:
    size = f" of {rows}×{columns}" if rows else ""
    write = ": write Matrix([[…]])" if isinstance(value, list) or hasattr(value, "ndim") else ""
    return f"{size}, got {shape(value)}{write}"


def require_shares(name: str, numbers: Vector) -> None:
    """Raise DataError unless every entry is from 0 to 1."""
    for j, share in enumerate(numbers):
        if not 0.0 <= share <= 1.0:
            expected = "expected a number from 0 to 1"
            raise DataError(f"{name} entry {j}: {expected} for this cost, got {share!r}")


def require_whole(name: str, numbers: Vector) -> None:
    """Raise DataError unless the entries are from 0 to 1, and add up to 1."""
    require_shares(name, numbers)
    total = sum(numbers)
    if abs(total - 1.0) > 1e-5:
        expected = "expected numbers that add up to 1 for this cost"
        raise DataError(f"{name}: {expected}, got {total!r}: write Vector.one_hot(3, 10)")


def finite_float(value: object, place: str) -> float:
    """Return ``value`` as a float. Raises DataError that names the place unless it is finite.

    >>> finite_float("3", "bias")
    Traceback (most recent call last):
    tinynn.errors.DataError: bias: expected a finite number, got '3' (a str)
    """
    if isinstance(value, bool) or not isinstance(value, Real):
        raise DataError(f"{place}: expected a finite number, got {describe(value)}")
    try:
        number = float(value)
    except OverflowError:
        raise DataError(f"{place}: expected a number in the range of floats") from None
    if not isfinite(number):
        raise DataError(f"{place}: expected a finite number, got {number!r}")
    return number


def no_place(name: str, place: object, count: int, write: str) -> PlaceError:
    """Return the error for a missing place: the range of places, and how to ``write`` the first."""
    return PlaceError(f"{name}: expected 0 to {count - 1}, got {describe(place)}: write {write}")


def _at_least_one(name: str, count: object) -> int:
    whole = isinstance(count, Integral) and not isinstance(count, bool)
    if not whole or not 1 <= count <= LARGEST:  # type: ignore[operator]
        limits = f"from 1 to {LARGEST:,}" if whole and count > 0 else "of at least 1"  # type: ignore[operator]
        raise ShapeError(f"{name}: expected a whole number {limits}, got {describe(count)}")
    return int(count)  # type: ignore[call-overload, no-any-return]


def _sizes(rows: object, columns: object) -> tuple[int, int]:
    sizes = _at_least_one("rows", rows), _at_least_one("columns", columns)
    _at_least_one("entries", sizes[0] * sizes[1])
    return sizes


def _finite_floats(values: Any, place: str) -> list[float]:
    if getattr(values, "ndim", 1) > 1:
        given = f"got a row of {shape(values)}"
        raise DataError(
            f"{place} entry 0: expected a finite number, {given}: flatten it: x.ravel()"
        )
    entries = []
    for position, value in enumerate(require_row(place, values, "[0.5, 1.0]")):
        if type(value) is float and isfinite(value):
            entries.append(value)
        else:
            entries.append(finite_float(value, f"{place} entry {position}"))
    if not entries:
        raise ShapeError(f"{place}: expected at least one entry, got none")
    return entries


def _scalar(value: object, place: str) -> float:
    if isinstance(value, (Vector, Matrix)):
        raise ShapeError(f"{place} *: expected a number: use @ for products, .hadamard() for ⊙")
    return finite_float(value, f"{place} *")


def _divisor(value: object, place: str) -> float:
    divisor = finite_float(value, f"{place} /")
    if divisor == 0.0:
        raise DataError(f"{place} /: expected a number other than 0")
    return divisor
