"""Chapter 3's momentum in a valley: ``tinynn lab momentum`` and its balls."""

from __future__ import annotations

import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tests.terminal import on_a_terminal, run
from tinynn import ArgumentError, DataError
from tinynn.descent import MOMENTA, rolling_ball
from tinynn.views.balls import BallLab
from tinynn.views.blocks import mark


def table(output: str, name: str) -> dict[str, list[str]]:
    """Return the columns of a printed table, by their headings."""
    lines = output.split(f"\n{name} ", 1)[1].split("\n\n", 1)[0].splitlines()
    headings = lines[0].split()
    rows = [line.split()[1:] for line in lines[1:]]
    return {heading: [row[i] for row in rows] for i, heading in enumerate(headings)}


@pytest.mark.ch3
def test_the_default_balls_show_good_and_bad_momenta() -> None:
    """(107), exercises: above μ = 1 a ball leaves; below 0 it is slower, or it leaves."""
    end = {mu: [*rolling_ball(mu)] for mu in MOMENTA}
    height = {mu: max(step.cost for step in steps[-15:]) for mu, steps in end.items()}
    assert height[0.0] < 0.001
    assert height[0.5] < height[0.0] < height[-0.5] < 0.02
    assert height[0.9] < 0.1
    assert 0.9 < height[1.0] < 1.1
    assert height[1.1] > 10.0
    assert height[-1.1] > 1000.0


@pytest.mark.ch3
@given(st.floats(-1.5, 1.5), st.floats(0.01, 0.6), st.floats(-3.0, 3.0))
def test_nesterov_in_this_valley_is_plain_momentum_with_a_smaller_mu(
    mu: float, eta: float, start: float
) -> None:
    """(107) with ∇C = 2 (v + μ Δv): μ Δv - 2η (v + μ Δv) = μ (1 - 2η) Δv - η 2 v."""
    ahead = [step.v[0] for step in rolling_ball(mu, eta, start, 12, nesterov=True)]
    plain = [step.v[0] for step in rolling_ball(mu * (1 - 2 * eta), eta, start, 12)]
    assert ahead == pytest.approx(plain, rel=1e-6, abs=1e-9)


@pytest.mark.ch3
def test_a_ball_ends_where_it_leaves_the_floats() -> None:
    """(107) with μ = 1,000: no error, and no step that is not a number."""
    steps = [*rolling_ball(1000.0, steps=200)]
    assert 10 < len(steps) < 200
    assert len([*rolling_ball(0.5, steps=200)]) == 201
    with pytest.raises(ArgumentError, match="steps"):
        [*rolling_ball(0.5, steps=0)]
    with pytest.raises(DataError, match="mu"):
        [*rolling_ball(float("nan"))]


@pytest.mark.ch3
def test_lab_momentum_in_a_pipe_is_a_table_of_v_and_one_of_c() -> None:
    """(107), (108): a column for every ball, with the exercises' answers below."""
    done = run("lab", "momentum")
    assert (done.returncode, done.stderr) == (0, "")
    v, costs = table(done.stdout, "v"), table(done.stdout, "C")
    assert list(v) == list(costs) == [f"μ={mu:g}" for mu in MOMENTA]
    assert v["μ=0"][:3] == ["1", "0.8", "0.64"]
    assert v["μ=0.5"][:3] == ["1", "0.8", "0.54"]
    assert v["μ=-1.1"][30:32] == ["15.6", "-18.7"]
    assert len(v["μ=1"]) == 41
    assert costs["μ=0"][0] == "1"
    for word in ("(107)", "(108)", "1 - μ", "μ > 1", "μ < 0", "friction"):
        assert word in done.stdout
    assert all(len(line) <= 80 for line in done.stdout.splitlines())


@pytest.mark.ch3
def test_lab_momentum_takes_its_options_and_prints_out_beyond_the_floats() -> None:
    """--mu with negative numbers too, --eta, --start, --steps, --nesterov."""
    options = ["--mu", "-1e-1", "1000", "--eta", "0.25", "--start", "-2", "--steps", "200"]
    v = table(run("lab", "momentum", *options, "--plain").stdout, "v")
    assert v["μ=-0.1"][0] == "-2"
    assert v["μ=1000"][-1] == "out"
    ahead = run("lab", "momentum", "--mu", "0.5", "--eta", "0.25", "--nesterov").stdout
    assert table(ahead, "v")["μ=0.5"][:3] == ["1", "0.5", "0.125"]
    assert "Nesterov" in ahead.splitlines()[0]
    assert "0.5 μ in place of μ" in ahead


