"""Chapter 6: convolution and pooling, worked by hand, by the slopes of the cost, and as twins."""

from __future__ import annotations

import io
from itertools import product
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.claims import check
from tests.mnist import FOLDER, needs_mnist
from tests.numbers import close
from tests.test_mixtures import agree
from tinynn import (
    ArgumentError,
    Convolution,
    DataError,
    Dense,
    Dropout,
    GradientError,
    L2Pooling,
    Matrix,
    MaxPooling,
    Network,
    ShapeError,
    Vector,
    gradcheck,
    load_digits,
    load_mnist,
)
from tinynn.activations import ACTIVATIONS
from tinynn.cli.layers import read_layers
from tinynn.equations import (
    convolution_error,
    convolved_input,
    dense_weights,
    l2_pooled,
    l2_pooling_error,
    max_pooled,
    max_pooling_error,
    shared_bias_gradient,
    shared_weight_gradient,
    weight_gradient,
)
from tinynn.fast import Network as FastNetwork
from tinynn.fast.equations.activations import FAST_ACTIVATIONS
from tinynn.fast.equations.pooling import blocks_view, pooled_convolution
from tinynn.fast.stack import Stack
from tinynn.gradient_check import numerical_error
from tinynn.layers import DenseLayer, Forward, MaxPoolingLayer, Plan
from tinynn.notation import equations, twins_together
from tinynn.stepper import record
from tinynn.teaching.lessons import convolving

ENGINES = pytest.mark.parametrize("engine", [Network, FastNetwork], ids=["pure", "fast"])
DIGITS: list[Any] = [(1, 8, 8), Convolution(4, 3), MaxPooling(2), Dense(10, "softmax")]
FORMULA = {entry.number: f"({entry.number})  {entry.formula}" for entry in equations()}
CORNER = [1, 2, 0, 3, 1, 1, 0, 2, 5]  # an image of 3×3


# The formulas, by hand.


@pytest.mark.ch6
def test_a_field_slides_over_the_image_and_is_not_turned_round() -> None:
    """(125): z_11 = 1·1 + 2·2 + 3·3 + 4·1 + b, with the field 1 2 / 3 4 on 1 2 / 3 1."""
    z = convolved_input(Matrix([[1, 2, 3, 4]]), Vector([0.5]), Vector(CORNER), (1, 3, 3), (2, 2))
    assert z == Vector([18.5, 9.5, 13.5, 29.5]), "(125): z_jk = b + Σ_rs w_rs a_j+r,k+s"


@pytest.mark.ch6
def test_a_map_sees_every_map_before_it() -> None:
    """(125) with two maps before: each has its own field, and the sums are added."""
    a = Vector([1, 2, 3, 10, 20, 30])  # two maps of one row of 3
    z = convolved_input(Matrix([[1, 0, 0, 1], [0, 2, 0, 0]]), Vector([0, 1]), a, (2, 1, 3), (1, 2))
    assert z == Vector([21, 32, 5, 7]), "z_f,jk = b_f + Σ_g Σ_rs w_f,grs a_g,j+r,k+s"


@pytest.mark.ch6
def test_the_error_before_a_convolution_is_summed_over_the_places_that_saw_it() -> None:
    """(BP2c): the middle of three pixels is seen twice, by w_2 at the first place, then by w_1."""
    where = (1, 1, 3), (1, 2)
    delta = convolution_error(Matrix([[4, 8]]), Vector([1, 2]), *where, Vector([0, 0, 0]))
    assert delta == Vector([1, 4, 4]), "δ_k = Σ_s w_s δ_k-s σ'(0), σ'(0) = 1/4: 4·1, 8·1 + 4·2, 8·2"


@pytest.mark.ch6
def test_a_shared_weight_learns_from_every_place() -> None:
    """(BP3c) and (BP4c): sums over the places of a map; what is given is added into."""
    error = Vector([1, 0, 0, 10])
    b = shared_bias_gradient(error, (1, 2, 2))
    assert b == Vector([11]), "∂C/∂b = Σ_jk δ_jk"
    w = shared_weight_gradient(Vector(CORNER), (1, 3, 3), (2, 2), error)
    assert w == Matrix([[1 + 10, 2 + 10, 3 + 20, 1 + 50]]), "∂C/∂w_rs = Σ_jk a_j+r,k+s δ_jk"
    assert shared_weight_gradient(Vector(CORNER), (1, 3, 3), (2, 2), error, w) is w
    assert w == Matrix([[22, 24, 46, 102]])


@pytest.mark.ch6
def test_two_maps_before_a_convolution_have_errors_and_slopes_to_themselves() -> None:
    """(BP2c), (BP4c), with fields 4 8 and 12 16 on two maps of one row of 3; σ'(0) = 1/4."""
    where, error = ((2, 1, 3), (1, 2)), Vector([1, 2])
    steep = Vector([0, 0, 0, 40, 40, 40])  # σ'(40) is 0, to 17 places
    delta = convolution_error(Matrix([[4, 8, 12, 16]]), error, *where, steep)
    assert (delta - Vector([1, 4, 4, 0, 0, 0])).norm() < 1e-12, "(BP2c): σ'(z) of the same map"
    a = Vector([1, 2, 3, 10, 20, 30])
    w = shared_weight_gradient(a, *where, error)
    assert w == Matrix([[5, 8, 50, 80]]), "(BP4c): Σ_k a_g,k+s δ_k = 1·1 + 2·2, 2·1 + 3·2, …"
    sums = Vector([100])
    assert shared_bias_gradient(error, (1, 1, 2), sums) is sums
    assert sums == Vector([103]), "(BP3c): Σ δ = 3 is added to what is given"


