"""Kill a run at random moments, and resume it: ``python tests/benchmarks/kills.py``.

Each run is ended once by a signal drawn by lot (kill -9, SIGTERM, SIGHUP, Ctrl-C twice), goes on
with ``tinynn train --resume``, and has to end in the network, the order, the generator and the
reports of a run that nobody interrupted. ``python tests/benchmarks/kills.py 20`` takes 20 of 200.
"""

from __future__ import annotations

import random
import signal
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.terminal import run  # noqa: E402
from tests.test_keeping import interrupted, numbers, whole  # noqa: E402

EPOCHS = 800
OPTIONS = ("--epochs", str(EPOCHS), "--fast", "--seed", "1")
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


def main(times: int) -> int:
    """Kill, resume and compare so many times; print what came out."""
    dice = random.Random(0)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        expected = numbers(whole(folder, *OPTIONS))
        for trial in range(times):
            path = folder / f"{trial}.json"
            interrupted(path, dice.choice(SIGNALS), dice.uniform(0.3, 3.0), *OPTIONS, lines=0)
            if not path.exists():
                found["killed before its first epoch: begun again"] += 1
                assert run("train", *_small(path)).returncode == 0
            elif (done := len(numbers(path)[3])) < EPOCHS:
                found[f"resumed after {done // 100 * 100} epochs or more"] += 1
                assert run("train", "--plain", "--resume", str(path)).returncode == 0
            else:
                found["was done already"] += 1
            found["same bits"] += numbers(path) == expected
            path.unlink()
    for what, count in sorted(found.items()):
        print(f"{count:4}  {what}")
    return 0 if found["same bits"] == times else 1


def _small(path: Path) -> tuple[str, ...]:
    return ("--sizes", "64", "5", "10", "--plain", *OPTIONS, "--save", str(path))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
