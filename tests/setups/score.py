"""Score ``diagnose`` on a set of set-ups: python -m tests.setups.score set1.

A set is a folder of Python files, ``broken_*.py`` and ``healthy_*.py``. Each has a first line,
``# cause: NAME`` or ``# healthy``, and a function ``setup()`` that returns a Run in a few seconds.
A set is written by someone who knows README alone, and committed before the first run on it.

First runs: of set1 16 of 20 broken ones were named right, and no healthy one was called ill; of
set3 18, and none. Of set2 and set3 the code had seen drafts, which differ in about half of the
files: of those of set2 17 were named right at first, and two healthy ones were called ill; of those
of set3 18, and one. No set-up was changed to suit the code.
"""

from __future__ import annotations

import argparse
import runpy
import sys
import warnings
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from tinynn import diagnose

SETS = Path(__file__).parent


class Outcome(NamedTuple):
    """A set-up: the cause it was given, "" for a healthy one, and the names that were found."""

    file: str
    expected: str
    named: list[str]
    seconds: float

    @property
    def is_right(self) -> bool:
        """Whether the likeliest cause is the one expected, or nothing is found where none is."""
        return (self.named or [""])[0] == self.expected


def outcome(path: Path) -> Outcome:
    """Return what is found in one set-up."""
    first = path.read_text(encoding="utf-8").splitlines()[0].lstrip("# ").strip()
    kind, _, cause = first.partition(":")
    if kind not in ("cause", "healthy"):
        raise SystemExit(f"{path}: expected # cause: NAME or # healthy in the first line")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = runpy.run_path(str(path))["setup"]()
        began = perf_counter()
        named = [each.name for each in diagnose(run)]
    return Outcome(path.name, cause.strip(), named, perf_counter() - began)


def main() -> None:
    """Print a line for each set-up, then the totals."""
    parser = argparse.ArgumentParser(description="Score diagnose on set-ups.")
    parser.add_argument("sets", nargs="+", help="a folder beside this file, or a path")
    files = [path for name in parser.parse_args().sets for path in _files(name)]
    found = []
    for path in files:
        found.append(outcome(path))
        each = found[-1]
        mark = "right" if each.is_right else "WRONG"
        named = f"{', '.join(each.named) or 'nothing'} ({each.seconds:.1f} s)"
        print(f"{mark} {each.file:<34} {each.expected or 'healthy':<24} {named}")
        sys.stdout.flush()
    ill = [each for each in found if each.expected]
    well = [each for each in found if not each.expected]
    among = sum(each.expected in each.named for each in ill)
    right = sum(each.is_right for each in ill)
    print(f"{right} of {len(ill)} broken named right ({among} among others)")
    print(f"{sum(not each.is_right for each in well)} of {len(well)} healthy called ill")


def _files(name: str) -> list[Path]:
    folder = SETS / name if (SETS / name).is_dir() else Path(name)
    return sorted([*folder.glob("broken_*.py"), *folder.glob("healthy_*.py")])


if __name__ == "__main__":
    main()
