"""Everything worth knowing about a register, in one go."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from sourcemix.register.finding import Finding, order
from sourcemix.register.held import held, prepare
from sourcemix.register.rules_flags import flag_findings
from sourcemix.register.rules_market import Tally, concentration, near_threshold, repeated
from sourcemix.register.rules_money import covered, paid_findings, unmatched
from sourcemix.register.rules_terms import TERM_RULES
from sourcemix.register.store import Connection, look

__all__ = ["findings", "scan"]


def scan(store: Path, on: date) -> tuple[Finding, ...]:
    """All findings of a store on a day, the gravest first.

    Raises:
        FileError: the store cannot be opened.
    """
    with look(store) as con:
        return tuple(sorted(findings(con, on), key=order))


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
    yield from repeated(con)
    yield from tally.findings()
    yield from flag_findings(con)
