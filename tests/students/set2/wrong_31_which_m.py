# mistake: Two: update_weights replaces m with the number of rows of the matrix, and update_biases divides by m twice; both should use eta/m, with the m that is handed over, once.
# fails: update-weights update-biases
import copy


def update_weights(weights, nabla_sum, eta, m):
    m = len(nabla_sum)
    fresh = copy.deepcopy(weights)
    for j, row in enumerate(nabla_sum):
        for k, nabla in enumerate(row):
            fresh[j][k] -= eta / m * nabla
    return fresh


def update_biases(biases, nabla_sum, eta, m):
    average = [nabla / m for nabla in nabla_sum]
    rate = eta / m
    return [b - rate * g for b, g in zip(biases, average)]
