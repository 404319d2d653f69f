"""The solver process that stands by."""

from __future__ import annotations

from sourcemix.engine import standby


def test_the_one_that_waits_is_taken_once() -> None:
    standby.warm()
    standby.warm()
    first, second = standby.take(), standby.take()
    assert first.pid != second.pid
    for process in (first, second):
        standby.end(process)
        assert process.returncode is not None


def test_one_that_died_while_waiting_is_not_taken() -> None:
    standby.warm()
    waiting = standby.take()
    standby.end(waiting)
    standby._waiting.append(waiting)
    fresh = standby.take()
    assert fresh.poll() is None
    standby.end(fresh)


def test_without_a_model_it_ends_quietly() -> None:
    process = standby.take()
    out, error = process.communicate(b"")
    assert (out, error, process.returncode) == (b"", b"", 0)
