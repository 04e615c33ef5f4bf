"""The baselines of chapter 1: random guesses, average darkness and an SVM."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.mnist import FOLDER, needs_mnist
from tests.terminal import run
from tinynn import DataError, ShapeError, load_digits, load_mnist
from tinynn.baselines import AverageDarkness, darknesses, random_guess
from tinynn.datasets import Examples
from tinynn.datasets.idx import IdxArray

pytestmark = pytest.mark.ch1


def images_of(darkness: list[int], labels: list[int]) -> Examples:
    """Return images of one pixel each."""
    return Examples(IdxArray((len(labels), 1, 1), bytes(darkness)), bytes(labels), scale=1)


def test_a_guess_is_right_one_time_in_ten() -> None:
    """Over twenty seeds the mean is 50 of 500, give or take; the same seed guesses the same."""
    test = load_digits().test
    rights = [random_guess(test, seed=seed) for seed in range(20)]
    assert 45 < sum(rights) / 20 < 55
    assert random_guess(test, seed=3) == rights[3]


def test_darkness_is_the_sum_of_the_pixels() -> None:
    """The same numbers as from the vectors that a network sees."""
    part = load_digits().validation[5:25]
    assert list(darknesses(part)) == [sum(x) for x, _ in part]


def test_the_answer_is_the_digit_whose_average_is_closest() -> None:
    """Averages 10 and 30: below 20 it is a 1, above it is an 8, and at 20 the smaller."""
    darkness = AverageDarkness(images_of([5, 15, 30], [1, 1, 8]))
    assert darkness.averages == {1: 10.0, 8: 30.0}
    assert [darkness.answer(x) for x in (0, 19, 20, 21, 99)] == [1, 1, 1, 8, 8]
    assert darkness.evaluate(images_of([12, 25, 40, 40], [1, 1, 8, 3])) == 2


def test_images_that_cannot_be_compared_are_rejected() -> None:
    """No training examples, or images of another size."""
    with pytest.raises(DataError, match="expected at least one example, got none"):
        AverageDarkness(load_digits().training[:0])
    with pytest.raises(ShapeError, match="expected images of 1×1 pixels, got 8×8"):
        AverageDarkness(images_of([1], [1])).evaluate(load_digits().test)


def test_the_command_prints_one_line_for_each_baseline() -> None:
    """What the library computes."""
    done = run("baseline", "--seed", "3")
    digits = load_digits()
    assert done.returncode == 0, done.stderr
    guess, darkness = done.stdout.splitlines()
    assert guess.split()[:3] == ["random", "guess", str(random_guess(digits.test, seed=3))]
    right = AverageDarkness(digits.training).evaluate(digits.test)
    assert darkness.split() == f"average darkness {right} / 500 {right / 5:.2f} %".split()


def test_without_scikit_learn_one_line_says_what_to_install() -> None:
    """Before anything is computed."""
    code = (
        "import sys, importlib.util as u; find = u.find_spec;"
        "u.find_spec = lambda name, *a: None if name == 'sklearn' else find(name, *a);"
        "from tinynn.cli import main; sys.exit(main(['baseline', '--svm']))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    expected = "tinynn baseline: --svm needs scikit-learn: pip install numpy scikit-learn\n"
    assert done.stderr == expected


def test_an_svm_learns_the_included_digits() -> None:
    """With scikit-learn: the settings of the book's time, then those of today."""
    pytest.importorskip("sklearn")
    from tinynn.fast.svm import BOOKS_TIME, TODAY, svm_evaluate

    digits = load_digits()
    rights = [svm_evaluate(digits.training, digits.test, gamma) for gamma in (BOOKS_TIME, TODAY)]
    assert rights[0] < rights[1]
    assert min(rights) > 0.9 * 500
    done = run("baseline", "--svm")
    shown = [line.split()[-6:-3] for line in done.stdout.splitlines()[2:]]
    assert [words[0] for words in shown] == ["gamma=auto", "gamma=scale"]
    assert f" {rights[0]} / 500" in done.stdout
    with pytest.raises(DataError, match="got 0 and 500"):
        svm_evaluate(digits.training[:0], digits.test)


@needs_mnist
def test_average_darkness_gets_2225_of_10000_digits_right() -> None:
    """The book's figure: 22.25 %, learnt from the 50,000."""
    data = load_mnist(FOLDER)
    assert AverageDarkness(data.training).evaluate(data.test) == 2225
