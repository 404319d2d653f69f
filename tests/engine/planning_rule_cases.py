"""A minimal case for each kind of rule, with the rule in each scope, hard and with a price."""

from __future__ import annotations

from typing import Any, get_args

from pydantic import TypeAdapter

from sourcemix.model.references import scope_faults
from sourcemix.model.rules import Rule, Scope
from tests.engine.planning_cases import TWO, forked, moor, net, own, vale
from tests.engine.planning_text import Golden
from tests.engine.small import case

RULE: TypeAdapter[Rule] = TypeAdapter(Rule)
SHOWS = ("rules.holding.add_rules",)
SPEED = {
    "id": "speed",
    "statement": "Fast",
    "measure": "share",
    "unit": "percent",
    "better": "higher",
    "baseline": 60,
    "target": 80,
}


def ways(**fields: Any) -> tuple[Rule, ...]:
    """A rule in every scope that it may have, hard and at a price of £7 for each unit."""
    found = []
    for scope in get_args(Scope):
        for soft in ({}, {"soft": 7}):
            rule = RULE.validate_python({**fields, **soft, "scope": scope})
            if not list(scope_faults(("rules", 0), rule)):
                found.append(rule)
    return tuple(found)


def _both() -> list[dict[str, Any]]:
    return [vale(), net("net_vale", "vale", "0"), moor()]


