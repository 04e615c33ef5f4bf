"""tinynn: a pure-Python neural-network engine in which every number can be held.

It follows Michael Nielsen's *Neural Networks and Deep Learning*. The modules, in reading order:
notation, errors, linalg, activations, neurons, circuits, descent, equations, layers, costs,
randomness, files, training, model, network, gradient_check, datasets, baselines; then fast, over
NumPy.
"""

TYPE_CHECKING = False  # without importing typing: see __getattr__
if TYPE_CHECKING:
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

_ROOMS = (
    "activations",
    "circuits",
    "datasets",
    "descent",
    "equations.updates",
    "errors",
    "gradient_check",
    "layers",
    "linalg",
    "network",
    "neurons",
    "training",
)

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load the rooms when the first name is asked for, and then all of them.

        So the command line has begun, and can answer Ctrl-C, before it loads anything.
        """
        from importlib import import_module

        if not name.startswith("_"):
            rooms = [import_module(f"tinynn.{room}") for room in _ROOMS]
            for each in __all__:
                globals()[each] = next(vars(room)[each] for room in rooms if each in vars(room))
        if name in globals():
            return globals()[name]
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")

    def __dir__() -> list[str]:
        return sorted({*globals(), *__all__})
