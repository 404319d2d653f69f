"""With SOURCEMIX_REQUIRE_ALL=1 a test that is skipped although it could run is a failure."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

SUITE = """
import pytest

def test_runs(): pass

def test_skips(): pytest.skip("no time today")

def test_asks_for_full_size(full_size): pass

def test_asks_for_data(data): pass

@pytest.mark.xfail(strict=True, reason="known")
def test_fails_as_expected(): assert False
"""


def outcome(folder: Path, **environ: str) -> str:
    """Last line of a run of the small suite above."""
    (folder / "conftest.py").write_text((REPOSITORY / "tests" / "conftest.py").read_text())
    (folder / "test_small.py").write_text(SUITE)
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SOURCEMIX_", "PYTEST"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", folder],
        cwd=folder,
        env=clean | environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip().splitlines()[-1]


def test_a_skip_is_a_skip_by_default(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    assert "1 passed, 3 skipped, 1 xfailed" in outcome(tmp_path, SOURCEMIX_DATA=absent)


def test_only_reasons_that_hold_are_allowed(tmp_path: Path) -> None:
    absent = str(tmp_path / "absent")
    line = outcome(tmp_path, SOURCEMIX_DATA=absent, SOURCEMIX_REQUIRE_ALL="1")
    assert "1 failed, 1 passed, 2 skipped, 1 xfailed" in line


def test_a_module_that_skips_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "test_absent.py").write_text("import pytest\npytest.importorskip('no_such_module')")
    line = outcome(tmp_path, SOURCEMIX_REQUIRE_ALL="1", SOURCEMIX_DATA=str(tmp_path))
    assert "error" in line


@pytest.mark.parametrize("variable", ["SOURCEMIX_REQUIRE_ALL"])
def test_ci_asks_for_it(variable: str) -> None:
    assert f"export {variable}=1" in (REPOSITORY / ".ci" / "run").read_text()
