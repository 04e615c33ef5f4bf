"""The pictures: what is drawn is what the numbers are, whatever the terminal can show."""

from __future__ import annotations

import io
import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console, RenderableType

from tinynn import Dropout, EpochReport, Network, Progress, Vector, load_digits
from tinynn.randomness import Masks
from tinynn.views.blocks import ASCII, RIGHTWARDS, SHADES, UPWARDS, bar, columns
from tinynn.views.curve import AccuracyCurve, CostCurve
from tinynn.views.digit import Digit
from tinynn.views.epochs import Epochs
from tinynn.views.near import neuron_lines
from tinynn.views.neurons import NeuronColumns, Neurons, Outputs, hidden_columns
from tinynn.views.picture import svg_of
from tinynn.views.show import ShownDigit
from tinynn.views.summary import confusions, summary
from tinynn.views.training import TrainingScreen


def drawn(
    picture: RenderableType, width: int = 80, height: int | None = None, colour: bool = False
) -> str:
    """What a terminal of this size shows."""
    console = Console(
        file=io.StringIO(),
        width=width,
        height=height or 25,
        force_terminal=colour,
        color_system="truecolor" if colour else None,
    )
    console.print(picture, height=height)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@given(st.floats(0.0, 1.0), st.integers(1, 60))
def test_a_bar_is_as_long_as_its_value(value: float, width: int) -> None:
    """To the eighth of a character, and never longer than its place."""
    text = bar(value, width)
    eighths = sum(RIGHTWARDS.index(character) for character in text)
    assert len(text) == width
    assert abs(eighths - value * width * 8) <= 0.5


@given(st.lists(st.floats(0.0, 5.0), min_size=1, max_size=20), st.integers(1, 12))
def test_columns_are_as_high_as_their_values(values: list[float], height: int) -> None:
    """The heights of the drawn columns add up to the values."""
    lines = columns(values, height, largest=5.0)
    assert [len(line) for line in lines] == [len(values)] * height
    for i, value in enumerate(values):
        eighths = sum(UPWARDS.index(line[i]) for line in lines)
        assert abs(eighths - value / 5.0 * height * 8) <= 0.5


@pytest.mark.parametrize("value", [float("-inf"), -1.0, 2.0, float("inf")])
def test_a_value_outside_its_scale_is_cut_off_not_drawn_over_the_edge(value: float) -> None:
    """relu and tanh leave the scale from 0 to 1."""
    assert bar(value, 4) in ("    ", "████")
    assert columns([value], 2) in ([" ", " "], ["█", "█"])


def test_every_character_that_is_drawn_has_an_ascii_one() -> None:
    """One for one, so that columns stay aligned where there are no boxes and no Greek."""
    for character in RIGHTWARDS + UPWARDS + SHADES + "◂·×…−":
        written = character.encode("ascii", errors=ASCII)
        assert len(written) == 1
        assert written != b"?", character
    formula = "δ^l_j = Σ_k w_kj δ_k σ'(z_j) ⊙ ∇C ≈ η ∂C/∂w → ‖v‖²".encode("ascii", errors=ASCII)
    assert b"?" not in formula


def test_a_digit_is_drawn_pixel_by_pixel() -> None:
    """Two characters a pixel; in greys where there is colour, in shades where there is none."""
    image = Vector([0.0, 0.25, 0.5, 1.0])
    assert drawn(Digit(image, (2, 2))) == "  ░░\n▒▒██\n"
    coloured = drawn(Digit(image, (2, 2)), colour=True)
    assert "48;2;20;20;20m" in coloured
    assert "48;2;255;255;255m" in coloured


def test_a_large_digit_takes_half_a_line_a_pixel() -> None:
    """28×28 pixels fit into 14 lines of 28 characters, an odd last row included."""
    image = Vector([1.0] * 14 * 3)
    framed = Vector([0.0] * 28 + [1.0] * 14 * 3 + [0.0] * 14)
    assert drawn(Digit(framed, (6, 14))) == drawn(Digit(image, (3, 14))), "no blank rows"
    assert drawn(Digit(Vector([0.0] * 28), (2, 14))).strip() == ""
    lines = drawn(Digit(image, (3, 14))).splitlines()
    assert lines == ["█" * 14, "▒" * 14]
    assert drawn(Digit(image, (3, 14)), colour=True).count("▀") == 28


