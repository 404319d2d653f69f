"""Exit codes: what a script learns from a run."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcemix.model.plan import Reason, Status


class Exit(IntEnum):
    """Each code, documented in the reference."""

    DONE = 0
    UNEXPECTED = 1
    USAGE = 2
    INPUT = 3
    UNSUPPORTED = 4
    INFEASIBLE = 5
    NO_RESULT = 6
    GAP_NOT_PROVEN = 7
    NOT_VERIFIED = 8
    NOT_WRITTEN = 9
    INTERRUPTED = 130
    BROKEN_PIPE = 141


def exit_for(status: Status, reason: Reason) -> Exit:
    """The exit code of a plan or an award."""
    if reason == "interrupted" and status in ("feasible", "unknown"):
        return Exit.INTERRUPTED
    return {
        "optimal": Exit.DONE,
        "within_gap": Exit.DONE,
        "feasible": Exit.GAP_NOT_PROVEN,
        "infeasible": Exit.INFEASIBLE,
        "unknown": Exit.NO_RESULT,
    }[status]
