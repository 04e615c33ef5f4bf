# mistake: The list of rows holds the same row many times, so every row ends up with the products of the last error; each row should be a list of its own.
# fails: bp4
def bias_gradient(error):
    return list(error)


def weight_gradient(activations, error):
    rows, cols = len(error), len(activations)
    nabla_w = [[0.0] * cols] * rows
    for j in range(rows):
        for k in range(cols):
            nabla_w[j][k] = activations[k] * error[j]
    return nabla_w
