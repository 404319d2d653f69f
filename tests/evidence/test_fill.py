"""Filling in defaults: field by field, marked, rounded, idempotent, and never over the user."""

from __future__ import annotations

import warnings
from decimal import Decimal
from typing import Any

import pytest

from sourcemix import evidence, files
from sourcemix.app.plan import plan_case
from sourcemix.errors import InputError
from sourcemix.model.canonical import digest
from sourcemix.model.case import Case
from sourcemix.model.common import Indicative, central


def make(**changes: Any) -> Case:
    document: dict[str, Any] = {
        "title": "Desk",
        "authority": {"name": "Exampleshire"},
        "horizon": {"start": "2027-04-01", "periods": 5},
        "money": {"price_base": "2026-27"},
        "services": [{"id": "desk", "unit": "ticket", "demand": 100}],
        "suppliers": [
            {"id": "own", "kind": "in_house"},
            {"id": "firm", "kind": "commercial"},
            {"id": "charity", "kind": "voluntary"},
            {"id": "friends", "kind": "community"},
            {"id": "district", "kind": "public_body"},
        ],
        "offers": [offer("a", "firm", "contract"), offer("b", "own", "in_house")],
    }
    return Case.model_validate(document | changes)


def offer(id: str, supplier: str, form: str, **more: Any) -> dict[str, Any]:
    terms = {"services": {"desk": {"price": 3}}, "term": {"initial": 12}}
    return {"id": id, "supplier": supplier, "form": form, **terms, **more}


def test_forms_in_use_are_put_in_full() -> None:
    filled = evidence.fill(make())
    assert set(filled.forms) == {"contract", "in_house"}
    assert filled.forms["contract"] == evidence.forms()["contract"]


def test_own_figures_go_over_the_library_field_by_field_and_line_by_line() -> None:
    own = {"contract": {"manage": 7, "setup": {"procurement": 60_000, "vetting": 5}}}
    form = evidence.fill(make(forms=own)).forms["contract"]
    library = evidence.forms()["contract"]
    assert form.manage == 7
    assert form.setup["procurement"] == 60_000
    assert form.setup["vetting"] == 5
    assert form.setup["mobilisation"] == library.setup["mobilisation"]
    assert form.lead == library.lead
    assert form.binding is True


@pytest.mark.parametrize(("period", "lead"), [("year", 12), ("half_year", 6), ("quarter", 6)])
def test_a_default_lead_is_rounded_up_to_the_period(period: str, lead: int) -> None:
    horizon = {"start": "2027-04-01", "periods": 5, "period": period}
    offers = [offer("a", "district", "inter_authority")]
    assert evidence.fill(make(horizon=horizon, offers=offers)).forms["inter_authority"].lead == lead


def test_own_lead_is_never_rounded() -> None:
    filled = evidence.fill(make(forms={"contract": {"lead": 7}}))
    assert filled.forms["contract"].lead == 7


def test_a_binding_form_made_informal_gets_the_hazard() -> None:
    form = evidence.fill(make(forms={"contract": {"binding": False}})).forms["contract"]
    assert form.withdrawal == evidence.forms()["informal_sla"].withdrawal


def test_a_form_of_its_own_takes_the_rest_from_contract_but_no_setup() -> None:
    form = evidence.fill(
        make(forms={"barter": {"manage": 10}}, offers=[offer("a", "firm", "barter")])
    ).forms["barter"]
    assert form.title == "barter"
    assert form.lead == 12
    assert form.manage == 10
    assert form.binding is True
    assert form.setup == {}


def test_unknown_forms_are_refused_all_at_once() -> None:
    offers = [offer("a", "firm", "contrct"), offer("b", "firm", "xyz")]
    with pytest.raises(InputError) as caught:
        evidence.fill(make(offers=offers))
    assert len(caught.value.faults) == 2
    assert caught.value.faults[0].path == ("offers", 0, "form")
    assert "did you mean `contract`?" in caught.value.faults[0].message


