"""The last baseline of chapter 1: a support vector machine, from scikit-learn."""

from __future__ import annotations

from typing import Union

from tinynn.datasets import Examples
from tinynn.errors import DataError, ShapeError
from tinynn.fast.data import pixel_rows

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
    (x, labels), (unseen, digits) = (
        (pixel_rows(part) / part.scale, list(part.labels)) for part in (training, test)
    )
    return int((SVC(gamma=gamma).fit(x, labels).predict(unseen) == digits).sum())
