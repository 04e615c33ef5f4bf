"""The download of MNIST from public mirrors. A file counts only if its checksum is right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Thread
from time import monotonic
from typing import Any, NamedTuple, Optional

from tinynn.datasets.idx import ByteStream, read_stream
from tinynn.datasets.mnist import CHECKSUMS, where
from tinynn.errors import DataError
from tinynn.files import FilePath, path_name

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_TIMEOUT = 20.0  # seconds without data
_IN_ALL = 90  # times the timeout: the limit for the whole download
_LARGEST = 100_000_000  # bytes of a file, sent or unpacked; the largest file has 47 million
_CHUNK = 2**16


class Download(NamedTuple):
    """The progress of one file: bytes received, and bytes in all if the server reports them.

    ``state`` is ``there`` (nothing to do), ``receiving`` or ``done``. ``mirror`` sends the file;
    ``failures`` lists the mirrors that failed, and why.
    """

    name: str
    state: str
    received: int = 0
    total: Optional[int] = None
    mirror: str = ""
    failures: tuple[str, ...] = ()


class _MirrorError(DataError):
    """A mirror failed to send a file; the next one may succeed."""


def download_mnist(
    folder: FilePath,
    mirrors: Sequence[str] = MIRRORS,
    checksums: Mapping[str, str] = CHECKSUMS,
    timeout: float = _TIMEOUT,
) -> Iterator[Download]:
    """Download the four files into a folder, and yield the progress.

    A correct existing file stays unchanged. A new file has a name that ends in ``.part`` until the
    SHA-256 of its unpacked content is right. The part that an earlier attempt left is continued,
    or replaced if it does not fit. Mirrors are tried in turn; the next one follows if a mirror
    sends nothing for ``timeout`` seconds or exceeds its share of the total time. Raises DataError,
    which says where to put which files, if all mirrors fail; OSError if the folder is not
    writable.
    """
    target = path_name(folder)
    made = not os.path.isdir(target)
    os.makedirs(target, exist_ok=True)
    deadline = monotonic() + _IN_ALL * timeout
    for done, (name, checksum) in enumerate(checksums.items()):
        if _is_there(target, name, checksum):
            yield Download(f"{name}.gz", "there")
            continue
        path = os.path.join(target, f"{name}.gz")
        failures: tuple[str, ...] = ()
        attempts = (len(checksums) - done) * len(mirrors)  # the most that can follow
        for i, mirror in enumerate(mirrors):
            until = monotonic() + (deadline - monotonic()) / (attempts - i)
            try:
                for step in _fetch(mirror, path, checksum, timeout, until):
                    yield step._replace(failures=failures)
                break
            except _MirrorError as error:
                failures += (f"{_host(mirror)}: {error}",)
        else:
            if made:
                with suppress(OSError):  # keep the part that arrived
                    os.rmdir(target)
            why = "; ".join(failures)
            raise DataError(f"cannot download {name}.gz ({why}): try again, or {where(target)}")


def _host(mirror: str) -> str:
    return mirror.split("://")[-1].split("/")[0]


def _is_there(folder: str, name: str, checksum: str) -> bool:
    path = os.path.join(folder, name)
    if not os.path.exists(path):  # load_mnist takes it before a gzipped one
        return _is_good(f"{path}.gz", checksum)
    if not _is_good(path, checksum, gzipped=False):
        raise DataError(f"{path} exists but is not MNIST's: remove it, or name another folder")
    return True


def _is_good(path: str, checksum: str, gzipped: bool = True) -> bool:
    """Return whether the content of a file, unpacked if it is gzipped, has this SHA-256."""
    with suppress(FileNotFoundError, DataError):
        return read_stream(path, _checksum, gzipped) == checksum
    return False


def _checksum(file: ByteStream, name: str) -> str:
    import hashlib

    digest, left = hashlib.sha256(), _LARGEST
    while (chunk := file.read(_CHUNK)) and left >= 0:
        left -= len(chunk)
        digest.update(chunk)
    return digest.hexdigest()  # a file above the limit gets a wrong checksum


def _fetch(
    mirror: str, path: str, checksum: str, timeout: float, until: float
) -> Iterator[Download]:
    """Download a file from a mirror, after the bytes of an earlier attempt; yield the progress."""
    name, part = os.path.basename(path), f"{path}.part"
    resumed = os.path.getsize(part) if os.path.exists(part) else 0
    for have in dict.fromkeys((resumed, 0)):  # from its start if the two parts do not fit together
        for received, total in _receive(mirror + name, have, part, timeout, until):
            yield Download(name, "receiving", received, total, _host(mirror))
        if _is_good(part, checksum):
            os.replace(part, path)
            size = os.path.getsize(path)
            yield Download(name, "done", size, size, _host(mirror))
            return
        os.remove(part)
    raise _MirrorError("its file has a wrong checksum")


def _receive(
    url: str, have: int, part: str, timeout: float, until: float
) -> Iterator[tuple[int, Optional[int]]]:
    """Write a mirror's bytes to the file ``part``; yield how many it has, and the total if known.

    The bytes stay there if the connection breaks.
    """
    sent = _sent(url, have, timeout, until)
    status, length, place = next(sent, (416, "", ""))
    if status == 416:  # nothing is left to send
        return
    if status == 206 and not place.startswith(f"bytes {have}-"):
        raise _MirrorError("it sent a different part of the file than requested")
    have = have if status == 206 else 0  # else it sends the whole file, requested or not
    known = length.isascii() and length.isdecimal() and len(length) < 16
    total = have + int(length) if known else None
    with open(part, "ab" if have else "wb") as file:
        for chunk in sent:
            have += len(chunk)
            if have > _LARGEST:
                raise _MirrorError(f"it sent more than {_LARGEST:,} bytes")
            try:
                file.write(chunk)
            except OSError as error:
                error.filename = part  # the error of a full disk names no file
                raise
            yield have, total
        file.flush()
        os.fsync(file.fileno())
    if total is not None and have < total:
        raise _MirrorError(f"the connection broke after {have:,} of {total:,} bytes")


def _sent(url: str, have: int, timeout: float, until: float) -> Iterator[Any]:
    """Yield a mirror's response until the time ``until``: status, length and range, then bytes.

    A thread reads the response, so that no mirror can block this function beyond the time.
    """
    arrived: Queue[Any] = Queue(8)
    Thread(target=_ask, args=(url, have, timeout, until, arrived), daemon=True).start()
    while True:
        try:
            sent = arrived.get(timeout=max(0.0, until - monotonic()))
        except Empty:
            sent = TimeoutError("it took too long")
        if sent is None or (have and getattr(sent, "code", 0) == 416):
            return
        if isinstance(sent, Exception):
            raise _MirrorError(_in_one_line(sent))
        yield sent


def _ask(url: str, have: int, timeout: float, until: float, arrived: Queue[Any]) -> None:
    """Download: put the header, the chunks, and then None into the queue, or else the error."""
    from urllib.request import Request, urlopen  # slow to import

    def put(found: Any) -> None:  # give up when nobody can be waiting for it
        arrived.put(found, timeout=max(0.0, until - monotonic()))

    headers = {"User-Agent": "tinynn", **({"Range": f"bytes={have}-"} if have else {})}
    try:
        with urlopen(Request(url, headers=headers), timeout=timeout) as response:
            length, place = map(response.headers.get, ("Content-Length", "Content-Range"))
            put((response.status, length or "", place or ""))
            while monotonic() < until and (chunk := response.read1(_CHUNK)):
                put(chunk)
        put(None)
    except Exception as error:  # bad hosts, redirects, lengths and chunks have many kinds
        with suppress(Full):
            put(error)


def _in_one_line(error: Exception) -> str:
    """Return the error in a few printable words, possibly the mirror's."""
    reason = getattr(error, "reason", None) or error
    words = str(getattr(reason, "strerror", None) or reason)[:100]
    plain = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    code = getattr(error, "code", None)  # of an HTTPError
    return f"it answers {code} {plain}" if code else plain or type(error).__name__
