"""Stepping through a recording: navigation, the screen, the worked sheet, the command."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable
from math import exp
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.terminal import on_a_terminal, run
from tinynn import ArgumentError, Network, Vector, load_digits
from tinynn.activations import sigmoid, sigmoid_prime
from tinynn.cli import main
from tinynn.cli.common import last_network
from tinynn.cli.keyboard import Keyboard
from tinynn.notation import equations
from tinynn.stepper import record
from tinynn.stepper.names import Quantity, in_book, in_full, quantity, read
from tinynn.stepper.navigation import Cursor, matches, rows
from tinynn.stepper.scenes import (
    Scene,
    batch_scene,
    bump_scene,
    chain_scene,
    half_adder_scene,
    network_scene,
    perceptron_scene,
    valley_scene,
    xor_network,
)
from tinynn.stepper.writing import formula_maths, short
from tinynn.views.stepping import LEAST, Stepping
from tinynn.views.wiring import Wiring
from tinynn.views.worksheet import SHOWN, markdown_lines, sections, text_lines


def xor_scene() -> Scene:
    """Return one training example of the 2-2-1 network, whose numbers are short."""
    return network_scene(xor_network(), Vector([1, 1]), Vector([0]))


def digit_scene() -> Scene:
    """Return one training digit of 64-5-10, with sums of 64 terms."""
    return network_scene(Network([64, 5, 10], seed=0), *load_digits().test[0])


XOR = xor_scene()
DIGIT = digit_scene()
SCENES = {
    "xor": XOR,
    "digit": DIGIT,
    "perceptron": perceptron_scene(),
    "half adder": half_adder_scene(),
    "bump": bump_scene(),
    "valley": valley_scene(),
    "rolling": valley_scene(mu=0.9),
    "ahead": valley_scene(mu=0.9, nesterov=True),
    "hessian": valley_scene(eta=1.0, hessian=True),
    "chain": chain_scene(),
}

# Navigation.


@given(st.sampled_from(sorted(SCENES)), st.integers(0, 60), st.integers(0, 100), st.booleans())
def test_n_lines_forward_and_n_lines_back_end_at_the_same_line(
    name: str, start: int, n: int, fold: bool
) -> None:
    """The known quantities are the same again, too."""
    cursor = Cursor(SCENES[name].steps, fold)
    start = min(start, len(cursor.rows) - 1)
    n = min(n, len(cursor.rows) - 1 - start)
    cursor.go(start)
    known = cursor.known()
    for _ in range(n):
        assert cursor.line(1)
    for _ in range(n):
        assert cursor.line(-1)
    assert (cursor.at, cursor.known()) == (start, known)


@given(st.sampled_from(sorted(SCENES)), st.sampled_from(["neuron", "equation", "layer"]))
def test_moving_by_parts_visits_the_same_places_forwards_and_backwards(
    name: str, part: str
) -> None:
    """Next and previous neuron, equation and layer stop at the same first lines."""
    cursor = Cursor(SCENES[name].steps)
    visited = [cursor.at]
    while getattr(cursor, part)(1):
        visited.append(cursor.at)
    assert len(set(visited)) == len(visited) > (1 if name == "xor" else 0)
    back = [cursor.at]
    while getattr(cursor, part)(-1):
        back.append(cursor.at)
    assert back == visited[::-1]


def test_the_next_neuron_equation_and_layer_are_those_of_the_book() -> None:
    """From the first term of z^2_1 they are neuron 2, σ of layer 2, and layer 3."""
    cursor = Cursor(XOR.steps)
    assert cursor.neuron(1)
    assert (cursor.step.number, cursor.step.layer, cursor.step.j, cursor.step.k) == ("z", 2, 1, 0)
    assert cursor.equation(1)
    assert cursor.step.function in ("sigmoid", "activation")
    assert cursor.layer(1)
    assert (cursor.step.number, cursor.step.layer) == ("z", 3)
    assert cursor.layer(-1)
    assert cursor.place == 0
    assert not cursor.line(-1), "there is nothing before the first line"


def test_finishing_a_sum_moves_to_the_line_that_uses_it() -> None:
    """It moves from any term of Σ_k w_jk a_k to z_j = Σ + b_j."""
    for fold in (True, False):
        cursor = Cursor(DIGIT.steps, fold)
        cursor.line(1)
        assert cursor.finish_sum()
        assert cursor.step.source == "z[j] = total + b[j]"


@pytest.mark.parametrize(
    ("wanted", "name"),
    [
        ("BP2", "δ^2_1"),
        ("(bp2)", "δ^2_1"),
        ("a^2_2", "a^2_2"),
        ("d^3_1", "δ^3_1"),
        ("delta^2_2", "δ^2_2"),
        ("δ^2_2", "δ^2_2"),
        ("dC/dw^2_21", "∂C/∂w^2_21"),
        ("w'^3_12", "w'^3_12"),
        ("b'^2_2", "b'^2_2"),
    ],
)
def test_jumping_finds_an_equation_or_a_quantity(wanted: str, name: str) -> None:
    """For example BP2 and a^2_3; d is a replacement for δ."""
    cursor = Cursor(XOR.steps)
    assert cursor.jump(wanted)
    while (made := quantity(cursor.step)) is None:
        cursor.line(1)
    assert made.name == name


def test_jumping_again_finds_the_next_match_and_then_the_first() -> None:
    """BP4 has four lines in layer 2 and two in layer 3: the seventh jump is the first again."""
    cursor = Cursor(XOR.steps)
    places = []
    for _ in range(7):
        assert cursor.jump("BP4")
        places.append(cursor.place)
    assert len(set(places)) == 6
    assert places[6] == places[0]
    assert cursor.jump("2:2")
    assert (cursor.step.layer, cursor.step.j) == (2, 1)
    assert cursor.jump("20")
    assert cursor.place == 19, "a bare number is that of a step"
    assert cursor.jump("(20)")
    assert cursor.step.number == "20", "a number in parentheses is that of an equation"
    assert cursor.jump("43")
    assert cursor.place == 42
    assert not cursor.jump("50")
    assert not cursor.jump("BP9")
    assert not cursor.jump("")
    assert cursor.place == 42, "without a match the place does not change"


def test_long_sums_are_folded_to_the_first_term_and_the_two_largest() -> None:
    """Of 64 terms, 61 are folded between three rows; every step is in exactly one row."""
    found = rows(DIGIT.steps)
    covered = [i for row in found for i in range(row.first, row.last + 1)]
    assert covered == list(range(len(DIGIT.steps)))
    shown = [row.first for row in found if row.last < 64 and not row.folded]
    sizes = {step: abs(step.term or 0.0) for step in DIGIT.steps[1:64]}
    largest = sorted(sizes, key=lambda step: -sizes[step])[:2]
    assert [DIGIT.steps[at] for at in shown] == [
        step for step in DIGIT.steps[:64] if step in (DIGIT.steps[0], *largest)
    ]
    assert not any(row.folded for row in rows(DIGIT.steps, fold=False))
    assert not any(row.folded for row in rows(XOR.steps)), "sums of two terms are shown whole"


def test_unfolding_stays_at_the_same_line() -> None:
    """Folding again shows the row that contains it."""
    cursor = Cursor(DIGIT.steps)
    cursor.go(2)
    place = cursor.place
    cursor.unfold()
    assert cursor.place == place
    cursor.go(30)
    cursor.unfold()
    assert cursor.row.first <= 30 <= cursor.row.last


def test_the_known_quantities_grow_along_the_recording() -> None:
    """At the end they are all z, a, δ, ∂C/∂b, ∂C/∂w, and all new weights and biases."""
    cursor = Cursor(XOR.steps)
    assert cursor.known() == []
    cursor.go(10**9)
    names = [each.name for each in cursor.known()]
    assert len(set(names)) == len(names)
    counts = {"z": 3, "a": 3, "δ": 3, "∂C/∂a": 1, "∂C/∂b": 3, "∂C/∂w": 6, "b'": 3, "w'": 6}
    for symbol, count in counts.items():
        assert sum(each.symbol == symbol for each in cursor.known()) == count, symbol


# The transcripts from before the stepper read its symbols from the equations.

TRANSCRIPTS = Path(__file__).parent / "transcripts"
BEFORE: dict[str, Callable[[], Scene]] = {
    "xor": xor_scene,
    "3-4-3-2": lambda: network_scene(
        Network([3, 4, 3, 2], seed=1), Vector([1, 0.5, -1]), Vector([1, 0]), 0.5
    ),
    "6-6-1-tanh": lambda: network_scene(
        Network([6, 6, 1], seed=2, activation="tanh", init="large"),
        Vector([1, 0, 1, 0.5, 0.25, -2]),
        Vector([0.5]),
        0.5,
    ),
    "perceptron": perceptron_scene,
    "half-adder": half_adder_scene,
    "valley": valley_scene,
    "valley-momentum": lambda: valley_scene(mu=0.9),
    "valley-nesterov": lambda: valley_scene(mu=0.9, nesterov=True, steps=2),
    "valley-hessian": lambda: valley_scene(eta=1.0, steps=1, hessian=True),
}


def transcript(scene: Scene) -> list[str]:
    """Return a line per step: number, indices, symbols, by hand, values, result, in full."""
    lines = []
    for place, step in enumerate(scene.steps):
        where = [f"l{step.layer}"] if step.layer is not None else []
        where += [f"{name}{index + 1}" for name, index in step.loops.items()]
        made = quantity(step)
        result = f"{made.name} = {step.result!r}" if made else repr(step.result)
        parts = [in_book(step), step.by_hand, step.worked_out, result]
        parts += in_full(scene.steps, place) or ()
        lines.append("  ".join([" ".join([f"({step.number})", *where]), *parts]))
    return lines


def test_every_old_transcript_has_a_scene() -> None:
    """The names of the files are those of the scenes."""
    assert {path.stem for path in TRANSCRIPTS.iterdir()} == set(BEFORE)


@pytest.mark.parametrize("name", BEFORE)
def test_every_number_symbol_and_step_is_unchanged(name: str) -> None:
    """If a line differs, the message shows both versions."""
    expected = (TRANSCRIPTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    found = transcript(BEFORE[name]())
    for number, (was, now) in enumerate(zip(expected, found), start=1):
        assert was == now, f"step {number} of {name}\n  was {was}\n  now {now}"
    assert len(found) == len(expected)


def test_the_lines_read_in_the_books_symbols() -> None:
    """For example w[k][j] in BP2 is w^3_11, from neuron 1 of layer 2 to neuron 1 of layer 3."""
    written = {in_book(step) for step in XOR.steps}
    assert {
        "sum + w^2_11 a^1_1",
        "sum + b^2_1",
        "σ(z^2_2)",
        "a^3_1 − y_1",
        "∂C/∂a^3_1 σ'(z^3_1)",
        "sum + w^3_12 δ^3_1",
        "sum σ'(z^2_2)",
        "δ^2_1",
        "a^2_2 δ^3_1",
        "w^2_12 − η/m ∂C/∂w^2_12",
        "b^3_1 − η/m ∂C/∂b^3_1",
    } <= written


# Numbers by hand: the 2-2-1 network at x = (1, 1), y = 0.


def test_the_recording_agrees_with_the_numbers_worked_by_hand() -> None:
    """z^2 = (3 + 2 - 1, -2 - 3 + 4) = (4, -1), and the numbers that follow, to four figures."""
    cursor = Cursor(XOR.steps)
    cursor.go(10**9)
    known = {each.name: short(each.value) for each in cursor.known()}
    by_hand = {
        "z^2_1": "4",
        "z^2_2": "−1",
        "a^2_1": "0.982",
        "a^2_2": "0.2689",
        "z^3_1": "−0.4981",
        "a^3_1": "0.378",
        "∂C/∂a^3_1": "0.378",
        "δ^3_1": "0.08887",
        "δ^2_1": "0.003139",
        "δ^2_2": "0.03495",
        "∂C/∂w^3_12": "0.0239",
        "w'^3_12": "1.976",
        "b'^2_2": "3.965",
    }
    assert {name: known[name] for name in by_hand} == by_hand


def test_stepping_does_not_change_the_network() -> None:
    """The update is recorded on a copy."""
    network = xor_network()
    network_scene(network, Vector([1, 1]), Vector([0]))
    assert network == xor_network()


def test_the_half_adder_records_its_five_gates() -> None:
    """For 1 + 1 = 10 the last gates answer sum 0, carry 1."""
    for p in (0, 1):
        for q in (0, 1):
            scene = half_adder_scene([p, q])
            answers = [step.result for step in scene.steps if step.source == "return step(z)"]
            assert len(answers) == len(scene.captions) == 5
            assert (answers[3], answers[4]) == ((p + q) % 2, (p + q) // 2)


def test_the_valley_records_every_step_down() -> None:
    """C falls from 6 to 2.75, 1.39, 0.743 with η = 1/8, as in the formula."""
    costs = [step.result for step in valley_scene().steps if step.function == "C"]
    assert costs == [6.0, 2.75, 1.390625, 0.7431640625]


@pytest.mark.ch3
def test_the_valley_with_momentum_records_the_velocity() -> None:
    """(107), (108) with μ = 0.9, η = 1/8: the first step is plain, the next adds 0.9 of it."""
    steps = SCENES["rolling"].steps
    first, second = [each for each in steps if each.function == "momentum_step"][::2][:2]
    assert (in_book(first), first.by_hand) == (
        "μ Δv_1 − η ∂C/∂v_1",
        "(0.9)(0) − (0.125)(4)",
    )
    assert second.by_hand == "(0.9)(−0.5) − (0.125)(3)"
    assert second.result == pytest.approx(-0.825)
    (moved,) = [each for each in steps if each.function == "moved_by"][2:3]
    assert (in_book(moved), moved.by_hand) == ("v_1 + Δv'_1", "1.5 + (−0.825)")
    made = quantity(moved)
    assert made is not None
    assert made.name == "v'_1"
    assert SCENES["rolling"].title.endswith("η = 0.125, μ = 0.9")


@pytest.mark.ch3
def test_nesterov_in_the_valley_uses_the_slope_ahead() -> None:
    """(107): at v + μ Δv = 1.5 - 0.45 the slope is 2.1; plain momentum has 3."""
    steps = SCENES["ahead"].steps
    (ahead,) = [each for each in steps if each.function == "place_ahead"][2:3]
    assert (in_book(ahead), ahead.by_hand) == ("v_1 + μ Δv_1", "1.5 + (0.9)(−0.5)")
    slopes = [each.result for each in steps if each.function == "nabla_C"]
    assert slopes[2] == pytest.approx(2.1)


@pytest.mark.ch3
def test_one_hessian_step_ends_at_the_bottom_of_the_valley() -> None:
    """(106) with η = 1 from (2, 1): H = (2 0; 0 4), Δw = (-2, -1), C = 0."""
    scene = valley_scene(eta=1.0, steps=1, hessian=True)
    assert [step.result for step in scene.steps if step.function == "C"] == [6.0, 0.0]
    lines = [step for step in scene.steps if step.number == "106"]
    assert [step.result for step in lines[-2:]] == [-2.0, -1.0]
    assert scene.captions[2] == "step 1: Δw = -η H⁻¹ ∇C"


@pytest.mark.ch3
def test_step_valley_takes_mu_nesterov_and_hessian(capsys: pytest.CaptureFixture[str]) -> None:
    """(106) to (108) are options of the command; without them the valley is unchanged."""
    assert main(["step", "valley", "--mu", "0.9", "--plain"]) == 0
    rolling = capsys.readouterr().out
    assert "Δv' = μ Δv - η ∇C" in rolling
    assert "μ Δv_1 − η ∂C/∂v_1  →  (0.9)(−0.5) − (0.125)(3)  →  Δv'_1 = −0.825" in rolling
    assert "(14)" not in rolling
    assert main(["step", "valley", "--mu", "-0.5", "--nesterov", "--plain"]) == 0
    assert "v_1 + μ Δv_1  →  1.5 + (−0.5)(−0.5)" in capsys.readouterr().out
    assert main(["step", "valley", "--hessian", "--plain"]) == 0
    assert "at the end: C" in (hessian := capsys.readouterr().out)
    assert hessian.rstrip().endswith("(0)(0) + (2)(0)(0)  →  0")
    assert main(["step", "valley", "--mu", "0", "--plain"]) == 0
    without = capsys.readouterr().out
    assert main(["step", "valley", "--plain"]) == 0
    assert capsys.readouterr().out == without


def test_a_network_that_is_too_large_to_record_raises_an_error() -> None:
    """The error is raised at once, not after a minute."""
    network = Network([784, 100, 10], seed=0)
    with pytest.raises(ArgumentError, match=r"at most 50,000 weights and biases.*got 79,510"):
        network_scene(network, Vector.zeros(784), Vector.zeros(10))


# A mini-batch.

XOR_BATCH = batch_scene(
    xor_network(), [(Vector([1, 1]), Vector([0])), (Vector([0, 1]), Vector([1]))], 0.5
)


def test_the_sums_of_a_mini_batch_are_steps_and_every_step_knows_its_example() -> None:
    """(20) reads the sum that BP4 added up, example by example."""
    steps = XOR_BATCH.steps
    assert [step.example for step in steps] == sorted(
        (step.example for step in steps), key=lambda i: 2 if i is None else i
    )
    assert {(step.example, step.batch) for step in steps} == {(0, 2), (1, 2), (None, 2)}
    assert {step.number for step in steps if step.example is None} == {"20", "21"}
    sums: dict[str, Quantity] = {}
    for place, step in enumerate(steps):
        made = quantity(step, place)
        if made is not None and step.number in ("BP3", "BP4"):
            assert made.name.startswith("Σ∂C/∂")
            assert step.before == (sums[made.name].value if made.name in sums else 0.0)
            sums[made.name] = made
        for each in read(step):
            if step.number in ("20", "21") and each.name.startswith("Σ"):
                assert each.value == sums[each.name].value
    assert len(sums) == 9
    assert in_book(steps[-1]) == "b^3_1 − η/m Σ∂C/∂b^3_1"


def test_the_cursor_moves_from_example_to_example() -> None:
    """The known quantities are those of the current example, and the sums."""
    cursor = Cursor(XOR_BATCH.steps)
    assert cursor.example(1)
    assert (cursor.step.example, cursor.step.number, cursor.step.layer) == (1, "z", 2)
    assert not any(each.symbol in "za" for each in cursor.known())
    assert sum(each.symbol.startswith("Σ") for each in cursor.known()) == 9
    assert cursor.example(1)
    assert cursor.step.number == "20"
    assert cursor.example(-1)
    assert cursor.example(-1)
    assert cursor.place == 0
    text = sheet(XOR_BATCH, "text")
    for part in ("example 2 of 2, layer 2", "all 2 examples, layer 3", "η = 0.5, m = 2"):
        assert part in text
    assert "Σ∂C/∂w^2_11 + a^1_1 δ^2_1" in text
    assert "example 2 of 2, layer 2" in "\n".join(drawn(XOR_BATCH, "60", 80, 24))


def test_several_digits_are_one_step_of_the_last_network(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tinynn step --digits 4 7 11` has three digits, --digit 4 has one."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert main(["step", "--digits", "4", "7"]) == 2
    assert "run `tinynn train`" in capsys.readouterr().err
    path = Path(last_network())
    path.parent.mkdir(parents=True, exist_ok=True)
    Network([64, 3, 10], seed=0).save(path)
    assert main(["step", "--digits", "4", "7", "11", "--equation", "21"]) == 0
    text = capsys.readouterr().out
    assert "the last network learns from the test digits 4, 7, 11" in text
    assert "η / m  →  1 / 3" in text
    assert main(["step", "--digit", "4", "--equation", "BP2"]) == 0
    assert "the last network learns from test digit 4 (a 4)" in capsys.readouterr().out
    assert main(["step", str(path), "--digits", "4", "7", "--input", "1"]) == 2
    reported = capsys.readouterr().err
    assert all(word in reported for word in ("--input: ", "mini-batch"))


# The worked sheet.


def sheet(scene: Scene, form: str, number: str = "") -> str:
    """Return the sheet of one equation, or of all."""
    parts = list(sections(scene, lambda step: not number or matches(step, number)))
    form_lines = {"text": text_lines, "markdown": markdown_lines}[form]
    return "\n".join(form_lines(scene, parts))


def test_the_text_sheet_shows_each_line_in_three_forms() -> None:
    """The forms are symbols, numbers and result."""
    text = sheet(XOR, "text", "BP2")
    assert "(BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)" in text
    assert "20  total += w[k][j] * delta_next[k]\n" in text
    assert "→  sum + w^3_11 δ^3_1  →  0 + (2)(0.08887)  →  0.1777\n" in text
    assert "(0.17774)σ'(−1)  →  (0.17774)(0.19661)" in text
    assert "in full: w^3_12 δ^3_1 σ'(z^2_2)\n                = (2)(0.08887) σ'(−1)" in text
    slope = sheet(XOR, "text", "σ'")
    assert "→  a (1 − a)  →  (0.982014)(1 − 0.982014)  →  0.01766" in slope, "σ' has its value too"
    assert text.endswith("C = 0.07144 before this step, 0.05365 after it")
    assert max(map(len, sheet(XOR, "text").splitlines())) <= 79


def test_every_step_is_on_the_sheet_once() -> None:
    """Steps are numbered from 1, in order; a folded sum has the number of folded terms."""
    numbers = re.findall(r"^ +(\d+)  ", sheet(XOR, "text"), re.MULTILINE)
    assert list(map(int, numbers)) == list(range(1, len(XOR.steps) + 1))
    folded = sheet(DIGIT, "text", "z")
    left_out = re.findall(r"… (\d+) more terms, the sum so far", folded)
    single = len(re.findall(r"total \+= w\[j\]\[k\]", folded))
    assert sum(map(int, left_out)) + single == 5 * 64 + 10 * 5
    assert single == 5 * 3 + 10 * 5, "three terms of each long sum"


def test_the_markdown_sheet_consists_of_tables() -> None:
    """Each equation of each layer has a heading and a table without broken rows."""
    text = sheet(XOR, "markdown")
    assert "## (BP2) layer 2" in text
    line = r"| 23 | `delta[j] = total * sigma_prime(z[j])` | $\text{sum} \sigma'(z^{2}_{1}) = "
    assert line + r"(0.1777)\sigma'(4) = (0.17774)(0.017663)$; in full $" in text
    table_rows = [line for line in text.splitlines() if line.startswith("|")]
    assert all(line.count("|") == 5 for line in table_rows)


KNOWN = {
    "sigma",
    "delta",
    "Delta",
    "eta",
    "lambda",
    "ln",
    "cosh",
    "log",
    "surd",
    "sin",
    "cos",
    "partial",
    "nabla",
    "sum",
    "odot",
    "cdot",
    "to",
    "approx",
    "mu",
}
KNOWN |= {
    "Vert",
    "epsilon",
    "mathsf",
    "dots",
    "text",
    "frac",
    "exp",
    "max",
    "min",
    "tanh",
    "ge",
    "le",
}


def is_maths(text: str) -> None:
    """Check that braces are balanced, all commands are known, and nothing else is left."""
    assert text, "no maths"
    assert text.isascii(), {c for c in text if not c.isascii()}
    bare = re.sub(r"\\[%#&_]", "", text)
    depth = 0
    for mark in re.sub(r"[^{}]", "", bare):
        depth += 1 if mark == "{" else -1
        assert depth >= 0, text
    assert depth == 0, text
    for opening, closing in ("()", "[]"):
        assert bare.count(opening) == bare.count(closing), text
    assert set(re.findall(r"\\([A-Za-z]+)", bare)) <= KNOWN, text
    assert not re.search(r"\\(?![A-Za-z])", bare), text
    assert not re.search(r"[_^](?![{'2])", re.sub(r"\\text\{[^}]*\}", "", bare)), text
    words = re.sub(r"\\(text\{[^}]*\}|mathsf|[A-Za-z]+)|_\{[^}]*\}|\^\{[^}]*\}", "", bare)
    assert not re.search(r"[A-Za-z]{2}", words), text


def spans(sheet: str) -> list[str]:
    """Return the maths of a sheet: the texts between one or two dollar signs."""
    sheet = re.sub(r"`[^`]*`", "", sheet)
    assert all(line.count("$") % 2 == 0 for line in sheet.splitlines())
    return [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", sheet)]


def test_the_maths_of_a_markdown_sheet_is_balanced_and_known() -> None:
    """This is true for every scene, with exponents, conditions and words, and every formula."""
    tiny = network_scene(xor_network().scaled(9.0), Vector([1, 1]), Vector([0]))
    assert "10^{-" in sheet(tiny, "markdown")
    for scene in (*SCENES.values(), XOR_BATCH, tiny):
        found = spans(sheet(scene, "markdown"))
        assert len(found) > 10
        for text in found:
            is_maths(text)
    for entry in equations():
        is_maths(formula_maths(entry.formula))
    with pytest.raises(AssertionError):
        is_maths(r"\sigm(z)")
    with pytest.raises(AssertionError):
        is_maths("10^{-5")


def test_formulas_are_written_as_maths() -> None:
    """Indices of several letters and powers in parentheses stay together; words are text."""
    assert formula_maths("σ(z) = 1 / (1 + e^(-z))") == r"\sigma(z) = 1 / (1 + e^{-z})"
    assert formula_maths("w^l_jk a^{l-1}_k") == r"w^{l}_{jk} a^{l-1}_{k}"
    assert formula_maths("∂C/∂w^2_11") == r"\partial C/\partial w^{2}_{11}"
    assert formula_maths("5.87·10^−5 w_next_1") == r"5.87\cdot 10^{-5} \text{w\_next}_{1}"
    assert formula_maths("sum + exp(−z)") == r"\text{sum} + \exp(-z)"
    assert formula_maths("Δw = -η H⁻¹ ∇C") == r"\Delta w = -\eta H^{-1} \nabla C"
    assert formula_maths("μ Δv_1") == r"\mu \Delta v_{1}"


# The printed numbers give the right result on a calculator.


def calculated(text: str) -> float:
    """Return the result of a calculator for a line written by hand."""
    text = text.replace("−", "-").replace("·10^", "e").replace(")(", ")*(")
    text = re.sub(r"(\d) \(", r"\1 * (", text)
    text = re.sub(r"\[\d+ more: ([^\]]+)\]", r"(\1)", text)
    text = re.sub(r"\) (?=σ')", ") * ", re.sub(r"\)(?=σ')", ")*", text))
    text = re.sub(r"\) \(", ") * (", text).replace("σ'", "sigmoid_prime").replace("σ", "sigmoid")
    names = {"exp": exp, "sigmoid": sigmoid, "sigmoid_prime": sigmoid_prime}
    return float(eval(text, names))


FOUR = {name: SCENES[name] for name in ("xor", "digit", "valley", "rolling", "ahead", "hessian")}


@pytest.mark.parametrize("name", FOUR)
def test_every_line_gives_its_result_on_a_calculator(name: str) -> None:
    """The printed line, typed in, gives the four figures of the result."""
    steps = FOUR[name].steps
    for place, step in enumerate(steps[::3] if name == "digit" else steps):
        if step.line.kind == "if":
            continue
        for text in (step.by_hand, step.worked_out):
            assert short(calculated(text)) == short(step.result), (text, step)
        full = in_full(steps, place) if steps[place] is step else None
        if full is not None:
            assert short(calculated(full[1])) == short(step.result), full


def test_sigma_prime_near_one_shows_the_figures_that_it_needs() -> None:
    """(0.9998)(1 − 0.9998) → 0.0002354 would be wrong: a calculator gives 0.00019996."""
    with record() as steps:
        sigmoid_prime(8.354)
    assert steps[-1].by_hand == "(0.9997646)(1 − 0.9997646)"
    assert short(steps[-1].result) == "0.0002353"


def test_each_sheet_explains_once_how_numbers_are_shown() -> None:
    """The list of keys on the screen explains it too."""
    for form in ("text", "markdown"):
        assert sheet(XOR, form).count(SHOWN) == 1
    console = Console(file=io.StringIO(), width=100, height=30)
    console.print(Stepping(XOR, Cursor(XOR.steps), keys=True), height=30)
    assert isinstance(console.file, io.StringIO)
    assert console.file.getvalue().count(SHOWN) == 1


# The terms of a number.


def test_a_screen_shows_the_terms_of_a_number() -> None:
    """It has every term of δ^2_1 in symbols and numbers, and the largest terms of a long sum."""
    cursor = Cursor(DIGIT.steps)
    cursor.jump("d^2_1")
    console = Console(file=io.StringIO(), width=100, height=30)
    console.print(Stepping(DIGIT, cursor, why=True), height=30)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    for k in range(1, 11):
        index = f"{k}1" if k < 10 else f"{k},1"
        assert f"w^3_{index} δ^3_{k}" in text
    assert f"why is δ^2_1 = {short(cursor.step.result)}?" in text
    cursor.jump("z^2_1")
    console.print(Stepping(DIGIT, cursor, why=True), height=30)
    assert "smaller terms" in console.file.getvalue()
    terms = [step.term or 0.0 for step in DIGIT.steps[:64]]
    ((symbols, numbers),) = [in_full(DIGIT.steps, 64) or ("", "")]
    for largest in sorted(range(64), key=lambda k: -abs(terms[k]))[:3]:
        assert f"a^1_{largest + 1} " in f"{symbols} "
    assert "a^1_1 " not in symbols
    assert "[61 more]" in symbols
    assert "[61 more: " in numbers


def test_a_screen_shows_the_terms_so_far_of_a_sum() -> None:
    """At the twelfth line of z^2_1 there are twelve terms and their sum."""
    cursor = Cursor(DIGIT.steps, fold=False)
    cursor.go(11)
    console = Console(file=io.StringIO(), width=100, height=40)
    console.print(Stepping(DIGIT, cursor, why=True), height=40)
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert f"why is the sum so far = {short(cursor.step.result)}?" in text
    assert all(f"w^2_1{',' * (k > 9)}{k} a^1_{k} " in text for k in range(1, 13))
    assert f"the sum of all 12: {short(cursor.step.result)}" in text


def test_the_screen_has_the_sum_in_numbers_beside_the_sum_in_symbols() -> None:
    """At δ^2_1, w^3_11 is also among the values."""
    text = "\n".join(drawn(XOR, "23", 80, 24))
    assert "in full  w^3_11 δ^3_1 σ'(z^2_1)" in text
    assert "      =  (2)(0.08887) σ'(4)" in text
    assert re.search(r"w\^3 +2 ", text)


def test_a_sum_over_examples_is_written_in_full_in_its_line() -> None:
    """(20) on a mini-batch is w − η/m (a δ of the first + a δ of the second)."""
    steps = XOR_BATCH.steps
    (at,) = [i for i, step in enumerate(steps) if (q := quantity(step)) and q.name == "w'^3_11"]
    full = in_full(steps, at)
    assert full is not None
    assert full[0] == "w^3_11 − η/m (a^2_1 δ^3_1 + a^2_1 δ^3_1)"
    assert short(calculated(full[1])) == short(steps[at].result)


# The screen.


def drawn(scene: Scene, wanted: str, width: int, height: int) -> list[str]:
    """Return the lines on a terminal of this size at a place of the recording."""
    cursor = Cursor(scene.steps)
    assert cursor.jump(wanted)
    console = Console(file=io.StringIO(), width=width, height=height)
    console.print(Stepping(scene, cursor), height=height)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().splitlines()


@pytest.mark.parametrize("size", [LEAST, (80, 24), (100, 30), (120, 40), (200, 60)])
@pytest.mark.parametrize("name", sorted(SCENES))
def test_the_screen_fits_every_terminal_and_shows_the_line_whole(
    name: str, size: tuple[int, int]
) -> None:
    """The lines fit, with the current line, its numbers, its result and the keys."""
    scene = SCENES[name]
    for step in (1, len(scene.steps) // 2, len(scene.steps)):
        lines = drawn(scene, str(step), *size)
        assert len(lines) == size[1]
        assert max(map(len, lines)) <= size[0]
        text = "\n".join(lines)
        for label in ("line  ", "numbers  " if "press u" not in text else "…", "result  "):
            assert label in text
        assert "▶" in text, "the current line is marked"
        assert lines[-1].startswith("←→ line")
        assert lines[-1].rstrip().endswith("q quit")


def test_the_screen_shows_bp2_as_worked_by_hand() -> None:
    """It has the equation, the place, the line in code, symbols and numbers, and the result."""
    text = "\n".join(drawn(XOR, "23", 80, 24))
    for part in (
        "(BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)",
        "layer 2, j = 1 (0 in Python)",
        "▶  ",
        "symbols  sum σ'(z^2_1)",
        "numbers  (0.1777)σ'(4) = (0.17774)(0.017663)",
        "result   0.003139 = δ^2_1",
        "in full  w^3_11 δ^3_1 σ'(z^2_1)",
        "step 23 of 49",
    ):
        assert part in text, part


def test_a_terminal_that_becomes_too_small_shows_the_required_size() -> None:
    """Its size may change while stepping."""
    cursor = Cursor(XOR.steps)
    console = Console(file=io.StringIO(), width=40, height=10)
    console.print(Stepping(XOR, cursor), height=10)
    assert isinstance(console.file, io.StringIO)
    assert "stepping needs 80×22" in " ".join(console.file.getvalue().split())


def test_the_wiring_always_shows_the_highlighted_neurons_of_a_large_layer() -> None:
    """They are neuron 12 of 30 in layer 2, and neuron 41 of 64 in the input."""
    console = Console(file=io.StringIO(), width=60, height=20)
    console.print(Wiring([64, 30, 10], {(1, 40): 0.5}, [(2, 11), (1, 40)], 14))
    assert isinstance(console.file, io.StringIO)
    text = console.file.getvalue()
    assert "41 0.5" in text
    assert "12 ·" in text
    assert "⋮" in text


def test_the_wiring_strikes_out_dropped_neurons() -> None:
    """No line leaves one; each neuron has one line to its copy in the dropout layer."""
    known = {(2, 0): 0.5, (2, 1): 0.25, (3, 0): 0.5, (3, 1): 0.0}
    console = Console(file=io.StringIO(), width=60, height=20)
    console.print(Wiring([1, 2, 2, 1], known, [], 5, straight=[3], dropped=[(3, 1)]))
    assert isinstance(console.file, io.StringIO)
    _, *rows = console.file.getvalue().splitlines()
    (row,) = [row for row in rows if "× 0" in row]
    assert not row[row.index("× 0") + 3 :].strip(), "a line leaves a neuron that was dropped"
    (kept,) = [row for row in rows if row.count("1 0.5") == 2]
    assert "⠤⠤" in kept.split("1 0.5")[1], "a neuron has no line to its copy in the dropout layer"


@pytest.mark.parametrize("form", [(), ("--format", "markdown"), ("--format", "html")])
def test_a_sheet_names_the_dropped_neurons_and_the_momentum(form: tuple[str, ...]) -> None:
    """The dropped neurons are listed by layer; momentum has μ and the second step."""
    layers = ("--layers", "2, Dense(4), Dropout(0.5), Dense(1)")
    text = run("step", *layers, "--mu", "0.5", "--nesterov", "--plain", *form).stdout
    assert re.search(r"dropped: \d.* of layer 3", text)
    assert "second step with momentum" in text
    assert "r⊙a" in text
    assert "w+μv" in text
    assert run("step", *layers, "--seed", "1", "--plain").stdout != text
    for wrong, words in (
        (("--nesterov",), "--nesterov needs --mu"),
        (("--mu", "nan"), "--mu: expected a finite number"),
        (("perceptron", "--mu", "0.5"), "--mu: …perceptron"),
    ):
        done = run("step", *wrong)
        assert done.returncode == 2
        assert all(part in done.stderr for part in words.split("…"))


# The command.


def test_the_piped_output_is_a_numbered_transcript() -> None:
    """It has only the content of the screen."""
    done = run("step")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "XOR: one example learnt by a 2-2-1 network\nx = (1, 1), y = (0), η = 1"
    )
    assert "z^2_1 = 4" in done.stdout


def test_every_machine_and_format_has_its_sheet(capsys: pytest.CaptureFixture[str]) -> None:
    """The machines are xor, perceptron, half-adder, valley, bump, chain; text and Markdown."""
    for what in ("xor", "perceptron", "half-adder", "valley", "bump", "chain"):
        for form in ("text", "markdown"):
            assert main(["step", what, "--format", form]) == 0
            assert len(capsys.readouterr().out.splitlines()) > 10


def test_options_choose_the_network_and_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """--sizes, --seed, --input, --target and --eta; --equation and --neuron select lines."""
    arguments = [
        "step",
        "--plain",
        "--sizes",
        "2",
        "3",
        "2",
        "--seed",
        "4",
        "--input",
        "0.5",
        "1",
        "--target",
        "0",
        "1",
        "--eta",
        "0.25",
    ]
    assert main([*arguments, "--equation", "BP2", "--neuron", "2:3"]) == 0
    text = capsys.readouterr().out
    assert "x = (0.5, 1), y = (0, 1), η = 0.25" in text
    assert "δ^2_3" in text
    assert "δ^2_1 " not in text
    assert "(BP1)" not in text
    network = Network([2, 3, 2], seed=4)
    delta = network.backprop(Vector([0.5, 1]), Vector([0, 1])).biases[0][2]
    assert f"δ^2_3 = {short(delta)}" in text


def test_an_equation_is_shown_with_its_calls(capsys: pytest.CaptureFixture[str]) -> None:
    """--equation BP2 shows the two lines of σ' as well; --equation 3 shows only (3)."""
    assert main(["step", "--plain", "--equation", "BP2", "--neuron", "2:1"]) == 0
    assert re.findall(r"^ +(\d+)  ", capsys.readouterr().out, re.MULTILINE) == [
        "20",
        "21",
        "22",
        "23",
    ]
    assert main(["step", "--plain", "--equation", "3"]) == 0
    assert "sigma(z[j])" not in capsys.readouterr().out


