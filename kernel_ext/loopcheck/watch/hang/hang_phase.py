"""One phase of a test under the clock of a hang, and what the last looks at it saw."""

from __future__ import annotations

import asyncio
import threading
import weakref
from dataclasses import field
from types import CodeType
from typing import Any

from loopcheck.clock import monotonic
from loopcheck.light import dataclass
from loopcheck.records import HangRecord
from loopcheck.watch.hang.loop_survey import Seen

Loop = asyncio.AbstractEventLoop

STOPPED = 0.5  # times the limit in which a loop's clock shows the same time
SHORT = 0.5  # seconds: a shorter limit is no reason to look away from a busy machine
ANSWER = 0.25  # seconds: a waiting loop answers in less than a thousandth


@dataclass(eq=False)
class Answer:
    """What a loop reports about itself: it fills this in while it runs our request."""

    begun: bool = False
    seen: Seen | None = None


@dataclass(eq=False)
class Unchanged:
    """Since when a mark is the same. None marks nothing: it differs from look to look."""

    mark: object = None
    since: float = 0.0
    looks: int = 0

    def see(self, mark: object) -> bool:
        """Take the mark of a look; return whether it differs from the last one."""
        self.looks += 1
        if mark is not None and mark == self.mark:
            return False
        self.mark, self.since, self.looks = mark, monotonic(), 1
        return True

    def lasts(self, seconds: float) -> bool:
        """Return whether it has been the same for *seconds*.

        Two looks prove nothing: between them the whole process may have been stopped (Ctrl-Z).
        """
        return self.looks > 2 and monotonic() - self.since >= seconds


def standstill(limit: float) -> float:
    """Return how long a loop's clock shows the same time before it counts as stopped."""
    return max(STOPPED * limit, SHORT)


@dataclass(eq=False)
class Phase:
    """The set-up, call or teardown of a test, and of a fixture in it."""

    item: Any
    when: str
    thread: int
    began: float
    test_began: float  # on the wall clock
    native: int | None = None  # the system's number of its thread
    fixture: str | None = None
    codes: tuple[CodeType, ...] = ()
    loop: weakref.ref[Loop] | None = None
    last: Seen | None = None
    moves: Unchanged = field(default_factory=Unchanged)  # what changes with each progress
    round: Unchanged = field(default_factory=Unchanged)  # the `while` that it spins in, if it moves
    due: float | None = None  # the test's timer, on the loop's clock
    due_by: float = 0.0  # the same on our clock, when first seen
    overdue: float | None = None  # the same, if the last look came after it
    clock: Unchanged = field(default_factory=Unchanged)  # the loop's: a test may stop it
    ping: threading.Event | None = None
    answer: Answer | None = None  # to *ping*: it may come after we stopped waiting for it
    unanswered: float | None = None
    step: Unchanged = field(default_factory=Unchanged)  # the call that a blocked loop is in
    blind: float | None = None  # since when each look at it has failed
    asleep: object = None  # what is ready while the loop sleeps
    asleep_since: float = 0.0
    ended: HangRecord | None = None
    tries: int = 0

    def anew(self) -> None:
        """Restart the clock."""
        self.began = monotonic()
        self.last = self.ping = self.answer = self.unanswered = None
        self.moves, self.round, self.step = Unchanged(), Unchanged(), Unchanged()
