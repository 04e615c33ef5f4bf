"""Momentum: velocities (107), moves (108), Nesterov's gradient, and runs that keep them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import (
    ArgumentError,
    DataError,
    Dense,
    DivergenceError,
    Matrix,
    Network,
    ShapeError,
    Vector,
)
from tinynn.descent import numerical_derivative
from tinynn.equations import (
    biases_ahead,
    l1_cost,
    l1_gradient,
    l2_cost,
    l2_gradient,
    moved_biases,
    moved_weights,
    updated_bias_velocity,
    updated_velocity,
    updated_weights,
    weights_ahead,
)
from tinynn.fast import Network as FastNetwork
from tinynn.stepper import record
from tinynn.teaching.strategies import matrices
from tinynn.training import Settings

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])
XOR = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
RATES = st.floats(0.001, 10.0)


# The formulas.


@pytest.mark.ch3
def test_momentum() -> None:
    """(107): v' = μ v - η/m Σ ∂C/∂b."""
    check("momentum", updated_bias_velocity)


@pytest.mark.ch3
def test_momentum_none() -> None:
    """(107): with μ = 0 the old v has no effect."""
    check("momentum-none", updated_bias_velocity)


@pytest.mark.ch3
def test_a_velocity_and_a_move_worked_by_hand() -> None:
    """(107): 0.5 · 2 - 1/4 · 8 = -1 and 0.5 · 4 - 1/4 · (-8) = 4; (108): the new v is added."""
    v = updated_velocity(Matrix([[2, 4]]), Matrix([[8, -8]]), eta=1.0, m=4, mu=0.5)
    assert v == Matrix([[-1, 4]]), "(107): v' = μ v - η/m Σ_x ∂C_x/∂w"
    assert moved_weights(Matrix([[10, 20]]), v) == Matrix([[9, 24]]), "(108): w' = w + v'"
    b = updated_bias_velocity(Vector([2, 4]), Vector([8, -8]), eta=1.0, m=4, mu=0.5)
    assert b == Vector([-1, 4]), "(107b): v' = μ v - η/m Σ_x ∂C_x/∂b"
    assert moved_biases(Vector([10, 20]), b) == Vector([9, 24]), "(108b): b' = b + v'"


@pytest.mark.ch3
def test_the_gradient_with_a_penalty_worked_by_hand() -> None:
    """1/4 of the sums, and λ/n = 0.5 times w: (88), or its sign: (96), which of 0 is 0."""
    w, sums = Matrix([[2, -6], [0, 1]]), Matrix([[8, 4], [12, -4]])
    found = l2_gradient(w, sums, 4, 5.0, 10)
    assert found == Matrix([[3, -2], [3, -0.5]]), "(88): ∂C/∂w = 1/m Σ_x ∂C_x/∂w + λ/n w"
    found = l1_gradient(w, sums, 4, 5.0, 10)
    assert found == Matrix([[2.5, 0.5], [3, -0.5]]), "(96): 1/m Σ_x ∂C_x/∂w + λ/n sgn(w)"


@pytest.mark.ch3
def test_the_place_of_nesterovs_gradient_worked_by_hand() -> None:
    """w + μ v, without the gradient: 1 + 0.5 · 4 = 3."""
    assert weights_ahead(Matrix([[1, 2]]), Matrix([[4, -8]]), 0.5) == Matrix([[3, -2]]), (
        "w + μ v, where Nesterov's gradient is taken"
    )
    assert biases_ahead(Vector([1, 2]), Vector([4, -8]), 0.5) == Vector([3, -2]), (
        "b + μ v, where Nesterov's gradient is taken"
    )


@pytest.mark.ch3
@given(matrices(), st.integers(1, 20), RATES)
def test_without_velocity_or_friction_coefficient_a_step_is_plain_descent(
    w: Matrix, m: int, eta: float
) -> None:
    """(107), (108) are (20) where μ = 0, whatever v was, and where v = 0, whatever μ is."""
    expected = updated_weights(w, w, eta, m)
    for v, mu in ((w, 0.0), (w * 0.0, 0.9)):
        found = moved_weights(w, updated_velocity(v, w, eta, m, mu))
        for p, q in zip(found, expected):
            for ours, theirs in zip(p, q):
                close(ours, theirs, "(107), (108) with no momentum are (20)", 1e-12)


