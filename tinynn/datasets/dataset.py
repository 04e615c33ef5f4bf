"""A data set in three parts."""

from __future__ import annotations

from typing import Any, NamedTuple, Optional, Union

from tinynn.datasets.arrays import ArrayExamples
from tinynn.datasets.examples import Examples
from tinynn.datasets.rows import read_csv
from tinynn.errors import DataError, require_count
from tinynn.files import FilePath


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

    @classmethod
    def from_csv(
        cls,
        path: FilePath,
        *,
        label: Union[str, int, None] = None,
        header: Optional[bool] = None,
        validation: Optional[float] = None,
        test: Optional[float] = None,
        seed: int = 0,
    ) -> DataSet:
        """Return the data set of a CSV file: columns of numbers, and one of labels.

        ``label`` is the label's column, by its name or by its number, 0 the first and -1 the
        last (default). Labels are words or numbers; sorted, they are the classes of a one-hot y.
        Without ``header`` the first row is one if no cell beside the label is a number.

        The rows are shuffled by ``seed``, then split: ``validation`` and ``test`` are shares, a
        fifth each by default. A file of fewer than 20 rows is not split: it is training and test
        data at once. Each column is scaled to 0..1, by the smallest and the largest number that
        it has in the training data: x' = (x - low) / (high - low); a constant column becomes 0.
        What was done is a sentence, ``data.training.about``; ``data.training.classes``,
        ``columns`` and ``ranges`` are the names and the scales, and ``data.training.scaled`` does
        the same to other rows. Commas, semicolons or tabs may be between the cells.

        Raises DataError that names the row and the column of anything that is not a number.

            data = DataSet.from_csv("flowers.csv", label="species")
            net.train(data.training, 30, 10, 0.5, test_data=data.test)
        """
        return cls(*read_csv(path, label, header, validation, test, seed))
