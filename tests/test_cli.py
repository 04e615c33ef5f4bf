"""The command line, as a person meets it: pipes, terminals, mistakes, Ctrl-C."""

from __future__ import annotations

import argparse
import os
import re
import signal
import subprocess
import sys
from dataclasses import fields
from inspect import getdoc
from pathlib import Path

import pytest

from tests.benchmarks import pure
from tests.mnist import FOLDER, needs_mnist
from tests.terminal import on_a_terminal, run
from tinynn import Network, load_digits
from tinynn.cli import main
from tinynn.cli.command import _helps, names_of
from tinynn.cli.program import COMMANDS, GROUPS, _build_parser, _command
from tinynn.fast import Network as FastNetwork
from tinynn.notation import GLOSSARY, equations
from tinynn.training import Run

QUICK = ("train", "--sizes", "64", "5", "10", "--epochs", "2")


def plain(text: str) -> str:
    """Drop the terminal's escape sequences."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)


def test_a_piped_run_prints_the_books_lines_and_nothing_else(own_cache: Path) -> None:
    """Epoch 0: 9129 / 10000, as in chapter 1; what it cost goes to standard error."""
    done = run(*QUICK)
    assert done.returncode == 0
    cost = r"^time +0\.\d+ s an epoch, [\d,]+ examples/s, peak memory \d+ MB$"
    assert re.search(cost, done.stderr, re.MULTILINE)
    assert done.stderr.startswith(f"kept       {own_cache / 'last.json'}\n")
    first, second = done.stdout.splitlines()
    assert re.fullmatch(r"Epoch 0: \d+ / 500", first)
    assert re.fullmatch(r"Epoch 1: \d+ / 500", second)
    assert (own_cache / "last.json").exists()


def test_the_command_line_trains_as_the_library_does(tmp_path: Path) -> None:
    """Same sizes, same seed, same settings: the same network to the last bit."""
    path = tmp_path / "net.json"
    done = run(*QUICK, "--seed", "5", "--eta", "2", "--mini-batch-size", "7", "--save", str(path))
    assert done.returncode == 0, done.stderr
    assert f"kept       {path}\n" in done.stderr
    network = Network([64, 5, 10], seed=5)
    digits = load_digits()
    reports = list(network.train(digits.training, 2, 7, 2.0, test_data=digits.test, seed=5))
    assert Network.load(path) == network
    assert done.stdout == "".join(f"{report}\n" for report in reports)


@pytest.mark.parametrize(("columns", "lines"), [(80, 24), (120, 40)])
def test_the_live_screen_shows_the_run_and_ends_with_what_was_learnt(
    columns: int, lines: int
) -> None:
    """The network, the progress, the epochs, the curve, one digit, then the summary."""
    status, written = on_a_terminal(*QUICK, columns=columns, lines=lines)
    shown = plain(written)
    assert status == 0
    assert "64-5-10: 385 weights and biases" in shown
    for part in ("2 of 2 epochs", "examples/s", "test digits right", "cost C", "hidden neurons"):
        assert part in shown, f"{part!r} is not on the screen"
    assert re.search(r"a\^3_10 9 .* \d\.\d\d", shown)
    for part in ("best", "last", "confused", "kept", "next", "tinynn show --digit"):
        assert part in shown, f"{part!r} is not in the summary"
    assert written.count("\x1b[?1049h") == written.count("\x1b[?1049l") == 1, (
        "the screen is restored"
    )
    assert written.rindex("\x1b[?25h") > written.rindex("\x1b[?25l"), "the cursor is back"
    after = plain(written.split("\x1b[?1049l")[1])
    widest = max(len(line) for line in after.replace("\r", "").split("\n"))
    assert widest <= columns, f"a line of {widest} characters"


def test_a_terminal_without_colour_or_too_small_is_respected() -> None:
    """NO_COLOR is obeyed; a small or dumb terminal gets the book's lines."""
    _, written = on_a_terminal(*QUICK, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", written), "a colour was written"
    _, small = on_a_terminal(*QUICK, columns=60, lines=24)
    assert "the screen needs 70×22 characters, this terminal has 60×24" in small
    assert "Epoch 1: " in small
    _, dumb = on_a_terminal(*QUICK, TERM="dumb")
    assert "\x1b" not in dumb
    assert "Epoch 1: " in dumb


def test_ctrl_c_on_the_screen_keeps_what_was_learnt(own_cache: Path) -> None:
    """Status 130, the terminal restored, the network saved, no traceback."""
    status, written = on_a_terminal("train", "--epochs", "500", interrupt_after="2 of 500 epochs")
    assert status == 130
    assert "Traceback" not in written
    assert "kept" in plain(written)
    assert re.search(r"stopped +by Ctrl-C", plain(written))
    assert written.count("\x1b[?1049h") == written.count("\x1b[?1049l") == 1
    assert Network.load(own_cache / "last.json").sizes == (64, 30, 10)


def test_ctrl_c_in_a_pipe_keeps_what_was_learnt(tmp_path: Path) -> None:
    """The same without a screen."""
    path = tmp_path / "net.json"
    command = [sys.executable, "-m", "tinynn", "train", "--epochs", "500", "--save", str(path)]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.kill(process.pid, signal.SIGINT)
    _, complaint = process.communicate(timeout=30)
    assert process.returncode == 130
    assert complaint.startswith(f"stopped    by Ctrl-C\nkept       {path}\n")
    assert Network.load(path).is_finite()


SLOW = """
import sys, time
from tinynn import Network
from tinynn.cli import main, train

def slowly(network, examples, answers=Network.answers):
    time.sleep(0.1)
    return answers(network, examples)

Network.answers, train._AT_ONCE = slowly, 50
sys.exit(main(sys.argv[1:]))
"""


def test_the_last_pass_over_many_digits_shows_how_far_it_is() -> None:
    """And in parts it finds what it finds at once."""
    confused = r"confused +(.+?) *\r?\n"
    status, whole = on_a_terminal(*QUICK)
    sentence, counted = on_a_terminal(*QUICK, code=SLOW)
    assert (status, sentence) == (0, 0)
    assert "450 of 500 test digits" in plain(counted)
    assert "of 500 test digits" not in whole
    (expected,) = re.findall(confused, plain(whole))
    assert expected in re.findall(confused, plain(counted))


def test_ctrl_c_leaves_the_last_pass_out_and_nothing_else() -> None:
    """The run is done: where it is kept, and the command that goes on, are still shown."""
    status, written = on_a_terminal(*QUICK, code=SLOW, interrupt_after="100 of 500")
    assert status == 130
    summary = plain(written).partition("Ctrl-C leaves")[2].partition("best ")[2]
    assert "last.json" in summary
    assert "tinynn train --resume --epochs 4" in summary
    assert "confused" not in summary
    assert "Traceback" not in written


def test_the_last_run_goes_on_without_the_name_of_its_file() -> None:
    """So the command is short enough to be copied from 80 columns."""
    assert "go on      tinynn train --resume --epochs 4\n" in run(*QUICK).stderr


def test_until_the_program_has_begun_ctrl_c_just_ends_it() -> None:
    """The first lines that run ask for that; where Ctrl-C is ignored, they leave it so."""
    project = Path(__file__).parents[1] / "pyproject.toml"
    assert '\ntinynn = "tinynn.__main__:main"\n' in project.read_text(encoding="utf-8")
    ask = "from _signal import *; print(getsignal(SIGINT) == SIG_DFL, getsignal(SIGINT) == SIG_IGN)"
    for before, sentence in (
        ("import tinynn.__main__", "True False"),
        ("import tinynn.cli", "False False"),
        ("import signal; signal.signal(2, signal.SIG_IGN); import tinynn.__main__", "False True"),
    ):
        done = subprocess.run([sys.executable, "-c", f"{before}; {ask}"], capture_output=True)
        assert done.stdout.decode().strip() == sentence, before
    early = (
        "import sys, _signal; sys.argv = ['tinynn']\n"
        "class Slow:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'tinynn.cli': _signal.raise_signal(_signal.SIGINT)\n"
        "sys.meta_path.insert(0, Slow())\n"
        "import tinynn.__main__"
    )
    done = subprocess.run([sys.executable, "-c", early], capture_output=True)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, b"")


