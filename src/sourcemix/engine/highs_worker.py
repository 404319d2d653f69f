"""The solver's own process: reads a model from standard input, writes messages to standard output.

The only file that imports `highspy`. A message is one line of JSON; where it has ``size``, so many
bytes of float64 follow: a solution. Kinds: ``progress``, ``solution``, ``end``.
"""

from __future__ import annotations

import io
import json
import signal
import sys
import time
from typing import Any, BinaryIO

import highspy
import numpy as np

FEASIBILITY = 1e-8
"""Tolerance of rows and whole numbers. Tighter than usual, as results are recomputed exactly; any
tighter, and the search can stall beyond its time limit."""
CLEAN = 1e-9
"""Tolerance of the last step, which only makes volumes clean."""


def _send(out: BinaryIO, message: dict[str, Any], x: Any = None) -> None:
    data = b"" if x is None else np.asarray(x, dtype=np.float64).tobytes()
    if x is not None:
        message["size"] = len(data)
    out.write(json.dumps(message).encode() + b"\n" + data)
    out.flush()


def _finite(value: float) -> float | None:
    return float(value) if abs(value) < 1e29 else None


def _load(arrays: Any) -> tuple[highspy.Highs, highspy.HighsLp]:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(arrays["cost"]), len(arrays["row_lower"])
    model.col_cost_ = arrays["cost"]
    model.col_lower_, model.col_upper_ = arrays["lower"], arrays["upper"]
    model.row_lower_, model.row_upper_ = arrays["row_lower"], arrays["row_upper"]
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = arrays["start"]
    model.a_matrix_.index_ = arrays["index"]
    model.a_matrix_.value_ = arrays["value"]
    model.offset_ = float(arrays["offset"])
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    if arrays["integer"].any():
        model.integrality_ = [kinds[int(whole)] for whole in arrays["integer"]]
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    # One thread and one process for each solve: threads are process-wide in HiGHS, and the
    # same search order is what makes the same input give the same plan.
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("parallel", "off")
    solver.passModel(model)
    return solver, model


def _watch(solver: highspy.Highs, out: BinaryIO, began: float) -> None:
    last = {"at": 0.0}

    def improving(event: Any) -> None:
        data = event.data_out
        _send(
            out,
            {
                "kind": "solution",
                "seconds": time.perf_counter() - began,
                "cost": _finite(data.objective_function_value),
                "bound": _finite(data.mip_dual_bound),
            },
            data.mip_solution,
        )

    def logging(event: Any) -> None:
        now = time.perf_counter()
        if now - last["at"] < 0.2:
            return
        last["at"] = now
        data = event.data_out
        _send(
            out,
            {
                "kind": "progress",
                "seconds": now - began,
                "cost": _finite(data.mip_primal_bound),
                "bound": _finite(data.mip_dual_bound),
            },
        )

    solver.cbMipImprovingSolution += improving
    solver.cbMipLogging += logging


def _polished(arrays: Any, x: Any) -> Any:
    """Fix the whole numbers and solve what is left, so that volumes are clean."""
    whole = arrays["integer"]
    if whole.all():
        return np.round(x)
    fixed = {name: arrays[name] for name in arrays.files}
    rounded = np.round(x)
    fixed["lower"] = np.where(whole, rounded, fixed["lower"])
    fixed["upper"] = np.where(whole, rounded, fixed["upper"])
    fixed["integer"] = np.zeros_like(whole)
    solver, _ = _load(fixed)
    solver.setOptionValue("primal_feasibility_tolerance", CLEAN)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return x
    clean = np.array(solver.getSolution().col_value)
    return np.where(whole, rounded, clean)


def main() -> None:
    """Solve the one model that stands on standard input."""
    # The parent decides what an interrupt means: it keeps the best solution and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source, out = sys.stdin.buffer, sys.stdout.buffer
    first = source.readline()
    if not first:
        return  # the parent ended without a model to solve
    settings = json.loads(first)
    began = time.perf_counter()
    arrays = np.load(io.BytesIO(source.read()), allow_pickle=False)
    solver, _ = _load(arrays)
    whole = bool(arrays["integer"].any())
    for option, value in (
        ("mip_rel_gap", float(settings["gap"])),
        ("mip_abs_gap", 1e-6),
        ("time_limit", float(settings["seconds"])),
        ("random_seed", int(settings["seed"])),
        ("presolve", "choose" if settings["presolve"] else "off"),
        ("mip_feasibility_tolerance", FEASIBILITY),
        ("primal_feasibility_tolerance", FEASIBILITY),
    ):
        solver.setOptionValue(option, value)
    if whole:
        _watch(solver, out, began)
    solver.run()
    status = solver.getModelStatus()
    info = solver.getInfo()
    found = info.primal_solution_status == 2
    x = None
    if found:
        x = np.array(solver.getSolution().col_value)
        x = _polished(arrays, x) if whole else x
    proven = status == highspy.HighsModelStatus.kOptimal
    bound = info.mip_dual_bound if whole else info.objective_function_value
    _send(
        out,
        {
            "kind": "end",
            "seconds": time.perf_counter() - began,
            "status": status.name,
            "cost": float(arrays["cost"] @ x + arrays["offset"]) if found else None,
            "bound": _finite(bound) if whole or proven else None,
        },
        x,
    )


if __name__ == "__main__":
    main()
