"""``tinynn baseline``: what can be reached without a network."""

from __future__ import annotations

import argparse

from tinynn.baselines import AverageDarkness, random_guess
from tinynn.cli.common import Commands, add_data, load_data


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "baseline",
        help="what can be reached without a network",
        description="Classify the test digits by lot and by their average darkness.",
        epilog="example: tinynn baseline --data mnist",
    )
    parser.set_defaults(run=run)
    add_data(parser)
    option = parser.add_argument
    option("--seed", type=int, default=0, metavar="N", help="same seed, same guesses (default 0)")


def run(options: argparse.Namespace) -> int:
    """Print one line for each baseline."""
    data = load_data(options.data)
    total = len(data.test)
    print(_line("random guess", random_guess(data.test, seed=options.seed), total))
    print(_line("average darkness", AverageDarkness(data.training).evaluate(data.test), total))
    return 0


def _line(name: str, correct: int, total: int) -> str:
    return f"{name:<32} {correct:>6,} / {total:,} {100 * correct / total:6.2f} %"
