"""Ensembles: networks that vote on an answer, and are often right where one of them is wrong."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from math import fsum
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from tinynn.errors import ArgumentError, DivergenceError, ShapeError, describe, require_row
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.training.examples import Example
from tinynn.training.reports import EpochReport

if TYPE_CHECKING:
    from concurrent.futures import Executor

Outputs = Sequence[Sequence[float]]  # of each network for one input


class Vote(NamedTuple):
    """The vote of networks on one example: the answer of each, and the common answer.

    ``tied`` is True if several answers had the most votes. ``label`` is the right answer, or None
    if it is unknown.
    """

    answers: tuple[int, ...]
    answer: int
    tied: bool
    label: Optional[int] = None

    @property
    def is_right(self) -> bool:
        """Whether the answer of the vote is the label."""
        return self.answer == self.label


# The rules: which of the answers with the most votes wins.


def most_voted(answers: Iterable[int]) -> list[int]:
    """Return the answers with the most votes, in the order of the networks.

    >>> most_voted([7, 1, 1, 7, 4])
    [7, 1]
    """
    votes = Counter(answers)
    most = max(votes.values())
    return [answer for answer, count in votes.items() if count == most]


def strongest(tied: Sequence[int], outputs: Outputs) -> int:
    """Return the answer with the largest sum of outputs over all networks.

    If the sums are equal too, return the lower digit. For a single output a, the strength of the
    answer 1 is a and that of 0 is 1 - a; a tie answers 1, like a network. The order of the
    networks makes no difference.

    >>> strongest([0, 2], [[0.75, 0.5, 0.25], [0.25, 0.0, 0.5]])
    0
    """
    if len(outputs[0]) == 1:
        return int(fsum(a[0] for a in outputs) >= 0.5 * len(outputs))
    return max(sorted(tied), key=lambda answer: fsum(a[answer] for a in outputs))


def first(tied: Sequence[int], outputs: Outputs) -> int:
    """Return the answer of the first network.

    >>> first([2, 0], [[0.0, 0.1, 0.2], [0.9, 0.0, 0.0]])
    2
    """
    return tied[0]


PLURALITY, BOOK = "plurality", "book"
RULES: dict[str, Callable[[Sequence[int], Outputs], int]] = {PLURALITY: strongest, BOOK: first}
ABOUT_RULES = {PLURALITY: "by summed strength", BOOK: "to the network that comes first"}


class Trained(NamedTuple):
    """A trained network: its index in the ensemble, and the report of each epoch."""

    number: int
    reports: list[EpochReport]


class Ensemble:
    """Networks that vote: the ensemble's answer is the one that most of them choose.

    The networks may be of either engine and have different layers, but all must have the same
    number of inputs and of outputs. ``rule`` decides a tie: "plurality" chooses the answer with the
    largest sum of outputs over all networks; "book" chooses the answer of the first network, as
    the book does. Raises ArgumentError, ShapeError.

    >>> from tinynn import Network, Vector
    >>> sure, unsure, wrong = (
    ...     Network.from_parameters([b], [[[0.0], [0.0]]]) for b in ([0, 4], [0, 1], [1, 0])
    ... )
    >>> Ensemble([wrong, unsure, sure]).predict([1.0])
    1
    >>> Ensemble([wrong, sure]).predict([1.0]), Ensemble([wrong, sure], "book").predict([1.0])
    (1, 0)
    """

    def __init__(self, networks: Iterable[Model], rule: str = PLURALITY) -> None:
        write = "Ensemble([network, another])"
        members = list(require_row("networks", networks, write, "networks"))
        if not members:
            raise ArgumentError(f"networks: expected at least one, got none: write {write}")
        for i, network in enumerate(members):
            if not isinstance(network, Model):
                expected = f"expected a Network, got {describe(network)}"
                raise ArgumentError(f"network {i}: {expected}: write {write}")
            if any(network is other for other in members[:i]):
                write = "[Network([64, 30, 10], seed=seed) for seed in range(5)]"
                raise ArgumentError(
                    f"network {i}: expected different networks, got one twice: write {write}"
                )
            if _ends(network) != _ends(members[0]):
                like = f"expected {_ends_text(members[0])}, like network 0"
                raise ShapeError(f"network {i}: {like}, got {_ends_text(network)}")
        if not isinstance(rule, str) or rule not in RULES:
            known = " or ".join(RULES)
            raise ArgumentError(f'rule: expected {known}, got {describe(rule)}: write "{BOOK}"')
        self.networks: tuple[Model, ...] = tuple(members)
        self.rule = rule

    def __len__(self) -> int:
        return len(self.networks)

    def __repr__(self) -> str:
        networks = f"{len(self)} network{'s' if len(self) > 1 else ''}"
        return f"<Ensemble of {networks}, {_ends_text(self.networks[0])}, {self.rule}>"

    # Its answers.

    def vote(self, x: Any) -> Vote:
        """Return the answer of each network for input x, and the answer of the vote."""
        return self._vote([list(network.feedforward(x)) for network in self.networks])

    def predict(self, x: Any) -> int:
        """Return the ensemble's answer for x: the answer with the most votes."""
        return self.vote(x).answer

    def votes(self, examples: Sequence[Example]) -> list[Vote]:
        """Return the vote on each of these examples, with its label."""
        found = []
        for each in zip(*(_outputs(network, examples) for network in self.networks)):
            desired = each[0][1]
            vote = self._vote([outputs for outputs, _ in each])
            found.append(vote._replace(label=_answer(desired)))
        return found

    def evaluate(self, examples: Sequence[Example]) -> int:
        """Return the number of examples that the vote answers correctly."""
        return sum(vote.is_right for vote in self.votes(examples))

    def _vote(self, outputs: Outputs) -> Vote:
        answers = tuple(map(_answer, outputs))
        tied = most_voted(answers)
        answer = tied[0] if len(tied) == 1 else RULES[self.rule](tied, outputs)
        return Vote(answers, answer, len(tied) > 1)

    # Its training.

    def train(
        self,
        training_data: Sequence[Example],
        *how: Any,
        seed: Optional[int] = None,
        executor: Optional[Executor] = None,
        **options: Any,
    ) -> EnsembleRun:
        """Return a run that trains each network separately. Iterating it trains them.

        It takes the arguments of ``Network.train``, but for ``rng``, ``order`` and
        ``on_mini_batch``. Network i shuffles with ``seed`` + i. ``executor`` is any Executor of
        concurrent.futures; without it the networks train one after another. The same seed gives
        the same networks for every executor and order. The call checks its arguments. Training
        starts when you iterate the run or call ``finish()``.

        A network changes only when its training is complete; until then it keeps its old numbers.
        Raises DivergenceError that names the network, once a weight leaves the range of floats.

        >>> from tinynn import Network, load_digits
        >>> data = load_digits()
        >>> ensemble = Ensemble([Network([64, 5, 10], seed=seed) for seed in range(3)])
        >>> for done in ensemble.train(data.training, 1, 10, 3.0, test_data=data.test, seed=0):
        ...     print(done.number, done.reports[-1].total)
        0 500
        1 500
        2 500
        """
        if executor is not None:
            from tinynn.experiments.executors import require_executor

            require_executor(executor)
        for name in {"rng", "order", "on_mini_batch"} & set(options):
            raise ArgumentError(f"{name}: networks that train separately cannot share it: use seed")
        for network in self.networks:
            network._require_numbers()
        for network in {(type(each), each.cost.name): each for each in self.networks}.values():
            network.train(training_data, *how, seed=seed, **options)._begun = True  # it only checks
        seeds = [None if seed is None else seed + i for i in range(len(self))]
        jobs = [
            _Job(i, network, (training_data, *how), {**options, "seed": seeds[i]})
            for i, network in enumerate(self.networks)
        ]
        return EnsembleRun(self, jobs, executor)


