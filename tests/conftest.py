"""What all tests share: sample sizes, data beside the repository, and no silent skips."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parents[1]
FULL = os.environ.get("SOURCEMIX_FULL") == "1"
REQUIRE_ALL = os.environ.get("SOURCEMIX_REQUIRE_ALL") == "1"
DATA = Path(os.environ.get("SOURCEMIX_DATA") or REPOSITORY.parent / "shared" / "data")

ALLOWED_SKIPS = {
    re.compile(r"data folder|shared data"): not DATA.is_dir(),
    re.compile(r"full size: set SOURCEMIX_FULL=1"): not FULL,
}
"""Reasons for which a test may be skipped although everything is required, while they are true."""

settings.register_profile(
    "ci", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "full",
    max_examples=1000,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("full" if FULL else "ci"))


def may_skip(reason: str) -> bool:
    """Whether a skip is allowed while every test is required."""
    return any(allowed and pattern.search(reason) for pattern, allowed in ALLOWED_SKIPS.items())


def _refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not (REQUIRE_ALL and report.skipped) or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not may_skip(reason):
        report.outcome = "failed"
        report.longrepr = f"every test is required, but this one was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip that is not allowed into a failure."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a module that skips itself as a whole."""
    report = yield
    _refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder of the repository."""
    return REPOSITORY


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of shared test data; skips where it is absent."""
    if not DATA.is_dir():
        pytest.skip("needs the data folder: set SOURCEMIX_DATA")
    return DATA


@pytest.fixture(scope="session")
def full_size() -> None:
    """For tests of the full-size suite only."""
    if not FULL:
        pytest.skip("full size: set SOURCEMIX_FULL=1")
