"""Chapter 4's laboratories: ``tinynn lab steps``, ``tinynn lab bumps`` and their files."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest
from rich.console import Console

from tests.terminal import on_a_terminal
from tinynn import Network
from tinynn.cli import main
from tinynn.formulas import Formula, goal_of
from tinynn.universality import (
    CHAPTER_FORMULA,
    bump_network,
    bumps_of,
    chapter_function,
    tower_network,
    towers_of,
)
from tinynn.views.bumps import BumpLab, Made, made

pytestmark = pytest.mark.ch4


class Done(NamedTuple):
    """What a command that ran in this process wrote, and its exit status."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: str) -> Done:
    """Run ``tinynn`` with its output in a pipe, in this process: it starts sooner."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        try:
            status = main([*arguments])
        except SystemExit as exit:
            status = int(exit.code or 0)
    return Done(status, out.getvalue(), err.getvalue())


def constructions(output: str) -> list[dict[str, list[float]]]:
    """Return the numbers of each repair, a dictionary for each formula."""
    rows = re.findall(r"^(none|halves|beyond) +([\d., e-]+?)  at", output, re.MULTILINE)
    numbers = [
        (name, [float(each.replace(",", "")) if each != "-" else 9.0 for each in line.split()])
        for name, line in rows
    ]
    return [dict(numbers[i : i + 3]) for i in range(0, len(numbers), 3)]


def test_lab_bumps_builds_the_chapters_function_within_the_error(tmp_path: Path) -> None:
    """(113), (σ⁻¹): 71 bumps, as 28.13/(2 · 71) < 4 · 0.05; in windows 0.138, repaired 0.061."""
    path = str(tmp_path / "net.json")
    done = run("lab", "bumps", CHAPTER_FORMULA, "--error", "0.05", "--save", path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "28.13" in done.stdout
    assert re.search(r"^bumps +71\b", done.stdout, re.MULTILINE)
    (found,) = constructions(done.stdout)
    hidden, outside, proved, inside, inside_proved = found["none"]
    assert hidden == 142
    assert outside <= proved <= 0.05
    assert inside == pytest.approx(0.138, abs=0.001)
    assert inside <= inside_proved
    assert found["halves"][3] == pytest.approx(0.061, abs=0.001)
    assert found["beyond"][3] <= 0.05
    assert all(len(line) <= 80 for line in done.stdout.splitlines()[1:] if path not in line)
    net = Network.load(path)
    assert net.sizes == (1, 142, 1)
    for i in range(1001):
        assert abs(net.feedforward([i / 1000])[0] - chapter_function(i / 1000)) <= 0.05


def test_step_and_show_read_the_networks_of_lab_bumps(tmp_path: Path) -> None:
    """An ordinary network of one input, or of two: x is --input, or the middle."""
    path = str(tmp_path / "net.json")
    run("lab", "bumps", "x*y", "0.5 + x/4", "--bumps", "2", "--save", path)
    net = Network.load(path)
    assert (net.sizes[0], net.sizes[-1]) == (2, 2)
    shown = run("show", path)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "To x = (0.5, 0.5) the network answers (" in shown.stdout
    assert "label" not in shown.stdout
    answer = net.feedforward([0.3, 0.7])[0]
    near = run("show", path, "--input", "0.3", "0.7", "--neuron", "4:1").stdout
    assert f"answers ({answer:.4g}, " in near
    step = run("step", path, "--input", "0.3", "0.7", "--equation", "a", "--neuron", "4:1")
    assert step.returncode == 0
    assert "a^4_1" in step.stdout
    default = run("step", path, "--equation", "BP2")
    assert default.returncode == 0
    assert "x = (0.5, 0.5)" in default.stdout
    wrong = run("show", path, "--input", "0.3")
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "--input: expected 2 numbers, got 1" in wrong.stderr
    assert "does not take it" in run("step", path, "--digit", "3").stderr
    status, screen = on_a_terminal("show", path, columns=80, lines=24)
    assert status == 0
    assert "layer 1: input" in screen


def test_lab_bumps_in_a_pipe_is_a_table_of_f_the_network_and_the_error() -> None:
    """--bumps N: N of them, with steps at i/N, and with --w as sharp as is said."""
    done = run("lab", "bumps", "x**2", "--bumps", "5", "--w", "300", "--repair", "none")
    assert done.returncode == 0
    assert "w = 300" in done.stdout
    rows = [line.split() for line in done.stdout.splitlines() if re.match(r" +[01]\.\d\d ", line)]
    assert len(rows) == 21
    for x, f, answer, error, *_ in rows:
        assert float(f) == pytest.approx(float(x) ** 2, abs=1e-4)
        assert float(answer) - float(f) == pytest.approx(float(error), abs=2e-3)
    assert rows[-1][2] == "0.4050", "half of 0.9² at x = 1"
    relu = run("lab", "bumps", "x", "--bumps", "4", "--activation", "relu").stdout
    assert constructions(relu)[0]["none"][0] == 16


def test_lab_bumps_of_two_inputs_are_heat_maps_side_by_side() -> None:
    """(tower): N² of them, in the same greys as the function."""
    done = run("lab", "bumps", "0.5 + 0.3*sin(6*x)*cos(5*y)", "--error", "0.2")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    (head,) = (i for i, line in enumerate(lines) if re.match(r"f +the network$", line))
    drawn = lines[head + 1 : head + 17]
    same = sum(line.ljust(66)[:32] == line.ljust(66)[34:] for line in drawn)
    assert all(len(line) <= 66 for line in drawn)
    assert same < 16
    close = sum(p == q for line in drawn for p, q in zip(line.ljust(66)[:32], line.ljust(66)[34:]))
    assert close > 0.6 * 32 * 16
    (found,) = constructions(done.stdout)
    assert found["none"][1] <= found["none"][2] <= 0.2
    assert found["halves"][3] < found["none"][3]
    two = constructions(run("lab", "bumps", "x", "0.5 + x/4", "--bumps", "3").stdout)
    assert len(two) == 2


def test_lab_bumps_takes_a_modulus_where_the_slope_has_no_bound() -> None:
    """√x: within half a bump it changes by at most √(1/2N)."""
    done = run("lab", "bumps", "sqrt(x)", "--error", "0.1", "--modulus", "sqrt(x)")
    assert re.search(r"^bumps +51\b", done.stdout, re.MULTILINE)
    assert constructions(done.stdout)[0]["beyond"][3] <= 0.1
    inside = run("lab", "bumps", "0.2 + sqrt(x)/2", "--error", "0.1", "--modulus", "sqrt(x)/2")
    assert constructions(inside.stdout)[0]["beyond"][3] <= 0.1


def test_the_note_on_towers_names_the_error_at_the_worst_corner() -> None:
    """(tower): where four of 21² towers meet none is on: x y is missing, (20/21)² = 0.907."""
    done = run("lab", "bumps", "x*y")
    (found,) = constructions(done.stdout)
    assert found["beyond"][3] == pytest.approx((20 / 21) ** 2, abs=5e-4)
    assert " ".join(done.stdout.split()[-24:]).endswith(
        "Outside the windows the error is at most 0.05. Where four towers meet it is up to 0.907: "
        "towers alone cannot repair that."
    )
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


def test_a_formula_may_begin_with_minus_and_a_goal_of_0_is_0() -> None:
    """-x is no option; of 0.5 the goal σ⁻¹(0.5) is 0, not 9.88e-324."""
    assert "f = -x" in run("lab", "bumps", "-x", "--bumps", "3").stdout
    half = run("lab", "bumps", "0.5").stdout
    assert "at most 0 in size" in half
    assert "e-" not in half
    steep = run("lab", "bumps", "x**(x**2)", "--bumps", "5").stdout
    assert "has no bound that could be proved" in steep
    assert "inf" not in steep
    two = run("lab", "bumps", "x", "1-x", "--repair", "none").stdout
    assert re.findall("^(.*)Outside the windows", two, re.MULTILINE) == ["x: ", "1-x: "]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--error", "0"], "--error: expected a finite number above 0"),
        (["--error", "nan"], "--error"),
        (["--error", "1", "--bumps", "2"], "--error and --bumps: expected one"),
        (["--bumps", "0"], "--bumps: expected a whole number of at least 1"),
        (["--bumps", "2001"], "at most 2,000"),
        (["x*y", "--bumps", "33"], "at most 32"),
        (["--w", "3"], "--w needs --bumps"),
        (["--bumps", "3", "--w", "0"], "--w: expected a finite number above 0"),
        (["x", "--error", "0.0001"], "more than 2,000 bumps: type --error 0.00026"),
        (["x*y", "--error", "0.001"], "more than 32 bumps along each input: type --error 0.032"),
        (["sqrt(x)", "--error", "0.1"], "--modulus"),
        (["sqrt(x)", "--error", "0.1", "--modulus", "x"], "sqrt(x) changes by"),
        (["sqrt(x)", "--error", "0.1", "--modulus", "1 + x"], "--modulus: expected 0 at x = 0"),
        (["x", "--modulus", "x*y"], "--modulus: expected a formula of x"),
        (["x", "--output", "sigmoid"], "use a linear output"),
        (["--activation", "linear"], "different limits at -∞ and +∞"),
        (["--activation", "foo"], "--activation: expected one of step"),
        (["--repair", "foo"], "--repair"),
        (["1/x"], "1/x: expected a finite value at x = 0"),
        ([""], "expected a formula, such as x**2"),
        (["1/(x+1e-9)"], "it is too steep: type --bumps 20"),
        (["x**x**x", "--bumps", "5"], "x**x**x: no bounds of its values could be proved"),
        (["--save", "nowhere/x.json"], "--save: there is no folder"),
        (["import os"], "expected numbers, x, y, pi, e, + - * / **"),
        (["x"] * 5, "at most 4"),
        (["--save", ""], "--save: expected the name of a file"),
        (["--bump", "2", "--foo"], "--foo"),
    ],
)
def test_lab_bumps_prints_errors_in_one_line(arguments: list[str], said: str) -> None:
    """And exits with 2."""
    answer = run("lab", "bumps", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert said in answer.stderr
    assert answer.stderr.count("\n") == 1


def test_lab_steps_shows_a_step_a_bump_and_which_neurons_will_do() -> None:
    """(s): sharper as w grows; different limits at -∞ and +∞, and of relu two neurons."""
    done = run("lab", "steps", "--s", "0.3", "--w", "8", "100")
    assert (done.returncode, done.stderr) == (0, "")
    assert "w = 8, b = -2.4: it rises from 0.1 to 0.9 over 2 ln 9 / w = 0.549" in done.stdout
    assert "w = 100, b = -30: it rises from 0.1 to 0.9 over 2 ln 9 / w = 0.0439" in done.stdout
    rows = {line.split()[0]: line.split()[1:4] for line in done.stdout.splitlines() if line.strip()}
    assert rows["sigmoid"] == ["0", "1", "yes"]
    assert rows["tanh"] == ["-1", "1", "yes"]
    assert rows["wiggle"] == ["0", "1", "yes"]
    assert rows["relu"] == ["0", "none", "no"]
    assert rows["linear"] == ["none", "none", "no"]
    assert all(len(line) <= 80 for line in done.stdout.splitlines())
    for outside in (["--s", "2"], ["--height", "-1"], ["--last", "0.1"]):
        assert "the bump lies outside 0 to 1" in run("lab", "steps", *outside).stdout
    assert "another place than --s" in run("lab", "steps", "--last", "0.4").stderr
    wrong = run("lab", "steps", "--w", "-1")
    assert (wrong.returncode, wrong.stderr.count("\n")) == (2, 1)
    assert "--w" in wrong.stderr


@pytest.mark.slow
def test_lab_bumps_on_a_terminal_adds_bumps_and_gives_the_terminal_back() -> None:
    """At 80×24; q goes to the end, where the table is."""
    status, screen = on_a_terminal("lab", "bumps", "--bumps", "9", keys=[("2 of 9", "q")])
    assert status == 0
    end = screen.rsplit("9 of 9 bumps", 1)[1]
    for name in ("none", "halves", "beyond"):
        assert name in end
    status, _ = on_a_terminal("lab", "bumps", "--bumps", "9", interrupt_after="1 of 9")
    assert status == 130


@cache
def chapters(bumps: int) -> Made:
    """Return the chapter's function of so many bumps."""
    goal = goal_of(Formula(CHAPTER_FORMULA))
    net = bump_network([bumps_of(goal.function, bumps, reach=0.5)], 150.0 * bumps)
    return made("f", chapter_function, net, "sigmoid", error=0.1)


