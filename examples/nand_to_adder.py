"""From one NAND perceptron to a circuit that adds, and ten outputs turned into four bits.

A perceptron with weights -2, -2 and bias 3 is a NAND gate, by equation (2) of chapter 1, and out
of NAND gates come the half adder and an adder of as many bits as one likes. The last part is the
exercise on the bitwise representation of a digit.
"""

from tinynn import SIGMOID, STEP, Adder, Network, Vector, half_adder
from tinynn.circuits import NAND, bitwise_layer

print(f"A NAND gate is {NAND}:")
for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
    print(f"  {p} {q}   z = {NAND.weighted_input([p, q]):+g}   output {NAND.output([p, q]):g}")

circuit = half_adder()
print(f"\nThe half adder, {len(circuit.gates)} gates (the answers: sum, carry):")
print("  " + str(circuit).replace("\n", "\n  "))
for p, q in ((0, 0), (0, 1), (1, 0), (1, 1)):
    total, carry = circuit.run([p, q])
    print(f"  {p} + {q} = {carry}{total} in binary")

adder = Adder(8)
print(f"\nEight bits: {adder!r}")
print(f"  {adder.add(100, 55) = }")
print(f"  {adder.add(255, 1) = }")

print("\nA fourth layer that writes a digit in four bits, from outputs of 0.99 and 0.01:")
weights, biases = bitwise_layer()
perceptrons = Network.from_parameters([biases], [weights], STEP)
sigmoids = perceptrons.with_activation(SIGMOID)
for digit in range(10):
    outputs = Vector([0.99 if d == digit else 0.01 for d in range(10)])
    bits = "".join(f"{bit:g}" for bit in perceptrons.feedforward(outputs))
    smooth = "  ".join(f"{a:.4f}" for a in sigmoids.feedforward(outputs))
    print(f"  {digit}   perceptrons {bits}   sigmoid neurons {smooth}")
