"""Commands as a person meets them: in a pipe, or on a terminal of a given size."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
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
    **environment: str,
) -> tuple[int, str]:
    """Run ``tinynn`` on a pseudo-terminal; return its exit status and all that it wrote.

    ``interrupt_after`` sends Ctrl-C once this text has been written. ``code`` is a program of
    Python to run in its place.
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
    process = subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["-m", "tinynn"]), *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
        env={**variables, "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8", **environment},
    )
    os.close(theirs)
    written = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        ready, _, _ = select.select([ours], [], [], 1.0)
        if not ready:
            continue
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # the other end is closed: Linux says so with EIO
            break
        if not chunk:
            break
        written += chunk
        if interrupt_after and interrupt_after.encode() in written:
            interrupt_after = None
            os.kill(process.pid, signal.SIGINT)
    status = process.wait(timeout=30)
    os.close(ours)
    return status, written.decode("utf-8", errors="replace")
