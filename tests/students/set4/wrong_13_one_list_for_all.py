# mistake: the new activations overwrite the old ones in the same list while the rest of the layer still needs them; they should go into a new list.
# fails: feedforward
from math import exp


def squash(z):
    return 1 / (1 + exp(-z)) if z > 0 else exp(z) / (exp(z) + 1)


def feedforward(biases, weights, x):
    # a single list holds the activations of the layer that we are in
    a = list(x)
    for b, w in zip(biases, weights):
        before = len(w[0])
        after = len(b)
        for j in range(after):
            z = b[j]
            for k in range(before):
                z += w[j][k] * a[k]
            if j < len(a):
                a[j] = squash(z)
            else:
                a.append(squash(z))
        del a[after:]
    return a
