"""Solve a mixed-integer model with SCIP, where it is installed, in a process of its own."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import dataclass

from sourcemix.engine.answer import Limits
from sourcemix.engine.highs import GRACE, packed
from sourcemix.engine.milp import Milp


@dataclass(frozen=True, slots=True)
class ScipAnswer:
    """What came of a solve.

    Attributes:
        status: SCIP's own word, such as `optimal`, `infeasible`, `timelimit`.
        cost: best found, in pounds; None where nothing was found.
        bound: proven lower bound in pounds.
        seconds: wall-clock time, building the model included.
    """

    status: str
    cost: float | None
    bound: float
    seconds: float


def installed() -> bool:
    """Whether SCIP is at hand (extra `solvers`)."""
    return importlib.util.find_spec("pyscipopt") is not None


def solve(milp: Milp, limits: Limits) -> ScipAnswer | None:
    """Solve a model; None if the process failed or did not end in time."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "sourcemix.engine.scip_worker"],
            input=packed(milp, limits, presolve=True),
            capture_output=True,
            timeout=None if limits.effort is not None else limits.seconds + GRACE,
            check=True,
        )
        return ScipAnswer(**json.loads(done.stdout.splitlines()[-1]))
    except (subprocess.SubprocessError, ValueError, IndexError):
        return None
