"""A network of sigmoid neurons turns into a network of perceptrons.

All weights and biases are multiplied by c: the perceptrons of equation (2) answer as before, and
the sigmoid neurons of equation (4) come nearer and nearer to them. Both parts are exercises of
chapter 1. The last lines show the exception: a neuron with w · x + b = 0 stays at 1/2 for every c.
"""

from itertools import product

from tinynn import SIGMOID, STEP, Network, SigmoidNeuron

# Two hidden neurons, "p or q" and "p and q", and an output neuron that answers XOR.
perceptrons = Network.from_parameters(
    biases=[[-0.5, -1.5], [-0.5]], weights=[[[1, 1], [1, 1]], [[1, -1]]], activation=STEP
)
inputs = list(product((0, 1), repeat=2))

print("p q            " + "      ".join(f"{p} {q}" for p, q in inputs))
for c in (1, 2, 5, 10, 100):
    larger = perceptrons.scaled(c)
    smooth = larger.with_activation(SIGMOID)
    steps = [larger.feedforward(x)[0] for x in inputs]
    curves = [smooth.feedforward(x)[0] for x in inputs]
    print(f"c = {c:<4} step     " + "   ".join(f"{a:<6.0f}" for a in steps).rstrip())
    print("      sigmoid  " + "   ".join(f"{a:.4f}" for a in curves))
    apart = max(abs(s - a) for s, a in zip(steps, curves))
    print(f"               at most {apart:.1e} apart")

print("\nA neuron with weights c, c and bias -c at the input (1, 0), where z = 0:")
for c in (1, 10, 100):
    print(f"  c = {c:<4} {SigmoidNeuron([c, c], -c).output([1, 0])}")
