"""How fast the pure-Python path is: ``python tests/benchmarks/pure.py``.

Prints one table. Every pair is measured in turns in one run, and the median of the pairwise
ratios is given, because machines are noisy.
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
from typing import Optional

from rich.console import Console
from rich.table import Table

from tinynn import Network, load_digits

ROOT = Path(__file__).resolve().parents[2]
Lists = list[list[float]]


def sigma(z: float) -> float:
    """σ, with the same guard as the engine's."""
    if z < -700.0:
        return exp(z)
    return 1.0 / (1.0 + exp(-z))


def sigma_prime(z: float) -> float:
    """σ'."""
    a = sigma(z)
    return a * (1.0 - a)


def bare_mini_batch(
    w: list[Lists], b: Lists, batch: list[tuple[list[float], list[float]]], eta: float
) -> None:
    """The arithmetic of one mini-batch on bare lists: no objects, no checks, no functions but σ."""
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
            below = a[i]
            nabla_w = [[0.0] * len(below) for _ in delta]
            for j in range(len(delta)):
                for k in range(len(below)):
                    nabla_w[j][k] = below[k] * delta[j]
            to_b, to_w = sum_b[i], sum_w[i]
            for j in range(len(delta)):
                to_b[j] += delta[j]
                for k in range(len(nabla_w[j])):
                    to_w[j][k] += nabla_w[j][k]
    rate = eta / len(batch)
    for i in range(len(w)):
        layer, from_w = w[i], sum_w[i]
        for j in range(len(layer)):
            b[i][j] = b[i][j] - rate * sum_b[i][j]
            for k in range(len(layer[j])):
                layer[j][k] = layer[j][k] - rate * from_w[j][k]


def seconds(run: Callable[[], object]) -> float:
    """How long one call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def in_turns(
    ours: Callable[[], object], other: Callable[[], object], rounds: int
) -> tuple[float, float, float]:
    """Median seconds of ours and of the other, and the median ratio of neighbouring runs."""
    pairs = [(seconds(ours), seconds(other)) for _ in range(rounds)]
    return median(p for p, _ in pairs), median(q for _, q in pairs), median(p / q for p, q in pairs)


def step_against_bare_lists() -> tuple[float, float, float]:
    """One training step of 64-30-10, in milliseconds an example."""
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


def process(*command: str) -> Callable[[], object]:
    """A whole process, without its output."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": "/nonexistent"}
    return lambda: subprocess.run(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, check=True
    )


def main() -> None:
    """Measure, and print the table."""
    table = Table(title=f"tinynn on {sys.implementation.name} {sys.version.split()[0]}")
    for heading in ("what", "ours", "beside", "ratio or difference"):
        table.add_column(heading, justify="left" if heading == "what" else "right")

    ours, bare, ratio = step_against_bare_lists()
    cells = (f"{ours * 100:.3f} ms", f"{bare * 100:.3f} ms", f"{ratio:.2f} ×")
    table.add_row("one training step of 64-30-10, against bare lists", *cells)

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
    Console().print(table)


if __name__ == "__main__":
    main()
