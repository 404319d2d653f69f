"""`sourcemix plan --compare`: the table, the steps, and the document."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.analysis.flexible import today_runs_out, waiting_pays
from tests.cli.conftest import Run

from sourcemix import files
from sourcemix.app.new import StarterKind


def test_the_page_shows_the_plans_and_what_freedom_is_worth(run: Run, tmp_path: Path) -> None:
    (tmp_path / "case.yaml").write_text(files.dumps(waiting_pays(), "yaml"), encoding="utf-8")
    done = run("plan", "case.yaml", "--compare", "--gap", "0", "--out", "plan.json")
    assert done.exit_code == 0, done.output
    assert "Searching" not in done.stdout
    lines = done.stdout.splitlines()
    assert any(line.split()[:3] == ["This", "plan", "£2,300"] for line in lines)
    assert any(line.split()[:3] == ["Chosen", "once", "£3,000"] for line in lines)
    assert "is worth £700, proven" in " ".join(done.stdout.split())
    assert "rather than keeping what is signed, is worth nothing, proven" in " ".join(
        done.stdout.split()
    )
    checked = run("verify", "plan.json")
    assert checked.exit_code == 0, checked.output


def test_the_document_holds_them(run: Run, tmp_path: Path) -> None:
    rules = [{"id": "no_old", "kind": "must_not_use", "offer": "old"}]
    given = files.dumps(today_runs_out(rules=rules), "yaml")
    (tmp_path / "case.yaml").write_text(given, encoding="utf-8")
    done = run("plan", "case.yaml", "--compare", "--json", "--quiet", "--gap", "0")
    result = json.loads(done.stdout)["result"]
    found = {one["name"]: one for one in result["comparisons"]}
    assert list(found) == ["chosen_once", "fixed_plan", "as_is", "in_house", "cheapest_now"]
    assert found["as_is"]["waived"] == ["no_old"]
    assert [step["name"] for step in result["chain"]] == ["form_and_term", "timing"]


def test_nothing_is_compared_unless_asked(run: Run, starter: Callable[[StarterKind], str]) -> None:
    done = run("plan", starter("case"), "--quiet")
    assert done.exit_code == 0
    assert "Compared with" not in done.stdout
    assert "flexibility" not in done.stdout
