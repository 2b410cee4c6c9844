"""LC503 wrong-exception-class: a like-named exception is expected, the client raises its own.

What: `except TimeoutError` or `pytest.raises(ConnectionError)` does not catch what is raised,
      though the error shown has that very name.
Why:  valkey, redis, httpx, requests and others have errors of their own, which are no subclasses of
      the built-in ones, nor of each other's. Names don't count, classes do; and a class exists
      twice when its file is imported by two names.
Fix:  import the client's own class, under a name that says so:
      `from valkey.exceptions import TimeoutError as StoreTimeoutError`. `asyncio.TimeoutError` is
      the built-in one; for `asyncio.wait_for` and `asyncio.timeout` that is right.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import Finding
from loopcheck.records import Evidence, MissedError, Subject

CODE, SLUG = "LC503", "wrong-exception-class"
SUPERSEDES = frozenset({"LC506"})  # that nothing listens there was expected, in the wrong words
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
    """Name the line that waits for one class, and the class that went past it."""
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
        where=missed.handed_at or missed.listed_at or missed.place,
        made_at=missed.got_from,
        used_at=missed.raised_at,
        what=f"{_line(missed)} waits for {_expected(missed)}, and what was raised is"
        f" `{missed.raised}`.",
        why=_why(missed),
        fix=_fix(missed),
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
        return (
            "The file of this class was loaded by two names, and each time a new class came of it:"
            " one is not the other."
        )
    if missed.raised.endswith(".LockError"):
        return (
            "A lock that is not to be had in time is a `LockError` for this client: no timeout of"
            " any kind."
        )
    last = missed.raised.rpartition(".")[2]
    same = missed.alike == "name"
    names = "Both have one name, but they are two classes" if same else "They are two classes"
    return f"{names}: `{last}` is no subclass of the one that the line waits for."


def _fix(missed: MissedError) -> str:
    if missed.alike == "file":
        module = missed.raised.rpartition(".")[0]
        here = f", also at {missed.got_from}" if missed.got_from else ""
        return f"Import it by one name everywhere: `{module}`, which raised it{here}."
    module, _, name = missed.raised.rpartition(".")
    if not module:
        return f"Wait for Python's own `{name}` there: no client raised it."
    known = name == missed.written or (missed.listed_at and name == missed.expected)
    own = f" as {_alias(module, name)}" if known else ""
    there = f" At {missed.handed_at} hand over that one." if missed.handed_at else ""
    if not there and missed.listed_at:
        there = f" List it at {missed.listed_at}."
    return f"Wait for the class that is raised: `from {module} import {name}{own}`.{there}"


def _alias(module: str, name: str) -> str:
    return module.partition(".")[0].capitalize() + name
