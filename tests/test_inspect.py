"""`tinynn inspect`: weights as pictures, the confusion matrix, and the curves of logs."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.test_views import drawn
from tinynn import Matrix, Network, Vector, load_digits
from tinynn.cli.program import run

DATA = load_digits()


@pytest.fixture(scope="module")
def corner(tmp_path_factory: pytest.TempPathFactory) -> str:
    """64-2-10: hidden neuron 1 likes ink in pixel 37 and dislikes it in pixel 1."""
    net = Network([64, 2, 10], seed=0)
    w = [[0.0] * 64, [1.0] * 64]
    w[0][36], w[0][0] = 4.0, -2.0
    weights = [Matrix(w), net.weights[1]]
    biases = [Vector([-1.0, 0.0]), net.biases[1]]
    path = str(tmp_path_factory.mktemp("inspect") / "net.json")
    Network.from_parameters(biases, weights).save(path)
    return path


@pytest.mark.ch1
def test_a_weight_is_a_picture_with_its_sign_where_it_is(corner: str, capsys: Any) -> None:
    """w^2_1,37 = 4 is in row 5, column 5: full and +; w^2_1,1 = -2 is first, half as strong."""
    assert run(["inspect", "weights", corner, "--plain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "layer 2, Dense(2): 2 times 64 weights, the strongest 4.00"
    assert lines[1].split() == ["w^2_1", "w^2_2"]
    assert lines[2][:16] == "−▒" + " " * 14
    assert lines[6][:16] == " " * 8 + "+█" + " " * 6
    assert lines[2][18:] == "+░" * 8


@pytest.mark.ch1
def test_one_neuron_is_shown_beside_the_digits_that_excite_it(corner: str, capsys: Any) -> None:
    """z^2_1 = 4 x_37 - 2 x_1 - 1: the most is 3, of digits with full ink there and none here."""
    assert run(["inspect", "weights", corner, "--neuron", "2:1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    z = [4 * x[36] - 2 * x[0] - 1 for x, _ in DATA.test]
    assert [each["z"] for each in told["most"]] == sorted(z, reverse=True)[:5]
    assert [each["z"] for each in told["least"]] == sorted(z)[:5]
    assert all(z[each["digit"]] == each["z"] for each in told["most"] + told["least"])
    assert all(DATA.test.label(each["digit"]) == each["label"] for each in told["most"])
    assert told["bias"] == -1.0
    assert run(["inspect", "weights", corner, "--neuron", "2:1", "--plain"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("neuron 2:1: 64 weights from -2 to 4, b^2_1 = -1\n")
    assert f"{told['most'][0]['digit']}: {told['most'][0]['label']}, z 3" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.ch6
def test_a_neuron_in_a_map_has_the_weights_of_its_map(tmp_path: Path, capsys: Any) -> None:
    """2 maps of 6×6: neuron 40 is in map 2, row 1, column 4; its z is (125)'s of that place."""
    from tinynn import Convolution

    net = Network([(1, 8, 8), Convolution(2, 3), 10], seed=0)
    path = str(tmp_path / "net.json")
    net.save(path)
    assert run(["inspect", "weights", path, "--neuron", "2:40", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["weights"] == [*net.weights[0][1]]
    most = told["most"][0]
    assert net.forward(DATA.test[most["digit"]][0])[2].z[39] == pytest.approx(most["z"])
    assert run(["inspect", "weights", path, "--neuron", "2:40"]) == 0
    assert "neuron 2:40 in map 2, row 1, column 4: 9 weights" in capsys.readouterr().out


@pytest.mark.parametrize(("width", "height"), [(80, 24), (120, 40)])
@pytest.mark.parametrize("colour", [True, False])
def test_as_many_weights_as_fit_are_drawn(width: int, height: int, colour: bool) -> None:
    """30 fields of 8×8 fit, in colour; of 28×28 some do, and the last line says how to go on."""
    from tinynn.views.weight_lines import inspected
    from tinynn.views.weights import NeuronPage, Weights

    small, large = Network([64, 30, 10], seed=0), Network([784, 30, 10], seed=0)
    neuron = inspected(small, DATA.test[:60], 2, 7)
    pages = [
        Weights(small, 2, height - 1),
        Weights(large, 2, height - 1),
        NeuronPage(neuron, height),
    ]
    for page in pages:
        text = re.sub(r"\x1b\[[0-9;]*m", "", drawn(page, width, colour=colour))
        assert len(text.splitlines()) < height
        assert max(map(len, text.splitlines())) <= width
        names = len(re.findall(r"w\^2_\d+", text))
        if page is pages[0] and colour:
            assert names == 30
        elif page is pages[1]:
            assert f"1 to {names} of 30; --first {names + 1} goes on" in text


def test_the_sign_of_a_weight_is_told_without_hue() -> None:
    """In colour the numbers above 0 are lighter than 0, those below darker, and have their sign."""
    from tinynn.views.maps import Field

    written = drawn(Field([[1.0, 0.0, -1.0]], 1.0), colour=True)
    light = [sum(map(int, rgb)) for rgb in re.findall(r"48;2;(\d+);(\d+);(\d+)m", written)]
    assert light == sorted(light, reverse=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", written) == "+   − \n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--neuron", "2:3"], "--neuron: expected 2:1 to 2:2 or 3:1 to 3:10, got '2:3'"),
        (["--neuron", "2:1", "--layer", "2"], "--layer: expected without --neuron"),
        (["--first", "3"], "--first: expected a whole number of at most 2, got 3"),
        (["--first", "0"], "--first: "),
        (["--layer", "1"], "--layer: expected 2 or 3, which have weights, got 1"),
    ],
)
def test_what_is_asked_of_weights_is_checked(
    corner: str, arguments: list[str], words: str, capsys: Any
) -> None:
    """In one line."""
    assert run(["inspect", "weights", corner, *arguments]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
