"""Objects show themselves: as a page in a notebook, as text elsewhere."""

from __future__ import annotations

import base64
import re
import struct
import subprocess
import sys
import zlib
from html.parser import HTMLParser
from math import nan
from typing import Any

import pytest

from tinynn import (
    Convolution,
    Dense,
    EpochReport,
    Matrix,
    MaxPooling,
    Network,
    Score,
    Vector,
    load_digits,
)
from tinynn.notebook import Shown, image, numbers, table
from tinynn.stepper import record

DATA = load_digits()
NET = Network([64, 30, 10], seed=0)
_ALONE = ("img", "polyline")


class Page(HTMLParser):
    """The texts of a page, its cells row by row, and its pictures; fails if tags do not match."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.texts: list[str] = []
        self.rows: list[list[str]] = []
        self.images: list[list[list[tuple[int, ...]]]] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[Any]) -> None:
        if tag == "img":
            self.images.append(decoded(dict(attrs)["src"]))
        if tag not in _ALONE:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _ALONE:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
        if self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data


def decoded(source: str) -> list[list[tuple[int, ...]]]:
    """The pixels of a PNG picture in a data URI, row by row."""
    png = base64.b64decode(source.partition("base64,")[2])
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    size = struct.unpack(">I", png[33:37])[0]
    lines = zlib.decompress(png[41 : 41 + size])
    step = 1 + 3 * width
    rows = [lines[step * i + 1 : step * (i + 1)] for i in range(height)]
    return [[tuple(row[3 * i : 3 * i + 3]) for i in range(width)] for row in rows]


def page(thing: Any) -> Page:
    """What a notebook shows of an object."""
    return Page(thing._repr_html_())


def test_a_few_numbers_are_written_out() -> None:
    """Of a Vector in a row, of a Matrix in its rows."""
    assert page(Vector([1, 2.5])).rows == [["1", "2.5"]]
    assert page(Matrix([[1, 2], [3, 0.12345]])).rows == [["1", "2"], ["3", "0.1235"]]
    assert page(Matrix([[1, 2], [3, 4]])).texts[0] == "Matrix of 2×2"


def test_many_numbers_are_shades_with_their_shape_and_ends() -> None:
    """Dark is far below 0, light far above: -2 is as dark as can be, 0 is grey."""
    shown = page(Matrix([[-2.0, 0.0, *[2.0] * 18]] * 3))
    assert shown.texts == ["Matrix of 3×20", "from -2, dark, to 2, light"]
    [rows] = shown.images
    assert (len(rows), len(rows[0])) == (3, 20)
    dark, grey, light = rows[0][:3]
    assert sum(dark) < sum(grey) < sum(light)
    assert grey == (150, 150, 150)


@pytest.mark.parametrize("shape", [(784, 100), (100, 784), (1, 10_000)])
def test_a_large_matrix_is_cut_and_says_so(shape: tuple[int, int]) -> None:
    """78,400 weights take some kilobytes, and an ellipsis marks the rest."""
    html = Matrix([[(j * 7 + k * 3) % 11 - 5.0 for k in range(shape[1])] for j in range(shape[0])])
    text = html._repr_html_()
    assert len(text) < 30_000
    first = f"the first {min(48, shape[0])}×{min(96, shape[1])} are shown …"
    assert first in text
    assert f"Matrix of {shape[0]}×{shape[1]}" in text


def test_a_digit_is_a_picture_beside_its_label() -> None:
    """A pixel of full ink is black, one without is white; a pair is still (x, y)."""
    x, y = pair = DATA.test[4]
    assert isinstance(pair, tuple)
    assert (pair[0], pair[1]) == (x, y)
    shown = page(pair)
    assert shown.texts[0] == "example of class 4"
    [rows] = shown.images
    assert [[255 - round(255 * x[8 * r + s]) for s in range(8)] for r in range(8)] == [
        [pixel[0] for pixel in row] for row in rows
    ]
    assert page(x).images == [rows]
    assert repr(pair).startswith("Pair(x=<Vector of 64: ")


def test_a_network_is_its_layers_with_shapes_and_parameters() -> None:
    """64-30-10 has 30·64 + 30 + 10·30 + 10 = 2,260; pooling learns nothing."""
    shown = page(NET)
    assert shown.rows[1:] == [
        ["1", "input", "64", "", "0"],
        ["2", "Dense(30)", "30", "30×64 and 30", "1950"],
        ["3", "Dense(10)", "10", "10×30 and 10", "310"],
        ["", "all", "", "", "2260"],
    ]
    net = Network([(1, 8, 8), Convolution(4, 3), MaxPooling(2), Dense(10)], seed=0)
    assert [row[4] for row in page(net).rows[2:5]] == ["40", "0", "370"]
    assert page(net).rows[2][2] == "4×6×6"


def test_a_report_is_a_row_and_a_run_its_curves() -> None:
    """What was measured on each set, and the cost as a line from epoch to epoch."""
    report = EpochReport(3, 90, 100, 0.5, 1.0, 1000.0, validation=Score(47, 50, 0.4), eta=0.1)
    heading, row = page(report).rows
    found = dict(zip(heading, row))
    assert found["epoch"] == "3"
    assert found["test right"] == "90 of 100, 90.00%"
    assert (found["test cost"], found["validation cost"], found["η"]) == ("0.5", "0.4", "0.1")
    run = Network([64, 5, 10], seed=0).train(DATA.training[:50], 15, 10, 3.0, test_data=DATA.test)
    assert page(run).texts[0].startswith("<Run of 15 epochs: 0 done")
    run.finish()
    shown = page(run)
    assert any(text.startswith("cost, test: ") for text in shown.texts)
    assert ["… 4 more"] in shown.rows
    assert run._repr_html_().count("<polyline") == 1


def test_a_recording_is_its_lines() -> None:
    """z = 2·1 + 3·0.5 - 1 = 2.5, in three steps; many are cut in the middle."""
    with record() as steps:
        Network.from_parameters([[-1]], [[[2, 3]]]).feedforward([1, 0.5])
    rows = page(steps).rows
    assert rows[0] == ["step", "equation", "line", "by hand", "result"]
    assert rows[2] == ["1", "z", "total += w[j][k] * a[k]", "2 + (3)(0.5)", "3.5"]
    with record() as steps:
        Network([9, 9, 9], seed=0).feedforward([0.5] * 9)
    shown = page(steps)
    assert len(shown.rows) == 21
    assert [f"… {len(steps) - 19} more"] in shown.rows


def test_what_is_shown_is_escaped() -> None:
    """A text with < and & is no tag, and one cell stays one cell."""
    html = table([["<script>&", 1.0]], ["a<b"])
    assert "<script>" not in html
    assert Page(html).rows == [["a<b"], ["<script>&", "1"]]
    assert "&lt;Network 64-30-10" in NET._repr_html_()


def test_numbers_that_are_not_finite_are_shown_too() -> None:
    """What diverged can be looked at: NaN and inf among few numbers and among many."""
    assert Page(numbers("v", [[nan, 1.0]])).rows == [["nan", "1"]]
    [rows] = Page(numbers("v", [[nan, *[1.0] * 99]])).images
    assert rows[0][0] == (255, 0, 0)
    assert Page(numbers("v", [[nan] * 64])).images


@pytest.mark.parametrize("fast", [False, True])
def test_net_show_is_every_neuron_as_text_and_as_a_page(fast: bool) -> None:
    """z = 3 - 2 - 1 = 0 and a = σ(0) = 1/2, in either engine; nothing is printed."""
    engine: Any = Network
    if fast:
        engine = pytest.importorskip("tinynn.fast").Network
    net = engine.from_parameters(biases=[Vector([3])], weights=[Matrix([[-2, -2]])])
    shown = net.show([1, 0.5])
    assert isinstance(shown, Shown)
    assert str(shown).splitlines() == [
        "x = (1, 0.5)",
        "",
        "a^2_1    0.5000 ████████████             z^2_1 = 0.0000",
        "",
        "The network says 1 (0.50).",
    ]
    assert page(shown).rows[-1] == ["a^2_1", "0.5", "██████", "0"]


def test_net_show_judges_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    """With y, or with the pair itself: the picture, 30 and 10 neurons, the answer."""
    pair = DATA.test[4]
    shown = NET.show(pair)
    assert capsys.readouterr().out == ""
    assert shown == NET.show(*pair)
    assert shown.said == NET.predict(pair[0])
    verdict = "right" if shown.said == 4 else "wrong"
    assert str(shown).splitlines()[-1].endswith(f"the label says 4: {verdict}.")
    assert len(re.findall(r"^a\^2_\d+ ", str(shown), re.MULTILINE)) == 30
    looked = page(shown)
    assert len(looked.images) == 1
    assert [row[0] for row in looked.rows if row[0].startswith("a^3_")] == [
        f"a^3_{j}" for j in range(1, 11)
    ]
    assert NET.show(pair[0]).label is None
    for wrong in ([1, 2], "digit", None):
        with pytest.raises(ValueError, match=r"x: expected"):
            NET.show(wrong)


def test_a_page_of_many_neurons_is_cut() -> None:
    """A layer of 1,000 shows the first hundred or so, as text and in a notebook."""
    shown = Network([2, 1000, 2], seed=0).show([0, 1])
    assert "… and 900 more" in str(shown)
    assert ["… 901 more"] in page(shown).rows
    assert len(shown._repr_html_()) < 30_000


def test_nothing_is_imported_to_show_them() -> None:
    """The pages need the standard library alone."""
    code = """
