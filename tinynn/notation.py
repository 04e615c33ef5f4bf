"""The book's notation: a glossary with an example for each symbol, and a registry of equations.

The rest of the package uses these names, so that a line of code reads like a line of the book.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import CodeType
from typing import NamedTuple, Optional, TypeVar

Function = TypeVar("Function", bound=Callable[..., object])


class Symbol(NamedTuple):
    """One symbol of the book, its meaning, and an example in a network of 2, 3 and 1 neurons."""

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
    Symbol("λ", "how much large weights cost; it is divided by n", "lmbda = 5.0"),
    Symbol("μ", "the momentum coefficient; 1 - μ is the friction", "mu = 0.9"),
    Symbol("v", "the velocity of a weight or a bias (of chapter 1: a place)", "v^2_31 of w^2_31"),
    Symbol("r_j", "1 if dropout keeps neuron j, 0 if it drops it", "r = (1, 0, 1)"),
    Symbol("f", "a feature map of layer l, and g one of layer l - 1", "w^2_3,1,5,4: f = 3, g = 1"),
    Symbol("r", "a row of a field, and s a column of it", "w^2_3,1,5,4: r = 5, s = 4"),
    Symbol("n", "the number of training examples", "n = 1,000 digits"),
    Symbol("m", "the number of examples in a mini-batch", "m = 10"),
    Symbol("⊙", "the Hadamard product: entry by entry", "(1, 2) ⊙ (3, 4) = (3, 8)"),
)


def indexed_name(symbol: str, l: Optional[int], *indices: int) -> str:
    """Return the book's name of one number. Indices count from 1; l may be None.

    Two indices below ten are written together; other indices are separated by commas.

    >>> indexed_name("w", 2, 1, 3), indexed_name("b", 3, 1), indexed_name("w", 2, 11, 3)
    ('w^2_13', 'b^3_1', 'w^2_11,3')
    >>> indexed_name("w", 2, 1, 5, 5), indexed_name("η", None)
    ('w^2_1,5,5', 'η')
    """
    layer = "" if l is None else f"^{l}"
    if not indices:
        return symbol + layer
    together = len(indices) <= 2 and max(indices) < 10
    return f"{symbol}{layer}_{('' if together else ',').join(map(str, indices))}"


_GREEK = {
    "delta": "δ",
    "epsilon": "ε",
    "eta": "η",
    "lmbda": "λ",
    "mu": "μ",
    "nabla": "∇",
    "sigma": "σ",
}
_LAYERS = {"l": 0, "L": 0, "{l+1}": 1, "{l-1}": -1}


def in_greek(name: str) -> str:
    """Return the Greek letter of this name, or the name itself if it names no Greek letter.

    >>> in_greek("eta"), in_greek("sigma_prime"), in_greek("rate")
    ('η', "σ'", 'rate')
    """
    letter = name[: -len("_prime")] if name.endswith("_prime") else name
    return _GREEK[letter] + "'" * (letter != name) if letter in _GREEK else name


def in_layer(symbol: str, l: Optional[int]) -> tuple[str, Optional[int]]:
    """Return a declared symbol without its layer, and the number of that layer, seen from layer l.

    >>> in_layer("w^{l+1}", 2), in_layer("δ^L", 3), in_layer("y", 3), in_layer("z^l", None)
    (('w', 3), ('δ', 3), ('y', None), ('z', None))
    """
    base, mark, layer = symbol.rpartition("^")
    if not mark or layer not in _LAYERS:
        return symbol, None
    return base, None if l is None else l + _LAYERS[layer]


class Equation(NamedTuple):
    """An equation of the book, and the one function that implements it."""

    number: str
    formula: str
    function: Callable[..., object]

    @property
    def twin(self) -> Optional[Twin]:
        """The fast engine's function for this equation, or None if that engine is not loaded."""
        return _TWINS.get(self.function)

    @property
    def name(self) -> str:
        """The function's qualified name in its module."""
        return self.function.__qualname__

    @property
    def module(self) -> str:
        """The function's module, such as ``tinynn.equations.dense``."""
        return self.function.__module__

    @property
    def file(self) -> str:
        """The path of the source file."""
        return self.function.__code__.co_filename

    @property
    def line(self) -> int:
        """The line in that file where the function and its decorators begin."""
        return self.function.__code__.co_firstlineno

    @property
    def chapter(self) -> int:
        """The chapter of the book that states the equation."""
        place = _place_in_the_book(self.number)
        return 1 + sum(place >= first for first in _FIRST)


class Twin(NamedTuple):
    """A registered loop function, its fast counterpart, and the parameters that differ."""

    pure: Callable[..., object]
    fast: Callable[..., object]
    instead: Mapping[str, tuple[str, ...]]


_REGISTRY: dict[str, Equation] = {}
_TWINS: dict[Callable[..., object], Twin] = {}
_TOGETHER: dict[Callable[..., object], tuple[Callable[..., object], ...]] = {}
_LAYER_NAMES: dict[CodeType, tuple[str, ...]] = {}
_BATCH_NAMES: dict[CodeType, tuple[str, str]] = {}

_FIRST = (23, 54, 113, 114, 125)  # numbers of chapters 2 to 6

