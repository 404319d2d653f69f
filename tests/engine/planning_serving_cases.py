"""A minimal case for who serves, for what ties offers together, and for what is minimised."""

from __future__ import annotations

from sourcemix.engine.planning.model import Eased
from sourcemix.engine.planning.restriction import Restriction
from tests.engine.planning_cases import TWO, TWO_YEARS, forked, moor, net, own, vale
from tests.engine.planning_text import Golden
from tests.engine.small import case, offer

SERVICE: dict[str, Golden] = {
    "serve_price": Golden(
        "Served or unmet, in shares of the demand; at most the capacity of 80, as far as live.",
        ("serving",),
        forked([vale("10", desk={"capacity": 80})]),
    ),
    "serve_committed": Golden(
        "The 50 committed units are free of charge here (being live pays for them); at node 1 the "
        "demand is no more than that.",
        ("serving",),
        forked([vale("10", desk={"commit": "0.5"})]),
    ),
    "serve_committed_first": Golden(
        "A rule on shares of spend could be held by paying for more than is served: the 50 "
        "committed units come first.",
        ("serving._order",),
        case(
            [vale("10", desk={"commit": "0.5"})],
            1,
            rules=[{"kind": "min_share", "who": {"kind": "commercial"}, "share": "0.1"}],
        ),
    ),
    "serve_price_by_year": Golden(
        "Two prices by agreement year: an agreement that started in 2027 serves at £9 in 2028, one "
        "that starts then at £10.",
        ("serving",),
        case([vale(desk={"price": ["10", "9"]})], 2),
    ),
    "serve_incremental": Golden(
        "£10 a unit up to 40, £6 for each unit beyond: a band costs £400 and £6 a unit less 40.",
        ("serving",),
        case([vale("10", desk={"tiers": [{"from": 40, "price": 6}]})], 1),
    ),
    "serve_all_units": Golden(
        "£10 a unit below 40, £6 for all units from 40 on.",
        ("serving",),
        case([vale("10", desk={"tiers": [{"from": 40, "price": 6}], "tier_kind": "all_units"})], 1),
    ),
    "serve_tier_committed": Golden(
        "30 committed units at £10 are paid by being live; the band beyond 40 costs what is more.",
        ("running.add_running_costs", "serving"),
        case([vale("10", desk={"commit": "0.3", "tiers": [{"from": 40, "price": 6}]})], 1),
    ),
    "serve_never_unmet": Golden(
        "Nothing may be left unmet, so there is no column for it.",
        ("serving",),
        case([vale("10")], 1, services=[{**TWO[0], "unmet": "never"}]),
    ),
    "serve_waived": Golden(
        "To find what conflicts, a need may be waived: then it is left unmet for nothing.",
        ("serving",),
        case([vale("10")], 1, services=[{**TWO[0], "unmet": "never"}]),
        {"eased": Eased(waived=frozenset({0}))},
    ),
    "serve_avoided": Golden(
        "Friends take 4% off the demand while live.",
        ("serving",),
        case(
            [vale("10"), moor("0", reduces={"desk": "0.04"}, services={"net": {"price": 0}})],
            1,
            services=TWO,
        ),
    ),
    "serve_avoided_all": Golden(
        "Two offers take 70% and 60% off the demand; both together all of it, and no more.",
        ("serving._avoided",),
        case(
            [
                vale("0", reduces={"desk": "0.7"}, services={"net": {"price": 0}}),
                moor("0", reduces={"desk": "0.6"}, services={"net": {"price": 0}}),
            ],
            1,
            services=TWO,
        ),
    ),
    "serve_emergency": Golden(
        "Where the supplier has just failed, what is not served costs £70, not £50.",
        ("serving",),
        case(
            [vale("10")],
            2,
            services=[{**TWO[0], "emergency": 70}],
            suppliers=[{"id": "vale", "kind": "commercial", "failure": "0.25"}],
            drivers=[{"kind": "supplier_failure", "supplier": "vale", "at": "2028-04-01"}],
        ),
    ),
}

