"""LC504 lock-ownership: a lock is released by who does not hold it, or after it ran out.

What: `release()` is refused: the lock's time was over, its key was removed, another thread, task or
      Lock object took it, or it is released already.
Why:  a lock of Valkey or Redis is a key with a token and a time to live. The token lies in the Lock
      object that took it, by default for that thread alone. Another object of the same name has
      none. An `asyncio.Lock` has no owner at all: anybody's `release()` opens it.
Fix:  one object takes and releases, in one `async with`; a timeout that is longer than the work, or
      `extend()` in the middle of it. For a lock that wanders between threads `thread_local=False`.
      Do not catch LockNotOwnedError: two were inside at once.
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
    """Name the lock, who took it, and why it was not theirs who released it."""
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
        "expired": f"{name} ran out before it was {did}{here}: it was {taken}, for {_time(lock)}.",
        "gone": f"The key of {name} was gone when it was {did}{here}: it was {taken}.",
        "thread": f"{name} was {taken}, and {did} by {lock.released_by or 'another thread'}{here}.",
        "object": f"{name} was {did}{here} by a Lock object that never took it: another of the"
        f" same name was {taken}.",
        "twice": f"{name} was {did}{here} after it had been released{_before(lock)}.",
        "never": f"{name} was {did}{here}, and this object never got it.",
        "within": f"{name} was released{_before(lock)}, while the `with`{here} held it.",
        "holder": f"{name} was {did}{here} by who does not hold it: {lock.taken_by} does.",
        "stranger": f"{name} was {did}{here} by who does not hold it.",
        "unlocked": f"{name} was {did}{here} while nobody held it.",
    }[lock.how]


def _time(lock: LockRecord) -> str:
    return f"{lock.timeout:g} s" if lock.timeout is not None else "a time that is over"


def _before(lock: LockRecord) -> str:
    return f" at {lock.before_at}" if lock.before_at else " already"


def _why(lock: LockRecord) -> str:
    hidden = f" It hides the block's own {lock.hides}." if lock.hides else ""
    said = {
        "expired": "The store forgets the lock when its timeout is over, whatever goes on inside:"
        " somebody else may have been let in.",
        "gone": _removed(lock),
        "thread": "The token lies in a `threading.local` of the Lock object: other threads do not"
        " have it.",
        "object": "Only the object that took the lock knows its token; the name alone opens"
        " nothing.",
        "twice": "A Lock object forgets its token with the first release.",
        "never": "A release needs the token that a successful `acquire()` leaves: was it awaited,"
        " and did it return True?",
        "within": "The lock has no owner: anybody's `release()` opens it, and the `with` that took"
        " it finds it open.",
        "holder": "Only who took this lock may release it.",
        "stranger": "Only who took this lock"
        f"{f', at {lock.taken_at},' if lock.taken_at else ''} may release it.",
        "unlocked": "It was released twice, or never taken.",
    }[lock.how]
    return said + hidden


def _removed(lock: LockRecord) -> str:
    if lock.before_at is not None:
        return f"`{lock.before}` at {lock.before_at} removes keys, and the lock is one."
    return "Somebody deleted the key, or flushed the database, or took the lock after its time."


def _fix(lock: LockRecord) -> str:
    made = f" at {lock.made_at}" if lock.made_at else ""
    taken = f" at {lock.taken_at}" if lock.taken_at else ""
    return {
        "expired": f"Give it a timeout{made} that is longer than the work, or call `extend()` in"
        " the middle of it.",
        "gone": "Leave the lock's key alone while it is held: empty the store before, in a"
        " fixture.",
        "thread": "Release it in the thread that took it; or make it with `thread_local=False`"
        f"{made}.",
        "object": f"Keep the object that took it{taken}, and release that one: `async with` does.",
        "twice": "Release it once: let `with` alone take and release it.",
        "never": "Take it with `async with`, which releases what it got and nothing else.",
        "within": f"Take the `release()`{_before(lock).replace(' already', '')} away: the `with`"
        " releases it.",
        **dict.fromkeys(("holder", "stranger"), "Release it where it was taken: `with` does both."),
        "unlocked": "Let `with` take and release it; a `finally` must not release what was never"
        " taken.",
    }[lock.how]
