"""The mutation benchmark of the properties: ``python tests/benchmarks/mutants.py``.

It breaks the formula code of the engine in one place at a time, and runs the tests of the chapters,
which include the claims, until the first one fails. It prints one table: how many mutants were
killed, how many survived, and how many failures named the broken equation.

The changes are those edits of the teaching kit, ``tinynn.teaching.edits``, that change one or two
characters of a formula: see `is_simple`. Each mutant has its own process, forked from one that has
imported pytest and Hypothesis but not tinynn. An import hook loads the changed module, and no file
of the repository is changed. The tests of the module itself run first.

A mutant with the numbers of the original in all drawn calls is *the same function*: no test could
distinguish it. It is counted separately, and only the tests of its module run against it.
"""

from __future__ import annotations

import argparse
import ast
import json
import linecache
import os
import re
import resource
import runpy
import shutil
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from importlib.machinery import SourceFileLoader
from importlib.util import spec_from_file_location as spec_of
from pathlib import Path
from typing import Any, NamedTuple, Optional

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 30  # a single test that takes longer counts as an endless loop

# Each module with its own tests, which run first, and its formula functions (default: all).
TABLE = r"""
equations.dense: equations | activations: activations | equations.costs: costs softmax penalties
equations.softmax: softmax | equations.tanh: tanh | neurons: neurons circuits | descent: descent
layers.dense: network | equations.updates: training penalties | equations.momentum: momentum
equations.chain: vanishing: (chain|window|error).*
equations.convolution: convolution | equations.pooling: convolution
equations.dropout: dropout | layers.dropout: dropout | randomness: dropout: Masks.draw
costs: costs: Cost.error | training.examples: training: mini_batches
training.run: training: _order | training.stopping: stopping: .*(left|_share)
network: network momentum: Network.(forward|backprop|_gradient_sum|_step|_rolling_step|_ahead)
teaching.lessons.neurons: claims diagnosis: nand|half_adder|looked_up
teaching.lessons.learning: claims diagnosis: .*_of
teaching.lessons.backprop: claims diagnosis: .*_of
teaching.lessons.improving: claims diagnosis: last_epoch
universality: universality: chapter_function|step_.*|bump|bumps_sum|inverse_sigmoid|tower
teaching.lessons.universality: claims diagnosis: even_bumps|bumps_enough|tower_bias|relu_step
teaching.lessons.vanishing: claims diagnosis: mean_length|identity_of
"""
ROWS = [f"{row}: .*".split(": ") for row in re.split(r" \| |\n", TABLE.strip())]
MODULES = {module: (tests.split(), functions) for module, tests, functions, *_ in ROWS}
LESSONS = "teaching.lessons."  # functions that only the kit's tests use; they are read as text
TESTS = [name for module, (tests, _) in MODULES.items() if LESSONS not in module for name in tests]
# Not formulas: a neuron's repr, the words of an error, and guards.
TEXT = re.compile(r"__\w+__|_short|_not_positive_definite|require_\w+|activation_named|masked")
GUARD = re.compile(r"^(\w+ = )?(require_|finite_float|\[\d\.\d|raise |def |@)|f'|isinstance|type\(")
# The tokens that a simple change removes from a line and adds to it.
TOKEN = re.compile(r"\d[\d.]*(?:e-\d+)?|\w+|[<>=!+*/-]+|[^\w\s]")
SIMPLE = re.compile(
    r" → (\+ 1|- 1|1 ,|, 1|not)?"  # sides or indices swapped; a bound; a condition negated
    r"|- → \+|\+ → -|\* → /|/ → \*|\*\* → \*|\+= → -?=|-= → \+?=|max → min|min → max|and → or"
    r"|> → (>=|<)|>= → (>|<=)|< → (<=|>)|<= → (<|>=)|== → !=|!= → ==|[jklimn] → [jklimn]|or → and"
    r"|(?!.*(Vector|wrap|,|len|zip|list|entries|rows|range|value|derivative)).+ → "  # left out
)


# The mutants: the simple edits of the kit.


def path_of(module: str) -> Path:
    """Return the file of a module of the engine."""
    return (ROOT / "tinynn").joinpath(*module.split(".")).with_suffix(".py")


