"""The program: it reads the arguments, runs one command, and turns errors into one line."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Sequence
from importlib import import_module
from typing import Optional

from tinynn import __version__
from tinynn.cli.command import Command, Parser, add_command
from tinynn.cli.common import BROKEN_PIPE
from tinynn.cli.keeping import stopped_by_signals
from tinynn.errors import TinyNNError
from tinynn.views import blocks

GROUPS: dict[str, tuple[str, ...]] = {  # each command is a module of this package
    "watch": ("train", "show", "step"),
    "your own digits": ("predict", "draw"),
    "look closer": ("inspect", "diagnose"),
    "the book": ("lab", "reproduce", "tune", "book"),
    "teach and data": ("equations", "claims", "grade", "data"),
}
COMMANDS = tuple(command for group in GROUPS.values() for command in group)
HIDDEN = ("baseline",)  # works, and is listed nowhere: `tinynn reproduce` has what it shows


def run(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; return the exit status. Errors become one line on standard error."""
    _fill_in_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=blocks.ASCII)
    # a run that a signal stops before its first epoch is no mistake of whoever typed the command
    warnings.filterwarnings("ignore", message="a training run was deleted")
    parser = _build_parser(sys.argv[1:] if arguments is None else arguments)
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return 0
    try:
        with stopped_by_signals():
            status: int = options.begin(options)
            sys.stdout.flush()
        return status
    except BrokenPipeError:
        # whoever read our output has gone; nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except TinyNNError as error:
        reason = str(error)
    except MemoryError:
        reason = "there is not enough memory for this"
    except OSError as error:
        of_a_file = error.filename and error.strerror
        reason = f"{error.filename}: {error.strerror}" if of_a_file else str(error)
    sys.stderr.write(f"tinynn {options.command}: {reason}\n")
    return 2


def _fill_in_closed_streams() -> None:
    """Open what the shell has closed (>&-) on nothing, before a file gets its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115


def _build_parser(arguments: Sequence[str] = ()) -> argparse.ArgumentParser:
    """Build the parser, with the one command that is asked for, else with all of them."""
    parser = Parser(
        prog="tinynn",
        usage="tinynn COMMAND [options]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="`tinynn COMMAND --help` lists its options.  example: tinynn train --epochs 5",
    )
    parser.add_argument("--version", action="version", version=f"tinynn {__version__}")
    help = argparse.SUPPRESS  # the groups below list the commands
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", help=help, prog="tinynn")
    first = arguments[0] if arguments else ""
    if first in (*COMMANDS, *HIDDEN):  # the others would take time to import
        add_command(commands, first, _command(first))
        return parser
    lines = ["Watch a small neural network learn, and see every number in it."]
    for title, group in (*GROUPS.items(), ("", HIDDEN)):
        lines += ["", f"{title}:"] if title else []
        for name in group:
            line = add_command(commands, name, _command(name))
            lines += [f"  {name:<10} {line}"] if title else []
    parser.description = "\n".join(lines)
    return parser


def _command(name: str) -> type[Command]:
    """Return the class of a command: ``Train`` of the module ``train``."""
    kind: type[Command] = getattr(import_module(f"tinynn.cli.{name}"), name.capitalize())
    return kind
