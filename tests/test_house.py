"""The structure of the package: imports, documentation, and the form of formula code."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import CodeType, FrameType

import pytest

import tinynn
from tinynn import Network, Vector
from tinynn.notation import equation, equations

ROOT = Path(tinynn.__file__).resolve().parent

# The reading order: a room imports only rooms above it.
ROOMS = [
    "notation",
    "errors",
    "notebook",
    "linalg",
    "activations",
    "neurons",
    "circuits",
    "descent",
    "equations",
    "layers",
    "costs",
    "randomness",
    "files",
    "training",
    "model",
    "network",
    "saturation",
    "gradient_check",
    "universality",
    "formulas",
    "vanishing",
    "datasets",
    "images",
    "baselines",
    "fast",
    "experiments",
    "__init__",
    "book",
    "stepper",
    "teaching",
    "views",
    "cli",
    "__main__",
]
# Where a library may be imported.
ALLOWED = {
    "rich": ("views", "cli"),
    "numpy": ("fast", "book"),  # its programs hand columns (784, 1) to and fro
    "sklearn": ("fast",),
    "hypothesis": ("teaching",),
    "PIL": ("images",),  # of the extra [images], where a picture is read
    "textual": ("views",),  # of the extra [images]: it knows mice
}
# The code lines of all functions that run in one training step of one example, before layers were
# described.
MUST_READ = 278
SOURCES = sorted(ROOT.rglob("*.py"))
# Rooms of several modules, which may import one another.
FOLDERS = {path.parent.name for path in ROOT.glob("*/__init__.py")}


def room_of(path: Path) -> str:
    """Return the room a file belongs to: its module, or the folder it is in."""
    return path.relative_to(ROOT).with_suffix("").parts[0]


def imports_of(path: Path) -> list[str]:
    """Return every module that a file imports, at the top or inside a function."""
    names = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names.append(node.module or "")
    return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_imports_only_earlier_modules(path: Path) -> None:
    """Imports follow the reading order: no cycles, no imports of later modules."""
    here = room_of(path)
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "tinynn":
            there = parts[1] if len(parts) > 1 else "__init__"
            if here == there and here in FOLDERS:
                continue
            assert ROOMS.index(there) < ROOMS.index(here), f"{here} imports {there}, below it"
        else:
            known = parts[0] in sys.stdlib_module_names or here in ALLOWED.get(parts[0], ())
            assert known, f"{here} imports {name}"


def module_of(path: Path) -> str:
    """Return the dotted name of a module; of a package, the package."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(["tinynn", *parts]).removesuffix(".__init__")


def test_no_module_imports_itself_through_others() -> None:
    """Also within a package, and inside functions: an earlier module needs no later one."""
    modules = {
        module_of(path): set(imports_of(path)) for path in SOURCES if "__init__" not in str(path)
    }
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, " → ".join([*above, name])
        if name not in done:
            for other in modules.get(name, ()):
                visit(other, (*above, name))
            done.add(name)

    for name in modules:
        visit(name, ())


def test_importing_tinynn_brings_no_library_and_prints_nothing() -> None:
    """The core is the standard library."""
    code = "import sys, tinynn; print({'numpy', 'rich', 'hypothesis'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("set()\n", "")


def test_each_equation_is_code_exactly_once() -> None:
    """Each number has one function, the one that runs."""
    counts = Counter(entry.number for entry in equations())
    assert max(counts.values()) == 1
    for entry in equations():
        assert entry in entry.function.__dict__["equations"]
        assert not hasattr(entry.function, "__wrapped__"), f"{entry.number} is wrapped"
        assert entry.function.__code__.co_filename == inspect.getsourcefile(entry.function)
    with pytest.raises(ValueError, match="BP2 has two functions: hidden_error"):
        equation("BP2", "again")(lambda: None)


def test_every_equation_of_chapters_1_and_2_that_can_be_code_is_registered() -> None:
    """(24) is Vector.map, (30) is BP1 for the quadratic cost; (33)-(45), (47)-(53) are proofs."""
    numbers = {entry.number for entry in equations() if entry.chapter < 3}
    expected = {str(n) for n in [*range(1, 24), *range(25, 30), 31, 32, 46]}
    expected |= {"w·x", "z", "a", "σ'", "∂C/∂a", "BP1", "BP1a", "BP2", "BP3", "BP4"}
    assert numbers == expected
    assert [e.chapter for e in equations()] == sorted(e.chapter for e in equations())
    assert {e.number for e in equations() if e.chapter == 1} == {
        "w·x",
        *(str(n) for n in range(1, 23)),
    }


def test_every_equation_of_costs_and_penalties_that_can_be_code_is_registered() -> None:
    """(65), (67), (69), (70) and their like are BP1-BP4; (79), (64) are claims; others, proofs."""
    numbers = {entry.number for entry in equations() if entry.chapter == 3}
    assert numbers >= {"54", "57", "63", "66", "68", "78", "80", "84"}
    assert numbers >= {"85", "86", "87", "92", "93", "94", "95", "97", "98", "111"}
    assert numbers >= {"103", "104", "105", "106"}


