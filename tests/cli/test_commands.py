from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sourcemix import files
from sourcemix.app.new import StarterKind, new_case
from sourcemix.cli.exits import Exit
from sourcemix.engine import planning
from sourcemix.engine.answer import Limits, OnProgress, PlanAnswer
from sourcemix.model.case import Case
from sourcemix.model.tree import Tree

from .conftest import Run

Starter = Callable[[StarterKind], str]


def answers(monkeypatch: pytest.MonkeyPatch, change: Callable[[PlanAnswer], PlanAnswer]) -> None:
    """Let the engine give another answer than it found."""
    solve = planning.solve

    def other(
        case: Case, tree: Tree, limits: Limits, on_progress: OnProgress | None = None
    ) -> PlanAnswer:
        return change(solve(case, tree, limits, on_progress))

    monkeypatch.setattr(planning, "solve", other)


def test_plan_prints_the_table_and_nothing_else_on_standard_output(
    run: Run, starter: Starter
) -> None:
    done = run("plan", starter("case"))
    assert done.exit_code == Exit.DONE
    assert done.stdout.startswith("Payroll and help desk: Exampleshire District Council\n")
    assert done.stderr == ""


def test_plan_as_json_is_the_document_with_numbers(run: Run, starter: Starter) -> None:
    done = run("plan", starter("case"), "--json", "--gap", "0", "--seed", "3")
    assert done.exit_code == Exit.DONE
    document = json.loads(done.stdout)
    for name in ("status", "reason", "cost", "bound", "gap", "verified"):
        assert document[name] == document["result"][name]
    assert document["status"] == "optimal"
    assert isinstance(document["cost"], float)
    assert len(document["result"]["input_sha256"]) == 64
    assert document["run"]["seed"] == document["result"]["seed"] == 3


@pytest.mark.parametrize("suffix", ["json", "yaml", "yml"])
def test_out_writes_the_document_that_can_be_read_and_verified(
    run: Run, starter: Starter, tmp_path: Path, suffix: str
) -> None:
    case = starter("case")
    assert run("plan", case, "--out", f"plan.{suffix}").exit_code == Exit.DONE
    assert files.read_plan(tmp_path / f"plan.{suffix}").verified
    done = run("verify", f"plan.{suffix}", "--case", case)
    assert done.exit_code == Exit.DONE
    assert "verified" in done.stdout
    assert sorted(p.name for p in tmp_path.iterdir()) == [case, f"plan.{suffix}"]


def test_award_prints_winners_and_as_json_the_document(run: Run, starter: Starter) -> None:
    event = starter("event")
    done = run("award", event)
    assert done.exit_code == Exit.DONE
    assert "Vale Coaches" in done.stdout
    document = json.loads(run("award", event, "--json").stdout)
    assert [winner["bid"] for winner in document["result"]["winners"]] == ["m3", "v2"]
    assert document["cost"] == 130360


def test_demo_plans_an_example_and_says_what_to_do_next(run: Run) -> None:
    done = run("demo")
    assert done.exit_code == Exit.DONE
    assert "Wexbourne" in done.stdout
    assert "sourcemix new" in done.stderr
    assert max(map(len, (done.stdout + done.stderr).splitlines())) <= 80
    assert json.loads(run("demo", "--json").stdout)["verified"] is True


@pytest.mark.parametrize("kind", ["case", "event", "quick"])
def test_new_writes_a_starter_and_does_not_overwrite_it(
    run: Run, kind: str, tmp_path: Path
) -> None:
    out = tmp_path / "mine.txt"
    done = run("new", kind, "--out", str(out))
    assert done.exit_code == Exit.DONE
    assert out.read_text(encoding="utf-8")
    out.write_text("precious", encoding="utf-8")
    again = run("new", kind, "--out", str(out))
    assert again.exit_code == Exit.INPUT
    assert "--force" in again.stderr
    assert out.read_text(encoding="utf-8") == "precious"
    assert run("new", kind, "--out", str(out), "--force").exit_code == Exit.DONE
    assert out.read_text(encoding="utf-8") != "precious"


def test_new_prints_a_starter_where_a_dash_is_given(run: Run, tmp_path: Path) -> None:
    done = run("new", "event", "--out", "-")
    assert done.stdout == new_case("event")
    assert not list(tmp_path.iterdir())


def test_check_says_what_would_be_planned(run: Run, starter: Starter) -> None:
    done = run("check", starter("case"), starter("event"))
    assert done.exit_code == Exit.DONE
    assert "case.yaml: nothing wrong." in done.stdout
    assert "event.yaml: nothing wrong." in done.stdout
    assert "nodes in the tree of futures: 10" in done.stdout
    assert "P045" in done.stdout


