"""tinynn: a pure-Python neural-network engine in which every number can be held.

It follows Michael Nielsen's *Neural Networks and Deep Learning*. The modules, in reading order:
notation, errors, linalg, activations, neurons, circuits, descent, equations, layers, costs,
randomness, files, training, model, network, gradient_check, datasets, baselines; then fast, over
NumPy.
"""

from tinynn.activations import LINEAR, RELU, SIGMOID, STEP, TANH, Activation
from tinynn.circuits import Adder, Circuit, full_adder, half_adder, truth_table_circuit
from tinynn.datasets import DataSet, load_digits, load_mnist
from tinynn.descent import descend, steepest_step
from tinynn.equations.updates import Gradient
from tinynn.errors import (
    ArgumentError,
    DataError,
    DivergenceError,
    GradientError,
    ShapeError,
    TinyNNError,
)
from tinynn.gradient_check import gradcheck
from tinynn.layers import Dense
from tinynn.linalg import Matrix, Vector
from tinynn.network import Network
from tinynn.neurons import Perceptron, SigmoidNeuron
from tinynn.training import EpochReport, Progress, Score

__version__ = "0.1.0"

__all__ = [
    "LINEAR",
    "RELU",
    "SIGMOID",
    "STEP",
    "TANH",
    "Activation",
    "Adder",
    "ArgumentError",
    "Circuit",
    "DataError",
    "DataSet",
    "Dense",
    "DivergenceError",
    "EpochReport",
    "Gradient",
    "GradientError",
    "Matrix",
    "Network",
    "Perceptron",
    "Progress",
    "Score",
    "ShapeError",
    "SigmoidNeuron",
    "TinyNNError",
    "Vector",
    "descend",
    "full_adder",
    "gradcheck",
    "half_adder",
    "load_digits",
    "load_mnist",
    "steepest_step",
    "truth_table_circuit",
]
