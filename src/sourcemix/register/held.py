"""Contracts as they stand on a day: their ends, their worth a year, their suppliers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from sourcemix.register.names import plain_name
from sourcemix.register.store import Connection, one

__all__ = ["Held", "held", "prepare"]

_BATCH = 5_000


@dataclass(frozen=True, slots=True)
class Held:
    """One contract on a day.

    Attributes:
        id: short name that is the contract's own in this store.
        file: file that it is from.
        row: row of that file, as a spreadsheet counts.
        authority: whose it is.
        title: what it is.
        supplier: who delivers it, under the supplier's usual name.
        supplier_id: number of the supplier in this store.
        category: category in words.
        yearly: pounds a year; None where neither value nor length is known, or in other money.
        total: pounds in all; None where not known, or in other money.
        first_total: pounds in all when it was first published.
        currency: currency of the amounts.
        start: first day.
        initial_end: last day without extensions.
        end: last day as it now stands.
        latest_end: last day with every option taken.
        end_word: `rolling`, or another word that stands where the date should.
        months: months from first to last day.
        options: months of each option not yet taken.
        options_all: months of every option, taken or not.
        term: months of the first term, where the register says them.
        notice: months of notice; None where not known.
        break_known: whether a break is known.
        breaks_told: whether any contract of its file has a break or a notice.
        procedure: how it was awarded.
        awarded: day of the award.
        sme: whether the supplier is small or medium; None where not known.
        vcse: whether it is voluntary or social; None where not known.
        above_threshold: what the register says about the threshold.
        clause: what has been entered from the contract itself: exit fee, transition.
    """

    id: str
    file: str
    row: int
    authority: str
    title: str
    supplier: str
    supplier_id: int | None
    category: str
    yearly: Decimal | None
    total: Decimal | None
    first_total: Decimal | None
    currency: str
    start: date | None
    initial_end: date | None
    end: date | None
    latest_end: date | None
    end_word: str
    months: int | None
    options: tuple[int, ...]
    options_all: int
    term: float | None
    notice: float | None
    break_known: bool
    breaks_told: bool
    procedure: str
    awarded: date | None
    sme: bool | None
    vcse: bool | None
    above_threshold: str
    clause: tuple[Decimal | None, Decimal | None]

    @property
    def rolling(self) -> bool:
        """Whether it runs on without an end."""
        return self.end is None and self.end_word == "rolling"

    def live(self, on: date) -> bool:
        """Whether it runs on a day; without an end it does, unless it has not begun."""
        begun = self.start is None or self.start <= on
        return begun and (self.end >= on if self.end else self.start is not None or self.rolling)

    def months_left(self, on: date) -> float:
        """Months from a day to its end; none where it has no end."""
        return max(0.0, (self.end - on).days / 30.4375) if self.end else 0.0


_HELD = """
CREATE OR REPLACE TEMP TABLE held AS
WITH base AS (
    SELECT c.*, p.file,
        coalesce(c.authority, nullif(p.authority, ''), '') AS owner,
        CASE WHEN c.expiry_date IS NOT NULL AND
                (c.start_date IS NULL OR c.expiry_date >= c.start_date) THEN c.expiry_date
            WHEN c.end_date IS NOT NULL THEN c.end_date
            WHEN c.expiry_date IS NOT NULL THEN c.expiry_date
            WHEN c.start_date IS NOT NULL AND c.duration_months > 0 AND
                coalesce(c.end_word, '') <> 'rolling'
            THEN CAST(c.start_date + to_months(CAST(floor(c.duration_months) AS INTEGER)) +
                to_days(CAST(round((c.duration_months % 1) * 30.4375) AS INTEGER) - 1) AS DATE)
        END AS ends
    FROM contract c JOIN part p USING (part) WHERE c.stage = 'contract'
), measured AS (
    SELECT *, CASE WHEN start_date IS NOT NULL AND ends >= start_date
        THEN greatest(1, CAST(round(date_diff('day', start_date, ends + 1) / 30.4375) AS INTEGER))
        WHEN duration_months > 0 THEN greatest(1, CAST(round(duration_months) AS INTEGER)) END
        AS months,
        -- A contract that another file tells as well counts where it was read first.
        min(part) OVER (PARTITION BY lower(owner), lower(title), lower(supplier), start_date,
            ends, total_value, annual_value) AS first_part
    FROM base
), linked AS (
    SELECT m.*, n.supplier_id FROM measured m LEFT JOIN (
        SELECT n.supplier, min(a.supplier_id) AS supplier_id FROM named n
        JOIN alias a ON a.name = n.one GROUP BY n.supplier) n ON n.supplier = m.supplier
    WHERE part = first_part
)
SELECT l.*, s.name AS supplier_name,
    bool_or(notice_months IS NOT NULL OR break_date IS NOT NULL OR break_text IS NOT NULL)
        OVER (PARTITION BY l.part) AS breaks_told,
    -- Amounts in other money are kept, but no finding is worked out from them.
    upper(coalesce(l.currency, 'GBP')) IN ('GBP', '£', '') AS pounds,
    row_number() OVER (ORDER BY l.part, l."row", l.place) AS n,
    CASE WHEN annual_value IS NOT NULL AND annual_value > 0 THEN annual_value
        WHEN total_value IS NULL OR total_value <= 0 OR months IS NULL THEN NULL
        WHEN months <= 12 THEN total_value
        ELSE CAST(total_value * 12 / months AS DECIMAL(18,2)) END AS yearly,
    coalesce(CASE WHEN total_value > 0 THEN total_value END,
        CAST(annual_value * months / 12 AS DECIMAL(18,2))) AS worth,
    CASE WHEN reference IS NULL THEN regexp_extract(file, '([^/]+?)(\\.[a-z]+)*$', 1) || '@' ||
            "row" || CASE WHEN place > 0 THEN '.' || place ELSE '' END
        WHEN count(*) OVER (PARTITION BY reference) = 1 THEN reference
        ELSE reference || '@' || part || '.' || "row" ||
            CASE WHEN place > 0 THEN '.' || place ELSE '' END
    END AS id,
    -- What stays the same when a newer file puts the contract into another row.
    CASE WHEN reference IS NOT NULL AND count(*) OVER (PARTITION BY reference) = 1 THEN reference
        ELSE concat_ws('|', owner, reference, title, supplier, start_date)
    END AS mark
