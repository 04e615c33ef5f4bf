"""The book's program under its own name, timed: ``python tests/benchmarks/book.py``.

Prints one table: ``network.Network([784, 30, 10]).SGD(training_data, 30, 10, 3.0, test_data=…)`` by
``tinynn.book``, the same epochs by ``tinynn.fast`` itself, and by a straight port of the program to
Python 3, one example at a time. All three learn and evaluate the 10,000 test images in turns, on
one core; medians are given, and medians of the ratios within a round. ``--epochs 30`` times all
thirty; without it one epoch is timed, and what a call costs once weighs thirty times as much.
"""

from __future__ import annotations

import os

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import io
from collections.abc import Callable, Sequence
from contextlib import redirect_stdout
from random import Random
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from tinynn.book.mnist_loader import data_set, load_data_wrapper
from tinynn.book.network import Network as BookNetwork
from tinynn.fast import Network as FastNetwork

ETA, M = 3.0, 10
Pairs = Sequence[tuple[Any, Any]]


class Port:
    """Columns of one example, σ taken again for σ', and sums of fresh arrays, as in the book."""

    def __init__(self) -> None:
        normal = np.random.default_rng(0).standard_normal
        self.biases = [normal((30, 1)), normal((10, 1))]
        self.weights = [normal((30, 784)), normal((10, 30))]

    def learn(self, data: Pairs, epochs: int, test: Pairs) -> int:
        """Return how many test images are right after the last epoch."""
        order, right = list(data), 0
        for _ in range(epochs):
            Random(0).shuffle(order)
            for start in range(0, len(order), M):
                self.step(order[start : start + M])
            right = sum(int(np.argmax(self.forward(x)[-1][1])) == y for x, y in test)
        return right

    def forward(self, x: Any) -> list[tuple[Any, Any]]:
        """Return (z, a) of every layer after the input."""
        passed = []
        for b, w in zip(self.biases, self.weights):
            z = np.dot(w, x) + b
            x = 1.0 / (1.0 + np.exp(-z))
            passed.append((z, x))
        return passed

    def step(self, batch: Pairs) -> None:
        """Take one step on a mini-batch, example by example."""
        sums_b = [np.zeros(b.shape) for b in self.biases]
        sums_w = [np.zeros(w.shape) for w in self.weights]
        for x, y in batch:
            (z0, a0), (z1, a1) = self.forward(x)
            d1 = (a1 - y) * slope(z1)
            d0 = np.dot(self.weights[1].T, d1) * slope(z0)
            sums_b = [total + d for total, d in zip(sums_b, (d0, d1))]
            sums_w = [total + np.dot(d, a.T) for total, d, a in zip(sums_w, (d0, d1), (x, a0))]
        self.biases = [b - ETA / len(batch) * v for b, v in zip(self.biases, sums_b)]
        self.weights = [w - ETA / len(batch) * v for w, v in zip(self.weights, sums_w)]


def slope(z: Any) -> Any:
    """Return σ'(z)."""
    a = 1.0 / (1.0 + np.exp(-z))
    return a * (1.0 - a)


def seconds(learn: Callable[[], int]) -> tuple[float, int]:
    """Return how long it takes, and the test images that are right after it."""
    began = perf_counter()
    right = learn()
    return perf_counter() - began, right


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--epochs", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    training, _, test = load_data_wrapper()
    data = data_set()

    def by_book() -> int:
        with redirect_stdout(io.StringIO()) as lines:
            BookNetwork([784, 30, 10]).SGD(training, options.epochs, M, ETA, test_data=test)
        return int(lines.getvalue().split()[-3])

    def by_fast() -> int:
        net = FastNetwork([784, 30, 10])
        run = net.train(data.training, options.epochs, M, ETA, test_data=data.test)
        return next(score.correct for score in [run.finish()[-1].test] if score)

    rows: dict[str, Callable[[], int]] = {
        "tinynn.fast": by_fast,
        "tinynn.book": by_book,
        "a straight port": lambda: Port().learn(training, options.epochs, test),
    }
    taken = [{name: seconds(rows[name]) for name in order} for order in turns(rows, options.rounds)]
    table = Table("30 epochs" if options.epochs == 30 else f"{options.epochs} epochs")
    for heading in ("seconds", "times tinynn.fast", "times tinynn.book", "right at the end"):
        table.add_column(heading, justify="right")
    for name in rows:
        of = [
            median(one[name][0] / one[other][0] for one in taken)
            for other in ("tinynn.fast", "tinynn.book")
        ]
        own = median(one[name][0] for one in taken)
        right = median(one[name][1] for one in taken)
        table.add_row(name, f"{own:.2f}", f"{of[0]:.2f}", f"{of[1]:.2f}", f"{right:.0f}")
    Console().print(table)


def turns(rows: dict[str, Any], rounds: int) -> list[list[str]]:
    """Return the order of each round: forwards, then backwards."""
    return [list(rows)[:: 1 if i % 2 == 0 else -1] for i in range(rounds)]


if __name__ == "__main__":
    main()
