"""The grader: for any student's file it reports a table, within the time limit."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.terminal import on_a_terminal, run
from tinynn.cli import main
from tinynn.cli.grade import files_in
from tinynn.errors import ArgumentError, DataError
from tinynn.teaching import CLAIMS, ClaimError, check, grade, grade_all
from tinynn.teaching.grader import LEAST_MEMORY, MEMORY_LIMIT, TIME_LIMIT, Report, Row
from tinynn.views import grades

POSIX = pytest.mark.skipif(os.name == "nt", reason="limits and signals of POSIX")

RIGHT = "    return [p - eta * slope for p, slope in zip(v, gradient)]\n"
DEF = "def update(v, gradient, eta):\n"

# A file, the kind of its row, words of the problem, and the line of the problem.
TROUBLE: dict[str, tuple[str, str, str, int | None]] = {
    "exception": (f"{DEF}    return v[9]\n", "error", "IndexError", 2),
    "wrong shape": (f"{DEF}    return [1.0] * 7\n", "answer", ", got 7 numbers", None),
    "nan": (f"{DEF}    return [float('nan') for _ in v]\n", "answer", "got nan", None),
    "none": (f"{DEF}    pass\n", "answer", "got None: is there a return?", None),
    "text": (f"{DEF}    return 'v'\n", "answer", "got 'v' (a str)", None),
    "endless loop": (f"{DEF}    while True: pass\n", "time", "after 1 s", 2),
    "sleeps": (f"import time\n{DEF}    time.sleep(999)\n", "time", "after 1 s", 3),
    "will not stop": (
        f"import time\n{DEF}    while True:\n        try: time.sleep(9)\n"
        "        except BaseException: pass\n",
        "time",
        "after 1 s",
        4,
    ),
    "endless answer": (f"{DEF}    while True: yield 1.0\n", "time", "after 1 s", 2),
    "C that never returns": (f"{DEF}    return [9 ** 9 ** 9]\n", "time", "was stopped", None),
    "prints for ever": (
        f"{DEF}    while True: print(v, 'x' * 9999)\n",
        "output",
        "10,000,000 characters",
        2,
    ),
    "os._exit": (f"import os\n{DEF}    os._exit(0)\n", "process", "with status 0", None),
    "crash": (f"import ctypes\n{DEF}    ctypes.string_at(0)\n", "process", "SIGSEGV", None),
    "unnamed signal": (
        f"import signal\n{DEF}    signal.raise_signal(40)\n",
        "process",
        "by signal 40",
        None,
    ),
    "endless range": (
        f"{DEF}    return range(10**10)\n",
        "memory",
        "an answer that needs more than 256 MB",
        None,
    ),
    "gives up at import": (
        "import os\nos._exit(1)\n",
        "process",
        "with status 1: are 256 MB enough for what it imports?",
        None,
    ),
    "fork": (f"import os\n{DEF}    os.fork()\n{RIGHT}", "error", "must not start or stop", 3),
    "program": (
        f"import subprocess\n{DEF}    subprocess.run(['sleep', '99'])\n{RIGHT}",
        "error",
        "must not start or stop other programs",
        3,
    ),
    "kill": (f"import os\n{DEF}    os.kill(os.getppid(), 9)\n", "error", "must not start", 3),
    "huge list": (f"{DEF}    return [0.0] * 10**10\n", "memory", "more than 256 MB", 2),
    "recursion": (f"{DEF}    return update(v, gradient, eta)\n", "error", "calls itself", 2),
    "sys.exit": (f"import sys\n{DEF}    sys.exit(0)\n", "error", "ends the program", 3),
    "Ctrl-C": (f"{DEF}    raise KeyboardInterrupt\n", "error", "KeyboardInterrupt", 2),
    "input": (f"{DEF}    return input()\n", "error", "remove the input()", 2),
    "stdin": (f"import sys\n{DEF}    return sys.stdin.read()\n", "answer", "got '' (a str)", None),
    "arguments": ("def update(v):\n    return v\n", "error", "cannot be called as update(v,", None),
    "no function": ("update = 3\n", "missing", "no function update(v, gradient, eta)", None),
    "misspelt": ("def updat(v, gradient, eta): return v\n", "missing", "is updat misspelt?", None),
    "empty": ("", "missing", "no function update", None),
    "blank": (f"{DEF}    return v - ...\n", "blank", "a blank is not filled in yet", 2),
    "blank in a question": (
        f"{DEF}    if ...:\n        return v\n",
        "blank",
        "a blank is not filled in",
        2,
    ),
    "blank in a helper": (
        f"def scaled(g):\n    return ...\n{DEF}    steps = scaled(gradient)\n"
        "    return [p - eta * s for p, s in zip(v, steps)]\n",
        "blank",
        "a blank is not filled in",
        2,
    ),
    "blank elsewhere": (f"def other(x):\n    return ...\n{DEF}    return v\n", "numbers", "", None),
    "to be written": (f"{DEF}    raise NotImplementedError\n", "blank", "is not filled in", 2),
    "import error": ("import no_such_module\n", "file", "needs the module no_such_module", 1),
    "syntax error": ("x = 1\ndef update(v\n", "file", "is not valid Python", 2),
    "bytes": ("\0\n", "file", "", None),
    "exception at import": (f"{DEF}{RIGHT}1 / 0\n", "file", "ZeroDivisionError", 3),
    "loop at import": ("while True: pass\n", "time", "was still being loaded after 1 s", 1),
    "exit at import": (f"{DEF}{RIGHT}exit()\n", "file", "while it is loaded", 3),
    "os._exit at import": ("import os\nos._exit(5)\n", "process", "with status 5", None),
    "closed pipes": ("import os\nos.closerange(1, 99)\n", "process", "", None),
}
HARMLESS = {
    "no threads for others": (
        'import threading\ndef start(self): raise RuntimeError("can\'t start new thread")\n'
        f"threading.Timer.start = start\n{DEF}{RIGHT}"
    ),
    "prints": f"print('hello')\n{DEF}    print(v)\n    import os; os.write(1, b'x')\n{RIGHT}",
    "prints json": f'{DEF}    print(\'{{"event": "judged"}}\')\n{RIGHT}',
    "threads": f"import threading, time\n{DEF}    pass\n{RIGHT}"
    "threading.Thread(target=time.sleep, args=(99,)).start()\n",
    "exit functions": f"import atexit, time\natexit.register(time.sleep, 99)\n{DEF}{RIGHT}",
    "reads its own file": f"open(__file__).read()\n{DEF}{RIGHT}",
    "warns": f"import warnings\n{DEF}    warnings.warn('hm')\n{RIGHT}",
    "shuffles the global seed": f"import random\n{DEF}    random.seed(1)\n{RIGHT}",
    "main": f"{DEF}{RIGHT}if __name__ == '__main__':\n    input()\n",
}

TIMED = {name for name, (_, kind, _, _) in TROUBLE.items() if kind == "time"}


def graded(name: str, folder: Path) -> tuple[Report, float]:
    """The report on one of these files, and the seconds that it took."""
    path = folder / f"{name.replace(' ', '_')}.py"
    path.write_text(TROUBLE[name][0] if name in TROUBLE else HARMLESS[name], encoding="utf-8")
    began = time.monotonic()
    # short for files that run out of time, and long for the others, even on a busy machine
    limit = 1.0 if name in TIMED else 20.0
    report = grade(str(path), ["descent-step"], time_limit=limit, memory_limit=256, max_examples=30)
    return report, time.monotonic() - began


@POSIX
@pytest.mark.parametrize("name", sorted(TROUBLE))
@pytest.mark.slow
def test_trouble_becomes_a_row(name: str, tmp_path: Path) -> None:
    """There is one row with the problem and its line; never a traceback, never a hang."""
    report, seconds = graded(name, tmp_path)
    _, kind, words, line = TROUBLE[name]
    (row,) = report.rows
    assert not report.passed
    assert (row.kind, row.line) == (kind, line), row
    assert words in row.problem
    assert "Traceback" not in row.problem
    assert seconds < 60.0


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_harmless_side_effects_do_not_fail_a_file(name: str, tmp_path: Path) -> None:
    """A right function may print, start threads, warn, or set the global seed."""
    report, _ = graded(name, tmp_path)
    assert report.passed, report.rows


def test_one_bad_function_does_not_affect_the_others(tmp_path: Path) -> None:
    """A crash or an endless loop fails only its own claims; a loop uses its time limit once."""
    path = tmp_path / "student.py"
    path.write_text(
        f"import os\ndef cost(a, y): os._exit(1)\n{DEF}    while True: pass\n"
        "def bias_gradient(error): return error\n"
    )
    report = grade(str(path), time_limit=1.0)
    kinds = {row.claim: row.kind for row in report.rows}
    assert kinds == {
        "cost-positive": "process",
        "descent-step": "time",
        "descent-decreases": "skipped",
        "descent-steepest": "skipped",
        "cost-formula": "process",
        "bp3": "",
    }


def test_the_report_says_that_shuffle_returns_none(tmp_path: Path) -> None:
    """A file that uses the answer of shuffle() gets a hint."""
    path = tmp_path / "student.py"
    path.write_text(
        "def mini_batches(examples, size, rng):\n    data = rng.shuffle(list(examples))\n"
        "    return [data[i : i + size] for i in range(0, len(data), size)]\n"
    )
    (row,) = grade(str(path), ["mini-batches-cover"]).rows
    assert row.problem.endswith("shuffle() shuffles its list in place, and returns None")


def test_the_names_in_a_file_decide_its_claims(tmp_path: Path) -> None:
    """Imports from tinynn do not count; missing names are reported with similar ones."""
    path = tmp_path / "student.py"
    path.write_text(
        "from tinynn.activations import sigmoid\n"
        "def Update(v, gradient, eta): return v\n"
        "def cost(w): return w * w\n"
        "def bias_gradient(error): return error\n"
    )
    report = grade(str(path))
    assert [row.claim for row in report.rows] == ["bp3"]
    assert report.passed
    assert report.not_found["update"] == "Update"
    assert report.not_found["hidden_error"] == ""
    asked = grade(str(path), ["sigmoid-symmetry", "bp3"])
    assert [row.claim for row in asked.rows] == ["sigmoid-symmetry", "bp3"]
    assert asked.passed
    assert asked.not_found == {}


def test_a_helper_with_the_name_of_a_role_is_reported_but_not_judged(tmp_path: Path) -> None:
    """A class, or a function with other arguments, is judged only if its claim is requested."""
    path = tmp_path / "student.py"
    path.write_text(
        "class perceptron:\n    def __init__(self, size): self.size = size\n"
        "def feedforward(x): return x\n"
        "def bias_gradient(error): return error\n"
    )
    report = grade(str(path))
    assert [(row.claim, row.passed) for row in report.rows] == [("bp3", True)]
    assert report.other_arguments == ("perceptron", "feedforward")
    assert not {"perceptron", "feedforward"} & set(report.not_found)
    summary = list(grades.summary(report))
    assert summary[1] == (
        "perceptron: takes other arguments, not judged; "
        "a claim needs perceptron(weights, inputs, bias)"
    )
    assert report.to_json()["other_arguments"] == ["perceptron", "feedforward"]
    asked = grade(str(path), ["feedforward"])
    assert "cannot be called as feedforward(biases, weights, x)" in asked.rows[0].problem
    assert asked.other_arguments == ()


def test_numpy_fits_into_the_smallest_memory_limit(tmp_path: Path) -> None:
    """A smaller limit is rejected by ``grade`` and on the command line."""
    path = tmp_path / "student.py"
    path.write_text("import numpy as np\ndef bias_gradient(error): return np.array(error)\n")
    report = grade(str(path), memory_limit=LEAST_MEMORY, max_examples=10)
    assert report.passed, report.rows
    with pytest.raises(ArgumentError, match=f"at least {LEAST_MEMORY}"):
        grade(str(path), memory_limit=LEAST_MEMORY - 1)
    done = run("grade", str(path), "--memory-limit", str(LEAST_MEMORY - 1))
    assert f"--memory-limit: expected a whole number of at least {LEAST_MEMORY}" in done.stderr


def test_the_help_states_the_limits_of_the_grader() -> None:
    """The help does not import the kit, which may not be installed."""
    shown = " ".join(run("grade", "--help").stdout.split())
    assert f"seconds for each claim (default {TIME_LIMIT:g})" in shown
    assert f"process (default {MEMORY_LIMIT}; " in shown


def test_a_file_may_import_its_neighbours_and_have_any_name(tmp_path: Path) -> None:
    """The folder has a helper, and the file has the name of a standard module."""
    (tmp_path / "helper.py").write_text("def same(error): return error\n")
    path = tmp_path / "random.py"
    path.write_text("from helper import same\ndef bias_gradient(error): return same(error)\n")
    report = grade(str(path))
    assert report.passed, report.rows
    assert not (tmp_path / "__pycache__").exists()


def test_files_in_the_working_folder_cannot_break_the_grader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The grader does not import a json.py from the student's folder."""
    (tmp_path / "json.py").write_text("raise RuntimeError('not the real one')\n")
    path = tmp_path / "student.py"
    path.write_text("def bias_gradient(error): return error\n")
    monkeypatch.chdir(tmp_path)
    assert grade("student.py").passed
    assert path.read_text() == "def bias_gradient(error): return error\n"


