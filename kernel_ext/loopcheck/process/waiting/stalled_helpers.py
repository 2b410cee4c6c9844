"""The task that should end a wait, but cannot run: its loop is stopped, or it is at a `yield`."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from types import AsyncGeneratorType, BuiltinFunctionType, FunctionType, GeneratorType, MethodType
from typing import Any, TypeGuard

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process import futures, objects, reach
from loopcheck.process.loops import live_loops, queued_work, thread_requests
from loopcheck.process.loops.queued_work import Loop
from loopcheck.process.loops.thread_requests import Asked
from loopcheck.process.waiting import (
    await_chain,
    blocked_threads,
    paused_generators,
    stopped_loops,
    unserved_connections,
    waits,
    wakers,
)
from loopcheck.records import Holder, LoopRecord, WaitRecord
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import parsed_files, user_code
from loopcheck.source.nodes import mentioned

NODES = 3_000  # objects to follow from one task
MOST = 50  # tasks of other loops
InWords = Callable[[Loop], LoopRecord]
Named = FunctionType | MethodType | BuiltinFunctionType


def add(
    record: WaitRecord,
    wait: waits.Wait,
    loop: Loop,
    others: Iterable[Loop],
    item: Any,
    labels: Labels,
    in_words: InWords,
) -> WaitRecord:
    """Return *record* with the tasks of *others* that can reach what *wait* waits for."""
    thing, _ = waits.thing_of(wait.below())
    thing = wait.end if thing is None else thing
    if record.thing == "task" or thing is None:
        return record
    others = list(others)
    stranded = stopped_loops.find_stranded(wait, loop, others, labels, in_words)
    if stranded is not None:
        return replace(record, stranded=stranded)
    there = tuple(_there(thing, loop, others, item, labels, in_words))
    there = there or tuple(islice(_due(thing, loop, others, item, in_words), 1))
    there = there or tuple(_servers(thing, wait, loop, item, in_words))
    there = there or tuple(_asked(wait, loop, others, item, in_words))
    if not there and (in_threads := tuple(blocked_threads.holders(wait, labels))):
        return replace(record, holders=in_threads)  # what else could reach the future will not
    if record.thing in ("lock", "semaphore") and not record.holders:
        there = there or tuple(paused_generators.holders(thing, loop, item, labels))
    return replace(record, holders=(*record.holders, *there))


def add_threads(
    records: Sequence[WaitRecord], found: Iterable[waits.Wait], labels: Labels
) -> tuple[WaitRecord, ...]:
    """Return *records* with the threads that have to set what each waits for."""
    return tuple(
        replace(record, holders=in_threads)
        if not record.holders and (in_threads := tuple(blocked_threads.holders(one, labels)))
        else record
        for record, one in zip(records, found, strict=True)
    )


def _there(
    thing: object,
    here: Loop,
    others: Iterable[Loop],
    item: Any,
    labels: Labels,
    in_words: InWords,
) -> Iterator[Holder]:
    for loop, tasks in live_loops.by_loop(others):
        if not _stands_still(loop, here):
            continue
        left = [task for task in tasks if not futures.done(task)][:MOST]
        for task in sorted(left, key=futures.name):
            one = waits.of_task(task)
            if not one.steps or not wakers.leads_to(one.steps, thing, NODES):
                continue
            users = one.users()
            record = in_words(loop)
            yield Holder(
                coroutine=one.name() or await_chain.name_of(one.steps[0]),
                waits_at=waits.place(users[-1], labels) if users else None,
                loop=record,
                woken=queued_work.ready(loop),
                fixture=fixture_of(one, record, item),
            )


def _stands_still(loop: Loop, here: Loop) -> bool:
    runs = (run.loop for run in live_loops.running())
    return loop is not here and not objects.closed(loop) and all(loop is not one for one in runs)


def _due(
    thing: object, here: Loop, others: Iterable[Loop], item: Any, in_words: InWords
) -> Iterator[Holder]:
    """Yield the callbacks that a stopped loop has scheduled for later."""
    for loop in others:
        for handle in queued_work.timers_of(loop) if _stands_still(loop, here) else ():
            called = objects.peek(handle, "_callback")
            if wakers.leads_to([called, objects.peek(handle, "_args")], thing, NODES):
                record = in_words(loop)
                made = list(_on(record, item))
                yield Holder(
                    coroutine=await_chain.short(
                        called.__qualname__ if _named(called) else "a callback"
                    ),
                    loop=record,
                    woken=True,
                    fixture=made[0] if len(made) == 1 else None,
                )


def _named(called: object) -> TypeGuard[Named]:
    """Return whether reading the name of *called* runs no user code."""
    return type(called) in (FunctionType, MethodType, BuiltinFunctionType)


def asked(wait: waits.Wait, here: Loop, others: Iterable[Loop]) -> Iterator[Asked]:
    """Yield the requests to stopped loops that the threads behind *wait* are blocked on."""
    return thread_requests.read(wait, others, lambda loop: _stands_still(loop, here))


def _asked(
    wait: waits.Wait, here: Loop, others: Iterable[Loop], item: Any, in_words: InWords
) -> Iterator[Holder]:
    for one in asked(wait, here, others):
        record = in_words(one.loop)
        made = _on(record, item)
        mine = [
            name
            for name, definition in made.items()
            if len(made) == 1 or _knows(fixture_tables.value_of(definition), one.loop)
        ]
        yield Holder(
            coroutine=await_chain.short(one.coroutine),
            loop=record,
            woken=True,
            fixture=mine[0] if len(mine) == 1 else None,
        )


def _knows(value: object, loop: Loop) -> bool:
    return value is loop or any(part is loop for _, part in objects.steps(value))


def _servers(
    thing: object, wait: waits.Wait, here: Loop, item: Any, in_words: InWords
) -> Iterator[Holder]:
    """Yield the server at the other end of the connection that *wait* reads from."""
    for one in unserved_connections.connections(here, item):
        ends = [end for end in (thing, wait.end) if end is not None]
        if not any(wakers.leads_to([one.handle], end, NODES) for end in ends):
            continue
        record = in_words(one.loop)
        parts = list(objects.peek(one.serves, "_args") or ())  # type: ignore[call-overload]
        made = _on(record, item)
        mine = [name for name in made if len(made) == 1 or _holds(made[name], parts)]
        yield Holder(
            coroutine=await_chain.short(unserved_connections.name_of(one.serves)),
            loop=record,
            woken=True,
            fixture=mine[0] if len(mine) == 1 else None,
        )
        return


def _holds(definition: Any, parts: list[object]) -> bool:
    """Return whether a live fixture returns or keeps one of *parts*."""
    ends = list(getattr(definition, "_finalizers", ()))
    left = reach.reach([("", ends)], (GeneratorType, AsyncGeneratorType))
    held = [fixture_tables.value_of(definition), *(gc.get_referents(one.thing) for one in left)]
    return any(wakers.leads_to(held, part, NODES) for part in parts)


def _on(loop: LoopRecord, item: Any) -> dict[str, Any]:
    """Return the user's async fixtures that pytest-asyncio runs on *loop*, by name."""
    scope = (loop.role or "").partition(" ")[0]
    return {
        name: definition
        for name, definition in fixtures.definitions(item).items()
        if fixtures.users(definition)
        and fixtures.fixture_loop_scope(definition, item.config) == scope
    }


def fixture_of(wait: waits.Wait, loop: LoopRecord, item: Any) -> str | None:
    """Return the async fixture on *loop* that started a task, if only one is possible."""
    there = _on(loop, item)
    if len(there) > 1:
        frames = list(wait.frames())
        names = {frame.f_code.co_name for frame in frames[:2]}
        there = {name: one for name, one in there.items() if _starts(one, names)} or {
            name: one
            for name, one in there.items()
            if any(
                wakers.leads_to([fixture_tables.value_of(one)], part, NODES)
                for part in (wait.task, waits.thing_of(wait.below())[0])
                if part is not None
            )
        }
    return next(iter(there)) if len(there) == 1 else None


def _starts(definition: Any, names: set[str]) -> bool:
    """Return whether the source of a fixture contains one of *names*."""
    code = user_code.fixture(definition)
    block = parsed_files.function_of(code) if code else None
    return not names.isdisjoint(mentioned(block))
