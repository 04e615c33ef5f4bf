"""Files: exact round trips, old files that survive failures, and clear errors."""

from __future__ import annotations

import gzip
import json
import os
import signal
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

from tinynn import Activation, DataError, Dense, Network, TinyNNError, Vector, files, load_mnist
from tinynn.cli import main
from tinynn.datasets.idx import read_idx
from tinynn.layers import descriptions
from tinynn.teaching.strategies import layer_sizes


@given(
    layer_sizes(),
    st.integers(0, 10**6),
    st.sampled_from(["sigmoid", "tanh", "relu"]),
)
def test_save_and_load_give_back_the_same_network(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], seed: int, activation: str
) -> None:
    """Every weight, to the last bit, and the activation function."""
    path = tmp_path_factory.mktemp("net") / "net.json"
    network = Network(sizes, seed=seed, activation=activation)
    network.save(path)
    assert Network.load(path) == network


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_float_survives_a_round_trip(
    tmp_path_factory: pytest.TempPathFactory, number: float
) -> None:
    """Subnormal, negative zero, 1e308: the same bits."""
    path = tmp_path_factory.mktemp("net") / "net.json"
    Network.from_parameters([[number]], [[[1.0]]]).save(path)
    assert Network.load(path).biases[0][0].hex() == number.hex()


def saved(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return a saved 2-3-1 network, and its parts as JSON has them."""
    path = folder / "net.json"
    Network([2, 3, 1], seed=0).save(path)
    return path, json.loads(path.read_text())


def first_version(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Return the same network as version 1 of the format held it, and its parts."""
    path, network = folder / "net.json", Network([2, 3, 1], seed=0)
    parts = {
        "format": "tinynn network",
        "version": 1,
        "sizes": [2, 3, 1],
        "activation": "sigmoid",
        "cost": "quadratic",
        "biases": [b.to_list() for b in network.biases],
        "weights": [w.to_lists() for w in network.weights],
    }
    path.write_text(json.dumps(parts))
    return path, parts


def test_a_file_of_version_1_is_still_read(tmp_path: Path) -> None:
    """Networks saved before layers were described."""
    path, _ = first_version(tmp_path)
    assert Network.load(path) == Network([2, 3, 1], seed=0)


def without(key: str) -> Callable[[dict[str, Any]], None]:
    """Return the damage of losing a key."""
    return lambda parts: parts.pop(key)


def put(value: object, *keys: Any) -> Callable[[dict[str, Any]], None]:
    """Return the damage of another value at a place."""

    def damage(parts: Any) -> None:
        for key in keys[:-1]:
            parts = parts[key]
        parts[keys[-1]] = value

    return damage


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (without("format"), "not a tinynn network"),
        (put("other", "format"), "not a tinynn network"),
        (put(3, "version"), "expected version 1 or 2 of the format, got 3"),
        (put(2, "version"), "'input' is missing"),
        (without("weights"), "'weights' is missing"),
        (without("activation"), "'activation' is missing"),
        (put("sine", "activation"), "activation: expected step, .* got 'sine'"),
        (put([1], "activation"), "activation: expected step"),
        (put("entropy", "cost"), "cost: expected quadratic, .*got 'entropy'"),
        (put("2-3-1", "sizes"), "sizes: expected a list of two whole numbers or more"),
        (put([2], "sizes"), "sizes: expected a list of two whole numbers or more"),
        (put([2, 3], "sizes"), "biases: expected one entry for each of layers 2 to 2"),
        (put([2, 4, 1], "sizes"), "layer 2: 3×2 weights and 3 biases do not fit"),
        (put("x", "weights", 0, 2, 1), r"weights\[0\]: Matrix row 2 entry 1: .*'x' \(a str\)"),
        (put(True, "biases", 1, 0), r"biases\[1\]: Vector entry 0: .*True"),
        (put(None, "biases", 0, 1), r"biases\[0\]: Vector entry 1: .*None"),
        (put([0.5], "weights", 0, 1), r"weights\[0\]: Matrix row 1: expected 2 entries"),
        (put([], "weights", 0), r"weights\[0\]: Matrix: expected at least one row"),
        (put(0.5, "weights", 0, 1), r"weights\[0\]: Matrix row 1: expected a list of numbers"),
        (put({}, "weights"), "weights: expected one entry"),
        (put(10**400, "biases", 0, 0), "biases.*in the range of floats"),
    ],
)
def test_a_damaged_file_of_version_1_gets_one_clear_error(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], words: str
) -> None:
    """One line names the file, and what is wrong where."""
    refused(*first_version(tmp_path), damage, words)


