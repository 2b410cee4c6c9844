"""LC402 async-mock-for-sync-call: a double gives a coroutine, and the code takes it for the result.

What: an `AsyncMock`, or a child of one, stands where the code under test calls a plain function:
      `'coroutine' object has no attribute …`, `is not iterable`, `is not subscriptable`.
Why:  a call of an AsyncMock gives a coroutine, and what comes out of an AsyncMock is one, too:
      `(await session.execute(…)).scalar()` awaits once and calls twice.
Fix:  make that one call sync: `session.execute.return_value = MagicMock()`, and configure it there.
      `AsyncMock(spec=AsyncSession)` knows which methods are plain, but not what they return. Not an
      `await` in the application: that is green with the double and fails with the real thing.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC402", "async-mock-for-sync-call"
SUPERSEDES: frozenset[str] = frozenset({"LC202", "LC409"})  # the coroutine is its shadow
SAYS = (
    "'coroutine' object has no attribute",
    "'coroutine' object",
    "instances of 'coroutine' and",
    "and 'coroutine'",
    "of type coroutine is not JSON serializable",
    "cannot unpack non-iterable coroutine object",
    "<coroutine object AsyncMock",
    "'AsyncMockMixin._execute_mock_call' was never awaited",
    "not coroutine",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each double whose coroutine was taken for its result."""
    for one in evidence.doubles:
        if one.real == "async":
            continue  # the line lacks an `await`: LC202
        if one.wanted == "result":
            yield _finding(one, evidence)
        elif one.wanted == "nothing" and (one.told or not evidence.failed):
            yield _of_dropped(one)  # else the failure has another reason


def _finding(one: DoubleRecord, evidence: Evidence) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure else "likely",
        subject=one.subject,
        where=one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"`{one.said}` is a coroutine of the double `{one.subject.name}`"
        f" ({one.subject.type}), and the line takes it for the result.",
        why=_why(one),
        fix=_fix(one, _methods_asked_of(evidence)),
    )


def _of_dropped(one: DoubleRecord) -> Finding:
    """Return what is said of a call without `await` whose coroutine the line drops."""
    other = (
        ""
        if one.real is not None or "." in one.subject.name
        else f" If the real function is async, `await` the call at {one.called_at} instead."
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure else "likely" if one.told else "possible",
        subject=one.subject,
        where=one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"{one.used_at} calls `{one.subject.name}` without `await`, and it is an"
        f" {one.subject.type}: the call did nothing.",
        why=f"{_why(one)} The line drops the coroutine, so the mock never runs.",
        fix=_fix(one, methods=False) + other,
    )


def _why(one: DoubleRecord) -> str:
    if one.kind == "fake":
        if one.real is None:
            return "It is an `async def`; the code works with what a plain function would give."
        return "It is an `async def`, and what it replaces is a plain function."
    owner, _, _ = one.subject.name.rpartition(".")
    child = f": `{owner}` is one, and so is all that comes out of it" if owner else ""
    return f"A call of an AsyncMock gives a coroutine{child}."


def _methods_asked_of(evidence: Evidence) -> bool:
    """Return whether the coroutine was taken for an object with methods: a pipeline, say."""
    return any("'coroutine' object has no attribute" in one.message for one in evidence.errors)


def _fix(one: DoubleRecord, methods: bool) -> str:
    name = one.subject.name
    here = f" at {one.made_at}" if one.made_at else ""
    owner, _, last = name.rpartition(".")
    if one.kind == "fake":
        return f"Make `{name}`{here} a plain function."
    if name == one.original:
        return f"Put a `MagicMock(return_value=…)` in its place{here}."
    if owner.endswith("()"):
        made = owner.removesuffix("()").replace("()", ".return_value")
        return (
            f"Make what `{owner}` gives a sync mock{here}: `{made}.return_value = MagicMock()`,"
            f" then set `{made}.return_value.{last}.return_value`."
        )
    if not owner:
        return f"Use a `MagicMock` for `{name}`{here}: the code calls it without `await`."
    awaited = " Methods of that value that are awaited are to be `AsyncMock`s." if methods else ""
    return (
        f"Make it sync{here}: `{name.replace('()', '.return_value')} = MagicMock(return_value=…)`."
        f"{awaited}"
    )
