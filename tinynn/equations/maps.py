"""Conversions between feature maps as nested lists, a[g][j][k], and as a Vector.

Layers keep maps as a Vector. This module computes no numbers, and the stepper skips it.
"""

from __future__ import annotations

from collections.abc import Sequence

from tinynn.errors import ShapeError, describe

Maps = list[list[list[float]]]  # a[g][j][k]: map g, row j, column k
Size = tuple[int, int]  # rows and columns


def maps_shape(name: str, shape: Sequence[int]) -> tuple[int, int, int]:
    """Return the maps, rows and columns of a layer. Raises ShapeError if it has none.

    >>> maps_shape("shape", (1, 28, 28))
    (1, 28, 28)
    """
    if not isinstance(shape, tuple) or len(shape) != 3:
        given = "×".join(map(str, shape)) if isinstance(shape, tuple) else describe(shape)
        expected = f"expected maps, rows and columns, got {given}"
        raise ShapeError(f"{name}: {expected}: write Network([(1, 28, 28), …])")
    maps, rows, columns = shape
    return maps, rows, columns


def maps_of(value: float, maps: int, rows: int, columns: int) -> Maps:
    """Return maps that contain one value everywhere, for loops to start from.

    >>> maps_of(0.0, 1, 2, 3)
    [[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]
    """
    return [[[value] * columns for _ in range(rows)] for _ in range(maps)]


def in_maps(numbers: list[float], maps: int, rows: int, columns: int) -> Maps:
    """Return the numbers of a layer as maps: map after map, each row by row.

    >>> in_maps([1, 2, 3, 4, 5, 6], 1, 2, 3)
    [[[1, 2, 3], [4, 5, 6]]]
    """
    each = range(0, maps * rows * columns, columns)
    found = [numbers[at : at + columns] for at in each]
    return [found[g * rows : (g + 1) * rows] for g in range(maps)]


def in_a_row(maps: Maps) -> list[float]:
    """Return the numbers of maps in the order of a Vector.

    >>> in_a_row([[[1, 2, 3], [4, 5, 6]]])
    [1, 2, 3, 4, 5, 6]
    """
    return [number for rows in maps for row in rows for number in row]


def in_fields(rows: list[list[float]], maps: int, field: Size) -> list[Maps]:
    """Return the weights of a convolution as fields, w[f][g][r][s]; each row belongs to one map.

    >>> in_fields([[1, 2, 3, 4, 5, 6]], 2, (1, 3))
    [[[[1, 2, 3]], [[4, 5, 6]]]]
    """
    return [in_maps(row, maps, *field) for row in rows]


def places(shape: tuple[int, int, int], field: Size) -> Size:
    """Return the number of rows and columns of positions of a field on maps of this shape.

    >>> places((1, 28, 28), (5, 5))
    (24, 24)
    """
    _, P, Q = shape
    R, S = field
    if R > P or S > Q:
        expected = f"expected maps of at least {R}×{S}, the size of the field"
        raise ShapeError(f"{expected}, got {P}×{Q}: write a smaller field")
    return P - R + 1, Q - S + 1


def blocks(shape: tuple[int, int, int], size: Size) -> Size:
    """Return the number of rows and columns of blocks in a map of this shape.

    >>> blocks((1, 5, 4), (2, 2))
    (2, 2)
    """
    _, P, Q = shape
    R, S = size
    if R > P or S > Q:
        expected = f"expected maps of at least {R}×{S}, the size of a block"
        raise ShapeError(f"{expected}, got {P}×{Q}: write a smaller block")
    return P // R, Q // S


def maps_in(name: str, numbers: int, size: Size) -> int:
    """Return the number of maps of this size in so many numbers. Raises ShapeError.

    >>> maps_in("error", 1152, (24, 24))
    2
    """
    rows, columns = size
    if not numbers or numbers % (rows * columns):
        raise ShapeError(f"{name}: expected maps of {rows}×{columns}, got {numbers} numbers")
    return numbers // (rows * columns)
