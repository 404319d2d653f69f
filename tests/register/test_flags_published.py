"""Every fixture of Cardinal gives the figures that it expects."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import DATA

from sourcemix.register.flag_settings import FlagSettings, read_settings
from sourcemix.register.flags import red_flags
from sourcemix.register.preparing import prepared

FIXTURES = DATA / "peer-fixtures" / "cardinal-rs"
INDICATORS = sorted((FIXTURES / "indicators").glob("*.jsonl"))
PREPARE = sorted((FIXTURES / "prepare").glob("*.jsonl"))
pytestmark = pytest.mark.skipif(not FIXTURES.is_dir(), reason="the shared data folder is absent")


def settings_of(stem: str) -> FlagSettings:
    """Settings from the name of a fixture: `R003-threshold-10`, `R003-methods-open+selective`."""
    flag, *rest = stem.split("-")
    flag = flag.partition("_")[0]
    values: dict[str, str] = {}
    methods: dict[str, int] = {}
    if rest and rest[0] == "procurement_method_details":
        pairs = rest[1:]
        methods = {pairs[i]: int(pairs[i + 1]) for i in range(0, len(pairs), 2)}
    elif len(rest) >= 2:
        values = {rest[0]: rest[1].replace("+", "|")}
    return FlagSettings(
        flags={flag: values},
        methods=methods,
        no_price_methods=frozenset({"NPC"}),
        excluded=frozenset({"EXC"}),
    )


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


@pytest.mark.parametrize("path", INDICATORS, ids=lambda path: path.stem)
def test_indicators(path: Path) -> None:
    expected = json.loads(path.with_suffix(".expected").read_text())
    expected = {group: found for group, found in expected.items() if found}
    assert red_flags(lines(path), settings_of(path.stem)) == expected


@pytest.mark.parametrize("path", PREPARE, ids=lambda path: path.stem)
def test_preparation(path: Path) -> None:
    settings = read_settings(path.with_suffix(".ini"))
    releases = lines(path)
    for release in releases:
        prepared(release, settings)
    assert releases == lines(path.with_suffix(".output"))


def test_there_are_fixtures() -> None:
    assert len(INDICATORS) >= 8
    assert len(PREPARE) >= 9
