"""LC504 lock-ownership: code releases a lock that it does not hold, or that has expired.

What: `release()` fails: the lock's timeout is over, its key was removed, another thread, task or
      Lock object took it, or it is already released.
Why:  a lock of Valkey or Redis is a key with a token and a time to live. The Lock object that took
      it stores the token, by default for the current thread only. Another object of the same name
      has no token. An `asyncio.Lock` has no owner at all: any `release()` opens it.
Fix:  let one object take and release the lock, in one `async with`. Use a timeout that is longer
      than the work, or call `extend()` in the middle of it. If the lock moves between threads, use
      `thread_local=False`. Don't catch LockNotOwnedError: two tasks were inside at once.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes._match import only_asserted
from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, LockRecord, Place, Subject

CODE, SLUG = "LC504", "lock-ownership"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = (
    "Cannot release a lock",
    "Cannot release an unlocked lock",
    "LockNotOwnedError",
    "Lock is not acquired",
    "cannot release un-acquired lock",
    "release unlocked lock",
    "Cannot extend a",
    "LockError",
    "'_thread._local' object has no attribute 'token'",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the lock, what took it, and why the line could not release it."""
    if only_asserted(evidence):
        return
    from loopcheck.modes.stores.lc504_lock_ownership import (
        evidence as questions,  # late: for its own cases
    )

    lock = evidence.ask(questions.find_lost_lock)
    if lock is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="likely" if lock.how == "gone" and lock.before_at is not None else "certain",
        subject=Subject(name=lock.name, type=lock.type),
        where=_where(lock),
        made_at=lock.made_at,
        used_at=lock.released_at,
        what=_what(lock),
        why=_why(lock),
        fix=_fix(lock),
        remedy=_remedy(lock),
    )


def _where(lock: LockRecord) -> Place | None:
    if lock.how == "expired":
        return lock.made_at or lock.released_at
    if lock.how in ("gone", "within") or (lock.how == "twice" and lock.left):
        return lock.before_at or lock.released_at
    return lock.released_at


def _what(lock: LockRecord) -> str:
    name, did = f"`{lock.name}`", "extended" if lock.action == "extend" else "released"
    here = f" at {lock.released_at}" if lock.released_at else ""
    by = f" by {lock.taken_by}" if lock.taken_by else ""
    taken = f"taken{by}{f' at {lock.taken_at}' if lock.taken_at else ''}"
    return {
        "expired": f"{name}, {taken} for {_time(lock)}, expired before it was {did}{here}.",
        "gone": f"The key of {name}, {taken}, was gone when the lock was {did}{here}.",
        "thread": f"{name} was {taken}, but {did} by {lock.released_by or 'another thread'}{here}.",
        "object": f"{name} was {did}{here} by another Lock object than the one {taken}.",
        "twice": f"{name} was {did}{here} after it had been released{_before(lock)}.",
        "never": f"{name} was {did}{here}, but this object never acquired it.",
        "within": f"{name} was released{_before(lock)} while the `with`{here} held it.",
        "holder": f"{name} was {did}{here}, but {lock.taken_by} holds it.",
        "stranger": f"{name} was {did}{here} by code that does not hold it.",
        "unlocked": f"{name} was {did}{here} while nothing held it.",
    }[lock.how]


def _time(lock: LockRecord) -> str:
    return f"{lock.timeout:g} s" if lock.timeout is not None else "a limited time"


def _before(lock: LockRecord) -> str:
    return f" at {lock.before_at}" if lock.before_at else " already"


def _why(lock: LockRecord) -> str:
    hidden = f" The failed release hides the block's own {lock.hides}." if lock.hides else ""
    at = f", at {lock.taken_at}," if lock.taken_at else ""
    said = {
        "expired": "The store deletes the lock when its timeout is over, even if the work still"
        " runs; then another task may take it.",
        "gone": _removed(lock),
        "thread": "The token is in a `threading.local` of the Lock object, so other threads don't"
        " have it.",
        "object": "Only the object that took the lock knows its token; another object of the same"
        " name does not.",
        "twice": "A Lock object forgets its token at the first release.",
        "never": "A release needs the token that an awaited `acquire()` stores if it returns True.",
        "within": "The lock has no owner, so any `release()` opens it, even inside the `with` that"
        " took it.",
        "holder": "Only the task or thread that took this lock may release it.",
        "stranger": f"Only the task or thread that took this lock{at} may release it.",
        "unlocked": "It was released twice, or never acquired.",
    }[lock.how]
    return said + hidden


def _removed(lock: LockRecord) -> str:
    if lock.before_at is not None:
        return f"`{lock.before}` at {lock.before_at} removes keys, and the lock is a key."
    return "Other code deleted the key, flushed the database, or took the lock after it expired."


def _remedy(lock: LockRecord) -> tuple[str, ...]:
    if lock.how == "thread" and lock.made_at is not None:
        return ("thread", lock.made_at.file, str(lock.made_at.line))
    return ("within",) if lock.how == "within" else ()


def _fix(lock: LockRecord) -> str:
    made = f" at {lock.made_at}" if lock.made_at else ""
    taken = f" at {lock.taken_at}" if lock.taken_at else ""
    released = f" at {lock.released_at}" if lock.released_at else ""
    return {
        "expired": f"Give it a timeout{made} that is longer than the work, or call `extend()` in"
        " the middle of it.",
        "gone": "Don't delete the lock's key while it is held: empty the store before, in a"
        " fixture.",
        "thread": f"Move the release{released} into the thread that took the lock, or create the"
        f" lock with `thread_local=False`{made}.",
        "object": f"Let the release{released} use the object that took the lock{taken}: keep that"
        " object, or use `async with`.",
        "twice": "Release it once: let `with` alone take and release it.",
        "never": "Take it with `async with`, which releases only what it acquired.",
        "within": f"Remove the `release()`{_before(lock).replace(' already', '')}: the `with`"
        " releases it.",
        **dict.fromkeys(("holder", "stranger"), "Release it where it was taken: `with` does both."),
        "unlocked": "Let `with` take and release it; a `finally` must not release what was never"
        " taken.",
    }[lock.how]
