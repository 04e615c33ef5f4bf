"""The adapter: lists, arrays, columns and tinynn's types in; plain numbers or one sentence out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence
from fractions import Fraction
from math import exp, nan
from typing import Any, Optional

import numpy as np
import numpy.typing as npt
import pytest

from tinynn import Matrix, Vector
from tinynn.equations import hidden_error
from tinynn.teaching import CLAIMS, AnswerError, ClaimError
from tinynn.teaching.adapt import adapted, plain
from tinynn.teaching.claims import ROLES

Array = npt.NDArray[np.float64]
UPDATE, BP2, BACKPROP = ROLES["update"], ROLES["hidden_error"], ROLES["backprop"]
CALL: tuple[Any, ...] = ([[1, 2], [3, 4]], [0.5, 1], [0, 0])


def in_lists(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) over lists; arrays work as well."""
    total = [sum(w[k][j] * d[k] for k in range(len(d))) for j in range(len(z))]
    return [t * exp(-x) / (1 + exp(-x)) ** 2 for t, x in zip(total, z)]


def in_arrays(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) over arrays: a list has no .T."""
    return w.T @ d * np.exp(-z) / (1 + np.exp(-z)) ** 2


def in_columns(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) as in the book's program, which rejects a flat vector."""
    assert d.shape[1] == z.shape[1] == 1
    return in_arrays(w, d, z)


def with_our_types(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) with tinynn's Vectors: neither a list nor an array has .hadamard()."""
    return (w.transpose() @ d).hadamard(z.map(lambda x: exp(-x) / (1 + exp(-x)) ** 2))


@pytest.mark.parametrize(
    ("function", "form"),
    [
        (in_lists, "lists"),
        (in_arrays, "arrays"),
        (in_columns, "columns"),
        (with_our_types, "tinynn"),
        (hidden_error, "tinynn"),
    ],
)
def test_a_function_is_called_in_its_own_form(function: Callable[..., Any], form: str) -> None:
    """In each form it returns plain numbers, and keeps the claim."""
    call = adapted(function, BP2)
    assert call.form == form
    assert call(*CALL) == pytest.approx([0.875, 1.25])
    assert call(Matrix([[1, 2], [3, 4]]), Vector([0.5, 1]), Vector([0, 0])) == call(*CALL)
    CLAIMS["bp2"].check(function)


