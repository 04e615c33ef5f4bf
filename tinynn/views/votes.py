"""What networks answer, each of them and by vote: ``python -m tinynn.views.votes``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Optional

from tinynn.datasets import Examples
from tinynn.experiments.ensembles import ABOUT_RULES, Vote
from tinynn.linalg import Vector
from tinynn.views.digit import Digit
from tinynn.views.lines import Line, Page, Stack, end_of
from tinynn.views.pictures import captioned

_VOTE = "the vote"


class Poll(NamedTuple):
    """What networks answered: their files, the vote on each digit, and the rule for ties."""

    files: Sequence[str]
    votes: Sequence[Vote]
    rule: str

    @property
    def right(self) -> int:
        """For how many digits the vote is right."""
        return sum(vote.is_right for vote in self.votes)

    @property
    def each_right(self) -> list[int]:
        """For how many digits each network is right."""
        answers = zip(*(vote.answers for vote in self.votes))
        labels = [vote.label for vote in self.votes]
        return [sum(map(int.__eq__, said, labels)) for said in answers]

    @property
    def mistakes(self) -> list[int]:
        """The digits for which the vote is wrong."""
        return [i for i, vote in enumerate(self.votes) if not vote.is_right]

    @property
    def ties(self) -> int:
        """For how many digits the rule decided."""
        return sum(vote.tied for vote in self.votes)


def counted(poll: Poll, longest: int = 4_096) -> Iterator[str]:
    """Yield how many digits are right, a line for each network and one for the vote.

    Of a path that is longer than ``longest`` only the end is shown.
    """
    files = [end_of(path, longest) for path in poll.files]
    names = [*files, _VOTE] if len(files) > 1 else files
    width, total = max(map(len, names)), len(poll.votes)
    for name, right in zip(names, [*poll.each_right, poll.right]):
        yield f"{name:<{width}}  {right:>6,} of {total:,} right, {100 * right / total:.2f} %"
    if poll.ties:
        digits = f"{poll.ties:,} tie{'s' if poll.ties > 1 else ''}"
        yield f"{digits}, given {ABOUT_RULES[poll.rule]}"


def remaining(poll: Poll, shown: int) -> str:
    """Say how many mistakes remain, and what is written above each picture."""
    count = len(poll.mistakes)
    if not count:
        return "no mistake remains"
    said = f"{count:,} mistakes remain" if count > 1 else "1 mistake remains"
    if not shown:
        return f"{said}: --pictures {count} shows them"
    if shown < count:
        said += f", the first {shown:,} here (--pictures {count} shows all)"
    by = "vote" if len(poll.files) > 1 else "answer"
    return f"{said}; number: label ▸ {by}"


def caption(poll: Poll, i: int) -> str:
    """Return what is written above the picture of a mistake.

    >>> caption(Poll(["a.json"], [Vote((4,), 4, False, label=9)], "book"), 0)
    '0: 9▸4'
    """
    return f"{i}: {poll.votes[i].label}▸{poll.votes[i].answer}"


@dataclass
class PollPage(Page):
    """At most so many mistakes as pictures, and the counts: below them, where they stay.

    As plain text, the counts come first.
    """

    poll: Poll
    examples: Examples
    most: int
    height: Optional[int] = None

    def lines(self, width: int, coloured: bool) -> Iterator[Line]:
        """Yield the mistakes, as large as there is room for and small where they are many."""
        poll, piped = self.poll, self.height is None
        shown = poll.mistakes[: self.most]
        texts = [*(counted(poll) if piped else counted(poll, width - 40))]
        styles = [""] * len(poll.files) + ["green"] * len(texts)
        counts: list[Line] = [[part] for part in zip(texts, styles)]
        room = None if self.height is None else self.height - len(counts) - 2  # heading, prompt
        captions = {i: caption(poll, i) for i in shown}
        drawn = captioned(self.examples, captions, width, coloured, room, cut=False).lines
        heading: Line = [(remaining(poll, len(shown)), "bold")]
        if piped:
            yield from [*counts, heading, *([""] if drawn else []), *drawn]
        else:
            yield from [heading, *drawn, *counts]


# One digit.


def said_lines(poll: Poll, outputs: Sequence[Sequence[float]]) -> Iterator[str]:
    """Yield what each network answers to a digit, and how strong that output is."""
    (vote,) = poll.votes
    width = max(map(len, poll.files))
    for file, said, a in zip(poll.files, vote.answers, outputs):
        yield f"{file:<{width}}  says {said} ({max(a):.2f})"


def verdict(poll: Poll) -> str:
    """Say which answer wins, with how many votes, and whether that is right.

    >>> verdict(Poll(["a", "b"], [Vote((4, 9), 9, True, label=9)], "plurality"))
    'The vote says 9 (1 of 2, a tie, given by summed strength); the label says 9: right.'
    """
    (vote,) = poll.votes
    judged = f"the label says {vote.label}: {'right' if vote.is_right else 'wrong'}."
    if len(poll.files) == 1:
        return f"The network says {vote.answer}; {judged}"
    votes = f"{vote.answers.count(vote.answer)} of {len(vote.answers)}"
    tie = f", a tie, given {ABOUT_RULES[poll.rule]}" if vote.tied else ""
    return f"The vote says {vote.answer} ({votes}{tie}); {judged}"


def digit_page(
    poll: Poll,
    outputs: Sequence[Sequence[float]],
    x: Vector,
    shape: tuple[int, int],
    piped: bool = False,
) -> Stack:
    """Return one digit, in a pipe with a line for each row, what each network answers, the vote."""
    judged = (verdict(poll), "green" if poll.votes[0].is_right else "red")
    return Stack(Digit(x, shape, False if piped else None), *said_lines(poll, outputs), [judged])


# JSON.


def as_json(poll: Poll) -> dict[str, Any]:
    """Return the counts and the answers to all digits; ``mistakes`` says who answered what."""
    each_right = zip(poll.files, poll.each_right)
    return {
        "total": len(poll.votes),
        "networks": [{"file": file, "right": right} for file, right in each_right],
        "right": poll.right,
        "ties": poll.ties,
        "mistakes": [{"digit": i, **_vote_json(poll.votes[i])} for i in poll.mistakes],
        "answers": [vote.answer for vote in poll.votes],
    }


def digit_json(poll: Poll, outputs: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Return the vote on one digit, with the outputs of each network."""
    (vote,) = poll.votes
    said = zip(poll.files, vote.answers, outputs)
    networks = [{"file": file, "answer": answer, "outputs": [*a]} for file, answer, a in said]
    return {**_vote_json(vote), "right": vote.is_right, "tied": vote.tied, "networks": networks}


def _vote_json(vote: Vote) -> dict[str, Any]:
    return {"label": vote.label, "answer": vote.answer, "answers": [*vote.answers]}


if __name__ == "__main__":
    from tinynn.datasets import load_digits
    from tinynn.experiments.ensembles import Ensemble
    from tinynn.network import Network

    digits = load_digits()
    ensemble = Ensemble([Network([64, 10], seed=seed) for seed in range(3)])
    ensemble.train(digits.training, 2, 10, 1.0, seed=0).finish()
    asked = digits.test[:100]
    voted = Poll(["a.json", "b.json", "c.json"], ensemble.votes(asked), ensemble.rule)
    print(PollPage(voted, asked, 30))
