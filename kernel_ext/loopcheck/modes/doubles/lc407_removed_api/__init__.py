"""LC407 removed-api: an argument or a function that a newer version removed.

What: `httpx.AsyncClient(app=app)`, `asyncio.Lock(loop=loop)`, `@asyncio.coroutine`,
      `import aioredis`: advice of some years ago, run with the versions of today.
Why:  the library moved on, and the test was written for an earlier version. A function that accepts
      any arguments, as `Valkey.from_url` does, fails only at the first command.
Fix:  write its replacement: `transport=httpx.ASGITransport(app=app)` with a `base_url`; no `loop=`
      at all; `async def`; `redis.asyncio`. `ASGITransport` does not run start-up and shutdown: the
      test has to create what they would create.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, RemovedApi, Subject

CODE, SLUG = "LC407", "removed-api"
SUPERSEDES: frozenset[str] = frozenset({"LC105"})
SAYS = (
    "got an unexpected keyword argument",
    "has no attribute 'coroutine'",
    "has no attribute 'async_timeout'",
    "has no attribute 'get_event_loop",
    "No module named 'aioredis'",
    "No module named 'async_timeout'",
    "Passing coroutines is forbidden",
    "has no attribute 'all_tasks'",
    "has no attribute 'create_redis_pool'",
    "'Engine' object has no attribute 'execute'",
    "cannot import name",
    "module '…' has no attribute",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the call or the import, and what to write today."""
    if only_asserted(evidence):
        return
    from loopcheck.modes.doubles.lc407_removed_api import (
        evidence as questions,  # late: for its own cases
    )

    seen = evidence.ask(questions.find_removed_api)
    if seen is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.what, type=seen.owner),
        where=seen.place,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=f"{_instead(seen)}.",
        remedy=(seen.what, seen.owner, seen.instead) if seen.said is None else (),
    )


def _what(seen: RemovedApi) -> str:
    if seen.said is not None:
        return (
            f"{seen.place} uses `{seen.owner}`, which {seen.since} deprecates, and the project's"
            " filters make an error of the warning."
        )
    if seen.what.endswith("="):
        return f"{seen.place} passes `{seen.what}` to `{seen.owner}`, which no longer accepts it."
    if seen.what in ("coroutines", "plain text"):
        them = "them" if seen.what == "coroutines" else "it"
        return f"{seen.place} passes {seen.what} to `{seen.owner}`, which no longer accepts {them}."
    return f"{seen.place} uses `{seen.owner}`, which no longer exists."


def _why(seen: RemovedApi) -> str:
    if seen.said is not None:
        return f"The warning is: {seen.said}"
    late = (
        f" The client accepted it, and its connection refused it at {seen.used_at}."
        if seen.used_at is not None and seen.used_at != seen.place
        else ""
    )
    when = "when" if " became " in seen.since or " took " in seen.since else "in"
    return f"It was removed {when} {seen.since}, and {seen.version} is installed.{late}"


def _instead(seen: RemovedApi) -> str:
    if seen.said is not None:
        return (
            "Write what the warning recommends. Or pin a version that does not warn, or add an"
            " `ignore` of this warning to `filterwarnings`, until that is done"
        )
    if seen.instead.startswith(("leave", "nothing")):
        return f"Leave it out: {seen.instead.partition(': ')[2] or 'it is not needed'}"
    if seen.instead.startswith("the "):
        return f"Write {seen.instead}"
    code, comma, rest = seen.instead.partition(", ")
    return f"Write `{code}`{comma}{rest}"
