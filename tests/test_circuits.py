"""Circuits: NAND perceptrons can compute everything that is computable."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims import check
from tinynn import (
    SIGMOID,
    STEP,
    Adder,
    ArgumentError,
    Circuit,
    DataError,
    Network,
    Perceptron,
    ShapeError,
    Vector,
    full_adder,
    half_adder,
    truth_table_circuit,
)
from tinynn.circuits import NAND, bitwise_layer

pytestmark = pytest.mark.ch1


def check_gates(circuit: Circuit) -> None:
    """Fail unless each gate is a NAND perceptron of two wires that are there before it."""
    wires = set(circuit.inputs)
    for gate in circuit.gates:
        assert {gate.first, gate.second} <= wires, f"{gate}: hears a wire from nowhere"
        assert gate.name not in wires, f"{gate}: the wire has a value already"
        wires.add(gate.name)
    assert set(circuit.outputs) <= wires
    assert (NAND.weights, NAND.bias) == (Vector([-2, -2]), 3.0)


def check_table(circuit: Circuit, answers: Sequence[int]) -> None:
    """Fail unless the circuit answers as the table does, and every wire as NAND has it."""
    rows = list(product((0, 1), repeat=len(circuit.inputs)))
    assert len(rows) == len(answers)
    for row, answer in zip(rows, answers):
        values = circuit.values(row)
        for gate in circuit.gates:
            p, q = values[gate.first], values[gate.second]
            assert values[gate.name] == 1 - p * q, f"{gate} at p = {p}, q = {q}"
        assert circuit.run(row) == [answer], f"table {answers} at inputs {row}"


def test_nand() -> None:
    """A perceptron with weights -2, -2 and bias 3 is a NAND gate."""
    check("nand", lambda p, q: NAND.output([p, q]))


def test_half_adder() -> None:
    """The book's circuit: sum and carry of x1 + x2."""
    check("half-adder", lambda p, q: half_adder().run([p, q]))


def test_nand_universal() -> None:
    """Any truth table has its circuit of NAND gates."""
    check("nand-universal", lambda table: lambda *bits: truth_table_circuit(table).run(bits)[0])


@pytest.mark.parametrize(("p", "q", "answer"), [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_a_perceptron_with_weights_minus_2_and_bias_3_is_a_nand_gate(
    p: int, q: int, answer: int
) -> None:
    """(2): z = 3, 1, 1 and -1, so only two ones give 0."""
    assert NAND.weighted_input([p, q]) == 3 - 2 * p - 2 * q
    assert NAND.output([p, q]) == answer == Perceptron([-2, -2], 3).output([p, q])


@pytest.mark.parametrize("n", [1, 2, 3])
def test_every_truth_table_is_computed_by_its_nand_network(n: int) -> None:
    """NAND is universal: all 4 tables of one input, 16 of two, 256 of three."""
    for answers in product((0, 1), repeat=2**n):
        circuit = truth_table_circuit(answers)
        assert circuit.inputs == [f"x{i}" for i in range(1, n + 1)]
        check_gates(circuit)
        check_table(circuit, answers)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 1), min_size=16, max_size=16))
def test_truth_tables_of_four_inputs_are_computed_by_their_nand_networks(
    answers: list[int],
) -> None:
    """NAND is universal: a sample of the 65,536 tables of four inputs."""
    circuit = truth_table_circuit(answers)
    check_gates(circuit)
    check_table(circuit, answers)


def test_not_and_and_or_are_made_of_nand() -> None:
    """NOT p = NAND(p, p); AND is NOT NAND; p OR q = NAND(NOT p, NOT q)."""
    makers: list[tuple[Any, list[int]]] = [
        (lambda c: c.not_("p"), [1, 1, 0, 0]),
        (lambda c: c.and_("p", "q"), [0, 0, 0, 1]),
        (lambda c: c.or_("p", "q"), [0, 1, 1, 1]),
    ]
    for make, answers in makers:
        circuit = Circuit(["p", "q"])
        circuit.outputs = [make(circuit)]
        check_gates(circuit)
        check_table(circuit, answers)


def test_the_half_adder_has_five_gates_and_lists_them() -> None:
    """The book's picture: four gates for the sum, one more for the carry."""
    circuit = half_adder()
    check_gates(circuit)
    assert len(circuit.gates) == 5
    assert str(circuit).splitlines() == [
        "g1 = NAND(x1, x2)",
        "g2 = NAND(x1, g1)",
        "g3 = NAND(x2, g1)",
        "g4 = NAND(g2, g3)",
        "g5 = NAND(g1, g1)",
        "answers g4, g5",
    ]


def test_two_wires_into_one_gate_are_one_wire_of_weight_minus_4() -> None:
    """The book's simplification: NAND(g, g) is one input with weight -4."""
    one_wire = Perceptron([-4], 3)
    assert [one_wire.output([g]) for g in (0, 1)] == [NAND.output([g, g]) for g in (0, 1)]


def test_the_full_adder_adds_three_bits() -> None:
    """Two bits and the carry of the column before."""
    circuit = full_adder()
    check_gates(circuit)
    for p, q, r in product((0, 1), repeat=3):
        total, carry = circuit.run([p, q, r])
        assert 2 * carry + total == p + q + r


