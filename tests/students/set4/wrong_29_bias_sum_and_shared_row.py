# mistake: bias_gradient adds the errors up to one number, it should be the error vector itself; in weight_gradient all rows are one list that only grows, a new row should begin for each error.
# fails: bp3 bp4


def bias_gradient(error):
    total = 0
    for d in error:
        total += d
    return total


def weight_gradient(activations, error):
    nabla_w = []
    row = []
    for d in error:
        for a in activations:
            row.append(a * d)
        nabla_w.append(row)
    return nabla_w
