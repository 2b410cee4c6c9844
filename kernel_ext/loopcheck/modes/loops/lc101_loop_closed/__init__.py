"""LC101 loop-closed: something is used, closed or collected after its loop was closed.

What: a client, session, stream or loop outlives the loop it works on, and is used once more.
Why:  it stays bound to the loop on which it first connected. By default each test has its own loop,
      which closes after the test. A client then often reconnects, so that every second test fails.
Fix:  create and close it in an async fixture of the tests that use it; or run all of them on one
      loop that lives as long as it does.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import (
    MADE_ONCE,
    asyncio_runs,
    client_beside_test,
    fix_of_test_client,
    is_loop,
    loop_closed,
    loop_words,
    of_a_library,
    of_two_files,
    run_by_hand,
    strangers,
)
from loopcheck.modes.finding import Certainty, Finding
from loopcheck.records import BoundRecord, EndedEarly, Evidence, Subject

CODE, SLUG = "LC101", "loop-closed"
SUPERSEDES = frozenset({"LC203"})  # the task that should end the wait ended with its loop
AFTER_OTHERS = True
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
FIRST_USE = "on which it first connected or waited"
WHEN_MADE = "that ran when it was created"
FOR_GOOD = "A closed loop never runs again."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what the failing lines used after its loop was closed."""
    if evidence.ended_early is not None:
        yield _of_ended(evidence.ended_early)
    said = loop_words(evidence)
    things, certainty = evidence.bound, CERTAIN
    if said is None and of_a_library(evidence):
        things, certainty = strangers(evidence), LIKELY  # the library hid asyncio's own message
    elif said is None or not loop_closed(said):
        return
    for thing in things:
        if thing.loop.state == "closed" and not thing.pool:  # LC604
            yield _finding(thing, evidence, certainty)


def _of_ended(one: EndedEarly) -> Finding:
    made = one.loop.made_at
    at = f" (made at {made})" if made else ""
    started = f"what {made} runs" if made else "the code that starts it"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=LIKELY if one.waits else CERTAIN,
        subject=Subject(name=one.name, type=one.type),
        where=made,
        used_at=one.place,
        what=f"The task of `{one.coroutine}` (`{one.name}`) was cancelled when its loop{at}"
        f" closed, and {one.place} still depends on it.",
        why="`asyncio.run(…)` and `asyncio.Runner` close their loop when they end, and cancel all"
        f" tasks that still run on it. {FOR_GOOD}",
        fix=f"Start `{one.coroutine}` on the loop of its tests. In a `@pytest_asyncio.fixture`,"
        f" await {started}, `yield`, and then cancel the task.",
    )


def _finding(thing: BoundRecord, evidence: Evidence, certainty: Certainty) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    itself, client = is_loop(thing), client_beside_test(evidence, home)
    used = f" and is used on {here}" if here and here.label != home.label else ""
    what = (
        f"the loop `{name}` is used again after {thing.closed_at} closed it."
        if itself and thing.closed_at
        else f"the loop `{name}` is closed and is used again."
        if itself
        else f"`{name}` belongs to {home}, which is closed,{used or AGAIN}."
    )
    if thing.own_loop and thing.closed_at:
        what = f"`{name}` works on {home}, which {thing.closed_at} closed,{used or AGAIN}."
    kind = thing.subject.type.rpartition(".")[2]
    since = WHEN_MADE if thing.asks_when_made else FIRST_USE
    why = (
        FOR_GOOD
        if itself
        else f"`{name}` ({kind}) created this loop and keeps it. {FOR_GOOD}"
        if thing.own_loop
        else f"{thing.looked_up_at} keeps the loop that ran at that time. {FOR_GOOD}"
        if thing.looked_up_at
        else f"`{name}` ({kind}) stays bound to the loop {since}."
        " A closed loop sends nothing and wakes no task."
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=thing.subject,
        where=(thing.used_at if _closed_by_hand(thing, evidence) else None)
        or thing.closed_at
        or thing.looked_up_at
        or (client.started_at if client is not None and not itself else None)
        or thing.kept_at
        or thing.made_at
        or home.made_at
        or thing.used_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=None if itself or not used else str(home),
        used_on=None if itself or not used else str(here),
        what=what[0].upper() + what[1:],
        why=why,
        fix=_fix(thing, evidence),
        # Of a library's own words it is not sure that one loop mends it: the stream may be closed.
        remedy=_remedy(thing, evidence) if certainty == CERTAIN else (),
    )


