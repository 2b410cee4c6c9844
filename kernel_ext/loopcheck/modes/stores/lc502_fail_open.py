"""LC502 fail-open: a handler turns an error into "allowed", so nothing can fail.

What: a limiter, check or guard has `except Exception: … return True`. A typo in the code, or a
      missing store, lets everybody in: `assert True is False`, or a test that passes and tests
      nothing.
Why:  the handler catches every error, not only the one that it was written for. The error is gone;
      at most a line in a log is left.
Fix:  catch only the store's own `ConnectionError` and `TimeoutError`, count how often the code
      fails open, and let a fixture assert after each test that the count is 0. Test failing open
      on purpose, in a test of its own.
Edit: none, since which errors may pass is a decision about the application.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import CERTAINTIES, Certainty, Finding
from loopcheck.records import Evidence, Place, Subject, Swallowed

CODE, SLUG = "LC502", "fail-open"
SUPERSEDES = frozenset({"LC501", "LC506"})  # the swallowed error is only what set it off
SAYS = ("assert True is False",)
# No handler is written for these: a name is wrong, or an attribute is missing.
SLIPS = frozenset({"AttributeError", "NameError", "UnboundLocalError"})
WRONG_CALL = ("positional argument", "keyword argument")
REFUSED = "Duplicated timeseries in CollectorRegistry"  # a metric, registered twice
STORES = ("ConnectionError", "TimeoutError", "ConnectError", "Timeout", "BusyLoadingError")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each handler that hides an error which the test depends on."""
    passed = not evidence.errors
    judged = ((_passed(one) if passed else _failed(one), one) for one in evidence.swallowed)
    found = [(certainty, one) for certainty, one in judged if certainty is not None]
    if any(one.asserted for _, one in found):
        found = [(certainty, one) for certainty, one in found if one.asserted]
    found.sort(key=lambda each: CERTAINTIES.index(each[0]))
    known: set[Place] = set()
    for certainty, one in found:
        if one.place not in known:
            known.add(one.place)
            yield _finding(one, certainty, passed)


def _failed(one: Swallowed) -> Certainty | None:
    """How certain it is that the test failed because of *one*."""
    if one.known == "log":  # the handler ran; the error that it caught is not known
        return "possible" if one.asserted and one.outcome == "allows" and one.seen else None
    slip = _slip(one)
    foreign = slip or one.by == "library"
    opened = one.asserted and one.outcome == "allows" and (one.broad or one.by == "library")
    if one.known == "made":  # a client may have retried: but the test got the result of a handler
        return "likely" if opened and one.seen else None
    if opened:
        return "certain" if one.seen else "likely" if one.by != "stdlib" else None
    if not one.broad:
        return None
    if one.outcome not in ("allows", "goes on"):
        return None  # a value that means no, or another way to an answer
    if one.asserted and foreign:
        return "likely"
    return "possible" if slip else None


def _passed(one: Swallowed) -> Certainty | None:
    """How certain it is that the test passed only because of *one*."""
    if not (one.broad and one.asserted and one.outcome == "allows") or one.counted:
        return None
    if one.value in ("False", "0"):
        return None  # `is_blocked`: most tests assert on purpose that nobody is
    if one.by == "library" and one.type.endswith(STORES):
        return None  # the test may be about a missing store
    return "likely" if _slip(one) or one.by == "library" else None


def _slip(one: Swallowed) -> bool:
    called = one.type == "TypeError" and any(words in one.message for words in WRONG_CALL)
    return (one.type in SLIPS or called) and one.by in ("interpreter", "library")


def _finding(one: Swallowed, certainty: Certainty, passed: bool) -> Finding:
    return Finding(
        code=CODE,
        slug=SLUG,
        certainty=certainty,
        subject=Subject(name=one.function, type=one.type or "Exception"),
        where=one.place,
        used_at=one.raised_at,
        what=_what(one),
        why=_why(one, passed),
        fix=_fix(one),
    )


def _what(one: Swallowed) -> str:
    kind = one.type.rpartition(".")[2] or "an error"
    said = f" (“{one.message}”)" if one.message and "{" not in one.message else ""  # a set's order
    at = f", raised at {one.raised_at}" if one.raised_at else ""
    return f"`{one.words}` at {one.place} swallowed {kind}{said}{at}, and {_then(one)}."


def _then(one: Swallowed) -> str:
    name = f"`{one.function}`"
    if one.outcome == "goes on":
        return f"{name} went on as if nothing had happened"
    if one.value is not None:
        return f"{name} returned {one.value}"
    return f"{name} still returned a value"


def _why(one: Swallowed, passed: bool) -> str:
    broad = "The handler catches every error, not only the one that it was written for. "
    if passed:
        seen = "The test asserts on that result, and passes because of it."
    elif one.asserted:
        seen = "The test asserts on that result, and never sees the error."
    else:
        seen = "The test never sees the error."
    return f"{broad if one.broad else ''}{seen}"


def _fix(one: Swallowed) -> str:
    last = one.type.rpartition(".")[2]
    if _slip(one):
        first = (
            f"Fix the code that raised it, and let {one.place} catch only errors of the store, such"
            " as `ConnectionError`"
        )
    elif one.message.startswith(REFUSED):
        first = (
            f"Create the metric once, at the top of a module (LC501), and let {one.place} catch"
            " only errors of the store, such as `ConnectionError`"
        )
    elif one.broad and not one.type.endswith(STORES):
        first = f"Let {one.place} catch only errors of the store, such as `ConnectionError`"
    else:
        first = f"Let the test provide what `{one.function}` needs, so that there is no {last}"
    count = "increment a counter, and let a fixture assert after each test that it is still 0"
    if one.words.startswith("except"):
        return f"{first}. In the handler at {one.place}, {count}."
    return f"{first}. Replace `{one.words}` at {one.place} with `try` and `except`; there, {count}."
