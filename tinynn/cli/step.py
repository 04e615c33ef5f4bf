"""``tinynn step``: the real code of one example, line by line with its numbers."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Optional

from tinynn.cli import common, options
from tinynn.cli.command import Command, argument, option, refuse
from tinynn.cli.layers import cost_for, layers_of
from tinynn.cli.watching import full_screen
from tinynn.costs import COSTS, PENALTIES
from tinynn.errors import ArgumentError, DataError
from tinynn.files import write_atomically
from tinynn.linalg import Vector
from tinynn.network import Network
from tinynn.stepper import scenes, steps
from tinynn.stepper.names import LONGEST
from tinynn.stepper.navigation import Cursor, call_ends, matches, neuron_wanted
from tinynn.stepper.scenes import Scene
from tinynn.training.examples import Example
from tinynn.views.page import page_lines
from tinynn.views.worksheet import FORMATS, sections

if TYPE_CHECKING:
    from rich.console import Console

# What there is to step through beside a network, and its input where none is given.
_INPUTS = {
    "perceptron": (0, 1, 1),
    "half-adder": (1, 1),
    "valley": (2, 1),
    "bump": (0.5,),
    "chain": (1,),
}
_MACHINES = ("xor", *_INPUTS)
_NAMES = ", ".join(_MACHINES)
_FORMATS = {**FORMATS, "html": page_lines}
_SLOW = 10_000  # weights and biases from which a progress bar is worth it
_FOLDED = f"sums of more than {LONGEST} terms are folded again"
_UNFOLDED = "every term of every sum is a line by itself now; u folds the long ones again"


def _require_neuron(name: str, text: str) -> None:
    if neuron_wanted(text) is None:
        raise ArgumentError(f"{name}: expected a layer and a neuron, such as 2:3, got {text!r}")


@dataclass
class Step(Command):
    """Step through the real code of one example, with its numbers.

    Step through the real code of one training example: forward, backpropagation and update, one
    line at a time, with the numbers filled in.

    example: tinynn step --equation BP2

    what WHAT          {_NAMES}, or a saved network (default xor, on 2-2-1 neurons;
                       with --digit the last network trained)
    --sizes            a new network of these layers
    --seed             of first weights and dropout (default 0)
    --input            the input x
    --target Y         the desired output y
    --cost COST        of a new network: its cost
    --layers LIST      instead of --sizes: "2, Dense(2, 'tanh'), Dense(1)"
    --eta RATE         the learning rate η (default 1)
    --lmbda            λ, how strongly large weights are penalised (default 0: not at all)
    --penalty KIND     L2 or L1 (default L2)
    --mu               μ of momentum, in the valley or of a network's second step (default 0: none)
    --nesterov         with --mu: the gradient of where momentum leads, as Nesterov takes it
    --hessian          in the valley: steps -η H⁻¹ ∇C (default η 1)
    --digit            of a saved network, or of the last one trained: which test digit (default 0)
    --digits           a mini-batch of these test digits: one training step on all of them
    --equation NUMBER  start at this equation; in plain lines, only it
    --neuron L:J       start at neuron J of layer L; in plain lines, only it
    --unfold           show every term of a long sum
    --format FORMAT    print a worked sheet: text, markdown with maths, or html to step through
    --save FILE        with --format: write the sheet to this file
    """

    what: Optional[str] = argument()
    sizes: Optional[list[int]] = None
    seed: Optional[int] = None
    input: Optional[list[float]] = option(check=options.finite_entry)
    target: Optional[list[float]] = option(check=options.finite_entry)
    cost: Optional[str] = option(choices=tuple(COSTS))
    layers: Optional[str] = None
    eta: Optional[float] = None
    lmbda: Optional[float] = None
    penalty: Optional[str] = option(choices=tuple(PENALTIES))
    mu: Optional[float] = option(check=options.finite)
    nesterov: bool = False
    hessian: bool = False
    digit: Optional[int] = None
    digits: Optional[list[int]] = None
    data: Optional[str] = options.data(None)
    equation: Optional[str] = None
    neuron: Optional[str] = option(check=_require_neuron)
    unfold: bool = False
    plain: bool = options.plain("a numbered transcript")
    format: Optional[str] = option(choices=("text", "markdown", "html"))
    save: Optional[str] = option(check=options.file_name)

    def run(self) -> int:
        """Record, then step on the screen or print the transcript."""
        if self.save is not None and not self.format:
            raise ArgumentError("--save needs --format, such as --format html")
        on_screen = not self.plain and not self.format and sys.stdin.isatty()
        console = common.screen_console() if on_screen else None
        if console is not None and not _can_draw(console):
            console = None
        if console is not None:
            _require_room(console)
        scene = self._scene(console)
        wanted = self._wanted(scene)
        if console is not None:
            _walk(console, scene, wanted, self.unfold)
            return 0
        parts = list(sections(scene, wanted, fold=not self.unfold))
        sheet = "\n".join(_FORMATS[self.format or "text"](scene, parts))
        if self.save is not None:
            write_atomically(self.save, sheet + "\n")
            print(f"{self.save}: {len(sheet.encode()) / 1000:,.0f} kB")
            return 0
        if self.format == "html" and hasattr(sys.stdout, "reconfigure"):
            sys.stdout.reconfigure(encoding="utf-8")  # as the page says that it is
        print(sheet)
        return 0

    def _scene(self, console: Optional[Console]) -> Scene:
        """Record what is stepped through, with a bar on a terminal if that takes a while."""
        what = self.what or "xor"
        if self.what is None and (self.digit is not None or self.digits is not None):
            what = common.last_network()
            if not os.path.exists(what):
                some = "run `tinynn train`, or name a file"
                raise DataError(f"no network has been trained yet: {some}")
        if self.nesterov and not self.mu:
            raise ArgumentError("--nesterov needs --mu, such as --mu 0.9")
        if what in _INPUTS:
            return self._machine(what)
        self._refuse("hessian")
        network, examples, title, names, n = self._network(what)
        x, y = examples[0]
        x = common.given_input(self.input or x.to_list(), network.sizes[0])
        y = common.given_input(self.target or y.to_list(), network.sizes[-1], "--target")
        examples = [(x, y), *examples[1:]]
        if self.penalty and not self.lmbda:
            raise ArgumentError("--penalty needs --lmbda, such as --lmbda 0.1")
        count = max(network.parameter_count(), network.plan.products) * len(examples)
        shown = console if count >= _SLOW else None
        with nullcontext() if shown is None else _progress(shown, 3 * count) as on_step:
            return scenes.batch_scene(
                network,
                examples,
                1.0 if self.eta is None else self.eta,
                title,
                names,
                on_step,
                mu=self.mu or 0.0,
                nesterov=self.nesterov,
                seed=self.seed or 0,
                lmbda=self.lmbda or 0.0,
                penalty=self.penalty or "L2",
                n=n,
            )

    def _machine(self, what: str) -> Scene:
        """Record the scene with this name: perceptron, half-adder, valley, bump or chain."""
        self._refuse("sizes", "layers", "cost", "lmbda", "penalty", "seed")
        self._refuse("digit", "digits", "data", *([] if what == "chain" else ["target"]))
        if what != "valley":
            self._refuse("eta", "mu", "nesterov", "hessian")
        default = _INPUTS[what]
        x = common.given_input(self.input or default, len(default)).to_list()
        if what == "perceptron":
            return scenes.perceptron_scene(x)
        if what == "half-adder":
            return scenes.half_adder_scene(x)
        if what == "bump":
            return scenes.bump_scene(*x)
        if what == "chain":
            (y,) = common.given_input(self.target or (0,), 1, "--target").to_list()
            return scenes.chain_scene(x=x[0], y=y)
        eta, steps = self.eta, 3
        if eta is None:
            eta, steps = (1.0, 1) if self.hessian else (0.125, 3)  # one such step is enough
        return scenes.valley_scene(x, eta, steps, self.mu or 0.0, self.nesterov, self.hessian)

    def _network(self, what: str) -> tuple[Network, list[Example], str, list[str], int]:
        """Return a network, the examples that it learns from, a title, their names, and n."""
        new = layers_of(self.layers, self.sizes)
        if what == "xor":
            self._refuse("digit", "digits", "data")
            if new is None:
                self._refuse("seed")
                title = "XOR: one example learnt by a 2-2-1 network"
                return scenes.xor_network(self.cost), [(Vector([1, 1]), Vector([0]))], title, [], 1
            network = Network(new, seed=self.seed or 0, cost=cost_for(self.cost, new))
            x = Vector([float(k % 2 == 0) for k in range(network.sizes[0])])
            title = f"one example learnt by a {'-'.join(map(str, network.sizes))} network"
            return network, [(x, Vector.one_hot(0, network.sizes[-1]))], title, [], 1
        self._refuse("sizes", "layers", "cost")
        if self.digits is not None:
            self._refuse("digit", "input", "target", by="a mini-batch")
        if not os.path.exists(what):
            expected = f"expected {_NAMES} or a saved network"
            raise DataError(f"{expected}, got {what!r}, and there is no such file")
        network = Network.load(what)
        if not network.plan.dropout:
            self._refuse("seed")
        whose = "the last network" if what == common.last_network() else os.path.basename(what)
        if network.sizes[0] <= common.FEW_INPUTS:
            self._refuse("digit", "digits", "data")
            x = common.given_input(self.input, network.sizes[0])
            return network, [(x, Vector.one_hot(0, network.sizes[-1]))], whose, [], 1
        return network, *self._digits(network, whose)

    def _digits(self, network: Network, whose: str) -> tuple[list[Example], str, list[str], int]:
        """Return the test digits that a network learns from, a title, their names, and n."""
        data = common.load_data(self.data or "digits")
        numbers = self.digits or [self.digit or 0]
        for number in numbers:
            common.require_digit(number, len(data.test))
        examples = [data.test[number] for number in numbers]
        if self.input is None or self.target is None:
            otherwise = "no digit fits: add --input and --target"
            common.require_fit(network, *examples[0], "", otherwise)
        answers = [f"a {network.answer_of(y)}" for _, y in examples]
        if len(numbers) > 1:
            title = f"{whose} learns from the test digits {', '.join(map(str, numbers))}"
            names = [f"digit {number}, {answer}" for number, answer in zip(numbers, answers)]
            return examples, title, names, len(data.training)
        title = f"{whose} learns from test digit {numbers[0]}"
        if self.target is None:
            title += f" ({answers[0]})"
        return examples, title, [], len(data.training)

    def _refuse(self, *names: str, by: str = "") -> None:
        """Reject options that do not apply to this scene."""
        refuse(self, names, f"{by or self.what or 'xor'} does not take it", ": ")

    def _wanted(self, scene: Scene) -> Callable[[steps.Step], bool]:
        """Return a test for the steps of --equation and --neuron. Raise an error if none passes."""
        asked = [text for text in (self.equation, self.neuron) if text is not None]

        # with an equation goes what it calls, such as σ' in BP2; a call ends in its own last line
        ends = call_ends(scene.steps).items()
        whole = {call for call, end in ends if matches(end, self.equation or "")}

        def wanted(step: steps.Step) -> bool:
            return all(
                matches(step, text) or (text == self.equation and step.call in whole)
                for text in asked
            )

        if not any(map(wanted, scene.steps)):
            numbers = ", ".join(dict.fromkeys(step.number for step in scene.steps))
            there = f"the equations that ran are {numbers}"
            if self.neuron is not None and scene.network is not None:
                layers = sorted({step.layer for step in scene.steps if step.layer is not None})
                sizes = [f"layer {l} has neurons 1 to {scene.network.sizes[l - 1]}" for l in layers]
                there += f"; {', '.join(sizes)}"
            raise ArgumentError(f"{' and '.join(asked)}: no such line; {there}")
        return wanted


@contextmanager
def _progress(console: Console, total: int) -> Iterator[Callable[[int], object]]:
    """Show a progress bar; yield the function to call with the number of steps done."""
    from rich.progress import Progress

    with Progress(console=console, transient=True) as progress:
        bar = progress.add_task("recording", total=total)

        def on_step(done: int) -> None:
            if done % 500 == 0:
                progress.update(bar, completed=done)

        yield on_step


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


def _walk(
    console: Console, scene: Scene, wanted: Callable[[steps.Step], bool], unfold: bool
) -> None:
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
    with full_screen(console) as (keyboard, draw):
        size = None
        key: Optional[str] = "start"
        while key is not None:
            if key or size != console.size:
                size = console.size
                screen = Stepping(scene, cursor, message, keys=aside == "?", why=aside == "w")
                draw(screen)
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


def _at_the_end(scene: Scene, cursor: Cursor) -> str:
    """Say why a key moved nowhere."""
    if cursor.at == 0:
        return "this is the first line"
    if cursor.at == len(cursor.rows) - 1:
        return "; ".join(filter(None, ("this is the last line", scene.outcome)))
    return "this is the last of them; end goes to the last line"


def _typed(key: str, typed: str, cursor: Cursor) -> tuple[Optional[str], str]:
    """Add a key to the place to jump to; return its text, or None at the end, and the prompt."""
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
