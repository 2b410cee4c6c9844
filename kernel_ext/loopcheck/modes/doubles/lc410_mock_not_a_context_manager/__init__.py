"""LC410 mock-not-a-context-manager: `async with` or `async for` can't use what a mock returns.

What: the code says `async with pool.acquire()` or `async for key in client.scan_iter()`, and the
      mock behind it is an `AsyncMock`, a `Mock` without `__aenter__`, or a fake's `async def`.
Why:  calling an AsyncMock returns a coroutine, which is no context manager and no iterator.
      `acquire`, `transaction`, `begin`, `scan_iter` and `session.get` of aiohttp are plain calls:
      `async with` enters what they return and does not await it first.
Fix:  make the opener sync: `pool = MagicMock()`, `pool.acquire.return_value.__aenter__.return_value
      = conn`, and use AsyncMocks only for what the code awaits inside. `AsyncMock(spec=
      asyncpg.Pool)` does so by itself. Don't write `async with await …`: that passes with the mock
      and fails with the real pool.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import an, gives_rows, path_of_mock, place_of_mock, remedy_of_mock
from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC410", "mock-not-a-context-manager"
SUPERSEDES: frozenset[str] = frozenset({"LC202", "LC402"})  # the dropped coroutine is its symptom
SAYS = (
    "does not support the asynchronous context manager protocol",
    "'async for' requires an object with __aiter__ method, got",
    "AttributeError: __aenter__",
    "AttributeError: __aexit__",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each double whose result can't be entered or iterated, as the line does."""
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
        what=f"`{one.wanted} {one.said}` needs {_needs(one)}, but {_double(one)} returned"
        f" {an(one.got)}.",
        why=_why(one),
        fix=_fix(one),
        remedy=(*remedy_of_mock(one), one.wanted),
    )


def _needs(one: DoubleRecord) -> str:
    wants = "context manager" if one.wanted == "async with" else "iterator"
    return f"an asynchronous {wants}"


def _double(one: DoubleRecord) -> str:
    if one.kind == "fake":
        return f"the fake `{one.subject.name}`"
    return f"the mock `{one.subject.name}` ({one.subject.type})"


def _why(one: DoubleRecord) -> str:
    unawaited = f"`{one.wanted}` uses the result of the call without awaiting it"
    if one.kind == "async":
        return f"Calling an AsyncMock, or its methods, returns a coroutine. {unawaited}."
    if one.kind == "fake":
        return f"Calling an `async def` returns a coroutine. {unawaited}."
    return f"Only a MagicMock supports `{one.wanted}`; this one is none."


def _plainly(one: DoubleRecord) -> str:
    if one.wanted == "async for":
        return "an async generator that yields the items one by one"
    if one.returns:
        return "a plain `def`, so that the call returns the context manager itself"
    return "an `@asynccontextmanager` that yields what the block needs"


def _fix(one: DoubleRecord) -> str:
    name, here = path_of_mock(one), place_of_mock(one)
    if one.kind == "fake":
        return f"Make `{name}`{here} {_plainly(one)}."
    if one.subject.name == one.original:
        enters = "__aenter__" if one.wanted == "async with" else "__aiter__"
        value = f"return_value.{enters}.return_value"
        return f"Replace it with a `MagicMock()`{here}, and set its `{value}`."
    if one.wanted == "async for":
        return (
            f"Make it sync{here}: `{name} = MagicMock()`, then"
            f" `{name}.return_value.__aiter__.return_value = […]`."
        )
    return (
        f"Make it sync{here}: `{name} = MagicMock()`, then"
        f" `{name}.return_value.__aenter__.return_value = …`. Or create its owner with `spec=` and"
        " the real class: then each method is sync or async as in the class."
    )
