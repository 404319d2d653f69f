"""Terms of money that not every small case has: tiers, frameworks, classes, optimism bias.

They are drawn apart from the rest, so that a case is the same but for them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

Parts = dict[str, Any]


def add_money(document: Parts, seed: str) -> Parts:
    """A case with some of these terms."""
    rng = Random(f"money {seed}")
    for offer in document["offers"]:
        for terms in offer["services"].values():
            if rng.random() < 0.3:
                _add_tiers(terms, rng)
    if rng.random() < 0.3:
        _add_bias(document, rng)
    if rng.random() < 0.3:
        expires = add_framework(document, rng)
        document["frameworks"][0]["expires"] = expires
    return document


def _add_bias(document: Parts, rng: Random) -> None:
    """Uplifts, and lines that are classed capital."""
    names = rng.sample(["operating", "setup", "capital"], rng.choice([1, 2, 3]))
    bias = {name: Decimal(rng.choice(["0.1", "0.25", "0.6", "-0.2"])) for name in names}
    document["appraisal"]["optimism_bias"] = bias
    for offer in document["offers"]:
        setup = {*offer.get("setup", ()), *document["forms"][offer["form"]]["setup"]}
        lines = sorted({*setup, "takeover", "exit_fee", "transition"})
        chosen = rng.sample(lines, rng.choice([0, 1, 2]))
        offer["classes"] = dict.fromkeys(chosen, "capital")


def add_framework(document: Parts, rng: Random) -> date:
    """A framework that some offers are called off from; a day on which it may expire."""
    for offer in rng.sample(document["offers"], rng.choice([1, 2])):
        offer["framework"] = "fw"
    document["frameworks"] = [{"id": "fw"}]
    start = document["horizon"]["start"]
    return date(start.year + rng.choice([0, 0, 1, 2]), rng.choice([3, 4, 9, 10]), 1)


def _add_tiers(terms: Parts, rng: Random) -> None:
    """One or two tiers, about where demand and commitments lie; mostly cheaper, some dearer."""
    price = terms["price"][0] if isinstance(terms["price"], list) else terms["price"]
    starts = sorted(rng.sample(range(0, 1300, 25), rng.choice([1, 1, 2])))
    terms["tier_kind"] = rng.choice(["incremental", "all_units"])
    terms["tiers"] = []
    for start in starts:
        price *= Decimal(rng.choice(["0.55", "0.75", "0.9", "1.3"]))
        odd = Decimal(rng.choice(["0", "0.375", "0.001"]))
        terms["tiers"].append({"from": start + odd, "price": round(price, 2)})


def add_shared_framework(document: Parts, seed: str, spend: int) -> Parts:
    """A case with a framework that is paid for once, or has a ceiling, or both.

    What is called off under a ceiling has no unit prices, so that its spend does not depend on
    who serves how much.
    """
    rng = Random(f"framework {seed}")
    add_framework(document, rng)
    (framework,) = document["frameworks"]
    kind = rng.choice(["procurement", "ceiling", "both"])
    if kind != "ceiling":
        framework["procurement"] = round(Decimal(rng.uniform(0.02, 0.4) * spend), 2)
    if kind != "procurement":
        framework["ceiling"] = round(Decimal(rng.uniform(0.1, 1) * spend), 2)
        for offer in document["offers"]:
            if offer.get("framework"):
                offer["fixed"] = round(Decimal(rng.uniform(0.1, 0.6) * spend), 2)
                for terms in offer["services"].values():
                    terms |= {"price": 0, "tiers": []}
    return document
