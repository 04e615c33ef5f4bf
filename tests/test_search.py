"""The search for settings: every trial is saved, and equal on every executor."""

from __future__ import annotations

import ast
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.docs import GUIDE
from tests.terminal import on_a_terminal, run
from tinynn.errors import ArgumentError, DataError, TinyNNError
from tinynn.experiments import search as module
from tinynn.experiments.search import (
    DEFAULTS,
    Between,
    HeatMap,
    Job,
    Result,
    Search,
    at_random,
    grid,
    heat_map,
    ranked,
    run_trial,
)

ROOT = Path(__file__).resolve().parent.parent
SPACE: dict[str, Any] = {"eta": [0.1, 1.0], "lmbda": [0.0, 1.0], "hidden": [5]}
QUICK = ("tune", "--fast", "--epochs", "3", "--plain")
GRID = ("--grid", "eta=0.1,1", "lmbda=0,1", "hidden=5")


def quick(**changes: Any) -> Search:
    """Return four settings with two seeds, of three epochs each."""
    how: dict[str, Any] = {"seeds": 2, "engine": "fast", "epochs": 3, **changes}
    return Search(grid(SPACE), **how)


def same(results: Any) -> list[Result]:
    """Return results in one order, without the times, which alone may differ."""
    return sorted((each._replace(seconds=0.0) for each in results), key=lambda each: each.key)


@pytest.fixture(scope="module")
def known() -> list[Result]:
    """Return the results of these trials in this process, one after another."""
    return [run_trial(job)._replace(seconds=0.0) for job in quick().jobs.values()]


# The same results.


def test_processes_threads_and_a_plain_loop_give_the_same_results(known: list[Result]) -> None:
    """The same settings and seed, the same result: whatever runs it, in whatever order."""
    assert len(known) == 8
    assert same(quick().run(jobs=2)) == same(known)
    with ThreadPoolExecutor(3) as executor:
        assert same(quick().run(executor)) == same(known)
    backwards = Search(grid(SPACE)[::-1], seeds=2, engine="fast", epochs=3)
    assert same(backwards.run(jobs=1)) == same(known)


def test_the_engines_agree_on_a_trial() -> None:
    """A trial of the loops is that of the NumPy path, digit for digit."""
    results = [
        run_trial(Job({"eta": 0.5, "hidden": 3}, 1, "digits", engine, 2, 5))
        for engine in ("pure", "fast")
    ]
    assert results[0]._replace(seconds=0) == results[1]._replace(seconds=0)


def threads_of(job: Job) -> Result:
    """Return a result with a worker's number of threads as the right answers."""
    threads = [int(os.environ.get(name, 99)) for name in module._THREADS]
    return Result(dict(job.settings), job.seed, max(threads), 1, 0, 1, "", 0.0)


