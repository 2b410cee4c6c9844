"""LC406 mocked-executor: a mock replaces the thread pool, and the functions passed to it never run.

What: `asyncio.to_thread(resize, …)` returns None, `pool.submit(…).result()` returns a mock, a test
      hangs, or asyncio refuses a future that does not come from a thread.
Why:  `patch("concurrent.futures.ThreadPoolExecutor")` replaces the pool of the whole process, also
      the one that event loops use for `to_thread`. A mock accepts the function and never calls it.
      An `asyncio.Future` is not a thread's future: creating it needs a loop, and `result()` does
      not wait. A loop keeps the mock after the patch has ended.
Fix:  keep the real pool, in a `with`. Or pass an executor of your own, whose `submit` calls the
      function at once and returns its result in a `concurrent.futures.Future`.
Edit: none, since what the code needs of its executor is not in the text.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MockedExecutor, Subject

CODE, SLUG = "LC406", "mocked-executor"
# A loop that is missing in `submit`, a result that never comes, a mock for a value.
SUPERSEDES = frozenset({"LC105", "LC107", "LC203", "LC401", "LC409"})
SAYS = (
    "name='ThreadPoolExecutor",
    "There is no current event loop + ThreadPoolExecutor",
    "Future.result() takes no keyword arguments",
    "concurrent.futures.Future is expected, got",
    "Result is not set",
    "InvalidStateError",
    "assert None == … + ThreadPoolExecutor",
    "assert None == … + run_in_executor",
    "assert None == … + to_thread(",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that replaced the pool."""
    seen = evidence.executor
    if seen is None or seen.place is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if seen.how in ("never ran", "hangs") else "certain",
        subject=Subject(name=seen.target or "executor", type=seen.double),
        where=seen.place,
        used_at=seen.used_at,
        what=f"{_double(seen)}{_shown(seen)}.",
        why=_why(seen),
        fix=_fix(seen),
    )


def _double(seen: MockedExecutor) -> str:
    double = "a mock" if "mock" in seen.double.lower() else "a fake"
    if seen.target is None and seen.how == "foreign":
        return f"The future of {seen.place} comes from {double} executor"
    if seen.target is None:
        return f"The executor of {seen.place} is {double}"
    return f"{seen.place} replaces `{seen.target}` with {double}"


def _shown(seen: MockedExecutor) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    function = f"`{seen.function}`" if seen.function else "the function passed to it"
    match seen.how:
        case "never ran":
            kept = " and stays in its loop after the patch" if seen.left else ""
            return f" that never called {function}{kept}, so the line{at} has no result"
        case "refused":
            return f", which asyncio refuses{at}"
        case "no loop":
            return f" whose `submit` needs an event loop{at}, where none runs"
        case "foreign":
            return f" whose `submit`{at} returned an asyncio future, not a thread's"
    return f" that never called {function}, so the result awaited{at} never comes"


def _why(seen: MockedExecutor) -> str:
    match seen.how:
        case "no loop":
            return "Creating an `asyncio.Future` needs a loop; an earlier test may have left one."
        case "foreign":
            return "`asyncio.Future.result()` does not wait, has no timeout and is not thread-safe."
        case "refused":
            return "asyncio needs an executor whose `submit` returns a `concurrent.futures.Future`."
    return (
        "For `to_thread` and `run_in_executor`, an event loop creates its own pool of that class"
        " and keeps it. A mock in its place runs nothing."
    )


def _fix(seen: MockedExecutor) -> str:
    return (
        "Keep the real pool, or pass an executor whose `submit` calls the function at once and"
        " returns the result in a `concurrent.futures.Future`."
    )
