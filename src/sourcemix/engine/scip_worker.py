"""SCIP's own process: reads a model from standard input, writes one line of JSON.

The only file that imports `pyscipopt`. SCIP gives the second opinion on "infeasible", and is the
peer of the benchmarks.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import time
from typing import Any

import numpy as np
import pyscipopt
from pyscipopt.scip import Expr, ExprCons, Term

LONGEST = 1e20
"""Seconds that mean no limit to SCIP."""


def load(arrays: Any) -> pyscipopt.Model:
    """A model as SCIP holds it, from the parts that `engine.highs` packs."""
    model = pyscipopt.Model()
    model.hideOutput()
    columns = [
        model.addVar(
            lb=None if lower == -np.inf else lower,
            ub=None if upper == np.inf else upper,
            obj=cost,
            vtype="I" if whole else "C",
        )
        for lower, upper, cost, whole in zip(
            *(arrays[name].tolist() for name in ("lower", "upper", "cost", "integer")), strict=True
        )
    ]
    start, index, value = (arrays[name].tolist() for name in ("start", "index", "value"))
    for row in range(len(start) - 1):
        entries = range(start[row], start[row + 1])
        lower, upper = float(arrays["row_lower"][row]), float(arrays["row_upper"][row])
        terms = Expr({Term(columns[index[k]]): value[k] for k in entries})
        if not entries:
            # An empty row that does not hold: 0 ≤ x ≤ 0 times an impossible side.
            terms = Expr({Term(model.addVar(lb=0.0, ub=0.0)): 1.0})
        model.addCons(
            ExprCons(
                terms,
                lhs=None if lower == -np.inf else lower,
                rhs=None if upper == np.inf else upper,
            )
        )
    model.addObjoffset(float(arrays["offset"]))
    return model


def main() -> None:
    """Solve the one model that stands on standard input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    began = time.perf_counter()
    settings = json.loads(sys.stdin.buffer.readline())
    arrays = np.load(io.BytesIO(sys.stdin.buffer.read()), allow_pickle=False)
    model = load(arrays)
    model.setParam("limits/gap", float(settings["gap"]))
    model.setParam("limits/time", min(float(settings["seconds"]), LONGEST))
    if settings["nodes"] is not None:
        model.setParam("limits/nodes", int(settings["nodes"]))
    model.optimize()
    print(  # noqa: T201 - its one message
        json.dumps(
            {
                "status": model.getStatus(),
                "cost": model.getObjVal() if model.getNSols() else None,
                "bound": model.getDualbound(),
                "seconds": time.perf_counter() - began,
            }
        )
    )


if __name__ == "__main__":
    main()
