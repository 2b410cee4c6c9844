"""Predicates that modes share, each read as an English verb phrase."""

from loopcheck.facts.records import BoundRecord, ErrorRecord, Evidence

TWO_LOOPS = (
    "different loop",  # Task and Future; `wait_for` before 3.12
    "different event loop",  # locks, queues, events
    "wasn't used with future",  # every await of a foreign future after the first
    "should be used inside a task",  # aiohttp asks its own loop for the current task
)


def crossed(error: ErrorRecord) -> bool:
    """Return whether asyncio, or a library through it, refused *error*'s object on this loop."""
    if error.type not in ("RuntimeError", "ValueError") or error.raised == "raise":
        return False
    if error.owner == "machinery" or (error.owner == "user" and error.raised != "await"):
        return False
    return any(words in error.message for words in TWO_LOOPS)


def busy(error: ErrorRecord) -> bool:
    """Return whether asyncpg says that another operation runs: also its word for a foreign loop."""
    return (
        error.type.startswith("asyncpg.") or error.type.startswith("sqlalchemy.")
    ) and "another operation is in progress" in error.message


def loop_closed(error: ErrorRecord) -> bool:
    """Return whether *error* is that of a closed loop."""
    return error.type == "RuntimeError" and error.function == "_check_closed"


def strangers(evidence: Evidence) -> tuple[BoundRecord, ...]:
    """Return the objects in the failing lines that belong to another loop than theirs."""
    here = evidence.used_on.label if evidence.used_on else None
    return tuple(thing for thing in evidence.bound if thing.loop.label != here)
