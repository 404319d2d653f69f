"""What leaving every live agreement would cost at a node, as a linear expression.

Age, node and period follow from a column ``x(s, n)`` of a line, and with them what it would cost
to give notice at ``n``. Where notice was given above, at ``m``, and has not run out, the agreement
ends when that ends; then ``h(s, m)`` is 1, and moves the cost by the difference.
"""

from __future__ import annotations

from sourcemix.engine.planning.ledger import Terms
from sourcemix.engine.planning.tiers import bands_at, charge_for
from sourcemix.engine.planning.timeline import Line, Timelines
from sourcemix.engine.problem import TODAY, Problem


def exposure(problem: Problem, timelines: Timelines, node: int) -> Terms:
    """Columns with pounds: notice charges, fees for missing periods, transition; undiscounted."""
    terms: Terms = []
    period = int(problem.period[node])
    for timeline in timelines.all:
        for line in timeline.lines:
            if node not in line.at:
                continue
            notice = problem.offers[line.offer].notice
            if line.told is not None:
                alone = _cost(problem, line, node, line.told - period, free=True)
                terms.append((line.at[node], alone))
                continue
            alone = _cost(problem, line, node, notice)
            terms.append((line.at[node], alone))
            above = node
            for left in range(notice - 1, 0, -1):
                above = int(problem.parent[above])
                if above == TODAY:
                    break
                if above in line.notices:
                    given = _cost(problem, line, node, left)
                    terms.append((line.notices[above], given - alone))
    return terms


def _cost(problem: Problem, line: Line, node: int, left: int, *, free: bool = False) -> float:
    """Pounds if the line ends after so many more periods, this one counted, or at its expiry."""
    terms = problem.offers[line.offer]
    period = int(problem.period[node])
    age = line.age(period)
    to_expiry = terms.longest - age
    run = min(left, to_expiry)
    cost = terms.transition
    for later in range(run):
        # Periods beyond the horizon are reckoned like its last.
        at = min(period + later, problem.periods - 1)
        cost += _charge(problem, line.offer, node, age + later, at)
    if run < to_expiry and not free:
        cost += terms.missing[age + run] * terms.fee
    return cost


def _charge(problem: Problem, offer: int, node: int, age: int, period: int) -> float:
    """Fixed charge and committed volume of a period, at the price drivers of a node."""
    terms = problem.offers[offer]
    driven = problem.tree.nodes[node].prices.get(terms.id)
    on_fixed = 1.0 if driven is None else float(driven.fixed)
    fixed = terms.fixed[min(terms.year_of(age), len(terms.fixed) - 1)]
    cost = fixed * on_fixed * terms.index[period]
    for service, entry in terms.services.items():
        bands = bands_at(problem, node, offer, service, age, period)
        cost += charge_for(bands, entry.committed[period])
    return cost
