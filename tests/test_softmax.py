"""Softmax outputs and the log-likelihood cost: (78), (80) and (84), as claims."""

from __future__ import annotations

from math import exp, inf, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.claims import check
from tests.numbers import close
from tinynn import SIGMOID, ArgumentError, Dense, Network, Vector, gradcheck
from tinynn.activations import SOFTMAX, activation_named
from tinynn.costs import LOG_LIKELIHOOD
from tinynn.descent import numerical_derivative
from tinynn.equations import log_likelihood, softmax
from tinynn.gradient_check import numerical_error
from tinynn.layers.layer import Forward
from tinynn.teaching.strategies import vectors

INPUTS = st.lists(st.floats(-6.0, 6.0), min_size=2, max_size=5)
ANY = st.lists(st.floats(-1e308, 1e308), min_size=1, max_size=6)


@pytest.mark.ch3
def test_softmax() -> None:
    """(78): each e^z over the sum of all, at any z."""
    check("softmax", softmax)


@pytest.mark.ch3
def test_softmax_adds_up() -> None:
    """(79), of (78): shares of 1."""
    check("softmax-adds-up", softmax)


@pytest.mark.ch3
def test_softmax_shift() -> None:
    """(78): e^(z + c) is e^c e^z, above and below."""
    check("softmax-shift", softmax)


@pytest.mark.ch3
def test_log_likelihood() -> None:
    """(80): -ln of the output that should be 1."""
    check("log-likelihood", log_likelihood)


@pytest.mark.ch3
def test_softmax_worked_by_hand() -> None:
    """(78): e^z as a share of all e^z."""
    a = softmax(Vector([0.0, log(2.0), log(5.0)]))
    assert a.to_list() == pytest.approx([0.125, 0.25, 0.625]), "(78): e^z_j / Σ_k e^z_k"
    whole = exp(-1.0) + exp(0.5)
    expected = [exp(-1.0) / whole, exp(0.5) / whole]
    assert softmax(Vector([-1, 0.5])).to_list() == pytest.approx(expected), "(78)"


@pytest.mark.ch3
@given(ANY)
def test_softmax_is_positive_and_adds_up_to_1_at_any_floats(z: list[float]) -> None:
    """(78), (79): no z is so large that e^z overflows; a share may be as small as 0."""
    a = softmax(Vector(z))
    assert all(0.0 <= share <= 1.0 for share in a), "(78)"
    assert sum(a) == pytest.approx(1.0, abs=1e-12), "(79), of (78): Σ_j a_j = 1"
    assert max(a) == a[z.index(max(z))]


@pytest.mark.ch3
@given(INPUTS)
def test_softmax_is_positive_where_z_is_small(z: list[float]) -> None:
    """(78): every e^z is."""
    assert min(softmax(Vector(z))) > 0.0, "(78)"


@pytest.mark.ch3
@given(INPUTS, st.floats(-100.0, 100.0))
def test_softmax_is_unchanged_by_a_shift_of_all_z(z: list[float], shift: float) -> None:
    """(78): e^(z + c) is e^c e^z, above and below."""
    moved = softmax(Vector([each + shift for each in z]))
    assert moved.to_list() == pytest.approx(softmax(Vector(z)).to_list(), rel=1e-9), "(78)"


@pytest.mark.ch3
@given(INPUTS, st.data())
def test_softmax_rises_in_its_own_z_and_falls_in_the_others(
    z: list[float], data: st.DataObject
) -> None:
    """(78): ∂a_j/∂z_j > 0, ∂a_j/∂z_k < 0."""
    j = data.draw(st.integers(0, len(z) - 1))
    before = softmax(Vector(z))
    after = softmax(Vector([*z[:j], z[j] + 0.1, *z[j + 1 :]]))
    assert after[j] > before[j], f"(78): a_{j + 1} falls as its own z rises"
    for k in set(range(len(z))) - {j}:
        assert after[k] < before[k], f"(78): a_{k + 1} rises as z_{j + 1} does"


