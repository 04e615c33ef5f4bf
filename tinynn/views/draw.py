"""A sheet to draw a digit on; a network reads it meanwhile: ``python -m tinynn.views.draw``."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from itertools import count, groupby
from math import ceil, hypot
from typing import NamedTuple, Optional

from rich.console import Console, RenderableType
from rich.segment import Segment
from rich.style import Style
from rich.text import Text
from textual import events
from textual.app import App, ComposeResult
from textual.binding import Binding
from textual.containers import Horizontal
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from tinynn.errors import ArgumentError, DataError
from tinynn.files import write_atomically
from tinynn.images import prepare
from tinynn.images.digit import require_side
from tinynn.linalg import Vector
from tinynn.model import Model
from tinynn.views.digit import Digit
from tinynn.views.lines import Line, Stack
from tinynn.views.maps import in_greys, maps_title
from tinynn.views.neurons import Neurons, answer_bars
from tinynn.views.picture import picture_file
from tinynn.views.pictures import GAP, PAIRED, SMALL, Album, Way, grey

SMALLEST = 80, 24
POINTS = 56  # rows and columns of points on a sheet: two for each pixel of MNIST
BRUSH = 2.6  # the radius of the brush, in points: strokes as wide as MNIST's
EDGE = 3  # points of paper around what is drawn: as many as the brush is cut off by
_LEAST = 12  # points: two dabs beside each other are no digit yet
_STEP = 2  # points that an arrow key goes
_UNDO = 200  # strokes that can be taken back
_MOST = 28  # lines of the sheet on a large screen
_BELOW = 8  # lines for what is inside the network: a title, names, and maps of up to 12×12
_OUTPUTS = 20  # columns for the answer
_MIDDLE = POINTS / 2, POINTS / 2
_ARROWS = ("up", -1, 0), ("down", 1, 0), ("left", 0, -1), ("right", 0, 1)
_HINT = [("h help   q leave", "dim")]
_UP, _DOWN, _ERASE = "pen up", "pen down", "eraser"
_MARKS = {_UP: "+", _DOWN: "●", _ERASE: "×"}
_HELP = """\
mouse        draw; with the right button erase
← ↑ → ↓      move the pen; home brings it to the middle
space enter  put the pen down, or lift it
e            erase with the pen, or lift it
c  u         clear the sheet; undo the last stroke
s            save the sheet as a picture, for tinynn predict
h  q         this help; leave"""
_TITLE, _SEEN = "draw here", "what it sees"


class Sheet:
    """Ink on POINTS × POINTS points, from 0 to 1, and the sheets before its last strokes."""

    def __init__(self) -> None:
        self.ink = [[0.0] * POINTS for _ in range(POINTS)]
        self._before: list[list[list[float]]] = []

    @property
    def extent(self) -> int:
        """The height or the width of the ink, in points, whichever is larger; 0 without ink."""
        both = (self.ink, zip(*self.ink))
        inked = ([i for i, points in enumerate(lines) if any(points)] for lines in both)
        return max(places[-1] + 1 - places[0] if places else 0 for places in inked)

    def begin(self) -> None:
        """Keep a copy of the sheet for ``undo``."""
        self._before = [*self._before[1 - _UNDO :], [row[:] for row in self.ink]]

    def undo(self) -> None:
        """Restore the sheet as it was at the last ``begin``, if there is one."""
        if self._before:
            self.ink = self._before.pop()

    def clear(self) -> None:
        """Take all ink away; ``undo`` brings it back."""
        self.begin()
        self.ink = [[0.0] * POINTS for _ in range(POINTS)]

    def stroke(
        self, start: tuple[float, float], end: tuple[float, float], erase: bool = False
    ) -> None:
        """Draw from one place to another with the round brush, or erase there.

        A place is a row and a column, in points from the upper left corner.
        """
        steps = max(1, ceil(hypot(end[0] - start[0], end[1] - start[1])))
        for step in range(steps + 1):
            row, column = (a + step / steps * (b - a) for a, b in zip(start, end))
            self._dab(row, column, erase)

    def _dab(self, row: float, column: float, erase: bool) -> None:
        """Press the brush on one place; a point at its edge gets a part of the ink.

        The eraser is wider by a point, so that it takes such edges away too.
        """
        radius = BRUSH + 1.0 if erase else BRUSH

        def near(at: float) -> range:
            return range(max(0, int(at - radius - 1)), min(POINTS, int(at + radius + 2)))

        for i in near(row):
            for j in near(column):
                inside = radius + 0.5 - hypot(i + 0.5 - row, j + 0.5 - column)
                ink = max(0.0, min(1.0, inside))
                was = self.ink[i][j]
                self.ink[i][j] = min(was, 1.0 - ink) if erase else max(was, ink)

    def grey(self, margin: int = EDGE) -> list[list[float]]:
        """Return the sheet in grey, 0 for ink to 255, with ``margin`` points of paper around it."""
        side = [255.0] * margin
        above = [[255.0] * (POINTS + 2 * margin)] * margin
        rows = [[*side, *(255.0 * (1.0 - ink) for ink in row), *side] for row in self.ink]
        return [*above, *rows, *above]

    def pgm(self) -> str:
        """Return the sheet as a picture in the plain PGM format, with half a sheet around it.

        With so much paper around it, no stroke is taken for a line of ruled paper and removed.
        """
        rows = [" ".join(f"{grey:.0f}" for grey in row) for row in self.grey(POINTS // 2)]
        return "\n".join(["P2", f"{len(rows)} {len(rows)}", "255", *rows, ""])

    def seen(self, rows: int, columns: int) -> list[list[float]]:
        """Return the sheet as ``rows`` by ``columns`` cells: the mean ink of the points in each."""
        down, across = _parts(rows), _parts(columns)
        bands = [[sum(points) for points in zip(*self.ink[part])] for part in down]
        return [
            [sum(band[part]) / len(band[part]) / (of.stop - of.start) for part in across]
            for of, band in zip(down, bands)
        ]


def _parts(count: int) -> list[slice]:
    """Return the points that each of ``count`` rows or columns covers, at least one."""
    edges = [round(POINTS * i / count) for i in range(count + 1)]
    return [slice(min(a, POINTS - 1), max(b, a + 1)) for a, b in zip(edges, edges[1:])]


class Reading(NamedTuple):
    """What a network reads: the input and the activations by layer, or why there are none."""

    pixels: Optional[Vector] = None
    a: Mapping[int, list[float]] = {}
    trouble: str = ""


def read(sheet: Sheet, network: Model) -> Reading:
    """Return what a network reads on a sheet, which is prepared like a photograph."""
    if sheet.extent < _LEAST:
        return Reading(trouble="Too small: draw on." if sheet.extent else "Draw a digit.")
    side = require_side(network.sizes[0], network.sizes[-1])
    try:
        pixels = prepare(sheet.grey(), side, ruled=False).pixels
    except DataError as error:
        return Reading(trouble=f"No answer: {error}")
    passed = network.forward(pixels)
    return Reading(pixels, {l: [float(a) for a in passed[l].a] for l in passed})


def answer_page(reading: Reading) -> Stack:
    """Return the answer and every output, as a bar with its digit and its value."""
    if reading.pixels is None:
        return Stack([(reading.trouble, "bold")])
    outputs = reading.a[max(reading.a)]
    said = max(range(10), key=outputs.__getitem__)
    answer: Line = ["It says ", (f"{said}", "bold reverse"), f"  ({outputs[said]:.2f})"]
    return Stack(answer, *answer_bars(outputs, _OUTPUTS - 9, 2))


def inside_page(network: Model, reading: Reading, width: int, height: int) -> Stack:
    """Return the first hidden layer that fits: its maps as pictures, or all its neurons.

    If there is no room for all maps, those of a single grey are left out first.
    """
    for l in range(2, network.num_layers):
        shape = network.plan.shapes[l - 1]
        numbers = reading.a[l]
        if len(shape) != 3:
            title = f"layer {l}: {len(numbers)} hidden neurons"
            return Stack([(title, "bold")], Neurons(l, Vector(numbers), height - 1))
        maps, rows, columns = shape
        if -(-rows // 2) > height - 2:
            continue
        way = PAIRED if rows > height - 2 or columns > SMALL else Way()
        wide = max(columns * way.across, len("map 10"))
        room = min(maps, max(1, (width + GAP) // (wide + GAP)))
        title = maps_title(l, numbers, shape)
        if room < maps:
            title += f"; {room} of them"
        grids = in_greys(numbers, shape)
        blank = [all(ink == grid[0][0] for row in grid for ink in row) for grid in grids]
        shown = sorted(sorted(range(maps), key=blank.__getitem__)[:room])
        names = [(f"map {f + 1}", "dim") for f in shown]
        return Stack([(title, "bold")], Album([grids[f] for f in shown], names, way))
    return Stack("no hidden layer that fits here")


class Easel(Widget):
    """The sheet on the screen: the mouse draws on it, and a mark shows where the pen is."""

    can_focus = True
    BINDINGS = [
        *(Binding(key, f"move({row}, {column})") for key, row, column in _ARROWS),
        Binding("home", "middle"),
        Binding("space,enter", f"hold('{_DOWN}')"),
        Binding("e", f"hold('{_ERASE}')"),
        Binding("c", "change('clear')"),
        Binding("u", "change('undo')"),
    ]

    class Changed(Message):
        """The message that the ink on the sheet has changed."""

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.pen = _UP
        self.place = _MIDDLE  # of the pen that the keys move
        self._dragged: Optional[int] = None  # the button of the mouse that is down
        self._seen: list[list[float]] = []
        self.border_title = _TITLE

    def render_line(self, y: int) -> Strip:
        """Return line ``y`` of the widget, which shows two rows of the sheet."""
        width, height = self.size
        if not self._seen:
            self._seen = self.sheet.seen(2 * height, width)
        line: list[Segment] = []
        for (a, b), run in groupby(zip(*self._seen[2 * y : 2 * y + 2])):
            style = Style(color=grey(a), bgcolor=grey(b))  # one for all that are alike
            line += [Segment("▀", style)] * len(list(run))
        row, column = (int(at * size / POINTS) for at, size in zip(self.place, (height, width)))
        if row == y:
            line[column] = Segment(_MARKS[self.pen], Style(color="black", bgcolor="yellow"))
        return Strip(line)

    def redraw(self) -> None:
        """Draw the sheet again, and write below it what the pen does."""
        self._seen = []
        self.border_subtitle = f"{_MARKS[self.pen]} {self.pen}"
        self.refresh()

    def changed(self) -> None:
        """Draw the sheet again, and let the network read it."""
        self.redraw()
        self.post_message(self.Changed())

    def action_hold(self, pen: str) -> None:
        """Put the pen down or erase with it, as ``pen`` says; lift it if it does so already."""
        self.pen = _UP if pen == self.pen else pen
        if self.pen != _UP:
            self.sheet.begin()
        self.go(self.place)

    def action_move(self, row: int, column: int) -> None:
        """Move the pen by a step."""
        self.go((self.place[0] + _STEP * row, self.place[1] + _STEP * column))

    def action_middle(self) -> None:
        """Lift the pen, and bring it to the middle."""
        self.pen = _UP
        self.go(_MIDDLE)

    def action_change(self, how: str) -> None:
        """Lift the pen, and clear the sheet or undo the last stroke."""
        self.pen = _UP
        {"clear": self.sheet.clear, "undo": self.sheet.undo}[how]()
        self.changed()

    def go(self, place: tuple[float, float], pen: str = "") -> None:
        """Move the pen to a place, and draw or erase on the way, unless it is up."""
        before, self.place, pen = self.place, _on_sheet(*place), pen or self.pen
        if pen == _UP:
            self.redraw()
        else:
            self.sheet.stroke(before, self.place, erase=pen == _ERASE)
            self.changed()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a stroke."""
        self.capture_mouse()
        self._dragged = event.button
        self.sheet.begin()
        self.place = self._place(event)
        self._drag(event)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Continue a stroke while a button is down."""
        if self._dragged is not None:
            self._drag(event)

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """End a stroke."""
        self._dragged = None
        self.release_mouse()

    def _drag(self, event: events.MouseEvent) -> None:
        erases = self._dragged == 3 or self.pen == _ERASE
        self.go(self._place(event), _ERASE if erases else _DOWN)

    def _place(self, event: events.MouseEvent) -> tuple[float, float]:
        """Return the mouse's place on the sheet: of a whole character, the middle."""
        at = event.pointer_y - self.gutter.top, event.pointer_x - self.gutter.left
        row, column = (each + 0.5 if each == int(each) else each for each in at)
        return _on_sheet(row * POINTS / self.size.height, column * POINTS / self.size.width)


