"""The solver's own process: reads a model from standard input, writes messages to standard output.

The only file that imports `highspy`. A message is one line of JSON; where it has ``size``, so many
bytes of float64 follow: a solution. Kinds: ``progress``, ``solution``, ``end``; and where stages
were asked for, ``stage`` for each one solved, then ``over``.
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

CLEAN = 1e-9
"""Tolerance of the last step, which only makes volumes clean."""


def _send(out: BinaryIO, message: dict[str, Any], x: Any = None) -> None:
    data = b"" if x is None else np.asarray(x, dtype=np.float64).tobytes()
    if x is not None:
        message["size"] = len(data)
    out.write(json.dumps(message).encode() + b"\n" + data)
    out.flush()


Arrays = dict[str, Any]
"""A model by the names of its parts, as the parent packs it."""


def _finite(value: float) -> float | None:
    return float(value) if abs(value) < 1e29 else None


def _load(arrays: Arrays) -> tuple[highspy.Highs, highspy.HighsLp]:
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


def _polished(arrays: Arrays, x: Any) -> tuple[Any, bool]:
    """Fix the whole numbers and solve what is left, so that volumes are clean.

    Returns:
        The clean solution; or, where the rest has none, the one given, and False.
    """
    whole = arrays["integer"]
    rounded = np.round(x)
    fixed = {
        **arrays,
        "lower": np.where(whole, rounded, arrays["lower"]),
        "upper": np.where(whole, rounded, arrays["upper"]),
        "integer": np.zeros_like(whole),
    }
    solver, _ = _load(fixed)
    solver.setOptionValue("primal_feasibility_tolerance", CLEAN)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return (rounded if whole.all() else x), False
    return np.where(whole, rounded, np.array(solver.getSolution().col_value)), True


def _solver(arrays: Arrays, settings: dict[str, Any], seconds: float) -> highspy.Highs:
    """A solver that holds a model and its settings."""
    solver, _ = _load(arrays)
    for option, value in (
        ("mip_rel_gap", float(settings["gap"])),
        ("mip_abs_gap", 1e-6),
        ("time_limit", seconds),
        ("random_seed", int(settings["seed"])),
        ("presolve", "choose" if settings["presolve"] else "off"),
        ("mip_feasibility_tolerance", float(settings["tolerance"])),
        ("primal_feasibility_tolerance", float(settings["tolerance"])),
    ):
        solver.setOptionValue(option, value)
    return solver


def _solution(solver: highspy.Highs, arrays: Arrays) -> tuple[Any, bool]:
    """The solution found, polished, and whether it is clean; None without one."""
    if solver.getInfo().primal_solution_status != 2:
        return None, False
    x = np.array(solver.getSolution().col_value)
    return _polished(arrays, x) if arrays["integer"].any() else (x, True)


def _kept_within(arrays: Arrays, limit: float) -> Arrays:
    """The model with one row more: its objective must not exceed a limit."""
    index = np.flatnonzero(arrays["cost"])
    return {
        **arrays,
        "row_lower": np.append(arrays["row_lower"], -np.inf),
        "row_upper": np.append(arrays["row_upper"], limit),
        "start": np.append(arrays["start"], arrays["start"][-1] + len(index)).astype(np.int32),
        "index": np.append(arrays["index"], index).astype(np.int32),
        "value": np.append(arrays["value"], arrays["cost"][index]),
    }


def _stages(out: BinaryIO, arrays: Arrays, settings: dict[str, Any], ends: float, x: Any) -> None:
    """Minimise one objective after another, each within what the one before allows."""
    for number, slack in enumerate(settings["slack"]):
        if slack is not None:
            arrays = _kept_within(arrays, float(arrays["cost"] @ x) + slack)
        kept = arrays[f"kept_{number}"]
        # Whole where they are meant to be: they hang on the whole numbers of the stage before.
        still = np.where(np.abs(x - np.round(x)) < 1e-6, np.round(x), x)
        arrays = {
            **arrays,
            "cost": arrays[f"cost_{number}"],
            "lower": np.where(kept, still, arrays["lower"]),
            "upper": np.where(kept, still, arrays["upper"]),
        }
        left = ends - time.perf_counter()
        if left <= 0.0:
            return
        # The rows on former objectives are tight, and presolve has called such models infeasible.
        solver = _solver(arrays, {**settings, "gap": 0.0, "presolve": False}, left)
        solver.run()
        x, clean = _solution(solver, arrays)
        if not clean or solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return
        _send(out, {"kind": "stage"}, x)


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
    packed = np.load(io.BytesIO(source.read()), allow_pickle=False)
    arrays = {name: packed[name] for name in packed.files}
    solver = _solver(arrays, settings, float(settings["seconds"]))
    whole = bool(arrays["integer"].any())
    if whole:
        _watch(solver, out, began)
    solver.run()
    status, info = solver.getModelStatus(), solver.getInfo()
    x, clean = _solution(solver, arrays)
    proven = status == highspy.HighsModelStatus.kOptimal
    bound = info.mip_dual_bound if whole else info.objective_function_value
    _send(
        out,
        {
            "kind": "end",
            "more": bool(settings["slack"]),
            "seconds": time.perf_counter() - began,
            "status": status.name,
            "cost": None if x is None else float(arrays["cost"] @ x + arrays["offset"]),
            "bound": _finite(bound) if whole or proven else None,
        },
        x,
    )
    if settings["slack"]:
        if proven and clean:
            _stages(out, arrays, settings, began + float(settings["seconds"]), x)
        _send(out, {"kind": "over"})


if __name__ == "__main__":
    main()
