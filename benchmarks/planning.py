"""Large portfolios: the search beside HiGHS on the exact model, each in a process of its own.

Prints a row for each portfolio and engine: seconds to the first plan, cost, bound and gap at the
marks, memory, and the cost as a share of HiGHS's. Costs of the search are checked independently.
Each engine has the same time; compile once before (`--warm`), so that nobody waits for a compiler.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.planning_cases import CHANGES, SIZES, portfolio

from sourcemix.engine import planning, search
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.futures import grow
from sourcemix.model.plan import Progress
from sourcemix.verify import account

NODES = 10_000
ROW = "{:<6} {:<14} {:>4} {:<7} {:>8} {:>12} {:>12} {:>9} {:>9} {:>8} {:>7} {:>9}"


def run(size: str, change: str, seed: int, engine: str, seconds: float) -> dict[str, Any]:
    """Plan one portfolio with one engine."""
    case = portfolio(SIZES[size], seed, change)
    tree = grow(case, budget=NODES)
    limits = Limits(gap=0.0, seconds=seconds)
    began = time.monotonic()
    if engine == "search":
        problem = compile_problem(case, tree)
        answer: PlanAnswer = search.solve(problem, active_rules(problem), limits)
    else:
        answer = planning.solve(case, tree, limits)
    took = time.monotonic() - began
    faults: tuple[str, ...] = ()
    if answer.nodes is not None:
        faults = account(case, tree, answer.nodes).discrepancies
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    used = max(used, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
    return {
        "cost": answer.claimed,
        "bound": answer.bound,
        "seconds": took,
        "memory": used / 1024,
        "faults": faults,
        "trace": [(p.seconds, p.cost, p.bound) for p in answer.trace],
    }


def _in_a_process(size: str, change: str, seed: int, engine: str, seconds: float) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", size, change, str(seed), engine, str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _gap(found: dict[str, Any], at: float) -> str:
    trace = [Progress(seconds=s, cost=c, bound=b) for s, c, b in found["trace"] if s <= at]
    last = trace[-1] if trace else None
    if last is None or last.cost is None or last.bound is None:
        return "-"
    return f"{(last.cost - last.bound) / abs(last.cost):.3%}"


def _show(size: str, change: str, seed: int, seconds: float, engines: list[str]) -> None:
    found = {engine: _in_a_process(size, change, seed, engine, seconds) for engine in engines}
    base = found.get("highs", {}).get("cost")
    for engine, one in found.items():
        first = [s for s, cost, _ in one["trace"] if cost is not None]
        cost, bound = one["cost"], one["bound"]
        final = f"{(cost - bound) / abs(cost):.3%}" if cost and bound else "-"
        print(
            ROW.format(
                size,
                change,
                seed,
                engine,
                f"{first[0]:.1f} s" if first else "-",
                f"{cost:,.0f}" if cost else "none",
                f"{bound:,.0f}" if bound else "none",
                _gap(one, seconds / 6),
                final,
                f"{one['memory']:.0f} MB",
                f"{cost / base:.1%}" if cost and base else "-",
                "faults!" if one["faults"] else f"{one['seconds']:.0f} s",
            ),
            flush=True,
        )


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--one", nargs=5, help=argparse.SUPPRESS)
    options.add_argument("--sizes", default="56:10,134:60,322:60", help="size:seconds, ...")
    options.add_argument("--seeds", type=int, default=1)
    options.add_argument("--changes", default="core", help="names, or `all` for each by itself")
    options.add_argument("--engines", default="search,highs")
    options.add_argument("--warm", type=int, default=1)
    given = options.parse_args()
    if given.one:
        size, change, seed, engine, seconds = given.one
        print(json.dumps(run(size, change, int(seed), engine, float(seconds))))
        return
    if given.warm:
        _in_a_process("56", "core", 0, "search", 3.0)
    changes = list(CHANGES) if given.changes == "all" else given.changes.split(",")
    heads = ("nodes", "change", "seed", "engine", "first", "cost", "bound", "gap at /6", "gap")
    print(ROW.format(*heads, "memory", "ratio", "took"))
    for entry in given.sizes.split(","):
        size, seconds = entry.split(":")
        for change in changes:
            for seed in range(given.seeds):
                _show(size, change, seed, float(seconds), given.engines.split(","))


if __name__ == "__main__":
    main()
