"""The exact route on the bundled examples, beside SCIP on the same model with the same limits.

Prints for each example: size, seconds of either solver, cost, bound, gap, and the ratio of seconds
(SCIP over Sourcemix; above 1 means that Sourcemix is faster).
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from sourcemix import evidence, futures
from sourcemix.engine import highs, scip
from sourcemix.engine.answer import Limits
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.files import read_case
from sourcemix.model.canonical import canonical

EXAMPLES = Path(__file__).parent.parent / "examples"
ROW = "{:<14} {:>6} {:>7} {:>8} {:>14} {:>9} {:>9} {:>14} {:>9} {:>9} {:>6}"


def run(name: str, gap: float, seconds: float) -> None:
    """Solve one example both ways and print its row."""
    case = canonical(evidence.fill(read_case(EXAMPLES / f"{name}.yaml")))
    tree = futures.grow(case)
    began = time.perf_counter()
    problem = compile_problem(case, tree)
    model = build_model(problem, active_rules(problem))
    ours = highs.solve(model.milp, Limits(gap=gap, seconds=seconds))
    took = time.perf_counter() - began
    began = time.perf_counter()
    theirs = scip.solve(model.milp, Limits(gap=gap, seconds=seconds))
    other = time.perf_counter() - began
    print(
        ROW.format(
            name,
            len(tree.nodes),
            len(case.offers),
            model.milp.columns,
            *_figures(ours.objective, ours.bound),
            f"{took:.1f} s",
            *(_figures(theirs.cost, theirs.bound) if theirs else ("none", "-")),
            f"{other:.1f} s",
            f"{other / took:.2f}",
        )
    )


def _figures(cost: float | None, bound: float | None) -> tuple[str, str]:
    if cost is None or bound is None:
        return "none", "-"
    return f"£{cost:,.0f}", f"{(cost - bound) / abs(cost):.4%}"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--gap", type=float, default=0.001)
    options.add_argument("--time", type=float, default=60.0)
    given = options.parse_args()
    print(f"gap {given.gap:.2%}, {given.time:.0f} s each, one thread each")
    heads = ("example", "nodes", "offers", "columns", "cost", "gap", "time")
    print(ROW.format(*heads, "SCIP cost", "gap", "time", "ratio"))
    for name in ("two-services", "county-ict"):
        run(name, given.gap, given.time)


if __name__ == "__main__":
    main()
