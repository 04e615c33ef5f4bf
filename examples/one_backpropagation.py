"""One backpropagation, small enough to follow in a debugger line by line.

The network leans towards XOR: its two hidden neurons are an OR and a NAND, and its output neuron
is an AND of the two. `tinynn step` shows the same numbers. For the input (1, 1) the answer should
be 0; the gradient says which way each weight and bias would have to move for that. Step into
``backprop``, or set a breakpoint in ``tinynn/equations/dense.py``.
"""

from tinynn import Network, Vector

network = Network.from_parameters(
    biases=[[-1, 4], [-3]],
    weights=[[[3, 2], [-2, -3]], [[2, 2]]],
)
x = Vector([1, 1])
y = Vector([0])

gradient = network.backprop(x, y)

print(f"x = {x.to_list()}, the answer is {network.feedforward(x)[0]:.4f}, y = {y[0]}")
for l in (2, 3):
    nabla_b = gradient.biases[l - 2]
    nabla_w = gradient.weights[l - 2]
    for j in range(len(nabla_b)):
        print(f"∂C/∂b^{l}_{j + 1}  = {nabla_b[j]:+.6f}")
        for k in range(2):
            print(f"∂C/∂w^{l}_{j + 1}{k + 1} = {nabla_w[j][k]:+.6f}")
