"""The engine in any debugger: the book's names, line by line, without bookkeeping in between."""

from __future__ import annotations

import ast
import bdb
import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from math import exp
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest

from tests.terminal import ROOT, on_a_terminal
from tinynn import Matrix, Network, Vector
from tinynn.activations import ACTIVATIONS
from tinynn.costs import Cost
from tinynn.descent import numerical_gradient
from tinynn.equations import hidden_error
from tinynn.layers import DenseLayer
from tinynn.notation import equations
from tinynn.stepper.scenes import C, nabla_C, xor_network

EXAMPLE = str(ROOT / "examples" / "one_backpropagation.py")
PROMPT = "(Pdb) "

# XOR of 2-2-1 by hand: w^2 = ((3, 2), (-2, -3)), b^2 = (-1, 4), w^3 = ((2, 2)), b^3 = (-3),
# for x = (1, 1), where the answer should be y = 0.
Z2 = (3.0 * 1 + 2.0 * 1 - 1, -2.0 * 1 - 3.0 * 1 + 4)  # 4 and -1
A2 = (1 / (1 + exp(-4)), 1 / (1 + exp(1)))
A3 = 1 / (1 + exp(-(2 * A2[0] + 2 * A2[1] - 3)))
DELTA3 = (A3 - 0) * A3 * (1 - A3)
DELTA2 = (2 * DELTA3 * A2[0] * (1 - A2[0]), 2 * DELTA3 * A2[1] * (1 - A2[1]))


def line_of(text: str, function: Callable[..., object] = hidden_error) -> int:
    """Return the number of the line of a function with this text."""
    lines, first = inspect.getsourcelines(function)
    (number,) = [first + i for i, line in enumerate(lines) if line.strip() == text]
    return number


def pdb_answers(*commands: str) -> list[str]:
    """Return the first words of a real pdb on a terminal, and its answers to the commands."""
    pytest.importorskip("pty")
    _, written = on_a_terminal(
        EXAMPLE,
        columns=200,
        code="import pdb, sys; sys.argv[0] = 'pdb'; pdb.main()",
        keys=[(PROMPT, f"{command}\n") for command in commands],
        TERM="dumb",
        NO_COLOR="1",
        PYTHON_COLORS="0",
        PYTHONPATH=str(ROOT),
        PYTHONDONTWRITEBYTECODE="1",
    )
    first, *answers = written.replace("\r", "").split(PROMPT)
    assert len(answers) == len(commands), written
    for command, answer in zip(commands, answers):
        assert answer.startswith(f"{command}\n"), written
    return [first, *(answer.partition("\n")[2] for answer in answers)]


def test_pdb_stops_in_bp2_with_the_numbers_worked_by_hand() -> None:
    """The session breaks in hidden_error, prints j, k and w[k][j], and takes steps."""
    term = line_of("total += w[k][j] * delta_next[k]")
    show = "p j, k, w[k][j], delta_next[k], total"
    answers = pdb_answers(
        "import tinynn.equations",
        "b tinynn.equations.hidden_error",
        "c",
        f"until {term}",
        show,
        "s",
        "s",
        "s",
        "r",
        "n",
        "p delta",
        "q",
    )
    stopped, reached, values, back, sum_done, inside, _, after, delta = answers[3:12]
    assert "hidden_error()" in stopped
    assert f"({term})hidden_error()\n-> total += w[k][j] * delta_next[k]" in reached
    j, k, w, delta_next, total = ast.literal_eval(values)
    assert (j, k, w, total) == (0, 0, 2.0, 0.0)
    assert delta_next == pytest.approx(DELTA3, rel=1e-12)
    assert "-> for k in range(len(delta_next)):" in back
    assert "-> delta[j] = total * sigma_prime(z[j])" in sum_done
    assert "sigmoid_prime()" in inside
    assert "-> for j in range(len(z)):" in after
    assert ast.literal_eval(delta) == [pytest.approx(DELTA2[0], rel=1e-12), 0.0]