import sys
from tinynn import Network
net = Network([64, 3, 2], seed=0)
net._repr_html_() + net.weights[0]._repr_html_() + net.show([0.5] * 64)._repr_html_()
print({"numpy", "rich", "IPython"} & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_an_image_is_as_large_as_its_square() -> None:
    """28×28 pixels in a PNG of less than 4 kB."""
    html = image([(i % 29) / 28 for i in range(784)])
    [rows] = Page(html).images
    assert (len(rows), len(rows[0])) == (28, 28)
    assert len(html) < 4000


@pytest.mark.slow
def test_a_notebook_shows_the_pages() -> None:
    """In Jupyter itself: each has text/html beside its text."""
    pytest.importorskip("ipykernel", reason="needs ipykernel: pip install '.[notebooks]'")
    runner = pytest.importorskip("nbclient", reason="needs nbclient: pip install '.[notebooks]'")
    import nbformat

    begin = "from tinynn import *\ndata = load_digits()\nnet = Network([64, 5, 10], seed=0)\n"
    run = "run = net.train(data.training, 2, 10, 3.0, test_data=data.test)\nreports = run.finish()"
    shown = ("data.test[4]", "data.test[4][0]", "net", "net.weights[0]", "reports[0]", "run")
    cells = [begin + run, *shown, "net.show(data.test[4])"]
    notebook = nbformat.v4.new_notebook(cells=[*map(nbformat.v4.new_code_cell, cells)])
    runner.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    for cell in notebook.cells[1:]:
        [output] = cell.outputs
        assert sorted(output["data"]) == ["text/html", "text/plain"], cell.source
        Page(output["data"]["text/html"])
