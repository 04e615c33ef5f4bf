"""A screen that draws itself while something runs, and gives the terminal back at the end."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Optional, TypeVar

from rich.console import Console, RenderableType
from rich.live import Live
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

FRAMES_A_SECOND = 8
_Screen = TypeVar("_Screen", bound="LiveScreen")


def progress_bar(text: str, console: Console, *more: ProgressColumn) -> Progress:
    """Return a bar with a text, the share that is done and the time that is left."""
    left = TimeRemainingColumn(elapsed_when_finished=True)
    columns = TextColumn(text), BarColumn(None), TaskProgressColumn(), *more, left
    return Progress(*columns, console=console, expand=True)


class LiveScreen:
    """A picture that fills the terminal; use it as a context manager.

    ``away`` says whether another program has the terminal, and ``drawing`` is for whoever reads
    the keys.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.drawing = False
        self.away: Callable[[], bool] = lambda: False
        self._live: Optional[Live] = None
        self._drawn = 0.0

    def picture(self) -> RenderableType:
        """Return the screen as it is now."""
        raise NotImplementedError

    def __enter__(self: _Screen) -> _Screen:
        self._live = Live(self.picture(), console=self.console, screen=True, auto_refresh=False)
        try:
            self._live.start(refresh=True)
        except BaseException:  # a signal, which may come here too
            self.__exit__()
            raise
        return self

    def __exit__(self, *raised: object) -> None:
        self.drawing = False
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _draw_in_time(self) -> None:
        if monotonic() - self._drawn > 1.0 / FRAMES_A_SECOND:
            self.draw()

    def draw(self) -> None:
        """Draw the screen now."""
        if self._live is not None and not self.away():
            self.drawing = True
            self._live.update(self._framed(), refresh=True)
            self.drawing = False
        self._drawn = monotonic()

    def _framed(self) -> RenderableType:
        return self.picture()
