"""Rules of the authority as rows of the model: one function for each kind.

A plan's volumes are rounded to a thousandth. Where that breaks a rule, the model is made again
with its rows tightened by one step: a penny a node, or a millionth of a share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from sourcemix.engine.milp import INFINITY, Builder
from sourcemix.engine.planning.ledger import Ledger, Terms
from sourcemix.engine.planning.linking import Presence
from sourcemix.engine.planning.running import Fee
from sourcemix.engine.planning.serving import Serving
from sourcemix.engine.planning.timeline import Timelines
from sourcemix.engine.problem import TODAY, Problem
from sourcemix.model.drivers import PolicyDriver, driver_id
from sourcemix.model.plan import AUTHORITY_COMPONENTS
from sourcemix.model.rules import (
    Budget,
    Excludes,
    KeepInHouse,
    MaxLive,
    MaxShare,
    MaxSuppliers,
    MaxTerm,
    MinShare,
    MinSuppliers,
    MustNotUse,
    MustUse,
    Requires,
    Rule,
    Who,
    rule_name,
)

PENNY = 0.01
SHARE_STEP = 1e-6
SPEND = ("fixed", "volume", "change")


@dataclass(frozen=True, slots=True)
class Parts:
    """What rules may speak of.

    Attributes:
        tighten: whether rows are moved by one step, because rounding broke one without.
        exact_rows: rows to check once the volumes are rounded.
    """

    problem: Problem
    builder: Builder
    ledger: Ledger
    timelines: Timelines
    presence: Presence
    serving: Serving
    fees: list[Fee]
    tighten: bool = False
    exact_rows: list[int] = field(default_factory=list)

    def exact(self, lower: float, upper: float, columns: list[int], values: list[float]) -> None:
        """Add a row that rounding the volumes could break; it is checked afterwards."""
        self.exact_rows.append(self.builder.row(lower, upper, columns, values))


@dataclass(frozen=True, slots=True)
class ActiveRule:
    """A rule with its name and the nodes at which it holds."""

    name: str
    rule: Rule
    nodes: tuple[int, ...]


def active_rules(problem: Problem) -> list[ActiveRule]:
    """Every rule of the case and of its policy drivers, with the nodes at which it holds."""
    found = []
    for position, rule in enumerate(problem.case.rules):
        nodes = [n for n in range(problem.nodes) if _within(problem, rule, n)]
        found.append(ActiveRule(rule_name(rule, position), rule, tuple(nodes)))
    for driver in problem.case.drivers:
        if isinstance(driver, PolicyDriver):
            name = driver_id(driver)
            nodes = [
                node.id
                for node in problem.tree.nodes
                if name in node.in_force and _within(problem, driver.rule, node.id)
            ]
            found.append(ActiveRule(name, driver.rule, tuple(nodes)))
    return found


def longest_terms(problem: Problem, rules: list[ActiveRule]) -> dict[tuple[int, int], int]:
    """By node and offer: periods after which `max_term` ends what starts in the plan."""
    longest: dict[tuple[int, int], int] = {}
    for active in rules:
        if not isinstance(active.rule, MaxTerm):
            continue
        limit = active.rule.months // problem.case.horizon.months
        for offer in range(len(problem.offers)):
            if matches(problem, active.rule.who, offer):
                for node in active.nodes:
                    longest[node, offer] = min(limit, longest.get((node, offer), limit))
    return longest


def matches(problem: Problem, who: Who, offer: int) -> bool:
    """Whether an offer's supplier is one that a rule speaks of."""
    supplier = problem.case.suppliers[problem.offers[offer].supplier]
    return (
        (who.supplier is None or who.supplier == supplier.id)
        and (who.kind is None or who.kind == supplier.kind)
        and (who.sme is None or who.sme == supplier.sme)
        and (who.local is None or who.local == supplier.local)
    )


def add_rules(parts: Parts, rules: list[ActiveRule]) -> None:
    """Add the rows of every rule; `max_term` is in the timelines already."""
    for active in rules:
        if not isinstance(active.rule, MaxTerm):
            _ROWS[type(active.rule)](parts, active.rule, active.nodes)


def _within(problem: Problem, rule: Rule, node: int) -> bool:
    begins = problem.case.horizon.begins(int(problem.period[node]))
    return (rule.from_ is None or rule.from_ <= begins) and (
        rule.until is None or begins <= rule.until
    )


def _max_suppliers(parts: Parts, rule: MaxSuppliers, nodes: tuple[int, ...]) -> None:
    """Σ σ(n, supplier) ≤ limit, in-house not counted."""
    problem = parts.problem
    for node in nodes:
        services = _services(problem, rule.service)
        present = parts.presence.suppliers(
            node, services, lambda offer: not bool(problem.in_house[offer])
        )
        _at_most(parts.builder, list(present.values()), rule.limit)


