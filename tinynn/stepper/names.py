"""The book's names for what a recorded line reads and computes: δ^2_1, w^3_11, the sum."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import NamedTuple, Optional

from tinynn.gradient_check import parameter_name
from tinynn.stepper.steps import Step
from tinynn.stepper.writing import in_symbols, short

# What the entries of a list are called in the book.
_QUANTITIES = {
    "z": "z",
    "a": "a",
    "delta": "δ",
    "nabla_a": "∂C/∂a",
    "nabla_b": "∂C/∂b",
    "nabla_w": "∂C/∂w",
    "nabla": "∂C/∂v",
    "delta_v": "Δv",
    "moved": "v'",
}
LONGEST = 5  # terms of a sum; a longer one is shown by the first two and the last
_UPDATED = {1: "b'", 2: "w'"}
_NAMES = {
    "delta_next": "δ",
    "position": "v",
    "total": "sum",
    "rate": "η/m",
    "eta": "η",
    "bias": "b",
    "weighted_sum(weights, inputs)": "w · x",
}
# Where an equation takes something from the layer before, or from the layer after.
_ELSEWHERE = {
    ("weighted_input", "a"): -1,
    ("weight_gradient", "a"): -1,
    ("hidden_error", "w"): 1,
    ("hidden_error", "delta_next"): 1,
}


class Quantity(NamedTuple):
    """A number that the book has a name for, such as δ^2_1, and the step that computed it."""

    symbol: str
    layer: Optional[int]
    j: int
    k: Optional[int]
    value: float
    step: int  # its place in the recording

    @property
    def name(self) -> str:
        """The book's name, its indices counted from 1: ``∂C/∂w^2_11``."""
        k = None if self.k is None else self.k + 1
        return parameter_name(self.symbol, self.layer, self.j + 1, k)


def quantity(step: Step, place: int = 0) -> Optional[Quantity]:
    """Return what a step computed, if the book has a name for it; a partial sum has none."""
    if step.target is None or step.j is None or "[" not in step.target:
        return None
    base, *indices = step.target.replace("]", "").split("[")
    symbol = _UPDATED.get(len(indices)) if base == "updated" else _QUANTITIES.get(base, base)
    if symbol is None:
        return None
    k = step.k if len(indices) == 2 else None
    return Quantity(symbol, step.layer, step.j, k, float(step.result), place)


def in_book(step: Step) -> str:
    """Return a step's right side in the book's symbols, such as ``sum + w^3_11 δ^3_1``."""
    return in_symbols(step.line, symbols(step), step.values, step.names)


def in_full(steps: Sequence[Step], place: int) -> Optional[tuple[str, str]]:
    """Return the line that uses a sum with the whole sum written out, in symbols and in numbers.

    Such as ``(w^3_11 δ^3_1 + w^3_21 δ^3_2) σ'(z^2_1)``; of a long sum the first terms and the
    last. None for a line that uses no sum.
    """
    step = steps[place]
    if step.is_term or "total" not in (part.text for part in step.line.parts):
        return None
    same = (step.call, step.number, step.j)
    terms = []
    for before in reversed(steps[:place]):
        if before.is_term and (before.call, before.number, before.j) == same:
            terms.append(before)
        elif terms:
            break
    if not terms:
        return None
    terms.reverse()
    letters = [in_book(term).partition(" + ")[2] for term in terms]
    figures = [term.by_hand.partition(" + ")[2] for term in terms]
    parts = symbols(step)
    values = [short(value) if value is not None else "" for value in step.values]
    at = [part.text for part in step.line.parts].index("total")
    added = isinstance(getattr(step.line.expression, "op", None), ast.Add)
    written = []
    for names, each in ((parts, letters), (values, figures)):
        if len(each) > LONGEST:
            each = [*each[:2], "…", each[-1]]
        whole = " + ".join(each) if added or len(each) == 1 else f"({' + '.join(each)})"
        names = [*names[:at], whole, *names[at + 1 :]]
        written.append(in_symbols(step.line, names, step.values, step.names))
    return written[0], written[1]


def symbols(step: Step) -> list[str]:
    """Return the book's name of each part of a step's line: ``sum``, ``w^3_11``, ``δ^3_1``."""
    return [_symbol(part.text, step) for part in step.line.parts]


def _symbol(text: str, step: Step) -> str:
    """Return the book's name of a part of a line: ``w^3_11`` for w[k][j] in BP2."""
    base, *places = text.replace("]", "").split("[")
    symbol = _NAMES.get(base, _QUANTITIES.get(base, base))
    loops = {"j": step.j, "k": step.k}
    indices = [int(i) if i.isdecimal() else loops.get(i) for i in places]
    if not indices or len(indices) > 2 or None in indices:
        return symbol
    l = None if base in ("x", "y") else step.layer
    if l is not None:
        l += _ELSEWHERE.get((step.function, base), 0)
    j, k = (*indices, None)[:2]
    assert j is not None
    return Quantity(symbol, l, j, k, 0.0, 0).name
