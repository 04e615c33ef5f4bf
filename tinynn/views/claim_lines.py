"""The promises of the book as plain lines: a table of all claims, and a page on one of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tinynn.teaching.claims import Claim
from tinynn.teaching.roles import KINDS
from tinynn.teaching.wording import written
from tinynn.views.lines import table as aligned
from tinynn.views.lines import text_of

_LEAST = 20  # columns for a text, however narrow the terminal is
_GIST = 30  # columns from which on the beginning of a sentence says something
_NAME = 10  # columns for "expected" and "by hand"
_FORMS = (
    "NumPy arrays, columns of shape (n, 1) and tinynn's Vector and Matrix are handed over in place "
    "of lists where the function is written for them"
)


def table(claims: Sequence[Claim], width: int) -> Iterator[str]:
    """Yield one line for each claim, by chapter: its equations, and the function it is about.

    The promise follows, as far as ``width`` allows.
    """
    rows = [(claim.identifier, " ".join(claim.equations), claim.role.name) for claim in claims]
    starts = dict(zip(claims, map(text_of, aligned(rows, "<<<"))))
    for chapter in sorted({claim.chapter for claim in claims}):
        yield f"chapter {chapter}"
        for claim, start in starts.items():
            if claim.chapter == chapter:
                room = width - len(start) - 2
                gist = _cut(claim.sentence, room) if room >= _GIST else ""
                yield f"{start}  {gist}".rstrip()
        yield ""
    yield "`tinynn claims NAME` explains a claim, a function or an equation"


def _cut(text: str, room: int) -> str:
    return text if len(text) <= room else f"{text[: room - 1]}…"


def page(claim: Claim, width: int) -> Iterator[str]:
    """Yield what a student needs to write the function, and to check it by hand."""
    yield f"{claim.identifier} (chapter {claim.chapter})"
    yield from _wrapped(claim.sentence, width)
    yield ""
    for formula in claim.formulas:
        yield from _wrapped(formula, width)
    if claim.formulas:
        yield ""
    role = claim.role
    yield from _wrapped(role.signature, width, f"{'expected':<{_NAME}}")
    for parameter in role.parameters:
        yield from _wrapped(f"{parameter.name}: {KINDS[parameter.kind]}", width, " " * _NAME)
    if any("list" in KINDS[parameter.kind] for parameter in role.parameters):
        yield from _wrapped(_FORMS, width, " " * _NAME)
    arguments = ", ".join(written(value) for value in role.example.arguments.values())
    result = "" if role.example.result is None else f" is {written(role.example.result)}"
    yield from _wrapped(f"{role.name}({arguments}){result}", width, f"{'by hand':<{_NAME}}")
    yield from _wrapped(role.example.arithmetic, width, " " * _NAME)


def _wrapped(text: str, width: int, start: str = "", indent: str = "") -> Iterator[str]:
    """Yield a text behind its start, broken between words; what follows is indented as far."""
    indent = indent or " " * len(start)
    room = max(_LEAST, width - len(indent))
    for i, line in enumerate(textwrap.wrap(text, room, break_on_hyphens=False)):
        yield f"{indent if i else start}{line}"
