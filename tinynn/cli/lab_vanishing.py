"""``tinynn lab vanishing`` and ``tinynn lab chain``: why deep networks learn slowly."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import zip_longest
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from tinynn.cli.common import (
    add_sizes,
    count_of,
    load_data,
    names_of,
    refuse,
    screen_console,
    take_negative_numbers,
)
from tinynn.datasets import DataSet
from tinynn.errors import (
    ArgumentError,
    DivergenceError,
    require_at_least_0,
    require_count,
    require_positive,
)
from tinynn.experiments.printed import PRINTED
from tinynn.experiments.published import published
from tinynn.experiments.reproduction import ENGINES, engine_named
from tinynn.layers import Dense
from tinynn.vanishing import BOOK_ETA, BOOK_LMBDA, BOOK_SIZES, Chain, learning_speeds
from tinynn.views.chain import chain_lines, identity_lines, window_lines
from tinynn.views.vanishing import (
    Learnt,
    VanishingLab,
    curve_lines,
    help_lines,
    slower_lines,
    speed_lines,
)

if TYPE_CHECKING:
    from rich.console import Console

_DIGITS = 64, *BOOK_SIZES[1:]
_HOW_MUCH = {"fast": (3, 1000, 500), "pure": (1, 50, 100)}  # seeds, images and epochs, by engine
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


def add(labs: Any) -> None:
    """Add both laboratories."""
    _add_vanishing(labs)
    _add_chain(labs)


def _add_vanishing(labs: Any) -> None:
    parser = labs.add_parser(
        "vanishing",
        help="how fast each layer of a deep network learns (chapter 5)",
        description="How fast each layer learns: ‖mean of δ^l‖ over the images, before each step: "
        "as bars, and as curves. All images are one mini-batch. Keys: space pauses, q ends.",
        epilog="example: tinynn lab vanishing --sizes 784 30 30 30 10",
    )
    parser.set_defaults(run=_vanishing)
    option = parser.add_argument
    add_sizes(parser, f"of the layers (default {' '.join(map(str, _DIGITS))}, or 784 … of MNIST)")
    data = "'digits', 'mnist' or a folder of MNIST files (default: by the first of the sizes)"
    option("--data", metavar="NAME", help=data)
    helps = "old and new first weights, ReLU, and one hidden layer, in one picture"
    option("--what-helps", action="store_true", help=helps)
    option("--activation", choices=_HIDDEN, help="of hidden neurons (default sigmoid)")
    init = "first weights N(0, 1/√n_in), or of spread 1 (default scaled)"
    option("--init", choices=tuple(_SPREADS), help=init)
    seeds, images, epochs = _HOW_MUCH["fast"]
    option("--seeds", type=int, metavar="N", help=f"how many, from 0 on (default {seeds})")
    option("--images", type=int, metavar="N", help=f"the first N to train on (default {images:,})")
    option("--epochs", type=int, metavar="N", help=f"each is one step (default {epochs})")
    eta = f"the learning rate η (default {BOOK_ETA:g})"
    option(*names_of("--eta"), type=float, default=BOOK_ETA, metavar="X", help=eta)
    lmbda = f"λ of the penalty of large weights (default {BOOK_LMBDA:g})"
    option(*names_of("--lmbda"), type=float, default=BOOK_LMBDA, metavar="X", help=lmbda)
    less = "{} seed, {} images and {} epochs by default".format(*_HOW_MUCH["pure"])
    engine = f"fast (NumPy, the default if it is there) or pure: the loops; {less}"
    option("--engine", choices=ENGINES, help=engine)
    option("--plain", action="store_true", help="print lines, as when piped")


def _add_chain(labs: Any) -> None:
    parser = labs.add_parser(
        "chain",
        help="why its gradient vanishes or explodes: single neurons in a row (chapter 5)",
        description="A chain of single neurons: ∂C/∂b_1 as the product of its factors. Without "
        "--weights, one that vanishes and one that explodes.",
        epilog="example: tinynn lab chain --weights 1 6 6 6 --biases -1 -3 -3 -3",
    )
    parser.set_defaults(run=_chain)
    take_negative_numbers(parser)
    option = parser.add_argument
    option("--weights", type=float, nargs="+", metavar="W", help="w_1, w_2, … of the chain")
    biases = "b_1, b_2, … (default: those with which every z is 0, where σ' is largest)"
    option("--biases", type=float, nargs="+", metavar="B", help=biases)
    option("--input", type=float, default=1.0, metavar="X", help="the input a_0 (default 1)")
    option("--target", type=float, default=0.0, metavar="Y", help="the wanted output (default 0)")
    window = "instead: how wide the window of inputs is in which a factor reaches 1, (123)"
    option("--window", action="store_true", help=window)
    identity = "instead: neurons w_2 σ(w_1 x + b) that are nearly x, for these w_1"
    option("--identity", type=float, nargs="*", metavar="W", help=identity)


def _chain(options: argparse.Namespace) -> int:
    """Print chains, the window, or identity neurons."""
    given = {"--window": options.window, "--identity": options.identity is not None}
    others = options.weights is not None or options.biases is not None
    if all(given.values()):
        raise ArgumentError("--window and --identity: expected one of them")
    if others + sum(given.values()) > 1:
        first = next(name for name, there in given.items() if there)
        raise ArgumentError(f"{first} cannot go with other numbers of a chain")
    if options.window:
        print(*window_lines(), sep="\n")
        return 0
    if options.identity is not None:
        print(*identity_lines(options.identity or (0.1, 0.5, 1.0, 2.0)), sep="\n")
        return 0
    if options.biases is not None and options.weights is None:
        raise ArgumentError("--biases needs --weights: --weights 1 2 --biases 0 -1")
    chains = [(options.weights, options.biases)]
    if options.weights is None:
        chains = [([1.0, 1.5, -0.5, 2.0], [0.0, -1.0, 0.5, 0.0]), ([100.0] * 4, None)]
    for weights, biases in chains:
        chain = Chain(weights, biases, options.input, options.target)
        try:
            print(*chain_lines(chain), "", sep="\n")
        except DivergenceError as error:
            raise ArgumentError(f"--{error}") from None
    print(_CHAIN_WORDS)
    return 0


def _vanishing(options: argparse.Namespace) -> int:
    """Let networks learn, and show how fast each of their layers does."""
    engine = options.engine or ("fast" if find_spec("numpy") else "pure")
    if engine == "fast" and find_spec("numpy") is None:
        raise ArgumentError("--engine fast needs NumPy: pip install numpy, or --engine pure")
    names = "seeds", "images", "epochs"
    seeds, images, epochs = (count_of(options, *each) for each in zip(names, _HOW_MUCH[engine]))
    require_positive("--eta", options.eta)
    require_at_least_0("--lmbda", options.lmbda)
    sizes, data = _sizes_and_data(options)
    examples = data.training[: require_count("--images", images, 1, len(data.training))]
    kinds = _kinds(options, sizes)
    every = -(-epochs // _MOMENTS)
    moments = len({*range(0, epochs, every), epochs - 1})
    networks = [Learnt(of.name, len(of.sizes), moments, images, [], []) for of in kinds]

    def course(learnt: Learnt, of: Kind, seed: int) -> Iterator[None]:
        """Let one network learn; stop after each moment."""
        layers: list[Any] = [of.sizes[0], *(Dense(n, of.activation) for n in of.sizes[1:-1])]
        network: Any = engine_named(engine)(
            [*layers, of.sizes[-1]], seed=seed, cost="cross-entropy", init=of.init
        )
        learnt.courses.append([])
        how = epochs, options.eta, options.lmbda
        for now in learning_speeds(network, examples, *how, every=every):
            learnt.courses[-1].append(now)
            yield
        learnt.right.append(network.evaluate(examples))

    def learn() -> Iterator[None]:
        for seed in range(seeds):
            together = (course(learnt, of, seed) for learnt, of in zip(networks, kinds))
            for _ in zip_longest(*together):
                yield

    title = f"‖mean of δ^l‖, {images:,} images; η = {options.eta:g}, λ = {options.lmbda:g}; "
    title += "seed 0" if seeds == 1 else f"seeds 0 to {seeds - 1}"
    console = None if options.plain else screen_console("vanishing")
    if console is None:
        about = "the length of the mean error; cross-entropy, all images one mini-batch"
        print(title, about, "", sep="\n", flush=True)
        for _ in learn():
            pass
    else:
        _watch(console, title, networks, learn())
    if options.what_helps:
        commonest = Counter(tuple(y) for _, y in examples).most_common(1)[0][1]
        print(*help_lines(networks, commonest), _HELP_WORDS, sep="\n")
        return 0
    (learnt,) = networks
    settings = options.eta, options.lmbda, images, kinds[0].activation, kinds[0].init
    as_in_the_book = (BOOK_ETA, BOOK_LMBDA, 1000, "sigmoid", "scaled")
    hidden = str(len(sizes) - 2) if set(sizes[1:-1]) == {30} and sizes[0] == 784 else ""
    book = published("vanishing_gradient", hidden) if settings == as_in_the_book else {}
    print(learnt.name, *speed_lines(learnt, book), "", sep="\n")
    if console is None:
        print(*curve_lines(learnt), "", sep="\n")
    print(*slower_lines(learnt), _WORDS, sep="\n")
    if hidden:
        print(*_accuracy_lines(), sep="\n")
    return 0


def _sizes_and_data(options: argparse.Namespace) -> tuple[tuple[int, ...], DataSet]:
    """Return the sizes of the network, and the data that fits them."""
    sizes = tuple(options.sizes) if options.sizes else None
    for size in sizes or ():
        require_count("--sizes", size)
    name = options.data or ("mnist" if sizes and sizes[0] == BOOK_SIZES[0] else "digits")
    data = load_data(name)
    x, y = data.training[0]
    if sizes is None:
        sizes = len(x), *BOOK_SIZES[1:-1], len(y)
    if len(sizes) < 3 or (sizes[0], sizes[-1]) != (len(x), len(y)):
        expected = f"expected {len(x)} inputs, hidden layers and {len(y)} outputs for {name}"
        example = f"--sizes {len(x)} 30 30 {len(y)}"
        given = " ".join(map(str, sizes))
        raise ArgumentError(f"--sizes: {expected}, such as {example}, got {given}")
    return sizes, data


class Kind(NamedTuple):
    """A kind of network that learns."""

    name: str
    sizes: tuple[int, ...]
    activation: str = "sigmoid"
    init: str = "scaled"


def _kinds(options: argparse.Namespace, sizes: tuple[int, ...]) -> list[Kind]:
    """Return the networks that learn: one, or those that show what helps."""
    if not options.what_helps:
        how = options.activation or "sigmoid", options.init or "scaled"
        name = f"{'-'.join(map(str, sizes))}, {how[0]}, first weights {_SPREADS[how[1]]}"
        return [Kind(name, sizes, *how)]
    refuse(options, ("activation", "init"), "cannot go with --what-helps, which has several")
    if len(sizes) < 4:
        raise ArgumentError("--what-helps: expected two hidden layers or more, such as 64 30 30 10")
    return [
        Kind(_SPREADS["large"], sizes, init="large"),
        Kind(_SPREADS["scaled"], sizes),
        Kind("ReLU", sizes, "relu"),
        Kind("1 hidden layer", (sizes[0], sizes[1], sizes[-1])),
    ]


def _accuracy_lines() -> Iterator[str]:
    """Yield what the book says of how good networks of this depth get, and how to run them."""
    rows = [row for row in PRINTED if row.chapter == 5]
    for whose, percents in (("the book", [row.percent for row in rows]), ("ours", _OURS)):
        yield f"{whose:<10}{'  '.join(f'{each:.2f} %' for each in percents)}"
    yield "of the validation images right: 1 to 4 hidden layers of 30, trained on all"
    yield f'(`tinynn reproduce printed --seeds 3 --parts "{rows[0].name}"` runs one)'


def _watch(console: Console, title: str, networks: list[Learnt], learning: Iterator[None]) -> None:
    """Show how the networks learn while they do; space pauses, q ends."""
    from rich.live import Live

    from tinynn.cli.keyboard import Keyboard

    looked = 0.0
    with Keyboard() as keyboard, Live(console=console, screen=True, auto_refresh=False) as live:
        for _ in learning:
            if perf_counter() - looked < 1.0 / _LOOKS_A_SECOND:
                continue
            now = VanishingLab(f"{title}; space pauses, q ends", networks, console.height)
            live.update(now, refresh=True)
            key = keyboard.read(0.0)
            while key == " ":
                key = "" if keyboard.read(60.0) else " "
            if key == "q":
                break
            looked = perf_counter()
    console.print(VanishingLab(title, networks, console.height))
