"""What is written reads back as the same document."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML
from tests.files.documents import cases, events

from sourcemix import files
from sourcemix.errors import FileError
from sourcemix.files.yaml_out import dump_yaml
from sourcemix.model.award import Award
from sourcemix.model.case import Case
from sourcemix.model.event import Event
from sourcemix.model.plan import Plan

HERE = Path(__file__).parent
FORMATS: tuple[files.Format, ...] = ("yaml", "json")


@given(cases(), st.sampled_from(FORMATS))
def test_a_case_reads_back_the_same(case: Case, format: files.Format) -> None:
    assert files.case_from(files.dumps(case, format), format) == case


@given(events(), st.sampled_from(FORMATS))
def test_an_event_reads_back_the_same(event: Event, format: files.Format) -> None:
    assert files.event_from(files.dumps(event, format), format) == event


@given(st.dictionaries(st.text(max_size=20), st.text() | st.lists(st.text(max_size=90))))
def test_any_yaml_reader_understands_what_is_written(data: dict[str, object]) -> None:
    assert YAML(typ="safe", pure=True).load(dump_yaml({"x": data})) == {"x": data}


@pytest.mark.parametrize("name", ["design_case.yaml", "design_event.yaml"])
def test_the_design_examples_read_and_round_trip(name: str, tmp_path: Path) -> None:
    document = files.read(HERE / name)
    for suffix in ("yaml", "json"):
        files.write(document, tmp_path / f"copy.{suffix}")
        assert files.read(tmp_path / f"copy.{suffix}") == document
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy.json", "copy.yaml"]


def test_figures_of_the_design_example_are_exact() -> None:
    case = files.read_case(HERE / "design_case.yaml")
    desk = case.offer("hub_desk").services["service_desk"]
    assert str(desk.price) == "18.40"
    assert case.service("service_desk").demand == 24_000
    assert case.agreements[0].started == date(2024, 10, 1)
    event = files.read_event(HERE / "design_event.yaml")
    assert event.bids[6].price == Decimal("39500.50")


@pytest.mark.parametrize("format", FORMATS)
def test_numbers_are_written_as_they_are(format: files.Format) -> None:
    case = files.read_case(HERE / "design_case.yaml")
    text = files.dumps(case, format)
    assert "18.40" in text
    assert '"18.40"' not in text
    assert "E+" not in text


def test_defaults_are_not_written_but_the_version_is() -> None:
    data = json.loads(files.dumps(files.read(HERE / "design_event.yaml"), "json"))
    assert data["sourcemix"] == 1
    assert "purpose" not in data
    assert data["suppliers"][1] == {"id": "s2"}


def test_names_that_look_like_numbers_are_names() -> None:
    text = "sourcemix: 1\nevent: 2027\nlots: [{id: 007}]\nsuppliers: [{id: no}]\n"
    event = files.event_from(text + "bids: [{id: 1e5, supplier: no, lots: {007: 1}, price: 1_000}]")
    assert (event.event, event.lots[0].id, event.bids[0].id) == ("2027", "007", "1e5")
    assert event.bids[0].price == 1000
    same = '{"sourcemix": 1, "event": "x", "lots": [{"id": 7}], "suppliers": [{"id": true}],'
    same += '"bids": [{"id": 1.50, "supplier": true, "lots": {"7": 1}, "price": 1.50}]}'
    event = files.event_from(same, "json")
    assert (event.lots[0].id, event.suppliers[0].id, event.bids[0].id) == ("7", "true", "1.50")


@pytest.mark.parametrize("title", ["0E000", "1e999999999", ".nan", "~", "null", "&x", "!x", "- a"])
@pytest.mark.parametrize("format", FORMATS)
def test_text_that_looks_dangerous_is_text_all_the_same(title: str, format: files.Format) -> None:
    event = files.read_event(HERE / "design_event.yaml").model_copy(update={"event": title})
    assert files.event_from(files.dumps(event, format), format) == event


def _answer(kind: str, document: str) -> dict[str, object]:
    head = {"status": "infeasible", "reason": "proved", "cost": None, "bound": None, "gap": None}
    result: dict[str, object] = {
        **head,
        "verified": False,
        "input_sha256": "0",
        "version": "0",
        "seed": 0,
    }
    if kind == "plan":
        result["tree"] = {"nodes": [{"id": 0, "parent": None, "period": 0, "p": 1}]}
    else:
        result["ground"] = "award"
    settings = {"gap": 0.01, "nodes": 300, "exact": True, "note": "1", "none": None}
    run = {"seconds": 0.25, "seed": 0, "started": "2027-04-01T00:00:00Z", "machine": "any"}
    answered = files.read(HERE / document)
    return {
        **head,
        "verified": False,
        "result": result,
        "run": {**run, "settings": settings},
        ("case" if kind == "plan" else "event"): answered.model_dump(by_alias=True),
    }


@pytest.mark.parametrize("suffix", ["yaml", "json"])
def test_plans_and_awards_read_back_the_same(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"result.{suffix}"
    plan = Plan.model_validate(_answer("plan", "design_case.yaml"))
    files.write(plan, path)
    assert files.read(path) == files.read_plan(path) == plan
    award = Award.model_validate(_answer("award", "design_event.yaml"))
    files.write(award, path)
    assert files.read(path) == files.read_award(path) == award


def test_a_huge_exponent_is_never_written_out(tmp_path: Path) -> None:
    answer = {**_answer("award", "design_event.yaml"), "gap": "1e999999999"}
    award = Award.model_validate(answer)
    for format in FORMATS:
        assert "1E+999999999" in files.dumps(award, format)


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    event = files.read(HERE / "design_event.yaml")
    with pytest.raises(FileError, match=r"should end in `\.yaml` or `\.json`"):
        files.write(event, tmp_path / "event.txt")
    with pytest.raises(FileError, match="cannot be written"):
        files.write(event, tmp_path / "absent" / "event.yaml")
    (tmp_path / "taken.json").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        files.write(event, tmp_path / "taken.json")
    assert [path.name for path in tmp_path.iterdir()] == ["taken.json"]
