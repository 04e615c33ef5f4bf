"""Chapter 3's slow neurons: the book's one-neuron figures, and the spread of z."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.terminal import on_a_terminal, run
from tinynn import ArgumentError, DataError
from tinynn.saturation import (
    AS_DRAWN,
    BOOK_STARTS,
    DRAWN_ETA,
    first_weighted_inputs,
    one_neuron,
)

EASY, HARD = BOOK_STARTS
EVERY = (50, 100, 150, 200, 250, 300)


@pytest.mark.parametrize(
    ("start", "cost", "eta", "outputs"),
    [
        (EASY, "quadratic", 0.15, (0.387, 0.211, 0.153, 0.124, 0.106, 0.094)),
        (HARD, "quadratic", 0.15, (0.976, 0.964, 0.933, 0.789, 0.357, 0.203)),
        (EASY, "cross-entropy", DRAWN_ETA, (0.752, 0.679, 0.605, 0.535, 0.473, 0.418)),
        (HARD, "cross-entropy", DRAWN_ETA, (0.971, 0.954, 0.928, 0.891, 0.841, 0.780)),
        (EASY, AS_DRAWN, DRAWN_ETA, (0.493, 0.299, 0.181, 0.110, 0.067, 0.040)),
        (HARD, AS_DRAWN, DRAWN_ETA, (0.586, 0.354, 0.215, 0.130, 0.079, 0.048)),
    ],
)
def test_the_one_neuron_figures_end_as_the_book_says(
    start: tuple[float, float], cost: str, eta: float, outputs: tuple[float, ...]
) -> None:
    """The output after 50, 100 … 300 epochs, (55), (56), (61), (62); "as drawn" lacks σ'."""
    moments = list(one_neuron(*start, cost, eta))
    assert [round(moments[epoch].output, 3) for epoch in EVERY] == pytest.approx(outputs)
    assert [moment.epoch for moment in moments] == list(range(301))


def test_with_the_cross_entropy_a_badly_wrong_neuron_learns_at_once() -> None:
    """At η = 0.15 both starts end at 0.012; the quadratic cost needs 200 epochs to get going."""
    for start, last in ((EASY, 0.0116), (HARD, 0.0120)):
        *_, moment = one_neuron(*start, "cross-entropy")
        assert moment.output == pytest.approx(last, abs=5e-5)


@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(-2, 2))
def test_the_first_step_of_one_neuron_is_minus_eta_times_a_minus_y(
    w: float, b: float, x: float
) -> None:
    """(61), (62): ∂C/∂w = x (a - y), ∂C/∂b = a - y; with the quadratic cost times σ'."""
    for cost in ("cross-entropy", "quadratic"):
        first, second = one_neuron(w, b, cost, 0.1, 1, x=x, y=0.25)
        error = (first.output - 0.25) * (first.slope if cost == "quadratic" else 1.0)
        assert second.w - w == pytest.approx(-0.1 * x * error, abs=1e-12)
        assert second.b - b == pytest.approx(-0.1 * error, abs=1e-12)


@pytest.mark.parametrize(("init", "spread"), [("large", 501**0.5), ("scaled", 1.5**0.5)])
def test_the_spread_of_z_is_that_of_a_sum_of_normal_numbers(init: str, spread: float) -> None:
    """√501 ≈ 22.4 with weights N(0, 1), √(3/2) ≈ 1.22 with N(0, 1/√1000); of 1,000 neurons."""
    z = first_weighted_inputs(init, seed=0)
    assert z.norm() / len(z) ** 0.5 == pytest.approx(spread, rel=0.1)


def test_invalid_settings_are_rejected() -> None:
    """The messages name the argument."""
    with pytest.raises(ArgumentError, match="eta"):
        list(one_neuron(1, 1, eta=0))
    with pytest.raises(DataError, match="x"):
        list(one_neuron(1, 1, x=float("nan")))
    with pytest.raises(ArgumentError, match="on"):
        first_weighted_inputs("large", inputs=3, on=4)


def test_lab_neuron_in_a_pipe_is_a_table_a_start() -> None:
    """With the numbers of both costs side by side."""
    table = run("lab", "neuron")
    last = [line.split() for line in table.stdout.splitlines() if line.startswith("  300")]
    assert [(row[1], row[4]) for row in last] == [("0.0940", "0.0116"), ("0.2028", "0.0120")]
    drawn = run("lab", "neuron", "--as-drawn").stdout
    last = [line.split() for line in drawn.splitlines() if line.startswith("  300")]
    assert [(row[1], row[4]) for row in last] == [("0.4177", "0.0404"), ("0.7796", "0.0479")]
    assert "1/(1 - a)" in drawn


def test_lab_neuron_on_a_terminal_shows_four_neurons_and_gives_the_terminal_back() -> None:
    """At 80×24; q goes to the end of the run."""
    status, screen = on_a_terminal("lab", "neuron", keys=[("epoch 3", "q")])
    assert status == 0
    end = screen.rsplit("epoch 300", 1)[1]
    for number in ("0.0940", "0.0116", "0.2028", "0.0120", "0.0851"):
        assert number in end


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["neuron", "--eta", "0"], "--eta"),
        (["neuron", "--weight", "2"], "--bias"),
        (["neuron", "--weight", "nan", "--bias", "2"], "--weight"),
        (["neuron", "--epochs", "-1"], "epochs"),
        (["neron"], "did you mean neuron?"),
    ],
)
def test_lab_prints_errors_in_one_line(arguments: list[str], said: str) -> None:
    """And exits with 2."""
    answer = run("lab", *arguments)
    assert answer.returncode == 2
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_lab_weights_draws_both_histograms_and_says_the_spreads() -> None:
    """Large first weights saturate most neurons, scaled ones next to none."""
    drawn = run("lab", "weights").stdout
    assert "large" in drawn
    assert "scaled" in drawn
    assert "√(500 + 1) = 22.4" in drawn
