"""The penalties L2 and L1: their costs, their updates of weights, and λ = 0."""

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
from tinynn import ArgumentError, DataError, Dense, DivergenceError, Matrix, Network, Vector
from tinynn.costs import L1, L2, PENALTIES, penalty_named, updating
from tinynn.descent import numerical_derivative
from tinynn.equations import (
    l1_cost,
    l1_updated_weights,
    l2_cost,
    l2_updated_weights,
    mean_cost,
    updated_weights,
)
from tinynn.equations.updates import sgn
from tinynn.fast import Network as FastNetwork
from tinynn.stepper import record
from tinynn.teaching.strategies import matrices
from tinynn.training import Settings

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])
KINDS = pytest.mark.parametrize("penalty", sorted(PENALTIES))
XOR = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
STEPS = {"L2": l2_updated_weights, "L1": l1_updated_weights}
RATES = st.floats(0.001, 10.0)


# The formulas.


@pytest.mark.ch3
def test_l2_cost() -> None:
    """(87): λ/2n times the sum of all w²."""
    check("l2-cost", l2_cost)


@pytest.mark.ch3
def test_l1_cost() -> None:
    """(95): λ/n times the sum of all |w|."""
    check("l1-cost", l1_cost)


@pytest.mark.ch3
def test_l2_update() -> None:
    """(93): each weight is shrunk by 1 - ηλ/n, then moved."""
    check("l2-update", l2_updated_weights)


@pytest.mark.ch3
def test_l1_update() -> None:
    """(97): each weight is moved by ηλ/n towards 0; 0 stays."""
    check("l1-update", l1_updated_weights)


@pytest.mark.ch3
def test_the_cost_of_weights_worked_by_hand() -> None:
    """(87): λ/2n of their squares; (95): λ/n of their sizes. Every matrix counts."""
    weights = [Matrix([[1, -2], [0, 4]]), Matrix([[3, 0.5]])]
    assert l2_cost(0.25, weights, 3.0, 5) == 0.25 + 3.0 / 10.0 * 30.25, "(87): C_0 + λ/2n Σ_w w²"
    assert l1_cost(0.25, weights, 3.0, 5) == 0.25 + 3.0 / 5.0 * 10.5, "(95): C_0 + λ/n Σ_w |w|"


@pytest.mark.ch3
def test_an_l2_step_worked_by_hand() -> None:
    """(93): (1 - ηλ/n) w - η/m Σ; here 1 - 0.5 · 4 / 10 = 0.8 and 0.5 / 4 = 0.125."""
    w = l2_updated_weights(Matrix([[10, -5], [0, 1]]), Matrix([[8, 0], [16, -8]]), 0.5, 4, 4.0, 10)
    assert w == Matrix([[7, -4], [-2, 1.8]]), "(93): w' = (1 - ηλ/n) w - η/m Σ_x ∂C_x/∂w"


@pytest.mark.ch3
def test_an_l1_step_worked_by_hand() -> None:
    """(97): w - ηλ/n sgn(w) - η/m Σ; here ηλ/n is 0.5 · 4 / 8 = 0.25; the sign of 0 is 0."""
    w = l1_updated_weights(Matrix([[1, -5], [0, 0.125]]), Matrix([[8, 0], [16, 0]]), 0.5, 4, 4.0, 8)
    assert w == Matrix([[-0.25, -4.75], [-2, -0.125]]), "(97): w' = w - ηλ/n sgn(w) - …"
    with pytest.raises(DataError, match="w: expected a number, got '1'"):
        sgn("1")  # type: ignore[arg-type]
    assert [sgn(each) for each in (3, 3.0, 0.5, 0.0, -0.0, -0.5, -3.0)] == [
        1,
        1,
        1,
        0,
        0,
        -1,
        -1,
    ], "(97)"


@pytest.mark.ch3
@given(matrices(), st.integers(1, 20), RATES, RATES, st.integers(1, 1000))
def test_l2_shrinks_every_weight_by_one_factor_where_the_gradient_is_0(
    w: Matrix, m: int, eta: float, lmbda: float, n: int
) -> None:
    """(93), (92), (98): 1 - ηλ/n, whatever the mini-batch's size m is."""
    found = l2_updated_weights(w, w * 0.0, eta, m, lmbda, n)
    for old, new in zip(w, found):
        for p, q in zip(old, new):
            close(q, (1.0 - eta * lmbda / n) * p, "(93)", 1e-12)


