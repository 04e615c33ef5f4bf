"""Exercise: gradient descent, and the mini-batches that make it fast (chapter 1).

Every `...` is a blank to fill in, in any order. Then check your work:

    tinynn grade exercise_descent.py

`tinynn claims descent-step` tells more about one of the claims. Running this file lets a ball roll
down a valley with your own steps.
"""


def cost(outputs, desired):
    """Return C = 1/2 Σ_j (y_j - a_j)² of one example, equation (27)."""
    total = 0
    for j in range(len(outputs)):
        total = total + ...
    return ...


def update(v, gradient, eta):
    """Return the new place v' = v - η ∇C, equation (15)."""
    moved = []
    for j in range(len(v)):
        moved.append(...)
    return moved


def mean_gradient(gradients):
    """Return the mean of the gradients of the m examples of a mini-batch, equation (19)."""
    m = len(gradients)
    mean = []
    for j in range(len(gradients[0])):
        total = 0
        for gradient in gradients:
            total = total + ...
        mean.append(...)
    return mean


def update_biases(biases, nabla_sum, eta, m):
    """Return b' = b - η/m Σ ∂C/∂b, equation (21); nabla_sum is the sum over the m examples."""
    moved = []
    for j in range(len(biases)):
        moved.append(...)
    return moved


def mini_batches(examples, size, rng):
    """Return the examples in random order, cut into mini-batches; the last may be smaller."""
    shuffled = ...  # a copy of the examples: the caller's own list keeps its order
    rng.shuffle(shuffled)
    batches = []
    for start in range(0, len(shuffled), size):
        batches.append(shuffled[start:...])
    return batches


if __name__ == "__main__":
    v = [2.0, 1.0]
    for number in range(3):
        gradient = [2 * v[0], 6 * v[1]]  # of C(v) = v_1² + 3 v_2²
        print(f"step {number}: v = {v}, gradient = {gradient}")
        v = update(v, gradient, 0.1)
        if ... in v:
            v = [2.0, 1.0]  # the ball cannot roll before update is filled in
