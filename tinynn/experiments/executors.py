"""Jobs on any Executor of concurrent.futures. Each result is yielded as soon as it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, as_completed
from typing import TypeVar

from tinynn.errors import ArgumentError, describe

Key = TypeVar("Key")
Work = TypeVar("Work")
Done = TypeVar("Done")


def require_executor(executor: object) -> None:
    """Raise ArgumentError unless this is an Executor."""
    if not callable(getattr(executor, "submit", None)):
        given = f"expected an Executor of concurrent.futures, got {describe(executor)}"
        raise ArgumentError(f"executor: {given}: write ProcessPoolExecutor()")


def done_by(
    executor: Executor, function: Callable[[Work], Done], todo: dict[Key, Work]
) -> Iterator[Done]:
    """Yield the result of a function for each job in ``todo``, and remove the job when it is done.

    >>> from concurrent.futures import ThreadPoolExecutor
    >>> with ThreadPoolExecutor(2) as executor:
    ...     sorted(done_by(executor, abs, {"a": -1, "b": 2}))
    [1, 2]
    """
    futures: dict[Future[Done], Key] = {}
    try:
        for key, work in todo.items():
            futures[executor.submit(function, work)] = key
        for future in as_completed(futures):
            result = future.result()
            del todo[futures[future]]
            yield result
    finally:
        for future in futures:
            future.cancel()
