"""The program: `tinynn`, or ``python -m tinynn``. Until it has started, Ctrl-C just ends it."""

import _signal  # type: ignore[import-not-found]  # signal itself takes longer to load

if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:  # and is not ignored
    _signal.signal(_signal.SIGINT, _signal.SIG_DFL)

import sys  # noqa: E402

from tinynn.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main())
