"""`python -m refcheck` is the command `refcheck`."""

import sys

from refcheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