class EnsembleRun(Iterator[Trained]):
    """The training of an ensemble. Iterating it yields a Trained for each finished network.

    ``done`` lists those so far.
    """

    def __init__(
        self, ensemble: Ensemble, jobs: Sequence[_Job], executor: Optional[Executor]
    ) -> None:
        self.ensemble, self.executor = ensemble, executor
        self.done: list[Trained] = []
        self._jobs = jobs
        self._work: Optional[Iterator[tuple[Trained, Any]]] = None

    def __next__(self) -> Trained:
        if self._work is None:
            self._work = self._started()
        trained, snapshot = next(self._work)
        self.ensemble.networks[trained.number]._restore(snapshot)
        self.done.append(trained)
        return trained

    def finish(self) -> list[Trained]:
        """Train the remaining networks, and return all results in the order of the networks."""
        for _ in self:
            pass
        return sorted(self.done)

    def _started(self) -> Iterator[tuple[Trained, Any]]:
        # a copy is small to send, and no thread changes the caller's network
        todo = {job.number: job._replace(network=job.network.copy()) for job in self._jobs}
        if self.executor is None:
            return map(_train, todo.values())
        from tinynn.experiments.executors import done_by  # a vote does not need it

        return done_by(self.executor, _train, todo)

    def __repr__(self) -> str:
        return f"<EnsembleRun of {len(self.ensemble)} networks: {len(self.done)} done>"

    def __del__(self) -> None:
        if self._work is None:
            warnings.warn(
                "the training of an ensemble was deleted before it trained anything: iterate it, "
                "or call its finish()",
                RuntimeWarning,
                stacklevel=2,
            )


class _Job(NamedTuple):
    number: int
    network: Model
    arguments: tuple[Any, ...]
    options: dict[str, Any]


def _train(job: _Job) -> tuple[Trained, Any]:
    """Train one network, in any process. Return its reports, and a snapshot of its numbers."""
    run = job.network.train(*job.arguments, **job.options)
    try:
        reports = run.finish()
    except DivergenceError as error:
        raise DivergenceError(f"network {job.number}: {error}") from None
    return Trained(job.number, reports), job.network._snapshot()


def _outputs(
    network: Model, examples: Sequence[Example]
) -> Iterator[tuple[list[float], list[float]]]:
    """Yield the outputs of a network for each example, and the desired outputs."""
    prepared = network._prepare("examples", examples)
    network._require_numbers()
    return network._each_output(prepared)


def _answer(outputs: Sequence[float]) -> int:
    return Model.answer_of(Vector.wrap([*outputs]))


def _ends(network: Model) -> tuple[int, int]:
    return network.sizes[0], network.sizes[-1]


def _ends_text(network: Model) -> str:
    inputs, outputs = _ends(network)
    return f"{inputs} input{'s' * (inputs != 1)} and {outputs} output{'s' * (outputs != 1)}"
