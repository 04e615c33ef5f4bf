"""Compare chapter 6 with its peers: ``python tests/benchmarks/compare.py --chapter6``.

Networks of one and of two convolutions, an epoch with λ at mini-batches of 1, 10 and 100, and the
evaluation of 10,000 images. All start with the same weights and have the same cost, and after the
same mini-batches their outputs must be equal. "The products alone" are the matrix products of our
step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from math import prod
from random import Random
from typing import Any, NamedTuple

import numpy as np
from rich.console import Console

from tests.benchmarks.compare import Row, in_rounds, show
from tinynn import Convolution, Dense, MaxPooling
from tinynn.datasets import Examples
from tinynn.fast import Network
from tinynn.fast.equations.activations import Array
from tinynn.layers import Plan

ETA, LMBDA = 0.1, 0.1
NETWORKS: dict[str, list[Any]] = {
    "C5-20, P2, C5-40, P2, 100, 10": [
        *((1, 28, 28), Convolution(20, 5), MaxPooling(2), Convolution(40, 5), MaxPooling(2)),
        *(Dense(100), Dense(10, "softmax")),
    ],
    "C5-20, P2, 100, 10": [
        *((1, 28, 28), Convolution(20, 5), MaxPooling(2)),
        *(Dense(100), Dense(10, "softmax")),
    ],
}
SETTINGS = [(name, m) for name in NETWORKS for m in (10, 1, 100)]


class Case(NamedTuple):
    """The common settings of the rows of a table."""

    layers: list[Any]
    examples: Examples
    m: int
    x: Array  # (n, 784)
    labels: Array

    def network(self) -> Network:
        """Return our untrained network."""
        how: dict[str, Any] = {"cost": "log-likelihood", "init": "scaled", "dtype": "float32"}
        return Network(self.layers, seed=0, **how)


class Learner(NamedTuple):
    """A peer: its pass through the examples in an order, and its outputs for rows of images."""

    name: str
    learn: Callable[[Array], object]
    outputs: Callable[[Array], Array]


def case(name: str, examples: Examples, m: int) -> Case:
    """Return the examples, whole mini-batches of them, and the layers of a network."""
    examples = examples[: len(examples) - len(examples) % m]
    pixels = np.frombuffer(examples.pixels, np.uint8).reshape(len(examples), 784)
    x = np.multiply(pixels, np.float32(1 / 256))
    return Case(NETWORKS[name], examples, m, x, np.array(list(examples.labels)))


def ours(s: Case) -> Learner:
    """Return an epoch of ``train``, in an order that it shuffles itself."""
    net, rng = s.network(), Random(0)

    def learn(order: Array) -> None:
        if len(order) == len(s.examples):
            next(net.train(s.examples, 1, s.m, ETA, LMBDA, rng=rng))
            return
        for i in range(0, len(order), s.m):  # the few mini-batches that all have in common
            few = [s.examples[int(j)] for j in order[i : i + s.m]]
            net.update_mini_batch(few, ETA, LMBDA, len(s.examples))

    def outputs(x: Array) -> Array:
        found = net._outputs(net._prepare("examples", s.examples[: len(x)]))
        return np.concatenate([a.T.copy() for a, _ in found])

    return Learner("tinynn.fast, train()", learn, outputs)


def products(s: Case) -> Learner:
    """Return the matrix products of our step alone, in arrays of its shapes."""
    plan, dots = Plan(s.layers), []
    rng = np.random.default_rng(0)

    def array(*shape: int) -> Array:
        return 0.1 * rng.standard_normal(shape).astype("float32")

    for l, (rows, columns) in plan.weight_shapes.items():
        wide = prod(plan.shapes[l - 1]) // rows * s.m  # the places of a map, for m examples
        w, a, delta = array(rows, columns), array(columns, wide), array(rows, wide)
        dots += [(w, a, array(rows, wide)), (delta, a.T, array(rows, columns))]
        if l > plan.learning[0]:
            dots.append((w.T, delta, array(columns, wide)))

    def learn(order: Array) -> None:
        for _ in range(0, len(order), s.m):
            for p, q, out in dots:
                np.dot(p, q, out)

    return Learner("the products alone", learn, lambda x: x)


def torch_learner(s: Case, compiled: bool = False) -> Learner:
    """Return nn, autograd and SGD over tensors, pooling before σ, as is faster."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    nn, parts, net = torch.nn, [], s.network()
    plan = net.plan
    for before, description in zip(plan.shapes, plan.descriptions):
        if isinstance(description, Convolution):
            parts.append(nn.Conv2d(before[0], description.maps, description.field))
        elif isinstance(description, MaxPooling):
            parts += [nn.MaxPool2d(description.size), nn.Sigmoid()]
        else:
            parts += [nn.Flatten()] if len(before) == 3 else [nn.Sigmoid()]
            parts.append(nn.Linear(prod(before), *description.shape_after(before)))
    model = nn.Sequential(*parts)
    numbers = [v for pair in zip(net.weights, net.biases) for v in pair]
    for parameter, v in zip(model.parameters(), numbers):
        parameter.data = torch.tensor(v).reshape(parameter.shape)
    weights = [v for v in model.parameters() if v.ndim > 1]
    biases = [v for v in model.parameters() if v.ndim == 1]
    decayed = {"params": weights, "weight_decay": LMBDA / len(s.examples)}
    optimizer = torch.optim.SGD([decayed, {"params": biases}], lr=ETA)
    images = torch.from_numpy(s.x).reshape(-1, 1, 28, 28)
    answers = torch.from_numpy(s.labels)
    entropy = nn.CrossEntropyLoss()

    def cost(x: Any, y: Any) -> Any:
        return entropy(model(x), y)

    answer = model
    if compiled:
        torch.compiler.reset()
        cost = torch.compile(cost, dynamic=False)
        answer = torch.compile(model, dynamic=False)
        cost(images[: s.m], answers[: s.m]).backward()  # where it does not work, it fails here

    def learn(order: Array) -> None:
        for chosen in torch.from_numpy(order).split(s.m):
            optimizer.zero_grad()
            cost(images[chosen], answers[chosen]).backward()
            optimizer.step()

    def outputs(x: Array) -> Array:
        with torch.no_grad():
            rows = torch.from_numpy(x).reshape(-1, 1, 28, 28).split(100)
            found = torch.cat([answer(each) for each in rows])
        return np.asarray(torch.softmax(found, 1).numpy())

    return Learner(f"PyTorch, {'compiled' if compiled else 'eager'}", learn, outputs)


