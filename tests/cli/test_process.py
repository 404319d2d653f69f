"""The program as its users run it: processes, pipes, signals, a terminal."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pexpect
import pytest

from sourcemix.app.new import StarterKind
from sourcemix.cli.exits import Exit

Starter = Callable[[StarterKind], str]

pytestmark = pytest.mark.skipif(
    sys.platform == "win32", reason="signals and pseudo-terminals are those of Unix"
)


def test_help_and_version_import_neither_model_nor_engine() -> None:
    code = (
        "import sys; sys.argv = ['sourcemix', '--help']\n"
        "from sourcemix.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print([m for m in sys.modules if m.split('.')[0] in ('pydantic', 'numpy', 'ruamel')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_the_table_needs_no_colour_and_only_plain_signs_in_a_pipe(
    program: Sequence[str], starter: Starter, tmp_path: Path
) -> None:
    done = subprocess.run(
        [*program, "plan", starter("case")], cwd=tmp_path, capture_output=True, check=True
    )
    text = done.stdout.decode("utf-8")
    assert "\x1b" not in text
    assert all(ord(sign) < 128 or sign in "£“”" for sign in text)
    assert max(map(len, text.splitlines())) <= 80


def test_a_terminal_that_cannot_show_the_pound_sign_gets_no_error(
    program: Sequence[str], starter: Starter, tmp_path: Path
) -> None:
    around = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [*program, "plan", starter("case")], cwd=tmp_path, capture_output=True, env=around
    )
    assert done.returncode == Exit.DONE
    assert done.stderr == b""


def test_a_broken_pipe_is_quiet(program: Sequence[str], starter: Starter, tmp_path: Path) -> None:
    case = starter("case")
    with subprocess.Popen(
        [*program, "plan", case, "--json"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait() == Exit.BROKEN_PIPE


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.parametrize(
    "args", [["plan", "case.yaml"], ["plan", "case.yaml", "--json"], ["--help"], ["schema", "case"]]
)
def test_a_full_disk_is_a_plain_error(
    program: Sequence[str], starter: Starter, tmp_path: Path, args: list[str]
) -> None:
    starter("case")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run([*program, *args], cwd=tmp_path, stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == Exit.NOT_WRITTEN
    assert done.stderr.decode().startswith("Error: ")
    assert "Traceback" not in done.stderr.decode()


def test_ctrl_c_while_the_program_is_being_loaded_is_no_traceback() -> None:
    code = (
        "import sys\n"
        "class Interrupt:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'sourcemix.cli.commands': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Interrupt())\n"
        "from sourcemix.cli import main\n"
        "main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == Exit.INTERRUPTED
    assert done.stderr == "Error: Interrupted before there was a result.\n"


LONG = Path(__file__).resolve().parents[2] / "examples" / "county-ict.yaml"


def test_ctrl_c_keeps_the_best_plan(program: Sequence[str], tmp_path: Path) -> None:
    """The search is interrupted as soon as it says that it has a plan."""
    child = pexpect.spawn(
        program[0],
        [*program[1:], "plan", str(LONG), "--gap", "0", "--out", "plan.json"],
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=120,
        dimensions=(40, 100),
        # Where the tests themselves run in the background, interrupts are ignored.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    child.expect(r"Searching, .*cost £")
    child.kill(signal.SIGINT)
    child.expect(r"interrupted")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == Exit.INTERRUPTED
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert plan["reason"] == "interrupted"
    assert plan["verified"] is True


def test_quick_asks_at_a_terminal(program: Sequence[str], tmp_path: Path) -> None:
    child = pexpect.spawn(
        program[0],
        [*program[1:], "quick", "--today", "2026-11-22"],
        cwd=str(tmp_path),
        encoding="utf-8",
        timeout=120,
        dimensions=(60, 100),
    )
    for question, answer in (
        ("what is it", "Post room"),
        ("cost a year", "£20k"),
        ("delivers it now", "X Ltd"),
        ("When does that end", "30/09/2028"),
        ("steady or changing", "steady"),
        ("what is it", ""),
    ):
        child.expect(question)
        child.sendline(answer)
    child.expect("Five years or 2\\+1\\+1")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == Exit.DONE
    assert (tmp_path / "draft.yaml").exists()
