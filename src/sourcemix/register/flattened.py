"""Tables that were flattened from releases: awards, suppliers, buyers, joined by their links.

The tables come as files of their own, in any order; their rows are kept, and contracts are made of
them whenever a table has come. Columns are told by the path in their name.
"""

from __future__ import annotations

import re

import numpy as np

from sourcemix.register.cells import tidy
from sourcemix.register.clean import ODD_TEXT
from sourcemix.register.layout import Layout
from sourcemix.register.rows import Counts
from sourcemix.register.store import Connection, one

__all__ = ["join_tables", "keep_table"]

_ROLES = ("suppliers", "buyer", "awards", "tender", "contracts", "parties", "release")


def _role(headers: list[str], name: str) -> str:
    """What a row of the table is: from its columns, and from its name where they do not tell."""
    found = set(headers)
    if "_link_awards" in found or "_link_contracts" in found or {"vco", "sme"} & found:
        return "suppliers"
    if {"contractPeriod_startDate", "value_amount"} & found and "_link_awards" not in found:
        return "contracts" if "awardID" in found else "awards"
    if {"procurementMethod", "mainProcurementCategory", "tenderPeriod_endDate"} & found:
        return "tender"
    if "ocid" in found and not {"name"} & found:
        return "release"
    stem = re.sub(r"\W.*$", "", name.rpartition(":")[2].lower())
    for role in _ROLES:
        if role.rstrip("s") in stem:
            return role
    return "buyer" if "name" in found else "other"


def keep_table(con: Connection, part: int, layout: Layout, name: str) -> Counts:
    """Keep the rows of `raw`; rows without a link are set aside."""
    _tidy(con, part, layout)
    headers = [column.header for column in layout.columns]
    role = _role(headers, name)
    place = {header: f"raw.c{i}" for i, header in enumerate(headers)}
    link = place.get("_link", "NULL")
    release = next((place[h] for h in ("_link_release", "_link_main") if h in place), link)
    award = next((place[h] for h in ("_link_awards", "_link_contracts") if h in place), "NULL")
    kept = [h for h in headers if h and not h.startswith("_link")]
    keys = ", ".join("'" + h.replace("'", "''") + "'" for h in kept)
    values = ", ".join(place[h] for h in kept)
    fields = f"MAP([{keys}]::VARCHAR[], [{values}]::VARCHAR[])"
    con.execute(
        f"INSERT INTO flat SELECT {part}, raw.\"row\", '{role}', {link}, {release}, {award}, "
        f"{fields} FROM raw WHERE {release} IS NOT NULL"
    )
    shown = ", ".join(f"coalesce(raw.c{i}, '')" for i in range(len(headers)))
    con.execute(
        "INSERT INTO aside SELECT ?, raw.\"row\", 'no link to a release', "
        f"rtrim(concat_ws(' | ', {shown}), ' |') FROM raw WHERE {release} IS NULL",
        [part],
    )
    total, aside = one(
        con,
        f"SELECT (SELECT count(*) FROM raw), (SELECT count(*) FROM raw WHERE {release} IS NULL)",
    )
    return Counts(total, total - aside, aside, (f"Read as a table of {role}.",))


def _tidy(con: Connection, part: int, layout: Layout) -> None:
    """Put texts of `raw` right in place: entities, hidden signs, stray spaces."""
    for column in layout.columns:
        cell = f"c{column.position}"
        found = con.execute(
            f"SELECT DISTINCT {cell} FROM raw WHERE regexp_matches({cell}, ?)", [ODD_TEXT]
        ).fetchall()
        read = [(was, tidy(was)) for (was,) in found]
        if not read:
            continue
        data = {
            "was": np.array([was for was, _ in read], dtype=object),
            "now": np.array([new.value for _, new in read], dtype=object),
            "why": np.array([new.why for _, new in read], dtype=object),
        }
        con.register("batch", data)
        con.execute(
            "INSERT INTO repair SELECT ?, raw.\"row\", ?, b.was, coalesce(b.now, ''), b.why "
            f"FROM raw JOIN batch b ON b.was = raw.{cell} WHERE b.why <> ''",
            [part, column.header],
        )
        con.execute(f"UPDATE raw SET {cell} = b.now FROM batch b WHERE b.was = raw.{cell}")
        con.unregister("batch")


