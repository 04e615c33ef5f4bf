"""What networks answer by vote, with the mistakes: ``python -m tinynn.views.votes``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group
from rich.text import Text

from tinynn.datasets import Examples
from tinynn.linalg import Vector
from tinynn.views.digit import Digit
from tinynn.views.lines import Line, Page
from tinynn.views.pictures import captioned
from tinynn.views.vote_lines import Poll, caption, counted, remaining, said_lines, verdict

_ENDLESS = 10_000  # lines


class PollPage(Page):
    """At most so many mistakes as pictures, and below them, where it stays, the counts."""

    def __init__(self, poll: Poll, examples: Examples, most: int, height: int) -> None:
        self.poll, self.examples, self.most, self.height = poll, examples, most, height

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the mistakes, as large as there is room for and small where they are many."""
        poll, counts = self.poll, [*counted(self.poll, width - 40)]
        shown, alone = poll.mistakes[: self.most], len(poll.files)
        images = [self.examples[i][0] for i in shown]
        captions = [caption(poll, i) for i in shown]
        columns, room = self.examples.image_shape[1], self.height - len(counts) - 2
        yield [(remaining(poll, len(shown)), "bold")]
        yield from captioned(images, captions, columns, width, coloured, room, cut=False).lines
        yield from counts[:alone]
        yield from ([(line, "green")] for line in counts[alone:])  # the vote's


def poll_page(
    poll: Poll, examples: Examples, most: int, width: int, height: int = _ENDLESS
) -> PollPage:
    """Return at most so many mistakes as pictures, with the counts, for a screen of this height."""
    return PollPage(poll, examples, most, height)


def digit_page(
    poll: Poll, outputs: Sequence[Sequence[float]], x: Vector, shape: tuple[int, int]
) -> Group:
    """Return one digit, what each network answers to it, and the vote."""
    answers = (Text(line) for line in said_lines(poll, outputs))
    judged = Text(verdict(poll), "green" if poll.votes[0].is_right else "red")
    return Group(Digit(x, shape), *answers, judged)


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.experiments.ensembles import Ensemble
    from tinynn.network import Network

    digits = load_digits()
    ensemble = Ensemble([Network([64, 10], seed=seed) for seed in range(3)])
    ensemble.train(digits.training, 2, 10, 1.0, seed=0).finish()
    console = Console()
    asked = digits.test[:100]
    voted = Poll(["a.json", "b.json", "c.json"], ensemble.votes(asked), ensemble.rule)
    console.print(poll_page(voted, asked, 30, console.width))
