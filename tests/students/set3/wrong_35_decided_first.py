# mistake: the output is rounded to a decision of 0 or 1 before y is subtracted, the error of an answer and not of an activation; it should be a - y with a as it is.
# fails: cross-entropy-error
def cross_entropy_error(outputs, desired):
    errors = []
    for a, y in zip(outputs, desired):
        decision = round(a)
        errors.append(decision - y)
    return errors