def test_bad_arguments_raise_an_error_with_their_name(tmp_path: Path) -> None:
    """The message has the expected and the actual value."""
    with pytest.raises(DataError, match=r"no\.py: expected a Python file, got no such file"):
        grade("no.py")
    with pytest.raises(DataError, match="expected a Python file, got a folder"):
        grade(str(tmp_path))
    path = tmp_path / "student.py"
    path.write_text("")
    with pytest.raises(ArgumentError, match="got 'pb2'"):
        grade(str(path), ["pb2"])
    with pytest.raises(ArgumentError, match="expected a list of identifiers"):
        grade(str(path), "bp2")
    with pytest.raises(ArgumentError, match="time limit: expected"):
        grade(str(path), time_limit=0.0)
    with pytest.raises(ArgumentError, match="memory limit: expected"):
        grade(str(path), memory_limit=1)


WRONG_BP2 = """
from math import exp
def sigma(z): return 1 / (1 + exp(-z))
def output_error(nabla_a, z):
    return [d * sigma(each) * (1 - sigma(each)) for d, each in zip(nabla_a, z)]
def hidden_error(w, delta, z):
    return [sum(w[k][j] * delta[k] for k in range(len(delta))) for j in range(len(z))]
"""


@pytest.fixture
def student(tmp_path: Path) -> str:
    """Return the path of a file with a right (BP1) and a wrong (BP2)."""
    path = tmp_path / "student.py"
    path.write_text(WRONG_BP2)
    return str(path)