EDITS_OF = runpy.run_path(str(path_of("teaching.edits")))["edits_of"]  # without importing tinynn


class Mutant(NamedTuple):
    """One change in one place of a module's tree."""

    module: str
    function: str
    line: int
    change: str
    tree: ast.Module
    edit: Any

    def __str__(self) -> str:
        """Return the place, the function, and the line before and after."""
        return f"{self.module}:{self.line}  {self.function}:  {self.change}"

    def changed(self) -> ast.stmt:
        """Return the changed function alone, without registering it again."""
        with self.edit.made():
            text = ast.unparse(dict(functions_of(self.tree))[self.function])
        return ast.parse(text[text.index("def ") :]).body[0]


def is_simple(edit: Any, before: str, after: str, function: str) -> bool:
    """Return whether an edit changes an index, an operand, a bound, a sign, a constant or similar.

    Not simple are moved statements; other functions, names and lengths; wrapped expressions and
    double factors; matrix products; all but the nearest operators and comparisons; numbers more
    than 1 away; later indices; and changes of a type, such as a missing variable or a bare list.
    """
    if GUARD.search(before) or re.search(r"\[\w+ \+ 1\]", after) or edit.moved not in ("", "out"):
        return False
    if edit.moved:
        name, assigned, _ = before.partition(" = ")
        return (
            not (assigned and name.isidentifier())
            or len(re.findall(rf"\n +{name} = ", function)) > 1
        )
    old, new = Counter(TOKEN.findall(before)), Counter(TOKEN.findall(after))
    out, put = [*(old - new).elements()], [*(new - old).elements()]
    if len(out) == len(put) == 1 and out[0][0].isdigit() and put[0][0].isdigit():
        return 0 < float(out[0]) < 0.05 or abs(float(out[0]) - float(put[0])) == 1.0
    return SIMPLE.fullmatch(f"{' '.join(out)} → {' '.join(put)}") is not None


