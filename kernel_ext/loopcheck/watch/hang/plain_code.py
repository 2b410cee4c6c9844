"""Code of a test that runs outside of any loop: whether it goes on, seen from another thread."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import FrameType

from loopcheck.clock import until
from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.process import thread_stacks
from loopcheck.process.frames import is_users
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.waiting import busy_threads, call_limits, waits
from loopcheck.records import HangRecord, SpinRecord
from loopcheck.source import call_names, lines
from loopcheck.watch import processors
from loopcheck.watch.hang import held_turn


@dataclass(eq=False)
class Standing:
    """A look at plain code. Lives until the next look."""

    thread: int
    frame: FrameType  # the innermost of user code, or of the loop that calls it again and again
    same: object  # what stays the same while it makes no progress
    proved: bool  # nothing can end it
    turn: held_turn.Turn  # its frames, several times
    record: HangRecord
    spin: SpinRecord | None  # the loop that it is in, though it sleeps there

    def is_left_within(self, seconds: float) -> bool:
        """Return whether the thread has left this code, or does so within *seconds*."""
        return until(self._is_left, seconds)

    def _is_left(self) -> bool:
        return not any(one is self.frame for one in thread_stacks.of(self.thread))


def look(
    thread: int,
    labels: Labels,
    native: int | None = None,
    beat: Callable[[], None] = lambda: None,
) -> Standing | None:
    """Return where *thread* is, None if it runs no user code."""
    never, sleep = threading.Event(), processors.Sleep(native)
    turns = [
        turn for frames in held_turn.taken(thread, never, beat) if (turn := _users_part(frames))
    ]
    if len(turns) < held_turn.LOOKS:
        return None
    slept = sleep.mostly()
    spin, blocked = held_turn.read(turns, labels, slept=slept)
    frame = next(one for one, _ in turns[-1] if is_users(one))
    loop = held_turn.loop_of(turns, labels)
    # What only sleeps in each iteration makes no progress; a clock may end its `while` in time.
    sleeps = loop is not None and slept and not loop.clock
    again = loop.frame if loop is not None and (loop.frame is frame or sleeps) else None
    if spin is not None and spin.keyword == "for":
        return None  # it goes through what may be long
    still = (spin is not None and spin.still) or held_turn.locked(turns)
    line, call = blocked if blocked is not None else (None, None)
    return Standing(
        thread=thread,
        frame=again or frame,
        same=held_turn.mark(turns[-1], again),
        spin=loop.record if loop is not None and loop.record.keyword == "while" else None,
        proved=still and not busy_threads.threads(thread),
        turn=turns,
        record=HangRecord(
            proved=False,
            spin=spin,
            blocked_at=line,
            blocked_in=call,
            called=call_names.asked(lines.of_frame(frame).call),
            takes_timeout=call_limits.takes_timeout(frame),
            beside=tuple(_waits_beside(labels)),
            others=busy_threads.beside(thread),
            outside=True,
        ),
    )


def _waits_beside(labels: Labels) -> Iterator[str]:
    """Yield where the user's tasks wait on the loops of other threads."""
    for run in live_loops.running():
        for task in queued_work.pending(run.loop):
            one = waits.of_task(task)
            if users := one.users():
                yield f"`{one.name()}` waits at {waits.place(users[-1], labels)}"


def _users_part(turn: list[tuple[FrameType, int]]) -> list[tuple[FrameType, int]]:
    """Return the frames up to the outermost of user code; pytest's own are beyond it."""
    last = max((number for number, (one, _) in enumerate(turn) if is_users(one)), default=-1)
    return turn[: last + 1]
