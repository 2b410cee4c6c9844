"""LC401 sync-mock-awaited: a double gives its result at once, and the code awaits it.

What: a `MagicMock`, a `lambda` or a fake with a plain `def` stands where the code under test says
      `await`, `gather`, `wait_for` or `async for`.
Why:  a call of a MagicMock gives its return value itself; only a coroutine can be awaited. Once a
      return value is set, Python's words name its type (`object dict can't be used in 'await'
      expression`), and no mock at all.
Fix:  `AsyncMock(return_value=…)` for that one method, an `async def` in a fake, or a spec:
      `MagicMock(spec=Repo)` and `create_autospec(Repo, instance=True)` make an AsyncMock of each
      `async def`. Not an AsyncMock for everything: what is called plainly would be a coroutine.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import an, gives_rows
from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC401", "sync-mock-awaited"
SUPERSEDES: frozenset[str] = frozenset({"LC507"})  # the client has no such fault: its double has
SAYS = (
    "can't be used in 'await' expression",
    "object can't be awaited",  # 3.14
    "a coroutine was expected, got",
    "An asyncio.Future, a coroutine or an awaitable is required",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each double whose result was awaited and is nothing to await."""
    for one in evidence.doubles:
        if gives_rows(one) or (one.kind != "async" and one.wanted == "await"):
            yield _finding(one)


def _finding(one: DoubleRecord) -> Finding:
    name = one.subject.name
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
        fix=_fix(one, name),
    )


def _what(one: DoubleRecord) -> str:
    does = "iterated with `async for`" if one.wanted == "async for" else "awaited"
    thing = "a plain function" if one.kind == "fake" else an(one.subject.type)
    gave = f" that gave {an(one.got)}" if one.got else ""
    return f"`{one.said}` is {does}, but the double `{one.subject.name}` is {thing}{gave}."


def _why(one: DoubleRecord) -> str:
    if one.in_spec and one.spec:
        return (
            f"A spec makes an AsyncMock of each `async def` of `{one.spec}`; this one is a plain"
            " `def` there, which returns something to await, so it became a sync mock."
        )
    if one.kind == "async":
        return (
            f"Awaited, it gives {an(one.got)}, and that has no `__aiter__` for `async for` to ask."
        )
    if one.kind == "fake":
        return "A plain `def` or `lambda` gives its result at once, and that can't be awaited."
    return f"A call of a {one.subject.type} gives its return value itself, not a coroutine."


def _fix(one: DoubleRecord, name: str) -> str:
    name = name.replace("()", ".return_value")
    here = f" at {one.made_at}" if one.made_at else ""
    if one.kind == "fake":
        return f"Make `{name}`{here} an `async def`, or use an `AsyncMock(return_value=…)`."
    if one.subject.name == one.original:
        return f"Put an `AsyncMock(return_value=…)` in its place{here}."
    if one.wanted == "async for":  # what it gave is no mock, and takes no `__aiter__`
        gives = f"{name}.return_value"
        return (
            f"Let it give what can be iterated{here}: `{gives} = MagicMock()`, then"
            f" `{gives}.__aiter__.return_value = […]`."
        )
    if one.in_spec:
        return f"Set it by hand: `{name} = AsyncMock(return_value=…)`{here}."
    return (
        f"Make `{name}`{here} an `AsyncMock(return_value=…)`, or give the double the real class:"
        " `MagicMock(spec=…)` makes an AsyncMock of each `async def`."
    )
