"""Your own digits: photographs to the inputs of a network, stage by stage."""

from tinynn.images.digit import Found, Prepared, Stage, find, prepare, prepared
from tinynn.images.files import read_picture
from tinynn.images.row import Piece, is_row, row_of

__all__ = [
    "Found",
    "Piece",
    "Prepared",
    "Stage",
    "find",
    "is_row",
    "prepare",
    "prepared",
    "read_picture",
    "row_of",
]
