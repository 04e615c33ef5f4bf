"""The program: it reads the arguments, runs one command, and turns errors into one line."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from typing import NoReturn, Optional

from tinynn import __version__
from tinynn.cli import baseline, claims, data, equations, grade, show, step, train
from tinynn.cli.common import BROKEN_PIPE
from tinynn.errors import TinyNNError
from tinynn.views import blocks

COMMANDS = (train, show, step, data, baseline, equations, claims, grade)


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def run(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; return the exit status. Errors become one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=blocks.ASCII)
    # a run that a signal stops before its first epoch is no mistake of whoever typed the command
    warnings.filterwarnings("ignore", message="a training run was dropped")
    parser = _build_parser()
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return 0
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # whoever read our output has gone; nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except TinyNNError as error:
        reason = str(error)
    except OSError as error:
        told = error.filename and error.strerror
        reason = f"{error.filename}: {error.strerror}" if told else str(error)
    sys.stderr.write(f"tinynn {options.command}: {reason}\n")
    return 2


def _build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tinynn",
        description="Watch a small neural network learn, and see every number in it.",
        epilog="example: tinynn train --epochs 5",
    )
    parser.add_argument("--version", action="version", version=f"tinynn {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS:
        command.add(commands)
    return parser
