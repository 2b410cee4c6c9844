"""LC401 sync-mock-awaited: a mock returns its result at once, and the code awaits it.

What: a `MagicMock`, a `lambda` or a fake with a plain `def` is used with `await`, `gather`,
      `wait_for` or `async for`.
Why:  calling a MagicMock returns its return value itself; only a coroutine can be awaited. Once a
      return value is set, Python's message names its type (`object dict can't be used in 'await'
      expression`) and does not mention a mock.
Fix:  `AsyncMock(return_value=…)` for that one method, an `async def` in a fake, or a spec:
      `MagicMock(spec=Repo)` and `create_autospec(Repo, instance=True)` create an AsyncMock for each
      `async def`. Do not use an AsyncMock for everything: a plain call would return a coroutine.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import an, gives_rows, path_of_mock, place_of_mock, remedy_of_mock
from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC401", "sync-mock-awaited"
SUPERSEDES: frozenset[str] = frozenset({"LC507"})  # the fault is in the mock, not in a client
SAYS = (
    "can't be used in 'await' expression",
    "object can't be awaited",  # 3.14
    "a coroutine was expected, got",
    "An asyncio.Future, a coroutine or an awaitable is required",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each mock or fake whose result the code awaits although it is no awaitable."""
    for one in evidence.doubles:
        if gives_rows(one) or (one.kind != "async" and one.wanted == "await"):
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
        what=_what(one),
        why=_why(one),
        fix=_fix(one),
        remedy=remedy_of_mock(one),
    )


def _what(one: DoubleRecord) -> str:
    does = "iterated with `async for`" if one.wanted == "async for" else "awaited"
    thing = "a plain function" if one.kind == "fake" else an(one.subject.type)
    gave = f" that returned {an(one.got)}" if one.got else ""
    return f"`{one.said}` is {does}, but `{one.subject.name}` is {thing}{gave}."


def _why(one: DoubleRecord) -> str:
    if one.in_spec and one.spec:
        return (
            f"A spec creates an AsyncMock for each `async def` of `{one.spec}`. This one is a plain"
            " `def` that returns an awaitable, so it became a sync mock."
        )
    if one.kind == "async":
        return f"Awaiting it returns {an(one.got)}, which has no `__aiter__` for `async for`."
    if one.kind == "fake":
        return "A plain `def` or `lambda` returns its result at once, and that can't be awaited."
    return f"Calling a {one.subject.type} returns its return value itself, not a coroutine."


def _fix(one: DoubleRecord) -> str:
    name, here = path_of_mock(one), place_of_mock(one)
    if one.kind == "fake":
        return f"Turn `{name}`{here} into an `async def`, or use an `AsyncMock(return_value=…)`."
    if one.subject.name == one.original:
        return f"Replace it with an `AsyncMock(return_value=…)`{here}."
    if one.wanted == "async for":  # its result is no mock, so it can't get an `__aiter__`
        gives = f"{name}.return_value"
        return (
            f"Return something that can be iterated{here}: `{gives} = MagicMock()`, then"
            f" `{gives}.__aiter__.return_value = […]`."
        )
    if one.in_spec:
        return f"Set it explicitly: `{name} = AsyncMock(return_value=…)`{here}."
    return (
        f"Use an `AsyncMock(return_value=…)` for `{name}`{here}, or give the mock the real class:"
        " `MagicMock(spec=…)` creates an AsyncMock for each `async def`."
    )
