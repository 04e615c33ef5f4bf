"""The interactive listings of the book, as a reader types them: chapters 1, 3, 5 and 6."""

from __future__ import annotations

from typing import NamedTuple


class Listing(NamedTuple):
    """The typed lines, and a pattern of the printed lines."""

    chapter: int
    name: str
    typed: str
    after: str = ""  # the listing of this name is typed before, for the network it makes


LOAD = """>>> import mnist_loader
>>> training_data, validation_data, test_data = \\
... mnist_loader.load_data_wrapper()
"""
IMPORT = ">>> import network2\n"
NEW = ">>> net = network2.Network([784, 30, 10], cost=network2.CrossEntropyCost)\n"
OLD_WEIGHTS = ">>> net.large_weight_initializer()\n"
MONITOR_VALIDATION = """... evaluation_data=validation_data,
... monitor_evaluation_accuracy=True)
"""
MONITOR_ALL = """... lmbda = 5.0,
... evaluation_data=validation_data,
... monitor_evaluation_accuracy=True,
... monitor_evaluation_cost=True,
... monitor_training_accuracy=True,
... monitor_training_cost=True)
"""
FIRST_100 = """... evaluation_data=validation_data[:100], \\
... monitor_evaluation_accuracy=True)
"""


def stripped_down(eta: str, lmbda: str) -> str:
    return f""">>> net = network2.Network([784, 10])
>>> net.SGD(training_data[:1000], 30, 10, {eta}, lmbda = {lmbda}, \\
{FIRST_100}"""


def deep(sizes: str) -> str:
    return f""">>> net = network2.Network([784, {sizes}, 10])
>>> net.SGD(training_data, 30, 10, 0.1, lmbda=5.0,
... evaluation_data=validation_data, monitor_evaluation_accuracy=True)
"""


def maps(activation: str) -> str:
    """Return the two convolutions of most of chapter 6, as printed: without the prompt's dots."""
    more = f",\n                      activation_fn={activation}" if activation else ""
    return f"""        ConvPoolLayer(image_shape=(mini_batch_size, 1, 28, 28),
                      filter_shape=(20, 1, 5, 5),
                      poolsize=(2, 2){more}),
        ConvPoolLayer(image_shape=(mini_batch_size, 20, 12, 12),
                      filter_shape=(40, 20, 5, 5),
                      poolsize=(2, 2){more}),
"""


EXPANDED_SGD = """>>> net.SGD(expanded_training_data, 60, mini_batch_size, 0.03,
            validation_data, test_data, lmbda=0.1)
"""
SIGMOID_SGD = """>>> net.SGD(training_data, 60, mini_batch_size, 0.1,
            validation_data, test_data)
"""

