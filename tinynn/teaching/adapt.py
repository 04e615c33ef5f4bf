"""Adapters: a student's function over lists, arrays or tinynn's types, called with plain numbers.

Vectors and matrices can be passed in five forms, and a function is called in one of them:

``lists``    a vector is a list of floats, a matrix a list of rows;
``arrays``   NumPy arrays of one and two dimensions;
``columns``  NumPy arrays; a vector is a column of shape (n, 1), as in the book's program;
``tinynn``   tinynn's Vector and Matrix;
``rows``     NumPy arrays; a vector is a row of shape (1, n).

Annotations decide first: a parameter annotated as Vector or Matrix gets one, and one annotated as
ndarray gets an array. If they do not decide, the role's worked example is tried in each form, in
the order above. The first form with the right answer is used, else the first with an answer of the
right shape, else the form that the source mentions. The NumPy forms are tried only if the
function's own file has imported NumPy. A vector may be returned in any of the forms.

A circuit takes its bits one by one or as one list; the number of its parameters decides.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable
from math import isfinite
from random import Random
from typing import Any, Optional, get_args, get_type_hints

from tinynn.errors import TinyNNError, describe
from tinynn.linalg import Matrix, Vector
from tinynn.teaching.roles import Role

FORMS = ("lists", "arrays", "columns", "tinynn", "rows")
FORMS_IN_WORDS = {
    "arrays": "NumPy arrays",
    "columns": "NumPy columns of shape (n, 1) for vectors",
    "rows": "NumPy rows of shape (1, n) for vectors",
    "tinynn": "tinynn's Vector and Matrix",
}

# How far apart the numbers next to 1 are.
ROUNDING = {"float32": 2.0**-23, "float16": 2.0**-10}

_ANSWER = "the answer"
_VECTOR, _MATRIX = "a vector, a row of numbers", "a matrix, rows of numbers"
_PAIR = "a pair (nabla_b, nabla_w)"
# An outer product: with dot or @ it needs columns, unless the source has one of these words.
_SHAPES = {"columns": (-1, 1), "rows": (1, -1)}
_OUTER_PRODUCT = {"backprop", "weight_gradient"}
_NO_COLUMNS = ("outer", "newaxis", "None]", "einsum", "reshape", "multiply")
# A pattern of source that makes sense only for a vector that is a column.
_COLUMN = r"\b{}(\.shape\[1\]|\.ndim *== *2|\[:, *0\]|\.T\b|\.transpose\()"


class AnswerError(TinyNNError):
    """The answer of a function cannot be judged: it is not a number, or has another shape."""


class Adapted:
    """A function that takes plain numbers, or tinynn's types, and returns plain numbers.

    ``form`` is the form in which it passes its arguments, as fresh copies at every call;
    ``parameters`` are the function's own names for them. ``handed`` contains the arguments of the
    last call by parameter name, with any change that the function made; ``last`` contains the same
    arguments in plain numbers, as they were before the call; ``given`` is the function's answer.
    ``rounding`` is above 0 if the function computes in single or half precision.

    >>> from tinynn.teaching.claims import ROLES
    >>> product = adapted(lambda v, gradient, eta: v.hadamard(gradient), ROLES["update"])
    >>> product.form, product([1.0, 3.0], [2.0, 2.0], 0.5)
    ('tinynn', [2.0, 6.0])
    """

    def __init__(self, function: Callable[..., Any], role: Role, form: str) -> None:
        self.function = function
        self.role = role
        self.form = form
        self.parameters: list[str] = []
        self.handed: dict[str, Any] = {}
        self.last: dict[str, Any] = {}
        self.given: Any = None
        self.rounding = self.precision = 0.0

    @property
    def form_in_words(self) -> str:
        """The form in words; empty for plain lists, and where the role has no vectors."""
        plain_kinds = ("number", "count", "bit", "table", "rng", "curve")
        if all(parameter.kind in plain_kinds for parameter in self.role.parameters):
            return ""
        return FORMS_IN_WORDS.get(self.form, "")

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        """Return the function's answer; raise AnswerError if it is not of the role's kind."""
        names = [parameter.name for parameter in self.role.parameters]
        values = {**dict(zip(names, arguments)), **named}
        self.last = {name: plain(values[name]) for name in names}
        return self.answer()

    def answer(self) -> Any:
        """Return the function's answer to its ``last`` arguments."""
        self.handed = {
            parameter.name: handed_over(parameter.kind, self.last[parameter.name], self.form)
            for parameter in self.role.parameters
        }
        answer = self.given = self.function(*self.handed.values())
        if hasattr(answer, "__next__"):  # a generator
            answer = self.given = list(answer)
        self.rounding = max(self.precision, _rounding(answer))
        if self.role.returns == "circuit":
            return self._circuit(answer)
        return READERS[self.role.returns](answer)

    def _circuit(self, answer: Any) -> Callable[..., float]:
        """Return a circuit that takes its bits one by one, even if the student's takes a list."""
        if not callable(answer):
            raise AnswerError(f"the answer: expected a function of bits, got {_say(answer)}")

        def circuit(*bits: int) -> float:
            listed = self._takes_a_list(answer, len(bits))
            output = answer(list(bits)) if listed else answer(*bits)
            return _number(output, "the circuit's answer")

        return circuit

    def _takes_a_list(self, circuit: Callable[..., Any], count: int) -> bool:
        if count == 1 and takes(circuit, 1) and not takes(circuit, 2):
            # its one argument may be a bit or a list: ask the example's circuit, which has two bits
            (table,) = self.role.example.arguments.values()
            circuit, count = self.function(list(table)), 2
        return not takes(circuit, count)


