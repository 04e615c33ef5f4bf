"""Examples from rows of numbers: a CSV file with a column of labels, read and scaled."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator, Sequence
from io import StringIO
from itertools import chain
from math import isfinite, isqrt
from typing import Any, NamedTuple, Optional, Union

from tinynn.datasets.arrays import ArrayExamples
from tinynn.errors import ArgumentError, DataError, describe, require_count, require_share
from tinynn.files import FilePath, path_name, require_file
from tinynn.linalg import Vector, as_vector
from tinynn.randomness import random_source

_LARGEST = 250_000_000  # bytes of a file
_MOST_NUMBERS = 50_000_000
_MOST_CLASSES = 1000
_FEW_ROWS = 20  # below which a file is not split
_PART = 0.2  # of the rows are validation data, and as many test data
_DELIMITERS = ",;\t"
_NAMED = 5  # columns or classes that are listed
_SMALLEST_SIDE = 4  # of an image


class RowExamples(ArrayExamples):
    """A sequence of (x, y) pairs over rows of numbers, each with the number of its class.

    ``classes`` and ``columns`` are the names of the outputs and of the inputs, ``ranges`` the
    smallest and the largest number that each column had before it was scaled to 0..1: None where
    nothing is scaled. ``about`` says how the data was read; ``noun`` is what one example is.

    >>> two = RowExamples([[0.0, 0.5], [1.0, 0.25]], [1, 0], ["no", "yes"], ["p", "q"])
    >>> two[0], two.noun
    (Pair(x=Vector([0.0, 0.5]), y=Vector([0.0, 1.0])), 'row')
    """

    def __init__(
        self,
        rows: Sequence[Sequence[float]],
        labels: list[int],
        classes: Sequence[str],
        columns: Sequence[str],
        ranges: Optional[Sequence[tuple[float, float]]] = None,
        about: str = "",
        noun: str = "row",
    ) -> None:
        self.inputs = [array("d", row) for row in rows]
        self.targets, self._digits = None, labels
        self.classes, self.columns, self.ranges = tuple(classes), tuple(columns), ranges
        self.outputs = len(self.classes)
        side = isqrt(len(columns))
        is_square = side >= _SMALLEST_SIDE and side * side == len(columns)
        self.image_shape = (side, side) if is_square else (1, len(columns))
        self.about, self.noun = about, noun

    def scaled(self, numbers: Sequence[float]) -> Vector:
        """Return numbers as measured, one for each column, as the network's input."""
        x = as_vector("x", numbers, len(self.columns))
        return Vector(_scaled(x.entries, self.ranges)) if self.ranges else x

    def as_json(self) -> str:
        """Return the names of columns and classes, and the ranges, as a file of a run keeps them.

        >>> RowExamples([[0.5]], [0], ["a", "b"], ["x"], [(1.0, 3.0)]).as_json()
        '{"columns": ["x"], "classes": ["a", "b"], "ranges": [[1.0, 3.0]]}'
        """
        import json  # slow to import

        parts = {"columns": self.columns, "classes": self.classes, "ranges": self.ranges}
        return json.dumps(parts, ensure_ascii=False)

    @classmethod
    def of_json(cls, text: str) -> RowExamples:
        """Return what ``as_json`` wrote, without any rows. Raises DataError."""
        import json

        try:
            parts = json.loads(text)
            columns, classes, ranges = (parts[name] for name in ("columns", "classes", "ranges"))
            scales = ranges and [(float(low), float(high)) for low, high in ranges]
            return cls([], [], [*map(str, classes)], [*map(str, columns)], scales)
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"rows: expected columns, classes and ranges: {error}") from None

    def __repr__(self) -> str:
        scaled = ", scaled to 0..1" if self.ranges else ""
        return f"<{len(self):,} examples of {len(self.columns)} numbers{scaled}>"


def _scaled(row: Sequence[float], ranges: Sequence[tuple[float, float]]) -> list[float]:
    """Return (x - low) / (high - low) of each column; 0 for a constant one.

    >>> _scaled([4.0, 7.0], [(2.0, 10.0), (7.0, 7.0)])
    [0.25, 0.0]
    """
    spreads = [high / 2 - low / 2 for low, high in ranges]  # halves, as high - low may be inf
    each = zip(row, ranges, spreads)
    return [(x / 2 - low / 2) / spread if spread else 0.0 for x, (low, _), spread in each]


