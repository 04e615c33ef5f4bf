"""What is said after a training run: what it cost, how to go on, and what to try next."""

from __future__ import annotations

import argparse
import os
import shlex
from collections.abc import Iterator
from typing import Any, NamedTuple, Optional

from tinynn.cli.common import last_network, peak_memory
from tinynn.cli.keeping import Keeper
from tinynn.cli.rules import about_rules, to_go_on, why_ended
from tinynn.costs import QUADRATIC
from tinynn.datasets import DataSet
from tinynn.layers.descriptions import Plan
from tinynn.training import Answers, EpochReport, Rule, Run, best_epoch, following
from tinynn.views.near import neuron_name

FALL = 0.03  # from its best epoch to the last one: the share of answers lost by overfitting
SATURATED = 0.1  # an output neuron that never gets beyond this has a σ' of less than 0.09

# What `tinynn tune --fast` finds for the digits that ship: over seeds 0 to 4 it ends at 463 to 466
# test digits of 500, where the settings of chapter 1 end at 450 to 459 (tests/test_tuning.py).
TUNED = (
    *("--cost", "cross-entropy", "--init", "scaled"),
    *("--sizes", "64", "100", "10", "--eta", "1", "--patience", "20"),
)


class Trial(NamedTuple):
    """The run of one seed, and what keeps it."""

    seed: int
    run: Run
    keeper: Keeper
    rules: tuple[Rule, ...] = ()  # that end it, or let its η fall

    @property
    def network(self) -> Any:
        """The network that learns."""
        return self.run.network

    @property
    def reports(self) -> list[EpochReport]:
        """What its epochs reported."""
        return self.run.reports

    def reports_to_come(self) -> Iterator[EpochReport]:
        """Learn as long as the rules let it go on, and yield a report after every epoch."""
        return following(self.run, *self.rules)

    @property
    def best(self) -> int:
        """How many test digits are right after the best epoch."""
        best = best_epoch(self.reports)
        return best.correct or 0 if best else 0


def going_on(trial: Trial, kept: str) -> list[tuple[str, str]]:
    """Return the command that goes on with a run, if it is kept."""
    if not trial.reports or not os.path.exists(kept):
        return []
    more = to_go_on(trial.rules, trial.run)
    if more is None:
        return []
    command = ["tinynn", "train", "--resume", *([kept] if kept != last_network() else []), *more]
    return [("go on", " ".join(map(shlex.quote, command)))]


def endings(trials: list[Trial]) -> list[tuple[str, str]]:
    """Return why the runs ended that have rules."""
    notes = []
    for trial in trials:
        why = why_ended(trial.rules, trial.reports)
        if trial.rules and not why and len(trial.reports) >= trial.run.settings.epochs:
            why = f"all {len(trial.reports)} epochs are done, and no rule ended the run before"
        if why:
            notes.append(("ended", f"seed {trial.seed}: {why}" if len(trials) > 1 else why))
    return notes


def notes_on(runs: list[Trial], answers: Optional[Answers]) -> list[tuple[str, str]]:
    """Return what the runs cost, how they differ, and which digits are never answered."""
    notes = []
    reports = [report for run in runs for report in run.reports]
    if reports:
        seconds = sum(report.seconds for report in reports) / len(reports)
        rate = sum(report.examples_per_second for report in reports) / len(reports)
        memory = peak_memory()
        peak = f", peak memory {memory} MB" if memory else ""
        notes.append(("time", f"{seconds:.2f} s an epoch, {rate:,.0f} examples/s{peak}"))
    finished = [run for run in runs if run.reports]
    if len(finished) > 1:
        total = finished[0].reports[0].total or 1
        shares = [100 * run.best / total for run in finished]
        mean = sum(shares) / len(shares)
        ends = f"{min(shares):.2f} to {max(shares):.2f} %"
        notes.append(("runs", f"{len(shares)} seeds: best epochs {ends}, mean {mean:.2f} %"))
    never = answers.never_given() if answers else []
    if answers and never:
        L = runs[0].network.num_layers
        text = ", ".join(
            f"{digit} (its neuron {neuron_name(L, digit + 1)} reaches {answers.largest[digit]:.3f})"
            for digit in never
        )
        notes.append(("never said", text))
        if all(answers.largest[digit] < SATURATED for digit in never):
            why = "A neuron so near 0 is saturated: σ' is near 0, so is its error (BP1), and it"
            better = "another --seed" if len(never) < 5 else "a smaller --eta"
            notes.append(("", f"{why} hardly learns; {better} may do better."))
    return notes


def _is_demo(run: Trial, options: argparse.Namespace) -> bool:
    """Say whether a run has the settings of chapter 1 on the digits that ship."""
    plain = not (options.wrong_labels or options.expand)
    network, settings = run.network, run.run.settings
    chapter_1 = tuple(network.sizes) == (64, 30, 10) and network.cost == QUADRATIC
    return options.data == "digits" and plain and chapter_1 and settings.lmbda == 0.0


def next_commands(
    run: Trial, data: DataSet, options: argparse.Namespace, kept: str
) -> list[tuple[str, str]]:
    """Return what to try next, from how it went: commands, each with its purpose."""
    network, noun = run.network, data.test.noun
    source = [] if options.data == "digits" else ["--data", options.data]
    wrong = next((i for i, (x, y) in enumerate(data.test) if network.predict(x) != y.argmax()), -1)
    show = ["tinynn", "show", *([options.save] if options.save else []), *source]
    if not run.reports or not os.path.exists(kept):
        found = []
    elif wrong < 0:
        found = [(show, f"a {noun}, neuron by neuron")]
    else:
        found = [([*show, "--digit", str(wrong)], f"a {noun} it gets wrong")]
    again = ["tinynn", "train", *source, *(["--fast"] if options.fast else [])]
    if options.cost != QUADRATIC.name:
        again += ["--cost", options.cost]
    if options.wrong_labels:
        again += ["--wrong-labels", f"{options.wrong_labels:g}"]
    if options.expand:
        again += ["--expand", options.expand]
    if options.mu:
        again += ["--mu", f"{options.mu:g}", *(["--nesterov"] if options.nesterov else [])]
    for name, value in about_rules(options).items():
        again += [f"--{name}", value]
    share = run.best / len(data.test)
    if len(run.reports) >= 3 and share < 0.5:
        eta = "3" if options.eta != 3.0 else "0.5"
        found.append(([*again, "--eta", eta], "this learning rate hardly learns"))
    elif run.reports and run.best - (run.reports[-1].correct or 0) >= FALL * len(data.test):
        lmbda = f"{2 * options.lmbda or 1:g}"
        found.append(([*again, "--lmbda", lmbda], "it overfits: a penalty on large weights"))
    elif share >= 0.5 and network.layers == Plan(network.sizes).layers:
        if options.data == "digits" and len(network.sizes) == 3:  # a wider layer learns less here
            hidden, purpose = [network.sizes[1], 20], "a second hidden layer"
        else:
            hidden, purpose = [2 * size for size in network.sizes[1:-1]] or [30], "more neurons"
        if _is_demo(run, options):
            found.append(([*again, *TUNED], "what `tinynn tune` found"))
        larger = map(str, [network.sizes[0], *hidden, network.sizes[-1]])
        found.append(([*again, "--sizes", *larger], purpose))
    found.append((["tinynn", "equations", "BP2"], "the lines that send errors back"))
    return [(" ".join(map(shlex.quote, command)), purpose) for command, purpose in found]
