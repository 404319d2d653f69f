"""`--effort` and `--from`, as users give them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from benchmarks.planning_cases import SIZES, portfolio
from tests.cli.conftest import Run

from sourcemix import files
from sourcemix.app.new import StarterKind
from sourcemix.cli.exits import Exit

Starter = Callable[[StarterKind], str]


def result_of(program: Sequence[str], folder: Path, *args: str) -> bytes:
    """The result of a plan, as a process of its own writes it."""
    done = subprocess.run(
        [*program, "plan", "case.json", "--json", "--quiet", *args],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    assert done.returncode in (Exit.DONE, Exit.GAP_NOT_PROVEN, Exit.NO_RESULT), done.stderr
    return done.stdout.partition(b'"run"')[0]


@pytest.mark.parametrize("change", ["core", "takeover"])
def test_the_same_effort_gives_the_same_bytes_in_two_processes(
    program: Sequence[str], tmp_path: Path, change: str
) -> None:
    """For a case that is searched; with takeovers the exact model has to finish its plans."""
    case = portfolio(SIZES["56"], 0, change)
    (tmp_path / "case.json").write_text(files.dumps(case, "json"), encoding="utf-8")
    one, two = (result_of(program, tmp_path, "--effort", "3", "--gap", "0") for _ in range(2))
    assert one == two
    assert json.loads(one.rstrip().rstrip(b",") + b"}")["cost"] is not None


def test_effort_and_time_together_make_no_sense(run: Run, starter: Starter) -> None:
    done = run("plan", starter("case"), "--effort", "3", "--time", "10")
    assert done.exit_code == Exit.USAGE
    assert "not both" in done.stderr
    assert run("plan", "case.yaml", "--effort", "0").exit_code == Exit.USAGE


def test_a_plan_can_begin_from_an_earlier_one(run: Run, starter: Starter) -> None:
    case = starter("case")
    assert run("plan", case, "--out", "plan.json", "--gap", "0").exit_code == Exit.DONE
    done = run("plan", case, "--from", "plan.json", "--gap", "0", "--json")
    assert done.exit_code == Exit.DONE
    document = json.loads(done.stdout)
    assert document["run"]["settings"]["from"] == document["result"]["input_sha256"]


def test_what_cannot_be_begun_from_is_a_plain_error(
    run: Run, starter: Starter, tmp_path: Path
) -> None:
    case = starter("case")
    done = run("plan", case, "--from", case)
    assert done.exit_code == Exit.INPUT
    assert "a plan is wanted here" in done.stderr
    run("plan", case, "--out", "plan.json")
    document = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    document["result"]["nodes"] = []
    (tmp_path / "plan.json").write_text(json.dumps(document), encoding="utf-8")
    done = run("plan", case, "--from", "plan.json")
    assert done.exit_code == Exit.INPUT
    assert "the plan to begin from" in done.stderr


def test_the_page_says_who_planned(run: Run, starter: Starter) -> None:
    assert "Planned by the exact model." in run("plan", starter("case")).stdout
