"""``tinynn claims``: the promises of the book that a function of your own can be held to."""

from __future__ import annotations

import argparse
import shutil
import sys
import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tinynn.cli.common import Commands
from tinynn.errors import ArgumentError

if TYPE_CHECKING:
    from tinynn.teaching.claims import Claim

# What each kind of parameter is, to a student who passes plain lists.
KINDS = {
    "number": "a number",
    "count": "a whole number",
    "bit": "0 or 1",
    "table": "a list of bits, the answers for inputs counted up in binary",
    "vector": "a list of numbers",
    "matrix": "a list of rows, each a list of numbers",
    "vectors": "a list with a vector for each layer, from layer 2",
    "matrices": "a list with a matrix for each layer, from layer 2",
    "rows": "a list of vectors of one size",
    "examples": "a list of examples, each a pair (x, y)",
    "rng": "a random.Random: rng.shuffle(list), rng.random()",
    "curve": "a function of one number",
    "valley": "a function of a vector",
}


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "claims",
        help="list what the book promises, as claims that a function of yours can be tried on",
        description="List the claims of chapters 1 and 2, or explain one of them.",
        epilog="example: tinynn claims bp2",
    )
    parser.set_defaults(run=run)
    parser.add_argument("claim", nargs="?", help="a claim, such as bp2 or sigmoid-limit")


def run(options: argparse.Namespace) -> int:
    """List the claims, or explain one."""
    try:
        from tinynn.teaching.claims import claim_named, claims
    except ImportError as error:
        raise ArgumentError(str(error)) from None
    lines = page(claim_named(options.claim)) if options.claim else table(claims())
    print("\n".join(lines))
    return 0


def table(claims: list[Claim]) -> Iterator[str]:
    """Yield one line for each claim, or several where a terminal is too narrow for one."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    name = max(len(claim.identifier) for claim in claims)
    numbers = max(len(" ".join(claim.equations)) for claim in claims)
    indent = " " * (name + numbers + 4)
    for claim in claims:
        start = f"{claim.identifier:<{name}}  {' '.join(claim.equations):<{numbers}}  "
        room = max(20, width - len(indent))
        for i, line in enumerate(textwrap.wrap(claim.sentence, room)):
            yield f"{indent if i else start}{line}"


def page(claim: Claim) -> Iterator[str]:
    """Yield what a student needs to write the function, and to check it by hand."""
    from tinynn.teaching.judging import written

    yield f"{claim.identifier} (chapter {claim.chapter})"
    yield claim.sentence
    yield ""
    yield from claim.formulas
    if claim.formulas:
        yield ""
    role = claim.role
    yield f"expected  {role.signature}"
    for parameter in role.parameters:
        yield f"          {parameter.name}: {KINDS[parameter.kind]}"
    arguments = ", ".join(written(value) for value in role.example.arguments.values())
    result = "" if role.example.result is None else f" is {written(role.example.result)}"
    yield f"by hand   {role.name}({arguments}){result}"
    yield f"          {role.example.arithmetic}"
