"""``tinynn step``: the real code of one example, line by line with its numbers."""

from __future__ import annotations

import argparse

from tinynn.cli.common import MACHINES, Commands, add_data, names_of, take_negative_numbers
from tinynn.costs import COSTS, PENALTIES


def add(commands: Commands) -> None:
    """Add the command and its options."""
    parser = commands.add_parser(
        "step",
        help="step through the real code of one example, with its numbers",
        description="Step through the real code of one training example: forward, "
        "backpropagation and update, one line at a time, with the numbers filled in.",
        epilog="example: tinynn step --equation BP2",
    )
    parser.set_defaults(run=run)
    option = parser.add_argument
    what = f"{', '.join(MACHINES)}, or a saved network "
    what += "(default xor, on 2-2-1 neurons; with --digit the last network trained)"
    option("what", nargs="?", metavar="WHAT", help=what)
    option("--sizes", type=int, nargs="+", metavar="N", help="a new network of these layers")
    option(
        "--seed",
        type=int,
        metavar="N",
        help="of first weights and dropout (default 0)",
    )
    option("--input", type=float, nargs="+", metavar="X", help="the input x")
    option("--target", type=float, nargs="+", metavar="Y", help="the desired output y")
    option("--cost", choices=tuple(COSTS), metavar="COST", help="of a new network: its cost")
    layers = "instead of --sizes: \"2, Dense(2, 'tanh'), Dense(1)\""
    option("--layers", metavar="LIST", help=layers)
    eta = "the learning rate η (default 1)"
    option(*names_of("--eta"), type=float, metavar="RATE", help=eta)
    lmbda = "λ, how strongly large weights are penalised (default 0: not at all)"
    option(*names_of("--lmbda"), type=float, metavar="X", help=lmbda)
    option("--penalty", choices=tuple(PENALTIES), metavar="KIND", help="L2 or L1 (default L2)")
    mu = "μ of momentum, in the valley or of a network's second step (default 0: none)"
    option(*names_of("--mu"), type=float, metavar="X", help=mu)
    ahead = "with --mu: the gradient of where momentum leads, as Nesterov takes it"
    option("--nesterov", action="store_true", default=None, help=ahead)
    second = "in the valley: steps -η H⁻¹ ∇C (default η 1)"
    option("--hessian", action="store_true", default=None, help=second)
    of = "of a saved network, or of the last one trained: which test digit (default 0)"
    option("--digit", type=int, metavar="N", help=of)
    several = "a mini-batch of these test digits: one training step on all of them"
    option("--digits", type=int, nargs="+", metavar="N", help=several)
    add_data(parser)
    parser.set_defaults(data=None)
    take_negative_numbers(parser)
    option("--equation", metavar="NUMBER", help="start at this equation; in plain lines, only it")
    option("--neuron", metavar="L:J", help="start at neuron J of layer L; in plain lines, only it")
    option("--unfold", action="store_true", help="show every term of a long sum")
    option("--plain", action="store_true", help="print a numbered transcript, as when piped")
    formats = "print a worked sheet: text, markdown with maths, or html to step through"
    option("--format", choices=("text", "markdown", "html"), metavar="FORMAT", help=formats)
    option("--save", metavar="FILE", help="with --format: write the sheet to this file")


def run(options: argparse.Namespace) -> int:
    """Record, then step on the screen or print the transcript."""
    from tinynn.cli.stepping import step  # only this command needs the stepper

    return step(options)