def _on_sheet(row: float, column: float) -> tuple[float, float]:
    """Return the nearest place on the sheet."""
    return min(max(row, 0.0), POINTS - 0.001), min(max(column, 0.0), POINTS - 0.001)


class Drawing(App[int]):
    """The whole screen: the sheet, the network's input, its answer, and a hidden layer."""

    ENABLE_COMMAND_PALETTE = False
    CSS = """
    Screen { background: black; color: #d0d0d0; overflow: hidden; }
    Easel, #seen { border: round #808080; }
    Easel, #seen, #answer, #inside { border-title-color: #d0d0d0; }
    #answer { padding: 0 0 0 1; }
    """
    BINDINGS = [
        Binding("s", "save"),
        Binding("h,question_mark", "help"),
        Binding("q", "leave(0)"),
        Binding("ctrl+c", "leave(130)", priority=True),
        Binding("ctrl+z", "suspend_process", priority=True),
    ]

    def __init__(self, network: Model, picture: str = "drawn.pgm") -> None:
        super().__init__()
        self.network = network
        self.side = require_side(network.sizes[0], network.sizes[-1])
        self.sheet = Sheet()
        self.easel = Easel(self.sheet)
        self.reading = read(self.sheet, network)
        self.picture = picture
        self.saved: list[str] = []
        self.helping = True
        self._stale = self._busy = False

    def compose(self) -> ComposeResult:
        """Yield the parts of the screen."""
        with Horizontal(id="top"):
            yield self.easel
            yield Static(id="seen")
            yield Static(id="answer")
        yield Static(id="inside")

    def on_mount(self) -> None:
        """Begin: the keys go to the sheet, and signals end the program as `q` does."""
        self.query_one("#seen").border_title = _SEEN
        self.easel.focus()
        self.easel.redraw()
        self.set_interval(0.05, self._read)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
                number = getattr(signal, name)
                asyncio.get_running_loop().add_signal_handler(number, self.exit, 128 + number)

    def on_resize(self, event: events.Resize) -> None:
        """Make the sheet as large as the screen allows."""
        width, height = event.size
        wide = self.side * (1 if self.side > SMALL else 2) + 2
        lines = max(4, min(_MOST, height - _BELOW - 2, (width - wide - _OUTPUTS - 2) // 2))
        self.easel.styles.width, self.easel.styles.height = 2 * lines + 2, lines + 2
        seen = self.query_one("#seen")
        seen.styles.width, seen.styles.height = wide, wide // 2 + 1
        self.query_one("#top").styles.height = max(lines + 2, wide // 2 + 1)
        self.easel.redraw()
        self.call_after_refresh(self._show)

    def on_easel_changed(self) -> None:
        """Hide the help, and note that the network has to read the sheet again."""
        self._stale = True
        self.helping = False

    @property
    def is_reading(self) -> bool:
        """Whether there is ink that the network has not answered yet."""
        return self._stale or self._busy

    def _read(self) -> None:
        """Start reading the sheet in a thread, if it has changed and no thread reads it."""
        if self._stale and not self._busy:
            self._stale, self._busy = False, True
            self.run_worker(lambda: read(self.sheet, self.network), thread=True)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Show the result when the network has read the sheet."""
        if event.state == WorkerState.SUCCESS and isinstance(event.worker.result, Reading):
            self._busy = False
            self.reading = event.worker.result
            self._show()

    def _show(self) -> None:
        reading = self.reading
        size, large = (self.side, self.side), self.side > SMALL
        seen = "" if reading.pixels is None else Digit(reading.pixels, size, large)
        inside: RenderableType = Text(_HELP)
        if reading.a and not self.helping:
            room = self.size.height - self.query_one("#top").size.height
            inside = inside_page(self.network, reading, self.size.width, room)
        answer = Stack(answer_page(reading), "", _HINT)
        for name, page in (("#seen", seen), ("#answer", answer), ("#inside", inside)):
            self.query_one(name, Static).update(page)

    def action_save(self) -> None:
        """Save the sheet as a picture, under a name that is free."""
        root, end = os.path.splitext(self.picture)
        names = (f"{root}{f'-{n}' if n else ''}{end}" for n in count())
        path = next(name for name in names if not os.path.exists(name))
        try:
            write_atomically(path, self.sheet.pgm())
        except OSError as error:
            self.notify(f"not saved: {error.strerror or error}", severity="error")
            return
        self.saved.append(path)
        self.notify(f"saved: {path}")

    def action_help(self) -> None:
        """Show the keys in place of the inside of the network, or hide them again."""
        self.helping = not self.helping
        self._show()

    def action_leave(self, status: int) -> None:
        """End with this exit status."""
        self.exit(status)


def require_terminal() -> None:
    """Raise ArgumentError unless there is a terminal large enough to draw in."""
    given = "TERM=dumb" if os.environ.get("TERM") == "dumb" else "a pipe or a file"
    if given != "TERM=dumb" and sys.stdin.isatty() and sys.stdout.isatty():
        width, height = os.get_terminal_size()
        if width >= SMALLEST[0] and height >= SMALLEST[1]:
            return
        given = f"one of {width}×{height} characters"
    expected = f"expected a terminal of {SMALLEST[0]}×{SMALLEST[1]} characters or more to draw in"
    other = "for a picture in a file, type tinynn predict FILE"
    raise ArgumentError(f"{expected}, got {given}; {other}")


async def _pictured(drawing: Drawing, path: str) -> None:
    """Write the screen as an SVG picture, once the network has read the sheet."""
    async with drawing.run_test(size=SMALLEST) as pilot:
        drawing.easel.changed()
        await pilot.pause()
        while drawing.is_reading:
            await pilot.pause(0.02)
        await pilot.pause()
        drawing.save_screenshot(path)


if __name__ == "__main__":
    from tinynn.datasets import shipped_network
    from tinynn.network import Network

    drawing = Drawing(Network.load(shipped_network()))
    file = picture_file()
    if file is None:
        with suppress(ArgumentError):
            require_terminal()
            sys.exit(drawing.run())
    drawing.sheet.stroke((12, 14), (12, 42))
    drawing.sheet.stroke((12, 42), (46, 22))
    if file is not None:
        asyncio.run(_pictured(drawing, file))
    else:  # in a pipe: a 7, and what is made of it
        seen = read(drawing.sheet, drawing.network)
        if seen.pixels is not None:
            Console().print(Digit(seen.pixels, (28, 28)), answer_page(seen))
            Console().print(inside_page(drawing.network, seen, *SMALLEST))
