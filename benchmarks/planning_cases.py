"""Seeded portfolios of growing size, as cases of the model.

Offers of six forms (lead time 0 to 2 years, first break after 1 to 7, longest term 3 to 10) and an
in-house team for every service, over ten years. Demand and prices follow one world that branches by
three in some years; every service and offer feels it in its own measure.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.planning_changes import CHANGES, START

from sourcemix.evidence import fill
from sourcemix.model.canonical import canonical
from sourcemix.model.case import Case

PERIODS = 10
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Size:
    """How large a portfolio is.

    Attributes:
        services: number of services.
        offers: number of offers from outside; an in-house team for each service comes on top.
        branching: years (from 0) at which the future branches by three.
    """

    services: int
    offers: int
    branching: tuple[int, ...]


SIZES = {
    "56": Size(6, 24, (2, 5)),
    "134": Size(8, 60, (2, 4, 6)),
    "322": Size(12, 120, (1, 3, 5, 7)),
}
"""By number of nodes."""


@dataclass(frozen=True, slots=True)
class Form:
    """Terms of a form, in years; money as a share of the annual value; price as a factor."""

    lead: int
    first_break: int
    longest: int
    setup: float
    fee: float
    price: float
    commits: bool


FORMS = {
    "informal": Form(0, 1, 3, 0.0, 0.0, 1.12, False),
    "sla": Form(0, 1, 5, 0.01, 0.05, 1.08, False),
    "call_off": Form(1, 2, 4, 0.03, 0.2, 1.0, True),
    "contract": Form(1, 3, 7, 0.06, 0.3, 0.93, True),
    "partnership": Form(2, 7, 10, 0.1, 0.4, 0.86, True),
    "grant": Form(0, 1, 3, 0.02, 0.0, 1.05, False),
}


def portfolio(size: Size, seed: int, change: str = "core") -> Case:
    """The portfolio of a size and a seed, filled and in canonical order.

    Args:
        size: how large.
        seed: which one.
        change: one of `CHANGES`: a further term or rule; `core`: none.
    """
    document = _document(size, seed)
    if change != "core":
        CHANGES[change](Random(f"{size} {seed} {change}"), document)
    return canonical(fill(Case.model_validate(document)))


def _document(size: Size, seed: int) -> Document:
    rng = Random(f"{size} {seed}")
    demand = [rng.uniform(500, 2000) for _ in range(size.services)]
    unit = [rng.uniform(80, 120) for _ in range(size.services)]
    bidders = max(4, (size.offers + size.services) // 3)
    offers = [_outside(rng, i, size, bidders, demand, unit) for i in range(size.offers)]
    offers += [_inside(rng, s, demand[s], unit[s]) for s in range(size.services)]
    return {
        "title": f"A portfolio of {size.services} services",
        "authority": {"name": "Exampleshire"},
        "horizon": {"start": date(START, 4, 1), "periods": PERIODS, "period": "year"},
        "money": {"price_base": "2026-27"},
        "services": [
            {"id": _service(s), "unit": "unit", "demand": _round(demand[s], 0)}
            | {"unmet": _round(unit[s] * 4, 2)}
            for s in range(size.services)
        ],
        "suppliers": [{"id": f"s{i:03}", "kind": "commercial"} for i in range(bidders)]
        + [{"id": f"own{s:02}", "kind": "in_house"} for s in range(size.services)],
        "forms": {name: _form(form) for name, form in FORMS.items()}
        | {"in_house": {"title": "In house", "setup": {}, "lead": 0, "manage": 0, "binding": True}},
        "offers": offers,
        "drivers": _world(rng, size, offers),
        "rules": [{"kind": "max_live", "limit": max(6, size.services + 2)}],
    }


def _form(form: Form) -> dict[str, Any]:
    return {"title": "A form", "setup": {}, "lead": form.lead * 12, "manage": 0, "binding": True}


def _service(index: int) -> str:
    return f"service{index:02}"


def _round(value: float, places: int) -> Decimal:
    return Decimal(f"{value:.{places}f}")


def _outside(
    rng: Random, index: int, size: Size, bidders: int, demand: list[float], unit: list[float]
) -> dict[str, Any]:
    count = min(rng.choice([1, 1, 2, 3, size.services // 2]), size.services)
    held = sorted(rng.sample(range(size.services), count))
    name = rng.choice(list(FORMS))
    form = FORMS[name]
    keen = rng.uniform(0.85, 1.2) * (1 - 0.03 * (count - 1))
    fixed = annual = 0.0
    services = {}
    for s in held:
        price = unit[s] * form.price * keen * rng.uniform(0.9, 1.1) * 0.75
        capacity = demand[s] * rng.choice([0.5, 1.5, 2.0, 3.0])
        commit = rng.uniform(0.2, 0.6) if form.commits else 0.0
        usual = min(capacity, demand[s])
        fixed += unit[s] * usual * 0.2 * keen
        annual += price * usual
        services[_service(s)] = {
            "price": _round(price, 2),
            "capacity": _round(capacity, 0),
            "commit": _round(min(commit, usual / demand[s]), 3),
        }
    annual += fixed
    term = {"initial": form.longest * 12, "break_from": form.first_break * 12}
    return {
        "id": f"offer{index:03}",
        "supplier": f"s{rng.randrange(bidders):03}",
        "form": name,
        "services": services,
        "fixed": _round(fixed, 0),
        "setup": {"procurement": _round((form.setup + 0.03) * annual, 0)},
        "term": term,
        "exit": {"fee_per_missing_year": _round(form.fee * annual, 0)},
        "change_rate": 0,
    }


def _inside(rng: Random, service: int, demand: float, unit: float) -> dict[str, Any]:
    annual = demand * unit
    return {
        "id": f"team{service:02}",
        "supplier": f"own{service:02}",
        "form": "in_house",
        "services": {
            _service(service): {
                "price": _round(unit * rng.uniform(0.8, 1.1), 2),
                "capacity": _round(4 * demand, 0),
            }
        },
        "fixed": _round(0.25 * annual, 0),
        "setup": {"procurement": _round(0.08 * annual, 0)},
        "term": {"initial": PERIODS * 12, "break_from": 24},
        "exit": {"fee_per_missing_year": _round(0.15 * annual, 0)},
        "change_rate": 0,
    }


def _world(rng: Random, size: Size, offers: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Trends that branch together; each service, and each form's prices, in its own measure."""
    seen = [date(START + year, 4, 1) for year in size.branching]
    drivers: list[dict[str, Any]] = [
        {"kind": "demand", "id": f"volume{s:02}", "services": [_service(s)], "at": seen}
        | {"drift": _round(rng.uniform(-0.04, 0.06), 3), "sd": _round(rng.uniform(0.03, 0.2), 3)}
        | {"factor": "world"}
        for s in range(size.services)
    ]
    for name in FORMS:
        named = [offer["id"] for offer in offers if offer["form"] == name]
        if named:
            drivers.append(
                {"kind": "price", "id": f"price_{name}", "offers": named, "at": seen}
                | {"items": ["price", "fixed"], "drift": _round(rng.uniform(0, 0.03), 3)}
                | {"sd": _round(rng.uniform(0.0, 0.04), 3), "factor": "world"}
            )
    return drivers
