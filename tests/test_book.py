"""The book's programs under their own names, and every listing of the book typed into a prompt."""

from __future__ import annotations

import copy
import importlib
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.listings import IMPORT, LISTINGS, LOAD, NEW, Listing
from tests.mnist import FOLDER, needs_mnist
from tinynn.book import PROGRAMS, install, network, network2, network3
from tinynn.cli import main
from tinynn.cli.book import Prompt
from tinynn.errors import ArgumentError, DataError, ShapeError
from tinynn.linalg import Vector
from tinynn.network import Network as PureNetwork
from tinynn.randomness import BookRandom

Column = Any


@pytest.fixture
def names() -> Iterator[None]:
    """Yield the book's names are found, as in `tinynn book`, until the test is over."""
    before = sys.meta_path[:]
    install()
    yield
    sys.meta_path[:] = before
    for name in PROGRAMS:
        sys.modules.pop(name, None)


SHARED: dict[str, Any] = {}  # what the loading lines of the listings give: read once


@pytest.fixture(scope="module", autouse=True)
def forget() -> Iterator[None]:
    yield
    SHARED.clear()


@pytest.fixture
def prompt(names: None, monkeypatch: pytest.MonkeyPatch) -> Prompt:
    """Yield a prompt with MNIST and seeded generators: the listings set no seed."""
    monkeypatch.setenv("TINYNN_DATA", str(FOLDER))
    random.seed(0)
    np.random.seed(0)
    return Prompt()


