"""The fast path beside what else one could use: ``python tests/benchmarks/compare.py``.

Prints one table a setting. Every row is measured in the same run and in turns, round after round,
forwards and backwards; medians are given, and medians of the ratios within a round, because
machines are noisy. Every row has one thread on one core. Every learner is checked: its cost must
fall, and where it can be told the order of the examples, its first steps must be ours.
"""

from __future__ import annotations

import os

# Read once, when NumPy, PyTorch or JAX is imported.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = os.environ["VECLIB_MAXIMUM_THREADS"] = "1"
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
os.environ["JAX_PLATFORMS"] = "cpu"

import argparse
import platform
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from importlib import import_module
from importlib.util import find_spec
from math import exp
from pathlib import Path
from random import Random
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple, Optional

import numpy as np
from rich.console import Console
from rich.table import Column, Table

import tinynn
from tinynn.datasets import Examples
from tinynn.datasets.idx import IdxArray
from tinynn.fast import Network
from tinynn.fast.activations import Array
from tinynn.fast.data import Feed
from tinynn.fast.network import Parameters, Workspace

ETA = 3.0
INSTALL = 'pip install ".[bench]"'
ROOT = Path(__file__).resolve().parents[2]
PURE_EPOCH = """
import sys
from tinynn import Network
from tinynn.datasets import Examples
from tinynn.datasets.idx import IdxArray
n, read = int(sys.argv[1]), sys.stdin.buffer.read
examples = Examples(IdxArray((n, 28, 28), read(n * 784)), read(n), 256)
print(next(Network([784, 30, 10], seed=0).train(examples, 1, 10, 3.0, seed=0)).seconds)
"""


