"""A solver process that is already starting while the case is still being read.

Starting Python and loading the solver takes a few tenths of a second, about as long as reading and
compiling a small case. Done side by side, a user waits for the longer of the two, not for both.
"""

from __future__ import annotations

import atexit
import subprocess
import sys

_waiting: list[subprocess.Popen[bytes]] = []


def warm() -> None:
    """Start a solver process, unless one waits already. It ends by itself with this process."""
    if not _waiting:
        _waiting.append(_started())


def take() -> subprocess.Popen[bytes]:
    """A solver process that waits for its one model: the one that stands by, or a new one."""
    while _waiting:
        process = _waiting.pop()
        if process.poll() is None:
            return process
        end(process)
    return _started()


def end(process: subprocess.Popen[bytes]) -> None:
    """End a solver process, whatever it is doing, and close its pipes."""
    if process.poll() is None:
        process.kill()
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None and not pipe.closed:
            pipe.close()


@atexit.register
def _end_waiting() -> None:
    while _waiting:
        end(_waiting.pop())


def _started() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "sourcemix.engine.highs_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
