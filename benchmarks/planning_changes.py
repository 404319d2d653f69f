"""Further terms and rules, one at a time, on a portfolio of the benchmark.

Each takes the document of a portfolio and adds its term or rule, in a size that matters.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

START = 2027
"""Year in which the portfolios begin."""
Document = dict[str, Any]
Change = Callable[[Random, Document], None]


def _round(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


def _services(case: Document) -> list[str]:
    return [service["id"] for service in case["services"]]


def _outside(case: Document) -> list[Document]:
    return [offer for offer in case["offers"] if offer["form"] != "in_house"]


def _entries(case: Document) -> list[Document]:
    return [entry for offer in case["offers"] for entry in offer["services"].values()]


def _a_year(case: Document) -> float:
    """Pounds of a year if the in-house teams did everything."""
    demand = {service["id"]: float(service["demand"]) for service in case["services"]}
    return sum(
        demand[name] * float(entry["price"]) + float(offer["fixed"])
        for offer in case["offers"]
        if offer["form"] == "in_house"
        for name, entry in offer["services"].items()
    )


def _day(years: int) -> date:
    return date(START + years, 4, 1)


def _notice(rng: Random, case: Document) -> None:
    for offer in case["offers"]:
        offer["term"]["notice"] = rng.choice([0, 12, 12, 24])


def _extensions(rng: Random, case: Document) -> None:
    for offer in case["offers"]:
        longest = offer["term"]["initial"]
        first = max(12, longest // 24 * 12)
        rest = [longest - first] if longest > first else []
        offer["term"] = {"initial": first, "extensions": rest}


def _today(rng: Random, case: Document) -> None:
    chosen = rng.sample(case["offers"], max(2, len(case["offers"]) // 10))
    case["agreements"] = [
        {"offer": offer["id"], "started": _day(-1)}
        for offer in sorted(chosen, key=lambda offer: str(offer["id"]))
        if offer["term"]["initial"] > 12
    ]


def _tiers(rng: Random, case: Document) -> None:
    for entry in _entries(case):
        lower = _round(float(entry["price"]) * rng.uniform(0.75, 0.95), 2)
        entry["tiers"] = [{"from": _round(float(entry["capacity"]) * 0.4, 0), "price": lower}]


def _lists(rng: Random, case: Document) -> None:
    for entry in _entries(case):
        price = float(entry["price"])
        entry["price"] = [_round(price * (1.06 - 0.03 * year), 2) for year in range(4)]


def _outcomes(rng: Random, case: Document) -> None:
    case["outcomes"] = [
        {"id": "first_time", "statement": "Done at once", "measure": "share", "unit": "percent"}
        | {"baseline": 60, "target": 80, "value": 4000}
    ]
    for entry in _entries(case):
        entry["outcomes"] = {"first_time": rng.randint(55, 85)}


def _outcome_floor(rng: Random, case: Document) -> None:
    _outcomes(rng, case)
    case["rules"].append({"kind": "outcome_floor", "outcome": "first_time", "level": 68})


def _change(rng: Random, case: Document) -> None:
    for offer in case["offers"]:
        offer["change_rate"] = _round(rng.uniform(0.1, 0.6), 2)
    case["drivers"].append(
        {"kind": "requirement", "id": "new_law", "services": _services(case)[:2], "at": _day(3)}
        | {"p": Decimal("0.5"), "size": Decimal("0.4")}
    )


def _failure(rng: Random, case: Document) -> None:
    supplier = case["offers"][0]["supplier"]
    for entry in case["suppliers"]:
        if entry["id"] == supplier:
            entry["failure"] = Decimal("0.05")
    case["drivers"].append({"kind": "supplier_failure", "supplier": supplier, "at": _day(4)})


def _withdrawal(rng: Random, case: Document) -> None:
    informal = next(offer for offer in case["offers"] if offer["form"] in ("informal", "grant"))
    case["forms"][informal["form"]]["withdrawal"] = Decimal("0.1")
    case["drivers"].append({"kind": "withdrawal", "offer": informal["id"], "at": _day(4)})


def _reorganisation(on_vesting: str) -> Change:
    def add(rng: Random, case: Document) -> None:
        case["drivers"].append(
            {"kind": "reorganisation", "at": _day(3), "p": Decimal("0.5")}
            | {"successors": ["North", "South"], "on_vesting": on_vesting}
        )

    return add


def _policy(rng: Random, case: Document) -> None:
    rule = {"kind": "max_term", "months": 36}
    case["drivers"].append({"kind": "policy", "at": _day(3), "p": Decimal("0.5"), "rule": rule})


def _takeover(rng: Random, case: Document) -> None:
    for offer in case["offers"]:
        if offer["form"] in ("contract", "partnership"):
            cost = _round(float(offer["fixed"]) * 0.3, 0)
            names = rng.sample([supplier["id"] for supplier in case["suppliers"]], 4)
            others = [name for name in names if name != offer["supplier"]]
            offer["takeover"] = [{"from": name, "cost": cost} for name in others]


def _frameworks(rng: Random, case: Document) -> None:
    most = _round(2.0 * _a_year(case), 0)
    case["frameworks"] = [
        {"id": "panel", "expires": _day(5), "ceiling": most, "procurement": 40_000}
    ]
    for offer in _outside(case)[::3]:
        offer["framework"] = "panel"


def _community(rng: Random, case: Document) -> None:
    services = _services(case)
    case["suppliers"].append({"id": "neighbours", "kind": "community"})
    case["offers"].append(
        {"id": "prevention", "supplier": "neighbours", "form": "grant"}
        | {"services": {services[2]: {"price": 40, "capacity": 20}}}
        | {"reduces": {services[0]: Decimal("0.15"), services[1]: Decimal("0.1")}}
        | {"fixed": _round(_a_year(case) * 0.01, 0), "term": {"initial": 36, "break_from": 12}}
    )


def _overhead(rng: Random, case: Document) -> None:
    for service in case["services"]:
        service["overhead"] = {"avoidable": 12_000, "remaining": 5_000}


def _risk(rng: Random, case: Document) -> None:
    case["appraisal"] = {"risk": {"weight": Decimal("0.3")}}


def _links(rng: Random, case: Document) -> None:
    case["links"] = [{"services": _services(case)[:2], "interface": 15_000}]


def _budget(rng: Random, case: Document) -> None:
    rule = {"kind": "budget", "amount": _round(_a_year(case) * 0.85, 0), "real": True}
    case["rules"].append(rule | {"scope": "expected_each_period"})
    changes = [{"p": Decimal("0.5"), "factor": Decimal("1")}]
    changes.append({"p": Decimal("0.5"), "factor": Decimal("0.95")})
    case["drivers"].append({"kind": "budget", "at": _day(3), "outcomes": changes})


def _about(kind: str) -> Change:
    """Rules that speak of services, offers or amounts of the portfolio."""

    def add(rng: Random, case: Document) -> None:
        services, offers = _services(case), [offer["id"] for offer in _outside(case)]
        said: Document = {
            "keep_in_house": {"service": services[0], "share": Decimal("0.5")},
            "min_suppliers": {"service": services[0], "limit": 2},
            "max_share": {"who": {}, "share": Decimal("0.3")},
            "min_share": {"who": {"kind": "in_house"}, "share": Decimal("0.3")},
            "must_use": {"offer": offers[0], "from": _day(3), "until": _day(5)},
            "must_not_use": {"supplier": "s001"},
            "excludes": {"offers": offers[:3]},
            "requires": {"offer": offers[0], "needs": [offers[1]]},
            "same_supplier": {"services": services[:2]},
            "separate_suppliers": {"services": services[:2]},
            "max_suppliers": {"limit": 4},
            "max_term": {"months": 48},
            "max_exit_exposure": {"amount": _round(_a_year(case) * 0.2, 0)},
            "max_value": {"amount": _round(_a_year(case) * 1.5, 0), "scope": "whole_plan"},
        }[kind]
        case["rules"].append({"kind": kind, **said})

    return add


RULES = (
    *("keep_in_house", "min_suppliers", "max_share", "min_share", "must_use", "must_not_use"),
    *("excludes", "requires", "same_supplier", "separate_suppliers", "max_suppliers"),
    *("max_term", "max_exit_exposure", "max_value"),
)
CHANGES: dict[str, Change] = {
    "notice": _notice,
    "extensions": _extensions,
    "today": _today,
    "tiers": _tiers,
    "lists": _lists,
    "outcomes": _outcomes,
    "change": _change,
    "failure": _failure,
    "withdrawal": _withdrawal,
    "split": _reorganisation("split"),
    "merge": _reorganisation("merge"),
    "end": _reorganisation("end"),
    "policy": _policy,
    "takeover": _takeover,
    "frameworks": _frameworks,
    "community": _community,
    "overhead": _overhead,
    "links": _links,
    "risk": _risk,
    "budget": _budget,
    "outcome_floor": _outcome_floor,
    **{kind: _about(kind) for kind in RULES},
}
"""Further terms and rules by name."""