@pytest.mark.parametrize("width", [40, 80, 120])
def test_every_neuron_is_named_once_and_fits(width: int) -> None:
    """a^2_1 … a^2_30, each with its own number, at any width."""
    activations = Vector([j / 30 for j in range(30)])
    text = drawn(Neurons(2, activations), width)
    assert max(map(len, text.splitlines())) <= width
    words = text.split()
    for j in range(30):
        assert words.count(f"a^2_{j + 1}") == 1
        assert f"{j / 30:.2f}" in words


@pytest.mark.parametrize(("count", "width", "height"), [(30, 30, 9), (100, 30, 9), (7, 30, 1)])
def test_hidden_neurons_fold_into_the_room_there_is(count: int, width: int, height: int) -> None:
    """Never more lines than asked for, never wider; a full neuron is a full column."""
    text = drawn(NeuronColumns(Vector([1.0] * count), height), width)
    lines = text.rstrip("\n").splitlines()
    assert len(lines) <= height
    assert max(map(len, lines)) <= width
    assert lines[0].count("█") == min(count, width)


def test_more_neurons_than_fit_end_in_an_ellipsis() -> None:
    """What is not drawn is not hidden silently."""
    text = drawn(NeuronColumns(Vector([1.0] * 500), 4), 22)
    assert text.rstrip("\n").endswith("█ …")
    assert len(text.rstrip("\n").splitlines()) == 4


def test_outputs_mark_the_right_answer() -> None:
    """The strongest output and the truth can be distinguished."""
    lines = drawn(Outputs(3, Vector([0.1, 0.9, 0.3]), label=2), 40).splitlines()
    assert [line.split()[:2] for line in lines] == [["a^3_1", "0"], ["a^3_2", "1"], ["a^3_3", "2"]]
    assert [line.rstrip().endswith("◂") for line in lines] == [False, False, True]


def test_the_curve_fills_its_width_as_the_epochs_go_by() -> None:
    """Half the epochs, half the width; the largest cost reaches the top."""
    lines = drawn(CostCurve([4.0, 2.0], 4), width=46, height=4).splitlines()
    assert lines[0].startswith("4.000 ")
    assert [line.count("█") for line in lines[:4]] == [10, 10, 20, 20]
    assert "after the first epoch" in drawn(CostCurve([], 4))
    assert drawn(CostCurve([0.0], 4), height=4)
    many = drawn(CostCurve([1.0] * 500, 500), width=46, height=4).splitlines()
    assert many[0].count("█") == 40


def test_two_sets_are_drawn_over_each_other() -> None:
    """The first as bars, the second as a line at its own height; both on one axis."""
    lines = drawn(AccuracyCurve([0.5, 0.5], 2, [1.0, 0.75]), width=26, height=5).splitlines()
    assert lines[0].startswith("100 % ▔▔▔▔▔▔▔▔▔▔")
    assert lines[2][16:26] == "─" * 10
    assert lines[4].startswith(" 50 % ")
    slow = drawn(AccuracyCurve([0.1, *[0.82] * 40], 41), width=26, height=5).splitlines()
    assert slow[4].startswith("80 %"), "one bad epoch of 41 does not flatten the others"
    cost = drawn(CostCurve([0.1] * 4, 4, [1.0, 0.5, 0.2, 0.1]), width=46, height=8).splitlines()
    assert "▔" in cost[0]
    assert cost[0].split()[0] == "1.000"  # the largest of both


def test_the_epochs_that_fit_are_the_last_ones() -> None:
    """With the heading, and the best one in green."""
    reports = [EpochReport(i, 400 + i % 7, 500, 0.5, 1.0, 1.0) for i in range(20)]
    lines = drawn(Epochs(reports), height=5).splitlines()
    assert lines[0].split() == ["epoch", "of", "500", "accuracy", "cost"]
    assert [line.split()[0] for line in lines[1:5]] == ["16", "17", "18", "19"]


