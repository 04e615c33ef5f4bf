"""The included digits and the IDX format: their contents, and rejected files."""

from __future__ import annotations

import gzip
import hashlib
import os
import struct
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynn import ArgumentError, DataError, Vector, load_digits, load_mnist
from tinynn.datasets.digits import data_folder
from tinynn.datasets.idx import read_idx

CHECKSUMS = {
    "digits-images-idx3-ubyte": "359cd13f0f514122884198b78a131df597421cbf5e93a76678fa96fc548f0d96",
    "digits-labels-idx1-ubyte": "ce71631c1f31ce56fa54f31d1d498fafacff59b001e6c30c4a5e29508aa277ad",
}


def idx(shape: tuple[int, ...], data: bytes) -> bytes:
    """Return an IDX file of unsigned bytes."""
    return struct.pack(f">4B{len(shape)}I", 0, 0, 8, len(shape), *shape) + data


@pytest.mark.parametrize("name", CHECKSUMS)
def test_the_shipped_files_are_the_ones_that_the_readme_of_data_describes(name: str) -> None:
    """The SHA-256 of the decompressed bytes; data/README.md has the same sum."""
    folder = Path(data_folder())
    content = gzip.decompress((folder / f"{name}.gz").read_bytes())
    assert hashlib.sha256(content).hexdigest() == CHECKSUMS[name]
    assert CHECKSUMS[name] in (folder / "README.md").read_text(encoding="utf-8")


def test_the_digits_are_split_in_the_sets_own_order() -> None:
    """1,000 for training, 297 for validation, 500 for test: 1,797 in all."""
    digits = load_digits()
    assert [len(part) for part in digits] == [1000, 297, 500]
    content = gzip.decompress((Path(data_folder()) / "digits-labels-idx1-ubyte.gz").read_bytes())
    labels = [part.label(i) for part in digits for i in range(len(part))]
    assert bytes(labels) == content[8:]


def test_a_digit_is_64_pixels_from_0_to_1_and_a_one_hot_vector() -> None:
    """One label format everywhere: y is the desired output."""
    for part in load_digits():
        assert part.image_shape == (8, 8)
        for i, (x, y) in enumerate(part):
            assert len(x) == 64
            assert 0.0 <= min(x) <= max(x) <= 1.0
            assert y == Vector.one_hot(part.label(i), 10)
    images = [x for x, _ in load_digits().training]
    assert max(max(x) for x in images) == 1.0, "a pixel is ink / 16"


def test_every_digit_occurs_in_every_part() -> None:
    """A part without a 7 could not teach or test a 7."""
    for part in load_digits():
        counts = [sum(part.label(i) == digit for i in range(len(part))) for digit in range(10)]
        assert min(counts) >= len(part) // 10 - 20, counts


def test_examples_behave_as_a_list_does() -> None:
    """Index, negative index, slice, iteration, length; an example is made anew each time."""
    test = load_digits().test
    assert test[-1] == test[499]
    assert list(test[10:13]) == [test[10], test[11], test[12]]
    assert test[::100].label(1) == test.label(100)
    with pytest.raises(IndexError):
        test[500]
    test[0][0][0] = 0.75
    test[0][1][0] = 0.75
    assert test[0] == load_digits().test[0], "changing one that was handed out changes no other"


@pytest.mark.parametrize("compressed", [True, False])
def test_an_idx_file_is_read_gzipped_or_not(tmp_path: Path, compressed: bool) -> None:
    """A magic number, the sizes, the bytes."""
    content = idx((2, 1, 3), bytes(range(6)))
    path = tmp_path / f"images{'.gz' if compressed else ''}"
    path.write_bytes(gzip.compress(content) if compressed else content)
    assert read_idx(path, 3) == ((2, 1, 3), bytes(range(6)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "got an empty file"),
        (b"\x00\x00", "expected IDX images"),
        (idx((3,), b"abc"), "expected IDX images .magic 00000803., got 00000801"),
        (b"\x00\x00\x0d\x03" + bytes(20), "got 00000d03"),
        (idx((2, 1, 3), b"")[:9], "ends inside its header"),
        (idx((2, 1, 3), b"12345"), "expected 6 bytes after its header, got only 5"),
        (idx((2, 1, 3), b"1234567"), "expected 6 bytes after its header, got more"),
        (idx((2, 0, 3), b""), "its header has 0"),
        (idx((2**31, 2**31, 2**31), b"x"), "its header has 9,903,520,314"),
    ],
)
@pytest.mark.parametrize("compressed", [True, False])
def test_a_file_with_a_wrong_header_is_rejected(
    tmp_path: Path, content: bytes, words: str, compressed: bool
) -> None:
    """One line that names the file, and no more memory than the header states."""
    path = tmp_path / f"images{'.gz' if compressed else ''}"
    path.write_bytes(gzip.compress(content) if compressed else content)
    with pytest.raises(DataError, match=words) as raised:
        read_idx(path, 3)
    assert str(path) in str(raised.value)


