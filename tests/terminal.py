"""Commands as a person meets them: in a pipe, or on a terminal of a given size.

Each runs in a process that is a copy of this one where the system can fork: a start of Python and
of all imports takes longer than most commands.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Optional, Union

from tinynn.cli import main

ROOT = Path(__file__).resolve().parent.parent
CAN_FORK = "fork" in multiprocessing.get_all_start_methods()


class Forked:
    """A process as from subprocess.Popen, which runs ``tinynn`` without a start of Python."""

    def __init__(
        self,
        arguments: Sequence[str],
        files: tuple[int, int, int],
        environment: Mapping[str, str],
        *,
        session: bool = False,
    ) -> None:
        started = multiprocessing.get_context("fork").Process(
            target=_program, args=(arguments, files, environment, session)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pytest-xdist has threads, which only wait
            started.start()
        assert started.pid is not None
        self.pid, self._process = started.pid, started

    def poll(self) -> Optional[int]:
        """Return the exit status, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float) -> int:
        """Return the exit status; fail after so many seconds."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            raise AssertionError(f"tinynn still ran after {timeout:g} s")
        return self._process.exitcode


def _program(
    arguments: Sequence[str],
    files: tuple[int, int, int],
    environment: Mapping[str, str],
    session: bool,
) -> None:
    """Be the program: these files are its streams, this is its environment."""
    if session:
        os.setsid()
    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", 1, encoding="utf-8", closefd=False)  # noqa: SIM115
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["tinynn", *arguments]
    warnings.resetwarnings()
    gc.callbacks.clear()  # Hypothesis has one: a Ctrl-C inside it would be lost
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # as tinynn/__main__.py has it
    sys.exit(main())


def started(
    arguments: Sequence[str],
    files: tuple[int, int, int],
    environment: Mapping[str, str],
    *,
    without: Sequence[str] = (),
    code: Optional[str] = None,
    session: bool = False,
) -> Union[Forked, subprocess.Popen[bytes]]:
    """Start ``tinynn``, or a program of Python (``code``), with these streams.

    It has this environment, and of ours all but ``without``. A new Python starts if the system
    cannot fork, or if the environment has words for Python.
    """
    variables = {key: value for key, value in os.environ.items() if key not in without}
    variables |= {"PYTHONIOENCODING": "utf-8", **environment}
    if CAN_FORK and not code and not any(name.startswith("PYTHON") for name in environment):
        return Forked(arguments, files, variables, session=session)
    return subprocess.Popen(
        [sys.executable, *(["-c", code] if code else ["-m", "tinynn"]), *arguments],
        stdin=files[0],
        stdout=files[1],
        stderr=files[2],
        start_new_session=session,
        env=variables,
    )


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run ``tinynn`` with its output in a file, which is to it as a pipe."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        process = started(arguments, (0, out.fileno(), err.fileno()), environment)
        status = process.wait(timeout=120)
        for each in (out, err):
            each.seek(0)
        written = out.read().decode("utf-8"), err.read().decode("utf-8")
    return subprocess.CompletedProcess(arguments, status, *written)


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
    before = termios.tcgetattr(theirs)
    process = started(
        arguments,
        (theirs, theirs, theirs),
        {"TERM": "xterm-256color", **environment},
        without=("COLUMNS", "LINES", "NO_COLOR"),
        code=code,
        session=True,
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
