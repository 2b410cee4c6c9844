"""LC608 django-thread: a query of Django's runs in a thread that it must not run in.

What: async code calls the ORM's plain methods and Django raises `SynchronousOnlyOperation`. Or an
      async test awaits `aget` and gets `DoesNotExist` for a row that a fixture has saved, or
      `database is locked`.
Why:  Django sends a query in the thread that calls it, and refuses where an event loop runs, since
      it would block the loop. Its async methods and `sync_to_async` send it in another thread.
      Each thread has a connection of its own, and pytest-django's `db` opens its transaction on
      that of the test's thread: another one sees no such rows, and nobody undoes what it writes.
Fix:  await the async method: `await Group.objects.acreate(…)`, or `await sync_to_async(function)()`
      around plain code. Mark each such test `@pytest.mark.django_db(transaction=True)`, or request
      `transactional_db`: then nothing is in a transaction, and the tables are emptied afterwards.
Edit: the async method with its `await`, and `transaction=True` or `transactional_db`. None for a
      queryset, a relation or a plain function, since the code has to choose how to load it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, Subject

if TYPE_CHECKING:
    from loopcheck.modes.databases.lc608_django_thread.evidence import OtherThread

CODE, SLUG = "LC608", "django-thread"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "SynchronousOnlyOperation",
    "You cannot call this from an async context",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the query, and the line that sends it in the wrong thread."""
    frames = (frame for error in evidence.errors for frame in error.frames)
    if not any(frame.module.startswith("django.") for frame in frames):
        return
    from loopcheck.modes.databases.lc608_django_thread import (
        evidence as questions,  # late: for its own cases
    )

    seen = evidence.ask(questions.find_other_thread)
    if seen is None:
        return
    refused = seen.how == "refused"
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if seen.proven else "likely",
        subject=Subject(name=seen.name, type="database query"),
        where=seen.used_at if refused else seen.marked_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
        remedy=(seen.how, seen.method or "", seen.fixture or ""),
    )


def _what(seen: OtherThread) -> str:
    query = f"`{seen.name}`" if seen.name else "A query"
    if seen.how == "refused":
        inside = f", in `{seen.helper}`," if seen.helper and seen.helper not in seen.name else ""
        return (
            f"{query} at {seen.used_at}{inside} sends a query while the event loop runs"
            f" `{seen.coroutine}` in the same thread."
        )
    if not seen.row:
        return (
            f"{query} at {seen.used_at} waits for the lock of the test's transaction, which"
            f" {seen.marked_at} opens in another thread."
        )
    finds = "can't see the" if seen.proven else "finds no"
    return (
        f"{query} at {seen.used_at} {finds} `{seen.row}`, since it runs in another thread than the"
        f" test's transaction, which {seen.marked_at} opens."
    )


def _why(seen: OtherThread) -> str:
    if seen.how == "refused":
        return (
            "A query blocks its thread, and with it the event loop. So Django refuses to send it."
        )
    return (
        "Django's async methods, `sync_to_async` and `asyncio.to_thread` use another thread, and"
        " each thread has a connection of its own. pytest-django opens the transaction on that of"
        " the test's thread."
    )


def _fix(seen: OtherThread) -> str:
    wide = "`@pytest.mark.django_db(transaction=True)`"
    if seen.how == "split":
        if seen.fixture:
            return (
                f"Request `transactional_db` instead of `db` in `{seen.fixture}`: it commits the"
                " rows, and empties the tables afterwards."
            )
        return f"Mark the test {wide}: then rows are committed, and the tables emptied afterwards."
    if seen.helper:
        first = f"Await it in a thread: `await sync_to_async({seen.helper})(…)`."
    elif seen.method:
        first = f"Await Django's async method: `await {_twin(seen)}(…)`."
    else:
        first = "Use the async side, such as `async for`, or call it in `sync_to_async`."
    if seen.marked_at is None:
        return first
    also = f"request `transactional_db` in `{seen.fixture}`" if seen.fixture else f"mark it {wide}"
    return f"{first} That runs in another thread, outside of the test's transaction: {also}."


def _twin(seen: OtherThread) -> str:
    owner, dot, _ = seen.name.rpartition(".")
    return f"{owner}{dot}{seen.method}"
