"""Rows of the temporary table `raw` into the store: kept as contract or payment, or set aside."""

from __future__ import annotations

from dataclasses import dataclass

from sourcemix.register.clean import Cleaned, clean
from sourcemix.register.layout import Layout
from sourcemix.register.store import Connection, one

__all__ = ["Counts", "keep"]

_TOTAL = (
    r"(?i)^\W*((grand|sub|overall|report|page|run|running|final|month|monthly)[ -]*)*"
    r"(totals?|cyfanswm)\b\W*((spend|spent|payments?|paid|amount|value|net|gross|contracts?|for|of"
    r"|in|to|this|all|inc|incl|including|excl|excluding|rows?|records?|number|\d|£).{0,40})?$"
)
"""What a row of totals says; `Total Gas & Power Ltd` is a supplier."""

_SUBTOTAL = r"(?i)^.{1,80}[ :-](sub-?)?totals?\W*$"
"""What a row says that adds up the rows of one supplier above it: `Green Ltd Total`."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows went where; what came in is what was stored and what was set aside.

    Attributes:
        rows_in: rows of data in the table.
        stored: rows kept.
        set_aside: rows kept aside with a reason.
        notes: what was decided for the table as a whole.
    """

    rows_in: int
    stored: int
    set_aside: int
    notes: tuple[str, ...] = ()


def keep(con: Connection, part: int, layout: Layout, authority: str) -> Counts:
    """Keep the rows of `raw` under the number of their part.

    Args:
        con: the store.
        part: number of the part.
        layout: how its columns are read.
        authority: whose they are, where the table does not say.
    """
    cleaned = clean(con, layout)
    width = len(layout.columns)
    cells = [f"raw.c{i}" for i in range(width)]
    judge = _contract_reason if layout.kind == "contract" else _payment_reason
    reason = judge(cleaned, layout, cells)
    con.execute(
        f'CREATE OR REPLACE TEMP TABLE judged AS SELECT raw."row" AS r, {reason} AS reason '
        f"FROM raw {cleaned.joins} WHERE ({reason}) IS NOT NULL"
    )
    if layout.kind == "contract":
        _judge_repeats(con, cells)
        _keep_contracts(con, part, cleaned, authority)
    else:
        _keep_payments(con, part, cleaned, authority)
    shown = ", ".join(f"coalesce({cell}, '')" for cell in cells)
    con.execute(
        "INSERT INTO aside SELECT ?, r, reason, rtrim(concat_ws(' | ', "
        f"{shown}), ' |') FROM judged JOIN raw ON raw.\"row\" = judged.r ORDER BY r",
        [part],
    )
    _keep_repairs(con, part, layout, cleaned)
    return _counted(con, part, layout, cleaned.notes)


def _payment_reason(cleaned: Cleaned, layout: Layout, cells: list[str]) -> str:
    amount = cleaned.value("amount")
    used = layout.used()
    raw_amount = f"raw.c{used['amount']}"
    others = [cell for cell in cells if cell != raw_amount]
    blank_others = f"coalesce({', '.join(others)}) IS NULL" if others else "false"
    return f"""CASE
        WHEN coalesce({", ".join(cells)}) IS NULL THEN 'blank row'
        WHEN {amount} IS NULL AND {_is_header(layout)} THEN 'the header again'
        WHEN {_is_total(cells, cleaned)} THEN 'a row of totals'
        WHEN {amount} IS NULL THEN 'no amount that can be read'
        WHEN {blank_others} THEN 'only an amount, as in a row of totals'
    END"""


def _contract_reason(cleaned: Cleaned, layout: Layout, cells: list[str]) -> str:
    named = [cleaned.value(n) for n in ("title", "description", "reference", "supplier")]
    told = [
        cleaned.value(n)
        for n in ("start_date", "end_date", "expiry_date", "annual_value", "total_value",
                  "value_low", "duration_months", "published_date", "deadline_date")
    ]  # fmt: skip
    told = [f"CAST({value} AS VARCHAR)" for value in told] + [cleaned.value("supplier")]
    told += [cleaned.mark(n) for n in ("end_date", "expiry_date")]
    filled = " + ".join(f"({cell} IS NOT NULL)::INT" for cell in cells)
    return f"""CASE
        WHEN coalesce({", ".join(cells)}) IS NULL THEN 'blank row'
        WHEN {_is_header(layout)} THEN 'the header again'
        WHEN {_is_total(cells, cleaned)} THEN 'a row of totals'
        WHEN {filled} <= 1 THEN 'a note, not a contract'
        WHEN coalesce({", ".join(named)}) IS NULL THEN 'neither title, reference nor supplier'
        WHEN coalesce({", ".join(told)}) IS NULL THEN 'neither supplier, dates nor value'
    END"""


def _is_header(layout: Layout) -> str:
    """Whether a row repeats the header: half of its cells say what the header says."""
    same = [
        f"coalesce(trim(raw.c{column.position}) = {_quoted(column.header)}, false)::INT"
        for column in layout.columns
        if column.header
    ]
    return f"({' + '.join(same) or '0'}) * 2 > {max(1, len(same))}"