def test_a_broken_gzip_file_is_rejected(tmp_path: Path) -> None:
    """Cut short, corrupted, or not gzip at all."""
    path = tmp_path / "images.gz"
    whole = gzip.compress(idx((2, 20, 30), os.urandom(1200)))
    corrupted = bytearray(whole)
    corrupted[600] ^= 0xFF
    for content in (whole[:-20], whole[:15], bytes(corrupted), b"plainly not gzip"):
        path.write_bytes(content)
        with pytest.raises(DataError, match="images.gz"):
            read_idx(path, 3)


def test_a_decompression_bomb_is_not_unpacked(tmp_path: Path) -> None:
    """A header of 6 bytes over 100 MB of zeros: read no further than byte 7."""
    path = tmp_path / "images.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(idx((2, 1, 3), b""))
        for _ in range(100):
            file.write(bytes(2**20))
    with pytest.raises(DataError, match="got more"):
        read_idx(path, 3)


def folder_of(path: Path, images: bytes, labels: bytes) -> Path:
    """Return a folder with these contents as both the training and the test set."""
    for part in ("train", "t10k"):
        (path / f"{part}-images-idx3-ubyte").write_bytes(images)
        (path / f"{part}-labels-idx1-ubyte").write_bytes(labels)
    return path


def test_a_folder_of_idx_files_is_split_as_the_book_splits_mnist(tmp_path: Path) -> None:
    """The last sixth of the training images is for validation; a pixel is k/256."""
    folder = folder_of(tmp_path, idx((12, 1, 2), bytes(range(24))), idx((12,), bytes([3] * 12)))
    training, validation, test = load_mnist(folder)
    assert [len(part) for part in (training, validation, test)] == [10, 2, 12]
    assert validation[0][0] == Vector([20 / 256, 21 / 256])


def test_images_and_labels_that_do_not_belong_together_are_rejected(tmp_path: Path) -> None:
    """Other counts, labels above 9, files swapped, files missing."""
    images = idx((2, 1, 2), bytes(4))
    folder_of(tmp_path, images, idx((3,), bytes(3)))
    with pytest.raises(DataError, match="as many labels as images, got 3 and 2"):
        load_mnist(tmp_path)
    folder_of(tmp_path, images, idx((2,), bytes([4, 11])))
    with pytest.raises(DataError, match="label 1: expected 0 to 9, got 11"):
        load_mnist(tmp_path)
    folder_of(tmp_path, idx((2,), bytes(2)), images)
    with pytest.raises(DataError, match="expected IDX images"):
        load_mnist(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte").unlink()
    folder_of(tmp_path, images, idx((2,), bytes(2)))
    (tmp_path / "t10k-images-idx3-ubyte").unlink()
    with pytest.raises(DataError, match="expected a file t10k-images-idx3-ubyte"):
        load_mnist(tmp_path)


def test_missing_included_data_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken installation is named as one."""
    monkeypatch.setattr("tinynn.datasets.digits.data_folder", lambda: str(tmp_path))
    with pytest.raises(DataError, match="the included digits are missing: .*digits-images"):
        load_digits()


@given(st.floats(0.0, 1.0), st.integers(0, 9))
def test_with_wrong_labels_changes_the_requested_share(share: float, seed: int) -> None:
    """The share is exact; the images and the other labels stay; the same seed, the same labels."""
    data = load_digits().training[:50]
    before = data.labels
    wrong = data.with_wrong_labels(share, seed=seed)
    assert sum(a != b for a, b in zip(wrong.labels, before)) == round(share * 50)
    assert wrong.pixels == data.pixels
    assert data.labels == before
    assert wrong.labels == data.with_wrong_labels(share, seed=seed).labels


def test_wrong_labels_are_drawn_from_all_the_others() -> None:
    """Each of the nine other digits is equally likely: 1,000 labels, all wrong."""
    data = load_digits().training
    wrong = data.with_wrong_labels(1.0, seed=0)
    zeros = Counter(w for w, right in zip(wrong.labels, data.labels) if right == 0)
    assert set(zeros) == set(range(1, 10))


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan"), "0.2", True])
def test_a_share_of_wrong_labels_is_from_0_to_1(share: float) -> None:
    """The message names any other value."""
    with pytest.raises(ArgumentError, match="share: expected a number from 0 to 1"):
        load_digits().training.with_wrong_labels(share)
