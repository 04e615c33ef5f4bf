"""Whole files of learners, right and wrong, judged by the grader.

A wrong file states its mistake (``# mistake:``) and the claims that it breaks (``# fails:``) in
its first lines. The files of the first set name the known mistakes; the authors of the others had
seen only the README.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tinynn.teaching import grade_all
from tinynn.teaching.claims import CLAIMS
from tinynn.teaching.grader import Report

STUDENTS = Path(__file__).resolve().parent / "students"
# The number of wrong files in a set, and how many of their mistakes are named: by a mistake of the
# lesson, an edit, or a repair; narrowing sentences do not count.
SETS = {"": (40, 39), "set1": (40, 34), "set2": (40, 34), "set3": (40, 34), "set4": (40, 32)}
FOUND = ("edit", "repair", "narrowed")  # names of diagnoses that are not mistakes of a lesson
EVERY_SET = pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=[pytest.mark.whole] * bool(name), id=name or "set0")
        for name in SETS
    ],
)
RIGHT = {"": 20, "set1": 15, "set2": 15, "set3": 15, "set4": 15}


def files(name: str, kind: str) -> list[Path]:
    """Return the right or the wrong files of a set."""
    return sorted((STUDENTS / name).glob(f"{kind}_*.py"))


@cache
def reports(name: str, kind: str) -> dict[str, Report]:
    """Return the reports on the files of a set; two processes judge them."""
    paths = [str(path) for path in files(name, kind)]
    judged = grade_all(paths, jobs=2, time_limit=120.0)
    return {Path(report.file).stem: report for report in judged}


def heading(path: Path, key: str) -> set[str]:
    """Return the words of a wrong file's heading."""
    found = re.search(f"^# {key}: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{path.stem} does not say its {key}"
    return set(found[1].split())


def failed(report: Report) -> set[str]:
    """Return the claims that a file breaks."""
    return {row.claim for row in report.rows if row.kind}


@EVERY_SET
def test_a_set_has_the_stated_number_of_files(name: str) -> None:
    """Each wrong file names the claims that it breaks."""
    wrong = files(name, "wrong")
    assert (len(wrong), len(files(name, "right"))) == (SETS[name][0], RIGHT[name])
    for path in wrong:
        assert heading(path, "fails") <= {*CLAIMS}, path.stem


def test_every_set_is_judged() -> None:
    """SETS has all folders."""
    assert {path.name for path in STUDENTS.glob("set*")} == {name for name in SETS if name}


@EVERY_SET
@pytest.mark.slow
def test_a_right_solution_passes_in_every_style(name: str) -> None:
    """Lists, NumPy, columns, rows, recursion, classes and single precision pass every claim."""
    for stem, report in reports(name, "right").items():
        assert report.passed, (stem, [row for row in report.rows if row.kind])


@EVERY_SET
@pytest.mark.slow
def test_a_wrong_solution_fails_only_for_its_wrong_functions(name: str) -> None:
    """One of its stated claims fails; other claims fail only about the same functions."""
    for path in files(name, "wrong"):
        found, fails = failed(reports(name, "wrong")[path.stem]), heading(path, "fails")
        assert found & fails, (path.stem, "passes", fails)
        wrong = {CLAIMS[claim].role.name for claim in fails}
        blamed = {CLAIMS[claim].role.name for claim in found}
        assert blamed <= wrong, (path.stem, found)


@pytest.mark.slow
def test_a_known_mistake_is_never_confused_with_another() -> None:
    """If the diagnosis names a mistake of a lesson, it is the one that the file names."""
    for path in files("", "wrong"):
        report = reports("", "wrong")[path.stem]
        said = {row.mistake for row in report.rows if row.mistake and row.mistake not in FOUND}
        assert said <= heading(path, "mistake"), path.stem


@EVERY_SET
@pytest.mark.slow
def test_the_diagnosis_names_nearly_every_mistake(name: str) -> None:
    """Nearly every other one gets at least a narrowing sentence."""
    wrong = reports(name, "wrong")
    said = {stem: {row.mistake for row in each.rows if row.mistake} for stem, each in wrong.items()}
    named = [stem for stem, each in said.items() if each - {"narrowed"}]
    assert len(named) >= SETS[name][1], {stem: said[stem] for stem in said if stem not in named}
    narrowed = [stem for stem, each in said.items() if each]
    assert len(narrowed) >= 0.95 * len(said), [stem for stem in said if not said[stem]]


@EVERY_SET
@pytest.mark.slow
def test_a_repair_names_a_line_of_the_file(name: str) -> None:
    """The line exists, and is not empty."""
    for path in files(name, "wrong"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for row in reports(name, "wrong")[path.stem].rows:
            if row.mistake == "repair":
                assert row.line is not None
                assert 0 < row.line <= len(lines), row
                assert lines[row.line - 1].strip(), row
