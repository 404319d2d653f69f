"""Contracts beside payments, and findings about the whole of the spend."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.register.files import put

from sourcemix.register.finding import Finding
from sourcemix.register.listing import listing
from sourcemix.register.pipeline import pipeline
from sourcemix.register.reading import read_files
from sourcemix.register.scan import scan

ON = date(2026, 6, 1)
REGISTER = """\
Council,Contract Ref,Title,Supplier,Start Date,End Date,Annual Value,Notice Period,SME,Category
Anytown,IN,Cleaning,Clean Ltd,2025-04-01,2028-03-31,60000,,Yes,FM
Anytown,LATE,Software,Soft Ltd,2020-04-01,2025-03-31,40000,3 months,No,ICT
Anytown,OVER,Taxis,Cabs Ltd,2025-04-01,2027-03-31,10000,,Yes,Transport
Anytown,IDLE,Trees,Tree Ltd,2025-04-01,2029-03-31,20000,,Yes,Parks
Othertown,FAR,Trees,Wood Ltd,2025-04-01,2029-03-31,20000,,Yes,Parks
"""
PAID = """\
Body,Supplier,Payment Date,Amount,Category,Transaction
Anytown Council,CLEAN LIMITED,2025-06-01,50000.00,FM,1
Anytown Council,Soft Ltd,2025-09-01,30000.00,ICT,2
Anytown Council,Cabs Ltd,2025-09-01,25000.00,Transport,3
Anytown Council,Nowhere Ltd,2025-09-01,20000.00,Advice,4
Anytown Council,Redacted,2025-09-01,900.00,Advice,5
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spend")
    made = folder / "register.duckdb"
    read_files([put(folder, "reg.csv", REGISTER), put(folder, "spend.csv", PAID)], made)
    return made


def found(tmp_path: Path, content: str, code: str, on: date = ON) -> list[Finding]:
    made = tmp_path / "register.duckdb"
    made.unlink(missing_ok=True)
    read_files([put(tmp_path, "file.csv", content)], made)
    return [f for f in scan(made, on).findings if f.code == code]


def test_contracts_against_spend(store: Path) -> None:
    rows = listing(store, "spend")
    place = {name: index for index, name in enumerate(rows.heads)}
    told = {
        row[place["supplier"]]: (row[place["state"]], row[place["value"]], row[place["paid"]])
        for row in rows.rows
    }
    # Othertown's payments were not read, so nothing is said of its contract.
    assert told == {
        "CLEAN LIMITED": ("covered", Decimal(180_000), Decimal(50_000)),
        "Soft Ltd": ("paid after the last end", Decimal(200_000), Decimal(30_000)),
        "Cabs Ltd": ("paid more than the value", Decimal(20_000), Decimal(25_000)),
        "Nowhere Ltd": ("no contract", None, Decimal(20_000)),
        "Redacted": ("payee not named", None, Decimal(900)),
        "Tree Ltd": ("no payments", Decimal(80_000), Decimal(0)),
    }
    assert sum(row[place["paid"]] for row in rows.rows) == Decimal(125_900)


def test_share_of_small_firms_by_spend(store: Path) -> None:
    (said,) = [
        f for f in scan(store, ON).findings if f.code == "sme_share" and "of spend" in f.reason
    ]
    # Clean and Cabs are small: 75,000 of the 105,000 paid to suppliers that the register tells.
    assert said.reason.startswith("71% of spend")
    assert (said.low, said.high) == (Decimal(75_000), Decimal(95_900))
    assert "For £20,900 of payments it is not known" in said.reason


def test_the_largest_suppliers_of_all(tmp_path: Path) -> None:
    rows = "".join(
        f"Anytown,Firm {name} Ltd,2026-05-{place:02d},{100 if place <= 10 else 10}000.00,T{place}\n"
        for place, name in enumerate("ABCDEFGHIJKLMNOPQRST", 1)
    )
    content = "Body,Supplier,Payment Date,Amount,Transaction\n" + rows
    (said,) = found(tmp_path, content, "concentration")
    # 10 x 100,000 of 1,100,000; the index is 10,000 x (10 x 0.01 + 10 x 0.0001) / 1.21.
    assert said.reason.startswith("The 10 largest of 20 suppliers have 91% of £1.1 million")
    assert "835 of 10,000" in said.reason
    assert said.severity == "note"


def test_equal_payments_are_one_finding_for_each_supplier(tmp_path: Path) -> None:
    rows = "Anytown,Green Ltd,2026-05-01,600.00,T1\n" * 3
    rows += "Anytown,Green Ltd,2026-05-02,700.00,T2\n" * 2
    content = "Body,Supplier,Payment Date,Amount,Transaction\n" + rows
    (said,) = found(tmp_path, content, "repeated_payment")
    assert (said.high, said.row) == (Decimal(1_900), 2)
    assert "3 lines of £600" in said.reason
    assert "1 more such set with this supplier" in said.reason


SHORT = """\
Council,Contract Ref,Title,Supplier,Start Date,End Date,Total Contract Value
Anytown,SHORT,Survey,Look Ltd,2026-04-01,2026-12-31,900000
Anytown,LONG,Cleaning,Clean Ltd,2023-04-01,2026-12-31,3000000
"""


def test_nobody_can_act_before_a_contract_began(tmp_path: Path) -> None:
    first, second = found(tmp_path, SHORT, "act_by")
    # 31 December 2026 less 12 months and 12 weeks is before the survey was let.
    assert (first.contract, first.severity, first.by) == ("LONG", "high", date(2025, 10, 7))
    assert (second.contract, second.severity, second.by) == ("SHORT", "medium", ON)
    assert "whole term is shorter" in second.reason
    assert "past" not in second.reason
    projects = pipeline(tmp_path / "register.duckdb", ON).projects
    assert {(p.contract.id, p.start_by, p.overdue) for p in projects} == {
        ("LONG", ON, True), ("SHORT", ON, False),
    }  # fmt: skip


def test_no_break_weighs_less_where_a_file_never_tells(tmp_path: Path) -> None:
    content = (
        "Council,Contract Ref,Title,Supplier,Start Date,End Date,Annual Value{0}\n"
        "Anytown,BIG,Waste,Bins Ltd,2024-04-01,2034-03-31,900000{1}\n"
        "Anytown,OTHER,Grass,Green Ltd,2024-04-01,2034-03-31,900000{2}\n"
    )
    silent = found(tmp_path, content.format("", "", ""), "no_break")
    assert {f.severity for f in silent} == {"note"}
    assert "this file never names breaks" in silent[0].reason
    (telling,) = found(tmp_path, content.format(",Notice Period", ",", ",6 months"), "no_break")
    assert (telling.contract, telling.severity) == ("BIG", "medium")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Sakinas Healthcare Limited", "commercial"),
        ("Anytown NHS Foundation Trust", "public_body"),
        ("Anytown Borough Council", "public_body"),
        ("Cyngor Gwasanaethau Cyf", "commercial"),
    ],
)
def test_kinds_of_suppliers(tmp_path: Path, name: str, kind: str) -> None:
    made = tmp_path / "register.duckdb"
    content = f"Body,Supplier,Payment Date,Amount\nAnytown,{name},2026-05-01,10.00\n"
    read_files([put(tmp_path, "spend.csv", content)], made)
    (row,) = listing(made, "suppliers").rows
    assert row[2] == kind