@pytest.mark.ch6
def test_max_pooling_keeps_the_largest_of_a_block() -> None:
    """(max), of blocks of 1×2 and of 2×1; what fills no block is left out."""
    a = Vector(CORNER)
    assert max_pooled(a, (1, 3, 3), (1, 2)) == Vector([2, 3, 2]), FORMULA["max"]
    assert max_pooled(a, (1, 3, 3), (2, 1)) == Vector([3, 2, 1]), FORMULA["max"]
    a = Vector([-3, -1, -2, -4])
    assert max_pooled(a, (1, 2, 2), (2, 2)) == Vector([-1]), FORMULA["max"]


@pytest.mark.ch6
def test_of_equal_activations_the_first_row_by_row_gets_the_error() -> None:
    """(max·δ): σ'(0) = 1/4 of 8 is 2, at one place; blank margins tie in most windows."""
    z = Vector([0] * 4)
    for a, winner in (([7, 7, 7, 7], 0), ([1, 2, 2, 0], 1), ([0, 0, 0, 1], 3), ([0, 5, 5, 5], 1)):
        delta = max_pooling_error(Vector(a), (1, 2, 2), (2, 2), Vector([8]), z)
        expected = Vector.one_hot(winner, 4) * 2.0
        assert delta == expected, f"{FORMULA['max·δ']}: of {a}, place {winner + 1} alone"


@pytest.mark.ch6
def test_l2_pooling_keeps_the_length_of_a_block() -> None:
    """(√Σ): √(3² + 4²) = 5; (√Σ·δ): each place has its share a/5; a block of zeros has none."""
    a, where = Vector([3, 0, 4, 0]), ((1, 2, 2), (2, 2))
    assert l2_pooled(a, *where) == Vector([5]), FORMULA["√Σ"]
    z = Vector([0] * 4)
    assert l2_pooling_error(a, *where, Vector([20]), z) == Vector([3, 0, 4, 0]), FORMULA["√Σ·δ"]
    assert l2_pooling_error(z, *where, Vector([20]), z) == z, FORMULA["√Σ·δ"]
    a, where = Vector([3, 4, 6, 8, 0, 5]), ((1, 1, 6), (1, 2))
    assert l2_pooled(a, *where) == Vector([5, 10, 5]), FORMULA["√Σ"]
    delta = l2_pooling_error(a, *where, Vector([20, 40, 60]), Vector([0] * 6))
    assert delta == Vector([3, 4, 6, 8, 0, 15]), FORMULA["√Σ·δ"]


@pytest.mark.ch6
def test_the_equations_of_chapter_6_are_registered_with_their_twins() -> None:
    """(125), BP2 to BP4 of a convolution, and each pooling with its error."""
    mine = {entry.number: entry for entry in equations() if entry.chapter == 6}
    assert list(mine) == ["125", "BP2c", "BP3c", "BP4c", "max", "max·δ", "√Σ", "√Σ·δ"]
    assert all(entry.twin is not None for entry in mine.values())
    assert {each.__name__ for each in twins_together()[pooled_convolution]} == {
        "convolved_input",
        "activation",
        "max_pooled",
    }


@pytest.mark.parametrize(
    ("function", "wrong"),
    [
        (convolved_input, (Matrix([[1]]), Vector([0]), Vector([1, 2]), (2,), (1, 1))),
        (convolved_input, (Matrix([[1]]), Vector([0]), Vector([1, 2]), (1, 1, 2), (2, 2))),
        (convolved_input, (Matrix([[1]]), Vector([0]), Vector([1, 2]), (1, 1, 3), (1, 1))),
        (convolved_input, (Matrix([[1, 2]]), Vector([0]), Vector([1, 2]), (1, 1, 2), (1, 1))),
        (dense_weights, (Matrix([[1]]), (1, 1, 2), (1, 2))),
        (dense_weights, (Matrix([[1, 2]]), (1, 1, 1), (1, 2))),
        (shared_bias_gradient, (Vector([1, 2]), (1, 1, 3))),
        (shared_weight_gradient, (Vector([1, 2]), (1, 1, 2), (1, 2), Vector([1]), Matrix([[1]]))),
        (max_pooled, (Vector([1, 2]), (1, 1, 2), (2, 1))),
        (max_pooled, ([1, 2], (1, 1, 2), (1, 2))),
    ],
)
def test_a_formula_checks_the_shapes_it_is_given(function: Any, wrong: Any) -> None:
    """The message has the expected and the given shape."""
    with pytest.raises(ShapeError, match="expected .* got"):
        function(*wrong)


# Descriptions.


def test_a_description_says_its_shape_and_prints_as_it_is_written() -> None:
    """20 maps of 24×24 after 28×28, with 20·26 = 520 weights and biases."""
    plan = Plan([(1, 28, 28), Convolution(20, 5), MaxPooling(2), Convolution(40, (3, 5)), 10])
    assert plan.shapes == ((1, 28, 28), (20, 24, 24), (20, 12, 12), (40, 10, 8), (10,))
    assert plan.weight_shapes == {2: (20, 25), 4: (40, 300), 5: (10, 3200)}
    assert sum(rows * (columns + 1) for rows, columns in [plan.weight_shapes[2]]) == 520
    for text in (
        "Convolution(4, 3)",
        "Convolution(4, (2, 3), 'relu')",
        "MaxPooling(2)",
        "MaxPooling((2, 1), True)",
        "L2Pooling(3)",
    ):
        assert repr(eval(text)) == text
        assert [repr(each) for each in read_layers(f"{text}, Dense(2)")] == [text, "Dense(2)"]
    assert Convolution(4, (3, 3)) == Convolution(4, 3)
    assert repr(MaxPooling(2)) != repr(L2Pooling(2))
    assert "filters" in (Convolution.__doc__ or "")
    assert "kernel_size" in (Convolution.__doc__ or "")
    assert "pool_size" in (MaxPooling.__doc__ or "")


