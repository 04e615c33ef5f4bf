# mistake: ε is the machine epsilon 2e-16, so that v + ε is v again or mere rounding is left; it should be about 1e-5.
# fails: numerical-slope
import sys

# the smaller the step the better the approximation
STEP = sys.float_info.epsilon


def numerical_derivative(cost, v):
    right = cost(v + STEP)
    left = cost(v - STEP)
    return (right - left) / (2 * STEP)
