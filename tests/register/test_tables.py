"""Tables of contracts and payments in every shape that councils give them."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from tests.register.files import HEADER, ROW, book, put, read_one, table, zipped

from sourcemix.register.held import held, prepare
from sourcemix.register.layout import recognise
from sourcemix.register.store import look

CONTRACT = ("C1", "Grass cutting", "Green Ltd", date(2024, 4, 1), date(2027, 3, 31), Decimal(1000))
WHAT = "SELECT reference, title, supplier, start_date, end_date, annual_value FROM contract"


def contracts(path: Path) -> list[tuple[object, ...]]:
    part, store = read_one(path)
    assert part.layout.kind == "contract"
    return table(store, WHAT + ' ORDER BY "row"')


@pytest.mark.parametrize(
    "content",
    [
        f"{HEADER}\n{ROW}\n",
        f"{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\r{ROW}\r",
        f"\ufeff{HEADER}\n{ROW}",
        f"ï»¿{HEADER}\n{ROW}\n",
        f"Contracts register,,,,,\nPublished 1 May 2024,,,,,\n,,,,,\n{HEADER}\n{ROW}\n",
        HEADER.replace(",", ";") + "\n" + ROW.replace(",", ";") + "\n",
        HEADER.replace(",", "\t") + "\n" + ROW.replace(",", "\t") + "\n",
        HEADER.replace(",", "|") + "\n" + ROW.replace(",", "|") + "\n",
        "Annual Contract Value (£),Contractor,Expiry,Commencement date,Reference number,Name of "
        "contract\n1000,Green Ltd,31/03/2027,01/04/2024,C1,Grass cutting\n",
        "Contract,,,Dates,,Value\nRef,Title,Supplier,Start,End,Annual\n" + ROW + "\n",
        'Contract Ref,Title,Supplier,Start Date,End Date,Annual Value\nC1,"Grass\n cutting",'
        'Green Ltd,1 April 2024,31-Mar-27,"£1,000.00"\n',
        f"{HEADER}\nC1,Grass cutting,Green Ltd,01/04/2024 00:00,31/03/2027 00:00:00,1000\n",
        f"{HEADER}\nC1,Grass&#32;cutting,Green Ltd ,April 2024,March 2027,£1k\n",
        f"{HEADER}\nC1,Grass cutting,Green Ltd,45383,46477,1000\n",
        f"{HEADER}\nC1,Grass cutting,Green Ltd,4/1/2024,3/31/2027,1000\n",
        f"{HEADER}\n{ROW}\n,,,,,\n,,,,Total,1000.00\n",
        f"{HEADER}\n{ROW}\n{HEADER}\n",
        f"{HEADER}\n{ROW}\n{ROW}\n",
    ],
)
def test_one_contract_however_it_is_written(tmp_path: Path, content: str) -> None:
    path = put(tmp_path, "register.csv", content)
    assert contracts(path) == [CONTRACT]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "utf-8-sig", "latin-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    row = ROW.replace("Green Ltd", "Café Né Ltd").replace("1000.00", "£1000")
    path = put(tmp_path, "register.csv", f"{HEADER}\n{row}\n".encode(encoding))
    assert contracts(path) == [(*CONTRACT[:2], "Café Né Ltd", *CONTRACT[3:])]


def test_a_file_of_two_encodings(tmp_path: Path) -> None:
    content = f"{HEADER}\n".encode()
    content += ROW.replace("Green", "Café").encode() + b"\n"
    content += ROW.replace("C1", "C2").replace("Green", "Café").encode("cp1252") + b"\n"
    rows = contracts(put(tmp_path, "register.csv", content))
    assert [row[2] for row in rows] == ["Café Ltd", "Café Ltd"]


def test_doubly_encoded_letters(tmp_path: Path) -> None:
    row = ROW.replace("Green Ltd", "Womenâ€™s Centre")
    rows = contracts(put(tmp_path, "register.csv", f"{HEADER}\n{row}\n"))
    assert rows[0][2] == "Women’s Centre"


def test_excel_with_title_rows_and_real_dates(tmp_path: Path) -> None:
    head = HEADER.split(",")
    row = ["C1", "Grass cutting", "Green Ltd", datetime(2024, 4, 1), datetime(2027, 3, 31), 1000]
    path = book(
        tmp_path / "register.xlsx",
        {
            "Contracts": [["Contracts register"], ["As at", datetime(2024, 5, 1)], [], head, row],
            "Notes": [["Please ask procurement", "for more"], ["No table", "here"]],
        },
    )
    assert contracts(path) == [CONTRACT]
    _, store = read_one(path)
    found = table(store, "SELECT name, kind, rows_in, stored, set_aside FROM part ORDER BY part")
    assert found[0] == ("register.xlsx:Contracts", "contract", 3, 1, 2)
    assert found[1][1:] == ("unknown", 2, 0, 2)
    assert table(store, 'SELECT "row" FROM contract') == [(5,)]


ODS = """<?xml version="1.0"?><office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>
<table:table table:name="Register">{rows}</table:table>
</office:spreadsheet></office:body></office:document-content>"""


def test_open_document(tmp_path: Path) -> None:
    def cell(text: str) -> str:
        return (
            f'<table:table-cell office:value-type="string"><text:p>{text}</text:p>'
            "</table:table-cell>"
        )

    rows = "".join(
        f"<table:table-row>{''.join(map(cell, line.split(',')))}</table:table-row>"
        for line in ("Register,,,,,", HEADER, ROW)
    )
    path = zipped(
        tmp_path / "register.ods",
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODS.format(rows=rows).encode(),
            "META-INF/manifest.xml": b"<manifest/>",
        },
    )
    assert contracts(path) == [CONTRACT]


def test_formulas_without_a_value_are_said(tmp_path: Path) -> None:
    head = HEADER.split(",")
    row: list[object] = ["C1", "Grass cutting", "Green Ltd", "2024-04-01", "2027-03-31", 1000]
    path = book(tmp_path / "register.xlsx", {"A": [head, row]})
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    members[sheet] = members[sheet].replace(
        b"</row></sheetData>", b'<c r="G2"><f>SUM(A1)</f></c></row></sheetData>'
    )
    part, _ = read_one(zipped(path, members))
    assert any("1 formulas hold no value" in note for note in part.counts.notes)


def test_a_zip_of_csvs(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "all.zip",
        {
            "../../april.csv": f"{HEADER}\n{ROW}\n".encode(),
            "__MACOSX/._april.csv": b"\x00\x05\x16\x07",
            "may.csv": f"{HEADER}\n{ROW.replace('C1', 'C2')}\n".encode(),
        },
    )
    _, store = read_one(path)
    assert table(store, "SELECT reference FROM contract ORDER BY 1") == [("C1",), ("C2",)]
    assert not (tmp_path.parent.parent / "april.csv").exists()


def test_no_header_but_an_sql_statement(tmp_path: Path) -> None:
    content = (
        "SELECT s.name AS SUPPLIER_NAME, p.paid AS PAYMENT_DATE, p.amt AS AMOUNT FROM ap\n"
        "Green Ltd,2024-04-01,600.00\nBlue Ltd,2024-04-02,700.00\n"
    )
    part, store = read_one(put(tmp_path, "spend.csv", content))
    assert part.layout.kind == "payment"
    assert table(store, "SELECT supplier, date, amount FROM payment") == [
        ("Green Ltd", date(2024, 4, 1), Decimal(600)),
        ("Blue Ltd", date(2024, 4, 2), Decimal(700)),
    ]


PAYMENTS = """Body Name,Beneficiary,Date Paid,Net Amount,Purpose,Transaction No
Anytown,Green Ltd,01/04/2024,"£1,234.50",Grass,T1
Anytown,Green Ltd,13/04/2024,-200.00,Refund,T2
Anytown,Blue Ltd,14/04/2024,(50.25),Credit,T3
Anytown,Blue Ltd,15/04/2024,1000-,Credit,T4
Anytown,Redacted,16/04/2024,600,Care,T5
Anytown,Green Ltd,17/04/2024,five pounds,Grass,T6
,,,,,
,,Total,"2,584.25",,
,,,2584.25,,
"""


def test_payments_with_every_kind_of_amount(tmp_path: Path) -> None:
    part, store = read_one(put(tmp_path, "spend.csv", PAYMENTS))
    assert (part.counts.rows_in, part.counts.stored, part.counts.set_aside) == (9, 5, 4)
    amounts = [row[0] for row in table(store, 'SELECT amount FROM payment ORDER BY "row"')]
    assert amounts == [Decimal(x) for x in ("1234.50", "-200", "-50.25", "-1000", "600")]
    assert table(store, 'SELECT "row", reason FROM aside ORDER BY "row"') == [
        (7, "no amount that can be read"),
        (8, "blank row"),
        (9, "a row of totals"),
        (10, "only an amount, as in a row of totals"),
    ]
    repairs = table(store, "SELECT \"row\", was, now FROM repair WHERE field = 'amount' ORDER BY 1")
    assert repairs == [
        (2, "£1,234.50", "1234.50"),
        (4, "(50.25)", "-50.25"),
        (5, "1000-", "-1000.00"),
    ]


def test_equal_payments_are_kept(tmp_path: Path) -> None:
    line = "Green Ltd,2024-04-01,600.00,T1\n"
    part, _ = read_one(
        put(tmp_path, "p.csv", "Supplier,Payment Date,Amount,Transaction\n" + line * 3)
    )
    assert part.counts.stored == 3


@pytest.mark.parametrize(
    ("end", "length", "ends", "word"),
    [
        ("Ongoing", "", None, "rolling"),
        ("Rolling contract", "12", None, "rolling"),
        ("TBC", "24", date(2026, 3, 31), "unknown"),
        ("-", "2 years", date(2026, 3, 31), "unknown"),
        ("X", "", None, "unknown"),
        ("", "24", date(2026, 3, 31), None),
        ("soon", "", None, "unread"),
    ],
)
def test_ends_that_are_no_dates(
    tmp_path: Path, end: str, length: str, ends: date | None, word: str | None
) -> None:
    content = (
        "Reference,Title,Supplier,Start Date,End Date,Contract Duration (months)\n"
        f"C1,Grass,Green Ltd,2024-04-01,{end},{length}\n"
        "C2,Trees,Blue Ltd,2024-04-01,2025-03-31,12\n"
    )
    _, store = read_one(put(tmp_path, "register.csv", content))
    with look(store) as con:
        prepare(con)
        first = next(iter(held(con)))
    assert first.end == ends
    assert first.end_word == (word or "")


def test_a_stray_quote_costs_one_row_only(tmp_path: Path) -> None:
    rows = [ROW.replace("C1", f"C{n}") for n in range(2, 40)]
    broken = 'C1,"Grass cutting,Green Ltd,2024-04-01,2027-03-31,1000.00'
    path = put(tmp_path, "register.csv", "\n".join([HEADER, broken, *rows]) + "\n")
    assert len(contracts(path)) == 39


def test_ragged_rows(tmp_path: Path) -> None:
    content = (
        f"{HEADER}\nC0,Short row,Blue Ltd,2024-04-01\n{ROW}\n{ROW.replace('C1', 'C2')},more,cells\n"
    )
    rows = contracts(put(tmp_path, "register.csv", content))
    assert [row[0] for row in rows] == ["C0", "C1", "C2"]


def test_huge_cells_are_cut(tmp_path: Path) -> None:
    content = f"{HEADER}\n{ROW.replace('Grass cutting', 'x' * 5_000_000)}\n"
    rows = contracts(put(tmp_path, "register.csv", content))
    assert len(str(rows[0][1])) <= 32_767


def test_the_order_of_columns_and_rows_does_not_matter(tmp_path: Path) -> None:
    other = ROW.replace("C1", "C2").replace("Green", "Blue")
    first = contracts(put(tmp_path, "a.csv", f"{HEADER}\n{ROW}\n{other}\n"))
    turned = "\n".join(",".join(reversed(line.split(","))) for line in (HEADER, other, ROW))
    second = contracts(put(tmp_path, "b.csv", turned + "\n"))
    assert sorted(first, key=str) == sorted(second, key=str)


def test_columns_without_names_are_told_by_content(tmp_path: Path) -> None:
    rows = "".join(
        f"{name},2024-04-{day:02d},{day * 100}.50,T{day}\n"
        for day, name in enumerate(["Green Ltd", "Blue Limited", "Red plc", "Anytown Council"], 1)
    )
    part, store = read_one(put(tmp_path, "p.csv", "Col A,Col B,Net Amount,Transaction No\n" + rows))
    assert part.layout.used()["supplier"] == 0
    assert part.layout.used()["date"] == 1
    assert table(store, "SELECT count(*) FROM payment") == [(4,)]


def test_a_mapping_corrects_columns(tmp_path: Path) -> None:
    content = "Ref,What,Who,From,Until,Cost\nC1,Grass,Green Ltd,2024-04-01,2027-03-31,1000\n"
    mapping = {"what": "title", "who": "supplier", "cost": "annual_value"}
    _, store = read_one(put(tmp_path, "register.csv", content), mapping=mapping)
    assert table(store, "SELECT title, supplier, annual_value FROM contract") == [
        ("Grass", "Green Ltd", Decimal(1000))
    ]


def test_nothing_is_run_that_looks_like_code(tmp_path: Path) -> None:
    evil = '=HYPERLINK("http://x")\'); DROP TABLE contract; --'
    row = ROW.replace("Grass cutting", '"' + evil.replace('"', '""') + '"')
    rows = contracts(put(tmp_path, "x'; DROP TABLE part; --.csv", f"{HEADER}\n{row}\n"))
    assert rows[0][1] == evil


LAYOUTS = [
    (
        "Reference number,Title of agreement,Local authority department responsible,"
        "Supplier name and details,Sum to be paid over the length of the contract,"
        "Start date,End date,Review date",
        {"reference": 0, "title": 1, "unit": 2, "supplier": 3, "total_value": 4, "start_date": 5,
         "end_date": 6, "review_date": 7},
    ),
    (
        "Notice Identifier,Organisation Name,Status,Published Date,Title,Value Low,Awarded Value,"
        "Supplier [Name|Address|Ref type|Ref Number|Is SME|Is VCSE],Supplier's contact",
        {"reference": 0, "authority": 1, "status": 2, "published_date": 3, "title": 4,
         "value_low": 5, "total_value": 6, "supplier": 7},
    ),
    (
        "Agreement Title,Provider Name,Commencement Date,Expiry Date,Initial Term,"
        "Extension Options,Category Manager,Tender Process",
        {"title": 0, "supplier": 1, "start_date": 2, "expiry_date": 3, "duration_months": 4,
         "extension_months": 5, "procedure": 7},
    ),
    (
        "VENDOR NAME,AMOUNT PAID £,DATE PAID,COST CENTRE DESCRIPTION,ACCOUNT DESCRIPTION,"
        "DOCUMENT NO",
        {"supplier": 0, "amount": 1, "date": 2, "unit": 3, "category": 4, "transaction": 5},
    ),
    (
        "Body,TransNo,Date,Card Transaction,Amount,Irrecoverable VAT,Gross,Supplier,Expense Area",
        {"authority": 0, "transaction": 1, "date": 2, "spend_type": 3, "amount": 4,
         "vat_amount": 5, "supplier": 7, "category": 8},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("header", "expected"), LAYOUTS)
def test_headers_in_other_words(header: str, expected: dict[str, int]) -> None:
    assert recognise([header.split(",")]).used() == expected


def test_names_in_brackets(tmp_path: Path) -> None:
    cell = "[Green Ltd|1 Road|COMPANIES_HOUSE|0765|Yes|No][Blue Ltd|2 Road|||No|No]"
    content = f"Title,Supplier,Awarded Value,Start Date\nGrass,{cell},100,2024-04-01\n"
    rows = contracts(put(tmp_path, "notices.csv", content))
    assert rows[0][2] == "Green Ltd; Blue Ltd"


@pytest.mark.parametrize(
    ("header", "cell", "pounds"),
    [
        ("Value (£000)", "250", "250000.00"), ("Value £k", "1.5", "1500.00"),
        ("Total value (£m)", "1.25", "1250000.00"), ("Value £000s", "£2m", "2000000.00"),
        ("Value (£)", "250", "250.00"), ("Maximum value", "250", "250.00"),
    ],
)  # fmt: skip
def test_columns_in_thousands_or_millions(
    tmp_path: Path, header: str, cell: str, pounds: str
) -> None:
    text = f"Contract Ref,Title,Supplier,Start Date,{header}\nC1,Vans,Van Ltd,2024-04-01,{cell}\n"
    part, store = read_one(put(tmp_path, "reg.csv", text))
    assert table(store, "SELECT total_value::VARCHAR FROM contract") == [(pounds,)]
    assert len(part.counts.notes) == (not header.endswith(("(£)", "Maximum value")))


def test_a_total_that_says_a_year_is_what_is_paid_a_year(tmp_path: Path) -> None:
    text = (
        "Contract Ref,Title,Supplier,Start Date,Total Value\n"
        "C1,Vans,Van Ltd,2024-04-01,£0.5m pa\nC2,Cars,Van Ltd,2024-04-01,£0.5m\n"
    )
    _, store = read_one(put(tmp_path, "reg.csv", text))
    found = table(store, 'SELECT annual_value, total_value FROM contract ORDER BY "row"')
    assert found == [(500_000, None), (None, 500_000)]