@ENGINES
@pytest.mark.parametrize(
    ("layers", "words"),
    [
        ([64, Convolution(4, 3), 10], r"layer 2, Convolution\(4, 3\): .*rows and columns, got 64"),
        ([(8, 8), Convolution(4, 3), 10], r"got 8×8: write Network\(\[\(1, 28, 28\), …\]\)"),
        ([(1, 8, 8), 30, MaxPooling(2), 10], "layer 3, .* got 30"),
        ([(1, 4, 8), Convolution(4, 5), 10], "maps of at least 5×5, .* got 4×8: write a smaller"),
        ([(1, 7, 8), MaxPooling(2), 10], r"blocks of 2×2, got 7×8: write MaxPooling\(2, cut=True"),
        ([(1, 2, 2), L2Pooling(3), 10], "maps of at least 3×3, the size of a block, got 2×2"),
    ],
)
def test_layers_that_do_not_fit_are_rejected(engine: Any, layers: Any, words: str) -> None:
    """By layer, with what to write instead."""
    with pytest.raises(ShapeError, match=words):
        engine(layers)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Convolution(0, 3), "Convolution: maps: expected a whole number of at least 1"),
        (lambda: Convolution(4, 0), "Convolution: field: expected a whole number"),
        (lambda: Convolution(4, (3, 0)), "Convolution: field: expected a whole number"),
        (
            lambda: Convolution(4, (3, 3, 3)),  # type: ignore[arg-type]
            "field: expected a number, or rows and columns",
        ),
        (lambda: Convolution(4, "3"), "field: .* got '3'"),  # type: ignore[arg-type]
        (lambda: Convolution(4, 2.5), "field: .* got 2.5"),  # type: ignore[arg-type]
        (lambda: Convolution(4, 3, "softmax"), r"write Dense\(10, 'softmax'\)"),
        (lambda: MaxPooling(0), "MaxPooling: size: expected a whole number"),
        (lambda: MaxPooling(float("nan")), "MaxPooling: size: .* nan"),  # type: ignore[arg-type]
        (lambda: L2Pooling(2, "yes"), "L2Pooling: cut: expected True or False"),  # type: ignore[arg-type]
        (lambda: Plan([(1, 9999, 9999), Convolution(1, 1)]), "at most 10,000,000 neurons"),
    ],
)
def test_bad_settings_are_rejected(make: Any, words: str) -> None:
    """In both engines: the descriptions check them."""
    with pytest.raises(ArgumentError, match=words):
        make()