def test_the_command_reports_what_to_fix(student: str) -> None:
    """Piped: a line for each claim, the numbers, the equation, the diagnosis; status 1."""
    done = run("grade", student)
    assert (done.returncode, done.stderr) == (1, "")
    assert re.search(r"^bp1 +output_error +passed$", done.stdout, re.MULTILINE)
    assert re.search(r"^bp2 +hidden_error +failed  σ'\(z\) is left out$", done.stdout, re.MULTILINE)
    for words in (
        "(BP2)  δ^l_j = Σ_k w^{l+1}_kj δ^{l+1}_k σ'(z^l_j)",
        "called      hidden_error(next_weights = [[1, 2, -1], [3, -2, 0.5]], next_error = [4, -3],",
        "yours       [-5, 14, -5.5]\n",
        "by hand     [-0.74573226, 3.290052, -0.036564312]\n",
        "looks like  σ'(z) is left out: multiply the error",
        "1 of 2 claims hold",
        "not in the file: ",
    ):
        assert words in done.stdout
    lines = done.stdout.replace(student, "student.py").splitlines()
    assert max(map(len, lines)) <= 100


@pytest.mark.slow
def test_the_exit_status_says_whether_all_claims_hold(student: str, tmp_path: Path) -> None:
    """0 if all hold, 1 if not or if there is nothing to judge, 2 for bad arguments, in one line."""
    assert run("grade", student, "--claims", "bp1").returncode == 0
    assert run("grade", student, "--claims", "bp1", "bp2").returncode == 1
    assert run("grade", student, "--claims", "bp4").returncode == 1
    assert run("grade", "--claims", "bp1", student).returncode == 0
    (tmp_path / "empty.py").write_text("")
    nothing = run("grade", str(tmp_path / "empty.py"))
    assert nothing.returncode == 1
    assert "nothing to judge" in nothing.stdout
    for arguments, words in (
        (["no.py"], "no.py: expected a Python file, got no such file"),
        ([student, "--claims", "pb2"], "got 'pb2'"),
        ([student, "--time-limit", "0"], "--time-limit: expected a finite number above 0"),
        ([student, "--memory-limit", "1"], "--memory-limit: expected a whole number of at least"),
        ([], "the following arguments are required: file"),
        (["--claims", "bp1"], "the following arguments are required: file"),
    ):
        done = run("grade", *arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert words in done.stderr
        assert done.stderr.count("\n") == 1


def test_the_json_report_has_everything_in_the_table(student: str) -> None:
    """It is one object, for course tools."""
    done = run("grade", student, "--json")
    assert done.returncode == 1
    report = json.loads(done.stdout)
    assert (report["file"], report["passed"]) == (student, False)
    first, second = report["claims"]
    assert (first["claim"], first["passed"]) == ("bp1", True)
    assert (second["claim"], second["passed"], second["mistake"]) == ("bp2", False, "no-slope")
    assert second["got"] == [-5.0, 14.0, -5.5]
    assert second["expected"] == pytest.approx([-0.74573226, 3.290052, -0.036564312])
    assert second["arguments"]["next_weights"] == [[1.0, 2.0, -1.0], [3.0, -2.0, 0.5]]
    assert "σ'(z) is left out" in second["diagnosis"]
    assert "backprop" in report["not_found"]


@POSIX
@pytest.mark.parametrize("columns", [80, 120])
def test_on_a_terminal_the_report_is_a_table_that_fits(student: str, columns: int) -> None:
    """The table has colours, and is not wider than the terminal."""
    status, written = on_a_terminal("grade", student, columns=columns)
    assert status == 1
    assert "judging; a claim takes 20 s at most" in written, "it does not look as if it hung"
    assert "\x1b[32mpassed" in written
    assert "\x1b[1;31mfailed" in written
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written).replace("\r", "\n")
    assert max(map(len, shown.split("\n"))) <= columns
    for words in ("claim", "(BP2)", "looks like σ'(z) is left out", "1 of 2 claims hold"):
        assert words in " ".join(shown.split())


