"""The line that ends a wait from another thread, without waking the loop that sleeps there.

asyncio's objects only schedule the waiting task. The loop notices when something else wakes it: if
that is the limit of the wait, what was delivered long ago comes too late.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Collection, Iterator, Sequence
from types import CodeType, FrameType

from loopcheck.labels import Labels
from loopcheck.process import futures, thread_stacks
from loopcheck.process.frames import is_at
from loopcheck.process.loops import queued_work
from loopcheck.process.loops.queued_work import Loop, Task
from loopcheck.process.waiting import waits, wakers
from loopcheck.process.waiting.missed_wakes import future_setters
from loopcheck.process.waiting.waits import Wait
from loopcheck.records import Place, ThreadDelivery, WaitRecord
from loopcheck.source import project_files
from loopcheck.source.statements import awaited_names, waking_calls
from loopcheck.source.statements.waking_calls import WakingCall
from loopcheck.source.values import called_bodies

FUTURE = ("set_result", "set_exception")
ENDS: dict[str, tuple[str, ...]] = {  # by what user code awaits
    "Event.wait": ("set",),
    "Queue.get": ("put_nowait",),
    "Queue.put": ("get_nowait",),
    "Queue.join": ("task_done",),
    "Lock.acquire": ("release",),
    "Semaphore.acquire": ("release",),
}
BY_METHOD = {"wait": ("set",), "get": ("put_nowait",), "put": ("get_nowait",)}
SHORTEST = 0.02  # seconds: a loop that never sleeps longer sees what threads deliver
DEEPEST = 3  # calls between a waiting function and the line that waits
OUTWARDS = 100  # frames up to the loop's own


def of_wait(record: WaitRecord, wait: Wait, labels: Labels) -> ThreadDelivery | None:
    """Return the line of the project that delivers what *wait* waits for, if only one can."""
    methods = _ends_of(record, wait)
    found = list(waking_calls.of(methods)) if methods else []
    future = _future(wait)
    ended = futures.is_future(future) and futures.done(future)
    plain = [one for one in found if not one.on_loop] if ended else []
    if plain and (own := _only(future_setters.of_future(future, plain), future)) is not None:
        return _record(own, False, labels)
    named = _named(found, _names(record, wait))
    ran = [one for one in named if not one.on_loop] or named
    threads = [one for one in ran if one.in_thread] or ran
    if (one := _only(threads, future)) is not None:
        return _record(one, len(ran) == len(threads), labels)
    one = _only(plain, future)  # a thread has ended it, and only one function of the project can
    return _record(one, False, labels) if one is not None else None


def never_seen(wait: Wait) -> bool:
    """Return whether what *wait* waits for is done already, though the loop has nothing to run.

    A loop in debug mode refuses to schedule the task from another thread, once that is done.
    """
    future = _future(wait)
    return futures.is_future(future) and futures.done(future)


def at_limit(
    found: Sequence[Wait], loop: Loop, by: Task | None, labels: Labels
) -> tuple[Wait, ThreadDelivery] | None:
    """Return the wait of *found* that only a thread's line ends, without waking *loop*.

    A limit has just woken the loop. What a thread delivered before that has run first.
    """
    if _has_other_timers(found, loop, by):
        return None
    slept = _slept_until_now()
    for one in found:
        if slept or futures.done(_future(one)):
            record = waits.read([one], loop, None, labels, by=by)[0]
            delivery = of_wait(record, one, labels) if _from_thread(record, one) else None
            if delivery is not None:
                return one, delivery
    if not slept:
        return None
    late = [code for handle in queued_work.ready_of(loop) for code in _just_ended(handle)]
    if _goes_on(found[0]):
        late += [code for frame in found[0].users() for code in _run_by(frame)]
    ended = _ended_by_threads(late)
    return (found[0], _record(ended, True, labels)) if ended is not None else None


def _from_thread(record: WaitRecord, wait: Wait) -> bool:
    """Return whether each line of the project that could end *wait* runs in a thread."""
    methods = _ends_of(record, wait)
    found = _named(list(waking_calls.of(methods)), _names(record, wait)) if methods else []
    return bool(found) and all(one.in_thread and not one.on_loop for one in found)


def _future(wait: Wait) -> object:
    """Return what the task of *wait* waits for; before 3.12 `wait_for` may have woken it."""
    return futures.waiter(wait.task) or wait.end


def _ends_of(record: WaitRecord, wait: Wait) -> tuple[str, ...]:
    future = _future(wait)
    if record.method is None and futures.is_future(future) and not futures.is_task(future):
        return FUTURE
    return ENDS.get(record.method or "", ())


def _names(record: WaitRecord, wait: Wait) -> set[str]:
    """Return what the waiting functions call the object."""
    future = _future(wait)
    found = {
        name
        for frame in wait.users()
        for name, value in frame.f_locals.items()
        if value is future and future is not None
    }
    if record.subject is not None:
        found.add(record.subject.name.partition("[")[0].rpartition(".")[2])
    return found


def _named(found: list[WakingCall], names: Collection[str]) -> list[WakingCall]:
    """Return those of *found* that use one of *names*; if none does, those that a thread runs."""
    named = [one for one in found if one.name in names or one.name is None]
    return named or [one for one in found if one.in_thread and not one.on_loop]


def _only(found: Sequence[WakingCall], future: object) -> WakingCall | None:
    """Return the one of *found* that ended *future*, None if several functions could have."""
    if futures.is_future(future) and futures.done(future):
        failed = getattr(future, "_exception", None) is not None
        found = [one for one in found if (one.method == "set_exception") is failed] or found
    return found[0] if len({(one.file, one.function) for one in found}) == 1 else None


def _record(one: WakingCall, sole: bool, labels: Labels) -> ThreadDelivery:
    return ThreadDelivery(
        place=Place(labels.file(one.file), one.line, one.function or None),
        call=one.text,
        given=one.given,
        sole=sole,
    )


# What ran just before the limit did


def _has_other_timers(found: Sequence[Wait], loop: Loop, by: Task | None) -> bool:
    """Return whether a timer that is no limit of these waits may wake *loop*."""
    tasks = [task for task in queued_work.pending(loop) if task is not by]
    limited = wakers.above([one.task for one in found], by, tasks)
    return any(
        handle._when != math.inf and not wakers.is_limit(queued_work.roots(handle), limited)
        for handle in queued_work.timers_of(loop)
    )


def _slept_until_now() -> bool:
    """Return whether the loop's turn that we are in began with a sleep, and ran something first."""
    frame: FrameType | None = sys._getframe(1)
    for number, one in enumerate(thread_stacks.outwards(frame)):
        if number > OUTWARDS:
            return False
        if is_at(one, "asyncio.base_events", "_run_once"):
            slept, ran = one.f_locals.get("timeout", 0), one.f_locals.get("i", 0)
            return ran > 0 and (slept is None or slept > SHORTEST)
    return False


