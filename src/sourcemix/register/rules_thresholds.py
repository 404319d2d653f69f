"""Findings about values just below a procurement threshold of the day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from sourcemix.register.assumptions import assumed, doubt_of, rows
from sourcemix.register.finding import Finding
from sourcemix.register.held import Held
from sourcemix.register.wording import pounds

__all__ = ["near_threshold"]

HAIR = Decimal("0.97")
"""Share of a threshold from which a value is just below it."""

_NOTICE = "notice of an opportunity"
_WORKS = re.compile(
    r"(?i)\bworks?\b|construct|refurbish|roof|demolition|resurfac|\bbuild(?:ing)? (?:of|works)|"
    r"new[- ]build|extension to|groundwork|civil engineering"
)
_LIGHT = re.compile(
    r"(?i)social (?:care|work|community)|\bhealth|\beducation|\btraining\b|\bcare (?:home|service)|"
    r"domiciliary|home ?care|residential care|supported living|foster|legal services|advocacy"
)
_CONCESSION = re.compile(r"(?i)\bconcession")


@dataclass(frozen=True, slots=True)
class _Threshold:
    first: date
    last: date
    kind: str
    amount: Decimal
    with_vat: bool
    doubt: str


@cache
def _thresholds() -> tuple[_Threshold, ...]:
    return tuple(
        _Threshold(
            date.fromisoformat(row["valid_from"]), date.fromisoformat(row["valid_to"]),
            row["kind"], Decimal(row["amount"]), row["with_vat"] == "yes", doubt_of(row),
        )
        for row in rows("thresholds.csv")
    )  # fmt: skip


def _kind(contract: Held) -> str:
    """Kind of a contract by the words of its category and title."""
    said = f"{contract.category} {contract.title}"
    light = _LIGHT.search(said) is not None
    if _CONCESSION.search(said):
        return "light-touch concession" if light else "concession"
    if _WORKS.search(said) and not _LIGHT.search(contract.category):
        return "works"
    return "light touch" if light else "goods or services"


def near_threshold(contract: Held, on: date) -> Iterator[Finding]:
    """Its value is just below a threshold of the day of its award, with or without VAT."""
    value, when = contract.total, contract.awarded or contract.start
    if value is None or when is None:
        return
    kind = _kind(contract)
    for threshold in _thresholds():
        if not threshold.first <= when <= threshold.last or threshold.kind not in (kind, _NOTICE):
            continue
        limits = {"": threshold.amount}
        if threshold.with_vat:
            without = threshold.amount / (1 + assumed("vat").value / 100)
            limits = {" with VAT": threshold.amount, " without VAT": without}
        for vat, limit in limits.items():
            if limit * HAIR <= value < limit:
                yield Finding(
                    "threshold", "low", contract.id, contract.title, contract.supplier,
                    value, value,
                    f"{pounds(value)} is just below the threshold for {_said(threshold.kind)} of "
                    f"{pounds(limit.quantize(Decimal(1)))}{vat}{threshold.doubt}.",
                    contract.file, contract.row,
                )  # fmt: skip
                return


def _said(kind: str) -> str:
    said = {_NOTICE: "a notice of the opportunity", "light touch": "light-touch services"}
    return said.get(kind, kind)
