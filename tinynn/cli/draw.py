"""``tinynn draw``: a digit is drawn in the terminal, and read while it is drawn."""

from __future__ import annotations

import argparse

from tinynn.cli.common import SHIPPED, Commands, found_network
from tinynn.cli.train import engine_of
from tinynn.errors import ArgumentError, DataError


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "draw",
        help="draw a digit by mouse or keys, and watch a network read it",
        description="Draw a digit in the terminal, with the mouse or the arrow keys. What the "
        "network sees, what it answers and what is inside it change as you draw; h lists the keys.",
        epilog="example: tinynn draw --net net.json",
    )
    parser.set_defaults(run=run)
    net = "a saved network for 28×28 or 8×8 digits (default: the one that ships with tinynn)"
    parser.add_argument("--net", default=SHIPPED, metavar="NETWORK", help=net)
    save = "where the key s saves what is drawn (default drawn.pgm); it replaces no file"
    parser.add_argument("--save", default="drawn.pgm", metavar="FILE", help=save)


def run(options: argparse.Namespace) -> int:
    """Open the screen; say at the end where pictures were saved."""
    try:
        from tinynn.views.draw import Drawing, require_terminal
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != "textual":
            raise
        needs = "it needs Textual, which is in the extra [images]: pip install textual"
        raise ArgumentError(needs) from None
    path = found_network(options.net)
    try:
        engine = engine_of(fast=True)
    except ArgumentError:  # without NumPy the loops answer, a little later
        engine = engine_of(fast=False)
    try:
        drawing = Drawing(engine.load(path), options.save)
    except DataError as error:
        raise DataError(f"{options.net}: {error}" if path not in str(error) else error) from None
    require_terminal()
    status = drawing.run() or 0
    for saved in drawing.saved:
        print(f"saved: {saved}; tinynn predict {saved} reads it")
    return status
