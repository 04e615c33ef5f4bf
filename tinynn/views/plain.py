"""Plain lines, for pipes and for Pythons without Rich."""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Optional

from tinynn import Network  # which registers every equation
from tinynn.equations.maps import in_maps
from tinynn.errors import DataError
from tinynn.layers import Convolution, L2Pooling, MaxPooling
from tinynn.layers.layer import Forward
from tinynn.linalg import Vector
from tinynn.notation import GLOSSARY, Equation, equations, indexed_name
from tinynn.training import EpochReport, NoImprovement, Schedule
from tinynn.views.blocks import bar, shade
from tinynn.views.maps import FeatureMaps

WEIGHTS = 6  # the strongest weights of a neuron that are shown
_FEW = 4  # inputs that are written as numbers


def find_equation(number: str) -> Equation:
    """Return the registered equation of this number, such as ``BP2``, ``bp2`` or ``(16)``."""
    wanted = number.strip("() ").lower()
    for entry in equations():
        if entry.number.lower() == wanted:
            return entry
    raise DataError(f"no equation {number!r} is code here: `tinynn equations` lists those that are")


def location(entry: Equation) -> str:
    """Return the file and line of an equation, such as ``tinynn/linalg.py:217``."""
    return f"{entry.module.replace('.', '/')}.py:{entry.line}"


def package_folder() -> str:
    """Return the folder that holds the package, from which ``location`` is read."""
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def equation_lines() -> Iterator[str]:
    """Yield one line for each equation: number, formula, function, file:line."""
    for entry in equations():
        yield f"{entry.number:<5} {entry.formula:<50} {entry.name:<22} {location(entry)}"


def symbol_lines() -> Iterator[str]:
    """Yield the glossary: each symbol, what it means, and an example."""
    for each in GLOSSARY:
        yield f"{each.symbol:<7} {each.meaning}"
        yield f"{'':<7} {each.example}"


def source(function: Callable[..., object]) -> str:
    """Return the source of a function."""
    return inspect.getsource(function).rstrip()


def fast_twin(entry: Equation) -> tuple[Optional[Callable[..., object]], str]:
    """Return the twin of an equation over whole mini-batches, and what there is to say of it."""
    try:
        import tinynn.fast  # declares the twins
    except ImportError:
        return None, "Its twin over whole mini-batches needs NumPy: pip install numpy"
    twin = entry.twin
    if twin is None:
        return None, f"{tinynn.fast.__name__} has no twin of it: only the loops compute it."
    return twin.fast, f"{twin.fast.__module__}: the same over a whole mini-batch, in NumPy"


def brief(x: Sequence[float]) -> str:
    """Return numbers in a few characters each: ``0.3`` or ``(0.3, 0.7)``."""
    told = ", ".join(f"{number:.4g}" for number in x)
    return f"({told})" if len(x) > 1 else told


def verdict(network: Network, x: Vector, y: Optional[Vector]) -> str:
    """Say what the network answers, how sure it is, and whether that is right if y is known."""
    outputs = network.feedforward(x)
    if y is None:
        to = f"x = {brief(x.entries)}" if len(x) <= _FEW else "this"
        return f"To {to} the network answers {brief(outputs.entries)}."
    said, label = network.predict(x), network.answer_of(y)
    judged = "right" if said == label else "wrong"
    return f"The network says {said} ({max(outputs):.2f}); the label says {label}: {judged}."


def digit_lines(image: Vector, shape: tuple[int, int]) -> Iterator[str]:
    """Yield the rows of an image, each pixel two shaded characters wide."""
    height, width = shape
    for row in range(height):
        yield "".join(2 * shade(ink) for ink in image[row * width : (row + 1) * width])


def neuron_name(l: int, j: int) -> str:
    """Return the book's name for the activation of neuron j, counted from 1: ``a^2_13``."""
    return f"a^{l}_{j}"


def neuron_lines(network: Network, passed: Mapping[int, Forward], l: int, j: int) -> Iterator[str]:
    """Yield what one neuron makes of its input: z, a, b, then its strongest weights in pairs."""
    z, a = passed[l].z[j - 1], passed[l].a[j - 1]
    name, function = neuron_name(l, j), passed[l].function.name
    line = f"{name} = {function}({indexed_name('z', l, j)}) = {function}({z:.4f}) = {a:.4f}"
    layer = network.layer(l)
    if isinstance(layer.description, Convolution):
        yield from _place_lines(line, network, passed, l, j)
        return
    if isinstance(layer.description, (MaxPooling, L2Pooling)):
        yield from _block_lines(network, passed, l, j)
        return
    if layer.weights is None or layer.weights.shape != (len(passed[l].a), len(passed[l - 1].a)):
        yield line
        return
    yield f"{line}; {indexed_name('b', l, j)} = {layer.biases[j - 1]:.4f}"
    w, inputs = layer.weights.rows[j - 1], passed[l - 1].a
    names = [indexed_name("w", l, j, k) for k in range(1, len(w) + 1)]
    yield from _strongest_lines(names, w, inputs.entries)


