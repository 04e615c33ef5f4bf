"""``tinynn step``: the real code of one example, line by line with its numbers."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Optional

from tinynn.cli.common import Commands, add_data, load_data, require_digit, screen_console
from tinynn.cli.keyboard import Keyboard
from tinynn.errors import ArgumentError, DataError
from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.stepper.navigation import Cursor, matches, neuron_wanted
from tinynn.stepper.scenes import (
    Scene,
    half_adder_scene,
    network_scene,
    perceptron_scene,
    valley_scene,
    xor_network,
)
from tinynn.stepper.steps import Step
from tinynn.views.worksheet import FORMATS, sections

if TYPE_CHECKING:
    from rich.console import Console

MACHINES = ("xor", "perceptron", "half-adder", "valley")
_SLOW = 10_000  # weights and biases from which a progress bar is worth it


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
    what = f"{', '.join(MACHINES)}, or a saved network (default xor, on 2-2-1 neurons)"
    option("what", nargs="?", metavar="WHAT", help=what)
    option("--sizes", type=int, nargs="+", metavar="N", help="a new network of these layers")
    option("--seed", type=int, metavar="N", help="of its first weights (default 0)")
    option("--input", type=float, nargs="+", metavar="X", help="the input x")
    option("--target", type=float, nargs="+", metavar="Y", help="the desired output y")
    option("--eta", type=float, metavar="RATE", help="the learning rate η (default 1)")
    option("--digit", type=int, default=0, metavar="N", help="with a saved network: which digit")
    add_data(parser)
    option("--equation", metavar="NUMBER", help="start at this equation; in plain lines, only it")
    option("--neuron", metavar="L:J", help="start at neuron J of layer L; in plain lines, only it")
    option("--unfold", action="store_true", help="show every term of a long sum")
    option("--plain", action="store_true", help="print a numbered transcript, as when piped")
    formats = "print the transcript as a worked sheet: text, markdown or latex"
    option("--format", choices=FORMATS, metavar="FORMAT", help=formats)


def run(options: argparse.Namespace) -> int:
    """Record, then step on the screen or print the transcript."""
    if options.neuron is not None and neuron_wanted(options.neuron) is None:
        expected = "expected a layer and a neuron, such as 2:3"
        raise ArgumentError(f"--neuron: {expected}, got {options.neuron!r}")
    console = None
    if not options.plain and not options.format and sys.stdin.isatty():
        console = screen_console()
    if console is not None:
        _require_room(console)
    scene = _scene(options, console)
    wanted = _wanted(options, scene)
    if console is None:
        parts = list(sections(scene, wanted, fold=not options.unfold))
        lines = FORMATS[options.format or "text"](scene, parts)
        print("\n".join(lines))
        return 0
    return _walk(console, scene, wanted, options.unfold)


def _require_room(console: Console) -> None:
    from tinynn.views.stepping import LEAST

    if console.width < LEAST[0] or console.height < LEAST[1]:
        raise ArgumentError(
            f"the terminal is {console.width}×{console.height} characters: stepping needs "
            f"{LEAST[0]}×{LEAST[1]}; make it larger, or add --plain"
        )


# What is stepped through.


def _scene(options: argparse.Namespace, console: Optional[Console]) -> Scene:
    what = options.what or "xor"
    if what in ("perceptron", "half-adder", "valley"):
        _refuse(options, "sizes", "seed", "target", *([] if what == "valley" else ["eta"]))
        return _machine(what, options)
    network, x, y, title = _network(what, options)
    x = _vector("--input", options.input, network.sizes[0]) if options.input else x
    y = _vector("--target", options.target, network.sizes[-1]) if options.target else y
    eta = 1.0 if options.eta is None else options.eta
    count = network.parameter_count()
    if console is None or count < _SLOW:
        return network_scene(network, x, y, eta, title)
    from rich.progress import Progress

    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("recording", total=3 * count)

        def on_step(done: int) -> None:
            if done % 500 == 0:
                progress.update(bar, completed=done)

        return network_scene(network, x, y, eta, title, on_step)


def _machine(what: str, options: argparse.Namespace) -> Scene:
    if what == "perceptron":
        x = _vector("--input", options.input, 3) if options.input else Vector([0, 1, 1])
        return perceptron_scene(x.to_list())
    if what == "half-adder":
        x = _vector("--input", options.input, 2) if options.input else Vector([1, 1])
        return half_adder_scene(x.to_list())
    x = _vector("--input", options.input, 2) if options.input else Vector([2, 1])
    return valley_scene(x.to_list(), 0.125 if options.eta is None else options.eta)


def _network(what: str, options: argparse.Namespace) -> tuple[Network, Vector, Vector, str]:
    if what == "xor" and options.sizes is None:
        _refuse(options, "seed")
        return xor_network(), Vector([1, 1]), Vector([0]), ""
    if what == "xor":
        network = Network(options.sizes, seed=options.seed or 0)
        x = Vector([float(k % 2 == 0) for k in range(network.sizes[0])])
        return network, x, Vector.one_hot(0, network.sizes[-1]), ""
    _refuse(options, "sizes", "seed")
    if not os.path.exists(what):
        expected = f"expected {', '.join(MACHINES)} or a saved network"
        raise DataError(f"{expected}, got {what!r}, and there is no such file")
    network = Network.load(what)
    data = load_data(options.data)
    require_digit(options.digit, len(data.test))
    x, y = data.test[options.digit]
    given = options.input is not None and options.target is not None
    if not given and (network.sizes[0], network.sizes[-1]) != (len(x), len(y)):
        ends = f"{network.sizes[0]} inputs and {network.sizes[-1]} outputs"
        raise DataError(f"the network has {ends}, no digit fits: add --input and --target")
    return network, x, y, f"test digit {options.digit} learnt by {os.path.basename(what)}"


def _refuse(options: argparse.Namespace, *names: str) -> None:
    """Refuse options that what is stepped through has no use for."""
    for name in names:
        if getattr(options, name) is not None:
            raise ArgumentError(f"--{name}: {options.what or 'xor'} has no use for it")


def _vector(name: str, numbers: list[float], size: int) -> Vector:
    if len(numbers) != size:
        raise ArgumentError(f"{name}: expected {size} numbers, got {len(numbers)}")
    for number in numbers:
        if not isfinite(number):
            raise ArgumentError(f"{name}: expected finite numbers, got {number}")
    return Vector(numbers)


def _wanted(options: argparse.Namespace, scene: Scene) -> Callable[[Step], bool]:
    """Return which steps --equation and --neuron ask for; an error if there is none."""
    asked = [text for text in (options.equation, options.neuron) if text is not None]

    def wanted(step: Step) -> bool:
        return all(matches(step, text) for text in asked)

    if not any(map(wanted, scene.steps)):
        numbers = ", ".join(dict.fromkeys(step.number for step in scene.steps))
        layers = sorted({step.layer for step in scene.steps if step.layer is not None})
        there = f"the equations that ran are {numbers}"
        if options.neuron is not None and scene.network is not None:
            sizes = [f"layer {l} has neurons 1 to {scene.network.sizes[l - 1]}" for l in layers]
            there += f"; {', '.join(sizes)}"
        raise ArgumentError(f"{' and '.join(asked)}: no such line; {there}")
    return wanted


# The screen.


def _walk(console: Console, scene: Scene, wanted: Callable[[Step], bool], unfold: bool) -> int:
    from rich.live import Live

    from tinynn.views.stepping import Stepping

    cursor = Cursor(scene.steps, fold=not unfold)
    place = next(i for i, step in enumerate(scene.steps) if wanted(step))
    cursor.go_to_step(place)
    moves: dict[str, Callable[[], object]] = {
        **dict.fromkeys(("right", "n", " ", "enter"), lambda: cursor.line(1)),
        **dict.fromkeys(("left", "p", "backspace"), lambda: cursor.line(-1)),
        **dict.fromkeys(("down", "j"), lambda: cursor.neuron(1)),
        **dict.fromkeys(("up", "k"), lambda: cursor.neuron(-1)),
        "e": lambda: cursor.equation(1),
        "E": lambda: cursor.equation(-1),
        "l": lambda: cursor.layer(1),
        "L": lambda: cursor.layer(-1),
        "f": cursor.finish_sum,
        "u": cursor.unfold,
        "home": lambda: cursor.go(0),
        "end": lambda: cursor.go(len(cursor.rows) - 1),
    }
    message = ""
    typed: Optional[str] = None  # what is being typed after /, if anything is
    with (
        Keyboard() as keyboard,
        Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live,
    ):
        size = None
        key: Optional[str] = "start"
        while key is not None:
            if key or size != console.size:
                size = console.size
                live.update(Stepping(scene, cursor, message), refresh=True)
            key = keyboard.read(0.2)
            if not key:
                continue
            message = ""
            if typed is not None:
                typed, message = _typed(key, typed, cursor)
            elif key in ("q", "Q", "escape"):
                break
            elif key in ("/", "g"):
                typed, message = _typed("", "", cursor)
            elif key in moves:
                moves[key]()
    return 0


def _typed(key: str, typed: str, cursor: Cursor) -> tuple[Optional[str], str]:
    """Take one key of what to jump to; return the text so far, None at its end, and the prompt."""
    if key == "escape":
        return None, ""
    if key == "enter":
        if not typed or cursor.jump(typed):
            return None, ""
        return None, f"no {typed} in this recording: try BP2, (20), a^2_1, d^2_1, 2:1 or 17"
    if key == "backspace":
        typed = typed[:-1]
    elif len(key) == 1 and key.isprintable():
        typed += key
    return typed, f"jump to: {typed}▏  (BP2, (20), a^2_1, d^2_1 for δ^2_1, neuron 2:1, step 17)"
