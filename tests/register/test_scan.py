"""What a scan finds in a small register whose answers are known."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.register.files import lines, put, release

from sourcemix.errors import InputError
from sourcemix.register.choices import choices
from sourcemix.register.clauses import Clause, enter
from sourcemix.register.exposure import Span, exposure, procurement
from sourcemix.register.finding import CODES, Finding
from sourcemix.register.held import Held, held, prepare
from sourcemix.register.pipeline import financial_year, pipeline
from sourcemix.register.reading import read_files
from sourcemix.register.scan import scan
from sourcemix.register.sharing import share
from sourcemix.register.store import look

ON = date(2025, 6, 1)
REGISTER = """\
Council,Contract Ref,Title,Supplier,Start Date,End Date,Current Expiry,Annual Value,\
Total Contract Value,Process Used,Option to extend (months),How many extensions,\
Extension 1 Taken?,SME Supplier?,Category
Anytown,LONG,Highways deal,Big Roads Ltd,2020-04-01,2032-03-31,,1000000,12000000,ITT,,,,No,Roads
Anytown,ROLL,Photocopiers,Copy Ltd,2015-04-01,Ongoing,,20000,,Quote,,,,Yes,Office
Anytown,NOEND,Grass cutting,Green Ltd,2021-04-01,TBC,,50000,,ITT,,,,Yes,Parks
Anytown,SOON,Cleaning,Clean Ltd,2022-10-01,2025-09-30,,600000,1800000,ITT,12,2,,No,Clean
Anytown,OVER,Taxis,Cabs Ltd,2023-04-01,2026-03-31,,10000,30000,ITT,,,,Yes,Transport
Anytown,PAST,Old software,Soft Ltd,2019-04-01,2024-03-31,,40000,200000,ITT,,,,No,ICT
Anytown,DIRECT,Consultants,Advice LLP,2025-01-01,2025-12-31,,70000,70000,Waiver,,,,No,Advice
Anytown,HAIR,Vans,Van Ltd,2025-02-01,2029-01-31,,53000,214000,ITT,,,,No,Fleet
Anytown,PFI,Schools PFI,Build plc,2005-04-01,2030-03-31,,3000000,75000000,ITT,,,,No,Schools
Anytown,GREW,Meals,Food Ltd,2020-04-01,2023-03-31,2026-03-31,100000,300000,ITT,12,1,Yes,Yes,Food
Anytown,FULL,Laundry,Wash Ltd,2020-04-01,2022-03-31,2026-03-31,10000,60000,ITT,24,2,Yes,Yes,Laundry
Anytown,WRONG,Typing,Words Ltd,2025-04-01,2024-04-01,,5000,5000,Quote,,,,Yes,Office
Anytown,SHORT,Survey,Look Ltd,2025-03-01,2025-08-31,,300000,300000,ITT,,,,Yes,Survey
"""
PAYMENTS = """\
Body,Supplier,Payment Date,Amount,Category,Transaction
Anytown Council,Cabs Limited,2024-05-01,45000.00,Transport,1
Anytown Council,SOFT LTD,2025-02-01,9000.00,ICT,2
Anytown Council,Unknown Builders Ltd,2024-06-01,800000.00,Building,3
Anytown Council,Unknown Builders Ltd,2025-05-31,700000.00,Building,4
Othertown Council,Cabs Limited,2024-05-01,990000.00,Transport,5
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scan")
    made = folder / "register.duckdb"
    read_files([put(folder, "reg.csv", REGISTER), put(folder, "spend.csv", PAYMENTS)], made)
    return made


@pytest.fixture(scope="module")
def found(store: Path) -> tuple[Finding, ...]:
    return scan(store, ON).findings


def one(found: tuple[Finding, ...], code: str, contract: str = "") -> Finding:
    (finding,) = [f for f in found if f.code == code and f.contract == contract]
    return finding


def contract(store: Path, id: str) -> Held:
    with look(store) as con:
        prepare(con)
        return next(c for c in held(con) if c.id == id)


@pytest.mark.parametrize(
    ("code", "contracts"),
    [
        ("long", {"LONG", "PFI", "GREW", "FULL"}),
        ("evergreen", {"ROLL"}),
        ("no_end", {"NOEND"}),
        ("dates", {"WRONG"}),
        ("options_left", {"SOON"}),
        ("act_by", {"SOON", "OVER", "DIRECT", "GREW", "FULL", "SHORT"}),
        ("expired_paid", {"PAST"}),
        ("overpaid", {"OVER"}),
        ("direct_award", {"DIRECT"}),
        ("threshold", {"HAIR"}),
        ("pfi_like", {"PFI"}),
        ("changed", {"GREW"}),
        ("too_short", {"SHORT"}),
        ("no_break", {"LONG", "PFI", "HAIR"}),
    ],
)
def test_which_contracts(found: tuple[Finding, ...], code: str, contracts: set[str]) -> None:
    assert {f.contract for f in found if f.code == code} == contracts


