"""A plan: a mix for every node, with its costs, its proof and its check."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from sourcemix.model.case import Case
from sourcemix.model.common import Frozen, Id, Money, Volume
from sourcemix.model.components import Component
from sourcemix.model.tree import Tree

Status = Literal["optimal", "within_gap", "feasible", "infeasible", "unknown"]
"""How good the result is.

`optimal`: proven, no better one exists (to one part in a million). `within_gap`: proven to be
within the gap asked for. `feasible`: it holds every rule, but the gap asked for is not proven.
`infeasible`: proven that no plan can hold all the rules and needs. `unknown`: none found, and none
ruled out.
"""

Reason = Literal["proved", "gap_reached", "time_limit", "interrupted", "solver_stopped"]
"""Why the search ended; kept apart from how good the result is."""

Party = Literal["taxpayer", "residents", "staff", "suppliers", "community"]
"""Those for whom a plan should be of value."""


class Position(Frozen):
    """A live agreement at a node."""

    offer: Id
    """The offer taken up."""
    since: int | None
    """Node at which it started; none: it was live before the case begins."""
    age: int = Field(ge=0)
    """Whole periods that it had run when this one began."""
    ends: int | None = None
    """First period in which it is no longer live, where notice has been given."""
    volumes: dict[Id, Volume] = {}
    """Units of each service served in this period, to a thousandth."""


class Decision(Frozen):
    """Something to do at a node; the same for everything below it."""

    action: Literal["procure", "end"]
    """`procure`: start an agreement. `end`: leave it, or do not extend it."""
    offer: Id
    """The offer."""
    effect: int = Field(ge=0)
    """Period as which it takes effect: the first live one, or the first no longer live."""


class PlanNode(Frozen):
    """What a plan does at one node."""

    node: int = Field(ge=0)
    """The node of the tree."""
    decisions: tuple[Decision, ...] = ()
    """What to decide here, by offer and action."""
    positions: tuple[Position, ...] = ()
    """Agreements live here, by offer."""
    unmet: dict[Id, Volume] = {}
    """Units that nobody serves."""
    costs: dict[Component, Money] = {}
    """Cost of this period by component, undiscounted, to the penny; empty until verified."""
    exposure: Money | None = None
    """What it would cost to leave everything here, in pounds."""


class Leaf(Frozen):
    """One future as a whole."""

    node: int
    """Last node of the future."""
    probability: Decimal
    """Its probability, rounded to nine decimals."""
    cost: Money
    """Its present value, objective of that future, in pounds."""


class FinancialYear(Frozen):
    """Expected cost to the authority in one financial year, undiscounted, in the price base."""

    year: str
    """April to March, such as `2027-28`."""
    one_off: Money
    """Set-up, takeover, exit, transition."""
    recurring: Money
    """All else, less income."""
    capital: Money = Decimal(0)
    """What of the year's total is classed capital."""
    revenue: Money
    """The rest of it."""
    low: Money
    """Tenth percentile of the year's total over the futures."""
    high: Money
    """Ninetieth percentile of the year's total over the futures."""
    vat: Money = Decimal(0)
    """What of the year's total is VAT that cannot be recovered."""
    cash: Money | None = None
    """The year's total in cash: at the prices of that year, by the deflator."""
    cash_capital: Money | None = None
    """What of `cash` is classed capital."""
    cash_revenue: Money | None = None
    """The rest of it."""


class PartyFigure(Frozen):
    """What a plan is worth to one party, as far as values are stated."""

    party: Party
    """Who."""
    unit: Literal["pounds", "posts"]
    """Pounds of expected present value, or posts kept, on average over the horizon."""
    low: Decimal | None
    """Gain at the low end of what is stated, to the penny or a hundredth of a post; negative: a
    burden. None: nothing is stated, so it is not assessed."""
    high: Decimal | None
    """Gain at the high end."""
    assessed: int = Field(ge=0)
    """For how many of `offers` a value is stated."""
    offers: int = Field(ge=0)
    """Offers that the plan uses and that could matter to the party."""


class RuleCheck(Frozen):
    """How a rule stands in a result."""

    rule: str
    """Its name."""
    holds: bool
    """Whether it holds, in exact arithmetic."""
    detail: str = ""
    """Where it fails and by how much, in words; empty where it holds. A rule with a price may
    fail: what that costs is in the line `breach`."""


class Verification(Frozen):
    """The record of the independent check."""

    checks: int = Field(ge=0)
    """How many statements were recomputed."""
    discrepancies: tuple[str, ...] = ()
    """What did not agree, in words. Empty in every result that is shown."""
    rules: tuple[RuleCheck, ...] = ()
    """Each rule."""


Comparator = Literal[
    "as_is", "in_house", "cheapest_now", "named", "single_partnership", "chosen_once", "fixed_plan"
]
"""Kinds of plan to compare with. See "Baselines and the chain" in the reference of meanings."""


class Comparison(Frozen):
    """A plan to compare with, under the same case and tree."""

    kind: Comparator
    """What it may do."""
    name: Id
    """The baseline's own name where it is named; else the kind."""
    status: Status
    """How good it is: of the plans of its kind."""
    reason: Reason
    """Why the search ended."""
    cost: Money | None
    """As in the result."""
    bound: Money | None
    """As in the result: no plan of this kind can be cheaper."""
    gap: Decimal | None
    """As in the result."""
    verified: bool
    """Whether the independent check agrees with every figure, and that it is of its kind."""
    waived: tuple[str, ...] = ()
    """Rules of the case that no plan of this kind can hold, so that it was planned without those
    that have no price: those of them that it breaks, by name."""
    conflicts: tuple[str, ...] = ()
    """Infeasible: what cannot hold together, in words."""
    mean: Money | None = None
    """As in the result."""
    cvar: Money | None = None
    """As in the result."""
    authority_cost: Money | None = None
    """As in the result."""
    low: Money | None = None
    """As in the result."""
    high: Money | None = None
    """As in the result."""
    expected: dict[Component, Money] = {}
    """As in the result."""
    financial_years: tuple[FinancialYear, ...] = ()
    """As in the result."""
    nodes: tuple[PlanNode, ...] = ()
    """The mix and the decisions at every node."""


