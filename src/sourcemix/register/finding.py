"""What a scan finds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

__all__ = ["CODES", "Finding", "Severity", "order"]

Severity = Literal["high", "medium", "low", "note"]

CODES: Mapping[str, str] = {
    "act_by": "act by a date, so that a new arrangement can be in place",
    "expired_paid": "expired, but the supplier is still paid",
    "overpaid": "paid more than its value",
    "no_contract": "spend with no contract on the register",
    "evergreen": "rolling, with no end",
    "no_end": "no end date",
    "dates": "dates that cannot be",
    "values": "values that contradict each other",
    "long": "long term",
    "no_break": "no break known",
    "options_left": "options left",
    "exposure": "lock-in exposure",
    "changed": "changed by more than 10%",
    "concentration": "few suppliers",
    "threshold": "below a threshold by a hair",
    "direct_award": "awarded without competition",
    "pfi_like": "like a private finance deal",
    "too_short": "too short to recover its set-up",
    "sme_share": "share of small and medium firms",
    "vcse_share": "share of the voluntary sector",
    "repeated_payment": "payments that repeat in every cell",
    "R003": "short time for bids",
    "R018": "single bid",
    "R024": "price close to the winning bid",
    "R025": "high ratio of losing bids",
    "R028": "identical bid prices",
    "R030": "late bid won",
    "R035": "all but the winner disqualified",
    "R036": "lowest bid disqualified",
    "R038": "many bids disqualified",
    "R044": "bidders with one address or telephone",
    "R048": "wide range of goods and services from one supplier",
    "R058": "heavily discounted bid",
}
"""Every code, and what it means."""

_RANK = {"high": 0, "medium": 1, "low": 2, "note": 3}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found.

    Attributes:
        code: what kind of thing; see `CODES`.
        severity: how much it matters.
        contract: short name of the contract; empty where it is about none.
        title: what the contract or the category is.
        supplier: who supplies it.
        low: low end of the money at stake, in pounds; None where it cannot be said.
        high: high end.
        reason: why, in a sentence.
        file: file that it comes from.
        row: row of that file; None where many rows make it.
        by: the day it is about, as the day to act by.
    """

    code: str
    severity: Severity
    contract: str
    title: str
    supplier: str
    low: Decimal | None
    high: Decimal | None
    reason: str
    file: str
    row: int | None
    by: date | None = None

    def as_data(self) -> dict[str, Any]:
        """The finding as the documented JSON."""
        return {
            "code": self.code,
            "severity": self.severity,
            "contract": self.contract,
            "title": self.title,
            "supplier": self.supplier,
            "amount_low": self.low,
            "amount_high": self.high,
            "reason": self.reason,
            "by": self.by.isoformat() if self.by else None,
            "source": {"file": self.file, "row": self.row},
        }


def order(finding: Finding) -> tuple[Any, ...]:
    """Order of findings: the gravest first, then the soonest, then the largest."""
    return (
        _RANK[finding.severity],
        finding.by or date.max,
        -(finding.high or 0),
        finding.code,
        finding.file,
        finding.row or 0,
        finding.contract,
    )
