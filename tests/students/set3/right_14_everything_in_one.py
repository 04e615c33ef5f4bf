# right: a long file of many functions over a small class, lambdas and comprehensions
import math


class V(list):
    """A list that can add, subtract and scale."""

    def __add__(self, other):
        return V(a + b for a, b in zip(self, other))

    def __sub__(self, other):
        return V(a - b for a, b in zip(self, other))

    def times(self, c):
        return V(c * a for a in self)

    def dot(self, other):
        return math.fsum(a * b for a, b in zip(self, other))


step = lambda z: 1 if z > 0 else 0
logistic = lambda z: 1 / (1 + math.exp(-z)) if z > -700 else 0.0
bell = lambda z: logistic(z) * logistic(-z)


def weighted_sum(weights, inputs): return V(weights).dot(inputs)
def perceptron(weights, inputs, bias): return step(weighted_sum(weights, inputs) + bias)
def perceptron_threshold(weights, inputs, threshold): return step(weighted_sum(weights, inputs) - threshold)
def nand(p, q): return perceptron((-1, -1), (p, q), 1.5)
def half_adder(p, q): return (p + q) % 2, (p + q) // 2
def sigmoid(z): return logistic(z)
def sigmoid_prime(z): return bell(z)
def sigmoid_neuron(weights, inputs, bias): return logistic(weighted_sum(weights, inputs) + bias)


def build_circuit(truth_table):
    answers = tuple(truth_table)

    def circuit(*bits):
        index = 0
        for bit in bits:
            index = 2 * index + int(bit)
        return answers[index]

    return circuit


def cost(outputs, desired):
    gap = V(desired) - outputs
    return gap.dot(gap) / 2


def mean_cost(outputs_list, desired_list):
    costs = [cost(a, y) for a, y in zip(outputs_list, desired_list)]
    return sum(costs) / len(costs)


def cost_derivative(outputs, desired): return V(outputs) - desired
def hadamard(s, t): return V(a * b for a, b in zip(s, t))
def descent_step(gradient, eta): return V(gradient).times(-eta)
def update(v, gradient, eta): return V(v) + descent_step(gradient, eta)
def cost_change(gradient, delta_v): return V(gradient).dot(delta_v)


def numerical_derivative(cost, v):
    h = 1e-4
    return (cost(v + h) - cost(v - h)) / (2 * h)


def numerical_gradient(cost, v):
    slopes = []
    for i in range(len(v)):
        one = lambda t: cost([t if k == i else v_k for k, v_k in enumerate(v)])
        slopes.append(numerical_derivative(one, v[i]))
    return slopes


def mean_gradient(gradients):
    total = V([0.0] * len(gradients[0]))
    for g in gradients:
        total = total + g
    return total.times(1 / len(gradients))


def update_biases(biases, nabla_sum, eta, m): return update(biases, nabla_sum, eta / m)


def update_weights(weights, nabla_sum, eta, m):
    return [update_biases(w, nw, eta, m) for w, nw in zip(weights, nabla_sum)]


def mini_batches(examples, size, rng):
    keyed = sorted((rng.random(), place) for place in range(len(examples)))
    order = [place for _, place in keyed]
    return [[examples[i] for i in order[k:k + size]] for k in range(0, len(order), size)]


def weighted_input(weights, activations, biases):
    return V(V(row).dot(activations) for row in weights) + biases


def activations(weighted_inputs): return V(logistic(z) for z in weighted_inputs)


def feedforward(biases, weights, x):
    return x if not weights else feedforward(
        biases[1:], weights[1:], activations(weighted_input(weights[0], x, biases[0])))


def output_error(cost_derivative, weighted_inputs):
    return hadamard(cost_derivative, [bell(z) for z in weighted_inputs])


def hidden_error(next_weights, next_error, weighted_inputs):
    columns = list(zip(*next_weights))
    return output_error([V(c).dot(next_error) for c in columns], weighted_inputs)


def bias_gradient(error): return V(error)
def weight_gradient(activations, error): return [V(activations).times(d) for d in error]


print("loaded")
