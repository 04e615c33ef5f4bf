# mistake: The list of activations lacks the input x, so for the first layer the index l - 1 is -1 and takes the activations of the output; the list should begin with x.
# fails: backprop
import numpy as np


def backprop(biases, weights, x, y):
    B = [np.asarray(b, dtype=float) for b in biases]
    W = [np.asarray(w, dtype=float) for w in weights]
    y = np.asarray(y, dtype=float)

    # forward
    a = np.asarray(x, dtype=float)
    acts = []
    for w, b in zip(W, B):
        a = 0.5 * (1 + np.tanh((w @ a + b) / 2))
        acts.append(a)

    # backward
    nabla_b, nabla_w = [None] * len(W), [None] * len(W)
    delta = (acts[-1] - y) * acts[-1] * (1 - acts[-1])
    for l in range(len(W) - 1, -1, -1):
        nabla_b[l] = delta
        nabla_w[l] = np.outer(delta, acts[l - 1])
        if l > 0:
            delta = (W[l].T @ delta) * acts[l - 1] * (1 - acts[l - 1])
    return nabla_b, nabla_w
