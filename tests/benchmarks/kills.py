"""Kill a run at random moments, and resume it: ``python tests/benchmarks/kills.py``.

Each run is stopped once by a random signal (kill -9, SIGTERM, SIGHUP, Ctrl-C twice) and resumed
with ``tinynn train --resume``. It must end with the same network, order, generator and reports as
an uninterrupted run. ``python tests/benchmarks/kills.py 20`` makes 20 runs instead of 200.
"""

from __future__ import annotations

import os
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
SMALL_RUN = ("--sizes", "64", "5", "10", "--plain", *OPTIONS)
SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGINT]


def main(times: int) -> int:
    """Print the results of this many killed and resumed runs; return 0 if all are the same."""
    dice = random.Random(0)
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ.update(dict.fromkeys(("XDG_CACHE_HOME", "LOCALAPPDATA"), name))
        expected = numbers(whole(folder, *OPTIONS))
        while found["same bits"] + found["other bits"] < times:
            path = folder / "net.json"
            interrupted(path, dice.choice(SIGNALS), dice.uniform(0.3, 2.5), *OPTIONS, lines=0)
            done = len(numbers(path)[3]) if path.exists() else 0
            if done == EPOCHS:
                path.unlink()  # the run was finished before the signal: it does not count
                continue
            if done:
                go_on = run("train", "--plain", "--resume", str(path))
                found[f"resumed after {done // 100 * 100} epochs or more"] += 1
            else:
                go_on = run("train", *SMALL_RUN, "--save", str(path))
                found["killed before its first epoch: started again"] += 1
            assert go_on.returncode == 0, go_on.stderr
            found["same bits" if numbers(path) == expected else "other bits"] += 1
            path.unlink()
    for what, count in sorted(found.items()):
        print(f"{count:4}  {what}")
    return 0 if found["same bits"] == times else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 200))
