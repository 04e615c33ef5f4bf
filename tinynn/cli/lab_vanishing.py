"""``tinynn lab vanishing`` and ``tinynn lab chain``: why deep networks learn slowly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import zip_longest
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple, Optional

from tinynn import vanishing
from tinynn.cli import options
from tinynn.cli.command import Command, option, refuse
from tinynn.cli.common import load_data
from tinynn.cli.watching import full_screen
from tinynn.datasets import DataSet
from tinynn.errors import ArgumentError, DivergenceError, require_count
from tinynn.experiments.printed import PRINTED
from tinynn.experiments.published import published
from tinynn.experiments.reproduction import ENGINES, engine_named
from tinynn.layers import Dense
from tinynn.vanishing import BOOK_ETA, BOOK_LMBDA, BOOK_SIZES
from tinynn.views import chain as chains
from tinynn.views import vanishing as views
from tinynn.views.vanishing import Learnt, VanishingLab

if TYPE_CHECKING:
    from rich.console import Console

_DIGITS = 64, *BOOK_SIZES[1:]
_FAST, _PURE = (3, 1000, 500), (1, 50, 100)  # seeds, images and epochs, by engine
_OURS = 96.44, 96.81, 96.87, 96.62  # best epochs, the medians of seeds 0 to 2: see README.md
_MOMENTS = 100  # at which the speeds are measured, at most, and at the last one
_LOOKS_A_SECOND = 10
_SPREADS = {"scaled": "N(0, 1/√n_in)", "large": "N(0, 1)"}
_HIDDEN = "sigmoid", "tanh", "relu"
_WORDS = """\
The error of an early layer has a factor w σ'(z) for each layer after it, and
σ' ≤ 1/4: where they stay below 1 the gradient vanishes on its way back, (124)."""
_HELP_WORDS = """\
Weights N(0, 1/√n_in) keep neurons from saturating, but make the factors w σ'(z)
smaller. ReLU has the slope 1 where it is not 0. Fewer layers, fewer factors."""
_CHAIN_WORDS = """\
|σ'| ≤ 1/4, so that a factor w σ'(z) is below 1 where |w| < 4: the longer the
chain, the smaller the product. If |w| is large, it explodes where z is near 0.
--window: how wide the window of such inputs is, 0.4477 at most, at |w| = 6.894.
--identity: neurons that answer x itself, nearly."""


