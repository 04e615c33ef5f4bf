"""The book's experiments on real MNIST, in short; they skip where it is not at hand."""

from __future__ import annotations

import numpy as np
import pytest

from tests.mnist import FOLDER, needs_mnist
from tinynn import Network, load_mnist
from tinynn.fast import Network as FastNetwork

pytestmark = [needs_mnist, pytest.mark.ch1]


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.slow
def test_three_epochs_of_mnist_read_93_digits_in_a_hundred(dtype: str) -> None:
    """784-30-10, mini-batch 10, η = 3.0: chapter 1's first run, with a seed that kills no digit."""
    data = load_mnist(FOLDER)
    network = FastNetwork([784, 30, 10], seed=4, dtype=dtype)
    *_, last = network.train(data.training, 3, 10, 3.0, test_data=data.test, seed=4)
    assert (last.correct or 0) > 9300, f"{last.correct} of 10,000"
    assert network.answers(data.test).never_given() == []


def test_a_learning_rate_of_100_saturates_most_output_neurons() -> None:
    """Chapter 1's η = 100: near 10 %, for most digits are never answered."""
    data = load_mnist(FOLDER)
    network = FastNetwork([784, 30, 10], seed=0, dtype="float32")
    (report,) = network.train(data.training, 1, 10, 100.0, test_data=data.test, seed=0)
    answers = network.answers(data.test)
    assert (report.correct or 0) < 2500
    assert len(answers.never_given()) >= 5
    assert all(answers.largest[digit] < 0.5 for digit in answers.never_given())


def test_both_paths_learn_the_same_numbers_from_real_digits() -> None:
    """300 images through the loops and through NumPy: weights that agree to 1e-9."""
    data = load_mnist(FOLDER)
    pure, fast = Network([784, 30, 10], seed=0), FastNetwork([784, 30, 10], seed=0)
    for network in (pure, fast):
        list(network.train(data.training[:300], 1, 10, 3.0, seed=0))
    for ours, theirs in zip(fast.weights, pure.weights):
        assert np.abs(ours - np.asarray(theirs)).max() < 1e-9
