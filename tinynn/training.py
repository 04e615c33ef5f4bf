"""Stochastic gradient descent: mini-batches, the update rule, and epochs as a stream of reports."""

from __future__ import annotations

import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from math import isfinite
from time import perf_counter
from typing import Any, NamedTuple, Optional

from tinynn.errors import (
    DataError,
    DivergenceError,
    describe,
    require_count,
    require_positive,
)
from tinynn.linalg import Matrix, Vector, require_matrix, require_vector
from tinynn.notation import equation
from tinynn.randomness import RandomSource, random_source

Example = tuple[Vector, Vector]  # (x, y): an input and its desired output


class Gradient(NamedTuple):
    """∂C/∂b and ∂C/∂w, layer by layer from l = 2: the book's (nabla_b, nabla_w)."""

    biases: list[Vector]
    weights: list[Matrix]


class Score(NamedTuple):
    """How a network does on a set of examples: right answers, examples, cost (6)."""

    correct: int
    total: int
    cost: float


class EpochReport(NamedTuple):
    """What one epoch of training did.

    ``number`` counts from 0, as the book's lines do. ``correct``, ``total`` and ``cost`` (6) are
    measured on the test data after the epoch, and None without test data. ``seconds`` and
    ``examples_per_second`` are of the training alone.
    """

    number: int
    correct: Optional[int]
    total: Optional[int]
    cost: Optional[float]
    seconds: float
    examples_per_second: float

    def __str__(self) -> str:
        """Return the book's line for this epoch."""
        if self.correct is None:
            return f"Epoch {self.number} complete"
        return f"Epoch {self.number}: {self.correct} / {self.total}"


class Progress(NamedTuple):
    """How far an epoch has come, after a mini-batch: told to ``on_mini_batch``."""

    epoch: int
    examples: int
    of: int


@equation("19", "∇C ≈ 1/m Σ_j ∇C_Xj")
@equation("18", "Σ_j ∇C_Xj / m ≈ Σ_x ∇C_x / n = ∇C")
def mean_gradient(gradient_sum: Gradient, m: int) -> Gradient:
    """Return 1/m Σ_j ∇C_Xj, the estimate of ∇C from a mini-batch of m examples: (18), (19).

    >>> mean_gradient(Gradient([Vector([3])], [Matrix([[6, 9]])]), 3)
    Gradient(biases=[Vector([1.0])], weights=[Matrix([[2.0, 3.0]])])
    """
    mean = Gradient([], [])
    for i in range(len(gradient_sum.biases)):
        nabla_b = gradient_sum.biases[i].to_list()
        nabla_w = gradient_sum.weights[i].to_lists()
        for j in range(len(nabla_b)):
            nabla_b[j] = nabla_b[j] / m
            for k in range(len(nabla_w[j])):
                nabla_w[j][k] = nabla_w[j][k] / m
        mean.biases.append(Vector.wrap(nabla_b))
        mean.weights.append(Matrix.wrap(nabla_w))
    return mean


def add_gradient(gradient_sum: Gradient, gradient: Gradient) -> None:
    """Add one example's ∇C_x to the running sum Σ_j ∇C_Xj, in place."""
    for i in range(len(gradient.biases)):
        sum_b = gradient_sum.biases[i].entries
        sum_w = gradient_sum.weights[i].rows
        nabla_b = gradient.biases[i].entries
        nabla_w = gradient.weights[i].rows
        for j in range(len(nabla_b)):
            sum_b[j] += nabla_b[j]
            for k in range(len(nabla_w[j])):
                sum_w[j][k] += nabla_w[j][k]


