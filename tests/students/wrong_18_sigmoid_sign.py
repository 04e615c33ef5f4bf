# mistake: sign
# fails: sigmoid-formula sigmoid-limit sigmoid-rises
import math


def sigmoid(z):
    if z > 700:
        return math.exp(-z)
    return 1 / (1 + math.exp(z))
