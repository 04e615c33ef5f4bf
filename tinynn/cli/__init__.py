"""The command line: one command a file, each with ``add`` for its options and ``run``."""

from __future__ import annotations

TYPE_CHECKING = False  # nothing is imported here: until main has begun, Ctrl-C ends in a traceback
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Optional

INTERRUPTED = 130


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; return the exit status, also after Ctrl-C while it is still loading."""
    try:
        from tinynn.cli.program import run

        return run(arguments)
    except KeyboardInterrupt as stopped:
        return getattr(stopped, "status", INTERRUPTED)
