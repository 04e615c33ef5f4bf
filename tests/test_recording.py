"""The promises of record(): the real lines of the real code, in order, to the last bit."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import threading
import trace
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from fractions import Fraction
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any, Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import tinynn
from tests.test_house import other_pythons
from tinynn import (
    ArgumentError,
    Matrix,
    Network,
    Perceptron,
    ShapeError,
    SigmoidNeuron,
    Vector,
    descend,
    half_adder,
)
from tinynn.activations import sigmoid_prime
from tinynn.equations import hidden_error, mean_cost
from tinynn.notation import layer_named
from tinynn.stepper import Recording, Step, record
from tinynn.stepper.names import in_book, in_full, quantity
from tinynn.stepper.navigation import Cursor
from tinynn.stepper.scenes import Scene
from tinynn.stepper.writing import short
from tinynn.views.stepping import Stepping
from tinynn.views.worksheet import markdown_lines, sections, text_lines

PACKAGE = Path(tinynn.__file__).resolve().parent
STEPPER = str(PACKAGE / "stepper")
Place = tuple[Optional[int], Optional[int], Optional[int]]  # l, j, k
X, Y = Vector([1, 1]), Vector([0])


def xor() -> Network:
    """Return XOR as a 2-2-1 network: an OR and a NAND, joined by an AND."""
    return Network.from_parameters([[-1, 3], [-3]], [[[2, 2], [-2, -2]], [[2, 2]]])


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, Vector, Vector]:
    """Draw a small network with any kind of neuron, and an example for it."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    kind = draw(st.sampled_from(["sigmoid", "tanh", "relu", "linear", "step"]))
    net = Network(sizes, seed=draw(st.integers(0, 10**6)), activation=kind)
    numbers = st.floats(-10, 10)
    x = draw(st.lists(numbers, min_size=sizes[0], max_size=sizes[0]))
    y = draw(st.lists(numbers, min_size=sizes[-1], max_size=sizes[-1]))
    return net.scaled(draw(st.sampled_from([1.0, 0.0, 1e-3, 1e3]))), Vector(x), Vector(y)


def fingerprints(steps: Recording) -> list[tuple[object, ...]]:
    """Return all properties of the steps as plain values."""
    return [
        (
            s.number,
            s.layer,
            s.j,
            s.k,
            s.line_number,
            s.source,
            s.substituted,
            s.by_hand,
            s.worked_out,
        )
        + (s.result, s.before, s.after, s.term, s.call)
        for s in steps
    ]


def of(steps: Recording, number: str, term: Optional[bool] = None) -> list[Step]:
    """Return the steps of one equation, or only its terms, or only its other steps."""
    return [s for s in steps if s.number == number and term in (None, s.is_term)]


# The recording is the run.


@given(cases())
@pytest.mark.slow
def test_the_results_replayed_are_the_gradient_to_the_last_bit(
    case: tuple[Network, Vector, Vector],
) -> None:
    """nabla_b and nabla_w, rebuilt from the steps, are those of backprop without a recorder."""
    net, x, y = case
    with record() as steps:
        net.backprop(x, y)
    nabla_b = [[0.0] * len(b) for b in net.biases]
    nabla_w = [[[0.0] * w.shape[1] for _ in w] for w in net.weights]
    for step in steps:
        if step.number == "BP3":
            nabla_b[step.layer - 2][step.j] = step.result  # type: ignore[operator,index]
        if step.number == "BP4":
            nabla_w[step.layer - 2][step.j][step.k] = step.result  # type: ignore[operator,index]
    expected_b, expected_w = net.backprop(x, y)
    assert nabla_b == [b.to_list() for b in expected_b]
    assert nabla_w == [w.to_lists() for w in expected_w]


def evaluates(steps: Recording) -> None:
    """Check that every substituted line, evaluated as Python, is its result."""
    for step in steps:
        assert eval(step.substituted, dict(step.functions)) == step.result, step


@given(cases())
@pytest.mark.slow
def test_every_substituted_line_is_python_for_its_result(
    case: tuple[Network, Vector, Vector],
) -> None:
    """Its names are replaced by values, to the last bit, for every kind of neuron."""
    net, x, y = case
    with record() as steps:
        net.backprop(x, y)
    output = {"66"} if net.activation.name == "linear" else {"∂C/∂a", "BP1"}
    assert {"z", "a", "BP3", "BP4"} | output <= {step.number for step in steps}
    evaluates(steps)


