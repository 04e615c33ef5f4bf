"""``tinynn lab steps`` and ``tinynn lab bumps``: any function by hand (chapter 4)."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from math import ceil, floor, isfinite, log10
from textwrap import fill
from typing import Any, NamedTuple, Optional

from tinynn.activations import ACTIVATIONS
from tinynn.cli.common import (
    Commands,
    require_writable,
    screen_console,
    take_negative_numbers,
)
from tinynn.errors import ArgumentError, DataError, require_count, require_positive
from tinynn.formulas import Formula, goal_of, steepest
from tinynn.linalg import finite_float
from tinynn.network import Network
from tinynn.universality import (
    CHAPTER_FORMULA,
    WINDOW,
    Goal,
    Modulus,
    Plan,
    bound_inside,
    bound_of_towers,
    bound_of_towers_inside,
    bound_outside,
    bump_network,
    bumps_of,
    change,
    glued,
    halves_of,
    measured,
    plan_bumps,
    plan_towers,
    tower_halves_of,
    tower_network,
    towers_of,
)
from tinynn.views.bumps import (
    BumpLab,
    Construction,
    activation_lines,
    bump_lines,
    construction_lines,
    made,
    made_lines,
    nearly,
    step_lines,
)

_MOST, _MOST_ALONG, _MOST_OUTPUTS = 2000, 32, 4  # bumps, bumps along each of two inputs, formulas
_ERROR = 0.05
_REPAIRS = ("none", "halves", "beyond")
_ENDS = """\
A window is the narrow stretch around a step where the step is neither off nor
on. Between two bumps that share a step nothing fails: the sum passes from one
height to the other. At x = 0 and 1 the outermost step is only half on, so the
network gives half of what it should. Built twice at half height, one copy
shifted by half a bump, it misses only a quarter. Bumps that reach beyond 0 and
1 miss nothing: with them the error holds at every x."""
_MEET = """\
A window is the narrow stretch around a step where the step is neither off nor
on. Along an edge that two towers share nothing fails: one falls as the other
rises. At the border towers are half on, and where four of them meet none is on.
Of two half-height networks, one shifted, at most one fails at any place. Towers
that reach beyond the border mend the border, but not the places where four of
them meet."""
_STEPS = """\
Nothing else is asked of s(z) but limits at -∞ and at +∞, and that they differ.
Relu has none at +∞, and yet two relu neurons are a step. Linear neurons have
neither: all that a network of them can compute is a straight line."""


def add(labs: Commands, play: Callable[..., None]) -> None:
    """Add the two laboratories; ``play`` shows pictures one after another."""
    parser = labs.add_parser(
        "steps",
        help="a neuron as a step, two as a bump, and which functions will do (chapter 4)",
        description="A sigmoid neuron becomes a step at s = -b/w as w grows, and two of them a "
        "bump; then which activation functions may replace the sigmoid.",
        epilog="example: tinynn lab steps --s 0.3 --w 8 100",
    )
    parser.set_defaults(run=_steps)
    take_negative_numbers(parser)
    option = parser.add_argument
    option("--s", type=float, default=0.4, metavar="X", help="the step's place (default 0.4)")
    last = "the place of the bump's second step (default 0.2 further)"
    option("--last", type=float, metavar="X", help=last)
    weights = "weights, each a step (default 8 32 100 999)"
    option(
        "--w", type=float, nargs="+", default=[8.0, 32.0, 100.0, 999.0], metavar="W", help=weights
    )
    option("--height", type=float, default=0.6, metavar="H", help="of the bump (default 0.6)")

    parser = labs.add_parser(
        "bumps",
        help="a network for any function, built by hand of bumps or towers (chapter 4)",
        description="Build the network that is within an error of a formula of x, or of x and y, "
        "from 0 to 1. Several formulas are several outputs. Keys: space pauses, q ends.",
        epilog='example: tinynn lab bumps "0.5 + 0.3*sin(6*x)" --error 0.02 --save net.json',
    )
    parser.set_defaults(run=lambda options: _bumps(options, play))
    parser._negative_number_matcher = re.compile("-[^-]")  # -x is a formula
    option = parser.add_argument
    formula = f"a formula of x, or of x and y, for each output (default {CHAPTER_FORMULA})"
    option("formula", nargs="*", metavar="FORMULA", help=formula)
    error = f"how far the network may be off: how many bumps that takes follows (default {_ERROR})"
    option("--error", type=float, metavar="E", help=error)
    option("--bumps", type=int, metavar="N", help="or how many bumps there are along each input")
    option("--w", type=float, metavar="W", help="with --bumps: the weight that makes steps sharp")
    modulus = "for a formula of unbounded slope: a formula of the distance x that its change never "
    modulus += "exceeds, such as sqrt(x)"
    option("--modulus", metavar="FORMULA", help=modulus)
    kinds = "sigmoid, where the formula is between 0 and 1 (then the default), or linear"
    option("--output", choices=("sigmoid", "linear"), metavar="KIND", help=kinds)
    neurons = "of the hidden neurons (default sigmoid)"
    option("--activation", default="sigmoid", metavar="NAME", help=neurons)
    repair = "which of three networks is drawn and saved: none, the book's bumps from 0 to 1; "
    repair += "halves, two halves, one shifted; beyond, bumps that reach beyond 0 and 1 (default)"
    option("--repair", choices=_REPAIRS, default="beyond", metavar="KIND", help=repair)
    option("--save", metavar="FILE", help="write the network, which `step` and `show` take")
    option("--plain", action="store_true", help="print plain lines, as when piped")


def _steps(options: argparse.Namespace) -> int:
    """Show steps, a bump, and what else makes steps."""
    s = finite_float(options.s, "--s")
    last = s + 0.2 if options.last is None else finite_float(options.last, "--last")
    if last == s:
        raise ArgumentError(f"--last: expected another place than --s, got {last:g}")
    height, sharpest = finite_float(options.height, "--height"), max(options.w)
    for w in options.w:
        require_positive("--w", w)
    print(f"a neuron σ(w x + b) with b = -w s is a step at s = -b/w = {s:g}; x from 0 to 1")
    for w in options.w:
        print(*step_lines(w, s), sep="\n")
    print("\ntwo of them are a bump")
    print(*bump_lines(sharpest, s, last, height), sep="\n")
    print(f"\nwhich functions s may replace σ (w = {sharpest:g})")
    print(*activation_lines(sharpest, s, last), _STEPS, sep="\n")
    return 0


class _Output(NamedTuple):
    """One formula, what the bumps are to make, how many there are, and the three networks."""

    formula: Formula
    goal: Goal
    plan: Plan
    networks: dict[str, Network]
    activation: str

    @property
    def towers(self) -> bool:
        return len(self.formula.inputs) == 2


def _bumps(options: argparse.Namespace, play: Callable[..., None]) -> int:
    """Build the networks, draw one, say how good they are, and save it."""
    if options.error is not None and options.bumps is not None:
        raise ArgumentError("--error and --bumps: expected one of them, got both")
    if options.w is not None and options.bumps is None:
        raise ArgumentError("--w needs --bumps; for an error it is computed")
    if options.error is None and options.bumps is None:
        options.error = _ERROR
    if options.error is not None:
        require_positive("--error", options.error)
    if options.w is not None:
        require_positive("--w", options.w)
    if options.save is not None:
        require_writable(options.save)
    if options.activation not in ACTIVATIONS:
        names = ", ".join(name for name in ACTIVATIONS if name != "linear")
        raise ArgumentError(f"--activation: expected one of {names}, got {options.activation!r}")
    console = None if options.plain else screen_console("bumps")
    with nullcontext() if console is None else console.status("working out bounds…"):
        outputs = _outputs(options)
        several = len(outputs) > 1
        reports = [_report(each, options, console is None or several) for each in outputs]
        drawn = [
            made(
                each.formula.text,
                each.formula,
                each.networks[options.repair],
                options.activation,
                options.error,
                lines=console is None,
            )
            for each in outputs
        ]
    if console is not None:
        title = f"a network for {'functions' if several else 'any function'}, built of bumps"
        last = max(each.number for each in drawn)
        play(console, title, last, lambda title, n, high: BumpLab(title, drawn, n, last, high))
    for (report, _), picture in zip(reports, drawn):
        print(*report, "", sep="\n")
        if console is None:
            print(*made_lines(picture), "", sep="\n")
    print(_MEET if outputs[0].towers else _ENDS)
    for _, verdict in reports:
        if verdict:
            print(verdict)
    if options.save:
        _save(options.save, outputs, options.repair)
    return 0


def _save(path: str, outputs: Sequence[_Output], repair: str) -> None:
    networks = [each.networks[repair] for each in outputs]
    network = networks[0] if len(networks) == 1 else glued(networks)
    network.save(path)
    at = [0.3, 0.7][: network.sizes[0]]
    x = " ".join(f"{each:g}" for each in at)
    y = " ".join(f"{each.formula(*at):.4g}" for each in outputs)
    sizes = "-".join(map(str, network.sizes))
    print(f"{path}: {sizes}; look into it with")
    print(f"  tinynn show {path} --input {x}")
    print(f"  tinynn step {path} --input {x} --target {y}")


def _outputs(options: argparse.Namespace) -> list[_Output]:
    """Return everything that is asked for, a formula at a time."""
    texts = options.formula or [CHAPTER_FORMULA]
    if len(texts) > _MOST_OUTPUTS:
        raise ArgumentError(f"FORMULA: expected at most {_MOST_OUTPUTS}, got {len(texts)}")
    formulas = [Formula(text) for text in texts]
    inputs = max(len(each.inputs) for each in formulas)
    formulas = [Formula(text, inputs) for text in texts]
    modulus = None if options.modulus is None else _modulus(options.modulus, formulas)
    kind = options.output or ""
    goals = [goal_of(each, kind, modulus) for each in formulas]
    if len({goal.output for goal in goals}) > 1:
        goals = [goal_of(each, "linear", modulus) for each in formulas]
    return [_output(formula, goal, options) for formula, goal in zip(formulas, goals)]


def _modulus(text: str, formulas: Sequence[Formula]) -> Modulus:
    """Return the modulus of continuity of ``--modulus``, if the formulas keep to it."""
    omega = Formula(text)
    if len(omega.inputs) > 1:
        raise ArgumentError(f"--modulus: expected a formula of x, a distance, got {text!r}")
    places = [i / 64 for i in range(65)]
    seen = [omega(d) for d in places]
    if seen[0] != 0.0 or seen != sorted(seen):
        raise ArgumentError(f"--modulus: expected 0 at x = 0, and never less further, got {text!r}")
    for formula in formulas:
        along = places if len(formula.inputs) == 1 else places[::8]
        at = (
            [(x,) for x in along]
            if len(formula.inputs) == 1
            else [(x, y) for x in along for y in along]
        )
        values = [formula(*each) for each in at]
        for one, p in zip(at, values):
            for other, q in zip(at, values):
                distance = max(abs(u - v) for u, v in zip(one, other))
                if abs(p - q) > omega(distance) + 1e-9:
                    off = f"over a distance of {distance:.4g}, {formula.text} changes by "
                    off += f"{abs(p - q):.4g}, more than the modulus {text!r} allows, "
                    raise ArgumentError(f"--modulus: {off}{omega(distance):.4g}")
    return omega


def _output(formula: Formula, goal: Goal, options: argparse.Namespace) -> _Output:
    towers = len(formula.inputs) == 2
    most = _MOST_ALONG if towers else _MOST
    along = " along each input" if towers else ""
    if options.bumps is not None:
        require_count("--bumps", options.bumps, 1, most)
    elif not callable(goal.modulus) and not isfinite(goal.modulus):
        raise DataError(
            f"{formula.text}: its slope has no bound, so that no number of bumps follows from "
            "--error: add how far it changes over a distance x, such as "
            '--modulus "sqrt(x)", or type --bumps 20'
        )
    else:
        least = change(goal.modulus, 0.5 / most) / 0.995 / goal.tolerance(1.0)
        if options.error < least:
            if least > (1.0 if goal.output == "sigmoid" else goal.largest):
                raise ArgumentError(f"{formula.text}: it is too steep: type --bumps 20")
            needs = f"{options.error:g} needs more than {most:,} bumps{along}"
            raise ArgumentError(f"--error: {needs}: type --error {_rounded_up(least):.2g}")
    plan = (plan_towers if towers else plan_bumps)(goal, options.error, options.bumps)
    if options.w is not None:
        plan = plan._replace(w=options.w)
    return _Output(formula, goal, plan, _networks(goal, plan, towers, options), options.activation)


def _networks(
    goal: Goal, plan: Plan, towers: bool, options: argparse.Namespace
) -> dict[str, Network]:
    number, w, h = plan
    how = {"activation": options.activation, "output": goal.output}
    f: Any = goal.function
    if towers:
        plain, reaching = ([towers_of(f, number, reach=reach)] for reach in (0.0, 0.5))
        sets = plain, tower_halves_of(f, number), reaching
        return {k: tower_network(each, w, h, **how) for k, each in zip(_REPAIRS, sets)}
    one, more = ([bumps_of(f, number, reach=reach)] for reach in (0.0, 0.5))
    choices = one, halves_of(f, number), more
    return {k: bump_network(each, w, **how) for k, each in zip(_REPAIRS, choices)}


def _report(output: _Output, options: argparse.Namespace, named: bool) -> tuple[list[str], str]:
    """Return what was built, why so many bumps, how good it is; and what it leaves unmended."""
    formula, goal, plan, networks, _ = output
    number, w, h = plan
    made_of = "σ⁻¹(f)" if goal.output == "sigmoid" else "f"
    size = f"at most {nearly(goal.largest):.3g} in size"
    lines = [f"output   {goal.output}: the weighted sum is to be {made_of}, {size}"]
    if callable(goal.modulus):
        lines.append(f"modulus  {options.modulus} of f, as given")
    elif not isfinite(goal.modulus):
        lines.append("slope    has no bound that could be proved")
    else:
        slopes = f"{made_of} changes by at most {nearly(goal.modulus):.4g} times the distance"
        if goal.output == "sigmoid":
            slopes += f" (f by {nearly(steepest(formula.enclosed, len(formula.inputs))):.4g} times)"
        lines.append(f"slope    {slopes}")
    what = f"{number} along x and y, {number * number:,} towers" if output.towers else f"{number}"
    if options.error is not None:
        half = nearly(change(goal.modulus, 0.5 / number))
        what += f": within half a bump {made_of} changes by {half:.4g}"
        if goal.output == "sigmoid":
            what += f". That may be up to 4 · {options.error:g}, as the sigmoid shrinks it "
            what += "to a quarter or less."
        else:
            what += f", less than {options.error:g}"
    lines.append(f"bumps    {what}")
    to_tower = f"; h = {h:.3g}: the weight from each bump to its tower" if h else ""
    lines.append(f"weights  w = {w:,.5g} for every step, b = -w s{to_tower}")
    indented = [fill(line, 80, subsequent_indent=" " * 9) for line in lines]
    constructions = [*_constructions(output)]
    (drawn,) = (each for each in constructions if each.name == options.repair)
    of = f"{formula.text}: " if len(options.formula) > 1 else ""
    verdict = _verdict(drawn, options.error, output.towers)
    verdict = fill(of + verdict, 80) if verdict else ""
    head = [f"f = {formula.text}"] if named else []
    return [*head, *indented, "", *construction_lines(constructions)], verdict


def _verdict(drawn: Construction, error: Optional[float], towers: bool) -> str:
    """Return what the network that is drawn does not mend, and by how much it is off there."""
    outside, inside = drawn.outside, drawn.measured.inside
    most = max(outside or 0.0, drawn.measured.outside) if error is None else error
    if nearly(inside) <= most or (drawn.name == "beyond" and not towers):
        return ""
    said = f"at most {most:.3g}" if outside is not None else f"{most:.3g} or more"
    said = f"Outside the windows the error is {said}. "
    if not towers:
        return f"{said}At x = 0 or 1 it is up to {inside:.3g}: --repair beyond mends that."
    alone = "towers alone cannot repair that."
    where = "At the border or where" if drawn.name != "beyond" else "Where"
    return f"{said}{where} four towers meet it is up to {inside:.3g}: {alone}"


def _constructions(output: _Output) -> Iterator[Construction]:
    """Yield how good the three networks are, and how good they are proved to be."""
    for repair, network in output.networks.items():
        halves = repair == "halves"
        seen = measured(output.formula, network, output.plan.number, halves)
        bounds = [
            None if bound is None else output.goal.at_output(bound)
            for bound in _bounds(output, repair)
        ]
        yield Construction(repair, sum(network.sizes[1:-1]), seen, *bounds)


def _bounds(output: _Output, repair: str) -> tuple[Optional[float], Optional[float]]:
    """Return what is proved of the weighted sum outside the windows and inside them."""
    _, goal, plan, _, activation = output
    if not callable(goal.modulus) and not isfinite(goal.modulus):
        return None, None
    parts = 2 if repair == "halves" else 1
    modulus, largest = goal.modulus, goal.largest
    if output.towers:
        outside = bound_of_towers(modulus, largest, plan)
        inside = bound_of_towers_inside(modulus, largest, plan, parts)
    else:
        outside = inside = bound_outside(modulus, largest, plan.number, plan.w)
        if repair != "beyond":
            near = change(modulus, WINDOW / plan.number)
            end = min(largest, max(abs(goal.function(x)) for x in (0.0, 1.0)) + near)
            inside = bound_inside(modulus, largest, plan.number, plan.w, end, parts)
    # a step neuron is not 1/2 at its place, on which the bounds inside rest
    return outside, None if activation == "step" else inside


def _rounded_up(number: float) -> float:
    """Return a number of two figures that is not less."""
    unit = 10.0 ** (floor(log10(number)) - 1)
    return ceil(number / unit - 1e-9) * unit
