"""Solvers of others on a model of ours, each in a process of its own.

Run as a script it is that process: it reads a model from standard input, as `engine.highs` packs it
for its own worker, and writes one line of JSON. A peer that is not installed is said to be absent.

- HiGHS has a thread for each core.
- SCIP has one thread: its Python package offers no more.
- CP-SAT has eight workers, the least that its authors advise, on the cores it is given. It knows
  whole numbers only: shares are counted in ten-thousandths, and what it calls optimal is optimal
  among those.
"""

from __future__ import annotations

import importlib.util
import io
import json
import math
import re
import resource
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from sourcemix.engine.answer import Limits
from sourcemix.engine.highs import packed
from sourcemix.engine.milp import Milp

PEERS = {"highs": "highspy", "scip": "pyscipopt", "cp-sat": "ortools"}
"""Peers, and the packages that they need."""
WORKERS = 8
STEPS = 10_000
"""Steps from 0 to 1 that CP-SAT has for a share."""
GRACE = 60.0
Trace = list[tuple[float, float | None, float | None]]
"""Seconds, cost and bound, as they moved."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a peer came to.

    Attributes:
        trace: how cost and bound moved.
        memory: most megabytes that it had at a time.
        word: how it ended, in its own words; or why there is nothing.
    """

    trace: Trace
    memory: float
    word: str


def installed(peer: str) -> bool:
    """Whether a peer is there."""
    return importlib.util.find_spec(PEERS[peer]) is not None


def ask(peer: str, milp: Milp, seconds: float, gap: float = 1e-6) -> Found:
    """Let a peer solve a model; its time begins once it has read it."""
    if not installed(peer):
        return Found([], 0.0, f"absent (no {PEERS[peer]})")
    try:
        done = subprocess.run(
            [sys.executable, __file__, peer],
            input=packed(milp, Limits(gap=gap, seconds=seconds), presolve=True),
            capture_output=True,
            timeout=seconds + GRACE,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return Found([], 0.0, "did not end in time")
    except subprocess.CalledProcessError as error:
        return Found([], 0.0, f"ended with code {error.returncode}")
    *log, last = done.stdout.decode().splitlines()
    said = json.loads(last)
    trace: Trace = [*_told(log), *(tuple(entry) for entry in said["trace"])]
    return Found(trace, said["memory"], said["word"])


_SAID = re.compile(r"^#\S+\s+([\d.]+)s\s+best:(\S+)\s+next:\[([^,\]]*)")


def _told(log: list[str]) -> Trace:
    """What CP-SAT says of its search, line by line."""
    found = [said for line in log if (said := _SAID.match(line)) is not None]
    return [(float(said[1]), _number(said[2]), _number(said[3])) for said in found]


class _Clock:
    """Takes down how cost and bound move."""

    def __init__(self) -> None:
        self.began = time.perf_counter()
        self.trace: Trace = []

    def note(self, cost: float | None, bound: float | None) -> None:
        """Take down where it stands, if that is news."""
        cost, bound = _known(cost), _known(bound)
        news = not self.trace or self.trace[-1][1:] != (cost, bound)
        if news and (cost, bound) != (None, None):
            self.trace.append((time.perf_counter() - self.began, cost, bound))


def _known(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) or abs(value) > 1e19 else value


def _highs(model: Any, settings: dict[str, Any], clock: _Clock) -> str:
    import highspy

    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(model["cost"]), len(model["row_lower"])
    lp.col_cost_, lp.offset_ = model["cost"], float(model["offset"])
    lp.col_lower_, lp.col_upper_ = model["lower"], model["upper"]
    lp.row_lower_, lp.row_upper_ = model["row_lower"], model["row_upper"]
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = model["start"], model["index"]
    lp.a_matrix_.value_ = model["value"]
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[int(whole)] for whole in model["integer"]]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("mip_rel_gap", settings["gap"])
    solver.setOptionValue("time_limit", settings["seconds"])
    solver.passModel(lp)

    def tell(event: Any) -> None:
        clock.note(event.data_out.mip_primal_bound, event.data_out.mip_dual_bound)

    solver.cbMipLogging += tell
    solver.cbMipImprovingSolution += tell
    clock.began = time.perf_counter()
    solver.run()
    info = solver.getInfo()
    found = info.primal_solution_status == 2
    clock.note(info.objective_function_value if found else None, info.mip_dual_bound)
    return str(solver.getModelStatus().name)