def refused(
    path: Path, parts: dict[str, Any], damage: Callable[[dict[str, Any]], None], words: str
) -> None:
    """Damage the parts, and fail unless loading them is one clear error."""
    damage(parts)
    path.write_text(json.dumps(parts))
    with pytest.raises(DataError, match=words) as raised:
        Network.load(path)
    assert str(path) in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (without("layers"), "'layers' is missing"),
        (without("dtype"), "'dtype' is missing"),
        (put("float16", "dtype"), "dtype: expected float64 or float32, got 'float16'"),
        (put([], "input"), "input: expected a list of whole numbers"),
        (put([2.0], "input"), "input: expected a list of whole numbers"),
        (put([-2], "input"), "expected a whole number of at least 1, got -2"),
        (put([3], "input"), "layer 2: 3×2 weights and 3 biases do not fit 3×3"),
        (put({}, "layers"), "layers: expected a list of layers"),
        (put([7], "layers"), "layer 2: expected a kind with its settings, got 7"),
        (put("Pickle", "layers", 0, "kind"), "layer 2: expected a registered kind .*'Pickle'"),
        (put([1], "layers", 0, "kind"), "layer 2: expected a registered kind .* a list of 1"),
        (put(1, "layers", 1, "speed"), "layer 3: Dense has no setting 'speed'"),
        (put(0, "layers", 0, "neurons"), "neurons: expected a whole number of at least 1, got 0"),
        (put("sine", "layers", 0, "activation"), "layer 2: activation: expected step"),
        (put([1], "layers", 0, "activation"), "layer 2: activation: expected step"),
        (put("x", "layers", 0, "weights", 2, 1), "weights of layer 2: Matrix row 2 entry 1: .*'x'"),
        (put(True, "layers", 1, "biases", 0), "biases of layer 3: Vector entry 0: .*True"),
        (lambda parts: parts["layers"][0].pop("weights"), "'weights' is missing"),
        (lambda parts: parts["layers"][0].pop("neurons"), "layer 2: settings of Dense: .*neurons"),
        (
            lambda parts: [parts["layers"][1].pop(key) for key in ("weights", "biases")],
            "expected biases and weights for 2 layers, got them for 1",
        ),
        (put(10**400, "layers", 0, "biases", 0), "biases.*in the range of floats"),
        (put(10**400, "layers", 0, "neurons"), "do not fit|more than 20 digits"),
    ],
)
def test_a_damaged_file_of_version_2_gets_one_clear_error(
    tmp_path: Path, damage: Callable[[dict[str, Any]], None], words: str
) -> None:
    """The message names the layer and the unknown part."""
    refused(*saved(tmp_path), damage, words)


def test_float32_numbers_are_written_as_their_shortest_text(tmp_path: Path) -> None:
    """0.1, not 0.10000000149011612; and the same bits come back in either engine."""
    np = pytest.importorskip("numpy")
    from tinynn.fast import Network as FastNetwork

    network = FastNetwork([3, 4, 2], seed=3, dtype="float32")
    network.weights[0][0, 0] = 0.1
    path = tmp_path / "net.json"
    network.save(path)
    layer = json.loads(path.read_text())["layers"][0]
    assert layer["weights"][0][0] == 0.1
    assert all(len(str(abs(number))) <= 12 for number in layer["biases"])
    assert FastNetwork.load(path) == network
    assert FastNetwork.load(path).dtype == "float32"
    assert Network.load(path).weights[0][0][0] == float(np.float32(0.1))
    assert FastNetwork.load(path, dtype="float64").to_pure() == Network.load(path)


