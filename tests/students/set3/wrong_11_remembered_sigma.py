# mistake: values of sigma are kept in a table under the whole part of z, so 0.2 and 0.8 (and -0.5) get the same activation; the key should be z itself, or there should be no table.
# fails: activation
import math

_table = {}


def sigmoid(z):
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    e = math.exp(z)
    return e / (1 + e)


def looked_up(z):
    """exp is slow, so every value is computed only once."""
    key = int(z)
    if key not in _table:
        _table[key] = sigmoid(z)
    return _table[key]


def activations(weighted_inputs):
    return [looked_up(z) for z in weighted_inputs]
