"""The network that ships, and `tinynn draw`: a sheet that is read while it is drawn on."""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from math import cos, hypot, radians, sin
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.mnist import FOLDER, needs_mnist
from tests.terminal import on_a_terminal, run
from tinynn import Convolution, DataError, Dense, MaxPooling, Network, load_mnist
from tinynn.cli import main
from tinynn.cli.common import engine_of
from tinynn.cli.program import GROUPS
from tinynn.datasets import shipped_network
from tinynn.datasets.digits import data_folder
from tinynn.images import prepare
from tinynn.model import Model
from tinynn.views.draw import BRUSH, EDGE, POINTS, Drawing, Easel, Reading, Sheet, read

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


# Digits as strokes of the mouse, in shares of the sheet: (column, row).
Places = list[tuple[float, float]]


def arc(x: float, y: float, across: float, down: float, start: float, end: float) -> Places:
    """Places on an ellipse, between two angles in degrees."""
    angles = [radians(start + (end - start) * i / 40) for i in range(41)]
    return [(x + across * cos(angle), y + down * sin(angle)) for angle in angles]


STROKES: dict[int, list[Places]] = {
    0: [arc(0.5, 0.5, 0.25, 0.38, -90, 270)],
    1: [[(0.5, 0.05), (0.5, 0.95)]],
    2: [[*arc(0.5, 0.3, 0.24, 0.2, -170, 30), (0.28, 0.88), (0.8, 0.88)]],
    3: [[*arc(0.48, 0.3, 0.22, 0.2, -150, 80), *arc(0.48, 0.68, 0.26, 0.2, -80, 150)]],
    4: [[(0.35, 0.1), (0.25, 0.55), (0.75, 0.55)], [(0.65, 0.1), (0.62, 0.9)]],
    5: [[(0.72, 0.12), (0.35, 0.12), (0.32, 0.45), *arc(0.47, 0.65, 0.25, 0.24, -110, 140)]],
    6: [[*arc(0.75, 0.5, 0.45, 0.42, -110, -180), *arc(0.5, 0.68, 0.2, 0.2, 180, 540)]],
    7: [[(0.1, 0.15), (0.9, 0.15), (0.42, 0.9)]],
    8: [[*arc(0.5, 0.3, 0.2, 0.18, 90, 450), *arc(0.5, 0.68, 0.22, 0.2, -90, 270)]],
    9: [[*arc(0.52, 0.32, 0.2, 0.2, 0, 360), (0.72, 0.3), (0.66, 0.9)]],
}


def drawn(digit: int, size: float = 1.0, right: float = 0.0, below: float = 0.0) -> Sheet:
    """A sheet with one digit, smaller or moved if asked for."""
    sheet = Sheet()
    for stroke in STROKES[digit]:
        places = [(POINTS * (size * y + below), POINTS * (size * x + right)) for x, y in stroke]
        for start, end in zip(places, places[1:]):
            sheet.stroke(start, end)
    return sheet


@pytest.fixture(scope="module")
def network() -> Model:
    """The one that ships, over arrays where NumPy is installed."""
    return engine_of(find_spec("numpy") is not None).load(shipped_network())


@pytest.fixture(scope="module")
def small() -> Model:
    """One for 8×8 digits, which has learnt nothing."""
    after = Convolution(4, 3, "relu"), MaxPooling(2), Dense(10, "softmax")
    return Network([(1, 8, 8), *after], cost="log-likelihood", seed=0)


@pytest.mark.slow
def test_drawn_digits_are_read_large_and_small_and_in_a_corner(network: Model) -> None:
    """Ten digits in two ways: scaled and centred as MNIST's, at most one is misread."""
    ways = {"large": (1.0, 0.0, 0.0), "small, in a corner": (0.5, 0.05, 0.45)}
    wrong = []
    for name, way in ways.items():
        for digit in STROKES:
            a = read(drawn(digit, *way), network).a
            said = max(range(10), key=a[network.num_layers].__getitem__)
            wrong += [(name, digit, said)] * (said != digit)
    assert len(wrong) <= 1, wrong


def test_the_brush_is_round_and_as_wide_as_the_strokes_of_mnist(network: Model) -> None:
    """A dab is ink up to the radius and none beyond; a 1 as tall as the sheet is 2 to 4 pixels."""
    sheet = Sheet()
    sheet.stroke((28.0, 28.0), (28.0, 28.0))
    for i in range(POINTS):
        for j in range(POINTS):
            far = hypot(i + 0.5 - 28, j + 0.5 - 28)
            assert sheet.ink[i][j] == pytest.approx(max(0.0, min(1.0, BRUSH + 0.5 - far)))
    x = read(drawn(1), network).pixels
    assert x is not None
    widths = [sum(x[28 * row : 28 * row + 28]) for row in range(10, 18)]
    assert 2.0 <= min(widths) <= max(widths) <= 4.0


