"""The book's mnist.pkl.gz: read without NumPy, and without running the pickle."""

from __future__ import annotations

import gzip
import os
import pickle
import re
import struct
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.mnist import FOLDER, needs_mnist
from tinynn import DataError, DataSet, load_mnist
from tinynn.datasets import book_pickle, pickled

np = pytest.importorskip("numpy")

BYTES = bytes(range(0, 240, 10)), bytes([0, 1, 128, 255]), bytes([9, 8, 7, 6])
LABELS = bytes([5, 0, 4, 1, 9, 2]), bytes([7]), bytes([3])


def arrays(images: str = "<f4", labels: str = "<i8") -> Any:
    """Return three parts of 6, 1 and 1 images of 2×2 pixels, as the book's file holds them."""
    return tuple(
        (
            (np.frombuffer(k, "u1").reshape(-1, 4) / 256).astype(images),
            np.frombuffer(digits, "u1").astype(labels),
        )
        for k, digits in zip(BYTES, LABELS)
    )


def in_file(folder: Path, content: bytes) -> Path:
    """Return the file that this pickle makes."""
    path = folder / "mnist.pkl.gz"
    path.write_bytes(gzip.compress(content, 1))
    return path


def refusal(folder: Path, content: bytes) -> str:
    """Return the one-line message for the file of this pickle, after its name."""
    path = in_file(folder, content)
    with pytest.raises(DataError) as raised:
        load_mnist(path)
    message = str(raised.value)
    assert message.startswith(f"{path}: ")
    assert "\n" not in message
    return message[len(f"{path}: ") :]


def require_the_same(data: DataSet) -> None:
    """Return the data that ``arrays`` holds."""
    for part, k, digits in zip(data, BYTES, LABELS):
        assert (bytes(part.pixels), part.labels) == (k, digits)
        assert (part.image_shape, part.scale) == ((2, 2), 256)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("images", ["<f4", "<f8", ">f4"])
@pytest.mark.parametrize("labels", ["<i8", "<i4", "u1"])
def test_arrays_that_todays_numpy_pickled_are_read(
    tmp_path: Path, protocol: int, images: str, labels: str
) -> None:
    """Every protocol, every usual type of number: the bytes k come back."""
    content = pickle.dumps(arrays(images, labels), protocol)
    require_the_same(load_mnist(in_file(tmp_path, content)))
    require_the_same(load_mnist(tmp_path))


