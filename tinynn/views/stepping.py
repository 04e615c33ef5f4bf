"""The screen of ``tinynn step``: ``python -m tinynn.views.stepping``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rich.console import Console, ConsoleOptions, RenderResult
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from tinynn.linalg import Vector
from tinynn.stepper import names
from tinynn.stepper.names import LONGEST, Quantity, quantity, whole
from tinynn.stepper.navigation import Cursor
from tinynn.stepper.scenes import Scene, network_scene, xor_network
from tinynn.stepper.steps import Place, Step
from tinynn.stepper.writing import enough, short
from tinynn.views import worksheet
from tinynn.views.lines import Line, Stack, cut
from tinynn.views.picture import demo, picture_console
from tinynn.views.sliding import Sliding, known_numbers, sliding
from tinynn.views.wiring import Wiring
from tinynn.views.worksheet import SHOWN, missing

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


@dataclass
class Stepping:
    """One place in a recording, as large as the terminal: network, values, source, and the line.

    ``message`` replaces the help line: an answer, or what is being typed. ``keys``
    shows what each key does instead, ``why`` what the number of the line is made of.
    """

    scene: Scene
    cursor: Cursor
    message: str = ""
    keys: bool = False
    why: bool = False

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        width, height = options.max_width, options.height or console.size.height
        if self.keys:
            yield _key_table()
            yield from map(Text, ["", SHOWN, *missing(self.scene)])
        elif not fits(width, height):
            yield Text(
                f"This terminal is {width}×{height}; stepping needs {LEAST[0]}×{LEAST[1]}. "
                "Make it larger, or press q and add --plain."
            )
        elif self.why:
            yield Stack(*self._reasons(width, height))
        else:
            source = self._source(height)
            yield Stack(self._title(width), *self._about(), "")
            yield self._picture(width, height - _AROUND - len(source))
            yield from [Text(), *source]
            help = _HELP.format("unfold" if self.cursor.fold else "fold")
            last = (self.message or help, "bold" if self.message else "dim")
            yield Stack("", *self._line(), [last])

    def _title(self, width: int) -> Line:
        at = f"step {self.cursor.place + 1:,} of {len(self.cursor.steps):,}"
        missed = len(missing(self.scene))
        at += f"; ? shows {missed} lines not recorded" if missed else ""
        facts = "; ".join(filter(None, (self.scene.title, worksheet.given(self.scene))))
        room = width - len(at) - 2
        title = facts if len(facts) <= room else cut(self.scene.title, room)
        return [(f"{title:<{room}}", "bold"), (f"  {at}", "bold dim")]

    def _about(self) -> list[Line]:
        """Return the equation, and where the line is in the network and in the source."""
        step = self.cursor.step
        python = f" ({', '.join(map(str, step.loops.values()))} in Python)" if step.loops else ""
        source = f"   {worksheet.source_of(step).replace('tinynn/', '')}"
        equation = [(f"({step.number})", "bold"), ("  ", ""), (step.formula, "cyan")]
        where = worksheet.where_of(self.scene, step)
        return [equation, [(where, "bold"), (python + source, "dim")]]

    # The network, or what else there is to see, beside the values.

    def _picture(self, width: int, height: int) -> Table:
        left = min(60, width // 2 - 1)
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(width=left)
        grid.add_column(width=width - left - 2)
        step = self.cursor.step
        picture = self._network(step, height) if self.scene.network else self._calls(step, height)
        grid.add_row(picture, Stack(*self._values(step, width - left - 2, height)))
        return grid

    def _known(self, step: Step) -> list[Quantity]:
        """Return the numbers of the example, and those that are computed by now."""
        x, y = self.scene.example(step) or ((), ())
        return [*worksheet.quantities_of(x, y), *self.cursor.known()]

    def _network(self, step: Step, height: int) -> Sliding | Wiring:
        """Return the maps that a window goes over where there is one, else the neurons."""
        network, known = self.scene.network, self._known(step)
        assert network is not None
        activations = {
            (each.layer, each.indices[0]): each.value
            for each in known
            if each.symbol == "a" and each.layer is not None and len(each.indices) == 1
        }
        about = network.plan.dropout, self.scene.dropped
        wiring = Wiring(network.sizes, activations, worksheet.lit(self.scene, step), height, *about)
        return sliding(network.plan, step, known_numbers(network.plan, known), height) or wiring

    def _calls(self, step: Step, height: int) -> Stack:
        """List the calls of the scene, such as the gates of a circuit, the current one lit."""
        calls = list(dict.fromkeys(each.call for each in self.cursor.steps))
        done = self.cursor.steps[: self.cursor.place + 1]
        answers = {each.call: short(each.result) for each in done if each.line.kind == "return"}
        first = max(0, min(calls.index(step.call) - height // 2, len(calls) - height))
        lines: list[Line] = []
        for call in calls[first : first + height]:
            mark, style = ("▶", _LIT) if call == step.call else (" ", "")
            said = f"  →  {answers[call]}" if call in answers else ""
            lines.append([(f"{mark} {self.scene.captions[call]}{said}", style)])
        return Stack(*lines, *[""] * (height - len(lines)))

    def _values(self, step: Step, width: int, height: int) -> list[Line]:
        """List what is known by now, a layer's quantity or a matrix's row a line."""
        made, used = quantity(step, self.cursor.place), set(names.symbols(step))
        known = self._known(step)
        found = whole(self.cursor.steps, self.cursor.place)
        sums = [names.largest(terms, 2) for terms in found.sums.values()] if found else []
        summed = [term.step for terms in sums for term in terms if term.step]
        reads = {each.name: each for adding in (step, *summed) for each in names.read(adding)}
        used.update(reads)
        rows: dict[tuple[object, ...], dict[Place, Quantity]] = {}
        there = {each.name for each in known}
        for each in [*known, *(each for name, each in reads.items() if name not in there)]:
            row = rows.setdefault((each.symbol, each.layer, each.indices[:-1]), {})
            row[each.indices] = each  # of a quantity that was computed again, the last value
        shown = [[*row.values()] for row in rows.values()]
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
            lines.append([(f"{'sum':<9}", "cyan"), (short(step.result), _LIT)])
        return lines

    # The source, and the line three ways.

    def _source(self, height: int) -> list[Text]:
        step = self.cursor.step
        code, body = step.code, step.code.source[step.code.body - step.code.first :]
        room = min(16, (height - _AROUND) // 2)
        here = step.line_number - code.body
        top = max(0, min(here - room + 2, len(body) - room)) if here >= room - 1 else 0
        syntax = Syntax("", "python", theme="ansi_dark", background_color="default")
        lines = []
        for i in range(top, min(top + room, len(body))):
            mark, number = ("▶" if i == here else " ", _LIT), (f"{code.body + i:>5} ", "dim")
            coloured = syntax.highlight(body[i])
            coloured.rstrip()
            if i == here:
                coloured.stylize("bold")
            line = Text.assemble(mark, number, coloured, no_wrap=True, overflow="ellipsis")
            lines.append(line)
        return lines + [Text()] * (room - len(lines))

    def _line(self) -> list[Line]:
        """Return the six lines that show the line as code, in symbols and in numbers."""
        step, row = self.cursor.step, self.cursor.row
        code, *written, result = self._three_ways()
        if row.folded:
            steps = f"steps {row.first + 1:,} to {row.last + 1:,}"
            folded = f"{'':9}{worksheet.more(step, row.folded + 1)}: {steps}"
            return [code, folded, [("         press u to see each of them", "dim")], result, "", ""]
        found = whole(self.cursor.steps, self.cursor.place)
        if found is None:
            return [code, *written, result, "", ""]
        symbols, numbers = found.written(LONGEST if self.cursor.fold else len(self.cursor.steps))
        full = _labelled("in full", symbols, "cyan"), _labelled("      =", numbers, "green")
        return [code, *written, result, *full]

    def _three_ways(self) -> list[Line]:
        step = self.cursor.step
        made = quantity(step)
        said = f" = {made.name}" if made else ", the sum so far" if step.is_term else ""
        written = " = ".join(dict.fromkeys([step.by_hand, step.worked_out]))
        return [
            _labelled("line", step.source, "bold"),
            _labelled("symbols", names.in_book(step), "cyan"),
            _labelled("numbers", written, "green"),
            _labelled("result", short(step.result) + said, _LIT),
        ]

    def _reasons(self, width: int, height: int) -> Iterator[Line]:
        """Yield what a number is made of: each term of its sum, in symbols and in numbers."""
        step = self.cursor.step
        made = quantity(step)
        name = made.name if made else "the sum so far" if step.is_term else "it"
        yield [(f"why is {name} = {short(step.result)}?", "bold")]
        yield from self._about()
        found = whole(self.cursor.steps, self.cursor.place)
        adds = names.so_far(self.cursor.steps, self.cursor.place)
        for terms in found.sums.values() if found else filter(None, [adds]):
            shown = names.largest(terms, max(3, height - 12))
            wide = max(len(term.symbols) for term in shown)
            yield ""
            for term in shown:
                left = f"  {term.symbols:<{wide}}  "
                written = term.numbers(enough(term.value, term.worked))
                numbers = f"{written:<{max(8, width - len(left) - 20)}}"
                yield [(left, "cyan"), (numbers, "green"), f"  {short(term.value)}"]
            value = sum(term.value for term in terms)
            if len(shown) < len(terms):
                rest = value - sum(term.value for term in shown)
                yield [(f"  and {len(terms) - len(shown)} smaller terms: {short(rest)}", "dim")]
            yield [(f"  the sum of all {len(terms)}: {short(value)}", "bold")]
        yield from ["", *self._three_ways()[1:], ""]
        yield from ([(text, "dim")] for text in (SHOWN, "any key goes back"))


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


def _labelled(label: str, text: str, style: str) -> Line:
    return [(f"{label:<9}", "dim"), (text, style)]


def _row(
    name: str, entries: Sequence[Quantity], made: Quantity | None, used: Collection[str], width: int
) -> Line:
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
    cells = [(f"{short(each.value):<{_CELL}}", style) for each, style in zip(entries, styles)]
    before = [("… ", "dim")] if first else []
    after = [("…", "dim")] if first + room < len(entries) else []
    return [(f"{name:<9}", "cyan"), *before, *cells[first : first + room], *after]


if __name__ == "__main__":
    scene = network_scene(xor_network(), Vector([1, 1]), Vector([0]))
    cursor = Cursor(scene.steps)
    cursor.jump("δ^2_1")
    demo(Stepping(scene, cursor), "tinynn step", picture_console(100, 28), 28)
