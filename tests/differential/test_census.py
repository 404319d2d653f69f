"""Every term and every rule occurs in the small cases, and counts; the table of them is in step.

At full size this is the proof: 10,000 cases, each planned by the engine, checked, and enumerated,
and every term seen to count in at least 50 of them. To write the table of the reference pages
again after a change on purpose, run `python -m tests.differential.table`; it takes as long.
"""

from __future__ import annotations

import sys
from typing import get_args

import pytest
from pydantic import BaseModel
from tests.conftest import REPOSITORY
from tests.differential.census_rules import CENSUS, KINDS, SOFT
from tests.differential.counting import count
from tests.differential.draw import drawn
from tests.differential.rounds import ENOUGH, all_cases
from tests.differential.table import CASES, PAGE, pages, row, shown, written

from sourcemix.model import case as cases
from sourcemix.model import drivers, offers, services, suppliers
from sourcemix.model.components import Component
from sourcemix.model.rules import MaxWinners, MinWinners, Rule, Scope, _Rule

GOLDEN = REPOSITORY / "tests" / "engine" / "planning_golden"
SAMPLE = range(6)
LABELS: dict[type[BaseModel], str] = {
    offers.Offer: "id name people currency vat price_base note parties supplier form",
    offers.Term: "",
    offers.ServiceTerms: "",
    offers.ExitTerms: "",
    offers.Tier: "",
    offers.Window: "",
    offers.Takeover: "",
    offers.Agreement: "offer",
    services.Outcome: "id statement measure unit by parties",
    services.Service: "id name unit",
    services.Overhead: "",
    services.Link: "",
    suppliers.Supplier: "id name legal_form members identifiers",
    suppliers.Form: "title description route",
    suppliers.Framework: "id",
    drivers.Chance: "",
    **dict.fromkeys(get_args(get_args(drivers.Driver)[0]), "kind id"),
    cases.Appraisal: "gap tie",
    cases.Risk: "",
    cases.MoneyBasis: "currency price_base vat",
    _Rule: "id stated_in_notice",
}
"""Types whose fields must be counted, and those fields of them that cannot be: they say how a
thing is called or what it is part of, move no decision (`parties`, `people`), or say when to stop
(`gap`) and what to take of what costs the same (`tie`; see `test_agreement`)."""


def wanted() -> set[str]:
    """Everything that an entry must be about, from the model."""
    found = set()
    for kind, labels in LABELS.items():
        names = {field.alias or name for name, field in kind.model_fields.items()}
        prefix = kind.__name__.strip("_").lower()
        found |= {f"{prefix}.{name}" for name in names - set(labels.split())}
    found |= {f"cost:{name}" for name in get_args(Component)}
    found |= {f"driver:{kind_of(k)}" for k in get_args(get_args(drivers.Driver)[0])}
    return found | {f"rule:{kind}" for kind in rule_kinds()}


def kind_of(model: type[BaseModel]) -> str:
    return str(get_args(model.model_fields["kind"].annotation)[0])


def rule_kinds() -> set[str]:
    """Rules of cases."""
    every = set(get_args(get_args(Rule)[0])) - {MaxWinners, MinWinners}
    return {kind_of(k) for k in every}


def test_no_term_lacks_an_entry() -> None:
    about = {name for entry in CENSUS.values() for name in entry.covers.split()}
    assert sorted(wanted() - about) == []
    assert sorted(about - wanted()) == []


def test_no_rule_scope_or_price_lacks_an_entry() -> None:
    assert set(KINDS) == rule_kinds()
    assert {kind for kinds in SOFT.values() for kind in kinds} == rule_kinds()
    averages = {f"scope: {scope}" for scope in get_args(Scope)} - {"scope: every_node"}
    assert averages <= set(CENSUS)


def test_golden_files_are_there() -> None:
    named = {name for entry in CENSUS.values() for name in entry.golden.split()}
    assert named <= {path.stem for path in GOLDEN.glob("*.txt")}


def test_terms_occur_and_count_in_a_sample() -> None:
    found = [count(drawn(seed)) for seed in SAMPLE]
    occurring = {name for counts in found for name in counts}
    counting = {name for counts in found for name, counts_here in counts.items() if counts_here}
    assert len(occurring) > len(CENSUS) / 3
    assert len(counting) > len(CENSUS) / 6


def test_table_has_every_term() -> None:
    figures = written(PAGE.read_text(encoding="utf-8"))
    assert list(figures) == list(CENSUS)
    assert [name for name, (_, _, counts) in figures.items() if counts < ENOUGH] == []
    assert all(counts <= tried <= occurs <= CASES for occurs, tried, counts in figures.values())


def test_table_is_in_step_with_examples_and_golden_files() -> None:
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = pages()
    for name, figures in written(PAGE.read_text(encoding="utf-8")).items():
        assert row(name, figures, found) in lines


@pytest.mark.usefixtures("full_size")
def test_ten_thousand_cases_agree_and_every_term_counts() -> None:
    tally = all_cases(CASES)
    sys.stdout.write("\n" + shown(tally) + "\n")
    assert tally.cases == CASES
    assert tally.wrong == {}
    assert [name for name in CENSUS if tally.counts[name] < ENOUGH] == []
    assert tally.tied >= ENOUGH
    now = {name: (tally.occurs[name], tally.tried[name], tally.counts[name]) for name in CENSUS}
    assert written(PAGE.read_text(encoding="utf-8")) == now
