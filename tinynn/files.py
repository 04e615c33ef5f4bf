"""Files: a network as JSON, written whole or not at all, and read with suspicion."""

from __future__ import annotations

import os
from typing import Any, Union

from tinynn.errors import DataError, TinyNNError, describe
from tinynn.linalg import Matrix, Vector

Path = Union[str, "os.PathLike[str]"]

FORMAT = "tinynn network"
VERSION = 1


def cache_folder() -> str:
    """Return the user's cache folder for tinynn, which may not exist yet."""
    home = os.path.expanduser("~")
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.join(home, "AppData", "Local")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.join(home, ".cache")
    return os.path.join(base, "tinynn")


def write_atomically(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old file or the whole new one.

    The text goes to a temporary name in the same folder, is flushed to the disk, then renamed.
    On any failure the temporary file is removed and what stood there before is untouched.
    Raises OSError.
    """
    target = os.path.realpath(path)
    if os.path.exists(target) and not os.path.isfile(target):
        raise OSError(f"{os.fspath(path)} is not a regular file")
    temporary = f"{target}.{os.urandom(4).hex()}.tmp"
    try:
        file = open(temporary, "x", encoding="utf-8")  # noqa: SIM115  # closed just below
    except OSError as error:
        error.filename = os.fspath(path)  # the name that the caller knows
        raise
    try:
        with file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException:
        os.remove(temporary)
        raise


def write_network(
    path: Path, activation: str, cost: str, biases: list[Vector], weights: list[Matrix]
) -> None:
    """Write the parts of a network as JSON; every float reads back to the same bits."""
    import json  # slow to import, and only files need it

    parts = {
        "format": FORMAT,
        "version": VERSION,
        "sizes": [weights[0].shape[1], *map(len, biases)],
        "activation": activation,
        "cost": cost,
        "biases": [vector.entries for vector in biases],
        "weights": [matrix.rows for matrix in weights],
    }
    try:
        text = json.dumps(parts, allow_nan=False)
    except ValueError:
        raise DataError("a network whose weights are not finite numbers is not saved") from None
    write_atomically(path, text + "\n")


def read_network(path: Path) -> dict[str, Any]:
    """Read and check the parts of a network: sizes, activation, cost, biases, weights.

    Raises DataError, in one line, for whatever the file holds that a network does not; OSError
    if it cannot be read at all.
    """
    import json

    name = os.fspath(path)
    try:
        with open(path, encoding="utf-8") as file:
            parts = json.load(file, parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise DataError(f"{name} is not a tinynn network: byte {error.start} is not text") from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise DataError(f"{name} is damaged or cut short at {where}: {error.msg}") from None
    except RecursionError:
        raise DataError(f"{name} is not a tinynn network: it is nested too deep") from None
    except DataError as error:
        raise DataError(f"{name} is damaged: {error}") from None
    except ValueError as error:  # an integer of more digits than Python reads
        raise DataError(f"{name} is damaged: {error}") from None
    if not isinstance(parts, dict) or parts.get("format") != FORMAT:
        raise DataError(f"{name} is not a tinynn network: it does not say format {FORMAT!r}")
    if parts.get("version") != VERSION:
        came = describe(parts.get("version"))
        raise DataError(f"{name}: expected version {VERSION} of the format, got {came}")
    try:
        return _checked(parts)
    except TinyNNError as error:
        raise DataError(f"{name} is damaged: {error}") from None


def _refuse(constant: str) -> float:
    raise DataError(f"it holds {constant}, which is not a finite number")


def _checked(parts: dict[str, Any]) -> dict[str, Any]:
    for key in ("sizes", "activation", "cost", "biases", "weights"):
        if key not in parts:
            raise DataError(f"{key!r} is missing")
    sizes = parts["sizes"]
    whole = isinstance(sizes, list) and all(type(size) is int for size in sizes)
    if not whole or len(sizes) < 2:
        raise DataError(
            f"sizes: expected a list of two whole numbers or more, got {describe(sizes)}"
        )
    for key in ("biases", "weights"):
        if not isinstance(parts[key], list) or len(parts[key]) != len(sizes) - 1:
            expected = f"expected one entry for each of layers 2 to {len(sizes)}"
            raise DataError(f"{key}: {expected}, got {describe(parts[key])}")
    biases, weights = [], []
    for i in range(1, len(sizes)):
        biases.append(_part(f"biases[{i - 1}]", Vector, parts["biases"][i - 1]))
        weights.append(_part(f"weights[{i - 1}]", Matrix, parts["weights"][i - 1]))
        shape = weights[-1].shape
        if shape != (sizes[i], sizes[i - 1]) or len(biases[-1]) != sizes[i]:
            shapes = f"{shape[0]}×{shape[1]} weights and {len(biases[-1])} biases"
            raise DataError(f"layer {i + 1}: {shapes} do not fit sizes {sizes}")
    return {**parts, "biases": biases, "weights": weights}


def _part(place: str, kind: Any, numbers: object) -> Any:
    try:
        return kind(numbers)
    except TinyNNError as error:
        raise DataError(f"{place}: {error}") from None
