"""Chains of single neurons, windows and identities: ``python -m tinynn.views.chain``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinynn import vanishing
from tinynn.equations.chain import window_width
from tinynn.vanishing import LEAST_WEIGHT, Chain
from tinynn.views.blocks import columns
from tinynn.views.lines import first_fitting

_WINDOWS, _HEAVIEST = (60, 8), 34.0  # of the curve of windows, and the |w| where it ends
_CLEARLY = 2.0  # how many times a gradient is larger that explodes


def chain_lines(chain: Chain) -> Iterator[str]:
    """Yield the numbers of a chain, then ∂C/∂b_1 as the product of its factors.

    >>> lines = list(chain_lines(Chain([100, 100, 100, 100])))
    >>> print(lines[7]); print(lines[8])
    ∂C/∂b_1 = σ'(z_1) · w_2 σ'(z_2) · w_3 σ'(z_3) · w_4 σ'(z_4) · ∂C/∂a_4
            = 0.25 · 25 · 25 · 25 · 0.5 = 1953.125
    """
    yield f"a_0 = {chain.x:g}, wanted {chain.y:g}, C = (a_{len(chain.links)} - y)²/2"
    heads = "w_j", "b_j", "z_j", "a_j", "σ'(z_j)", "factor"
    yield "  j" + "".join(f"{head:>10}" for head in heads) + f"{'∂C/∂b_j':>12}"
    for link in chain.links:
        numbers = link.w, link.b, link.z, link.a, link.slope, link.factor
        row = "".join(f"{_short(each):>10}" for each in numbers)
        yield f"{link.j:>3}{row}{link.gradient + 0.0:>12.4g}"
    L = len(chain.links)
    names = ["σ'(z_1)", *(f"w_{j} σ'(z_{j})" for j in range(2, L + 1)), f"∂C/∂a_{L}"]
    factors = [*(link.factor for link in chain.links), chain.cost_derivative]
    yield ""
    yield from _wrapped("∂C/∂b_1", names)
    yield from _wrapped(
        "       ", [_signed(each) for each in factors], f" = {_seven(chain.gradient)}"
    )
    found, measured = _seven(chain.backpropagated()), _seven(chain.numerical())
    yield f"backpropagation has {found}, ΔC/Δb_1 is {measured}"
    yield f"(rounding may change ΔC/Δb_1 by up to {chain.rounding:.0g})"
    if L == 1:
        return
    yield _verdict(chain)
    heavy = [link for link in chain.links[1:] if abs(link.w) >= LEAST_WEIGHT]
    for link in heavy:
        a, of = chain.links[link.j - 2].a, vanishing.window(link.w, link.b)
        if of is not None:
            between = f"between {of.least:.4g} and {of.most:.4g}"
            if f"{of.least:.4g}" == f"{of.most:.4g}":
                around = f"within {of.width / 2.0:.2g} of {of.most:.4g}"
                between = around if of.width else f"= {of.most:.4g} only"
            yield f"|w_{link.j} σ'(z_{link.j})| ≥ 1 for a_{link.j - 1} {between}; it is {a:.4g}"
    if not heavy:
        yield "From w_2 on every |w_j| is below 4, so every factor |w_j σ'(z_j)| is below 1."


def _short(number: float) -> str:
    """Return a number in nine characters at most; 0 without a sign."""
    return first_fitting([f"{number + 0.0:.{n}g}" for n in (4, 3, 2, 1)], 9)


def _seven(number: float) -> str:
    return f"{number + 0.0:.7g}"


def _signed(number: float) -> str:
    return f"{number + 0.0:.4g}" if number >= 0.0 else f"({number:.4g})"


def _wrapped(name: str, factors: Sequence[str], end: str = "") -> Iterator[str]:
    """Yield a product in lines of at most 80 characters."""
    line = f"{name} = {factors[0]}"
    for each in [f" · {each}" for each in factors[1:]] + [end]:
        if len(line) + len(each) > 80:
            yield line
            line = " " * len(name) + "  "
        line += each
    yield line


def _verdict(chain: Chain) -> str:
    """Say whether the gradient vanishes or explodes from the last neuron to the first."""
    first, last = abs(chain.gradient), abs(chain.links[-1].gradient)
    names = "∂C/∂b_1", f"∂C/∂b_{len(chain.links)}"
    if first == 0.0:
        return f"{names[0]} is 0, as {_why_0(chain)}"
    if last == 0.0:
        return f"{names[1]} is too small for a float"
    if first == last:
        return f"{names[0]} is as large as {names[1]}"
    word, ratio = ("explodes", first / last) if first > last else ("vanishes", last / first)
    size = "larger" if first > last else "smaller"
    many = f"{ratio:.4g}" if ratio < 1000.0 or ratio > 1e9 else f"{ratio:,.0f}"
    end = f": the gradient {word}" if ratio >= _CLEARLY else ""
    return f"{names[0]} is {many} times {size} than {names[1]}{end}"


def _why_0(chain: Chain) -> str:
    """Return which factor of ∂C/∂b_1 is 0."""
    L = len(chain.links)
    zeros = ["its product is too small for a float"]
    zeros += [f"σ'(z_{link.j}) rounds to 0" for link in chain.links if link.slope == 0.0]
    zeros += [f"w_{link.j} is 0" for link in reversed(chain.links[1:]) if link.w == 0.0]
    return f"a_{L} is y" if chain.cost_derivative == 0.0 else zeros[-1]


def window_lines() -> Iterator[str]:
    """Yield the width of the window of inputs (123), as a curve over |w|, with its maximum."""
    width, height = _WINDOWS
    step = (_HEAVIEST - LEAST_WEIGHT) / width
    widths = [window_width(LEAST_WEIGHT + step * (i + 0.5)) for i in range(width)]
    heaviest, widest = vanishing.widest_window()
    yield "how wide the window of inputs a is in which |w σ'(w a + b)| ≥ 1, (123)"
    for number, line in enumerate(columns(widths, height, widest)):
        mark = f"{widest:.4f}" if number == 0 else "0" if number == height - 1 else ""
        yield f"{mark:>7} {line}".rstrip()
    ends = f"|w| = {LEAST_WEIGHT:g}", f"{_HEAVIEST:g}"
    yield f"        {ends[0]}{ends[1]:>{width - len(ends[0])}}"
    yield f"It is 0 up to |w| = 4, at most {widest:.4f}, at |w| = {heaviest:.3f}, and"
    yield f"{window_width(100):.4f} at |w| = 100: a large w also makes z large, and σ'(z) small."


def identity_lines(first_weights: Sequence[float]) -> Iterator[str]:
    """Yield the identity neuron for these w_1: its numbers, its error, and the bound of that."""
    yield "w_2 σ(w_1 x + b) = x + constant, nearly, for x from 0 to 1"
    heads = "w_1", "b", "w_2", "constant", "error"
    yield "".join(f"{head:>12}" for head in heads) + f"{'bound w_1²/96':>16}"
    neurons = [vanishing.identity_neuron(w1) for w1 in first_weights]
    for neuron in neurons:
        numbers = "".join(f"{each:>12.5g}" for each in (*neuron, neuron.error()))
        yield f"{numbers}{neuron.bound():>16.5g}"
    for neuron in neurons:
        if neuron.rounding() > neuron.bound():
            most = f"by up to {neuron.rounding():.0g}, more than the bound"
            yield f"w_1 = {neuron.w1:g}: rounding may change the error {most}"
    best = vanishing.identity_without_constant()
    yield "The next neuron's bias removes the constant: subtract w times it."
    yield f"Without such a constant the error is at least {best.error():.4f}:"
    yield f"w_1 = {best.w1:.2f}, b = {best.b:.2f}, w_2 = {best.w2:g}."


if __name__ == "__main__":
    print(*chain_lines(Chain([100.0] * 4)), sep="\n")