def test_a_custom_activation_function_is_not_saved(tmp_path: Path) -> None:
    """A name in a file would not bring the function back."""
    own = Activation("mine", lambda z: z, lambda z: 1.0)
    with pytest.raises(DataError, match="'mine' is a custom function: it cannot be saved"):
        Network([2, Dense(2, own)], seed=0).save(tmp_path / "net.json")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "damaged or cut short at line 1, column 1"),
        (b"not json", "damaged or cut short at line 1"),
        (b"[1, 2]", "not a tinynn network"),
        (b"3", "not a tinynn network"),
        (b"\xff\xfe\x00", "byte 0 is not text"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"format": NaN}', "NaN, which is not a finite number"),
        (b'{"format": -Infinity}', "-Infinity"),
        (b"1" * 10_000, "damaged|not a tinynn network"),
    ],
)
def test_files_that_are_not_networks_are_rejected(
    tmp_path: Path, content: bytes, words: str
) -> None:
    """Nothing in a file can do more than be refused: no pickle, no code."""
    path = tmp_path / "net.json"
    path.write_bytes(content)
    with pytest.raises(DataError, match=words):
        Network.load(path)


def test_a_file_cut_short_anywhere_is_rejected(tmp_path: Path) -> None:
    """Every prefix of a saved network, but for the line end, is an error of ours."""
    path, _ = saved(tmp_path)
    whole = path.read_bytes().rstrip()
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(DataError):
            Network.load(path)


def test_a_number_too_large_for_a_float_is_not_read_as_infinity(tmp_path: Path) -> None:
    """1e999 is JSON, but no float."""
    path, _ = saved(tmp_path)
    parts = json.loads(path.read_text())
    parts["layers"][1]["biases"] = [7]
    path.write_text(json.dumps(parts).replace("[7]", "[1e999]"))
    with pytest.raises(DataError, match="biases of layer 3: Vector entry 0: .*inf"):
        Network.load(path)


def test_weights_that_are_not_finite_are_not_saved(tmp_path: Path) -> None:
    """JSON has no NaN; an existing file stays unchanged."""
    path, _ = saved(tmp_path)
    before = path.read_bytes()
    network = Network([2, 1], seed=0)
    network.weights[0].rows[0][0] = float("nan")
    with pytest.raises(DataError, match="finite weights and biases"):
        network.save(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["net.json"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Written to a temporary name, flushed, then renamed: the old network is never lost."""
    path, _ = saved(tmp_path)
    before = path.read_bytes()

    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, full)
    with pytest.raises(OSError, match="No space left"):
        Network([4, 4], seed=1).save(path)
    monkeypatch.undo()
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["net.json"]


def test_a_device_or_a_folder_is_never_replaced_by_a_file(tmp_path: Path) -> None:
    """Renaming over /dev/null would be a catastrophe; over a folder, a surprise."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for place in (pipe, tmp_path):
        with pytest.raises(OSError, match="not a regular file"):
            Network([2, 1], seed=0).save(place)
    assert pipe.is_fifo()


def test_a_link_is_followed_and_permissions_are_the_users_own(tmp_path: Path) -> None:
    """Saving through a link writes the file it points to, with the rights any new file has."""
    path, _ = saved(tmp_path)
    link = tmp_path / "link.json"
    link.symlink_to(path)
    Network([2, 1], seed=9).save(link)
    assert link.is_symlink()
    assert Network.load(path) == Network([2, 1], seed=9)
    plain = tmp_path / "plain"
    plain.touch()
    assert path.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o660])
