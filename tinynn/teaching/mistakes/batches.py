"""Known mistakes in cutting examples into mini-batches: told by what is in them."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from tinynn.teaching.adapt import Adapted

Batches = list[list[tuple[int, ...]]]


class _Cut(NamedTuple):
    """One trial call: examples, the size asked for, and the mini-batches that came."""

    examples: list[tuple[int, ...]]
    size: int
    batches: Batches

    @property
    def used(self) -> list[tuple[int, ...]]:
        return [example for batch in self.batches for example in batch]

    @property
    def lengths(self) -> list[int]:
        return [len(batch) for batch in self.batches]

    @property
    def right_lengths(self) -> list[int]:
        whole, rest = divmod(len(self.examples), self.size)
        return [self.size] * whole + [rest] * (rest > 0)

    def covers(self) -> bool:
        return sorted(self.used) == sorted(self.examples)


_TEXTS = {
    "drops-the-last": "the last examples are dropped where they fill no whole mini-batch: the last "
    "mini-batch may be smaller.",
    "drops-last-batch": "the last mini-batch is dropped, even a full one: the loop stops one step "
    "too early.",
    "one-short": "every mini-batch is one example short: a slice [i:i + size] ends before its end "
    "by itself.",
    "overlap": "the mini-batches overlap: the start of the slices moves by 1 where it should move "
    "by the size.",
    "with-replacement": "examples are drawn anew for each mini-batch, so that some come twice and "
    "others never: shuffle once, then cut.",
    "first-only": "only the first mini-batch is returned: return after the loop, not inside it.",
    "same-batch": "every mini-batch is the same one: the slice does not move.",
    "count-for-size": "size is taken for the number of mini-batches: it is the number of examples "
    "in each.",
    "one-batch": "all examples come in one mini-batch: cut them, as many at a time as the size "
    "says.",
    "empty-batch": "an empty mini-batch comes with the others: the loop runs once too often.",
    "no-shuffle": "the examples are never shuffled: each stays with its neighbours for ever.",
    "reversed": "the examples are only turned round, which is the same in every epoch: shuffle "
    "them with rng.",
    "shuffles-batches-only": "only the order of the mini-batches is shuffled: what is in each "
    "stays together. Shuffle the examples, then cut.",
    "shuffles-inside-only": "the shuffle never mixes: it works inside each mini-batch only, after "
    "the cut. Shuffle the examples, then cut.",
    "always-the-same": "the order is shuffled, but into the same one in every epoch: use the rng "
    "that is handed over, not a seed of its own.",
    "own-randomness": "the rng that is handed over is not used, so that a run cannot be repeated.",
    "empties-the-data": "examples are taken out of the caller's own list, which is emptied: copy "
    "it first, or cut slices.",
    "moves-the-data": "the caller's list is shuffled itself: copy it first, or shuffle a list of "
    "indices.",
}


def batch_mistake(claim: str, call: Adapted) -> Optional[tuple[str, str]]:
    """Return the known mistake by which a function of mini-batches breaks a claim."""
    if claim == "mini-batches-leave-data":
        name = _harm_to_the_data(call)
        return None if name is None else (name, _TEXTS[name])
    cuts = [_cut(call, n, size, seed) for seed in range(3) for n, size in _SIZES]
    seen = [cut for cut in cuts if cut is not None]
    if len(seen) < len(cuts):
        return None
    name = _wrong_cut(seen) if claim == "mini-batches-cover" else _wrong_order(call, seen)
    return None if name is None else (name, _TEXTS[name])


_SIZES = ((10, 3), (7, 2), (12, 4), (9, 3), (11, 4), (8, 5), (6, 2))


def _examples(n: int) -> list[tuple[int, ...]]:
    return [(x, x * x) for x in range(1, n + 1)]


def _cut(call: Adapted, n: int, size: int, seed: int) -> Optional[_Cut]:
    examples = _examples(n)
    try:
        batches: Any = call(examples=examples, size=size, rng=seed)
    except (Exception, SystemExit):
        return None
    return _Cut(examples, size, [[tuple(example) for example in batch] for batch in batches])


def _wrong_cut(cuts: list[_Cut]) -> Optional[str]:
    uneven = [cut for cut in cuts if len(cut.examples) % cut.size]
    even = [cut for cut in cuts if not len(cut.examples) % cut.size]
    if all(cut.covers() for cut in cuts):
        if any(cut.lengths != cut.right_lengths for cut in cuts):
            if all(len(cut.batches) == 1 for cut in cuts):
                return "one-batch"
            if all(len(cut.batches) == cut.size for cut in cuts):
                return "count-for-size"
            if all(
                [length for length in cut.lengths if length] == cut.right_lengths for cut in cuts
            ):
                return "empty-batch"
        return None
    once = all(len(set(cut.used)) == len(cut.used) for cut in cuts)
    full = all(set(cut.lengths) == {cut.size} for cut in cuts)
    if once and full and all(cut.covers() for cut in even):
        return "drops-the-last"
    if once and all(cut.lengths == cut.right_lengths[:1] for cut in cuts):
        return "first-only"
    if once and all(cut.lengths == cut.right_lengths[:-1] for cut in cuts):
        return "drops-last-batch"
    if once and all(_is_one_short(cut) for cut in cuts):
        return "one-short"
    if all(_overlaps(cut) for cut in cuts):
        return "overlap"
    if full and not once and all(_is_one_batch(cut) for cut in cuts):
        return "same-batch"
    right = all(cut.lengths == cut.right_lengths for cut in cuts)
    if (right or (full and uneven)) and not once:
        return "with-replacement"
    return None


def _is_one_short(cut: _Cut) -> bool:
    whole = len(cut.examples) // cut.size
    return len(cut.used) > 0 and cut.lengths[:whole] == [cut.size - 1] * whole


def _overlaps(cut: _Cut) -> bool:
    shifted = [first[1:] == second[: len(first) - 1] for first, second in _neighbours(cut)]
    return len(shifted) > 0 and all(shifted)


def _neighbours(cut: _Cut) -> list[tuple[list[tuple[int, ...]], list[tuple[int, ...]]]]:
    return list(zip(cut.batches, cut.batches[1:]))


def _is_one_batch(cut: _Cut) -> bool:
    return len(cut.batches) > 1 and all(batch == cut.batches[0] for batch in cut.batches)


def _wrong_order(call: Adapted, cuts: list[_Cut]) -> Optional[str]:
    """Return what is wrong with the order of the examples, whatever is cut from it."""
    if all(cut.used == cut.examples for cut in cuts):
        return "no-shuffle"
    if all(cut.used == cut.examples[::-1] for cut in cuts):
        return "reversed"
    groups = [[set(batch) for batch in cut.batches] for cut in cuts]
    slices = [
        [set(cut.examples[i : i + cut.size]) for i in range(0, len(cut.examples), cut.size)]
        for cut in cuts
    ]
    if groups == slices:
        return "shuffles-inside-only"
    if all(sorted(map(sorted, g)) == sorted(map(sorted, s)) for g, s in zip(groups, slices)):
        return "shuffles-batches-only"
    by_seed = [_cut(call, 12, 4, seed) for seed in range(8)]
    if all(cut == by_seed[0] for cut in by_seed):
        return "always-the-same"
    changes = any(_cut(call, 12, 4, seed) != by_seed[seed] for seed in range(8))
    if changes and all(cut.covers() for cut in cuts):
        return "own-randomness"
    return None


def _harm_to_the_data(call: Adapted) -> Optional[str]:
    """Return what became of the list that was handed over, where it is not what it was."""
    examples = _examples(12)
    call(examples=examples, size=4, rng=0)
    after = call.handed.get("examples")
    if after is None or [tuple(each) for each in after] == examples:
        return None
    return "moves-the-data" if len(after) == len(examples) else "empties-the-data"
