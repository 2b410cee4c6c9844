"""LC407 removed-api: an argument or a function that a newer version took away.

What: `httpx.AsyncClient(app=app)`, `asyncio.Lock(loop=loop)`, `@asyncio.coroutine`,
      `import aioredis`: advice of some years ago, run on what is installed today.
Why:  the library goes on, the test was written for an earlier one. What takes any arguments, as
      `Valkey.from_url` does, refuses them only at the first command.
Fix:  write what took its place: `transport=httpx.ASGITransport(app=app)` with a `base_url`; no
      `loop=` at all; `async def`; `redis.asyncio`. `ASGITransport` does not run start-up and
      shut-down: what they make has to be made by the test.
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
    """Name the call or the import, and what to write there today."""
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
        fix=f"Write {_instead(seen)}.",
    )


def _what(seen: RemovedApi) -> str:
    if seen.what.endswith("="):
        return f"{seen.place} gives `{seen.what}` to `{seen.owner}`, which takes it no more."
    if seen.what in ("coroutines", "plain text"):
        return f"{seen.place} gives {seen.what} to `{seen.owner}`, which is no longer taken."
    return f"{seen.place} asks for `{seen.owner}`, which is there no more."


def _why(seen: RemovedApi) -> str:
    late = (
        f" The client took it without a word, and its connection refused it at {seen.used_at}."
        if seen.used_at is not None and seen.used_at != seen.place
        else ""
    )
    return f"It is gone since {seen.since}; here is {seen.version}.{late}"


def _instead(seen: RemovedApi) -> str:
    if seen.instead.startswith(("leave", "nothing")):
        return f"nothing in its place: {seen.instead.partition(': ')[2] or 'it is not needed'}"
    if seen.instead.startswith("the "):
        return seen.instead
    code, comma, rest = seen.instead.partition(", ")
    return f"`{code}`{comma}{rest}"
