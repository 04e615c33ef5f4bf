"""``tinynn predict``: what saved networks answer to test digits, each of them and by vote."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any, Optional

from tinynn.cli import common, options
from tinynn.cli.command import Command, argument, option
from tinynn.cli.photos import is_picture, show_pictures
from tinynn.datasets import Examples
from tinynn.errors import ArgumentError, DataError
from tinynn.experiments.ensembles import ABOUT_RULES, PLURALITY, RULES, Ensemble
from tinynn.model import Model
from tinynn.views import votes
from tinynn.views.votes import Poll

_PICTURES = 100
_TIES = "; ".join(f"{name}, {how}" for name, how in ABOUT_RULES.items())


@dataclass
class Predict(Command):
    """Read a photograph of your own digits; let networks vote.

    Read a picture of a digit, or of a row of digits, and show each stage on the way to the
    network's input. A second network finds the digits of a row, and reads them, too. Without a
    picture, let each network answer the test digits, and all of them vote: the answer that most
    of them give. The digits that the vote gets wrong are shown as pictures.

    example: tinynn predict photo.jpg; tinynn predict a.json b.json --digit 4

    files FILE     pictures, or saved networks of one kind of digits (default: the last one trained)
    --net NETWORK  the network that reads pictures (default: the one that ships with tinynn)
    --count        how many digits there are in each picture (default: as many as are found)
    --digit        show the vote on this digit alone
    --rule         how a tie is given: {_TIES} (default {PLURALITY})
    --pictures     show at most N mistakes as pictures (default {_PICTURES})
    --engine       fast (NumPy) or pure, the loops (default: fast where NumPy is installed)
    --json         write all answers as JSON
    """

    files: list[str] = argument(nargs="*")
    net: Optional[str] = None
    count: int = option(0, check=options.count(0))
    digit: Optional[int] = None
    part: str = options.part("that is answered")
    data: str = options.data()
    rule: str = option(PLURALITY, choices=tuple(RULES))
    pictures: int = option(_PICTURES, check=options.count(0))
    engine: Optional[str] = option(choices=("fast", "pure"))
    fast: bool = option(False, help=argparse.SUPPRESS)
    json: bool = False
    plain: bool = options.plain()

    def run(self) -> int:
        """Load networks, let them vote, and show the result."""
        engine = "fast" if self.fast else self.engine
        given = [*self.files, *([self.net] if self.net is not None else [])]
        pictures = [path for path in self.files if is_picture(path)]
        networks = [path for path in given if path not in pictures]
        if pictures:
            network = common.engine_at_hand(engine)
            return show_pictures(pictures, networks, network, self.count, self.json, self.console())
        if self.net is not None or self.count:
            raise ArgumentError("--net and --count are for pictures: name one, such as photo.jpg")
        examples = getattr(common.load_data(self.data), self.part)
        if self.digit is not None:
            common.require_digit(self.digit, len(examples))
        paths = networks or [common.found_network(None)]
        loaded = [loaded_network(path, self.data, examples, engine) for path in paths]
        ensemble = Ensemble(loaded, self.rule)
        console = self.console()
        about = {"data": self.data, "part": self.part, "rule": self.rule}
        if self.digit is not None:
            x, y = examples[self.digit]
            vote = ensemble.vote(x)._replace(label=Model.answer_of(y))
            outputs = [[float(a) for a in network.feedforward(x)] for network in loaded]
            poll = Poll(paths, [vote], self.rule)
            page: Any = votes.digit_page(poll, outputs, x, examples.image_shape, console is None)
            digit = {**about, "digit": self.digit}
            return self.show(page, console, lambda: {**digit, **votes.digit_json(poll, outputs)})
        with common.waiting(console, f"{len(paths)} × {len(examples):,} answers"):
            poll = Poll(paths, ensemble.votes(examples), self.rule)
        page = votes.PollPage(poll, examples, self.pictures, console.height if console else None)
        return self.show(page, console, lambda: {**about, **votes.as_json(poll)})


def loaded_network(path: str, data: str, examples: Examples, engine: Optional[str] = None) -> Model:
    """Return the network of a file. Raises DataError for one that is not of these digits."""
    network = common.engine_at_hand(engine).load(common.found_network(path))
    try:
        common.require_fit(network, *examples[0], data)
    except DataError as error:
        raise DataError(f"{path}: {error}") from None
    return network
