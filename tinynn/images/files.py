"""Picture files as rows of grey numbers: PGM and PPM by themselves, all others with Pillow."""

from __future__ import annotations

import re
import warnings
from array import array
from collections.abc import Sequence
from typing import Any

from tinynn.errors import DataError
from tinynn.files import FilePath, path_name, require_file
from tinynn.images.pixels import Rows

_MOST = 120_000_000  # pixels: more are a mistake, or meant to fill the memory
_SIDE = 800  # a picture much larger than this is made smaller while it is read
_FULL = 255.0
_LUMA = (0.299, 0.587, 0.114)  # how bright red, green and blue are
_HEADER = re.compile(rb"(P[2356])" + 3 * rb"(?:\s|#[^\n]*\n)+(\d{1,9})" + rb"\s", re.ASCII)


def read_picture(path: FilePath) -> Rows:
    """Return a picture as rows of numbers from 0 (black) to 255 (white), the right way up.

    Raises DataError if it is not a picture, is cut short or too large; OSError if the file
    cannot be opened.
    """
    name = path_name(path)
    require_file(name)
    with open(name, "rb") as file:
        if file.read(2) in (b"P2", b"P3", b"P5", b"P6"):
            file.seek(0)
            return _read_pnm(file.read(6 * _MOST + 1000), name)
    return _read_with_pillow(name)


def _require_size(name: str, width: int, height: int) -> None:
    if not 0 < width * height <= _MOST:
        size = f"{width:,}×{height:,} pixels"
        raise DataError(f"{name}: expected a photograph of at most {_MOST:,} pixels, got {size}")


def _read_pnm(content: bytes, name: str) -> Rows:
    header = _HEADER.match(content)
    if header is None:
        raise DataError(f"{name}: the header of this PGM or PPM file cannot be read")
    kind, (width, height, largest) = header[1], map(int, header.groups()[1:])
    _require_size(name, width, height)
    if not 0 < largest < 2**16:
        raise DataError(f"{name}: expected a largest value of 1 to 65535, got {largest}")
    channels = 3 if kind in (b"P3", b"P6") else 1
    body, wanted = content[header.end() :], width * height * channels
    numbers: Sequence[int] = body
    if kind in (b"P2", b"P3"):
        try:
            numbers = [int(word) for word in body.split()]
        except ValueError:
            raise DataError(
                f"{name}: expected only numbers after the P2 or P3 of a PGM or PPM file"
            ) from None
    elif largest > 255:
        words = array("H", body[: len(body) // 2 * 2])
        words.byteswap()
        numbers = words
    if len(numbers) < wanted:
        raise DataError(f"{name}: the file is cut short: {len(numbers):,} of {wanted:,} numbers")
    step = max(1, max(width, height) // _SIDE)
    line_size = width * channels
    across, scale = width // step, _FULL / largest
    rows = []
    for top in range(0, height - step + 1, step):
        sums = [0.0] * across
        for start in range(top * line_size, (top + step) * line_size, line_size):
            for channel in range(channels):
                line = numbers[start + channel : start + line_size : channels]
                weight = scale * (_LUMA[channel] if channels == 3 else 1.0) / step**2
                for first in range(step):
                    values = line[first::step]
                    sums = [total + weight * value for total, value in zip(sums, values)]
        rows.append([min(_FULL, value) for value in sums])
    return rows


def _read_with_pillow(name: str) -> Rows:
    try:
        from PIL import Image, UnidentifiedImageError
    except ImportError:
        with open(name, "rb") as file:
            if not file.read(1):
                raise DataError(f"{name}: the file is empty") from None
        needs = "reading it needs Pillow, which is in the extra [images]: pip install pillow"
        raise DataError(f"{name}: {needs}; PGM and PPM files are read without it") from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(name) as image:
                _require_size(name, *image.size)
                image.draft(None, (_SIDE, _SIDE))  # a JPEG is made smaller while it is read
                return _grey_rows(image)
    except DataError:
        raise
    except UnidentifiedImageError:
        kinds = "such as PNG, JPEG or PGM"
        raise DataError(f"{name}: expected a picture, {kinds}; Pillow cannot read this") from None
    except Image.DecompressionBombError:
        _require_size(name, _MOST, 2)
        raise
    except Exception as error:  # whatever its readers make of a damaged file
        raise DataError(f"{name}: the picture is damaged or cut short: {error}") from None


def _grey_rows(image: Any) -> Rows:
    """Return a Pillow picture as rows of grey. It may be 16-bit, CMYK, palette or transparent."""
    from PIL import Image, ImageOps, ImageStat

    image = ImageOps.exif_transpose(image)
    step = max(1, max(image.size) // _SIDE)
    if image.mode[0] in "IF":
        image = image.convert("F").reduce(step)
        _, high = image.getextrema()
        white = next((each for each in (1.0, 255.0, 65535.0) if high <= each), high)
        image = image.point(lambda value: value * (_FULL / white) + 0.0).convert("L")
    elif "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "RGBa", "La"):
        image = image.convert("RGBA").reduce(step)
        seen, grey = image.getchannel("A"), image.convert("L")
        # a light digit was drawn for a dark page, and a dark one for a light page
        inked = ImageStat.Stat(grey, seen.point(lambda alpha: 255 * (alpha > 127)))
        is_light = bool(inked.count[0]) and inked.mean[0] > 127
        page = Image.new("L", image.size, 0 if is_light and seen.getextrema()[0] < 128 else 255)
        image = Image.composite(grey, page, seen)
    else:
        image = (image if image.mode in ("L", "RGB") else image.convert("RGB")).reduce(step)
        image = image.convert("L")
    width, data = image.width, image.tobytes()
    return [[float(pixel) for pixel in data[i : i + width]] for i in range(0, len(data), width)]
