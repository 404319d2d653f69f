"""Terms of money that not every small case has: tiers, frameworks, classes, optimism bias, VAT."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from tests.differential.cases import Draft, Parts, pounds


def add_money(document: Parts, draft: Draft, rng: Random) -> None:
    """A case with some of these terms."""
    for offer in document["offers"]:
        for terms in offer["services"].values():
            if rng.random() < 0.25:
                _add_tiers(terms, rng)
    if rng.random() < 0.3:
        _add_bias(document, rng)
    if rng.random() < 0.35:
        _add_framework(document, draft, rng)
    if rng.random() < 0.25:
        _add_vat(document, rng)
    if len(draft.offers) < 6 and rng.random() < 0.25:
        _add_twin(draft, rng)


def _add_twin(draft: Draft, rng: Random) -> None:
    """An offer like another one but for what it costs to leave it: often they tie."""
    twin = deepcopy(rng.choice(draft.offers))
    twin["id"] = f"o{len(draft.offers)}"
    twin["exit"]["fee_per_missing_year"] = pounds(rng, 0, 0.5)
    if rng.random() < 0.5:
        twin["exit"]["transition"] = pounds(rng, 0, 0.25)
    draft.offers.append(twin)


def _add_vat(document: Parts, rng: Random) -> None:
    """VAT that cannot be recovered; for some offers other than for the rest."""
    document["money"]["irrecoverable_vat"] = Decimal(rng.choice(["0", "0.01", "0.2"]))
    for offer in document["offers"]:
        if rng.random() < 0.4:
            offer["irrecoverable_vat"] = Decimal(rng.choice(["0", "0.05", "0.2"]))


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


def _add_framework(document: Parts, draft: Draft, rng: Random) -> None:
    """A framework that some offers are called off from: it expires, costs, or has a ceiling."""
    offers = document["offers"]
    for offer in rng.sample(offers, min(len(offers), rng.choice([1, 2, 3]))):
        offer["framework"] = "fw"
    framework: dict[str, Any] = {"id": "fw"}
    if rng.random() < 0.5:
        start = document["horizon"]["start"]
        framework["expires"] = date(
            start.year + rng.choice([0, 0, 1, 2]), rng.choice([3, 4, 9, 10]), 1
        )
    if rng.random() < 0.5:
        framework["procurement"] = pounds(rng, 0.02, 0.4)
    if rng.random() < 0.4:
        framework["ceiling"] = pounds(rng, 0.1, 0.8 * draft.periods * draft.months / 12)
    document["frameworks"] = [framework]


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