def test_benchmarks_keep_out_of_the_users_cache(own_cache: Path) -> None:
    """The whole jobs that they time are trained in a folder that goes with them."""
    command = (sys.executable, "-m", "tinynn", "train", "--epochs", "1", "--plain")
    assert pure.output(*command).startswith("Epoch 0: ")
    assert not own_cache.exists()
    for path in Path(pure.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        runs = "-m tinynn train" in source or 'run("train"' in source
        assert "XDG_CACHE_HOME" in source or not runs, path.name


def test_a_closed_pipe_ends_quietly() -> None:
    """`tinynn train | head -1` is no error worth a traceback."""
    command = [sys.executable, "-m", "tinynn", *QUICK[:-1], "50"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    complaint = process.stderr.read()
    assert process.wait(timeout=30) == 141
    assert complaint == ""
    process.stderr.close()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--epochs", "0"], "--epochs: expected a whole number of at least 1, got 0"),
        (["train", "--epochs", "two"], "argument --epochs: invalid int value: 'two'"),
        (["train", "--eta", "-1"], "--eta: expected a finite number above 0, got -1.0"),
        (["train", "--eta", "nan"], "--eta: expected a finite number above 0, got nan"),
        (["train", "--mini-batch-size", "0"], "--mini-batch-size: expected"),
        (["train", "--sizes", "64"], "--sizes: expected 64 first and 10 last"),
        (["train", "--sizes", "784", "30", "10"], "--sizes: expected 64 first and 10 last"),
        (["train", "--sizes", "64", "0", "10"], "--sizes: expected a whole number"),
        (["train", "--data", "mnist5"], "--data: expected 'digits', 'mnist' or a folder"),
        (["train", "--data", "."], "no MNIST in .: run `tinynn data mnist`, or put"),
        (["train", "--data", "tests"], "no MNIST in tests"),
        (["train", "--data", "README.md"], "README.md cannot be read as a folder"),
        (["train", "--digit", "500"], "--digit: expected 0 to 499, got 500"),
        (["train", "--save", "/no/such/folder/net.json"], "--save: there is no folder"),
        (["train", "--save", "."], "--save: . is a folder"),
        (["train", "--save", ""], "--save: expected the name of a file"),
        (["train", "--runs", "0"], "--runs: expected a whole number of at least 1, got 0"),
        (["train", "--float32"], "--float32 needs --fast"),
        (["train", "--frobnicate"], "unrecognized arguments: --frobnicate"),
        (["tain"], "invalid choice: 'tain'"),
        (["show"], "no network was trained here yet"),
        (["show", "missing.json"], "missing.json: No such file or directory"),
        (["show", "pyproject.toml"], "pyproject.toml is damaged or cut short at line 1"),
        (["show", "--quick", "net.json"], "got both"),
        (["show", "--digit", "-1"], "--digit: expected 0 to 499, got -1"),
        (["equations", "99"], "no equation '99' is code here"),
    ],
)
def test_a_mistake_gets_one_line_and_status_2(arguments: list[str], words: str) -> None:
    """What was expected and what was given, on standard error; no traceback."""
    done = run(*arguments)
    assert done.returncode == 2, done.stdout
    assert done.stdout == ""
    assert words in done.stderr
    assert done.stderr.count("\n") == 1, done.stderr
    assert "Traceback" not in done.stderr


