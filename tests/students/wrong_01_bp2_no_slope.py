# mistake: no-slope
# fails: bp2
import math


def sigma_prime(z):
    s = 1 / (1 + math.exp(-z))
    return s * (1 - s)


def output_error(nabla_a, z):
    delta = []
    for j in range(len(z)):
        delta.append(nabla_a[j] * sigma_prime(z[j]))
    return delta


def hidden_error(w, delta_next, z):
    delta = []
    for j in range(len(z)):
        total = 0
        for k in range(len(delta_next)):
            total += w[k][j] * delta_next[k]
        delta.append(total)
    return delta
