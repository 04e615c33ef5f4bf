# mistake: overflow
# fails: sigmoid-limit
import math


def sigmoid(z):
    return 1.0 / (1.0 + math.exp(-z))
