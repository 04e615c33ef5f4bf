"""The command line: ``tinynn train``, ``tinynn show``, ``tinynn equations``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, NoReturn, Optional

from tinynn import __version__
from tinynn.datasets import DataSet, load_digits, load_mnist
from tinynn.errors import ArgumentError, DataError, TinyNNError, require_count, require_positive
from tinynn.files import cache_folder
from tinynn.network import Network
from tinynn.training import EpochReport
from tinynn.views import blocks, plain

if TYPE_CHECKING:
    from rich.console import Console

    from tinynn.views.training import TrainingScreen

INTERRUPTED = 130
BROKEN_PIPE = 141


class _Parser(argparse.ArgumentParser):
    """An argument parser whose complaints are one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Run one command; return the exit status. Errors become one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors=blocks.ASCII)
    parser = _build_parser()
    options = parser.parse_args(arguments)
    if not options.command:
        parser.print_help()
        return 0
    try:
        status: int = options.run(options)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # whoever read our output has gone; nothing more can be said there
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE
    except KeyboardInterrupt:
        return INTERRUPTED
    except TinyNNError as error:
        reason = str(error)
    except OSError as error:
        told = error.filename and error.strerror
        reason = f"{error.filename}: {error.strerror}" if told else str(error)
    sys.stderr.write(f"tinynn {options.command}: {reason}\n")
    return 2


def _build_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="tinynn",
        description="Watch a small neural network learn, and see every number in it.",
        epilog="example: tinynn train --epochs 5",
    )
    parser.add_argument("--version", action="version", version=f"tinynn {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", parser_class=_Parser)

    train = commands.add_parser(
        "train",
        help="train a network on handwritten digits, live",
        description="Train a network by stochastic gradient descent, and watch it learn.",
        epilog="example: tinynn train --sizes 64 100 10 --epochs 10 --save net.json",
    )
    train.set_defaults(run=_train)
    _add_training(train)
    train.add_argument(
        "--digit", type=int, default=0, metavar="N", help="the test digit to watch (default 0)"
    )
    train.add_argument("--save", metavar="FILE", help="keep the network in this JSON file")
    train.add_argument("--plain", action="store_true", help="print the book's lines, as when piped")

    show = commands.add_parser(
        "show",
        help="show one digit inside a trained network, neuron by neuron",
        description="Show the activation of every neuron for one digit.",
        epilog="example: tinynn show net.json --digit 7",
    )
    show.set_defaults(run=_show)
    show.add_argument("file", nargs="?", help="a saved network (default: the last one trained)")
    show.add_argument("--digit", type=int, default=0, metavar="N", help="which digit (default 0)")
    show.add_argument(
        "--part",
        choices=DataSet._fields,
        default="test",
        help="the part of the data it is from (default test)",
    )
    _add_data(show)
    show.add_argument("--quick", action="store_true", help="train a network for a moment first")
    show.add_argument("--plain", action="store_true", help="print plain lines, as when piped")

    equations = commands.add_parser(
        "equations",
        help="list the book's equations and where each is code",
        description="List the book's equations and where each is code, or show the code of one.",
        epilog="example: tinynn equations BP2",
    )
    equations.set_defaults(run=_equations)
    equations.add_argument("number", nargs="?", help="an equation, such as BP2, 6 or z")
    return parser


