"""What the repository promises about itself."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]

LONGEST_MODULE = 420
LONGEST_FUNCTION = 75


def tracked() -> list[Path]:
    """Files that are, or would be, under version control."""
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [REPOSITORY / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def modules() -> list[Path]:
    return sorted((REPOSITORY / "src").rglob("*.py"))


def name(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def locked() -> set[tuple[str, str]]:
    lock = tomllib.loads((REPOSITORY / "uv.lock").read_text())
    return {(p["name"], p["version"]) for p in lock["package"] if p["name"] != "sourcemix"}


def test_plain_pip_installs_the_locked_versions() -> None:
    # `make lock` writes both.
    lines = (REPOSITORY / "requirements-dev.txt").read_text().splitlines()
    pinned = {tuple(line.partition(";")[0].strip().split("==")) for line in lines}
    assert pinned == locked()


def test_the_lock_knows_every_requirement() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
    asked = [*project["project"]["dependencies"]]
    for group in project["dependency-groups"].values():
        asked += [line for line in group if isinstance(line, str)]
    names = {re.split(r"[<>=!~ ]", line)[0].replace(".", "-").lower() for line in asked}
    assert names <= {package for package, _ in locked()}


@pytest.mark.parametrize("path", modules(), ids=name)
def test_modules_and_functions_are_short(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_MODULE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            first = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno
            assert (node.end_lineno or 0) - (first or 0) <= LONGEST_FUNCTION, node.name


LATER = ("src/sourcemix/__init__.py", "src/sourcemix/engine/routes.py")
"""The public face, and the choice between a small route and one that is slow to load."""


def starts_fast(path: Path) -> bool:
    """These and the command line import what they need only when it is asked for."""
    return name(path) in LATER or "cli" in path.parts


@pytest.mark.parametrize("path", [p for p in modules() if not starts_fast(p)], ids=name)
def test_imports_stand_at_the_top(path: Path) -> None:
    for function in ast.walk(ast.parse(path.read_text())):
        if isinstance(function, ast.FunctionDef):
            inside = [n for n in ast.walk(function) if isinstance(n, ast.Import | ast.ImportFrom)]
            hidden = [ast.unparse(n) for n in inside if "sourcemix" in ast.unparse(n)]
            assert hidden == [], function.name


def test_each_solver_is_imported_in_one_file_only() -> None:
    pattern = re.compile(r"^\s*(?:import|from)\s+(?:highspy|pyscipopt)\b", re.MULTILINE)
    found = [name(path) for path in modules() if pattern.search(path.read_text())]
    workers = ["highs_worker.py", "scip_worker.py"]
    assert found == [f"src/sourcemix/engine/{name}" for name in workers]


def test_no_file_names_a_place_of_this_machine() -> None:
    places = {str(REPOSITORY).encode(), str(Path.home()).encode()}
    for path in tracked():
        content = path.read_bytes()
        assert not [place for place in places if place + b"/" in content], name(path)


def test_no_file_is_a_copy_of_shared_material(data: Path) -> None:
    shared = {file.stat().st_size for file in data.parent.rglob("*") if file.is_file()}
    suspects = [path for path in tracked() if path.stat().st_size in shared - {0}]
    for path in suspects:
        content = path.read_bytes()
        for file in data.parent.rglob(f"*{path.suffix}"):
            if file.is_file() and file.stat().st_size == len(content):
                assert file.read_bytes() != content, f"{name(path)} is {file.name}"


@pytest.mark.parametrize("target", ["demo", "test", "test-full", "check", "bench", "docs"])
def test_make_offers(target: str) -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE)


def test_make_demo_runs_the_demo() -> None:
    assert "$(BIN)/sourcemix demo" in (REPOSITORY / "Makefile").read_text()


def test_the_change_log_tells_of_this_version() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    log = (REPOSITORY / "CHANGELOG.md").read_text()
    assert "## [Unreleased]" in log or f"## [{project['version']}]" in log


def test_decisions_are_numbered_without_gaps_and_listed() -> None:
    folder = REPOSITORY / "docs" / "decisions"
    files = sorted(path.stem for path in folder.glob("[0-9]*.md"))
    assert [int(stem[:4]) for stem in files] == list(range(1, len(files) + 1))
    index = (folder / "index.md").read_text()
    assert [stem for stem in files if stem not in index] == []