@pytest.mark.ch3
@pytest.mark.parametrize(
    ("gradient", "cost", "number"), [(l2_gradient, l2_cost, "(88)"), (l1_gradient, l1_cost, "(96)")]
)
@given(st.data(), st.integers(1, 9), RATES, st.integers(1, 100))
def test_the_gradient_of_a_penalty_is_the_slope_of_its_cost(
    gradient: Any, cost: Any, number: str, data: st.DataObject, n: int, lmbda: float, m: int
) -> None:
    """(88) of (87), (96) of (95), where C_0 is Σ w: the cost itself is asked, weight by weight."""
    w = data.draw(matrices())
    w = Matrix([row.map(lambda v: v if abs(v) > 0.01 else 1.0) for row in w])
    found = gradient(w, Matrix([[m] * len(row) for row in w]), m, lmbda, n)
    for j, row in enumerate(w):
        for k, value in enumerate(row):

            def along(v: float, j: int = j, k: int = k) -> float:
                moved = w.copy()
                moved[j][k] = v
                return cost(moved[j][k], [moved], lmbda, n)  # type: ignore[no-any-return]

            slope = numerical_derivative(along, value, 1e-5)
            close(found[j][k], slope, f"{number}: ∂C/∂w_{j + 1}{k + 1}", 1e-4)


@pytest.mark.parametrize(
    ("function", "wrong", "words"),
    [
        (updated_velocity, (Matrix([[1]]), Matrix([[1, 2]]), 0.5, 1, 0.9), "nabla_sum"),
        (updated_velocity, (Matrix([[1]]), Matrix([[1]]), 0.5, 0, 0.9), "m: expected"),
        (updated_velocity, (Matrix([[1]]), Matrix([[1]]), 0.5, 1, float("nan")), "mu"),
        (updated_bias_velocity, (Vector([1]), Vector([1, 2]), 0.5, 1, 0.9), "nabla_sum"),
        (updated_bias_velocity, (Vector([1]), Vector([1]), 0.5, 1, "0.9"), "mu"),
        (moved_weights, (Matrix([[1]]), Matrix([[1, 2]])), "velocity"),
        (moved_biases, (Vector([1]), Vector([1, 2])), "velocity"),
        (weights_ahead, (Matrix([[1]]), Vector([1]), 0.5), "velocity"),
        (biases_ahead, (Vector([1]), Vector([1]), float("inf")), "mu"),
        (l2_gradient, (Matrix([[1]]), Matrix([[1]]), 0, 1.0, 1), "m: expected"),
        (l1_gradient, (Matrix([[1]]), Matrix([[1]]), 1, -1.0, 1), "lmbda"),
    ],
)
def test_a_formula_checks_its_arguments(function: Any, wrong: Any, words: str) -> None:
    """Shapes, η, m, μ, λ and n."""
    with pytest.raises(ValueError, match=words):
        function(*wrong)


# Steps of a network.


def slopes(net: Network, lmbda: float, n: int, penalty: str) -> list[float]:
    """Return the numerical slope of the penalised cost of XOR along every parameter."""
    found = []
    for row in [*(row for matrix in net.weights for row in matrix), *net.biases]:
        for k, value in enumerate(row):

            def along(v: float, row: Any = row, k: int = k) -> float:
                old, row[k] = row[k], v
                cost = net.total_cost(XOR, lmbda, n, penalty)
                row[k] = old
                return cost

            found.append(numerical_derivative(along, value, 1e-5))
    return found


def flat(matrices: Any, vectors: Any) -> list[float]:
    """Return all entries: the matrices' row by row, then the vectors'."""
    return [v for m in matrices for row in m for v in row] + [v for b in vectors for v in b]


@pytest.mark.ch3
@pytest.mark.parametrize("penalty", ["L2", "L1"])
@pytest.mark.parametrize("nesterov", [False, True])
def test_three_steps_are_those_of_the_cost_itself(nesterov: bool, penalty: str) -> None:
    """(107), (108) with numerical slopes: λ is inside the velocity; Nesterov's are at w + μ v."""
    mu, eta, lmbda, n = 0.6, 0.7, 0.3, 9
    net = Network([2, Dense(3, "tanh"), 1], seed=1)
    momentum = net.momentum(mu, nesterov)
    w = flat(net.weights, net.biases)
    v = [0.0] * len(w)
    for step in range(3):
        at = net.copy()
        if nesterov:
            ahead = iter([p + mu * q for p, q in zip(w, v)])
            rows = [row for matrix in at.weights for row in matrix]
            for row in [*rows, *at.biases]:
                for k in range(len(row)):
                    row[k] = next(ahead)
        nabla = slopes(at, lmbda, n, penalty)
        v = [mu * p - eta * q for p, q in zip(v, nabla)]
        w = [p + q for p, q in zip(w, v)]
        net.update_mini_batch(XOR, eta, lmbda, n, penalty, momentum)
        for ours, theirs in zip(flat(net.weights, net.biases), w):
            close(ours, theirs, f"(107), (108), step {step + 1}", 1e-6)


