"""The clock of a hang: a timer that is due by now has yet to wake its test."""

import threading
import time

import pytest

from loopcheck.labels import Labels
from loopcheck.watch.hang.hang_clock import HEARD, LATER, Phase, Watchdog
from loopcheck.watch.hang.loop_survey import Seen


class Loop:
    """A loop whose clock the test sets."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


def looked(past: float, monkeypatch: pytest.MonkeyPatch) -> list[Seen]:
    """Return what a look ends that sees a sleep which was due *past* limits ago."""
    found: list[Seen] = []

    def end(
        self: Watchdog, phase: Phase, loop: Loop, root: object, seen: Seen, **_: object
    ) -> None:
        found.append(seen)

    monkeypatch.setattr(Watchdog, "_end_waiting", end)
    clock = Watchdog(0.4, Labels(""), lambda phase: None)
    now = time.monotonic()
    phase = Phase(None, "call", threading.get_ident(), now, now)
    phase.since = phase.clock_since = now - LATER * clock.seconds - 0.1
    seen = Seen(due=100.0)
    phase.last = seen
    loop = Loop(100.0 + past * clock.seconds)
    clock._waits(phase, loop, None, seen)  # type: ignore[arg-type]
    return found


def test_a_timer_that_is_due_in_this_very_moment_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert looked(0.05, monkeypatch) == []


def test_a_timer_that_woke_nobody_for_long_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(looked(HEARD + 0.5, monkeypatch)) == 1
