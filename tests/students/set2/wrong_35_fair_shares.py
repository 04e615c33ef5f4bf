# mistake: Each error is shared out in proportion, with the weights divided by the sum of their row; the errors should be multiplied by the weights as they are.
# fails: bp2
import math


def hidden_error(next_weights, next_error, weighted_inputs):
    """Hand the error back: who has the bigger weight gets the bigger part of the blame."""
    blame = [0.0 for _ in weighted_inputs]
    for row, err in zip(next_weights, next_error):
        whole = sum(row) or 1.0
        for j, w in enumerate(row):
            blame[j] += w / whole * err
    slopes = [0.25 * (1 - math.tanh(z / 2) ** 2) for z in weighted_inputs]
    return [b * sp for b, sp in zip(blame, slopes)]
