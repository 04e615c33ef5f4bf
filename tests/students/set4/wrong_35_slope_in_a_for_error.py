# mistake: this is ∂C/∂a of the cross-entropy, (a - y)/(a(1 - a)); the error is ∂C/∂z, where σ' has cancelled, a - y.
# fails: cross-entropy-error


def cross_entropy_error(outputs, desired):
    """Differentiate -[y ln a + (1 - y) ln(1 - a)] and put it on one fraction."""
    return [(a - y) / (a * (1 - a)) for a, y in zip(outputs, desired)]
