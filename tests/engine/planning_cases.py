"""A minimal case for each way in which agreements start, run and end, and for what they cost."""

from __future__ import annotations

from typing import Any

from sourcemix.model.case import Case
from tests.engine.planning_text import Golden
from tests.engine.small import case, offer

TWO: list[dict[str, Any]] = [
    {"id": name, "unit": "ticket", "demand": 100, "unmet": 50} for name in ("desk", "net")
]
HALF_OR_DOUBLE = {
    "kind": "demand",
    "id": "volume",
    "services": ["desk"],
    "at": "2028-04-01",
    "outcomes": [{"p": "0.25", "factor": "0.5"}, {"p": "0.75", "factor": "2"}],
}
NO_PRICE = "0"


def forked(offers: list[dict[str, Any]], periods: int = 2, **more: Any) -> Case:
    """A case whose demand halves or doubles in the second year."""
    drivers = [HALF_OR_DOUBLE, *more.pop("drivers", [])]
    return case(offers, periods, drivers=drivers, **more)


def net(name: str, supplier: str, price: str) -> dict[str, Any]:
    """An offer for the other service."""
    return {**offer(name, supplier, price), "services": {"net": {"price": price}}}


def vale(price: str = NO_PRICE, **more: Any) -> dict[str, Any]:
    """The offer of most cases."""
    return offer("vale", "vale", price, **more)


def moor(price: str = NO_PRICE, **more: Any) -> dict[str, Any]:
    """Another one."""
    return offer("moor", "moor", price, **more)


def own(price: str = NO_PRICE, **more: Any) -> dict[str, Any]:
    """An offer of the authority itself."""
    return offer("own", "own", price, **more)


ONE_YEAR = {"initial": 12}
TWO_YEARS = {"initial": 24}

MANAGED = {
    "contract": {"lead": 0, "manage": 30, "binding": True},
    "light": {"lead": 0, "manage": 12, "binding": True},
}


def reorganised(way: str) -> dict[str, Any]:
    """A reorganisation that may come in the second year."""
    return {
        "kind": "reorganisation",
        "at": "2028-04-01",
        "p": "0.4",
        "successors": ["North", "South"],
        "on_vesting": way,
    }


TIME: dict[str, Golden] = {
    "time_start": Golden(
        "Without lead time each node decides for itself; an agreement of one year expires.",
        ("timeline",),
        forked([vale(term=ONE_YEAR)]),
    ),
    "time_lead": Golden(
        "With a lead of a year, a start in 2028 is decided once, at node 0, for both nodes below; "
        "none starts in 2027.",
        ("timeline",),
        forked([vale(lead=12)]),
    ),
    "time_leave_at_once": Golden(
        "Without notice an agreement may be left at any node after its first.",
        ("timeline",),
        forked([vale(term=TWO_YEARS)]),
    ),
    "time_notice": Golden(
        "With a year of notice, what is left in 2028 is decided at node 0 for both nodes below.",
        ("timeline",),
        forked([vale(term={"initial": 36, "notice": 12})]),
    ),
    "time_today": Golden(
        "An agreement of today with a year of notice: notice was not given before 2027, so it runs "
        "at node 0 and can be left in 2028. Its term ends in 2029.",
        ("timeline",),
        case(
            [vale(term={"initial": 36, "notice": 12}, available={"until": "2027-03-31"})],
            3,
            agreements=[{"offer": "vale", "started": "2026-04-01"}],
        ),
    ),
    "time_today_in_notice": Golden(
        "An agreement of today that ends in 2028 by a notice already given: it cannot be left "
        "sooner, so it runs at node 0 whatever is decided.",
        ("timeline",),
        case(
            [vale(available={"until": "2027-03-31"})],
            2,
            agreements=[{"offer": "vale", "started": "2026-04-01", "in_notice": "2028-04-01"}],
        ),
    ),
    "time_pending": Golden(
        "An agreement that is signed and starts in 2028, at both nodes, whatever is decided.",
        ("timeline",),
        forked(
            [vale(available={"until": "2027-03-31"})],
            agreements=[{"offer": "vale", "pending": "2028-04-01"}],
        ),
    ),
    "time_today_and_pending": Golden(
        "An agreement of today that expires in 2028, and its renewal, signed for 2028.",
        ("timeline",),
        case(
            [vale(term=TWO_YEARS, available={"until": "2027-03-31"})],
            2,
            agreements=[
                {"offer": "vale", "started": "2026-04-01"},
                {"offer": "vale", "pending": "2028-04-01"},
            ],
        ),
    ),
    "time_failure": Golden(
        "The supplier fails by 2028 with probability 0.25: there the agreement has no column, and "
        "nothing can be procured.",
        ("timeline",),
        case(
            [vale()],
            2,
            suppliers=[{"id": "vale", "kind": "commercial", "failure": "0.25"}],
            drivers=[{"kind": "supplier_failure", "supplier": "vale", "at": "2028-04-01"}],
        ),
    ),
    "time_reorganisation": Golden(
        "On vesting day, with probability 0.4, the agreement ends; a new one may start that day.",
        ("timeline",),
        case(
            [vale()],
            2,
            drivers=[
                {"kind": "reorganisation", "at": "2028-04-01", "p": "0.4", "on_vesting": "end"}
            ],
        ),
    ),
    "time_max_term": Golden(
        "The rule allows one year. What starts in 2027 must have been left in 2028, and so must "
        "have had its notice at node 0; what starts in 2028 stays within the horizon.",
        ("timeline",),
        case(
            [vale(term={"initial": 36, "notice": 12})],
            2,
            rules=[{"kind": "max_term", "months": 12}],
        ),
    ),
    "time_max_term_too_short": Golden(
        "The rule allows less than the notice of two years: nothing may start that would still run "
        "at a node at which the rule holds.",
        ("timeline",),
        case(
            [vale(term={"initial": 36, "notice": 24})],
            2,
            rules=[{"kind": "max_term", "months": 12}],
        ),
    ),
    "time_max_term_none": Golden(
        "The rule allows no agreement at all from 2028 on: nothing may start there.",
        ("timeline",),
        case(
            [vale(term=ONE_YEAR)],
            2,
            rules=[{"kind": "max_term", "months": 0, "from": "2028-04-01"}],
        ),
    ),
}

