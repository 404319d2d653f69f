from __future__ import annotations

import json
from pathlib import Path

from sourcemix import files
from sourcemix.cli.exits import Exit

from .conftest import Run

ROW = "what,annual_cost,who,ends,outlook\nPost room,£20k,X Ltd,30/09/2028,steady\n"


def test_a_csv_gives_the_page_and_the_draft(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROW, encoding="utf-8")
    done = run("quick", "--csv", "rows.csv", "--today", "2026-11-22", "--quiet")
    assert done.exit_code == Exit.DONE
    assert done.stderr == ""
    assert "Post room" in done.stdout
    assert "Act by" in done.stdout
    assert files.read_case(tmp_path / "draft.yaml").services[0].name == "Post room"
    assert run("check", "draft.yaml").exit_code == Exit.DONE
    assert run("plan", "draft.yaml", "--quiet").exit_code == Exit.DONE
    again = run("quick", "--csv", "rows.csv", "--today", "2026-11-22")
    assert again.exit_code == Exit.INPUT
    assert "--force" in again.stderr


def test_as_json_figures_are_numbers_and_dates_text(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROW, encoding="utf-8")
    done = run("quick", "--csv", "rows.csv", "--today", "2026-11-22", "--json", "--out", "d.json")
    data = json.loads(done.stdout)
    (service,) = data["services"]
    assert service["ends"] == "2028-09-30"
    assert isinstance(service["ways"][0]["cost"], float)
    assert all(way["sources"] for way in service["ways"])
    assert data["today"] == "2026-11-22"
    assert data["draft"] == "d.json"


def test_every_fault_of_a_csv_is_listed(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROW + ",,,soon,\n", encoding="utf-8")
    done = run("quick", "--csv", "rows.csv")
    assert done.exit_code == Exit.INPUT
    assert done.stderr.count("line 3") == 3
    assert not (tmp_path / "draft.yaml").exists()


def test_questions_are_asked_again_until_the_answer_can_be_used(run: Run, tmp_path: Path) -> None:
    answers = "Post room\ncheap\n£20k\nX Ltd\nnever\n30/09/2028\nsteady\n\n"
    done = run("quick", "--today", "2026-11-22", input=answers)
    assert done.exit_code == Exit.DONE
    assert "That `cheap` is not an amount" in done.stderr
    assert "That `never` is not a date" in done.stderr
    assert "What does it cost" not in done.stdout
    assert (tmp_path / "draft.yaml").exists()


def test_answers_that_end_too_soon_are_a_plain_error(run: Run) -> None:
    assert run("quick", input="").exit_code == Exit.INPUT
    done = run("quick", input="Post room\n5\n")
    assert done.exit_code == Exit.INPUT
    assert "in the middle of a service" in done.stderr


def test_progress_is_told_for_each_service(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text(ROW + "Print,60k,Inky,Ongoing,steady\n", encoding="utf-8")
    done = run("quick", "--csv", "rows.csv", "--today", "2026-11-22")
    assert "Looking at Post room (1 of 2)" in done.stderr
    assert "Looking at Print (2 of 2)" in done.stderr
