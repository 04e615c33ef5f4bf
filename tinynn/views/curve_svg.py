"""Cost and accuracy of runs as a drawing: ``python -m tinynn.views.curve_svg > curves.svg``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from xml.sax.saxutils import escape

from tinynn.views.axes import AccuracyAxis, Axis, CostAxis
from tinynn.views.curves import Curve, ends_of, made_up

COLOURS = ("#0b5fa5", "#c4501b", "#2e7d32", "#7b3fa0", "#8a6d00", "#b0185c")
_DASHES = ("", "9 4", "3 3", "12 3 3 3", "6 2 2 2 2 2")  # distinct without colour
_WIDTH, _HIGH, _LEFT, _RIGHT, _TOP = 860, 240, 70, 40, 30
_ROW = 20


def curves_svg(lines: Sequence[Curve]) -> str:
    """Return both charts as SVG: a colour, a dash and a letter for each curve."""
    height = 2 * (_TOP + _HIGH) + 60 + _ROW * len(lines)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        f'width="{_WIDTH}" height="{height}" font-family="sans-serif" font-size="13">',
        "<title>cost and accuracy over the epochs</title>",
        f'<rect width="{_WIDTH}" height="{height}" fill="white"/>',
    ]
    below = 2 * _TOP + _HIGH
    first, last = ends_of(lines)
    parts += _panel(lines, CostAxis, _TOP)
    parts += _panel(lines, AccuracyAxis, below)
    foot = below + _HIGH + 18
    for epoch in sorted({first, (first + last) // 2, last}):
        parts.append(_text(_x(epoch, first, last), foot, str(epoch), "middle"))
    parts.append(_text(_WIDTH - _RIGHT, foot + 16, "epoch", "end"))
    for i, line in enumerate(lines):
        y = foot + 32 + _ROW * i
        parts.append(f'<path d="M{_LEFT},{y - 4}h40" {_stroke(i)}/>')
        parts.append(_text(_LEFT + 50, y, line.legend(110), "start"))
    return "\n".join([*parts, "</svg>", ""])


def _x(epoch: int, first: int, last: int) -> float:
    return _LEFT + (_WIDTH - _LEFT - _RIGHT) * (epoch - first) / ((last - first) or 1)


def _stroke(i: int) -> str:
    colour, dash = COLOURS[i % len(COLOURS)], _DASHES[i % len(_DASHES)]
    return f'fill="none" stroke="{colour}" stroke-width="2" stroke-dasharray="{dash}"'


def _text(x: float, y: float, text: str, anchor: str, more: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{more}>{escape(text)}</text>'


def _panel(lines: Sequence[Curve], kind: type[Axis], top: int) -> Iterator[str]:
    first, last = ends_of(lines)
    axis = kind([each for line in lines for each in line.numbers(kind)])
    yield _text(_LEFT, top - 10, axis.title, "start", ' font-weight="bold"')
    for share, text in axis.ticks:
        y = top + _HIGH * (1.0 - share)
        yield f'<path d="M{_LEFT},{y:.1f}H{_WIDTH - _RIGHT}" stroke="#ddd"/>'
        if share in (0.0, 1.0) or 14 < _HIGH * share < _HIGH - 14:
            yield _text(_LEFT - 8, y + 4, text, "end")
    for i, line in enumerate(lines):
        places = []
        for point, number in zip(line.points, line.numbers(kind)):
            share = max(0.0, min(1.0, axis.share(number)))
            places.append((_x(point.epoch, first, last), top + _HIGH * (1.0 - share)))
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        yield f'<polyline points="{path}" {_stroke(i)}/>'
        if len(places) == 1:
            yield f'<circle cx="{places[0][0]:.1f}" cy="{places[0][1]:.1f}" r="3" {_stroke(i)}/>'
        x, y = places[-1]
        colour = f' fill="{COLOURS[i % len(COLOURS)]}"'
        yield _text(x + 6 + 10 * (i % 3), y + 4, line.mark, "start", colour)


if __name__ == "__main__":
    print(curves_svg(made_up()))
