"""The claims themselves: wrong functions break them, with an explanation; right ones do not."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import product
from math import exp, log, nan, prod, sqrt
from pathlib import Path
from random import Random, sample
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.terminal import run
from tinynn import ArgumentError, Network
from tinynn.cli import main
from tinynn.equations import hidden_error
from tinynn.notation import equations
from tinynn.teaching import CLAIMS, Claim, ClaimError, Counterexample, check
from tinynn.teaching.adapt import adapted, close
from tinynn.teaching.claims import ROLES, claim_named
from tinynn.teaching.judging import Definition, flat, worked
from tinynn.teaching.roles import BOARDS, Role
from tinynn.views import claim_lines

Numbers = list[float]
Rows = list[Numbers]
Function = Callable[..., Any]
CHAPTERS = ("ch1", "ch2", "ch3", "ch4", "ch5", "ch6")


def sigma(z: float) -> float:
    """Return σ(z) for z of moderate size."""
    return 1 / (1 + exp(-z))


def slope(z: float) -> float:
    """Return σ'(z)."""
    return sigma(z) * (1 - sigma(z))


def dot(p: Sequence[float], q: Sequence[float]) -> float:
    """Return p · q."""
    return sum(a * b for a, b in zip(p, q))


def transposed(w: Rows, d: Numbers, z: Numbers) -> Numbers:
    """Return (BP2) with w_jk instead of w_kj."""
    return [sum(w[j][k] * d[k] for k in range(len(d))) * slope(z[j]) for j in range(len(z))]


def in_order(examples: Any, size: int, rng: Random) -> Any:
    """Return mini-batches without a shuffle."""
    return [examples[i : i + size] for i in range(0, len(examples), size)]


def in_place(examples: Any, size: int, rng: Random) -> Any:
    """Return mini-batches after shuffling the caller's list."""
    rng.shuffle(examples)
    return in_order(examples, size, rng)


def without_the_rest(examples: Any, size: int, rng: Random) -> Any:
    """Return only the mini-batches of full size."""
    return [batch for batch in in_order(examples, size, rng) if len(batch) == size]


def backwards(b: list[Numbers], w: list[Rows], x: Numbers, y: Numbers) -> Any:
    """Return the gradient with y - a instead of a - y, in a network without hidden layers."""
    z = [dot(row, x) + bias for row, bias in zip(w[0], b[0])]
    delta = [(yj - sigma(zj)) * slope(zj) for yj, zj in zip(y, z)]
    return [delta], [[[d * xk for xk in x] for d in delta]]


def sliding(image: Rows, rows: int, columns: int, of: Function) -> Rows:
    """Return the map of ``of`` applied to each window of an image, row by row, and its place."""
    return [
        [
            of([a for row in image[j : j + rows] for a in row[k : k + columns]], j, k)
            for k in range(len(image[0]) - columns + 1)
        ]
        for j in range(len(image) - rows + 1)
    ]


def convolved(image: Rows, weights: Rows, bias: float) -> Rows:
    """Return (125) for one map."""
    return sliding(
        image, len(weights), len(weights[0]), lambda a, j, k: dot([*flat(weights)], a) + bias
    )


def pooled(a: Rows, size: int, of: Function) -> Rows:
    """Return the map of ``of`` applied to each block."""
    return [row[::size] for row in sliding(a, size, size, lambda a, j, k: of(a))[::size]]


def passed_back(z: Rows, size: int, error: Rows, wins: Function) -> Rows:
    """Return the error times σ'(z) where ``wins`` is true of z, its block, and its place there."""
    delta = [[0.0] * len(row) for row in z]
    for p, q in product(range(len(z)), range(len(z[0]))):
        j, k = p // size, q // size
        block = [v for row in z[j * size :][:size] for v in row[k * size :][:size]]
        if wins(z[p][q], block, p % size * size + q % size):
            delta[p][q] = error[j][k] * slope(z[p][q])
    return delta


def sent_back(w: Rows, d: Rows, z: Rows) -> Rows:
    """Return (BP2c): each error goes back to the window of its neuron."""
    delta = [[0.0] * len(row) for row in z]
    for j, k, r, s in product(*(range(len(each)) for each in (d, d[0], w, w[0]))):
        delta[j + r][k + s] += w[r][s] * d[j][k] * slope(z[j + r][k + s])
    return delta


def first_wins(z: float, block: Numbers, place: int) -> bool:
    """Return whether a place is the first of the largest, row by row."""
    return block.index(max(block)) == place


