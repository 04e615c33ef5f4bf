"""What a terminal shows, kept as a picture: ``python -m tinynn.views.picture``."""

from __future__ import annotations

import io
import re
import sys
from typing import Optional

from rich.console import Console, RenderableType
from rich.text import Text


def picture_console(width: int, height: int) -> Console:
    """Return a console of this size: the terminal, or a recorder if a file is asked for.

    The file is the first argument of the program, as in ``python -m tinynn.views.training
    out.svg``.
    """
    drawing = picture_file() is not None
    return Console(
        file=io.StringIO() if drawing else None,
        record=drawing,
        width=width,
        height=height,
        force_terminal=drawing or None,
    )


def picture_file() -> Optional[str]:
    """Return the file that the picture is to be written to, if any."""
    return sys.argv[1] if len(sys.argv) > 1 else None


def save_picture(console: Console, title: str) -> None:
    """Write what was printed as an SVG picture, if a file is asked for."""
    path = picture_file()
    if path is None:
        return
    svg = _exported(console, title)
    with open(path, "w", encoding="utf-8") as file:
        file.write(svg)


def svg_of(page: RenderableType, title: str, width: int = 80, height: int = 24) -> str:
    """Return a view as an SVG picture, for a notebook or a page."""
    console = Console(
        file=io.StringIO(),
        record=True,
        width=width,
        height=height,
        force_terminal=True,
        force_jupyter=False,
        color_system="truecolor",
    )
    console.print(page)
    return _exported(console, title)


def _exported(console: Console, title: str) -> str:
    svg = console.export_svg(title=title)
    # without the web font that Rich would have the reader's browser fetch
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
    # with every space kept, as some readers of SVG drop those at the edge of a text
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1)


if __name__ == "__main__":
    screen = picture_console(60, 3)
    screen.print(Text("δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)", "cyan"))
    save_picture(screen, "BP2")
