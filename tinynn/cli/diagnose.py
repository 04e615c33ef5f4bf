"""``tinynn diagnose``: why a run does not learn, each cause borne out by a quick trial."""

from __future__ import annotations

import argparse
import json
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import nullcontext
from math import isfinite
from textwrap import wrap
from typing import Any

from tinynn.cli.common import Commands, found_network, load_data, screen_console
from tinynn.experiments.diagnosis import Diagnosis, Finding, examined, run_of
from tinynn.files import Path
from tinynn.training import Run

_WIDTH = 79  # of lines that no screen limits


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "diagnose",
        help="why a run does not learn: causes that a quick trial bears out",
        description="Look at the data, the settings and the neurons of a run that was kept, and "
        "name what is wrong: a cause is named only if undoing it helps in a quick trial.",
        epilog="example: tinynn diagnose run.json --try",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    file = "a run that `tinynn train --save` kept (default: the last one trained)"
    option("file", nargs="?", metavar="RUN", help=file)
    data = "its data, where the file does not name them: digits, mnist, or a folder of MNIST files"
    option("--data", metavar="NAME", help=data)
    tried = "print every trial: what was changed, and the answers without it and with it"
    option("--try", dest="tried", action="store_true", help=tried)
    option("--json", action="store_true", help="write all numbers as JSON")
    option("--plain", action="store_true", help="print plain lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Read a run, look for what is wrong, and say it."""
    path = found_network(options.file)
    with warnings.catch_warnings(record=True):  # its last bits do not matter here
        warnings.simplefilter("always")
        data = None if options.data is None else load_data(options.data)
        kept, name = run_of(path, data)
    console = None if options.plain or options.json else screen_console()
    with console.status("trials …", spinner="line") if console else nullcontext():
        found = examined(kept, options.data or name)
    if options.json:
        print(json.dumps(_as_json(path, kept, found, options.tried), ensure_ascii=False))
        return 0
    width = min(_WIDTH, console.width - 1) if console else _WIDTH
    for line in diagnosis_lines(path, kept, found, options.tried, width):
        if console is not None and line.startswith("* "):
            console.print(line, style="bold", markup=False, soft_wrap=True)
        else:
            sys.stdout.write(f"{line}\n")
    return 0


def diagnosis_lines(
    path: Path, run: Run, found: Diagnosis, tried: bool = False, width: int = _WIDTH
) -> Iterator[str]:
    """Yield what is wrong with a run, cause by cause, and how its layers are."""
    done = f"{len(run.reports)} of {run.settings.epochs} epochs done, η = {run.eta:g}"
    yield f"{os.path.basename(os.fspath(path))}: {done}"
    if not found.findings:
        yield "nothing found: no change that was tried clearly helps"
    for finding in found.findings:
        yield from _finding_lines(finding, width)
    yield "layer  neurons  saturated   dead   length of δ   step / weights"
    for each in found.layers:
        shares = f"{each.saturated:>9.0%}  {each.dead:>5.0%}"
        yield f"{each.l:>5}  {each.neurons:>7}  {shares}  {each.error:>12.3g}  {each.step:>15.3g}"
    if tried:
        yield "trials, by the share of right answers:" if found.trials else "no trial was needed"
        for one in found.trials:
            scores = f"{one.trial.without:>4.0%} without, {one.trial.with_it:>4.0%} with"
            mark = "helps" if one in found.findings else "-"
            yield f"  {scores}  {mark:<5}  {one.name}: {one.trial.change}"


def _finding_lines(finding: Finding, width: int) -> Iterator[str]:
    yield f"* {finding.name} (chapter {finding.chapter})"
    trial = finding.trial
    right = f"{trial.without:.0%} → {trial.with_it:.0%} of {trial.examples} answers right"
    advice = f"{finding.advice[0].upper()}{finding.advice[1:]}."
    for text in (finding.sentence, advice, f"Trial: {right}."):
        yield from wrap(text, width, initial_indent="  ", subsequent_indent="  ")
    yield f"  $ {finding.command}"


def _as_json(path: Path, run: Run, found: Diagnosis, tried: bool) -> dict[str, Any]:
    each = [{**finding._asdict(), "trial": finding.trial._asdict()} for finding in found.findings]
    parts: dict[str, Any] = {"file": os.fspath(path), "findings": each}
    parts["layers"] = [layer._asdict() for layer in found.layers]
    if tried:
        parts["trials"] = [{"name": one.name, **one.trial._asdict()} for one in found.trials]
    return _finite(parts)  # type: ignore[no-any-return]


def _finite(value: Any) -> Any:
    """Return a value as JSON has it: a number that is not finite is a text."""
    if isinstance(value, dict):
        return {name: _finite(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_finite(each) for each in value]
    return str(value) if isinstance(value, float) and not isfinite(value) else value
