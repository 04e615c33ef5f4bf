"""Compare the fast engine with its peers: ``python tests/benchmarks/compare.py``.

The program prints one table per setting. It measures all rows in the same run, in rounds,
alternately forwards and backwards. It prints medians, and medians of the ratios within a round,
because machines are noisy. Every row has one thread on one core, and a new order of the examples
in every epoch, drawn inside the measured time; one row of JAX is marked as never shuffled.
Compiling is not measured here. Every learner is checked: its cost must fall, and after the same
first steps its outputs must equal ours.

``--whole`` measures the whole job instead, with everything in it: a fresh process starts, imports,
reads, compiles, learns 30 epochs and evaluates each. That takes some minutes a round.
``--chapter6`` measures convolutions and pooling instead.
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
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, partial
from importlib import import_module
from importlib.util import find_spec
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
from tinynn.datasets.mnist import holds_mnist, mnist_places
from tinynn.fast import Network
from tinynn.fast.equations.activations import Array
from tinynn.layers import Dropout
from tinynn.randomness import Masks
from tinynn.training import Settings

ETA = 3.0

INSTALL = 'pip install ".[bench]"'
ROOT = Path(__file__).resolve().parents[2]
WHOLE = {  # the whole job of a peer; a folder follows
    "tinynn": "-m tinynn train --fast --float32 --plain --data",
    "jax": "tests/benchmarks/whole_job.py jax",
    "torch": "tests/benchmarks/whole_job.py torch",
}


class Kind(NamedTuple):
    """A step of chapter 3, ours and in PyTorch."""

    eta: float = 3.0
    cost: str = "quadratic"
    lmbda: float = 0.0
    mu: float = 0.0
    p: float = 0.0  # of dropout after the hidden layer


KINDS = {
    "": Kind(),
    "cross-entropy, L2": Kind(0.5, "cross-entropy", 5.0),
    "momentum": Kind(0.3, mu=0.9),
    "dropout": Kind(p=0.5),
}


class Setting:
    """The examples, the sizes and the mini-batch size that every row has in common."""

    def __init__(self, examples: Examples, hidden: int, m: int) -> None:
        self.n = n = len(examples) - len(examples) % m  # whole mini-batches: some peers ask for it
        self.examples, self.sizes, self.m = examples[:n], [784, hidden, 10], m
        self.pixels = np.frombuffer(self.examples.pixels, np.uint8).reshape(n, 784)
        self.labels = np.array(list(self.examples.labels))
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
    """One program to measure: ``learn`` goes once through the examples, in the given order."""

    name: str
    learn: Callable[[Array], object]
    order: Array
    outputs: Optional[Callable[[Array], Array]] = None  # of rows of inputs, for the checks
    same: bool = True  # the first weights, the cost and the order are ours
    kind: str = ""  # of the step, one of KINDS: rows of one kind end with the same outputs


def sigmoid(z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


def numbers(net: Network) -> list[Array]:
    """Return weights (J, K) and biases (J,), layer by layer."""
    return [v for pair in zip(net.weights, net.biases) for v in pair]


def forward(p: Sequence[Array], x: Array) -> Array:
    """Return the outputs of a network with these numbers for rows of inputs."""
    w0, b0, w1, b1 = p
    return sigmoid(sigmoid(x @ w0.T.astype(float) + b0.ravel()) @ w1.T + b1.ravel())


def floor_row(s: Setting, dtype: str) -> Row:
    """Return the five matrix products of a mini-batch, in columns as ours, and nothing else."""
    w0, _, w1, _ = (v.astype(dtype) for v in s.first)
    nabla_w0, nabla_w1 = np.empty_like(w0), np.empty_like(w1)
    a0, d0 = np.full((2, s.sizes[1], s.m), 0.5, dtype)
    a1, d1 = np.full((2, 10, s.m), 0.5, dtype)
    x = s.x[s.order[: max(1, 400 // s.m) * s.m]].astype(dtype)  # stays in the cache
    batches = [(rows.T, rows) for rows in x.reshape(-1, s.m, 784)]
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
    """Return an epoch in a given order; and one of ``train``, which shuffles and checks itself."""
    row, net = our_row(s, dtype), Network(s.sizes, seed=0, dtype=dtype)
    rng = Random(0)

    def train(order: Array) -> None:
        next(net.train(s.examples, 1, s.m, ETA, rng=rng))

    return row, Row("the same by train()", train, s.order)


def our_row(s: Setting, dtype: str, kind: str = "") -> Row:
    """Return an epoch of one kind of step in a given order."""
    eta, cost, lmbda, mu, p = KINDS[kind]
    hidden = [s.sizes[1], Dropout(p)] if p else s.sizes[1:2]
    net = Network([784, *hidden, 10], seed=0, dtype=dtype, cost=cost)
    prepared, settings = net._prepare("examples", s.examples), Settings(1, s.m, eta, lmbda, mu=mu)
    state = net.momentum(mu) if mu else None, Masks(net.plan.dropout, Random(0))

    def learn(order: Array) -> None:
        for _ in net._learn(prepared, order.tolist(), settings, *state):  # a list, as train has it
            pass

    def outputs(x: Array) -> Array:
        w0, b0, w1, b1 = numbers(net)
        return forward([w0, b0, w1 * (1.0 - p), b1], x)

    name = f"tinynn.fast, {dtype}{', ' if kind else ''}{kind}"
    return Row(name, learn, s.order, outputs, not p, kind)


def book_rows(s: Setting) -> Iterator[Row]:
    """Yield the book's program, example by example: float32 pixels, σ'(z) from z, new arrays."""
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


def torch_rows(s: Setting, compiled: bool = False, kind: str = "") -> Iterator[Row]:
    """Yield nn, autograd and SGD over tensors that are indexed directly, without a DataLoader.

    Its weight decay is on weights alone; its dropout draws a mask for each example.
    """
    eta, name, lmbda, mu, p = KINDS[kind]
    torch = import_module("torch")
    torch.set_num_threads(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(784, s.sizes[1]), torch.nn.Sigmoid(),
        *([torch.nn.Dropout(p)] if p else []),
        torch.nn.Linear(s.sizes[1], 10), torch.nn.Sigmoid(),
    )  # fmt: skip
    for parameter, v in zip(net.parameters(), s.first):
        parameter.data = torch.tensor(v).float()
    weights = [v for v in net.parameters() if v.ndim == 2]
    biases = [v for v in net.parameters() if v.ndim == 1]
    groups = [{"params": weights, "weight_decay": lmbda / s.n}]
    optimizer = torch.optim.SGD([*groups, {"params": biases}], lr=eta, momentum=mu)
    entropy = torch.nn.BCEWithLogitsLoss(reduction="sum")
    images, targets = torch.from_numpy(s.x), torch.from_numpy(s.y)

    def cost(x: Any, y: Any) -> Any:
        if name == "cross-entropy":
            return entropy(net[:3](x), y) / s.m  # of z, as PyTorch asks for it
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

    def outputs(x: Array) -> Array:
        found: Array = net.eval()(torch.from_numpy(x)).detach().numpy()
        net.train()
        return found

    title = f"PyTorch, {'compiled' if compiled else 'eager'}{', ' if kind else ''}{kind}"
    yield Row(title, learn, s.slow, outputs, not p, kind)


def sklearn_rows(s: Setting) -> Iterator[Row]:
    """Yield scikit-learn with softmax, cross-entropy, its own first weights and order, η = 0.1."""
    net = import_module("sklearn.neural_network").MLPClassifier(
        s.sizes[1:2], activation="logistic", solver="sgd", batch_size=s.m, random_state=0
    )
    net.set_params(alpha=0.0, momentum=0.0, learning_rate_init=0.1)
    net.partial_fit(s.x[: s.m], s.labels[: s.m], classes=np.arange(10))

    def learn(order: Array) -> None:
        net.partial_fit(s.x[: len(order)], s.labels[: len(order)])

    yield Row("scikit-learn, another cost", learn, s.slow, net.predict_proba, False)


def jax_rows(s: Setting) -> Iterator[Row]:
    """Yield one jitted scan per epoch: as a user would write it, and in the fastest forms found.

    A permutation by NumPy and a gather inside the scan are faster than jax.random.permutation,
    and than a gather of the whole epoch before the scan.
    """
    jax = import_module("jax")
    pixels, images, targets = map(jax.numpy.asarray, (s.pixels, s.x, s.y))

    def cost(p: Any, x: Any, y: Any) -> Any:
        w0, b0, w1, b1 = p
        a = jax.nn.sigmoid(jax.nn.sigmoid(x @ w0.T + b0) @ w1.T + b1)
        return ((a - y) ** 2).sum() / (2 * s.m)

    def by_grad(p: Any, chosen: Any) -> Any:
        gradient = jax.grad(cost)(p, images[chosen], targets[chosen])
        return [v - ETA * nabla_v for v, nabla_v in zip(p, gradient)], None

    def by_hand(p: Any, batch: Any) -> Any:
        (w0, b0, w1, b1), x = p, batch[0].astype(np.float32) * (1 / 256)
        a0 = jax.nn.sigmoid(x @ w0.T + b0)
        a1 = jax.nn.sigmoid(a0 @ w1.T + b1)
        d1 = (a1 - batch[1]) * a1 * (1 - a1)
        d0 = (d1 @ w1) * a0 * (1 - a0)
        gradient = d0.T @ x, d0.sum(0), d1.T @ a0, d1.sum(0)
        return [v - ETA / s.m * nabla_v for v, nabla_v in zip(p, gradient)], None

    def gathered(p: Any, chosen: Any) -> Any:
        return by_hand(p, (pixels[chosen], targets[chosen]))

    def row(name: str, step: Any, batches_of: Callable[[Array], Any], same: bool = True) -> Row:
        epoch = jax.jit(lambda p, batches: jax.lax.scan(step, p, batches)[0])
        state: list[Any] = [[jax.numpy.float32(v) for v in s.first]]

        def learn(order: Array) -> None:
            state[0] = jax.block_until_ready(epoch(state[0], batches_of(order)))

        outputs = lambda x: forward([np.asarray(v) for v in state[0]], x)  # noqa: E731
        return Row(name, learn, s.order, outputs, same)

    in_order = pixels.reshape(-1, s.m, 784), targets.reshape(-1, s.m, 10)
    shuffled = lambda order: order.reshape(-1, s.m).astype(np.int32)  # noqa: E731
    yield row("JAX scan, shuffled, jax.grad", by_grad, shuffled)
    yield row("JAX scan, shuffled, by hand", gathered, shuffled)
    yield row("JAX scan, NEVER shuffled, by hand", by_hand, lambda _: in_order, same=False)


PEERS: dict[str, tuple[str, Callable[[Setting], Iterator[Row]]]] = {  # a module, and its rows
    "jax": ("jax", jax_rows),
    "book": ("numpy", book_rows),
    "torch": ("torch", torch_rows),
    **{
        f"torch-{kind.partition(',')[0]}": ("torch", partial(torch_rows, kind=kind))
        for kind in KINDS
        if kind
    },
    "compiled": ("torch", partial(torch_rows, compiled=True)),
    "sklearn": ("sklearn", sklearn_rows),
}


def in_rounds(rows: list[Row], rounds: int) -> list[list[float]]:
    """Return milliseconds of every row in every round, each with a new order of its examples."""
    times: list[list[float]] = [[] for _ in rows]
    shuffled = np.random.default_rng(0).permutation
    for number in range(rounds + 1):  # the first one warms up
        turns = list(zip(rows, times))
        for row, took in turns if number % 2 else reversed(turns):
            began = perf_counter()
            row.learn(shuffled(row.order))
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
    """Build, check and measure the rows of a setting. Print its table and notes."""
    rows, notes = [floor_row(s, "float32"), *our_rows(s, "float32")], []
    rows += [our_row(s, "float32", kind) for kind in KINDS if kind]
    for peer in peers:
        try:
            rows += PEERS[peer][1](s)
        except Exception as error:
            notes.append(f"{peer} does not work here and is skipped: {type(error).__name__}")
    rows += [floor_row(s, "float64"), *(our_row(s, "float64", kind) for kind in KINDS)]

    few, first = s.order[:1000], s.order[: min(10 * s.m, len(s.fifth))]
    learners = [(row, row.outputs) for row in rows if row.outputs]
    before = [((outputs(s.x[few]) - s.y[few]) ** 2).sum() / 2000 for _, outputs in learners]
    for row in [row for row, _ in learners if row.same]:
        row.learn(first)
    apart = 0.0
    for kind in dict.fromkeys(row.kind for row in rows if row.same):
        same = [outputs for row, outputs in learners if row.same and row.kind == kind]
        answers = [outputs(s.x[few]) for outputs in same]
        apart = max(apart, *(float(abs(a - answers[-1]).max()) for a in answers))  # our float64
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


def scaling_table(console: Console, examples: Examples, rounds: int) -> None:
    """Print how time grows, on the fast path in float32."""
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


def whole_table(console: Console, folder: str, peers: list[str], rounds: int) -> None:
    """Measure the whole job in fresh processes, from their start to their end."""
    with tempfile.TemporaryDirectory() as cache:  # `tinynn train` keeps its last network there
        places = dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA", "TMPDIR"), cache)

        def job(command: str, _: Array) -> None:
            done = subprocess.run(
                [sys.executable, *command.split(), folder], cwd=ROOT,
                env={**os.environ, **places, "PYTHONPATH": str(ROOT)},
                capture_output=True, text=True, check=True,
            )  # fmt: skip
            right = re.findall(r"^Epoch \d+: (\d+) / 10000$", done.stdout, re.MULTILINE)
            assert len(right) == 30, done.stdout
            assert int(right[-1]) > 9000, done.stdout

        rows = [Row(name, partial(job, WHOLE[name]), np.arange(1)) for name in ("tinynn", *peers)]
        times = in_rounds(rows, rounds)
    title = f"784-30-10, process start to end: 30 epochs, each evaluated, {rounds} rounds"
    show(console, title, rows, times, {"× ours": 0})


def machine() -> str:
    """Return the processor, Python, NumPy, and the BLAS that NumPy found."""
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
    """Measure the requested settings, and print the tables."""
    parser = argparse.ArgumentParser(description="tinynn.fast beside its peers, on one thread")
    parser.add_argument("--data", metavar="FOLDER", help="where MNIST is")
    parser.add_argument("--sizes", default="784-30-10", help="layers, such as 784-100-10")
    parser.add_argument("--mini-batch", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--examples", type=int, help="default 50,000; 5,000 of chapter 6")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS))
    parser.add_argument("--all", action="store_true", help="the whole series of settings")
    parser.add_argument("--scaling", action="store_true", help="only how time grows")
    parser.add_argument("--whole", action="store_true", help="only the whole job, in new processes")
    parser.add_argument("--chapter6", action="store_true", help="only convolutions and pooling")
    asked = parser.parse_args()
    sizes = re.fullmatch(r"784-([1-9]\d*)-10", asked.sizes)
    if not sizes:
        parser.error(f"--sizes: expected 784-J-10, got {asked.sizes}")
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    warnings.simplefilter("ignore")  # scikit-learn would warn of a first learning rate, and so on
    try:
        data = tinynn.load_mnist(asked.data)
    except tinynn.DataError as error:
        parser.error(str(error))
    examples = data.training[: asked.examples or (5000 if asked.chapter6 else 50000)]
    console = Console()
    console.print(machine(), "The BLAS of NumPy decides the floor.", sep="\n")
    missing = [name for name in asked.peers if not find_spec(PEERS[name][0])]
    peers = [name for name in PEERS if name in asked.peers and name not in missing]
    series = [(30, 10), (100, 10), (30, 1), (30, 100), (30, 1000)]
    if asked.chapter6:
        sys.path.insert(0, str(ROOT))
        from tests.benchmarks.convolutions import chapter6

        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
            os.environ["TMPDIR"] = tempfile.tempdir = cache  # torch.compile leaves code there
            chapter6(console, examples, data.test, peers, asked.rounds)
    elif asked.scaling:
        scaling_table(console, examples, asked.rounds)
    elif asked.whole:
        folder = asked.data or next(filter(holds_mnist, mnist_places()))
        whole_table(console, folder, [name for name in peers if name in WHOLE], asked.rounds)
    else:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as cache:
            os.environ["TMPDIR"] = tempfile.tempdir = cache  # torch.compile leaves code there
            for hidden, m in series if asked.all else [(int(sizes[1]), asked.mini_batch)]:
                setting_table(console, Setting(examples, hidden, m), peers, asked.rounds)
    if missing:
        note = f"not installed, and so skipped: {', '.join(missing)}: {INSTALL}"
        console.print(note, markup=False)


if __name__ == "__main__":
    main()
