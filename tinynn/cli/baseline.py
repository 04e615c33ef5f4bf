"""``tinynn baseline``: what can be reached without a network."""

from __future__ import annotations

import argparse
import sys

from tinynn.baselines import AverageDarkness, random_guess
from tinynn.cli.common import Commands, add_data, load_data
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "baseline",
        help="what can be reached without a network",
        description="Classify the test digits by lot, by average darkness, or by an SVM.",
        epilog="example: tinynn baseline --data mnist",
    )
    parser.set_defaults(run=run)
    add_data(parser)
    option = parser.add_argument
    option("--seed", type=int, default=0, metavar="N", help="same seed, same guesses (default 0)")
    svm = "also scikit-learn's SVM, with the settings of the book's time and of today: some minutes"
    option("--svm", action="store_true", help=svm)


def run(options: argparse.Namespace) -> int:
    """Print one line for each baseline."""
    if options.svm:
        _require_scikit_learn()
    data = load_data(options.data)
    total = len(data.test)
    print(_line("random guess", random_guess(data.test, seed=options.seed), total))
    print(_line("average darkness", AverageDarkness(data.training).evaluate(data.test), total))
    if options.svm:
        _print_svms(data)
    return 0


def _require_scikit_learn() -> None:
    from importlib.util import find_spec

    if find_spec("numpy") is None or find_spec("sklearn") is None:
        raise ArgumentError("--svm needs scikit-learn: pip install numpy scikit-learn")


def _print_svms(data: DataSet) -> None:
    from tinynn.fast.svm import BOOKS_TIME, TODAY, svm_evaluate

    total = len(data.test)
    sys.stdout.flush()
    if len(data.training) > 5000:
        sys.stderr.write("two SVMs are learning, which takes some minutes\n")
    for gamma, name in ((BOOKS_TIME, "SVM of the book's time"), (TODAY, "SVM of today")):
        correct = svm_evaluate(data.training, data.test, gamma)
        print(_line(f"{name}, gamma={gamma}", correct, total), flush=True)


def _line(name: str, correct: int, total: int) -> str:
    return f"{name:<36} {correct:>6,} / {total:,} {100 * correct / total:6.2f} %"
