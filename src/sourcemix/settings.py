"""Settings from the environment: every `SOURCEMIX_*` variable, read in one place.

Options of the command line go over them; they go over the defaults below.
"""

from __future__ import annotations

import math
import os
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from sourcemix.errors import Fault, InputError

LOG_LEVELS = ("debug", "info", "warning", "error")
"""Levels that `SOURCEMIX_LOG` takes."""


@dataclass(frozen=True)
class Settings:
    """What the environment sets.

    Attributes:
        cache: folder for what can be made again (`SOURCEMIX_CACHE`).
        log: level of the messages on standard error (`SOURCEMIX_LOG`).
        seed: seed of the search (`SOURCEMIX_SEED`).
        time: time limit of a solve in seconds (`SOURCEMIX_TIME`).
        nodes: most nodes that a tree of futures may have (`SOURCEMIX_NODES`).
        gap: gap at which planning may stop, as a share of the cost; none: the case's own, or 0
            for an event (`SOURCEMIX_GAP`).
        data: folder of test data (`SOURCEMIX_DATA`); none: the tests look beside the repository.
    """

    cache: Path
    log: str = "warning"
    seed: int = 0
    time: float = 300.0
    nodes: int = 300
    gap: float | None = None
    data: Path | None = None


VARIABLES: dict[str, str] = {
    f"SOURCEMIX_{name.upper()}": name
    for name in ("cache", "log", "seed", "time", "nodes", "gap", "data")
}
"""Each variable, and the setting it gives."""


def load(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings; an empty variable counts as absent.

    Raises:
        InputError: naming every variable whose value cannot be used, and what would be right.
    """
    reader = _Reader(environ)
    settings = Settings(
        cache=reader.folder("SOURCEMIX_CACHE") or default_cache(),
        log=reader.level("SOURCEMIX_LOG", Settings.log),
        seed=int(reader.number("SOURCEMIX_SEED", Settings.seed, 0, 2**31 - 1, whole=True)),
        time=reader.number("SOURCEMIX_TIME", Settings.time, 0.1, 1e7),
        nodes=int(reader.number("SOURCEMIX_NODES", Settings.nodes, 1, 10**6, whole=True)),
        gap=reader.share("SOURCEMIX_GAP"),
        data=reader.folder("SOURCEMIX_DATA"),
    )
    if reader.faults:
        raise InputError(reader.faults)
    return settings


def default_cache() -> Path:
    """The user's own cache folder for Sourcemix; nothing is created."""
    return Path(platformdirs.user_cache_dir("sourcemix", appauthor=False))


def numba_cache(environ: MutableMapping[str, str] = os.environ) -> None:
    """Point numba's cache at the user's cache folder, unless `NUMBA_CACHE_DIR` is set.

    Its own choice is beside the code, which may be read-only. Call it before numba is imported.
    """
    if not environ.get("NUMBA_CACHE_DIR"):
        cache = environ.get("SOURCEMIX_CACHE") or default_cache()
        environ["NUMBA_CACHE_DIR"] = str(Path(cache) / "numba")


class _Reader:
    """Reads variables and gathers what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.faults: list[Fault] = []

    def text(self, name: str) -> str:
        return self.environ.get(name, "").strip()

    def folder(self, name: str) -> Path | None:
        text = self.text(name)
        if not text:
            return None
        folder = Path(text).expanduser()
        if folder.exists() and not folder.is_dir():
            self.refuse(name, "should be a folder")
        return folder

    def level(self, name: str, default: str) -> str:
        text = self.text(name).lower()
        if text and text not in LOG_LEVELS:
            self.refuse(name, f"should be one of {', '.join(LOG_LEVELS)}")
        return text or default

    def share(self, name: str) -> float | None:
        return self.number(name, 0, 0, 1) if self.text(name) else None

    def number(
        self, name: str, default: float, least: float, most: float, *, whole: bool = False
    ) -> float:
        text = self.text(name)
        if not text:
            return default
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not least <= value <= most or (whole and value != int(value)):
            kind = "whole number" if whole else "number"
            self.refuse(name, f"should be a {kind} from {least:,.12g} to {most:,.12g}")
            return default
        return value

    def refuse(self, name: str, right: str) -> None:
        self.faults.append(Fault((name,), f"`{self.text(name)}` cannot be used; it {right}"))
