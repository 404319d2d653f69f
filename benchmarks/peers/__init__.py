"""A second solver on the same model, in a process of its own.

Run as a program it reads a model (`numpy.savez`) from a file and prints one line of JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from sourcemix.engine.milp import Milp


def scip(milp: Milp, gap: float, seconds: float) -> dict[str, float | str | None]:
    """Solve with SCIP: status, cost, bound and seconds, building the model included."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.npz"
        np.savez(
            path,
            **{name: getattr(milp, name) for name in milp.__slots__},
        )
        command = [sys.executable, __file__, str(path), str(gap), str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, float | str | None] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _solve(path: str, gap: float, seconds: float) -> None:
    import pyscipopt
    from pyscipopt.scip import Expr, ExprCons, Term

    began = time.perf_counter()
    arrays = np.load(path)
    model = pyscipopt.Model()
    model.hideOutput()
    columns = [
        model.addVar(lb=lower, ub=None if np.isinf(upper) else upper, obj=cost, vtype=kind)
        for lower, upper, cost, kind in zip(
            arrays["lower"].tolist(),
            arrays["upper"].tolist(),
            arrays["cost"].tolist(),
            ["I" if whole else "C" for whole in arrays["integer"]],
            strict=True,
        )
    ]
    start, index, value = (arrays[name].tolist() for name in ("start", "index", "value"))
    for row in range(len(start) - 1):
        entries = range(start[row], start[row + 1])
        lower, upper = arrays["row_lower"][row], arrays["row_upper"][row]
        if not entries:
            continue
        terms = Expr({Term(columns[index[k]]): value[k] for k in entries})
        model.addCons(
            ExprCons(
                terms,
                lhs=None if np.isinf(lower) else float(lower),
                rhs=None if np.isinf(upper) else float(upper),
            )
        )
    model.addObjoffset(float(arrays["offset"]))
    model.setParam("limits/gap", gap)
    model.setParam("limits/time", seconds)
    model.optimize()
    found = model.getNSols() > 0
    print(
        json.dumps(
            {
                "status": model.getStatus(),
                "cost": model.getObjVal() if found else None,
                "bound": model.getDualbound(),
                "seconds": time.perf_counter() - began,
            }
        )
    )


if __name__ == "__main__":
    _solve(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]))
