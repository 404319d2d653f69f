"""`python -m sourcemix` is the command line."""

from __future__ import annotations

from sourcemix.cli import main

if __name__ == "__main__":
    main()
