"""Everything worth knowing about a register, in one go."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sourcemix.register.finding import Finding, order
from sourcemix.register.held import held, prepare
from sourcemix.register.rules_flags import flag_findings
from sourcemix.register.rules_market import Tally, concentration, repeated
from sourcemix.register.rules_money import covered, paid_findings, unmatched
from sourcemix.register.rules_spend import largest, spend_shares
from sourcemix.register.rules_terms import TERM_RULES
from sourcemix.register.rules_thresholds import near_threshold
from sourcemix.register.store import Connection, look

__all__ = ["Scan", "findings", "scan"]

MOST = 250_000
"""Findings that are listed; of more, the gravest, so that memory stays bounded."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found.

    Attributes:
        findings: the findings, the gravest first.
        counts: how many there are of each code, listed or not.
    """

    findings: tuple[Finding, ...]
    counts: dict[str, int]

    @property
    def left_out(self) -> int:
        """Findings that are counted but not listed."""
        return sum(self.counts.values()) - len(self.findings)


def scan(store: Path, on: date) -> Scan:
    """All findings of a store on a day, the gravest first.

    Raises:
        FileError: the store cannot be opened.
    """
    counts: Counter[str] = Counter()

    def counted(found: Iterator[Finding]) -> Iterator[Finding]:
        for finding in found:
            counts[finding.code] += 1
            yield finding

    with look(store) as con:
        gravest = heapq.nsmallest(MOST, counted(findings(con, on)), key=order)
    return Scan(tuple(gravest), dict(sorted(counts.items())))


def findings(con: Connection, on: date) -> Iterator[Finding]:
    """All findings, rule by rule."""
    prepare(con)
    tally = Tally()
    for contract in held(con):
        tally.add(contract, on)
        for rule in (*TERM_RULES, near_threshold):
            yield from rule(contract, on)
    covered(con)
    yield from paid_findings(con, on)
    yield from unmatched(con)
    yield from concentration(con)
    yield from largest(con)
    yield from spend_shares(con)
    yield from repeated(con)
    yield from tally.findings()
    yield from flag_findings(con)