def test_an_existing_files_mode_is_kept(tmp_path: Path, mode: int) -> None:
    """A private file stays private."""
    path, _ = saved(tmp_path)
    path.chmod(mode)
    Network([2, 1], seed=9).save(path)
    assert path.stat().st_mode & 0o777 == mode
    assert Network.load(path) == Network([2, 1], seed=9)


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    """A file is read-only on purpose."""
    path, _ = saved(tmp_path)
    before = path.read_bytes()
    path.chmod(0o444)
    with pytest.raises(PermissionError, match="read-only") as raised:
        Network([2, 1], seed=9).save(path)
    assert raised.value.filename == str(path)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["net.json"]


def test_a_name_may_be_as_long_as_the_system_allows(tmp_path: Path) -> None:
    """255 bytes: the temporary name does not grow with it."""
    path = tmp_path / ("n" * 250 + ".json")
    Network([2, 1], seed=9).save(path)
    assert Network.load(path) == Network([2, 1], seed=9)


def test_an_interrupt_just_after_the_renaming_is_the_interrupt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not a FileNotFoundError for the temporary name; and the new file is whole."""
    replace = os.replace

    def interrupted(source: Any, target: Any) -> None:
        replace(source, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        Network([2, 1], seed=9).save(tmp_path / "net.json")
    assert Network.load(tmp_path / "net.json") == Network([2, 1], seed=9)


def test_the_next_save_removes_the_file_of_a_killed_one(tmp_path: Path) -> None:
    """Of an ended process; the file of a running one stays."""
    code = """
