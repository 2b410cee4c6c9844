"""LC410 mock-not-a-context-manager: `async with` or `async for` on what a double's call gave.

What: the code says `async with pool.acquire()` or `async for key in client.scan_iter()`, and the
      double behind it is an `AsyncMock`, a `Mock` without `__aenter__`, or a fake's `async def`.
Why:  a call of an AsyncMock gives a coroutine, which is no context manager and no iterator.
      `acquire`, `transaction`, `begin`, `scan_iter` and `session.get` of aiohttp are plain calls:
      what they return is entered, not awaited first.
Fix:  make the opener sync: `pool = MagicMock()`, `pool.acquire.return_value.__aenter__.return_value
      = conn`, and only what is awaited inside async. `AsyncMock(spec=asyncpg.Pool)` does so by
      itself. Not `async with await …`: that is green with the double and wrong with the real pool.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import an, gives_rows
from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC410", "mock-not-a-context-manager"
SUPERSEDES: frozenset[str] = frozenset({"LC202", "LC402"})  # the dropped coroutine is its shadow
SAYS = (
    "does not support the asynchronous context manager protocol",
    "'async for' requires an object with __aiter__ method, got",
    "AttributeError: __aenter__",
    "AttributeError: __aexit__",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each double whose call was entered or iterated and gave nothing of the kind."""
    for one in evidence.doubles:
        opens = one.wanted == "async with" or (one.wanted == "async for" and not gives_rows(one))
        if opens and one.real != "async":  # then the line lacks an `await`: LC202
            yield _finding(one)


def _finding(one: DoubleRecord) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure else "likely",
        subject=one.subject,
        where=one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"`{one.wanted} {one.said}` needs {_needs(one)}, and the double `{one.subject.name}`"
        f" ({one.subject.type}) gave {an(one.got)}.",
        why=_why(one),
        fix=_fix(one),
    )


def _needs(one: DoubleRecord) -> str:
    wants = "context manager" if one.wanted == "async with" else "iterator"
    return f"an asynchronous {wants}"


def _why(one: DoubleRecord) -> str:
    if one.kind == "async":
        return (
            "Each call of an AsyncMock gives a coroutine, and so do the calls of its children;"
            " what opens a block is a plain call."
        )
    if one.kind == "fake":
        return "A call of an `async def` gives a coroutine; what opens a block is a plain call."
    return "Only a MagicMock has the methods that such a block calls; this has none."


def _plainly(one: DoubleRecord) -> str:
    if one.wanted == "async for":
        return "an async generator, which yields one by one"
    if one.returns:
        return "a plain `def`: without `async` the call gives what is to be entered"
    return "`@asynccontextmanager`, with a `yield` for what the block gets"


def _fix(one: DoubleRecord) -> str:
    name = one.subject.name.replace("()", ".return_value")
    here = f" at {one.made_at}" if one.made_at else ""
    if one.kind == "fake":
        return f"Make `{name}`{here} {_plainly(one)}."
    if one.subject.name == one.original:
        enters = "__aenter__" if one.wanted == "async with" else "__aiter__"
        return f"Put a `MagicMock()` in its place{here}, and set its `return_value.{enters}`."
    if one.wanted == "async for":
        return (
            f"Make it sync{here}: `{name} = MagicMock()`, then"
            f" `{name}.return_value.__aiter__.return_value = […]`."
        )
    return (
        f"Make it sync{here}: `{name} = MagicMock()`, then"
        f" `{name}.return_value.__aenter__.return_value = …`; or give its owner the spec of the"
        " real class, which knows."
    )