@pytest.mark.ch3
@given(matrices(), st.integers(1, 20), RATES, RATES, st.integers(1, 1000))
def test_l1_moves_every_weight_by_one_constant_where_the_gradient_is_0(
    w: Matrix, m: int, eta: float, lmbda: float, n: int
) -> None:
    """(97): ηλ/n towards 0, however large the weight is; a weight of 0 stays."""
    found = l1_updated_weights(w, w * 0.0, eta, m, lmbda, n)
    for old, new in zip(w, found):
        for p, q in zip(old, new):
            close(p - q, eta * lmbda / n * (p > 0) - eta * lmbda / n * (p < 0), "(97)", 1e-12)


@pytest.mark.ch3
@pytest.mark.parametrize("penalty", sorted(STEPS))
@given(matrices(), st.integers(1, 20), RATES, st.integers(1, 1000))
def test_a_lambda_of_0_changes_nothing_to_the_bit(
    penalty: str, w: Matrix, m: int, eta: float, n: int
) -> None:
    """(93) and (97) are (20) there; and the cost is C_0."""
    assert STEPS[penalty](w, w, eta, m, 0.0, n) == updated_weights(w, w, eta, m)
    assert PENALTIES[penalty].cost(0.75, [w], 0.0, n) == 0.75


@pytest.mark.parametrize("function", [l2_updated_weights, l1_updated_weights])
def test_a_step_checks_its_arguments(function: Any) -> None:
    """Shapes, η, m, λ and n; and changes no argument."""
    w, nabla = Matrix([[1, 2]]), Matrix([[3, 4]])
    function(w, nabla, 0.5, 1, 1.0, 10)
    assert (w, nabla) == (Matrix([[1, 2]]), Matrix([[3, 4]]))
    for wrong, words in [
        ((w, Matrix([[1]]), 0.5, 1, 1.0, 10), "nabla_sum"),
        ((Vector([1]), nabla, 0.5, 1, 1.0, 10), "weights"),
        ((w, nabla, float("nan"), 1, 1.0, 10), "eta"),
        ((w, nabla, 0.5, 0, 1.0, 10), "m: expected"),
        ((w, nabla, 0.5, 1, -1.0, 10), "lmbda: expected a finite number of at least 0, got -1.0"),
        ((w, nabla, 0.5, 1, "1", 10), "lmbda"),
        ((w, nabla, 0.5, 1, 1.0, 0), "n: expected a whole number of at least 1"),
    ]:
        with pytest.raises((ArgumentError, DataError, ValueError), match=words):
            function(*wrong)


@pytest.mark.parametrize("function", [l2_cost, l1_cost])
def test_a_penalty_checks_its_arguments(function: Any) -> None:
    """A cost, matrices, λ and n."""
    for wrong, words in [
        (("x", [Matrix([[1]])], 1.0, 1), "cost: expected a number"),
        ((0.5, [Vector([1])], 1.0, 1), r"weights\[0\]"),
        ((0.5, [Matrix([[1]]), Vector([1])], 1.0, 1), r"weights\[1\]"),
        ((0.5, [Matrix([[1]])], float("inf"), 1), "lmbda: expected a finite number"),
        ((0.5, [Matrix([[1]])], 1.0, 2.5), "n: expected a whole number"),
    ]:
        with pytest.raises(ValueError, match=words):
            function(*wrong)


def test_penalties_have_names() -> None:
    """L2 and L1, and no other."""
    assert (penalty_named("L2"), penalty_named("L1")) == (L2, L1)
    assert repr(L1) == "<Penalty L1>"
    assert updating(1.0, 10, "L1").func is l1_updated_weights  # type: ignore[attr-defined]
    for wrong in ("L3", "l2", None, 2):
        with pytest.raises(ArgumentError, match="penalty: expected L2 or L1, got"):
            penalty_named(wrong)


# Networks.