MONEY: dict[str, Golden] = {
    "cost_running": Golden(
        "Set-up when procured and at the start, fixed charges by agreement year, management, "
        "income. The second year is discounted at 3.5%; node 1 weighs 0.25 / 1.035.",
        ("running.add_running_costs",),
        forked(
            [
                vale(
                    setup={"procurement": 60, "mobilisation": 40, "systems": 20},
                    classes={"systems": "capital"},
                    fixed=[1000, 900],
                    income=50,
                )
            ],
            forms={"contract": {"lead": 0, "manage": 30, "binding": True}},
            money={"price_base": "2026-27", "discounting": "green-book-2026"},
        ),
    ),
    "cost_committed": Golden(
        "Half of the undriven demand of 100 is committed at £10, whether used or not: £500 while "
        "live, even at node 1, where only 50 are wanted.",
        ("running.add_running_costs",),
        forked([vale("10", desk={"commit": "0.5"})]),
    ),
    "cost_fee": Golden(
        "Left after one year of three, two periods are missing: £70 in 2028 and £70 in 2029. Two "
        "years of three: £70 in 2029. Discounted at 3.5% a year.",
        ("running._fees",),
        case(
            [vale(term={"initial": 36}, exit={"fee_per_missing_year": 70})],
            3,
            money={"price_base": "2026-27", "discounting": "green-book-2026"},
        ),
    ),
    "cost_fee_today": Golden(
        "An agreement of today that may be left at once, with two periods missing; the second "
        "is beyond the horizon and due at its end.",
        ("running._fees",),
        case(
            [
                vale(
                    term={"initial": 36},
                    exit={"fee_per_missing_year": 70},
                    available={"until": "2027-03-31"},
                )
            ],
            1,
            agreements=[{"offer": "vale", "started": "2026-04-01"}],
        ),
    ),
    "cost_transition": Golden(
        "Due where the offer was live at the parent and is not live now; not where the same offer "
        "follows. The agreement of today expires in 2028.",
        ("running._transition",),
        forked(
            [vale(term=TWO_YEARS, exit={"transition": 80})],
            agreements=[{"offer": "vale", "started": "2026-04-01"}],
        ),
    ),
    "cost_takeover": Golden(
        "Moor pays £25 at a start where vale was live at the parent, unless moor was live itself.",
        ("running._takeover",),
        case(
            [vale(), moor(takeover=[{"from": "vale", "cost": 25}])],
            2,
            agreements=[{"offer": "vale", "started": "2026-04-01"}],
        ),
    ),
    "cost_change": Golden(
        "A requirement of size 0.5 arises in 2028 with probability 0.4. What was procured at node "
        "0 pays 0.2 × 0.5 of its charges (£1,000 of volume at £10 and £300 fixed) from then on; "
        "moor adapts for £45 once. What is procured at node 2 pays nothing.",
        ("running.add_running_costs", "serving.add_serving"),
        case(
            [
                vale("10", change_rate="0.2", fixed=300, term=TWO_YEARS),
                moor(term=TWO_YEARS),
            ],
            2,
            drivers=[
                {
                    "kind": "requirement",
                    "id": "second_site",
                    "services": ["desk"],
                    "at": "2028-04-01",
                    "p": "0.4",
                    "size": "0.5",
                    "adapts": {"moor": 45},
                }
            ],
        ),
    ),
    "cost_bias": Golden(
        "Each line with its optimism bias: 10% of fixed charges, 20% of set-up, 50% of what is "
        "classed capital; remaining overhead with 10%, too.",
        ("running.add_running_costs", "linking._overhead"),
        case(
            [
                vale(
                    setup={"mobilisation": 40, "systems": 20},
                    classes={"systems": "capital"},
                    fixed=100,
                )
            ],
            1,
            services=[{**TWO[0], "overhead": {"remaining": 200}}],
            appraisal={"optimism_bias": {"operating": "0.1", "setup": "0.2", "capital": "0.5"}},
        ),
    ),
    "cost_vat": Golden(
        "A tenth of fixed charges and volume cannot be recovered as VAT; nothing of set-up, "
        "and nothing for in-house.",
        ("running.add_running_costs", "serving.add_serving"),
        case(
            [
                vale("10", fixed=300, setup={"mobilisation": 40}, irrecoverable_vat="0.1"),
                own("10", fixed=300, irrecoverable_vat="0.1"),
            ],
            1,
        ),
    ),
    "cost_manage_split": Golden(
        "The reorganisation, with probability 0.4, splits what was live in 2027 among two "
        "successors: each manages its own, so £60. What starts on vesting day pays £30.",
        ("managing",),
        case([vale()], 2, drivers=[reorganised("split")], forms=MANAGED),
    ),
    "cost_manage_merge": Golden(
        "The reorganisation merges vale's two agreements: the dearer £30 while both or the dearer "
        "one are live, £12 where only the cheaper one is. What starts on vesting day stays apart.",
        ("managing",),
        case(
            [vale(), {**net("net_vale", "vale", "0"), "form": "light"}],
            2,
            services=TWO,
            drivers=[reorganised("merge")],
            forms=MANAGED,
        ),
    ),
    "cost_manage_merge_one": Golden(
        "Merged with none: it is managed as before.",
        ("managing",),
        case([vale()], 2, drivers=[reorganised("merge")], forms=MANAGED),
    ),
    "cost_framework": Golden(
        "The framework's £30 fall due at the first node on each path at which one of its offers is "
        "procured, and once only.",
        ("frameworks.add_framework_costs",),
        forked(
            [vale(framework="fw"), moor(framework="fw")],
            frameworks=[{"id": "fw", "procurement": 30}],
        ),
    ),
    "cost_framework_ceiling": Golden(
        "In each of the two futures the spend through the framework is at most £5,000.",
        ("frameworks.add_ceilings",),
        forked(
            [vale("10", framework="fw", fixed=400)],
            frameworks=[{"id": "fw", "ceiling": 5000}],
        ),
    ),
    "cost_framework_late": Golden(
        "The framework expires after the first year: nothing is procured at node 1, and what was "
        "paid at node 0 is not paid again.",
        ("timeline._starts", "frameworks.add_framework_costs"),
        case(
            [vale(framework="fw", term=ONE_YEAR)],
            2,
            frameworks=[{"id": "fw", "procurement": 30, "expires": "2027-09-30"}],
        ),
    ),
}

CASES = {**TIME, **MONEY}