class Setting:
    """The examples, the sizes and the mini-batch size that every row has in common."""

    def __init__(self, examples: Examples, hidden: int, m: int) -> None:
        self.n = n = len(examples) - len(examples) % m  # whole mini-batches: some peers ask for it
        self.examples, self.sizes, self.m = examples[:n], [784, hidden, 10], m
        self.pixels = np.frombuffer(self.examples.pixels, np.uint8).reshape(n, 784)
        self.labels = np.frombuffer(self.examples.labels, np.uint8).astype(int)
        self.y = np.eye(10, dtype=np.float32)[self.labels]
        self.order = np.array(Random(0).sample(range(n), n))
        self.fifth = self.order[: max(m, n // 5 // m * m)]
        self.slow = self.fifth if m == 1 else self.order
        self.first = numbers(Network(self.sizes, seed=0))

    @cached_property
    def x(self) -> Array:
        """The pixels as floats, k/256."""
        return np.multiply(self.pixels, np.float32(1 / 256))


class Row(NamedTuple):
    """One thing to measure: ``learn`` goes once through the examples of ``order``."""

    name: str
    learn: Callable[[Array], object]
    order: Array
    outputs: Optional[Callable[[Array], Array]] = None  # of rows of inputs, for the checks
    same: bool = True  # the first weights, the cost and the order are ours


def sigmoid(z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def numbers(net: Network) -> list[Array]:
    """Weights (J, K) and biases (J,), layer by layer."""
    return [v for pair in zip(net.weights, net.biases) for v in pair]


def forward(p: Sequence[Array], x: Array) -> Array:
    """What a network of these numbers answers to rows of inputs."""
    w0, b0, w1, b1 = p
    return sigmoid(sigmoid(x @ w0.T.astype(float) + b0.ravel()) @ w1.T + b1.ravel())


def floor_row(s: Setting, dtype: str) -> Row:
    """The five matrix products of a mini-batch: in our layouts, and nothing else."""
    work = Workspace(Parameters(s.sizes, dtype), s.sizes, s.m)
    w0, _, w1, _ = (v.astype(dtype) for v in s.first)
    (a0, a1), (d0, d1), (nabla_w0, nabla_w1) = work.activations, work.errors, work.gradient.weights
    for array in (a0, a1, d0, d1):
        array.fill(0.5)
    feed = Feed(Network(s.sizes).prepare("examples", s.examples), s.m, dtype)
    batches = [(x, x.T) for x, _ in feed.deal(s.order[: feed.at_once])]  # stays in the cache
    w1T, a0T = w1.T, a0.T

    def learn(order: Array) -> None:
        for i in range(len(order) // s.m):
            x, xT = batches[i % len(batches)]
            np.dot(w0, x, a0)
            np.dot(w1, a0, a1)
            np.dot(w1T, d1, d0)
            np.dot(d1, a0T, nabla_w1)
            np.dot(d0, xT, nabla_w0)

    return Row(f"the five products alone, {dtype}", learn, s.order)


def our_rows(s: Setting, dtype: str) -> tuple[Row, Row]:
    """An epoch in a given order; and one of ``train``, which shuffles and checks the weights."""
    net, rng = Network(s.sizes, seed=0, dtype=dtype), Random(0)
    prepared = net.prepare("examples", s.examples)

    def learn(order: Array) -> None:
        for _ in net.learn(prepared, order.tolist(), s.m, ETA):  # a list, as train has it
            pass

    def train(order: Array) -> None:
        next(net.train(s.examples, 1, s.m, ETA, rng=rng))

    row = Row(f"tinynn.fast, {dtype}", learn, s.order, lambda x: forward(numbers(net), x))
    return row, Row("the same by train(), shuffled", train, s.order)


def book_rows(s: Setting) -> Iterator[Row]:
    """For each example what the book's program does: float32 pixels, σ'(z) from z, new arrays."""
    p = [v if v.ndim == 2 else v[:, np.newaxis] for v in s.first]
    columns = {i: (s.x[i][:, np.newaxis], s.y[i][:, np.newaxis].astype(float)) for i in s.fifth}

    def learn(order: Array) -> None:
        for start in range(0, len(order), s.m):
            (w0, b0, w1, b1), sums = p, [np.zeros(v.shape) for v in p]
            for i in order[start : start + s.m]:
                gradient = [np.zeros(v.shape) for v in p]  # replaced below, as in the program
                x, y = columns[i]
                z0 = np.dot(w0, x) + b0
                a0 = sigmoid(z0)
                z1 = np.dot(w1, a0) + b1
                d1 = (sigmoid(z1) - y) * (sigmoid(z1) * (1 - sigmoid(z1)))
                d0 = np.dot(w1.T, d1) * (sigmoid(z0) * (1 - sigmoid(z0)))
                gradient = [np.dot(d0, x.T), d0, np.dot(d1, a0.T), d1]
                sums = [total + one for total, one in zip(sums, gradient)]
            p[:] = [v - ETA / s.m * total for v, total in zip(p, sums)]

    yield Row("the book's way", learn, s.fifth, lambda x: forward(p, x))


def torch_rows(s: Setting, compiled: bool = False) -> Iterator[Row]:
    """nn, autograd and SGD, over tensors that are indexed directly: no DataLoader."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(784, s.sizes[1]), torch.nn.Sigmoid(),
        torch.nn.Linear(s.sizes[1], 10), torch.nn.Sigmoid(),
    )  # fmt: skip
    for parameter, v in zip(net.parameters(), s.first):
        parameter.data = torch.tensor(v).float()
    optimizer = torch.optim.SGD(net.parameters(), lr=ETA)
    images, targets = torch.from_numpy(s.x), torch.from_numpy(s.y)

    def cost(x: Any, y: Any) -> Any:
        return ((net(x) - y) ** 2).sum() / (2 * s.m)

    if compiled:
        torch.compiler.reset()
        cost = torch.compile(cost, dynamic=False)
        cost(images[: s.m], targets[: s.m]).backward()  # where it does not work, it fails here

    def learn(order: Array) -> None:
        for chosen in torch.from_numpy(order).split(s.m):
            optimizer.zero_grad()
            cost(images[chosen], targets[chosen]).backward()
            optimizer.step()

    outputs = lambda x: net(torch.from_numpy(x)).detach().numpy()  # noqa: E731
    yield Row(f"PyTorch, {'compiled' if compiled else 'eager'}", learn, s.slow, outputs)


def sklearn_rows(s: Setting) -> Iterator[Row]:
    """Softmax, cross-entropy, first weights and an order of its own, and η = 0.1."""
    net = import_module("sklearn.neural_network").MLPClassifier(
        s.sizes[1:2], activation="logistic", solver="sgd", batch_size=s.m, random_state=0
    )
    net.set_params(alpha=0.0, momentum=0.0, learning_rate_init=0.1)
    net.partial_fit(s.x[: s.m], s.labels[: s.m], classes=np.arange(10))

    def learn(order: Array) -> None:
        net.partial_fit(s.x[: len(order)], s.labels[: len(order)])

    yield Row("scikit-learn, another cost", learn, s.slow, net.predict_proba, False)


def jax_rows(s: Setting) -> Iterator[Row]:
    """One jitted scan over an epoch: as a user would write it, and in the fastest form found."""
    jax = import_module("jax")
    pixels, images, targets = map(jax.numpy.asarray, (s.pixels, s.x, s.y))

    def cost(p: Any, x: Any, y: Any) -> Any:
        w0, b0, w1, b1 = p
        a = jax.nn.sigmoid(jax.nn.sigmoid(x @ w0.T + b0) @ w1.T + b1)
        return ((a - y) ** 2).sum() / (2 * s.m)

    def by_grad(p: Any, chosen: Any) -> Any:
        gradient = jax.grad(cost)(p, images[chosen], targets[chosen])
        return [v - ETA * nabla_v for v, nabla_v in zip(p, gradient)], None

    def by_hand(p: Any, chosen: Any) -> Any:
        (w0, b0, w1, b1), x = p, pixels[chosen].astype(np.float32) * (1 / 256)
        a0 = jax.nn.sigmoid(x @ w0.T + b0)
        a1 = jax.nn.sigmoid(a0 @ w1.T + b1)
        d1 = (a1 - targets[chosen]) * a1 * (1 - a1)
        d0 = (d1 @ w1) * a0 * (1 - a0)
        gradient = d0.T @ x, d0.sum(0), d1.T @ a0, d1.sum(0)
        return [v - ETA / s.m * nabla_v for v, nabla_v in zip(p, gradient)], None

    def row(name: str, step: Any) -> Row:
        epoch = jax.jit(lambda p, batches: jax.lax.scan(step, p, batches)[0])
        state: list[Any] = [[jax.numpy.float32(v) for v in s.first]]

        def learn(order: Array) -> None:
            batches = order.reshape(-1, s.m).astype(np.int32)
            state[0] = jax.block_until_ready(epoch(state[0], batches))

        return Row(name, learn, s.order, lambda x: forward([np.asarray(v) for v in state[0]], x))

    yield row("JAX, jitted scan, jax.grad", by_grad)
    yield row("JAX, jitted scan, by hand", by_hand)


PEERS: dict[str, tuple[str, Callable[[Setting], Iterator[Row]]]] = {  # a module, and its rows
    "jax": ("jax", jax_rows),
    "book": ("numpy", book_rows),
    "torch": ("torch", torch_rows),
    "compiled": ("torch", partial(torch_rows, compiled=True)),
    "sklearn": ("sklearn", sklearn_rows),
}


def in_rounds(rows: list[Row], rounds: int) -> list[list[float]]:
    """Milliseconds of every row in every round."""
    times: list[list[float]] = [[] for _ in rows]
    for number in range(rounds + 1):  # the first one warms up
        turns = list(zip(rows, times))
        for row, took in turns if number % 2 else reversed(turns):
            began = perf_counter()
            row.learn(row.order)
            took.append(1000 * (perf_counter() - began))
    return [took[1:] for took in times]


def three_digits(v: float) -> str:
    return f"{v:.3g}" if v < 1000 else f"{v:.0f}"


def show(
    console: Console, title: str, rows: list[Row], times: list[list[float]], beside: dict[str, int]
) -> None:
    """Print medians, the fastest, and the median ratios to the rows that ``beside`` names."""
    table = Table(title, *(Column(name, justify="right") for name in ("ms", "fastest", *beside)))
    for row, took in zip(rows, times):
        ratios = [median(p / q for p, q in zip(took, times[i])) for i in beside.values()]
        table.add_row(row.name, *map(three_digits, (median(took), min(took), *ratios)))
    console.print(table)


def setting_table(console: Console, s: Setting, peers: list[str], rounds: int) -> None:
    """Build, check and measure the rows of a setting; print its table and what to know of it."""
    rows, notes = [floor_row(s, "float32"), *our_rows(s, "float32")], []
    for peer in peers:
        try:
            rows += PEERS[peer][1](s)
        except Exception as error:
            notes.append(f"{peer} does not work here and is skipped: {type(error).__name__}")
    rows += [floor_row(s, "float64"), our_rows(s, "float64")[0]]

    few, first = s.order[:1000], s.order[: min(10 * s.m, len(s.fifth))]
    learners = [(row, row.outputs) for row in rows if row.outputs]
    before = [((outputs(s.x[few]) - s.y[few]) ** 2).sum() / 2000 for _, outputs in learners]
    for row in [row for row, _ in learners if row.same]:
        row.learn(first)
    answers = [outputs(s.x[few]) for row, outputs in learners if row.same]
    apart = max(float(abs(answer - answers[-1]).max()) for answer in answers)  # from our float64
    assert apart < 1e-3, f"after {len(first)} examples the outputs are {apart} apart"
    times = in_rounds(rows, rounds)
    after = [((outputs(s.x[few]) - s.y[few]) ** 2).sum() / 2000 for _, outputs in learners]
    for (row, _), old, new in zip(learners, before, after):
        assert new < old, f"{row.name}: the cost went from {old} to {new}"  # NaN does not pass

    title = f"784-{s.sizes[1]}-10, mini-batch {s.m}: {s.n:,} examples, {rounds} rounds"
    for row, took in zip(rows, times):
        took[:] = [one * s.n / len(row.order) for one in took]
    rows = [row._replace(name=f"{row.name} (a fifth, scaled)") if len(row.order) < s.n else row
            for row in rows]  # fmt: skip
    show(console, title, rows, times, {"× floor": 0, "× ours": 1})
    notes.append(f"checked: costs fell from {min(before):.2f} or more to {max(after):.3f} or less;")
    few_steps = len(first) // s.m
    notes.append(f"after {few_steps} mini-batches the outputs were {apart:.0e} apart at most")
    console.print(*notes, sep="\n", highlight=False)


class Scalar:
    """A number that knows what it was computed from: scalar autograd, micrograd's way."""

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


def pure_table(console: Console, rounds: int) -> None:
    """One example of the digits forward, backward and learnt from, on the pure path."""
    net = tinynn.Network([64, 30, 10], seed=0)
    x, y = tinynn.load_digits().training[0]
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
            answers = [1.0 / (1.0 + exp(-z_j.data)) for z_j in z]
            a = [Scalar(v, (z_j, v * (1.0 - v))) for v, z_j in zip(answers, z)]
        cost = Scalar(0.0)
        for a_j, y_j in zip(a, y):
            difference = a_j + Scalar(-y_j)
            cost = cost + difference * difference * Scalar(0.5)
        cost.backward()
        for v in parameters:
            v.data, v.grad = v.data - ETA * v.grad, 0.0

    step, one = partial(net.update_mini_batch, [(x, y)], ETA), np.arange(1)
    rows = [Row("tinynn, loops on lists", lambda _: step(), one),
            Row("scalar autograd, micrograd's way", lambda _: autograd(), one)]  # fmt: skip
    times = in_rounds(rows, 4 * rounds)
    learnt = [v for matrix in net.weights for row in matrix.to_lists() for v in row]
    apart = max(abs(v - scalar.data) for v, scalar in zip(learnt, parameters))
    assert apart < 1e-9, f"the weights are {apart} apart"
    show(console, "64-30-10, the pure path: a step of one example", rows, times, {"× ours": 0})


def scaling_tables(console: Console, examples: Examples, rounds: int, pure: int) -> None:
    """How time grows, on the fast path in float32; and an epoch of the pure path."""
    n = len(examples)
    varied = {
        "weights": {h * 794: Setting(examples, h, 10) for h in (10, 30, 100, 300)},
        "examples": {n // k: Setting(examples[: n // k], 30, 10) for k in (8, 4, 2, 1)},
        "mini-batch": {m: Setting(examples, 30, m) for m in (1, 10, 100, 1000)},
    }
    rows = [our_rows(s, "float32")[0] for cases in varied.values() for s in cases.values()]
    times = iter([median(took) for took in in_rounds(rows, rounds)])
    table = Table("what grows", "from … to", "ms an epoch", "slope of log ms by log size")
    for name, cases in varied.items():
        took = [next(times) for _ in cases]
        slope = np.polyfit(np.log(list(cases)), np.log(took), 1)[0]
        each = " ".join(f"{v:.0f}" for v in took)
        table.add_row(name, " ".join(map(str, cases)), each, f"{slope:+.2f}")
    console.print(table)

    n = min(n, pure)
    table = Table("the pure path, 784-30-10", "ms an example", "an epoch of 50,000, in seconds")
    for python in filter(None, (sys.executable, shutil.which("pypy3"))):
        done = subprocess.run(
            [python, "-c", PURE_EPOCH, str(n)], stdout=subprocess.PIPE, check=True,
            input=bytes(examples[:n].pixels) + examples[:n].labels,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        took_one, name = float(done.stdout) / n, f"{Path(python).name}, measured on {n:,}"
        table.add_row(name, f"{1000 * took_one:.3f}", f"{50000 * took_one:.1f}")
    console.print(table)


def found_examples(folder: Optional[str], count: int) -> tuple[Examples, str]:
    """MNIST, or where there is none as many random bytes: a digit is the brightest of ten bands."""
    try:
        return tinynn.load_mnist(folder).training[:count], "MNIST"
    except tinynn.DataError:
        if folder is not None:
            raise
    n = min(count, 50000)
    pixels = np.random.default_rng(0).integers(0, 256, (n, 784), np.uint8)
    digits = pixels[:, :780].reshape(n, 10, 78).sum(2).argmax(1).astype(np.uint8)
    array = IdxArray((n, 28, 28), pixels.tobytes())
    return Examples(array, digits.tobytes(), 256), "random bytes: no MNIST found"


def machine() -> str:
    """The processor, Python, NumPy, and the BLAS that NumPy found."""
    about = Path("/proc/cpuinfo").read_text() if os.path.exists("/proc/cpuinfo") else ""
    chip = re.search(r"model name\s*: (.*)", about)
    config: Any = np.show_config(mode="dicts")
    blas = [str(config["Build Dependencies"]["blas"].get(key)) for key in ("name", "version")]
    if find_spec("threadpoolctl"):  # comes with scikit-learn
        pools = import_module("threadpoolctl").threadpool_info()
        blas += [f"for {pool['architecture']}" for pool in pools if "architecture" in pool]
    python = f"Python {platform.python_version()}, NumPy {np.__version__} with {' '.join(blas)}"
    return f"{chip[1] if chip else platform.processor()}, one thread; {python}"


def main() -> None:
    """Measure what was asked for, and print the tables."""
    parser = argparse.ArgumentParser(description="tinynn.fast beside its peers, on one thread")
    parser.add_argument("--data", metavar="FOLDER", help="where MNIST is")
    parser.add_argument("--sizes", default="784-30-10", help="layers, such as 784-100-10")
    parser.add_argument("--mini-batch", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, default=50000)
    parser.add_argument("--peers", nargs="*", choices=[*PEERS, "micrograd"],
                        default=[*PEERS, "micrograd"])  # fmt: skip
    parser.add_argument("--all", action="store_true", help="the whole series of settings")
    parser.add_argument("--scaling", action="store_true", help="only how time grows")
    parser.add_argument("--pure-examples", type=int, default=50000, help="for --scaling")
    asked = parser.parse_args()
    sizes = re.fullmatch(r"784-([1-9]\d*)-10", asked.sizes)
    if not sizes:
        parser.error(f"--sizes: expected 784-J-10, got {asked.sizes}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    warnings.simplefilter("ignore")  # scikit-learn would warn of a first learning rate, and so on
    examples, source = found_examples(asked.data, asked.examples)
    console = Console()
    console.print(machine(), f"data: {source}. The BLAS of NumPy decides the floor.", sep="\n")
    if asked.scaling:
        scaling_tables(console, examples, asked.rounds, asked.pure_examples)
        return
    missing = [name for name in asked.peers if name in PEERS and not find_spec(PEERS[name][0])]
    peers = [name for name in PEERS if name in asked.peers and name not in missing]
    if "micrograd" in asked.peers:  # before the peers fill the memory that garbage collection scans
        pure_table(console, asked.rounds)
    series = [(30, 10), (100, 10), (30, 1), (30, 100), (30, 1000)]
    for hidden, m in series if asked.all else [(int(sizes[1]), asked.mini_batch)]:
        setting_table(console, Setting(examples, hidden, m), peers, asked.rounds)
    if missing:
        console.print(
            f"not installed, and so skipped: {', '.join(missing)}: {INSTALL}", markup=False
        )


if __name__ == "__main__":
    main()
