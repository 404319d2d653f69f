from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from sourcemix import logs


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> Iterator[None]:
    logger = logging.getLogger(logs.ROOT)
    kept = (list(logger.handlers), logger.level, logger.propagate)
    yield
    logger.handlers[:], logger.propagate = kept[0], kept[2]
    logger.setLevel(kept[1])


@pytest.mark.parametrize(
    ("verbose", "log", "level"),
    [
        (0, "warning", logging.WARNING),
        (0, "debug", logging.DEBUG),
        (1, "warning", logging.INFO),
        (2, "error", logging.DEBUG),
        (5, "error", logging.DEBUG),
    ],
)
def test_level(verbose: int, log: str, level: int) -> None:
    assert logs.level_for(verbose, log) == level


def test_messages_go_to_standard_error_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.start(1)
    logs.start(1)
    logging.getLogger("sourcemix.engine.something").info("model built")
    logging.getLogger("sourcemix.engine.something").debug("a detail")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("model built") == 1
    assert "a detail" not in captured.err
