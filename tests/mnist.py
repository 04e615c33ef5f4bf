"""Real MNIST for the tests that need it: $TINYNN_DATA, or ``shared/mnist`` beside the checkout."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tinynn.datasets.mnist import FILES

FOLDER = Path(
    os.environ.get("TINYNN_DATA")
    or Path(__file__).resolve().parent.parent.parent / "shared" / "mnist"
)
REASON = f"real MNIST is neither in $TINYNN_DATA nor in {FOLDER}"
needs_mnist = pytest.mark.skipif(
    not all((FOLDER / name).exists() or (FOLDER / f"{name}.gz").exists() for name in FILES),
    reason=REASON,
)