@equation("20", "w → w' = w - η/m Σ_j ∂C_Xj/∂w")
@equation("16", "w → w' = w - η ∂C/∂w")
def updated_weights(weights: Matrix, nabla_sum: Matrix, eta: float, m: int) -> Matrix:
    """Return the weights after one step on a mini-batch of m examples, equation (20).

    ``nabla_sum`` is Σ_j ∂C_Xj/∂w over the mini-batch. With m = 1 this is (16).

    >>> updated_weights(Matrix([[1, 2]]), Matrix([[4, -4]]), eta=0.5, m=2)
    Matrix([[0.0, 3.0]])
    """
    require_matrix("weights", weights)
    require_matrix("nabla_sum", nabla_sum, *weights.shape)
    w = weights.rows
    nabla_w = nabla_sum.rows
    rate = eta / m
    updated = weights.to_lists()
    for j in range(len(w)):
        for k in range(len(w[j])):
            updated[j][k] = w[j][k] - rate * nabla_w[j][k]
    return Matrix.wrap(updated)


@equation("21", "b → b' = b - η/m Σ_j ∂C_Xj/∂b")
@equation("17", "b → b' = b - η ∂C/∂b")
def updated_biases(biases: Vector, nabla_sum: Vector, eta: float, m: int) -> Vector:
    """Return the biases after one step on a mini-batch of m examples, equation (21).

    >>> updated_biases(Vector([1, 2]), Vector([4, -4]), eta=0.5, m=2)
    Vector([0.0, 3.0])
    """
    require_vector("biases", biases)
    require_vector("nabla_sum", nabla_sum, len(biases))
    b = biases.entries
    nabla_b = nabla_sum.entries
    rate = eta / m
    updated = biases.to_list()
    for j in range(len(b)):
        updated[j] = b[j] - rate * nabla_b[j]
    return Vector.wrap(updated)


def mini_batches(order: Sequence[int], mini_batch_size: int) -> list[Sequence[int]]:
    """Cut an order of examples into mini-batches; the last one may be smaller.

    >>> mini_batches([3, 0, 4, 1, 2], 2)
    [[3, 0], [4, 1], [2]]
    """
    return [order[i : i + mini_batch_size] for i in range(0, len(order), mini_batch_size)]


def require_examples(name: str, examples: Sequence[Example], sizes: Sequence[int]) -> None:
    """Raise DataError or ShapeError, naming the first example that does not fit the network."""
    if hasattr(examples, "training"):
        raise DataError(f"{name}: expected one part of the data, such as its .training or .test")
    if not hasattr(examples, "__len__") or not hasattr(examples, "__getitem__"):
        raise DataError(f"{name}: expected a list of (x, y) pairs, got {type(examples).__name__}")
    if not len(examples):
        raise DataError(f"{name}: expected at least one example (x, y), got none")
    for i in range(len(examples)):
        example = examples[i]
        if not isinstance(example, (tuple, list)) or len(example) != 2:
            came = f"got {describe(example)}"
            raise DataError(f"{name}, example {i}: expected a pair (x, y) of Vectors, {came}")
        require_vector(f"{name}, example {i}, x", example[0], sizes[0])
        require_vector(f"{name}, example {i}, y", example[1], sizes[len(sizes) - 1])


class Answers(NamedTuple):
    """What a network answers to a set of examples.

    ``confusion[right][said]`` counts them; ``largest[j]`` is the largest activation that output
    neuron j reached.
    """

    confusion: list[list[int]]
    largest: list[float]

    def never_given(self) -> list[int]:
        """Return the answers that were right for some example and given to none.

        >>> Answers([[5, 0], [3, 0]], [0.9, 0.2]).never_given()
        [1]
        """
        given = [sum(column) for column in zip(*self.confusion)]
        return [said for said, row in enumerate(self.confusion) if sum(row) and not given[said]]


