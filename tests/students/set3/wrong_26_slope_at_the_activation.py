# mistake: the slope is taken at the activation sigma(z) instead of at z itself: it should be sigma'(z), not sigma'(sigma(z)).
# fails: bp1
import math


class Sigmoid:
    """The neuron's function together with its slope."""

    @staticmethod
    def of(z):
        if z >= 0:
            return 1 / (1 + math.exp(-z))
        return math.exp(z) / (1 + math.exp(z))

    def slope(self, z):
        return self.of(z) * (1 - self.of(z))


neuron = Sigmoid()


def sigmoid_prime(z):
    return neuron.slope(z)


def output_error(cost_derivative, weighted_inputs):
    outputs = [neuron.of(z) for z in weighted_inputs]
    return [dC * neuron.slope(a) for dC, a in zip(cost_derivative, outputs)]
