"""Formulas: accepted and rejected text, and proved bounds."""

from __future__ import annotations

from math import cos, e, inf, isfinite, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tinynn import ArgumentError, DataError
from tinynn.formulas import Formula, extremes, goal_of, inverse_sigmoid_of, steepest
from tinynn.universality import CHAPTER_FORMULA, change, chapter_function, inverse_sigmoid

TERMS = st.recursive(
    st.sampled_from(["x", "y", "pi", "e", "2", "0.5", "3e-1"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(["+", "-", "*"]), inner).map(lambda t: f"({''.join(t)})"),
        st.tuples(st.sampled_from(["sin", "cos", "tanh", "abs"]), inner).map(
            lambda t: f"{t[0]}({t[1]})"
        ),
        st.tuples(inner, st.integers(0, 4)).map(lambda t: f"({t[0]})**{t[1]}"),
        inner.map(lambda t: f"-{t}"),
        inner.map(lambda t: f"1/(1 + ({t})**2)"),
        inner.map(lambda t: f"exp(-({t})**2)"),
        inner.map(lambda t: f"sqrt(0.1 + ({t})**2)"),
        inner.map(lambda t: f"log(1 + ({t})**2)"),
    ),
    max_leaves=5,
)


@pytest.mark.ch4
@given(st.floats(0, 1))
def test_the_chapters_function_as_a_formula_is_113(x: float) -> None:
    """(113), term by term."""
    assert Formula(CHAPTER_FORMULA)(x) == pytest.approx(chapter_function(x), rel=1e-12)


@pytest.mark.ch4
def test_the_slope_of_the_goal_is_28_and_not_7_as_of_f() -> None:
    """(113), (σ⁻¹): f is steepest with 7.00, σ⁻¹∘f with 28.1; f is from 0.0952 to 0.8529."""
    f = Formula(CHAPTER_FORMULA)
    goal = goal_of(f)
    assert goal.output == "sigmoid"
    assert goal.modulus == pytest.approx(28.13, abs=0.02)
    assert steepest(f.enclosed, 1) == pytest.approx(7.0, abs=0.01)
    assert goal_of(f, "linear").modulus == pytest.approx(7.0, abs=0.01)
    assert extremes(f.enclosed, 1) == pytest.approx((0.0952, 0.8535), abs=2e-3)
    assert goal.function(0.5) == inverse_sigmoid(f(0.5))
    slopes = [abs(goal.function(i / 5000) - goal.function((i + 1) / 5000)) for i in range(5000)]
    steepest_seen = 5000 * max(slopes)
    assert steepest_seen <= change(goal.modulus, 1.0) < 1.002 * steepest_seen


