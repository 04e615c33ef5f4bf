"""Single keys from a terminal, without Enter; the terminal is put back as it was."""

from __future__ import annotations

import os
import re
import select
import sys
from types import TracebackType
from typing import Any, Optional

# What a terminal sends after Escape for the keys that have no character.
_ESCAPES = {
    "A": "up",
    "B": "down",
    "C": "right",
    "D": "left",
    "H": "home",
    "F": "end",
    "1~": "home",
    "4~": "end",
    "7~": "home",
    "8~": "end",
}
_SEQUENCE = re.compile(rb"\x1b(?:\[([0-9;?]*[@-~])|O([@-~])|([^\[O\x1b]))")
_BEGUN = re.compile(rb"\x1b(?:\[[0-9;?]*|O)?")  # the start of a key that has not all come yet
_NAMED = {b"\r": "enter", b"\n": "enter", b"\x7f": "backspace", b"\x08": "backspace"}
_PAUSE = 0.05  # seconds within which the rest of a key comes
_WINDOWS = {"K": "left", "M": "right", "H": "up", "P": "down", "G": "home", "O": "end"}


class Keyboard:
    """The keys of a terminal, by default of standard input, inside a ``with`` block.

    ``read`` returns "" when ``seconds`` have passed without a key, None when there will be no
    more keys. Ctrl-C stays what it is.
    """

    def __init__(self, descriptor: Optional[int] = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._before: Optional[list[Any]] = None
        self._waiting = b""

    def __enter__(self) -> Keyboard:
        if os.name != "nt":
            import termios
            import tty

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
        if not self._waiting and not self._more(seconds):
            return ""
        while _BEGUN.fullmatch(self._waiting) and self._more(_PAUSE):
            pass  # the rest of a key may come in a moment; Escape alone stays alone
        return self._next() if self._waiting else None

    def _more(self, seconds: float) -> bool:
        """Take in what has been typed, if anything is within so many seconds."""
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        came = os.read(self._descriptor, 1024) if ready else b""
        self._waiting += came
        return bool(ready) and (bool(came) or not self._waiting)

    def _next(self) -> str:
        """Take one key from the bytes that came; many come at once when a key is held down."""
        sequence = _SEQUENCE.match(self._waiting)
        if sequence:
            self._waiting = self._waiting[sequence.end() :]
            code = (sequence[1] or sequence[2] or b"").decode("ascii")
            return _ESCAPES.get(code, "")
        if self._waiting.startswith(b"\x1b"):
            self._waiting = self._waiting[1:]
            return "escape"
        length = 1
        while 0x80 <= ord(self._waiting[length : length + 1] or b"\0") < 0xC0:
            length += 1  # the rest of a letter that is more than one byte
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
