"""The promises of the book as plain lines: a table of all claims, and a page on one of them."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from tinynn.teaching.claims import Claim
from tinynn.teaching.roles import KINDS
from tinynn.teaching.wording import written
from tinynn.views.lines import cut, text_of
from tinynn.views.lines import table as aligned

_LEAST = 20  # columns for a text, however narrow the terminal is
_GIST = 30  # columns from which on the beginning of a sentence says something
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
                gist = cut(claim.sentence, room) if room >= _GIST else ""
                yield f"{start}  {gist}".rstrip()
        yield ""
    yield "`tinynn claims NAME` explains a claim, a function or an equation"


def page(claim: Claim, width: int) -> Iterator[str]:
    """Yield what a student needs to write the function, and to check it by hand."""
    yield f"{claim.identifier} (chapter {claim.chapter})"
    yield from _wrapped(claim.sentence, width)
    yield ""
    for formula in claim.formulas:
        yield from _wrapped(formula, width)
    if claim.formulas:
        yield ""
    role, example = claim.role, claim.role.example
    rows = [("expected", role.signature)]
    rows += [("", f"{each.name}: {KINDS[each.kind]}") for each in role.parameters]
    if any("list" in KINDS[each.kind] for each in role.parameters):
        rows.append(("", _FORMS))
    arguments = ", ".join(written(value) for value in example.arguments.values())
    result = "" if example.result is None else f" is {written(example.result)}"
    rows.append(("by hand", f"{role.name}({arguments}){result}"))
    if example.arithmetic:
        rows.append(("", example.arithmetic))
    yield from (text_of(line).rstrip() for line in aligned(rows, "<<", width))


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(_LEAST, width), break_on_hyphens=False)
