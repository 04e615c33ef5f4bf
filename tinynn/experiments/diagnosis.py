"""Why a run does not learn: causes, each named only if undoing it helps in a quick trial."""

from __future__ import annotations

import os
import shlex
from collections.abc import Sequence
from importlib import import_module
from math import sqrt
from typing import Any, NamedTuple, Optional, Union

from tinynn.datasets import expanded
from tinynn.datasets.named import data_named
from tinynn.errors import ArgumentError, DataError, TinyNNError, describe
from tinynn.experiments.causes import ADVICE, CAUSES, COPIES, Cause, Change
from tinynn.experiments.facts import CLEAR, Facts, LayerState
from tinynn.experiments.trials import Outcome, learnt, score, spread
from tinynn.files import FilePath, read_network
from tinynn.network import Network
from tinynn.training import Run

ALIKE = 0.07  # trials whose scores are no further apart are equally good


class Trial(NamedTuple):
    """The effect of a change: the scores without it and with it, on ``examples`` examples.

    A score is the share of right answers; without classes, the share of the cost explained.
    """

    change: str
    without: float
    with_it: float
    examples: int


class Finding(NamedTuple):
    """A cause and its evidence: a sentence with a number, what to try, and the trial."""

    name: str
    sentence: str
    number: float
    chapter: int
    advice: str
    command: str
    trial: Trial


class Diagnosis(NamedTuple):
    """The causes found, all causes tried, and the state of each layer of the run's network."""

    findings: list[Finding]
    trials: list[Finding]
    layers: list[LayerState]


def diagnose(run: Union[Run, FilePath], data: Any = None) -> list[Finding]:
    """Return why a run does not learn: findings, the likeliest cause first; none if it is well.

    ``run`` is a Run of either engine, or the file of a checkpoint; ``data`` are then the data that
    it learns from, where the file does not name them. A cause is named only if undoing it clearly
    helps in a quick trial. The run stays as it is. Raises DataError, ArgumentError.

    >>> from tinynn import Network, Vector
    >>> xor = [(Vector([p, q]), Vector([p ^ q])) for p in (0, 1) for q in (0, 1)]
    >>> run = Network([2, 4, 1], seed=1).train(xor, 1000, 4, 1e-6, test_data=xor, seed=0)
    >>> [finding.name for finding in diagnose(run)]
    ['learning rate too low']
    """
    if not isinstance(run, Run):
        return examined(*run_of(run, data)).findings
    if data is not None:
        raise ArgumentError("data goes with the file of a run only, as a run has its own")
    return examined(run).findings


class _Tried(NamedTuple):
    cause: Cause
    change: Change
    finding: Finding
    helps: bool


def examined(run: Run, name: str = "") -> Diagnosis:
    """Return the causes that are found, every trial that was made, and each layer's state.

    ``name`` is the name of the data, as ``--data`` takes it.
    """
    run._begun = True  # looked at: there is nothing to warn of when it is dropped
    facts = Facts(run, name)
    tried = [_copies_tried(facts), *(_tried(facts, cause) for cause in CAUSES)]
    made = [each for each in tried if each is not None]
    copies, *_ = tried
    helps = [each for each in made if each.helps and each is not copies]
    if helps:
        top = max(each.finding.trial.with_it for each in helps)
        helps.sort(key=lambda each: each.finding.trial.with_it < top - ALIKE)
        first, *others = helps
        helps = [first, *(each for each in others if _adds(facts, first, each))]
    if copies is not None and copies.helps:
        helps.insert(0, copies)
    findings = [each.finding for each in helps]
    return Diagnosis(findings, [each.finding for each in made], facts.states)


def _tried(facts: Facts, cause: Cause) -> Optional[_Tried]:
    """Try each way to undo a cause, and return the best trial.

    Return None if the score leaves no room to improve, or if there is no sign or no way.
    """
    if 1.0 - max(facts.now.score, facts.without) < cause.margin:  # no room
        return None
    sign = cause.sign(facts)
    changes = [] if sign is None else cause.undo(facts, facts.start)
    if sign is None or not changes:
        return None
    base = cause.without(facts)
    change, outcome = _best(cause.share or facts.short, changes)
    finding = _finding(cause, facts, sign, change, base, outcome.score)
    least = sign[0] / 6.0 if cause.name == "overfitting" else (1.0 - base) / 4.0
    return _Tried(cause, change, finding, _helps(finding.trial, cause.margin, least))


def _best(share: float, changes: Sequence[Change]) -> tuple[Change, Outcome]:
    """Try the changes, and return the one with the best score, and its outcome."""
    pairs = [(each, each.outcome or learnt(each.case, share)) for each in changes]
    return max(pairs, key=lambda pair: pair[1].score)


