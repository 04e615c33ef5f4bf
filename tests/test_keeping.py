"""`tinynn train` keeps its run, and goes on with it: whatever ended it."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import on_a_terminal, run
from tinynn import Network, load_digits
from tinynn.cli.keeping import Keeper
from tinynn.fast import Network as FastNetwork
from tinynn.training import EpochReport

SMALL = ("train", "--sizes", "64", "5", "10", "--plain")


def numbers(path: Path) -> Any:
    """What a file holds of the network, the order and the generator, and the reports' counts."""
    parts = json.loads(path.read_text(encoding="utf-8"))
    inside = parts["run"]
    reports = [report[:4] for report in inside["reports"]]
    return parts["layers"], inside["order"], inside["generator"], reports


def whole(folder: Path, *arguments: str) -> Path:
    """A run of so many epochs that nothing interrupted."""
    path = folder / "whole.json"
    done = run(*SMALL, *arguments, "--save", str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.mark.parametrize("fast", [(), ("--fast",), ("--fast", "--float32")])
@pytest.mark.slow
def test_four_epochs_and_two_more_are_six(tmp_path: Path, fast: tuple[str, ...]) -> None:
    """`--resume` needs no other option; `--epochs 6` goes on to 6."""
    path = tmp_path / "net.json"
    assert run(*SMALL, *fast, "--epochs", "4", "--seed", "3", "--save", str(path)).returncode == 0
    finished = run("train", "--plain", "--resume", str(path))
    assert finished.returncode == 2
    assert "all 4 epochs of" in finished.stderr
    assert "--epochs 8" in finished.stderr
    done = run("train", "--plain", "--resume", str(path), "--epochs", "6")
    assert done.returncode == 0, done.stderr
    assert re.findall(r"Epoch (\d+)", done.stdout) == ["4", "5"]
    assert numbers(path) == numbers(whole(tmp_path, *fast, "--epochs", "6", "--seed", "3"))


def interrupted(
    path: Path, number: int, after: float, *arguments: str, lines: int = 1
) -> subprocess.CompletedProcess[str]:
    """Start a run, and send it a signal so long after its first lines."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tinynn", *SMALL, *arguments, "--save", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        # under nohup, where these tests may run too, a program is to ignore a closed terminal
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    assert process.stdout is not None
    first = "".join(process.stdout.readline() for _ in range(lines))
    time.sleep(after)
    process.send_signal(number)
    if number == signal.SIGINT:
        process.send_signal(number)  # the second Ctrl-C of who has no patience
    try:
        out, complaint = process.communicate(timeout=60)
    finally:
        process.kill()
    return subprocess.CompletedProcess([], process.returncode, first + out, complaint)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_writes_a_checkpoint_and_loses_one_epoch_at_most(
    tmp_path: Path, name: str
) -> None:
    """Ctrl-C twice, the system's request, a closed terminal: status 128 + n, and the command."""
    path, number = tmp_path / "net.json", getattr(signal, name)
    done = interrupted(path, number, 0.3, "--epochs", "500")
    assert done.returncode == 128 + number
    assert "Traceback" not in done.stderr
    assert f"go on      tinynn train --resume {path}\n" in done.stderr
    way = "Ctrl-C" if name == "SIGINT" else name
    assert f"stopped    by {way}\n" in done.stderr
    printed = len(re.findall(r"^Epoch \d+", done.stdout, re.M))
    kept = len(numbers(path)[3])
    assert printed <= kept <= printed + 1
    assert os.listdir(tmp_path) == ["net.json"]


def test_a_run_under_nohup_outlives_its_terminal(tmp_path: Path) -> None:
    """There SIGHUP is ignored, and the run goes on to its end."""
    path = tmp_path / "net.json"
    command = (
        f"trap '' HUP; {sys.executable} -m tinynn {' '.join(SMALL)} --epochs 3 --save {path} & "
    )
    script = command + "sleep 1; kill -HUP $!; wait $!"
    done = subprocess.run(["bash", "-c", script], check=False, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert len(numbers(path)[3]) == 3


@pytest.mark.slow
def test_a_run_killed_at_any_moment_ends_in_the_same_bits(tmp_path: Path) -> None:
    """kill -9, too: what is on the disk goes on to what the run would have been."""
    expected = numbers(whole(tmp_path, "--epochs", "40", "--fast", "--seed", "1"))
    dice = random.Random(0)
    signals = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL]
    for trial, number in enumerate(signals):
        path = tmp_path / f"net{trial}.json"
        options = ("--epochs", "40", "--fast", "--seed", "1")
        interrupted(path, number, dice.uniform(0, 0.2), *options, lines=2)
        assert path.exists(), "a checkpoint is written after the first epoch"
        if len(numbers(path)[3]) < 40:
            done = run("train", "--plain", "--resume", str(path))
            assert done.returncode == 0, done.stderr
        assert numbers(path) == expected


def test_a_closed_pipe_loses_nothing_either(tmp_path: Path) -> None:
    """`tinynn train --save net.json | head -1`."""
    path = tmp_path / "net.json"
    command = f"{sys.executable} -m tinynn {' '.join(SMALL)} --epochs 5 --save {path} | head -1"
    subprocess.run(["bash", "-c", command], check=False, capture_output=True)
    assert 1 <= len(numbers(path)[3]) <= 5


def test_the_screen_says_how_old_the_checkpoint_is_and_how_to_go_on(tmp_path: Path) -> None:
    """While it runs, and at its end."""
    path = tmp_path / "n.json"
    status, written = on_a_terminal(
        *("train", "--sizes", "64", "5", "10", "--epochs", "500", "--save", str(path)),
        columns=140,
        interrupt_after="3 of 500 epochs",
    )
    assert status == 130
    plain = re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", written)
    assert re.search(rf"\d epochs? kept, \d+ s old; go on with tinynn train --resume {path}", plain)
    status, written = on_a_terminal("train", "--resume", str(path), "--epochs", "4")
    assert status == 0
    assert "4 of 4 epochs" in written


def test_the_best_epoch_on_the_validation_digits_is_kept_beside(tmp_path: Path) -> None:
    """net.best.json; and a run that goes on does not take a worse epoch for better."""
    path, best = tmp_path / "net.json", tmp_path / "net.best.json"
    options = ("--epochs", "6", "--eta", "30", "--keep-best", "--save", str(path))
    assert run(*SMALL, "--fast", *options).returncode == 0
    validation = load_digits().validation
    network = FastNetwork([64, 5, 10], seed=0)
    counts, copies = [], []
    for _ in network.train(load_digits().training, 6, 10, 30.0, seed=0):
        counts.append(network.evaluate(validation))
        copies.append(network.copy())
    first_best = copies[counts.index(max(counts))]
    assert FastNetwork.load(best) == first_best
    done = run("train", "--plain", "--resume", str(path), "--epochs", "7", "--keep-best")
    assert done.returncode == 0
    assert FastNetwork.load(best).evaluate(validation) >= max(counts)


class Slow:
    """A run whose checkpoints take a tenth of a second, and its epochs no time."""

    def __init__(self) -> None:
        self.reports: list[EpochReport] = []
        self.saved = 0

    def save(self, path: str, **about: str) -> None:
        """Take a tenth of a second."""
        time.sleep(0.1)
        self.saved += 1


def test_checkpoints_take_no_more_than_5_percent_of_the_time(tmp_path: Path) -> None:
    """A fast run is saved so seldom; the last epoch is saved in any case."""
    slow: Any = Slow()
    keeper = Keeper(slow, str(tmp_path / "net.json"), {})
    for number in range(50):
        slow.reports.append(EpochReport(number, None, None, None, 0.0, 0.0))
        keeper.after_epoch()
    assert slow.saved == 1, "the next is due in two seconds"
    assert keeper.age().startswith("1 epoch kept, 0 s old; go on with tinynn train --resume")
    keeper.write()
    keeper.write()
    assert slow.saved == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--eta", "1"), "--eta: the run in {path} has its own"),
        (("--sizes", "64", "10"), "--sizes: the run in"),
        (("--data", "mnist"), "--data: the run in"),
        (("--fast",), "--fast: the run in"),
        (("--runs", "2"), "--runs: the run in"),
        (("--epochs", "0"), "--epochs: expected a whole number of at least 1, got 0"),
        (("--digit", "500"), "--digit: expected 0 to 499, got 500"),
    ],
)
def test_a_run_that_goes_on_has_its_own_settings(
    tmp_path: Path, arguments: tuple[str, ...], words: str
) -> None:
    """Only --epochs, --digit, --save, --keep-best and --plain go with --resume."""
    path = whole(tmp_path, "--epochs", "1")
    done = run("train", "--resume", str(path), *arguments)
    assert done.returncode == 2
    assert words.format(path=path) in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_run_whose_data_is_gone_says_where_it_looked(tmp_path: Path) -> None:
    """Data in a folder that was moved; and a file that holds no run of tinynn train."""
    path = whole(tmp_path, "--epochs", "1")
    parts = json.loads(path.read_text())
    parts["run"]["about"]["data"] = str(tmp_path / "gone")
    path.write_text(json.dumps(parts))
    done = run("train", "--resume", str(path), "--epochs", "2")
    assert done.returncode == 2
    assert "the data of this run is gone" in done.stderr
    assert str(tmp_path / "gone") in done.stderr
    Network([64, 10], seed=0).save(path)
    done = run("train", "--resume", str(path))
    assert "holds no run to go on with" in done.stderr
    for wrong in (("--keep-best",), ("--save", str(path), "--runs", "2", "--keep-best")):
        done = run(*SMALL, *wrong)
        assert done.returncode == 2
        assert "--keep-best needs" in done.stderr
