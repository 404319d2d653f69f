"""The same kinds of file as other councils publish them: other words, shapes and mistakes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter
from tests.register.files import HEADER, ROW, book, put, read_one, table

from sourcemix.errors import InputError
from sourcemix.register.reading import Asked, read_files


def test_a_register_in_welsh(tmp_path: Path) -> None:
    content = (
        "Cyfeirnod y Contract,Teitl y Contract,Cyflenwr,Dyddiad Dechrau,Dyddiad dod i ben,"
        "Gwerth Blynyddol (£),Gwerth y Contract\n"
        "C1,Torri gwair,Gwyrdd Cyf,1 Ebrill 2024,31 Gorffennaf 2027,10000,33333\n"
        "C2,Glanhau,Glas Cyf,1 Medi 2024,Parhaus,5000,i'w gadarnhau\n"
    )
    _, store = read_one(put(tmp_path, "cofrestr.csv", content))
    assert [
        tuple(str(cell) for cell in row)
        for row in table(
            store,
            "SELECT reference, title, supplier, start_date, end_date, end_word, annual_value, "
            "total_value FROM contract",
        )
    ] == [
        ("C1", "Torri gwair", "Gwyrdd Cyf", "2024-04-01", "2027-07-31", "None", "10000.00",
         "33333.00"),
        ("C2", "Glanhau", "Glas Cyf", "2024-09-01", "None", "rolling", "5000.00", "None"),
    ]  # fmt: skip


def test_payments_in_welsh(tmp_path: Path) -> None:
    content = (
        "Enw'r Corff,Enw'r Cyflenwr,Dyddiad y Taliad,Rhif Trafodiad,Swm (£),Diben\n"
        "Cyngor Unrhyw,Gwyrdd Cyf,15/05/2026,100,1234.50,Gwasanaethau\n"
    )
    _, store = read_one(put(tmp_path, "taliadau.csv", content))
    (row,) = table(store, 'SELECT authority, supplier, "transaction", amount, purpose FROM payment')
    assert [str(cell) for cell in row] == [
        "Cyngor Unrhyw", "Gwyrdd Cyf", "100", "1234.50", "Gwasanaethau",
    ]  # fmt: skip


TOTALS = """\
Supplier,Date,Amount,Description
Green Ltd,01/05/2026,100.00,Grass
Green Ltd Total,,100.00,
Total Gas & Power Ltd,02/05/2026,900.00,Gas
Total Gas & Power Ltd Total,,900.00,
Sub Total:,,1000.00,
Red Ltd,03/05/2026,50.00,Paint
Grand total for May 2026,,1050.00,
"""


def test_totals_between_rows_are_set_aside_and_a_firm_called_total_is_not(tmp_path: Path) -> None:
    part, store = read_one(put(tmp_path, "spend.csv", TOTALS))
    assert table(store, 'SELECT supplier FROM payment ORDER BY "row"') == [
        ("Green Ltd",), ("Total Gas & Power Ltd",), ("Red Ltd",),
    ]  # fmt: skip
    assert {reason for (reason,) in table(store, "SELECT reason FROM aside")} == {"a row of totals"}
    assert (part.counts.rows_in, part.counts.set_aside) == (7, 4)


def test_a_firm_called_total_without_any_dates(tmp_path: Path) -> None:
    content = "Supplier,Amount,Purpose\nTotal Gas & Power,9.00,Gas\nTotal,9.00,\nTotals £,9.00,\n"
    _, store = read_one(put(tmp_path, "spend.csv", content))
    assert table(store, "SELECT supplier FROM payment") == [("Total Gas & Power",)]


def test_a_table_without_a_header_loses_no_row(tmp_path: Path) -> None:
    rows = "".join(
        f"Anytown,{name} Ltd,0{day}/05/2026,10{day},{day}234.50,Waste\n"
        for day, name in enumerate(["Green", "Blue", "Red", "Black"], 1)
    )
    part, store = read_one(put(tmp_path, "spend.csv", rows))
    assert part.counts.rows_in == 4
    assert [column.header for column in part.layout.columns][:2] == ["Column 1", "Column 2"]
    assert "no header" in part.counts.notes[0]
    (first, *_) = table(store, 'SELECT supplier, date, amount FROM payment ORDER BY "row"')
    assert [str(cell) for cell in first] == ["Green Ltd", "2026-05-01", "1234.50"]
    # Numbered columns can be corrected like any other.
    _, store = read_one(
        put(tmp_path, "again.csv", rows),
        mapping={"column 6": "category", "column 4": "transaction"},
    )
    assert table(store, 'SELECT DISTINCT category, min("transaction") FROM payment GROUP BY 1') == [
        ("Waste", "101")
    ]


def test_what_stands_above_the_header_is_set_aside_not_lost(tmp_path: Path) -> None:
    content = f"Contracts of Anytown,,\nas at,01/05/2026,\n\n{HEADER}\n{ROW}\n"
    part, store = read_one(put(tmp_path, "register.csv", content))
    assert (part.counts.rows_in, part.counts.stored) == (3, 1)
    assert table(store, 'SELECT "row", reason, content FROM aside') == [
        (1, "above the header", "Contracts of Anytown"),
        (2, "above the header", "as at | 01/05/2026"),
    ]
    assert table(store, 'SELECT "row" FROM contract') == [(5,)]


def test_a_header_in_two_rows_is_not_set_aside(tmp_path: Path) -> None:
    content = (
        "Title,Supplier,Contract,Contract,Value\n,,Start,End,Annual\n"
        "Grass,Green Ltd,01/04/2024,31/03/2027,1000\n"
    )
    part, _ = read_one(put(tmp_path, "register.csv", content))
    assert part.counts.rows_in == part.counts.stored == 1


def test_cells_that_only_say_that_there_is_nothing(tmp_path: Path) -> None:
    content = (
        "Supplier,Date,Amount,Category,Purpose\n"
        "Green Ltd,01/05/2026,10.00,NA,#N/A\nBlue Ltd,01/05/2026,10.00,Parks,(blank)\n"
    )
    _, store = read_one(put(tmp_path, "spend.csv", content))
    assert table(store, 'SELECT category, purpose FROM payment ORDER BY "row"') == [
        (None, None), ("Parks", None),
    ]  # fmt: skip
    assert ("NA", "says nothing") in table(store, "SELECT was, why FROM repair")


def test_hidden_sheets_are_said_and_merged_titles_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "register.xlsx"
    workbook = xlsxwriter.Workbook(str(path))
    shown, unseen = workbook.add_worksheet("Register"), workbook.add_worksheet("Old")
    shown.merge_range(0, 0, 0, 4, "Contracts over £5,000")
    for sheet, top in ((shown, 1), (unseen, 0)):
        for place, name in enumerate(["Title", "Supplier", "Start", "End", "Annual value"]):
            sheet.write(top, place, name)
        for place, cell in enumerate([sheet.get_name(), "Green Ltd", 45383, 46477, 1000]):
            sheet.write(top + 1, place, cell)
    unseen.hide()
    workbook.close()
    (result,) = read_files([path], tmp_path / "store.duckdb")
    assert [part.counts.stored for part in result.parts] == [1, 1]
    assert [part.counts.notes for part in result.parts] == [(), ("This sheet is hidden.",)]
    found = table(tmp_path / "store.duckdb", "SELECT title, start_date FROM contract ORDER BY 1")
    assert [(title, str(start)) for title, start in found] == [
        ("Old", "2024-04-01"), ("Register", "2024-04-01"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("export.xls", "<html><table><tr><td>Title</td></tr></table></html>", "a web page or XML"),
        ("sheet.xls", '<?xml version="1.0"?><Workbook></Workbook>', "a web page or XML"),
        ("mark.csv", b"\xef\xbb\xbf\r\n", "the file is empty"),
    ],
)
def test_files_that_are_not_what_they_are_called(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    with pytest.raises(InputError, match=says):
        read_files([put(tmp_path, name, content)], tmp_path / "store.duckdb")


def test_a_mapping_is_heeded_for_a_file_that_was_read_before(tmp_path: Path) -> None:
    path = put(tmp_path, "register.csv", f"{HEADER}\n{ROW}\n")
    store = tmp_path / "store.duckdb"
    wanted = Asked(mapping={"annual value": "total_value"})
    read_files([path], store)
    (result,) = read_files([path], store, wanted)
    assert (result.before, result.replaced) == (False, True)
    assert table(store, "SELECT annual_value, CAST(total_value AS INTEGER) FROM contract") == [
        (None, 1000)
    ]
    for asked in (wanted, Asked()):
        (result,) = read_files([path], store, asked)
        assert result.before
    assert table(store, "SELECT count(*) FROM contract WHERE annual_value IS NULL") == [(1,)]


def test_a_list_of_rows_in_json_has_no_rows_above(tmp_path: Path) -> None:
    rows = [dict(zip(HEADER.split(","), ROW.split(","), strict=True))]
    part, _ = read_one(put(tmp_path, "register.json", json.dumps(rows)))
    assert (part.counts.rows_in, part.counts.stored) == (1, 1)


def test_a_workbook_with_a_cover_sheet(tmp_path: Path) -> None:
    path = book(
        tmp_path / "register.xlsx",
        {"Read me": [["Contracts"], ["as at May"]], "Data": [HEADER.split(","), ROW.split(",")]},
    )
    (result,) = read_files([path], tmp_path / "store.duckdb")
    assert [part.layout.kind for part in result.parts] == ["unknown", "contract"]
    assert [(p.counts.rows_in, p.counts.set_aside) for p in result.parts] == [(2, 2), (1, 0)]
