"""``tinynn claims``: the promises of the book that a function of your own can be held to."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import Optional

from tinynn.cli.command import Command, argument


@dataclass
class Claims(Command):
    """List what the book promises, to try a function of yours on.

    List the claims, chapter by chapter, or explain one of them.

    example: tinynn claims bp2

    claim  a claim (bp2, sigmoid-limit), a function (hidden_error) or an equation's number (11)
    """

    claim: Optional[str] = argument()

    def run(self) -> int:
        """List the claims, or explain one."""
        from tinynn.teaching.claims import CLAIMS, claims_about
        from tinynn.views import claim_lines

        width = shutil.get_terminal_size().columns  # 80 in a pipe
        if self.claim:
            width = width if sys.stdout.isatty() else 10_000
            pages = ["\n".join(claim_lines.page(each, width)) for each in claims_about(self.claim)]
            print("\n\n".join(pages))
        else:
            print("\n".join(claim_lines.table([*CLAIMS.values()], width)))
        return 0
