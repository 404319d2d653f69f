"""Releases and records: read, merged, and turned into contracts."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DATA
from tests.register.files import lines, packed, put, read_one, release, table, zipped

from sourcemix.app.register import read_register
from sourcemix.errors import FileError
from sourcemix.register import jsons
from sourcemix.register.merging import compiled
from sourcemix.register.reading import read_files

PACKAGE = {"uri": "x", "version": "1.1", "releases": [release(), release("ocds-x-2")]}
RECORDS = {
    "version": "1.1",
    "records": [
        {"ocid": "ocds-x-1", "compiledRelease": release()},
        {"ocid": "ocds-x-2", "releases": [release("ocds-x-2")]},
    ],
}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", json.dumps(PACKAGE).encode()),
        ("a.json", b"\xef\xbb\xbf" + json.dumps(PACKAGE, indent=1).encode()),
        ("a.json", json.dumps(RECORDS).encode()),
        ("a.json", json.dumps([release(), release("ocds-x-2")]).encode()),
        ("a.jsonl", lines([release(), release("ocds-x-2")])),
        ("a.jsonl", lines([{**PACKAGE, "releases": [r]} for r in PACKAGE["releases"]])),
        ("a.jsonl.gz", packed(lines([release(), release("ocds-x-2")]))),
    ],
)
def test_two_contracts_however_they_are_packed(tmp_path: Path, name: str, content: bytes) -> None:
    part, store = read_one(put(tmp_path, name, content))
    assert part.layout.kind == "release"
    rows = table(
        store,
        "SELECT ocid, title, supplier, supplier_number, total_value, start_date, end_date, stage "
        "FROM contract ORDER BY ocid",
    )
    same = ("Grass cutting", "Green Ltd", "07654321", Decimal(3000), date(2024, 4, 1),
            date(2027, 3, 31), "contract")  # fmt: skip
    assert rows == [("ocds-x-1", *same), ("ocds-x-2", *same)]


@pytest.mark.parametrize("content", [PACKAGE, PACKAGE["releases"]], ids=["package", "list"])
def test_a_document_too_large_for_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object
) -> None:
    monkeypatch.setattr(jsons, "_SMALL", 10)
    part, store = read_one(put(tmp_path, "a.json", json.dumps(content)))
    assert part.counts.stored == 2
    assert table(store, "SELECT total_value FROM contract") == [(Decimal(3000),)] * 2


def test_a_schema_is_used_and_nothing_is_fetched(tmp_path: Path) -> None:
    schema = {"properties": {"id": {"omitWhenMerged": True}, "date": {"omitWhenMerged": True},
                             "awards": {"type": "array", "wholeListMerge": True}}}  # fmt: skip
    path = put(tmp_path, "schema.json", json.dumps(schema))
    later = release(id="r2", date="2024-06-01T00:00:00Z", awards=[{"id": "A9", "status": "active"}])
    source = put(tmp_path, "a.jsonl", lines([release(), later]))
    for given, awards in ((path, 1), (None, 2)):
        store = tmp_path / f"{awards}.duckdb"
        read_register([source], store, schema=given)
        assert table(store, "SELECT count(*) FROM contract") == [(awards,)]
    schema["properties"]["buyer"] = {"$ref": "https://example.org/x.json"}
    put(tmp_path, "schema.json", json.dumps(schema))
    with pytest.raises(FileError, match="nothing is fetched"):
        read_register([source], tmp_path / "x.duckdb", schema=path)


def test_a_zip_of_packages(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x/a.json": json.dumps(PACKAGE).encode()})
    _, store = read_one(path)
    assert table(store, "SELECT count(*) FROM contract") == [(2,)]


def test_lines_that_are_none_are_set_aside(tmp_path: Path) -> None:
    content = lines([release(), {"no": "ocid"}]) + b"{broken\n\n" + lines([release("ocds-x-3")])
    part, store = read_one(put(tmp_path, "a.jsonl", content))
    assert (part.counts.rows_in, part.counts.stored, part.counts.set_aside) == (4, 2, 2)
    assert [row[0] for row in table(store, 'SELECT "row" FROM aside ORDER BY 1')] == [2, 3]


@pytest.mark.parametrize(
    "odd",
    [
        {"awards": {"id": "A1", "status": "active", "suppliers": {"id": "S", "name": "Green Ltd"},
                    "value": {"amount": "3,000.00", "currency": "GBP"}}},
        {"awards": [{"id": 1, "status": "active", "suppliers": [{"id": 5, "name": "Green Ltd"}],
                     "value": {"amount": 3000.0}, "items": "none"}], "parties": None},
        {"tender": "Grass cutting", "tag": "award", "buyer": None},
        {"awards": [{"title": "See description of related tender", "suppliers": [None, "x"],
                     "value": None, "contractPeriod": "2024", "status": None}]},
    ],
)  # fmt: skip
def test_odd_shapes_of_publishers(tmp_path: Path, odd: dict[str, Any]) -> None:
    part, store = read_one(put(tmp_path, "a.jsonl", lines([release(**odd), release("ocds-x-2")])))
    assert part.counts.stored == 2
    assert table(store, "SELECT count(*) FROM contract") == [(2,)]


def test_a_later_release_changes_the_contract_and_the_change_is_known(tmp_path: Path) -> None:
    later = release(id="r2", date="2024-06-01T00:00:00Z")
    later["awards"][0]["value"] = {"amount": 4500, "currency": "GBP"}
    first = put(tmp_path, "a.jsonl", lines([release()]))
    store = tmp_path / "store.duckdb"
    read_files([first], store)
    read_files([put(tmp_path, "b.jsonl", lines([later, release()]))], store)
    assert table(store, "SELECT total_value, first_value FROM contract") == [
        (Decimal(4500), Decimal(3000))
    ]
    assert table(store, "SELECT rows_in, stored, set_aside FROM part ORDER BY part") == [
        (1, 1, 0), (2, 1, 1),
    ]  # fmt: skip


def test_the_order_of_files_does_not_matter(tmp_path: Path) -> None:
    later = release(id="r2", date="2024-06-01T00:00:00Z", tag=["awardUpdate"])
    later["awards"][0]["value"] = {"amount": 4500, "currency": "GBP"}
    one, two = (
        put(tmp_path, "a.jsonl", lines([release()])),
        put(tmp_path, "b.jsonl", lines([later])),
    )
    found = []
    for name, paths in (("x", [one, two]), ("y", [two, one])):
        store = tmp_path / f"{name}.duckdb"
        read_files(paths, store)
        found.append(table(store, "SELECT total_value, first_value, title FROM contract"))
    assert found[0] == found[1]


def test_cancelled_awards_are_no_contracts(tmp_path: Path) -> None:
    award = {"id": "A1", "status": "cancelled", "suppliers": []}
    _, store = read_one(put(tmp_path, "a.jsonl", lines([release(awards=[award]), release("b")])))
    assert table(store, "SELECT stage FROM contract ORDER BY ocid DESC") == [
        ("ended",),
        ("contract",),
    ]


MERGE = DATA / "peer-fixtures" / "ocds-merge"
CASES = [
    (path, version)
    for version in ("1.0", "1.1", "schema")
    for path in sorted((MERGE / version).glob("*-compiled.json"))
]


@pytest.mark.skipif(not MERGE.is_dir(), reason="the shared data folder is absent")
@pytest.mark.parametrize(("path", "version"), CASES, ids=[f"{v}/{p.stem}" for p, v in CASES])
def test_merging_as_published(path: Path, version: str) -> None:
    stem = path.with_name(path.name.replace("-compiled", ""))
    if not stem.exists():
        # One input may have several expected results, told apart by a suffix of their name.
        stem = next(p for p in path.parent.glob("*.json") if path.stem.startswith(p.stem))
    releases = json.loads(stem.read_text())
    schema = json.loads((MERGE / "schema.json").read_text()) if version == "schema" else None
    whole, note = compiled(releases, version, schema)
    assert note == ""
    assert whole == json.loads(path.read_text())


def test_there_are_published_cases() -> None:
    assert not MERGE.is_dir() or len(CASES) >= 20


def test_flattened_tables_in_any_order(tmp_path: Path) -> None:
    awards = put(
        tmp_path, "awards.csv",
        "_link,_link_release,id,title,status,value_amount,value_currency,contractPeriod_startDate,"
        "contractPeriod_endDate,date\n1.a,1,A1,,active,3000.0,GBP,2024-04-01T00:00:00,"
        "2027-03-31T00:00:00,2024-03-01T00:00:00\n,,A2,,active,1,GBP,,,\n",
    )  # fmt: skip
    suppliers = put(
        tmp_path, "suppliers.csv",
        "_link,_link_release,_link_awards,name,identifier_scheme,identifier_id,sme,vco\n"
        "1.a.s,1,1.a,Green &amp; Blue Ltd,GB-COH,7654321,1.0,\n",
    )  # fmt: skip
    buyer = put(tmp_path, "buyer.csv", "_link,_link_release,name\n1,1,Anytown Council\n")
    for order in ([awards, suppliers, buyer], [buyer, suppliers, awards]):
        store = tmp_path / "store.duckdb"
        store.unlink(missing_ok=True)
        for path in order:
            read_files([path], store)
        assert table(
            store,
            "SELECT authority, supplier, supplier_number, total_value, end_date, sme FROM contract",
        ) == [
            (
                "Anytown Council",
                "Green & Blue Ltd",
                "07654321",
                Decimal(3000),
                date(2027, 3, 31),
                True,
            )
        ]
        parts = table(store, "SELECT sum(rows_in), sum(stored), sum(set_aside) FROM part")
        assert parts == [(4, 3, 1)]
