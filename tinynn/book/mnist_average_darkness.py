"""``mnist_average_darkness.py`` of chapter 1: the digit whose average darkness is closest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np

from tinynn.book import mnist_loader
from tinynn.book.columns import say


def main() -> None:
    """Compute the average darknesses, and print the number of right answers on the test images."""
    training_data, _, test_data = mnist_loader.load_data()
    averages = avg_darknesses(training_data)
    correct = sum(guess_digit(x, averages) == digit for x, digit in zip(*test_data))
    say("Baseline classifier using average darkness of image.")
    say(f"{correct} of {len(test_data[1])} values correct.")


def avg_darknesses(training_data: tuple[Any, Any]) -> defaultdict[int, float]:
    """Return, for each digit, the mean of the sum of pixels over its images."""
    darkness = np.sum(training_data[0], axis=1, dtype="float64")
    digits = np.asarray(training_data[1])
    averages: defaultdict[int, float] = defaultdict(float)
    for digit in np.unique(digits).tolist():
        averages[digit] = float(darkness[digits == digit].mean())
    return averages


def guess_digit(image: Any, avgs: Mapping[int, float]) -> int:
    """Return the digit whose average darkness is closest to the darkness of the image."""
    darkness = float(np.sum(image, dtype="float64"))
    return min(avgs, key=lambda digit: abs(avgs[digit] - darkness))


if __name__ == "__main__":
    main()
