"""LC103 nested-run: a loop is started inside a running one.

What: `asyncio.run`, `loop.run_until_complete` or `Runner.run` is called in an async test, in an
      async fixture, in a notebook cell, or in a synchronous function that one of these calls.
Why:  a thread runs one loop at a time, and this one's is at work already. The coroutine that was
      to run is dropped: `coroutine '…' was never awaited` is only a shadow of this.
Fix:  await the coroutine. Where the caller must stay synchronous, give it a thread of its own:
      `await asyncio.to_thread(…)`. Or make that test synchronous.
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
    """Name the call that was to start a loop, where one runs already."""
    nested = evidence.nested
    if nested is None:
        return
    name = _function(nested)
    where = f" in `{name}`" if name else ""
    running = f"{nested.running} runs" if nested.running else "a loop runs"
    what = f" for `{nested.coroutine}`" if nested.coroutine else ""
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=_subject(nested),
        where=nested.called_at,
        used_at=nested.called_at,
        what=f"`{nested.call}`{where} is to start a loop{what}, while {running} there already.",
        why="A thread runs one loop at a time. Whatever is called from async code, however deep"
        " and however synchronous it looks, is called inside the running loop.",
        fix=_fix(nested),
    )


def _subject(nested: NestedRun) -> Subject:
    if nested.coroutine:
        return Subject(name=nested.coroutine, type="coroutine")
    return Subject(name=nested.call, type="function")


def _function(nested: NestedRun) -> str | None:
    """Return the function that the call stands in, None for a cell or a module."""
    name = nested.called_at.name if nested.called_at else None
    return None if name is None or name.startswith("<") else name


def _fix(nested: NestedRun) -> str:
    awaited = f"await {nested.coroutine}(…)" if nested.coroutine else "await …"
    name = _function(nested)
    if nested.of_library:
        return (
            f"Hand `{nested.call}` to a thread, where it may start loops of its own: `await"
            f" asyncio.to_thread({nested.call}, …)`."
        )
    if nested.called_at is None:
        return "Start no loop here: `await` what is to run, or make the caller synchronous."
    if name is None:
        return f"`{awaited}` in place of `{nested.call}(…)`: where a loop runs, a cell may await."
    if nested.synchronous and not nested.in_a_thread:
        return (
            f"Where `{name}` is used by async code, `{awaited}` instead: no loop can start there."
        )
    if nested.synchronous:
        return (
            f"Where `{name}` is called from async code, `{awaited}` instead; or"
            f" `await asyncio.to_thread({name})`: in a thread of its own it may start a loop."
        )
    return (
        f"`{awaited}` in place of `{nested.call}(…)`. Or make the caller synchronous (`def`):"
        " there no loop runs."
    )
