"""A command of `tinynn`: a class whose fields are its options, and the parser that fills them."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field, fields
from difflib import get_close_matches
from inspect import getdoc
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn, Optional

from tinynn.cli.common import print_json, screen_console
from tinynn.errors import ArgumentError

if TYPE_CHECKING:
    from rich.console import Console

Check = Callable[[str, Any], object]

# What other libraries call the book's letters.
_SECOND_NAMES = {
    "--eta": "--lr",
    "--mini-batch-size": "--batch-size",
    "--lmbda": "--lambda",
    "--mu": "--momentum",
}
_KINDS: dict[str, dict[str, Any]] = {  # what argparse needs for a field of each type
    "bool": {"action": "store_true"},
    "int": {"type": int, "metavar": "N"},
    "float": {"type": float, "metavar": "X"},
    "str": {},
}
_TYPE = re.compile(r"(?:Optional\[)?(list\[)?(\w+)\]*")


def names_of(option: str) -> tuple[str, ...]:
    """Return the names under which an option is accepted, the book's first.

    >>> names_of("--eta"), names_of("--epochs")
    (('--eta', '--lr'), ('--epochs',))
    """
    second = _SECOND_NAMES.get(option)
    return (option, second) if second else (option,)


def option(
    default: Any = None,
    names: tuple[str, ...] = (),
    check: Optional[Check] = None,
    **how: Any,
) -> Any:
    """Return the field of an option: ``--eta`` for ``eta``, unless it has other ``names``.

    ``check`` gets the name and the value, if one is given, and raises. ``how`` goes to argparse.
    """
    return field(default=default, metadata={"names": names, "check": check, "how": how})


def argument(nargs: str = "?", **how: Any) -> Any:
    """Return the field of an argument without a name, which is known by its place."""
    return field(default=None, metadata={"by_place": True, "how": {"nargs": nargs, **how}})


def refuse(options: object, names: Iterable[str], why: str, between: str = " ") -> None:
    """Raise ArgumentError for the first of these options that is given, and say ``why``."""
    for name in names:
        value = getattr(options, name)
        if value is not None and value is not False:
            raise ArgumentError(f"{_written(name)}{between}{why}")


def _written(name: str) -> str:
    return f"--{name.replace('_', '-')}"


class Command:
    """A command, or several below one name: ``below`` has their names and classes.

    A subclass is a dataclass whose fields are the options: a ``bool`` is a switch, a list takes
    several values. Its docstring is the help: a line for the list of commands, a description, an
    example, and a line for each option with its name, what its value is called, and what it does.
    Names in braces are those of the module. ``groups`` has the titles of groups of options, each
    with the option that is first in it.
    """

    below: ClassVar[Mapping[str, type[Command]]] = {}
    metavar: ClassVar[str] = ""  # what the help calls one of those below
    groups: ClassVar[Mapping[str, str]] = {}
    negative: ClassVar[str] = r"-\.?\d[\d_.]*(e[-+]?\d+)?$"  # what is a number and not an option
    plain = json = False

    def run(self) -> int:
        """Run the command; return the exit status."""
        raise NotImplementedError

    def console(self, view: str = "") -> Optional[Console]:
        """Return what to draw on, or None for plain lines; see ``screen_console``."""
        return None if self.plain or self.json else screen_console(view)

    def show(
        self,
        page: Any,
        console: Optional[Console],
        as_json: Optional[Callable[[], Any]] = None,
    ) -> int:
        """Draw a page, or print its plain lines, or as JSON if that is asked for; return 0."""
        if self.json and as_json is not None:
            print_json(as_json())
        elif console is None:
            print(page)
        else:
            console.print(page)
        return 0


class Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line, with the nearest that there is."""

    def error(self, message: str) -> NoReturn:
        """Write the line, and end with status 2."""
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


def add_command(commands: Any, name: str, kind: type[Command]) -> str:
    """Add the parser of a command, and of those below it; return its line in the list."""
    text = getdoc(kind) if Command.__doc__ else ""  # python -OO leaves no docstrings
    summary, description, example, *options = (text or "\n\n\n\n").split("\n\n")
    line = f"{summary[:1].lower()}{summary[1:].rstrip('.')}"
    parser = commands.add_parser(name, help=line, description=description, epilog=example)
    parser._negative_number_matcher = re.compile(kind.negative, re.IGNORECASE)
    if kind.below:
        parser.set_defaults(begin=lambda options: parser.print_help() or 0)
        below = parser.add_subparsers(metavar=kind.metavar, parser_class=Parser, prog=parser.prog)
        for inner, command in kind.below.items():
            add_command(below, inner, command)
        return line
    parser.set_defaults(begin=lambda options: _filled(kind, options).run())
    helps = _helps("".join(options).format_map(vars(sys.modules[kind.__module__])))
    group = parser
    for each in _fields(kind):
        if each.name in kind.groups:
            group = parser.add_argument_group(kind.groups[each.name])
        _add_option(group, each, helps)
    return line


def _helps(text: str) -> dict[str, dict[str, Any]]:
    """Return what the help shows of each option: what it does, and what its value is called.

    >>> _helps("--random N X=Y  draw N settings")
    {'--random': {'help': 'draw N settings', 'metavar': ('N', 'X=Y')}}
    """
    helps: dict[str, dict[str, Any]] = {}
    for entry in filter(None, re.split(r"\n(?=\S)", text)):
        head, help = re.split(r"\s\s+", entry, maxsplit=1)
        name, *values = head.split()
        helps[name] = {"help": " ".join(help.split())}
        if values:
            helps[name]["metavar"] = tuple(values) if len(values) > 1 else values[0]
    return helps


def _add_option(group: Any, option: Any, helps: Mapping[str, Any]) -> None:
    """Add the option of a field, or the argument, to a parser."""
    about, by_place = option.metadata, "by_place" in option.metadata
    names = (option.name,) if by_place else about.get("names") or names_of(_written(option.name))
    several, one = _TYPE.fullmatch(option.type).groups()  # type: ignore[union-attr]
    how = {**_KINDS[one], **helps.get(names[0], {}), **about.get("how", {})}
    if several and "action" not in how:
        how.setdefault("nargs", "+")
    if not by_place:
        how["dest"] = option.name
    group.add_argument(*names, default=option.default, **how)


def _filled(kind: type[Command], options: argparse.Namespace) -> Command:
    """Return a command with its options. Raises what the check of an option raises."""
    for each in _fields(kind):
        check, value = each.metadata.get("check"), getattr(options, each.name)
        if check is not None and value is not None:
            for one in value if isinstance(value, (list, tuple)) else [value]:
                check(_written(each.name), one)
    return kind(**{each.name: getattr(options, each.name) for each in _fields(kind)})


def _fields(kind: type[Command]) -> Any:
    return fields(kind)  # type: ignore[arg-type]  # its subclasses are dataclasses
