"""Equal engines: every mixture of neurons, cost, penalty and first weights, in both."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tinynn import Dense, Dropout, Network, Vector, gradcheck, load_digits
from tinynn.fast import Network as FastNetwork
from tinynn.teaching.strategies import numbers, vectors

HIDDEN = st.one_of(
    st.builds(Dense, st.integers(1, 4), st.sampled_from(["sigmoid", "tanh", "linear", "relu"])),
    st.builds(Dropout, st.sampled_from([0.0, 0.25, 0.5])),
)
OUTPUTS = st.sampled_from(
    [
        ("quadratic", "sigmoid"),
        ("quadratic", "tanh"),
        ("quadratic", "linear"),
        ("quadratic", "relu"),
        ("cross-entropy", "sigmoid"),
        ("log-likelihood", "softmax"),
    ]
)


class Mixture(NamedTuple):
    """A network in both engines, examples for it, and how it learns from them."""

    pure: Network
    fast: FastNetwork
    data: list[tuple[Vector, Vector]]
    eta: float
    lmbda: float
    penalty: str
    mini_batch_size: int
    moving: dict[str, Any]  # μ, and whether it is Nesterov's


@st.composite
def mixtures(draw: st.DrawFn) -> Mixture:
    """Draw hidden layers, an output layer with a fitting cost, λ, μ, and 1 to 8 examples."""
    inputs, outputs = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cost, function = draw(OUTPUTS)
    hidden = draw(st.lists(HIDDEN, max_size=3))
    layers: list[Any] = [inputs, *hidden, Dense(outputs, function)]
    made: dict[str, Any] = {
        "seed": draw(st.integers(0, 10**6)),
        "cost": cost,
        "init": draw(st.sampled_from([None, "large", "scaled"])),
    }
    desired = {
        "quadratic": vectors(numbers(-1.0, 1.0), size=outputs),
        "cross-entropy": vectors(numbers(0.0, 1.0), size=outputs),
        "log-likelihood": st.integers(0, outputs - 1).map(lambda j: Vector.one_hot(j, outputs)),
    }
    pair = st.tuples(vectors(numbers(-1.0, 1.0), size=inputs), desired[cost])
    return Mixture(
        Network(layers, **made),
        FastNetwork(layers, **made),
        draw(st.lists(pair, min_size=1, max_size=8)),
        draw(st.sampled_from([0.01, 0.05, 0.1])),
        draw(st.sampled_from([0.0, 0.1, 3.0])),
        draw(st.sampled_from(["L2", "L1"])),
        draw(st.integers(1, 10)),
        draw(st.sampled_from([{}, {"mu": 0.5}, {"mu": 0.9, "nesterov": True}])),
    )


def agree(ours: Any, theirs: Any, tolerance: float, what: str) -> None:
    """Fail unless arrays agree relative to their largest entry."""
    for p, q in zip(ours, map(np.asarray, theirs)):
        assert p.shape == q.shape, what
        apart, largest = np.abs(p - q).max(), max(1.0, np.abs(q).max())
        assert apart <= tolerance * largest, f"{what}: apart by {apart}"


@pytest.mark.ch3
@given(mixtures())
def test_gradients_of_every_mixture_agree_to_1e_12(mixture: Mixture) -> None:
    """One example and a mini-batch of them; the same first weights to begin with."""
    pure, fast, data, *_ = mixture
    assert fast.to_pure() == pure
    for ours, theirs in (
        (fast.backprop(*data[0]), pure.backprop(*data[0])),
        (fast.backprop_mini_batch(data), pure.backprop_mini_batch(data)),
        (
            fast.thinned(seed=0).backprop_mini_batch(data),
            pure.thinned(seed=0).backprop_mini_batch(data),
        ),
    ):
        agree(ours.biases, theirs.biases, 1e-12, "∂C/∂b")
        agree(ours.weights, theirs.weights, 1e-12, "∂C/∂w")


@pytest.mark.ch3
@given(mixtures(), st.integers(0, 99))
def test_an_epoch_of_every_mixture_agrees_to_1e_9_with_the_same_counts(
    mixture: Mixture, seed: int
) -> None:
    """Same seed, shuffles and mini-batches; the regularised cost of the report agrees too."""
    pure, fast, data, eta, lmbda, penalty, size, moving = mixture
    how: dict[str, Any] = {"test_data": data, "seed": seed, **moving}
    (theirs,) = pure.train(data, 1, size, eta, lmbda, penalty, **how).finish()
    (ours,) = fast.train(data, 1, size, eta, lmbda, penalty, **how).finish()
    agree(fast.weights, pure.weights, 1e-9, "w")
    agree(fast.biases, pure.biases, 1e-9, "b")
    assert ours[:3] == theirs[:3]
    assert ours.cost == pytest.approx(theirs.cost, rel=1e-9, abs=1e-12)
    assert fast.measure(data, lmbda, 7, penalty).cost == pytest.approx(
        pure.measure(data, lmbda, 7, penalty).cost, rel=1e-9, abs=1e-12
    )


@pytest.mark.ch3
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(mixtures(), st.integers(0, 99))
def test_every_mixture_is_resumed_to_the_same_bits(
    tmp_path: Path, mixture: Mixture, seed: int
) -> None:
    """Two epochs, a file, and two more are four, in each engine."""
    *_, eta, lmbda, penalty, size, moving = mixture
    data, path = mixture.data, tmp_path / "run.json"
    for net in (mixture.pure, mixture.fast):
        half = net.copy()
        how: dict[str, Any] = {"test_data": data, "seed": seed, **moving}
        whole = net.train(data, 4, size, eta, lmbda, penalty, **how).finish()
        run = half.train(data, 4, size, eta, lmbda, penalty, **how)
        next(run), next(run)
        run.save(path)
        again = type(net).resume(path, data)
        assert [report[:4] for report in again.finish()] == [report[:4] for report in whole]
        assert again.network == net


@pytest.mark.ch3
@given(mixtures())
def test_the_gradient_of_every_mixture_is_the_slope_of_its_cost(mixture: Mixture) -> None:
    """Every weight and bias is moved; not where relu has its corner."""
    pure, data = mixture.pure, mixture.data
    x, y = data[0]
    corners = [
        abs(z)
        for passed in pure.forward(x).values()
        if passed.function.name == "relu"
        for z in passed.z
    ]
    if min(corners, default=1.0) > 1e-3:
        gradcheck(pure, x, y)


@pytest.mark.parametrize("penalty", ["L2", "L1"])
@pytest.mark.parametrize(
    ("cost", "function"),
    [("cross-entropy", "sigmoid"), ("log-likelihood", "softmax"), ("quadratic", "linear")],
)
def test_float32_learns_nearly_the_same(cost: str, function: str, penalty: str) -> None:
    """Two epochs of the digits: costs, penalties and updates in floats of seven digits."""
    digits = load_digits()
    layers: list[Any] = [64, Dense(10, "tanh"), Dense(10, function)]
    exact, short = (
        FastNetwork(layers, seed=0, cost=cost, dtype=dtype) for dtype in ("float64", "float32")
    )
    reports = []
    for net in (exact, short):
        run = net.train(digits.training, 2, 10, 0.05, 2.0, penalty, test_data=digits.test, seed=0)
        reports.append(run.finish()[-1])
    assert short.weights[0].dtype == np.float32
    assert reports[1].cost == pytest.approx(reports[0].cost, rel=1e-4)
    agree(short.weights, exact.weights, 1e-3, "w in float32")


def test_the_call_of_the_books_program_takes_lambda_too(capsys: pytest.CaptureFixture[str]) -> None:
    """`SGD` prints the lines of the epochs, and ends where `train` does."""
    data = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    one, other = (Network([2, 3, 1], seed=0, cost="cross-entropy") for _ in range(2))
    one.SGD(data, 2, 2, 0.5, test_data=data, lmbda=0.3, penalty="L1", seed=1)
    other.train(data, 2, 2, 0.5, 0.3, "L1", seed=1).finish()
    assert one == other
    assert capsys.readouterr().out.startswith("Epoch 0: ")
