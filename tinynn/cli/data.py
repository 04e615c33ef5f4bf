"""``tinynn data``: which data sets are there, MNIST downloaded, and digits shown expanded."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

from tinynn.cli import options
from tinynn.cli.command import Command, argument, option, refuse
from tinynn.cli.common import load_data, require_digit, screen_console
from tinynn.datasets import expanded
from tinynn.datasets.digits import data_folder
from tinynn.datasets.download import MIRRORS, Download, download_mnist
from tinynn.datasets.expanded import KINDS
from tinynn.datasets.mnist import CHECKSUMS, holds_mnist, missing_files, mnist_places
from tinynn.errors import ArgumentError
from tinynn.views.expanded import ExpandedPage

if TYPE_CHECKING:
    from rich.console import Console


_KINDS = ", ".join(KINDS)


@dataclass
class Data(Command):
    """List the data sets, download MNIST, or show digits expanded.

    List the data sets and where they are, download MNIST, or show digits with the changed copies
    that `tinynn train --expand` adds to them.

    example: tinynn data mnist, or tinynn data --expanded both

    name             the data set to download: mnist, 11 MB
    --data-dir DIR   where to put it (default: $TINYNN_DATA, or tinynn's cache folder)
    --expanded KIND  show digits with their copies: {_KINDS} (default shift)
    --digit          the training digit to begin with (default 0)
    """

    name: Optional[str] = argument(choices=("mnist",))
    data_dir: Optional[str] = None
    expanded: Optional[str] = option(nargs="?", const="shift", choices=tuple(KINDS))
    data: Optional[str] = options.data(None)
    digit: Optional[int] = None
    plain: bool = options.plain()

    def run(self) -> int:
        """List the data sets, download one, or show digits of one expanded."""
        if self.expanded:
            return self._show_expanded()
        refuse(self, ("data", "digit", "plain"), "needs --expanded")
        if self.name is None:
            print("\n".join(_listed(self.data_dir)))
            return 0
        folder = self.data_dir or mnist_places()[0]
        downloads = download_mnist(folder, MIRRORS, CHECKSUMS)
        console = screen_console()
        if console is None:
            for step in downloads:
                if step.state != "receiving":
                    print(_line(step), flush=True)
        else:
            _show(downloads, console)
        name = shlex.quote(folder) if self.data_dir else "mnist"
        print(f"MNIST is in {folder}: try `tinynn train --data {name}`")
        return 0

    def _show_expanded(self) -> int:
        if self.name or self.data_dir:
            given = "--data-dir" if self.data_dir else self.name
            write = "tinynn data --expanded --data mnist"
            raise ArgumentError(f"--expanded cannot go with {given}: write {write}")
        training = load_data(self.data or "digits").training
        first = self.digit or 0
        require_digit(first, len(training))
        examples = expanded(training, self.expanded or "", seed=0)  # as `tinynn train` has them
        console = self.console()
        page = ExpandedPage(examples, first, console.height - 1 if console else None)
        return self.show(page, console)


def _listed(data_dir: Optional[str]) -> Iterator[str]:
    yield f"digits  1,797 images of 8×8     there      {data_folder()}"
    places = [data_dir] if data_dir else mnist_places()
    found = next(filter(holds_mnist, places), None)
    place = found or places[0]
    state = "not there" if not found else "incomplete" if missing_files(found) else "there"
    yield f"mnist   70,000 images of 28×28  {state:<10} {place}"
    if state != "there":
        yield "        `tinynn data mnist` downloads it"


def _line(step: Download) -> str:
    if step.state == "there":
        return f"{step.name}: already there"
    failed = "".join(f" (not from {failure})" for failure in step.failures)
    return f"{step.name}: {step.received:,} bytes from {step.mirror}{failed}"


def _show(downloads: Iterable[Download], console: Console) -> None:
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    name = TextColumn("{task.description}", markup=False)
    columns = (name, BarColumn(20), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("MNIST", total=None)
        for step in downloads:
            if step.state == "receiving":
                progress.update(
                    task, description=step.name, total=step.total, completed=step.received
                )
            else:
                console.print(_line(step), markup=False)