def test_check_lists_every_fault_of_every_file(run: Run, starter: Starter, tmp_path: Path) -> None:
    text = (tmp_path / starter("case")).read_text(encoding="utf-8")
    wrong = text.replace("supplier: county\n", "supplier: countyy\n").replace(
        "form: contract", "form: contrakt"
    )
    (tmp_path / "wrong.yaml").write_text(wrong, encoding="utf-8")
    done = run("check", "wrong.yaml", "absent.yaml", "case.yaml")
    assert done.exit_code == Exit.INPUT
    assert "did you mean `county`" in done.stderr
    assert "contrakt" in done.stderr
    assert "line " in done.stderr
    assert "absent.yaml" in done.stderr
    assert "case.yaml: nothing wrong." in done.stdout
    data = json.loads(run("check", "wrong.yaml", "case.yaml", "--json").stdout)
    assert [entry["ok"] for entry in data["files"]] == [False, True]
    faults = data["files"][0]["error"]["faults"]
    assert len(faults) == 2
    assert all(isinstance(fault["line"], int) for fault in faults)


def test_verify_finds_a_changed_document(run: Run, starter: Starter, tmp_path: Path) -> None:
    case = starter("case")
    run("plan", case, "--out", "plan.json")
    path = tmp_path / "plan.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["result"]["authority_cost"] -= 1000
    path.write_text(json.dumps(document), encoding="utf-8")
    done = run("verify", "plan.json")
    assert done.exit_code == Exit.NOT_VERIFIED
    assert "does not agree" in done.stdout
    data = json.loads(run("verify", "plan.json", "--json").stdout)
    assert data["verified"] is False
    assert data["discrepancies"]
    assert run("verify", case).exit_code == Exit.INPUT


def test_schema_and_migrate(run: Run, starter: Starter) -> None:
    done = run("schema", "case")
    assert json.loads(done.stdout)["title"] == "Sourcemix case"
    assert run("schema", "nothing").exit_code == Exit.USAGE
    done = run("migrate", starter("case"))
    assert done.exit_code == Exit.DONE
    assert "nothing to do" in done.stdout
    assert json.loads(run("migrate", "case.yaml", "--json").stdout)["after"] == 1


def test_version_and_help(run: Run) -> None:
    assert run("--version").stdout.startswith("sourcemix ")
    for command in (
        "demo",
        "new",
        "check",
        "plan",
        "award",
        "verify",
        "quick",
        "schema",
        "migrate",
    ):
        assert command in run("--help").stdout
        assert run(command, "--help").exit_code == Exit.DONE


# Exit codes, one test each.


def test_exit_2_for_options_that_make_no_sense(run: Run, starter: Starter) -> None:
    case = starter("case")
    for args in (
        ("plan",),
        ("plan", case, "--gap", "2"),
        ("plan", case, "--time", "inf"),
        ("plan", case, "--nope"),
        ("nope",),
    ):
        assert run(*args).exit_code == Exit.USAGE, args
    data = json.loads(run("plan", "--json").stdout)
    assert data["error"]["code"] == Exit.USAGE


def test_exit_3_for_faults_of_the_input(run: Run, starter: Starter) -> None:
    done = run("plan", "absent.yaml")
    assert done.exit_code == Exit.INPUT
    assert done.stderr.startswith("Error: absent.yaml: ")
    assert run("plan", starter("case"), "--nodes", "3").exit_code == Exit.INPUT
    assert run("award", "case.yaml").exit_code == Exit.INPUT
    assert run("plan", "case.yaml", "--out", "plan.txt").exit_code == Exit.INPUT


def test_exit_3_for_settings_that_cannot_be_used(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = starter("case")
    monkeypatch.setenv("SOURCEMIX_GAP", "much")
    done = run("plan", case)
    assert done.exit_code == Exit.INPUT
    assert "SOURCEMIX_GAP" in done.stderr


def test_exit_4_for_terms_not_yet_followed(run: Run, starter: Starter, tmp_path: Path) -> None:
    path = tmp_path / starter("event")
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\nquality: {weight: 0.4, scores: {v1: 80}}\n", encoding="utf-8")
    done = run("award", "event.yaml")
    assert done.exit_code == Exit.UNSUPPORTED
    assert "quality scores are not followed yet" in done.stderr
    assert "line " in done.stderr
    data = json.loads(run("award", "event.yaml", "--json").stdout)
    assert data["error"]["code"] == Exit.UNSUPPORTED


def test_exit_5_for_what_cannot_be_met(run: Run, starter: Starter, tmp_path: Path) -> None:
    path = tmp_path / starter("case")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("rules: []", "rules:\n  - {kind: budget, amount: 1}\n#"))
    done = run("plan", "case.yaml")
    assert done.exit_code == Exit.INFEASIBLE
    assert "Not possible" in done.stdout