@pytest.mark.ch3
@ENGINES
def test_momentum_0_is_plain_descent_to_the_last_bit(engine: Any) -> None:
    """μ = 0 in `train`: no velocities are kept, and the numbers are those of before."""
    plain, other = engine([2, 3, 1], seed=0), engine([2, 3, 1], seed=0)
    plain.train(XOR, 3, 2, 0.5, seed=0).finish()
    run = other.train(XOR, 3, 2, 0.5, mu=0.0, seed=0)
    run.finish()
    assert plain == other
    assert run.momentum is None


@pytest.mark.ch3
@ENGINES
def test_a_ball_with_friction_settles_and_without_swings(engine: Any) -> None:
    """A linear neuron, C = (w + b)²/2: from w + b = 1, a hundred steps of (107), (108).

    With μ = 0.5 it lies still at 0. With μ = 1 there is no friction: it is thrown about for ever.
    """
    data = [(Vector([1]), Vector([0]))]
    places: dict[float, list[float]] = {}
    for mu in (0.5, 1.0):
        net = engine.from_parameters([[0.0]], [[[1.0]]], "linear")
        momentum = net.momentum(mu)
        net.biases[0][0] = 0.0
        places[mu] = []
        for _ in range(100):
            net.update_mini_batch(data, 0.05, momentum=momentum)
            places[mu].append(float(net.weights[0][0][0] + net.biases[0][0]))
    assert abs(places[0.5][-1]) < 1e-6, "(107): friction 1 - μ = 0.5 takes its speed"
    late = places[1.0][-50:]
    assert max(late) > 0.5, "(107): μ = 1, no friction: it comes back as high"
    assert min(late) < -0.5, "(107): μ = 1, no friction: and to the other side"


@ENGINES
def test_a_momentum_is_of_one_network(engine: Any) -> None:
    """Another kind of thing, or that of a network of other sizes or engine, is rejected."""
    net, other = engine([2, 3, 1], seed=0), (FastNetwork if engine is Network else Network)
    before = net.copy()
    for wrong in (0.9, engine([2, 4, 1], seed=0).momentum(0.9), other([2, 3, 1]).momentum(0.9)):
        with pytest.raises((ArgumentError, ShapeError), match="momentum|velocity|weights"):
            net.update_mini_batch(XOR, 0.5, momentum=wrong)
    assert net == before
    assert repr(net.momentum(0.9, nesterov=True)) == "<Momentum μ = 0.9, Nesterov>"
    for mu in (float("nan"), "0.9", None):
        with pytest.raises((ArgumentError, DataError), match="mu"):
            net.momentum(mu)


def test_an_interrupted_step_changes_nothing() -> None:
    """Weights and velocities are taken over together, or not at all."""

    class Interrupting(list):  # type: ignore[type-arg]
        def __iter__(self) -> Any:
            raise KeyboardInterrupt

    net = Network([2, 3, 1], seed=0)
    momentum = net.momentum(0.9)
    net.update_mini_batch(XOR, 0.5, momentum=momentum)
    before, velocity = net.copy(), [v.copy() for v in momentum.velocity.weights]
    with pytest.raises(KeyboardInterrupt):
        net._variant(XOR, 0.0, 0, "L2", momentum)(net, Interrupting(XOR), 0.5)
    assert net == before
    assert momentum.velocity.weights == velocity


