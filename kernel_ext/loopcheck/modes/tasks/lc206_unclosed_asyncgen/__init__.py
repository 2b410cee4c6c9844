"""LC206 unclosed-asyncgen: code leaves an async generator before its end.

What: `break` or `return` leaves an `async for`, or `anext` takes a single step, and nothing closes
      the generator. Its `finally` and `async with` run late, in another task, or never.
Why:  only an `await` can close an async generator, and leaving the `async for` awaits nothing.
      asyncio closes it in another task when it is collected, if its loop still runs then.
Fix:  `async with contextlib.aclosing(rows()) as stream:` around the `async for`, or `await` its
      `aclose()`. One turn of the loop, `gc.collect()` and `del` do not close it in time.

`aclose(): asynchronous generator is already running` is the same clean-up, too early: a task waits
inside the generator, in its `async for`. Cancel that task and await it, and then close. Two tasks
can't take turns on one generator: let one read, and put what it reads into a queue.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Holder, LeftGenerator, Place, Subject, WaitRecord

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc206_unclosed_asyncgen.evidence import RunningGenerator

CODE, SLUG = "LC206", "unclosed-asyncgen"
SUPERSEDES: frozenset[str] = frozenset({"LC203", "LC208", "LC603", "LC604"})
SAYS = (
    "was scheduled after loop.shutdown_asyncgens()",
    "async_generator_athrow",
    "was created in a different Context",
    "asynchronous generator is already running",
    "coroutine method 'aclose' of … was never awaited",
    "async generator ignored GeneratorExit",
)


RUNNING = "asynchronous generator is already running"


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each generator that needs clean-up and that a line of the project left."""
    if any(RUNNING in error.message for error in evidence.errors):
        from loopcheck.modes.tasks.lc206_unclosed_asyncgen import (
            evidence as questions,  # late: for its own cases
        )

        seen = evidence.ask(questions.find_running_generator)
        if seen is not None:
            yield _of_running(seen)
    for wait in evidence.hang.waits if evidence.hang is not None else ():
        yield from (_of_held(wait, one) for one in wait.holders if one.left_at is not None)
    for one in evidence.generators:
        if one.owner != "user" or not one.cleans_up or one.left_at is None:
            continue
        if one.by == "error" and not one.asserted:  # the error is what matters
            continue
        tells = one.asserted or one.closed is not None
        if tells or not evidence.failed:  # a line that did not run may close it
            yield _finding(one, one.left_at)


def _of_running(one: RunningGenerator) -> Finding:
    at = f" at {one.waits_at}" if one.waits_at is not None else ""
    inside = f", which waits at {one.inside}" if one.inside is not None else ""
    closes = one.asked in ("aclose", "athrow")
    does = "closes" if closes else "continues"
    if closes:
        fix = (
            f"Before {one.used_at}, cancel the task `{one.task}` and await it. Its `async for` then"
            " leaves the generator, and `aclose()` can run."
        )
    else:
        fix = (
            f"Give each task a generator of its own, or let one task read `{one.said}` and put what"
            " it reads into an `asyncio.Queue` for the others."
        )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=one.said, type="async_generator"),
        where=one.used_at,
        used_at=one.waits_at,
        what=f"{one.used_at} {does} `{one.said}` while the task `{one.task}`{at} is inside of"
        f" `{one.name}`{inside}.",
        why="An async generator runs one step at a time, for one task. Until this step ends, no"
        " other line can continue or close the generator.",
        fix=fix,
    )


def _of_held(wait: WaitRecord, one: Holder) -> Finding:
    """Name the generator whose clean-up would release what the test waits for."""
    name = f"`{wait.subject.name}`" if wait.subject else f"a {wait.thing}"
    line = wait.stack[-1] if wait.stack else None
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=one.coroutine, type="async_generator"),
        where=one.left_at,
        made_at=one.place,
        used_at=line,
        what=f"The async generator `{one.coroutine}` stays at its `yield` ({one.waits_at}) and"
        f" holds {name}, which `{wait.coroutine}` waits for{f' at {line}' if line else ''}.",
        why="A generator releases what it holds around its `yield` only when it continues or is"
        " closed. Both need an `await`, and none is left.",
        fix=f"Close the generator from {one.left_at} before that wait: use it in"
        " `async with contextlib.aclosing(…)`, or `await` its `aclose()`.",
        remedy=("close",),
    )


def _finding(one: LeftGenerator, left_at: Place) -> Finding:
    name = one.name
    late = one.asserted or one.cut_short or one.how != "collected"
    if one.closed is not None:
        end = f"Its clean-up ran in another task, and closed `{one.closed}` of the failing line."
    elif one.refused_at is not None:
        end = (
            f"The error at {one.refused_at} depends on what its clean-up changes, and that had not"
            " ended."
        )
    elif one.asserted:
        end = "Its clean-up changes what the failing line checks, and had not ended."
    elif late:
        end = "Its clean-up had not ended when the loop began to close."
    else:
        end = "Its clean-up ran later, in another task."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if late and not one.asserted else "likely",
        subject=Subject(name=name, type="async_generator"),
        where=left_at,
        used_at=one.place,
        what=f"The async generator `{name}` stayed at its `yield` ({one.place}) {_how(one)}.",
        why="Leaving an async generator awaits nothing, so asyncio only closes it when it is"
        f" collected, or when the loop ends. {end}",
        fix=_fix(one, left_at),
        remedy=("close",) if one.by == "anext" else ("loop", one.parameter or ""),
    )


def _fix(one: LeftGenerator, left_at: Place) -> str:
    if one.by == "anext":
        return (
            f"Close the generator from {left_at}: use it in `async with contextlib.aclosing(…)`, or"
            " `await` its `aclose()`."
        )
    if one.parameter is not None:
        return (
            f"Put `async with contextlib.aclosing({one.parameter}):` around the `async for` at"
            f" {left_at}. Or put it around the call, in the code that creates the generator."
        )
    made = one.said or f"{(one.through or one.name).rpartition('.')[2]}(…)"
    also = f", and do the same in `{one.through}`" if one.through else ""
    return (
        f"Put `async with contextlib.aclosing({made}) as stream:` around the `async for` at"
        f" {left_at}, and iterate over `stream`{also}."
    )


def _how(one: LeftGenerator) -> str:
    if one.closed is not None:
        return "after a single step, and nothing refers to it"
    if one.by == "anext":
        return "after a single step, and nothing closed it"
    if one.by == "closed" and one.left_at is not None:
        return f"when `{one.left_at.name}` was closed in its `async for` at {one.left_at}"
    of = f" over `{one.through}`" if one.through else ""
    by = "an error" if one.by == "error" else f"the `{one.by}`"
    return f"when {by} left the `async for`{of} at {one.left_at}"
