# mistake: It adds the differences of the squares, y*y - a*a, where it should add the squares of the differences, (y - a)**2.
# fails: cost-formula cost-positive
def sq(number):
    return number * number


def cost(outputs, desired):
    C = 0.0
    for j in range(len(desired)):
        C += sq(desired[j]) - sq(outputs[j])
    return C / 2
