"""The command line: reads options, calls `app`, prints.

`--help` and `--version` answer at once, because each command imports what it needs only when it
runs: that is why imports of `app`, `files` and `report` stand inside the commands here, and only
here.
"""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    try:
        from sourcemix.cli.commands import run

        run()
    except KeyboardInterrupt:
        # Ctrl-C while the program is still being loaded: the commands see to it later on.
        sys.stderr.write("Error: Interrupted before there was a result.\n")
        sys.exit(130)
