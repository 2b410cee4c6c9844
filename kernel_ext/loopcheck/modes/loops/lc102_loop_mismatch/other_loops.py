"""What only LC102 asks: which line runs the loop that a failing assertion found instead of its own.

The test compares loops, or what goes with one: its id, or the number of the thread that runs it.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator

from loopcheck.case.live import Live
from loopcheck.labels import plain
from loopcheck.light import frozen
from loopcheck.modes.finding import Finding
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.loops import loop_records
from loopcheck.records import Place, Subject
from loopcheck.source.values import compared_values
from loopcheck.watch.loops import LEDGER, Entry


@frozen
class OtherLoop:
    """A loop that a line of the project runs beside the one that the assertion expects."""

    compared: str  # "seen.loop", "report.thread_id"
    asked_at: Place
    made_at: Place  # the line that creates it
    thread: str  # in which that line has run
    by_thread: bool  # the assertion compares threads


def find_other_loop(live: Live) -> OtherLoop | None:
    """Return the loop of this test that only one line has made, if the assertion is about it."""
    link = live.links[0]
    step = link.user
    test = _test_of(step) if step is not None else None
    if step is None or test is None or not objects.is_a(link.error, AssertionError):
        return None
    here = [one for one in list(LEDGER.entries) if one.born == LEDGER.moment]
    left, right = compared_values.operands(test, step.frame)
    for side, value, expected in ((test.left, left, right), (test.comparators[0], right, left)):
        for found, by_thread in ((_of_loop, False), (_of_thread, True)):
            made = {
                place: one
                for one in found(value, expected, here)
                if (place := loop_records.maker(one, live.labels)) is not None
            }
            if len(made) == 1:
                [(place, entry)] = made.items()
                return OtherLoop(
                    compared=plain(ast.unparse(side)),
                    asked_at=step.place(live.labels),
                    made_at=place,
                    thread=entry.thread,
                    by_thread=by_thread,
                )
    return None


def _test_of(step: Step) -> ast.Compare | None:
    match step.source.simple:
        case ast.Assert(test=ast.Compare(ops=[ast.Eq() | ast.Is()]) as test):
            return test
    return None


def _of_loop(value: object, expected: object, here: list[Entry]) -> Iterator[Entry]:
    """Yield the loop that *value* is, or is the id of, if *expected* is another one's."""
    for one in here:
        if objects.is_loop(value) and objects.is_loop(expected):
            is_it = one.ref() is value
        else:
            is_it = type(value) is int and type(expected) is int and one.key == value
        if is_it:
            yield one


def _of_thread(value: object, expected: object, here: list[Entry]) -> Iterator[Entry]:
    """Yield the loops of other threads than the main one, if *expected* is its number.

    They count only while a loop is there in the main thread: they could have used that.
    """
    main = threading.main_thread().ident
    if type(value) is int and value != main and expected == main and any(x.main for x in here):
        yield from (one for one in here if not one.main)


def finding(seen: OtherLoop, code: str, slug: str) -> Finding:
    """Name the line that runs another loop."""
    if seen.by_thread:
        what = (
            f"{seen.made_at} runs a loop of its own in the thread `{seen.thread}`, so"
            f" `{seen.compared}` is not that of the main thread."
        )
        why = "A coroutine runs in the thread of its loop, and this one was given to the new loop."
        fix = (
            f"At {seen.made_at}, give the coroutine to the loop of the main thread:"
            " `asyncio.run_coroutine_threadsafe(…, loop).result()`."
        )
    else:
        what = f"`{seen.compared}` is the loop that {seen.made_at} creates, not the expected one."
        why = "Each call there makes one more loop, whatever loop runs already."
        fix = (
            f"At {seen.made_at}, use the loop that runs: `asyncio.get_running_loop()`. Or let the"
            " caller pass it."
        )
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=seen.compared, type="asyncio.AbstractEventLoop"),
        where=seen.made_at,
        made_at=seen.made_at,
        used_at=seen.asked_at,
        made_on=f"a loop of its own, in {seen.thread}",
        used_on="the expected loop",
        what=what,
        why=why,
        fix=fix,
    )