FROM linked l LEFT JOIN supplier s ON s.supplier_id = l.supplier_id
"""


def prepare(con: Connection) -> None:
    """Make the temporary tables that every question needs: `held`, `owner` and `paid`."""
    con.execute(_HELD)
    names = con.execute(
        """
        SELECT DISTINCT owner FROM held
        UNION SELECT DISTINCT coalesce(p.authority, nullif(q.authority, ''), '')
        FROM payment p JOIN part q USING (part) ORDER BY 1
        """
    ).fetchall()
    found = {name: _authority(name) for (name,) in names}
    told = {key for key in found.values() if key}
    if len(told) == 1:
        # Files that do not say whose they are belong to the one authority that others name.
        found = dict.fromkeys(found, next(iter(told)))
    keys = {
        "owner": np.array(list(found), dtype=object),
        "key": np.array(list(found.values()), dtype=object),
    }
    con.register("batch", keys)
    con.execute("CREATE OR REPLACE TEMP TABLE owner AS SELECT * FROM batch")
    con.unregister("batch")
    con.execute(
        """
        CREATE OR REPLACE TEMP VIEW paid AS
        SELECT p.*, coalesce(p.date, p.period_date) AS day, o.key AS owner_key, a.supplier_id,
            q.file
        FROM payment p JOIN part q USING (part)
        LEFT JOIN owner o ON o.owner = coalesce(p.authority, nullif(q.authority, ''), '')
        LEFT JOIN alias a ON a.name = p.supplier
            AND a.supplier_number = coalesce(p.supplier_number, '')
            AND a.charity_number = coalesce(p.charity_number, '')
            AND a.vat_number = coalesce(p.vat_number, '')
        """
    )


def _authority(name: str) -> str:
    """An authority in a form in which its names agree: `Trafford MBC`, `Trafford Council`."""
    plain = plain_name(name)
    level = "county" if "county" in plain.level else ""
    # A bare place is its council.
    words = [word for word in plain.tokens if word not in ("council", "councils")]
    return " ".join([*words, level]).strip()


def held(con: Connection) -> Iterator[Held]:
    """Contracts, in the order of their files and rows, after `prepare`."""
    query = """
        SELECT h.id, h.file, h."row", h.owner, coalesce(h.title, ''),
            coalesce(h.supplier_name, h.supplier, ''), h.supplier_id,
            coalesce(h.category, ''), CASE WHEN pounds THEN h.yearly END,
            CASE WHEN pounds THEN h.worth END,
            CASE WHEN pounds THEN h.first_value END,
            coalesce(h.currency, 'GBP'), h.start_date, h.end_date, h.ends,
            h.latest_date, coalesce(h.end_word, ''), h.months, h.duration_months,
            h.extension_months,
            h.extension_count, h.extension_parts, coalesce(h.extensions_taken, 0),
            coalesce(k.notice_months, h.notice_months),
            coalesce(k.break_date, h.break_date) IS NOT NULL OR h.break_text IS NOT NULL
                OR coalesce(k.notice_months, h.notice_months) IS NOT NULL,
            h.breaks_told, coalesce(h."procedure", ''), coalesce(h.awarded_date, h.published_date),
            h.sme, h.vcse, coalesce(h.above_threshold, ''), k.exit_fee, k.transition
        FROM held h LEFT JOIN clause k ON k.contract = h.mark
        WHERE h.n >= ? AND h.n < ? ORDER BY h.n
    """
    for start in range(1, one(con, "SELECT count(*) FROM held")[0] + 1, _BATCH):
        yield from map(_made, con.execute(query, [start, start + _BATCH]).fetchall())


def _made(row: tuple[Any, ...]) -> Held:
    begin = row[:17]
    (months, term, ext_months, ext_count, ext_parts, taken, notice, breaks, told, procedure,
     awarded, sme, vcse, above, fee, transition) = row[17:]  # fmt: skip
    lengths = _options(ext_months, ext_count, ext_parts)
    start, initial_end, end = row[12], row[13], row[14]
    first = term
    if first is None and start and initial_end:
        first = (initial_end - start).days / 30.4375
    used = max(taken, _used(lengths, first, start, end))
    return Held(*begin, months, tuple(lengths[used:]), sum(lengths), term,  # type: ignore[call-arg]
                notice, bool(breaks), bool(told), procedure, awarded, sme, vcse, above,
                (fee, transition))  # fmt: skip


def _used(lengths: list[int], term: float | None, start: date | None, end: date | None) -> int:
    """How many options the present end already holds, by the length of the first term."""
    if not term or start is None or end is None:
        return 0
    beyond = (end - start).days / 30.4375 - term
    count = 0
    for length in lengths:
        beyond -= length
        if beyond < -1:
            break
        count += 1
    return count


def _options(months: float | None, count: int | None, parts: str | None) -> list[int]:
    """Months of each option, taken or not."""
    if parts and all(part.replace(".", "", 1).isdigit() for part in parts.split("+")):
        lengths = [round(float(part)) for part in parts.split("+")]
        if months:
            lengths = [round(months), *lengths]
    elif months and (count is None or count > 0):
        # A number of extensions past ten is their months, written into the wrong column.
        lengths = [round(months)] * (count if count and count <= 10 else 1)
    else:
        lengths = []
    return [length for length in lengths if length > 0]