def _just_ended(handle: object) -> Iterator[CodeType]:
    """Yield the code of the task whose end *handle* reports."""
    for one in queued_work.roots(handle):
        if futures.is_task(one) and futures.done(one):
            code = getattr(futures.coroutine(one), "cr_code", None)
            if type(code) is CodeType and project_files.owner(code.co_filename) == "user":
                yield code


def _goes_on(wait: Wait) -> bool:
    """Return whether the task of *wait* waits for nothing: it has run in this turn, and yielded."""
    return wait.end is None and not futures.done(wait.task) and futures.waiter(wait.task) is None


def _run_by(frame: FrameType) -> Iterator[CodeType]:
    """Yield the code of *frame*, and of the user functions that it calls."""
    for body in called_bodies.reached(called_bodies.of_frame(frame), deepest=DEEPEST):
        yield body.code


def _ended_by_threads(late: Sequence[CodeType]) -> WakingCall | None:
    """Return the line of a thread that ended what one of the functions *late* waits for."""
    for code in late:
        for name, method in awaited_names.of(code):
            methods = BY_METHOD.get(method, ()) if method is not None else FUTURE
            named = [one for one in waking_calls.of(methods) if one.name == name]
            if all(one.in_thread and not one.on_loop for one in named):
                only = _only(named, None)
                if only is not None:
                    return only
    return None
