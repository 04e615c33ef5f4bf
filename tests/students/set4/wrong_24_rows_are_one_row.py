# mistake: [[0.0] * cols] * rows is the same row many times, so all rows end as the last one, each row should be a list of its own; update_biases divides by the number of biases, it should divide by m.
# fails: update-weights update-biases


def update_weights(weights, nabla_sum, eta, m):
    rows, cols = len(weights), len(weights[0])
    new = [[0.0] * cols] * rows
    for j in range(rows):
        for k in range(cols):
            new[j][k] = weights[j][k] - eta / m * nabla_sum[j][k]
    return new


def update_biases(biases, nabla_sum, eta, m):
    new = []
    for b, nabla in zip(biases, nabla_sum):
        new.append(b - eta / len(nabla_sum) * nabla)
    return new
