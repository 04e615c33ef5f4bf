"""MNIST from its public mirrors: nothing counts as there before its checksum is right."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import IO, TYPE_CHECKING, NamedTuple, Optional

from tinynn.datasets.idx import ByteStream, read_stream
from tinynn.datasets.mnist import CHECKSUMS, where
from tinynn.errors import DataError
from tinynn.files import Path, path_name

if TYPE_CHECKING:
    from http.client import HTTPResponse

MIRRORS = (
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
)
_TIMEOUT = 20.0  # seconds of silence
_CHUNK = 2**16
_LARGEST_DOWNLOAD = 50_000_000  # bytes; the largest file has 10 million
_LARGEST_CONTENT = 100_000_000  # unpacked; the largest has 47 million


class Download(NamedTuple):
    """How far one file is: bytes received, and bytes in all if the server says so.

    ``state`` is ``there`` (nothing to do), ``receiving`` or ``done``. ``mirror`` sent it, and
    ``failures`` says which mirrors did not, and why.
    """

    name: str
    state: str
    received: int = 0
    total: Optional[int] = None
    mirror: str = ""
    failures: tuple[str, ...] = ()


class _MirrorError(DataError):
    """A mirror did not deliver; the next one may."""


def download_mnist(
    folder: Path,
    mirrors: Sequence[str] = MIRRORS,
    checksums: Mapping[str, str] = CHECKSUMS,
    timeout: float = _TIMEOUT,
) -> Iterator[Download]:
    """Download the four files into a folder, and report how far it is.

    A file that is there and right is left alone. One that arrives has a name that ends in
    ``.part`` until the SHA-256 of its unpacked content is right; whatever part of it an earlier
    attempt left is continued, or replaced if it does not fit. Each mirror is tried in turn.
    Raises DataError, which says where to put which files, if no mirror delivers; OSError if the
    folder cannot be written to.
    """
    target = path_name(folder)
    made = not os.path.isdir(target)
    os.makedirs(target, exist_ok=True)
    for name, checksum in checksums.items():
        if _is_there(target, name, checksum):
            yield Download(f"{name}.gz", "there")
            continue
        failures: tuple[str, ...] = ()
        for mirror in mirrors:
            try:
                for step in _fetch(mirror, os.path.join(target, f"{name}.gz"), checksum, timeout):
                    yield step._replace(failures=failures)
                break
            except _MirrorError as error:
                failures += (f"{_host(mirror)}: {error}",)
        else:
            if made:
                with suppress(OSError):  # something did arrive: keep it
                    os.rmdir(target)
            told = "; ".join(failures)
            raise DataError(f"{name}.gz did not arrive ({told}): try again, or {where(target)}")


def _host(mirror: str) -> str:
    return mirror.split("://")[-1].split("/")[0]


def _is_there(folder: str, name: str, checksum: str) -> bool:
    path = os.path.join(folder, name)
    if os.path.exists(path):  # load_mnist takes it before a gzipped one
        if content_checksum(path, gzipped=False) == checksum:
            return True
        raise DataError(f"{path} is there and is not MNIST's: remove it, or name another folder")
    return _is_good(f"{path}.gz", checksum)


def _is_good(path: str, checksum: str) -> bool:
    try:
        return content_checksum(path, gzipped=True) == checksum
    except (FileNotFoundError, DataError):
        return False


def content_checksum(path: Path, gzipped: bool) -> str:
    """Return the SHA-256 of a file's content, unpacked if it is gzipped.

    Raises DataError if it is no whole gzip file, or unpacks to far more than MNIST has.
    """
    return read_stream(path, _checksum, gzipped)


def _checksum(file: ByteStream, name: str) -> str:
    import hashlib

    digest = hashlib.sha256()
    left = _LARGEST_CONTENT
    while chunk := file.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise DataError(f"{name} unpacks to more than {_LARGEST_CONTENT:,} bytes")
        digest.update(chunk)
    return digest.hexdigest()


def _fetch(mirror: str, path: str, checksum: str, timeout: float) -> Iterator[Download]:
    """Bring one file from one mirror, from where an earlier attempt stopped if there was one."""
    name = os.path.basename(path)
    part = f"{path}.part"
    resumed = os.path.exists(part)
    yield from _receive(mirror, name, part, timeout)
    if not _is_good(part, checksum) and resumed:  # the two halves were of different files
        os.remove(part)
        yield from _receive(mirror, name, part, timeout)
    if not _is_good(part, checksum):
        os.remove(part)
        raise _MirrorError("what it sent has another checksum")
    size = os.path.getsize(part)
    os.replace(part, path)
    yield Download(name, "done", size, size, _host(mirror))


def _receive(mirror: str, name: str, part: str, timeout: float) -> Iterator[Download]:
    """Write what a mirror sends to the part; what came before the connection broke stays there."""
    have = os.path.getsize(part) if os.path.exists(part) else 0
    response = _open(mirror + name, have, timeout)
    if response is None:  # nothing is left to send
        return
    with response:
        if response.status != 206:  # it sends the whole file, asked for or not
            have = 0
        length = response.headers.get("Content-Length", "")
        total = have + int(length) if length.isdigit() and len(length) < 16 else None
        with open(part, "ab" if have else "wb") as file:
            while chunk := _read(response):
                have += len(chunk)
                if have > _LARGEST_DOWNLOAD:
                    raise _MirrorError(f"it sent more than {_LARGEST_DOWNLOAD:,} bytes")
                _write(file, chunk, part)
                yield Download(name, "receiving", have, total, _host(mirror))
            file.flush()
            os.fsync(file.fileno())
    if total is not None and have < total:
        raise _MirrorError(f"the connection broke after {have:,} of {total:,} bytes")


def _open(url: str, have: int, timeout: float) -> Optional[HTTPResponse]:
    from http.client import HTTPException
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    headers = {"User-Agent": "tinynn", **({"Range": f"bytes={have}-"} if have else {})}
    try:
        response: HTTPResponse = urlopen(Request(url, headers=headers), timeout=timeout)
    except HTTPError as error:
        error.close()
        if error.code == 416 and have:
            return None
        raise _MirrorError(f"it answers {error.code} {error.reason}") from None
    except (OSError, HTTPException) as error:
        raise _MirrorError(_in_one_line(error)) from None
    expected = f"bytes {have}-"
    if response.status == 206 and not response.headers.get("Content-Range", "").startswith(
        expected
    ):
        response.close()
        raise _MirrorError("it sends another part of the file than was asked for")
    return response


def _read(response: HTTPResponse) -> bytes:
    from http.client import HTTPException

    try:
        return response.read(_CHUNK)
    except (OSError, HTTPException) as error:
        raise _MirrorError(_in_one_line(error)) from None


def _write(file: IO[bytes], chunk: bytes, path: str) -> None:
    try:
        file.write(chunk)
    except OSError as error:
        error.filename = path  # a full disk does not say which file it was
        raise


def _in_one_line(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    reason = getattr(reason, "strerror", None) or reason
    return " ".join(str(reason).split()) or type(error).__name__