LISTINGS = [
    Listing(1, "load", LOAD),
    Listing(1, "network", ">>> import network\n>>> net = network.Network([784, 30, 10])\n"),
    Listing(1, "sgd", ">>> net.SGD(training_data, 30, 10, 3.0, test_data=test_data)\n", "network"),
    Listing(
        1,
        "100 hidden",
        """>>> net = network.Network([784, 100, 10])
>>> net.SGD(training_data, 30, 10, 3.0, test_data=test_data)
""",
        "network",
    ),
    Listing(
        1,
        "eta 0.001",
        """>>> net = network.Network([784, 100, 10])
>>> net.SGD(training_data, 30, 10, 0.001, test_data=test_data)
""",
        "network",
    ),
    Listing(
        1,
        "eta 100",
        """>>> net = network.Network([784, 30, 10])
>>> net.SGD(training_data, 30, 10, 100.0, test_data=test_data)
""",
        "network",
    ),
    Listing(
        3,
        "cross-entropy",
        LOAD
        + IMPORT
        + NEW
        + OLD_WEIGHTS
        + """>>> net.SGD(training_data, 30, 10, 0.5, evaluation_data=test_data,
... monitor_evaluation_accuracy=True)
""",
    ),
    Listing(
        3,
        "overfitting",
        LOAD
        + IMPORT
        + NEW
        + OLD_WEIGHTS
        + """>>> net.SGD(training_data[:1000], 400, 10, 0.5, evaluation_data=test_data,
... monitor_evaluation_accuracy=True, monitor_training_cost=True)
""",
    ),
    Listing(
        3,
        "regularized",
        LOAD
        + IMPORT
        + NEW
        + OLD_WEIGHTS
        + """>>> net.SGD(training_data[:1000], 400, 10, 0.5,
... evaluation_data=test_data, lmbda = 0.1,
... monitor_evaluation_cost=True, monitor_evaluation_accuracy=True,
... monitor_training_cost=True, monitor_training_accuracy=True)
""",
    ),
    Listing(
        3,
        "regularized, all",
        OLD_WEIGHTS
        + """>>> net.SGD(training_data, 30, 10, 0.5,
... evaluation_data=test_data, lmbda = 5.0,
... monitor_evaluation_accuracy=True, monitor_training_accuracy=True)
""",
        "net of chapter 3",
    ),
    Listing(
        3,
        "100 hidden, regularized",
        NEW.replace("30", "100")
        + OLD_WEIGHTS
        + ">>> net.SGD(training_data, 30, 10, 0.5, lmbda=5.0,\n"
        + MONITOR_VALIDATION,
        "net of chapter 3",
    ),
    Listing(
        3,
        "old first weights",
        LOAD
        + IMPORT
        + NEW
        + OLD_WEIGHTS
        + ">>> net.SGD(training_data, 30, 10, 0.1, lmbda = 5.0,\n"
        + MONITOR_VALIDATION,
    ),
    Listing(
        3,
        "new first weights",
        NEW + ">>> net.SGD(training_data, 30, 10, 0.1, lmbda = 5.0,\n" + MONITOR_VALIDATION,
        "net of chapter 3",
    ),
    Listing(
        3,
        "the code",
        LOAD + IMPORT + NEW + ">>> net.SGD(training_data, 30, 10, 0.5,\n" + MONITOR_ALL,
    ),
    Listing(
        3,
        "broken",
        """>>> evaluation_cost, evaluation_accuracy,
... training_cost, training_accuracy = net.SGD(training_data, 30, 10, 0.5,
"""
        + MONITOR_ALL,
        "net of chapter 3",
    ),
    Listing(
        3,
        "eta 10, lmbda 1000",
        """>>> net = network2.Network([784, 30, 10])
>>> net.SGD(training_data, 30, 10, 10.0, lmbda = 1000.0,
... evaluation_data=validation_data, monitor_evaluation_accuracy=True)
""",
        "net of chapter 3",
    ),
    Listing(3, "stripped down", stripped_down("10.0", "1000.0"), "net of chapter 3"),
    Listing(3, "lmbda 20", stripped_down("10.0", "20.0"), "net of chapter 3"),
    Listing(3, "eta 100, lmbda 20", stripped_down("100.0", "20.0"), "net of chapter 3"),
    Listing(3, "eta 1, lmbda 20", stripped_down("1.0", "20.0"), "net of chapter 3"),
    Listing(5, "load", LOAD),
    Listing(5, "network2", IMPORT + ">>> net = network2.Network([784, 30, 10])\n"),
    Listing(
        5,
        "sgd",
        """>>> net.SGD(training_data, 30, 10, 0.1, lmbda=5.0,
... evaluation_data=validation_data, monitor_evaluation_accuracy=True)
""",
        "network2",
    ),
    Listing(5, "two hidden", deep("30, 30"), "network2"),
    Listing(5, "three hidden", deep("30, 30, 30"), "network2"),
    Listing(5, "four hidden", deep("30, 30, 30, 30"), "network2"),
    Listing(
        6,
        "dense",
        """>>> import network3
>>> from network3 import Network
>>> from network3 import ConvPoolLayer, FullyConnectedLayer, SoftmaxLayer
>>> training_data, validation_data, test_data = network3.load_data_shared()
>>> mini_batch_size = 10
>>> net = Network([
        FullyConnectedLayer(n_in=784, n_out=100),
        SoftmaxLayer(n_in=100, n_out=10)], mini_batch_size)
"""
        + SIGMOID_SGD,
    ),
    Listing(
        6,
        "convolution",
        """>>> net = Network([
        ConvPoolLayer(image_shape=(mini_batch_size, 1, 28, 28),
                      filter_shape=(20, 1, 5, 5),
                      poolsize=(2, 2)),
        FullyConnectedLayer(n_in=20*12*12, n_out=100),
        SoftmaxLayer(n_in=100, n_out=10)], mini_batch_size)
"""
        + SIGMOID_SGD,
        "dense",
    ),
    Listing(
        6,
        "two convolutions",
        ">>> net = Network([\n"
        + maps("")
        + """        FullyConnectedLayer(n_in=40*4*4, n_out=100),
        SoftmaxLayer(n_in=100, n_out=10)], mini_batch_size)
"""
        + SIGMOID_SGD,
        "dense",
    ),
    Listing(
        6,
        "ReLU",
        ">>> from network3 import ReLU\n>>> net = Network([\n"
        + maps("ReLU")
        + """        FullyConnectedLayer(n_in=40*4*4, n_out=100, activation_fn=ReLU),
        SoftmaxLayer(n_in=100, n_out=10)], mini_batch_size)
"""
        + SIGMOID_SGD.replace("0.1,", "0.03,").replace("test_data)", "test_data, lmbda=0.1)"),
        "dense",
    ),
    Listing(6, "shell", "$ python expand_mnist.py\n"),
    Listing(
        6,
        "expanded",
        """>>> expanded_training_data, _, _ = network3.load_data_shared(
        "../data/mnist_expanded.pkl.gz")
>>> net = Network([
"""
        + maps("ReLU")
        + """        FullyConnectedLayer(n_in=40*4*4, n_out=100, activation_fn=ReLU),
        SoftmaxLayer(n_in=100, n_out=10)], mini_batch_size)
"""
        + EXPANDED_SGD,
        "ReLU",
    ),
    Listing(
        6,
        "one more layer",
        ">>> net = Network([\n"
        + maps("ReLU")
        + """        FullyConnectedLayer(n_in=40*4*4, n_out=100, activation_fn=ReLU),
        FullyConnectedLayer(n_in=100, n_out=100, activation_fn=ReLU),
        SoftmaxLayer(n_in=100, n_out=10)], mini_batch_size)
"""
        + EXPANDED_SGD,
        "expanded",
    ),
    Listing(
        6,
        "dropout",
        ">>> net = Network([\n"
        + maps("ReLU")
        + """        FullyConnectedLayer(
            n_in=40*4*4, n_out=1000, activation_fn=ReLU, p_dropout=0.5),
        FullyConnectedLayer(
            n_in=1000, n_out=1000, activation_fn=ReLU, p_dropout=0.5),
        SoftmaxLayer(n_in=1000, n_out=10, p_dropout=0.5)],
        mini_batch_size)
>>> net.SGD(expanded_training_data, 40, mini_batch_size, 0.03,
            validation_data, test_data)
""",
        "expanded",
    ),
]