# One or more mistakes for each claim, as learners make them.
WRONG: dict[str, list[Function]] = {
    "weighted-sum": [lambda w, x: sum(w) * sum(x), lambda w, x: w[0] * x[0]],
    "perceptron-threshold": [lambda w, x, t: float(dot(w, x) >= t), lambda w, x, t: dot(w, x) < t],
    "perceptron-rule": [lambda w, x, b: dot(w, x) + b >= 0, lambda w, x, b: dot(w, x) > b],
    "nand": [lambda p, q: p and q, lambda p, q: not (p or q)],
    "half-adder": [lambda p, q: (p | q, p & q), lambda p, q: (p & q, p ^ q)],
    "nand-universal": [
        lambda table: lambda *bits: 0,
        lambda table: lambda *bits: table[sum(bit << i for i, bit in enumerate(bits))],
    ],
    "perceptron-scaling": [lambda w, x, b: dot(w, x) + b > 0.5, lambda w, x, b: dot(w, x) + b],
    "sigmoid-formula": [lambda z: 1 / (1 + exp(z)), lambda z: exp(z) / (2 + exp(z))],
    "sigmoid-limit": [sigma, lambda z: 1 / (1 + z * z), lambda z: 2 * sigma(max(-700, z)) - 1],
    "sigmoid-symmetry": [lambda z: exp(-z * z), lambda z: 1 / (1 + 2 ** abs(z))],
    "sigmoid-rises": [lambda z: float(z > 0), lambda z: sigma(-z)],
    "sigmoid-neuron": [lambda w, x, b: sigma(dot(w, x)), lambda w, x, b: sigma(dot(w, x) - b)],
    "output-change": [
        lambda w, x, b, dw, db: slope(dot(w, x) + b) * dot(x, dw),
        lambda w, x, b, dw, db: slope(dot(w, x) + b) * (dot(w, dw) + db),
    ],
    "small-change": [lambda w, x, b: float(dot(w, x) + b > 0), lambda w, x, b: dot(w, x) + b],
    "sigmoid-becomes-perceptron": [
        lambda w, x, b: sigma(-dot(w, x) - b),
        lambda w, x, b: 0.5 + (dot(w, x) + b) / 1000,
    ],
    "mean-cost": [
        lambda a, y: sum(dot(p, p) for p in [[s - t for s, t in zip(*q)] for q in zip(a, y)]) / 2,
        lambda a, y: sum((s - t) ** 2 for q in zip(a, y) for s, t in zip(*q)) / (2 * len(a[0])),
    ],
    "cost-positive": [lambda a, y: sum(y) - sum(a), lambda a, y: 1 + sum(a) ** 2],
    "cost-change": [lambda g, dv: -dot(g, dv), lambda g, dv: sum(g) * sum(dv)],
    "numerical-gradient": [
        lambda C, v: [C(v) for _ in v],
        lambda C, v: [(C([x + 0.001 for x in v]) - C(v)) / 0.001] * len(v),
    ],
    "descent-direction": [lambda g, eta: [eta * x for x in g], lambda g, eta: [-x for x in g]],
    "descent-step": [
        lambda v, g, eta: [a + eta * b for a, b in zip(v, g)],
        lambda v, g, eta: [-eta * b for b in g],
    ],
    "descent-decreases": [
        lambda v, g, eta: [a + eta * b for a, b in zip(v, g)],
        lambda v, g, eta: v,
        lambda v, g, eta: [a - 3 * eta * b for a, b in zip(v, g)],
    ],
    "descent-steepest": [
        lambda v, g, eta: v,
        lambda v, g, eta: [a - eta * (b > 0) + eta * (b < 0) for a, b in zip(v, g)],
    ],
    "mini-batch-mean": [
        lambda gs: [sum(column) for column in zip(*gs)],
        lambda gs: [sum(column) / len(gs[0]) for column in zip(*gs)],
    ],
    "update-weights": [
        lambda w, s, eta, m: [[a - eta * b for a, b in zip(*rows)] for rows in zip(w, s)],
        lambda w, s, eta, m: [[a + eta / m * b for a, b in zip(*rows)] for rows in zip(w, s)],
    ],
    "update-biases": [
        lambda b, s, eta, m: [p - eta / len(b) * q for p, q in zip(b, s)],
        lambda b, s, eta, m: [p - eta // m * q for p, q in zip(b, s)],
    ],
    "mini-batches-cover": [without_the_rest, lambda examples, size, rng: [examples]],
    "mini-batches-mix": [in_order],
    "mini-batches-leave-data": [in_place],
    "mini-batches-repeat": [lambda e, size, rng: in_order(sample(e, len(e)), size, rng)],
    "weighted-input": [
        lambda w, a, b: [dot(row, a) for row in w],
        lambda w, a, b: [dot(column, a) + c for column, c in zip(zip(*w), b)],
    ],
    "activation": [lambda z: [1 - sigma(x) for x in z], lambda z: [sigma(z[0])] * len(z)],
    "feedforward": [
        lambda b, w, x: [sigma(dot(row, x) + c) for row, c in zip(w[0], b[0])],
        lambda b, w, x: [dot(row, x) + c for row, c in zip(w[-1], b[-1])],
    ],
    "cost-formula": [
        lambda a, y: sum((p - q) ** 2 for p, q in zip(a, y)),
        lambda a, y: sum(abs(p - q) for p, q in zip(a, y)) / 2,
    ],
    "cost-slope": [
        lambda a, y: [q - p for p, q in zip(a, y)],
        lambda a, y: [2 * (p - q) for p, q in zip(a, y)],
    ],
    "hadamard": [dot, lambda s, t: [p + q for p, q in zip(s, t)]],
    "sigmoid-slope": [sigma, lambda a: a * (1 - a)],
    "bp1": [
        lambda c, z: c,
        lambda c, z: [p * sigma(q) for p, q in zip(c, z)],
        lambda c, z: [p * q * (1 - q) for p, q in zip(c, z)],
    ],
    "bp2": [
        transposed,
        lambda w, d, z: [dot([row[j] for row in w], d) for j in range(len(z))],
        lambda w, d, z: [-x for x in hidden_error(w, d, z)],
    ],
    "bp3": [lambda d: [-x for x in d], lambda d: [1.0 for _ in d]],
    "bp4": [
        lambda a, d: [[x * y for y in d] for x in a],
        lambda a, d: [[y for _ in a] for y in d],
    ],
    "backprop": [backwards],
    "numerical-slope": [lambda C, v: C(v + 0.001) - C(v), lambda C, v: (C(v) - C(v + 0.01)) / 0.01],
    "cross-entropy": [
        lambda a, y: -sum(t * log(o) for o, t in zip(a, y)),
        lambda a, y: sum(t * log(o) + (1 - t) * log(1 - o) for o, t in zip(a, y)),
    ],
    "cross-entropy-edges": [
        lambda a, y: -sum(t * log(o) + (1 - t) * log(1 - o) for o, t in zip(a, y)),
    ],
    "log-likelihood": [lambda a, y: -sum(map(log, a)), lambda a, y: 1 - dot(a, y)],
    "softmax": [
        lambda z: [sigma(each) for each in z],
        lambda z: [exp(each) / sum(map(exp, z)) for each in z],
    ],
    "softmax-adds-up": [lambda z: [sigma(each) for each in z], lambda z: [x / sum(z) for x in z]],
    "softmax-shift": [lambda z: [sigma(each) for each in z]],
    "cross-entropy-error": [
        lambda a, y: [(o - t) * o * (1 - o) for o, t in zip(a, y)],
        lambda a, y: [t - o for o, t in zip(a, y)],
    ],
    "l2-cost": [
        lambda c, w, lmbda, n: c + lmbda / n * sum(x * x for x in flat(w)),
        lambda c, w, lmbda, n: c + lmbda / (2 * n) * sum(map(abs, flat(w))),
    ],
    "l1-cost": [
        lambda c, w, lmbda, n: c + lmbda / n * abs(sum(flat(w))),
        lambda c, w, lmbda, n: lmbda / n * sum(map(abs, flat(w))),
    ],
    "l2-update": [
        lambda w, s, eta, m, lmbda, n: [
            [(1 - eta * lmbda / m) * a - eta / m * b for a, b in zip(*rows)] for rows in zip(w, s)
        ],
        lambda w, s, eta, m, lmbda, n: [
            [(1 - eta * lmbda / n) * (a - eta / m * b) for a, b in zip(*rows)] for rows in zip(w, s)
        ],
    ],
    "l1-update": [
        lambda w, s, eta, m, lmbda, n: [
            [a - eta * lmbda / n - eta / m * b for a, b in zip(*rows)] for rows in zip(w, s)
        ],
    ],
    "momentum": [
        lambda v, s, eta, m, mu: [mu * p + eta / m * q for p, q in zip(v, s)],
        lambda v, s, eta, m, mu: [p - eta / m * q for p, q in zip(v, s)],
    ],
    "momentum-none": [
        lambda v, s, eta, m, mu: [(1 - mu) * p - eta / m * q for p, q in zip(v, s)],
    ],
    "dropout-mask": [
        lambda r, a: [(1 - p) * q for p, q in zip(r, a)],
        lambda r, a: [q for p, q in zip(r, a) if p],
    ],
    "early-stopping": [
        lambda accuracies, patience: len(accuracies),
        lambda accuracies, patience: accuracies.index(max(accuracies)) + patience,
    ],
    "step-place": [lambda w, b: b / w, lambda w, b: -b],
    "step-bias": [lambda w, s: w * s, lambda w, s: -s / w],
    "bump": [
        lambda x, w, s, t, h: h * sigma(w * (x - s)) + h * sigma(w * (x - t)),
        lambda x, w, s, t, h: h * (s < x < t),
    ],
    "bump-height": [
        lambda x, w, s, t, h: h * (x > s),
        lambda x, w, s, t, h: float(s < x < t),
    ],
    "even-bumps": [
        lambda x, w, h: h[min(len(h) - 1, int(x * len(h)))],
        lambda x, w, h: sum(h) * sigma(w * x),
    ],
    "inverse-sigmoid": [sigma, lambda y: log((1 - y) / y)],
    "bumps-enough": [lambda k, e: k / (2 * e), lambda k, e: int(k / (2 * e)) + 1],
    "tower-bias": [lambda m, h: -1.5 * h, lambda m, h: 0.5 - m * h],
    "relu-step": [lambda z: max(0, z), lambda z: float(z > 0)],
    "chain-product": [
        lambda w, z, c: c * slope(z[0]) * prod(v * slope(x) for v, x in zip(w[:-1], z[1:])),
        lambda w, z, c: c * prod(v * slope(x) for v, x in zip(w, z)),
    ],
    "chain-vanishes": [lambda w, z, c: c * prod(w[1:]) * prod(sigma(x) for x in z)],
    "window-width": [
        lambda w: 2 / abs(w) * log(abs(w) * (1 + (1 - 4 / abs(w)) ** 0.5) / 2) if abs(w) > 4 else 0,
        lambda w: log(abs(w) * (1 + (1 - 4 / abs(w)) ** 0.5) / 2 - 1) / abs(w) if abs(w) > 4 else 0,
    ],
    "layer-speed": [
        lambda errors: sum(dot(e, e) ** 0.5 for e in errors) / len(errors),
        lambda errors: sum(sum(e) / len(errors) for e in zip(*errors)) ** 2,
    ],
    "identity-neuron": [lambda w1: [-w1 / 2, 1 / w1], lambda w1: [0, 4 / w1]],
    "convolution": [
        lambda image, w, b: convolved(image, w, 0.0),
        lambda image, w, b: convolved(image, [row[::-1] for row in w[::-1]], b),
        lambda image, w, b: convolved(image, w, b * len(w) * len(w[0])),
        lambda image, w, b: [row[:-1] for row in convolved(image, w, b)],
        lambda image, w, b: [[*column] for column in zip(*convolved(image, w, b))],
    ],
    "convolution-shift": [
        lambda image, w, b: sliding(image, len(w), len(w[0]), lambda a, j, k: dot(a, a) + j),
        lambda image, w, b: sliding(image, len(w), len(w[0]), lambda a, j, k: (k + 1) * a[0]),
        lambda image, w, b: [[image[0][0] for _ in row] for row in convolved(image, w, b)],
    ],
    "feature-map": [
        lambda maps, w, b: convolved(maps[0], w[0], b),
        lambda maps, w, b: [
            [sum(each) for each in zip(*rows)]
            for rows in zip(*(convolved(a, w_g, b) for a, w_g in zip(maps, w)))
        ],
    ],
    "convolution-1x1": [
        lambda maps, w, b: convolved(maps[0], w[0], b),
        lambda maps, w, b: convolved(maps[-1], w[0], b),
    ],
    "convolution-dense": [
        lambda w, rows, columns: [[0.0] * (rows * columns)],
        lambda w, rows, columns: [
            [*flat(w), *[0.0] * (rows * columns - len(w) * len(w[0]))]
            for _ in range((rows - len(w) + 1) * (columns - len(w[0]) + 1))
        ],
    ],
    "convolution-error": [
        lambda w, d, z: [[slope(each) for each in row] for row in z],
        lambda w, d, z: [[-each for each in row] for row in sent_back(w, d, z)],
        lambda w, d, z: sent_back([row[::-1] for row in w[::-1]], d, z),
        lambda w, d, z: sent_back(w, d, [[0.0] * len(row) for row in z]),
    ],
    "shared-weight": [
        lambda a, d: [[x * d[0][0] for x in row[: len(a[0]) - len(d[0]) + 1]] for row in a][
            : len(a) - len(d) + 1
        ],
        lambda a, d: convolved(a, [row[::-1] for row in d], 0.0),
        lambda a, d: [[x / sum(map(len, d)) for x in row] for row in convolved(a, d, 0.0)],
    ],
    "shared-bias": [
        lambda d: d[0][0],
        lambda d: sum(flat(d)) / sum(map(len, d)),
        lambda d: sum(map(abs, flat(d))),
        lambda d: [sum(row) for row in d],
    ],
    "max-pooling": [
        lambda a, size: pooled(a, size, lambda block: sum(block) / len(block)),
        lambda a, size: pooled(a, size, min),
        lambda a, size: pooled(a, size, lambda block: max(0.0, *block)),
    ],
    "max-pooling-error": [
        lambda z, size, d: passed_back(z, size, d, lambda v, block, place: v == max(block)),
        lambda z, size, d: passed_back([[0.0] * len(row) for row in z], size, d, first_wins),
    ],
    "max-pooling-winner": [
        lambda z, size, d: passed_back(z, size, d, lambda v, block, place: v == max(block)),
        lambda z, size, d: passed_back(z, size, d, lambda v, block, place: True),
        lambda z, size, d: passed_back(z, size, d, lambda v, block, place: place == 0),
    ],
    "l2-pooling": [
        lambda a, size: pooled(a, size, lambda block: dot(block, block)),
        lambda a, size: pooled(a, size, lambda block: sqrt(dot(block, block) / len(block))),
        lambda a, size: pooled(a, size, max),
    ],
}


F4: Any = np.float32  # makes an array of a list


def sigma4(z: Any) -> Any:
    """Return σ in single precision."""
    with np.errstate(over="ignore"):
        return F4(0.5) * (F4(1) + np.tanh(F4(0.5) * np.asarray(z, F4)))


# Right functions in single precision.
SINGLE: dict[str, Function] = {
    "weighted-sum": lambda w, x: np.dot(F4(w), F4(x)),
    "sigmoid-formula": sigma4,
    "sigmoid-limit": sigma4,
    "sigmoid-symmetry": sigma4,
    "sigmoid-rises": sigma4,
    "sigmoid-neuron": lambda w, x, b: sigma4(np.dot(F4(w), F4(x)) + F4(b)),
    "small-change": lambda w, x, b: sigma4(np.dot(F4(w), F4(x)) + F4(b)),
    "sigmoid-becomes-perceptron": lambda w, x, b: sigma4(np.dot(F4(w), F4(x)) + F4(b)),
    "mean-cost": lambda a, y: np.sum((F4(y) - F4(a)) ** 2) / F4(2 * len(a)),
    "cost-positive": lambda a, y: np.sum((F4(y) - F4(a)) ** 2) / F4(2 * len(a)),
    "cost-change": lambda g, dv: np.dot(F4(g), F4(dv)),
    "descent-direction": lambda g, eta: -F4(eta) * F4(g),
    "descent-step": lambda v, g, eta: F4(v) - F4(eta) * F4(g),
    "descent-decreases": lambda v, g, eta: F4(v) - F4(eta) * F4(g),
    "descent-steepest": lambda v, g, eta: F4(v) - F4(eta) * F4(g),
    "mini-batch-mean": lambda gs: np.mean(np.asarray(gs, F4), axis=0),
    "update-weights": lambda w, s, eta, m: F4(w) - F4(eta / m) * F4(s),
    "update-biases": lambda b, s, eta, m: F4(b) - F4(eta / m) * F4(s),
    "weighted-input": lambda w, a, b: np.dot(F4(w), F4(a)) + F4(b),
    "activation": sigma4,
    "cost-formula": lambda a, y: np.sum((F4(y) - F4(a)) ** 2) / F4(2),
    "cost-slope": lambda a, y: F4(a) - F4(y),
    "hadamard": lambda s, t: F4(s) * F4(t),
    "sigmoid-slope": lambda z: sigma4(z) * (F4(1) - sigma4(z)),
    "bp1": lambda c, z: F4(c) * sigma4(z) * (F4(1) - sigma4(z)),
    "bp2": lambda w, d, z: F4(w).T @ F4(d) * sigma4(z) * (F4(1) - sigma4(z)),
    "bp3": lambda d: F4(d),
    "bp4": lambda a, d: np.outer(F4(d), F4(a)),
    "softmax": lambda z: np.exp(F4(z) - max(F4(z))) / np.sum(np.exp(F4(z) - max(F4(z)))),
    "softmax-adds-up": lambda z: np.exp(F4(z) - max(F4(z))) / np.sum(np.exp(F4(z) - max(F4(z)))),
    "softmax-shift": lambda z: np.exp(F4(z) - max(F4(z))) / np.sum(np.exp(F4(z) - max(F4(z)))),
    "cross-entropy-error": lambda a, y: F4(a) - F4(y),
    "momentum": lambda v, s, eta, m, mu: F4(mu) * F4(v) - F4(eta / m) * F4(s),
    "momentum-none": lambda v, s, eta, m, mu: F4(mu) * F4(v) - F4(eta / m) * F4(s),
    "dropout-mask": lambda r, a: F4(r) * F4(a),
    "layer-speed": lambda errors: np.linalg.norm(np.mean(np.asarray(errors, F4), axis=0)),
    "identity-neuron": lambda w1: [-F4(w1) / F4(2), F4(4) / F4(w1)],
    "convolution": lambda image, w, b: [
        [np.sum(F4(w) * F4(window)) + F4(b) for window in row]
        for row in np.lib.stride_tricks.sliding_window_view(F4(image), np.shape(w))
    ],
    "convolution-shift": lambda image, w, b: [
        [np.sum(F4(w) * F4(window)) + F4(b) for window in row]
        for row in np.lib.stride_tricks.sliding_window_view(F4(image), np.shape(w))
    ],
    "shared-bias": lambda d: np.sum(F4(d)),
    "max-pooling": lambda a, size: np.asarray(pooled(a, size, max), F4),
    "l2-pooling": lambda a, size: np.asarray(pooled(a, size, np.linalg.norm), F4),
}


# Roles without a formula of the book, line by line: gates, a mean, the last epoch, copied weights,
# the number of bumps, the bias of a tower, a step of ReLU neurons.
WITHOUT_LINES = ["nand", "half_adder", "mean_gradient", "last_epoch", "dense_weights"]
WITHOUT_LINES += ["bumps_enough", "tower_bias", "relu_step", "layer_speed", "identity_neuron"]


@pytest.mark.parametrize(
    ("identifier", "number"),
    [(name, i) for name, wrong in WRONG.items() for i in range(len(wrong))],
)
def test_a_failure_reports_the_claim_its_equation_and_the_numbers(
    identifier: str, number: int
) -> None:
    """The message contains all of them."""
    claim, function = CLAIMS[identifier], WRONG[identifier][number]
    with pytest.raises(ClaimError) as raised:
        claim.check(function)
    text, found = str(raised.value), raised.value.counterexample
    assert text.startswith(f"{identifier}: {claim.sentence}\n")
    assert all(formula in text for formula in claim.formulas)
    assert f"{claim.role.name}(" in text
    assert ("\n  yours " in text) != bool(found.calls)
    assert found.arithmetic or claim.role.name in WITHOUT_LINES, text


@pytest.mark.parametrize("identifier", ["bp2", "nand-universal", "mini-batches-mix"])
def test_the_same_function_gets_the_same_counterexample_again(identifier: str) -> None:
    """A check is not random, and keeps nothing for the next one."""
    messages = []
    for _ in range(2):
        with pytest.raises(ClaimError) as raised:
            CLAIMS[identifier].check(WRONG[identifier][0])
        messages.append(str(raised.value))
    assert messages[0] == messages[1]


def test_every_claim_has_a_mistake_that_breaks_it() -> None:
    """Otherwise the claim would promise nothing."""
    assert sorted(WRONG) == sorted(CLAIMS)


@pytest.mark.slow
def test_every_claim_is_checked_on_the_engine_in_a_test_of_its_name_and_chapter() -> None:
    """`check("bp2", …)` is in `test_bp2`, marked ch2: learners and engine share one claim."""
    held: dict[str, set[str]] = {}
    for path in Path(__file__).parent.glob("test_*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        whole = " ".join(
            ch for ch in CHAPTERS if f"pytestmark = pytest.mark.{ch}" in ast.unparse(tree)
        )
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                identifier = node.name.removeprefix("test_").replace("_", "-")
                if f"check('{identifier}'" in ast.unparse(node):
                    marks = " ".join(ast.unparse(mark) for mark in node.decorator_list)
                    held[identifier] = {ch for ch in CHAPTERS if ch in marks + whole}
    assert {name: {f"ch{claim.chapter}"} for name, claim in CLAIMS.items()} == held


@pytest.mark.parametrize("claim", CLAIMS.values(), ids=lambda claim: claim.identifier)
def test_every_claim_is_complete(claim: Claim) -> None:
    """It has a sentence, registered equations, and a role with a worked example."""
    known = {entry.number: entry for entry in equations()}
    assert claim is CLAIMS[claim.identifier] is claim_named(claim.identifier.upper())
    assert claim.sentence[0].isupper() or claim.sentence[0] in "σ∂"
    assert claim.sentence.endswith(".")
    assert set(claim.equations) <= set(known)
    if claim.equations:
        chapters = {known[number].chapter for number in claim.equations}
        assert claim.chapter in chapters or claim.identifier == "feedforward"
    assert claim.role is ROLES[claim.role.name]


def test_claims_are_in_chapter_order() -> None:
    """The chapters of the list do not decrease."""
    chapters = [claim.chapter for claim in CLAIMS.values()]
    assert chapters == sorted(chapters)


def test_every_role_has_a_claim_and_a_right_example() -> None:
    """The result by hand is that of the definition."""
    for role in ROLES.values():
        of_role = [claim for claim in CLAIMS.values() if claim.role is role]
        assert of_role, f"{role.name} is judged by no claim"
        definitions = [claim.judge for claim in of_role if isinstance(claim.judge, Definition)]
        for judge in definitions:
            expected = judge.expected(**role.example.arguments)
            assert close(expected, role.example.result, 1e-6), f"{role.name} by hand"


def test_a_failure_reads_like_a_page_of_a_notebook() -> None:
    """It has the smallest arguments, both answers, and the arithmetic written out."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp2"].check(lambda w, d, z: [dot([row[j] for row in w], d) for j in range(len(z))])
    assert str(raised.value).splitlines()[1:] == [
        "  (BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)",
        "hidden_error(next_weights = [[1, 2, -1], [3, -2, 0.5]], next_error = [4, -3], "
        "weighted_inputs = [1.5, -0.5, 5])",
        "  yours     [-5, 14, -5.5]",
        "  by hand   [-0.74573226, 3.290052, -0.036564312]",
        "  apart by  10.7",
        "  δ_1 = (w_11 δ_1 + w_21 δ_2) σ'(z_1) = ((1)(4) + (3)(−3)) σ'(1.5) = −0.745732",
        "  δ_2 = (w_12 δ_1 + w_22 δ_2) σ'(z_2) = ((2)(4) + (−2)(−3)) σ'(−0.5) = 3.29005",
        "  δ_3 = (w_13 δ_1 + w_23 δ_2) σ'(z_3) = ((−1)(4) + (0.5)(−3)) σ'(5) = −0.0365643",
    ]
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp2"].check(transposed)
    assert raised.value.counterexample.raised is None, "numbers say more than an IndexError"


def test_a_wrong_gradient_names_its_worst_parameter() -> None:
    """The parameter has the book's name."""
    with pytest.raises(ClaimError, match=r"∂C/∂w\^2_21: yours -0.0743348; by hand 0.0743348"):
        CLAIMS["backprop"].check(backwards)


def test_wrong_numbers_are_preferred_to_errors() -> None:
    """A transposed w raises IndexError unless it is square, but wrong numbers say more."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp2"].check(transposed)
    assert raised.value.counterexample.raised is None

    def fails(z: float) -> float:
        raise KeyError("z")

    with pytest.raises(ClaimError, match="yours     KeyError: 'z'") as raised:
        CLAIMS["sigmoid-formula"].check(fails)
    assert isinstance(raised.value.__cause__, KeyError)
    assert raised.value.counterexample.expected == pytest.approx(sigma(1.0))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "expected a number, got None: is there a return?"),
        (nan, "expected a finite number, got nan"),
        ("0.5", "expected a number, got '0.5'"),
        ([0.5, 0.5], "expected a number, got a list of 2"),
    ],
)
def test_an_answer_of_the_wrong_kind_is_reported_in_one_sentence(answer: Any, words: str) -> None:
    """It is not judged as a number."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["sigmoid-formula"].check(lambda z: answer)
    assert words in str(raised.value)


def test_a_flaky_function_fails_without_a_traceback() -> None:
    """Hypothesis calls it flaky; the student sees the last counterexample."""
    calls = iter(range(10**9))
    with pytest.raises(ClaimError):
        CLAIMS["sigmoid-formula"].check(lambda z: float(next(calls) % 7))


def test_check_changes_no_setting_and_no_random_state() -> None:
    """It can be called inside any test."""
    import random

    before, state = repr(settings()), random.getstate()
    CLAIMS["mini-batches-cover"].check(lambda e, size, rng: in_order(list(e), size, rng))
    assert repr(settings()) == before
    assert random.getstate() == state


@settings(max_examples=2, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(1, 3))
def test_check_works_inside_a_property(count: int) -> None:
    """A @given test may call a check, which draws its own examples."""
    CLAIMS["bp3"].check(lambda error: error, max_examples=count)


@pytest.mark.parametrize("given", [3, None, [0.5]])
def test_check_rejects_arguments_that_are_not_functions(given: Any) -> None:
    """For example a function's answer instead of the function; the error names the claim."""
    with pytest.raises(ArgumentError, match="bp2: expected a function, got"):
        check("bp2", given)


def test_max_examples_limits_the_number_of_calls() -> None:
    """A bad number raises an error with its name."""
    with pytest.raises(ArgumentError, match="max_examples: expected a whole number"):
        CLAIMS["bp3"].check(lambda error: error, max_examples=0)
    tried: list[Any] = []
    claim = CLAIMS["cost-change"]

    def counting(gradient: Numbers, delta_v: Numbers) -> float:
        tried.append(gradient)
        return dot(gradient, delta_v)

    call = adapted(counting, claim.role)
    tried.clear()
    assert claim.counterexample(call, 50) is None
    assert 40 <= len(tried) <= 50 + len(claim.boards) + 3 * BOARDS


def test_an_unknown_claim_raises_an_error_with_similar_names() -> None:
    """The message is one line."""
    with pytest.raises(ArgumentError, match=r"such as sigmoid-limit.*got 'sigmoid_limits'"):
        claim_named("sigmoid_limits")
    with pytest.raises(ArgumentError, match="such as sigmoid-formula or bp2, got 'qqq'"):
        claim_named("qqq")


ONE_SIDED: dict[str, Function] = {
    "numerical-gradient": lambda C, v: [
        (C([*v[:j], v[j] + 0.01, *v[j + 1 :]]) - C(v)) / 0.01 for j in range(len(v))
    ],
    "numerical-slope": lambda C, v: (C(v + 0.01) - C(v)) / 0.01,
}


@pytest.mark.parametrize("identifier", sorted(ONE_SIDED))
def test_the_one_sided_slope_of_the_book_passes(identifier: str) -> None:
    """(46) moves one way only; the claim states the largest width."""
    CLAIMS[identifier].check(ONE_SIDED[identifier], max_examples=1000)
    assert "by 0.01 or less" in CLAIMS[identifier].sentence


def test_a_one_sided_slope_passes_even_where_the_slope_changes_fastest() -> None:
    """The strongest curvature that is drawn, at a place with slope 0."""
    steepest: dict[str, dict[str, Any]] = {
        "numerical-gradient": {"cost": [[8.0]], "v": [0.0]},
        "numerical-slope": {"cost": [0.0, -10.0, 1.0, 0.5], "v": 2.0},
    }
    for identifier, arguments in steepest.items():
        claim = CLAIMS[identifier]
        call = adapted(ONE_SIDED[identifier], claim.role)
        assert claim.examine(call, arguments) is None


def test_a_wrong_gradient_is_written_with_the_names_of_its_halves() -> None:
    """`tinynn grade` uses the same words."""
    with pytest.raises(
        ClaimError, match=r"yours     nabla_b = \[\[-3.9577681e-05, -0.029733918\]\], nabla_w = "
    ) as raised:
        CLAIMS["backprop"].check(backwards)
    assert "by hand   nabla_b = [[3.9577681e-05, 0.029733918]], nabla_w = " in str(raised.value)


def test_a_claim_about_several_calls_reports_each_call_with_its_answer() -> None:
    """Arguments that only the judge uses are not written."""
    lines = {}
    for identifier in ("sigmoid-symmetry", "sigmoid-rises", "descent-decreases"):
        with pytest.raises(ClaimError) as raised:
            CLAIMS[identifier].check(WRONG[identifier][0])
        lines[identifier] = str(raised.value).splitlines()
    found = CLAIMS["sigmoid-symmetry"].counterexample(
        adapted(lambda z: 0.25 + z / 100, ROLES["sigmoid"])
    )
    assert found is not None
    assert [arguments["z"] for arguments, _ in found.calls] == [-1.0, 1.0]
    assert lines["sigmoid-rises"][2:4] == ["sigmoid(z = 8) = 1", "sigmoid(z = 8.0005) = 1"]
    assert not any("more" in line for line in lines["sigmoid-rises"][2:])
    (uphill,) = (line for line in lines["descent-decreases"] if line.startswith("update("))
    assert re.fullmatch(r"update\(v = \[.*\], gradient = \[.*\], eta = [\d.]+\) = \[.*\]", uphill)

    with pytest.raises(ClaimError) as raised:
        CLAIMS["sigmoid-symmetry"].check(lambda z: 0.5 if z > -5 else 1 / 0)
    text, (call, _) = str(raised.value), raised.value.counterexample.calls[0]
    assert call["z"] <= -5, "the call that failed, not the next one"
    assert "ZeroDivisionError" in text


def test_a_gradient_without_layers_is_reported_in_words() -> None:
    """The message has the shapes of its two halves."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(lambda b, w, x, y: ([], []))
    text = str(raised.value)
    assert "expected nabla_b of 3 numbers, 2 numbers; nabla_w of 3×1 numbers, 2×3 numbers" in text
    assert "got nabla_b of no layer; nabla_w of no layer" in text


def test_a_wrong_backpropagation_is_explained_step_by_step() -> None:
    """The lines have (BP1) at the output and (BP2) before it."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(backwards)
    text = str(raised.value)
    assert "∂C/∂a^2_1 = a^2_1 − y_1 = 0.9998 − 0.75 = 0.249842" in text, "(BP1)"
    assert "δ^2_1 = ∂C/∂a^2_1 σ'(z^2_1) = (0.24984)σ'(8.75) = 3.95777·10^−5" in text, "(BP1)"
    example = ROLES["backprop"].example
    lines = worked(ROLES["backprop"], example.arguments, example.result)
    assert "δ^2_1 = w^3_11 δ^3_1 σ'(z^2_1) = (1)(−0.125) σ'(0) = −0.03125" in lines, "(BP2)"
    assert "∂C/∂b^2_1 = δ^2_1 = −0.03125" in lines, "(BP3)"
    assert "∂C/∂w^3_11 = a^2_1 δ^3_1 = (0.5)(−0.125) = −0.0625" in lines, "(BP4)"


def test_overflows_and_mistakes_in_the_fifth_entry_are_found() -> None:
    """The activations include very negative z; vectors have up to five entries."""
    with pytest.raises(ClaimError, match="OverflowError"):
        CLAIMS["activation"].check(lambda z: [sigma(each) for each in z])
    with pytest.raises(ClaimError):
        CLAIMS["hadamard"].check(lambda s, t: [p * q for p, q in zip(s, t)][:4] + s[4:])


# Wrong functions that once passed.


@pytest.mark.parametrize("edge", [1e-3, 1e-9])
def test_a_perceptron_that_fires_only_well_above_0_is_caught(edge: float) -> None:
    """(1), (2): the edge is 0 itself, even for w · x + b very near to 0."""
    with pytest.raises(ClaimError):
        CLAIMS["perceptron-rule"].check(lambda w, x, b: dot(w, x) + b > edge)
    with pytest.raises(ClaimError):
        CLAIMS["perceptron-threshold"].check(lambda w, x, t: dot(w, x) - t > edge)
    CLAIMS["perceptron-rule"].check(lambda w, x, b: dot(w, x) + b > 0)


def test_a_shuffle_that_never_moves_the_first_example_is_caught() -> None:
    """One that never moves the last example is caught too."""

    def all_but(kept: slice, moved: slice) -> Function:
        def mini_batches(examples: Any, size: int, rng: Random) -> Any:
            rest = list(examples[moved])
            rng.shuffle(rest)
            whole = list(examples)
            whole[moved] = rest
            assert whole[kept] == examples[kept]
            return in_order(whole, size, rng)

        return mini_batches

    for kept, moved in ((slice(0, 1), slice(1, None)), (slice(-1, None), slice(0, -1))):
        with pytest.raises(ClaimError):
            CLAIMS["mini-batches-mix"].check(all_but(kept, moved))


def test_a_circuit_that_is_wrong_only_from_four_inputs_on_is_caught() -> None:
    """The truth tables include some with 16 and 32 rows."""

    def three_inputs(table: list[int]) -> Function:
        return lambda *bits: table[sum(bit << i for i, bit in enumerate(reversed(bits[-3:])))]

    with pytest.raises(ClaimError) as raised:
        CLAIMS["nand-universal"].check(three_inputs)
    assert len(raised.value.counterexample.arguments["truth_table"]) >= 16


def test_a_backpropagation_that_is_wrong_only_in_wide_layers_is_caught() -> None:
    """(BP2), (BP4): the networks include layers with four neurons."""

    def three_wide(b: Any, w: Any, x: Any, y: Any) -> Any:
        gradient = Network.from_parameters(b, w).backprop(x, y)
        nabla_b = [layer.to_list() for layer in gradient.biases]
        return [layer[:3] + [0.0] * len(layer[3:]) for layer in nabla_b], gradient.weights

    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(three_wide)
    assert max(map(len, raised.value.counterexample.arguments["biases"])) > 3


# Counterexamples for a blackboard.


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_a_board_has_few_distinct_numbers_that_are_not_0_and_unequal_sizes(role: Role) -> None:
    """Boards are tried first, so a student sees them first."""
    board = role.boards()[0]
    assert board == role.boards()[0], "the same board again"
    for name, kind, _, domain in role.parameters:
        if kind not in ("number", *BOARD_LISTS):
            continue
        given = [*flat(board[name])] if isinstance(board[name], list) else [board[name]]
        assert len(given) <= 12
        assert all((8 * number).is_integer() and abs(number) <= 8 for number in given)
        if domain not in ("target", "one-hot", "bit", "pixel"):
            assert 0.0 not in given
            assert len({*given}) == len(given) or kind in ("vectors", "matrices")
        if kind in ("matrix", "rows"):
            assert len(board[name]) != len(board[name][0])
        if kind == "matrices":
            assert len({len(w[0]) for w in board[name]}) > 1


@pytest.mark.parametrize("identifier", sorted(WRONG))
def test_no_counterexample_is_all_zero(identifier: str) -> None:
    """With only zeros, different mistakes would give the same answer."""
    claim = CLAIMS[identifier]
    lists = [each.name for each in claim.role.parameters if each.kind in BOARD_LISTS]
    for function in WRONG[identifier]:
        found = claim.counterexample(adapted(function, claim.role))
        assert found is not None
        given = [number for name in lists for number in flat(found.arguments[name])]
        assert any(given) or not lists


BOARD_LISTS = ("vector", "matrix", "rows", "vectors", "matrices", "maps")


@pytest.mark.parametrize("identifier", sorted(SINGLE))
def test_single_precision_keeps_the_claim(identifier: str) -> None:
    """The tolerance fits: the next number after 1 is 2^-23 away."""
    CLAIMS[identifier].check(SINGLE[identifier])


def test_a_counterexample_is_plain_data() -> None:
    """It can be written to a JSON file."""
    import json

    found = CLAIMS["bp2"].counterexample(adapted(transposed, ROLES["hidden_error"]))
    assert isinstance(found, Counterexample)
    assert json.loads(json.dumps(found._replace(raised=None)._asdict()))


# The command.


def test_the_command_lists_every_claim_by_chapter_in_one_line_of_80_columns() -> None:
    """A line has identifier, equations and function; on a wide terminal, the promise too."""
    done = run("claims")
    lines = done.stdout.splitlines()
    assert (done.returncode, done.stderr) == (0, "")
    assert max(map(len, lines)) <= 80
    for claim in CLAIMS.values():
        (i,) = [i for i, line in enumerate(lines) if line.split()[:1] == [claim.identifier]]
        assert lines[i].split()[1:] == [*claim.equations, claim.role.name]
        heading = [line for line in lines[:i] if line.startswith("chapter ")][-1]
        assert heading == f"chapter {claim.chapter}"
    wide = run("claims", COLUMNS="140").stdout.splitlines()
    assert max(map(len, wide)) <= 140
    assert any(
        "A perceptron with bias b answers 1 if w · x + b is above 0" in line for line in wide
    )


def test_the_command_explains_one_claim(capsys: pytest.CaptureFixture[str]) -> None:
    """It prints the sentence, the formula, the expected signature, and the call by hand."""
    done = run("claims", "bp2")
    assert done.stdout.splitlines() == [
        "bp2 (chapter 2)",
        CLAIMS["bp2"].sentence,
        "",
        "(BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)",
        "",
        "expected  hidden_error(next_weights, next_error, weighted_inputs) -> error",
        "          next_weights: a list of rows, each a list of numbers",
        "          next_error: a list of numbers",
        "          weighted_inputs: a list of numbers",
        "          NumPy arrays, columns of shape (n, 1) and tinynn's Vector and Matrix are handed "
        "over in place of lists where the function is written for them",
        "by hand   hidden_error([[1, 2], [3, 4]], [0.5, 1], [0, 0]) is [0.875, 1.25]",
        "          ((1 · 0.5 + 3 · 1) / 4, (2 · 0.5 + 4 · 1) / 4) = (0.875, 1.25), as σ'(0) = 1/4",
    ]
    for identifier in CLAIMS:
        assert main(["claims", identifier]) == 0
        assert CLAIMS[identifier].role.signature in capsys.readouterr().out


def test_the_command_finds_claims_by_function_and_by_equation() -> None:
    """The argument may be the name of a role or the number of an equation."""
    assert run("claims", "hidden_error").stdout == run("claims", "bp2").stdout
    about = run("claims", "(11)").stdout
    for identifier in ("descent-step", "descent-decreases", "descent-steepest"):
        assert f"{identifier} (chapter 1)\n" in about


@pytest.mark.parametrize("width", [40, 80])
def test_a_page_is_broken_between_words(width: int) -> None:
    """This is true for narrow terminals too."""
    for claim in CLAIMS.values():
        lines = list(claim_lines.page(claim, width))
        assert max(map(len, lines)) <= width
        assert " ".join(" ".join(lines).split()) == " ".join(
            " ".join(claim_lines.page(claim, 10_000)).split()
        )


def test_the_command_reports_an_unknown_claim_in_one_line() -> None:
    """The line has similar names; the exit status is 2."""
    done = run("claims", "bp5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tinynn claims: claim: expected one of `tinynn claims`, such as")
    assert done.stderr.count("\n") == 1


def without_hypothesis(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `tinynn` as if Hypothesis were not installed."""
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        f"from tinynn.cli import main; sys.exit(main({list(arguments)}))"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_without_hypothesis_the_claims_are_listed_and_explained() -> None:
    """Neither needs drawn examples."""
    for arguments in (["claims"], ["claims", "bp2"]):
        done = without_hypothesis(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == run(*arguments).stdout


def test_without_hypothesis_the_grader_says_what_to_install() -> None:
    """It prints one line, with exit status 2."""
    done = without_hypothesis("grade", __file__)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tinynn.teaching needs Hypothesis: pip install hypothesis" in done.stderr
    assert done.stderr.count("\n") == 1
