from tinynn import Matrix, Vector
from tinynn.activations import sigmoid_prime


def output_error(cost_derivative: Vector, weighted_inputs: Vector) -> Vector:
    return cost_derivative.hadamard(weighted_inputs.map(sigmoid_prime))


def hidden_error(next_weights: Matrix, next_error: Vector, weighted_inputs: Vector) -> Vector:
    back = next_weights.transpose() @ next_error
    return back.hadamard(weighted_inputs.map(sigmoid_prime))


def bias_gradient(error: Vector) -> Vector:
    return error.copy()


def weight_gradient(activations: Vector, error: Vector) -> Matrix:
    return error.outer(activations)


def update(v: Vector, gradient: Vector, eta: float) -> Vector:
    return v - eta * gradient