def _helps(trial: Trial, margin: float, least: float) -> bool:
    """Return whether the gain is at least ``margin``, at least ``least``, and beyond luck."""
    p = (trial.without + trial.with_it) / 2.0
    luck = min(0.4, 2.0 * sqrt(2.0 * p * (1.0 - p) / trial.examples))  # of XOR's four: two
    return trial.with_it - trial.without >= max(margin, luck, least)


def _adds(facts: Facts, first: _Tried, other: _Tried) -> bool:
    """Return whether undoing a second cause, too, improves the score further."""
    without = first.finding.trial.with_it
    if 1.0 - without < CLEAR or other.cause.name in ("dead", "saturated"):
        return False
    changes = other.cause.undo(facts, first.change.case)
    if not changes:
        return False
    both, outcome = _best(facts.short, changes)
    return _helps(Trial("", without, outcome.score, len(both.case.held)), CLEAR, 0.0)


def _copies_tried(facts: Facts) -> Optional[_Tried]:
    """Try training with and without some copied test examples, and compare the score on them.

    If it falls without them, the copies raised the test score. Return None if there are none.
    """
    sign = COPIES.sign(facts)
    if sign is None:
        return None
    change, *_ = COPIES.undo(facts, facts.start)
    training, held = change.case.training, change.case.held
    if not training or not held:
        return None
    left = learnt(change.case).score
    every = spread([*training, *held], 2 * len(facts.case.training))
    kept = learnt(change.case._replace(training=every)).score
    kept = max(kept, score(facts.case.network, change.case))
    return _Tried(COPIES, change, _finding(COPIES, facts, sign, change, kept, left), left < kept)


def _finding(
    cause: Cause,
    facts: Facts,
    sign: tuple[float, str],
    change: Change,
    without: float,
    with_it: float,
) -> Finding:
    words = {"change": change.words, "train": command_of(facts, change.instead)}
    advice, command = (text.format(**words) for text in ADVICE[cause.name])
    trial = Trial(change.words, without, with_it, len(change.case.held))
    number, sentence = sign
    return Finding(cause.name, sentence, number, cause.chapter, advice, command, trial)


# Files and commands.


def run_of(path: FilePath, data: Any = None) -> tuple[Run, str]:
    """Return the run in a file, and the name of its data, or "" if the file has none.

    ``data`` replaces the data that the file names; without both, it is the digits. Raises DataError
    for a file that holds no run, or for other data than the run's.
    """
    if isinstance(path, Run) or not isinstance(path, (str, os.PathLike)):
        expected = f"expected a run, or the file of one, got {describe(path)}"
        raise ArgumentError(f"run: {expected}: write diagnose(net.train(…))")
    saved = read_network(path)
    if not isinstance(saved.run, dict):
        raise DataError(f"{path} holds a network, but no run: keep one with tinynn train --save")
    kept = saved.run.get("about")
    about = kept if isinstance(kept, dict) else {}
    if data is None:
        try:
            data = data_named(about.get("data", "digits"))
            seed, share = int(about.get("seed", "0")), float(about.get("wrong labels", "0"))
            training = data.training.with_wrong_labels(share, seed=seed) if share else data.training
            kind = about.get("expand", "no")
            training = training if kind == "no" else expanded(training, kind, seed=seed)
        except (TinyNNError, OSError, TypeError, ValueError) as error:
            raise DataError(f"{path}: the data of this run is gone: {error}") from None
        data = data._replace(training=training)
    fast = saved.run.get("engine") != Network._engine["engine"]
    engine = import_module("tinynn.fast").Network if fast else Network
    return engine.resume(path, data), about.get("data", "")


def command_of(facts: Facts, instead: str = "") -> str:
    """Return the command that trains such a network, with one option set as in ``instead``."""
    run, network = facts.run, facts.case.network
    options = {
        "--data": facts.name or ("mnist" if network.sizes[0] == 784 else ""),
        "--layers": ", ".join(map(repr, network.layers[1:])),
        "--cost": network.cost.name,
        "--mini-batch-size": f"{run.settings.mini_batch_size}",
        "--eta": f"{run.eta:g}",
        "--lmbda": f"{run.settings.lmbda:g}" if run.settings.lmbda else "",
        "--mu": f"{run.settings.mu:g}" if run.settings.mu else "",
    }
    name, _, value = instead.partition(" ")
    options[name] = value
    words = [word for name, value in options.items() if value for word in (name, value)]
    return " ".join(map(shlex.quote, ["tinynn", "train", *words]))
