"""The examples that come with the product."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from sourcemix.errors import FileError

FOLDER = "examples"


def examples() -> tuple[Path, ...]:
    """Every bundled example file that can be planned or awarded, in order of its path.

    Raises:
        FileError: the examples are not installed.
    """
    folder = _folder()
    return tuple(sorted(p for p in folder.rglob("*.yaml") if p.is_file()))


def example(stem: str) -> Path:
    """The bundled example of that name, such as `two-services`.

    Raises:
        FileError: there is none of that name, or the examples are not installed.
    """
    found = examples()
    for path in found:
        if path.stem == stem:
            return path
    names = ", ".join(path.stem for path in found)
    raise FileError(f"there is no example `{stem}`; there are: {names}")


def _folder() -> Path:
    # An installed package carries them; a source tree has them beside `src`.
    inside = Path(str(resources.files("sourcemix"))) / FOLDER
    beside = Path(__file__).resolve().parents[3] / FOLDER
    for folder in (inside, beside):
        if folder.is_dir():
            return folder
    raise FileError("the examples are not installed; install Sourcemix again, as a whole")
