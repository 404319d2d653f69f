from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sourcemix import files
from sourcemix.app.quick_case import draft_case, ids_of, one_service
from sourcemix.app.quick_input import QuickService
from sourcemix.app.quick_ways import WAYS
from sourcemix.evidence import fill, prior
from sourcemix.futures import grow
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative

TODAY = date(2026, 11, 22)


IT = QuickService(
    what="IT support",
    annual_cost=Decimal(400_000),
    who="Northgate Ltd",
    in_house=False,
    ends=date(2029, 3, 31),
    outlook="changing",
)


def service(what: str = "IT support", **change: Any) -> QuickService:
    return replace(IT, what=what, **change)


def draft(*services: QuickService) -> Case:
    return draft_case(services, today=TODAY, authority="Exampleshire")


def test_a_draft_survives_being_written_and_read() -> None:
    case = draft(service(), service("Payroll", in_house=True, ends=None, outlook="steady"))
    assert files.case_from(files.dumps(case, "yaml"), "yaml") == case
    assert files.case_from(files.dumps(case, "json"), "json") == case


def test_the_plan_begins_on_the_next_first_of_april_or_october() -> None:
    starts = [
        draft_case([service()], today=today, authority="X").horizon.start
        for today in (date(2026, 4, 1), date(2026, 4, 2), date(2026, 11, 22))
    ]
    assert starts == [date(2026, 4, 1), date(2026, 10, 1), date(2027, 4, 1)]


def test_what_nobody_gave_is_indicative_and_names_its_prior() -> None:
    case = draft(service())
    offers = {offer.id: offer for offer in case.offers}
    assert not offers["it_support.today"].indicative
    for way in WAYS:
        price = offers[f"it_support.{way.name}"].services["it_support"].price
        assert isinstance(price, Indicative)
        assert price.central == 400_000
        assert price.prior
    manage = case.forms["contract.it_support"].manage
    assert isinstance(manage, Indicative)
    assert [int(v) for v in (manage.low, manage.central, manage.high)] == [8000, 12000, 24000]
    assert manage.prior == "P045"


def test_the_authority_knows_what_its_own_team_costs() -> None:
    case = draft(service(in_house=True, ends=None))
    offer = case.offer("it_support.own_team")
    assert offer.services["it_support"].price == 400_000
    assert [agreement.offer for agreement in case.agreements] == ["it_support.own_team"]
    assert "it_support.today" not in {offer.id for offer in case.offers}


def test_an_agreement_that_has_ended_is_not_live() -> None:
    assert draft(service(ends=date(2026, 12, 31))).agreements == ()
    (live,) = draft(service()).agreements
    assert live.in_notice == date(2029, 4, 1)


def test_only_changing_services_have_drivers_and_the_tree_stays_small() -> None:
    case = draft(*(service(f"s{n}") for n in range(10)), service("calm", outlook="steady"))
    assert all("calm" not in getattr(driver, "services", ()) for driver in case.drivers)
    assert len(grow(fill(case), budget=300).nodes) < 100
    assert draft(service(outlook="steady")).drivers == ()


def test_a_service_alone_has_all_that_it_needs_and_no_more() -> None:
    case = draft(service(), service("Payroll", in_house=True, ends=None, outlook="steady"))
    alone = Case.model_validate(one_service(case, "payroll").model_dump(by_alias=True))
    assert {next(iter(offer.services)) for offer in alone.offers} == {"payroll"}
    assert alone.drivers == ()
    assert {supplier.id for supplier in alone.suppliers} == {o.supplier for o in alone.offers}


def test_names_become_ids_no_two_alike() -> None:
    assert ids_of(["IT support", "IT-Support", "£££", "x" * 99]) == (
        "it_support",
        "it_support_2",
        "service",
        "x" * 30,
    )


def test_a_draft_of_an_ended_agreement_has_nothing_that_cannot_start() -> None:
    case = draft(service(ends=date(2026, 3, 31)))
    assert case.agreements == ()
    assert "it_support.today" not in {offer.id for offer in case.offers}
    assert "Northgate Ltd" not in {supplier.name for supplier in case.suppliers}


@pytest.mark.parametrize("ends", [date(2026, 3, 31), date(2029, 3, 31), None])
@pytest.mark.parametrize("in_house", [True, False])
def test_every_figure_of_a_draft_says_what_it_rests_on(in_house: bool, ends: date | None) -> None:
    case = draft(service(in_house=in_house, ends=ends))
    found = []

    def look(value: Any) -> None:
        if isinstance(value, dict):
            if value.keys() == {"low", "central", "high", "prior"}:
                found.append(value)
                names = [part.split(" ")[0] for part in value["prior"].split(", ")]
                assert all(name == "assumption" or prior(name) for name in names), value
                assert names
            for item in value.values():
                look(item)
        elif isinstance(value, list | tuple):
            for item in value:
                look(item)

    look(case.model_dump(by_alias=True))
    assert len(found) > 20
    for offer in case.offers:
        assert offer.note
        if offer.id.endswith((".today", ".own_team")):
            continue
        assert "Sources: lead" in offer.note


def test_bringing_a_service_in_carries_pensions_the_move_and_a_start_of_its_own() -> None:
    case = draft(service())
    own = case.offer("it_support.own_team")
    assert isinstance(own.fixed, Indicative)
    # Half of the cost is pay, and 16 percentage points of that.
    assert [own.fixed.low, own.fixed.central] == [0, 400_000 * Decimal("0.08")]
    assert own.fixed.prior.startswith("P122")
    setup = case.forms["in_house.it_support"].setup
    assert set(setup) == {"mobilisation", "own_set_up"}
    for name in ("shared", "public_body"):
        assert case.offer(f"it_support.{name}").fixed == own.fixed
    for name in ("contract_5", "contract_2_1_1", "call_off"):
        assert case.offer(f"it_support.{name}").fixed == 0


def test_handing_a_service_over_carries_the_competition_and_the_claim_of_a_saving() -> None:
    case = draft(service(in_house=True, ends=None))
    offer = case.offer("it_support.contract_5")
    price = offer.services["it_support"].price
    assert isinstance(price, Indicative)
    assert [int(price.low), int(price.central)] == [320_000, 400_000]
    assert "P105" in price.prior
    assert offer.fixed == 0
    setup = case.forms["contract.it_support"].setup
    assert set(setup) == {"procurement", "mobilisation"}


@pytest.mark.parametrize("in_house", [True, False])
def test_every_form_pays_the_same_to_be_managed_and_to_move(in_house: bool) -> None:
    forms = draft(service(in_house=in_house, ends=None)).forms.values()
    assert len({form.model_dump_json(include={"manage"}) for form in forms}) == 1
    assert len({str(form.setup["mobilisation"]) for form in forms}) == 1


def test_what_depends_on_size_is_in_proportion() -> None:
    def procurement(cost: int) -> list[int]:
        case = draft(service(annual_cost=Decimal(cost)))
        figure = case.forms["contract.it_support"].setup["procurement"]
        assert isinstance(figure, Indicative)
        return [int(value) for value in (figure.low, figure.central, figure.high)]

    assert procurement(400_000) == [5107, 13_000, 26_000]
    assert procurement(20_000) == [800, 1260, 8000]
