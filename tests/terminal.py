"""Commands as a person meets them: in a pipe, or on a terminal of a given size."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``tinynn`` with its output in a pipe."""
    return subprocess.run(
        [sys.executable, "-m", "tinynn", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def on_a_terminal(
    *arguments: str,
    columns: int = 80,
    lines: int = 24,
    interrupt_after: Optional[str] = None,
    code: Optional[str] = None,
    keys: Sequence[tuple[str, str]] = (),
    **environment: str,
) -> tuple[int, str]:
    """Run ``tinynn`` on a pseudo-terminal; return its exit status and all that it wrote.

    ``interrupt_after`` sends Ctrl-C once this text has been written. ``keys`` are pairs: once the
    text has been written since the last key, type the key. ``code`` is a program of Python to run
    in place of ``tinynn``. Fails if the terminal is not left as it was found.
    """
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
    variables = {
        key: value
        for key, value in os.environ.items()
        if key not in ("COLUMNS", "LINES", "NO_COLOR")
    }
    before = termios.tcgetattr(theirs)
    process = subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["-m", "tinynn"]), *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**variables, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
    )
    typing = list(keys)
    looked = 0
    written = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([ours], [], [], 0.1)
        if not ready:
            if process.poll() is not None:
                break
            continue
        written += os.read(ours, 65536)
        if interrupt_after and interrupt_after.encode() in written:
            interrupt_after = None
            os.kill(process.pid, signal.SIGINT)
        while typing and (at := written.find(typing[0][0].encode(), looked)) >= 0:
            looked = at + len(typing[0][0].encode())
            os.write(ours, typing.pop(0)[1].encode())
    status = process.wait(timeout=30)
    assert termios.tcgetattr(theirs) == before, "the terminal was not put back as it was"
    os.close(theirs)
    os.close(ours)
    return status, written.decode("utf-8", errors="replace")
