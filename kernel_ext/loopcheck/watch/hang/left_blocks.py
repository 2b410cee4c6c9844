"""Whether an error raised in a line leaves an `async with`, or a `finally`, uncaught.

We read the bytecode, since the caller is in the middle of a test: parsing the source takes longer.
"""

from __future__ import annotations

from opcode import opmap
from types import CodeType, FrameType

from loopcheck.process.frames import is_at, is_users
from loopcheck.source.catching import exception_table

CATCHES = opmap["CHECK_EXC_MATCH"]
SPECIAL = opmap.get("LOAD_SPECIAL", -1)  # 3.14: its argument shows which method it loads
HANDLES = opmap["PUSH_EXC_INFO"]
ENTERS = ("BEFORE_WITH", 0)
ENTERS_ASYNC = ("BEFORE_ASYNC_WITH", 2)


def frame_of(inner: FrameType | None) -> FrameType | None:
    """Return the user frame of an assertion: only there do we look for the block."""
    while inner is not None and not is_users(inner):
        inner = inner.f_back
    return inner


def leaves_a_block(frame: FrameType) -> bool:
    """Return whether an error on its way out of *frame* runs what may end the task.

    That is the exit of an `async with`, or a `finally`.

    A function that may catch it, or has a `with` that may, probably polls: the answer is no.
    """
    found = False
    outer: FrameType | None = frame
    while outer is not None and not is_at(outer, "asyncio.events", "_run"):
        if is_users(outer):
            code = outer.f_code
            if CATCHES in code.co_code[::2] or _does(code, *ENTERS):
                return False
            found = found or _does(code, *ENTERS_ASYNC) or _in_a_block(outer)
        outer = outer.f_back
    return found


def _in_a_block(frame: FrameType) -> bool:
    """Return whether what *frame* raises now has a handler: here only a `finally` is left."""
    steps, at = frame.f_code.co_code, frame.f_lasti
    return any(
        start <= at < end and steps[handler] == HANDLES
        for start, end, handler in exception_table.blocks(frame.f_code)
    )


def _does(code: CodeType, name: str, special: int) -> bool:
    steps = code.co_code
    if name in opmap:
        return opmap[name] in steps[::2]
    return (SPECIAL, special) in zip(steps[::2], steps[1::2], strict=True)
