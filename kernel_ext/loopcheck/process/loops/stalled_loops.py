"""Whether a loop that the user's code made stood still while a test went on."""

from __future__ import annotations

from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Callers
from loopcheck.records import LoopRecord
from loopcheck.source import parsed_files

# Who made a loop gives it to a thread by these, which may have ended before anybody looks.
_THREADS = ("run_forever", "thread", "executor")


def meanwhile(loop: LoopRecord, callers: Callers, *, begun: bool) -> bool:
    """Return whether nobody ran *loop*, which *callers* made, so that a task had no turn there.

    A tear-down may have ended a thread that ran it: all that was new has begun by then. Of what had
    *begun* the text of those who made the loop tells.
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
