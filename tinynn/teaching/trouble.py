"""Problems of a student's code other than wrong numbers, in words that help to fix them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Optional

from tinynn.teaching.adapt import AnswerError, in_one_line
from tinynn.teaching.roles import Role

BLANK = "a blank is not filled in yet"
MOST_PRINTED = 10_000_000  # characters in one claim; a forgotten print in a loop stays far below


_WORDS: dict[type[BaseException], str] = {
    SyntaxError: "is not valid Python: {error.msg}",
    ModuleNotFoundError: "needs the module {error.name}, which is not installed here",
    KeyboardInterrupt: "raises KeyboardInterrupt",
    EOFError: "waits for input, but nobody can type any: remove the input()",
    RecursionError: "calls itself without end (RecursionError)",
}


class PrintFlood(BaseException):
    """Student code printed too much; a BaseException, so ``except Exception`` does not stop it."""


def explain_error(
    error: BaseException, role: Optional[Role], memory_limit: int, inside: bool = True
) -> tuple[str, str]:
    """Return the kind of a problem, and a sentence for the learner.

    ``inside`` is false if the error was not raised in a line of the student's file.

    >>> explain_error(EOFError("EOF when reading a line"), None, 512)
    ('error', 'waits for input, but nobody can type any: remove the input()')
    """
    message = in_one_line(error)[:300]
    if isinstance(error, AnswerError):
        return ("blank", BLANK) if "ellipsis" in str(error).lower() else ("answer", str(error))
    if isinstance(error, MemoryError):
        what = "asked for" if inside else "returns an answer that needs"
        return "memory", f"{what} more than {memory_limit} MB of memory"
    if isinstance(error, PrintFlood):
        return "output", f"printed more than {MOST_PRINTED:,} characters"
    if "ellipsis" in str(error) or isinstance(error, NotImplementedError):
        return "blank", BLANK
    if isinstance(error, SystemExit):
        where = "while it is loaded" if role is None else "instead of returning an answer"
        return "error", f"ends the program, with exit() or similar, {where}"
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return "error", words.format(error=error)
    if isinstance(error, TypeError) and role is not None and not inside:
        return "error", f"cannot be called as {role.signature.split(' ->')[0]}: {message}"
    shuffles = role is not None and role.name == "mini_batches"
    if isinstance(error, TypeError) and "NoneType" in message and shuffles:
        return "error", f"{message}: shuffle() shuffles its list in place, and returns None"
    return "error", message


def blank_reached(source: str, function: str = "") -> Optional[int]:
    """Return the line of the first `...` in a function, or in the functions of its file it calls.

    Without a function, look outside all functions. The `...` of a[..., 0] is not a blank.

    >>> blank_reached("f = lambda x: g(x); g = lambda x: x[..., 0] + ...", "f")
    1
    >>> blank_reached("f = lambda x: x[..., 0]; g = lambda x: ...", "f") is None
    True
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return None
    parts = _parts(tree)
    waiting, reached = [function], []
    while waiting:
        name = waiting.pop()
        if name in parts and name not in reached:
            reached.append(name)
            used = [each.id for each in _nodes(parts[name]) if isinstance(each, ast.Name)]
            waiting += used if function else []
    lines = [line for name in reached for line in _blanks(parts[name])]
    return min(lines, default=None)


def _parts(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """Return the statements of a file by the name they define; the rest under ""."""
    parts: dict[str, list[ast.stmt]] = {}
    for node in tree.body:
        names = [""]
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names = [node.name]
        elif isinstance(node, ast.Assign):
            names = [each.id for each in node.targets if isinstance(each, ast.Name)]
        for name in names:
            parts.setdefault(name, []).append(node)
    return parts


def _nodes(statements: list[ast.stmt]) -> Iterator[ast.AST]:
    return ast.walk(ast.Module(statements, []))


def _blanks(statements: list[ast.stmt]) -> Iterator[int]:
    indices = [node.slice for node in _nodes(statements) if isinstance(node, ast.Subscript)]
    meant = [each for index in indices if isinstance(index, ast.Tuple) for each in index.elts]
    for node in _nodes(statements):
        if isinstance(node, ast.Constant) and node.value is ... and node not in meant:
            yield node.lineno
