"""Never-awaited coroutines whose warnings the project's filters turned into a test's error."""

from __future__ import annotations

from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import destructor_errors, objects
from loopcheck.records import NeverAwaited, Place
from loopcheck.source import calls, parsed_files, project_files, user_code
from loopcheck.source.calls import Call
from loopcheck.source.coroutines import coroutine_makers, never_awaited


def read(error: BaseException, item: Any, labels: Labels) -> tuple[NeverAwaited, ...]:
    """Return the coroutines whose warnings the project's filters turned into errors of this test.

    Python cannot raise where a coroutine is dropped: pytest keeps the error, and fails the test.
    """
    warnings = [one for one in destructor_errors.of(error) if type(one) is RuntimeWarning]
    return tuple(dict.fromkeys(made for one in warnings for made in _read(one, item, labels)))


def _read(said: RuntimeWarning, item: Any, labels: Labels) -> list[NeverAwaited]:
    words = never_awaited.WORDS.match(objects.said(said))
    if words is None or words["name"] in never_awaited.MOCKS:
        return []
    name = words["name"].rpartition("<locals>.")[2]
    inside, directly = _where_thrown(said, item)
    open_ones = [one for one in inside if not (one.awaited or one.returned or one.named)]
    exact = [one for one in open_ones if one.name == name.rpartition(".")[2]]
    if any(one.taker in coroutine_makers.STARTERS for one in exact):
        return []
    # `store.set(…)` returns a coroutine of another name. If a failed test held it, the warning
    # comes from pytest, at any line of the next test. A user's coroutine may end where garbage is
    # collected.
    alone = [one for one in open_ones if one.alone and directly and not _defined(name)]
    at = {(one.file, one.line): one for one in reversed(exact or alone)}
    if not exact and len(at) != 1:
        return []
    return [
        NeverAwaited(
            name=name,
            owner="user" if exact else "library",
            made_at=Place(labels.file(one.file), one.line, one.name or None),
            made_by=one.function,
            in_plain=calls.in_plain(one),
        )
        for _, one in sorted(at.items())
    ]


def _defined(name: str) -> bool:
    """Return whether a coroutine function in user code has that name: then no other will do."""
    head = f"async def {name.rpartition('.')[2]}("
    return any(head in parsed_files.text(file) for file in project_files.files())


def _where_thrown(said: RuntimeWarning, item: Any) -> tuple[list[Call], bool]:
    """Return the calls of the user function that dropped it, else of the test.

    The second part is whether that function itself dropped it.
    """
    trace = objects.trace_of(said)
    frame = first = trace.tb_frame.f_back if trace is not None else None  # below the warning's own
    while frame is not None and project_files.owner(frame.f_code.co_filename) != "user":
        frame = frame.f_back
    codes = [frame.f_code if frame is not None else None, user_code.test(item)]
    for code in codes:
        files = coroutine_makers.users((code.co_filename,)) if code is not None else ()
        calls_ = [one for file in files for one in calls.within(file)]
        if code and (found := [one for one in calls_ if one.function == code.co_name]):
            return found, frame is first
    return [], False
