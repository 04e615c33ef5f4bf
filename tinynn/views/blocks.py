"""Bars made of characters, and what to write where a terminal has no such characters."""

from __future__ import annotations

import codecs
from collections.abc import Sequence

RIGHTWARDS = " ▏▎▍▌▋▊▉█"
UPWARDS = " ▁▂▃▄▅▆▇█"
SHADES = " ░▒▓█"
HEIGHTS = "▁─▔"  # a line at the foot, in the middle and at the top of a character

# Written instead, one for one, where the encoding has no such character.
_ASCII = {
    **dict(zip(RIGHTWARDS[1:], "...:::##")),
    **dict(zip(UPWARDS[1:], "__..--=#")),
    **dict(zip(SHADES[1:], ".:*#")),
    **dict(zip("−–·×…←◂▸●⊙≈ᵀ₀₁‖√▀▄▔─°", "--.x.<<>oo~T01|v^_^-o")),
    **dict(zip("╭╮╰╯│", "++++|")),
    **dict(zip("σδηελμΣ∂", ["sigma", "delta", "eta", "epsilon", "lambda", "mu", "Sum", "d"])),
    **dict(zip("→↑≥≤∞²⁻¹", ["->", "^", ">=", "<=", "inf", "^2", "^-", "1"])),
    "Δ": "Delta ",
    "∇": "nabla ",
}


ASCII = "tinynn"  # the name of the error handler below: open(..., errors=ASCII)


def _write_ascii(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_ASCII.get(character, "?") for character in text), error.end


codecs.register_error(ASCII, _write_ascii)


def _clamped(value: float, largest: float) -> float:
    return max(0.0, min(1.0, value / largest)) if largest > 0.0 else 0.0


def bar(value: float, width: int, largest: float = 1.0) -> str:
    """Return a bar of ``width`` characters that is full at ``largest``.

    >>> bar(0.5, 4), bar(0.7, 4), bar(-1.0, 2)
    ('██  ', '██▊ ', '  ')
    """
    eighths = round(_clamped(value, largest) * width * 8)
    return ("█" * (eighths // 8) + RIGHTWARDS[eighths % 8]).ljust(width)[:width]


def columns(values: Sequence[float], height: int, largest: float = 1.0) -> list[str]:
    """Return ``height`` lines with one upright bar a value, the top line first.

    >>> for line in columns([0.25, 0.5, 0.75, 1.0], 2): print(line)
      ▄█
    ▄███
    """
    eighths = [round(_clamped(value, largest) * height * 8) for value in values]
    return [
        "".join(UPWARDS[max(0, min(8, each - 8 * row))] for each in eighths)
        for row in reversed(range(height))
    ]


def mark(value: float, height: int) -> tuple[int, str]:
    """Return where to mark a ``value`` from 0 to 1: the row from the top, and a character.

    >>> [mark(value, 2) for value in (1.0, 0.6, 0.4, -3.0)]
    [(0, '▔'), (0, '▁'), (1, '▔'), (1, '▁')]
    """
    third = min(max(round(_clamped(value, 1.0) * height * 3 - 0.5), 0), height * 3 - 1)
    return height - 1 - third // 3, HEIGHTS[third % 3]


def shade(value: float) -> str:
    """Return the character whose ink comes nearest to ``value``, from 0.0 to 1.0.

    >>> "".join(shade(v / 4) for v in range(5))
    ' ░▒▓█'
    """
    return SHADES[round(_clamped(value, 1.0) * 4)]


def seen(numbers: Sequence[float], now: int, last: int, width: int) -> list[float]:
    """Return the number to draw in each column up to ``now``; all ``width`` columns reach ``last``.

    >>> seen([8, 4, 2, 1, 0.5], now=2, last=4, width=8)
    [8, 8, 4, 4, 2]
    """
    last = max(1, last)
    return [numbers[i * last // width] for i in range(width) if i * last <= now * width]


def sampled(last: int, rows: int) -> list[int]:
    """Return so many places from 0 to the last one, evenly spread."""
    return sorted({last * row // rows for row in range(rows + 1)})
