"""LC607 missing-greenlet: reading an attribute sends a query outside of an `await`.

What: reading an attribute of a model, or calling SQLAlchemy's synchronous side, makes SQLAlchemy
      send a query where nothing awaits it: an attribute that expired with `commit()`, a
      relationship that was never loaded, `engine.sync_engine.connect()`.
Why:  a plain attribute cannot `await`. SQLAlchemy may wait for the database only inside its own
      async methods; elsewhere it raises `greenlet_spawn has not been called`.
Fix:  load it while awaiting: `select(User).options(selectinload(User.posts))` or
      `await session.refresh(user, ["posts"])`. And use `async_sessionmaker(engine,
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
    """Name the attribute, and the line that reads it."""
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
        remedy=_remedy(seen),
    )


def _what(seen: ImplicitIO) -> str:
    at = f" at {seen.used_at}" if seen.used_at else ""
    if seen.how == "call":
        return f"`{seen.name}(…)`{at} waits for the database, but nothing awaits it."
    read = f"`{seen.name}` is read{at}"
    if seen.how == "detached":
        return f"{read} but is not loaded, and its session is closed."
    if seen.how in ("lazy", "base"):
        return f"{read} but was not loaded, so SQLAlchemy queries the database there."
    if seen.how == "inside":
        return f"{read} and needs an attribute that SQLAlchemy queries the database for."
    since = f" with the {seen.by} at {seen.since}" if seen.since else ""
    return f"{read} but expired{since}, so SQLAlchemy queries the database again."


def _why(seen: ImplicitIO) -> str:
    loads = "when the code reads it, and a plain attribute can't await"
    if seen.how == "call":
        return (
            "SQLAlchemy's synchronous side can wait for an async driver only inside `run_sync`, or"
            " inside an awaited method of the async side."
        )
    if seen.how == "detached":
        return "A model loads a missing attribute through its session, while that is open."
    if seen.how == "expired":
        return (
            "A commit (`expire_on_commit`), a rollback, or a flush of values that the database"
            f" computes expires an attribute. SQLAlchemy loads it again {loads}."
        )
    if seen.how == "inside":
        return f"SQLAlchemy loads a missing attribute {loads}."
    if seen.how == "base":
        return (
            "A query for a base class leaves out the columns that a subclass adds. SQLAlchemy loads"
            f" each of them {loads}."
        )
    if seen.left_out:
        return (
            "The query left this column out, because it is deferred or was not selected. SQLAlchemy"
            f" loads it {loads}."
        )
    return f"SQLAlchemy loads a relationship {loads}."


def _remedy(seen: ImplicitIO) -> tuple[str, ...]:
    if seen.how == "base":
        return ("columns", seen.name.rpartition(".")[0])
    if seen.how == "call":
        return ("async side",)
    if seen.how == "inside" or seen.by == "rollback":
        return ()
    kept = seen.how != "expired" or seen.expires is not False
    if (seen.relationship or seen.left_out) and kept:
        return ("eager", "undefer" if seen.left_out else "selectinload", seen.name)
    if seen.how == "detached" or not (seen.expires is False or seen.by == "flush"):
        return ("keep",)
    return ()


def _fix(seen: ImplicitIO) -> str:
    if seen.how == "call":
        return (
            "Use the async side: `async with engine.connect() as connection:`. Or pass your"
            " function to it: `await connection.run_sync(function)`."
        )
    before = f"before `{seen.sync}` is called" if seen.sync else "before this line"
    # What ended a transaction expired all columns: the line may read more than this one.
    all_columns = seen.how == "expired" and seen.by != "flush" and not seen.relationship
    only = "" if all_columns else f', ["{seen.attribute}"]'
    refresh = f"`await session.refresh({(seen.model or 'it').lower()}{only})`"
    if seen.how == "inside":
        return f"Load what `{seen.name}` reads in the query that returns the {seen.model}."
    if seen.how == "base":
        return (
            f'Add `"polymorphic_load": "selectin"` to the `__mapper_args__` of `{seen.model}`. Or'
            f" load it {before}: {refresh}."
        )
    kept = seen.how != "expired" or (seen.expires is not False and seen.by != "rollback")
    if (seen.relationship or seen.left_out) and kept:
        return _eager(seen, refresh)
    if seen.by == "rollback":
        return f"Load it again {before}: {refresh}; a rollback expires everything."
    if seen.how == "detached":
        return (
            "Create the session with `expire_on_commit=False`, so that a commit keeps what was"
            " loaded. Or read it while the session is open."
        )
    if seen.expires is False or seen.by == "flush":
        return f"Load it {before}: {refresh}."
    return (
        "Create the session with `expire_on_commit=False`: `async_sessionmaker(engine,"
        f" expire_on_commit=False)`. Or load it {before}: {refresh}."
    )


def _eager(seen: ImplicitIO, refresh: str) -> str:
    eager = f"`.options({'undefer' if seen.left_out else 'selectinload'}({seen.name}))`"
    if seen.how == "detached":
        return f"Load it in the query with {eager}, while the session is open."
    kept = "" if seen.how == "lazy" else " before the commit, with `expire_on_commit=False`"
    # A function that gets a model has no session; its caller has to load what it needs.
    later = f"; or before this line: {refresh}" if seen.sync is None else ""
    return f"Load it in the query with {eager}{kept}{later}."
