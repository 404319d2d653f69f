"""Messages about what the program is doing, through the standard library's logging.

Modules say `logging.getLogger(__name__)`. The library itself never sets handlers; a program that
uses it decides, and the command line does so with `start`.
"""

from __future__ import annotations

import logging
import sys

ROOT = "sourcemix"
"""Logger above all of ours."""

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def level_for(verbose: int, log: str) -> int:
    """The level for so many `-v`: one shows what is done, two or more show every detail.

    Without any, the setting `SOURCEMIX_LOG` decides.
    """
    if verbose >= 2:
        return logging.DEBUG
    if verbose == 1:
        return logging.INFO
    return int(logging.getLevelNamesMapping()[log.upper()])


def start(verbose: int = 0, log: str = "warning") -> None:
    """Send our messages of that level and above to standard error; may be called again."""
    logger = logging.getLogger(ROOT)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter(FORMAT))
    logger.addHandler(handler)
    logger.setLevel(level_for(verbose, log))
    logger.propagate = False
