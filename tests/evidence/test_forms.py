"""The library of forms is whole, and every figure in it is marked with where it comes from."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from sourcemix import evidence
from sourcemix.model.common import Indicative, central

WORDS = [
    "in_house",
    "informal_sla",
    "formal_sla",
    "memorandum",
    "delegation",
    "joint_committee",
    "inter_authority",
    "section_75",
    "controlled_company",
    "grant",
    "community_asset_transfer",
    "framework_call_off",
    "dynamic_market_award",
    "contract",
    "concession",
    "alliance",
    "joint_venture",
    "strategic_partnership",
]


def test_all_forms_are_there_in_order() -> None:
    assert tuple(evidence.forms()) == tuple(WORDS)


@pytest.mark.parametrize("name", WORDS)
def test_form_is_complete(name: str) -> None:
    form = evidence.forms()[name]
    assert form.title
    assert form.description.endswith(".")
    assert form.route
    assert form.lead in {0, 6, 12, 18}
    assert form.binding is not None
    assert (form.withdrawal is None) == form.binding


@pytest.mark.parametrize("name", WORDS)
def test_every_figure_is_indicative_and_cites_a_prior_or_says_assumption(name: str) -> None:
    form = evidence.forms()[name]
    figures = [*form.setup.values(), form.manage]
    figures += [form.withdrawal] if form.withdrawal is not None else []
    for figure in figures:
        assert isinstance(figure, Indicative)
        if figure.prior != "assumption":
            for id in figure.prior.split(", "):
                assert re.fullmatch(r"P\d{3}", id)
                evidence.prior(id)


def test_management_follows_the_prior() -> None:
    """P045: 2%, 3% and 6% of the annual value; a contract of the medium size is £400,000."""
    manage = evidence.forms()["contract"].manage
    row = evidence.prior("P045")
    assert isinstance(manage, Indicative)
    for end in ("low", "central", "high"):
        share = getattr(row, end)
        assert getattr(manage, end) == share / 100 * 400_000


def test_hazard_of_informal_forms_follows_the_priors() -> None:
    withdrawal = evidence.forms()["memorandum"].withdrawal
    assert isinstance(withdrawal, Indicative)
    assert withdrawal.low * 100 == evidence.prior("P096").central
    assert withdrawal.central * 100 == evidence.prior("P098").high
    assert withdrawal.high * 100 == evidence.prior("P097").central


def test_a_looser_form_is_never_dearer_to_set_up_than_a_contract() -> None:
    def total(name: str) -> Decimal:
        return sum((central(v) for v in evidence.forms()[name].setup.values()), Decimal(0))

    for name in ("informal_sla", "memorandum", "grant", "framework_call_off"):
        assert total(name) < total("contract") < total("strategic_partnership")


def test_the_library_cannot_be_changed_by_a_caller() -> None:
    evidence.forms().clear()
    assert tuple(evidence.forms()) == tuple(WORDS)