import os, signal, sys
from tinynn import Network
os.replace = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
Network([2, 1], seed=0).save(sys.argv[1])
"""
    path = tmp_path / "net.json"
    done = subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert done.returncode == -signal.SIGKILL
    (litter,) = os.listdir(tmp_path)
    running = tmp_path / f".tinynn-{os.getppid()}-00000000.tmp"
    running.touch()
    Network([2, 1], seed=0).save(path)
    assert sorted(os.listdir(tmp_path)) == [running.name, "net.json"]
    assert litter != running.name


def test_a_missing_file_is_the_operating_systems_error(tmp_path: Path) -> None:
    """It is a FileNotFoundError."""
    with pytest.raises(FileNotFoundError):
        Network.load(tmp_path / "none.json")


def test_a_loaded_network_has_the_trained_weights(tmp_path: Path) -> None:
    """The loaded network gives the same outputs, to the last bit, and can go on learning."""
    xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    network = Network([2, 2, 1], seed=0)
    list(network.train(xor, 5, 2, 3.0, seed=0))
    network.save(tmp_path / "net.json")
    again = Network.load(tmp_path / "net.json")
    for each in (network, again):
        list(each.train(xor, 5, 2, 3.0, seed=1))
    assert network == again


def test_errors_of_tinynn_are_value_errors() -> None:
    """One base class to catch them all."""
    assert issubclass(DataError, TinyNNError)
    assert issubclass(TinyNNError, ValueError)


def peak_of(path: Path) -> int:
    """Return the most memory that reading a file takes, in bytes."""
    tracemalloc.start()
    with suppress(DataError):
        Network.load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize(
    "content",
    [
        bytes(10**8),
        b"[" + b"[]," * 800_000 + b"[]]",
        b"[" + b"257," * 600_000 + b"1]",
        b"[" + b"1e9," * 600_000 + b"1]",
        b"[" + b'"ab",' * 480_000 + b"1]",
        b'{"format":"' + b"a" * 2_400_000 + "😀".encode() + b'"}',
        b'{"format":"' + rb"\u1234" * 400_000 + b'"}',
    ],
    ids=["zeros", "lists", "whole numbers", "numbers", "texts", "a wide character", "escapes"],
)
def test_no_file_takes_more_than_twice_the_memory_of_a_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes
) -> None:
    """JSON itself has no limit. The limits in this test are a hundredth of the real ones."""
    for limit in ("_LARGEST", "_MOST_NUMBERS", "_MOST_PARTS", "_PLAIN"):
        monkeypatch.setattr(files, limit, getattr(files, limit) // 100)
    Network([490, 200, 10], seed=0).save(tmp_path / "net.json")
    assert 1_900_000 < os.path.getsize(tmp_path / "net.json") < 2_500_000
    (tmp_path / "hungry.json").write_bytes(content)
    assert peak_of(tmp_path / "hungry.json") < 2 * peak_of(tmp_path / "net.json")


def test_the_largest_network_has_room_in_a_file() -> None:
    """Every network that can be trained can be saved and loaded."""
    assert descriptions._MOST < files._MOST_NUMBERS
    assert descriptions._MOST * len("-0.12345678901234567, ") < files._LARGEST


@pytest.mark.parametrize("call", [Network.load, load_mnist, lambda path: read_idx(path, 3)])
def test_a_device_or_a_pipe_is_rejected_unread(tmp_path: Path, call: Callable[[Any], Any]) -> None:
    """An unused pipe would block forever; /dev/zero has no end."""
    pipe = tmp_path / "mnist.pkl.gz"
    os.mkfifo(pipe)
    for path in (pipe, "/dev/zero"):
        begun = time.perf_counter()
        with pytest.raises(DataError, match="not a regular file|as a folder: Not a directory"):
            call(path)
        assert time.perf_counter() - begun < 1.0


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "/dev/zero"),
        ("step", "/dev/zero"),
        ("show", "PIPE"),
        ("train", "--resume", "PIPE"),
        ("train", "--sizes", "64", "100000000", "10"),
        ("train", "--sizes", "64", "100000000", "10", "--fast"),
    ],
)
def test_endless_and_huge_files_get_a_one_line_error(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
) -> None:
    """No traceback, no waiting, status 2."""
    monkeypatch.chdir(tmp_path)
    os.mkfifo("PIPE")
    assert main(list(arguments)) == 2
    message = capsys.readouterr().err
    assert message.count("\n") == 1
    assert len(message) < 300


def again(content: bytes, times: int) -> bytes:
    """Return a gzip file that unpacks to so many times the content, made at once."""
    return gzip.compress(content) * times


MEGABYTE = bytes(10**6)
IDX = bytes([0, 0, 8, 3]) + struct.pack(">3I", 10**6, 32, 32)
LABELS = bytes([0, 0, 8, 1]) + struct.pack(">I", 90 * 10**6)
LONG_TEXT = b"\x80\x02T" + struct.pack("<I", 299 * 10**6)
HUNGRY: dict[str, dict[str, bytes]] = {
    "gigabytes of zeros": {"mnist.pkl.gz": again(MEGABYTE, 3000)},
    "a pickle of zeros": {
        "mnist.pkl.gz": again(LONG_TEXT, 1) + again(MEGABYTE, 299) + again(b".", 1)
    },
    "a gigabyte of images": {"train-images-idx3-ubyte.gz": again(IDX, 1) + again(MEGABYTE, 1024)},
    "too many labels": {
        "train-images-idx3-ubyte.gz": again(IDX[:4] + struct.pack(">3I", 1, 1, 1) + b"0", 1),
        "train-labels-idx1-ubyte.gz": again(LABELS, 1) + again(MEGABYTE, 90),
    },
}


# Prints the most memory, in kB, that this very program has held.
HELD = """
import sys
from tinynn.cli import main

status = main(sys.argv[1:])
with open("/proc/self/status") as memory:
    print(next(line.split()[1] for line in memory if line.startswith("VmHWM")))
sys.exit(status)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says what is held")
@pytest.mark.parametrize("name", HUNGRY)
def test_a_process_takes_no_more_memory_than_twice_that_of_mnist(tmp_path: Path, name: str) -> None:
    """At full size: the book's file takes 330 MB; of these small ones none takes over 660."""
    for file, content in HUNGRY[name].items():
        (tmp_path / file).write_bytes(content)
    command = [sys.executable, "-c", HELD, "train", "--data", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert len(done.stderr) < 500
    assert int(done.stdout) / 2**10 < 660


def test_too_little_memory_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the system has less than a network takes."""

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("tinynn.cli.show.load_data", full)
    assert main(["show"]) == 2
    assert capsys.readouterr().err == "tinynn show: there is not enough memory for this\n"
