"""The book's names for the numbers, sums and indices of any function."""

from __future__ import annotations

from typing import Any

from tests.test_stepping import SCENES, drawn, sheet
from tinynn import Vector
from tinynn.neurons import output_change
from tinynn.notation import equations, in_layer, layer_named, named, symbols_of
from tinynn.stepper import record
from tinynn.stepper.names import in_book, in_full, neurons, quantity
from tinynn.stepper.navigation import Cursor, rows
from tinynn.stepper.scenes import Scene

# An equation of another chapter, unknown to the stepper.


@named(w="w^l", a="a^{l-1}", b="b^l", z="z^l")
def feature_maps(w: Any, a: Any, b: list[float], rows: int, columns: int) -> Any:
    """z^l_{f,j,k} = Σ_r Σ_s w^l_{f,r,s} a^{l-1}_{j+r,k+s} + b^l_f."""
    z = [[[0.0] * columns for _ in range(rows)] for _ in b]
    for f in range(len(b)):
        for j in range(rows):
            for k in range(columns):
                acc = 0.0
                for r in range(len(w[f])):
                    for s in range(len(w[f][r])):
                        acc += w[f][r][s] * a[j + r][k + s]
                z[f][j][k] = acc + b[f]
    return z


@named(w="w^{l+1}", delta_next="δ^{l+1}", delta="δ^l")
def scattered(w: Any, delta_next: Any, delta: Any) -> None:
    """Add to δ^l_{j+r,k+s} its share of each error: a sum in an entry, in the order of errors."""
    for f in range(len(w)):
        for j in range(len(delta_next[f])):
            for k in range(len(delta_next[f][j])):
                for r in range(len(w[f])):
                    for s in range(len(w[f][r])):
                        delta[j + r][k + s] += w[f][r][s] * delta_next[f][j][k]


@layer_named("l")
def second_layer(function: Any, *arguments: Any) -> Any:
    """Return the answer of a function in layer 2, which is numbered as in a network."""
    l = 2
    return l and function(*arguments)


KERNELS = [[[100.0 * f + 10.0 * r + s for s in range(1, 5)] for r in range(1, 4)] for f in (1, 2)]
IMAGE = [[float(j * k) for k in range(6)] for j in range(5)]


def convolution_scene() -> Scene:
    """Return the recording of two maps of 3×3 neurons, with kernels of 3×4, on an image of 5×6."""
    with record(feature_maps) as steps:
        second_layer(feature_maps, KERNELS, IMAGE, [0.5, -0.5], 3, 3)
    return Scene("two feature maps", steps, ("the convolution",))


CONVOLUTION = convolution_scene()


def test_the_steps_of_a_convolution_have_named_and_evaluated_indices() -> None:
    """There are five loops, three indices with commas, and j + r is evaluated."""
    steps = CONVOLUTION.steps
    assert len(steps) == 2 * 3 * 3 * (12 + 1)
    last_term, result = steps[11], steps[12]
    assert last_term.indices == {"l": 2, "f": 0, "j": 0, "k": 0, "r": 2, "s": 3}
    assert in_book(last_term) == "sum + w^2_1,3,4 a^1_34"
    assert (last_term.places, last_term.place) == (((), (0, 2, 3), (2, 3)), ())
    assert (last_term.term, last_term.k) == (134.0 * 6.0, 0)
    assert (result.indices, in_book(result)) == (
        {"l": 2, "f": 0, "j": 0, "k": 0},
        "sum + b^2_1",
    )
    made = quantity(steps[-1])
    assert made is not None
    assert (made.name, made.indices) == ("z^2_2,3,3", (1, 2, 2))
    assert in_book(steps[-2]) == "sum + w^2_2,3,4 a^1_56"
    assert steps[-1].result == sum(
        KERNELS[1][r][s] * IMAGE[2 + r][2 + s] for r in range(3) for s in range(4)
    ) + (-0.5)


def test_the_sum_of_a_convolution_is_written_in_full() -> None:
    """It shows the largest of twelve terms, and none of the previous neuron."""
    assert in_full(CONVOLUTION.steps, 11) is None
    assert in_full(CONVOLUTION.steps, 25) == (
        "w^2_1,3,2 a^1_33 + w^2_1,3,3 a^1_34 + w^2_1,3,4 a^1_35 + [9 more] + b^2_1",
        "(132)(4) + (133)(6) + (134)(8) + [9 more: 1492] + 0.5",
    )


