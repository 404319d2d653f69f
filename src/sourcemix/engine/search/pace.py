"""How much work makes a round: as much as takes about so long."""

from __future__ import annotations

import time
from collections.abc import Callable

ROUND = 0.3
"""Seconds of a round, about."""


def timed(work: Callable[..., object], *given: object) -> float:
    """Do some work; how many seconds it took."""
    began = time.monotonic()
    work(*given)
    return time.monotonic() - began


def sized(pieces: int, spent: float) -> int:
    """How many pieces make a round, where so many took so long."""
    return max(1, min(10_000, int(pieces * min(2.0, max(0.5, ROUND / max(spent, 1e-3))))))
