"""Training: mini-batches of examples, and a stream of reports, one per epoch."""

from tinynn.training.examples import Example, mini_batches, require_examples
from tinynn.training.reports import Answers, EpochReport, Progress, Score, best_epoch
from tinynn.training.run import Run
from tinynn.training.settings import Settings
from tinynn.training.starting import slow_start
from tinynn.training.stopping import SCHEDULES, NoImprovement, Rule, Schedule, following

__all__ = [
    "SCHEDULES",
    "Answers",
    "EpochReport",
    "Example",
    "NoImprovement",
    "Progress",
    "Rule",
    "Run",
    "Schedule",
    "Score",
    "Settings",
    "best_epoch",
    "following",
    "mini_batches",
    "require_examples",
    "slow_start",
]
