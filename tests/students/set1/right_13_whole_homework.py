# right: many functions in one file, enumerate and zip, prints when run
"""My solutions for chapters 1 and 2 (all in one file)."""
import math

print("homework loaded")


def weighted_sum(weights, inputs):
    s = 0.0
    for j, w in enumerate(weights):
        s += w * inputs[j]
    return s


def perceptron(weights, inputs, bias):
    return int(weighted_sum(weights, inputs) + bias > 0)


def perceptron_threshold(weights, inputs, threshold):
    return int(weighted_sum(weights, inputs) > threshold)


def nand(p, q):
    return 1 - p * q


def half_adder(p, q):
    return p ^ q, p & q


def build_circuit(truth_table):
    def circuit(*xs):
        # OR of all the rows where the answer is 1, by De Morgan
        rows = []
        for number, answer in enumerate(truth_table):
            if not answer:
                continue
            wanted = [(number >> (len(xs) - 1 - i)) & 1 for i in range(len(xs))]
            all_match = 1
            for x, bit in zip(xs, wanted):
                literal = x if bit else nand(x, x)
                both = nand(all_match, literal)
                all_match = nand(both, both)
            rows.append(all_match)
        some = 0
        for r in rows:
            some = nand(nand(some, some), nand(r, r))
        return some
    return circuit


def sigmoid(z):
    if z < -700:
        return 0.0  # exp would overflow
    return 1 / (1 + math.exp(-z))


def sigmoid_prime(z):
    s = sigmoid(z)
    return s * (1 - s)


def sigmoid_neuron(weights, inputs, bias):
    return sigmoid(weighted_sum(weights, inputs) + bias)


def activations(weighted_inputs):
    return [sigmoid(z) for z in weighted_inputs]


def weighted_input(weights, activations, biases):
    return [weighted_sum(row, activations) + b for row, b in zip(weights, biases)]


def feedforward(biases, weights, x):
    if len(weights) == 0:
        return list(x)
    a = activations(weighted_input(weights[0], x, biases[0]))
    return feedforward(biases[1:], weights[1:], a)


def cost(outputs, desired):
    return 0.5 * sum((y - a) ** 2 for a, y in zip(outputs, desired))


def mean_cost(outputs_list, desired_list):
    n = len(outputs_list)
    return sum(cost(a, y) for a, y in zip(outputs_list, desired_list)) / n


def cost_derivative(outputs, desired):
    return [a - y for a, y in zip(outputs, desired)]


def hadamard(s, t):
    return [s_j * t_j for s_j, t_j in zip(s, t)]


def output_error(cost_derivative, weighted_inputs):
    return hadamard(cost_derivative, [sigmoid_prime(z) for z in weighted_inputs])


def hidden_error(next_weights, next_error, weighted_inputs):
    columns = list(zip(*next_weights))
    back = [weighted_sum(column, next_error) for column in columns]
    return hadamard(back, [sigmoid_prime(z) for z in weighted_inputs])


def bias_gradient(error):
    return list(error)


def weight_gradient(activations, error):
    return [[d * a for a in activations] for d in error]


if __name__ == "__main__":
    for p in (0, 1):
        for q in (0, 1):
            print(p, q, nand(p, q), half_adder(p, q))
