"""A recording as one HTML page to step through: ``python -m tinynn.views.page page.html``."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path
from string import Template
from textwrap import dedent
from typing import Any
from urllib.parse import quote

from tinynn.files import write_atomically
from tinynn.linalg import Vector
from tinynn.stepper.lines import FunctionLines
from tinynn.stepper.names import Quantity, quantity, read, whole
from tinynn.stepper.navigation import TYPED, Cursor
from tinynn.stepper.scenes import Scene, network_scene, xor_network
from tinynn.stepper.writing import short
from tinynn.views import worksheet
from tinynn.views.picture import picture_file
from tinynn.views.worksheet import Line, Section


def page_lines(scene: Scene, parts: Sequence[Section]) -> Iterator[str]:
    """Yield the sheet as one self-contained page that fetches nothing.

    Its content is the worked sheet. Where a browser runs its script, this shows one line at a
    time, with the network, the source and the numbers known by then.
    """
    script = _file("page.js")
    marks = _marks(parts)
    links = [
        f'<li><a href="#{quote(mark, safe="()")}">{_heading(part)}</a></li>'
        for mark, part in zip(marks, parts)
    ]
    shown = worksheet.SHOWN
    facts = [worksheet.given(scene), f"{shown[0].upper()}{shown[1:]}.", *worksheet.missing(scene)]
    page = Template(_file("page.html")).substitute(
        title=escape(scene.title),
        facts=" ".join(f"<span>{escape(fact)}</span>" for fact in facts if fact),
        contents="\n".join(links),
        sheet="\n".join(
            line for mark, part in zip(marks, parts) for line in _section(scene, mark, part)
        ),
        outcome=f"<p>{escape(scene.outcome)}</p>" if scene.outcome else "",
        style=_file("page.css"),
        recording=_json(_recording(scene, parts)),
        script=script,
        fingerprint=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )
    yield from page.splitlines()


def _file(name: str) -> str:
    return Path(__file__).with_name(name).read_text(encoding="utf-8")


def _json(data: object) -> str:
    """Return JSON that cannot end the script element it is in, whatever its strings hold."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


# The sheet.


def _marks(parts: Sequence[Section]) -> list[str]:
    """Return what a link to each section ends with: ``(BP2)``, and ``(BP2)-2`` for its second."""
    found: list[str] = []
    for part in parts:
        mark = f"({part.number})"
        again = sum(mark == each.rpartition(")")[0] + ")" for each in found)
        found.append(f"{mark}-{again + 1}" if again else mark)
    return found


def _heading(part: Section) -> str:
    return escape(f"({part.number}) {part.place}".rstrip())


def _section(scene: Scene, mark: str, part: Section) -> Iterator[str]:
    yield f'<section id="{escape(mark)}">'
    yield f"<h2>{_heading(part)}</h2>"
    yield f'<p class="formula m">{escape(part.formula)}</p>'
    yield f"<p>{escape(part.source)}</p>"
    yield "<ol>"
    for line in part.lines:
        if line.heading:
            if line is not part.lines[0]:
                yield "</ol>\n<ol>"
            yield f'<li class="neuron">{line.heading}</li>'
        yield _item(scene, line, part)
    yield "</ol>\n</section>"


def _item(scene: Scene, line: Line, part: Section) -> str:
    """Return a line of the sheet; for a folded one, the number of steps in it."""
    within = "" if line.step.number == part.number else f"<i>({escape(line.step.number)})</i> "
    written = " = ".join(f"<span>{escape(form)}</span>" for form in line.forms)
    cells = [
        f'<a href="#step-{line.place}">{line.place}</a>',
        f"{within}<code>{escape(line.step.source)}</code>",
        f'<span class="m">{written}</span>',
        f'→ <b class="m">{escape(line.result)}</b>' if line.result else "",
    ]
    if line.whole:
        cells.append(_whole(scene, line, " = ".join(line.whole)))
    inner = "".join(f"<div>{cell}</div>" for cell in cells)
    return f'<li id="step-{line.place}">{inner}</li>'


def _whole(scene: Scene, line: Line, text: str) -> str:
    """Return the sum that a line uses, as HTML; a click opens all terms of a long sum."""
    shown = f'<span class="m">in full: {escape(text)}</span>'
    found = whole(scene.steps, line.place - 1)
    every = " = ".join(found.written(len(scene.steps))) if found else text
    if every == text:
        return shown
    return f'<details><summary>{shown}</summary><span class="m">{escape(every)}</span></details>'


# What the script knows beside the sheet.


