"""A line with its values in three forms: as Python, as written by hand, as maths in Markdown."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import copysign, isfinite
from types import CodeType
from typing import Union
from weakref import WeakKeyDictionary

from tinynn.stepper.lines import FormulaLine

Value = Union[float, bool, None]  # None for a part that is not a number

_COMPARISONS = {
    ast.Gt: ">",
    ast.GtE: "≥",
    ast.Lt: "<",
    ast.LtE: "≤",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_OPERATIONS = (ast.Mult, ast.Add, ast.Sub, ast.Pow, ast.Div)
_SUM, _PRODUCT, _ATOM = 1, 2, 3  # how tightly an expression binds


FIGURES = 4  # of a number, unless a line needs more for the right result
_MOST = 17  # the most figures of a float


def short(value: object, figures: int = FIGURES) -> str:
    """Return a number as written by hand: four figures, and a real minus sign.

    >>> short(-0.0596), short(2.0), short(0.12345678), short(1e-7), short(True)
    ('−0.0596', '2', '0.1235', '1·10^−7', 'yes')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, (int, float)):
        return str(value)
    if not value:
        return "0"
    written = f"{value:.{figures}g}".replace("-", "−").replace("inf", "∞")
    digits, e, power = written.partition("e")
    return f"{digits}·10^{power[0].strip('+')}{power[1:].lstrip('0')}" if e else digits


def rounded(values: Sequence[Value], figures: int) -> list[Value]:
    """Return the values as printed with this many figures."""
    return [
        v if v is None or isinstance(v, bool) or not isfinite(v) else float(f"{v:.{figures}g}")
        for v in values
    ]


def enough(exact: Value, worked: Callable[[int], Value]) -> int:
    """Return how many figures a line's numbers need, so that four of its result come out right.

    ``worked`` returns the result from numbers with a given number of figures.
    """
    for figures in range(FIGURES, _MOST):
        try:
            if short(worked(figures)) == short(exact):
                return figures
        except (ArithmeticError, ValueError):
            pass  # rounding may make a divisor 0
    return _MOST


_CODE: WeakKeyDictionary[ast.expr, CodeType] = WeakKeyDictionary()


def worked_out(line: FormulaLine, values: Sequence[Value]) -> Value:
    """Return the result of a line for these values of its parts and calls."""
    code = _CODE.get(line.expression)
    if code is None:
        tree = _put_in(line, lambda node: _name(f"v{line.numbers[node]}"))
        code = _CODE[line.expression] = compile(ast.unparse(tree), "<line>", "eval")
    result: Value = eval(code, {f"v{n}": value for n, value in enumerate(values)})
    return result


def substituted(line: FormulaLine, values: Sequence[Value], names: Sequence[str]) -> str:
    """Return the line's right side as Python, each name replaced by its value, to the last bit.

    ``values`` and ``names`` belong to ``line.parts``: the value of each part, and the name of the
    function of a call.
    """

    def put_in(node: ast.expr) -> ast.expr:
        number = line.numbers[node]
        if isinstance(node, ast.Call) and _spelled_out(line, node, values):
            function = _name(names[number])
            arguments = [_put_in(line._replace(expression=v), put_in) for v in node.args]
            return ast.Call(func=function, args=arguments, keywords=[])
        return literal(values[number])

    return ast.unparse(_put_in(line, put_in))


def _put_in(line: FormulaLine, part: Callable[[ast.expr], ast.expr]) -> ast.expr:
    """Return the expression of a line with ``part(node)`` in place of each name, entry and call."""

    def changed(node: ast.expr) -> ast.expr:
        if node in line.numbers:
            return part(node)
        twin = copy.copy(node)
        for field, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                setattr(twin, field, changed(value))
            elif isinstance(value, list):
                setattr(twin, field, [changed(v) if isinstance(v, ast.expr) else v for v in value])
        return twin

    return changed(line.expression)


def is_known(line: FormulaLine, values: Sequence[Value]) -> bool:
    """Return whether every part to be written has a value."""
    outer = _OUTER.get(line.expression)
    if outer is None:
        outer = _OUTER[line.expression] = _outermost(line, line.expression)
    return all(number >= 0 and values[number] is not None for number in outer)


_OUTER: WeakKeyDictionary[ast.expr, list[int]] = WeakKeyDictionary()


def _outermost(line: FormulaLine, node: ast.AST) -> list[int]:
    """Return the numbers of the parts that are not inside another; -1 for other nodes."""
    if isinstance(node, ast.expr) and node in line.numbers:
        return [line.numbers[node]]
    if isinstance(node, _NO_ARITHMETIC):
        return [-1]
    return [n for child in ast.iter_child_nodes(node) for n in _outermost(line, child)]


