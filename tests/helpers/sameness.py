"""Whether an edited function of the engine is the same function: the same numbers in every call.

Arguments are drawn from the annotations of the original; a lesson's function uses its role's.
"""

from __future__ import annotations

import ast
import copy
import importlib
import math
import signal
import typing
from collections.abc import Callable, Sequence
from functools import cache, partial
from itertools import islice
from random import Random
from typing import Any

from tinynn import linalg
from tinynn.activations import ACTIVATIONS
from tinynn.teaching.claims import ROLES
from tinynn.teaching.programs import Program

CALLS, TRIES = 200, 2000  # how many calls of a function are drawn, and from how many
GRIDS: tuple[tuple[float, ...], ...] = (
    (0.0, 1.0),
    (0.0, 0.25, 0.5, 0.75, 1.0),
    (-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0),
    (-1.7, -0.9, -0.3, 0.2, 0.6, 1.3),
    (-1000.0, -700.5, -36.5, -0.001, 0.0, 0.001, 36.5, 1000.0),
)
# Of methods no calls are drawn: what is the same in them, and why.
REASONS = {
    ("_Neuron.weighted_input", "weighted_sum(Vector(inputs), self.weights)"): "x · w is w · x",
    ("DropoutLayer.forward", "masked_activation(activations, self.mask)"): "a ⊙ r is r ⊙ a",
}
Call = tuple[Callable[[], Any], list[Any]]  # what draws the arguments, always the same; the answer


def is_same(module: str, name: str, tree: ast.stmt) -> bool:
    """Return whether a changed function returns the same as the original in all calls.

    If no arguments can be drawn, return False. Methods are listed above.
    """
    text = ast.unparse(tree)
    if any(function == name and piece in text for function, piece in REASONS):
        return True
    owner = importlib.import_module(f"tinynn.{module}")
    try:
        calls = _calls_of(owner, name)
    except (KeyError, NameError):
        return False
    role = _role_of(owner, name)
    program = role.program() if role is not None else None
    if program is not None:
        units = {**program.units, name: tree}
        changed = Program(program.root, units, program.namespace).run()
    else:
        namespace = {**vars(owner)}
        exec(compile(ast.Module([tree], []), "<mutant>", "exec"), namespace)
        changed = namespace[name.rpartition(".")[2]]
    return bool(calls) and all(_alike(_answer(changed, make()), before) for make, before in calls)


@cache
def _calls_of(owner: Any, name: str) -> list[Call]:
    """Return calls with their answers; of a method, none."""
    original = vars(owner).get(name)
    if original is None:
        return []
    role = _role_of(owner, name)
    program = role.program() if role is not None else None
    if role is not None and program is not None:
        made = [partial(copy.deepcopy, [*trial.values()]) for trial in role.trials()]
        original = program.run()
    else:
        hints = typing.get_type_hints(original)
        hints.pop("return", None)
        draw = _drawn_maps if "shape" in hints else _drawn
        made = [partial(draw, hints, seed) for seed in range(TRIES)]
    answered = ((make, _answer(original, make())) for make in made)
    return [*islice((call for call in answered if call[1]), CALLS)]


def _role_of(owner: Any, name: str) -> Any:
    """Return the role of a lesson's own function, and None of the engine's functions."""
    if ".lessons." not in owner.__name__:
        return None
    return next(each for each in ROLES.values() if vars(owner)[name] in each.model[:1])


def _drawn_maps(names: dict[str, Any], seed: int) -> list[Any]:
    """Draw arguments of a convolution, or of pooling, by their names: F maps after G before."""
    rng = Random(seed)
    F, G, P, Q, R, S = (rng.randint(1, most) for most in (3, 3, 5, 5, 3, 3))
    R, S, grid = min(R, P), min(S, Q), rng.choice(GRIDS[:3])  # of these, sums are exact
    J, K = P - R + 1, Q - S + 1
    if "size" in names:
        F, J, K = G, P // R, Q // S
    if not {"size", "field"} & {*names}:  # the shape is that of the maps after
        G, P, Q = F, J, K

    def numbers(size: int) -> list[float]:
        return [rng.choice(grid) for _ in range(size)]

    sizes = {"biases": F, "activations": G * P * Q, "weighted_inputs": G * P * Q}
    sizes.update({"error": F * J * K, "next_error": F * J * K})
    made: dict[str, Any] = {"shape": (G, P, Q), "field": (R, S), "size": (R, S), "sums": None}
    made["function"] = rng.choice([*ACTIVATIONS.values()])
    for name in names:
        if name in sizes:
            made[name] = linalg.Vector(numbers(sizes[name]))
        elif name.endswith("weights"):
            made[name] = linalg.Matrix([numbers(G * R * S) for _ in range(F)])
        elif name == "sums" and rng.random() < 0.5:
            rows = [numbers(G * R * S) for _ in range(F)]
            made[name] = linalg.Matrix(rows) if "field" in names else linalg.Vector(numbers(F))
    return [made[name] for name in names]


def _drawn(hints: dict[str, Any], seed: int) -> list[Any]:
    """Draw arguments by their annotations, of two sizes, so that many of them fit together."""
    rng = Random(seed)
    sizes = rng.randint(1, 3), rng.randint(1, 3)
    return [_of(hint, rng, sizes) for hint in hints.values()]


def _of(hint: Any, rng: Random, sizes: tuple[int, int]) -> Any:
    grid, J, K = rng.choice(GRIDS), rng.choice(sizes), rng.choice(sizes)
    rows = [[rng.choice(grid) for _ in range(K)] for _ in range(J)]
    inner = [*typing.get_args(hint), None][0]
    kind = typing.get_origin(hint) or hint
    makers: dict[str, Callable[[], Any]] = {
        "float": lambda: rows[0][0],
        "int": lambda: rng.randint(1, 9),
        "Vector": lambda: linalg.Vector(rows[0]),
        "Matrix": lambda: linalg.Matrix(rows),
        "Activation": lambda: rng.choice([*ACTIVATIONS.values()]),
        "Union": lambda: _of(inner, rng, sizes) if rng.random() < 0.7 else None,
        "Sequence": lambda: [_of(inner, rng, sizes) for _ in range(J)],
        "Callable": lambda: _valley,
        "Gradient": lambda: hint([linalg.Vector(rows[0])], [linalg.Matrix(rows)]),
    }
    return makers[getattr(kind, "__name__", None) or kind._name]()


def _valley(v: Any) -> float:
    at = [v] if isinstance(v, float) else v
    return float(sum((j + 1.5) * at[j] ** 3 + 2.0 * at[0] * at[j] for j in range(len(at))))


def _answer(function: Callable[..., Any], arguments: Sequence[Any]) -> list[Any]:
    """Return the numbers of an answer in one list; of an error, or of what takes long, none."""
    before = signal.signal(signal.SIGVTALRM, _late)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0.2)
    try:
        return _flat(function(*arguments))
    except Exception:
        return []
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
        signal.signal(signal.SIGVTALRM, before)


def _late(signum: int, frame: object) -> None:
    raise TimeoutError


def _flat(value: Any) -> list[Any]:
    value = getattr(value, "entries", getattr(value, "rows", value))
    if not isinstance(value, (list, tuple)):
        return [value]
    return [len(value), *(number for part in value for number in _flat(part))]


def _alike(one: list[Any], other: list[Any]) -> bool:
    return len(one) == len(other) and all(map(_near, one, other))


def _near(p: Any, q: Any) -> bool:
    """Say whether two numbers are the same but for rounding."""
    return bool(p == q or (type(p) is type(q) is float and math.isclose(p, q, rel_tol=1e-9)))
