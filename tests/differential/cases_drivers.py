"""What may change in a small case: drivers of every kind, steps and trends."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.differential.cases import Draft, Parts, decimal, pounds

KINDS = (
    *("demand", "supplier_failure", "policy", "reorganisation", "reorganisation") * 2,
    *("supplier_failure", "supplier_failure", "withdrawal", "withdrawal", "price", "price"),
    *("requirement", "requirement", "requirement"),
    *("trend", "trend", "price trend", "price trend"),
)
WAYS = ("end", "end", "novate", "split", "split", "merge", "merge", "merge")


def add_drivers(document: Parts, draft: Draft, rng: Random) -> None:
    """A few drivers, and another authority's budget where a rule speaks of one."""
    failing = sorted({offer["supplier"] for offer in draft.offers})
    rng.shuffle(failing)
    kinds = rng.sample(KINDS, rng.choice([0, 1, 1, 2, 2, 3]))
    if len(kinds) == 2 and rng.random() < 0.5:
        kinds = ["trend", "price trend"]
    for position, kind in enumerate(kinds):
        if kind != "supplier_failure":
            document["drivers"].append(_driver(draft, rng, kind, position))
        elif failing:
            driver = {"kind": kind, "supplier": failing.pop(), "at": _seen(draft, rng)}
            if draft.periods <= 3 and rng.random() < 0.3:
                del driver["at"]  # it may fail in every period
            document["drivers"].append(driver)
    if {"trend", "price trend"} <= set(kinds) and rng.random() < 0.8:
        _move_together(document, rng)


def budget_driver(draft: Draft, rng: Random) -> Parts:
    """A budget that may change."""
    p = decimal(rng, 0.2, 0.8)
    return {"kind": "budget", "at": _seen(draft, rng), "outcomes": _steps(rng, p, 0.4, 1.5)}


def _seen(draft: Draft, rng: Random) -> Any:
    return draft.day(rng.randint(1, draft.periods - 1))


def _move_together(document: Parts, rng: Random) -> None:
    """Trends with the same factor, both with a spread, seen at the same dates."""
    trends = [d for d in document["drivers"] if "sd" in d or "drift" in d]
    seen = next((trend["at"] for trend in trends if "at" in trend), None)
    for trend in trends:
        trend |= {"factor": "economy", "at": seen}
        trend.setdefault("sd", decimal(rng, 0.08, 0.2))


def _driver(draft: Draft, rng: Random, kind: str, position: int) -> Parts:
    driver: Parts = {"kind": kind, "at": _seen(draft, rng)}
    if kind != "withdrawal":
        driver["id"] = f"{kind.replace(' ', '_')}{position}"
    names = [offer["id"] for offer in draft.offers]
    p = decimal(rng, 0.2, 0.8)
    match kind:
        case "demand":
            driver["services"] = [rng.choice(draft.services)]
            driver["outcomes"] = _steps(rng, p, 0.4, 1.8)
        case "price":
            driver["offers"] = rng.sample(names, rng.randint(1, 2))
            driver["items"] = rng.choice([["price"], ["fixed"], ["price", "fixed"]])
            driver["outcomes"] = _steps(rng, p, 0.5, 2)
        case "trend":
            driver |= {"kind": "demand", "services": [rng.choice(draft.services)]}
            _add_trend(driver, draft, rng)
        case "price trend":
            driver |= {"kind": "price", "offers": rng.sample(names, rng.randint(1, 2))}
            _add_trend(driver, draft, rng)
        case "requirement":
            _add_requirement(driver, draft, rng, p)
        case "withdrawal":
            loose = [o["id"] for o in draft.offers if o["form"] == "loose"]
            driver["offer"] = rng.choice(loose or names)
        case "policy":
            driver |= {"p": p, "rule": draft.rule()}
        case _:
            _add_reorganisation(driver, draft, rng, p)
    return driver


def _steps(rng: Random, p: Any, low: float, high: float) -> list[Parts]:
    return [
        {"p": p, "factor": decimal(rng, low, high)},
        {"p": 1 - p, "factor": decimal(rng, low, high)},
    ]


def _add_trend(driver: Parts, draft: Draft, rng: Random) -> None:
    """Drift, spread, or both; seen once, at several dates, or all the time."""
    what = rng.choice(["drift", "sd", "both", "both"])
    if what != "sd":
        driver["drift"] = decimal(rng, -0.3, 0.4)
    if what == "drift":
        del driver["at"]
        return
    driver["sd"] = decimal(rng, 0.08, 0.2)
    if draft.periods == 2 and rng.random() < 0.5:
        del driver["at"]
    elif draft.periods == 3 and rng.random() < 0.5:
        driver["at"] = [draft.day(1), draft.day(2)]


def _add_requirement(driver: Parts, draft: Draft, rng: Random, p: Any) -> None:
    driver |= {"services": [rng.choice(draft.services)], "p": p}
    driver["size"] = decimal(rng, 0.3, 1)
    fitting = [o["id"] for o in draft.offers if driver["services"][0] in o["services"]]
    adapting = [name for name in fitting if rng.random() < 0.6]
    driver["adapts"] = {name: pounds(rng, 0, 0.3) for name in adapting}


def _add_reorganisation(driver: Parts, draft: Draft, rng: Random, p: Any) -> None:
    names = [offer["id"] for offer in draft.offers]
    driver |= {"p": p, "on_vesting": rng.choice(WAYS)}
    if rng.random() < 0.5:
        driver["by_offer"] = {name: rng.choice(WAYS) for name in names[:1]}
    driver["successors"] = ["North", "South", "East"][: rng.choice([2, 2, 3])]
    if driver["on_vesting"] == "merge":
        driver["at"] = draft.day(rng.choice([1, 1, draft.periods - 1]))
        _hold_several(draft, rng)


def _hold_several(draft: Draft, rng: Random) -> None:
    """Agreements of today with one supplier, so that there is something to merge."""
    supplier = rng.choice(draft.offers)["supplier"]
    held = {agreement["offer"] for agreement in draft.agreements}
    for offer in draft.offers:
        if offer["supplier"] == supplier and offer["id"] not in held and rng.random() < 0.8:
            long = draft.periods * draft.months
            offer["term"]["initial"] = max(offer["term"]["initial"], long)
            draft.agreements.append({"offer": offer["id"], "started": draft.start})