# Nodes that are more than arithmetic on numbers.
_NO_ARITHMETIC = (
    *(ast.comprehension, ast.Lambda, ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom),
    *(ast.JoinedStr, ast.Starred, ast.Is, ast.IsNot, ast.List, ast.Tuple, ast.Dict, ast.Set),
)


def _spelled_out(line: FormulaLine, call: ast.Call, values: Sequence[Value]) -> bool:
    """Return whether a call has only numbers, such as σ(0.5), and is not replaced by its value."""
    inner = [node for argument in call.args for node in ast.walk(argument)]
    numbers = [line.numbers[n] for n in inner if isinstance(n, ast.expr) and n in line.numbers]
    plain = not call.keywords and not any(isinstance(node, _NO_ARITHMETIC) for node in inner)
    return plain and all(values[number] is not None for number in numbers)


def literal(value: Value) -> ast.expr:
    """Return a value as an expression that evaluates to the same bits."""
    if value is None or isinstance(value, bool):
        return ast.Constant(value)
    if not isfinite(value):
        return ast.Call(func=_name("float"), args=[ast.Constant(str(value))], keywords=[])
    if copysign(1.0, value) < 0.0:  # Python parses it as a minus and a number
        return ast.UnaryOp(op=ast.USub(), operand=ast.Constant(-value))
    return ast.Constant(value)


def _name(name: str) -> ast.Name:
    return ast.Name(id=name, ctx=ast.Load())


def by_hand(
    line: FormulaLine,
    values: Sequence[Value],
    names: Sequence[str],
    calls: bool = True,
    figures: int = FIGURES,
    in_tex: bool = False,
) -> str:
    """Return the line with short numbers, as written by hand: ``0.31 + (−0.42)(0.88)``.

    With ``calls=False`` calls such as σ(0.5) are replaced by their values too. ``in_tex`` writes
    quotients and powers for ``formula_maths``, which does the rest.
    """
    return _Writer(line, values, names, calls, figures, in_tex).write(line.expression)[0]


def in_symbols(
    line: FormulaLine, symbols: Sequence[str], values: Sequence[Value], names: Sequence[str]
) -> str:
    """Return the line in the book's symbols, one for each part: ``sum + w^2_11 a^1_1``."""
    return _SymbolWriter(line, values, names, symbols=symbols).write(line.expression)[0]


@dataclass
class _Writer:
    line: FormulaLine
    values: Sequence[Value]
    names: Sequence[str]
    calls: bool = True
    figures: int = FIGURES
    in_tex: bool = False

    def write(self, node: ast.expr) -> tuple[str, int]:
        """Return the text of an expression, and how tightly it binds."""
        number = self.line.numbers.get(node)
        if number is not None:
            call = node if isinstance(node, ast.Call) and self.calls else None
            if call and _spelled_out(self.line, call, self.values):
                inside = ", ".join(self.write(argument)[0] for argument in call.args)
                return f"{self.names[number]}({inside})", _ATOM
            return self.part(number)
        if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
            return short(node.value, 15), _ATOM  # as in the source
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            text, tight = self.write(node.operand)
            closed = tight == _ATOM and not text.startswith("−")
            return "−" + (text if closed else f"({text})"), _SUM
        if isinstance(node, ast.BinOp) and type(node.op) in _OPERATIONS:
            return self.operation(node)
        if isinstance(node, ast.Compare) and len(node.ops) == 1:
            sign = _COMPARISONS.get(type(node.ops[0]))
            if sign:
                return (
                    f"{self.write(node.left)[0]} {sign} {self.write(node.comparators[0])[0]}",
                    _SUM,
                )
        return substituted(self.line._replace(expression=node), self.values, self.names), _SUM

    def part(self, number: int) -> tuple[str, int]:
        text = short(self.values[number], self.figures)
        return text, _SUM if text.startswith("−") else _ATOM

    def operation(self, node: ast.BinOp) -> tuple[str, int]:
        left, left_tight = self.write(node.left)
        right, right_tight = self.write(node.right)
        if isinstance(node.op, ast.Mult):
            product = self.factor(node.left, left) + self.factor(node.right, right)
            return product.strip(" ·"), _PRODUCT
        if isinstance(node.op, ast.Add):
            right = f"({right})" if right.startswith("−") else right
            return f"{left} + {right}", _SUM
        if isinstance(node.op, ast.Sub):
            right = f"({right})" if right_tight == _SUM else right
            return f"{left} − {right}", _SUM
        if isinstance(node.op, ast.Pow):
            power = f"⦃{right}⦄" if self.in_tex else right
            return f"({left})^{power}", _ATOM
        if self.in_tex:
            return rf"\frac⦃{left}⦄⦃{right}⦄", _ATOM
        left = left if left_tight == _ATOM else f"({left})"
        right = right if right_tight == _ATOM else f"({right})"
        return f"{left} / {right}", _PRODUCT

    def factor(self, node: ast.expr, text: str) -> str:
        product = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)
        spelled = isinstance(node, ast.Call) and "(" in text
        return text if product or spelled else f"({text})"


