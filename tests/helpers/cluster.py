"""A search on a real Dask scheduler with two worker processes, one of which is killed.

``python cluster.py SESSION LOG``: it runs README's lines for a cluster, from the file SESSION, and
kills a worker at the second result.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tinynn.experiments.search import Result, Search

run = Search.run


def main(session: str, log: str) -> None:
    """Run the session against this cluster."""
    distributed: Any = importlib.import_module("distributed")
    Client, LocalCluster = distributed.Client, distributed.LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        workers = client.run(os.getpid)
        assert len(set(workers.values())) == 2, "two processes"

        def watched(search: Search, *arguments: Any, **named: Any) -> Iterator[Result]:
            for number, result in enumerate(run(search, *arguments, **named)):
                if number == 1:
                    os.kill(next(iter(workers.values())), signal.SIGKILL)
                yield result

        Search.run = watched  # type: ignore[method-assign, assignment]
        code = session.replace("scheduler:8786", cluster.scheduler_address.partition("://")[2])
        exec(code.replace("search.jsonl", log))
        left = set(client.run(os.getpid).values())
        print("killed" if not set(workers.values()) <= left else "nobody was killed")


if __name__ == "__main__":
    main(Path(sys.argv[1]).read_text(encoding="utf-8"), sys.argv[2])