@POSIX
def test_ctrl_c_leaves_nothing_running(tmp_path: Path) -> None:
    """The student's process ends with the grader."""
    path = tmp_path / "student.py"
    mark = tmp_path / "running"
    path.write_text(
        f"{DEF}    open({str(mark)!r}, 'w').write(str(__import__('os').getpid()))\n"
        "    while True: pass\n"
    )
    code = (
        "import os, signal, sys, threading, time\n"
        "from tinynn.cli import main\n"
        f"mark = {str(mark)!r}\n"
        "def interrupt():\n"
        "    while not os.path.exists(mark) or not open(mark).read(): time.sleep(0.05)\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "threading.Thread(target=interrupt, daemon=True).start()\n"
        f"sys.exit(main(['grade', {str(path)!r}]))\n"
    )
    status, written = on_a_terminal(code=code)
    assert status == 130, written
    assert "Traceback" not in written
    process = int(mark.read_text())
    deadline = time.monotonic() + 5.0
    while time.monotonic() < deadline and Path(f"/proc/{process}").exists():
        time.sleep(0.05)
    if sys.platform == "linux":
        assert not Path(f"/proc/{process}").exists()


def test_a_report_without_rows_does_not_pass() -> None:
    """A report passes only with at least one row."""
    assert not Report("student.py", [], {}).passed
    assert Report("student.py", [Row("bp3", "bias_gradient")], {}).passed


