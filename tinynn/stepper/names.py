"""The book's names for what a recorded line reads and computes: δ^2_1, w^3_11, the sum."""

from __future__ import annotations

from typing import NamedTuple, Optional

from tinynn.gradient_check import parameter_name
from tinynn.stepper.steps import Step
from tinynn.stepper.writing import in_symbols

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
