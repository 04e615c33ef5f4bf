"""The recording of the code in a ``with`` block: a list of steps."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Optional, Union, overload

from tinynn.errors import require_count
from tinynn.notebook import shortened, table, titled
from tinynn.stepper.recorder import Recorder, Unrecorded
from tinynn.stepper.steps import Step

_SHOWN = 20  # steps, in a notebook


class Recording(Sequence[Step]):
    """The steps of the code in a ``with`` block, in the order in which they ran; or ``record``.

    They are those of the engine's equations, and of these ``functions`` too: your own, in loop
    style, one assignment per line. An ``append`` and each element of a comprehension are steps
    too. Any other line that computes numbers, such as a whole array or two names at once, is
    counted in ``unrecorded``. More than ``most`` steps raise ArgumentError. ``on_step`` is called
    after each step with the number of steps so far. ``tinynn.notation.named`` declares the book's
    symbols for your names, and a loop over ``l`` numbers the layers. A debugger or coverage tool
    that already traces the program continues to trace it, during the recording and afterwards.

    >>> def mean(x):
    ...     total = 0.0
    ...     for j in range(len(x)):
    ...         total += x[j]
    ...     return total / len(x)
    >>> with record(mean) as steps:
    ...     answer = mean([1.0, 2.0, 6.0])
    >>> [step.by_hand for step in steps]
    ['0 + 1', '1 + 2', '3 + 6', '9 / 3']
    >>> steps
    <Recording of 4 steps: mean>
    """

    def __init__(
        self,
        *functions: Callable[..., object],
        most: int = 200_000,
        on_step: Optional[Callable[[int], object]] = None,
    ) -> None:
        self._steps: list[Step] = []
        self._recorder = Recorder(functions, self._steps, require_count("most", most), on_step)

    def __enter__(self) -> Recording:
        self._recorder.start(sys._getframe(1))
        return self

    def __exit__(self, *_: object) -> None:
        self._recorder.stop()

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: Union[int, slice]) -> Union[Step, Sequence[Step]]:
        return self._steps[index]

    def __len__(self) -> int:
        return len(self._steps)

    def __repr__(self) -> str:
        ran = ", ".join(dict.fromkeys(step.number for step in self))
        missed = self.unrecorded
        nothing = "no line is a step" if missed or self._recorder.calls else "nothing ran"
        said = "".join(f"; not recorded: {each}" for each in missed)
        steps = "1 step" if len(self) == 1 else f"{len(self):,} steps"
        return f"<Recording of {steps}: {ran or nothing}{said}>"

    def _repr_html_(self) -> str:
        rows: list[list[object]] = []
        for i in shortened(len(self), _SHOWN):
            step = None if i is None else self[i]
            if step is None:
                rows.append([f"… {len(self) - _SHOWN + 1:,} more"])
            else:
                rows.append([i, step.number, step.source, step.by_hand, step.result])
        heading = "step", "equation", "line", "by hand", "result"
        return titled(repr(self), table(rows, heading, _SHOWN))

    @property
    def unrecorded(self) -> list[Unrecorded]:
        """The lines that computed numbers without a step, and how often each ran."""
        return self._recorder.unrecorded()


record = Recording
