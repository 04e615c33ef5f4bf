"""The claims themselves: each is broken by a wrong function, and says how; none by a right one."""

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
    """σ, for z of moderate size."""
    return 1 / (1 + exp(-z))


def slope(z: float) -> float:
    """σ'."""
    return sigma(z) * (1 - sigma(z))


def dot(p: Sequence[float], q: Sequence[float]) -> float:
    """p · q."""
    return sum(a * b for a, b in zip(p, q))


def transposed(w: Rows, d: Numbers, z: Numbers) -> Numbers:
    """(BP2) with w_jk for w_kj."""
    return [sum(w[j][k] * d[k] for k in range(len(d))) * slope(z[j]) for j in range(len(z))]


def in_order(examples: Any, size: int, rng: Random) -> Any:
    """Mini-batches with no shuffle."""
    return [examples[i : i + size] for i in range(0, len(examples), size)]


def in_place(examples: Any, size: int, rng: Random) -> Any:
    """Mini-batches of the caller's own list."""
    rng.shuffle(examples)
    return in_order(examples, size, rng)


def without_the_rest(examples: Any, size: int, rng: Random) -> Any:
    """Mini-batches of whole size only."""
    return [batch for batch in in_order(examples, size, rng) if len(batch) == size]


def backwards(b: list[Numbers], w: list[Rows], x: Numbers, y: Numbers) -> Any:
    """Backpropagation with y - a for a - y, in a network without hidden layers."""
    z = [dot(row, x) + bias for row, bias in zip(w[0], b[0])]
    delta = [(yj - sigma(zj)) * slope(zj) for yj, zj in zip(y, z)]
    return [delta], [[[d * xk for xk in x] for d in delta]]


def sliding(image: Rows, rows: int, columns: int, of: Function) -> Rows:
    """A map of what ``of`` makes of each window of an image, row by row, and of its place."""
    return [
        [
            of([a for row in image[j : j + rows] for a in row[k : k + columns]], j, k)
            for k in range(len(image[0]) - columns + 1)
        ]
        for j in range(len(image) - rows + 1)
    ]


def convolved(image: Rows, weights: Rows, bias: float) -> Rows:
    """(125), of one map."""
    return sliding(
        image, len(weights), len(weights[0]), lambda a, j, k: dot([*flat(weights)], a) + bias
    )


def pooled(a: Rows, size: int, of: Function) -> Rows:
    """What ``of`` makes of each block."""
    return [row[::size] for row in sliding(a, size, size, lambda a, j, k: of(a))[::size]]


def passed_back(z: Rows, size: int, error: Rows, wins: Function) -> Rows:
    """The error times σ'(z), wherever ``wins`` says so of z, its block, and its place there."""
    delta = [[0.0] * len(row) for row in z]
    for p, q in product(range(len(z)), range(len(z[0]))):
        j, k = p // size, q // size
        block = [v for row in z[j * size :][:size] for v in row[k * size :][:size]]
        if wins(z[p][q], block, p % size * size + q % size):
            delta[p][q] = error[j][k] * slope(z[p][q])
    return delta


def sent_back(w: Rows, d: Rows, z: Rows) -> Rows:
    """(BP2c): each error goes back to the window that its neuron sees."""
    delta = [[0.0] * len(row) for row in z]
    for j, k, r, s in product(*(range(len(each)) for each in (d, d[0], w, w[0]))):
        delta[j + r][k + s] += w[r][s] * d[j][k] * slope(z[j + r][k + s])
    return delta


def first_wins(z: float, block: Numbers, place: int) -> bool:
    """The rule: the first of the largest, row by row."""
    return block.index(max(block)) == place


# One mistake or more for each claim, as learners make them.
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


F4: Any = np.float32  # of a list, an array


def sigma4(z: Any) -> Any:
    """σ in single precision."""
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


# What has no formula of the book, line by line: gates, a mean, the last epoch, weights as they are,
# how many bumps are enough, the bias of a tower, a step of relu neurons.
WITHOUT_LINES = ["nand", "half_adder", "mean_gradient", "last_epoch", "dense_weights"]
WITHOUT_LINES += ["bumps_enough", "tower_bias", "relu_step", "layer_speed", "identity_neuron"]


