"""Files: networks as JSON, written completely or not at all, and checked when read."""

from __future__ import annotations

import errno
import os
import stat
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields
from math import isfinite
from time import time
from typing import Any, NamedTuple, Optional, Union

from tinynn.activations import ACTIVATIONS, SOFTMAX, Activation, activation_named
from tinynn.costs import Cost, cost_named, require_fit
from tinynn.errors import ArgumentError, DataError, TinyNNError, describe
from tinynn.layers.descriptions import Description, Plan
from tinynn.layers.layer import kinds
from tinynn.linalg import Matrix, Vector

FilePath = Union[str, "os.PathLike[str]"]

_TEMPORARY = ".tinynn-"
_LARGEST = 250_000_000  # bytes: ten million weights, the largest network
_MOST_NUMBERS = 12_000_000
_MOST_PARTS = 1_000_000  # lists, objects and quotation marks: they take the most memory
_PLAIN = 10_000_000  # bytes; a larger file must be ASCII, as save() writes it
FORMAT = "tinynn network"
VERSION = 2


def path_name(path: object) -> str:
    """Return a path as a string. Raises ArgumentError unless it can name a file.

    >>> path_name(3)
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: path: expected the name of a file, got 3: write "net.json"
    """
    name = os.fspath(path) if isinstance(path, os.PathLike) else path
    if isinstance(name, str) and "\0" not in name:
        with suppress(UnicodeEncodeError):
            os.fsencode(name)
            return name
    expected = f"expected the name of a file, got {describe(name)}"
    raise ArgumentError(f'path: {expected}: write "net.json"')


def json_safe(value: Any) -> Any:
    """Return a value as JSON can hold it: infinity, NaN and the keys of mappings as text.

    >>> json_safe({2: (1.5, float("inf"))})
    {'2': [1.5, 'inf']}
    """
    if isinstance(value, Mapping):
        return {str(key): json_safe(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_safe(each) for each in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value


def cache_folder() -> str:
    """Return the user's cache folder for tinynn, which may not exist yet."""
    home = os.path.expanduser("~")
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "tinynn")


def write_atomically(path: FilePath, text: str) -> None:
    """Write a text file so that a reader sees either the old file or the complete new one.

    The text goes to a temporary file in the same folder, which is flushed to the disk and renamed.
    An existing file keeps its mode; a read-only file is not replaced. On any failure the
    temporary file is removed and the old file stays unchanged. The next save in the folder removes
    the temporary file of a killed one. Raises OSError.
    """
    path = path_name(path)
    if not isinstance(text, str):
        raise ArgumentError(f"text: expected a text, got {describe(text)}: write str(…)")
    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    mode = None
    if os.path.lexists(target):
        mode = stat.S_IMODE(os.stat(target).st_mode)
        if not os.path.isfile(target):
            raise OSError(f"{path} is not a regular file")
        if not mode & 0o222:
            raise PermissionError(errno.EACCES, "the file is read-only", path)
    # a short name: the target's may be as long as the system allows
    temporary = os.path.join(folder, f"{_TEMPORARY}{os.getpid()}-{os.urandom(4).hex()}.tmp")
    try:
        file = open(temporary, "x", encoding="utf-8")  # noqa: SIM115  # closed just below
    except OSError as error:
        error.filename = path  # the caller's name for the file
        raise
    try:
        with file:
            if mode is not None:
                os.chmod(temporary, mode)
            try:
                file.write(text)
            except UnicodeEncodeError:
                raise DataError("text: expected characters, got half of a surrogate pair") from None
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):  # an interrupt may follow the renaming
            os.remove(temporary)
        raise
    _remove_leftovers(folder)


