"""The book's figures run again, as plain lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tinynn.experiments.catalogue import FIGURES, NETWORK, Figure, Part
from tinynn.experiments.printed import BEST, LAST, PRINTED, SEEDS, Seeded, table
from tinynn.experiments.published import places, published
from tinynn.experiments.reproduction import Compared, Reproduction

_PRINTED = f"the table of results whose seeds are unknown, beside ours over {SEEDS} seeds"


def catalogue_lines() -> Iterator[str]:
    """Yield the figures, chapter by chapter: name, time with NumPy, what it needs, what it is."""
    for chapter in sorted({figure.chapter for figure in FIGURES.values()}):
        yield f"chapter {chapter}"
        for figure in FIGURES.values():
            if figure.chapter == chapter:
                count = sum(part.epochs for part in figure.parts if part.machine == NETWORK)
                epochs = f"{count:,} epochs" if count else "no network"
                facts = f"{duration(figure.seconds):<8} {epochs:<14} {', '.join(figure.needs)}"
                yield f"  {figure.name:<26} {facts}"
                yield f"      {figure.title}"
                if figure.is_seeded:
                    yield f"      {_book_prints(figure)}"
    *chapters, last = sorted({row.chapter for row in PRINTED})
    yield f"chapters {', '.join(map(str, chapters))} and {last}"
    seconds = SEEDS * sum(row.seconds for row in PRINTED)
    count = SEEDS * sum(row.epochs for row in PRINTED)
    yield f"  {'printed':<26} {duration(seconds):<8} {f'{count:,} epochs':<14} MNIST, NumPy"
    yield f"      {_PRINTED}"
    yield ""
    yield "`tinynn reproduce overfitting` runs one."
    yield "The times are those with NumPy on one core."


def printed_table(found: Sequence[Seeded], epochs: int = 0) -> Iterator[str]:
    """Yield the results of the book beside ours over seeds: best, median and worst, in percent.

    ``epochs`` is how many ran, where they were fewer than the book's.
    """
    heads = f"{'the book':>8} {'seeds':>5} {'best':>6} {'median':>6} {'worst':>6}"
    yield f"{'percent right':<27} {heads}"
    for row, seeds, best, middle, worst in table(found):
        ours = f"{seeds:>5} {best:>6.2f} {middle:>6.2f} {worst:>6.2f}"
        yield f"{row.name:<27} {row.percent:>8.2f} {ours}"
        after = f"; after {epochs} of {row.epochs} epochs" if 0 < epochs < row.epochs else ""
        yield f"    {row.of} digits, {row.what}{after}"
    yield "Ours is the best epoch of each seed, or the last where the book's is the last."


def printed_json(found: Sequence[Seeded], epochs: int = 0) -> list[dict[str, Any]]:
    """Return the results of the book beside ours, as JSON has them; the numbers are percentages.

    ``what`` says what the book's number is, ``ours`` what the number of each seed is.

    >>> (row,) = printed_json([Seeded("784-30-10, η = 3", 0, 95.2)], epochs=2)
    >>> row["book"], row["median"], row["epochs"], row["of_epochs"]
    (95.42, 95.2, 2, 30)
    """
    rows = []
    for row, _, best, middle, worst in table(found):
        about = {"name": row.name, "chapter": row.chapter, "book": row.percent, "what": row.what}
        ran = min(epochs, row.epochs) if epochs else row.epochs
        ours = {"best": best, "median": middle, "worst": worst, "epochs": ran}
        how = {"of_epochs": row.epochs, "of": row.of, "ours": LAST if row.what == LAST else BEST}
        each = [{"seed": s.seed, "percent": s.percent} for s in found if s.name == row.name]
        rows.append({**about, **ours, **how, "seeds": each})
    return rows


def _book_prints(figure: Figure) -> str:
    """Return the percentages that the book prints for an experiment whose seeds are unknown."""
    percents = [f"{part.percent:.2f}" for part in figure.parts if part.percent]
    return f"the book: {', '.join(percents)} %" if percents else "the book prints no number"


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it.

    >>> duration(0), duration(25), duration(600), duration(9000)
    ('1 s', '25 s', '10 min', '2.5 h')
    """
    if seconds >= 2 * 3600:
        return f"{seconds / 3600:.1f} h" if seconds < 36_000 else f"{round(seconds / 3600)} h"
    return f"{max(1, round(seconds))} s" if seconds < 100 else f"{round(seconds / 60)} min"


