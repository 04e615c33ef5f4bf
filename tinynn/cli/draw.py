"""``tinynn draw``: a digit is drawn in the terminal, and read while it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

from tinynn.cli.command import Command
from tinynn.cli.common import SHIPPED, engine_at_hand, found_network
from tinynn.errors import ArgumentError, DataError


@dataclass
class Draw(Command):
    """Draw a digit by mouse or keys, and watch a network read it.

    Draw a digit in the terminal, with the mouse or the arrow keys. What the network sees, what it
    answers and what is inside it change as you draw; h lists the keys.

    example: tinynn draw --net net.json

    --net NETWORK  a saved network for 28×28 or 8×8 digits (default: the one that ships with tinynn)
    --save FILE    where the key s saves what is drawn (default drawn.pgm); it replaces no file
    """

    net: str = SHIPPED
    save: str = "drawn.pgm"

    def run(self) -> int:
        """Open the screen; say at the end where pictures were saved."""
        try:
            from tinynn.views.draw import Drawing, require_terminal
        except ModuleNotFoundError as error:
            if (error.name or "").partition(".")[0] != "textual":
                raise
            needs = "it needs Textual, which is in the extra [images]: pip install textual"
            raise ArgumentError(needs) from None
        path = found_network(self.net)
        try:
            drawing = Drawing(engine_at_hand().load(path), self.save)
        except DataError as error:
            raise DataError(f"{self.net}: {error}" if path not in str(error) else error) from None
        require_terminal()
        status = drawing.run() or 0
        for saved in drawing.saved:
            print(f"saved: {saved}; tinynn predict {saved} reads it")
        return status
