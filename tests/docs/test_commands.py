"""Every command line and every Python block of README and documentation runs.

Blocks of one page run in order, in one folder that holds the examples. A line that begins with
`$ ` in a ```console block is run, and must end with exit code 0, or with the code that a comment
`# exit code N` at its end names. The lines that follow it, if any, must be what it prints;
`...` stands for anything. A block after the comment `<!-- not run: reason -->` is left out.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
BLOCK = re.compile(
    r"(?:^ *<!-- not run: (?P<reason>[^>]*?) -->\n+)?"
    r"^(?P<indent> *)```(?P<kind>console|python)\n(?P<body>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)
EXIT = re.compile(r"\s+# exit code (\d+)$")
RUNS = {"make demo": "sourcemix demo"}
"""What the Makefile runs; `tests/test_repository.py` holds it to that."""


@dataclass(frozen=True)
class Step:
    """One command or one Python block, with what it should print."""

    kind: str
    text: str
    printed: str = ""
    code: int = 0


def steps(page: str) -> list[Step]:
    found: list[Step] = []
    for block in BLOCK.finditer(page):
        if block["reason"]:
            continue
        body = textwrap.dedent(block["body"])
        if block["kind"] == "python":
            found.append(Step("python", body))
            continue
        for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
            command, _, printed = part.partition("\n")
            code = EXIT.search(command)
            found.append(
                Step("console", EXIT.sub("", command), printed, int(code[1]) if code else 0)
            )
    return found


def arguments(step: Step) -> list[str]:
    if step.kind == "python":
        return [sys.executable, "-W", "error", "-c", step.text]
    words = shlex.split(RUNS.get(step.text, step.text))
    assert words[0] == "sourcemix", f"only our own commands run here: {step.text}"
    return [sys.executable, "-m", *words]


def squeezed(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as a reader would have it: with the examples in it."""
    shutil.copytree(REPOSITORY / "examples", tmp_path / "examples")
    return tmp_path


WITH_STEPS = [page for page in PAGES if steps(page.read_text())]


@pytest.mark.parametrize("page", WITH_STEPS, ids=lambda p: p.relative_to(REPOSITORY).as_posix())
def test_what_a_page_shows_works(page: Path, folder: Path) -> None:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("SOURCEMIX_")}
    environ |= {"COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    for step in steps(page.read_text()):
        done = subprocess.run(
            arguments(step),
            cwd=folder,
            env=environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        said = done.stdout + done.stderr
        assert done.returncode == step.code, f"$ {step.text}\n{said}"
        if step.printed.strip():
            got, want = squeezed(said), squeezed(step.printed)
            same = doctest.OutputChecker().check_output(want + "\n", got + "\n", doctest.ELLIPSIS)
            assert same, f"$ {step.text}\nprinted:\n{got}\n\nthe page shows:\n{want}"


def test_blocks_are_found() -> None:
    page = (
        "```console\n$ sourcemix check a.yaml # exit code 2\nline 1: no\n$ sourcemix demo\n```\n"
        "<!-- not run: needs a network -->\n\n```console\n$ pip install sourcemix\n```\n"
        "1. In a list:\n\n   ```python\n   import sourcemix\n   ```\n"
    )
    assert steps(page) == [
        Step("console", "sourcemix check a.yaml", "line 1: no\n", 2),
        Step("console", "sourcemix demo"),
        Step("python", "import sourcemix\n"),
    ]
