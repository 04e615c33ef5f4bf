"""The scenes of `tinynn step`: an example in a network, chapter 1's machines, a bump."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import Any, Optional

from tinynn import descent
from tinynn.circuits import half_adder
from tinynn.equations.chain import chain_change, chain_factors, chain_gradient
from tinynn.errors import ArgumentError, DivergenceError, describe, require_count
from tinynn.linalg import Matrix, Vector, finite_float
from tinynn.network import Network
from tinynn.neurons import perceptron_output, threshold_output
from tinynn.notation import named
from tinynn.randomness import random_source
from tinynn.stepper.recording import Recording, record
from tinynn.stepper.steps import Step
from tinynn.stepper.writing import short
from tinynn.universality import bump, chapter_function, inverse_sigmoid, tower
from tinynn.vanishing import Chain

LARGEST = 50_000  # weights and biases of a network that can be recorded


@dataclass(frozen=True)
class Scene:
    """A recording with a title, captions for the calls outside a network, and an outcome."""

    title: str
    steps: Recording
    captions: tuple[str, ...] = ()
    outcome: str = ""
    eta: Optional[float] = None
    lmbda: float = 0.0
    n: int = 1  # the number of training examples, which divides λ
    network: Optional[Network] = None  # before it learned
    examples: tuple[tuple[Vector, Vector], ...] = ()
    names: tuple[str, ...] = ()  # of the examples of a mini-batch
    mu: float = 0.0

    @property
    def x(self) -> Optional[Vector]:
        """The input, if there is exactly one example."""
        return self.examples[0][0] if len(self.examples) == 1 else None

    @property
    def y(self) -> Optional[Vector]:
        """The desired output, if there is exactly one example."""
        return self.examples[0][1] if len(self.examples) == 1 else None

    @property
    def dropped(self) -> tuple[tuple[int, int], ...]:
        """The neurons (l, j) that dropout dropped, j counted from 0."""
        if self.network is None:
            return ()
        masks = ((l, self.network.layer(l).mask) for l in self.network.plan.dropout)
        return tuple((l, j) for l, mask in masks for j, r in enumerate(mask) if r == 0.0)

    def example(self, step: Step) -> Optional[tuple[Vector, Vector]]:
        """Return the example of a step, or None for the update of a mini-batch."""
        if len(self.examples) == 1:
            return self.examples[0]
        return self.examples[step.example] if self.examples and step.example is not None else None


def xor_network(cost: Optional[str] = None) -> Network:
    """Return a 2-2-1 network that already tends towards XOR: OR and NAND, joined by AND.

    >>> [round(xor_network().feedforward([p, q])[0], 2) for p in (0, 1) for q in (0, 1)]
    [0.38, 0.48, 0.63, 0.38]
    """
    biases, weights = [[-1, 4], [-3]], [[[3, 2], [-2, -3]], [[2, 2]]]
    return Network.from_parameters(biases, weights, cost=cost or "quadratic")


def network_scene(
    network: Network,
    x: Vector,
    y: Vector,
    eta: float = 1.0,
    title: str = "",
    on_step: Optional[Callable[[int], object]] = None,
    **how: Any,
) -> Scene:
    """Return the recording of one training example: forward, BP1 to BP4, and the update.

    ``eta`` is the learning rate η; ``how`` contains further arguments of ``batch_scene``.
    Raises ArgumentError for a network with more than ``LARGEST`` weights and biases.
    """
    sizes = "-".join(map(str, network.sizes))
    title = title or f"one example learnt by a {sizes} network"
    return batch_scene(network, [(x, y)], eta, title, (), on_step, **how)


def batch_scene(
    network: Network,
    examples: Sequence[tuple[Vector, Vector]],
    eta: float = 1.0,
    title: str = "",
    names: Sequence[str] = (),
    on_step: Optional[Callable[[int], object]] = None,
    mu: float = 0.0,
    nesterov: bool = False,
    seed: Optional[int] = 0,
    **penalised: Any,
) -> Scene:
    """Return the recording of one training step on a mini-batch; ``names`` are its examples' names.

    ``lmbda``, ``n`` and ``penalty`` are as in ``network.update_mini_batch``. With momentum μ the
    step is the second one, as the velocities of the first are 0. ``seed`` draws the dropped
    neurons. Raises ArgumentError if the number of weights and biases, times the number of
    examples, is more than ``LARGEST``.
    """
    m = len(examples)
    count = require_small(network, m)
    source = random_source(seed)
    momentum = network.momentum(mu, nesterov) if mu else None
    if momentum is not None:
        network = network.copy()
        network.thinned(source).update_mini_batch(examples, eta, **penalised, momentum=momentum)
    learning = network.copy().thinned(source)
    network = network._masked({l: learning.layer(l).mask for l in network.plan.dropout})
    most = (5 * m + 7) * count + 9 * m * sum(network.sizes) + 100
    with record(most=most, on_step=on_step) as steps:
        learning.update_mini_batch(examples, eta, **penalised, momentum=momentum)
    if not learning.is_finite():
        raise DivergenceError("the numbers of this step left the range of floats")
    before, after = (net.total_cost(examples, **penalised) for net in (network, learning))
    outcome = f"C = {short(before)} before this step, {short(after)} after it"
    sizes = "-".join(map(str, network.sizes))
    title = title or f"a mini-batch of {m} learnt by a {sizes} network"
    title += ", the second step with momentum" if mu else ""
    lmbda, n = penalised.get("lmbda", 0.0), penalised.get("n") or m
    parts = network, tuple(examples), tuple(names), mu
    return Scene(title, steps, (), outcome, eta, lmbda, n, *parts)


def require_small(network: Network, m: int = 1) -> int:
    """Return the number of weights and biases to record, each counted once for every use.

    Raises ArgumentError if it is too large for m examples.
    """
    count = max(network.parameter_count(), network.plan.products)
    shared = "" if count == network.parameter_count() else ", each counted at every place,"
    if count * m > LARGEST:
        each = f" times {m} examples" if m > 1 else ""
        raise ArgumentError(
            f"network: expected at most {LARGEST:,} weights and biases{shared}{each} "
            f"to step through, got {count * m:,}"
        )
    return count


def perceptron_scene(inputs: Sequence[float] = (0, 1, 1)) -> Scene:
    """Return the recording of the perceptron for the cheese festival, in both forms.

    The weights are 6 for the weather, 2 for company and 2 for public transport; the threshold is 5.
    """
    weights, x = Vector([6, 2, 2]), Vector(inputs)
    with record() as steps:
        threshold_output(weights, x, 5.0)
        perceptron_output(weights, x, -5.0)
    captions = ("with a threshold of 5", "with a bias of −5 instead")
    return Scene("a perceptron: three inputs, one yes or no", steps, captions)


def half_adder_scene(bits: Sequence[float] = (1, 1)) -> Scene:
    """Return the recording of the half adder, gate by gate; each gate is a NAND perceptron."""
    for bit in bits:
        if bit not in (0, 1):
            raise ArgumentError(f"input: expected two bits, each 0 or 1, got {describe(bit)}")
    p, q = map(int, bits)
    circuit = half_adder()
    with record() as steps:
        circuit.run([p, q])
    title = "the half adder: {} + {}, sum in {}, carry in {}".format(p, q, *circuit.outputs)
    return Scene(title, steps, tuple(map(str, circuit.gates)))


def bump_scene(x: float = 0.5) -> Scene:
    """Return the recording of chapter 4 at one x from 0 to 1: a bump, the target (113), a tower."""
    if not 0.0 <= finite_float(x, "input") <= 1.0:
        raise ArgumentError(f"input: expected a number from 0 to 1, got {describe(x)}")
    with record() as steps:
        bump(x, 100.0, 0.4, 0.6, 0.7)
        inverse_sigmoid(chapter_function(x))
        tower(x, 0.5, 100.0, [0.4, 0.6], [0.3, 0.7], 10.0)
    captions = ["a bump of height 0.7 from 0.4 to 0.6", "the chapter's function, f(x)"]
    captions += ["the target of the bumps, σ⁻¹(f(x))", f"a tower, at ({x:g}, 0.5)"]
    return Scene(f"bumps at x = {x:g}, with steps of w = 100", steps, tuple(captions))


def chain_scene(
    weights: Sequence[float] = (0.5, 2, -1, 4),
    biases: Optional[Sequence[float]] = None,
    x: float = 1.0,
    y: float = 0.0,
) -> Scene:
    """Return the recording of a chain of single neurons: forward, then the factors of ∂C/∂b_1.

    ``weights``, ``biases`` and the desired output y are those of ``tinynn.vanishing.Chain``. At the
    end b_1 changes by 0.01, and the change passes through the chain, (120).
    """
    chain = Chain(weights, biases, x, y)
    w, z = Vector([link.w for link in chain.links]), Vector([link.z for link in chain.links])
    said = [f"neuron {j // 2 + 1}: {'za'[j % 2]}" for j in range(2 * len(w))]
    said += ["the factors of ∂C/∂b_1", "∂C/∂b_1, their product times ∂C/∂a_L"]
    said += ["the estimated change of C for Δb_1 = 0.01"]
    with record() as steps:
        chain.network.forward(Vector([chain.x]))
        chain_factors(w, z)
        chain_gradient(w, z, chain.cost_derivative)
        chain_change(w, z, chain.cost_derivative, 0.01)
    captions = dict(zip(sorted({step.call for step in steps}), said))
    title = f"a chain of {len(w)} single neurons, C = (a_L - y)²/2, y = {short(chain.y)}"
    return Scene(title, steps, tuple(captions.get(i, "") for i in range(max(captions) + 1)))


def C(position: Vector) -> float:
    """Return C = v_1² + 2 v_2²."""
    v = position.entries
    return v[0] * v[0] + 2.0 * (v[1] * v[1])


@named(nabla="∂C/∂v")
def nabla_C(position: Vector) -> Vector:
    """Return ∇C = (2 v_1, 4 v_2)."""
    v = position.entries
    slopes = [2.0, 4.0]
    nabla = [0.0, 0.0]
    for j in range(len(nabla)):
        nabla[j] = slopes[j] * v[j]
    return Vector.wrap(nabla)


HESSIAN_OF_C = Matrix([[2, 0], [0, 4]])


def valley_scene(
    start: Sequence[float] = (2, 1),
    eta: float = 0.125,
    steps: int = 3,
    mu: float = 0.0,
    nesterov: bool = False,
    hessian: bool = False,
) -> Scene:
    """Return the recording of gradient descent in the valley C(v) = v_1² + 2 v_2².

    ``mu``, ``nesterov`` and ``hessian`` are as in ``tinynn.descend``; the Hessian of this valley
    is (2 0; 0 4) for every v.
    """
    require_count("steps", steps)
    mu = finite_float(mu, "mu")
    if hessian and (mu or nesterov):
        raise ArgumentError("hessian cannot go with mu and nesterov: leave them out")
    v = Vector(start)
    captions = []
    how = "Hessian steps" if hessian else "gradient descent"
    title = f"{how} in a valley from v = ({short(v[0])}, {short(v[1])}), η = {eta}"
    title += f", μ = {mu:g}" if mu else ""
    title += ", Nesterov's variant" if mu and nesterov else ""
    delta_v = Vector.zeros(len(v))
    with record(
        C, nabla_C, descent.momentum_step, descent.place_ahead, descent.moved_by
    ) as recording:
        for number in range(1, steps + 1):
            C(v)
            if hessian:
                delta_v = descent.hessian_step(HESSIAN_OF_C, nabla_C(v), eta)
                v = descent.moved_by(v, delta_v)
                parts = ["C", "∇C", "Δw = -η H⁻¹ ∇C", "v' = v + Δw"]
            elif mu:
                seen = descent.place_ahead(v, delta_v, mu) if nesterov else v
                delta_v = descent.momentum_step(nabla_C(seen), delta_v, eta, mu)
                v = descent.moved_by(v, delta_v)
                parts = ["C", "∇C", "Δv' = μ Δv - η ∇C", "v' = v + Δv'"]
                parts[1:2] = ["v + μ Δv", "∇C there"] if nesterov else ["∇C"]
            else:
                v = descent.updated_position(v, nabla_C(v), eta)
                parts = ["C", "∇C", "v' = v + Δv", "Δv"]
            captions += [f"step {number}: {part}" for part in parts]
        C(v)
        captions.append("at the end: C")
    if not isfinite(C(v)):
        blame = f"eta = {eta} is too large" + (f", or mu = {mu} too far from 0" if mu else "")
        raise DivergenceError(f"v or C left the range of floats: {blame}")
    return Scene(title, recording, tuple(captions))
