"""LC209 exit-blocked: the process does not end after its tests, since something still runs.

What: the summary says `1 passed`, and the process goes on, in CI until the job's limit.
Why:  at its exit Python joins every thread that isn't a daemon. It waits for the jobs of thread and
      process executors, and `multiprocessing` for its processes. A loop in its own thread, a timer,
      or a worker that waits at a queue does not end by itself.
Fix:  end it in the test or fixture that starts it, also if an assertion fails: after the `yield`,
      or in a `finally`. A loop: `loop.call_soon_threadsafe(loop.stop)`, then `join()`. A worker:
      set what it waits for, then `join()`. A timer: `cancel()`. A process: `terminate()`, `join()`.
      `daemon=True` lets the exit cut it off at any line.
Edit: a loop's thread is stopped and joined, a timer cancelled, and a process terminated where the
      test or fixture starts it. Otherwise `daemon=True` is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, ExitHolder, Subject

CODE, SLUG = "LC209", "exit-blocked"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "Exception ignored in + threading.py + _shutdown",
    "Exception ignored in atexit callback + _exit_function",
    "in _shutdown + lock.acquire()",
    "_python_exit + t.join()",
)

TYPES = {
    "thread": "threading.Thread",
    "job": "concurrent.futures.Executor",
    "process": "multiprocessing.Process",
    "callback": "function",
}
WHAT = {
    "thread": "Python waits for the thread `{name}`",
    "job": "Python waits for the job `{name}` in a worker {place}",
    "process": "multiprocessing waits for the process `{name}`",
    "callback": "Python waits for the exit callback `{name}`",
}
WHY = {
    "thread": "The thread was started without `daemon=True`, so Python joins it before the process"
    " ends.",
    "job": "Before the process ends, Python waits for the jobs of executors. To cancel a future or"
    " task does not stop its job.",
    "process": "The process was started without `daemon=True`, so multiprocessing joins it before"
    " this one ends.",
    "callback": "Python calls what was registered with `atexit` one after the other.",
}
ENDS = {
    "thread": "Set what it waits for, then call `join()`",
    "job": "Set what the job waits for, or give that wait a limit. Then its worker ends, too",
    "process": "Call `terminate()`, then `join()`",
    "callback": "Give its wait a limit, or do this work in a fixture's teardown",
    "loop": "Call `loop.call_soon_threadsafe(loop.stop)`, then `join()` of the thread",
    "coroutine": "End what its event loop runs, by a flag or event that the coroutine checks. Then"
    " call `join()` of the thread",
    "timer": "Call `cancel()` of the timer",
    "queue": "Put a value into its queue that ends the thread, then call `join()`",
}
DAEMON = " If it may be cut off at any line, make it a daemon: `daemon=True`."


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what Python waits for at its exit, and the line that has to end it."""
    seen = evidence.exit
    if seen is None:
        return
    where = seen.owned_at or seen.started_at or seen.at
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.name, type=_type(seen)),
        where=where,
        made_at=seen.started_at,
        used_at=seen.at,
        test=seen.test,
        phase="session",
        what=f"After the tests, {_what(seen)}.",
        why=WHY[seen.kind],
        fix=_fix(seen),
        remedy=_remedy(seen),
    )


def _remedy(seen: ExitHolder) -> tuple[str, ...]:
    if seen.closer is not None:
        return ("close", seen.closer) if "…" not in seen.closer else ()
    known = seen.started_at is not None and seen.kind != "job" and not seen.by_library
    return (seen.activity or seen.kind,) if known else ()


def _type(seen: ExitHolder) -> str:
    return "threading.Timer" if seen.activity == "timer" else TYPES[seen.kind]


def _what(seen: ExitHolder) -> str:
    """Return what waits for what, who started it, and where it is now."""
    place = "process" if seen.activity == "process" else "thread"
    said = [f"which {seen.started_at} starts"] if seen.started_at is not None else []
    if seen.activity in ("loop", "coroutine"):
        said.append("whose event loop still runs")
    elif seen.activity == "timer":
        said.append("whose time is not over")
    elif seen.at is not None and seen.at != seen.started_at:
        said.append(f"which is at {seen.at}")
    known = WHAT[seen.kind].format(name=seen.name, place=place)
    return f"{known}, {' and '.join(said)}" if said else known


def _fix(seen: ExitHolder) -> str:
    if seen.closer is not None:
        after = f" after {seen.owned_at}" if seen.owned_at is not None else ""
        return f"Call `{seen.closer}`{after}, in a `finally` or after the fixture's `yield`."
    if seen.kind in ("callback", "job"):
        return f"{ENDS[seen.kind]}."
    if seen.by_library:
        return (
            "A library starts it for what this line makes. Close that: enter it with `with` or"
            " `async with`, or call its `close()` in a `finally` or after the fixture's `yield`."
        )
    end = ENDS[seen.activity or seen.kind]
    end = f"{end}, in a `finally` or after the `yield` of the fixture."
    return end + DAEMON if seen.kind in ("thread", "process") and not seen.activity else end