_MONEY = "TRY_CAST(nullif({0}, '') AS DECIMAL(18,2))"
_DATE = "TRY_CAST(left({0}, 10) AS DATE)"
_FLAG = (
    "CASE WHEN lower({0}) IN ('1', '1.0', 'true', 'yes', 't') THEN true"
    " WHEN lower({0}) IN ('0', '0.0', 'false', 'no', 'f') THEN false END"
)


def join_tables(con: Connection) -> None:
    """Make contracts of all flattened tables that are there."""
    con.execute(
        "DELETE FROM contract WHERE part IN (SELECT part FROM part WHERE kind = 'flattened')"
    )
    if not one(con, "SELECT count(*) FROM flat WHERE role IN ('awards', 'contracts')")[0]:
        return

    def get(table: str, *names: str) -> str:
        parts = ", ".join(f"nullif(trim({table}.fields['{name}']), '')" for name in names)
        return f"coalesce({parts})"

    con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE named_supplier AS
        SELECT link_award, link_release, count(*) AS n,
            string_agg(DISTINCT {get("s", "name")}, '; ' ORDER BY {get("s", "name")}) AS name,
            CASE WHEN count(*) = 1 THEN any_value({get("s", "identifier_id")}) END AS number,
            CASE WHEN count(*) = 1 THEN any_value({get("s", "identifier_scheme")}) END AS scheme,
            CASE WHEN count(*) = 1 THEN any_value({get("s", "address_postalCode")}) END AS postcode,
            bool_and({_FLAG.format(get("s", "sme", "details_scale"))}) AS sme,
            bool_and({_FLAG.format(get("s", "vco", "vcse", "details_vcse"))}) AS vcse
        FROM flat s WHERE role = 'suppliers' GROUP BY ALL
        """
    )
    number = "upper(regexp_replace(s.number, '[^0-9A-Za-z]', '', 'g'))"
    company = (
        f"CASE WHEN upper(coalesce(s.scheme, '')) IN ('GB-COH', 'COMPANIES_HOUSE', 'COH') AND "
        f"regexp_full_match({number}, '[0-9]{{5,8}}|[A-Z]{{2}}[0-9]{{6}}') AND "
        f"NOT regexp_full_match({number}, '0+|1+|12345678|99999999') "
        f"THEN lpad({number}, 8, '0') END"
    )
    con.execute(
        f"""
        INSERT INTO contract (part, "row", place, stage, authority, reference, title, description,
            supplier, supplier_number, postcode, total_value, currency, start_date, end_date,
            "procedure", category, cpv, sme, vcse, status, awarded_date, published_date, ocid)
        SELECT a.part, a."row", 0,
            CASE WHEN lower({get("a", "status")}) IN ('cancelled', 'unsuccessful') THEN 'ended'
                ELSE 'contract' END,
            {get("b", "name")}, {get("a", "id")},
            coalesce({get("a", "title")}, {get("t", "title")}, 'Award ' || {get("a", "id")}),
            coalesce({get("t", "description")}, CASE WHEN {get("a", "description")}
                ILIKE 'see description%' THEN NULL ELSE {get("a", "description")} END),
            s.name, {company}, s.postcode, {_MONEY.format(get("a", "value_amount"))},
            {get("a", "value_currency")},
            {_DATE.format(get("a", "contractPeriod_startDate", "period_startDate"))},
            {_DATE.format(get("a", "contractPeriod_endDate", "period_endDate"))},
            nullif(concat_ws(' - ', {get("t", "procurementMethod")},
                {get("t", "procurementMethodDetails")}), ''),
            {get("t", "classification_description")}, {get("t", "classification_id")},
            s.sme, s.vcse, {get("a", "status")}, {_DATE.format(get("a", "date", "dateSigned"))},
            {_DATE.format(get("a", "datePublished"))}, {get("r", "ocid")}
        FROM flat a
        LEFT JOIN (SELECT link_release, arg_min(fields, "row") AS fields FROM flat
            WHERE role = 'buyer' GROUP BY 1) b ON b.link_release = a.link_release
        LEFT JOIN (SELECT link_release, arg_min(fields, "row") AS fields FROM flat
            WHERE role = 'tender' GROUP BY 1) t ON t.link_release = a.link_release
        LEFT JOIN (SELECT link_release, arg_min(fields, "row") AS fields FROM flat
            WHERE role = 'release' GROUP BY 1) r ON r.link_release = a.link_release
        LEFT JOIN named_supplier s ON s.link_award = a.link
        WHERE a.role IN ('awards', 'contracts')
        """
    )
