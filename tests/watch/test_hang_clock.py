"""The clock of a hang: a timer that is due by now has yet to wake its test."""

import threading
import time

import pytest

from loopcheck.labels import Labels
from loopcheck.watch.hang import held_turn
from loopcheck.watch.hang.hang_clock import HEARD, LATER, QUIET, Watchdog
from loopcheck.watch.hang.hang_endings import Endings
from loopcheck.watch.hang.hang_phase import Answer, Phase
from loopcheck.watch.hang.loop_survey import Seen

LIMIT = 4.0


class Loop:
    """A loop whose clock the test sets."""

    def __init__(self, now: float) -> None:
        self.now = now

    def time(self) -> float:
        return self.now


def looked(
    past: float, monkeypatch: pytest.MonkeyPatch, overdue: float | None = 100.0
) -> list[Seen]:
    """Return what a look ends that sees a sleep which was due *past* limits ago.

    *overdue*: the timer that was late at the look before, too.
    """
    seen = Seen(due=100.0)
    return judged(seen, 100.0 + past * LIMIT, LATER, monkeypatch, overdue=overdue)


def judged(
    seen: Seen,
    now: float,
    limits: float,
    monkeypatch: pytest.MonkeyPatch,
    looks: int = 3,
    overdue: float | None = None,
) -> list[Seen]:
    """Return what a look ends if the last *looks*, for so many *limits*, saw the same."""
    found: list[Seen] = []

    def end(self: Endings, phase: Phase, loop: Loop, root: object, seen: Seen, **_: object) -> None:
        found.append(seen)

    monkeypatch.setattr(Endings, "end_wait", end)
    clock = Watchdog(LIMIT, Labels(""), lambda phase: None)
    began = time.monotonic()
    phase = Phase(None, "call", threading.get_ident(), began, began)
    phase.last, phase.overdue = seen, overdue
    for _ in range(looks - 1):
        phase.moves.see(seen.moves)
    phase.moves.since = began - limits * LIMIT
    clock._waits(phase, Loop(now), None, seen)  # type: ignore[arg-type]
    return found


def test_a_timer_that_is_due_in_this_very_moment_is_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert looked(0.05, monkeypatch) == []


@pytest.mark.parametrize("overdue", [None, 50.0])
def test_a_timer_that_came_due_while_the_machine_stood_still_is_waited_for(
    overdue: float | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop has not run since then: it looks for us before it runs its timers."""
    assert looked(HEARD + 0.5, monkeypatch, overdue) == []


def test_a_timer_that_woke_nobody_for_long_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(looked(HEARD + 0.5, monkeypatch)) == 1


def test_what_makes_no_progress_is_ended_before_twice_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert judged(Seen(), 100.0, QUIET - 0.1, monkeypatch) == []
    assert len(judged(Seen(), 100.0, QUIET + 0.1, monkeypatch)) == 1


def test_what_still_turns_gets_more_time(monkeypatch: pytest.MonkeyPatch) -> None:
    turning = Seen(asks=("a `while`", None))
    assert judged(turning, 100.0, LATER - 0.1, monkeypatch) == []
    assert len(judged(turning, 100.0, LATER + 0.1, monkeypatch)) == 1


def test_a_process_that_was_stopped_meanwhile_was_not_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-Z, and an hour later `fg`: two looks lie an hour apart."""
    assert judged(Seen(), 100.0, 900.0, monkeypatch, looks=2) == []
    assert len(judged(Seen(), 100.0, 900.0, monkeypatch)) == 1


@pytest.mark.parametrize("begun", [True, False])
def test_a_step_that_ends_while_it_is_looked_at_is_not_ended(
    begun: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The loop then runs our own look, which takes a while on a busy machine."""
    ended: list[Phase] = []
    answer = Answer()

    def samples(*_: object) -> held_turn.Turn:
        answer.begun = begun
        return []

    monkeypatch.setattr(held_turn, "samples", samples)
    monkeypatch.setattr(Endings, "raise_in", lambda self, phase, *_, **__: ended.append(phase))
    clock = Watchdog(LIMIT, Labels(""), lambda phase: None)
    began = time.monotonic() - LATER * LIMIT
    phase = Phase(None, "call", threading.get_ident(), began, began)
    phase.ping, phase.answer, phase.unanswered = threading.Event(), answer, began
    clock._held_up(phase, Loop(100.0))  # type: ignore[arg-type]
    assert bool(ended) is not begun


@pytest.mark.parametrize(("took", "pause"), [(0.001, 0.25), (0.1, 0.9), (3.0, LIMIT / 4)])
def test_looks_that_take_long_come_less_often(took: float, pause: float) -> None:
    clock = Watchdog(LIMIT, Labels(""), lambda phase: None, took=took)
    assert clock.pause() == pytest.approx(pause)
