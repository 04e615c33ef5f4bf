# mistake: slope-of-a
# fails: bp2
import math


def sig(z):
    return 1 / (1 + math.exp(-z))


def sig_prime(z):
    return sig(z) * (1 - sig(z))


def hidden_error(w, d, z):
    a = [sig(each) for each in z]
    return [
        sum(w[k][j] * d[k] for k in range(len(d))) * sig_prime(a[j])
        for j in range(len(z))
    ]