@pytest.mark.parametrize(
    ("identifier", "number"),
    [(name, i) for name, wrong in WRONG.items() for i in range(len(wrong))],
)
def test_a_wrong_function_is_told_its_claim_its_equation_and_its_numbers(
    identifier: str, number: int
) -> None:
    """All of it stands in the message."""
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
    """Nothing is left to chance, and nothing is kept from one check to the next."""
    told = []
    for _ in range(2):
        with pytest.raises(ClaimError) as raised:
            CLAIMS[identifier].check(WRONG[identifier][0])
        told.append(str(raised.value))
    assert told[0] == told[1]


def test_every_claim_has_a_mistake_that_breaks_it() -> None:
    """A claim that nothing breaks promises nothing."""
    assert sorted(WRONG) == sorted(CLAIMS)


def test_every_claim_is_held_by_the_engine_in_a_test_of_its_name_and_chapter() -> None:
    """`check("bp2", …)` stands in `test_bp2`, marked ch2: one source for theirs and for ours."""
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
def test_every_claim_says_what_it_is(claim: Claim) -> None:
    """A sentence, registered equations, a role with a worked example."""
    known = {entry.number: entry for entry in equations()}
    assert claim is CLAIMS[claim.identifier] is claim_named(claim.identifier.upper())
    assert claim.sentence[0].isupper() or claim.sentence[0] in "σ∂"
    assert claim.sentence.endswith(".")
    assert set(claim.equations) <= set(known)
    if claim.equations:
        chapters = {known[number].chapter for number in claim.equations}
        assert claim.chapter in chapters or claim.identifier == "feedforward"
    assert claim.role is ROLES[claim.role.name]


def test_claims_stand_in_chapter_order() -> None:
    """Chapter after chapter."""
    chapters = [claim.chapter for claim in CLAIMS.values()]
    assert chapters == sorted(chapters)


def test_every_role_is_judged_and_its_example_worked_out_right() -> None:
    """The call by hand is what the definition gives."""
    for role in ROLES.values():
        of_role = [claim for claim in CLAIMS.values() if claim.role is role]
        assert of_role, f"{role.name} is judged by no claim"
        definitions = [claim.judge for claim in of_role if isinstance(claim.judge, Definition)]
        for judge in definitions:
            came = judge.expected(**role.example.arguments)
            assert close(came, role.example.result, 1e-6), f"{role.name} by hand"


def test_a_failure_reads_like_a_page_of_a_notebook() -> None:
    """The smallest arguments, what came, what was expected, the arithmetic written out."""
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


def test_a_wrong_gradient_is_told_by_the_parameter_that_is_furthest_off() -> None:
    """By the book's name for it."""
    with pytest.raises(ClaimError, match=r"∂C/∂w\^2_21: yours -0.0743348; by hand 0.0743348"):
        CLAIMS["backprop"].check(backwards)


def test_wrong_numbers_are_told_before_errors_and_errors_where_there_is_nothing_else() -> None:
    """A transposed w raises IndexError where it is not square; the numbers say more."""
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
def test_what_is_no_answer_is_told_in_one_sentence(answer: Any, words: str) -> None:
    """Not judged as a number."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["sigmoid-formula"].check(lambda z: answer)
    assert words in str(raised.value)


def test_a_function_that_answers_differently_each_time_is_failed_without_a_traceback() -> None:
    """Hypothesis calls it flaky; a student is shown what was seen last."""
    calls = iter(range(10**9))
    with pytest.raises(ClaimError):
        CLAIMS["sigmoid-formula"].check(lambda z: float(next(calls) % 7))


def test_check_touches_no_setting_and_no_random_state() -> None:
    """It may be called in the middle of anyone's test."""
    import random

    before, state = repr(settings()), random.getstate()
    CLAIMS["mini-batches-cover"].check(lambda e, size, rng: in_order(list(e), size, rng))
    assert repr(settings()) == before
    assert random.getstate() == state


@settings(max_examples=2, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.integers(1, 3))
def test_check_may_stand_in_a_property_of_ones_own(count: int) -> None:
    """A given within a given."""
    CLAIMS["bp3"].check(lambda error: error, max_examples=count)


@pytest.mark.parametrize("given", [3, None, [0.5]])
def test_what_is_not_a_function_is_refused_by_the_name_of_the_claim(given: Any) -> None:
    """Such as a function's answer, handed over in place of the function."""
    with pytest.raises(ArgumentError, match="bp2: expected a function, got"):
        check("bp2", given)


