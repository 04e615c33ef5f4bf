"""The costs of a network, each with its error δ^L, and the penalties."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, Optional

from tinynn.activations import LINEAR, SIGMOID, SOFTMAX, Activation
from tinynn.equations.costs import (
    cross_entropy,
    l1_cost,
    l2_cost,
    log_likelihood,
    matched_error,
    quadratic,
    quadratic_derivative,
)
from tinynn.equations.dense import output_error
from tinynn.equations.momentum import l1_gradient, l2_gradient
from tinynn.equations.updates import l1_updated_weights, l2_updated_weights, updated_weights
from tinynn.errors import (
    ArgumentError,
    describe,
    require_function,
    require_kind,
    require_penalty,
)
from tinynn.layers.descriptions import Plan
from tinynn.layers.layer import Forward
from tinynn.linalg import Matrix, Vector, require_shares, require_whole


class Cost(NamedTuple):
    """A cost C_x of one example, with its name in files.

    ``derivative`` is ∂C_x/∂a. ``fits`` is the function of the output neurons whose σ' cancels
    against it, so that δ^L = a^L - y; without a derivative, the cost requires these neurons.
    ``require`` raises DataError for a desired output that the cost does not accept.
    """

    name: str
    value: Callable[[Vector, Vector], float]
    derivative: Optional[Callable[[Vector, Vector], Vector]] = None
    fits: Optional[Activation] = None
    require: Optional[Callable[[str, Vector], None]] = None

    def error(self, passed: Forward, y: Vector) -> Vector:
        """Return the error δ^L of the output layer, from its z^L, a^L and σ: (BP1).

        >>> QUADRATIC.error(Forward(Vector([0]), Vector([0.5]), SIGMOID), Vector([1]))
        Vector([-0.125])
        """
        nabla_a = self.derivative(passed.a, y)  # type: ignore[misc]
        return output_error(nabla_a, passed.z, passed.function)

    def of(self, function: Activation) -> Cost:
        """Return this cost for output neurons of this function: a MatchedCost if they fit.

        >>> type(QUADRATIC.of(SIGMOID)).__name__, type(QUADRATIC.of(LINEAR)).__name__
        ('Cost', 'MatchedCost')
        """
        fits = function == self.fits and not isinstance(self, MatchedCost)
        return MatchedCost(*self) if fits else self

    @property
    def may_be_infinite(self) -> bool:
        """Whether a finite output can have an infinite cost, as with a logarithm."""
        return self.derivative is None

    def __repr__(self) -> str:
        return f"<Cost {self.name}>"


class MatchedCost(Cost):
    """A cost with output neurons that fit it."""

    __slots__ = ()

    def error(self, passed: Forward, y: Vector) -> Vector:
        """Return the error δ^L of the output layer: (66), (68) or (84). σ' cancels out.

        >>> CROSS_ENTROPY.error(Forward(Vector([0]), Vector([0.5]), SIGMOID), Vector([1]))
        Vector([-0.5])
        """
        return matched_error(passed.a, y)


QUADRATIC = Cost("quadratic", quadratic, quadratic_derivative, LINEAR)
CROSS_ENTROPY = MatchedCost("cross-entropy", cross_entropy, None, SIGMOID, require_shares)
LOG_LIKELIHOOD = MatchedCost("log-likelihood", log_likelihood, None, SOFTMAX, require_whole)

COSTS: dict[str, Cost] = {each.name: each for each in (QUADRATIC, CROSS_ENTROPY, LOG_LIKELIHOOD)}


def cost_named(name: object) -> Cost:
    """Return the cost of this name.

    >>> cost_named("quadratic")
    <Cost quadratic>
    >>> cost_named("cubic")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: cost: expected quadratic, ... got 'cubic' ...
    """
    if isinstance(name, Cost):
        return _checked(name)
    if not isinstance(name, str) or name not in COSTS:
        *names, last = COSTS
        expected = f"{', '.join(names)} or {last}"
        raise ArgumentError(f"cost: expected {expected}, got {describe(name)}")
    return COSTS[name]


def _checked(cost: Cost) -> Cost:
    """Return a custom cost after checking its parts."""
    if not isinstance(cost.name, str):
        raise ArgumentError(f"cost name: expected a text, got {describe(cost.name)}")
    write = "Cost('quadratic', quadratic, quadratic_derivative)"
    require_function("cost value", cost.value, write, takes=2)
    if cost.derivative is not None or cost.fits is None:
        require_function("cost derivative", cost.derivative, write, takes=2)
    if cost.fits is not None:
        require_kind("cost fits", cost.fits, Activation, "SIGMOID")
    if cost.require is not None:
        require_function("cost require", cost.require, write, takes=2)
    return cost


def require_fit(plan: Plan, cost: Cost) -> None:
    """Raise ArgumentError unless the cost and the output neurons fit. It names a cost that fits.

    >>> require_fit(Plan([2, 1], "softmax"), QUADRATIC)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    tinynn.errors.ArgumentError: cost: softmax outputs require log-likelihood, got quadratic: ...
    """
    function = plan.output_function
    if function == cost.fits or (function != SOFTMAX and cost.derivative is not None):
        return
    fitting = next((each.name for each in COSTS.values() if each.fits == function), "quadratic")
    if function == SOFTMAX:
        expected = f"softmax outputs require {fitting}, got {cost.name}"
        raise ArgumentError(f"cost: {expected}: write cost={fitting!r}")
    fits = cost.fits.name if cost.fits else "other"
    last = f"Dense({plan.sizes[-1]}, {fits!r})"
    expected = f"{cost.name} requires {fits} outputs, got {function.name}"
    raise ArgumentError(f"cost: {expected}: write {last} for the last layer, or cost={fitting!r}")


Update = Callable[[Matrix, Matrix, float, int], Matrix]


class Penalty(NamedTuple):
    """A penalty λ/n on the weights: its name, cost and update.

    ``gradient`` is the gradient of the cost with the penalty, for momentum.
    """

    name: str
    cost: Callable[[float, Sequence[Matrix], float, int], float]
    updated_weights: Callable[[Matrix, Matrix, float, int, float, int], Matrix]
    gradient: Callable[[Matrix, Matrix, int, float, int], Matrix]

    def __repr__(self) -> str:
        return f"<Penalty {self.name}>"


L2 = Penalty("L2", l2_cost, l2_updated_weights, l2_gradient)
L1 = Penalty("L1", l1_cost, l1_updated_weights, l1_gradient)

PENALTIES = {each.name: each for each in (L2, L1)}


def penalty_named(name: object) -> Penalty:
    """Return the penalty of this name.

    >>> penalty_named("L2")
    <Penalty L2>
    """
    if not isinstance(name, str) or name not in PENALTIES:
        raise ArgumentError(f"penalty: expected {' or '.join(PENALTIES)}, got {describe(name)}")
    return PENALTIES[name]


def updating(lmbda: float, n: int, penalty: str) -> Update:
    """Return the function that updates weights: (20), or with a penalty (93) or (97)."""
    require_penalty(lmbda, n)
    found = penalty_named(penalty)
    if lmbda == 0.0:
        return updated_weights
    return partial(found.updated_weights, lmbda=lmbda, n=n)  # type: ignore[call-arg]