def test_every_finding_has_its_row_and_a_known_code(found: tuple[Finding, ...]) -> None:
    rows = {line.split(",")[1]: number for number, line in enumerate(REGISTER.splitlines(), 1)}
    for finding in found:
        assert finding.code in CODES
        assert finding.reason.endswith((".", "paid twice."))
        if finding.contract:
            assert (finding.file, finding.row) == ("reg.csv", rows[finding.contract])


def test_amounts(found: tuple[Finding, ...]) -> None:
    assert one(found, "overpaid", "OVER").high == Decimal(15_000)
    assert one(found, "expired_paid", "PAST").high == Decimal(9_000)
    spend = [f for f in found if f.code == "no_contract" and f.title == "Building"]
    assert [f.high for f in spend] == [Decimal(1_500_000)]
    assert one(found, "options_left", "SOON").high == Decimal(1_200_000)


def test_never_across_authorities(found: tuple[Finding, ...]) -> None:
    # Othertown pays the same taxi firm; that is no payment on Anytown's contract.
    assert "45,000" in one(found, "overpaid", "OVER").reason
    other = [f for f in found if f.code == "no_contract" and "Othertown" in f.reason]
    assert [f.severity for f in other] == ["note"]


def test_overdue_first(found: tuple[Finding, ...]) -> None:
    due = one(found, "act_by", "SOON")
    # 30 September 2025 less 12 weeks (P039), 2.8 months, and 12 months (form `contract`).
    assert due.by == date(2024, 7, 6)
    assert due.severity == "high"
    assert found[0].severity == "high"


def test_exposure_by_hand(store: Path) -> None:
    exposed = exposure(contract(store, "LONG"), ON)
    assert exposed is not None
    # P037: 0%, 37%, 55% of £1 million a year.
    assert exposed.fee == Span(Decimal(0), Decimal(370_000), Decimal(550_000))
    # P036: 3.1%, 4.8%, 26%.
    assert exposed.transition == Span(Decimal(31_000), Decimal(48_000), Decimal(260_000))
    assert exposed.indicative
    assert exposed.cases == 3
    # P057 × P051 × t² / 2 with t = 2,495 days in months of 30.4375 days.
    years = Decimal(str(round((date(2032, 3, 31) - ON).days / 30.4375 / 12, 4)))
    central = Decimal(1_000_000) * Decimal("0.12") * Decimal("0.21") * years * years / 2
    assert abs(exposed.staying.central - central) <= 1


def test_procurement_grows_with_size() -> None:
    costs = [procurement(Decimal(v)).central for v in (50_000, 500_000, 50_000_000)]
    assert costs == sorted(costs)
    assert costs[1] == 23_800


