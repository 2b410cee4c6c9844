"""LC202 never-awaited: a coroutine was created and dropped, and not one line of it ran.

What: an `async def` function is called without `await`; the call only creates a coroutine.
Why:  the body runs when the coroutine is awaited. It never was, so nothing that it writes, checks
      or asserts happened, and a test can pass for nothing. Python warns, often under another
      test's name. A line that uses the result fails: `'coroutine' object is not subscriptable`.
      A future or a task that a line takes for its result fails in the same way.
Fix:  `await` the call. `filterwarnings = error` in the configuration makes pytest fail on the next.

The other way round: `cannot reuse already awaited coroutine`. A coroutine runs once, so keep the
function and call it each time, or keep the awaited result. A retry takes the function, a cache
keeps a task or the result, a mock gets `side_effect=make`, not `return_value=make()`.

Or awaited too late: a plain decorator or method returns the coroutine from within its `try`, and
the error comes when that is over. Make it an `async def` that awaits the call.

Or used like a plain thing: `for` goes through an async generator, `with` enters an async context
manager, an `await` gets a generator or a list, and `create_task(send)` the function itself. The
other way round, too: `await` and `async` for what is plain.

Or refused: a function takes the coroutine to run it, `pool.submit(send())`, and ends before it
does, since the pool is closed. It has to `close()` what it refuses, or to take the function.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import DoubleRecord, Evidence, NeverAwaited, Subject

if TYPE_CHECKING:
    from loopcheck.modes.tasks.lc202_never_awaited.evidence import ReusedCoroutine
    from loopcheck.modes.tasks.lc202_never_awaited.plain_wrappers import PlainWrapper

CODE, SLUG = "LC202", "never-awaited"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "'async_generator' object is not iterable",
    "object async_generator can't be used in 'await' expression",
    "a coroutine was expected, got <function",
    "'async for' requires an object with __aiter__ method, got",
    "coroutine '…' was never awaited",
    "'coroutine' object is not",
    "type coroutine is not JSON serializable",
    "not 'coroutine'",
    "'coroutine' object has no attribute",
    "cannot reuse already awaited coroutine",
    "coroutine is being awaited already",
    "await wasn't used with future",
    "'_asyncio.Task' object is not",
    "'_asyncio.Future' object is not",
    "'_GatheringFuture' object",
)
TAKES = ("AssertionError", "AttributeError", "RuntimeError", "TypeError")
PLAIN = ("AttributeError", "TypeError", "ValueError")
REUSED = ("cannot reuse already awaited coroutine", "coroutine is being awaited already")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each coroutine that Python collected before it had started."""
    if any(error.type in PLAIN for error in evidence.errors[:1]) and not evidence.doubles:
        from loopcheck.modes.tasks.lc202_never_awaited import plain_uses  # late: for its own cases

        used = evidence.ask(plain_uses.find_plain_use)
        if used is not None:
            from loopcheck.modes.tasks.lc202_never_awaited import plain_use_words  # late, as above

            yield plain_use_words.finding(used, CODE, SLUG)
            return  # coroutines in that line are dropped, since it failed
    for one in evidence.dropped:
        if one.role is not None:  # a consequence of LC402, LC303, LC301 or LC103
            continue
        # The await may come after the line that failed. One that was hidden has been dropped.
        if one.hidden_by is not None or not (evidence.failed and one.kept):
            yield _of_effect(one, evidence) or _finding(one)
    if any(error.message in REUSED for error in evidence.errors):
        from loopcheck.modes.tasks.lc202_never_awaited import (
            evidence as questions,  # late: for its own cases
        )

        seen = evidence.ask(questions.find_reused_coroutine)
        if seen is not None:
            yield _of_reused(seen)
    if evidence.errors and evidence.errors[0].type != "AssertionError":
        from loopcheck.modes.tasks.lc202_never_awaited import plain_wrappers  # late, as above

        wrapper = evidence.ask(plain_wrappers.find_plain_wrapper)
        if wrapper is not None:
            yield _of_wrapper(wrapper)
    if evidence.errors and not evidence.dropped:
        from loopcheck.modes.tasks.lc202_never_awaited import hidden_coroutines  # late, as above

        hidden = evidence.ask(hidden_coroutines.find_hidden_coroutine)
        if hidden is not None:
            yield hidden_coroutines.finding(
                hidden.coroutine, hidden.hidden_by, hidden.used_at, CODE, SLUG
            )
    if any(error.type in TAKES for error in evidence.errors[:1]):
        from loopcheck.modes.tasks.lc202_never_awaited import futures_for_results  # late, as above

        taken = evidence.ask(futures_for_results.find_future_for_result)
        if taken is not None:
            yield futures_for_results.finding(taken, CODE, SLUG)
    for double in evidence.doubles:
        if double.kind == "async" and double.real == "async" and double.wanted in TAKEN:
            yield _of_double(double)
        elif (double.wanted, double.real) in ONLY_CALLED:
            yield _only_called(double)


