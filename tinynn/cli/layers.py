"""The option ``--layers``: descriptions of layers, read as ``repr`` prints them."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Sequence
from typing import Any, Optional, Union

from tinynn.activations import SOFTMAX
from tinynn.costs import LOG_LIKELIHOOD, QUADRATIC
from tinynn.errors import ArgumentError, TinyNNError
from tinynn.layers import Description
from tinynn.layers.layer import kinds

_LONGEST = 10_000  # characters
_EXAMPLE = "Dense(30, 'tanh'), Dense(10)"


def read_layers(text: str) -> list[Union[int, tuple[int, ...], Description]]:
    """Return the layers that a text describes; nothing in it is run.

    They are what ``network.layers`` prints: descriptions, numbers of neurons and, in front, the
    shape of the input. Raises ArgumentError that points to what it cannot read.

    >>> read_layers("30, Dense(10, 'softmax')")
    [30, Dense(10, 'softmax')]
    >>> read_layers("[(64,), Dense(30, activation='tanh'), Dense(10)]")
    [(64,), Dense(30, 'tanh'), Dense(10)]
    >>> read_layers("Dense(30), Dnse(10)")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: --layers: expected Dense(…)..., got Dnse
      Dense(30), Dnse(10)
                 ^
    """
    return _Reader(text).layers()


def layers_of(layers: Optional[str], sizes: Optional[list[int]]) -> Optional[list[Any]]:
    """Return the layers of ``--layers`` or ``--sizes``, or None. Raises ArgumentError for both."""
    if layers is None:
        return sizes
    if sizes is not None:
        raise ArgumentError("--layers and --sizes: expected one or neither, got both")
    return read_layers(layers)


def cost_for(cost: Optional[str], layers: Sequence[object]) -> str:
    """Return the cost that was asked for, or else the one that fits the output neurons.

    >>> from tinynn import Dense
    >>> cost_for(None, [2, 1]), cost_for(None, [2, Dense(2, "softmax")])
    ('quadratic', 'log-likelihood')
    """
    softmax = getattr(layers[-1], "activation", None) == SOFTMAX if layers else False
    return cost or (LOG_LIKELIHOOD.name if softmax else QUADRATIC.name)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text.strip()
        self.listed = self.text.startswith("[")
        self.source = self.text if self.listed else f"[{self.text}]"

    def layers(self) -> list[Any]:
        if not self.text or len(self.text) > _LONGEST:
            given = f"{len(self.text):,} characters"
            raise ArgumentError(f"--layers: expected layers such as {_EXAMPLE}, got {given}")
        try:
            tree = ast.parse(self.source, mode="eval").body
        except SyntaxError as error:
            place = (error.offset or 1) - 1
            raise self._error(f"expected layers such as {_EXAMPLE}", place) from None
        except (ValueError, RecursionError, MemoryError):
            raise ArgumentError(f"--layers: expected layers such as {_EXAMPLE}") from None
        if not isinstance(tree, ast.List) or not tree.elts:
            raise self._error(f"expected layers such as {_EXAMPLE}", 0)
        return [self._layer(node, first=i == 0) for i, node in enumerate(tree.elts)]

    def _layer(self, node: ast.expr, first: bool) -> Any:
        if not isinstance(node, ast.Call):
            value = self._value(node)
            if type(value) is int or (first and isinstance(value, tuple)):
                return value
            expected = "expected a layer, such as Dense(30), or a number of neurons"
            raise self._error(expected, node)
        name = ast.unparse(node.func)
        if name not in kinds():
            raise self._error(f"expected {_one_of(kinds())}, got {name}", node)
        arguments = [self._value(each) for each in node.args]
        named = {str(each.arg): self._value(each.value) for each in node.keywords}
        kind = kinds()[name]
        try:
            inspect.signature(kind).bind(*arguments, **named)
        except TypeError as error:
            raise self._error(f"{name}: {error}: write {name}{_signature(kind)}", node) from None
        try:
            return kind(*arguments, **named)
        except TinyNNError as error:
            at = next((each for each in node.args if _is_named_in(each, str(error))), node)
            raise self._error(str(error), at) from None

    def _value(self, node: ast.expr) -> Any:
        try:
            return ast.literal_eval(node)
        except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
            expected = "expected a number or a name in quotes, such as 'tanh'"
            raise self._error(expected, node) from None

    def _error(self, message: str, at: Union[ast.expr, int]) -> ArgumentError:
        """Return an error that shows the text, with a mark below the place."""
        if isinstance(at, int):
            place = at
        else:  # the offset of a node counts bytes
            place = len(self.source.encode()[: at.col_offset].decode(errors="ignore"))
        place = max(0, min(place - (not self.listed), len(self.text)))
        start = max(0, place - 60)
        shown = self.text[start : place + 40].replace("\n", " ")
        return ArgumentError(f"--layers: {message}\n  {shown}\n  {' ' * (place - start)}^")


def _is_named_in(node: ast.expr, message: str) -> bool:
    return isinstance(node, ast.Constant) and repr(node.value) in message


def _one_of(names: Any) -> str:
    return " or ".join(f"{name}(…)" for name in names)


def _signature(kind: type[Description]) -> str:
    return f"({', '.join(inspect.signature(kind).parameters)})"
