"""LC503 wrong-exception-class: the code expects one class, and another of that name is raised.

What: `except TimeoutError` or `pytest.raises(ConnectionError)` does not catch the error, although
      the error that Python prints has that very name.
Why:  valkey, redis, httpx, requests and others have exceptions of their own. These are no
      subclasses of the built-in ones, nor of each other's. Only the class counts, not its name; and
      a class exists twice if its file is imported under two names.
Fix:  import the client's own class, under a name that says so:
      `from valkey.exceptions import TimeoutError as StoreTimeoutError`. `asyncio.TimeoutError` is
      the built-in one, which is right for `asyncio.wait_for` and `asyncio.timeout`.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MissedError, Place, Subject

CODE, SLUG = "LC503", "wrong-exception-class"
SUPERSEDES = frozenset({"LC506"})  # the test expects that nothing listens, by the wrong class
SAYS = (
    "exceptions.TimeoutError + pytest.raises(",
    "exceptions.ConnectionError + pytest.raises(",
    "exc.TimeoutError + pytest.raises(",
    "ConnectError + pytest.raises(",
    "exceptions.TimeoutError + except TimeoutError",
    "exceptions.ConnectionError + except ConnectionError",
    "ReadTimeout",
    "ConnectTimeout",
    "exceptions.TimeoutError",
    "exceptions.ConnectionError",
)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the line that expects one class, and the class that it did not catch."""
    if not evidence.errors:
        return
    from loopcheck.modes.stores.lc503_wrong_exception_class import (
        evidence as questions,  # late: for its own cases
    )

    missed = evidence.ask(questions.find_missed_handler)
    if missed is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if missed.alike in ("name", "file") else "likely",
        subject=Subject(name=missed.written, type=missed.raised),
        where=_where(missed),
        made_at=missed.got_from,
        used_at=missed.raised_at,
        what=f"{_line(missed)} expects {_expected(missed)}, but the code raised `{missed.raised}`.",
        why=_why(missed),
        fix=_fix(missed),
        remedy=_remedy(missed),
    )


def _line(missed: MissedError) -> str:
    said = {
        "except": f"`except {missed.written}`",
        "raises": f"`raises({missed.written})`",
        "suppress": f"`suppress({missed.written})`",
        "xfail": f"`xfail(raises={missed.written})`",
        "isinstance": f"`isinstance(…, {missed.written})`",
        "decorator": f"The decorator with `{missed.written}`",
    }[missed.how]
    return f"{said} at {missed.place}"


def _expected(missed: MissedError) -> str:
    if "." not in missed.expected:
        return f"Python's own `{missed.expected}`"
    return f"`{missed.expected}`"


def _why(missed: MissedError) -> str:
    if missed.alike == "file":
        return "The file of this class was loaded under two names, and each load created a class."
    if missed.raised.endswith(".LockError"):
        return "If this client can't get a lock in time, it raises a `LockError`, not a timeout."
    same = "They have the same name, but the" if missed.alike == "name" else "The"
    return f"{same} raised class is not a subclass of the expected one."


def _where(missed: MissedError) -> Place | None:
    imported = missed.got_from if missed.alike == "file" else None  # the fix changes the import
    return imported or missed.handed_at or missed.listed_at or missed.place


def _remedy(missed: MissedError) -> tuple[str, ...]:
    module, _, name = missed.raised.rpartition(".")
    if missed.alike == "file":
        return ("import", module) if missed.got_from else ()
    if not module:
        return ()
    written = missed.written if missed.handed_at is None else missed.expected
    known = name == written.rpartition(".")[2] or bool(missed.listed_at)
    what = "add" if missed.listed_at and not missed.handed_at else "expect"
    return (what, written, module, name, _alias(module, name) if known else "")


def _fix(missed: MissedError) -> str:
    if missed.alike == "file":
        module = missed.raised.rpartition(".")[0]
        here = f", also at {missed.got_from}," if missed.got_from else ""
        return f"Import it everywhere{here} from `{module}`, which raised it."
    module, _, name = missed.raised.rpartition(".")
    if not module:
        return f"Expect Python's own `{name}` there: no client raised it."
    known = name == missed.written or (missed.listed_at and name == missed.expected)
    own = f" as {_alias(module, name)}" if known else ""
    there = f" Pass that one at {missed.handed_at}." if missed.handed_at else ""
    if not there and missed.listed_at:
        there = f" Add it to the list at {missed.listed_at}."
    return f"Expect the class that is raised: `from {module} import {name}{own}`.{there}"


def _alias(module: str, name: str) -> str:
    return module.partition(".")[0].capitalize() + name
