"""tinynn: a pure-Python neural-network engine in which you can inspect every number.

It follows Michael Nielsen's *Neural Networks and Deep Learning*. The modules, in reading order:
notation, errors, linalg, activations, neurons, circuits, descent, equations, layers, costs,
randomness, files, training, model, network, gradient_check, universality, formulas, vanishing,
datasets, baselines; then fast, over NumPy.
"""

import sys

TYPE_CHECKING = False  # typing itself would be loaded: see the end
if TYPE_CHECKING:
    from tinynn.activations import LINEAR, RELU, SIGMOID, STEP, TANH, Activation
    from tinynn.circuits import Adder, Circuit, full_adder, half_adder, truth_table_circuit
    from tinynn.costs import Cost
    from tinynn.datasets import DataSet, expanded, load_digits, load_mnist
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
    from tinynn.experiments.ensembles import Ensemble
    from tinynn.gradient_check import gradcheck
    from tinynn.layers import Convolution, Dense, Dropout, L2Pooling, MaxPooling
    from tinynn.linalg import Matrix, Vector
    from tinynn.network import Network
    from tinynn.neurons import Perceptron, SigmoidNeuron
    from tinynn.randomness import BookRandom
    from tinynn.training import Answers, EpochReport, Progress, Run, Score

__version__ = "0.2.0"

__all__ = [
    "LINEAR",
    "RELU",
    "SIGMOID",
    "STEP",
    "TANH",
    "Activation",
    "Adder",
    "Answers",
    "ArgumentError",
    "BookRandom",
    "Circuit",
    "Convolution",
    "Cost",
    "DataError",
    "DataSet",
    "Dense",
    "DivergenceError",
    "Dropout",
    "Ensemble",
    "EpochReport",
    "Gradient",
    "GradientError",
    "L2Pooling",
    "Matrix",
    "MaxPooling",
    "Network",
    "Perceptron",
    "Progress",
    "Run",
    "Score",
    "ShapeError",
    "SigmoidNeuron",
    "TinyNNError",
    "Vector",
    "descend",
    "expanded",
    "full_adder",
    "gradcheck",
    "half_adder",
    "load_digits",
    "load_mnist",
    "steepest_step",
    "truth_table_circuit",
]

_ROOMS = (
    "activations",
    "circuits",
    "costs",
    "datasets",
    "descent",
    "equations.updates",
    "errors",
    "experiments.ensembles",
    "gradient_check",
    "layers",
    "linalg",
    "network",
    "neurons",
    "notation",
    "randomness",
    "training",
    "universality",
)

if not TYPE_CHECKING:

    def _load() -> None:
        from importlib import import_module

        rooms = [import_module(f"tinynn.{room}") for room in _ROOMS]
        for name in __all__:
            globals()[name] = next(vars(room)[name] for room in rooms if name in vars(room))

    def __getattr__(name: str) -> object:
        """Load all modules when the first name is used."""
        if name in _ROOMS or name in __all__:
            _load()
            return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    # The command line starts before it loads anything, so that it can handle Ctrl-C.
    _started = (getattr(sys, "argv", None) or [""])[0].replace("\\", "/").rpartition("/")[2]
    if _started not in ("-m", "tinynn", "tinynn.exe"):
        _load()
