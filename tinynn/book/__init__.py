"""The book's programs under their own names, thin over the engine.

In a script of your own: ``from tinynn.book import network2``. `tinynn book` opens a prompt in which
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
    """Finds the book's programs here, whatever else has their names."""

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
        if module.__name__.endswith(".expand_mnist"):  # which does its work when it is imported
            module.main()


def install() -> None:
    """Let ``import network`` and the like find the book's programs, in this process."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
