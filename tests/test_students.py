"""Whole files of learners, right ones in every style and wrong ones, through the whole grader.

A wrong file says in its head what is wrong (``# mistake:``) and which claims it breaks
(``# fails:``). The files of the first set name the known mistakes; the others were written by
people who had seen the README alone.
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
# How many files of a set are wrong, and of how many of these the mistake is named: by a row of the
# lesson, by an edit, or by the line that mends it; what is narrowed only is not counted.
SETS = {"": (40, 39), "set1": (40, 34), "set2": (40, 34), "set3": (40, 34), "set4": (40, 32)}
FOUND = ("edit", "repair", "narrowed")  # what a diagnosis is called where no row of a lesson is it
EVERY_SET = pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=[pytest.mark.slow] * bool(name), id=name or "set0") for name in SETS],
)
RIGHT = {"": 20, "set1": 15, "set2": 15, "set3": 15, "set4": 15}


def files(name: str, kind: str) -> list[Path]:
    """The files of a set that are right, or wrong."""
    return sorted((STUDENTS / name).glob(f"{kind}_*.py"))


@cache
def reports(name: str, kind: str) -> dict[str, Report]:
    """Every file of a set, judged by two processes."""
    paths = [str(path) for path in files(name, kind)]
    judged = grade_all(paths, jobs=2, time_limit=120.0)
    return {Path(report.file).stem: report for report in judged}


def heading(path: Path, key: str) -> set[str]:
    """The words that a wrong file says of itself."""
    found = re.search(f"^# {key}: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"{path.stem} does not say its {key}"
    return set(found[1].split())


def failed(report: Report) -> set[str]:
    """The claims that a file breaks."""
    return {row.claim for row in report.rows if row.kind}


@EVERY_SET
def test_a_set_has_as_many_files_as_were_promised(name: str) -> None:
    """None is lost, and each wrong one says what it breaks."""
    wrong = files(name, "wrong")
    assert (len(wrong), len(files(name, "right"))) == (SETS[name][0], RIGHT[name])
    for path in wrong:
        assert heading(path, "fails") <= {*CLAIMS}, path.stem


def test_every_set_is_judged() -> None:
    """A folder that is added is not forgotten here."""
    assert {path.name for path in STUDENTS.glob("set*")} == {name for name in SETS if name}


@EVERY_SET
def test_a_right_solution_passes_in_every_style(name: str) -> None:
    """Lists, NumPy, columns, rows, recursion, classes, single precision: every claim holds."""
    for stem, report in reports(name, "right").items():
        assert report.passed, (stem, [row for row in report.rows if row.kind])


@EVERY_SET
def test_a_wrong_solution_fails_where_it_is_wrong(name: str) -> None:
    """A claim that it breaks fails; another one only if it is about the same function."""
    for path in files(name, "wrong"):
        came, fails = failed(reports(name, "wrong")[path.stem]), heading(path, "fails")
        assert came & fails, (path.stem, "passes", fails)
        wrong = {CLAIMS[claim].role.name for claim in fails}
        blamed = {CLAIMS[claim].role.name for claim in came}
        assert blamed <= wrong, (path.stem, came)


def test_a_known_mistake_is_never_taken_for_another() -> None:
    """Where a row of a lesson is named, it is the mistake that the file names."""
    for path in files("", "wrong"):
        report = reports("", "wrong")[path.stem]
        said = {row.mistake for row in report.rows if row.mistake and row.mistake not in FOUND}
        assert said <= heading(path, "mistake"), path.stem


@EVERY_SET
def test_the_diagnosis_names_nearly_every_mistake(name: str) -> None:
    """What is wrong, in words; and of nearly every other one, where."""
    wrong = reports(name, "wrong")
    said = {stem: {row.mistake for row in each.rows if row.mistake} for stem, each in wrong.items()}
    named = [stem for stem, each in said.items() if each - {"narrowed"}]
    assert len(named) >= SETS[name][1], {stem: said[stem] for stem in said if stem not in named}
    narrowed = [stem for stem, each in said.items() if each]
    assert len(narrowed) >= 0.95 * len(said), [stem for stem in said if not said[stem]]


@EVERY_SET
def test_a_repair_names_a_line_of_the_function_that_it_mends(name: str) -> None:
    """The line exists, and holds what the words say is to be replaced."""
    for path in files(name, "wrong"):
        lines = path.read_text(encoding="utf-8").splitlines()
        for row in reports(name, "wrong")[path.stem].rows:
            if row.mistake == "repair":
                assert row.line is not None
                assert 0 < row.line <= len(lines), row
                assert lines[row.line - 1].strip(), row