def as_python_2_wrote(texts: str = "U") -> bytes:
    """Return a small book file: protocol 2 of cPickle, text as bytes, an old module name."""

    def text(content: bytes) -> bytes:
        if texts == "S":
            return b"S" + repr(content)[1:].encode() + b"\n"
        return b"U" + bytes([len(content)]) + content

    parts = []
    for k, digits in zip(BYTES, LABELS):
        floats = b"".join(struct.pack("<f", byte / 256) for byte in k)
        longs = b"".join(struct.pack("<q", digit) for digit in digits)
        for kind, shape, data in (
            (b"f4", b"K" + bytes([len(digits)]) + b"K\x04\x86", floats),
            (b"i8", b"K" + bytes([len(digits)]) + b"\x85", longs),
        ):
            parts.append(b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85")
            parts.append(text(b"b") + b"\x87R(K\x01" + shape)
            parts.append(b"cnumpy\ndtype\n" + text(kind) + b"K\x00K\x01\x87R(K\x03" + text(b"<"))
            parts.append(b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89" + text(data) + b"tb")
        parts.append(b"\x86")
    return b"\x80\x02" + b"".join(parts) + b"\x87."


@pytest.mark.parametrize("texts", ["U", "S"])
def test_the_pickle_of_python_2_is_read(tmp_path: Path, texts: str) -> None:
    """The book's file says numpy.core, which today's NumPy calls numpy._core."""
    require_the_same(load_mnist(in_file(tmp_path, as_python_2_wrote(texts))))


def test_idx_files_come_before_the_pickle_beside_them(tmp_path: Path) -> None:
    """One of them is enough; if both are there, the files that were checked are taken."""
    in_file(tmp_path, b"not a pickle")
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(b"")
    with pytest.raises(DataError, match="expected a file train-images-idx3-ubyte"):
        load_mnist(tmp_path)


class Calls:
    """An object whose pickle calls a function as soon as it is loaded."""

    def __init__(self, function: Callable[..., object], *arguments: object) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def hostile(marker: Path) -> dict[str, tuple[bytes, str]]:
    """Return pickles that ask for more than arrays, each with what the refusal names."""
    touch = f"touch {marker}"
    start = b"\x80\x02"
    array = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
    kind = b"cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R"
    scalar = pickle.dumps(np.float64(1), 2)
    objects = (np.array([[Calls(os.system, touch)]], dtype=object), np.zeros(1, "i8"))
    posix = "'nt.system'" if os.name == "nt" else "'posix.system'"
    return {
        "os.system": (pickle.dumps(Calls(os.system, touch), 2), posix),
        "system in the data": (pickle.dumps((arrays()[0], Calls(os.system, touch)), 4), posix),
        "eval": (pickle.dumps(Calls(eval, f"open({str(marker)!r}, 'w')"), 2), "__builtin__.eval"),
        "exec": (pickle.dumps(Calls(exec, "import this"), 4), "'builtins.exec'"),
        "subprocess": (pickle.dumps(Calls(subprocess.call, touch), 4), "'subprocess.call'"),
        "getattr": (b"c__builtin__\ngetattr\n(cnumpy\nndarray\nU\x04bulktR.", "getattr"),
        "inst": (f"(S'{touch}'\nios\nsystem\n.".encode(), "the instruction INST"),
        "obj": (b"(cos\nsystem\nU\x04trueo.", "'os.system'"),
        "dotted": (b"\x80\x04\x8c\x05numpy\x8c\x11ndarray.__class__\x93.", "ndarray.__class__"),
        "dots across": (b"cnumpy.ndarray.__init__\n__globals__\n.", "__globals__"),
        "newobj": (start + b"cnumpy\nndarray\n)\x81.", "the instruction NEWOBJ"),
        "extension": (start + b"\x82\x01.", "the instruction EXT1"),
        "persistent": (b"Psomething\n.", "the instruction PERSID"),
        "persistent, binary": (b"U\x01aQ.", "the instruction BINPERSID"),
        "a buffer from outside": (b"\x80\x05\x97.", "the instruction NEXT_BUFFER"),
        "numpy scalar": (scalar, "multiarray.scalar'"),
        "objects": (pickle.dumps(objects, 2), "instruction EMPTY_LIST"),
        "object type": (
            start + array + b"(K\x01K\x01\x85cnumpy\ndtype\nU\x01O\x85R\x89Ntb.",
            "None",
        ),
        "attributes on a name": (start + b"cnumpy\ndtype\n}U\x01aK\x01sb.", "EMPTY_DICT"),
        "state of a name": (start + b"cnumpy\ndtype\n)b.", "state of a _Name"),
        "state of a tuple": (start + b"))b.", "state of a tuple of 0"),
        "state of an array": (start + array + b")b.", "expected the 5 parts of an array"),
        "fields in a type": (start + kind + b"(K\x03U\x01|N(tNtb.", "a type of number with fields"),
        "call of an array": (start + array + b")R.", "calls a PickledArray"),
        "call of a text": (start + b"U\x02os)R.", "calls b'os'"),
        "call of ndarray": (start + b"cnumpy\nndarray\nK\x05\x85R.", "calls 'ndarray'"),
        "array of a type": (start + array.replace(b"ndarray", b"dtype") + b".", "array of a _Name"),
        "encoding": (start + b"c_codecs\nencode\nX\x01\0\0\0aX\x03\0\0\0hex\x86R.", "as 'hex'"),
    }


@pytest.mark.parametrize("name", hostile(Path("marker")))
def test_a_pickle_that_asks_for_anything_else_is_rejected_by_name(
    tmp_path: Path, name: str
) -> None:
    """The one-line message names the function, and nothing was called."""
    marker = tmp_path / "marker"
    content, words = hostile(marker)[name]
    loaded = {*sys.modules, book_pickle.__name__}  # imported when it is needed
    assert words in refusal(tmp_path, content)
    assert not marker.exists()
    assert set(sys.modules) - loaded <= {"pickletools"}, "it imported what it was asked for"


def test_the_danger_is_real(tmp_path: Path) -> None:
    """``pickle.loads`` runs the command of the same pickle: the test is not empty."""
    marker = tmp_path / "marker"
    pickle.loads(hostile(marker)["os.system"][0])
    assert marker.exists()


def bombs() -> dict[str, tuple[bytes, str]]:
    """Return pickles that ask for time or room, each with what the refusal says."""
    return {
        "nothing": (b"", "cut short"),
        "not a pickle": (b"plainly not a pickle", "a line of the pickle does not end"),
        "cut short": (as_python_2_wrote()[:-30], "cut short"),
        "a long text": (b"\x80\x02T\xff\xff\xff\x7f", "more than 300,000,000 bytes"),
        "a longer one": (b"\x80\x04\x8e" + b"\xff" * 8, "more than 300,000,000 bytes"),
        "less than it says": (b"\x80\x02T\xff\xff\xff\x0f", "cut short"),
        "a far place in memory": (b"\x80\x02Nr\xff\xff\xff\x7f.", "test data, got None"),
        "a place that is empty": (b"\x80\x02j\xff\xff\xff\x7f.", "value 2,147,483,647"),
        "a number without end": (b"I" + b"9" * 10**6 + b"\n.", "a number of 1,000,000 characters"),
        "a number that is none": (b"Ione\n.", "expected a number, got b'one'"),
        "a line without end": (b"V" + b"9" * 10**6, "a line of the pickle does not end"),
        "deep nesting": (b"\x80\x02)" + b"\x85" * 5_000 + b".", "got a tuple of 1"),
        "deeper nesting": (b"\x80\x02)" + b"\x85" * 10**6 + b".", "more than 10,000 instructions"),
        "doubling": (b"\x80\x02)" + b"q\x00h\x00\x86" * 3_000 + b".", "got a tuple of 2"),
        "many marks": (b"(" * 10**6, "more than 10,000 instructions"),
        "many nothings": (b"N" * 10**6, "more than 10,000 instructions"),
        "an empty stack": (b".", "too few values"),
        "across a mark": (b"N(\x85.", "too few values"),
        "a tuple from nowhere": (b"Nt.", "a tuple ends that did not start"),
        "bad utf-8": (b"\x80\x02X\x01\x00\x00\x00\xff.", "not Unicode"),
        "no quotes": (b"Sabc\n.", "no quotes"),
        "a wrong escape": (b"S'\\x4'\n.", "damaged"),
    }


@pytest.mark.parametrize("name", bombs())
def test_a_damaged_or_endless_pickle_is_rejected_at_once(tmp_path: Path, name: str) -> None:
    """In one line, within a second, and without the memory that it asks for."""
    content, words = bombs()[name]
    begun = time.perf_counter()
    assert words in refusal(tmp_path, content)
    assert time.perf_counter() - begun < 1.0


MOST = 30_000_000  # bytes of a pickle: a tenth of the real limit


def honest_pickle() -> bytes:
    """Return a file like the book's, with as many bytes to its limit as that has."""

    def part(n: int) -> object:
        images = (np.arange(n * 784).reshape(n, 784) % 256 / 256).astype("<f4")
        return images, np.arange(n) % 10

    return pickle.dumps((part(5000), part(1000), part(1000)), 2)


def hungry_pickles() -> dict[str, bytes]:
    """Return pickles that take little room and ask for much."""
    n = MOST - 1000
    size = struct.pack("<I", n)
    return {
        "zeros": bytes(MOST),
        "a number of zeros": b"I" + bytes(n) + b"\n.",
        "a quoted line": b"S'" + bytes(n) + b"'\n.",
        "a line with a wide character": b"V" + b"a" * (n // 5) + b"\\U0001f600\n.",
        "wide lines": (b"V" + b"a" * (n // 5) + b"\\U0001f600\n") * 5 + b".",
        "a text with a wide character": b"\x80\x02X" + size + "😀".encode() + b"a" * (n - 4) + b".",
        "a wide text": b"\x80\x02X" + size + b"a" * (n - 2) + "é".encode() + b".",
        "a text that is encoded": b"\x80\x02c_codecs\nencode\nX" + size + b"a" * n
        + b"X\x06\0\0\0latin1\x86R.",
        "a long name": b"c" + b"a" * n + b"\nb\n.",
        "bytes": b"\x80\x02B" + size + b"a" * n + b".",
        "no end": b"S'" + b"a" * 3 * MOST,
    }  # fmt: skip


HUNGRY = ("zeros", "a number of zeros", "a quoted line", "a line with a wide character",
          "wide lines", "a text with a wide character", "a wide text", "a text that is encoded",
          "a long name", "bytes", "no end")  # fmt: skip


def peak_of(path: Path) -> int:
    """Return the most memory that reading a file takes, in bytes."""
    tracemalloc.start()
    with suppress(DataError):
        load_mnist(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> int:
    """Return the most memory that a file like the book's takes."""
    return peak_of(in_file(tmp_path_factory.mktemp("honest"), honest_pickle()))


@pytest.mark.parametrize("name", HUNGRY)
def test_no_pickle_takes_more_than_twice_the_memory_of_the_books(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, honest: int, name: str
) -> None:
    """A megabyte of zeros, unpacked, copied and printed, was gigabytes."""
    monkeypatch.setattr(pickled, "LARGEST", MOST)
    for limit in ("_LONGEST_LINE", "_LONGEST_NAME"):
        monkeypatch.setattr(pickled, limit, getattr(pickled, limit) // 10)
    assert peak_of(in_file(tmp_path, hungry_pickles()[name])) < 2 * honest


def test_a_decompression_bomb_is_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever way it takes there: no more than the limit is read."""
    monkeypatch.setattr(pickled, "LARGEST", 1_000_000)
    for content in (
        b"T" + struct.pack("<I", 2_000_000) + bytes(2_000_000),
        b"V" + bytes(2_000_000),
    ):
        with pytest.raises(DataError, match="more than 1,000,000 bytes|does not end"):
            load_mnist(in_file(tmp_path, b"\x80\x02" + content + b"\n."))


def damaged(change: Callable[[Any], object]) -> bytes:
    """Return the pickle of arrays in which something was changed."""
    parts = [list(pair) for pair in arrays()]
    changed = change(parts)
    if changed is None:
        changed = tuple(tuple(pair) for pair in parts)
    return pickle.dumps(changed, 4)


def put(part: int, which: int, array: Any) -> Callable[[Any], object]:
    """Return a change of one array."""
    return lambda parts: parts[part].__setitem__(which, array)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda parts: (1, 2), "expected training, validation and test data, got a tuple of 2"),
        (lambda parts: (1, 2, 3), "expected a pair of images and labels, got 1"),
        (lambda parts: ((1, 2),) * 3, "images: expected an array of 2 dimensions, got 1"),
        (put(0, 1, np.zeros(5, "i8")), "expected as many labels as images, got 5 and 6"),
        (put(0, 1, np.full(6, 10)), "label 0: expected 0 to 9, got 10"),
        (put(0, 1, np.full(6, -1)), "label 0: expected 0 to 9, got -1"),
        (put(0, 1, np.full(6, 2**40)), "label 0: expected 0 to 9, got 1099511627776"),
        (
            put(0, 1, np.zeros((6, 1), "i8")),
            "labels: expected an array of 1 dimensions, got one of 2",
        ),
        (put(0, 1, np.zeros(6, "f4")), "labels: expected numbers of type i8, i4, u1, got '<f4'"),
        (put(1, 0, np.zeros((1, 4), "i8")), "images: expected numbers of type f4, f8, got '<i8'"),
        (put(1, 0, np.zeros((1, 4), "c8")), "got '<c8'"),
        (put(1, 0, np.zeros((1, 4), "S4")), "a type of number|got '.S4'"),
        (put(1, 0, np.zeros((1, 4), "f4,f4")), "rejected"),
        (put(1, 0, np.zeros((1, 5), "f4")), "images: expected squares, got 5 pixels"),
        (put(1, 0, np.zeros((0, 4), "f4")), "expected at least one number, got an empty array"),
        (put(1, 0, np.asfortranarray(np.zeros((3, 4), "f4"))), "in Fortran's order"),
        (put(0, 0, np.full((6, 4), 0.3, "f4")), "image 0: expected pixels k/256 .*, got 0.3"),
        (put(0, 0, np.ones((6, 4), "f4")), "expected pixels k/256 .* got 1.0"),
        (put(0, 0, np.full((6, 4), np.nan, "f4")), "expected pixels k/256 .* got nan"),
        (put(0, 0, -np.ones((6, 4), "f4") / 256), "got -0.00390625"),
    ],
)
def test_arrays_that_are_not_digits_are_rejected(
    tmp_path: Path, change: Callable[[Any], object], words: str
) -> None:
    """Numbers of another type, shapes that do not fit, pixels that are not k/256."""
    assert re.search(words, refusal(tmp_path, damaged(change)))


def test_bytes_that_do_not_fill_the_shape_are_rejected(tmp_path: Path) -> None:
    """Also if the shape needs more memory than any computer has."""
    whole = as_python_2_wrote()
    other = whole.replace(b"K\x06K\x04\x86", b"K\x06K\x09\x86", 1)
    assert "expected 216 bytes for its shape, got 96" in refusal(tmp_path, other)
    huge = b"\x8a\x0a" + bytes(9) + b"\x01"
    other = whole.replace(b"K\x06K\x04\x86", b"K\x04" + huge + b"\x86", 1)
    assert "expected a whole number of more than 20 digits bytes" in refusal(tmp_path, other)


@given(st.data())
def test_any_damage_leads_to_data_or_a_one_line_error(data: st.DataObject) -> None:
    """Bytes changed, dropped or put in, anywhere in a good pickle: never another exception."""
    import io

    from tinynn.datasets import book_pickle

    protocol = data.draw(st.sampled_from([0, 2, 4, 5]))
    content = bytearray(pickle.dumps(arrays(), protocol))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(content) - 1))
        stop = start + data.draw(st.integers(0, 4))
        content[start:stop] = data.draw(st.binary(max_size=4))
    try:
        book_pickle._read(io.BytesIO(bytes(content)), "mnist.pkl.gz")
    except DataError as error:
        lines = str(error).splitlines()
    else:
        lines = ["data"]
    assert len(lines) == 1


@needs_mnist
@pytest.mark.slow
def test_the_books_file_and_the_idx_files_are_the_same_data(tmp_path: Path) -> None:
    """All 70,000 images, by either way, and reading them takes seconds."""
    data = load_mnist(FOLDER)
    parts = tuple(
        (
            np.frombuffer(part.pixels, "u1").reshape(-1, 784).astype("<f4") / np.float32(256),
            np.frombuffer(part.labels, "u1").astype("<i8"),
        )
        for part in data
    )
    path = in_file(tmp_path, pickle.dumps(parts, 2))
    del parts
    begun = time.perf_counter()
    for ours, theirs in zip(load_mnist(path), data):
        assert ours.pixels == theirs.pixels
        assert ours.labels == theirs.labels
        assert ours.image_shape == theirs.image_shape
    assert time.perf_counter() - begun < 20.0
