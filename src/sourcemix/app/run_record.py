"""How a result came about: when, for how long, on what."""

from __future__ import annotations

import platform
from datetime import UTC, datetime

from sourcemix.engine.answer import Answer, Limits
from sourcemix.model.plan import Run


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def run_record(
    started: datetime, answer: Answer, limits: Limits, settings: dict[str, object]
) -> Run:
    """The part of a result that differs from run to run."""
    return Run(
        seconds=round((now() - started).total_seconds(), 3),
        seed=limits.seed,
        started=started.isoformat(timespec="seconds"),
        machine=f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        settings={"gap": limits.gap, "seconds": limits.seconds, **settings},
        trace=answer.trace,
    )
