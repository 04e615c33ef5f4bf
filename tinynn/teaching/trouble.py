"""What goes wrong in a student's code besides wrong numbers, in words that help to mend it."""

from __future__ import annotations

import ast
from typing import Any, Optional

from tinynn.teaching.adapt import AnswerError
from tinynn.teaching.judging import told, written
from tinynn.teaching.roles import Role

BLANK = "a blank is still to be filled in"
MOST_PRINTED = 10_000_000  # characters in one claim; a forgotten print in a loop stays far below


class Stop(BaseException):
    """Ends a claim at once: Hypothesis lets it through, and ``except Exception`` does too."""


class OutOfMemory(Stop):
    """Student code asked for more memory than it may have."""


class PrintFlood(Stop):
    """Student code printed more than anyone would read."""


def shown(role: Role, arguments: dict[str, Any]) -> str:
    """Write a call as it would be typed, and what else the claim took into account.

    >>> from tinynn.teaching.roles import ROLES
    >>> shown(ROLES["sigmoid"], {"z": 0.5, "more": 1.0})
    'sigmoid(z = 0.5), with more = 1'
    """
    kinds = {parameter.name: parameter.kind for parameter in role.parameters}
    call: list[str] = []
    beside: list[str] = []
    for name, value in arguments.items():
        text = f"{name} = {_written(kinds.get(name, ''), value)}"
        (call if name in kinds else beside).append(text)
    with_ = f", with {', '.join(beside)}" if beside else ""
    return f"{role.name}({', '.join(call)}){with_}"


def _written(kind: str, value: Any) -> str:
    if kind == "rng":
        return f"Random({value})" if isinstance(value, int) else "rng"
    if callable(value):
        return getattr(value, "__name__", "a function")
    return written(value)


def answer_shown(role: Role, answer: Any, digits: int) -> str:
    """Write an answer down; of a gradient, each half with its name.

    >>> from tinynn.teaching.roles import ROLES
    >>> answer_shown(ROLES["backprop"], [[[0.125]], [[[0.0]]]], 8)
    'nabla_b = [[0.125]], nabla_w = [[[0]]]'
    """
    if answer is None:
        return ""
    if role.returns == "gradient" and isinstance(answer, list) and len(answer) == 2:
        nabla_b, nabla_w = (written(half, digits) for half in answer)
        return f"nabla_b = {nabla_b}, nabla_w = {nabla_w}"
    return written(answer, digits)


def explain_error(
    error: BaseException, role: Optional[Role], memory_limit: int, entered: bool = True
) -> tuple[str, str]:
    """Return the kind of a problem and a sentence that says what to look for.

    ``entered`` is false if the error arose in the call itself, before the function's first line.

    >>> explain_error(EOFError("EOF when reading a line"), None, 512)
    ('error', 'asks for something to be typed, but nobody is there: take the input() away')
    """
    message = told(error)[:300]
    if isinstance(error, AnswerError):
        return ("blank", BLANK) if "ellipsis" in str(error).lower() else ("answer", str(error))
    if isinstance(error, (OutOfMemory, MemoryError)):
        return "memory", f"asked for more than {memory_limit} MB of memory"
    if isinstance(error, PrintFlood):
        return "output", f"printed more than {MOST_PRINTED:,} characters"
    if "ellipsis" in str(error) or isinstance(error, NotImplementedError):
        return "blank", BLANK
    if isinstance(error, SystemExit):
        where = "while it is loaded" if role is None else "where an answer is expected"
        return "error", f"ends the program, by exit() or the like, {where}"
    if isinstance(error, SyntaxError):
        return "error", f"this is no Python: {error.msg}"
    if isinstance(error, ModuleNotFoundError):
        return "error", f"needs the module {error.name}, which is not installed here"
    if isinstance(error, KeyboardInterrupt):
        return "error", "raises KeyboardInterrupt"
    if isinstance(error, EOFError):
        return "error", "asks for something to be typed, but nobody is there: take the input() away"
    if isinstance(error, RecursionError):
        return "error", "calls itself again and again without an end (RecursionError)"
    if isinstance(error, TypeError) and role is not None and not entered:
        return "error", f"cannot be called as {role.signature.split(' ->')[0]}: {message}"
    return "error", message


def lines_of_blanks(source: str) -> list[int]:
    """Return the lines in which a `...` stands for something to write; not those of a[..., 0].

    >>> lines_of_blanks("x = ...; y = a[..., 0]")
    [1]
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    meant = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Tuple):
            meant |= {id(each) for each in node.slice.elts}
    return sorted(
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and node.value is ... and id(node) not in meant
    )
