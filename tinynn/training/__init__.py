"""Training: examples in mini-batches, epochs as a stream of reports."""

from tinynn.training.examples import Example, mini_batches, require_examples
from tinynn.training.reports import Answers, EpochReport, Progress, Score, best_epoch
from tinynn.training.run import Run
from tinynn.training.settings import Settings
from tinynn.training.starting import slow_start

__all__ = [
    "Answers",
    "EpochReport",
    "Example",
    "Progress",
    "Run",
    "Score",
    "Settings",
    "best_epoch",
    "mini_batches",
    "require_examples",
    "slow_start",
]