class _Numbers:
    """The numbers of a recording as lists: which row of which quantity, which entry, its value."""

    def __init__(self) -> None:
        self.rows: dict[tuple[Any, ...], int] = {}

    def entry(self, number: Quantity) -> list[Any]:
        """Return one number: its row, its last index counted from 1, and how it is written."""
        *outer, last = (index + 1 for index in number.indices)
        row = self.rows.setdefault((number.symbol, number.layer, *outer), len(self.rows))
        written: list[Any] = [row, last, short(number.value)]
        if number.symbol == "a" and not outer:
            written.append(round(number.value, 3))  # as the picture shows it
        return written


def _recording(scene: Scene, parts: Sequence[Section]) -> dict[str, Any]:
    """Return the recording as the script reads it."""
    numbers = _Numbers()
    start = worksheet.quantities_of(scene.x or (), scene.y or ())
    lines = [line for part in parts for line in part.lines]
    cursor = Cursor(scene.steps, fold=any(line.folded for line in lines))
    places = {row.last: at for at, row in enumerate(cursor.rows)}
    order = {each.step: at for at, each in enumerate(cursor.quantities, start=len(start))}
    equations: dict[tuple[str, str, tuple[str, ...]], int] = {}
    codes: dict[str, FunctionLines] = {}

    def row(line: Line) -> dict[str, Any]:
        """Return what a line of the sheet is about; the script reads it by these names."""
        step = line.step
        cursor.go(places[line.place - 1])
        known = [(0, len(start)), *_runs([order[each.step] for each in cursor.known()])]
        cursor.finish_sum()
        equation = (step.number, step.formula, step.numbers)
        source = worksheet.source_of(step)
        codes.setdefault(source, step.code)
        made = quantity(step)
        return {
            "step": line.place,  # counted from 1; of a folded line, the last of its steps
            "first": line.place - max(0, line.folded - 1),
            "equation": equations.setdefault(equation, len(equations)),
            "source": source,
            "lines": (step.line.first, step.line.last),  # of the file
            "call": step.call,
            "layer": step.layer,
            "neuron": worksheet.numbered(step.neuron),
            "where": worksheet.where_of(scene, step),
            "is_term": step.is_term,
            "end": cursor.place + 1,  # the step that uses the sum this one adds to; else the next
            "known": known,  # the numbers that are known by then: from, up to
            "made": numbers.entry(made) if made else None,
            "used": [numbers.entry(each) for each in read(step)],
            "lit": [(l, j + 1) for l, j in worksheet.lit(scene, step)],
            "answer": short(step.result) if step.line.kind == "return" else None,
        }

    rows = [row(line) for line in lines]
    needed = max((end for each in rows for _, end in each["known"]), default=0)
    values = [numbers.entry(each) for each in [*start, *cursor.quantities][:needed]]
    network = scene.network
    return {
        "fields": list(rows[0]),
        "rows": [list(each.values()) for each in rows],
        "steps": len(scene.steps),
        "values": values,
        "quantities": list(numbers.rows),
        "equations": list(equations),
        "sources": {name: _source(code) for name, code in codes.items()},
        "sizes": network.sizes if network else [],
        "straight": list(network.plan.dropout) if network else [],
        "dropped": [(l, j + 1) for l, j in scene.dropped],
        "captions": scene.captions,
        "typed": TYPED,
    }


def _runs(places: Sequence[int]) -> list[tuple[int, int]]:
    """Return ascending numbers as runs, each from its first up to the one after its last.

    >>> _runs([4, 5, 6, 9])
    [(4, 7), (9, 10)]
    """
    if not places:
        return []
    if places[-1] - places[0] == len(places) - 1:  # most often: no need to look at each
        return [(places[0], places[-1] + 1)]
    breaks = [i for i in range(1, len(places)) if places[i] > places[i - 1] + 1]
    ends = zip([0, *breaks], [*breaks, len(places)])
    return [(places[first], places[end - 1] + 1) for first, end in ends]


def _source(code: FunctionLines) -> dict[str, Any]:
    """Return the lines of a function after its docstring, and the number of the first."""
    body = code.source[code.body - code.first :]
    return {"first": code.body, "lines": dedent("\n".join(body)).splitlines()}


if __name__ == "__main__":
    scene = network_scene(xor_network(), Vector([1, 1]), Vector([0]))
    text = "\n".join(page_lines(scene, list(worksheet.sections(scene))))
    path = picture_file()
    if path is None:
        print(text)
    else:
        write_atomically(Path(path), text + "\n")