class _Table(NamedTuple):
    """What a file holds: the columns' names, rows of numbers, and a text for each label."""

    columns: list[str]
    rows: list[array[float]]
    labels: list[str]


def read_csv(
    path: FilePath,
    label: Union[str, int, None],
    header: Optional[bool],
    validation: Optional[float],
    test: Optional[float],
    seed: int,
) -> tuple[RowExamples, RowExamples, RowExamples]:
    """Return the training, validation and test data of a CSV file: see ``DataSet.from_csv``."""
    name = path_name(path)
    if not (label is None or isinstance(label, str) or type(label) is int):
        expected = "expected the name of a column, or its number from 0"
        raise ArgumentError(f'label: {expected}, got {describe(label)}: write label="species"')
    table = _read(name, label, header)
    classes, digits = _classes(name, table.labels)
    sizes, split = _sizes(name, len(table.rows), validation, test)
    order = list(range(len(table.rows)))
    random_source(require_count("seed", seed, 0)).shuffle(order)
    first = order[: sizes[0]]
    columns = zip(*(table.rows[i] for i in first))
    ranges = [(min(column), max(column)) for column in columns]
    about = f"{name}: {len(order):,} rows: {split}; {_about_scaling(table.columns, ranges)}; "
    names = (each if each == str(j) else f"{j} = {each}" for j, each in enumerate(classes))
    about += f"classes {_listed([*names])}"
    rest = sizes[0] + sizes[1]
    parts = first, order[sizes[0] : rest], order[rest:] if sum(sizes) == len(order) else first
    training, held, tested = (
        RowExamples(
            [_scaled(table.rows[i], ranges) for i in part],
            [digits[i] for i in part],
            classes,
            table.columns,
            ranges,
            about,
        )
        for part in parts
    )
    return training, held, tested


def _sizes(
    name: str, n: int, validation: Optional[float], test: Optional[float]
) -> tuple[tuple[int, int, int], str]:
    """Return how many rows each part has, and a sentence about it."""
    shares = [("validation", validation), ("test", test)]
    if validation is None and test is None and n < _FEW_ROWS:
        few = f"fewer than {_FEW_ROWS}, so all of them are training data and test data at once"
        return (n, 0, n), few
    held, tested = (
        round(n * (_PART if share is None else require_share(part, share)))
        for part, share in shares
    )
    if n - held - tested < 1:
        given = f"{n} rows, {held} of them for validation and {tested} for test"
        raise DataError(f"{name}: training: expected at least one row, got none: {given}")
    sizes = n - held - tested, held, tested
    split = f"{sizes[0]:,} to train on, {held:,} for validation, {tested:,} to test, shuffled"
    return sizes, split


def _about_scaling(columns: Sequence[str], ranges: Sequence[tuple[float, float]]) -> str:
    constant = [column for column, (low, high) in zip(columns, ranges) if low == high]
    count = f"{len(columns)} column{'s'[: len(columns) > 1]}"
    words = f"{count} scaled to 0..1 by the smallest and largest number of the training rows"
    if constant:
        words += f"; constant there, and so 0: {_listed(constant)}"
    return words


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _classes(name: str, labels: Sequence[str]) -> tuple[list[str], list[int]]:
    """Return the classes in their order, numbers as numbers, and the class of each row.

    >>> _classes("", ["10", "2", "10.0"])
    (['2', '10'], [1, 0, 1])
    """
    found: dict[Any, str] = {}
    numbers = [_parsed(text) for text in labels]
    keys: Sequence[Any] = labels if None in numbers else numbers
    for key, text in zip(keys, labels):
        found.setdefault(key, text)
    if len(found) < 2:
        given = f"{found[keys[0]]!r} in every row"
        raise DataError(f"{name}: labels: expected two classes or more, got {given}")
    if len(found) > _MOST_CLASSES or len(found) == len(keys) > _FEW_ROWS:
        given = f"{len(found):,} different labels in {len(keys):,} rows"
        write = "name the column of the classes with label="
        most = f"expected classes, at most {_MOST_CLASSES:,}"
        raise DataError(f"{name}: labels: {most}, got {given}: {write}")
    order = sorted(found)
    place = {key: j for j, key in enumerate(order)}
    return [found[key] for key in order], [place[key] for key in keys]