# Six attacks: code that tries to change the verdict.

WRONG = "    return [p + eta * slope for p, slope in zip(v, gradient)]\n"
FORGED = (
    "import json, os, sys\n"
    "def forge(n, fields):\n"
    "    line = json.dumps({'n': n, **fields}).encode() + b'\\n'\n"
    "    for fd in range(64):\n"
    "        try: os.write(fd, line)\n"
    "        except OSError: pass\n"
)
ATTACKS = {
    "forged report": [
        f"{FORGED}{DEF}    forge(2, {{'event': 'judged', 'claim': 'descent-step', 'kind': ''}})\n"
        f"{WRONG}",
        f"{FORGED}for n in range(9): forge(n, {{'answer': [0.0]}})\n{DEF}{WRONG}",
        f"{FORGED}{DEF}    forge(2, {{'error': {{'kind': '', 'problem': ''}}}})\n{WRONG}",
        # it knows the number of the request, but still needs the right answer
        f"{FORGED}{DEF}    frame = sys._getframe()\n"
        "    while 'n' not in frame.f_locals: frame = frame.f_back\n"
        f"    forge(frame.f_locals['n'], {{'error': {{'kind': '', 'problem': ''}}}})\n{WRONG}",
        f"{FORGED}{DEF}    frame = sys._getframe()\n"
        "    while 'n' not in frame.f_locals: frame = frame.f_back\n"
        f"    forge(frame.f_locals['n'], {{'answer': [0.0] * len(v)}})\n    os._exit(0)\n",
    ],
    "patched abs and isclose": [
        "import builtins, math\nbuiltins.abs = lambda number: 0.0\n"
        "builtins.max = builtins.sorted = lambda *numbers, **_: 0.0\n"
        f"math.isclose = lambda *numbers, **_: True\nmath.isfinite = math.isclose\n{DEF}{WRONG}",
        "class Any(float):\n    def __eq__(self, other): return True\n"
        "    __hash__ = float.__hash__\n    def __sub__(self, other): return Any(0.0)\n"
        "    __rsub__ = __sub__\n    def __abs__(self): return Any(0.0)\n"
        f"{DEF}    return [Any(9.0) for _ in v]\n",
    ],
    "patched grader": [
        "from tinynn.teaching import adapt, claims, grader, judging, worker\n"
        "judging.Claim.counterexample = lambda *arguments: None\n"
        "judging.close = adapt.close = lambda *arguments: True\n"
        "grader.Row.passed = grader.Report.passed = True\nclaims.CLAIMS.clear()\n"
        f"worker.explain_error = lambda *arguments: ('', '')\n{DEF}    return 1 / 0\n",
        "from tinynn.teaching import claims\nclaims.ROLES.clear()\n"
        f"from tinynn.teaching import oracle\noracle.__dict__.clear()\n{DEF}{WRONG}",
        f"from tinynn.teaching import judging\nopen(judging.__file__, 'a').close()\n{DEF}{RIGHT}",
    ],
    "deleted file": [
        f"import os\nos.remove(__file__)\n{DEF}{WRONG}",
        "import os, shutil\n"
        "try: shutil.rmtree(os.path.dirname(__file__))\nexcept OSError: pass\n"
        f"try: os.rename(__file__, __file__ + '~')\nexcept OSError: pass\n{DEF}{WRONG}",
        f"open(__file__, 'w').write('def update(v, g, eta): return v')\n{DEF}{WRONG}",
    ],
    "killed reader": [
        f"import os\n{DEF}    os.closerange(0, 256)\n{WRONG}",
        f"import os\nos.closerange(0, 256)\n{DEF}{WRONG}",
        f"import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n{DEF}{WRONG}",
        f"import ctypes, os\nctypes.CDLL(None).kill(os.getppid(), 9)\n{DEF}{WRONG}",
        f"import os\n{DEF}    for fd in range(3, 64):\n        try: os.read(fd, 9)\n"
        f"        except OSError: pass\n{WRONG}",
    ],
    "exhausted output": [
        f"{DEF}    while True: print('x' * 999_999)\n",
        f"import os\n{DEF}    for fd in range(3, 9):\n        try:\n"
        "            while True: os.write(fd, b'x' * 65536)\n        except OSError: pass\n",
        f"{DEF}    return [0.0] * 10**6\n",
        f"import os\n{DEF}    for fd in range(3, 9):\n        try:\n"
        "            while True: os.write(fd, b'[' * 99 + b'\\n')\n        except OSError: pass\n",
    ],
}


