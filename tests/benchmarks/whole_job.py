"""The whole job of a peer: ``python tests/benchmarks/whole_job.py jax FOLDER``, or ``torch``.

Trains 784-30-10 as ``tinynn train --data FOLDER --fast --float32`` does: MNIST from its gzipped
files, normally distributed first weights, the quadratic cost, thirty epochs of mini-batches of ten
in a new order, η = 3, and the 10,000 test images after each. ``compare.py --whole`` measures it.
"""

from __future__ import annotations

import gzip
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

EPOCHS, M, ETA = 30, 10, 3.0
Array = NDArray[Any]
Images = tuple[Array, Array]  # bytes (n, 784), and digits


def read(folder: Path, part: str) -> Images:
    """Return the images of a part of MNIST and their digits."""
    with gzip.open(folder / f"{part}-images-idx3-ubyte.gz") as images:
        pixels = np.frombuffer(images.read(), np.uint8, offset=16)
    with gzip.open(folder / f"{part}-labels-idx1-ubyte.gz") as labels:
        return pixels.reshape(-1, 784), np.frombuffer(labels.read(), np.uint8, offset=8)


def first_numbers() -> list[Array]:
    """Return weights (J, K) and biases (J,), layer by layer, all of them normally distributed."""
    normal = np.random.default_rng(0).standard_normal
    return [normal(shape, "f") for shape in ((30, 784), 30, (10, 30), 10)]


def by_jax(training: Images, test: Images) -> Iterator[int]:
    """Yield the number of right test images after each epoch: one jitted scan per epoch."""
    jax: Any = import_module("jax")

    def answers(p: Any, pixels: Any) -> tuple[Any, Any, Any]:
        x = pixels.astype(np.float32) * (1 / 256)
        a0 = jax.nn.sigmoid(x @ p[0].T + p[1])
        return x, a0, jax.nn.sigmoid(a0 @ p[2].T + p[3])

    def learnt(p: Any, order: Any, pixels: Any, targets: Any) -> Any:
        def step(p: Any, chosen: Any) -> Any:
            x, a0, a1 = answers(p, pixels[chosen])
            d1 = (a1 - targets[chosen]) * a1 * (1 - a1)
            d0 = (d1 @ p[2]) * a0 * (1 - a0)
            gradient = d0.T @ x, d0.sum(0), d1.T @ a0, d1.sum(0)
            return [v - ETA / M * nabla_v for v, nabla_v in zip(p, gradient)], None

        return jax.lax.scan(step, p, order)[0]

    def right(p: Any, pixels: Any, digits: Any) -> Any:
        return (answers(p, pixels)[2].argmax(1) == digits).sum()

    learn, measure = jax.jit(learnt), jax.jit(right)
    p, rng = [jax.numpy.asarray(v) for v in first_numbers()], np.random.default_rng(0)
    images = [jax.numpy.asarray(v) for v in (training[0], np.eye(10, dtype="f")[training[1]])]
    test_images = [jax.numpy.asarray(v) for v in test]
    for _ in range(EPOCHS):
        order = rng.permutation(len(training[0])).astype(np.int32).reshape(-1, M)
        p = learn(p, order, *images)
        yield int(measure(p, *test_images))


def by_torch(training: Images, test: Images) -> Iterator[int]:
    """Yield the number of right test images after each epoch: nn, autograd and SGD, eager."""
    torch = import_module("torch")
    torch.set_num_threads(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(784, 30), torch.nn.Sigmoid(), torch.nn.Linear(30, 10), torch.nn.Sigmoid()
    )
    for parameter, v in zip(net.parameters(), first_numbers()):
        parameter.data = torch.tensor(v)
    optimizer = torch.optim.SGD(net.parameters(), lr=ETA)
    x, test_x = (torch.tensor(pixels).float() / 256 for pixels, _ in (training, test))
    y, digits = torch.tensor(np.eye(10, dtype="f")[training[1]]), torch.tensor(test[1])
    for _ in range(EPOCHS):
        for chosen in torch.randperm(len(x)).split(M):
            optimizer.zero_grad()
            (((net(x[chosen]) - y[chosen]) ** 2).sum() / (2 * M)).backward()
            optimizer.step()
        with torch.no_grad():
            yield int((net(test_x).argmax(1) == digits).sum())


def main() -> None:
    """Train, and print the book's line after every epoch."""
    train = {"jax": by_jax, "torch": by_torch}[sys.argv[1]]
    pixels, digits = read(Path(sys.argv[2]), "train")
    test = read(Path(sys.argv[2]), "t10k")
    for epoch, right in enumerate(train((pixels[:50000], digits[:50000]), test)):
        print(f"Epoch {epoch}: {right} / {len(test[0])}", flush=True)


if __name__ == "__main__":
    main()
