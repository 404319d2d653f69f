"""Large portfolios: Sourcemix beside HiGHS, SCIP and CP-SAT, each in processes of its own.

Prints a row for each portfolio and solver: seconds to the first plan, cost, bound, the gap at three
marks, memory, and the cost as a share of HiGHS's; then a row for each further term and rule, on a
small portfolio. Plans of Sourcemix are checked independently.

All have the same seconds and the same cores. Peers are given the exact model of the case, and their
time begins once they have read it; the time of Sourcemix includes compiling the case. Kernels are
compiled before, so that nobody waits for a compiler.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.peers import PEERS, Trace, ask
from benchmarks.planning_cases import SIZES, portfolio
from benchmarks.planning_changes import CHANGES
from benchmarks.planning_plot import draw

from sourcemix.engine import routes
from sourcemix.engine.answer import Limits
from sourcemix.engine.planning.model import build_model
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.futures import grow
from sourcemix.verify import account

OURS = "sourcemix"
NODES = 100_000
WIDTHS = (6, 18, 4, 10, 8, 12, 12, 9, 9, 9, 8, 8, 0)
HEADS = ("nodes", "with", "seed", "solver", "first", "cost", "bound", "gap at /6", "gap at /2")
PLOT = Path("build") / "bench" / "planning.png"


@dataclass(frozen=True, slots=True)
class Task:
    """One portfolio, and how long each solver has for it."""

    size: str
    change: str
    seed: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a solver came to.

    Attributes:
        trace: how cost and bound moved.
        memory: megabytes, the most of any of its processes.
        word: how it ended.
    """

    trace: Trace
    memory: float
    word: str

    def at(self, seconds: float) -> tuple[float | None, float | None]:
        """Cost and bound at a moment."""
        cost = bound = None
        for moment, found, proven in self.trace:
            if moment <= seconds:
                cost, bound = found, proven
        return cost, bound

    def gap(self, seconds: float) -> float | None:
        """Gap at a moment; None without a cost or a bound."""
        cost, bound = self.at(seconds)
        return None if not cost or bound is None else (cost - bound) / abs(cost)


def ours(task: Task) -> Outcome:
    """Plan with Sourcemix, in this process, and check the plan."""
    case = portfolio(SIZES[task.size], task.seed, task.change)
    tree = grow(case, budget=NODES)
    answer = routes.solve(case, tree, Limits(gap=1e-6, seconds=task.seconds))
    trace: Trace = [(entry.seconds, entry.cost, entry.bound) for entry in answer.trace]
    done = answer.routes
    word = f"{answer.status} ({done.taken}: plan {done.plan}, bound {done.bound})"
    if answer.nodes is not None:
        accounts = account(case, tree, answer.nodes)
        trace.append((trace[-1][0] if trace else 0.0, float(accounts.cost), answer.bound))
        word += ", WRONG" if accounts.discrepancies else ", verified"
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    memory = max(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1024
    return Outcome(trace, memory, word)


def run(task: Task, solver: str) -> Outcome:
    """Let one solver plan one portfolio, in a process of its own."""
    if solver == OURS:
        given = json.dumps([task.size, task.change, task.seed, task.seconds])
        command = [sys.executable, __file__, "--one", given]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        trace, memory, word = json.loads(done.stdout.splitlines()[-1])
        return Outcome([tuple(entry) for entry in trace], memory, word)
    case = portfolio(SIZES[task.size], task.seed, task.change)
    problem = compile_problem(case, grow(case, budget=NODES))
    found = ask(solver, build_model(problem, active_rules(problem)).milp, task.seconds)
    return Outcome(found.trace, found.memory, found.word)


def show(cells: tuple[object, ...]) -> None:
    """Print a row."""
    texts = (f"{cell!s:<{width}}" for cell, width in zip(cells, WIDTHS, strict=False))
    print(" ".join(texts).rstrip(), flush=True)


def compare(task: Task, solvers: list[str]) -> dict[str, Outcome]:
    """Let the solvers plan one portfolio one after the other; print a row for each."""
    found = {solver: run(task, solver) for solver in solvers}
    base = found["highs"].at(task.seconds)[0] if "highs" in found else None
    for solver, one in found.items():
        cost, bound = one.at(float("inf"))
        first = next((moment for moment, found, _ in one.trace if found is not None), None)
        show(
            (
                *(task.size, task.change, task.seed, solver),
                "-" if first is None else f"{first:.1f} s",
                "none" if cost is None else f"{cost:,.0f}",
                "none" if bound is None else f"{bound:,.0f}",
                *(_percent(one.gap(task.seconds / part)) for part in (6, 2)),
                _percent(one.gap(float("inf"))),
                f"{one.memory:.0f} MB",
                "-" if not cost or not base else f"{cost / base:.1%}",
                one.word,
            )
        )
    return found


def _percent(gap: float | None) -> str:
    return "-" if gap is None else f"{gap:.3%}"


def medians(size: str, runs: list[dict[str, Outcome]]) -> None:
    """Print the median gap of every solver over the seeds."""
    for solver in runs[0]:
        gaps = [one[solver].gap(float("inf")) for one in runs]
        known = [float("inf") if gap is None else gap for gap in gaps]
        median = statistics.median(known)
        text = "none" if median == float("inf") else f"{median:.3%}"
        print(f"{size} {solver}: median gap {text} over {len(runs)} seeds", flush=True)


def main() -> None:
    """Print the tables and draw the plot."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--one", help=argparse.SUPPRESS)
    options.add_argument("--warm", action="store_true", help=argparse.SUPPRESS)
    options.add_argument("--sizes", default="56:10,134:20", help="size:seconds, ...")
    options.add_argument("--seeds", type=int, default=1)
    options.add_argument("--changes", default="core", help="terms and rules of the main table")
    options.add_argument("--terms", type=float, default=4.0, help="seconds of each; 0: none")
    options.add_argument("--solvers", default=",".join((OURS, *PEERS)))
    options.add_argument("--cores", type=int, default=2)
    options.add_argument("--plot", type=Path, default=PLOT)
    given = options.parse_args()
    if given.warm:
        case = portfolio(SIZES["134"], 0)
        routes.solve(case, grow(case, budget=NODES), Limits(effort=1))
        return
    if given.one:
        size, change, seed, seconds = json.loads(given.one)
        one = ours(Task(size, change, seed, seconds))
        print(json.dumps([one.trace, one.memory, one.word]))
        return
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: given.cores])
    subprocess.run([sys.executable, __file__, "--warm"], check=True)
    solvers = given.solvers.split(",")
    print(f"{given.cores} cores, the same seconds for each; CP-SAT counts shares in steps")
    show((*HEADS, "gap", "memory", "/ HiGHS", "how it ended"))
    lines: dict[str, list[dict[str, Outcome]]] = {}
    for entry in given.sizes.split(","):
        size, seconds = entry.split(":")
        tasks = [
            Task(size, change, seed, float(seconds))
            for change in given.changes.split(",")
            for seed in range(given.seeds)
        ]
        lines[f"{size} nodes, {seconds} s"] = [compare(task, solvers) for task in tasks]
    for title, runs in lines.items():
        medians(title, runs)
    traces = {
        title: {name: one.trace for name, one in runs[0].items()} for title, runs in lines.items()
    }
    print(draw(traces, given.plot))
    if given.terms:
        print(f"\nEach further term and rule, {given.terms:g} s")
        for change in CHANGES:
            small = Task("56", change, 0, given.terms)
            compare(small, [solver for solver in (OURS, "highs") if solver in solvers])


if __name__ == "__main__":
    main()