def test_a_disk_that_fills_up_loses_nothing(
    tmp_path: Path,
    own_cache: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The run goes on; and if --save fails at its end, it is still where `tinynn show` looks."""
    save = Run.save

    def full(run: Run, path: str, **about: str) -> None:
        if str(path).startswith(str(tmp_path)):
            raise OSError(28, "No space left on device", str(path))
        save(run, path, **about)

    monkeypatch.setattr(Run, "save", full)
    assert main([*QUICK, "--save", str(tmp_path / "net.json")]) == 2
    written, complaint = capsys.readouterr()
    assert written.count("Epoch") == 2, "a disk that is full does not end the run"
    assert "No space left on device" in complaint
    assert str(own_cache / "last.json") in complaint
    assert Network.load(own_cache / "last.json").sizes == (64, 5, 10)


def test_a_learning_rate_far_too_large_is_explained() -> None:
    """η = 100 saturates the output neurons: the digits that are never answered are named."""
    done = run(*QUICK, "--eta", "100")
    assert done.returncode == 0
    never = re.search(r"^never said .*\n.*$", done.stderr, re.M)
    assert never, done.stderr
    assert re.search(r"\d \(its neuron a\^3_\d+ reaches 0\.0\d\d\)", never[0])
    assert "saturated" in never[0]


def test_a_digit_not_yet_answered_is_not_called_saturated() -> None:
    """One step of batch descent: neurons that reach 0.8 only need more steps."""
    done = run("train", "--epochs", "1", "--mini-batch-size", "1000")
    assert "never said" in done.stderr
    assert "saturated" not in done.stderr


def test_the_fast_path_without_numpy_is_one_line(tmp_path: Path) -> None:
    """Nothing was trained, nothing is kept, and the line names the command."""
    (tmp_path / "numpy").mkdir()
    (tmp_path / "numpy" / "__init__.py").write_text("raise ImportError('no numpy here')\n")
    path = os.pathsep.join([str(tmp_path), os.getcwd()])
    done = run(*QUICK, "--fast", PYTHONPATH=path)
    complaint = "tinynn train: --fast: tinynn.fast needs NumPy: pip install numpy\n"
    assert (done.returncode, done.stderr) == (2, complaint)


def test_the_fast_path_prints_the_same_lines() -> None:
    """--fast is the same run; --float32 is nearly."""
    pure = run(*QUICK)
    assert run(*QUICK, "--fast").stdout == pure.stdout
    short = run(*QUICK, "--fast", "--float32")
    assert (short.returncode, len(short.stdout.splitlines())) == (0, 2)
    status, written = on_a_terminal(*QUICK, "--fast")
    assert status == 0
    assert "2 of 2 epochs" in plain(written)


def test_several_runs_report_the_best_the_mean_and_the_range(own_cache: Path) -> None:
    """--runs 3 trains seeds 4, 5, 6, and keeps the network of the best."""
    done = run(*QUICK, "--fast", "--seed", "4", "--runs", "3")
    assert done.returncode == 0
    assert [line for line in done.stdout.splitlines() if line.startswith("Seed")] == [
        "Seed 4",
        "Seed 5",
        "Seed 6",
    ]
    best = []
    for part in done.stdout.split("Seed ")[1:]:
        best.append(max(int(count) for count in re.findall(r": (\d+) / 500", part)))
    shares = [100 * count / 500 for count in best]
    sentence = (
        f"runs       3 seeds: best epochs {min(shares):.2f} to {max(shares):.2f} %, "
        f"mean {sum(shares) / 3:.2f} %"
    )
    assert sentence in done.stderr
    assert f"(seed {4 + best.index(max(best))}, the best)" in done.stderr
    seed = 4 + best.index(max(best))
    network, digits = FastNetwork([64, 5, 10], seed=seed), load_digits()
    list(network.train(digits.training, 2, 10, 3.0, seed=seed))
    assert Network.load(own_cache / "last.json") == network.to_pure()


def test_an_early_ctrl_c_does_not_replace_the_last_network(own_cache: Path) -> None:
    """A network that has not finished one epoch is no better than the one before."""
    assert run(*QUICK).returncode == 0
    before = (own_cache / "last.json").read_bytes()
    slow = ("train", "--sizes", "64", "1500", "10")
    status, written = on_a_terminal(*slow, interrupt_after="1 of 20 epochs")
    assert status == 130
    assert "no epoch was finished" in " ".join(plain(written).split())
    assert "hardly learns" not in written, "a run that was stopped is no verdict on η"
    assert (own_cache / "last.json").read_bytes() == before


def test_show_names_every_neuron_as_the_book_does(tmp_path: Path) -> None:
    """a^2_1 … a^3_10, each with its activation, then the verdict."""
    path = tmp_path / "net.json"
    assert run(*QUICK, "--save", str(path)).returncode == 0
    done = run("show", str(path), "--digit", "3")
    x, _ = load_digits().test[3]
    passed = Network.load(path).forward(x)
    shown = dict(re.findall(r"^(a\^\d_\d+) +([\d.]+)", done.stdout, re.MULTILINE))
    expected = {f"a^2_{j + 1}": f"{v:.4f}" for j, v in enumerate(passed[2].a)}
    expected |= {f"a^3_{j + 1}": f"{v:.4f}" for j, v in enumerate(passed[3].a)}
    assert shown == expected
    label = load_digits().test.label(3)
    assert re.search(rf"The network says \d \(0\.\d\d\); the label says {label}: ", done.stdout)


def test_show_on_a_terminal_fits_and_finds_the_last_network() -> None:
    """Without a file it is the last one trained."""
    assert run(*QUICK).returncode == 0
    status, written = on_a_terminal("show")
    shown = plain(written)
    assert status == 0
    assert "64-5-10" in shown
    assert "layer 2: hidden neurons" in shown
    assert max(len(line) for line in shown.replace("\r", "").split("\n")) <= 80


def test_show_can_train_a_quick_network_and_other_parts_of_the_data() -> None:
    """For whoever has trained nothing yet."""
    done = run("show", "--quick", "--part", "training", "--digit", "999")
    assert done.returncode == 0, done.stderr
    assert "a^2_30" in done.stdout


def test_show_refuses_a_network_for_other_data(tmp_path: Path) -> None:
    """A network of MNIST's 784 inputs cannot look at an image of 64 pixels."""
    path = tmp_path / "net.json"
    Network([784, 5, 10], seed=0).save(path)
    done = run("show", str(path))
    assert done.returncode == 2
    assert "784 inputs" in done.stderr
    assert "--data" in done.stderr


def test_equations_lists_number_formula_file_and_line() -> None:
    """Every registered equation; each line names a place where that function really is."""
    done = run("equations")
    lines = done.stdout.splitlines()
    assert len(lines) == len(equations())
    for line, entry in zip(lines, equations()):
        assert line.startswith(f"{entry.number} ")
        assert entry.formula in line
        place = re.search(r"(\S+\.py):(\d+)$", line)
        assert place, line
        source = Path(place[1]).read_text(encoding="utf-8").splitlines()
        following = source[int(place[2]) - 1 : int(place[2]) + 12]
        name = entry.name.rsplit(".")[-1]
        assert following[0].lstrip().startswith("@equation"), following[0]
        assert any(f"def {name}(" in each for each in following), (entry.number, following)


def test_the_symbols_are_those_of_the_glossary_and_fit_a_narrow_terminal() -> None:
    """Each with its meaning and an example."""
    lines = run("equations", "--symbols").stdout.splitlines()
    assert len(lines) == 2 * len(GLOSSARY)
    assert [line.split()[0] for line in lines[::2]] == [each.symbol for each in GLOSSARY]
    assert max(map(len, lines)) <= 80


def test_equations_shows_the_code_of_one() -> None:
    """`tinynn equations BP2`, in any spelling."""
    for spelling in ("BP2", "bp2", "(BP2)"):
        done = run("equations", spelling)
        assert "δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)" in done.stdout
        assert "total += w[k][j] * delta_next[k]" in done.stdout
        assert "tinynn.fast.equations.dense: the same over a whole mini-batch" in done.stdout
        assert "delta = dot(next_weights.T, next_error, out)" in done.stdout
    status, written = on_a_terminal("equations", "BP2")
    assert "dot(next_weights.T" in plain(written)
    assert status == 0
    assert "total += w[k][j] * delta_next[k]" in plain(written), "Rich must not read [j] as markup"
    status, written = on_a_terminal("equations")
    assert "dense.py:" in plain(written)


def test_an_equation_without_a_twin_says_so() -> None:
    """(5) is code on the loops only; the fast path has no page for it."""
    done = run("equations", "5")
    assert (done.returncode, done.stderr) == (0, "")
    assert "tinynn.fast has no twin of it" in done.stdout
    assert "has no twin" in plain(on_a_terminal("equations", "5")[1])


@pytest.mark.slow
def test_an_encoding_without_greek_or_boxes_gets_ascii() -> None:
    """No UnicodeEncodeError, and the formula can still be read."""
    done = run("equations", "BP2", PYTHONIOENCODING="ascii")
    assert done.returncode == 0
    assert "delta^l_j = Sum_k w^{l+1}_kj delta^{l+1}_k sigma'(z^l_j)" in done.stdout
    assert done.stdout.isascii()
    shown = run("show", "--quick", PYTHONIOENCODING="ascii")
    assert shown.returncode == 0
    assert shown.stdout.isascii()
    assert "?" not in shown.stdout
    status, written = on_a_terminal(*QUICK, PYTHONIOENCODING="ascii")
    assert status == 0
    assert written.isascii()
    assert "?" not in plain(written)


def test_every_command_helps_with_an_example() -> None:
    """--help, and `python -m tinynn` alone."""
    for command in (None, *COMMANDS):
        done = run(*([command] if command else []), "--help")
        assert done.returncode == 0
        assert "example: tinynn" in done.stdout
    assert "train" in run().stdout
    assert re.fullmatch(r"tinynn \d+\.\d+\.\d+\n", run("--version").stdout)


@pytest.mark.slow
def test_without_rich_the_plain_lines_still_work(tmp_path: Path) -> None:
    """PyPy from a checkout has no dependency at all."""
    (tmp_path / "rich").mkdir()
    (tmp_path / "rich" / "__init__.py").write_text("raise ImportError('no rich here')\n")
    path = os.pathsep.join([str(tmp_path), os.getcwd()])
    for command in (["train", "--plain", *QUICK[1:]], ["show", "--quick"], ["equations", "BP2"]):
        assert run(*command, PYTHONPATH=path).returncode == 0
    status, written = on_a_terminal(*QUICK, PYTHONPATH=path)
    assert status == 0
    assert "pip install rich" in written
    assert "Epoch 1" in written


# Other names, and the nearest.


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("train --epoch-number 3", ("--epoch-number", "did you mean --epochs?", "train --help")),
        ("train --frobnicate", ("--frobnicate", "tinynn train --help")),
        ("step --equasion BP2", ("did you mean --equation?", "tinynn step --help")),
        ("show --part tset", ("did you mean test?", "tinynn show --help")),
        ("tain", ("did you mean train?", "tinynn --help")),
        ("equation", ("did you mean equations?",)),
        ("train --sizes 784 30 10", ("or --data mnist",)),
        ("train --sizes 784,30,10", ("or --data mnist",)),
        ("train --sizes 64,x,10", ("expected whole numbers", "64,x,10")),
        ("show 4", ("--digit 4",)),
        ("show net.json 4", ("did you mean --digit 4?",)),
    ],
)
def test_what_is_not_known_is_answered_by_the_nearest(
    arguments: str, words: tuple[str, ...]
) -> None:
    """In one line, with the help of the very command that was meant."""
    done = run(*arguments.split())
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1, done.stderr
    for each in words:
        assert each in done.stderr


