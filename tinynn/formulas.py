"""Formulas of x and y, parsed and never run: values, and bounds on values and slopes.

The bounds are proved: the code computes with intervals instead of numbers, rounded outwards.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from functools import partial
from heapq import heappop, heappush
from typing import Any, Optional, Union

from tinynn.errors import ArgumentError, DataError, require_kind
from tinynn.universality import Goal, Modulus, change, inverse_sigmoid

ALLOWED = (
    "numbers, x, y, pi, e, + - * / **, brackets, sin, cos, exp, sqrt, abs, log, tanh of a number"
)
_LONGEST, _DEEPEST, _LARGEST = 500, 100, 100.0  # of characters, nesting levels and exponents
_UNBOUNDED = "no bounds of its values could be proved on 0 to 1"
_PLACES = 64
_SPLITS, _CLOSE = 3000, 1.0002  # the most halvings of boxes, and a factor that ends them sooner
_CONSTANTS = {"pi": math.pi, "e": math.e}
_WRITE = {ast.BitXor: "write ** for powers: x**2", ast.Attribute: "write sin(x), not math.sin(x)"}

Interval = tuple[float, float]
Box = tuple[Interval, ...]  # an interval for each input


def _outwards(low: float, high: float) -> Interval:
    return math.nextafter(low, -math.inf), math.nextafter(high, math.inf)


def _product(p: Interval, q: Interval) -> Interval:
    ends = [a * b if a and b else 0.0 for a in p for b in q]  # 0 times an infinite bound is 0
    return _outwards(min(ends), max(ends))


def _plus(p: Interval, q: Interval) -> Interval:
    return _outwards(p[0] + q[0], p[1] + q[1])


def _reciprocal(p: Interval) -> Interval:
    if p[0] <= 0.0 <= p[1]:
        return -math.inf, math.inf
    return _outwards(1.0 / p[1], 1.0 / p[0])


class Enclosed:
    """Bounds on all values of a formula in a box, and on its slope for each input.

    It supports the arithmetic of numbers.

    >>> x = Enclosed((1.0, 2.0), ((1.0, 1.0),))
    >>> square = x * x - 1.0
    >>> [round(end, 9) + 0.0 for end in (*square.value, *square.slopes[0])]
    [0.0, 3.0, 2.0, 4.0]
    """

    def __init__(self, value: Interval, slopes: Box) -> None:
        self.value = value
        self.slopes = slopes

    def _of(self, other: Union[Enclosed, float]) -> Enclosed:
        if isinstance(other, Enclosed):
            return other
        return Enclosed((other, other), ((0.0, 0.0),) * len(self.slopes))

    def _chained(self, value: Interval, slope: Interval) -> Enclosed:
        """Return bounds on a function of this, by the chain rule."""
        return Enclosed(value, tuple(_product(slope, each) for each in self.slopes))

    def __add__(self, other: Union[Enclosed, float]) -> Enclosed:
        q = self._of(other)
        return Enclosed(_plus(self.value, q.value), tuple(map(_plus, self.slopes, q.slopes)))

    def __neg__(self) -> Enclosed:
        return self._chained((-self.value[1], -self.value[0]), (-1.0, -1.0))

    def __pos__(self) -> Enclosed:
        return self

    def __mul__(self, other: Union[Enclosed, float]) -> Enclosed:
        q = self._of(other)
        mine = [_product(slope, q.value) for slope in self.slopes]
        theirs = [_product(self.value, slope) for slope in q.slopes]
        return Enclosed(_product(self.value, q.value), tuple(map(_plus, mine, theirs)))

    def __sub__(self, other: Union[Enclosed, float]) -> Enclosed:
        return self + -self._of(other)

    def __truediv__(self, other: Union[Enclosed, float]) -> Enclosed:
        q = self._of(other)
        one = _reciprocal(q.value)
        squared = _product(one, one)
        return self * q._chained(one, (-squared[1], min(0.0, -squared[0])))

    def __radd__(self, other: float) -> Enclosed:
        return self + other

    def __rmul__(self, other: float) -> Enclosed:
        return self * other

    def __rsub__(self, other: float) -> Enclosed:
        return -self + other

    def __rtruediv__(self, other: float) -> Enclosed:
        return self._of(other) / self

    def power(self, n: float) -> Enclosed:
        """Return this to the power n; the slope of u^n is n u^(n-1)."""
        slope = _product((n, n), _to_the(self.value, n - 1.0)) if n else (0.0, 0.0)
        return self._chained(_to_the(self.value, n), slope)


def _to_the(p: Interval, n: float) -> Interval:
    """Return all powers u^n for u in an interval."""
    if n < 0.0:
        return _reciprocal(_to_the(p, -n))
    low, high = p
    if n != int(n):
        if high < 0.0:
            raise DataError("formula: expected no number below 0 under a root")
        low = max(low, 0.0)
    ends = _power(low, n), _power(high, n)
    if n and n % 2.0 == 0.0 and low <= 0.0 <= high:
        return 0.0, math.nextafter(max(ends), math.inf)
    return _outwards(min(ends), max(ends))


def _power(base: float, exponent: float) -> float:
    if not abs(exponent) <= _LARGEST:
        expected = f"expected an exponent from -{_LARGEST:g} to {_LARGEST:g}"
        raise ArgumentError(f"formula: {expected}, got {exponent:g}")
    try:
        return math.pow(base, exponent)
    except OverflowError:
        return math.inf if base > 0.0 or exponent % 2.0 == 0.0 else -math.inf


def _waves(p: Interval, crest: float) -> Interval:
    """Return all values of cos(u - crest)."""
    turns = 2.0 * math.pi
    low, high = p[0] - crest, p[1] - crest
    if not high - low < turns:
        return -1.0, 1.0
    ends = math.cos(low), math.cos(high)
    margin = 1e-9  # for the rounding of π
    top = math.floor((high + margin) / turns) > math.floor((low - margin) / turns)
    foot = math.floor((high + margin) / turns - 0.5) > math.floor((low - margin) / turns - 0.5)
    return (
        -1.0 if foot else max(-1.0, min(ends) - 1e-12),
        1.0 if top else min(1.0, max(ends) + 1e-12),
    )


def inverse_sigmoid_of(u: Enclosed) -> Enclosed:
    """Return bounds on σ⁻¹(u) = ln(u / (1 - u)), whose slope is 1 / (u (1 - u)).

    >>> u = Formula("0.5 + x/4").enclosed(((0.0, 1.0),))
    >>> found = inverse_sigmoid_of(u)
    >>> [round(end, 3) + 0.0 for end in (*found.value, *found.slopes[0])]
    [0.0, 1.099, 1.0, 1.333]
    """
    low, high = u.value
    if not 0.0 < low <= high < 1.0:
        return u._chained((-math.inf, math.inf), (4.0, math.inf))
    value = _rising(lambda y: math.log(y / (1.0 - y)), u.value)
    ends = low * (1.0 - low), high * (1.0 - high)
    most = 0.25 if low <= 0.5 <= high else max(ends)
    return u._chained(value, _outwards(1.0 / most, 1.0 / min(ends)))


def _rising(function: Callable[[float], float], p: Interval) -> Interval:
    ends = []
    for end in p:
        try:
            ends.append(function(end))
        except OverflowError:
            ends.append(math.inf)
    return _outwards(*_outwards(*ends))


def _enclosed_sin(u: Enclosed) -> Enclosed:
    return u._chained(_waves(u.value, math.pi / 2.0), _waves(u.value, 0.0))


def _enclosed_cos(u: Enclosed) -> Enclosed:
    return u._chained(_waves(u.value, 0.0), _waves(u.value, -math.pi / 2.0))


def _enclosed_exp(u: Enclosed) -> Enclosed:
    value = _rising(math.exp, u.value)
    return u._chained(value, value)


def _enclosed_sqrt(u: Enclosed) -> Enclosed:
    if u.value[1] < 0.0:
        raise DataError("formula: expected 0 or more in sqrt(…), got a number below 0")
    low, high = _rising(math.sqrt, (max(0.0, u.value[0]), u.value[1]))
    low = max(0.0, low)
    steepest = 0.5 / low if low > 0.0 else math.inf
    return u._chained((low, high), (0.5 / high if high else 0.0, steepest))


def _enclosed_abs(u: Enclosed) -> Enclosed:
    low, high = u.value
    if low >= 0.0:
        return u
    if high <= 0.0:
        return -u
    return u._chained((0.0, max(-low, high)), (-1.0, 1.0))


def _enclosed_log(u: Enclosed) -> Enclosed:
    low, high = u.value
    if high < 0.0:
        raise DataError("formula: expected a number above 0 in log(…)")
    if low <= 0.0:
        top = _rising(math.log, (high, high))[1] if high else -math.inf
        return u._chained((-math.inf, top), (1.0 / high if high else 0.0, math.inf))
    return u._chained(_rising(math.log, u.value), _outwards(1.0 / high, 1.0 / low))


def _enclosed_tanh(u: Enclosed) -> Enclosed:
    low, high = _rising(math.tanh, u.value)
    largest = max(abs(low), abs(high))
    least = 0.0 if low <= 0.0 <= high else min(abs(low), abs(high))
    slope = max(0.0, 1.0 - largest * largest), min(1.0, 1.0 - least * least + 1e-15)
    return u._chained((low, high), slope)


_FUNCTIONS: dict[str, tuple[Callable[[float], float], Callable[[Enclosed], Enclosed]]] = {
    "sin": (math.sin, _enclosed_sin),
    "cos": (math.cos, _enclosed_cos),
    "exp": (math.exp, _enclosed_exp),
    "sqrt": (math.sqrt, _enclosed_sqrt),
    "abs": (abs, _enclosed_abs),
    "log": (math.log, _enclosed_log),
    "tanh": (math.tanh, _enclosed_tanh),
}
_OPERATIONS: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_SIGNS: dict[type, Callable[[Any], Any]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


class Formula:
    """A function of x, or of x and y, both from 0 to 1, written as a formula.

    It is parsed with ``ast`` and never run; anything outside ``ALLOWED`` is rejected. With
    ``inputs`` 2 it is a function of x and y even if y does not occur. Raises ArgumentError,
    DataError.

    >>> f = Formula("0.25 + x**2/2")
    >>> f(0.5), f.inputs
    (0.375, ('x',))
    >>> Formula("__import__('os')")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: formula: expected numbers, x, y, ... got __import__('os')
    """

    def __init__(self, text: str, inputs: int = 1) -> None:
        require_kind("formula", text, str, "Formula('x**2')")
        self.text = " ".join(text.split())
        if not self.text or len(text) > _LONGEST:
            given = f"{len(text):,} characters" if self.text else "nothing"
            most = f" of at most {_LONGEST} characters" if self.text else ""
            raise ArgumentError(f"formula: expected a formula{most}, such as x**2, got {given}")
        try:
            self._tree = ast.parse(self.text, mode="eval").body
        except SyntaxError:
            if any(sign in self.text for sign in "²³"):
                raise ArgumentError(f"formula: write x**2 for x², got {self.text!r}") from None
            hint = "; write 2*x for 2 times x"
            raise self._refused(f"{self.text!r}, which is not a formula{hint}") from None
        except (ValueError, RecursionError, MemoryError):
            raise self._refused("a formula that is nested too deeply") from None
        names: set[str] = set()
        self._check(self._tree, 0, names)
        self.inputs: tuple[str, ...] = ("x", "y") if "y" in names or inputs == 2 else ("x",)
        for i in range(_PLACES + 1):
            self(*(i / _PLACES,) * len(self.inputs))  # finds most undefined values
        self.enclosed(((0.0, 1.0),) * len(self.inputs))  # checks the exponents

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"

    def _refused(self, given: str) -> ArgumentError:
        return ArgumentError(f"formula: expected {ALLOWED}, got {given}")

    def _check(self, node: ast.AST, depth: int, names: set[str]) -> None:
        """Raise ArgumentError for a node outside the grammar."""
        if depth > _DEEPEST:
            raise self._refused(f"a formula that is nested more than {_DEEPEST} levels deep")
        parts: list[ast.AST] = []
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            if not abs(node.value) <= 1e300:  # type: ignore[arg-type]
                raise self._refused("a number that is too large")
        elif isinstance(node, ast.Name) and node.id in ("x", "y", *_CONSTANTS):
            names.add(node.id)
        elif isinstance(node, ast.UnaryOp) and type(node.op) in _SIGNS:
            parts = [node.operand]
        elif isinstance(node, ast.BinOp) and type(node.op) in (*_OPERATIONS, ast.Pow):
            parts = [node.left, node.right]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in _FUNCTIONS
        ):
            if len(node.args) != 1 or node.keywords or isinstance(node.args[0], ast.Starred):
                raise ArgumentError(f"formula: {node.func.id}: expected one argument: sin(x)")
            parts = [node.args[0]]
        else:
            kind = type(node.op if isinstance(node, ast.BinOp) else getattr(node, "func", node))
            hint = f"; {_WRITE[kind]}" if kind in _WRITE else ""
            raise self._refused(f"{ast.unparse(node)[:40]}{hint}")
        for part in parts:
            self._check(part, depth + 1, names)

    def __call__(self, *x: float) -> float:
        """Return the value at x, or at x and y."""
        if len(x) != len(self.inputs):
            raise ArgumentError(f"{self.text}: expected {len(self.inputs)} numbers, got {len(x)}")
        try:
            value = float(_value(self._tree, dict(zip(self.inputs, x))))
        except (ValueError, ZeroDivisionError, OverflowError) as error:
            if isinstance(error, (ArgumentError, DataError)):
                raise
            value = math.nan
        if not math.isfinite(value):
            place = " and ".join(f"{name} = {at:g}" for name, at in zip(self.inputs, x))
            raise DataError(f"{self.text}: expected a finite value at {place}")
        return value

    def enclosed(self, box: Box) -> Enclosed:
        """Return bounds on the value and on each slope in a box."""
        unit = [tuple((float(i == j),) * 2 for j in range(len(box))) for i in range(len(box))]
        names = {name: Enclosed(side, slopes) for name, side, slopes in zip(self.inputs, box, unit)}
        try:
            found = _value(self._tree, names)
        except OverflowError:
            raise DataError(f"{self.text}: {_UNBOUNDED}") from None
        return found if isinstance(found, Enclosed) else Enclosed((found,) * 2, ((0.0, 0.0),) * 2)


def _value(node: ast.AST, names: Mapping[str, Any]) -> Any:
    """Return the value of a checked tree, for numbers or for Enclosed."""
    if isinstance(node, ast.Constant):
        return float(node.value)  # type: ignore[arg-type]
    if isinstance(node, ast.Name):
        return names[node.id] if node.id in names else _CONSTANTS[node.id]
    if isinstance(node, ast.UnaryOp):
        return _SIGNS[type(node.op)](_value(node.operand, names))
    if isinstance(node, ast.Call):
        inner = _value(node.args[0], names)
        return _FUNCTIONS[node.func.id][isinstance(inner, Enclosed)](inner)  # type: ignore[attr-defined]
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left, names), _value(node.right, names)
    if not isinstance(node.op, ast.Pow):
        return _OPERATIONS[type(node.op)](left, right)
    if isinstance(right, Enclosed):  # u^v = e^(v ln u)
        largest_power = max(map(abs, right.value))
        if not math.isfinite(largest_power):
            raise OverflowError
        _power(1.0, largest_power)
        base = left if isinstance(left, Enclosed) else right._of(left)
        return _enclosed_exp(right * _enclosed_log(base))
    if isinstance(left, Enclosed):
        _power(1.0, right)
        return left.power(right)
    return _power(left, right)


def largest(of: Callable[[Enclosed], Interval], inside: Callable[[Box], Enclosed], n: int) -> float:
    """Return a proved upper bound for 0 ≤ x ≤ 1 on n inputs, close to the least one.

    ``of`` selects an interval, of the value or a slope, from the bounds of a box. The box with the
    largest bound is halved repeatedly, until the bound is within 0.02 % of the largest value found.

    >>> f = Formula("x*(1 - x)")
    >>> round(largest(lambda found: found.value, f.enclosed, 1), 3)
    0.25
    """
    seen = -math.inf
    queue: list[tuple[float, Box]] = []

    def add(box: Box) -> None:
        nonlocal seen
        middle = tuple((0.5 * (low + high),) * 2 for low, high in box)
        seen = max(seen, of(inside(middle))[0])
        heappush(queue, (-of(inside(box))[1], box))

    add(((0.0, 1.0),) * n)
    for _ in range(_SPLITS):
        top, box = queue[0]
        if -top <= seen + (_CLOSE - 1.0) * abs(seen) + 1e-12:
            break
        heappop(queue)
        side = max(range(n), key=lambda k: box[k][1] - box[k][0])
        low, high = box[side]
        for half in ((low, 0.5 * (low + high)), (0.5 * (low + high), high)):
            add((*box[:side], half, *box[side + 1 :]))
    return -queue[0][0]


def steepest(inside: Callable[[Box], Enclosed], n: int) -> float:
    """Return a Lipschitz constant: the sum of the bounds on all slopes. It may be infinite.

    If every input moves by at most d, the value moves by at most this constant times d.

    >>> round(steepest(Formula("x**2").enclosed, 1), 6)
    2.0
    """
    return sum(largest(partial(_size_of_slope, k=k), inside, n) for k in range(n))


def _size_of_slope(found: Enclosed, k: int) -> Interval:
    low, high = found.slopes[k]
    return (0.0 if low <= 0.0 <= high else min(abs(low), abs(high))), max(abs(low), abs(high))


def extremes(inside: Callable[[Box], Enclosed], n: int) -> Interval:
    """Return proved bounds below and above all values, close to the best ones.

    >>> [round(end, 3) for end in extremes(Formula("0.5 + sin(6*x)/4").enclosed, 1)]
    [0.25, 0.75]
    """
    top = largest(lambda found: found.value, inside, n)
    return -largest(lambda found: (-found.value[1], -found.value[0]), inside, n), top


def goal_of(formula: Formula, output: str = "", modulus: Optional[Modulus] = None) -> Goal:
    """Return the goal for the bumps of a formula f, with its proved slope and size.

    ``output`` is the output neuron, "sigmoid" or "linear"; the default is sigmoid if the formula
    stays between 0 and 1. For a sigmoid the goal is σ⁻¹∘f, whose slope is not f's: for (113) it is
    28, while f's is 7. ``modulus`` is f's modulus of continuity, for a slope without a bound.
    Raises DataError.

    >>> goal = goal_of(Formula("0.2 + 0.4*x**2 + 0.3*x*sin(15*x) + 0.05*cos(50*x)"))
    >>> goal.output, round(goal.modulus, 1), round(goal.largest, 2)
    ('sigmoid', 28.1, 2.25)
    """
    n = len(formula.inputs)
    low, high = extremes(formula.enclosed, n)
    if not math.isfinite(low) or not math.isfinite(high):
        raise DataError(f"{formula.text}: {_UNBOUNDED}")
    between = low > 0.0 and high < 1.0
    if not output:
        output = "sigmoid" if between else "linear"
    if output == "linear":
        slope = steepest(formula.enclosed, n) if modulus is None else modulus
        return Goal(formula, slope, max(abs(low), abs(high)), output)
    if not between:
        low, high = (0.0 if abs(end) < 1e-9 else end for end in (low, high))
        expected = "expected values above 0 and below 1 for a sigmoid output"
        reaches = f"it reaches {low:.3g} and {high:.3g}"
        raise DataError(f"{formula.text}: {expected}; {reaches}: use a linear output")

    def inside(box: Box) -> Enclosed:
        return inverse_sigmoid_of(formula.enclosed(box))

    def goal(*x: float) -> float:
        return inverse_sigmoid(formula(*x))

    sizes = [abs(end) for end in extremes(inside, n)]
    if modulus is None:
        return Goal(goal, steepest(inside, n), max(sizes), output)
    times = max(1.0 / (end * (1.0 - end)) for end in (low, high))  # the slope of σ⁻¹
    return Goal(goal, partial(_times, times, modulus), max(sizes), output)


def _times(factor: float, modulus: Modulus, distance: float) -> float:
    return factor * change(modulus, distance)