def test_every_equation_of_the_vanishing_gradient_that_can_be_code_is_registered() -> None:
    """(114) is how it is checked; (115) and (117) are (116) and (118) before σ' is written."""
    numbers = {entry.number for entry in equations() if entry.chapter == 5}
    assert numbers == {"116", "118", "119", "120", "121", "122", "123", "124"}


def test_the_number_of_an_equation_is_in_its_docstring() -> None:
    """The number that is registered is the number that a reader finds."""
    for entry in equations():
        text = inspect.getdoc(entry.function) or ""
        own_symbol = entry.number in (
            "w·x",
            "z",
            "a",
            "σ'",
            "∂C/∂a",
            "BP1a",
            "31",
            "32",
            "16",
            "17",
            "46",
        )
        assert own_symbol or f"({entry.number})" in text, (
            f"{entry.name} does not say ({entry.number})"
        )


FORMULA_CODE = sorted({entry.function for entry in equations()}, key=lambda f: f.__qualname__)


@pytest.mark.parametrize("function", FORMULA_CODE, ids=lambda function: function.__qualname__)
def test_formula_code_is_loop_code(function: Callable[..., object]) -> None:
    """Rule 4: plain loops and one assignment a line; no comprehension, no negative index."""
    source = inspect.cleandoc("\n" + inspect.getsource(function))
    tree = ast.parse(source)
    hidden = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
    for node in ast.walk(tree):
        assert not isinstance(node, hidden), f"line {node.lineno}: a comprehension"
        if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.UnaryOp):
            raise AssertionError(f"line {node.lineno}: a negative index")
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            assert node.lineno == node.end_lineno, f"line {node.lineno}: an assignment over lines"
        if isinstance(node, ast.Assign):
            assert len(node.targets) == 1


def code_lines(code: CodeType) -> set[tuple[str, int]]:
    """Return the lines of a function that are code: no docstring, no comment, no blank."""
    source, first = inspect.getsourcelines(code)
    text = inspect.cleandoc("\n" + "".join(source))
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.string.strip() and token.type != tokenize.COMMENT:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, (node.body[0].end_lineno or 0) + 1))
    return {(code.co_filename, first + line) for line in lines}


