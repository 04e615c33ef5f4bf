"""The exercises: their blanks fail with a clear report, and the right answers pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from tinynn.teaching.grader import grade

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"

# The right text for each `...` in the code, in order.
ANSWERS = {
    "exercise_perceptron": [
        "weights[j] * inputs[j]",
        "z > 0",
        "3",
        "nand(both, both)",
        "1 / (1 + math.exp(-z))",
        "math.exp(z) / (1 + math.exp(z))",
        "weights[j] * inputs[j]",
        "sigmoid(z)",
    ],
    "exercise_descent": [
        "(desired[j] - outputs[j]) ** 2",
        "total / 2",
        "v[j] - eta * gradient[j]",
        "gradient[j]",
        "total / m",
        "biases[j] - eta / m * nabla_sum[j]",
        "list(examples)",
        "start + size",
    ],
    "exercise_backprop": [
        "a * (1 - a)",
        "weights[j][k] * activations[k]",
        "a - y",
        "cost_derivative[j] * sigmoid_prime(weighted_inputs[j])",
        "next_weights[k][j] * next_error[k]",
        "total * sigmoid_prime(weighted_inputs[j])",
        "error",
        "activations[k] * error[j]",
        "activations[l]",
        "weights[l]",
    ],
    "exercise_costs": [
        "y * math.log(a)",
        "(1 - y) * math.log(1 - a)",
        "-total",
        "-math.log(outputs[right])",
        "math.exp(z - largest)",
        "math.exp(z - largest) / total",
        "a - y",
        "w ** 2",
        "cost + lmbda / (2 * n) * total",
        "abs(w)",
        "cost + lmbda / n * total",
    ],
    "exercise_regularization": [
        "(1 - eta * lmbda / n) * weights[j][k]",
        "eta * lmbda / n * sgn(weights[j][k])",
        "mu * velocity[j]",
        "eta / m * nabla_sum[j]",
        "r * a",
        "accuracies[best]",
        "i + 1",
    ],
    "exercise_bumps": [
        "-b / w",
        "-w * s",
        "w * (x - first)",
        "w * (x - last)",
        "height * rising - height * falling",
        "i / n",
        "(i + 1) / n",
        "math.log(y / (1 - y))",
        "slope / (2 * error)",
        "(0.5 - inputs) * height",
        "z + 0.5",
        "z - 0.5",
    ],
    "exercise_vanishing": [
        "sigmoid_prime(weighted_inputs[0])",
        "weights[j] * sigmoid_prime(weighted_inputs[j])",
        "cost_derivative",
        "4",
        "2 / size * math.log(r)",
        "sum(column) / len(column)",
        "mean ** 2",
        "math.sqrt(squares)",
        "-w1 / 2",
        "4 / w1",
    ],
    "exercise_convolution": [
        "len(image[0]) - len(weights[0]) + 1",
        "weights[r][s] * image[j + r][k + s]",
        "(j + r) * columns + k + s",
        "activations[j + r][k + s] * error[j][k]",
        "sum(row)",
        "weights[r][s] * next_error[j][k]",
        "slope_of_sigma(weighted_inputs[p][q])",
        "activations[j * size + r][k * size + s]",
        "weighted_inputs[p][q]",
        "slope_of_sigma(weighted_inputs[p][q])",
    ],
}


def halves(name: str) -> tuple[str, str, str]:
    """Return the docstring of an exercise, its functions, and its main program."""
    text = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    _, docstring, rest = text.split('"""', 2)
    functions, shown = rest.split('if __name__ == "__main__":')
    return docstring, functions, shown


def filled_in(name: str, answers: list[str]) -> str:
    """Return the functions of an exercise with answers instead of its first blanks."""
    _, functions, _ = halves(name)
    assert functions.count("...") == len(ANSWERS[name])
    before, *after = functions.split("...")
    return before + "".join(answer + text for answer, text in zip(answers, after))


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_exercise_says_how_to_check_it(name: str) -> None:
    """The docstring has the command, and explains the blanks."""
    docstring, _, _ = halves(name)
    assert f"tinynn grade {name}.py" in docstring
    assert "`...`" in docstring


@pytest.mark.parametrize("name", sorted(ANSWERS))
@pytest.mark.slow
def test_every_blank_fails_and_is_called_a_blank(name: str) -> None:
    """Without answers, claims about a blank fail, and the report names the line of the blank."""
    path = EXAMPLES / f"{name}.py"
    report = grade(str(path))
    assert not report.passed
    lines = path.read_text(encoding="utf-8").splitlines()
    for row in report.rows:
        if not row.passed:
            assert row.kind == "blank", row
            assert "..." in lines[(row.line or 0) - 1], row
    assert {row.function for row in report.rows if row.passed} <= {"sigmoid", "sigmoid_prime"}


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_an_exercise_filled_in_passes(name: str, tmp_path: Path) -> None:
    """Every claim holds, and the file runs."""
    path = tmp_path / f"{name}.py"
    path.write_text(filled_in(name, ANSWERS[name]), encoding="utf-8")
    report = grade(str(path))
    assert report.passed, [row for row in report.rows if not row.passed]


# Every blank of chapter 3, and the last one of the others, which are slower to grade.
CHAPTER_3 = ("exercise_costs", "exercise_regularization")
BLANKS = [
    (name, blank)
    for name, answers in sorted(ANSWERS.items())
    for blank in range(0 if name in CHAPTER_3 else len(answers) - 1, len(answers))
]


@pytest.mark.parametrize(("name", "blank"), BLANKS)
@pytest.mark.slow
def test_each_single_blank_is_noticed(name: str, blank: int, tmp_path: Path) -> None:
    """With one blank left, some claim fails as a blank, and none in another way."""
    path = tmp_path / f"{name}.py"
    answers = [*ANSWERS[name]]
    answers[blank] = "..."
    functions = filled_in(name, answers)
    assert functions.count("...") == 1
    path.write_text(functions, encoding="utf-8")
    report = grade(str(path), time_limit=60.0)
    assert {row.kind for row in report.rows} == {"", "blank"}