def adapted(function: Callable[..., Any], role: Role) -> Adapted:
    """Return ``function`` in an adapter, with the form that suits it."""
    call = Adapted(function, role, _form(function, role))
    call.parameters = _parameters(function)
    call.rounding = call.precision = rounding_in(_source(function))
    return call


def _form(function: Callable[..., Any], role: Role) -> str:
    choices = _forms_asked_for(function)
    shaped, answered = None, False
    for form in choices:
        if form == "rows" and answered:  # it takes flat vectors, and keeps them
            continue
        try:
            answer = Adapted(function, role, form)(**role.example.arguments)
        except (Exception, SystemExit):
            continue
        answered = True
        right = role.example.result
        if right is None or close(answer, right, 1e-3):
            return form
        if shaped is None and shape(answer) == shape(right):
            shaped = form
    if shaped is not None or "arrays" not in choices:
        return shaped or choices[0]
    return "columns" if _speaks_columns(function, role) else "arrays"


def takes(function: Callable[..., Any], count: int) -> bool:
    """Return whether a function can be called with this number of arguments.

    >>> takes(lambda z: z, 1), takes(lambda z: z, 2), takes(lambda z, eta=1.0: z, 2)
    (True, False, True)
    """
    try:
        inspect.signature(function).bind(*range(count))
    except TypeError:
        return False
    except ValueError:  # some functions written in C have no readable signature
        return True
    return True


def rounding_in(source: str) -> float:
    """Return how coarsely a program rounds, judging by the number formats in its source.

    >>> rounding_in("np.float32(z)"), rounding_in("float(z)")
    (1.1920928955078125e-07, 0.0)
    """
    return max((ROUNDING[name] for name in ROUNDING if name in source), default=0.0)


def in_one_line(error: BaseException) -> str:
    """Return an error as one line: the name of its class, except for AnswerError, and its text."""
    if isinstance(error, AnswerError):
        return str(error)
    first = str(error).strip().splitlines()
    return f"{type(error).__name__}: {first[0]}" if first else type(error).__name__


def plain(value: Any) -> Any:
    """Return Vectors, Matrices, arrays and tuples of these as lists of plain numbers.

    >>> plain((Vector([1, 2]), Matrix([[3]])))
    [[1.0, 2.0], [[3.0]]]
    """
    if isinstance(value, Vector):
        return value.to_list()
    if isinstance(value, Matrix):
        return value.to_lists()
    if hasattr(value, "tolist"):
        return value.tolist()
    if isinstance(value, (list, tuple)):
        return [plain(each) for each in value]
    return value


def shape(value: Any) -> Any:
    """Return the sizes of nested lists, so that equal shapes compare equal.

    >>> shape([1.0, 2.0]), shape([[1.0, 2.0], [3.0]]), shape(0.5)
    ([None, None], [[None, None], [None]], None)
    """
    return [shape(each) for each in value] if isinstance(value, (list, tuple)) else None


def close(got: Any, expected: Any, absolute: float = 1e-9, relative: float = 1e-9) -> bool:
    """Return whether two answers agree in shape, and number by number."""
    if isinstance(expected, (list, tuple)):
        return shape(got) == shape(expected) and all(
            close(c, e, absolute, relative) for c, e in zip(got, expected)
        )
    return bool(abs(got - expected) <= absolute + relative * max(abs(got), abs(expected)))