@dataclass
class _SymbolWriter(_Writer):
    """A writer of names instead of numbers; its products need no parentheses."""

    symbols: Sequence[str] = ()

    def part(self, number: int) -> tuple[str, int]:
        text = self.symbols[number]
        return text, _SUM if _is_sum(text) else _ATOM

    def factor(self, node: ast.expr, text: str) -> str:
        if isinstance(node, ast.Constant):
            return f" · {text}"  # z · 2, but 2 z
        added = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))
        whole = node in self.line.numbers and self.write(node)[1] == _SUM
        signed = text[:1] == "−" and text[1:2].isdigit()  # in a written-out sum
        return f" ({text})" if added or whole or signed else f" {text}"


def _is_sum(text: str) -> bool:
    """Return whether the text for a name is a sum, with a + or − outside parentheses."""
    before = ""
    while before != text:
        before, text = text, re.sub(r"\([^()]*\)", "", text)
    return " + " in text or " − " in text


_LETTERS = {
    "σ": r"\sigma",
    "δ": r"\delta",
    "Δ": r"\Delta ",
    "η": r"\eta",
    "λ": r"\lambda",
    "μ": r"\mu",
    "∂": r"\partial ",
    "∇": r"\nabla ",
    "Σ": r"\sum",
    "⊙": r"\odot",
    "·": r"\cdot",
    "→": r"\to",
    "≈": r"\approx",
    "‖": r"\Vert ",
    "%": r"\%",
    "#": r"\#",
    "&": r"\&",
    "≥": r"\ge ",
    "≤": r"\le ",
    "≠": r"\ne ",
    "²": "^2",
    "ε": r"\epsilon",
    "ᵀ": r"^{\mathsf{T}}",
    "…": r"\dots",
    "−": "-",
    "√": r"\surd ",
    "⦃": "{",  # these two for more than an index: they may hold words
    "⦄": "}",
}


_FUNCTIONS = ("exp", "log", "ln", "max", "min", "tanh", "cosh", "sinh", "sin", "cos")
_BETWEEN = ("if", "else", "and", "or", "not", "more", "both ways")
_WORD = re.compile(
    r"both ways|(?<![\\A-Za-z0-9_^{])[A-Za-z](?:_[A-Za-z]{2,})+(?=_)"  # w_next_1 has one index
    r"|(?<![\\A-Za-z0-9_^{])[A-Za-z]{2,}\d*(?:_[A-Za-z]{2,}\d*)*"
)
_POWER = re.compile(r"\^\(([^()]*)\)|\^(−\d+)")
_INDICES = re.compile(r"([_^])(?!\{)([^\W_]+(?:,[^\W_]+)*)")


def formula_maths(formula: str) -> str:
    """Return a registered formula, or the name of a quantity such as δ^2_1, as maths."""
    words: list[str] = []

    def put_aside(found: re.Match[str]) -> str:
        word = found[0].replace("_", r"\_")
        word = f" {word} " if word in _BETWEEN else word
        words.append(rf"\{word}" if word in _FUNCTIONS else rf"\text{{{word}}}")
        return chr(0xE000 + len(words) - 1)  # a private letter as a placeholder

    text = _WORD.sub(put_aside, formula.replace("⁻¹", "^(-1)"))
    text = _POWER.sub(lambda found: f"^{{{found[1] or found[2]}}}", text)
    text = _INDICES.sub(r"\1{\2}", text)
    text = "".join(_LETTERS.get(character, character) for character in text)
    text = re.sub(r"(\\[A-Za-z]+) +(?=[_^'),.])", r"\1", text)
    text = re.sub(r"(\\(?:cdot|sum|odot|to|approx|dots))(?=[A-Za-z0-9])", r"\1 ", text)
    return re.sub("[\ue000-\uf8ff]", lambda found: words[ord(found[0]) - 0xE000], text)
