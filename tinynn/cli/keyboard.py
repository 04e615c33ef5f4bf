"""Single keys from a terminal, without Enter; the terminal is always given back as it was."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
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
_PICTURE_OFF, _PICTURE_ON = b"\x1b[?1049l\x1b[?25h", b"\x1b[?1049h\x1b[?25l"
_WINDOWS = {"K": "left", "M": "right", "H": "up", "P": "down", "G": "home", "O": "end"}


class Keyboard:
    """The keys of a terminal, by default of standard input, inside a ``with`` block.

    ``read`` returns "" when ``seconds`` have passed without a key, None when there will be no
    more keys. Ctrl-C stays what it is. Ctrl-Z gives the terminal back, the screen that was there
    before the picture included, and ``fg`` takes it again: the next key is then "back", for
    whoever draws. In the background there is no terminal (``away``): draw nothing. While
    ``drawing`` says so, Ctrl-Z waits for the next ``read`` or ``obey``: half a picture would
    otherwise be written when the program goes on.
    """

    def __init__(self, descriptor: Optional[int] = None) -> None:
        self._descriptor = sys.stdin.fileno() if descriptor is None else descriptor
        self._before: Optional[list[Any]] = None  # the terminal's settings, while they are ours
        self._handlers: dict[int, Any] = {}
        self._waiting = b""
        self._back = False
        self._asked = 0  # the signal that waits
        self.away = False
        self.drawing: Callable[[], bool] = lambda: False

    def __enter__(self) -> Keyboard:
        if os.name != "nt":
            self._handle(signal.SIGTSTP, self._suspend)
            self._handle(signal.SIGCONT, self._return)
            try:
                self._take()
            except BaseException:  # a signal, which may come here too
                self.__exit__()
                raise
        return self

    def __exit__(self, *raised: object) -> None:
        for number, handler in self._handlers.items():
            signal.signal(number, handler)
        self._give_back()

    def read(self, seconds: float) -> Optional[str]:
        """Return the next key: a character, or a name such as "left" or "escape"."""
        if os.name == "nt":
            return _read_windows(seconds)
        self.obey()
        if self.away:
            self._return()  # `fg` of a program that ran on in the background sends no signal
        nothing = not self._back and not self._waiting and not self._more(seconds)
        if self._back:
            self._back = False
            return "back"
        if nothing:
            return ""
        while _BEGUN.fullmatch(self._waiting) and self._more(_PAUSE):
            pass  # the rest of a key may come in a moment; Escape alone stays alone
        return self._next() if self._waiting else None

    def obey(self) -> None:
        """Stop now, if Ctrl-Z was pressed while a picture was drawn."""
        if self._asked:
            self._suspend(self._asked)

    # The terminal, taken and given back.

    def _handle(self, number: int, handler: Any) -> None:
        """Handle a signal, unless it is ignored or this is not the main thread."""
        if signal.getsignal(number) is not signal.SIG_IGN:
            with suppress(ValueError):
                self._handlers[number] = signal.signal(number, handler)

    def _take(self) -> None:
        """Have each key at once, and unseen, unless the terminal is another program's now."""
        self.away = self._in_background()
        if self.away:
            self._before = None
        if self.away or not os.isatty(self._descriptor):
            return
        import termios
        import tty

        if self._before is None:
            self._before = termios.tcgetattr(self._descriptor)
        tty.setcbreak(self._descriptor, termios.TCSADRAIN)  # keys typed before are read

    def _give_back(self) -> None:
        """Put the terminal back as it was; keys that were not read are not left for the shell."""
        if self._before is None:
            return
        import termios

        with suppress(termios.error):  # the terminal may be gone
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, self._before)
        self._before, self._waiting = None, b""

    def _in_background(self) -> bool:
        try:
            return os.tcgetpgrp(self._descriptor) != os.getpgrp()
        except OSError:
            return False  # not the terminal that starts and stops programs

    def _suspend(self, number: int, frame: object = None) -> None:
        """Stop, as Ctrl-Z asks, with the terminal given back."""
        self._asked = number if self.drawing() else 0
        if self._asked:
            return
        self._give_back()
        _write(_PICTURE_OFF)
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
        # here the program waits until it is continued
        signal.signal(number, self._suspend)
        self._return()

    def _return(self, number: int = 0, frame: object = None) -> None:
        """Take the terminal again, if it is ours again."""
        self._take()
        if not self.away:
            _write(_PICTURE_ON)
            self._back = True

    def _more(self, seconds: float) -> bool:
        """Take in what has been typed, if anything is within so many seconds."""
        if self._before is None:
            time.sleep(seconds)
            return False
        ready, _, _ = select.select([self._descriptor], [], [], seconds)
        received = os.read(self._descriptor, 1024) if ready else b""
        self._waiting += received
        return bool(ready) and (bool(received) or not self._waiting)

    def _next(self) -> str:
        """Take one key from the bytes that arrived; many arrive at once when a key is held down."""
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


def _write(sequence: bytes) -> None:
    """Write to the terminal at once: Python's own buffer may be in use when a signal comes."""
    if sys.stdout.isatty():
        os.write(sys.stdout.fileno(), sequence)


def _read_windows(seconds: float) -> str:
    import msvcrt

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
