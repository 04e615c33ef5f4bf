"""``tinynn predict photo.jpg``: what a network reads in your own pictures of digits."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Optional

from tinynn.cli.common import SHIPPED, found_network, print_json
from tinynn.datasets import row_network
from tinynn.errors import ArgumentError, DataError
from tinynn.images import find, is_row, prepared, read_picture, row_of
from tinynn.images.digit import ROW, require_side
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.views import photo
from tinynn.views.photo import PhotoPage, Read

if TYPE_CHECKING:
    from rich.console import Console


def is_picture(path: str) -> bool:
    """Return whether a file that is named is a picture, not a saved network."""
    if path == SHIPPED or path.isdecimal() or path.lower().endswith((".json", ".json.gz")):
        return False
    if not os.path.isfile(path):
        return True
    with open(path, "rb") as file:
        return not file.read(64).lstrip().startswith(b"{")


def show_pictures(
    pictures: Sequence[str],
    networks: Sequence[str],
    engine: type[Model],
    count: int,
    json: bool,
    console: Optional[Console],
) -> int:
    """Read every picture with the same network, and show the steps."""
    if len(networks) > 1:
        raise ArgumentError(f"expected one network to read a picture, got {len(networks)}")
    path = found_network(networks[0] if networks else SHIPPED)
    network = engine.load(path)
    try:
        side = require_side(network.sizes[0], network.sizes[-1])
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    for picture in pictures:
        try:
            read = read_by(network, side, picture, count)
        except DataError as error:
            text = str(error)
            raise DataError(text if text.startswith(picture) else f"{picture}: {text}") from None
        if json:
            print_json(photo.as_json(read))
        elif console is None:
            print(PhotoPage(read, on_screen=False))
        else:
            console.print(PhotoPage(read, on_screen=True))
    return 0


def read_by(network: Model, side: int, picture: str, count: int = 0) -> Read:
    """Return what a network reads in the picture of a file: one digit, or as many as there are.

    The network for rows that ships finds the digits of a row. It alone reads those that touch; the
    others are read by both networks.
    """
    grey = read_picture(picture)
    if count != 1 and (count or is_row(find(grey, row=True))):
        seen = partial(_answers, type(network).load(row_network()))
        found = find(grey, row=True, longest=ROW)
        read = row_of(found, seen, partial(_answers, network), side, count)
        if count or len(read.pieces) > 1:
            return Read(picture, read.stages, read.outputs, read.pieces)
    made = prepared(find(grey), side)
    return Read(picture, made.stages, _answers(network, [made.pixels]))


def _answers(network: Model, inputs: Sequence[Vector]) -> list[list[float]]:
    return [[float(a) for a in network.feedforward(x)] for x in inputs]
