"""The command line: one command a file, each with ``add`` for its options and ``run``."""

from tinynn.cli.main import main

__all__ = ["main"]
