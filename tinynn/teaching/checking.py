"""Three lines of pytest: a claim, held against a function of your own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Union

from tinynn.errors import ArgumentError, describe
from tinynn.teaching.adapt import adapted
from tinynn.teaching.claims import Claim, ClaimError, claim_named
from tinynn.teaching.diagnosis import diagnose


def check(claim: Union[str, Claim], function: Callable[..., Any]) -> None:
    """Raise ClaimError, with the smallest counterexample and a diagnosis, unless a claim holds.

    The function runs in this very process, so that a debugger can be used; nothing limits its
    time. To judge a file that nobody has read yet, use ``tinynn grade``.

    >>> check("descent-step", lambda v, gradient, eta: v - eta * gradient)
    >>> try:
    ...     check("descent-step", lambda v, gradient, eta: v + eta * gradient)
    ... except ClaimError as error:
    ...     print(str(error).splitlines()[-1])
      looks like  the sign is flipped, +η for -η: this goes up the slope. To lower C, subtract.
    """
    __tracebackhide__ = True  # pytest shows the line of the test, not ours
    promise = claim if isinstance(claim, Claim) else claim_named(claim)
    if not callable(function):
        raise ArgumentError(f"{promise.identifier}: expected a function, got {describe(function)}")
    call = adapted(function, promise.role)
    found = promise.counterexample(call)
    if found is None:
        return
    error = ClaimError(promise, found)
    diagnosis = None
    with suppress(Exception):  # it calls the function again, which may break in another way
        diagnosis = diagnose(promise, call, found)
    if diagnosis is not None:
        error.args = (f"{error}\n  looks like  {diagnosis.diagnosis}",)
    raise error from found.raised
