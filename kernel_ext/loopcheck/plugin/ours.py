"""An error in loopcheck is a line in the report. It never fails a test, and never ends a run."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from loopcheck.labels import plain

LONGEST = 300


def said(subject: str, error: Exception) -> str:
    """Return the line: what failed, and what people can do about it."""
    from loopcheck.report._story import visible  # late: only an error needs it

    words = visible(" ".join(plain(str(error)).split()))[:LONGEST]
    kind = type(error).__name__
    return f"loopcheck could not {subject}: {kind}: {words}; please report it"


def noted(subject: str, note: str) -> str:
    """Return the line for an error after which the rest went on, with a *note*."""
    return f"loopcheck could not {subject} ({note}); please report it"


@contextmanager
def guarded(subject: str, lines: list[str]) -> Iterator[None]:
    """Turn an error in the block into one of *lines*; the same error appears once."""
    try:
        yield
    except Exception as error:
        line = said(subject, error)
        if line not in lines:
            lines.append(line)


# The original: the test that failed may have replaced it. Windows has none.
_SET_TIMER = getattr(signal, "setitimer", None)


@contextmanager
def alarm_paused() -> Iterator[None]:
    """Stop the clock of a test's time limit while we look.

    pytest-timeout sets an alarm that covers all phases of a test and the hooks around them. Its
    error in a hook ends the whole run, and a look takes seconds on a machine with no time to spare.
    """
    if _SET_TIMER is None:
        yield
        return
    left, again = _SET_TIMER(signal.ITIMER_REAL, 0)
    try:
        yield
    finally:
        if left:
            _SET_TIMER(signal.ITIMER_REAL, left, again)


class Looking:
    """Looks that each test pays for. After one has failed, they stop: it would fail again."""

    def __init__(self, subject: str, lines: list[str]) -> None:
        self.subject, self.lines = subject, lines
        self.failed = False

    def __call__(self, look: Callable[..., None], *given: Any) -> None:
        if self.failed:
            return
        try:
            look(*given)
        except Exception as error:
            self.failed = True
            self.lines.append(said(self.subject, error))
