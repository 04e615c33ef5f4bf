"""``tinynn claims``: the promises of the book that a function of your own can be held to."""

from __future__ import annotations

import argparse
import shutil
import sys

from tinynn.cli.common import Commands


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "claims",
        help="list what the book promises, to try a function of yours on",
        description="List the claims, chapter by chapter, or explain one of them.",
        epilog="example: tinynn claims bp2",
    )
    parser.set_defaults(run=run)
    about = "a claim (bp2, sigmoid-limit), a function (hidden_error) or an equation's number (11)"
    parser.add_argument("claim", nargs="?", help=about)


def run(options: argparse.Namespace) -> int:
    """List the claims, or explain one."""
    from tinynn.teaching.claims import CLAIMS, claims_about
    from tinynn.views import claim_lines

    if options.claim:
        width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 10_000
        pages = ["\n".join(claim_lines.page(each, width)) for each in claims_about(options.claim)]
        print("\n\n".join(pages))
    else:
        width = shutil.get_terminal_size().columns  # 80 in a pipe
        print("\n".join(claim_lines.table([*CLAIMS.values()], width)))
    return 0
