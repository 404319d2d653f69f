from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from sourcemix.app.quick_input import MOST_SERVICES, parse_quick, read_quick
from sourcemix.errors import FileError, InputError

HEAD = "what,annual_cost,who,ends,outlook\n"


def test_dirty_rows_are_cleaned_and_every_default_noted() -> None:
    text = HEAD + (
        'IT support,"£1,200,000",Northgate  Ltd,31/03/2028,changing\n'
        "\n"
        "Payroll,95k,In-house,,steady\n"
        "Cleaning,180000,TBC,Ongoing,\n"
        "Post,20000,Royal Mail,TBC,steady\n"
    )
    it, payroll, cleaning, post = parse_quick(text)
    assert (it.annual_cost, it.who, it.ends) == (
        Decimal(1200000),
        "Northgate Ltd",
        date(2028, 3, 31),
    )
    assert (it.outlook, it.notes) == ("changing", ())
    assert (payroll.in_house, payroll.ends, payroll.notes) == (True, None, ())
    assert cleaning.notes == (
        "nobody said who delivers it: taken to be a company",
        "nobody said how it will change: taken to be steady",
    )
    assert post.notes == ("no end date is known: taken to run on until it is ended",)


def test_every_fault_is_listed_with_its_line() -> None:
    text = HEAD + (
        "IT,TBC,X,31/02/2028,maybe\n"
        ",100,X,Ongoing,steady\n"
        '"Two\nlines",100,X,never mind,steady\n'
        "IT support,1,200,X,Ongoing,steady\n"
        "Post,5,X,Ongoing,steady\n"
        "post,6,X,Ongoing,steady\n"
    )
    with pytest.raises(InputError) as caught:
        parse_quick(text, source="rows.csv")
    found = [(fault.line, fault.path[0]) for fault in caught.value.faults]
    assert found == [
        (2, "annual_cost"),
        (2, "ends"),
        (2, "outlook"),
        (3, "what"),
        (4, "ends"),
        (6, "row"),
        (8, "what"),
    ]
    assert str(caught.value).startswith("rows.csv: line 2, annual_cost: is `TBC`")
    assert "`post` is on line 7 already" in str(caught.value)


def test_headers_in_other_words_and_separators() -> None:
    (service,) = parse_quick(
        "Service;Annual cost (£);Provider;End date;Outlook;Notes\nIT;£5k;X;2028;steady;hello\n"
    )
    assert (service.what, service.annual_cost) == ("IT", Decimal(5000))
    (service,) = parse_quick(HEAD.replace(",", "\t") + "IT\t5\tX\t2028\tsteady\n")
    assert service.ends == date(2028, 12, 31)


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError, match="no columns `who`, `ends`; the first line should be"):
        parse_quick("what,annual_cost,outlook\n")


@pytest.mark.parametrize("text", ["", "\n\n", HEAD])
def test_nothing_to_answer_is_a_fault(text: str) -> None:
    with pytest.raises(InputError):
        parse_quick(text)


def test_too_many_services_are_refused() -> None:
    rows = "".join(f"s{n},1,X,Ongoing,steady\n" for n in range(MOST_SERVICES + 1))
    with pytest.raises(InputError, match="at most 200 at a time"):
        parse_quick(HEAD + rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_files_from_spreadsheets(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes((HEAD + "Café,£5k,X,2028,steady\r\n").encode(encoding))
    (service,) = read_quick(path)
    assert (service.what, service.annual_cost) == ("Café", Decimal(5000))


def test_files_that_are_no_csv(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be read"):
        read_quick(tmp_path / "absent.csv")
    book = tmp_path / "rows.csv"
    book.write_bytes(b"PK\x03\x04\0\0")
    with pytest.raises(FileError, match="is not a CSV file"):
        read_quick(book)
