"""What went wrong in a watch of ours: it never breaks what it watches, and is told at the end."""

from __future__ import annotations

import os
import sys

from loopcheck.source.project_files import VEIL

MOST = 5  # they say what there is to mend
# They come of what the process does, and end in whoever is called last.
THEIRS = (RecursionError, MemoryError)
seen: list[str] = []


_ANY = Exception  # as it was before a test could replace it


def note() -> None:
    """Keep where the error that is being handled began: "TypeError at locks.py:118".

    It raises nothing, whatever a test has replaced (`isinstance`, say, which `os.path` asks): an
    error out of here would come up in the user's line that is being watched. From the `except` that
    Python tells `swallowed` about it would go to that same `except`, again and again.
    """
    try:
        _note(sys.exc_info()[1])
    except _ANY:  # then it is the test that breaks things
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
