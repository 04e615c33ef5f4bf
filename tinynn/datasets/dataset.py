"""A data set in three parts."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional

from tinynn.datasets.arrays import ArrayExamples
from tinynn.datasets.examples import Examples
from tinynn.errors import DataError, require_count


class DataSet(NamedTuple):
    """A data set in three parts: training data, validation data for settings, and test data."""

    training: Examples
    validation: Examples
    test: Examples

    @classmethod
    def from_arrays(
        cls,
        X: Any,
        labels: Any,
        *,
        validation: int = 0,
        test: int = 0,
        classes: Optional[int] = None,
    ) -> DataSet:
        """Return a data set over NumPy arrays: X (n, k), and n labels or one-hot rows (n, J).

        The last ``test`` examples are the test data, the ``validation`` examples before them the
        validation data, and the others the training data, in the order of the arrays. Arrays are
        not copied; examples become Vectors when they are read. Raises DataError, ShapeError.

            data = DataSet.from_arrays(X, labels, test=100)
            net.train(data.training, 30, 10, 0.5, test_data=data.test)
        """
        examples = ArrayExamples(X, labels, classes)
        held = require_count("validation", validation, 0) + require_count("test", test, 0)
        first = len(examples) - held
        if first < 1:
            n = f"{len(examples)} examples, {held} of them for validation and test"
            raise DataError(f"training: expected at least one example, got none: {n}")
        rest = first + int(validation)
        return cls(examples[:first], examples[first:rest], examples[rest:])
