"""A lesson: a text of roles, claims and mistakes, and the code that judges them.

A role begins with its signature, ``name(parameter: kind[sizes] domain, …) -> kind: result``. Below
it are a call worked by hand, its claims with their equations, and its known mistakes. A mistake is
``text of the engine's source → text of the learner`` (⏎ ends a line) and the words to report.
``also:`` lists further calls to try, of a role or of a claim; n examples are written as n.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain
from typing import Any, NamedTuple, Optional, Union

from tinynn.teaching.judging import Claim, Definition, Judge
from tinynn.teaching.roles import (
    NEAR,
    Arguments,
    Draw,
    Example,
    Mistake,
    Parameter,
    Role,
    as_drawn,
    numbered,
)

_WHOLE = ("bit", "count", "table", "rng", "examples", "bits")  # kinds without fractions
_ALSO = "also: "
_CALL = re.compile(r"(\w+)\((.*)\) -> (\w+): (.*)")
_PARAMETER = re.compile(r"(\w+): (\w+)(?:\[([\w,+*]+)\])?(?: ([\w-]+))?")


class Code(NamedTuple):
    """The code of a role: the engine's functions, and adjustments of its trial calls."""

    model: tuple[Callable[..., Any], ...]
    engine: Optional[Callable[..., Any]] = None
    adjust: Callable[[Arguments, int], Arguments] = as_drawn
    most: int = 4
    near: tuple[float, float] = NEAR


class Drawn(NamedTuple):
    """A judge with its own maker of arguments."""

    judge: Judge
    arguments: Callable[[Role, Draw], Arguments] = Role.drawn


Judges = dict[str, Union[Judge, Drawn]]


def claims_of(
    text: str, codes: dict[str, Code], judges: Judges, roles: dict[str, Role]
) -> Iterator[Claim]:
    """Yield the claims of a lesson, and add its roles to ``roles``.

    >>> text = '''# One number (chapter 1)
    ...
    ...
    ... double(z: number) -> number: 2 z
    ...     double(3) = 6
    ...         2 · 3 = 6
    ... claim doubled (1)
    ...     The double is twice the number.
    ... mistake square: 2 * z → z * z
    ...     this is z².
    ... '''
    >>> roles = {}
    >>> double = lambda z: 2 * z
    >>> judges = {"doubled": Definition(double)}
    >>> [claim] = claims_of(text, {"double": Code((double,))}, judges, roles)
    >>> claim.equations, claim.role.example.result, roles["double"].mistakes[0].writes
    (('1',), 6.0, 'z * z')
    """
    title, *blocks = text.split("\n\n\n")
    chapter = int(title.rstrip(")")[-1])
    for block in blocks:
        head, *rows = [re.split(r"\n +", row) for row in re.split(r"\n(?=\S)", block.strip())]
        call = _CALL.fullmatch(head[0])
        if call:
            roles[call[1]] = _role(call, head[1:], rows, codes[call[1]], roles)
        of = roles[call[1] if call else head[0]]
        for first, *lines in rows:
            if first.startswith("claim "):
                _, name, *words = first.split()
                equations = tuple(word.strip("()") for word in words)
                sentence, boards = _taken(lines, of.parameters)
                tried = judges[name]
                judge, make = tried if isinstance(tried, Drawn) else Drawn(tried)
                if isinstance(judge, Definition):
                    boards = (*boards, of.example.arguments, *of.more)
                arguments = partial(make, of)
                yield Claim(name, sentence, equations, of, chapter, judge, arguments, boards)


def _role(
    call: re.Match[str],
    worked: list[str],
    rows: list[list[str]],
    code: Code,
    roles: dict[str, Role],
) -> Role:
    name, given, returns, result = call.groups()
    parameters = tuple(
        Parameter(each[1], each[2], tuple(each[3].split(",") if each[3] else ()), each[4] or "real")
        for each in _PARAMETER.finditer(given)
    )
    written, _, answer = worked[0].partition(" = ")
    (arguments,) = _arguments(written, parameters)
    arithmetic, more = _taken(worked[1:], parameters)
    right = _read(returns, ast.literal_eval(answer)) if answer else None
    mistakes: list[Mistake] = []
    for first, *lines in rows:
        kind, _, rest = first.partition(" ")
        if kind == "mistakes":
            mistakes += roles[rest.removeprefix("of ")].mistakes
        elif kind == "mistake":
            label, _, change = rest.partition(": ")
            has, _, writes = change.replace("⏎", "\n").partition(" →")
            mistakes.append(Mistake(label, has, writes[1:], " ".join(lines)))
    by_hand = Example(arguments, right, arithmetic)
    return Role(name, parameters, returns, result, by_hand, tuple(mistakes), more, *code)


def _taken(
    lines: list[str], parameters: tuple[Parameter, ...]
) -> tuple[str, tuple[Arguments, ...]]:
    """Return the words of these lines, and the calls of those that begin with ``also:``."""
    words = " ".join(line for line in lines if not line.startswith(_ALSO))
    calls = "; ".join(line.removeprefix(_ALSO) for line in lines if line.startswith(_ALSO))
    return words, (*_arguments(calls, parameters),)


def _arguments(calls: str, parameters: tuple[Parameter, ...]) -> Iterator[Arguments]:
    """Yield the arguments of calls as they are written; those of a claim alone have names."""
    kinds = {each.name: each.kind for each in parameters}
    statements: list[Any] = ast.parse(calls).body
    for call in (statement.value for statement in statements):
        given = zip(kinds, call.args), ((each.arg, each.value) for each in call.keywords)
        yield {n: _read(kinds.get(n), ast.literal_eval(node)) for n, node in chain(*given)}


def _read(kind: Optional[str], value: Any) -> Any:
    if kind == "examples" and isinstance(value, int):
        return numbered(value)
    if kind in _WHOLE:
        return value
    return [_read(kind, each) for each in value] if isinstance(value, list) else float(value)
