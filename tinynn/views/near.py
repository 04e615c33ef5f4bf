"""One neuron from near: what it makes of its input, and its strongest weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest

from tinynn.equations.maps import in_maps
from tinynn.layers import Convolution, L2Pooling, MaxPooling
from tinynn.layers.layer import Forward
from tinynn.network import Network
from tinynn.notation import indexed_name

WEIGHTS = 6  # the strongest weights of a neuron that are shown
_FEW = 4  # neurons of a block that are named


def neuron_name(l: int, j: int) -> str:
    """Return the book's name for the activation of neuron j, counted from 1: ``a^2_13``."""
    return f"a^{l}_{j}"


def neuron_lines(network: Network, passed: Mapping[int, Forward], l: int, j: int) -> Iterator[str]:
    """Yield what one neuron makes of its input: z, a, b, then its strongest weights in pairs."""
    layer, before = network.layer(l), passed[l - 1].a.entries
    if isinstance(layer.description, (MaxPooling, L2Pooling)):
        yield from _block_lines(network, passed, l, j)
        return
    z, a = passed[l].z[j - 1], passed[l].a[j - 1]
    name, function = neuron_name(l, j), passed[l].function.name
    line = f"{name} = {function}({indexed_name('z', l, j)}) = {function}({z:.4f}) = {a:.4f}"
    if isinstance(layer.description, Convolution):
        G, P, Q = network.plan.shapes[l - 2]
        f, row, column = _place(layer.shape, j)
        yield f"{line}; {indexed_name('b', l, f + 1)} = {layer.biases[f]:.4f}"
        yield f"it is in map {f + 1}, row {row + 1}, column {column + 1}"
        maps, (R, S) = in_maps(before, G, P, Q), layer.description.window
        seen = [(g, r, s) for g in range(G) for r in range(R) for s in range(S)]
        names = [indexed_name("w", l, f + 1, g + 1, r + 1, s + 1) for g, r, s in seen]
        inputs = [maps[g][row + r][column + s] for g, r, s in seen]
        yield from _strongest_lines(names, layer.weights.rows[f], inputs)
    elif layer.weights is None or layer.weights.shape != (len(passed[l].a), len(before)):
        yield line
    else:
        yield f"{line}; {indexed_name('b', l, j)} = {layer.biases[j - 1]:.4f}"
        names = [indexed_name("w", l, j, k) for k in range(1, len(before) + 1)]
        yield from _strongest_lines(names, layer.weights.rows[j - 1], before)


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
    yield from _in_pairs([(neuron_name(l - 1, k), f"{inputs[k - 1]:.4f}") for k in strongest])


def _strongest_lines(
    names: Sequence[str], w: Sequence[float], inputs: Sequence[float]
) -> Iterator[str]:
    strongest = sorted(range(len(w)), key=lambda k: -abs(w[k]))[:WEIGHTS]
    yield f"its strongest weights, {len(strongest)} of {len(w)}, each times its input:"
    products = [f"({w[k]:.3f})({inputs[k]:.3f}) = {w[k] * inputs[k]:.3f}" for k in strongest]
    yield from _in_pairs([(names[k], product) for k, product in zip(strongest, products)])


def _in_pairs(numbers: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Yield names with their numbers, two on a line."""
    text = [f"{name:<10} {number}" for name, number in numbers]
    for left, right in zip_longest(text[::2], text[1::2], fillvalue=""):
        yield f"{left:<39} {right}".rstrip()


if __name__ == "__main__":
    from tinynn.datasets import load_digits

    net = Network([64, 30, 10], seed=0)
    print(*neuron_lines(net, net.forward(load_digits().test[0][0]), 2, 13), sep="\n")
