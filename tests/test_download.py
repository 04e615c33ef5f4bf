"""`tinynn data mnist`, against small servers on this machine: no test goes on the network."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from threading import enumerate as enumerate_threads
from time import perf_counter, sleep
from typing import Optional

import pytest

from tests.terminal import on_a_terminal, run
from tests.test_datasets import idx
from tinynn import DataError, load_mnist
from tinynn.cli import main
from tinynn.datasets import download
from tinynn.datasets.download import Download, download_mnist

IMAGES = idx((12, 10, 20), os.urandom(2400))
LABELS = idx((12,), bytes([3] * 12))
CONTENT = {
    "train-images-idx3-ubyte": IMAGES,
    "train-labels-idx1-ubyte": LABELS,
    "t10k-images-idx3-ubyte": IMAGES,
    "t10k-labels-idx1-ubyte": LABELS,
}
FIRST = "train-images-idx3-ubyte.gz"
CHECKSUMS = {name: hashlib.sha256(content).hexdigest() for name, content in CONTENT.items()}
CHECKED = FIRST[: -len(".gz")]
FILES = {f"{name}.gz": gzip.compress(content) for name, content in CONTENT.items()}
CLOSED = "http://127.0.0.1:9/"  # nobody listens there


class Mirror(ThreadingHTTPServer):
    """A mirror with its faults, and what it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.files = dict(FILES)
        self.ranges = True  # whether it can send a part
        self.cut_after: Optional[int] = None  # bytes after which it hangs up
        self.stalls = False  # whether it then says nothing more instead
        self.over = Event()
        self.asked: list[tuple[str, Optional[str]]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class _Answer(BaseHTTPRequestHandler):
    server: Mirror

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.server.asked.append((self.path[1:], wanted))
        content = self.server.files.get(self.path[1:])
        if content is None:
            self.send_error(404)
            return
        start = int(wanted[len("bytes=") : -1]) if wanted and self.server.ranges else 0
        if start >= len(content):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        self.wfile.write(content[start:][: self.server.cut_after])
        if self.server.stalls:
            self.wfile.flush()
            self.server.over.wait(30)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("TINYNN_DATA", raising=False)


@pytest.fixture
def mirror() -> Iterator[Mirror]:
    with Mirror() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server
        server.over.set()
        server.shutdown()


def fetch(folder: Path, *mirrors: str, timeout: float = 5.0) -> list[Download]:
    """Download everything; return the last word on each file."""
    steps = download_mnist(folder, mirrors, CHECKSUMS, timeout)
    return [step for step in steps if step.state != "receiving"]


def require_whole(folder: Path) -> None:
    """Return the four files and nothing else, each as it should be."""
    assert sorted(os.listdir(folder)) == sorted(FILES)
    for name, content in CONTENT.items():
        assert gzip.decompress((folder / f"{name}.gz").read_bytes()) == content
    assert len(load_mnist(folder).test) == 12


def test_the_four_files_arrive_and_are_mnist(tmp_path: Path, mirror: Mirror) -> None:
    """From the first mirror, into a new folder; the second mirror gets no request."""
    folder = tmp_path / "new" / "mnist"
    steps = list(download_mnist(folder, (mirror.url, CLOSED), CHECKSUMS))
    require_whole(folder)
    done = [step for step in steps if step.state == "done"]
    assert [step.name for step in done] == list(FILES)
    assert all(step.received == step.total == len(FILES[step.name]) for step in done)
    assert [name for name, _ in mirror.asked] == list(FILES)


def test_a_correct_file_is_not_downloaded_again(tmp_path: Path, mirror: Mirror) -> None:
    """Gzipped or not; a gzipped file that is damaged is replaced."""
    fetch(tmp_path, mirror.url)
    mirror.asked.clear()
    (tmp_path / FIRST).write_bytes(FILES[FIRST][:-9])
    plain = tmp_path / "t10k-labels-idx1-ubyte"
    plain.write_bytes(LABELS)
    (tmp_path / f"{plain.name}.gz").unlink()
    assert [step.state for step in fetch(tmp_path, mirror.url)] == ["done", *["there"] * 3]
    assert mirror.asked == [(FIRST, None)]
    assert [step.state for step in fetch(tmp_path, CLOSED)] == ["there"] * 4, "nobody is asked"
    plain.write_bytes(b"other")
    with pytest.raises(DataError, match="t10k-labels-idx1-ubyte exists but is not MNIST's"):
        fetch(tmp_path, mirror.url)


def test_if_the_first_mirror_is_down_the_second_is_used(tmp_path: Path, mirror: Mirror) -> None:
    """Down, or without the file."""
    steps = fetch(tmp_path, CLOSED, mirror.url)
    require_whole(tmp_path)
    assert all(re.search("127.0.0.1:9: .*refused", step.failures[0]) for step in steps)


def test_a_file_that_one_mirror_lacks_comes_from_the_other(tmp_path: Path, mirror: Mirror) -> None:
    """After a 404, the next mirror is tried."""
    with Mirror() as other:
        Thread(target=other.serve_forever, args=(0.01,), daemon=True).start()
        del other.files[FIRST]
        steps = fetch(tmp_path, other.url, mirror.url)
        other.shutdown()
    require_whole(tmp_path)
    assert "it answers 404 Not Found" in steps[0].failures[0]
    assert mirror.asked == [(FIRST, None)]
    assert steps[1].failures == ()


@pytest.mark.parametrize(
    "sent", [gzip.compress(IMAGES[:-1] + b"?"), b"<html>Please log in</html>", FILES[FIRST][:-9]]
)
def test_a_file_with_a_wrong_checksum_is_never_kept(
    tmp_path: Path, mirror: Mirror, sent: bytes
) -> None:
    """Another file, no gzip at all, or less than a whole one."""
    mirror.files[FIRST] = sent
    with pytest.raises(DataError, match="its file has a wrong checksum"):
        fetch(tmp_path, mirror.url)
    assert os.listdir(tmp_path) == []


def test_the_second_mirror_replaces_a_wrong_file_of_the_first(
    tmp_path: Path, mirror: Mirror
) -> None:
    """The wrong bytes are thrown away, not continued."""
    with Mirror() as wrong:
        Thread(target=wrong.serve_forever, args=(0.01,), daemon=True).start()
        wrong.files[FIRST] = gzip.compress(b"other")
        steps = fetch(tmp_path, wrong.url, mirror.url)
        wrong.shutdown()
    require_whole(tmp_path)
    assert "wrong checksum" in steps[0].failures[0]
    assert mirror.asked == [(FIRST, None)], "from its beginning"


def test_a_download_that_broke_off_is_continued(tmp_path: Path, mirror: Mirror) -> None:
    """The part that arrived is kept under another name, and only the rest is requested."""
    mirror.cut_after = 1000
    with pytest.raises(DataError, match=r"the connection broke after 1,000 of \d,\d+ bytes"):
        fetch(tmp_path, mirror.url)
    assert os.listdir(tmp_path) == [f"{FIRST}.part"]
    assert (tmp_path / f"{FIRST}.part").read_bytes() == FILES[FIRST][:1000]
    mirror.cut_after = None
    fetch(tmp_path, mirror.url)
    require_whole(tmp_path)
    assert mirror.asked[:2] == [(FIRST, None), (FIRST, "bytes=1000-")]


def test_the_second_mirror_continues_what_the_first_began(tmp_path: Path, mirror: Mirror) -> None:
    """In one run; the file is the same on both."""
    with Mirror() as broken:
        Thread(target=broken.serve_forever, args=(0.01,), daemon=True).start()
        broken.cut_after = 1000
        fetch(tmp_path, broken.url, mirror.url)
        broken.shutdown()
    require_whole(tmp_path)
    assert mirror.asked[0] == (FIRST, "bytes=1000-")


def test_a_server_that_knows_no_parts_sends_the_whole(tmp_path: Path, mirror: Mirror) -> None:
    """It answers 200 instead of 206: the download starts again."""
    mirror.ranges = False
    (tmp_path / f"{FIRST}.part").write_bytes(FILES[FIRST][:1000])
    fetch(tmp_path, mirror.url)
    require_whole(tmp_path)
    assert mirror.asked[0] == (FIRST, "bytes=1000-")


@pytest.mark.parametrize(
    "part", [b"of another file", bytes(10**5), FILES[FIRST], FILES[FIRST] + b"and more"]
)
def test_a_part_that_does_not_fit_is_replaced(tmp_path: Path, mirror: Mirror, part: bytes) -> None:
    """Other bytes, too many of them, or a whole file that only lacked its name."""
    (tmp_path / f"{FIRST}.part").write_bytes(part)
    fetch(tmp_path, mirror.url)
    require_whole(tmp_path)


def test_a_server_that_falls_silent_is_left(tmp_path: Path, mirror: Mirror) -> None:
    """No more bytes for the length of the time-out."""
    mirror.cut_after, mirror.stalls = 1000, True
    with pytest.raises(DataError, match="timed out"):
        fetch(tmp_path, mirror.url, timeout=0.3)


def test_a_server_that_never_stops_is_left(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Too many bytes on the way, or too many once unpacked."""
    monkeypatch.setattr(download, "_LARGEST", 500)
    with pytest.raises(DataError, match="it sent more than 500 bytes"):
        fetch(tmp_path, mirror.url)
    monkeypatch.undo()
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr(download, "_LARGEST", 500)
    mirror.files[FIRST] = gzip.compress(bytes(1000))
    with pytest.raises(DataError, match="wrong checksum"):
        fetch(tmp_path / "unpacked", mirror.url)


OK = b"HTTP/1.1 200 OK\r\n"


def drip(*texts: bytes, every: float = 0.05) -> Iterator[bytes]:
    """Yield a text again and again, a little at a time: never silent, never done."""
    yield from texts[:-1]
    while True:
        sleep(every)
        yield texts[-1]


HOSTILE: dict[str, Callable[[], Iterable[bytes]]] = {
    "a redirect to nowhere": lambda: [b"HTTP/1.1 302 Found\r\nLocation: http://[bad\r\n\r\n"],
    "a redirect to a bad host": lambda: [b"HTTP/1.1 302 F\r\nLocation: http://a..b/\r\n\r\n"],
    "a redirect to a bad port": lambda: [b"HTTP/1.1 302 F\r\nLocation: http://a:-1/\r\n\r\n"],
    "a redirect to itself": lambda: [b"HTTP/1.1 302 Found\r\nLocation: /\r\n\r\n"],
    "a redirect to a file": lambda: [b"HTTP/1.1 302 F\r\nLocation: file:///etc/passwd\r\n\r\n"],
    "a length that is no number": lambda: [OK, "Content-Length: ²\r\n\r\nabc".encode("latin-1")],
    "a length in other digits": lambda: [OK, "Content-Length: ٣\r\n\r\nabc".encode()],
    "a negative length": lambda: [OK, b"Content-Length: -5\r\n\r\nabc"],
    "an endless length": lambda: [OK, b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nabc"],
    "a negative chunk": lambda: [OK, b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n"],
    "negative chunks": lambda: drip(OK, b"Transfer-Encoding: chunked\r\n\r\n", b"-5\r\nabc\r\n"),
    "a chunk of no size": lambda: [OK, b"Transfer-Encoding: chunked\r\n\r\nxyz\r\nabc\r\n"],
    "trickling bytes": lambda: drip(OK, b"Content-Length: 9999\r\n\r\n", b"a"),
    "trickling headers": lambda: drip(OK, b"X-Y: z\r\n"),
    "one header without end": lambda: drip(OK, b"X: ", b"a"),
    "many headers": lambda: [OK, b"X-Y: z\r\n" * 10**5],
    "endless headers": lambda: drip(OK, b"X: y" * 10**4, every=0.0),
    "an endless body": lambda: drip(OK, b"\r\n", bytes(10**6), every=0.0),
    "go on without end": lambda: drip(b"HTTP/1.1 100 Continue\r\n\r\n", every=0.001),
    "no HTTP at all": lambda: [b"\x1b[2J\x00\xff\r\n\r\n"],
    "nothing": list,
    "control characters": lambda: [b"HTTP/1.1 404 \x1b[2J\x07 No\x08\xc2\x9b1m such\r\n\r\n"],
    "many words": lambda: [b"HTTP/1.1 500 " + b"sorry " * 10**4 + b"\r\n\r\n"],
    "too large a part": lambda: [b"HTTP/1.1 206 OK\r\nContent-Range: bytes 7-9/9\r\n\r\nabc"],
    "not modified": lambda: [b"HTTP/1.1 304 Not Modified\r\n\r\n"],
}  # fmt: skip


class Hostile(ThreadingTCPServer):
    """A mirror that sends what it likes to whoever connects."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, answer: Callable[[], Iterable[bytes]]) -> None:
        over = Event()
        self.over = over

        class Answer(BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):
                    self.request.recv(10**4)
                    for text in answer():
                        if over.is_set():
                            break
                        self.request.sendall(text)

        super().__init__(("127.0.0.1", 0), Answer)


@pytest.mark.parametrize("name", HOSTILE)
def test_whatever_the_first_mirror_sends_the_second_is_reached(
    tmp_path: Path,
    mirror: Mirror,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
) -> None:
    """In its share of the time, with the reason in printable words, and no traceback."""
    monkeypatch.setattr(download, "_IN_ALL", 8)
    monkeypatch.setattr(download, "_LARGEST", 10**7)
    monkeypatch.setattr("tinynn.cli.data.CHECKSUMS", {CHECKED: CHECKSUMS[CHECKED]})
    with Hostile(HOSTILE[name]) as hostile:
        Thread(target=hostile.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{hostile.server_address[1]}/"
        monkeypatch.setattr("tinynn.cli.data.MIRRORS", (url, mirror.url))
        monkeypatch.setattr("tinynn.cli.data.download_mnist", partial(download_mnist, timeout=0.3))
        begun = perf_counter()
        status = main(["data", "mnist", "--data-dir", str(tmp_path)])
        seconds = perf_counter() - begun
        hostile.over.set()
        hostile.shutdown()
    printed, complaint = capsys.readouterr()
    assert (status, complaint) == (0, ""), name
    assert seconds < 3.0
    assert gzip.decompress((tmp_path / FIRST).read_bytes()) == CONTENT[CHECKED]
    first = printed.splitlines()[0]
    assert "(not from 127.0.0.1:" in first
    assert first.isprintable()
    assert len(first) < 250


@pytest.mark.parametrize(
    "bad", ["http://[bad/", "http://a b/", "http://\x00/", "nothing", "http:///"]
)
def test_a_mirror_that_cannot_be_named_is_a_reason_like_any_other(
    tmp_path: Path, mirror: Mirror, bad: str
) -> None:
    """For any error of the library."""
    steps = fetch(tmp_path, bad, mirror.url)
    require_whole(tmp_path)
    assert all(len(step.failures) == 1 for step in steps)


def test_the_whole_download_has_one_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two mirrors that trickle share it: half for each, where one file is left."""
    monkeypatch.setattr(download, "_IN_ALL", 4)
    with Hostile(HOSTILE["trickling bytes"]) as hostile:
        Thread(target=hostile.serve_forever, args=(0.01,), daemon=True).start()
        url = f"http://127.0.0.1:{hostile.server_address[1]}/"
        begun = perf_counter()
        with pytest.raises(DataError, match="cannot download"):
            fetch(tmp_path, url, url, timeout=0.4)
        assert perf_counter() - begun < 4 * 0.4 + 1.0
        hostile.over.set()
        hostile.shutdown()


def test_no_thread_waits_for_a_download_that_was_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that reads an endless body ends when its mirror's time does."""
    monkeypatch.setattr(download, "_IN_ALL", 4)
    monkeypatch.setattr(download, "_LARGEST", 10**6)
    with Hostile(HOSTILE["an endless body"]) as hostile:
        server = Thread(target=hostile.serve_forever, args=(0.01,), daemon=True)
        server.start()
        before = {thread for thread in enumerate_threads() if thread is not server}
        with pytest.raises(DataError, match="it sent more than 1,000,000 bytes"):
            fetch(tmp_path, f"http://127.0.0.1:{hostile.server_address[1]}/", timeout=0.3)
        hostile.over.set()
        hostile.shutdown()
    ends = perf_counter() + 5.0
    while set(enumerate_threads()) - before - {server} and perf_counter() < ends:
        sleep(0.05)
    assert not set(enumerate_threads()) - before - {server}


def test_offline_one_line_says_which_files_go_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both mirrors with their reasons, then what to do by hand; status 2."""
    monkeypatch.setattr("tinynn.cli.data.MIRRORS", (CLOSED, CLOSED))
    monkeypatch.setattr("tinynn.cli.data.CHECKSUMS", CHECKSUMS)
    assert main(["data", "mnist", "--data-dir", str(tmp_path / "new")]) == 2
    assert not (tmp_path / "new").exists(), "a folder made for nothing is not left behind"
    capsys.readouterr()
    assert main(["data", "mnist", "--data-dir", str(tmp_path)]) == 2
    printed, message = capsys.readouterr()
    assert printed == ""
    assert message.count("\n") == 1
    assert message.startswith(f"tinynn data: cannot download {FIRST} (127.0.0.1:9: ")
    assert message.endswith(f"put {', '.join(FILES)} in {tmp_path}\n")
    assert os.listdir(tmp_path) == []


def test_a_full_disk_is_named_and_no_other_mirror_is_asked(
    tmp_path: Path, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error is not the mirror's."""

    def full(path: str, mode: str) -> object:
        class Full(io.BytesIO):
            def write(self, _: object) -> int:
                raise OSError(28, "No space left on device")

        return Full()

    monkeypatch.setattr(download, "open", full, raising=False)
    with pytest.raises(OSError, match="No space left on device: .*train-images.*part"):
        fetch(tmp_path, mirror.url, mirror.url)
    assert len(mirror.asked) == 1


def test_the_command_downloads_into_the_folder_that_train_looks_in(
    own_cache: Path,
    mirror: Mirror,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Plain lines in a pipe: one for each file, and what to do next."""
    monkeypatch.setattr("tinynn.cli.data.MIRRORS", (CLOSED, mirror.url))
    monkeypatch.setattr("tinynn.cli.data.CHECKSUMS", CHECKSUMS)
    assert main(["data", "mnist"]) == 0
    require_whole(own_cache / "mnist")
    assert len(load_mnist().test) == 12
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"{FIRST}: {len(FILES[FIRST]):,} bytes from 127.0.0.1:")
    assert "(not from 127.0.0.1:9: " in lines[0]
    assert lines[4] == f"MNIST is in {own_cache / 'mnist'}: try `tinynn train --data mnist`"
    assert main(["data", "mnist"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{FIRST}: already there"


def program(folder: Path, *mirrors: str) -> str:
    """Return Python code that is `tinynn data mnist`, but for the mirrors."""
    return (
        "import sys, tinynn.cli.data as data; from tinynn.cli import main;"
        f"data.MIRRORS = {mirrors!r}; data.CHECKSUMS = {CHECKSUMS!r};"
        f"sys.exit(main(['data', 'mnist', '--data-dir', {str(folder)!r}]))"
    )


def test_ctrl_c_leaves_a_part_and_status_130(tmp_path: Path, mirror: Mirror) -> None:
    """No traceback, nothing under a final name, and the next run goes on from there."""
    mirror.cut_after, mirror.stalls = 1000, True
    command = [sys.executable, "-c", program(tmp_path, mirror.url)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    while not mirror.asked:
        assert process.poll() is None
    assert process.stdout is not None
    process.send_signal(signal.SIGINT)
    printed, complaint = process.communicate(timeout=30)
    assert (process.returncode, printed, complaint) == (130, "", "")
    assert set(os.listdir(tmp_path)) <= {f"{FIRST}.part"}
    mirror.cut_after, mirror.stalls = None, False
    fetch(tmp_path, mirror.url)
    require_whole(tmp_path)


def test_on_a_terminal_a_bar_shows_the_progress(tmp_path: Path, mirror: Mirror) -> None:
    """It fits, and it leaves one line for each file."""
    status, written = on_a_terminal(code=program(tmp_path, mirror.url))
    assert status == 0, written
    require_whole(tmp_path)
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written)
    assert all(f"{name}: {len(FILES[name]):,} bytes from 127.0.0.1:" in shown for name in FILES)
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l"), "the cursor is back"


def test_data_lists_the_data_sets(tmp_path: Path) -> None:
    """Each data set, whether it is there, and where."""
    done = run("data")
    assert done.returncode == 0, done.stderr
    digits, mnist, advice = done.stdout.splitlines()
    assert re.fullmatch(r"digits  1,797 images of 8×8     there      \S+data", digits)
    assert re.fullmatch(r"mnist   70,000 images of 28×28  not there  \S+mnist", mnist)
    assert "`tinynn data mnist` downloads it" in advice
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    done = run("data", TINYNN_DATA=str(tmp_path))
    assert done.stdout.splitlines()[1:] == [
        f"mnist   70,000 images of 28×28  there      {tmp_path}"
    ]
    (tmp_path / FIRST).unlink()
    assert "28×28  incomplete" in run("data", TINYNN_DATA=str(tmp_path)).stdout
