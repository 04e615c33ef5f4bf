"""What is said after a training run: what it cost, how to go on, and what to try next."""

from __future__ import annotations

import os
import shlex
from collections.abc import Generator, Iterator
from typing import Any, NamedTuple, Optional

from tinynn.cli.common import last_network, peak_memory
from tinynn.cli.keeping import Keeper, Log
from tinynn.cli.rules import to_go_on, why_ended
from tinynn.costs import QUADRATIC
from tinynn.datasets import Examples
from tinynn.layers.descriptions import Plan
from tinynn.network import Network
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
    source: str  # its data, as they were named
    rules: tuple[Rule, ...] = ()  # that end it, or let its η fall

    @property
    def network(self) -> Any:
        """The network that learns."""
        return self.run.network

    @property
    def reports(self) -> list[EpochReport]:
        """What its epochs reported."""
        return self.run.reports

    def learn(self, log: Log) -> Generator[EpochReport, None, None]:
        """Learn as long as the rules let it go on; yield each report once it is kept and logged."""
        try:
            for report in following(self.run, *self.rules):
                self.keeper.after_epoch()
                log.after_epoch(report)
                yield report
        finally:
            self.keeper.write()

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


def next_commands(
    trial: Trial, test: Examples, saved: Optional[str], kept: str
) -> list[tuple[str, str]]:
    """Return what to try next, from how it went: commands, each with its purpose."""
    network, settings, reports = trial.network, trial.run.settings, trial.reports
    source = [] if trial.source == "digits" else ["--data", trial.source]
    wrong = next((i for i, (x, y) in enumerate(test) if network.predict(x) != y.argmax()), -1)
    show = ["tinynn", "show", *([saved] if saved else []), *source]
    if not reports or not os.path.exists(kept):
        found = []
    elif wrong < 0:
        found = [(show, f"a {test.noun}, neuron by neuron")]
    else:
        found = [([*show, "--digit", str(wrong)], f"a {test.noun} it gets wrong")]
    again = ["tinynn", "train", *source, *_options_of(trial)]
    share = trial.best / len(test)
    if len(reports) >= 3 and share < 0.5:
        eta = "3" if settings.eta != 3.0 else "0.5"
        found.append(([*again, "--eta", eta], "this learning rate hardly learns"))
    elif reports and trial.best - (reports[-1].correct or 0) >= FALL * len(test):
        lmbda = f"{2 * settings.lmbda or 1:g}"
        found.append(([*again, "--lmbda", lmbda], "it overfits: a penalty on large weights"))
    elif share >= 0.5 and network.layers == Plan(network.sizes).layers:
        if trial.source == "digits" and len(network.sizes) == 3:  # a wider layer learns less here
            hidden, purpose = [network.sizes[1], 20], "a second hidden layer"
        else:
            hidden, purpose = [2 * size for size in network.sizes[1:-1]] or [30], "more neurons"
        if _is_demo(trial):
            found.append(([*again, *TUNED], "what `tinynn tune` found"))
        larger = map(str, [network.sizes[0], *hidden, network.sizes[-1]])
        found.append(([*again, "--sizes", *larger], purpose))
    found.append((["tinynn", "equations", "BP2"], "the lines that send errors back"))
    return [(" ".join(map(shlex.quote, command)), purpose) for command, purpose in found]


def _is_demo(trial: Trial) -> bool:
    """Say whether a run has the settings of chapter 1 on the digits that ship."""
    network, about = trial.network, trial.keeper.about
    plain = (about["data"], about["wrong labels"], about["expand"]) == ("digits", "0.0", "no")
    chapter_1 = tuple(network.sizes) == (64, 30, 10) and network.cost == QUADRATIC
    return plain and chapter_1 and trial.run.settings.lmbda == 0.0


def _options_of(trial: Trial) -> Iterator[str]:
    """Yield the options that a run after this one should have, too."""
    network, settings, about = trial.network, trial.run.settings, trial.keeper.about
    if network._engine["engine"] != Network._engine["engine"]:
        yield "--fast"
    if network.cost != QUADRATIC:
        yield from ("--cost", network.cost.name)
    if float(about["wrong labels"]):
        yield from ("--wrong-labels", f"{float(about['wrong labels']):g}")
    if about["expand"] != "no":
        yield from ("--expand", about["expand"])
    if settings.mu:
        yield from ("--mu", f"{settings.mu:g}", *(["--nesterov"] if settings.nesterov else []))
    for name in ("patience", "schedule"):
        if name in about:
            yield from (f"--{name}", about[name])
