"""``tinynn data``: which data sets are there, MNIST downloaded, and digits shown expanded."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Optional

from tinynn.cli.common import (
    Commands,
    add_data,
    load_data,
    refuse,
    require_digit,
    screen_console,
    show,
)
from tinynn.datasets import expanded
from tinynn.datasets.digits import data_folder
from tinynn.datasets.download import MIRRORS, Download, download_mnist
from tinynn.datasets.expanded import KINDS
from tinynn.datasets.mnist import CHECKSUMS, holds_mnist, missing_files, mnist_places
from tinynn.errors import ArgumentError
from tinynn.views.expanded import ExpandedPage

if TYPE_CHECKING:
    from rich.console import Console


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "data",
        help="list the data sets, download MNIST, or show digits expanded",
        description="List the data sets and where they are, download MNIST, or show digits with "
        "the changed copies that `tinynn train --expand` adds to them.",
        epilog="example: tinynn data mnist, or tinynn data --expanded both",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    option("name", nargs="?", choices=("mnist",), help="the data set to download: mnist, 11 MB")
    folder = "where to put it (default: $TINYNN_DATA, or tinynn's cache folder)"
    option("--data-dir", metavar="DIR", help=folder)
    kind = f"show digits with their copies: {', '.join(KINDS)} (default shift)"
    option("--expanded", nargs="?", const="shift", choices=tuple(KINDS), metavar="KIND", help=kind)
    add_data(parser)
    option("--digit", type=int, metavar="N", help="the training digit to begin with (default 0)")
    option("--plain", action="store_true", help="print plain lines, as when piped")
    parser.set_defaults(data=None)


def run(options: argparse.Namespace) -> int:
    """List the data sets, download one, or show digits of one expanded."""
    if options.expanded:
        return _show_expanded(options)
    refuse(options, ("data", "digit", "plain"), "needs --expanded")
    if options.name is None:
        print("\n".join(_listed(options.data_dir)))
        return 0
    folder = options.data_dir or mnist_places()[0]
    downloads = download_mnist(folder, MIRRORS, CHECKSUMS)
    console = screen_console()
    if console is None:
        for step in downloads:
            if step.state != "receiving":
                print(_line(step), flush=True)
    else:
        _show(downloads, console)
    name = shlex.quote(folder) if options.data_dir else "mnist"
    print(f"MNIST is in {folder}: try `tinynn train --data {name}`")
    return 0


def _show_expanded(options: argparse.Namespace) -> int:
    if options.name or options.data_dir:
        given = "--data-dir" if options.data_dir else options.name
        write = "tinynn data --expanded --data mnist"
        raise ArgumentError(f"--expanded cannot go with {given}: write {write}")
    training = load_data(options.data or "digits").training
    first = options.digit or 0
    require_digit(first, len(training))
    examples = expanded(training, options.expanded, seed=0)  # as `tinynn train` has them
    console = None if options.plain else screen_console()
    show(ExpandedPage(examples, first, console.height - 1 if console else None), console)
    return 0


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
