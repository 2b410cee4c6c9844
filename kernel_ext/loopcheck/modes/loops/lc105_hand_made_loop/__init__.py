"""LC105 hand-made-loop: code creates or looks up its own loop.

What: synchronous code calls `asyncio.get_event_loop()` where there is no loop. Or it creates one,
      and the test awaits an object of that loop on its own loop.
Why:  the main thread has a current loop only until the first `asyncio.run` or async test, which
      removes it when it ends; other threads never have one. A loop that a constructor creates does
      nothing until some code runs it.
Fix:  `asyncio.run(…)` in synchronous code; `asyncio.get_running_loop()` in async code. Create the
      objects that need the loop in async code too, in an async fixture.
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
SUPERSEDES = frozenset({"LC102", "LC203"})  # only if nothing runs the other loop
AFTER_OTHERS = True
SAYS = (
    "There is no current event loop",
    "unclosed event loop",
    "no running event loop",
    "attached to a different loop + new_event_loop()",
    "attached to a different loop + get_event_loop()",
)

HAND_OVER = (
    "Store the loop before the thread starts, and call it from the thread with"
    " `loop.call_soon_threadsafe(…)` or `asyncio.run_coroutine_threadsafe(…, loop)`."
)
IDLE = (
    "A loop that your code creates does nothing until some code runs it. Its callbacks wait, and"
    " the running loop refuses its objects."
)
THREADS = ("threading", "concurrent.futures.thread", "asyncio.threads")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that looks up a missing loop, or that creates a loop which nothing runs."""
    last: ErrorRecord | None = None
    for error in evidence.errors:
        if last is not None and not _hides(last, error):
            break  # its cause is its own; the errors that follow were caught before
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
    shown = "the project's filters make it an error" if failed else "Python hides it by default"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name="loop", type=loop.kind or "event loop"),
        where=loop.made_at,
        made_at=loop.made_at,
        what=f"The loop that {loop.made_at} creates was still open when the garbage collector"
        " freed it.",
        why="Until then it keeps its sockets open. Python's warning can appear in any test, and"
        f" {shown}.",
        fix="Call `loop.close()` after its last use; in a fixture, after the `yield`. Or write"
        f" `with asyncio.Runner() as runner:` at {loop.made_at}, which also closes the loop.",
        remedy=("run",),
    )


def _looked_up(error: ErrorRecord) -> bool:
    """True if asyncio had no current loop to return. Before 3.14 it may warn first."""
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
        what=f"{name} needs the current loop of its thread, and there is none.",
        why="Up to Python 3.13 the main thread creates a loop on demand, but no longer after an"
        " async test or `asyncio.run`, so this line works alone and fails after them. In other"
        " threads, and from Python 3.14 on, there is none.",
        fix="In synchronous code, call `asyncio.run(…)`, which creates its own loop. In async code,"
        " call `asyncio.get_running_loop()`.",
        remedy=("run",),
    )


def _hides(error: ErrorRecord, behind: ErrorRecord) -> bool:
    """True if the function that caught *behind* raised *error*, and no call that it made then."""
    there = {(frame.place.file, frame.place.name) for frame in behind.frames}
    last = error.frames[-1].place if error.frames else None
    return error.raised == "raise" and (last is None or (last.file, last.name) in there)


def _needed(error: ErrorRecord) -> bool:
    """True if a line needs a running loop, and no loop runs it."""
    said = error.type == "RuntimeError" and error.message == "no running event loop"
    if not said or error.owner == "machinery" or error.raised == "raise":
        return False
    return not any(frame.module.startswith("trio.") for frame in error.frames)  # trio has its own


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
        f"{' in its thread' if threaded else f' because synchronous code calls `{name}`'}.",
        why="A loop runs only while an async function runs. A plain fixture or test, the import of"
        " a module and another thread have no running loop.",
        remedy=("fixture",) if setting_up else (),
        fix=HAND_OVER if threaded else _bring_a_loop(name, evidence, setting_up=setting_up),
    )


def _bring_a_loop(name: str, evidence: Evidence, *, setting_up: bool) -> str:
    if not setting_up:
        return "Call it from async code: turn the test, and what calls it there, into `async def`."
    kind = "`@pytest_asyncio.fixture`" if asyncio_runs(evidence.test) else "fixture"
    return f"Turn `{name}` into an `async def` {kind}: its code then runs on the loop of its tests."


def _last_lines(error: ErrorRecord) -> tuple[list[FrameRecord], bool]:
    """Return the innermost lines of the project's code, and whether they run in a thread."""
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
        what=f"`{name}` belongs to {home}, which nothing runs, and is awaited on"
        f" {here or 'another loop'}.",
        why=IDLE,
        fix=_on_the_running_loop(f"Create `{name}`", evidence),
        remedy=("running",),
    )


def _unanswered(evidence: Evidence) -> Iterator[Finding]:
    """Name the loop that nothing runs, if every task that could end the wait belongs to it."""
    for wait in evidence.hang.waits if evidence.hang is not None else ():
        homes = [one.loop for one in wait.holders]
        home = homes[0] if homes else None
        if home is None or home.role != f"loop made at {home.made_at}":
            continue
        if any(one != home for one in homes):
            continue
        name = wait.holders[0].coroutine
        line = wait.stack[-1] if wait.stack else None
        waits = f"`{wait.subject.name}` from `{name}`" if wait.subject else f"`{name}`"
        yield Finding(
            code=CODE,
            slug=SLUG,
            certainty="certain" if all(one.woken for one in wait.holders) else "likely",
            subject=Subject(name=name, type="asyncio.Task"),
            where=home.made_at,
            made_at=wait.made_at,
            used_at=line,
            what=f"{line or 'The test'} waits for {waits}, which belongs to {home}, and nothing"
            " runs that loop.",
            why=IDLE,
            fix=_on_the_running_loop(f"Start `{name}`", evidence),
            remedy=("running",),
        )
        return


def _of_unrun(one: Premature, home: LoopRecord, evidence: Evidence) -> Finding:
    """Return the finding for work that should be done before the failing line."""
    name = str(one.coroutine)
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=Subject(name=name, type=f"asyncio.{'Handle' if one.timer else 'Task'}"),
        where=home.made_at,
        used_at=one.place,
        what=f"{one.place} {'waits for' if one.polled else 'asserts'} `{one.asked}`, but nothing"
        f" runs {home}, the loop of the {'callback' if one.timer else 'task'} `{name}` that should"
        " change it.",
        why=IDLE,
        fix=_on_the_running_loop(f"Start `{name}`", evidence),
        remedy=("running",),
    )


def _on_the_running_loop(what: str, evidence: Evidence) -> str:
    isolated = evidence.item is not None and evidence.item.isolated
    tests = "`asyncSetUp`" if isolated else "a `@pytest_asyncio.fixture`"
    return (
        f"Don't create a loop there. {what} in async code, on `asyncio.get_running_loop()`; for"
        f" tests, in {tests}."
    )
