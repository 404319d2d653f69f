"""Nothing is called infeasible on the word of one solver in one setting."""

from __future__ import annotations

import logging
import time

from sourcemix.engine import highs, scip
from sourcemix.engine.answer import Limits, OnProgress
from sourcemix.engine.highs import MilpAnswer
from sourcemix.engine.milp import Milp

log = logging.getLogger(__name__)


def ask(milp: Milp, limits: Limits, on_progress: OnProgress | None = None) -> MilpAnswer:
    """Solve a model again that a first solve found infeasible.

    SCIP is asked where it is installed. Where it is not, or does not agree, HiGHS searches without
    presolve and at its usual tolerance (which is where wrong verdicts have come from), and may
    find a solution after all.

    Both together end within the time limit, save for the second that is left to HiGHS in any case.

    Returns:
        `infeasible` only if the second opinion agrees. Where two solvers contradict each other and
        no solution is at hand: `unknown`.
    """
    deadline = time.monotonic() + limits.seconds
    opinion = scip.solve(milp, limits) if scip.installed() else None
    if opinion is not None and opinion.status == "infeasible":
        return MilpAnswer("infeasible", "proved", None, None, None)
    left = limits.until(deadline)
    answer = highs.solve(milp, left, on_progress=on_progress, presolve=False)
    if answer.status == "infeasible" and opinion is not None and opinion.cost is not None:
        log.warning("the solvers disagree on whether there is a solution")
        return MilpAnswer("unknown", "solver_stopped", None, None, None)
    return answer