def tanh_network(engine: Any, cost: str = "quadratic") -> Any:
    """Return a 2-3-2 network, of weights well away from 0, where |w| has a corner."""
    last = {"quadratic": "linear", "cross-entropy": "sigmoid", "log-likelihood": "softmax"}[cost]
    biases = [[0.1, -0.4, 0.3], [0.2, -0.3]]
    weights = [[[0.5, -0.8], [1.2, 0.4], [-0.6, 0.9]], [[0.7, -0.5, 0.3], [-0.9, 0.6, 1.1]]]
    layers = [2, Dense(3, "tanh"), Dense(2, last)]
    return engine.from_parameters(biases, weights, layers=layers, cost=cost)


DATA = [(Vector([0.5, -1]), Vector([1, 0])), (Vector([0.25, 0.75]), Vector([0, 1]))] * 2


@pytest.mark.ch3
@ENGINES
@KINDS
@pytest.mark.parametrize("cost", ["quadratic", "cross-entropy", "log-likelihood"])
def test_a_step_follows_the_numerical_gradient_of_the_regularised_cost(
    engine: Any, penalty: str, cost: str
) -> None:
    """(88), (89), (96): of all examples, (w - w') / η is ∂C/∂w of (87) or (95), biases too."""
    net, eta, lmbda = tanh_network(engine, cost), 0.001, 0.7
    moved = net.copy()
    moved.update_mini_batch(DATA, eta, lmbda, len(DATA), penalty)
    for i in range(2):
        for j in range(len(net.biases[i])):
            cases = [(net.biases[i], moved.biases[i], j)]
            cases += [
                (net.weights[i][j], moved.weights[i][j], k) for k in range(len(net.weights[i][j]))
            ]
            for row, after, place in cases:
                value = float(row[place])

                def cost_at(changed: float, row: Any = row, place: int = place) -> float:
                    row[place] = changed
                    return float(net.total_cost(DATA, lmbda, penalty=penalty))

                slope = numerical_derivative(cost_at, value, 1e-5)
                row[place] = value
                number = "93" if penalty == "L2" else "97"
                close((value - after[place]) / eta, slope, f"({number})", 1e-6)


@pytest.mark.ch3
@ENGINES
@KINDS
def test_no_penalty_changes_the_step_of_a_bias(engine: Any, penalty: str) -> None:
    """(94): the same bits with λ and without; and the weights are others."""
    plain, penalised = tanh_network(engine), tanh_network(engine)
    plain.update_mini_batch(DATA, 0.5)
    penalised.update_mini_batch(DATA, 0.5, 2.0, 4, penalty)
    for p, q in zip(plain.biases, penalised.biases):
        assert np.array_equal(np.asarray(p), np.asarray(q)), "(94)"
    for p, q in zip(plain.weights, penalised.weights):
        assert (np.asarray(p) != np.asarray(q)).all()


@pytest.mark.ch3
@ENGINES
@KINDS
def test_lambda_is_divided_by_the_size_of_the_training_set(engine: Any, penalty: str) -> None:
    """(93): not by that of the mini-batch; `train` is these steps, in order."""
    trained, by_hand = tanh_network(engine), tanh_network(engine)
    order = [3, 1, 0, 2]

    class Still:
        """A generator that shuffles nothing."""

        def random(self) -> float:
            return 0.5

        def gauss(self, mu: float, sigma: float, /) -> float:
            return mu

        def shuffle(self, x: Any, /) -> None:
            return None

    trained.train(DATA, 1, 3, 0.5, 2.0, penalty, rng=Still(), order=order).finish()
    for batch in (order[:3], order[3:]):
        by_hand.update_mini_batch([DATA[i] for i in batch], 0.5, 2.0, len(DATA), penalty)
    assert trained == by_hand
    alone = tanh_network(engine)
    alone.update_mini_batch(DATA, 0.5, 2.0, penalty=penalty)  # these examples are the training set
    same = tanh_network(engine)
    same.update_mini_batch(DATA, 0.5, 2.0, len(DATA), penalty)
    assert alone == same


@ENGINES
@KINDS
def test_training_with_a_lambda_of_0_is_training_without_to_the_bit(
    engine: Any, penalty: str
) -> None:
    """Whatever the penalty is called."""
    nets = [engine([2, 3, 1], seed=0) for _ in range(2)]
    plain = nets[0].train(XOR, 5, 2, 3.0, test_data=XOR, seed=1).finish()
    other = nets[1].train(XOR, 5, 2, 3.0, 0.0, penalty, test_data=XOR, seed=1).finish()
    assert nets[0] == nets[1]
    assert [report[:4] for report in plain] == [report[:4] for report in other]


