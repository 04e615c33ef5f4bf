"""Exercise: convolution, its shared weights, and pooling (chapter 6).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_convolution.py

`tinynn claims convolution` tells more about one of the claims. An image, a map and a field of
weights are lists of rows: `image[j][k]` is the pixel in row j and column k. Running this file
draws where an image has edges on the left.
"""

import math


def sigma(z):
    """Return σ(z) = 1 / (1 + e^(-z)), equation (3)."""
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def slope_of_sigma(z):
    """Return the slope σ'(z) of σ at z."""
    return sigma(z) * (1 - sigma(z))


def convolution(image, weights, bias):
    """Return z_jk = b + Σ_r Σ_s w_rs a_(j+r),(k+s) at every place (j, k), of which (125) is σ."""
    z = []
    for j in range(len(image) - len(weights) + 1):
        row = []
        for k in range(...):
            total = bias
            for r in range(len(weights)):
                for s in range(len(weights[0])):
                    total = total + ...
            row.append(total)
        z.append(row)
    return z


def dense_weights(weights, rows, columns):
    """Return the weights of the dense layer that does the same: a row for each place (j, k)."""
    written_out = []
    for j in range(rows - len(weights) + 1):
        for k in range(columns - len(weights[0]) + 1):
            row = [0] * (rows * columns)
            for r in range(len(weights)):
                for s in range(len(weights[0])):
                    row[...] = weights[r][s]  # which pixel is that, counted row by row?
            written_out.append(row)
    return written_out


def field_gradient(activations, error):
    """Return ∂C/∂w_rs: a shared weight is at work at every place (j, k), (BP4c)."""
    nabla_w = []
    for r in range(len(activations) - len(error) + 1):
        row = []
        for s in range(len(activations[0]) - len(error[0]) + 1):
            total = 0
            for j in range(len(error)):
                for k in range(len(error[0])):
                    total = total + ...
            row.append(total)
        nabla_w.append(row)
    return nabla_w


def shared_bias_gradient(error):
    """Return ∂C/∂b of a map, whose neurons have one bias together, (BP3c)."""
    return sum(... for row in error)


def convolution_error(weights, next_error, weighted_inputs):
    """Return δ of the pixels, from the error of the neurons that see them, (BP2c)."""
    nabla_a = [[0] * len(row) for row in weighted_inputs]
    for j in range(len(next_error)):
        for k in range(len(next_error[0])):
            for r in range(len(weights)):
                for s in range(len(weights[0])):
                    nabla_a[j + r][k + s] += ...
    delta = []
    for p in range(len(weighted_inputs)):
        delta.append([])
        for q in range(len(weighted_inputs[0])):
            delta[p].append(nabla_a[p][q] * ...)
    return delta


def max_pooling(activations, size):
    """Return the largest activation of each block of size × size."""
    pooled = []
    for j in range(len(activations) // size):
        row = []
        for k in range(len(activations[0]) // size):
            largest = activations[j * size][k * size]
            for r in range(size):
                for s in range(size):
                    largest = max(largest, ...)
            row.append(largest)
        pooled.append(row)
    return pooled


def pooling_error(weighted_inputs, size, next_error):
    """Return δ before a max-pooling: the first of the largest, row by row, has the error."""
    delta = [[0] * len(row) for row in weighted_inputs]
    for j in range(len(next_error)):
        for k in range(len(next_error[0])):
            p, q = j * size, k * size  # the winner so far
            for r in range(size):
                for s in range(size):
                    if weighted_inputs[j * size + r][k * size + s] > ...:
                        p, q = j * size + r, k * size + s
            delta[p][q] = next_error[j][k] * ...
    return delta


if __name__ == "__main__":
    square = [[int(1 < row < 6 and 1 < column < 6) for column in range(8)] for row in range(8)]
    pictures = {"the image": square}
    try:
        edges = convolution(square, [[-1, 1], [-1, 1], [-1, 1]], 0)
        pictures["its left edges, by a field of 3×2"] = edges
        pictures["the largest of each block of 2×2"] = max_pooling(edges, 2)
    except TypeError:
        pass  # what has blanks is not drawn
    for title, picture in pictures.items():
        print(title)
        for row in picture:
            print("  " + "".join("█" if number > 0 else "·" for number in row))
