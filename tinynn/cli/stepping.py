"""What ``tinynn step`` does: it records a scene, and walks through it or prints it."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from math import isfinite
from typing import TYPE_CHECKING, Any, Optional

from tinynn.cli.common import (
    FEW_INPUTS,
    MACHINES,
    given_input,
    last_network,
    load_data,
    require_digit,
    require_fit,
    screen_console,
)
from tinynn.cli.keyboard import Keyboard
from tinynn.cli.layers import cost_for, layers_of
from tinynn.errors import ArgumentError, DataError
from tinynn.files import write_atomically
from tinynn.linalg import Vector, finite_float
from tinynn.network import Network
from tinynn.stepper.names import LONGEST
from tinynn.stepper.navigation import Cursor, call_ends, matches, neuron_wanted
from tinynn.stepper.scenes import (
    Scene,
    batch_scene,
    bump_scene,
    chain_scene,
    half_adder_scene,
    network_scene,
    perceptron_scene,
    valley_scene,
    xor_network,
)
from tinynn.stepper.steps import Step
from tinynn.training.examples import Example
from tinynn.views.page import page_lines
from tinynn.views.worksheet import FORMATS, sections

if TYPE_CHECKING:
    from rich.console import Console

_FORMATS = {**FORMATS, "html": page_lines}
_SLOW = 10_000  # weights and biases from which a progress bar is worth it


def step(options: argparse.Namespace) -> int:
    """Record, then step on the screen or print the transcript."""
    if options.neuron is not None and neuron_wanted(options.neuron) is None:
        expected = "expected a layer and a neuron, such as 2:3"
        raise ArgumentError(f"--neuron: {expected}, got {options.neuron!r}")
    if options.save is not None and not options.format:
        raise ArgumentError("--save needs --format, such as --format html")
    if options.save == "":
        raise ArgumentError("--save: expected the name of a file, got nothing")
    console = None
    if not options.plain and not options.format and sys.stdin.isatty():
        console = screen_console()
    if console is not None and not _can_draw(console):
        console = None
    if console is not None:
        _require_room(console)
    scene = _scene(options, console)
    wanted = _wanted(options, scene)
    if console is None:
        parts = list(sections(scene, wanted, fold=not options.unfold))
        _write("\n".join(_FORMATS[options.format or "text"](scene, parts)), options)
        return 0
    return _walk(console, scene, wanted, options.unfold)


def _write(sheet: str, options: argparse.Namespace) -> None:
    """Print the sheet, or write it to the file of ``--save`` and say how large it is."""
    if options.save is not None:
        write_atomically(options.save, sheet + "\n")
        print(f"{options.save}: {len(sheet.encode()) / 1000:,.0f} kB")
        return
    if options.format == "html" and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")  # as the page says that it is
    print(sheet)


def _can_draw(console: Console) -> bool:
    """Say whether the terminal's encoding has the characters of the picture."""
    try:
        "δ⠤▶".encode(console.encoding)
    except UnicodeEncodeError:
        return False
    return True


def _require_room(console: Console) -> None:
    from tinynn.views.stepping import LEAST, fits

    if not fits(*console.size):
        raise ArgumentError(
            f"the terminal is {console.width}×{console.height} characters: stepping needs "
            f"{LEAST[0]}×{LEAST[1]}; make it larger, or add --plain"
        )


# What is stepped through.

_ROLLING = "mu", "nesterov", "hessian"


def _scene(options: argparse.Namespace, console: Optional[Console]) -> Scene:
    what = options.what or "xor"
    if options.what is None and (options.digit is not None or options.digits is not None):
        what = last_network()
        if not os.path.exists(what):
            raise DataError("no network has been trained yet: run `tinynn train`, or name a file")
    if options.nesterov and not options.mu:
        raise ArgumentError("--nesterov needs --mu, such as --mu 0.9")
    if what in MACHINES[1:]:  # all but a network
        useless = ["sizes", "layers", "cost", "lmbda", "penalty", "seed"]
        useless += ["digit", "digits", "data", *([] if what == "chain" else ["target"])]
        _refuse(options, *useless, *([] if what == "valley" else ["eta", *_ROLLING]))
        return _machine(what, options)
    _refuse(options, "hessian")
    network, examples, title, names, n = _network(what, options)
    x, y = examples[0]
    x = _vector("--input", options.input, network.sizes[0]) if options.input else x
    y = _vector("--target", options.target, network.sizes[-1]) if options.target else y
    examples = [(x, y), *examples[1:]]
    eta = 1.0 if options.eta is None else options.eta
    penalty = options.penalty or "L2"
    how: dict[str, Any] = {"lmbda": options.lmbda or 0.0, "penalty": penalty, "n": n}
    if options.penalty and not options.lmbda:
        raise ArgumentError("--penalty needs --lmbda, such as --lmbda 0.1")
    mu = finite_float(options.mu or 0.0, "--mu")
    how.update(mu=mu, nesterov=bool(options.nesterov), seed=options.seed or 0)
    count = max(network.parameter_count(), network.plan.products) * len(examples)
    if console is None or count < _SLOW:
        return _recorded(network, examples, eta, title, names, **how)
    from rich.progress import Progress

    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("recording", total=3 * count)

        def on_step(done: int) -> None:
            if done % 500 == 0:
                progress.update(bar, completed=done)

        return _recorded(network, examples, eta, title, names, on_step, **how)


