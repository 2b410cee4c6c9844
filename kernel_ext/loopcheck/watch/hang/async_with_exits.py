"""Whether an error raised in a line will leave an `async with` that nobody keeps it from.

By the steps of the code, since who asks is in the middle of a user's test: a text takes longer to
read.
"""

from __future__ import annotations

from opcode import opmap
from types import CodeType, FrameType

from loopcheck.watch._frames import is_at, is_users

CATCHES = opmap["CHECK_EXC_MATCH"]
SPECIAL = opmap.get("LOAD_SPECIAL", -1)  # 3.14: what asks for each of these, by number
ENTERS = ("BEFORE_WITH", 0)
ENTERS_ASYNC = ("BEFORE_ASYNC_WITH", 2)


def frame_of(inner: FrameType | None) -> FrameType | None:
    """Return the user's line that an assertion stands in: there alone it is asked."""
    while inner is not None and not is_users(inner):
        inner = inner.f_back
    return inner


def leaves_a_block(frame: FrameType) -> bool:
    """Return whether an error on its way out of *frame* ends an `async with`, and the task.

    A function that may catch it, or hand it to a `with` that does, asks again and again: no.
    """
    found = False
    outer: FrameType | None = frame
    while outer is not None and not is_at(outer, "asyncio.events", "_run"):
        if is_users(outer):
            code = outer.f_code
            if CATCHES in code.co_code[::2] or _does(code, *ENTERS):
                return False
            found = found or _does(code, *ENTERS_ASYNC)
        outer = outer.f_back
    return found


def _does(code: CodeType, name: str, special: int) -> bool:
    steps = code.co_code
    if name in opmap:
        return opmap[name] in steps[::2]
    return (SPECIAL, special) in zip(steps[::2], steps[1::2], strict=True)
