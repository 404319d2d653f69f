"""Figures of law and guidance, as dated data with their sources.

Every figure is a row of a file under `data/`, with the dates between which it holds, the
jurisdiction, the source and a note. None is a constant in code.
"""

from __future__ import annotations

from sourcemix.law.discounting import discount_rate, schedules

__all__ = ["discount_rate", "schedules"]
