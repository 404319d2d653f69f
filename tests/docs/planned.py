"""What the rows of a worked example say, looked up in the plan of its case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import cached_property

from sourcemix.app.plan import plan_case
from sourcemix.model.case import Case
from sourcemix.model.components import Component
from sourcemix.model.plan import Plan, PlanNode, PlanResult
from sourcemix.model.rules import MustNotUse, MustUse, Rule
from sourcemix.model.tree import Node

LINES: dict[str, Component] = {
    "Procurement": "procurement",
    "Set-up": "setup",
    "Takeover": "takeover",
    "Fixed charges": "fixed",
    "Volume charges": "volume",
    "Managing": "manage",
    "Interfaces": "interface",
    "Overheads": "overhead",
    "Changed work": "change",
    "Fees": "exit_fee",
    "Transition": "transition",
    "Income": "income",
    "Lost VAT": "vat",
    "Optimism bias": "optimism_bias",
    "Unmet demand": "unmet",
    "Value of outcomes": "outcomes",
    "Broken rules": "breach",
}
WHOLE = {
    "Cost": "cost",
    "Mean": "mean",
    "Worst futures": "cvar",
    "Cost to the authority": "authority_cost",
    "Tenth percentile": "low",
    "Ninetieth percentile": "high",
    "Swing score": "swing_score",
}
YEARLY = {
    "One-off": "one_off",
    "Recurring": "recurring",
    "Capital": "capital",
    "Revenue": "revenue",
    "Low": "low",
    "High": "high",
    "Of it VAT": "vat",
    "Cash": "cash",
    "Cash capital": "cash_capital",
    "Cash revenue": "cash_revenue",
}
WAYS: dict[str, tuple[str, str]] = {
    r"(\S+) fails": ("failure:{}", "yes"),
    r"(\S+) does not fail": ("failure:{}", "no"),
    r"(\S+) is withdrawn": ("withdrawal:{}", "yes"),
    r"(\S+) is not withdrawn": ("withdrawal:{}", "no"),
    r"(\S+) (?:happens|arises)": ("{}", "yes"),
    r"(\S+) does not (?:happen|arise)": ("{}", "no"),
    r"(\S+) goe?s? the first way": ("{}", "0"),
    r"(\S+) goe?s? the second way": ("{}", "1"),
    r"(\S+) (?:is|are) low": ("{}", "low"),
    r"(\S+) (?:is|are) middle": ("{}", "middle"),
    r"(\S+) (?:is|are) high": ("{}", "high"),
}
"""What a driver does in a future, in words: its name in the tree, and what is seen of it."""
PERIOD = r"(?:year|half-year|quarter)"
WHEN = re.compile(rf"^(?P<what>.+?)(?:, {PERIOD} (?P<period>\d+))?(?: if (?P<future>.+))?$")
LIVE = re.compile(
    rf"^{PERIOD}s? (?P<first>\d+)(?: to (?P<last>\d+))?(?: if (?P<future>.+))?$", re.IGNORECASE
)
DECISION = re.compile(
    rf"^(?P<act>Sign|Give notice|Leave) (?:now|in {PERIOD} (?P<period>\d+))"
    rf"(?P<later>, to (?P<what>start in|leave after) {PERIOD} (?P<effect>\d+))?"
    r"(?: if (?P<future>.+))?$"
)
OTHERWISE = re.compile(
    rf"^Cost (?P<how>with|without) (?P<offer>\S+)(?: in {PERIOD} (?P<period>\d+))?$"
)


class Planned:
    """A case with its plan, and what a row's words find in it."""

    def __init__(self, case: Case) -> None:
        self.case = case

    @cached_property
    def plan(self) -> Plan:
        """The best plan, proven."""
        return self.proven(self.case)

    def proven(self, case: Case) -> Plan:
        """A plan that is proven to be the best."""
        plan = plan_case(case, gap=0, seconds=120)
        assert plan.verified
        assert plan.status == "optimal", plan.result.conflicts
        return plan

    @cached_property
    def compared(self) -> PlanResult:
        """The same with all that it is compared with."""
        return plan_case(self.case, gap=0, seconds=240, compare=True).result

    def places(self, period: int | None, future: str | None) -> list[tuple[Node, PlanNode]]:
        """Nodes of a period (none: the last) in the futures that some words tell of."""
        tree = self.plan.result.tree
        at = self.case.horizon.periods - 1 if period is None else period
        wanted = dict(_conditions(future))
        found = []
        for node in tree.nodes:
            path = reversed(list(tree.path(node.id)))
            seen = {k: v for above in path for k, v in tree.nodes[above].seen.items()}
            if node.period == at and wanted.items() <= seen.items():
                found.append((node, self.plan.result.nodes[node.id]))
        assert found, f"no future in which {future} at period {at}"
        return found

    def figure(self, name: str) -> Decimal:
        """What a row of pounds, or of a measure, speaks of."""
        if name == "Cost without the rules":
            return _some(self.proven(self.case.model_copy(update={"rules": ()})).cost)
        if otherwise := OTHERWISE.match(name):
            return self.otherwise(**otherwise.groupdict())
        if other := re.match(r"^Plan (\w+)$", name):
            costs = {found.name: found.cost for found in self.compared.comparisons}
            return _some(costs[other[1]])
        if worth := re.match(r"^Worth of (?:the )?(.+)$", name):
            values = {step.name: step.value for step in self.compared.chain}
            return _some(values[worth[1].replace(" ", "_")])  # type: ignore[index]
        if year := re.match(r"^(.+) in (\d{4}-\d{2})$", name):
            found = [y for y in self.plan.result.financial_years if y.year == year[2]]
            return _some(getattr(found[0], YEARLY[year[1]]))
        if party := re.match(r"^(\w+), (low|high|assessed|offers)$", name):
            figures = {str(found.party): found for found in self.plan.result.parties}
            return _some(getattr(figures[party[1].lower()], party[2]))
        when = WHEN.match(name)
        assert when, name
        period = int(when["period"]) - 1 if when["period"] else None
        return self.somewhere(when["what"], period, when["future"])

    def somewhere(self, what: str, period: int | None, future: str | None) -> Decimal:
        """A figure of the plan as a whole, of a future, or of the nodes of a period."""
        result = self.plan.result
        if period is None and future is None:
            if what in WHOLE:
                return _some(getattr(result, WHOLE[what]))
            return result.expected.get(LINES[what], Decimal(0))
        places = self.places(period, future)
        if what == "Probability":
            chances = result.tree.probabilities()
            total = sum(chances[node.id] for node, _ in places)
            return Decimal(total.numerator) / Decimal(total.denominator)
        if what == "Cost":
            costs = {leaf.node: leaf.cost for leaf in result.leaves}
            return _same([costs[node.id] for node, _ in places])
        return _same([_at(what, node, done) for node, done in places])

    def otherwise(self, how: str, offer: str, period: str | None) -> Decimal:
        """What the best plan with, or without, an offer would cost."""
        horizon = self.case.horizon
        span: dict[str, object] = {}
        if period is not None:
            first = horizon.begins(int(period) - 1)
            last = horizon.begins(int(period)) - timedelta(days=1)
            span = {"from_": first, "until": last}
        kind = "must_use" if how == "with" else "must_not_use"
        types: dict[str, type[Rule]] = {"must_use": MustUse, "must_not_use": MustNotUse}
        rule = types[kind].model_validate({"kind": kind, "offer": offer, **span})
        rules = (*self.case.rules, rule)
        return _some(self.proven(self.case.model_copy(update={"rules": rules})).cost)

    def live(self, when: str) -> set[str]:
        """What runs in some periods: the same at all of their nodes."""
        row = LIVE.match(when)
        assert row, when
        periods = range(int(row["first"]) - 1, int(row["last"] or row["first"]))
        found = {
            frozenset(position.offer for position in done.positions)
            for period in periods
            for _, done in self.places(period, row["future"])
        }
        assert len(found) == 1, f"{when}: {found}"
        return set(found.pop())

    def decisions(self) -> set[tuple[int, str, str, int]]:
        """Every decision of the plan: node, what, offer, period."""
        return {
            (node.node, decision.action, decision.offer, decision.effect)
            for node in self.plan.result.nodes
            for decision in node.decisions
        }

    def told(self, row: tuple[str, ...]) -> set[tuple[int, str, str, int]]:
        """The decisions that a row tells of."""
        told = DECISION.match(row[0])
        assert told, row[0]
        period = int(told["period"] or 1) - 1
        effect = period
        if told["later"]:
            effect = int(told["effect"]) - (1 if told["what"] == "start in" else 0)
        action = "procure" if told["act"] == "Sign" else "end"
        return {
            (node.id, action, row[1], effect) for node, _ in self.places(period, told["future"])
        }