@settings(max_examples=60)
@given(TERMS, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_every_value_and_every_slope_is_within_the_proved_bounds(
    text: str, p: float, q: float, r: float, s: float
) -> None:
    """In any box, for any formula: intervals are rounded outwards."""
    try:
        f = Formula(text, 2)
    except DataError:  # a number that is too large
        return
    box = (min(p, q), max(p, q)), (min(r, s), max(r, s))
    found = f.enclosed(box)
    ends = [(x, y) for x in box[0] for y in box[1]]
    values = [f(*at) for at in ends]
    assert found.value[0] <= min(values)
    assert max(values) <= found.value[1]
    size = [max(abs(low), abs(high)) for low, high in found.slopes]
    reach = size[0] * (box[0][1] - box[0][0]) + size[1] * (box[1][1] - box[1][0])
    if isfinite(reach):
        rounding = 1e-9 * (1 + max(map(abs, values)))
        assert max(values) - min(values) <= reach + rounding


def test_a_bound_of_a_slope_is_near_the_slope() -> None:
    """A loose bound would build more bumps than necessary."""
    for text, slope in (("sin(7*x)", 7.0), ("x**3", 3.0), ("e**(-x)", 1.0), ("abs(x - 0.3)", 1.0)):
        assert steepest(Formula(text).enclosed, 1) == pytest.approx(slope, rel=1e-3)
    assert steepest(Formula("x*y").enclosed, 2) == pytest.approx(2.0, rel=1e-3)
    assert steepest(Formula("sqrt(x)").enclosed, 1) == inf


def test_a_formula_has_its_usual_value() -> None:
    """Names, constants, signs, powers, and precedence."""
    assert Formula("-2**2 + 3*-x")(1.0) == -7.0
    assert Formula("sin(pi*x) + e*cos(y) - y/4")(0.5, 1.0) == pytest.approx(
        sin(pi / 2) + e * cos(1.0) - 0.25
    )
    assert Formula("2**x*x**0.5")(0.25) == pytest.approx(2**0.25 * 0.5)
    assert Formula("x", 2).inputs == ("x", "y")
    assert repr(Formula(" x +  1")) == "Formula('x + 1')"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("__import__('os').system('true')", "expected numbers, x, y, pi, e,"),
        ("().__class__", "expected numbers"),
        ("math.sin(x)", "write sin"),
        ("x^2", r"write \*\* for powers"),
        ("2x", "which is not a formula; write 2"),
        ("z", "got z"),
        ("ln(x)", r"got ln\(x\)"),
        ("sin", "got sin"),
        ("sin(x, y)", "sin: expected one argument"),
        ("sin(*x)", "sin: expected one argument"),
        ("lambda: 1", "expected numbers"),
        ("[x for x in y]", "expected numbers"),
        ("x if x else y", "expected numbers"),
        ("x < y", "expected numbers"),
        ("x // 2", "expected numbers"),
        ("(x := 2)", "expected numbers"),
        ("True", "expected numbers"),
        ("'x'", "expected numbers"),
        ("2j", "expected numbers"),
        ("1e999", "too large"),
        ("9**9**9", "exponent from -100 to 100"),
        ("x**1000", "exponent from -100 to 100"),
        ("2**(1000*x)", "exponent from -100 to 100"),
        ("-" * 200 + "x", "nested"),
        ("(" * 240 + "x" + ")" * 240, "nested|not a formula"),
        ("x+" * 300 + "x", "at most 500 characters"),
        ("", "got nothing"),
        ("x; y", "not a formula"),
        ("x\x00", "expected numbers"),
        ("1/x", "1/x: expected a finite value at x = 0"),
        ("log(x)", r"log\(x\): expected a finite value at x = 0"),
        ("sqrt(x - 0.5)", "expected a finite value at x = 0"),
        ("(x - 0.5)**0.5", "expected a finite value at x = 0"),
        ("exp(1000*x)", "expected a finite value at x"),
        ("1/0", "1/0: expected a finite value"),
        ("x**x**x**9", r"x\*\*x\*\*x\*\*9: no bounds"),
        ("x²", r"write x\*\*2"),
    ],
)
def test_other_text_is_rejected_with_the_allowed_grammar(text: str, said: str) -> None:
    """Nothing is run, nothing takes long, and each error says what is allowed."""
    with pytest.raises((ArgumentError, DataError), match=said) as raised:
        Formula(text)
    assert "\n" not in str(raised.value)


def test_other_rejections() -> None:
    """A text, as many numbers as inputs, and bounds."""
    with pytest.raises(ArgumentError, match="expected a str"):
        Formula(3)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="expected 1 number"):
        Formula("x")(0.5, 0.5)
    with pytest.raises(DataError, match=r"1/\(x - 0.3\): no bounds of its values could be proved"):
        goal_of(Formula("1/(x - 0.3)"))
    with pytest.raises(DataError, match="it reaches 0 and 1: use a linear output"):
        goal_of(Formula("x"), "sigmoid")
    assert goal_of(Formula("x")).output == "linear"
    box = ((0.0, 0.5),)
    assert inverse_sigmoid_of(Formula("x").enclosed(box)).value == (-inf, inf)