class Learner(ABC):
    """What every network does the same way, once it can take a step and be scored.

    The pure network and the fast one are both Learners: one training loop, one set of reports.
    """

    @property
    @abstractmethod
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons in each layer, the input layer first."""

    @abstractmethod
    def prepare(self, name: str, examples: Sequence[Example]) -> Any:
        """Check examples, and return them in the form that ``learn`` and ``score`` work on.

        Raises DataError or ShapeError that names the first example that does not fit.
        """

    @abstractmethod
    def learn(
        self, prepared: Any, order: Sequence[int], mini_batch_size: int, eta: float
    ) -> Iterator[int]:
        """Learn from mini-batches in this order; yield now and then how many examples are done."""

    @abstractmethod
    def score(self, prepared: Any) -> Score:
        """Return how many answers are right, of how many, and the cost (6)."""

    @abstractmethod
    def answers(self, examples: Sequence[Example]) -> Answers:
        """Return which answers are given to which examples, and how strong they get."""

    @abstractmethod
    def is_finite(self) -> bool:
        """Say whether every weight and bias is a finite number."""

    @property
    def num_layers(self) -> int:
        """L, the number of layers, counting the input layer."""
        return len(self.sizes)

    def parameter_count(self) -> int:
        """Return the number of weights and biases."""
        return sum(j * (k + 1) for k, j in zip(self.sizes, self.sizes[1:]))

    def measure(self, examples: Sequence[Example]) -> Score:
        """Return the number of right answers, of examples, and the cost (6), in one pass."""
        return self.score(self.prepare("examples", examples))

    def evaluate(self, examples: Sequence[Example]) -> int:
        """Return for how many examples the answer is right."""
        return self.measure(examples).correct

    def total_cost(self, examples: Sequence[Example]) -> float:
        """Return the cost C of these examples, equation (6)."""
        return self.measure(examples).cost

    def train(
        self,
        training_data: Sequence[Example],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        *,
        test_data: Optional[Sequence[Example]] = None,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
        on_mini_batch: Optional[Callable[[Progress], object]] = None,
    ) -> Iterator[EpochReport]:
        """Train by stochastic gradient descent: yield an EpochReport after every epoch.

        Arguments are checked at the call, but nothing is learnt until the reports are asked for,
        one by one. The order of the examples is one list of indices, shuffled again every epoch;
        the caller's data is never moved. ``seed`` or ``rng`` fixes the shuffles. Mini-batch size 1
        is online learning, n is batch gradient descent. ``on_mini_batch`` is called with a
        Progress after every mini-batch (on the fast path, after some hundred examples).

        Raises DivergenceError, in place of a report, once a weight has left the range of floats.

        >>> from tinynn import Network, Vector
        >>> xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
        >>> net = Network([2, 2, 1], seed=4)
        >>> for epoch in net.train(xor, 1000, 4, 9.0, test_data=xor, seed=0):
        ...     pass
        >>> print(epoch, "right")
        Epoch 999: 4 / 4 right
        """
        require_count("epochs", epochs)
        require_count("mini_batch_size", mini_batch_size)
        require_positive("eta", eta)
        generator = random_source(seed, rng)
        training = self.prepare("training_data", training_data)
        test = None if test_data is None else self.prepare("test_data", test_data)
        n = len(training_data)

        def run() -> Iterator[EpochReport]:
            order = list(range(n))
            for number in range(epochs):
                began = perf_counter()
                watching = 0.0
                generator.shuffle(order)
                for done in self.learn(training, order, mini_batch_size, eta):
                    if on_mini_batch is not None:
                        looked = perf_counter()
                        on_mini_batch(Progress(number, done, n))
                        watching += perf_counter() - looked
                seconds = perf_counter() - began - watching
                score = None if test is None else self.score(test)
                if not self.is_finite() or (score and not isfinite(score.cost)):
                    raise DivergenceError(
                        f"epoch {number}: a weight or the cost left the range of floats: "
                        f"eta = {eta} is too large"
                    )
                yield EpochReport(
                    number,
                    score.correct if score else None,
                    score.total if score else None,
                    score.cost if score else None,
                    seconds,
                    n / seconds,
                )

        return run()

    def SGD(
        self,
        training_data: Sequence[Example],
        epochs: int,
        mini_batch_size: int,
        eta: float,
        test_data: Optional[Sequence[Example]] = None,
        *,
        seed: Optional[int] = None,
        rng: Optional[RandomSource] = None,
    ) -> None:
        """Train as the book's program does, and print its lines: the one method that prints."""
        reports = self.train(
            training_data, epochs, mini_batch_size, eta, test_data=test_data, seed=seed, rng=rng
        )
        for report in reports:
            sys.stdout.write(f"{report}\n")
