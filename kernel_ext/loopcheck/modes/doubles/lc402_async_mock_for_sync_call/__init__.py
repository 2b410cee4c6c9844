"""LC402 async-mock-for-sync-call: a mock returns a coroutine, and the code uses it as the result.

What: an `AsyncMock`, or a child of one, replaces a plain function of the code under test:
      `'coroutine' object has no attribute …`, `is not iterable`, `is not subscriptable`. Or the
      code passes the coroutine to another mock as a result, and the test passes.
Why:  calling an AsyncMock returns a coroutine, and what an AsyncMock returns is an AsyncMock too:
      `(await session.execute(…)).scalar()` awaits once and calls twice.
Fix:  make that one call sync: `session.execute.return_value = MagicMock()`, and configure it there.
      `AsyncMock(spec=AsyncSession)` knows which methods are plain, but not what they return. Don't
      add an `await` to the application: it passes with the mock and fails with the real object.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import path_of_mock, place_of_mock, remedy_of_mock
from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence

CODE, SLUG = "LC402", "async-mock-for-sync-call"
# What is left of an assertion without its `assert_`: a mock makes up any other name.
ASSERTIONS = frozenset(
    {
        *("any_await", "any_call", "awaited", "awaited_once", "awaited_once_with", "awaited_with"),
        *("called_once", "called_once_with", "called_with", "has_awaits", "has_calls"),
        *("not_awaited", "not_called"),
    }
)
SUPERSEDES: frozenset[str] = frozenset({"LC202", "LC409"})  # the coroutine is its symptom
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
    """Name each double whose coroutine the code uses as a result."""
    for one in evidence.doubles:
        if one.real == "async":
            continue  # the line lacks an `await`: LC202
        if one.wanted == "result":
            yield _finding(one, evidence)
        elif one.wanted == "nothing" and _last(one) in ASSERTIONS:
            yield _of_misspelt(one)
        elif one.wanted == "nothing" and (one.told or not evidence.failed):
            yield _of_dropped(one)  # else the failure has another reason
        elif one.wanted == "branch" and not evidence.failed:
            yield _of_tested(one)


def _finding(one: DoubleRecord, evidence: Evidence) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure else "likely",
        subject=one.subject,
        where=one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"A coroutine from {_double(one)} was created and never awaited."
        if one.freed
        else f"`{one.said}` is a coroutine from {_double(one)}, but the line uses it as the"
        " result.",
        why=_why(one),
        fix=_fix(one, _methods_asked_of(evidence)),
        remedy=remedy_of_mock(one),
    )


def _of_dropped(one: DoubleRecord) -> Finding:
    """The finding for a call without `await` whose coroutine the line drops."""
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
        what=f"{one.used_at} calls `{one.subject.name}` without `await`, and because that is an"
        f" {one.subject.type}, the call did nothing.",
        why=f"{_why(one)} The line drops the coroutine, so the mock never runs.",
        fix=_fix(one, methods=False) + other,
        remedy=remedy_of_mock(one),
    )


def _of_misspelt(one: DoubleRecord) -> Finding:
    """The finding for an assertion that asserts nothing."""
    name = one.subject.name
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=one.subject,
        where=one.used_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"{one.used_at} calls `{name}`, which asserts nothing.",
        why=f"No method of a mock has that name, so the {one.subject.type} makes up one more mock."
        " The line drops its coroutine.",
        fix=f"Write `{name.removesuffix(_last(one))}assert_{_last(one)}(…)`.",
    )


def _last(one: DoubleRecord) -> str:
    return one.subject.name.rpartition(".")[2]


def _of_tested(one: DoubleRecord) -> Finding:
    """The finding for a passing test whose configured result decides nothing."""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely",
        subject=one.subject,
        where=one.made_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"{one.used_at} tests `{one.said}`, which is a coroutine from {_double(one)}.",
        why="A coroutine is always true and equals no other value. The result that your test"
        " configured would have led to the other branch.",
        fix=_fix(one, methods=False),
        remedy=remedy_of_mock(one),
    )


def _double(one: DoubleRecord) -> str:
    if one.kind == "fake":
        return f"the fake `{one.subject.name}`"
    return f"the mock `{one.subject.name}` ({one.subject.type})"


def _why(one: DoubleRecord) -> str:
    if one.kind == "fake":
        if one.real is None:
            return "It is an `async def`, but the code calls it like a plain function."
        return "It is an `async def`, but it replaces a plain function."
    is_child = "." in one.subject.name and one.subject.name != one.original
    child = "; by default its methods, and what they return, are AsyncMocks too" if is_child else ""
    return f"Calling an AsyncMock returns a coroutine{child}."


def _methods_asked_of(evidence: Evidence) -> bool:
    """True if the code calls a method of the coroutine, as of a pipeline."""
    return any("'coroutine' object has no attribute" in one.message for one in evidence.errors)


def _fix(one: DoubleRecord, methods: bool) -> str:
    name, here = one.subject.name, place_of_mock(one)
    owner, _, last = name.rpartition(".")
    path = path_of_mock(one)
    made = path.rpartition(".")[0]
    if one.kind == "fake":
        return f"Make `{name}`{here} a plain function."
    if name == one.original:
        return f"Replace it with a `MagicMock(return_value=…)`{here}."
    if owner.endswith("()") and made.endswith(".return_value"):
        return (
            f"Make what `{owner}` returns a sync mock{here}: `{made} = MagicMock()`,"
            f" then set `{made}.{last}.return_value`."
        )
    if not made:
        return f"Use a `MagicMock` for `{name}`{here}: the code calls it without `await`."
    awaited = (
        " If the code awaits a method of that value, make it an `AsyncMock`." if methods else ""
    )
    return f"Make it sync{here}: `{path} = MagicMock(return_value=…)`.{awaited}"
