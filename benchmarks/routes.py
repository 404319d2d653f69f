"""Where the exact route ends and the search begins: the two sizes of `engine/routes.py`, measured.

Plans portfolios of growing size by either route alone, and prints for each: nodes times offers,
seconds to the gap asked for, and the gap at the end. Below stand the two sizes that follow: up to
`SMALL` the exact route alone came to the gap in `QUICK` seconds (median), and the search, which has
to be loaded and leaves ties open, is not worth its while; from `LARGE` on the exact route ended
further than `LOST` from its bound (median), so that running it beside the search is of no use.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.planning_cases import Size, portfolio

from sourcemix.engine import planning, search
from sourcemix.engine.answer import Limits, PlanAnswer
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.futures import grow

SIZES = (
    Size(2, 6, ()),
    Size(3, 9, (2,)),
    Size(3, 15, (3,)),
    Size(4, 16, (2, 6)),
    Size(5, 20, (3, 6)),
    Size(6, 24, (2, 5)),
    Size(6, 24, (2, 4, 7)),
    Size(8, 40, (2, 4, 7)),
    Size(8, 60, (2, 4, 6)),
    Size(10, 80, (2, 4, 6)),
)
NODES = 100_000
QUICK = 20.0
"""Seconds that one waits for the exact route without asking for more."""
LOST = 0.05
"""Gap beyond which the exact route is of no use."""
ROW = "{:>6} {:>7} {:>8} {:>5} {:>10} {:>9} {:>10} {:>9}"


@dataclass(frozen=True, slots=True)
class Pair:
    """Both routes on one portfolio: seconds to the gap, and the gap at the end; infinite: none."""

    seconds: tuple[float, float]
    gaps: tuple[float, float]


def judged(answer: PlanAnswer, asked: float) -> tuple[float, float]:
    """Seconds to the gap asked for, and the gap at the end."""
    reached = last = float("inf")
    for entry in answer.trace:
        if entry.cost is None or entry.bound is None:
            continue
        last = (entry.cost - entry.bound) / abs(entry.cost)
        if last <= asked:
            reached = min(reached, entry.seconds)
    return reached, last


def pair(size: Size, seed: int, limits: Limits) -> tuple[int, Pair]:
    """Plan one portfolio by either route, and print the row."""
    case = portfolio(size, seed)
    tree = grow(case, budget=NODES)
    problem = compile_problem(case, tree)
    exact = judged(planning.solve(case, tree, limits), limits.gap)
    ours = judged(search.solve(problem, active_rules(problem), limits), limits.gap)
    nodes, offers = len(tree.nodes), len(case.offers)
    figures = [text for route in (exact, ours) for text in (f"{route[0]:.1f} s", f"{route[1]:.3%}")]
    print(ROW.format(nodes, offers, nodes * offers, seed, *figures), flush=True)
    return nodes * offers, Pair((exact[0], ours[0]), (exact[1], ours[1]))


def main() -> None:
    """Print the table and the sizes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--time", type=float, default=30.0, help="seconds of each route")
    options.add_argument("--gap", type=float, default=0.005)
    options.add_argument("--seeds", type=int, default=1)
    options.add_argument("--most", type=int, default=10_000, help="largest nodes times offers")
    given = options.parse_args()
    limits = Limits(gap=given.gap, seconds=given.time)
    warm = portfolio(SIZES[0], 0)
    problem = compile_problem(warm, grow(warm, budget=NODES))
    search.solve(problem, active_rules(problem), Limits(effort=1))  # compiles
    print(ROW.format("nodes", "offers", "product", "seed", "exact", "gap", "search", "gap"))
    small, large = 0, None
    for size in SIZES:
        found = [pair(size, seed, limits) for seed in range(given.seeds)]
        product = found[0][0]
        if product > given.most:
            break
        if large is None and statistics.median(one.seconds[0] for _, one in found) <= QUICK:
            small = product
        if large is None and statistics.median(one.gaps[0] for _, one in found) > LOST:
            large = product
    print(f"SMALL = {small}, LARGE = {large or 'beyond what was measured'}")


if __name__ == "__main__":
    main()
