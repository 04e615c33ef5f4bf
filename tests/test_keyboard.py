"""Keys while a network learns, and a terminal that is given back whatever happens."""

from __future__ import annotations

import os
import re
import select
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import on_a_terminal
from tinynn import Network, load_digits

TRAIN = ("train", "--sizes", "64", "5", "10", "--epochs", "500")


def plain(text: str) -> str:
    """Drop the terminal's escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)


def test_q_stops_and_keeps_what_was_learnt(own_cache: Path) -> None:
    """Status 0, the picture gone, the network of the last whole epoch kept."""
    status, written = on_a_terminal(*TRAIN, keys=[("3 of 500 epochs", "q")])
    assert status == 0
    assert re.search(r"stopped +by q", plain(written))
    assert "tinynn train --resume" in plain(written)
    assert Network.load(own_cache / "last.json").sizes == (64, 5, 10)
    assert written.count("\x1b[?1049h") == written.count("\x1b[?1049l") == 1
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l"), "the cursor is back"


def test_the_arrows_watch_another_test_digit() -> None:
    """Right from the first, left and left again to the last; each with its label."""
    test = load_digits().test
    keys = [
        ("test digit 0,", "\x1b[C"),
        (f"test digit 1, ◂ label: {test.label(1)}", "\x1b[D"),
        ("test digit 0,", "\x1b[D"),
        (f"test digit 499, ◂ label: {test.label(499)}", "q"),
    ]
    status, _ = on_a_terminal(*TRAIN, keys=keys)
    assert status == 0


def test_space_pauses_and_goes_on() -> None:
    """While it is paused nothing is learnt; q works there too."""
    keys = [("2 of 500 epochs", " "), ("paused", " "), ("4 of 500 epochs", " "), ("paused", "q")]
    status, written = on_a_terminal(*TRAIN, keys=keys)
    assert status == 0
    assert re.search(r"stopped +by q", plain(written))


def test_a_question_mark_lists_the_keys_and_takes_the_list_away() -> None:
    """? closes it again, and so does q, which stops nothing while the list is shown."""
    keys = [
        ("test digit 0,", "?"),
        ("pause, and go on", "?"),
        ("test digit 0,", "h"),
        ("pause, and go on", "q"),
        ("test digit 0,", "q"),
    ]
    status, written = on_a_terminal(*TRAIN, keys=keys)
    assert status == 0
    assert written.count("label: ") > 2


def test_keys_are_neither_echoed_nor_left_for_the_shell() -> None:
    """What nobody asked for does nothing; on_a_terminal sees that the settings are put back."""
    status, written = on_a_terminal(*TRAIN, keys=[("2 of 500", "xyzzy"), ("3 of 500", "qrm *\r")])
    assert status == 0
    assert "xyzzy" not in written
    assert "rm *" not in written


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.parametrize("command", [TRAIN, ("step",)])
def test_a_signal_gives_the_terminal_back(command: tuple[str, ...], name: str) -> None:
    """Echo, cursor and main screen; status 128 + the signal's number."""
    number = int(getattr(signal, name))
    code = (
        "import os, sys, threading, tinynn.cli;"
        f"threading.Timer(1.5, os.kill, (os.getpid(), {number})).start();"
        "sys.exit(tinynn.cli.main(sys.argv[1:]))"
    )
    status, written = on_a_terminal(*command, code=code)
    assert status == 128 + number
    assert "Traceback" not in written
    assert written.count("\x1b[?1049h") == written.count("\x1b[?1049l") == 1
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l")


class Shell:
    """An interactive shell on a terminal: what Ctrl-Z and fg need."""

    def __init__(self) -> None:
        pty = pytest.importorskip("pty")
        self.process, self.terminal = pty.fork()
        if not self.process:
            os.environ.update(PS1="shell> ", TERM="xterm-256color", PYTHONIOENCODING="utf-8")
            os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
        self.resize(80, 24)

    def resize(self, columns: int, lines: int) -> None:
        """Give the terminal another size."""
        import fcntl
        import struct
        import termios

        size = struct.pack("HHHH", lines, columns, 0, 0)
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, size)

    def type(self, keys: str, until: str) -> str:
        """Type keys, and return what is written up to a text that has to appear."""
        if keys:
            os.write(self.terminal, keys.encode())
        written, deadline = b"", time.monotonic() + 30
        while until.encode() not in written:
            assert time.monotonic() < deadline, f"no {until!r} after {keys!r}: {written[-2000:]!r}"
            if select.select([self.terminal], [], [], 0.1)[0]:
                written += os.read(self.terminal, 65536)
        return written.decode("utf-8", errors="replace")

    def settings(self) -> str:
        """What stty says of the terminal's echo and lines."""
        said = self.type("stty -a; echo so'far'\r", "sofar")
        return " ".join(re.findall(r"-?\b(?:echo|icanon|isig)\b", said)[-3:])


@pytest.fixture
def shell() -> Iterator[Shell]:
    """A shell that is gone after the test."""
    shell = Shell()
    shell.type("set +o history\r", "shell> ")
    yield shell
    os.close(shell.terminal)
    os.kill(shell.process, signal.SIGKILL)
    os.waitpid(shell.process, 0)


TINYNN = f"env -u COLUMNS -u LINES {sys.executable} -m tinynn"  # a size in them would not change


@pytest.mark.parametrize(
    ("command", "drawn"), [(" ".join(TRAIN), "of 500 epochs"), ("step", "of 49")]
)
def test_ctrl_z_gives_the_terminal_back_and_fg_takes_it_again(
    shell: Shell, command: str, drawn: str
) -> None:
    """Echo, lines, cursor and the screen of before; then the picture, and keys that work."""
    before = shell.settings()
    shell.type(f"{TINYNN} {command}\r", drawn)
    left = shell.type("\x1a", "Stopped")
    assert "\x1b[?1049l" in left
    assert left.rindex("\x1b[?25h") > left.rfind("\x1b[?25l")
    assert shell.settings() == before
    again = shell.type("fg\r", drawn)
    assert "\x1b[?1049h" in again
    shell.type("?", "goes back" if "train" not in command else "any key goes back")
    shell.type("x", drawn)
    ended = shell.type("q", "shell> ")
    assert "\x1b[?1049l" in ended
    assert shell.settings() == before


def test_in_the_background_a_run_goes_on_and_draws_nothing(shell: Shell) -> None:
    """Ctrl-Z, bg: the shell has the terminal; fg: the picture is back."""
    shell.type(f"{TINYNN} {' '.join(TRAIN)}\r", "of 500 epochs")
    shell.type("\x1a", "Stopped")
    shell.type("bg\r", "shell> ")
    quiet = shell.type("sleep 1; echo a'wake'\r", "awake")
    assert "of 500 epochs" not in quiet
    shell.type("fg\r", "of 500 epochs")
    shell.type("q", "stopped")


def test_another_size_is_drawn_at_once_and_one_too_small_says_so(shell: Shell) -> None:
    """Made wider, too small, and large again, while the run is paused."""
    shell.type(f"{TINYNN} {' '.join(TRAIN)}\r", "of 500 epochs")
    shell.type(" ", "paused")
    shell.resize(120, 40)
    shell.type("", "─" * 50)
    shell.resize(60, 20)
    shell.type("", "this terminal has 60×20")
    shell.resize(80, 24)
    shell.type("", "paused")
    shell.type("q", "shell> ")