def test_an_interrupted_look_ahead_is_undone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast engine takes Nesterov's gradient with the weights at w + μ v; then they are w."""
    net = FastNetwork([2, 3, 1], seed=0)
    momentum = net.momentum(0.9, nesterov=True)
    for _ in range(2):
        net.update_mini_batch(XOR, 0.5, momentum=momentum)
    before, velocity = net.copy(), momentum.velocity.copy()

    def interrupt(*arrays: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(net, "_error", interrupt)
    with pytest.raises(KeyboardInterrupt):
        net.update_mini_batch(XOR, 0.5, momentum=momentum)
    assert net == before
    assert (momentum.velocity == velocity).all()


@pytest.mark.ch3
@pytest.mark.parametrize("penalty", ["L2", "L1"])
@pytest.mark.parametrize("nesterov", [False, True])
def test_both_engines_penalise_where_the_gradient_is_taken(nesterov: bool, penalty: str) -> None:
    """(88), (96) inside (107): a large λ, many small steps; of Nesterov's at w + μ v."""
    nets: list[Any] = [engine([2, 3, 1], seed=3) for engine in (Network, FastNetwork)]
    for net in nets:
        how: dict[str, Any] = {"mu": 0.8, "nesterov": nesterov, "seed": 0}
        net.train(XOR, 5, 1, 0.1, 3.0, penalty, **how).finish()
    for ours, theirs in zip(nets[1].weights, nets[0].weights):
        assert np.allclose(ours, np.asarray(theirs), rtol=1e-9, atol=1e-12)


# Runs.


@ENGINES
@pytest.mark.parametrize("nesterov", [False, True])
def test_a_run_with_momentum_is_resumed_to_the_same_bits(
    engine: Any, nesterov: bool, tmp_path: Path
) -> None:
    """Its velocities are in the file, also if it was saved within an epoch, and read back."""
    path = tmp_path / "run.json"
    how: dict[str, Any] = {"mu": 0.9, "nesterov": nesterov, "seed": 0, "test_data": XOR}
    whole = engine([2, 3, 1], seed=0)
    whole.train(XOR, 4, 1, 0.1, **how).finish()
    net = engine([2, 3, 1], seed=0)
    run = net.train(XOR, 4, 1, 0.1, **how)
    next(run), next(run)

    def stop(progress: Any) -> None:
        raise KeyboardInterrupt

    run.on_mini_batch = stop
    with pytest.raises(KeyboardInterrupt):
        next(run)
    run.save(path)
    run.on_mini_batch = None
    run.finish()  # takes back what was interrupted
    again = engine.resume(path, XOR)
    assert again.settings.mu == 0.9
    assert again.settings.nesterov is nesterov
    again.finish()
    assert again.network == whole == net


def test_a_damaged_velocity_is_named(tmp_path: Path) -> None:
    """Missing, of another shape, not a number; of before there was no μ."""
    path = tmp_path / "run.json"
    run = Network([2, 3, 1], seed=0).train(XOR, 2, 1, 0.1, mu=0.9, seed=0)
    next(run)
    run.save(path)
    good = json.loads(path.read_text())
    wrongs: list[tuple[Any, str]] = [
        (None, "velocity"),
        ({"biases": []}, "weights"),
        ({"biases": [], "weights": []}, "biases and weights"),
        ({**good["run"]["velocity"], "biases": [[1.0], [1.0]]}, "layer 2"),
        ({**good["run"]["velocity"], "biases": [["x"], [1.0]]}, "expected a finite number"),
    ]
    for wrong, words in wrongs:
        bad = json.loads(json.dumps(good))
        bad["run"]["velocity"] = wrong
        path.write_text(json.dumps(bad))
        with pytest.raises(DataError, match=words):
            Network.resume(path, XOR)
    for name in ("mu", "nesterov"):
        del good["run"]["settings"][name]
    path.write_text(json.dumps(good))
    assert Network.resume(path, XOR).momentum is None


def test_settings_of_momentum_are_checked() -> None:
    """μ is any finite number, as the exercises try 1.1 and -0.5; Nesterov asks for one."""
    assert Settings(1, 1, 0.5, mu=-0.5).checked().mu == -0.5
    wrongs: list[dict[str, Any]] = [{"mu": float("inf")}, {"mu": "0.9"}, {"nesterov": True}]
    for wrong in wrongs:
        with pytest.raises((ArgumentError, DataError), match="mu"):
            Settings(1, 1, 0.5, **wrong).checked()


@pytest.mark.ch3
@ENGINES
def test_mu_beyond_1_leaves_the_range_of_floats_and_is_named(engine: Any) -> None:
    """The exercise: with μ > 1 each step is faster than the last."""
    data = [(Vector([1]), Vector([0]))]
    net = engine([1, 1], seed=0, activation="linear")
    with pytest.raises(DivergenceError, match=r"mu = 1\.5"), np.errstate(all="ignore"):
        net.train(data, 3000, 1, 0.1, mu=1.5, seed=0, test_data=data).finish()


# Stepping.


@pytest.mark.ch3
def test_a_step_with_momentum_is_stepped_line_by_line() -> None:
    """Every velocity and every move, by the book's names; Nesterov's look ahead first."""
    net = Network([2, 2, 1], seed=0)
    momentum = net.momentum(0.5, nesterov=True)
    with record() as steps:
        net.update_mini_batch(XOR[:1], 0.5, 0.1, 4, "L1", momentum)
    numbers = [step.number for step in steps]
    for number in ("w+μv", "b+μv", "96", "107", "107b", "108", "108b"):
        assert number in numbers, number
    assert numbers.index("w+μv") < numbers.index("z") < numbers.index("107")
    velocities = [step for step in steps if step.number == "107" and step.place]
    assert len(velocities) == 6
    assert velocities[0].symbols["updated"] == "v'^l"
    moved = [step.result for step in steps if step.number == "108"]
    assert moved == [w for matrix in net.weights for row in matrix for w in row]
