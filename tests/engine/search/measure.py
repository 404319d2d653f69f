"""How the search does on small random cases that have been enumerated: run, not collected.

    python -m tests.engine.search.measure FIRST LAST

prints for each case that is not right, or whose best plan took longer than a second of processor
time, what it holds; and at the end how many were right, and in what time. Where there is no plan at
all it takes longer to say so: the verdict asks for a second opinion, and for what is in conflict.
Processor time is that of this process and of all that it has started and that have ended. The first
case, which may have to wait for the compiler, is planned twice.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import dataclass
from statistics import median

from tests.differential.agreement import PENNY, SPLIT
from tests.differential.draw import drawn, falls_between

from sourcemix.engine.answer import Limits
from sourcemix.engine.planning.rules import active_rules
from sourcemix.engine.problem import compile_problem
from sourcemix.engine.search import solve
from sourcemix.engine.search.plain import left_out
from sourcemix.model.plan import Progress
from sourcemix.verify import account

LIMITS = Limits(gap=0, seconds=600)


@dataclass(frozen=True)
class Outcome:
    """What has become of a case.

    Attributes:
        faults: what is wrong with the answer, in words.
        found: processor time until the best plan was known; the verdict, where there is none.
        proven: until the proof as well.
        left: what the arrays leave to the exact model.
        route: which route found the plan.
        planned: whether there is a plan at all.
    """

    faults: tuple[str, ...]
    found: float
    proven: float
    left: tuple[str, ...]
    route: str | None
    planned: bool


def spent() -> float:
    """Seconds of processor time so far, of this process and of those that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


def planned(seed: int) -> Outcome:
    """Plan a case by the search, and look at its answer."""
    found = drawn(seed)
    problem = compile_problem(found.case, found.tree)
    rules = active_rules(problem)
    known: list[float] = []
    began = spent()

    def heard(progress: Progress) -> None:
        cost, best = progress.cost, found.best
        if known or cost is None or best is None:
            return
        if cost <= best + PENNY:
            known.append(spent() - began)

    answer = solve(problem, rules, LIMITS, heard)
    seconds = spent() - began
    faults = []
    if (answer.claimed is None) != (found.best is None):
        faults.append(f"{answer.status}, and the optimum is {found.best}")
    elif found.best is not None and answer.claimed is not None and answer.nodes is not None:
        near = SPLIT if falls_between(found.case) else PENNY
        if abs(answer.claimed - found.best) > near:
            faults.append(f"is said to cost {answer.claimed:.2f} in place of {found.best:.2f}")
        if answer.bound is None or answer.bound > found.best + PENNY / 2:
            faults.append(f"has the bound {answer.bound}, above {found.best:.2f}")
        accounts = account(found.case, found.tree, answer.nodes)
        faults += accounts.discrepancies
        if abs(float(accounts.cost) - found.best) > near:
            faults.append(f"costs {accounts.cost} in place of {found.best:.2f}")
    left = left_out(problem, rules)
    found_at, planned = (*known, seconds)[0], found.best is not None
    return Outcome(tuple(faults), found_at, seconds, left, answer.routes.plan, planned)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main(first: int, last: int) -> None:
    """Plan the cases of some seeds."""
    planned(first)
    outcomes = []
    for seed in range(first, last):
        outcome = planned(seed)
        outcomes.append(outcome)
        if outcome.faults or (outcome.planned and outcome.found > 1.0):
            left = ", ".join(outcome.left) or "nothing"
            say(f"{seed}: {outcome.found:.2f} s, {'; '.join(outcome.faults) or 'right'}")
            say(f"    left to the exact model: {left}")
    right = [outcome for outcome in outcomes if not outcome.faults]
    plans = [outcome for outcome in outcomes if outcome.planned]
    quick = sum(outcome.found <= 1.0 and not outcome.faults for outcome in plans)
    own = sum(outcome.route == "search" for outcome in plans)
    found = median(outcome.found for outcome in plans)
    proven = median(outcome.proven for outcome in outcomes)
    say(f"{len(right)} of {len(outcomes)} right; {len(plans)} have a plan, the others none at all")
    say(f"of these plans {quick} are the best, found within a second; {own} are the search's own")
    say(f"half are found in {found:.2f} s; half of all cases are proven in {proven:.2f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
