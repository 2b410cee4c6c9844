"""A wait whose limit ran out: whether what it waited for could ever have come.

There is only one look, at the moment when the limit ends the wait. So everything that might end the
wait counts: each timer however late, and all input, also from this process. What is left is
certain.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Iterable, Sequence
from types import FrameType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import futures, thread_stacks
from loopcheck.process.loops import live_loops, queued_work
from loopcheck.process.loops.queued_work import Loop, Task
from loopcheck.process.waiting import (
    await_chain,
    busy_threads,
    full_pipes,
    stalled_helpers,
    unserved_connections,
    waits,
    wakers,
)
from loopcheck.process.waiting.missed_wakes import thread_deliveries
from loopcheck.process.waiting.stalled_helpers import InWords
from loopcheck.records import HangRecord, WaitRecord

OWN = ("lock", "semaphore", "event", "condition", "barrier", "queue")
MOST = 300  # tasks of a loop: with more we do not search


def _delivered_late(
    found: Sequence[waits.Wait],
    loop: Loop,
    item: Any,
    labels: Labels,
    by: Task | None,
    above: Collection[Task] = (),
) -> HangRecord | None:
    """Return the wait that a thread's line has ended, without waking *loop*."""
    late = thread_deliveries.at_limit(found, loop, by, labels)
    if late is None:
        return None
    wait, delivery = late
    outside = waits.users_around(list(thread_stacks.outwards(sys._getframe(2))))
    [record] = waits.read([wait], loop, item, labels, outside, above=above, by=by)
    late_wait = replace(record, delivery=delivery)
    return HangRecord(proved=False, waits=(late_wait,), limited=True, unwoken=True)


def start(task: Task, future: object = None, upper: tuple[FrameType, ...] = ()) -> waits.Wait:
    """Return the wait of *task*; before 3.12, of *upper* of a task that waits for *future*."""
    if future is None:
        return waits.of_task(task)
    if not futures.is_task(future):
        return waits.Wait(task, (), future, upper)
    steps, end = await_chain.chain(futures.coroutine(future))
    return waits.Wait(future, tuple(steps), end, upper)


def read(
    first: waits.Wait,
    loop: Loop,
    others: Iterable[Loop],
    item: Any,
    labels: Labels,
    in_words: InWords,
    by: Task | None,
) -> HangRecord | None:
    """Return what *first* waits for if nothing in the process can deliver it, else None.

    *others* are all known loops: the task that should deliver it may be on one of them. *by* is the
    task that runs now because the limit woke it.
    """
    bare = first.task is by  # it waits for a future directly
    if not bare and futures.waiter(first.task) is None:
        return _delivered_late([first], loop, item, labels, by)
    tasks = [task for task in queued_work.pending(loop) if task is not by]
    if len(tasks) > MOST:
        return None
    start = [one for one in tasks if waits.brings(one, first.end)] if bare else [first.task]
    found = [first, *(one for one in waits.chain_of(start, tasks) if one.task is not first.task)]
    asked = wakers.Question(
        own=[one.task for one in found if one.task is not by],
        until=math.inf,
        patience=math.inf,
        once=True,
        by=by,
        future=first.end if bare else None,
        deaf=frozenset(one.fd for one in unserved_connections.connections(loop, item)),
    )
    seen = wakers.alive(loop, asked)
    goes_on = seen.all or id(first.task) in seen.tasks
    above = wakers.above([] if bare else [first.task], by, tasks)
    timed = goes_on and bool(asked.deaf) and _only_timed(seen, (*asked.own, *above))
    woken = (goes_on and not timed) or _from_threads(loop, found)
    if (late := _delivered_late(found, loop, item, labels, by, above)) is not None:
        return late
    if woken and not _has_earlier_calls(found) and not any(map(_waits_for_child, found)):
        return None
    knot = waits.cycle(found)
    outside = waits.users_around(list(thread_stacks.outwards(sys._getframe(1))))
    said = waits.read(knot or found, loop, item, labels, outside, above=above, by=by)
    said = tuple(
        stalled_helpers.add(record, one, loop, others, item, labels, in_words)
        for record, one in zip(said, knot or found, strict=True)
    )
    earlier = any(one.lost_set or one.kept_lock or one.unnotified for one in said)
    told = any(map(_unheard, said)) if timed else knot or any(map(_told, said))
    full = any(one.full_pipe for one in said)
    proved = full or (bool(told) and not woken)
    native = not told and not timed and any(map(_needs_python, said))
    if not (proved or earlier or (native and not woken)):
        return None
    away = any(one.loop for wait in said for one in wait.holders)
    own = in_words(loop) if away else None
    return HangRecord(
        proved=proved,
        waits=said,
        cycle=bool(knot) and proved,
        limited=True,
        loop=own,
        native=native,
    )


def _has_earlier_calls(found: list[waits.Wait]) -> bool:
    """Return whether an earlier call may explain a wait, whatever may still end it.

    A waiting function may have cleared or acquired what is awaited now, or nobody has notified it.
    """
    names = {name for one in found for frame in one.users() for name in frame.f_code.co_names}
    conditions = (waits.thing_of(one.below())[1] == "condition" for one in found)
    return not names.isdisjoint(("clear", "acquire")) or any(conditions)


def _waits_for_child(wait: waits.Wait) -> bool:
    """Return whether *wait* is for a child process, or for what it writes."""
    return any(full_pipes.process_of(one) is not None for one in wait.below())


def _from_threads(loop: Loop, found: list[waits.Wait]) -> bool:
    """Return whether a loop of another thread, whatever it does now, may deliver it."""
    others = [run.loop for run in live_loops.running() if run.loop is not loop]
    roots = [root for other in others for root in wakers.of_loop(other)]
    ends = [end for one in found for end in (one.end, waits.thing_of(one.below())[0])]
    return any(end is not None and wakers.leads_to(roots, end, 5_000) for end in ends)


def _only_timed(seen: wakers.Alive, own: Iterable[Task]) -> bool:
    """Return whether only timers can wake them: a client's timer ends a call, and delivers nothing.

    This holds if they wait for a server on a stopped loop, and nothing else can continue.
    """
    return not seen.all and seen.tasks <= seen.timers.keys() & {id(task) for task in own}


def _unheard(wait: WaitRecord) -> bool:
    """Return whether a stopped loop has a request for it."""
    return any(one.loop is not None and one.woken for one in wait.holders)


def _told(wait: WaitRecord) -> bool:
    """Return whether we can name what the task waits for, and are sure that nothing delivers it.

    A wait without a name (`await asyncio.Event().wait()`) is meant to last for ever. We don't see
    what threads without Python do: they may deliver anything but a lock that another task holds. A
    request to a stopped loop needs no name, nor does its task: nothing else delivers it.
    """
    if _unheard(wait) or wait.stranded is not None:
        return True
    if wait.thing == "task" or wait.subject is None:
        return False
    held = wait.thing in ("lock", "semaphore") and bool(wait.holders)
    return held or not busy_threads.native_threads()


def _needs_python(wait: WaitRecord) -> bool:
    """Return whether only a call of its own methods ends the wait: no answer from outside does."""
    return wait.subject is not None and wait.thing in OWN