def jax_learner(s: Case) -> Learner:
    """Return one jitted scan an epoch, with jax.grad."""
    jax = import_module("jax")
    np_, lax, net = jax.numpy, jax.lax, s.network()
    pairs = list(zip(net.plan.shapes, net.plan.descriptions))
    state: list[Any] = [
        [np_.asarray(v) for pair in zip(net.weights, net.biases) for v in pair],
    ]
    images, answers = np_.asarray(s.x), np_.asarray(np.eye(10, dtype=np.float32)[s.labels])
    decay = LMBDA / len(s.examples)

    def scores(p: Sequence[Any], x: Any) -> Any:
        left = iter(p)
        a = x.reshape(-1, 1, 28, 28)
        for i, (before, each) in enumerate(pairs):
            if isinstance(each, Convolution):
                w, b = next(left), next(left)
                w = w.reshape(each.maps, before[0], *each.window)
                a = lax.conv_general_dilated(a, w, (1, 1), "VALID") + b[:, None, None]
            elif isinstance(each, MaxPooling):
                block = (1, 1, *each.window)
                a = lax.reduce_window(a, -np_.inf, lax.max, block, block, "VALID")
                a = jax.nn.sigmoid(a)
            else:
                w, b = next(left), next(left)
                z = a.reshape(len(x), -1) @ w.T + b
                a = z if i + 1 == len(pairs) else jax.nn.sigmoid(z)
        return a

    def cost(p: Any, x: Any, y: Any) -> Any:
        return -(y * jax.nn.log_softmax(scores(p, x))).sum() / s.m

    def step(p: Any, chosen: Any) -> Any:
        gradient = jax.grad(cost)(p, images[chosen], answers[chosen])
        shrink = [1.0 - ETA * decay if v.ndim == 2 else 1.0 for v in p]
        return [c * v - ETA * nabla for c, v, nabla in zip(shrink, p, gradient)], None

    epoch = jax.jit(lambda p, batches: lax.scan(step, p, batches)[0])
    answer = jax.jit(lambda p, x: jax.nn.softmax(scores(p, x)))

    def learn(order: Array) -> None:
        batches = order.reshape(-1, s.m).astype(np.int32)
        state[0] = jax.block_until_ready(epoch(state[0], batches))

    def outputs(x: Array) -> Array:
        parts = [answer(state[0], x[i : i + 100]) for i in range(0, len(x), 100)]
        return np.concatenate([np.asarray(each) for each in parts])

    return Learner("JAX scan, jax.grad", learn, outputs)


