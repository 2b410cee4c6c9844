"""LC202 never-awaited: a coroutine was created and dropped, and not one line of it ran.

What: an `async def` function is called without `await`; the call only creates a coroutine.
Why:  the body runs when the coroutine is awaited. It never was, so nothing that it writes, checks
      or asserts happened, and a test can pass for nothing. Python warns, often under another
      test's name. A line that uses the result fails: `'coroutine' object is not subscriptable`.
Fix:  `await` the call. `filterwarnings = error` in the configuration makes pytest fail on the next.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence, NeverAwaited, Subject

CODE, SLUG = "LC202", "never-awaited"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "coroutine '…' was never awaited",
    "'coroutine' object is not",
    "type coroutine is not JSON serializable",
    "not 'coroutine'",
    "'coroutine' object has no attribute",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each coroutine that Python collected before it had started."""
    for one in evidence.dropped:
        if one.role is not None:  # a consequence of LC402, LC303, LC301 or LC103
            continue
        if not (evidence.failed and one.kept):  # the await may come after the line that failed
            yield _finding(one)
    for double in evidence.doubles:
        if double.kind == "async" and double.real == "async" and double.wanted in TAKEN:
            yield _of_double(double)
        elif (double.wanted, double.real) in ONLY_CALLED:
            yield _only_called(double)


# A test asserts that it was awaited; or a line calls it, and drops the coroutine.
ONLY_CALLED = (("awaited", "async"), ("awaited", None), ("nothing", "async"))
TAKEN = ("result", "async with", "async for")  # what the coroutine would have returned


def _of_double(one: DoubleRecord) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.sure else "likely",
        subject=one.subject,
        where=one.called_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"A coroutine of `{one.subject.name}` was created and never awaited, and `{one.said}`"
        " is used as its result.",
        why="The function that the mock replaces is an `async def` too: a call only creates a"
        " coroutine.",
        fix=f"`await` the call{f' at {one.called_at}' if one.called_at else ''}.",
        remedy=("await",),
    )


def _only_called(one: DoubleRecord) -> Finding:
    here = f" at {one.called_at}" if one.called_at else ""
    made = f" at {one.made_at}" if one.made_at else ""
    asserted = ", and the test asserts that it was awaited" if one.wanted == "awaited" else ""
    other = (
        f" If the real one is a plain function, use a `MagicMock`{made} and assert that it was"
        " called."
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if one.real else "likely",
        subject=one.subject,
        where=one.called_at,
        made_at=one.made_at,
        what=f"`{one.subject.name}` is called{here} and never awaited{asserted}.",
        why=f"Calling an {one.subject.type} only creates a coroutine, like calling an `async def`;"
        " it was never awaited.",
        fix=f"`await` the call{here}.{'' if one.real else other}",
        remedy=("await",),
    )


def _finding(one: NeverAwaited) -> Finding:
    called = one.made_at.name if one.made_at and one.made_at.name else None
    through = f" (`{called}`)" if called and called != one.name.rpartition(".")[2] else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=one.name, type="coroutine"),
        where=one.made_at,
        used_at=one.used_at if str(one.used_at) != str(one.made_at) else None,
        what=f"A coroutine of `{one.name}`{through} was created and never awaited.",
        why=CALLED_BY_NAME if one.set_up else CALLED,
        fix=_fix(one),
        remedy=_remedy(one),
    )


CALLED = "Calling an `async def` function only creates a coroutine: not one line of it ran."
BESIDE = "To run it in the background, make it a task, and await that task before the test ends."
CALLED_BY_NAME = (
    "pytest and unittest call a function of this name without `await` and drop its result: here a"
    " coroutine, of which not one line ran."
)


def _fix(one: NeverAwaited) -> str:
    here = f" at {one.made_at}" if one.made_at else ""
    if one.set_up:
        return _fix_set_up(one.name.rpartition(".")[2])
    if one.fixture:
        return (
            f"The value of the plain fixture `{one.fixture}` is the coroutine. Turn it into a"
            f" `@pytest_asyncio.fixture` with `async def`, and `await` the call{here}."
        )
    if one.handed_back_by:
        return (
            f"`{one.handed_back_by}` returns this coroutine, so awaiting"
            f" `{one.handed_back_by}` does not run it: `await` the call{here}."
        )
    if one.caller:
        return (
            f"`{one.caller}`{here} calls its argument without `await`. Pass a plain function that"
            f" makes a task of `{one.name}`, or call `{one.name}` where it is awaited."
        )
    if one.kept_by and one.used_at:
        return (
            f"`{one.kept_by}`{here} is a mock: it runs nothing, and keeps the coroutine among its"
            " arguments. Let it start the work, with `side_effect=asyncio.create_task` for example,"
            f" and wait for that before {one.used_at}."
        )
    if one.kept_by:
        return (
            f"`{one.kept_by}`{here} is a mock: it runs nothing, and keeps the coroutine among its"
            " arguments. `close()` it, with `side_effect=lambda work: work.close()` for example,"
            " or let the test `await` it."
        )
    if one.double:
        return (
            f"The mock `{one.double}`{here} drops its argument: let the mock `await` it, or"
            " `close()` it."
        )
    listed = " in a list, `[await … for …]`" if one.in_generator else ""
    if one.in_plain and one.made_by and one.made_at:
        return (
            f"`await` the call{here}{listed}. For that, turn `{one.made_by}` from a plain `def`"
            f" into an `async def`{_and_its_callers(one.made_by)}."
        )
    return f"`await` the call{here}{listed}. {BESIDE}"


def _remedy(one: NeverAwaited) -> tuple[str, ...]:
    if one.set_up:
        name = one.name.rpartition(".")[2]
        return ("rename",) if name in ("setUp", "tearDown") else ("fixture",) if "_" in name else ()
    return () if one.caller or one.kept_by or one.double else ("await",)


def _and_its_callers(function: str) -> str:
    return "" if function.startswith("test") else ", and await it where it is called"


def _fix_set_up(name: str) -> str:
    if name in ("setUp", "tearDown"):
        return (
            f"Rename it to `async{name[0].upper()}{name[1:]}`, which"
            " `unittest.IsolatedAsyncioTestCase` awaits."
        )
    if "_" not in name:
        return (
            f"Turn `{name}` into a plain `def`: unittest has no async version of it. Move what must"
            " be awaited into `asyncSetUp` and `asyncTearDown`."
        )
    of = name.rpartition("_")[2]
    scope = f', scope="{of}"' if of in ("class", "module") else ""
    return (
        f"Turn `{name}` into an async fixture with `autouse=True{scope}`, which a plugin awaits."
        " Put the clean-up after its `yield`."
    )