def test_the_transcript_in_the_readme_is_that_of_pdb() -> None:
    """Each answer agrees word for word; … marks text that depends on the machine."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```pdb\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    replay(block)


def replay(block: str) -> None:
    """Check a transcript: type its commands into a real pdb, and compare the answers."""
    start, _, session = block.partition("\n")
    assert start == "$ python -m pdb examples/one_backpropagation.py"
    first, *turns = session.split(PROMPT)
    commands, expected = zip(*(turn.split("\n", 1) for turn in turns))
    answers = pdb_answers(*commands)
    for command, wanted, answer in zip(("", *commands), (first, *expected), answers):
        if command != "q":
            pattern = re.escape(wanted).replace("…", ".*")
            said = f"to {command!r} pdb says\n{answer}\nand the README\n{wanted}"
            assert re.fullmatch(pattern, answer), said


class StepsInto(bdb.Bdb):
    """A debugger that steps into everything, and notes the calling lines."""

    def __init__(self) -> None:
        super().__init__()
        self.entered: set[tuple[CodeType, int, CodeType]] = set()
        self.stops: list[tuple[CodeType, int, dict[str, Any]]] = []

    def user_call(self, frame: FrameType, argument_list: Any) -> None:
        """Note the caller of a call that was stepped into."""
        caller = frame.f_back
        assert caller is not None
        self.entered.add((caller.f_code, caller.f_lineno, frame.f_code))

    def user_line(self, frame: FrameType) -> None:
        """Note a line that is about to run, and its locals."""
        self.stops.append((frame.f_code, frame.f_lineno, dict(frame.f_locals)))


def stepped(network: Network) -> StepsInto:
    """Return a debugger that has stepped through one backpropagation, into everything."""
    debugger = StepsInto()
    x = Vector([1.0] * network.sizes[0])
    y = Vector([0.0] * network.sizes[-1])
    before = sys.gettrace()
    try:
        debugger.runcall(network.backprop, x, y)
    finally:
        sys.settrace(before)
    return debugger


EQUATIONS = {entry.function.__code__: entry.function for entry in equations()}
FUNCTIONS = {
    function.__code__ for each in ACTIVATIONS.values() for function in (each.value, each.derivative)
}
# Functions that call the equations, layer by layer.
CONDUCTORS: tuple[Callable[..., object], ...] = (
    Network.forward,
    Network.backprop,
    Cost.error,
    DenseLayer.error_before,
    DenseLayer.add_gradient,
)


def formula_lines(function: Callable[..., object]) -> set[int]:
    """Return the lines in the loops of an equation, or a caller's lines that call equations."""
    lines, first = inspect.getsourcelines(function)
    tree = ast.parse(inspect.cleandoc("\n" + "".join(lines)))
    numbers: set[int] = set()
    calls = {each.__name__ for each in EQUATIONS.values()} | {
        *("forward", "error", "error_before", "add_gradient", "derivative")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.For) and function not in CONDUCTORS:
            numbers.update(range(node.lineno, (node.end_lineno or 0) + 1))
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in calls:
            numbers.add(node.lineno)
    return {first - 1 + number for number in numbers}


@pytest.mark.parametrize("kind", ["sigmoid", "tanh", "relu", "step"])
def test_stepping_into_a_formula_line_lands_in_an_equation_or_in_sigma(kind: str) -> None:
    """No formula line steps into a property, a check of shapes or a container."""
    debugger = stepped(xor_network().with_activation(kind))
    allowed = {*EQUATIONS, *FUNCTIONS, *(each.__code__ for each in CONDUCTORS)}
    ran = {code for code, _, _ in debugger.stops}
    functions: list[Callable[..., object]] = [
        *CONDUCTORS,
        *(f for code, f in EQUATIONS.items() if code in ran),
    ]
    assert len(functions) >= 12, "five conductors, the cost, a layer's forward, six equations"
    lines = {each.__code__: formula_lines(each) for each in functions}
    stopped_at = {(code, number) for code, number, _ in debugger.stops}
    entered = 0
    for code, number, into in debugger.entered:
        if number in lines.get(code, ()):
            assert into in allowed, f"{code.co_filename}:{number} steps into {into.co_name}"
            entered += 1
    assert entered >= 12
    for code, numbers in lines.items():
        for number in numbers:
            assert (code, number) in stopped_at, f"{code.co_filename}:{number} is never stopped at"


