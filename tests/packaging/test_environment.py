"""`tools/environment` picks a Python that runs, and uv where it is there."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
RUNS = "exit 0"
FAILS = "echo 'not a version that is installed' >&2; exit 127"
TELLS = 'echo "$(basename "$0")" "$@"'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder like the repository, with programs of our own making and no others."""
    (tmp_path / "tools").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(REPOSITORY / "tools" / "environment", tmp_path / "tools")
    for needed in ("sh", "dirname", "basename"):
        (tmp_path / "bin" / needed).symlink_to(shutil.which(needed) or "")
    return tmp_path


def program(folder: Path, name: str, body: str) -> None:
    file = folder / "bin" / name
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)


def make(folder: Path, what: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", folder / "tools" / "environment", what],
        env={"PATH": str(folder / "bin")} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_there_but_does_not_run_is_passed_over(folder: Path) -> None:
    program(folder, "python3.13", FAILS)
    program(folder, "python3.12", RUNS)
    program(folder, "uv", TELLS)
    said = make(folder, "dev").stdout
    assert said == "uv sync --locked --python python3.12\n"


def test_core_leaves_out_what_only_developers_need(folder: Path) -> None:
    program(folder, "python3", RUNS)
    program(folder, "uv", TELLS)
    assert "--no-default-groups" in make(folder, "core").stdout


def test_a_named_python_is_used(folder: Path) -> None:
    program(folder, "python3.13", RUNS)
    program(folder, "mine", RUNS)
    program(folder, "uv", TELLS)
    assert make(folder, "dev", PYTHON="mine").stdout.endswith("--python mine\n")


def test_without_a_python_it_says_what_is_needed(folder: Path) -> None:
    program(folder, "python3", FAILS)
    done = make(folder, "core")
    assert done.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in done.stderr
    assert "make PYTHON=" in done.stderr


@pytest.mark.parametrize("uv", [FAILS, None], ids=["broken", "absent"])
def test_without_uv_it_uses_venv_and_pip(folder: Path, uv: str | None) -> None:
    program(folder, "python3.11", 'case "$1" in -m) echo venv "$@";; esac')
    if uv:
        program(folder, "uv", uv)
    done = make(folder, "core")
    assert "venv -m venv --clear .venv" in done.stdout


def test_uv_can_be_left_out(folder: Path) -> None:
    program(folder, "python3.11", 'case "$1" in -m) echo venv "$@";; esac')
    program(folder, "uv", TELLS)
    assert "venv" in make(folder, "core", UV="").stdout