@ENGINES
def test_the_regularised_cost_is_reported_for_any_set(engine: Any) -> None:
    """(87), (95): of the given set, with λ divided by n; without n, by the size of the set."""
    net = tanh_network(engine)
    weights = [np.asarray(w) for w in net.weights]
    squares = sum(float((w * w).sum()) for w in weights)
    sizes = sum(float(abs(w).sum()) for w in weights)
    plain = net.measure(DATA)
    assert net.measure(DATA, 3.0).cost == pytest.approx(plain.cost + 3.0 / 8.0 * squares)
    assert net.measure(DATA, 3.0, 10).cost == pytest.approx(plain.cost + 3.0 / 20.0 * squares)
    lasso = net.measure(DATA[:1], lmbda=3.0, penalty="L1")
    assert lasso.cost == pytest.approx(net.total_cost(DATA[:1]) + 3.0 * sizes)
    assert net.measure(DATA, 3.0)[:2] == plain[:2]
    assert net.total_cost(DATA, 3.0, 10) == net.measure(DATA, 3.0, 10).cost
    (report,) = net.train(DATA, 1, 4, 0.5, 3.0, test_data=DATA[:1], seed=0).finish()
    assert report.cost == net.total_cost(DATA[:1], 3.0, n=len(DATA))
    wrongs: list[tuple[dict[str, Any], str]] = [
        ({"lmbda": -1}, "lmbda: expected a finite number of at least 0"),
        ({"lmbda": 1.0, "n": -3}, "n: expected a whole number"),
        ({"lmbda": 1.0, "penalty": "L3"}, "penalty: expected L2 or L1"),
    ]
    for wrong, words in wrongs:
        with pytest.raises(ArgumentError, match=words):
            net.measure(DATA, **wrong)


@ENGINES
def test_lambda_and_the_penalty_are_checked_at_the_call(engine: Any) -> None:
    """By `train`, `SGD` and a single step."""
    net = engine([2, 3, 1], seed=0)
    for wrong in (-0.5, float("nan"), float("inf"), "1", None, True):
        with pytest.raises(ArgumentError, match="lmbda: expected a finite number of at least 0"):
            net.train(XOR, 1, 1, 0.5, lmbda=wrong)
        with pytest.raises(ArgumentError, match="lmbda"):
            net.update_mini_batch(XOR, 0.5, wrong, 4)
    with pytest.raises(ArgumentError, match="penalty: expected L2 or L1, got 'L0'"):
        net.train(XOR, 1, 1, 0.5, 1.0, "L0")
    with pytest.raises(ArgumentError, match="penalty: expected L2 or L1, got 'L0'"):
        net.update_mini_batch(XOR, 0.5, 1.0, 4, "L0")
    with pytest.raises(ArgumentError, match="n: expected a whole number"):
        net.update_mini_batch(XOR, 0.5, 1.0, -4)
    assert Settings(1, 1, 0.5) == Settings(1, 1, 0.5, 0.0, "L2")
    assert net == engine([2, 3, 1], seed=0)


@ENGINES
def test_a_lambda_far_too_large_is_named_when_numbers_leave_the_range(engine: Any) -> None:
    """1 - ηλ/n is far below -1."""
    net = engine([2, 3, 1], seed=0)
    with (
        np.errstate(all="ignore"),
        pytest.raises(DivergenceError, match=r"eta = 1\.0 or lmbda = 1e\+60 is too large"),
    ):
        net.train(XOR, 10, 1, 1.0, 1e60, seed=0).finish()


