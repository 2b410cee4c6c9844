"""LC105 hand-made-loop: code makes or looks up its own loop.

What: synchronous code asks `asyncio.get_event_loop()` for a loop where there is none; or it makes
      one, and what belongs to that loop is awaited on the loop of the test.
Why:  the main thread has a current loop only until the first `asyncio.run` or async test, which
      takes it away at its end; another thread never has one. And nobody runs a loop that a
      constructor makes for itself.
Fix:  `asyncio.run(…)` in synchronous code; `asyncio.get_running_loop()` in async code, and objects
      that need it are made there, in an async fixture.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import asyncio_runs, crossed, loop_words, strangers
from loopcheck.modes.finding import Finding
from loopcheck.records import (
    BoundRecord,
    ErrorRecord,
    Evidence,
    FrameRecord,
    LoopRecord,
    Premature,
    Subject,
)

CODE, SLUG = "LC105", "hand-made-loop"
SUPERSEDES = frozenset({"LC102", "LC203"})  # only where nobody runs the other loop
SAYS = (
    "There is no current event loop",
    "unclosed event loop",
    "no running event loop",
    "attached to a different loop + new_event_loop()",
    "attached to a different loop + get_event_loop()",
)

HAND_OVER = (
    "Keep the loop before the thread starts, and hand over to it from there:"
    " `loop.call_soon_threadsafe(…)`, `asyncio.run_coroutine_threadsafe(…, loop)`."
)
IDLE = (
    "A loop that is made by hand does nothing until somebody runs it: its callbacks wait, and what"
    " belongs to it is refused by the loop that does run."
)
THREADS = ("threading", "concurrent.futures.thread", "asyncio.threads")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that looks for a loop in vain, or that makes a loop which nobody runs."""
    last: ErrorRecord | None = None
    for error in evidence.errors:
        if last is not None and not _hides(last, error):
            break  # it failed for a reason of its own; what follows was caught before
        last = error
        if _looked_up(error):
            yield from _of_look_up(error)
            return
        if _needed(error):
            yield from _of_need(error, evidence)
            return
    for loop in evidence.unclosed_loops:
        yield _of_unclosed(loop, failed=bool(evidence.errors))
    said = loop_words(evidence)
    for thing in strangers(evidence) if said is not None and crossed(said) else ():
        if thing.stuck and thing.loop.made_at is not None:
            yield _of_idle(thing, evidence)
    yield from _unanswered(evidence)
    for one in evidence.premature:
        if one.idle and one.loop is not None:
            yield _of_unrun(one, one.loop, evidence)


def _of_unclosed(loop: LoopRecord, *, failed: bool) -> Finding:
    told = "the project's filters make an error of it" if failed else "is hidden by default"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name="loop", type=loop.kind or "event loop"),
        where=loop.made_at,
        made_at=loop.made_at,
        what=f"The loop that {loop.made_at} makes was never closed: the garbage collector took it"
        " away, open as it was.",
        why="Who makes a loop closes it. Until then it keeps sockets open; the warning comes when"
        f" the collector finds it, in any test, and {told}.",
        fix=f"`loop.close()` when that is over, for a fixture after its `yield`. At {loop.made_at}"
        " `with asyncio.Runner() as runner:` makes a loop, and closes it.",
    )


def _looked_up(error: ErrorRecord) -> bool:
    """Return whether asyncio had no current loop to give. Before 3.14 it may warn first."""
    known = error.type in ("RuntimeError", "DeprecationWarning") and error.owner == "library"
    return known and (error.module, error.function) == ("asyncio.events", "get_event_loop")


def _of_look_up(error: ErrorRecord) -> Iterator[Finding]:
    users = [frame for frame in error.frames if frame.owner == "user"]
    if not users:
        return
    place = users[-1].place
    name = f"`{place.name}`" if place.name and not place.name.startswith("<") else "This line"
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name="asyncio.get_event_loop", type="function"),
        where=place,
        used_at=place,
        what=f"{name} asks for the current loop of its thread, and there is none.",
        why="Up to Python 3.13 the main thread is given a loop when it first asks, until an async"
        " test, or `asyncio.run`, takes it away at its end: alone this passes, after an async test"
        " it fails. Later Pythons give none. Any other thread never had one.",
        fix="In synchronous code start what is to run with `asyncio.run(…)`, which brings a loop"
        " of its own; in async code ask for `asyncio.get_running_loop()`.",
    )


def _hides(error: ErrorRecord, behind: ErrorRecord) -> bool:
    """Return whether who caught *behind* raised *error* itself: what it calls instead may fail."""
    there = {(frame.place.file, frame.place.name) for frame in behind.frames}
    last = error.frames[-1].place if error.frames else None
    return error.raised == "raise" and (last is None or (last.file, last.name) in there)


