"""Exercise: steps with penalties and momentum, dropout, early stopping (chapter 3).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_regularization.py

`tinynn claims l2-update` tells more about one of the claims. A vector is a list of numbers, a
matrix a list of rows. `nabla_sum` is the sum of ∂C/∂w (or ∂C/∂b) over the m examples of a
mini-batch, and n the size of the training set. Running this file lets the penalties shrink two
weights.
"""


def l2_update(weights, nabla_sum, eta, m, lmbda, n):
    """Return w' = (1 - ηλ/n) w - η/m Σ ∂C/∂w for every weight, equation (93)."""
    moved = []
    for j in range(len(weights)):
        row = []
        for k in range(len(weights[j])):
            row.append(... - eta / m * nabla_sum[j][k])
        moved.append(row)
    return moved


def sgn(w):
    """Return the sign of w: 1, -1 or, of 0, 0."""
    if w > 0:
        return 1
    if w < 0:
        return -1
    return 0


def l1_update(weights, nabla_sum, eta, m, lmbda, n):
    """Return w' = w - ηλ/n sgn(w) - η/m Σ ∂C/∂w for every weight, equation (97)."""
    moved = []
    for j in range(len(weights)):
        row = []
        for k in range(len(weights[j])):
            towards_0 = ...
            row.append(weights[j][k] - towards_0 - eta / m * nabla_sum[j][k])
        moved.append(row)
    return moved


def new_velocity(velocity, nabla_sum, eta, m, mu):
    """Return v' = μ v - η/m Σ ∂C/∂b, equation (107); μ is the share of v that is kept."""
    updated = []
    for j in range(len(velocity)):
        kept = ...
        updated.append(kept - ...)
    return updated


def masked(mask, activations):
    """Return r_j a_j for every neuron j: r_j is 0 for a neuron that dropout leaves out."""
    return [... for r, a in zip(mask, activations)]


def last_epoch(accuracies, patience):
    """Return how many epochs are run until ``patience`` of them were no better than the best."""
    best = 0  # the epoch with the best accuracy so far, counted from 0
    for i in range(len(accuracies)):
        if accuracies[i] > ...:
            best = i
        if i - best >= patience:
            return ...  # how many epochs are that?
    return len(accuracies)


if __name__ == "__main__":
    l1 = l2 = [[4.0, -0.5]]
    no_slope = [[0.0, 0.0]]
    for number in range(4):
        print(f"step {number}: with L2 {l2}, with L1 {l1}")
        try:
            l2 = l2_update(l2, no_slope, 0.5, 1, 5.0, 10)
            l1 = l1_update(l1, no_slope, 0.5, 1, 5.0, 10)
        except TypeError:
            l1 = l2 = [[4.0, -0.5]]  # the penalties have blanks: no weight moves
