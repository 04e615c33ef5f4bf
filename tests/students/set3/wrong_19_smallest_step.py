# mistake: the step is the machine epsilon, so small that v + h is rounded back to v (or near it) and the slope comes out as 0 or noise; a step like 1e-5 is right.
# fails: numerical-slope numerical-gradient
import sys

# the smaller the step, the better the slope
h = sys.float_info.epsilon


def numerical_derivative(cost, v):
    return (cost(v + h) - cost(v - h)) / (2 * h)


def numerical_gradient(cost, v):
    v = list(v)

    def along(i):
        return lambda value: cost(v[:i] + [value] + v[i + 1:])

    return [numerical_derivative(along(i), v[i]) for i in range(len(v))]