def _needed(error: ErrorRecord) -> bool:
    """Return whether a line needs a loop that runs, and is not run by one."""
    said = error.type == "RuntimeError" and error.message == "no running event loop"
    if not said or error.owner == "machinery" or error.raised == "raise":
        return False
    return not any(frame.module.startswith("trio.") for frame in error.frames)  # it has a loop


def _of_need(error: ErrorRecord, evidence: Evidence) -> Iterator[Finding]:
    lines, threaded = _last_lines(error)
    if not lines:
        return
    setting_up = evidence.test is not None and evidence.test.phase == "setup" and not threaded
    place, asks = lines[0 if setting_up else -1].place, lines[-1].place
    proved = error.owner == "user" or error.module.startswith("asyncio.")
    name = place.name or "this line"
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if proved else "likely",
        subject=Subject(name="asyncio.get_running_loop", type="function"),
        where=place,
        used_at=asks,
        what=f"{asks} needs a running loop, and none runs"
        f"{' in its thread' if threaded else ': `' + name + '` is called by synchronous code'}.",
        why="A loop runs only where an async function does: not in a plain fixture or test, in a"
        " module while it is imported, nor in another thread.",
        fix=HAND_OVER if threaded else _bring_a_loop(name, evidence, setting_up=setting_up),
    )


def _bring_a_loop(name: str, evidence: Evidence, *, setting_up: bool) -> str:
    if not setting_up:
        return "Call it from async code: make the test, and what calls it there, an `async def`."
    kind = "`@pytest_asyncio.fixture`" if asyncio_runs(evidence.test) else "fixture"
    return f"Make `{name}` an `async def` {kind}: what it calls then runs on the loop of its tests."


def _last_lines(error: ErrorRecord) -> tuple[list[FrameRecord], bool]:
    """Return the user's innermost lines, one calling the next, and whether a thread began them."""
    frames = list(error.frames)
    while frames and frames[-1].owner != "user":
        frames.pop()
    lines: list[FrameRecord] = []
    while frames and frames[-1].owner == "user":
        lines.insert(0, frames.pop())
    return lines, any(one.module in THREADS for one in frames)


def _of_idle(thing: BoundRecord, evidence: Evidence) -> Finding:
    name, home, here = thing.subject.name, thing.loop, evidence.used_on
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",  # it may have run before, or be meant to run later
        subject=thing.subject,
        where=home.made_at,
        made_at=thing.made_at,
        used_at=thing.used_at,
        made_on=str(home) if here else None,
        used_on=str(here) if here else None,
        what=f"`{name}` belongs to {home}, which nobody runs, and is awaited on"
        f" {here or 'another loop'}.",
        why=IDLE,
        fix=_on_the_running_loop(f"make `{name}`", evidence),
    )


def _unanswered(evidence: Evidence) -> Iterator[Finding]:
    """Name the loop of who should bring what the test waits for, if all who could are there."""
    for wait in evidence.hang.waits if evidence.hang is not None else ():
        homes = [one.loop for one in wait.holders]
        home = homes[0] if homes else None
        if home is None or home.role != f"loop made at {home.made_at}":
            continue
        if any(one != home for one in homes):
            continue
        name = wait.holders[0].coroutine
        line = wait.stack[-1] if wait.stack else None
        what = f"`{wait.subject.name}`" if wait.subject else f"what `{name}` should bring"
        yield Finding(
            code=CODE,
            slug=SLUG,
            certainty="certain" if all(one.woken for one in wait.holders) else "likely",
            subject=Subject(name=name, type="asyncio.Task"),
            where=home.made_at,
            made_at=wait.made_at,
            used_at=line,
            what=f"{line or 'The test'} waits for {what}, and `{name}` could bring it, but belongs"
            f" to {home}, which nobody runs meanwhile.",
            why=IDLE,
            fix=_on_the_running_loop(f"start `{name}`", evidence),
        )
        return


def _of_unrun(one: Premature, home: LoopRecord, evidence: Evidence) -> Finding:
    """Return what is to be said of work that was to be done before the failing line."""
    name = str(one.coroutine)
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=name, type=f"asyncio.{'Handle' if one.timer else 'Task'}"),
        where=home.made_at,
        used_at=one.place,
        what=f"The {'callback' if one.timer else 'task'} `{name}` should change `{one.asked}`,"
        f" which {one.place} {'waits for' if one.polled else 'asserts'}. It belongs to {home},"
        " which nobody runs meanwhile.",
        why=IDLE,
        fix=_on_the_running_loop(f"start `{name}`", evidence),
    )


def _on_the_running_loop(what: str, evidence: Evidence) -> str:
    isolated = evidence.item is not None and evidence.item.isolated
    tests = "`asyncSetUp`" if isolated else "a `@pytest_asyncio.fixture`"
    return (
        f"Make no loop there: ask for `asyncio.get_running_loop()`, and {what} in async code, for"
        f" tests in {tests}."
    )
