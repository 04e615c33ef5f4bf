"""What a terminal shows, kept as a picture: ``python -m tinynn.views.picture``."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Optional

from rich.console import Console, RenderableType
from rich.text import Text


def picture_console(width: int = 80, height: int = 24) -> Console:
    """Return a console of this size: the terminal, or a recorder if a file is asked for.

    The file is the first argument of the program, as in ``python -m tinynn.views.training
    out.svg``.
    """
    return _recorder(width, height) if picture_file() else Console(width=width, height=height)


def picture_file() -> Optional[str]:
    """Return the file that the picture is to be written to, if any."""
    return sys.argv[1] if len(sys.argv) > 1 else None


def demo(
    page: RenderableType,
    title: str,
    console: Optional[Console] = None,
    height: Optional[int] = None,
) -> None:
    """Print a view; if a file is asked for, write it there as an SVG picture."""
    console = console or picture_console()
    console.print(page, height=height)
    path = picture_file()
    if path is not None:
        Path(path).write_text(_exported(console, title), encoding="utf-8")


def svg_of(page: RenderableType, title: str, width: int = 80, height: int = 24) -> str:
    """Return a view as an SVG picture, for a notebook or a page."""
    console = _recorder(width, height)
    console.print(page)
    return _exported(console, title)


def _recorder(width: int, height: int) -> Console:
    return Console(
        file=io.StringIO(),
        record=True,
        width=width,
        height=height,
        force_terminal=True,
        force_jupyter=False,
        color_system="truecolor",
    )


def _exported(console: Console, title: str) -> str:
    svg = console.export_svg(title=title)
    # without the web font that Rich would have the reader's browser fetch
    svg = re.sub(r"@font-face \{.*?\}\n", "", svg, flags=re.DOTALL)
    # with every space kept, as some readers of SVG drop those at the edge of a text
    return svg.replace("<svg ", '<svg xml:space="preserve" ', 1)


if __name__ == "__main__":
    bp2 = Text("δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)", "cyan")
    demo(bp2, "BP2", picture_console(60, 3))
