"""Findings about the whole spend of an authority: its largest suppliers, and who they are."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from sourcemix.evidence import prior
from sourcemix.register.finding import Finding
from sourcemix.register.store import Connection
from sourcemix.register.wording import counted, money

__all__ = ["largest", "spend_shares"]

TOP = 10
"""How many of the largest suppliers are counted together."""

_LEAST = Decimal(250_000)


def largest(con: Connection) -> Iterator[Finding]:
    """The share of the largest suppliers in the payments of each authority."""
    rows = con.execute(
        """
        WITH spend AS (
            SELECT owner_key, supplier_id, min(s.name) AS name, sum(amount) AS value,
                min(file) AS file
            FROM paid JOIN supplier s USING (supplier_id)
            WHERE amount > 0 AND s.kind <> 'unknown' GROUP BY 1, 2
        ), ranked AS (
            SELECT *, row_number() OVER (PARTITION BY owner_key ORDER BY value DESC, name) AS place
            FROM spend
        )
        SELECT (SELECT max(owner) FROM owner o WHERE o.key = r.owner_key), sum(value), count(*),
            sum(value) FILTER (place <= ?), max(value), min(name) FILTER (place = 1), min(file),
            10000 * sum((value::DOUBLE) * value) / (sum(value)::DOUBLE * sum(value))
        FROM ranked r GROUP BY owner_key HAVING sum(value) >= ? AND count(*) > ?
        ORDER BY 2 DESC, 1
        """,
        [TOP, _LEAST, TOP],
    ).fetchall()
    for owner, total, suppliers, top, first, leader, file, hhi in rows:
        yield Finding(
            "concentration", "note", "", "All payments", leader, first, total,
            f"The {TOP} largest of {counted(suppliers, 'supplier')} have {top / total * 100:.0f}% "
            f"of {money(total)}; {leader} has {first / total * 100:.0f}%. The index over all is "
            f"{round(hhi):,} of 10,000. {owner}".rstrip() + ("." if owner else ""),
            file, None,
        )  # fmt: skip


def spend_shares(con: Connection) -> Iterator[Finding]:
    """Share of payments to small firms and to the voluntary sector, as contracts tell them.

    Payments say nothing about a payee; what the contracts and notices of the register say about a
    supplier is taken for all that it is paid.
    """
    usual = {"sme": prior("P111").central, "vcse": prior("P114").central}
    words = {"sme": "small and medium firms", "vcse": "the voluntary sector"}
    for kind in ("sme", "vcse"):
        rows = con.execute(
            f"""
            WITH told AS (
                SELECT supplier_id, bool_or({kind}) AS yes FROM held
                WHERE {kind} IS NOT NULL GROUP BY 1
            )
            SELECT (SELECT max(owner) FROM owner o WHERE o.key = p.owner_key), sum(amount),
                coalesce(sum(amount) FILTER (t.yes), 0), sum(amount) FILTER (t.yes IS NOT NULL),
                min(file)
            FROM paid p LEFT JOIN told t USING (supplier_id) WHERE amount > 0
            GROUP BY owner_key HAVING sum(amount) FILTER (t.yes IS NOT NULL) > 0
            ORDER BY 2 DESC, 1
            """
        ).fetchall()
        for owner, total, yes, known, file in rows:
            gap = total - known
            unknown = f" For {money(gap)} of payments it is not known." if gap else ""
            yield Finding(
                f"{kind}_share", "note", "", owner or "All payments", "", yes, yes + gap,
                f"{yes / known * 100:.0f}% of spend is with {words[kind]} ({money(yes)} of "
                f"{money(known)} paid to suppliers of which the register says it); "
                f"{usual[kind]:.0f}% is usual for councils.{unknown}",
                file, None,
            )  # fmt: skip