TOGETHER: dict[str, Golden] = {
    "link_providers": Golden(
        "At most one supplier for the desk. Vale has two offers for it: one of them is enough for "
        "vale to be present.",
        ("linking.add_linking",),
        case(
            [vale(), offer("vale_too", "vale", "0"), moor()],
            1,
            services=[{**TWO[0], "max_providers": 1}],
        ),
    ),
    "link_interface": Golden(
        "£60 where desk and net are not in one hand: one supplier may be the main one.",
        ("linking.add_linking",),
        case(
            [vale(), net("moor", "moor", "0")],
            1,
            services=TWO,
            links=[{"services": ["desk", "net"], "interface": 60}],
        ),
    ),
    "link_overhead": Golden(
        "£20 remain in any case; £90 more while an in-house agreement for the desk is live.",
        ("linking.add_linking",),
        case(
            [own(), offer("own_too", "own", "0"), vale()],
            1,
            services=[{**TWO[0], "overhead": {"avoidable": 90, "remaining": 20}}],
        ),
    ),
    "outcome": Golden(
        "£3 a year for each point above 60, up to 80. Vale reaches 85: served in full, the credit "
        "stops at 20 points. Moor states no level, so it counts at the baseline.",
        ("outcomes",),
        case(
            [vale(desk={"outcomes": {"speed": 85}}), moor()],
            1,
            outcomes=[
                {
                    "id": "speed",
                    "statement": "Fast",
                    "measure": "share",
                    "unit": "percent",
                    "better": "higher",
                    "baseline": 60,
                    "target": 80,
                    "value": 3,
                }
            ],
        ),
    ),
    "outcome_lower_is_better": Golden(
        "Waiting days, 10 at the start and 4 wanted, over two services: each counts half.",
        ("outcomes",),
        case(
            [
                vale(desk={"outcomes": {"wait": 7}}),
                {
                    **net("moor", "moor", "0"),
                    "services": {"net": {"price": 0, "outcomes": {"wait": 4}}},
                },
            ],
            1,
            services=TWO,
            outcomes=[
                {
                    "id": "wait",
                    "statement": "Soon",
                    "measure": "days",
                    "unit": "days",
                    "better": "lower",
                    "baseline": 10,
                    "target": 4,
                    "value": 3,
                }
            ],
        ),
    ),
    "outcome_swing": Golden(
        "A weight of 0.3 is worth £60 a year for the whole swing of 20 points, £3 for each.",
        ("outcomes",),
        case(
            [vale(desk={"outcomes": {"speed": 75}})],
            1,
            outcomes=[
                {
                    "id": "speed",
                    "statement": "Fast",
                    "measure": "share",
                    "unit": "percent",
                    "better": "higher",
                    "baseline": 60,
                    "target": 80,
                    "swing_weight": "0.3",
                }
            ],
            appraisal={"swing_value": 200},
        ),
    ),
    "risk": Golden(
        "A fifth of the weight on the worst half of the futures: what is left of the objective, a "
        "threshold, and what each future costs beyond it. Node costs hold every line.",
        ("risk",),
        forked(
            [vale("10", term=TWO_YEARS, exit={"fee_per_missing_year": 70})],
            appraisal={"risk": {"measure": "cvar", "level": "0.5", "weight": "0.2"}},
        ),
    ),
    "risk_worst": Golden(
        "At level 1 the weight is on the worst future: no future costs more than the threshold.",
        ("risk",),
        forked([vale("10")], appraisal={"risk": {"level": 1, "weight": "0.2"}}),
    ),
    "idle": Golden(
        "£0.004 in all, spread over agreements that could be live, so that idle ones are left out.",
        ("model._charge_idle",),
        forked([vale(), moor()]),
    ),
}
SHOWN = ("restriction",)
WITHIN: dict[str, Golden] = {
    "within_offers": Golden(
        "Only vale may be procured (`single_partnership` and the like): moor nowhere.",
        SHOWN,
        forked([vale(), moor()]),
        {"within": Restriction(procured=frozenset({"vale"}))},
    ),
    "within_same_for_all": Golden(
        "The same for all futures: what is procured in 2028 is procured at both nodes, and what is "
        "left without notice in 2028 is left at both.",
        SHOWN,
        forked([vale(term=TWO_YEARS)]),
        {"within": Restriction(same_for_all=True)},
    ),
    "within_same_with_notice": Golden(
        "With notice, what is the same is the notice: that given in 2028 for 2029.",
        SHOWN,
        forked([vale(term={"initial": 36, "notice": 12}, available={"until": "2027-04-01"})], 3),
        {"within": Restriction(same_for_all=True)},
    ),
    "within_same_where_it_cannot_be": Golden(
        "At node 1 the rule ends what would run longer than a year. The fate of the offer is the "
        "same at node 2, so it must be left there, too.",
        SHOWN,
        case(
            [vale(term=TWO_YEARS, available={"until": "2027-04-01"})],
            2,
            drivers=[
                {
                    "kind": "policy",
                    "at": "2028-04-01",
                    "p": "0.3",
                    "rule": {"kind": "max_term", "months": 12},
                }
            ],
        ),
        {"within": Restriction(same_for_all=True)},
    ),
    "within_kept": Golden(
        "What starts in the plan is kept or renewed; today's agreement may be left.",
        SHOWN,
        case([vale(term=TWO_YEARS)], 3, agreements=[{"offer": "vale", "started": "2026-04-01"}]),
        {"within": Restriction(kept="new")},
    ),
    "within_kept_today": Golden(
        "Today's agreement is kept or renewed, too.",
        SHOWN,
        case([vale(term=TWO_YEARS)], 2, agreements=[{"offer": "vale", "started": "2026-04-01"}]),
        {"within": Restriction(kept="all")},
    ),
}
CASES = {**SERVICE, **TOGETHER, **WITHIN}