def test_what_is_drawn_is_prepared_as_a_photograph_is(network: Model) -> None:
    """The input is prepare's of the sheet, dark on white, without a search for ruled lines."""
    sheet = drawn(1)  # as long and straight as a ruled line
    grey = sheet.grey()
    assert (len(grey), grey[31][31], grey[31][5]) == (POINTS + 2 * EDGE, 0.0, 255.0)
    assert read(sheet, network).pixels == prepare(grey, 28, ruled=False).pixels


def test_an_empty_sheet_a_dot_and_a_full_sheet_get_no_answer(network: Model) -> None:
    """Nothing drawn, all erased, a dot, or ink all over: words in place of a confident 5."""
    sheet = Sheet()
    assert read(sheet, network).trouble == "Draw a digit."
    sheet.stroke((10.0, 10.0), (40.0, 40.0))
    sheet.stroke((10.0, 10.0), (40.0, 40.0), erase=True)
    assert sheet.extent == 0
    assert read(sheet, network) == Reading(trouble="Draw a digit.")
    sheet.stroke((28.0, 28.0), (28.0, 28.0))
    assert read(sheet, network) == Reading(trouble="Too small: draw on.")
    sheet.stroke((28.0, 28.0), (44.0, 28.0))
    assert read(sheet, network).a
    for row in range(0, POINTS, 4):
        sheet.stroke((float(row), 0.0), (float(row), 55.0))
    assert "No answer: " in read(sheet, network).trouble


def test_a_digit_along_the_edge_is_read_too(network: Model) -> None:
    """A 7 whose bar is half off the sheet, and whose corner is its corner."""
    sheet = Sheet()
    sheet.stroke((0.0, 0.0), (0.0, 55.0))
    sheet.stroke((0.0, 55.0), (55.0, 20.0))
    a = read(sheet, network).a[network.num_layers]
    assert max(range(10), key=a.__getitem__) == 7


def test_undo_goes_back_stroke_by_stroke_and_past_a_cleared_sheet() -> None:
    """Three things done, three taken back; then nothing is left to undo."""
    sheet, seen = Sheet(), []
    for row in (10.0, 20.0):
        sheet.begin()
        seen.append([line[:] for line in sheet.ink])
        sheet.stroke((row, 10.0), (row, 40.0))
    seen.append([line[:] for line in sheet.ink])
    sheet.clear()
    assert sheet.extent == 0
    while seen:
        sheet.undo()
        assert sheet.ink == seen.pop()
    sheet.undo()
    assert sheet.extent == 0


def test_a_sheet_is_seen_at_any_size_with_the_same_mean_ink() -> None:
    """28×28, 56×56 and what does not divide 56: no ink is lost or gained."""
    sheet = drawn(3)
    mean = sum(map(sum, sheet.ink)) / POINTS**2
    assert sheet.seen(POINTS, POINTS) == sheet.ink
    for side in (28, 14, 40):
        seen = sheet.seen(side, side)
        assert (len(seen), len(seen[0])) == (side, side)
        assert sum(map(sum, seen)) / side**2 == pytest.approx(mean, rel=0.03)


Script = Callable[[Drawing, Pilot[int]], Awaitable[None]]


def played(script: Script, network: Model, size: tuple[int, int] = (80, 24)) -> Drawing:
    """Run the screen without a terminal, and do what the script does."""

    async def play() -> Drawing:
        drawing = Drawing(network)
        async with drawing.run_test(size=size) as pilot:
            await script(drawing, pilot)
        return drawing

    return asyncio.run(play())


async def settled(drawing: Drawing, pilot: Pilot[int]) -> str:
    """Wait until the network has read all; return what is on the screen."""
    await pilot.pause()
    while drawing.is_reading:
        await pilot.pause(0.02)
    await pilot.pause()
    lines = [drawing.screen._compositor.render_strips()[y] for y in range(drawing.size.height)]
    return "\n".join(line.text for line in lines)


async def drag(
    drawing: Drawing, pilot: Pilot[int], places: Places, button: int = 1, up: bool = True
) -> None:
    """Draw with the mouse, from place to place, in shares of the sheet."""
    width, height = drawing.easel.size
    cells = [(1 + int(x * width), 1 + int(y * height)) for x, y in places]
    await pilot.mouse_down(Easel, cells[0], button=button)
    for cell in cells[1:]:
        await pilot.hover(Easel, cell)
    if up:
        await pilot.mouse_up(Easel, cells[-1])


async def typed(drawing: Drawing, pilot: Pilot[int], key: str, times: int) -> None:
    """Hold a key down."""
    for _ in range(times):
        drawing.simulate_key(key)
    await pilot.pause()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.slow
