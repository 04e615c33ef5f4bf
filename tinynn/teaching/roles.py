"""Roles: the functions that claims judge, and the calls to try them with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice, product
from math import prod
from random import Random
from typing import Any, NamedTuple, Optional

from tinynn.teaching.programs import Program, plain_program

Arguments = dict[str, Any]

# Each kind of parameter, in words for a student who passes plain lists.
KINDS = {
    "number": "a number",
    "count": "a whole number",
    "bit": "0 or 1",
    "table": "a list of bits, the answers for inputs counted up in binary",
    "vector": "a list of numbers",
    "matrix": "a list of rows, each a list of numbers",
    "vectors": "a list with a vector for each layer, from layer 2",
    "matrices": "a list with a matrix for each layer, from layer 2",
    "maps": "a list of maps, each a list of rows",
    "rows": "a list of vectors of one size",
    "examples": "a list of examples, each a pair (x, y)",
    "rng": "a random.Random: rng.shuffle(list), rng.random()",
    "curve": "a function of one number",
    "valley": "a function of a vector",
}
# The numbers of each domain that a person would write on a blackboard, all different.
FRIENDLY = {
    "real": (1.0, 2.0, -1.0, 3.0, -2.0, 0.5, 4.0, -3.0, 1.5, -0.5, 5.0, -4.0, 2.5, -1.5, 6.0),
    "half": (2.0, -1.0, 3.0, 1.0, -2.0, 0.5, -3.0, 4.0, 1.5, -0.5),
    "share": (0.5, 0.25, 0.75, 0.125, 0.875, 0.625, 0.375),
    "rate": (0.5, 2.0, 0.25, 3.0, 1.5),
    "part": (0.5, 0.25, 0.75, 0.125),
    "target": (1.0, 0.0, 0.25, 0.75, 0.5),
    "pixel": (1.0, 0.0, 0.25, 0.75, 0.5),
}
FRIENDLY["small"] = tuple(number for number in FRIENDLY["real"] if abs(number) <= 3.0)
# The bounds of the numbers drawn from a domain.
BOUNDS = {
    "real": (-10.0, 10.0),
    "small": (-3.0, 3.0),
    "half": (-5.0, 5.0),
    "share": (0.0625, 0.9375),
    "rate": (0.125, 4.0),
    "part": (0.0, 0.9375),
    "target": (0.0, 1.0),
    "pixel": (0.0, 1.0),  # in quarters, so that some are equal
}


class Draw:
    """A source of random arguments without symmetry."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self._last: dict[str, float] = {}

    def whole(self, least: int, most: int) -> int:
        """Draw a whole number, both bounds included."""
        return self.rng.randint(least, most)

    def number(self, domain: str = "real") -> float:
        """Draw a number of this domain."""
        lot = self.rng.random()
        if lot < _AGAIN:
            return self._last.get(domain, 0.5)
        if lot < _ZERO and BOUNDS[domain][0] < 0.0:
            return 0.0
        self._last[domain] = self._new(domain)
        return self._last[domain]

    def _new(self, domain: str) -> float:
        least, most = BOUNDS[domain]
        if domain == "half":
            return self.rng.randint(int(2 * least), int(2 * most)) / 2.0
        if domain == "pixel":
            return self.rng.randint(0, 4) / 4.0
        if least < 0.0:
            return self.rng.choice((-1, 1)) * round(self.rng.uniform(0.2, min(2.0, most)), 3)
        return round(self.rng.uniform(least, most), 3)

    def size(self, most: int) -> int:
        """Draw the number of neurons, numbers or examples."""
        return self.whole(1, most)

    def few(self) -> int:
        """Draw the number of rows or columns of a field or block."""
        return self.whole(1, 3)

    def layers(self, most: int) -> list[int]:
        """Draw the sizes of the layers of a network."""
        return [self.size(most) for _ in range(self.whole(2, 4))]


