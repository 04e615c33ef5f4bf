# mistake: in-place
# fails: bp2
import math


def slope(z):
    s = 1 / (1 + math.exp(-z))
    return s * (1 - s)


def hidden_error(w, delta, z):
    # reuse the list, saves memory
    while len(delta) < len(z):
        delta.append(0.0)
    K = len(w)
    for j in range(len(z)):
        total = 0.0
        for k in range(K):
            total += w[k][j] * delta[k]
        delta[j] = total * slope(z[j])
    return delta[: len(z)]