def _read(name: str, label: Union[str, int, None], header: Optional[bool]) -> _Table:
    """Return what a file holds, each cell checked; errors name its row, from 1, and its column."""
    lines = _lines(name)
    try:
        first_line, first = next(lines)
    except StopIteration:
        raise DataError(f"{name} is empty: expected rows of numbers, each with a label") from None
    width = len(first)
    if width < 2:
        expected = "expected a column of labels and at least one of numbers, got 1 column"
        raise DataError(f"{name}, row {first_line}: {expected}")
    names = [f"column {i + 1}" for i in range(width)]
    at = _label_place(name, label, names if header is False else first)
    if header is None:
        named = isinstance(label, str) and label in first
        header = named or not any(
            _parsed(cell) is not None for i, cell in enumerate(first) if i != at
        )
    if header:
        names = [_clean(cell) or other for cell, other in zip(first, names)]
    else:
        lines = chain([(first_line, first)], lines)
    rows, labels = [], []
    for line, cells in lines:
        if len(cells) != width:
            expected = f"expected {width} columns, as in row {first_line}, got {len(cells)}"
            raise DataError(f"{name}, row {line}: {expected}")
        row = array("d")
        for i, cell in enumerate(cells):
            place = f"{name}, row {line}, column {i + 1}"
            if header:
                place += f" ({names[i]})"
            if i == at:
                labels.append(_label(place, cell))
            else:
                row.append(_number(place, cell, line == first_line))
        rows.append(row)
    if not rows:
        raise DataError(f"{name}: expected rows of numbers, got a header alone")
    return _Table(names[:at] + names[at + 1 :], rows, labels)


def _label_place(name: str, label: Union[str, int, None], first: Sequence[str]) -> int:
    """Return the place of the label's column: by its name, or by its number."""
    if label is None:
        return len(first) - 1
    if isinstance(label, str) and first.count(label) == 1:
        return first.index(label)
    if isinstance(label, str) and first.count(label) > 1:
        raise DataError(f"{name}: label: expected one column {label!r}, got {first.count(label)}")
    try:
        return range(len(first))[int(label)]
    except (ValueError, IndexError):
        columns = f"0 to {len(first) - 1}, or by name {_listed([*map(repr, first)])}"
        raise DataError(f"{name}: label: expected a column, {columns}, got {label!r}") from None


def _clean(cell: str) -> str:
    """Return a name as one line of characters that can be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in cell).split())


def _quoted(cell: str) -> str:
    return f"{cell[:40]!r}{'…' if len(cell) > 40 else ''}"


def _parsed(cell: str) -> Optional[float]:
    """Return the number that a cell has, or None."""
    try:
        return float(cell)
    except ValueError:
        return None


def _number(place: str, cell: str, is_first: bool) -> float:
    number = _parsed(cell)
    if number is None:
        given = _quoted(cell) if cell else "nothing"
        hint = ": if this row is a header, write header=True" if is_first else ""
        raise DataError(f"{place}: expected a number, got {given}{hint}")
    if not isfinite(number):
        raise DataError(f"{place}: expected a finite number, got {_quoted(cell)}")
    return number


def _label(place: str, cell: str) -> str:
    if not _clean(cell):
        raise DataError(f"{place}: expected a label, got nothing")
    if not isfinite(_parsed(cell) or 0.0):
        raise DataError(f"{place}: expected a label, got {_quoted(cell)}")
    return _clean(cell)


def _lines(name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the number of each line, from 1, and its cells; lines without any are left out."""
    import csv  # slow to import

    text = _text(name)
    head = text[: text.find("\n")] if "\n" in text else text
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) or len(cells) > 1:
                yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise DataError(f"{name}, row {reader.line_num}: this is not CSV: {error}") from None


def _text(name: str) -> str:
    require_file(name)
    with open(name, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = file.read(size + 1) if size <= _LARGEST else b""
    numbers = max(map(data.count, map(str.encode, _DELIMITERS))) + data.count(b"\n")
    for most, what, held in ((_LARGEST, "bytes", size), (_MOST_NUMBERS, "numbers", numbers)):
        if held > most:
            raise DataError(f"{name} holds {held:,} {what}: expected at most {most:,}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = data.count(b"\n", 0, error.start) + 1
        given = f"got the byte 0x{data[error.start]:02x} in row {row}"
        raise DataError(f"{name}: expected UTF-8 text, {given}: save it as UTF-8") from None
