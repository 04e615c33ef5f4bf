"""What the book ran: each figure, table and baseline as a plain record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional

from tinynn.errors import ArgumentError, describe

NETWORK, SVM, GUESS, DARKNESS = "network", "svm", "guess", "darkness"  # what learns or answers
BOOKS_TIME, TODAY = "auto", "scale"  # γ of a support vector machine, by its name in scikit-learn
_TRAINING = 50_000


class Part(NamedTuple):
    """One run of a figure: a network that learns, or a baseline that answers.

    ``inits`` are the first weights that are drawn for it, one after the other; only the last ones
    learn. ``measured`` are the sets that are measured, with ``each_epoch`` after every epoch, else
    after the last one. A part that ``goes_on`` shuffles the list that the part before it left.
    """

    name: str = ""
    machine: str = NETWORK
    sizes: tuple[int, ...] = (784, 30, 10)
    inits: tuple[str, ...] = ("scaled", "large")
    examples: int = _TRAINING
    epochs: int = 30
    eta: float = 0.5
    lmbda: float = 0.0
    measured: tuple[str, ...] = ("test",)
    each_epoch: bool = True
    goes_on: bool = False
    gamma: str = BOOKS_TIME


class Figure(NamedTuple):
    """A figure, table or baseline: its name, what it shows, its parts and what it needs.

    ``title`` has at most 70 characters, for a terminal. ``compared`` is the number that is held
    against the book's, such as test_correct: the test digits that are answered right. ``printed``
    are the numbers and epochs that the book's text prints of it. ``seconds`` are those that it
    took with NumPy on one core. ``why`` says why it cannot be met exactly, where that is so.
    """

    name: str
    title: str
    chapter: int
    parts: tuple[Part, ...]
    compared: str = "test_correct"
    printed: tuple[tuple[str, int], ...] = ()
    seconds: int = 0
    why: str = ""

    @property
    def needs(self) -> tuple[str, ...]:
        """What must be at hand: MNIST, and NumPy or scikit-learn."""
        machines = {part.machine for part in self.parts}
        needs = ("MNIST",) + (("NumPy",) if machines & {NETWORK, SVM} else ())
        return needs + (("scikit-learn",) if SVM in machines else ())


_ROUNDING = (
    "sums in another order differ in the 15th digit, and without λ nothing damps that: in epoch 2 "
    "the costs still agree to four decimals, but a count may be one apart; then all drift apart"
)
_SWINGING = (
    "at η = 2.5 the steps swing across the valley, and what rounding does grows within the first "
    "epoch: one weight changed by 1e-14 changes the cost after it by 0.01 to 0.02"
)
_BOTH = "test", "training"
_SIZES = 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000  # of more_data


def _first_weights(hidden: int) -> tuple[Part, ...]:
    """Return the two runs of a network: scaled first weights, then large ones drawn after them."""
    scaled = Part("scaled", NETWORK, (784, hidden, 10), ("scaled",), eta=0.1, lmbda=5.0)
    scaled = scaled._replace(measured=("validation",))
    return scaled, scaled._replace(name="large", inits=("large",), goes_on=True)


def _rates() -> tuple[Part, ...]:
    """Return a run for each learning rate: new networks, and one list of examples for all."""
    part = Part(inits=("scaled",), lmbda=5.0, measured=("training",))
    rates = enumerate((0.025, 0.25, 2.5))
    return tuple(part._replace(name=f"eta {eta:g}", eta=eta, goes_on=i > 0) for i, eta in rates)


def _sizes() -> tuple[Part, ...]:
    """Return a run for each number of training images, and then as many of an SVM."""
    part = Part(measured=("validation",), each_epoch=False)
    networks = tuple(
        part._replace(
            name=f"{n} images",
            inits=("large",) if i else ("scaled", "large"),
            examples=n,
            epochs=1_500_000 // n,
            lmbda=n * 0.0001,
        )
        for i, n in enumerate(_SIZES)
    )
    machine = Part(machine=SVM, epochs=1, measured=("validation",))
    return networks + tuple(machine._replace(name=f"SVM, {n} images", examples=n) for n in _SIZES)


FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "random_guess",
            "the baseline of answers drawn by lot: one in ten is right",
            1,
            (Part(machine=GUESS, epochs=1),),
            why="the book's tenth is what is expected of guesses, not a count",
        ),
        Figure(
            "average_darkness",
            "the baseline that looks only at how dark an image is",
            1,
            (Part(machine=DARKNESS, epochs=1),),
            seconds=2,
        ),
        Figure(
            "svm",
            "a support vector machine, as of the book's time and as of today",
            1,
            (
                Part("of the book's time", machine=SVM, epochs=1),
                Part("of today", machine=SVM, epochs=1, gamma=TODAY),
            ),
            seconds=1200,
        ),
        Figure(
            "overfitting",
            "1,000 images and no λ: the test accuracy stops improving",
            3,
            (Part(examples=1000, epochs=400, measured=_BOTH),),
            printed=(("test_correct", 374),),
            seconds=25,
        ),
        Figure(
            "overfitting_full",
            "the same on 50,000 images: the gap is smaller",
            3,
            (Part(measured=_BOTH),),
            printed=(("test_correct", 24), ("training_correct", 29)),
            seconds=60,
            why=_ROUNDING,
        ),
        Figure(
            "regularized",
            "1,000 images with λ = 0.1: the test accuracy keeps improving",
            3,
            (Part(examples=1000, epochs=400, lmbda=0.1, measured=_BOTH),),
            printed=(("test_correct", 383),),
            seconds=25,
        ),
        Figure(
            "regularized_full",
            "50,000 images with λ = 5.0: the gap is below one percent",
            3,
            (Part(lmbda=5.0, measured=_BOTH),),
            printed=(("test_correct", 28),),
            seconds=60,
        ),
        Figure(
            "more_data",
            "100 to 50,000 training images, beside a support vector machine",
            3,
            _sizes(),
            "validation_correct",
            seconds=1800,
        ),
        Figure(
            "weight_initialization_30",
            "first weights N(0, 1/n_in) and N(0, 1), 30 hidden neurons",
            3,
            _first_weights(30),
            "validation_correct",
            seconds=100,
        ),
        Figure(
            "weight_initialization_100",
            "first weights N(0, 1/n_in) and N(0, 1), 100 hidden neurons",
            3,
            _first_weights(100),
            "validation_correct",
            seconds=180,
        ),
        Figure(
            "multiple_eta",
            "the cost on the training data at η = 0.025, 0.25 and 2.5",
            3,
            _rates(),
            "training_cost",
            seconds=180,
            why=_SWINGING,
        ),
    )
}


def figure_named(name: object) -> Figure:
    """Return the figure of this name. Raises ArgumentError for another.

    >>> figure_named("regularized").parts[0].lmbda
    0.1
    """
    if isinstance(name, str) and name.replace("-", "_") in FIGURES:
        return FIGURES[name.replace("-", "_")]
    known = ", ".join([*FIGURES, "printed"])
    raise ArgumentError(f"figure: expected one of {known}, got {describe(name)}")


_LETTERS = {"η": "eta", "λ": "lambda"}


def typed(name: str) -> str:
    """Return a name as any keyboard types it.

    >>> typed("784-100-10, λ = 5, η = 0.1")
    '784-100-10, lambda = 5, eta = 0.1'
    """
    for letter, word in _LETTERS.items():
        name = name.replace(letter, word)
    return name


def chosen(names: Sequence[str], only: Optional[Sequence[str]]) -> tuple[str, ...]:
    """Return which of these names are wanted, by default all, in their order.

    The letters η and λ may be written eta and lambda; capitals and spaces make no difference.
    Raises ArgumentError for another name, without saying of what it is one.

    >>> chosen(["784-30-10, η = 3", "784-30-10, η = 100"], ["784-30-10, eta=100"])
    ('784-30-10, η = 100',)
    """
    known = {_key(name): name for name in names}
    for name in only or ():
        if not isinstance(name, str) or _key(name) not in known:
            expected = ", ".join(repr(typed(each)) for each in names)
            raise ArgumentError(f"expected some of {expected}, got {describe(name)}")
    wanted = names if only is None else {known[_key(name)] for name in only}
    return tuple(name for name in names if name in wanted)


def _key(name: str) -> str:
    return "".join(typed(name).lower().replace("lmbda", "lambda").split())