BOOK = {*"wazbjk", "total", "delta", "nabla_a", "nabla_b", "nabla_w", "sigma", "sigma_prime"}
MODULES = ["equations/dense", "equations/costs", "equations/updates", "layers/dense", "network"]


def test_the_locals_are_the_names_of_the_book() -> None:
    """The one more is delta_next for δ^{l+1}, which BP2 needs besides δ^l."""
    for code, function in EQUATIONS.items():
        if function.__module__ == "tinynn.equations.dense":
            names = set(code.co_varnames[code.co_argcount :])
            assert names <= BOOK | {"delta_next"}, f"{function.__name__}: {names}"


def test_the_locals_in_a_debugger_are_short() -> None:
    """A local of 2-2-1 fits on a line; a Vector or Matrix of a large network fits on a few."""
    large = Network([64, 30, 10], seed=0)
    for network, kinds, most in [(xor_network(), (list, float, int), 100), (large, (), 250)]:
        for code, number, values in stepped(network).stops:
            for name, value in values.items():
                if code in EQUATIONS and isinstance(value, (Vector, Matrix, *kinds)):
                    where = f"{code.co_filename}:{number}"
                    assert len(repr(value)) < most, f"{where}: {name} = {value!r}"


@pytest.mark.parametrize("module", MODULES)
def test_a_line_has_one_statement(module: str) -> None:
    """One step of a debugger is then one assignment."""
    path = ROOT / "tinynn" / f"{module}.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lines = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    twice = {line for line in lines if lines.count(line) > 1}
    assert not twice


def test_the_locals_while_stepping_are_the_numbers_worked_by_hand() -> None:
    """z, a and δ of every layer have these values before each function returns."""
    last = {}
    for code, _, values in stepped(xor_network()).stops:
        if code.co_filename.endswith("dense.py"):
            last[code.co_name, len(values.get("delta", values.get("z", ())))] = values
    assert last["weighted_input", 2]["z"] == list(Z2)
    assert last["activation", 2]["a"] == pytest.approx(A2, rel=1e-12)
    assert last["activation", 1]["a"] == pytest.approx([A3], rel=1e-12)
    assert last["output_error", 1]["delta"] == pytest.approx([DELTA3], rel=1e-12)
    assert last["hidden_error", 2]["delta"] == pytest.approx(DELTA2, rel=1e-12)
    assert last["bias_gradient", 2]["nabla_b"] == pytest.approx(DELTA2, rel=1e-12)
    nabla_w = last["weight_gradient", 1]["nabla_w"]
    assert nabla_w[0] == pytest.approx([A2[0] * DELTA3, A2[1] * DELTA3], rel=1e-12)


class Presses(bdb.Bdb):
    """A debugger that counts the presses of "step into" on the way to a line of BP2."""

    def __init__(self, skip: Iterable[str] | None, only_lines: bool = False) -> None:
        super().__init__(skip)
        self.wanted = hidden_error.__code__, line_of("total += w[k][j] * delta_next[k]")
        self.only_lines = only_lines
        self.presses: list[str] = []
        self.reached = False

    def stop(self, frame: FrameType) -> None:
        """Count a stop."""
        if not self.reached:
            self.presses.append(f"{frame.f_globals['__name__']}.{frame.f_code.co_name}")

    def user_call(self, frame: FrameType, argument_list: Any) -> None:
        """Count a call, where pdb stops; an editor stops at its first line."""
        if not self.only_lines:
            self.stop(frame)

    def user_return(self, frame: FrameType, return_value: Any) -> None:
        """Count a return, where only pdb stops."""
        if not self.only_lines:
            self.stop(frame)

    def user_line(self, frame: FrameType) -> None:
        """Count a line, until the wanted one is reached."""
        self.stop(frame)
        self.reached = self.reached or (frame.f_code, frame.f_lineno) == self.wanted