def _recorded(
    network: Network,
    examples: list[Example],
    eta: float,
    title: str,
    names: list[str],
    on_step: Optional[Callable[[int], object]] = None,
    **how: Any,
) -> Scene:
    if len(examples) == 1:
        return network_scene(network, *examples[0], eta, title, on_step, **how)
    return batch_scene(network, examples, eta, title, names, on_step, **how)


def _machine(what: str, options: argparse.Namespace) -> Scene:
    if what == "perceptron":
        x = _vector("--input", options.input, 3) if options.input else Vector([0, 1, 1])
        return perceptron_scene(x.to_list())
    if what == "half-adder":
        x = _vector("--input", options.input, 2) if options.input else Vector([1, 1])
        return half_adder_scene(x.to_list())
    if what == "bump":
        return bump_scene(*(_vector("--input", options.input, 1) if options.input else ()))
    if what == "chain":
        x = _vector("--input", options.input, 1) if options.input else Vector([1])
        y = _vector("--target", options.target, 1) if options.target else Vector([0])
        return chain_scene(x=x[0], y=y[0])
    x = _vector("--input", options.input, 2) if options.input else Vector([2, 1])
    default, steps = (1.0, 1) if options.hessian else (0.125, 3)  # one such step is enough
    eta, steps = (default, steps) if options.eta is None else (options.eta, 3)
    how = options.mu or 0.0, bool(options.nesterov), bool(options.hessian)
    return valley_scene(x.to_list(), eta, steps, *how)


def _network(
    what: str, options: argparse.Namespace
) -> tuple[Network, list[Example], str, list[str], int]:
    """Return a network, the examples that it learns from, a title, a name an example, and n."""
    new = layers_of(options)
    if what == "xor":
        _refuse(options, "digit", "digits", "data")
    if what == "xor" and new is None:
        _refuse(options, "seed")
        title = "XOR: one example learnt by a 2-2-1 network"
        return xor_network(options.cost), [(Vector([1, 1]), Vector([0]))], title, [], 1
    if new is not None and what == "xor":
        network = Network(new, seed=options.seed or 0, cost=cost_for(options.cost, new))
        x = Vector([float(k % 2 == 0) for k in range(network.sizes[0])])
        return network, [(x, Vector.one_hot(0, network.sizes[-1]))], "", [], 1
    _refuse(options, "sizes", "layers", "cost")
    if options.digits is not None:
        _refuse(options, "digit", "input", "target", needless="a mini-batch")
    if not os.path.exists(what):
        expected = f"expected {', '.join(MACHINES)} or a saved network"
        raise DataError(f"{expected}, got {what!r}, and there is no such file")
    network = Network.load(what)
    if not network.plan.dropout:
        _refuse(options, "seed")
    whose = "the last network" if what == last_network() else os.path.basename(what)
    if network.sizes[0] <= FEW_INPUTS:
        _refuse(options, "digit", "digits", "data")
        y = Vector.one_hot(0, network.sizes[-1])
        return network, [(given_input(options.input, network.sizes[0]), y)], whose, [], 1
    data = load_data(options.data or "digits")
    numbers = options.digits or [options.digit or 0]
    for number in numbers:
        require_digit(number, len(data.test))
    examples = [data.test[number] for number in numbers]
    if options.input is None or options.target is None:
        x, y = examples[0]
        require_fit(network, x, y, "no digit fits: add --input and --target")
    answers = [f"a {network.answer_of(y)}" for _, y in examples]
    names = [f"digit {number}, {answer}" for number, answer in zip(numbers, answers)]
    if len(numbers) > 1:
        listed = ", ".join(map(str, numbers))
        title = f"{whose} learns from the test digits {listed}"
        return network, examples, title, names, len(data.training)
    title = f"{whose} learns from test digit {numbers[0]}"
    if options.target is None:
        title += f" ({answers[0]})"
    return network, examples, title, names, len(data.training)


