"""``tinynn book``: a prompt, or a file, that finds the book's programs under their own names."""

from __future__ import annotations

import argparse
import ast
import code
import os
import runpy
import signal
import sys
import traceback
from contextlib import suppress
from importlib.util import find_spec
from typing import Optional

from tinynn.cli.common import Commands
from tinynn.errors import ArgumentError

BANNER = """The book's programs: mnist_loader, network, network2, network3, expand_mnist,
mnist_average_darkness, mnist_svm. Type what the book types; Ctrl-D ends."""


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "book",
        help="type the book's own programs, and run them",
        description="Open a Python prompt in which `import network` and the like find the book's "
        "programs; or run a file so. It needs NumPy.",
        epilog="example: tinynn book expand_mnist.py",
    )
    parser.set_defaults(run=run)
    help = "a Python file, or one of the book's programs, such as expand_mnist.py"
    parser.add_argument("file", nargs="?", metavar="FILE", help=help)
    help = "what the file finds in sys.argv"
    parser.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help=help)


def run(options: argparse.Namespace) -> int:
    """Run the file, or read from the prompt until it ends."""
    if find_spec("numpy") is None:
        raise ArgumentError("the book's programs need NumPy: pip install numpy")
    from tinynn.book import PROGRAMS, install

    install()
    with suppress(ValueError):  # only the main thread gets signals
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if options.file is not None:
        return _run_file(options.file, options.arguments, PROGRAMS)
    sys.path.insert(0, "")
    with suppress(ImportError):
        import readline  # noqa: F401  # lets lines be edited
    Prompt().interact(banner=BANNER, exitmsg="")
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
    except Exception:
        traceback.print_exc()
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nKeyboardInterrupt\n")
        return 130
    return 0


class Prompt(code.InteractiveConsole):
    """A Python prompt that takes lines with the prompts of the book before them, too."""

    def __init__(self) -> None:
        super().__init__(filename="<book>")
        self._missing: set[str] = set()  # the names of a line that the book breaks after a comma

    def raw_input(self, prompt: str = "") -> str:
        """Read a line; leave out ``>>> `` and ``... `` that were copied with it."""
        return bare(super().raw_input(prompt))

    def runsource(self, source: str, filename: str = "<book>", symbol: str = "single") -> bool:
        """Run a statement once it is whole, unless it is one that the book breaks in two."""
        names = _names_before_a_comma(source)
        missing = names - set(self.locals)
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
            goes_on = not targets & self._missing
            missing, self._missing = self._missing, set()
            if goes_on:
                given = ", ".join(sorted(targets))
                self.write(
                    f"SyntaxError: only {given} would take what net.SGD returns, and nothing was "
                    f"run. Type this line again after {', '.join(sorted(missing))}, \\\n"
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


def _names_before_a_comma(source: str) -> set[str]:
    """Return the names of a statement that is nothing but names and a last comma.

    >>> sorted(_names_before_a_comma("a, b,")), _names_before_a_comma("a, b")
    (['a', 'b'], set())
    """
    value = getattr(_statement(source), "value", None)
    if not isinstance(value, ast.Tuple) or not source.rstrip().endswith(","):
        return set()
    names = {each.id for each in value.elts if isinstance(each, ast.Name)}
    return names if len(names) == len(value.elts) else set()


def _targets(source: str) -> Optional[set[str]]:
    """Return the names of a tuple that something is assigned to."""
    statement = _statement(source)
    if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Tuple):
        return None
    return {each.id for each in statement.targets[0].elts if isinstance(each, ast.Name)}


def _statement(source: str) -> Optional[ast.stmt]:
    """Return the statement that this is, if it is a single one and whole."""
    try:
        body = ast.parse(source).body
    except (SyntaxError, ValueError):
        return None
    return body[0] if len(body) == 1 else None