def test_the_mouse_draws_and_the_answer_and_the_activations_follow(
    network: Model, size: tuple[int, int]
) -> None:
    """A bar is a 1, until its top makes it a 7; maps, bars and marks change, and all has room."""
    pages: list[str] = []

    async def script(drawing: Drawing, pilot: Pilot[int]) -> None:
        pages.append(await settled(drawing, pilot))
        lines = {24: 14, 40: 28}[size[1]]
        assert tuple(drawing.easel.size) == (2 * lines, lines)
        await drag(drawing, pilot, [(0.5, 0.1), (0.5, 0.9)], up=False)
        pages.append(await settled(drawing, pilot))  # while the button is down
        await pilot.mouse_up(Easel, (lines, lines - 1))
        ink = [row[:] for row in drawing.sheet.ink]
        await pilot.hover(Easel, (3, 3))
        assert drawing.sheet.ink == ink, "no button is down any more"
        pages.append(str(drawing.reading.a[3]))
        await pilot.press("c")
        for stroke in STROKES[7]:
            await drag(drawing, pilot, stroke)
        pages.append(await settled(drawing, pilot))
        pages.append(str(drawing.reading.a[3]))

    played(script, network, size)
    assert "Draw a digit." in pages[0]
    assert "It says" not in pages[0]
    assert "It says 1" in pages[1]
    assert "▸1 ███████████ 1.00" in pages[1]
    assert "It says 7" in pages[3]
    assert " 1             0.00" in pages[3]
    assert pages[2] != pages[4], "layer 3 answers otherwise"
    for page in pages[1::2]:
        assert "layer 3: 8 maps of 12×12" in page
        names = [line for line in page.splitlines() if line.startswith("map 1")]
        assert len(names[0].split()) == 2 * {24: 5, 40: 8}[size[1]]
        assert all(f"{digit} " in page for digit in range(10))


def test_the_right_button_erases(network: Model) -> None:
    """A line is drawn, and gone over with button 3: the sheet is empty, and there is no answer."""

    async def script(drawing: Drawing, pilot: Pilot[int]) -> None:
        line = [(0.5, 0.2), (0.5, 0.8)]
        await drag(drawing, pilot, line)
        assert "It says" in await settled(drawing, pilot)
        await drag(drawing, pilot, line, button=3)
        assert "Draw a digit." in await settled(drawing, pilot)

    assert played(script, network).sheet.extent == 0


@pytest.mark.slow
def test_the_keys_draw_erase_undo_and_clear(network: Model) -> None:
    """Nine steps up, the pen down, eighteen down: a 1; then each key does what the help says."""

    async def script(drawing: Drawing, pilot: Pilot[int]) -> None:
        assert "put the pen down" in await settled(drawing, pilot)
        await typed(drawing, pilot, "up", 9)
        assert drawing.sheet.extent == 0
        await pilot.press("space")
        await typed(drawing, pilot, "down", 18)
        assert "● pen down" in await settled(drawing, pilot)
        assert "It says 1" in await settled(drawing, pilot)
        line = [row[:] for row in drawing.sheet.ink]
        await pilot.press("enter", "right", "right")
        assert drawing.sheet.ink == line
        assert "+ pen up" in await settled(drawing, pilot)
        await pilot.press("left", "left", "e")
        await typed(drawing, pilot, "up", 18)
        assert drawing.sheet.extent == 0
        assert "× eraser" in await settled(drawing, pilot)
        await pilot.press("u")
        assert drawing.sheet.ink == line
        assert "It says 1" in await settled(drawing, pilot)
        await pilot.press("c")
        assert "Draw a digit." in await settled(drawing, pilot)
        await pilot.press("u", "h")
        assert "put the pen down" in await settled(drawing, pilot)
        await pilot.press("h")
        assert "maps of 12×12" in await settled(drawing, pilot)
        await typed(drawing, pilot, "left", 40)
        assert drawing.easel.place[1] == 0.0, "it stays on the sheet"
        await pilot.press("home", "q")
        assert drawing.easel.place == (POINTS / 2, POINTS / 2)

    assert played(script, network).return_value == 0


@pytest.mark.slow
def test_the_sheet_follows_the_size_of_the_terminal(network: Model) -> None:
    """Larger, smaller, far too small and back: the same ink, and the same answer at the end."""

    async def script(drawing: Drawing, pilot: Pilot[int]) -> None:
        await drag(drawing, pilot, STROKES[7][0])
        ink = [row[:] for row in drawing.sheet.ink]
        for size in ((120, 40), (20, 5), (80, 24)):
            await pilot.resize_terminal(*size)
            await settled(drawing, pilot)
        assert drawing.sheet.ink == ink
        assert "▸7" in await settled(drawing, pilot)
        assert tuple(drawing.easel.size) == (28, 14)

    played(script, network)