def test_the_path_through_one_training_step_does_not_grow() -> None:
    """The code lines of all functions that run in one step of one example."""
    net = Network([64, 30, 10], seed=0)
    example = Vector([0.5] * 64), Vector.one_hot(3, 10)
    net.update_mini_batch([example], 0.5)
    ran: set[CodeType] = set()

    def profile(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and str(ROOT) in frame.f_code.co_filename:
            ran.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(profile)
    try:
        net.update_mini_batch([example], 0.5)
    finally:
        sys.setprofile(before)
    inner = {code for code in ran if code.co_name.startswith("<")}  # is read with its function
    lines = set().union(*(code_lines(code) for code in ran - inner))
    assert len(lines) <= MUST_READ, f"{len(lines)} lines"


def public_things() -> list[tuple[str, object]]:
    """Return every public class, method and function that is defined in tinynn, by its name."""
    found: dict[str, object] = {}
    for path in SOURCES:
        name = ".".join(["tinynn", *path.relative_to(ROOT).with_suffix("").parts])
        if name.endswith("__main__"):
            continue
        module = importlib.import_module(name.removesuffix(".__init__"))
        for thing in vars(module).values():
            if getattr(thing, "__module__", None) != module.__name__:
                continue
            if inspect.isfunction(thing) and not thing.__name__.startswith("_"):
                found[f"{module.__name__}.{thing.__name__}"] = thing
            if inspect.isclass(thing) and not thing.__name__.startswith("_"):
                found[f"{module.__name__}.{thing.__name__}"] = thing
                for key, member in vars(thing).items():
                    member = getattr(member, "__func__", member)
                    if not key.startswith("_") and (
                        inspect.isfunction(member) or isinstance(member, property)
                    ):
                        found[f"{module.__name__}.{thing.__name__}.{key}"] = member
    return sorted(found.items())


def test_every_public_name_is_documented() -> None:
    """At least one sentence; and every exported name exists."""
    undocumented = [name for name, thing in public_things() if not inspect.getdoc(thing)]
    assert not undocumented
    for name in tinynn.__all__:
        assert hasattr(tinynn, name)
    assert (
        sorted(tinynn.__all__, key=lambda n: (not n.isupper(), n[0].islower(), n)) == tinynn.__all__
    )


def test_every_exported_function_and_class_has_an_example() -> None:
    """Every class and function that `from tinynn import …` offers, but the plain records."""
    records = {"Gradient", "Score", "EpochReport", "Progress", "Activation", "DataSet"}
    finder = doctest.DocTestFinder(recurse=True)
    for name in tinynn.__all__:
        thing = getattr(tinynn, name)
        is_error = inspect.isclass(thing) and issubclass(thing, Exception)
        if not callable(thing) or is_error or name in {*records, "load_mnist"}:
            continue
        examples = [e for test in finder.find(thing, name) for e in test.examples]
        assert examples, f"{name} shows no example"


def test_no_docstring_holds_a_backslash() -> None:
    """In a plain docstring a backslash and beta are a backspace and eta: write β."""
    for name, thing in public_things():
        text = inspect.getdoc(thing) or ""
        assert "\\" not in text, name
        assert not re.search(r"[\x00-\x08\x0b-\x1f]", text), name


def test_only_the_screen_prints() -> None:
    """The engine never prints; the book's SGD call, which writes its lines, is the exception."""
    for path in SOURCES:
        if room_of(path) in ("views", "cli", "__main__"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
            assert not called, f"{path}:{node.lineno} prints"  # type: ignore[attr-defined]


def other_pythons() -> list[str]:
    """Return every other Python at hand that the core should run on."""
    names = ["pypy3", *(f"python3.{minor}" for minor in range(9, 16))]
    return [name for name in names if _works(name)]


def _works(name: str) -> bool:
    path = shutil.which(name)
    if path is None:
        return False
    done = subprocess.run([path, "-c", "import gzip"], capture_output=True, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("python", other_pythons())
def test_a_seeded_run_is_the_same_to_the_last_bit_on_every_python(
    python: str, tmp_path: Path
) -> None:
    """The same loops on CPython 3.9 and later and on PyPy write the same file, from a checkout."""
    if not (ROOT.parent / "data").is_dir():
        pytest.skip("needs a checkout: an installed package has no data folder beside it")
    files = []
    for name in (python, sys.executable):
        path = tmp_path / f"{Path(name).name}.json"
        done = subprocess.run(
            [name, "-S", "-m", "tinynn", "train", "--plain", "--epochs", "1", "--save", str(path)],
            cwd=ROOT.parent,
            env={**os.environ, "PYTHONPATH": str(ROOT.parent), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        parts = json.loads(path.read_text(encoding="utf-8"))
        parts["run"]["reports"] = [report[:4] for report in parts["run"]["reports"]]  # no times
        files.append((done.stdout, parts))
    assert files[0] == files[1], f"{python} and this Python learnt different numbers"


def test_a_module_can_be_reloaded_after_an_edit() -> None:
    """A learner who changes BP2 in a notebook reloads the module; that is not code twice."""
    code = "import importlib, tinynn.equations.dense as e; importlib.reload(e)"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_module_can_be_run_and_doctested_as_a_file() -> None:
    """F5 in an editor, `python -m doctest`: the file itself is not code twice."""
    path = str(ROOT / "equations" / "dense.py")
    for command in ([path], ["-m", "tinynn.equations.dense"], ["-m", "doctest", path]):
        done = subprocess.run(
            [sys.executable, *command],
            env={**os.environ, "PYTHONPATH": str(ROOT.parent)},
            cwd=ROOT.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Error" not in done.stderr, done.stderr
    with pytest.raises(ValueError, match="expected a number of the book"):
        equation("mine", "a = b")(lambda: None)


@pytest.mark.parametrize("room", [room for room in ROOMS if not room.startswith("__")])
def test_no_function_hides_a_module(room: str) -> None:
    """`tinynn.equations` is the package: a debugger finds `tinynn.equations.hidden_error`."""
    module = importlib.import_module(f"tinynn.{room}")
    assert getattr(tinynn, room) is module


# Turns of phrase that read as if translated, which CONTRIBUTING asks to avoid.
AVOIDED = re.compile(
    r"\b(told|came|stands)\b|of its own\b|its own affair|has a say|has no use|as it were"
    r"|what is no\b|who is no\b|had again|round about|is as good as|knows nothing of"
    r"|some hundred|makes of a\b",
    re.IGNORECASE,
)


def test_no_words_read_as_if_translated() -> None:
    """The phrases of the list occur nowhere: not in code, messages, pages, tests or notebooks."""
    skipped = {"students", "setups", "__pycache__"}  # as their writers left them
    found = []
    for path in sorted(ROOT.rglob("*")):
        parts = set(path.relative_to(ROOT).parts)
        hidden = any(part[0] == "." and part != ".github" for part in parts)
        if path.suffix not in {".py", ".md", ".txt", ".ipynb", ".toml"} or hidden or path.is_dir():
            continue
        if skipped & parts or path == Path(__file__):
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = AVOIDED.search(line)
            if match:
                found.append(f"{path.relative_to(ROOT)}:{number}: {match[0]}")
    assert not found, "\n".join(found)


def test_every_path_in_the_contributing_guide_exists() -> None:
    """Every file and folder of its lists."""
    guide = (ROOT.parent / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")
    names = re.findall(r"`((?:tinynn|tests|\.ci|\.github)/[\w./]*)`", guide)
    assert len(names) > 20
    missing = [name for name in names if not (ROOT.parent / name).exists()]
    assert not missing, missing


def test_the_version_is_the_newest_of_the_changelog() -> None:
    """In the program, in the package and in the list of changes."""
    changes = (ROOT.parent / ".github" / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"^## (\S+)$", changes, re.MULTILINE)[0]
    project = (ROOT.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{newest}"' in project
    assert tinynn.__version__ == newest
