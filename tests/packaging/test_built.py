"""sdist and wheel hold what they should, and work once installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]


def run(*command: str | Path, cwd: Path, **environ: str) -> str:
    """Run a command away from the repository; its standard output."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SOURCEMIX_", "PYTHON"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=clean | environ,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The sdist, and the wheel that is built from it."""
    out = tmp_path_factory.mktemp("dist")
    run(sys.executable, "-m", "build", "--outdir", out, REPOSITORY, cwd=out)
    (sdist,) = out.glob("*.tar.gz")
    (wheel,) = out.glob("*.whl")
    return sdist, wheel


def environment(folder: Path, *, pip: bool) -> Path:
    """An empty environment; its folder of programs."""
    venv.create(folder, with_pip=pip, symlinks=True)
    return folder / "bin"


def plan_an_example(programs: Path, folder: Path) -> None:
    """Version, check and plan of a bundled example, from the installed program."""
    version = run(programs / "sourcemix", "--version", cwd=folder)
    assert "0.1.0" in version
    where = run(
        programs / "python",
        "-c",
        "import sourcemix, importlib.resources as r; print(r.files(sourcemix) / 'examples')",
        cwd=folder,
    ).strip()
    assert str(folder) in where
    example = Path(where) / "two-services.yaml"
    plan = json.loads(run(programs / "sourcemix", "plan", example, "--json", cwd=folder))
    assert plan["verified"] is True
    assert plan["status"] in {"optimal", "within_gap"}


def test_the_sdist_can_be_worked_on(built: tuple[Path, Path]) -> None:
    with tarfile.open(built[0]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    for needed in ("LICENSE", "README.md", "Makefile", "tools/environment", "pyproject.toml"):
        assert needed in names
    assert "examples/two-services.yaml" in names
    assert "tests/packaging/test_built.py" in names
    assert "docs/reference/meaning.md" in names


def test_the_wheel_holds_the_package_and_its_data_only(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[1]) as archive:
        names = set(archive.namelist())
    source = REPOSITORY / "src"
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "sourcemix").rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    examples = REPOSITORY / "examples"
    wanted |= {
        f"sourcemix/examples/{path.relative_to(examples).as_posix()}"
        for path in examples.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert {name for name in names if ".dist-info/" not in name} == wanted
    assert "sourcemix/py.typed" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


def test_the_wheel_works_installed(built: tuple[Path, Path], tmp_path: Path) -> None:
    # Dependencies come from this environment, so that nothing is downloaded: our own package is
    # the wheel's, since it comes first. `test_the_wheel_works_in_an_empty_environment` does all.
    programs = environment(tmp_path / "env", pip=True)
    run(programs / "python", "-m", "pip", "install", "--no-deps", built[1], cwd=tmp_path)
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    site = tmp_path / "env" / "lib" / version / "site-packages"
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n")
    plan_an_example(programs, tmp_path)


def test_the_wheel_works_in_an_empty_environment(
    built: tuple[Path, Path], tmp_path: Path, full_size: None
) -> None:
    programs = environment(tmp_path / "env", pip=True)
    run(programs / "python", "-m", "pip", "install", built[1], cwd=tmp_path)
    plan_an_example(programs, tmp_path)