@pytest.mark.slow
def test_networks_for_small_digits_work_as_well(small: Network) -> None:
    """64 inputs: the sheet becomes 8×8 pixels, and the maps 6×6; dense neurons are bars."""

    async def script(drawing: Drawing, pilot: Pilot[int]) -> None:
        await drag(drawing, pilot, STROKES[7][0])
        page = await settled(drawing, pilot)
        assert "It says" in page
        first = "hidden neurons" if drawing.network is dense else "4 maps of 6×6"
        assert f"layer 2: {first}" in page.replace("30 ", "")
        assert drawing.reading.pixels is not None
        assert len(drawing.reading.pixels) == 64

    dense = Network([64, 30, 10], seed=0)
    for network in (small, dense):
        played(script, network)


def test_a_network_for_something_else_is_refused(tmp_path: Path) -> None:
    """Two inputs, or three outputs: one line says what was expected, and what is there."""
    for sizes in ([2, 2, 1], [64, 3], [65, 10]):
        with pytest.raises(DataError, match=f"got {sizes[0]} inputs and {sizes[-1]} outputs"):
            Drawing(Network(sizes, seed=0))
    Network([2, 2, 1], seed=0).save(tmp_path / "xor.json")
    done = run("draw", "--net", os.fspath(tmp_path / "xor.json"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "xor.json: expected a network for digits" in done.stderr
    assert "Traceback" not in done.stderr


def test_s_saves_a_picture_and_replaces_none(
    network: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """drawn.pgm, then drawn-1.pgm: numbers from 0 (ink) to 255, read as photographs are."""

    async def script(drawing: Drawing, pilot: Pilot[int]) -> None:
        await drag(drawing, pilot, STROKES[7][0])
        await pilot.press("s", "c", "s")
        await settled(drawing, pilot)

    monkeypatch.chdir(tmp_path)
    assert played(script, network).saved == ["drawn.pgm", "drawn-1.pgm"]
    kind, width, height, most, *grey = Path("drawn.pgm").read_text(encoding="ascii").split()
    assert (kind, width, height, most) == ("P2", "112", "112", "255")
    rows = [[float(each) for each in grey[i : i + 112]] for i in range(0, 112 * 112, 112)]
    assert network.predict(prepare(rows, 28).pixels) == 7


def test_without_a_terminal_a_sentence_says_what_to_do() -> None:
    """In a pipe there is nothing to draw with; photographs are for `tinynn predict`."""
    done = run("draw")
    assert (done.returncode, done.stdout) == (2, "")
    expected = "tinynn draw: expected a terminal of 80×24 characters or more to draw in, got a pipe"
    assert done.stderr.startswith(expected)
    assert "tinynn predict" in done.stderr


def test_without_textual_the_error_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And the command that installs it."""
    monkeypatch.setitem(sys.modules, "textual", None)
    monkeypatch.delitem(sys.modules, "tinynn.views.draw")
    assert main(["draw"]) == 2
    said = capsys.readouterr().err
    assert "[images]" in said
    assert "pip install textual" in said


def mouse(places: Places) -> str:
    """What a terminal of 80×24 sends while the mouse draws on the sheet there."""
    cells = [(2 + int(28 * x), 2 + int(14 * y)) for x, y in places]
    moves = "".join(f"\x1b[<32;{x};{y}M" for x, y in cells)
    return f"\x1b[<0;{cells[0][0]};{cells[0][1]}M{moves}\x1b[<0;{cells[-1][0]};{cells[-1][1]}m"


def test_on_a_real_terminal_the_mouse_draws_and_ctrl_c_gives_the_terminal_back() -> None:
    """A 7 as escape codes; q ends with 0, Ctrl-C with 130."""
    strokes = "".join(map(mouse, STROKES[7]))
    ends = [("q", 0), ("\x03", 130)]
    for key, expected in ends:
        keys = [("Draw a digit", strokes), ("It says", ""), ("map 5", key)]
        status, written = on_a_terminal("draw", keys=keys)
        assert status == expected, written
        assert "▸7" in written


def test_the_command_is_listed_with_your_own_digits_and_the_view_runs_by_itself(
    tmp_path: Path,
) -> None:
    """`python -m tinynn.views.draw picture.svg` writes what the screen shows."""
    assert "draw" in GROUPS["your own digits"]
    picture = tmp_path / "draw.svg"
    code = f"import runpy, sys; sys.argv = ['draw', {os.fspath(picture)!r}]; "
    code += "runpy.run_module('tinynn.views.draw', run_name='__main__')"
    status, written = on_a_terminal(code=code)
    assert status == 0, written
    assert "It&#160;says" in picture.read_text(encoding="utf-8")
