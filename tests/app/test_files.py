from __future__ import annotations

import re
from pathlib import Path

import pytest

from sourcemix.app.check import check_file
from sourcemix.app.examples import example, examples
from sourcemix.app.new import STARTERS, StarterKind, new_case
from sourcemix.app.quick_input import parse_quick
from sourcemix.errors import FileError, InputError


@pytest.mark.parametrize("kind", ["case", "event"])
def test_starters_have_nothing_wrong(kind: StarterKind, tmp_path: Path) -> None:
    path = tmp_path / STARTERS[kind]
    path.write_text(new_case(kind), encoding="utf-8")
    checked = check_file(path)
    assert checked.kind == kind
    assert all(count >= 0 for count in checked.counts.values())


def test_the_starter_of_quick_can_be_read() -> None:
    assert len(parse_quick(new_case("quick"))) == 3


def test_a_case_says_what_would_be_planned_and_which_defaults_are_used(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_text(new_case("case"), encoding="utf-8")
    checked = check_file(path)
    assert checked.counts["services"] == 2
    assert checked.counts["offers"] == 4
    assert checked.counts["nodes in the tree of futures"] == 10
    manage = next(d for d in checked.defaults if d.what.startswith("form contract, managing"))
    assert (manage.value, manage.prior) == ("£12,000", "P045")
    assert manage.range == "£8,000 to £24,000"


def test_what_the_case_states_is_no_default(tmp_path: Path) -> None:
    text = new_case("case") + "\nforms: {contract: {lead: 12, manage: 9_000}}\n"
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    used = {default.what for default in check_file(path).defaults}
    assert "form contract, lead time" not in used
    assert "form contract, managing it, a year" not in used
    assert "form contract, procurement" in used


def test_faults_found_after_reading_have_their_lines(tmp_path: Path) -> None:
    text = new_case("case").replace("at: 2029-04-01 ", "at: 2027-04-01 ")
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_file(path)
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "at: 2027-04-01 " in row)
    assert caught.value.faults[0].line == line
    assert caught.value.source == str(path)


def test_an_offer_that_can_never_start_is_said(tmp_path: Path) -> None:
    text = new_case("case") + "\nforms: {contract: {lead: 120}}\n"
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    last = check_file(path).not_modelled[-1]
    assert last.startswith("These offers can never start within the horizon")


def test_a_split_without_successors_has_its_line(tmp_path: Path) -> None:
    driver = "  - {kind: reorganisation, id: lgr, at: 2028-04-01, p: 0.5, on_vesting: split}\n"
    text = re.sub("^drivers:.*\n", lambda line: line[0] + driver, new_case("case"), flags=re.M)
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        check_file(path)
    (fault,) = caught.value.faults
    assert fault.line == next(n for n, row in enumerate(text.splitlines(), 1) if "lgr" in row)
    assert "a split needs two or more `successors`" in fault.message


def test_bundled_examples_are_found_by_name() -> None:
    assert example("two-services") in examples()
    with pytest.raises(FileError, match="two-services"):
        example("nothing-like-it")
