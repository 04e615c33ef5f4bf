"""``tinynn diagnose``: why a run does not learn, each cause borne out by a quick trial."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import wrap
from typing import Any, Optional

from tinynn.cli import options
from tinynn.cli.command import Command, argument, option
from tinynn.cli.common import found_network, load_data, print_json, waiting
from tinynn.experiments.diagnosis import Diagnosis, Finding, examined, run_of
from tinynn.files import FilePath
from tinynn.training import Run

_WIDTH = 79  # of lines that no screen limits


@dataclass
class Diagnose(Command):
    """Why a run does not learn: causes that a quick trial bears out.

    Look at the data, the settings and the neurons of a run that was kept, and name what is wrong: a
    cause is named only if undoing it helps in a quick trial.

    example: tinynn diagnose run.json --try

    file RUN     a run that `tinynn train --save` kept (default: the last one trained)
    --data NAME  its data, where the file does not name them: digits, mnist, or a folder of MNIST
                 files
    --try        print every trial: what was changed, and the answers without it and with it
    """

    file: Optional[str] = argument()
    data: Optional[str] = None
    tried: bool = option(False, names=("--try",))
    json: bool = options.json()
    plain: bool = options.plain()

    def run(self) -> int:
        """Read a run, look for what is wrong, and say it."""
        path = found_network(self.file)
        with warnings.catch_warnings(record=True):  # its last bits do not matter here
            warnings.simplefilter("always")
            data = None if self.data is None else load_data(self.data)
            kept, name = run_of(path, data)
        console = self.console()
        with waiting(console, "trials …"):
            found = examined(kept, self.data or name)
        if self.json:
            print_json(_as_json(path, found, self.tried))
            return 0
        width = min(_WIDTH, console.width - 1) if console else _WIDTH
        for line in diagnosis_lines(path, kept, found, self.tried, width):
            if console is not None and line.startswith("* "):
                console.print(line, style="bold", markup=False, soft_wrap=True)
            else:
                sys.stdout.write(f"{line}\n")
        return 0


def diagnosis_lines(
    path: FilePath, run: Run, found: Diagnosis, tried: bool = False, width: int = _WIDTH
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


def _as_json(path: FilePath, found: Diagnosis, tried: bool) -> dict[str, Any]:
    parts: dict[str, Any] = {"file": os.fspath(path)}
    findings = ({**each._asdict(), "trial": each.trial._asdict()} for each in found.findings)
    parts["findings"] = list(findings)
    parts["layers"] = [layer._asdict() for layer in found.layers]
    if tried:
        parts["trials"] = [{"name": one.name, **one.trial._asdict()} for one in found.trials]
    return parts
