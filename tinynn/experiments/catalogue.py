"""The experiments of the book: each figure, table and baseline as a plain record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Optional

from tinynn.errors import ArgumentError, describe
from tinynn.layers.descriptions import Convolution, Dense, Described, Dropout, MaxPooling

NETWORK, SVM, GUESS, DARKNESS = "network", "svm", "guess", "darkness"  # the kinds of classifier
VOTE = "vote"  # the vote of the networks of the preceding parts
BOOKS_TIME, TODAY = "auto", "scale"  # γ of a support vector machine, as scikit-learn names it
_TRAINING = 50_000


class Part(NamedTuple):
    """One run of a figure: the training of a network, or a baseline.

    ``inits`` are the first weights drawn for it, one after another; only the last ones are
    trained. ``measured`` names the sets that are measured: after every epoch with ``each_epoch``,
    else after the last one. A part that ``goes_on`` shuffles the list that the previous part left.

    A part with a ``seed`` is one whose seed in the book is unknown: it uses this seed, like
    ``tinynn train --float32``. ``percent`` is the test accuracy that the book prints for it, at the
    best epoch on the validation digits, or 0. ``expand`` names changed copies to train on.
    """

    name: str = ""
    machine: str = NETWORK
    sizes: tuple[Described, ...] = (784, 30, 10)
    inits: tuple[str, ...] = ("scaled", "large")
    examples: int = _TRAINING
    epochs: int = 30
    eta: float = 0.5
    lmbda: float = 0.0
    measured: tuple[str, ...] = ("test",)
    each_epoch: bool = True
    goes_on: bool = False
    gamma: str = BOOKS_TIME
    cost: str = "cross-entropy"
    expand: str = ""
    seed: Optional[int] = None
    percent: float = 0.0


class Figure(NamedTuple):
    """A figure, table or baseline: its name, title and parts.

    ``title`` has at most 70 characters, for a terminal. ``compared`` is the number compared with
    the book's, such as test_correct, the number of right test digits. ``printed`` lists the
    numbers and epochs that the book's text prints. ``seconds`` is the time with NumPy on one core.
    ``why`` explains why an exact match is impossible, if it is.
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
        """The requirements: MNIST, and NumPy or scikit-learn."""
        machines = {part.machine for part in self.parts}
        needs = ("MNIST",) + (("NumPy",) if machines & {NETWORK, SVM} else ())
        return needs + (("scikit-learn",) if SVM in machines else ())

    @property
    def is_seeded(self) -> bool:
        """Whether the seeds are ours: the book has a percentage, but no numbers per epoch."""
        return self.parts[0].seed is not None


_ROUNDING = (
    "sums in another order differ in the 15th digit, and without λ nothing damps this: in epoch 2 "
    "the costs still agree to four decimals, but a count may differ by one; later all numbers do"
)
_SWINGING = (
    "at η = 2.5 the steps swing across the valley, and rounding errors grow within the first "
    "epoch: one weight changed by 1e-14 changes the cost after it by 0.01 to 0.02"
)
_BOTH = "test", "training"
_SIZES = 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000  # of more_data


def _first_weights(hidden: int) -> tuple[Part, ...]:
    """Return two runs of a network: with scaled first weights, then with large ones drawn next."""
    scaled = Part("scaled", NETWORK, (784, hidden, 10), ("scaled",), eta=0.1, lmbda=5.0)
    scaled = scaled._replace(measured=("validation",))
    return scaled, scaled._replace(name="large", inits=("large",), goes_on=True)


def _rates() -> tuple[Part, ...]:
    """Return a run for each learning rate: a new network each, with one list of examples."""
    part = Part(inits=("scaled",), lmbda=5.0, measured=("training",))
    rates = enumerate((0.025, 0.25, 2.5))
    return tuple(part._replace(name=f"eta {eta:g}", eta=eta, goes_on=i > 0) for i, eta in rates)


def _sizes() -> tuple[Part, ...]:
    """Return a run for each number of training images, then as many SVM runs."""
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


def _maps(activation: str) -> tuple[Described, ...]:
    """Return the image and chapter 6's two convolutions, each with its pooling."""
    maps = [(Convolution(n, 5, activation), MaxPooling(2)) for n in (20, 40)]
    return (1, 28, 28), *maps[0], *maps[1]


def _relu(name: str, percent: float, *hidden: int, expand: str = "shift") -> Part:
    """Return a run of two convolutions and these dense layers.

    The book divides its λ = 0.1 by the number of mini-batches, not of images: here it is 1.0.
    """
    layers = *_maps("relu"), *(Dense(n, "relu") for n in hidden), _SOFTMAX
    part = _CHAPTER_6._replace(sizes=layers, eta=0.03, lmbda=1.0)
    return part._replace(name=name, percent=percent, expand=expand)


