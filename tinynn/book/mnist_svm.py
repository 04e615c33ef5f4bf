"""``mnist_svm.py`` of chapter 1: a support vector machine with the settings of the book's time."""

from __future__ import annotations

from tinynn.book.columns import say
from tinynn.book.mnist_loader import data_set
from tinynn.fast.svm import BOOKS_TIME, svm_evaluate


def svm_baseline() -> None:
    """Train on the training data, and print the number of right answers on the test images.

    It needs scikit-learn, and takes some minutes.
    """
    data = data_set()
    correct = svm_evaluate(data.training, data.test, BOOKS_TIME)
    say("Baseline classifier using an SVM.")
    say(f"{correct} of {len(data.test)} values correct.")


if __name__ == "__main__":
    svm_baseline()