def _place_lines(
    line: str, network: Network, passed: Mapping[int, Forward], l: int, j: int
) -> Iterator[str]:
    """Yield the same of a neuron in a feature map: its place, and the weights of its field."""
    layer, (G, P, Q) = network.layer(l), network.plan.shapes[l - 2]
    f, row, column = _place(layer.shape, j)
    yield f"{line}; {indexed_name('b', l, f + 1)} = {layer.biases[f]:.4f}"
    yield f"it is in map {f + 1}, row {row + 1}, column {column + 1}"
    a = in_maps(passed[l - 1].a.entries, G, P, Q)
    R, S = layer.description.window
    seen = [(g, r, s) for g in range(G) for r in range(R) for s in range(S)]
    names = [indexed_name("w", l, f + 1, g + 1, r + 1, s + 1) for g, r, s in seen]
    inputs = [a[g][row + r][column + s] for g, r, s in seen]
    yield from _strongest_lines(names, layer.weights.rows[f], inputs)


def _place(shape: tuple[int, ...], j: int) -> tuple[int, int, int]:
    """Return the map, the row and the column of neuron j, counted from 0."""
    _, J, K = shape
    f, place = divmod(j - 1, J * K)
    return f, place // K, place % K


def _block_lines(network: Network, passed: Mapping[int, Forward], l: int, j: int) -> Iterator[str]:
    """Yield what a pooling neuron makes of its block: its place, and the strongest of the block."""
    layer, (_, P, Q) = network.layer(l), network.plan.shapes[l - 2]
    f, row, column = _place(layer.shape, j)
    R, S = layer.description.window
    before = [(f * P + row * R + r) * Q + column * S + s + 1 for r in range(R) for s in range(S)]
    names = [neuron_name(l - 1, k) for k in before]
    shown = ", ".join(names if len(names) <= _FEW else [*names[:2], "…", names[-1]])
    largest = isinstance(layer.description, MaxPooling)
    made = f"max({shown})" if largest else f"length of ({shown})"
    yield f"{neuron_name(l, j)} = {made} = {passed[l].a[j - 1]:.4f}"
    yield f"it is in map {f + 1}, row {row + 1}, column {column + 1}"
    inputs = passed[l - 1].a
    sizes = {k: inputs[k - 1] if largest else abs(inputs[k - 1]) for k in before}
    strongest = sorted(before, key=lambda k: -sizes[k])[:WEIGHTS]
    yield f"the largest of its block, {len(strongest)} of {len(before)}:"
    told = [f"{neuron_name(l - 1, k):<10} {inputs[k - 1]:.4f}" for k in strongest]
    for pair in zip_longest(told[::2], told[1::2], fillvalue=""):
        yield f"{pair[0]:<39} {pair[1]}".rstrip()


def _strongest_lines(
    names: Sequence[str], w: Sequence[float], inputs: Sequence[float]
) -> Iterator[str]:
    strongest = sorted(range(len(w)), key=lambda k: -abs(w[k]))[:WEIGHTS]
    yield f"its strongest weights, {len(strongest)} of {len(w)}, each times its input:"
    told = []
    for k in strongest:
        product = f"({w[k]:.3f})({inputs[k]:.3f}) = {w[k] * inputs[k]:.3f}"
        told.append(f"{names[k]:<10} {product}")
    for pair in zip_longest(told[::2], told[1::2], fillvalue=""):
        yield f"{pair[0]:<39} {pair[1]}".rstrip()


def show_lines(
    network: Network,
    x: Vector,
    y: Optional[Vector],
    shape: tuple[int, int],
    neuron: Optional[tuple[int, int]] = None,
) -> Iterator[str]:
    """Yield the page of ``tinynn show``: the image, a and z of every neuron, one from near."""
    yield from digit_lines(x, shape)
    passed = network.forward(x)
    L = network.num_layers
    for l in range(2, L + 1):
        yield ""
        if len(network.plan.shapes[l - 1]) == 3 and l < L:
            yield str(FeatureMaps(l, passed[l].a.entries, network.plan.shapes[l - 1]))
            continue
        for j, activation in enumerate(passed[l].a, start=1):
            says = f"  {j - 1}" if l == L else ""
            named = f"{neuron_name(l, j):<8} {activation:.4f} {bar(activation, 24)}"
            yield f"{named} {indexed_name('z', l, j)} = {passed[l].z[j - 1]:.4f}{says}"
    yield ""
    yield from neuron_lines(network, passed, *(neuron or (L, passed[L].a.argmax() + 1)))
    yield ""
    yield verdict(network, x, y)


def rule_line(rules: Sequence[object], reports: Sequence[EpochReport]) -> str:
    """Return η and the patience that is left, after these reports, in 36 characters at most."""
    schedule = next((rule for rule in rules if isinstance(rule, Schedule)), None)
    stop = next((rule for rule in rules if isinstance(rule, NoImprovement)), None)
    for rule in (schedule, stop):
        if rule is not None and rule.ended(reports):
            return rule.ended(reports).split(":")[0]
    if schedule is None:
        return f"patience {stop.left(reports)} of {stop.patience}" if stop else ""
    eta = f"η {schedule.next_eta(reports):.3g}" if reports else "η"
    left = schedule.left(reports) or schedule.patience  # it fell just now
    if stop is not None:
        return f"{eta} falls in {left}, ends in {stop.left(reports)}"
    first = reports[0].eta if reports else None
    if first is not None and schedule.next_eta(reports) < first:
        eta += f" of {first:.3g}"
    return f"{eta}, patience {left} of {schedule.patience}"
