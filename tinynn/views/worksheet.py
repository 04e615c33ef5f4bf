"""A recording as a worked sheet to read or to hand out: plain text, or Markdown with maths."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple, Optional

from tinynn.linalg import Vector
from tinynn.stepper.names import Quantity, in_book, in_full, neurons, quantity
from tinynn.stepper.navigation import call_ends, rows
from tinynn.stepper.scenes import Scene
from tinynn.stepper.steps import Place, Step
from tinynn.stepper.writing import formula_maths, short

WIDTH = 79
SHOWN = "numbers have four figures, or as many as a line needs to come out right"


class Line(NamedTuple):
    """One line of the sheet: a step of the recording, or several folded into one."""

    place: int  # counted from 1
    step: Step
    folded: int  # the number of steps in it, 0 for one alone
    whole: Optional[tuple[str, str]] = None  # with the whole sum written out, if it uses one
    heading: str = ""  # neuron 1, where the lines of another neuron begin

    @property
    def forms(self) -> list[str]:
        """The line in symbols, with its numbers, and with the values of its functions.

        What would only be the same once more is left out, and so is the result. Of several steps
        in one, how many more they are.
        """
        if self.folded:
            return [more(self.step, self.folded)]
        return self._without_result(in_book(self.step), self.step.by_hand, self.step.worked_out)

    @property
    def maths(self) -> list[str]:
        """The same as maths in Markdown."""
        step = self.step
        written = (formula_maths(in_book(step)), step.maths(), step.maths(calls=False))
        return self._without_result(*written)

    def _without_result(self, *written: str) -> list[str]:
        result = short(self.step.result)
        known = (result, formula_maths(result))
        return [each for each in dict.fromkeys(written) if each not in known]

    @property
    def result(self) -> str:
        """What the line computed, under the book's name for it: ``δ^2_1 = 0.0076``."""
        if self.folded:
            return f"the sum so far {short(self.step.result)}" if self.step.is_term else ""
        made = quantity(self.step)
        return f"{made.name} = {short(made.value)}" if made else short(self.step.result)


class Section(NamedTuple):
    """The lines of one call: one equation for one layer."""

    number: str
    formula: str
    place: str  # layer 2; gate g1 = NAND(p, q)
    source: str  # hidden_error, tinynn/equations/dense.py:83
    lines: list[Line]


def sections(
    scene: Scene, wanted: Callable[[Step], bool] = lambda step: True, fold: bool = True
) -> Iterator[Section]:
    """Yield the calls of a scene with those of their lines that are wanted."""
    steps = scene.steps
    kept = [row for row in rows(steps, fold) if any(map(wanted, steps[row.first : row.last + 1]))]
    ends = call_ends(steps)
    for call, group in groupby(kept, key=lambda row: steps[row.last].call):
        end = ends[call]
        lines = []
        neuron: Place = ()
        for row in group:
            step, heading = steps[row.last], ""
            if step.neuron not in ((), neuron) and scene.network is not None:
                neuron = step.neuron
                heading = f"neuron {numbered(neuron)}"
            folded = row.folded + 1 if row.folded else 0
            whole = None if folded else in_full(steps, row.last)
            lines.append(Line(row.last + 1, step, folded, whole, heading))
        yield Section(end.number, end.formula, place(scene, end), source_of(end), lines)


def numbered(indices: Sequence[int]) -> str:
    """Return indices as the book counts them, from 1: ``1,2``."""
    return ",".join(str(index + 1) for index in indices)


def place(scene: Scene, step: Step) -> str:
    """Return where a step is: its example and layer, or the caption of its call."""
    if scene.captions:
        return scene.captions[step.call]
    layer = f"layer {step.layer}" if step.layer else ""
    return ", ".join(filter(None, (_example(scene, step), layer)))


def where_of(scene: Scene, step: Step) -> str:
    """Return where a step is, with the indices of its loops as the book counts them."""
    loops = (f"{name} = {index + 1}" for name, index in step.loops.items())
    return ", ".join(filter(None, (place(scene, step), *loops)))


def lit(scene: Scene, step: Step) -> list[tuple[int, int]]:
    """Return the neurons (l, j) of the network that a step is about, j counted from 0."""
    sizes = dict(enumerate(scene.network.sizes if scene.network else (), start=1))
    return [(l, j) for l, j in neurons(step) if j < sizes.get(l, 0)]


def quantities_of(x: Iterable[float], y: Iterable[float]) -> list[Quantity]:
    """Return the numbers of an example, which are known before the first step."""
    inputs = [Quantity("a", 1, (j,), value, -1) for j, value in enumerate(x)]
    return inputs + [Quantity("y", None, (j,), value, -1) for j, value in enumerate(y)]


def _example(scene: Scene, step: Step) -> str:
    if step.batch == 1:
        return ""
    if step.example is None:
        return f"all {step.batch} examples"
    name = f" ({scene.names[step.example]})" if scene.names else ""
    return f"example {step.example + 1} of {step.batch}{name}"


def source_of(step: Step) -> str:
    """Return the function of a step and its place: ``C, tinynn/stepper/scenes.py:104``."""
    _, folder, rest = step.file.replace("\\", "/").rpartition("/tinynn/")
    file = f"tinynn/{rest}" if folder else step.file.rpartition("/")[2]
    return f"{step.function}, {file}:{step.code.first}"


