"""Run with ``python -m tetrapla``."""

import sys

from tetrapla.cli import main

if __name__ == "__main__":
    sys.exit(main())
