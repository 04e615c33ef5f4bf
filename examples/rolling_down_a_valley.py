"""A ball rolls down a valley of two variables, and with too large an eta it flies out.

Each step is Δv = -η ∇C, equation (10) of chapter 1, and the fall of C is close to the estimate
∇C · Δv of equation (9) as long as η is small. Here C = v1² + 4 v2², whose steepest curve allows
η up to 1/4: beyond that every step overshoots by more than the one before.
"""

from tinynn import DivergenceError, Vector, descend
from tinynn.descent import cost_change

START = (3.0, 1.0)


def C(v: Vector) -> float:
    """The height of the valley at v."""
    return v[0] ** 2 + 4 * v[1] ** 2


def gradient(v: Vector) -> Vector:
    """The slopes of C along v1 and v2."""
    return Vector([2 * v[0], 8 * v[1]])


print("eta = 0.05, the gradient found numerically")
print("step      v1      v2        C   estimated change of C")
for step in descend(C, START, eta=0.05, steps=41):
    if step.number in (0, 1, 2, 3, 5, 10, 20, 40):
        estimate = cost_change(step.gradient, step.delta_v)
        v1, v2 = step.v
        print(f"{step.number:4}  {v1:6.3f}  {v2:6.3f}  {step.cost:7.4f}  {estimate:8.4f}")

for eta in (0.2, 0.24, 0.26, 1.0):
    print(f"\neta = {eta}, the exact gradient: C is ", end="")
    try:
        for step in descend(C, START, eta, steps=1000, gradient=gradient):
            if step.number < 5 or step.number == 999:
                print(f"{'… ' if step.number == 999 else ''}{step.cost:.3g}", end="  ")
    except DivergenceError as error:
        print(f"\n  {error}", end="")
print()
