from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from sourcemix import files
from sourcemix.app.quick_case import WAYS, draft_case, ids_of, one_service
from sourcemix.app.quick_figures import figures_in, moved
from sourcemix.app.quick_input import QuickService
from sourcemix.evidence import fill
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


@pytest.mark.parametrize("end", ["low", "high"])
def test_figures_are_moved_one_at_a_time(end: str) -> None:
    case = fill(one_service(draft(service()), "it_support"))
    figures = figures_in(case)
    assert any(figure.what == "mark-up on changed work" for figure in figures)
    price = next(f for f in figures if f.what == "price of “Contract, five years”")
    changed = moved(case, [price], end)  # type: ignore[arg-type]
    offer = changed.offer("it_support.contract_5")
    assert offer.services["it_support"].price == getattr(price, end)
    others = {f.what for f in figures_in(changed)}
    assert {f.what for f in figures} - others == {price.what}