def _of_effect(one: NeverAwaited, evidence: Evidence) -> Finding | None:
    """Name the side effect of a mock that returned the coroutine, if a mock was awaited for it."""
    if one.made_at is not None or one.used_at is None:
        return None
    from loopcheck.modes.tasks.lc202_never_awaited import async_effects  # late: for its own cases

    seen = evidence.ask(async_effects.find_async_effect)
    if seen is None or not one.name.endswith(seen.coroutine):
        return None
    it = "an object" if seen.is_object else "a plain function"
    at = f"At {seen.set_at}, give" if seen.set_at is not None else "Give"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=one.name, type="coroutine"),
        where=seen.set_at,
        used_at=one.used_at,
        what=f"`{seen.mock}`, awaited at {seen.awaited_at}, returned a coroutine of `{one.name}`"
        " that was never awaited.",
        why=f"Its side effect is {it} that returns a coroutine. A mock awaits only what an"
        " `async def` function returns.",
        fix=f"{at} `side_effect` an `async def` function that awaits `{one.name}`.",
    )


# A test asserts that it was awaited; or a line calls it, and drops the coroutine.
ONLY_CALLED = (("awaited", "async"), ("awaited", None), ("nothing", "async"))
TAKEN = ("result", "async with", "async for")  # what the coroutine would have returned


def _of_wrapper(one: PlainWrapper) -> Finding:
    """Name the plain function that returns a coroutine, where an error of that is handled."""
    missed = f"its `{one.handler}` at {one.handler_at} does not catch"
    if one.library:
        missed = f"{one.library}, which would call it again, does not see"
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if one.library else "certain",
        subject=Subject(name=one.coroutine, type="coroutine"),
        where=one.returns_at,
        made_at=one.handler_at,
        used_at=one.raised_at,
        what=f"`{one.name}` returns the coroutine of `{one.coroutine}` without awaiting it, so"
        f" {missed} the {one.error}.",
        why=f"`{one.name}` is a plain `def`, which returns before the coroutine runs its first"
        " line. Its caller gets the error.",
        fix=f"Make `{one.name}` an `async def`, and `await` the call at {one.returns_at}.",
        remedy=("wrapper", one.qualname) if "<locals>" in one.qualname else ("await",),
    )


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


def _of_reused(one: ReusedCoroutine) -> Finding:
    does = "creates" if one.returned_by else "keeps"
    keeps = f", which {one.made_at} {does}" if one.made_at else ""
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if one.returned_by else "certain",
        subject=Subject(name=one.name, type="coroutine"),
        where=one.made_at or one.used_at,
        made_at=one.made_at,
        used_at=one.used_at,
        what=f"{one.used_at} awaits `{one.name}`{keeps}, although this coroutine of"
        f" `{one.coroutine}` has run already.",
        why="A coroutine runs once, from its first line to its end. To run the function again, call"
        " it again.",
        fix=_fix_reused(one),
    )