def test_the_fields_names_of_the_books_letters_are_accepted() -> None:
    """--lr is --eta, --batch-size is --mini-batch-size; commas in --sizes; the same run."""
    book = run("train", "--sizes", "64", "5", "10", "--epochs", "1", "--eta", "2")
    field = run("train", "--sizes", "64,5,10", "--epochs", "1", "--lr", "2", "--batch-size", "10")
    assert field.returncode == 0, field.stderr
    assert field.stdout == book.stdout
    assert names_of("--lmbda") == ("--lmbda", "--lambda")


def test_the_help_groups_the_commands() -> None:
    """Every command once, below the name of its group; the groups in their order."""
    text = run("--help", COLUMNS="80").stdout
    assert max(map(len, text.splitlines())) <= 80, "no line is broken in a small terminal"
    shown = [title for title, group in GROUPS.items() if group]
    assert re.findall(r"^([a-z ]+):$", text, re.M)[: len(shown)] == shown
    assert list(GROUPS) == ["watch", "your own digits", "look closer", "the book", "teach and data"]
    for name in COMMANDS:
        assert len(re.findall(rf"^  {name} ", text, re.M)) == 1


def test_every_option_says_what_it_does() -> None:
    """The docstring of a command has a line for each of its options, and for nothing else."""
    parsers = [_build_parser()]
    while parsers:
        for action in parsers.pop()._actions:
            if isinstance(action, argparse._SubParsersAction):
                parsers += action.choices.values()
            else:
                assert action.help, action.dest
    for name in COMMANDS:
        for command in _command(name).below.values() or [_command(name)]:
            *_, text = (getdoc(command) or "").split("\n\n")
            if not text.startswith("example: "):
                written = {entry.strip("-").replace("-", "_") for entry in _helps(text)}
                assert written <= {"try", *(each.name for each in fields(command))}  # type: ignore[arg-type]


