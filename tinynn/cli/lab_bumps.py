"""``tinynn lab steps`` and ``tinynn lab bumps``: any function by hand (chapter 4)."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor, isfinite, log10
from typing import Any, NamedTuple, Optional

from tinynn.cli.common import Commands, screen_console, take_negative_numbers
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
from tinynn.views.bump_lines import (
    Construction,
    activation_lines,
    bump_lines,
    construction_lines,
    made,
    made_lines,
    step_lines,
)

_MOST, _MOST_ALONG, _MOST_OUTPUTS = 2000, 32, 4  # bumps, bumps along each of two inputs, formulas
_ERROR = 0.05
_REPAIRS = ("none", "halves", "beyond")
_ENDS = """\
Between two bumps that share a step nothing fails: the sum passes from one height
to the other. At 0 and at 1 the outermost step is half on, and half of the goal is
missing. Two halves, one shifted by half a bump, miss a quarter of it. Bumps that
reach beyond 0 and 1 miss nothing: with them the error holds at every x."""
_MEET = """\
Along an edge that two towers share nothing fails: one falls as the other rises.
At the border they are half on, and where four of them meet none is on. Of two
halves, one shifted by half a bump in x and y, only one fails at a place. Towers
that reach beyond the border leave the places where four meet."""
_STEPS = """\
Nothing else is asked of s(z) but limits at -∞ and at +∞, and that they differ. Relu
has none at +∞, and yet two relu neurons are a step. Linear neurons have neither:
all that a network of them can compute is a straight line."""


def add(labs: Commands, play: Callable[..., None]) -> None:
    """Add the two laboratories; ``play`` shows pictures one after another."""
    parser = labs.add_parser(
        "steps",
        help="a neuron as a step, two as a bump, and which neurons will do (chapter 4)",
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
    option = parser.add_argument
    formula = f"a formula of x, or of x and y, for each output (default {CHAPTER_FORMULA})"
    option("formula", nargs="*", metavar="FORMULA", help=formula)
    error = f"how far the network may be off: how many bumps that takes follows (default {_ERROR})"
    option("--error", type=float, metavar="E", help=error)
    option("--bumps", type=int, metavar="N", help="or how many bumps there are along each input")
    option("--w", type=float, metavar="W", help="with --bumps: the weight that makes steps sharp")
    modulus = "how far the formula changes over a distance x, where its slope has no bound"
    option("--modulus", metavar="FORMULA", help=modulus)
    kinds = "sigmoid, where the formula is between 0 and 1 (then the default), or linear"
    option("--output", choices=("sigmoid", "linear"), metavar="KIND", help=kinds)
    neurons = "of the hidden neurons (default sigmoid)"
    option("--activation", default="sigmoid", metavar="NAME", help=neurons)
    repair = "what is drawn and saved: none, the book's bumps from 0 to 1; halves, two halves, "
    repair += "one shifted; beyond, bumps that reach beyond 0 and 1 (default)"
    option("--repair", choices=_REPAIRS, default="beyond", metavar="KIND", help=repair)
    option("--save", metavar="FILE", help="write the network, which `step` and `show` take")
    option("--plain", action="store_true", help="print plain lines, as when piped")


def _steps(options: argparse.Namespace) -> int:
    """Show steps, a bump, and what else makes steps."""
    s = finite_float(options.s, "--s")
    last = s + 0.2 if options.last is None else finite_float(options.last, "--last")
    height, sharpest = finite_float(options.height, "--height"), max(options.w)
    for w in options.w:
        require_positive("--w", w)
    print(f"a neuron σ(w x + b) with b = -w s is a step at s = -b/w = {s:g}, for x from 0 to 1")
    for w in options.w:
        print(*step_lines(w, s), sep="\n")
    print("\ntwo of them are a bump")
    print(*bump_lines(sharpest, s, last, height), sep="\n")
    print(f"\nwhich neurons s may replace σ (w = {sharpest:g})")
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
        raise ArgumentError("--w: expected with --bumps; for an error it is computed")
    if options.save == "":
        raise ArgumentError("--save: expected the name of a file, got nothing")
    if options.error is None and options.bumps is None:
        options.error = _ERROR
    if options.error is not None:
        require_positive("--error", options.error)
    if options.w is not None:
        require_positive("--w", options.w)
    outputs = _outputs(options)
    title = "a network for " + ("any function" if len(outputs) == 1 else "functions")
    title = f"{title}, built of bumps"
    drawn_by = [
        (
            each.formula.text,
            each.formula,
            each.networks[options.repair],
            options.activation,
            options.error,
        )
        for each in outputs
    ]
    console = None if options.plain else screen_console("bumps")
    if console is not None:
        from tinynn.views.bumps import BumpLab

        drawn = [made(*each) for each in drawn_by]
        last = max(each.number for each in drawn)
        play(console, title, last, lambda title, n: BumpLab(title, drawn, n, last))
        for each in outputs:
            print(*_report(each, options, short=True), sep="\n")
    else:
        for each, given in zip(outputs, drawn_by):
            print(*_report(each, options), "", *made_lines(made(*given, lines=True)), sep="\n")
            if each is not outputs[-1]:
                print()
    if console is None:
        print("", _MEET if outputs[0].towers else _ENDS, sep="\n")
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
                    off = f"changes by {abs(p - q):.4g} over {distance:.4g}"
                    raise ArgumentError(f"--modulus: {formula.text} {off}, got {text!r}")
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


def _report(output: _Output, options: argparse.Namespace, short: bool = False) -> list[str]:
    """Return what was built, why so many bumps, and how good the three networks are."""
    formula, goal, plan, networks, _ = output
    number, w, h = plan
    lines = [] if short else [f"f = {formula.text}"]
    made_of = "σ⁻¹(f)" if goal.output == "sigmoid" else "f"
    size = f"at most {goal.largest:.3g} in size"
    lines.append(f"output   {goal.output}: the weighted sum is to be {made_of}, {size}")
    if callable(goal.modulus):
        lines.append(f"modulus  {options.modulus} of f, as given")
    else:
        slopes = f"{made_of} changes by at most {goal.modulus:.4g} times the distance"
        if goal.output == "sigmoid" and not short:
            slopes += f" (f by {steepest(formula.enclosed, len(formula.inputs)):.4g} times)"
        lines.append(f"slope    {slopes}")
    half = change(goal.modulus, 0.5 / number)
    what = f"{number} along x and y, {number * number:,} towers" if output.towers else f"{number}"
    why = ""
    if options.error is not None:
        factor = "4 · " if goal.output == "sigmoid" else ""
        why = f": within half a bump {half:.4g}, less than {factor}{options.error:g}"
        why += ", as σ' ≤ 1/4" if factor else ""
    lines.append(f"bumps    {what}{why}")
    sharp = f"w = {w:,.5g} for every step, b = -w s"
    lines.append(f"weights  {sharp}" + (f"; h = {h:.3g} for every tower" if h else ""))
    constructions = [*_constructions(output)]
    before, after = (each.measured.inside for each in constructions[:2])
    told = f"inside the windows: {before:.3g} before the repair by two halves, {after:.3g} after it"
    return [*lines, "", *construction_lines(constructions), told]


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
