"""The screen of ``tinynn step``: ``python -m tinynn.views.stepping``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import chain

from rich.console import Console, ConsoleOptions, Group, RenderResult
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tinynn.linalg import Vector
from tinynn.stepper.names import (
    LONGEST,
    Quantity,
    in_book,
    largest,
    neurons,
    quantity,
    read,
    so_far,
    symbols,
    whole,
)
from tinynn.stepper.navigation import Cursor
from tinynn.stepper.scenes import Scene, network_scene, xor_network
from tinynn.stepper.steps import Step
from tinynn.stepper.writing import enough, short
from tinynn.views.picture import picture_console, save_picture
from tinynn.views.sliding import Sliding, known_numbers, sliding
from tinynn.views.wiring import Wiring
from tinynn.views.worksheet import SHOWN, missing, more, place, source_of
from tinynn.views.worksheet import given as given_to

LEAST = (80, 22)  # columns and lines
_HELP = "←→ line  ↑↓ neuron  e equation  l layer  w why  / jump  u {}  ? keys  q quit"
KEYS = (
    ("→, n, space", "the next line"),
    ("←, p, backspace", "the line before: it is a recording"),
    ("↓ and ↑", "the first line of the next neuron, of the one before"),
    ("e and E", "the first line of the next equation, of the one before"),
    ("l and L", "the first line of the next layer, of the one before"),
    ("x and X", "the first line of the next example of a mini-batch, of the one before"),
    ("f", "the line that uses the sum which is being added up"),
    ("w", "why it is this number: every term of its sum, in symbols and in numbers"),
    ("u", "unfold sums of more than five terms, or fold them again"),
    ("/", "jump to the next line of: BP2, (20), a^2_1, d^2_1 for δ^2_1, neuron 2:1, step 17"),
    ("home and end", "the first line, and the last"),
    ("q", "quit"),
)
_AROUND = 13  # lines of the screen beside the picture and the source
_LIT = "bold yellow"
_CELL = 13  # the width of a number: −5.867·10^−5


class Stepping:
    """One place in a recording, as large as the terminal: network, values, source, and the line.

    ``message`` replaces the help line: an answer, or what is being typed. ``keys``
    shows what each key does instead, ``why`` what the number of the line is made of.
    """

    def __init__(
        self,
        scene: Scene,
        cursor: Cursor,
        message: str = "",
        keys: bool = False,
        why: bool = False,
    ) -> None:
        self.scene = scene
        self.cursor = cursor
        self.message = message
        self.keys = keys
        self.why = why

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or console.size.height
        if self.keys:
            yield _key_table()
            yield from map(Text, ["", SHOWN, *missing(self.scene)])
            return
        if not fits(width, height):
            yield Text(
                f"This terminal is {width}×{height}; stepping needs {LEAST[0]}×{LEAST[1]}. "
                "Make it larger, or press q and add --plain."
            )
            return
        step = self.cursor.step
        if self.why:
            yield from map(_cut, self._reasons(step, width, height))
            return
        source = self._source(step, height)
        picture_height = height - _AROUND - len(source)
        yield self._title(width)
        yield _cut(_equation(step))
        yield _cut(self._place(step))
        yield Text()
        yield self._picture(step, width, picture_height)
        yield Text()
        yield from map(_cut, source)
        yield Text()
        yield from self._line(step)
        help = _HELP.format("unfold" if self.cursor.fold else "fold")
        yield Text(self.message or help, "bold" if self.message else "dim", no_wrap=True)

    def _title(self, width: int) -> Text:
        at = f"step {self.cursor.place + 1:,} of {len(self.cursor.steps):,}"
        missed = len(missing(self.scene))
        at += f"; ? shows {missed} lines not recorded" if missed else ""
        facts = "; ".join(filter(None, (self.scene.title, given_to(self.scene))))
        room = width - len(at) - 2
        title = Text(facts if len(facts) <= room else self.scene.title, "bold", no_wrap=True)
        title.truncate(room, overflow="ellipsis", pad=True)
        return title.append(f"  {at}", "dim")

    def _place(self, step: Step) -> Text:
        book = [f"{name} = {index + 1}" for name, index in step.loops.items()]
        python = f" ({', '.join(map(str, step.loops.values()))} in Python)" if book else ""
        where = ", ".join(filter(None, (place(self.scene, step), *book)))
        source = f"   {source_of(step).replace('tinynn/', '')}"
        return Text.assemble((where, "bold"), (python, "dim"), (source, "dim"), no_wrap=True)

    # The network, or what else there is to see, beside the values.

    def _picture(self, step: Step, width: int, height: int) -> Table:
        left = min(60, width // 2 - 1)
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=left)
        grid.add_column(width=width - left - 2)
        picture = self._network(step, height) if self.scene.network else self._calls(step, height)
        grid.add_row(picture, Group(*self._values(width - left - 2, height)))
        return grid

    def _network(self, step: Step, height: int) -> Sliding | Wiring:
        """Return the maps that a window goes over where there is one, else the neurons."""
        network, example = self.scene.network, self.scene.example(step)
        assert network is not None
        entries = [("a", 1, (j,), value) for j, value in enumerate(example[0] if example else ())]
        computed = ((e.symbol, e.layer, e.indices, e.value) for e in self.cursor.known())
        known = known_numbers(network.plan, chain(entries, computed))
        return sliding(network.plan, step, known, height) or self._wiring(step, height)

    def _wiring(self, step: Step, height: int) -> Wiring:
        network, example = self.scene.network, self.scene.example(step)
        assert network is not None
        activations = {(1, j): value for j, value in enumerate(example[0] if example else ())}
        for each in self.cursor.known():
            if each.symbol == "a" and each.layer is not None and len(each.indices) == 1:
                activations[each.layer, each.indices[0]] = each.value
        sizes = dict(enumerate(network.sizes, start=1))
        lit = [(l, j) for l, j in neurons(step) if j < sizes.get(l, 0)]
        about = network.plan.dropout, self.scene.dropped
        return Wiring(network.sizes, activations, lit, height, *about)

    def _calls(self, step: Step, height: int) -> Group:
        """List the calls of the scene, such as the gates of a circuit, the current one lit."""
        calls = list(dict.fromkeys(each.call for each in self.cursor.steps))
        done = self.cursor.steps[: self.cursor.place + 1]
        answers = {each.call: short(each.result) for each in done if each.line.kind == "return"}
        first = max(0, min(calls.index(step.call) - height // 2, len(calls) - height))
        lines = []
        for call in calls[first : first + height]:
            mark, style = ("▶", _LIT) if call == step.call else (" ", "")
            said = f"  →  {answers[call]}" if call in answers else ""
            lines.append(_cut(Text(f"{mark} {self.scene.captions[call]}{said}", style)))
        return Group(*lines, *[Text()] * (height - len(lines)))

    def _values(self, width: int, height: int) -> list[Text]:
        """List what is known by now, a layer's quantity or a matrix's row a line."""
        step = self.cursor.step
        made, used = quantity(step, self.cursor.place), set(symbols(step))
        x, y = self.scene.example(step) or ((), ())
        given = [Quantity("a", 1, (j,), value, -1) for j, value in enumerate(x)]
        given += [Quantity("y", None, (j,), value, -1) for j, value in enumerate(y)]
        computed = [*given, *self.cursor.known()]
        names = {each.name for each in computed}
        found = whole(self.cursor.steps, self.cursor.place)
        sums = [largest(terms, 2) for terms in found.sums.values()] if found else []
        summed = [term.step for terms in sums for term in terms if term.step]
        reads = [each for adding in (step, *summed) for each in read(adding)]
        used.update(each.name for each in reads)
        grouped: dict[tuple[object, ...], list[Quantity]] = {}
        unnamed = {each.name: each for each in reads if each.name not in names}
        for each in [*computed, *unnamed.values()]:
            grouped.setdefault((each.symbol, each.layer, each.indices[:-1]), []).append(each)
        shown = [_latest(entries) for entries in grouped.values()]
        in_play = [
            i
            for i, entries in enumerate(shown)
            if any(e.name in used or (made and e.step == made.step) for e in entries)
        ]
        room = height - step.is_term
        kept = list(dict.fromkeys([*in_play[-room:], *reversed(range(len(shown)))]))[:room]
        lines = []
        before = ""
        for i in sorted(kept):
            name = shown[i][0].name.rpartition("_")[0]
            lines.append(_row("" if name == before else name, shown[i], made, used, width))
            before = name
        if step.is_term:
            so_far = (short(step.result), _LIT)
            lines.append(Text.assemble((f"{'sum':<9}", "cyan"), so_far, no_wrap=True))
        return lines

    # The source, and the line three ways.

    def _source(self, step: Step, height: int) -> list[Text]:
        code = step.code
        body = code.source[code.body - code.first :]
        room = min(16, (height - _AROUND) // 2)
        here = step.line_number - code.body
        top = max(0, min(here - room + 2, len(body) - room))
        if here < room - 1:
            top = 0
        syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
        lines = []
        for i in range(top, min(top + room, len(body))):
            text = Text.assemble(
                ("▶" if i == here else " ", _LIT), (f"{code.body + i:>5} ", "dim"), no_wrap=True
            )
            colours = syntax.highlight(body[i])
            colours.rstrip()
            if i == here:
                colours.stylize("bold")
            lines.append(text.append_text(colours))
        return lines + [Text()] * (room - len(lines))

    def _line(self, step: Step) -> list[Text]:
        row = self.cursor.row
        if row.folded:
            first, last = row.first + 1, row.last + 1
            return [
                _labelled("line", step.source, "bold"),
                Text(f"{'':9}{more(step, row.folded + 1)}: steps {first:,} to {last:,}"),
                Text("         press u to see each of them", "dim"),
                _labelled("result", self._result(step), _LIT),
                Text(),
                Text(),
            ]
        found = whole(self.cursor.steps, self.cursor.place)
        most = LONGEST if self.cursor.fold else len(self.cursor.steps)
        symbols, numbers = found.written(most) if found else ("", "")
        written = " = ".join(dict.fromkeys([step.by_hand, step.worked_out]))
        return [
            _labelled("line", step.source, "bold"),
            _labelled("symbols", in_book(step), "cyan"),
            _labelled("numbers", written, "green"),
            _labelled("result", self._result(step), _LIT),
            _labelled("in full" if found else "", symbols, "cyan"),
            _labelled("      =" if found else "", numbers, "green"),
        ]

    def _reasons(self, step: Step, width: int, height: int) -> Iterator[Text]:
        """Yield what a number is made of: each term of its sum, in symbols and in numbers."""
        made = quantity(step)
        name = made.name if made else "the sum so far" if step.is_term else "it"
        yield Text(f"why is {name} = {short(step.result)}?", "bold")
        yield _equation(step)
        yield self._place(step)
        found = whole(self.cursor.steps, self.cursor.place)
        adds = so_far(self.cursor.steps, self.cursor.place)
        room = max(3, height - 12)
        for terms in found.sums.values() if found else filter(None, [adds]):
            shown = largest(terms, room)
            wide = max(len(term.symbols) for term in shown)
            yield Text()
            for term in shown:
                left = f"  {term.symbols:<{wide}}  "
                written = term.numbers(enough(term.value, term.worked))
                numbers = f"{written:<{max(8, width - len(left) - 20)}}"
                yield Text.assemble((left, "cyan"), (numbers, "green"), f"  {short(term.value)}")
            value = sum(term.value for term in terms)
            if len(shown) < len(terms):
                rest = value - sum(term.value for term in shown)
                yield Text(f"  and {len(terms) - len(shown)} smaller terms: {short(rest)}", "dim")
            yield Text(f"  the sum of all {len(terms)}: {short(value)}", "bold")
        yield Text()
        yield _labelled("symbols", in_book(step), "cyan")
        written = " = ".join(dict.fromkeys([step.by_hand, step.worked_out]))
        yield _labelled("numbers", written, "green")
        yield _labelled("result", self._result(step), _LIT)
        yield Text()
        yield Text(SHOWN, "dim")
        yield Text("any key goes back", "dim")

    def _result(self, step: Step) -> str:
        made = quantity(step)
        if made:
            return f"{short(step.result)} = {made.name}"
        if step.is_term:
            return f"{short(step.result)}, the sum so far"
        return short(step.result)


def fits(width: int, height: int) -> bool:
    """Say whether a terminal of this size is large enough."""
    return width >= LEAST[0] and height >= LEAST[1]


def _key_table() -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), title="the keys (any key goes back)")
    table.add_column("key", style="bold", no_wrap=True)
    table.add_column("moves to, or does")
    for key, meaning in KEYS:
        table.add_row(Text(key), Text(meaning))
    return table


def _labelled(label: str, text: str, style: str) -> Text:
    return _cut(Text.assemble((f"{label:<9}", "dim"), (text, style)))


def _equation(step: Step) -> Text:
    return Text.assemble((f"({step.number})", "bold"), "  ", (step.formula, "cyan"))


def _cut(line: Text) -> Text:
    """Return a line that ends in … where it is too long."""
    line.no_wrap, line.overflow = True, "ellipsis"
    return line


def _latest(entries: Sequence[Quantity]) -> list[Quantity]:
    """Of a quantity that was computed more than once, its last values."""
    last = {each.indices: each for each in entries}
    return list(last.values())


def _row(
    name: str, entries: Sequence[Quantity], made: Quantity | None, used: Collection[str], width: int
) -> Text:
    """Return a named row of numbers: what was made now lit, what it was made of in green.

    Of too many numbers, those about these.
    """
    room = max(1, (width - 13) // _CELL)
    styles = [
        _LIT if made and each.step == made.step else "green" if each.name in used else ""
        for each in entries
    ]
    at = next((i for i, style in enumerate(styles) if style), 0)
    first = max(0, min(at - room // 2, len(entries) - room))
    line = Text.assemble((f"{name:<9}", "cyan"), no_wrap=True)
    if first:
        line.append("… ", "dim")
    for each, style in list(zip(entries, styles))[first : first + room]:
        line.append(f"{short(each.value):<{_CELL}}", style)
    if first + room < len(entries):
        line.append("…", "dim")
    return line


if __name__ == "__main__":
    scene = network_scene(xor_network(), Vector([1, 1]), Vector([0]))
    cursor = Cursor(scene.steps)
    cursor.jump("δ^2_1")
    console = picture_console(100, 28)
    console.print(Stepping(scene, cursor), height=28)
    save_picture(console, "tinynn step")
