# mistake: Euler's number is taken as 2.71, it should be math.e = 2.71828….
# fails: sigmoid-formula
E = 2.71


def sigmoid(z):
    if z > 0:
        return 1 / (1 + E ** -z)
    power = E ** z
    return power / (power + 1)