def test_a_clause_goes_before_the_default(tmp_path: Path, store: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    copy.write_bytes(store.read_bytes())
    enter(copy, "LONG", Clause(Decimal(125_000), Decimal(10_000), 6, None, "clause 31"), ON)
    exposed = exposure(contract(copy, "LONG"), ON)
    assert exposed is not None
    assert not exposed.indicative
    assert exposed.fee.low == exposed.fee.high == 125_000
    again = scan(copy, ON).findings
    assert not [f for f in again if f.code == "no_break" and f.contract == "LONG"]


def test_a_clause_follows_its_contract_into_another_row(tmp_path: Path) -> None:
    head = "Council,Title,Supplier,Start Date,End Date,Annual Value\n"
    rows = ["Anytown,Waste,Bins Ltd,2024-04-01,2030-03-31,900000\n",
            "Anytown,Grass,Green Ltd,2024-04-01,2030-03-31,90000\n"]  # fmt: skip
    made = tmp_path / "register.duckdb"
    read_files([put(tmp_path, "reg.csv", head + "".join(rows))], made)
    enter(made, "grass", Clause(Decimal(7_000)), ON)
    read_files([put(tmp_path, "reg.csv", head + "".join(reversed(rows)))], made)
    fees = {"Waste": None, "Grass": Decimal(7_000)}
    for id, title in (("reg@2", "Grass"), ("reg@3", "Waste")):
        found = contract(made, id)
        assert (found.title, found.clause[0]) == (title, fees[title])


def test_options_for_one_contract(store: Path) -> None:
    answer = choices(store, "clean", ON)
    assert answer.contract.id == "SOON"
    by_name = {choice.name: choice for choice in answer.choices}
    assert list(by_name) == ["extend", "vary", "re-procure", "bring in", "end"]
    assert by_name["extend"].possible
    assert by_name["re-procure"].late
    assert not by_name["extend"].late
    assert not {c.name: c for c in choices(store, "LONG", ON).choices}["extend"].possible


def test_options_say_which_contract_is_meant(store: Path) -> None:
    with pytest.raises(InputError, match="no contract"):
        choices(store, "nothing of the sort", ON)
    with pytest.raises(InputError, match="contracts say"):
        choices(store, "ltd", ON)


def test_the_budget_round(store: Path) -> None:
    found = pipeline(store, ON)
    assert [year.name for year in found.years] == ["2025-26", "2026-27", "2027-28", "2028-29"]
    assert found.years[0].ending == 6
    assert {p.contract.id for p in found.projects if p.uk1} == {"SOON"}  # £1.8 million with VAT
    assert sum(year.ending for year in found.years) == len(found.projects)
    ids = {p.contract.id for p in found.projects}
    assert ids == {"SOON", "OVER", "DIRECT", "GREW", "FULL", "SHORT", "HAIR"}
    assert financial_year(date(2025, 3, 31)) == 2024


def test_a_pipeline_notice_looks_eighteen_months_ahead(tmp_path: Path) -> None:
    # Each starts 14.8 months (12 and 12 weeks) before its end; amounts are without VAT.
    rows = [
        f"Anytown,{name},T,S Ltd,2020-01-01,{end},{total}"
        for name, end, total in (
            ("NEAR", "2028-01-31", 1_700_000),  # £2.04 million with VAT, from November 2026
            ("LESS", "2028-01-31", 1_600_000),
            ("FAR", "2028-12-31", 9_000_000),  # from October 2027
        )
    ]
    text = "\n".join(["Council,Contract Ref,Title,Supplier,Start Date,End Date,Total Value", *rows])
    read_files([put(tmp_path, "reg.csv", text)], made := tmp_path / "r.duckdb")
    assert {p.contract.id for p in pipeline(made, ON).projects if p.uk1} == {"NEAR"}


def market(tmp_path: Path, *rows: str) -> tuple[Finding, ...]:
    head = (
        "Council,Contract Ref,Title,Supplier,Start Date,End Date,Annual Value,Total Value,Category"
    )
    read_files([put(tmp_path, "reg.csv", "\n".join([head, *rows]))], made := tmp_path / "r.duckdb")
    return scan(made, ON).findings


def test_concentration_needs_names_and_more_than_a_few_contracts(tmp_path: Path) -> None:
    # Four contracts cannot have an index below 2,500, so four say nothing.
    found = market(
        tmp_path,
        "A,1,T1,Various,2025-01-01,2027-12-31,900000,2700000,Unnamed",
        "A,2,T2,Various,2025-01-01,2027-12-31,800000,2400000,Unnamed",
        *(f"A,3{n},F{n},Firm {n} Ltd,2025-01-01,2027-12-31,900000,2700000,Few" for n in range(4)),
        *(f"A,5{n},E{n},Even {n} Ltd,2025-01-01,2027-12-31,900000,2700000,Even" for n in range(5)),
        "A,4,T4,Big Ltd,2025-01-01,2027-12-31,900000,2700000,Market",
        *(f"A,6{n},S{n},Small Ltd,2025-01-01,2027-12-31,25000,75000,Market" for n in range(4)),
    )
    (only,) = [f for f in found if f.code == "concentration"]
    assert (only.title, only.low, only.high) == (
        "Market", Decimal(900_000), Decimal(1_000_000),
    )  # fmt: skip
    # 90 x 90 + 10 x 10 = 8,200.
    assert "8,200 of 10,000; 2,500 and more counts as concentrated (to be confirmed)" in only.reason


@pytest.mark.parametrize(
    ("title", "start", "value", "said"),
    [
        ("Home care", "2025-06-01", 550_000, "light-touch services of £552,950 without VAT."),
        ("Vans", "2025-06-01", 550_000, ""),
        ("Home care", "2025-06-01", 214_000, ""),
        ("Catering concession", "2026-02-01", 5_190_000, "concession of £5,193,000 with VAT."),
        ("Vans", "2026-02-01", 207_000, "goods or services of £207,720 with VAT."),
        ("Vans", "2022-06-01", 24_900, "opportunity of £25,000 with VAT."),
        ("Vans", "2021-06-01", 20_800, ""),
        ("Vans", "2025-06-01", 29_900, "opportunity of £30,000 with VAT (to be confirmed)."),
    ],
)
def test_thresholds_of_the_day(
    tmp_path: Path, title: str, start: str, value: int, said: str
) -> None:
    found = market(tmp_path, f"A,1,{title},S Ltd,{start},2029-12-31,,{value},")
    reasons = [f.reason for f in found if f.code == "threshold"]
    assert reasons[0].endswith(said) if said else reasons == []
    assert len(reasons) <= 1


def test_a_value_a_year_that_is_also_the_whole_is_said(tmp_path: Path) -> None:
    found = market(
        tmp_path,
        "A,BOTH,T,S Ltd,2025-01-01,2027-12-31,90000,90000,C",
        "A,FINE,T,S Ltd,2025-01-01,2027-12-31,30000,90000,C",
        "A,YEAR,T,S Ltd,2025-01-01,2025-12-31,30000,30000,C",
    )
    said = [(f.contract, f.low, f.high) for f in found if f.code == "values"]
    assert said == [("BOTH", Decimal(30_000), Decimal(90_000))]


def test_an_end_that_cannot_be_read_is_no_blank(tmp_path: Path) -> None:
    found = market(tmp_path, "A,ODD,T,S Ltd,2020-01-01,see clause 4,30000,,C",
                   "A,FINE,T,S Ltd,2020-01-01,2029-12-31,30000,,C")  # fmt: skip
    assert "cannot be read as a date" in one(found, "no_end", "ODD").reason


def test_payees_that_are_not_named_are_nobody(tmp_path: Path) -> None:
    register = put(
        tmp_path, "reg.csv",
        "Council,Contract Ref,Title,Supplier,Start Date,End Date,Annual Value\n"
        "A,OLD,Care,Redacted,2019-04-01,2024-03-31,1000\n",
    )  # fmt: skip
    paid = put(
        tmp_path, "pay.csv",
        "Body,Supplier,Payment Date,Amount,Category\nA,Redacted,2025-02-01,9000.00,Care\n"
        "A,Known Ltd,2025-02-02,8000.00,Care\n",
    )  # fmt: skip
    read_files([register, paid], made := tmp_path / "r.duckdb")
    found = scan(made, ON).findings
    assert [f for f in found if f.code in ("expired_paid", "overpaid")] == []
    spend = {f.title: f.high for f in found if f.code == "no_contract"}
    assert spend == {"payee not named": 9_000, "Care": 8_000}


def test_the_same_answers_from_files_in_another_order(tmp_path: Path, store: Path) -> None:
    other = tmp_path / "other.duckdb"
    head, *rows = REGISTER.splitlines()
    one_, two = put(tmp_path, "reg.csv", REGISTER), put(tmp_path, "spend.csv", PAYMENTS)
    read_files([two], other)
    read_files([one_], other)
    first = [f.as_data() for f in scan(store, ON).findings]
    assert [f.as_data() for f in scan(other, ON).findings] == first
    turned = put(tmp_path, "reg.csv", "\n".join([head, *reversed(rows)]) + "\n")
    read_files([turned], other)
    again = Counter((f.code, f.contract, f.reason) for f in scan(other, ON).findings)
    assert again == Counter((f["code"], f["contract"], f["reason"]) for f in first)


def test_red_flags_of_releases_are_findings(tmp_path: Path) -> None:
    tender = {"id": "T", "title": "Roof", "procurementMethod": "open", "numberOfTenderers": 1}
    path = put(tmp_path, "a.jsonl", lines([release(tender=tender), release("ocds-x-2")]))
    made = tmp_path / "store.duckdb"
    read_files([path], made)
    flagged = [f for f in scan(made, ON).findings if f.code == "R018"]
    assert [(f.file, f.row, f.high) for f in flagged] == [("a.jsonl", 1, Decimal(3000))]


def test_a_register_shared_as_parquet_answers_the_same(tmp_path: Path, store: Path) -> None:
    import duckdb

    share(store, tmp_path / "shared")
    con = duckdb.connect()
    parquet = str(tmp_path / "shared" / "payment" / "*" / "*.parquet")
    rows = con.execute(
        "SELECT year, sum(amount) FROM read_parquet(?, hive_partitioning=true) "
        "GROUP BY 1 ORDER BY 1",
        [parquet],
    ).fetchall()
    assert rows == [(2024, Decimal(1_835_000)), (2025, Decimal(709_000))]