class Step(Frozen):
    """One step of the chain: what the freedom it adds is worth."""

    name: Literal["mix", "form_and_term", "timing"]
    """Which freedom. `timing` is the value of flexibility."""
    dearer: Comparator
    """The plan without it."""
    cheaper: Comparator | Literal["plan"]
    """The plan with it."""
    value: Money | None
    """Cost without it less cost with it, in pounds; none where one of the two has no plan."""
    low: Money | None
    """Proven: it is worth this at least. Negative: it may be worth nothing."""
    high: Money | None
    """Proven: it is worth this at most."""
    note: str = ""
    """Where there is no figure: why."""


class PlanResult(Frozen):
    """The part of a plan that depends on the input, the seed and the version alone."""

    status: Status
    """How good it is."""
    reason: Reason
    """Why the search ended."""
    cost: Money | None
    """What is minimised: the expected present value of the cost to the authority, plus penalties
    for unmet demand and broken rules, less the value of outcomes; with the stated weight on bad
    futures. Pounds."""
    bound: Money | None
    """Proven: no plan can be cheaper than this. Pounds."""
    gap: Decimal | None
    """(cost - bound) / |cost|, to six decimals, rounded up."""
    verified: bool
    """Whether the independent check agrees with every figure."""
    input_sha256: str
    """Hash of the case as planned, defaults filled in; the order of rows does not matter."""
    version: str
    """Version of Sourcemix."""
    seed: int
    """Seed of the search."""
    mean: Money | None = None
    """Expected present value of all lines: `cost`, if risk has no weight. Pounds."""
    cvar: Money | None = None
    """Mean cost of the worst futures, at the level of `appraisal.risk`; none where risk has no
    weight. `cost` is (1 - weight) of `mean` and weight of this. Pounds."""
    authority_cost: Money | None = None
    """Expected present value of the cost to the authority, in pounds."""
    low: Money | None = None
    """Tenth percentile of `leaves`, in pounds."""
    high: Money | None = None
    """Ninetieth percentile of `leaves`, in pounds."""
    expected: dict[Component, Money] = {}
    """Expected present value by component, in pounds."""
    indicative_share: Decimal | None = None
    """Share of the cost to the authority that rests on indicative figures, to four decimals."""
    financial_years: tuple[FinancialYear, ...] = ()
    """Expected cost to the authority by financial year."""
    leaves: tuple[Leaf, ...] = ()
    """Every future, by node."""
    first: tuple[str, ...] = ()
    """What to decide now, as sentences."""
    later: tuple[str, ...] = ()
    """What to decide later, as "if … then …" sentences."""
    swing_score: Decimal | None = None
    """Share of the weighted swings that is achieved, on average over time and futures, to four
    decimals; none where no outcome has a swing weight."""
    parties: tuple[PartyFigure, ...] = ()
    """What each party gains or bears, in figures."""
    ledger: dict[str, str] = {}
    """The same in words; "not assessed" without stated values."""
    conflicts: tuple[str, ...] = ()
    """Infeasible: what cannot hold together, in words."""
    not_modelled: tuple[str, ...] = ()
    """What the plan does not take into account."""
    nodes: tuple[PlanNode, ...] = ()
    """The mix and the decisions at every node."""
    tree: Tree
    """The futures it was made for."""
    verification: Verification | None = None
    """The independent check."""
    comparisons: tuple[Comparison, ...] = ()
    """Plans to compare with: baselines, and the links of the chain; empty where not asked for."""
    chain: tuple[Step, ...] = ()
    """What flexibility is worth, step by step; empty where not asked for."""


class Progress(Frozen):
    """Where the search stood at one moment."""

    seconds: float
    """Since the start."""
    cost: float | None
    """Best found, pounds."""
    bound: float | None
    """Best proven, pounds."""


class Run(Frozen):
    """The part of a result that differs from run to run."""

    seconds: float
    """Wall-clock time of the solve."""
    seed: int
    """Seed of the search."""
    started: str
    """When it started, ISO 8601 in UTC."""
    machine: str
    """Operating system, processor kind, Python version."""
    settings: dict[str, Any] = {}
    """Options given: gap, time limit, node budget."""
    trace: tuple[Progress, ...] = ()
    """How cost and bound moved."""


class Plan(Frozen):
    """A plan as a document: result, run, and the case it answers."""

    sourcemix: Literal[1] = 1
    """Version of the file format."""
    kind: Literal["plan"] = "plan"
    """What the document is."""
    status: Status
    """As in `result`."""
    reason: Reason
    """As in `result`."""
    cost: Money | None
    """As in `result`."""
    bound: Money | None
    """As in `result`."""
    gap: Decimal | None
    """As in `result`."""
    verified: bool
    """As in `result`."""
    result: PlanResult
    """The same, byte for byte, for the same input, seed and version."""
    run: Run
    """How it came about."""
    case: Case
    """The case as planned, defaults filled in."""


__all__ = [
    "Comparator",
    "Comparison",
    "Decision",
    "FinancialYear",
    "Leaf",
    "Party",
    "PartyFigure",
    "Plan",
    "PlanNode",
    "PlanResult",
    "Position",
    "Progress",
    "Reason",
    "RuleCheck",
    "Run",
    "Status",
    "Step",
    "Verification",
]
