"""Every example runs unchanged, quickly, and shows something; a notebook, what it stores."""

from __future__ import annotations

import json
import linecache
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
NOTEBOOKS = sorted((ROOT / "examples").glob("*.ipynb"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.slow
def test_an_example_runs_and_says_something(path: Path, tmp_path: Path) -> None:
    """In any folder, within a minute, without a word on standard error."""
    done = subprocess.run(
        [sys.executable, str(path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert len(done.stdout.splitlines()) >= 3


# The notebooks: a chapter each, with outputs that are stored.


def cells_of(path: Path) -> list[dict[str, Any]]:
    """Return the cells, each with its text, the text that its outputs show, and its tags."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [
        {
            **cell,
            "text": "".join(cell["source"]),
            "shown": shown(cell.get("outputs", [])),
            "exercise": "raises-exception" in cell["metadata"].get("tags", []),
        }
        for cell in notebook["cells"]
    ]


def shown(outputs: Sequence[Mapping[str, Any]]) -> str:
    """Return the text of a cell's outputs; of a picture, that there is one."""
    text = ""
    for output in outputs:
        if output["output_type"] == "stream":  # which may be cut anywhere
            text += "".join(output["text"])
        elif output["output_type"] == "error":
            text += re.sub(r"\x1b\[[0-9;]*m", "", f"{output['ename']}: {output['evalue']}\n")
        else:
            text += f"{', '.join(sorted(output['data']))}\n"
    return text


def numbers_in(text: str) -> set[float]:
    found = re.findall(r"(?<![\w.^])\d[\d,]*(?:\.\d+)?", text)
    return {float(each.replace(",", "")) for each in found}


def test_each_chapter_has_its_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS] == [f"chapter_{n}" for n in range(1, 7)]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_holds_nothing_of_the_machine_it_ran_on(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"/home/|/root|/tmp|/usr/|/Users/|site-packages|\\u001b|ipykernel", text)
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    assert json.loads(text)["metadata"] == {
        "kernelspec": kernel,
        "language_info": {"name": "python"},
    }
    cells = cells_of(path)
    stem = path.stem.replace("_", "-")
    assert [each["id"] for each in cells] == [f"{stem}-{i:02}" for i in range(1, len(cells) + 1)]
    counts = [each["execution_count"] for each in cells if each["cell_type"] == "code"]
    assert counts == [*range(1, len(counts) + 1)]
    assert {key for each in cells for key in each["metadata"]} == {"tags"}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_an_exercise_of_a_notebook_shows_the_claim_that_its_blank_breaks(path: Path) -> None:
    exercises = [each for each in cells_of(path) if each["exercise"]]
    assert len(exercises) >= 3
    for each in exercises:
        (claim,) = re.findall(r'check\("([\w-]+)", \w+\)', each["text"])
        assert "..." in each["text"]
        assert each["shown"].startswith(f"ClaimError: {claim}: ")
    errors = [each for each in cells_of(path) if "Error: " in each["shown"]]
    assert errors == exercises


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_each_number_in_the_prose_of_a_notebook_is_in_a_cell_beside_it(path: Path) -> None:
    """All but 0 and 1, and the numbers of equations, chapters and exercises."""
    cells = cells_of(path)
    for before, cell, after in zip([cells[-1], *cells], cells, [*cells[1:], cells[0]]):
        if cell["cell_type"] == "markdown":
            prose = re.sub(r"`[^`]*`|\(\d+\)|[Cc]hapter \d|\*\*\d\.\*\*", "", cell["text"])
            beside = "\n".join(each["text"] + "\n" + each["shown"] for each in (before, after))
            assert numbers_in(prose) <= numbers_in(beside) | {0.0, 1.0}, cell["text"]


# What belongs into the blanks of the exercises, from the top.
SOLUTIONS = {
    "chapter_1": ["weights[j] * inputs[j]", "3", "v[j] - eta * gradient[j]"],
    "chapter_2": ["a * (1 - a)", "next_weights[k][j] * next_error[k]", "activations[k] * error[j]"],
    "chapter_3": [
        "(1 - y) * log(1 - a)",
        "exp(z - largest) / total",
        "(1 - eta * lmbda / n) * weights[j][k]",
    ],
    "chapter_4": ["-w * s", "-height * falling", "slope / (2 * error)"],
    "chapter_5": [
        "weights[j] * sigmoid_prime(weighted_inputs[j])",
        "sum(column) / len(column)",
        "-w1 / 2",
        "4 / w1",
    ],
    "chapter_6": [
        "weights[r][s] * image[j + r][k + s]",
        "k * size + s",
        "activations[j + r][k + s] * error[j][k]",
    ],
}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.slow
def test_an_exercise_of_a_notebook_is_right_with_its_blanks_filled_in(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    exercises = [each["text"] for each in cells_of(path) if each["exercise"]]
    solved = "\n\n".join(exercises)
    for solution in SOLUTIONS[path.stem]:
        solved = solved.replace("...", solution, 1)
    assert "..." not in solved
    lines = f"from tinynn.teaching import check\n{solved}"
    name = f"<{path.stem}>"  # with its source, as in a notebook
    linecache.cache[name] = (len(lines), None, lines.splitlines(True), name)
    exec(compile(lines, name, "exec"), {"__name__": path.stem})
    assert capsys.readouterr().out == "right\n" * len(exercises)


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_what_is_stored_when_it_is_run(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Top to bottom, in a folder without data, in less than 30 seconds of processor time."""
    pytest.importorskip("ipykernel", reason="needs ipykernel: pip install '.[notebooks]'")
    runner = pytest.importorskip("nbclient", reason="needs nbclient: pip install '.[notebooks]'")
    import nbformat

    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))  # the settings of whoever runs this stay out
    monkeypatch.delenv("TINYNN_DATA", raising=False)
    notebook = nbformat.read(path, as_version=4)
    before = os.times()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the runner and its libraries
        runner.NotebookClient(
            notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
        ).execute()
    after = os.times()
    taken = after.children_user + after.children_system
    assert taken - before.children_user - before.children_system < 30
    for stored, fresh in zip(cells_of(path), notebook.cells):
        assert shown(fresh.get("outputs", [])) == stored["shown"], stored["text"]
