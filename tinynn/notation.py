"""The book's notation: a glossary with one example a symbol, and the registry of its equations.

The names below are used for the rest of the package, so that a line of code and a line of
the book read alike.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])


class Symbol(NamedTuple):
    """One symbol of the book, what it means, and an example in a network of 2, 3 and 1 neurons."""

    symbol: str
    meaning: str
    example: str


GLOSSARY = (
    Symbol("l", "the number of a layer; l = 1 is the input layer", "l = 2 is the hidden layer"),
    Symbol("L", "the last layer, the output layer", "L = 3"),
    Symbol("j", "a neuron of layer l, counted from 1 in the book, from 0 in Python", "a^2_1: a[0]"),
    Symbol("k", "a neuron of the layer before, l - 1", "k = 1, 2 when l = 2"),
    Symbol(
        "w^l_jk", "the weight to neuron j of layer l from neuron k before it", "w^2_31: w[2][0]"
    ),
    Symbol("b^l_j", "the bias of neuron j in layer l", "b^3_1 is the output neuron's bias"),
    Symbol("z^l_j", "the weighted input of neuron j in layer l", "z = 2 · 0.5 + 1 · 0 - 1 = 0"),
    Symbol("σ", "the activation function of a neuron", "σ(0) = 1/2"),
    Symbol("a^l_j", "the activation of neuron j in layer l: a = σ(z)", "a = σ(0) = 1/2"),
    Symbol("x", "an input of the network: a^1 = x", "x = (0, 1)"),
    Symbol("y", "the desired output for x", "y = (1): the answer should be yes"),
    Symbol("C", "the cost: how far the outputs a^L are from y", "C = (1 - 1/2)² / 2 = 1/8"),
    Symbol("δ^l_j", "the error of neuron j in layer l: ∂C/∂z^l_j", "δ = (1/2 - 1) · 1/4 = -1/8"),
    Symbol("∇C", "the gradient: every ∂C/∂w and ∂C/∂b", "nabla_w[0] is ∂C/∂w of layer 2"),
    Symbol("η", "the learning rate: how far one step goes down the gradient", "eta = 3.0"),
    Symbol("n", "the number of training examples", "n = 1,000 digits"),
    Symbol("m", "the number of examples in a mini-batch", "m = 10"),
    Symbol("⊙", "the Hadamard product: entry by entry", "(1, 2) ⊙ (3, 4) = (3, 8)"),
)


class Equation(NamedTuple):
    """An equation of the book, and the one function that is its code."""

    number: str
    formula: str
    function: Callable[..., object]

    @property
    def name(self) -> str:
        """The function's name, as it is written in its module."""
        return self.function.__qualname__

    @property
    def module(self) -> str:
        """The module that holds the function, such as ``tinynn.equations``."""
        return self.function.__module__

    @property
    def file(self) -> str:
        """The path of the source file."""
        return self.function.__code__.co_filename

    @property
    def line(self) -> int:
        """The line in that file on which the function, with its equation, begins."""
        return self.function.__code__.co_firstlineno

    @property
    def chapter(self) -> int:
        """The chapter of the book that states the equation."""
        return 1 if _place_in_the_book(self.number) < 23 else 2


_REGISTRY: dict[str, Equation] = {}

# The equations of the book that bear a name or only a symbol stand among the numbered ones.
_NAMED = {
    "w·x": 0.5,
    "z": 23.1,
    "a": 23.2,
    "σ'": 29.04,
    "∂C/∂a": 29.05,
    "BP1": 29.1,
    "BP1a": 29.2,
    "BP2": 30.1,
    "BP3": 30.2,
    "BP4": 31.1,
}


def _place_in_the_book(number: str) -> float:
    if number in _NAMED:
        return _NAMED[number]
    try:
        return float(number)
    except ValueError:
        known = ", ".join(_NAMED)
        raise ValueError(
            f"equation: expected a number of the book or {known}, got {number!r}"
        ) from None


def equation(number: str, formula: str) -> Callable[[Function], Function]:
    """Register a function as the code of one equation; the function itself is not changed.

    >>> [e.number for e in equations() if e.name == "hidden_error"]
    ['BP2']
    """

    def register(function: Function) -> Function:
        _place_in_the_book(number)
        entry = Equation(number, formula, function)
        known = _REGISTRY.get(number, entry)
        # the same file again is a reload, or the module run as a script
        if (known.file, known.name) != (entry.file, entry.name):
            raise ValueError(f"equation {number} is code twice: {known.name} and {entry.name}")
        _REGISTRY[number] = entry
        function.__dict__.setdefault("equations", []).insert(0, entry)
        return function

    return register


def equations() -> list[Equation]:
    """Every registered equation, in the order of the book."""
    return sorted(_REGISTRY.values(), key=lambda entry: _place_in_the_book(entry.number))
