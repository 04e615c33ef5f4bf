"""``tinynn predict photo.jpg``: what a network reads in your own pictures of digits."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Sequence

from tinynn.cli.common import SHIPPED, found_network, screen_console
from tinynn.errors import ArgumentError, DataError
from tinynn.images import Prepared, Stage, find, prepared, read_picture
from tinynn.images.digit import require_side
from tinynn.images.row import is_row, row_of
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.views import photo_lines
from tinynn.views.photo_lines import Read


def is_picture(path: str) -> bool:
    """Return whether a file that is named is a picture, not a saved network."""
    if path == SHIPPED or path.isdecimal() or path.lower().endswith((".json", ".json.gz")):
        return False
    if not os.path.isfile(path):
        return True
    with open(path, "rb") as file:
        return not file.read(64).lstrip().startswith(b"{")


def run(pictures: Sequence[str], networks: Sequence[str], options: argparse.Namespace) -> int:
    """Read each picture with one network, and show how."""
    from tinynn.cli.predict import loaded_engine

    if len(networks) > 1:
        raise ArgumentError(f"expected one network to read a picture, got {len(networks)}")
    path = found_network(networks[0] if networks else SHIPPED)
    network = loaded_engine(path, options)
    try:
        side = require_side(network.sizes[0], network.sizes[-1])
    except ArgumentError as error:
        raise ArgumentError(f"{path}: {error}") from None
    console = None if options.plain or options.json else screen_console()
    for picture in pictures:
        try:
            read = read_by(network, side, picture, options.count)
        except DataError as error:
            text = str(error)
            raise DataError(text if text.startswith(picture) else f"{picture}: {text}") from None
        if options.json:
            print(json.dumps(photo_lines.as_json(read), ensure_ascii=False))
        elif console is None:
            print("\n".join(photo_lines.read_lines(read)))
        else:
            from tinynn.views.photo import photo_page

            console.print(photo_page(read))
    return 0


def read_by(network: Model, side: int, picture: str, count: int = 0) -> Read:
    """Return what a network reads in the picture of a file: one digit, or as many as there are."""

    def answers(inputs: Sequence[Vector]) -> list[list[float]]:
        return network_outputs(network, inputs)

    grey = read_picture(picture)
    found = find(grey)
    if count != 1 and (count or is_row(found)):
        row = row_of(find(grey, row=True, longest=480), answers, side, count)
        return Read(picture, row.stages, row.outputs, row.pieces)
    made: Prepared = prepared(found, side)
    return Read(picture, made.stages, answers([made.pixels]), ())