@pytest.mark.ch3
@pytest.mark.parametrize("eta", [0.1, 0.5, 1.5, 2.5])
@pytest.mark.parametrize("nesterov", [False, True])
def test_lab_momentum_prints_the_right_bounds_for_settling(eta: float, nesterov: bool) -> None:
    """(107), (108): on either side of the bounds that it prints a ball settles, and does not."""
    variant = ["--nesterov"] if nesterov else []
    said = run("lab", "momentum", "--eta", str(eta), *variant, "--plain").stdout

    def settles(mu: float) -> bool:
        return abs([*rolling_ball(mu, eta, 1.0, 4000, nesterov)][-1].v[0]) < 1e-3

    bounds = re.search(r"(?:μ is|that is)\sabove (\S+) and below (\S+)\.", said)
    if bounds is None:
        assert "no ball settles" in said
        assert not any(settles(mu) for mu in (-0.9, 0.0, 0.5, 0.95))
        return
    factor = 1.0 - 2.0 * eta if nesterov else 1.0
    low, high = float(bounds[1]), float(bounds[2])
    if factor:
        assert settles((low + 0.02) / factor)
        assert settles((high - 0.02) / factor)
        assert not settles((low - 0.02) / factor)
        assert not settles((high + 0.02) / factor)


@pytest.mark.ch3
def test_lab_momentum_on_a_terminal_shows_every_ball_and_gives_the_terminal_back() -> None:
    """At 80×24, seven panels; q goes to the end."""
    status, screen = on_a_terminal("lab", "momentum", keys=[("step 3", "q")])
    assert status == 0
    end = screen.rsplit("step 40", 1)[1]
    for mu in MOMENTA:
        assert f"μ = {mu:g} " in end
    for number in ("0.857", "3.7", "104."):
        assert number in end
    assert "(107)" in end


def drawn(mu: float, now: int, steps: int = 40, size: tuple[int, int] = (80, 24)) -> list[str]:
    """Return the picture of one ball."""
    out = io.StringIO()
    console = Console(file=out, width=size[0], height=size[1])
    console.print(BallLab("balls", [(mu, [*rolling_ball(mu, steps=steps)])], now, steps, size[1]))
    return out.getvalue().splitlines()


@pytest.mark.ch3
def test_a_ball_is_drawn_in_the_valley_and_beyond_its_sides_as_an_arrow() -> None:
    """From the right side down to the middle; (107) with μ = 1.1 leads over the edge."""
    right, middle = ("".join(drawn(0.0, now)) for now in (0, 40))
    assert right.count("●") == middle.count("●") == 1
    rows = drawn(0.0, 0)
    at = next(line.index("●") for line in rows if "●" in line)
    assert at > 65
    at = next(line.index("●") for line in drawn(0.0, 40) if "●" in line)
    assert 38 <= at <= 41
    gone = "".join(drawn(1.1, 40))
    assert "▸" in gone
    assert "●" not in gone
    assert "out of the floats" in "".join(drawn(1000.0, 200, 200))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (20, 5), (200, 60)])
@pytest.mark.parametrize("mu", [0.9, -1.1, 1000.0])
def test_the_picture_fits_its_screen(size: tuple[int, int], mu: float) -> None:
    """No line is wider than the terminal, and from 80×24 on no more lines than it has."""
    lines = drawn(mu, 150, 200, size)
    assert max(map(len, lines)) <= size[0]
    assert len(lines) < size[1] or size[1] < 24


def test_a_mark_is_a_third_of_a_line_high() -> None:
    """0 to 1 over two lines: six places, and what is beyond is at the edge."""
    assert [mark(n / 6 + 0.01, 2) for n in range(6)] == [
        (row, line) for row in (1, 0) for line in "▁─▔"
    ]
    assert (mark(9.0, 2), mark(-9.0, 2)) == ((0, "▔"), (1, "▁"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--mu", "nan"], "--mu"),
        (["--mu", *["0.5"] * 9], "--mu: expected at most 8"),
        (["--mu"], "--mu"),
        (["--eta", "0"], "--eta"),
        (["--start", "0"], "--start: expected a number other than 0"),
        (["--start", "inf"], "--start"),
        (["--start", "1e200"], "finite"),
        (["--steps", "0"], "--steps"),
        (["--steps", "10001"], "--steps: expected a whole number of at most 10,000"),
        (["--stepps", "2"], "did you mean --steps?"),
    ],
)
def test_lab_momentum_prints_errors_in_one_line(arguments: list[str], said: str) -> None:
    """And exits with 2."""
    answer = run("lab", "momentum", *arguments)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert re.search(re.escape(said), answer.stderr)
    assert answer.stderr.count("\n") == 1
