"""Bringing files up: so far there is nothing to bring up."""

from __future__ import annotations

from pathlib import Path

import pytest

from sourcemix import files
from sourcemix.files.migrate import MIGRATIONS, brought_up

HERE = Path(__file__).parent


@pytest.mark.parametrize("name", ["design_case.yaml", "design_event.yaml"])
def test_a_file_of_this_version_is_left_as_it_is(name: str) -> None:
    before = (HERE / name).read_bytes()
    done = files.migrate(HERE / name)
    assert not done.changed
    assert done.message == (
        "nothing to do: the file is in format 1, the newest one and so far the only one"
    )
    assert (HERE / name).read_bytes() == before
    assert MIGRATIONS == {}


def test_old_versions_come_up_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(MIGRATIONS, 1, lambda data: {**data, "two": data["one"]})
    monkeypatch.setitem(MIGRATIONS, 2, lambda data: {**data, "three": data["two"] + 1})
    assert brought_up({"one": 1}, 1, 3) == {"one": 1, "two": 1, "three": 2}
    assert brought_up({"one": 1}, 3, 3) == {"one": 1}