@POSIX
@pytest.mark.parametrize(
    ("name", "number"), [(name, i) for name, each in ATTACKS.items() for i in range(len(each))]
)
def test_an_attack_fails(tmp_path: Path, name: str, number: int) -> None:
    """Only right answers pass, since the student's code does not run in the judging process."""
    path = tmp_path / "student.py"
    path.write_text(ATTACKS[name][number])
    beside = tmp_path / "other.txt"
    beside.write_text("mine")
    report = grade(str(path), ["descent-step"], time_limit=3.0, max_examples=30)
    (row,) = report.rows
    assert not report.passed, row
    assert row.kind
    assert (path.exists(), beside.read_text()) == (True, "mine")


# The student's process ends with the grader, at once.

SLEEPERS = {
    "sleep": f"import time\n{DEF}    ready()\n    time.sleep(9999)\n",
    "loop": f"{DEF}    ready()\n    while True: pass\n",
    "stubborn": f"import time\n{DEF}    ready()\n    while True:\n        try: time.sleep(9)\n"
    "        except BaseException: pass\n",
    "import": "import time\nready()\ntime.sleep(9999)\n",
}


def is_running(process: int) -> bool:
    """Return whether a process exists, and is not a zombie."""
    stat = Path(f"/proc/{process}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.parametrize("way", ["SIGTERM", "SIGHUP", "SIGKILL", "closed terminal"])
def test_the_student_process_ends_with_the_grader(tmp_path: Path, way: str) -> None:
    """Asleep, in a loop, or being loaded: a second later no student's process runs."""
    import pty

    marks = [tmp_path / f"{name}.pid" for name in SLEEPERS]
    files = [tmp_path / f"{name}.py" for name in SLEEPERS]
    for mark, file, source in zip(marks, files, SLEEPERS.values()):
        ready = f"    open({str(mark)!r}, 'w').write(str(__import__('os').getpid()))\n"
        file.write_text(f"def ready():\n{ready}{source}")
    commands = [["grade", str(file)] for file in files[2:]]
    commands.append(["grade", "--jobs", "2", *map(str, files[:2])])
    ours, graders = [], []
    for command in commands:
        our, their = pty.openpty()
        grader = subprocess.Popen(
            [sys.executable, "-c", ON_A_TERMINAL, *command],
            stdin=their,
            stdout=their,
            stderr=their,
            start_new_session=True,
        )
        os.close(their)
        ours.append(our)
        graders.append(grader)
    try:
        deadline = time.monotonic() + 30.0
        while not all(mark.exists() and mark.read_text() for mark in marks):
            assert time.monotonic() < deadline, "the student's code did not start"
            time.sleep(0.05)
        students = [int(mark.read_text()) for mark in marks]
        assert all(is_running(student) for student in students)
        for our, grader in zip(ours, graders):
            if way == "closed terminal":
                os.close(our)
            else:
                os.kill(grader.pid, getattr(signal, way))
        deadline = time.monotonic() + 1.0
        while any(map(is_running, students)) and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not [student for student in students if is_running(student)]
        for grader in graders:
            assert grader.wait(timeout=10.0) != 0
    finally:
        for grader in graders:
            grader.kill()
            grader.wait()
        for our in ours if way != "closed terminal" else []:
            os.close(our)


# A separate terminal: closing it sends SIGHUP to the program.
ON_A_TERMINAL = (
    "import fcntl, sys, termios\n"
    "fcntl.ioctl(0, termios.TIOCSCTTY, 0)\n"
    "from tinynn.cli import main\n"
    "if __name__ == '__main__': sys.exit(main(sys.argv[1:]))\n"
)


# Fairness to honest work.

SINGLE = """
import numpy as np
F = np.float32
def vector(x): return np.array(x, dtype=F)
def s(z): return F(1) / (F(1) + np.exp(-z))
def weighted_sum(weights, inputs): return float(np.dot(vector(weights), vector(inputs)))
def sigmoid_prime(z): return s(F(z)) * (F(1) - s(F(z)))
def update(v, gradient, eta): return vector(v) - F(eta) * vector(gradient)
def cost(outputs, desired):
    return float(sum((vector(outputs) - vector(desired)) ** 2) / F(2))
def weighted_input(weights, activations, biases):
    return (vector(weights) @ vector(activations) + vector(biases)).tolist()
def output_error(cost_derivative, weighted_inputs):
    z = vector(weighted_inputs)
    return (vector(cost_derivative) * s(z) * (F(1) - s(z))).reshape(1, -1)
def hidden_error(next_weights, next_error, weighted_inputs):
    z = vector(weighted_inputs).reshape(-1, 1)
    return vector(next_weights).T @ vector(next_error).reshape(-1, 1) * s(z) * (F(1) - s(z))
def weight_gradient(activations, error): return np.outer(vector(error), vector(activations))
"""


def test_single_precision_rows_and_columns_pass(tmp_path: Path) -> None:
    """A float32 may become a float before it is returned: the file mentions float32."""
    path = tmp_path / "student.py"
    path.write_text(SINGLE)
    claims = "weighted-sum sigmoid-slope descent-step cost-formula weighted-input bp1 bp2 bp4"
    report = grade(str(path), claims.split())
    assert report.passed, [row for row in report.rows if not row.passed]
    path.write_text(SINGLE.replace(".T @", " @").replace("/ F(2)", "/ F(2.001)"))
    failed = [row.claim for row in grade(str(path), claims.split()).rows if not row.passed]
    assert failed == ["cost-formula", "bp2"]


def test_an_emptied_list_is_not_called_shuffled(tmp_path: Path) -> None:
    """The report says what happened to the caller's examples."""
    path = tmp_path / "student.py"
    path.write_text(
        "def mini_batches(examples, size, rng):\n    rng.shuffle(examples)\n    batches = []\n"
        "    while examples:\n"
        "        batches.append([examples.pop() for _ in range(min(size, len(examples)))])\n"
        "    return batches\n"
    )
    (row,) = grade(str(path), ["mini-batches-leave-data"]).rows
    said = f"{row.arithmetic} {row.diagnosis}"
    assert row.got == []
    assert "shuffled" not in said
    assert "empties" in row.mistake


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, (source, kind, _, _) in TROUBLE.items()
        if kind in ("answer", "error", "blank", "numbers")
        and source.startswith("def update(")
        and name not in ("Ctrl-C", "input")
    ],
)
def test_check_raises_a_claim_error_if_grade_prints_a_row(name: str) -> None:
    """Blanks, exceptions, answers of another kind, and functions that cannot be called."""
    names: dict[str, Any] = {}
    exec(TROUBLE[name][0], names)
    with pytest.raises(ClaimError):
        check("descent-step", names["update"])


