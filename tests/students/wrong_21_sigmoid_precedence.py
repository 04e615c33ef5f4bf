# mistake: precedence
# fails: sigmoid-formula sigmoid-limit sigmoid-symmetry sigmoid-rises
from math import e


def sigmoid(z):
    return 1 / 1 + e ** -z