class Board(Draw):
    """A source of numbers for a board: all different, and each board begins with another one."""

    def __init__(self, rank: int) -> None:
        super().__init__(Random(rank))
        self.rank = rank
        self._numbers = {
            name: islice(cycle(numbers), rank, None) for name, numbers in FRIENDLY.items()
        }
        self._sizes, self._few = cycle(_SIZES[rank]), cycle(_FEW[rank])

    def whole(self, least: int, most: int) -> int:
        """Return a number that depends on the board, or draw one of few."""
        if most - least < 4:
            return super().whole(least, most)
        return min(most, max(least, 2 + self.rank % 4))

    def number(self, domain: str = "real") -> float:
        """Return the next number of this domain."""
        return next(self._numbers[domain])

    def size(self, most: int) -> int:
        """Return the next size."""
        return next(self._sizes)

    def few(self) -> int:
        """Return the next small size."""
        return next(self._few)

    def layers(self, most: int) -> list[int]:
        """Return the sizes of the layers of the board's network."""
        return [*_LAYERS[self.rank]]


_SIZES = ((2, 3), (3, 2), (2, 2), (3, 3), (4, 2), (1, 1), (5, 4), (6, 7))
_FEW = ((1, 2, 3), (2, 1, 2), (1, 2, 2), (2, 2, 1), (2, 2, 2), (1, 3, 2), (2, 3, 2), (1, 1, 1))
_LAYERS = (
    (1, 3, 2),
    (2, 3, 2),
    (2, 2, 2),
    (2, 2),
    (3, 2, 4, 1),
    (2, 2, 2, 2),
    (1, 1),
    (5, 4, 6, 3),
)
NEAR = (1e-9, 1e-6)  # the absolute and the relative tolerance of equal answers
BOARDS = len(_SIZES)
_DRAWN = 16
_AGAIN, _ZERO = 0.12, 0.16  # a draw below the first repeats a number; below the second it is 0


class Parameter(NamedTuple):
    """One parameter of a role: its kind (one of KINDS), its sizes, the domain of its numbers.

    A size is a letter and means the same number throughout a call; a small letter is the size of a
    field or block, 1 to 3. ``J+r`` is J + r - 1, the number of rows that J places of a field of r
    rows cover; ``j*r`` is that of j blocks of r rows. A ``count`` with a size is that size.
    Other arguments are written in plain numbers too: an ``rng`` as its seed, a ``curve`` C(v) as
    its coefficients c_0, c_1, …, and a ``valley`` C(v) = 1/2 v · A v as A.
    """

    name: str
    kind: str
    sizes: tuple[str, ...] = ()
    domain: str = "real"


class Example(NamedTuple):
    """A call worked by hand, in plain numbers; ``result`` is None if it is random."""

    arguments: Arguments
    result: Any
    arithmetic: str


class Mistake(NamedTuple):
    """A known mistake: the right text, the learner's text, and the words to report."""

    name: str
    has: str
    writes: str
    say: str


def as_drawn(arguments: Arguments, _: int) -> Arguments:
    """Return the arguments unchanged."""
    return arguments