@dataclass
class Vanishing(Command):
    """How fast each layer of a deep network learns (chapter 5).

    How fast each layer learns: ‖mean of δ^l‖ over the images, before each step: as bars, and as
    curves. All images are one mini-batch. Keys: space pauses, q ends.

    example: tinynn lab vanishing --sizes 784 30 30 30 10

    --data NAME   'digits', 'mnist' or a folder of MNIST files (default: by the first of the sizes)
    --what-helps  old and new first weights, ReLU, and one hidden layer, in one picture
    --activation  of hidden neurons (default sigmoid)
    --init        first weights N(0, 1/√n_in), or of spread 1 (default scaled)
    --seeds       how many, from 0 on (default {_FAST[0]})
    --images      the first N to train on (default {_FAST[1]:,})
    --epochs      each is one step (default {_FAST[2]})
    --eta         the learning rate η (default {BOOK_ETA:g})
    --lmbda       λ of the penalty of large weights (default {BOOK_LMBDA:g})
    --engine      fast (NumPy, the default if it is there) or pure: the loops; {_PURE[0]} seed,
                  {_PURE[1]} images and {_PURE[2]} epochs by default
    """

    sizes: Optional[list[int]] = options.sizes(
        f"of the layers (default {' '.join(map(str, _DIGITS))}, or 784 … of MNIST)"
    )
    data: Optional[str] = None
    what_helps: bool = False
    activation: Optional[str] = option(choices=_HIDDEN)
    init: Optional[str] = option(choices=tuple(_SPREADS))
    seeds: Optional[int] = option(check=options.count())
    images: Optional[int] = option(check=options.count())
    epochs: Optional[int] = option(check=options.count())
    eta: float = option(BOOK_ETA, check=options.positive)
    lmbda: float = option(BOOK_LMBDA, check=options.at_least_0)
    engine: Optional[str] = option(choices=ENGINES)
    plain: bool = options.plain("lines")

    def run(self) -> int:
        """Let networks learn, and show how fast each of their layers does."""
        engine = self.engine or ("fast" if find_spec("numpy") else "pure")
        if engine == "fast" and find_spec("numpy") is None:
            raise ArgumentError("--engine fast needs NumPy: pip install numpy, or --engine pure")
        defaults = _FAST if engine == "fast" else _PURE
        given = self.seeds, self.images, self.epochs
        seeds, images, epochs = (mine or default for mine, default in zip(given, defaults))
        sizes, data = self._sizes_and_data()
        examples = data.training[: require_count("--images", images, 1, len(data.training))]
        kinds = self._kinds(sizes)
        every = -(-epochs // _MOMENTS)
        moments = len({*range(0, epochs, every), epochs - 1})
        networks = [Learnt(of.name, len(of.sizes), moments, images, [], []) for of in kinds]
        how = epochs, self.eta, self.lmbda

        def course(learnt: Learnt, of: Kind, seed: int) -> Iterator[None]:
            """Let one network learn; stop after each moment."""
            hidden = [Dense(n, of.activation) for n in of.sizes[1:-1]]
            network: Any = engine_named(engine)(
                [of.sizes[0], *hidden, of.sizes[-1]], seed=seed, cost="cross-entropy", init=of.init
            )
            learnt.courses.append([])
            for now in vanishing.learning_speeds(network, examples, *how, every=every):
                learnt.courses[-1].append(now)
                yield
            learnt.right.append(network.evaluate(examples))

        def learn() -> Iterator[None]:
            for seed in range(seeds):
                together = (course(learnt, of, seed) for learnt, of in zip(networks, kinds))
                for _ in zip_longest(*together):
                    yield

        title = f"‖mean of δ^l‖, {images:,} images; η = {self.eta:g}, λ = {self.lmbda:g}; "
        title += "seed 0" if seeds == 1 else f"seeds 0 to {seeds - 1}"
        console = self.console("vanishing")
        if console is None:
            about = "the length of the mean error; cross-entropy, all images one mini-batch"
            print(title, about, "", sep="\n", flush=True)
            for _ in learn():
                pass
        else:
            _watch(console, title, networks, learn())
        if self.what_helps:
            commonest = Counter(tuple(y) for _, y in examples).most_common(1)[0][1]
            print(*views.help_lines(networks, commonest), _HELP_WORDS, sep="\n")
            return 0
        (learnt,), (of,) = networks, kinds
        settings = self.eta, self.lmbda, images, of.activation, of.init
        as_in_the_book = settings == (BOOK_ETA, BOOK_LMBDA, 1000, "sigmoid", "scaled")
        hidden = str(len(sizes) - 2) if set(sizes[1:-1]) == {30} and sizes[0] == 784 else ""
        book = published("vanishing_gradient", hidden) if as_in_the_book else {}
        print(learnt.name, *views.speed_lines(learnt, book), "", sep="\n")
        if console is None:
            print(*views.curve_lines(learnt), "", sep="\n")
        print(*views.slower_lines(learnt), _WORDS, sep="\n")
        if hidden:
            print(*_accuracy_lines(), sep="\n")
        return 0

    def _sizes_and_data(self) -> tuple[tuple[int, ...], DataSet]:
        """Return the sizes of the network, and the data that fits them."""
        sizes = tuple(require_count("--sizes", size) for size in self.sizes or ())
        name = self.data or ("mnist" if sizes[:1] == BOOK_SIZES[:1] else "digits")
        data = load_data(name)
        x, y = data.training[0]
        sizes = sizes or (len(x), *BOOK_SIZES[1:-1], len(y))
        if len(sizes) < 3 or (sizes[0], sizes[-1]) != (len(x), len(y)):
            expected = f"expected {len(x)} inputs, hidden layers and {len(y)} outputs for {name}"
            example = f"--sizes {len(x)} 30 30 {len(y)}"
            given = " ".join(map(str, sizes))
            raise ArgumentError(f"--sizes: {expected}, such as {example}, got {given}")
        return sizes, data

    def _kinds(self, sizes: tuple[int, ...]) -> list[Kind]:
        """Return the networks that learn: one, or those that show what helps."""
        if not self.what_helps:
            how = self.activation or "sigmoid", self.init or "scaled"
            name = f"{'-'.join(map(str, sizes))}, {how[0]}, first weights {_SPREADS[how[1]]}"
            return [Kind(name, sizes, *how)]
        refuse(self, ("activation", "init"), "cannot go with --what-helps, which has several")
        if len(sizes) < 4:
            expected = "expected two hidden layers or more, such as 64 30 30 10"
            raise ArgumentError(f"--what-helps: {expected}")
        return [
            Kind(_SPREADS["large"], sizes, init="large"),
            Kind(_SPREADS["scaled"], sizes),
            Kind("ReLU", sizes, "relu"),
            Kind("1 hidden layer", (sizes[0], sizes[1], sizes[-1])),
        ]


class Kind(NamedTuple):
    """A kind of network to train: its layer sizes, hidden activation and first weights."""

    name: str
    sizes: tuple[int, ...]
    activation: str = "sigmoid"
    init: str = "scaled"


def _accuracy_lines() -> Iterator[str]:
    """Yield what the book says of how good networks of this depth get, and how to run them."""
    rows = [row for row in PRINTED if row.chapter == 5]
    for whose, percents in (("the book", [row.percent for row in rows]), ("ours", _OURS)):
        yield f"{whose:<10}{'  '.join(f'{each:.2f} %' for each in percents)}"
    yield "of the validation images right: 1 to 4 hidden layers of 30, trained on all"
    yield f'(`tinynn reproduce printed --seeds 3 --parts "{rows[0].name}"` runs one)'


def _watch(console: Console, title: str, networks: list[Learnt], learning: Iterator[None]) -> None:
    """Show how the networks learn while they do; space pauses, q ends."""
    looked = 0.0
    with full_screen(console) as (keyboard, draw):
        for _ in learning:
            if perf_counter() - looked < 1.0 / _LOOKS_A_SECOND:
                continue
            draw(VanishingLab(f"{title}; space pauses, q ends", networks, console.height))
            key = keyboard.read(0.0)
            while key == " ":
                key = "" if keyboard.read(60.0) else " "
            if key == "q":
                break
            looked = perf_counter()
    console.print(VanishingLab(title, networks, console.height))


@dataclass
class Chain(Command):
    """Why its gradient vanishes or explodes: single neurons in a row (chapter 5).

    A chain of single neurons: ∂C/∂b_1 as the product of its factors. Without --weights, one that
    vanishes and one that explodes.

    example: tinynn lab chain --weights 1 6 6 6 --biases -1 -3 -3 -3

    --weights W   w_1, w_2, … of the chain
    --biases B    b_1, b_2, … (default: those with which every z is 0, where σ' is largest)
    --input       the input a_0 (default 1)
    --target Y    the wanted output (default 0)
    --window      instead: how wide the window of inputs is in which a factor reaches 1, (123)
    --identity W  instead: neurons w_2 σ(w_1 x + b) that are nearly x, for these w_1
    """

    weights: Optional[list[float]] = None
    biases: Optional[list[float]] = None
    input: float = 1.0
    target: float = 0.0
    window: bool = False
    identity: Optional[list[float]] = option(nargs="*")

    def run(self) -> int:
        """Print chains, the window, or identity neurons."""
        if self.window and self.identity is not None:
            raise ArgumentError("--window and --identity: expected one of them")
        if self.window or self.identity is not None:
            first = "--window" if self.window else "--identity"
            if self.weights is not None or self.biases is not None:
                raise ArgumentError(f"{first} cannot go with other numbers of a chain")
        if self.window:
            print(*chains.window_lines(), sep="\n")
            return 0
        if self.identity is not None:
            print(*chains.identity_lines(self.identity or (0.1, 0.5, 1.0, 2.0)), sep="\n")
            return 0
        if self.biases is not None and self.weights is None:
            raise ArgumentError("--biases needs --weights: --weights 1 2 --biases 0 -1")
        numbers: list[Any] = [(self.weights, self.biases)]
        if self.weights is None:
            numbers = [([1.0, 1.5, -0.5, 2.0], [0.0, -1.0, 0.5, 0.0]), ([100.0] * 4, None)]
        for weights, biases in numbers:
            chain = vanishing.Chain(weights, biases, self.input, self.target)
            try:
                print(*chains.chain_lines(chain), "", sep="\n")
            except DivergenceError as error:
                raise ArgumentError(f"--{error}") from None
        print(_CHAIN_WORDS)
        return 0
