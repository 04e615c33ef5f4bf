"""Digits drawn onto sheets of paper, as a camera sees them: rows of grey, in plain Python."""

from __future__ import annotations

from collections.abc import Callable
from math import exp
from random import Random
from typing import Optional

from tinynn.images.pixels import Rows, resized, spread

HEIGHT, WIDTH = 120, 150
PEN = 40.0


def inked(x: list[float], rng: Random) -> Rows:
    """A digit of 28×28 pixels from 0 to 1, enlarged, at a random place on an empty sheet."""
    size = rng.randint(60, 108)
    digit = resized([x[k : k + 28] for k in range(0, 784, 28)], size, size)
    top, left = rng.randint(0, HEIGHT - size), rng.randint(0, WIDTH - size)
    sheet = [[0.0] * WIDTH for _ in range(HEIGHT)]
    for r, row in enumerate(digit):
        sheet[top + r][left : left + size] = row
    return sheet


def painted(ink: Rows, ground: Callable[[int, int], float], pen: float = PEN) -> Rows:
    """Ink on a ground."""
    return [
        [a * pen + (1 - a) * ground(r, c) for c, a in enumerate(row)] for r, row in enumerate(ink)
    ]


def grained(grey: Rows, rng: Random, deviation: float) -> Rows:
    """A picture with the noise of a sensor."""
    return [[min(255.0, max(0.0, p + rng.gauss(0, deviation))) for p in row] for row in grey]


def plain(ink: Rows, rng: Random) -> Rows:
    return painted(ink, lambda r, c: 235.0)


def inverted(ink: Rows, rng: Random) -> Rows:
    return painted(ink, lambda r, c: 20.0, 230.0)


def thinned(ink: Rows, rng: Random) -> Rows:
    return plain(spread(ink, 1, 1, min), rng)


def noisy(ink: Rows, rng: Random) -> Rows:
    return grained(painted(ink, lambda r, c: 190.0, 60.0), rng, rng.choice((8, 16, 24)))


def lined(ink: Rows, rng: Random) -> Rows:
    step, tilt = rng.choice((13, 17, 21)), rng.uniform(-0.05, 0.05)
    return painted(ink, lambda r, c: 170.0 if (r + tilt * c) % step < 1.2 else 235.0)


def squared(ink: Rows, rng: Random) -> Rows:
    step, tilt = rng.choice((13, 17, 21)), rng.uniform(-0.05, 0.05)

    def ground(r: int, c: int) -> float:
        return 170.0 if min((r + tilt * c) % step, (c - tilt * r) % step) < 1.2 else 235.0

    return painted(ink, ground)


def blackboard(ink: Rows, rng: Random) -> Rows:
    chalk = [[a * rng.uniform(0.5, 1.0) for a in row] for row in ink]
    return grained(painted(chalk, lambda r, c: 45 + 15 * ((r // 9 + c // 11) % 3), 225.0), rng, 5)


def shadowed(ink: Rows, rng: Random) -> Rows:
    across, soft, dark = rng.uniform(0.3, 0.7), rng.choice((1.0, 8.0)), rng.uniform(0.3, 0.55)

    def light(r: int, c: int) -> float:
        return dark + (1 - dark) / (1 + exp(-(c + 0.4 * r - across * (WIDTH + 48)) / soft))

    lit = painted(ink, lambda r, c: 230.0, 45.0)
    return grained(
        [[p * light(r, c) for c, p in enumerate(row)] for r, row in enumerate(lit)], rng, 2
    )


def falling(ink: Rows, rng: Random) -> Rows:
    least = rng.uniform(0.2, 0.4)
    lit = painted(ink, lambda r, c: 230.0, 45.0)
    fallen = [[p * (least + (1 - least) * c / WIDTH) for c, p in enumerate(row)] for row in lit]
    return grained(fallen, rng, 2)


SHEETS: tuple[Callable[[Rows, Random], Rows], ...] = (
    plain,
    inverted,
    thinned,
    noisy,
    lined,
    squared,
    blackboard,
    shadowed,
    falling,
)


def row_of_digits(images: list[list[float]], rng: Random, over: Optional[int] = None) -> Rows:
    """Digits of 28×28 pixels beside one another, with gaps.

    Or each as far left as it touches the one before it, and ``over`` columns further.
    """
    ink = [[0.0] * 12 for _ in range(46)]
    for k, x in enumerate(images):
        rows = [x[i : i + 28] for i in range(0, 784, 28)]
        columns = [c for c in range(28) if max(row[c] for row in rows) > 0.25]
        digit = [row[columns[0] : columns[-1] + 1] for row in rows]
        top, wide, end = 8 + rng.randint(-2, 2), len(digit[0]), len(ink[0])
        left = end if not k else end + rng.randint(1, 6)
        if over is not None and k:
            near = range(end, end - wide - 1, -1)
            left = max(13, next(at for at in near if _touch(ink, digit, top, at)) - over)
        for row in ink:
            row += [0.0] * (left + wide - end)
        for r, line in enumerate(digit):
            for c, a in enumerate(line):
                ink[top + r][left + c] = max(ink[top + r][left + c], a)
    ink = [row + [0.0] * 10 for row in ink]
    return painted(resized(ink, 3 * len(ink), 3 * len(ink[0])), lambda r, c: 235.0)


def _touch(ink: Rows, digit: Rows, top: int, left: int) -> bool:
    there = {(r, c) for r, row in enumerate(ink) for c, a in enumerate(row) if a > 0.5}
    return left <= 12 or any(
        a > 0.5 and any((top + r + dy, left + c + dx) in there for dy, dx in _NEXT)
        for r, line in enumerate(digit)
        for c, a in enumerate(line)
    )


_NEXT = ((0, 0), (0, 1), (0, -1), (1, 0), (-1, 0))