def _remove_leftovers(folder: str) -> None:
    """Remove temporary files of killed saves: those whose processes no longer run."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            pid = entry.name[len(_TEMPORARY) :].partition("-")[0]
            if not entry.name.startswith(_TEMPORARY) or not pid.isdecimal():
                continue
            if int(pid) != os.getpid() and not _is_running(int(pid), entry):
                with suppress(OSError):
                    os.remove(entry.path)


def _is_running(pid: int, entry: os.DirEntry[str]) -> bool:
    if os.name == "nt":  # Windows has no such check: an hour is longer than any save
        return time() - entry.stat().st_mtime < 3600
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


class Saved(NamedTuple):
    """The contents of a network file: a Vector and a Matrix for each layer that learns."""

    plan: Plan
    cost: Cost
    dtype: str
    biases: Sequence[Vector]
    weights: Sequence[Matrix]
    run: Optional[Mapping[str, Any]] = None  # the other parts of a checkpoint


def write_network(path: FilePath, saved: Saved) -> None:
    """Write a network as JSON. Every float reads back to the same bits.

    Raises OSError if the file cannot be written, DataError for a number that is not finite and
    for a custom activation function.
    """
    import json  # slow to import, and needed only here

    shorten = _shortest if saved.dtype == "float32" else list
    numbers = iter(zip(saved.biases, saved.weights))
    layers = []
    for l, description in enumerate(saved.plan.descriptions, start=2):
        layer: dict[str, object] = {"kind": description.kind}
        for name, value in description.settings().items():
            layer[name] = _function_name(value) if isinstance(value, Activation) else value
        if l in saved.plan.weight_shapes:
            biases, weights = next(numbers)
            layer["biases"] = shorten(biases.entries)
            layer["weights"] = [shorten(row) for row in weights.rows]
        layers.append(layer)
    parts = {
        "format": FORMAT,
        "version": VERSION,
        "input": saved.plan.input,
        "cost": saved.cost.name,
        "dtype": saved.dtype,
        "layers": layers,
    }
    if saved.run is not None:
        parts["run"] = saved.run
    try:
        text = json.dumps(parts, allow_nan=False)
    except ValueError:
        raise DataError("network: expected finite weights and biases to save") from None
    write_atomically(path, text + "\n")


def _function_name(function: Activation) -> str:
    if function not in (*ACTIVATIONS.values(), SOFTMAX):
        raise DataError(f"activation {function.name!r} is a custom function: it cannot be saved")
    return function.name


def _shortest(numbers: Sequence[float]) -> list[float]:
    """Return float32 numbers as floats with the shortest text that reads back to them.

    >>> _shortest([0.10000000149011612, 1.0])
    [0.1, 1.0]
    """
    found = []
    for number in numbers:
        texts = (f"{number:.{digits}g}" for digits in range(6, 10))
        short = (float(text) for text in texts)
        found.append(next((each for each in short if _float32([each]) == [number]), number))
    return found


def _float32(numbers: Iterable[float]) -> list[float]:
    return array("f", numbers).tolist()


def read_network(path: FilePath) -> Saved:
    """Read and check a network file of version 1 or 2.

    Raises DataError, in one line, for any wrong content; OSError if the file cannot be read.
    """
    import json

    name = path_name(path)
    require_file(name)
    try:
        parts = json.loads(_text(name), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not a tinynn network: byte {error.start} is not text") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DataError(f"{name} is damaged or cut short at {where}: {error.msg}") from None
    except RecursionError:
        raise DataError(f"{name} is not a tinynn network: it is nested too deep") from None
    except (DataError, ValueError) as error:  # such as an integer of more digits than Python reads
        raise DataError(f"{name} is damaged: {error}") from None
    if not isinstance(parts, dict) or parts.get("format") != FORMAT:
        raise DataError(f"{name} is not a tinynn network: its format is not {FORMAT!r}")
    try:
        if parts.get("version") == 1:
            return _first_version(parts)
        if parts.get("version") == VERSION:
            return _second_version(parts)
    except (TinyNNError, OverflowError) as error:
        raise DataError(f"{name} is damaged: {error}") from None
    given = describe(parts.get("version"))
    raise DataError(f"{name}: expected version 1 or {VERSION} of the format, got {given}")


def require_file(name: str) -> None:
    """Raise DataError for a device or a pipe, which may never end. open() rejects folders."""
    mode = os.stat(name).st_mode
    if not stat.S_ISREG(mode) and not stat.S_ISDIR(mode):
        raise DataError(f"{name} is not a regular file but a device or a pipe")


def _text(name: str) -> str:
    """Return the text of a file, unless it would need far more memory than any network."""
    with open(name, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        data = file.read(size + 1) if size <= _LARGEST else b""
    limits = (
        (_LARGEST, "bytes", size),
        (_MOST_NUMBERS, "numbers", data.count(b",")),
        (_MOST_PARTS, "parts", sum(map(data.count, (b"[", b"{", b'"')))),
    )
    for most, what, held in limits:
        if held > most:
            raise DataError(f"it contains more than {most:,} {what}")
    if len(data) > _PLAIN and not data.isascii():
        raise DataError(f"it is larger than {_PLAIN:,} bytes and not plain ASCII")
    return data.decode()


def _refuse(constant: str) -> float:
    raise DataError(f"it contains {constant}, which is not a finite number")


def _first_version(parts: dict[str, Any]) -> Saved:
    """Read version 1: dense layers with one activation function."""
    _require_keys(parts, "sizes", "activation", "cost", "biases", "weights")
    sizes = parts["sizes"]
    if not _are_whole(sizes) or len(sizes) < 2:
        raise DataError(
            f"sizes: expected a list of two whole numbers or more, got {describe(sizes)}"
        )
    for key in ("biases", "weights"):
        if not isinstance(parts[key], list) or len(parts[key]) != len(sizes) - 1:
            expected = f"expected one entry for each of layers 2 to {len(sizes)}"
            raise DataError(f"{key}: {expected}, got {describe(parts[key])}")
    pairs = zip(parts["biases"], parts["weights"])
    numbers = [_numbers(f"[{i}]", b, w) for i, (b, w) in enumerate(pairs)]
    return _fitted(Plan(sizes, parts["activation"]), parts["cost"], "float64", numbers)


def _second_version(parts: dict[str, Any]) -> Saved:
    """Read version 2: layers of any registered kind."""
    _require_keys(parts, "input", "cost", "dtype", "layers")
    shape, layers, dtype = parts["input"], parts["layers"], parts["dtype"]
    if not _are_whole(shape):
        raise DataError(f"input: expected a list of whole numbers, got {describe(shape)}")
    if dtype not in ("float64", "float32"):
        raise DataError(f"dtype: expected float64 or float32, got {describe(dtype)}")
    if not isinstance(layers, list) or not layers:
        raise DataError(f"layers: expected a list of layers, got {describe(layers)}")
    descriptions, numbers = [], []
    for l, layer in enumerate(layers, start=2):
        if not isinstance(layer, dict):
            raise DataError(f"layer {l}: expected a kind with its settings, got {describe(layer)}")
        try:
            descriptions.append(_description(layer))
        except TinyNNError as error:
            raise DataError(f"layer {l}: {error}") from None
        if "biases" in layer or "weights" in layer:
            _require_keys(layer, "biases", "weights")
            numbers.append(_numbers(f" of layer {l}", layer["biases"], layer["weights"]))
    if dtype == "float32":
        numbers = [(Vector(_float32(b)), Matrix([_float32(row) for row in w])) for b, w in numbers]
    saved = _fitted(Plan([tuple(shape), *descriptions]), parts["cost"], dtype, numbers)
    return saved._replace(run=parts.get("run"))


def _description(layer: dict[str, Any]) -> Description:
    """Return the description of a layer from its kind and settings."""
    known = kinds()
    kind = layer.get("kind")
    if not isinstance(kind, str) or kind not in known:
        names = " or ".join(known)
        raise DataError(f"expected a registered kind of layer, {names}, got {describe(kind)}")
    settings = {name: layer[name] for name in layer if name not in ("kind", "biases", "weights")}
    possible = [each.name for each in fields(known[kind])]
    for name in settings:
        if name not in possible:
            raise DataError(f"{kind} has no setting {describe(name)}")
    if "activation" in settings:
        settings["activation"] = activation_named(settings["activation"])
    try:
        return known[kind](**settings)
    except TypeError as error:
        raise DataError(f"settings of {kind}: {error}") from None


def _fitted(
    plan: Plan, cost: object, dtype: str, numbers: Sequence[tuple[Vector, Matrix]]
) -> Saved:
    """Return the file's contents after checking that the numbers fit the plan."""
    if len(numbers) != len(plan.weight_shapes):
        expected = f"expected biases and weights for {len(plan.weight_shapes)} layers"
        raise DataError(f"{expected}, got them for {len(numbers)}")
    for (l, (rows, columns)), (b, w) in zip(plan.weight_shapes.items(), numbers):
        if (w.shape, len(b)) != ((rows, columns), rows):
            given = f"{w.shape[0]}×{w.shape[1]} weights and {len(b)} biases"
            raise DataError(f"layer {l}: {given} do not fit {rows}×{columns} and {rows}")
    saved = Saved(plan, cost_named(cost), dtype, [b for b, _ in numbers], [w for _, w in numbers])
    require_fit(plan, saved.cost)
    return saved


def _numbers(place: str, biases: object, weights: object) -> tuple[Vector, Matrix]:
    return _part(f"biases{place}", Vector, biases), _part(f"weights{place}", Matrix, weights)


def _part(place: str, kind: Any, numbers: object) -> Any:
    try:
        return kind(numbers)
    except TinyNNError as error:
        raise DataError(f"{place}: {error}") from None


def _require_keys(parts: dict[str, Any], *keys: str) -> None:
    for key in keys:
        if key not in parts:
            raise DataError(f"{key!r} is missing")


def _are_whole(sizes: object) -> bool:
    return isinstance(sizes, list) and bool(sizes) and all(type(size) is int for size in sizes)