@dataclass(frozen=True, eq=False)
class Role:
    """A function that claims judge: its name in a student's file, and its signature.

    ``returns`` is ``number``, ``bit``, ``bits`` (two of them), ``vector``, ``matrix``,
    ``gradient`` (nabla_b and nabla_w), ``batches`` (lists of examples) or ``circuit`` (a function
    of bits). ``model`` is the engine's function and the functions it uses; ``mistakes`` are edits
    of these; ``engine`` is the engine's function over Vectors if the model is a lesson's own.
    ``adjust`` changes a drawn call so that it shows more mistakes; ``more`` are further calls.
    """

    name: str
    parameters: tuple[Parameter, ...]
    returns: str
    result: str
    example: Example
    mistakes: tuple[Mistake, ...]
    more: tuple[Arguments, ...]
    model: tuple[Callable[..., Any], ...]
    engine: Optional[Callable[..., Any]] = None
    adjust: Callable[[Arguments, int], Arguments] = as_drawn
    most: int = 4
    near: tuple[float, float] = NEAR

    @property
    def recorded(self) -> Callable[..., Any]:
        """The engine's function over Vectors and Matrices, whose lines are the definition."""
        return self.engine or self.model[0]

    @property
    def signature(self) -> str:
        """The call as in a student's file: ``sigmoid(z) -> a``."""
        names = ", ".join(parameter.name for parameter in self.parameters)
        return f"{self.name}({names}) -> {self.result}"

    def program(self) -> Program:
        """Return the engine's function as an editable program over plain lists."""
        return plain_program(*self.model)

    def boards(self) -> list[Arguments]:
        """Return calls for a board: few numbers, all different, unequal sizes first."""
        drawn = [self.drawn(Board(rank)) for rank in range(BOARDS)]
        return [self.adjust(each, i) for i, each in enumerate(drawn)]

    def trials(self) -> list[Arguments]:
        """Return the calls that distinguish mistakes: always the same ones."""
        if self.returns == "batches":  # a trial is many calls
            return [*self.more]
        rng = Random(1)
        drawn = [self.adjust(self.drawn(Draw(rng)), i) for i in range(_DRAWN)]
        return [self.example.arguments, *self.boards(), *drawn, *self.more]

    def drawn(self, draw: Draw) -> Arguments:
        """Draw the arguments of one call."""
        sizes: dict[str, Any] = {}
        return {each.name: self._value(each, draw, sizes) for each in self.parameters}

    def _value(self, of: Parameter, draw: Draw, sizes: dict[str, Any]) -> Any:
        def count(letter: str) -> int:
            if letter in ("first", "last"):
                layers = sizes.setdefault("L", draw.layers(self.most))
                return int(layers[0 if letter == "first" else -1])
            if "+" in letter:
                return sum(map(count, letter.split("+"))) - 1
            if "*" in letter:
                return prod(map(count, letter.split("*")))
            if letter not in sizes:
                sizes[letter] = draw.few() if letter.islower() else draw.size(self.most)
            return int(sizes[letter])

        def numbers(size: int, *inner: int) -> list[Any]:
            if inner:
                return [numbers(*inner) for _ in range(size)]
            if of.domain == "one-hot":
                one = draw.whole(0, size - 1)
                return [float(j == one) for j in range(size)]
            if of.domain == "bit":
                return [float(draw.whole(0, 1)) for _ in range(size)]
            return [draw.number(of.domain) for _ in range(size)]

        if of.kind == "number":
            return draw.number(of.domain)
        if of.kind == "count" and of.sizes:
            return count(of.sizes[0])
        if of.kind in ("count", "bit", "rng"):
            least, most = {"count": (1, 9), "bit": (0, 1), "rng": (0, 99)}[of.kind]
            return draw.whole(least, most)
        if of.kind == "table":
            return [draw.whole(0, 1) for _ in range(2 ** draw.whole(1, 3))]
        if of.kind in ("vector", "matrix", "rows", "maps"):
            return numbers(*[count(letter) for letter in of.sizes])
        if of.kind in ("vectors", "matrices"):
            layers = sizes.setdefault("L", draw.layers(self.most))
            if of.kind == "vectors":
                return [numbers(J) for J in layers[1:]]
            return [numbers(J, K) for K, J in zip(layers, layers[1:])]
        if of.kind == "curve":
            return [draw.number("small") for _ in range(draw.whole(2, 4))]
        if of.kind == "valley":
            return askew(draw, count(of.sizes[0]))
        return numbered(draw.whole(1, 12))


def numbered(n: int) -> list[tuple[int, int]]:
    """Return n examples: (1, 1), (2, 4), …, (n, n²)."""
    return [(x, x * x) for x in range(1, n + 1)]


def inputs_of(truth_table: list[int]) -> list[tuple[int, ...]]:
    """Return the bits of each entry of a truth table, counted up in binary."""
    return [*product((0, 1), repeat=len(truth_table).bit_length() - 1)]


def askew(draw: Draw, size: int) -> list[list[float]]:
    """Draw the rows of a matrix A for which 1/2 v · A v is a valley, perhaps askew.

    A = D + u uᵀ with D = diag(d) and all d above 0, so only v = 0 makes it 0.
    """
    along = [draw.number("rate") for _ in range(size)]
    u = [draw.whole(-1, 1) for _ in range(size)]
    return [[along[j] * (j == k) + u[j] * u[k] for k in range(size)] for j in range(size)]