def test_step_takes_a_saved_network_and_a_digit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Three of 64 terms are written out, or all with --unfold."""
    path = str(tmp_path / "net.json")
    Network([64, 4, 10], seed=0).save(path)
    assert main(["step", path, "--digit", "3", "--equation", "z", "--neuron", "2:1"]) == 0
    folded = capsys.readouterr().out
    assert (
        main(["step", path, "--digit", "3", "--equation", "z", "--neuron", "2:1", "--unfold"]) == 0
    )
    whole = capsys.readouterr().out
    assert "net.json learns from test digit 3 (a " in folded
    assert folded.count("total += w[j][k] * a[k]") in (3, 4)
    assert re.search(r"… \d+ more terms", folded)
    assert whole.count("total += w[j][k] * a[k]") == 64


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--neuron", "two"], "--neuron: expected a layer and a neuron, such as 2:3, got 'two'"),
        (["--neuron", "2:3"], "2:3: no such line"),
        (["--neuron", "2:0"], "layer 2 has neurons 1 to 2"),
        (["--equation", "BP9"], "the equations that ran are z, 3, a"),
        (["--input", "1", "2", "3"], "--input: expected 2 numbers, got 3"),
        (["--input", "nan", "1"], "--input: expected finite numbers, got nan"),
        (["--target", "1", "2"], "--target: expected 1 number, got 2"),
        (["--eta", "-1"], "eta: expected a finite number above 0"),
        (["--sizes", "2"], "sizes: expected two layers or more"),
        (["--sizes", "784", "100", "10"], "at most 50,000 weights"),
        (["--seed", "1"], "--seed: …xor"),
        (["perceptron", "--eta", "1"], "--eta: …perceptron"),
        (["half-adder", "--input", "1", "2"], "input: expected two bits, each 0 or 1, got 2"),
        (["nothing.json"], "no such file"),
        (["xor", "--digit", "3"], "--digit: …xor"),
        (["valley", "--data", "digits"], "--data: …valley"),
        (["valley", "--eta", "1e200"], "left the range of floats: eta = 1e+200 is too large"),
        (["--input", "-1e-3"], "--input: expected 2 numbers, got 1"),
        (["valley", "--mu", "nan"], "mu: expected a finite number, got nan"),
        (["valley", "--mu", "1e200"], "mu = 1e+200 too far from 0"),
        (["valley", "--nesterov"], "--nesterov needs --mu, such as --mu 0.9"),
        (["valley", "--mu", "0.5", "--hessian"], "hessian cannot go with mu and nesterov"),
        (["perceptron", "--hessian"], "--hessian: …perceptron"),
    ],
)
def test_bad_options_of_step_are_reported_in_one_line(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The line has the option's name and the expected value; the status is 2."""
    assert main(["step", *arguments]) == 2
    reported = capsys.readouterr().err
    assert all(part in reported for part in words.split("…"))
    assert reported.count("\n") == 1


