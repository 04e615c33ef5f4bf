"""How numbers show themselves in a notebook: tables and pictures as small pieces of HTML.

Everything takes bare numbers and texts, and is cut where it would be long.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite, isqrt
from typing import NamedTuple, Optional

FEW = 12  # numbers in a row that are written out, and rows
_ROWS, _COLUMNS = 48, 96  # of a picture; what is beyond is left out
_NEURONS = 100  # of a layer that are listed
_BAR = 24  # characters of a full bar
_IMAGE = 64  # numbers from which a square of them, each from 0 to 1, is an image
_WIDE, _MOST_PIXELS = 240, 20  # of a picture on the page, and of one entry of it
_BAND = 16  # pixels, the height of a single row
_BELOW, _ZERO, _ABOVE = (20, 40, 150), (150, 150, 150), (255, 235, 130)
_SHADES = " ░▒▓█"
_LEFT = 'style="text-align:left"'
Pixel = tuple[int, int, int]


def escape(text: str) -> str:
    """Return a text as HTML has it.

    >>> escape("a<b & c")
    'a&lt;b &amp; c'
    """
    from html import escape  # slow to import

    return escape(text)


def shortened(n: int, most: int = FEW) -> list[Optional[int]]:
    """Return the places of n things that are shown, with None where others are left out.

    >>> shortened(9, 5)
    [0, 1, None, 7, 8]
    """
    if n <= most:
        return [*range(n)]
    return [*range(most // 2), None, *range(n - (most - 1) // 2, n)]


def table(rows: Sequence[Sequence[object]], heading: Sequence[str] = (), most: int = FEW) -> str:
    """Return a table of texts and numbers; a row in the middle marks those left out.

    >>> table([["a<b", 0.123456]])
    '<table><tr><td style="text-align:left">a&lt;b</td><td>0.1235</td></tr></table>'
    """
    left_out = [f"… {len(rows) - most + 1:,} more"]
    shown = (left_out if i is None else rows[i] for i in shortened(len(rows), most))
    head = "".join(f"<th {_LEFT}>{escape(name)}</th>" for name in heading)
    lines = [f"<tr>{head}</tr>"] if heading else []
    lines += ["<tr>" + "".join(map(_cell, row)) + "</tr>" for row in shown]
    return f"<table>{''.join(lines)}</table>"


def _cell(value: object) -> str:
    if isinstance(value, float):
        return f"<td>{value:.4g}</td>"
    return f"<td {_LEFT}>{escape(str(value))}</td>"


def titled(title: str, *parts: str) -> str:
    """Return pieces of HTML below each other, with a title above."""
    return f"<div><div><b>{escape(title)}</b></div>{''.join(parts)}</div>"


def beside(*parts: str) -> str:
    """Return pieces of HTML beside each other."""
    style = "display:flex;gap:1em;align-items:flex-start;flex-wrap:wrap"
    return f'<div style="{style}">{"".join(parts)}</div>'


def numbers(name: str, rows: Sequence[Sequence[float]]) -> str:
    """Return rows of numbers with a title: written out if they are few, else as shades.

    The lighter the further above 0, the darker the further below. A row of 64 numbers or more
    that may be a square image is drawn as one.

    >>> numbers("Vector", [[0.5, 1.0]])
    '<div><div><b>Vector</b></div><table><tr><td>0.5</td><td>1</td></tr></table></div>'
    """
    if len(rows) <= FEW and len(rows[0]) <= FEW:
        return titled(name, table(rows))
    if len(rows) == 1 and is_image(rows[0]):
        side = isqrt(len(rows[0]))
        return titled(f"{name}, as an image of {side}×{side}", image(rows[0]))
    known = [each for row in rows for each in row if isfinite(each)] or [0.0]
    strongest = max(map(abs, known)) or 1.0
    part = [row[:_COLUMNS] for row in rows[:_ROWS]]
    cut = "" if (len(part), len(part[0])) == (len(rows), len(rows[0])) else " …"
    ends = f"from {min(known):.4g}, dark, to {max(known):.4g}, light"
    if cut:
        ends += f"; the first {len(part)}×{len(part[0])} are shown{cut}"
    drawn = _png([[_signed(each / strongest) for each in row] for row in part])
    picture = _img(drawn, len(part[0]), ends, high=_BAND if len(part) == 1 else 0)
    return titled(name, picture, f"<div>{escape(ends)}</div>")


def _signed(share: float) -> Pixel:
    if not isfinite(share):
        return 255, 0, 0
    ends = zip(_ZERO, _BELOW if share < 0.0 else _ABOVE)
    r, g, b = (round(low + abs(share) * (high - low)) for low, high in ends)
    return r, g, b


def is_image(pixels: Sequence[float]) -> bool:
    """Say whether numbers may be the pixels of a square image, each from 0 to 1."""
    side = isqrt(len(pixels))
    return side * side == len(pixels) >= _IMAGE and all(0.0 <= ink <= 1.0 for ink in pixels)


def image(pixels: Sequence[float]) -> str:
    """Return the picture of a square image, dark where its ink is."""
    side = isqrt(len(pixels))
    greys = [255 - round(255 * ink) for ink in pixels]
    rows = [[(grey, grey, grey) for grey in greys[i : i + side]] for i in range(0, side**2, side)]
    return _img(_png(rows), side, f"an image of {side}×{side} pixels", 112)


def image_lines(pixels: Sequence[float]) -> list[str]:
    """Return a square image as text, two shaded characters a pixel."""
    side = isqrt(len(pixels))
    inks = [2 * _SHADES[round(4 * ink)] for ink in pixels]
    return ["".join(inks[i : i + side]) for i in range(0, side**2, side)]


def _img(png: bytes, columns: int, what: str, wide: int = _WIDE, high: int = 0) -> str:
    from base64 import b64encode

    data = b64encode(png).decode("ascii")
    width = max(columns, min(_MOST_PIXELS * columns, wide // columns * columns))
    height = f"height:{high}px;" if high else ""
    style = f"width:{width}px;{height}image-rendering:pixelated;border:1px solid #999"
    return f'<img alt="{escape(what)}" style="{style}" src="data:image/png;base64,{data}">'


def _png(rows: Sequence[Sequence[Pixel]]) -> bytes:
    """Return a picture in the PNG format, of 8 bits a colour."""
    import struct
    import zlib

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    header = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    lines = b"".join(b"\0" + bytes(part for pixel in row for part in pixel) for row in rows)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(lines)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def curve(name: str, values: Sequence[float]) -> str:
    """Return numbers as a line from left to right, with its ends: an SVG picture."""
    known = [each for each in values if isfinite(each)]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    spread = (high - low) or 1.0
    across = len(values) - 1
    places = (
        f"{5 + 230 * i / across:.1f},{65 - 60 * (each - low) / spread:.1f}"
        for i, each in enumerate(values)
        if isfinite(each)
    )
    line = f'<polyline fill="none" stroke="#246" stroke-width="2" points="{" ".join(places)}"/>'
    words = f"{name}: {values[0]:.4g} at first, {values[-1]:.4g} at last"
    svg = f'<svg width="240" height="70" role="img">{line}</svg>'
    return f"<div><div>{escape(words)}</div>{svg}</div>"


def neuron_line(l: int, j: int, z: float, a: float, bar: str) -> str:
    """Return one neuron as text: its a, a bar of it, and its z."""
    return f"{f'a^{l}_{j}':<8} {a:.4f} {bar:<{_BAR}} z^{l}_{j} = {z:.4f}"


def _bar(a: float, width: int) -> str:
    return "█" * round(width * max(0.0, min(1.0, a)))


class Shown(NamedTuple):
    """One input inside a network, neuron by neuron: a text, and in a notebook a page.

    ``layers`` has l and, for each neuron, z and a; ``said`` is the answer, ``label`` the right one.
    """

    x: Sequence[float]
    layers: Sequence[tuple[int, Sequence[tuple[float, float]]]]
    said: int
    label: Optional[int] = None

    @property
    def verdict(self) -> str:
        """What the network says, how strongly, and whether that is right."""
        strongest = max(a for _, a in self.layers[-1][1])
        words = f"The network says {self.said} ({strongest:.2f})"
        if self.label is None:
            return f"{words}."
        judged = "right" if self.said == self.label else "wrong"
        return f"{words}; the label says {self.label}: {judged}."

    def __repr__(self) -> str:
        lines = image_lines(self.x) if is_image(self.x) else [_row_of(self.x)]
        for l, neurons in self.layers:
            lines.append("")
            for j, (z, a) in enumerate(neurons[:_NEURONS], start=1):
                says = f"  {j - 1}" if l == self.layers[-1][0] and len(neurons) > 1 else ""
                lines.append(neuron_line(l, j, z, a, _bar(a, _BAR)) + says)
            if len(neurons) > _NEURONS:
                lines.append(f"… and {len(neurons) - _NEURONS:,} more")
        return "\n".join([*lines, "", self.verdict])

    def _repr_html_(self) -> str:
        parts = [image(self.x) if is_image(self.x) else table([[*map(float, self.x[:FEW])]])]
        for l, neurons in self.layers:
            numbered = enumerate(neurons, start=1)
            rows = [[f"a^{l}_{j}", a, _bar(a, _BAR // 2), z] for j, (z, a) in numbered]
            parts.append(table(rows, ("neuron", "a", "", "z"), _NEURONS))
        return titled(self.verdict, beside(*parts))


def _row_of(x: Sequence[float]) -> str:
    """Return an input as numbers, the first of them if they are many."""
    more = ", …" if len(x) > FEW else ""
    return f"x = ({', '.join(f'{each:.4g}' for each in x[:FEW])}{more})"
