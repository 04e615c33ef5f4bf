"""A lesson: a text of roles, claims and mistakes, and the code that judges them.

A role begins with its signature, ``name(parameter: kind[sizes] domain, …) -> kind: result``. Below
it are a call worked by hand, its claims with their equations, and its known mistakes. A mistake is
``text of the engine's source → text of the learner`` (⏎ ends a line) and the words to report.
"""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, Optional

from tinynn.teaching.judging import Claim, Definition, Judge
from tinynn.teaching.roles import NEAR, Arguments, Example, Mistake, Parameter, Role, as_drawn

_WHOLE = ("bit", "count", "table", "rng", "examples", "bits")  # kinds without fractions
_CALL = re.compile(r"(\w+)\((.*)\) -> (\w+): (.*)")
_PARAMETER = re.compile(r"(\w+): (\w+)(?:\[([\w,+*]+)\])?(?: ([\w-]+))?")


class Code(NamedTuple):
    """The code of a role: the engine's functions, and adjustments of its trial calls."""

    model: tuple[Callable[..., Any], ...]
    engine: Optional[Callable[..., Any]] = None
    adjust: Callable[[Arguments, int], Arguments] = as_drawn
    more: tuple[Arguments, ...] = ()
    most: int = 4
    near: tuple[float, float] = NEAR


class Tried(NamedTuple):
    """How a claim is tried: its judge, its own boards, and the maker of its arguments."""

    judge: Judge
    boards: tuple[Arguments, ...] = ()
    arguments: Optional[Callable[[Any, Role], Arguments]] = None


def claims_of(
    text: str, codes: dict[str, Code], judges: dict[str, Tried], roles: dict[str, Role]
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
    >>> judge = Tried(Definition(lambda z: 2 * z))
    >>> [claim] = claims_of(text, {"double": Code(())}, {"doubled": judge}, roles)
    >>> claim.equations, claim.role.example.result, roles["double"].mistakes[0].writes
    (('1',), 6.0, 'z * z')
    """
    title, *blocks = text.split("\n\n\n")
    chapter = int(title.rstrip(")")[-1])
    for block in blocks:
        items = [item.splitlines() for item in re.split(r"\n(?=\S)", block.strip())]
        (head, *worked), *rows = items
        call = _CALL.fullmatch(head)
        if call:
            roles[call[1]] = _role(call, worked, rows, codes[call[1]], roles)
        of = roles[call[1] if call else head]
        for first, *lines in rows:
            kind, *words = first.split()
            if kind == "claim":
                numbers = tuple(word.strip("()") for word in words[1:])
                yield _claim(words[0], _joined(lines), numbers, of, chapter, judges[words[0]])


def _claim(
    identifier: str, sentence: str, equations: tuple[str, ...], of: Role, chapter: int, tried: Tried
) -> Claim:
    judge, boards, make = tried
    if isinstance(judge, Definition):
        boards = (*boards, of.example.arguments, *of.more)
    arguments = of.drawn if make is None else lambda draw: make(draw, of)
    return Claim(identifier, sentence, equations, of, chapter, judge, arguments, boards)


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
    example, *arithmetic = (line.strip() for line in worked)
    written, _, answer = example.partition(" = ")
    values = literal_eval(f"[{written.removeprefix(name)[1:-1]}]")
    arguments = {each.name: _read(each.kind, value) for each, value in zip(parameters, values)}
    right = _read(returns, literal_eval(answer)) if answer else None
    mistakes: list[Mistake] = []
    for first, *lines in rows:
        if first.startswith("mistakes of "):
            mistakes += roles[first.removeprefix("mistakes of ")].mistakes
        elif first.startswith("mistake "):
            label, _, change = first.removeprefix("mistake ").partition(": ")
            has, _, writes = change.replace("⏎", "\n").partition(" →")
            mistakes.append(Mistake(label, has, writes[1:], _joined(lines)))
    worked_by_hand = Example(arguments, right, _joined(arithmetic))
    return Role(name, parameters, returns, result, worked_by_hand, tuple(mistakes), *code)


def _read(kind: str, value: Any) -> Any:
    if kind in _WHOLE:
        return value
    return [_read(kind, each) for each in value] if isinstance(value, list) else float(value)


def _joined(lines: list[str]) -> str:
    return " ".join(line.strip() for line in lines)
