"""MNIST: its folders, its contents, its memory, and rejected files."""

from __future__ import annotations

import gzip
import hashlib
import os
import subprocess
import sys
import tracemalloc
from collections import Counter
from pathlib import Path

import pytest

from tests.mnist import FOLDER, needs_mnist
from tests.terminal import run
from tests.test_datasets import folder_of, idx
from tinynn import DataError, Vector, load_digits, load_mnist
from tinynn.datasets.examples import Examples
from tinynn.datasets.idx import IdxArray, read_idx
from tinynn.datasets.mnist import CHECKSUMS

SMALL = idx((12, 1, 2), bytes(range(24))), idx((12,), bytes([3] * 12))


@pytest.fixture(autouse=True)
def _no_data_of_the_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TINYNN_DATA", raising=False)


def small_mnist(folder: Path) -> Path:
    """Return a folder of twelve images of two pixels each."""
    folder.mkdir(parents=True)
    return folder_of(folder, *SMALL)


def test_without_an_argument_the_data_is_in_tinynn_data_or_else_in_the_cache(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The argument first, then $TINYNN_DATA, then the folder that `tinynn data mnist` fills."""
    small_mnist(own_cache / "mnist")
    assert len(load_mnist().test) == 12
    named = tmp_path / "named"
    monkeypatch.setenv("TINYNN_DATA", str(named))
    assert len(load_mnist().test) == 12, "nothing there yet: the cache is next"
    small_mnist(named)
    (named / "t10k-images-idx3-ubyte").write_bytes(idx((5, 1, 2), bytes(10)))
    (named / "t10k-labels-idx1-ubyte").write_bytes(idx((5,), bytes(5)))
    assert len(load_mnist().test) == 5
    assert len(load_mnist(own_cache / "mnist").test) == 12


def test_a_missing_mnist_gets_instructions(
    tmp_path: Path, own_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line: the searched folders, the command that downloads it, and the files to add."""
    monkeypatch.setenv("TINYNN_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(DataError) as raised:
        load_mnist()
    message = str(raised.value)
    assert f"no MNIST in {tmp_path / 'nowhere'} or {own_cache / 'mnist'}: run " in message
    assert "`tinynn data mnist`, or put train-images-idx3-ubyte.gz, train-labels-" in message
    assert message.endswith(f"t10k-labels-idx1-ubyte.gz in {tmp_path / 'nowhere'}")
    assert "\n" not in message
    with pytest.raises(DataError, match="no MNIST in .*: run `tinynn data mnist`"):
        load_mnist(tmp_path)


def test_a_folder_that_cannot_be_read_is_rejected(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No permission, or no folder at all; the same for a file in it."""
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(DataError, match="file cannot be read as a folder: Not a directory"):
        load_mnist(tmp_path / "file")

    def forbidden(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    folder = small_mnist(tmp_path / "mnist")
    with monkeypatch.context() as patch:
        patch.setattr(os, "listdir", forbidden)
        with pytest.raises(DataError, match="mnist cannot be read as a folder: Permission denied"):
            load_mnist(folder)
    (folder / "train-labels-idx1-ubyte").unlink()
    (folder / "train-labels-idx1-ubyte").mkdir()
    with pytest.raises(DataError, match="train-labels-idx1-ubyte cannot be read: Is a directory"):
        load_mnist(folder)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read any folder")
def test_a_folder_without_permission_is_rejected(tmp_path: Path) -> None:
    """The same as above, by the file system itself."""
    folder = small_mnist(tmp_path / "mnist")
    folder.chmod(0)
    try:
        with pytest.raises(DataError, match="mnist cannot be read as a folder: Permission denied"):
            load_mnist(folder)
    finally:
        folder.chmod(0o700)


def test_images_of_two_sizes_are_rejected(tmp_path: Path) -> None:
    """The network that learns from one part could not look at the other."""
    folder = small_mnist(tmp_path / "mnist")
    (folder / "t10k-images-idx3-ubyte").write_bytes(idx((12, 1, 3), bytes(36)))
    with pytest.raises(DataError, match="expected images of one size"):
        load_mnist(folder)


def test_neighbours_share_their_bytes_and_others_are_picked_out() -> None:
    """Whatever the slice: the same examples as a list of them would hold, and no label astray."""
    images = IdxArray((6, 1, 2), bytes(range(12)))
    six = Examples(images, bytes([5, 4, 3, 2, 1, 0]), scale=256)
    whole = list(six)
    cuts = [slice(2, 5), slice(None), slice(1, 1), slice(9, 2), slice(None, None, 2)]
    for cut in [*cuts, slice(None, None, -1), slice(4, 0, -2), slice(-2, None)]:
        part = six[cut]
        assert list(part) == whole[cut]
        assert len(part.pixels) == 2 * len(part)
        assert [part.label(i) for i in range(len(part))] == list(part.labels)
        assert list(part[1:]) == whole[cut][1:], "a slice of a slice"
        assert list(part[::-1]) == whole[cut][::-1]
    assert six[2:5].pixels.obj is images.data, "no copy"


def test_the_bytes_are_at_hand_without_a_copy_and_cannot_be_changed() -> None:
    """What the fast path takes a mini-batch from."""
    test = load_digits().test
    x, y = test[7]
    start = 7 * 64
    assert Vector([byte / test.scale for byte in test.pixels[start : start + 64]]) == x
    assert test.labels[7] == y.argmax()
    assert test.scale == 16
    with pytest.raises(TypeError):
        test.pixels[0] = 1


def test_the_command_line_takes_mnist_by_name_folder_or_file(tmp_path: Path) -> None:
    """`--data mnist` is what load_mnist() finds; without it, one line says what to do."""
    missing = run("baseline", "--data", "mnist")
    assert (missing.returncode, missing.stdout) == (2, "")
    assert missing.stderr.startswith("tinynn baseline: no MNIST in ")
    assert "run `tinynn data mnist`, or put " in missing.stderr
    assert missing.stderr.count("\n") == 1
    folder = str(small_mnist(tmp_path / "mnist"))
    by_folder = run("baseline", "--data", folder)
    assert by_folder.returncode == 0, by_folder.stderr
    assert run("baseline", "--data", "mnist", TINYNN_DATA=folder).stdout == by_folder.stdout
    (tmp_path / "mnist.pkl.gz").write_bytes(b"not gzip")
    damaged = run("baseline", "--data", str(tmp_path / "mnist.pkl.gz"))
    assert damaged.returncode == 2
    assert "mnist.pkl.gz is not a complete gzip file" in damaged.stderr


@needs_mnist
def test_mnist_is_the_canonical_one() -> None:
    """The SHA-256 of the decompressed files."""
    for name, expected in CHECKSUMS.items():
        path = FOLDER / name
        path = path if path.exists() else FOLDER / f"{name}.gz"
        array = read_idx(path, 3 if "images" in name else 1)
        assert hashlib.sha256(idx(*array)).hexdigest() == expected


@needs_mnist
def test_mnist_is_split_as_in_the_book() -> None:
    """50,000 to train on, 10,000 for validation, 10,000 to test with, of 28×28 pixels."""
    data = load_mnist(FOLDER)
    assert [len(part) for part in data] == [50_000, 10_000, 10_000]
    assert {part.image_shape for part in data} == {(28, 28)}
    assert {part.scale for part in data} == {256}
    tested = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
    assert [data.test.labels.count(digit) for digit in range(10)] == tested
    both = Counter(data.training.labels) + Counter(data.validation.labels)
    counts = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
    assert [both[digit] for digit in range(10)] == counts
    assert [part.label(0) for part in data] == [5, 3, 7], "the first digits of the three parts"
    x, _ = data.training[0]
    assert max(x) == 255 / 256


@needs_mnist
def test_all_of_mnist_fits_in_little_memory() -> None:
    """55 MB of bytes, and Python itself: far below the 400 MB that loading may take."""
    if not Path("/proc/self/status").exists():
        pytest.skip("reads the peak from /proc: ru_maxrss counts the process that started it too")
    code = (
        "import re, sys; from tinynn import load_mnist; data = load_mnist(sys.argv[1]);"
        "print(re.search(r'VmHWM:\\s+(\\d+) kB', open('/proc/self/status').read())[1])"
    )
    command = [sys.executable, "-c", code, str(FOLDER)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 150_000, "kB in all"


def test_a_small_file_that_unpacks_to_a_gigabyte_is_rejected_unread(tmp_path: Path) -> None:
    """More than twice MNIST's own images is refused by the header."""
    path = tmp_path / "train-images-idx3-ubyte.gz"
    sizes = (60_000, 28, 57)
    content = bytes([0, 0, 8, 3]) + b"".join(size.to_bytes(4, "big") for size in sizes)
    path.write_bytes(gzip.compress(content + bytes(10**7)))
    tracemalloc.start()
    with pytest.raises(DataError, match="expected 1 to 94,080,000 bytes of data"):
        read_idx(path, 3)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10**6
