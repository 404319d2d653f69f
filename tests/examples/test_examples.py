"""What all examples share: a first line that says what they are, and priors that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sourcemix import evidence, files
from sourcemix.model.case import Case
from sourcemix.model.event import Event

FOLDER = Path(__file__).parents[2] / "examples"
FILES = sorted(FOLDER.glob("*.yaml"))


def test_the_examples_are_there() -> None:
    names = [file.stem for file in FILES]
    assert names == ["county-ict", "school-transport", "two-services"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_starts_by_saying_what_it_is(file: Path) -> None:
    first, second, *_ = file.read_text(encoding="utf-8").splitlines()
    assert first.startswith("# ")
    assert second.startswith("# ")
    assert "fictional" in file.read_text(encoding="utf-8")[:600]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_cites_priors_that_exist(file: Path) -> None:
    cited = set(re.findall(r"\bP\d{3}\b", file.read_text(encoding="utf-8")))
    assert cited
    assert cited <= {prior.id for prior in evidence.priors()}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_it_survives_being_written_and_read(file: Path) -> None:
    document = files.read(file)
    assert isinstance(document, Case | Event)
    again = files.dumps(document, "json")
    assert files.digest(document) == files.digest(type(document).model_validate_json(again))
