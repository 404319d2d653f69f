"""Every family of columns and rows of the planning model, against a text written out.

A text is wrong where it does not say what `docs/reference/meaning.md` says. To write the texts
again after a change on purpose, run this module: `python -m tests.engine.test_planning_golden`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from sourcemix.model.rules import MaxWinners, MinWinners, Rule, Scope
from tests.engine import planning_cases, planning_rule_cases, planning_serving_cases
from tests.engine.planning_text import PLANNING, PLUMBING, Recording, golden_text, record

GOLDEN = Path(__file__).parent / "planning_golden"
CASES = {**planning_cases.CASES, **planning_serving_cases.CASES, **planning_rule_cases.CASES}
ADDERS = ("column", "columns", "row", "charge", "always", "scale", "at_most")
"""Methods that put something into the model."""
EVENTS_ONLY = {MaxWinners, MinWinners}
KINDS = sorted({*get_args(get_args(Rule)[0])} - EVENTS_ONLY, key=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def recorded() -> dict[str, list[Recording]]:
    return {name: record(golden) for name, golden in CASES.items()}


@pytest.mark.parametrize("name", CASES)
def test_model_is_what_is_written_out(name: str, recorded: dict[str, list[Recording]]) -> None:
    written = (GOLDEN / f"{name}.txt").read_text(encoding="utf-8")
    assert golden_text(CASES[name], recorded[name]) == written


def test_no_text_lacks_its_case() -> None:
    assert set(CASES) == {path.stem for path in GOLDEN.glob("*.txt")}


def test_no_constraint_lacks_its_text(recorded: dict[str, list[Recording]]) -> None:
    """Every line of the engine that adds a column, a row or a charge is seen in a text."""
    seen = {
        (site.module, site.line)
        for name, recordings in recorded.items()
        for recording in recordings
        for entry in recording.shown(CASES[name].shows)
        for site in entry.stack
    }
    missing = [
        f"{module}, line {lines.start}: {called}"
        for module, lines, called in adding_calls()
        if not any((module, line) in seen for line in lines)
    ]
    assert missing == [], "add a case to tests/engine/planning_cases.py and its like"


def adding_calls() -> Iterator[tuple[str, range, str]]:
    """Module, lines and text of each call in the engine that adds something to the model."""
    for path in sorted(PLANNING.rglob("*.py")):
        module = ".".join(path.relative_to(PLANNING).with_suffix("").parts)
        if module in PLUMBING:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            if node.func.attr in ADDERS:
                assert node.end_lineno is not None
                yield module, range(node.lineno, node.end_lineno + 1), ast.unparse(node)


def test_calls_that_add_something_are_found() -> None:
    modules = {module for module, _, _ in adding_calls()}
    assert {"timeline", "running", "serving", "risk", "rules.holding"} <= modules


@pytest.mark.parametrize("kind", KINDS)
def test_no_rule_lacks_a_scope_or_a_price(kind: type) -> None:
    wanted = {
        (scope, soft)
        for rule in planning_rule_cases.ways(**example(kind))
        for scope, soft in [(rule.scope, rule.soft is not None)]
    }
    shown = {
        (rule.scope, rule.soft is not None)
        for golden in CASES.values()
        for rule in golden.rules
        if isinstance(rule, kind)
    }
    assert ("every_node", False) in wanted
    assert {scope for scope, _ in wanted} <= set(get_args(Scope))
    assert wanted <= shown


def test_every_rule_adds_something(recorded: dict[str, list[Recording]]) -> None:
    """In each scope, hard or with a price; only a hard `max_term` is in the timelines instead."""
    silent = [
        recording.problem.case.rules
        for name in planning_rule_cases.CASES
        for recording in recorded[name]
        if not recording.shown(CASES[name].shows)
    ]
    assert [(rule.kind, rule.soft) for (rule,) in silent] == [("max_term", None)]


def example(kind: type) -> dict[str, object]:
    """The fields of a rule of that kind in some text."""
    found = [rule for golden in CASES.values() for rule in golden.rules if isinstance(rule, kind)]
    assert found, f"no text has a rule of the kind {kind.__name__}"
    fields = found[0].model_dump(by_alias=True, exclude_defaults=True)
    return {"kind": found[0].kind, **fields}


def write() -> None:
    """Write every text again."""
    GOLDEN.mkdir(exist_ok=True)
    for name, golden in CASES.items():
        text = golden_text(golden, record(golden))
        (GOLDEN / f"{name}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
