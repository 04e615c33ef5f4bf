"""Lesson 7: convolution, its gradient, and pooling (chapter 6).

A learner's function has one image and one map of a layer; the engine's functions have all of them.
No judge uses a derivative: see lesson 3.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from itertools import product
from math import fsum, hypot
from typing import Any, Optional

from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.equations.convolution import (
    convolution_error,
    convolved_input,
    dense_weights,
    shared_bias_gradient,
    shared_weight_gradient,
)
from tinynn.equations.maps import in_a_row, in_maps, places
from tinynn.equations.pooling import l2_pooled, max_pooled, max_pooling_error
from tinynn.linalg import Matrix, Vector
from tinynn.teaching import oracle
from tinynn.teaching.adapt import Adapted, close
from tinynn.teaching.judging import Counterexample, Definition, flat
from tinynn.teaching.lesson import Code, Judges
from tinynn.teaching.oracle import Numbers, Rows
from tinynn.teaching.roles import Arguments
from tinynn.teaching.wording import brief


def _size(rows: Any) -> Any:
    """Return how many rows and columns there are."""
    return len(rows), len(rows[0])


def _map(numbers: Any, rows: Any, columns: Any) -> Any:
    """Return a list of numbers as one map."""
    return in_maps(numbers, 1, rows, columns)[0]


def feature_map_of(maps: Any, weights: Any, bias: Any) -> Any:
    """Return one map of weighted inputs from all maps before it."""
    where = (len(maps), *_size(maps[0])), _size(weights[0])
    w, a = Matrix([in_a_row(weights)]), Vector(in_a_row(maps))
    z = convolved_input(w, Vector([bias]), a, *where)
    return _map(z.entries, *places(*where))


def convolution_of(image: Any, weights: Any, bias: Any) -> Any:
    """Return one map of weighted inputs from one image."""
    return feature_map_of([image], [weights], bias)


def dense_weights_of(weights: Any, rows: Any, columns: Any) -> Any:
    """Return the weights of the dense layer, for images with these rows and columns."""
    return dense_weights(Matrix([in_a_row([weights])]), (1, rows, columns), _size(weights))


def convolution_error_of(weights: Any, next_error: Any, weighted_inputs: Any) -> Any:
    """Return the error of the one map before a convolution of one map."""
    w, delta = Matrix([in_a_row([weights])]), Vector(in_a_row([next_error]))
    P, Q = _size(weighted_inputs)
    z = Vector(in_a_row([weighted_inputs]))
    error = convolution_error(w, delta, (1, P, Q), _size(weights), z)
    return _map(error.entries, P, Q)


def field_gradient_of(activations: Any, error: Any) -> Any:
    """Return ∂C/∂w of one field."""
    P, Q = _size(activations)
    J, K = _size(error)
    field = P - J + 1, Q - K + 1
    a, delta = Vector(in_a_row([activations])), Vector(in_a_row([error]))
    nabla_w = shared_weight_gradient(a, (1, P, Q), field, delta)
    return _map(nabla_w.rows[0], *field)


def shared_bias_gradient_of(error: Any) -> Any:
    """Return ∂C/∂b of one map."""
    return shared_bias_gradient(Vector(in_a_row([error])), (1, *_size(error)))[0]


def max_pooling_of(activations: Any, size: Any) -> Any:
    """Return the largest activation of each block."""
    P, Q = _size(activations)
    a = max_pooled(Vector(in_a_row([activations])), (1, P, Q), (size, size))
    return _map(a.entries, P // size, Q // size)


def pooling_error_of(weighted_inputs: Any, size: Any, next_error: Any) -> Any:
    """Return the error before a max-pooling: σ rises, so the largest z has the largest a."""
    P, Q = _size(weighted_inputs)
    z, delta_next = Vector(in_a_row([weighted_inputs])), Vector(in_a_row([next_error]))
    delta = max_pooling_error(z, (1, P, Q), (size, size), delta_next, z)
    return _map(delta.entries, P, Q)


def l2_pooling_of(activations: Any, size: Any) -> Any:
    """Return the length of each block."""
    P, Q = _size(activations)
    a = l2_pooled(Vector(in_a_row([activations])), (1, P, Q), (size, size))
    return _map(a.entries, P // size, Q // size)


_PRIMES = (sigmoid_prime, sigmoid)


def _window(rows: Rows, j: int, k: int, size: tuple[int, int]) -> list[float]:
    """Return the numbers in a field or block of this size at the place (j, k), row by row."""
    return [each for row in rows[j : j + size[0]] for each in row[k : k + size[1]]]


def _feature_map(maps: Sequence[Rows], weights: Sequence[Rows], bias: float) -> list[list[float]]:
    w = [each for field in weights for row in field for each in row]
    size = len(weights[0]), len(weights[0][0])
    J, K = len(maps[0]) - size[0] + 1, len(maps[0][0]) - size[1] + 1

    def z(j: int, k: int) -> float:
        a = [each for rows in maps for each in _window(rows, j, k, size)]
        return oracle.dot([*w, bias], [*a, 1.0])

    return [[z(j, k) for k in range(K)] for j in range(J)]


def _convolution(image: Rows, weights: Rows, bias: float) -> list[list[float]]:
    return _feature_map([image], [weights], bias)


def _dense_weights(weights: Rows, rows: int, columns: int) -> list[list[float]]:
    """Return, as columns, the maps of the images with one pixel 1 and all others 0."""
    maps = []
    for pixel in product(range(rows), range(columns)):
        image = [[float((p, q) == pixel) for q in range(columns)] for p in range(rows)]
        maps.append(flat(_convolution(image, weights, 0.0)))
    return [[*row] for row in zip(*maps)]


def _cost(image: Rows, weights: Rows, error: Rows) -> float:
    """Return a cost whose slope in each weighted input of the map is the error there."""
    return oracle.dot([*flat(error)], [*flat(_convolution(image, weights, 0.0))])


def _convolution_error(weights: Rows, next_error: Rows, weighted_inputs: Rows) -> list[list[float]]:
    """Return the slope in each z of a cost whose slopes in the next z are ``next_error``."""

    def cost(z: Rows) -> float:
        return _cost([[*map(oracle.sigma, row)] for row in z], weights, next_error)

    return oracle.gradient(cost, weighted_inputs)


def _field_gradient(activations: Rows, error: Rows) -> list[list[float]]:
    """Return the slope of the cost in each shared weight, which moves at all places at once."""
    R, S = len(activations) - len(error) + 1, len(activations[0]) - len(error[0]) + 1
    return oracle.gradient(lambda w: _cost(activations, w, error), [[0.0] * S for _ in range(R)])


def _pooled(of: Callable[[Numbers], float], activations: Rows, size: int) -> list[list[float]]:
    J, K = range(0, len(activations), size), range(0, len(activations[0]), size)
    return [[of(_window(activations, j, k, (size, size))) for k in K] for j in J]


def _pooling_error(weighted_inputs: Rows, size: int, next_error: Rows) -> list[list[float]]:
    """Return σ'(z) times the error at the largest z of each block, the first one of equals."""
    delta = [[0.0] * len(row) for row in weighted_inputs]
    for j, row in enumerate(next_error):
        for k, error in enumerate(row):
            block = [(j * size + r, k * size + s) for r in range(size) for s in range(size)]
            p, q = max(block, key=lambda at: weighted_inputs[at[0]][at[1]])
            delta[p][q] = error * oracle.slope(oracle.sigma, weighted_inputs[p][q])
    return delta


