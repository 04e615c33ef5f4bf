"""The program: it reads the arguments, runs one command, and turns errors into one line."""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from importlib import import_module
from typing import Any, NoReturn, Optional

from tinynn import __version__
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


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line, with the nearest that there is."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse; report unknown options here, where the known ones are listed."""
        options, unknown = super().parse_known_args(args, namespace)
        if unknown:
            said = f"unrecognized arguments: {' '.join(unknown)}"
            self.error(f"{said}{_nearest(unknown[0], self._option_string_actions)}")
        return options, unknown

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        if action.choices is not None and value not in action.choices:
            near = _nearest(value, action.choices)
            near = near or f": expected {', '.join(map(str, action.choices))}"
            raise argparse.ArgumentError(action, f"invalid choice: {value!r}{near}")


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return the question after what is most like a word, or nothing.

    >>> _nearest("tain", ["train", "show"]), _nearest("--epoch=3", ["--epochs"])
    ('; did you mean train?', '; did you mean --epochs?')
    >>> _nearest("4", ["--digit"]), _nearest("--frobnicate", ["--epochs"])
    ('; did you mean --digit 4?', '')
    """
    names = list(known)
    if word.isdecimal() and "--digit" in names:
        return f"; did you mean --digit {word}?"
    bare = {name.lstrip("-"): name for name in names}
    near = get_close_matches(word.split("=")[0].lstrip("-").lower(), bare, 1, 0.55)
    return f"; did you mean {bare[near[0]]}?" if near else ""


def run(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; return the exit status. Errors become one line on standard error."""
    _fill_in_closed_streams()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=blocks.ASCII)
    # a run that a signal stops before its first epoch is no mistake of whoever typed the command
    warnings.filterwarnings("ignore", message="a training run was dropped")
    parser = _build_parser(sys.argv[1:] if arguments is None else arguments)
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return 0
    try:
        with stopped_by_signals():
            status: int = options.run(options)
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
    parser = _Parser(
        prog="tinynn",
        usage="tinynn COMMAND [options]",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="`tinynn COMMAND --help` lists its options.  example: tinynn train --epochs 5",
    )
    parser.add_argument("--version", action="version", version=f"tinynn {__version__}")
    help = argparse.SUPPRESS  # the groups below list the commands
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", parser_class=_Parser, help=help, prog="tinynn"
    )
    first = arguments[0] if arguments else ""
    if first in (*COMMANDS, *HIDDEN):  # the others would take time to import
        import_module(f"tinynn.cli.{first}").add(commands)
        return parser
    lines = ["Watch a small neural network learn, and see every number in it."]
    for title, group in (*GROUPS.items(), ("", HIDDEN)):
        lines += ["", f"{title}:"] if title else []
        for command in group:
            import_module(f"tinynn.cli.{command}").add(commands)
            added = commands._choices_actions[-1]  # the name and the help that it was added with
            lines += [f"  {added.dest:<10} {added.help}"] if title else []
    parser.description = "\n".join(lines)
    return parser