# The place of each unnumbered equation among the numbered ones.
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
    "r⊙a": 98.1,
    "r⊙δ": 98.2,
    "107b": 107.1,
    "108b": 108.1,
    "w+μv": 108.2,
    "b+μv": 108.3,
    "s": 113.1,
    "b": 113.2,
    "bump": 113.3,
    "Σbump": 113.4,
    "σ⁻¹": 113.5,
    "tower": 113.6,
    "BP2c": 125.1,
    "BP3c": 125.2,
    "BP4c": 125.3,
    "max": 125.4,
    "max·δ": 125.5,
    "√Σ": 125.6,
    "√Σ·δ": 125.7,
}


def _place_in_the_book(number: str) -> float:
    if number in _NAMED:
        return _NAMED[number]
    try:
        return float(number)
    except ValueError:
        known = ", ".join(_NAMED)
        raise ValueError(
            f"equation: expected a number of the book or {known}, got {number!r}: a new symbol "
            "needs a row in _NAMED, tinynn/notation.py"
        ) from None


def equation(number: str, formula: str, /, **symbols: str) -> Callable[[Function], Function]:
    """Register a function as the code of one equation. The function itself does not change.

    ``symbols`` maps names in the function to the book's: ``w="w^{l+1}"`` says that the entry
    ``w[k][j]`` is w^{l+1}_kj. A symbol may end with ``^l``, ``^L``, ``^{l+1}`` or ``^{l-1}``. The
    function's name maps to the symbol of the function or of its value: ``sigmoid="σ"``. A name
    without a declared symbol is shown unchanged, or as its Greek letter; a sum is shown as "sum".

    >>> [e.number for e in equations() if e.name == "hidden_error"]
    ['BP2']
    """

    def register(function: Function) -> Function:
        _place_in_the_book(number)
        entry = Equation(number, formula, function)
        known = _REGISTRY.get(number, entry)
        # the same file again is a reload, or the module run as a script
        if (known.file, known.name) != (entry.file, entry.name):
            raise ValueError(f"equation {number} has two functions: {known.name} and {entry.name}")
        _REGISTRY[number] = entry
        function.__dict__.setdefault("equations", []).insert(0, entry)
        return named(**symbols)(function)

    return register


def named(formula: str = "", /, **symbols: str) -> Callable[[Function], Function]:
    """Declare the book's names for names in a function, as ``equation`` does.

    ``formula`` is the formula of a function without a number. It is shown in place of the
    docstring.

    >>> @named(nabla="∂C/∂v")
    ... def slope(v):
    ...     nabla = 2.0 * v
    ...     return nabla
    >>> symbols_of(slope)
    {'nabla': '∂C/∂v'}
    """

    def declare(function: Function) -> Function:
        function.__dict__.setdefault("symbols", {}).update(symbols)
        if formula:
            function.__dict__["formula"] = formula
        return function

    return declare


def symbols_of(function: object) -> Mapping[str, str]:
    """Return the declared symbols of a function: the book's name for each name in it."""
    symbols: Mapping[str, str] = getattr(function, "__dict__", {}).get("symbols", {})
    return symbols


def layer_named(*names: str) -> Callable[[Function], Function]:
    """Declare the local variables that number the layer whose equations a function calls.

    The first one that has a value counts: ``@layer_named("l", "L")`` suits a function that
    computes δ^L before it loops over the layers l.
    """

    def declare(function: Function) -> Function:
        _LAYER_NAMES[function.__code__] = names
        return function

    return declare


def layer_names() -> Mapping[CodeType, tuple[str, ...]]:
    """Return the names of the variables that hold a layer's number, by the function's code."""
    return _LAYER_NAMES


def batch_named(examples: str, number: str = "") -> Callable[[Function], Function]:
    """Declare the local variables that hold a mini-batch and the number of its current example."""

    def declare(function: Function) -> Function:
        _BATCH_NAMES[function.__code__] = examples, number
        return function

    return declare


def batch_names() -> Mapping[CodeType, tuple[str, str]]:
    """Return the declared mini-batch variables, by the code object of the function."""
    return _BATCH_NAMES


def twin(of: Callable[..., object], /, **instead: str) -> Callable[[Function], Function]:
    """Declare a function of the fast engine as the twin of a registered one: the same equation.

    A twin has the pure function's name and its parameters in the same order, plus ``out``, the
    array to write into. ``instead`` lists the differences: it maps a parameter of the twin to the
    parameters of the pure function that it replaces (an empty string if it replaces none).
    """

    def declare(function: Function) -> Function:
        _TWINS[of] = Twin(
            of, function, {name: tuple(text.split()) for name, text in instead.items()}
        )
        return function

    return declare


def together(*of: Callable[..., object]) -> Callable[[Function], Function]:
    """Declare a function of the fast path as the twin of several pure ones, one after another."""

    def declare(function: Function) -> Function:
        _TOGETHER[function] = of
        return function

    return declare


def twins_together() -> Mapping[Callable[..., object], tuple[Callable[..., object], ...]]:
    """Return the functions of the fast path that are several equations at once, with these."""
    return _TOGETHER


def twins() -> list[Twin]:
    """Return every declared pair, in the order of the book."""
    return list({entry.function: entry.twin for entry in equations() if entry.twin}.values())


def equations() -> list[Equation]:
    """Every registered equation, in the order of the book."""
    return sorted(_REGISTRY.values(), key=lambda entry: _place_in_the_book(entry.number))