def functions_of(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield every function and method by its qualified name."""
    for node in tree.body:
        where = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        for each in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(each, ast.FunctionDef):
                yield where + each.name, each


def mutants_of(module: str, source: str) -> list[Mutant]:
    """Return the mutants of a module, function by function; equal texts are one mutant."""
    found: dict[tuple[str, int, str], Mutant] = {}
    tree = ast.parse(source)
    for name, function in functions_of(tree):
        if TEXT.fullmatch(function.name) or not re.fullmatch(MODULES[module][1], name):
            continue
        text = ast.unparse(function)
        simple = True
        for edit in EDITS_OF(name, function):
            if not simple and not edit.moved and not edit.written:
                break  # after the statements, the kit yields wrapped expressions
            simple = simple and not edit.moved and not edit.written
            before, after = edit.texts()
            after = "pass" if edit.moved else after
            if before != after and is_simple(edit, before, after, text):
                key = name, edit.line, f"{before} → {after}"
                found.setdefault(key, Mutant(module, *key, tree, edit))
    return list(found.values())


def all_mutants() -> list[Mutant]:
    """Return the mutants of every module; their places in this list, from 1, are their numbers."""
    sources = ((module, path_of(module).read_text(encoding="utf-8")) for module in MODULES)
    return [mutant for module, source in sources for mutant in mutants_of(module, source)]


# One mutant, in its own process.


class Outcome(NamedTuple):
    """The fate of a mutant: the first failing test, and pytest's report on it."""

    kind: str  # killed, timeout, survived, same
    test: str = ""
    text: str = ""


class MutantFinder(SourceFileLoader):
    """An import hook that replaces a module by a changed tree, and does not change its file."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(f"tinynn.{mutant.module}", str(path_of(mutant.module)))
        with mutant.edit.made():
            tree: Any = ast.fix_missing_locations(mutant.tree)
            if LESSONS in mutant.module:  # its functions are read as text
                tree = ast.unparse(tree)
                linecache.cache[self.path] = 0, None, tree.splitlines(keepends=True), self.path
            self.code = compile(tree, self.path, "exec", dont_inherit=True)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> Any:
        """Return the spec of the changed module, or None for any other."""
        return spec_of(fullname, self.path, loader=self) if fullname == self.name else None

    def get_code(self, fullname: str) -> Any:
        """Return the compiled changed module."""
        return self.code


class Watch:
    """A pytest plugin: a limit for each test, claims first, and the first failure."""

    def __init__(self, report: Path) -> None:
        self.report = report

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        """Move the tests marked with a chapter to the front of their file."""
        files, chapters = [item.path for item in items], {"ch1", "ch2", "ch3", "ch5", "ch6"}
        items.sort(key=lambda item: (files.index(item.path), not chapters & {*item.keywords}))

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """Start the clock."""
        late = Outcome("timeout", nodeid)
        signal.signal(signal.SIGALRM, lambda *_: (self.tell(late), os._exit(0)))
        signal.alarm(SECONDS)

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Keep the first failure as pytest would print it."""
        if report.failed and not self.report.exists():
            self.tell(Outcome("killed", report.nodeid, report.longreprtext))

    def tell(self, outcome: Outcome) -> int:
        """Write the outcome for the parent; return its length."""
        return self.report.write_text(json.dumps(outcome), encoding="utf-8")


def prepare(folder: Path) -> None:
    """Import everything that a child needs except tinynn; keep caches in the folder."""
    # A process with threads must not be forked, and Hypothesis's plugins would import tinynn.
    os.environ.update(OPENBLAS_NUM_THREADS="1", HYPOTHESIS_NO_PLUGINS="1")
    os.environ.update(HYPOTHESIS_PROFILE="ci", HYPOTHESIS_STORAGE_DIRECTORY=str(folder / "found"))
    sys.pycache_prefix = str(folder / "pycache")
    sys.path.insert(0, str(ROOT))
    import hypothesis
    import numpy  # noqa: F401
    import pytest  # noqa: F401

    hypothesis.find(hypothesis.strategies.floats(), lambda x: x > 1.0)  # initialise it


def run_tests(mutant: Optional[Mutant], same: bool, first: Sequence[str], own: Path) -> None:
    """Run, in a child, the tests on a mutant until one fails, those of its module first."""
    import pytest

    sys.meta_path[:0] = [MutantFinder(mutant)] if mutant else []
    others = [] if same or (mutant and LESSONS in mutant.module) else TESTS
    watch = Watch(own / "outcome")
    options = ["-x", "-p", "no:cacheprovider", "-o", "addopts=", f"--basetemp={own / 'tmp'}"]
    # The warnings about import and use before the fork.
    options += ["-Wignore::pytest.PytestWarning", "-Wignore::hypothesis.errors.HypothesisWarning"]
    for names in (first, dict.fromkeys(name for name in others if name not in first)):
        files = [f"tests/test_{name}.py" for name in names]
        if files and pytest.main([*options, *files], plugins=[watch]) != 0:
            return
    watch.tell(Outcome("same" if same else "survived"))


def fork(work: Any, own: Path) -> int:
    """Return the process number of a child that works with limits and its own folder."""
    own.mkdir()
    child = os.fork()
    if child:
        return child
    try:
        resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
        resource.setrlimit(resource.RLIMIT_CPU, (20 * SECONDS, 20 * SECONDS))
        opened = os.open(own / "output", os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, 1)
        os.dup2(opened, 2)
        os.chdir(ROOT)
        work(own)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        os._exit(0)


def outcomes(works: Sequence[Any], jobs: int, folder: Path) -> Iterator[tuple[int, Outcome]]:
    """Yield the index and the outcome of each work; ``jobs`` of them run at once."""
    waiting, running = [*range(len(works))], dict[int, int]()
    try:
        while waiting or running:
            if waiting and len(running) < jobs:
                at = waiting.pop()
                running[fork(works[at], folder / str(at))] = at
                continue
            at = running.pop(os.wait()[0])
            own = folder / str(at)
            # If no test ran, the mutant survived.
            outcome = Outcome("survived", "no test was run", (own / "output").read_text("utf-8"))
            if (own / "outcome").exists():
                outcome = Outcome(*json.loads((own / "outcome").read_text(encoding="utf-8")))
            shutil.rmtree(own)
            yield at, outcome
    finally:
        for child in running:
            os.kill(child, signal.SIGKILL)


# The table.


# A mutant, its outcome, and whether its equation was named (None: it has no equation).
Result = tuple[Mutant, Outcome, Optional[bool]]


def ask(mutants: Sequence[Mutant], own: Path) -> None:
    """Write, in a child, which mutants are the same function, and what a failure must name."""
    from tests.helpers.naming import words_for
    from tests.helpers.sameness import is_same

    known = [(is_same(m.module, m.function, m.changed()), words_for(m.function)) for m in mutants]
    (own / "outcome").write_text(json.dumps(known), encoding="utf-8")


def measure(mutants: Sequence[Mutant], jobs: int, unbroken: bool) -> list[Result]:
    """Return the results; with ``unbroken``, exit unless the unchanged engine passes the tests."""
    with tempfile.TemporaryDirectory() as name:
        prepare(folder := Path(name))
        os.waitpid(fork(partial(ask, mutants), folder / "engine"), 0)
        print((folder / "engine" / "output").read_text("utf-8"), end="", file=sys.stderr)
        known = json.loads((folder / "engine" / "outcome").read_text(encoding="utf-8"))
        tests = [MODULES[mutant.module][0] for mutant in mutants]
        works = [partial(run_tests, m, known[i][0], tests[i]) for i, m in enumerate(mutants)]
        works += [partial(run_tests, None, False, [*dict.fromkeys(sum(tests, []))])] * unbroken
        found: dict[int, Result] = {}
        for at, outcome in outcomes(works, jobs, folder):
            if at < len(mutants):
                of = known[at][1] if outcome.kind == "killed" else []
                named = any(re.search(each, outcome.text) for each in of) if of else None
                found[at] = mutants[at], outcome, named
            elif outcome != Outcome("survived"):
                sys.exit(f"the unchanged engine fails {outcome.test}\n{outcome.text}")
        return [found[at] for at in sorted(found)]


def row(name: str, results: Sequence[Result]) -> str:
    """Return one row of the table; its shares are rounded down."""
    kinds, named = Counter(each[1].kind for each in results), Counter(each[2] for each in results)
    right, of = named[True], named[True] + named[False] or float("nan")
    killed, real = kinds["killed"] + kinds["timeout"], len(results) - kinds["same"] or float("nan")
    counts = [len(results), *(kinds[kind] for kind in ("killed", "timeout", "survived", "same"))]
    shares = [f"{1000 * some // all_ / 10:8.1f} %" for some, all_ in ((killed, real), (right, of))]
    cells = f"{name:28}", *(f"{count:10}" for count in counts), *shares
    return "".join(cells).replace("nan %", "    -")


def main() -> int:
    """Print the table; return 0 if every mutant is killed and named right."""
    parser = argparse.ArgumentParser(description="Break the engine's formulas one at a time.")
    parser.add_argument("--module", choices=MODULES, nargs="+", default=[*MODULES])
    parser.add_argument("--only", metavar="N", type=int, nargs="+", help="only these, in detail")
    parser.add_argument("--jobs", metavar="N", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--list", action="store_true", help="list the mutants without running them")
    chosen = parser.parse_args()
    numbered = [(i, m) for i, m in enumerate(all_mutants(), 1) if m.module in chosen.module]
    numbered = [(i, m) for i, m in numbered if i in (chosen.only or [i])]
    if chosen.list:
        print("\n".join(f"{i:4}  {mutant}" for i, mutant in numbered))
        return 0
    results = measure([mutant for _, mutant in numbered], chosen.jobs, not chosen.only)
    words = {True: "named right", False: "not named", None: "no equation to name"}
    for mutant, outcome, named in results:
        if chosen.only or outcome.kind != "killed" or named is False:
            text = f"\n{outcome.text}" * bool(chosen.only)
            print(f"{mutant}\n{outcome.kind}, {words[named]}: {outcome.test}{text}")
    print(" " * 31 + "mutants    killed  timeouts  survived  the same of others   named")
    for module in [*dict.fromkeys(mutant.module for mutant, _, _ in results), ""]:
        print(row(module or "all", [each for each in results if module in ("", each[0].module)]))
    return int(any(each[1].kind == "survived" or each[2] is False for each in results))


if __name__ == "__main__":
    sys.exit(main())