PROGRAMS: dict[str, tuple[Callable[[], object], set[str]]] = {
    "a perceptron": (lambda: Perceptron([-2, -2], 3).output([1, 0]), {"w·x", "2"}),
    "a sigmoid neuron": (lambda: SigmoidNeuron([-2, -2], 3).output([1, 0]), {"w·x", "3", "4"}),
    "its change": (
        lambda: SigmoidNeuron([-2, -2], 3).output_change([1, 0.5], [0.1, -0.1], 0.1),
        {"w·x", "5"},
    ),
    "a half adder": (lambda: half_adder().run([1, 1]), {"w·x", "2"}),
    "a training step": (
        lambda: xor().update_mini_batch([(X, Y), (Vector([0, 1]), Vector([1]))], 3.0),
        {"z", "BP2", "BP4", "20", "21"},
    ),
    "a mean gradient": (lambda: xor().backprop_mini_batch([(X, Y)]), {"BP4", "19"}),
    "a cost": (lambda: xor().measure([(X, Y)]), {"z", "27", "6"}),
    "a descent": (
        lambda: list(descend(lambda v: v[0] ** 2 + 4 * v[1] ** 2, (3.0, 1.0), 0.1, 3)),
        {"10", "11"},
    ),
    "a Hadamard product": (lambda: Vector([1, 2]).hadamard(Vector([3, 4])), {"28"}),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_substituted_lines_of_other_scenes_are_python_too(name: str) -> None:
    """The scenes are single neurons, circuits, a training step, and a ball in a valley."""
    run, numbers = PROGRAMS[name]
    with record() as steps:
        run()
    recorded = {number for step in steps for number in step.numbers}
    assert numbers <= recorded
    evaluates(steps)


@given(cases())
@pytest.mark.slow
def test_the_terms_add_up_to_the_sum(case: tuple[Network, Vector, Vector]) -> None:
    """In order, z^l_j is its terms plus b^l_j, and δ^l_j is its terms times σ'(z^l_j)."""
    net, x, y = case
    with record() as steps:
        net.backprop(x, y)
    sums: dict[object, float] = {}
    z: dict[tuple[Optional[int], Optional[int]], float] = {}
    for step in steps:
        place = step.layer, step.j
        if step.term is not None:
            sums[step.number, place] = sums.get((step.number, place), 0.0) + step.term
        elif step.number == "z":
            assert step.layer is not None
            assert step.j is not None
            z[place] = sums["z", place] + net.layer(step.layer).biases[step.j]
            assert step.result == z[place]
        elif step.number == "BP2":
            assert step.result == sums["BP2", place] * net.activation.derivative(z[place])


@given(cases())
@pytest.mark.slow
def test_each_equation_covers_every_place_exactly_once(
    case: tuple[Network, Vector, Vector],
) -> None:
    """Its steps are those for every (l, j, k) and (l, j) of the book's formula, and no others."""
    net, x, y = case
    with record() as steps:
        net.backprop(x, y)
    size = dict(enumerate(net.sizes, start=1))
    L = len(size)
    pairs = [(l, j) for l in range(2, L + 1) for j in range(size[l])]
    neurons: list[Place] = [(l, j, None) for l, j in pairs]
    hidden: list[Place] = [(l, j, None) for l, j in pairs if l < L]
    weights: list[Place] = [(l, j, k) for l, j in pairs for k in range(size[l - 1])]
    expected: dict[tuple[str, bool], list[Place]] = {
        ("z", True): weights,
        ("z", False): neurons,
        ("a", False): neurons,
        ("66" if net.activation.name == "linear" else "BP1", False): neurons[len(hidden) :],
        ("BP2", True): [(l, j, k) for l, j in pairs if l < L for k in range(size[l + 1])],
        ("BP2", False): hidden,
        ("BP3", False): neurons,
        ("BP4", False): weights,
    }
    for (number, term), places in expected.items():
        found = Counter((s.layer, s.j, s.k) for s in of(steps, number, term))
        assert found == Counter(places), number


def test_a_step_is_a_copy_of_its_numbers() -> None:
    """Later changes in place do not change a step."""
    net, x, y = xor(), X.copy(), Y.copy()
    with record() as steps:
        gradient = net.backprop(x, y)
    before = fingerprints(steps)
    assert of(steps, "z", term=True)[0].substituted == "0.0 + 2.0 * 1.0"
    x[0], y[0] = 7.0, 7.0
    net.layer(2).weights[0][0] = 7.0
    net.layer(2).biases[0] = 7.0
    gradient.weights[0][0][0] = 7.0
    net.update_mini_batch([(x, y)], 3.0)
    assert fingerprints(steps) == before


def test_a_recording_shows_the_lines_of_an_edited_engine(tmp_path: Path) -> None:
    """Nothing is re-implemented: an edited BP2 shows the edited line and its numbers."""
    shutil.copytree(PACKAGE, tmp_path / "tinynn", ignore=shutil.ignore_patterns("__pycache__"))
    path = tmp_path / "tinynn" / "equations" / "dense.py"
    text = path.read_text(encoding="utf-8")
    right, wrong = "total += w[k][j] * delta_next[k]", "total += w[k][j] / delta_next[k]"
    assert text.count(right) == 1
    path.write_text(text.replace(right, wrong), encoding="utf-8")
    code = """
from tinynn import Network, Vector
from tinynn.stepper import record
net = Network.from_parameters([[-1, 3], [0]], [[[2, 2], [-2, -2]], [[3, 2]]])
with record() as steps:
    net.backprop(Vector([1, 1]), Vector([0]))
step = next(step for step in steps if step.number == "BP2")
print(step.source)
print(step.result == 3.0 / float(step.substituted.split("/")[1]), step.by_hand.count("3 /"))
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{wrong}\nTrue 1\n"


# Functions of a student.


def my_hidden_error(w_next: Any, delta_next: Any, z: Any, function: Any = None) -> Any:
    """BP2, as a student writes it."""
    delta = [0.0] * len(z)
    for j in range(len(z)):
        total = 0.0
        for k in range(len(delta_next)):
            total += w_next[k][j] * delta_next[k]
        delta[j] = total * sigmoid_prime(z[j])
    return Vector(delta)


def test_a_students_function_can_replace_that_of_the_engine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """record(my_hidden_error) needs no decorator, and shows its name and its layer."""
    with record() as steps:
        expected = xor().backprop(X, Y)
    monkeypatch.setattr("tinynn.layers.dense.hidden_error", my_hidden_error)
    with record(my_hidden_error) as own:
        assert xor().backprop(X, Y) == expected
    assert not of(own, "BP2")
    pairs = zip(of(own, "my_hidden_error"), of(steps, "BP2"))
    for mine, theirs in pairs:
        assert (mine.layer, mine.j, mine.k) == (theirs.layer, theirs.j, theirs.k)
        assert (mine.result, mine.substituted) == (theirs.result, theirs.substituted)
        assert (mine.formula, mine.function) == ("BP2, as a student writes it", "my_hidden_error")
    assert len(own) == len(steps)
    assert {s.source for s in of(own, "my_hidden_error", True)} == {
        "total += w_next[k][j] * delta_next[k]"
    }


def my_training_step(net: Network, x: Vector, y: Vector) -> float:
    """Return a bias after one step, from the engine's backpropagation."""
    b = 0.0
    for k in range(2):
        gradient = net.backprop(x, y)
        b = net.biases[0][0] - k * gradient.biases[0][0]
    return b * sigmoid_prime(b)


def test_a_students_function_may_call_the_engine() -> None:
    """The equations inside are recorded with their indices, and σ' as a line of the student."""
    with record() as alone:
        xor().backprop(X, Y)
    with record(my_training_step) as steps:
        my_training_step(xor(), X, Y)
    inside = [s[:-1] for s in fingerprints(steps) if s[0] != "my_training_step"]
    engine = [s for s in inside if s[1] is not None]
    assert [s[0] for s in inside if s[1] is None] == ["σ'", "σ'"], "in the student's line"
    assert engine == 2 * [s[:-1] for s in fingerprints(alone)]
    mine = of(steps, "my_training_step")
    assert [step.k for step in mine] == [0, 1, None]
    assert mine[0].by_hand == "−1 − (0)(0.007621)"
    evaluates(steps)


@pytest.mark.parametrize("kind", [list, Vector])
def test_a_students_function_takes_plain_lists_or_vectors(kind: Callable[..., Any]) -> None:
    """The numbers are the same; only the containers differ."""
    w = [[1.0, 2.0], [3.0, 4.0]]
    with record(my_hidden_error) as steps:
        my_hidden_error(Matrix(w) if kind is Vector else w, kind([0.5, 1.0]), kind([0.0, 0.0]))
    assert [s.result for s in of(steps, "my_hidden_error")] == [0.5, 3.5, 0.875, 1.0, 5.0, 1.25]
    evaluates(steps)


def my_layers(sizes: list[int]) -> float:
    """Return a mean of means; its loop numbers the layers l, and calls a helper in each."""
    total = 0.0
    for l in range(2, len(sizes) + 1):
        mean = helped([float(l)] * sizes[l - 1])
        total += mean
    return total / len(sizes)


def helped(v: list[float]) -> float:
    """Return the mean of v; this function is not recorded."""
    return my_mean(v)


def my_mean(v: list[float]) -> float:
    """Return the mean of v from a loop, in the layer of the caller."""
    total = 0.0
    for j in range(len(v)):
        total += v[j] / len(v)
    return total * 1.0


@layer_named("depth")
def my_stack(weights: list[float]) -> list[list[float]]:
    """Return products; the function declares that depth numbers its layers, not l."""
    found = []
    for l, w in enumerate(weights):
        depth = l + 2
        found.append(Vector([w]).hadamard(Vector([2.0])).to_list())
        assert depth > 1
    return found


def test_a_loop_over_l_or_a_declaration_gives_the_layer() -> None:
    """The nearest caller that numbers the layers counts; a local l alone does not."""
    with record(my_layers, my_mean) as steps:
        assert my_layers([1, 2, 1]) == 5.0 / 3.0
    assert in_full(steps, len(steps) - 1) == ("(mean + mean) / len(sizes)", "(2 + 3) / 3")
    found = [(step.function, dict(step.indices)) for step in steps]
    assert found == [
        ("my_mean", {"l": 2, "j": 0}),
        ("my_mean", {"l": 2, "j": 1}),
        ("my_mean", {"l": 2}),
        ("my_layers", {"l": 2}),
        ("my_layers", {"l": 2}),
        ("my_mean", {"l": 3, "j": 0}),
        ("my_mean", {"l": 3}),
        ("my_layers", {"l": 3}),
        ("my_layers", {"l": 3}),
        ("my_layers", {}),
    ]
    with record() as steps:
        my_stack([1.0, 5.0])
    assert [step.indices for step in steps] == [{"l": 2, "j": 0}, {"l": 3, "j": 0}]
    l = L = 7
    with record() as steps:
        mean_cost([float(l), float(L)])
    assert [step.indices for step in steps] == [{}, {}, {}]


def test_the_sums_of_a_mini_batch_are_entries_and_the_first_is_shown_alone() -> None:
    """BP3 and BP4 first add to 0.0, then to the entry; neither is a term of a sum."""
    with record() as steps:
        xor().backprop_mini_batch([(X, Y), (Vector([0, 1]), Vector([1]))])
    for number in ("BP3", "BP4"):
        assert of(steps, number, term=True) == []
        first, second = [s for s in of(steps, number) if (s.layer, s.j, s.k or 0) == (2, 0, 0)]
        assert first.before == 0.0
        assert "+" not in first.substituted + first.by_hand + first.worked_out + first.maths()
        assert second.before == first.result
        assert second.substituted.startswith(f"{first.result!r} + ")
        assert second.by_hand.startswith(f"{short(first.result)} + ")
    evaluates(steps)


def all_kinds_of_lines(w: list[float], a: list[float]) -> float:
    """Return a sum from lines as students write them."""
    total = sum(w[k] * a[k] for k in range(len(a)))
    squares = [entry * entry for entry in w]
    total += (
        w[0]
        * a[0]
    )  # fmt: skip
    for k, entry in enumerate(w):
        total -= entry * a[k]
    size = len(squares)
    largest = max(w)
    if (
        total < 0.0
        or largest > 3.0
    ):  # fmt: skip
        return 0.0
    return (
        total
        / size
    )  # fmt: skip


def test_lines_of_other_styles_are_shown_too() -> None:
    """A comprehension shows its result; a statement of several lines is one step."""
    with record(all_kinds_of_lines) as steps:
        assert all_kinds_of_lines([1.0, 2.0], [3.0, 0.5]) == 1.5
    assert [(s.source, s.by_hand, s.result) for s in steps] == [
        ("total = sum(w[k] * a[k] for k in range(len(a)))", "(1)(3)", 3.0),
        ("total = sum(w[k] * a[k] for k in range(len(a)))", "(2)(0.5)", 1.0),
        ("total = sum(w[k] * a[k] for k in range(len(a)))", "4", 4.0),
        ("squares = [entry * entry for entry in w]", "(1)(1)", 1.0),
        ("squares = [entry * entry for entry in w]", "(2)(2)", 4.0),
        ("total += ( w[0] * a[0] )", "4 + (1)(3)", 7.0),
        ("total -= entry * a[k]", "7 − (1)(3)", 4.0),
        ("total -= entry * a[k]", "4 − (2)(0.5)", 3.0),
        ("size = len(squares)", "2", 2),
        ("largest = max(w)", "2", 2.0),
        ("if ( total < 0.0 or largest > 3.0 ):", "3.0 < 0.0 or 2.0 > 3.0", False),
        ("return ( total / size )", "3 / 2", 1.5),
    ]
    assert [s.k for s in steps] == [0, 1, *4 * [None], 0, 1, *4 * [None]]
    evaluates(steps)


def drains(numbers: Iterator[float], rest: Iterator[float]) -> float:
    """Return a sum over iterators, which can be used only once."""
    total = sum(numbers)
    total += sum(2.0 * number for number in rest)
    if total is None or (twice := 2.0 * total) < 0.0:
        return 0.0
    return total + twice


def test_a_line_runs_once() -> None:
    """Reading a line never uses up its iterators, never warns, and never fails."""
    with record(drains) as steps:
        assert drains(iter([1.0, 2.0]), iter([3.0])) == 27.0
    assert [step.result for step in steps] == [3.0, 9.0, 27.0]
    evaluates(steps)


class Counting:
    """An object whose property changes it."""

    n = 0

    @property
    def following(self) -> float:
        """One more than the last value."""
        self.n += 1
        return float(self.n)


def looks(d: dict[int, float], counting: Counting) -> float:
    """Return a sum with a membership test, a property, and a handled error."""
    x = d[5] if 5 in d else 7.0  # noqa: SIM401 - get() would not create it
    z = counting.following + x
    try:
        z = z / (x - x)
    except ZeroDivisionError:
        z = z + 5.0
    return z * 2.0


def test_recording_does_not_change_results() -> None:
    """It reads no property and no missing entry before the line itself does."""
    plain = looks(defaultdict(float), Counting())
    with record(looks) as steps:
        assert looks(defaultdict(float), Counting()) == plain == 26.0
    assert [step.result for step in steps] == [7.0, 8.0, 13.0, 26.0]
    evaluates(steps)


def decorated(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a wrapped function, as any decorator does."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        return function(*arguments)

    return call


def test_a_decorated_function_and_an_inner_one_can_be_recorded() -> None:
    """The recorded function is the one in the source."""
    c = 3.0

    @decorated
    def scaled(v: float) -> float:
        return c * v

    with record(scaled) as steps:
        assert scaled(2.0) == 6.0
    assert [step.substituted for step in steps] == ["3.0 * 2.0"]


def two_on_a_line(x: float) -> float:
    """Return z from two statements on one line."""
    y = x + 1.0; z = y * 2.0  # noqa: E702  # fmt: skip
    return y * z


without_source: dict[str, Any] = {}
exec("def made(x):\n    return x + 1.0\n", without_source)
exec(compile("def typed(x):\n    return x + 1.0\n", "<stdin>", "exec"), without_source)


@pytest.mark.parametrize(
    ("function", "message"),
    [
        (without_source["made"], "made: expected a function whose source can be read$"),
        (without_source["typed"], r"typed: .*>>> .* 3\.13 .*file$"),
        (lambda x: x + 1.0, "expected a function written with def"),
        (len, "record: expected functions written with def, got a builtin"),
        (Vector, "record: expected functions written with def, got the class Vector"),
        ("BP2", r"record: expected functions written with def, got 'BP2' \(a str\)"),
        (two_on_a_line, r"two_on_a_line, line \d+: expected one statement per line, got two"),
    ],
)
def test_a_function_that_cannot_be_recorded_raises_an_error_at_once(
    function: Any, message: str
) -> None:
    """The error is raised before anything runs, and has the function's name."""
    with pytest.raises(ArgumentError, match=message):
        record(function)


# Code as students write it.


def appended(w: list[list[float]], delta_next: list[float], z: list[float]) -> list[float]:
    """Return BP2 as in the filled-in exercise of the project."""
    delta = []
    for j in range(len(z)):
        total = 0.0
        for k in range(len(delta_next)):
            total = total + w[k][j] * delta_next[k]
        delta.append(total * sigmoid_prime(z[j]))
    return delta


def test_an_append_is_a_step_and_total_plus_a_term_is_a_sum() -> None:
    """The filled-in exercise reads like the engine's BP2."""
    with record(appended) as steps:
        delta = appended([[1.0, 2.0], [3.0, 4.0]], [0.5, 1.0], [0.0, 0.0])
    assert [step.result for step in steps if step.number != "σ'"] == [
        *(0.5, 3.5, delta[0]),
        *(1.0, 5.0, delta[1]),
    ]
    made = [quantity(step) for step in steps if step.source.startswith("delta.append")]
    assert [(each.name, each.value) for each in made if each] == [("δ_1", 0.875), ("δ_2", 1.25)]
    assert in_full(steps, len(steps) - 1) == (
        "(w_12 delta_next_1 + w_22 delta_next_2) σ'(z_2)",
        "((2)(0.5) + (4)(1)) σ'(0)",
    )
    evaluates(steps)


def comprehended(w: list[list[float]], a: list[float], b: list[float]) -> list[float]:
    """Return z from sums in a list, the shortest way to write it."""
    gradient = []
    for j in range(len(b)):
        gradient.append([a[k] * b[j] for k in range(len(a)) if a[k] > 0.0])
    return [sum(x * y for x, y in zip(row, a)) + c for row, c in zip(w, b)]


def test_the_elements_of_a_comprehension_are_steps() -> None:
    """Each has its place and its numbers; the terms of an inner sum precede their total."""
    with record(comprehended) as steps:
        z = comprehended([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], [0.5, -0.5])
    made = [quantity(step) for step in steps[:4]]
    assert [(each.name, each.value) for each in made if each] == [
        *(("gradient_11", 2.5), ("gradient_12", 3.0)),
        *(("gradient_21", -2.5), ("gradient_22", -3.0)),
    ]
    assert steps[1].indices == {"j": 0, "k": 1}
    assert [(s.by_hand, s.result) for s in steps[4:7]] == [
        ("(1)(5)", 5.0),
        ("(2)(6)", 12.0),
        ("17 + 0.5", z[0]),
    ]
    assert (len(steps), steps[-1].result, steps.unrecorded) == (10, z[1], [])
    evaluates(steps)


class Neuron:
    """A neuron that keeps its z and its a."""

    def run(self, x: float) -> list[float]:
        """Return numbers from attributes, and a comprehension with calls."""
        self.z = x * 2.0
        self.a = [sigmoid_prime(v) for v in [self.z]]
        return self.a


def seldom(p: float, w: list[float]) -> float:
    """Return a number from rarer code: integer division, a comparison, slices, Fractions."""
    p /= 2
    above = p > 1.0
    w[0:2] = [v * 2.0 for v in w[0:2]]
    f = Fraction(1, 3) * w[0]
    return f * p + above


def test_attributes_comparisons_slices_and_fractions_are_steps() -> None:
    """A line that computes one number of any type is a step."""
    with record(Neuron.run, seldom) as steps:
        Neuron().run(1.5)
        seldom(3.0, [1.0, 2.0, 3.0])
    assert [(step.source, step.result) for step in steps if step.number != "σ'"] == [
        ("self.z = x * 2.0", 3.0),
        ("self.a = [sigmoid_prime(v) for v in [self.z]]", sigmoid_prime(3.0)),
        ("p /= 2", 1.5),
        ("above = p > 1.0", True),
        ("w[0:2] = [v * 2.0 for v in w[0:2]]", 2.0),
        ("w[0:2] = [v * 2.0 for v in w[0:2]]", 4.0),
        ("f = Fraction(1, 3) * w[0]", 2.0 / 3.0),
        ("return f * p + above", 2.0),
    ]
    assert not steps.unrecorded
    evaluates(steps)


def many_at_once(v: list[float]) -> Any:
    """Return numbers from lines that are not steps."""
    p, q = v[0] * 2.0, v[1] * 3.0
    for _ in range(2):
        both = {name: 2.0 * value for name, value in enumerate(v)}
    again = [0.0] * len(v)
    rest = list(v)
    return both and again and rest and (p, q)


def test_unrecorded_lines_are_counted() -> None:
    """The repr, every sheet and the screen list them; making or copying a list does not count."""
    with record(many_at_once) as steps:
        many_at_once([1.0, 2.0])
        thread = threading.Thread(target=many_at_once, args=([1.0, 2.0],))
        thread.start()
        thread.join()
    first = many_at_once.__code__.co_firstlineno
    found = [(each.line_number - first, each.times) for each in steps.unrecorded]
    assert found == [(2, 1), (4, 2), (0, 1)]
    line = f"p, q = v[0] * 2.0, v[1] * 3.0 (line {first + 2} of many_at_once)"
    assert f"<Recording of 0 steps: no line is a step; not recorded: {line}; " in repr(steps)
    assert "another thread" in repr(steps)
    with record(many_at_once, appended) as steps:
        many_at_once([1.0, 2.0])
        appended([[1.0]], [1.0], [0.0])
    scene = Scene("a student's", steps, ("first", "second"))
    for lines in (text_lines, markdown_lines):
        assert f"not recorded: {line}" in "\n".join(lines(scene, list(sections(scene))))
    console = Console(file=io.StringIO(), width=100, height=30)
    for keys in (False, True):
        console.print(Stepping(scene, Cursor(steps), keys=keys), height=30)
    shown = console.file.getvalue()  # type: ignore[attr-defined]
    assert "2 lines not recorded" in shown
    assert f"not recorded: {line}" in shown


def test_no_line_of_an_equation_is_left_out() -> None:
    """Every line of an equation that computes a number is a step."""
    for run, _ in PROGRAMS.values():
        with record() as steps:
            run()
        assert steps.unrecorded == []


def with_numpy(np: Any, w: Any, a: Any, b: Any, n: Any) -> Any:
    """Return numbers from loops over arrays, as a student with NumPy writes them."""
    z = np.zeros(len(b))
    for j in range(len(b)):
        total = 0
        for k in range(len(a)):
            total += w[j, k] * a[k]
        z[j] = 1.0 / (1.0 + np.exp(-(total + b[j])))
        z[j] = np.dot(w[j], a) + b[j]
        n[j] = pow(n[j], 2) * np.int64(3)
    return np.float32(0.1) * a[0]


def test_loops_over_numpy_arrays_show_their_numbers() -> None:
    """For example w[k, j], np.exp(-z), np.dot(a, b) term by term, pow, integers, float32."""
    np = pytest.importorskip("numpy")
    w, a, b = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, 1.0]), np.array([1.0, 2.0])
    with record(with_numpy) as steps:
        with_numpy(np, w, a, b, np.array([2, 3]))
    assert [(in_book(step), step.by_hand) for step in steps[:7]] == [
        ("sum + w_11 a_1", "0 + (1)(0.5)"),
        ("sum + w_12 a_2", "0.5 + (2)(1)"),
        ("1 / (1 + exp(−(sum + b_1)))", "1 / (1 + exp(−(2.5 + 1)))"),
        ("w_11 a_1", "(1)(0.5)"),
        ("w_12 a_2", "(2)(1)"),
        ("np.dot(w[j], a) + b_1", "2.5 + 1"),
        ("pow(n_1, 2) int64(3)", "pow(2, 2)int64(3)"),
    ]
    assert (steps[0].places[1], steps[6].result, len(steps)) == ((0, 0), 12, 15)
    evaluates(steps)