def test_the_commands_need_no_docstrings() -> None:
    """`python -OO` drops them; what is lost is the text of the help."""
    code = [sys.executable, "-OO", "-m", "tinynn", "equations", "BP2"]
    done = subprocess.run(code, capture_output=True, text=True, check=True)
    assert done.stdout == run("equations", "BP2").stdout


def test_a_command_imports_what_it_needs_and_not_the_other_commands() -> None:
    """`tinynn grade` is there at once: a search over settings is nothing that it needs."""
    code = "import sys; from tinynn.cli.program import run; run(['equations', 'BP2']); "
    code += "print(*(name for name in sys.modules if name.startswith('tinynn')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    names = done.stdout.splitlines()[-1].split()
    assert "tinynn.cli.equations" in names
    assert not {"tinynn.cli.train", "tinynn.experiments.search"} & set(names)


def test_resume_without_a_file_takes_the_last_run(own_cache: Path) -> None:
    """As every command takes the last network where none is named."""
    assert run(*QUICK).returncode == 0
    done = run("train", "--plain", "--resume", "--epochs", "3")
    assert (done.returncode, done.stdout[:8]) == (0, "Epoch 2:"), done.stderr


# The screen through a long epoch.


@needs_mnist
@pytest.mark.slow
def test_mnist_on_the_loops_is_no_blank_screen() -> None:
    """One line names --fast; the first epoch shows how a hundred digits do, from the start."""
    status, written = on_a_terminal(
        *("train", "--data", "mnist"),
        keys=[("now", ""), ("/100", ""), (" %", "q")],
        TINYNN_DATA=str(FOLDER),
    )
    assert status == 0
    lines = [line for line in plain(written.split("\x1b[?1049h")[0]).splitlines() if line]
    assert len(lines) == 1
    assert "--fast" in lines[0]
    assert "two minutes" in lines[0]