def _at(what: str, node: Node, done: PlanNode) -> Decimal:
    if what == "Exposure":
        return _some(done.exposure)
    if share := re.match(r"^(\S+) served by (\S+)$", what):
        if share[2] == "nobody":
            return done.unmet.get(share[1], Decimal(0))
        volumes = {position.offer: position.volumes for position in done.positions}
        return volumes[share[2]].get(share[1], Decimal(0))
    if demand := re.match(r"^Demand for (\S+)$", what):
        return node.demand[demand[1]]
    if what == "All lines":
        return sum(done.costs.values(), Decimal(0))
    return done.costs.get(LINES[what], Decimal(0))


def _conditions(future: str | None) -> Iterator[tuple[str, str]]:
    """`calls go the first way and acme does not fail` by driver, as the tree has it."""
    for words in future.split(" and ") if future else ():
        found = [
            (name.format(told[1]), seen)
            for way, (name, seen) in WAYS.items()
            if (told := re.fullmatch(way, words))
        ]
        assert len(found) == 1, f"no future is told by: {words}"
        yield found[0]


def _some(figure: Decimal | None) -> Decimal:
    assert figure is not None
    return figure


def _same(figures: list[Decimal]) -> Decimal:
    assert len(set(figures)) == 1, f"not the same in all these futures: {sorted(set(figures))}"
    return figures[0]
