"""The front page and the guide are true: their sessions, commands, links and map."""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.helpers.docs import GUIDE, PAGES, README, ROOT
from tests.mnist import FOLDER
from tests.test_house import ROOMS
from tests.test_photos import four, row_picture
from tinynn.cli import main

each_page = pytest.mark.parametrize("page", PAGES)


def blocks(language: str, page: str = "README.md") -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", PAGES[page], re.MULTILINE | re.DOTALL)


def commands(page: str = "README.md") -> list[str]:
    """Every line of every shell block."""
    return [line for block in blocks("sh", page) for line in block.splitlines()]


@each_page
def test_every_code_block_is_of_a_kind_that_is_tested(page: str) -> None:
    """Shell commands and Python sessions; nothing else could go stale unseen."""
    assert len(re.findall(r"^```\w+", PAGES[page], re.MULTILINE)) == len(
        blocks("sh", page) + blocks("python", page) + blocks("pdb", page)
    )


def test_the_front_page_is_a_door() -> None:
    """It can be read in some minutes; what is longer is in the guide."""
    assert len(README.splitlines()) < 300


@each_page
def test_every_link_leads_somewhere(page: str) -> None:
    """Files that exist, and headings of the page that is linked."""
    folder = (ROOT / page).parent
    words = re.sub(r"^```.*?^```|`[^`\n]*`", "", PAGES[page], flags=re.MULTILINE | re.DOTALL)
    for path, place in re.findall(r"\]\(([^)#:]*)(?:#([^)]*))?\)", words):
        target = folder / path if path else ROOT / page
        assert target.exists(), path
        if place:
            headings = re.findall(r"^##+ (.*)$", target.read_text(encoding="utf-8"), re.MULTILINE)
            anchors = [re.sub(r"[^\w -]", "", each.lower()).replace(" ", "-") for each in headings]
            assert place in anchors, f"{place} is none of {anchors}"


@each_page
@pytest.mark.slow
def test_the_python_sessions_print_what_the_page_says(page: str) -> None:
    """The numbers are real."""
    for session in blocks("python", page):
        test = doctest.DocTestParser().get_doctest(session, {}, page, page, 0)
        assert test.examples
        wrong: list[str] = []
        doctest.DocTestRunner(verbose=False).run(test, out=wrong.append)
        assert not wrong, "".join(wrong)


@each_page
@pytest.mark.slow
def test_the_commands_work_as_written_one_after_the_other(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`tinynn …` in an empty folder, in the order of the page; MNIST where it is at hand."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TINYNN_DATA", str(FOLDER))
    ours = [line for line in commands(page) if "pip install" not in line]
    assert len(ours) >= 8
    shutil.copy(ROOT / "examples" / "exercise_backprop.py", tmp_path)
    image = pytest.importorskip("PIL.Image")
    for name, grey in (("photo.jpg", four()), ("row.png", row_picture())):
        size = len(grey[0]), len(grey)
        image.frombytes("L", size, bytes(round(p) for row in grey for p in row)).save(name)
    for command in ["tinynn train --epochs 1", *ours]:
        program, *arguments = shlex.split(command)
        assert program == "tinynn", command
        if ("mnist" in arguments or arguments[0] == "reproduce") and not FOLDER.is_dir():
            continue  # test_mnist says that it is missing
        if arguments[0] == "draw":
            continue  # it needs a terminal: tests/test_draw.py draws
        if arguments[-1] == "overfitting":
            arguments += ["--epochs", "5"]  # tests/test_reproduce.py has all of them
        if arguments[0] == "tune":
            if arguments == ["tune", "--fast"]:
                continue  # tests/test_tuning.py runs it
            arguments += ["--epochs", "1", "--jobs", "2"]
        if arguments[0] == "train" and "mnist" in arguments:
            arguments += ["--epochs", "1"]  # the thirty of the README are for people
        if "--wrong-labels" in arguments or arguments[:2] == ["train", "--layers"]:
            arguments += ["--epochs", "2"]  # tests/test_overfitting.py has all of them
        if arguments[-1] in ("xor", "circle", "spiral"):
            arguments += ["--epochs", "2"]  # tests/test_rows.py has all of them
        if "--expand" in arguments:
            arguments += ["--runs", "1", "--epochs", "2"]  # its numbers are in test_expanded.py
        status = 1 if arguments[0] == "grade" else 0  # the blanks of an exercise fail
        assert main(arguments) == status, f"{command}: {capsys.readouterr().err}"
    assert capsys.readouterr().out