def type_in(prompt: Prompt, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Type lines into a prompt, as `tinynn book` reads them, to their end."""
    lines = iter(text.splitlines())

    def typed(shown: str = "") -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", typed)
    prompt.interact(banner="", exitmsg="")


def shortened(text: str) -> str:
    """Return a shorter listing: two epochs on few images, and less of chapter 6's data."""
    full = r"SGD\(training_data(\[:1000\])?, \d+, 10"
    text = re.sub(full, "SGD(training_data[:1000], 2, 10", text)
    return re.sub(
        r"SGD\((\w+), \d+, mini_batch_size, (.*)\n +validation_data, test_data",
        r"SGD(few(\1), 1, mini_batch_size, \2\n few(validation_data), few(test_data)",
        text,
    )


def names_of(prompt: Prompt) -> Any:
    return prompt.locals


def few(data: tuple[Any, Any]) -> tuple[Any, Any]:
    return data[0][:100], data[1][:100]


def quick(text: str) -> str:
    """Return the lines that load MNIST are typed once in all; after that their names are there."""
    return text.replace(LOAD, "") if "training_data" in SHARED else text


BY_NAME = {(listing.chapter, listing.name): listing for listing in LISTINGS}


def before(listing: Listing) -> str:
    """Return the lines typed before a listing: those of its network, without training."""
    if listing.after == "net of chapter 3":
        return LOAD + IMPORT + NEW
    if listing.chapter == 6 and listing.after:
        lines = "import network3\nfrom network3 import Network, ReLU, ConvPoolLayer\n"
        lines += "from network3 import FullyConnectedLayer, SoftmaxLayer\nmini_batch_size = 10\n"
        lines += "training_data, validation_data, test_data = network3.load_data_shared()\n"
        if listing.after == "expanded" and "expanded_training_data" not in SHARED:
            lines += "expanded_training_data = network3.load_data_shared('mnist_expanded')[0]\n"
        return lines
    made = BY_NAME[listing.chapter, listing.after].typed if listing.after else ""
    opening = listing.chapter in (1, 5) and listing.name != "load"
    return (LOAD if opening else "") + made


def test_the_listings_are_all_here() -> None:
    """34 in chapters 1, 3, 5 and 6; chapters 2 and 4 have none."""
    assert [sum(each.chapter == n for each in LISTINGS) for n in range(1, 7)] == [6, 0, 14, 0, 6, 8]


@needs_mnist
@pytest.mark.parametrize(
    "listing",
    [each for each in LISTINGS if each.name not in ("shell", "broken")],
    ids=lambda listing: f"{listing.chapter}-{listing.name}",
)
def test_a_listing_is_typed_and_prints_the_lines_of_the_book(
    listing: Listing,
    prompt: Prompt,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Shortened: two epochs on 1,000 images; in chapter 6 one on 100. Nothing goes wrong."""
    names_of(prompt).update(SHARED, few=few)
    type_in(prompt, quick(before(listing)), monkeypatch)
    assert capsys.readouterr().err.strip() == ""
    type_in(prompt, shortened(quick(listing.typed)), monkeypatch)
    out, err = capsys.readouterr()
    assert err.strip() == ""
    kept = ["expanded_training_data"]
    kept += ["training_data", "validation_data", "test_data"] if listing.chapter != 6 else []
    for name in kept:
        if name in names_of(prompt):
            SHARED.setdefault(name, names_of(prompt)[name])
    trains = "net.SGD" in listing.typed
    if listing.chapter == 1 and trains:
        assert re.fullmatch(r"Epoch 0: \d+ / 10000\nEpoch 1: \d+ / 10000\n", out)
    elif listing.chapter == 6:
        assert "Training mini-batch number 0\nEpoch 0: validation accuracy " in out
        assert re.search(r"Best validation accuracy of [\d.]+% obtained at iteration 9\n", out)
        assert re.search(r"Corresponding test accuracy of [\d.]+%\n$", out)
    elif trains:
        monitored = re.findall(r"monitor_(\w+)_(\w+)=True", listing.typed)
        lines = [f"Epoch {epoch} training complete" for epoch in range(2)]
        for line in lines:
            assert line in out
        total = {"training": 1000, "evaluation": 100 if "[:100]" in listing.typed else 10000}
        for name, what in monitored:
            pattern = rf"Accuracy on {name} data: (\d+) / {total[name]}\n"
            pattern = rf"Cost on {name} data: ([\d.]+)\n" if what == "cost" else pattern
            assert len(re.findall(pattern, out)) == 2, pattern
        returned = eval(out.splitlines()[-1])
        assert [len(each) for each in returned] == [
            2 * ((name, what) in monitored)
            for name in ("evaluation", "training")
            for what in ("cost", "accuracy")
        ]
    else:
        assert out == ""


@needs_mnist
def test_the_listing_that_never_worked_gets_a_hint(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Chapter 3 breaks a line after a comma: nothing is trained, and a backslash is asked for."""
    broken = BY_NAME[3, "broken"].typed
    names_of(prompt).update(net=None, training_data=[], validation_data=[])
    type_in(prompt, broken, monkeypatch)
    out, err = capsys.readouterr()
    assert out == ""
    assert "evaluation_cost, evaluation_accuracy, \\\n" in err
    assert err.count("SyntaxError") == 2
    assert "Traceback" not in err
    names_of(prompt).update(SHARED)
    mended = broken.replace("evaluation_accuracy,\n", "evaluation_accuracy, \\\n", 1)
    type_in(prompt, quick(LOAD + IMPORT + NEW) + shortened(mended), monkeypatch)
    assert capsys.readouterr().err.strip() == ""
    assert (
        len(names_of(prompt)["evaluation_cost"]) == len(names_of(prompt)["training_accuracy"]) == 2
    )


def test_other_statements_after_a_comma_are_run(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names that are known make a tuple, as in Python; a new start is not held against anyone."""
    type_in(prompt, "a = 1\na,\nb, c,\nb, c = 2, 3\nb + c\n", monkeypatch)
    out, err = capsys.readouterr()
    assert out == "(1,)\n5\n"
    assert err.count("SyntaxError") == 1


# The numbers of the book's figures, chapter 3.


@pytest.fixture
def mnist(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("TINYNN_DATA", str(FOLDER))
    if "training_data" not in SHARED:
        from tinynn.book import mnist_loader

        names = ("training_data", "validation_data", "test_data")
        SHARED.update(zip(names, mnist_loader.load_data_wrapper()))
    return SHARED["training_data"][:], SHARED["validation_data"], SHARED["test_data"]


@needs_mnist
@pytest.mark.ch3
@pytest.mark.parametrize(
    ("lmbda", "counts"), [(0.0, [5887, 6505, 6970]), (0.1, [5898, 6512, 6986])]
)
def test_a_figure_program_gives_its_own_numbers(
    lmbda: float, counts: list[int], mnist: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its two seeds, or a BookRandom: overfitting and regularized begin with the book's counts."""
    training_data, _, test_data = mnist
    random.seed(12345678)
    np.random.seed(12345678)
    for rng in (None, BookRandom(12345678)):
        net = network2.Network([784, 30, 10], cost=network2.CrossEntropyCost, rng=rng)
        net.large_weight_initializer()
        found = net.SGD(
            training_data[:1000], 3, 10, 0.5, lmbda, test_data, monitor_evaluation_accuracy=True
        )
        assert found == ([], counts, [], [])


# The calls, on few numbers.

X, Y = [[1.0], [0.5]], network2.vectorized_result(7)


def data(n: int = 12) -> list[tuple[Column, Column]]:
    draw = np.random.RandomState(1)
    return [(draw.rand(2, 1), network2.vectorized_result(i % 10)) for i in range(n)]


def test_numbers_are_columns_and_kept_arrays_do_not_change() -> None:
    """Biases (J, 1), weights (J, K); lists that can be replaced, as in the book's programs."""
    net = network2.Network([2, 3, 10], rng=BookRandom(1))
    assert [b.shape for b in net.biases] == [(3, 1), (10, 1)]
    assert [w.shape for w in net.weights] == [(3, 2), (10, 3)]
    kept, copy = net.weights[0], net.weights[0].copy()
    net.update_mini_batch(data(), 0.5, 0.1, 100)
    assert (kept == copy).all()
    assert not (net.weights[0] == copy).any()
    net.weights = [np.zeros((3, 2)), np.zeros((10, 3))]
    net.biases = [np.zeros((3, 1)), np.zeros((10, 1))]
    assert (net.feedforward(X) == 0.5).all()
    assert net.total_cost(data(), 0.0) == pytest.approx(10 * np.log(2))  # (63) at a = 1/2
    net.weights[0] = np.zeros((3, 3))
    with pytest.raises(ShapeError, match=r"weights\[0\]: expected \(3, 2\), got \(3, 3\)"):
        net.backprop(X, Y)


def test_many_columns_are_answered_at_once() -> None:
    net = network.Network([2, 3, 10], rng=BookRandom(1))
    xs = np.hstack([x for x, _ in data()])
    assert net.feedforward(xs).shape == (10, 12)
    assert np.allclose(net.feedforward(xs)[:, :1], net.feedforward(xs[:, :1]))


@pytest.mark.parametrize("program", [network, network2])
def test_backprop_is_that_of_the_loops(program: Any) -> None:
    """(BP1)-(BP4), with the cost of each program."""
    net = program.Network([2, 3, 10], rng=BookRandom(1))
    cost = "quadratic" if program is network else "cross-entropy"
    numbers = [b[:, 0] for b in net.biases], net.weights
    pure = PureNetwork.from_parameters(*numbers, cost=cost)
    gradient = pure.backprop(Vector([1.0, 0.5]), Vector(Y[:, 0].tolist()))
    nabla_b, nabla_w = net.backprop(X, Y)
    ours: Any
    theirs: Any
    for ours, theirs in zip([*nabla_b, *nabla_w], [*gradient.biases, *gradient.weights]):
        assert np.allclose(np.reshape(ours, np.shape(theirs)), theirs)


def test_the_callers_list_is_shuffled_as_the_book_does(capsys: pytest.CaptureFixture[str]) -> None:
    """And it stays shuffled, so that a second run goes on from there."""
    rng, pairs = BookRandom(12345678), data(8)
    expected = pairs[:]
    net = network.Network([2, 3, 10], rng=rng)
    net.SGD(pairs, 1, 3, 1.0)
    assert capsys.readouterr().out == "Epoch 0 complete\n"
    BookRandom(12345678).shuffle(expected)
    assert [id(pair) for pair in pairs] == [id(pair) for pair in expected]


def test_rows_of_one_array_and_columns_of_their_own_learn_the_same() -> None:
    """Rows of one array give the same result as copied columns, shuffled or sliced."""
    rows = np.random.RandomState(0).rand(30, 2)
    ours = [(x[:, np.newaxis], network2.vectorized_result(i % 10)) for i, x in enumerate(rows)]
    ours = [ours[i] for i in random.Random(0).sample(range(5, 25), 20)]
    theirs = [(x.copy(), y) for x, y in ours]
    nets = []
    for pairs in (ours, theirs):
        net = network2.Network([2, 3, 10], rng=BookRandom(1))
        net.SGD(pairs, 2, 10, 0.5, 0.1)
        nets.append(net)
    for one, other in zip(nets[0].weights, nets[1].weights):
        assert (one == other).all()


def test_a_saved_network_is_read_back_unchanged(tmp_path: Path) -> None:
    """In the book's own form: sizes, weights, biases and the name of the cost."""
    net = network2.Network([2, 3, 10], cost=network2.QuadraticCost, rng=BookRandom(1))
    net.save(tmp_path / "net.json")
    again = network2.load(tmp_path / "net.json")
    assert again.cost is network2.QuadraticCost
    assert (again.feedforward(X) == net.feedforward(X)).all()
    (tmp_path / "bad.json").write_text('{"sizes": [2, 3]}')
    with pytest.raises(DataError, match=r"bad.json: expected sizes, weights, biases and a cost"):
        network2.load(tmp_path / "bad.json")


@pytest.mark.ch3
def test_the_costs_have_the_books_two_calls() -> None:
    """fn is (27) or (63), delta is (30) or (66): at z = 0, a = 1/2 and y = 1."""
    z, a, y = (np.array([[number]]) for number in (0.0, 0.5, 1.0))
    assert network2.QuadraticCost.fn(a, y) == 0.125
    assert network2.QuadraticCost.delta(z, a, y) == -0.125
    assert network2.CrossEntropyCost.fn(a, y) == pytest.approx(np.log(2))
    assert network2.CrossEntropyCost.delta(z, a, y) == -0.5
    assert network2.CrossEntropyCost.fn(y, y) == 0.0
    assert network2.sigmoid(0.0) == 0.5
    assert network2.sigmoid_prime(0.0) == 0.25


def test_errors_name_the_expected_input() -> None:
    net = network2.Network([2, 3, 10])
    with pytest.raises(ArgumentError, match=r"write list\(training_data\)"):
        net.SGD(zip([X], [Y]), 1, 1, 0.5)
    with pytest.raises(ShapeError, match=r"x 0: expected \(2, 1\), got \(3, 1\)"):
        net.SGD([(np.zeros((3, 1)), Y)], 1, 1, 0.5)
    with pytest.raises(DataError, match=r"expected pairs \(x, y\), got none"):
        net.SGD([], 1, 1, 0.5)
    with pytest.raises(ArgumentError, match="evaluation_data: expected data to monitor"):
        net.SGD(data(), 1, 1, 0.5, monitor_evaluation_cost=True)
    with pytest.raises(ArgumentError, match="write cost=network2.CrossEntropyCost"):
        network2.Network([2, 10], cost=len)


# network3, and its quirks: chapter 6.


def images(n: int = 20, size: int = 36) -> tuple[Any, Any]:
    draw = np.random.RandomState(2)
    return draw.rand(n, size).astype("float32"), np.arange(n) % 10


@pytest.mark.ch6
def test_fields_are_turned_and_maps_are_pooled_before_the_bias() -> None:
    """Theano's convolution turns the field by 180°, (125) does not; a last odd row is ignored."""
    np.random.seed(0)
    layer = network3.ConvPoolLayer((2, 1, 3, 3), (10, 1, 7, 7), (2, 2), network3.tanh)
    net = network3.Network([layer, network3.SoftmaxLayer(n_in=8, n_out=10)], 10)
    x = np.random.rand(7, 7)
    field, bias = layer.w.get_value()[1, 0], layer.b.get_value()[1]
    z = np.array(
        [[(field[::-1, ::-1] * x[j : j + 3, k : k + 3]).sum() for k in range(4)] for j in range(4)]
    )
    expected = np.tanh(z.reshape(2, 2, 2, 2).max(axis=(1, 3)) + bias)
    net._hand_over()
    assert np.allclose(net._engine.forward(x.ravel())[3].a[4:].reshape(2, 2), expected, atol=1e-6)
    assert np.allclose(layer.from_rows(layer.to_rows(layer.w.get_value())), layer.w.get_value())


@pytest.mark.ch6
def test_first_weights_have_the_spread_of_the_program() -> None:
    """1/√n_out; of a convolution 1/√(20·25/4); softmax starts from 0."""
    np.random.seed(0)
    assert network3.FullyConnectedLayer(500, 100).w.get_value().std() == pytest.approx(0.1, 0.02)
    conv = network3.ConvPoolLayer((20, 20, 5, 5), (10, 20, 12, 12))
    assert conv.w.get_value().std() == pytest.approx(125**-0.5, 0.02)
    assert not network3.SoftmaxLayer(30, 10).w.get_value().any()


@pytest.mark.ch6
def test_lambda_is_divided_by_the_number_of_mini_batches() -> None:
    """ηλ/2 is what a step takes from each weight where there are two mini-batches, softmax too."""
    x, y = np.zeros((20, 4), "float32"), np.arange(20) % 10
    layer = network3.SoftmaxLayer(4, 10)
    layer.w.set_value(np.ones((4, 10)))
    net = network3.Network([layer], 10)
    net.SGD((x, y), 1, 10, 0.5, (x, y), (x, y), lmbda=0.4)
    assert np.allclose(layer.w.get_value(), (1 - 0.5 * 0.4 / 2) ** 2)


@pytest.mark.ch6
def test_dropout_masks_the_inputs_each_example_by_itself() -> None:
    """All generators have one seed; to answer, inputs are multiplied by 1 - p."""
    described = network3.InputDropout(0.5)
    dense = [network3.FullyConnectedLayer(36, 36, p_dropout=0.5) for _ in range(2)]
    net = network3.Network([*dense, network3.SoftmaxLayer(36, 10)], 10)
    stack = net._engine._stack(10)
    layers: Any = stack.layers
    first, second = layers[0], layers[2]
    assert first.description == described
    for layer in (first, second):
        layer.take_mask([1.0])
    assert first.mask.shape == (36, 10)
    assert len({tuple(column) for column in first.mask.T.tolist()}) == 10
    assert (first.mask == second.mask).all()
    assert set(first.mask.ravel().tolist()) == {0.0, 1.0}
    first.take_mask(None)
    assert (first.mask == 0.5).all()


def test_a_convolutional_network_learns_in_the_order_of_the_data(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """No shuffle: two runs from the same numbers end in the same ones, whatever the seed."""
    x, y = images()
    ends = []
    for seed in (1, 2):
        np.random.seed(0)
        layers = [
            network3.ConvPoolLayer((3, 1, 3, 3), (10, 1, 6, 6), activation_fn=network3.ReLU),
            network3.FullyConnectedLayer(n_in=12, n_out=8, activation_fn=network3.ReLU),
            network3.SoftmaxLayer(n_in=8, n_out=10),
        ]
        net = network3.Network(layers, 10)
        np.random.seed(seed)
        random.seed(seed)
        net.SGD((x, y), 40, 10, 0.2, (x, y), (x[:15], y[:15]))
        ends.append(layers[0].w.get_value())
    assert (ends[0] == ends[1]).all()
    assert net.accuracy((x, y)) > 0.3
    assert "obtained at iteration " in capsys.readouterr().out
    with pytest.raises(ArgumentError, match="mini_batch_size: expected 10"):
        net.SGD((x, y), 1, 5, 0.2, (x, y), (x, y))
    with pytest.raises(ShapeError, match="FullyConnectedLayer: expected 12 inputs, got 13"):
        network3.Network([layers[0], network3.FullyConnectedLayer(13, 8), layers[2]], 10)


# The book's exercises: classes of the reader's own.


class OwnQuadratic:
    """A cost as chapter 3 adds one: a class with two static methods."""

    @staticmethod
    def fn(a: Column, y: Column) -> float:
        return 0.5 * float(np.linalg.norm(a - y) ** 2)

    @staticmethod
    def delta(z: Column, a: Column, y: Column) -> Column:
        return (a - y) * network2.sigmoid_prime(z)


def columns(n: int) -> tuple[list[Any], list[Any]]:
    """Examples (4, 1), (3, 1), the largest of the first three inputs; and the same with digits."""
    rows = np.random.RandomState(5).rand(n, 4)
    desired = [int(row[:3].argmax()) for row in rows]
    xs = [row.reshape(4, 1) for row in rows]
    return [(x, np.eye(3)[:, [y]]) for x, y in zip(xs, desired)], list(zip(xs, desired))


@pytest.mark.ch3
def test_a_cost_class_of_ones_own_learns_as_the_same_cost_of_the_program() -> None:
    """(27) and (30) written by a reader give the costs and counts of QuadraticCost."""
    training, test = columns(40)
    found = []
    for cost in (network2.QuadraticCost, OwnQuadratic):
        net = network2.Network([4, 5, 3], cost=cost, rng=BookRandom(1))
        monitors = {"monitor_evaluation_cost": True, "monitor_evaluation_accuracy": True}
        monitors |= {"monitor_training_cost": True, "monitor_training_accuracy": True}
        found.append(net.SGD(training[:], 3, 7, 3.0, 0.1, test, **monitors))
    for ours, theirs in zip(*found):
        assert theirs == pytest.approx(ours, rel=1e-12)
    net.cost = network2.CrossEntropyCost  # and one that is replaced later is used at once
    assert net.total_cost(training, 0.0) > 1.5 * found[1][2][-1]


def test_a_method_that_a_reader_replaces_is_called() -> None:
    """Each method that the programs call on themselves; here each counts its calls, too."""
    calls: list[str] = []

    def counted(program: Any, name: str) -> Any:
        def method(self: Any, *given: Any, **named: Any) -> Any:
            calls.append(name)
            return getattr(program, name)(self, *given, **named)

        return type("Own", (program,), {name: method, "__module__": "mine"})

    training, test = columns(20)
    for name in ("update_mini_batch", "backprop", "cost_derivative", "feedforward", "evaluate"):
        nets = [
            kind([4, 5, 3], rng=BookRandom(1))
            for kind in (network.Network, counted(network.Network, name))
        ]
        for net in nets:
            net.SGD(training[:], 2, 5, 3.0, test_data=test)
        times = {"update_mini_batch": 8, "evaluate": 2}.get(name, 40)
        assert calls.count(name) == times, name
        assert nets[1].weights[0] == pytest.approx(nets[0].weights[0], rel=1e-12)
    calls.clear()
    for name in ("accuracy", "total_cost", "default_weight_initializer"):
        net = counted(network2.Network, name)([4, 5, 3], rng=BookRandom(1))
        net.SGD(training[:], 1, 5, 0.5, 0.1, test, monitor_evaluation_accuracy=True)
    assert sorted(calls) == ["accuracy", "default_weight_initializer", "total_cost"]


def test_weights_start_as_the_readers_initializer_says() -> None:
    """Chapter 3's exercise: other first weights, which nothing draws before."""

    class Zeros(network2.Network):
        def default_weight_initializer(self) -> None:
            self.biases = [np.zeros((y, 1)) for y in self.sizes[1:]]
            self.weights = [np.zeros((y, x)) for x, y in zip(self.sizes, self.sizes[1:])]

    net = Zeros([4, 5, 3])
    assert not any(w.any() for w in net.weights)
    assert net.feedforward(np.ones((4, 1))) == pytest.approx(np.full((3, 1), 0.5))
    net.SGD(columns(20)[0], 1, 5, 0.5)
    assert net.weights[1].any()


def test_a_network_is_copied_to_keep_the_best() -> None:
    """Early stopping keeps a copy, which does not learn on."""
    net = network2.Network([4, 5, 3])
    for kept in (copy.deepcopy(net), pickle.loads(pickle.dumps(net))):
        net.SGD(columns(20)[0], 1, 5, 0.5)
        assert not np.array_equal(kept.weights[0], net.weights[0])
        kept.SGD(columns(20)[0], 1, 5, 0.5)


# The command.


def test_a_line_of_the_shell_says_what_to_type_instead(
    prompt: Prompt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`$ python expand_mnist.py` is an import here; for others the prompt has to be left."""
    type_in(prompt, "$ python expand_mnist.py\ncd ../src\nx = (1 2)\n", monkeypatch)
    err = capsys.readouterr().err
    assert "type: import expand_mnist\n" in err
    assert err.count("a line for the shell") == 2
    assert err.count("SyntaxError") == 3


def test_an_error_shows_the_readers_lines_and_none_of_ours(
    prompt: Prompt,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """One line at the prompt; the lines of the file that led there."""
    type_in(prompt, "import network\nnetwork.Network([2, 0])\n", monkeypatch)
    assert re.fullmatch(r"ArgumentError: sizes\[1\]: .*, got 0\n+", capsys.readouterr().err)
    monkeypatch.setattr(sys, "argv", sys.argv)
    file = tmp_path / "mine.py"
    for line, files in (("network.Network([2, 0])", 1), ("1 / 0", 1), ("network.load", 1)):
        file.write_text(f"import network\n{line}\n")
        assert main(["book", str(file)]) == 1
        err = capsys.readouterr().err
        assert len(re.findall("  File ", err)) == err.count(f'"{file}", line 2') == files


def test_a_file_of_the_same_name_is_named_and_left_alone(
    names: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The book's own network2.py is for Python 2, and may be in this folder."""
    (tmp_path / "network2.py").write_text("print 'Python 2'\n")
    monkeypatch.chdir(tmp_path)
    assert importlib.import_module("network2") is network2
    assert "my_network2.py" in capsys.readouterr().err


@needs_mnist
def test_a_program_of_the_book_is_run_by_its_name(
    names: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The shell line of chapter 6, and average darkness: 2,225 of 10,000, as printed."""
    monkeypatch.setenv("TINYNN_DATA", str(FOLDER))
    monkeypatch.setattr(sys, "argv", sys.argv)
    assert main(["book", "expand_mnist.py"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("Expanding the MNIST training set\nExpanding image number 1000\n")
    assert "250,000 images" in out
    assert main(["book", "mnist_average_darkness.py"]) == 0
    assert "2225 of 10000 values correct." in capsys.readouterr().out


def test_a_file_finds_the_programs_and_its_arguments(tmp_path: Path) -> None:
    """`tinynn book FILE --option` in a new process has the exit status of the file."""
    file = tmp_path / "mine.py"
    file.write_text("import sys, network, network3\nprint(network.__name__, sys.argv[1:])\n1/0\n")
    command = [sys.executable, "-m", "tinynn", "book", str(file), "--epochs", "3"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stdout == "tinynn.book.network ['--epochs', '3']\n"
    assert "ZeroDivisionError" in done.stderr
    assert done.returncode == 1
    code = "import tinynn.book, network"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "No module named 'network'" in done.stderr, "only in tinynn book"


def test_a_missing_file_gets_a_one_line_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["book", "network9.py"]) == 2
    assert "network9.py: there is no such file" in capsys.readouterr().err