def learners(s: Case, peers: Sequence[str], notes: list[str]) -> Iterator[Learner]:
    """Yield the products, our engine, and each peer that works here."""
    yield products(s)
    yield ours(s)
    makers: dict[str, Callable[[], Learner]] = {
        "torch": lambda: torch_learner(s),
        "compiled": lambda: torch_learner(s, compiled=True),
        "jax": lambda: jax_learner(s),
    }
    for peer, make in makers.items():
        if peer in peers and find_spec("jax" if peer == "jax" else "torch"):
            try:
                yield make()
            except Exception as error:
                notes.append(f"{peer} does not work here and is skipped: {type(error).__name__}")


def chapter6(
    console: Console, examples: Examples, test: Examples, peers: Sequence[str], rounds: int
) -> None:
    """Print a table for each network and mini-batch size, and one for evaluation."""
    for name, m in SETTINGS:
        notes: list[str] = []
        few_are_enough = examples[: len(examples) // 5] if m == 1 else examples
        s = case(name, few_are_enough, m)
        found = list(learners(s, peers, notes))
        before = [each.outputs(s.x[:200]) for each in found[1:]]
        few = np.arange(m * min(10, len(s.examples) // m - 1))  # fewer than an epoch has
        for each in found[1:]:
            each.learn(few)
        answers = [each.outputs(s.x[:200]) for each in found[1:]]
        apart = max(float(abs(a - b).max()) for a, b in pairwise([answers[0], *answers]))
        moved = float(abs(answers[0] - before[0]).max())
        assert apart < 1e-3 < moved, f"outputs are {apart} apart, after moving by {moved}"
        order = np.arange(len(s.examples))
        rows = [Row(each.name, each.learn, order) for each in found]
        _print(console, f"{name}, mini-batch {m}: {len(order):,} examples", rows, rounds)
        done = f"after {len(few) // m} mini-batches the outputs were {apart:.0e} apart at most"
        notes.append(f"checked: {done}")
        console.print(*notes, sep="\n", highlight=False)
    for name in NETWORKS:
        s = case(name, test, 100)
        found = [each for each in learners(s, peers, []) if each.name != "the products alone"]
        rows = [Row(each.name, _answering(each, s.x), np.arange(1)) for each in found]
        _print(console, f"{name}: answers to {len(s.x):,} images", rows, rounds)


def _answering(learner: Learner, x: Array) -> Callable[[Array], object]:
    return lambda _: learner.outputs(x)


def _print(console: Console, title: str, rows: list[Row], rounds: int) -> None:
    names = [row.name for row in rows]
    columns = {"the products alone": "× products", "PyTorch, eager": "× PyTorch"}
    beside = {columns[name]: names.index(name) for name in columns if name in names}
    show(console, f"{title}, {rounds} rounds", rows, in_rounds(rows, rounds), beside)
