"""Planning: the mix for every node of a tree of futures. Exact route."""

from __future__ import annotations

from sourcemix.engine.planning.solve import solve

__all__ = ["solve"]
