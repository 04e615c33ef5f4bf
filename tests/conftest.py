"""Settings of every test: the effort of Hypothesis, and a home folder of its own."""

from __future__ import annotations

import os
import signal
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import settings

# Fixed examples where a machine decides, fresh ones on a desk; `thorough` for a long search.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.register_profile("thorough", deadline=None, max_examples=2000)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "desk")
)


ROOT = Path(__file__).parents[1]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that runs what takes minutes, too."""
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Share the whole suite out among all cores, where pytest-xdist is there to do it."""
    whole = config.args_source is config.ArgsSource.TESTPATHS
    a_part = "PYTEST_XDIST_WORKER" in os.environ  # this is one of the processes, or started by one
    nothing_said = config.getoption("numprocesses", 1) is None and not config.option.usepdb
    if whole and nothing_said and not a_part:
        config.option.numprocesses, config.option.dist = "auto", "worksteal"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what takes minutes, unless it is asked for."""
    if not config.getoption("--slow"):
        for item in items:
            if "slow" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="takes minutes: run it with --slow"))


def _files_of_the_project() -> set[str]:
    """Every file beside the code, but for those that tools keep in folders of their own."""
    found: set[str] = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        found.update(os.path.join(folder, name) for name in files)
    return found


def _processes() -> list[str]:
    """What tests started and is still running, where the system says so."""
    found = []
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            with suppress(OSError):
                found.append(Path("/proc", pid, "cmdline").read_text().replace("\0", " "))
    # what has ended has no words left, and multiprocessing keeps one for itself to the end
    return [words for words in found if words and "resource_tracker" not in words]


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep all temporary files in one folder; at the end it is empty, and no process is left."""
    folder, before = tmp_path_factory.mktemp("temporary"), _files_of_the_project()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(folder))
        for name in ("TMPDIR", "TEMP", "TMP"):
            patch.setenv(name, str(folder))
        yield
    assert os.listdir(folder) == [], "temporary files are left"
    assert _files_of_the_project() == before, "files are left in the project"
    assert _processes() == [], "processes are left"


@pytest.fixture(autouse=True, scope="session")
def _no_users_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep whatever a fixture of a whole module runs out of the user's cache folder too."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", folder)
        patch.setenv("LOCALAPPDATA", folder)
        yield


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> None:
    """Answer Ctrl-C, and let the programs that tests start do so, also in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the networks that tests train out of the user's cache folder."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    return folder / "tinynn"