CASES: dict[str, Golden] = {
    "rule_max_suppliers": Golden(
        "At most one supplier; in-house is not counted. Of two suppliers outside, one is one too "
        "many: a breach of 1 at most. On average, nodes count by their probability.",
        SHOWS,
        forked([vale(), moor(), own()]),
        rules=ways(kind="max_suppliers", limit=1),
    ),
    "rule_min_suppliers": Golden(
        "At least two suppliers for the desk, in-house included.",
        SHOWS,
        forked([vale(), own()]),
        rules=ways(kind="min_suppliers", limit=2),
    ),
    "rule_max_live": Golden(
        "At most one live agreement, in-house not counted.",
        SHOWS,
        forked([vale(), moor(), own()]),
        rules=ways(kind="max_live", limit=1),
    ),
    "rule_must_use": Golden(
        "Vale must be live, through either of its offers.",
        SHOWS,
        forked(_both(), services=TWO),
        rules=ways(kind="must_use", supplier="vale"),
    ),
    "rule_must_not_use": Golden(
        "Moor must not be live.",
        SHOWS,
        forked([vale(), moor()]),
        rules=ways(kind="must_not_use", offer="moor"),
    ),
    "rule_max_share": Golden(
        "Small firms (vale) get at most 40% of the spend. In-house is no spend.",
        SHOWS,
        forked([vale("10"), moor("8", fixed=100), own()]),
        rules=ways(kind="max_share", who={"sme": True}, share="0.4"),
    ),
    "rule_max_share_each": Golden(
        "No supplier serves more than 40% of the desk: one row for each, in-house included.",
        SHOWS,
        case([vale("10"), moor("8"), own()], 1),
        rules=ways(kind="max_share", who={}, share="0.4", of="service", service="desk")[:2],
    ),
    "rule_min_share": Golden(
        "Small firms (vale) get at least 40% of the spend.",
        SHOWS,
        forked([vale("10"), moor("8", fixed=100), own()]),
        rules=ways(kind="min_share", who={"sme": True}, share="0.4"),
    ),
    "rule_keep_in_house": Golden(
        "In-house serves at least 30% of the demand for the desk, in units.",
        SHOWS,
        forked([vale(), own()]),
        rules=ways(kind="keep_in_house", service="desk", share="0.3"),
    ),
    "rule_max_term": Golden(
        "Hard, it is in the timelines (see time_max_term). With a price, the months beyond 12 "
        "cost £7 each, as they are run: £84 for the second year.",
        SHOWS,
        forked([vale()]),
        rules=ways(kind="max_term", months=12),
    ),
    "rule_budget": Golden(
        "At most £400 a year (over the plan: in all), in cash, which is 2% more in 2028. Fees "
        "count when they fall due. Unmet demand is no cost to the authority.",
        SHOWS,
        forked(
            [vale("10", term={"initial": 36}, exit={"fee_per_missing_year": 70})],
            indices={"prices": "0.02"},
            money={"price_base": "2026-27", "discounting": "none", "deflator": "prices"},
        ),
        rules=ways(kind="budget", amount=400),
    ),
    "rule_budget_driver": Golden(
        "The budget falls to 90% in 2028 with probability 0.3. Real: no deflator.",
        SHOWS,
        case(
            [vale("10")],
            2,
            drivers=[
                {
                    "kind": "budget",
                    "at": "2028-04-01",
                    "outcomes": [{"p": "0.3", "factor": "0.9"}, {"p": "0.7", "factor": 1}],
                }
            ],
        ),
        rules=ways(kind="budget", amount=400, real=True)[:1],
    ),
    "rule_excludes": Golden(
        "At most one of the two is live.",
        SHOWS,
        forked([vale(), moor()]),
        rules=ways(kind="excludes", offers=["vale", "moor"]),
    ),
    "rule_requires": Golden(
        "Vale is live only where moor and own both are.",
        SHOWS,
        forked([vale(), moor(), own()]),
        rules=ways(kind="requires", offer="vale", needs=["moor", "own"]),
    ),
    "rule_same_supplier": Golden(
        "At most one supplier for desk and net together.",
        SHOWS,
        forked([*_both(), net("net_moor", "moor", "0")], services=TWO),
        rules=ways(kind="same_supplier", services=["desk", "net"]),
    ),
    "rule_separate_suppliers": Golden(
        "No supplier holds both desk and net. Moor has only the desk, so no row is needed for it.",
        SHOWS,
        forked(_both(), services=TWO),
        rules=ways(kind="separate_suppliers", services=["desk", "net"]),
    ),
    "rule_outcome_floor": Golden(
        "A level of at least 70: vale brings 75 where it serves, all else counts at 60. So 15 × "
        "what vale serves must be at least 10.",
        SHOWS,
        forked([vale(desk={"outcomes": {"speed": 75}}), moor()], outcomes=[SPEED]),
        rules=ways(kind="outcome_floor", outcome="speed", level=70),
    ),
    "rule_outcome_floor_lower": Golden(
        "Lower is better: a level of at most 50.",
        SHOWS,
        case(
            [vale(desk={"outcomes": {"speed": 45}})],
            1,
            outcomes=[{**SPEED, "better": "lower", "target": 40}],
        ),
        rules=ways(kind="outcome_floor", outcome="speed", level=50)[:1],
    ),
    "rule_max_exit_exposure": Golden(
        "Leaving vale at node 0 costs two years of notice at £100, £70 for the last of three years "
        "that is then missing, and £20 of transition: £290. At node 1 the notice leads to the end "
        "of the term: £220. Where notice was given at node 0, one year of it is left, and the fee "
        "is owed to the end: £100 + £70 + £20, £30 less.",
        SHOWS,
        case(
            [
                vale(
                    fixed=100,
                    term={"initial": 36, "notice": 24},
                    exit={"fee_per_missing_year": 70, "transition": 20},
                )
            ],
            3,
        ),
        rules=ways(kind="max_exit_exposure", amount=150),
    ),
    "rule_max_value": Golden(
        "Vale is paid at most £2,000 along every future: £1,000 for volume a year, half or double "
        "that in 2028, and £100 fixed. The future by node 1 cannot reach that, so it needs no row. "
        "Over the plan: on average.",
        SHOWS,
        forked([vale("10", fixed=100), own()]),
        rules=ways(kind="max_value", supplier="vale", amount=2000),
    ),
    "rule_with_dates": Golden(
        "The rule holds from 2028 on: no row at node 0.",
        SHOWS,
        forked([vale(), moor()]),
        rules=ways(**{"kind": "max_live", "limit": 1, "from": "2028-04-01"})[:1],
    ),
    "rule_by_policy": Golden(
        "With probability 0.3 the rule is in force from 2028 on: a row at that node alone.",
        SHOWS,
        case(
            [vale(), moor()],
            2,
            drivers=[
                {
                    "kind": "policy",
                    "at": "2028-04-01",
                    "p": "0.3",
                    "rule": {"kind": "max_live", "limit": 1},
                }
            ],
        ),
    ),
    "rule_tightened": Golden(
        "Tightened in full, so that volumes rounded to a thousandth hold the rule. Two volumes may "
        "move by 0.0005 units each (0.6 and 0.4 of which count), and one may have to make up for "
        "both, for what is unmet and for what is avoided (four times 0.6): 0.0005 × 3.4.",
        SHOWS,
        case([vale("10"), moor("8")], 1),
        {"tighten": 1.0},
        rules=ways(kind="max_share", who={"sme": True}, share="0.4", of="service", service="desk")[
            :1
        ],
    ),
}