def test_as_many_examples_are_tried_as_are_asked_for() -> None:
    """And the number is refused by name where it is none."""
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


def test_unknown_claims_are_answered_with_near_ones() -> None:
    """In one line."""
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
def test_the_numerical_slope_as_the_book_has_it_is_near_enough(identifier: str) -> None:
    """(46) moves one way only; the claim says how little is little enough."""
    CLAIMS[identifier].check(ONE_SIDED[identifier], max_examples=1000)
    assert "by 0.01 or less" in CLAIMS[identifier].sentence


def test_one_way_to_move_is_near_enough_even_where_the_slope_changes_fastest() -> None:
    """The steepest bend that is drawn, at a place where the slope is 0."""
    steepest: dict[str, dict[str, Any]] = {
        "numerical-gradient": {"cost": [[8.0]], "v": [0.0]},
        "numerical-slope": {"cost": [0.0, -10.0, 1.0, 0.5], "v": 2.0},
    }
    for identifier, arguments in steepest.items():
        claim = CLAIMS[identifier]
        call = adapted(ONE_SIDED[identifier], claim.role)
        assert claim.examine(call, arguments) is None


def test_a_wrong_gradient_is_written_with_the_names_of_its_halves() -> None:
    """The same words as `tinynn grade` has."""
    with pytest.raises(
        ClaimError, match=r"yours     nabla_b = \[\[-3.9577681e-05, -0.029733918\]\], nabla_w = "
    ) as raised:
        CLAIMS["backprop"].check(backwards)
    assert "by hand   nabla_b = [[3.9577681e-05, 0.029733918]], nabla_w = " in str(raised.value)


def test_of_a_claim_about_several_calls_each_call_is_told_with_its_answer() -> None:
    """And nothing of what stands in our tests only."""
    told = {}
    for identifier in ("sigmoid-symmetry", "sigmoid-rises", "descent-decreases"):
        with pytest.raises(ClaimError) as raised:
            CLAIMS[identifier].check(WRONG[identifier][0])
        told[identifier] = str(raised.value).splitlines()
    found = CLAIMS["sigmoid-symmetry"].counterexample(
        adapted(lambda z: 0.25 + z / 100, ROLES["sigmoid"])
    )
    assert found is not None
    assert [arguments["z"] for arguments, _ in found.calls] == [-1.0, 1.0]
    assert told["sigmoid-rises"][2:4] == ["sigmoid(z = 8) = 1", "sigmoid(z = 8.0005) = 1"]
    assert not any("more" in line for line in told["sigmoid-rises"][2:])
    (uphill,) = (line for line in told["descent-decreases"] if line.startswith("update("))
    assert re.fullmatch(r"update\(v = \[.*\], gradient = \[.*\], eta = [\d.]+\) = \[.*\]", uphill)

    with pytest.raises(ClaimError) as raised:
        CLAIMS["sigmoid-symmetry"].check(lambda z: 0.5 if z > -5 else 1 / 0)
    text, (call, _) = str(raised.value), raised.value.counterexample.calls[0]
    assert call["z"] <= -5, "the call that failed, not the one that was to come"
    assert "ZeroDivisionError" in text


