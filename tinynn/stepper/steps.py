"""A step: one line of the real code, as it ran, with its numbers."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Optional, Union

from tinynn.stepper.lines import FormulaLine, FunctionLines
from tinynn.stepper.writing import Value, by_hand, latex, substituted


@dataclass(frozen=True)
class Step:
    """One line of the real code, as it ran: its equation, its place, and its numbers.

    ``number`` and ``formula`` are the equation's; ``layer`` is the book's l, ``j`` and ``k`` are
    the loop's own indices, counted from 0 as Python does. ``result`` is what the line computed;
    ``before`` and ``after`` are its target's value before and after. ``call`` counts the calls of
    recorded functions, so that the lines of one call can be told from those of the next; a
    function of it that answers with one number, such as σ, belongs to it.
    """

    number: str
    formula: str
    function: str
    layer: Optional[int]
    j: Optional[int]
    k: Optional[int]
    file: str
    line_number: int
    source: str
    target: Optional[str]
    result: Union[float, bool]
    before: Optional[float]
    call: int
    numbers: tuple[str, ...] = field(repr=False)  # every equation that this code is
    code: FunctionLines = field(repr=False, compare=False)
    line: FormulaLine = field(repr=False, compare=False)
    values: tuple[Value, ...] = field(repr=False)
    names: tuple[str, ...] = field(repr=False)
    functions: dict[str, Callable[..., object]] = field(repr=False, compare=False)

    @property
    def after(self) -> Union[float, bool]:
        """The value of the target after the line, which is the result."""
        return self.result

    @property
    def substituted(self) -> str:
        """The right side as Python, with every name replaced by its value, to the last bit.

        ``eval(step.substituted, dict(step.functions))`` is ``step.result``.
        """
        return substituted(self.line, self.values, self.names)

    @property
    def by_hand(self) -> str:
        """The same with four figures a number, as written by hand: 0.31 + (−0.42)(0.88)."""
        return by_hand(self.line, self.values, self.names)

    @property
    def worked_out(self) -> str:
        """The same once more, with every function such as σ'(0.5) replaced by its value too."""
        return by_hand(self.line, self.values, self.names, calls=False)

    def latex(self, calls: bool = True) -> str:
        """Return the same in LaTeX; ``calls=False`` puts in the values of functions too."""
        return latex(self.line, self.values, self.names, calls)

    @property
    def is_term(self) -> bool:
        """Whether the line adds a term to a sum."""
        return self.line.kind == "add"

    @property
    def term(self) -> Optional[float]:
        """What a line of a sum adds to it, to the last bit."""
        if not self.is_term:
            return None
        added = self.line.expression
        if not isinstance(added, ast.BinOp):  # the numbers behind it are not known
            return float(self.result) - (self.before or 0.0)
        line = self.line._replace(expression=added.right)
        return float(eval(substituted(line, self.values, self.names, calls=False)))
