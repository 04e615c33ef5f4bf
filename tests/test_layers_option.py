"""The option --layers: what repr prints is read back, and nothing is ever run."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tinynn import ArgumentError, Dense, Network
from tinynn.activations import ACTIVATIONS
from tinynn.cli.layers import read_layers


@given(
    st.lists(st.builds(Dense, st.integers(1, 99), st.sampled_from(sorted(ACTIVATIONS))), min_size=1)
)
def test_what_repr_prints_is_read_back(layers: list[Dense]) -> None:
    """With and without the brackets of a list."""
    assert read_layers(repr(layers)) == layers
    assert read_layers(repr(layers)[1:-1]) == layers


def test_the_layers_of_a_network_are_read_back() -> None:
    """With the shape of the input in front."""
    network = Network([64, Dense(30, "tanh"), 10])
    assert read_layers(str(network.layers)) == network.layers


@pytest.mark.parametrize(
    ("text", "said", "marked"),
    [
        ("Dense(30), Dnse(10)", "got Dnse", "Dnse(10)"),
        ("Dense(30, 'tahn'), Dense(10)", "'tahn'", "'tahn'), Dense(10)"),
        ("Dense(30), Dense(0)", "got 0", "0)"),
        ("Dense(30), Dense()", "neurons", "Dense()"),
        ("Dense(30, 'tanh', 3)", "write Dense(neurons, activation)", "Dense(30, 'tanh', 3)"),
        ("Dense(30, colour='red')", "colour", "Dense(30, colour='red')"),
        ("Dense(30), 'tanh'", "expected a layer", "'tanh'"),
        ("30, (64,)", "expected a layer", "(64,)"),
        ("Dense(print(1))", "expected a number", "print(1))"),
        ("Dense(30), __import__('os').system('true')", "expected Dense(…)", "__import__('os')."),
        ("Dense(30", "expected layers such as", ""),
        ("Dense(30)) + [1", "expected layers such as", ""),
        ("Dense(30, 'é'), Dnse(10)", "'é'", "'é'), Dnse(10)"),
    ],
)
def test_an_error_points_to_what_it_cannot_read(text: str, said: str, marked: str) -> None:
    """The text again, with a mark below the place."""
    with pytest.raises(ArgumentError) as caught:
        read_layers(text)
    first, shown, mark = str(caught.value).split("\n")
    assert said in first
    assert shown.strip() == text
    assert mark.strip() == "^"
    assert shown[mark.index("^") :].startswith(marked)


@pytest.mark.parametrize("text", ["", "  ", "\0", "9" * 9_000, "(" * 9_000, "Dense(1)," * 9_000])
def test_hostile_texts_end_in_an_error(text: str) -> None:
    """Empty, endless, deep."""
    with pytest.raises(ArgumentError, match=re.escape("--layers")):
        read_layers(text)
