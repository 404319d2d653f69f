"""Priors, deals and surveys are whole, sourced, and hold nothing that may not be shipped."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from tests.conftest import DATA

from sourcemix import evidence
from sourcemix.errors import InputError

NOT_SHIPPED = {"P118", "P119", "P120"}


def test_prior_by_id() -> None:
    row = evidence.prior("P045")
    assert row.parameter == "contract_management_cost"
    assert (row.low, row.central, row.high) == (Decimal(2), Decimal(3), Decimal(6))
    assert row.unit == "% of annual contract value"
    assert len(row.sources) == 2


def test_empty_cells_are_not_zero() -> None:
    row = evidence.prior("P002")
    assert row.low is None
    assert row.high is None
    assert row.central == 8000


def test_unknown_prior_is_an_input_error() -> None:
    with pytest.raises(InputError, match="`P999`"):
        evidence.prior("P999")


def test_proxy_values_are_not_shipped() -> None:
    assert not NOT_SHIPPED & {row.id for row in evidence.priors()}


def test_every_row_is_sourced_with_its_ids_unique() -> None:
    for rows in (evidence.priors(), evidence.deals(), evidence.surveys()):
        assert len({row.id for row in rows}) == len(rows)
        assert all(row.sources for row in rows)
    assert all(row.licence and row.unit for row in evidence.priors())
    assert {row.confidence for row in evidence.priors()} == {"read", "combined", "inferred"}


def test_ranges_do_not_decrease() -> None:
    for row in evidence.priors():
        given = [figure for figure in (row.low, row.central, row.high) if figure is not None]
        assert given == sorted(given), row.id


def test_a_deal() -> None:
    deal = next(deal for deal in evidence.deals() if deal.id == "D008")
    assert deal.authority == "Bedfordshire County Council"
    assert deal.exit_cost == Decimal("7.7")
    assert deal.dispute is None
    assert (deal.signed, deal.ended) == (2001, 2005)


@pytest.mark.skipif(not (DATA / "evidence").is_dir(), reason="needs the data folder")
@pytest.mark.parametrize("name", ["priors", "deals"])
def test_figures_are_those_that_were_gathered(name: str) -> None:
    with (DATA / "evidence" / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        gathered = {row["id"]: row for row in csv.DictReader(lines)}
    if name == "priors":
        assert {row.id for row in evidence.priors()} == set(gathered) - NOT_SHIPPED
        for row in evidence.priors():
            for figure in ("low", "central", "high"):
                cell = gathered[row.id][figure]
                assert getattr(row, figure) == (Decimal(cell) if cell else None), row.id
    else:
        assert {deal.id for deal in evidence.deals()} == set(gathered)
        for deal in evidence.deals():
            cell = gathered[deal.id]["years_run"]
            assert deal.years_run == (Decimal(cell) if cell else None), deal.id