def test_navigation_in_a_convolution_is_like_in_any_other_equation() -> None:
    """Folding, the end of a sum, the next neuron, jumps to a quantity or a neuron."""
    found = rows(CONVOLUTION.steps)
    assert [(row.first, row.last) for row in found[:5]] == [
        (0, 0),
        (1, 9),
        (10, 10),
        (11, 11),
        (12, 12),
    ]
    cursor = Cursor(CONVOLUTION.steps)
    cursor.line(1)
    assert cursor.finish_sum()
    assert cursor.place == 12
    assert cursor.neuron(1)
    assert (cursor.place, cursor.step.neuron) == (13, (0, 0, 1))
    assert not cursor.layer(1)
    assert cursor.jump("z^2_2,1,3")
    assert cursor.step.indices == {"l": 2, "f": 1, "j": 0, "k": 2}
    assert cursor.jump("2:1,2,3")
    assert (cursor.step.neuron, cursor.step.is_term) == ((0, 1, 2), True)
    assert len(cursor.known()) == 5


def test_the_screen_and_the_sheet_show_a_convolution() -> None:
    """Each index has its name, and counts from 1 in the book and from 0 in Python."""
    text = "\n".join(drawn(CONVOLUTION, "12", 100, 30))
    for part in (
        "f = 1, j = 1, k = 1, r = 3, s = 4 (0, 0, 0, 2, 3 in Python)",
        "symbols  sum + w^2_1,3,4 a^1_34",
        "result   2340, the sum so far",
    ):
        assert part in text, part
    assert "z^2_1,1" in "\n".join(drawn(CONVOLUTION, "z^2_1,1,3", 100, 30))
    assert "z^2_1,2,1 = " in sheet(CONVOLUTION, "text")
    assert "$z^{2}_{1,2,1} = " in sheet(CONVOLUTION, "markdown")


def test_a_sum_may_be_an_entry() -> None:
    """The sum has the name of the entry; each share is a term."""
    delta = [[0.0] * 4 for _ in range(3)]
    with record(scattered) as steps:
        second_layer(scattered, KERNELS, [[[1.0]], [[2.0]]], delta)
    assert all(step.is_term for step in steps)
    assert in_book(steps[13]) == "δ^2_12 + w^3_2,1,2 δ^3_2,1,1"
    assert steps[13].by_hand == "112 + (212)(2)"
    assert [step.term for step in steps[12:14]] == [422.0, 424.0]


# The start of a sum decides which line it belongs to.


def two_sums(w: list[list[float]], a: list[float], start: float) -> float:
    """Return sums of four kinds: in a loop, around it, with a first value, and scaled."""
    whole = start
    for j in range(len(w)):
        inner = a[j]
        for k in range(len(a)):
            inner += w[j][k] * a[k]
        whole += 2.0 * inner
    scaled = 0.0
    for k in range(len(a)):
        scaled += -a[k]
    half = scaled * (whole - 1.0)
    scaled *= 0.5
    return scaled + half


def test_the_start_of_a_sum_decides_which_line_it_belongs_to() -> None:
    """The line shows its first value and all its terms; a scaled sum is not written out."""
    with record(two_sums) as steps:
        two_sums([[1.0, 2.0], [3.0, 4.0]], [5.0, 6.0], 0.25)
    (half,) = [place for place, step in enumerate(steps) if step.target == "half"]
    assert in_full(steps, half) == (
        "((−a_1) + (−a_2)) (0.25 + 2 sum + 2 sum − 1)",
        "((−5) + (−6)) (0.25 + (2)(22) + (2)(45) − 1)",
    )
    assert in_full(steps, 3) == (
        "sum + 2 (a_1 + w_11 a_1 + w_12 a_2)",
        "0.25 + 2 (5 + (1)(5) + (2)(6))",
    )
    assert in_full(steps, len(steps) - 1) is None, "scaled is no longer its terms"
    cursor = Cursor(steps)
    cursor.go(1)
    assert cursor.finish_sum()
    assert cursor.step.source == "whole += 2.0 * inner"


def of_parts(v: list[float]) -> float:
    """Return a sum of the sums of another function, with the same name."""
    total = 0.0
    for j in range(len(v)):
        total += part_of(v[j])
    return total / 2.0


def part_of(x: float) -> float:
    """Return three times x."""
    total = 0.0
    for _ in range(3):
        total += x
    return total * 1.0


def test_a_sum_in_a_called_function_is_separate() -> None:
    """Its terms are not those of the caller's sum, although the lines belong to one call."""
    with record(of_parts, part_of) as steps:
        of_parts([1.0, 2.0])
    assert len({step.call for step in steps}) == 1
    assert in_full(steps, len(steps) - 1) == (
        "(part_of(v_1) + part_of(v_2)) / 2",
        "(part_of(1) + part_of(2)) / 2",
    )