def label(name: str) -> str:
    """Return what a number is, by its name.

    >>> label("test_correct"), label("training_cost")
    ('test digits right', 'cost of the training digits')
    """
    name, _, kind = name.partition("_")
    return f"{name} digits right" if kind == "correct" else f"cost of the {name} digits"


def number(name: str, value: float) -> str:
    """Return a count, or a cost with four decimals.

    >>> number("test_correct", 8227), number("training_cost", 0.87812)
    ('8227', '0.8781')
    """
    return f"{value:.0f}" if name.endswith("_correct") else f"{value:.4f}"


def as_printed(name: str, value: float) -> str:
    """Return a number of the book as its data has it.

    >>> as_printed("test_correct", 8227.0), as_printed("training_cost", 0.878)
    ('8227', '0.878')
    """
    return f"{value:.0f}" if name.endswith("correct") else f"{value:g}"


def epoch_line(reproduction: Reproduction, part: Part, compared: Compared) -> str:
    """Return the line of an epoch: ours, and the book's where it is known."""
    name = reproduction.figure.compared
    line = number(name, compared.ours[name])
    line = f"{line} / {reproduction.total(part, name)}" if name.endswith("correct") else line
    if name in compared.book:
        line += f", the book {as_printed(name, compared.book[name])}"
        if not compared.same(name):
            line += f": {difference(name, compared)}"
    if "validation_correct" in compared.ours and name == "test_correct":
        of = reproduction.total(part, "validation_correct")
        line += f", validation {number(name, compared.ours['validation_correct'])} / {of}"
    names = [part.name] if part.name else []
    names += [f"Epoch {compared.epoch}"] if part.machine == NETWORK else []
    return ": ".join([*names, line])


def difference(name: str, compared: Compared) -> str:
    """Return our number minus the book's, with its sign; "" if they are equal or one is missing.

    >>> difference("test_correct", Compared("", 2, {"test_correct": 9308}, {"test_correct": 9307},
    ...     {"test_correct": 0}))
    '+1'
    """
    if compared.same(name) is not False:
        return ""
    apart = compared.ours[name] - compared.book[name]
    return f"{apart:+.0f}" if name.endswith("correct") else f"{apart:+.4f}"


def verdict_line(reproduction: Reproduction, part: Part, name: str = "") -> str:
    """Return in how many epochs a number equals the book's, and where and how far it differs."""
    verdict = reproduction.verdict(part, name)
    kind = "count" if verdict.name.endswith("correct") else "cost"
    if not verdict.of:
        return f"no epoch to compare: the book has no {kind} of those that ran"
    series = published(reproduction.figure.name, part.name)[verdict.name]
    is_whole = len(series) == part.epochs or not part.each_epoch
    known = "" if is_whole else "known "
    units = ("epoch" if part.machine == NETWORK else "run") + "s" * (verdict.of > 1)
    line = f"{verdict.same} of {verdict.of} {known}{units}: the same {kind}"
    if kind == "cost":
        line += f", to {places(series)} decimals"
    if verdict.since is not None:
        most = number(verdict.name, verdict.largest)
        since = f"from epoch {verdict.since} on they differ, by at most {most}"
        line += f"; {since if part.machine == NETWORK else f'they differ by {most}'}"
    return line


