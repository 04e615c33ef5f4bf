"""``tinynn book``: a prompt, or a file, that finds the book's programs under their own names."""

from __future__ import annotations

import argparse
import ast
import code
import os
import re
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, Optional

from tinynn.cli.command import Command, argument
from tinynn.errors import ArgumentError, TinyNNError

BANNER = """The book's programs: mnist_loader, network, network2, network3, expand_mnist,
mnist_average_darkness, mnist_svm. Type what the book types; Ctrl-D ends."""
PROMPT = "<book>"
SHELL = re.compile(r"\s*(?:[$%]\s*|(?=(?:python3?|git|cd|ls|pip)\b))(?:python3? (\w+)\.py)?")


@dataclass
class Book(Command):
    """Type the book's own programs, and run them.

    Open a Python prompt in which `import network` and the like find the book's programs; or run a
    file so. It needs NumPy.

    example: tinynn book expand_mnist.py

    file FILE           a Python file, or one of the book's programs, such as expand_mnist.py
    arguments ARGUMENT  what the file finds in sys.argv
    """

    file: Optional[str] = argument()
    arguments: list[str] = argument(nargs=argparse.REMAINDER)

    def run(self) -> int:
        """Run the file, or read from the prompt until it ends."""
        if find_spec("numpy") is None:
            raise ArgumentError("the book's programs need NumPy: pip install numpy")
        from tinynn.book import PROGRAMS, install

        install()
        with suppress(ValueError):  # only the main thread gets signals
            signal.signal(signal.SIGINT, signal.default_int_handler)
        if self.file is not None:
            return _run_file(self.file, self.arguments, PROGRAMS)
        sys.path.insert(0, "")
        prompt = Prompt()
        with suppress(ImportError):
            import readline  # lets lines be edited
            import rlcompleter

            readline.set_completer(rlcompleter.Completer(prompt.locals).complete)
            readline.parse_and_bind("tab: complete")
        prompt.interact(banner=BANNER, exitmsg="")
        return 0


def _run_file(file: str, arguments: list[str], programs: tuple[str, ...]) -> int:
    """Run a file as Python does; a name of one of the book's programs is ours."""
    name = file.removesuffix(".py")
    if name not in programs and not os.path.isfile(file):
        ours = ", ".join(f"{each}.py" for each in programs)
        raise ArgumentError(f"{file}: there is no such file; the book's programs are {ours}")
    sys.argv = [file, *arguments]
    try:
        if name in programs:
            sys.modules.pop(f"tinynn.book.{name}", None)  # it runs anew, also where it was imported
            runpy.run_module(f"tinynn.book.{name}", run_name="__main__")
        else:
            sys.path.insert(0, os.path.dirname(os.path.abspath(file)))
            runpy.run_path(file, run_name="__main__")
    except BrokenPipeError:
        raise
    except Exception as error:
        sys.stderr.write(trace(error))
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nKeyboardInterrupt\n")
        return 130
    return 0


def trace(error: BaseException) -> str:
    """Return a traceback of the reader's lines; an error of ours at the prompt is one line.

    >>> from tinynn.errors import DataError
    >>> print(trace(DataError("x: expected numbers")) + trace(KeyboardInterrupt()), end="")
    DataError: x: expected numbers
    KeyboardInterrupt
    """
    found = traceback.TracebackException.from_exception(error)
    ours = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    expected = isinstance(error, (TinyNNError, KeyboardInterrupt, ImportError))
    hidden = [ours] if expected else [__file__]
    hidden += [runpy.__file__, code.__file__, "<frozen"]
    frames = [each for each in found.stack if not each.filename.startswith(tuple(hidden))]
    if expected and all(each.filename == PROMPT for each in frames):
        return f"{type(error).__name__}{': ' * bool(str(error))}{error}\n"
    found.stack = traceback.StackSummary.from_list(frames)
    return "".join(found.format(chain=False))


class Prompt(code.InteractiveConsole):
    """A Python prompt that takes lines with the prompts of the book before them, too."""

    def __init__(self) -> None:
        super().__init__(filename=PROMPT)
        self._missing: dict[str, None] = {}  # names of a line that the book breaks after a comma

    def raw_input(self, prompt: str = "") -> str:
        """Read a line; leave out ``>>> `` and ``... `` that were copied with it.

        Ctrl-D in the middle of a statement leaves the statement, as in Python, not the prompt.
        """
        try:
            return bare(super().raw_input(prompt))
        except EOFError:
            if self.buffer and sys.stdin.isatty():
                raise KeyboardInterrupt from None
            raise

    def showtraceback(self) -> None:
        """Write the error, with the lines that were typed."""
        error = sys.exc_info()[1]
        if error is not None:
            self.write(trace(error))

    def showsyntaxerror(self, filename: Optional[str] = None, **more: Any) -> None:
        """Write the error; if the line is a shell command, also write what to do instead."""
        super().showsyntaxerror(filename, **more)
        shell = SHELL.match(self.buffer[-1] if self.buffer else "")
        if shell:
            program = shell[1]
            instead = (
                f"type: import {program}" if program else "leave this prompt with Ctrl-D first"
            )
            self.write(f"This is a line for the shell; {instead}\n")

    def runsource(self, source: str, filename: str = PROMPT, symbol: str = "single") -> bool:
        """Run a statement once it is whole, unless it is one that the book breaks in two."""
        names = _names_before_a_comma(source)
        missing = {name: None for name in names if name not in self.locals}
        if missing:
            self._missing = missing
            self.write(
                "SyntaxError: the line ends with a comma, and Python takes it as a whole. "
                "Type a backslash after it:\n"
                f"    {source.strip()} \\\n    … = net.SGD(…)\n"
            )
            return False
        targets = _targets(source)
        if self._missing and targets is not None:
            goes_on = not set(targets) & set(self._missing)
            missing, self._missing = self._missing, {}
            if goes_on:
                self.write(
                    f"SyntaxError: net.SGD returns more than {', '.join(targets)}. Nothing was "
                    f"run. Type this line again, after this one:\n    {', '.join(missing)}, \\\n"
                )
                return False
        return super().runsource(source, filename, symbol)


def bare(line: str) -> str:
    """Return a line without the prompt of Python before it.

    >>> bare(">>> import network"), bare("...     pass"), bare("x = ..."), bare("...")
    ('import network', '    pass', 'x = ...', '')
    """
    for prompt in (">>>", "..."):
        if line == prompt:
            return ""
        if line.startswith(f"{prompt} "):
            return line[4:]
    return line


def _names_before_a_comma(source: str) -> list[str]:
    """Return the names of a statement that consists of names and a last comma.

    >>> _names_before_a_comma("b, a,"), _names_before_a_comma("a, b")
    (['b', 'a'], [])
    """
    value = getattr(_statement(source), "value", None)
    if not isinstance(value, ast.Tuple) or not source.rstrip().endswith(","):
        return []
    names = _names(value)
    return names if len(names) == len(value.elts) else []


def _targets(source: str) -> Optional[list[str]]:
    """Return the names of a tuple that something is assigned to."""
    statement = _statement(source)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Tuple):
        return None
    return _names(statement.targets[0])


def _names(several: ast.Tuple) -> list[str]:
    return [each.id for each in several.elts if isinstance(each, ast.Name)]


def _statement(source: str) -> Optional[ast.stmt]:
    """Return the statement that this is, if it is a single one and whole."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    return body[0] if len(body) == 1 else None