@pytest.mark.slow
def test_check_raises_a_claim_error_even_if_the_diagnosis_fails() -> None:
    """The answer None, for structured answers, makes the diagnosis fail."""
    for claim in CLAIMS.values():
        if claim.role.name in ("mini_batches", "build_circuit", "hidden_error", "backprop"):
            with pytest.raises(ClaimError):
                check(claim, lambda *arguments: None)
            with pytest.raises(ClaimError):
                check(claim, lambda: None)


# A class.

UPHILL = f"{DEF}{WRONG}"
DOWNHILL = f"{DEF}{RIGHT}"


@pytest.fixture
def pupils(tmp_path: Path) -> Path:
    """Return a folder with right and wrong files, one that fails, and one to ignore."""
    folder = tmp_path / "pupils"
    (folder / "late").mkdir(parents=True)
    (folder / "ada.py").write_text(DOWNHILL)
    (folder / "bob.py").write_text(UPHILL)
    (folder / "cleo.py").write_text("1 / 0\n")
    (folder / "dan.py").write_text("def other(): pass\n")
    (folder / "late" / "eve.py").write_text(DOWNHILL)
    (folder / "notes.txt").write_text("ada: late")
    return folder


@pytest.mark.slow
def test_a_class_is_a_table_of_files(pupils: Path) -> None:
    """Each file has a line with the claims that hold and fail, and why, in 80 columns."""
    done = run("grade", str(pupils))
    assert (done.returncode, done.stderr) == (1, "")
    assert max(map(len, done.stdout.splitlines())) <= 80
    shown = " ".join(done.stdout.split())
    for words in (
        "file passed failed ada 3 0",
        "bob 0 3 descent-step, descent-decreases, descent-steepest: the sign is flipped, +η for",
        "cleo 0 1 the file: line 1: ZeroDivisionError: division by zero",
        "dan 0 0 nothing to judge",
        "1 of 4 files pass",
        "skipped in pupils: 1 other file, 1 folder (see --recursive)",
    ):
        assert words in shown
    assert "by hand" not in done.stdout
    detailed = run("grade", str(pupils), "--details").stdout
    assert re.search(r"^  yours       \[.+\]\n  by hand     \[.+\]$", detailed, re.MULTILINE)
    assert re.search(r"^  line 2 +return \[p \+ eta \* slope for", detailed, re.MULTILINE)


