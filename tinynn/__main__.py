"""``python -m tinynn`` is the same program as ``tinynn``."""

import sys

from tinynn.cli import main

if __name__ == "__main__":
    sys.exit(main())
