"""Pictures that fill the screen, and the keys that are pressed while they are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Optional

from tinynn.cli.keeping import Stopped
from tinynn.cli.keyboard import Keyboard
from tinynn.training import Progress, Run

if TYPE_CHECKING:
    from rich.console import Console

    from tinynn.views.training import TrainingScreen

_Picture = Callable[[str, int, int], Any]  # of a title, how far it is, and a height
_LOOKS_A_SECOND = 20
_SECONDS, _FRAMES_A_SECOND = 6, 20  # that the pictures of a whole course last


@contextmanager
def full_screen(console: Console) -> Iterator[tuple[Keyboard, Callable[[Any], None]]]:
    """Take the screen for a while; yield the keyboard, and what draws a picture."""
    from rich.live import Live

    how: dict[str, Any] = {"screen": True, "auto_refresh": False, "vertical_overflow": "crop"}
    with Keyboard() as keyboard, Live(console=console, **how) as live:
        yield keyboard, partial(live.update, refresh=True)


def play(console: Console, title: str, last: int, picture: _Picture) -> None:
    """Show the pictures up to the last one after another; space pauses, q goes to the end."""
    shown, paused = 0.0, False
    key: Optional[str] = ""
    with full_screen(console) as (keyboard, draw):
        while shown < last and key not in ("q", None):
            draw(picture(f"{title}; space pauses, q ends", int(shown), console.height))
            key = keyboard.read(1.0 / _FRAMES_A_SECOND)
            paused = paused != (key == " ")
            shown += 0 if paused else last / (_SECONDS * _FRAMES_A_SECOND)
    console.print(picture(title, last, console.height))


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
