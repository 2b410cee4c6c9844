"""LC206 unclosed-asyncgen: an async generator is left half-way.

What: `break` or `return` leaves an `async for`, or a step is taken with `anext`, and the generator
      is not closed. Its `finally` and `async with` run late, on another task, or never.
Why:  an async generator can only be closed by an `await`, and leaving the loop awaits nothing.
      asyncio closes it in a task of its own once nobody holds it, if its loop still runs then.
Fix:  `async with contextlib.aclosing(rows()) as stream:` around the loop, or `await` its
      `aclose()`. One turn of the loop, `gc.collect()` and `del` do not close it in time.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Holder, LeftGenerator, Place, Subject, WaitRecord

CODE, SLUG = "LC206", "unclosed-asyncgen"
SUPERSEDES: frozenset[str] = frozenset({"LC203", "LC208", "LC603"})
SAYS = (
    "was scheduled after loop.shutdown_asyncgens()",
    "async_generator_athrow",
    "was created in a different Context",
    "asynchronous generator is already running",
    "coroutine method 'aclose' of … was never awaited",
    "async generator ignored GeneratorExit",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each generator with something to clean up that the user's own line left."""
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


def _of_held(wait: WaitRecord, one: Holder) -> Finding:
    """Name the generator whose clean-up would give back what the test waits for."""
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
        what=f"The async generator `{one.coroutine}` was left at its `yield` ({one.waits_at}), and"
        f" has {name} since {one.place}: `{wait.coroutine}` waits for it in vain"
        f"{f' at {line}' if line else ''}.",
        why="What a generator holds around its `yield` is given back when it goes on or is closed,"
        " and only an `await` can do either: nobody does.",
        fix=f"Close what is made at {one.left_at} before that line: use it in"
        " `async with contextlib.aclosing(…)`, or `await` its `aclose()`.",
    )


def _finding(one: LeftGenerator, left_at: Place) -> Finding:
    name = one.name
    late = one.asserted or one.cut_short or one.how != "collected"
    if one.closed is not None:
        end = f"Its clean-up ran on another task, and ended `{one.closed}` of the failing line."
    elif one.asserted:
        end = "What the failing line asks for is changed by its clean-up, which had not ended."
    elif late:
        end = "Its clean-up had not ended when the loop began to close."
    else:
        end = "Its clean-up ran later, on another task."
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if late and not one.asserted else "likely",
        subject=Subject(name=name, type="async_generator"),
        where=left_at,
        used_at=one.place,
        what=f"The async generator `{name}` was left at its `yield` ({one.place}){_how(one)}."
        f" {end}",
        why="Only an `await` can close an async generator: leaving it awaits nothing, so asyncio"
        " closes it when it finds it dropped, or when the loop ends.",
        fix=_fix(one, left_at),
    )


def _fix(one: LeftGenerator, left_at: Place) -> str:
    if one.by == "anext":
        return (
            f"Close what is made at {left_at}: use it in `async with contextlib.aclosing(…)`, or"
            " `await` its `aclose()`."
        )
    if one.parameter is not None:
        return (
            f"Put `async with contextlib.aclosing({one.parameter}):` around the `async for` at"
            f" {left_at}; or let who makes it do so around the call."
        )
    made = f"{(one.through or one.name).rpartition('.')[2]}(…)"
    also = f", and do the same in `{one.through}`" if one.through else ""
    return (
        f"Put `async with contextlib.aclosing({made}) as stream:` around the `async for` at"
        f" {left_at}, and iterate over `stream`{also}."
    )


def _how(one: LeftGenerator) -> str:
    if one.closed is not None:
        return ", a step was taken and nobody kept it"
    if one.by == "anext":
        return ", a step was taken and it was never closed"
    if one.by == "closed" and one.left_at is not None:
        return f", as `{one.left_at.name}` was closed within its `async for` at {one.left_at}"
    of = f" over `{one.through}`" if one.through else ""
    by = "an error" if one.by == "error" else f"the `{one.by}`"
    return f", by {by} out of the `async for`{of} at {one.left_at}"
