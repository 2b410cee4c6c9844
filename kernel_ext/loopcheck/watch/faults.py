"""Errors in our own watches: they never break what they watch, and are reported at the end."""

from __future__ import annotations

import os
import sys

from loopcheck.source.project_files import VEIL

MOST = 5  # enough to show what to mend
# They come from what the process does, and hit whichever function is called last.
THEIRS = (RecursionError, MemoryError)
seen: list[str] = []


_ANY = Exception  # the original, before a test can replace it


def note() -> None:
    """Record where the error being handled began: "TypeError at locks.py:118".

    It raises nothing, whatever a test has replaced (for example `isinstance`, which `os.path`
    calls): an error from here would be raised in the user's line that we watch. Raised inside the
    `except` that Python reports to `swallowed`, it would go to that same `except`, again and again.
    """
    try:
        _note(sys.exc_info()[1])
    except _ANY:  # then the test itself breaks things
        return


def _note(error: BaseException | None) -> None:
    trace = error.__traceback__ if error is not None else None
    if trace is None or issubclass(type(error), THEIRS) or len(seen) >= MOST:
        return
    while trace.tb_next is not None:
        trace = trace.tb_next
    file = os.path.basename(trace.tb_frame.f_code.co_filename)
    if file.startswith(VEIL):
        file = file.removesuffix(">").rpartition(".")[2] + ".py"
    line = f"{type(error).__name__} at {file}:{trace.tb_lineno}"
    if line not in seen:
        seen.append(line)
