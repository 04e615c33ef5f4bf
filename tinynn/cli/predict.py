"""``tinynn predict``: what saved networks answer to test digits, each of them and by vote."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Optional

from tinynn.cli import photos
from tinynn.cli.common import (
    Commands,
    add_data,
    found_network,
    load_data,
    require_digit,
    require_fit,
    screen_console,
    show,
)
from tinynn.datasets import DataSet, Examples
from tinynn.errors import ArgumentError, DataError, require_count
from tinynn.experiments.ensembles import ABOUT_RULES, PLURALITY, RULES, Ensemble
from tinynn.model import Model
from tinynn.views import votes
from tinynn.views.votes import Poll

_PICTURES = 100


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "predict",
        help="read a photograph of your own digits; let networks vote",
        description="Read a picture of a digit, or of a row of digits, and show each stage on the "
        "way to the network's input. Without a picture, let each network answer the test digits, "
        "and all of them vote: the answer that most of them give. The digits that the vote gets "
        "wrong are shown as pictures.",
        epilog="example: tinynn predict photo.jpg; tinynn predict a.json b.json --digit 4",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    files = "pictures, or saved networks of one kind of digits (default: the last one trained)"
    option("files", nargs="*", metavar="FILE", help=files)
    net = "the network that reads pictures (default: the one that ships with tinynn)"
    option("--net", metavar="NETWORK", help=net)
    count = "how many digits there are in each picture (default: as many as are found)"
    option("--count", type=int, default=0, metavar="N", help=count)
    option("--digit", type=int, metavar="N", help="show the vote on this digit alone")
    part = "the part of the data that is answered (default test)"
    option("--part", choices=DataSet._fields, default="test", help=part)
    add_data(parser)
    ties = "; ".join(f"{name}, {how}" for name, how in ABOUT_RULES.items())
    rule = f"how a tie is given: {ties} (default {PLURALITY})"
    option("--rule", choices=tuple(RULES), default=PLURALITY, help=rule)
    most = f"show at most N mistakes as pictures (default {_PICTURES})"
    option("--pictures", type=int, default=_PICTURES, metavar="N", help=most)
    engine = "fast (NumPy) or pure, the loops (default: fast where NumPy is installed)"
    option("--engine", choices=("fast", "pure"), help=engine)
    fast = argparse.SUPPRESS  # as `tinynn train` calls it
    option("--fast", dest="engine", action="store_const", const="fast", help=fast)
    option("--json", action="store_true", help="write all answers as JSON")
    option("--plain", action="store_true", help="print plain lines, as when piped")


def run(options: argparse.Namespace) -> int:
    """Load networks, let them vote, and show the result."""
    require_count("--pictures", options.pictures, 0)
    given = [*options.files, *([options.net] if options.net is not None else [])]
    pictures = [path for path in options.files if photos.is_picture(path)]
    networks = [path for path in given if path not in pictures]
    if pictures:
        return photos.run(pictures, networks, options)
    if options.net is not None or options.count:
        raise ArgumentError("--net and --count are for pictures: name one, such as photo.jpg")
    examples = getattr(load_data(options.data), options.part)
    if options.digit is not None:
        require_digit(options.digit, len(examples))
    paths = networks or [found_network(None)]
    ensemble = Ensemble([loaded_network(path, options, examples) for path in paths], options.rule)
    console = None if options.plain or options.json else screen_console()
    if options.digit is not None:
        _show_digit(ensemble, paths, examples, options, console)
        return 0
    wait = f"{len(paths)} × {len(examples):,} answers"
    with console.status(wait, spinner="line") if console else nullcontext():
        poll = Poll(paths, ensemble.votes(examples), options.rule)
    if options.json:
        print(json.dumps({**_about(options), **votes.as_json(poll)}, ensure_ascii=False))
    else:
        height = console.height if console else None
        show(votes.PollPage(poll, examples, options.pictures, height), console)
    return 0


def loaded_network(path: str, options: argparse.Namespace, examples: Examples) -> Model:
    """Return the network of a file. Raises DataError for one that is not of these digits."""
    network = photos.engine_for(options).load(found_network(path))
    x, y = examples[0]
    digit = f"a digit of {options.data!r} {len(x)} pixels and {len(y)} answers"
    try:
        require_fit(network, x, y, f"{digit}: name the data it was trained on with --data")
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    return network


def _about(options: argparse.Namespace) -> dict[str, Any]:
    return {"data": options.data, "part": options.part, "rule": options.rule}


def _show_digit(
    ensemble: Ensemble,
    paths: Sequence[str],
    examples: Examples,
    options: argparse.Namespace,
    console: Optional[Any],
) -> None:
    """Show one digit, what each network answers to it, and the vote."""
    x, y = examples[options.digit]
    vote = ensemble.vote(x)._replace(label=Model.answer_of(y))
    outputs = [[float(a) for a in network.feedforward(x)] for network in ensemble.networks]
    poll = Poll(paths, [vote], options.rule)
    if options.json:
        digit = {"digit": options.digit, **votes.digit_json(poll, outputs)}
        print(json.dumps({**_about(options), **digit}, ensure_ascii=False))
        return
    show(votes.digit_page(poll, outputs, x, examples.image_shape, console is None), console)