def _forms_asked_for(function: Callable[..., Any]) -> tuple[str, ...]:
    numpy = sys.modules.get("numpy") if _speaks_numpy(function) else None
    possible = FORMS if numpy else ("lists", "tinynn")
    try:
        hints = get_type_hints(function)
    except Exception:  # an annotation may be any expression, and need not work
        return possible
    hints.pop("return", None)
    asked = {part for hint in hints.values() for part in _parts(hint)}
    if asked & {Vector, Matrix}:
        return ("tinynn",)
    if numpy and numpy.ndarray in asked:
        return ("arrays", "columns", "rows")
    if list in asked:
        return ("lists",)
    return possible


def _parts(hint: Any) -> list[Any]:
    """Return a type and all types in its brackets, however deep."""
    inner = [part for each in get_args(hint) for part in _parts(each)]
    bare = getattr(hint, "__origin__", hint)
    return [bare, *inner] if isinstance(bare, type) else inner


def _parameters(function: Callable[..., Any]) -> list[str]:
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # some functions written in C have no readable signature
        return []


def _source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError, ValueError):
        return ""


def _rounding(answer: Any) -> float:
    if isinstance(answer, (list, tuple)):
        return max(map(_rounding, answer), default=0.0)
    return ROUNDING.get(str(getattr(answer, "dtype", "")).split(".")[-1], 0.0)


def _speaks_numpy(function: Callable[..., Any]) -> bool:
    home = sys.modules.get(getattr(function, "__module__", None) or "")
    names = getattr(function, "__globals__", None) or getattr(home, "__dict__", {})
    from_numpy = (getattr(each, "__module__", None) or "" for each in names.values())
    modules = (getattr(each, "__name__", "") for each in names.values())
    return "numpy" in modules or any(str(m).split(".")[0] == "numpy" for m in from_numpy)


def _speaks_columns(function: Callable[..., Any], role: Role) -> bool:
    """Return whether the source of a failing function shows that it expects columns."""
    source = _source(function)
    for name, parameter in zip(_parameters(function), role.parameters):
        if parameter.kind == "vector" and re.search(_COLUMN.format(name), source):
            return True
    outer = role.name in _OUTER_PRODUCT and ("dot(" in source or "@" in source)
    return outer and not any(word in source for word in _NO_COLUMNS)


def handed_over(kind: str, value: Any, form: str) -> Any:
    """Return an argument of this kind, given in plain numbers, in this form."""
    if kind == "number":
        return float(value)
    if kind == "rng":
        return Random(value)
    if kind == "curve":
        return lambda v: sum(c * float(v) ** power for power, c in enumerate(value))
    if kind == "valley":
        return lambda v: _height(value, v)
    if kind == "examples":
        pairs = [tuple(pair) for pair in value]
        return sys.modules["numpy"].array(pairs) if form == "arrays" else pairs
    if kind == "vector":
        return _vector(value, form)
    if kind == "matrix":
        return _matrix(value, form)
    if kind == "vectors":
        return [_vector(each, form) for each in value]
    if kind == "matrices":
        return [_matrix(each, form) for each in value]
    if kind == "maps":
        maps = [_matrix(each, form) for each in value]
        return maps if form in ("lists", "tinynn") else sys.modules["numpy"].array(maps)
    if kind == "rows":
        together = form == "arrays"
        return _matrix(value, form) if together else [_vector(each, form) for each in value]
    return list(value) if kind == "table" else value


def _height(rows: list[list[float]], v: Any) -> float:
    """Return C(v) = 1/2 v · A v for v in any form."""
    at = _numbers(v)
    return sum(at[j] * A_jk * at[k] for j, row in enumerate(rows) for k, A_jk in enumerate(row)) / 2


def _vector(numbers: list[float], form: str) -> Any:
    entries = [float(number) for number in numbers]
    if form == "tinynn":
        return Vector(entries)
    if form == "lists":
        return entries
    array = sys.modules["numpy"].array(entries)
    return array.reshape(_SHAPES[form]) if form in _SHAPES else array


def _matrix(rows: list[list[float]], form: str) -> Any:
    entries = [[float(number) for number in row] for row in rows]
    if form == "tinynn":
        return Matrix(entries)
    return entries if form == "lists" else sys.modules["numpy"].array(entries)


def _why_nothing(place: str) -> str:
    return "is there a return?" if place == _ANSWER else "is it never filled in?"


def _say(answer: Any) -> str:
    """Return a description of an answer; for arrays and nested lists, their shape."""
    sizes = _sizes(plain(answer))
    if hasattr(answer, "tolist"):
        return f"an array of shape {sizes}" if sizes != () else describe(plain(answer))
    if sizes is not None and len(sizes) > 1:
        return f"{describe(answer)}, of shape {sizes}"
    return describe(answer)