_SOFTMAX = Dense(10, "softmax")
_CHAPTER_6 = Part(
    inits=("scaled",),
    epochs=60,
    eta=0.1,
    measured=("validation", "test"),
    cost="log-likelihood",
    seed=0,
)
_ONE_CONVOLUTION = (1, 28, 28), Convolution(20, 5), MaxPooling(2)
_HALF = Dropout(0.5)
_DROPPED = _relu("", 99.60)._replace(
    sizes=(
        *_maps("relu"),
        *(_HALF, Dense(1000, "relu"), _HALF, Dense(1000, "relu"), _HALF, _SOFTMAX),
    ),
    lmbda=0.0,
    epochs=40,
)

FIGURES = {
    figure.name: figure
    for figure in (
        Figure(
            "random_guess",
            "the baseline of random answers: one in ten is right",
            1,
            (Part(machine=GUESS, epochs=1),),
            why="the book's tenth is an expected value, not a count",
        ),
        Figure(
            "average_darkness",
            "the baseline that uses only the darkness of an image",
            1,
            (Part(machine=DARKNESS, epochs=1),),
            seconds=2,
        ),
        Figure(
            "svm",
            "a support vector machine, with the defaults of then and of today",
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
            "100 to 50,000 training images, compared with a support vector machine",
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
        Figure(
            "shallow",
            "a hidden layer of 100 sigmoid neurons; softmax, as in all below",
            6,
            (_CHAPTER_6._replace(sizes=(784, Dense(100), _SOFTMAX), percent=97.80),),
            seconds=50,
        ),
        Figure(
            "one_convolution",
            "20 maps of 5×5 and max-pooling before the hidden layer",
            6,
            (_CHAPTER_6._replace(sizes=(*_ONE_CONVOLUTION, Dense(100), _SOFTMAX), percent=98.78),),
            seconds=300,
        ),
        Figure(
            "without_dense",
            "an exercise: the same without the hidden layer",
            6,
            (_CHAPTER_6._replace(sizes=(*_ONE_CONVOLUTION, _SOFTMAX)),),
            seconds=180,
        ),
        Figure(
            "two_convolutions",
            "20 maps, then 40 maps, each 5×5 and pooled, and 100 neurons",
            6,
            (_CHAPTER_6._replace(sizes=(*_maps("sigmoid"), Dense(100), _SOFTMAX), percent=99.06),),
            seconds=520,
        ),
        Figure(
            "tanh",
            "a problem: two convolutions of tanh neurons learn faster",
            6,
            (_CHAPTER_6._replace(sizes=(*_maps("tanh"), Dense(100, "tanh"), _SOFTMAX)),),
            seconds=540,
        ),
        Figure(
            "relu",
            "two convolutions of ReLU neurons, with η = 0.03 and λ",
            6,
            (_relu("", 99.23, 100, expand=""),),
            seconds=540,
        ),
        Figure(
            "expanded",
            "the same on 250,000 images: the originals, and each shifted four ways",
            6,
            (_relu("", 99.37, 100),),
            seconds=2700,
        ),
        Figure(
            "wider",
            "the same with 300 or 1,000 neurons in the dense layer",
            6,
            (_relu("300", 99.46, 300), _relu("1000", 99.43, 1000)),
            seconds=6500,
        ),
        Figure(
            "doubled",
            "the same with two dense layers of 100, 300 or 1,000 neurons",
            6,
            (
                _relu("100, 100", 99.43, 100, 100),
                _relu("300, 300", 99.48, 300, 300),
                _relu("1000, 1000", 99.47, 1000, 1000),
            ),
            seconds=13000,
        ),
        Figure(
            "dropout",
            "two dense layers of 1,000, half of whose inputs are dropped",
            6,
            (_DROPPED,),
            seconds=4300,
        ),
        Figure(
            "five_nets",
            "the vote of five such networks",
            6,
            (
                *(_DROPPED._replace(name=f"net {i}", seed=i, percent=0.0) for i in range(5)),
                Part("vote", machine=VOTE, epochs=1, seed=0, percent=99.67),
            ),
            seconds=21500,
        ),
    )
}


def figure_named(name: object) -> Figure:
    """Return the figure of this name. Raises ArgumentError for any other.

    >>> figure_named("regularized").parts[0].lmbda
    0.1
    """
    if isinstance(name, str) and name.replace("-", "_") in FIGURES:
        return FIGURES[name.replace("-", "_")]
    known = ", ".join([*FIGURES, "printed"])
    raise ArgumentError(f"figure: expected one of {known}, got {describe(name)}")


_LETTERS = {"η": "eta", "λ": "lambda"}


def typed(name: str) -> str:
    """Return a name in characters of any keyboard.

    >>> typed("784-100-10, λ = 5, η = 0.1")
    '784-100-10, lambda = 5, eta = 0.1'
    """
    for letter, word in _LETTERS.items():
        name = name.replace(letter, word)
    return name


def chosen(names: Sequence[str], only: Optional[Sequence[str]]) -> tuple[str, ...]:
    """Return the names selected by ``only``, by default all, in their order.

    The letters η and λ may be written eta and lambda. Case and spaces are ignored. Raises
    ArgumentError for any other name.

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