def _is_total(cells: list[str], cleaned: Cleaned) -> str:
    """Whether one of the first cells says `total`, and the row has few cells and no dates."""
    filled = " + ".join(f"({cell} IS NOT NULL)::INT" for cell in cells)
    words = " OR ".join(
        f"coalesce(regexp_full_match({cell}, {_quoted(said)}), false)"
        for cell in [f"coalesce({', '.join(cells)})", *cells[:6]]
        for said in (_TOTAL, _SUBTOTAL)
    )
    days = [cleaned.value(name) for name in ("date", "start_date", "end_date", "transaction")]
    few = max(4, len(cells) // 3)
    dated = ", ".join(f"CAST({day} AS VARCHAR)" for day in days)
    return f"({filled}) <= {few} AND coalesce({dated}) IS NULL AND ({words})"


def _judge_repeats(con: Connection, cells: list[str]) -> None:
    """Set aside rows of a register that repeat an earlier one in every cell."""
    con.execute(
        f"""
        INSERT INTO judged
        SELECT r, 'repeats row ' || first FROM (
            SELECT "row" AS r, min("row") OVER (PARTITION BY {", ".join(cells)}) AS first FROM raw
            WHERE "row" NOT IN (SELECT r FROM judged)
        ) WHERE r > first
        """
    )


def _keep_payments(con: Connection, part: int, c: Cleaned, authority: str) -> None:
    con.execute(
        f"""
        INSERT INTO payment
        SELECT {part}, raw."row", coalesce({c.value("authority")}, nullif(?, '')),
            {c.value("unit")}, {c.value("supplier")}, {c.value("supplier_number")},
            {c.value("charity_number")}, {c.value("vat_number")}, {c.value("supplier_ref")},
            {c.value("date")}, {c.value("period_date")}, {c.value("amount")},
            {c.value("vat_amount")}, {c.value("purpose")}, {c.value("category")},
            {c.value("category_code")}, {c.value("transaction")}, {c.value("invoice")},
            {c.value("cost_centre")}, {c.value("spend_type")}, {c.value("currency")}
        FROM raw {c.joins} WHERE raw."row" NOT IN (SELECT r FROM judged)
        """,
        [authority],
    )


def _keep_contracts(con: Connection, part: int, c: Cleaned, authority: str) -> None:
    taken = " + ".join(f"coalesce({c.value(f'extension_{n}')}, false)::INT" for n in (1, 2, 3))
    word = ", ".join(c.mark(n) for n in ("expiry_date", "end_date", "duration_months"))
    parts = f"coalesce({c.mark('extension_months')}, {c.mark('duration_months')})"
    # `£0.5m a year` in a column of totals is what is paid a year.
    total, yearly = c.value("total_value"), f"(coalesce({c.mark('total_value')}, '') = 'yearly')"
    con.execute(
        f"""
        INSERT INTO contract
        SELECT {part}, raw."row", 0,
            CASE WHEN regexp_matches(lower(coalesce({c.value("status")}, '')),
                     'withdrawn|cancel|planning|planned|pipeline|^open$|tender') OR
                 (lower(coalesce({c.value("status")}, '')) = 'closed' AND
                  {c.value("supplier")} IS NULL)
                 THEN 'notice' ELSE 'contract' END,
            coalesce({c.value("authority")}, nullif(?, '')), {c.value("unit")},
            {c.value("reference")}, coalesce({c.value("title")}, {c.value("description")},
                {c.value("reference")}), {c.value("description")},
            {c.value("supplier")}, {c.value("supplier_number")}, {c.value("charity_number")},
            {c.value("vat_number")}, {c.value("supplier_ref")}, {c.value("postcode")},
            coalesce({c.value("annual_value")}, CASE WHEN {yearly} THEN {total} END),
            CASE WHEN NOT {yearly} THEN {total} END, {c.value("value_low")}, NULL,
            {c.value("currency")}, {c.value("start_date")}, {c.value("end_date")},
            {c.value("expiry_date")}, {c.value("latest_date")}, {c.value("review_date")},
            {c.value("break_date")},
            CASE WHEN 'rolling' IN ({word}) THEN 'rolling' ELSE coalesce({word}) END,
            {c.value("duration_months")}, {c.value("extension_months")},
            {c.value("extension_count")},
            CASE WHEN {parts} IN ('unknown', 'rolling', 'unread') THEN NULL ELSE {parts} END,
            {taken}, {c.value("notice_months")}, {c.value("break_text")}, {c.value("procedure")},
            {c.value("contract_type")}, {c.value("category")}, {c.value("category_code")},
            {c.value("cpv")}, {c.value("sme")}, {c.value("vcse")}, {c.value("status")},
            {c.value("awarded_date")}, {c.value("published_date")}, {c.value("deadline_date")},
            {c.value("link")}, {c.value("visibility")}, {c.value("above_threshold")}, NULL
        FROM raw {c.joins} WHERE raw."row" NOT IN (SELECT r FROM judged)
        """,
        [authority],
    )


def _keep_repairs(con: Connection, part: int, layout: Layout, cleaned: Cleaned) -> None:
    used = layout.used()
    for name in cleaned.repaired:
        con.execute(
            f"""
            INSERT INTO repair
            SELECT ?, raw."row", ?, f.was, coalesce(f.value, ''), f.why
            FROM raw JOIN fix_{name} f ON f.was = raw.c{used[name]}
            WHERE f.why <> '' AND raw."row" NOT IN (SELECT r FROM judged)
            """,
            [part, name],
        )


def _counted(con: Connection, part: int, layout: Layout, notes: tuple[str, ...]) -> Counts:
    table = layout.kind
    found = one(
        con,
        f"SELECT (SELECT count(*) FROM raw), (SELECT count(*) FROM {table} WHERE part = ?),"
        " (SELECT count(*) FROM aside WHERE part = ?)",
        [part, part],
    )
    rows_in, stored, set_aside = found
    return Counts(rows_in, stored, set_aside, notes)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
