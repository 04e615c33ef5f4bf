"""What a network of two inputs answers, over the plane of its inputs, as lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Optional

from tinynn.datasets import RowExamples
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.views.blocks import SHADES
from tinynn.views.lines import Line, Page, Part
from tinynn.views.pictures import mixed, rgb

MARKS = "ox+*#%@&=$"  # of the points of a class
MOST_POINTS = 300  # that are drawn
PIPED = 48, 24  # columns and lines where no screen limits them
_MARGIN = 0.08  # of the plane beyond the points, each side
_FEW = 5  # classes that have a shade each

WATCHED = "●"
_UNSURE = 96, 96, 96
_LEVELS = 24  # of a colour
_CLASSES = (20, 40, 150), (30, 130, 140), (255, 235, 130)  # from the first class to the last

Activations = list[list[float]]  # of layers 2 to L
Said = tuple[int, float]  # a class, and its lead


class Plane(NamedTuple):
    """The part of the plane that is drawn: ends of x_1, and ends of x_2."""

    across: tuple[float, float]
    upwards: tuple[float, float]

    def point(self, row: int, column: int, rows: int, columns: int) -> Vector:
        """Return the middle of a pixel; row 0 is the uppermost."""
        (left, right), (low, high) = self
        x_1 = left + (right - left) * (column + 0.5) / columns
        return Vector([x_1, high - (high - low) * (row + 0.5) / rows])

    def pixel(self, x: Vector, rows: int, columns: int) -> Optional[tuple[int, int]]:
        """Return the row and the column in which a point is, None for one beyond the ends.

        >>> Plane((0.0, 1.0), (0.0, 1.0)).pixel(Vector([0.9, 0.9]), 2, 4)
        (0, 3)
        """
        (left, right), (low, high) = self
        row = int(rows * (high - x[1]) / (high - low))
        column = int(columns * (x[0] - left) / (right - left))
        return (row, column) if 0 <= row < rows and 0 <= column < columns else None


def plane_of(examples: RowExamples) -> Plane:
    """Return the plane around these examples, with a margin."""
    ends = []
    for numbers in zip(*examples.inputs):
        low, high = min(numbers), max(numbers)
        margin = _MARGIN * ((high - low) or 1.0)
        ends.append((low - margin, high + margin))
    return Plane(*ends)


def answers_over(network: Model, plane: Plane, rows: int, columns: int) -> list[list[Activations]]:
    """Return what every neuron makes of the middle of every pixel."""
    L = network.num_layers
    found = []
    for row in range(rows):
        line = []
        for column in range(columns):
            passed = network.forward(plane.point(row, column, rows, columns))
            line.append([[float(a) for a in passed[l].a] for l in range(2, L + 1)])
        found.append(line)
    return found


def said(outputs: Sequence[float]) -> Said:
    """Return the class with the largest output, and its lead over the second largest, 0 to 1.

    >>> said([0.5, 0.25, 0.0]), said([0.75])
    ((0, 0.25), (1, 0.5))
    """
    each = outputs if len(outputs) > 1 else [1.0 - outputs[0], outputs[0]]
    j = max(range(len(each)), key=each.__getitem__)
    lead = each[j] - max(each[k] for k in range(len(each)) if k != j)
    return j, min(1.0, lead)


def mark(j: int) -> str:
    """Return the mark of the points of class j."""
    return MARKS[j % len(MARKS)]


def class_shade(j: int, of: int) -> str:
    """Return the shade of class j of so many: no ink for the first.

    >>> class_shade(0, 2), class_shade(1, 2), class_shade(2, 3)
    (' ', '▒', '█')
    """
    if of > _FEW:
        return SHADES[j % _FEW]
    return SHADES[round(j * min(4, 2 * (of - 1)) / (of - 1))]


def marked(plane: Plane, examples: RowExamples, rows: int, columns: int) -> dict[object, int]:
    """Return the class of the point that is drawn in a pixel, by its row and column."""
    some = range(min(len(examples), MOST_POINTS))
    return {plane.pixel(examples[i][0], rows, columns): examples.label(i) for i in some}


def legend(examples: RowExamples, shaded: bool = False) -> str:
    """Return the mark of each class with its name, and where it is ``shaded`` its shade."""
    parts = []
    for j, name in enumerate(examples.classes[: len(MARKS)]):
        shade = class_shade(j, examples.outputs).strip() if shaded else ""
        parts.append(" ".join(dict.fromkeys(filter(None, (mark(j), name, shade)))))
    return ", ".join(parts)


def axis(examples: RowExamples, plane: Plane, k: int) -> str:
    """Return the name of column k with the ends that are drawn, in the numbers of the file."""
    low, high = plane[k]
    if examples.ranges:
        first, last = examples.ranges[k]
        low, high = (first + (last - first) * each for each in (low, high))
    return f"{examples.columns[k]} {low:.3g} to {high:.3g}"


@dataclass
class Boundary(Page):
    """What a network answers over a plane, two pixels a character, the points drawn over it.

    A class has a colour from dark to light, the greyer the less sure; without colour a shade.
    """

    answers: Sequence[Sequence[Activations]]
    plane: Plane
    points: RowExamples
    watched: Optional[Vector] = None

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the plane, two rows of pixels in each line."""
        of, rows, columns = self.points.outputs, len(self.answers) // 2, len(self.answers[0])
        points = marked(self.plane, self.points, rows, columns)
        inks = {place: mark(label) for place, label in points.items()}
        if self.watched is not None:
            inks[self.plane.pixel(self.watched, rows, columns)] = WATCHED
        for row in range(rows):
            pairs = zip(self.answers[2 * row], self.answers[2 * row + 1])
            drawn = [(said(above[-1]), said(below[-1])) for above, below in pairs]
            cells = ((inks.get((row, column)), pair) for column, pair in enumerate(drawn))
            if coloured:
                yield [_pixels(ink, above, below, of) for ink, (above, below) in cells]
            else:
                yield "".join(ink or class_shade(above[0], of) for ink, (above, _) in cells)


def _pixels(ink: Optional[str], above: Said, below: Said, of: int) -> Part:
    """Return a point on its ground, or two pixels, one upon the other."""
    ground = _colour(above[0], round(above[1] * _LEVELS), of)
    if ink is None:
        return "▀", f"{rgb(ground)} on {rgb(_colour(below[0], round(below[1] * _LEVELS), of))}"
    is_light = sum(ground) > sum(_UNSURE)
    return ink, f"bold {rgb([0 if is_light else 255] * 3)} on {rgb(ground)}"


@lru_cache(maxsize=1000)
def _colour(j: int, level: int, of: int) -> list[int]:
    """Return the colour of class j, the nearer to grey the less it leads."""
    place = j / max(1, of - 1) * (len(_CLASSES) - 1)
    i = min(int(place), len(_CLASSES) - 2)
    full = mixed(_CLASSES[i], _CLASSES[i + 1], place - i)
    return [round(each) for each in mixed(_UNSURE, full, level / _LEVELS)]


def boundary_lines(network: Model, examples: RowExamples) -> Iterator[str]:
    """Yield the plane, a shade for each class that is answered, with the points as o and x."""
    plane, (columns, rows) = plane_of(examples), PIPED
    yield f"{legend(examples, True)}; → {axis(examples, plane, 0)}, ↑ {axis(examples, plane, 1)}"
    answers = [line for line in answers_over(network, plane, rows, columns) for _ in range(2)]
    yield from str(Boundary(answers, plane, examples)).split("\n")