def bump(v: list[float]) -> float:
    """Change the first entry of v, and return a number."""
    v[0] += 1.0
    return 2.0


def changed_by_its_call(v: list[float]) -> float:
    """Return a sum whose calls change the values of their own line."""
    doubled: Callable[[float], float] = lambda x: x * 2.0  # noqa: E731
    x = bump(v) * v[0]
    y = doubled(x) + 1.0
    return v[0] + bump(v) * v[0] + y


def test_a_line_whose_call_changes_its_values_is_right() -> None:
    """It shows the numbers that it used, or only its result; a lambda has its name."""
    with record(changed_by_its_call) as steps:
        changed_by_its_call([1.0])
    assert [(step.by_hand, step.result) for step in steps] == [
        ("(2)(2)", 4.0),
        ("doubled(4) + 1", 9.0),
        ("17", 17.0),
    ]
    evaluates(steps)


def undeclared(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function wrapped without functools.wraps."""

    def call(*arguments: Any) -> Any:
        return function(*arguments)

    return call


@undeclared
def thrice(v: float) -> float:
    """Return three times v."""
    return 3.0 * v


def counted(w: list[float]) -> float:
    """Return a mean; a while loop counts up its index."""
    total = 0.0
    k = 0
    while k < len(w):
        total += 2.0 * w[k]
        k += 1
    return total / len(w)


def test_a_decorator_without_wraps_and_a_while_loop_are_recorded() -> None:
    """The function inside is recorded; k of the while loop is an index, and the sum a sum."""
    with record(thrice, counted) as steps:
        thrice(2.0)
        counted([1.0, 3.0])
    assert [(step.number, step.by_hand, dict(step.indices)) for step in steps[:3]] == [
        ("thrice", "(3)(2)", {}),
        ("counted", "0 + (2)(1)", {"k": 0}),
        ("counted", "2 + (2)(3)", {"k": 1}),
    ]
    assert in_full(steps, 3) == ("(2 w_1 + 2 w_2) / len(w)", "((2)(1) + (2)(3)) / 2")


BROKEN = """
import sys
from tinynn.stepper import record

def stops(v):
    total = 0.0
    for j in range(len(v)):
        if j == 1:
            breakpoint()
        total += v[j]
    return total * 1.0

with record(stops) as steps:
    stops([1.0, 2.0, 4.0])
print([step.result for step in steps], sys.gettrace(), sys.breakpointhook.__module__)
"""


@pytest.mark.parametrize("keys", ["p j\nn\nn\np total\nc\n", "p j\nn\nn\np total\nu\nd\nc\n"])
def test_a_breakpoint_inside_a_recording_opens_the_debugger_and_loses_no_step(
    keys: str, tmp_path: Path
) -> None:
    """It stops in the student's line, and the recording continues during and after it."""
    program = tmp_path / "program.py"
    program.write_text(BROKEN, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "PYTHONBREAKPOINT": ""}
    done = subprocess.run(
        [sys.executable, str(program)],
        input=keys,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "recorder.py" not in done.stdout
    assert "(Pdb) 1\n" in done.stdout
    assert "(Pdb) 3.0\n" in done.stdout
    assert done.stdout.endswith("[1.0, 3.0, 7.0, 7.0] None sys\n")


# Other tracers of the program.


@pytest.fixture(params=["nobody", "somebody"])
def tracer(request: pytest.FixtureRequest) -> Iterator[Any]:
    """Yield the previous trace function, which may be None."""
    before = sys.gettrace()

    def somebody(frame: FrameType, event: str, arg: Any) -> Any:
        return somebody

    sys.settrace(somebody if request.param == "somebody" else None)
    yield sys.gettrace()
    sys.settrace(before)


def test_the_previous_trace_function_is_restored(tracer: Any) -> None:
    """This is true after a run, an error in the block or in a function, and an interrupt."""
    with record() as steps:
        assert sys.gettrace() is not tracer
        xor().backprop(X, Y)
    assert sys.gettrace() is tracer
    for error in (KeyError, KeyboardInterrupt):
        with pytest.raises(error), record():
            raise error
        assert sys.gettrace() is tracer
    with record() as steps:
        xor().backprop(X, Y)
        with pytest.raises(ShapeError):
            hidden_error(Matrix([[1.0]]), X, Y)
        count = len(steps)
        xor().backprop(X, Y)
    assert sys.gettrace() is tracer
    assert len(steps) == 2 * count, "the error in between must not affect later steps"


def test_too_many_steps_are_an_error(tracer: Any) -> None:
    """The recording keeps at most that many, and stops tracing."""
    with pytest.raises(ArgumentError, match="expected at most 10 steps, got more"):  # noqa: SIM117
        with record(most=10) as steps:
            xor().backprop(X, Y)
    assert sys.gettrace() is tracer
    assert len(steps) == 10
    with pytest.raises(ArgumentError, match="most: expected a whole number of at least 1, got 0"):
        record(most=0)
    with record(most=36) as steps:
        xor().backprop(X, Y)
    assert len(steps) == 36


def test_progress_is_reported_after_every_step() -> None:
    """A progress bar gets 1, 2, 3, …; if it raises an error, the recording stops tracing."""
    counts: list[int] = []
    with record(on_step=counts.append) as steps:
        xor().backprop(X, Y)
    assert counts == list(range(1, len(steps) + 1))
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError), record(on_step=lambda count: 1 // 0):
        xor().backprop(X, Y)
    assert sys.gettrace() is before


def test_recordings_can_be_nested_but_not_in_themselves() -> None:
    """The outer one has all steps of the inner one."""
    with record() as outer:
        xor().feedforward(X)
        with record() as inner:
            xor().backprop(X, Y)
        xor().feedforward(X)
        with pytest.raises(ArgumentError, match="expected one that has not begun"), outer:
            pass
    with record() as alone:
        xor().backprop(X, Y)
    assert [s[:-1] for s in fingerprints(inner)] == [s[:-1] for s in fingerprints(alone)]
    forward = sum(step.number in ("z", "3", "a") for step in alone)
    assert len(outer) == len(alone) + 2 * forward
    within = fingerprints(outer)[forward : len(outer) - forward]
    assert [s[:-1] for s in within] == [s[:-1] for s in fingerprints(alone)]
    with inner:
        xor().feedforward(X)
    assert len(inner) == forward, "a finished recording can begin again"


Line = tuple[str, str, int]


class Tracer:
    """A tracer that writes down every event, with one of the habits of trace functions."""

    def __init__(self, habit: str) -> None:
        self.habit = habit
        self.seen: list[Line] = []

    def called(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Return the local trace function of a call."""
        folder = Path(frame.f_code.co_filename).parent.name
        if self.habit == "picks" and folder != "equations":
            return None
        self.write(frame, event)
        frame.f_trace_lines = self.habit != "wants no lines"
        frame.f_trace_opcodes = self.habit == "wants opcodes"
        return self.local

    def local(self, frame: FrameType, event: str, arg: Any) -> Any:
        """Write down an event of a frame."""
        self.write(frame, event)
        return None if self.habit == "answers nothing" else self.local

    def write(self, frame: FrameType, event: str) -> None:
        """Keep an event of the engine or the program, except opcodes."""
        name = frame.f_code.co_filename
        engine = name.startswith(str(PACKAGE)) and not name.startswith(STEPPER)
        if event != "opcode" and (engine or frame.f_code is traced_program.__code__):
            self.seen.append((event, name, frame.f_lineno))


def traced_program(recorder: Any) -> None:
    """Run the same lines with a recorder or without."""
    net = xor()
    with recorder:
        net.backprop(X, Y)
        net.update_mini_batch([(X, Y)], 3.0)
    net.feedforward(X)


HABITS = ["plain", "answers nothing", "picks", "wants no lines", "wants opcodes"]


@pytest.mark.parametrize("habit", HABITS)
def test_another_tracer_sees_the_same_lines(habit: str) -> None:
    """The events and their order are the same, and the recording is complete."""
    traced_program(alone := record())
    before = sys.gettrace()
    seen = []
    for recorder in (nullcontext(), steps := record()):
        tracer = Tracer(habit)
        sys.settrace(tracer.called)
        try:
            traced_program(recorder)
        finally:
            sys.settrace(before)
        seen.append(tracer.seen)
    assert seen[0] == seen[1]
    assert len(seen[0]) > 50
    assert ("line" in {event for event, *_ in seen[0]}) == (habit != "wants no lines")
    assert fingerprints(steps) == fingerprints(alone)


def test_the_standard_trace_module_counts_the_same_lines() -> None:
    """`python -m trace --count` counts them in a program that records."""
    traced_program(alone := record())
    before = sys.gettrace()
    counts = []
    for recorder in (nullcontext(), steps := record()):
        counter = trace.Trace(count=True, trace=False)
        counter.runfunc(traced_program, recorder)
        sys.settrace(before)
        found = counter.results().counts
        ours = {at: n for at, n in found.items() if at[0].startswith(str(PACKAGE))}
        counts.append({at: n for at, n in ours.items() if not at[0].startswith(STEPPER)})
    assert counts[0] == counts[1] != {}
    assert fingerprints(steps) == fingerprints(alone)


PROGRAM = """
import json, sys
from contextlib import nullcontext
from tinynn import Network, Perceptron, Vector
from tinynn.stepper import record

def run(recording):
    steps = []
    for kind in ("sigmoid", "tanh", "relu", "step"):
        net = Network([2, 3, 2], seed=1, activation=kind)
        with record() if recording else nullcontext([]) as some:
            net.backprop(Vector([0.5, -1.5]), Vector([1, 0]))
            net.update_mini_batch([(Vector([0.5, -1.5]), Vector([1, 0]))], 0.5)
            Perceptron([-2, -2], 3).output([1, 0])
        steps += some
    return steps

for step in run(sys.argv[1:] != ["plain"]):
    print(json.dumps([
        step.number, step.formula, step.function, step.layer, step.j, step.k, step.line_number,
        step.source, step.target, step.substituted, step.by_hand, step.worked_out, step.maths(),
        step.result, step.before, step.term, step.call,
    ]))
"""


def printed_by(*command: str, cwd: Path, **environment: str) -> list[Any]:
    """Return the JSON lines that a Python program prints."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env={
            **os.environ,
            "PYTHONPATH": str(PACKAGE.parent),
            "PYTHONIOENCODING": "utf-8",
            **environment,
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


ENGINE = ["activations", "costs", "linalg", "model", "network", "neurons"]
ENGINE += ["equations/costs", "equations/dense", "equations/updates", "layers/dense"]
CORES = ["ctrace", "pytrace", *(["sysmon"] if sys.version_info >= (3, 12) else [])]


@pytest.mark.parametrize("core", CORES)
@pytest.mark.slow
def test_coverage_measures_the_same_lines(core: str, tmp_path: Path) -> None:
    """This is true for each core of coverage, and the recording is complete."""
    coverage = pytest.importorskip("coverage")
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    alone = printed_by(sys.executable, str(program), cwd=tmp_path)
    measured = []
    for way in ("plain", "recorded"):
        data = tmp_path / way
        options = ["-m", "coverage", "run", f"--data-file={data}", f"--source={PACKAGE},{tmp_path}"]
        command = (sys.executable, *options, str(program), way)
        printed = printed_by(*command, cwd=tmp_path, COVERAGE_CORE=core)
        assert printed == ([] if way == "plain" else alone)
        found = coverage.CoverageData(str(data))
        found.read()
        lines = {name: set(found.lines(str(PACKAGE / f"{name}.py"))) for name in ENGINE}
        lines["program"] = {at for at in found.lines(str(program)) if at < 18}  # then it prints
        measured.append(lines)
        found.close()
    assert measured[0] == measured[1]
    assert sum(len(measured[0][f"equations/{name}"]) for name in ("dense", "updates")) > 60
    assert len(measured[0]["program"]) > 10


def test_threads_and_generators_do_not_disturb_a_recording() -> None:
    """A recording covers one thread; training, a generator, is recorded as it runs."""
    with record() as alone:
        xor().backprop(X, Y)
    found: list[list[tuple[object, ...]]] = []

    def work(recording: bool) -> None:
        for _ in range(5):
            with record() if recording else nullcontext() as steps:
                xor().backprop(X, Y)
            if steps is not None:
                found.append(fingerprints(steps))

    threads = [threading.Thread(target=work, args=(n % 2 == 0,)) for n in range(4)]
    with record() as steps:
        for thread in threads:
            thread.start()
        xor().backprop(X, Y)
        for thread in threads:
            thread.join()
    assert [*found, fingerprints(steps)] == [fingerprints(alone)] * 11

    training = xor().train([(X, Y)], 2, 1, 0.5, seed=0)
    before = sys.gettrace()
    with record() as steps:
        next(training)
    first = len(of(steps, "BP4"))
    next(training)
    with record() as rest:
        assert list(training) == []
    assert (first, len(rest), sys.gettrace()) == (6, 0, before)


def test_a_students_generator_is_recorded_between_its_yields() -> None:
    """Its lines are recorded each time it continues."""

    def sums(v: list[float]) -> Iterator[float]:
        total = 0.0
        for j in range(len(v)):
            total += v[j]
            yield total

    with record(sums) as steps:
        assert list(sums([1.0, 2.0, 3.0])) == [1.0, 3.0, 6.0]
    assert [step.term for step in steps] == [1.0, 2.0, 3.0]


PYTHONS = other_pythons()


def test_there_is_another_python_to_compare_with() -> None:
    """Without one, the next test is skipped, and this one says so."""
    if not PYTHONS:
        pytest.skip("no other Python is at hand")


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.slow
def test_the_events_are_the_same_on_every_python(python: str, tmp_path: Path) -> None:
    """They agree line by line, to the last bit, on CPython 3.10 and later and on PyPy."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    here = printed_by(sys.executable, str(program), cwd=tmp_path)
    assert len(here) > 200
    assert printed_by(python, "-S", str(program), cwd=tmp_path) == here


def mean_of_two(v: float, w: float) -> float:
    """Return the mean of two numbers, in one line."""
    return (v + w) / 2.0


def test_a_recording_is_a_sequence_that_describes_itself() -> None:
    """In a notebook it has len, an index, a slice, a loop and a repr."""
    with record() as steps:
        assert mean_cost([1.0, 2.0]) == 1.5
    assert repr(steps) == "<Recording of 3 steps: 26>"
    assert [step.result for step in steps[1:]] == [3.0, 1.5]
    assert steps[-1].source == "return total / len(example_costs)"
    with record(mean_of_two) as one:
        mean_of_two(1.0, 2.0)
    assert repr(one) == "<Recording of 1 step: mean_of_two>"
    with record() as nothing:
        pass
    assert repr(nothing) == "<Recording of 0 steps: nothing ran>"