def _judge_shift(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    """Check that the map moves with the image, shifted right or down, with wraparound."""
    image = arguments["image"]
    before = call(**arguments)
    near = max(1e-7, 256.0 * call.rounding)
    right = [[*row[-1:], *row[:-1]] for row in image]
    for where, shifted, j, k in (
        ("a column to the right", right, 0, 1),
        ("a row down", [*image[-1:], *image[:-1]], 1, 0),
    ):
        moved = {**arguments, "image": shifted}
        after = call(**moved)
        kept = [row[: len(row) - k] for row in before[: len(before) - j]]
        if not close([row[k:] for row in after[j:]], kept, near, near):
            calls = ((arguments, before), (moved, after))
            line = f"the image is shifted {where}: the map should shift with it, and not change"
            return Counterexample(arguments, after, before, None, (line,), calls=calls)
    return None


def _judge_pixels(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    """Check the function with only the first weight of each field: Σ_g w_g a_g + b per pixel."""
    pixels = {**arguments, "weights": [[[field[0][0]]] for field in arguments["weights"]]}

    def dense(maps: Sequence[Rows], weights: Sequence[Rows], bias: float) -> list[list[float]]:
        w = [*flat(weights), bias]
        rows = [zip(*rows) for rows in zip(*maps)]
        return [[oracle.dot(w, [*pixel, 1.0]) for pixel in row] for row in rows]

    return Definition(dense)(call, pixels)


def _judge_winner(call: Adapted, arguments: Arguments) -> Optional[Counterexample]:
    right = _pooling_error(**arguments)
    got = call(**arguments)
    places = [(p, q) for p, row in enumerate(right) for q in range(len(row))]
    wrong = [(p, q) for p, q in places if got[p][q] != 0.0 and right[p][q] == 0.0]
    lost = [(p, q) for p, q in places if got[p][q] == 0.0 and right[p][q] != 0.0]
    if not wrong and not lost:
        return None
    p, q = (wrong or lost)[0]
    has = "has an error, but did not win" if wrong else "won, but has no error"
    line = f"row {p + 1}, column {q + 1}, with z = {brief(arguments['weighted_inputs'][p][q])}, "
    return Counterexample(arguments, got, right, None, (f"{line}{has}",))


CODE: dict[str, Code] = {
    "convolution": Code((convolution_of, feature_map_of, convolved_input)),
    "feature_map": Code((feature_map_of, convolved_input), most=3),
    "dense_weights": Code((dense_weights_of, dense_weights), most=3),
    "convolution_error": Code((convolution_error_of, convolution_error, *_PRIMES), most=3),
    "field_gradient": Code((field_gradient_of, shared_weight_gradient)),
    "shared_bias_gradient": Code((shared_bias_gradient_of, shared_bias_gradient)),
    "max_pooling": Code((max_pooling_of, max_pooled)),
    "pooling_error": Code((pooling_error_of, max_pooling_error, *_PRIMES)),
    "l2_pooling": Code((l2_pooling_of, l2_pooled)),
}

JUDGES: Judges = {
    "convolution": Definition(_convolution),
    "convolution-shift": _judge_shift,
    "feature-map": Definition(_feature_map),
    "convolution-1x1": _judge_pixels,
    "convolution-dense": Definition(_dense_weights),
    "convolution-error": Definition(_convolution_error, 1e-6, 1e-6),
    "shared-weight": Definition(_field_gradient, 1e-6, 1e-6),
    "shared-bias": Definition(lambda error: fsum(flat(error))),
    "max-pooling": Definition(partial(_pooled, max)),
    "max-pooling-error": Definition(_pooling_error, 1e-7, 1e-7),
    "max-pooling-winner": _judge_winner,
    "l2-pooling": Definition(partial(_pooled, lambda a: hypot(*a))),
}
