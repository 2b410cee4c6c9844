"""LC406 mocked-executor: a pool of threads is a double, and what is handed to it never runs.

What: `asyncio.to_thread(resize, …)` gives None, `pool.submit(…).result()` gives a mock, a test
      waits for ever, or asyncio refuses a future that is none of a thread's.
Why:  `patch("concurrent.futures.ThreadPoolExecutor")` replaces the pool of the whole process, also
      the one that asyncio's loops take for `to_thread`. A mock takes the function and calls nobody.
      An `asyncio.Future` is no thread's future: it needs a loop where it is made, and `result()`
      does not wait. A loop keeps the double when the patch is over.
Fix:  keep the real pool, in a `with`. Or hand in an executor of your own, whose `submit` calls the
      function at once and gives its result in a `concurrent.futures.Future`.
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
    """Name the line that put the double there."""
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
        what=f"{_double(seen)}, {_shown(seen)}.",
        why=_why(seen),
        fix=_fix(seen),
    )


def _double(seen: MockedExecutor) -> str:
    if seen.target is None and seen.how == "foreign":
        return f"A double of an executor hands out the future of {seen.place}"
    if seen.target is None:
        return f"The executor of {seen.place} is a double"
    return f"{seen.place} replaces `{seen.target}` by a double"


def _shown(seen: MockedExecutor) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    function = f"`{seen.function}`" if seen.function else "what it was handed"
    match seen.how:
        case "never ran":
            kept = ", which its loop has kept since" if seen.left else ""
            return f"which took {function} and never called it{kept}: the line{at} has no result"
        case "refused":
            return f"and asyncio does not take it{at}"
        case "no loop":
            return f"and what its `submit` gives asks for an event loop{at}, where none runs"
        case "foreign":
            return f"and what `submit` gave{at} is an asyncio future, not a thread's"
    return f"which took {function} and never called it: the result awaited{at} never comes"


def _why(seen: MockedExecutor) -> str:
    match seen.how:
        case "no loop":
            return "An `asyncio.Future` needs a loop where it is made; tests before may leave one."
        case "foreign":
            return "`asyncio.Future.result()` does not wait, and has neither a timeout nor a lock."
        case "refused":
            return "asyncio wants an executor whose `submit` gives a `concurrent.futures.Future`."
    return (
        "The loops of asyncio make their own pool of that class for `to_thread` and"
        " `run_in_executor`, and keep it: a mock in its place runs nothing."
    )


def _fix(seen: MockedExecutor) -> str:
    return (
        "Keep the real pool, or hand in an executor whose `submit` calls the function at once and"
        " gives the result in a `concurrent.futures.Future`."
    )