def _min_suppliers(parts: Parts, rule: MinSuppliers, nodes: tuple[int, ...]) -> None:
    """Σ σ(n, s, supplier) ≥ limit for each service with demand."""
    problem = parts.problem
    for node in nodes:
        for service in sorted(_services(problem, rule.service)):
            if problem.demand[node, service] > 0.0:
                present = parts.presence.suppliers(node, frozenset({service}), lambda _: True)
                columns = list(present.values())
                parts.builder.row(rule.limit, INFINITY, columns, [1.0] * len(columns))


def _max_live(parts: Parts, rule: MaxLive, nodes: tuple[int, ...]) -> None:
    """Σ y(n, o) ≤ limit, in-house not counted."""
    for node in nodes:
        columns = [
            timeline.live[node]
            for timeline in parts.timelines.all
            if node in timeline.live and not parts.problem.in_house[timeline.offer]
        ]
        _at_most(parts.builder, columns, rule.limit)


def _must_use(parts: Parts, rule: MustUse, nodes: tuple[int, ...]) -> None:
    """Σ y(n, o) ≥ 1 over the offers named."""
    for node in nodes:
        columns = _named(parts, rule, node)
        parts.builder.row(1.0, INFINITY, columns, [1.0] * len(columns))


def _must_not_use(parts: Parts, rule: MustNotUse, nodes: tuple[int, ...]) -> None:
    """y(n, o) = 0 for the offers named."""
    for node in nodes:
        for column in _named(parts, rule, node):
            parts.builder.row(0.0, 0.0, [column], [1.0])


def _excludes(parts: Parts, rule: Excludes, nodes: tuple[int, ...]) -> None:
    """Σ y(n, o) ≤ 1."""
    for node in nodes:
        columns = [column for _, column in _live(parts, node, rule.offers)]
        _at_most(parts.builder, columns, 1)


def _requires(parts: Parts, rule: Requires, nodes: tuple[int, ...]) -> None:
    """y(n, o) ≤ y(n, needed) for each needed offer."""
    for node in nodes:
        needed = dict(_live(parts, node, rule.needs))
        for _, column in _live(parts, node, (rule.offer,)):
            for name in rule.needs:
                columns = [column, needed[name]] if name in needed else [column]
                parts.builder.row(-INFINITY, 0.0, columns, [1.0, -1.0][: len(columns)])


def _keep_in_house(parts: Parts, rule: KeepInHouse, nodes: tuple[int, ...]) -> None:
    """Σ q(n, s, in-house) ≥ share of the demand, to the thousandth above."""
    problem = parts.problem
    service = problem.services.index(rule.service)
    for group in _groups(problem, rule, nodes):
        columns, values, wanted = [], [], 0.0
        for node in group:
            demand = float(problem.demand[node, service])
            weight = 1.0 if len(group) == 1 else demand * float(problem.probability[node])
            wanted += weight * float(rule.share) * (demand > 0.0)
            for piece in parts.serving.pieces.get((node, service), ()):
                if problem.in_house[piece.offer]:
                    columns.append(piece.column)
                    values.append(weight)
            if len(group) == 1 and demand > 0.0:
                wanted = _ceil_thousandth(wanted * demand) / demand
        parts.exact(wanted, INFINITY, columns, values)


def _max_share(parts: Parts, rule: MaxShare, nodes: tuple[int, ...]) -> None:
    """Part - share · whole ≤ 0, for the suppliers named or for each."""
    problem = parts.problem
    if rule.who == Who():
        for supplier in problem.case.suppliers:
            who = Who(supplier=supplier.id)
            _share_rows(parts, rule, nodes, partial(matches, problem, who))
    else:
        _share_rows(parts, rule, nodes, partial(matches, problem, rule.who))


def _min_share(parts: Parts, rule: MinShare, nodes: tuple[int, ...]) -> None:
    """Part - share · whole ≥ 0."""
    _share_rows(parts, rule, nodes, partial(matches, parts.problem, rule.who))


def _share_rows(
    parts: Parts, rule: MinShare | MaxShare, nodes: tuple[int, ...], chosen: Callable[[int], bool]
) -> None:
    at_least = isinstance(rule, MinShare)
    share = float(rule.share)
    if parts.tighten:
        share = min(1.0, share + SHARE_STEP) if at_least else max(0.0, share - SHARE_STEP)
    for group in _groups(parts.problem, rule, nodes):
        columns, values = [], []
        for node in group:
            weight = 1.0 if len(group) == 1 else float(parts.problem.probability[node])
            for offer, column, amount in _amounts(parts, rule, node):
                columns.append(column)
                values.append(weight * amount * ((1.0 if chosen(offer) else 0.0) - share))
        if at_least:
            parts.exact(0.0, INFINITY, columns, values)
        else:
            parts.exact(-INFINITY, 0.0, columns, values)


