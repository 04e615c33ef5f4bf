# mistake: The step is the machine epsilon, which is lost in rounding when it is added to v; it should be something like 1e-5.
# fails: numerical-slope
import sys

# the smaller the step, the more exact the slope
TINY = sys.float_info.epsilon


def numerical_derivative(cost, v):
    after = cost(v + TINY)
    before = cost(v - TINY)
    return (after - before) / (2 * TINY)