def test_folders_in_folders_and_files_in_any_order(
    pupils: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Subfolders need --recursive; the status is 0 only if all claims hold."""
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", str(pupils / ".notes"))
    main(["grade", str(pupils), "--recursive", "--claims", "descent-step", "--jobs", "1"])
    assert "eve 1 0" in " ".join(capsys.readouterr().out.split())
    ada, eve = str(pupils / "ada.py"), str(pupils / "late")
    assert main(["grade", "--claims", "descent-step", "--", ada, eve]) == 0
    assert main(["grade", "--claims", "descent-step", ada, eve]) == 0
    assert main(["grade", ada, str(pupils / "bob.py"), "--claims", "descent-step"]) == 1
    capsys.readouterr()
    (pupils / "empty").mkdir()
    for arguments, words in (
        ([ada, "no.py"], "no.py: expected a Python file, got no such file"),
        ([str(pupils), "--jobs", "0"], "--jobs: expected a whole number of at least 1"),
        ([str(pupils / "empty")], "expected a folder with Python files in it, got none"),
    ):
        assert main(["grade", *arguments]) == 2
        printed = capsys.readouterr()
        assert (printed.out, printed.err.count("\n")) == ("", 1)
        assert words in printed.err


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.slow
def test_a_class_as_json_is_a_list_in_the_order_of_the_files(pupils: Path, jobs: str) -> None:
    """Each file has the same object as alone, for any number of jobs."""
    done = run("grade", str(pupils), "--json", "--jobs", jobs)
    assert done.stderr.startswith("tinynn grade: skipped in pupils")
    reports = json.loads(done.stdout)
    assert [os.path.basename(report["file"]) for report in reports] == [
        "ada.py",
        "bob.py",
        "cleo.py",
        "dan.py",
    ]
    assert [report["passed"] for report in reports] == [True, False, False, False]
    assert reports[1] == json.loads(run("grade", str(pupils / "bob.py"), "--json").stdout)


def test_one_file_cannot_change_the_others(pupils: Path) -> None:
    """All files are read before the first one runs."""
    (pupils / "aaa.py").write_text(
        "import os\nfolder = os.path.dirname(__file__)\n"
        "for name in os.listdir(folder):\n"
        "    try: open(os.path.join(folder, name), 'w').close()\n    except OSError: pass\n"
        f"{DOWNHILL}"
    )
    paths = sorted(map(str, pupils.glob("*.py")))
    reports = list(grade_all(paths, ["descent-step"]))
    assert [report.passed for report in reports] == [True, True, False, False, False]
    assert (pupils / "ada.py").read_text() == DOWNHILL


@POSIX
@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_during_a_class_keeps_the_finished_reports(pupils: Path, jobs: str) -> None:
    """The table has the finished files, and the status is 130."""
    (pupils / "zoe.py").write_text(f"import time\n{DEF}    time.sleep(999)\n")
    status, written = on_a_terminal(
        "grade", str(pupils), "--jobs", jobs, interrupt_after="4 of 5 files"
    )
    shown = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", written)
    assert status == 130
    assert "1 of 4 files pass" in shown
    assert "stopped: 4 of 5 files were judged" in shown
    assert "Traceback" not in shown
    assert max(map(len, re.split(r"[\r\n]+", shown))) <= 80


def test_a_diagnosis_is_shown_with_its_line() -> None:
    """The line of the file is above the diagnosis, below the numbers."""
    row = Row(
        "bp3",
        "bias_gradient",
        "numbers",
        line=2,
        code="return 2 * error",
        call="bias_gradient(error = [1])",
        got=[2.0],
        expected=[1.0],
        gave="[2]",
        wanted="[1]",
        arithmetic=("∂C/∂b_1 = δ_1 = 1",),
        diagnosis="a factor 2 is there: ∂C/∂b = δ.",
    )
    assert list(grades.details(row))[3:] == [
        ("called", "bias_gradient(error = [1])"),
        ("yours", "[2]"),
        ("by hand", "[1]"),
        ("", "∂C/∂b_1 = δ_1 = 1"),
        ("line 2", "return 2 * error"),
        ("looks like", "a factor 2 is there: ∂C/∂b = δ."),
    ]


def test_a_file_that_is_named_twice_is_judged_once(tmp_path: Path) -> None:
    """Its path and its folder name the same file."""
    file = tmp_path / "student.py"
    file.write_text("def nand(p, q): return 1 - p * q\n", encoding="utf-8")
    assert files_in([str(file), str(tmp_path), f"{tmp_path}/./student.py"])[0] == [str(file)]