def _scip(model: Any, settings: dict[str, Any], clock: _Clock) -> str:
    from pyscipopt.scip import PY_SCIP_EVENTTYPE as SCIP_EVENTTYPE
    from pyscipopt.scip import Eventhdlr

    from sourcemix.engine.scip_worker import load

    solver = load(model)

    class Teller(Eventhdlr):
        """Takes down cost and bound at solutions and nodes."""

        def eventinit(self) -> None:
            """Listen."""
            for event in (SCIP_EVENTTYPE.BESTSOLFOUND, SCIP_EVENTTYPE.NODESOLVED):
                self.model.catchEvent(event, self)

        def eventexec(self, _: Any) -> dict[str, Any]:
            """Take it down."""
            clock.note(self.model.getPrimalbound(), self.model.getDualbound())
            return {}

    solver.includeEventhdlr(Teller(), "teller", "takes down cost and bound")
    solver.setParam("limits/gap", settings["gap"])
    solver.setParam("limits/time", settings["seconds"])
    clock.began = time.perf_counter()
    solver.optimize()
    clock.note(solver.getPrimalbound() if solver.getNSols() else None, solver.getDualbound())
    return str(solver.getStatus())


def _cp_sat(model: Any, settings: dict[str, Any], clock: _Clock) -> str:
    from ortools.linear_solver.python import model_builder

    builder = model_builder.Model()  # type: ignore[no-untyped-call]
    bounds = zip(model["lower"], model["upper"], model["integer"], strict=True)
    columns = [builder.new_var(low, high, whole, None) for low, high, whole in bounds]
    start, index, value = model["start"], model["index"], model["value"]
    for row in range(len(start) - 1):
        entries = slice(start[row], start[row + 1])
        terms = [columns[column] for column in index[entries]]
        side = model_builder.LinearExpr.weighted_sum(terms, list(value[entries]))
        builder.add_linear_constraint(
            side, float(model["row_lower"][row]), float(model["row_upper"][row])
        )
    cost = model_builder.LinearExpr.weighted_sum(columns, list(model["cost"]))
    builder.minimize(cost + float(model["offset"]))
    solver = model_builder.Solver("sat")
    solver.set_time_limit_in_seconds(settings["seconds"])
    # How it goes on is only told in its log, which the other process reads.
    solver.enable_output(True)
    solver.set_solver_specific_parameters(
        f"num_workers: {WORKERS}, relative_gap_limit: {settings['gap']}, mip_var_scaling: {STEPS}"
    )
    clock.began = time.perf_counter()
    status = solver.solve(builder)
    found = status in (model_builder.SolveStatus.OPTIMAL, model_builder.SolveStatus.FEASIBLE)
    clock.note(
        solver.objective_value if found else None, solver.best_objective_bound if found else None
    )
    return str(status.name)


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return _known(value)


def main() -> None:
    """Be the process of one peer."""
    peer = sys.argv[1]
    settings = json.loads(sys.stdin.buffer.readline())
    loaded = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    model = {name: loaded[name] for name in loaded.files}
    clock = _Clock()
    run = {"highs": _highs, "scip": _scip, "cp-sat": _cp_sat}[peer]
    word = run(model, settings, clock)
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"trace": clock.trace, "memory": used, "word": word}))


if __name__ == "__main__" and len(sys.argv) > 1:
    main()