def test_a_gradient_without_layers_is_told_in_words() -> None:
    """By its two halves."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(lambda b, w, x, y: ([], []))
    text = str(raised.value)
    assert "expected nabla_b of 3 numbers, 2 numbers; nabla_w of 3×1 numbers, 2×3 numbers" in text
    assert "got nabla_b of no layer; nabla_w of no layer" in text


def test_backpropagation_is_worked_out_step_by_step() -> None:
    """(BP1) at the output, (BP2) before it."""
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


def test_activations_far_to_the_left_and_mistakes_in_the_fifth_entry_are_seen() -> None:
    """What sigmoid-limit promises holds here too; vectors are as long as those of the kit."""
    with pytest.raises(ClaimError, match="OverflowError"):
        CLAIMS["activation"].check(lambda z: [sigma(each) for each in z])
    with pytest.raises(ClaimError):
        CLAIMS["hadamard"].check(lambda s, t: [p * q for p, q in zip(s, t)][:4] + s[4:])


# What passed once, and must not.


@pytest.mark.parametrize("edge", [1e-3, 1e-9])
def test_a_perceptron_that_fires_only_well_above_0_is_caught(edge: float) -> None:
    """(1), (2): the edge is 0 itself, however near to it w · x + b comes."""
    with pytest.raises(ClaimError):
        CLAIMS["perceptron-rule"].check(lambda w, x, b: dot(w, x) + b > edge)
    with pytest.raises(ClaimError):
        CLAIMS["perceptron-threshold"].check(lambda w, x, t: dot(w, x) - t > edge)
    CLAIMS["perceptron-rule"].check(lambda w, x, b: dot(w, x) + b > 0)


def test_a_shuffle_that_never_moves_the_first_example_is_caught() -> None:
    """Nor one that never moves the last: no example keeps its place."""

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
    """Any truth table means those of sixteen rows and of thirty-two, too."""

    def three_inputs(table: list[int]) -> Function:
        return lambda *bits: table[sum(bit << i for i, bit in enumerate(reversed(bits[-3:])))]

    with pytest.raises(ClaimError) as raised:
        CLAIMS["nand-universal"].check(three_inputs)
    assert len(raised.value.counterexample.arguments["truth_table"]) >= 16


def test_a_backpropagation_that_is_wrong_only_in_wide_layers_is_caught() -> None:
    """(BP2), (BP4): the fourth neuron of a layer counts as the first three do."""

    def three_wide(b: Any, w: Any, x: Any, y: Any) -> Any:
        gradient = Network.from_parameters(b, w).backprop(x, y)
        nabla_b = [layer.to_list() for layer in gradient.biases]
        return [layer[:3] + [0.0] * len(layer[3:]) for layer in nabla_b], gradient.weights

    with pytest.raises(ClaimError) as raised:
        CLAIMS["backprop"].check(three_wide)
    assert max(map(len, raised.value.counterexample.arguments["biases"])) > 3


# Counterexamples for a board.


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_a_board_has_few_distinct_numbers_that_are_not_0_and_unequal_sizes(role: Role) -> None:
    """What is tried first, and so what a student is shown first."""
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
    """With nothing but zeros, mistakes give one answer that are nothing alike."""
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
    """The tolerance fits: 2^-23 is as far as the next number is from 1."""
    CLAIMS[identifier].check(SINGLE[identifier])


def test_a_counterexample_is_plain() -> None:
    """So that it can be written to a file."""
    import json

    found = CLAIMS["bp2"].counterexample(adapted(transposed, ROLES["hidden_error"]))
    assert isinstance(found, Counterexample)
    assert json.loads(json.dumps(found._replace(raised=None)._asdict()))


# The command.


def test_the_command_lists_every_claim_by_chapter_in_one_line_of_80_columns() -> None:
    """Identifier, equations, function; on a wide terminal what is promised, too."""
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
    """Sentence, formula, the signature expected, the call by hand."""
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
    """A name of a role, or a number of the book."""
    assert run("claims", "hidden_error").stdout == run("claims", "bp2").stdout
    about = run("claims", "(11)").stdout
    for identifier in ("descent-step", "descent-decreases", "descent-steepest"):
        assert f"{identifier} (chapter 1)\n" in about


@pytest.mark.parametrize("width", [40, 80])
def test_a_page_is_broken_between_words(width: int) -> None:
    """However narrow the terminal is."""
    for claim in CLAIMS.values():
        lines = list(claim_lines.page(claim, width))
        assert max(map(len, lines)) <= width
        assert " ".join(" ".join(lines).split()) == " ".join(
            " ".join(claim_lines.page(claim, 10_000)).split()
        )


def test_the_command_answers_an_unknown_claim_in_one_line() -> None:
    """With near ones, and exit status 2."""
    done = run("claims", "bp5")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("tinynn claims: claim: expected one of `tinynn claims`, such as")
    assert done.stderr.count("\n") == 1


def without_hypothesis(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `tinynn` where Hypothesis is not installed."""
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


def test_without_hypothesis_the_claims_are_listed() -> None:
    """And explained: nothing is drawn for that."""
    for arguments in (["claims"], ["claims", "bp2"]):
        done = without_hypothesis(*arguments)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == run(*arguments).stdout


def test_without_hypothesis_the_grader_says_what_to_install() -> None:
    """One line, exit status 2."""
    done = without_hypothesis("grade", __file__)
    assert (done.returncode, done.stdout) == (2, "")
    assert "tinynn.teaching needs Hypothesis: pip install hypothesis" in done.stderr
    assert done.stderr.count("\n") == 1
