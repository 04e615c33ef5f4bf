# mistake: e is typed in as 2.72; it should be math.e = 2.718281828...
# fails: sigmoid-formula
E = 2.72


def sigmoid(z: float) -> float:
    """The S-shaped curve."""
    if z >= 0:
        return 1 / (1 + E ** -z)
    # for negative z the other form, so that the power does not get too large
    p = E ** z
    return p / (1 + p)
