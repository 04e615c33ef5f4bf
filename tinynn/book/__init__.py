"""The book's programs under their original names, as thin layers over the engine.

In your own script, write ``from tinynn.book import network2``. `tinynn book` opens a prompt where
``import network2`` finds the same module. The programs need NumPy: ``pip install numpy``.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from types import ModuleType
from typing import Optional

try:
    import numpy as _numpy  # noqa: F401
except ImportError:
    raise ImportError("tinynn.book needs NumPy: pip install numpy") from None

PROGRAMS = (
    "mnist_loader",
    "network",
    "network2",
    "network3",
    "expand_mnist",
    "mnist_average_darkness",
    "mnist_svm",
)


class _Finder(MetaPathFinder, Loader):
    """A finder of the book's programs that precedes other modules with their names."""

    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[ModuleType] = None
    ) -> Optional[ModuleSpec]:
        if fullname not in PROGRAMS:
            return None
        if os.path.isfile(f"{fullname}.py"):
            instead = f"to use yours, give it another name, such as my_{fullname}.py"
            sys.stderr.write(f"{fullname} is tinynn's, not ./{fullname}.py: {instead}\n")
        return spec_from_loader(fullname, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return import_module(f"tinynn.book.{spec.name}")

    def exec_module(self, module: ModuleType) -> None:
        if module.__name__.endswith(".expand_mnist"):  # the import runs the program
            module.main()


def install() -> None:
    """Let ``import network`` and so on find the book's programs, in this process."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
