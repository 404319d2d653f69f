"""What agreements cost by being procured, started, live and left."""

from __future__ import annotations

from dataclasses import dataclass

from sourcemix.engine.milp import INFINITY
from sourcemix.engine.planning.change import adaptation, markup
from sourcemix.engine.planning.ledger import Ledger, Terms
from sourcemix.engine.planning.managing import add_managing
from sourcemix.engine.planning.tiers import bands_at, charge_for
from sourcemix.engine.planning.timeline import Line, Timeline, Timelines
from sourcemix.engine.problem import TODAY, Problem


@dataclass(frozen=True, slots=True)
class Fee:
    """A fee for missing periods: due if `above` less `here` is 1.

    Attributes:
        node: node at which the agreement is no longer live.
        above: column of being live before.
        here: column of being live at `node`; None where it cannot be.
        amount: pounds for each missing period.
        missing: number of missing periods, the first that of `node`.
    """

    node: int
    above: int
    here: int | None
    amount: float
    missing: int


def add_running_costs(ledger: Ledger, timelines: Timelines) -> list[Fee]:
    """Charge set-up, fixed charges, management, change, fees, transition and takeover."""
    fees: list[Fee] = []
    for timeline in timelines.all:
        for decided, column in timeline.procured.items():
            terms = ledger.problem.offers[timeline.offer]
            capital = "procurement" in terms.capital
            cost = terms.procurement
            ledger.charge(decided, "procurement", column, cost, timeline.offer, capital=capital)
        for line in timeline.lines:
            _live_charges(ledger, line)
            fees += _fees(ledger, timelines, line)
        _transition(ledger, timeline)
        _takeover(ledger, timelines, timeline)
    add_managing(ledger, timelines)
    return fees


def _live_charges(ledger: Ledger, line: Line) -> None:
    problem, offer = ledger.problem, line.offer
    terms = problem.offers[offer]
    if line.start != TODAY:
        column = line.at[line.start]
        revenue = terms.setup - terms.capital_setup
        ledger.charge(line.start, "setup", column, revenue, offer)
        ledger.charge(line.start, "setup", column, terms.capital_setup, offer, capital=True)
    for node, column in line.at.items():
        age = line.age(int(problem.period[node]))
        fixed = problem.fixed(node, offer, age)
        ledger.charge(node, "fixed", column, fixed, offer)
        ledger.charge(node, "income", column, -terms.income, offer)
        ledger.charge(node, "change", column, adaptation(problem, line, node), offer)
        for service in terms.services:
            committed = problem.committed(node, offer, service)
            paid = charge_for(bands_at(problem, node, offer, service, age), committed)
            extra = markup(problem, line, node, service)
            ledger.charge(node, "volume", column, paid, offer)
            charges = paid + fixed / len(terms.services)
            ledger.charge(node, "change", column, extra * charges, offer)


def _fees(ledger: Ledger, timelines: Timelines, line: Line) -> list[Fee]:
    """Fees of the ends that the authority decides, put into the objective as they fall due."""
    problem, builder = ledger.problem, ledger.builder
    terms = problem.offers[line.offer]
    fees = []
    for node in line.freely:
        missing = terms.missing[line.age(int(problem.period[node]))]
        if missing == 0 or terms.fee == 0.0:
            continue
        parent = int(problem.parent[node])
        above = timelines.one if parent == TODAY else line.at[parent]
        fee = Fee(node, above, line.at.get(node), terms.fee, missing)
        first = int(problem.period[node])
        factors = sum(
            float(problem.discount[min(first + step, problem.periods - 1)])
            for step in range(missing)
        )
        cost = terms.fee * factors * float(problem.probability[node])
        builder.charge(fee.above, cost)
        if fee.here is not None:
            builder.charge(fee.here, -cost)
        fees.append(fee)
    return fees


def fees_due(problem: Problem, fees: list[Fee], node: int) -> Terms:
    """Fees that fall due at a node: those of missing periods beyond the horizon at its last."""
    above = {node}
    at = node
    while (at := int(problem.parent[at])) != TODAY:
        above.add(at)
    period, last = int(problem.period[node]), problem.periods - 1
    terms: Terms = []
    for fee in fees:
        if fee.node not in above:
            continue
        first = int(problem.period[fee.node])
        due = sum(min(first + step, last) == period for step in range(fee.missing))
        if due:
            terms.append((fee.above, due * fee.amount))
            if fee.here is not None:
                terms.append((fee.here, -due * fee.amount))
    return terms


def _transition(ledger: Ledger, timeline: Timeline) -> None:
    """τ(n) ≥ y(p(n)) - y(n): the offer was live and is not followed by itself."""
    problem, builder = ledger.problem, ledger.builder
    terms = problem.offers[timeline.offer]
    cost, capital = terms.transition, "transition" in terms.capital
    if cost == 0.0:
        return
    for node in range(problem.nodes):
        before = timeline.before(problem, node)
        if before is None:
            continue
        here = timeline.live.get(node)
        column = builder.column(0.0, 0.0, 1.0)
        ledger.charge(node, "transition", column, cost, timeline.offer, capital=capital)
        columns, values = [column, before], [1.0, -1.0]
        if here is not None:
            columns.append(here)
            values.append(1.0)
        builder.row(0.0, INFINITY, columns, values)


def _takeover(ledger: Ledger, timelines: Timelines, timeline: Timeline) -> None:
    """κ(n) ≥ x(n, n) + y'(p(n)) - y(p(n)) - 1 for each offer y' of the supplier before."""
    problem = ledger.problem
    terms = problem.offers[timeline.offer]
    for supplier, cost in terms.takeover.items():
        others = [
            other
            for other in timelines.all
            if problem.offers[other.offer].supplier == supplier
            and terms.services.keys() & problem.offers[other.offer].services.keys()
        ]
        for line in timeline.lines:
            if line.start != TODAY:
                _takeover_at(ledger, timeline, line, others, cost)


def _takeover_at(
    ledger: Ledger, timeline: Timeline, line: Line, others: list[Timeline], cost: float
) -> None:
    problem, builder = ledger.problem, ledger.builder
    node = line.start
    before = [column for other in others if (column := other.before(problem, node)) is not None]
    if not before or cost == 0.0:
        return
    taken = builder.column(0.0, 0.0, 1.0)
    capital = "takeover" in problem.offers[timeline.offer].capital
    ledger.charge(node, "takeover", taken, cost, timeline.offer, capital=capital)
    own = timeline.before(problem, node)
    for column in before:
        columns, values = [taken, line.at[node], column], [1.0, -1.0, -1.0]
        if own is not None:
            columns.append(own)
            values.append(1.0)
        builder.row(-1.0, INFINITY, columns, values)