def test_a_worker_multiplies_matrices_in_one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes take two cores, not two times all of them; and the caller keeps its own."""
    monkeypatch.setattr(module, "run_trial", threads_of)
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert {result.correct for result in quick().run(jobs=2)} == {1}
    assert os.environ["OMP_NUM_THREADS"] == "7"


def test_a_trial_that_diverges_is_a_result() -> None:
    """η λ/n = 100 turns every weight round and makes it 99 times as large, in every step."""
    settings = grid({"eta": [0.5, 100.0], "lmbda": [1000.0], "hidden": [5]})
    rows = ranked(list(Search(settings, epochs=100).run(jobs=1)))
    assert [row.settings["eta"] for row in rows] == [0.5, 100.0]
    assert (rows[0].diverged, rows[1].diverged, rows[1].median) == (0, 1, 0)
    assert "lmbda = 1000.0 is too large" in rows[1].results[0].diverged


# The file.


def test_every_trial_is_a_line_and_a_search_goes_on_from_them(
    tmp_path: Path, known: list[Result]
) -> None:
    """What is in the file is not run again; more seeds go into the same file."""
    log = tmp_path / "search.jsonl"
    stopped = quick(log=log).run(jobs=1)
    first = list(islice(stopped, 3))
    stopped.close()  # type: ignore[attr-defined]
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4, "a line for the search, and three trials"
    assert [json.loads(line)["seed"] for line in lines[1:]] == [0, 0, 0]
    with log.open("a", encoding="utf-8") as file:
        file.write('{"settings": {"eta": 0.')  # killed while it wrote
    again = quick(log=log)
    results = list(again.run(jobs=2))
    assert [each.key for each in again.done] == [each.key for each in first]
    assert same(results) == same(known)
    lines = log.read_text(encoding="utf-8").splitlines()
    assert len(lines) == 9
    assert len({json.dumps(json.loads(line)) for line in lines}) == 9
    more = quick(log=log, seeds=3)
    assert len(list(more.run(jobs=2))) == 12
    assert len(more.done) == 8


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"epochs": 4}, "epochs: 3; here: 4"),
        ({"engine": "pure"}, "engine"),
        ({"patience": 1}, "patience"),
    ],
)
def test_the_file_of_another_search_is_rejected(
    changes: dict[str, Any], word: str, tmp_path: Path
) -> None:
    """By its name, and by what differs; nothing is changed in it."""
    log = tmp_path / "search.jsonl"
    next(quick(log=log).run(jobs=1))
    before = log.read_bytes()
    with pytest.raises(DataError, match=f"search.jsonl is the log of another search.*{word}"):
        quick(log=log, **changes).run()
    assert log.read_bytes() == before


def test_the_difference_of_two_searches_is_short(tmp_path: Path) -> None:
    """Other draws, another parameter of a grid, a grid and draws: only what differs, both ways."""
    log = tmp_path / "search.jsonl"
    about: dict[str, Any] = {"random": {"eta": "0.1..1"}, "drawn with seed": 0}
    next(quick(log=log, about=about).run(jobs=1))
    for changes, said in (
        ({"drawn with seed": 7}, r"\(drawn with seed: 0; here: 7\): name another file"),
        ({"random": {"eta": "0.1..1", "mu": "0..1"}}, r'random: {}; here: {"mu": "0..1"}'),
        ({"random": None, "grid": {"eta": [1]}}, r'random: {"eta": "0.1..1"}; here: none'),
    ):
        with pytest.raises(DataError, match=said):
            quick(log=log, about={**about, **changes}).run()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello\n", "line 1: expected a line of JSON"),
        ("hello", "line 1: expected a line of JSON"),
        ('{"run": {}}\n', "expected the log of a search"),
        ("SEARCH\nbroken\n", "line 2: expected a line of JSON"),
        ('SEARCH\n{"eta": 1}\n', "line 2: expected a trial"),
    ],
)
def test_a_file_of_something_else_is_rejected_and_kept(
    text: str, said: str, tmp_path: Path
) -> None:
    """Only a last line that is broken off is taken for one that was being written."""
    log = tmp_path / "search.jsonl"
    first = json.dumps({"search": quick().identity})
    log.write_text(text.replace("SEARCH", first), encoding="utf-8")
    before = log.read_bytes()
    with pytest.raises(DataError, match=said):
        quick(log=log).run()
    assert log.read_bytes() == before


def test_two_searches_do_not_write_one_file_at_a_time(tmp_path: Path) -> None:
    """The second gets a message."""
    pytest.importorskip("fcntl")
    first = quick(log=tmp_path / "search.jsonl").run(jobs=1)
    next(first)
    with pytest.raises(DataError, match="another search is writing to it"):
        quick(log=tmp_path / "search.jsonl").run()
    first.close()  # type: ignore[attr-defined]


def killed_once(job: Job) -> Result:
    """Return a trial that kills its own process, the first time that it runs."""
    mark = Path(os.environ["TINYNN_KILLED"])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return run_trial(job)


def test_a_process_that_is_killed_loses_no_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, known: list[Result]
) -> None:
    """Its trial runs again."""
    monkeypatch.setenv("TINYNN_KILLED", str(tmp_path / "mark"))
    monkeypatch.setattr(module, "run_trial", killed_once)
    assert same(quick(log=tmp_path / "search.jsonl").run(jobs=2)) == same(known)
    assert (tmp_path / "mark").exists()


# What is searched.


def test_random_settings_are_log_uniform_where_a_range_has_no_0() -> None:
    """Of η from 0.01 to 10, a third is in each factor of ten; of μ from 0 to 1, half below 0.5."""
    drawn = at_random({"eta": Between(0.01, 10), "mu": Between(0, 1), "hidden": [3, 4]}, 3000, 1)
    etas = [float(each["eta"]) for each in drawn]
    shares = [sum(low <= eta < 10 * low for eta in etas) / 3000 for low in (0.01, 0.1, 1.0)]
    assert shares == pytest.approx([1 / 3] * 3, abs=0.04)
    assert sum(float(each["mu"]) < 0.5 for each in drawn) / 3000 == pytest.approx(0.5, abs=0.04)
    assert {each["hidden"] for each in drawn} == {3, 4}
    assert (
        at_random({"eta": Between(0.01, 10)}, 5, 1)
        == at_random({"eta": Between(0.01, 10)}, 9, 1)[:5]
    )


@pytest.mark.parametrize(
    ("space", "said"),
    [
        ({}, "at least one"),
        ({"neurons": [1]}, "neurons: expected one of eta"),
        ({"eta": []}, "eta: expected values"),
        ({"eta": 0.5}, "eta: expected values"),
        ({"eta": [float("nan")]}, "eta: expected a finite number above 0"),
        ({"eta": ["x"]}, "eta: expected a finite number above 0"),
        ({"hidden": [2.5]}, "hidden: expected a whole number"),
        ({"lmbda": [-1.0]}, "lmbda: expected"),
        ({"cost": ["log-likelihood"]}, "cost: expected quadratic or cross-entropy"),
        ({"lr": [1.0], "eta": [1.0]}, "eta: expected different parameters"),
        ({"eta": Between(0.1, 1.0)}, "expected values for a grid"),
        (
            {"eta": [float(i + 1) for i in range(1000)], "mu": [i / 999 for i in range(1000)]},
            "at most",
        ),
    ],
)
def test_unknown_parameters_and_values_are_named(space: dict[str, Any], said: str) -> None:
    """What was expected, and what to write."""
    with pytest.raises(ArgumentError, match=said):
        grid(space)


def test_bad_ways_to_search_are_named(tmp_path: Path) -> None:
    """Before anything runs."""
    for changes in (
        {"engine": "GPU"},
        {"seeds": 0},
        {"epochs": 0},
        {"first_seed": 0.5},
        {"data": 3},
    ):
        with pytest.raises(TinyNNError, match=next(iter(changes)).split("_")[0]):
            quick(**changes)
    with pytest.raises(ArgumentError, match="executor: expected an Executor"):
        quick().run(executor=3)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="jobs"):
        quick().run(jobs=-1)
    with pytest.raises(ArgumentError, match="settings: expected at least one"):
        Search([])
    with pytest.raises(OSError, match="nowhere"):
        quick(log=tmp_path / "nowhere" / "x.jsonl").run()


# What is shown.


def result(eta: float, lmbda: float, seed: int, correct: int) -> Result:
    """Return a result, by hand."""
    return Result({"eta": eta, "lmbda": lmbda}, seed, correct, 10, 0, 1, "", 0.0)


def test_settings_are_ranked_by_the_median_over_their_seeds() -> None:
    """Not by the best run: 5, 5, 9 is behind 6, 6, 6."""
    results = [result(0.1, 0.0, seed, right) for seed, right in enumerate((5, 9, 5))]
    results += [result(1.0, 0.0, seed, 6) for seed in range(3)]
    for order in (results, results[::-1]):
        rows = ranked(order)
        assert [(row.settings["eta"], row.median, row.best) for row in rows] == [
            (1.0, 6, 6),
            (0.1, 5, 9),
        ]


def test_a_heat_map_has_the_best_median_of_each_pair() -> None:
    """Over all other parameters; a pair that was not tried has none."""
    results = [result(0.1, 0.0, 0, 4), result(1.0, 0.0, 0, 7), result(1.0, 5.0, 0, 6)]
    assert heat_map(results, "eta", "lmbda") == HeatMap(
        "eta", "lmbda", ["0.1", "1"], ["0", "5"], [[4, None], [7, 6]], 10
    )
    many = [result(0.01 * 10 ** (i / 10), 0.0, 0, i % 10) for i in range(31)]
    found = heat_map(many, "eta", "lmbda")
    assert len(found.row_names) == 6, "a range is put into bins"
    assert [row[0] for row in found.cells] == [4, 9, 4, 9, 4, 9]
    with pytest.raises(ArgumentError, match="mu: expected a parameter of this search"):
        heat_map(results, "mu", "eta")


def test_the_command_searches_a_grid_and_goes_on(tmp_path: Path, known: list[Result]) -> None:
    """A line a trial, a table, a heat map, and the command to run; the second time at once."""
    log = tmp_path / "search.jsonl"
    once = run(*QUICK, *GRID, "--seeds", "2", "--jobs", "2", "--log", str(log))
    assert once.returncode == 0, once.stderr
    lines = once.stdout.splitlines()
    assert sum(" seed " in line and " right" in line for line in lines) == 8
    best = ranked(known)[0]
    assert f"{best.median:g}".rjust(8) in lines[10]
    assert "the best median, eta down, lmbda across:" in lines
    assert lines[-1].startswith("tinynn train --fast --sizes 64 5 10 --eta 1")
    assert run(*lines[-1].split()[1:], "--epochs", "1").returncode == 0
    again = run(*QUICK, *GRID, "--seeds", "2", "--log", str(log))
    assert "8 of 8 trials are in" in again.stderr
    assert again.stdout.splitlines() == lines[8:]
    other = run(*QUICK, "--grid", "eta=2", "--log", str(log))
    assert (other.returncode, other.stdout) == (2, "")
    assert f"{log} is the log of another search" in other.stderr


def test_the_command_searches_at_random(own_cache: Path) -> None:
    """It has its own file in the cache, and more draws continue it."""
    ranges = ("eta=0.1..10", "lmbda=0,1", "hidden=3..6")
    first = run(*QUICK, "--random", "2", *ranges, "--json", "--jobs", "1")
    assert first.returncode == 0, first.stderr
    *trials, last = map(json.loads, first.stdout.splitlines())
    assert len(trials) == 2
    assert all(0.1 <= trial["settings"]["eta"] <= 10 for trial in trials)
    assert last["command"].startswith("tinynn train --fast --sizes 64 ")
    assert last["table"][0]["median"] >= last["table"][1]["median"]
    more = run(*QUICK, "--random", "3", *ranges, "--json", "--jobs", "1")
    assert len(more.stdout.splitlines()) == 2, "one more trial, and the table"
    assert len(list(own_cache.glob("search-*.jsonl"))) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("--grid eta", "a name and values, such as eta=0.1,0.5,1"),
        ("--grid eta=x", "expected numbers, got 'x'"),
        ("--grid eta=1 eta=2", "each parameter once"),
        ("--grid foo=1", "foo: expected one of eta"),
        ("--grid eta=0.1..1", "search at random"),
        ("--grid eta=1 --eta 1", "write eta=1 after --grid"),
        ("--grid eta=1 --random 3 eta=1", "--random cannot go with --grid"),
        ("--random eta=1..2", "expected how many"),
        ("--random 0 eta=1..2", "--random: expected a whole number of at least 1, got 0"),
        ("--random 999999 eta=1..2", "--random: expected a whole number of at most 100,000"),
        ("--random 3 eta=2..1", "expected the smaller end first, as in 0.01..10"),
        ("--random 3 cost=1..2", "cost"),
        ("--seeds 3", "--seeds needs --grid or --random"),
        ("--grid eta=1 --jobs 0", "--jobs: expected a whole number of at least 1"),
        ("--grid eta=1 --data nowhere", "--data: expected 'digits'"),
    ],
)
def test_the_command_names_the_expected_arguments(arguments: str, said: str) -> None:
    """In one line, with status 2."""
    done = run("tune", *arguments.split())
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def all_gone(group: int) -> bool:
    """Return whether every process of a group ends in a few seconds."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False