def test_a_network_for_other_data_needs_its_input(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A saved network of any size works with --input and --target."""
    path = str(tmp_path / "small.json")
    Network([3, 2, 1], seed=0).save(path)
    assert main(["step", path]) == 2
    assert "add --input and --target" in capsys.readouterr().err
    assert main(["step", path, "--input", "1", "0", "1", "--target", "1"]) == 0


def test_keys_move_the_cursor_and_q_restores_the_terminal() -> None:
    """Right, down, e, a jump to BP2, unfold, End and q are one key each, without Enter."""
    status, written = on_a_terminal(
        "step",
        keys=[
            ("step 1 of 49", "\x1b[C"),
            ("step 2 of 49", "\x1b[B"),
            ("step 4 of 49", "e"),
            ("step 7 of 49", "/"),
            ("jump to:", "BP2\r"),
            ("step 20 of 49", "\x1b[D"),
            ("step 19 of 49", "u"),
            ("every term of every sum", "\x1b[F"),
            ("step 49 of 49", "\x1b[C"),
            ("the last line; C = 0.07144 before", "?"),
            ("any key goes back", "?"),
            ("step 49 of 49", "?"),
            ("any key goes back", "q"),
            ("step 49 of 49", "w"),
            ("any key goes back", "q"),
            ("step 49 of 49", "q"),
        ],
    )
    assert status == 0
    assert "\x1b[?1049l" in written, "the previous screen is back"


def test_a_jump_without_a_match_lists_possible_targets() -> None:
    """Escape only removes the message."""
    status, written = on_a_terminal(
        "step",
        keys=[
            ("step 1 of 49", "/"),
            ("jump to:", "zzz\x7f\r"),
            ("no zz in this", "\x1b"),
            ("? keys", "q"),
        ],
    )
    assert status == 0
    assert "no zz in this recording" in written


def keys_of(*chunks: bytes) -> list[str | None]:
    """Return the keys that a keyboard reads from these bytes, one chunk after the other."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    read: list[str | None] = []
    with Keyboard(theirs) as keyboard:
        for chunk in chunks:
            os.write(ours, chunk)
            if chunk is chunks[-1]:
                while key := keyboard.read(0.3):
                    read.append(key)
            elif key := keyboard.read(0.0):
                read.append(key)
    os.close(ours)
    os.close(theirs)
    return read


def test_repeated_keys_and_keys_in_pieces_are_read_completely() -> None:
    """400 arrows are more than one read; Escape and [C may arrive separately; so may é and ≤."""
    assert keys_of(b"\x1b[C" * 400) == ["right"] * 400
    assert keys_of("aé≤\x1bOA\x7f".encode()) == ["a", "é", "≤", "up", "backspace"]


def test_unknown_keys_are_not_read_as_escape() -> None:
    """PageDown, Delete, Ctrl-Right, F5, Alt-n and Shift-Tab have no effect; Escape has one."""
    for unknown in (b"\x1b[6~", b"\x1b[3~", b"\x1b[1;5C", b"\x1b[15~", b"\x1bn", b"\x1b[Z"):
        assert keys_of(unknown) == [], unknown
    assert keys_of(b"\x1b") == ["escape"]


def test_an_ascii_terminal_gets_the_plain_transcript() -> None:
    """It cannot show the characters of the screen."""
    status, written = on_a_terminal("step", PYTHONIOENCODING="ascii")
    assert status == 0
    assert "?" not in written
    assert "total += w[j][k] * a[k]  ->  sum + w^2_11 a^1_1  ->  0 + (3)(1)  ->  3" in written


def test_ctrl_c_while_stepping_restores_the_terminal() -> None:
    """The status is 130; the cursor and the screen are restored."""
    status, written = on_a_terminal("step", interrupt_after="step 1 of 49")
    assert status == 130
    assert "\x1b[?1049l" in written
    assert "\x1b[?25h" in written
    assert "Traceback" not in written


def test_a_terminal_too_small_to_start_is_an_error_of_one_line() -> None:
    """The error is raised before the first screen."""
    status, written = on_a_terminal("step", columns=50, lines=15)
    assert status == 2
    assert "stepping needs 80×22" in written.replace("\r\n", "")
    assert "\x1b[?1049h" not in written


def test_a_large_network_shows_its_progress(tmp_path: Path) -> None:
    """Recording 784-30-10 takes some seconds; afterwards the bar is removed."""
    path = str(tmp_path / "large.json")
    Network([784, 15, 10], seed=0).save(path)
    zeros = ["0"] * 784
    status, written = on_a_terminal(
        "step", path, "--input", *zeros, "--target", *["0"] * 10, keys=[("step 1 of", "q")]
    )
    assert status == 0
    assert "recording" in written


def test_the_repr_of_a_recording_summarises_it() -> None:
    """It has the number of steps and the equations."""
    assert "49 steps: z, 3, a, ∂C/∂a, σ', BP1, BP2, BP3, BP4, 20, 21" in repr(XOR.steps)
    with record() as nothing:
        pass
    assert "nothing ran" in repr(nothing)


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (
            ("--cost", "cross-entropy", "--lmbda", "0.1", "--equation", "93"),
            (
                "λ = 0.1, n = 1",
                "shrink = 1.0 - eta * lmbda / n",
                "1 − ((1)(0.1)) / 1  →  0.9",
                "(0.9)(3) − (1)(0.01335)",
                "w'^2_11 = 2.687",
            ),
        ),
        (
            ("--cost", "cross-entropy", "--equation", "66"),
            ("a^3_1 − y_1  →  0.378 − 0  →  δ^3_1 = 0.378",),
        ),
        (
            ("--lmbda", "0.1", "--penalty", "L1", "--equation", "97"),
            ("sgn(w^2_21)", "w'^2_11 = 2.897"),
        ),
        (
            ("--layers", "2, Dense(2, 'softmax')", "--equation", "78"),
            ("exp(z^2_1 − max z^2) / sum", "a^2_1 = 0.9293", "a^2_2 = 0.07068"),
        ),
        (
            ("--layers", "2, Dense(2, 'softmax')", "--equation", "84"),
            ("a^2_1 − y_1  →  0.92932 − 1  →  δ^2_1 = −0.07068",),
        ),
    ],
)
def test_step_shows_the_equations_of_chapter_3(
    options: tuple[str, ...], lines: tuple[str, ...]
) -> None:
    """They are the error without σ', the weight decay (93), (97), and softmax (78)."""
    done = run("step", *options, "--plain")
    assert done.returncode == 0, done.stderr
    for line in lines:
        assert line in done.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--penalty", "L1"), "--lmbda"),
        (("--lmbda", "-1"), "lmbda"),
        (("valley", "--cost", "cross-entropy"), "--cost"),
        (("--layers", "2, Dense(1)", "--sizes", "2", "1"), "--layers and --sizes"),
        (("--layers", "2, Dense(2, 'softmax')", "--cost", "quadratic"), "log-likelihood"),
    ],
)
def test_step_rejects_impossible_options_of_chapter_3(options: tuple[str, ...], said: str) -> None:
    """It prints one line, with status 2."""
    done = run("step", *options, "--plain")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
