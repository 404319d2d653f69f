"""Every worked example of the documentation is planned, and every figure on its page holds.

Each row is worked out with nothing but the four rules of arithmetic, and compared to the penny
with the plan. A row that is not understood fails, and so does a page that says it covers a term
which none of its cases use.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel
from tests.docs.planned import LINES, Planned
from tests.docs.worked import Example, covered, examples, pennies, stated, worked_out

from sourcemix import files
from sourcemix.app.award import award_event
from sourcemix.model import case as cases
from sourcemix.model import drivers, offers, rules, services, suppliers
from sourcemix.model.case import Case
from sourcemix.model.components import Component
from sourcemix.model.plan import Comparator, Step
from sourcemix.model.rules import _Rule

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "worked"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.stem != "index")
CASES = [
    pytest.param(example, id=f"{path.stem}-{number}")
    for path in PAGES
    for number, example in enumerate(examples(path.read_text(encoding="utf-8")), 1)
]
POUNDS = ("Figure", "Working", "Pounds")

TERMS: dict[type[BaseModel], set[str]] = {
    offers.Offer: {"id", "name", "people", "currency", "vat", "price_base", "note"},
    offers.Term: set(),
    offers.ServiceTerms: set(),
    offers.ExitTerms: set(),
    offers.Tier: set(),
    offers.Window: set(),
    offers.Takeover: set(),
    offers.Agreement: {"offer"},
    offers.SupplierParty: set(),
    offers.StaffParty: set(),
    offers.CommunityParty: set(),
    services.Outcome: {"id", "statement", "measure", "unit", "by", "parties"},
    services.Service: {"id", "name", "unit"},
    services.Overhead: set(),
    services.Link: set(),
    suppliers.Supplier: {"id", "name", "legal_form", "members", "identifiers"},
    suppliers.Form: {"title", "description", "route"},
    suppliers.Framework: {"id"},
    drivers.DemandDriver: {"kind", "id"},
    drivers.PriceDriver: {"kind", "id"},
    drivers.RequirementDriver: {"kind", "id"},
    drivers.SupplierFailureDriver: {"kind"},
    drivers.WithdrawalDriver: {"kind"},
    drivers.ReorganisationDriver: {"kind", "id"},
    cases.Appraisal: set(),
    cases.Risk: set(),
    cases.MoneyBasis: {"currency", "price_base"},
    _Rule: {"id", "stated_in_notice"},
}
"""Types whose fields need a page each, and the fields that move no figure."""


def slug(kind: type[BaseModel]) -> str:
    """The name of a type on a `covers` line."""
    return kind.__name__.strip("_").lower()


def fields(kind: type[BaseModel], but: set[str]) -> set[str]:
    names = {field.alias or name for name, field in kind.model_fields.items()}
    assert but <= names, f"{kind.__name__} has lost {but - names}"
    return {f"{slug(kind)}.{name}" for name in names - but}


def kinds(union: Any) -> set[str]:
    """The `kind` of each type of a union."""
    return {get_args(t.model_fields["kind"].annotation)[0] for t in get_args(get_args(union)[0])}


def wanted() -> set[str]:
    """Everything that a page must cover, from the model."""
    found = {f"rule:{kind}" for kind in kinds(rules.Rule)}
    found |= {f"driver:{kind}" for kind in kinds(drivers.Driver)}
    found |= {f"cost:{name}" for name in get_args(Component)}
    for kind, but in TERMS.items():
        found |= fields(kind, but)
    found |= {f"compare:{kind}" for kind in get_args(Comparator)}
    found |= {f"step:{name}" for name in get_args(Step.model_fields["name"].annotation)}
    return found


def used(value: object) -> Iterator[str]:
    """Names, as on a `covers` line, of all that a case states."""
    if isinstance(value, tuple | list):
        for item in value:
            yield from used(item)
    elif isinstance(value, dict):
        yield from used(list(value.values()))
    elif isinstance(value, BaseModel):
        name = "rule" if isinstance(value, _Rule) else slug(type(value))
        if name == "rule" or name.endswith("driver"):
            yield f"{'rule' if name == 'rule' else 'driver'}:{getattr(value, 'kind')}"  # noqa: B009
        for field in value.model_fields_set:
            yield f"{name}.{type(value).model_fields[field].alias or field}"
            yield from used(getattr(value, field))


def told(example: Example) -> Iterator[str]:
    """Names, as on a `covers` line, of the figures that are stated for a case."""
    for name in named(example):
        if name in LINES:
            yield f"cost:{LINES[name]}"
        if name.startswith("Plan "):
            kind = name.removeprefix("Plan ")
            yield f"compare:{kind if kind in get_args(Comparator) else 'named'}"
        if name.startswith("Worth of "):
            yield "step:" + name.removeprefix("Worth of ").removeprefix("the ").replace(" ", "_")


def named(example: Example) -> set[str]:
    """What the figures of a case are figures of, without year and future."""
    return {row[0].split(",")[0].split(" if ")[0] for row in example.of(*POUNDS)}


def document(example: Example) -> files.Document:
    if "\nevent:" in example.text:
        return files.event_from(example.text)
    return files.case_from(example.text)


def test_there_are_pages() -> None:
    assert len(PAGES) >= 20


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_page_uses_what_it_says_it_covers(path: Path) -> None:
    page = path.read_text(encoding="utf-8")
    found = examples(page)
    assert found, "a page without a case"
    assert covered(page), "a page that covers nothing"
    stated_terms = {name for example in found for name in used(document(example))}
    for example in found:
        assert example.of(*POUNDS), "a case without figures"
        stated_terms |= set(told(example))
    assert covered(page) - stated_terms == set()


def test_every_term_has_a_page() -> None:
    covers = {name for path in PAGES for name in covered(path.read_text(encoding="utf-8"))}
    assert wanted() - covers == set()
    assert covers - wanted() == set()


@pytest.mark.parametrize("example", CASES)
def test_every_sum_comes_to_what_is_stated(example: Example) -> None:
    for head, rows in example.rows.items():
        if head[1] == "Working":
            for name, working, result in rows:
                assert worked_out(working, stated(result)) == stated(result), (name, working)


@pytest.mark.parametrize("example", CASES)
def test_every_figure_is_that_of_the_plan(example: Example) -> None:
    case = document(example)
    if isinstance(case, Case):
        check_plan(example, Planned(case))
    else:
        check_award(example)


def check_plan(example: Example, planned: Planned) -> None:
    """Every row is compared, and nothing that matters is left out."""
    wrong = [
        f"{name}: the page has {result}, the plan {found}"
        for name, _, result in example.of(*POUNDS)
        if (found := planned.figure(name)) != pennies(stated(result))
    ]
    wrong += [
        f"{name}: the page has {result}, the plan {found}"
        for name, _, result in example.of("Measure", "Working", "Result")
        if (found := planned.figure(name)) != stated(result)
    ]
    assert wrong == []
    lines = {LINES[name] for name in named(example) & LINES.keys()}
    # The total and every line of cost that is not nil are stated; so are all decisions, if any.
    assert "Cost" in {row[0] for row in example.of(*POUNDS)}
    assert {line for line, sum_ in planned.plan.result.expected.items() if sum_} <= lines
    for when, live in example.of("Live", "Offers"):
        assert planned.live(when) == {name for name in live.split(", ") if name != "none"}, when
    if decisions := example.of("Decision", "Offer"):
        assert {made for row in decisions for made in planned.told(row)} == planned.decisions()


def check_award(example: Example) -> None:
    event = files.event_from(example.text)
    award = award_event(event, gap=0, seconds=60)
    assert award.status == "optimal"
    assert award.cost is not None
    words = {"Switching": "switching", "Onboarding": "onboarding", "Discounts": "discount"}
    words |= {"Prices": "price", "Unawarded": "unawarded"}
    figures = {word: award.result.costs.get(name, Decimal(0)) for word, name in words.items()}
    figures["Cost"] = award.cost
    rows = {name: stated(result) for name, _, result in example.of(*POUNDS)}
    assert rows == {name: figures[name] for name in rows}
    assert {"Cost", *(name for name, amount in figures.items() if amount)} <= rows.keys()
    won = {(lot, winner.bid) for winner in award.result.winners for lot in winner.lots}
    assert {(lot, bid) for lot, bid in example.of("Lot", "Bid")} == won


def test_a_figure_that_is_wrong_is_noticed() -> None:
    page = (FOLDER / "blocks-and-extensions.md").read_text(encoding="utf-8")
    for right, wrong in (
        ("| Cost | 12,000 + 90,000 | 102,000 |", "| Cost | 12,000 + 90,001 | 102,001 |"),
        ("| Set-up | 12,000 | 12,000 |\n", ""),
        ("| Sign now | long |", "| Sign in year 2 | long |"),
        ("| Years 1 to 9 | long |", "| Years 1 to 9 | short |"),
    ):
        assert right in page
        example = examples(page.replace(right, wrong))[0]
        with pytest.raises(AssertionError):
            test_every_figure_is_that_of_the_plan(example)


@pytest.mark.parametrize(
    "table",
    [
        "| Figure | Pounds |\n|---|---|\n| Cost | 1 |\n",
        "| Figure | Working | Pounds |\n|---|---|---|\n| Cost | 1 |\n",
        "| Figure | Working | Pounds |\n|---|---|---|\n| Cost | | 1 |\n",
    ],
)
def test_a_table_that_cannot_be_compared_is_refused(table: str) -> None:
    with pytest.raises(ValueError, match=r"table|row"):
        examples(f"```yaml\na: 1\n```\n\n{table}")


def test_sums_are_worked_out_as_written() -> None:
    assert worked_out("2 × (1,000 − 1) ÷ 3", Decimal("666")) == 666
    assert worked_out("3.5% × £200", Decimal("7")) == 7
    assert worked_out("1 ÷ 8", Decimal("0.12")) == Decimal("0.12")
    with pytest.raises(ValueError, match="no sum"):
        worked_out("twice", Decimal(1))