def verdict_lines(reproduction: Reproduction) -> Iterator[str]:
    """Yield the comparison of each part with the book's numbers, and the reason if they differ.

    The verdict on the number that is compared comes last.
    """
    figure = reproduction.figure
    ran = [part for part in figure.parts if reproduction.of(part)]
    if figure.is_seeded:
        yield from (percent_line(reproduction, part) for part in ran)
        return
    verdicts = [reproduction.verdict(part) for part in ran]
    for part in ran:
        name = f"{part.name}: " if part.name else ""
        for key in published(figure.name, part.name):
            if key != figure.compared:
                yield f"{name}{label(key)}: {verdict_line(reproduction, part, key)}"
        for key, epoch in figure.printed:
            yield from printed_lines(reproduction, part, key, epoch)
        if len(ran) > 1:
            yield f"{name}{verdict_line(reproduction, part)}"
    if figure.why and any(verdict.since is not None for verdict in verdicts):
        yield f"why they differ: {figure.why}"
    if len(ran) == 1:
        yield verdict_line(reproduction, ran[0])
    elif ran:
        same, of = sum(each.same for each in verdicts), sum(each.of for each in verdicts)
        kind = "count" if figure.compared.endswith("correct") else "cost"
        where = f"epochs in {len(ran)} runs" if figure.parts[0].each_epoch else "runs"
        yield f"{same} of {of} {where}: the same {kind}"


def percent_line(reproduction: Reproduction, part: Part) -> str:
    """Return the epoch with the best validation accuracy, its test accuracy, and the book's."""
    best = reproduction.best(part) or reproduction.of(part)[-1]
    line = f"{part.name}: " if part.name else ""
    after = ""
    if part.machine == NETWORK:
        line += f"the best epoch on the validation digits is epoch {best.epoch}:\n  "
        after = f", after {len(reproduction.of(part))} of {part.epochs} epochs"
    line += f"test {_percent(reproduction, part, best):.2f} %"
    return line + (f", the book {part.percent:.2f} %" if part.percent else "") + after


def _percent(reproduction: Reproduction, part: Part, compared: Compared) -> float:
    name = reproduction.figure.compared
    return 100.0 * compared.ours[name] / reproduction.total(part, name)


def printed_lines(reproduction: Reproduction, part: Part, name: str, epoch: int) -> Iterator[str]:
    """Yield the best epoch beside the one that the book prints, once that one has run."""
    points = reproduction.of(part)
    if len(points) <= epoch:
        return
    best = max(points, key=lambda each: each.ours[name])
    total = reproduction.total(part, name)
    ours = f"{100 * best.ours[name] / total:.2f} %, epoch {best.epoch}"
    book = f"{100 * points[epoch].book[name] / total:.2f} %, epoch {epoch}"
    yield f"best of the {name.partition('_')[0]} digits: {ours}; in the book {book}"


def to_json(reproduction: Reproduction) -> dict[str, Any]:
    """Return a reproduction as JSON has it."""
    figure = reproduction.figure
    parts = []
    for part in filter(reproduction.of, figure.parts):
        found: dict[str, Any]
        done = reproduction.of(part)
        if figure.is_seeded:
            best = reproduction.best(part) or done[-1]
            found = {"best_epoch": best.epoch, "percent": _percent(reproduction, part, best)}
            found |= {"of_epochs": part.epochs, "book": part.percent or None}
        else:
            verdict = reproduction.verdict(part)
            found = {"same": verdict.same, "of": verdict.of, "differ_from_epoch": verdict.since}
            found |= {"largest_difference": verdict.largest}
        epochs = [{"epoch": e.epoch, "ours": dict(e.ours), "book": dict(e.book)} for e in done]
        parts.append({"part": part.name, **found, "epochs": epochs})
    about = {"figure": figure.name, "engine": reproduction.engine, "compared": figure.compared}
    seed = {"seed": reproduction.seed} if figure.is_seeded else {}
    return {**about, **seed, "why": figure.why, "parts": parts}


def catalogue_json() -> list[dict[str, Any]]:
    """Return the figures as JSON has them."""
    seconds = SEEDS * sum(row.seconds for row in PRINTED)
    rows = [row._asdict() for row in PRINTED]
    table = {"name": "printed", "title": _PRINTED, "needs": ["MNIST", "NumPy"], "seconds": seconds}
    return [*map(_listed, FIGURES.values()), {**table, "parts": rows}]


def _listed(figure: Figure) -> dict[str, Any]:
    keys = "name", "title", "chapter", "needs", "seconds", "why"
    about = {key: getattr(figure, key) for key in keys}
    return {**about, "parts": [_part(part) for part in figure.parts]}


def _part(part: Part) -> dict[str, Any]:
    sizes = [each if isinstance(each, (int, tuple)) else repr(each) for each in part.sizes]
    return {**part._asdict(), "sizes": sizes}