def test_ctrl_c_keeps_finished_trials_and_leaves_no_process(tmp_path: Path) -> None:
    """On a terminal too, where every worker hears it; the same command goes on."""
    log = tmp_path / "search.jsonl"
    long = ("tune", "--grid", "eta=0.1,1", "hidden=40", "--seeds", "20", "--log", str(log))
    process = subprocess.Popen(
        [sys.executable, "-m", "tinynn", *long, "--fast", "--jobs", "2", "--plain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert process.stdout is not None
    process.stdout.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    assert "by Ctrl-C" in errors
    assert "trials are left; the same command goes on" in errors
    assert all_gone(process.pid)
    assert 2 <= len(log.read_text(encoding="utf-8").splitlines()) <= 40


def test_workers_end_when_the_search_is_killed(tmp_path: Path) -> None:
    """SIGKILL leaves the search no time to stop them; and the file goes on."""
    log = tmp_path / "search.jsonl"
    long = ("tune", "--grid", "eta=0.1", "hidden=40", "--seeds", "40", "--log", str(log))
    process = subprocess.Popen(
        [sys.executable, "-m", "tinynn", *long, "--fast", "--jobs", "2", "--plain"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    process.kill()
    process.wait()
    process.stdout.close()
    assert all_gone(process.pid), "workers go on after the search is gone"
    assert len(log.read_text(encoding="utf-8").splitlines()) >= 2


@pytest.mark.parametrize("way", ["--plain", "--json"])
def test_no_command_is_recommended_if_every_setting_diverged(way: str) -> None:
    """η λ/n is far above 2 in both: a smaller η than the least is named, not the command."""
    diverging = ("--grid", "eta=100,500", "lmbda=10000", "hidden=3")
    done = run("tune", "--fast", "--epochs", "99", "--jobs", "1", way, *diverging)
    assert done.returncode == 0, done.stderr
    *_, last = done.stdout.splitlines()
    assert "tinynn train" not in done.stdout
    assert "1 epochs" not in done.stdout
    if way == "--json":
        assert json.loads(last)["command"] is None
        last = json.loads(last)["trouble"]
    assert last.startswith("every setting diverged: ")
    assert "smaller η than 100, such as eta=10" in last


def test_a_setting_that_diverged_is_below_one_that_only_learns_nothing() -> None:
    """Both have a median of 0, but the second can be trained."""
    diverged = result(0.1, 0.0, 0, 0)._replace(diverged="inf", epoch=-1)
    rows = ranked([diverged, result(1.0, 0.0, 0, 0)])
    assert [row.settings["eta"] for row in rows] == [1.0, 0.1]


def test_a_terminal_shows_the_table_and_the_heat_map(tmp_path: Path) -> None:
    """At 80 columns, in colour."""
    log = str(tmp_path / "search.jsonl")
    status, written = on_a_terminal("tune", "--fast", "--epochs", "2", *GRID, "--log", log)
    assert status == 0, written
    assert "median" in written
    assert "eta down, lmbda across" in written
    assert "tinynn train --fast --sizes 64 5 10" in written


# A cluster.


def test_a_dask_cluster_gives_the_same_though_a_worker_is_killed(tmp_path: Path) -> None:
    """The guide's lines, on a real scheduler with two worker processes, one killed half way."""
    pytest.importorskip("distributed", reason='needs pip install ".[cluster]"')
    lines = [line[4:] for line in GUIDE.splitlines() if line[:4] in (">>> ", "... ")]
    start = next(i for i, line in enumerate(lines) if "import Client" in line)
    session = "\n".join(line.split("  # doctest")[0] for line in lines[start : start + 4])
    ast.parse(session)
    assert "get_executor()" in session
    (tmp_path / "session.py").write_text(session, encoding="utf-8")
    log = tmp_path / "cluster.jsonl"
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests" / "helpers" / "cluster.py")]
        + [str(tmp_path / "session.py"), str(log)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "DASK_TEMPORARY_DIRECTORY": str(tmp_path)},
    )
    assert (done.returncode, done.stdout) == (0, "killed\n"), done.stderr
    first, *trials = map(json.loads, log.read_text(encoding="utf-8").splitlines())
    settings = first["search"]["settings"]
    count = len(trials) // len(settings)
    here = Search(
        settings,
        seeds=count,
        engine=first["search"]["engine"],
        epochs=first["search"]["epochs"],
        patience=first["search"]["patience"],
    )
    assert len(trials) == len(here.jobs) > 4
    assert same(Result(**trial) for trial in trials) == same(here.run(jobs=2))


def test_every_parameter_has_a_default_and_a_check() -> None:
    """Both are named alike."""
    assert set(DEFAULTS) == set(module._PARAMETERS)
    assert issubclass(ThreadPoolExecutor, Executor)
