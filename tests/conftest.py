"""Settings of every test: the effort of Hypothesis, and a separate cache folder."""

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
collect_ignore_glob = ["setups/set*/*"]  # data for tinynn diagnose


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that also runs the slow tests."""
    parser.addoption("--slow", action="store_true", help="run the tests marked slow, too")
    parser.addoption("--whole", action="store_true", help="run those marked whole, too: an hour")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite on all cores if pytest-xdist is installed."""
    whole = config.args_source is config.ArgsSource.TESTPATHS
    a_part = "PYTEST_XDIST_WORKER" in os.environ  # this is one of the processes, or started by one
    nothing_said = config.getoption("numprocesses", 1) is None and not config.option.usepdb
    if whole and nothing_said and not a_part:
        config.option.numprocesses, config.option.dist = "auto", "worksteal"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests marked slow or whole, unless --slow or --whole is given."""
    for item in items:
        for mark in ("slow", "whole"):
            if mark in item.keywords and not config.getoption(f"--{mark}"):
                item.add_marker(pytest.mark.skip(reason=f"run it with --{mark}"))


def _files_of_the_project() -> set[str]:
    """Return every file of the project, without those in the folders of tools."""
    found: set[str] = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name[0] != "." and name != "__pycache__"]
        found.update(os.path.join(folder, name) for name in files)
    return found


def _processes() -> list[str]:
    """Return the processes that tests started and that still run, if the system lists them."""
    found = []
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            with suppress(OSError):
                found.append(Path("/proc", pid, "cmdline").read_text().replace("\0", " "))
    # what has ended has no words left, and multiprocessing keeps one for itself to the end
    return [words for words in found if words and "resource_tracker" not in words]


@pytest.fixture(autouse=True, scope="session")
def _nothing_is_left(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep all temporary files in one folder. Check at the end that no file or process is left."""
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
    """Keep fixtures of whole modules out of the user's cache folder, too."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", folder)
        patch.setenv("LOCALAPPDATA", folder)
        yield


@pytest.fixture(autouse=True, scope="session")
def _ctrl_c_is_heard() -> None:
    """Handle Ctrl-C here and in the programs that tests start, also in the background."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the networks that tests train out of the user's cache folder."""
    folder = tmp_path_factory.mktemp("cache")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder))
    monkeypatch.setenv("LOCALAPPDATA", str(folder))
    return folder / "tinynn"
