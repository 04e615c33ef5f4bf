"""A step: one run of a line of the real code, with its numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Optional, Union

import tinynn.stepper.writing as writing
from tinynn.notation import in_greek, symbols_of
from tinynn.stepper.lines import FormulaLine, FunctionLines
from tinynn.stepper.writing import FIGURES, Value

_SURE = ("math", "tinynn.activations")  # modules of functions that are safe to call again
Place = tuple[int, ...]  # the indices of an entry, counted from 0; none for a name


@dataclass(frozen=True)
class Step:
    """One run of a line of the real code: its equation, its place, and its numbers.

    ``number`` and ``formula`` are those of the equation. ``indices`` are the book's l and the
    indices of the loops, outermost first, counted from 0: ``{"l": 2, "j": 0, "k": 1}``.
    ``result`` is the computed number; ``before`` and ``after`` are the values of its target.
    ``place`` has the indices of the target, ``places`` those of each part that the line reads:
    (0, 1) for ``w[j][k]``. ``neuron`` has the indices of the computed neuron. ``call`` is the
    number of the call of a recorded function; a function that the line calls for one number, such
    as σ, belongs to the same call. ``sums`` has the first step of each sum that the line uses.
    ``example`` is the index, from 0, of the example in a mini-batch of ``batch`` examples.
    """

    number: str
    formula: str
    function: str
    indices: Mapping[str, int] = field(hash=False)
    neuron: Place
    file: str
    line_number: int
    source: str
    target: Optional[str]
    result: Union[float, bool]
    before: Optional[float]
    call: int
    numbers: tuple[str, ...] = field(repr=False)  # all equations of this code
    code: FunctionLines = field(repr=False, compare=False)
    line: FormulaLine = field(repr=False, compare=False)
    values: tuple[Value, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    place: Optional[Place] = field(repr=False)
    places: tuple[Optional[Place], ...] = field(repr=False)
    sums: Mapping[str, int] = field(repr=False, hash=False)
    functions: dict[str, Callable[..., object]] = field(repr=False, compare=False)
    symbols: Mapping[str, str] = field(repr=False, compare=False)  # as the function declares them
    example: Optional[int] = field(default=None, repr=False)  # of a mini-batch, counted from 0
    batch: int = field(default=1, repr=False)  # m, the examples of the mini-batch
    exact: bool = field(default=True, repr=False)  # whether floats give the same result

    @property
    def layer(self) -> Optional[int]:
        """The book's l."""
        return self.indices.get("l")

    @property
    def j(self) -> Optional[int]:
        """The index of the loop over j, counted from 0."""
        return self.indices.get("j")

    @property
    def k(self) -> Optional[int]:
        """The index of the loop over k, counted from 0."""
        return self.indices.get("k")

    @property
    def loops(self) -> dict[str, int]:
        """The indices of the loops, without l."""
        return {name: index for name, index in self.indices.items() if name != "l"}

    @property
    def after(self) -> Union[float, bool]:
        """The value of the target after the line, which is the result."""
        return self.result

    @property
    def substituted(self) -> str:
        """The right side as Python, with every name replaced by its value, to the last bit.

        ``eval(step.substituted, dict(step.functions))`` is ``step.result``.
        """
        if not self.exact:  # of float32, Fraction and the like
            return ast.unparse(writing.literal(self.result))
        return writing.substituted(self.line, self.values, self.names)

    @property
    def by_hand(self) -> str:
        """The same with short numbers, as written by hand: 0.31 + (−0.42)(0.88).

        The numbers have four figures, or as many as a calculator needs for the right result.
        """
        return self._written(True)

    @property
    def worked_out(self) -> str:
        """The same with the value of every function call, such as σ'(0.5), put in too."""
        return self._written(False)

    def maths(self, calls: bool = True) -> str:
        """Return the same as maths in Markdown; ``calls=False`` puts in values of calls too."""
        return writing.formula_maths(self._written(calls, in_tex=True))

    def _written(self, calls: bool, in_tex: bool = False) -> str:
        figures = self._figures(calls)
        return writing.by_hand(self.line, self.values, self.signs, calls, figures, in_tex)

    def _figures(self, calls: bool) -> int:
        """Return the number of figures that the numbers of this line need."""
        line, values = self.line, self.values
        if not line.numbers or not writing.is_known(line, values):
            return FIGURES
        figures = writing.enough(
            self.result, lambda n: writing.worked_out(line, writing.rounded(values, n))
        )
        sure = all(getattr(f, "__module__", "") in _SURE for f in self.functions.values())
        if not calls or not sure or not self.functions:
            return figures

        def called(figures: int) -> Value:
            text = writing.substituted(line, writing.rounded(values, figures), self.names)
            result: Value = eval(text, dict(self.functions))
            return result

        return writing.enough(self.result, called)

    @property
    def signs(self) -> list[str]:
        """The written name of each part of the line; for a call, the function's: σ for sigmoid."""
        called = self.functions
        return [symbols_of(called.get(n)).get(n) or in_greek(n) for n in self.names]

    @property
    def is_term(self) -> bool:
        """Whether the line adds a term to a sum."""
        return self.line.kind == "term"

    @property
    def term(self) -> Optional[float]:
        """The term that this line of code adds to a sum, bit for bit; None if it adds none."""
        if not self.is_term:
            return None
        if self.line.added is None or not self.exact:  # the numbers behind it are not known
            return float(self.result) - (self.before or 0.0)
        return float(writing.worked_out(self.adding, self.values))  # type: ignore[arg-type]  # known

    @property
    def adding(self) -> FormulaLine:
        """The line, reduced to the term that it adds if it adds one."""
        line = self.line
        return line if line.added is None else line._replace(expression=line.added)
