"""Drivers to the tree of futures: every combination of what they may do, period by period."""

from __future__ import annotations

from sourcemix.futures.product import grow

__all__ = ["grow"]
