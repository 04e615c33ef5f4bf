"""A run that is watched: its screen, and the keys that are pressed while it learns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING

from tinynn.cli.keeping import Stopped
from tinynn.cli.keyboard import Keyboard
from tinynn.training import Progress, Run

if TYPE_CHECKING:
    from tinynn.views.training import TrainingScreen

_LOOKS_A_SECOND = 20


@contextmanager
def watched(run: Run, screen: TrainingScreen) -> Iterator[None]:
    """Show a run on its screen, and obey the keys: q, space, left, right and ?.

    Raises Stopped at q. The terminal is given back in any case.
    """
    with Keyboard() as keyboard, screen:
        watch = _Watch(screen, keyboard)
        run.on_mini_batch, run.on_scored = watch.on_mini_batch, watch.on_scored
        screen.masks = run.masks
        try:
            yield
        finally:
            run.on_mini_batch = run.on_scored = None


class _Watch:
    """What is done between two mini-batches."""

    def __init__(self, screen: TrainingScreen, keyboard: Keyboard) -> None:
        self.screen, self.keyboard = screen, keyboard
        self._looked = 0.0
        keyboard.drawing = lambda: screen.drawing
        screen.away = lambda: keyboard.away

    def on_mini_batch(self, progress: Progress) -> None:
        """Show how far the epoch is, and obey."""
        self._obey()
        self.screen.on_mini_batch(progress)
        self.keyboard.obey()

    def on_scored(self, done: int) -> None:
        """Show how much of the test data is measured, and obey."""
        self._obey()
        self.screen.on_scored(done)
        self.keyboard.obey()

    def _obey(self) -> None:
        """Do what the keys say that were pressed; while the run is paused, wait here."""
        if monotonic() - self._looked < 1.0 / _LOOKS_A_SECOND:
            return
        key = self.keyboard.read(0.0)
        while key or self.screen.paused:
            if key:
                self._press(key)
            key = self.keyboard.read(0.2 if self.screen.paused else 0.0)
            if key is None:  # nothing more can be typed
                self.screen.paused = False
            if self.screen.resized():
                self.screen.draw()
        self._looked = monotonic()

    def _press(self, key: str) -> None:
        screen = self.screen
        if key in ("?", "h") or screen.helping:
            screen.helping = not screen.helping
        elif key == "q":
            raise Stopped
        elif key == " ":
            screen.paused = not screen.paused
        elif key in ("left", "right"):
            screen.digit = (screen.digit + (1 if key == "right" else -1)) % len(screen.test)
        screen.draw()
