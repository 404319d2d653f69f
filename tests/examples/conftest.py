"""Plans of the examples, each made once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sourcemix import files
from sourcemix.app.plan import plan_case
from sourcemix.model.plan import Plan

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.fixture(scope="session")
def county_plan() -> Plan:
    """The plan of the county's case, to the gap that the case asks for."""
    return plan_case(files.read_case(EXAMPLES / "county-ict.yaml"), seconds=600)


@pytest.fixture(scope="session")
def two_services_plan() -> Plan:
    """The plan of the small case."""
    return plan_case(files.read_case(EXAMPLES / "two-services.yaml"), seconds=60)
