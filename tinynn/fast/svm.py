"""The last baseline of chapter 1: a support vector machine, from scikit-learn."""

from __future__ import annotations

from typing import Any, Union

import numpy as np
from numpy.typing import NDArray

from tinynn.datasets import Examples
from tinynn.errors import DataError, ShapeError

BOOKS_TIME = "auto"  # γ = 1 / pixels, the default of SVC() when the book was written
TODAY = "scale"  # γ = 1 / (pixels · their variance), the default of SVC() now


def svm_evaluate(training: Examples, test: Examples, gamma: Union[str, float] = TODAY) -> int:
    """Return the number of test examples that scikit-learn's SVC, once trained, gets right.

    A pixel is byte / scale, a float64. All of MNIST takes some minutes: 9,435 of 10,000 are right
    with ``BOOKS_TIME``, 9,785 with ``TODAY``. Raises ImportError without scikit-learn, DataError
    without examples, ShapeError if the images differ in size.
    """
    try:
        from sklearn.svm import SVC
    except ImportError:
        raise ImportError("the SVM needs scikit-learn: pip install numpy scikit-learn") from None
    if not (len(training) and len(test)):
        given = f"{len(training)} and {len(test)}"
        raise DataError(f"expected training and test examples, got {given}")
    if training.image_shape != test.image_shape:
        shapes = f"{training.image_shape} and {test.image_shape}"
        raise ShapeError(f"expected images of one size, got {shapes}")
    machine = SVC(gamma=gamma).fit(_pixels(training), _digits(training))
    return int((machine.predict(_pixels(test)) == _digits(test)).sum())


def _pixels(examples: Examples) -> NDArray[Any]:
    """Return the images as rows: (n, K) floats."""
    rows = np.frombuffer(examples.pixels, np.uint8).reshape(len(examples), -1)
    return rows / examples.scale


def _digits(examples: Examples) -> NDArray[Any]:
    return np.array(list(examples.labels))
