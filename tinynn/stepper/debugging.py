"""The debugger that breakpoint() opens inside a recording."""

from __future__ import annotations

import pdb
from collections.abc import Callable
from typing import Any


class Debugger(pdb.Pdb):
    """The standard debugger, which lets the recording go on beside it and after it.

    ``share`` is called with its trace function, or with None once it stops nowhere any more.
    """

    def __init__(self, share: Callable[[Any], None]) -> None:
        super().__init__(skip=["tinynn.stepper.*"])
        self.share = share

    def set_continue(self) -> None:
        """Go on without stopping; and with the recording."""
        super().set_continue()
        self.share(self.trace_dispatch if self.breaks else None)
