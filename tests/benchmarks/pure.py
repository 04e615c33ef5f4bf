"""Measure the pure-Python engine: ``python tests/benchmarks/pure.py``.

The program prints one table. It measures every pair in turns in one run, and prints the median
of the pairwise ratios, because machines are noisy. A training step may take at most 1.3 times as
long as the same arithmetic on bare lists.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from math import exp
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Optional

from rich.console import Console
from rich.table import Table

from tinynn import Network, load_digits

ROOT = Path(__file__).resolve().parents[2]
BAR = 1.3
ETA = 3.0
EPOCH = """
import sys
from random import Random
from tinynn import Network, Vector
n, draw = int(sys.argv[1]), Random(0).random
pairs = [(Vector([draw() for _ in range(784)]), Vector.one_hot(i % 10, 10)) for i in range(n)]
print(next(Network([784, 30, 10], seed=0).train(pairs, 1, 10, 3.0, seed=0)).seconds)
"""
Lists = list[list[float]]


def sigma(z: float) -> float:
    """Return σ, with the same guard as the engine's."""
    if z < -700.0:
        return exp(z)
    return 1.0 / (1.0 + exp(-z))


def sigma_prime(z: float) -> float:
    """Return σ'."""
    a = sigma(z)
    return a * (1.0 - a)


def bare_mini_batch(
    w: list[Lists], b: Lists, batch: list[tuple[list[float], list[float]]], eta: float
) -> None:
    """Compute one mini-batch on bare lists: no objects, no checks, no functions except σ."""
    sum_b = [[0.0] * len(layer) for layer in b]
    sum_w = [[[0.0] * len(row) for row in layer] for layer in w]
    last = len(w) - 1
    for x, y in batch:
        a, zs = [x], []
        for i in range(len(w)):
            layer, bias, below = w[i], b[i], a[i]
            z = [0.0] * len(bias)
            for j in range(len(z)):
                total = 0.0
                for k in range(len(below)):
                    total += layer[j][k] * below[k]
                z[j] = total + bias[j]
            zs.append(z)
            out = [0.0] * len(z)
            for j in range(len(z)):
                out[j] = sigma(z[j])
            a.append(out)
        delta = [0.0] * len(y)
        for j in range(len(y)):
            delta[j] = (a[last + 1][j] - y[j]) * sigma_prime(zs[last][j])
        for i in range(last, -1, -1):
            if i < last:
                behind, z, layer = delta, zs[i], w[i + 1]
                delta = [0.0] * len(z)
                for j in range(len(z)):
                    total = 0.0
                    for k in range(len(behind)):
                        total += layer[k][j] * behind[k]
                    delta[j] = total * sigma_prime(z[j])
            below, to_b, to_w = a[i], sum_b[i], sum_w[i]
            for j in range(len(delta)):
                to_b[j] += delta[j]
                for k in range(len(below)):
                    to_w[j][k] += below[k] * delta[j]
    rate = eta / len(batch)
    for i in range(len(w)):
        layer, from_w = w[i], sum_w[i]
        for j in range(len(layer)):
            b[i][j] = b[i][j] - rate * sum_b[i][j]
            for k in range(len(layer[j])):
                layer[j][k] = layer[j][k] - rate * from_w[j][k]


