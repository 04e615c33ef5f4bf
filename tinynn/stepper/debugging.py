"""The debugger that breakpoint() opens inside a recording."""

from __future__ import annotations

import pdb
from collections.abc import Callable
from typing import Any


class Debugger(pdb.Pdb):
    """The standard debugger, during and after which a recording continues.

    ``share`` is called with its trace function, or with None once it has no more stops.
    """

    def __init__(self, share: Callable[[Any], None]) -> None:
        super().__init__(skip=["tinynn.stepper.*"])
        self.share = share

    def set_continue(self) -> None:
        """Continue without stopping, and keep recording."""
        super().set_continue()
        self.share(self.trace_dispatch if self.breaks else None)