def test_failure_by_kind_for_named_suppliers_only() -> None:
    drivers = [
        {"kind": "supplier_failure", "supplier": name}
        for name in ("firm", "charity", "friends", "district")
    ]
    failure = {s.id: s.failure for s in evidence.fill(make(drivers=drivers)).suppliers}
    assert failure["own"] is None
    firm, charity = failure["firm"], failure["charity"]
    assert isinstance(firm, Indicative)
    assert (firm.low, firm.central, firm.high, firm.prior) == (
        Decimal("0.00524"),
        Decimal("0.00572"),
        Decimal("0.01131"),
        "P068",
    )
    assert isinstance(charity, Indicative)
    assert charity.central == Decimal("0.027")
    assert failure["friends"] == charity
    district = failure["district"]
    assert isinstance(district, Indicative)
    assert district.central == 0
    assert district.prior == "assumption"


def test_stated_failure_stays() -> None:
    suppliers = [{"id": "firm", "kind": "commercial", "failure": 0.01}]
    filled = evidence.fill(
        make(
            suppliers=suppliers,
            offers=[offer("a", "firm", "contract")],
            drivers=[{"kind": "supplier_failure", "supplier": "firm"}],
        )
    )
    assert filled.suppliers[0].failure == Decimal("0.01")


def test_change_rate_where_a_requirement_may_arise() -> None:
    driver = {
        "kind": "requirement",
        "id": "new",
        "services": ["desk"],
        "at": "2029-04-01",
        "p": 0.5,
        "size": 0.2,
    }
    offers = [
        offer("a", "firm", "contract", note="As quoted."),
        offer("b", "own", "in_house"),
        offer("c", "firm", "contract", change_rate=0.1),
        offer("d", "own", "in_house", change_rate=0.05),
    ]
    filled = {o.id: o for o in evidence.fill(make(drivers=[driver], offers=offers)).offers}
    assert filled["a"].change_rate == Decimal("0.21")
    assert filled["a"].note == "As quoted. The change rate of 0.21 is a default (P051)."
    assert filled["b"].change_rate == 0
    assert "assumption: own staff" in filled["b"].note
    assert filled["d"].change_rate == Decimal("0.05")
    assert filled["c"].change_rate == Decimal("0.1")
    assert filled["c"].note == ""


def test_nothing_changes_without_a_requirement() -> None:
    case = make()
    assert evidence.fill(case).offers == case.offers
    assert evidence.fill(case).suppliers == case.suppliers


def test_filling_is_idempotent_pure_and_survives_writing() -> None:
    driver = {"kind": "supplier_failure", "supplier": "firm"}
    case = make(drivers=[driver], offers=[offer("a", "firm", "memorandum")])
    before = case.model_dump_json()
    once = evidence.fill(case)
    assert case.model_dump_json() == before
    assert evidence.fill(once) == once
    assert Case.model_validate_json(once.model_dump_json()) == once
    withdrawal = once.forms["memorandum"].withdrawal
    assert withdrawal is not None
    assert central(withdrawal) > 0


def test_a_filled_case_with_in_house_offers_can_be_recomputed() -> None:
    driver = {
        "kind": "requirement",
        "id": "new",
        "services": ["desk"],
        "at": "2029-04-01",
        "p": 0.5,
        "size": 0.2,
    }
    services = [{"id": "desk", "unit": "ticket", "demand": 100, "unmet": 9000}]
    plan = plan_case(make(drivers=[driver], services=services))
    assert plan.verified
    assert plan.case.offer("b").change_rate == 0


def test_a_filled_failure_is_written_and_hashed_without_a_warning() -> None:
    drivers = [{"kind": "supplier_failure", "supplier": "firm"}]
    filled = evidence.fill(make(drivers=drivers))
    assert isinstance(filled.suppliers[1].failure, Indicative)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        filled.model_dump(by_alias=True)
        filled.model_dump_json()
        digest(filled)
        for form in ("yaml", "json"):
            assert files.case_from(files.dumps(filled, form), form) == filled