def given(scene: Scene) -> str:
    """Return what a network scene starts from: ``x = (1, 0), y = (1), η = 1``."""
    if not scene.examples:
        return ""
    rate = f"η = {short(scene.eta)}"
    if scene.lmbda:
        rate += f", λ = {short(scene.lmbda)}, n = {scene.n}"
    if scene.mu:
        rate += f", μ = {short(scene.mu)}"
    rate += _dropped(scene)
    if len(scene.examples) > 1:
        return f"{rate}, m = {len(scene.examples)}"
    ((x, y),) = scene.examples
    return f"x = {_row(x)}, y = {_row(y)}, {rate}"


def _dropped(scene: Scene) -> str:
    """Return which neurons dropout left out: ``; dropped: 2 and 3 of layer 3``."""
    parts = []
    for l in dict.fromkeys(l for l, _ in scene.dropped):
        *first, last = (str(j + 1) for layer, j in scene.dropped if layer == l)
        parts.append(f"{' and '.join(filter(None, (', '.join(first), last)))} of layer {l}")
    return f"; dropped: {'; '.join(parts)}" if parts else ""


def missing(scene: Scene) -> list[str]:
    """Return what ran and made numbers, but is not on the sheet, a line each."""
    return [f"not recorded: {each}" for each in scene.steps.unrecorded]


def _row(v: Vector) -> str:
    entries = [short(value) for value in v]
    if len(entries) > 10:
        return f"({', '.join(entries[:3])}, …: {len(entries)} in all)"
    return f"({', '.join(entries)})"


def more(step: Step, count: int) -> str:
    """Return the label of a folded row: ``… 61 more terms``."""
    return f"… {count:,} more {'terms' if step.is_term else 'entries'}"


def _folded(line: Line) -> str:
    return ", ".join(filter(None, (*line.forms, line.result)))


# Text.


def text_lines(scene: Scene, parts: Sequence[Section]) -> Iterator[str]:
    """Yield the sheet as numbered plain lines, on two lines each where one is too short."""
    yield scene.title
    if given(scene):
        yield given(scene)
    yield f"({SHOWN})"
    for part in parts:
        yield ""
        yield f"({part.number})  {part.formula}"
        about = "; ".join(filter(None, (part.place, part.source)))
        yield from [about] if len(about) <= WIDTH else [f"{part.place};", part.source]
        cells = [_cells(line, part) for line in part.lines]
        wide = max((len(left) for left, right in cells if right), default=0)
        single = all(wide + 2 + len(right) <= WIDTH for _, right in cells)
        for line, (left, right) in zip(part.lines, cells):
            if line.heading:
                yield f"  {line.heading}"
            if single and right:
                yield f"{left.ljust(wide)}  {right}"
            else:
                yield left
                yield from _wrapped(right)
            if line.whole:
                yield f"{'':9}in full: {line.whole[0]}"
                yield f"{'':9}       = {line.whole[1]}"
    yield from _ending(scene)


def _ending(scene: Scene) -> Iterator[str]:
    for text in filter(None, (*missing(scene), scene.outcome)):
        yield ""
        yield text


def _wrapped(chain: str) -> Iterator[str]:
    """Yield a chain of arrows in as many lines as it needs."""
    text = ""
    for link in chain.split("→")[1:]:
        if len(link.rstrip()) > WIDTH - 10:
            link = "  " + f"\n{'':12}".join(textwrap.wrap(link.strip(), WIDTH - 12))
        if text and len(text) + 1 + len(link.rstrip()) > WIDTH:
            yield text.rstrip()
            text = ""
        text += ("" if text else f"{'':9}") + f"→{link}"
    if text:
        yield text.rstrip()


def _cells(line: Line, part: Section) -> tuple[str, str]:
    """Return the line as written, and what it comes to; of a folded one, that it is."""
    if line.folded:
        return f"{'':7}{_folded(line)}", ""
    within = "" if line.step.number == part.number else f"({line.step.number}) "
    left = f"{line.place:5}  {within}{line.step.source}"
    return left, "→  " + "  →  ".join([*line.forms, line.result])


# Markdown.


def markdown_lines(scene: Scene, parts: Sequence[Section]) -> Iterator[str]:
    """Yield the sheet in Markdown with maths: a heading and a table for each equation."""
    yield f"# {scene.title}"
    for text in (given(scene), f"({SHOWN})"):
        if text:
            yield ""
            yield text
    for part in parts:
        yield ""
        yield f"## ({part.number}) {part.place}".rstrip()
        yield ""
        yield f"$${formula_maths(part.formula)}$$"
        yield ""
        yield "| | line | symbols, numbers | result |"
        yield "|---|---|---|---|"
        for line in part.lines:
            if line.folded:
                yield f"| | {_folded(line)} | | |"
            else:
                source = line.step.source.replace("|", r"\|")
                is_word = isinstance(line.step.result, bool)
                result = line.result if is_word else _chain([formula_maths(line.result)])
                yield f"| {line.place} | `{source}` | {_maths(line)} | {result} |"
    yield from _ending(scene)


def _maths(line: Line) -> str:
    forms = [_chain(line.maths)] if line.maths else []
    if line.whole:
        forms.append(f"in full {_chain([formula_maths(each) for each in line.whole])}")
    return "; ".join(forms)


def _chain(forms: Sequence[str]) -> str:
    return f"${' = '.join(forms)}$"


FORMATS = {"text": text_lines, "markdown": markdown_lines}


if __name__ == "__main__":
    from tinynn.stepper.scenes import network_scene, xor_network

    scene = network_scene(xor_network(), Vector([1, 1]), Vector([0]))
    print("\n".join(text_lines(scene, list(sections(scene)))))
