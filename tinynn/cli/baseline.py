"""``tinynn baseline``: what can be reached without a network."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from importlib.util import find_spec

from tinynn.baselines import AverageDarkness, random_guess
from tinynn.cli import options
from tinynn.cli.command import Command
from tinynn.cli.common import load_data
from tinynn.errors import ArgumentError


@dataclass
class Baseline(Command):
    """What can be reached without a network.

    Classify the test digits by lot, by average darkness, or by an SVM.

    example: tinynn baseline --data mnist

    --seed  same seed, same guesses (default 0)
    --svm   also scikit-learn's SVM, with the settings of the book's time and of today: some minutes
    """

    data: str = options.data()
    seed: int = 0
    svm: bool = False

    def run(self) -> int:
        """Print one line for each baseline."""
        if self.svm and not (find_spec("numpy") and find_spec("sklearn")):
            raise ArgumentError("--svm needs scikit-learn: pip install numpy scikit-learn")
        data = load_data(self.data)

        def say(name: str, correct: int) -> None:
            share = f"{correct:>6,} / {len(data.test):,} {100 * correct / len(data.test):6.2f} %"
            print(f"{name:<36} {share}", flush=True)

        say("random guess", random_guess(data.test, seed=self.seed))
        say("average darkness", AverageDarkness(data.training).evaluate(data.test))
        if self.svm:
            from tinynn.fast.svm import BOOKS_TIME, TODAY, svm_evaluate

            if len(data.training) > 5000:
                sys.stderr.write("two SVMs are learning, which takes some minutes\n")
            for gamma, name in ((BOOKS_TIME, "SVM of the book's time"), (TODAY, "SVM of today")):
                say(f"{name}, gamma={gamma}", svm_evaluate(data.training, data.test, gamma))
        return 0
