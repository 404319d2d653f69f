"""The register on the command line."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook
from tests.cli.conftest import Run

from sourcemix.cli.exits import Exit

CONTRACTS = """\
Contract Ref,Title,Supplier,Start Date,End Date,Annual Value
C1,=cmd|' /C calc'!A0,@Green Ltd,2024-04-01,2026-12-31,900000
C2,Grass cutting,Blue Ltd,2024-04-01,Ongoing,50000
"""


@pytest.fixture
def register(tmp_path: Path, run: Run) -> str:
    (tmp_path / "contracts.csv").write_text(CONTRACTS)
    result = run("register", "read", "contracts.csv", "--out", "a.duckdb")
    assert result.exit_code == Exit.DONE, result.output
    assert "2 rows, 2 stored, 0 set aside" in result.output
    return "a.duckdb"


def test_reading_again_says_so(run: Run, register: str) -> None:
    result = run("register", "read", "contracts.csv", "--out", register, "--json")
    assert json.loads(result.output)["files"][0]["read_before"] is True


def test_findings_as_json(run: Run, register: str) -> None:
    result = run("register", "scan", register, "--on", "2026-06-01", "--json")
    found = json.loads(result.output)["findings"]
    assert {"code", "severity", "contract", "amount_low", "amount_high", "reason", "source"} <= set(
        found[0]
    )
    assert found[0]["code"] == "act_by"
    assert found[0]["source"] == {"file": "contracts.csv", "row": 2}
    assert run("register", "scan", register, "--on", "2026-06-01", "--json").output == result.output


def test_no_formula_leaves_in_a_file(run: Run, register: str, tmp_path: Path) -> None:
    for name in ("f.csv", "f.xlsx", "f.json"):
        result = run("register", "scan", register, "--on", "2026-06-01", "--out", name, "-q")
        assert result.exit_code == Exit.DONE
    with (tmp_path / "f.csv").open(newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    book = CalamineWorkbook.from_path(str(tmp_path / "f.xlsx"))
    cells += [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    assert any("calc" in cell for cell in cells)
    assert [cell for cell in cells if cell[:1] in "=+@" and cell] == []


def test_the_same_workbook_twice(run: Run, register: str, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        run("register", "scan", register, "--on", "2026-06-01", "--out", name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_only_some_codes(run: Run, register: str) -> None:
    result = run("register", "scan", register, "--code", "evergreen", "--json")
    assert [f["contract"] for f in json.loads(result.output)["findings"]] == ["C2"]
    wrong = run("register", "scan", register, "--code", "nonsense")
    assert wrong.exit_code == Exit.INPUT


def test_options_and_pipeline(run: Run, register: str, tmp_path: Path) -> None:
    page = run("register", "options", "C1", register, "--on", "2026-06-01")
    assert page.exit_code == Exit.DONE
    for word in ("Extend", "Vary", "Re-procure", "Bring in", "End", "Commercially sensitive"):
        assert word in page.output
    data = json.loads(
        run("register", "options", "C1", register, "--on", "2026-06-01", "--json").output
    )
    assert len(data["options"]) == 5
    result = run("register", "pipeline", register, "--on", "2026-06-01", "--out", "uk1.csv")
    assert result.exit_code == Exit.DONE
    assert "calc" in (tmp_path / "uk1.csv").read_text()


def test_entering_a_clause(run: Run, register: str) -> None:
    done = run("register", "enter", "C1", register, "--exit-fee", "£12,500", "--notice", "6")
    assert done.exit_code == Exit.DONE, done.output
    page = run("register", "options", "C1", register, "--on", "2026-06-01", "--json")
    assert json.loads(page.output)["indicative"] is False
    assert run("register", "enter", "C1", register, "--exit-fee", "lots").exit_code == Exit.INPUT


def test_lists(run: Run, register: str) -> None:
    for what in ("parts", "columns", "repairs", "aside", "suppliers"):
        assert run("register", "list", what, register).exit_code == Exit.DONE
    assert run("register", "list", "secrets", register).exit_code == Exit.INPUT


def test_a_saved_mapping_can_be_corrected(run: Run, register: str, tmp_path: Path) -> None:
    run("register", "read", "contracts.csv", "--out", "b.duckdb", "--save-mapping", "m.yaml")
    text = (tmp_path / "m.yaml").read_text()
    assert '"Supplier": supplier' in text
    (tmp_path / "m.yaml").write_text(text.replace('"Supplier": supplier', '"Supplier": ignore'))
    result = run("register", "read", "contracts.csv", "--out", "c.duckdb", "--mapping", "m.yaml")
    assert result.exit_code == Exit.DONE
    names = json.loads(run("register", "list", "suppliers", "c.duckdb", "--json").output)
    assert names["total"] == 0
    (tmp_path / "m.yaml").write_text("columns: {Supplier: nonsense}")
    wrong = run("register", "read", "contracts.csv", "--out", "d.duckdb", "--mapping", "m.yaml")
    assert wrong.exit_code == Exit.INPUT


def test_errors_are_for_people(run: Run) -> None:
    for args in (
        ("register", "scan", "absent.duckdb"),
        ("register", "read", "absent.csv", "--out", "a.duckdb"),
    ):
        result = run(*args)
        assert result.exit_code == Exit.INPUT
        assert "Traceback" not in result.output


def test_without_the_extra_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sourcemix.cli.register.NEEDED", ("no_such_module",))
    result = run("register", "scan", "absent.duckdb")
    assert result.exit_code == Exit.INPUT
    assert "sourcemix[register]" in result.output
