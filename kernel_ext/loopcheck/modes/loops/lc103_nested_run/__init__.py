"""LC103 nested-run: code starts a loop inside a running loop.

What: `asyncio.run`, `loop.run_until_complete` or `Runner.run` is called in an async test, in an
      async fixture, in a notebook cell, or in a synchronous function that one of these calls.
Why:  a thread runs one loop at a time, and this thread runs one already. The coroutine is dropped,
      so `coroutine '…' was never awaited` is only a consequence.
Fix:  await the coroutine. If the caller must stay synchronous, run it in its own thread:
      `await asyncio.to_thread(…)`. Or make the test synchronous.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, NestedRun, Subject

CODE, SLUG = "LC103", "nested-run"
SUPERSEDES = frozenset({"LC202"})
SAYS = (
    "cannot be called from a running event loop",
    "This event loop is already running",
    "Cannot run the event loop while another loop is running",
    "Already running asyncio in this thread",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the call that tried to start a loop where one runs already."""
    nested = evidence.nested
    if nested is None:
        return
    name = _function(nested)
    where = f" in `{name}`" if name else ""
    running = nested.running or "a loop"
    what = f" for `{nested.coroutine}`" if nested.coroutine else ""
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=_subject(nested),
        where=nested.called_at,
        used_at=nested.called_at,
        what=f"`{nested.call}`{where} tries to start a loop{what}, but {running} already runs.",
        why="A thread runs one loop at a time. A synchronous function that async code calls, even"
        " through others, runs inside that loop too.",
        fix=_fix(nested),
        remedy=_remedy(nested),
    )


def _subject(nested: NestedRun) -> Subject:
    if nested.coroutine:
        return Subject(name=nested.coroutine, type="coroutine")
    return Subject(name=nested.call, type="function")


def _function(nested: NestedRun) -> str | None:
    """Return the function that contains the call, None for a cell or a module."""
    name = nested.called_at.name if nested.called_at else None
    return None if name is None or name.startswith("<") else name


def _remedy(nested: NestedRun) -> tuple[str, ...]:
    if nested.of_library or nested.called_at is None:
        return ()
    in_a_thread = nested.synchronous and nested.in_a_thread
    return ("await", "thread", _function(nested) or "") if in_a_thread else ("await",)


def _fix(nested: NestedRun) -> str:
    awaited = f"await {nested.coroutine}(…)" if nested.coroutine else "await …"
    name = _function(nested)
    if nested.of_library:
        return (
            f"Run `{nested.call}` in a thread, where it can start its own loop: `await"
            f" asyncio.to_thread({nested.call}, …)`."
        )
    if nested.called_at is None:
        return "Don't start a loop here: `await` the coroutine, or make the caller synchronous."
    if name is None:
        return f"Write `{awaited}` instead of `{nested.call}(…)`: a cell can await."
    if nested.synchronous and nested.local:
        thread = (
            f" Or, in async code, `await asyncio.to_thread({name})`: in its own thread it can start"
            " a loop."
        )
        return (
            f"Turn `{name}` into an `async def` with `{awaited}`, and await it where it is called."
            f"{thread if nested.in_a_thread else ''}"
        )
    if nested.synchronous and not nested.in_a_thread:
        return (
            f"In async code that uses `{name}`, write `{awaited}` instead: no loop can start there."
        )
    if nested.synchronous:
        return (
            f"In async code that calls `{name}`, write `{awaited}` instead. Or"
            f" `await asyncio.to_thread({name})`: in its own thread it can start a loop."
        )
    return (
        f"Write `{awaited}` instead of `{nested.call}(…)`. Or make the caller synchronous (`def`):"
        " no loop runs there."
    )
