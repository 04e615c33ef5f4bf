"""The network that ships, and `tinynn draw`: a sheet that is read while it is drawn on."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.mnist import FOLDER, needs_mnist
from tests.terminal import run
from tinynn import Network, load_mnist
from tinynn.datasets import shipped_network
from tinynn.datasets.digits import data_folder

NOTE = (Path(data_folder()) / "README.md").read_text(encoding="utf-8")


def test_the_shipped_network_is_small_and_the_one_that_the_readme_of_data_describes() -> None:
    """Under 300 kB; 208 + 3,216 + 2,570 weights and biases; the checksum is in data/README.md."""
    content = Path(shipped_network()).read_bytes()
    assert len(content) < 300_000
    assert hashlib.sha256(content).hexdigest() in NOTE
    network = Network.load(shipped_network())
    assert (network.plan.shapes[0], network.sizes[-1]) == ((1, 28, 28), 10)
    assert sum(b * (w + 1) for b, w in network.plan.weight_shapes.values()) == 5994


@needs_mnist
@pytest.mark.ch6
def test_the_shipped_network_gets_what_is_stated_of_all_test_images() -> None:
    """99.20 % stated, at least 98.5 % promised; one image or two may turn on rounding."""
    fast = pytest.importorskip("tinynn.fast")
    right = fast.Network.load(shipped_network()).evaluate(load_mnist(FOLDER).test)
    assert abs(right - 9920) <= 2
    assert "9,920 of the 10,000 test images" in NOTE


def test_a_command_takes_the_shipped_network_by_name(tmp_path: Path) -> None:
    """`shipped` wherever a network is named; without a network of one's own it works at once."""
    shown = run("inspect", "weights", "shipped", XDG_CACHE_HOME=os.fspath(tmp_path))
    assert shown.returncode == 0, shown.stderr
    assert "8 times 25 weights" in shown.stdout