def test_exit_6_without_a_result_in_time(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, lambda a: PlanAnswer("unknown", "time_limit", None, 5.0))
    done = run("plan", starter("case"))
    assert done.exit_code == Exit.NO_RESULT
    assert "No result: time ran out" in done.stdout


def test_exit_7_where_the_gap_is_not_proven(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, lambda a: replace(a, reason="time_limit", bound=(a.bound or 0) / 2))
    done = run("plan", starter("case"))
    assert done.exit_code == Exit.GAP_NOT_PROVEN
    assert "could be up to 100" in done.stdout


def test_exit_8_where_the_check_does_not_agree(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, lambda a: replace(a, claimed=1.0))
    done = run("plan", starter("case"), "--out", "plan.json")
    assert done.exit_code == Exit.NOT_VERIFIED
    assert "claims a cost of £1" in done.stderr
    assert done.stdout == ""
    assert not Path("plan.json").exists()


def test_exit_9_where_the_output_cannot_be_written(run: Run, starter: Starter) -> None:
    case = starter("case")
    done = run("plan", case, "--out", "nowhere/plan.json")
    assert done.exit_code == Exit.NOT_WRITTEN
    assert "there is no folder nowhere" in done.stderr
    Path("folder.json").mkdir()
    assert run("plan", case, "--out", "folder.json").exit_code == Exit.NOT_WRITTEN
    assert run("new", "case", "--out", "nowhere/x.yaml").exit_code == Exit.NOT_WRITTEN


def test_a_folder_that_may_not_be_written_is_refused_before_the_search(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = starter("case")
    monkeypatch.setattr("os.access", lambda _, mode, **__: mode != os.W_OK)
    done = run("plan", case, "--out", "plan.json")
    assert done.exit_code == Exit.NOT_WRITTEN
    assert "you may not write in" in done.stderr
    assert done.stdout == ""


def test_a_full_disk_leaves_no_half_written_file(
    run: Run, starter: Starter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = starter("case")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    done = run("plan", case, "--out", "plan.json")
    assert done.exit_code == Exit.NOT_WRITTEN
    assert "No space left" in done.stderr
    assert "Decide now" in done.stdout, "the answer is shown all the same"
    assert [p.name for p in tmp_path.iterdir()] == [case]


def test_exit_130_keeps_the_plan_of_an_interrupted_search(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(monkeypatch, lambda a: replace(a, reason="interrupted", bound=None))
    done = run("plan", starter("case"))
    assert done.exit_code == Exit.INTERRUPTED
    assert "Best found so far; not proven (interrupted)" in done.stdout


def test_exit_130_where_there_is_nothing_to_keep(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(answer: PlanAnswer) -> PlanAnswer:
        raise KeyboardInterrupt

    answers(monkeypatch, interrupt)
    done = run("plan", starter("case"))
    assert done.exit_code == Exit.INTERRUPTED
    assert done.stderr == "Error: Interrupted before there was a result.\n"


def test_exit_1_is_one_plain_sentence_and_the_traceback_only_with_v(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(answer: PlanAnswer) -> PlanAnswer:
        raise ZeroDivisionError("secret detail")

    answers(monkeypatch, breaks)
    case = starter("case")
    done = run("plan", case)
    assert done.exit_code == Exit.UNEXPECTED
    assert "Something went wrong inside Sourcemix (ZeroDivisionError)." in done.stderr
    assert "Traceback" not in done.output
    assert "Traceback" in run("plan", case, "-v").stderr
    data = json.loads(run("plan", case, "--json").stdout)
    assert data["error"]["code"] == Exit.UNEXPECTED


def test_options_go_over_the_environment_and_that_over_the_case(
    run: Run, starter: Starter, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = starter("case")

    def gap(*args: str) -> float:
        document = json.loads(run("plan", case, "--json", *args).stdout)
        return float(document["run"]["settings"]["gap"])

    assert gap() == 0.01
    monkeypatch.setenv("SOURCEMIX_GAP", "0.2")
    assert gap() == 0.2
    assert gap("--gap", "0.3") == 0.3