def test_the_screen_counts_the_digits_that_are_measured() -> None:
    """Every example on the loops, a few hundred on the fast path; the last count is all."""
    test = load_digits().test
    for network in (Network([64, 5, 10], seed=0), FastNetwork([64, 5, 10], seed=0)):
        seen: list[int] = []
        run = network.train(load_digits().training, 1, 10, 3.0, test_data=test, seed=0)
        run.on_scored = seen.append
        run.finish()
        assert seen[-1] == len(test)
        assert seen == sorted(set(seen))


def test_runs_are_counted_on_the_screen() -> None:
    """run 2 of 3, beside the seed."""
    _, written = on_a_terminal(*QUICK[:-1], "1", "--runs", "3", "--fast", columns=120)
    for number in (1, 2, 3):
        assert f"seed {number - 1}, run {number} of 3" in plain(written)


# A run that is stopped.


def test_after_an_early_stop_no_digit_is_named() -> None:
    """The network of an unfinished first epoch is thrown away: nothing is said about it."""
    slow = ("train", "--sizes", "64", "1500", "10")
    _, written = on_a_terminal(*slow, interrupt_after="1 of 20 epochs")
    after = plain(written.split("\x1b[?1049l")[1])
    assert "it gets wrong" not in after
    assert "tinynn show" not in after