def test_a_summary_tells_the_best_the_last_and_the_mistakes() -> None:
    """Also of a run that was stopped before its first report, or that makes no mistake."""
    reports = [EpochReport(i, right, 10, 0.5, 1.0, 1.0) for i, right in enumerate([5, 9, 8])]
    table = [[0] * 10 for _ in range(10)]
    table[4][9], table[1][7] = 1, 3
    text = drawn(summary(reports, table, [("kept", "net.json")], [("tinynn show", "a look")]))
    assert "epoch 1: 9 of 10 right (90.0 %)" in text
    assert "epoch 2: 8 of 10 right (80.0 %), cost 0.5000" in text
    assert "1 read as 7 (×3), 4 read as 9 (×1)" in text
    assert confusions(table) == [(3, 1, 7), (1, 4, 9)]
    stopped = drawn(summary([], None, [("kept", "net.json")], []))
    assert "no epoch was finished" in stopped
    assert "confused" not in stopped
    assert "no digit with any other" in drawn(summary(reports, [[1, 0], [0, 1]], [], []))


@pytest.mark.parametrize("sizes", [[64, 10], [64, 5, 10], [64, 20, 20, 10], [64, 100, 10]])
def test_the_screen_and_the_page_draw_any_network(sizes: list[int]) -> None:
    """No hidden layer, several, or more neurons than columns: 80×24 holds it."""
    network, test = Network(sizes, seed=0), load_digits().test
    console = Console(file=io.StringIO(), width=80, height=24)
    screen = TrainingScreen(network, test, 5, "η = 3", 0, console)
    screen.on_epoch(EpochReport(0, 100, 500, 0.5, 1.0, 1.0))
    lines = drawn(screen.picture(), 80, 24).rstrip("\n").splitlines()
    assert len(lines) == 24
    assert max(map(len, lines)) <= 80
    assert "a^" in lines[-2], "the last output is inside the frame"
    x, y = test[0]
    page = drawn(ShownDigit(network, x, y, test.image_shape))
    piped = str(ShownDigit(network, x, y, test.image_shape))
    for l in range(2, len(sizes) + 1):
        for j in range(sizes[l - 1]):
            assert f"a^{l}_{j + 1} " in page
            assert f"\na^{l}_{j + 1} " in piped


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize(
    "sizes",
    [[64, 10], [64, 30, 10], [64, 20, 20, 10], [64, 100, 10], [64, *[8] * 12, 10], [784, 30, 10]],
)
def test_show_is_one_screen_with_the_layers_in_order(
    sizes: list[int], size: tuple[int, int]
) -> None:
    """The prompt below it included; every output is named, and a chosen neuron has its z."""
    network = Network(sizes, seed=0)
    side = round(sizes[0] ** 0.5)
    x, y = Vector([k / sizes[0] for k in range(sizes[0])]), Vector.one_hot(3, 10)
    page = ShownDigit(network, x, y, (side, side), (2, 1), height=size[1] - 1)
    lines = drawn(page, size[0]).splitlines()
    assert len(lines) <= size[1] - 1
    assert max(map(len, lines)) <= size[0]
    text = "\n".join(lines)
    L = len(sizes)
    titles = re.findall(r"layer (\d+)", text)
    assert titles == sorted(titles, key=int)
    assert {titles[0], titles[-1]} == {"1", str(L)}
    for j in range(10):
        assert f"a^{L}_{j + 1} " in text
    passed = network.forward(x)
    assert f"(z^2_1) = sigmoid({passed[2].z[0]:.4f}) = {passed[2].a[0]:.4f}" in text


def test_the_strongest_weights_are_those_of_largest_size() -> None:
    """Of either sign, each times its input."""
    weights = [[[0.5, -3.0, 2.0, 0.1, -0.2, 0.3, 0.4, 1.0]]]
    network = Network.from_parameters([[0.25]], weights)
    x = Vector([1, 0.5, 1, 1, 1, 1, 1, 1])
    first, second, *lines = neuron_lines(network, network.forward(x), 2, 1)
    assert "z^2_1" in first
    assert "b^2_1 = 0.2500" in first
    assert "6 of 8" in second
    names = re.findall(r"w\^2_1(\d)", "\n".join(lines))
    assert names == ["2", "3", "8", "1", "7", "6"]
    assert "(-3.000)(0.500) = -1.500" in lines[0]


