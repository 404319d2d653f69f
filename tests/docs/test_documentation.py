"""The documentation builds without a warning and leaves nothing out."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML
from typer.main import get_command

import sourcemix
from sourcemix import model, settings
from sourcemix.cli.commands import app
from sourcemix.cli.exits import Exit

DOCS = Path(__file__).resolve().parents[2] / "docs"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The documentation, built as `make docs` does."""
    out = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-n", "-q", "-d", out / ".trees", DOCS, out],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return out


def fields_of(kind: type) -> set[str]:
    fields = getattr(kind, "model_fields", {})
    return {field.alias or name for name, field in fields.items()}


@pytest.mark.parametrize(
    ("page", "types"),
    [
        ("file-format", ["Case", "Offer", "ServiceTerms", "Budget", "DemandDriver", "Indicative"]),
        ("file-format", ["Event", "Bid", "Discount", "MaxWinners", "SupplierFailureDriver"]),
        ("output", ["Plan", "PlanResult", "Node", "Position", "Award", "Winner", "Verification"]),
    ],
)
def test_every_field_is_documented(site: Path, page: str, types: list[str]) -> None:
    html = (site / "reference" / f"{page}.html").read_text()
    for name in types:
        section = re.search(rf'id="type-{name.lower()}".*?</table>', html, re.DOTALL)
        assert section, name
        rows = re.findall(r"<tr.*?</tr>", section[0], re.DOTALL)[1:]
        named = {re.search(r"class=\"pre\">(\w+)<", row)[1] for row in rows}  # type: ignore[index]
        assert named == fields_of(find(name)), name


def find(name: str) -> type:
    for module in pkgutil.iter_modules(model.__path__, "sourcemix.model."):
        found = getattr(importlib.import_module(module.name), name, None)
        if isinstance(found, type):
            return found
    raise LookupError(name)


def test_every_public_name_is_documented(site: Path) -> None:
    html = (site / "reference" / "api.html").read_text()
    text = re.sub(r"<[^>]+>", "", html)
    for name in sourcemix.__all__:
        assert re.search(rf"(sourcemix\.{name}|id=\"sourcemix\.{name}\")", text + html), name


def test_every_setting_is_documented() -> None:
    page = (DOCS / "reference" / "settings.md").read_text()
    rows = set(re.findall(r"^\| `(SOURCEMIX_\w+)` \|", page, re.MULTILINE))
    assert rows == set(settings.VARIABLES)


def test_every_exit_code_is_documented() -> None:
    page = (DOCS / "reference" / "exit-codes.md").read_text()
    assert [int(code) for code in re.findall(r"^\| (\d+) \|", page, re.MULTILINE)] == list(Exit)


def test_every_command_and_option_is_documented(site: Path) -> None:
    html = (site / "reference" / "command-line.html").read_text()
    group: Any = get_command(app)
    assert set(group.commands) >= {"demo", "new", "check", "plan", "award", "verify", "quick"}
    for name, command in group.commands.items():
        section = re.search(rf'<section id="{name}">.*?</section>', html, re.DOTALL)
        assert section, name
        told = re.sub(r"<[^>]+>", "", section[0])
        for option in (option for found in command.params for option in found.opts):
            assert not option.startswith("-") or re.search(rf"{option}\b", told), option


def test_every_page_is_reached() -> None:
    pages = {path for path in DOCS.rglob("*.md") if "_ext" not in path.parts}
    listed = {DOCS / "index.md"}
    for page in pages:
        for tree in re.findall(r"```\{toctree\}\n(.*?)```", page.read_text(), re.DOTALL):
            for line in tree.splitlines():
                if line.strip() and not line.startswith(":"):
                    listed.add(page.parent / f"{line.strip()}.md")
    assert {path.relative_to(DOCS).as_posix() for path in pages ^ listed} == set()


def holds(whole: object, part: object) -> bool:
    """Whether everything that an excerpt states is so in the whole."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(
            key in whole and holds(whole[key], value) for key, value in part.items()
        )
    if isinstance(part, list):
        return isinstance(whole, list) and all(
            any(holds(item, value) for item in whole) for value in part
        )
    return whole == part


def test_the_tutorial_quotes_its_example() -> None:
    yaml = YAML(typ="safe")
    example = yaml.load(DOCS.parent / "examples" / "two-services.yaml")
    page = (DOCS / "tutorial" / "first-plan.md").read_text()
    excerpts = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    assert len(excerpts) >= 8
    for excerpt in excerpts:
        assert holds(example, yaml.load(excerpt)), excerpt
