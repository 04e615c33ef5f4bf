# right: type hints, while loops, symmetric differences
from typing import Callable, List

H = 1e-5


def numerical_derivative(cost: Callable[[float], float], v: float) -> float:
    ahead: float = cost(v + H)
    behind: float = cost(v - H)
    return (ahead - behind) / (2 * H)


def numerical_gradient(cost: Callable[[List[float]], float], v: List[float]) -> List[float]:
    slopes: List[float] = []
    j = 0
    while j < len(v):
        ahead = [float(x) for x in v]
        behind = [float(x) for x in v]
        ahead[j] += H
        behind[j] -= H
        slopes.append((cost(ahead) - cost(behind)) / (2 * H))
        j += 1
    return slopes


def descent_step(gradient: List[float], eta: float) -> List[float]:
    step: List[float] = []
    j = 0
    while j < len(gradient):
        step.append(-eta * gradient[j])
        j += 1
    return step


def update(v: List[float], gradient: List[float], eta: float) -> List[float]:
    return [x + dx for x, dx in zip(v, descent_step(gradient, eta))]


def cost_change(gradient: List[float], delta_v: List[float]) -> float:
    change, j = 0.0, 0
    while j < len(gradient):
        change += gradient[j] * delta_v[j]
        j += 1
    return change