def _fix_reused(one: ReusedCoroutine) -> str:
    here = f" at {one.made_at}" if one.made_at else ""
    if one.kind == "mock":
        return (
            f"Let the mock call the function each time: `side_effect={one.coroutine}` instead of a"
            f" `return_value`{here}. Or use an `AsyncMock`, whose `return_value` is the plain"
            " result."
        )
    if one.kind in ("cache", "property"):
        return (
            f"The cache{here} keeps the coroutine, and not its result. Keep what it returns in a"
            " dict or an attribute, or keep a task: a task can be awaited many times."
        )
    if one.kind == "function":
        return (
            f"`{one.returned_by}` is a plain `def` that returns one coroutine more than once. Make"
            f" it an `async def` that awaits the call{here} and keeps the result. Or keep a task,"
            " `asyncio.ensure_future(…)`: a task can be awaited many times."
        )
    if one.kind == "argument":
        return (
            f"Pass the function{here}, without calling it, and let {one.used_at} call it each time:"
            f" `await {one.name}()`."
        )
    if one.kind == "attribute":
        return (
            f"Keep the function{here}, without calling it, and call it on each line that awaits:"
            f" `await {one.name}()`."
        )
    if one.kind == "fixture":
        return (
            f"Turn the fixture{here} into a `@pytest_asyncio.fixture` with `async def` that awaits"
            " the call, so that its tests get the result."
        )
    return (
        f"Keep the result, `{one.name.rpartition('.')[2]} = await …`{here}, if one answer will do."
        " If not, call the function on each line that awaits."
    )


def _finding(one: NeverAwaited) -> Finding:
    if one.hidden_by is not None:
        from loopcheck.modes.tasks.lc202_never_awaited import hidden_coroutines  # late, as above

        return hidden_coroutines.finding(one.name, one.hidden_by, one.made_at, CODE, SLUG)
    if one.taker is not None:
        from loopcheck.modes.tasks.lc202_never_awaited import refused_coroutines  # late, as above

        return refused_coroutines.finding(one, one.taker, CODE, SLUG)
    called = one.made_at.name if one.made_at and one.made_at.name else None
    differs = called and called != one.name.rpartition(".")[2] and not one.awaited_as
    through = f", called as `{called}`," if differs else ""
    said = (
        f"not awaited before {one.used_at} reads what it changes" if one.held else "never awaited"
    )
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if one.held else "certain",
        subject=Subject(name=one.name, type="coroutine"),
        where=one.made_at,
        used_at=one.used_at if str(one.used_at) != str(one.made_at) else None,
        what=f"A coroutine of `{one.name}`{through} was created and {said}.",
        why=CALLED_BY_NAME if one.set_up else _why(one),
        fix=_fix(one),
        remedy=_remedy(one),
    )


CALLED = "Calling an `async def` function only creates a coroutine: not one line of it ran."
BESIDE = "To run it in the background, make it a task, and await that task before the test ends."
CALLED_BY_NAME = (
    "pytest and unittest call a function of this name without `await` and drop its result: here a"
    " coroutine, of which not one line ran."
)


def _why(one: NeverAwaited) -> str:
    if one.passed_at is None:
        return CALLED
    return (
        f"`{one.name}` is an `async def`, and {one.passed_at} passes it on. Calling it only creates"
        " a coroutine, of which not one line ran."
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
    if one.by_loop:
        return (
            f"The event loop calls `{one.made_by}`, which can't await. Start a task{here},"
            " `asyncio.create_task(…)`, keep a reference to it, and await it before the test ends."
        )
    if one.caller and one.threaded:
        return (
            f"`{one.caller}`{here} calls its argument in another thread, and awaits nothing. Call"
            f" `{one.name}` on the event loop, where it is awaited, or pass a plain function."
        )
    if one.caller and one.no_loop:
        return (
            f"`{one.caller}`{here} calls its argument without `await`. Pass a plain function"
            f" instead, or call `{one.name}` where it is awaited."
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
    if one.held:
        return (
            f"`await` the call{here}{listed}. Or, if a later line awaits it, move that `await` up"
            f" before {one.used_at}."
        )
    if one.awaited_as:
        return f"Write `{one.awaited_as}`{here}."
    return f"`await` the call{here}{listed}. {BESIDE}"


def _remedy(one: NeverAwaited) -> tuple[str, ...]:
    if one.set_up:
        name = one.name.rpartition(".")[2]
        return ("rename",) if name in ("setUp", "tearDown") else ("fixture",) if "_" in name else ()
    return () if one.caller or one.by_loop or one.kept_by or one.double else ("await",)


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
