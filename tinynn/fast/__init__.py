"""The fast path: the same network over NumPy arrays, a whole mini-batch at a time.

To switch to it, write ``from tinynn.fast import Network``: the calls and seeds are the same, and
the numbers agree to within rounding. It needs NumPy: ``pip install numpy``.
"""

try:
    import numpy as _numpy  # noqa: F401
except ImportError:
    raise ImportError("tinynn.fast needs NumPy: pip install numpy") from None

from tinynn.fast.network import Network

__all__ = ["Network"]
