"""The gap against time, as a picture: one panel for each portfolio, one line for each solver."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from benchmarks.peers import Trace

RANGE = (1e-6, 10.0)
"""Gaps that the axis shows; what is beyond stands at its end."""


def draw(panels: dict[str, dict[str, Trace]], path: Path) -> str:
    """Draw it; what became of it, in words.

    Args:
        panels: by title and solver: seconds, cost and bound.
        path: where the picture goes; folders are made.
    """
    if importlib.util.find_spec("matplotlib") is None:
        return "no plot: matplotlib is absent"
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(panels), figsize=(6 * len(panels), 4), squeeze=False)
    for axis, (title, traces) in zip(axes[0], panels.items(), strict=True):
        for solver, trace in traces.items():
            known = [(s, (c - b) / abs(c)) for s, c, b in trace if c and b is not None]
            seconds = [moment for moment, _ in known]
            gaps = [min(max(gap, RANGE[0]), RANGE[1]) for _, gap in known]
            axis.step(seconds, gaps, where="post", label=solver if known else f"{solver} (none)")
        axis.set(title=title, xlabel="seconds", ylabel="proven gap", yscale="log", ylim=RANGE)
        axis.grid(visible=True, alpha=0.3)
        axis.legend()
    figure.tight_layout()
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)
    return f"plot: {path}"