@pytest.mark.parametrize("n", [1, 2, 3])
def test_an_adder_adds_every_two_numbers_of_few_bits(n: int) -> None:
    """A chain of full adders, tried on all pairs of numbers up to three bits."""
    adder = Adder(n)
    check_gates(adder)
    for p, q in product(range(2**n), repeat=2):
        assert adder.add(p, q) == p + q


@settings(max_examples=40, deadline=None)
@given(st.integers(4, 24), st.data())
def test_an_adder_of_n_bits_adds(n: int, data: st.DataObject) -> None:
    """The same chain, longer: the carry runs through n columns."""
    numbers = st.integers(0, 2**n - 1)
    p, q = data.draw(numbers), data.draw(numbers)
    adder = Adder(n)
    assert adder.add(p, q) == p + q
    assert adder.add(2**n - 1, 1) == 2**n, "the carry that runs all the way"
    assert len(adder.gates) == 5 + 9 * (n - 1)


STRONG, WEAK = st.floats(0.99, 1.0), st.floats(0.0, 0.01)


def bits_of(digit: int) -> list[int]:
    """Return the four bits of a digit, the highest first."""
    return [int(bit) for bit in f"{digit:04b}"]


@given(st.integers(0, 9), STRONG, st.lists(WEAK, min_size=10, max_size=10))
def test_a_bitwise_layer_turns_ten_outputs_into_four_bits(
    digit: int, strong: float, weak: list[float]
) -> None:
    """Exercise, bitwise representation: any outputs >= 0.99 for the digit, <= 0.01 for the rest."""
    w, b = bitwise_layer()
    outputs = Vector([strong if d == digit else weak[d] for d in range(10)])
    perceptrons = Network.from_parameters([b], [w], STEP)
    assert perceptrons.feedforward(outputs).to_list() == bits_of(digit)
    sigmoids = perceptrons.with_activation(SIGMOID).feedforward(outputs)
    for bit, a in zip(bits_of(digit), sigmoids):
        assert a > 0.99 if bit else a < 0.01, f"digit {digit}: bit {bit}, activation {a}"


@pytest.mark.parametrize("digit", range(10))
def test_the_worst_outputs_still_leave_z_at_nine_or_more(digit: int) -> None:
    """Exercise, bitwise representation: with 0.99 and 0.01 all over, |z_j| >= 9 for all four."""
    w, b = bitwise_layer()
    z = w @ Vector([0.99 if d == digit else 0.01 for d in range(10)]) + b
    for bit, z_j in zip(bits_of(digit), z):
        assert z_j >= 9.0 if bit else z_j <= -9.0


def test_equal_halves_of_a_table_cost_no_gates() -> None:
    """A table that depends only on x2 uses only x2: NOT x2 is one gate."""
    assert len(truth_table_circuit([1, 0, 1, 0]).gates) == 1
    assert len(truth_table_circuit([0, 1, 0, 1]).gates) == 0


@pytest.mark.parametrize("table", [[], [1], [0, 1, 1], [0] * 6])
def test_a_table_whose_length_is_not_a_power_of_2_is_rejected(table: list[int]) -> None:
    """n inputs have 2^n rows."""
    with pytest.raises(ShapeError, match=f"got {len(table)}"):
        truth_table_circuit(table)


@pytest.mark.parametrize("answer", [2, -1, 0.5, "1", None])
def test_an_answer_other_than_0_or_1_is_rejected_by_row(answer: Any) -> None:
    """The message names the row of the table."""
    with pytest.raises(DataError, match="table row 2: expected 0 or 1"):
        truth_table_circuit([0, 1, answer, 0])


def test_wrong_bits_are_rejected() -> None:
    """As many bits as inputs, each 0 or 1."""
    for bits in ([1], [1, 0, 1], []):
        with pytest.raises(ShapeError, match=f"bits: expected 2, got {len(bits)}"):
            half_adder().run(bits)
    for bit in (2, 0.5, "1", None):
        wrong: Any = [1, bit]
        with pytest.raises(DataError, match="input x2: expected 0 or 1"):
            half_adder().run(wrong)


def test_a_gate_can_only_use_existing_wires() -> None:
    """So that a circuit has no loops."""
    circuit = Circuit(["p"])
    with pytest.raises(ArgumentError, match="no wire 'g1'"):
        circuit.nand("p", "g1")
    with pytest.raises(ArgumentError, match="no wire 'q'"):
        circuit.outputs = ["q"]
    for names in ([], ["p", "p"]):
        with pytest.raises(ArgumentError, match="different names"):
            Circuit(names)


@pytest.mark.parametrize(("p", "q"), [(8, 0), (0, 8), (-1, 0)])
def test_a_number_of_too_many_bits_is_rejected(p: int, q: int) -> None:
    """Three bits hold 0 to 7."""
    with pytest.raises(ArgumentError, match="from 0 to 7 for 3 bits"):
        Adder(3).add(p, q)


@pytest.mark.parametrize("bits", [0, -1])
def test_an_adder_of_no_bits_is_rejected(bits: int) -> None:
    """There is nothing to add."""
    with pytest.raises(ArgumentError, match="at least 1"):
        Adder(bits)


def test_invalid_settings_are_rejected() -> None:
    """A fraction of a bit, a boolean, an output without a wire."""
    for bits in (0, 2.5, True):
        with pytest.raises(ArgumentError, match="bits"):
            Adder(bits)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="from 0 to 3 for 2 bits, got 1.5"):
        Adder(2).add(1.5, 1)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="no outputs yet"):
        Circuit(["p"]).run([1])
