"""LC101 loop-closed: something bound to a loop that has been closed is used, closed or collected.

What: a client, session, stream or loop outlived the loop it works on, and is used once more.
Why:  it keeps the loop it first connected on. By default each test has a loop of its own, which is
      closed after it. A client then often reconnects, so that every second test fails.
Fix:  make it, and close it, in an async fixture of the tests that use it; or give all of them one
      loop that lives as long as it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import (
    MADE_ONCE,
    asyncio_runs,
    is_loop,
    loop_closed,
    loop_words,
    of_a_library,
    of_two_files,
    strangers,
)
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import BoundRecord, EndedEarly, Evidence, Subject

CODE, SLUG = "LC101", "loop-closed"
SUPERSEDES = frozenset({"LC203"})  # nobody brings it since who should ended with the loop
SAYS = (
    "Event loop is closed",
    "attached to a different loop",
    "is bound to a different event loop",
    "RuntimeError: Task <Task pending",
    "loop is closed",
    "Stream is closed",
)
CERTAIN: Certainty = "certain"
LIKELY: Certainty = "likely"
AGAIN = " and is used again"
FOR_GOOD = "A closed loop runs nothing any more: it cannot be opened again."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what the failing lines used although its loop is closed."""
    if evidence.ended_early is not None:
        yield _of_ended(evidence.ended_early)
    said = loop_words(evidence)
    things, certainty = evidence.bound, CERTAIN
    if said is None and of_a_library(evidence):
        things, certainty = strangers(evidence), LIKELY  # it hid the loop's own words
    elif said is None or not loop_closed(said):
        return
    for thing in things:
        if thing.loop.state == "closed" and not thing.pool:  # LC604
            yield _finding(thing, evidence, certainty)


def _of_ended(one: EndedEarly) -> Finding:
    made = one.loop.made_at
    at = f" at {made}" if made else ""
    counts = "waits for what it should bring" if one.waits else "asks for it"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=LIKELY if one.waits else CERTAIN,
        subject=Subject(name=one.name, type=one.type),
        where=made,
        used_at=one.place,
        what=f"The task of `{one.coroutine}` (`{one.name}`) was cancelled when its loop, made{at},"
        f" was closed, and {one.place} {counts}.",
        why="`asyncio.run(…)`, or a runner, closes its loop as it ends, and cancels all tasks that"
        f" still run there. {FOR_GOOD}",
        fix=f"Start `{one.coroutine}` on the loop of the tests that need it: in an async fixture"
        f" (`@pytest_asyncio.fixture`) that awaits what is run{at}, and cancels the task in the"
        " end.",
    )


def _finding(thing: BoundRecord, evidence: Evidence, certainty: Certainty) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    itself = is_loop(thing)
    used = f" and is used on {here}" if here and here.label != home.label else ""
    what = (
        f"the loop `{name}` has been closed and is to work again."
        if itself
        else f"`{name}` belongs to {home}, which is closed by now,{used or AGAIN}."
    )
    if thing.own_loop and thing.closed_at:
        what = f"`{name}` works on {home}, which {thing.closed_at} had it close,{used or AGAIN}."
    kind = thing.subject.type.rpartition(".")[2]
    why = (
        FOR_GOOD
        if itself
        else f"`{name}` ({kind}) made the loop itself, and keeps it. {FOR_GOOD}"
        if thing.own_loop
        else f"`{name}` ({kind}) keeps the loop it first connected or waited on,"
        " and outlived it. A closed loop moves no byte and wakes nobody."
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=thing.subject,
        where=thing.closed_at or thing.kept_at or thing.made_at or home.made_at or thing.used_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=None if itself or not used else str(home),
        used_on=None if itself or not used else str(here),
        what=what[0].upper() + what[1:],
        why=why,
        fix=_fix(thing, evidence),
    )


def _fix(thing: BoundRecord, evidence: Evidence) -> str:
    name = thing.subject.name
    if is_loop(thing):
        return (
            "Let `asyncio.run(…)` make and close a loop for each run, and in async code ask for"
            " `asyncio.get_running_loop()` where it is needed; keep no loop in a name."
        )
    if thing.keeper == "default":
        return MADE_ONCE
    if thing.own_loop:
        kind = thing.subject.type.rpartition(".")[2]
        not_there = f", and not at {thing.closed_at}" if thing.closed_at else ""
        return (
            f"Let who makes `{name}` close it, after its last use{not_there}. Or make a new"
            f" `{kind}` for each use that ends with a `close()`."
        )
    if not asyncio_runs(evidence.test):
        return (
            f"Make `{name}` inside the coroutine that uses it, and close it there"
            " (`async with …`): one for each loop."
        )
    scope = "session" if of_two_files(thing.loop, evidence) else "module"
    return (
        f"Make `{name}` anew for each test, in a `@pytest_asyncio.fixture` that closes it there"
        " (`async with … : yield …`). Or give all tests that use it one loop:"
        f' `pytestmark = pytest.mark.asyncio(loop_scope="{scope}")`.'
    )
