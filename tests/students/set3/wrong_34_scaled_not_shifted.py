# mistake: against overflow the weighted inputs are divided by the largest of them in size, which changes the shares; the largest should be subtracted.
# fails: softmax softmax-shift
from math import exp


def softmax(weighted_inputs):
    # exp(1000) is too large for Python, so bring everything to -1 .. 1 first
    biggest = max(abs(z) for z in weighted_inputs) or 1
    powers = [exp(z / biggest) for z in weighted_inputs]
    whole = sum(powers)
    return [p / whole for p in powers]
