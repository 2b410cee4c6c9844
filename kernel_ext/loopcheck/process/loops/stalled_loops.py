"""Whether a loop that user code created did not run while a test went on."""

from __future__ import annotations

from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers
from loopcheck.records import LoopRecord
from loopcheck.source import parsed_files

# The words with which code runs a loop in a thread, which may have ended before we look.
_THREADS = ("run_forever", "thread", "executor")


def meanwhile(loop: LoopRecord, callers: Callers, *, begun: bool) -> bool:
    """Return whether nothing ran *loop*, which *callers* created, so that its tasks got no turn.

    A teardown may have ended the thread that ran it. A task that never began shows that there was
    none. If it had *begun*, we look for threads in the files that created the loop.
    """
    if loop.role is None or loop.role != f"loop made at {loop.made_at}":
        return False
    if loop.thread is not None:
        return False
    return not begun or not any(
        _mentions_threads(file)
        for module, file, *_ in callers
        if live_loops.owner(file, module) == "user"
    )


def _mentions_threads(filename: str) -> bool:
    text = parsed_files.text(filename).lower()
    return any(word in text for word in _THREADS)