def test_after_a_stop_the_digit_it_gets_wrong_is_wrong(own_cache: Path) -> None:
    """And the picture that remains is of the network that is kept."""
    _, written = on_a_terminal("train", "--epochs", "500", keys=[("4 of 500 epochs", "q")])
    after = plain(written.split("\x1b[?1049l")[1])
    named = re.search(r"show --digit (\d+)  a digit it gets wrong", after)
    assert named
    network, test = Network.load(own_cache / "last.json"), load_digits().test
    assert network.predict(test[int(named[1])][0]) != test.label(int(named[1]))
    x, _ = test[0]
    shown = re.findall(r"a\^3_\d+ .* (\d\.\d\d)", after)
    assert shown == [f"{a:.2f}" for a in network.feedforward(x)]


# Ctrl-C before anything is loaded, and streams that the shell has closed.


@pytest.mark.parametrize("number", [*range(1, 20), 60, 120])
def test_ctrl_c_while_it_loads_is_no_traceback(number: int, own_cache: Path) -> None:
    """At any import once the program has begun: status 130, nothing written."""
    code = (
        "import builtins, signal, sys\nsys.argv = ['tinynn']\n"
        "load, counted = builtins.__import__, [0]\n"
        "def interrupted(*arguments, **named):\n"
        "    counted[0] += counted[0] > 0 or arguments[0] == 'tinynn.cli.program'\n"
        f"    if counted[0] == {number}: signal.raise_signal(signal.SIGINT)\n"
        "    return load(*arguments, **named)\n"
        "builtins.__import__ = interrupted\n"
        "import tinynn.cli\n"
        "assert not {'typing', 'tinynn.network'} & set(sys.modules), 'it begins at once'\n"
        "sys.exit(tinynn.cli.main(['train', '--plain']))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
    assert not own_cache.exists()


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"])
def test_a_closed_stream_loses_nothing(closed: str, tmp_path: Path) -> None:
    """`tinynn train >&-`: no traceback, status 0, and the network is whole."""
    path = tmp_path / "net.json"
    command = f"{sys.executable} -m tinynn {' '.join(QUICK)} --save {path} {closed}"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert Network.load(path).sizes == (64, 5, 10)
    if closed == "2>&-":
        assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize("module", ["tinynn/fast", "tinynn/teaching", "tinynn/cli", "README.md"])
def test_what_is_missing_is_named_by_its_package(module: str) -> None:
    """`pip install ".[fast]"` works in a checkout only: `pip install numpy` works anywhere."""
    place = Path(__file__).resolve().parent.parent / module
    for path in [place] if place.is_file() else place.rglob("*.py"):
        for extra in ("fast", "teach", "baselines"):
            assert f".[{extra}]" not in path.read_text(encoding="utf-8"), path
