"""Single keys from a terminal, without Enter; the terminal is put back as it was."""

from __future__ import annotations

import os
import select
import sys
from types import TracebackType
from typing import Any, Optional

# What a terminal sends for the keys that have no character.
_ESCAPES = {
    b"\x1b[C": "right",
    b"\x1b[D": "left",
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1b[H": "home",
    b"\x1b[F": "end",
    b"\x1b[1~": "home",
    b"\x1b[4~": "end",
    b"\x1bOC": "right",
    b"\x1bOD": "left",
    b"\x1bOA": "up",
    b"\x1bOB": "down",
    b"\x1bOH": "home",
    b"\x1bOF": "end",
}
_NAMED = {b"\r": "enter", b"\n": "enter", b"\x7f": "backspace", b"\x08": "backspace"}
_WINDOWS = {"K": "left", "M": "right", "H": "up", "P": "down", "G": "home", "O": "end"}


class Keyboard:
    """The keys of the terminal that standard input is, inside a ``with`` block.

    ``read`` returns "" when ``seconds`` have passed without a key, None when there will be no
    more keys. Ctrl-C stays what it is.
    """

    def __enter__(self) -> Keyboard:
        self._before: Optional[list[Any]] = None
        self._waiting = b""
        if os.name != "nt":
            import termios
            import tty

            self._descriptor = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._descriptor)
            tty.setcbreak(self._descriptor)
        return self

    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        trace: Optional[TracebackType],
    ) -> None:
        if self._before is not None:
            import termios

            termios.tcsetattr(self._descriptor, termios.TCSADRAIN, self._before)

    def read(self, seconds: float) -> Optional[str]:
        """Return the next key: a character, or a name such as "left" or "escape"."""
        if os.name == "nt":
            return _read_windows(seconds)
        if not self._waiting:
            ready, _, _ = select.select([self._descriptor], [], [], seconds)
            if not ready:
                return ""
            self._waiting = os.read(self._descriptor, 1024)
            if not self._waiting:
                return None
        return self._next()

    def _next(self) -> str:
        """Take one key from the bytes that came; many come at once when a key is held down."""
        for bytes_, name in _ESCAPES.items():
            if self._waiting.startswith(bytes_):
                self._waiting = self._waiting[len(bytes_) :]
                return name
        if self._waiting.startswith(b"\x1b"):
            self._waiting = b""  # Escape itself, or a key that is not known here
            return "escape"
        length = 1
        while length < 4 and self._waiting[length : length + 1] >= b"\x80":
            if self._waiting[length] >= 0xC0:
                break
            length += 1
        character, self._waiting = self._waiting[:length], self._waiting[length:]
        return _NAMED.get(character) or character.decode("utf-8", errors="ignore")


def _read_windows(seconds: float) -> str:
    import msvcrt
    import time

    windows: Any = msvcrt  # its functions are there on Windows alone
    deadline = time.monotonic() + seconds
    while not windows.kbhit():
        if time.monotonic() > deadline:
            return ""
        time.sleep(0.01)
    key: str = windows.getwch()
    if key in ("\x00", "\xe0"):
        return _WINDOWS.get(windows.getwch(), "")
    return {"\r": "enter", "\x08": "backspace", "\x1b": "escape"}.get(key, key)
