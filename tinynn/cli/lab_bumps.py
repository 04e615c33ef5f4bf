"""``tinynn lab steps`` and ``tinynn lab bumps``: any function by hand (chapter 4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import ceil, floor, isfinite, log10
from textwrap import fill
from typing import Any, NamedTuple, Optional

from tinynn import universality as by_hand
from tinynn.activations import ACTIVATIONS
from tinynn.cli import options
from tinynn.cli.command import Command, argument, option
from tinynn.cli.common import require_writable, waiting
from tinynn.cli.watching import play
from tinynn.errors import ArgumentError, DataError
from tinynn.formulas import Formula, goal_of, steepest
from tinynn.network import Network
from tinynn.universality import CHAPTER_FORMULA, WINDOW, Goal, Modulus, Plan, change
from tinynn.views import bumps as views
from tinynn.views.bumps import Construction, nearly

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


@dataclass
class Steps(Command):
    """A neuron as a step, two as a bump, and which functions will do (chapter 4).

    A sigmoid neuron becomes a step at s = -b/w as w grows, and two of them a bump; then which
    activation functions may replace the sigmoid.

    example: tinynn lab steps --s 0.3 --w 8 100

    --s         the step's place (default 0.4)
    --last      the place of the bump's second step (default 0.2 further)
    --w W       weights, each a step (default 8 32 100 999)
    --height H  of the bump (default 0.6)
    """

    s: float = option(0.4, check=options.finite)
    last: Optional[float] = option(check=options.finite)
    w: list[float] = option((8.0, 32.0, 100.0, 999.0), check=options.positive)
    height: float = option(0.6, check=options.finite)

    def run(self) -> int:
        """Show steps, a bump, and what else makes steps."""
        s, sharpest = self.s, max(self.w)
        last = s + 0.2 if self.last is None else self.last
        if last == s:
            raise ArgumentError(f"--last: expected another place than --s, got {last:g}")
        print(f"a neuron σ(w x + b) with b = -w s is a step at s = -b/w = {s:g}; x from 0 to 1")
        for w in self.w:
            print(*views.step_lines(w, s), sep="\n")
        print("\ntwo of them are a bump")
        print(*views.bump_lines(sharpest, s, last, self.height), sep="\n")
        print(f"\nwhich functions s may replace σ (w = {sharpest:g})")
        print(*views.activation_lines(sharpest, s, last), _STEPS, sep="\n")
        return 0


class _Output(NamedTuple):
    """One formula, what the bumps are to make, how many there are, and the three networks."""

    formula: Formula
    goal: Goal
    plan: Plan
    networks: dict[str, Network]

    @property
    def towers(self) -> bool:
        """Whether there are two inputs."""
        return len(self.formula.inputs) == 2


@dataclass
class Bumps(Command):
    """A network for any function, built by hand of bumps or towers (chapter 4).

    Build the network that is within an error of a formula of x, or of x and y, from 0 to 1. Several
    formulas are several outputs. Keys: space pauses, q ends.

    example: tinynn lab bumps "0.5 + 0.3*sin(6*x)" --error 0.02 --save net.json

    formula FORMULA    a formula of x, or of x and y, for each output (default {CHAPTER_FORMULA})
    --error E          how far the network may be off: how many bumps that takes follows (default
                       {_ERROR})
    --bumps            or how many bumps there are along each input
    --w W              with --bumps: the weight that makes steps sharp
    --modulus FORMULA  for a formula of unbounded slope: a formula of the distance x that its change
                       never exceeds, such as sqrt(x)
    --output KIND      sigmoid, where the formula is between 0 and 1 (then the default), or linear
    --activation NAME  of the hidden neurons (default sigmoid)
    --repair KIND      which of three networks is drawn and saved: none, the book's bumps from 0 to
                       1; halves, two halves, one shifted; beyond, bumps that reach beyond 0 and 1
                       (default)
    --save FILE        write the network, which `step` and `show` take
    """

    negative = "-[^-]"  # -x is a formula
    formula: list[str] = argument(nargs="*")
    error: Optional[float] = option(check=options.positive)
    bumps: Optional[int] = option(check=options.count())
    w: Optional[float] = option(check=options.positive)
    modulus: Optional[str] = None
    output: Optional[str] = option(choices=("sigmoid", "linear"))
    activation: str = "sigmoid"
    repair: str = option("beyond", choices=_REPAIRS)
    save: Optional[str] = option(check=require_writable)
    plain: bool = options.plain()

    def run(self) -> int:
        """Build the networks, draw one, say how good they are, and save it."""
        if self.error is not None and self.bumps is not None:
            raise ArgumentError("--error and --bumps: expected one of them, got both")
        if self.w is not None and self.bumps is None:
            raise ArgumentError("--w needs --bumps; without --bumps, w is computed from --error")
        if self.error is None and self.bumps is None:
            self.error = _ERROR
        if self.activation not in ACTIVATIONS:
            names = ", ".join(name for name in ACTIVATIONS if name != "linear")
            raise ArgumentError(f"--activation: expected one of {names}, got {self.activation!r}")
        console = self.console("bumps")
        with waiting(console, "working out bounds…"):
            outputs = self._outputs()
            several = len(outputs) > 1
            reports = [self._report(each, console is None or several) for each in outputs]
            drawn = [self._drawn(each, lines=console is None) for each in outputs]
        if console is not None:
            title = f"a network for {'functions' if several else 'any function'}, built of bumps"
            last = max(each.number for each in drawn)
            draw = views.BumpLab
            play(console, title, last, lambda title, n, high: draw(title, drawn, n, last, high))
        for (report, _), picture in zip(reports, drawn):
            print(*report, "", sep="\n")
            if console is None:
                print(*views.made_lines(picture), "", sep="\n")
        print(_MEET if outputs[0].towers else _ENDS)
        for _, verdict in reports:
            if verdict:
                print(verdict)
        if self.save:
            _save(self.save, outputs, self.repair)
        return 0

    def _outputs(self) -> list[_Output]:
        """Return everything that is asked for, a formula at a time."""
        texts = self.formula or [CHAPTER_FORMULA]
        if len(texts) > _MOST_OUTPUTS:
            raise ArgumentError(f"FORMULA: expected at most {_MOST_OUTPUTS}, got {len(texts)}")
        formulas = [Formula(text) for text in texts]
        inputs = max(len(each.inputs) for each in formulas)
        formulas = [Formula(text, inputs) for text in texts]
        modulus = None if self.modulus is None else _modulus(self.modulus, formulas)
        goals = [goal_of(each, self.output or "", modulus) for each in formulas]
        if len({goal.output for goal in goals}) > 1:
            goals = [goal_of(each, "linear", modulus) for each in formulas]
        return [self._built(formula, goal) for formula, goal in zip(formulas, goals)]

    def _built(self, formula: Formula, goal: Goal) -> _Output:
        """Return the three networks for one formula."""
        towers = len(formula.inputs) == 2
        most = _MOST_ALONG if towers else _MOST
        if self.bumps is not None:
            options.count(1, most)("--bumps", self.bumps)
        else:
            self._require_enough(formula, goal, most, " along each input" if towers else "")
        plan_for = by_hand.plan_towers if towers else by_hand.plan_bumps
        plan = plan_for(goal, self.error, self.bumps)
        if self.w is not None:
            plan = plan._replace(w=self.w)
        made_of: Any = by_hand.towers_of if towers else by_hand.bumps_of
        halves: Any = by_hand.tower_halves_of if towers else by_hand.halves_of
        network: Any = by_hand.tower_network if towers else by_hand.bump_network
        f, number = goal.function, plan.number
        sets = [made_of(f, number, reach=0.0)], halves(f, number), [made_of(f, number, reach=0.5)]
        weights = (plan.w, plan.h) if towers else (plan.w,)
        how = {"activation": self.activation, "output": goal.output}
        built = {name: network(each, *weights, **how) for name, each in zip(_REPAIRS, sets)}
        return _Output(formula, goal, plan, built)

    def _require_enough(self, formula: Formula, goal: Goal, most: int, along: str) -> None:
        """Raise an error unless that many bumps are known to be enough for --error."""
        error = self.error or _ERROR
        if not _is_bounded(goal):
            raise DataError(
                f"{formula.text}: its slope has no bound, so that no number of bumps follows from "
                "--error: add how far it changes over a distance x, such as "
                '--modulus "sqrt(x)", or type --bumps 20'
            )
        least = change(goal.modulus, 0.5 / most) / 0.995 / goal.tolerance(1.0)
        if error < least:
            if least > (1.0 if goal.output == "sigmoid" else goal.largest):
                raise ArgumentError(f"{formula.text}: it is too steep: type --bumps 20")
            needs = f"{error:g} needs more than {most:,} bumps{along}"
            raise ArgumentError(f"--error: {needs}: type --error {_rounded_up(least):.2g}")

    def _drawn(self, output: _Output, lines: bool) -> views.Made:
        network, formula = output.networks[self.repair], output.formula
        return views.made(formula.text, formula, network, self.activation, self.error, lines)

    def _report(self, output: _Output, named: bool) -> tuple[list[str], str]:
        """Return what was built, why so many bumps, how good; and what it leaves unmended."""
        formula, goal, (number, w, h), _ = output
        made_of = "σ⁻¹(f)" if goal.output == "sigmoid" else "f"
        size = f"at most {nearly(goal.largest):.3g} in size"
        lines = [f"output   {goal.output}: the weighted sum is to be {made_of}, {size}"]
        if callable(goal.modulus):
            lines.append(f"modulus  {self.modulus} of f, as given")
        elif not _is_bounded(goal):
            lines.append("slope    has no bound that could be proved")
        else:
            slopes = f"{made_of} changes by at most {nearly(goal.modulus):.4g} times the distance"
            if goal.output == "sigmoid":
                of_f = nearly(steepest(formula.enclosed, len(formula.inputs)))
                slopes += f" (f by {of_f:.4g} times)"
            lines.append(f"slope    {slopes}")
        what = (
            f"{number} along x and y, {number * number:,} towers" if output.towers else f"{number}"
        )
        if self.error is not None:
            half = nearly(change(goal.modulus, 0.5 / number))
            what += f": within half a bump {made_of} changes by {half:.4g}"
            if goal.output == "sigmoid":
                what += f". That may be up to 4 · {self.error:g}, as the sigmoid shrinks it "
                what += "to a quarter or less."
            else:
                what += f", less than {self.error:g}"
        lines.append(f"bumps    {what}")
        to_tower = f"; h = {h:.3g}: the weight from each bump to its tower" if h else ""
        lines.append(f"weights  w = {w:,.5g} for every step, b = -w s{to_tower}")
        indented = [fill(line, 80, subsequent_indent=" " * 9) for line in lines]
        constructions = {each.name: each for each in _constructions(output, self.activation)}
        verdict = _verdict(constructions[self.repair], self.error, output.towers)
        if verdict and len(self.formula) > 1:
            verdict = f"{formula.text}: {verdict}"
        head = [f"f = {formula.text}"] if named else []
        table = views.construction_lines([*constructions.values()])
        return [*head, *indented, "", *table], fill(verdict, 80)


def _save(path: str, outputs: Sequence[_Output], repair: str) -> None:
    networks = [each.networks[repair] for each in outputs]
    network = networks[0] if len(networks) == 1 else by_hand.glued(networks)
    network.save(path)
    at = [0.3, 0.7][: network.sizes[0]]
    x = " ".join(f"{each:g}" for each in at)
    y = " ".join(f"{each.formula(*at):.4g}" for each in outputs)
    sizes = "-".join(map(str, network.sizes))
    print(f"{path}: {sizes}; look into it with")
    print(f"  tinynn show {path} --input {x}")
    print(f"  tinynn step {path} --input {x} --target {y}")


def _modulus(text: str, formulas: Sequence[Formula]) -> Modulus:
    """Return the modulus of continuity of ``--modulus``, if the formulas keep to it."""
    omega = Formula(text)
    if len(omega.inputs) > 1:
        raise ArgumentError(f"--modulus: expected a formula of x, a distance, got {text!r}")
    places = [i / 64 for i in range(65)]
    seen = [omega(d) for d in places]
    if seen[0] != 0.0 or seen != sorted(seen):
        raise ArgumentError(f"--modulus: expected 0 at x = 0, and no decrease, got {text!r}")
    for formula in formulas:
        inputs = len(formula.inputs)
        at = product(places if inputs == 1 else places[::8], repeat=inputs)
        values = [(each, formula(*each)) for each in at]
        for (one, p), (other, q) in product(values, repeat=2):
            distance = max(abs(u - v) for u, v in zip(one, other))
            if abs(p - q) > omega(distance) + 1e-9:
                off = f"over a distance of {distance:.4g}, {formula.text} changes by "
                off += f"{abs(p - q):.4g}, more than the modulus {text!r} allows, "
                raise ArgumentError(f"--modulus: {off}{omega(distance):.4g}")
    return omega


def _is_bounded(goal: Goal) -> bool:
    """Return whether it is proved how far the goal changes over a distance."""
    return callable(goal.modulus) or isfinite(goal.modulus)


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


def _constructions(output: _Output, activation: str) -> Iterator[Construction]:
    """Yield how good the three networks are, and how good they are proved to be."""
    for repair, network in output.networks.items():
        halves = repair == "halves"
        seen = by_hand.measured(output.formula, network, output.plan.number, halves)
        outside, inside = _bounds(output, repair) if _is_bounded(output.goal) else (None, None)
        if activation == "step":  # it is not 1/2 at its place, on which the bounds inside rest
            inside = None
        bounds = [outside, inside]
        at_output = (None if each is None else output.goal.at_output(each) for each in bounds)
        yield Construction(repair, sum(network.sizes[1:-1]), seen, *at_output)


def _bounds(output: _Output, repair: str) -> tuple[float, float]:
    """Return the proved bounds on the weighted sum's error, outside the windows and inside them."""
    _, goal, plan, _ = output
    parts = 2 if repair == "halves" else 1
    modulus, largest = goal.modulus, goal.largest
    if output.towers:
        outside = by_hand.bound_of_towers(modulus, largest, plan)
        return outside, by_hand.bound_of_towers_inside(modulus, largest, plan, parts)
    outside = by_hand.bound_outside(modulus, largest, plan.number, plan.w)
    if repair == "beyond":
        return outside, outside
    near = change(modulus, WINDOW / plan.number)
    end = min(largest, max(abs(goal.function(x)) for x in (0.0, 1.0)) + near)
    return outside, by_hand.bound_inside(modulus, largest, plan.number, plan.w, end, parts)


def _rounded_up(number: float) -> float:
    """Return a number rounded up to two figures."""
    unit = 10.0 ** (floor(log10(number)) - 1)
    return ceil(number / unit - 1e-9) * unit
