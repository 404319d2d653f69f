"""The command line: reads options, calls `app`, prints.

`--help` and `--version` answer at once, because each command imports what it needs only when it
runs: that is why imports of `app`, `files` and `report` stand inside the commands here, and only
here.
"""

from __future__ import annotations


def main() -> None:
    """Run the command line."""
    from sourcemix.cli.commands import run

    run()
