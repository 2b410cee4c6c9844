"""What only LC213 asks: which limit got the time of another clock than that of its loop."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from types import MethodType
from typing import Any

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen, replace
from loopcheck.modes.tasks.lc213_wrong_timeout import limit_lines
from loopcheck.modes.tasks.lc213_wrong_timeout.limit_lines import Limit
from loopcheck.process import failure, frames, futures, objects
from loopcheck.process.loops import live_loops
from loopcheck.process.waiting import await_chain
from loopcheck.records import Place
from loopcheck.source import calls, modules, parsed_files
from loopcheck.source.nodes import calls_in, names_in
from loopcheck.source.values import callees
from loopcheck.source.values.value_origins import given
from loopcheck.watch.limits import timeouts

MOST = 200  # timers to look at
HOPS = 6  # assignments to follow from one name
BY_TIME = frozenset({"timeout_at", "reschedule"})  # others take a number of seconds
Line = tuple[str, int]  # file and number


@frozen
class WrongClock:
    """A limit that is set to a time of `time.time()`, which the clock of no loop reaches."""

    limit: str  # as the code sets it: "asyncio.timeout_at(deadline)"
    at: Place
    clock_at: Place | None = None  # the line that asks `time.time()`, if it is known


def find_wrong_clock(live: Live) -> WrongClock | None:
    """Return the first such limit of the test: one that has ended, or one that still waits."""
    for file, line in _lines(live):
        limit = _set_at(file, line)
        if limit is None or calls.last(limit.call.func) not in BY_TIME:
            continue
        read = _clock(limit)
        read_at = limit_lines.place(file, read.lineno, live.labels) if read is not None else None
        at = limit_lines.place(file, limit.line, live.labels)
        return WrongClock(limit=plain(limit.written), at=at, clock_at=read_at)
    return None


def _lines(live: Live) -> Iterator[Line]:
    for one in timeouts.by_wall_clock_in_this_test():
        for code, line in one.lines():
            yield code.co_filename, line
    loop = failure.ran_on(live.links[0]) or live.loop
    kept = objects.peek(loop, "_scheduled")  # uvloop keeps its own in C
    if loop is None or type(kept) is not list or live_loops.closed(loop):
        return
    for handle in kept[:MOST]:
        when: Any = objects.peek(handle, "_when")
        if type(when) is float and timeouts.is_wall_clock(when, loop):
            called = objects.peek(handle, "_callback")
            limit = called.__self__ if type(called) is MethodType else None
            for frame in await_chain.user_frames(futures.coroutine(objects.peek(limit, "_task"))):
                yield frame.f_code.co_filename, frames.line_at(frame)


def _set_at(file: str, line: int) -> Limit | None:
    """Return the limit that ends at *line*, or that *line* is under."""
    around = parsed_files.enclosing(file, line)
    found = limit_lines.ending_at(file, line)
    if found is None and around:
        found = limit_lines.around(around[0].body, file, line)
    named = found.item.optional_vars if found is not None and found.item is not None else None
    if found is None or named is None:
        return found
    later = (call for call in calls_in(*around[:1]) if _sets_anew(call, ast.unparse(named)))
    return next((replace(found, call=call) for call in later), found)


def _sets_anew(call: ast.Call, limit: str) -> bool:
    return ast.unparse(call.func) == f"{limit}.reschedule"


def _clock(limit: Limit) -> ast.Call | None:
    """Return the call of `time.time` that the time of *limit* comes from, in its own function."""
    space = modules.globals_of(limit.file)
    blocks = parsed_files.enclosing(limit.file, limit.line)[:1]
    todo: list[ast.AST] = [limit.seconds] if limit.seconds is not None else []
    done: set[str] = set()
    for _ in range(HOPS):
        for call in calls_in(*todo):
            if callees.value(call.func, space) is time.time:
                return call
        names = names_in(*todo) - done
        done |= names
        todo = [one for block in blocks for name in names for one in given(block, name)]
    return None
