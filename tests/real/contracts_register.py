"""A draft case from a council's contracts register: a sketch of what the register room will do.

Layout of the register as published under the Local Government Transparency Code: one row a
contract, with start, end, current expiry, extensions and values as text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from sourcemix.model.case import Case

QUARTER = 3


@dataclass(frozen=True)
class Contract:
    """One live contract.

    Attributes:
        title: what it is.
        supplier: who delivers it.
        sme: whether the register calls the supplier an SME.
        yearly: pounds a year.
        started: first day.
        ends: last day of the present block.
        extensions: months of each extension not yet taken.
    """

    title: str
    supplier: str
    sme: bool
    yearly: Decimal
    started: date
    ends: date
    extensions: tuple[int, ...]


def read(path: Path, words: tuple[str, ...], on: date) -> tuple[list[Contract], int]:
    """Contracts live on a day whose class or title has one of the words, and how many were not.

    Rows that match but cannot be used (no value, no end, ended) are counted, not dropped silently.
    """
    text = path.read_bytes().decode("utf-8")
    if text.startswith("ï»¿"):
        text = text.encode("cp1252", "replace").decode("utf-8", "replace")
    rows = list(csv.DictReader(io.StringIO(text.lstrip("\ufeff?"))))
    wanted = [
        row
        for row in rows
        if any(
            re.search(word, row["ProClass Description"] + row["Contract Title"], re.I)
            for word in words
        )
    ]
    contracts = [contract for row in wanted if (contract := _contract(row, on)) is not None]
    return contracts, len(wanted) - len(contracts)


def _contract(row: dict[str, str], on: date) -> Contract | None:
    started, ends = _date(row["Start Date"]), _date(row["Current Expiry Date"])
    if started is None or ends is None or started > on or ends <= on:
        return None
    months = max(1, (ends.year - started.year) * 12 + ends.month - started.month + 1)
    yearly = _money(row["Annual Value"])
    if yearly is None:
        total = _money(row["Total Contract Value (including extensions)"])
        yearly = None if total is None else total * 12 / months
    if not yearly:
        return None
    options = _whole(row["How many extensions"])
    taken = sum(row[f"Extension {n} Taken?"].strip().lower() == "yes" for n in (1, 2))
    length = -(-_whole(row["Option to extend (months)"]) // QUARTER) * QUARTER
    return Contract(
        row["Contract Title"].strip(),
        row["Supplier Company Name"].strip(),
        row["SME Supplier?"].strip().lower() == "yes",
        yearly.quantize(Decimal("0.01")),
        started,
        ends,
        (length,) * max(0, options - taken) if length else (),
    )


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _money(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace("£", "").replace(",", "").strip())
    except InvalidOperation:
        return None


def _whole(text: str) -> int:
    return int(text) if text.strip().isdigit() else 0


def draft(contracts: list[Contract], start: date) -> Case:
    """A draft case: each contract a service with its agreement of today and three ways on."""
    rows = list(enumerate(contracts, 1))
    return Case.model_validate(
        {
            "title": "Draft from a contracts register",
            "authority": {"name": "The authority of the register"},
            "horizon": {"start": start, "periods": 16, "period": "quarter"},
            "money": {"price_base": "2022-23"},
            "services": [
                {"id": f"c{n}", "name": contract.title[:99], "unit": "year of service", "demand": 1}
                for n, contract in rows
            ],
            "suppliers": [
                {"id": "own", "name": "Own staff", "kind": "in_house"},
                {"id": "market", "name": "The market", "kind": "commercial"},
                *(
                    {"id": f"s{n}", "name": contract.supplier, "kind": "commercial",
                     "sme": contract.sme}
                    for n, contract in rows
                ),
            ],
            "offers": [offer for n, contract in rows for offer in _offers(n, contract)],
            "agreements": [
                {"offer": f"today{n}", "started": contract.started} for n, contract in rows
            ],
        }
    )  # fmt: skip


def _offers(n: int, contract: Contract) -> Iterator[dict[str, Any]]:
    begun, ends = contract.started, contract.ends
    months = (ends.year - begun.year) * 12 + ends.month - begun.month + 1
    initial = -(-months // QUARTER) * QUARTER
    base: dict[str, Any] = {"services": {f"c{n}": {}}}
    yield base | {
        "id": f"today{n}",
        "supplier": f"s{n}",
        "form": "contract",
        "fixed": contract.yearly,
        "term": {"initial": initial, "extensions": contract.extensions},
        "available": {"until": begun},
    }
    for form, supplier, share in (
        ("contract", "market", "1.00"),
        ("framework_call_off", "market", "1.03"),
        ("in_house", "own", "1.08"),
    ):
        central = (contract.yearly * Decimal(share)).quantize(Decimal("0.01"))
        tenth = (central / 10).quantize(Decimal("0.01"))
        yield base | {
            "id": f"{form}{n}",
            "supplier": supplier,
            "form": form,
            "fixed": {"low": central - tenth, "central": central, "high": central + tenth,
                      "prior": "assumption"},
            "term": {"initial": 24, "extensions": [12, 12]},
        }  # fmt: skip