def in_rows(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) over rows of shape (1, n)."""
    assert d.shape[0] == z.shape[0] == 1
    return d @ w * np.exp(-z) / (1 + np.exp(-z)) ** 2


def test_row_vectors_are_the_last_form_tried() -> None:
    """A function of row vectors gets them, after all other forms have failed."""
    call = adapted(in_rows, BP2)
    assert call.form == "rows"
    assert call.form_in_words == "NumPy rows of shape (1, n) for vectors"
    assert call(*CALL) == pytest.approx([0.875, 1.25])
    CLAIMS["bp2"].check(in_rows)


def in_single(w: Any, d: Any, z: Any) -> Any:
    """Return (BP2) in single precision."""
    return in_arrays(*(np.asarray(each, "float32") for each in (w, d, z)))


def test_single_precision_keeps_a_claim_and_a_wrong_sign_does_not() -> None:
    """The tolerance fits the numbers: the next one after 1 is 2^-23 away."""
    assert adapted(in_arrays, BP2).rounding == 0.0
    call = adapted(in_single, BP2)
    call(*CALL)
    assert call.rounding == 2.0**-23
    CLAIMS["bp2"].check(in_single)
    CLAIMS["weighted-sum"].check(lambda w, x: float(np.dot(np.float32(w), np.float32(x))))
    with pytest.raises(ClaimError):
        CLAIMS["bp2"].check(lambda w, d, z: -in_single(w, d, z))
    with pytest.raises(ClaimError):
        CLAIMS["bp2"].check(lambda w, d, z: 1.0001 * in_single(w, d, z))
    half = adapted(lambda v, g, eta: np.asarray(v, "f2") - np.float16(eta) * g, UPDATE)
    half([1, 2], [3, 4], 0.5)
    assert half.rounding == 2.0**-10


def annotated_lists(v: list[float], gradient: Sequence[float], eta: float) -> list[float]:
    """Return v, a list by annotation."""
    assert type(v) is list
    return v


def annotated_arrays(v: Array, gradient: Array, eta: float) -> Array:
    """Return v, an array by annotation."""
    assert isinstance(v, np.ndarray)
    return v


def annotated_ours(v: Vector, gradient: Optional[Vector], eta: float) -> Vector:
    """Return v, a Vector by annotation."""
    assert isinstance(v, Vector)
    return v


def annotated_nonsense(v: "no such thing", gradient: 3, eta: float) -> Any:  # type: ignore # noqa: F722, F821
    """Return v; the annotations mean nothing, and decide nothing."""
    return v


@pytest.mark.parametrize(
    ("function", "form"),
    [
        (annotated_lists, "lists"),
        (annotated_arrays, "arrays"),
        (annotated_ours, "tinynn"),
        (annotated_nonsense, "lists"),
    ],
)
def test_annotations_decide_first(function: Callable[..., Any], form: str) -> None:
    """They decide even if the answer is wrong."""
    call = adapted(function, UPDATE)
    assert call.form == form
    assert call([1, 2], [3, 4], 0.5) == [1.0, 2.0]


def test_a_wrong_function_is_called_in_the_first_form_that_works() -> None:
    """A wrong answer of the right shape shows the form as well as a right answer."""
    assert adapted(lambda v, g, eta: v + eta * g, UPDATE).form == "arrays"
    assert adapted(lambda v, g, eta: [a + eta * b for a, b in zip(v, g)], UPDATE).form == "lists"
    assert adapted(lambda v, g, eta: v.hadamard(g), UPDATE).form == "tinynn"


def test_the_imports_of_a_failing_function_decide_its_form() -> None:
    """It gets arrays if its file imports NumPy, or else lists."""
    assert adapted(lambda v, g, eta: np.zeros(v.nothing), UPDATE).form == "arrays"
    names: dict[str, Any] = {}
    exec("def fails(v, g, eta): return v.nothing", names)
    assert adapted(names["fails"], UPDATE).form == "lists"


def dot_without_transpose(a: Any, delta: Any) -> Any:
    """Return (BP4) over columns, without the transpose."""
    return np.dot(delta, a)


def columns_asked_for(w: Any, delta: Any, z: Any) -> Any:
    """Check for a column in (BP2), and fail."""
    assert z.shape[1] == 1
    return np.dot(w, delta)[99]


def arrays_with_a_matrix_shape(w: Any, delta: Any, z: Any) -> Any:
    """Return (BP2) over one-dimensional arrays; only the matrix has a shape."""
    return [sum(w[k, j] * delta[k] for k in range(w.shape[1] + 9)) for j in range(len(z))]


@pytest.mark.parametrize(
    ("function", "role", "form"),
    [
        (dot_without_transpose, "weight_gradient", "columns"),
        (columns_asked_for, "hidden_error", "columns"),
        (arrays_with_a_matrix_shape, "hidden_error", "arrays"),
    ],
)
def test_a_failing_function_gets_columns_if_its_source_mentions_them(
    function: Callable[..., Any], role: str, form: str
) -> None:
    """The reported error is then the one that columns cause."""
    assert adapted(function, ROLES[role]).form == form


def test_a_message_names_the_form_unless_it_is_plain_lists() -> None:
    """The form is beside the call, in a message and in a report."""
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp4"].check(dot_without_transpose)
    assert "\n  with NumPy columns of shape (n, 1) for vectors\n" in str(raised.value)
    with pytest.raises(ClaimError) as raised:
        CLAIMS["bp4"].check(lambda a, d: [[-p * q for p in a] for q in d])
    assert raised.value.counterexample.form == ""
    assert adapted(np.exp, ROLES["sigmoid"]).form_in_words == ""


def test_numpy_is_never_imported_for_a_function_that_does_not_use_it() -> None:
    """Judging a file of plain lists does not import NumPy."""
    code = (
        "import sys; from tinynn.teaching import CLAIMS\n"
        "CLAIMS['bp3'].check(lambda error: error); print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_arguments_are_fresh_copies_and_only_the_answer_counts() -> None:
    """A change of an argument in place is visible only in ``handed``."""
    v, gradient = [1.0, 2.0], [4.0, 8.0]

    def in_place(v: Any, gradient: Any, eta: float) -> Any:
        for j in range(len(v)):
            v[j] -= eta * gradient[j]
        gradient[0] = 99.0
        return v

    call = adapted(in_place, UPDATE)
    assert call(v, gradient, 0.25) == call(v, gradient, 0.25) == [0.0, 0.0]
    assert (v, gradient) == ([1.0, 2.0], [4.0, 8.0])
    assert call.handed["gradient"] == [99.0, 8.0]
    CLAIMS["descent-step"].check(in_place)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "the answer: expected a vector, a row of numbers, got None: is there a return?"),
        (0.5, "the answer: expected a vector, a row of numbers, got 0.5"),
        ("12", "the answer: expected a vector, a row of numbers, got '12' (a str)"),
        ({0: 1.0}, "the answer: expected a vector, a row of numbers, got a dict"),
        ([1.0, nan], "the answer, entry 1: expected a finite number, got nan"),
        ([1.0, "x"], "the answer, entry 1: expected a number, got 'x' (a str)"),
        ([1.0, None], "the answer, entry 1: expected a number, got None: is it never filled in?"),
        ([1.0, 1j], "the answer, entry 1: expected a number, got a complex"),
        ([[1.0, 2.0], [3.0]], "the answer, entry 0: expected a number, got a list of 2"),
        (
            np.zeros((3, 2)),
            "the answer: expected a vector, a row of numbers, got an array of shape (3, 2)",
        ),
        (
            np.zeros((2, 1, 1)),
            "the answer: expected a vector, a row of numbers, got an array of shape (2, 1, 1)",
        ),
        (np.array(0.5), "the answer: expected a vector, a row of numbers, got 0.5"),
        (
            [[1.0, 2.0], [3.0, 4.0]],
            "the answer: expected a vector, a row of numbers, got a list of 2, of shape (2, 2)",
        ),
        (np.array([1.0, np.inf]), "the answer, entry 1: expected a finite number, got inf"),
    ],
)
def test_an_answer_that_is_no_vector_is_reported_in_one_sentence(answer: Any, words: str) -> None:
    """The sentence has the place, the expected and the actual value."""
    with pytest.raises(AnswerError) as raised:
        adapted(lambda v, g, eta: answer, UPDATE)([1, 2], [3, 4], 1)
    assert str(raised.value) == words


@pytest.mark.parametrize(
    ("role", "answer", "read"),
    [
        ("perceptron", True, 1.0),
        ("perceptron", np.float64(0.5), 0.5),
        ("perceptron", np.array([[0.5]]), 0.5),
        ("perceptron", np.array(1), 1.0),
        ("perceptron", Fraction(1, 2), 0.5),
        ("update", (1, 2), [1.0, 2.0]),
        ("update", np.array([[1], [2]]), [1.0, 2.0]),
        ("update", Vector([1, 2]), [1.0, 2.0]),
        ("update", (x for x in (1, 2)), [1.0, 2.0]),
        ("update", np.array([[1, 2]]), [1.0, 2.0]),
        ("update", [[1], [2]], [1.0, 2.0]),
        ("update", [np.array([1]), np.array([2])], [1.0, 2.0]),
        ("update", Matrix([[1], [2]]), [1.0, 2.0]),
        ("update", np.array([1, 2], np.float16), [1.0, 2.0]),
        ("bias_gradient", np.array([[1, 2]]), [1.0, 2.0]),
        ("backprop", ([[[1]]], [np.array([[2, 3]])]), [[[1.0]], [[[2.0, 3.0]]]]),
        ("backprop", ([np.ones((2, 1))], [np.ones((2, 1))]), [[[1, 1]], [[[1], [1]]]]),
        ("half_adder", (np.bool_(True), False), [1.0, 0.0]),
        ("weight_gradient", Matrix([[1, 2]]), [[1.0, 2.0]]),
        ("weight_gradient", np.array([[1, 2]]), [[1.0, 2.0]]),
        ("backprop", ([Vector([1])], [Matrix([[2]])]), [[[1.0]], [[[2.0]]]]),
        ("backprop", ([np.array([[1]])], [np.array([[2]])]), [[[1.0]], [[[2.0]]]]),
        ("mini_batches", [[(1, 1)], np.array([[2, 4]])], [[(1, 1)], [(2, 4)]]),
    ],
)
def test_every_type_of_answer_is_read(role: str, answer: Any, read: Any) -> None:
    """Tuples, generators, arrays, NumPy's numbers, tinynn's types."""
    kind = ROLES[role]
    call = adapted(lambda *arguments: None, kind)
    call.function = lambda *arguments: answer
    assert call(**kind.example.arguments) == read


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (([None], [[[1.0]]]), "nabla_b[0]: expected a vector, a row of numbers, got None: is it"),
        (([1.0],), "expected a pair (nabla_b, nabla_w), got 1 part"),
        (([[1.0]], [[1.0]]), "nabla_w[0]: expected a matrix, rows of numbers, got a list of 1"),
        (
            ([[1.0]], [np.zeros(3)]),
            "nabla_w[0]: expected a matrix, rows of numbers, got an array of shape (3,)",
        ),
        (([[[1.0]]], [[1.0]]), "expected a pair (nabla_b, nabla_w), got (nabla_w, nabla_b)"),
        (([1.0], [[[1.0]]]), "nabla_b[0]: expected a vector, a row of numbers, got 1.0"),
        (([[nan]], [[[1.0]]]), "nabla_b[0], entry 0: expected a finite number, got nan"),
    ],
)
def test_a_gradient_of_another_shape_is_reported_with_its_wrong_part(
    answer: Any, words: str
) -> None:
    """The message names nabla_b or nabla_w, and the layer."""
    with pytest.raises(AnswerError) as raised:
        adapted(lambda b, w, x, y: answer, BACKPROP)(**BACKPROP.example.arguments)
    assert words in str(raised.value)


def test_a_circuit_may_take_its_bits_one_by_one_or_as_a_list() -> None:
    """The answer must be a function."""
    role = ROLES["build_circuit"]
    apart = adapted(lambda table: lambda p, q: table[2 * p + q], role)([0, 1, 1, 0])
    listed = adapted(lambda table: lambda bits: table[2 * bits[0] + bits[1]], role)([0, 1, 1, 0])
    assert [apart(1, 0), listed(1, 0), apart(1, 1), listed(1, 1)] == [1, 1, 0, 0]
    with pytest.raises(AnswerError, match="expected a function of bits, got a list of 2"):
        adapted(lambda table: [0, 1], role)([0, 1])


def test_a_circuit_is_called_once_and_its_errors_are_raised() -> None:
    """After a TypeError in its body it is not called again with a list."""
    calls: list[tuple[Any, ...]] = []

    def broken(*bits: int) -> float:
        calls.append(bits)
        return bits[0] + None  # type: ignore[operator]

    circuit = adapted(lambda table: broken, ROLES["build_circuit"])([0, 1, 1, 0])
    calls.clear()
    with pytest.raises(TypeError, match="unsupported operand"):
        circuit(0, 1)
    assert calls == [(0, 1)]


@pytest.mark.parametrize("listed", [False, True])
def test_a_circuit_of_one_bit_is_called_like_one_of_two(listed: bool) -> None:
    """Its one parameter does not show whether it is a bit or a list of one bit."""

    def build(table: list[int]) -> Callable[..., int]:
        if listed:
            return lambda bits: table[sum(bit << i for i, bit in enumerate(reversed(bits)))]
        return (lambda p: table[p]) if len(table) == 2 else (lambda p, q: table[2 * p + q])

    circuit = adapted(build, ROLES["build_circuit"])([1, 0])
    assert [circuit(0), circuit(1)] == [1.0, 0.0]


def test_mini_batches_may_be_cut_from_an_array() -> None:
    """A function that indexes with a permutation gets an array of pairs."""

    def by_permutation(examples: Any, size: int, rng: Any) -> Any:
        order = list(range(len(examples)))
        rng.shuffle(order)
        mixed = examples[order]
        return [mixed[i : i + size] for i in range(0, len(mixed), size)]

    assert adapted(by_permutation, ROLES["mini_batches"]).form == "arrays"
    for claim in ("mini-batches-cover", "mini-batches-mix", "mini-batches-leave-data"):
        CLAIMS[claim].check(by_permutation)


def test_a_whole_data_set_may_be_one_array() -> None:
    """outputs_list - desired_list works over arrays, and so does .mean(axis=0)."""
    CLAIMS["mean-cost"].check(lambda a, y: np.sum((y - a) ** 2) / (2 * len(a)))
    CLAIMS["mini-batch-mean"].check(lambda gradients: gradients.mean(axis=0))
    CLAIMS["numerical-gradient"].check(
        lambda C, v: [(C(v + h) - C(v - h)) / 2e-4 for h in 1e-4 * np.eye(len(v))]
    )


def test_backpropagation_over_columns_keeps_its_claim() -> None:
    """In the book's shapes, biases and activations are columns."""

    def backprop(biases: Any, weights: Any, x: Any, y: Any) -> Any:
        a, z = [x], []
        for b, w in zip(biases, weights):
            z.append(np.dot(w, a[-1]) + b)
            a.append(1 / (1 + np.exp(-z[-1])))
        delta = (a[-1] - y) * a[-1] * (1 - a[-1])
        nabla_b, nabla_w = [delta], [np.dot(delta, a[-2].transpose())]
        for l in range(2, len(a)):
            s = a[-l] * (1 - a[-l])
            delta = np.dot(weights[-l + 1].transpose(), delta) * s
            nabla_b.insert(0, delta)
            nabla_w.insert(0, np.dot(delta, a[-l - 1].transpose()))
        return nabla_b, nabla_w

    assert adapted(backprop, BACKPROP).form == "columns"
    CLAIMS["backprop"].check(backprop)


def test_plain_turns_all_types_into_lists_of_numbers() -> None:
    """A tuple of a Vector, a Matrix, an array and a number becomes nested lists."""
    assert plain(([Vector([1])], Matrix([[2]]), np.array([3]), 4)) == [[[1]], [[2]], [3], 4]
