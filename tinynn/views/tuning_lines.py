"""How hyper-parameters are chosen, as plain lines: ``python -m tinynn.views.tuning_lines``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from math import isfinite
from typing import Any

from tinynn.experiments.tuning import Choice, Decision, Tried


def choice_line(choice: Choice) -> str:
    """Return a choice in the book's letters.

    >>> choice_line(Choice(0.5, 0.1))
    'η 0.5, λ 0.1, mini-batch 10'
    """
    return f"η {choice.eta:g}, λ {choice.lmbda:g}, mini-batch {choice.mini_batch_size}"


def outcome(tried: Tried) -> str:
    """Return what a trial did: to the training cost, or to the validation digits.

    >>> outcome(Tried("lmbda", Choice(0.5), 9, [], 280, 297, [4], 1.25))
    '280 of 297 right, best epoch 4, 1.2 s'
    """
    if tried.step == "problem":
        return f"{tried.correct} of {tried.total} right; {tried.about_cost()}"
    if tried.costs:
        return tried.about_cost()
    numbers = ", ".join(map(str, tried.best_epochs))
    best = f"best epoch{'s' if len(tried.best_epochs) > 1 else ''} {numbers}"
    waited = f", patience {tried.patience}" if tried.step == "epochs" else ""
    return f"{tried.correct} of {tried.total} right, {best}, {tried.seconds:.1f} s{waited}"


def tried_line(tried: Tried) -> str:
    """Return a trial as a line."""
    return f"  {choice_line(tried.choice)}: {outcome(tried)}"


def decision_line(decision: Decision) -> str:
    """Return a decision as a line.

    >>> decision_line(Decision("lmbda", "λ = 0.", {}))
    'lmbda: λ = 0.'
    """
    return f"{decision.step}: {decision.sentence}"


def command(result: Mapping[str, Any], data: str, fast: bool, seed: int) -> str:
    """Return the command that trains with the settings of a result.

    >>> found = {"sizes": [64, 30, 10], "eta": 0.5, "lmbda": 0.0, "patience": 10}
    >>> command(found, "digits", True, 0)
    'tinynn train --fast --sizes 64 30 10 --eta 0.5 --patience 10 --seed 0'
    """
    words = ["tinynn", "train"]
    if data != "digits":
        words += ["--data", data]
    if fast:
        words.append("--fast")
    for name, value in result.items():
        if not value and name in ("lmbda", "mu"):
            continue
        numbers = value if isinstance(value, list) else [value]
        texts = [f"{each:.12g}" if isinstance(each, float) else str(each) for each in numbers]
        words += [f"--{name.replace('_', '-')}", *texts]
    return " ".join(map(shlex.quote, [*words, "--seed", str(seed)]))


def as_json(record: Any) -> dict[str, Any]:
    """Return a trial or a decision as JSON can hold it: the reports stay out, inf is a word."""
    kind = "trial" if isinstance(record, Tried) else "decision"
    parts = record._asdict()
    parts.pop("reports", None)
    if isinstance(record, Tried):
        parts["choice"] = record.choice._asdict()
    held: dict[str, Any] = _held(parts)
    return {"record": kind, **held}


def _held(value: Any) -> Any:
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _held(each) for key, each in value.items()}
    return [_held(each) for each in value] if isinstance(value, (list, tuple)) else value


if __name__ == "__main__":
    print(tried_line(Tried("eta", Choice(0.5), 1000, [3.2, 1.1, 0.4], 280, 297, [2], 0.1)))
    print(decision_line(Decision("eta", "The threshold of η is between 0.5 and 1.", {})))
