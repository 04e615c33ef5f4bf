"""Circuits of NAND perceptrons: any truth table, and the adders.

A perceptron with weights -2, -2 and bias 3 is a NAND gate, and NAND gates alone can compute
everything that a computer can.
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Integral, Real
from typing import NamedTuple

from tinynn.errors import (
    ArgumentError,
    DataError,
    ShapeError,
    describe,
    require_count,
    require_row,
)
from tinynn.linalg import Matrix, Vector
from tinynn.neurons import Perceptron

_WIDEST = 1000  # the most bits of an adder
NAND = Perceptron([-2.0, -2.0], 3.0)


class Gate(NamedTuple):
    """One NAND perceptron of a circuit, and the names of its two input wires."""

    name: str
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.name} = NAND({self.first}, {self.second})"


class Circuit:
    """A network of NAND perceptrons, wired one gate at a time.

    A wire has the name of an input, or of the gate whose output it carries. ``outputs`` are the
    wires that carry the circuit's answer.

    >>> xor = Circuit(["p", "q"])
    >>> both = xor.nand("p", "q")
    >>> xor.outputs = [xor.nand(xor.nand("p", both), xor.nand("q", both))]
    >>> [xor.run([p, q]) for p in (0, 1) for q in (0, 1)]
    [[0], [1], [1], [0]]
    >>> print(xor)
    g1 = NAND(p, q)
    g2 = NAND(p, g1)
    g3 = NAND(q, g1)
    g4 = NAND(g2, g3)
    answers g4
    """

    def __init__(self, inputs: Sequence[str]) -> None:
        self.inputs = list(require_row("inputs", inputs, 'Circuit(["p", "q"])', "names"))
        self.gates: list[Gate] = []
        for name in self.inputs:
            if not isinstance(name, str):
                raise ArgumentError(f"inputs: expected names such as 'p', got {describe(name)}")
        self._wires = set(self.inputs)
        self._outputs: list[str] = []
        if not self.inputs or len(self._wires) != len(self.inputs):
            given = describe(self.inputs)
            raise ArgumentError(f"inputs: expected one or more different names, got {given}")

    @property
    def outputs(self) -> list[str]:
        """The names of the wires that carry the answer."""
        return self._outputs

    @outputs.setter
    def outputs(self, wires: Sequence[str]) -> None:
        write = 'circuit.outputs = ["g4"]'
        self._outputs = [
            self._known(wire) for wire in require_row("outputs", wires, write, "wires")
        ]

    def _known(self, wire: str) -> str:
        if not isinstance(wire, str) or wire not in self._wires:
            known = ", ".join(self.inputs[:5])
            raise ArgumentError(
                f"there is no wire {describe(wire)} in this circuit yet: its inputs are {known}"
            )
        return wire

    def nand(self, first: str, second: str) -> str:
        """Add a gate, and return the name of the wire that carries its output."""
        number = len(self.gates) + 1
        while f"g{number}" in self._wires:
            number += 1
        gate = Gate(f"g{number}", self._known(first), self._known(second))
        self.gates.append(gate)
        self._wires.add(gate.name)
        return gate.name

    def not_(self, wire: str) -> str:
        """Add NOT p = NAND(p, p)."""
        return self.nand(wire, wire)

    def and_(self, first: str, second: str) -> str:
        """Add p AND q = NOT NAND(p, q)."""
        return self.not_(self.nand(first, second))

    def or_(self, first: str, second: str) -> str:
        """Add p OR q = NAND(NOT p, NOT q)."""
        return self.nand(self.not_(first), self.not_(second))

    def values(self, bits: Sequence[int]) -> dict[str, int]:
        """Return the bit on every wire, gate by gate.

        Raises ShapeError for a wrong number of bits, DataError for a bit that is not 0 or 1.
        """
        bits = list(require_row("bits", bits, "[0, 1]", "bits"))
        if len(bits) != len(self.inputs):
            raise ShapeError(f"bits: expected {len(self.inputs)}, got {len(bits)}")
        values = {name: _bit(f"input {name}", bit) for name, bit in zip(self.inputs, bits)}
        for gate in self.gates:
            values[gate.name] = int(NAND.output([values[gate.first], values[gate.second]]))
        return values

    def run(self, bits: Sequence[int]) -> list[int]:
        """Return the answer of the circuit for these input bits."""
        if not self.outputs:
            raise ArgumentError("the circuit has no outputs yet: set circuit.outputs")
        values = self.values(bits)
        return [values[wire] for wire in self.outputs]

    def __str__(self) -> str:
        return "\n".join([*map(str, self.gates), f"answers {', '.join(self.outputs)}"])

    def __repr__(self) -> str:
        counts = (len(self.inputs), "input"), (len(self.outputs), "output")
        ends = ", ".join(f"{n} {word}{'' if n == 1 else 's'}" for n, word in counts)
        return f"<Circuit of {len(self.gates)} NAND gates: {ends}>"


def _bit(name: str, bit: object) -> int:
    if not isinstance(bit, Real) or bit not in (0, 1):
        raise DataError(f"{name}: expected 0 or 1, got {describe(bit)}")
    return int(bit)  # type: ignore[call-overload, no-any-return]


def truth_table_circuit(table: Sequence[int]) -> Circuit:
    """Return a circuit of NAND gates that computes this truth table.

    ``table`` contains the 2^n answers for inputs x1 … xn in binary order; x1 is the highest bit:
    ``[0, 1, 1, 0]`` is XOR. Raises ShapeError unless the length is a power of 2, DataError for an
    answer that is not 0 or 1.

    x1 selects one half of the table, x2 one half of that half, and so on:
    f = NAND(NAND(x1, f₁), NAND(NOT x1, f₀)). Equal halves are built once.

    >>> majority = truth_table_circuit([0, 0, 0, 1, 0, 1, 1, 1])
    >>> majority, majority.run([1, 0, 1])
    (<Circuit of 9 NAND gates: 3 inputs, 1 output>, [1])
    """
    answers = list(require_row("table", table, "[0, 1, 1, 0]", "bits"))
    n = len(answers).bit_length() - 1
    if n < 1 or len(answers) != 2**n:
        raise ShapeError(f"table: expected 2, 4, 8, 16, … answers, got {len(answers)}")
    circuit = Circuit([f"x{i}" for i in range(1, n + 1)])
    built: dict[tuple[int, ...], str] = {}
    opposite = {"0": "1", "1": "0"}  # of each wire; the constants need no gate

    def negation(wire: str) -> str:
        if wire not in opposite:
            opposite[wire] = circuit.not_(wire)
            opposite[opposite[wire]] = wire
        return opposite[wire]

    def nand(first: str, second: str) -> str:
        if "0" in (first, second):
            return "1"
        if "1" in (first, second):
            return negation(first if second == "1" else second)
        return circuit.nand(first, second)

    def build(part: tuple[int, ...]) -> str:
        """Return the wire, or the constant, with the answers of this part of the table."""
        half = len(part) // 2
        if len(part) == 1:
            return str(part[0])
        if part[:half] == part[half:]:
            return build(part[:half])
        x = f"x{n + 1 - half.bit_length()}"
        if part == (0, 1):
            return x
        if part not in built:
            zero, one = build(part[:half]), build(part[half:])
            otherwise = {"0": "1", "1": x}.get(zero) or nand(negation(x), zero)
            built[part] = nand(nand(x, one), otherwise)
        return built[part]

    wire = build(tuple(_bit(f"table row {row}", bit) for row, bit in enumerate(answers)))
    if wire in ("0", "1"):
        always = circuit.nand("x1", circuit.not_("x1"))
        wire = always if wire == "1" else circuit.not_(always)
    circuit.outputs = [wire]
    return circuit


def half_adder() -> Circuit:
    """Return the book's circuit that adds two bits with five gates: outputs sum and carry.

    >>> half_adder().run([1, 1])
    [0, 1]
    """
    circuit = Circuit(["x1", "x2"])
    circuit.outputs = list(_half_add(circuit, "x1", "x2"))
    return circuit


def full_adder() -> Circuit:
    """Return the circuit that adds two bits and a carry: outputs sum and carry.

    >>> full_adder().run([1, 1, 1])
    [1, 1]
    """
    circuit = Circuit(["x1", "x2", "carry"])
    circuit.outputs = list(_full_add(circuit, "x1", "x2", "carry"))
    return circuit


class Adder(Circuit):
    """A circuit that adds two numbers of ``bits`` bits each with a chain of full adders.

    Its inputs and outputs are bits, lowest first: p0, p1, …, q0, q1, …; ``add`` takes and
    returns whole numbers.

    >>> adder = Adder(8)
    >>> adder, adder.add(100, 55)
    (<Circuit of 68 NAND gates: 16 inputs, 9 outputs>, 155)
    """

    def __init__(self, bits: int) -> None:
        bits = require_count("bits", bits, 1, _WIDEST)
        super().__init__([f"p{i}" for i in range(bits)] + [f"q{i}" for i in range(bits)])
        self.bits = bits
        total, carry = _half_add(self, "p0", "q0")
        sums = [total]
        for i in range(1, bits):
            total, carry = _full_add(self, f"p{i}", f"q{i}", carry)
            sums.append(total)
        self.outputs = [*sums, carry]

    def add(self, p: int, q: int) -> int:
        """Return p + q, as the gates compute it."""
        for name, number in (("p", p), ("q", q)):
            whole = isinstance(number, Integral) and not isinstance(number, bool)
            if not whole or not 0 <= number < 2**self.bits:
                expected = (
                    f"expected a whole number from 0 to {2**self.bits - 1} for {self.bits} bits"
                )
                raise ArgumentError(f"{name}: {expected}, got {describe(number)}")
        bits = [int(number) >> i & 1 for number in (p, q) for i in range(self.bits)]
        return sum(bit << i for i, bit in enumerate(self.run(bits)))


def _half_add(circuit: Circuit, p: str, q: str) -> tuple[str, str]:
    both = circuit.nand(p, q)
    total = circuit.nand(circuit.nand(p, both), circuit.nand(q, both))
    return total, circuit.not_(both)


def _full_add(circuit: Circuit, p: str, q: str, carry: str) -> tuple[str, str]:
    both = circuit.nand(p, q)
    half = circuit.nand(circuit.nand(p, both), circuit.nand(q, both))
    again = circuit.nand(half, carry)
    total = circuit.nand(circuit.nand(half, again), circuit.nand(carry, again))
    return total, circuit.nand(both, again)


def bitwise_layer() -> tuple[Matrix, Vector]:
    """Return the weights and biases of a fourth layer that turns ten outputs into four bits.

    This answers an exercise of chapter 1: output d of the third layer is at least 0.99 for the
    right digit d, and the other nine are at most 0.01. Let w_jd = +10 if bit j of d is 1, -10 if
    it is 0, and b = 0. The other nine outputs add at most 9 · 10 · 0.01 = 0.9, against 9.9, so
    z_j ≥ 9 if the bit is 1 and z_j ≤ -9 if it is 0. Bit 1 is the highest.

    >>> w, b = bitwise_layer()
    >>> w @ Vector.one_hot(6, 10) + b
    Vector([-10.0, 10.0, 10.0, -10.0])
    """
    rows = [[10.0 if digit >> bit & 1 else -10.0 for digit in range(10)] for bit in (3, 2, 1, 0)]
    return Matrix(rows), Vector.zeros(4)
