"""The data of the book's figures, as far as the comparison needs it."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from functools import lru_cache

from tinynn.datasets.digits import data_folder
from tinynn.errors import DataError

FILE = "book-figures.json"
PLACES = 4  # decimals of a cost, unless fewer are known
Series = Mapping[int, float]  # the number after each known epoch


def published(figure: str, part: str = "") -> Mapping[str, Series]:
    """Return the book's data for a part of a figure: by name, the number after each epoch.

    A count, such as ``test_correct``, is a whole number; a cost is rounded. Numbers that the book
    lacks are left out. Raises DataError if the file is missing or damaged.

    >>> book = published("overfitting")
    >>> [book["test_correct"][epoch] for epoch in (0, 1, 2, 374)]
    [5887, 6505, 6970, 8227]
    >>> published("multiple_eta", "eta 0.25")["training_cost"]
    {0: 0.495, 29: 0.339}
    """
    return _all().get(figure, {}).get(part, {})


def places(series: Series) -> int:
    """Return the number of known decimals of a series: 0 for counts.

    >>> places(published("overfitting")["test_cost"]), places({0: 0.878}), places({0: 9649})
    (4, 3, 0)
    """
    texts = (repr(number).partition(".")[2] for number in series.values())
    return min(PLACES, max(map(len, texts), default=0))


@lru_cache(maxsize=1)
def _all() -> dict[str, dict[str, dict[str, dict[int, float]]]]:
    path = os.path.join(data_folder(), FILE)
    try:
        with open(path, encoding="utf-8") as file:
            read = json.load(file)
        return {
            figure: {
                part: {name: _series(numbers) for name, numbers in each.items()}
                for part, each in parts.items()
            }
            for figure, parts in read.items()
        }
    except FileNotFoundError:
        raise DataError(f"the file with the book's numbers is missing: {path}") from None
    except (ValueError, AttributeError, TypeError):
        raise DataError(f"{path}: expected the book's numbers as JSON; it is damaged") from None


def _series(numbers: object) -> dict[int, float]:
    """Return a number for each epoch. The file has a list, or the known ones by epoch."""
    if isinstance(numbers, list):
        return dict(enumerate(numbers))
    return {int(epoch): number for epoch, number in numbers.items()}  # type: ignore[attr-defined]