def presses(skip: Iterable[str] | None, only_lines: bool = False) -> list[str]:
    """Return the stops of stepping into everything, from backprop to the first term of BP2."""
    debugger = Presses(skip, only_lines)
    before = sys.gettrace()
    try:
        debugger.runcall(xor_network().backprop, Vector([1, 1]), Vector([0]))
    finally:
        sys.settrace(before)
    assert debugger.reached
    return debugger.presses


def test_the_first_term_of_bp2_is_fewer_than_a_hundred_presses_away() -> None:
    """This is true with the `skip` in README for pdb, and with the rules of the editor."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"pdb\.Pdb\(skip=(\[.*?\])\)$", text, re.MULTILINE)
    stops = presses(ast.literal_eval(found))
    assert len(stops) < 100
    assert {stop.rpartition(".")[0] for stop in stops} == {"tinynn.equations.dense"}
    assert all(key in text for key in ("`s` steps into", "F11", "F10"))
    if (ROOT / ".git").exists():
        path = ROOT / ".vscode" / "launch.json"
        (settings,) = json.loads(path.read_text(encoding="utf-8"))["configurations"]
        rules = [rule["module"] for rule in settings["rules"] if not rule["include"]]
        skip = [pattern for rule in rules for pattern in (rule, f"{rule}.*")]
        assert len(presses([*skip, "namedtuple_*"], only_lines=True)) < 100


def test_stepping_into_everything_does_not_enter_properties() -> None:
    """`entries`, `rows`, `sizes` and `num_layers` run no Python code."""
    names = {stop.rpartition(".")[2] for stop in presses(None)}
    assert not names & {"entries", "rows", "sizes", "num_layers", "__getitem__"}


def test_equation_13_and_the_cost_of_a_scene_read_bare_lists() -> None:
    """Stepping into their lines never lands in Vector.__getitem__."""
    for run in (
        lambda: C(Vector([2, 1])),
        lambda: nabla_C(Vector([2, 1])),
        lambda: numerical_gradient(lambda v: v.norm(), Vector([2, 1])),
    ):
        debugger = StepsInto()
        before = sys.gettrace()
        try:
            debugger.runcall(run)
        finally:
            sys.settrace(before)
        assert debugger.entered
        assert "__getitem__" not in {into.co_name for _, _, into in debugger.entered}


def test_the_editor_offers_to_step_through_one_backpropagation() -> None:
    """`.vscode/launch.json` names an existing program, and skips no line of the package."""
    path = ROOT / ".vscode" / "launch.json"
    if not (ROOT / ".git").exists():
        pytest.skip("needs a checkout: an installed package has no editor settings beside it")
    (configuration,) = json.loads(path.read_text(encoding="utf-8"))["configurations"]
    assert configuration["name"] == "step through one backpropagation"
    assert (configuration["type"], configuration["request"]) == ("debugpy", "launch")
    assert configuration["justMyCode"] is False
    assert configuration["stopOnEntry"] is True
    assert Path(configuration["program"].replace("${workspaceFolder}", str(ROOT))) == Path(EXAMPLE)
    assert os.path.exists(EXAMPLE)
    git = shutil.which("git")
    if git:
        done = subprocess.run([git, "check-ignore", "-q", str(path)], cwd=ROOT, check=False)
        assert done.returncode == 1, "git would ignore it"