@named(a="a^l", w="w^l")
def my_forward(weights: list[list[list[float]]], x: list[float]) -> list[list[float]]:
    """Return the activations of all layers from one function."""
    a = x
    found = [x, x]
    for l in range(2, len(weights) + 2):
        w = weights[l - 2]
        before, a = a, [0.0] * len(w)
        for j in range(len(w)):
            a[j] = max(w[j][0] * before[0], 0.0)
        found.append(a)
    return found


def test_a_loop_over_l_is_the_layer_of_its_lines() -> None:
    """The next neuron after (2, 1) is (2, 2), then (3, 1)."""
    with record(my_forward) as steps:
        my_forward([[[2.0], [3.0]], [[4.0]]], [1.0])
    assert [quantity(step).name for step in steps] == ["a^2_1", "a^2_2", "a^3_1"]  # type: ignore[union-attr]
    assert [step.neuron for step in steps] == [(0,), (1,), (0,)]
    assert in_book(steps[1]) == "max(w^2_21 before_1, 0)"
    cursor = Cursor(steps)
    assert cursor.layer(1)
    assert cursor.place == 2
    assert cursor.jump("2:2")
    assert cursor.place == 1
    assert cursor.neuron(1)


def firing(w: list[list[float]], z: list[float]) -> list[float]:
    """Return z from sums that are not always used, over indices in another order."""
    for j in range(len(w)):
        total = 0.0
        for k in [1, 0]:
            total += w[j][k]
        if w[j][0] > 0.0:
            z[j] = 2.0 * total
    return z


def test_an_unused_sum_ends_at_the_next_line() -> None:
    """The sum of the first neuron is not used, so "finish the sum" moves one line."""
    with record(firing) as steps:
        firing([[-1.0, 2.0], [1.0, 2.0]], [0.0, 0.0])
    assert [step.indices for step in steps[:2]] == [{"j": 0, "k": 1}, {"j": 0, "k": 0}]
    cursor = Cursor(steps)
    assert cursor.finish_sum()
    assert cursor.place == 1
    cursor.go(2)
    assert cursor.finish_sum()
    assert cursor.step.target == "z[j]"


def test_an_addition_outside_all_loops_is_a_term() -> None:
    """In (5) the term of the bias follows those of the weights."""
    with record() as steps:
        output_change(Vector([-2, -2]), Vector([1, 0.5]), 3.0, Vector([0.1, 0.0]), 0.1)
    assert steps[-1].is_term
    assert in_book(steps[-1]) == "sum + σ'(z) Δb"


def test_the_neurons_of_a_line_are_those_of_its_quantities() -> None:
    """BP2 has j of layer 2 and k of layer 3, others k of the layer before, σ' those of its line."""
    steps = SCENES["xor"].steps
    assert neurons(steps[1]) == [(2, 0), (1, 1)]
    assert neurons(steps[2]) == [(2, 0)]
    assert {steps[19].number, steps[20].number, steps[31].number} == {"BP2", "σ'", "BP4"}
    assert set(neurons(steps[19])) == {(3, 0), (2, 0)}
    assert neurons(steps[20]) == [(2, 0)]
    assert set(neurons(steps[31])) == {(2, 1), (1, 0)}


def test_the_rows_of_a_matrix_are_folded_one_by_one() -> None:
    """Each of five rows of 64 weights has four lines, and a line does not cross rows."""
    steps = SCENES["digit"].steps
    for number in ("BP4", "20"):
        folds = [row for row in rows(steps) if row.folded and steps[row.last].number == number]
        assert [(row.folded, steps[row.last].j) for row in folds[:5]] == [(60, j) for j in range(5)]


def test_an_undeclared_name_is_shown_unchanged() -> None:
    """Names of Greek letters become letters; an unknown index is shown as in the code."""

    def shown(eta: float, w_next: list[float], delta: dict[str, float]) -> list[float]:
        sigma = abs
        nabla = [0.0]
        for i in range(1):
            nabla[i] = -eta * w_next[i] + w_next[-1] * delta["x"] + sigma(w_next[i])
        return nabla

    with record(shown) as steps:
        shown(0.5, [1.0, 2.0], {"x": 3.0})
    assert in_book(steps[0]) == "−η w_next_1 + w_next[-1] delta['x'] + abs(w_next_1)"
    made = quantity(steps[0])
    assert made is not None
    assert made.name == "∇_1"


def test_an_equation_declares_only_names_that_it_uses() -> None:
    """Every declared name is a local of the function or its own; every layer can be read."""
    for entry in equations():
        code = entry.function.__code__
        for name, symbol in symbols_of(entry.function).items():
            assert name in (*code.co_varnames, *code.co_cellvars, code.co_name), (
                f"{entry.number}: no {name}"
            )
            assert "^" not in in_layer(symbol, 2)[0], f"{entry.number}: {symbol}"