def _refuse(options: argparse.Namespace, *names: str, needless: str = "") -> None:
    """Reject options that do not apply to this scene."""
    for name in names:
        if getattr(options, name) is not None:
            raise ArgumentError(f"--{name}: {needless or options.what or 'xor'} does not take it")


def _vector(name: str, numbers: list[float], size: int) -> Vector:
    if len(numbers) != size:
        raise ArgumentError(f"{name}: expected {size} number{'s' * (size > 1)}, got {len(numbers)}")
    for number in numbers:
        if not isfinite(number):
            raise ArgumentError(f"{name}: expected finite numbers, got {number}")
    return Vector(numbers)


def _wanted(options: argparse.Namespace, scene: Scene) -> Callable[[Step], bool]:
    """Return which steps --equation and --neuron ask for; an error if there is none."""
    asked = [text for text in (options.equation, options.neuron) if text is not None]

    # with an equation goes what it calls, such as σ' in BP2; a call ends in its own last line
    ends = call_ends(scene.steps).items()
    whole = {call for call, end in ends if matches(end, options.equation or "")}

    def wanted(step: Step) -> bool:
        return all(
            matches(step, text) or (text == options.equation and step.call in whole)
            for text in asked
        )

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

    from tinynn.views.stepping import Stepping, fits

    cursor = Cursor(scene.steps, fold=not unfold)
    place = next(i for i, step in enumerate(scene.steps) if wanted(step))
    cursor.go_to_step(place)
    moves: dict[str, Callable[[], bool]] = {
        **dict.fromkeys(("right", "n", " ", "enter"), lambda: cursor.line(1)),
        **dict.fromkeys(("left", "p", "backspace"), lambda: cursor.line(-1)),
        **dict.fromkeys(("down", "j"), lambda: cursor.neuron(1)),
        **dict.fromkeys(("up", "k"), lambda: cursor.neuron(-1)),
        "e": lambda: cursor.equation(1),
        "E": lambda: cursor.equation(-1),
        "l": lambda: cursor.layer(1),
        "L": lambda: cursor.layer(-1),
        "x": lambda: cursor.example(1),
        "X": lambda: cursor.example(-1),
        "f": cursor.finish_sum,
        "u": cursor.unfold,
        "home": lambda: cursor.go(0),
        "end": lambda: cursor.go(len(cursor.rows) - 1),
    }
    message = ""
    typed: Optional[str] = None  # what is being typed after /, if anything is
    aside = ""  # the key of the list or the reasons that are shown instead, until any key
    with (
        Keyboard() as keyboard,
        Live(console=console, screen=True, auto_refresh=False, vertical_overflow="crop") as live,
    ):
        size = None
        key: Optional[str] = "start"
        while key is not None:
            if key or size != console.size:
                size = console.size
                screen = Stepping(scene, cursor, message, keys=aside == "?", why=aside == "w")
                live.update(screen, refresh=True)
            key = keyboard.read(0.2)
            if not key or (key != "q" and not fits(*console.size)):
                continue
            message = ""
            if typed is not None:
                typed, message = _typed(key, typed, cursor)
            elif aside:
                aside = ""
            elif key == "q":
                break
            elif key in ("?", "w"):
                aside = key
            elif key in ("/", "g"):
                typed, message = _typed("", "", cursor)
            elif key in moves and not moves[key]():
                message = _at_the_end(scene, cursor)
            elif key == "u":
                message = _FOLDED if cursor.fold else _UNFOLDED
    return 0


_FOLDED = f"sums of more than {LONGEST} terms are folded again"
_UNFOLDED = "every term of every sum is a line by itself now; u folds the long ones again"


def _at_the_end(scene: Scene, cursor: Cursor) -> str:
    """Say why a key moved nowhere."""
    if cursor.at == 0:
        return "this is the first line"
    if cursor.at == len(cursor.rows) - 1:
        return "; ".join(filter(None, ("this is the last line", scene.outcome)))
    return "this is the last of them; end goes to the last line"


def _typed(key: str, typed: str, cursor: Cursor) -> tuple[Optional[str], str]:
    """Take one key of what to jump to; return the text so far, None at its end, and the prompt."""
    if key == "escape":
        return None, ""
    if key == "enter":
        if not typed or cursor.jump(typed):
            return None, ""
        return None, f"no {typed} in this recording; ? says what one can jump to"
    if key == "backspace":
        typed = typed[:-1]
    elif len(key) == 1 and key.isprintable():
        typed += key
    return typed, f"jump to: {typed}▏  (BP2, (20), a^2_1, d^2_1 for δ^2_1, neuron 2:1, step 17)"
