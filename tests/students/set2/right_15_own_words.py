# right: Spanish names, random keys instead of a shuffle, tanh and Heaviside
import math

import numpy as np


def weighted_sum(weights, inputs):
    suma, pareja = 0, iter(inputs)
    for peso in weights:
        suma += peso * next(pareja)
    return suma


def perceptron(weights, inputs, bias):
    return int(np.heaviside(weighted_sum(weights, inputs) + bias, 0))


def sigmoid(z):
    mitad = math.tanh(z / 2) / 2
    return 0.5 + mitad


def sigmoid_neuron(weights, inputs, bias):
    return sigmoid(bias + weighted_sum(weights, inputs))


def output_change(weights, inputs, bias, delta_weights, delta_bias):
    z = bias + weighted_sum(weights, inputs)
    pendiente = sigmoid(z) * sigmoid(-z)
    return pendiente * (weighted_sum(delta_weights, inputs) + delta_bias)


def mini_batches(examples, size, rng):
    claves = [rng.random() for _ in examples]
    orden = sorted(range(len(examples)), key=claves.__getitem__)
    mezclados = [examples[i] for i in orden]
    return [mezclados[desde:desde + size] for desde in range(0, len(mezclados), size)]
