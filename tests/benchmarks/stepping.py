"""Measure the cost of the stepper: ``python tests/benchmarks/stepping.py``.

The program prints one table. It measures the engine before and after a recording in the same
process, and prints the median ratio of several processes, because machines are noisy.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tinynn import Network, Vector, load_digits

ROOT = Path(__file__).resolve().parents[2]
SIZES = ([2, 2, 1], [64, 30, 10], [784, 30, 10])


def seconds(run: Callable[[], object]) -> float:
    """Return the time of one call."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def engine() -> list[float]:
    """Return the seconds of a 64-30-10 training step: before and after importing, and recording."""
    net = Network([64, 30, 10], seed=0)
    batch = list(load_digits().training[:10])

    def step() -> float:
        return median(seconds(lambda: net.update_mini_batch(batch, 3.0)) for _ in range(201))

    step()  # warm
    before = step()
    from tinynn.stepper import record  # only now: that importing it costs nothing is the claim

    after = step()
    with record() as steps:
        net.backprop(*batch[0])
    assert len(steps) > 4000
    return [before, after, step()]


def recording(sizes: list[int], memory: bool) -> list[float]:
    """Return the steps of recording one example, and its seconds or its peak bytes."""
    from tinynn.stepper import record

    net = Network(sizes, seed=0)
    x, y = Vector([0.5] * sizes[0]), Vector([1.0] * sizes[-1])
    if memory:
        tracemalloc.start()
    began = time.perf_counter()
    with record(most=1_000_000) as steps:
        net.backprop(x, y)
    took = time.perf_counter() - began
    return [len(steps), tracemalloc.get_traced_memory()[1] if memory else took]


def in_a_process(*arguments: str) -> list[float]:
    """Run one of the measurements above in a new Python."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    numbers: list[float] = json.loads(done.stdout)
    return numbers


def main() -> None:
    """Measure, and print the table."""
    table = Table(title=f"the stepper on {sys.implementation.name} {sys.version.split()[0]}")
    for heading in ("what", "steps", "time", "ratio or peak memory"):
        table.add_column(heading, justify="left" if heading == "what" else "right")
    runs = [in_a_process("engine") for _ in range(5)]
    names = ("before the stepper", "once it is imported", "after a recording")
    for i, name in enumerate(names):
        took = median(run[i] for run in runs) * 100
        ratio = median(run[i] / run[0] for run in runs)
        cells = ["", f"{took:.3f} ms", f"{ratio:.2f} ×" if i else ""]
        table.add_row(f"a step of 64-30-10, {name}", *cells)
    for sizes in SIZES:
        name = "-".join(map(str, sizes))
        took = median(in_a_process("time", name)[1] for _ in range(3))
        steps, peak = in_a_process("memory", name)
        cells = [f"{steps:,}", f"{took:.3f} s", f"{peak / 1e6:.1f} MB"]
        table.add_row(f"an example on {name}, recorded", *cells)
    Console().print(table)


if __name__ == "__main__":
    if len(sys.argv) == 1:
        main()
    elif sys.argv[1] == "engine":
        print(json.dumps(engine()))
    else:
        print(json.dumps(recording(list(map(int, sys.argv[2].split("-"))), "memory" in sys.argv)))