def seconds(run: Callable[[], object]) -> float:
    """Return the time of one call."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def in_turns(
    ours: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[float, float, float]:
    """Return median seconds of ours and of the other, and the median ratio of neighbouring runs."""
    pairs = [(seconds(ours), seconds(other)) for _ in range(rounds)]
    return median(p for p, _ in pairs), median(q for _, q in pairs), median(p / q for p, q in pairs)


def step_against_bare_lists() -> tuple[float, float, float]:
    """Return one training step of 64-30-10, in milliseconds an example."""
    net = Network([64, 30, 10], seed=0)
    batch = list(load_digits().training[:10])
    bare_w = [matrix.to_lists() for matrix in net.weights]
    bare_b = [vector.to_list() for vector in net.biases]
    bare = [(x.to_list(), y.to_list()) for x, y in batch]
    net.update_mini_batch(batch, 3.0)
    bare_mini_batch(bare_w, bare_b, bare, 3.0)
    assert [matrix.to_lists() for matrix in net.weights] == bare_w, "not the same arithmetic"
    return in_turns(
        lambda: net.update_mini_batch(batch, 3.0),
        lambda: bare_mini_batch(bare_w, bare_b, bare, 3.0),
        rounds=101,
    )


class Scalar:
    """A number that keeps its operands: scalar autograd, as in micrograd."""

    def __init__(self, data: float, *parents: tuple[Scalar, float]) -> None:
        self.data, self.grad, self.parents = data, 0.0, parents  # a parent, and the slope to it

    def __add__(self, other: Scalar) -> Scalar:
        return Scalar(self.data + other.data, (self, 1.0), (other, 1.0))

    def __mul__(self, other: Scalar) -> Scalar:
        return Scalar(self.data * other.data, (self, other.data), (other, self.data))

    def visit(self, order: list[Scalar], seen: set[Scalar]) -> None:
        seen.add(self)
        for parent, _ in self.parents:
            if parent not in seen:
                parent.visit(order, seen)
        order.append(self)

    def backward(self) -> None:
        order: list[Scalar] = []
        self.visit(order, set())
        self.grad = 1.0
        for scalar in reversed(order):
            for parent, slope in scalar.parents:
                parent.grad += slope * scalar.grad


def step_against_autograd() -> tuple[float, float, float]:
    """Return the seconds of a training step of 64-30-10 on one example, beside scalar autograd."""
    net = Network([64, 30, 10], seed=0)
    x, y = load_digits().training[0]
    w = [[[Scalar(v) for v in row] for row in matrix.to_lists()] for matrix in net.weights]
    b = [[Scalar(v) for v in vector.to_list()] for vector in net.biases]
    parameters = [v for layer in w for row in layer for v in row] + [v for row in b for v in row]

    def autograd() -> None:
        a = [Scalar(v) for v in x]
        for layer, biases in zip(w, b):
            z = list(biases)
            for j, row in enumerate(layer):
                for w_jk, a_k in zip(row, a):
                    z[j] = z[j] + w_jk * a_k
            answers = [sigma(z_j.data) for z_j in z]
            a = [Scalar(v, (z_j, v * (1.0 - v))) for v, z_j in zip(answers, z)]
        cost = Scalar(0.0)
        for a_j, y_j in zip(a, y):
            difference = a_j + Scalar(-y_j)
            cost = cost + difference * difference * Scalar(0.5)
        cost.backward()
        for v in parameters:
            v.data, v.grad = v.data - ETA * v.grad, 0.0

    took = in_turns(lambda: net.update_mini_batch([(x, y)], ETA), autograd, rounds=21)
    learnt = [v for matrix in net.weights for row in matrix.to_lists() for v in row]
    apart = max(abs(v - scalar.data) for v, scalar in zip(learnt, parameters))
    assert apart < 1e-9, f"the weights are {apart} apart"
    return took


def output(*command: str) -> str:
    """Return the output of a whole process. Its files go to a temporary folder."""
    with TemporaryDirectory() as cache:
        places = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR"), cache)
        return subprocess.run(
            command, cwd=ROOT, env={**os.environ, **places, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=True,
        ).stdout  # fmt: skip


def process(*command: str) -> Callable[[], object]:
    """Return a call that runs a whole process."""
    return lambda: output(*command)


def main() -> None:
    """Measure, and print the table."""
    table = Table(title=f"tinynn on {sys.implementation.name} {sys.version.split()[0]}")
    for heading in ("what", "ours", "beside", "ratio or difference"):
        table.add_column(heading, justify="left" if heading == "what" else "right")

    ours, bare, ratio = step_against_bare_lists()
    verdict = "within" if ratio <= BAR else "MORE than"
    cells = (f"{ours * 100:.3f} ms", f"{bare * 100:.3f} ms", f"{ratio:.2f} ×, {verdict} {BAR}")
    table.add_row("an example of a training step of 64-30-10, against bare lists", *cells)

    ours, autograd, ratio = step_against_autograd()
    cells = (f"{ours * 1000:.3f} ms", f"{autograd * 1000:.1f} ms", f"{1 / ratio:.0f} × faster")
    table.add_row("a step of one example, against scalar autograd (micrograd's way)", *cells)

    # -S: the site-packages of this machine are not what is measured
    imports = process(sys.executable, "-S", "-c", "import tinynn")
    ours, nothing, _ = in_turns(imports, process(sys.executable, "-S", "-c", "pass"), rounds=15)
    cells = (
        f"{ours * 1000:.0f} ms",
        f"{nothing * 1000:.0f} ms",
        f"+{(ours - nothing) * 1000:.0f} ms",
    )
    table.add_row("import tinynn, against python -c pass", *cells)

    demo = ("-m", "tinynn", "train", "--plain")
    pypy: Optional[str] = shutil.which("pypy3")
    if pypy:
        there, here, _ = in_turns(process(pypy, *demo), process(sys.executable, *demo), rounds=3)
        cells = (f"{here:.1f} s", f"{there:.1f} s", f"{here / there:.1f} × faster")
        table.add_row("the demo, twenty epochs: this Python, PyPy beside it", *cells)
    else:
        here = median(seconds(process(sys.executable, *demo)) for _ in range(3))
        table.add_row("the demo, twenty epochs", f"{here:.1f} s", "no pypy3 here", "")

    n = 1000
    epoch = [
        f"{50000 / n * float(output(python, '-c', EPOCH, str(n))):.0f} s" if python else "no pypy3"
        for python in (sys.executable, pypy)
    ]
    what = f"an epoch of 50,000 of 784-30-10, as {n:,} take: this Python, PyPy beside it"
    table.add_row(what, *epoch, "")
    Console().print(table)


if __name__ == "__main__":
    main()
