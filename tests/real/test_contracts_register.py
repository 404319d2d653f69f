"""A council's own register: its IT and facilities contracts load and plan."""

from __future__ import annotations

from datetime import date

import pytest

from sourcemix.app import plan_case
from tests.conftest import DATA
from tests.real.contracts_register import draft, read

REGISTERS = DATA / "salford-register"
WORDS = (
    "information comm",
    "services$",
    "software",
    "cctv",
    "facilit",
    "clean",
    "cater",
    "security",
)
START = date(2022, 10, 1)


@pytest.mark.skipif(not REGISTERS.is_dir(), reason="the shared data folder is absent")
def test_it_and_facilities_contracts_become_a_plan() -> None:
    paths = sorted(REGISTERS.glob("*.csv"))
    assert paths, "the folder holds no register"
    for path in paths:
        contracts, left_out = read(path, WORDS, START)
        assert len(contracts) >= 4
        assert left_out > 0, "a real register holds ended contracts and gaps"
        case = draft(contracts, START)
        plan = plan_case(case, gap=0.01, seconds=60)
        assert plan.status in ("optimal", "within_gap")
        assert plan.verified
        first = plan.result.nodes[0]
        live = {position.offer for position in first.positions}
        assert {agreement.offer for agreement in case.agreements} <= live