def test_the_extras_that_the_pages_name_exist() -> None:
    """`pip install ".[test]"` and the like."""
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for extra in set(re.findall(r'"\.\[(\w+)\]"', README + GUIDE)):
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE), extra


SET_UP = [
    "python3 -m venv .venv && . .venv/bin/activate && pip install . && tinynn train",
    '. .venv/bin/activate && pip install ".[test]" && pytest',
]


def test_the_set_up_commands_make_an_environment_first() -> None:
    """A stock Debian or Ubuntu Python takes no `pip install`; Windows has a line for itself."""
    assert [line for line in commands() if "pip install" in line] == SET_UP
    assert r".venv\Scripts\activate" in README
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    least = re.search(r'requires-python = ">=([\d.]+)"', project)
    assert least
    assert f"Python {least[1]} or later" in README


def test_the_gate_runs_the_two_set_up_commands_in_this_order() -> None:
    """As written, then lint and types in another environment."""
    gate = ROOT / ".ci" / "run"
    if not gate.exists():
        pytest.skip("needs a checkout: an installed package has no gate beside it")
    lines = gate.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if "&& pip install" in line] == SET_UP
    after = lines[lines.index(SET_UP[1]) :]
    for command in ('python3 -m venv "$clean/lint"', "ruff check .", "mypy"):
        assert command in after, command


def test_the_book_is_one_click_from_the_first_paragraph() -> None:
    """A link, before the first picture."""
    first = README.split("![")[0]
    assert "](http://neuralnetworksanddeeplearning.com)" in first


def test_the_readme_is_in_a_newcomers_order() -> None:
    """Watch, look, step, judge your own code; then the map; benchmarks last."""
    order = ["tinynn train\n", "tinynn show", "tinynn step\n", "tinynn grade", "from tinynn import"]
    order += ["tinynn train --sizes", "tinynn data mnist", "## Map", "benchmarks/pure.py"]
    places = [README.index(words) for words in order]
    assert places == sorted(places)


@pytest.mark.slow
def test_a_plain_install_trains_in_any_folder(tmp_path: Path) -> None:
    """`pip install . && tinynn train`, in a fresh environment and an empty folder."""
    venv.create(tmp_path / "venv", with_pip=True)
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    pip = [str(scripts / "pip"), "install", "--quiet", "--disable-pip-version-check", "."]
    installed = subprocess.run(
        pip, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    if installed.returncode and "CI" not in os.environ:
        pytest.skip(f"pip could not install, perhaps offline: {installed.stderr[-200:]}")
    assert installed.returncode == 0, installed.stderr
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    done = subprocess.run(
        [str(scripts / "tinynn"), "train", "--epochs", "1"],
        cwd=elsewhere,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"Epoch 0: \d+ / 500\n", done.stdout)
    assert not list(elsewhere.iterdir()), "nothing is left lying about"


def test_the_map_names_every_module_in_reading_order() -> None:
    """The table is the import order that test_house holds the code to."""
    named = re.findall(r"^\| [^|]*\| `(\w+)(?:\.py|/)`", README, re.MULTILINE)
    assert named == [room for room in ROOMS if not room.startswith("__")]


def test_everything_that_the_readme_points_to_is_there() -> None:
    """Files, and modules that can be run."""
    for path in re.findall(r"`?((?:examples|data)/[\w.]+)", README + GUIDE):
        assert (ROOT / path).exists(), path
    for module in re.findall(r"python -m (tinynn\.[\w.]+)", README + GUIDE):
        assert (ROOT / (module.replace(".", "/") + ".py")).exists(), module


@pytest.mark.parametrize(
    "module", sorted(path.stem for path in (ROOT / "tinynn" / "views").glob("[!_]*.py"))
)
@pytest.mark.slow
def test_every_view_is_a_demo(module: str) -> None:
    """`python -m tinynn.views.digit` shows it; what views are built from may show nothing."""
    if module in ("axes", "blocks", "lines", "live") or module.endswith("_lines"):
        return
    done = subprocess.run(
        [sys.executable, "-m", f"tinynn.views.{module}"],
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