def _amounts(
    parts: Parts, rule: MinShare | MaxShare, node: int
) -> Iterator[tuple[int, int, float]]:
    """(offer, column, pounds or units) of what a share rule counts at a node."""
    problem = parts.problem
    if rule.of == "spend":
        for charge in parts.ledger.by_node[node]:
            offer = charge.offer
            if charge.component in SPEND and offer is not None and not problem.in_house[offer]:
                yield offer, charge.column, charge.amount
        return
    assert rule.service is not None
    service = problem.services.index(rule.service)
    for piece in parts.serving.pieces.get((node, service), ()):
        yield piece.offer, piece.column, float(problem.demand[node, service])


def _budget(parts: Parts, rule: Budget, nodes: tuple[int, ...]) -> None:
    """Σ charges to the authority ≤ amount, a penny tighter for each node."""
    problem = parts.problem
    for group in _groups(problem, rule, nodes):
        columns: list[int] = []
        values: list[float] = []
        limit = float(rule.amount) if rule.scope == "whole_plan" else 0.0
        for node in group:
            weight = 1.0 if rule.scope == "every_node" else float(problem.probability[node])
            cash = 1.0 if rule.real else float(problem.deflator[problem.period[node]])
            terms, constant = _authority_cost(parts, node)
            columns += [column for column, _ in terms]
            values += [weight * cash * amount for _, amount in terms]
            limit -= weight * (cash * constant + (PENNY if parts.tighten else 0.0))
            if rule.scope != "whole_plan":
                factor = float(problem.tree.nodes[node].budget)
                limit += weight * float(rule.amount) * problem.year * factor
        parts.exact(-INFINITY, limit, columns, values)


def _authority_cost(parts: Parts, node: int) -> tuple[Terms, float]:
    """Cost of a node to the authority: columns with pounds, and the constant part."""
    problem = parts.problem
    terms: Terms = [
        (charge.column, charge.amount)
        for charge in parts.ledger.by_node[node]
        if charge.component in AUTHORITY_COMPONENTS
    ]
    above = {node}
    at = node
    while (at := int(problem.parent[at])) != TODAY:
        above.add(at)
    period, last = int(problem.period[node]), problem.periods - 1
    for fee in parts.fees:
        if fee.node not in above:
            continue
        first = int(problem.period[fee.node])
        due = sum(min(first + step, last) == period for step in range(fee.missing))
        if due:
            terms.append((fee.above, due * fee.amount))
            if fee.here is not None:
                terms.append((fee.here, -due * fee.amount))
    return terms, parts.ledger.constant[node]


def _groups(problem: Problem, rule: Rule, nodes: tuple[int, ...]) -> list[list[int]]:
    """Nodes over which a rule sums, by its scope."""
    if rule.scope == "every_node":
        return [[node] for node in nodes]
    if rule.scope == "whole_plan":
        return [list(nodes)] if nodes else []
    periods = sorted({int(problem.period[node]) for node in nodes})
    return [[node for node in nodes if problem.period[node] == period] for period in periods]


def _services(problem: Problem, name: str | None) -> frozenset[int]:
    if name is None:
        return frozenset(range(len(problem.services)))
    return frozenset({problem.services.index(name)})


def _named(parts: Parts, rule: MustUse | MustNotUse, node: int) -> list[int]:
    """Columns of the offers that a rule names, by id or by supplier."""
    problem = parts.problem
    return [
        timeline.live[node]
        for timeline in parts.timelines.all
        if node in timeline.live
        and (
            problem.offers[timeline.offer].id == rule.offer
            or problem.suppliers[problem.offers[timeline.offer].supplier] == rule.supplier
        )
    ]


def _live(parts: Parts, node: int, names: tuple[str, ...]) -> list[tuple[str, int]]:
    return [
        (name, timeline.live[node])
        for timeline in parts.timelines.all
        if (name := parts.problem.offers[timeline.offer].id) in names and node in timeline.live
    ]


def _at_most(builder: Builder, columns: list[int], limit: int) -> None:
    if len(columns) > limit:
        builder.row(-INFINITY, limit, columns, [1.0] * len(columns))


def _ceil_thousandth(units: float) -> float:
    return -int(-(units * 1000 - 1e-6) // 1) / 1000


_ROWS: dict[type, Callable[..., None]] = {
    Budget: _budget,
    Excludes: _excludes,
    KeepInHouse: _keep_in_house,
    MaxLive: _max_live,
    MaxShare: _max_share,
    MaxSuppliers: _max_suppliers,
    MinShare: _min_share,
    MinSuppliers: _min_suppliers,
    MustNotUse: _must_not_use,
    MustUse: _must_use,
    Requires: _requires,
}
SUPPORTED = frozenset({*_ROWS, MaxTerm})
"""Rules that this route can plan with."""
