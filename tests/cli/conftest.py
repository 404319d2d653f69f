from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sourcemix.app.new import STARTERS, StarterKind, new_case
from sourcemix.cli.commands import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in an empty folder, without settings from around."""
    for name in list(os.environ):
        if name.startswith("SOURCEMIX_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)

    def run(*args: str, input: str | None = None) -> Result:
        return CliRunner().invoke(app, list(args), input=input)

    return run


@pytest.fixture
def starter(tmp_path: Path) -> Callable[[StarterKind], str]:
    """Write a starter file; gives its name."""

    def write(kind: StarterKind) -> str:
        (tmp_path / STARTERS[kind]).write_text(new_case(kind), encoding="utf-8")
        return STARTERS[kind]

    return write


@pytest.fixture
def program() -> Sequence[str]:
    """The program as a process of its own."""
    return (sys.executable, "-m", "sourcemix")