def _remedy(thing: BoundRecord, evidence: Evidence) -> tuple[str, ...]:
    if thing.keeper == "default" and not is_loop(thing):
        return ("default",)
    if is_loop(thing) and thing.closed_at and thing.used_at:
        return ("later", str(thing.used_at))
    advice = fix_of_test_client(thing.subject.name, thing.loop, evidence)
    if is_loop(thing) or thing.own_loop or advice is not None or not asyncio_runs(evidence.test):
        return ()
    if thing.looked_up_at is not None:
        return ()
    if run_by_hand(evidence.used_on, thing.loop):
        return ("await",) if _closed_by_hand(thing, evidence) else ()
    scope = "session" if of_two_files(thing.loop, evidence) else "module"
    return ("one loop", scope, thing.fixture or "")


def _closed_by_hand(thing: BoundRecord, evidence: Evidence) -> bool:
    """True if a fixture closes it on a loop that its own lines after the `yield` run."""
    here, test = evidence.used_on, evidence.test
    if here is None or test is None or is_loop(thing) or thing.own_loop:
        return False
    own = here.made_at is not None and run_by_hand(here, thing.loop)
    return own and test.phase == "teardown" and asyncio_runs(test)


def _fix(thing: BoundRecord, evidence: Evidence) -> str:
    name = thing.subject.name
    if is_loop(thing) and thing.closed_at and thing.used_at:
        return (
            f"Close `{name}` after {thing.used_at}, not at {thing.closed_at}. Or call"
            " `asyncio.run(…)`, which creates a loop for each run and closes it."
        )
    if is_loop(thing):
        return (
            "Don't store a loop. In synchronous code call `asyncio.run(…)`, which creates and"
            " closes a loop for each run. In async code call `asyncio.get_running_loop()`."
        )
    if thing.keeper == "default":
        return MADE_ONCE
    if thing.own_loop:
        kind = thing.subject.type.rpartition(".")[2]
        not_there = f", not at {thing.closed_at}" if thing.closed_at else ""
        return (
            f"Close `{name}` after its last use, in the code that creates it{not_there}. Or create"
            f" a new `{kind}` for each use that closes it."
        )
    if thing.looked_up_at is not None:
        return (
            f"Don't keep the loop at {thing.looked_up_at} for longer than it runs: set the"
            " attribute to None in a `finally` when the work on it ends. Or call"
            " `asyncio.get_running_loop()` at each use."
        )
    if (advice := fix_of_test_client(name, thing.loop, evidence)) is not None:
        return advice
    if not asyncio_runs(evidence.test):
        return (
            f"Create `{name}` inside the coroutine that uses it, and close it there"
            " (`async with …`): one per loop."
        )
    if run_by_hand(evidence.used_on, thing.loop):
        if _closed_by_hand(thing, evidence):
            return (
                f"Turn the fixture into a `@pytest_asyncio.fixture` with `async def`, and `await`"
                f" what {thing.used_at or 'it'} runs: then the test's own loop closes `{name}`."
            )
        return (
            f"Create `{name}` on the loop that uses it, inside the coroutine that runs there: no"
            f" `loop_scope` puts a test on {evidence.used_on}."
        )
    scope = "session" if of_two_files(thing.loop, evidence) else "module"
    return (
        f"Create a new `{name}` for each test in a `@pytest_asyncio.fixture` that also closes it"
        " (`async with … : yield …`). Or run all tests that use it on one loop:"
        f' `pytestmark = pytest.mark.asyncio(loop_scope="{scope}")`.'
    )