def _sizes(value: Any) -> Optional[tuple[int, ...]]:
    """Return the sizes of nested lists as a NumPy shape; None if the rows differ in length.

    >>> _sizes([[1, 2, 3], [4, 5, 6]]), _sizes(0.5), _sizes([[1], [2, 3]])
    ((2, 3), (), None)
    """
    if not isinstance(value, list):
        return ()
    inner = {_sizes(each) for each in value}
    if len(inner) > 1:
        return None
    below = inner.pop() if inner else ()
    return None if below is None else (len(value), *below)


def _number(answer: Any, place: str = _ANSWER) -> float:
    value = plain(answer)
    while isinstance(value, list) and len(value) == 1 and hasattr(answer, "tolist"):
        value = value[0]  # an array of one number, as in the column form
    if value is None:
        raise AnswerError(f"{place}: expected a number, got None: {_why_nothing(place)}")
    if isinstance(value, (str, bytes, complex)) or not hasattr(value, "__float__"):
        raise AnswerError(f"{place}: expected a number, got {_say(answer)}")
    number = float(value)
    if not isfinite(number):
        raise AnswerError(f"{place}: expected a finite number, got {number}")
    return number


def _sequence(answer: Any, expected: str, place: str) -> list[Any]:
    if answer is None:
        raise AnswerError(f"{place}: expected {expected}, got None: {_why_nothing(place)}")
    scalar = hasattr(answer, "tolist") and not isinstance(plain(answer), list)
    text = isinstance(answer, (str, bytes, dict, set))
    if text or scalar or not hasattr(answer, "__iter__"):
        raise AnswerError(f"{place}: expected {expected}, got {_say(answer)}")
    return list(answer)


def _numbers(answer: Any, place: str = _ANSWER) -> list[float]:
    entries = _sequence(answer, _VECTOR, place)
    sizes = _sizes(plain(entries)) or (0,)
    if len(sizes) > 2 or (len(sizes) == 2 and 1 not in sizes):
        raise AnswerError(f"{place}: expected {_VECTOR}, got {_say(answer)}")
    if len(sizes) == 2:  # a row of shape (1, n), or a column of shape (n, 1)
        entries = [entry for row in entries for entry in row]
    return [_number(entry, f"{place}, entry {j}") for j, entry in enumerate(entries)]


def _rows(answer: Any, place: str = _ANSWER) -> list[list[float]]:
    rows = _sequence(answer, _MATRIX, place)
    sizes = _sizes(plain(rows)) or (0, 0)
    if len(sizes) != 2 and sizes != (0,):
        raise AnswerError(f"{place}: expected {_MATRIX}, got {_say(answer)}")
    return [_numbers(row, f"{place}, row {j}") for j, row in enumerate(rows)]


def _gradient(answer: Any) -> list[Any]:
    pair = _sequence(answer, _PAIR, _ANSWER)
    if len(pair) != 2:
        parts = f"{len(pair)} part{'' if len(pair) == 1 else 's'}"
        raise AnswerError(f"{_ANSWER}: expected {_PAIR}, got {parts}")
    try:
        return _halves(*pair)
    except AnswerError as error:
        try:
            _halves(*reversed(pair))
        except AnswerError:
            raise error from None
        raise AnswerError(f"{_ANSWER}: expected {_PAIR}, got (nabla_w, nabla_b)") from None


def _halves(biases: Any, weights: Any) -> list[Any]:
    nabla_b = _sequence(biases, "a vector for each layer", "nabla_b")
    nabla_w = _sequence(weights, "a matrix for each layer", "nabla_w")
    return [
        [_numbers(each, f"nabla_b[{i}]") for i, each in enumerate(nabla_b)],
        [_rows(each, f"nabla_w[{i}]") for i, each in enumerate(nabla_w)],
    ]


def _batches(answer: Any) -> list[list[tuple[int, ...]]]:
    batches = []
    for i, batch in enumerate(_sequence(answer, "a list of mini-batches", _ANSWER)):
        examples = []
        for example in _sequence(batch, "a list of examples", f"mini-batch {i}"):
            pair = _numbers(example, f"mini-batch {i}, an example")
            examples.append(tuple(int(number) for number in pair))
        batches.append(examples)
    return batches


READERS: dict[str, Callable[[Any], Any]] = {
    "number": _number,
    "bit": _number,
    "bits": _numbers,
    "vector": _numbers,
    "matrix": _rows,
    "gradient": _gradient,
    "batches": _batches,
}
