"""How long a user waits: from the command to the table, on the small example.

Every figure is of a whole process. "first" is the first run of this script, with whatever the
machine has cached; "median" is of five further runs.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

EXAMPLE = Path(__file__).parent.parent / "examples" / "two-services.yaml"
COMMANDS = {
    "python -c pass": ["-c", "pass"],
    "sourcemix --version": ["-m", "sourcemix", "--version"],
    "sourcemix check": ["-m", "sourcemix", "check", str(EXAMPLE)],
    "sourcemix plan": ["-m", "sourcemix", "plan", str(EXAMPLE)],
}


def seconds(arguments: list[str]) -> float:
    """Wall-clock seconds of one run."""
    began = time.perf_counter()
    subprocess.run([sys.executable, *arguments], capture_output=True, check=True)
    return time.perf_counter() - began


def main() -> None:
    """Print the table."""
    print(f"{'command':<22} {'first':>8} {'median':>8} {'x python':>9}")
    base = 0.0
    for name, arguments in COMMANDS.items():
        first = seconds(arguments)
        median = statistics.median(seconds(arguments) for _ in range(5))
        base = base or median
        print(f"{name:<22} {first:>6.2f} s {median:>6.2f} s {median / base:>9.1f}")


if __name__ == "__main__":
    main()
