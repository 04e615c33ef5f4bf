"""``tinynn claims``: the promises of the book that a function of your own can be held to."""

from __future__ import annotations

import argparse
import shutil
import sys

from tinynn.cli.common import Commands
from tinynn.errors import ArgumentError


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "claims",
        help="list what the book promises, to try a function of yours on",
        description="List the claims of chapters 1 and 2, or explain one of them.",
        epilog="example: tinynn claims bp2",
    )
    parser.set_defaults(run=run)
    about = "a claim (bp2, sigmoid-limit), a function (hidden_error) or an equation's number (11)"
    parser.add_argument("claim", nargs="?", help=about)


def run(options: argparse.Namespace) -> int:
    """List the claims, or explain one."""
    try:
        from tinynn.teaching.claims import CLAIMS, claims_about
    except ImportError as error:
        raise ArgumentError(str(error)) from None
    from tinynn.views import claim_lines

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
    if options.claim:
        pages = ["\n".join(claim_lines.page(each, width)) for each in claims_about(options.claim)]
        print("\n\n".join(pages))
    else:
        print("\n".join(claim_lines.table([*CLAIMS.values()], width)))
    return 0