@cache
def towers() -> Made:
    """Return x y of nine towers."""
    net = tower_network([towers_of(lambda x, y: x * y, 3)], 500.0, 30.0, output="linear")
    return made("x*y", Formula("x*y"), net, "sigmoid")


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (120, 40), (200, 60)])
@pytest.mark.parametrize("kind", ["curve", "two", "maps"])
def test_the_picture_fits_its_screen(size: tuple[int, int], kind: str) -> None:
    """No line is wider than the terminal, and there are no more lines than it has."""
    drawn = {"maps": [towers()], "two": [chapters(6)] * 2, "curve": [chapters(6)]}[kind]
    for now in (0, 3, 6):
        out = io.StringIO()
        Console(file=out, width=size[0], height=size[1]).print(
            BumpLab("bumps", drawn, now, 6, size[1])
        )
        lines = out.getvalue().splitlines()
        assert max(map(len, lines)) <= size[0]
        assert len(lines) < size[1]


def test_the_picture_shows_how_many_bumps_there_are_and_the_error() -> None:
    """(Σbump): with all of them the error is least."""
    six = chapters(6)
    assert six.number == 6
    off = [max(abs(a - f) for a, f in zip(six.after(k), six.wanted)) for k in (0, 6)]
    assert off[1] < off[0]
    out = io.StringIO()
    Console(file=out, width=80, height=24).print(BumpLab("bumps", [six], 6, 6))
    assert f"largest error on the picture: {off[1]:.3g}" in out.getvalue()
    assert six.after(0) == [0.5] * len(six.wanted), "σ(0) before the first bump"