@pytest.mark.ch3
@given(INPUTS)
def test_softmax_tends_to_the_maximum_as_z_is_scaled(z: list[float]) -> None:
    """(83), of (78): e^(c z), and c grows: 1 at the largest z, 0 elsewhere."""
    first, second = sorted(z, reverse=True)[:2]
    assume(first - second > 0.1)
    shares = [softmax(Vector(z) * c)[z.index(first)] for c in (1.0, 3.0, 30.0, 1000.0)]
    assert shares == sorted(shares), "(78): the largest share grows with c"
    assert shares[3] == pytest.approx(1.0, abs=1e-9), "(78)"


@pytest.mark.ch3
@pytest.mark.parametrize(
    ("a", "y", "expected"),
    [
        ([0.25, 0.75], [1, 0], log(4.0)),
        ([0.25, 0.75], [0, 1], -log(0.75)),
        ([0, 1], [0, 1], 0.0),
        ([0, 1], [1, 0], inf),
        ([0.5, 0.25, 0.25], [0.5, 0.5, 0], 0.5 * log(2.0) + 0.5 * log(4.0)),
    ],
)
def test_log_likelihood_worked_by_hand(a: list[float], y: list[float], expected: float) -> None:
    """(80): -ln of the output that should be 1, and of no other."""
    cost = log_likelihood(Vector(a), Vector(y))
    assert cost == pytest.approx(expected), "(80): C = -ln a^L_y"
    assert str(cost) != "-0.0"


@pytest.mark.ch3
@given(INPUTS, st.data())
def test_the_error_of_softmax_with_log_likelihood_is_a_minus_y(
    z: list[float], data: st.DataObject
) -> None:
    """(84): δ^L = a^L - y, against moving z^L_j and watching (80); of a digit, and of shares."""
    right = Vector.one_hot(data.draw(st.integers(0, len(z) - 1)), len(z))
    y = data.draw(st.sampled_from([right, softmax(Vector([-each for each in z]))]))
    delta = LOG_LIKELIHOOD.error(Forward(Vector(z), softmax(Vector(z)), SOFTMAX), y)
    for j in range(len(z)):

        def cost_at(value: float, j: int = j) -> float:
            return log_likelihood(softmax(Vector([*z[:j], value, *z[j + 1 :]])), y)

        close(delta[j], numerical_derivative(cost_at, z[j], 1e-5), "(84): δ^L_j = a^L_j - y_j")


@pytest.mark.ch3
@given(st.integers(0, 10**6), st.data())
def test_a_network_with_softmax_passes_the_gradient_check(seed: int, data: st.DataObject) -> None:
    """(84), (BP2)-(BP4) against moving every weight and bias, and (29) against moving z."""
    net = Network([2, 3, Dense(3, "softmax")], seed=seed, cost="log-likelihood")
    x = data.draw(vectors(size=2))
    y = Vector.one_hot(data.draw(st.integers(0, 2)), 3)
    gradcheck(net, x, y)
    z = net.forward(x)[3].z
    for expected, found in zip(numerical_error(net, 3, z, y), net.backprop(x, y).biases[1]):
        close(found, expected, "(84)", 1e-5)


def test_softmax_is_a_function_of_a_whole_layer() -> None:
    """By name for a layer; of one number it says so."""
    assert activation_named("softmax") is SOFTMAX
    assert repr(Dense(10, "softmax")) == "Dense(10, 'softmax')"
    for call in (SOFTMAX.value, SOFTMAX.derivative):
        with pytest.raises(ArgumentError, match="softmax: expected all weighted inputs"):
            call(0.5)
    net = Network([2, 3, Dense(2, "softmax")], seed=0, cost="log-likelihood")
    assert repr(net.layer(3)) == "<Dense layer of 2 softmax neurons after 3>"
    assert "sigmoid and softmax neurons, log-likelihood cost" in repr(net)
    assert net.layer(2).function is SIGMOID
    assert sum(net.feedforward([0.5, 1.0])) == pytest.approx(1.0)
    assert net.predict([0.5, 1.0]) in (0, 1)
