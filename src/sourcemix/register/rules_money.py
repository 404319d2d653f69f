"""Findings from payments: paid after the end, paid too much, paid without a contract."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from sourcemix.register.finding import Finding, Severity
from sourcemix.register.store import Connection
from sourcemix.register.wording import counted, day, money

__all__ = ["covered", "paid_findings", "unmatched"]

GRACE = 62
"""Days after the end for which invoices for work before it may still come."""

LEAST = Decimal(5_000)
"""Pounds below which a payment after the end is not worth a finding."""

_COVER = """
CREATE OR REPLACE TEMP TABLE cover AS
SELECT o.key AS owner_key, h.supplier_id, count(*) AS contracts,
    min(h.start_date) AS first_start,
    CASE WHEN bool_or(h.ends IS NULL) THEN NULL ELSE max(h.ends) END AS last_end,
    bool_and(h.worth IS NOT NULL AND h.start_date IS NOT NULL) AS complete,
    sum(h.worth) AS total,
    arg_max(h.id, (coalesce(h.ends, DATE '2199-01-01'), h.id)) AS id,
    arg_max(h.title, (coalesce(h.ends, DATE '2199-01-01'), h.id)) AS title,
    arg_max(h.file, (coalesce(h.ends, DATE '2199-01-01'), h.id)) AS file,
    arg_max(h."row", (coalesce(h.ends, DATE '2199-01-01'), h.id)) AS r,
    any_value(h.supplier_name) AS supplier
FROM held h JOIN owner o ON o.owner = h.owner
JOIN supplier s ON s.supplier_id = h.supplier_id
WHERE s.kind <> 'unknown' GROUP BY 1, 2
"""


def covered(con: Connection) -> None:
    """Make the table `cover`: what the contracts of each authority and supplier allow."""
    con.execute(_COVER)


def paid_findings(con: Connection, on: date) -> Iterator[Finding]:
    """Payments against the contracts of the same authority and supplier, after `covered`."""
    late = con.execute(
        """
        SELECT c.id, c.title, c.supplier, c.file, c.r, c.last_end, sum(p.amount) AS paid,
            count(*), max(p.day)
        FROM cover c JOIN paid p ON p.owner_key = c.owner_key AND p.supplier_id = c.supplier_id
        WHERE c.last_end IS NOT NULL AND p.day > c.last_end + ? AND p.day <= ?
        GROUP BY ALL HAVING sum(p.amount) >= ? ORDER BY paid DESC, c.id
        """,
        [GRACE, on, LEAST],
    ).fetchall()
    for id, title, supplier, file, row, end, paid, count, last in late:
        severity: Severity = "high" if paid >= 100_000 else "medium"
        yield Finding(
            "expired_paid", severity, id, title or "", supplier or "", paid, paid,
            f"The last contract with this supplier ended on {day(end)}; {money(paid)} has been "
            f"paid since in {counted(count, 'payment')}, the last on {day(last)}.",
            file, row,
        )  # fmt: skip
    over = con.execute(
        """
        SELECT * FROM (
            SELECT c.id, c.title, c.supplier, c.file, c.r, c.contracts, c.total,
                sum(p.amount) AS paid
            FROM cover c JOIN paid p
                ON p.owner_key = c.owner_key AND p.supplier_id = c.supplier_id
            WHERE c.complete AND p.day >= c.first_start
                AND (c.last_end IS NULL OR p.day <= c.last_end + ?)
            GROUP BY ALL
        ) WHERE paid > total * 1.1 AND paid - total >= ? ORDER BY paid - total DESC, id
        """,
        [GRACE, LEAST],
    ).fetchall()
    for id, title, supplier, file, row, contracts, total, paid in over:
        several = f"all {contracts} contracts" if contracts > 1 else "the contract"
        yield Finding(
            "overpaid", "high" if paid - total >= 100_000 else "medium", id, title or "",
            supplier or "", paid - total, paid - total,
            f"{money(paid)} has been paid so far; {several} with this supplier allow "
            f"{money(total)}.",
            file, row,
        )  # fmt: skip


def unmatched(con: Connection) -> Iterator[Finding]:
    """Spend of an authority with suppliers that have no contract on its register, by category."""
    rows = con.execute(
        """
        WITH spend AS (
            SELECT p.owner_key, p.supplier_id, CASE WHEN s.kind = 'unknown'
                THEN 'payee not named' ELSE coalesce(p.category, 'no category') END AS category,
                sum(p.amount) AS amount, min(p.day) AS first, max(p.day) AS last, count(*) AS n,
                min(p.file) AS file
            FROM paid p LEFT JOIN supplier s ON s.supplier_id = p.supplier_id
            WHERE p.amount IS NOT NULL GROUP BY ALL
        ), years AS (
            SELECT owner_key, greatest(1, date_diff('day', min(first), max(last)) + 1) / 365.25 AS y
            FROM spend GROUP BY 1
        ), free AS (
            SELECT s.* FROM spend s ANTI JOIN cover c
                ON c.owner_key = s.owner_key AND c.supplier_id = s.supplier_id
        )
        SELECT (SELECT max(owner) FROM owner o WHERE o.key = f.owner_key), f.category,
            sum(f.amount) AS amount, sum(f.n)::BIGINT,
            count(DISTINCT f.supplier_id), y.y, min(f.file),
            EXISTS (SELECT 1 FROM cover c WHERE c.owner_key = f.owner_key)
        FROM free f JOIN years y ON y.owner_key = f.owner_key
        GROUP BY f.owner_key, f.category, y.y
        HAVING sum(f.amount) > 0
        ORDER BY amount DESC, f.category
        """
    ).fetchall()
    for owner, category, amount, count, suppliers, years, file, register in rows:
        yearly = amount / Decimal(str(round(years, 6))) if years >= 0.95 else None
        rate = f"{money(yearly)} a year" if yearly else f"{money(amount)} in {_length(years)}"
        where = "on the register" if register else "(no register of this authority has been read)"
        big = amount >= 500_000 and register
        yield Finding(
            "no_contract", "medium" if big else "low" if register else "note", "", category, "",
            amount, amount,
            f"{rate} with no contract {where}: {counted(suppliers, 'supplier')}, "
            f"{counted(count, 'payment')}, by {owner or 'an authority that is not named'}.",
            file, None,
        )  # fmt: skip


def _length(years: float) -> str:
    days = round(years * 365.25)
    return f"{days} days" if days < 60 else f"{round(days / 30.4375)} months"