@ENGINES
@KINDS
def test_a_run_with_a_penalty_goes_on_to_the_same_bits(
    engine: Any, penalty: str, tmp_path: Path
) -> None:
    """A checkpoint keeps λ and the penalty; one of before, without them, had none."""
    path = tmp_path / "run.json"
    whole = engine([2, 3, 1], seed=0, cost="cross-entropy")
    reports = whole.train(XOR, 4, 2, 0.5, 0.3, penalty, test_data=XOR, seed=1).finish()
    half = engine([2, 3, 1], seed=0, cost="cross-entropy")
    run = half.train(XOR, 4, 2, 0.5, 0.3, penalty, test_data=XOR, seed=1)
    next(run), next(run)
    run.save(path)
    again = engine.resume(path, XOR)
    assert again.settings == Settings(4, 2, 0.5, 0.3, penalty)
    assert [report[:4] for report in again.finish()] == [report[:4] for report in reports]
    assert again.network == whole
    parts = json.loads(path.read_text())
    del parts["run"]["settings"]["lmbda"], parts["run"]["settings"]["penalty"]
    path.write_text(json.dumps(parts))
    assert engine.resume(path, XOR).settings == Settings(4, 2, 0.5)
    for name, value, words in [
        ("lmbda", "x", "settings: lmbda: got 'x'"),
        ("penalty", "L9", "penalty: expected L2 or L1, got 'L9'"),
    ]:
        damaged = {**parts["run"], "settings": {**parts["run"]["settings"], name: value}}
        path.write_text(json.dumps({**parts, "run": damaged}))
        with pytest.raises(DataError, match=words):
            engine.resume(path, XOR)


@KINDS
def test_both_engines_learn_the_same_under_a_penalty(penalty: str) -> None:
    """An epoch in mini-batches, the smaller last one included: weights to 1e-9."""
    pure, fast = (engine([2, 3, 1], seed=0) for engine in (Network, FastNetwork))
    settings: dict[str, Any] = {"lmbda": 0.4, "penalty": penalty, "test_data": XOR, "seed": 2}
    for ours, theirs in zip(
        fast.train(XOR, 3, 3, 2.0, **settings), pure.train(XOR, 3, 3, 2.0, **settings)
    ):
        assert ours[:3] == theirs[:3]
        assert ours.cost == pytest.approx(theirs.cost, rel=1e-12)
    for p, q in zip(fast.weights, pure.weights):
        assert np.abs(p - np.asarray(q)).max() < 1e-12


# Stepping.


@pytest.mark.ch3
@KINDS
def test_the_recorder_shows_every_line_of_a_step_with_its_numbers(penalty: str) -> None:
    """Cross-entropy and λ: (66), and (93) or (97), are lines with numbers; none is missed."""
    net = Network([2, 2, 1], seed=0, cost="cross-entropy")
    w = net.weights[1][0][1]
    with record() as steps:
        net.update_mini_batch([(Vector([1, 0.5]), Vector([1]))], 0.5, 0.1, 10, penalty)
    assert not steps.unrecorded
    numbers = {number for step in steps for number in step.numbers}
    assert {"66", "84", "21", "94"} | ({"93", "92"} if penalty == "L2" else {"97"}) <= numbers
    assert not numbers & {"20", "BP1", "97" if penalty == "L2" else "93"}
    (error,) = [step for step in steps if step.number == "66"]
    assert (error.source, error.layer, error.j) == ("delta[j] = a[j] - y[j]", 3, 0)
    found = [step for step in steps if step.function == STEPS[penalty].__name__ and step.k == 1]
    last = found[-1]
    assert (last.layer, last.j, last.result) == (3, 0, net.weights[1][0][1])
    assert repr(w) in last.substituted
    assert eval(last.substituted, dict(last.functions)) == last.result


@pytest.mark.ch3
def test_the_recorder_shows_costs_softmax_and_penalties() -> None:
    """(63), (80), (78), (87), (95): each line is Python for its result."""
    likely = Network([2, Dense(2, "softmax")], seed=0, cost="log-likelihood")
    entropic = Network([2, 2], seed=0, cost="cross-entropy")
    for net, y, penalty, expected in [
        (likely, Vector([0, 1]), "L2", {"78", "80", "6", "87"}),
        (entropic, Vector([0.25, 1]), "L1", {"63", "57", "95"}),
    ]:
        with record() as steps:
            net.measure([(Vector([1, 0]), y)], 0.5, penalty=penalty)
        assert not steps.unrecorded
        assert expected <= {number for step in steps for number in step.numbers}
        for step in steps:
            assert eval(step.substituted, dict(step.functions)) == step.result, step


def test_mean_cost_takes_an_infinite_cost() -> None:
    """(6): the mean of a cost that is infinite is."""
    assert mean_cost([1.0, float("inf")]) == float("inf")