def test_the_cost_axis_keeps_the_end_apart() -> None:
    """From 0.03 to 0.02 is as high as from 0.3 to 0.2: the axis is logarithmic, and says where."""
    lines = drawn(CostCurve([0.3, 0.2, 0.03, 0.02], 4), width=46, height=8).splitlines()
    heights = [sum(UPWARDS.index(line[6 + 10 * i]) for line in lines) for i in range(4)]
    assert abs((heights[0] - heights[1]) - (heights[2] - heights[3])) <= 1
    assert heights[2] - heights[3] >= 7, "an eighth of a line each"
    assert [line[:6].strip() for line in lines if line[:6].strip()] == ["0.300", "0.1", "0.01"]


def test_the_screen_explains_its_marks() -> None:
    """What ◂ marks, what the best row is, and the layers of a deep network by name."""
    network, test = Network([64, 20, 20, 10], seed=0), load_digits().test
    console = Console(file=io.StringIO(), width=80, height=24)
    screen = TrainingScreen(network, test, 5, "η = 3", 0, console)
    for number, correct in enumerate((100, 300, 300, 200)):
        screen.on_epoch(EpochReport(number, correct, 500, 0.5, 1.0, 1.0))
    text = drawn(screen.picture(), 80, 24)
    assert f"◂ label: {test.label(0)}" in text
    assert [line.split()[1] for line in text.splitlines() if " best " in line] == ["1"]
    for l in (2, 3):
        assert f"layer {l}: 20 neurons" in text
    screen.helping = True
    assert "◂ the label" in drawn(screen.picture(), 80, 24)


def test_layers_for_which_there_is_no_room_are_counted() -> None:
    """Twelve hidden layers in ten lines: some, each with its name, and how many more."""
    network = Network([64, *[8] * 12, 10], seed=0)
    lines = drawn(hidden_columns(network, load_digits().test[0][0], 10), 24).splitlines()
    assert len(lines) <= 11
    shown = sum("neurons" in line for line in lines)
    assert f"and {12 - shown} layers more" in lines[-1]


def test_what_dropout_leaves_is_seen() -> None:
    """How many neurons of the last mask, and which; before the first one, their share 1 - p."""
    network, x = Network([64, 8, Dropout(0.25), 10], seed=0), load_digits().test[0][0]
    masks = Masks(network.plan.dropout, Random(0))
    assert "layer 3: 8 neurons, times 0.75" in drawn(hidden_columns(network, x, 10, masks), 40)
    kept = [j for j, r in enumerate(masks.draw()[3]) if r]
    lines = drawn(hidden_columns(network, x, 10, masks), 40).splitlines()
    named = [i for i, line in enumerate(lines) if line.startswith("layer")]
    assert lines[named[1]].rstrip() == f"layer 3: dropout leaves {len(kept)} of 8"
    bars = lines[named[1] + 1 :]
    for j in range(8):
        assert any(line.ljust(8)[j] != " " for line in bars) == (j in kept), f"neuron {j + 1}"


def test_the_first_epoch_is_seen_as_it_goes() -> None:
    """A row and a curve of a hundred digits before the first report."""
    network, test = Network([64, 5, 10], seed=0), load_digits().test
    screen = TrainingScreen(
        network, test, 5, "", 0, Console(file=io.StringIO(), width=80, height=24)
    )
    screen.on_mini_batch(Progress(0, 100, 1000))
    score = network.measure(test[:100])
    text = drawn(screen.picture(), 80, 24)
    assert f"{score.correct}/100" in text
    assert f"{score.cost:.4f}" in text
    assert "█" in text.split("100 digits, epoch 0")[1].split("test digit")[0]
    screen.on_scored(250)
    assert "measured 250 of 500" in drawn(screen.picture(), 80, 24)


def test_a_view_is_an_svg_picture_without_a_web_font_and_the_same_each_time() -> None:
    image = load_digits().test[0][0]
    first, again = (svg_of(Digit(image, (8, 8)), "a digit", 20, 8) for _ in range(2))
    assert first == again
    assert first.startswith('<svg xml:space="preserve" ')
    assert "a&#160;digit" in first
    assert "@font-face" not in first