def _add_training(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    sizes = "neurons in each layer (default: the pixels, 30, 10)"
    add("--sizes", type=int, nargs="+", metavar="N", help=sizes)
    add("--epochs", type=int, default=20, metavar="N", help="how many epochs (default 20)")
    size = "examples in a mini-batch (default 10)"
    add("--mini-batch-size", type=int, default=10, metavar="N", help=size)
    add("--eta", type=float, default=3.0, metavar="X", help="the learning rate η (default 3.0)")
    add("--seed", type=int, default=0, metavar="N", help="the same seed, the same run (default 0)")
    _add_data(parser)


def _add_data(parser: argparse.ArgumentParser) -> None:
    help = "'digits', which ship with tinynn, or a folder of MNIST files (default digits)"
    parser.add_argument("--data", default="digits", metavar="NAME", help=help)


def _load(data: str) -> DataSet:
    if data == "digits":
        return load_digits()
    if not os.path.isdir(data):
        raise ArgumentError(f"--data: expected 'digits' or a folder of MNIST files, got {data!r}")
    return load_mnist(data)


def _require_digit(number: int, of: int) -> None:
    if not 0 <= number < of:
        raise ArgumentError(f"--digit: expected 0 to {of - 1}, got {number}")


def _console() -> Optional[Console]:
    """Return a Rich console if the output is a terminal that can be drawn on."""
    if not sys.stdout.isatty():
        return None
    try:
        from rich.console import Console
    except ImportError:
        sys.stderr.write("tinynn: plain lines only; `pip install rich` brings the screen\n")
        return None
    console = Console(highlight=False)
    return None if console.is_dumb_terminal else console


# tinynn train


def last_network() -> str:
    """Return where `tinynn train` leaves the last network, and `tinynn show` looks for it."""
    return os.path.join(cache_folder(), "last.json")


def _train(options: argparse.Namespace) -> int:
    require_count("--epochs", options.epochs)
    require_count("--mini-batch-size", options.mini_batch_size)
    require_positive("--eta", options.eta)
    if options.save:
        _require_writable(options.save)
    data = _load(options.data)
    _require_digit(options.digit, len(data.test))
    network = Network(_sizes(options.sizes, len(data.test[0][0])), seed=options.seed)
    run = partial(
        network.train,
        data.training,
        options.epochs,
        options.mini_batch_size,
        options.eta,
        test_data=data.test,
        seed=options.seed,
    )
    screen = None if options.plain else _screen(network, data, options)
    status = 0
    try:
        if screen is None:
            for report in run():
                print(report, flush=True)
        else:
            with screen:
                for report in run(on_mini_batch=screen.on_mini_batch):
                    screen.on_epoch(report)
    except KeyboardInterrupt:
        status = INTERRUPTED
    finally:
        kept = _keep(network, options.save)
    if screen is not None:
        from tinynn.views.summary import summary

        commands = _next(network, data, options, screen.reports)
        confusion = network.confusion(data.test)
        screen.console.print(screen.picture(), height=min(screen.console.height - 1, 30))
        screen.console.print(summary(screen.reports, confusion, kept, commands))
    elif status or options.save:
        sys.stderr.write(f"{'stopped; ' if status else ''}kept in {kept}\n")
    return status


def _sizes(sizes: Optional[list[int]], pixels: int) -> list[int]:
    if sizes is None:
        return [pixels, 30, 10]
    for size in sizes:
        require_count("--sizes", size)
    if len(sizes) < 2 or (sizes[0], sizes[-1]) != (pixels, 10):
        expected = f"expected {pixels} first and 10 last, to fit the digits"
        raise ArgumentError(f"--sizes: {expected}, got {' '.join(map(str, sizes))}")
    return sizes


def _require_writable(path: str) -> None:
    """Refuse before the training, not after it, a file that cannot be written."""
    folder = os.path.dirname(os.path.abspath(path))
    if not os.path.isdir(folder):
        raise ArgumentError(f"--save: there is no folder {folder}")
    if os.path.exists(path) and not os.path.isfile(path):
        raise ArgumentError(f"--save: {path} is not a file")
    if not os.access(folder, os.W_OK):
        raise ArgumentError(f"--save: the folder {folder} cannot be written to")


def _screen(
    network: Network, data: DataSet, options: argparse.Namespace
) -> Optional[TrainingScreen]:
    """Return the live screen, or None where there is no terminal for it."""
    console = _console()
    if console is None:
        return None
    from tinynn.views.training import SMALLEST, TrainingScreen

    if console.width < SMALLEST[0] or console.height < SMALLEST[1]:
        sys.stderr.write(f"tinynn: the screen needs {SMALLEST[0]}×{SMALLEST[1]} characters\n")
        return None
    settings = f"η = {options.eta:g}, mini-batch {options.mini_batch_size}, seed {options.seed}"
    return TrainingScreen(network, data.test, options.epochs, settings, options.digit, console)


def _keep(network: Network, path: Optional[str]) -> str:
    """Keep the network where `tinynn show` finds it, and where asked; say where it is."""
    if not network.is_finite():
        return "no file: its weights are not finite numbers"
    kept = last_network()
    try:
        os.makedirs(os.path.dirname(kept), exist_ok=True)
        network.save(kept)
    except OSError as error:
        kept = f"no file: {error}"
    if not path:
        return kept
    try:
        network.save(path)
    except OSError as error:
        raise OSError(f"{path}: {error.strerror or error}; the network is kept in {kept}") from None
    return path


def _next(
    network: Network, data: DataSet, options: argparse.Namespace, reports: Sequence[EpochReport]
) -> list[tuple[str, str]]:
    """Return what to try next, from how it went: commands, each with its purpose."""
    source = "" if options.data == "digits" else f" --data {options.data}"
    best = max((report.correct or 0 for report in reports), default=0) / len(data.test)
    wrong = next((i for i, (x, y) in enumerate(data.test) if network.answer(x) != y.argmax()), 0)
    saved = f" {options.save}" if options.save else ""
    if best < 0.5:
        eta = 3.0 if options.eta != 3.0 else 0.5
        first = (f"tinynn train{source} --eta {eta:g}", "this learning rate hardly learns")
    else:
        hidden = 2 * network.sizes[1] if network.num_layers > 2 else 30
        sizes = f"{network.sizes[0]} {hidden} 10"
        first = (f"tinynn train{source} --sizes {sizes}", "more hidden neurons")
    return [
        (f"tinynn show{saved} --digit {wrong}{source}", "a digit it gets wrong, neuron by neuron"),
        first,
        ("tinynn equations BP2", "the lines that send errors back"),
    ]


# tinynn show


def _show(options: argparse.Namespace) -> int:
    data = _load(options.data)
    part = getattr(data, options.part)
    _require_digit(options.digit, len(part))
    if options.quick and options.file:
        raise ArgumentError("expected a saved network or --quick, got both")
    network = _quick(data) if options.quick else _saved(options.file)
    x, y = part[options.digit]
    if (network.sizes[0], network.sizes[-1]) != (len(x), len(y)):
        ends = f"{network.sizes[0]} inputs and {network.sizes[-1]} outputs"
        raise DataError(
            f"the network has {ends}, a digit of {options.data!r} {len(x)} pixels and "
            f"{len(y)} answers: name the data it was trained on with --data"
        )
    console = None if options.plain else _console()
    if console is None:
        print("\n".join(plain.show_lines(network, x, y, part.image_shape)))
        return 0
    from tinynn.views.show import shown_digit

    console.print(f"{network!r}\n{options.part} digit {options.digit}\n", markup=False)
    console.print(shown_digit(network, x, y, part.image_shape))
    return 0


def _quick(data: DataSet) -> Network:
    training = data.training[:1000]
    network = Network([len(training[0][0]), 30, 10], seed=0)
    for _ in network.train(training, 3, 10, 3.0, seed=0):
        pass
    return network


def _saved(path: Optional[str]) -> Network:
    if path is None and not os.path.exists(last_network()):
        raise DataError("no network was trained here yet: run `tinynn train`, or add --quick")
    return Network.load(path or last_network())


# tinynn equations


def _equations(options: argparse.Namespace) -> int:
    entry = plain.find_equation(options.number) if options.number else None
    console = _console()
    if console is None:
        if entry:
            print(f"({entry.number})  {entry.formula}\n{entry.file}:{entry.line}\n")
            print(plain.equation_source(entry))
        else:
            print("\n".join(plain.equation_lines()))
        return 0
    from tinynn.views.equations import EquationTable, equation_page

    console.print(equation_page(entry) if entry else EquationTable())
    return 0