@ENGINES
def test_maps_that_blocks_do_not_fill_are_cut_where_that_is_asked_for(engine: Any) -> None:
    """As the book's program does: 7×9 to 3×4; a change in what is left out changes nothing."""
    net = engine([(1, 7, 9), MaxPooling(2, cut=True), Dense(3)], seed=0)
    assert net.plan.shapes[1] == (1, 3, 4)
    x = [Random(0).random() for _ in range(63)]
    y = [9.0 if i // 9 == 6 or i % 9 == 8 else v for i, v in enumerate(x)]
    assert list(net.feedforward(x)) == list(net.feedforward(y))


# Gradients.


class Stacked(NamedTuple):
    """Layers, their cost, and examples."""

    layers: list[Any]
    cost: str
    data: list[tuple[Vector, Vector]]

    def built(self, engine: Any, seed: int = 0) -> Any:
        """Return the network in an engine."""
        return engine(self.layers, cost=self.cost, seed=seed)


@st.composite
def stacks(draw: st.DrawFn) -> Stacked:
    """Draw up to three layers of maps, then dense ones or none; images with flat parts, too."""
    shape = draw(st.integers(1, 2)), draw(st.integers(3, 7)), draw(st.integers(3, 7))
    layers: list[Any] = [shape]
    before = shape
    names = st.sampled_from(["sigmoid", "tanh", "linear", "relu"])
    for kind in draw(st.lists(st.sampled_from("ccmmld"), max_size=4)):
        size = draw(st.integers(1, min(3, before[1]))), draw(st.integers(1, min(3, before[2])))
        maps, name = draw(st.integers(1, 3)), draw(names)
        described: dict[str, Any] = {
            "c": Convolution(maps, size, name),
            "m": MaxPooling(size, cut=True),
            "l": L2Pooling(size, cut=True),
            "d": Dropout(0.25),
        }
        layers.append(described[kind])
        before = layers[-1].shape_after(before)
    layers += draw(st.sampled_from([[], [Dense(3, "tanh")]]))
    cost, last = draw(
        st.sampled_from([("quadratic", "sigmoid"), ("log-likelihood", "softmax")]),
    )
    if draw(st.booleans()) or not isinstance(layers[-1], (Convolution, MaxPooling, L2Pooling)):
        layers.append(Dense(3, last))
    else:
        cost = "quadratic"
    sizes = Plan(layers).sizes
    rng = Random(draw(st.integers(0, 10**6)))
    flat = draw(st.sampled_from([0.0, 0.5, 1.0]))  # the share of the image that is blank

    def image() -> Vector:
        value = rng.choice([0.0, 0.5])
        return Vector([value if i < flat * sizes[0] else rng.random() for i in range(sizes[0])])

    count = draw(st.integers(1, 4))
    answers = [Vector.one_hot(rng.randrange(sizes[-1]), sizes[-1]) for _ in range(count)]
    return Stacked(layers, cost, [(image(), y) for y in answers])


def is_smooth(net: Network, x: Vector) -> bool:
    """Return whether no corner of relu, of a maximum or of a length is near."""
    passed = net.forward(x)
    for l, description in enumerate(net.plan.descriptions, start=2):
        if passed[l].function.name == "relu" and min(map(abs, passed[l].z)) < 1e-3:
            return False
        if isinstance(description, (MaxPooling, L2Pooling)):
            F, P, Q = net.plan.shapes[l - 2]
            maps = np.array(passed[l - 1].a.entries).reshape(F, P, Q, 1)
            blocks = blocks_view(maps, description.window).transpose(0, 1, 3, 2, 4, 5)
            for block in blocks.reshape(-1, blocks.shape[3] * blocks.shape[4]):
                near = block.max() - block
                if isinstance(description, MaxPooling) and ((near > 1e-15) & (near < 1e-3)).any():
                    return False
                if isinstance(description, L2Pooling) and np.hypot.reduce(block) < 1e-2:
                    return False
    return True


@pytest.mark.ch6
@given(stacks(), st.integers(0, 99))
def test_the_gradient_of_every_stack_is_the_slope_of_its_cost(stack: Stacked, seed: int) -> None:
    """Every weight and bias is moved, on rectangular images, with flat parts and without."""
    net = stack.built(Network, seed)
    x, y = stack.data[0]
    assume(is_smooth(net, x))
    gradcheck(net, x, y)


@pytest.mark.ch6
def test_the_error_of_every_kind_of_layer_is_the_slope_by_its_weighted_inputs() -> None:
    """(29), for maps too: each z^l is moved, and the cost measured."""
    layers: list[Any] = [(1, 5, 4), Convolution(2, 2, "tanh"), L2Pooling(2, True)]
    net = Network([*layers, Convolution(2, 1), MaxPooling((2, 1)), Dense(2)], seed=0)
    rng = Random(0)
    x, y = Vector([rng.random() for _ in range(20)]), Vector([1, 0])
    passed = net.forward(x)
    delta = net.cost.error(passed[6], y)
    for l in range(5, 1, -1):
        delta = net.layer(l + 1).error_before(delta, passed[l])
        expected = numerical_error(net, l, passed[l].z, y)
        assert (delta - expected).norm() < 1e-9, f"(29): δ^{l} = ∂C/∂z^{l}"


@pytest.mark.ch6
def test_a_wrong_weight_of_a_field_is_named_by_its_place() -> None:
    """w^2_2,1,2,1: map 2, map 1 before it, row 2, column 1 of the field."""
    net = Network([(1, 4, 4), Convolution(2, 2), Dense(2)], seed=0)

    def wrong(x: Vector, y: Vector) -> Any:
        gradient = net.backprop(x, y)
        gradient.weights[0][1][2] += 0.5
        return gradient

    with pytest.raises(GradientError, match=r"∂C/∂w\^2_2,1,2,1: backpropagation gives"):
        gradcheck(net, Vector([0.5] * 16), Vector([1, 0]), backprop=wrong)


@pytest.mark.ch6
def test_sending_the_error_to_every_equal_place_is_a_wrong_gradient() -> None:
    """On an image with a blank margin the check passes; with the error at all winners it fails."""

    class ToAll(MaxPoolingLayer):
        def error_before(self, error: Vector, before: Forward) -> Vector:
            a = before.a
            delta = [0.0] * len(a)
            for i in range(len(a)):  # two maps of 4×4, in blocks of 2×2
                f, j, k = i // 16, i % 16 // 8, i % 4 // 2
                block = [a[f * 16 + (2 * j + r) * 4 + 2 * k + s] for r in (0, 1) for s in (0, 1)]
                slope = before.function.derivative(before.z[i])
                delta[i] = (a[i] == max(block)) * error[f * 4 + 2 * j + k] * slope
            return Vector(delta)

    net = Network([(1, 6, 6), Convolution(2, 3), MaxPooling(2), Dense(2)], seed=0)
    corner = Vector([0.8 if i in (28, 29, 34, 35) else 0.0 for i in range(36)])
    a = net.forward(corner)[2].a
    assert a[0] == a[1] == a[4] == a[5], "the blank corner ties"
    gradcheck(net, corner, Vector([1, 0]))
    wrong = net._with_layers({3: ToAll(MaxPooling(2), (2, 4, 4))})
    with pytest.raises(GradientError, match=r"∂C/∂b\^2_1: backpropagation gives"):
        gradcheck(net, corner, Vector([1, 0]), backprop=wrong.backprop)
    rng = Random(0)
    noise = Vector([rng.random() for _ in range(36)])
    gradcheck(net, noise, Vector([1, 0]), backprop=wrong.backprop)


@pytest.mark.ch6
@settings(max_examples=60)
@given(stacks(), st.integers(0, 99))
def test_gradients_of_every_stack_agree_to_1e_12(stack: Stacked, seed: int) -> None:
    """One example and a mini-batch; forward passes layer by layer; the same first weights."""
    pure, fast = stack.built(Network, seed), stack.built(FastNetwork, seed)
    assert fast.to_pure() == pure
    for ours, theirs in (
        (fast.backprop(*stack.data[0]), pure.backprop(*stack.data[0])),
        (fast.backprop_mini_batch(stack.data), pure.backprop_mini_batch(stack.data)),
    ):
        agree(ours.biases, theirs.biases, 1e-12, "∂C/∂b")
        agree(ours.weights, theirs.weights, 1e-12, "∂C/∂w")
    passed, expected = fast.forward(stack.data[0][0]), pure.forward(stack.data[0][0])
    for l in range(2, pure.num_layers + 1):
        agree([passed[l].z, passed[l].a], [expected[l].z, expected[l].a], 1e-12, f"layer {l}")


@pytest.mark.ch6
@settings(max_examples=40)
@given(stacks(), st.integers(0, 99), st.sampled_from([0.0, 0.5]), st.integers(1, 3))
def test_an_epoch_of_every_stack_agrees_to_1e_9(
    stack: Stacked, seed: int, lmbda: float, size: int
) -> None:
    """With λ and momentum, shuffles and dropout masks of one seed."""
    pure, fast = stack.built(Network, seed), stack.built(FastNetwork, seed)
    how: dict[str, Any] = {"seed": seed, "mu": 0.5, "test_data": stack.data}
    for net in (pure, fast):
        (report,) = net.train(stack.data, 1, size, 0.05, lmbda, **how).finish()
        assert report.total == len(stack.data)
    agree(fast.weights, pure.weights, 1e-9, "w")
    agree(fast.biases, pure.biases, 1e-9, "b")
    assert fast.total_cost(stack.data, lmbda) == pytest.approx(
        pure.total_cost(stack.data, lmbda), rel=1e-9, abs=1e-12
    )


@pytest.mark.ch6
@needs_mnist
def test_gradients_agree_to_1e_10_on_100_digits_of_mnist() -> None:
    """Blank margins tie in 40 % of the windows of the first convolution."""
    layers: list[Any] = [
        (1, 28, 28),
        Convolution(2, 5),
        MaxPooling(2),
        Convolution(3, 5),
        MaxPooling(2),
        Dense(10, "softmax"),
    ]
    data = load_mnist(str(FOLDER)).test[:100]
    pure, fast = (each(layers, cost="log-likelihood", seed=0) for each in (Network, FastNetwork))
    ours, theirs = fast.backprop_mini_batch(data), pure.backprop_mini_batch(data)
    agree([*ours.biases, *ours.weights], [*theirs.biases, *theirs.weights], 1e-10, "gradient")


# Arrays.


@pytest.mark.ch6
@given(st.data(), st.integers(0, 99), st.sampled_from(sorted(ACTIVATIONS)))
def test_biases_and_sigma_may_come_after_the_maximum(
    data: st.DataObject, seed: int, name: str
) -> None:
    """max σ(w a + b) = σ(max (w a) + b) as no σ ever falls: the two orders, in numbers."""
    rng = np.random.default_rng(seed)
    F, J, R, K, S, m = (data.draw(st.integers(1, 3)) for _ in range(6))
    products = rng.standard_normal((F, J, R, K, S, m))
    biases = rng.standard_normal((F, 1))
    together = pooled_convolution(products, biases, FAST_ACTIVATIONS[name])
    sigma = FAST_ACTIVATIONS[name].value
    apart = sigma(products + biases.reshape(F, 1, 1, 1, 1, 1), None).max((2, 4))
    assert np.abs(together.reshape(apart.shape) - apart).max() <= 1e-15


def test_a_mini_batch_allocates_nothing_that_could_be_made_once() -> None:
    """A step of a stack that has run before takes a buffer or two, but no array of a layer."""
    import tracemalloc

    layers: list[Any] = [
        (1, 20, 20),
        Convolution(8, 5),
        MaxPooling(2),
        Convolution(6, 3),
        MaxPooling(2),
    ]
    net = FastNetwork([*layers, L2Pooling(3), Dense(10)], seed=0, dtype="float32")
    stack = net._stack(10)
    x, y = np.ones((10, 400), "float32").T, np.ones((10, 10), "float32")
    with np.errstate(all="ignore"):
        net._backpropagate(stack, [(x, y)] * 2, 0.1)
        tracemalloc.start()
        tracemalloc.reset_peak()
        base = tracemalloc.get_traced_memory()[0]
        net._backpropagate(stack, [(x, y)] * 3, 0.1)
        peak = tracemalloc.get_traced_memory()[1] - base
        tracemalloc.stop()
    assert peak < 65_536, f"{peak:,} bytes: an array of the first convolution has 81,920"


def test_evaluation_takes_few_images_at_a_time() -> None:
    """The windows of 10,000 images at once would need gigabytes."""
    layers: list[Any] = [(1, 28, 28), Convolution(20, 5), MaxPooling(2), Dense(10)]
    net = FastNetwork(layers, seed=0, dtype="float32")
    rng = Random(0)
    data = [(Vector([rng.random() for _ in range(784)]), Vector.one_hot(0, 10)) for _ in range(120)]
    assert net.measure(data).total == 120
    assert max(m for m in net._stacks) <= 100


def test_a_pooled_convolution_is_worked_out_block_by_block() -> None:
    """The first one, whose error goes nowhere; its answers are in the order of the loops."""
    net = FastNetwork(DIGITS, cost="log-likelihood", seed=0)
    stack = Stack(net.plan, net._parameters, 3)
    pooling: Any = stack.layers[1]
    assert pooling.in_blocks
    single: Any = net.layer(3)
    assert not single.in_blocks


# Learning, files, the command line.


@ENGINES
def test_a_convolution_learns_the_digits(engine: Any, tmp_path: Path) -> None:
    """8×8 digits, 300 of them: far above the first guess; it comes back from a file."""
    digits = load_digits()
    net = engine(DIGITS, cost="log-likelihood", seed=0)
    assert "1×8×8-4×6×6-4×3×3-10: 410 weights and biases" in repr(net)
    before = net.evaluate(digits.test)
    net.train(digits.training[:300], 4, 10, 1.0, seed=0).finish()
    assert net.evaluate(digits.test) > before + 150
    net.save(tmp_path / "net.json")
    again = engine.load(tmp_path / "net.json")
    assert again == net
    assert again.layers == net.layers == DIGITS
    assert Network.load(tmp_path / "net.json").layers == DIGITS


@ENGINES
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stack=stacks(), seed=st.integers(0, 99))
def test_every_stack_is_resumed_to_the_same_bits(
    engine: Any, tmp_path: Path, stack: Stacked, seed: int
) -> None:
    """Two epochs, a file, and two more are four."""
    whole, half = stack.built(engine, seed), stack.built(engine, seed)
    whole.train(stack.data, 4, 2, 0.05, 0.1, seed=seed).finish()
    run = half.train(stack.data, 4, 2, 0.05, 0.1, seed=seed)
    next(run), next(run)
    run.save(tmp_path / "run.json")
    again = engine.resume(tmp_path / "run.json", stack.data)
    again.finish()
    assert again.network == whole


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"field": 3', '"field": 9', "layer 2, Convolution.*maps of at least 9×9"),
        ('"field": 3', '"field": [3, 3, 3]', "layer 2: Convolution: field: expected a number, or"),
        ('"field": 3', '"field": [2, 3]', "weights|layer"),
        ('"size": 2', '"size": 4', r"layer 3, MaxPooling.*blocks of 4×4"),
        ('"cut": false', '"cut": 0', "layer 3: MaxPooling: cut: expected True or False"),
        ('"maps": 4', '"maps": 5', "layer 2: 4×9 weights and 4 biases do not fit 5×9"),
    ],
)
def test_a_damaged_file_is_rejected_by_layer(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    """With what is wrong there."""
    path = tmp_path / "net.json"
    Network(DIGITS, cost="log-likelihood", seed=0).save(path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(DataError, match=words):
        Network.load(path)


def test_fields_that_are_not_square_come_back_from_a_file(tmp_path: Path) -> None:
    """(2, 3) is a list in JSON."""
    net = Network([(1, 5, 5), Convolution(2, (2, 3)), L2Pooling((2, 1)), Dense(2)], seed=0)
    net.save(tmp_path / "net.json")
    assert Network.load(tmp_path / "net.json") == net


# What a convolution is: the claims that a learner's functions are held to.


@pytest.mark.ch6
def test_convolution() -> None:
    """(125): b + Σ w_rs a_(j+r),(k+s), over the places where the whole field is on the image."""
    check("convolution", convolving.convolution_of)


@pytest.mark.ch6
def test_convolution_shift() -> None:
    """A shift of the image shifts the map."""
    check("convolution-shift", convolving.convolution_of)


@pytest.mark.ch6
def test_feature_map() -> None:
    """(125) with several maps before it."""
    check("feature-map", convolving.feature_map_of)


@pytest.mark.ch6
def test_convolution_1x1() -> None:
    """A 1×1 field is a dense neuron at each pixel."""
    check("convolution-1x1", convolving.feature_map_of)


@pytest.mark.ch6
def test_convolution_dense() -> None:
    """The shared weights, written out as the rows of a dense layer."""
    check("convolution-dense", convolving.dense_weights_of)


@pytest.mark.ch6
def test_convolution_error() -> None:
    """(BP2c) is the slope of the cost in z."""
    check("convolution-error", convolving.convolution_error_of)


@pytest.mark.ch6
def test_shared_weight() -> None:
    """(BP4c) is how the cost changes when a weight is moved in all its places."""
    check("shared-weight", convolving.field_gradient_of)


@pytest.mark.ch6
def test_shared_bias() -> None:
    """(BP3c): the sum over the places of a map."""
    check("shared-bias", convolving.shared_bias_gradient_of)


@pytest.mark.ch6
def test_max_pooling() -> None:
    """(max): the largest of each block."""
    check("max-pooling", convolving.max_pooling_of)


@pytest.mark.ch6
def test_max_pooling_error() -> None:
    """(max·δ): the error of the block, times σ'(z) of the winner."""
    check("max-pooling-error", convolving.pooling_error_of)


@pytest.mark.ch6
def test_max_pooling_winner() -> None:
    """(max·δ): to the first of the largest, row by row, and to no other."""
    check("max-pooling-winner", convolving.pooling_error_of)


@pytest.mark.ch6
def test_l2_pooling() -> None:
    """(√Σ): the length of each block."""
    check("l2-pooling", convolving.l2_pooling_of)


@pytest.mark.ch6
def test_the_dense_matrix_by_hand() -> None:
    """Fields of 1×2 on two maps of 2×2: rows are (map, place), columns (map before, pixel)."""
    written = dense_weights(Matrix([[1, 2, 3, 4], [5, 6, 7, 8]]), (2, 2, 2), (1, 2))
    assert written.to_lists() == [
        [1, 2, 0, 0, 3, 4, 0, 0],
        [0, 0, 1, 2, 0, 0, 3, 4],
        [5, 6, 0, 0, 7, 8, 0, 0],
        [0, 0, 5, 6, 0, 0, 7, 8],
    ], "(125): w_(f,j,k),(g,j+r,k+s) = w_f,g,r,s"
    written = dense_weights(Matrix([[1, 2], [3, 4]]), (1, 1, 3), (1, 2))
    assert written == Matrix([[1, 2, 0], [0, 1, 2], [3, 4, 0], [0, 3, 4]]), "map after map"


@pytest.mark.ch6
@settings(max_examples=25)
@given(st.data(), st.integers(0, 99))
def test_a_convolution_is_the_dense_layer_with_its_shared_weights_written_out(
    data: st.DataObject, seed: int
) -> None:
    """On random images: equal outputs and errors; shared weights have the sum of the slopes."""
    F, G, P, Q = (data.draw(st.integers(1, most)) for most in (3, 3, 5, 5))
    field = data.draw(st.integers(1, P)), data.draw(st.integers(1, Q))
    net = Network([(G, P, Q), Convolution(F, field), Dense(1)], seed=seed)
    layer, rng = net.layer(2), Random(seed)
    w, b = layer.weights, layer.biases
    assert w is not None
    assert b is not None
    places = layer.shape[1] * layer.shape[2]
    a = Vector([rng.uniform(-1, 1) for _ in range(G * P * Q)])
    dense = dense_weights(w, (G, P, Q), field)
    every_b = Vector([each for each in b for _ in range(places)])
    written_out = DenseLayer(Dense(F * places), (G * P * Q,), every_b, dense)
    passed, other = layer.forward(a), written_out.forward(a)
    assert (passed.z - other.z).norm() < 1e-9, "(125): z = w a + b with the weights written out"
    error = Vector([rng.uniform(-1, 1) for _ in range(F * places)])
    before = Forward(a, a, ACTIVATIONS["sigmoid"])
    back, back_too = layer.error_before(error, before), written_out.error_before(error, before)
    assert (back - back_too).norm() < 1e-9, "(BP2c) is (BP2) of the dense layer"
    shared = shared_weight_gradient(a, (G, P, Q), field, error)
    slopes = weight_gradient(a, error)
    number = Matrix([[1 + f * len(w[0]) + i for i in range(len(w[0]))] for f in range(F)])
    which = dense_weights(number, (G, P, Q), field)  # the number of each weight, in its places
    for f, i in product(range(F), range(len(w[0]))):
        total = sum(
            slope
            for numbers, row in zip(which, slopes)
            for each, slope in zip(numbers, row)
            if each == number[f][i]
        )
        close(shared[f][i], total, "(BP4c): ∂C/∂w shared is the sum over its places")


@pytest.mark.ch6
def test_a_1_by_1_field_is_a_dense_layer_for_each_pixel() -> None:
    """z_f,jk = Σ_g w_fg a_g,jk + b_f: one dense layer from maps to maps, at every place."""
    w, b = Matrix([[1, 2], [3, 4], [5, 6]]), Vector([0.5, 0, -1])
    a = Vector([1, 2, 3, 10, 20, 30])
    z = convolved_input(w, b, a, (2, 1, 3), (1, 1))
    for k in range(3):
        for f, value in enumerate(w @ Vector([a[k], a[3 + k]]) + b):
            close(z[3 * f + k], value, f"place {k + 1}, map {f + 1}")


def test_lines_of_a_convolution_are_recorded_by_the_names_of_the_book() -> None:
    """w^2_1,1,2,1 times a^1_1,2,1, and the maximum from −∞ as one visible line."""
    net = Network([(1, 3, 3), Convolution(1, 2), MaxPooling(2), Dense(1)], seed=0)
    with record() as steps:
        net.backprop(Vector(CORNER), Vector([1]))
    numbers = {step.number for step in steps}
    assert {"125", "BP3c", "BP4c", "max", "max·δ"} <= numbers
    mine = [step for step in steps if step.number == "125"]
    assert dict(mine[0].indices) == {"l": 2, "f": 0, "j": 0, "k": 0, "g": 0, "r": 0, "s": 0}
    assert mine[0].source == "total += w[f][g][r][s] * a[g][j + r][k + s]"
    largest = [step for step in steps if step.number == "max"]
    assert [step.source for step in largest] == [
        "z[f][j][k] = max(z[f][j][k], a[f][j * R + r][k * S + s])"
    ] * 4
    assert largest[0].before == float("-inf")
    assert largest[3].result == max(step.result for step in largest)


@pytest.mark.ch6
def test_every_line_of_a_convolution_is_a_step_that_comes_out_again() -> None:
    """Each step's right side, evaluated by itself, is its result; no line that computes is left."""
    layers: list[Any] = [(1, 4, 5), Convolution(2, 2, "tanh"), L2Pooling((1, 2)), Convolution(1, 1)]
    net = Network([*layers, MaxPooling(2, cut=True), Dense(2)], seed=0)
    with record() as steps:
        net.backprop(Vector([0.1 * (i % 7) for i in range(20)]), Vector([1, 0]))
    assert not steps.unrecorded
    for step in steps:
        assert eval(step.substituted, dict(step.functions)) == step.result, step.source
    names = {step.number for step in steps}
    assert names >= {"125", "BP2c", "BP3c", "BP4c", "max", "max·δ", "√Σ", "√Σ·δ"}


# The commands.

HOME = "XDG_CACHE_HOME"


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> str:
    """Return a small network of feature maps, trained on the loops by the command for an epoch."""
    from tinynn.cli.program import run

    monkeypatch.setenv(HOME, str(tmp_path))
    path = str(tmp_path / "net.json")
    layers = "Convolution(2, 3), MaxPooling(2), Dense(10, 'softmax')"
    assert run(["train", "--plain", "--epochs", "1", "--layers", layers, "--save", path]) == 0
    capsys.readouterr()
    return path


def test_train_takes_the_shape_of_the_images_from_the_data(trained: str, capsys: Any) -> None:
    """(1, 8, 8) in front of a convolution, 64 in front of a dense layer; λ and the rest as ever."""
    from tinynn.cli.program import run

    assert Network.load(trained).layers[0] == (1, 8, 8)
    assert run(["train", "--plain", "--layers", "Convolution(2, 9), Dense(10)"]) == 2
    assert "layer 2, Convolution(2, 9): expected maps of at least 9×9" in capsys.readouterr().err


def test_show_draws_every_feature_map(trained: str, capsys: Any) -> None:
    """By layer: its shape, its range, and each map; a neuron from near has its place and field."""
    from tinynn.cli.program import run

    assert run(["show", trained, "--plain", "--digit", "4", "--neuron", "2:40"]) == 0
    shown = capsys.readouterr().out
    assert "layer 2: 2 maps of 6×6, from " in shown
    assert "layer 3: 2 maps of 3×3, from " in shown
    assert shown.count("map 1         map 2") == shown.count("map 1   map 2") == 1
    assert "it is in map 2, row 1, column 4" in shown
    assert "its strongest weights, 6 of 9, each times its input:" in shown
    assert "w^2_2,1," in shown


def test_show_gives_the_block_of_a_pooling_neuron() -> None:
    """(max): a^2_5 is the largest of rows 3 and 4, columns 1 and 2; of 9 neurons 6 are shown."""
    from tinynn.views.near import neuron_lines

    x = Vector([0.01 * k for k in range(1, 73)])
    net = Network([(2, 6, 6), MaxPooling(2), L2Pooling((1, 3)), Dense(2)], seed=0)
    passed = net.forward(x)
    lines = list(neuron_lines(net, passed, 2, 13))  # the second map begins with neuron 10
    assert lines[0] == "a^2_13 = max(a^1_49, a^1_50, a^1_55, a^1_56) = 0.5600"
    assert lines[1] == "it is in map 2, row 2, column 1"
    assert lines[3].split() == ["a^1_56", "0.5600", "a^1_55", "0.5500"]
    lines = list(neuron_lines(net, passed, 3, 2))
    assert lines[0] == "a^3_2 = length of (a^2_4, a^2_5, a^2_6) = 0.3821"  # of 0.2, 0.22, 0.24
    assert lines[1] == "it is in map 1, row 2, column 1"
    net = Network([(2, 6, 6), MaxPooling(3), Dense(2)], seed=0)
    lines = list(neuron_lines(net, net.forward(x), 2, 1))
    assert lines[0] == "a^2_1 = max(a^1_1, a^1_2, …, a^1_15) = 0.1500"
    assert len(lines) == 6


def test_show_takes_no_digit_where_the_network_has_no_pixels(tmp_path: Path, capsys: Any) -> None:
    """--digit with a network of one input, or beside --input, is an error; --input alone is not."""
    from tinynn.cli.program import run

    path = str(tmp_path / "one.json")
    Network([1, 2, 1], seed=0).save(path)
    assert run(["show", path, "--plain", "--digit", "3"]) == 2
    assert "--digit: a network of 1 input " in capsys.readouterr().err
    assert run(["show", path, "--plain", "--digit", "3", "--input", "0.5"]) == 2
    assert "--digit" in capsys.readouterr().err
    assert run(["show", path, "--plain", "--input", "0.5"]) == 0


def test_maps_are_drawn_from_the_smallest_to_the_largest_number() -> None:
    """Black to white over all maps of a layer, so that they can be compared."""
    from rich.console import Console

    from tinynn.views.maps import FeatureMaps
    from tinynn.views.show import ShownDigit

    drawn = str(FeatureMaps(2, [0.2, 0.4, 0.3, 0.2], (2, 1, 2))).splitlines()
    assert drawn[1:] == ["map 1  map 2", "  ██   ▒▒"]
    digits = load_digits()
    net = Network(DIGITS, cost="log-likelihood", seed=0)
    console = Console(width=80, record=True, color_system=None, file=io.StringIO())
    console.print(ShownDigit(net, *digits.test[0], digits.test.image_shape))
    text = console.export_text()
    assert "layer 2: 4 maps of 6×6" in text
    assert text.count("map 4") == 2
    assert "hidden neurons" not in text


def test_inspect_weights_draws_the_filters(trained: str, capsys: Any) -> None:
    """A sign and a shade for each weight; of a dense layer, what it sees of each map."""
    from tinynn.cli.program import run

    assert run(["inspect", "weights", trained, "--plain"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("layer 2, Convolution(2, 3): 2 times 9 weights, the strongest ")
    assert shown[1].split() == ["w^2_1", "w^2_2"]
    assert len(shown) == 5
    assert sum(line.count("█") for line in shown) >= 1
    assert run(["inspect", "weights", trained, "--layer", "4"]) == 0
    assert "w^4_10,2" in capsys.readouterr().out
    assert run(["inspect", "weights", trained, "--layer", "3"]) == 2
    assert "--layer: expected 2 or 4, which have weights, got 3" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(["inspect", "colours"])


def test_inspect_weights_draws_what_dense_neurons_see(tmp_path: Path, capsys: Any) -> None:
    """64 weights as 8×8, 3 as a row."""
    from tinynn.cli.program import run

    path = str(tmp_path / "net.json")
    Network([64, 3, 2], seed=0).save(path)
    assert run(["inspect", "weights", path]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 10
    assert run(["inspect", "weights", path, "--layer", "3"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 3


@pytest.mark.ch6
def test_stepping_lights_the_window_over_the_image() -> None:
    """A convolution's window moves by one, a pooling's by a block; the number read is reversed."""
    from rich.console import Console

    from tinynn.stepper.navigation import Cursor
    from tinynn.stepper.scenes import network_scene
    from tinynn.views.stepping import Stepping

    net = Network([(1, 5, 5), Convolution(1, 2), MaxPooling(2), Dense(2)], seed=0)
    image = Vector([float(i % 3) for i in range(25)])
    scene = network_scene(net, image, Vector([1, 0]))
    cursor = Cursor(scene.steps, fold=False)

    def panels(number: str, **at: int) -> Any:
        for place, step in enumerate(scene.steps):
            wanted = {**step.loops, **at} == step.loops and set(at) <= set(step.loops)
            if step.number == number and wanted:
                cursor.go_to_step(place)
                stepping = Stepping(scene, cursor)
                return stepping._network(step, 8).panels  # type: ignore[union-attr]
        raise AssertionError(number)

    seen, made = panels("125", j=1, k=2, r=1, s=0)
    assert (seen.title, made.title) == ("a^1, map 1", "z^2, map 1")
    assert (seen.window, seen.columns, seen.lit) == (range(1, 3), range(2, 4), (2, 2))
    assert (made.shape, made.lit, len(made.numbers)) == ((4, 4), (1, 2), 6)
    assert seen.numbers[3] == image[3]
    seen, made = panels("max", j=1, k=0, r=0, s=1)
    assert (seen.title, made.title) == ("a^2, map 1", "a^3, map 1")
    assert (seen.window, seen.columns, seen.lit) == (range(2, 4), range(2), (2, 1))
    seen, made = panels("max·δ", j=0, k=1)
    assert (made.title, made.lit) == ("δ^3, map 1", (0, 1))
    seen, made = panels("BP4c", r=1, s=1, j=2, k=3)
    assert (made.title, seen.lit) == ("δ^2, map 1", (3, 4))
    console = Console(width=100, height=30, record=True, file=io.StringIO())
    console.print(Stepping(scene, cursor))
    assert "a^1, map 1" in console.export_text()


def test_a_network_with_too_many_places_is_not_stepped_through() -> None:
    """It has few weights, but uses each at 576 places."""
    from tinynn.stepper.scenes import network_scene

    net = Network([(1, 28, 28), Convolution(20, 5), MaxPooling(2), Dense(10)], seed=0)
    with pytest.raises(ArgumentError, match="each counted at every place, .* got 316,800"):
        network_scene(net, Vector([0.0] * 784), Vector.one_hot(0, 10))
