"""LC607 missing-greenlet: an attribute asks the database outside of an `await`.

What: reading an attribute of a model, or calling SQLAlchemy's synchronous side, makes SQLAlchemy
      send a query where nothing awaits it: an attribute that `commit()` let expire, a relationship
      that was never loaded, `engine.sync_engine.connect()`.
Why:  a plain attribute cannot `await`. SQLAlchemy may wait for the database only inside of what its
      own async methods run; elsewhere it says `greenlet_spawn has not been called`.
Fix:  load it while awaiting: `select(User).options(selectinload(User.posts))` or
      `await session.refresh(user, ["posts"])`; and `async_sessionmaker(engine,
      expire_on_commit=False)`, so that a commit keeps what was loaded.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, ImplicitIO, Subject

CODE, SLUG = "LC607", "missing-greenlet"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "MissingGreenlet",
    "greenlet_spawn has not been called",
    "DetachedInstanceError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the attribute, and the line that asked for it."""
    if only_asserted(evidence):
        return
    from loopcheck.modes.databases.lc607_missing_greenlet import (
        evidence as questions,  # late: for its own cases
    )

    seen = evidence.ask(questions.find_implicit_io)
    if seen is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=seen.name, type="relationship" if seen.relationship else "attribute")
        if seen.attribute
        else Subject(name=seen.name, type="synchronous call"),
        where=seen.used_at,
        used_at=seen.used_at,
        what=_what(seen),
        why=_why(seen),
        fix=_fix(seen),
    )


def _what(seen: ImplicitIO) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    if seen.how == "call":
        return f"`{seen.name}(…)`{at} waits for the database, and nothing awaits it."
    if seen.how == "detached":
        return f"`{seen.name}` is asked for{at}, is not loaded, and its session has been closed."
    if seen.how == "lazy":
        return f"`{seen.name}` is asked for{at} and was never loaded: it asks the database now."
    if seen.how == "inside":
        return f"`{seen.name}` is asked for{at}, and what it reads asks the database now."
    if seen.how == "base":
        return f"`{seen.name}` is asked for{at} and was not loaded: it asks the database now."
    since = f" since the {seen.by} at {seen.since}" if seen.since else ""
    return f"`{seen.name}` is asked for{at} and has expired{since}: it asks the database again."


def _why(seen: ImplicitIO) -> str:
    if seen.how == "call":
        return (
            "The synchronous side of SQLAlchemy can wait for an async driver only inside of"
            " `run_sync`, or of an awaited method of the async side."
        )
    if seen.how == "detached":
        return "What a model has not loaded it gets through its session, while that is open."
    if seen.how == "expired":
        ends = "a commit (`expire_on_commit`), a rollback, or a flush of what the database computes"
        return f"After {ends}, a model loads itself anew at the next look, and a look cannot await."
    if seen.how == "inside":
        return "What is not loaded is loaded when somebody looks at it, and a look cannot await."
    if seen.how == "base":
        return (
            "A query for the base of a class leaves out the columns that the class adds. They are"
            " loaded when somebody looks at them, and a look cannot await."
        )
    if seen.left_out:
        return (
            "A column that its query left out, since it is deferred or was not asked for, is loaded"
            " when somebody looks at it, and a look cannot await."
        )
    return "A relationship is loaded when somebody looks at it, and a look cannot await."


def _fix(seen: ImplicitIO) -> str:
    if seen.how == "call":
        return (
            "Use the async side: `async with engine.connect() as connection:`; or hand the"
            " function over: `await connection.run_sync(function)`."
        )
    before = f"before `{seen.sync}` is called" if seen.sync else "before this line"
    refresh = f'`await session.refresh({(seen.model or "it").lower()}, ["{seen.attribute}"])`'
    if seen.how == "inside":
        return f"Load what `{seen.name}` reads, with the query that gives the {seen.model}."
    if seen.how == "base":
        return (
            f'Give `{seen.model}` `"polymorphic_load": "selectin"` among its `__mapper_args__`; or'
            f" load it {before}: {refresh}."
        )
    kept = seen.how != "expired" or (seen.expires is not False and seen.by != "rollback")
    if (seen.relationship or seen.left_out) and kept:
        return _eager(seen, refresh)
    if seen.by == "rollback":
        return f"Load it again {before}: {refresh}; a rollback lets everything expire."
    if seen.how == "detached":
        return (
            "Make the session with `expire_on_commit=False`, so that a commit keeps what was"
            " loaded; or read it while the session is open."
        )
    if seen.expires is False or seen.by == "flush":
        return f"Load it {before}: {refresh}."
    return (
        "Make the session with `expire_on_commit=False`: `async_sessionmaker(engine,"
        f" expire_on_commit=False)`. Or load it {before}: {refresh}."
    )


def _eager(seen: ImplicitIO, refresh: str) -> str:
    eager = f"`.options({'undefer' if seen.left_out else 'selectinload'}({seen.name}))`"
    if seen.how == "detached":
        return f"Load it with the query, {eager}, while the session is open."
    kept = "" if seen.how == "lazy" else " before the commit, with `expire_on_commit=False`"
    # Who is handed a model has no session: what is to be loaded is the business of who asks for it.
    later = f"; or before this line: {refresh}" if seen.sync is None else ""
    return f"Load it with the query, {eager}{kept}{later}."
