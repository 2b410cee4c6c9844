"""LC502 fail-open: an error is caught and counted as "allowed", so nothing can fail.

What: a limiter, check or guard has `except Exception: … return True`. A slip in the code, or a
      store that is not there, lets everybody in: `assert True is False`, or a green test that tests
      nothing.
Why:  the handler takes every error for the one it was written for. What was raised is gone; at
      most a line in a log is left.
Fix:  catch only the store's own `ConnectionError` and `TimeoutError`, count each opening, and let a
      fixture assert after each test that there was none. Test the opening itself on purpose.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.modes.finding import CERTAINTIES, Certainty, Finding
from loopcheck.records import Evidence, Place, Subject, Swallowed

CODE, SLUG = "LC502", "fail-open"
SUPERSEDES = frozenset({"LC501", "LC506"})  # what was swallowed is only its occasion
SAYS = ("assert True is False",)
# No handler is written for these: a name is wrong, or an attribute is not there.
SLIPS = frozenset({"AttributeError", "NameError", "UnboundLocalError"})
WRONG_CALL = ("positional argument", "keyword argument")
STORES = ("ConnectionError", "TimeoutError", "ConnectError", "Timeout", "BusyLoadingError")


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name each handler that made nothing of an error which the test depends on."""
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
    """Return how sure it is that a test failed for *one*."""
    if one.known == "log":  # the handler ran; what it took is not known
        return "possible" if one.asserted and one.outcome == "allows" and one.seen else None
    slip = _slip(one)
    foreign = slip or one.by == "library"
    opened = one.asserted and one.outcome == "allows" and (one.broad or one.by == "library")
    if one.known == "made":  # a client may have tried again: but the test got what a handler gives
        return "likely" if opened and one.seen else None
    if opened:
        return "certain" if one.seen else "likely" if one.by != "stdlib" else None
    if not one.broad:
        return None
    if one.outcome not in ("allows", "goes on"):
        return None  # a value that says no, or another way to come to an answer
    if one.asserted and foreign:
        return "likely"
    return "possible" if slip else None


def _passed(one: Swallowed) -> Certainty | None:
    """Return how sure it is that a test passed for *one* alone."""
    if not (one.broad and one.asserted and one.outcome == "allows") or one.counted:
        return None
    if one.value in ("False", "0"):
        return None  # `is_blocked`: that nobody is, most tests ask on purpose
    if one.by == "library" and one.type.endswith(STORES):
        return None  # that the store is away may be what the test is about
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
        what=_what(one, passed),
        why="The handler takes every error for the one that it was written for, and the test sees"
        " only what it makes of that."
        if one.broad
        else "The test sees only what the handler makes of the error, and not the error.",
        fix=_fix(one),
    )


def _what(one: Swallowed, passed: bool) -> str:
    kind = one.type.rpartition(".")[2] or "an error"
    said = f" ({one.message})" if one.message and "{" not in one.message else ""  # a set's order
    at = f", raised at {one.raised_at}" if one.raised_at else ""
    return f"`{one.words}` at {one.place} swallowed {kind}{said}{at}. {_then(one, passed)}"


def _then(one: Swallowed, passed: bool) -> str:
    name = f"`{one.function}`"
    if one.outcome == "goes on":
        then = f"{name} went on as if nothing had happened"
    elif one.value is not None:
        then = f"{name} returned {one.value}"
    else:
        then = f"{name} returned something all the same"
    if passed:
        return f"{then}: the test asserts about that, and passes for it."
    return f"{then}: that is what the test asserts about." if one.asserted else f"{then}."


def _fix(one: Swallowed) -> str:
    last = one.type.rpartition(".")[2]
    if _slip(one):
        first = f"Mend what raised it, and let {one.place} catch only the store's own errors"
    elif one.broad and not one.type.endswith(STORES):
        first = f"Let {one.place} catch only the store's own errors"
    else:
        first = f"Let the test bring what `{one.function}` needs, so that there is no {last}"
    return f"{first}; count each opening there, and assert after each test that there was none."
