"""Findings about the market: concentration, shares of small firms and charities, limits."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal

from sourcemix.evidence import prior
from sourcemix.register.assumptions import assumed
from sourcemix.register.finding import Finding
from sourcemix.register.held import Held
from sourcemix.register.store import Connection
from sourcemix.register.wording import counted, day, money, pounds

__all__ = ["Tally", "concentration", "repeated"]

FEWEST = 5
"""Contracts of an authority below which the share of any kind of supplier says nothing."""

_LEAST = Decimal(250_000)
_PENNY = Decimal("0.01")


def concentration(con: Connection) -> Iterator[Finding]:
    """Categories in which few suppliers have most of the spend; by payments where there are any.

    The index is the sum of the squared shares in per cent (Herfindahl 1950). Suppliers that are not
    named (`Various`) say nothing about a market, nor do a few contracts.
    """
    level = assumed("concentrated")
    # Fewer deals than that cannot be anything but concentrated, however they are shared out.
    least = int(10_000 / level.value) + 1
    of, deals = "spend", "payment"
    source = (
        "SELECT category, supplier_id, supplier AS name, amount AS value, file, "
        "coalesce(authority, '') AS owner FROM paid WHERE amount > 0"
    )
    if not con.execute("SELECT 1 FROM payment LIMIT 1").fetchall():
        of, deals = "the value of contracts", "contract"
        source = (
            "SELECT category, supplier_id, supplier_name AS name, "
            "coalesce(yearly, worth) AS value, file, owner FROM held "
            "WHERE coalesce(yearly, worth) > 0 AND pounds"
        )
    rows = con.execute(
        f"""
        WITH spend AS (
            SELECT owner, category, supplier_id, min(s.name) AS name, sum(value) AS value,
                min(file) AS file, count(*) AS n
            FROM ({source}) JOIN supplier s USING (supplier_id)
            WHERE category IS NOT NULL AND s.kind <> 'unknown'
            GROUP BY owner, category, supplier_id
        ), whole AS (
            SELECT owner, category, sum(value) AS total, count(*) AS suppliers, min(file) AS file,
                sum(n)::BIGINT AS n, max(value) AS top, arg_max(name, (value, name)) AS leader,
                sum((value::DOUBLE) * value) AS squares
            FROM spend GROUP BY owner, category
        )
        SELECT owner, category, total, suppliers, n, top, leader, file,
            10000 * squares / (total::DOUBLE * total) AS hhi
        FROM whole WHERE total >= ? AND n >= ? ORDER BY total DESC, category, owner
        """,
        [_LEAST, least],
    ).fetchall()
    for owner, category, total, suppliers, count, top, leader, file, hhi in rows:
        if hhi < level.value:
            continue
        share = top / total
        yield Finding(
            "concentration", "medium" if share >= Decimal("0.7") and suppliers > 1 else "low", "",
            category, leader, top, total,
            f"{leader} has {share * 100:.0f}% of {of}, which is {money(total)} with "
            f"{counted(suppliers, 'supplier')} in {counted(count, deals)}"
            f"{f', {owner}' if owner else ''}. The index is {round(hhi):,} of 10,000; "
            f"{int(level.value):,} and more counts as concentrated{level.doubt}.",
            file, None,
        )  # fmt: skip


class Tally:
    """Adds up the shares of small firms and of the voluntary sector, contract by contract."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._sums: dict[tuple[str, str, str], dict[bool | None, Decimal]] = defaultdict(
            lambda: defaultdict(Decimal)
        )
        self._files: dict[str, str] = {}
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, contract: Held, on: date) -> None:
        """Count a contract that is live, by its value a year; without any dates, as an award."""
        basis, value = "live contracts by value a year", contract.yearly
        if contract.start is None and contract.end is None:
            basis, value = "awards by value", contract.total
        elif not contract.live(on):
            return
        if not value:
            return
        self._files.setdefault(contract.authority, contract.file)
        self._counts[contract.authority, basis] += 1
        self._sums["sme", contract.authority, basis][contract.sme] += value
        self._sums["vcse", contract.authority, basis][contract.vcse] += value

    def findings(self, most: int = 50) -> Iterable[Finding]:
        """The shares of each authority, the largest spenders first."""
        usual = {"sme": prior("P111").central, "vcse": prior("P114").central}
        words = {"sme": "small and medium firms", "vcse": "the voluntary sector"}
        ranked = sorted(self._sums.items(), key=lambda item: (-sum(item[1].values()), item[0]))
        for (kind, owner, basis), sums in ranked[: 2 * most]:
            total, known = sum(sums.values(), Decimal(0)), sums[True] + sums[False]
            if known == 0 or self._counts[owner, basis] < FEWEST:
                continue
            # Where no contract is marked `no`, blanks mostly mean it: the share is a floor.
            base = known if sums[False] else total
            share = sums[True] / base * 100
            least = "" if sums[False] or share >= 100 else "At least "
            gap = total - known
            blank = f" The register does not say for {money(gap)}." if gap else ""
            yield Finding(
                f"{kind}_share", "note", "", owner or "All contracts", "",
                sums[True].quantize(_PENNY),
                (total - sums[False]).quantize(_PENNY),
                f"{least}{share:.0f}% of {basis} are with {words[kind]} "
                f"({money(sums[True])} of {money(base)}); {usual[kind]:.0f}% is usual for "
                f"councils.{blank}",
                self._files[owner], None,
            )  # fmt: skip


def repeated(con: Connection) -> Iterator[Finding]:
    """Payments that are the same in every cell: parts of one invoice, or paid twice.

    One finding for each supplier, with the row of the dearest.
    """
    rows = con.execute(
        """
        WITH sets AS (
            SELECT file, supplier, amount, day, count(*) AS n, min("row") AS r, "transaction",
                (count(*) - 1) * amount AS more
            FROM paid WHERE amount >= 500 AND "transaction" IS NOT NULL
            GROUP BY file, part, supplier, amount, day, "transaction", invoice, purpose, category,
                cost_centre, unit HAVING count(*) > 1
        )
        SELECT file, supplier, amount, day, n, r, "transaction",
            sum(more) OVER (PARTITION BY file, supplier) AS whole,
            count(*) OVER (PARTITION BY file, supplier) - 1 AS others
        FROM sets
        QUALIFY row_number() OVER (PARTITION BY file, supplier ORDER BY more DESC, r) = 1
        ORDER BY whole DESC, file, r
        """
    ).fetchall()
    for file, supplier, amount, when, count, row, number, whole, others in rows:
        yield Finding(
            "repeated_payment", "note", "", f"payment {number}", supplier or "", Decimal(0), whole,
            f"{count} lines of {pounds(amount)} are the same in every cell"
            + (f", paid on {day(when)}" if when else "")
            + ": parts of one invoice, or paid twice."
            + (f" {counted(others, 'more such set')} with this supplier." if others else ""),
            file, row,
        )  # fmt: skip
